# What agents, calendars, channels, chains and triggers answer is known before it is written: under an Idempotency-Key the answer is kept
# in the transaction of the change and its entry, never apart; said again, it is the same, and nothing is done twice.
clock 2030-01-01T00:00:00Z
server
POST /api/agents {"kind": "webhook", "endpoint": {"url": "${hook}/a"}}
> Idempotency-Key: agent
-> 201
save agent = .id
save body = body
advance 1m
POST /api/agents {"kind": "webhook", "endpoint": {"url": "${hook}/a"}}
> Idempotency-Key: agent
-> 201  header.idempotent-replayed == true  body has ${body}
PUT /api/agents/${agent} {"kind": "webhook", "endpoint": {"url": "${hook}/b"}}
> Idempotency-Key: agent put
-> 200
save body = body
PUT /api/agents/${agent} {"kind": "webhook", "endpoint": {"url": "${hook}/b"}}
> Idempotency-Key: agent put
-> 200  header.idempotent-replayed == true  body has ${body}
PUT /v1/calendars/office {"holidays": [{"date": "12-25"}]}
> Idempotency-Key: calendar
-> 201
save body = body
PUT /v1/calendars/office {"holidays": [{"date": "12-25"}]}
> Idempotency-Key: calendar
-> 201  header.idempotent-replayed == true  body has ${body}
PUT /v1/calendars/office {"holidays": [{"date": "12-26"}]}
> Idempotency-Key: calendar again
-> 200
save body = body
PUT /v1/calendars/office {"holidays": [{"date": "12-26"}]}
> Idempotency-Key: calendar again
-> 200  header.idempotent-replayed == true  body has ${body}
# a change that changes nothing
PUT /v1/calendars/office {"holidays": [{"date": "12-26"}]}
> Idempotency-Key: calendar same
-> 200
PUT /v1/calendars/office {"holidays": [{"date": "12-26"}]}
> Idempotency-Key: calendar same
-> 200  header.idempotent-replayed == true
POST /api/channels/slack/credentials {"token": "xoxb-11223344-55667788-a1b2"}
> Idempotency-Key: slack
-> 201
save body = body
POST /api/channels/slack/credentials {"token": "xoxb-11223344-55667788-a1b2"}
> Idempotency-Key: slack
-> 201  header.idempotent-replayed == true  body has ${body}
POST /api/scheduler/jobs {"name": "j", "goal": "x", "agent_id": "${agent}", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}}
-> 201
save job = .id
POST /api/scheduler/jobs/${job}/trigger
> Idempotency-Key: trigger
-> 202
save body = body
POST /api/scheduler/jobs/${job}/trigger
> Idempotency-Key: trigger
-> 202  header.idempotent-replayed == true  body has ${body}
POST /api/scheduler/chains {"name": "c", "jobs": ["${job}"]}
> Idempotency-Key: chain
-> 201
save chain = .id
save body = body
POST /api/scheduler/chains {"name": "c", "jobs": ["${job}"]}
> Idempotency-Key: chain
-> 201  header.idempotent-replayed == true  body has ${body}
POST /api/scheduler/chains/${chain}/trigger
> Idempotency-Key: chain trigger
-> 202
save body = body
POST /api/scheduler/chains/${chain}/trigger
> Idempotency-Key: chain trigger
-> 202  header.idempotent-replayed == true  body has ${body}
# --- each was done once, and kept with its entry; what changed nothing had none to be kept with
sql select string_agg(object || ' ' || change, ', ' order by block) from audit where actor = 1 == 4 created, 4 changed, 3 created, 3 changed, 6 created, 1 created, 2 triggered, 7 created, 8 triggered
sql select count(*) from occurrence == 2
sql select count(*) from idempotency == 9
metric carillon_idempotency_kept_apart_total == 0
# --- a refusal is not kept
POST /api/agents {"id": "${agent}", "kind": "webhook", "endpoint": {"url": "${hook}/a"}}
> Idempotency-Key: refused
-> 409
PUT /api/agents/nobody {"kind": "webhook", "endpoint": {"url": "${hook}/a"}}
> Idempotency-Key: refused
-> 404
sql select count(*) from idempotency == 9
carillon audit verify
-> 0
term
