-- name: schedule_insert :many
-- args: buckets int2[], ids uuid[], tenants uuid[], kinds int2[], states int2[], names text[], details text[]
-- args: spec_kinds int2[], specs text[], zones text[], starts timestamptz[], ends timestamptz[], gaps int2[]
-- args: overlaps_dst int2[], overlaps int2[], catchups int2[], lookaheads int8[], expires int8[], templates uuid[]
-- args: nexts timestamptz[], wakes timestamptz[], pauses timestamptz[], urls text[], options text[], payloads bytea[]
-- args: created timestamptz[], calendars text[], adjusts int2[], jitters int8[], count_ends timestamptz[], agents text[]
-- args: quotas int8[]
-- rows: id uuid
-- Group commit: each with its first template, and counted in the totals per state, so that a list of a million need not
-- count. Of a tenant with a quota (not 0; quota_lock goes ahead) only as many as there is room for; without one nothing of
-- that is looked at.
with sent as materialized (
	select * from unnest($buckets, $ids, $tenants, $kinds, $states, $names, $details, $spec_kinds, $specs, $zones, $starts,
		$ends, $gaps, $overlaps_dst, $overlaps, $catchups, $lookaheads, $expires, $templates, $nexts, $wakes, $pauses,
		$urls, $options, $payloads, $created, $calendars, $adjusts, $jitters, $count_ends, $agents, $quotas)
		i(bucket, id, tenant_id, kind, state, name, details, spec_kind, spec, zone, start_at, end_at, gap, fold, overlap,
			catchup, lookahead, expires, template_id, next_at, wake_at, paused_at, url, options, payload,
			created, calendar, adjust, jitter, count_end, agent, quota)),
input as materialized (
	select * from sent where quota = 0 or (id in (
		select w.id
		from (select id, bucket, tenant_id, quota, row_number() over (partition by tenant_id order by created, id) as place
			from sent where quota > 0) w
		cross join lateral (select coalesce(sum(t.total), 0) as used from schedule_total t where t.bucket = w.bucket
			and t.tenant_id = w.tenant_id and t.state not in (3, 6) and not (t.kind = 3 and t.state = 4)) u
		where u.used + w.place <= w.quota)) is true),
counted as (
	insert into schedule_total as t (bucket, tenant_id, kind, state, total)
	select bucket, tenant_id, kind, state, count(*)
	from input group by bucket, tenant_id, kind, state order by bucket, tenant_id, kind, state
	on conflict (bucket, tenant_id, kind, state) do update set total = t.total + excluded.total),
called as (
	insert into template (bucket, id, tenant_id, url, options, payload, created_at)
	select bucket, template_id, tenant_id, url, options, payload, created from input)
insert into schedule (bucket, id, tenant_id, kind, state, name, details, spec_kind, spec, zone, start_at, end_at, anchor_at,
	dst_gap, dst_overlap, overlap, catchup, lookahead_us, expires_us, template_id, rev, next_at, wake_at, paused_at,
	created_at, updated_at, calendar, adjust, jitter_us, count_end, agent)
select bucket, id, tenant_id, kind, state, name, details, spec_kind, spec, zone, start_at, end_at, created, gap, fold, overlap,
	catchup, lookahead, expires, template_id, 1, next_at, wake_at, paused_at, created, created, calendar, adjust, jitter,
	count_end, agent
from input
returning id;

-- name: schedule_get :one
-- args: bucket int2, tenant uuid, id uuid, kind int2, now timestamptz
-- rows: id uuid, state int2, name text, details text, spec_kind int2, spec text, zone text, start_at timestamptz
-- rows: end_at timestamptz, anchor_at timestamptz, dst_gap int2, dst_overlap int2, overlap int2, catchup int2
-- rows: lookahead_us int8, expires_us int8, template_id uuid, rev int8, next_at timestamptz, paused_at timestamptz
-- rows: created_at timestamptz, updated_at timestamptz, url text, options text, payload bytea, executed int8
-- rows: last_at timestamptz, skipped int8, upcoming timestamptz, calendar text, adjust int2, jitter_us int8
-- rows: count_end timestamptz, agent text, failures int4, last_state int2
-- Only jobs have a standing. upcoming: the nearest run that is already made and whose time has not come.
select s.id, s.state, s.name, s.details, s.spec_kind, s.spec, s.zone, s.start_at, s.end_at, s.anchor_at, s.dst_gap,
	s.dst_overlap, s.overlap, s.catchup, s.lookahead_us, s.expires_us, s.template_id, s.rev, s.next_at, s.paused_at,
	s.created_at, s.updated_at, t.url, t.options, t.payload, coalesce(y.executed, 0), y.last_at, coalesce(y.skipped, 0),
	(select min(r.scheduled_for) from run r where r.bucket = s.bucket and r.schedule_id = s.id
		and r.scheduled_for > $now and r.trigger in (1, 4)),
	s.calendar, s.adjust, s.jitter_us, s.count_end, s.agent, coalesce(w.failures, 0), coalesce(w.last_state, 0::int2)
from (select * from schedule where bucket = $bucket and id >= $id order by id limit 1) s
join lateral (select url, options, payload from template where bucket = $bucket and id = s.template_id limit 1) t on true
left join lateral (select * from tally where bucket = $bucket and tenant_id = $tenant and schedule_id = $id limit 1) y
	on true
left join lateral (select failures, last_state from standing where $kind = 2 and bucket = $bucket and tenant_id = $tenant
	and schedule_id = $id limit 1) w on true
where s.id = $id and s.tenant_id = $tenant and s.kind = $kind;

-- name: schedule_calendar :many
-- args: bucket int2, tenant uuid, id uuid
-- rows: definition text
-- Beside schedule_get, for who works out when it runs. (In it, it would cost every read a third.)
select c.definition
from (select * from schedule where bucket = $bucket and id >= $id order by id limit 1) s
cross join lateral (select definition from calendar where bucket = $bucket and tenant_id = $tenant and name = s.calendar
	limit 1) c
where s.id = $id and s.tenant_id = $tenant;

-- name: schedule_page :many
-- args: bucket int2, tenant uuid, kind int2, state int2, now timestamptz, skip int4, most int4, payload_max int4
-- rows: id uuid, state int2, name text, details text, spec_kind int2, spec text, zone text, start_at timestamptz
-- rows: end_at timestamptz, anchor_at timestamptz, dst_gap int2, dst_overlap int2, overlap int2, catchup int2
-- rows: lookahead_us int8, expires_us int8, template_id uuid, rev int8, next_at timestamptz, paused_at timestamptz
-- rows: created_at timestamptz, updated_at timestamptz, url text, options text, payload bytea, executed int8
-- rows: last_at timestamptz, skipped int8, upcoming timestamptz, payload_omitted bool, calendar text
-- rows: adjust int2, jitter_us int8, count_end timestamptz, agent text, failures int4, last_state int2
-- Newest first; state 0 takes all but deleted ones (3). Each state is read in the index's order and cut before they meet.
select s.id, s.state, s.name, s.details, s.spec_kind, s.spec, s.zone, s.start_at, s.end_at, s.anchor_at, s.dst_gap,
	s.dst_overlap, s.overlap, s.catchup, s.lookahead_us, s.expires_us, s.template_id, s.rev, s.next_at, s.paused_at,
	s.created_at, s.updated_at, t.url, t.options,
	case when octet_length(t.payload) <= $payload_max then t.payload end,
	coalesce(y.executed, 0), y.last_at, coalesce(y.skipped, 0),
	(select r.scheduled_for from run r where r.bucket = $bucket and r.schedule_id = s.id
		and r.scheduled_for > $now and r.trigger in (1, 4) order by r.scheduled_for limit 1),
	coalesce(octet_length(t.payload) > $payload_max, false), s.calendar, s.adjust, s.jitter_us, s.count_end, s.agent,
	coalesce(w.failures, 0), coalesce(w.last_state, 0::int2)
from (select l.*
	from unnest(case when $state = 0 then '{1, 2, 4, 5, 6}' else array[$state] end) wanted
	cross join lateral (select * from schedule where bucket = $bucket and tenant_id = $tenant and kind = $kind
		and state = wanted order by created_at desc limit $skip + $most) l
	order by l.created_at desc limit $most offset $skip) s
cross join lateral (select * from template where bucket = $bucket and id = s.template_id limit 1) t
left join lateral (select * from tally where bucket = $bucket and tenant_id = $tenant and schedule_id = s.id limit 1) y
	on true
left join lateral (select failures, last_state from standing where $kind = 2 and bucket = $bucket and tenant_id = $tenant
	and schedule_id = s.id limit 1) w on true
order by s.created_at desc;

-- name: schedule_count :one
-- args: bucket int2, tenant uuid, kind int2, state int2
-- rows: total int8
select coalesce(sum(total), 0)::int8 from schedule_total
where bucket = $bucket and tenant_id = $tenant and kind = $kind and case when $state = 0 then state <> 3 else state = $state end;

-- name: template_insert :exec
-- args: bucket int2, id uuid, tenant uuid, url text, options text, payload bytea, schedule uuid, rev int8, now timestamptz
-- A schedule's next template, unless somebody changed the schedule meanwhile; then the update behind it changes nothing
-- either. The row's lock keeps it so.
insert into template (bucket, id, tenant_id, url, options, payload, created_at)
select $bucket, $id, $tenant, $url, $options, $payload, $now
from schedule where bucket = $bucket and id = $schedule and rev = $rev for update;

-- name: schedule_update :many
-- args: bucket int2, tenant uuid, id uuid, kind int2, rev int8, was int2, state int2, name text, details text, spec_kind int2
-- args: spec text, zone text, start timestamptz, end timestamptz, anchor timestamptz, gap int2, fold int2
-- args: overlap int2, catchup int2, lookahead int8, expires int8, template uuid, next timestamptz, wake timestamptz
-- args: paused timestamptz, skip_id uuid, skip_from timestamptz, skip_to timestamptz, skip_count int4, skip_reason text
-- args: now timestamptz, calendar text, adjust int2, jitter int8, count_end timestamptz, agent text
-- rows: id uuid, wrote text
-- The whole row as the caller read and changed it; rev guards against a change in between. With it, or not at all: the
-- totals, and the range of occurrences that a pause left out (no skip_id: none).
with changed as (
	update schedule set state = $state, name = $name, details = $details, spec_kind = $spec_kind, spec = $spec,
		zone = $zone, start_at = $start, end_at = $end, anchor_at = $anchor, dst_gap = $gap, dst_overlap = $fold,
		overlap = $overlap, catchup = $catchup, lookahead_us = $lookahead, expires_us = $expires,
		template_id = $template, rev = rev + 1, next_at = $next, wake_at = $wake, paused_at = $paused,
		updated_at = $now, calendar = $calendar, adjust = $adjust, jitter_us = $jitter, count_end = $count_end,
		agent = $agent
	where ctid = (select ctid from schedule where bucket = $bucket and id >= $id order by id limit 1)
		and id = $id and tenant_id = $tenant and kind = $kind and rev = $rev
	returning bucket, tenant_id, id, kind),
counted as (
	insert into schedule_total as t (bucket, tenant_id, kind, state, total)
	select c.bucket, c.tenant_id, c.kind, d.state, d.delta
	from changed c cross join (values ($was, -1), ($state, 1)) d(state, delta) where $was <> $state order by d.state
	on conflict (bucket, tenant_id, kind, state) do update set total = t.total + excluded.total),
passed as (
	insert into skip (bucket, tenant_id, schedule_id, id, from_at, to_at, count, reason, created_at)
	select bucket, tenant_id, id, $skip_id, $skip_from, $skip_to, $skip_count, $skip_reason, $now
	from changed where $skip_id is not null)
select id, set_config('carillon.wrote', id::text, true) from changed;

-- name: schedule_due :many
-- args: now timestamptz, most int4, tenants uuid[], quotas int4[]
-- rows: bucket int2, tenant uuid, id uuid, kind int2, spec_kind int2, spec text, zone text, start_at timestamptz
-- rows: end_at timestamptz, anchor_at timestamptz, dst_gap int2, dst_overlap int2, overlap int2, catchup int2
-- rows: lookahead_us int8, expires_us int8, rev int8, next_at timestamptz, calendar text, adjust int2, jitter_us int8
-- rows: count_end timestamptz, calendar_def text
-- No lock: the advance compares and sets, so whoever is second changes nothing. With tenants (more is due than can be looked
-- at at once) it is theirs, in this order, each one's oldest up to its quota.
select s.bucket, s.tenant_id, s.id, s.kind, s.spec_kind, s.spec, s.zone, s.start_at, s.end_at, s.anchor_at, s.dst_gap,
	s.dst_overlap, s.overlap, s.catchup, s.lookahead_us, s.expires_us, s.rev, s.next_at, s.calendar, s.adjust,
	s.jitter_us, s.count_end, c.definition
from ((select 0 as turn, x.* from schedule x where wake_at <= $now order by wake_at
		limit case when $tenants = '{}' then $most else 0 end)
	union all (select t.turn, x.* from unnest($tenants, $quotas) with ordinality t(tenant, quota, turn)
		cross join lateral (select * from schedule where state - 1 = 0 and tenant_id = t.tenant and wake_at <= $now
			order by wake_at limit t.quota) x
		limit $most)) s
left join lateral (select definition from calendar where bucket = s.bucket and tenant_id = s.tenant_id and name = s.calendar
	limit 1) c on true
order by s.turn, s.wake_at;

-- name: schedule_tenants :many
-- args: after uuid, most int4
-- rows: tenant uuid, wake_at timestamptz
-- Who has schedules that wake, and when the first of them does; as run_tenants.
with recursive t(tenant_id, wake_at, n) as (
	(select tenant_id, wake_at, 1 from schedule
		where state - 1 = 0 and tenant_id > coalesce($after, '00000000-0000-0000-0000-000000000000')
		order by tenant_id, wake_at limit 1)
	union all
	select x.tenant_id, x.wake_at, t.n + 1 from t cross join lateral (select tenant_id, wake_at from schedule
		where state - 1 = 0 and tenant_id > t.tenant_id order by tenant_id, wake_at limit 1) x
	where t.n < $most)
select tenant_id, wake_at from t;

-- name: schedule_wake :one
-- args: after timestamptz
-- rows: at timestamptz
select min(wake_at) from schedule where wake_at > $after;

-- name: schedule_advance :many
-- args: buckets int2[], ids uuid[], revs int8[], was timestamptz[], nexts timestamptz[], wakes timestamptz[]
-- args: run_buckets int2[], run_schedules uuid[], run_ids uuid[], slots timestamptz[], readies timestamptz[]
-- args: jitters int8[], expires timestamptz[], triggers int2[], created timestamptz[]
-- args: skip_buckets int2[], skip_schedules uuid[], skip_ids uuid[], skip_from timestamptz[], skip_to timestamptz[]
-- args: skip_counts int4[], skip_reasons text[], now timestamptz
-- rows: id uuid, schedule_id uuid, scheduled_for timestamptz, skipped bool
-- Materialises: the cursor moves by compare-and-set and the runs appear with it, or neither. occurrence lets every
-- instant through once, whatever the cursor does. When the run before is under way or between attempts, the
-- occurrence becomes a skipped one (overlap 1 = skip); a caught-up run waits for one that is merely under way.
-- ("is true" keeps the planner from joining by a nested loop what a hash answers.)
with v as materialized (
	select v.*, p.place from unnest($buckets, $ids, $revs, $was, $nexts, $wakes) v(bucket, id, rev, was, next, wake)
	cross join lateral (select x.ctid as place from schedule x where x.bucket = v.bucket and x.id >= v.id
		order by x.id limit 1) p),
moved as (
	update schedule s set next_at = v.next, wake_at = v.wake from v
	where s.ctid = v.place and s.id = v.id and s.rev = v.rev and s.next_at = v.was and s.state + 0 = 1
	returning s.bucket, s.id, s.tenant_id, s.kind, s.template_id, s.overlap),
wanted as materialized (
	select m.bucket, m.tenant_id, m.kind, m.template_id, m.overlap, m.id as schedule_id, w.id, w.slot, w.ready, w.jitter, w.expires,
		w.trigger, w.created, m.overlap = 1 and coalesce((select
				(p.state = 1 or p.state = 2 and p.ready_at > $now) and p.attempt - (p.state - 1) > p.excused
				or (p.state = 8 or p.state = 2 and p.ready_at <= $now) and w.trigger <> 4
			from run p where p.bucket = m.bucket and p.schedule_id = m.id and p.scheduled_for < w.slot
			order by p.scheduled_for desc limit 1), false) as blocked
	from moved m join unnest($run_buckets, $run_schedules, $run_ids, $slots, $readies, $jitters, $expires, $triggers, $created)
		w(bucket, schedule_id, id, slot, ready, jitter, expires, trigger, created) on w.bucket = m.bucket and w.schedule_id = m.id),
slots as (
	insert into occurrence (bucket, schedule_id, scheduled_for, run_id)
	select bucket, schedule_id, slot, id from wanted on conflict do nothing returning run_id),
made as (
	insert into run (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, scheduled_for, ready_at,
		expires_at, overlap, attempt, excused, token, created_at, jitter_us)
	select bucket, tenant_id, id, kind, schedule_id, template_id, trigger, 1, slot, ready, expires, overlap, 0, 0, 0, created,
		jitter
	from wanted where not blocked and (id in (select run_id from slots)) is true),
skipped as (
	insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, reason, scheduled_for,
		expires_at, overlap, attempt, excused, token, created_at, finished_at)
	select bucket, tenant_id, id, kind, schedule_id, template_id, trigger, 7, 'overlap', slot, expires, overlap, 0, 0, 0,
		created, $now from wanted where blocked and (id in (select run_id from slots)) is true),
followed as (
	insert into aftermath (bucket, tenant_id, run_id, finished_at)
	select bucket, tenant_id, id, $now from wanted where kind > 1 and blocked and (id in (select run_id from slots)) is true),
summed as (
	insert into tally as t (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed)
	select bucket, tenant_id, s, 0, 0, 0, 0, count(*), 0
	from wanted cross join lateral unnest(array[schedule_id, ('00000000-0000-0000-0000-00000000000' || kind)::uuid]) s
	where blocked and (id in (select run_id from slots)) is true
	group by bucket, tenant_id, s order by bucket, tenant_id, s
	on conflict (bucket, tenant_id, schedule_id) do update set skipped = t.skipped + excluded.skipped),
ranges as (
	insert into skip (bucket, tenant_id, schedule_id, id, from_at, to_at, count, reason, created_at)
	select m.bucket, m.tenant_id, m.id, k.id, k.from_at, k.to_at, k.count, k.reason, $now
	from moved m join unnest($skip_buckets, $skip_schedules, $skip_ids, $skip_from, $skip_to, $skip_counts, $skip_reasons)
		k(bucket, schedule_id, id, from_at, to_at, count, reason) on k.bucket = m.bucket and k.schedule_id = m.id)
select id, schedule_id, slot, blocked from wanted where (id in (select run_id from slots)) is true;

-- name: skip_list :many
-- args: bucket int2, tenant uuid, schedule uuid, skip int4, most int4
-- rows: from_at timestamptz, to_at timestamptz, count int4, reason text, created_at timestamptz
select from_at, to_at, count, reason, created_at from skip
where bucket = $bucket and schedule_id = $schedule and tenant_id = $tenant order by id desc limit $most offset $skip;
