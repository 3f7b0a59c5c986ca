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
# --- nobody was there for a while: patience is stretched once, as reports could not be made
@B PATCH /api/scheduler/jobs/${job} {"heartbeat_timeout": 120}
-> 200
@B POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
save first = .callback_url
eventually sql select count(*) from run where state = 8 == 1
@B PATCH /api/scheduler/jobs/${job} {"heartbeat_timeout": null}
-> 200
@B POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
save second = .callback_url
eventually sql select count(*) from run where state = 8 == 2
kill -9 B
advance 590s
server C
eventually metric @C carillon_runs_awaited == 2
sql select count(distinct ready_at) || ' ' || bool_and(ready_at = await_until) from run where state = 8 == 1 true
@C POST ${first} {"status": "completed"}
-> 200  .status == completed
advance 55s
sql select count(*) from run where state = 8 == 1
advance 6s
eventually sql select count(*) from run where state = 8 == 0
@C POST ${second} {"status": "completed"}
-> 410  .code == callback_gone
# --- one that joins others, which took reports all the time, stretches nothing
@C PATCH /api/scheduler/jobs/${job} {"completion_timeout": 30}
-> 200
@C POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
eventually sql select count(*) from run where state = 8 == 1
server F
eventually metric @F carillon_runs_awaited == 1
sql select ready_at = await_until and await_until < began_at + interval '31 s' from run where state = 8 == t
term F
advance 31s
eventually sql select count(*) from run where state = 8 == 0
# --- a sign of life between the look and the write wins; and the next one is not forgotten
@C PATCH /api/scheduler/jobs/${job} {"heartbeat_timeout": 120, "completion_timeout": 3600}
-> 200
@C POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
eventually sql select count(*) from run where state = 8 == 1
fail C await_sign=error@1
advance 121s
eventually sql select count(*) from run where state = 8 and ready_at > began_at + interval '240 s' == 1
sql select count(*) from attempt where error = 'heartbeat_timeout' == 0
hook none /slow
term C
# --- a run that every process dies of waits longer each time
server D
hook answers /poison 200  hang
@D POST /v1/tasks {"target": "${hook}/poison", "retry": {"max_attempts": 1}}
-> 201
hook <- POST /poison within 3s
sql with u as (update run set excused = 8 where kind <> 2 and state = 2 returning 1) select count(*) from u == 1
kill -9 D
server E
eventually sql select count(*) from run where kind <> 2 and state = 1 and ready_at > scheduled_for + interval '30 s' == 1
hook none /poison
hook answers /poison 200
advance 60s
hook <- POST /poison within 3s
term E
