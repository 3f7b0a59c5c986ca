# PostgreSQL stops hard while a process holds runs ahead of their time. Their time comes: none starts, as nobody knows who
# holds them. PostgreSQL is back: each is delivered, once.
clock 2030-01-01T12:00:00Z
server A
repeat 20 POST /v1/tasks {"target": "${hook}/held", "payload": ${i}, "execute_after": "PT1S", "retry": {"max_attempts": 1}}
eventually sql select count(*) from run where state = 2 == 20
hook answers /flying 200  delay 700ms
POST /v1/tasks {"target": "${hook}/flying", "retry": {"max_attempts": 1}}
-> 201
save flying = .id
hook <- POST /flying within 3s
pg stop immediate
clock 2030-01-01T12:00:02Z
hook none /held
GET /readyz -> 503
GET /livez -> 200
hook none /held
POST /v1/tasks {"target": "${hook}/refused"}
-> 503  .code == database_unavailable
GET /api/v1/plans -> 503  .code == database_unavailable
GET /api/scheduler/jobs -> 503  .code == database_unavailable  .error == internal_error
# what was under way may end meanwhile: its result is written when PostgreSQL is back
eventually metric carillon_deliveries_in_flight == 0
hook none /held
pg start
hook <- POST /held within 10s  header.carillon-attempt == 1
hook count /held == 20
eventually GET /v1/tasks?status=completed&limit=1 -> 200  .total == 21
eventually GET /v1/tasks/${flying} -> 200  .status == completed  #.attempts == 1
hook count /flying == 1
hook none /refused
sql select count(*) from run == 0
sql select count(*) || ' ' || count(distinct id) || ' ' || max(excused) from run_history == 21 21 0
sql select sum(completed) from tally where schedule_id::text like '00000000-%' == 21
# with two processes: whoever is back first finds the other's connection gone and takes its runs over
server B
eventually @A GET /readyz -> 200
repeat 20 POST /v1/tasks {"target": "${hook}/two", "payload": ${i}, "execute_after": "PT1S", "retry": {"max_attempts": 1}}
eventually sql select count(*) from run where state = 2 == 20
pg stop immediate
clock 2030-01-01T12:00:04Z
hook none /two
pg start
hook <- POST /two within 10s
hook count /two == 20
eventually @A GET /readyz -> 200
eventually GET /v1/tasks?status=completed&limit=1 -> 200  .total == 41
sql select count(*) from run == 0
sql select count(*) || ' ' || count(distinct id) from run_history == 41 41
eventually sql select count(*) from node == 2
