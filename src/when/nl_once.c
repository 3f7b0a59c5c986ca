/* Days that are named once: tomorrow, next friday, april 1st 2027, in 2 hours; and limits: until
 * december 31, starting tomorrow. */
#include "nl_int.h"
#include "when/civil.h"
#include "when/stamp.h"

enum { YEAR_MIN = 1970, YEAR_MAX = 2199 };

const struct tz *nl_zone_of(const struct nl_pass *p)
{
	return p->plan.zone ? p->plan.zone : p->ask->zone;
}

/* ---- reading ---- */

static void read_year(struct nl_pass *p, struct nl_day *out)
{
	unsigned back = p->i;

	(void)NL_TAKE(p, NT_COMMA, NT_OF, NT_IN);
	const struct nl_token *t = nl_now(p);
	if (nl_ahead(p, 0) == NT_NUMBER && t->more == 4 && t->value >= YEAR_MIN
	    && t->value <= YEAR_MAX && nl_ahead(p, 1) != NT_MERIDIEM) {
		out->year = t->value;
		p->i++;
		return;
	}
	p->i = back;
}

static bool is_day_number(const struct nl_pass *p, unsigned k)
{
	const struct nl_token *t = &p->tokens[p->i + k];
	enum nl_type type = nl_ahead(p, k), next = nl_ahead(p, k + 1);

	if (type == NT_ORDINAL)
		return t->value > 0;
	return type == NT_NUMBER && t->more <= 2 && !NL_ANY(next, NT_MERIDIEM, NT_OCLOCK, NT_UNIT);
}

/* "april 1", "april 1st, 2027", "1 april", "the 1st of april". */
static bool read_date(struct nl_pass *p, struct nl_day *out)
{
	unsigned first = p->i;

	out->kind = ND_DATE;
	out->year = 0;
	if (nl_ahead(p, 0) == NT_MONTH) {
		unsigned k = nl_ahead(p, 1) == NT_THE ? 2 : 1;

		if (!is_day_number(p, k))
			return false;
		out->month = (unsigned)nl_now(p)->value;
		out->day = (unsigned)nl_now(p)[k].value;
		p->i += k + 1;
		read_year(p, out);
		return true;
	}
	if (!is_day_number(p, 0))
		return false;
	out->day = (unsigned)nl_now(p)->value;
	p->i++;
	(void)nl_take(p, NT_OF);
	bool is_list = nl_ahead(p, 1) == NT_COMMA && nl_ahead(p, 2) == NT_MONTH;
	if (nl_ahead(p, 0) != NT_MONTH || is_list
	    || NL_ANY(nl_ahead(p, 1), NT_AND, NT_TO, NT_THROUGH)) {
		p->i = first;
		return false;
	}
	out->month = (unsigned)nl_now(p)->value;
	p->i++;
	read_year(p, out);
	return true;
}

/* The month and day of 12/25/2026, which cannot be the other way round; is_sure: else. */
static bool slash_date(struct nl_pass *p, struct nl_day *out, bool *out_is_sure)
{
	const struct nl_token *t = nl_now(p);
	bool is_date = nl_ahead(p, 0) == NT_NUMBER && nl_ahead(p, 1) == NT_SLASH
		    && nl_ahead(p, 2) == NT_NUMBER && nl_ahead(p, 3) == NT_SLASH
		    && nl_ahead(p, 4) == NT_NUMBER && t[4].more == 4;

	if (!is_date)
		return false;
	int a = t[0].value, b = t[2].value;
	*out_is_sure = a > 12 || b > 12 || a == b;
	*out = (struct nl_day){ .kind = ND_DATE,
				.year = t[4].value,
				.month = (unsigned)(a > 12 ? b : a),
				.day = (unsigned)(a > 12 ? a : b) };
	p->i += 5;
	return true;
}

static bool read_slashes(struct nl_pass *p, struct nl_day *out)
{
	unsigned first = p->i;
	bool is_sure;

	if (slash_date(p, out, &is_sure) && is_sure)
		return true;
	p->i = first;
	return false;
}

/* Dates that are refused: 4/5/2026 is two days. */
static enum nl_read refuse_slashes(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_day day;
	bool is_sure;

	if (!slash_date(p, &day, &is_sure))
		return NL_NOT;
	if (!is_sure)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first,
				"Month and day can be taken for one another; write 2026-12-25.");
	if (day.month < 1 || day.month > 12 || day.day < 1 || day.day > 31)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first, "Write the date as 2026-12-25.");
	p->i = first;
	return NL_NOT;
}

static bool read_token(struct nl_pass *p, struct nl_day *out)
{
	const struct nl_token *t = nl_now(p);
	struct civil c;

	switch (nl_ahead(p, 0)) {
	case NT_TODAY:
	case NT_TONIGHT:
		*out = (struct nl_day){ .kind = ND_AFTER };
		break;
	case NT_TOMORROW:
		*out = (struct nl_day){ .kind = ND_AFTER, .n = 1 };
		break;
	case NT_DATE:
		c = civil_from_days(t->value);
		*out = (struct nl_day){
			.kind = ND_DATE, .year = c.year, .month = c.month, .day = c.day
		};
		if (t->more)
			out->day = 0;
		break;
	case NT_STAMP:
		*out = (struct nl_day){ .kind = ND_STAMP };
		break;
	default:
		return false;
	}
	p->i++;
	return true;
}

static bool read_weekday(struct nl_pass *p, struct nl_day *out)
{
	unsigned first = p->i;
	bool is_next = nl_take(p, NT_NEXT);

	if (!is_next && !nl_take(p, NT_THIS))
		return false;
	int day = nl_now(p)->value;
	if (!nl_take(p, NT_WEEKDAY)) {
		p->i = first;
		return false;
	}
	*out = (struct nl_day){ .kind = ND_WEEKDAY, .n = day, .is_next = is_next };
	if (is_next)
		nl_note(p, NN_NEXT);
	return true;
}

/* "on the 4th of may", "at 2027-01-01" */
static void skip_preposition(struct nl_pass *p)
{
	bool is_at = nl_ahead(p, 0) == NT_AT && NL_ANY(nl_ahead(p, 1), NT_DATE, NT_STAMP);

	if (nl_ahead(p, 0) == NT_ON || is_at)
		p->i++;
	(void)nl_take(p, NT_THE);
}

bool nl_day_read(struct nl_pass *p, struct nl_day *out)
{
	unsigned first = p->i;
	const struct nl_token *t;

	*out = (struct nl_day){ .kind = ND_NONE };
	skip_preposition(p);
	t = nl_now(p);
	if (nl_is_unit(p, NU_DAY) && nl_ahead(p, 1) == NT_AFTER && nl_ahead(p, 2) == NT_TOMORROW) {
		*out = (struct nl_day){ .kind = ND_AFTER, .n = 2 };
		p->i += 3;
		return true;
	}
	if (read_token(p, out)) {
		/* A stamp is read in the zone once it is known. */
		if (out->kind == ND_STAMP)
			out->n = (int)(t - p->tokens);
		return true;
	}
	if (read_slashes(p, out) || read_weekday(p, out) || read_date(p, out))
		return true;
	*out = (struct nl_day){ .kind = ND_NONE };
	p->i = first;
	return false;
}

/* "in 2 hours", "2 days from now", "a week from today". */
static enum nl_read read_in(struct nl_pass *p, struct nl_day *out)
{
	unsigned first = p->i;
	bool is_in = nl_take(p, NT_IN);
	struct nl_amount a = { 0 };
	enum nl_read r = nl_amount(p, &a);

	if (r != NL_READ) {
		p->i = r == NL_NOT ? first : p->i;
		return is_in || r == NL_NOT ? r : (p->i = first, NL_NOT);
	}
	if (!is_in && !(nl_take(p, NT_FROM) && (NL_TAKE(p, NT_NOW, NT_TODAY)))) {
		p->i = first;
		return NL_NOT;
	}
	if (a.exact > SPEC_EVERY_MAX || a.days > SPEC_EVERY_MAX / DAY || a.months > 120)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first, "At most 10 years ahead.");
	*out = (struct nl_day){
		.kind = ND_IN, .n = (int)a.months, .days = (int)a.days, .at = a.exact
	};
	return NL_READ;
}

/* "march 9 and 15": more days of the month that was named. */
static void read_more_days(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;

	while (plan->dates_n < NL_DATES_MAX && plan->dates[plan->dates_n - 1].year == 0) {
		unsigned back = p->i;
		struct nl_day next = plan->dates[plan->dates_n - 1];
		bool is_list = nl_take_and(p);

		(void)nl_take(p, NT_THE);
		enum nl_type behind = nl_ahead(p, 1);
		if (!is_list || !is_day_number(p, 0)
		    || NL_ANY(behind, NT_MONTH, NT_OF, NT_TIMES, NT_WEEKDAY, NT_WORKDAY)) {
			p->i = back;
			return;
		}
		next.day = (unsigned)nl_now(p)->value;
		p->i++;
		plan->dates[plan->dates_n++] = next;
	}
}

enum nl_read nl_once(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_plan *plan = &p->plan;
	struct nl_day day = { .kind = ND_NONE };
	enum nl_read r = refuse_slashes(p);

	if (r == NL_FAULT || (r = read_in(p, &day)) == NL_FAULT)
		return r;
	if (r == NL_NOT && !nl_day_read(p, &day))
		return NL_NOT;
	if (day.kind == ND_DATE) {
		if (plan->dates_n == NL_DATES_MAX)
			return nl_fault(p, WHEN_NL_INEXPRESSIBLE, first, "Name fewer dates.");
		plan->dates[plan->dates_n++] = day;
		read_more_days(p);
		return NL_READ;
	}
	if (plan->day.kind != ND_NONE)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first, "Name one day.");
	plan->day = day;
	if (p->tokens[p->i - 1].type == NT_TONIGHT)
		nl_note(p, NN_NIGHT);
	return NL_READ;
}

/* ---- limits ---- */

/* A day, or the next such weekday. */
static void read_limit_day(struct nl_pass *p, struct nl_day *out)
{
	unsigned first = p->i;

	if (nl_day_read(p, out))
		return;
	(void)nl_take(p, NT_ON);
	if (nl_ahead(p, 0) != NT_WEEKDAY) {
		p->i = first;
		return;
	}
	*out = (struct nl_day){ .kind = ND_WEEKDAY, .n = nl_now(p)->value };
	p->i++;
}

static enum nl_read read_limit(struct nl_pass *p, bool is_start, struct nl_limit *out)
{
	unsigned first = p->i;
	struct nl_limit l = { 0 };

	(void)nl_take(p, NT_FROM);
	if (is_start && nl_take(p, NT_NOW))
		return NL_READ;
	read_limit_day(p, &l.day);
	unsigned back = p->i;
	bool is_at = nl_take(p, NT_AT);
	if (is_at || l.day.kind == ND_NONE || is_start) {
		enum nl_read r = nl_clock(p, is_at, &l.clock);

		if (r == NL_FAULT)
			return r;
		l.has_clock = r == NL_READ;
	}
	if (!l.has_clock)
		p->i = back;
	if (l.day.kind == ND_NONE && !(is_start && l.has_clock)) {
		p->i = first;
		return NL_NOT;
	}
	l.is_set = true;
	*out = l;
	return NL_READ;
}

/* "from june 1 to august 31", "between 2027-01-01 and 2027-02-01". */
static enum nl_read both_limits(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_limit start = { 0 }, end = { 0 };
	bool is_between = nl_take(p, NT_BETWEEN);

	if ((is_between || nl_take(p, NT_FROM)) && nl_day_read(p, &start.day)) {
		bool is_joint = is_between ? nl_take(p, NT_AND)
					   : NL_TAKE(p, NT_TO, NT_UNTIL, NT_THROUGH);

		start.is_set = end.is_set = true;
		if (!is_joint && !is_between) {
			p->plan.start = start;
			return NL_READ;
		}
		if (is_joint && nl_day_read(p, &end.day)) {
			p->plan.start = start;
			p->plan.end = end;
			return NL_READ;
		}
	}
	p->i = first;
	return NL_NOT;
}

/* "for 2 weeks" */
static enum nl_read read_span(struct nl_pass *p, unsigned first)
{
	struct nl_amount a = { 0 };
	enum nl_read r = nl_amount(p, &a);

	if (NL_ANY(nl_ahead(p, 0), NT_TODAY, NT_TOMORROW, NT_NEXT, NT_DATE, NT_STAMP))
		return NL_READ; /* "for tomorrow" */
	if (r == NL_NOT)
		return nl_fault(p, WHEN_NL_UNRECOGNIZED, first, "Say for how long.");
	if (r == NL_FAULT)
		return r;
	if (p->plan.span.kind != ND_NONE || p->plan.end.is_set)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first, "Say once when it ends.");
	if (a.exact > SPEC_EVERY_MAX || a.days > SPEC_EVERY_MAX / DAY || a.months > 120)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first, "At most 10 years ahead.");
	p->plan.span = (struct nl_day){
		.kind = ND_IN, .n = (int)a.months, .days = (int)a.days, .at = a.exact
	};
	return NL_READ;
}

/* "from 6am", "from monday" without an end is a start. */
static enum nl_read from_start(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_limit l = { .is_set = true, .has_clock = true };

	if (!nl_take(p, NT_FROM))
		return NL_NOT;
	if (nl_ahead(p, 0) == NT_WEEKDAY
	    && !NL_ANY(nl_ahead(p, 1), NT_TO, NT_THROUGH, NT_DASH, NT_UNTIL, NT_COMMA, NT_AND))
		return read_limit(p, true, &p->plan.start);
	enum nl_read r = nl_clock(p, false, &l.clock);
	if (r == NL_NOT || l.clock.is_part || p->plan.start.is_set) {
		p->i = first;
		return r == NL_FAULT ? r : NL_NOT;
	}
	p->plan.start = l;
	return r;
}

enum nl_read nl_limits(struct nl_pass *p)
{
	unsigned first = p->i;
	enum nl_read r = both_limits(p);

	if (r != NL_NOT)
		return r;
	if (nl_take(p, NT_FOR))
		return read_span(p, first);
	if ((r = from_start(p)) != NL_NOT)
		return r;
	bool is_start = nl_take(p, NT_STARTING),
	     is_end = !is_start && (NL_TAKE(p, NT_UNTIL, NT_THROUGH));
	if (!is_start && !is_end)
		return NL_NOT;
	if (is_end && p->plan.span.kind != ND_NONE)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first, "Say once when it ends.");
	struct nl_limit *to = is_start ? &p->plan.start : &p->plan.end;
	if (to->is_set)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first,
				"Say once when it begins and when it ends.");
	r = read_limit(p, is_start, to);
	return r == NL_NOT
		     ? nl_fault(p, WHEN_NL_UNRECOGNIZED, first, "Name a date behind this word.")
		     : r;
}

/* ---- finding the day ---- */

static int64_t local_now(const struct nl_pass *p)
{
	int64_t s = p->ask->now / SEC;

	return s + tz_offset(nl_zone_of(p), s, NULL);
}

usec_t nl_instant(const struct nl_pass *p, int32_t day, int32_t second)
{
	return tz_from_local(nl_zone_of(p), (int64_t)day * DAY_S + second).first * SEC;
}

int32_t nl_months_later(int32_t day, int months)
{
	struct civil c = civil_from_days(day);
	int m = (int)c.month - 1 + months;
	unsigned length;

	c.year += m / 12;
	c.month = (unsigned)(m % 12) + 1;
	length = civil_month_days(c.year, c.month);
	c.day = c.day < length ? c.day : length;
	return civil_to_days(c);
}

/* The next year in which the date exists and is not over. */
static enum when_err next_date(int32_t today, const struct nl_day *day, int32_t *out)
{
	struct civil c = { civil_from_days(today).year, day->month, day->day };

	if (day->year) {
		c.year = day->year;
		if (!civil_is_valid(c))
			return day->day > 31 || day->day == 0 ? WHEN_NL_OUT_OF_RANGE
							      : WHEN_NL_NEVER;
		*out = civil_to_days(c);
		return WHEN_OK;
	}
	if (c.day < 1 || c.day > 31)
		return WHEN_NL_OUT_OF_RANGE;
	for (int end = c.year + 9; c.year < end; c.year++)
		if (civil_is_valid(c) && civil_to_days(c) >= today) {
			*out = civil_to_days(c);
			return WHEN_OK;
		}
	return WHEN_NL_NEVER;
}

enum when_err nl_day_find(const struct nl_pass *p, const struct nl_day *day, int32_t *out)
{
	int32_t today = (int32_t)(local_now(p) / DAY_S);

	switch (day->kind) {
	case ND_AFTER:
		*out = today + day->n;
		return WHEN_OK;
	case ND_WEEKDAY:
		*out = today + (int32_t)((unsigned)day->n + 7 - civil_weekday(today)) % 7;
		if (day->is_next && *out == today)
			*out += 7;
		return WHEN_OK;
	case ND_DATE:
		return next_date(today, day, out);
	case ND_IN:
		*out = nl_months_later(today, day->n) + day->days;
		return WHEN_OK;
	default:
		*out = today;
		return WHEN_OK;
	}
}
