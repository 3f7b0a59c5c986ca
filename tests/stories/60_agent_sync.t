# A job's run calls its agent: what the agent gets, what its answer becomes, and what a failed one leads to.
clock 2030-01-01T12:00:00Z
server CARILLON_DEFAULT_AGENT_URL=${hook}/default
POST /api/agents {"id": "digest", "name": "Digest", "kind": "webhook", "endpoint": {"url": "${hook}/agent", "headers": {"X-Team": "blue"}, "secret": "a secret of 24 letters !"}}
-> 201
POST /api/scheduler/jobs {"name": "Daily digest", "goal": "Summarize today's activity", "agent_id": "digest",
	"schedule": {"type": "cron", "expression": "1 12 * * *"}, "context": {"since": 9007199254740993}}
-> 201
save job = .id
# --- a JSON answer
hook answers /agent 200  body {"price_change_pct": 0.07, "big": 9007199254740993}
clock 2030-01-01T12:01:00Z
hook <- POST /agent within 3s  .job_id == ${job}  .job_name == Daily digest  .agent_id == digest  .goal == Summarize today's activity
	.scheduled_for == "2030-01-01T12:01:00Z"  .attempt == 1  .run_id =~ ^run_  .context == {"job": {"since": 9007199254740993}}
	.callback_url =~ ^http://127.0.0.1:[0-9]+/api/scheduler/runs/run_[a-z0-9]+/callback[?]token=[A-Za-z0-9_-]{56}$
	header.x-team == blue  header.content-type == application/json  header.webhook-id =~ ^run_  header.webhook-signature =~ ^v1,
	header.carillon-schedule-id == ${job}  header.carillon-attempt == 1  header.carillon-fencing-token == 1
eventually sql select state || ' ' || attempt || ' ' || coalesce(reason, '-') from run_history == 3 1 -
sql select is_json || ' ' || bytes || ' ' || convert_from(output, 'UTF8') from run_output == true 51 {"price_change_pct": 0.07, "big": 9007199254740993}
sql select count(*) from run == 0
# (it is kept once)
sql select coalesce(response_body::text, 'none') || ' ' || http_status from attempt == none 200
log lacks Summarize
log lacks price_change
# --- a text; bytes that are no text; nothing at all
hook answers /agent 200  body It went well.
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /agent within 3s  .attempt == 1
eventually sql select is_json || ' ' || convert_from(output, 'UTF8') from run_output order by run_id desc limit 1 == false It went well.
hook answers /agent 204  body
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /agent within 3s
eventually sql select count(*) from run_history where state = 3 == 3
sql select count(*) from run_output == 2
# --- no retry unless it is asked for; the answer of a failed attempt is kept with the attempt
hook answers /agent 500  body {"why": "no idea"}
POST /api/scheduler/jobs/${job}/trigger -> 202
save failed = .run_id
advance 1s
hook <- POST /agent within 3s
eventually sql select state || ' ' || attempt || ' ' || reason from run_history order by id desc limit 1 == 4 1 attempts_exhausted
sql select error || ' ' || convert_from(response_body, 'UTF8') from attempt where outcome = 2 == http_status {"why": "no idea"}
# --- by its policy
PATCH /api/scheduler/jobs/${job} {"retry": {"max_attempts": 3, "strategy": "fixed", "base_delay": 10}}
-> 200
hook answers /agent 500,200  body {"ok": 1}
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
advance 1s
hook <- POST /agent within 3s  .run_id == ${run}  .attempt == 1
eventually sql select count(*) from run where state = 1 and attempt = 1 == 1
advance 12s
hook <- POST /agent within 3s  .run_id == ${run}  .attempt == 2  header.carillon-fencing-token == 2
eventually sql select state || ' ' || attempt from run_history order by id desc limit 1 == 3 2
# --- an agent that nobody registered: the default endpoint
POST /api/scheduler/jobs {"name": "other", "goal": "x", "agent_id": "stranger", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}}
-> 201
save other = .id
POST /api/scheduler/jobs/${other}/trigger -> 202
advance 1s
hook <- POST /default within 3s  .agent_id == stranger  .goal == x  .context == {"job": {}}
# --- an output is kept whole up to 1 MiB; where no more may wait in memory, its beginning is
hook answers /agent 200  fill 1048576
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually sql select bytes || ' ' || length(output) || ' ' || is_json from run_output order by run_id desc limit 1 == 1048576 1048576 false
fail main output_room=error@1
hook answers /agent 200  fill 20000
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually sql select bytes || ' ' || length(output) || ' ' || is_json from run_output order by run_id desc limit 1 == 20000 16384 false
metric carillon_outputs_cut_total == 1
# --- more at once than are prepared at once: all start, at their instant
hook answers /agent 200  body {"ok": 1}
hook forget
repeat 150 POST /api/scheduler/jobs/${job}/trigger
advance 1s
hook count /agent == 150
eventually sql select count(*) from run == 0
metric carillon_runs_awaited == 0
term
