-- :count completed tasks of the newest schedule in history, as if they had been delivered during the last minutes,
-- and their totals. Ids are time-ordered like the server's own.
with one as (
	select bucket, tenant_id, id, kind, template_id from schedule order by id desc limit 1
), rows as (
	select g, clock_timestamp() - (:count - g) * interval '0.1 ms' as at from generate_series(1, :count) g
)
insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, scheduled_for,
	overlap, attempt, excused, token, created_at, started_at, finished_at)
select bucket, tenant_id,
	(lpad(to_hex((extract(epoch from at) * 1000)::int8), 12, '0') || '7' || substr(md5(g::text), 1, 3) || '8'
		|| substr(md5(g::text), 4, 15))::uuid,
	kind, id, template_id, 1, 3, date_trunc('milliseconds', at), 1, 1, 0, 1, at - interval '1 s', at, at
from one, rows;

insert into tally as t (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed, last_at)
select bucket, tenant_id, x.id, :count, 0, 0, 0, 0, :count, clock_timestamp()
from (select bucket, tenant_id, id, kind from schedule order by id desc limit 1) s,
	lateral (values (s.id), (('00000000-0000-0000-0000-' || lpad(to_hex(s.kind::int), 12, '0'))::uuid)) x(id)
on conflict (bucket, tenant_id, schedule_id) do update
	set completed = t.completed + excluded.completed, executed = t.executed + excluded.executed, last_at = excluded.last_at;

vacuum analyze run_history;
vacuum analyze tally;
