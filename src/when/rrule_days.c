/* Which days of a rule match. One month is a 32-bit mask in which all BYxxx parts of days meet: as
 * they name sets of days, the RFC's "expand" and "limit" are both intersections here. Periods that
 * do not count (INTERVAL) are passed over by division. */
#include "rrule_int.h"

#define WEEKS_OF_MONTH 0x10204081u /* a bit every 7 days */

struct month {
	struct civil c;
	int32_t first;
	unsigned length, weekday; /* of the 1st */
};

static struct month month_at(int32_t day)
{
	struct civil c = civil_from_days(day);
	int32_t first = day - (int32_t)c.day + 1;

	return (struct month){ c, first, civil_month_days(c.year, c.month), civil_weekday(first) };
}

/* ---- the parts ---- */

/* "The nth Friday", of the month or of the year. */
static uint32_t nth_days(const struct rrule *r, const struct month *m)
{
	bool is_leap = civil_is_leap(m->c.year);
	unsigned before = 0; /* days of the year before this month */
	unsigned span = m->length;
	uint32_t days = 0;

	if (r->is_nth_of_year) {
		before = (unsigned)(m->first - civil_to_days((struct civil){ m->c.year, 1, 1 }));
		span = is_leap ? 366 : 365;
	}
	for (unsigned weekday = 0; weekday < 7; weekday++) {
		uint64_t from_start = r->nths->from_start[weekday];
		uint64_t from_end = r->nths->from_end[weekday];
		unsigned day = 1 + (weekday + 7 - m->weekday) % 7;
		unsigned nth = (before + day - 1) / 7 + 1;
		unsigned count = (span - 1 - (before + day - 1) % 7) / 7 + 1;

		if (!(from_start | from_end))
			continue;
		for (; day <= m->length; day += 7, nth++)
			if ((from_start >> nth | from_end >> (count - nth + 1)) & 1)
				days |= 1u << day;
	}
	return days;
}

static uint32_t weekday_days(const struct rrule *r, const struct month *m)
{
	uint32_t week = (r->weekdays >> m->weekday | r->weekdays << (7 - m->weekday)) & 0x7f;
	uint32_t days = (uint32_t)((uint64_t)week * WEEKS_OF_MONTH << 1);

	return r->nths ? days | nth_days(r, m) : days;
}

static uint32_t yearday_days(const struct rrule *r, const struct month *m)
{
	const uint64_t *year = r->yearday[civil_is_leap(m->c.year)];
	unsigned from = (unsigned)(m->first - civil_to_days((struct civil){ m->c.year, 1, 1 }));
	uint64_t low = year[from / 64] >> from % 64;
	uint64_t high = from % 64 ? year[from / 64 + 1] << (64 - from % 64) : 0;

	return (uint32_t)((low | high) << 1);
}

/* The first day of week 1: the week of 4 January. */
static int32_t first_week(const struct rrule *r, int year)
{
	int32_t day = civil_to_days((struct civil){ year, 1, 4 });

	return day - (int32_t)((civil_weekday(day) + 7 - (unsigned)r->parts.wkst) % 7);
}

/* The days of December that belong to the next year's week 1, and those of January in the last
 * one's last week, match by the number of their week and stay in the calendar's year. */
static uint32_t weekno_days(const struct rrule *r, const struct month *m)
{
	int year = m->c.year;
	int32_t week = m->first - (int32_t)((m->weekday + 7 - (unsigned)r->parts.wkst) % 7);
	uint32_t days = 0;

	if (week < first_week(r, year))
		year--;
	int32_t one = first_week(r, year), end = first_week(r, year + 1);

	for (; week < m->first + (int32_t)m->length; week += 7) {
		if (week >= end) {
			one = end;
			end = first_week(r, ++year + 1);
		}
		unsigned number = (unsigned)(week - one) / 7 + 1;
		unsigned back = (unsigned)(end - week) / 7;
		int32_t at = week - m->first + 1;

		if ((r->weekno >> number | r->weekno_back >> back) & 1)
			days |= at < 0 ? 0x7fu >> -at : 0x7fu << at;
	}
	return days;
}

/* Bits 1-31. */
static uint32_t month_days(const struct rrule *r, const struct month *m)
{
	uint32_t days = (2u << m->length) - 2;

	if (!(r->months >> m->c.month & 1))
		return 0;
	if (r->has_monthday)
		days &= r->monthday | r->monthday_back >> (31 - m->length);
	if (r->has_weekday)
		days &= weekday_days(r, m);
	if (r->yearday)
		days &= yearday_days(r, m);
	if (r->weekno | r->weekno_back)
		days &= weekno_days(r, m);
	return days;
}

/* ---- periods ---- */

/* How far it is from `number` up to one that counts. */
static int32_t to_next(const struct rrule *r, int32_t number)
{
	int32_t over = number % (int32_t)r->parts.interval;

	return over ? (int32_t)r->parts.interval - over : 0;
}

/* The first day at or after `day` that lies in a period that counts. */
static int32_t day_that_counts(const struct rrule *r, int32_t day)
{
	struct civil c;
	int32_t ahead;

	if (r->parts.interval == 1)
		return day;
	switch (r->parts.freq) {
	case RRULE_DAILY:
		return day + to_next(r, day - r->day0);
	case RRULE_WEEKLY:
		ahead = to_next(r, (day - r->week0) / 7);
		return ahead ? r->week0 + ((day - r->week0) / 7 + ahead) * 7 : day;
	case RRULE_MONTHLY:
		c = civil_from_days(day);
		ahead = c.year * 12 + (int32_t)c.month - 1;
		ahead += to_next(r, ahead - r->month0);
		if (ahead == c.year * 12 + (int32_t)c.month - 1)
			return day;
		return civil_to_days((struct civil){ ahead / 12, (unsigned)(ahead % 12) + 1, 1 });
	case RRULE_YEARLY:
		c = civil_from_days(day);
		ahead = to_next(r, c.year - r->year0);
		return ahead ? civil_to_days((struct civil){ c.year + ahead, 1, 1 }) : day;
	default:
		return day; /* R2 counts its periods by itself */
	}
}

/* The days that count from `from` to the end of its month, if `from` counts. */
static uint32_t days_that_count(const struct rrule *r, unsigned from, const struct month *m)
{
	unsigned interval = r->parts.interval;
	uint32_t days = 0;

	if (interval == 1 || (r->parts.freq != RRULE_DAILY && r->parts.freq != RRULE_WEEKLY))
		return UINT32_MAX << from;
	if (r->parts.freq == RRULE_DAILY) {
		for (; from <= m->length; from += interval)
			days |= 1u << from;
		return days;
	}
	unsigned gone = (unsigned)(m->first + (int32_t)from - 1 - r->week0) % 7;

	days = (0x7fu >> gone) << from;
	for (from += 7 * interval - gone; from <= m->length; from += 7 * interval)
		days |= 0x7fu << from;
	return days;
}

/* The first day of the next month that BYMONTH names. */
static int32_t later_month(const struct rrule *r, struct civil c)
{
	uint32_t months = r->months >> c.month >> 1;

	if (months)
		return civil_to_days(
			(struct civil){ c.year, c.month + 1 + (unsigned)__builtin_ctz(months), 1 });
	return civil_to_days((struct civil){ c.year + 1, (unsigned)__builtin_ctz(r->months), 1 });
}

int32_t rrule_day_next(const struct rrule *r, int32_t day)
{
	while ((day = day_that_counts(r, day)) <= RRULE_LAST_DAY) {
		struct month m = month_at(day);
		uint32_t days = month_days(r, &m);

		if (days)
			days &= days_that_count(r, m.c.day, &m);
		if (days)
			return m.first - 1 + __builtin_ctz(days);
		day = later_month(r, m.c);
	}
	return RRULE_NO_DAY;
}

/* ---- whole periods, for BYSETPOS ---- */

static void period_bounds(const struct rrule *r, int32_t day, struct rrule_period *p)
{
	struct civil c = civil_from_days(day);

	p->first = day;
	p->behind = day + 1;
	switch (r->parts.freq) {
	case RRULE_WEEKLY:
		p->first = day - (day - r->week0) % 7;
		p->behind = p->first + 7;
		break;
	case RRULE_MONTHLY:
		p->first = day - (int32_t)c.day + 1;
		p->behind = p->first + (int32_t)civil_month_days(c.year, c.month);
		break;
	case RRULE_YEARLY:
		p->first = civil_to_days((struct civil){ c.year, 1, 1 });
		p->behind = p->first + (civil_is_leap(c.year) ? 366 : 365);
		break;
	default:
		break;
	}
}

void rrule_period_at(const struct rrule *r, int32_t day, struct rrule_period *out_period)
{
	struct rrule_period p = { 0 };

	period_bounds(r, day, &p);
	for (day = p.first; day < p.behind;) {
		struct month m = month_at(day);
		uint64_t days = month_days(r, &m) >> m.c.day; /* bit 0 is `day` */
		unsigned at = (unsigned)(day - p.first);
		int32_t left = p.behind - day;

		if (left < 32)
			days &= ((uint64_t)1 << left) - 1;
		p.days[at / 64] |= days << at % 64;
		if (at % 64 > 32)
			p.days[at / 64 + 1] |= days >> (64 - at % 64);
		day = later_month(r, m.c);
	}
	*out_period = p;
}
