/* Cancelling and retrying by hand: the run is read, what becomes of it is worked out, with the entry and the
 * answer, and written if it still is as it was read; else once more from the start. */
#include "base/check.h"
#include "base/clock.h"
#include "core/change.h"
#include "core/core_int.h"
#include "core/run_int.h"
#include "core/snapshot.h"
#include "core/work.h"
#include "io/loop.h"
#include "store/engine.h"
#include "store/job.h"

#define HOLDER_LOOK (10 * MSEC)
#define HOLDER_PATIENCE (2 * SEC)

struct control {
	enum kind kind;
	op_step *decide;
	int tries;
	struct run was, is;
	struct job_run *row; /* of a job's run: what else it is shown with */
	struct run_hold hold;
	bool is_live;
	struct attempt *attempts;
	size_t attempts_n;
	const void *view;
	/* Until the holder has let go. */
	struct alarm alarm;
	struct uuid owner, claim;
	usec_t until; /* clock_boot() */
};
static op_step read_run, was_read;

static flow start(struct op *op, op_step *decide)
{
	struct control *c = arena_make(op->arena, struct control);

	c->kind = *(const enum kind *)op->in;
	c->decide = decide;
	op->state = c;
	return read_run(op);
}

static flow read_run(struct op *op)
{
	struct control *c = op->state;
	struct run_ref ref = run_ref_of(op, c->kind);
	struct db_unit *u = op_unit(op, LANE_READ);

	store_run_hold(u, &ref);
	store_attempt_list(u, &ref);
	if (c->kind == KIND_JOB) {
		store_job_run_get(u, &ref, WORK_OUTPUT_SHOWN + 1);
	} else {
		store_run_get(u, &ref);
		store_run_get_ended(u, &ref);
	}
	return op_db(op, was_read);
}

static flow once_more(struct op *op)
{
	struct control *c = op->state;

	if (++c->tries < OP_AGAIN_MAX)
		return op_again(op, c->tries, read_run);
	return op_fail(op, ERR_CHANGED, NULL);
}

/* False: there is none. */
static bool take_run(struct op *op, struct control *c)
{
	if (c->kind != KIND_JOB)
		return store_run_got(op->unit, 2, &c->was)
		    || store_run_got_ended(op->unit, 3, &c->was);
	c->row = arena_make(op->arena, struct job_run);
	if (!store_job_run_got(op->unit, 2, c->row))
		return false;
	c->was = c->row->r;
	return true;
}

/* It may have moved on between the statements that read it. */
static bool is_one_picture(const struct control *c)
{
	bool is_live = c->was.state < RUN_COMPLETED || c->was.state == RUN_AWAITED;

	if (!c->is_live || !is_live)
		return c->is_live == is_live;
	return c->hold.state == (int16_t)c->was.state && c->hold.attempt == c->was.attempt
	    && c->hold.ready == c->was.ready_at;
}

static flow was_read(struct op *op)
{
	struct control *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	c->is_live = store_run_held(op->unit, 0, &c->hold);
	c->attempts_n = store_attempts(op->unit, 1, op->arena, &c->attempts);
	if (!take_run(op, c))
		return c->is_live ? once_more(op) : op_fail(op, ERR_NOT_FOUND, NULL);
	if (!is_one_picture(c))
		return once_more(op);
	c->is = c->was;
	return c->decide(op);
}

/* How c->is will be shown. NULL: what is stored cannot be read. */
static const void *view_of(struct op *op, struct control *c)
{
	if (c->kind != KIND_JOB)
		return run_view_of(op, &c->is);
	c->row->r = c->is;
	return job_run_view_of(op, c->row, c->attempts, c->attempts_n);
}

static flow unreadable(struct op *op)
{
	return op_fail(op, ERR_INTERNAL, "The stored options of this run cannot be read.");
}

static flow answer_view(struct op *op)
{
	struct control *c = op->state;

	c->view = view_of(op, c);
	return c->view ? op_ok(op, c->view) : unreadable(op);
}

static flow submit(struct op *op, const char *what, op_step *next)
{
	struct control *c = op->state;

	c->view = view_of(op, c);
	if (!c->view)
		return unreadable(op);
	op_changes(op,
		   &(struct change){ .object = OBJECT_RUN,
				     .id = op->ids[0],
				     .what = what,
				     .before = snapshot_run(c->kind, &c->was, op->arena),
				     .after = snapshot_run(c->kind, &c->is, op->arena) },
		   1, c->view);
	return op_db(op, next);
}

/* --- cancel: out of the live table at once, whoever holds it; the holder is told --- */

static op_step cancel, cancelled;

flow run_cancel(struct op *op)
{
	return start(op, cancel);
}

/* As run_cancel writes it: an attempt that has not begun is none, one that has is ended as cancelled. */
static void foresee_cancelled(struct op *op, struct control *c)
{
	const struct run_hold *h = &c->hold;
	bool has_begun = h->state == RUN_AWAITED
		      || (h->state == RUN_EXECUTING && h->ready <= op->now);
	struct attempt *list = arena_array(op->arena, struct attempt, c->attempts_n + 1);

	c->is.state = RUN_CANCELLED;
	c->is.reason = SLICE_LIT("cancelled");
	c->is.attempt = h->attempt - (h->state == RUN_EXECUTING && !has_begun);
	c->is.ready_at = USEC_NEVER;
	c->is.started_at = h->began;
	c->is.finished_at = op->now;
	if (!has_begun)
		return;
	for (size_t i = 0; i < c->attempts_n; i++)
		list[i] = c->attempts[i];
	list[c->attempts_n++] = (struct attempt){ .number = h->attempt,
						  .token = h->token,
						  .started_at = h->began,
						  .finished_at = op->now,
						  .outcome = OUTCOME_CANCELLED,
						  .error = SLICE_LIT("cancelled") };
	c->attempts = list;
}

static flow cancel(struct op *op)
{
	struct control *c = op->state;
	struct run_ref ref = run_ref_of(op, c->kind);

	if (!c->is_live && c->was.state == RUN_CANCELLED)
		return answer_view(op);
	if (!c->is_live)
		return op_fail(op, ERR_NOT_CANCELLABLE,
			       c->kind == KIND_JOB ? "The run has already ended." : NULL);
	foresee_cancelled(op, c);
	store_run_cancel(op_unit(op, LANE_WRITE), &ref, &c->hold, op->now);
	return submit(op, "cancelled", cancelled);
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
static op_step ask_holder, holder_answered;

static void look_again(void *ctx)
{
	op_resume(ctx);
}

static flow let_go(struct op *op)
{
	struct control *c = op->state;

	alarm_release(&c->alarm);
	return op_ok(op, c->view);
}

static flow ask_holder(struct op *op)
{
	const struct control *c = op->state;

	store_notice_pending(op_unit(op, LANE_READ), c->owner, op->ids[0], c->claim);
	return op_db(op, holder_answered);
}

static flow holder_answered(struct op *op)
{
	struct control *c = op->state;

	if (op->unit->outcome == DB_OK && !store_notice_is_pending(op->unit, 0))
		return let_go(op);
	if (clock_boot() >= c->until)
		return let_go(op);
	alarm_in(&c->alarm, HOLDER_LOOK);
	return op_wait(op, ask_holder);
}

static flow wait_for_holder(struct op *op)
{
	struct control *c = op->state;

	alarm_init(&c->alarm, op->core->loop, look_again, op);
	c->until = clock_boot() + HOLDER_PATIENCE;
	tell(op, c->owner);
	return ask_holder(op);
}

static flow cancelled(struct op *op)
{
	struct control *c = op->state;
	struct core *core = op->core;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_run_cancelled(op->unit, 0, &c->owner, &c->claim))
		return once_more(op);
	if (c->kind != KIND_SCHEDULE && core->on_after)
		core->on_after(core->engine);
	/* If it was awaited, the one behind it may begin. */
	if (c->kind == KIND_JOB)
		run_poke(op, op->now);
	if (id_is_nil(c->owner)
	    || (core->on_cancel && core->on_cancel(core->engine, c->owner, op->ids[0], c->claim)))
		return op_ok(op, c->view);
	return wait_for_holder(op);
}

/* --- retry: a waiting retry now, or an ended run once more --- */

static op_step retry, retried;

flow run_retry(struct op *op)
{
	return start(op, retry);
}

static void foresee_back(struct op *op, struct control *c)
{
	c->is.state = RUN_PENDING;
	c->is.trigger = TRIGGER_MANUAL;
	c->is.reason = (struct slice){ NULL, 0 };
	c->is.excused = c->is.attempt;
	c->is.ready_at = op->now;
	c->is.expires_at = c->is.started_at = c->is.finished_at = USEC_NEVER;
}

static flow retry(struct op *op)
{
	struct control *c = op->state;
	struct run_ref ref = run_ref_of(op, c->kind);
	bool waits = c->was.state == RUN_PENDING && c->was.attempt > c->was.excused;

	if (c->is_live ? !waits : c->was.state == RUN_SKIPPED)
		return op_fail(op, ERR_NOT_RETRYABLE, NULL);
	if (c->is_live) {
		c->is.ready_at = op->now;
		store_run_retry_live(op_unit(op, LANE_WRITE), &ref, &c->hold, op->now);
	} else {
		foresee_back(op, c);
		store_run_retry_ended(op_unit(op, LANE_WRITE), &ref, c->was.finished_at, op->now);
	}
	return submit(op, "retried", retried);
}

static flow retried(struct op *op)
{
	const struct control *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_run_retried(op->unit, 0))
		return once_more(op);
	run_poke(op, op->now);
	return op_ok(op, c->view);
}
