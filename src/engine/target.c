/* Places at a target. Deliveries to one origin have a number of places that follows how it
 * answers; the others stand in line. A line that would take too long is cut: its tail goes back
 * to the table for a while, so that a target that hangs never fills the memory that others need. */
#include <stdlib.h>
#include <utlist.h>

#include "base/check.h"
#include "base/clock.h"
#include "engine/engine_int.h"

#define LINE_SHORT PLACES_MAX /* never cut below this */
#define LINE_PATIENCE (2 * SEC)
#define PACE_SLOW (250 * MSEC) /* a target that answers quicker than this never loses its line */
#define TRIM_EVERY (100 * MSEC)
#define BACK_LEAST SEC
#define BACK_MOST (30 * SEC)

/* "http://host:port" of "http://host:port/path?query": up to the third slash, or the question
 * mark. */
static size_t origin_length(struct slice url)
{
	int slashes = 0;

	for (size_t i = 0; i < url.n; i++) {
		if (url.p[i] == '?' || (url.p[i] == '/' && ++slashes == 3))
			return i;
	}
	return url.n;
}

/* A longer one is taken as it is spelled: no host's name is. */
#define ORIGIN_FOLDED 320

struct target *target_of(struct engine *e, struct slice url)
{
	size_t n = origin_length(url);
	char folded[ORIGIN_FOLDED];
	const char *origin = n <= sizeof folded ? folded : url.p;
	struct target *t = NULL;

	for (size_t i = 0; i < n && origin == folded; i++)
		folded[i] = (char)(url.p[i] >= 'A' && url.p[i] <= 'Z' ? url.p[i] | 0x20 : url.p[i]);
	HASH_FIND(hh, e->targets, origin, n, t);
	if (t)
		return t;
	t = mem_new(sizeof *t);
	t->origin = mem_new(n + 1);
	memcpy(t->origin, origin, n);
	t->places = PLACES_FIRST;
	HASH_ADD_KEYPTR(hh, e->targets, t->origin, n, t);
	return t;
}

static void forget(struct engine *e, struct target *t)
{
	HASH_DEL(e->targets, t);
	free(t->origin);
	free(t);
}

void target_free_all(struct engine *e)
{
	while (e->targets)
		forget(e, e->targets);
}

/* What a delivery takes here: usually, or already, if the oldest one under way has taken longer. */
static usec_t pace(const struct target *t)
{
	usec_t age = t->flying ? clock_boot() - t->flying->started_at : 0;

	return age > t->usual ? age : t->usual;
}

/* How long the last in line will wait, as far as can be told. */
static usec_t wait_at(const struct target *t)
{
	return pace(t) * t->line_n / t->places;
}

static usec_t back_at(const struct target *t)
{
	usec_t wait = wait_at(t);

	if (wait < BACK_LEAST)
		wait = BACK_LEAST;
	return clock_now() + (wait < BACK_MOST ? wait : BACK_MOST);
}

static bool is_slow(const struct target *t)
{
	return t->line_n >= LINE_SHORT && pace(t) > PACE_SLOW && wait_at(t) > LINE_PATIENCE;
}

/* Its body is read for the delivery only. */
static bool is_large(const struct held *h)
{
	return !h->agent && !h->c.payload.p && h->c.payload_bytes > 0;
}

static bool has_place(const struct engine *e, const struct target *t, const struct held *h)
{
	struct fetcher *f = h->agent ? agent_fetcher(h) : e->fetcher;

	if (t->in_flight >= t->places || !fetcher_has_room(f))
		return false;
	if (h->agent && !agent_has_room(h))
		return false;
	if (!is_large(h))
		return true;
	return t->large < TARGET_LARGE_MAX
	    && e->large_bytes + h->c.payload_bytes <= LARGE_BYTES_MAX;
}

static void fly(struct held *h, struct target *t)
{
	h->target = t;
	h->is_large = is_large(h);
	h->engine->large_bytes += h->is_large ? h->c.payload_bytes : 0;
	t->large += h->is_large;
	t->in_flight++;
	h->started_at = clock_boot();
	DL_APPEND2(t->flying, h, line_prev, line_next);
	deliver_start(h);
}

void target_enter(struct held *h)
{
	struct engine *e = h->engine;
	struct target *t = target_of(e, h->agent ? agent_url(h) : h->c.url);

	if (!t->line && has_place(e, t, h)) {
		fly(h, t);
	} else if (is_slow(t)) {
		result_give_back(h, back_at(t));
	} else {
		h->target = t;
		h->state = HELD_LINED;
		DL_APPEND2(t->line, h, line_prev, line_next);
		t->line_n++;
		e->lined++;
		if (!alarm_is_set(&e->trim))
			alarm_in(&e->trim, TRIM_EVERY);
	}
}

void target_unline(struct held *h)
{
	struct target *t = h->target;

	ASSERT(h->state == HELD_LINED);
	DL_DELETE2(t->line, h, line_prev, line_next);
	t->line_n--;
	h->engine->lined--;
	h->state = HELD_WAITING;
	h->target = NULL;
}

/* The next in line go as far as there is room and this process may. A delivery that cannot even
 * begin leaves at once, while this loop is at work. */
static void call_in(struct engine *e, struct target *t)
{
	if (t->calling)
		return;
	t->calling = true;
	while (t->line && has_place(e, t, t->line) && node_may_start(e)) {
		struct held *h = t->line;

		target_unline(h);
		if (h->c.expires_at <= clock_now())
			held_wait(h, 0);
		else
			fly(h, t);
	}
	t->calling = false;
}

static void forget_if_idle(struct engine *e, struct target *t)
{
	if (!t->calling && !t->in_flight && !t->line)
		forget(e, t);
}

static void learn(struct target *t, usec_t took, enum ended how)
{
	if (how == ENDED_UNBEGUN)
		return;
	t->usual = t->usual ? (t->usual * 7 + took) / 8 : took;
	if (how == ENDED_WELL)
		t->places += t->places < PLACES_MAX;
	else
		t->places = t->places / 2 > PLACES_LEAST ? t->places / 2 : PLACES_LEAST;
}

void target_leave(struct held *h, enum ended how)
{
	struct engine *e = h->engine;
	struct target *t = h->target;

	DL_DELETE2(t->flying, h, line_prev, line_next);
	h->target = NULL;
	t->in_flight--;
	t->large -= h->is_large;
	e->large_bytes -= h->is_large ? h->c.payload_bytes : 0;
	h->is_large = false;
	learn(t, clock_boot() - h->started_at, how);
	call_in(e, t);
	forget_if_idle(e, t);
}

/* While anybody stands in line: cut the lines that will not move, call in where a place was left
 * empty. */
void target_trim(void *ctx)
{
	struct engine *e = ctx;
	struct target *t, *next;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "engine.trim");
	HASH_ITER(hh, e->targets, t, next) {
		usec_t back = back_at(t);

		call_in(e, t);
		while (is_slow(t) && t->line_n > LINE_SHORT) {
			struct held *last = t->line->line_prev;

			target_unline(last);
			result_give_back(last, back);
		}
		forget_if_idle(e, t);
	}
	if (e->lined)
		alarm_in(&e->trim, TRIM_EVERY);
}
