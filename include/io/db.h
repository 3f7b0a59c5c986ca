/* Units of SQL on pipelined PostgreSQL connections; nothing here ever blocks the loop.
 *
 * A unit is one transaction: one to DB_UNIT_STMTS prepared statements that commit together at
 * the Sync, or not at all. The store fills it through the generated q_*() functions and submits
 * it to a lane; done() runs exactly once, never before db_submit() has returned, with the
 * outcome and every row.
 *
 *	struct db_unit *u = db_unit_new(db, arena, LANE_API);
 *	q_run_get(u, &(struct q_run_get){ .bucket = b, .tenant = t, .id = id });
 *	db_submit(u, got_it, ctx);
 *	...
 *	static void got_it(struct db_unit *u, void *ctx) {
 *		if (u->outcome == DB_OK && db_rows(u, 0)->n) q_run_get_read(db_rows(u, 0), 0, &row);
 *	}
 *
 * Memory: the unit lives in the caller's arena, and so do its rows (slices point into libpq
 * results that are cleared when the arena ends). Arguments are copied at q_*() time: the
 * caller's buffers may go at once.
 *
 * LOST on a write means "unknown": it may have committed. Only what is idempotent may be sent
 * again. */
#ifndef IO_DB_H
#define IO_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/slice.h"
#include "base/usec.h"

struct db;
struct loop;

/* Answers come in order per connection, so each kind of work has a connection of its own. */
enum lane {
	LANE_READ,   /* short reads by key; those of one loop turn share a Sync */
	LANE_WRITE,  /* short writes: creates, changes */
	LANE_ENGINE, /* claims, finishes, leases */
	LANE_BULK,   /* writes of many rows; one at a time */
	LANE_SLOW,   /* lists, totals, statistics, housekeeping; one at a time */
	LANE_COUNT
};

enum db_outcome {
	DB_OK,
	DB_CONFLICT, /* 23xxx: a constraint said no; constraint names it */
	DB_RETRY,    /* 40001, 40P01, 55P03: nothing was done, the same unit may be sent again */
	DB_LOST,     /* the connection died: unknown whether it committed */
	DB_BUSY,     /* the lane's queue is full, or there is no connection: nothing was sent */
	DB_ERROR     /* anything else; sqlstate and message say what */
};

enum db_type { DB_BOOL, DB_INT2, DB_INT4, DB_INT8, DB_TEXT, DB_BYTEA, DB_UUID, DB_TIMESTAMPTZ, DB_FLOAT8 };
#define DB_ARRAY 16 /* DB_ARRAY | element type; arguments only */

struct db_stmt {
	const char *name, *text;
	int args, columns;
	const unsigned char *arg_types, *row_types; /* enum db_type each */
};

/* An array argument: the member at `offset` of each of n records. Null elements follow
 * db_bind_*(). */
struct col {
	const void *const *records;
	size_t n, offset;
};
#define COL(records_, n_, type, member)                                                            \
	((struct col){ (const void *const *)(records_), (n_), offsetof(type, member) })

#define DB_UNIT_STMTS 20 /* statements in one unit, at most; two of them are the ledger's (core/change.h) */

struct db_rows; /* the answer of one statement */
/* Rows; for a statement without columns the number of rows it changed. */
int db_rows_count(const struct db_rows *rows);

struct db_unit {
	unsigned magic;
	struct db *db;
	struct arena *arena;
	enum lane lane;
	bool reads_only;        /* set by db_unit_new() for LANE_READ */
	enum db_outcome outcome; /* valid in done() and later */
	char sqlstate[6];
	char constraint[64];
	char message[160];
	/* private to src/io from here */
	struct db_call *calls, *last_call;
	int count;
	void (*done)(struct db_unit *u, void *ctx);
	void *ctx;
	struct db_unit *next;
	usec_t sent_at; /* when it was submitted */
	bool synced, resent, failed, aborted;
};

typedef void db_done(struct db_unit *u, void *ctx);

/* The statements to prepare (generated), the connection string, and the loop to live on.
 * Connecting goes on in the background for ever, with backoff; db_ready() says whether every
 * lane is up now. */
struct db *db_new(struct loop *loop, const char *url, const struct db_stmt *stmts, int count);
void db_free(struct db *db); /* submitted units are answered LOST first */
bool db_ready(const struct db *db);
bool db_lane_ready(const struct db *db, enum lane lane);
/* The server's process behind a lane's connection as the server itself says it
 * (pg_backend_pid()), 0 when it is not up or when a pooler stands between (its key differs from
 * what pg_backend_pid() answers). */
int db_backend_pid(const struct db *db, enum lane lane);
/* Called (deferred, on the loop) each time a lane has come up or gone down. One listener per db. */
void db_on_lane(struct db *db, void (*fn)(void *ctx, enum lane lane, bool up), void *ctx);
/* NOTIFY received on the listening connection: a hint that may get lost. One listener per db. */
void db_on_notify(struct db *db, const char *channel, void (*fn)(void *ctx, const char *payload), void *ctx);
/* Units waiting or under way in a lane, for metrics and for batching by what is in flight. */
int db_depth(const struct db *db, enum lane lane);

struct db_unit *db_unit_new(struct db *db, struct arena *arena, enum lane lane);
/* A unit that has been answered may be submitted again as it is (after DB_RETRY, or when it is
 * idempotent). */
void db_submit(struct db_unit *u, db_done *done, void *ctx);
/* Rows of the i-th statement of the unit; never NULL in DB_OK. */
const struct db_rows *db_rows(const struct db_unit *u, int i);

/* A statement that cannot be prepared, as it names what is made at run time (partitions). Text
 * from sql/, filled in with words of our own; never with a caller's. */
void db_text(struct db_unit *u, const char *sql);

/* For generated code only. A null is: a slice with p == NULL, a nil uuid, USEC_NEVER. */
void db_begin(struct db_unit *u, int stmt);
void db_bind_bool(struct db_unit *u, bool v);
void db_bind_int2(struct db_unit *u, int16_t v);
void db_bind_int4(struct db_unit *u, int32_t v);
void db_bind_int8(struct db_unit *u, int64_t v);
void db_bind_float8(struct db_unit *u, double v);
void db_bind_text(struct db_unit *u, struct slice v);
void db_bind_bytea(struct db_unit *u, struct slice v);
void db_bind_uuid(struct db_unit *u, struct uuid v);
void db_bind_timestamptz(struct db_unit *u, usec_t v);
void db_bind_array(struct db_unit *u, enum db_type element, struct col v);
void db_end(struct db_unit *u);

bool db_get_bool(const struct db_rows *rows, int i, int column);
int16_t db_get_int2(const struct db_rows *rows, int i, int column);
int32_t db_get_int4(const struct db_rows *rows, int i, int column);
int64_t db_get_int8(const struct db_rows *rows, int i, int column);
double db_get_float8(const struct db_rows *rows, int i, int column);
struct slice db_get_text(const struct db_rows *rows, int i, int column);
struct slice db_get_bytea(const struct db_rows *rows, int i, int column);
struct uuid db_get_uuid(const struct db_rows *rows, int i, int column);
usec_t db_get_timestamptz(const struct db_rows *rows, int i, int column);

#endif
