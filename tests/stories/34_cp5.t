# CP5: killed after a 2xx was read and before its result is written: two deliveries of one id, tokens 1 < 2.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1S", "retry": {"max_attempts": 1}}
-> 201
save task = .id
eventually sql select count(*) from run where state = 2 == 1
fail main cp5
clock 2030-01-01T12:00:01Z
hook <- POST /a within 3s  header.webhook-id == ${task}  header.carillon-attempt == 1  header.carillon-fencing-token == 1
died
restart
hook <- POST /a within 3s  header.webhook-id == ${task}  header.carillon-attempt == 2  header.carillon-fencing-token == 2
eventually GET /v1/tasks/${task}
-> 200  .status == completed  #.attempts == 2  .attempts[0].status == lost  .attempts[1].status == succeeded
hook count /a == 2
sql select count(*) from run == 0
sql select string_agg(state || ' ' || attempt || ' ' || excused || ' ' || token, ', ') from run_history == 3 2 1 2
sql select string_agg(number || ' ' || token || ' ' || outcome, ', ' order by token) from attempt == 1 1 3, 2 2 1
