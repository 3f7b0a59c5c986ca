-- name: action_find :many
-- args: bucket int2, tenant uuid, name text
-- rows: name text
-- Is there one of this name? For a plan that is to call it.
select name from action where bucket = $bucket and tenant_id = $tenant and name = $name;

-- name: action_get :many
-- args: bucket int2, tenant uuid, name text
-- rows: name text, url text, options text, rev int8, created_at timestamptz, updated_at timestamptz
select name, url, options, rev, created_at, updated_at from action
where bucket = $bucket and tenant_id = $tenant and name = $name;

-- name: action_page :many
-- args: bucket int2, tenant uuid, behind text, most int4
-- rows: name text, url text, options text, rev int8, created_at timestamptz, updated_at timestamptz
-- By name, in the primary key's order.
select name, url, options, rev, created_at, updated_at from action
where bucket = $bucket and tenant_id = $tenant and name > $behind order by name limit $most;

-- name: action_insert :one
-- args: bucket int2, tenant uuid, name text, url text, options text, most int4, now timestamptz
-- rows: is_full bool, wrote text
-- Neither: there is one of this name.
with crowd as materialized (
	select count(*) >= $most as is_full
	from (select 1 from action where bucket = $bucket and tenant_id = $tenant limit $most) all_of_them),
made as (
	insert into action (bucket, tenant_id, name, url, options, rev, created_at, updated_at)
	select $bucket, $tenant, $name, $url, $options, 1, $now, $now from crowd where not is_full
	on conflict do nothing returning set_config('carillon.wrote', name, true) as wrote)
select crowd.is_full, (select wrote from made) from crowd;

-- name: action_update :many
-- args: bucket int2, tenant uuid, name text, url text, options text, rev int8, now timestamptz
-- rows: wrote text
-- Only the revision that the caller has read is replaced.
update action set url = $url, options = $options, rev = $rev, updated_at = $now
where bucket = $bucket and tenant_id = $tenant and name = $name and rev = $rev - 1
returning set_config('carillon.wrote', name, true);

-- name: action_delete :one
-- args: bucket int2, tenant uuid, name text, rev int8
-- rows: is_used bool, wrote text
-- Neither: it is another revision by now, or gone.
with used as materialized (
	select exists (select 1 from schedule where bucket = $bucket and tenant_id = $tenant and agent = $name
		and state in (1, 2) and kind + 0 = 3) as is_used),
gone as (
	delete from action where bucket = $bucket and tenant_id = $tenant and name = $name and rev = $rev
		and not (select is_used from used)
	returning set_config('carillon.wrote', name, true) as wrote)
select used.is_used, (select wrote from gone) from used;
