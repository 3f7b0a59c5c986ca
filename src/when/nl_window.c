/* Stretches of the day: between 9 and 5, from 22:00 to 06:00, during business hours. */
#include "nl_int.h"

enum { NOON_S = 12 * 3600 };

/* A bare hour takes am or pm from the other end, and 9 to 5 ends in the afternoon. */
static void settle_halves(struct nl_pass *p, struct nl_clock *from, struct nl_clock *to)
{
	bool is_night = p->plan.is_window_fixed; /* "overnight" */
	bool is_open = from->is_bare && from->s < NOON_S,
	     is_pm = to->has_half && from->s + NOON_S < to->s;
	bool is_early = to->is_bare && to->s < NOON_S && to->s <= from->s;

	if (is_open && (is_night || is_pm))
		from->s += NOON_S;
	else if (is_early && !is_night && to->s + NOON_S > from->s) {
		to->s += NOON_S;
		nl_note(p, NN_WINDOW_END);
	}
	if (from->is_bare | to->is_bare)
		nl_note(p, NN_BARE_HOUR);
	from->is_bare = to->is_bare = false;
}

static enum nl_read set_window(struct nl_pass *p, struct nl_clock from, struct nl_clock to,
			       unsigned first)
{
	struct nl_plan *plan = &p->plan;

	if (plan->has_window)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first, "Name one stretch of the day.");
	settle_halves(p, &from, &to);
	if (from.s == to.s)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first, "The stretch of the day is empty.");
	plan->has_window = true;
	plan->from = from;
	plan->to = to;
	return NL_READ;
}

/* "during business hours", "in working hours", "business hours". */
static enum nl_read business_hours(struct nl_pass *p)
{
	static const struct nl_clock nine = { .s = 9 * 3600 }, five = { .s = 17 * 3600 };
	unsigned first = p->i;

	(void)NL_TAKE(p, NT_DURING, NT_IN, NT_ON);
	(void)nl_take(p, NT_THE);
	if (!nl_take(p, NT_BUSINESS) || !nl_is_unit(p, NU_HOUR)) {
		p->i = first;
		return NL_NOT;
	}
	p->i++;
	nl_note(p, NN_BUSINESS);
	p->plan.weekdays |= p->plan.weekdays ? 0 : 0x3e;
	return set_window(p, nine, five, first);
}

static bool is_hour_like(const struct nl_pass *p)
{
	enum nl_type type = nl_ahead(p, 0);

	return NL_ANY(type, NT_CLOCK, NT_NOON, NT_MIDNIGHT, NT_HALF, NT_QUARTER, NT_DAYPART)
	    || (type == NT_NUMBER && !NL_ANY(nl_ahead(p, 1), NT_UNIT, NT_MONTH, NT_OF));
}

static bool take_joint(struct nl_pass *p, bool is_between)
{
	if (is_between)
		return NL_TAKE(p, NT_AND, NT_TO, NT_DASH);
	return NL_TAKE(p, NT_TO, NT_UNTIL, NT_THROUGH, NT_DASH);
}

enum nl_read nl_window(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_clock from, to;
	enum nl_read r = business_hours(p);

	if (r != NL_NOT)
		return r;
	bool is_night = nl_take(p, NT_OVERNIGHT);
	bool is_between = nl_take(p, NT_BETWEEN), is_from = !is_between && nl_take(p, NT_FROM);
	/* Without "from" only what is surely a time: 9am-5pm, 9:00 to 17:00. */
	if (is_hour_like(p) && (r = nl_clock(p, is_between || is_from, &from)) != NL_NOT) {
		if (r == NL_FAULT)
			return r;
		if (take_joint(p, is_between) && is_hour_like(p)
		    && (r = nl_clock(p, true, &to)) != NL_NOT) {
			p->plan.is_window_fixed = is_night;
			return r == NL_READ ? set_window(p, from, to, first) : r;
		}
	}
	p->i = first;
	return NL_NOT;
}
