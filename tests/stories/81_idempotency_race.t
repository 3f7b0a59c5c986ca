# 64 clients race with one key: one object; the others get its answer, or are told that it is under way.
clock 2030-01-01T12:00:00Z
server
race 64 POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: race
-> 201  .s201 >= 1  .bodies == 1  .s500 absent  .s503 absent
sql select count(*) from schedule == 1
sql select count(*) from audit where object = 1 == 1
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: race
-> 201  header.idempotent-replayed == true
# without a key they are what they say
race 64 POST /v1/tasks {"target": "${hook}/b", "execute_after": "PT1H"}
-> 201  .s201 == 64  .bodies == 64  .replayed == 0
sql select count(*) from run == 64
sql select count(*) || ' ' || max(block) - count(distinct block) from audit == 66 0
# many at once, while others write: each waits for its turn at the end of the tenant's chain, none is turned away
let many = 70 {"target": "${hook}/c", "execute_after": "PT1H"},
race 12 POST /v1/tasks [${many}{"target": "${hook}/c", "execute_after": "PT1H"}]
-> 201  .s201 == 12
sql select count(*) from run == 916
sql select count(*) || ' ' || max(block) - count(distinct block) from audit == 78 0
