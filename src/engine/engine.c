#include "engine/engine.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/run.h"
#include "core/stats_ask.h"
#include "engine/engine_int.h"

#define DRAIN_LOOK (20 * MSEC)

static void drain_look(void *ctx);

struct engine *engine_new(struct core *core, struct fetcher *fetcher)
{
	struct engine *e = mem_new(sizeof *e);

	*e = (struct engine){ .magic = ENGINE_MAGIC,
			      .core = core,
			      .loop = core->loop,
			      .db = core->db,
			      .fetcher = fetcher };
	node_init(e);
	tick_init(e);
	claim_init(e);
	fire_init(e);
	result_init(e);
	reap_init(e);
	recompute_init(e);
	chain_init(e);
	after_init(e);
	post_init(e);
	agent_init(e);
	await_init(e);
	alarm_init(&e->drain_check, e->loop, drain_look, e);
	return e;
}

static void on_lane(void *ctx, enum lane lane, bool up)
{
	struct engine *e = ctx;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (lane == LANE_ENGINE && !e->draining)
		node_lane_changed(e, up);
}

static void on_notify(void *ctx, const char *payload)
{
	struct engine *e = ctx;
	char me[ID_TEXT_MAX];

	CHECK_MAGIC(e, ENGINE_MAGIC);
	id_print("node", e->node, me);
	if (strcmp(payload, me) == 0)
		node_look(e);
}

static void on_run(void *ctx, struct uuid tenant, usec_t ready)
{
	claim_hint(ctx, tenant, ready);
	claim_ready(ctx, ready);
}

static void on_wake(void *ctx, usec_t wake)
{
	tick_wake(ctx, wake);
}

static bool on_cancel(void *ctx, struct uuid owner, struct uuid run, struct uuid claim)
{
	struct engine *e = ctx;
	struct held *h = held_find(e, run);

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (id_compare(owner, e->node) != 0)
		return false;
	if (h && id_compare(h->c.key.claim, claim) == 0)
		held_drop(h);
	return true;
}

static void on_recompute(void *ctx)
{
	recompute_soon(ctx);
}

static void on_after(void *ctx)
{
	after_soon(ctx);
}

static void on_figures(const void *engine, struct engine_figures *out)
{
	const struct engine *e = engine;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	out->running = node_may_start(e);
	out->node = e->node;
	tick_figures(e, out);
	out->waiting = metric_get(METRIC_QUEUE_DEPTH);
	out->held = (int64_t)e->held_n;
	out->in_flight = fetcher_in_flight(e->fetcher);
	out->unwritten = (int64_t)(e->results_n + e->writing_n);
}

void engine_start(struct engine *e)
{
	CHECK_MAGIC(e, ENGINE_MAGIC);
	ASSERT(!e->started);
	e->started = true;
	e->core->engine = e;
	e->core->on_run = on_run;
	e->core->on_wake = on_wake;
	e->core->on_cancel = on_cancel;
	e->core->on_no_partition = reap_wait;
	e->core->on_recompute = on_recompute;
	e->core->on_figures = on_figures;
	e->core->on_after = on_after;
	db_on_lane(e->db, on_lane, e);
	db_on_notify(e->db, "carillon", on_notify, e);
	alarm_in(&e->beat, 0);
	alarm_in(&e->tick, 0);
	alarm_in(&e->claim, 0);
	alarm_in(&e->recompute, 0);
	alarm_in(&e->chain, 0);
	alarm_in(&e->after, 0);
	alarm_in(&e->post, 0);
}

bool engine_is_ready(const struct engine *e)
{
	return node_may_start(e) && e->partitioned;
}

struct uuid engine_node(const struct engine *e)
{
	return e->node;
}

/* What has not begun goes back; what is under way may end. */
static void hand_back(struct engine *e)
{
	struct held *h, *next;

	HASH_ITER(hh, e->held, h, next)
		if (h->state == HELD_WAITING || h->state == HELD_LINED)
			result_give_back(h, 0);
}

static void abort_all(struct engine *e)
{
	struct held *h, *next;

	HASH_ITER(hh, e->held, h, next)
		if (h->state == HELD_FLYING && h->fetch)
			fetch_abort(h->fetch);
	post_abort(e);
}

/* Work that goes on by itself, and may go on for a little while. */
static bool is_working(const struct engine *e)
{
	return e->recomputing || e->chaining || e->aftering || e->posts_n || e->post_claiming
	    || e->awaiting;
}

static void drain_look(void *ctx)
{
	struct engine *e = ctx;
	usec_t left = e->drain_end - clock_boot();

	CHECK_MAGIC(e, ENGINE_MAGIC);
	hand_back(e);
	if (!e->held_n && !e->writing && !e->results_n && !e->claiming && !e->ticking && !e->reaping
	    && !is_working(e)) {
		alarm_stop(&e->reap);
		node_leave(e);
		return;
	}
	if (left <= 0)
		abort_all(e);
	if (left <= -2 * SEC) {
		log_event(LOG_WARN, "drain.incomplete", LOG_INT("held", (int64_t)e->held_n));
		node_leave(e);
		return;
	}
	alarm_in(&e->drain_check, DRAIN_LOOK);
}

void engine_drain(struct engine *e, usec_t patience, void (*done)(void *ctx), void *ctx)
{
	CHECK_MAGIC(e, ENGINE_MAGIC);
	e->draining = true;
	e->drained = done;
	e->drained_ctx = ctx;
	e->drain_end = clock_boot() + patience;
	alarm_in(&e->drain_check, 0);
}

void engine_free(struct engine *e)
{
	struct held *h, *next;

	if (!e)
		return;
	e->core->on_run = NULL;
	e->core->on_wake = NULL;
	e->core->on_cancel = NULL;
	e->core->on_no_partition = NULL;
	e->core->on_recompute = NULL;
	e->core->on_figures = NULL;
	e->core->on_after = NULL;
	result_release(e);
	HASH_ITER(hh, e->held, h, next)
		if (h->state == HELD_WAITING || h->state == HELD_LINED)
			held_free(h);
	target_free_all(e);
	recompute_release(e);
	chain_release(e);
	after_release(e);
	post_release(e);
	await_release(e);
	agent_free(e);
	reap_release(e);
	fire_release(e);
	claim_release(e);
	tick_release(e);
	node_release(e);
	alarm_release(&e->drain_check);
	e->magic = 0;
	free(e);
}
