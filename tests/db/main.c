/* Runs the database tests against the PostgreSQL of tests/suites/db.sh: T_URL, PG_STOP and
 * PG_START (commands). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "t_db.h"

struct fixture fx;
static int failures;

void expect_that(bool claim, const char *text, const char *file, int line)
{
	if (claim)
		return;
	failures++;
	printf("%s:%d: not so: %s\n", file, line, text);
}

static const struct migration schema[] = {
	{ 1, "items",
	  "create table item (id int8 primary key, name text not null constraint item_name_key unique);\n"
	  "create table child (id int8 primary key, parent int8 not null constraint child_parent_fkey\n"
	  "  references item (id) deferrable initially deferred);\n"
	  "insert into item select g, 'item ' || g from generate_series(1, 1000) g;\n" },
	{ 2, "wide",
	  "create table wide (a bool, b int2, c int4, d int8 primary key, e float8, f text, g bytea, h uuid,\n"
	  "  i timestamptz, j int8, k text, l int4, m text, n uuid, o timestamptz);\n"
	  "create function raise(state text) returns int4 language plpgsql as\n"
	  "$$ begin raise exception 'raised' using errcode = state; end $$;\n" },
	{ 3, "bench",
	  "create table b_sched (id bigint generated always as identity primary key, tenant_id int not null,\n"
	  "  name text not null, url text not null, method smallint not null default 1, cron text, tz text,\n"
	  "  payload jsonb not null, headers jsonb, state smallint not null default 0,\n"
	  "  due_at timestamptz not null, attempts smallint not null default 0,\n"
	  "  max_attempts smallint not null default 5, created_at timestamptz not null default now(),\n"
	  "  updated_at timestamptz not null default now());\n"
	  "create index b_sched_due on b_sched (due_at) where state = 0;\n"
	  "create index b_sched_tenant on b_sched (tenant_id, created_at);\n" },
};

#define A DB_ARRAY |
#define TYPES (const unsigned char[])
const struct db_stmt t_stmts[T_STATEMENTS] = {
	[T_ECHO] = { "echo",
		     "select $1::bool, $2::int2, $3::int4, $4::int8, $5::float8,"
		     " $6::text, $7::bytea, $8::uuid, $9::timestamptz",
		     9, 9,
		     TYPES{ DB_BOOL, DB_INT2, DB_INT4, DB_INT8, DB_FLOAT8, DB_TEXT, DB_BYTEA,
			    DB_UUID, DB_TIMESTAMPTZ },
		     TYPES{ DB_BOOL, DB_INT2, DB_INT4, DB_INT8, DB_FLOAT8, DB_TEXT, DB_BYTEA,
			    DB_UUID, DB_TIMESTAMPTZ } },
	[T_ARRAYS] = { "arrays",
		       "select * from unnest($1::bool[], $2::int2[], $3::int4[], $4::int8[],"
		       " $5::float8[], $6::text[], $7::bytea[],\n"
		       " $8::uuid[], $9::timestamptz[]) with ordinality as t (a, b, c, d, e,"
		       " f, g, h, i, n) order by n",
		       9, 10,
		       TYPES{ A DB_BOOL, A DB_INT2, A DB_INT4, A DB_INT8, A DB_FLOAT8, A DB_TEXT,
			      A DB_BYTEA, A DB_UUID, A DB_TIMESTAMPTZ },
		       TYPES{ DB_BOOL, DB_INT2, DB_INT4, DB_INT8, DB_FLOAT8, DB_TEXT, DB_BYTEA,
			      DB_UUID, DB_TIMESTAMPTZ, DB_INT8 } },
	[T_ODD_TIMES] = { "odd_times",
			  "select timestamptz 'infinity', timestamptz"
			  " '-infinity', timestamptz '294276-12-31 23:59:59Z', null::uuid, null::text",
			  0, 5, NULL,
			  TYPES{ DB_TIMESTAMPTZ, DB_TIMESTAMPTZ, DB_TIMESTAMPTZ, DB_UUID,
				 DB_TEXT } },
	[T_INSERT] = { "insert", "insert into item (id, name) values ($1, $2)", 2, 0,
		       TYPES{ DB_INT8, DB_TEXT }, NULL },
	[T_GET] = { "get", "select id, name from item where id = $1", 1, 2, TYPES{ DB_INT8 },
		    TYPES{ DB_INT8, DB_TEXT } },
	[T_DIVIDE] = { "divide", "select 100 / $1::int4", 1, 1, TYPES{ DB_INT4 },
		       TYPES{ DB_INT4 } },
	[T_SLEEP] = { "sleep", "select 1 from pg_sleep($1)", 1, 1, TYPES{ DB_FLOAT8 },
		      TYPES{ DB_INT4 } },
	[T_TERMINATE] = { "terminate", "select pg_terminate_backend($1)", 1, 1, TYPES{ DB_INT4 },
			  TYPES{ DB_BOOL } },
	[T_NOTIFY] = { "notify", "select 1 from pg_notify($1, $2)", 2, 1, TYPES{ DB_TEXT, DB_TEXT },
		       TYPES{ DB_INT4 } },
	[T_COUNT] = { "count", "select count(*) from item where name like $1", 1, 1,
		      TYPES{ DB_TEXT }, TYPES{ DB_INT8 } },
	[T_RAISE] = { "raise", "select raise($1)", 1, 1, TYPES{ DB_TEXT }, TYPES{ DB_INT4 } },
	[T_CHILD] = { "child", "insert into child (id, parent) values ($1, $2)", 2, 0,
		      TYPES{ DB_INT8, DB_INT8 }, NULL },
	[T_RENAME] = { "rename", "update item set name = name || '!' where id < $1", 1, 0,
		       TYPES{ DB_INT8 }, NULL },
	[T_SETTING] = { "setting", "select current_setting($1)", 1, 1, TYPES{ DB_TEXT },
			TYPES{ DB_TEXT } },
	[T_SET] = { "set", "select set_config($1, $2, false)", 2, 1, TYPES{ DB_TEXT, DB_TEXT },
		    TYPES{ DB_TEXT } },
	[T_WIDE] = { "wide",
		     "insert into wide select * from unnest($1::bool[], $2::int2[],"
		     " $3::int4[], $4::int8[], $5::float8[], $6::text[],\n"
		     " $7::bytea[], $8::uuid[], $9::timestamptz[], $10::int8[], $11::text[],"
		     " $12::int4[], $13::text[], $14::uuid[],\n"
		     " $15::timestamptz[])",
		     15, 0,
		     TYPES{ A DB_BOOL, A DB_INT2, A DB_INT4, A DB_INT8, A DB_FLOAT8, A DB_TEXT,
			    A DB_BYTEA, A DB_UUID, A DB_TIMESTAMPTZ, A DB_INT8, A DB_TEXT,
			    A DB_INT4, A DB_TEXT, A DB_UUID, A DB_TIMESTAMPTZ },
		     NULL },
	[T_WIDE_SUM] = { "wide_sum",
			 "select count(*), sum(d)::int8, count(f), min(i),"
			 " count(distinct n) from wide",
			 0, 5, NULL, TYPES{ DB_INT8, DB_INT8, DB_INT8, DB_TIMESTAMPTZ, DB_INT8 } },
	[T_PID] = { "pid", "select pg_backend_pid()", 0, 1, NULL, TYPES{ DB_INT4 } },
	[T_BENCH_GET] = { "bench_get",
			  "select id, tenant_id, name, url, cron, tz, payload::text,"
			  " headers::text, state, due_at, attempts, created_at\n"
			  " from b_sched where id = $1",
			  1, 12, TYPES{ DB_INT8 },
			  TYPES{ DB_INT8, DB_INT4, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT,
				 DB_TEXT, DB_INT2, DB_TIMESTAMPTZ, DB_INT2, DB_TIMESTAMPTZ } },
	[T_BENCH_INSERT] = { "bench_insert",
			     "insert into b_sched (tenant_id, name, url, cron, tz, payload, headers, due_at)\n"
			     " select t, n, u, '0 9 * * *', 'America/New_York', p::jsonb,"
			     " '{\"content-type\":\"application/json\"}',\n"
			     " now() + interval '1 hour' from unnest($1::int4[], $2::text[],"
			     " $3::text[], $4::text[]) x (t, n, u, p) returning id",
			     4, 1, TYPES{ A DB_INT4, A DB_TEXT, A DB_TEXT, A DB_TEXT },
			     TYPES{ DB_INT8 } },
};

/* ---- helpers */

static void bark(void *ctx)
{
	struct fixture *f = ctx;

	f->timed_out = true;
	loop_stop(f->loop);
}

static struct {
	int *count;
	bool (*holds)(void);
	struct alarm look;
} waiting;

static void look(void *ctx)
{
	(void)ctx;
	if (waiting.count ? *waiting.count <= 0 : waiting.holds())
		loop_stop(fx.loop);
	else
		alarm_in(&waiting.look, MSEC);
}

static bool wait_for(int seconds)
{
	fx.timed_out = false;
	alarm_in(&fx.watchdog, seconds * SEC);
	alarm_init(&waiting.look, fx.loop, look, NULL);
	alarm_in(&waiting.look, 0);
	loop_run(fx.loop);
	alarm_stop(&fx.watchdog);
	alarm_release(&waiting.look);
	return !fx.timed_out;
}

bool run_until_zero(int *count, int seconds)
{
	waiting.count = count;
	return wait_for(seconds);
}

bool run_until(bool (*holds)(void), int seconds)
{
	waiting.count = NULL;
	waiting.holds = holds;
	return wait_for(seconds);
}

bool all_ready(void)
{
	return db_ready(fx.db);
}

static void unit_done(struct db_unit *u, void *ctx)
{
	(void)u;
	*(bool *)ctx = true;
	loop_stop(fx.loop);
}

void run_unit(struct db_unit *u)
{
	bool is_done = false;

	db_submit(u, unit_done, &is_done);
	EXPECT(!is_done);
	fx.timed_out = false;
	alarm_in(&fx.watchdog, 30 * SEC);
	while (!is_done && !fx.timed_out)
		loop_run(fx.loop);
	alarm_stop(&fx.watchdog);
	EXPECT(is_done);
}

struct db_unit *unit(enum lane lane)
{
	return db_unit_new(fx.db, fx.arena, lane);
}

struct db_unit *get_unit(enum lane lane, int64_t id)
{
	struct db_unit *u = unit(lane);

	db_begin(u, T_GET);
	db_bind_int8(u, id);
	db_end(u);
	return u;
}

struct db_unit *insert_unit(int64_t id, const char *name)
{
	struct db_unit *u = unit(LANE_WRITE);

	db_begin(u, T_INSERT);
	db_bind_int8(u, id);
	db_bind_text(u, slice_of(name));
	db_end(u);
	return u;
}

struct db_unit *text_unit(enum lane lane, int stmt, const char *text)
{
	struct db_unit *u = unit(lane);

	db_begin(u, stmt);
	db_bind_text(u, slice_of(text));
	db_end(u);
	return u;
}

struct db_unit *sleep_unit(enum lane lane, double seconds)
{
	struct db_unit *u = unit(lane);

	db_begin(u, T_SLEEP);
	db_bind_float8(u, seconds);
	db_end(u);
	return u;
}

bool setting_is(enum lane lane, const char *name, const char *value)
{
	struct db_unit *u = text_unit(lane, T_SETTING, name);

	run_unit(u);
	return u->outcome == DB_OK && slice_is(db_get_text(db_rows(u, 0), 0, 0), value);
}

void admin_to(const char *url, const char *sql, char *out, size_t max)
{
	PGconn *pg = PQconnectdb(url);
	PGresult *r = PQexec(pg, sql);
	ExecStatusType status = PQresultStatus(r);

	if (status == PGRES_TUPLES_OK && PQntuples(r))
		snprintf(out, max, "%s", PQgetvalue(r, 0, 0));
	else
		snprintf(out, max, "%s",
			 status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
				 ? ""
				 : PQerrorMessage(pg));
	PQclear(r);
	PQfinish(pg);
}

void admin(const char *sql, char *out, size_t max)
{
	admin_to(fx.url, sql, out, max);
}

/* ---- running */

static void run_all(const struct test *tests, const char *only, int *passed, int *failed)
{
	for (; tests->name; tests++) {
		usec_t began = clock_boot();

		if (only && !strstr(tests->name, only))
			continue;
		failures = 0;
		fx.arena = arena_new();
		EXPECT(run_until(all_ready, 20));
		tests->fn();
		arena_free(fx.arena);
		printf("%s %s (%d ms)\n", failures ? "FAILED" : "ok", tests->name,
		       (int)((clock_boot() - began) / MSEC));
		*(failures ? failed : passed) += 1;
	}
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	int passed = 0, failed = 0, applied = 0;
	char why[300];

	setvbuf(stdout, NULL, _IOLBF, 0);
	log_setup(false, getenv("T_LOG") ? LOG_DEBUG : LOG_ERROR);
	fx.url = getenv("T_URL");
	if (!fx.url
	    || !migrate_plan_run(&(struct migrate_plan){ fx.url, schema, 3, 20 }, &applied, why,
				 sizeof(why))) {
		printf("no database: %s\n0 passed, 1 failed\n", fx.url ? why : "T_URL is not set");
		return 1;
	}
	fx.loop = loop_new();
	alarm_init(&fx.watchdog, fx.loop, bark, &fx);
	fx.db = db_new(fx.loop, fx.url, t_stmts, T_STATEMENTS);
	if (only && strcmp(only, "bench") == 0) {
		bench();
	} else {
		run_all(tests_types, only, &passed, &failed);
		run_all(tests_units, only, &passed, &failed);
		run_all(tests_outage, only, &passed, &failed);
		run_all(tests_migrate, only, &passed, &failed);
		run_all(tests_chains, only, &passed, &failed);
		run_all(tests_ledger, only, &passed, &failed);
	}
	db_free(fx.db);
	alarm_release(&fx.watchdog);
	loop_free(fx.loop);
	log_flush();
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
