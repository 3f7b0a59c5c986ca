-- name: run_claim :many
-- args: until timestamptz, owner uuid, claim uuid, most int4, payload_max int4, tenants uuid[], quotas int4[]
-- rows: bucket int2, tenant uuid, id uuid, kind int2, schedule_id uuid, trigger int2, scheduled_for timestamptz
-- rows: ready_at timestamptz, expires_at timestamptz, overlap int2, attempt int4, excused int4, token int8
-- rows: jitter_us int8, behind bool, url text, options text, payload bytea, payload_bytes int4
-- rows: action text, tenant_name text, organization text, plan_state int2
-- Oldest first; SKIP LOCKED, so that N processes never wait for one another. The rows are named by ctid, which a
-- prepared plan made on an empty table still finds quickly (measured: sql/README.md). With tenants (there is a backlog) it is
-- theirs, in this order, each one's oldest up to its quota, $most in all. behind: an earlier run of
-- the same schedule is still live, so overlap must be decided when the time comes. A plan's url is "action:NAME": the action
-- of that name tells url and options, as it is now; url stays as it is when there is none. Nobody else's rows are asked for that.
with c as (
	update run set state = 2, attempt = attempt + 1, token = token + 1, owner = $owner, attempt_id = $claim
	where ctid = any(array(select ctid from run where state = 1 and ready_at <= $until
			order by ready_at limit case when $tenants = '{}' then $most else 0 end for update skip locked)
		|| array(select x.place from unnest($tenants, $quotas) t(tenant, quota)
			cross join lateral (select ctid as place from run where state - 1 = 0 and tenant_id = t.tenant
				and ready_at <= $until order by ready_at limit t.quota for update skip locked) x
			limit $most))
	returning *)
select c.bucket, c.tenant_id, c.id, c.kind, c.schedule_id, c.trigger, c.scheduled_for, c.ready_at, c.expires_at,
	c.overlap, c.attempt, c.excused, c.token, c.jitter_us,
	c.schedule_id is not null and exists (select 1 from run p where p.bucket = c.bucket
		and p.schedule_id = c.schedule_id and p.scheduled_for < c.scheduled_for),
	coalesce(p.url, c.url, t.url), case when c.kind = 3 then p.options else coalesce(c.options, t.options) end,
	case when octet_length(coalesce(c.payload, t.payload)) <= $payload_max then coalesce(c.payload, t.payload) end,
	coalesce(octet_length(coalesce(c.payload, t.payload)), 0),
	case when c.kind = 3 then substr(coalesce(c.url, t.url), 8) end, p.tenant_name, p.organization,
	case when p.plan_id = c.schedule_id then p.plan_state else 0::int2 end
from c left join lateral (select url, options, payload from template
	where bucket = c.bucket and id = c.template_id limit 1) t on true
left join lateral (
	select n.name as tenant_name, o.name as organization, s.id as plan_id, s.state as plan_state, a.url, a.options
	from tenant n
	left join lateral (select name from organization where id = n.organization_id limit 1) o on true
	left join lateral (select id, state from schedule where bucket = c.bucket and id >= c.schedule_id
		order by id limit 1) s on true
	left join lateral (select url, options from action where bucket = c.bucket and tenant_id = c.tenant_id
		and name = substr(coalesce(c.url, t.url), 8) limit 1) a on true
	where c.kind = 3 and n.id = c.tenant_id limit 1) p on true
order by c.ready_at;

-- name: run_tenants :many
-- args: after uuid, most int4
-- rows: tenant uuid, ready_at timestamptz
-- Who has runs that wait, and when the first of them is ready: so many tenants behind this one, in order. One look into the
-- index for each, however many runs they have.
with recursive t(tenant_id, ready_at, n) as (
	(select tenant_id, ready_at, 1 from run
		where state - 1 = 0 and tenant_id > coalesce($after, '00000000-0000-0000-0000-000000000000')
		order by tenant_id, ready_at limit 1)
	union all
	select x.tenant_id, x.ready_at, t.n + 1 from t cross join lateral (select tenant_id, ready_at from run
		where state - 1 = 0 and tenant_id > t.tenant_id order by tenant_id, ready_at limit 1) x
	where t.n < $most)
select tenant_id, ready_at from t;

-- name: run_payload :one
-- args: bucket int2, tenant uuid, id uuid
-- rows: payload bytea
-- A body too large to keep in memory while its run waits.
select coalesce(r.payload, t.payload) from run r left join lateral (select url, options, payload from template
	where bucket = r.bucket and id = r.template_id limit 1) t on true
where r.bucket = $bucket and r.tenant_id = $tenant and r.id = $id;

-- name: run_blocked :one
-- args: bucket int2, schedule uuid, slot timestamptz, now timestamptz, known uuid[]
-- rows: executing bool, retrying bool, awaited bool, queued bool
-- Is an earlier run of the schedule under way (awaited: whose agent is to report), or between attempts (its next may be
-- claimed already)? One that is claimed for a first attempt later is not, nor is one of those the asker knows to have ended
-- (their results are on the way). queued: one whose time has come has not begun, because it waits itself: it is pending, or
-- one of several that are claimed (without overlap only one of them is under way). Behind a deleted job's run nothing waits:
-- what is left of it is cancelled as soon as it is looked at.
select coalesce(bool_or(state = 8 or state = 2 and ready_at <= $now), false),
	coalesce(bool_or((state = 1 or state = 2 and ready_at > $now) and attempt - (state - 1) > excused), false),
	coalesce(bool_or(state = 8), false),
	coalesce(bool_or(state = 1 and attempt <= excused
		and scheduled_for + jitter_us * interval '1 microsecond' <= $now), false)
		or count(*) filter (where overlap <> 2 and (state = 8 or state = 2 and ready_at <= $now)) > 1
from run where bucket = $bucket and schedule_id = $schedule and scheduled_for < $slot and id <> all($known)
	and not exists (select 1 from (select id, kind, state from schedule where bucket = $bucket and id >= $schedule
		order by id limit 1) s where s.id = $schedule and s.state = 3 and s.kind = 2);

-- name: run_finish :many
-- args: buckets int2[], tenants uuid[], ids uuid[], claims uuid[], states int2[], reasons text[], started timestamptz[]
-- args: finished timestamptz[], outcomes int2[], statuses int2[], errors text[], details text[], addresses text[]
-- args: headers bytea[], bodies bytea[], dns int4[], connect int4[], tls int4[], first int4[], total int4[]
-- args: outputs bytea[], jsons bool[], output_bytes int4[]
-- rows: id uuid
-- Ends runs: out of the live table, into history, with the attempt, the output and the totals, in one statement. A row that
-- is not returned is no longer ours: taken over, cancelled, or ended by this very statement before its answer was lost.
-- A job's or plan's run began with its first attempt. What follows it is another's work (aftermath); for one that was taken back by
-- hand meanwhile it is asked for anew. An awaited one may have others behind it, given back for a while (overlap.c): the
-- earliest looks at once.
with f as materialized (
	select f.*, p.place from unnest($buckets, $tenants, $ids, $claims, $states, $reasons, $started, $finished, $outcomes, $statuses,
		$errors, $details, $addresses, $headers, $bodies, $dns, $connect, $tls, $first, $total, $outputs, $jsons, $output_bytes)
		f(bucket, tenant_id, id, claim, end_state, reason, started, finished, outcome, status, error, detail, address,
			headers, body, dns, connect, tls, first, total, output, is_json, bytes)
	cross join lateral (select x.ctid as place from run x where x.bucket = f.bucket and x.tenant_id = f.tenant_id
		and x.id = f.id limit 1) p),
gone as (
	delete from run r using f
	where r.ctid = f.place and r.attempt_id = f.claim and r.state + 0 > 1
	returning r.*, f.end_state, f.reason, f.started, f.finished, f.outcome, f.status, f.error, f.detail, f.address,
		f.headers, f.body, f.dns, f.connect, f.tls, f.first, f.total, f.output, f.is_json, f.bytes),
called as (
	update run w set ready_at = n.finished
	from (select x.place, g.finished from gone g cross join lateral (select y.ctid as place from run y
		where y.bucket = g.bucket and y.schedule_id = g.schedule_id and y.scheduled_for > g.scheduled_for
			and y.state + 0 = 1 and y.attempt <= y.excused and y.excused < 3
			and y.scheduled_for + y.jitter_us * interval '1 microsecond' <= g.finished
		order by y.scheduled_for limit 1 for update skip locked) x where g.state = 8) n
	where w.ctid = n.place and w.ready_at > n.finished),
kept as (
	insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, reason, scheduled_for,
		expires_at, overlap, attempt, excused, token, unique_key, url, options, payload, created_at, started_at, finished_at,
		chain_run_id)
	select bucket, tenant_id, id, kind, schedule_id, template_id, trigger, end_state, reason, scheduled_for, expires_at,
		overlap, attempt - (outcome = 0)::int, excused, token, unique_key, url, options, payload, created_at,
		case when kind > 1 and attempt > 1 then coalesce((select min(a.started_at) from attempt a where a.bucket = gone.bucket
			and a.run_id = gone.id and a.finished_at >= gone.created_at), started) else started end, finished, chain_run_id
	from gone),
brought as (
	insert into run_output (bucket, run_id, finished_at, is_json, bytes, output)
	select bucket, id, finished, is_json, bytes, output from gone where output is not null),
followed as (
	insert into aftermath as m (bucket, tenant_id, run_id, finished_at)
	select bucket, tenant_id, id, finished from gone where kind > 1
	on conflict (bucket, run_id) do update set finished_at = excluded.finished_at, taken_at = null),
tried as (
	insert into attempt (bucket, run_id, number, token, started_at, finished_at, outcome, http_status, error, detail,
		address, response_headers, response_body, dns_us, connect_us, tls_us, first_byte_us, total_us)
	select bucket, id, attempt, token, started, finished, outcome, nullif(status, 0), error, detail, address, headers, body,
		dns, connect, tls, first, total from gone where outcome > 0),
summed as (
	insert into tally as t (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed, last_at)
	select bucket, tenant_id, s, count(*) filter (where end_state = 3), count(*) filter (where end_state = 4),
		count(*) filter (where end_state = 5), count(*) filter (where end_state = 6),
		count(*) filter (where end_state = 7), count(*) filter (where end_state in (3, 4)),
		max(scheduled_for) filter (where end_state in (3, 4))
	from gone cross join lateral unnest(array[schedule_id, ('00000000-0000-0000-0000-00000000000' || kind)::uuid]) s
	where s is not null group by bucket, tenant_id, s order by bucket, tenant_id, s
	on conflict (bucket, tenant_id, schedule_id) do update set completed = t.completed + excluded.completed,
		failed = t.failed + excluded.failed, cancelled = t.cancelled + excluded.cancelled,
		expired = t.expired + excluded.expired, skipped = t.skipped + excluded.skipped,
		executed = t.executed + excluded.executed, last_at = greatest(t.last_at, excluded.last_at))
select id from gone;

-- name: run_again :many
-- args: buckets int2[], tenants uuid[], ids uuid[], claims uuid[], readies timestamptz[], started timestamptz[]
-- args: finished timestamptz[], outcomes int2[], statuses int2[], errors text[], details text[], addresses text[]
-- args: headers bytea[], bodies bytea[], dns int4[], connect int4[], tls int4[], first int4[], total int4[]
-- rows: id uuid
-- A failed attempt with another to come, or one that had to be broken off (outcome 3, lost), which does not count.
with f as materialized (
	select f.*, p.place from unnest($buckets, $tenants, $ids, $claims, $readies, $started, $finished, $outcomes, $statuses, $errors, $details,
		$addresses, $headers, $bodies, $dns, $connect, $tls, $first, $total)
		f(bucket, tenant_id, id, claim, ready, started, finished, outcome, status, error, detail, address, headers, body, dns,
			connect, tls, first, total)
	cross join lateral (select x.ctid as place from run x where x.bucket = f.bucket and x.tenant_id = f.tenant_id
		and x.id = f.id limit 1) p),
back as (
	update run r set state = 1, ready_at = f.ready, excused = excused + (f.outcome = 3)::int, owner = null,
		attempt_id = null, began_at = null, await_until = null, heartbeat_us = 0
	from f
	where r.ctid = f.place and r.attempt_id = f.claim and r.state + 0 > 1
	returning r.bucket, r.id, r.attempt, r.token, f.started, f.finished, f.outcome, f.status, f.error, f.detail, f.address,
		f.headers, f.body, f.dns, f.connect, f.tls, f.first, f.total),
tried as (
	insert into attempt (bucket, run_id, number, token, started_at, finished_at, outcome, http_status, error, detail,
		address, response_headers, response_body, dns_us, connect_us, tls_us, first_byte_us, total_us)
	select bucket, id, attempt, token, started, finished, outcome, nullif(status, 0), error, detail, address, headers, body,
		dns, connect, tls, first, total from back)
select id from back;

-- name: run_release :exec
-- args: buckets int2[], tenants uuid[], ids uuid[], claims uuid[], readies timestamptz[]
-- Hands back what was claimed and never begun: the attempt does not count, the token stays spent.
with f as materialized (
	select f.claim, f.ready, p.place from unnest($buckets, $tenants, $ids, $claims, $readies)
		f(bucket, tenant_id, id, claim, ready)
	cross join lateral (select x.ctid as place from run x where x.bucket = f.bucket and x.tenant_id = f.tenant_id
		and x.id = f.id limit 1) p)
update run r set state = 1, ready_at = f.ready, attempt = attempt - 1, owner = null, attempt_id = null from f
where r.ctid = f.place and r.attempt_id = f.claim and r.state + 0 = 2;

-- name: run_await :many
-- args: buckets int2[], tenants uuid[], ids uuid[], claims uuid[], readies timestamptz[], began timestamptz[]
-- args: untils timestamptz[], heartbeats int8[]
-- rows: id uuid
-- The agent said that it will report: nobody holds the run from now on, and its attempt goes on. A row that is not
-- returned has its report already, or is not ours any more.
with f as materialized (
	select f.*, p.place from unnest($buckets, $tenants, $ids, $claims, $readies, $began, $untils, $heartbeats)
		f(bucket, tenant_id, id, claim, ready, began, until, heartbeat)
	cross join lateral (select x.ctid as place from run x where x.bucket = f.bucket and x.tenant_id = f.tenant_id
		and x.id = f.id limit 1) p)
update run r set state = 8, ready_at = f.ready, owner = null, began_at = f.began, await_until = f.until,
	heartbeat_us = f.heartbeat
from f
where r.ctid = f.place and r.attempt_id = f.claim and r.state + 0 = 2
returning r.id;

-- name: run_owned :many
-- args: owner uuid
-- rows: bucket int2, tenant uuid, id uuid, claim uuid
-- What the table says this process holds: asked after a lost connection. Rare, so it has no index.
select bucket, tenant_id, id, attempt_id from run where state = 2 and owner = $owner;

-- name: node_insert :many
-- args: id uuid, lease timestamptz, now timestamptz, direct bool
-- rows: id uuid
-- direct: the connection is PostgreSQL's own, not a pooler's, so its end means ours.
insert into node (id, lease_until, backend_pid, backend_start, started_at)
select $id, $lease, a.pid, a.backend_start, $now
from (select 1) one left join pg_stat_activity a on $direct and a.pid = pg_backend_pid()
returning id;

-- name: node_renew :many
-- args: id uuid, lease timestamptz, direct bool
-- rows: id uuid, clock timestamptz
-- No row: somebody declared this process dead. A row, however late: nobody did, and what it held is still its own.
update node set lease_until = $lease,
	backend_pid = (select a.pid from pg_stat_activity a where $direct and a.pid = pg_backend_pid()),
	backend_start = (select a.backend_start from pg_stat_activity a where $direct and a.pid = pg_backend_pid())
where id = $id
returning id, clock_timestamp();

-- name: node_delete :exec
-- args: id uuid
with quiet as (delete from notice where node_id = $id)
delete from node where id = $id and not exists (select 1 from run where state = 2 and owner = $id);

-- name: node_take_over :many
-- args: me uuid, real timestamptz, now timestamptz
-- rows: id uuid
-- (backend_start is null for another role's session: then the pid alone must do.)
-- Processes whose connection PostgreSQL saw closing, or whose lease ended, lose their runs: at once to anybody. The
-- dead one's row goes in the same statement, so that it cannot renew afterwards; two that look at once agree by it.
-- A run that was lost three times already waits longer each time, 1 s to 5 min: should it be what kills the processes, the
-- others are served between.
with dead as (
	delete from node n where n.id <> $me and (n.lease_until <= $real
		or n.backend_pid is not null and not exists (select 1 from pg_stat_activity a
			where a.pid = n.backend_pid and coalesce(a.backend_start, n.backend_start) = n.backend_start))
	returning n.id),
quiet as (delete from notice where node_id in (select id from dead)),
freed as (
	update run r set state = 1, excused = excused + 1, owner = null, attempt_id = null,
		ready_at = greatest(r.ready_at, $now + (r.excused > 2)::int * least(300, 1 << least(r.excused - 3, 9))
			* interval '1 second')
	from dead d where r.state = 2 and r.owner = d.id
	returning r.bucket, r.id, r.attempt, r.token),
lost as (
	insert into attempt (bucket, run_id, number, token, finished_at, outcome, error)
	select bucket, id, attempt, token, $now, 3, 'lost' from freed)
select id from freed;

-- name: run_orphans :many
-- args: now timestamptz
-- rows: id uuid
-- Runs of a process that has no row: what it claimed after it was declared dead, or just before.
with freed as (
	update run r set state = 1, excused = excused + 1, owner = null, attempt_id = null,
		ready_at = greatest(r.ready_at, $now + (r.excused > 2)::int * least(300, 1 << least(r.excused - 3, 9))
			* interval '1 second')
	where r.state = 2 and r.owner = any(array(
		select o.owner from (select distinct owner from run where state = 2) o
		where not exists (select 1 from node n where n.id = o.owner)))
	returning r.bucket, r.id, r.attempt, r.token),
lost as (
	insert into attempt (bucket, run_id, number, token, finished_at, outcome, error)
	select bucket, id, attempt, token, $now, 3, 'lost' from freed)
select id from freed;

-- name: notice_take :many
-- args: node uuid
-- rows: run_id uuid, attempt_id uuid
delete from notice where node_id = $node returning run_id, attempt_id;

-- name: notice_pending :one
-- args: node uuid, run uuid, claim uuid
-- rows: pending bool
select exists (select 1 from notice where node_id = $node and run_id = $run and attempt_id = $claim);

-- name: queue_depth :one
-- args: now timestamptz
-- rows: depth int8
select count(*) from (select 1 from run where state = 1 and ready_at <= $now limit 10000) due;

-- name: notify :one
-- args: payload text
-- rows: done bool
-- A hint to the process it names; nothing depends on its arrival.
select pg_notify('carillon', $payload)::text is null;
