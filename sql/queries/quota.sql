-- name: quota_lock :many
-- args: tenants uuid[]
-- rows: id uuid
-- Ahead of an insert of what a quota counts: whoever adds for one of these tenants waits for the others, in every process.
-- In the order of the locks, so that nobody waits in a circle. The rows have no id.
select case when pg_advisory_xact_lock(1903128948, k.lock)::text <> '' then '00000000-0000-0000-0000-000000000000'::uuid end
from (select distinct hashtext(t::text) as lock from unnest($tenants) t order by lock) k;

-- name: quota_used :one
-- args: bucket int2, tenant uuid
-- rows: schedules int8
-- As schedule_insert counts: of all kinds, but what is deleted (3) or cancelled (6), and plans that are completed (4),
-- which nobody can take away any more.
select coalesce(sum(total), 0)::int8 from schedule_total
where bucket = $bucket and tenant_id = $tenant and state not in (3, 6) and not (kind = 3 and state = 4);
