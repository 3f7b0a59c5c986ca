# CP11: killed when a parent's end has had its consequences, the news for its chain among them, and nobody has heard those:
# the child starts, once.
clock 2030-01-01T12:00:00Z
server
POST /api/agents {"id": "a", "name": "A", "kind": "webhook", "endpoint": {"url": "${hook}/a"}}
-> 201
POST /api/agents {"id": "b", "name": "B", "kind": "webhook", "endpoint": {"url": "${hook}/b"}}
-> 201
POST /api/scheduler/jobs {"name": "A", "agent_id": "a", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save a = .id
POST /api/scheduler/jobs {"name": "B", "agent_id": "b", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save b = .id
POST /api/scheduler/chains {"name": "Pair", "jobs": ["${a}", "${b}"], "edges": [{"from": "${a}", "to": "${b}", "type": "on_success"}]}
-> 201
save chain = .id
hook answers /a 200  delay 400ms  body {"n": 1}
POST /api/scheduler/jobs/${a}/trigger
-> 202
advance 1s
hook <- POST /a within 3s
eventually sql select count(*) from chain_run where nodes like '%running%' == 1
fail main cp11
died
sql select count(*) from chain_event where state = 3 == 1
hook none /b
restart
advance 11s
eventually GET /api/scheduler/chains/${chain}
-> 200  .latest_run.status == completed  .latest_run.jobs[0].status == completed  .latest_run.jobs[1].status == completed
hook count /a == 1
hook count /b == 1
sql select count(*) || ' ' || (select count(*) from chain_event) || ' ' || (select count(*) from aftermath) from chain_run == 1 0 0
sql select string_agg(trigger || ' ' || state, ', ' order by trigger) from run_history == 2 3, 3 3
sql select count(*) from occurrence == 2
