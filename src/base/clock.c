/* The wall clock is ours plus a correction; see clock_learn_skew(). */
#include "base/clock.h"

#include <time.h>

#include "base/check.h"

static usec_t skew;
static usec_t fake;
static bool is_faked;

static usec_t read_clock(clockid_t which)
{
	struct timespec t;

	ASSERT(clock_gettime(which, &t) == 0);
	return t.tv_sec * SEC + t.tv_nsec / 1000;
}

usec_t clock_real(void)
{
	return read_clock(CLOCK_REALTIME) + skew;
}

usec_t clock_now(void)
{
	return is_faked ? fake : clock_real();
}

usec_t clock_boot(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

/* With our bare clock, without the skew: the database read its own after we sent (wall_sent) and
 * before we got the answer (wall_got), so the true skew lies in [db - wall_got, db - wall_sent].
 * Of that interval: nothing if nothing is possible (two processes on one machine agree exactly);
 * else what we believe already, because a correction that moves with each round trip would make
 * time jitter; else the lower end, at which we are late by at most the round trip and never
 * early.
 *
 * Example: sent 12:00:00.000, got .040, the database said 12:00:01.030: the skew is in [0.990 s,
 * 1.030 s] and we take 0.990 s. */
usec_t clock_learn_skew(usec_t db, usec_t real_sent, usec_t real_got)
{
	usec_t least = db - (real_got - skew);
	usec_t most = db - (real_sent - skew);

	/* Our clock was set back while we waited: nothing can be learnt. */
	if (least > most)
		return skew;
	if (least <= 0 && 0 <= most)
		skew = 0;
	else if (skew < least || skew > most)
		skew = least;
	return skew;
}

void clock_set(usec_t now)
{
	fake = now;
	is_faked = true;
}

void clock_unset(void)
{
	is_faked = false;
	skew = 0;
}

bool clock_is_faked(void)
{
	return is_faked;
}
