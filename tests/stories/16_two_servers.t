# Two processes, one database, no leader: each task is delivered once, and a killed process loses nothing.
clock 2030-01-01T12:00:30Z
server A
server B
@A POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "overlap": "allow", "task_template": {"target": "${hook}/minute"}}
-> 201
save schedule = .id
@B GET /v1/schedules/${schedule} -> 200  .id == ${schedule}
clock 2030-01-01T12:01:00Z
hook count /minute == 1
clock 2030-01-01T12:02:00Z
hook count /minute == 2
sql select count(*) - count(distinct scheduled_for) from occurrence == 0
# created at one, cancelled at the other
@A POST /v1/tasks {"target": "${hook}/cancelled", "execute_after": "PT1S"}
-> 201
save task = .id
@B POST /v1/tasks/${task}/cancel -> 200  .status == cancelled
advance 5s
hook none /cancelled
# one dies with what it holds
repeat 40 POST /v1/tasks {"target": "${hook}/many", "payload": ${i}, "execute_after": "PT1S"}
kill -9 A
advance 2s
hook count /many == 40
eventually @B GET /v1/tasks?status=completed -> 200  .total >= 42
@B GET /v1/tasks?status=queued&limit=1 -> 200
# the other goes on alone
clock 2030-01-01T12:03:00Z
hook count /minute == 3
term B
