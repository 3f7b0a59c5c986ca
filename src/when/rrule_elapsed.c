/* The search of R2. Two steps move an instant upward: to the next period that counts (a division),
 * and to the next reading of the clock that matches (rrule_reading_next). Where neither moves it,
 * it is the answer.
 *
 * INTERVAL=86399 with one second of the day chosen meets once in 236 years, and INTERVAL=2 with odd
 * seconds never: when the two steps have gone on for a while, cycle_next() solves the congruence
 * for every chosen time of day and takes the earliest. */
#include "rrule_int.h"

enum {
	DAY_SECONDS = CIVIL_DAY_SECONDS,
	TWO_DAYS = 2 * DAY_SECONDS,
	TRIES = 32,         /* steps before the first solution */
	TIMES_OF_A_STEP = 4 /* a step costs as much as solving for so many times of day */
};

struct walk {
	const struct rrule *r;
	unsigned tries;
	/* Phases for which cycle_next() has found nothing: summer's and winter's. */
	int64_t none[2];
};

/* Behind the beginning of the period that counts, or the one that counted last. */
static int64_t into_period(const struct rrule *r, int64_t t)
{
	return (t - r->steps.origin) % r->steps.step;
}

/* ---- the congruence ---- */

/* k steps and a rest inside the period lead to the time of day. */
struct meeting {
	int64_t k;
	int32_t rest;
};

static void meet(const struct rrule_steps *p, int32_t distance, struct meeting *best)
{
	int32_t rest = distance % p->common;
	int64_t k = (int64_t)(distance / p->common) * p->inverse % p->cycle;

	if (rest < p->width && (k < best->k || (k == best->k && rest < best->rest)))
		*best = (struct meeting){ k, rest };
}

/* One time of the day, on every chosen weekday if there are any. */
static void meet_time(const struct rrule *r, int32_t clock, int32_t time, struct meeting *best)
{
	int32_t round = r->steps.round;

	for (uint32_t left = r->has_weekday ? r->weekdays : 1; left; left &= left - 1)
		meet(&r->steps, (__builtin_ctz(left) * DAY_SECONDS + time + round - clock) % round,
		     best);
}

/* One second of the minute, with every chosen hour and minute. */
static void meet_second(const struct rrule *r, int32_t clock, int32_t second, struct meeting *best)
{
	for (uint32_t hours = r->times.chosen.hour; hours; hours &= hours - 1)
		for (uint64_t minutes = r->times.chosen.minute; minutes; minutes &= minutes - 1)
			meet_time(r, clock,
				  __builtin_ctz(hours) * 3600 + __builtin_ctzll(minutes) * 60
					  + second,
				  best);
}

/* The first instant from t on, the beginning of a period, whose weekday and time of day match if
 * the offset stays; RRULE_NEVER. */
static int64_t cycle_next(const struct rrule *r, int64_t t, int32_t offset)
{
	const struct rrule_steps *p = &r->steps;
	int64_t wall = t + offset;
	int32_t day = (int32_t)rrule_floor_day(wall);
	int32_t clock = (int32_t)(wall - (int64_t)day * DAY_SECONDS);
	struct meeting best = { INT64_MAX, 0 };

	if (r->has_weekday)
		clock += (int32_t)civil_weekday(day) * DAY_SECONDS;
	for (uint64_t left = r->times.chosen.second; left; left &= left - 1) {
		int32_t second = __builtin_ctzll(left);

		/* Most seconds can be told from the remainder of the minute alone. */
		if (p->width == 1 && (second + 60 - clock % 60) % p->in_minute != 0)
			continue;
		meet_second(r, clock, second, &best);
		if (p->width >= 60 && clock % 60 == 0)
			break; /* a period holds whole minutes: the first second is the earliest */
	}
	return best.k == INT64_MAX ? RRULE_NEVER : t + best.k * p->step + best.rest;
}

static unsigned cycle_cost(const struct rrule *r)
{
	unsigned times = r->steps.width == 1 ? r->times.in_day
					     : r->times.in_day / r->times.in_minute;
	unsigned days = r->has_weekday ? (unsigned)__builtin_popcount(r->weekdays) : 1;

	return TRIES + times * days / TIMES_OF_A_STEP;
}

/* Where in the cycle the periods begin on this stretch's clock. */
static int64_t phase_of(const struct rrule *r, const struct tz_span *s)
{
	return (r->steps.origin + s->offset) % r->steps.common;
}

/* The same inside the stretch, or its end: the next one has another congruence. */
static int64_t solve(struct walk *w, const struct tz_span *s, int64_t t)
{
	int64_t found = cycle_next(w->r, t, s->offset);

	w->tries = TRIES;
	if (found == RRULE_NEVER) {
		w->none[0] = w->none[1];
		w->none[1] = phase_of(w->r, s);
	}
	return found < s->until ? found : s->until;
}

/* From *t up to an occurrence (true), or to the end of the stretch, which *t has then reached.
 * *out_quiet: from there to *t no reading of this clock matches; INT64_MAX: nobody looked. */
static bool in_span(struct walk *w, const struct tz_span *s, int64_t *t, int64_t *out_quiet)
{
	const struct rrule *r = w->r;

	while (*t < s->until) {
		int64_t into = into_period(r, *t);

		*out_quiet = INT64_MAX;
		if (into >= r->steps.width) {
			*t += r->steps.step - into;
			if (*t < s->until && ++w->tries > cycle_cost(r))
				*t = solve(w, s, *t);
			if (*t >= s->until)
				return false;
		}
		int64_t reading = rrule_reading_next(r, *t + s->offset);

		if (reading == *t + s->offset)
			return true;
		*out_quiet = *t;
		*t = reading == RRULE_NEVER ? RRULE_NEVER : reading - s->offset;
	}
	return false;
}

/* The first instant at or after t that is in a period that counts and whose reading matches. A
 * stretch may show some readings of the one before again: what was not seen to match there says
 * nothing unless it was so for the last two days. */
static int64_t match_next(const struct rrule *r, int64_t t, struct tz_hint *hint)
{
	struct walk w = { r, 0, { INT64_MIN, INT64_MIN } };

	while (t <= RRULE_LAST_WALL + TZ_OFFSET_MAX) {
		struct tz_span s = tz_span_at(r->zone, t, hint);
		int64_t at = t, quiet = INT64_MAX, phase = phase_of(r, &s);

		if (phase == w.none[0] || phase == w.none[1])
			at = s.until;
		else if (in_span(&w, &s, &at, &quiet))
			return at + s.offset <= RRULE_LAST_WALL ? at : RRULE_NEVER;
		t = at;
		if (quiet != INT64_MAX)
			t = quiet < s.until - TWO_DAYS ? at - TWO_DAYS : s.until;
		if (t < s.until)
			t = s.until;
	}
	return RRULE_NEVER;
}

/* ---- BYSETPOS ---- */

/* The instants of one period, and those of them before some u. */
struct members {
	unsigned n, before;
};

static struct members members_of(const struct rrule *r, int64_t begin, int64_t u,
				 struct tz_hint *hint)
{
	struct members m = { 0, 0 };
	int64_t behind = begin + r->steps.width;

	for (int64_t t = begin; (t = match_next(r, t, hint)) < behind; t++) {
		m.n++;
		m.before += t < u;
	}
	return m;
}

static int64_t member(const struct rrule *r, int64_t begin, unsigned n, struct tz_hint *hint)
{
	int64_t t = match_next(r, begin, hint);

	while (n-- > 0)
		t = match_next(r, t + 1, hint);
	return t;
}

/* Is the period one whole hour or minute of the clock? Then, as one of its instants matches, all
 * times that are chosen in it do. */
static bool is_plain(const struct rrule *r, int64_t begin, struct tz_hint *hint)
{
	struct tz_span s = tz_span_at(r->zone, begin, hint);

	return begin + r->steps.width <= s.until && (begin + s.offset) % r->steps.width == 0;
}

static struct members members_of_plain(const struct rrule *r, int64_t begin, int64_t u)
{
	unsigned n = r->steps.width == 3600 ? r->times.in_hour
		   : r->steps.width == 60   ? r->times.in_minute
					    : 1;
	struct members m = { n, 0 };
	unsigned first = rrule_time_nth(&r->times, 0),
		 hour = first - first % (unsigned)r->steps.width;

	if (u > begin)
		m.before = rrule_times_before(&r->times, hour + (unsigned)(u - begin));
	return m;
}

/* t: the first match from u on, whatever its position. */
static int64_t by_position(const struct rrule *r, int64_t t, int64_t u, struct tz_hint *hint)
{
	while (t != RRULE_NEVER) {
		int64_t begin = t - into_period(r, t);
		bool plain = is_plain(r, begin, hint);
		struct members m = plain ? members_of_plain(r, begin, u)
					 : members_of(r, begin, u, hint);
		unsigned i = rrule_position(r, m.n, m.before);

		if (i < m.n && plain)
			return begin + rrule_time_nth(&r->times, i) % r->steps.width;
		if (i < m.n)
			return member(r, begin, i, hint);
		t = match_next(r, begin + r->steps.width, hint);
	}
	return RRULE_NEVER;
}

int64_t rrule_elapsed_next(const struct rrule *r, int64_t u, struct tz_hint *hint)
{
	if (u < r->start)
		u = r->start;
	int64_t t = match_next(r, u, hint);

	if (r->parts.by_setpos.n)
		t = by_position(r, t, u, hint);
	return t <= r->last ? t : RRULE_NEVER;
}
