/* Times of day: 9, 9am, 9:15, 0915, noon, half past nine, 8 in the evening; minutes past the hour. */
#include "nl_int.h"

enum { HOUR_S = 3600, MINUTE_S = 60, NOON_S = 12 * 3600 };

#define RANGE_HINT "Hours are 0 to 23, or 1 to 12 with am or pm; minutes and seconds are 0 to 59."

static struct nl_clock plain(int32_t s)
{
	return (struct nl_clock){ .s = s };
}

/* am or pm to a time that was read. False: 13pm, 0am. */
static bool set_half(struct nl_clock *c, int half)
{
	int32_t hour = c->s / HOUR_S;

	if (c->has_half || hour < 1 || hour > 12)
		return false;
	c->s = c->s % HOUR_S + (hour % 12 + half) * HOUR_S;
	c->is_bare = false;
	c->has_half = true;
	return true;
}

/* ---- one time ---- */

/* "930", "0900", "9". Behind `at` or with am, pm or o'clock. */
static bool number_clock(const struct nl_token *t, struct nl_clock *out)
{
	int hour = t->more >= 3 ? t->value / 100 : t->value,
	    minute = t->more >= 3 ? t->value % 100 : 0;

	if (t->more > 4 || hour > 23 || minute > 59)
		return false;
	*out = plain(hour * HOUR_S + minute * MINUTE_S);
	out->is_bare = t->more < 3 && hour >= 1 && hour <= 12;
	return true;
}

static enum nl_read digits(struct nl_pass *p, bool is_after_at, struct nl_clock *out)
{
	enum nl_type next = nl_ahead(p, 1);
	const struct nl_token *t = nl_now(p);

	if (!is_after_at && !NL_ANY(next, NT_MERIDIEM, NT_OCLOCK, NT_NOON, NT_MIDNIGHT))
		return NL_NOT;
	if (NL_ANY(next, NT_UNIT, NT_TIMES, NT_MONTH))
		return NL_NOT;
	p->i++;
	if (!number_clock(t, out))
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, p->i - 1, RANGE_HINT);
	if (t->more == 0 && next == NT_NUMBER && t[1].more == 0 && t[1].value >= 10
	    && t[1].value < 60) {
		out->s += t[1].value * MINUTE_S; /* nine thirty */
		p->i++;
	}
	return NL_READ;
}

/* "half past 9", "quarter to 10", "10 minutes past 9". */
static enum nl_read relative(struct nl_pass *p, struct nl_clock *out)
{
	unsigned first = p->i;
	int minutes = -1;
	bool is_plain = false; /* "9 to 17" is a stretch of the day */

	(void)nl_take(p, NT_A);
	if (nl_take(p, NT_HALF))
		minutes = 30;
	else if (nl_take(p, NT_QUARTER))
		minutes = 15;
	else if (nl_ahead(p, 0) == NT_NUMBER && nl_now(p)->value < 60) {
		minutes = nl_now(p)->value;
		p->i++;
		is_plain = !nl_is_unit(p, NU_MINUTE);
		p->i += !is_plain;
	}
	bool is_to = NL_ANY(nl_ahead(p, 0), is_plain ? NT_BEFORE : NT_TO, NT_BEFORE);
	bool is_joint = is_to | NL_ANY(nl_ahead(p, 0), NT_PAST, NT_AFTER);
	bool is_hour = NL_ANY(nl_ahead(p, 1), NT_NUMBER, NT_NOON, NT_MIDNIGHT);
	if (minutes < 0 || !is_hour || !is_joint) {
		p->i = first;
		return NL_NOT;
	}
	p->i++;
	enum nl_read r = nl_clock(p, true, out);
	if (r != NL_READ || out->s % HOUR_S) {
		p->i = first;
		return NL_NOT;
	}
	out->s = (out->s + (is_to ? DAY_S - minutes * MINUTE_S : minutes * MINUTE_S)) % DAY_S;
	return NL_READ;
}

static enum nl_read daypart(struct nl_pass *p, struct nl_clock *out)
{
	*out = plain(nl_now(p)->value * HOUR_S);
	out->is_part = true;
	p->i++;
	return NL_READ;
}

/* "in the morning", "at night", "tonight" behind a time say am or pm. */
static void half_of_daypart(struct nl_pass *p, struct nl_clock *out)
{
	unsigned first = p->i;
	int hour = out->s / HOUR_S;

	if (nl_ahead(p, 0) == NT_TONIGHT)
		return; /* settled with the day, which it names, too */
	bool has_prep = NL_TAKE(p, NT_IN, NT_AT, NT_THIS);
	(void)nl_take(p, NT_THE);
	int part = nl_now(p)->value;
	if (!has_prep || !(out->is_bare || out->has_half) || !nl_take(p, NT_DAYPART)) {
		p->i = first;
		return;
	}
	bool is_late_night = part == 22
			  && (hour < 6 || hour == 12); /* 2 at night; 9 at night is pm */
	if (out->is_bare)
		(void)set_half(out, part == 9 || is_late_night ? 0 : 12);
}

static enum nl_read suffix(struct nl_pass *p, struct nl_clock *out)
{
	unsigned first = p->i - 1;
	bool is_good = true;

	if (nl_ahead(p, 0) == NT_MERIDIEM)
		is_good = set_half(out, p->tokens[p->i++].value);
	else if (NL_ANY(nl_ahead(p, 0), NT_NOON, NT_MIDNIGHT)) {
		is_good = out->s == NOON_S;
		*out = plain(nl_ahead(p, 0) == NT_NOON ? NOON_S : 0);
		p->i++;
		return is_good ? NL_READ : nl_fault(p, WHEN_NL_OUT_OF_RANGE, first, RANGE_HINT);
	}
	(void)nl_take(p, NT_OCLOCK);
	if (nl_ahead(p, 0) == NT_MERIDIEM)
		is_good = is_good && set_half(out, p->tokens[p->i++].value);
	if (!is_good)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first, RANGE_HINT);
	half_of_daypart(p, out);
	return NL_READ;
}

enum nl_read nl_clock(struct nl_pass *p, bool is_after_at, struct nl_clock *out)
{
	enum nl_read r = relative(p, out);

	if (r != NL_NOT)
		return r == NL_READ ? suffix(p, out) : r;
	switch (nl_ahead(p, 0)) {
	case NT_CLOCK:
		*out = plain(nl_now(p)->value);
		p->i++;
		if (out->s < 0)
			return nl_fault(p, WHEN_NL_OUT_OF_RANGE, p->i - 1, RANGE_HINT);
		return suffix(p, out);
	case NT_NUMBER:
		r = digits(p, is_after_at, out);
		return r == NL_READ ? suffix(p, out) : r;
	case NT_NOON:
	case NT_MIDNIGHT:
		*out = plain(nl_ahead(p, 0) == NT_NOON ? NOON_S : 0);
		out->has_half = nl_ahead(p, 0) == NT_NOON;
		p->i++;
		return NL_READ;
	case NT_DAYPART:
		return daypart(p, out);
	default:
		return NL_NOT;
	}
}

/* ---- lists of times ---- */

/* "9 and 10pm": the earlier bare hour is pm too, if the times then still ascend. */
static void inherit_half(struct nl_clock *times, unsigned n)
{
	for (unsigned i = n - 1; i > 0; i--) {
		struct nl_clock *c = &times[i - 1];

		if (c->is_bare && times[i].has_half && times[i].s >= NOON_S && c->s < NOON_S
		    && c->s + NOON_S < times[i].s)
			c->s += NOON_S;
	}
}

static enum nl_read add_time(struct nl_pass *p, struct nl_clock c, unsigned first)
{
	struct nl_plan *plan = &p->plan;

	if (plan->times_n == NL_TIMES_MAX)
		return nl_fault(p, WHEN_NL_INEXPRESSIBLE, first, "Name fewer times of day.");
	plan->times[plan->times_n++] = c;
	return NL_READ;
}

/* "at 09:00 AM through 04:00 PM" beside minutes past the hour: each of those hours, as descriptions
 * say it. */
static enum nl_read add_hours(struct nl_pass *p, struct nl_clock from, unsigned first)
{
	struct nl_clock to;

	if (!p->plan.past || from.s % HOUR_S || !nl_take(p, NT_THROUGH))
		return NL_READ;
	if (nl_clock(p, true, &to) != NL_READ || to.s % HOUR_S)
		return nl_fault(p, WHEN_NL_UNRECOGNIZED, first, NULL);
	for (from.s += HOUR_S; from.s <= to.s; from.s += HOUR_S)
		if (add_time(p, from, first) == NL_FAULT)
			return NL_FAULT;
	return NL_READ;
}

static bool take_next(struct nl_pass *p)
{
	if (!nl_take_and(p))
		return false;
	(void)nl_take(p, NT_AT);
	return true;
}

/* A time at p->i, and the hours that hang on it. */
static enum nl_read read_time(struct nl_pass *p, bool is_after_at)
{
	unsigned first = p->i;
	struct nl_clock c;
	enum nl_read r = nl_clock(p, is_after_at, &c);

	if (r == NL_READ)
		r = add_time(p, c, first);
	return r == NL_READ ? add_hours(p, c, first) : r;
}

/* As many times as there are; what is no time is left. */
static enum nl_read read_times(struct nl_pass *p, bool is_at)
{
	unsigned before = p->plan.times_n, back;

	for (;;) {
		back = p->i;
		if (before < p->plan.times_n && !take_next(p))
			break;
		enum nl_read r = read_time(p, is_at || before < p->plan.times_n);
		if (r == NL_FAULT)
			return r;
		if (r == NL_NOT)
			break;
	}
	p->i = back;
	return before < p->plan.times_n ? NL_READ : NL_NOT;
}

/* "this afternoon" is a day, too; "mornings" come again. */
static void note_part(struct nl_pass *p, const struct nl_token *t)
{
	if (t->type == NT_THIS && t[1].type == NT_DAYPART)
		p->plan.day = (struct nl_day){ .kind = ND_AFTER };
	if (t->type == NT_DAYPART && t->more == 1)
		p->plan.is_recurring = true;
}

/* "at exactly 9am" */
static void skip_exactly(struct nl_pass *p)
{
	if (!NL_ANY(nl_ahead(p, 1), NT_NUMBER, NT_CLOCK, NT_NOON, NT_MIDNIGHT)
	    || !nl_take(p, NT_FILLER))
		return;
	p->plan.fillers++;
	nl_note(p, NN_FILLER);
}

enum nl_read nl_times(struct nl_pass *p)
{
	unsigned first = p->i, before = p->plan.times_n;

	if (NL_TAKE(p, NT_AT, NT_IN, NT_DURING, NT_ON, NT_THIS))
		(void)nl_take(p, NT_THE);
	enum nl_type lead = first < p->i ? p->tokens[first].type : NT_END;
	bool is_at = lead == NT_AT;
	if (is_at)
		skip_exactly(p);
	if (lead != NT_END && !is_at && nl_ahead(p, 0) != NT_DAYPART) {
		p->i = first;
		return NL_NOT;
	}
	enum nl_read r = read_times(p, is_at);
	if (r == NL_NOT)
		p->i = first;
	if (r != NL_READ)
		return r;
	for (unsigned i = first; i < p->i; i++)
		note_part(p, &p->tokens[i]);
	inherit_half(p->plan.times + before, p->plan.times_n - before);
	return NL_READ;
}

/* ---- minutes past the hour ---- */

static void take_hour(struct nl_pass *p)
{
	if (NL_ANY(nl_ahead(p, 0), NT_THE, NT_EVERY, NT_A))
		p->i++;
	if (nl_is_unit(p, NU_HOUR))
		p->i++;
}

static bool ends_past_hour(struct nl_pass *p)
{
	if (nl_is_unit(p, NU_MINUTE))
		p->i++;
	if (!nl_take(p, NT_PAST) && !nl_take(p, NT_AFTER))
		return false;
	if (NL_ANY(nl_ahead(p, 0), NT_NUMBER, NT_NOON, NT_MIDNIGHT))
		return false; /* ten past nine */
	take_hour(p);
	return true;
}

/* Numbers, marks (":15") and ranges "5 through 10". *out_only_marks: nothing but marks. */
static uint64_t minute_list(struct nl_pass *p, bool *out_only_marks, bool *out_is_good)
{
	uint64_t mask = 0;
	int last = -1;
	bool is_range = false;

	*out_only_marks = *out_is_good = true;
	for (;;) {
		enum nl_type type = nl_ahead(p, 0);
		int v = nl_now(p)->value;

		if (!NL_ANY(type, NT_NUMBER, NT_MINUTE_MARK))
			return mask;
		*out_only_marks &= type == NT_MINUTE_MARK;
		*out_is_good &= v < 60;
		for (int m = is_range && last >= 0 && last < v ? last : v; m <= v && m < 60; m++)
			mask |= (uint64_t)1 << m;
		last = v;
		p->i++;
		is_range = nl_take(p, NT_THROUGH);
		if (!is_range && !nl_take_and(p))
			return mask;
		(void)nl_take(p, NT_AT);
	}
}

static enum nl_read set_past(struct nl_pass *p, uint64_t mask, bool is_good, unsigned first)
{
	if (!is_good)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first,
				"Minutes past the hour are 0 to 59.");
	p->plan.past |= mask;
	return NL_READ;
}

/* "half past every hour", "quarter to the hour", "on the hour". */
static uint64_t spoken_minutes(struct nl_pass *p)
{
	uint64_t mask = 0;

	if (NL_TAKE(p, NT_ON, NT_AT) && nl_take(p, NT_THE) && nl_is_unit(p, NU_HOUR)) {
		p->i++;
		return 1;
	}
	if (nl_take(p, NT_TOP)) {
		(void)nl_take(p, NT_OF);
		take_hour(p);
		return 1;
	}
	(void)nl_take(p, NT_A);
	if (nl_take(p, NT_HALF))
		mask = (uint64_t)1 << 30;
	else if (nl_take(p, NT_QUARTER))
		mask = (uint64_t)1 << (nl_ahead(p, 0) == NT_TO ? 45 : 15);
	if (mask == 0 || !NL_TAKE(p, NT_PAST, NT_TO) || nl_ahead(p, 0) == NT_NUMBER)
		return 0;
	unsigned i = p->i;
	take_hour(p);
	return p->i > i ? mask : 0;
}

/* "hourly at 30" */
static bool is_minute_of_hour(const struct nl_pass *p)
{
	return p->plan.every == HOUR && nl_ahead(p, 0) == NT_NUMBER && nl_now(p)->more == 2
	    && nl_ahead(p, 1) == NT_END;
}

enum nl_read nl_minutes(struct nl_pass *p)
{
	unsigned first = p->i;
	bool only_marks, is_good;
	uint64_t mask = spoken_minutes(p);

	if (mask)
		return set_past(p, mask, true, first);
	p->i = first;
	(void)NL_TAKE(p, NT_AT, NT_ON);
	(void)nl_take(p, NT_THE);
	if (nl_is_unit(p, NU_MINUTE)) { /* "minute 5 and 35" */
		p->i++;
		mask = minute_list(p, &only_marks, &is_good);
		if (mask || !is_good) {
			if (NL_TAKE(p, NT_OF, NT_PAST))
				take_hour(p);
			return set_past(p, mask, is_good, first);
		}
		p->i = first;
		return NL_NOT;
	}
	bool is_hourly = p->i > first && is_minute_of_hour(p);
	mask = minute_list(p, &only_marks, &is_good);
	only_marks |= is_hourly;
	if ((mask || !is_good) && (ends_past_hour(p) || only_marks))
		return set_past(p, mask, is_good, first);
	p->i = first;
	return NL_NOT;
}
