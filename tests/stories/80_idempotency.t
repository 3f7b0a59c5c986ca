# Idempotency-Key: the same request again gets the same answer, byte for byte, in all three dialects; another request under the
# same key is refused; refusals are not kept; a restart changes nothing; after 24 h the key is free again.
clock 2030-01-01T12:00:00Z
server
# --- a schedule: status, head and body as they were, one row, one entry
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: "first"
-> 201  header.idempotent-replayed absent  header.etag == "1"
save schedule = .id
save body = body
save length = header.content-length
advance 1m
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: "first"
-> 201  header.idempotent-replayed == true  header.etag == "1"  header.content-length == ${length}
	header.content-type == application/json  header.x-request-id exists  body has ${body}
# bare or in quotes, a key is the same; with the API key in the query too
POST /v1/schedules?api_key=${key} {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: first
> Authorization:
-> 201  header.idempotent-replayed == true  .id == ${schedule}
sql select count(*) from schedule == 1
sql select count(*) from audit where object = 1 == 1
sql select change || ' ' || version || ' ' || (before is null) || ' ' || (request_id ~ '^req_') from audit where object = 1 == created 1 true true
# --- the same key for anything else
POST /v1/schedules {"cron": "0 8 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: first
-> 422  .code == idempotency_key_reused
POST /v1/schedules?x=1 {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: first
-> 422  .code == idempotency_key_reused
POST /api/scheduler/jobs {"name": "a"}
> Idempotency-Key: first
-> 422  .code == idempotency_key_reused  .error == validation_error
POST /api/v1/plans {"name": "a"}
> Idempotency-Key: first
-> 422  .code == idempotency_key_reused
# --- a key that is none: before anything is read
POST /v1/schedules {"cron": 1}
> Idempotency-Key: ${k*256}
-> 422  .code == validation_error  .errors[0].field == Idempotency-Key  .errors[0].code == idempotency_key_invalid  #.errors == 1
POST /v1/schedules {"cron": 1}
> Idempotency-Key: "open
-> 422  .errors[0].code == idempotency_key_invalid
POST /v1/schedules {"cron": 1}
> Idempotency-Key: one
> Idempotency-Key: two
-> 422  .errors[0].code == idempotency_key_invalid
# --- GET and DELETE do not ask for it
GET /v1/schedules
> Idempotency-Key: first
-> 200  .total == 1  header.idempotent-replayed absent
hook answers /b 500
# --- a refusal is not kept: corrected, the same key goes through
POST /v1/tasks {"target": "nonsense"}
> Idempotency-Key: corrected
-> 422  .code == validation_error
POST /v1/tasks {"target": "${hook}/b", "execute_after": "PT1H", "unique_id": "b"}
> Idempotency-Key: corrected
-> 201
save task = .id
save body = body
# a replay is found before unique_id would refuse it
POST /v1/tasks {"target": "${hook}/b", "execute_after": "PT1H", "unique_id": "b"}
> Idempotency-Key: corrected
-> 201  header.idempotent-replayed == true  body has ${body}
POST /v1/tasks {"target": "${hook}/b", "execute_after": "PT1H", "unique_id": "b"}
> Idempotency-Key: another
-> 409  .code == duplicate_unique_id
# nothing was written, so there is no answer that says it was
POST /v1/tasks {"target": "${hook}/b", "execute_after": "PT1H", "unique_id": "b"}
> Idempotency-Key: another
-> 409  .code == duplicate_unique_id  header.idempotent-replayed absent
# --- an array
POST /v1/tasks [{"target": "${hook}/c", "execute_after": "PT1H"}, {"target": "${hook}/d", "execute_after": "PT1H"}]
> Idempotency-Key: array
-> 201  .[0].id exists
save body = body
POST /v1/tasks [{"target": "${hook}/c", "execute_after": "PT1H"}, {"target": "${hook}/d", "execute_after": "PT1H"}]
> Idempotency-Key: array
-> 201  header.idempotent-replayed == true  body has ${body}
sql select count(*) from run == 3
# --- PATCH: the answer of then, whatever came after it
PATCH /v1/schedules/${schedule} {"enabled": false}
> Idempotency-Key: pause
-> 200  .enabled == false  header.etag == "2"
PATCH /v1/schedules/${schedule} {"enabled": true} 
-> 200  header.etag == "3"
PATCH /v1/schedules/${schedule} {"enabled": false}
> Idempotency-Key: pause
-> 200  .enabled == false  header.idempotent-replayed == true  header.etag == "2"
GET /v1/schedules/${schedule} -> 200  .status == active
sql select string_agg(change, ' ' order by block) from audit where object = 1 == created paused resumed
# --- what changed nothing is kept as well
POST /v1/tasks/${task}/cancel
> Idempotency-Key: cancel
-> 200  .status == cancelled
save body = body
POST /v1/tasks/${task}/retry
> Idempotency-Key: retry
-> 200  .status == queued
POST /v1/tasks/${task}/cancel
> Idempotency-Key: cancel
-> 200  header.idempotent-replayed == true  body has ${body}
POST /v1/tasks/${task}/retry
> Idempotency-Key: retry
-> 200  .status == queued  header.idempotent-replayed == true
eventually GET /v1/tasks/${task} -> 200  .status == retrying
POST /v1/tasks/${task}/retry
> Idempotency-Key: retry now
-> 200  .status == retrying
eventually GET /v1/tasks/${task} -> 200  .status == retrying  #.attempts == 2
POST /v1/tasks/${task}/retry
> Idempotency-Key: retry now
-> 200  .status == retrying  header.idempotent-replayed == true
hook count /b == 2
POST /v1/tasks/${task}/cancel
> Idempotency-Key: cancel again
-> 200  .status == cancelled  header.idempotent-replayed absent
POST /v1/tasks/${task}/cancel
> Idempotency-Key: cancelled already
-> 200  .status == cancelled  header.idempotent-replayed absent
POST /v1/tasks/${task}/cancel
> Idempotency-Key: cancelled already
-> 200  .status == cancelled  header.idempotent-replayed == true
sql select string_agg(change, ' ' order by block) from audit where object = 2 and ref = (select ref from audit where object = 2 order by block limit 1) == created cancelled retried retried cancelled
# --- PUT and POST below /api/scheduler
PUT /v1/calendars/work {"holidays": [{"date": "2030-01-02"}]}
> Idempotency-Key: calendar
-> 201
PUT /v1/calendars/work {"holidays": [{"date": "2030-01-02"}]}
> Idempotency-Key: calendar
-> 201  header.idempotent-replayed == true
# (what ends the path there begins the query here)
PUT /v1/calendars/wor?k {"holidays": [{"date": "2030-01-02"}]}
> Idempotency-Key: calendar
-> 422  .code == idempotency_key_reused
POST /api/agents {"id": "robot", "name": "Robot", "kind": "webhook", "endpoint": {"url": "${hook}/agent"}}
> Idempotency-Key: agent
-> 201
POST /api/agents {"id": "robot", "name": "Robot", "kind": "webhook", "endpoint": {"url": "${hook}/agent"}}
> Idempotency-Key: agent
-> 201  header.idempotent-replayed == true
POST /api/scheduler/jobs {"name": "report", "goal": "x", "agent_id": "robot", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}}
> Idempotency-Key: job
-> 201
save job = .id
save body = body
POST /api/scheduler/jobs {"name": "report", "goal": "x", "agent_id": "robot", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}}
> Idempotency-Key: job
-> 201  header.idempotent-replayed == true  body has ${body}
PUT /api/scheduler/jobs/${job} {"name": "report 2"}
> Idempotency-Key: put
-> 200  .name == "report 2"
PUT /api/scheduler/jobs/${job} {"name": "report 2"}
> Idempotency-Key: put
-> 200  .name == "report 2"  header.idempotent-replayed == true
GET /api/scheduler/jobs -> 200  .count == 1
POST /api/scheduler/jobs/${job}/trigger
> Idempotency-Key: trigger
-> 202
POST /api/scheduler/jobs/${job}/trigger
> Idempotency-Key: trigger
-> 202  header.idempotent-replayed == true
hook <- POST /agent within 3s
hook count /agent == 1
# --- below /api/v1
PUT /api/v1/actions/mail.send {"target": "${hook}/mail"}
> Idempotency-Key: action
-> 201
POST /api/v1/plans {"name": "p", "action": "mail.send", "execute_at": "2030-06-01T00:00:00Z"}
> Idempotency-Key: plan
-> 201
save plan = .id
save body = body
POST /api/v1/plans {"name": "p", "action": "mail.send", "execute_at": "2030-06-01T00:00:00Z"}
> Idempotency-Key: plan
-> 201  header.idempotent-replayed == true  header.location =~ ${plan}$  body has ${body}
metric carillon_idempotency_kept_apart_total == 0
# --- a restart
restart
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: "first"
-> 201  header.idempotent-replayed == true  .id == ${schedule}
# --- replays are for those who may ask
sql insert into api_key (id, tenant_id, hash, name, role, created_at) select gen_random_uuid(), id, sha256('viewer'), 'v', 1, now() from tenant limit 1
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: first
> Authorization: Bearer viewer
-> 403  .code == forbidden
# --- every answer was kept with what it tells of
metric carillon_idempotency_kept_apart_total == 0
# --- after 24 h the key is free, before the reaper has come or after
clock 2030-01-02T12:00:01Z
POST /v1/schedules {"cron": "0 8 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: first
-> 201  header.idempotent-replayed absent
GET /v1/schedules -> 200  .total == 2
# the reaper, when it comes (at the latest when a week's partitions are wanting)
clock 2030-02-20T12:00:00Z
POST /v1/tasks {"target": "${hook}/late"}
-> 201
eventually sql select count(*) from idempotency == 0
