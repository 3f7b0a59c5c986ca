-- name: after_take :many
-- args: now timestamptz, stale timestamptz, latest timestamptz, held timestamptz, most int4
-- rows: bucket int2, tenant uuid, run uuid, kind int2, state int2, schedule uuid, chain_run uuid, started_at timestamptz
-- rows: finished_at timestamptz, url text, payload bytea, zone text, is_last bool, error text, detail text
-- rows: output_n int4, output_is_json bool, reset_at timestamptz, chain uuid
-- Ended runs that nobody works on: not taken, or taken before $stale (or after $latest: a clock's mistake), or ours of
-- earlier. Several rows of a run that is the root of several chains. Its attempt and its output ended when it did, so one
-- partition is opened. (Equalities written as ranges: then only the primary keys have the order that is asked for.)
with a as (
	update aftermath set taken_at = $now
	where ctid = any(array(select ctid from aftermath
		where taken_at is null or taken_at not between $stale and $latest or taken_at = $held
		order by finished_at limit $most for update skip locked))
	returning bucket, tenant_id, run_id, finished_at)
select a.bucket, a.tenant_id, a.run_id, coalesce(h.kind, 0::int2), coalesce(h.state, 0::int2), h.schedule_id, h.chain_run_id,
	h.started_at, a.finished_at, coalesce(h.url, t.url), coalesce(h.payload, t.payload), s.zone,
	s.id is not null and s.next_at is null,
	case when h.state in (4, 6) then case h.reason when 'attempts_exhausted' then coalesce(e.error, h.reason) else h.reason end end,
	coalesce(e.detail, 'It answered with HTTP status ' || e.http_status || '.'),
	coalesce(octet_length(o.output), -1), coalesce(o.is_json, false), g.reset_at, c.chain_id
from a
left join lateral (select * from run_history where bucket = a.bucket and id = a.run_id
	and finished_at >= a.finished_at and finished_at <= a.finished_at order by finished_at limit 1) h on true
left join lateral (select url, payload from template where bucket = h.bucket and id = h.template_id limit 1) t on true
left join lateral (select x.* from (select id, zone, next_at from schedule where bucket = h.bucket and id >= h.schedule_id
	order by bucket, id limit 1) x where x.id = h.schedule_id) s on true
left join lateral (select error, detail, http_status from attempt where bucket = h.bucket and run_id = h.id
	and finished_at = h.finished_at and h.state in (4, 6) order by token desc limit 1) e on true
left join lateral (select output, is_json from run_output where bucket = h.bucket and run_id = h.id
	and finished_at = h.finished_at limit 1) o on true
left join lateral (select reset_at from standing where bucket = h.bucket and tenant_id = h.tenant_id
	and schedule_id = h.schedule_id limit 1) g on true
left join lateral (
	(select x.chain_id from (select id, chain_id from chain_run where bucket = h.bucket and id >= h.chain_run_id
		order by bucket, id limit 1) x where x.id = h.chain_run_id)
	union all
	(select chain_id from chain_job where bucket = h.bucket and schedule_id >= h.schedule_id
		and schedule_id <= h.schedule_id and h.chain_run_id is null and is_root
		order by bucket, schedule_id limit 1000)) c on true
order by a.finished_at, a.run_id;

-- name: after_outputs :many
-- args: buckets int2[], runs uuid[], finished timestamptz[]
-- rows: number int8, output bytea
select w.number, o.output
from unnest($buckets, $runs, $finished) with ordinality w(bucket, run_id, at, number)
cross join lateral (select output from run_output where bucket = w.bucket and run_id = w.run_id and finished_at = w.at
	limit 1) o
order by w.number;

-- name: after_hold :many
-- args: buckets int2[], schedules uuid[]
-- rows: held int4
-- Ahead of after_settle, in its transaction: the schedules whose state may change stand still from here on.
select 1 from (select * from unnest($buckets, $schedules) v(bucket, id) order by bucket, id) v
cross join lateral (select id from schedule where bucket = v.bucket and id >= v.id order by bucket, id limit 1 for update) s;

-- name: after_settle :many
-- args: taken timestamptz, now timestamptz, buckets int2[], runs uuid[], tenants uuid[], schedules uuid[], sums uuid[],
--       states int2[], hours timestamptz[], days timestamptz[], durations int8[], slots int2[],
--       st_buckets int2[], st_tenants uuid[], st_schedules uuid[], st_counts bool[], st_failures int4[],
--       st_completed bool[], st_streaks int4[], st_uniform bool[], st_runs uuid[], st_states int2[], st_errors text[],
--       st_details text[], st_failed timestamptz[], st_failed_ids uuid[], st_finished timestamptz[],
--       st_resets timestamptz[], st_max int8[], st_may_end bool[],
--       m_buckets int2[], m_tenants uuid[], m_ids uuid[], m_runs uuid[], m_schedules uuid[], m_channels text[],
--       m_formats int2[], m_states int2[], m_reasons text[], m_details text[], m_readies timestamptz[],
--       m_finished timestamptz[],
--       e_buckets int2[], e_tenants uuid[], e_ids uuid[], e_chains uuid[], e_chain_runs uuid[], e_schedules uuid[],
--       e_runs uuid[], e_states int2[], e_ats timestamptz[]
-- rows: gone int8, schedule uuid, kind int2, state int2, failures int4, wrote text
-- What follows from a batch of ended runs: all of it, once, or nothing when some of them are not ours any more. A
-- standing is added to, not replaced: another process may have added to it meanwhile, even what ended later. One that was
-- reset meanwhile was reset after all these had ended.
with held as materialized (
	select l.place from unnest($buckets, $runs) r(bucket, run_id)
	cross join lateral (select ctid as place from aftermath where bucket = r.bucket and run_id = r.run_id and taken_at = $taken
		limit 1 for update) l),
gone as (
	delete from aftermath a using held where a.ctid = held.place and (select count(*) from held) = cardinality($runs)
	returning a.run_id),
v as materialized (
	select * from unnest($st_buckets, $st_tenants, $st_schedules, $st_counts, $st_failures, $st_completed, $st_streaks,
		$st_uniform, $st_runs, $st_states, $st_errors, $st_details, $st_failed, $st_failed_ids, $st_finished,
		$st_resets, $st_max, $st_may_end)
		v(bucket, tenant_id, schedule_id, counts, failures, completed, streak, uniform, run_id, state, error, detail,
			failed_at, failed_id, finished_at, reset_at, max, may_end)
	where exists (select 1 from gone)),
kept as (
	insert into standing as s (bucket, tenant_id, schedule_id, failures, streak, last_run_id, last_state, last_error,
		last_detail, last_failed_at, last_failed_id, last_finished_at)
	select bucket, tenant_id, schedule_id, failures, streak, run_id, state, error, detail, failed_at, failed_id, finished_at
	from v where counts order by bucket, tenant_id, schedule_id
	on conflict (bucket, tenant_id, schedule_id) do update set (failures, streak, last_run_id, last_state, last_error,
		last_detail, last_failed_at, last_failed_id, last_finished_at) = (
		select case when s.reset_at is distinct from v.reset_at then s.failures
				when v.finished_at < s.last_finished_at then s.failures
					+ case when v.completed or s.failures = 0 then 0 else v.failures end
				when v.completed then v.failures else s.failures + v.failures end,
			case when v.uniform and sign(v.streak) = sign(s.streak) then s.streak + v.streak
				when v.finished_at < s.last_finished_at then s.streak else v.streak end,
			case when v.finished_at < s.last_finished_at then s.last_run_id else v.run_id end,
			case when v.finished_at < s.last_finished_at then s.last_state else v.state end,
			case when v.failed_at is null or v.failed_at < s.last_failed_at then s.last_error else v.error end,
			case when v.failed_at is null or v.failed_at < s.last_failed_at then s.last_detail else v.detail end,
			greatest(s.last_failed_at, v.failed_at),
			case when v.failed_at is null or v.failed_at < s.last_failed_at then s.last_failed_id else v.failed_id end,
			greatest(s.last_finished_at, v.finished_at)
		from v where v.bucket = s.bucket and v.schedule_id = s.schedule_id)
	returning s.bucket, s.schedule_id, s.failures),
due as materialized (
	select v.schedule_id, p.place, k.failures,
		case when v.max > 0 and k.failures >= v.max then 5 else 4 end::int2 as state
	from v left join kept k on k.bucket = v.bucket and k.schedule_id = v.schedule_id
	cross join lateral (select x.ctid as place, x.id, x.state, x.next_at from schedule x
		where x.bucket = v.bucket and x.id >= v.schedule_id order by x.bucket, x.id limit 1) p
	where v.may_end and p.id = v.schedule_id and p.state = 1 and (v.max > 0 and k.failures >= v.max
		or p.next_at is null and not exists (select 1 from run r
			where r.bucket = v.bucket and r.schedule_id = v.schedule_id))),
ended as (
	update schedule s set state = d.state, wake_at = null, paused_at = case d.state when 5 then $now end, rev = s.rev + 1,
		updated_at = $now
	from due d where s.ctid = d.place and s.id = d.schedule_id and s.state + 0 = 1
	returning s.bucket, s.tenant_id, s.id, s.kind, s.state, d.failures),
totalled as (
	insert into schedule_total as t (bucket, tenant_id, kind, state, total)
	select e.bucket, e.tenant_id, e.kind, d.state, sum(d.delta)
	from ended e cross join lateral (values (1::int2, -1), (e.state, 1)) d(state, delta)
	group by e.bucket, e.tenant_id, e.kind, d.state order by e.bucket, e.tenant_id, e.kind, d.state
	on conflict (bucket, tenant_id, kind, state) do update set total = t.total + excluded.total),
told as (
	insert into message (bucket, tenant_id, id, run_id, schedule_id, channel, format, state, reason, detail, attempt,
		ready_at, created_at, finished_at)
	select bucket, tenant_id, id, run_id, schedule_id, channel, format, state, reason, detail, 0, ready_at, $now, finished_at
	from unnest($m_buckets, $m_tenants, $m_ids, $m_runs, $m_schedules, $m_channels, $m_formats, $m_states, $m_reasons,
		$m_details, $m_readies, $m_finished)
		m(bucket, tenant_id, id, run_id, schedule_id, channel, format, state, reason, detail, ready_at, finished_at)
	where exists (select 1 from gone)),
news as (
	insert into chain_event (bucket, tenant_id, id, chain_id, chain_run_id, schedule_id, run_id, state, at)
	select * from unnest($e_buckets, $e_tenants, $e_ids, $e_chains, $e_chain_runs, $e_schedules, $e_runs, $e_states, $e_ats) e
	where exists (select 1 from gone)),
r as materialized (
	select r.bucket, r.tenant_id, r.state, r.hour, r.day, r.slot, case when r.slot >= 0 then r.duration else 0 end as duration, w.id
	from unnest($buckets, $tenants, $schedules, $sums, $states, $hours, $days, $durations, $slots)
		r(bucket, tenant_id, schedule_id, sum_id, state, hour, day, duration, slot)
	cross join lateral unnest(array[schedule_id, sum_id]) w(id)
	where w.id is not null and r.state > 0 and exists (select 1 from gone)),
rolled as (
	insert into rollup as t (bucket, tenant_id, schedule_id, hour, completed, failed, cancelled, expired, skipped, duration_us)
	select bucket, tenant_id, id, hour, count(*) filter (where state = 3), count(*) filter (where state = 4),
		count(*) filter (where state = 5), count(*) filter (where state = 6), count(*) filter (where state = 7), sum(duration)
	from r group by bucket, tenant_id, id, hour order by bucket, tenant_id, id, hour
	on conflict (bucket, tenant_id, schedule_id, hour) do update set completed = t.completed + excluded.completed,
		failed = t.failed + excluded.failed, cancelled = t.cancelled + excluded.cancelled,
		expired = t.expired + excluded.expired, skipped = t.skipped + excluded.skipped,
		duration_us = t.duration_us + excluded.duration_us),
timed as (
	insert into rollup_duration as t (bucket, tenant_id, schedule_id, day, slot, runs)
	select bucket, tenant_id, id, day, slot, count(*) from r where slot >= 0
	group by bucket, tenant_id, id, day, slot order by bucket, tenant_id, id, day, slot
	on conflict (bucket, tenant_id, schedule_id, day, slot) do update set runs = t.runs + excluded.runs)
select (select count(*) from gone), e.id, coalesce(e.kind, 0::int2), coalesce(e.state, 0::int2), coalesce(e.failures, 0),
	set_config('carillon.wrote', coalesce((select string_agg(id || case state when 5 then ':failed' else ':completed' end, ',')
		from ended), ''), true)
from (select 1) one left join ended e on true;

-- name: schedule_exhausted :many
-- args: buckets int2[], ids uuid[], now timestamptz
-- rows: ended int8, wrote text
-- Behind schedule_advance, in its transaction: a job or plan whose last occurrence was missed, and is not made up for, is completed
-- now, as no run of it will end.
with v as materialized (
	select p.place from unnest($buckets, $ids) v(bucket, id)
	cross join lateral (select x.ctid as place, x.id, x.kind, x.state, x.next_at from schedule x
		where x.bucket = v.bucket and x.id >= v.id order by x.bucket, x.id limit 1) p
	where p.id = v.id and p.kind > 1 and p.state = 1 and p.next_at is null
		and not exists (select 1 from run r where r.bucket = v.bucket and r.schedule_id = v.id)),
ended as (
	update schedule s set state = 4, wake_at = null, rev = s.rev + 1, updated_at = $now from v where s.ctid = v.place
	returning s.bucket, s.tenant_id, s.id, s.kind),
totalled as (
	insert into schedule_total as t (bucket, tenant_id, kind, state, total)
	select e.bucket, e.tenant_id, e.kind, d.state, sum(d.delta)
	from ended e cross join (values (1::int2, -1), (4::int2, 1)) d(state, delta)
	group by e.bucket, e.tenant_id, e.kind, d.state order by e.bucket, e.tenant_id, e.kind, d.state
	on conflict (bucket, tenant_id, kind, state) do update set total = t.total + excluded.total)
select count(*), set_config('carillon.wrote', coalesce(string_agg(id || ':completed', ','), ''), true) from ended;

-- name: standing_reset :exec
-- args: bucket int2, tenant uuid, schedule uuid, now timestamptz
-- Resumed by hand: it begins anew, and runs that ended before do not count, even when their consequences are still to come.
insert into standing (bucket, tenant_id, schedule_id, failures, streak, reset_at)
values ($bucket, $tenant, $schedule, 0, 0, $now)
on conflict (bucket, tenant_id, schedule_id) do update set failures = 0, reset_at = $now;
