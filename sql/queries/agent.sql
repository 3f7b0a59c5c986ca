-- name: agent_find :many
-- args: bucket int2, tenant uuid, name text
-- rows: name text
-- Is there one of this name? For a job that is to call it.
select name from agent where bucket = $bucket and tenant_id = $tenant and name = $name;

-- name: agent_get :many
-- args: bucket int2, tenant uuid, name text
-- rows: name text, kind int2, definition text, created_at timestamptz, updated_at timestamptz
select name, kind, definition, created_at, updated_at from agent
where bucket = $bucket and tenant_id = $tenant and name = $name;

-- name: agent_page :many
-- args: bucket int2, tenant uuid, skip int4, most int4
-- rows: name text, kind int2, definition text, created_at timestamptz, updated_at timestamptz
-- Newest first. A tenant has few of them: they are sorted, not kept in an index of that order.
select name, kind, definition, created_at, updated_at from agent
where bucket = $bucket and tenant_id = $tenant order by created_at desc, name limit $most offset $skip;

-- name: agent_count :one
-- args: bucket int2, tenant uuid
-- rows: total int8
select count(*) from agent where bucket = $bucket and tenant_id = $tenant;

-- name: agent_insert :one
-- args: bucket int2, tenant uuid, name text, kind int2, definition text, most int4, now timestamptz
-- rows: is_made bool, is_full bool, wrote text
-- Neither: there is one of this name.
with crowd as materialized (
	select count(*) >= $most as is_full
	from (select 1 from agent where bucket = $bucket and tenant_id = $tenant limit $most) all_of_them),
made as (
	insert into agent (bucket, tenant_id, name, kind, definition, created_at, updated_at)
	select $bucket, $tenant, $name, $kind, $definition, $now, $now from crowd where not is_full
	on conflict do nothing returning name)
select exists (select 1 from made), crowd.is_full,
	case when exists (select 1 from made) then set_config('carillon.wrote', $name, true) end
from crowd;

-- name: agent_update :many
-- args: bucket int2, tenant uuid, name text, kind int2, definition text, was_kind int2, was text, now timestamptz
-- rows: created_at timestamptz, wrote text
-- Only what the caller has read is replaced: a secret that he did not send is taken from there.
update agent set kind = $kind, definition = $definition, updated_at = $now
where bucket = $bucket and tenant_id = $tenant and name = $name and definition = $was and kind = $was_kind
returning created_at, set_config('carillon.wrote', name, true);

-- name: agent_delete :many
-- args: bucket int2, tenant uuid, name text, was_kind int2, was text
-- rows: used bool, is_gone bool, wrote text
-- No row: there is none. used (by a job: a plan's agent is its action): nothing was done. Neither: it is not what the caller has read.
with old as materialized (
	select a.name, exists (select 1 from schedule s where s.bucket = $bucket and s.tenant_id = $tenant and s.agent = a.name
		and s.state in (1, 2, 4, 5, 6) and s.kind + 0 = 2) as used
	from agent a where bucket = $bucket and tenant_id = $tenant and name = $name),
gone as (
	delete from agent a using old
	where a.bucket = $bucket and a.tenant_id = $tenant and a.name = $name and a.definition = $was and a.kind = $was_kind
		and not old.used
	returning a.name)
select old.used, gone.name is not null, case when gone.name is not null then set_config('carillon.wrote', gone.name, true) end
from old left join gone on true;
