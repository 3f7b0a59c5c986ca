-- Keys of tenants. Found by what is presented: key_find in tenant.sql.

-- name: key_insert :one
-- args: hash bytea, id uuid, tenant uuid, name text, role int2, actions text, prefix text, expires timestamptz,
--       created_by uuid, replaces uuid, old_expires timestamptz, old_expires_was timestamptz, most int4, now timestamptz
-- rows: is_full bool, wrote text
-- is_full: the tenant has as many live ones as it may, and nothing was done. Neither: the one it replaces, which gets
-- its end here, is not any more as it was read.
with crowd as materialized (
	select count(*) >= $most as is_full from (select 1 from api_key where tenant_id = $tenant
		and revoked_at is null and (expires_at is null or expires_at > $now) limit $most) live),
old as (
	update api_key set expires_at = $old_expires
	where id = $replaces and tenant_id = $tenant and revoked_at is null
		and expires_at is not distinct from $old_expires_was and not (select is_full from crowd)
	returning id),
made as (
	insert into api_key (hash, id, tenant_id, name, role, actions, prefix, expires_at, created_by, replaces,
		created_at)
	select $hash, $id, $tenant, $name, $role, $actions, $prefix, $expires, $created_by, $replaces, $now
	from crowd where not is_full and ($replaces is null or exists (select 1 from old))
	returning set_config('carillon.wrote', '*', true) as wrote)
select crowd.is_full, (select wrote from made) from crowd;

-- name: key_get :many
-- args: id uuid, tenant uuid, is_any bool
-- rows: id uuid, tenant uuid, organization uuid, bucket int2, tenant_name text, organization_name text, name text,
--       role int2, actions text, prefix text, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz,
--       last_used_at timestamptz, created_by uuid, replaces uuid
-- is_any: of whatever tenant.
select k.id, k.tenant_id, t.organization_id, t.bucket, t.name, o.name, k.name, k.role, k.actions, k.prefix, k.created_at,
	k.expires_at, k.revoked_at, k.last_used_at, k.created_by, k.replaces
from api_key k join tenant t on t.id = k.tenant_id join organization o on o.id = t.organization_id
where k.id = $id and ($is_any or k.tenant_id = $tenant);

-- name: key_own :many
-- args: hash bytea
-- rows: id uuid, tenant uuid, bucket int2, name text, role int2, actions text, prefix text, expires_at timestamptz,
--       revoked_at timestamptz
-- The key of the settings, in whatever state.
select k.id, k.tenant_id, t.bucket, k.name, k.role, k.actions, k.prefix, k.expires_at, k.revoked_at
from api_key k join tenant t on t.id = k.tenant_id where k.hash = $hash;

-- name: key_ensure :many
-- args: hash bytea, id uuid, tenant uuid, name text, role int2, prefix text, now timestamptz
-- rows: wrote text
-- Makes it, or takes back what was done to it; no row: it is as it should be, and nothing was written.
insert into api_key as k (hash, id, tenant_id, name, role, prefix, created_at)
values ($hash, $id, $tenant, $name, $role, $prefix, $now)
on conflict (hash) do update set revoked_at = null, expires_at = null, actions = null, role = excluded.role
where k.revoked_at is not null or k.expires_at is not null or k.actions is not null or k.role <> excluded.role
returning set_config('carillon.wrote', id::text, true);

-- name: key_page :many
-- args: tenant uuid, before timestamptz, before_id uuid, most int4
-- rows: id uuid, tenant_name text, organization_name text, name text, role int2, actions text, prefix text,
--       created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz,
--       created_by uuid, replaces uuid
-- Newest first, what was made before that place; null: all of them.
select k.id, t.name, o.name, k.name, k.role, k.actions, k.prefix, k.created_at, k.expires_at, k.revoked_at,
	k.last_used_at, k.created_by, k.replaces
from tenant t join organization o on o.id = t.organization_id
	cross join lateral (select * from api_key where tenant_id = t.id
		and created_at <= coalesce($before, 'infinity') and ($before is null or (created_at, id) < ($before, $before_id)) order by created_at desc, id desc limit $most) k
where t.id = $tenant order by k.created_at desc, k.id desc;

-- name: key_revoke :one
-- args: id uuid, tenant uuid, now timestamptz, expires_was timestamptz
-- rows: is_last bool, wrote text
-- is_last: it lets the last admin in to the tenant that runs this server, and nothing was done. Neither: it is not
-- any more as it was read. Admins' keys are locked in one order, so that two that are revoked at once are seen by each other.
with way_in as materialized (
	select k.id from api_key k where k.tenant_id = $tenant and k.role = 4 and k.revoked_at is null
		and (k.expires_at is null or k.expires_at > $now) order by k.id for update of k),
kept as materialized (
	select not exists (select 1 from way_in where id <> $id) and exists (select 1 from way_in where id = $id)
		and exists (select 1 from tenant t join organization o on o.id = t.organization_id
			where t.id = $tenant and t.name = 'default' and o.name = 'default') as is_last),
gone as (
	update api_key set revoked_at = $now
	where id = $id and tenant_id = $tenant and revoked_at is null and expires_at is not distinct from $expires_was
		and not (select is_last from kept)
	returning set_config('carillon.wrote', '*', true) as wrote)
select kept.is_last, (select wrote from gone) from kept;

-- name: key_used :exec
-- args: ids uuid[], ats timestamptz[]
update api_key k set last_used_at = u.at from unnest($ids, $ats) as u(id, at)
where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at);

-- name: key_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
-- Those that ended before that.
with gone as (
	delete from api_key where ctid = any(array(select ctid from api_key
		where least(revoked_at, expires_at) < $before and (revoked_at is not null or expires_at is not null)
		limit $most))
	returning 1)
select count(*) from gone;
