/* Claims, ahead of time: what falls due within CLAIM_AHEAD comes into memory, so that firing
 * it is a matter of the heap and not of a query. One claim is under way at a time; a full one
 * is followed at once by the next, else the next comes after CLAIM_EVERY, or as soon as this
 * process hears of a run that is ready earlier.
 *
 * The oldest come first, whosever they are, until a claim is full or a tenant has all of the
 * memory that it may have: then there is a backlog, and while there is one, claims are for
 * tenants by turns (turns.c), and those whose part of the memory is full are left out. Other
 * tenants' runs are found within a round of looks, well before their time. */
#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "engine/engine_int.h"
#include "store/engine.h"

#define ROOM_LEAST 32 /* of memory for anything, while there is a backlog */
#define ROOM_PART 64

struct claiming {
	struct engine *engine;
	struct arena *arena;
	struct claim_request request;
	struct turns_plan plan;
	bool asks, looks; /* which statements were sent */
	usec_t sent;      /* clock_boot() */
};

static void claim(void *ctx);

void claim_init(struct engine *e)
{
	alarm_init(&e->claim, e->loop, claim, e);
}

void claim_release(struct engine *e)
{
	alarm_release(&e->claim);
	turns_forget(&e->turns);
}

static bool has_room(const struct engine *e)
{
	size_t least = turns_any(&e->turns) ? ROOM_LEAST : CLAIM_BATCH;

	return e->held_n + least <= HELD_MAX && e->held_bytes < HELD_BYTES_MAX;
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

void claim_hint(struct engine *e, struct uuid tenant, usec_t ready)
{
	if (turns_any(&e->turns) && ready <= clock_now() + CLAIM_AHEAD)
		turns_add(&e->turns, tenant, 0, share_find(e, tenant));
}

void claim_room(struct engine *e)
{
	if (e->claim_again && !e->claiming)
		claim_soon(e);
}

/* --- by turns --- */

/* How many runs the next question may be for. A tenant that has much is asked for again when a
 * good part of it is free. */
static int room_of(void *ctx, struct uuid tenant)
{
	struct engine *e = ctx;
	const struct share *s = share_find(e, tenant);
	size_t room = share_room(e, s);

	if (s && room * ROOM_PART < s->held_n) {
		e->claim_again = true; /* claim_room() */
		return 0;
	}
	return (int)(room < CLAIM_BATCH ? room : CLAIM_BATCH);
}

/* True when there is something to ask. */
static bool plan_turns(struct claiming *c)
{
	struct engine *e = c->engine;
	struct claim_request *r = &c->request;
	size_t left = HELD_MAX - e->held_n, most = (size_t)r->most;

	r->most = (int32_t)(left < most ? left : most);
	turns_plan(&e->turns, r->most, room_of, e, &c->plan);
	r->turns = turns_quotas(&c->plan, c->arena);
	r->turns_n = (size_t)c->plan.n;
	c->asks = c->plan.n > 0;
	c->looks = turns_looks(&e->turns);
	return c->asks || c->looks;
}

static void take_look(const struct claiming *c, const struct db_unit *u)
{
	struct engine *e = c->engine;
	int stmt = c->asks, n = store_run_tenants_count(u, stmt), i = 0;
	struct uuid tenant;
	usec_t ready;

	for (; i < n; i++) {
		store_run_tenants_got(u, stmt, i, &tenant, &ready);
		if (ready > c->request.until)
			turns_passed(&e->turns, tenant);
		else if (!turns_looked(&e->turns, tenant, 0, share_find(e, tenant)))
			break;
	}
	turns_look_done(&e->turns, i < n ? TURNS_LOOK : n);
}

/* --- rows --- */

/* NULL: it cannot be kept. */
static struct held *take(struct engine *e, const struct claimed *c, struct uuid owner)
{
	struct held *h;

	/* Under an identity that was declared dead meanwhile: nobody would take it over. */
	if (id_compare(owner, e->node) != 0) {
		result_give_back_key(e, &c->key, c->ready_at);
		return NULL;
	}
	/* It can be here already only when a hand-back of ours is known to have been
	 * written and its answer is not: then the older record is void. */
	h = held_find(e, c->key.id);
	if (h)
		held_drop(h);
	if (held_find(e, c->key.id)) {
		result_give_back_key(e, &c->key, c->ready_at);
		return NULL;
	}
	h = held_new(e, c);
	share_wait(h, c->ready_at);
	return h;
}

static void take_in(const struct claiming *c, const struct db_unit *u, int n, bool full)
{
	struct engine *e = c->engine;

	for (int i = 0; i < n; i++) {
		struct claimed row;
		const struct held *h;

		store_claimed(u, i, &c->request, &row);
		h = take(e, &row, c->request.owner);
		if (!c->plan.n && (full || (h && !share_room(e, h->share))))
			turns_add(&e->turns, row.key.tenant, 0, true);
		turns_got(&e->turns, row.key.tenant);
	}
	if (c->plan.n)
		turns_done(&e->turns, &c->plan, full);
	else
		turns_begin(&e->turns);
	fire_soon(e);
}

static void next_claim(struct engine *e, bool soon)
{
	if (soon || e->claim_again)
		claim_soon(e);
	else
		alarm_in(&e->claim, turns_any(&e->turns) ? TURNS_EVERY : CLAIM_EVERY);
}

static void claimed(struct db_unit *u, void *ctx)
{
	struct claiming *c = ctx;
	struct engine *e = c->engine;
	struct arena *arena = c->arena;
	bool soon = false;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "claim.claimed");
	e->claiming = false;
	if (FAULT_ERROR("claim_answer"))
		u->outcome = DB_LOST;
	if (u->outcome == DB_OK) {
		int n = c->asks ? store_claimed_count(u) : 0;
		bool full = c->asks && n == c->request.most;

		metric_time(METRIC_CLAIM_TIME, clock_boot() - c->sent);
		if (c->asks)
			take_in(c, u, n, full);
		if (c->looks)
			take_look(c, u);
		soon = full || (c->looks && turns_any(&e->turns));
	} else if (u->outcome == DB_ERROR) {
		log_event(LOG_ERROR, "claim.failed", LOG_STR("sqlstate", u->sqlstate),
			  LOG_STR("message", u->message));
	}
	if (u->outcome == DB_OK)
		next_claim(e, soon);
	else
		alarm_in(&e->claim, CLAIM_EVERY);
	arena_free(arena);
}

static void submit(struct claiming *c)
{
	struct engine *e = c->engine;
	struct db_unit *u = db_unit_new(e->db, c->arena, LANE_ENGINE);

	if (c->asks)
		store_claim(u, &c->request);
	if (c->looks)
		store_run_tenants(u, e->turns.after, TURNS_LOOK);
	e->claiming = true;
	db_submit(u, claimed, c);
}

static void claim(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct claiming *c;

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
		.request = { .until = clock_now() + CLAIM_AHEAD,
			     .owner = e->node,
			     .claim = id_new(clock_real()),
			     .most = (int32_t)share_batch(e, CLAIM_BATCH),
			     .payload_max = HELD_PAYLOAD_MAX },
		.asks = true,
		.sent = clock_boot(),
	};
	e->claim_again = false;
	if (turns_any(&e->turns) && !plan_turns(c)) {
		alarm_in(&e->claim, TURNS_EVERY);
		arena_free(arena);
		return;
	}
	submit(c);
}
