-- name: job_start :many
-- args: bucket int2, tenant uuid, id uuid, kind int2, run uuid, at timestamptz, ready timestamptz, created timestamptz
-- rows: made bool, wrote text
-- A run by hand, with the template of now, beside whatever else runs. No row: there is no such job. Not made: the instant
-- has a run, or is the schedule's own next one.
with s as materialized (
	select x.* from (select * from schedule where bucket = $bucket and id >= $id order by id limit 1) x
	where x.id = $id and x.tenant_id = $tenant and x.kind = $kind and x.state <> 3),
slot as (
	insert into occurrence (bucket, schedule_id, scheduled_for, run_id)
	select bucket, id, $at, $run from s where next_at is distinct from $at on conflict do nothing returning run_id),
made as (
	insert into run (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, scheduled_for, ready_at, overlap,
		attempt, excused, token, created_at)
	select bucket, tenant_id, $run, kind, id, template_id, 2, 1, $at, $ready, 2, 0, 0, 0, $created
	from s where exists (select 1 from slot))
select exists (select 1 from slot), case when exists (select 1 from slot) then set_config('carillon.wrote', $run::text, true) end
from s;

-- name: job_run_get :many
-- args: bucket int2, tenant uuid, id uuid, kind int2, since timestamptz, output_max int4
-- rows: id uuid, schedule_id uuid, trigger int2, state int2, reason text, scheduled_for timestamptz, ready_at timestamptz
-- rows: attempt int4, excused int4, created_at timestamptz, started_at timestamptz, finished_at timestamptz
-- rows: chain_run_id uuid, error text, detail text, output bytea, output_is_json bool, output_kept int4, output_bytes int4
-- rows: channel text, message_state int2, message_attempt int4, message_reason text, message_detail text
-- rows: message_ready timestamptz, message_finished timestamptz
-- A job's or a plan's run, live or ended (one look: it cannot move between two), with its output and what became of its message.
with r as materialized (
	(select id, schedule_id, trigger, state, null::text as reason, scheduled_for, ready_at, attempt, excused, created_at,
		began_at as started_at, null::timestamptz as finished_at, chain_run_id
	from run where bucket = $bucket and tenant_id = $tenant and id = $id and kind = $kind)
	union all
	(select * from (select id, schedule_id, trigger, state, reason, scheduled_for, null::timestamptz, attempt, excused,
		created_at, started_at, finished_at, chain_run_id
	from run_history where bucket = $bucket and id = $id and finished_at >= $since
		and tenant_id is not distinct from $tenant and kind + 0 = $kind
	order by finished_at limit 1) h))
select r.id, r.schedule_id, r.trigger, r.state, r.reason, r.scheduled_for, r.ready_at, r.attempt, r.excused, r.created_at,
	r.started_at, r.finished_at, r.chain_run_id,
	case when r.state in (4, 6) then case r.reason when 'attempts_exhausted' then coalesce(e.error, r.reason) else r.reason end end,
	coalesce(e.detail, 'It answered with HTTP status ' || e.http_status || '.'),
	substring(o.output from 1 for $output_max), coalesce(o.is_json, false), coalesce(octet_length(o.output), 0),
	coalesce(o.bytes, 0), m.channel, coalesce(m.state, 0::int2), coalesce(m.attempt, 0), m.reason, m.detail, m.ready_at,
	m.finished_at
from r
left join lateral (select error, detail, http_status from attempt where bucket = $bucket and run_id = r.id
	and finished_at = r.finished_at and r.state in (4, 6) order by token desc limit 1) e on true
left join lateral (select output, is_json, bytes from run_output where bucket = $bucket and run_id = r.id
	and finished_at = r.finished_at limit 1) o on true
left join lateral (select * from message where bucket = $bucket and run_id = r.id order by id limit 1) m on true
limit 1;

-- name: job_run_page :many
-- args: bucket int2, tenant uuid, schedule uuid, due bool, ahead bool, executing bool, retrying bool, ended int2[]
-- args: now timestamptz, before timestamptz, skip int4, most int4, output_max int4
-- rows: id uuid, schedule_id uuid, trigger int2, state int2, reason text, scheduled_for timestamptz, ready_at timestamptz
-- rows: attempt int4, excused int4, created_at timestamptz, started_at timestamptz, finished_at timestamptz
-- rows: chain_run_id uuid, error text, detail text, output bytea, output_is_json bool, output_kept int4, output_bytes int4
-- rows: channel text, message_state int2, message_attempt int4, message_reason text, message_detail text
-- rows: message_ready timestamptz, message_finished timestamptz
-- One page of the runs of a job or a plan, as run_page_schedule, those before an instant; what hangs on a run is looked up for the page only.
with r as materialized (
	(select id, schedule_id, trigger, state, null::text as reason, scheduled_for, ready_at, attempt, excused, created_at,
		began_at as started_at, null::timestamptz as finished_at, chain_run_id
	from run
	where ($due or $ahead or $executing or $retrying) and bucket = $bucket and schedule_id = $schedule and tenant_id = $tenant
		and scheduled_for < coalesce($before, 'infinity')
		and case when state = 8 or state = 2 and ready_at <= $now then $executing
			when attempt - (state - 1) > excused then $retrying
			when ready_at <= $now then $due else $ahead end
	order by scheduled_for desc limit $skip + $most)
	union all
	(select h.*
	from unnest($ended) wanted
	cross join lateral (
		select id, schedule_id, trigger, state, reason, scheduled_for, null::timestamptz, attempt, excused, created_at,
			started_at, finished_at, chain_run_id
		from run_history
		where bucket = $bucket and schedule_id = $schedule and tenant_id = $tenant and state = wanted
			and scheduled_for < coalesce($before, 'infinity')
		order by scheduled_for desc limit $skip + $most) h)
	order by scheduled_for desc limit $most offset $skip)
select r.id, r.schedule_id, r.trigger, r.state, r.reason, r.scheduled_for, r.ready_at, r.attempt, r.excused, r.created_at,
	r.started_at, r.finished_at, r.chain_run_id,
	case when r.state in (4, 6) then case r.reason when 'attempts_exhausted' then coalesce(e.error, r.reason) else r.reason end end,
	coalesce(e.detail, 'It answered with HTTP status ' || e.http_status || '.'),
	substring(o.output from 1 for $output_max), coalesce(o.is_json, false), coalesce(octet_length(o.output), 0),
	coalesce(o.bytes, 0), m.channel, coalesce(m.state, 0::int2), coalesce(m.attempt, 0), m.reason, m.detail, m.ready_at,
	m.finished_at
from r
left join lateral (select error, detail, http_status from attempt where bucket = $bucket and run_id = r.id
	and finished_at = r.finished_at and r.state in (4, 6) order by token desc limit 1) e on true
left join lateral (select output, is_json, bytes from run_output where bucket = $bucket and run_id = r.id
	and finished_at = r.finished_at limit 1) o on true
left join lateral (select * from message where bucket = $bucket and run_id = r.id order by id limit 1) m on true
order by r.scheduled_for desc;
