/* Housekeeping, every few minutes and at need: partitions of history for this week and the next
 * ones, old ones dropped with their share of the totals, what else is old forgotten,
 * the queue's depth measured. Any process may do it, two at once do no harm. */
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/idem.h"
#include "engine/engine_int.h"
#include "store/engine.h"
#include "store/house.h"
#include "store/ledger.h"

#define REAP_EVERY (5 * MIN)
#define DEPTH_EVERY (10 * SEC)
#define REAP_AGAIN SEC
#define START_AGAIN (50 * MSEC) /* nothing is ready before there are partitions */
#define WEEKS_AHEAD 2           /* with last week, as many as one unit can hold */
#define FORGET_BATCH 5000
#define TOTALS_DAYS 400 /* statistics by the hour and day are kept so long */
#define PLANS_YOUNG 30  /* looks, of DEPTH_EVERY */

struct reaping {
	struct engine *engine;
	struct arena *arena;
	struct partition *old; /* to be detached and dropped, one per turn */
	size_t old_n;
	bool has_more; /* of the ledger, to be forgotten */
};

static void reap(void *ctx);

void reap_init(struct engine *e)
{
	alarm_init(&e->reap, e->loop, reap, e);
}

void reap_release(struct engine *e)
{
	alarm_release(&e->reap);
}

/* One that is under way already may have looked too early: then end() starts the next at once. */
void reap_now(struct engine *e)
{
	e->reap_again = e->reaping;
	e->reap_due = 0;
	if (!e->reaping)
		alarm_in(&e->reap, 0);
}

bool reap_wait(void *engine, void (*again)(void *ctx), void *ctx)
{
	struct engine *e = engine;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (e->waiters_n == PARTITION_WAITERS_MAX)
		return false;
	e->waiters[e->waiters_n].again = again;
	e->waiters[e->waiters_n++].ctx = ctx;
	reap_now(e);
	return true;
}

/* They try again whether it went well or not; their own count of tries ends it. */
static void call_waiters(struct engine *e)
{
	int n = e->waiters_n;

	e->waiters_n = 0;
	for (int i = 0; i < n; i++)
		loop_defer(e->loop, e->waiters[i].again, e->waiters[i].ctx);
}

static void end(struct reaping *r, usec_t again)
{
	struct engine *e = r->engine;

	if (e->reap_again)
		again = 0;
	else
		call_waiters(e);
	e->reap_again = false;
	e->reaping = false;
	e->reap_due = clock_boot() + again;
	alarm_in(&e->reap, again < DEPTH_EVERY ? again : DEPTH_EVERY);
	arena_free(r->arena);
}

static bool went_well(struct db_unit *u, struct reaping *r)
{
	if (u->outcome == DB_OK)
		return true;
	if (u->outcome == DB_ERROR || u->outcome == DB_CONFLICT || u->outcome == DB_RETRY)
		log_event(LOG_WARN, "reap.failed", LOG_STR("sqlstate", u->sqlstate),
			  LOG_STR("message", u->message));
	end(r, r->engine->partitioned ? REAP_AGAIN : START_AGAIN);
	return false;
}

/* --- what is old --- */

static void forgot(struct db_unit *u, void *ctx)
{
	struct reaping *r = ctx;

	if (went_well(u, r))
		end(r,
		    store_forgot_all(u, 0, FORGET_BATCH) && !r->has_more ? REAP_EVERY : REAP_AGAIN);
}

static usec_t horizon(const struct engine *e)
{
	return clock_now() - e->core->retention_days * DAY;
}

/* The ledger's are units of their own, on a lane that is read committed (store/ledger.h). What cannot be done of
 * one keeps nobody from the next. False: there is no connection. */
static bool ledger_goes_on(struct db_unit *u, struct reaping *r, const char *what)
{
	if (u->outcome == DB_LOST || u->outcome == DB_BUSY) {
		end(r, REAP_AGAIN);
		return false;
	}
	if (u->outcome == DB_OK)
		return true;
	log_event(LOG_WARN, "reap.not_forgotten", LOG_STR("what", what),
		  LOG_STR("sqlstate", u->sqlstate), LOG_STR("message", u->message));
	r->has_more = true;
	return true;
}

static void audit_forgotten(struct db_unit *u, void *ctx)
{
	struct reaping *r = ctx;
	struct engine *e = r->engine;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (!ledger_goes_on(u, r, "audit"))
		return;
	if (u->outcome == DB_OK)
		r->has_more |= store_audit_forgot(u, 0) > 0;
	u = db_unit_new(e->db, r->arena, LANE_SLOW);
	store_forget(u, horizon(e), clock_now() - TOTALS_DAYS * DAY, FORGET_BATCH);
	db_submit(u, forgot, r);
}

static void answers_forgotten(struct db_unit *u, void *ctx)
{
	struct reaping *r = ctx;
	struct engine *e = r->engine;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (!ledger_goes_on(u, r, "idempotency"))
		return;
	if (u->outcome == DB_OK)
		r->has_more |= store_answers_forgot(u, 0) >= FORGET_BATCH;
	u = db_unit_new(e->db, r->arena, LANE_BULK);
	store_audit_forget(u, clock_now() - e->core->audit_days * DAY);
	db_submit(u, audit_forgotten, r);
}

static void forget(struct reaping *r)
{
	struct db_unit *u = db_unit_new(r->engine->db, r->arena, LANE_BULK);

	store_answers_forget(u, clock_now() - IDEM_KEPT, FORGET_BATCH);
	db_submit(u, answers_forgotten, r);
}

static void drop_next(struct reaping *r);

static void dropped(struct db_unit *u, void *ctx)
{
	struct reaping *r = ctx;

	if (went_well(u, r))
		drop_next(r);
}

static void detached(struct db_unit *u, void *ctx)
{
	struct reaping *r = ctx;

	if (!went_well(u, r))
		return;
	r->old[r->old_n++].attached = false;
	drop_next(r);
}

static void drop_next(struct reaping *r)
{
	struct engine *e = r->engine;
	struct db_unit *u;
	struct partition *p;

	if (r->old_n == 0) {
		forget(r);
		return;
	}
	u = db_unit_new(e->db, r->arena, LANE_SLOW);
	p = &r->old[--r->old_n];
	if (p->attached) {
		store_partition_detach(u, p);
		db_submit(u, detached, r);
		return;
	}
	log_event(LOG_INFO, "history.dropped", LOG_SLICE("partition", p->name));
	store_partition_drop(u, p);
	db_submit(u, dropped, r);
}

static void created(struct db_unit *u, void *ctx)
{
	struct reaping *r = ctx;

	if (!went_well(u, r))
		return;
	r->engine->partitioned = true;
	if (!r->engine->reap_again)
		call_waiters(r->engine);
	result_flush(r->engine);
	drop_next(r);
}

static bool is_there(const struct partition *list, size_t n, usec_t from)
{
	int found = 0;

	for (size_t i = 0; i < n; i++)
		found += list[i].attached && list[i].from == from;
	return found == PARTITION_PARENTS;
}

/* Keeps, of the list, those that lie wholly behind the horizon. */
static void choose_old(struct reaping *r, struct partition *list, size_t n)
{
	usec_t before = horizon(r->engine);

	r->old = list;
	for (size_t i = 0; i < n; i++)
		if (list[i].from + PARTITION_SPAN <= before)
			r->old[r->old_n++] = list[i];
}

static void listed(struct db_unit *u, void *ctx)
{
	struct reaping *r = ctx;
	struct engine *e = r->engine;
	struct partition *list;
	usec_t week = store_partition_start(clock_now());
	size_t n;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (!went_well(u, r))
		return;
	metric_set(METRIC_QUEUE_DEPTH, store_queue_depth_got(u, 1));
	n = store_partitions(u, 0, &list);
	u = db_unit_new(e->db, r->arena, LANE_SLOW);
	/* One week back too: results of a clock that was set back still find their place. */
	for (int i = -1; i <= WEEKS_AHEAD; i++)
		if (!is_there(list, n, week + i * PARTITION_SPAN))
			store_partitions_create(u, week + i * PARTITION_SPAN);
	choose_old(r, list, n);
	if (u->count) {
		db_submit(u, created, r);
	} else {
		e->partitioned = true;
		drop_next(r);
	}
}

static void discarded(struct db_unit *u, void *ctx)
{
	(void)u;
	arena_free(ctx);
}

/* Plans made while the tables were small are not noticed to be bad before an analyze: every look in the first minutes,
 * then with each reap. */
static void discard_plans(struct engine *e)
{
	if (e->looks++ > PLANS_YOUNG && clock_boot() < e->reap_due)
		return;
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		struct arena *arena = arena_new();
		struct db_unit *u = db_unit_new(e->db, arena, (enum lane)lane);

		store_discard_plans(u);
		db_submit(u, discarded, arena);
	}
}

static void note_orphans(struct engine *e, int n)
{
	if (!n)
		return;
	log_event(LOG_WARN, "runs.orphaned", LOG_INT("runs", n));
	metric_add(METRIC_RUNS_TAKEN_OVER, n);
	claim_ready(e, clock_now());
}

static void measured(struct db_unit *u, void *ctx)
{
	struct reaping *r = ctx;
	usec_t left = r->engine->reap_due - clock_boot();

	if (u->outcome == DB_OK) {
		metric_set(METRIC_QUEUE_DEPTH, store_queue_depth_got(u, 0));
		note_orphans(r->engine, store_taken_over(u, 1));
	}
	end(r, left > 0 ? left : 0);
}

static void reap(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct reaping *r;
	struct db_unit *u;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (e->reaping)
		return;
	arena = arena_new();
	r = arena_make(arena, struct reaping);
	*r = (struct reaping){ .engine = e, .arena = arena };
	e->reaping = true;
	discard_plans(e);
	u = db_unit_new(e->db, arena, LANE_SLOW);
	if (clock_boot() < e->reap_due) {
		store_queue_depth(u, clock_now());
		store_orphans(u, clock_now());
		db_submit(u, measured, r);
		return;
	}
	store_partition_list(u);
	store_queue_depth(u, clock_now());
	db_submit(u, listed, r);
}
