# An awaited run is nobody's: the process that called the agent is killed, another takes over what it held, and nothing happens
# to the run. The end of its patience is noticed by whoever is there.
clock 2030-01-01T12:00:00Z
server A
POST /api/agents {"id": "slow", "kind": "webhook", "endpoint": {"url": "${hook}/slow"}}
-> 201
POST /api/scheduler/jobs {"name": "a", "goal": "x", "agent_id": "slow", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}, "completion_timeout": 600}
-> 201
save job = .id
hook answers /slow 202
hook answers /flying 200  delay 3s
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
advance 1s
hook <- POST /slow within 3s
save callback = .callback_url
eventually sql select state from run == 8
POST /v1/tasks {"target": "${hook}/flying", "retry": {"max_attempts": 1}}
-> 201
hook <- POST /flying within 3s
server B
kill -9 A
hook answers /flying 200
hook <- POST /flying within 3s  header.carillon-attempt == 2
eventually metric @B carillon_runs_taken_over_total == 1
sql select state || ' ' || attempt || ' ' || excused || ' ' || token from run where kind = 2 == 8 1 0 1
@B POST ${callback} {"status": "running"}
-> 200  .status == running
hook none /slow
# (no sign of life was asked for, so it moves nothing)
advance 599s
sql select state from run where kind = 2 == 8
advance 2s
eventually sql select count(*) from run where kind = 2 == 0
sql select error || ' ' || token from attempt where error is not null and outcome = 2 == callback_timeout 1
@B POST ${callback} {"status": "completed"}
-> 410  .code == callback_gone
term B
