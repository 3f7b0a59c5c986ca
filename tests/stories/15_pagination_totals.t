# Lists: newest first, limit and offset, and totals that count everything that matches.
clock 2030-01-01T12:00:00Z
server
repeat 25 POST /v1/tasks {"target": "${hook}/t", "payload": ${i}, "execute_after": "PT1H"}
GET /v1/tasks -> 200  .total == 25  #.tasks == 25  .tasks[0].payload == 25  .tasks[24].payload == 1
GET /v1/tasks?limit=10 -> 200  .total == 25  #.tasks == 10  .tasks[0].payload == 25  .tasks[9].payload == 16
GET /v1/tasks?limit=10&offset=20 -> 200  .total == 25  #.tasks == 5  .tasks[0].payload == 5  .tasks[4].payload == 1
GET /v1/tasks?offset=25 -> 200  .total == 25  #.tasks == 0
GET /v1/tasks?limit=0 -> 422  .errors[field=limit].code == out_of_range
GET /v1/tasks?limit=ten -> 422  .errors[field=limit].code == wrong_type
GET /v1/tasks?offset=-1 -> 422  .errors[field=offset].code == out_of_range
GET /v1/tasks?status=nonsense -> 422  .errors[field=status].code == invalid_value
GET /v1/tasks?colour=red -> 422  .errors[field=colour].code == unknown_field
GET /v1/tasks?limit=1&offset=24 -> 200  .tasks[0].payload == 1
save first = .tasks[0].id
POST /v1/tasks/${first}/cancel -> 200
GET /v1/tasks?status=cancelled -> 200  .total == 1
GET /v1/tasks?status=queued -> 200  .total == 24
GET /v1/tasks?status=scheduled -> 200  .total == 24
advance 1h
hook count /t == 24
eventually GET /v1/tasks?status=completed&limit=5 -> 200  .total == 24  #.tasks == 5
GET /v1/tasks?limit=3 -> 200  .total == 25  #.tasks == 3
GET /v1/tasks?status=queued -> 200  .total == 0  #.tasks == 0
# schedules: 100 a page unless it is said otherwise
repeat 105 POST /v1/schedules {"cron": "0 0 1 1 *", "timezone": "UTC", "task_template": {"target": "${hook}/s", "payload": ${i}}}
GET /v1/schedules -> 200  .total == 105  #.schedules == 100  .schedules[0].task_template.payload == 105
GET /v1/schedules?offset=100 -> 200  .total == 105  #.schedules == 5  .schedules[4].task_template.payload == 1
GET /v1/schedules?status=disabled -> 200  .total == 0  #.schedules == 0
# a schedule's own tasks
advance 30s
POST /v1/schedules {"cron": "*/5 * * * *", "timezone": "UTC", "overlap": "allow", "task_template": {"target": "${hook}/own"}}
-> 201
save own = .id
clock 2030-01-01T13:05:00Z
hook count /own == 1
clock 2030-01-01T13:10:00Z
hook count /own == 2
eventually GET /v1/schedules/${own}/tasks?status=completed
-> 200  .total == 2  .tasks[0].scheduled_for == "2030-01-01T13:10:00Z"  .tasks[1].scheduled_for == "2030-01-01T13:05:00Z"
eventually GET /v1/schedules/${own}/tasks?limit=1&offset=1 -> 200  .total == 3  .tasks[0].scheduled_for == "2030-01-01T13:10:00Z"
