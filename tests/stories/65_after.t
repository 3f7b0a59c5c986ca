# What follows from runs of jobs that have ended: giving up, completion, messages left out, totals.
clock 2030-01-07T12:00:00Z
server
POST /api/agents {"id": "bot", "kind": "webhook", "endpoint": {"url": "${hook}/bot"}}
-> 201
POST /api/scheduler/jobs {"name": "Fails", "goal": "fail", "agent_id": "bot",
	"schedule": {"type": "cron", "expression": "0 9 * * *", "timezone": "UTC"}}
-> 201  .status == active
save job = .id
# failures count in a row: two, and a completed run that makes them none
hook answers /bot 500
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select failures || ' ' || streak from standing == 1 -1
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select failures || ' ' || streak from standing == 2 -2
hook answers /bot 200
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select failures || ' ' || streak from standing == 0 1
sql select last_error || ' ' || (last_failed_id <> last_run_id) from standing == http_status true
# five in a row: given up, and not woken any more
hook answers /bot 500
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select failures from standing == 1
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select failures from standing == 2
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select failures from standing == 3
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select failures from standing == 4
GET /api/scheduler/jobs/${job} -> 200  .status == active
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually GET /api/scheduler/jobs/${job} -> 200  .status == failed
sql select failures || ' ' || streak from standing == 5 -5
sql select wake_at is null from schedule == t
sql select string_agg(state || ' ' || total, ', ' order by state) from schedule_total where kind = 2 and total <> 0 == 5 1
eventually log has schedule.given_up
metric carillon_schedules_given_up_total == 1
# resumed: what failed before does not count any more, even when its consequences come late
advance 1s
POST /api/scheduler/jobs/${job}/resume -> 200  .status == active
sql select failures from standing == 0
sql insert into aftermath select bucket, tenant_id, id, finished_at from run_history where state = 4
eventually sql select count(*) from aftermath == 0
sql select failures from standing == 0
advance 1s
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select failures from standing == 1
GET /api/scheduler/jobs/${job} -> 200  .status == active
# an `at` job is completed when its run has ended, whatever came of it
POST /api/scheduler/jobs {"name": "Once", "agent_id": "bot", "schedule": {"type": "at", "datetime": "2030-01-07T12:01:00Z"}}
-> 201  .status == active
save once = .id
clock 2030-01-07T12:01:00Z
eventually GET /api/scheduler/jobs/${once} -> 200  .status == completed
sql select string_agg(state || ' ' || total, ', ' order by state) from schedule_total where kind = 2 and total <> 0 == 1 1, 4 1
# a condition over the output decides whether it is told
POST /api/scheduler/jobs {"name": "Price", "agent_id": "bot", "schedule": {"type": "every", "interval": 3600},
	"delivery": {"channel": "webhook:${hook}/told"}, "condition": {"type": "expression", "expression": "change > 0.05"}}
-> 201
save price = .id
hook answers /bot 200  body {"change": 0.01}
POST /api/scheduler/jobs/${price}/trigger -> 202
eventually sql select state || ' ' || reason from message == 5 condition_false
hook answers /bot 200  body {"else": 1}
POST /api/scheduler/jobs/${price}/trigger -> 202
eventually sql select state || ' ' || reason || ' ' || (detail like '%change%') from message order by id desc limit 1 == 5 condition_error true
hook none /told
hook answers /bot 200  body {"change": 0.1}
POST /api/scheduler/jobs/${price}/trigger -> 202
hook <- POST /told within 3s
eventually sql select string_agg(state::text, ' ' order by id) from message == 5 5 3
# what was counted: by job and for all jobs, by the hour and in slots of the day
sql select completed || ' ' || failed from rollup where schedule_id = '00000000-0000-0000-0000-000000000002' == 4 16
sql select string_agg(completed || ' ' || failed, ', ' order by failed) from rollup where schedule_id <> '00000000-0000-0000-0000-000000000002' == 3 0, 0 1, 1 15
sql select count(*) from rollup where hour <> '2030-01-07T12:00:00Z' == 0
sql select sum(runs) from rollup_duration where schedule_id = '00000000-0000-0000-0000-000000000002' == 20
sql select count(*) from rollup_duration where day <> '2030-01-07T00:00:00Z' == 0
metric carillon_runs_settled_total == 20
# what the database refuses does not hold up what was taken with it, and is not lost
POST /api/scheduler/jobs {"name": "Refused", "agent_id": "bot", "schedule": {"type": "at", "datetime": "2030-01-07T12:10:00Z"},
	"delivery": {"channel": "webhook:${hook}/refused"}}
-> 201
POST /api/scheduler/jobs {"name": "Fine", "agent_id": "bot", "schedule": {"type": "at", "datetime": "2030-01-07T12:10:01Z"},
	"delivery": {"channel": "webhook:${hook}/fine"}}
-> 201
clock 2030-01-07T12:10:01Z
hook <- POST /refused within 5s
hook <- POST /fine within 5s
sql alter table message add constraint refused check (channel not like '%refused') not valid
sql insert into aftermath select h.bucket, h.tenant_id, h.id, h.finished_at from message m join run_history h on h.id = m.run_id where m.channel ~ 'refused|fine'
hook <- POST /fine within 5s
log has after.failed
sql select count(*) from aftermath == 1
sql alter table message drop constraint refused
advance 11s
hook <- POST /refused within 5s
eventually sql select count(*) from aftermath == 0
# an `at` job whose time passed while nobody was there, longer ago than is made up for, is over too
POST /api/scheduler/jobs {"name": "Missed", "agent_id": "bot", "schedule": {"type": "at", "datetime": "2030-01-07T12:30:00Z"}}
-> 201
save missed = .id
kill -9 main
clock 2030-01-09T12:00:00Z
restart
eventually GET /api/scheduler/jobs/${missed} -> 200  .status == completed
sql select count(*) from run_history where schedule_id = (select id from schedule where name = 'Missed') == 0
