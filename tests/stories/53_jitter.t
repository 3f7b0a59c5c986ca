# Jitter: the instant stays what it is, its run begins later, by an amount that is the schedule's own; never earlier.
clock 2030-01-01T12:00:00Z
server
POST /v1/schedules {"cron": "0 13 * * *", "timezone": "UTC", "jitter": 600, "task_template": {"target": "${hook}/late"}}
-> 201  .next_execution_at == "2030-01-01T13:00:00Z"
save schedule = .id
clock 2030-01-01T12:55:00Z
eventually sql select count(*) from run == 1
sql select scheduled_for = '2030-01-01T13:00:00Z' and ready_at > scheduled_for and ready_at <= scheduled_for + interval '10 minutes' and jitter_us = extract(epoch from ready_at - scheduled_for) * 1000000 from run == t
# (its ready_at, made certain: five minutes)
sql update run set ready_at = scheduled_for + interval '5 minutes', jitter_us = 300000000
clock 2030-01-01T13:00:00Z
hook none /late
eventually GET /v1/schedules/${schedule}/tasks?status=scheduled -> 200  .total == 1
	.tasks[0].scheduled_for == "2030-01-01T13:00:00Z"
GET /v1/schedules/${schedule}/tasks?status=processing -> 200  .total == 0
clock 2030-01-01T13:04:59Z
hook none /late
clock 2030-01-01T13:05:00Z
hook <- POST /late within 3s  header.carillon-scheduled-for =~ ^2030-01-01T13:00:00
eventually GET /v1/schedules/${schedule}/tasks -> 200  .total == 1  .tasks[0].status == completed
	.tasks[0].scheduled_for == "2030-01-01T13:00:00Z"
# lateness counts from when it was ready
metric carillon_run_lateness_seconds_bucket{le="10"} == 1
hook count /late == 1
# more than there is room for: still before the next one
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "jitter": 3600, "overlap": "allow", "task_template": {"target": "${hook}/often"}}
-> 201
eventually sql select count(*) > 3 from run == t
sql select bool_and(ready_at >= scheduled_for and ready_at < scheduled_for + interval '1 minute') from run == t
sql select count(distinct ready_at - scheduled_for) > 1 from run == t
# it expires so long after it was ready
POST /v1/schedules {"cron": "0 15 * * *", "timezone": "UTC", "jitter": 3600,
	"task_template": {"target": "${hook}/expires", "expires_after": "PT10M"}}
-> 201
clock 2030-01-01T14:56:00Z
eventually sql select count(*) from run where expires_at is not null == 1
sql select expires_at = ready_at + interval '10 minutes' from run where expires_at is not null == t
# the one before is still under way when it is ready: skipped like any other, as it is not late by its own time
clock 2030-01-02T12:01:00Z
sql delete from run
hook answers /slow 200  delay 4s
POST /v1/schedules {"cron": "*/10 * * * *", "timezone": "UTC", "jitter": 400, "end_at": "2030-01-02T12:20:00Z",
	"task_template": {"target": "${hook}/slow"}}
-> 201
save slow = .id
clock 2030-01-02T12:05:00Z
eventually GET /v1/schedules/${slow}/tasks -> 200  .total == 1
sql update run set ready_at = '2030-01-02T12:16:00Z', jitter_us = 360000000 where scheduled_for = '2030-01-02T12:10:00Z'
clock 2030-01-02T12:15:00Z
eventually GET /v1/schedules/${slow}/tasks -> 200  .total == 2
sql update run set ready_at = '2030-01-02T12:26:00Z', jitter_us = 360000000 where scheduled_for = '2030-01-02T12:20:00Z' and schedule_id in (select schedule_id from run where scheduled_for = '2030-01-02T12:10:00Z')
clock 2030-01-02T12:16:00Z
hook <- POST /slow within 3s
clock 2030-01-02T12:26:00Z
eventually GET /v1/schedules/${slow}/tasks?status=skipped
-> 200  .total == 1  .tasks[0].scheduled_for == "2030-01-02T12:20:00Z"
hook none /slow
