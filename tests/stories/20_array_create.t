# An array of tasks: created all or none, answered in the same order.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks [{"target": "${hook}/one", "payload": 1}, {"target": "${hook}/two", "payload": {"n": 2.0}},
	{"target": "${hook}/three", "execute_after": "PT1H"}]
-> 201  #. == 3  .[0].id =~ ^task_  .[0].target == ${hook}/one  .[1].target == ${hook}/two
	.[2].scheduled_for == "2030-01-01T13:00:00Z"
save one = .[0].id
hook <- POST /one within 3s  header.webhook-id == ${one}  body == 1
hook <- POST /two within 3s  body == {"n": 2.0}
advance 1h
hook <- POST /three within 3s
POST /v1/tasks [{"target": "${hook}/four"}, {"payload": 1}, {"target": "${hook}/four", "colour": 1}]
-> 422  .errors[field=[1].target].code == required  .errors[field=[2].colour].code == unknown_field
hook none /four
GET /v1/tasks -> 200  .total == 3
POST /v1/tasks [{"target": "${hook}/four"}, 7]
-> 422
# larger than one object may be
POST /v1/tasks [{"target": "${hook}/large", "payload": "${x*600000}"}, {"target": "${hook}/large", "payload": "${y*600000}"}]
-> 201  #. == 2
hook count /large == 2
POST /v1/tasks {"target": "${hook}/large", "payload": "${x*1100000}"}
-> 413  .code == body_too_large
