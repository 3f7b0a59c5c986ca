# A payload travels byte for byte: numbers, key order and spacing as they were sent.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks {"target":"${hook}/a","payload":{"b":1.10,  "a":9007199254740993,"c":[ 1e400,-0.0 ,1E5],"\u00e9":"ä😀","z":{}}}
-> 201  body has "payload":{"b":1.10,  "a":9007199254740993,"c":[ 1e400,-0.0 ,1E5],"\u00e9":"ä😀","z":{}}
save task = .id
hook <- POST /a within 3s
	body == {"b":1.10,  "a":9007199254740993,"c":[ 1e400,-0.0 ,1E5],"\u00e9":"ä😀","z":{}}
GET /v1/tasks/${task}
-> 200  body has "payload":{"b":1.10,  "a":9007199254740993,"c":[ 1e400,-0.0 ,1E5],"\u00e9":"ä😀","z":{}}
# scalars
POST /v1/tasks {"target":"${hook}/string","payload":"text \/ \" "}
-> 201
hook <- POST /string within 3s
	body == "text \/ \" "
POST /v1/tasks {"target":"${hook}/number","payload":  -12.500 }
-> 201
hook <- POST /number within 3s
	body == -12.500
POST /v1/tasks {"target":"${hook}/true","payload":true}
-> 201
hook <- POST /true within 3s  body == true
# through a schedule and its edits
POST /v1/schedules raw {"cron":"0 13 * * *","timezone":"UTC","task_template":{"payload":{"x" :1.0,\n\t"y":[]},"target":"${hook}/s"}}
-> 201
save schedule = .id
PATCH /v1/schedules/${schedule} {"cron": "0 14 * * *"}
-> 200
clock 2030-01-01T13:56:00Z
clock 2030-01-01T14:00:00Z
hook <- POST /s within 3s
	body == raw {"x" :1.0,\n\t"y":[]}
# large
POST /v1/tasks {"target":"${hook}/large","payload":"${0123456789*60000}"}
-> 201
hook <- POST /large within 5s
	body == "${0123456789*60000}"
# duplicate keys are refused, not repaired
POST /v1/tasks {"target":"${hook}/a","payload":{"a":1,"a":2}}
-> 400  .code == malformed_json
