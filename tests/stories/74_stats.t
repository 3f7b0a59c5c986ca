# Statistics, the engine's status and the calendar: from sums that are kept when a run ends, not from history.
clock 2030-06-14T22:30:00Z
server
GET /api/scheduler/stats
-> 200  .total_jobs == 0  .active_jobs == 0  .total_runs_today == 0  .success_rate == null  .avg_duration_seconds == null
	.p50_duration_seconds == null  .p95_duration_seconds == null  .jobs_by_status == {}  .runs_by_status.completed == 0
	.timezone == UTC
GET /api/scheduler/stats?timezone=Nowhere -> 422  .code == timezone_unknown  .details[0].field == timezone
GET /api/scheduler/stats?zone=UTC -> 422  .code == unknown_field
GET /api/scheduler/status
-> 200  .running == true  .tick_interval_seconds == 1  .jobs_checked_last_tick == 0  .next_tick_at exists
	.node_id =~ ^node_  .runs_held == 0  .runs_in_flight == 0
# --- three jobs
POST /api/agents {"id": "writer", "endpoint": {"url": "${hook}/agent"}}
-> 201
POST /api/scheduler/jobs {"name": "Daily", "goal": "x", "agent_id": "writer",
	"schedule": {"type": "cron", "expression": "0 9 * * *", "timezone": "Europe/Berlin"}}
-> 201
save daily = .id
POST /api/scheduler/jobs {"name": "Dense", "goal": "x", "agent_id": "writer",
	"schedule": {"type": "every", "interval": 60}}
-> 201
save dense = .id
POST /api/scheduler/jobs {"name": "Off", "goal": "x", "agent_id": "writer",
	"schedule": {"type": "cron", "expression": "0 10 * * *"}}
-> 201
save off = .id
POST /api/scheduler/jobs/${off}/pause -> 200
GET /api/scheduler/stats -> 200  .total_jobs == 3  .active_jobs == 2  .jobs_by_status == {"active": 2, "paused": 1}
GET /api/scheduler/jobs/${daily}/stats
-> 200  .job_id == ${daily}  .total_runs == 0  .success_rate == null  .last_run == null  .last_error == null
	.current_streak.outcome == null  .current_streak.length == 0  .consecutive_failures == 0
	.next_run == "2030-06-15T09:00:00+02:00"  .timezone == Europe/Berlin  #.days == 30  .days[29].date == 2030-06-15
	.days[0].date == 2030-05-17
GET /api/scheduler/jobs/job_00000000000000000000000001/stats -> 404
# --- a run that goes well and one that does not
hook answers /agent 200,500
POST /api/scheduler/jobs/${daily}/trigger -> 202
save first = .run_id
eventually GET /api/scheduler/jobs/${daily}/stats
-> 200  .runs_by_status.completed == 1  .success_rate == 1  .current_streak == {"outcome": "completed", "length": 1}
	.last_run.run_id == ${first}  .last_run.status == completed  .days[29].completed == 1  .p50_duration_seconds exists
	.avg_duration_seconds exists
advance 1s
POST /api/scheduler/jobs/${daily}/trigger -> 202
save second = .run_id
eventually GET /api/scheduler/jobs/${daily}/stats
-> 200  .runs_by_status.failed == 1  .success_rate == 0.5  .current_streak == {"outcome": "failed", "length": 1}
	.consecutive_failures == 1  .last_error.run_id == ${second}  .last_error.code exists  .total_runs == 2
	.last_error.at =~ ^2030-06-14T22:30:01  .days[29].failed == 1
eventually GET /api/scheduler/stats
-> 200  .total_runs_today == 2  .success_rate == 0.5  .runs_by_status.completed == 1  .runs_by_status.failed == 1
# --- what was before: 998 good ones ten days ago (3 s each), one expired, two skipped; and some too long ago to count
sql insert into rollup select bucket, tenant_id, s, '2030-06-05T10:00:00Z', 998, 0, 0, 1, 2, 998 * 3000000::int8 from schedule, unnest(array[id, '00000000-0000-0000-0000-000000000002']) s where name = 'Daily'
sql insert into rollup select bucket, tenant_id, id, '2030-05-14T10:00:00Z', 0, 500, 0, 0, 0, 0 from schedule where name = 'Daily'
sql insert into rollup_duration select bucket, tenant_id, id, '2030-06-05', slot, n from schedule, (values (92, 900), (120, 98)) v(slot, n) where name = 'Daily'
GET /api/scheduler/jobs/${daily}/stats
-> 200  .success_rate == 0.998  .days[19] == {"date": "2030-06-05", "completed": 998, "failed": 1, "cancelled": 0, "skipped": 2}
	.p50_duration_seconds > 2.7  .p50_duration_seconds < 3  .p95_duration_seconds > 30  .avg_duration_seconds > 2.9
	.runs_by_status.completed == 1
# today is the zone's: in Berlin it is the 15th, in New York the 14th since 04:00 UTC
sql insert into rollup select bucket, tenant_id, '00000000-0000-0000-0000-000000000002', '2030-06-14T05:00:00Z', 7, 0, 0, 0, 0, 0 from schedule where name = 'Daily'
GET /api/scheduler/stats?timezone=Europe/Berlin -> 200  .total_runs_today == 2
GET /api/scheduler/stats?timezone=America/New_York -> 200  .total_runs_today == 9
GET /api/scheduler/jobs/${daily}/stats?timezone=America/New_York
-> 200  .timezone == America/New_York  .days[29].date == 2030-06-14  .next_run == "2030-06-15T03:00:00-04:00"
# --- the calendar: what was, what is to come; a minutely job is one event a day and hides nobody
GET /api/scheduler/calendar-data?from=2030-06-14&to=2030-06-18&timezone=Europe/Berlin
-> 200  .timezone == Europe/Berlin  .from == "2030-06-14T00:00:00+02:00"  .to == "2030-06-18T00:00:00+02:00"  .truncated == false
	.events[run_id=${first}].type == run  .events[run_id=${first}].status == completed  .events[run_id=${first}].title == Daily
	.events[run_id=${second}].status == failed  .events[run_id=${second}].failed == 1
	.events[start=2030-06-15T09:00:00+02:00].type == planned  .events[start=2030-06-15T09:00:00+02:00].status == scheduled
	.events[start=2030-06-15T09:00:00+02:00].job_id == ${daily}  .events[start=2030-06-15T09:00:00+02:00].run_id == null
	.events[start=2030-06-16T00:00:00+02:00].job_id == ${dense}  .events[start=2030-06-16T00:00:00+02:00].count == 1440
	.events[start=2030-06-16T00:00:00+02:00].end == "2030-06-17T00:00:00+02:00"  #.events == 8
GET /api/scheduler/calendar-data?from=2030-06-14&to=2030-06-18&job_id=${off} -> 200  .events == []
GET /api/scheduler/calendar-data?job_id=${daily}&to=2030-06-16T12:00:00Z
-> 200  .from == "2030-06-14T00:00:00+00:00"  #.events == 4
GET /api/scheduler/calendar-data?job_id=job_00000000000000000000000001 -> 404
GET /api/scheduler/calendar-data?from=yesterday -> 422  .details[0].field == from  .code == invalid_time
GET /api/scheduler/calendar-data?from=2030-06-14&to=2030-06-14 -> 422  .details[0].field == to  .code == end_before_start
GET /api/scheduler/calendar-data?from=2030-06-14&to=2031-06-16 -> 422  .details[0].field == to  .code == out_of_range
GET /api/scheduler/calendar-data?limit=5001 -> 422  .details[0].field == limit
# too little room for all: shares, by the day, the latest left out
GET /api/scheduler/calendar-data?from=2030-06-15&to=2030-06-25&limit=9
-> 200  .truncated == true  #.events == 6  .events[title=Daily].type == planned  .events[title=Dense].count == 1440
# half of the share is what was
GET /api/scheduler/calendar-data?from=2030-06-14&to=2030-06-25&limit=12&job_id=${daily}
-> 200  .truncated == true  #.events == 8
# --- many runs: individually up to 24 a day, else the day
sql insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, scheduled_for, overlap, attempt, excused, token, created_at, started_at, finished_at) select bucket, tenant_id, gen_random_uuid(), 2, id, template_id, 1, 3 + (i = 5)::int, t, 1, 1, 0, 1, t, t, t from schedule, generate_series(1, 30) i, lateral (select '2030-06-12T00:00:00Z'::timestamptz + i * interval '20 minutes' t) x where name = 'Off'
sql insert into tally select bucket, tenant_id, id, 29, 1, 0, 0, 0, 30, null from schedule where name = 'Off'
sql insert into rollup select bucket, tenant_id, id, '2030-06-12T05:00:00Z', 29, 1, 0, 0, 0, 0 from schedule where name = 'Off'
GET /api/scheduler/calendar-data?from=2030-06-12&to=2030-06-13&job_id=${off}
-> 200  #.events == 1  .events[0].count == 30  .events[0].failed == 1  .events[0].status == failed  .events[0].run_id == null
	.events[0].start == "2030-06-12T00:20:00+00:00"  .events[0].end == "2030-06-13T00:00:00+00:00"
GET /api/scheduler/calendar-data?from=2030-06-12T00:00:00Z&to=2030-06-12T06:00:00Z&job_id=${off}
-> 200  #.events == 17  .events[0].count == 1  .events[0].status == completed  .events[4].status == failed
# more than the share: from the sums
GET /api/scheduler/calendar-data?from=2030-06-12&to=2030-06-13&job_id=${off}&limit=10
-> 200  #.events == 1  .events[0].count == 30  .events[0].failed == 1  .events[0].start == "2030-06-12T00:00:00+00:00"
