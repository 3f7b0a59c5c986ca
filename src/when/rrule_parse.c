/* The value of RRULE: its parts by a table, and which of them may not stand together. */
#include "rrule_int.h"

enum {
	SPAN = 366, /* the largest number a list may hold, either sign */
	SET_WORDS = (2 * SPAN + 64) / 64,
	TOO_LARGE = 10000000
};

/* The numbers of a list, value v as bit v + SPAN: sorted and without doubles by itself. */
struct set {
	uint64_t bits[SET_WORDS];
};

enum part_kind { PART_FREQ, PART_NUMBER, PART_UNTIL, PART_WEEKDAY, PART_LIST, PART_DAYS };

/* LIST: the offset of its struct rrule_list in struct rrule_parts; NUMBER: of its uint32_t. */
static const struct part {
	const char *name;
	enum part_kind kind;
	size_t offset;
	int low, high;
	bool is_signed; /* -high .. -low too */
	const char *hint;
} parts[RRULE_PARTS] = {
#define AT(member) offsetof(struct rrule_parts, member)
	[RRULE_PART_FREQ] = { "FREQ", PART_FREQ, 0, 0, 0, false,
			      "FREQ is one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY "
			      "and SECONDLY." },
	[RRULE_PART_INTERVAL] = { "INTERVAL", PART_NUMBER, AT(interval), 1, RRULE_INTERVAL_MAX,
				  false, "INTERVAL is a number from 1 to 1000000." },
	[RRULE_PART_COUNT] = { "COUNT", PART_NUMBER, AT(count), 1, RRULE_COUNT_MAX, false,
			       "COUNT is a number from 1 to 100000." },
	[RRULE_PART_UNTIL] = { "UNTIL", PART_UNTIL, 0, 0, 0, false,
			       "UNTIL is a time such as 20301231T235959Z, or a date." },
	[RRULE_PART_WKST] = { "WKST", PART_WEEKDAY, 0, 0, 0, false,
			      "WKST is one of MO, TU, WE, TH, FR, SA and SU." },
	[RRULE_PART_BYSECOND] = { "BYSECOND", PART_LIST, AT(by_second), 0, 60, false,
				  "BYSECOND takes 0 to 60." },
	[RRULE_PART_BYMINUTE] = { "BYMINUTE", PART_LIST, AT(by_minute), 0, 59, false,
				  "BYMINUTE takes 0 to 59." },
	[RRULE_PART_BYHOUR] = { "BYHOUR", PART_LIST, AT(by_hour), 0, 23, false,
				"BYHOUR takes 0 to 23." },
	[RRULE_PART_BYDAY] = { "BYDAY", PART_DAYS, 0, 1, RRULE_NTH_MAX, true,
			       "BYDAY takes MO, TU, WE, TH, FR, SA and SU, with a number from 1 to "
			       "53 or -1 to -53 in front if need be." },
	[RRULE_PART_BYMONTHDAY] = { "BYMONTHDAY", PART_LIST, AT(by_monthday), 1, 31, true,
				    "BYMONTHDAY takes 1 to 31 and -1 to -31." },
	[RRULE_PART_BYYEARDAY] = { "BYYEARDAY", PART_LIST, AT(by_yearday), 1, 366, true,
				   "BYYEARDAY takes 1 to 366 and -1 to -366." },
	[RRULE_PART_BYWEEKNO] = { "BYWEEKNO", PART_LIST, AT(by_weekno), 1, 53, true,
				  "BYWEEKNO takes 1 to 53 and -1 to -53." },
	[RRULE_PART_BYMONTH] = { "BYMONTH", PART_LIST, AT(by_month), 1, 12, false,
				 "BYMONTH takes 1 to 12." },
	[RRULE_PART_BYSETPOS] = { "BYSETPOS", PART_LIST, AT(by_setpos), 1, 366, true,
				  "BYSETPOS takes 1 to 366 and -1 to -366." },
#undef AT
};

static const char *const freqs[] = { "YEARLY", "MONTHLY",  "WEEKLY",  "DAILY",
				     "HOURLY", "MINUTELY", "SECONDLY" };
static const char *const weekdays[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };

static int word_in(struct slice text, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (rrule_word_is(text, words[i]))
			return i;
	return -1;
}

/* The text up to `stop`, which is then passed over; *rest is absent behind the last piece. */
static struct slice piece(struct slice *rest, char stop)
{
	const char *end = rest->n ? memchr(rest->p, stop, rest->n) : NULL;
	struct slice one = { rest->p, end ? (size_t)(end - rest->p) : rest->n };

	*rest = end ? (struct slice){ end + 1, rest->n - one.n - 1 } : (struct slice){ NULL, 0 };
	return one;
}

/* ---- values ---- */

/* -1: not digits alone; a number that is too long for an int stays too large. */
static int digits_value(struct slice s)
{
	int v = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return -1;
		v = v < TOO_LARGE ? v * 10 + (s.p[i] - '0') : v;
	}
	return s.n > 0 ? v : -1;
}

static enum when_err number_read(struct rrule_build *b, const struct part *p, struct slice text,
				 int *out_number)
{
	char sign = p->is_signed && text.n > 0 ? text.p[0] : '0';
	size_t n = sign == '-' || sign == '+' ? 1 : 0;
	int v = digits_value((struct slice){ text.p + n, text.n - n });

	if (v < 0)
		return rrule_fail(b, WHEN_RRULE_SYNTAX, text, p->hint);
	if (v < p->low || v > p->high)
		return rrule_fail(b, WHEN_RRULE_VALUE, text, p->hint);
	*out_number = sign == '-' ? -v : v;
	return WHEN_OK;
}

static unsigned set_count(const struct set *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < SET_WORDS; i++)
		n += (unsigned)__builtin_popcountll(s->bits[i]);
	return n;
}

static void set_add(struct set *s, int v)
{
	s->bits[(unsigned)(v + SPAN) / 64] |= (uint64_t)1 << (unsigned)(v + SPAN) % 64;
}

static enum when_err list_read(struct rrule_build *b, const struct part *p, struct slice text)
{
	struct set set = { { 0 } };
	struct rrule_list *list = (struct rrule_list *)(void *)((char *)&b->r->parts + p->offset);
	unsigned n = 0;
	enum when_err e;

	for (struct slice rest = text; rest.p;) {
		int v = 0;

		if ((e = number_read(b, p, piece(&rest, ','), &v)))
			return e;
		set_add(&set, v);
	}
	int16_t *values = arena_array(b->ask->arena, int16_t, set_count(&set));

	for (unsigned i = 0; i < SET_WORDS; i++)
		for (uint64_t left = set.bits[i]; left; left &= left - 1)
			values[n++] = (int16_t)((int)(i * 64) + __builtin_ctzll(left) - SPAN);
	*list = (struct rrule_list){ values, n };
	return WHEN_OK;
}

static enum when_err days_read(struct rrule_build *b, const struct part *p, struct slice text)
{
	struct set set[7] = { { { 0 } } };
	unsigned n = 0;
	enum when_err e;

	for (struct slice rest = text; rest.p;) {
		struct slice one = piece(&rest, ',');
		struct slice name = one.n > 2 ? (struct slice){ one.p + one.n - 2, 2 } : one;
		int weekday = word_in(name, weekdays, 7), nth = 0;

		if (weekday < 0)
			return rrule_fail(b, WHEN_RRULE_SYNTAX, one, p->hint);
		if (one.n > 2 && (e = number_read(b, p, (struct slice){ one.p, one.n - 2 }, &nth)))
			return rrule_fail(b, e, one, p->hint);
		set_add(&set[weekday], nth);
	}
	for (unsigned i = 0; i < 7; i++)
		n += set_count(&set[i]);

	struct rrule_day *days = arena_array(b->ask->arena, struct rrule_day, n);

	b->r->parts.by_day = days;
	b->r->parts.by_day_n = n;
	for (unsigned i = 0; i < 7 * SET_WORDS; i++)
		for (uint64_t left = set[i / SET_WORDS].bits[i % SET_WORDS]; left;
		     left &= left - 1) {
			int nth = (int)(i % SET_WORDS * 64) + __builtin_ctzll(left) - SPAN;

			*days++ = (struct rrule_day){ (int8_t)(i / SET_WORDS), (int8_t)nth };
		}
	return WHEN_OK;
}

static enum when_err until_read(struct rrule_build *b, const struct part *p, struct slice text)
{
	struct rrule_time t;

	if (!rrule_time_read(text, &t))
		return rrule_fail(b, WHEN_RRULE_SYNTAX, text, p->hint);
	if (t.kind == RRULE_TIME_DATE) /* to the second before the next midnight */
		t.seconds = tz_from_local(b->ask->zone, t.seconds + CIVIL_DAY_SECONDS).first - 1;
	else if (t.kind == RRULE_TIME_LOCAL)
		t.seconds = tz_from_local(b->ask->zone, t.seconds).first;
	b->r->until = t.seconds;
	b->r->parts.until = t.seconds * SEC;
	return WHEN_OK;
}

static enum when_err value_read(struct rrule_build *b, const struct part *p, struct slice text)
{
	struct rrule_parts *out = &b->r->parts;
	int v = 0;
	enum when_err e;

	switch (p->kind) {
	case PART_FREQ:
		if ((v = word_in(text, freqs, sizeof freqs / sizeof freqs[0])) < 0)
			return rrule_fail(b, WHEN_RRULE_FREQ, text, p->hint);
		out->freq = (enum rrule_freq)v;
		return WHEN_OK;
	case PART_WEEKDAY:
		if ((out->wkst = word_in(text, weekdays, 7)) < 0)
			return rrule_fail(b, WHEN_RRULE_SYNTAX, text, p->hint);
		return WHEN_OK;
	case PART_NUMBER:
		if ((e = number_read(b, p, text, &v)))
			return e;
		*(uint32_t *)(void *)((char *)out + p->offset) = (uint32_t)v;
		return WHEN_OK;
	case PART_UNTIL:
		return until_read(b, p, text);
	case PART_LIST:
		return list_read(b, p, text);
	default:
		return days_read(b, p, text);
	}
}

/* ---- all parts together ---- */

static bool has_nth(const struct rrule_parts *p)
{
	for (unsigned i = 0; i < p->by_day_n; i++)
		if (p->by_day[i].nth != 0)
			return true;
	return false;
}

/* Is there a part for BYSETPOS to choose from? */
static bool has_other_by(const struct rrule_build *b)
{
	for (unsigned i = RRULE_PART_BYSECOND; i < RRULE_PART_BYSETPOS; i++)
		if (b->part[i].p)
			return true;
	return false;
}

static enum when_err combinations_check(struct rrule_build *b)
{
	const struct rrule_parts *p = &b->r->parts;
	bool is_yearly = p->freq == RRULE_YEARLY, is_monthly = p->freq == RRULE_MONTHLY;
	bool is_weekly = p->freq == RRULE_WEEKLY, is_daily = p->freq == RRULE_DAILY;
	bool is_nth = has_nth(p), is_alone = !has_other_by(b);

	const struct {
		bool is_bad;
		enum rrule_part part;
		const char *hint;
	} rules[] = {
		{ p->by_weekno.n && !is_yearly, RRULE_PART_BYWEEKNO,
		  "BYWEEKNO goes with FREQ=YEARLY only." },
		{ p->by_yearday.n && (is_monthly || is_weekly || is_daily), RRULE_PART_BYYEARDAY,
		  "BYYEARDAY does not go with DAILY, WEEKLY and MONTHLY." },
		{ p->by_monthday.n && is_weekly, RRULE_PART_BYMONTHDAY,
		  "BYMONTHDAY does not go with FREQ=WEEKLY." },
		{ is_nth && !is_yearly && !is_monthly, RRULE_PART_BYDAY,
		  "Days with a number go with MONTHLY and YEARLY only." },
		{ is_nth && p->by_weekno.n, RRULE_PART_BYDAY,
		  "Days with a number do not go with BYWEEKNO." },
		{ p->by_setpos.n && is_alone, RRULE_PART_BYSETPOS,
		  "BYSETPOS chooses from what another BY part gives." },
	};
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (rules[i].is_bad)
			return rrule_fail(b, WHEN_RRULE_COMBINATION, b->part[rules[i].part],
					  rules[i].hint);
	return WHEN_OK;
}

/* "NAME=value" */
static enum when_err part_read(struct rrule_build *b, struct slice text)
{
	const char *equals = text.n ? memchr(text.p, '=', text.n) : NULL;
	unsigned i = 0;

	if (!equals)
		return rrule_fail(b, WHEN_RRULE_SYNTAX, text,
				  "A part is written NAME=value, with ';' between two.");
	struct slice name = { text.p, (size_t)(equals - text.p) };

	while (i < RRULE_PARTS && !rrule_word_is(name, parts[i].name))
		i++;
	if (i == RRULE_PARTS)
		return rrule_fail(b, WHEN_RRULE_PART, name, NULL);
	if (b->part[i].p)
		return rrule_fail(b, WHEN_RRULE_DUPLICATE, text, "Join its values by commas.");
	b->part[i] = text;
	return value_read(b, &parts[i], (struct slice){ equals + 1, text.n - name.n - 1 });
}

enum when_err rrule_read_parts(struct rrule_build *b, struct slice value)
{
	struct rrule_parts *p = &b->r->parts;
	enum when_err e;

	p->interval = 1;
	p->until = USEC_NEVER;
	p->wkst = 1;
	b->r->until = RRULE_NEVER;
	if (value.n == 0)
		return rrule_fail(b, WHEN_RRULE_EMPTY, value, "A rule begins with FREQ=.");
	for (struct slice rest = value; rest.p;)
		if ((e = part_read(b, piece(&rest, ';'))))
			return e;
	if (!b->part[RRULE_PART_FREQ].p)
		return rrule_fail(b, WHEN_RRULE_FREQ, (struct slice){ value.p, 0 },
				  parts[RRULE_PART_FREQ].hint);
	if (b->part[RRULE_PART_COUNT].p && b->part[RRULE_PART_UNTIL].p)
		return rrule_fail(b, WHEN_RRULE_COUNT_UNTIL, b->part[RRULE_PART_UNTIL],
				  "Leave one of them out.");
	return combinations_check(b);
}
