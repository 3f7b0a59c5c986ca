# Every code of whole requests that any API can say, from each of the three; the runner looks at the shape of each refusal
# itself (tests/story/error.c). What is wrong on the server's side is made so in the database: a table that fails as it is told to.
clock 2030-01-01T12:00:00Z
server
POST /api/auth/keys {"name": "viewer", "role": "viewer"}
-> 201
save viewer = .key
POST /api/auth/keys {"name": "mailer", "role": "editor", "actions": ["mail.*"]}
-> 201
save mailer = .key
POST /api/agents {"id": "digest", "name": "Digest", "kind": "webhook", "endpoint": {"url": "${hook}/agent"}}
-> 201
PUT /api/v1/actions/publish {"target": "${hook}/publish"}
-> 201
# --- the request as such
GET /v1/tasks/%zz -> 400  .code == bad_request
GET /api/v1/plans/%zz -> 400  .code == bad_request
GET /api/scheduler/jobs/%zz -> 400  .code == bad_request  .error == bad_request
POST /v1/tasks {"target": 
-> 400  .code == malformed_json
POST /api/v1/plans {"action": "a", "action": "b"}
-> 400  .code == malformed_json
POST /api/scheduler/jobs {} {}
-> 400  .code == malformed_json  .error == bad_request
POST /v1/tasks raw {}
> Content-Type: text/plain
-> 415  .code == unsupported_media_type
POST /api/v1/plans raw {}
> Content-Type: text/plain
-> 415  .code == unsupported_media_type
POST /api/scheduler/jobs raw {}
> Content-Type: text/plain
-> 415  .code == unsupported_media_type  .error == bad_request
POST /v1/schedules {"cron": "${x*1100000}"}
-> 413  .code == body_too_large
POST /api/v1/plans/preview {"name": "${x*1100000}"}
-> 413  .code == body_too_large
POST /api/scheduler/jobs {"name": "${x*1100000}"}
-> 413  .code == body_too_large  .error == bad_request
POST /v1/tasks {}
-> 422  .code == validation_error  .errors[field=target].code == required
POST /api/v1/plans {}
-> 422  .code == validation_error  .errors[field=action].code == required
POST /api/scheduler/jobs {}
-> 422  .error == validation_error  .code == required  .details[field=name].code == required
# --- paths and methods
GET /v1/nothing -> 404  .code == route_not_found
GET /api/v1/nothing -> 404  .code == route_not_found
GET /api/scheduler/nothing -> 404  .code == route_not_found  .error == not_found
DELETE /v1/tasks -> 405  .code == method_not_allowed
DELETE /api/v1/plans -> 405  .code == method_not_allowed
DELETE /api/scheduler/jobs -> 405  .code == method_not_allowed  .error == bad_request
GET /v1/tasks/task_00000000000000000000000000 -> 404  .code == not_found
GET /api/v1/plans/plan_00000000000000000000000000 -> 404  .code == not_found
GET /api/scheduler/jobs/job_00000000000000000000000000 -> 404  .code == not_found  .error == not_found
# --- who asks
GET /v1/tasks
> Authorization:
-> 401  .code == unauthorized
GET /api/v1/plans
> Authorization: Bearer nonsense
-> 401  .code == unauthorized
GET /api/scheduler/jobs
> Authorization:
-> 401  .code == unauthorized  .error == unauthorized
POST /v1/tasks {}
> Authorization: Bearer ${viewer}
-> 403  .code == forbidden  .detail == This takes a key of the role editor or a higher one; yours is of the role viewer.
POST /api/v1/plans {}
> Authorization: Bearer ${viewer}
-> 403  .code == forbidden
POST /api/scheduler/jobs {}
> Authorization: Bearer ${viewer}
-> 403  .code == forbidden  .error == forbidden
POST /api/v1/plans {"action": "publish", "execute_at": "2030-01-02T00:00:00Z"}
> Authorization: Bearer ${mailer}
-> 403  .code == action_forbidden
# --- what stands against it
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save schedule = .id
POST /api/v1/plans {"action": "publish", "execute_at": "2030-01-02T00:00:00Z"}
-> 201
save plan = .id
POST /api/scheduler/jobs {"name": "Digest", "agent_id": "digest", "schedule": {"type": "at", "datetime": "2030-01-02T00:00:00Z"}}
-> 201
save job = .id
PATCH /v1/schedules/${schedule} {"enabled": false}
> If-Match: "99"
-> 412  .code == precondition_failed
PATCH /api/v1/plans/${plan} {"payload": 1}
> If-Match: "99"
-> 412  .code == precondition_failed
PATCH /api/scheduler/jobs/${job} {"name": "Other"}
> If-Match: "99"
-> 412  .code == precondition_failed
# --- the same key for another request
POST /v1/tasks {"target": "${hook}/b", "execute_after": "P1D"}
> Idempotency-Key: one
-> 201
POST /v1/tasks {"target": "${hook}/c", "execute_after": "P1D"}
> Idempotency-Key: one
-> 422  .code == idempotency_key_reused
POST /api/v1/plans {"action": "publish", "execute_at": "2030-01-02T00:00:00Z"}
> Idempotency-Key: one
-> 422  .code == idempotency_key_reused
POST /api/scheduler/jobs {"name": "x"}
> Idempotency-Key: one
-> 422  .code == idempotency_key_reused
# rows without an answer yet, as of requests that are under way elsewhere
POST /api/v1/plans {"action": "publish", "execute_at": "2030-01-02T00:00:00Z"}
> Idempotency-Key: two
-> 201
PATCH /api/scheduler/jobs/${job} {"name": "Other"}
> Idempotency-Key: three
-> 200
sql update idempotency set status = 0
POST /v1/tasks {"target": "${hook}/b", "execute_after": "P1D"}
> Idempotency-Key: one
-> 409  .code == idempotency_in_progress  header.retry-after == 1
POST /api/v1/plans {"action": "publish", "execute_at": "2030-01-02T00:00:00Z"}
> Idempotency-Key: two
-> 409  .code == idempotency_in_progress
PATCH /api/scheduler/jobs/${job} {"name": "Other"}
> Idempotency-Key: three
-> 409  .code == idempotency_in_progress  .error == conflict
# --- what goes wrong on our side: the table of schedules fails, in three ways
sql create table told (kind text)
sql create function fails() returns trigger language plpgsql as $$ begin case (select kind from told) when 'broken' then raise exception 'broken'; when 'full' then raise exception using errcode = '53100'; when 'lost' then perform pg_terminate_backend(pg_backend_pid()); else return new; end case; return new; end $$
sql insert into told values ('broken')
sql create trigger fails before insert on schedule for each row execute function fails()
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 500  .code == internal_error
POST /api/v1/plans {"action": "publish", "execute_at": "2030-01-02T00:00:00Z"}
-> 500  .code == internal_error
POST /api/scheduler/jobs {"name": "Digest", "agent_id": "digest", "schedule": {"type": "at", "datetime": "2030-01-02T00:00:00Z"}}
-> 500  .code == internal_error  .error == internal_error
sql update told set kind = 'full'
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 503  .code == overloaded  header.retry-after exists
POST /api/v1/plans {"action": "publish", "execute_at": "2030-01-02T00:00:00Z"}
-> 503  .code == overloaded
POST /api/scheduler/jobs {"name": "Digest", "agent_id": "digest", "schedule": {"type": "at", "datetime": "2030-01-02T00:00:00Z"}}
-> 503  .code == overloaded
sql update told set kind = 'lost'
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 503  .code == outcome_unknown
eventually GET /readyz -> 200
POST /api/v1/plans {"action": "publish", "execute_at": "2030-01-02T00:00:00Z"}
-> 503  .code == outcome_unknown
eventually GET /readyz -> 200
POST /api/scheduler/jobs {"name": "Digest", "agent_id": "digest", "schedule": {"type": "at", "datetime": "2030-01-02T00:00:00Z"}}
-> 503  .code == outcome_unknown
sql drop trigger fails on schedule
eventually GET /readyz -> 200
sql select count(*) from schedule == 4
# --- somebody else was quicker
sql create function ignores() returns trigger language plpgsql as $$ begin return null; end $$
sql create trigger ignores before update on agent for each row execute function ignores()
PUT /api/agents/digest {"id": "digest", "name": "Other", "kind": "webhook", "endpoint": {"url": "${hook}/agent"}}
-> 409  .code == changed_meanwhile
# --- tasks that wait
POST /v1/tasks {"target": "${hook}/a", "execute_after": "P1D"}
-> 201
save task = .id
POST /v1/tasks/${task}/retry -> 409  .code == not_retryable
# --- ceilings
sql insert into agent (bucket, tenant_id, name, kind, definition, created_at, updated_at) select bucket, tenant_id, 'filler_' || i, 1, definition, created_at, updated_at from agent, generate_series(1, 9999) i
POST /api/agents {"id": "more", "name": "More", "kind": "webhook", "endpoint": {"url": "${hook}/agent"}}
-> 409  .code == agent_limit
PUT /v1/calendars/first {"holidays": [{"date": "12-25"}]}
-> 201
sql insert into calendar (bucket, tenant_id, name, definition, created_at, updated_at) select bucket, tenant_id, 'filler_' || i, definition, created_at, updated_at from calendar, generate_series(1, 999) i
PUT /v1/calendars/more {"holidays": [{"date": "12-25"}]}
-> 409  .code == calendar_limit
POST /api/scheduler/chains {"name": "One", "jobs": ["${job}"], "edges": []}
-> 201
sql insert into chain (bucket, tenant_id, id, name, definition, created_at, updated_at) select bucket, tenant_id, gen_random_uuid(), name, definition, created_at, updated_at from chain, generate_series(1, 999) i
POST /api/scheduler/chains {"name": "More", "jobs": ["${job}"], "edges": []}
-> 409  .code == chain_limit
sql insert into api_key (hash, id, tenant_id, name, role, created_at) select sha256(i::text::bytea), gen_random_uuid(), id, 'filler', 1, now() from tenant, generate_series(1, 1000) i where name = 'default'
POST /api/auth/keys {"name": "more", "role": "viewer"}
-> 409  .code == key_limit
