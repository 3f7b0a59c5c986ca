/* The footer of a TZif file: a POSIX TZ string with the extensions of RFC 9636 3.3.1 (hours -167
 * to 167). "EST5EDT,M3.2.0,M11.1.0" - note that POSIX counts offsets west of Greenwich, we count
 * east. */
#include "when_int.h"

#include "when/civil.h"

enum { MINUTE_S = 60, HOUR_S = 3600, NAME_MIN = 3, RULE_HOURS_MAX = 167, OFFSET_HOURS_MAX = 24 };

struct cursor {
	const char *p, *end;
};

static bool take(struct cursor *c, char want)
{
	if (c->p == c->end || *c->p != want)
		return false;
	c->p++;
	return true;
}

static bool take_number(struct cursor *c, int low, int high, int *out_n)
{
	const char *first = c->p;
	int n = 0;

	for (; c->p < c->end && is_digit(*c->p) && c->p - first < 4; c->p++)
		n = n * 10 + (*c->p - '0');
	if (c->p == first || n < low || n > high)
		return false;
	*out_n = n;
	return true;
}

/* EST or <-02> */
static bool take_name(struct cursor *c)
{
	const char *first = c->p;

	if (take(c, '<')) {
		while (c->p < c->end
		       && (is_alpha(*c->p) || is_digit(*c->p) || *c->p == '+' || *c->p == '-'))
			c->p++;
		return c->p - first > NAME_MIN && take(c, '>');
	}
	while (c->p < c->end && is_alpha(*c->p))
		c->p++;
	return c->p - first >= NAME_MIN;
}

/* [+-]h[:mm[:ss]] */
static bool take_time(struct cursor *c, int hours_max, int32_t *out_seconds)
{
	bool is_negative = take(c, '-');
	int h, m = 0, s = 0;

	if (!is_negative)
		(void)take(c, '+');
	if (!take_number(c, 0, hours_max, &h))
		return false;
	if (take(c, ':')) {
		if (!take_number(c, 0, 59, &m))
			return false;
		if (take(c, ':') && !take_number(c, 0, 59, &s))
			return false;
	}
	int32_t total = h * HOUR_S + m * MINUTE_S + s;
	*out_seconds = is_negative ? -total : total;
	return true;
}

/* Mm.w.d, Jn or n, then [/time] */
static bool take_day(struct cursor *c, struct tz_rule_day *out_day)
{
	struct tz_rule_day d = { .form = '0', .time = 2 * HOUR_S };

	if (take(c, 'M')) {
		d.form = 'M';
		if (!take_number(c, 1, 12, &d.month) || !take(c, '.')
		    || !take_number(c, 1, 5, &d.week) || !take(c, '.')
		    || !take_number(c, 0, 6, &d.day))
			return false;
	} else if (take(c, 'J')) {
		d.form = 'J';
		if (!take_number(c, 1, 365, &d.day))
			return false;
	} else if (!take_number(c, 0, 365, &d.day)) {
		return false;
	}
	if (take(c, '/') && !take_time(c, RULE_HOURS_MAX, &d.time))
		return false;
	*out_day = d;
	return true;
}

static bool take_dst(struct cursor *c, struct tz_rule *r)
{
	int32_t west;

	if (!take_name(c))
		return false;
	r->has_dst = true;
	r->dst = r->std + HOUR_S;
	if (c->p < c->end && *c->p != ',') {
		if (!take_time(c, OFFSET_HOURS_MAX, &west))
			return false;
		r->dst = -west;
	}
	return take(c, ',') && take_day(c, &r->start) && take(c, ',') && take_day(c, &r->end);
}

bool tz_rule_parse(struct slice text, struct tz_rule *out_rule)
{
	struct cursor c = { text.p, text.p + text.n };
	struct tz_rule r = { .is_empty = text.n == 0 };
	int32_t west = 0;

	if (!r.is_empty) {
		if (!take_name(&c) || !take_time(&c, OFFSET_HOURS_MAX, &west))
			return false;
		r.std = -west;
		if (c.p < c.end && !take_dst(&c, &r))
			return false;
	}
	if (c.p != c.end)
		return false;
	*out_rule = r;
	return true;
}

/* Days since the epoch on which the rule's day falls in `year`. */
static int32_t rule_days(const struct tz_rule_day *d, int year)
{
	int32_t new_year = civil_to_days((struct civil){ year, 1, 1 });

	if (d->form == '0')
		return new_year + d->day;
	if (d->form == 'J') /* 1-365, 29 February is not counted */
		return new_year + d->day - 1 + (civil_is_leap(year) && d->day >= 60);

	int32_t first = civil_to_days((struct civil){ year, (unsigned)d->month, 1 });
	unsigned length = civil_month_days(year, (unsigned)d->month);
	unsigned day = ((unsigned)d->day + 7 - civil_weekday(first)) % 7
		     + 7 * ((unsigned)d->week - 1);

	return first + (int32_t)(day < length ? day : day - 7);
}

static int64_t rule_instant(const struct tz_rule_day *d, int year, int32_t offset_before)
{
	return (int64_t)rule_days(d, year) * CIVIL_DAY_SECONDS + d->time - offset_before;
}

void tz_rule_expand(const struct tz_rule *rule, int64_t after_s, struct tz_rows *rows)
{
	int32_t last_day = civil_to_days((struct civil){ TZ_LAST_YEAR, 12, 31 });
	int64_t day = after_s > 0 ? after_s / CIVIL_DAY_SECONDS : 0;

	if (!rule->has_dst || day > last_day)
		return;
	int year = civil_from_days((int32_t)day).year - 1;
	for (; year <= TZ_LAST_YEAR; year++) {
		int64_t start = rule_instant(&rule->start, year, rule->std);
		int64_t end = rule_instant(&rule->end, year, rule->dst);
		bool is_south = end < start;

		if (is_south && end > after_s)
			tz_rows_add(rows, end, rule->std);
		if (start > after_s)
			tz_rows_add(rows, start, rule->dst);
		if (!is_south && end > after_s)
			tz_rows_add(rows, end, rule->std);
	}
}

int tz_rule_since(const struct tz_rule *rule, const struct tz_rows *rows)
{
	int year = TZ_LAST_YEAR;

	if (!rule->has_dst || rule->start.form != 'M' || rule->end.form != 'M')
		return TZ_LAST_YEAR + 1;
	for (unsigned i = rows->count; i > 2 && year >= TZ_FIRST_YEAR; i -= 2, year--) {
		const struct tz_row *r = &rows->row[i - 2];
		bool is_south = r[0].offset == rule->std;

		if (r[is_south].from != rule_instant(&rule->start, year, rule->std)
		    || r[is_south].offset != rule->dst
		    || r[!is_south].from != rule_instant(&rule->end, year, rule->dst)
		    || r[!is_south].offset != rule->std)
			break;
	}
	return year + 1;
}
