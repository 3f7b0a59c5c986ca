# CP10, CP11: killed when what follows from a run is worked out, before and after it is written: all of it happens once.
clock 2030-01-07T12:00:30Z
server
POST /api/agents {"id": "bot", "kind": "webhook", "endpoint": {"url": "${hook}/bot"}}
-> 201
POST /api/scheduler/jobs {"name": "Each minute", "agent_id": "bot", "schedule": {"type": "cron", "expression": "* * * * *", "timezone": "UTC"},
	"delivery": {"channel": "webhook:${hook}/told"}}
-> 201
fail main cp10
clock 2030-01-07T12:01:00Z
died
sql select count(*) from run_history == 1
sql select count(*) || ' ' || count(taken_at) from aftermath == 1 1
sql select (select count(*) from message) + (select count(*) from standing) + (select count(*) from rollup) + (select count(*) from rollup_duration) == 0
restart
advance 11s
hook <- POST /told within 3s
sql select count(*) from aftermath == 0
sql select streak from standing == 1
sql select sum(completed) from rollup == 2
sql select sum(runs) from rollup_duration == 2
sql select count(*) from message == 1
# after the commit: it is all there, and nothing comes twice
fail main cp11
clock 2030-01-07T12:02:00Z
died
sql select count(*) from aftermath == 0
restart
hook <- POST /told within 3s
advance 11s
hook count /told == 2
sql select streak from standing == 2
sql select sum(completed) from rollup == 4
sql select sum(runs) from rollup_duration == 4
sql select count(*) from message == 2
# what ended before the run that completed is late: it counts, but is no failure in a row
sql with h as (insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, reason, scheduled_for, overlap, attempt, excused, token, created_at, started_at, finished_at) select bucket, tenant_id, gen_random_uuid(), kind, schedule_id, template_id, 2, 4, 'timeout', scheduled_for, 2, 1, 0, 1, created_at, '2030-01-07T12:01:30Z'::timestamptz - interval '1 second', '2030-01-07T12:01:30Z'::timestamptz from (select * from run_history limit 1) r, generate_series(1, 10) i returning *) insert into aftermath select bucket, tenant_id, id, finished_at from h
eventually sql select sum(failed) from rollup == 20
sql select failures || ' ' || streak from standing == 0 2
# two processes at once at the consequences of 3,000 failed runs: each counts once, and the job is given up once
server B
eventually @B GET /readyz -> 200
sql with h as (insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, reason, scheduled_for, overlap, attempt, excused, token, created_at, started_at, finished_at) select bucket, tenant_id, gen_random_uuid(), kind, schedule_id, template_id, 2, 4, 'timeout', scheduled_for, 2, 1, 0, 1, created_at, ('2030-01-07T12:02:05Z'::timestamptz + i * interval '1 millisecond') - interval '1 second', ('2030-01-07T12:02:05Z'::timestamptz + i * interval '1 millisecond') from (select * from run_history limit 1) r, generate_series(1, 3000) i returning *) insert into aftermath select bucket, tenant_id, id, finished_at from h
eventually sql select count(*) from aftermath == 0
sql select failures || ' ' || streak from standing == 3000 -3000
sql select string_agg(completed || ' ' || failed, ', ') from rollup == 2 3010, 2 3010
sql select sum(runs) from rollup_duration == 6024
sql select string_agg(state || ' ' || total, ', ') from schedule_total where kind = 2 and total <> 0 == 5 1
sql select count(*) from message == 2
