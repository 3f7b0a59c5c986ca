# Tasks appear CARILLON_LOOKAHEAD (300) seconds ahead, and of dense schedules at most 64.
clock 2030-01-01T11:54:59Z
server
POST /v1/schedules {"cron": "0 12 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save schedule = .id
GET /v1/schedules/${schedule}/tasks -> 200  .total == 0  #.tasks == 0
advance 1s
eventually GET /v1/schedules/${schedule}/tasks
-> 200  .total == 1  .tasks[0].created_at == "2030-01-01T11:55:00Z"  .tasks[0].status == queued
hook none /a
advance 30500ms
# every minute: five are ahead
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/minute"}}
-> 201  .next_execution_at == "2030-01-01T11:56:00Z"
save minutely = .id
eventually GET /v1/schedules/${minutely}/tasks
-> 200  .total == 5  .tasks[0].scheduled_for == "2030-01-01T12:00:00Z"  .tasks[4].scheduled_for == "2030-01-01T11:56:00Z"
# every second: 64 and not 300
POST /v1/schedules {"cron": "* * * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/second"}}
-> 201
save dense = .id
eventually GET /v1/schedules/${dense}/tasks?limit=1
-> 200  .total == 64
