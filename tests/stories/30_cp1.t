# CP1: killed after a tick has planned and before its statement is sent: nothing was written, the next process writes it.
clock 2030-01-01T11:50:00Z
server
POST /v1/schedules {"cron": "0 12 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/noon"}}
-> 201
save schedule = .id
fail main cp1
clock 2030-01-01T11:55:00Z
died
sql select count(*) from run == 0
sql select next_at = '2030-01-01T12:00:00Z' from schedule == t
restart
eventually sql select count(*) from run == 1
sql select next_at = '2030-01-02T12:00:00Z' from schedule == t
clock 2030-01-01T12:00:00Z
hook <- POST /noon within 3s  header.carillon-attempt == 1
eventually GET /v1/schedules/${schedule}/tasks -> 200  .total == 1  .tasks[0].status == completed
hook count /noon == 1
sql select count(*) from occurrence == 1
sql select string_agg(number || ' ' || token || ' ' || outcome, ', ' order by token) from attempt == 1 1 1
