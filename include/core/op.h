/* One operation: what a request, a command or the engine wants done, without HTTP and without
 * SQL text.
 *
 * It runs in steps. Each step ends by saying what happens next, and only the functions here make
 * a `flow`, so a path that neither waits nor answers does not compile:
 *
 *	flow task_get(struct op *op)              first step, called by op_run()
 *	{
 *		struct db_unit *u = op_unit(op, LANE_READ);
 *		store_run_get(u, ...);
 *		return op_db(op, got);
 *	}
 *	static flow got(struct op *op)
 *	{
 *		if (op->unit->outcome != DB_OK)
 *			return op_db_fail(op, ERR_NONE);
 *		...
 *		return op_ok(op, view);
 *	}
 *
 * Everything an operation makes lives in op->arena. finish() is called exactly once, never
 * before op_run() has returned. */
#ifndef CORE_OP_H
#define CORE_OP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/usec.h"
#include "io/db.h"
#include "model/role.h"

struct core;
struct op;
struct batcher;

typedef struct flow {
	unsigned char made;
} flow;
typedef flow op_step(struct op *op);

struct op {
	unsigned magic;
	struct core *core;
	struct arena *arena;
	struct who who;
	usec_t now;           /* one reading for the whole operation */
	struct uuid ids[2];   /* from the path, in order */
	struct slice names[2]; /* likewise, of segments that are names, not ids; decoded */
	struct slice token;   /* of a route that needs no key but this; absent: none was sent */
	struct slice if_match; /* the If-Match header; absent: none was sent */
	struct slice body;    /* as it came, one JSON value, of a route that takes it whole (ROUTE_WHOLE) */
	const char *request_id; /* NULL: no request */
	const uint8_t *peer;  /* 16 bytes, whose key this is by address (core/auth_failures.h); NULL: nobody's */
	struct idem *idem;    /* core/idem.h; NULL: the request has no Idempotency-Key */
	const void *in;       /* what was asked for, as the route's shape describes it; NULL when it has none */
	const struct json_list *in_list; /* instead of `in` when the body was an array */
	void *state;          /* between steps: the operation's own */
	struct db_unit *unit; /* the last one submitted */
	/* the result */
	enum err err;
	const char *detail;   /* NULL: err_text(err) */
	struct json_faults faults; /* with ERR_INVALID */
	const char *existing; /* with ERR_DUPLICATE: the id that exists, as text */
	const void *out;      /* with ERR_NONE: as the route's reply shape describes it; NULL: no body */
	bool out_is_list;     /* out is a struct json_list of such objects, answered as an array */
	bool is_made;         /* out is new, of an operation that may also find it there */
	int64_t revision;     /* of what `out` is, for its ETag; 0: it has none */
	const char *location; /* of what was made: its path; NULL: it is not told. Set by a route's view */
	struct limit_state *limit; /* core/limit.h: what is left to this tenant; NULL: no limit */
	int retry_after;      /* seconds, of an answer that asks to come again; 0: as usual (1 with 429 and 503) */
	void (*finish)(struct op *op);
	void *finish_ctx;
	/* private to op.c and batch.c */
	op_step *next;
	struct pending_changes *pending; /* change.c */
	int tries;
	bool finished, waiting;
	struct op *queue_next;
	void *row;
	bool row_stored;
};

/* Prepares: magic, now = clock_now(), zeroes; the caller sets who, in, ids, finish. */
void op_init(struct op *op, struct core *core, struct arena *arena);
void op_run(struct op *op, op_step *first);

/* A fresh unit on this lane; op->unit. */
struct db_unit *op_unit(struct op *op, enum lane lane);
/* Submits op->unit and goes on with `next`. A DB_RETRY outcome is sent again first, up to 5
 * times. */
flow op_db(struct op *op, op_step *next);
/* Hands `row` to a group-commit batcher (core/batch.h); then op->row_stored tells whether it was
 * inserted (false: it conflicts with one that exists). A batch that failed has ended the
 * operation already. */
flow op_batch(struct op *op, struct batcher *b, void *row, op_step *next);
flow op_ok(struct op *op, const void *out);
flow op_fail(struct op *op, enum err err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* ERR_INVALID with op->faults as they stand (at least one). */
flow op_invalid(struct op *op);
/* op->unit did not end DB_OK: its outcome as an error. `conflict` is what DB_CONFLICT means
 * here. */
flow op_db_fail(struct op *op, enum err conflict);

#endif
