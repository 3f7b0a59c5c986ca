/* What each tenant holds in this process, and whose due run goes next.
 *
 * A tenant's waiting runs are in a heap of its own, and the tenants by their first run in
 * another (engine.wakes). Those with something due leave it for two rings: `fresh`, who has
 * just come to it, and `going`, who has had a turn and has more. Fresh ones go first, as they
 * usually have one run, so that a backlog costs them nothing; FRESH_MOST of them, then one
 * turn of the others. */
#include <stdlib.h>
#include <utlist.h>

#include "base/check.h"
#include "engine/engine_int.h"

#define FRESH_MOST 16
#define BATCH_PART 4

struct share *share_find(struct engine *e, struct uuid tenant)
{
	struct share *s = NULL;

	HASH_FIND(hh, e->shares, &tenant, sizeof tenant, s);
	return s;
}

struct share *share_enter(struct engine *e, const struct held *h)
{
	struct share *s = share_find(e, h->c.key.tenant);

	if (!s) {
		s = mem_new(sizeof *s);
		s->tenant = h->c.key.tenant;
		heap_init(&s->due);
		HASH_ADD(hh, e->shares, tenant, sizeof s->tenant, s);
	}
	s->held_n++;
	s->held_bytes += h->bytes;
	return s;
}

size_t share_room(const struct engine *e, const struct share *s)
{
	size_t left = HELD_MAX - (e->held_n < HELD_MAX ? e->held_n : HELD_MAX);
	size_t left_bytes = HELD_BYTES_MAX
			  - (e->held_bytes < HELD_BYTES_MAX ? e->held_bytes : HELD_BYTES_MAX);
	size_t own = s ? s->held_n : 0, bytes = s ? s->held_bytes : 0;

	if (own >= SHARE_HELD * left || bytes >= SHARE_HELD * left_bytes)
		return 0;
	own = (SHARE_HELD * left - own) / (SHARE_HELD + 1);
	return own ? own : 1;
}

/* --- whose turn it is --- */

static void unring(struct share *s)
{
	if (s->in)
		DL_DELETE(*s->in, s);
	s->in = NULL;
}

static void enring(struct share *s, struct share **ring)
{
	unring(s);
	DL_APPEND(*ring, s);
	s->in = ring;
}

/* Its first run has changed. One that is in a ring stays there until its turn comes. */
static void look(struct engine *e, struct share *s)
{
	const struct heap_node *first = heap_first(&s->due);

	if (!first) {
		heap_remove(&e->wakes, &s->wake);
		unring(s);
	} else if (!s->in) {
		heap_put(&e->wakes, &s->wake, first->at);
	}
}

void share_wait(struct held *h, usec_t at)
{
	heap_put(&h->share->due, &h->due, at);
	look(h->engine, h->share);
}

void share_unwait(struct held *h)
{
	if (!heap_holds(&h->due))
		return;
	heap_remove(&h->share->due, &h->due);
	look(h->engine, h->share);
}

void share_leave(struct held *h)
{
	struct engine *e = h->engine;
	struct share *s = h->share;

	ASSERT(s->held_n > 0);
	share_unwait(h);
	h->share = NULL;
	s->held_n--;
	s->held_bytes -= h->bytes;
	if (s->held_n)
		return;
	ASSERT(!s->flying && !s->in && !heap_holds(&s->wake));
	heap_release(&s->due);
	HASH_DEL(e->shares, s);
	free(s);
}

static void wake_due(struct engine *e, usec_t now)
{
	struct heap_node *first;

	while ((first = heap_first(&e->wakes)) && first->at <= now) {
		struct share *s = heap_owner(first, struct share, wake);

		heap_remove(&e->wakes, first);
		enring(s, &e->fresh);
	}
}

/* NULL: nobody's, for now. */
static struct share *whose_turn(struct engine *e)
{
	struct share *going = e->going && pace_lets(e) ? e->going : NULL;

	if (e->fresh && (e->fresh_turns < FRESH_MOST || !going)) {
		e->fresh_turns++;
		return e->fresh;
	}
	e->fresh_turns = 0;
	if (going)
		pace_take(e);
	return going;
}

struct held *share_next(struct engine *e, usec_t now)
{
	struct heap_node *first, *next;
	struct share *s;

	wake_due(e, now);
	for (;;) {
		s = whose_turn(e);
		if (!s)
			return NULL;
		first = heap_first(&s->due);
		if (first->at <= now)
			break;
		unring(s);
		look(e, s);
	}
	heap_remove(&s->due, first);
	unring(s);
	next = heap_first(&s->due);
	if (next && next->at <= now)
		enring(s, &e->going);
	look(e, s);
	return heap_owner(first, struct held, due);
}

bool share_is_shared(const struct engine *e)
{
	return HASH_COUNT(e->shares) > 1;
}

size_t share_batch(const struct engine *e, size_t most)
{
	return share_is_shared(e) ? most / BATCH_PART : most;
}

bool share_has_due(const struct engine *e)
{
	return e->fresh || e->going;
}

usec_t share_next_wake(const struct engine *e)
{
	const struct heap_node *first = heap_first(&e->wakes);

	return first ? first->at : USEC_NEVER;
}
