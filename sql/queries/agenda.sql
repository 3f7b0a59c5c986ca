-- name: agenda_schedules :many
-- args: bucket int2, tenant uuid, kind int2, id uuid, most int4
-- rows: id uuid, kind int2, state int2, name text, spec_kind int2, spec text, zone text, start_at timestamptz
-- rows: end_at timestamptz, anchor_at timestamptz, dst_gap int2, dst_overlap int2, next_at timestamptz, calendar text
-- rows: adjust int2, count_end timestamptz, calendar_def text
-- That one, or (no id) the newest; each state in the index's order.
select s.id, s.kind, s.state, s.name, s.spec_kind, s.spec, s.zone, s.start_at, s.end_at, s.anchor_at, s.dst_gap,
	s.dst_overlap, s.next_at, s.calendar, s.adjust, s.count_end, c.definition
from (
	(select x.* from (select * from schedule where bucket = $bucket and id >= $id order by id limit 1) x
	where x.id = $id and x.tenant_id = $tenant and x.kind = $kind and x.state <> 3)
	union all
	(select l.*
	from unnest(case when $id is null then '{1, 2, 4, 5, 6}'::int2[] else '{}' end) wanted
	cross join lateral (select * from schedule where bucket = $bucket and tenant_id = $tenant and kind = $kind
		and state = wanted order by created_at desc limit $most) l
	order by l.created_at desc limit $most)) s
left join lateral (select definition from calendar where bucket = $bucket and tenant_id = $tenant and name = s.calendar
	limit 1) c on true
order by s.created_at desc;

-- name: agenda_runs :many
-- args: bucket int2, tenant uuid, schedules uuid[], from timestamptz, to timestamptz, most int4
-- rows: schedule uuid, id uuid, state int2, ready_at timestamptz, retrying bool, scheduled_for timestamptz
-- rows: started_at timestamptz, finished_at timestamptz
-- The latest of each. A state that the tally has none of is not looked for: every look is one into each partition.
select j.id, r.id, r.state, r.ready_at, r.retrying, r.scheduled_for, r.started_at, r.finished_at
from unnest($schedules) with ordinality j(id, place)
cross join lateral (
	select * from (
		(select l.id, l.state, l.ready_at, l.attempt - (l.state > 1)::int > l.excused as retrying, l.scheduled_for,
			l.began_at as started_at, null::timestamptz as finished_at
		from run l
		where l.bucket = $bucket and l.schedule_id = j.id and l.tenant_id = $tenant
			and l.scheduled_for >= $from and l.scheduled_for < $to
		order by l.scheduled_for desc limit $most)
		union all
		(select e.*
		from (select * from tally where bucket = $bucket and tenant_id = $tenant and schedule_id = j.id limit 1) t
		cross join lateral (values (3::int2, t.completed), (4::int2, t.failed), (5::int2, t.cancelled),
			(6::int2, t.expired), (7::int2, t.skipped)) wanted(state, n)
		cross join lateral (select h.id, h.state, null::timestamptz, false, h.scheduled_for, h.started_at, h.finished_at
			from run_history h
			where h.bucket = $bucket and h.schedule_id = j.id and h.state = wanted.state and h.tenant_id = $tenant
				and h.scheduled_for >= $from and h.scheduled_for < $to and h.finished_at >= $from
			order by h.scheduled_for desc limit $most) e
		where wanted.n > 0
		order by e.scheduled_for desc limit $most)) all_of_it
	order by scheduled_for desc limit $most) r
order by j.place, r.scheduled_for desc;

-- name: agenda_sums :many
-- args: bucket int2, tenant uuid, schedules uuid[], froms timestamptz[], untils timestamptz[]
-- rows: schedule uuid, since timestamptz, until timestamptz, completed int8, failed int8, cancelled int8, expired int8
-- rows: skipped int8
select j.id, d.since, d.until, s.completed, s.failed, s.cancelled, s.expired, s.skipped
from unnest($schedules) j(id) cross join unnest($froms, $untils) d(since, until)
cross join lateral (
	select sum(completed)::int8 completed, sum(failed)::int8 failed, sum(cancelled)::int8 cancelled,
		sum(expired)::int8 expired, sum(skipped)::int8 skipped
	from rollup where bucket = $bucket and tenant_id = $tenant and schedule_id = j.id
		and hour >= d.since and hour < d.until) s
where s.completed is not null
order by j.id, d.since desc;
