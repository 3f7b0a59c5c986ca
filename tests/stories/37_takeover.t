# kill -9 of the process that holds runs: PostgreSQL sees its connection close, and another delivers within 2 s.
clock 2030-01-01T12:00:00Z
server A
hook answers /flying 200  delay 5s
POST /v1/tasks {"target": "${hook}/flying", "retry": {"max_attempts": 1}}
-> 201
save flying = .id
hook <- POST /flying within 3s  header.carillon-attempt == 1  header.carillon-fencing-token == 1
repeat 40 POST /v1/tasks {"target": "${hook}/held", "payload": ${i}, "execute_after": "PT1S"}
eventually sql select count(*) from run where state = 2 == 41
server B
hook answers /flying 200
kill -9 A
hook <- POST /flying within 2s  header.webhook-id == ${flying}  header.carillon-attempt == 2  header.carillon-fencing-token == 2
eventually metric @B carillon_runs_taken_over_total == 41
hook none /held
clock 2030-01-01T12:00:01Z
hook count /held == 40
eventually @B GET /v1/tasks?status=completed&limit=1 -> 200  .total == 41
eventually @B GET /v1/tasks/${flying}
-> 200  .status == completed  #.attempts == 2  .attempts[0].status == lost  .attempts[1].status == succeeded
hook count /flying == 2
sql select count(*) from run == 0
sql select count(*) || ' ' || count(distinct id) || ' ' || min(state) || ' ' || max(state) from run_history == 41 41 3 3
sql select outcome || ': ' || count(*) from attempt where outcome = 3 group by outcome == 3: 41
sql select count(*) from node == 1
# and again, with the roles changed, while ticks are due
server C
@B POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "overlap": "allow", "task_template": {"target": "${hook}/minute"}}
-> 201
clock 2030-01-01T12:01:00Z
hook <- POST /minute within 3s
eventually sql select count(*) from run where state = 2 and ready_at <= '2030-01-01T12:01:00Z' == 0
kill -9 B
clock 2030-01-01T12:02:00Z
hook <- POST /minute within 2s
clock 2030-01-01T12:03:00Z
hook <- POST /minute within 2s
hook count /minute == 3
sql select count(*) - count(distinct scheduled_for) from occurrence == 0
