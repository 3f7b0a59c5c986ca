# CP9: killed after an agent's 202 was read and before that is written: the run is taken over and the agent called again with a
# higher token. A report at the first address counts as long as nobody took the run over, then it is too late.
clock 2030-01-01T12:00:00Z
server A
POST /api/agents {"id": "slow", "kind": "webhook", "endpoint": {"url": "${hook}/slow"}}
-> 201
POST /api/scheduler/jobs {"name": "a", "goal": "x", "agent_id": "slow", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}}
-> 201
save job = .id
hook answers /slow 202
fail A cp9
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
advance 1s
hook <- POST /slow within 3s  header.carillon-fencing-token == 1  .attempt == 1
save first = .callback_url
died A
sql select state from run == 2
restart A
hook <- POST /slow within 3s  .run_id == ${run}  header.carillon-fencing-token == 2  .attempt == 2
save second = .callback_url
eventually sql select state || ' ' || attempt || ' ' || excused from run == 8 2 1
POST ${first} {"status": "completed", "output": 1}
-> 410  .code == callback_gone
POST ${second} {"status": "completed", "output": 2}
-> 200  .status == completed
sql select string_agg(convert_from(output, 'UTF8'), ', ') from run_output == 2
sql select string_agg(number || ' ' || token || ' ' || outcome, ', ' order by token) from attempt == 1 1 3, 2 2 1
sql select state || ' ' || attempt || ' ' || excused || ' ' || token from run_history == 3 2 1 2
sql select count(*) from run == 0
hook count /slow == 2
term
