# Killed after a commit and before the answer: the caller does not know. Asking again with the same Idempotency-Key he gets the
# answer that was kept in that commit; it happened once.
clock 2030-01-01T12:00:00Z
server
fail main cp7
POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1M"}
> Idempotency-Key: order 7
-> 0
died
restart
sql select count(*) from idempotency == 1
POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1M"}
> Idempotency-Key: order 7
-> 201  header.idempotent-replayed == true  .status == queued
save task = .id
GET /v1/tasks -> 200  .total == 1  .tasks[0].id == ${task}
POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT2M"}
> Idempotency-Key: order 7
-> 422  .code == idempotency_key_reused
clock 2030-01-01T12:01:00Z
hook <- POST /a within 3s  header.webhook-id == ${task}
hook count /a == 1
# compare-and-set: the same, and what follows it is not undone
POST /v1/schedules {"cron": "0 13 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/b"}}
-> 201
save schedule = .id
fail main cp17
PATCH /v1/schedules/${schedule} {"enabled": false}
> Idempotency-Key: pause
-> 0
died
restart
PATCH /v1/schedules/${schedule} {"enabled": true}
-> 200
PATCH /v1/schedules/${schedule} {"enabled": false}
> Idempotency-Key: pause
-> 200  header.idempotent-replayed == true  .enabled == false
GET /v1/schedules/${schedule} -> 200  .enabled == true
# killed before the commit nothing was kept: it is done now
fail main cp16
PATCH /v1/schedules/${schedule} {"enabled": false}
> Idempotency-Key: pause once more
-> 0
died
restart
PATCH /v1/schedules/${schedule} {"enabled": false}
> Idempotency-Key: pause once more
-> 200  header.idempotent-replayed absent  .enabled == false
sql select string_agg(change, ' ' order by block) from audit where object = 1 == created paused resumed paused
