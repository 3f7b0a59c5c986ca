# Keys: made, used, listed, rotated by the clock, revoked, over the API and by the command line.
clock 2030-01-01T00:00:00Z
server
# --- each role does what it may
POST /api/auth/keys {"name": "reader", "role": "viewer"}
-> 201  .id =~ ^key_[0-9a-z]{26}$  .key =~ ^crl_[0-9A-Za-z]{49}$  .name == reader  .role == viewer  .actions == null
	.tenant == default  .organization == default  .created_at == "2030-01-01T00:00:00Z"  .expires_at == null
	.last_used_at == null  .revoked_at == null  .created_by =~ ^key_  .replaces == null
save reader = .key
save reader_id = .id
POST /api/auth/keys {"name": "on call", "role": "operator"}
-> 201
save caller = .key
POST /api/auth/keys {"name": "deploy", "role": "editor", "actions": ["content.*", "mail"], "expires_at": "2030-01-01T02:00:00+01:00"}
-> 201  .actions == ["content.*","mail"]  .expires_at == "2030-01-01T01:00:00Z"
save editor = .key
save editor_id = .id
POST /api/auth/keys {"name": "boss", "role": "admin"}
-> 201
save admin = .key
save admin_id = .id
GET /v1/schedules
> Authorization: Bearer ${reader}
-> 200
POST /v1/tasks {"target": "${hook}/in"}
> Authorization: Bearer ${reader}
-> 403  .code == forbidden
POST /v1/tasks {"target": "${hook}/in"}
> Authorization: Bearer ${caller}
-> 403
POST /v1/tasks {"target": "${hook}/in", "execute_after": "P10D"}
> Authorization: Bearer ${editor}
-> 201
save task = .id
POST /v1/tasks/${task}/cancel
> Authorization: Bearer ${caller}
-> 200
GET /api/auth/keys
> Authorization: Bearer ${editor}
-> 403
GET /api/auth/keys/${reader_id}
> Authorization: Bearer ${admin}
-> 200  .name == reader  .key absent  .prefix =~ ^crl_[0-9A-Za-z]{8}$
# --- nobody sees a key again, and it is not stored
GET /api/auth/keys
-> 200  body lacks ${reader}  .keys[0].name == boss  .keys[3].name == reader  .keys[0].created_by == .keys[1].created_by  .next_cursor == null
sql select count(*) from api_key where position('${reader}' in api_key::text) > 0 == 0
log lacks ${reader}
GET /api/auth/keys?limit=2
-> 200  .keys[2] absent  .keys[0].name == boss  .keys[1].name == deploy
save cursor = .next_cursor
GET /api/auth/keys?limit=2&cursor=${cursor}
-> 200  .keys[0].name == on call  .keys[1].name == reader
GET /api/auth/keys?cursor=AAAA
-> 422  .errors[0].field == cursor  .errors[0].code == cursor_invalid
# --- what is wrong with one
POST /api/auth/keys {"name": "", "role": "king", "expires_at": "2029-12-31T23:59:59Z", "actions": ["*.x", "a*", ""], "owner": 1}
-> 422  .errors[3] absent  .errors[field=name].code == too_short  .errors[field=role].code == invalid_value  .errors[field=owner].code == unknown_field
POST /api/auth/keys {"name": "x", "role": "viewer", "expires_at": "2030-01-01T00:00:00Z", "actions": ["*.x", "a*", "", "*", "a.b.*"]}
-> 422  .errors[4] absent  .errors[field=expires_at].code == out_of_range  .errors[0].field == actions[0]  .errors[0].code == invalid_value  .errors[1].field == actions[1]  .errors[2].field == actions[2]
POST /api/auth/keys {"role": "viewer"}
-> 422  .errors[0].field == name  .errors[0].code == required
POST /api/auth/keys {"name": "x", "role": "viewer", "tenant": "a b"}
-> 422  .errors[0].field == tenant  .errors[0].code == invalid_name
POST /api/auth/keys {"name": "x", "role": "viewer", "actions": ["a.${reader}.${reader}", "b.${reader}.${reader}", "c.${reader}.${reader}"]}
-> 422  .errors[0].code == too_long
GET /api/auth/keys/key_00000000000000000000000001 -> 404
GET /api/auth/keys/task_00000000000000000000000001 -> 404
# --- no key of ours: not even asked about
sql alter table api_key rename to api_key_away
GET /v1/schedules
> Authorization: Bearer crl_0000000000000000000000000000000000000000000000000
-> 401  .code == unauthorized
GET /v1/schedules
> Authorization: Bearer ${reader}x
-> 401  .code == unauthorized
sql alter table api_key_away rename to api_key
# --- last use, once a minute
advance 1m
eventually GET /api/auth/keys/${reader_id}
-> 200  .last_used_at == "2030-01-01T00:00:00Z"
# --- the end of one, to the microsecond
advance 58m
GET /v1/schedules
> Authorization: Bearer ${editor}
-> 200
advance 1m
GET /v1/schedules
> Authorization: Bearer ${editor}
-> 401  .code == unauthorized
POST /api/auth/keys/${editor_id}/rotate {}
-> 409  .code == key_ended
# --- rotation: both are good until the overlap is over
POST /api/auth/keys/${reader_id}/rotate {"overlap": 3600}
-> 201  .name == reader  .role == viewer  .replaces == ${reader_id}  .key =~ ^crl_
save reader2 = .key
save reader2_id = .id
GET /api/auth/keys/${reader_id} -> 200  .expires_at == "2030-01-01T02:00:00Z"
GET /v1/schedules
> Authorization: Bearer ${reader}
-> 200
advance 59m
GET /v1/schedules
> Authorization: Bearer ${reader}
-> 200
advance 1m
GET /v1/schedules
> Authorization: Bearer ${reader}
-> 401
GET /v1/schedules
> Authorization: Bearer ${reader2}
-> 200
POST /api/auth/keys/${reader2_id}/rotate {"overlap": 0}
-> 201
save reader3_id = .id
GET /v1/schedules
> Authorization: Bearer ${reader2}
-> 401
POST /api/auth/keys/${reader3_id}/rotate {"overlap": 2592001}
-> 422  .errors[0].field == overlap  .errors[0].code == out_of_range
# --- revoked: at once here, once and for all
GET /v1/schedules
> Authorization: Bearer ${caller}
-> 200
GET /api/auth/keys?limit=100
-> 200
save caller_id = .keys[name=on call].id
save own = .keys[name=CARILLON_API_KEY].id
DELETE /api/auth/keys/${caller_id} -> 200  .revoked_at == "2030-01-01T02:00:00Z"
GET /v1/schedules
> Authorization: Bearer ${caller}
-> 401  .code == unauthorized
advance 1m
DELETE /api/auth/keys/${caller_id} -> 200  .revoked_at == "2030-01-01T02:00:00Z"
POST /api/auth/keys/${caller_id}/rotate {}
-> 409  .code == key_ended
# --- another tenant: made by the operator, by name; its admins see nothing of ours
POST /api/auth/keys {"name": "theirs", "role": "admin", "tenant": "blue", "organization": "acme"}
-> 201  .tenant == blue  .organization == acme  .created_by == ${own}
save theirs = .key
save theirs_id = .id
POST /api/auth/keys {"name": "red one", "role": "viewer", "tenant": "red", "organization": "acme"}
-> 201
save red_id = .id
POST /api/auth/keys {"name": "x", "role": "viewer", "organization": "acme"}
-> 422  .errors[0].field == tenant  .errors[0].code == required
GET /api/auth/keys
> Authorization: Bearer ${theirs}
-> 200  .keys[0].name == theirs  .keys[1] absent
GET /api/auth/keys?tenant=blue&organization=acme -> 200  .keys[0].id == ${theirs_id}  .keys[1] absent
GET /api/auth/keys?tenant=nobody -> 404
GET /api/auth/keys/${admin_id}
> Authorization: Bearer ${theirs}
-> 404  .code == not_found
DELETE /api/auth/keys/${red_id}
> Authorization: Bearer ${theirs}
-> 404
POST /api/auth/keys/${admin_id}/rotate {}
> Authorization: Bearer ${theirs}
-> 404
GET /api/auth/keys?tenant=red
> Authorization: Bearer ${theirs}
-> 403  .code == forbidden
GET /api/auth/keys?tenant=nobody
> Authorization: Bearer ${theirs}
-> 403  .code == forbidden
POST /api/auth/keys {"name": "x", "role": "viewer", "tenant": "default", "organization": "default"}
> Authorization: Bearer ${theirs}
-> 403  .code == forbidden
POST /api/auth/keys {"name": "limited", "role": "admin", "tenant": "blue", "actions": ["content.*"]}
> Authorization: Bearer ${theirs}
-> 201  .tenant == blue  .organization == acme
save limited = .key
save limited_id = .id
POST /api/auth/keys {"name": "x", "role": "viewer", "actions": ["*"]}
> Authorization: Bearer ${limited}
-> 403  .code == forbidden
POST /api/auth/keys {"name": "x", "role": "viewer"}
> Authorization: Bearer ${limited}
-> 201  .actions == ["content.*"]
POST /api/auth/keys/${theirs_id}/rotate {}
> Authorization: Bearer ${limited}
-> 403  .code == forbidden
GET /api/v1/audit?object=key
> Authorization: Bearer ${theirs}
-> 200  .entries[3] absent  .entries[2].ref == ${theirs_id}  .entries[2].actor.name == CARILLON_API_KEY  .entries[0].actor.name == limited
# their last admin key is theirs to revoke, as the operator can make another
DELETE /api/auth/keys/${limited_id}
> Authorization: Bearer ${theirs}
-> 200
DELETE /api/auth/keys/${theirs_id}
> Authorization: Bearer ${theirs}
-> 200
GET /api/auth/keys
> Authorization: Bearer ${theirs}
-> 401
# --- repeated with an Idempotency-Key it is the same key, kept sealed
POST /api/auth/keys {"name": "again", "role": "viewer"}
> Idempotency-Key: once
-> 201
save again = .key
POST /api/auth/keys {"name": "again", "role": "viewer"}
> Idempotency-Key: once
-> 201  .key == ${again}  header.idempotent-replayed == true
# ... also in another tenant, which is not the one whose request it is
POST /api/auth/keys {"name": "there", "role": "viewer", "tenant": "grey"}
> Idempotency-Key: there
-> 201  .tenant == grey  .organization == default
save there = .key
POST /api/auth/keys {"name": "there", "role": "viewer", "tenant": "grey"}
> Idempotency-Key: there
-> 201  .key == ${there}  header.idempotent-replayed == true
POST /api/auth/keys {"name": "there", "role": "viewer", "tenant": "gray"}
> Idempotency-Key: there
-> 422  .code == idempotency_key_reused
sql select count(*) from api_key where name = 'there' == 1
metric carillon_idempotency_kept_apart_total == 0
sql select count(*) from idempotency where position('crl_' in encode(body, 'escape')) > 0 == 0
# --- as many as a tenant may have, ended ones not counted
sql insert into api_key (hash, id, tenant_id, name, role, created_at, expires_at) select sha256(n::text::bytea), gen_random_uuid(), (select tenant_id from api_key where name = 'CARILLON_API_KEY'), 'many ' || n, 1, '2029-01-01', case when n > 999 then timestamptz '2030-01-01' end from generate_series(1, 1100) n
POST /api/auth/keys {"name": "one more", "role": "viewer"}
-> 409  .code == key_limit
POST /api/auth/keys/${own}/rotate {"overlap": 60}
-> 409  .code == key_limit
GET /api/auth/keys/${own} -> 200  .expires_at == null
sql delete from api_key where name like 'many %' and name > 'many 1'
GET /api/auth/keys?limit=1000 -> 200  .next_cursor == null
# --- the last way in stays open
DELETE /api/auth/keys/${admin_id} -> 200
DELETE /api/auth/keys/${own} -> 409  .code == last_admin_key
GET /v1/schedules -> 200
# --- the trail
GET /api/v1/audit?object=key&ref=${reader_id}
-> 200  .entries[2] absent  .entries[0].change == rotated  .entries[1].change == created  .entries[0].actor.name == CARILLON_API_KEY
sql select string_agg(change, ' ' order by block, position) from audit where object = 9 and tenant_id = (select tenant_id from api_key where name = 'CARILLON_API_KEY') == created created created created created created rotated created rotated revoked created revoked
sql select count(*) from audit where object in (9, 10) and actor <> 1 == 1
sql select string_agg(change || object, ' ' order by id) from audit where tenant_id = (select id from tenant where name = 'red') == created10 created9
sql select count(*) from audit where position('${reader}' in audit::text) > 0 == 0
# --- the settings' key: a start sees to it that it lets in; the trail says so when that was not so, and only then
sql select change || ' ' || actor || ' ' || (before is null) from audit where object = 9 and ref = (select id::text from api_key where name = 'CARILLON_API_KEY') order by block limit 1 == created 2 true
sql select count(*) from audit where actor = 2 == 1
term
restart
sql select count(*) from audit where actor = 2 == 1
POST /api/auth/keys/${own}/rotate {"overlap": 0}
-> 201
save next = .key
GET /v1/schedules -> 401
term
restart
GET /v1/schedules -> 200
GET /api/v1/audit?object=key&limit=1
-> 200  .entries[0].change == restored  .entries[0].ref == ${own}  .entries[0].actor.type == server
	.entries[0].before.expires_at == "2030-01-01T02:01:00Z"  .entries[0].after.expires_at absent
sql with done as (update api_key set actions = 'a,', role = 1 where name = 'CARILLON_API_KEY' and replaces is null returning 1) select count(*) from done == 1
term
restart
GET /api/v1/audit?object=key&limit=1
-> 200  .entries[0].change == restored  .entries[0].before.role == viewer  .entries[0].after.role == admin
sql select count(*) from audit where actor = 2 == 3
carillon audit verify
-> 0
