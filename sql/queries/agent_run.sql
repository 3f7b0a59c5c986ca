-- Runs of jobs: what a call to an agent needs to know, and those whose agent reports later.

-- name: agent_load :many
-- args: bucket int2, tenant uuid, id uuid, claim uuid, schedule uuid, agent text, payload bool
-- rows: agent_kind int2, agent_definition text, state int2, name text, zone text, payload bytea, last_run uuid
-- rows: last_state int2, last_error text, last_finished timestamptz, failures int4, executed int8, chain_run uuid
-- rows: chain uuid, nodes text, chain_definition text, root bool
-- No row: the run is not ours any more. root: it may begin chain runs.
with mine as materialized (
	select r.chain_run_id, case when $payload then t.payload end as payload
	from run r left join lateral (select payload from template
		where bucket = r.bucket and id = r.template_id limit 1) t on true
	where r.bucket = $bucket and r.tenant_id = $tenant and r.id = $id and r.attempt_id = $claim and r.state + 0 = 2)
select coalesce(a.kind, 0::int2), a.definition, coalesce(s.state, 3::int2), s.name, s.zone, m.payload, st.last_run_id,
	coalesce(st.last_state, 0::int2), st.last_error, st.last_finished_at, coalesce(st.failures, 0),
	coalesce(t.executed, 0), m.chain_run_id, cr.chain_id, cr.nodes, cr.definition,
	m.chain_run_id is null and exists (select 1 from chain_job where bucket = $bucket and schedule_id = $schedule and is_root)
from mine m
left join lateral (select kind, definition from agent
	where bucket = $bucket and tenant_id = $tenant and name = $agent limit 1) a on true
left join lateral (select state, name, zone from schedule
	where bucket = $bucket and id = $schedule and tenant_id is not distinct from $tenant limit 1) s on true
left join lateral (select last_run_id, last_state, last_error, last_finished_at, failures from standing
	where bucket = $bucket and tenant_id = $tenant and schedule_id = $schedule limit 1) st on true
left join lateral (select executed from tally
	where bucket = $bucket and tenant_id = $tenant and schedule_id = $schedule limit 1) t on true
left join lateral (select chain_id, nodes, definition from chain_run
	where bucket = $bucket and id = m.chain_run_id limit 1) cr on true;

-- name: agent_began :exec
-- args: bucket int2, tenant uuid, id uuid, claim uuid, schedule uuid, event uuid, now timestamptz
-- A root is about to call its agent: its chains are told, those that do not know of it. (Perhaps again, after a crash:
-- chains know a run by its id.)
insert into chain_event (bucket, tenant_id, id, chain_id, schedule_id, run_id, state, at)
select $bucket, $tenant, $event, c.chain_id, $schedule, $id, 2, $now
from (select 1 from run
	where bucket = $bucket and tenant_id = $tenant and id = $id and attempt_id = $claim and state + 0 = 2) mine
cross join lateral (select chain_id from chain_job where bucket = $bucket and schedule_id = $schedule and is_root) c
where not exists (select 1 from chain_run_root where bucket = $bucket and run_id = $id and chain_id = c.chain_id);

-- name: agent_outputs :many
-- args: bucket int2, ids uuid[], sinces timestamptz[], most int4
-- rows: run_id uuid, is_json bool, bytes int4, output bytea
-- What these runs brought back, the newest of each. $sinces are the instants inside the ids.
select w.id, o.is_json and octet_length(o.output) <= $most, o.bytes, substring(o.output from 1 for $most)
from unnest($ids, $sinces) w(id, since) cross join lateral (
	select is_json, bytes, output from run_output
	where bucket = $bucket and run_id = w.id and finished_at >= w.since order by finished_at desc limit 1) o;

-- name: agent_job_names :many
-- args: bucket int2, tenant uuid, ids uuid[]
-- rows: id uuid, name text
select s.id, s.name from unnest($ids) w(id) cross join lateral (
	select id, name from schedule where bucket = $bucket and id = w.id and tenant_id is not distinct from $tenant limit 1) s;

-- name: await_due :many
-- args: now timestamptz, most int4
-- rows: bucket int2, tenant uuid, id uuid, kind int2, claim uuid, attempt int4, excused int4, began_at timestamptz
-- rows: await_until timestamptz, ready_at timestamptz, expires_at timestamptz, options text
-- Those with whom patience ends. No lock: what is written repeats the claim, so whoever is second changes nothing.
select r.bucket, r.tenant_id, r.id, r.kind, r.attempt_id, r.attempt, r.excused, r.began_at, r.await_until, r.ready_at,
	r.expires_at, coalesce(r.options, t.options)
from (select * from run where state = 8 and ready_at <= $now order by ready_at limit $most) r
left join lateral (select options from template where bucket = r.bucket and id = r.template_id limit 1) t on true;

-- name: await_grace :exec
-- args: now timestamptz, grace_us int8, me uuid, real timestamptz
-- Nobody was there to take reports for a while: patience, where it has ended or is about to, begins anew for a little. That is
-- said by the eldest of the living processes (ids are in the order of time; who is dead: node_take_over): one that joins
-- others missed nothing, and after an outage that all of them sat through one voice is enough.
update run set await_until = greatest(await_until, $now + $grace_us * interval '1 microsecond'),
	ready_at = $now + greatest($grace_us, least(heartbeat_us, extract(epoch from await_until - $now) * 1000000)::int8)
		* interval '1 microsecond'
where state = 8 and ready_at < $now + $grace_us * interval '1 microsecond'
	and not exists (select 1 from node n where n.id < $me and n.lease_until > $real
		and (n.backend_pid is null or exists (select 1 from pg_stat_activity a
			where a.pid = n.backend_pid and coalesce(a.backend_start, n.backend_start) = n.backend_start)));

-- name: await_take :exec
-- args: buckets int2[], tenants uuid[], ids uuid[], claims uuid[], readies timestamptz[], claim uuid
-- The first statement of a unit that ends attempts: these are the unit's ($claim), but for what gave a sign of life after it
-- was read, or ended.
with f as materialized (
	select f.claim, f.ready, p.place from unnest($buckets, $tenants, $ids, $claims, $readies)
		f(bucket, tenant_id, id, claim, ready)
	cross join lateral (select x.ctid as place from run x where x.bucket = f.bucket and x.tenant_id = f.tenant_id
		and x.id = f.id limit 1) p)
update run r set attempt_id = $claim from f
where r.ctid = f.place and r.attempt_id = f.claim and r.state + 0 = 8 and r.ready_at = f.ready;

-- name: await_next :one
-- args: most int4
-- rows: at timestamptz, awaited int8
-- When patience with the next one ends, and how many are awaited (at most $most are counted).
select (select min(ready_at) from run where state = 8),
	(select count(*) from (select 1 from run where state = 8 limit $most) a);

-- name: await_alive :many
-- args: bucket int2, tenant uuid, id uuid, claim uuid, now timestamptz
-- rows: ready_at timestamptz
-- A sign of life.
update run set ready_at = least(await_until, $now + heartbeat_us * interval '1 microsecond')
where bucket = $bucket and tenant_id = $tenant and id = $id and attempt_id = $claim and state + 0 = 8 and heartbeat_us > 0
returning ready_at;

-- name: report_read :many
-- args: bucket int2, tenant uuid, id uuid, token int8, since timestamptz
-- rows: kind int2, live bool, claim uuid, attempt int4, excused int4, began_at timestamptz, expires_at timestamptz
-- rows: options text, reported bool
-- The attempt that a report speaks of: as it is while it goes on (live), or whether a report ended it: only an agent's
-- 202 that came to something else than the end of our patience did. (The agent may be faster than our reading of its 202:
-- then when it began is not known better than when it was to.)
select coalesce(r.kind, 2::int2), r.id is not null, r.attempt_id, coalesce(r.attempt, 0), coalesce(r.excused, 0), r.began_at,
	r.expires_at, r.options, coalesce(h.outcome = 1 or h.error = 'agent_error', false)
from (select 1) one
left join lateral (select r.id, r.kind, r.attempt_id, r.attempt, r.excused, coalesce(r.began_at, r.ready_at) as began_at, r.expires_at,
		coalesce(r.options, t.options) as options
	from run r left join lateral (select options from template
		where bucket = r.bucket and id = r.template_id limit 1) t on true
	where r.bucket = $bucket and r.tenant_id = $tenant and r.id = $id and r.token = $token and r.state + 0 > 1 limit 1) r on true
left join lateral (select outcome, error from attempt
	where bucket = $bucket and run_id = $id and token = $token and finished_at >= $since and http_status = 202
	limit 1) h on true;

-- name: instance_ensure :exec
-- args: key bytea, now timestamptz
insert into instance (id, callback_key, created_at) values (1, $key, $now) on conflict do nothing;

-- name: instance_get :one
-- args:
-- rows: callback_key bytea
select callback_key from instance where id = 1;
