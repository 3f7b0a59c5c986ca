/* Units: order, groups that share a Sync, outcomes, ceilings. */
#include <stdio.h>
#include <string.h>

#include "base/metric.h"
#include "t_db.h"

#define MANY 300

struct seen {
	int left, next;
	int order[5000];
	enum db_outcome outcomes[5000];
};
static struct seen seen;
static int ids[5000];

static void begin_seeing(int n)
{
	memset(&seen, 0, sizeof(seen));
	seen.left = n;
	for (int i = 0; i < 5000; i++)
		ids[i] = i;
}

static void see(struct db_unit *u, void *ctx)
{
	int id = *(int *)ctx;

	seen.outcomes[id] = u->outcome;
	seen.order[seen.next++] = id;
	seen.left--;
}

static void settings(void)
{
	EXPECT(setting_is(LANE_READ, "statement_timeout", "10s"));
	EXPECT(setting_is(LANE_WRITE, "statement_timeout", "10s"));
	EXPECT(setting_is(LANE_ENGINE, "statement_timeout", "30s"));
	EXPECT(setting_is(LANE_SLOW, "statement_timeout", "20s"));
	EXPECT(setting_is(LANE_SLOW, "default_transaction_isolation", "repeatable read"));
	EXPECT(setting_is(LANE_BULK, "default_transaction_isolation", "read committed"));
	EXPECT(setting_is(LANE_READ, "default_transaction_read_only", "on"));
	EXPECT(setting_is(LANE_WRITE, "default_transaction_read_only", "off"));
	EXPECT(setting_is(LANE_WRITE, "plan_cache_mode", "force_generic_plan"));
	EXPECT(setting_is(LANE_WRITE, "synchronous_commit", "on"));
	EXPECT(setting_is(LANE_WRITE, "idle_in_transaction_session_timeout", "10s"));
	EXPECT(setting_is(LANE_WRITE, "TimeZone", "UTC"));
	EXPECT(setting_is(LANE_WRITE, "jit", "off"));
	EXPECT(setting_is(LANE_WRITE, "client_encoding", "UTF8"));
	EXPECT(setting_is(LANE_WRITE, "application_name", "carillon"));
}

static void pids(void)
{
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		struct db_unit *u = unit((enum lane)lane);

		db_begin(u, T_PID);
		db_end(u);
		run_unit(u);
		EXPECT(db_backend_pid(fx.db, (enum lane)lane) == db_get_int4(db_rows(u, 0), 0, 0));
	}
}

/* Also: nothing is answered before db_submit() has returned, whatever the lane. */
static void order(void)
{
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		int n = lane == LANE_READ || lane == LANE_WRITE ? MANY : MANY / 2;

		begin_seeing(n);
		for (int i = 0; i < n; i++) {
			db_submit(get_unit((enum lane)lane, 1 + i), see, &ids[i]);
			EXPECT(seen.next == 0);
		}
		EXPECT(db_depth(fx.db, (enum lane)lane) == n);
		EXPECT(run_until_zero(&seen.left, 10));
		EXPECT(db_depth(fx.db, (enum lane)lane) == 0);
		for (int i = 0; i < n; i++)
			EXPECT(seen.order[i] == i && seen.outcomes[i] == DB_OK);
	}
}

/* One of the reads of a turn fails; those behind it in its group are sent again, those before
 * are done. */
static void shared_sync(void)
{
	struct db_unit *units[MANY];

	begin_seeing(MANY);
	for (int i = 0; i < MANY; i++) {
		if (i == 20 || i == 21 || i == 100) {
			units[i] = unit(LANE_READ);
			db_begin(units[i], T_DIVIDE);
			db_bind_int4(units[i], 0);
			db_end(units[i]);
		} else {
			units[i] = get_unit(LANE_READ, 1 + i);
		}
		db_submit(units[i], see, &ids[i]);
	}
	EXPECT(run_until_zero(&seen.left, 10));
	for (int i = 0; i < MANY; i++) {
		bool bad = i == 20 || i == 21 || i == 100;

		EXPECT(seen.outcomes[i] == (bad ? DB_ERROR : DB_OK));
		if (bad)
			EXPECT(strcmp(units[i]->sqlstate, "22012") == 0);
		else
			EXPECT(db_get_int8(db_rows(units[i], 0), 0, 0) == 1 + i);
	}
	EXPECT(seen.next == MANY);
}

static void two_statement_read(void)
{
	struct db_unit *u = get_unit(LANE_READ, 1);
	struct db_unit *bad = get_unit(LANE_READ, 2);

	db_begin(bad, T_DIVIDE);
	db_bind_int4(bad, 0);
	db_end(bad);
	begin_seeing(2);
	db_submit(bad, see, &ids[0]);
	db_begin(u, T_DIVIDE);
	db_bind_int4(u, 7);
	db_end(u);
	db_submit(u, see, &ids[1]);
	EXPECT(run_until_zero(&seen.left, 10));
	EXPECT(bad->outcome == DB_ERROR);
	EXPECT(u->outcome == DB_OK && db_get_int4(db_rows(u, 1), 0, 0) == 14);
	EXPECT(slice_is(db_get_text(db_rows(u, 0), 0, 1), "item 1"));
}

static void conflict(void)
{
	struct db_unit *u = insert_unit(5000, "item 7");

	run_unit(u);
	EXPECT(u->outcome == DB_CONFLICT);
	EXPECT(strcmp(u->constraint, "item_name_key") == 0);
	EXPECT(strcmp(u->sqlstate, "23505") == 0);
	EXPECT(strstr(u->message, "duplicate key") != NULL);
}

/* A unit is one transaction: its second statement fails, and the first is undone. Its neighbours
 * are not. */
static void all_or_nothing(void)
{
	struct db_unit *u = insert_unit(6000, "all or nothing");

	begin_seeing(3);
	db_begin(u, T_INSERT);
	db_bind_int8(u, 1);
	db_bind_text(u, SLICE_LIT("another"));
	db_end(u);
	db_submit(insert_unit(6001, "before"), see, &ids[0]);
	db_submit(u, see, &ids[1]);
	db_submit(insert_unit(6002, "after"), see, &ids[2]);
	EXPECT(run_until_zero(&seen.left, 10));
	EXPECT(seen.outcomes[0] == DB_OK && seen.outcomes[2] == DB_OK);
	EXPECT(u->outcome == DB_CONFLICT);
	EXPECT(strcmp(u->constraint, "item_pkey") == 0);
	u = text_unit(LANE_SLOW, T_COUNT, "all or nothing");
	run_unit(u);
	EXPECT(db_get_int8(db_rows(u, 0), 0, 0) == 0);
}

/* The commit itself fails: a deferred constraint. */
static void commit_fails(void)
{
	struct db_unit *u = unit(LANE_WRITE);

	db_begin(u, T_CHILD);
	db_bind_int8(u, 1);
	db_bind_int8(u, 999999);
	db_end(u);
	begin_seeing(2);
	db_submit(u, see, &ids[0]);
	db_submit(insert_unit(6100, "behind a failed commit"), see, &ids[1]);
	EXPECT(run_until_zero(&seen.left, 10));
	EXPECT(u->outcome == DB_CONFLICT);
	EXPECT(strcmp(u->constraint, "child_parent_fkey") == 0);
	EXPECT(seen.outcomes[1] == DB_OK);
}

static void changed_rows(void)
{
	struct db_unit *u = unit(LANE_WRITE);

	db_begin(u, T_RENAME);
	db_bind_int8(u, 11);
	db_end(u);
	run_unit(u);
	EXPECT(u->outcome == DB_OK && db_rows_count(db_rows(u, 0)) == 10);
}

/* Statements that are made at run time: not prepared, and part of the transaction like any
 * other. */
static void text_statements(void)
{
	struct db_unit *u = unit(LANE_SLOW), *bad = unit(LANE_SLOW);
	char out[100];

	db_text(bad, "create table by_text (id int)");
	db_text(bad, "create table item (id int)");
	run_unit(bad);
	EXPECT(bad->outcome == DB_ERROR && strcmp(bad->sqlstate, "42P07") == 0);
	admin("select to_regclass('by_text') is null", out, sizeof(out));
	EXPECT(strcmp(out, "t") == 0);
	db_text(u, "create table by_text (id int)");
	db_begin(u, T_GET);
	db_bind_int8(u, 500);
	db_end(u);
	db_text(u, "drop table by_text");
	run_unit(u);
	EXPECT(u->outcome == DB_OK && db_get_int8(db_rows(u, 1), 0, 0) == 500);
}

static void states(void)
{
	static const struct {
		const char *state;
		enum db_outcome want;
	} rows[] = {
		{ "40001", DB_RETRY },    { "40P01", DB_RETRY }, { "55P03", DB_RETRY },
		{ "23514", DB_CONFLICT }, { "53100", DB_ERROR }, { "57014", DB_ERROR },
		{ "P0001", DB_ERROR },    { "22021", DB_ERROR },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct db_unit *u = text_unit(LANE_WRITE, T_RAISE, rows[i].state);

		run_unit(u);
		EXPECT(u->outcome == rows[i].want);
		EXPECT(strcmp(u->sqlstate, rows[i].state) == 0);
	}
}

/* A write on the read lane would share its fate with strangers; PostgreSQL refuses it. */
static void read_lane_is_read_only(void)
{
	struct db_unit *u = unit(LANE_READ);

	db_begin(u, T_INSERT);
	db_bind_int8(u, 7000);
	db_bind_text(u, SLICE_LIT("on the wrong lane"));
	db_end(u);
	run_unit(u);
	EXPECT(u->outcome == DB_ERROR && strcmp(u->sqlstate, "25006") == 0);
	EXPECT(db_ready(fx.db));
}

static void set_on(enum lane lane, const char *name, const char *value)
{
	struct db_unit *u = unit(lane);

	db_begin(u, T_SET);
	db_bind_text(u, slice_of(name));
	db_bind_text(u, slice_of(value));
	db_end(u);
	run_unit(u);
	EXPECT(u->outcome == DB_OK);
}

static void statement_timeout(void)
{
	struct db_unit *u = sleep_unit(LANE_WRITE, 5);

	set_on(LANE_WRITE, "statement_timeout", "100ms");
	run_unit(u);
	EXPECT(u->outcome == DB_ERROR && strcmp(u->sqlstate, "57014") == 0);
	EXPECT(db_lane_ready(fx.db, LANE_WRITE));
	set_on(LANE_WRITE, "statement_timeout", "10s");
}

/* A slow statement in one lane holds up nobody in another. */
static void lanes_are_apart(void)
{
	begin_seeing(2);
	db_submit(sleep_unit(LANE_SLOW, 0.3), see, &ids[0]);
	db_submit(get_unit(LANE_READ, 1), see, &ids[1]);
	EXPECT(run_until_zero(&seen.left, 10));
	EXPECT(seen.order[0] == 1 && seen.order[1] == 0);
}

static void ceiling(void)
{
	int64_t refused = metric_get(METRIC_DB_BUSY);
	int n = 300, busy = 0;

	begin_seeing(n);
	for (int i = 0; i < n; i++)
		db_submit(get_unit(LANE_SLOW, 1), see, &ids[i]);
	EXPECT(seen.next == 0);
	EXPECT(run_until_zero(&seen.left, 10));
	for (int i = 0; i < n; i++)
		busy += seen.outcomes[i] == DB_BUSY;
	EXPECT(busy == n - 256);
	EXPECT(seen.outcomes[255] == DB_OK && seen.outcomes[256] == DB_BUSY);
	EXPECT(metric_get(METRIC_DB_BUSY) - refused == busy);
	begin_seeing(4500);
	for (int i = 0; i < 4500; i++)
		db_submit(get_unit(LANE_WRITE, 1), see, &ids[i]);
	EXPECT(run_until_zero(&seen.left, 20));
	EXPECT(seen.outcomes[4095] == DB_OK && seen.outcomes[4096] == DB_BUSY);
}

static struct {
	int depth;
	bool returned;
} chain;

static void chained(struct db_unit *u, void *ctx)
{
	EXPECT(chain.returned);
	if (u->outcome != DB_OK || --seen.left == 0)
		return;
	chain.returned = false;
	db_submit(get_unit(u->lane, 1 + seen.left), chained, ctx);
	chain.returned = true;
}

static void submit_from_done(void)
{
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		begin_seeing(100);
		chain.returned = false;
		db_submit(get_unit((enum lane)lane, 1), chained, NULL);
		chain.returned = true;
		EXPECT(run_until_zero(&seen.left, 10));
	}
}

/* More than the socket takes at once, in both directions. */
static void large(void)
{
	static char bytes[6 << 20];
	struct db_unit *units[8];

	memset(bytes, 'x', sizeof(bytes));
	begin_seeing(8);
	for (int i = 0; i < 8; i++) {
		struct db_unit *u = units[i] = unit(i % 2 ? LANE_READ : LANE_WRITE);

		db_begin(u, T_ECHO);
		db_bind_bool(u, true);
		db_bind_int2(u, 1);
		db_bind_int4(u, 1);
		db_bind_int8(u, i);
		db_bind_float8(u, 1);
		db_bind_text(u, (struct slice){ bytes, sizeof(bytes) });
		db_bind_bytea(u, (struct slice){ bytes, sizeof(bytes) });
		db_bind_uuid(u, (struct uuid){ { 1 } });
		db_bind_timestamptz(u, 1);
		db_end(u);
		db_submit(u, see, &ids[i]);
	}
	EXPECT(run_until_zero(&seen.left, 30));
	for (int i = 0; i < 8; i++)
		EXPECT(units[i]->outcome == DB_OK
		       && db_get_text(db_rows(units[i], 0), 0, 5).n == sizeof(bytes));
}

const struct test tests_units[] = {
	{ "units: session settings", settings },
	{ "units: backend pids", pids },
	{ "units: order, and never before submit returns", order },
	{ "units: an error in a shared Sync", shared_sync },
	{ "units: reads of two statements", two_statement_read },
	{ "units: conflict names the constraint", conflict },
	{ "units: all or nothing", all_or_nothing },
	{ "units: an error of the commit", commit_fails },
	{ "units: rows changed", changed_rows },
	{ "units: statements by text", text_statements },
	{ "units: outcome by SQLSTATE", states },
	{ "units: the read lane is read-only", read_lane_is_read_only },
	{ "units: statement timeout", statement_timeout },
	{ "units: lanes are apart", lanes_are_apart },
	{ "units: queue ceilings", ceiling },
	{ "units: submit from done", submit_from_done },
	{ "units: large both ways", large },
	{ NULL, NULL },
};
