/* Places at a target. Deliveries to one origin have a number of places that follows how it
 * answers; the others stand in line, and tenants take turns. A line that would take too long
 * is cut: its tail goes back to the table for a while, so that a target that hangs never fills
 * the memory that others need.
 *
 * No tenant takes all there is: of the process's deliveries it has SHARE_FLIGHTS times what is
 * left at most, and a tenant with none under way at a target has one even beyond its places,
 * up to a quarter more. */
#include <stdlib.h>
#include <utlist.h>

#include "base/check.h"
#include "base/clock.h"
#include "engine/engine_int.h"

#define LINE_SHORT PLACES_MAX /* never cut below this */
#define LINE_PATIENCE (2 * SEC)
#define PACE_SLOW (250 * MSEC) /* a target that answers quicker than this never loses its line */
#define TRIM_EVERY (100 * MSEC)
#define ASK_MOST 32 /* tenants in line that may be passed over for one place */
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

static struct target *target_of(struct engine *e, struct slice url)
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
	line_free(&t->line);
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

/* How many of this tenant's wait in line. */
static int waiting_of(const struct target *t, const struct share *s)
{
	const struct line_part *p = line_part(&t->line, s);

	return p ? p->n : 0;
}

/* Turns until n of a tenant have had theirs: the line goes round. */
static int turns_until(const struct target *t, int n)
{
	int64_t turns = (int64_t)n * (t->line.waiting > 0 ? t->line.waiting : 1);

	return turns < t->line.n ? (int)turns : t->line.n;
}

/* How long the last of n of a tenant will wait, as far as can be told. */
static usec_t wait_at(const struct target *t, int n)
{
	return pace(t) * turns_until(t, n) / t->places;
}

static usec_t back_at(const struct target *t, int n)
{
	usec_t wait = wait_at(t, n);

	if (wait < BACK_LEAST)
		wait = BACK_LEAST;
	return clock_now() + (wait < BACK_MOST ? wait : BACK_MOST);
}

/* For one with n in line. */
static bool is_slow(const struct target *t, int n)
{
	return turns_until(t, n) >= LINE_SHORT && pace(t) > PACE_SLOW
	    && wait_at(t, n) > LINE_PATIENCE;
}

/* Its body is read for the delivery only. */
static bool is_large(const struct held *h)
{
	return !h->agent && !h->c.payload.p && h->c.payload_bytes > 0;
}

/* Of what is left, a tenant that has `own` of it. */
static bool is_within(int64_t own, int64_t left)
{
	return left > 0 && own < SHARE_FLIGHTS * left;
}

static struct fetcher *fetcher_of(const struct held *h)
{
	return h->agent ? agent_fetcher(h) : h->engine->fetcher;
}

static bool has_place(const struct target *t, const struct held *h)
{
	const struct engine *e = h->engine;
	const struct line_part *p = line_part(&t->line, h->share);
	int here = p ? p->flying : 0, more = t->places / 4;
	bool is_shared = fetcher_of(h) == e->fetcher;
	int room = h->agent ? agent_room(h) : fetcher_room(e->fetcher);

	if (t->in_flight >= t->places + (here ? 0 : more))
		return false;
	if (!is_within(is_shared ? h->share->flying : here, room))
		return false;
	if (!is_large(h))
		return true;
	return t->large < TARGET_LARGE_MAX && e->large_bytes + h->c.payload_bytes <= LARGE_BYTES_MAX
	    && is_within(h->share->large_bytes, LARGE_BYTES_MAX - e->large_bytes);
}

static void count(struct held *h, int n)
{
	struct target *t = h->target;
	int64_t bytes = h->is_large ? n * (int64_t)h->c.payload_bytes : 0;

	h->engine->large_bytes += bytes;
	h->share->large_bytes += bytes;
	h->share->flying += h->is_shared ? n : 0;
	t->large += h->is_large ? n : 0;
	t->in_flight += n;
	line_fly(&t->line, h->share, n);
}

static void fly(struct held *h, struct target *t)
{
	h->target = t;
	h->is_large = is_large(h);
	h->is_shared = fetcher_of(h) == h->engine->fetcher;
	count(h, 1);
	h->started_at = clock_boot();
	DL_APPEND2(t->flying, h, line_prev, line_next);
	deliver_start(h);
}

void target_enter(struct held *h)
{
	struct engine *e = h->engine;
	struct target *t = target_of(e, h->agent ? agent_url(h) : h->c.url);
	int n = waiting_of(t, h->share);

	if (!n && has_place(t, h)) {
		fly(h, t);
	} else if (is_slow(t, n)) {
		result_give_back(h, back_at(t, n));
	} else {
		h->target = t;
		h->state = HELD_LINED;
		line_add(&t->line, h);
		e->lined++;
		if (!alarm_is_set(&e->trim))
			alarm_in(&e->trim, TRIM_EVERY);
	}
}

void target_unline(struct held *h)
{
	struct target *t = h->target;

	ASSERT(h->state == HELD_LINED);
	line_remove(&t->line, h);
	h->engine->lined--;
	h->state = HELD_WAITING;
	h->target = NULL;
}

/* Whose turn it is, of those that there is a place for; who is passed over goes to the end. */
static struct held *next_in_line(struct target *t)
{
	for (int i = 0; i < t->line.waiting && i < ASK_MOST; i++) {
		struct held *h = t->line.ring->first;

		line_turn(&t->line);
		if (has_place(t, h))
			return h;
		if (t->in_flight >= t->places + t->places / 4)
			break;
	}
	return NULL;
}

/* The next in line go as far as there is room and this process may. A delivery that cannot even
 * begin leaves at once, while this loop is at work. */
static void call_in(struct engine *e, struct target *t)
{
	struct held *h;

	if (t->calling)
		return;
	t->calling = true;
	while (t->line.n && node_may_start(e) && (h = next_in_line(t))) {
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
	if (!t->calling && !t->in_flight && !t->line.n)
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
	count(h, -1);
	h->target = NULL;
	h->is_large = false;
	learn(t, clock_boot() - h->started_at, how);
	call_in(e, t);
	forget_if_idle(e, t);
}

/* Back to the table goes what stands too far behind, of each tenant. */
static void cut(struct target *t)
{
	struct line_part *p, *next;
	struct held *last;

	DL_FOREACH_SAFE(t->line.ring, p, next)
	{
		usec_t back = back_at(t, p->n);

		for (int n = p->n; n > 0 && is_slow(t, n) && turns_until(t, n) > LINE_SHORT; n--) {
			last = p->first->line_prev;
			target_unline(last);
			result_give_back(last, back);
		}
	}
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
		call_in(e, t);
		cut(t);
		forget_if_idle(e, t);
	}
	if (e->lined)
		alarm_in(&e->trim, TRIM_EVERY);
}
