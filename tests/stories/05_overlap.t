# While the task before is still processing, the next one is skipped (the default), delivered beside it (allow), or
# waits for its end (queue_one).
clock 2030-01-01T11:59:30Z
server
hook answers /skip 200  delay 4s
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/skip"}}
-> 201  .overlap == skip
save schedule = .id
clock 2030-01-01T12:00:00Z
hook <- POST /skip within 3s
eventually GET /v1/schedules/${schedule}/tasks?status=processing -> 200  .total == 1
clock 2030-01-01T12:01:00Z
eventually GET /v1/schedules/${schedule}/tasks?status=skipped
-> 200  .total == 1  .tasks[0].scheduled_for == "2030-01-01T12:01:00Z"  .tasks[0].reason exists
hook none /skip
eventually GET /v1/schedules/${schedule}/tasks?status=completed -> 200  .total == 1
clock 2030-01-01T12:02:00Z
hook <- POST /skip within 3s
DELETE /v1/schedules/${schedule} -> 200
# a failed task with retries to come counts as unfinished too
hook answers /retrying 500
POST /v1/schedules {"cron": "0 13-14 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/retrying",
	"retry": {"max_attempts": 5, "strategy": "fixed", "base_delay": 86400, "max_delay": 86400}}}
-> 201
save retrying = .id
clock 2030-01-01T12:55:00Z
eventually GET /v1/schedules/${retrying}/tasks -> 200  .total == 1
clock 2030-01-01T13:00:00Z
hook <- POST /retrying within 3s
eventually GET /v1/schedules/${retrying}/tasks?status=retrying -> 200  .total == 1
clock 2030-01-01T13:55:00Z
clock 2030-01-01T14:00:00Z
hook none /retrying
GET /v1/schedules/${retrying}/tasks?status=queued -> 200  .total == 0
# allow
hook answers /allow 200  delay 2s
POST /v1/schedules {"cron": "* 15 * * *", "timezone": "UTC", "overlap": "allow", "task_template": {"target": "${hook}/allow"}}
-> 201  .overlap == allow
clock 2030-01-01T14:59:30Z
clock 2030-01-01T15:00:00Z
hook <- POST /allow within 3s
clock 2030-01-01T15:01:00Z
hook <- POST /allow within 2s
# queue_one
hook answers /queue 200  delay 2s
POST /v1/schedules {"cron": "* 16 * * *", "timezone": "UTC", "overlap": "queue_one", "task_template": {"target": "${hook}/queue"}}
-> 201  .overlap == queue_one
save queue = .id
clock 2030-01-01T15:59:30Z
clock 2030-01-01T16:00:00Z
hook <- POST /queue within 9s
clock 2030-01-01T16:01:00Z
hook none /queue
hook <- POST /queue within 5s  header.carillon-scheduled-for =~ ^2030-01-01T16:01:00
# (one that has begun waits no more: its place is the next one's)
hook answers /begun 200  delay 1500ms
POST /v1/schedules {"cron": "* 18 * * *", "timezone": "UTC", "overlap": "queue_one", "task_template": {"target": "${hook}/begun"}}
-> 201
save begun = .id
clock 2030-01-01T17:59:30Z
clock 2030-01-01T18:00:00Z
hook <- POST /begun within 3s  header.carillon-scheduled-for =~ ^2030-01-01T18:00:00
clock 2030-01-01T18:01:00Z
eventually sql select count(*) from run where state = 2 and scheduled_for between '2030-01-01T18:00:00Z' and '2030-01-01T18:01:00Z' == 2
clock 2030-01-01T18:01:01Z
hook <- POST /begun within 5s  header.carillon-scheduled-for =~ ^2030-01-01T18:01:00
clock 2030-01-01T18:02:00Z
clock 2030-01-01T18:02:01Z
hook <- POST /begun within 6s  header.carillon-scheduled-for =~ ^2030-01-01T18:02:00
DELETE /v1/schedules/${begun} -> 200
GET /v1/schedules/${begun}/tasks?status=skipped -> 200  .total == 0
