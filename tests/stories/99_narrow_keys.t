# What a key that is limited to actions must not get round: another key's answers, other actions and their plans, keys that are wider
# than itself; and a masked value, which stands for what it hides at that target alone.
clock 2030-01-01T12:00:00Z
server
PUT /api/v1/actions/billing.charge {"target": {"url": "${hook}/charge", "headers": {"Authorization": "Bearer canary-0001"}, "secret": "a secret of 24 letters !"}}
-> 201
PUT /api/v1/actions/content.post {"target": "${hook}/post"}
-> 201
POST /api/auth/keys {"name": "wide", "role": "admin"}
-> 201  .actions == null
save wide = .key
save wide_id = .id
POST /api/auth/keys {"name": "narrow", "role": "admin", "actions": ["content.*"]}
-> 201
save narrow = .key
save narrow_id = .id
POST /api/auth/keys {"name": "writer", "role": "editor", "actions": ["content.*"]}
-> 201
save writer = .key
# --- a new key is shown to the key that asked for it alone
POST /api/auth/keys {"name": "boot", "role": "admin"}
> Idempotency-Key: bootstrap
-> 201
save boot = .key
POST /api/auth/keys {"name": "boot", "role": "admin"}
> Idempotency-Key: bootstrap
> Authorization: Bearer ${narrow}
-> 403  .code == forbidden  .detail == "This Idempotency-Key was used by another API key."  body lacks ${boot}  header.idempotent-replayed absent
POST /api/auth/keys {"name": "boot", "role": "admin"}
> Idempotency-Key: bootstrap
> Authorization: Bearer ${wide}
-> 403  .code == forbidden  body lacks ${boot}
POST /api/auth/keys {"name": "boot", "role": "admin"}
> Idempotency-Key: bootstrap
-> 201  .key == ${boot}  header.idempotent-replayed == true
# ... and so is a new secret
POST /api/v1/actions/billing.charge/secret
> Idempotency-Key: secret
-> 200
save secret = .secret
POST /api/v1/actions/billing.charge/secret
> Idempotency-Key: secret
> Authorization: Bearer ${wide}
-> 403  .code == forbidden  body lacks ${secret}
# --- what is no secret is answered to whoever may do it with any action, and to the key that asked
POST /api/v1/plans {"action": "billing.charge", "recurrence": "0 0 1 1 *", "payload": {"amount": 5}}
> Idempotency-Key: plan
> Authorization: Bearer ${wide}
-> 201
save plan = .id
POST /api/v1/plans {"action": "billing.charge", "recurrence": "0 0 1 1 *", "payload": {"amount": 5}}
> Idempotency-Key: plan
-> 201  .id == ${plan}  header.idempotent-replayed == true
POST /api/v1/plans {"action": "billing.charge", "recurrence": "0 0 1 1 *", "payload": {"amount": 5}}
> Idempotency-Key: plan
> Authorization: Bearer ${writer}
-> 403  .code == forbidden  body lacks ${plan}
POST /api/v1/plans {"action": "content.post", "recurrence": "0 0 1 1 *"}
> Idempotency-Key: own
> Authorization: Bearer ${writer}
-> 201
save own = .id
POST /api/v1/plans {"action": "content.post", "recurrence": "0 0 1 1 *"}
> Idempotency-Key: own
> Authorization: Bearer ${writer}
-> 201  .id == ${own}  header.idempotent-replayed == true
sql select count(*) from idempotency i join api_key k on k.id = i.key_id where k.name in ('CARILLON_API_KEY', 'wide', 'writer') == 4
# --- actions: those that it may use
PUT /api/v1/actions/billing.charge {"target": "${hook}/steal"}
> Authorization: Bearer ${narrow}
-> 403  .code == action_forbidden
PUT /api/v1/actions/billing.new {"target": "${hook}/steal"}
> Authorization: Bearer ${narrow}
-> 403  .code == action_forbidden
POST /api/v1/actions/billing.charge/secret
> Authorization: Bearer ${narrow}
-> 403  .code == action_forbidden
DELETE /api/v1/actions/billing.charge
> Authorization: Bearer ${narrow}
-> 403  .code == action_forbidden
sql select right(url, 7) from action where name like 'billing.%' == /charge
PUT /api/v1/actions/content.post {"target": "${hook}/post2"}
> Authorization: Bearer ${narrow}
-> 200
POST /api/v1/actions/content.post/secret
> Authorization: Bearer ${narrow}
-> 200
GET /api/v1/actions/billing.charge
> Authorization: Bearer ${narrow}
-> 200  body lacks canary
# --- plans: those of such actions, as they are and as they are to be
PUT /api/v1/plans/${plan} {"action": "content.post", "recurrence": "0 0 2 1 *"}
> Authorization: Bearer ${writer}
-> 403  .code == action_forbidden
PATCH /api/v1/plans/${plan} {"action": "content.post"}
> Content-Type: application/merge-patch+json
> Authorization: Bearer ${writer}
-> 403  .code == action_forbidden
PATCH /api/v1/plans/${plan} {"active": false}
> Content-Type: application/merge-patch+json
> Authorization: Bearer ${writer}
-> 403  .code == action_forbidden
DELETE /api/v1/plans/${plan}
> Authorization: Bearer ${writer}
-> 403  .code == action_forbidden
PUT /api/v1/plans/${own} {"action": "billing.charge", "recurrence": "0 0 1 1 *"}
> Authorization: Bearer ${writer}
-> 403  .code == action_forbidden
GET /api/v1/plans/${plan}
> Authorization: Bearer ${writer}
-> 200  .action == billing.charge  .status == active  header.etag == "1"
PUT /api/v1/plans/${own} {"action": "content.post", "recurrence": "0 0 2 1 *"}
> Authorization: Bearer ${writer}
-> 200
DELETE /api/v1/plans/${own}
> Authorization: Bearer ${writer}
-> 200
# --- keys: those that may do no more than it
DELETE /api/auth/keys/${wide_id}
> Authorization: Bearer ${narrow}
-> 403  .code == forbidden
GET /api/auth/keys/${wide_id} -> 200  .revoked_at == null
DELETE /api/auth/keys/${narrow_id}
> Authorization: Bearer ${narrow}
-> 200
# --- a masked value: not sent to another host, port or scheme than the one it was meant for; a path is not another target
PUT /api/v1/actions/billing.charge {"target": {"url": "http://127.0.0.1:1/steal", "headers": {"X-Plain": "x", "authorization": "…0001"}}}
-> 422  .errors[0].field == target.headers.authorization  .errors[0].code == masked_value  #.errors == 1
PUT /api/v1/actions/billing.charge {"target": {"url": "http://127.0.0.1:1/moved", "headers": {"Authorization": "Bearer canary-0002"}, "secret": "a secret of 24 letters !"}}
-> 200  .target.headers.Authorization == …0002
PUT /api/v1/actions/billing.charge {"target": {"url": "HTTP://127.0.0.1:1/moved/further", "headers": {"Authorization": "…0002"}, "secret": "…rs !"}}
-> 200  .target.secret == …rs !
sql select url || ' ' || (options::json -> 'headers' ->> 'Authorization') || ' ' || (options::json ->> 'secret') from action where name = 'billing.charge' == HTTP://127.0.0.1:1/moved/further Bearer canary-0002 a secret of 24 letters !
PUT /api/v1/actions/billing.charge {"target": {"url": "https://127.0.0.1:1/moved", "headers": {"Authorization": "…0002"}}}
-> 422  .errors[0].code == masked_value
POST /api/agents {"id": "robot", "name": "Robot", "kind": "webhook", "endpoint": {"url": "${hook}/robot", "headers": {"X-Api-Key": "canary-of-robot"}}}
-> 201
PUT /api/agents/robot {"name": "Robot", "kind": "webhook", "endpoint": {"url": "http://127.0.0.1:1/robot", "headers": {"X-Api-Key": "…obot"}}}
-> 422  .details[0].field == endpoint.headers.X-Api-Key  .details[0].code == masked_value  #.details == 1
PUT /api/agents/robot {"name": "Robot", "kind": "webhook", "endpoint": {"url": "${hook}/robot2", "headers": {"X-Api-Key": "…obot"}}}
-> 200
sql select definition like '%canary-of-robot%' from agent == t
