/* Tenants side by side, in this process: who holds how much, whose turn it is. No tenant waits
 * behind another's backlog: what is shared goes round by tenant, and whoever has had nothing lately
 * goes first. Nothing is kept for those who want nothing: a tenant alone has nearly everything.
 *
 * share.c: what a tenant holds, and its runs that wait for their time; pace.c: how quickly backlogs are
 * worked off beside others; line.c: a line that goes round; turns.c: for whom to ask the table. */
#ifndef ENGINE_FAIR_INT_H
#define ENGINE_FAIR_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <uthash.h>

#include "base/arena.h"
#include "base/heap.h"
#include "base/id.h"
#include "base/usec.h"
#include "io/loop.h"

struct engine;
struct held;

/* --- share.c --- */

/* One tenant's part of this process, from its first run in memory to its last. */
struct share {
	struct uuid tenant;
	size_t held_n, held_bytes;
	int flying;          /* deliveries under way by the engine's fetcher */
	int64_t large_bytes; /* of these, bodies that were read for the delivery */
	struct heap due;     /* its waiting runs */
	struct heap_node
		wake; /* in engine.wakes until the first of them is due, then in engine.fresh or .going */
	struct share *prev, *next;
	struct share **in; /* which of the two; NULL: neither */
	UT_hash_handle hh;
};

/* A tenant may have so many times as much as is left: alone SHARE / (SHARE + 1) of all. When k tenants want
 * all of it, each has SHARE / (k * SHARE + 1), and 1 / (k * SHARE + 1) is left for who comes. */
#define SHARE_HELD 16
#define SHARE_FLIGHTS 3

struct share *share_enter(struct engine *e,
			  const struct held *h); /* counts it; made when there is none */
void share_leave(struct held *h);                /* forgotten with its last run */
struct share *share_find(struct engine *e, struct uuid tenant); /* NULL: it holds nothing */
/* How many runs more it may hold now; s may be NULL. */
size_t share_room(const struct engine *e, const struct share *s);
void share_wait(struct held *h,
		usec_t at); /* among those that wait for their time; moves it when it is there */
void share_unwait(struct held *h); /* not any more; fine when it is not */
/* A run that is due, taken out of those that wait, round by tenant; NULL: none. */
struct held *share_next(struct engine *e, usec_t now);
bool share_is_shared(const struct engine *e); /* several tenants hold runs here */
/* How many rows go into a batch that may have `most`. Beside others it is a part of them: what is due meanwhile waits
 * for it, here and for PostgreSQL's processor. */
size_t share_batch(const struct engine *e, size_t most);
bool share_has_due(const struct engine *e);     /* some were left by share_next() */
usec_t share_next_wake(const struct engine *e); /* when the next of the others is due; USEC_NEVER */

/* --- pace.c --- */

/* Of backlogs, while several tenants hold runs here and an instant is near. */
struct pace {
	struct alarm alarm;
	usec_t due;     /* clock_boot(): when it is to ring */
	int rate;       /* starts a second */
	int64_t credit; /* in millionths of a start */
	int clean;      /* so often in a row it rang in time */
};
void pace_init(struct engine *e);
void pace_release(struct engine *e);
/* May one more run of a backlog start now? False: fire_soon() is called when it may. */
bool pace_lets(struct engine *e);
void pace_take(struct engine *e); /* it does */

/* --- line.c --- */

/* Due runs that wait for a place, each tenant's in their order, taken by turns. */
struct line {
	struct line_part *parts; /* by share: those that wait or fly */
	struct line_part *ring;  /* those that wait, the next one first */
	int n, waiting;          /* runs that wait; tenants that have some */
};
struct line_part {
	struct share *share;
	struct held *first; /* oldest first */
	int n;
	int flying; /* counted by whoever owns the line */
	struct line_part *prev, *next;
	UT_hash_handle hh;
};

struct line_part *line_part(const struct line *l,
			    const struct share *s); /* NULL: it has none here */
void line_add(struct line *l, struct held *h);
void line_remove(struct line *l, struct held *h);
void line_free(struct line *l);                        /* nobody waits */
void line_turn(struct line *l);                        /* the first tenant becomes the last */
void line_fly(struct line *l, struct share *s, int n); /* n more of it fly (or fewer, negative) */

/* --- turns.c --- */

/* Tenants that have something due in the table, for as long as the oldest rows of all are not asked
 * for (there is a backlog). Found by going round the tenants in the order of their ids, some at a
 * time, and by what this process hears of. */
#define TURNS_MAX 256            /* known at a time; others' turn comes in a later round */
#define TURNS_LOOK 256           /* tenants looked at with one question */
#define TURNS_EVERY (250 * MSEC) /* rounds begin so far apart */
#define TURNS_FIRST 16           /* rows asked for, for one that is new: most want no more */
struct turn {
	struct uuid tenant;
	int quota, got; /* of the last question */
	bool is_hungry; /* it had all it asked for */
	bool is_asked;  /* it is in a plan that is under way */
	bool is_kept;   /* in the last plan it had no room */
	usec_t at;      /* clock_now(): not before; 0: at once */
	UT_hash_handle hh;
};
struct turns {
	struct turn *known; /* in the order of their turns */
	struct uuid after;  /* where the round is; nil: at its beginning */
	usec_t round_at;    /* clock_boot(): the next one begins; 0: at once */
};
struct turns_plan {
	struct turn *turns[TURNS_MAX];
	int n;
};

static inline bool turns_any(const struct turns *t)
{
	return t->known != NULL;
}
/* It has something then; false hints cost one look. Of TURNS_MAX one that had its turn, or has no
 * room, makes place: the next round finds it again. `is_served`: it holds something already, so that
 * it is no new one if it took such a place. */
void turns_add(struct turns *t, struct uuid tenant, usec_t at, bool is_served);
/* Who is asked for how much, `most` in all; room says how much a tenant may have (0: not now). The order is that of the
 * question: who is new comes first. */
void turns_plan(struct turns *t, int most, int (*room)(void *ctx, struct uuid tenant), void *ctx,
		struct turns_plan *out);
int turns_room(void *ctx, struct uuid tenant); /* no bound */
/* The plan as a question's arguments. */
struct turn_quota;
const struct turn_quota *const *turns_quotas(const struct turns_plan *plan, struct arena *a);
void turns_got(struct turns *t, struct uuid tenant); /* a row came */
/* After turns_add() and turns_got() for each row of a full answer that was not asked for by turns. */
void turns_begin(struct turns *t);
/* All rows came. Whoever got less than it asked for has no more, unless the answer was full. */
void turns_done(struct turns *t, const struct turns_plan *plan, bool is_full);
bool turns_looks(const struct turns *t); /* is it time to look at the next tenants? */
/* A tenant that was looked at, in the order of their ids, with something at that instant: turns_add(). False: there is
 * no place for it, the round stops before it. One that is to be passed over is looked at with turns_passed(). */
bool turns_looked(struct turns *t, struct uuid tenant, usec_t at, bool is_served);
void turns_passed(struct turns *t, struct uuid tenant);
void turns_look_done(
	struct turns *t,
	size_t n); /* n were looked at and taken; fewer than TURNS_LOOK: all there are */
void turns_forget(struct turns *t);

#endif
