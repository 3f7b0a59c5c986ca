-- name: calendar_find :many
-- args: bucket int2, tenant uuid, name text
-- rows: definition text
-- For a schedule that is to name it.
select definition from calendar
where bucket = $bucket and tenant_id = $tenant and name = $name and deleted_at is null;

-- name: calendar_get :many
-- args: bucket int2, tenant uuid, name text
-- rows: name text, definition text, created_at timestamptz, updated_at timestamptz, schedules int8
select c.name, c.definition, c.created_at, c.updated_at,
	(select count(*) from (select 1 from schedule s where s.bucket = $bucket and s.tenant_id = $tenant
		and s.calendar = c.name and s.state in (1, 2, 4, 5, 6) limit 10000) used)
from calendar c where c.bucket = $bucket and c.tenant_id = $tenant and c.name = $name and c.deleted_at is null;

-- name: calendar_list :many
-- args: bucket int2, tenant uuid, most int4, definition_max int4
-- rows: name text, definition text, created_at timestamptz, updated_at timestamptz, schedules int8
-- Those in use are counted by the index alone, up to a ceiling. A long definition is left out.
select c.name, case when octet_length(c.definition) <= $definition_max then c.definition end, c.created_at, c.updated_at,
	(select count(*) from (select 1 from schedule s where s.bucket = $bucket and s.tenant_id = $tenant
		and s.calendar = c.name and s.state in (1, 2, 4, 5, 6) limit 1000) used)
from calendar c where c.bucket = $bucket and c.tenant_id = $tenant and c.deleted_at is null
order by c.name limit $most;

-- name: calendar_put :one
-- args: bucket int2, tenant uuid, name text, definition text, was text, most int4, job uuid, now timestamptz
-- rows: is_full bool, is_put bool, wrote text
-- In the place of the definition that the caller has read ($was; null: there was none, or a deleted one); neither full nor put:
-- it is another by now. With it the job for its schedules, in the same transaction. One that waits will do; it is
-- locked, so that nobody begins with it before this definition is there to be read.
with old as materialized (
	select 1 from calendar where bucket = $bucket and tenant_id = $tenant and name = $name),
crowd as materialized (
	select $was is null and count(*) >= $most as is_full
	from (select 1 from calendar where bucket = $bucket and tenant_id = $tenant and deleted_at is null limit $most) live),
put as (
	insert into calendar as c (bucket, tenant_id, name, definition, created_at, updated_at)
	select $bucket, $tenant, $name, $definition, $now, $now from crowd
	where not is_full and ($was is null or exists (select 1 from old))
	on conflict (bucket, tenant_id, name) do update set definition = excluded.definition, updated_at = $now,
		created_at = case when c.deleted_at is null then c.created_at else $now end, deleted_at = null
		where case when $was is null then c.deleted_at is not null else c.deleted_at is null and c.definition = $was end
	returning name),
waiting as materialized (
	select id from recompute where bucket = $bucket and tenant_id = $tenant and calendar = $name and taken_at is null
	order by created_at limit 1 for update skip locked),
job as (
	insert into recompute (id, bucket, tenant_id, calendar, created_at)
	select $job, $bucket, $tenant, $name, $now from put
	where exists (select 1 from old) and not exists (select 1 from waiting))
select crowd.is_full, put.name is not null, case when put.name is not null then set_config('carillon.wrote', put.name, true) end
from crowd left join put on true;

-- name: calendar_delete :many
-- args: bucket int2, tenant uuid, name text, was text, now timestamptz
-- rows: used bool, is_gone bool, wrote text
-- No row: there is none. used: nothing was done. Neither: it is not what the caller has read.
with old as materialized (
	select c.name, exists (select 1 from schedule s where s.bucket = $bucket and s.tenant_id = $tenant
		and s.calendar = c.name and s.state in (1, 2, 4, 5, 6)) as used
	from calendar c where bucket = $bucket and tenant_id = $tenant and name = $name and deleted_at is null),
gone as (
	update calendar c set deleted_at = $now, updated_at = $now from old
	where c.bucket = $bucket and c.tenant_id = $tenant and c.name = $name and c.deleted_at is null and c.definition = $was
		and not old.used
	returning c.name)
select old.used, gone.name is not null, case when gone.name is not null then set_config('carillon.wrote', gone.name, true) end
from old left join gone on true;
