/* Private to src/io: what the database files share.
 *
 *	pg_source where the database is
 *	pg_conn   one connection: name lookup, connecting, waiting, trying again for ever
 *	pg_setup  settings and prepared statements of a lane's connection
 *	pg_lane   a lane: units out, results in, outcomes
 *	pg_pool   the lanes together
 *	pg_listen the listening connection
 *	db        arguments and rows
 *	migrate   before all this, by itself */
#ifndef IO_INT_H
#define IO_INT_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "base/check.h"
#include "base/usec.h"
#include "io/db.h"
#include "io/loop.h"
#include "io/migrate.h"

struct event;

/* ---- db.c */

#define DB_ARGS_MAX 64
#define DB_UNIT_MAGIC 0x756e6974u

struct db_rows {
	const struct db_stmt *stmt;
	PGresult *result;
};

/* One statement of a unit: its arguments as libpq wants them, then its answer. */
struct db_call {
	struct db_call *next;
	int bound;
	bool ended;
	const char **values;
	int *lengths;
	struct db_rows rows;
};

extern const int db_binary[DB_ARGS_MAX]; /* the format code of every argument */
unsigned db_oid(unsigned char type);     /* of an enum db_type, with DB_ARRAY or without */
/* Whether a column that the server says is `oid` may be read as `type`. */
bool db_oid_reads_as(unsigned oid, unsigned char type);

/* ---- pg_source.c */

/* Where the database is: the connection string, taken apart, and the resolver for its host
 * names. */
struct pg_source {
	PQconninfoOption *options;
	struct loop *loop;
	struct resolver *resolver; /* made when first needed */
};

/* False with a sentence when the connection string cannot be understood. */
bool pg_source_init(struct pg_source *s, struct loop *loop, const char *url, char *why, size_t why_max);
void pg_source_release(struct pg_source *s);
/* NULL when it is not set, or empty. */
const char *pg_source_setting(const struct pg_source *s, const char *keyword);

/* Keywords and values for PQconnectStartParams(). The strings are borrowed from the source. */
#define PG_PARAMS_MAX 80
struct pg_params {
	const char *keys[PG_PARAMS_MAX + 1], *values[PG_PARAMS_MAX + 1];
	int n;
};
void pg_params_fill(struct pg_params *p, const struct pg_source *s);
void pg_params_add(struct pg_params *p, const char *key, const char *value); /* the last of equal keys counts */

/* ---- pg_conn.c */

struct pg_hooks {
	void (*up)(void *owner);    /* connected: set it up, then call pg_conn_settled() */
	void (*input)(void *owner); /* bytes have come: look for results */
	void (*down)(void *owner);  /* up() had been called, and now the connection is gone */
};

struct pg_conn {
	unsigned magic;
	const char *name; /* for the log */
	struct pg_source *source;
	const struct pg_hooks *hooks;
	void *owner;
	enum { PG_WAITING, PG_LOOKUP, PG_CONNECTING, PG_SETUP, PG_SETTLED } state;
	PGconn *pg;                /* NULL when waiting or looking up */
	struct event *in, *out;
	struct pg_lookup *lookup;
	struct alarm timer;        /* waiting: the next try; until settled: the limit */
	usec_t backoff, settled_at;
	unsigned tries;
	char why[200];             /* why it is down, as logged last; empty when it is up */
};

/* Starts connecting at once (on the loop), and again for ever. Embedded in its owner. */
void pg_conn_init(struct pg_conn *c, struct pg_source *source, const struct pg_hooks *hooks, void *owner,
		  const char *name);
void pg_conn_release(struct pg_conn *c); /* calls no hook */
void pg_conn_settled(struct pg_conn *c);
/* Closes, plans the next try, and calls down() where it is due. NULL: libpq's own message. */
void pg_conn_fail(struct pg_conn *c, const char *why);
/* Sends what libpq holds, now or as the socket takes it. Never fails visibly: a broken
 * connection shows when it is read. */
void pg_conn_flush(struct pg_conn *c);

/* ---- pg_lane.c */

bool pg_is_dead(const char *sqlstate);  /* the connection is of no use after this error */
bool pg_is_retry(const char *sqlstate); /* nothing was done; the same may be sent again */
void pg_copy_field(char *out, size_t max, const PGresult *r, int field);

struct db_list {
	struct db_unit *first, *last;
	int n;
};

struct db_lane {
	unsigned magic;
	struct db *db;
	enum lane kind;
	struct pg_conn conn;
	struct db_list queue, sent, again; /* again: reads that an error ahead of them skipped */
	struct db_call *call;              /* of the first sent unit: whose result is next; NULL: its Sync */
	bool is_up, was_up, told_up;
	bool drop;           /* the connection is of no use: ended when no caller is in the middle of it */
	char why[200];
	int setup_at;        /* results of the set-up seen */
	int backend_pid;
	usec_t progress_at;  /* the last result */
	struct alarm deadline;
	struct event *pump, *news;
};

struct db {
	unsigned magic;
	struct loop *loop;
	struct pg_source source;
	const struct db_stmt *stmts;
	int count;
	struct db_lane lanes[LANE_COUNT];
	struct pg_listener *listener;
	void (*on_lane)(void *ctx, enum lane lane, bool up);
	void *on_lane_ctx;
};
#define DB_MAGIC 0x64617461u

void pg_lane_init(struct db_lane *l, struct db *db, enum lane kind);
void pg_lane_release(struct db_lane *l); /* answers nobody */
void pg_answer_all(struct db_list list, enum db_outcome outcome, const char *message);

/* ---- pg_setup.c */

bool pg_setup_send(struct db_lane *l, const char *statement_timeout, bool read_only);
/* One result of the set-up; true when it was the last. Sets l->drop when the connection cannot
 * be used; a statement that can never be prepared ends the process, unless the lane has served
 * before. */
bool pg_setup_result(struct db_lane *l, const PGresult *r);

/* ---- pg_listen.c */

void pg_listener_free(struct pg_listener *listener); /* NULL accepted */

/* ---- migrate.c */

/* A list of migrations and where to: migrate_up() for tests, which have lists of their own. */
struct migrate_plan {
	const char *url;
	const struct migration *list;
	int count, patience_s;
};
bool migrate_plan_run(const struct migrate_plan *plan, int *out_applied, char *why, size_t why_max);

#endif
