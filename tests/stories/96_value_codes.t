# Codes of single values that no other story has, of expressions all of them. (tests/suites/provoke.sh says what is missing.)
clock 2030-01-01T12:00:00Z
server
# --- values
POST /v1/tasks {"target": "${hook}/a", "tags": [${"a",*100}"a"]}
-> 422  .errors[field=tags].code == too_many
POST /v1/tasks {"target": "${hook}/a", "timeout": "soon"}
-> 422  .errors[field=timeout].code == invalid_duration
POST /v1/tasks {"target": "group:all"}
-> 422  .errors[field=target].code == not_supported
GET /api/scheduler/calendar-data?job_id=task_1 -> 422  .details[field=job_id].code == invalid_id
POST /api/channels/teams/credentials {"webhook_url": "https://user:secret@example.com/a"}
-> 422  .details[field=webhook_url].code == invalid_url
POST /api/channels/slack/credentials {"token": "xoxb-1234567890-abcdefghij", "smtp_url": "smtp://example.com"}
-> 422  .details[field=smtp_url].code == not_taken
POST /api/channels/slack/test {"to": "#alerts", "text": "{", "format": "json"}
-> 422  .details[field=text].code == invalid_json
# --- expressions
GET /api/scheduler/validate?type=expression&value=+ -> 200  .valid == false  .code == empty
GET /api/scheduler/validate?type=expression&value=${1*4097} -> 200  .code == too_long
GET /api/scheduler/validate?type=expression&value=${(*40}1${)*40}==1 -> 200  .code == too_deep
GET /api/scheduler/validate?type=expression&value=[${1,*1500}1]==1 -> 200  .code == too_large
GET /api/scheduler/validate?type=expression&value=1==%23 -> 200  .code == unexpected_character  .position == 3  .length == 1
GET /api/scheduler/validate?type=expression&value=1== -> 200  .code == unexpected_token
GET /api/scheduler/validate?type=expression&value=%22abc -> 200  .code == unterminated_string
GET /api/scheduler/validate?type=expression&value=%22%5cq%22==%22a%22 -> 200  .code == bad_escape
GET /api/scheduler/validate?type=expression&value=9999999999999999999==1 -> 200  .code == bad_number
GET /api/scheduler/validate?type=expression&value={%22a%22:1,%22a%22:2}==1 -> 200  .code == bad_key
GET /api/scheduler/validate?type=expression&value=%22a%22.matches(%22(%22) -> 200  .code == bad_pattern
GET /api/scheduler/validate?type=expression&value=now()==1 -> 200  .code == unknown_function
GET /api/scheduler/validate?type=expression&value=size(1,2)==1 -> 200  .code == wrong_arguments
GET /api/scheduler/validate?type=expression&value=1%2b%22a%22==1 -> 200  .code == wrong_type
GET /api/scheduler/validate?type=expression&value=1%2b1 -> 200  .code == not_a_condition
POST /api/scheduler/jobs {"only_if": "nobody == 1"}
-> 422  .details[field=only_if].code == unknown_name
POST /api/scheduler/jobs {"only_if": "job.colour == 1"}
-> 422  .details[field=only_if].code == unknown_member
# nothing of all that was stored, and the server is well
GET /v1/tasks -> 200  .total == 0
metric carillon_http_requests_total{class="5xx"} == 0
