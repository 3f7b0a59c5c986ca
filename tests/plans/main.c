/* Every generated statement: does PostgreSQL agree about its arguments and columns, and is the plan of each hot one
 * good? Statements are prepared once, when the process starts, perhaps on empty tables, and the plan is generic
 * (plan_cache_mode). So a plan is looked at
 *   - on empty tables;
 *   - on full ones, by the connection that made its plans when they were empty;
 *   - on full ones, anew, before PostgreSQL has any statistics, and after analyze.
 * T_URL names an empty database without autovacuum. Milliseconds are printed and never judged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/db.h"
#include "io/migrate.h"
#include "plans.h"
#include "sql.h"

#define ROWS_MOST 10000

static int passed, failed;
static double ms[8][128];

static void expect(bool claim, const char *phase, const char *name)
{
	*(claim ? &passed : &failed) += 1;
	if (!claim)
		printf("FAILED: %s: %s\n", phase, name);
}

bool run_sql(PGconn *pg, const char *sql)
{
	PGresult *r = PQexec(pg, sql);
	ExecStatusType status = PQresultStatus(r);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (!ok)
		printf("%.120s...: %s", sql, PQerrorMessage(pg));
	PQclear(r);
	return ok;
}

/* --- what the statements say about themselves --- */

static Oid oid_of(unsigned char type)
{
	static const Oid scalars[] = {
		[DB_BOOL] = 16,   [DB_INT2] = 21,          [DB_INT4] = 23,
		[DB_INT8] = 20,   [DB_TEXT] = 25,          [DB_BYTEA] = 17,
		[DB_UUID] = 2950, [DB_TIMESTAMPTZ] = 1184, [DB_FLOAT8] = 701,
	};
	static const Oid arrays[] = {
		[DB_BOOL] = 1000, [DB_INT2] = 1005,        [DB_INT4] = 1007,
		[DB_INT8] = 1016, [DB_TEXT] = 1009,        [DB_BYTEA] = 1001,
		[DB_UUID] = 2951, [DB_TIMESTAMPTZ] = 1185, [DB_FLOAT8] = 1022,
	};

	return type & DB_ARRAY ? arrays[type & ~DB_ARRAY] : scalars[type];
}

static bool types_agree(const struct db_stmt *s, const PGresult *r)
{
	bool ok = PQnparams(r) == s->args && PQnfields(r) == s->columns;

	if (!ok)
		printf("%s: %d arguments and %d columns, declared are %d and %d\n", s->name,
		       PQnparams(r), PQnfields(r), s->args, s->columns);
	for (int i = 0; ok && i < s->args; i++)
		if (PQparamtype(r, i) != oid_of(s->arg_types[i])) {
			printf("%s: argument %d is of type %u\n", s->name, i + 1,
			       PQparamtype(r, i));
			ok = false;
		}
	for (int i = 0; ok && i < s->columns; i++)
		if (PQftype(r, i) != oid_of(s->row_types[i])) {
			printf("%s: column %d, %s, is of type %u\n", s->name, i + 1, PQfname(r, i),
			       PQftype(r, i));
			ok = false;
		}
	return ok;
}

static bool prepare(PGconn *pg, const struct db_stmt *s)
{
	PGresult *r = PQprepare(pg, s->name, s->text, 0, NULL);
	bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;

	if (!ok)
		printf("%s: %s", s->name, PQresultErrorMessage(r));
	PQclear(r);
	if (!ok)
		return false;
	r = PQdescribePrepared(pg, s->name);
	ok = PQresultStatus(r) == PGRES_COMMAND_OK && types_agree(s, r);
	PQclear(r);
	return ok;
}

/* A connection as the server has them. phase NULL: what the statements say has been looked at. */
static PGconn *connect_prepared(const char *url, const char *phase)
{
	PGconn *pg = PQconnectdb(url);

	(void)run_sql(pg, "set plan_cache_mode = force_generic_plan");
	(void)run_sql(pg, "set jit = off");
	if (getenv("PLANS_SET"))
		(void)run_sql(pg, getenv("PLANS_SET"));
	for (int i = 0; i < SQL_COUNT; i++) {
		bool ok = prepare(pg, &db_stmts[i]);

		if (phase)
			expect(ok, phase, db_stmts[i].name);
	}
	return pg;
}

/* --- plans --- */

static bool is_large(const char *relation)
{
	/* With their partitions, run_history_w1; but schedule_total, like node, notice and tenant, is small. */
	static const char *const large[] = {
		"run",      "run_history", "run_history_w", "attempt",      "attempt_w",
		"schedule", "occurrence",  "template",      "run_key",      "tally",
		"skip",     "api_key",     "calendar",      "aftermath",    "standing",
		"rollup",   "message",     "run_output",    "run_output_w", "rollup_duration",
		"activity", "chain",       "chain_job",     "chain_run",    "chain_event"
	};
	size_t n = strcspn(relation, " ");

	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		size_t m = strlen(large[i]);

		if (strncmp(relation, large[i], m) == 0 && (n == m || large[i][m - 1] == 'w'))
			return true;
	}
	return false;
}

/* How often the node of this line met a row, or threw one away. */
static double rows_of(const char *line)
{
	const char *rows = strstr(line, "(actual rows="), *loops = strstr(line, " loops=");
	const char *removed = strstr(line, "Rows Removed by ");

	if (removed)
		return atof(strchr(removed, ':') + 1);
	return rows && loops ? atof(rows + 13) * atof(loops + 7) : 0;
}

/* The plan's lines: none may read a large table from end to end, by whatever index. */
static bool judge_plan(const PGresult *r, const char *phase, const char *name)
{
	static const char mark[] = "Seq Scan on ";
	bool ok = true;

	for (int i = 0; i < PQntuples(r); i++) {
		const char *line = PQgetvalue(r, i, 0), *at = strstr(line, mark);

		if ((!at || !is_large(at + sizeof(mark) - 1)) && rows_of(line) < ROWS_MOST)
			continue;
		printf("%s: %s: %s\n", phase, name, line + strspn(line, " "));
		ok = false;
	}
	for (int i = 0; !ok && getenv("PLANS_SHOW") && i < PQntuples(r); i++)
		printf("    %s\n", PQgetvalue(r, i, 0));
	return ok;
}

static double time_of(const PGresult *r)
{
	for (int i = 0; i < PQntuples(r); i++)
		if (strncmp(PQgetvalue(r, i, 0), "Execution Time: ", 16) == 0)
			return atof(PQgetvalue(r, i, 0) + 16);
	return -1;
}

/* EXECUTE takes no subqueries: the arguments are computed first. To be freed. */
static char *literals(PGconn *pg, const char *args)
{
	char sql[4096], *out = NULL;
	size_t n = 16;
	PGresult *r;
	int at = 0;

	(void)snprintf(sql, sizeof(sql), "select %s", args);
	r = PQexec(pg, sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		printf("%s: %s", args, PQerrorMessage(pg));
	for (int i = 0; i < PQnfields(r); i++)
		n += 2 * (size_t)PQgetlength(r, 0, i) + 8;
	if (PQntuples(r) == 1)
		out = malloc(n);
	for (int i = 0; out && i < PQnfields(r); i++) {
		char *quoted = PQescapeLiteral(pg, PQgetvalue(r, 0, i),
					       (size_t)PQgetlength(r, 0, i));

		at += snprintf(out + at, n - (size_t)at, "%s%s", i ? ", " : "",
			       PQgetisnull(r, 0, i) ? "null" : quoted);
		PQfreemem(quoted);
	}
	PQclear(r);
	return out;
}

/* Explained as it runs, and taken back. Milliseconds; -1 when it cannot run. */
static double try_one(PGconn *pg, const struct hot *h, const char *phase, bool *out_ok)
{
	static const char explain[] = "explain (analyze, costs off, timing off) execute ";
	char *args = literals(pg, h->args), *sql;
	size_t n = sizeof(explain) + 80 + (args ? strlen(args) : 0);
	double took = -1;
	PGresult *r;

	*out_ok = false;
	sql = malloc(n);
	if (!args || !sql || !run_sql(pg, "begin"))
		return -1;
	(void)snprintf(sql, n, "%s %s(%s)", explain, h->name, args);
	r = PQexec(pg, sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		printf("%s: %s: %s", phase, h->name, PQerrorMessage(pg));
	else
		took = time_of(r);
	*out_ok = took >= 0 && judge_plan(r, phase, h->name);
	PQclear(r);
	(void)run_sql(pg, "rollback");
	free(args);
	free(sql);
	return took;
}

enum { EMPTY, OLD_PLANS, NO_STATISTICS, ANALYZED, DRAINED, BURST, PHASES };
static const char *const phases[PHASES] = { "empty tables",
					    "full tables, plans of empty ones",
					    "full tables, no statistics",
					    "full tables, analyzed",
					    "no live run left",
					    "a burst of runs, plans of before" };

static void try_all(PGconn *pg, int phase)
{
	for (int i = 0; i < hot_count; i++) {
		bool ok;

		ms[phase][i] = try_one(pg, &hot[i], phases[phase], &ok);
		expect(ok, phases[phase], hot[i].name);
	}
}

static void print_times(void)
{
	printf("  milliseconds, for information:\n");
	for (int phase = 0; phase < PHASES; phase++)
		printf("  %d: %s\n", phase + 1, phases[phase]);
	for (int i = 0; i < hot_count; i++) {
		printf("  %-20s", hot[i].name);
		for (int phase = 0; phase < PHASES; phase++)
			printf(" %9.2f", ms[phase][i]);
		printf("\n");
	}
}

static void try_anew(const char *url, int phase)
{
	PGconn *pg = connect_prepared(url, NULL);

	try_all(pg, phase);
	PQfinish(pg);
}

/* From an empty installation to a full one. */
static void grow(PGconn *filler, const char *url)
{
	bool filled = run_sql(filler, fill_tools);
	PGconn *pg = connect_prepared(url, "prepare");

	try_all(pg, EMPTY);
	for (int i = 0; filled && fill_tables[i]; i++)
		filled = run_sql(filler, fill_tables[i]);
	expect(filled, "fill", "tables");
	try_all(pg, OLD_PLANS);
	PQfinish(pg);
	try_anew(url, NO_STATISTICS);
	expect(run_sql(filler, fill_analyze), "fill", "analyze");
	try_anew(url, ANALYZED);
}

/* Everything is delivered, autovacuum sees an empty table, and then there is much to do at once. */
static void drain(PGconn *filler, const char *url)
{
	PGconn *pg;

	expect(run_sql(filler, "delete from run") && run_sql(filler, "vacuum analyze run"), "fill",
	       "drain");
	pg = connect_prepared(url, NULL);
	try_all(pg, DRAINED);
	expect(run_sql(filler, fill_run), "fill", "burst");
	try_all(pg, BURST);
	PQfinish(pg);
}

static void run(const char *url)
{
	PGconn *filler = PQconnectdb(url);

	grow(filler, url);
	drain(filler, url);
	PQfinish(filler);
	print_times();
}

int main(void)
{
	const char *url = getenv("T_URL");
	char why[300] = "T_URL is not set";
	int applied;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (hot_count > (int)(sizeof(ms[0]) / sizeof(ms[0][0])) || !url
	    || !migrate_up(url, 20, &applied, why, sizeof(why))) {
		printf("no database: %s\n0 passed, 1 failed\n", why);
		return 1;
	}
	run(url);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
