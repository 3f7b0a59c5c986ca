# Plans: the document's request as it is printed, every recurrence, every fault by its field, PUT, PATCH and DELETE.
clock 2030-01-01T00:00:00Z
server
PUT /api/v1/actions/content.publish {"target": "${hook}/publish"}
-> 201
PUT /api/v1/actions/report.send {"target": "${hook}/report"}
-> 201
# --- the document's example; its date has passed
POST /api/v1/plans { "action": "content.publish", "execute_at": "2025-02-01T09:00:00Z", "timezone": "Europe/Amsterdam", "payload": {"content_id":"uuid"} }
-> 422  .code == validation_error  .errors[field=execute_at].code == at_past  #.errors == 1
sql select count(*) from schedule == 0
POST /api/v1/plans { "action": "content.publish", "execute_at": "2030-02-01T09:00:00Z", "timezone": "Europe/Amsterdam", "payload": {"content_id":"uuid"} }
-> 201  .id =~ ^plan_  .status == active  .action == content.publish  .execute_at == "2030-02-01T09:00:00Z"
	.timezone == Europe/Amsterdam  .payload == {"content_id":"uuid"}  .active == true  .name == null  .recurrence absent
	.next_execution_at == "2030-02-01T09:00:00Z"  .last_execution_at == null  .execution_count == 0  .version == 1
	.created_at == "2030-01-01T00:00:00Z"  header.etag == "1"  header.location =~ ^/api/v1/plans/plan_
	.overlap == skip  .catchup == all  .dst == {"gap":"default","overlap":"default"}  .human_readable exists
save plan = .id
GET /api/v1/plans/${plan} -> 200  .id == "${plan}"  header.etag == "1"  header.location absent
# an instant without an offset is local time of the plan's zone
POST /api/v1/plans {"action": "content.publish", "execute_at": "2030-02-01T09:00:00", "timezone": "Europe/Amsterdam"}
-> 201  .execute_at == "2030-02-01T08:00:00Z"  .payload == null
# --- recurrences
POST /api/v1/plans {"action": "report.send", "recurrence": "0 9 * * 1", "timezone": "Europe/Berlin"}
-> 201  .recurrence == {"type":"cron","expression":"0 9 * * 1"}  .execute_at absent  .next_execution_at == "2030-01-07T08:00:00Z"
	.human_readable has At 09:00 AM, only on Monday
save weekly = .id
POST /api/v1/plans {"action": "report.send", "recurrence": {"type": "cron", "expression": "@daily"}}
-> 201  .timezone == UTC  .next_execution_at == "2030-01-02T00:00:00Z"
POST /api/v1/plans {"action": "report.send", "recurrence": {"type": "interval", "every": 3600}}
-> 201  .recurrence == {"type":"interval","every":3600}  .next_execution_at == "2030-01-01T01:00:00Z"
POST /api/v1/plans {"action": "report.send", "recurrence": {"type": "interval", "every": "PT90M"}, "start_at": "2030-01-05T00:00:00Z"}
-> 201  .recurrence.every == PT90M  .next_execution_at == "2030-01-05T00:00:00Z"
POST /api/v1/plans {"action": "report.send", "recurrence": {"type": "calendar", "rule": "FREQ=MONTHLY;BYDAY=-1FR", "dtstart": "20300101T100000",
	"exdates": ["20300125T100000"], "rdates": ["20300103T120000"]}, "timezone": "Europe/Berlin"}
-> 201  .next_execution_at == "2030-01-03T11:00:00Z"
	.recurrence == {"type":"calendar","rule":"FREQ=MONTHLY;BYDAY=-1FR","dtstart":"20300101T100000","exdates":["20300125T100000"],"rdates":["20300103T120000"]}
save monthly = .id
GET /api/v1/plans/${monthly}/preview?limit=3 -> 200  .plan_id == "${monthly}"  #.executions == 3
	.executions[0].scheduled_for == "2030-01-03T11:00:00Z"  .executions[1].scheduled_for == "2030-02-22T09:00:00Z"
	.executions[1].local_time == "2030-02-22T10:00:00+01:00"
GET /api/v1/plans/${monthly}/preview?from=2030-03-01T00:00:00Z&limit=1 -> 200  .executions[0].scheduled_for == "2030-03-29T09:00:00Z"
GET /api/v1/plans/${monthly}/preview?limit=101 -> 422  .errors[field=limit].code == out_of_range
# --- what is ours
POST /api/v1/plans {"action": "report.send", "recurrence": "*/10 * * * *", "name": "Digest", "active": false, "end_at": "2030-06-01T00:00:00+02:00",
	"jitter": 30, "overlap": "queue_one", "catchup": "latest", "expires_after": "PT5M", "dst": {"gap": "skip"}}
-> 201  .name == Digest  .active == false  .status == inactive  .next_execution_at == null  .end_at == "2030-05-31T22:00:00Z"
	.jitter == 30  .overlap == queue_one  .catchup == latest  .expires_after == PT5M  .dst == {"gap":"skip","overlap":"default"}
save digest = .id
# --- every fault at once, by its field; nothing is stored
sql select count(*) from schedule == 8
POST /api/v1/plans {"action": "nobody", "recurrence": {"type": "cron", "expression": "61 * * * *"}, "timezone": "Mars/Base", "jitter": -1,
	"calendar": "none", "overlap": "maybe", "name": "", "surprise": 1, "end_at": "2030-01-01T00:00:00Z", "start_at": "2030-01-02T00:00:00Z"}
-> 422  .errors[field=action].code == unknown_action  .errors[field=recurrence.expression].code == cron_value_range
	.errors[field=timezone].code == timezone_unknown  .errors[field=jitter].code == out_of_range
	.errors[field=calendar].code == calendar_unknown  .errors[field=overlap].code == invalid_value  .errors[field=name].code == too_short
	.errors[field=surprise].code == unknown_field  .errors[field=end_at].code == end_before_start
POST /api/v1/plans {}
-> 422  .errors[field=action].code == required  .errors[field=execute_at].code == required  #.errors == 2
POST /api/v1/plans {"action": 7, "execute_at": 8}
-> 422  .errors[field=action].code == wrong_type  .errors[field=execute_at].code == wrong_type  #.errors == 2
POST /api/v1/plans {"action": "a/b", "execute_at": "soon"}
-> 422  .errors[field=action].code == unknown_action  .errors[field=execute_at].code == at_format
POST /api/v1/plans {"action": "report.send", "execute_at": "2031-01-01T00:00:00Z", "recurrence": "@daily"}
-> 422  .errors[field=recurrence].code == exclusive
POST /api/v1/plans {"action": "report.send", "recurrence": {"type": "calendar"}}
-> 422  .errors[field=recurrence.rule].code == required
POST /api/v1/plans {"action": "report.send", "recurrence": {"type": "weekly"}}
-> 422  .errors[field=recurrence.type].code == invalid_value
POST /api/v1/plans {"action": "report.send", "recurrence": {"type": "cron", "expression": "@daily", "every": 5}}
-> 422  .errors[field=recurrence.every].code == exclusive
POST /api/v1/plans {"action": "report.send", "recurrence": "0 0 30 2 *"}
-> 422  .errors[field=recurrence].code == cron_never
POST /api/v1/plans {"action": "report.send", "recurrence": "@daily", "end_at": "2030-01-01T12:00:00Z"}
-> 422  .errors[field=recurrence].code == nothing_to_come
POST /api/v1/plans [1]
-> 422  .code == validation_error
POST /api/v1/plans {"action": 
-> 400  .code == malformed_json
POST /api/v1/plans {"action": "report.send", "action": "report.send"}
-> 400  .code == malformed_json
POST /api/v1/plans "x"
> Content-Type: text/plain
-> 415
sql select count(*) from schedule == 8
# --- PUT is the whole: what is not sent takes its default
PUT /api/v1/plans/${digest} {"action": "content.publish", "recurrence": "*/10 * * * *", "payload": [1.10, {"b": 2, "a": 9007199254740993}]}
-> 200  .name == null  .status == active  .overlap == skip  .catchup == all  .jitter absent  .expires_after absent  .end_at == null
	.action == content.publish  .version == 2  header.etag == "2"  .next_execution_at == "2030-01-01T00:10:00Z"
	body has [1.10, {"b": 2, "a": 9007199254740993}]
PUT /api/v1/plans/${digest} {"recurrence": "*/10 * * * *"}
-> 422  .errors[field=action].code == required
PUT /api/v1/plans/plan_06c8y2m1z8x4k7w0a3d5f9h2jr {"action": "content.publish", "recurrence": "@daily"}
-> 404  .code == not_found
# --- PATCH is a merge: null takes away, what is not named keeps its bytes, in the payload too
PATCH /api/v1/plans/${digest} {"payload": {"list": [1.10, null], "text": "a", "deep": {"keep": 1e2, "drop": 1} } }
-> 200  .version == 3
PATCH /api/v1/plans/${digest} {"name": "Digest", "payload": {"text": null, "deep": {"drop": null, "new": true}}}
> Content-Type: application/merge-patch+json
-> 200  .name == Digest  .next_execution_at == "2030-01-01T00:10:00Z"  body has {"list": [1.10, null],"deep":{"keep": 1e2,"new": true}}
GET /api/v1/plans/${digest} -> 200  body has {"list": [1.10, null],"deep":{"keep": 1e2,"new": true}}
PATCH /api/v1/plans/${digest} {"recurrence": {"expression": "*/20 * * * *"}}
-> 200  .recurrence == {"type":"cron","expression":"*/20 * * * *"}  .next_execution_at == "2030-01-01T00:20:00Z"  .name == Digest
PATCH /api/v1/plans/${digest} {"recurrence": null, "execute_at": "2030-03-01T00:00:00Z"}
-> 200  .recurrence absent  .execute_at == "2030-03-01T00:00:00Z"
PATCH /api/v1/plans/${digest} {"recurrence": "@daily"}
-> 422  .errors[field=recurrence].code == exclusive
PATCH /api/v1/plans/${digest} {"execute_at": null}
-> 422  .errors[field=execute_at].code == required
PATCH /api/v1/plans/${digest} {"id": "plan_x", "action": "nobody"}
-> 422  .errors[field=id].code == unknown_field  .errors[field=action].code == unknown_action
PATCH /api/v1/plans/${digest} {"end_att": null, "dst": {"gapp": null}, "idd": 1}
-> 422  #.errors == 3  .errors[field=end_att].code == unknown_field  .errors[field=dst.gapp].code == unknown_field
	.errors[field=idd].code == unknown_field
PATCH /api/v1/plans/${digest} {"execute_at": "2029-03-01T00:00:00Z"}
-> 422  .errors[field=execute_at].code == at_past
PATCH /api/v1/plans/${digest} [1]
-> 422  #.errors == 1  .errors[0].code == wrong_type
PATCH /api/v1/plans/${digest} null
-> 422  #.errors == 1  .errors[0].code == wrong_type
POST /api/v1/plans []
-> 422  #.errors == 1  .errors[0].code == wrong_type
POST /api/v1/plans {"action": "a.b", "recurrence": {"type": "calendar", "rule": "FREQ=DAILY", "rdates": [1]}}
-> 422  .errors[field=recurrence.rdates[0]].code == wrong_type
GET /api/v1/plans/${digest} -> 200  .version == 6  .execute_at == "2030-03-01T00:00:00Z"
# nothing but the name: a rule in pieces and its cursor stay
PATCH /api/v1/plans/${monthly} {"name": "Last Friday"}
-> 200  .next_execution_at == "2030-01-03T11:00:00Z"
	.recurrence == {"type":"calendar","rule":"FREQ=MONTHLY;BYDAY=-1FR","dtstart":"20300101T100000","exdates":["20300125T100000"],"rdates":["20300103T120000"]}
# --- activation
PATCH /api/v1/plans/${weekly} {"active": false}
-> 200  .status == inactive  .next_execution_at == null
PATCH /api/v1/plans/${plan} {"active": false}
-> 200  .status == inactive
clock 2030-02-02T00:00:00Z
PATCH /api/v1/plans/${weekly} {"active": true}
-> 200  .status == active  .next_execution_at == "2030-02-04T08:00:00Z"
PATCH /api/v1/plans/${plan} {"active": true}
-> 422  .errors[field=execute_at].code == at_past
PATCH /api/v1/plans/${plan} {"active": true, "execute_at": "2030-02-03T09:00:00Z"}
-> 200  .status == active  .next_execution_at == "2030-02-03T09:00:00Z"
# --- DELETE cancels, once and for all
DELETE /api/v1/plans/${weekly} -> 200  .id == "${weekly}"  .status == cancelled  .active == false  .next_execution_at == null
save version = .version
DELETE /api/v1/plans/${weekly} -> 200  .status == cancelled  .version == ${version}
GET /api/v1/plans/${weekly} -> 200  .status == cancelled
GET /api/v1/plans/${weekly}/preview -> 200  .executions == []
PATCH /api/v1/plans/${weekly} {"active": true}
-> 409  .code == plan_not_editable
PUT /api/v1/plans/${weekly} {"action": "report.send", "recurrence": "@daily"}
-> 409  .code == plan_not_editable
DELETE /api/v1/plans/plan_06c8y2m1z8x4k7w0a3d5f9h2jr -> 404
# --- the list
GET /api/v1/plans?status=CANCELLED -> 200  #.plans == 1  .plans[0].id == "${weekly}"  .next_cursor == null
GET /api/v1/plans?status=gone -> 422  .errors[field=status].code == invalid_value
GET /api/v1/plans?action=content.publish -> 200  #.plans == 3
GET /api/v1/plans?action=nobody -> 200  #.plans == 0  .next_cursor == null
# --- the same request again gets the same answer, with its head
POST /api/v1/plans {"action": "report.send", "execute_at": "2030-05-01T00:00:00Z"}
> Idempotency-Key: "9f3a-uuid"
-> 201  header.etag == "1"  header.location =~ ^/api/v1/plans/plan_
save again = header.location
POST /api/v1/plans {"action": "report.send", "execute_at": "2030-05-01T00:00:00Z"}
> Idempotency-Key: "9f3a-uuid"
-> 201  header.idempotent-replayed == true  header.etag == "1"  header.location == ${again}
PATCH ${again} {"name": "x"}
> Idempotency-Key: "9f3b-uuid"
-> 200  header.etag == "2"
PATCH ${again} {"name": "x"}
> Idempotency-Key: "9f3b-uuid"
-> 200  header.etag == "2"  header.idempotent-replayed == true  .name == x
GET ${again} -> 200  .version == 2
metric carillon_idempotency_kept_apart_total == 0
# another kind's id is not found
GET /v1/schedules/${plan} -> 404
GET /api/v1/plans/${plan}?x=1 -> 422
# --- a payload of many members: a patch goes through so many and no more; one that leaves it alone does not go through it
POST /api/v1/plans {"action": "content.publish", "execute_at": "2031-01-01T00:00:00Z", "payload": {"a": 1}}
-> 201
save many = .id
shell patch() { curl -sS -X PATCH -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/merge-patch+json' ${url}/api/v1/plans/${many} -d @-; }
	members() { seq -f "\"%.0f\": $3" $1 $2 | paste -sd,; }
	{ echo "{\"payload\": {"; members 1 9990 1; echo '}}'; } | patch | grep -q '"9990": 1' || exit 1
	{ echo "{\"payload\": {"; members 9991 10001 1; echo '}}'; } | patch | grep -q '"10001": 1' || exit 1
	{ echo "{\"payload\": {"; members 1 10001 1; echo '}}'; } | patch | grep -q '"payload".*"too_many"' || exit 1
	echo '{"payload": {"1": null}}' | patch | grep -q '"payload".*"too_many"'
PATCH /api/v1/plans/${many} {"name": "wide"}
-> 200  .name == wide  .payload.10001 == 1
PATCH /api/v1/plans/${many} {"\u0070ayload": "less"}
-> 200  .name == wide  .payload == less
PATCH /api/v1/plans/${many} {"payload": null}
-> 200  .name == wide  .payload == null
