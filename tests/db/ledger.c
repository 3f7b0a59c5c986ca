/* The ledger on the real tables: entries appear with their change or not at all, chains have no gaps however
 * many write, a key has one live answer, what is old goes in whole blocks. */
#include <stdio.h>
#include <string.h>

#include "core/audit_verify.h"
#include "core/change.h"
#include "core/core.h"
#include "io/migrate.h"
#include "sql.h"
#include "store/audit.h"
#include "store/ledger.h"
#include "t_db.h"

#define NOW (INT64_C(1900000000) * SEC)
#define FRESH "delete from audit; delete from audit_head; delete from idempotency;"

static struct db *db, *other;
static char url[500];

static struct uuid id(uint8_t last)
{
	struct uuid id = { { 0 } };

	id.b[15] = last;
	return id;
}

static struct who who_of(uint8_t tenant)
{
	return (struct who){ .tenant = id(tenant), .actor = ACTOR_SERVER, .name = "t" };
}

static struct change change_of(const char *name, bool is_sure)
{
	return (struct change){ .object = OBJECT_AGENT,
				.name = slice_of(name),
				.what = "changed",
				.after = SLICE_LIT("{}"),
				.is_sure = is_sure };
}

static void run_sql(const char *sql)
{
	char out[300];

	admin_to(url, sql, out, sizeof out);
	EXPECT(out[0] == '\0');
	if (out[0])
		puts(out);
}

static void expect_sql(const char *sql, const char *wanted)
{
	char out[300];

	admin_to(url, sql, out, sizeof out);
	EXPECT(strcmp(out, wanted) == 0);
	if (strcmp(out, wanted) != 0)
		printf("%s: \"%s\" and not \"%s\"\n", sql, out, wanted);
}

static void done(struct db_unit *u, void *ctx)
{
	(void)u;
	--*(int *)ctx;
}

/* --- an entry and its change --- */

static struct db_unit *wrote_unit(const char *wrote, const struct change *changes, size_t n)
{
	struct db_unit *u = db_unit_new(db, fx.arena, LANE_WRITE);
	struct who who = who_of(1);
	char text[200];

	snprintf(text, sizeof text,
		 "do $$ begin perform set_config('carillon.wrote', '%s', true); end $$",
		 wrote ? wrote : "");
	db_text(u, wrote ? text : "do $$ begin end $$");
	change_add(u, &who, changes, n, NOW);
	return u;
}

#define ENTRIES \
	"select coalesce(string_agg(ref || block || '.' || position, ' ' order by block, position), '-') from audit"

static void needs(void)
{
	static const struct {
		const char *wrote, *after;
	} rows[] = {
		{ NULL, "-" },          { "c", "-" },
		{ "a", "a1.1" },        { "b", "b1.1" },
		{ "b,a", "a1.1 b1.2" }, { "*", "a1.1 b1.2" },
		{ "a:failed", "-" },    { "b:changed", "b1.1" },
		{ "ab", "-" },          { "a:changed,b", "a1.1 b1.2" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct change changes[] = { change_of("a", false), change_of("b", false) };
		struct db_unit *u = wrote_unit(rows[i].wrote, changes, 2);

		run_sql(FRESH);
		run_unit(u);
		EXPECT(u->outcome == DB_OK);
		expect_sql(ENTRIES, rows[i].after);
	}
}

/* Units that are sent together are transactions of their own: what one wrote is nothing to the next, also
 * when it failed. */
static void wrote_is_local(void)
{
	struct change a = change_of("a", false);
	struct db_unit *units[] = { wrote_unit("a", &a, 1), wrote_unit(NULL, &a, 1),
				    wrote_unit("a", &a, 1), wrote_unit(NULL, &a, 1),
				    wrote_unit(NULL, &a, 1) };
	int n = sizeof units / sizeof units[0], left = n;

	run_sql(FRESH);
	db_text(units[2], "do $$ begin raise exception 'no'; end $$");
	for (int i = 0; i < n; i++)
		db_submit(units[i], done, &left);
	EXPECT(run_until_zero(&left, 10));
	for (int i = 0; i < n; i++)
		EXPECT(units[i]->outcome == (i == 2 ? DB_ERROR : DB_OK));
	expect_sql(ENTRIES, "a1.1");
}

/* --- chains --- */

static void finished(struct op *op)
{
	(void)op;
	loop_stop(fx.loop);
}

static int64_t verified;
static void count_entries(const struct audit_verdict *v)
{
	verified += v->walk->entries;
}

static void expect_verified(int64_t entries, int64_t faults)
{
	struct core core = { .loop = fx.loop, .db = db };
	struct audit_verify_ask ask = { .report = count_entries };
	struct op op;

	verified = 0;
	op_init(&op, &core, fx.arena);
	op.in = &ask;
	op.finish = finished;
	op_run(&op, audit_verify);
	loop_run(fx.loop);
	EXPECT(op.err == ERR_NONE);
	EXPECT(op.out && ((const struct audit_sum *)op.out)->faults == faults);
	EXPECT(faults || verified == entries);
}

#define WRITES 60

/* Two connections write entries of the same two tenants, one of them in the other order, several units in the
 * pipeline. */
static void two_writers(void)
{
	struct who one = who_of(1), two = who_of(2);
	struct change c = change_of("a", true);
	struct change_of forth[] = { { &one, c }, { &two, c }, { &one, c } };
	struct change_of back[] = { { &two, c }, { &one, c } };
	struct db_unit *units[2 * WRITES];
	int left = 2 * WRITES;

	run_sql(FRESH "insert into organization (id, name, created_at) values (i(9), 'o', now());"
		      "insert into tenant (id, organization_id, bucket, name, created_at)"
		      " values (i(1), i(9), 0, 'a', now()), (i(2), i(9), 0, 'b', now())");
	for (int i = 0; i < 2 * WRITES; i++) {
		units[i] = db_unit_new(i % 2 ? other : db, fx.arena, LANE_WRITE);
		change_add_many(units[i], i % 2 ? back : forth, i % 2 ? 2 : 3, NOW + i);
		db_submit(units[i], done, &left);
	}
	EXPECT(run_until_zero(&left, 20));
	for (int i = 0; i < 2 * WRITES; i++)
		EXPECT(units[i]->outcome == DB_OK);
	expect_sql(
		"select string_agg(concat_ws(' ', blocks, last, n), ', ' order by t)"
		" from (select tenant_id::text as t, count(distinct block) as blocks, max(block) as last,"
		" count(*) as n from audit group by tenant_id) x",
		"120 120 180, 120 120 120");
	expect_verified(300, 0);
	run_sql("update audit set before = '{}' where block = 7 and tenant_id = i(2)");
	expect_verified(300, 1);
}

/* --- a span of time --- */

/* Blocks 1 to 10, ten minutes apart, of which 4 to 6 are missing: what stands there is the next one's. */
static const struct {
	int minutes;
	int64_t least, most;
} places[] = {
	{ -1, 1, 1 }, { 10, 1, 1 }, { 11, 2, 2 }, { 30, 3, 3 },    { 31, 4, 7 },
	{ 50, 4, 7 }, { 70, 4, 7 }, { 71, 8, 8 }, { 100, 10, 10 }, { 101, 11, 11 },
};

static bool has_block(const struct audit_range *range, usec_t at, int64_t *out)
{
	struct db_unit *u = db_unit_new(db, fx.arena, LANE_SLOW);

	store_audit_block_at(u, range, at);
	run_unit(u);
	return u->outcome == DB_OK && store_audit_block_got(u, 0, out);
}

static void blocks_by_time(void)
{
	struct audit_range range = { .tenant = id(1) };
	struct who who = who_of(1);
	struct change c = change_of("a", true);
	int64_t got;

	run_sql(FRESH);
	for (int i = 1; i <= 10; i++) {
		struct db_unit *u = db_unit_new(db, fx.arena, LANE_WRITE);

		change_add(u, &who, &c, 1, NOW + 10 * i * MIN);
		run_unit(u);
	}
	run_sql("delete from audit where block between 4 and 6");
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		EXPECT(has_block(&range, NOW + places[i].minutes * MIN, &got));
		EXPECT(got >= places[i].least && got <= places[i].most);
	}
	run_sql(FRESH);
	EXPECT(!has_block(&range, NOW, &got));
}

/* --- answers --- */

static const uint8_t key_hash[32] = { 1 }, print_a[32] = { 2 }, print_b[32] = { 3 };

static struct slice hash_slice(const uint8_t *hash)
{
	return (struct slice){ (const char *)hash, 32 };
}

/* What is there (at NOW, so long ago, of this status and fingerprint), what comes. */
static const struct keeping {
	const char *name;
	int status;
	usec_t ago;
	const uint8_t *print;
	int16_t comes;
	bool is_kept;
} keepings[] = {
	{ "none is there", -1, 0, print_a, 201, true },
	{ "one is there", 201, 0, print_a, 201, false },
	{ "another is there", 200, HOUR, print_b, 201, false },
	{ "just not too old", 201, DAY - SEC, print_a, 201, false },
	{ "too old", 201, DAY + SEC, print_b, 201, true },
	{ "under way", 0, SEC, print_a, 0, false },
	{ "under way, and ends", 0, SEC, print_a, 201, false },
	{ "under way for too long", 0, 2 * MIN + SEC, print_b, 0, true },
	{ "its own, and it ends", 0, 0, print_a, 200, true },
	{ "begun at the same instant", 0, 0, print_a, 0, false },
	{ "another's, at the same instant", 0, 0, print_b, 200, false },
};

static const struct ledger_ages ages = { NOW - DAY, NOW - 2 * MIN };

static struct db_unit *keep_unit(const uint8_t *print, int16_t status, usec_t at,
				 const struct ledger_ages *of)
{
	struct db_unit *u = db_unit_new(db, fx.arena, LANE_WRITE);
	struct ledger_answer *answer = arena_make(fx.arena, struct ledger_answer);
	const struct ledger_answer *const list[] = { answer };
	struct who who = who_of(1);
	struct change c = change_of("a", true);

	*answer = (struct ledger_answer){ .status = status,
					  .tenant = id(1),
					  .key_hash = hash_slice(key_hash),
					  .fingerprint = hash_slice(print),
					  .body = SLICE_LIT("{}"),
					  .created = at };
	change_add(u, &who, &c, 1, NOW);
	store_answers_keep(u, list, 1, of);
	return u;
}

static void answers(void)
{
	for (size_t i = 0; i < sizeof keepings / sizeof keepings[0]; i++) {
		const struct keeping *k = &keepings[i];
		struct db_unit *u;

		run_sql(FRESH);
		if (k->status >= 0)
			run_unit(keep_unit(k->print, (int16_t)k->status, NOW - k->ago, &ages));
		run_sql("delete from audit; delete from audit_head");
		u = keep_unit(print_a, k->comes, NOW, &ages);
		run_unit(u);
		EXPECT(u->outcome == (k->is_kept ? DB_OK : DB_CONFLICT));
		EXPECT(k->is_kept || strcmp(u->constraint, "idempotency_taken") == 0);
		EXPECT(!k->is_kept || store_answers_kept(u, 1) == 1);
		/* What came before it in the unit is undone with it. */
		expect_sql(ENTRIES, k->is_kept ? "a1.1" : "-");
		if ((u->outcome == DB_OK) != k->is_kept)
			puts(k->name);
	}
}

static void answers_found(void)
{
	struct ledger_answer key = { .tenant = id(1), .key_hash = hash_slice(key_hash) };

	for (size_t i = 0; i < sizeof keepings / sizeof keepings[0]; i++) {
		const struct keeping *k = &keepings[i];
		usec_t most = k->status ? DAY : 2 * MIN;
		struct db_unit *u = db_unit_new(db, fx.arena, LANE_READ);
		struct ledger_answer got = { 0 };

		run_sql(FRESH);
		if (k->status >= 0)
			run_unit(keep_unit(k->print, (int16_t)k->status, NOW - k->ago, &ages));
		store_answer_find(u, &key, &ages);
		run_unit(u);
		EXPECT(store_answer_found(u, 0, &got) == (k->status >= 0 && k->ago <= most));
		EXPECT(!got.fingerprint.p || memcmp(got.fingerprint.p, k->print, 32) == 0);
	}
}

/* --- forgetting --- */

/* Days old of blocks 1 ...; a block is as old as its youngest entry. */
static void forget(void)
{
	static const int days[] = { 400, 380, 370, 364, 390, 1 };
	struct who who = who_of(1);
	struct change c = change_of("a", true);
	struct db_unit *u;

	run_sql(FRESH);
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
		struct change_of two[] = { { &who, c }, { &who, c } };

		u = db_unit_new(db, fx.arena, LANE_WRITE);
		change_add_many(u, two, 2, NOW - days[i] * DAY);
		run_unit(u);
	}
	run_sql("update audit set at = at + interval '20 days' where block = 3 and position = 2");
	run_unit(keep_unit(print_a, 201, NOW - 2 * DAY, &ages));
	u = db_unit_new(db, fx.arena, LANE_BULK);
	store_answers_forget(u, NOW - DAY, 1000);
	store_audit_forget(u, NOW - 365 * DAY);
	run_unit(u);
	EXPECT(u->outcome == DB_OK && store_answers_forgot(u, 0) == 1
	       && store_audit_forgot(u, 1) == 4);
	/* 3 has an entry that is too young, and what comes behind it stays with it. */
	expect_sql("select string_agg(distinct block::text, ' ') from audit", "3 4 5 6 7");
	expect_sql("select floor from audit_head", "2");
	expect_sql("select count(*) from idempotency", "0");
	u = db_unit_new(db, fx.arena, LANE_BULK);
	store_answers_forget(u, NOW - DAY, 1000);
	store_audit_forget(u, NOW - 365 * DAY);
	run_unit(u);
	EXPECT(u->outcome == DB_OK && store_answers_forgot(u, 0) == 0
	       && store_audit_forgot(u, 1) == 0);
}

/* --- */

static bool is_ready(void)
{
	return db_ready(db) && db_ready(other);
}

static void ledger(void)
{
	const char *name = strstr(fx.url, "/postgres?");
	char out[300];
	int applied;

	EXPECT(name);
	if (!name)
		return;
	snprintf(url, sizeof(url), "%.*s/ledger%s", (int)(name - fx.url), fx.url, name + 9);
	admin("create database ledger", out, sizeof(out));
	EXPECT(migrate_up(url, 20, &applied, out, sizeof(out)));
	run_sql("create function i(n int) returns uuid language sql immutable"
		" as $$ select lpad(to_hex(n), 32, '0')::uuid $$");
	db = db_new(fx.loop, url, db_stmts, SQL_COUNT);
	other = db_new(fx.loop, url, db_stmts, SQL_COUNT);
	EXPECT(run_until(is_ready, 20));
	needs();
	wrote_is_local();
	two_writers();
	blocks_by_time();
	answers();
	answers_found();
	forget();
	db_free(other);
	db_free(db);
	admin("drop database ledger", out, sizeof(out));
}

const struct test tests_ledger[] = { { "ledger", ledger }, { NULL, NULL } };
