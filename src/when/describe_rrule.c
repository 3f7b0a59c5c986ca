/* Recurrence rules in the voice of cron: "At 09:00 AM, every 2 weeks on Monday and Friday". Every
 * part of a rule is said: what it repeats by, which days, what is left out of them, and for how
 * long. What the rule leaves to DTSTART is said as if it were written. */
#include "describe_int.h"

#include "when/civil.h"

enum { TIMES_MAX = 12 }; /* times of day that are said one by one */

static const struct freq_words {
	const char *one, *many, *place; /* place: where BYSETPOS counts */
} freqs[] = {
	[RRULE_YEARLY] = { "every year", "years", "year" },
	[RRULE_MONTHLY] = { "every month", "months", "month" },
	[RRULE_WEEKLY] = { "every week", "weeks", "week" },
	[RRULE_DAILY] = { "every day", "days", "day" },
	[RRULE_HOURLY] = { "every hour", "hours", "hour" },
	[RRULE_MINUTELY] = { "every minute", "minutes", "minute" },
	[RRULE_SECONDLY] = { "every second", "seconds", "second" },
};

struct say {
	const struct rrule_parts *p;
	struct strbuf *out;
	struct civil start;
	unsigned hour, minute, second, weekday;                         /* of DTSTART */
	bool has_yearday, has_weekno, has_monthday, has_day, has_month; /* still to be said */
};

/* ---- days ---- */

static void say_monthdays(struct strbuf *out, struct rrule_list days)
{
	strbuf_adds(out, "on ");
	say_list(out, days.v, days.n, &(struct say_list){ "day ", " day", word_number });
	strbuf_adds(out, " of the month");
}

static void say_yeardays(struct strbuf *out, struct rrule_list days)
{
	strbuf_adds(out, "on ");
	say_list(out, days.v, days.n, &(struct say_list){ "day ", " day", word_number });
	strbuf_adds(out, " of the year");
}

static void say_weeks(struct strbuf *out, struct rrule_list weeks)
{
	strbuf_adds(out, "in ");
	say_list(out, weeks.v, weeks.n, &(struct say_list){ "week ", " week", word_number });
	strbuf_adds(out, " of the year");
}

/* "Monday and Friday"; DTSTART's day if none is written. Returns how many without a number. */
static unsigned say_weekdays_plain(const struct say *s, const char *head)
{
	int16_t day[7];
	unsigned n = 0;

	for (int16_t d = 0; d < 7; d++)
		for (unsigned i = 0; i < s->p->by_day_n; i++)
			if (s->p->by_day[i].nth == 0 && s->p->by_day[i].weekday == d) {
				day[n++] = d;
				break;
			}
	if (s->p->by_day_n == 0)
		day[n++] = (int16_t)s->weekday;
	if (n == 0)
		return 0;
	strbuf_adds(s->out, head);
	say_list(s->out, day, n, &(struct say_list){ "", NULL, word_weekday });
	return n;
}

/* Those that count from the start, or those that count from the end, as items from `i` of n. */
static unsigned say_nth_half(const struct say *s, bool is_back, unsigned i, unsigned n)
{
	for (unsigned k = 0; k < s->p->by_day_n && i < SAY_LIST_MAX; k++) {
		const struct rrule_day *d = &s->p->by_day[k];

		if (d->nth == 0 || is_back != (d->nth < 0))
			continue;
		say_comma(s->out, i++, n);
		word_ordinal(s->out, d->nth);
		strbuf_addf(s->out, " %s", say_weekdays[d->weekday]);
	}
	return i;
}

/* "on the first Monday and last Friday of the month" */
static void say_nth_days(const struct say *s, const char *place)
{
	unsigned n = 0;

	for (unsigned k = 0; k < s->p->by_day_n; k++)
		n += s->p->by_day[k].nth != 0;
	unsigned items = n > SAY_LIST_MAX ? SAY_LIST_MAX + 1 : n;

	strbuf_adds(s->out, "on the ");
	(void)say_nth_half(s, true, say_nth_half(s, false, 0, items), items);
	if (n > SAY_LIST_MAX)
		strbuf_addf(s->out, ", and %u more", n - SAY_LIST_MAX);
	strbuf_addf(s->out, " of the %s", place);
}

static void say_days(const struct say *s, const char *head)
{
	bool is_year = s->p->freq == RRULE_YEARLY && s->p->by_month.n == 0;
	unsigned plain = say_weekdays_plain(s, head);
	bool has_nth = false;

	for (unsigned i = 0; i < s->p->by_day_n; i++)
		has_nth = has_nth || s->p->by_day[i].nth != 0;
	if (!has_nth)
		return;
	strbuf_adds(s->out, plain > 0 ? " and " : "");
	say_nth_days(s, is_year ? "year" : "month");
}

/* ---- what a period is, and its days ---- */

/* "March 9 and 15": one month, days that count from its start. */
static void say_dates(const struct say *s, struct rrule_list days)
{
	int month = s->p->by_month.n == 1 ? s->p->by_month.v[0] : (int)s->start.month;

	strbuf_addf(s->out, "on %s ", say_months[month - 1]);
	say_numbers(s->out, days, word_number);
}

static void say_on_yearly(struct say *s)
{
	const struct rrule_parts *p = s->p;
	int16_t day = (int16_t)s->start.day;
	struct rrule_list days = s->has_monthday ? p->by_monthday : (struct rrule_list){ &day, 1 };
	bool is_date = p->by_month.n == 1 || (p->by_month.n == 0 && !s->has_monthday);

	if (s->has_yearday) {
		say_yeardays(s->out, p->by_yearday);
		s->has_yearday = false;
	} else if (s->has_weekno) {
		say_weeks(s->out, p->by_weekno);
		s->has_weekno = false;
		if (!s->has_monthday)
			(void)say_weekdays_plain(s, " on ");
		s->has_day = s->has_day && s->has_monthday;
	} else if (s->has_day && !s->has_monthday) {
		say_days(s, "on every ");
		s->has_day = false;
	} else if (is_date && days.v[0] > 0) {
		say_dates(s, days);
		s->has_month = s->has_monthday = false;
	} else {
		say_monthdays(s->out, days);
		s->has_monthday = false;
	}
}

static void say_on_monthly(struct say *s)
{
	int16_t day = (int16_t)s->start.day;
	struct rrule_list days = s->has_monthday ? s->p->by_monthday
						 : (struct rrule_list){ &day, 1 };

	if (s->has_day && !s->has_monthday) {
		say_days(s, "on every ");
		s->has_day = false;
		return;
	}
	say_monthdays(s->out, days);
	s->has_monthday = false;
}

static void say_freq(struct say *s)
{
	const struct rrule_parts *p = s->p;
	const struct freq_words *f = &freqs[p->freq];

	if (p->interval > 1)
		strbuf_addf(s->out, "every %u %s", p->interval, f->many);
	else if (p->freq != RRULE_MONTHLY)
		strbuf_adds(s->out, f->one);
	if (p->freq > RRULE_WEEKLY)
		return;
	strbuf_adds(s->out, p->interval > 1 || p->freq != RRULE_MONTHLY ? " " : "");
	if (p->freq == RRULE_YEARLY)
		say_on_yearly(s);
	else if (p->freq == RRULE_MONTHLY)
		say_on_monthly(s);
	else {
		(void)say_weekdays_plain(s, "on ");
		s->has_day = false;
	}
}

/* What is left narrows the days down. */
static void say_filters(struct say *s)
{
	const struct rrule_parts *p = s->p;

	if (s->has_yearday) {
		strbuf_adds(s->out, ", only ");
		say_yeardays(s->out, p->by_yearday);
	}
	if (s->has_weekno) {
		strbuf_adds(s->out, ", only ");
		say_weeks(s->out, p->by_weekno);
	}
	if (s->has_monthday) {
		strbuf_adds(s->out, ", only ");
		say_monthdays(s->out, p->by_monthday);
	}
	if (s->has_day) {
		strbuf_adds(s->out, ", only ");
		say_days(s, "on ");
	}
	if (s->has_month) {
		strbuf_adds(s->out, ", only in ");
		say_numbers(s->out, p->by_month, word_month);
	}
}

/* ---- times of day ---- */

static struct rrule_list or_one(struct rrule_list list, const int16_t *one)
{
	return list.n > 0 ? list : (struct rrule_list){ one, 1 };
}

/* "only in the hours of 09:00 AM and 05:00 PM" */
static void say_hours_only(const struct say *s)
{
	strbuf_addf(s->out, "only in the hour%s of ", s->p->by_hour.n == 1 ? "" : "s");
	say_numbers(s->out, s->p->by_hour, word_hour);
}

static void say_past(struct strbuf *out, struct rrule_list list, const char *unit,
		     const char *whole)
{
	bool is_one = list.n == 1 && list.v[0] == 1;

	strbuf_adds(out, "at ");
	say_numbers(out, list, word_number);
	strbuf_addf(out, " %s%s past the %s", unit, is_one ? "" : "s", whole);
}

static void say_one_time(struct strbuf *out, int hour, int minute, int second)
{
	if (second == 0)
		say_clock(out, (unsigned)hour, (unsigned)minute);
	else
		say_time(out, (unsigned)hour, (unsigned)minute, (unsigned)second);
}

static void say_times(const struct say *s)
{
	int16_t one[3] = { (int16_t)s->hour, (int16_t)s->minute, (int16_t)s->second };
	struct rrule_list h = or_one(s->p->by_hour, &one[0]), m = or_one(s->p->by_minute, &one[1]);
	struct rrule_list sec = or_one(s->p->by_second, &one[2]);
	unsigned n = h.n * m.n * sec.n;

	if (n > TIMES_MAX) {
		if (sec.n > 1 || sec.v[0] != 0) {
			say_past(s->out, sec, "second", "minute");
			strbuf_adds(s->out, ", ");
		}
		say_past(s->out, m, "minute", "hour");
		strbuf_adds(s->out, ", at ");
		say_numbers(s->out, h, word_hour);
		return;
	}
	strbuf_adds(s->out, "at ");
	for (unsigned i = 0; i < n; i++) {
		unsigned rest = i % (m.n * sec.n);

		strbuf_adds(s->out, i == 0 ? "" : i + 1 < n ? ", " : " and ");
		say_one_time(s->out, h.v[i / (m.n * sec.n)], m.v[rest / sec.n],
			     sec.v[rest % sec.n]);
	}
}

/* Of HOURLY and finer: parts finer than the period expand it, the others filter. */
static void say_elapsed(const struct say *s)
{
	const struct rrule_parts *p = s->p;
	int16_t one[2] = { (int16_t)s->minute, (int16_t)s->second };
	struct rrule_list m = or_one(p->by_minute, &one[0]), sec = or_one(p->by_second, &one[1]);
	bool has_minute = p->by_minute.n > 0 || (p->freq == RRULE_HOURLY && s->minute > 0);
	bool has_second = p->by_second.n > 0 || (p->freq != RRULE_SECONDLY && s->second > 0);

	if (has_minute) {
		strbuf_adds(s->out, p->freq == RRULE_HOURLY ? ", " : ", only ");
		say_past(s->out, m, "minute", "hour");
	}
	if (has_second) {
		strbuf_adds(s->out, p->freq == RRULE_SECONDLY ? ", only " : ", ");
		say_past(s->out, sec, "second", "minute");
	}
	if (p->by_hour.n > 0) {
		strbuf_adds(s->out, ", ");
		say_hours_only(s);
	}
}

/* ---- the rest ---- */

static void part_positions(const struct say *s)
{
	strbuf_adds(s->out, "only the ");
	say_numbers(s->out, s->p->by_setpos, word_ordinal);
	strbuf_addf(s->out, " occurrence of each %s", freqs[s->p->freq].place);
}

static void say_positions(const struct say *s)
{
	const struct rrule_parts *p = s->p;
	bool counts_weeks = p->by_weekno.n > 0
			 || (p->freq == RRULE_WEEKLY && (p->interval > 1 || p->by_setpos.n > 0));

	if (p->by_setpos.n > 0) {
		strbuf_adds(s->out, ", ");
		part_positions(s);
	}
	if (counts_weeks && p->wkst != 1)
		strbuf_addf(s->out, ", weeks starting on %s", say_weekdays[p->wkst]);
}

static void say_limits(const struct say *s, const struct tz *z)
{
	const struct rrule_parts *p = s->p;

	if (p->count == 1)
		strbuf_adds(s->out, ", once");
	else if (p->count > 1)
		strbuf_addf(s->out, ", %u times", p->count);
	if (p->until != USEC_NEVER) {
		strbuf_adds(s->out, ", until ");
		say_stamp(s->out, p->until, z, STAMP_UNTIL);
	}
	if (p->exdates > 0)
		strbuf_addf(s->out, ", except on %u date%s", p->exdates,
			    p->exdates == 1 ? "" : "s");
	if (p->rdates > 0)
		strbuf_addf(s->out, ", and on %u more date%s", p->rdates,
			    p->rdates == 1 ? "" : "s");
}

static struct say say_begin(const struct rrule_parts *p, struct strbuf *out)
{
	int64_t day = p->dtstart / CIVIL_DAY_SECONDS - (p->dtstart % CIVIL_DAY_SECONDS < 0);
	unsigned second = (unsigned)(p->dtstart - day * CIVIL_DAY_SECONDS);

	return (struct say){ .p = p,
			     .out = out,
			     .start = civil_from_days((int32_t)day),
			     .hour = second / 3600,
			     .minute = second / 60 % 60,
			     .second = second % 60,
			     .weekday = civil_weekday((int32_t)day),
			     .has_yearday = p->by_yearday.n > 0,
			     .has_weekno = p->by_weekno.n > 0,
			     .has_monthday = p->by_monthday.n > 0,
			     .has_day = p->by_day_n > 0,
			     .has_month = p->by_month.n > 0 };
}

void describe_rrule_parts(const struct rrule_parts *p, const struct tz *z, struct strbuf *out)
{
	struct say s = say_begin(p, out);
	size_t start = out->n;

	if (p->freq <= RRULE_DAILY) {
		say_times(&s);
		strbuf_adds(out, ", ");
		say_freq(&s);
	} else {
		say_freq(&s);
		say_elapsed(&s);
	}
	say_filters(&s);
	say_positions(&s);
	say_limits(&s, z);
	say_capital(out, start);
}

/* ---- parts by themselves ---- */

static void part_freq(const struct say *s)
{
	strbuf_adds(s->out, freqs[s->p->freq].one);
}

static void part_interval(const struct say *s)
{
	if (s->p->interval == 1)
		part_freq(s);
	else
		strbuf_addf(s->out, "every %u %s", s->p->interval, freqs[s->p->freq].many);
}

static void part_wkst(const struct say *s)
{
	strbuf_addf(s->out, "weeks starting on %s", say_weekdays[s->p->wkst]);
}

static void part_times(const struct say *s)
{
	strbuf_addf(s->out, s->p->count == 1 ? "once" : "%u times", s->p->count);
}

static void part_hours(const struct say *s)
{
	if (s->p->freq > RRULE_DAILY) {
		say_hours_only(s);
		return;
	}
	strbuf_adds(s->out, "at ");
	say_numbers(s->out, s->p->by_hour, word_hour);
}

static void part_minutes(const struct say *s)
{
	say_past(s->out, s->p->by_minute, "minute", "hour");
}

static void part_seconds(const struct say *s)
{
	say_past(s->out, s->p->by_second, "second", "minute");
}

static void part_days(const struct say *s)
{
	say_days(s, "on ");
}

static void part_monthdays(const struct say *s)
{
	say_monthdays(s->out, s->p->by_monthday);
}

static void part_yeardays(const struct say *s)
{
	say_yeardays(s->out, s->p->by_yearday);
}

static void part_weeks(const struct say *s)
{
	say_weeks(s->out, s->p->by_weekno);
}

static void part_months(const struct say *s)
{
	strbuf_adds(s->out, "only in ");
	say_numbers(s->out, s->p->by_month, word_month);
}

static const struct part {
	const char *name;
	void (*say)(const struct say *s);
} parts[] = {
	{ "FREQ", part_freq },          { "INTERVAL", part_interval },
	{ "COUNT", part_times },        { "BYSECOND", part_seconds },
	{ "BYMINUTE", part_minutes },   { "BYHOUR", part_hours },
	{ "BYDAY", part_days },         { "BYMONTHDAY", part_monthdays },
	{ "BYYEARDAY", part_yeardays }, { "BYWEEKNO", part_weeks },
	{ "BYMONTH", part_months },     { "BYSETPOS", part_positions },
	{ "WKST", part_wkst },
};

const char *describe_rrule_part(const struct rrule_parts *p, struct slice name, struct strbuf *out)
{
	struct say s = say_begin(p, out);

	for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (say_is_word(name, parts[i].name)) {
			parts[i].say(&s);
			return parts[i].name;
		}
	return NULL;
}
