/* Days of the week and months: mondays and fridays, fri-mon, weekends, except sunday, in june. */
#include "nl_int.h"

enum { WORKDAYS = 0x3e, WEEKEND = 0x41 };

/* Values first .. last, around the end of 0 .. size - 1. */
static unsigned wrap_range(unsigned first, unsigned last, unsigned size)
{
	unsigned mask = 1u << first;

	for (unsigned v = first; v != last;) {
		v = (v + 1) % size;
		mask |= 1u << v;
	}
	return mask;
}

static bool take_range(struct nl_pass *p, bool is_between, enum nl_type type)
{
	enum nl_type joint = nl_ahead(p, 0);
	bool is_joint = NL_ANY(joint, NT_TO, NT_THROUGH, NT_DASH, NT_UNTIL)
		     || (is_between && joint == NT_AND);

	if (!is_joint || nl_ahead(p, 1) != type)
		return false;
	p->i++;
	return true;
}

struct list {
	unsigned mask;
	bool is_plural; /* more than one, or one that says "every" */
};

/* "week day", in two words */
static bool is_week_day(const struct nl_pass *p)
{
	return nl_is_unit(p, NU_WEEK) && nl_ahead(p, 1) == NT_UNIT && nl_now(p)[1].value == NU_DAY;
}

static bool weekday_item(struct nl_pass *p, bool is_between, struct list *out)
{
	const struct nl_token *t = nl_now(p);

	if (nl_take(p, NT_WORKDAY)
	    || (t->type == NT_BUSINESS && nl_ahead(p, 1) == NT_UNIT && t[1].value == NU_DAY)) {
		p->i += t->type == NT_BUSINESS ? 2 : 0;
		out->mask |= WORKDAYS;
		out->is_plural = true;
		return true;
	}
	if (is_week_day(p)) {
		p->i += 2;
		out->mask |= WORKDAYS;
		out->is_plural = true;
		return true;
	}
	if (nl_take(p, NT_WEEKEND)) {
		p->i += nl_is_unit(p, NU_DAY);
		out->mask |= WEEKEND;
		out->is_plural = true;
		return true;
	}
	if (nl_take(p, NT_DAYSET)) {
		out->mask |= (unsigned)t->value;
		out->is_plural = true;
		return true;
	}
	if (!nl_take(p, NT_WEEKDAY))
		return false;
	out->is_plural |= t->more == 1 || out->mask != 0;
	out->mask |= 1u << t->value;
	if (take_range(p, is_between, NT_WEEKDAY)) {
		out->mask |= wrap_range((unsigned)t->value, (unsigned)nl_now(p)->value, 7);
		out->is_plural = true;
		p->i++;
	}
	return true;
}

static bool weekday_list(struct nl_pass *p, bool is_between, struct list *out)
{
	unsigned back = p->i;

	while (weekday_item(p, is_between, out)) {
		back = p->i;
		if (!nl_take_and(p) && !nl_take(p, NT_SLASH))
			break;
		(void)nl_take(p, NT_ON);
		(void)nl_take(p, NT_EVERY);
	}
	p->i = back;
	return out->mask != 0;
}

/* "friday the 13th" */
static bool is_with_date(const struct nl_pass *p)
{
	unsigned k = nl_ahead(p, 0) == NT_THE ? 1 : 0;

	return nl_ahead(p, k) == NT_ORDINAL && p->tokens[p->i + k].value > 0
	    && !NL_ANY(nl_ahead(p, k + 1), NT_WEEKDAY, NT_WORKDAY, NT_MONTH);
}

enum nl_read nl_weekdays(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_plan *plan = &p->plan;
	struct list list = { 0 };
	bool is_only = nl_take(p, NT_ONLY);

	(void)NL_TAKE(p, NT_ON, NT_IN, NT_OF, NT_FROM, NT_DURING);
	bool is_between = nl_take(p, NT_BETWEEN);
	(void)nl_take(p, NT_THE);
	if (!weekday_list(p, is_between, &list)) {
		p->i = first;
		return NL_NOT;
	}
	if (nl_noted(p, NN_BUSINESS) && plan->weekdays == WORKDAYS)
		plan->weekdays = 0; /* business hours on the days that are named */
	if (plan->weekdays && plan->weekdays != list.mask)
		list.is_plural = true;
	plan->weekdays |= (uint8_t)list.mask;
	plan->named = (uint8_t)list.mask;
	plan->is_recurring |= list.is_plural || is_only;
	plan->is_both |= is_with_date(p)
		      || (is_only && (plan->dom || plan->last || plan->near || plan->last_near));
	return NL_READ;
}

/* ---- months ---- */

static bool is_date(const struct nl_pass *p)
{
	enum nl_type day = nl_ahead(p, 1), behind = nl_ahead(p, 2);

	return day == NT_ORDINAL || (day == NT_NUMBER && !NL_ANY(behind, NT_MERIDIEM, NT_OCLOCK));
}

static unsigned month_list(struct nl_pass *p, bool is_between)
{
	unsigned mask = 0, back = p->i;

	while (nl_ahead(p, 0) == NT_MONTH && !is_date(p)) {
		unsigned m = (unsigned)nl_now(p)->value - 1;

		p->i++;
		mask |= 1u << m;
		if (take_range(p, is_between, NT_MONTH) && !is_date(p)) {
			mask |= wrap_range(m, (unsigned)nl_now(p)->value - 1, 12);
			p->i++;
		}
		back = p->i;
		if (!nl_take_and(p) && !nl_take(p, NT_SLASH))
			break;
		(void)nl_take(p, NT_IN);
	}
	p->i = back;
	return mask << 1;
}

enum nl_read nl_months(struct nl_pass *p)
{
	unsigned first = p->i;

	p->plan.is_recurring |= nl_take(p, NT_ONLY) && (nl_ahead(p, 0) == NT_IN);
	(void)NL_TAKE(p, NT_IN, NT_OF, NT_FROM, NT_DURING);
	bool is_between = nl_take(p, NT_BETWEEN);
	if (nl_take(p, NT_EVERY))
		p->plan.is_recurring = true;
	unsigned mask = month_list(p, is_between);
	if (mask == 0) {
		p->i = first;
		return NL_NOT;
	}
	p->plan.months |= (uint16_t)mask;
	return NL_READ;
}

enum nl_read nl_except(struct nl_pass *p)
{
	unsigned first = p->i;
	struct list list = { 0 };

	if (!nl_take(p, NT_EXCEPT))
		return NL_NOT;
	(void)NL_TAKE(p, NT_ON, NT_IN);
	(void)nl_take(p, NT_THE);
	if (weekday_list(p, false, &list)) {
		p->plan.without |= (uint8_t)list.mask;
		return NL_READ;
	}
	unsigned months = month_list(p, false);
	if (months == 0)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first,
				"Only days of the week and months can be left out.");
	p->plan.without_months |= (uint16_t)months;
	return NL_READ;
}
