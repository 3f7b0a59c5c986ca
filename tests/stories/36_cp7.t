# CP7: killed after a create's commit and before the answer: the caller does not know, asks again under the same
# unique_id, and is told the id of the one that is there.
clock 2030-01-01T12:00:00Z
server
fail main cp7
POST /v1/tasks {"target": "${hook}/a", "unique_id": "order-7", "execute_after": "PT1M"}
-> 0
died
restart
POST /v1/tasks {"target": "${hook}/a", "unique_id": "order-7", "execute_after": "PT1M"}
-> 409  .code == duplicate_unique_id
GET /v1/tasks -> 200  .total == 1  .tasks[0].unique_id == order-7  .tasks[0].status == queued
save task = .tasks[0].id
POST /v1/tasks {"target": "${hook}/a", "unique_id": "order-7", "execute_after": "PT1M"}
-> 409  body has ${task}
sql select count(*) from run == 1
clock 2030-01-01T12:01:00Z
hook <- POST /a within 3s  header.webhook-id == ${task}  header.carillon-attempt == 1
eventually GET /v1/tasks/${task} -> 200  .status == completed
hook count /a == 1
# a schedule likewise: it is there once, and works
fail main cp7
POST /v1/schedules {"cron": "0 13 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/b"}}
-> 0
died
restart
GET /v1/schedules -> 200  .total == 1  .schedules[0].next_execution_at == "2030-01-01T13:00:00Z"
clock 2030-01-01T13:00:00Z
hook <- POST /b within 3s
hook count /b == 1
