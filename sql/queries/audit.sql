-- name: audit_block_at :many
-- args: bucket int2, tenant uuid, at timestamptz
-- rows: block int8
-- Where a tenant's blocks of this instant begin, by halves: they are in the order of time, but for what clocks differ and
-- operations take. A place where blocks are missing stands for the next one that is there. No row: he has none.
with recursive halves(low, high) as (
	select floor + 1, block + 1 from audit_head where bucket = $bucket and tenant_id = $tenant
	union all
	select case when p.at < $at then h.middle + 1 else h.low end, case when p.at < $at then h.high else h.middle end
	from (select low, high, low + (high - low) / 2 as middle from halves where low < high) h
	left join lateral (select a.at from audit a
		where a.bucket = $bucket and a.tenant_id = $tenant and a.block >= h.middle and a.block < h.high
		order by a.block, a.position limit 1) p on true)
select low from halves where low >= high;

-- name: audit_page :many
-- args: bucket int2, tenant uuid, object int2, from timestamptz, to timestamptz, first int8, block int8, position int4,
--       scan int4, most int4
-- rows: is_end bool, block int8, position int4, id uuid, at timestamptz, actor int2, key_id uuid, actor_name text,
--       request_id text, object int2, ref text, version int8, change text, before text, after text, hash bytea
-- Newest first, behind a place; object 0: of any. When so many have been looked at as $scan says, the last of those is there
-- too (is_end), to go on from.
with seen as materialized (
	select * from audit
	where bucket = $bucket and tenant_id = $tenant and block >= $first and (block, position) < ($block, $position)
	order by block desc, position desc limit $scan)
(select false, block, position, id, at, actor, key_id, actor_name, request_id, object, ref, version, change, before, after, hash
	from seen where ($object = 0 or object = $object) and at >= $from and at < $to
	order by block desc, position desc limit $most)
union all
(select true, block, position, id, at, actor, key_id, actor_name, request_id, object, ref, version, change, null, null, hash
	from seen where (select count(*) from seen) = $scan order by block, position limit 1);

-- name: audit_page_of :many
-- args: bucket int2, tenant uuid, object int2, ref text, from timestamptz, to timestamptz, first int8, block int8,
--       position int4, most int4
-- rows: block int8, position int4, id uuid, at timestamptz, actor int2, key_id uuid, actor_name text,
--       request_id text, object int2, ref text, version int8, change text, before text, after text, hash bytea
-- The same of one object. "bucket + 0", so that the primary key is not walked for its order.
select block, position, id, at, actor, key_id, actor_name, request_id, object, ref, version, change, before, after, hash
from audit
where tenant_id = $tenant and ref = $ref and block >= $first and block <= $block and (block, position) < ($block, $position)
	and bucket + 0 = $bucket and object = $object and at >= $from and at < $to
order by block desc, position desc limit $most;

-- name: audit_tenants :many
-- args: after uuid, organization text, tenant text, most int4
-- rows: id uuid, bucket int2, organization text, name text
-- Those whose chains are to be verified; a name that is not given stands for all.
select t.id, t.bucket, o.name, t.name from tenant t join organization o on o.id = t.organization_id
where ($after is null or t.id > $after) and ($organization is null or o.name = $organization) and ($tenant is null or t.name = $tenant)
order by t.id limit $most;

-- name: audit_head :many
-- args: bucket int2, tenant uuid
-- rows: block int8, hash bytea, digest bytea, floor int8, floor_hash bytea
select block, hash, digest, floor, floor_hash from audit_head where bucket = $bucket and tenant_id = $tenant;

-- name: audit_walk :many
-- args: bucket int2, tenant uuid, block int8, position int4, most int4
-- rows: block int8, position int4, id uuid, at timestamptz, actor int2, key_id uuid, actor_name text,
--       request_id text, object int2, ref text, version int8, change text, before text, after text, hash bytea
-- The whole chain, oldest first, behind a place.
select block, position, id, at, actor, key_id, actor_name, request_id, object, ref, version, change, before, after, hash
from audit
where bucket = $bucket and tenant_id = $tenant and (block, position) > ($block, $position)
order by block, position limit $most;
