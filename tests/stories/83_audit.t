# The audit trail: every change of every object is one entry, with who, which request, before and after; nothing that was refused
# leaves one; what the server does by itself has its own; no secret is in it; filters, paging; admins only; each tenant its own.
clock 2030-01-01T00:00:00Z
server
# --- the first is how it began: the server made the settings' key
GET /api/v1/audit -> 200  #.entries == 1  .entries[0].actor.type == server  .entries[0].object == key  .entries[0].change == created
	.entries[0].before == null  .entries[0].after.name == CARILLON_API_KEY  .entries[0].after.role == admin  .entries[0].block == 1
POST /api/auth/keys {"name": "deploy", "role": "admin"}
-> 201
save deploy = .key
save deploy_id = .id
GET /api/v1/audit -> 200  #.entries == 2  .entries[0].object == key  .entries[0].ref == ${deploy_id}  .entries[0].change == created
	.entries[0].before == null  .entries[0].after.name == deploy  .entries[0].after.role == admin  body lacks ${deploy}
	.entries[0].actor.type == key  .entries[0].actor.name == CARILLON_API_KEY  .entries[0].block == 2  .entries[0].position == 1
	.entries[0].at == "2030-01-01T00:00:00Z"  .entries[0].hash =~ ^[0-9a-f]{64}$  .entries[0].id =~ ^audit_  .entries[0].version == null
# --- agents
POST /api/agents {"id": "writer", "kind": "webhook", "endpoint": {"url": "https://agents.example/w?token=SECRETTWO",
	"headers": {"X-Api-Key": "SECRETTHREE", "Accept": "text/plain"}, "secret": "SECRETFOUR-SECRETFOUR"}}
> Authorization: Bearer ${deploy}
-> 201
save request = header.x-request-id
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == agent  .entries[0].ref == writer  .entries[0].change == created
	.entries[0].actor.type == key  .entries[0].actor.id == ${deploy_id}  .entries[0].actor.name == deploy
	.entries[0].request_id == ${request}  .entries[0].before == null  .entries[0].after.kind == webhook
	.entries[0].after.url == "https://agents.example/w?token=***"  .entries[0].after.headers == {"X-Api-Key":"***","Accept":"text/plain"}
	.entries[0].after.secret == ***
PUT /api/agents/writer {"kind": "webhook", "endpoint": {"url": "${hook}/w"}}
-> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].change == changed  .entries[0].before.secret == ***  .entries[0].after.secret absent
	.entries[0].before.url has agents.example  .entries[0].after.url == ${hook}/w
POST /api/agents {"id": "writer", "kind": "webhook", "endpoint": {"url": "${hook}/w"}}
-> 409
PUT /api/agents/nobody {"kind": "webhook", "endpoint": {"url": "${hook}/w"}}
-> 404
PUT /api/agents/writer {"kind": "webhook", "endpoint": {"url": "nonsense"}}
-> 422
DELETE /api/agents/nobody -> 404
sql select count(*) from audit == 4
# --- calendars
PUT /v1/calendars/office {"holidays": [{"date": "12-25"}]}
-> 201
PUT /v1/calendars/office {"holidays": [{"date": "12-25"}]}
-> 200
GET /api/v1/audit?limit=2 -> 200  .entries[0].object == calendar  .entries[0].ref == office  .entries[0].change == created
	.entries[0].after.definition.holidays[0].date == 12-25  .entries[1].object == agent
PUT /v1/calendars/office {"holidays": [{"date": "12-26"}]}
-> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].change == changed  .entries[0].before.definition.holidays[0].date == 12-25
	.entries[0].after.definition.holidays[0].date == 12-26
# --- schedules; one in use keeps its calendar
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "Europe/Berlin", "calendar": "office",
	"task_template": {"target": {"url": "${hook}/a", "secret": "SECRETFIVE-SECRETFIVE"}, "payload": {"a": 1.10}}}
-> 201
save schedule = .id
DELETE /v1/calendars/office -> 409
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == schedule  .entries[0].ref == ${schedule}  .entries[0].change == created
	.entries[0].version == 1  .entries[0].before == null  .entries[0].after.kind == schedule  .entries[0].after.state == active
	.entries[0].after.spec == "0 9 * * *"  .entries[0].after.zone == Europe/Berlin  .entries[0].after.calendar == office
	.entries[0].after.options.secret == ***  body has "payload":{"a": 1.10}
PATCH /v1/schedules/${schedule} {"cron": "0 8 * * *", "calendar": null}
-> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].change == changed  .entries[0].version == 2  .entries[0].before.spec == "0 9 * * *"
	.entries[0].after.spec == "0 8 * * *"  .entries[0].before.calendar == office  .entries[0].after.calendar absent
PATCH /v1/schedules/${schedule} {"cron": "nonsense"}
-> 422
DELETE /v1/schedules/${schedule} -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].ref == ${schedule}  .entries[0].change == deleted  .entries[0].before.state == active
DELETE /v1/calendars/office -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == calendar  .entries[0].change == deleted  .entries[0].after == null
	.entries[0].before.definition.holidays[0].date == 12-26
DELETE /v1/calendars/office -> 404
sql select count(*) from audit == 10
# --- one-offs: made, cancelled; its own run is nobody's change
POST /v1/tasks {"target": "${hook}/b", "execute_after": "PT1H", "unique_id": "u"}
-> 201
save task = .id
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == run  .entries[0].ref == ${task}  .entries[0].change == created
	.entries[0].after.kind == schedule  .entries[0].after.trigger == once  .entries[0].after.unique_key == u
POST /v1/tasks {"target": "${hook}/b", "execute_after": "PT1H", "unique_id": "u"}
-> 409
POST /v1/tasks/${task}/cancel -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].ref == ${task}  .entries[0].change == cancelled  .entries[0].before.state == pending
	.entries[0].after.state == cancelled
POST /v1/tasks/${task}/retry -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].ref == ${task}  .entries[0].change == retried  .entries[0].before.state == cancelled
	.entries[0].after.state == pending
hook <- POST /b within 3s
eventually GET /v1/tasks/${task} -> 200  .status == completed
POST /v1/tasks [{"target": "${hook}/b", "execute_after": "PT2H"}, {"target": "${hook}/b", "execute_after": "PT2H"}]
-> 201
save first = .[0].id
save second = .[1].id
GET /api/v1/audit?limit=2 -> 200  .entries[0].block == 14  .entries[0].position == 1  .entries[1].block == 13  .entries[0].object == run
	.entries[0].ref == ${first}  .entries[0].change == created  .entries[0].after.kind == schedule  .entries[0].after.count == 2
	#.entries[0].after.runs == 2  .entries[0].after.runs[0].id == ${first}  .entries[0].after.runs[1].id == ${second}
	.entries[0].after.runs[1].url == ${hook}/b  .entries[0].after.runs[1].scheduled_for =~ ^2030-01-01T02:
GET /api/v1/audit?ref=${first} -> 200  #.entries == 1
GET /api/v1/audit?ref=${second} -> 200  .entries == []
# --- channels
POST /api/channels/slack/credentials {"token": "xoxb-11223344-SECRETSIX-a1b2", "api_base": "${hook}/fake/slack"}
-> 201
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == channel  .entries[0].ref == slack  .entries[0].change == created
	.entries[0].after.token == ***  .entries[0].after.api_base == ${hook}/fake/slack
POST /api/channels/slack/credentials {"token": "xoxb-11223344-SECRETSIX-c3d4"}
-> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].change == changed  .entries[0].before.api_base == ${hook}/fake/slack
	.entries[0].after.api_base absent
POST /api/channels/slack/credentials {"token": "nonsense"}
-> 422
DELETE /api/channels/slack/credentials -> 200
DELETE /api/channels/slack/credentials -> 404
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == channel  .entries[0].change == deleted  .entries[0].after == null
# --- jobs: by hand, paused, given up by the server itself
hook answers /w 200
POST /api/scheduler/jobs {"name": "j", "goal": "x", "agent_id": "writer", "schedule": {"type": "cron", "expression": "0 * * * *"},
	"max_consecutive_failures": 1, "retry": {"max_attempts": 1}}
-> 201
save job = .id
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == schedule  .entries[0].ref == ${job}  .entries[0].change == created
	.entries[0].after.kind == job  .entries[0].after.agent == writer  .entries[0].after.payload.goal == x
POST /api/scheduler/jobs/${job}/pause -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].change == paused  .entries[0].before.state == active  .entries[0].after.state == paused
POST /api/scheduler/jobs/${job}/resume -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].change == resumed
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == run  .entries[0].ref == ${run}  .entries[0].change == triggered
	.entries[0].after.kind == job  .entries[0].after.schedule == ${job}  .entries[0].after.trigger == manual
advance 1s
eventually sql select count(*) from run_history where state = 3 and kind = 2 == 1
sql select count(*) from audit == 21
hook answers /w 500
advance 2h
eventually GET /api/v1/audit?limit=1
-> 200  .entries[0].object == schedule  .entries[0].ref == ${job}  .entries[0].change == failed  .entries[0].actor.type == server
	.entries[0].actor.id == null  .entries[0].actor.name == null  .entries[0].request_id == null
	.entries[0].before == {"kind":"job","state":"active"}  .entries[0].after == {"kind":"job","state":"failed"}
sql select count(*) from audit == 22
# --- chains
POST /api/scheduler/chains {"name": "c", "jobs": ["${job}"]}
-> 201
save chain = .id
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == chain  .entries[0].ref == ${chain}  .entries[0].change == created
	.entries[0].after.name == c  .entries[0].after.definition.jobs[0] == ${job}
POST /api/scheduler/chains/${chain}/trigger -> 202
save crun = .chain_run_id
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == chain_run  .entries[0].ref == ${crun}  .entries[0].change == triggered
	.entries[0].after.chain == ${chain}  #.entries[0].after.runs == 1
DELETE /api/scheduler/chains/${chain} -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == chain  .entries[0].change == deleted  .entries[0].before.name == c
DELETE /api/scheduler/chains/${chain} -> 404
DELETE /api/scheduler/jobs/${job} -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].ref == ${job}  .entries[0].change == deleted
DELETE /api/agents/writer -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == agent  .entries[0].change == deleted  .entries[0].after == null
sql select count(*) from audit == 27
# --- actions and plans; one whose only occurrence is over is completed by the server
PUT /api/v1/actions/mail.send {"target": {"url": "${hook}/mail", "secret": "SECRETSEVEN-SECRETSEVEN"}}
-> 201
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == action  .entries[0].ref == mail.send  .entries[0].change == created
	.entries[0].after.options.secret == ***
POST /api/v1/actions/mail.send/secret -> 200
save secret = .secret
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == action  .entries[0].change == rotated  body lacks ${secret}
POST /api/v1/plans {"action": "mail.send", "recurrence": "0 12 * * *", "payload": {"a": 1}}
-> 201
save daily = .id
PATCH /api/v1/plans/${daily} {"payload": {"b": 2}}
-> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].change == changed  .entries[0].before.payload == {"a": 1}  .entries[0].version == 2
DELETE /api/v1/plans/${daily} -> 200
GET /api/v1/audit?limit=1 -> 200  .entries[0].ref == ${daily}  .entries[0].change == cancelled  .entries[0].after.state == cancelled
DELETE /api/v1/plans/${daily} -> 200
GET /api/v1/audit?ref=${daily} -> 200  #.entries == 3
POST /api/v1/plans {"action": "mail.send", "execute_at": "2030-01-01T03:00:00Z"}
-> 201
save plan = .id
GET /api/v1/audit?limit=1 -> 200  .entries[0].object == schedule  .entries[0].ref == ${plan}  .entries[0].change == created
	.entries[0].after.kind == plan
advance 1h
hook <- POST /mail within 3s
eventually GET /api/v1/audit?ref=${plan}
-> 200  #.entries == 2  .entries[0].change == completed  .entries[0].actor.type == server  .entries[0].after == {"kind":"plan","state":"completed"}
	.entries[1].change == created
DELETE /api/v1/actions/mail.send -> 200
# --- an occurrence that was missed and is not made up for completes a plan too
PUT /api/v1/actions/mail.send {"target": "${hook}/mail"}
-> 201
POST /api/v1/plans {"action": "mail.send", "execute_at": "2030-01-01T04:00:00Z", "catchup": "none"}
-> 201
save missed = .id
term
advance 2d
restart
eventually GET /api/v1/audit?ref=${missed}
-> 200  #.entries == 2  .entries[0].change == completed  .entries[0].actor.type == server
# --- the command line
carillon tenant limit default --requests 1000
-> 0
GET /api/v1/audit?object=tenant -> 200  #.entries == 1  .entries[0].ref =~ ^tenant_  .entries[0].actor.type == command
	.entries[0].actor.name exists  .entries[0].before.request_rate == null  .entries[0].after.request_rate == 1000
carillon audit list -n 2
-> 0  body has completed schedule ${missed}
# --- filters
GET /api/v1/audit?object=agent -> 200  #.entries == 3  .entries[0].change == deleted  .entries[2].change == created
GET /api/v1/audit?object=agent&ref=writer -> 200  #.entries == 3
GET /api/v1/audit?object=calendar&ref=writer -> 200  .entries == []
GET /api/v1/audit?ref=${task} -> 200  #.entries == 3
GET /api/v1/audit?object=run&ref=${task} -> 200  #.entries == 3
GET /api/v1/audit?object=agent&to=2030-01-01T00:00:01Z -> 200  #.entries == 2
GET /api/v1/audit?object=agent&from=2030-01-01T00:00:01Z -> 200  #.entries == 1
GET /api/v1/audit?from=2031-01-01T00:00:00Z -> 200  .entries == []  .next_cursor == null
GET /api/v1/audit?from=2031-01-01T00:00:00Z&to=2030-01-01T00:00:00Z
-> 422  #.errors == 1  .errors[0].field == to  .errors[0].code == end_before_start
GET /api/v1/audit?to=2029-01-01T00:00:00Z -> 200  .entries == []  .next_cursor == null
GET /api/v1/audit?ref=writer -> 422  .errors[0].field == ref  .errors[0].code == invalid_value
GET /api/v1/audit?object=agent&ref=${task} -> 200  .entries == []
GET /api/v1/audit?object=chain&ref=${task} -> 422  .errors[0].field == ref
GET /api/v1/audit?object=cow&limit=101&from=soon&by=me -> 422  #.errors == 4
# --- paging sees every entry once, while others come
GET /api/v1/audit?limit=100 -> 200  .next_cursor == null
GET /api/v1/audit?limit=10 -> 200  #.entries == 10  .next_cursor exists
save first = .entries[9].block
save cursor = .next_cursor
PUT /v1/calendars/home {"holidays": [{"date": "12-25"}]}
-> 201
GET /api/v1/audit?limit=10&cursor=${cursor} -> 200  #.entries == 10
save cursor = .next_cursor
GET /api/v1/audit?limit=10&cursor=${cursor} -> 200  #.entries == 10
save cursor = .next_cursor
GET /api/v1/audit?limit=10&cursor=${cursor} -> 200  .next_cursor == null  .entries[0].block exists
GET /api/v1/audit?limit=10&object=agent&cursor=${cursor} -> 422  .errors[0].field == cursor  .errors[0].code == cursor_invalid
# --- roles and tenants
POST /api/auth/keys {"name": "v", "role": "editor"}
-> 201
save editor = .key
GET /api/v1/audit
> Authorization: Bearer ${editor}
-> 403  .code == forbidden
POST /api/auth/keys {"name": "other", "role": "admin", "tenant": "other"}
-> 201
save other = .key
GET /api/v1/audit
> Authorization: Bearer ${other}
-> 200  #.entries == 2  .entries[0].object == key  .entries[1].object == tenant  .entries[1].block == 1
GET /api/v1/audit?ref=${task}
> Authorization: Bearer ${other}
-> 200  .entries == []
GET /api/v1/audit?limit=10&cursor=${cursor}
> Authorization: Bearer ${other}
-> 422  .errors[0].code == cursor_invalid
# --- and no secret
sql select count(*) from audit where concat(before, after) like '%SECRET%' == 0
carillon audit verify
-> 0  body has default/default:
	body has default/other: 2 entries in 1 blocks
term
