/* How often: every 15 minutes, every other week, hourly, twice a day. */
#include "nl_int.h"

#include "when/spec.h"

enum { N_MAX = 1000000 };

static const usec_t exact[] = {
	[NU_SECOND] = SEC, [NU_MINUTE] = MIN,   [NU_HOUR] = HOUR,
	[NU_DAY] = DAY,    [NU_WEEK] = 7 * DAY, [NU_YEAR] = 0,
};

/* ---- amounts ---- */

static void add_amount(struct nl_amount *a, enum nl_unit unit, int64_t thousandths)
{
	unsigned n = (unsigned)(thousandths / 1000);

	a->parts++;
	a->n = n;
	a->unit = unit;
	if (unit <= NU_HOUR)
		a->exact += exact[unit] / 1000 * thousandths;
	else if (unit <= NU_WEEK)
		a->days += unit == NU_WEEK ? 7 * n : n;
	else
		a->months += unit == NU_MONTH ? n : unit == NU_QUARTER ? 3 * n : 12 * n;
}

/* The number of an amount in thousandths; "a", "an": 1; -1: none. */
static int64_t amount_number(struct nl_pass *p)
{
	enum nl_type type = nl_ahead(p, 0);
	int64_t v = nl_now(p)->value;

	if (!NL_ANY(type, NT_NUMBER, NT_DECIMAL, NT_A))
		return -1;
	p->i++;
	return type == NT_NUMBER ? v * 1000 : type == NT_DECIMAL ? v : 1000;
}

/* "half an hour", "half hour", "quarter of an hour": thousandths of the unit that stands next. */
static int64_t amount_part(struct nl_pass *p)
{
	unsigned first = p->i;
	int64_t v = nl_ahead(p, 0) == NT_HALF ? 500 : nl_ahead(p, 0) == NT_QUARTER ? 250 : -1;

	if (v < 0)
		return v;
	p->i++;
	(void)nl_take(p, NT_DASH);
	if (nl_take(p, NT_OF) || nl_ahead(p, 0) == NT_A)
		(void)nl_take(p, NT_A);
	if (nl_is_unit(p, NU_HOUR) || nl_is_unit(p, NU_MINUTE))
		return v;
	p->i = first;
	return -1;
}

/* Half a day is no step of days. */
static bool is_whole(int64_t thousandths, enum nl_unit unit)
{
	return thousandths > 0 && (thousandths % 1000 == 0 || unit <= NU_HOUR);
}

static enum nl_read amount_one(struct nl_pass *p, struct nl_amount *a)
{
	unsigned first = p->i;
	int64_t v = amount_part(p);

	if (v < 0 && (v = amount_number(p)) < 0)
		return NL_NOT;
	(void)nl_take(p, NT_DASH);            /* "15-minute" */
	if (v == 1000 && nl_take(p, NT_HALF)) /* "a half hour" */
		v = 500;
	if (nl_ahead(p, 0) != NT_UNIT) {
		p->i = first;
		return NL_NOT;
	}
	enum nl_unit unit = (enum nl_unit)nl_now(p)->value;
	if (nl_now(p)->more == 2)
		v *= 2; /* a fortnight */
	p->i++;
	if (v > (int64_t)N_MAX * 1000)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first, "Name a smaller number.");
	if (!is_whole(v, unit))
		return nl_fault(p, v ? WHEN_NL_UNSUPPORTED : WHEN_NL_OUT_OF_RANGE, first,
				"Name a whole number of at least 1.");
	add_amount(a, unit, v);
	return NL_READ;
}

enum nl_read nl_amount(struct nl_pass *p, struct nl_amount *out)
{
	unsigned back = p->i;
	enum nl_read r = amount_one(p, out);

	while (r == NL_READ) {
		back = p->i;
		(void)nl_take_and(p);
		if (nl_ahead(p, 0) == NT_A && nl_ahead(p, 1) == NT_HALF && out->unit <= NU_HOUR
		    && out->parts == 1) {
			p->i += 2; /* "an hour and a half" */
			out->exact += exact[out->unit] / 2;
			out->parts++;
			return NL_READ;
		}
		enum nl_unit before = out->unit;
		r = amount_one(p, out);
		if (r == NL_READ && out->unit >= before)
			return nl_fault(p, WHEN_NL_UNRECOGNIZED, back, NULL);
	}
	if (r == NL_FAULT)
		return r;
	if (out->parts == 0)
		return NL_NOT;
	p->i = back;
	return NL_READ;
}

/* ---- frequencies ---- */

static enum nl_read conflict(struct nl_pass *p, unsigned first)
{
	return nl_fault(p, WHEN_NL_UNSUPPORTED, first, "Say once how often.");
}

/* Days and longer. "every day" beside a finer step only says that it recurs. */
static enum nl_read set_unit(struct nl_pass *p, enum nl_unit unit, unsigned n, unsigned first)
{
	struct nl_plan *plan = &p->plan;

	plan->is_recurring = true;
	if (plan->unit == unit && plan->n == n)
		return NL_READ;
	if (plan->every)
		return unit == NU_DAY && n == 1 ? NL_READ : conflict(p, first);
	if (plan->unit != NU_NONE)
		return conflict(p, first);
	plan->unit = unit;
	plan->n = n;
	return NL_READ;
}

/* Days, weeks, months or years. */
static enum nl_read set_days(struct nl_pass *p, const struct nl_amount *a, unsigned first)
{
	if (a->unit == NU_QUARTER)
		return set_unit(p, NU_MONTH, a->months, first);
	return set_unit(p, a->unit, a->unit == NU_WEEK ? a->days / 7 : a->n, first);
}

static enum nl_read set_every(struct nl_pass *p, usec_t every, unsigned first)
{
	struct nl_plan *plan = &p->plan;
	bool is_daily = plan->n == 1 && plan->unit == NU_DAY;

	if (plan->every || (plan->unit != NU_NONE && !is_daily))
		return conflict(p, first);
	plan->unit = NU_NONE;
	plan->is_recurring = true;
	plan->every = every;
	return NL_READ;
}

static enum nl_read set_amount(struct nl_pass *p, const struct nl_amount *a, unsigned first)
{
	bool has_days = (a->days | a->months) != 0, is_compound = a->parts > 1;
	bool is_far = a->n > N_MAX || a->days > N_MAX || a->months > N_MAX;
	usec_t every = a->exact + (usec_t)a->days * DAY;

	if (is_far)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first, NULL);
	if (has_days && !is_compound && !p->is_elapsed)
		return set_days(p, a, first);
	if (a->months)
		return nl_fault(p, WHEN_NL_INEXPRESSIBLE, first,
				"Months and years have no fixed length.");
	if (every < SPEC_EVERY_MIN || every > SPEC_EVERY_MAX)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first,
				"An interval is 1 second to 10 years.");
	return set_every(p, every, first);
}

/* "2nd" or "second" before a unit. */
static int skip_ordinal(const struct nl_pass *p)
{
	bool is_second = nl_ahead(p, 0) == NT_UNIT && slice_is(nl_now(p)->word, "second");

	if (nl_ahead(p, 1) != NT_UNIT)
		return 0;
	return is_second                                            ? 2
	     : nl_ahead(p, 0) == NT_ORDINAL && nl_now(p)->value > 0 ? nl_now(p)->value
								    : 0;
}

/* "every 3rd day", but "every 2nd day of the month" is a date. */
static enum nl_read every_ordinal(struct nl_pass *p, unsigned first)
{
	int n = skip_ordinal(p);
	const struct nl_token *t = &p->tokens[p->i + 1];

	if (n == 0 || (t->value == NU_DAY && nl_ahead(p, 2) == NT_OF))
		return NL_NOT;
	p->i += 2;
	struct nl_amount a = { 0 };
	add_amount(&a, (enum nl_unit)t->value, (int64_t)n * 1000);
	return set_amount(p, &a, first);
}

static enum nl_read every_other(struct nl_pass *p, unsigned first)
{
	(void)nl_take(p, NT_BUSINESS);
	enum nl_type type = nl_ahead(p, 0);

	if (type == NT_UNIT) {
		struct nl_amount a = { 0 };

		add_amount(&a, (enum nl_unit)nl_now(p)->value, 2000);
		p->i++;
		return set_amount(p, &a, first);
	}
	if (type == NT_WEEKDAY)
		return set_unit(p, NU_WEEK, 2, first); /* the day is read next */
	if (type == NT_QUARTER)
		return p->i++, set_unit(p, NU_MONTH, 6, first);
	p->i = first + 1;
	return nl_fault(p, WHEN_NL_UNSUPPORTED, first,
			"Say every other day, week, month or a day of the week.");
}

/* What other clauses read: "every monday", "every 1st", "every june", "every morning". */
static bool can_follow_every(const struct nl_pass *p)
{
	static const enum nl_type types[] = { NT_WEEKDAY, NT_WORKDAY, NT_WEEKEND,  NT_BUSINESS,
					      NT_ORDINAL, NT_MONTH,   NT_DAYPART,  NT_UNIT,
					      NT_ADVERB,  NT_NOON,    NT_MIDNIGHT, NT_CLOCK,
					      NT_NEAREST };

	for (unsigned i = 0; i < sizeof types / sizeof types[0]; i++)
		if (nl_ahead(p, 0) == types[i])
			return true;
	return nl_ahead(p, 0) == NT_NUMBER
	    && (NL_ANY(nl_ahead(p, 1), NT_MERIDIEM, NT_OCLOCK, NT_MONTH));
}

/* "every day", "every hour and a half". */
static enum nl_read every_unit(struct nl_pass *p, unsigned first)
{
	enum nl_unit unit = (enum nl_unit)nl_now(p)->value;
	unsigned n = nl_now(p)->more == 2 ? 2 : 1;
	struct nl_amount a = { 0 };
	int nth;

	bool is_week_day = unit == NU_WEEK && nl_ahead(p, 1) == NT_UNIT;
	if (nl_ahead(p, 0) != NT_UNIT || is_week_day || nl_ordinal(p, &nth))
		return NL_NOT;
	p->i++;
	bool has_half = nl_ahead(p, 0) == NT_AND && nl_ahead(p, 1) == NT_A
		     && nl_ahead(p, 2) == NT_HALF;
	if (has_half && unit <= NU_HOUR) {
		p->i += 3;
		a = (struct nl_amount){ .exact = exact[unit] + exact[unit] / 2,
					.n = 1,
					.parts = 2 };
		return set_amount(p, &a, first);
	}
	add_amount(&a, unit, n * 1000);
	return set_amount(p, &a, first);
}

enum nl_read nl_every(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_amount a = { 0 };

	if (nl_ahead(p, 0) == NT_ON && nl_ahead(p, 1) == NT_EVERY)
		p->i++;
	if (!nl_take(p, NT_EVERY))
		return NL_NOT;
	if (nl_take(p, NT_OTHER))
		return every_other(p, first);
	enum nl_read r = every_ordinal(p, first);
	if (r != NL_NOT)
		return r;
	if ((r = every_unit(p, first)) != NL_NOT)
		return r;
	if ((r = nl_amount(p, &a)) != NL_NOT)
		return r == NL_READ ? set_amount(p, &a, first) : r;
	if (nl_take(p, NT_QUARTER))
		return set_unit(p, NU_MONTH, 3, first);
	if (!can_follow_every(p)) {
		p->i = first;
		return NL_NOT;
	}
	p->plan.is_every_month |= nl_ahead(p, 0) == NT_MONTH;
	p->plan.is_recurring = true;
	return NL_READ;
}

/* ---- hourly, daily ---- */

static const struct {
	enum nl_unit unit;
	unsigned n;
	enum nl_note note; /* NN_NOTES: none */
} adverbs[] = {
	[NA_HOURLY] = { NU_HOUR, 1, NN_NOTES },
	[NA_DAILY] = { NU_DAY, 1, NN_NOTES },
	[NA_WEEKLY] = { NU_WEEK, 1, NN_NOTES },
	[NA_MONTHLY] = { NU_MONTH, 1, NN_NOTES },
	[NA_QUARTERLY] = { NU_MONTH, 3, NN_NOTES },
	[NA_YEARLY] = { NU_YEAR, 1, NN_NOTES },
	[NA_NIGHTLY] = { NU_DAY, 1, NN_NIGHT },
	[NA_BIWEEKLY] = { NU_WEEK, 2, NN_BIWEEKLY },
	[NA_FORTNIGHTLY] = { NU_WEEK, 2, NN_NOTES },
	[NA_BIMONTHLY] = { NU_MONTH, 2, NN_BIMONTHLY },
	[NA_SEMIMONTHLY] = { NU_MONTH, 1, NN_COUNT },
	[NA_SEMIYEARLY] = { NU_MONTH, 6, NN_NOTES },
	[NA_MINUTELY] = { NU_MINUTE, 1, NN_NOTES },
	[NA_BIYEARLY] = { NU_YEAR, 2, NN_NOTES },
	[NA_SEMIWEEKLY] = { NU_WEEK, 1, NN_COUNT },
};

enum nl_read nl_adverb(struct nl_pass *p)
{
	unsigned first = p->i;
	int which = nl_now(p)->value;

	if (!nl_take(p, NT_ADVERB))
		return NL_NOT;
	if (adverbs[which].note == NN_COUNT) {
		p->plan.count = 2;
		p->plan.count_unit = adverbs[which].unit;
		p->plan.is_recurring = true;
		return NL_READ;
	}
	if (adverbs[which].note != NN_NOTES)
		nl_note(p, adverbs[which].note);
	struct nl_amount a = { 0 };
	add_amount(&a, adverbs[which].unit, adverbs[which].n * 1000);
	return set_amount(p, &a, first);
}

/* ---- twice a day ---- */

static enum nl_unit count_unit(struct nl_pass *p)
{
	static const enum nl_unit of_adverb[] = {
		[NA_HOURLY] = NU_HOUR,   [NA_DAILY] = NU_DAY,      [NA_WEEKLY] = NU_WEEK,
		[NA_MONTHLY] = NU_MONTH, [NA_QUARTERLY] = NU_NONE, [NA_YEARLY] = NU_YEAR
	};
	bool has_per = NL_TAKE(p, NT_A, NT_PER, NT_EVERY);
	int v = nl_now(p)->value;

	if (has_per && nl_take(p, NT_UNIT))
		return (enum nl_unit)v;
	if (has_per && nl_take(p, NT_QUARTER))
		return NU_QUARTER;
	if (!has_per && nl_ahead(p, 0) == NT_ADVERB && v <= NA_YEARLY)
		return p->i++, of_adverb[v];
	return NU_NONE;
}

static enum nl_read set_count(struct nl_pass *p, unsigned n, enum nl_unit unit, unsigned first)
{
	struct nl_amount a = { 0 };

	if (n == 1) {
		add_amount(&a, unit, 1000);
		return set_amount(p, &a, first);
	}
	if (p->plan.count || p->plan.unit != NU_NONE || p->plan.every)
		return conflict(p, first);
	p->plan.count = n;
	p->plan.count_unit = unit;
	p->plan.is_recurring = true;
	return NL_READ;
}

/* So many times, once it is known per what. */
static enum nl_read count_per(struct nl_pass *p, int n, enum nl_unit unit, unsigned first)
{
	if (unit == NU_NONE)
		return nl_fault(p, WHEN_NL_UNRECOGNIZED, first,
				"Say times a minute, hour, day, week, month or year.");
	if (n == 0)
		return nl_fault(p, WHEN_NL_OUT_OF_RANGE, first, NULL);
	if (p->tokens[p->i - 1].more != 2 || unit != NU_WEEK)
		return set_count(p, (unsigned)n, unit, first);
	if (n == 1) /* once a fortnight */
		return set_unit(p, NU_WEEK, 2, first);
	return nl_fault(p, WHEN_NL_INEXPRESSIBLE, first, "Name the days.");
}

enum nl_read nl_count(struct nl_pass *p)
{
	unsigned first = p->i;
	int n = nl_now(p)->value;
	bool is_times = nl_ahead(p, 0) == NT_NUMBER && nl_ahead(p, 1) == NT_TIMES;

	if (nl_ahead(p, 0) != NT_COUNT && !is_times)
		return NL_NOT;
	p->i += is_times ? 2 : 1;
	if (n == 1 && nl_ahead(p, 0) == NT_EVERY && nl_ahead(p, 1) != NT_UNIT)
		return NL_READ; /* "once every 2 hours" */
	enum nl_unit unit = count_unit(p);
	if (unit == NU_NONE && n == 1 && !is_times) {
		p->plan.is_once = true; /* "once at 5pm" */
		return NL_READ;
	}
	return count_per(p, n, unit, first);
}
