/* Cancelling and retrying by hand. */
#include "base/check.h"
#include "base/clock.h"
#include "core/core_int.h"
#include "core/run_int.h"
#include "io/loop.h"
#include "store/engine.h"

#define HOLDER_LOOK (10 * MSEC)
#define HOLDER_PATIENCE (2 * SEC)

/* Cancel: out of the live table at once, whoever holds it; the holder is told. */
static op_step cancelled, not_live;

flow run_cancel(struct op *op)
{
	struct run_ref ref = run_ref_of(op, *(const enum kind *)op->in);

	store_run_cancel(op_unit(op, LANE_WRITE), &ref, op->now);
	return op_db(op, cancelled);
}

static void hint_done(struct db_unit *u, void *ctx)
{
	(void)u;
	arena_free(ctx);
}

/* To the process that holds it, when that is not this one. It also looks by itself, every
 * second. */
static void tell(struct op *op, struct uuid owner)
{
	struct arena *a = arena_new();
	struct db_unit *u = db_unit_new(op->core->db, a, LANE_WRITE);
	char text[ID_TEXT_MAX];
	size_t n = id_print("node", owner, text);

	store_notify(u, (struct slice){ text, n });
	db_submit(u, hint_done, a);
}

/* The answer waits until the holder has let go, so that "cancelled" means that nothing starts any more. A holder that
 * died never does; it starts nothing either. */
struct letting_go {
	struct alarm alarm;
	struct uuid owner, claim;
	usec_t until; /* clock_boot() */
};
static op_step ask_holder, holder_answered;

static void look_again(void *ctx)
{
	op_resume(ctx);
}

static flow let_go(struct op *op)
{
	struct letting_go *l = op->state;

	alarm_release(&l->alarm);
	op->state = NULL;
	return run_get_kind(op, *(const enum kind *)op->in);
}

static flow ask_holder(struct op *op)
{
	const struct letting_go *l = op->state;

	store_notice_pending(op_unit(op, LANE_READ), l->owner, op->ids[0], l->claim);
	return op_db(op, holder_answered);
}

static flow holder_answered(struct op *op)
{
	struct letting_go *l = op->state;

	if (op->unit->outcome == DB_OK && !store_notice_is_pending(op->unit, 0))
		return let_go(op);
	if (clock_boot() >= l->until)
		return let_go(op);
	alarm_in(&l->alarm, HOLDER_LOOK);
	return op_wait(op, ask_holder);
}

static flow wait_for_holder(struct op *op, struct uuid owner, struct uuid claim)
{
	struct letting_go *l = arena_make(op->arena, struct letting_go);

	alarm_init(&l->alarm, op->core->loop, look_again, op);
	l->owner = owner;
	l->claim = claim;
	l->until = clock_boot() + HOLDER_PATIENCE;
	op->state = l;
	tell(op, owner);
	return ask_holder(op);
}

static flow cancelled(struct op *op)
{
	struct run_ref ref = run_ref_of(op, *(const enum kind *)op->in);
	struct uuid owner, claim;
	struct db_unit *u;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (store_run_cancelled(op->unit, 0, &owner, &claim)) {
		struct core *c = op->core;

		if (ref.kind == KIND_JOB && c->on_after)
			c->on_after(c->engine);
		/* If it was awaited, the one behind it may begin. */
		if (ref.kind == KIND_JOB && c->on_run)
			c->on_run(c->engine, op->now);
		if (id_is_nil(owner)
		    || (c->on_cancel && c->on_cancel(c->engine, owner, ref.id, claim)))
			return run_get_kind(op, (enum kind)ref.kind);
		return wait_for_holder(op, owner, claim);
	}
	u = op_unit(op, LANE_READ);
	store_run_get_ended(u, &ref);
	return op_db(op, not_live);
}

static flow not_live(struct op *op)
{
	bool is_job = *(const enum kind *)op->in == KIND_JOB;
	struct run r;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_run_got_ended(op->unit, 0, &r))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (r.state != RUN_CANCELLED)
		return op_fail(op, ERR_NOT_CANCELLABLE,
			       is_job ? "The run has already ended." : NULL);
	return is_job ? run_get_kind(op, KIND_JOB) : run_answer(op, &r);
}

/* Retry: a waiting retry now, or an ended run once more. */
static op_step retried, not_retried;

flow run_retry(struct op *op)
{
	struct run_ref ref = run_ref_of(op, *(const enum kind *)op->in);

	store_run_retry(op_unit(op, LANE_WRITE), &ref, op->now);
	return op_db(op, retried);
}

static flow retried(struct op *op)
{
	struct run_ref ref = run_ref_of(op, *(const enum kind *)op->in);
	struct db_unit *u;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (store_run_retried(op->unit, 0)) {
		run_poke(op, op->now);
		return run_get_kind(op, (enum kind)ref.kind);
	}
	u = op_unit(op, LANE_READ);
	store_run_get(u, &ref);
	store_run_get_ended(u, &ref);
	return op_db(op, not_retried);
}

static flow not_retried(struct op *op)
{
	struct run r;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_run_got(op->unit, 0, &r) && !store_run_got_ended(op->unit, 1, &r))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	return op_fail(op, ERR_NOT_RETRYABLE, NULL);
}
