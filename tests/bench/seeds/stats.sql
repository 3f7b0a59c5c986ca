-- :count ended runs of the newest 50 jobs during the last six days, half of them of one job, as if they had been run; and all that
-- the engine adds up when a run ends, for 30 days. A tenant's activity of 12 weeks.
create temp table jobs as
	select row_number() over (order by id desc) - 1 as j, bucket, tenant_id, id, template_id
	from (select * from schedule where kind = 2 order by id desc limit 50) s;
create temp table everybody as
	select bucket, tenant_id, id from jobs
	union all select distinct bucket, tenant_id, '00000000-0000-0000-0000-000000000002'::uuid from jobs;

insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, scheduled_for,
	overlap, attempt, excused, token, created_at, started_at, finished_at)
select bucket, tenant_id,
	(lpad(to_hex((extract(epoch from at) * 1000)::int8), 12, '0') || '7' || substr(md5(g::text), 1, 3) || '8'
		|| substr(md5(g::text), 4, 15))::uuid,
	2, id, template_id, 1, 3 + (g % 50 = 0)::int, at, 1, 1, 0, 1, at, at, at + interval '2 s'
from generate_series(1, :count) g
cross join lateral (select clock_timestamp() - (:count - g) * interval '6 days' / :count as at) x
join jobs on j = case when g % 2 = 0 then 0 else g % 50 end;

insert into tally (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed, last_at)
select bucket, tenant_id, id, :count, :count / 50, 0, 0, 0, :count, clock_timestamp() from everybody
on conflict do nothing;

insert into rollup (bucket, tenant_id, schedule_id, hour, completed, failed, cancelled, expired, skipped, duration_us)
select bucket, tenant_id, id, date_trunc('hour', clock_timestamp()) - h * interval '1 hour', 140, 3, 0, 0, 0, 143 * 2000000
from everybody, generate_series(0, 30 * 24) h on conflict do nothing;

insert into rollup_duration (bucket, tenant_id, schedule_id, day, slot, runs)
select bucket, tenant_id, id, date_trunc('day', clock_timestamp()) - d * interval '1 day', slot, 80
from everybody, generate_series(0, 30) d, generate_series(60, 110) slot on conflict do nothing;

insert into standing (bucket, tenant_id, schedule_id, failures, streak, last_run_id, last_state, last_finished_at)
select bucket, tenant_id, id, 0, 49, id, 3, clock_timestamp() from jobs on conflict do nothing;

insert into activity (bucket, tenant_id, slot, requests)
select distinct bucket, tenant_id, date_trunc('hour', clock_timestamp()) - q * interval '15 minutes', 5
from jobs, generate_series(0, 12 * 672) q on conflict do nothing;

vacuum analyze run_history;
vacuum analyze tally;
vacuum analyze rollup;
vacuum analyze rollup_duration;
vacuum analyze activity;
