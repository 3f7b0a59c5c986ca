# CP12 and CP13: killed when it was decided that a child starts, before that is written and after: it starts once, also
# with another process at work.
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
fail main cp12
died
sql select count(*) from chain_event == 1
sql select count(*) from run where trigger = 3 == 0
restart
advance 11s
eventually GET /api/scheduler/chains/${chain}
-> 200  .latest_run.status == completed  .latest_run.jobs[0].status == completed  .latest_run.jobs[1].status == completed
hook count /a == 1
hook count /b == 1
sql select count(*) || ' ' || (select count(*) from chain_event) || ' ' || (select count(*) from aftermath) from chain_run == 1 0 0
sql select string_agg(trigger || ' ' || state, ', ' order by trigger) from run_history == 2 3, 3 3
sql select count(*) from occurrence == 2
# after: the child's run is there, and this process never heard so
hook forget
advance 1h
POST /api/scheduler/jobs/${a}/trigger
-> 202
save run = .run_id
advance 1s
hook <- POST /a within 3s  .run_id == ${run}
eventually sql select count(*) from chain_run where nodes like '%running%' == 1
fail main cp13
died
sql select count(*) from chain_event == 0
sql select count(*) from run where trigger = 3 == 1
restart
advance 1s
hook <- POST /b within 3s  .context.parents.${a}.output.n == 1  .context.parents.${a}.run_id == ${run}
eventually GET /api/scheduler/chains/${chain} -> 200  .latest_run.status == completed
advance 11s
hook count /b == 1
sql select count(*) || ' ' || (select count(*) from chain_event) from chain_run == 2 0
sql select count(*) from occurrence == 4
