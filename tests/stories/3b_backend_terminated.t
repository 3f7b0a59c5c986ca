# The engine's connection is terminated again and again while runs are created, claimed and delivered: each is delivered
# once, as nothing was under way elsewhere, and the process keeps its identity.
clock 2030-01-01T12:00:00Z
server
hook answers /flying 200  delay 1500ms
POST /v1/tasks {"target": "${hook}/flying", "retry": {"max_attempts": 1}}
-> 201
save flying = .id
hook <- POST /flying within 3s
repeat 20 POST /v1/tasks {"target": "${hook}/held", "payload": ${i}, "execute_after": "PT1S", "retry": {"max_attempts": 1}}
eventually sql select count(*) from run where state = 2 == 21
sql select count(pg_terminate_backend(backend_pid)) from node == 1
eventually GET /readyz -> 200
sql select count(pg_terminate_backend(backend_pid)) from node == 1
eventually GET /readyz -> 200
clock 2030-01-01T12:00:01Z
sql select count(pg_terminate_backend(backend_pid)) from node == 1
hook <- POST /held within 5s
sql select count(pg_terminate_backend(backend_pid)) from node == 1
hook count /held == 20
eventually sql select count(*) from run_history where state = 3 == 21
hook count /flying == 1
sql select count(*) from run == 0
sql select count(*) || ' ' || count(distinct id) || ' ' || max(attempt) || ' ' || max(excused) from run_history == 21 21 1 0
eventually sql select count(*) from node == 1
log lacks node.lost
# every connection of the server at once: each comes back
sql select count(pg_terminate_backend(pid)) > 3 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() == t
eventually metric carillon_db_connections_lost_total >= 6
eventually GET /readyz -> 200
POST /v1/tasks {"target": "${hook}/after"}
-> 201
hook <- POST /after within 3s
hook count /after == 1
# a claim whose answer is lost: the table says that the process holds it, the process does not know. It hands it back,
# and it is delivered in time and not before
fail main claim_answer=error@1
POST /v1/tasks {"target": "${hook}/unknown", "execute_after": "PT1S", "retry": {"max_attempts": 1}}
-> 201
eventually sql select count(*) from run where state = 2 == 1
sql select count(pg_terminate_backend(backend_pid)) from node == 1
eventually sql select count(*) from run where state = 1 or token > 1 == 1
hook none /unknown
clock 2030-01-01T12:00:04Z
hook <- POST /unknown within 3s  header.carillon-attempt == 1
hook count /unknown == 1
eventually sql select count(*) from run == 0
sql select string_agg(a.number || ' ' || a.outcome, ', ' order by a.token) from attempt a join run_history r on r.id = a.run_id where r.scheduled_for = '2030-01-01T12:00:02Z' == 1 1
# the answer to the registration is lost: the row may be there, another identity is not in its way
server B CARILLON_TEST_FAULTS=join_answer=error@1
eventually @B GET /readyz -> 200
log B has node.joined
