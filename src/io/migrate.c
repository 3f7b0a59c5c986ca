/* Migrations, before the loop runs: so this is the one place that waits for PostgreSQL, with
 * poll(2) around libpq's asynchronous calls.
 *
 * Processes that start at once are put in a row by a table lock, taken anew for each migration,
 * and each looks again under the lock at what is there. A lost connection leaves nothing half
 * done, because a migration and its row commit together; we connect again and look. An advisory
 * lock would do the same, but not behind a pooler and not on a distributed PostgreSQL. */
#include "io/migrate.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "io_int.h"

#define SERVER_LEAST 130000
#define CONNECT_MAX (5 * SEC)
#define RETRY_EVERY_MS 200
#define CREATE_TRIES 20
#define DIGEST_TEXT (2 * SHA256_BYTES + 1)

/* What one step came to. */
enum step {
	STEP_OK,
	STEP_AGAIN, /* the connection, or a race: from the beginning, while patience lasts */
	STEP_NO     /* why says so */
};

struct run {
	const struct migrate_plan *plan;
	struct pg_source source;
	PGconn *pg;
	char (*digests)[DIGEST_TEXT]; /* of the plan's texts, by index */
	bool *applied;
	int applied_now;
	char *why;
	size_t why_max;
};

static enum step no(struct run *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static enum step no(struct run *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(m->why, m->why_max, fmt, args);
	va_end(args);
	m->why[strcspn(m->why, "\n")] = '\0';
	return STEP_NO;
}

/* ---- talking to PostgreSQL */

/* Waits for the socket, for ever when until is USEC_NEVER: the keepalives find a dead server. */
static bool wait_for(PGconn *pg, short events, usec_t until)
{
	struct pollfd p = { .fd = PQsocket(pg), .events = events };
	usec_t left = until == USEC_NEVER ? -1 : until - clock_boot();

	if (p.fd < 0 || (until != USEC_NEVER && left <= 0))
		return false;
	return poll(&p, 1, left < 0 ? -1 : (int)(left / MSEC) + 1) >= 0;
}

static void ignore_notice(void *ctx, const char *message)
{
	(void)ctx;
	(void)message;
}

static bool connect_once(struct run *m)
{
	usec_t until = clock_boot() + CONNECT_MAX;
	PostgresPollingStatusType step = PGRES_POLLING_WRITING;
	struct pg_params p;

	ASSERT(!m->pg);
	pg_params_fill(&p, &m->source);
	m->pg = PQconnectStartParams(p.keys, p.values, 0);
	if (!m->pg)
		die("out of memory");
	if (PQstatus(m->pg) == CONNECTION_BAD)
		return false;
	PQsetNoticeProcessor(m->pg, ignore_notice, NULL);
	while (step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING) {
		if (!wait_for(m->pg, step == PGRES_POLLING_READING ? POLLIN : POLLOUT, until))
			return false;
		step = PQconnectPoll(m->pg);
	}
	return step == PGRES_POLLING_OK;
}

static void disconnect(struct run *m)
{
	if (m->pg)
		PQfinish(m->pg);
	m->pg = NULL;
}

/* The first error, else the last result; NULL when the connection broke. */
static PGresult *await_result(struct run *m)
{
	PGresult *kept = NULL, *r;

	for (;;) {
		while (PQisBusy(m->pg)) {
			if (!wait_for(m->pg, POLLIN, USEC_NEVER) || !PQconsumeInput(m->pg)) {
				PQclear(kept);
				return NULL;
			}
		}
		r = PQgetResult(m->pg);
		if (!r)
			return kept;
		if (kept && PQresultStatus(kept) == PGRES_FATAL_ERROR) {
			PQclear(r);
		} else {
			PQclear(kept);
			kept = r;
		}
	}
}

/* STEP_OK with the result, which the caller clears; else the error is in why, and its state in
 * sqlstate. */
static enum step query(struct run *m, bool sent, PGresult **out, char sqlstate[6])
{
	PGresult *r = sent ? await_result(m) : NULL;
	ExecStatusType status = PQresultStatus(r);

	sqlstate[0] = '\0';
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
		*out = r;
		return STEP_OK;
	}
	if (r)
		pg_copy_field(sqlstate, 6, r, PG_DIAG_SQLSTATE);
	(void)no(m, "%s", r ? PQresultErrorMessage(r) : PQerrorMessage(m->pg));
	PQclear(r);
	if (PQstatus(m->pg) != CONNECTION_OK || !sqlstate[0] || pg_is_dead(sqlstate)
	    || pg_is_retry(sqlstate))
		return STEP_AGAIN;
	return STEP_NO;
}

static enum step run_sql(struct run *m, const char *sql)
{
	PGresult *r = NULL;
	char sqlstate[6];
	enum step step = query(m, PQsendQuery(m->pg, sql), &r, sqlstate);

	PQclear(r);
	return step;
}

/* ---- the steps */

static enum step check_server(struct run *m)
{
	static const char sql[] =
		"select name, setting from pg_settings where setting = 'off'"
		" and name in ('fsync', 'full_page_writes', 'synchronous_commit')";
	PGresult *r = NULL;
	char sqlstate[6];
	enum step step;

	if (PQserverVersion(m->pg) < SERVER_LEAST)
		return no(m, "PostgreSQL 13 or later is needed, this is %d",
			  PQserverVersion(m->pg) / 10000);
	step = query(m, PQsendQuery(m->pg, sql), &r, sqlstate);
	for (int i = 0; i < PQntuples(r); i++)
		log_event(LOG_WARN, "db.unsafe", LOG_STR("setting", PQgetvalue(r, i, 0)),
			  LOG_STR("value", PQgetvalue(r, i, 1)),
			  LOG_STR("meaning", "a crash of the database may lose what was answered"));
	PQclear(r);
	return step;
}

/* Two processes that create it at once make one of them fail, in one of three ways. */
static enum step make_table(struct run *m)
{
	static const char sql[] =
		"create table if not exists schema_migration (number int primary key,"
		" name text not null, checksum text not null, applied_at timestamptz not null)";
	enum step step = STEP_NO;

	for (int i = 0; i < CREATE_TRIES; i++) {
		PGresult *r = NULL;
		char sqlstate[6];

		step = query(m, PQsendQuery(m->pg, sql), &r, sqlstate);
		PQclear(r);
		if (step != STEP_NO
		    || (strcmp(sqlstate, "23505") != 0 && strcmp(sqlstate, "42P07") != 0
			&& strcmp(sqlstate, "42710") != 0))
			return step;
		(void)poll(NULL, 0, 10 * (i + 1));
	}
	return step;
}

static enum step compare(struct run *m, const PGresult *r, int i)
{
	char *end;
	long number = strtol(PQgetvalue(r, i, 0), &end, 10);
	const struct migration *mine;

	ASSERT(*end == '\0');
	if (number < 1 || number > m->plan->count) {
		/* A newer program was here; ours may be the old half of a rolling update. */
		log_event(LOG_WARN, "db.newer", LOG_INT("migration", number),
			  LOG_STR("name", PQgetvalue(r, i, 1)));
		return STEP_OK;
	}
	mine = &m->plan->list[number - 1];
	if (strcmp(PQgetvalue(r, i, 2), m->digests[number - 1]) != 0)
		return no(m,
			  "migration %d (%s) was changed after this database had been made with it",
			  mine->number, mine->name);
	m->applied[number - 1] = true;
	return STEP_OK;
}

/* Reads what was applied, and compares. No table yet is STEP_OK with nothing applied. */
static enum step look(struct run *m, bool *out_is_there)
{
	static const char sql[] =
		"select number, name, checksum from schema_migration order by number";
	PGresult *r = NULL;
	char sqlstate[6];
	enum step step = query(m, PQsendQuery(m->pg, sql), &r, sqlstate);

	memset(m->applied, 0, sizeof(*m->applied) * (size_t)(m->plan->count + 1));
	*out_is_there = step == STEP_OK;
	if (step == STEP_NO && strcmp(sqlstate, "42P01") == 0)
		return STEP_OK;
	for (int i = 0; step == STEP_OK && i < PQntuples(r); i++)
		step = compare(m, r, i);
	PQclear(r);
	return step;
}

static int first_missing(const struct run *m)
{
	int i = 0;

	while (i < m->plan->count && m->applied[i])
		i++;
	return i;
}

/* A COMMIT of a failed transaction is no error to PostgreSQL: only the tag says ROLLBACK. */
static enum step commit(struct run *m)
{
	PGresult *r = NULL;
	char sqlstate[6];
	enum step step = query(m, PQsendQuery(m->pg, "commit"), &r, sqlstate);

	if (step == STEP_OK && strcmp(PQcmdStatus(r), "COMMIT") != 0)
		step = no(m, "the transaction was rolled back");
	PQclear(r);
	return step;
}

static enum step insert_row(struct run *m, int i)
{
	static const char sql[] =
		"insert into schema_migration (number, name, checksum, applied_at)"
		" values ($1::int, $2, $3, to_timestamp($4::double precision))";
	const struct migration *mine = &m->plan->list[i];
	char number[16], now[32], sqlstate[6];
	const char *values[] = { number, mine->name, m->digests[i], now };
	PGresult *r = NULL;
	enum step step;

	snprintf(number, sizeof(number), "%d", mine->number);
	snprintf(now, sizeof(now), "%.6f", (double)clock_real() / (double)SEC);
	step = query(m, PQsendQueryParams(m->pg, sql, 4, NULL, values, NULL, NULL, 0), &r,
		     sqlstate);
	PQclear(r);
	return step;
}

/* Within the transaction, under the lock: the first migration that is missing, if any is. */
static enum step apply_first(struct run *m, int *out_applied)
{
	bool is_there;
	enum step step = look(m, &is_there);
	int i = first_missing(m);
	const struct migration *mine = &m->plan->list[i];
	char reason[200];

	*out_applied = 0;
	if (step != STEP_OK || i == m->plan->count)
		return step;
	step = run_sql(m, mine->text);
	if (step == STEP_NO) {
		snprintf(reason, sizeof(reason), "%s", m->why);
		return no(m, "migration %d (%s) failed: %s", mine->number, mine->name, reason);
	}
	if (step == STEP_OK && PQtransactionStatus(m->pg) != PQTRANS_INTRANS)
		return no(m, "migration %d (%s) ends the transaction it runs in", mine->number,
			  mine->name);
	if (step == STEP_OK)
		step = insert_row(m, i);
	*out_applied = mine->number;
	return step;
}

static enum step apply_one(struct run *m)
{
	enum step step = run_sql(m, "begin; lock table schema_migration in exclusive mode");
	int number = 0;
	char why[256];

	if (step == STEP_OK)
		step = apply_first(m, &number);
	if (step == STEP_OK)
		step = commit(m);
	if (step == STEP_OK && number) {
		m->applied_now++;
		m->applied[number - 1] = true;
		log_event(LOG_INFO, "db.migrated", LOG_INT("number", number),
			  LOG_STR("name", m->plan->list[number - 1].name));
	}
	if (step == STEP_NO) {
		snprintf(why, sizeof(why), "%s", m->why);
		(void)run_sql(m, "rollback");
		(void)no(m, "%s", why);
	}
	return step;
}

static enum step bring_up(struct run *m)
{
	bool is_there = false;
	enum step step = check_server(m);

	if (step == STEP_OK)
		step = run_sql(
			m, "set client_min_messages = warning; set statement_timeout = 0;"
			   "set lock_timeout = 0; set idle_in_transaction_session_timeout = '60s';"
			   "set synchronous_commit = on; set TimeZone = 'UTC'");
	if (step == STEP_OK)
		step = look(m, &is_there);
	if (step == STEP_OK && !is_there)
		step = make_table(m);
	while (step == STEP_OK && first_missing(m) < m->plan->count)
		step = apply_one(m);
	return step;
}

static enum step try_once(struct run *m)
{
	enum step step = STEP_AGAIN;

	if (connect_once(m))
		step = bring_up(m);
	else
		(void)no(m, "%s",
			 PQerrorMessage(m->pg)[0] ? PQerrorMessage(m->pg)
						  : "connecting took too long");
	disconnect(m);
	return step;
}

static void digest_all(struct run *m)
{
	size_t count = (size_t)m->plan->count + 1; /* never of nothing */

	m->digests = mem_new(count * sizeof(*m->digests));
	m->applied = mem_new(count * sizeof(*m->applied));
	for (int i = 0; i < m->plan->count; i++) {
		uint8_t digest[SHA256_BYTES];

		ASSERT(m->plan->list[i].number == i + 1);
		crypto_sha256(slice_of(m->plan->list[i].text), digest);
		crypto_hex(digest, sizeof(digest), m->digests[i]);
	}
}

bool migrate_plan_run(const struct migrate_plan *plan, int *out_applied, char *why, size_t why_max)
{
	struct run m = { .plan = plan, .why = why, .why_max = why_max };
	usec_t until = clock_boot() + plan->patience_s * SEC;
	enum step step;
	bool told = false;

	ASSERT(why && why_max > 0);
	if (!pg_source_init(&m.source, NULL, plan->url, why, why_max))
		return false;
	digest_all(&m);
	while ((step = try_once(&m)) == STEP_AGAIN && clock_boot() < until) {
		if (!told)
			log_event(LOG_INFO, "db.waiting", LOG_STR("why", why));
		told = true;
		(void)poll(NULL, 0, RETRY_EVERY_MS);
	}
	pg_source_release(&m.source);
	free(m.digests);
	free(m.applied);
	if (step != STEP_OK)
		return false;
	if (out_applied)
		*out_applied = m.applied_now;
	return true;
}

bool migrate_up(const char *url, int patience_s, int *out_applied, char *why, size_t why_max)
{
	return migrate_plan_run(
		&(struct migrate_plan){ url, migrations, migrations_count, patience_s },
		out_applied, why, why_max);
}
