/* A middling database: what is in it is made by generate_series, and its ids by counting. id('d', 7) is the seventh
 * live run: a tenant, b template, c claim, d live run, e owner, f schedule, 1 ended run. */
#include <stddef.h>

#include "plans.h"

const char fill_tools[] =
	"create function id(kind text, n int) returns uuid immutable language sql as"
	" $$ select (kind || lpad(to_hex(n), 31, '0'))::uuid $$;"
	"create function ids(kind text, n int, k int) returns uuid[] immutable language sql as"
	" $$ select array_agg(id(kind, i) order by i) from generate_series(n, n + k - 1) i $$;"
	"create function all16(v int, k int) returns int2[] immutable language sql as"
	" $$ select array_fill(v::int2, array[k]) $$;"
	"create function all32(v int, k int) returns int4[] immutable language sql as"
	" $$ select array_fill(v, array[k]) $$;"
	"create function all64(v int, k int) returns int8[] immutable language sql as"
	" $$ select array_fill(v::int8, array[k]) $$;"
	"create function allt(v text, k int) returns text[] immutable language sql as"
	" $$ select array_fill(v, array[k]) $$;"
	"create function allb(k int) returns bytea[] immutable language sql as"
	" $$ select array_fill(null::bytea, array[k]) $$;"
	"create function allu(v uuid, k int) returns uuid[] immutable language sql as"
	" $$ select array_fill(v, array[k]) $$;"
	"create function allz(v timestamptz, k int) returns timestamptz[] immutable language sql as"
	" $$ select array_fill(v, array[k]) $$;"
	"create table t0 as select date_trunc('second', now()) at;"
	"create function t0() returns timestamptz stable language sql as $$ select at from t0 $$;"
	"do $$ declare week int; parent text; begin"
	" for week in 0 .. 4 loop foreach parent in array array['run_history', 'attempt', 'run_output'] loop"
	"  execute format('create table %s_w%s partition of %s for values from (%L) to (%L)', parent, week,"
	"   parent, date_trunc('day', now()) + (week - 3) * interval '7 days',"
	"   date_trunc('day', now()) + (week - 2) * interval '7 days');"
	" end loop; end loop; end $$;";

#define FILL_RUN                                                                                                     \
	"insert into run (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state, scheduled_for,"     \
	" ready_at, overlap, attempt, excused, token, owner, attempt_id, url, payload, created_at)"                  \
	" select 0, id('a', 1), id('d', i), case when i % 50 = 0 then 3 else 1 end,"                                 \
	" case when i % 2 = 0 then id('f', 1 + i % 20000) end, case when i % 2 = 0 then id('b', 1 + i % 20000) end," \
	" i % 2, case when i <= 1000 then 2 else 1 end, t0() + (i - 3000) * interval '1 second',"                    \
	" t0() + (i - 3000) * interval '1 second', 1, (i <= 1000)::int, 0, (i <= 1000)::int,"                        \
	" case when i <= 1000 then id('e', 1) end, case when i <= 1000 then id('c', i) end,"                         \
	" case when i % 2 = 1 then 'http://target.invalid/' end, case when i % 2 = 1 then '{}'::bytea end, t0()"     \
	" from generate_series(1, 50000) i"
const char fill_run[] = FILL_RUN;

/* Live run i belongs to a schedule when i is even. Of the ended ones a tenth are those of schedule 1. */
/* As autovacuum would, which leaves alone what nobody has written to. */
const char fill_analyze[] =
	"do $$ declare t regclass; begin for t in select oid from pg_class where relkind = 'r'"
	" and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0"
	" loop execute format('analyze %s', t); end loop; end $$";

const char *const fill_tables[] = {
	"insert into organization (id, name, created_at) values (id('a', 0), 'default', t0())",
	"insert into tenant (id, organization_id, bucket, name, created_at)"
	" select id('a', i), id('a', 0), 0, 'tenant ' || i, t0() from generate_series(1, 200) i",
	"insert into api_key (hash, id, tenant_id, name, role, created_at)"
	" select sha256(i::text::bytea), id('9', i), id('a', 1 + i % 200), 'key', 4, t0()"
	" from generate_series(1, 2000) i",
	"insert into template (bucket, id, tenant_id, url, options, payload, created_at)"
	" select 0, id('b', i), id('a', 1),"
	" case when i % 50 = 1 then 'action:action ' || i else 'http://target.invalid/' || i end,"
	" null, '{\"key\": \"value\"}', t0()"
	" from generate_series(1, 20000) i",
	"insert into schedule (bucket, id, tenant_id, kind, state, spec_kind, spec, zone, anchor_at, dst_gap,"
	" dst_overlap, overlap, catchup, lookahead_us, expires_us, template_id, rev, next_at, wake_at,"
	" created_at, updated_at, calendar, adjust, jitter_us, agent)"
	" select 0, id('f', i), id('a', 1), 1, 1, 1, '0 9 * * *',"
	" case when i % 2 = 0 then 'Europe/Berlin' else 'UTC' end,"
	" t0(), 0, 0, 1, 1, 300000000, 0,"
	" id('b', i), 1, t0() + (i - 200) * interval '4 seconds' + interval '300 seconds',"
	" t0() + (i - 200) * interval '4 seconds', t0() - interval '1 day' + i * interval '1 second', t0(),"
	" case when i % 2 = 0 then 'holidays' when i % 7 = 0 then 'calendar ' || i % 5000 end, 0, 0,"
	" case when i % 3 = 0 then 'agent ' || i % 3000 end"
	" from generate_series(1, 20000) i",
	"insert into schedule (bucket, id, tenant_id, kind, state, spec_kind, spec, zone, anchor_at, dst_gap,"
	" dst_overlap, overlap, catchup, lookahead_us, expires_us, template_id, rev, next_at, wake_at,"
	" created_at, updated_at, agent)"
	" select 0, id('f', 20000 + i), id('a', 1), 3, case when i % 9 = 0 then 4 else 1 end, 1, '0 9 * * *', 'UTC',"
	" t0(), 0, 0, 1, 1, 0, 0, id('b', i), 1, t0() + interval '1 day' + i * interval '1 second',"
	" case when i % 9 > 0 then t0() + interval '1 day' + i * interval '1 second' end,"
	" t0() - interval '1 day' + i / 50 * interval '1 second', t0(),"
	" case when i % 2 = 0 then 'a plan''s action' else 'b' end"
	" from generate_series(1, 20000) i",
	"insert into agent (bucket, tenant_id, name, kind, definition, created_at, updated_at)"
	" select 0, id('a', 1), 'agent ' || i, 1, '{}', t0() - i * interval '1 second', t0()"
	" from generate_series(1, 9999) i",
	"insert into action (bucket, tenant_id, name, url, options, rev, created_at, updated_at)"
	" select 0, id('a', 1 + i % 100), 'action ' || i, 'http://target.invalid/', '{}', 1, t0(), t0()"
	" from generate_series(1, 50000) i",
	"insert into channel_credential (bucket, tenant_id, platform, sealed, created_at, updated_at)"
	" select 0, id('a', i), p, 'x', t0(), t0() from generate_series(1, 5000) i,"
	" unnest(array['slack', 'email', 'teams']) p",
	"insert into calendar (bucket, tenant_id, name, definition, created_at, updated_at, deleted_at)"
	" select 0, id('a', 1 + i / 500), case when i = 0 then 'holidays' else 'calendar ' || i end, '{}', t0(), t0(),"
	" case when i % 10 = 9 then t0() end from generate_series(0, 50000) i",
	FILL_RUN,
	"insert into run_history (bucket, tenant_id, id, kind, schedule_id, template_id, trigger, state,"
	" scheduled_for, overlap, attempt, excused, token, created_at, started_at, finished_at)"
	" select 0, id('a', 1), id('1', i), 1, s, b, 1, 3 + (i % 97 = 0)::int, at, 1, 1, 0, 1, at, at, at"
	" from generate_series(1, 200000) i cross join lateral (select"
	" id('f', case when i % 10 = 0 then 1 else 1 + i % 20000 end) as s, id('b', 1 + i % 20000) as b,"
	" t0() - interval '19 days' + i * interval '8 seconds' as at) x",
	"insert into attempt (bucket, run_id, number, token, started_at, finished_at, outcome, http_status)"
	" select bucket, id, 1, 1, started_at, finished_at, 1, 200 from run_history",
	"insert into occurrence (bucket, schedule_id, scheduled_for, run_id)"
	" select bucket, schedule_id, scheduled_for, id from run_history"
	" union all select bucket, schedule_id, scheduled_for, id from run where schedule_id is not null"
	" on conflict do nothing",
	"insert into run_key (bucket, tenant_id, unique_key, run_id, created_at)"
	" select 0, id('a', 1), 'key ' || i, id('d', i), t0() from generate_series(1, 50000) i",
	"insert into tally (bucket, tenant_id, schedule_id, completed, failed, cancelled, expired, skipped, executed)"
	" select 0, id('a', 1), id('f', i), 10, 0, 0, 0, 0, 10 from generate_series(0, 20000) i",
	"insert into skip (bucket, tenant_id, schedule_id, id, from_at, to_at, count, reason, created_at)"
	" select 0, id('a', 1), id('f', 1 + i % 20000), id('8', i), t0(), t0(), 1, 'disabled', t0()"
	" from generate_series(1, 20000) i",
	"insert into aftermath (bucket, tenant_id, run_id, finished_at, taken_at)"
	" select bucket, tenant_id, id, finished_at,"
	" case when id <= id('1', 100) then t0() - interval '1 second' end"
	" from run_history where id <= id('1', 20000)",
	"insert into standing (bucket, tenant_id, schedule_id, failures, streak)"
	" select 0, id('a', 1), id('f', i), 0, 0 from generate_series(1, 20000) i",
	"insert into rollup (bucket, tenant_id, schedule_id, hour, completed, failed, cancelled, expired, skipped,"
	" duration_us) select 0, id('a', 1), id('f', 1 + i % 20000),"
	" date_trunc('hour', t0()) - i / 20000 * interval '1 hour', 1, 0, 0, 0, 0, 1 from generate_series(0, 99999) i",
	"insert into rollup_duration (bucket, tenant_id, schedule_id, day, slot, runs)"
	" select 0, id('a', 1), id('f', 1 + i % 20000), date_trunc('day', t0()), i / 20000, 1"
	" from generate_series(0, 99999) i",
	"insert into run_output (bucket, run_id, finished_at, is_json, bytes, output)"
	" select bucket, id, finished_at, true, 2, '{}' from run_history where id <= id('1', 50000)",
	/* 5,000 of them wait, half of a platform; some of a tenant that is busy are the oldest. */
	"insert into message (bucket, tenant_id, id, run_id, schedule_id, channel, format, state, attempt, ready_at,"
	" created_at) select 0, id('a', case when i > 45000 and i <= 45200 then 2 else 1 end), id('b', i), id('1', i),"
	" id('f', 1 + i % 20000), case when i % 2 = 0 then 'slack:#a' else 'email:a@b.example' end, 0,"
	" case when i > 45000 then 1 else 3 end, 1, t0() - interval '1 hour' + i * interval '10 milliseconds', t0()"
	" from generate_series(1, 50000) i",
	"insert into audit (bucket, tenant_id, block, position, id, at, actor, actor_name, object, ref, version,"
	" change, hash) select 0, id('a', case when i % 10 = 0 then 2 else 1 end), i, 1, id('9', i),"
	" t0() - (100000 - i) * interval '1 second', 1, 'key', 1 + i % 8,"
	" case when i % 8 = 0 then id('f', 1 + i % 20000)::text else 'name ' || i % 5000 end, 1, 'changed', 'x'"
	" from generate_series(1, 100000) i",
	"insert into idempotency (bucket, tenant_id, key_hash, fingerprint, status, head, body, sealed, created_at)"
	" select 0, id('a', 1), sha256(i::text::bytea), 'x', 201, '', '{}', false, t0() - i * interval '1 second'"
	" from generate_series(1, 50000) i",
	"insert into audit_head (bucket, tenant_id, block, hash, digest)"
	" select 0, id('a', i), 100000, 'x', 'x' from generate_series(1, 2) i",
	/* A sum over all schedules too: id('0', 1). */
	"insert into rollup (bucket, tenant_id, schedule_id, hour, completed, failed, cancelled, expired, skipped,"
	" duration_us) select 0, id('a', 1), case when j = 0 then id('0', 1) else id('f', j) end,"
	" date_trunc('hour', t0()) - h * interval '1 hour', 10, 1, 0, 0, 0, 11000000"
	" from generate_series(0, 200) j, generate_series(1, 720) h on conflict do nothing",
	"insert into rollup_duration (bucket, tenant_id, schedule_id, day, slot, runs)"
	" select 0, id('a', 1), case when j = 0 then id('0', 1) else id('f', j) end,"
	" date_trunc('day', t0()) - d * interval '1 day', slot, 10"
	" from generate_series(0, 200) j, generate_series(0, 59) d, generate_series(60, 75) slot",
	"insert into activity (bucket, tenant_id, slot, requests) select 0, id('a', i),"
	" date_trunc('hour', t0()) - q * interval '15 minutes', 5"
	" from generate_series(1, 20) i, generate_series(1, 8640) q",
	/* Chains, id('4'); chain runs, id('5'); their news, id('6'). Chain 1 has 1,000 runs, five under way. */
	"insert into chain (bucket, tenant_id, id, name, definition, created_at, updated_at)"
	" select 0, id('a', 1 + i / 1000), id('4', i), 'chain', '{}', t0() + i * interval '1 second', t0()"
	" from generate_series(1, 20000) i",
	"insert into chain_job (bucket, tenant_id, schedule_id, chain_id, is_root)"
	" select 0, id('a', 1 + i / 1000), id('f', 1 + (i + k) % 20000), id('4', i), k = 0"
	" from generate_series(1, 20000) i, generate_series(0, 2) k",
	"insert into chain_run (bucket, tenant_id, id, chain_id, rev, state, trigger, definition, nodes, open,"
	" started_at) select 0, id('a', 1 + c / 1000), id('5', i), id('4', c), 1, 2 + (i % 200 > 0)::int, 1, '{}',"
	" '[]',"
	" i = 1000, t0() + i * interval '1 second'"
	" from generate_series(1, 50000) i"
	" cross join lateral (select case when i <= 1000 then 1 else 1 + i % 20000 end as c) x",
	"insert into chain_event (bucket, tenant_id, id, chain_id, chain_run_id, schedule_id, run_id, state, at)"
	" select 0, id('a', 1), id('6', i), id('4', i), id('5', i), id('f', i), id('1', i), 3, t0()"
	" from generate_series(1, 20000) i",
	"insert into schedule_total (bucket, tenant_id, kind, state, total) values (0, id('a', 1), 1, 1, 20000)",
	NULL
};
