# Actions: what plans call by name; who may change them, what is shown of them, and what they are sent.
clock 2030-01-01T09:00:00Z
server
GET /api/v1/actions -> 200  .actions == []  .next_cursor == null
GET /api/v1/actions/content.publish -> 404  .code == not_found
# --- made and replaced
PUT /api/v1/actions/content.publish {"target": "${hook}/publish"}
-> 201  .name == content.publish  .target == ${hook}/publish  .timeout == 30  .retry == {"max_attempts": 25, "strategy": "polynomial"}
	.created_at == "2030-01-01T09:00:00Z"  .previous_secret_valid_until == null  header.etag == "1"
PUT /api/v1/actions/content.publish {"name": "content.publish", "target": {"url": "${hook}/publish", "method": "PUT",
	"headers": {"X-Team": "blue", "Authorization": "Bearer 0123456789"}, "secret": "a secret of 24 letters !"}, "timeout": "PT5S",
	"retry": {"max_attempts": 3, "strategy": "fixed", "base_delay": 10}}
-> 200  .target.url == ${hook}/publish  .target.method == PUT  .target.headers.X-Team == blue  .target.secret == …rs !
	.target.headers.Authorization == …6789  .timeout == 5  .retry == {"max_attempts": 3, "strategy": "fixed", "base_delay": 10, "max_delay": 86400}
	header.etag == "2"
GET /api/v1/actions/content.publish -> 200  .target.secret == …rs !  header.etag == "2"  body lacks 24 letters
	body lacks 012345
# as it was read it can be sent again: what was masked stays what it was
PUT /api/v1/actions/content.publish {"target": {"url": "${hook}/publish", "method": "PUT",
	"headers": {"X-Team": "red", "Authorization": "…6789"}, "secret": "…rs !"}, "timeout": 5,
	"retry": {"max_attempts": 3, "strategy": "fixed", "base_delay": 10, "max_delay": 86400}}
-> 200  .target.headers.X-Team == red  .target.secret == …rs !  .previous_secret_valid_until == null  header.etag == "3"
sql select options::json ->> 'secret' || ' ' || (options::json -> 'headers' ->> 'Authorization') from action == a secret of 24 letters ! Bearer 0123456789
# repeated with one Idempotency-Key it is one change
PUT /api/v1/actions/content.publish {"target": {"url": "${hook}/publish", "method": "PUT",
	"headers": {"X-Team": "red", "Authorization": "…6789"}, "secret": "…rs !"}, "timeout": 6,
	"retry": {"max_attempts": 3, "strategy": "fixed", "base_delay": 10, "max_delay": 86400}}
> Idempotency-Key: put-1
-> 200  header.etag == "4"
PUT /api/v1/actions/content.publish {"target": {"url": "${hook}/publish", "method": "PUT",
	"headers": {"X-Team": "red", "Authorization": "…6789"}, "secret": "…rs !"}, "timeout": 6,
	"retry": {"max_attempts": 3, "strategy": "fixed", "base_delay": 10, "max_delay": 86400}}
> Idempotency-Key: put-1
-> 200  header.etag == "4"  header.idempotent-replayed == true
# --- only as it was read
PUT /api/v1/actions/content.publish {"target": "${hook}/other"}
> If-Match: "2"
-> 412  .code == precondition_failed
PUT /api/v1/actions/not.there {"target": "${hook}/other"}
> If-Match: *
-> 412
DELETE /api/v1/actions/content.publish
> If-Match: "2"
-> 412
# --- bad ones: all that is wrong is named, nothing is stored
PUT /api/v1/actions/bad {"target": {"url": "ftp://x/", "method": "GET", "headers": {"Host": "x", "X-A": "1", "x-a": "2"}, "secret": "short"}, "timeout": 0,
	"retry": {"max_attempts": 0, "strategy": "sometimes", "base_delay": 20, "max_delay": 10}, "extra": 1}
-> 422  .code == validation_error  .errors[field=target.url].code == target_forbidden  .errors[field=target.method].code == invalid_value
	.errors[field=target.headers.Host].code == header_invalid  .errors[field=target.headers.x-a].code == header_invalid
	.errors[field=target.secret].code == secret_invalid
	.errors[field=timeout].code == out_of_range  .errors[field=retry.max_attempts].code == out_of_range
	.errors[field=retry.strategy].code == invalid_value  .errors[field=retry.max_delay].code == out_of_range  .errors[field=extra].code == unknown_field
PUT /api/v1/actions/bad {}
-> 422  .errors[0].field == target  .errors[0].code == required
PUT /api/v1/actions/bad {"name": "good", "target": "${hook}/x"}
-> 422  .errors[0].field == name  .errors[0].code == invalid_value
PUT /api/v1/actions/content.* {"target": "${hook}/x"}
-> 422  .errors[0].field == name  .errors[0].code == invalid_name
PUT /api/v1/actions/${x*129} {"target": "${hook}/x"}
-> 422  .errors[0].code == invalid_name
# a mask that is not this secret's is no secret
PUT /api/v1/actions/content.publish {"target": {"url": "${hook}/publish", "secret": "…else"}}
-> 422  .errors[0].field == target.secret  .errors[0].code == secret_invalid
PUT /api/v1/actions/content.publish {"target": {"url": "${hook}/publish", "headers": {"Authorization": "…else"}}}
-> 422  .errors[0].field == target.headers.Authorization  .errors[0].code == header_invalid
# what is stored of one has an end
PUT /api/v1/actions/bad {"target": {"url": "${hook}/x", "headers": {"A": "${a*7000}", "B": "${b*7000}", "C": "${c*7000}", "D": "${d*7000}", "E": "${e*7000}"}}}
-> 422  .errors[0].field == target.headers  .errors[0].code == too_long
sql select count(*) || ' ' || max(rev) from action == 1 4
# --- many at once: one after the other, none lost
race 12 PUT /api/v1/actions/raced {"target": "${hook}/raced"}
-> 200  .s201 == 1  .s200 == 11
sql select rev || ' ' || (select count(*) from audit where ref = 'raced') from action where name = 'raced' == 12 12
DELETE /api/v1/actions/raced -> 200
# --- by name, page by page
PUT /api/v1/actions/b {"target": "${hook}/b"}
-> 201
PUT /api/v1/actions/a {"target": "${hook}/a"}
-> 201
GET /api/v1/actions?limit=2 -> 200  #.actions == 2  .actions[0].name == a  .actions[1].name == b  .next_cursor exists
save cursor = .next_cursor
GET /api/v1/actions?limit=2&cursor=${cursor} -> 200  #.actions == 1  .actions[0].name == content.publish  .next_cursor == null
	.actions[0].target.secret == …rs !  body lacks 24 letters
GET /api/v1/actions?cursor=a%20b -> 422  .errors[0].field == cursor  .errors[0].code == cursor_invalid
GET /api/v1/actions?limit=101 -> 422  .errors[0].field == limit
# --- at most 1,000 of them; those that are there can be replaced
sql insert into action (bucket, tenant_id, name, url, rev, created_at, updated_at) select bucket, tenant_id, 'more.' || i, url, 1, created_at, updated_at from action, generate_series(1, 997) i where name = 'a'
PUT /api/v1/actions/c {"target": "${hook}/c"}
-> 409  .code == action_limit
PUT /api/v1/actions/b {"target": "${hook}/b"}
-> 200
DELETE /api/v1/actions/more.1 -> 200  .name == more.1  .status == deleted
DELETE /api/v1/actions/more.1 -> 404
PUT /api/v1/actions/c {"target": "${hook}/c"}
-> 201
sql delete from action where name like 'more.%'
# --- who may: anybody reads, admins write; others have theirs
POST /api/auth/keys {"name": "reader", "role": "viewer"}
-> 201
save reader = .key
POST /api/auth/keys {"name": "editor", "role": "editor"}
-> 201
save editor = .key
POST /api/auth/keys {"name": "other", "role": "admin", "organization": "acme.org", "tenant": "acme"}
-> 201
save other = .key
GET /api/v1/actions/content.publish
> Authorization: Bearer ${reader}
-> 200  .target.secret == …rs !
PUT /api/v1/actions/content.publish {"target": "${hook}/x"}
> Authorization: Bearer ${editor}
-> 403  .code == forbidden
DELETE /api/v1/actions/content.publish
> Authorization: Bearer ${editor}
-> 403
POST /api/v1/actions/content.publish/secret
> Authorization: Bearer ${editor}
-> 403
GET /api/v1/actions/content.publish
> Authorization: Bearer ${other}
-> 404
GET /api/v1/actions
> Authorization: Bearer ${other}
-> 200  .actions == []
# --- who changed what
sql select string_agg(change || ' ' || version, ', ' order by block) from audit where object = 5 and ref = 'content.publish' == created 1, changed 2, changed 3, changed 4
sql select count(*) from audit where before || after ~ '24 letters|012345' == 0
sql select count(*) || ' ' || max(change) from audit where ref = 'more.1' == 1 deleted
# --- what one is sent: body, headers, its own policy
hook answers /publish 500,200
POST /api/v1/plans {"action": "content.publish", "execute_at": "2030-01-01T10:00:00Z", "timezone": "Europe/Amsterdam", "payload": {"content_id" : 9007199254740993, "x":1.10}}
-> 201
save plan = .id
clock 2030-01-01T10:00:00Z
hook <- PUT /publish within 3s  .run_id =~ ^run_  .plan_id == ${plan}  .action == content.publish  .scheduled_for == "2030-01-01T10:00:00Z"  .attempt == 1
	.tenant == default  .organization == default  body has "payload":{"content_id" : 9007199254740993, "x":1.10}}
	header.carillon-tenant == default  header.carillon-organization == default  header.carillon-schedule-id == ${plan}  header.carillon-attempt == 1
	header.carillon-scheduled-for =~ ^2030-01-01T10:00:00  header.content-type == application/json  header.x-team == red  header.authorization == Bearer 0123456789
	header.carillon-fencing-token == 1  header.traceparent exists  header.x-taskhook-signature absent  header.webhook-id =~ ^run_
	signed by a secret of 24 letters !
save run = .run_id
eventually sql select count(*) from run where state = 1 and attempt = 1 == 1
advance 12s
hook <- PUT /publish within 3s  .run_id == ${run}  .attempt == 2  header.webhook-id == ${run}  signed by a secret of 24 letters !
eventually sql select state || ' ' || attempt from run_history where kind = 3 == 3 2
# --- used by a plan that goes on or is inactive: it stays; a cancelled or completed one does not keep it
DELETE /api/v1/actions/content.publish -> 200
POST /api/v1/plans {"action": "b", "recurrence": "0 * * * *", "active": false}
-> 201
save inactive = .id
DELETE /api/v1/actions/b -> 409  .code == action_in_use
DELETE /api/v1/plans/${inactive} -> 200
DELETE /api/v1/actions/b -> 200  .status == deleted
sql select count(*) from audit where ref = 'b' and change = 'deleted' == 1
# an agent of an action's name is another thing
POST /api/agents {"id": "a", "name": "a", "kind": "webhook", "endpoint": {"url": "${hook}/agent"}}
-> 201
POST /api/v1/plans {"action": "a", "recurrence": "0 12 * * *"}
-> 201
save hourly = .id
DELETE /api/agents/a -> 200
# --- another tenant's plan: his action, his names
PUT /api/v1/actions/a {"target": "${hook}/theirs"}
> Authorization: Bearer ${other}
-> 201
POST /api/v1/plans {"action": "a", "execute_at": "2030-01-01T12:00:00Z"}
> Authorization: Bearer ${other}
-> 201
# --- a large payload, byte for byte; none
POST /api/v1/plans {"action": "c", "execute_at": "2030-01-01T12:00:00Z", "payload": {"text": "${0123456789*60000}"}}
-> 201
POST /api/v1/plans {"action": "c", "execute_at": "2030-01-01T12:00:01Z"}
-> 201
clock 2030-01-01T12:00:00Z
hook <- POST /a within 3s  .tenant == default  .plan_id == ${hourly}  header.carillon-tenant == default
hook <- POST /theirs within 3s  .tenant == acme  .organization == acme.org  header.carillon-tenant == acme  header.carillon-organization == acme.org
hook <- POST /c within 5s  .action == c  body has ","payload":{"text": "${0123456789*60000}"}}
advance 1s
hook <- POST /c within 3s  .payload == null  body has ,"payload":null}
# --- changed before a run: the run goes there
PUT /api/v1/actions/a {"target": "${hook}/a2"}
-> 200
clock 2030-01-02T12:00:00Z
hook <- POST /a2 within 3s  .plan_id == ${hourly}
# --- deleted behind a plan's back: the run fails and says why
eventually sql select count(*) from run == 0
sql delete from action where name = 'a'
clock 2030-01-03T12:00:00Z
eventually sql select state || ' ' || reason || ' ' || attempt from run_history order by id desc limit 1 == 4 unknown_action 0
GET /api/v1/plans/${hourly}/runs?limit=1 -> 200  .runs[0].status == failed  .runs[0].reason == unknown_action
# --- a cancelled plan's retry, and a run that an inactive one has not begun
hook answers /c 500
PUT /api/v1/actions/c {"target": "${hook}/c", "retry": {"max_attempts": 5, "strategy": "fixed", "base_delay": 60}}
-> 200
POST /api/v1/plans {"action": "c", "execute_at": "2030-01-03T13:00:00Z"}
-> 201
save plan = .id
POST /api/v1/plans {"action": "c", "recurrence": "0 14 * * *"}
-> 201
save daily = .id
clock 2030-01-03T13:00:00Z
hook <- POST /c within 3s  .plan_id == ${plan}
eventually sql select count(*) from run where state = 1 and attempt = 1 == 1
DELETE /api/v1/plans/${plan} -> 200  .status == cancelled
advance 70s
eventually sql select state || ' ' || reason || ' ' || attempt from run_history order by id desc limit 1 == 5 plan_cancelled 1
hook none /c
# (a retry of one that is inactive goes on: it had begun)
clock 2030-01-03T14:00:00Z
hook <- POST /c within 3s  .plan_id == ${daily}  .attempt == 1
PATCH /api/v1/plans/${daily} {"active": false}
> Content-Type: application/merge-patch+json
-> 200
eventually sql select count(*) from run where state = 1 and attempt = 1 == 1
advance 70s
hook <- POST /c within 3s  .plan_id == ${daily}  .attempt == 2
# (a run that it had not begun does not)
POST /api/v1/plans {"action": "c", "recurrence": "0 15 * * *", "jitter": 3600}
-> 201
save late = .id
clock 2030-01-03T15:00:00Z
eventually sql select count(*) from run where state = 1 and attempt = 0 and kind = 3 == 1
PATCH /api/v1/plans/${late} {"active": false}
> Content-Type: application/merge-patch+json
-> 200
clock 2030-01-03T16:00:00Z
eventually sql select state || ' ' || reason from run_history order by id desc limit 1 == 7 plan_inactive
