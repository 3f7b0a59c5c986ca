/* Which days, months and times were said together: "mondays at 9am and thursdays at 10am" are two
 * schedules, and must not become two days with two times each. */
#include "nl_int.h"

/* Days named by a clause, as far as they can differ. */
static bool is_same_days(const struct nl_plan *a, const struct nl_plan *b)
{
	bool is_same = a->weekdays == b->weekdays && a->dom == b->dom && a->last == b->last
		    && memcmp(a->nth, b->nth, sizeof a->nth) == 0;

	return is_same && a->near == b->near && a->last_near == b->last_near
	    && a->workday == b->workday && a->dates_n == b->dates_n && a->back == b->back
	    && a->back_day == b->back_day;
}

static enum nl_said kind_of(const struct nl_plan *before, const struct nl_plan *after)
{
	/* "every weekday at 9am and 11am on fridays" adds no day */
	bool names_some = after->has_named || (after->named && after->named != after->weekdays);

	if (names_some || !is_same_days(before, after))
		return NS_DAYS;
	if (before->times_n != after->times_n || before->past != after->past)
		return NS_TIMES;
	if (before->months != after->months)
		return NS_MONTHS;
	bool is_less = before->without != after->without
		    || before->without_months != after->without_months;
	return is_less ? NS_EXCEPT : NS_NOTHING;
}

/* Notes what the clause that was read from token `first` on has added to the plan. */
void nl_pair_add(struct nl_pass *p, const struct nl_plan *before, unsigned first)
{
	enum nl_said kind = kind_of(before, &p->plan);
	struct nl_run *last = p->runs_n ? &p->runs[p->runs_n - 1] : NULL;

	if (kind == NS_NOTHING || p->runs_n == NL_RUNS_MAX)
		return;
	if (last && last->kind == kind) {
		last->times_n = p->plan.times_n - last->first;
		last->has_past |= before->past != p->plan.past;
		return;
	}
	p->runs[p->runs_n++] = (struct nl_run){
		.kind = kind,
		.first = before->times_n,
		.times_n = p->plan.times_n - before->times_n,
		.has_past = before->past != p->plan.past,
		.is_every_day = before->unit == NU_DAY && before->n == 1,
		.is_joined = first > 0 && p->tokens[first - 1].type == NT_AND
	};
}

static bool is_same_times(const struct nl_plan *plan, const struct nl_run *a,
			  const struct nl_run *b)
{
	if (a->times_n != b->times_n || a->has_past | b->has_past)
		return false;
	for (unsigned i = 0; i < a->times_n; i++) {
		const struct nl_clock *c = &plan->times[a->first + i],
				      *d = &plan->times[b->first + i];

		if (c->s != d->s || c->is_part != d->is_part || c->has_half != d->has_half)
			return false;
	}
	return true;
}

/* "at 7:00 every weekday morning": the part of the day explains the hour. */
static bool is_part(const struct nl_plan *plan, const struct nl_run *r)
{
	for (unsigned i = 0; i < r->times_n; i++)
		if (!plan->times[r->first + i].is_part)
			return false;
	return r->times_n > 0;
}

/* Times that stand apart must be the same ones. */
static bool agree(const struct nl_pass *p, const unsigned count[NS_KINDS])
{
	const struct nl_run *first = NULL;

	for (unsigned i = 0; i < p->runs_n; i++) {
		const struct nl_run *r = &p->runs[i];

		if (r->kind != NS_TIMES)
			continue;
		if (!first)
			first = r;
		else if (!is_same_times(&p->plan, first, r)
			 && !(count[NS_TIMES] == 2 && count[NS_DAYS] < 2
			      && is_part(&p->plan, first) != is_part(&p->plan, r)))
			return false;
	}
	return true;
}

/* "every day at 9am and on sundays": the days would take the place of every day. */
static bool replaces_every_day(const struct nl_pass *p)
{
	bool has_times = false;

	for (unsigned i = 0; i < p->runs_n; i++) {
		const struct nl_run *r = &p->runs[i];

		if (r->kind == NS_DAYS && has_times && r->is_every_day && r->is_joined)
			return true;
		has_times |= r->kind == NS_TIMES;
	}
	return false;
}

enum when_err nl_pair_check(struct nl_pass *p)
{
	unsigned count[NS_KINDS] = { 0 };

	for (unsigned i = 0; i < p->runs_n; i++)
		count[p->runs[i].kind]++;
	bool is_paired = count[NS_DAYS] < 2
		      || (count[NS_MONTHS] == 0 && count[NS_TIMES] == count[NS_DAYS]);
	bool is_said = is_paired && count[NS_MONTHS] < 2 && p->runs_n < NL_RUNS_MAX;
	if (is_said && agree(p, count) && !replaces_every_day(p))
		return WHEN_OK;
	p->i = p->n;
	return nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0, "Make one schedule for each.");
}
