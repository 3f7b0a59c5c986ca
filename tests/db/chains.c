/* store_chain_write() on the real tables: all of it, or nothing at all when anything is not as it was read; also when
 * somebody changes it in the very moment. What engine/chain.c makes of the answer is in stories 67, 68, 3g and 3h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "io/migrate.h"
#include "sql.h"
#include "store/chain.h"
#include "t_db.h"

#define NOW (INT64_C(1900000000) * SEC)

static struct db *db;
static char url[500];

/* Ids as the rows below have them: the last byte. */
static struct uuid id(uint8_t last)
{
	struct uuid id = { { 0 } };

	id.b[15] = last;
	return id;
}

enum { TENANT = 1, CHAIN, RUN_A, RUN_B, JOB, NEWS, MORE_NEWS, VOID, ROOTS_RUN, NEW, CHILD, NONE };

/* Says an id in SQL. */
static const char id_function[] = "create function i(n int) returns uuid language sql immutable"
				  " as $$ select lpad(to_hex(n), 32, '0')::uuid $$";
static const char rows[] =
	"truncate chain, chain_run, chain_event, run, occurrence, schedule, template;"
	"insert into template (bucket, id, tenant_id, url, options, payload, created_at)"
	" values (0, i(16), i(1), 'agent:a', null, '{}', now());"
	"insert into schedule (bucket, id, tenant_id, kind, state, spec_kind, spec, zone, anchor_at,"
	" dst_gap, dst_overlap, overlap, catchup, lookahead_us, expires_us, template_id, rev,"
	" created_at, updated_at, adjust, jitter_us)"
	" values (0, i(5), i(1), 2, 2, 1, '0 9 * * *', 'UTC', now(),"
	" 0, 0, 1, 1, 0, 0, i(16), 1, now(), now(), 0, 0);"
	"insert into chain (bucket, tenant_id, id, name, definition, runs, created_at, updated_at)"
	" values (0, i(1), i(2), 'c', '{}', 3, now(), now());"
	"insert into chain_run (bucket, tenant_id, id, chain_id, rev, state, trigger, definition,"
	" nodes, open, started_at)"
	" select 0, i(1), i(r), i(2), 5, 2, 1, '{}', 'old', false, now() from generate_series(3, 4) r;"
	"insert into chain_event (bucket, tenant_id, id, chain_id, chain_run_id, schedule_id,"
	" run_id, state, at)"
	" select 0, i(1), i(e), i(2), null, i(5), i(9), state, now()"
	" from (values (6, 3), (7, 3), (8, 2)) x (e, state)";

/* All that a write may touch. */
static const char all[] =
	"select concat_ws(' ', (select count(*) from chain_event), (select runs from chain),"
	" (select string_agg(rev || nodes || state, ',' order by id) from chain_run),"
	" (select count(*) from run), (select count(*) from occurrence))";
#define BEFORE "3 3 5old2,5old2 0 0"
#define MOVED "6new3,6new3"

/* Which guard is to hold. */
static const struct guard {
	const char *name;
	int64_t rev, rev_b, runs; /* as they were read; 5, 5 and 3 */
	uint8_t news;
	bool begins;
	const char *sql; /* done before */
	const char *after;
} guards[] = {
	{ "as it was read", 5, 5, 3, MORE_NEWS, true, NULL, "0 4 " MOVED ",1begun2 1 1" },
	{ "however many have begun", 5, 5, -1, MORE_NEWS, true, NULL, "0 4 " MOVED ",1begun2 1 1" },
	{ "none begins", 5, 5, 2, MORE_NEWS, false, NULL, "0 3 " MOVED " 1 1" },
	{ "an older revision", 4, 5, 3, MORE_NEWS, true, NULL, BEFORE },
	{ "a later revision", 6, 5, 3, MORE_NEWS, true, NULL, BEFORE },
	{ "an older revision of the other", 5, 4, 3, MORE_NEWS, true, NULL, BEFORE },
	{ "an older revision, none begins", 4, 5, 3, MORE_NEWS, false, NULL, BEFORE },
	{ "another has begun", 5, 5, 2, MORE_NEWS, true, NULL, BEFORE },
	{ "news worked off", 5, 5, 3, NONE, true, NULL, BEFORE },
	{ "news worked off, none begins", 5, 5, 3, NONE, false, NULL, BEFORE },
	{ "a deleted chain begins no more", 5, 5, 3, MORE_NEWS, true,
	  "update chain set deleted_at = now()", BEFORE },
};

static struct db_unit *write_unit(const struct guard *g)
{
	static struct chain_move a, b;
	static const struct chain_move *const moves[] = { &a, &b };
	static struct chain_child child;
	static const struct chain_child *const children[] = { &child };
	static struct uuid first, second;
	static const struct uuid *const events[] = { &first, &second };
	struct db_unit *u = db_unit_new(db, fx.arena, LANE_ENGINE);
	struct chain_write w = { .chain = { 0, id(TENANT), id(CHAIN) },
				 .events = events,
				 .events_n = 2,
				 .overtaken = id(ROOTS_RUN),
				 .moves = moves,
				 .moves_n = 2,
				 .begins = g->begins,
				 .trigger = 1,
				 .definition = SLICE_LIT("{}"),
				 .children = children,
				 .children_n = 1,
				 .now = NOW };

	a = (struct chain_move){ .id = id(RUN_A),
				 .rev = g->rev,
				 .state = 3,
				 .nodes = SLICE_LIT("new"),
				 .finished = NOW };
	b = a;
	b.id = id(RUN_B);
	b.rev = g->rev_b;
	w.begin = (struct chain_move){ .id = id(NEW),
				       .rev = g->runs,
				       .state = 2,
				       .open = true,
				       .nodes = SLICE_LIT("begun"),
				       .finished = USEC_NEVER };
	child = (struct chain_child){ id(CHILD), id(JOB), id(RUN_A), NOW };
	first = id(NEWS);
	second = id(g->news);
	store_chain_write(u, &w);
	return u;
}

static void prepare(const char *more)
{
	char out[200];

	admin_to(url, rows, out, sizeof(out));
	EXPECT(out[0] == '\0');
	if (out[0])
		puts(out);
	if (more)
		admin_to(url, more, out, sizeof(out));
	admin_to(url, all, out, sizeof(out));
	EXPECT(strcmp(out, BEFORE) == 0);
}

static void expect_all(const char *name, const char *wanted)
{
	char out[200];

	admin_to(url, all, out, sizeof(out));
	EXPECT(strcmp(out, wanted) == 0);
	if (strcmp(out, wanted) != 0)
		printf("%s: \"%s\" and not \"%s\"\n", name, out, wanted);
}

static void chain_write_guards(void)
{
	for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
		const struct guard *g = &guards[i];
		struct db_unit *u;

		prepare(g->sql);
		u = write_unit(g);
		run_unit(u);
		EXPECT(u->outcome == DB_OK);
		EXPECT(store_chain_written(u, 0) == (strcmp(g->after, BEFORE) != 0));
		expect_all(g->name, g->after);
	}
}

/* --- in the very moment --- */

static const struct race {
	const char *sql; /* of somebody whose transaction is open when the write comes */
	const char *after;
} races[] = {
	{ "update chain_run set rev = 6, nodes = 'theirs' where id = i(4)",
	  "3 3 5old2,6theirs2 0 0" },
	{ "update chain set runs = 4", "3 4 5old2,5old2 0 0" },
	{ "update chain set deleted_at = now()", BEFORE },
	{ "delete from chain_event where id = i(7)", "2 3 5old2,5old2 0 0" },
	{ "update chain_event set taken_at = now()", "0 4 " MOVED ",1begun2 1 1" },
};

static void done(struct db_unit *u, void *ctx)
{
	(void)u;
	--*(int *)ctx;
}

static bool is_waiting(void)
{
	char out[100];

	admin("select 1 from pg_stat_activity where datname = 'chains' and wait_event_type = 'Lock'",
	      out, sizeof(out));
	return strcmp(out, "1") == 0;
}

static void chain_write_races(void)
{
	for (size_t i = 0; i < sizeof(races) / sizeof(races[0]); i++) {
		struct db_unit *u;
		int left = 1;
		PGconn *other;

		prepare(NULL);
		other = PQconnectdb(url);
		PQclear(PQexec(other, "begin"));
		PQclear(PQexec(other, races[i].sql));
		u = write_unit(&guards[0]);
		db_submit(u, done, &left);
		EXPECT(run_until(is_waiting, 10));
		EXPECT(left == 1);
		PQclear(PQexec(other, "commit"));
		PQfinish(other);
		EXPECT(run_until_zero(&left, 10));
		EXPECT(u->outcome == DB_OK);
		EXPECT(store_chain_written(u, 0) == (strncmp(races[i].after, "0 ", 2) == 0));
		expect_all(races[i].sql, races[i].after);
	}
}

static bool is_ready(void)
{
	return db_ready(db);
}

static void with_tables(test_fn *fn)
{
	const char *name = strstr(fx.url, "/postgres?");
	char out[300];
	int applied;

	EXPECT(name);
	if (!name)
		return;
	snprintf(url, sizeof(url), "%.*s/chains%s", (int)(name - fx.url), fx.url, name + 9);
	admin("create database chains", out, sizeof(out));
	EXPECT(migrate_up(url, 20, &applied, out, sizeof(out)));
	admin_to(url, id_function, out, sizeof(out));
	EXPECT(out[0] == '\0');
	db = db_new(fx.loop, url, db_stmts, SQL_COUNT);
	EXPECT(run_until(is_ready, 20));
	fn();
	db_free(db);
	admin("drop database chains", out, sizeof(out));
}

static void guards_hold(void)
{
	with_tables(chain_write_guards);
}

static void races_are_lost(void)
{
	with_tables(chain_write_races);
}

const struct test tests_chains[] = { { "chain_write_guards", guards_hold },
				     { "chain_write_races", races_are_lost },
				     { NULL, NULL } };
