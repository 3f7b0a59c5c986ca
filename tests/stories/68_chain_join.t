# Two roots, one child: who joins which chain run, in which order news may come, what is closed. News are put into the
# table as the engine does, so that their order is ours.
clock 2030-01-01T12:00:00Z
server
POST /api/agents {"id": "any", "name": "Any", "kind": "webhook", "endpoint": {"url": "${hook}/any"}}
-> 201
POST /api/scheduler/jobs {"name": "A", "agent_id": "any", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save a = .id
POST /api/scheduler/jobs {"name": "B", "agent_id": "any", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save b = .id
POST /api/scheduler/jobs {"name": "C", "agent_id": "any", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save c = .id
POST /api/scheduler/chains {"name": "Join", "jobs": ["${a}", "${b}", "${c}"], "edges": [
	{"from": "${a}", "to": "${c}", "type": "on_success"}, {"from": "${b}", "to": "${c}", "type": "on_success"}]}
-> 201
save chain = .id
sql create function news(id int, job text, run int, what int, into_run uuid default null) returns void language sql as $$ insert into chain_event select c.bucket, c.tenant_id, lpad(news.id::text, 32, '0')::uuid, c.id, into_run, s.id, lpad(news.run::text, 32, '7')::uuid, news.what, c.created_at from chain c, schedule s where s.name = news.job $$
sql create function made(job text) returns bigint language sql as $$ select count(*) from occurrence o join schedule s on s.id = o.schedule_id where s.name = job $$
# one process: an end is known before its beginning, and the other root joins
sql select news(1, 'A', 1, 3), news(2, 'A', 1, 2)
eventually sql select count(*) from chain_event == 0
GET /api/scheduler/chains/${chain}/runs -> 200  .count == 1  .runs[0].jobs[0].status == completed  .runs[0].jobs[1].status == pending
	.runs[0].jobs[2].status == pending  .runs[0].status == running  .runs[0].jobs[2].run_id == null
sql select open from chain_run == t
sql select news(3, 'B', 2, 2)
eventually GET /api/scheduler/chains/${chain} -> 200  .latest_run.jobs[1].status == running
sql select made('C') == 0
sql select news(4, 'B', 2, 3)
eventually sql select made('C') == 1
sql select string_agg(trigger || ' ' || overlap || ' ' || (chain_run_id = (select id from chain_run)) || ' ' || (scheduled_for > now()), '') from (select trigger, overlap, chain_run_id, scheduled_for from run union all select trigger, overlap, chain_run_id, scheduled_for from run_history) r == 3 2 true true
# news twice, and of a run that began before there was a chain: nothing
sql select news(5, 'B', 2, 2), news(6, 'B', 2, 3), news(7, 'A', 9, 3)
eventually sql select count(*) from chain_event == 0
sql select count(*) || ' ' || max(runs) from chain_run, (select runs from chain) c == 1 1
# A twice without B: the second begins anew, and the first is over; B then belongs to the second
sql select news(10, 'A', 10, 2), news(11, 'A', 10, 3), news(12, 'A', 11, 2), news(13, 'B', 12, 2)
eventually sql select count(*) from chain_event == 0
GET /api/scheduler/chains/${chain}/runs?limit=2 -> 200  .count == 3  #.runs == 2  .runs[0].jobs[0].status == running  .runs[0].jobs[1].status == running
	.runs[1].status == completed  .runs[1].jobs[0].status == completed  .runs[1].jobs[1].status == skipped  .runs[1].jobs[2].status == skipped
sql select count(*) from chain_run where open == 0
# a fan-in: twenty that end at once, with two processes: the child runs once, with what each brought back
server B
POST /api/agents {"id": "many", "name": "Many", "kind": "webhook", "endpoint": {"url": "${hook}/many"}}
-> 201
POST /api/agents {"id": "last", "name": "Last", "kind": "webhook", "endpoint": {"url": "${hook}/last"}}
-> 201
POST /api/scheduler/jobs {"name": "Last", "agent_id": "last", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save last = .id
hook answers /many 200  delay 500ms  body {"v": 7}
repeat 20 POST /api/scheduler/jobs {"name": "P${i}", "agent_id": "many", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
GET /api/scheduler/jobs?limit=20 -> 200
save p0 = .jobs[0].id
save p1 = .jobs[1].id
save p2 = .jobs[2].id
save p3 = .jobs[3].id
save p4 = .jobs[4].id
save p5 = .jobs[5].id
save p6 = .jobs[6].id
save p7 = .jobs[7].id
save p8 = .jobs[8].id
save p9 = .jobs[9].id
save p10 = .jobs[10].id
save p11 = .jobs[11].id
save p12 = .jobs[12].id
save p13 = .jobs[13].id
save p14 = .jobs[14].id
save p15 = .jobs[15].id
save p16 = .jobs[16].id
save p17 = .jobs[17].id
save p18 = .jobs[18].id
save p19 = .jobs[19].id
POST /api/scheduler/chains {"name": "Fan in", "jobs": ["${p0}", "${p1}", "${p2}", "${p3}", "${p4}", "${p5}", "${p6}", "${p7}", "${p8}", "${p9}", "${p10}", "${p11}", "${p12}", "${p13}", "${p14}", "${p15}", "${p16}", "${p17}", "${p18}", "${p19}", "${last}"], "edges": [
	{"from": "${p0}", "to": "${last}", "type": "on_success"}, {"from": "${p1}", "to": "${last}", "type": "on_success"}, {"from": "${p2}", "to": "${last}", "type": "on_success"}, {"from": "${p3}", "to": "${last}", "type": "on_success"},
	{"from": "${p4}", "to": "${last}", "type": "on_success"}, {"from": "${p5}", "to": "${last}", "type": "on_success"}, {"from": "${p6}", "to": "${last}", "type": "on_success"}, {"from": "${p7}", "to": "${last}", "type": "on_success"},
	{"from": "${p8}", "to": "${last}", "type": "on_success"}, {"from": "${p9}", "to": "${last}", "type": "on_success"}, {"from": "${p10}", "to": "${last}", "type": "on_success"}, {"from": "${p11}", "to": "${last}", "type": "on_success"},
	{"from": "${p12}", "to": "${last}", "type": "on_success"}, {"from": "${p13}", "to": "${last}", "type": "on_success"}, {"from": "${p14}", "to": "${last}", "type": "on_success"}, {"from": "${p15}", "to": "${last}", "type": "on_success"},
	{"from": "${p16}", "to": "${last}", "type": "on_success"}, {"from": "${p17}", "to": "${last}", "type": "on_success"}, {"from": "${p18}", "to": "${last}", "type": "on_success"}, {"from": "${p19}", "to": "${last}", "type": "on_success"}]}
-> 201
save fan = .id
POST /api/scheduler/chains/${fan}/trigger
-> 202  #.run_ids == 20
hook <- POST /last within 5s  .context.parents.${p0}.output.v == 7  .context.parents.${p10}.output.v == 7  .context.parents.${p19}.output.v == 7
	.context.parents.${p19}.status == completed  body =~ ("status":"completed".*){20}
eventually GET /api/scheduler/chains/${fan} -> 200  .latest_run.status == completed
hook count /last == 1
hook count /many == 20
sql select made('Last') == 1
# and again and again, by both
hook answers /many 200
hook answers /last 200
POST /api/scheduler/chains {"name": "Eight", "jobs": ["${p0}", "${p1}", "${p2}", "${p3}", "${p4}", "${p5}", "${p6}", "${last}"], "edges": [
	{"from": "${p0}", "to": "${last}", "type": "on_success"},
	{"from": "${p1}", "to": "${last}", "type": "on_success"},
	{"from": "${p2}", "to": "${last}", "type": "on_success"},
	{"from": "${p3}", "to": "${last}", "type": "on_success"},
	{"from": "${p4}", "to": "${last}", "type": "on_success"},
	{"from": "${p5}", "to": "${last}", "type": "on_success"},
	{"from": "${p6}", "to": "${last}", "type": "on_success"}]}
-> 201
save eight = .id
repeat 2 @main POST /api/scheduler/chains/${eight}/trigger
repeat 2 @B POST /api/scheduler/chains/${eight}/trigger
eventually sql select count(*) from chain_run where state = 3 and chain_id = (select id from chain where name = 'Eight') == 4
repeat 2 @main POST /api/scheduler/chains/${eight}/trigger
repeat 2 @B POST /api/scheduler/chains/${eight}/trigger
eventually sql select count(*) from chain_run where state = 3 and chain_id = (select id from chain where name = 'Eight') == 8
repeat 2 @main POST /api/scheduler/chains/${eight}/trigger
repeat 2 @B POST /api/scheduler/chains/${eight}/trigger
eventually sql select count(*) from chain_run where state = 3 and chain_id = (select id from chain where name = 'Eight') == 12
repeat 2 @main POST /api/scheduler/chains/${eight}/trigger
repeat 2 @B POST /api/scheduler/chains/${eight}/trigger
eventually sql select count(*) from chain_run where state = 3 and chain_id = (select id from chain where name = 'Eight') == 16
hook count /last == 17
sql select made('Last') == 17
sql select count(*) from chain_event == 0
# two roots at the same minute, of two processes: one chain run for both, each minute
POST /api/scheduler/jobs {"name": "R1", "agent_id": "many", "schedule": {"type": "cron", "expression": "* * * * *", "timezone": "UTC"}}
-> 201
save r1 = .id
POST /api/scheduler/jobs {"name": "R2", "agent_id": "many", "schedule": {"type": "cron", "expression": "* * * * *", "timezone": "UTC"}}
-> 201
save r2 = .id
POST /api/scheduler/jobs {"name": "Both", "agent_id": "last", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save both = .id
POST /api/scheduler/chains {"name": "Minutes", "jobs": ["${r1}", "${r2}", "${both}"], "edges": [
	{"from": "${r1}", "to": "${both}", "type": "on_success"}, {"from": "${r2}", "to": "${both}", "type": "on_success"}]}
-> 201
save minutes = .id
advance 1m
eventually sql select made('Both') == 1
advance 1m
eventually sql select made('Both') == 2
advance 1m
eventually sql select made('Both') == 3
advance 1m
eventually sql select made('Both') == 4
eventually sql select count(*) from chain_run where state = 3 and chain_id = (select id from chain where name = 'Minutes') == 4
GET /api/scheduler/chains/${minutes}/runs?limit=1 -> 200  .count == 4  .runs[0].trigger == schedule
sql select made('R1') || ' ' || made('R2') || ' ' || made('Both') == 4 4 4
# news of both roots of many chains, worked off by two processes side by side: nobody begins twice
sql insert into chain (bucket, tenant_id, id, name, definition, created_at, updated_at) select bucket, tenant_id, lpad(i::text, 32, '0')::uuid, 'copy', definition, created_at, updated_at from chain, generate_series(1, 300) i where name = 'Join'
sql insert into chain_event (bucket, tenant_id, id, chain_id, schedule_id, run_id, state, at) select c.bucket, c.tenant_id, lpad((1 + 200 * ((i - 1) / 100) + 100 * which + (i - 1) % 100)::text, 32, '0')::uuid, c.id, s.id, gen_random_uuid(), 2, c.created_at from generate_series(1, 300) i join chain c on c.id = lpad(i::text, 32, '0')::uuid, (values (0, 'A'), (1, 'B')) r(which, job), schedule s where s.name = r.job
eventually sql select count(*) from chain_event == 0
sql select count(*) || ' ' || count(distinct chain_id) || ' ' || count(*) filter (where open) from chain_run where chain_id in (select id from chain where name = 'copy') == 300 300 0
