-- name: audit_append :exec
-- args: buckets int2[], tenants uuid[], ids uuid[], ats timestamptz[], actors int2[], keys uuid[], actor_names text[]
-- args: requests text[], objects int2[], refs text[], versions int8[], changes text[], befores text[], afters text[]
-- args: digests bytea[], needs int2[]
-- Who changed what, in the transaction of the change and behind it: the chains' heads are the last that a transaction locks
-- (but answers), in their order. An entry is written if its change was made: needs 0 always, 1 when a statement before this
-- one said so (carillon.wrote is a list with commas of REF or REF:change; * is all), 2 when the run is there, 3 when the schedule is.
with input as materialized (
	select * from unnest($buckets, $tenants, $ids, $ats, $actors, $keys, $actor_names, $requests, $objects, $refs, $versions,
		$changes, $befores, $afters, $digests, $needs) with ordinality
		i(bucket, tenant_id, id, at, actor, key_id, actor_name, request_id, object, ref, version, change, before, after,
			digest, need, n)),
meant as materialized (
	select i.*, (row_number() over (partition by bucket, tenant_id order by n))::int4 as position
	from input i
	where case i.need when 0 then true
		when 1 then (select string_to_array(current_setting('carillon.wrote', true), ','))
			&& array['*', i.ref, i.ref || ':' || i.change]
		when 2 then i.ref::uuid = (select r.id from run r
			where r.bucket = i.bucket and r.tenant_id = i.tenant_id and r.id >= i.ref::uuid order by r.id limit 1)
		else i.ref::uuid = (select s.id from schedule s where s.bucket = i.bucket and s.id >= i.ref::uuid order by s.id limit 1)
		end),
heads as (
	insert into audit_head as h (bucket, tenant_id, block, hash, digest)
	select bucket, tenant_id, 1, sha256(decode(repeat('00', 32), 'hex') || digest), digest
	from (select bucket, tenant_id, sha256(string_agg(digest, ''::bytea order by position)) as digest
		from meant group by bucket, tenant_id) d
	order by bucket, tenant_id
	on conflict (bucket, tenant_id) do update set block = h.block + 1, hash = sha256(h.hash || excluded.digest),
		digest = excluded.digest
	returning bucket, tenant_id, block, hash)
insert into audit (bucket, tenant_id, block, position, id, at, actor, key_id, actor_name, request_id, object, ref, version,
	change, before, after, hash)
select m.bucket, m.tenant_id, h.block, m.position, m.id, m.at, m.actor, m.key_id, m.actor_name, m.request_id, m.object, m.ref,
	m.version, m.change, m.before, m.after, h.hash
from meant m join heads h on h.bucket = m.bucket and h.tenant_id = m.tenant_id;

-- name: audit_append_sure :exec
-- args: head_buckets int2[], head_tenants uuid[], head_digests bytea[], buckets int2[], tenants uuid[], positions int4[], ids uuid[]
-- args: ats timestamptz[], actors int2[], keys uuid[], actor_names text[], requests text[], objects int2[], refs text[]
-- args: versions int8[], changes text[], befores text[], afters text[]
-- Entries that need nothing: their changes are made when this is reached. So their places and their blocks' digests are known
-- beforehand, and this costs half of what audit_append does. Most creates of runs come this way.
with heads as (
	insert into audit_head as h (bucket, tenant_id, block, hash, digest)
	select bucket, tenant_id, 1, sha256(decode(repeat('00', 32), 'hex') || digest), digest
	from unnest($head_buckets, $head_tenants, $head_digests) d(bucket, tenant_id, digest)
	order by bucket, tenant_id
	on conflict (bucket, tenant_id) do update set block = h.block + 1, hash = sha256(h.hash || excluded.digest),
		digest = excluded.digest
	returning bucket, tenant_id, block, hash)
insert into audit (bucket, tenant_id, block, position, id, at, actor, key_id, actor_name, request_id, object, ref, version,
	change, before, after, hash)
select h.bucket, h.tenant_id, h.block, i.position, i.id, i.at, i.actor, i.key_id, i.actor_name, i.request_id, i.object, i.ref,
	i.version, i.change, i.before, i.after, h.hash
from unnest($buckets, $tenants, $positions, $ids, $ats, $actors, $keys, $actor_names, $requests, $objects, $refs, $versions,
		$changes, $befores, $afters)
	i(bucket, tenant_id, position, id, at, actor, key_id, actor_name, request_id, object, ref, version, change, before, after)
join heads h on h.bucket = i.bucket and h.tenant_id = i.tenant_id;

-- name: audit_forget :many
-- args: before timestamptz
-- rows: gone int8
-- Whole blocks, each tenant's oldest first, so that what is left of a chain has no gaps; the head says where it begins now. A few
-- blocks of some tenants at a time. A head that is locked is left for later: nobody waits for one with another locked.
with heads as materialized (
	select h.bucket, h.tenant_id, h.floor
	from audit_head h
	cross join lateral (select at from audit a where a.bucket = h.bucket and a.tenant_id = h.tenant_id and a.block > h.floor
		order by a.block, a.position limit 1) oldest
	where oldest.at < $before limit 16 for update of h skip locked),
lasts as materialized (
	select h.bucket, h.tenant_id, h.floor, max(b.block) as last
	from heads h
	cross join lateral (select block, bool_and(max(at) < $before) over (order by block) as is_old
		from audit a where a.bucket = h.bucket and a.tenant_id = h.tenant_id and a.block > h.floor and a.block <= h.floor + 64
		group by block) b
	where b.is_old group by h.bucket, h.tenant_id, h.floor),
places as materialized (
	select r.place from lasts l
	cross join lateral (select ctid as place from audit a where a.bucket = l.bucket and a.tenant_id = l.tenant_id
		and a.block > l.floor and a.block <= l.last order by a.block, a.position limit 1000000) r),
g as (
	delete from audit a using places p where a.ctid = p.place returning a.bucket, a.tenant_id, a.block, a.hash),
floors as materialized (
	select distinct on (bucket, tenant_id) bucket, tenant_id, block, hash from g order by bucket, tenant_id, block desc),
raised as (
	update audit_head h set floor = f.block, floor_hash = f.hash from floors f
	where h.bucket = f.bucket and h.tenant_id = f.tenant_id)
select count(*) from g;

-- name: idempotency_find :many
-- args: bucket int2, tenant uuid, key_hash bytea, since timestamptz, running_since timestamptz
-- rows: key_id uuid, fingerprint bytea, status int2, head text, body bytea, sealed bool
-- A kept answer, or (status 0) that somebody is at it.
select key_id, fingerprint, status, head, body, sealed from idempotency
where bucket = $bucket and tenant_id = $tenant and key_hash = $key_hash
	and created_at >= case when status = 0 then $running_since else $since end;

-- name: idempotency_keep :exec
-- args: buckets int2[], tenants uuid[], key_hashes bytea[], askers uuid[], fingerprints bytea[], statuses int2[], heads text[], bodies bytea[]
-- args: sealed bool[], created timestamptz[], refs text[], needs int2[], since timestamptz, running_since timestamptz
-- The answers to the requests that this transaction serves; refs and needs as in audit_append. Of a key there is one live row: a
-- second one fails the check idempotency_taken, and all that came before is undone. The row of status 0 that an operation wrote
-- before it began makes place for its answer.
insert into idempotency as k (bucket, tenant_id, key_hash, key_id, fingerprint, status, head, body, sealed, created_at)
select bucket, tenant_id, key_hash, key_id, fingerprint, status, head, body, sealed, created
from unnest($buckets, $tenants, $key_hashes, $askers, $fingerprints, $statuses, $heads, $bodies, $sealed, $created, $refs, $needs)
	i(bucket, tenant_id, key_hash, key_id, fingerprint, status, head, body, sealed, created, ref, need)
where case i.need when 0 then true
	when 1 then string_to_array(current_setting('carillon.wrote', true), ',') && array['*', i.ref]
	when 2 then i.ref::uuid = (select r.id from run r
		where r.bucket = i.bucket and r.tenant_id = i.tenant_id and r.id >= i.ref::uuid order by r.id limit 1)
	else i.ref::uuid = (select s.id from schedule s where s.bucket = i.bucket and s.id >= i.ref::uuid order by s.id limit 1)
	end
order by bucket, tenant_id, key_hash
on conflict (bucket, tenant_id, key_hash) do update set
	status = case when k.created_at < $since or k.status = 0 and k.created_at < $running_since
			or k.status = 0 and excluded.status > 0 and k.fingerprint = excluded.fingerprint
				and k.created_at = excluded.created_at then excluded.status
		else -1 end,
	key_id = excluded.key_id, fingerprint = excluded.fingerprint, head = excluded.head, body = excluded.body, sealed = excluded.sealed,
	created_at = excluded.created_at;

-- name: idempotency_drop :exec
-- args: bucket int2, tenant uuid, key_hash bytea, created timestamptz
-- An operation that had begun (status 0) was refused.
delete from idempotency
where bucket = $bucket and tenant_id = $tenant and key_hash = $key_hash and status = 0 and created_at = $created;

-- name: idempotency_forget :many
-- args: before timestamptz, most int4
-- rows: gone int8
-- However large they are: it counts them and reads no body.
with g as (delete from idempotency where ctid = any(array(
	select ctid from idempotency where created_at < $before limit $most)) returning 1)
select count(*) from g;
