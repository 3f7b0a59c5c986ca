# Runs of plans, their completion and history; ETag and If-Match for plans, schedules and jobs.
clock 2030-01-01T00:00:00Z
server CARILLON_DEFAULT_AGENT_URL=${hook}/agent
PUT /api/v1/actions/report.send {"target": "${hook}/report", "retry": {"max_attempts": 2, "strategy": "fixed", "base_delay": 60}}
-> 201
PUT /api/v1/actions/hard.work {"target": "${hook}/hard", "retry": {"max_attempts": 3, "strategy": "fixed", "base_delay": 600}}
-> 201
# --- an execute_at plan: completed behind its run
POST /api/v1/plans {"action": "report.send", "execute_at": "2030-01-01T00:10:00Z", "payload": {"n": 1.0}}
-> 201
save once = .id
GET /api/v1/plans/${once}/runs -> 200  .runs == []  .next_cursor == null
advance 10m
hook <- POST /report within 5s  body has "payload":{"n": 1.0}
eventually GET /api/v1/plans/${once} -> 200  .status == completed  .active == false  .next_execution_at == null  .execution_count == 1
	.last_execution_at == "2030-01-01T00:10:00Z"
GET /api/v1/plans/${once}/runs -> 200  #.runs == 1  .runs[0].status == completed  .runs[0].plan_id == "${once}"
	.runs[0].scheduled_for == "2030-01-01T00:10:00Z"  .runs[0].attempt == 1  .runs[0].attempts absent  .runs[0].trigger == schedule
	.runs[0].completed_at exists  .runs[0].reason == null  .runs[0].error == null
save run = .runs[0].id
GET /api/v1/plans/${once}/runs/${run} -> 200  .id == "${run}"  #.attempts == 1  .attempts[0].status == succeeded
	.attempts[0].http_status == 200  .attempts[0].response_body has "ok":true
GET /api/v1/plans/${once}/runs/run_06c8y2m1z8x4k7w0a3d5f9h2jr -> 404
PATCH /api/v1/plans/${once} {"execute_at": "2030-02-01T00:00:00Z"}
-> 409  .code == plan_not_editable
DELETE /api/v1/plans/${once} -> 409  .code == plan_not_editable
eventually sql select count(*) from aftermath == 0
sql select count(*) from standing == 0
sql select count(*) from rollup == 0
# --- while a retry waits the plan is active; when the last attempt fails it is completed, and the run says why
hook answers /report 500
POST /api/v1/plans {"action": "report.send", "execute_at": "2030-01-01T01:00:00Z"}
-> 201
save failing = .id
clock 2030-01-01T01:00:00Z
hook <- POST /report within 5s
eventually GET /api/v1/plans/${failing}/runs -> 200  .runs[0].status == pending  .runs[0].attempt == 1  .runs[0].next_attempt_at exists
GET /api/v1/plans/${failing} -> 200  .status == active  .next_execution_at == null
# its time is over: it can be sent as it is, but another time must lie ahead
PATCH /api/v1/plans/${failing} {"name": "Late"}
-> 200  .name == Late
PATCH /api/v1/plans/${failing} {"execute_at": "2030-01-01T00:30:00Z"}
-> 422  .errors[field=execute_at].code == at_past
GET /api/v1/plans/${failing}/runs?status=PENDING -> 200  #.runs == 1
GET /api/v1/plans/${failing}/runs?status=executing -> 200  #.runs == 0
advance 2m
hook <- POST /report within 5s
eventually GET /api/v1/plans/${failing} -> 200  .status == completed  .execution_count == 1
GET /api/v1/plans/${failing}/runs?status=Failed -> 200  .runs[0].status == failed  .runs[0].attempt == 2  .runs[0].reason == http_status
	.runs[0].error has 500
save run = .runs[0].id
GET /api/v1/plans/${once}/runs/${run} -> 404
GET /api/v1/plans/${failing}/runs/${run} -> 200  #.attempts == 2  .attempts[0].status == failed  .started_at =~ ^2030-01-01T01:00
GET /api/v1/plans/${failing}/runs?status=queued -> 422  .errors[field=status].code == invalid_value
GET /api/v1/plans/plan_06c8y2m1z8x4k7w0a3d5f9h2jr/runs -> 404
# --- cancelling ends the wait for a retry
hook answers /hard 500
POST /api/v1/plans {"action": "hard.work", "recurrence": "0 2 * * *"}
-> 201
save hard = .id
clock 2030-01-01T02:00:00Z
hook <- POST /hard within 5s
eventually GET /api/v1/plans/${hard}/runs -> 200  .runs[0].status == pending  .runs[0].attempt == 1
DELETE /api/v1/plans/${hard} -> 200  .status == cancelled
clock 2030-01-01T02:30:00Z
eventually GET /api/v1/plans/${hard}/runs -> 200  .runs[0].status == cancelled  .runs[0].reason == plan_cancelled  .runs[0].attempt == 1
hook none /hard
GET /api/v1/plans/${hard} -> 200  .status == cancelled
# --- what is changed holds from the next run on, and no instant runs twice
hook answers /report 200
POST /api/v1/plans {"action": "report.send", "recurrence": {"type": "interval", "every": 600}, "start_at": "2030-01-01T03:00:00Z", "end_at": "2030-01-01T03:10:00Z"}
-> 201
save often = .id
clock 2030-01-01T03:00:00Z
hook <- POST /report within 5s
eventually GET /api/v1/plans/${often}/runs?status=completed -> 200  #.runs == 1
PUT /api/v1/plans/${often} {"action": "report.send", "recurrence": {"type": "interval", "every": 300}, "start_at": "2030-01-01T03:00:00Z", "end_at": "2030-01-01T03:10:00Z", "payload": "new"}
-> 200  .next_execution_at == "2030-01-01T03:05:00Z"
clock 2030-01-01T03:05:00Z
hook <- POST /report within 5s  body has "payload":"new"
eventually GET /api/v1/plans/${often}/runs?status=completed -> 200  #.runs == 2
clock 2030-01-01T03:10:00Z
eventually GET /api/v1/plans/${often} -> 200  .status == completed  .execution_count == 3
GET /api/v1/plans/${often}/runs?limit=2 -> 200  #.runs == 2  .runs[0].scheduled_for == "2030-01-01T03:10:00Z"
save next = .next_cursor
GET /api/v1/plans/${often}/runs?limit=2&cursor=${next} -> 200  #.runs == 1  .runs[0].scheduled_for == "2030-01-01T03:00:00Z"  .next_cursor == null
GET /api/v1/plans/${hard}/runs?cursor=${next} -> 422  .errors[field=cursor].code == cursor_invalid
GET /api/v1/plans/${often}/runs?cursor=${next}&status=completed -> 422  .errors[field=cursor].code == cursor_invalid
sql select count(*) = count(distinct (schedule_id, scheduled_for)) from run_history == t
# --- history: newest first, as plans; the server's own entries name it
GET /api/v1/plans/${often}/history -> 200  #.history == 3  .next_cursor == null
	.history[0].change == completed  .history[0].actor.type == server  .history[0].before == {"status":"active"}  .history[0].after == {"status":"completed"}
	.history[1].change == changed  .history[1].version == 2  .history[1].actor.type == key  .history[1].before.recurrence.every == 600
	.history[1].after.recurrence.every == 300  .history[1].after.payload == new  .history[1].before.payload == null  .history[1].at =~ ^2030-01-01T03:00:00
	.history[2].change == created  .history[2].version == 1  .history[2].before == null  .history[2].after.status == active
	.history[2].after.start_at == "2030-01-01T03:00:00Z"  .history[2].request_id =~ ^req_
GET /api/v1/plans/${often}/history?limit=2 -> 200  #.history == 2
save next = .next_cursor
GET /api/v1/plans/${often}/history?limit=2&cursor=${next} -> 200  #.history == 1  .history[0].version == 1  .next_cursor == null
GET /api/v1/plans/${hard}/history -> 200  .history[0].change == cancelled  .history[0].after.status == cancelled  .history[0].before.status == active
GET /api/v1/plans/plan_06c8y2m1z8x4k7w0a3d5f9h2jr/history -> 404
# --- If-Match
POST /api/v1/plans {"action": "report.send", "recurrence": "@daily"}
-> 201  header.etag == "1"
save plan = .id
PATCH /api/v1/plans/${plan} {"name": "a"}
> If-Match: "1"
-> 200  header.etag == "2"  .version == 2
PATCH /api/v1/plans/${plan} {"name": "b"}
> If-Match: "1"
-> 412  .code == precondition_failed  header.etag absent
PUT /api/v1/plans/${plan} {"action": "report.send", "recurrence": "@daily"}
> If-Match: W/"2"
-> 412
DELETE /api/v1/plans/${plan}
> If-Match: "1", "3"
-> 412
# a bad patch of an old version is an old version first
PATCH /api/v1/plans/${plan} {"name": 7}
> If-Match: "1"
-> 412
PATCH /api/v1/plans/${plan} {"name": "c"}
> If-Match: "1", "2"
-> 200  header.etag == "3"
PATCH /api/v1/plans/${plan} {"name": "d"}
> If-Match: *
-> 200  header.etag == "4"
GET /api/v1/plans/${plan} -> 200  .name == d
# of many writers who read the same version one wins
race 8 PATCH /api/v1/plans/${plan} {"active": false}
> If-Match: "4"
-> 200  .s200 == 1  .s412 == 7
GET /api/v1/plans/${plan} -> 200  .version == 5
# without it they get in one after the other, and none is lost
race 8 PATCH /api/v1/plans/${plan} {"payload": {"x": 1}}
-> 200  .s200 == 8
GET /api/v1/plans/${plan} -> 200  .version == 13
DELETE /api/v1/plans/${plan}
> If-Match: "13"
-> 200  .status == cancelled  header.etag == "14"
# --- schedules and jobs have it as well
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 201  header.etag == "1"
save schedule = .id
PATCH /v1/schedules/${schedule} {"enabled": false}
> If-Match: "2"
-> 412  .code == precondition_failed
PATCH /v1/schedules/${schedule} {"enabled": false}
> If-Match: "1"
-> 200  header.etag == "2"
GET /v1/schedules/${schedule} -> 200  header.etag == "2"
DELETE /v1/schedules/${schedule}
> If-Match: "1"
-> 412
POST /api/scheduler/jobs {"name": "Digest", "goal": "Digest", "agent_id": "a", "schedule": {"type": "cron", "expression": "0 9 * * *", "timezone": "UTC"}}
-> 201  header.etag == "1"
save job = .id
POST /api/scheduler/jobs/${job}/pause {}
> If-Match: "7"
-> 412  .code == precondition_failed
PUT /api/scheduler/jobs/${job} {"name": "Other"}
> If-Match: "1"
-> 200  header.etag == "2"
GET /api/scheduler/jobs/${job} -> 200  header.etag == "2"
