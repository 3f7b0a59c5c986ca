# The nights when the clocks change (TIME.md D1-D3): a fixed time in the gap fires once at its end, a fixed time that
# comes twice fires at the first, an interval fires whenever its wall time is.
clock 2030-03-30T12:00:00Z
server
# Berlin, spring: 02:00 -> 03:00 at 01:00Z
POST /v1/schedules {"cron": "30 2 * * *", "timezone": "Europe/Berlin", "task_template": {"target": "${hook}/spring"}}
-> 201  .next_execution_at == "2030-03-31T01:00:00Z"
save spring = .id
GET /v1/schedules/${spring}/preview?limit=3
-> 200  .executions[0].scheduled_for == "2030-03-31T01:00:00Z"  .executions[0].local_time == "2030-03-31T03:00:00+02:00"
	.executions[1].scheduled_for == "2030-04-01T00:30:00Z"  .executions[1].local_time == "2030-04-01T02:30:00+02:00"
POST /v1/schedules {"cron": "*/30 2 * * *", "timezone": "Europe/Berlin", "task_template": {"target": "${hook}/x"}}
-> 201  .next_execution_at == "2030-04-01T00:00:00Z"
POST /v1/schedules {"cron": "30 2 * * *", "timezone": "Europe/Berlin", "dst": {"gap": "skip"},
	"task_template": {"target": "${hook}/x"}}
-> 201  .next_execution_at == "2030-04-01T00:30:00Z"
POST /v1/schedules {"cron": "30 2 * * *", "timezone": "Europe/Berlin", "dst": {"gap": "shift"},
	"task_template": {"target": "${hook}/x"}}
-> 201  .next_execution_at == "2030-03-31T01:30:00Z"
# and it is delivered, once
clock 2030-03-31T00:56:00Z
clock 2030-03-31T01:00:00Z
hook <- POST /spring within 3s  header.carillon-scheduled-for =~ ^2030-03-31T01:00:00
clock 2030-03-31T01:30:00Z
hook count /spring == 1
# Berlin, autumn: 03:00 -> 02:00 at 01:00Z, so 02:30 is at 00:30Z and at 01:30Z
POST /v1/schedules {"cron": "30 2 * * *", "timezone": "Europe/Berlin", "task_template": {"target": "${hook}/x"}}
-> 201
save fixed = .id
GET /v1/schedules/${fixed}/preview?limit=2&start_from=2030-10-26T12:00:00Z
-> 200  .executions[0].scheduled_for == "2030-10-27T00:30:00Z"  .executions[0].local_time == "2030-10-27T02:30:00+02:00"
	.executions[1].scheduled_for == "2030-10-28T01:30:00Z"  .executions[1].local_time == "2030-10-28T02:30:00+01:00"
POST /v1/schedules {"cron": "30 2 * * *", "timezone": "Europe/Berlin", "dst": {"overlap": "both"},
	"task_template": {"target": "${hook}/x"}}
-> 201
save both = .id
GET /v1/schedules/${both}/preview?limit=2&start_from=2030-10-26T12:00:00Z
-> 200  .executions[0].scheduled_for == "2030-10-27T00:30:00Z"  .executions[1].scheduled_for == "2030-10-27T01:30:00Z"
	.executions[1].local_time == "2030-10-27T02:30:00+01:00"
POST /v1/schedules {"cron": "30 2 * * *", "timezone": "Europe/Berlin", "dst": {"overlap": "second"},
	"task_template": {"target": "${hook}/x"}}
-> 201
save second = .id
GET /v1/schedules/${second}/preview?limit=1&start_from=2030-10-26T12:00:00Z
-> 200  .executions[0].scheduled_for == "2030-10-27T01:30:00Z"
# New York, spring: 2030-03-10 02:00 -> 03:00 at 07:00Z; autumn: 2030-11-03 02:00 -> 01:00 at 06:00Z
POST /v1/schedules {"cron": "30 2 * * *", "timezone": "America/New_York", "task_template": {"target": "${hook}/x"}}
-> 201
save york = .id
GET /v1/schedules/${york}/preview?limit=2&start_from=2030-03-09T12:00:00Z
-> 200  .executions[0].scheduled_for == "2030-03-10T07:00:00Z"  .executions[0].local_time == "2030-03-10T03:00:00-04:00"
	.executions[1].scheduled_for == "2030-03-11T06:30:00Z"
POST /v1/schedules {"cron": "30 1 * * *", "timezone": "America/New_York", "task_template": {"target": "${hook}/x"}}
-> 201
save york = .id
GET /v1/schedules/${york}/preview?limit=2&start_from=2030-11-02T12:00:00Z
-> 200  .executions[0].scheduled_for == "2030-11-03T05:30:00Z"  .executions[0].local_time == "2030-11-03T01:30:00-04:00"
	.executions[1].scheduled_for == "2030-11-04T06:30:00Z"
POST /v1/schedules {"cron": "30 * * * *", "timezone": "America/New_York", "task_template": {"target": "${hook}/x"}}
-> 201
save hourly = .id
GET /v1/schedules/${hourly}/preview?limit=3&start_from=2030-11-03T05:00:00Z
-> 200  .executions[0].scheduled_for == "2030-11-03T05:30:00Z"  .executions[0].local_time == "2030-11-03T01:30:00-04:00"
	.executions[1].scheduled_for == "2030-11-03T06:30:00Z"  .executions[1].local_time == "2030-11-03T01:30:00-05:00"
	.executions[2].scheduled_for == "2030-11-03T07:30:00Z"
