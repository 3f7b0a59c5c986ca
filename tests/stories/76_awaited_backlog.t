# Runs that wait behind one whose agent is to report, which may take days: they are looked at once a minute at most, and the
# next begins as soon as the report is there, the run is cancelled, or patience ends.
clock 2030-01-01T12:00:30Z
server A
server B
POST /api/agents {"id": "slow", "kind": "webhook", "endpoint": {"url": "${hook}/slow"}}
-> 201
hook answers /slow 202
POST /api/scheduler/jobs {"name": "backlog", "agent_id": "slow", "completion_timeout": 7200,
	"schedule": {"type": "cron", "expression": "1-20 12 * * *"}}
-> 201
save job = .id
clock 2030-01-01T12:01:00Z
hook <- POST /slow within 3s  .scheduled_for == "2030-01-01T12:01:00Z"
save callback = .callback_url
eventually sql select count(*) from run where state = 8 == 1
kill -9 A
kill -9 B
clock 2030-01-01T12:20:30Z
restart A
restart B
# (at once: they do not stay in memory, and nobody is told that they are running)
eventually sql select state || ' ' || token || ' ' || count(*) from run where state <> 8 group by state, token == 1 1 19
@A GET /api/scheduler/jobs/${job}/runs?status=pending -> 200  .count == 19
# (the one of 12:02 has waited 18 minutes, the one of 12:20 half a minute)
sql select string_agg(to_char(ready_at - '2030-01-01T12:20:30Z', 'MI:SS'), ' ' order by scheduled_for) from run where state = 1 and scheduled_for in ('2030-01-01T12:02:00Z', '2030-01-01T12:20:00Z') == 01:00 00:05
advance 50s
advance 11s
eventually sql select state || ' ' || token || ' ' || count(*) from run where scheduled_for between '2030-01-01T12:02:00Z' and '2030-01-01T12:12:00Z' group by state, token == 1 2 11
sql select max(token) < 6 from run == t
hook none /slow
# --- the report
@B POST ${callback} {"status": "completed"}
-> 200
hook <- POST /slow within 1s  .scheduled_for == "2030-01-01T12:02:00Z"
save run = .run_id
hook none /slow
eventually sql select string_agg(state::text, '' order by scheduled_for) from run == 8111111111111111111
# --- cancelled
@B POST /api/scheduler/jobs/${job}/runs/${run}/cancel -> 200
hook <- POST /slow within 1s  .scheduled_for == "2030-01-01T12:03:00Z"
hook none /slow
eventually sql select string_agg(state::text, '' order by scheduled_for) from run == 811111111111111111
# --- patience ends
advance 7201s
hook <- POST /slow within 3s  .scheduled_for == "2030-01-01T12:04:00Z"
save callback = .callback_url
eventually sql select count(*) from run where state = 8 == 1
# (all were ready again as well: they look)
advance 1s
eventually sql select string_agg(state::text, '' order by scheduled_for) from run == 81111111111111111
@A DELETE /api/scheduler/jobs/${job} -> 200
advance 61s
eventually sql select string_agg(state::text, '') from run == 8
sql select distinct state || ' ' || reason from run_history where scheduled_for between '2030-01-01T12:05:00Z' and '2030-01-01T12:20:00Z' == 5 job_deleted
@A POST ${callback} {"status": "completed"}
-> 200
eventually sql select count(*) from run == 0
# --- queue_one has one place, also when the one that has it is in no process's memory
clock 2030-01-01T15:59:30Z
@A POST /api/scheduler/jobs {"name": "queue", "agent_id": "slow", "overlap": "queue_one",
	"schedule": {"type": "cron", "expression": "* 16 * * *"}}
-> 201
save job = .id
clock 2030-01-01T16:00:00Z
hook <- POST /slow within 3s  .scheduled_for == "2030-01-01T16:00:00Z"
save callback = .callback_url
eventually sql select count(*) from run where state = 8 == 1
clock 2030-01-01T16:01:00Z
eventually sql select string_agg(state || ' ' || to_char(scheduled_for at time zone 'UTC', 'MI'), ', ' order by scheduled_for) from run where token > 0 == 8 00, 1 01
clock 2030-01-01T16:02:00Z
eventually sql select state || ' ' || reason || ' ' || to_char(scheduled_for at time zone 'UTC', 'MI') from run_history where schedule_id = (select schedule_id from run limit 1) == 7 overlap 02
hook none /slow
@B POST ${callback} {"status": "completed"}
-> 200
hook <- POST /slow within 1s  .scheduled_for == "2030-01-01T16:01:00Z"
term A
term B
# --- a server that listens on every address does not know which one agents see, and says so
log B !~ public_url
server C CARILLON_LISTEN=0.0.0.0:0
log C has CARILLON_PUBLIC_URL
server D CARILLON_LISTEN=0.0.0.0:0 CARILLON_PUBLIC_URL=https://carillon.example
log D !~ PUBLIC_URL
term C
term D
