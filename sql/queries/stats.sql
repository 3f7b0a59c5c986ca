-- name: rollup_hours :many
-- args: bucket int2, tenant uuid, schedule uuid, since timestamptz
-- rows: hour timestamptz, completed int4, failed int4, cancelled int4, expired int4, skipped int4, duration_us int8
-- A schedule's, or (nil with the kind in the last byte) those of all of a kind.
select hour, completed, failed, cancelled, expired, skipped, duration_us
from rollup where bucket = $bucket and tenant_id = $tenant and schedule_id = $schedule and hour >= $since
order by hour;

-- name: rollup_slots :many
-- args: bucket int2, tenant uuid, schedule uuid, since timestamptz
-- rows: slot int2, runs int8
select slot, sum(runs)::int8
from rollup_duration where bucket = $bucket and tenant_id = $tenant and schedule_id = $schedule and day >= $since
group by slot;

-- name: schedule_totals :many
-- args: bucket int2, tenant uuid, kind int2
-- rows: state int2, total int8
select state, total from schedule_total where bucket = $bucket and tenant_id = $tenant and kind = $kind;

-- name: standing_get :many
-- args: bucket int2, tenant uuid, schedule uuid
-- rows: failures int4, streak int4, last_run uuid, last_state int2, error text, detail text, failed_at timestamptz
-- rows: failed_run uuid, finished_at timestamptz
select failures, streak, last_run_id, coalesce(last_state, 0::int2), last_error, last_detail, last_failed_at, last_failed_id,
	last_finished_at
from standing where bucket = $bucket and tenant_id = $tenant and schedule_id = $schedule;

-- name: activity_add :exec
-- args: buckets int2[], tenants uuid[], slots timestamptz[], requests int4[]
-- In the order of the key, so that two processes do not wait for each other in a circle.
insert into activity as a (bucket, tenant_id, slot, requests)
select bucket, tenant_id, slot, requests
from unnest($buckets, $tenants, $slots, $requests) i(bucket, tenant_id, slot, requests)
order by bucket, tenant_id, slot
on conflict (bucket, tenant_id, slot) do update set requests = a.requests + excluded.requests;

-- name: activity_get :many
-- args: bucket int2, tenant uuid, since timestamptz
-- rows: slot timestamptz, requests int4
select slot, requests from activity where bucket = $bucket and tenant_id = $tenant and slot >= $since order by slot;

-- name: usual_zone :many
-- args: bucket int2, tenant uuid, kind int2, most int4
-- rows: zone text
-- That most of the newest active schedules are in.
select zone from (select zone from schedule where bucket = $bucket and tenant_id = $tenant and kind = $kind and state = 1
	order by created_at desc limit $most) newest
group by zone order by count(*) desc, zone limit 1;
