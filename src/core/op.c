/* The runner of operations. Everything it does rests on one invariant, checked after every step:
 * an operation has either finished, or waits for exactly one completion. */
#include "core/op.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "core/core.h"
#include "core/core_int.h"
#include "core/ledger_int.h"
#include "io/loop.h"

#define OP_MAGIC 0x0b5e55edU
#define OP_TRIES_MAX 5
#define AGAIN_FIRST (4 * MSEC) /* at most; doubled AGAIN_DOUBLED times */
#define AGAIN_DOUBLED 6

static const flow made = { 1 };

void op_init(struct op *op, struct core *core, struct arena *arena)
{
	*op = (struct op){ .magic = OP_MAGIC, .core = core, .arena = arena, .now = clock_now() };
}

static void settle(struct op *op, flow made_by_step)
{
	ASSERT(made_by_step.made == 1);
	ASSERT(op->finished != op->waiting);
}

static void report(void *ctx)
{
	struct op *op = ctx;

	CHECK_MAGIC(op, OP_MAGIC);
	if (op->idem)
		idem_over(op);
	op->finish(op);
}

flow op_end(struct op *op)
{
	ASSERT(!op->finished && !op->waiting);
	op->finished = true;
	loop_defer(op->core->loop, report, op);
	return made;
}

void op_run(struct op *op, op_step *first)
{
	CHECK_MAGIC(op, OP_MAGIC);
	ASSERT(op->finish);
	settle(op, first(op));
}

void op_resume(struct op *op)
{
	CHECK_MAGIC(op, OP_MAGIC);
	ASSERT(op->waiting && !op->finished);
	op->waiting = false;
	settle(op, op->next(op));
}

flow op_wait(struct op *op, op_step *next)
{
	ASSERT(!op->waiting && !op->finished);
	op->waiting = true;
	op->next = next;
	return made;
}

static void again(void *ctx)
{
	struct op *op = ctx;

	CHECK_MAGIC(op, OP_MAGIC);
	loop_enter(op->core->loop, "op.again");
	op_resume(op);
}

static void release(void *alarm)
{
	alarm_release(alarm);
}

flow op_again(struct op *op, int tries, op_step *next)
{
	struct alarm *alarm = arena_make(op->arena, struct alarm);
	usec_t most = AGAIN_FIRST << (tries < AGAIN_DOUBLED ? tries : AGAIN_DOUBLED);
	uint32_t random;

	crypto_random(&random, sizeof(random));
	alarm_init(alarm, op->core->loop, again, op);
	arena_defer(op->arena, release, alarm);
	alarm_in(alarm, random % most);
	return op_wait(op, next);
}

struct db_unit *op_unit(struct op *op, enum lane lane)
{
	op->unit = db_unit_new(op->core->db, op->arena, lane);
	op->tries = 0;
	return op->unit;
}

static void answered(struct db_unit *u, void *ctx);

static void submit_again(void *ctx)
{
	struct op *op = ctx;

	CHECK_MAGIC(op, OP_MAGIC);
	db_submit(op->unit, answered, op);
}

/* 23514 without a name: a row for a week that history has no partition for yet. */
static bool waits_for_partition(struct op *op)
{
	struct core *c = op->core;

	return strcmp(op->unit->sqlstate, "23514") == 0 && !op->unit->constraint[0]
	    && ++op->tries < OP_TRIES_MAX && c->on_no_partition
	    && c->on_no_partition(c->engine, submit_again, op);
}

static void answered(struct db_unit *u, void *ctx)
{
	struct op *op = ctx;

	CHECK_MAGIC(op, OP_MAGIC);
	if (u->outcome == DB_RETRY && ++op->tries < OP_TRIES_MAX) {
		db_submit(u, answered, op);
	} else if (u->outcome == DB_OK || !waits_for_partition(op)) {
		change_settle(op);
		if (idem_is_taken(op))
			op->next = idem_again;
		op_resume(op);
	}
}

flow op_db(struct op *op, op_step *next)
{
	flow f = op_wait(op, next);

	ASSERT(op->unit);
	change_send(op);
	db_submit(op->unit, answered, op);
	return f;
}

flow op_ok(struct op *op, const void *out)
{
	op->err = ERR_NONE;
	op->out = out;
	return op->idem ? idem_ok(op) : op_end(op);
}

flow op_fail(struct op *op, enum err err, const char *fmt, ...)
{
	ASSERT(err != ERR_NONE);
	op->err = err;
	op->out = NULL;
	if (fmt) {
		char text[512];
		va_list ap;

		va_start(ap, fmt);
		(void)vsnprintf(text, sizeof text, fmt, ap);
		va_end(ap);
		op->detail = arena_printf(op->arena, "%s", text);
	}
	return op->idem ? idem_fail(op) : op_end(op);
}

flow op_invalid(struct op *op)
{
	ASSERT(op->faults.total > 0);
	return op_fail(op, ERR_INVALID, NULL);
}

flow op_db_fail(struct op *op, enum err conflict)
{
	switch (op->unit->outcome) {
	case DB_OK:
		BUG("op_db_fail on a unit that is fine");
	case DB_CONFLICT:
		return op_fail(op, conflict ? conflict : ERR_INTERNAL, NULL);
	case DB_LOST:
		return op_fail(op, op->unit->reads_only ? ERR_NO_DATABASE : ERR_UNKNOWN_OUTCOME,
			       NULL);
	case DB_BUSY:
		return op_fail(op,
			       db_lane_ready(op->core->db, op->unit->lane) ? ERR_BUSY
									   : ERR_NO_DATABASE,
			       NULL);
	case DB_RETRY:
		return op_fail(op, ERR_BUSY, NULL);
	case DB_ERROR:
		break;
	}
	/* 57014: the statement's time was up, 53xxx: no memory, disk or connections. The rest is
	 * our own mistake. */
	bool short_of = op->unit->sqlstate[0] == '5';

	log_event(LOG_ERROR, "db.error", LOG_STR("sqlstate", op->unit->sqlstate),
		  LOG_STR("message", op->unit->message));
	return op_fail(op, short_of ? ERR_BUSY : ERR_INTERNAL, NULL);
}
