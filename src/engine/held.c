/* The runs in memory. One allocation each: the record and, behind it, the bytes its slices point
 * to. */
#include <stdlib.h>
#include <utlist.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/metric.h"
#include "engine/engine_int.h"
#include "model/schedule.h"

static void join_group(struct held *h)
{
	struct engine *e = h->engine;
	struct group *g = NULL;

	if (id_is_nil(h->c.schedule) || h->c.overlap == OVERLAP_ALLOW)
		return;
	HASH_FIND(hh, e->groups, &h->c.schedule, sizeof h->c.schedule, g);
	if (!g) {
		g = mem_new(sizeof *g);
		g->schedule = h->c.schedule;
		HASH_ADD(hh, e->groups, schedule, sizeof g->schedule, g);
	}
	h->group = g;
	DL_APPEND2(g->members, h, group_prev, group_next);
}

static void leave_group(struct held *h)
{
	struct group *g = h->group;

	if (!g)
		return;
	DL_DELETE2(g->members, h, group_prev, group_next);
	h->group = NULL;
	if (!g->members) {
		HASH_DEL(h->engine->groups, g);
		free(g);
	}
}

struct held *held_new(struct engine *e, const struct claimed *c)
{
	size_t bytes = sizeof(struct held) + c->url.n + c->options.n + c->payload.n + c->action.n
		     + c->tenant_name.n + c->organization.n;
	struct held *h = mem_new(bytes);
	char *at = (char *)(h + 1);

	h->magic = HELD_MAGIC;
	h->engine = e;
	h->state = HELD_WAITING;
	h->c = *c;
	h->bytes = bytes;
	at = slice_move(at, &h->c.url);
	at = slice_move(at, &h->c.options);
	at = slice_move(at, &h->c.payload);
	at = slice_move(at, &h->c.action);
	at = slice_move(at, &h->c.tenant_name);
	(void)slice_move(at, &h->c.organization);
	HASH_ADD(hh, e->held, c.key.id, sizeof h->c.key.id, h);
	e->held_n++;
	e->held_bytes += bytes;
	metric_set(METRIC_HELD, (int64_t)e->held_n);
	h->share = share_enter(e, h);
	join_group(h);
	return h;
}

void held_free(struct held *h)
{
	struct engine *e = h->engine;

	CHECK_MAGIC(h, HELD_MAGIC);
	ASSERT(h->state != HELD_FLYING && h->state != HELD_ASKING && h->state != HELD_LOADING
	       && h->state != HELD_PREPARING);
	if (h->state == HELD_LINED)
		target_unline(h);
	if (h->agent)
		agent_release(h);
	agent_unline(h);
	share_leave(h);
	leave_group(h);
	HASH_DEL(e->held, h);
	e->held_n--;
	e->held_bytes -= h->bytes;
	metric_set(METRIC_HELD, (int64_t)e->held_n);
	h->magic = 0;
	free(h);
}

struct held *held_find(struct engine *e, struct uuid run)
{
	struct held *h = NULL;

	HASH_FIND(hh, e->held, &run, sizeof run, h);
	return h;
}

void held_wait(struct held *h, usec_t at)
{
	agent_unline(h);
	h->state = HELD_WAITING;
	share_wait(h, at);
	fire_soon(h->engine);
}

void held_drop(struct held *h)
{
	CHECK_MAGIC(h, HELD_MAGIC);
	switch (h->state) {
	case HELD_WAITING:
	case HELD_LINED:
		overlap_ended(h);
		held_free(h);
		return;
	case HELD_FLYING:
		h->dropped = true;
		if (h->fetch)
			fetch_abort(h->fetch);
		return;
	case HELD_ASKING:
	case HELD_PREPARING:
	case HELD_LOADING:
	case HELD_DONE:
		h->dropped = true;
		return;
	}
}
