/* How quickly backlogs are worked off while another tenant's instant is near. What is left of this machine
 * decides: an alarm that rings first every PACE_EVERY sees how late it is itself, which is how late a run would
 * start. Late, and the pace is halved; in time for a while, and it grows. There is none for a tenant that is alone
 * here, for a run that is its tenant's first in a while, nor for a burst of many tenants that nobody else's run
 * follows: it would help no one. */
#include "base/check.h"
#include "base/clock.h"
#include "engine/engine_int.h"

#define PACE_EVERY \
	250 /* microseconds. Short, as what starts together holds the loop and the processors together */
#define PACE_LATE 200
#define PACE_AHEAD (50 * MSEC) /* before an instant: what was begun has ended by then */
#define PACE_AFTER (20 * MSEC) /* a tick's: what it makes is claimed and started by then */
#define PACE_LEAST 2000        /* starts a second */
#define PACE_MOST 16000
#define PACE_STEP 300
#define PACE_CLEAN 64 /* in time so often in a row: a step more */
#define START SEC     /* of credit: what a pace of one start a second gives in a second */
#define CREDIT_MOST ((int64_t)PACE_MOST * PACE_EVERY) /* who was late does not make up for it */

static void measure(struct pace *p)
{
	if (clock_boot() - p->due > PACE_LATE) {
		p->clean = 0;
		p->rate = p->rate / 2 > PACE_LEAST ? p->rate / 2 : PACE_LEAST;
	} else if (++p->clean >= PACE_CLEAN) {
		p->clean = 0;
		p->rate += p->rate < PACE_MOST ? PACE_STEP : 0;
	}
	p->credit += (int64_t)p->rate * PACE_EVERY;
	if (p->credit > CREDIT_MOST)
		p->credit = CREDIT_MOST;
}

static void look(void *ctx)
{
	struct engine *e = ctx;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "engine.pace");
	measure(&e->pace);
	if (share_has_due(e))
		fire_soon(e);
}

void pace_init(struct engine *e)
{
	e->pace.rate = PACE_LEAST;
	e->pace.credit = START;
	alarm_init(&e->pace.alarm, e->loop, look, e);
	alarm_first(&e->pace.alarm);
}

void pace_release(struct engine *e)
{
	alarm_release(&e->pace.alarm);
}

/* Somebody who has nothing due has a run soon, or a schedule that will make one. */
static bool is_instant_near(const struct engine *e)
{
	usec_t now = clock_now();

	return share_next_wake(e) <= now + PACE_AHEAD
	    || (e->tick_at >= now - PACE_AFTER && e->tick_at <= now + PACE_AHEAD);
}

bool pace_lets(struct engine *e)
{
	struct pace *p = &e->pace;

	if (!share_is_shared(e) || !is_instant_near(e))
		return true;
	if (!alarm_is_set(&p->alarm)) {
		p->due = clock_boot() + PACE_EVERY;
		alarm_in(&p->alarm, PACE_EVERY);
	}
	return p->credit >= START;
}

void pace_take(struct engine *e)
{
	if (e->pace.credit >= START)
		e->pace.credit -= START;
}
