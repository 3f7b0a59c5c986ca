# A created task does not depend on later edits, pauses or the deletion of its schedule.
clock 2030-01-01T11:56:00Z
server
POST /v1/schedules {"cron": "0 * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/old", "payload": {"v": 1}}}
-> 201
save schedule = .id
eventually GET /v1/schedules/${schedule}/tasks -> 200  .total == 1
save first = .tasks[0].id
# edit
PATCH /v1/schedules/${schedule} {"task_template": {"target": "${hook}/new", "payload": {"v": 2}}}
-> 200  .task_template.target == ${hook}/new
GET /v1/tasks/${first} -> 200  .target == ${hook}/old  .payload == {"v": 1}
clock 2030-01-01T12:00:00Z
hook <- POST /old within 3s  header.webhook-id == ${first}  body == {"v": 1}
# pause
clock 2030-01-01T12:56:00Z
eventually GET /v1/schedules/${schedule}/tasks -> 200  .total == 2
PATCH /v1/schedules/${schedule} {"enabled": false}
-> 200  . == {"id": "${schedule}", "enabled": false}
clock 2030-01-01T13:00:00Z
hook <- POST /new within 3s  body == {"v": 2}
clock 2030-01-01T14:30:00Z
hook none /new
GET /v1/schedules/${schedule} -> 200  .status == disabled  .enabled == false
# resume: what passed meanwhile is not created
PATCH /v1/schedules/${schedule} {"enabled": true}
-> 200
GET /v1/schedules/${schedule} -> 200  .status == active  .next_execution_at == "2030-01-01T15:00:00Z"
clock 2030-01-01T14:56:00Z
eventually GET /v1/schedules/${schedule}/tasks -> 200  .total == 3
# a new cron: the created task stays as well
PATCH /v1/schedules/${schedule} {"cron": "30 17 * * *"}
-> 200
GET /v1/schedules/${schedule}/preview?limit=1 -> 200  .executions[0].scheduled_for == "2030-01-01T17:30:00Z"
# delete
DELETE /v1/schedules/${schedule} -> 200  .status == deleted
clock 2030-01-01T15:00:00Z
hook <- POST /new within 3s  header.carillon-scheduled-for =~ T15:00:00
eventually GET /v1/schedules/${schedule}/tasks?status=completed -> 200  .total == 3
clock 2030-01-01T17:30:00Z
hook none /new
GET /v1/schedules/${schedule} -> 200  .status == deleted
PATCH /v1/schedules/${schedule} {"enabled": true}
-> 409  .code == schedule_deleted
DELETE /v1/schedules/${schedule} -> 200  .status == deleted
GET /v1/schedules -> 200  .total == 0
