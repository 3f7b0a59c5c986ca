/* Days of the month: the 1st and 15th, day 2, the last day, the third friday, the first business day,
 * the weekday nearest the 15th, 3 days before the end of the month. */
#include "nl_int.h"

enum { MONTH_DAYS = 31 };

/* Ordinals that wait for what they count: "the first and third monday". */
struct pending {
	uint64_t ords; /* bit n */
	bool has_last;
	int last_read; /* for ranges */
	unsigned items;
};

bool nl_ordinal(const struct nl_pass *p, int *out)
{
	const struct nl_token *t = nl_now(p);
	enum nl_type next = nl_ahead(p, 1);

	if (nl_ahead(p, 0) == NT_ORDINAL) {
		*out = t->value;
		return true;
	}
	*out = 2;
	return nl_ahead(p, 0) == NT_UNIT && slice_is(t->word, "second")
	    && (NL_ANY(next, NT_WEEKDAY, NT_WORKDAY, NT_BUSINESS, NT_DASH, NT_TO, NT_OCCURRENCE)
		|| next == NT_OF || (next == NT_UNIT && t[1].value == NU_DAY)
		|| ((NL_ANY(next, NT_AND, NT_COMMA)) && p->i + 2 < p->n));
}

static enum nl_read out_of_range(struct nl_pass *p, unsigned first)
{
	return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first,
			"Days of a month are 1 to 31, weeks of a month 1 to 5.");
}

/* The ordinals that came before, and this weekday. */
static enum nl_read nth_weekday(struct nl_pass *p, struct pending *q, unsigned first)
{
	int day = nl_now(p)->value;

	p->i++;
	if (q->ords & ~(uint64_t)0x3e)
		return out_of_range(p, first);
	bool is_every = first > 0 && p->tokens[first - 1].type == NT_EVERY;
	bool is_vague = !NL_ANY(nl_ahead(p, 0), NT_OF);
	if (is_vague && is_every && q->ords == 1u << 2 && !q->has_last)
		nl_note(p, NN_SECOND);
	if (is_vague && !is_every && q->has_last)
		nl_note(p, NN_LAST);
	p->plan.nth[day] |= (uint8_t)(q->ords >> 1 | (q->has_last ? NL_LAST : 0));
	p->plan.is_recurring = true;
	*q = (struct pending){ .items = q->items };
	return NL_READ;
}

/* The same for business days. */
static enum nl_read nth_workday(struct nl_pass *p, struct pending *q, unsigned first)
{
	struct nl_plan *plan = &p->plan;
	unsigned n = q->ords ? (unsigned)__builtin_ctzll(q->ords) : 0;

	if (q->ords & (q->ords - 1))
		return nl_fault(p, WHEN_NL_INEXPRESSIBLE, first,
				"Name one business day of the month.");
	if (n > 23 || q->ords & 1)
		return out_of_range(p, first);
	if (q->has_last)
		plan->last_near |= 1;
	if (n == 1)
		plan->near |= 1u << 1; /* the weekday nearest the 1st, inside the month */
	else if (n > 1)
		plan->workday = n;
	plan->is_recurring = true;
	*q = (struct pending){ .items = q->items };
	return NL_READ;
}

/* "second to last friday" */
static enum nl_read weekday_from_end(struct nl_pass *p, int n, unsigned first)
{
	struct nl_plan *plan = &p->plan;

	if (n < 1 || n > 4)
		return out_of_range(p, first);
	if (plan->back)
		return nl_fault(p, WHEN_NL_INEXPRESSIBLE, first, "Make one schedule for each.");
	plan->back = (unsigned)n;
	plan->back_day = (unsigned)nl_now(p)->value;
	p->i++;
	plan->is_recurring = true;
	return NL_READ;
}

/* "2nd to last day": the ordinal counts from the end. */
static enum nl_read from_end(struct nl_pass *p, int n, unsigned first)
{
	if (NL_ANY(nl_ahead(p, 0), NT_DASH, NT_TO))
		p->i++;
	(void)nl_take(p, NT_TO);
	(void)nl_take(p, NT_DASH);
	if (nl_ahead(p, 0) != NT_ORDINAL || nl_now(p)->value != -1)
		return NL_NOT;
	p->i++;
	if (nl_ahead(p, 0) == NT_WEEKDAY)
		return weekday_from_end(p, n, first);
	if (!nl_is_unit(p, NU_DAY))
		return nl_fault(p, WHEN_NL_INEXPRESSIBLE, first,
				"Count days from the end of the month, or from its beginning.");
	p->i++;
	if (n < 1 || n > MONTH_DAYS)
		return out_of_range(p, first);
	p->plan.last |= 1u << (n - 1);
	p->plan.is_recurring = true;
	return NL_READ;
}

static enum nl_read add_ordinal(struct nl_pass *p, struct pending *q, int v, unsigned first)
{
	if (v == 0 || v > MONTH_DAYS)
		return out_of_range(p, first);
	for (int d = q->last_read > 0 && q->last_read < v ? q->last_read : v; d <= v && v > 0; d++)
		q->ords |= (uint64_t)1 << d;
	q->has_last |= v < 0;
	q->last_read = 0;
	if (v > 0 && (NL_ANY(nl_ahead(p, 0), NT_THROUGH, NT_TO, NT_DASH))) {
		p->i++;
		(void)nl_take(p, NT_THE);
		q->last_read = v;
	}
	return NL_READ;
}

/* What pending ordinals count, if it stands here. */
static enum nl_read counted(struct nl_pass *p, struct pending *q, unsigned first)
{
	struct nl_plan *plan = &p->plan;

	if (nl_ahead(p, 0) == NT_WEEKDAY)
		return nth_weekday(p, q, first);
	if (nl_take(p, NT_WORKDAY))
		return nth_workday(p, q, first);
	if (nl_ahead(p, 0) == NT_BUSINESS && nl_ahead(p, 1) == NT_UNIT) {
		p->i += 2;
		return nth_workday(p, q, first);
	}
	if (!nl_is_unit(p, NU_DAY))
		return NL_NOT;
	p->i++;
	plan->is_recurring |= q->has_last;
	plan->last |= q->has_last ? 1 : 0;
	q->has_last = false;
	return NL_READ;
}

static enum nl_read ordinal_item(struct nl_pass *p, struct pending *q)
{
	unsigned first = p->i;
	int v;

	if (!nl_ordinal(p, &v))
		return NL_NOT;
	p->i++;
	unsigned back = p->i;
	enum nl_read r = from_end(p, v, first);
	if (r != NL_NOT)
		return r;
	p->i = back;
	if ((r = add_ordinal(p, q, v, first)) != NL_READ)
		return r;
	return counted(p, q, first) == NL_FAULT ? NL_FAULT : NL_READ;
}

/* ---- days by number ---- */

/* "day 2", "days 1 through 7"; behind one, "and 5". */
static enum nl_read day_item(struct nl_pass *p, struct pending *q, bool *is_numbered)
{
	unsigned first = p->i;

	if (nl_is_unit(p, NU_DAY) && nl_ahead(p, 1) == NT_NUMBER)
		p->i++;
	else if (!*is_numbered || nl_ahead(p, 0) != NT_NUMBER || nl_ahead(p, 1) == NT_UNIT)
		return NL_NOT;
	if (*is_numbered && (NL_ANY(nl_ahead(p, 1), NT_MERIDIEM, NT_OCLOCK))) {
		p->i = first;
		return NL_NOT;
	}
	*is_numbered = true;
	p->plan.is_recurring = true;
	p->i++;
	return add_ordinal(p, q, p->tokens[p->i - 1].value, first);
}

/* "of the month" and "of every month" say nothing new. */
static bool take_end(struct nl_pass *p)
{
	unsigned first = p->i;
	int v;

	if (nl_take(p, NT_ENDOF) && nl_ahead(p, 0) == NT_OF)
		return true;
	p->i = first;
	if (!nl_ordinal(p, &v) || v != -1)
		return false;
	p->i++;
	return nl_is_unit(p, NU_DAY) && p->i++;
}

/* "3 days before the end of the month", "the end of the month". */
static enum nl_read before_end(struct nl_pass *p)
{
	unsigned first = p->i, n = 0;

	if (nl_ahead(p, 0) == NT_NUMBER && nl_ahead(p, 1) == NT_UNIT
	    && nl_now(p)[1].value == NU_DAY) {
		n = (unsigned)nl_now(p)->value;
		p->i += 2;
		if (!nl_take(p, NT_BEFORE))
			n = UINT32_MAX;
		(void)nl_take(p, NT_THE);
	} else if (nl_ahead(p, 0) != NT_ENDOF)
		return NL_NOT;
	if (n == UINT32_MAX || !take_end(p)) {
		p->i = first;
		return NL_NOT;
	}
	if (n > 30)
		return out_of_range(p, first);
	p->plan.last |= 1u << n;
	p->plan.is_recurring = true;
	return NL_READ;
}

/* "weekday nearest the 15th", "nearest weekday to day 15". */
static enum nl_read nearest(struct nl_pass *p)
{
	unsigned first = p->i;
	bool is_swapped = nl_take(p, NT_NEAREST) && nl_take(p, NT_WORKDAY);

	if (!is_swapped && (p->i > first || !nl_take(p, NT_WORKDAY) || !nl_take(p, NT_NEAREST))) {
		p->i = first;
		return NL_NOT;
	}
	(void)nl_take(p, NT_TO);
	(void)nl_take(p, NT_THE);
	if (nl_is_unit(p, NU_DAY))
		p->i++;
	enum nl_type type = nl_ahead(p, 0);
	int v = nl_now(p)->value;
	if ((!NL_ANY(type, NT_NUMBER, NT_ORDINAL)) || v < 0) {
		p->i = first;
		return NL_NOT;
	}
	p->i++;
	if (v < 1 || v > MONTH_DAYS)
		return out_of_range(p, first);
	p->plan.near |= 1u << v;
	p->plan.is_recurring = true;
	return NL_READ;
}

static enum nl_read item(struct nl_pass *p, struct pending *q, bool *is_numbered)
{
	enum nl_read r = before_end(p);

	r = r == NL_NOT ? nearest(p) : r;
	r = r == NL_NOT ? day_item(p, q, is_numbered) : r;
	return r == NL_NOT ? ordinal_item(p, q) : r;
}

static enum nl_read finish(struct nl_pass *p, const struct pending *q, unsigned first)
{
	struct nl_plan *plan = &p->plan;

	if (q->has_last || q->last_read)
		return nl_fault(p, WHEN_NL_UNRECOGNIZED, first, "Say the last of what.");
	plan->is_recurring |= q->items > 1 || (q->ords & (q->ords - 1));
	plan->dom |= (uint32_t)q->ords;
	plan->has_named = true;
	return NL_READ;
}

enum nl_read nl_monthdays(struct nl_pass *p)
{
	unsigned first = p->i, back;
	struct pending q = { 0 };
	bool is_numbered = false;

	if (nl_take(p, NT_ONLY)) {
		p->plan.is_recurring = true;
		p->plan.is_both |= (p->plan.dom | p->plan.last) != 0;
	}
	(void)NL_TAKE(p, NT_ON, NT_AT, NT_BETWEEN, NT_FROM, NT_IN);
	for (;; q.items++) {
		back = p->i;
		if (q.items > 0 && q.last_read == 0) {
			if (!nl_take_and(p))
				break;
			(void)nl_take(p, NT_ON);
		}
		(void)nl_take(p, NT_THE);
		enum nl_read r = item(p, &q, &is_numbered);
		if (r == NL_FAULT)
			return r;
		if (r == NL_NOT)
			break;
		if (p->tokens[first].type == NT_BETWEEN && q.items == 0 && nl_take(p, NT_AND))
			q.last_read = __builtin_ctzll(q.ords | (uint64_t)1 << 63);
	}
	if (q.items == 0) {
		p->i = first;
		return NL_NOT;
	}
	p->i = back;
	return finish(p, &q, first);
}

/* "of every 2 months" is read by others from "every" on; months are theirs too. */
static enum nl_read of_every(struct nl_pass *p, unsigned first)
{
	bool is_of = p->tokens[first].type == NT_OF;

	p->i = first + 1;
	if (is_of && nl_ahead(p, 1) != NT_MONTH)
		return NL_READ;
	p->i = first;
	return NL_NOT;
}

static bool counts_days(const struct nl_plan *plan)
{
	static const uint8_t none[7];

	return plan->dom || plan->last || memcmp(plan->nth, none, sizeof none) != 0;
}

/* "of the month", "of every quarter", "of the year", "of the week". */
enum nl_read nl_of(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_plan *plan = &p->plan;

	if (!NL_TAKE(p, NT_OF, NT_IN))
		return NL_NOT;
	bool is_in = p->tokens[first].type == NT_IN, is_every = nl_take(p, NT_EVERY);
	(void)NL_TAKE(p, NT_THE, NT_A);
	enum nl_unit unit = nl_ahead(p, 0) == NT_QUARTER ? NU_QUARTER
			  : nl_ahead(p, 0) == NT_UNIT    ? (enum nl_unit)nl_now(p)->value
							 : NU_NONE;
	if (is_every && unit == NU_NONE)
		return of_every(p, first);
	if (unit < NU_DAY || (is_in && unit != NU_QUARTER)) {
		p->i = first;
		return NL_NOT;
	}
	p->i++;
	if (unit <= NU_WEEK && counts_days(plan))
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first,
				"Name the day of the week, or the time of day.");
	plan->is_recurring = true;
	plan->of = unit >= NU_QUARTER ? unit : plan->of;
	return NL_READ;
}

static void read_positions(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	int v, last = 0;

	plan->positions_n = 0;
	while (nl_ordinal(p, &v) && v > 0) {
		int k = last > 0 && last < v ? last + 1 : v;

		for (; k <= v && plan->positions_n < NL_POSITIONS_MAX; k++)
			plan->positions[plan->positions_n++] = (uint16_t)k;
		p->i++;
		last = nl_take(p, NT_THROUGH) ? v : 0;
		if (!last)
			(void)nl_take_and(p);
		(void)nl_take(p, NT_THE);
	}
}

/* "only the first and 4th occurrence of each day": how rules are described. */
enum nl_read nl_positions(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_plan *plan = &p->plan;

	if (!nl_take(p, NT_ONLY) || !nl_take(p, NT_THE)) {
		p->i = first;
		return NL_NOT;
	}
	read_positions(p);
	bool is_said = nl_take(p, NT_OCCURRENCE) && nl_take(p, NT_OF) && nl_take(p, NT_EVERY);
	if (!is_said || nl_ahead(p, 0) != NT_UNIT || plan->positions_n == 0) {
		plan->positions_n = 0;
		p->i = first;
		return NL_NOT;
	}
	enum nl_unit unit = (enum nl_unit)nl_now(p)->value;
	p->i++;
	if (unit == NU_DAY)
		return NL_READ;
	if (unit != NU_MONTH || plan->weekdays != 0x3e || plan->positions_n != 1)
		return nl_fault(p, WHEN_NL_INEXPRESSIBLE, first, NULL);
	plan->workday = plan->positions[0]; /* of Monday to Friday */
	plan->weekdays = 0;
	plan->positions_n = 0;
	return NL_READ;
}
