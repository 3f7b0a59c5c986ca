-- name: key_find :one
-- args: hash bytea, now timestamptz
-- rows: id uuid, tenant uuid, organization uuid, bucket int2, role int2, name text, actions text, is_operator bool,
--       expires_at timestamptz, requests int4, schedules int8, min_interval int8, payload int4
-- Who has this key; a limit of -1 is the settings' to say.
select k.id, k.tenant_id, t.organization_id, t.bucket, k.role, k.name, k.actions,
	k.role = 4 and t.name = 'default' and o.name = 'default', k.expires_at,
	coalesce(t.request_rate, -1), coalesce(t.schedules_max, -1), coalesce(t.min_interval_us, -1),
	coalesce(t.payload_max, -1)
from api_key k join tenant t on t.id = k.tenant_id join organization o on o.id = t.organization_id
where k.hash = $hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > $now);

-- name: tenant_ensure :one
-- args: organization uuid, tenant uuid, bucket int2, name text, now timestamptz
-- rows: tenant uuid
-- The organization and tenant `name`, made if they are not there; the ids given are used only then.
with o as (
	insert into organization (id, name, created_at) values ($organization, $name, $now)
	on conflict (name) do update set name = excluded.name returning id)
insert into tenant (id, organization_id, bucket, name, created_at)
select $tenant, o.id, $bucket, $name, $now from o
on conflict (organization_id, name) do update set name = excluded.name returning id;

-- name: tenant_find :one
-- args: organization text, own_organization uuid, tenant text, own uuid
-- rows: id uuid, organization uuid, bucket int2, organization_name text, name text, created_at timestamptz,
--       requests int4, schedules int8, min_interval int8, payload int4
-- By its names; a name that is not given is that of the own one. A limit of -1 is the settings' to say.
select t.id, t.organization_id, t.bucket, o.name, t.name, t.created_at, coalesce(t.request_rate, -1),
	coalesce(t.schedules_max, -1), coalesce(t.min_interval_us, -1), coalesce(t.payload_max, -1)
from organization o join tenant t on t.organization_id = o.id
where (o.name = $organization or $organization is null and o.id = $own_organization)
	and (t.name = $tenant or $tenant is null and t.id = $own);

-- name: tenant_make :exec
-- args: organization uuid, organization_name text, id uuid, bucket int2, name text, now timestamptz
-- Fails when it is there, or when its organization is being made by somebody else: to be read again.
with o as (
	insert into organization (id, name, created_at) values ($organization, $organization_name, $now)
	on conflict (name) do nothing returning id)
insert into tenant (id, organization_id, bucket, name, created_at)
values ($id, coalesce((select id from o), (select id from organization where name = $organization_name)),
	$bucket, $name, $now);

-- name: tenant_list :many
-- args: now timestamptz, most int4
-- rows: id uuid, organization_name text, name text, created_at timestamptz, requests int4, schedules int8,
--       min_interval int8, payload int4, keys int8
select t.id, o.name, t.name, t.created_at, coalesce(t.request_rate, -1), coalesce(t.schedules_max, -1),
	coalesce(t.min_interval_us, -1), coalesce(t.payload_max, -1),
	(select count(*) from api_key k where k.tenant_id = t.id and k.revoked_at is null
		and (k.expires_at is null or k.expires_at > $now))
from organization o join tenant t on t.organization_id = o.id
order by o.name, t.name limit $most;

-- name: tenant_limit :one
-- args: id uuid, requests int4, schedules int8, min_interval int8, payload int4, requests_was int4,
--       schedules_was int8, min_interval_was int8, payload_was int4
-- rows: wrote text
-- In the place of the limits that were read; -1: as the settings say.
update tenant set request_rate = nullif($requests, -1), schedules_max = nullif($schedules, -1),
	min_interval_us = nullif($min_interval, -1), payload_max = nullif($payload, -1)
where id = $id and coalesce(request_rate, -1) = $requests_was and coalesce(schedules_max, -1) = $schedules_was
	and coalesce(min_interval_us, -1) = $min_interval_was and coalesce(payload_max, -1) = $payload_was
returning set_config('carillon.wrote', id::text, true);
