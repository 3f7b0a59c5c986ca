# An agent that answers 202 reports later: completed, failed, alive; twice, too late, to another process, after a restart.
clock 2030-01-01T12:00:00Z
server A
server B
POST /api/agents {"id": "slow", "kind": "webhook", "endpoint": {"url": "${hook}/slow"}}
-> 201
POST /api/scheduler/jobs {"name": "long work", "goal": "think", "agent_id": "slow", "schedule": {"type": "cron", "expression": "0 0 1 1 *"},
	"completion_timeout": 600, "heartbeat_timeout": 60, "retry": {"max_attempts": 2, "strategy": "fixed", "base_delay": 10}}
-> 201
save job = .id
hook answers /slow 202
# --- completed, by a report to another process; the second report is refused
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
advance 1s
hook <- POST /slow within 3s  .run_id == ${run}
save callback = .callback_url
eventually sql select count(*) from run where state = 8 and owner is null and attempt_id is not null == 1
sql select date_trunc('second', ready_at - began_at) || ' ' || date_trunc('second', await_until - began_at) from run == 00:01:00 00:10:00
@B POST ${callback} {"status": "completed", "output": {"n": 9007199254740993}}
-> 200  .run_id == ${run}  .status == completed
sql select is_json || ' ' || convert_from(output, 'UTF8') from run_output == true {"n": 9007199254740993}
sql select state || ' ' || attempt || ' ' || (finished_at >= started_at) from run_history == 3 1 true
sql select number || ' ' || outcome || ' ' || http_status from attempt == 1 1 202
@A POST ${callback} {"status": "completed", "output": {"n": 2}}
-> 409  .code == already_reported  .error == conflict
POST ${callback} {"status": "failed"}
-> 409  .code == already_reported
sql select count(*) from run_output == 1
# --- what is no report
POST ${callback} {}
-> 422  .code == required
POST ${callback} {"status": "done"}
-> 422  .code == invalid_value
POST ${callback} {"status": "completed", "result": 1}
-> 422  .code == unknown_field
POST /api/scheduler/runs/${run}/callback?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA {"status": "completed"}
-> 403  .code == callback_token_invalid
POST /api/scheduler/runs/${run}/callback?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA {"state": "done"}
-> 403  .code == callback_token_invalid  #.details == 0
POST /api/scheduler/runs/${run}/callback {"status": "completed"}
-> 403  .code == callback_token_invalid
# --- heartbeats move the end of patience on, but not for ever; it ends by heartbeat, and the policy tries again
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
advance 1s
hook <- POST /slow within 3s  .run_id == ${run}  .attempt == 1
save first = .callback_url
eventually sql select count(*) from run where state = 8 == 1
advance 50s
POST ${first} {"status": "running"}
-> 200  .status == running
sql select ready_at - began_at < '120 s' and ready_at - began_at >= '109 s' from run == t
advance 50s
sql select state from run == 8
advance 11s
eventually sql select state || ' ' || attempt from run == 1 1
sql select error || ' ' || outcome || ' ' || http_status from attempt where run_id = (select id from run) == heartbeat_timeout 2 202
POST ${first} {"status": "completed"}
-> 410  .code == callback_gone
# the second attempt has an address of its own; a report that it failed, with no attempt left, ends the run
advance 12s
hook <- POST /slow within 3s  .run_id == ${run}  .attempt == 2
save second = .callback_url
eventually sql select count(*) from run where state = 8 == 1
POST ${first} {"status": "completed"}
-> 410  .code == callback_gone
POST ${second} {"status": "failed", "error": "The shop was closed.", "output": "half of it"}
-> 200  .status == failed
sql select state || ' ' || attempt || ' ' || reason from run_history order by id desc limit 1 == 4 2 attempts_exhausted
sql select error || ': ' || detail from attempt where number = 2 == agent_error: The shop was closed.
# (it began with its first attempt)
sql select h.started_at = (select min(started_at) from attempt a where a.run_id = h.id) and h.started_at < h.finished_at - interval '2 minutes' from run_history h order by id desc limit 1 == t
sql select is_json || ' ' || convert_from(output, 'UTF8') from run_output order by run_id desc limit 1 == false half of it
POST ${second} {"status": "completed"}
-> 409  .code == already_reported
# --- a report that it failed, with an attempt left
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
save callback = .callback_url
eventually sql select count(*) from run where state = 8 == 1
POST ${callback} {"status": "failed", "error": null, "output": null}
-> 200  .status == retrying
sql select state || ' ' || (attempt_id is null) || ' ' || (await_until is null) from run == 1 true true
POST ${callback} {"status": "failed"}
-> 409  .code == already_reported
# --- cancelled while it is awaited
advance 12s
hook <- POST /slow within 3s  .attempt == 2
save callback = .callback_url
save run = .run_id
eventually sql select count(*) from run where state = 8 == 1
POST /api/scheduler/jobs/${job}/runs/${run}/cancel -> 200
sql select state || ' ' || (started_at is not null) from run_history order by id desc limit 1 == 5 true
POST ${callback} {"status": "completed"}
-> 410  .code == callback_gone
# --- awaited runs survive every restart; patience in all, whatever heartbeats come
PATCH /api/scheduler/jobs/${job} {"heartbeat_timeout": null, "retry": null}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
save callback = .callback_url
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
save other = .callback_url
eventually sql select count(*) from run where state = 8 == 2
kill -9 A
kill -9 B
restart A
sql select string_agg(state || ' ' || attempt || ' ' || excused, ', ') from run == 8 1 0, 8 1 0
@A POST ${callback} {"status": "completed", "output": "at last"}
-> 200  .status == completed
hook none /slow
eventually metric @A carillon_runs_awaited == 1
advance 601s
eventually sql select count(*) from run == 0
sql select error from attempt order by finished_at desc limit 1 == callback_timeout
sql select state || ' ' || reason from run_history order by id desc limit 1 == 4 attempts_exhausted
@A POST ${other} {"status": "completed"}
-> 410  .code == callback_gone
metric @A carillon_callbacks_total{result="completed"} == 1
metric @A carillon_callbacks_total{result="refused"} == 1
# --- a report that comes before its 202 wins
hook answers /slow 202  delay 700ms
@A POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /slow within 3s
save callback = .callback_url
@A POST ${callback} {"status": "completed", "output": [1]}
-> 200  .status == completed
@A POST ${callback} {"status": "running"}
-> 409  .code == already_reported
sql select count(*) from run == 0
eventually metric @A carillon_deliveries_in_flight == 0
sql select state || ' ' || attempt from run_history order by id desc limit 1 == 3 1
sql select count(*) from run == 0
# --- an awaited run is under way: the next occurrence is left out, or waits for it
hook answers /slow 202
clock 2030-01-01T13:00:00Z
@A POST /api/scheduler/jobs {"name": "minutely", "agent_id": "slow", "schedule": {"type": "cron", "expression": "* * * * *"}}
-> 201
save minutely = .id
clock 2030-01-01T13:01:00Z
hook <- POST /slow within 3s  .job_id == ${minutely}
save callback = .callback_url
eventually sql select count(*) from run where state = 8 == 1
clock 2030-01-01T13:02:00Z
eventually sql select state || ' ' || coalesce(reason, '-') || ' ' || to_char(scheduled_for at time zone 'UTC', 'SS') from run_history order by scheduled_for desc limit 1 == 7 overlap 00
hook none /slow
@A PATCH /api/scheduler/jobs/${minutely} {"overlap": "queue_one"}
-> 200
clock 2030-01-01T13:03:00Z
eventually sql select string_agg(state::text, ', ' order by scheduled_for) from run =~ ^8, [12]$
hook none /slow
@A POST ${callback} {"status": "completed"}
-> 200
advance 6s
hook <- POST /slow within 3s  .job_id == ${minutely}
save callback = .callback_url
@A DELETE /api/scheduler/jobs/${minutely} -> 200
@A POST ${callback} {"status": "completed"}
-> 200
# --- cancelling ends the agent's call that is under way, in whichever process it is
server C
hook answers /slow 200  hang
@A POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
advance 1s
hook <- POST /slow within 3s
save callback = .callback_url
@C POST /api/scheduler/jobs/${job}/runs/${run}/cancel -> 200  .status == cancelled
metric @A carillon_deliveries_in_flight == 0
metric @C carillon_deliveries_in_flight == 0
@A POST ${callback} {"status": "completed"}
-> 410  .code == callback_gone
@A POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
advance 1s
hook <- POST /slow within 3s
@A POST /api/scheduler/jobs/${job}/runs/${run}/cancel -> 200  .status == cancelled
metric @A carillon_deliveries_in_flight == 0
metric @C carillon_deliveries_in_flight == 0
sql select count(*) from run == 0
term A
term C
