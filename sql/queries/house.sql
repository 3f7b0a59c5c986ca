-- name: partition_list :many
-- args:
-- rows: parent text, name text
select p.relname::text, c.relname::text from pg_inherits i
join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
join pg_namespace n on n.oid = p.relnamespace
where p.relname in ('run_history', 'attempt') and n.nspname = current_schema();

-- name: tally_forget :exec
-- args: from timestamptz, to timestamptz
-- The totals of a partition that is about to go, taken out with it in one transaction.
insert into tally as t (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed)
select bucket, tenant_id, s, -count(*) filter (where state = 3), -count(*) filter (where state = 4),
	-count(*) filter (where state = 5), -count(*) filter (where state = 6), -count(*) filter (where state = 7), 0
from run_history cross join lateral unnest(array[schedule_id, ('00000000-0000-0000-0000-00000000000' || kind)::uuid]) s
where finished_at >= $from and finished_at < $to and s is not null
group by bucket, tenant_id, s order by bucket, tenant_id, s
on conflict (bucket, tenant_id, schedule_id) do update set completed = t.completed + excluded.completed,
	failed = t.failed + excluded.failed, cancelled = t.cancelled + excluded.cancelled,
	expired = t.expired + excluded.expired, skipped = t.skipped + excluded.skipped;

-- name: occurrence_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
with g as (delete from occurrence where ctid = any(array(
	select ctid from occurrence where scheduled_for < $before limit $most)) returning 1)
select count(*) from g;

-- name: run_key_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
-- A name is free again once its run's record is gone.
with g as (delete from run_key where ctid = any(array(
	select k.ctid from run_key k where k.created_at < $before and not exists (
		select 1 from run r where r.bucket = k.bucket and r.tenant_id = k.tenant_id and r.id = k.run_id)
	limit $most)) returning 1)
select count(*) from g;

-- name: skip_forget :exec
-- args: before timestamptz
delete from skip where created_at < $before;

-- name: partition_create :ddl
create table if not exists $name partition of $parent for values from ('$from') to ('$to');

-- name: partition_drop :ddl
drop table if exists $name;
