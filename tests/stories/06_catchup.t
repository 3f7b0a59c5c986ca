# After downtime the tasks of the last hour are created, oldest first, and marked; what is older is one recorded range.
clock 2030-01-01T12:01:00Z
server
POST /v1/schedules {"cron": "*/10 * * * *", "timezone": "UTC", "overlap": "allow", "task_template": {"target": "${hook}/all"}}
-> 201  .catchup == all
save all = .id
POST /v1/schedules {"cron": "*/10 * * * *", "timezone": "UTC", "catchup": "latest", "task_template": {"target": "${hook}/latest"}}
-> 201
save latest = .id
POST /v1/schedules {"cron": "*/10 * * * *", "timezone": "UTC", "catchup": "none", "task_template": {"target": "${hook}/none"}}
-> 201
save none = .id
kill -9
clock 2030-01-01T14:04:00Z
restart
hook count /all == 6
hook count /latest == 1
hook count /none == 0
eventually GET /v1/schedules/${all}/tasks?status=completed
-> 200  .total == 6  .tasks[0].scheduled_for == "2030-01-01T14:00:00Z"  .tasks[0].caught_up == true
	.tasks[5].scheduled_for == "2030-01-01T13:10:00Z"
GET /v1/schedules/${all}/skips -> 200  #.skips == 1  .skips[0].reason == catchup_exceeded  .skips[0].count == 6
	.skips[0].from == "2030-01-01T12:10:00Z"  .skips[0].to >= 2030-01-01T13:00:00Z  .skips[0].to < 2030-01-01T13:10:00Z
GET /v1/schedules/${latest}/tasks -> 200  .tasks[0].scheduled_for == "2030-01-01T14:00:00Z"
GET /v1/schedules/${latest}/skips -> 200  .skips[0].reason == catchup_latest
GET /v1/schedules/${none}/tasks -> 200  .total == 0
GET /v1/schedules/${none}/skips -> 200  .skips[0].reason == catchup_none
GET /v1/schedules/${none} -> 200  .next_execution_at == "2030-01-01T14:10:00Z"
# another window
kill -9
clock 2030-01-01T18:04:00Z
server wide CARILLON_CATCHUP_WINDOW=7200
hook count /all == 18
