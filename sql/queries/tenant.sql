-- name: key_find :one
-- args: hash bytea, now timestamptz
-- rows: id uuid, tenant uuid, organization uuid, bucket int2, role int2
select k.id, k.tenant_id, t.organization_id, t.bucket, k.role
from api_key k join tenant t on t.id = k.tenant_id
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

-- name: key_ensure :exec
-- args: hash bytea, id uuid, tenant uuid, name text, role int2, now timestamptz
insert into api_key (hash, id, tenant_id, name, role, created_at)
values ($hash, $id, $tenant, $name, $role, $now)
on conflict (hash) do update set revoked_at = null, expires_at = null, role = excluded.role;
