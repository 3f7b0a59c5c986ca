/* This process among others. No leader: each has a row in `node` with a lease and the identity
 * of its engine connection. Every second each looks for rows whose connection PostgreSQL saw
 * closing (kill -9, crash) or whose lease ended (frozen, cut off), deletes them and frees their
 * runs in one statement.
 *
 * Whoever loses its connection starts nothing until it has found out what it still holds: after
 * reconnecting it renews its row. If the row is there, nobody took anything over, however long
 * it took; then `run` is asked which runs are ours and memory is made to agree. If it is gone,
 * everything in memory is somebody else's: it is dropped, and this process goes on under a new
 * identity. */
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "engine/engine_int.h"
#include "store/engine.h"

#define JOIN_AGAIN (200 * MSEC)

struct node_unit {
	struct engine *engine;
	struct arena *arena;
	usec_t sent, wall_sent;
	bool renews;
};

static void beat(void *ctx);
static void join(struct engine *e);
static void owned(struct db_unit *u, void *ctx);

void node_init(struct engine *e)
{
	e->node = id_new(clock_real());
	alarm_init(&e->beat, e->loop, beat, e);
}

void node_release(struct engine *e)
{
	alarm_release(&e->beat);
}

bool node_may_start(const struct engine *e)
{
	return e->confirmed && !e->draining && clock_boot() < e->lease_end;
}

static struct node_unit *unit_new(struct engine *e)
{
	struct arena *arena = arena_new();
	struct node_unit *n = arena_make(arena, struct node_unit);

	*n = (struct node_unit){
		.engine = e, .arena = arena, .sent = clock_boot(), .wall_sent = clock_real()
	};
	return n;
}

static bool is_direct(struct engine *e)
{
	return db_backend_pid(e->db, LANE_ENGINE) != 0;
}

/* Learns from a renewal how wrong our wall clock is. The lease is in force unless it was counted
 * by a clock that turns out to be far off: then others may see it ended, or for ever. */
static bool lease_got(struct engine *e, const struct node_unit *n, usec_t db_clock)
{
	usec_t skew = clock_learn_skew(db_clock, n->wall_sent, clock_real());
	bool counts = llabs(skew - e->skew) < LEASE_MARGIN;

	e->skew = skew;
	if (counts)
		e->lease_end = n->sent + LEASE_TTL - LEASE_MARGIN;
	return counts;
}

/* Renews, and asks what is ours; until the answer nothing starts. */
static void confirm(struct engine *e)
{
	struct node_unit *n = unit_new(e);
	struct db_unit *u = db_unit_new(e->db, n->arena, LANE_ENGINE);

	e->confirmed = false;
	e->beating = true;
	store_node_renew(u, e->node, n->wall_sent + LEASE_TTL, is_direct(e));
	store_owned(u, e->node);
	db_submit(u, owned, n);
}

/* Everything in memory belongs to somebody else now, but for what a claim of ours took after our
 * row was gone, which nobody would ever take over. So what has not begun is handed back; by its
 * guard that changes nothing when it is not ours. */
static void start_anew(struct engine *e)
{
	struct held *h, *next;

	log_event(LOG_WARN, "node.lost", LOG_ID("node", "node", e->node),
		  LOG_INT("held", (int64_t)e->held_n));
	e->registered = e->confirmed = false;
	HASH_ITER(hh, e->held, h, next) {
		if (h->state != HELD_FLYING && h->state != HELD_DONE)
			result_give_back_key(e, &h->c.key, h->c.ready_at);
		held_drop(h);
	}
	e->node = id_new(clock_real());
	join(e);
}

/* Memory and table agree again: what only memory has was written or taken before the connection
 * broke; what only the table has came with a claim whose answer was lost, so we do not know when
 * it is ready, but that no claim looks further ahead than CLAIM_AHEAD: never early. A flying one
 * that is not ours any more is left to the guard of its result: it is under way already. */
static void reconcile(struct engine *e, const struct db_unit *u, int stmt)
{
	struct held *h, *next;
	int n = store_owned_count(u, stmt);

	for (int i = 0; i < n; i++) {
		struct run_key key;

		store_owned_got(u, stmt, i, &key);
		h = held_find(e, key.id);
		if (h && id_compare(h->c.key.claim, key.claim) == 0)
			h->is_in_table = true;
		else
			result_give_back_key(e, &key, clock_now() + CLAIM_AHEAD);
	}
	HASH_ITER(hh, e->held, h, next) {
		if ((h->state == HELD_WAITING || h->state == HELD_LINED) && !h->is_in_table)
			held_drop(h);
		else
			h->is_in_table = false;
	}
}

static void owned(struct db_unit *u, void *ctx)
{
	struct node_unit *n = ctx;
	struct engine *e = n->engine;
	struct arena *arena = n->arena;
	usec_t db_clock = 0;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "node.owned");
	e->beating = false;
	if (u->outcome == DB_OK && !store_node_renewed(u, 0, &db_clock)) {
		start_anew(e);
	} else if (u->outcome == DB_OK && !lease_got(e, n, db_clock)) {
		confirm(e);
	} else if (u->outcome == DB_OK) {
		reconcile(e, u, 1);
		e->confirmed = true;
		log_event(LOG_INFO, "node.joined", LOG_ID("node", "node", e->node),
			  LOG_INT("held", (int64_t)e->held_n));
		fire_soon(e);
		result_flush(e);
		claim_ready(e, clock_now());
		tick_wake(e, clock_now());
		alarm_in(&e->reap, 0);
		alarm_in(&e->await, 0);
	} else {
		alarm_in(&e->beat, JOIN_AGAIN);
	}
	arena_free(arena);
}

static void joined(struct db_unit *u, void *ctx)
{
	struct node_unit *n = ctx;
	struct engine *e = n->engine;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	e->beating = false;
	if (u->outcome == DB_OK && !FAULT_ERROR("join_answer")) {
		e->registered = true;
		confirm(e);
	} else {
		/* The row may be there all the same, and would be in the way of the next try. */
		e->node = id_new(clock_real());
		alarm_in(&e->beat, JOIN_AGAIN);
	}
	arena_free(n->arena);
}

/* Registers, or after a lost connection finds out whether we still are. */
static void join(struct engine *e)
{
	struct node_unit *n;
	struct db_unit *u;

	if (e->beating || !db_lane_ready(e->db, LANE_ENGINE))
		return;
	if (e->registered) {
		confirm(e);
		return;
	}
	n = unit_new(e);
	u = db_unit_new(e->db, n->arena, LANE_ENGINE);
	store_node_insert(u, e->node, n->wall_sent + LEASE_TTL, n->wall_sent, is_direct(e));
	e->beating = true;
	db_submit(u, joined, n);
}

void node_lane_changed(struct engine *e, bool up)
{
	e->confirmed = false;
	if (up)
		join(e);
}

static void take_notices(struct engine *e, const struct db_unit *u, int stmt)
{
	int n = store_notices_count(u, stmt);

	for (int i = 0; i < n; i++) {
		struct uuid run, claim;
		struct held *h;

		store_notice(u, stmt, i, &run, &claim);
		h = held_find(e, run);
		if (h && id_compare(h->c.key.claim, claim) == 0)
			held_drop(h);
	}
}

static void beaten(struct db_unit *u, void *ctx)
{
	struct node_unit *n = ctx;
	struct engine *e = n->engine;
	struct arena *arena = n->arena;
	bool lost = false, counts = true;
	int freed, stmt = 0;
	usec_t db_clock;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "node.beaten");
	e->beating = false;
	if (u->outcome == DB_OK) {
		if (n->renews) {
			lost = !store_node_renewed(u, stmt++, &db_clock);
			if (!lost)
				counts = lease_got(e, n, db_clock);
		}
		freed = store_taken_over(u, stmt++);
		if (freed) {
			log_event(LOG_WARN, "runs.taken_over", LOG_INT("runs", freed));
			metric_add(METRIC_RUNS_TAKEN_OVER, freed);
			claim_ready(e, clock_now());
		}
		take_notices(e, u, stmt);
	}
	if (lost)
		start_anew(e);
	else if (!counts)
		confirm(e);
	arena_free(arena);
}

/* Deliveries that may not go on: the lease is over, somebody else may be starting them. */
static void ground(struct engine *e)
{
	struct held *h, *next;

	HASH_ITER(hh, e->held, h, next)
		if (h->state == HELD_FLYING && h->fetch)
			fetch_abort(h->fetch);
}

static void beat(void *ctx)
{
	struct engine *e = ctx;
	struct node_unit *n;
	struct db_unit *u;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	alarm_in(&e->beat, BEAT_EVERY);
	if (e->registered && clock_boot() >= e->lease_end)
		ground(e);
	if (!e->confirmed) {
		join(e);
		return;
	}
	if (e->beating)
		return;
	n = unit_new(e);
	n->renews = ++e->beats % RENEW_BEATS == 0;
	u = db_unit_new(e->db, n->arena, LANE_ENGINE);
	if (n->renews)
		store_node_renew(u, e->node, n->wall_sent + LEASE_TTL, is_direct(e));
	store_take_over(u, e->node, n->wall_sent, clock_now());
	store_notices(u, e->node);
	e->beating = true;
	db_submit(u, beaten, n);
}

void node_look(struct engine *e)
{
	if (e->confirmed)
		alarm_in(&e->beat, 0);
}

static void left(struct db_unit *u, void *ctx)
{
	struct node_unit *n = ctx;
	struct engine *e = n->engine;

	(void)u;
	arena_free(n->arena);
	e->registered = false;
	e->drained(e->drained_ctx);
}

void node_leave(struct engine *e)
{
	struct node_unit *n = unit_new(e);
	struct db_unit *u = db_unit_new(e->db, n->arena, LANE_ENGINE);

	alarm_stop(&e->beat);
	e->confirmed = false;
	store_node_delete(u, e->node);
	db_submit(u, left, n);
}
