/* Overlap, decided when the time has come (RELIABILITY.md P9): an earlier run of the same
 * schedule that is under way or between attempts makes this one skip (the default), wait
 * (queue_one, and runs made up for after downtime, so that a backlog is worked off one by one),
 * or nothing (allow; such runs are in no group).
 *
 * What this process holds it knows exactly, to the microsecond. Only when the claim saw another
 * live run that is not one of those is the database asked, leaving out the ones whose results
 * are on their way there. */
#include <utlist.h>

#include "base/check.h"
#include "base/clock.h"
#include "core/fire.h"
#include "engine/engine_int.h"
#include "model/schedule.h"
#include "store/engine.h"

#define LOOK_AGAIN (250 * MSEC)
#define WAIT_IN_MEMORY (5 * SEC)
#define BACK_OFF_MIN (5 * SEC)
#define BACK_OFF_MAX MIN
#define KNOWN_MAX 256

struct asking {
	struct held *held;
	struct arena *arena;
};

static bool is_earlier(const struct held *a, const struct held *b)
{
	return a->c.scheduled_for < b->c.scheduled_for;
}

/* Its agent is to report: about to be written. */
static bool goes_on_elsewhere(const struct held *h)
{
	return h->state == HELD_DONE && h->done && h->done->kind == DONE_AWAIT;
}

/* Its attempt, which is about to be written. One that is given back has not begun. */
static bool has_ended(const struct held *h)
{
	return h->state == HELD_DONE && h->done
	    && (h->done->kind == DONE_END || h->done->kind == DONE_AGAIN);
}

static bool under_way(const struct held *h)
{
	return h->state == HELD_FLYING || h->state == HELD_LINED || h->state == HELD_LOADING
	    || h->state == HELD_PREPARING || h->waits_for_agent || goes_on_elsewhere(h);
}

/* Waiting ones go in their order, so a later one stands behind them too. */
static bool is_before_us(const struct held *h)
{
	return under_way(h) || (h->waiting_since && h->state == HELD_WAITING);
}

static bool waits_for_retry(const struct held *h)
{
	if (h->state == HELD_DONE)
		return h->done && h->done->kind == DONE_AGAIN;
	return h->state == HELD_WAITING && h->c.attempt - 1 > h->c.excused;
}

/* Made ahead, and then nobody was there at its time: made up for like the ones that were not
 * made. */
static bool is_late(const struct held *h)
{
	return h->c.trigger == TRIGGER_SCHEDULE
	    && clock_now() - h->c.scheduled_for - h->c.jitter_us > FIRE_LATE;
}

/* Skip or wait, when one before it is executing; another that waits already fills queue_one's
 * only place. */
static enum overlap_answer behind_executing(struct held *h, bool is_place_taken)
{
	struct held *other;

	if (h->c.trigger == TRIGGER_CATCHUP || is_late(h))
		return OVERLAP_WAITS;
	if (h->c.overlap != OVERLAP_QUEUE_ONE || is_place_taken)
		return OVERLAP_SKIPS;
	DL_FOREACH2(h->group->members, other, group_next)
	if (other != h && other->waiting_since && !under_way(other) && is_earlier(other, h))
		return OVERLAP_SKIPS;
	return OVERLAP_WAITS;
}

static void wait_for_it(struct held *h)
{
	usec_t now = clock_now();

	if (!h->waiting_since)
		h->waiting_since = clock_boot();
	if (clock_boot() - h->waiting_since > WAIT_IN_MEMORY)
		result_give_back(h, now + WAIT_IN_MEMORY);
	else
		held_wait(h, now + LOOK_AGAIN);
}

/* Behind one whose agent is to report, which may take days: back to the table, the longer the
 * longer it has waited. When the report comes, or patience ends, the earliest is called
 * (run_finish). */
static void back_off(struct held *h)
{
	usec_t now = clock_now(), wait = (now - h->c.scheduled_for - h->c.jitter_us) / 8;

	wait = wait < BACK_OFF_MIN ? BACK_OFF_MIN : wait > BACK_OFF_MAX ? BACK_OFF_MAX : wait;
	result_give_back(h, now + wait);
}

static void skip_it(struct held *h)
{
	usec_t now = clock_now();

	result_end(h, &(struct result){ .end = RUN_SKIPPED,
					.reason = SLICE_LIT("overlap"),
					.started_at = USEC_NEVER,
					.finished_at = now });
}

static void act(struct held *h, enum overlap_answer answer)
{
	if (answer == OVERLAP_SKIPS)
		skip_it(h);
	else if (answer == OVERLAP_WAITS)
		wait_for_it(h);
	else
		fire_go(h);
}

static void judge(struct held *h, const struct blocked *b)
{
	enum overlap_answer answer = OVERLAP_GO;

	if (b->retrying)
		answer = OVERLAP_SKIPS;
	else if (b->executing || b->queued)
		answer = behind_executing(h, b->queued);
	if (answer == OVERLAP_WAITS && b->awaited)
		back_off(h);
	else
		act(h, answer);
}

static void asked(struct db_unit *u, void *ctx)
{
	struct asking *a = ctx;
	struct arena *arena = a->arena;
	struct held *h = a->held;
	struct blocked b;

	CHECK_MAGIC(h, HELD_MAGIC);
	ASSERT(h->state == HELD_ASKING);
	h->state = HELD_WAITING;
	if (h->dropped)
		held_free(h);
	else if (u->outcome != DB_OK)
		held_wait(h, clock_now() + LOOK_AGAIN);
	else {
		store_run_blocked_got(u, &b);
		judge(h, &b);
	}
	arena_free(arena);
}

static void ask_database(struct held *h)
{
	struct arena *arena = arena_new();
	struct asking *a = arena_make(arena, struct asking);
	const struct uuid **known = arena_array(arena, const struct uuid *, KNOWN_MAX);
	struct blocked_ask ask = { .bucket = h->c.key.bucket,
				   .schedule = h->c.schedule,
				   .slot = h->c.scheduled_for,
				   .now = clock_now(),
				   .known = known };
	struct db_unit *u = db_unit_new(h->engine->db, arena, LANE_ENGINE);
	struct held *other;

	*a = (struct asking){ h, arena };
	DL_FOREACH2(h->group->members, other, group_next)
	if (has_ended(other) && ask.known_n < KNOWN_MAX)
		known[ask.known_n++] = &other->c.key.id;
	h->state = HELD_ASKING;
	store_run_blocked(u, &ask);
	db_submit(u, asked, a);
}

enum overlap_answer overlap_ask(struct held *h)
{
	struct held *other;
	enum overlap_answer answer;

	if (!h->group || !h->c.behind)
		return OVERLAP_GO;
	DL_FOREACH2(h->group->members, other, group_next)
	{
		if (other == h || !is_earlier(other, h)
		    || !(is_before_us(other) || waits_for_retry(other)))
			continue;
		answer = waits_for_retry(other) ? OVERLAP_SKIPS : behind_executing(h, false);
		act(h, answer);
		return answer;
	}
	ask_database(h);
	return OVERLAP_ASKED;
}

/* One that is in no heap does not wait: it is just being decided upon. */
void overlap_ended(struct held *h)
{
	struct held *other, *first = NULL;

	if (!h->group)
		return;
	DL_FOREACH2(h->group->members, other, group_next)
	if (other != h && other->waiting_since && other->state == HELD_WAITING
	    && heap_holds(&other->due) && (!first || is_earlier(other, first)))
		first = other;
	if (first)
		held_wait(first, clock_now());
}
