/* The instant. One alarm stands on the earliest run of those who have nothing due yet; it
 * rings before whatever else the loop has to do. What is due goes on its way round by tenant
 * (share.c), a turn of FIRE_TURN_MAX at a time so that the loop breathes; what is left goes on
 * in the loop's usual order. Nothing starts before its time by the database's clock (P4), and
 * nothing starts while this process is not sure that it may (node.c). */
#include "base/check.h"
#include "base/clock.h"
#include "core/work.h"
#include "engine/engine_int.h"

#define ASK_AGAIN (50 * MSEC)

static void fire(void *ctx);

void fire_init(struct engine *e)
{
	heap_init(&e->wakes);
	pace_init(e);
	alarm_init(&e->fire, e->loop, fire, e);
	alarm_first(&e->fire);
	alarm_init(&e->fire_more, e->loop, fire, e);
	alarm_init(&e->trim, e->loop, target_trim, e);
}

void fire_release(struct engine *e)
{
	alarm_release(&e->fire);
	pace_release(e);
	alarm_release(&e->fire_more);
	alarm_release(&e->trim);
	heap_release(&e->wakes);
}

void fire_soon(struct engine *e)
{
	alarm_at(&e->fire, share_next_wake(e));
	if ((e->fresh || (e->going && pace_lets(e))) && !alarm_is_set(&e->fire_more))
		alarm_in(&e->fire_more, 0);
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
	else if (h->c.action.p && !action_goes(h, now))
		return;
	else if (overlap_ask(h) == OVERLAP_GO)
		fire_go(h);
}

static void fire(void *ctx)
{
	struct engine *e = ctx;
	usec_t now = clock_now(), end = clock_boot() + FIRE_TURN;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "engine.fire");
	if (!node_may_start(e)) {
		alarm_in(&e->fire, ASK_AGAIN);
		return;
	}
	for (int i = 0; i < FIRE_TURN_MAX; i++) {
		struct held *h = share_next(e, now);

		if (!h)
			break;
		begin(h, now);
		if (clock_boot() >= end)
			break;
	}
	fire_soon(e);
	fetcher_push(e->fetcher); /* and not behind whatever else has come in */
}
