/* The instant. One alarm stands on the earliest run in the heap; when it rings, everything that
 * is due goes on its way, FIRE_TURN_MAX at a time so that the loop breathes. Nothing starts
 * before its time by the database's clock (P4), and nothing starts while this process is not
 * sure that it may (node.c). */
#include "base/check.h"
#include "base/clock.h"
#include "core/work.h"
#include "engine/engine_int.h"

#define ASK_AGAIN (50 * MSEC)

static void fire(void *ctx);

void fire_init(struct engine *e)
{
	heap_init(&e->due);
	alarm_init(&e->fire, e->loop, fire, e);
	alarm_init(&e->trim, e->loop, target_trim, e);
}

void fire_release(struct engine *e)
{
	alarm_release(&e->fire);
	alarm_release(&e->trim);
	heap_release(&e->due);
}

void fire_soon(struct engine *e)
{
	struct heap_node *first = heap_first(&e->due);

	if (first)
		alarm_at(&e->fire, first->at);
}

/* Looks once more: this process may have been frozen since it looked last. */
void fire_go(struct held *h)
{
	if (!node_may_start(h->engine))
		held_wait(h, clock_now() + ASK_AGAIN);
	else if (work_is(h->c.url))
		agent_begin(h);
	else
		target_enter(h);
}

static void expire(struct held *h, usec_t now)
{
	result_end(h, &(struct result){ .end = RUN_EXPIRED,
					.reason = SLICE_LIT("expired"),
					.started_at = USEC_NEVER,
					.finished_at = now });
}

static void begin(struct held *h, usec_t now)
{
	if (h->c.expires_at <= now)
		expire(h, now);
	else if (overlap_ask(h) == OVERLAP_GO)
		fire_go(h);
}

static void fire(void *ctx)
{
	struct engine *e = ctx;
	usec_t now = clock_now();

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "engine.fire");
	if (!node_may_start(e)) {
		alarm_in(&e->fire, ASK_AGAIN);
		return;
	}
	for (int i = 0; i < FIRE_TURN_MAX; i++) {
		struct heap_node *first = heap_first(&e->due);
		struct held *h;

		if (!first || first->at > now)
			break;
		h = heap_owner(first, struct held, due);
		heap_remove(&e->due, first);
		begin(h, now);
	}
	fire_soon(e);
}
