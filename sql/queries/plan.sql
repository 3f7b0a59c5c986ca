-- name: plan_page :many
-- args: bucket int2, tenant uuid, states int2[], action text, from timestamptz, to timestamptz, before timestamptz
-- args: before_id uuid, scan int4, most int4, payload_max int4
-- rows: fits bool, scanned int8, id uuid, state int2, name text, details text, spec_kind int2, spec text, zone text
-- rows: start_at timestamptz, end_at timestamptz, anchor_at timestamptz, dst_gap int2, dst_overlap int2, overlap int2
-- rows: catchup int2, lookahead_us int8, expires_us int8, template_id uuid, rev int8, next_at timestamptz
-- rows: paused_at timestamptz, created_at timestamptz, updated_at timestamptz, url text, options text, payload bytea
-- rows: executed int8, last_at timestamptz, skipped int8, upcoming timestamptz, payload_omitted bool, calendar text
-- rows: adjust int2, jitter_us int8, count_end timestamptz, agent text, failures int4, last_state int2
-- Plans behind a place (before, before_id), newest first. Each state is read in its index's order and cut before they meet:
-- $scan rows in all, of which those with their next occurrence in $from .. $to are shown (nulls: all of them), $most at most.
-- The last row that was looked at comes again at the end, with fits false: there the next page begins.
-- (created_at is the index's; plans of one instant come together, and their ids tell them apart.)
with scanned as materialized (
	select l.* from unnest($states) wanted
	cross join lateral (
		(select s.* from schedule s
		where $action is null and s.bucket = $bucket and s.tenant_id = $tenant and s.kind = 3 and s.state = wanted
			and s.created_at <= coalesce($before, 'infinity')
			and (s.created_at < coalesce($before, 'infinity') or s.id < $before_id)
		order by s.created_at desc fetch first ($scan) rows with ties)
		union all
		(select s.* from schedule s
		where s.bucket = $bucket and s.tenant_id = $tenant and s.agent = $action and s.kind + 0 = 3 and s.state = wanted
			and s.created_at <= coalesce($before, 'infinity')
			and (s.created_at < coalesce($before, 'infinity') or s.id < $before_id)
		order by s.created_at desc fetch first ($scan) rows with ties)) l
	order by l.created_at desc, l.id desc limit $scan),
page as materialized (
	(select true as fits, s.* from scanned s
	where $from is null and $to is null or state = 1
		and next_at >= coalesce($from, '-infinity') and next_at <= coalesce($to, 'infinity')
	order by created_at desc, id desc limit $most)
	union all
	(select false, s.* from scanned s order by created_at, id limit 1))
select s.fits, (select count(*) from scanned), s.id, s.state, s.name, s.details, s.spec_kind, s.spec, s.zone, s.start_at,
	s.end_at, s.anchor_at, s.dst_gap, s.dst_overlap, s.overlap, s.catchup, s.lookahead_us, s.expires_us, s.template_id, s.rev,
	s.next_at, s.paused_at, s.created_at, s.updated_at, t.url, t.options,
	case when octet_length(t.payload) <= $payload_max then t.payload end,
	coalesce(y.executed, 0), y.last_at, coalesce(y.skipped, 0), null::timestamptz,
	coalesce(octet_length(t.payload) > $payload_max, false), s.calendar, s.adjust, s.jitter_us, s.count_end, s.agent, 0, 0::int2
from page s
cross join lateral (select url, options, payload from template where bucket = $bucket and id = s.template_id limit 1) t
left join lateral (select executed, last_at, skipped from tally where bucket = $bucket and tenant_id = $tenant
	and schedule_id = s.id limit 1) y on true
order by s.fits desc, s.created_at desc, s.id desc;
