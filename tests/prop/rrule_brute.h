/* Recurrence rules by brute force, for p_rrule.c: walks day by day (R1) or through periods of
 * elapsed time second by second (R2), asks of each whether it belongs by definitions as plain as
 * can be, and then reads wall times in the zone. RFC 5545's table of what expands and what limits
 * comes down to one sentence: of a period's days (of its seconds) those belong that every part
 * accepts; BYSETPOS chooses among them. Shares nothing with src/when/rrule*.c. */
#ifndef PROP_RRULE_BRUTE_H
#define PROP_RRULE_BRUTE_H

#include "when/civil.h"
#include "when/rrule.h"

#include <stdlib.h>

enum { LIST_MAX = 64, DAYS_MAX = 12, DATES_MAX = 8, OCCURRENCES_MAX = 30000, POOL_MAX = 90000 };

/* ---- a rule ---- */

struct list {
	int v[LIST_MAX];
	unsigned n;
};

struct date {
	int64_t at; /* the wall clock */
	bool is_day, is_utc;
};

struct rule {
	enum rrule_freq freq;
	int interval, count; /* count 0: none */
	int wkst;            /* 0 = Sunday */
	int64_t dtstart;     /* the wall clock */
	bool has_until;
	struct date until;
	struct list month, weekno, yearday, monthday, hour, minute, second, setpos;
	struct {
		int weekday, nth;
	} day[DAYS_MAX];
	unsigned days;
	struct date ex[DATES_MAX], add[DATES_MAX];
	unsigned exes, adds;
};

static bool has(const struct list *l, int v)
{
	for (unsigned i = 0; i < l->n; i++)
		if (l->v[i] == v)
			return true;
	return false;
}

static bool admits(const struct list *l, int v)
{
	return l->n == 0 || has(l, v);
}

/* n counted from the front and, negative, from the back of `length`. */
static bool admits_signed(const struct list *l, int n, int length)
{
	return l->n == 0 || has(l, n) || has(l, n - length - 1);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int32_t day_of(int64_t wall)
{
	return (int32_t)floor_div(wall, CIVIL_DAY_SECONDS);
}

static int second_of(int64_t wall)
{
	return (int)(wall - (int64_t)day_of(wall) * CIVIL_DAY_SECONDS);
}

static void fill_one(struct list *l, int v)
{
	if (l->n == 0)
		l->v[l->n++] = v;
}

/* RFC 5545: what is needed and missing is DTSTART's. */
static void fill_days(struct rule *r)
{
	struct civil c = civil_from_days(day_of(r->dtstart));
	bool has_day = r->days > 0 || r->monthday.n > 0 || r->yearday.n > 0;

	if (has_day || r->freq >= RRULE_DAILY)
		return;
	if (r->freq == RRULE_WEEKLY || r->weekno.n > 0) {
		r->day[r->days++].weekday = (int)civil_weekday(day_of(r->dtstart));
		return;
	}
	if (r->freq == RRULE_YEARLY)
		fill_one(&r->month, (int)c.month);
	r->monthday.v[r->monthday.n++] = (int)c.day;
}

/* Of R2: does a part say where in its periods the times lie? Else they are DTSTART's whole steps. */
static bool has_finer(const struct rule *r)
{
	return (r->minute.n > 0 && r->freq < RRULE_MINUTELY)
	    || (r->second.n > 0 && r->freq < RRULE_SECONDLY);
}

static struct rule filled(const struct rule *r)
{
	struct rule f = *r;
	int s = second_of(r->dtstart);

	fill_days(&f);
	if (f.freq < RRULE_HOURLY)
		fill_one(&f.hour, s / 3600);
	if (f.freq < RRULE_HOURLY || (f.freq == RRULE_HOURLY && has_finer(r)))
		fill_one(&f.minute, s / 60 % 60);
	if (f.freq < RRULE_HOURLY || has_finer(r))
		fill_one(&f.second, s % 60);
	return f;
}

/* ---- which days, by definition ---- */

/* The first day of week 1: the week that holds 4 January. */
static int32_t week_one(int year, int wkst)
{
	int32_t jan4 = civil_to_days((struct civil){ year, 1, 4 });

	return jan4 - ((int32_t)civil_weekday(jan4) - wkst + 7) % 7;
}

static bool week_matches(const struct rule *r, int32_t d)
{
	int32_t first = d - ((int32_t)civil_weekday(d) - r->wkst + 7) % 7;
	int year = civil_from_days(first + 3).year;
	int32_t one = week_one(year, r->wkst);

	return admits_signed(&r->weekno, (first - one) / 7 + 1,
			     (week_one(year + 1, r->wkst) - one) / 7);
}

/* "2MO", "-1FR": counted in the month, in a yearly rule without BYMONTH in the year. */
static bool weekday_matches(const struct rule *r, int32_t d, struct civil c)
{
	bool in_year = r->freq == RRULE_YEARLY && r->month.n == 0;
	int length = in_year ? 365 + civil_is_leap(c.year) : (int)civil_month_days(c.year, c.month);
	int n = in_year ? d - civil_to_days((struct civil){ c.year, 1, 1 }) : (int)c.day - 1;

	for (unsigned i = 0; i < r->days; i++) {
		int nth = r->day[i].nth;

		if (r->day[i].weekday == (int)civil_weekday(d)
		    && (nth == 0 || nth == n / 7 + 1 || nth == -((length - 1 - n) / 7 + 1)))
			return true;
	}
	return r->days == 0;
}

static bool day_matches(const struct rule *r, int32_t d)
{
	struct civil c = civil_from_days(d);

	return admits(&r->month, (int)c.month)
	    && admits_signed(&r->monthday, (int)c.day, (int)civil_month_days(c.year, c.month))
	    && weekday_matches(r, d, c)
	    && admits_signed(&r->yearday, d - civil_to_days((struct civil){ c.year, 1, 1 }) + 1,
			     365 + civil_is_leap(c.year))
	    && (r->weekno.n == 0 || week_matches(r, d));
}

/* Periods from any origin, so that differences count. */
static int32_t period_of(const struct rule *r, int32_t d)
{
	struct civil c = civil_from_days(d);

	switch (r->freq) {
	case RRULE_YEARLY:
		return c.year;
	case RRULE_MONTHLY:
		return c.year * 12 + (int)c.month;
	case RRULE_WEEKLY: /* day 0 is a Thursday; so is the week that begins on day -4 + wkst */
		return (int32_t)floor_div(d + 4 - r->wkst, 7);
	default:
		return d;
	}
}

/* ---- the walk ---- */

struct occurrence {
	int64_t at;
	unsigned touches; /* bit per enum dst_touch: a shifted one may meet another */
};

struct walk {
	struct rule rule; /* filled */
	const struct tz *z;
	struct dst_policy dst;
	int64_t until, begin; /* instants; begin: occurrences before it are none of the window's */
	int64_t end;          /* of what was walked: nothing earlier than this is missing */
	int64_t last;         /* greatest that COUNT took in */
	int counted;
	bool is_over; /* COUNT was reached, or the room */
	unsigned n, pool_n;
	struct occurrence found[OCCURRENCES_MAX];
	int64_t pool[POOL_MAX]; /* a period's candidates, for BYSETPOS */
};

static void push(struct walk *w, int64_t at, enum dst_touch touch)
{
	if (at > w->last)
		w->last = at;
	if (at > w->until || at < w->begin)
		return;
	w->found[w->n++] = (struct occurrence){ at, 1u << touch };
	w->is_over = w->is_over || w->n + 2 >= OCCURRENCES_MAX;
}

static enum dst_touch pass_of(const struct tz *z, int64_t at)
{
	struct tz_local l = tz_from_local(z, at + tz_offset(z, at, NULL));

	if (l.kind != TZ_FOLD)
		return DST_NONE;
	return at == l.first ? DST_FIRST : DST_SECOND;
}

/* A gap shifts whatever its length, but one of a day is not made up for at its end (D4). */
static void push_gap(struct walk *w, const struct tz_local *l)
{
	if (w->dst.gap == DST_GAP_SKIP)
		return;
	if (w->dst.gap != DST_GAP_FIRE)
		push(w, l->first, DST_GAP);
	else if (l->first - l->second <= CRON_BIG_GAP)
		push(w, l->at, DST_GAP);
}

/* A1, or what the schedule's policy says. */
static void push_wall(struct walk *w, int64_t wall)
{
	struct tz_local l = tz_from_local(w->z, wall);
	enum dst_overlap o = w->dst.overlap;

	if (l.kind == TZ_UNIQUE)
		push(w, l.first, DST_NONE);
	if (l.kind == TZ_GAP)
		push_gap(w, &l);
	if (l.kind == TZ_FOLD && o != DST_OVERLAP_SECOND)
		push(w, l.first, DST_FIRST);
	if (l.kind == TZ_FOLD && (o == DST_OVERLAP_SECOND || o == DST_OVERLAP_BOTH))
		push(w, l.second, DST_SECOND);
}

/* One time that the rule names: a wall time (R1) or an instant (R2). */
static void take(struct walk *w, int64_t t, int64_t since)
{
	if (t < since || w->is_over)
		return;
	if (w->rule.freq < RRULE_HOURLY)
		push_wall(w, t);
	else
		push(w, t, pass_of(w->z, t));
	w->counted++;
	w->is_over = w->is_over || w->counted == w->rule.count;
}

/* The end of a period. The pool ascends. */
static void flush(struct walk *w, int64_t since)
{
	for (unsigned i = 0; i < w->pool_n; i++)
		if (admits_signed(&w->rule.setpos, (int)i + 1, (int)w->pool_n))
			take(w, w->pool[i], since);
	w->pool_n = 0;
}

static void pool_day(struct walk *w, int32_t d)
{
	const struct rule *r = &w->rule;

	for (int s = 0; s < CIVIL_DAY_SECONDS; s++) {
		if (s % 3600 == 0 && !has(&r->hour, s / 3600))
			s += 3599;
		else if (s % 60 == 0 && !has(&r->minute, s / 60 % 60))
			s += 59;
		else if (has(&r->second, s % 60) && w->pool_n < POOL_MAX)
			w->pool[w->pool_n++] = (int64_t)d * CIVIL_DAY_SECONDS + s;
	}
}

/* R1: every day of [from, until); until begins a period, or is the end of time. */
static void walk_days(struct walk *w, int32_t from, int32_t until)
{
	const struct rule *r = &w->rule;
	int32_t zero = period_of(r, day_of(r->dtstart)), period = period_of(r, from);

	for (int32_t d = from; d < until && !w->is_over; d++) {
		int32_t now = period_of(r, d);

		if (now != period)
			flush(w, r->dtstart);
		period = now;
		if (now >= zero && (now - zero) % r->interval == 0 && day_matches(r, d))
			pool_day(w, d);
	}
	flush(w, r->dtstart);
}

/* The instants of a period whose local time every part accepts. Offsets are whole minutes: with
 * one second to look for, the others need not be asked. */
static void pool_period(struct walk *w, int64_t from, int64_t length)
{
	const struct rule *r = &w->rule;
	struct tz_hint hint = { 0 };

	for (int64_t u = from; u < from + length; u++) {
		int64_t wall = u + tz_offset(w->z, u, &hint);
		int s = second_of(wall);

		if (!admits(&r->second, s % 60))
			continue;
		if (admits(&r->minute, s / 60 % 60) && admits(&r->hour, s / 3600)
		    && day_matches(r, day_of(wall)))
			w->pool[w->pool_n++] = u;
		u += r->second.n == 1 ? 59 : 0;
	}
}

/* R2: every period of elapsed time that begins in [from, until). Without a finer part a period is
 * nothing but the instant that lies whole steps after DTSTART. */
static void walk_periods(struct walk *w, int64_t from, int64_t until)
{
	static const int64_t lengths[] = { 3600, 60, 1 };
	const struct rule *r = &w->rule;
	int64_t length = lengths[r->freq - RRULE_HOURLY], step = length * r->interval;
	int64_t start = tz_from_local(w->z, r->dtstart).first, zero = start, t;

	if (has_finer(r))
		zero = start - second_of(r->dtstart) % length;
	else
		length = 1;
	t = from <= zero ? zero : zero + floor_div(from - zero, step) * step;
	for (; t < until && !w->is_over; t += step) {
		pool_period(w, t, length);
		flush(w, start);
	}
	w->end = t;
}

/* ---- dates added and taken away ---- */

static int64_t instant_of(const struct walk *w, struct date d)
{
	return d.is_utc ? d.at : tz_from_local(w->z, d.at).first;
}

static bool is_excluded(const struct walk *w, int64_t at)
{
	int32_t day = day_of(at + tz_offset(w->z, at, NULL));

	for (unsigned i = 0; i < w->rule.exes; i++) {
		struct date d = w->rule.ex[i];

		if (d.is_day ? day_of(d.at) == day : instant_of(w, d) == at)
			return true;
	}
	return false;
}

static int by_instant(const void *a, const void *b)
{
	const struct occurrence *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* Ascending, once each, without what is excluded. */
static void settle(struct walk *w)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->rule.adds; i++) {
		struct date d = w->rule.add[i];
		int64_t at;

		if (d.is_day)
			d.at += second_of(w->rule.dtstart);
		at = instant_of(w, d);
		if (at >= w->begin)
			w->found[w->n++] = (struct occurrence){
				at,
				1u << pass_of(w->z, at)
					| (unsigned)(!d.is_utc
						     && tz_from_local(w->z, d.at).kind == TZ_GAP)
						  << DST_GAP
			};
	}
	qsort(w->found, w->n, sizeof w->found[0], by_instant);
	for (unsigned i = 0; i < w->n; i++) {
		if (is_excluded(w, w->found[i].at))
			continue;
		if (n > 0 && w->found[n - 1].at == w->found[i].at)
			w->found[n - 1].touches |= w->found[i].touches;
		else
			w->found[n++] = w->found[i];
	}
	w->n = n;
}

static int64_t until_of(const struct walk *w, const struct rule *r)
{
	int64_t midnight = ((int64_t)day_of(r->until.at) + 1) * CIVIL_DAY_SECONDS;

	if (!r->has_until)
		return INT64_MAX;
	return r->until.is_day ? tz_from_local(w->z, midnight).first - 1 : instant_of(w, r->until);
}

/* All of a rule from wall time `from` on (from DTSTART if it has a COUNT), for `span` seconds. */
static void expand(struct walk *w, const struct rule *r, int64_t from, int64_t span)
{
	int32_t last;

	w->rule = filled(r);
	w->until = until_of(w, r);
	w->n = w->pool_n = 0;
	w->counted = 0;
	w->is_over = false;
	w->last = INT64_MIN;
	if (r->count > 0 || from < r->dtstart)
		from = r->dtstart;
	w->begin = r->count > 0 || from == r->dtstart ? INT64_MIN : from + 2 * CIVIL_DAY_SECONDS;
	if (r->freq < RRULE_HOURLY) { /* whole years, so that every period but a week is whole */
		struct civil c = civil_from_days(day_of(from) - 7);

		last = civil_to_days(
			(struct civil){ civil_from_days(day_of(from + span)).year + 1, 1, 1 });
		walk_days(w, civil_to_days((struct civil){ c.year, 1, 1 }) - 7, last);
		w->end = ((int64_t)last - 9) * CIVIL_DAY_SECONDS;
	} else {
		walk_periods(w, from - 2 * CIVIL_DAY_SECONDS, from + span);
		w->end -= 2;
	}
	if (w->is_over && w->counted == r->count)
		w->end = INT64_MAX;
	else if (w->is_over && w->n > 0)
		w->end = w->found[w->n - 1].at - 2 * CIVIL_DAY_SECONDS;
	settle(w);
}

#endif
