-- name: message_claim :many
-- args: platforms text[], places int4[], busy_platforms text[], busy_tenants uuid[], claim uuid, now timestamptz
-- args: until timestamptz
-- rows: bucket int2, tenant uuid, id uuid, run_id uuid, schedule_id uuid, channel text, format int2, attempt int4
-- rows: output_bytes int4
-- Messages whose time has come, and those whose sender has not been heard of until its lease ended: the oldest of each
-- platform, as many as it has places. Tenants that have enough under way there are passed over.
with c as (
	update message set state = 2, attempt = attempt + 1, ready_at = $until, claim = $claim
	where ctid = any(array(select m.place from unnest($platforms, $places) p(platform, places)
		cross join lateral (select x.ctid as place from message x
			where x.platform = p.platform and x.state < 3 and x.ready_at <= $now
				and not exists (select 1 from unnest($busy_platforms, $busy_tenants) b(platform, tenant_id)
					where b.platform = x.platform and b.tenant_id = x.tenant_id)
			order by x.ready_at limit p.places for update skip locked) m))
	returning *)
select c.bucket, c.tenant_id, c.id, c.run_id, c.schedule_id, c.channel, c.format, c.attempt, coalesce(o.bytes, 0)
from c left join lateral (select octet_length(output) as bytes from run_output x
	where x.bucket = c.bucket and x.run_id = c.run_id and x.finished_at >= c.created_at - interval '1 day' limit 1) o on true
order by c.id;

-- name: message_load :many
-- args: bucket int2, tenant uuid, run uuid, since timestamptz, schedule uuid, platform text
-- rows: state int2, scheduled_for timestamptz, finished_at timestamptz, url text, payload bytea, name text, zone text
-- rows: output bytea, is_json bool, output_bytes int4, error text, detail text, http_status int2, sealed bytea
-- All that one message is made of. since: the instant inside the run's id, for the partitions. No row: the run is gone.
select h.state, h.scheduled_for, h.finished_at, coalesce(h.url, t.url), coalesce(h.payload, t.payload), s.name, s.zone,
	o.output, coalesce(o.is_json, false), coalesce(o.bytes, 0), coalesce(a.error, h.reason), a.detail, a.http_status,
	(select sealed from channel_credential where bucket = $bucket and tenant_id = $tenant and platform = $platform)
from (select * from run_history where bucket = $bucket and id >= $run and finished_at >= $since order by id limit 1) h
left join lateral (select url, payload from template where bucket = h.bucket and id = h.template_id limit 1) t on true
left join lateral (select id, name, zone from schedule
	where bucket = h.bucket and id >= $schedule order by id limit 1) s on s.id = $schedule
left join lateral (select output, is_json, bytes from run_output
	where bucket = h.bucket and run_id = h.id and finished_at = h.finished_at limit 1) o on true
left join lateral (select error, detail, http_status from attempt
	where bucket = h.bucket and run_id = h.id and token = h.token and finished_at >= $since limit 1) a on true
where h.id = $run and h.tenant_id = $tenant;

-- name: message_settle :exec
-- args: bucket int2, run uuid, id uuid, claim uuid, state int2, reason text, detail text, uncounted int4
-- args: ready timestamptz, finished timestamptz
-- What became of an attempt. Changes nothing when it is not ours any more.
update message set state = $state, reason = $reason, detail = $detail, attempt = attempt - $uncounted,
	ready_at = $ready, finished_at = $finished, claim = null
where bucket = $bucket and run_id = $run and id = $id and claim = $claim and state + 0 = 2;

-- name: credential_list :many
-- args: bucket int2, tenant uuid
-- rows: platform text, sealed bytea, updated_at timestamptz
select platform, sealed, updated_at from channel_credential where bucket = $bucket and tenant_id = $tenant order by platform;

-- name: credential_get :many
-- args: bucket int2, tenant uuid, platform text
-- rows: platform text, sealed bytea, updated_at timestamptz
select platform, sealed, updated_at from channel_credential
where bucket = $bucket and tenant_id = $tenant and platform = $platform;

-- name: credential_put :many
-- args: bucket int2, tenant uuid, platform text, sealed bytea, was bytea, now timestamptz
-- rows: platform text, wrote text
-- In the place of what the caller has read ($was; null: there were none). No row: they are others by now.
with made as (
	insert into channel_credential (bucket, tenant_id, platform, sealed, created_at, updated_at)
	select $bucket, $tenant, $platform, $sealed, $now, $now where $was is null
	on conflict do nothing returning platform),
changed as (
	update channel_credential set sealed = $sealed, updated_at = $now
	where bucket = $bucket and tenant_id = $tenant and platform = $platform and sealed = $was
	returning platform)
select platform, set_config('carillon.wrote', platform, true) from (select * from made union all select * from changed) put;

-- name: credential_delete :many
-- args: bucket int2, tenant uuid, platform text, was bytea
-- rows: wrote text
-- What the caller has read. No row: they are others by now, or gone.
delete from channel_credential where bucket = $bucket and tenant_id = $tenant and platform = $platform and sealed = $was
returning set_config('carillon.wrote', platform, true);
