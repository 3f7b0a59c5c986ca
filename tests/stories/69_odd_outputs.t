# Outputs of the worst kinds: as deep as JSON may be, all of it escapes; and what an agent's runs may take in memory.
clock 2030-01-01T12:00:00Z
server
POST /api/agents {"id": "a", "kind": "webhook", "endpoint": {"url": "${hook}/agent"}}
-> 201
POST /api/scheduler/jobs {"name": "first", "agent_id": "a", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}, "only_if": "last.output != 'x'"}
-> 201
save first = .id
# --- what is deeper than the things it is put into allow stays a text
hook answers /agent 200  body [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
POST /api/scheduler/jobs/${first}/trigger -> 202
advance 1s
eventually sql select is_json || ' ' || bytes from run_output == false 128
eventually sql select count(*) from standing where last_run_id is not null == 1
hook answers /agent 200  body [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
POST /api/scheduler/jobs/${first}/trigger -> 202
advance 1s
eventually sql select string_agg(is_json || ' ' || bytes, ', ' order by run_id) from run_output == false 128, true 112
# (of what an older version kept as JSON nothing can be asked; that is a run's failure)
sql with u as (update run_output set is_json = true returning 1) select count(*) from u == 2
sql with u as (update run_output set output = convert_to(repeat('[', 64) || repeat(']', 64), 'UTF8') returning 1) select count(*) from u == 2
eventually sql select count(*) from aftermath == 0
POST /api/scheduler/jobs/${first}/trigger -> 202
advance 1s
eventually sql select state || ' ' || reason from run_history order by id desc limit 1 == 4 only_if_error
sql select detail from attempt where outcome = 2 == `last`, as only_if would be asked of it, is too large.
# --- nothing but escapes: too large to be asked of
eventually sql select count(*) from aftermath == 0
sql with u as (update run_output set is_json = false, output = convert_to(repeat(chr(1), 1048576), 'UTF8'), bytes = 1048576 returning 1) select count(*) from u == 2
sql with u as (update standing set last_run_id = (select run_id from run_output limit 1) returning 1) select count(*) from u == 1
POST /api/scheduler/jobs/${first}/trigger -> 202
advance 1s
eventually sql select count(*) from run_history where reason = 'only_if_error' == 2
GET /livez -> 200
# (what only_if does not read may be as large as it likes)
hook forget
PATCH /api/scheduler/jobs/${first} {"only_if": "run.attempt == 1 || 'last' == ''"}
-> 200
POST /api/scheduler/jobs/${first}/trigger -> 202
advance 1s
hook <- POST /agent within 3s
# --- to a child in a chain it is cut so that it takes one MiB there
PATCH /api/scheduler/jobs/${first} {"only_if": null}
-> 200
POST /api/scheduler/jobs {"name": "second", "agent_id": "a", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}, "only_if": "run.attempt == 1"}
-> 201
save second = .id
POST /api/scheduler/chains {"name": "c", "jobs": ["${first}", "${second}"], "edges": [{"from": "${first}", "to": "${second}", "type": "on_success"}]}
-> 201
hook forget
hook answers /agent 200  fill 1048576
POST /api/scheduler/jobs/${first}/trigger -> 202
advance 1s
hook <- POST /agent within 3s  .job_id == ${first}
hook <- POST /agent within 5s  .job_id == ${second}
eventually sql select count(*) from run where state <> 1 == 0
# --- an agent that hangs takes its share only
POST /api/agents {"id": "hang", "kind": "webhook", "endpoint": {"url": "${hook}/hang"}}
-> 201
POST /api/scheduler/jobs {"name": "hung", "agent_id": "hang", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}, "only_if": "last.output != 'x'", "retry": {"max_attempts": 1}}
-> 201
save hung = .id
hook answers /hang 200  fill 1048576
POST /api/scheduler/jobs/${hung}/trigger -> 202
advance 1s
hook <- POST /hang within 3s
eventually sql select count(*) from standing s join schedule j on j.id = s.schedule_id and j.name = 'hung' where last_run_id is not null == 1
hook answers /hang 200  hang
repeat 30 POST /api/scheduler/jobs/${hung}/trigger
advance 1s
eventually sql select count(*) between 5 and 7 and min(attempt) = 1 from run where state = 2 == t
sql select count(*) > 22 and max(attempt) = 0 and min(ready_at) > '2030-01-01T12:00:09Z' from run where state = 1 == t
# (another of its agents goes on)
hook forget
POST /api/scheduler/jobs/${first}/trigger -> 202
advance 1s
hook <- POST /agent within 3s  .job_id == ${first}
