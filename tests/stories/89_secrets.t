# A changed secret leaves the former one valid for 24 hours: until then a delivery is signed with both, newest first.
clock 2030-01-01T12:30:00Z
server CARILLON_LOOKAHEAD=0
# --- a schedule's target
POST /v1/schedules {"cron": "0 12,13,14 * * *", "timezone": "UTC", "catchup": "none", "task_template": {"payload": {"text": "héllo 你好 🚀"},
	"target": {"url": "${hook}/s", "secret": "the first secret of it"}}}
-> 201  body lacks first secret
save schedule = .id
clock 2030-01-01T13:00:00Z
hook <- POST /s within 3s  header.webhook-signature =~ ^v1,[^ ]+$  signed by the first secret of it  header.x-taskhook-signature =~ ^v1=[0-9a-f]{64}$
eventually sql select count(*) from run == 0
PATCH /v1/schedules/${schedule} {"task_template": {"payload": {"text": "héllo 你好 🚀"}, "target": {"url": "${hook}/s", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}}
-> 200
clock 2030-01-01T14:00:00Z
hook <- POST /s within 3s  header.webhook-signature =~ ^v1,[^ ]+ v1,[^ ]+$  signed by whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
	signed 2 the first secret of it  header.x-taskhook-signature =~ ^v1=[0-9a-f]{64}$
eventually sql select count(*) from run == 0
# the same secret again: the former one ends when it would have
PATCH /v1/schedules/${schedule} {"task_template": {"target": {"url": "${hook}/s", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}}
-> 200
clock 2030-01-02T12:00:00Z
hook <- POST /s within 3s  signed by whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw  signed 2 the first secret of it
eventually sql select count(*) from run == 0
clock 2030-01-02T13:00:01Z
hook <- POST /s within 3s  header.webhook-signature =~ ^v1,[^ ]+$  signed by whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
	signed not the first secret of it
eventually sql select count(*) from run == 0
# changed twice: one former one, the latest
PATCH /v1/schedules/${schedule} {"task_template": {"target": {"url": "${hook}/s", "secret": "the third secret of it"}}}
-> 200
PATCH /v1/schedules/${schedule} {"task_template": {"target": {"url": "${hook}/s", "secret": "the fourth secret of it"}}}
-> 200
clock 2030-01-02T14:00:00Z
hook <- POST /s within 3s  signed by the fourth secret of it  signed 2 the third secret of it  signed not whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
eventually sql select count(*) from run == 0
# dropped: neither signs; and it is no former one of the next
PATCH /v1/schedules/${schedule} {"task_template": {"target": {"url": "${hook}/s", "secret": null}}}
-> 200
clock 2030-01-03T12:00:00Z
hook <- POST /s within 3s  header.webhook-signature absent  header.x-taskhook-signature absent
eventually sql select count(*) from run == 0
PATCH /v1/schedules/${schedule} {"task_template": {"target": {"url": "${hook}/s", "secret": "the fifth secret of it"}}}
-> 200
clock 2030-01-03T13:00:00Z
hook <- POST /s within 3s  header.webhook-signature =~ ^v1,[^ ]+$  signed by the fifth secret of it
eventually sql select count(*) from run == 0
DELETE /v1/schedules/${schedule} -> 200
# --- an agent's: changed by hand, and made anew
POST /api/agents {"id": "a", "name": "a", "kind": "webhook", "endpoint": {"url": "${hook}/agent", "secret": "an agent's first secret"}}
-> 201
POST /api/scheduler/jobs {"name": "j", "goal": "x", "agent_id": "a", "schedule": {"type": "cron", "expression": "0 0 1 6 *"}}
-> 201
save job = .id
PUT /api/agents/a {"name": "a", "kind": "webhook", "endpoint": {"url": "${hook}/agent", "secret": "an agent's second secret"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /agent within 3s  signed by an agent's second secret  signed 2 an agent's first secret
POST /api/agents/a/secret
-> 200  .secret =~ ^whsec_[A-Za-z0-9+/]{43}=$  .previous_valid_until =~ ^2030-01-04T13:00:00
save made = .secret
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /agent within 3s  header.webhook-signature =~ ^v1,[^ ]+ v1,[^ ]+$  signed by ${made}  signed 2 an agent's second secret
# what was read can be sent again: nothing is changed by it
PUT /api/agents/a {"name": "renamed", "kind": "webhook", "endpoint": {"url": "${hook}/agent", "secret": "an agent's second secret"}}
-> 200
POST /api/agents/a/secret
-> 200
save made = .secret
GET /api/agents/a -> 200  .endpoint.secret =~ ^….{4}$  body lacks ${made}
save shown = .endpoint.secret
PUT /api/agents/a {"name": "again", "kind": "webhook", "endpoint": {"url": "${hook}/agent", "secret": "${shown}"}}
-> 200
clock 2030-01-04T12:59:00Z
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /agent within 3s  signed by ${made}  signed 2 an agent's second secret
clock 2030-01-04T13:00:01Z
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /agent within 3s  header.webhook-signature =~ ^v1,[^ ]+$  signed by ${made}
POST /api/agents {"id": "m", "name": "m", "kind": "llm", "endpoint": {"url": "${hook}/llm"}}
-> 201
POST /api/agents/m/secret
-> 409  .code == agent_unsigned
POST /api/agents/nobody/secret
-> 404  .code == not_found
sql select string_agg(change, ' ' order by block) from audit where object = 4 and ref = 'a' == created changed rotated changed rotated changed
sql select count(*) from audit where before || after ~ 'secret of it|agent.s (first|second)|whsec_' == 0
# --- an action's
PUT /api/v1/actions/publish {"target": "${hook}/p"}
-> 201
POST /api/v1/actions/publish/secret
-> 200  .secret =~ ^whsec_[A-Za-z0-9+/]{43}=$  .previous_valid_until == null
save first = .secret
GET /api/v1/actions/publish -> 200  .target.url == ${hook}/p  .target.secret =~ ^….{4}$  .previous_secret_valid_until == null  header.etag == "2"
POST /api/v1/plans {"action": "publish", "recurrence": "5,6 13,14 * * *", "catchup": "none", "payload": "z\u00fcrich 🚀"}
-> 201
clock 2030-01-04T13:05:00Z
hook <- POST /p within 3s  header.webhook-signature =~ ^v1,[^ ]+$  signed by ${first}
eventually sql select count(*) from run == 0
# asked twice with one Idempotency-Key it is made once
POST /api/v1/actions/publish/secret
> Idempotency-Key: once
-> 200  .secret != ${first}  .previous_valid_until == "2030-01-05T13:05:00Z"
save second = .secret
POST /api/v1/actions/publish/secret
> Idempotency-Key: once
-> 200  .secret == ${second}  header.idempotent-replayed == true
sql select count(*) from idempotency where position('whsec_'::bytea in body) > 0 == 0
GET /api/v1/actions/publish -> 200  .previous_secret_valid_until == "2030-01-05T13:05:00Z"  body lacks ${second}
clock 2030-01-04T13:06:00Z
hook <- POST /p within 3s  .payload == zürich 🚀  header.webhook-signature =~ ^v1,[^ ]+ v1,[^ ]+$  signed by ${second}  signed 2 ${first}
eventually sql select count(*) from run == 0
clock 2030-01-05T13:05:00Z
hook <- POST /p within 3s  header.webhook-signature =~ ^v1,[^ ]+$  signed by ${second}
GET /api/v1/actions/publish -> 200  .previous_secret_valid_until == null
POST /api/v1/actions/nothing/secret
-> 404  .code == not_found
log lacks whsec_
