-- name: run_insert :many
-- args: buckets int2[], tenants uuid[], ids uuid[], kinds int2[], dues timestamptz[], readies timestamptz[]
-- args: expires timestamptz[], keys text[], urls text[], options text[], payloads bytea[], created timestamptz[]
-- rows: id uuid
-- Group commit of one-offs: a taken unique_key leaves its own row out and does not disturb its neighbours.
with input as materialized (
	select * from unnest($buckets, $tenants, $ids, $kinds, $dues, $readies, $expires, $keys, $urls, $options, $payloads,
		$created)
		i(bucket, tenant_id, id, kind, due, ready, expires, key, url, options, payload, created)),
taken as (
	insert into run_key (bucket, tenant_id, unique_key, run_id, created_at)
	select bucket, tenant_id, key, id, created from input where key is not null order by key
	on conflict do nothing returning run_id)
insert into run (bucket, tenant_id, id, kind, trigger, state, scheduled_for, ready_at, expires_at, overlap,
	attempt, excused, token, unique_key, url, options, payload, created_at)
select bucket, tenant_id, id, kind, 0, 1, due, ready, expires, 2, 0, 0, 0, key, url, options, payload, created
from input where key is null or id in (select run_id from taken)
returning id;

-- name: run_insert_all :exec
-- args: buckets int2[], tenants uuid[], ids uuid[], kinds int2[], dues timestamptz[], readies timestamptz[]
-- args: expires timestamptz[], keys text[], urls text[], options text[], payloads bytea[], created timestamptz[]
-- All or none: a taken unique_key is a conflict of the whole statement.
with input as materialized (
	select * from unnest($buckets, $tenants, $ids, $kinds, $dues, $readies, $expires, $keys, $urls, $options, $payloads,
		$created)
		i(bucket, tenant_id, id, kind, due, ready, expires, key, url, options, payload, created)),
taken as (
	insert into run_key (bucket, tenant_id, unique_key, run_id, created_at)
	select bucket, tenant_id, key, id, created from input where key is not null order by key)
insert into run (bucket, tenant_id, id, kind, trigger, state, scheduled_for, ready_at, expires_at, overlap,
	attempt, excused, token, unique_key, url, options, payload, created_at)
select bucket, tenant_id, id, kind, 0, 1, due, ready, expires, 2, 0, 0, 0, key, url, options, payload, created
from input;

-- name: run_key_find :many
-- args: bucket int2, tenant uuid, keys text[]
-- rows: unique_key text, run_id uuid
select k.unique_key, k.run_id from unnest($keys) wanted cross join lateral (select * from run_key
	where bucket = $bucket and tenant_id = $tenant and unique_key = wanted limit 1) k
order by k.created_at, k.run_id limit 1;

-- name: run_get :one
-- args: bucket int2, tenant uuid, id uuid, kind int2
-- rows: id uuid, schedule_id uuid, trigger int2, state int2, scheduled_for timestamptz, ready_at timestamptz
-- rows: expires_at timestamptz, attempt int4, excused int4, unique_key text, url text, options text, payload bytea
-- rows: created_at timestamptz
select r.id, r.schedule_id, r.trigger, r.state, r.scheduled_for, r.ready_at, r.expires_at, r.attempt, r.excused,
	r.unique_key, coalesce(r.url, t.url), coalesce(r.options, t.options), coalesce(r.payload, t.payload), r.created_at
from run r left join lateral (select url, options, payload from template
	where bucket = r.bucket and id = r.template_id limit 1) t on true
where r.bucket = $bucket and r.tenant_id = $tenant and r.id = $id and r.kind = $kind;

-- name: run_get_ended :one
-- args: bucket int2, tenant uuid, id uuid, kind int2, since timestamptz
-- rows: id uuid, schedule_id uuid, trigger int2, state int2, reason text, scheduled_for timestamptz
-- rows: expires_at timestamptz, attempt int4, excused int4, unique_key text, url text, options text, payload bytea
-- rows: created_at timestamptz, started_at timestamptz, finished_at timestamptz
-- Only the primary key has that order. $since is the instant inside the id: a run cannot have ended before it was made, so older partitions are not opened.
select r.id, r.schedule_id, r.trigger, r.state, r.reason, r.scheduled_for, r.expires_at, r.attempt, r.excused,
	r.unique_key, coalesce(r.url, t.url), coalesce(r.options, t.options), coalesce(r.payload, t.payload),
	r.created_at, r.started_at, r.finished_at
from run_history r left join lateral (select url, options, payload from template
	where bucket = r.bucket and id = r.template_id limit 1) t on true
where r.bucket = $bucket and r.id = $id and r.finished_at >= $since
	and r.tenant_id is not distinct from $tenant and r.kind + 0 = $kind
order by r.finished_at limit 1;

-- name: attempt_list :many
-- args: bucket int2, run uuid, since timestamptz
-- rows: number int4, token int8, started_at timestamptz, finished_at timestamptz, outcome int2, http_status int2
-- rows: error text, detail text, address text, response_headers bytea, response_body bytea
-- rows: dns_us int4, connect_us int4, tls_us int4, first_byte_us int4, total_us int4
select number, token, started_at, finished_at, outcome, coalesce(http_status, 0::int2), error, detail, address,
	response_headers, response_body, coalesce(dns_us, 0), coalesce(connect_us, 0), coalesce(tls_us, 0),
	coalesce(first_byte_us, 0), coalesce(total_us, 0)
from attempt where bucket = $bucket and run_id = $run and finished_at >= $since order by token limit 200;

-- name: run_page :many
-- args: bucket int2, tenant uuid, kind int2, due bool, ahead bool, executing bool, retrying bool, ended int2
-- args: now timestamptz, skip int4, most int4, payload_max int4
-- rows: id uuid, schedule_id uuid, trigger int2, state int2, reason text, scheduled_for timestamptz, ready_at timestamptz
-- rows: expires_at timestamptz, attempt int4, excused int4, unique_key text, url text, options text, payload bytea
-- rows: created_at timestamptz, started_at timestamptz, finished_at timestamptz, payload_omitted bool
-- One page, newest first, of live and ended runs together. The flags say which live ones: a run that is claimed ahead of
-- its time (state 2, not ready yet) is shown as it was before, and its attempt has not begun: hence attempt - (state - 1).
-- ended is a state, 0 for all of them, -1 for none. Each state is read in its index's order and cut before they meet; no
-- other index has that order, so no statistics can lead the planner astray.
with page as materialized (
	(select r.id, r.schedule_id, r.trigger, r.state, null::text as reason, r.scheduled_for, r.ready_at, r.expires_at, r.attempt,
		r.excused, r.unique_key, r.template_id, r.url, r.options, r.payload, r.created_at, null::timestamptz as started_at,
		null::timestamptz as finished_at
	from run r
	where ($due or $ahead or $executing or $retrying) and r.bucket = $bucket and r.tenant_id = $tenant and r.kind = $kind
		and case when r.state = 8 or r.state = 2 and r.ready_at <= $now then $executing
			when r.attempt - (r.state - 1) > r.excused then $retrying
			when r.ready_at <= $now then $due else $ahead end
	order by r.id desc limit $skip + $most)
	union all
	(select e.*
	from unnest(case when $ended = 0 then '{3, 4, 5, 6, 7}' when $ended < 0 then '{}' else array[$ended] end) wanted
	cross join lateral (
		select r.id, r.schedule_id, r.trigger, r.state, r.reason, r.scheduled_for, null::timestamptz, r.expires_at, r.attempt,
			r.excused, r.unique_key, r.template_id, r.url, r.options, r.payload, r.created_at, r.started_at, r.finished_at
		from run_history r
		where r.bucket = $bucket and r.tenant_id = $tenant and r.kind = $kind and r.state = wanted
		order by r.created_at desc limit $skip + $most) e)
	order by created_at desc limit $most offset $skip)
select p.id, p.schedule_id, p.trigger, p.state, p.reason, p.scheduled_for, p.ready_at, p.expires_at, p.attempt, p.excused,
	p.unique_key, coalesce(p.url, t.url), coalesce(p.options, t.options),
	case when octet_length(coalesce(p.payload, t.payload)) <= $payload_max then coalesce(p.payload, t.payload) end,
	p.created_at, p.started_at, p.finished_at,
	coalesce(octet_length(coalesce(p.payload, t.payload)) > $payload_max, false)
from page p left join lateral (select url, options, payload from template
	where bucket = $bucket and id = p.template_id limit 1) t on true
order by p.created_at desc;

-- name: run_page_schedule :many
-- args: bucket int2, tenant uuid, schedule uuid, due bool, ahead bool, executing bool, retrying bool, ended int2
-- args: now timestamptz, skip int4, most int4, payload_max int4
-- rows: id uuid, schedule_id uuid, trigger int2, state int2, reason text, scheduled_for timestamptz, ready_at timestamptz
-- rows: expires_at timestamptz, attempt int4, excused int4, unique_key text, url text, options text, payload bytea
-- rows: created_at timestamptz, started_at timestamptz, finished_at timestamptz, payload_omitted bool
-- The same for one schedule, by scheduled_for.
with page as materialized (
	(select r.id, r.schedule_id, r.trigger, r.state, null::text as reason, r.scheduled_for, r.ready_at, r.expires_at, r.attempt,
		r.excused, r.unique_key, r.template_id, r.url, r.options, r.payload, r.created_at, null::timestamptz as started_at,
		null::timestamptz as finished_at
	from run r
	where ($due or $ahead or $executing or $retrying) and r.bucket = $bucket and r.schedule_id = $schedule and r.tenant_id = $tenant
		and case when r.state = 8 or r.state = 2 and r.ready_at <= $now then $executing
			when r.attempt - (r.state - 1) > r.excused then $retrying
			when r.ready_at <= $now then $due else $ahead end
	order by r.scheduled_for desc limit $skip + $most)
	union all
	(select e.*
	from unnest(case when $ended = 0 then '{3, 4, 5, 6, 7}' when $ended < 0 then '{}' else array[$ended] end) wanted
	cross join lateral (
		select r.id, r.schedule_id, r.trigger, r.state, r.reason, r.scheduled_for, null::timestamptz, r.expires_at, r.attempt,
			r.excused, r.unique_key, r.template_id, r.url, r.options, r.payload, r.created_at, r.started_at, r.finished_at
		from run_history r
		where r.bucket = $bucket and r.schedule_id = $schedule and r.tenant_id = $tenant and r.state = wanted
		order by r.scheduled_for desc limit $skip + $most) e)
	order by scheduled_for desc limit $most offset $skip)
select p.id, p.schedule_id, p.trigger, p.state, p.reason, p.scheduled_for, p.ready_at, p.expires_at, p.attempt, p.excused,
	p.unique_key, coalesce(p.url, t.url), coalesce(p.options, t.options),
	case when octet_length(coalesce(p.payload, t.payload)) <= $payload_max then coalesce(p.payload, t.payload) end,
	p.created_at, p.started_at, p.finished_at,
	coalesce(octet_length(coalesce(p.payload, t.payload)) > $payload_max, false)
from page p left join lateral (select url, options, payload from template
	where bucket = $bucket and id = p.template_id limit 1) t on true
order by p.scheduled_for desc;

-- name: run_count :one
-- args: bucket int2, tenant uuid, kind int2, now timestamptz
-- rows: due int8, ahead int8, executing int8, retrying int8
-- Live runs only; ended ones are in the tally.
select count(*) filter (where state = 1 and attempt <= excused and ready_at <= $now),
	count(*) filter (where state < 3 and attempt - (state - 1) <= excused and ready_at > $now),
	count(*) filter (where state = 8 or state = 2 and ready_at <= $now),
	count(*) filter (where (state = 1 or state = 2 and ready_at > $now) and attempt - (state - 1) > excused)
from run where bucket = $bucket and tenant_id = $tenant and kind = $kind;

-- name: run_count_schedule :one
-- args: bucket int2, tenant uuid, schedule uuid, now timestamptz
-- rows: due int8, ahead int8, executing int8, retrying int8
-- Live runs only; ended ones are in the tally.
select count(*) filter (where state = 1 and attempt <= excused and ready_at <= $now),
	count(*) filter (where state < 3 and attempt - (state - 1) <= excused and ready_at > $now),
	count(*) filter (where state = 8 or state = 2 and ready_at <= $now),
	count(*) filter (where (state = 1 or state = 2 and ready_at > $now) and attempt - (state - 1) > excused)
from run where bucket = $bucket and schedule_id = $schedule and tenant_id = $tenant;

-- name: tally_get :one
-- args: bucket int2, tenant uuid, schedule uuid
-- rows: completed int8, failed int8, cancelled int8, expired int8, skipped int8, executed int8, last_at timestamptz
select completed, failed, cancelled, expired, skipped, executed, last_at
from tally where bucket = $bucket and tenant_id = $tenant and schedule_id = $schedule;

-- name: run_hold :many
-- args: bucket int2, tenant uuid, id uuid, kind int2
-- rows: state int2, ready_at timestamptz, attempt int4, token int8, attempt_id uuid, began_at timestamptz
-- What of a live run decides how it is cancelled or retried; the write that follows finds it as it was, or changes nothing.
select state, ready_at, attempt, token, attempt_id, began_at from run
where bucket = $bucket and tenant_id = $tenant and id = $id and kind = $kind;

-- name: run_cancel :many
-- args: bucket int2, tenant uuid, id uuid, kind int2, state int2, ready timestamptz, attempt int4, claim uuid
-- args: now timestamptz, sum uuid
-- rows: id uuid, owner uuid, attempt_id uuid, wrote text
-- Ends a live run that is as it was read, whoever holds it: the holder's later write finds no row. The notice tells the holder to let go; an
-- awaited one (8) has none; the earliest that waits behind it looks at once, as after run_finish.
with gone as (
	delete from run where bucket = $bucket and tenant_id = $tenant and id = $id and kind = $kind
		and state + 0 = $state and ready_at = $ready and attempt = $attempt and attempt_id is not distinct from $claim
	returning *),
called as (
	update run w set ready_at = $now
	from (select x.place from gone g cross join lateral (select y.ctid as place from run y
		where y.bucket = g.bucket and y.schedule_id = g.schedule_id and y.scheduled_for > g.scheduled_for
			and y.state + 0 = 1 and y.attempt <= y.excused and y.excused < 3
			and y.scheduled_for + y.jitter_us * interval '1 microsecond' <= $now
		order by y.scheduled_for limit 1 for update skip locked) x where g.state = 8) n
	where w.ctid = n.place and w.ready_at > $now),
kept as (
	insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, reason, scheduled_for,
		expires_at, overlap, attempt, excused, token, unique_key, url, options, payload, created_at, started_at, finished_at,
		chain_run_id)
	select bucket, tenant_id, id, kind, schedule_id, template_id, trigger, 5, 'cancelled', scheduled_for, expires_at,
		overlap, attempt - (state = 2 and ready_at > $now)::int, excused, token, unique_key, url, options, payload,
		created_at, began_at, $now, chain_run_id from gone),
ended as (
	insert into attempt (bucket, run_id, number, token, started_at, finished_at, outcome, error)
	select bucket, id, attempt, token, began_at, $now, 4, 'cancelled' from gone
	where state = 8 or state = 2 and ready_at <= $now),
followed as (
	insert into aftermath as m (bucket, tenant_id, run_id, finished_at)
	select bucket, tenant_id, id, $now from gone where kind > 1
	on conflict (bucket, run_id) do update set finished_at = excluded.finished_at, taken_at = null),
told as (
	insert into notice (node_id, run_id, attempt_id, created_at)
	select owner, id, attempt_id, $now from gone where owner is not null on conflict do nothing),
summed as (
	insert into tally as t (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed)
	select bucket, tenant_id, s, 0, 0, 1, 0, 0, 0
	from gone cross join lateral unnest(array[schedule_id, $sum]) s where s is not null
	order by s
	on conflict (bucket, tenant_id, schedule_id) do update set cancelled = t.cancelled + 1)
select id, owner, attempt_id, set_config('carillon.wrote', id::text, true) from gone;

-- name: run_retry_live :many
-- args: bucket int2, tenant uuid, id uuid, kind int2, ready timestamptz, attempt int4, now timestamptz
-- rows: id uuid, wrote text
-- A run that waits for its next attempt gets it now.
update run set ready_at = $now
where bucket = $bucket and tenant_id = $tenant and id = $id and kind = $kind and state = 1 and attempt > excused
	and attempt = $attempt and ready_at = $ready
returning id, set_config('carillon.wrote', id::text, true);

-- name: run_retry_ended :many
-- args: bucket int2, tenant uuid, id uuid, kind int2, finished timestamptz, now timestamptz, sum uuid
-- rows: id uuid, wrote text
-- An ended run becomes live again under its own id, with the attempts so far excused; it is appended to history
-- again when it ends. Skipped ones stay: their instant has passed.
with back as (
	delete from run_history where bucket = $bucket and id = $id and tenant_id is not distinct from $tenant
		and kind + 0 = $kind
		and finished_at = $finished and state in (3, 4, 5, 6) returning *),
live as (
	insert into run (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, scheduled_for, ready_at,
		expires_at, overlap, attempt, excused, token, unique_key, url, options, payload, created_at, chain_run_id)
	select bucket, tenant_id, id, kind, schedule_id, template_id, 2, 1, scheduled_for, $now, null, 2, attempt, attempt,
		token, unique_key, url, options, payload, created_at, chain_run_id from back),
summed as (
	insert into tally as t (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed)
	select bucket, tenant_id, s, -(state = 3)::int, -(state = 4)::int, -(state = 5)::int, -(state = 6)::int, 0,
		-(state in (3, 4))::int
	from back cross join lateral unnest(array[schedule_id, $sum]) s where s is not null
	order by s
	on conflict (bucket, tenant_id, schedule_id) do update set completed = t.completed + excluded.completed,
		failed = t.failed + excluded.failed, cancelled = t.cancelled + excluded.cancelled,
		expired = t.expired + excluded.expired, executed = t.executed + excluded.executed)
select id, set_config('carillon.wrote', id::text, true) from back;
