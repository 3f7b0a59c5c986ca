/* What a lane's connection is told before it serves: settings, then every statement, in one
 * pipeline. A statement that PostgreSQL refuses means that this program and this database do not
 * belong together. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "io_int.h"

/* One statement, so that it fits into the pipeline. Reads that share a Sync also share its fate,
 * so a write has no business there: the read lane is read-only. Plans are generic and made when
 * the tables may be empty, when a sequential scan looks best: it is not to be considered.
 * Housekeeping, on the slow lane, gives up a lock that it does not get at once, as others would
 * queue behind it. A stronger synchronous_commit is the operator's choice. */
static const char setup_sql[] =
	"select pg_backend_pid(),"
	" set_config('statement_timeout', $1, false),"
	" set_config('default_transaction_read_only', $2, false),"
	" set_config('idle_in_transaction_session_timeout', '10s', false),"
	" set_config('plan_cache_mode', 'force_generic_plan', false),"
	" set_config('jit', 'off', false),"
	" set_config('random_page_cost', '1.1', false),"
	" set_config('enable_seqscan', 'off', false),"
	" set_config('lock_timeout', $3, false),"
	" set_config('default_transaction_isolation', $4, false),"
	" set_config('TimeZone', 'UTC', false),"
	" set_config('synchronous_commit', case current_setting('synchronous_commit')"
	" when 'remote_apply' then 'remote_apply' else 'on' end, false)";

bool pg_setup_send(struct db_lane *l, const char *statement_timeout, bool read_only)
{
	bool is_slow = l->kind == LANE_SLOW;
	const char *values[] = { statement_timeout, read_only ? "on" : "off",
				 is_slow ? "300ms" : "0",
				 is_slow ? "repeatable read" : "read committed" };
	const struct db *db = l->db;
	PGconn *pg = l->conn.pg;
	bool ok = PQenterPipelineMode(pg)
	       && PQsendQueryParams(pg, setup_sql, 4, NULL, values, NULL, NULL, 1);

	for (int i = 0; ok && i < db->count; i++) {
		const struct db_stmt *s = &db->stmts[i];
		Oid oids[DB_ARGS_MAX];

		ASSERT(s->args <= DB_ARGS_MAX);
		for (int k = 0; k < s->args; k++)
			oids[k] = db_oid(s->arg_types[k]);
		ok = PQsendPrepare(pg, s->name, s->text, s->args, oids);
	}
#ifdef CARILLON_TEST
	for (int i = 0; ok && i < db->count; i++)
		ok = PQsendDescribePrepared(pg, db->stmts[i].name);
#endif
	return ok && PQpipelineSync(pg);
}

/* What time heals: connection, resources, shutdown, system. The rest is a program that does not
 * fit its database, and at the start that must not be served from. */
static bool may_pass(const char *sqlstate)
{
	static const char *const classes[] = { "08", "40", "53", "55", "57", "58" };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strncmp(sqlstate, classes[i], 2) == 0)
			return true;
	return sqlstate[0] == '\0';
}

static void setup_failed(struct db_lane *l, const PGresult *r)
{
	const struct db *db = l->db;
	const char *name = l->setup_at ? db->stmts[(l->setup_at - 1) % db->count].name
				       : "session settings";
	char sqlstate[6], message[160];

	pg_copy_field(sqlstate, sizeof(sqlstate), r, PG_DIAG_SQLSTATE);
	pg_copy_field(message, sizeof(message), r, PG_DIAG_MESSAGE_PRIMARY);
	snprintf(l->why, sizeof(l->why), "%s: %s", name,
		 message[0] ? message : PQresultErrorMessage(r));
	l->drop = true;
	if (may_pass(sqlstate))
		return;
	log_event(LOG_ERROR, "db.statement", LOG_STR("statement", name),
		  LOG_STR("sqlstate", sqlstate), LOG_STR("message", message));
	if (!l->was_up) {
		log_flush();
		die("the statement %s cannot be prepared: %s (SQLSTATE %s)", name, message,
		    sqlstate);
	}
}

static void check_types(const struct db_stmt *s, const PGresult *r)
{
	if (PQnparams(r) != s->args || PQnfields(r) != s->columns)
		die("the statement %s has %d arguments and %d columns in the database", s->name,
		    PQnparams(r), PQnfields(r));
	for (int i = 0; i < s->args; i++)
		if (PQparamtype(r, i) != db_oid(s->arg_types[i]))
			die("the statement %s: argument %d has type oid %u", s->name, i + 1,
			    PQparamtype(r, i));
	for (int i = 0; i < s->columns; i++)
		if (!db_oid_reads_as(PQftype(r, i), s->row_types[i]))
			die("the statement %s: column %s has type oid %u", s->name, PQfname(r, i),
			    PQftype(r, i));
}

/* The server's own word for who it is, against the one from the handshake: a pooler makes up the
 * latter. */
static int read_pid(const struct db_lane *l, const PGresult *r)
{
	uint8_t b[4];
	int pid;

	ASSERT(PQntuples(r) == 1 && PQgetlength(r, 0, 0) == sizeof(b));
	memcpy(b, PQgetvalue(r, 0, 0), sizeof(b));
	pid = (int)((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
	return pid == PQbackendPID(l->conn.pg) ? pid : 0;
}

bool pg_setup_result(struct db_lane *l, const PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);
	int count = l->db->count;

	if (status == PGRES_PIPELINE_SYNC) {
		ASSERT(l->setup_at > count);
		return true;
	}
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
		setup_failed(l, r);
	} else if (l->setup_at == 0) {
		l->backend_pid = read_pid(l, r);
	} else if (l->setup_at > count) {
		check_types(&l->db->stmts[l->setup_at - count - 1], r);
	}
	l->setup_at++;
	return false;
}
