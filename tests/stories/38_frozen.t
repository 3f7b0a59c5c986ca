# A frozen owner (SIGSTOP): its lease ends, and another delivers within 20 s. When it wakes up, its late result changes
# nothing, what it held is dropped, and it goes on under a new identity.
clock 2030-01-01T12:00:00Z
server A
hook answers /flying 200  delay 5s
POST /v1/tasks {"target": "${hook}/flying", "timeout": 60, "retry": {"max_attempts": 1}}
-> 201
save flying = .id
hook <- POST /flying within 3s  header.carillon-attempt == 1  header.carillon-fencing-token == 1
repeat 10 POST /v1/tasks {"target": "${hook}/held", "payload": ${i}, "execute_after": "PT1S"}
eventually sql select count(*) from run where state = 2 == 11
server B
hook answers /flying 200  delay 2s
freeze A
hook <- POST /flying within 20s  header.webhook-id == ${flying}  header.carillon-attempt == 2  header.carillon-fencing-token == 2
# the answer to its own delivery has waited for it; the other's is still under way
thaw A
eventually metric @A carillon_runs_fenced_total >= 1
sql select string_agg(state || ' ' || attempt || ' ' || token, ', ') from run where scheduled_for = '2030-01-01T12:00:00Z' == 2 2 2
eventually @B GET /v1/tasks/${flying}
-> 200  .status == completed  #.attempts == 2  .attempts[0].status == lost  .attempts[1].status == succeeded
eventually log A has node.lost
eventually @A GET /readyz -> 200
clock 2030-01-01T12:00:01Z
hook count /held == 10
hook count /flying == 2
eventually @A GET /v1/tasks?status=completed&limit=1 -> 200  .total == 11
sql select count(*) from run == 0
sql select count(*) || ' ' || count(distinct id) from run_history == 11 11
sql select count(*) from attempt where outcome = 1 == 11
sql select sum(completed) from tally where schedule_id::text like '00000000-%' == 11
sql select count(*) from node == 2
# it takes part again
kill -9 B
@A POST /v1/tasks {"target": "${hook}/after"}
-> 201
hook <- POST /after within 3s  header.carillon-attempt == 1
