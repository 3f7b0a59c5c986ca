-- name: partition_list :many
-- args:
-- rows: name text, attached bool
-- By name, so that one that was detached and not yet dropped is found again.
select c.relname::text, exists (select 1 from pg_inherits i where i.inhrelid = c.oid)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relname ~ '^(run_history|attempt|run_output)_w[0-9]+$' and n.nspname = current_schema();

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

-- name: message_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
with g as (delete from message where ctid = any(array(
	select ctid from message where created_at < $before limit $most)) returning 1)
select count(*) from g;

-- name: chain_run_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
-- One that is under way outlives any number of days.
with g as (delete from chain_run where ctid = any(array(
	select ctid from chain_run where started_at < $before and state <> 2 limit $most)) returning 1),
r as (delete from chain_run_root where ctid = any(array(
	select ctid from chain_run_root where joined_at < $before limit $most)) returning 1)
select greatest((select count(*) from g), (select count(*) from r));

-- name: rollup_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
with g as (delete from rollup where ctid = any(array(
	select ctid from rollup where hour < $before limit $most)) returning 1)
select count(*) from g;

-- name: rollup_duration_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
with g as (delete from rollup_duration where ctid = any(array(
	select ctid from rollup_duration where day < $before limit $most)) returning 1)
select count(*) from g;

-- name: activity_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
with g as (delete from activity where ctid = any(array(
	select ctid from activity where slot < $before limit $most)) returning 1)
select count(*) from g;

-- name: discard_plans :ddl
discard plans;

-- name: partition_create :ddl
create table if not exists $name partition of $parent for values from ('$from') to ('$to');

-- name: partition_detach :ddl
alter table $parent detach partition $name;

-- name: partition_forget :ddl
-- The totals of a partition that is about to go, taken out with it in one transaction. It is detached by now: nothing else
-- writes to it, and dropping it locks nothing that others need.
insert into tally as t (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed)
select bucket, tenant_id, s, -count(*) filter (where state = 3), -count(*) filter (where state = 4),
	-count(*) filter (where state = 5), -count(*) filter (where state = 6), -count(*) filter (where state = 7), 0
from $name cross join lateral unnest(array[schedule_id, ('00000000-0000-0000-0000-00000000000' || kind)::uuid]) s
where s is not null
group by bucket, tenant_id, s order by bucket, tenant_id, s
on conflict (bucket, tenant_id, schedule_id) do update set completed = t.completed + excluded.completed,
	failed = t.failed + excluded.failed, cancelled = t.cancelled + excluded.cancelled,
	expired = t.expired + excluded.expired, skipped = t.skipped + excluded.skipped;

-- name: partition_drop :ddl
drop table if exists $name;
