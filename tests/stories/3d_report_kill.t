# CP14: killed after a report was committed and before it was answered: it is not lost, and saying it again is told so.
clock 2030-01-01T12:00:00Z
server A
POST /api/agents {"id": "slow", "kind": "webhook", "endpoint": {"url": "${hook}/slow"}}
-> 201
POST /api/scheduler/jobs {"name": "a", "goal": "x", "agent_id": "slow", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}}
-> 201
save job = .id
hook answers /slow 202
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
save callback = .callback_url
eventually sql select state from run == 8
fail A cp14
POST ${callback} {"status": "completed", "output": {"done": true}}
-> 0
died A
restart A
POST ${callback} {"status": "completed", "output": {"done": false}}
-> 409  .code == already_reported
sql select string_agg(convert_from(output, 'UTF8'), ', ') from run_output == {"done": true}
sql select state || ' ' || attempt from run_history == 3 1
sql select count(*) from run == 0
eventually sql select count(*) from aftermath == 0
hook count /slow == 1
term
