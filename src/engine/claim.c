/* Claims, ahead of time: what falls due within CLAIM_AHEAD comes into memory, so that firing it
 * is a matter of the heap and not of a query. One claim is under way at a time; a full one is
 * followed at once by the next, else the next comes after CLAIM_EVERY, or as soon as this
 * process hears of a run that is ready earlier. */
#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "engine/engine_int.h"
#include "store/engine.h"

struct claiming {
	struct engine *engine;
	struct arena *arena;
	struct claim_request request;
	usec_t sent; /* clock_boot() */
};

static void claim(void *ctx);

void claim_init(struct engine *e)
{
	alarm_init(&e->claim, e->loop, claim, e);
}

void claim_release(struct engine *e)
{
	alarm_release(&e->claim);
}

static bool has_room(const struct engine *e)
{
	return e->held_n + CLAIM_BATCH <= HELD_MAX && e->held_bytes < HELD_BYTES_MAX;
}

static void claim_soon(struct engine *e)
{
	if (e->claiming)
		e->claim_again = true;
	else
		alarm_in(&e->claim, 0);
}

void claim_ready(struct engine *e, usec_t ready)
{
	if (ready <= clock_now() + CLAIM_AHEAD)
		claim_soon(e);
}

void claim_room(struct engine *e)
{
	if (e->claim_again && !e->claiming)
		claim_soon(e);
}

static void take_in(struct engine *e, const struct db_unit *u, const struct claim_request *request)
{
	int n = store_claimed_count(u);

	for (int i = 0; i < n; i++) {
		struct claimed c;
		struct held *h;

		store_claimed(u, i, request, &c);
		/* Under an identity that was declared dead meanwhile: nobody would take it over. */
		if (id_compare(request->owner, e->node) != 0) {
			result_give_back_key(e, &c.key, c.ready_at);
			continue;
		}
		/* It can be here already only when a hand-back of ours is known to have been
		 * written and its answer is not: then the older record is void. */
		h = held_find(e, c.key.id);
		if (h)
			held_drop(h);
		if (held_find(e, c.key.id)) {
			result_give_back_key(e, &c.key, c.ready_at);
			continue;
		}
		h = held_new(e, &c);
		heap_put(&e->due, &h->due, c.ready_at);
	}
	fire_soon(e);
}

static void claimed(struct db_unit *u, void *ctx)
{
	struct claiming *c = ctx;
	struct engine *e = c->engine;
	struct arena *arena = c->arena;
	bool full = false;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "claim.claimed");
	e->claiming = false;
	if (FAULT_ERROR("claim_answer"))
		u->outcome = DB_LOST;
	if (u->outcome == DB_OK) {
		metric_time(METRIC_CLAIM_TIME, clock_boot() - c->sent);
		full = store_claimed_count(u) == c->request.most;
		take_in(e, u, &c->request);
	} else if (u->outcome == DB_ERROR) {
		log_event(LOG_ERROR, "claim.failed", LOG_STR("sqlstate", u->sqlstate),
			  LOG_STR("message", u->message));
	}
	if (u->outcome == DB_OK && (full || e->claim_again))
		claim_soon(e);
	else
		alarm_in(&e->claim, CLAIM_EVERY);
	arena_free(arena);
}

static void claim(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct claiming *c;
	struct db_unit *u;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (e->claiming || e->draining)
		return;
	if (!has_room(e)) {
		e->claim_again = true; /* claim_room() */
		alarm_in(&e->claim, CLAIM_EVERY);
		return;
	}
	if (!node_may_start(e)) {
		alarm_in(&e->claim, CLAIM_EVERY);
		return;
	}
	arena = arena_new();
	c = arena_make(arena, struct claiming);
	*c = (struct claiming){
		.engine = e,
		.arena = arena,
		.request = { clock_now() + CLAIM_AHEAD, e->node, id_new(clock_real()), CLAIM_BATCH,
			     HELD_PAYLOAD_MAX },
		.sent = clock_boot(),
	};
	e->claiming = true;
	e->claim_again = false;
	u = db_unit_new(e->db, arena, LANE_ENGINE);
	store_claim(u, &c->request);
	db_submit(u, claimed, c);
}
