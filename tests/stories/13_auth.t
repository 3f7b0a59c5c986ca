# Who may ask.
server
GET /v1/schedules
> Authorization:
-> 401  header.www-authenticate =~ ^Bearer  header.content-type == application/problem+json  .code == unauthorized
	.status == 401  .request_id exists
GET /v1/schedules
> Authorization: Bearer wrong
-> 401  .code == unauthorized
GET /v1/schedules
> Authorization: Basic ${key}
-> 401
GET /v1/schedules
> Authorization: Bearer ${key}x
-> 401
GET /v1/schedules
> Authorization: bearer ${key}
-> 200
GET /v1/schedules?api_key=${key}
> Authorization:
-> 200
GET /v1/schedules?api_key=wrong
> Authorization:
-> 401
POST /v1/tasks {"target": "${hook}/a"}
> Authorization:
-> 401
hook none /a
GET /v1/nothing
> Authorization:
-> 404  .code == route_not_found
GET /livez
> Authorization:
-> 200
GET /readyz
> Authorization:
-> 200
GET /metrics
> Authorization:
-> 200  header.content-type =~ ^text/plain  body has carillon_runs_total
GET /openapi.json
> Authorization:
-> 200  .openapi =~ ^3\.1
log lacks ${key}
sql select count(*) from api_key where encode(hash, 'escape') like '%story-key%' == 0
