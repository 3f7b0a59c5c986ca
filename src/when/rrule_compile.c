/* From a rule as written to masks and numbers for the search: lists become bits, and what is not
 * said is taken from DTSTART. */
#include "rrule_int.h"

enum { DAY_SECONDS = CIVIL_DAY_SECONDS, ALL_MONTHS = 0x1ffe, ALL_HOURS = 0xffffff };
#define ALL_OF_60 (((uint64_t)1 << 60) - 1)

/* DTSTART apart. */
struct begin {
	int32_t day;
	struct civil date;
	unsigned hour, minute, second;
};

static uint64_t bits(const struct rrule_list *list)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < list->n; i++)
		if (list->v[i] >= 0)
			mask |= (uint64_t)1 << list->v[i];
	return mask;
}

/* Of the negative ones: bit n for -n. */
static uint64_t bits_back(const struct rrule_list *list)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < list->n; i++)
		if (list->v[i] < 0)
			mask |= (uint64_t)1 << -list->v[i];
	return mask;
}

/* ---- days ---- */

static void monthdays(struct rrule *r)
{
	const struct rrule_list *list = &r->parts.by_monthday;

	r->has_monthday = list->n > 0;
	r->monthday = (uint32_t)bits(list);
	for (uint64_t left = bits_back(list); left; left &= left - 1)
		r->monthday_back |= 1u << (32 - __builtin_ctzll(left));
}

static void weekdays(struct rrule *r, struct arena *arena)
{
	struct rrule_nths *nths = NULL;

	r->has_weekday = r->parts.by_day_n > 0;
	r->is_nth_of_year = r->parts.freq == RRULE_YEARLY && r->parts.by_month.n == 0;
	for (unsigned i = 0; i < r->parts.by_day_n; i++) {
		const struct rrule_day *d = &r->parts.by_day[i];

		if (d->nth != 0 && !nths)
			nths = arena_make(arena, struct rrule_nths);
		if (d->nth == 0)
			r->weekdays |= 1u << d->weekday;
		else if (d->nth > 0)
			nths->from_start[d->weekday] |= (uint64_t)1 << d->nth;
		else
			nths->from_end[d->weekday] |= (uint64_t)1 << -d->nth;
	}
	r->nths = nths;
}

static void yeardays(struct rrule *r, struct arena *arena)
{
	const struct rrule_list *list = &r->parts.by_yearday;
	uint64_t(*years)[RRULE_YEAR_WORDS];

	if (list->n == 0)
		return;
	years = arena_alloc(arena, 2 * sizeof years[0]);
	for (int is_leap = 0; is_leap < 2; is_leap++)
		for (unsigned i = 0; i < list->n; i++) {
			int length = 365 + is_leap;
			int day = list->v[i] > 0 ? list->v[i] - 1 : length + list->v[i];

			if (day >= 0 && day < length)
				years[is_leap][day / 64] |= (uint64_t)1 << day % 64;
		}
	r->yearday = (const uint64_t(*)[RRULE_YEAR_WORDS])years;
}

static void weekday_from_dtstart(struct rrule *r, const struct begin *d)
{
	r->has_weekday = true;
	r->weekdays = 1u << civil_weekday(d->day);
}

static void monthday_from_dtstart(struct rrule *r, const struct begin *d)
{
	r->has_monthday = true;
	r->monthday = 1u << d->date.day;
}

/* What is needed to know the days, and missing. */
static void days_from_dtstart(struct rrule *r, const struct begin *d)
{
	const struct rrule_parts *p = &r->parts;

	if (p->by_day_n + p->by_monthday.n + p->by_yearday.n > 0)
		return;
	switch (p->freq) {
	case RRULE_YEARLY:
		if (p->by_weekno.n > 0) {
			weekday_from_dtstart(r, d);
			break;
		}
		if (p->by_month.n == 0)
			r->months = 1u << d->date.month;
		monthday_from_dtstart(r, d);
		break;
	case RRULE_MONTHLY:
		monthday_from_dtstart(r, d);
		break;
	case RRULE_WEEKLY:
		weekday_from_dtstart(r, d);
		break;
	default:
		break;
	}
}

/* ---- times ---- */

/* A field's mask: what is given, else DTSTART's value, or all in a part that only filters. */
static uint64_t field(const struct rrule_list *list, bool is_all, uint64_t all, unsigned begin)
{
	if (list->n)
		return bits(list) & all;
	return is_all ? all : (uint64_t)1 << begin;
}

/* Is a field coarser than FREQ's period, or left to the steps of R2? */
static void times(struct rrule *r, const struct begin *d)
{
	const struct rrule_parts *p = &r->parts;
	bool is_exact = r->steps.width == 1;
	struct rrule_times *t = &r->times;

	t->chosen.hour = (uint32_t)field(&p->by_hour, r->is_elapsed, ALL_HOURS, d->hour);
	t->chosen.minute = field(&p->by_minute, p->freq >= RRULE_MINUTELY || is_exact, ALL_OF_60,
				 d->minute);
	t->chosen.second = field(&p->by_second, is_exact, ALL_OF_60, d->second);
	t->in_minute = (uint32_t)__builtin_popcountll(t->chosen.second);
	t->in_hour = t->in_minute * (uint32_t)__builtin_popcountll(t->chosen.minute);
	t->in_day = t->in_hour * (uint32_t)__builtin_popcount(t->chosen.hour);
}

static int32_t common_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return (int32_t)a;
}

/* x with x * a % m == 1, by the extended Euclidean algorithm; 0 for m == 1. */
static int32_t inverse_of(int64_t a, int64_t m)
{
	int64_t r0 = m, r1 = a % m, x0 = 0, x1 = 1;

	while (r1 > 0) {
		int64_t q = r0 / r1, r2 = r0 - q * r1, x2 = x0 - q * x1;

		r0 = r1;
		r1 = r2;
		x0 = x1;
		x1 = x2;
	}
	return (int32_t)((x0 % m + m) % m);
}

static void steps(struct rrule *r, const struct begin *d)
{
	static const int32_t units[] = { 3600, 60, 1 }; /* from HOURLY on */
	const struct rrule_parts *p = &r->parts;
	struct rrule_steps *s = &r->steps;

	if (p->freq < RRULE_HOURLY)
		return;
	int32_t unit = units[p->freq - RRULE_HOURLY];
	bool is_wide = (p->freq == RRULE_HOURLY && (p->by_minute.n || p->by_second.n))
		    || (p->freq == RRULE_MINUTELY && p->by_second.n);
	int32_t into = p->freq == RRULE_HOURLY ? (int32_t)(d->minute * 60 + d->second)
					       : (int32_t)d->second;

	r->is_elapsed = true;
	s->step = (int64_t)unit * p->interval;
	s->width = is_wide ? unit : 1;
	s->origin = is_wide ? r->start - into : r->start;
	s->round = r->has_weekday ? 7 * DAY_SECONDS : DAY_SECONDS;
	s->common = common_divisor(s->step, s->round);
	s->cycle = s->round / s->common;
	s->inverse = inverse_of(s->step / s->common, s->cycle);
	s->in_minute = common_divisor(s->step, 60);
}

/* ---- all ---- */

void rrule_compile(struct rrule_build *b)
{
	struct rrule *r = b->r;
	struct rrule_parts *p = &r->parts;
	int32_t day = (int32_t)rrule_floor_day(p->dtstart);
	unsigned time = (unsigned)(p->dtstart - (int64_t)day * DAY_SECONDS);
	struct begin d = { day, civil_from_days(day), time / 3600, time / 60 % 60, time % 60 };
	int back = (int)civil_weekday(day) - p->wkst;

	r->months = p->by_month.n ? (uint32_t)bits(&p->by_month) : ALL_MONTHS;
	monthdays(r);
	weekdays(r, b->ask->arena);
	yeardays(r, b->ask->arena);
	r->weekno = bits(&p->by_weekno);
	r->weekno_back = bits_back(&p->by_weekno);
	days_from_dtstart(r, &d);

	r->day0 = day;
	r->week0 = day - (back + 7) % 7;
	r->month0 = d.date.year * 12 + (int32_t)d.date.month - 1;
	r->year0 = d.date.year;

	r->start = tz_from_local(r->zone, p->dtstart).first;
	steps(r, &d);
	times(r, &d);
}
