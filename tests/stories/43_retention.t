# What ended long ago is dropped by whole weeks, and the totals with it; what is younger stays.
clock 2030-01-07T12:00:00Z
server CARILLON_RETENTION_DAYS=30
POST /v1/tasks {"target": "${hook}/old"}
-> 201
save old = .id
hook <- POST /old within 5s
eventually GET /v1/tasks?status=completed -> 200  .total == 1
clock 2030-02-25T12:00:00Z
POST /v1/tasks {"target": "${hook}/new"}
-> 201
save new = .id
hook <- POST /new within 5s
eventually GET /v1/tasks -> 200  .total == 1  .tasks[0].id == ${new}
GET /v1/tasks/${old} -> 404
GET /v1/tasks/${new} -> 200  .status == completed  #.attempts == 1
sql select count(*) from pg_class where relname ~ '^(run_history|attempt)_w' and relkind = 'r' == 10
# an unfinished task outlives any number of days, and the clock may jump far
POST /v1/tasks {"target": "${hook}/later", "execute_after": "2031-06-01T00:00:00Z"}
-> 201
save later = .id
clock 2031-06-01T00:00:00Z
hook <- POST /later within 5s
eventually GET /v1/tasks -> 200  .total == 1  .tasks[0].id == ${later}
POST /v1/tasks/${new}/retry -> 404
