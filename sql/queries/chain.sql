-- name: chain_jobs_known :many
-- args: bucket int2, tenant uuid, ids uuid[]
-- rows: id uuid
-- Which of these are the tenant's jobs.
select s.id from unnest($ids) i(id)
cross join lateral (select id, tenant_id, kind, state from schedule where bucket = $bucket and id >= i.id
	order by id limit 1) s
where s.id = i.id and s.tenant_id = $tenant and s.kind = 2 and s.state <> 3;

-- name: chain_insert :one
-- args: bucket int2, tenant uuid, id uuid, name text, definition text, jobs uuid[], roots bool[], most int4
-- args: now timestamptz
-- rows: is_full bool, wrote text
with crowd as materialized (
	select count(*) >= $most as is_full
	from (select 1 from chain where bucket = $bucket and tenant_id = $tenant and deleted_at is null limit $most) live),
made as (
	insert into chain (bucket, tenant_id, id, name, definition, created_at, updated_at)
	select $bucket, $tenant, $id, $name, $definition, $now, $now from crowd where not is_full),
jobs as (
	insert into chain_job (bucket, tenant_id, schedule_id, chain_id, is_root)
	select $bucket, $tenant, j.id, $id, j.is_root from crowd cross join unnest($jobs, $roots) j(id, is_root)
	where not is_full)
select is_full, case when not is_full then set_config('carillon.wrote', $id::text, true) end from crowd;

-- name: chain_get :many
-- args: bucket int2, tenant uuid, id uuid
-- rows: id uuid, name text, definition text, runs int8, created_at timestamptz, updated_at timestamptz
select c.id, c.name, c.definition, c.runs, c.created_at, c.updated_at
from (select * from chain where bucket = $bucket and id >= $id order by id limit 1) c
where c.id = $id and c.tenant_id = $tenant and c.deleted_at is null;

-- name: chain_page :many
-- args: bucket int2, tenant uuid, skip int4, most int4
-- rows: id uuid, name text, definition text, runs int8, created_at timestamptz, updated_at timestamptz
select id, name, definition, runs, created_at, updated_at from chain
where bucket = $bucket and tenant_id = $tenant and deleted_at is null
order by created_at desc limit $most offset $skip;

-- name: chain_count :one
-- args: bucket int2, tenant uuid
-- rows: total int8
select count(*) from chain where bucket = $bucket and tenant_id = $tenant and deleted_at is null;

-- name: chain_delete :many
-- args: bucket int2, tenant uuid, id uuid, event uuid, now timestamptz
-- rows: updated_at timestamptz, wrote text
-- Chain runs under way go on, but nobody joins them any more: the event (1) says so to the one that waits for a root.
with gone as (
	update chain set deleted_at = $now, updated_at = $now
	where ctid = (select ctid from chain where bucket = $bucket and id >= $id order by id limit 1)
		and id = $id and tenant_id = $tenant and deleted_at is null
	returning *),
left_by as (
	delete from chain_job where bucket = $bucket and chain_id = $id and exists (select 1 from gone)),
closes as (
	insert into chain_event (bucket, tenant_id, id, chain_id, chain_run_id, schedule_id, run_id, state, at)
	select r.bucket, r.tenant_id, $event, r.chain_id, r.id, r.id, r.id, 1, $now
	from gone cross join lateral (select * from chain_run where bucket = $bucket and chain_id = $id and state = 2 and open
		limit 1) r)
select updated_at, set_config('carillon.wrote', id::text, true) from gone;

-- name: chain_names :many
-- args: bucket int2, chain uuid
-- rows: job uuid, name text
-- Its jobs, as they are called now.
select j.schedule_id, s.name from chain_job j
cross join lateral (select id, name from schedule where bucket = $bucket and id >= j.schedule_id order by id limit 1) s
where j.bucket = $bucket and j.chain_id = $chain and s.id = j.schedule_id;

-- name: chain_run_page :many
-- args: bucket int2, tenant uuid, chain uuid, skip int4, most int4
-- rows: id uuid, state int2, trigger int2, definition text, nodes text, started_at timestamptz, finished_at timestamptz
select id, state, trigger, definition, nodes, started_at, finished_at from chain_run
where bucket = $bucket and chain_id = $chain and tenant_id = $tenant
order by started_at desc, id desc limit $most offset $skip;

-- name: chain_run_count :one
-- args: bucket int2, chain uuid, most int4
-- rows: total int8
select count(*) from (select 1 from chain_run where bucket = $bucket and chain_id = $chain limit $most) runs;

-- name: chain_event_take :many
-- args: now timestamptz, stale timestamptz, latest timestamptz, held timestamptz, most int4
-- rows: bucket int2, tenant uuid, id uuid, chain_id uuid, chain_run_id uuid, schedule_id uuid, run_id uuid, state int2
-- rows: at timestamptz
-- News that nobody works on: not taken, taken long ago (or in a time to come: the clock was set back), or by the asker,
-- who did not finish (held).
with t as (
	update chain_event set taken_at = $now
	where ctid = any(array(select ctid from chain_event
		where taken_at is null or taken_at < $stale or taken_at > $latest or taken_at = $held
		order by id limit $most for update skip locked))
	returning *)
select bucket, tenant_id, id, chain_id, chain_run_id, schedule_id, run_id, state, at from t order by id, chain_id;

-- name: chain_run_find :many
-- args: bucket int2, id uuid
-- rows: id uuid, rev int8, state int2, definition text, nodes text
select r.id, r.rev, r.state, r.definition, r.nodes
from (select * from chain_run where bucket = $bucket and id >= $id order by id limit 1) r where r.id = $id;

-- name: chain_begin_find :many
-- args: bucket int2, tenant uuid, chain uuid, run uuid, since timestamptz
-- rows: definition text, runs int8, deleted bool, trigger int2, has_begun bool
-- For a root's run: its chain, why it runs, and whether it has begun: the news of that are still to come, or it ended
-- completed or failed (perhaps before its agent was called). $since: the instant inside the run's id.
select c.definition, c.runs, c.deleted_at is not null, coalesce(r.trigger, h.trigger, 1::int2),
	exists (select 1 from chain_event e
		where e.bucket = $bucket and e.run_id = $run and e.chain_id = $chain and e.state = 2)
		or coalesce(h.state in (3, 4) and h.created_at >= c.created_at, false)
from (select * from chain where bucket = $bucket and id >= $chain order by id limit 1) c
left join lateral (select trigger from run where bucket = $bucket and tenant_id = $tenant and id = $run limit 1) r
	on true
left join lateral (select trigger, state, created_at from run_history where bucket = $bucket and id = $run and finished_at >= $since
	order by finished_at limit 1) h on r.trigger is null
where c.id = $chain;

-- name: chain_run_of :many
-- args: bucket int2, chain uuid, run uuid
-- rows: id uuid, rev int8, state int2, definition text, nodes text, holds bool
-- The chain run that has this root's run (news may come twice), and the one that waits for a root; which may be the same.
(select r.id, r.rev, r.state, r.definition, r.nodes, true
	from (select chain_run_id from chain_run_root where bucket = $bucket and run_id = $run and chain_id = $chain limit 1) j
	cross join lateral (select * from chain_run where bucket = $bucket and id >= j.chain_run_id order by id limit 1) r
	where r.id = j.chain_run_id)
union all
(select id, rev, state, definition, nodes, false from chain_run
	where bucket = $bucket and chain_id = $chain and state = 2 and open limit 1);

-- name: chain_write :one
-- args: bucket int2, tenant uuid, chain uuid, events uuid[], overtaken uuid, ids uuid[], revs int8[], states int2[]
-- args: nodes text[], opens bool[], finished timestamptz[], new uuid, was int8, new_trigger int2, new_definition text
-- args: new_nodes text, new_state int2, new_open bool, new_finished timestamptz, run_ids uuid[], run_jobs uuid[]
-- args: run_chains uuid[], slots timestamptz[], root_run uuid, root_chain_run uuid, now timestamptz
-- rows: done bool, wrote text
-- What news lead to, or nothing when somebody else was there first: the news are still there, the chain runs are at the
-- revision that was read, and (new) the chain has begun as many as when it was read; was < 0: however many. Then: the
-- news are gone, the chain runs have moved, a new one has begun, the children have their runs. overtaken: a run of a
-- root whose end was known before its beginning; the news of that are void. root_run: a root's that joins root_chain_run.
with here as materialized (
	select id from chain_event where bucket = $bucket and chain_id = $chain and id = any($events) for update),
old as materialized (
	select r.ctid as place, f.state, f.nodes, f.open, f.finished
	from unnest($ids, $revs, $states, $nodes, $opens, $finished) f(id, rev, state, nodes, open, finished)
	cross join lateral (select x.ctid as place from chain_run x where x.bucket = $bucket and x.id >= f.id
		order by x.id limit 1) p
	join chain_run r on r.ctid = p.place and r.id = f.id and r.rev = f.rev
	for update of r),
begun as materialized (
	select ctid as place from chain
	where $new is not null
		and ctid = (select ctid from chain where bucket = $bucket and id >= $chain order by id limit 1)
		and id = $chain and deleted_at is null and ($was < 0 or runs = $was)
	for update),
ok as materialized (
	select 1 as yes where (select count(*) from here) = cardinality($events) and (select count(*) from old) = cardinality($ids)
		and (select count(*) from begun) = ($new is not null)::int),
gone as (
	delete from chain_event where bucket = $bucket and chain_id = $chain
		and id = any($events) and exists (select 1 from ok)),
void as (
	delete from chain_event where bucket = $bucket and run_id = $overtaken and chain_id = $chain and state = 2
		and id <> all($events) and exists (select 1 from ok)),
moved as (
	update chain_run r set rev = rev + 1, state = o.state, nodes = o.nodes, open = o.open, finished_at = o.finished
	from old o cross join ok where r.ctid = o.place),
counted as (
	update chain c set runs = runs + 1 from begun b cross join ok where c.ctid = b.place),
made as (
	insert into chain_run (bucket, tenant_id, id, chain_id, rev, state, trigger, definition, nodes, open, started_at,
		finished_at)
	select $bucket, $tenant, $new, $chain, 1, $new_state, $new_trigger, $new_definition, $new_nodes, $new_open, $now,
		$new_finished
	from ok where $new is not null),
children as materialized (
	select w.id, w.job, w.chain_run, w.slot, s.kind, s.template_id
	from ok cross join unnest($run_ids, $run_jobs, $run_chains, $slots) w(id, job, chain_run, slot)
	cross join lateral (select id, tenant_id, kind, template_id from schedule where bucket = $bucket and id >= w.job
		order by id limit 1) s
	where s.id = w.job and s.tenant_id = $tenant),
named as (
	insert into occurrence (bucket, schedule_id, scheduled_for, run_id) select $bucket, job, slot, id from children),
joined as (
	insert into chain_run_root (bucket, run_id, chain_id, chain_run_id, joined_at)
	select $bucket, $root_run, $chain, $root_chain_run, $now from ok where $root_run is not null),
runs as (
	insert into run (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, scheduled_for, ready_at, overlap,
		attempt, excused, token, created_at, chain_run_id)
	select $bucket, $tenant, id, kind, job, template_id, 3, 1, slot, $now, 2, 0, 0, 0, slot, chain_run from children)
select exists (select 1 from ok),
	case when exists (select 1 from ok) and $new is not null then set_config('carillon.wrote', $new::text, true) end;
