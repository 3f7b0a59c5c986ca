# CP6: killed after the result's commit, before its answer was read: the run has ended, nobody delivers it again.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1S"}
-> 201
save task = .id
eventually sql select count(*) from run where state = 2 == 1
fail main cp6
clock 2030-01-01T12:00:01Z
hook <- POST /a within 3s  header.webhook-id == ${task}  header.carillon-attempt == 1
died
restart
GET /v1/tasks/${task} -> 200  .status == completed  #.attempts == 1
clock 2030-01-01T13:00:00Z
hook count /a == 1
sql select count(*) from run == 0
sql select string_agg(state || ' ' || attempt || ' ' || excused || ' ' || token, ', ') from run_history == 3 1 0 1
sql select string_agg(number || ' ' || token || ' ' || outcome, ', ' order by token) from attempt == 1 1 1
sql select completed || ' ' || executed from tally where schedule_id::text like '00000000-%' == 1 1
