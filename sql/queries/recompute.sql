-- name: zone_notice :one
-- args: version text, swapped bool, job uuid, now timestamptz
-- rows: stored text, jobs int8
-- A process has these zone data: newer ones than the database has seen, or, swapped, others than it had until now. Then
-- there is work to do, if there is any schedule. stored: what was known before.
with old as materialized (select version from zone_data where id = 1),
put as (
	insert into zone_data as z (id, version, noticed_at) values (1, $version, $now)
	on conflict (id) do update set version = excluded.version, noticed_at = $now
		where z.version < excluded.version or $swapped and z.version = excluded.version
	returning version),
job as (
	insert into recompute (id, zone_version, created_at)
	select $job, version, $now from put where exists (select 1 from schedule) returning id)
select (select version from old), (select count(*) from job);

-- name: recompute_take :many
-- args: now timestamptz, stale timestamptz, latest timestamptz, held timestamptz, version text
-- rows: id uuid, bucket int2, tenant uuid, calendar text, zone_version text, created_at timestamptz
-- One job that nobody works on: not taken, or its holder was not heard of since $stale (one of later
-- than $latest is a clock's mistake); or that we hold and did not finish. A job for zone data newer than ours is for somebody else.
update recompute set taken_at = $now
where id = (select id from recompute
	where (taken_at is null or taken_at not between $stale and $latest or taken_at = $held)
		and (zone_version is null or zone_version <= $version)
	order by created_at limit 1 for update skip locked)
returning id, coalesce(bucket, 0::int2), tenant_id, calendar, zone_version, created_at;

-- name: recompute_keep :many
-- args: id uuid, taken timestamptz, now timestamptz
-- rows: id uuid
-- No row: somebody else works on it by now.
update recompute set taken_at = $now where id = $id and taken_at = $taken returning id;

-- name: recompute_free :exec
-- args: id uuid, taken timestamptz
update recompute set taken_at = null where id = $id and taken_at = $taken;

-- name: recompute_done :exec
-- args: id uuid, taken timestamptz
delete from recompute where id = $id and taken_at = $taken;

-- name: recompute_page_calendar :many
-- args: bucket int2, tenant uuid, calendar text, since timestamptz, after uuid, now timestamptz, most int4
-- rows: number int8, wanted bool, bucket int2, tenant uuid, id uuid, kind int2, spec_kind int2, spec text, zone text
-- rows: start_at timestamptz, end_at timestamptz, anchor_at timestamptz, dst_gap int2, dst_overlap int2
-- rows: lookahead_us int8, rev int8, next_at timestamptz, calendar text, adjust int2, count_end timestamptz
-- rows: created_at timestamptz, calendar_def text, latest timestamptz
-- The active schedules of one calendar in the index's own order, from $since on; $after is the one that was read last and
-- comes again. Those that ended too, as the calendar may have been what left nothing. latest: the last occurrence that
-- has its run.
select s.number, s.id <> $after and (s.next_at is null or s.next_at > $now), s.bucket, s.tenant_id, s.id, s.kind, s.spec_kind, s.spec, s.zone, s.start_at, s.end_at, s.anchor_at,
	s.dst_gap, s.dst_overlap, s.lookahead_us, s.rev, s.next_at, s.calendar, s.adjust, s.count_end, s.created_at,
	c.definition, o.scheduled_for
from (select row_number() over (order by created_at) as number, p.* from (select * from schedule
		where bucket = $bucket and tenant_id = $tenant and calendar = $calendar and state = 1 and created_at >= $since
		order by created_at limit $most) p) s
left join lateral (select definition from calendar where bucket = $bucket and tenant_id = $tenant and name = $calendar
	limit 1) c on true
left join lateral (select scheduled_for from occurrence where bucket = s.bucket and schedule_id = s.id
	order by scheduled_for desc limit 1) o on true
order by s.number;

-- name: recompute_page_zones :many
-- args: bucket int2, after uuid, now timestamptz, most int4
-- rows: number int8, wanted bool, bucket int2, tenant uuid, id uuid, kind int2, spec_kind int2, spec text, zone text
-- rows: start_at timestamptz, end_at timestamptz, anchor_at timestamptz, dst_gap int2, dst_overlap int2
-- rows: lookahead_us int8, rev int8, next_at timestamptz, calendar text, adjust int2, count_end timestamptz
-- rows: created_at timestamptz, calendar_def text, latest timestamptz
-- All schedules by the primary key, $most of them read; of these only the ones a clock may have changed, and the last
-- one whatever it is (wanted tells), to go on from. Overdue cursors are left to the tick.
select s.number, s.wanted, s.bucket, s.tenant_id, s.id, s.kind, s.spec_kind, s.spec, s.zone, s.start_at, s.end_at, s.anchor_at,
	s.dst_gap, s.dst_overlap, s.lookahead_us, s.rev, s.next_at, s.calendar, s.adjust, s.count_end, s.created_at,
	c.definition, o.scheduled_for
from (select row_number() over (order by bucket, id) as number, p.*,
		coalesce(p.state + 0 = 1 and p.next_at > $now and p.zone <> 'UTC'
			and (p.spec_kind in (1, 3, 4) or p.calendar is not null), false) as wanted
	from (select * from schedule where (bucket, id) > ($bucket, $after) order by bucket, id limit $most) p) s
left join lateral (select definition from calendar where bucket = s.bucket and tenant_id = s.tenant_id and name = s.calendar
	limit 1) c on true
left join lateral (select scheduled_for from occurrence where bucket = s.bucket and schedule_id = s.id
	order by scheduled_for desc limit 1) o on true
where s.wanted or s.number = $most
order by s.number;

-- name: recompute_move :many
-- args: buckets int2[], ids uuid[], revs int8[], was timestamptz[], nexts timestamptz[], wakes timestamptz[]
-- args: count_ends timestamptz[]
-- rows: id uuid
-- By compare-and-set; rev rises, so that a change that read the row before is made again on what it is now.
with v as materialized (
	select v.*, p.place from unnest($buckets, $ids, $revs, $was, $nexts, $wakes, $count_ends)
		v(bucket, id, rev, was, next, wake, count_end)
	cross join lateral (select x.ctid as place from schedule x where x.bucket = v.bucket and x.id >= v.id
		order by x.id limit 1) p)
update schedule s set next_at = v.next, wake_at = v.wake, count_end = v.count_end, rev = s.rev + 1 from v
where s.ctid = v.place and s.id = v.id and s.rev = v.rev and s.next_at is not distinct from v.was and s.state + 0 = 1
returning s.id;
