# CP3: killed after the claim's commit and before the connect: one delivery, by the second attempt; the first is lost.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1S", "retry": {"max_attempts": 1}}
-> 201
save task = .id
eventually sql select count(*) from run where state = 2 == 1
fail main cp3
clock 2030-01-01T12:00:01Z
died
hook none /a
restart
hook <- POST /a within 3s  header.webhook-id == ${task}  header.carillon-attempt == 2  header.carillon-fencing-token == 2
eventually GET /v1/tasks/${task}
-> 200  .status == completed  #.attempts == 2
	.attempts[0].number == 1  .attempts[0].status == lost  .attempts[0].error == lost  .attempts[0].http_status == null
	.attempts[1].number == 2  .attempts[1].status == succeeded  .attempts[1].http_status == 200
hook count /a == 1
sql select count(*) from run == 0
sql select string_agg(state || ' ' || attempt || ' ' || excused || ' ' || token, ', ') from run_history == 3 2 1 2
sql select string_agg(number || ' ' || token || ' ' || outcome, ', ' order by token) from attempt == 1 1 3, 2 2 1
