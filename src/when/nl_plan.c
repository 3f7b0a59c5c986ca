/* What the clauses said, taken together: defaults for what was left out, and contradictions. */
#include "nl_int.h"
#include "when/civil.h"

enum {
	ALL_WEEK = 0x7f,
	ALL_MONTHS = 0x1ffe,
	QUARTER_FIRST = 0x492,
	QUARTER_LAST = 0x1248,
	NOON_S = 12 * 3600,
	HOUR_S = 3600,
	EVENING = 19 * HOUR_S,
	NIGHT = 22 * HOUR_S, /* as the word alone is read */
	EVENING_BEGINS = 16 * HOUR_S,
	NIGHT_BEGINS = 17 * HOUR_S,
	NIGHT_ENDS = 6 * HOUR_S,
	TONIGHT_BEGINS = 5 * HOUR_S /* "tonight at 5" is pm */
};

static bool has_nth(const struct nl_plan *plan)
{
	for (unsigned i = 0; i < 7; i++)
		if (plan->nth[i])
			return true;
	return false;
}

static bool has_monthdays(const struct nl_plan *plan)
{
	return plan->dom || plan->last || plan->near || plan->last_near || plan->workday
	    || plan->back || has_nth(plan);
}

static enum when_err clash(struct nl_pass *p, const char *hint)
{
	p->i = p->n;
	return nl_blame(p, WHEN_NL_UNSUPPORTED, 0, hint);
}

static unsigned bits(uint64_t v)
{
	return (unsigned)__builtin_popcountll(v);
}

/* Dates of every year: their months and days, each with each. */
static enum when_err spread_dates(struct nl_pass *p, uint32_t *dom, uint32_t *months)
{
	for (unsigned i = 0; i < p->plan.dates_n; i++) {
		const struct nl_day *d = &p->plan.dates[i];

		if (d->year)
			return clash(p, "A date with its year comes once.");
		if (d->day < 1 || d->day > 31)
			return p->i = p->n,
			       nl_blame(p, WHEN_NL_OUT_OF_RANGE, 0, "Days of a month are 1 to 31.");
		*dom |= 1u << d->day;
		*months |= 1u << d->month;
	}
	return WHEN_OK;
}

/* "friday december 4": the day of the week must be that of the date. */
static enum when_err settle_named_day(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	int32_t day;

	if (bits(plan->weekdays) != 1 || has_monthdays(plan) || nl_day_find(p, &plan->day, &day))
		return WHEN_OK;
	if (plan->weekdays != 1u << civil_weekday(day))
		return clash(p, "That date is another day of the week.");
	plan->weekdays = 0;
	plan->is_both = false;
	return WHEN_OK;
}

static enum when_err settle_dates(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	uint32_t dom = 0, months = 0;
	enum when_err e;

	if (plan->dates_n == 0)
		return WHEN_OK;
	if (!plan->is_recurring && plan->dates_n == 1) {
		if (plan->day.kind != ND_NONE)
			return clash(p, "Name one day.");
		plan->day = plan->dates[0];
		return settle_named_day(p);
	}
	if ((e = spread_dates(p, &dom, &months)))
		return e;
	if (bits(dom) * bits(months) != plan->dates_n || plan->months || plan->dom)
		return p->i = p->n,
		       nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0, "Make one schedule for each date.");
	plan->dom = dom;
	plan->months = (uint16_t)months;
	plan->is_recurring = true;
	if (plan->unit == NU_YEAR && plan->n == 1)
		plan->unit = NU_NONE;
	return WHEN_OK;
}

/* "of the quarter", "of the year": their first month, or their last one for what is last. */
static enum when_err settle_of(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	uint8_t nth = 0;

	if (plan->of == NU_NONE)
		return WHEN_OK;
	for (unsigned i = 0; i < 7; i++)
		nth |= plan->nth[i];
	bool is_last = (plan->last | plan->last_near | (nth & NL_LAST) | plan->back) != 0;
	bool is_first = (plan->dom | plan->near | plan->workday | (nth & ~(unsigned)NL_LAST)) != 0;
	bool is_vague = plan->months || nth & 1 << 4 || bits(plan->dom) > 1;
	if (is_last == is_first || is_vague)
		return p->i = p->n, nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0, "Name the months.");
	static const uint16_t of_year[] = { 1 << 1, 1 << 12 },
			      of_quarter[] = { QUARTER_FIRST, QUARTER_LAST };
	plan->months = plan->of == NU_YEAR ? of_year[is_last] : of_quarter[is_last];
	plan->is_recurring = true;
	return WHEN_OK;
}

/* ---- twice a day ---- */

static enum when_err spread_week(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;

	if (plan->weekdays && bits(plan->weekdays) != plan->count)
		return clash(p, "The days named are not so many.");
	if (plan->weekdays)
		return WHEN_OK;
	nl_note(p, NN_COUNT);
	plan->weekdays = plan->count == 2 ? 0x12
					  : 0x2a; /* Monday, Thursday; Monday, Wednesday, Friday */
	return WHEN_OK;
}

static enum when_err spread_month(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;

	if (has_monthdays(plan) && bits(plan->dom) != plan->count)
		return clash(p, "The days named are not so many.");
	if (plan->dom)
		return WHEN_OK;
	nl_note(p, NN_COUNT);
	plan->dom = 1u << 1 | 1u << 15;
	return WHEN_OK;
}

static enum when_err spread_days(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	unsigned n = plan->count;

	if (plan->count_unit == NU_WEEK && n <= 3 && !has_monthdays(plan))
		return spread_week(p);
	if (plan->count_unit == NU_MONTH && n == 2 && !plan->weekdays)
		return spread_month(p);
	if (plan->count_unit != NU_YEAR || 12 % n || plan->months)
		return p->i = p->n, nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0, "Name the days.");
	nl_note(p, NN_COUNT);
	for (unsigned m = 1; m <= 12; m += 12 / n)
		plan->months |= (uint16_t)(1u << m);
	plan->unit = NU_MONTH;
	plan->n = 1;
	return WHEN_OK;
}

static enum when_err settle_count(struct nl_pass *p)
{
	static const usec_t unit[] = { [NU_MINUTE] = MIN, [NU_HOUR] = HOUR, [NU_DAY] = DAY };
	struct nl_plan *plan = &p->plan;

	if (plan->count == 0)
		return WHEN_OK;
	if (plan->count_unit >= NU_WEEK)
		return spread_days(p);
	if (plan->count_unit == NU_DAY && plan->times_n) {
		if (plan->times_n != plan->count)
			return clash(p, "The times named are not so many.");
		return WHEN_OK;
	}
	if (plan->count_unit == NU_HOUR && plan->past) {
		if (bits(plan->past) != plan->count)
			return clash(p, "The minutes named are not so many.");
		return WHEN_OK;
	}
	if (plan->count_unit == NU_SECOND || unit[plan->count_unit] / SEC % plan->count
	    || plan->has_window)
		return p->i = p->n, nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0, "Name the times of day.");
	nl_note(p, NN_COUNT);
	plan->every = unit[plan->count_unit] / plan->count;
	return WHEN_OK;
}

/* ---- defaults ---- */

static enum when_err settle_excepted(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;

	if (plan->without) {
		if (has_monthdays(plan) || plan->day.kind != ND_NONE)
			return p->i = p->n,
			       nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0,
					"Days of the month cannot leave out days of the week.");
		plan->weekdays = (plan->weekdays ? plan->weekdays : ALL_WEEK) & ~plan->without
			       & ALL_WEEK;
		plan->is_recurring = true;
		if (!plan->weekdays)
			return p->i = p->n, nl_blame(p, WHEN_NL_NEVER, 0, NULL);
	}
	if (plan->without_months) {
		plan->months = (plan->months ? plan->months : ALL_MONTHS) & ~plan->without_months
			     & ALL_MONTHS;
		plan->is_recurring = true;
		if (!plan->months)
			return p->i = p->n, nl_blame(p, WHEN_NL_NEVER, 0, NULL);
	}
	return WHEN_OK;
}

/* "every 3 months": January, April and so on. */
static void settle_steps(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	bool is_stepped = plan->unit == NU_MONTH && plan->n > 1 && 12 % plan->n == 0
		       && !plan->is_from_start;
	if (is_stepped && !plan->months) {
		for (unsigned m = 1; m <= 12; m += plan->n)
			plan->months |= (uint16_t)(1u << m);
		nl_note(p, NN_JANUARY);
	}
}

/* Which day of the week, month or year, when only the unit was named. */
static void settle_days(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	/* "every june" is like every year */
	bool is_yearly = plan->is_every_month && plan->unit == NU_NONE && !plan->every
		      && !plan->past;

	if (!plan->weekdays && !has_monthdays(plan) && (is_yearly || plan->unit >= NU_WEEK)) {
		nl_note(p, NN_NO_DAY);
		plan->weekdays = plan->unit == NU_WEEK; /* Sunday, as in @weekly */
		plan->dom = plan->unit == NU_WEEK ? 0 : 1u << 1;
	}
	if (plan->unit == NU_YEAR && !plan->months)
		plan->months = 1u << 1;
	settle_steps(p);
}

/* In the night 12 is midnight and 9 the evening; hours before `ends` are those after midnight. */
static void to_night(struct nl_clock *c, int32_t ends)
{
	if (!c->has_half && c->s >= NOON_S && c->s < NOON_S + HOUR_S)
		c->s -= NOON_S;
	else if (!c->has_half && c->s >= ends && c->s < NOON_S)
		c->s += NOON_S;
	c->is_bare = false;
}

/* The time in that part of the day; false: it is not in it. */
static bool fit_part(struct nl_clock *c, int32_t part)
{
	if (part >= NIGHT) {
		to_night(c, NIGHT_ENDS);
		return c->s < NIGHT_ENDS || c->s >= NIGHT_BEGINS;
	}
	c->is_bare = false;
	if (part < NOON_S)
		return c->s < NOON_S;
	if (!c->has_half && c->s >= HOUR_S && c->s < NOON_S)
		c->s += NOON_S;
	return part == NOON_S ? c->s >= NOON_S && c->s < EVENING : c->s >= EVENING_BEGINS;
}

/* "every evening at 8": the part of the day says which half of it is meant, and is no time. */
static enum when_err settle_parts(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	const struct nl_clock *part = NULL;
	unsigned n = 0;

	for (unsigned i = 0; i < plan->times_n; i++)
		part = plan->times[i].is_part ? &plan->times[i] : part;
	if (!part)
		return WHEN_OK;
	int32_t named = part->s;
	for (unsigned i = 0; i < plan->times_n; i++) {
		struct nl_clock c = plan->times[i];

		if (c.is_part)
			continue;
		if (!fit_part(&c, named))
			return clash(p, "The time is not in that part of the day.");
		plan->times[n++] = c;
	}
	if (n == 0)
		nl_note(p, NN_DAYPART);
	else
		plan->times_n = n;
	return WHEN_OK;
}

/* "tonight at 8" is the evening; 12 and 2 are the hours behind midnight. */
static void settle_tonight(struct nl_pass *p, struct nl_clock *c)
{
	struct nl_plan *plan = &p->plan;
	int32_t now = (int32_t)((p->ask->now / SEC
				 + tz_offset(nl_zone_of(p), p->ask->now / SEC, NULL))
				% DAY_S);

	to_night(c, plan->day.kind == ND_NONE ? NIGHT_ENDS : TONIGHT_BEGINS);
	if (plan->day.kind == ND_AFTER && c->s < NIGHT_ENDS && c->s <= now)
		plan->day.n++;
}

static void note_bare_hours(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;

	for (unsigned i = 0; i < plan->times_n; i++) {
		if (nl_noted(p, NN_NIGHT))
			settle_tonight(p, &plan->times[i]);
		if (plan->times[i].is_bare)
			nl_note(p, NN_BARE_HOUR);
	}
}

/* The time of what needs one, and has none. */
static void settle_times(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;

	note_bare_hours(p);
	if (plan->times_n || plan->every || plan->past || plan->day.kind == ND_STAMP
	    || plan->day.kind == ND_IN)
		return;
	plan->times_n = 1;
	if (nl_noted(p, NN_NIGHT)) { /* tonight is the evening, nightly the night */
		plan->times[0] = (struct nl_clock){ .s = plan->day.kind != ND_NONE ? 19 * 3600
										   : 22 * 3600 };
		nl_note(p, NN_DAYPART);
		return;
	}
	plan->times[0] = (struct nl_clock){ .s = 0 };
	nl_note(p, NN_NO_TIME);
}

/* Days of the month by number, not by weekday. */
static bool has_dates(const struct nl_plan *plan)
{
	return (plan->dom | plan->last | plan->near | plan->last_near) != 0;
}

/* A weekday counted from the end beside other days. */
static bool has_two_counts(const struct nl_plan *plan)
{
	return plan->back && (plan->weekdays || has_nth(plan) || has_dates(plan) || plan->workday);
}

/* Days of the week and days of the month beside one another. */
static enum when_err check_mixture(struct nl_pass *p)
{
	const struct nl_plan *plan = &p->plan;
	bool is_and = plan->is_both && plan->dom | plan->last;

	if ((plan->weekdays && has_monthdays(plan) && !is_and)
	    || (has_nth(plan) && (has_dates(plan) || plan->workday)))
		return clash(p, "Say either days of the week, or days of the month.");
	if (has_two_counts(plan))
		return clash(p, "Make one schedule for each.");
	if (plan->workday && has_dates(plan))
		return clash(p, "Name one business day of the month.");
	return WHEN_OK;
}

static enum when_err check_days(struct nl_pass *p)
{
	const struct nl_plan *plan = &p->plan;
	bool has_monthday = has_monthdays(plan),
	     has_days = has_monthday || (plan->weekdays | plan->months);

	bool is_repeated = plan->is_recurring | has_days | plan->has_window | (plan->past != 0);

	if (plan->day.kind != ND_NONE && is_repeated)
		return clash(p, "Say either one day, or how often.");
	if (plan->unit >= NU_MONTH && plan->weekdays && !has_monthday)
		return clash(p, "Say which of these days of the month: the first, the last.");
	if (plan->unit == NU_WEEK && has_monthday)
		return clash(p, "Days of the month do not go by weeks.");
	if (plan->unit == NU_DAY && plan->n > 1 && has_days)
		return p->i = p->n, nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0,
					     "Name the days, or an interval, not both.");
	return check_mixture(p);
}

static enum when_err check_times(struct nl_pass *p)
{
	const struct nl_plan *plan = &p->plan;

	if (plan->every && plan->times_n)
		return clash(
			p,
			"Name an interval or times of day, not both; say from when to when instead.");
	if (plan->has_window && !plan->every && !plan->past)
		return clash(p, "Say how often within that time.");
	if (plan->is_once && plan->is_recurring)
		return clash(p, "Say either once, or how often.");
	if (plan->unit != NU_NONE && plan->every)
		return clash(p, "Say once how often.");
	return WHEN_OK;
}

/* "monday at 9", "at 5pm", "on the 15th": once, or again and again? */
static enum when_err settle_recurrence(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;

	if (plan->is_recurring || plan->day.kind != ND_NONE)
		return WHEN_OK;
	if (!plan->times_n && !plan->past && !plan->weekdays && !has_monthdays(plan))
		return p->i = p->n, nl_blame(p, WHEN_NL_UNRECOGNIZED, 0, "Say how often, or when.");
	bool is_friday_13 = plan->is_both && plan->weekdays == 1u << 5 && plan->dom == 1u << 13;
	if (plan->past || is_friday_13 || plan->is_once)
		return WHEN_OK;
	nl_note(p, NN_UNCLEAR);
	return WHEN_OK;
}

static void settle_notes(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;

	if (plan->day.kind == ND_DATE && plan->day.year == 0)
		nl_note(p, NN_YEAR);
	if (plan->of != NU_NONE || plan->unit >= NU_MONTH) /* "every month on the last friday" */
		plan->notes &= ~(1u << NN_SECOND | 1u << NN_LAST);
}

enum when_err nl_settle(struct nl_pass *p)
{
	enum when_err e;

	if ((e = settle_parts(p)) || (e = settle_dates(p)) || (e = settle_of(p))
	    || (e = settle_count(p)) || (e = settle_excepted(p)) || (e = nl_settle_start(p)))
		return e;
	if ((e = settle_recurrence(p)) || (e = check_days(p)) || (e = check_times(p)))
		return e;
	settle_notes(p);
	settle_days(p);
	settle_times(p);
	return WHEN_OK;
}
