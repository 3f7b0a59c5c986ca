/* What cron cannot say, as a recurrence rule: every other week, every 3 days, times that share
 * neither hours nor minutes, the third business day. */
#include "nl_int.h"
#include "when/civil.h"

#include <stdio.h>

enum { RULE_MAX = 4096, YEARS_AHEAD = 9, WORKDAYS = 0x3e };

struct rule {
	char text[RULE_MAX];
	size_t n;
};

static void add(struct rule *r, const char *text)
{
	size_t n = strlen(text);

	if (r->n + n < sizeof r->text) {
		memcpy(r->text + r->n, text, n + 1);
		r->n += n;
	}
}

static void add_number(struct rule *r, const char *before, int v)
{
	char text[48];

	(void)snprintf(text, sizeof text, "%s%d", before, v);
	add(r, text);
}

static void add_list(struct rule *r, const char *name, uint64_t mask)
{
	const char *before = name;

	for (int v = 0; v < 64; v++)
		if (mask >> v & 1) {
			add_number(r, before, v);
			before = ",";
		}
}

static const char *const days[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };

static void add_weekdays(struct rule *r, unsigned mask)
{
	const char *before = ";BYDAY=";

	for (unsigned d = 0; d < 7; d++)
		if (mask >> d & 1) {
			add(r, before);
			add(r, days[d]);
			before = ",";
		}
}

/* ---- which days ---- */

static uint8_t nth_of(const struct nl_plan *plan, unsigned *out_weekdays, bool *out_is_same)
{
	uint8_t nth = 0;

	*out_weekdays = 0;
	*out_is_same = true;
	for (unsigned d = 0; d < 7; d++)
		if (plan->nth[d]) {
			*out_is_same &= nth == 0 || nth == plan->nth[d];
			nth = plan->nth[d];
			*out_weekdays |= 1u << d;
		}
	return nth;
}

/* The days of the month, from either end. */
static void add_monthdays(struct rule *r, uint32_t dom, uint32_t last)
{
	const char *before = ";BYMONTHDAY=";

	for (int v = 1; v <= 31; v++)
		if (dom >> v & 1) {
			add_number(r, before, v);
			before = ",";
		}
	for (int v = 0; v < 31; v++)
		if (last >> v & 1) {
			add_number(r, before, -v - 1);
			before = ",";
		}
}

/* As filters of FREQ=DAILY: the third Friday is the Friday among days 15 to 21. */
static bool add_filters(struct rule *r, const struct nl_plan *plan)
{
	unsigned weekdays;
	bool is_same;
	uint8_t nth = nth_of(plan, &weekdays, &is_same);
	uint32_t dom = plan->dom, last = plan->last;

	if (plan->near || plan->last_near || plan->workday || !is_same)
		return false;
	for (unsigned n = 0; n < 5; n++)
		if (nth >> n & 1)
			dom |= (n == 4 ? 0x7u : 0x7fu) << (7 * n + 1);
	if (nth & NL_LAST)
		last |= 0x7f;
	if (plan->months)
		add_list(r, ";BYMONTH=", plan->months);
	add_monthdays(r, dom, last);
	add_weekdays(r, plan->weekdays | weekdays);
	return true;
}

/* Of FREQ=MONTHLY and YEARLY. */
static bool add_month_parts(struct rule *r, const struct nl_plan *plan)
{
	const char *before = ";BYDAY=";

	if (plan->near || plan->last_near || plan->is_both)
		return false;
	if (plan->months)
		add_list(r, ";BYMONTH=", plan->months);
	add_monthdays(r, plan->dom, plan->last);
	for (unsigned d = 0; d < 7; d++)
		for (int n = 0; n < 6; n++)
			if (plan->nth[d] >> n & 1) {
				add_number(r, before, n == 5 ? -1 : n + 1);
				add(r, days[d]);
				before = ",";
			}
	if (plan->back) {
		add_number(r, ";BYDAY=-", (int)plan->back);
		add(r, days[plan->back_day]);
	}
	if (plan->workday) {
		add_weekdays(r, WORKDAYS);
		add_number(r, ";BYSETPOS=", (int)plan->workday);
	}
	return true;
}

/* Months or years that are left out, and are not named. */
static bool skips_months(const struct nl_plan *plan)
{
	return plan->n > 1 && plan->unit >= NU_MONTH
	    && (plan->is_from_start || plan->unit == NU_YEAR || 12 % plan->n);
}

static bool add_days(struct rule *r, const struct nl_plan *plan, bool *out_is_daily)
{
	bool is_skipping = plan->n > 1;

	*out_is_daily = false;
	if (skips_months(plan)) {
		const char *by = plan->unit == NU_YEAR ? "FREQ=YEARLY" : "FREQ=MONTHLY";

		add(r, by);
		add_number(r, ";INTERVAL=", (int)plan->n);
		return add_month_parts(r, plan);
	}
	if (plan->workday || plan->back) {
		add(r, "FREQ=MONTHLY");
		return add_month_parts(r, plan);
	}
	if (plan->unit == NU_WEEK && is_skipping) {
		add_number(r, "FREQ=WEEKLY;INTERVAL=", (int)plan->n);
		if (plan->months)
			add_list(r, ";BYMONTH=", plan->months);
		add_weekdays(r, plan->weekdays);
		*out_is_daily = (plan->weekdays & (plan->weekdays - 1)) == 0;
		return true;
	}
	*out_is_daily = true;
	add(r, "FREQ=DAILY");
	if (plan->unit == NU_DAY && is_skipping)
		add_number(r, ";INTERVAL=", (int)plan->n);
	return add_filters(r, plan);
}

/* ---- which times ---- */

/* The product of hours, minutes and seconds, and which of it are meant. */
static bool add_times(struct rule *r, const struct nl_set *set, bool is_daily)
{
	unsigned position = 0, next = 0;
	const char *before = ";BYSETPOS=";

	if (set->n == 1)
		return true; /* DTSTART's */
	add_list(r, ";BYHOUR=", set->hours);
	add_list(r, ";BYMINUTE=", set->minutes);
	if (set->seconds != 1)
		add_list(r, ";BYSECOND=", set->seconds);
	if (set->is_product)
		return true;
	for (int32_t t = 0; t < DAY_S && is_daily; t++) {
		if (!(set->hours >> t / 3600 & 1) || !(set->minutes >> t / 60 % 60 & 1)
		    || !(set->seconds >> t % 60 & 1))
			continue;
		position++;
		if (next < set->n && set->s[next] == t) {
			if (position > NL_POSITIONS_MAX)
				return false;
			add_number(r, before, (int)position);
			before = ",";
			next++;
		}
	}
	return is_daily;
}

/* ---- DTSTART ---- */

/* The nth of Monday to Friday. */
static uint32_t workday_of(unsigned n, int32_t first, unsigned length)
{
	for (unsigned d = 1; d <= length; d++) {
		unsigned weekday = civil_weekday(first + (int32_t)d - 1);

		if (weekday != 0 && weekday != 6 && --n == 0)
			return 1u << d;
	}
	return 0;
}

/* The nth such weekday from the end. */
static uint32_t back_of(const struct nl_plan *plan, int32_t first, unsigned length)
{
	unsigned n = plan->back;

	for (unsigned d = length; d > 0; d--)
		if (civil_weekday(first + (int32_t)d - 1) == plan->back_day && --n == 0)
			return 1u << d;
	return 0;
}

static uint32_t month_mask(const struct nl_plan *plan, const struct cron *c, int year,
			   unsigned month)
{
	uint32_t mask = cron_month_days(c, year, month);
	int32_t first = civil_to_days((struct civil){ year, month, 1 });
	unsigned length = civil_month_days(year, month);

	if (mask && plan->workday)
		mask &= workday_of(plan->workday, first, length);
	if (mask && plan->back)
		mask &= back_of(plan, first, length);
	return mask;
}

/* The first day and time from `from` on, as seconds of the wall clock; -1: none. */
static int64_t first_wall(const struct nl_pass *p, const struct cron *c, const struct nl_set *set,
			  usec_t from)
{
	int64_t now = from / SEC;
	int32_t today = (int32_t)((now + tz_offset(nl_zone_of(p), now, NULL)) / DAY_S);

	for (int32_t d = today; d < today + YEARS_AHEAD * 366; d++) {
		struct civil civil = civil_from_days(d);

		if (!(month_mask(&p->plan, c, civil.year, civil.month) >> civil.day & 1))
			continue;
		for (unsigned i = 0; i < set->n; i++)
			if (nl_instant(p, d, set->s[i]) >= from)
				return (int64_t)d * DAY_S + set->s[i];
	}
	return -1;
}

static enum when_err find_start(struct nl_pass *p, const struct nl_set *set,
				const struct nl_reading *out, int64_t *wall)
{
	struct nl_fields f;
	struct cron_parsed parsed;
	char text[400];
	usec_t from = p->ask->now + 1;

	/* A start that is over still says from where the interval is counted. */
	if (out->start_at != USEC_NEVER && (out->start_at > from || p->plan.is_from_start))
		from = out->start_at;
	nl_fields_days(&p->plan, &f);
	(void)snprintf(text, sizeof text, "0 0 %s %s %s", f.dom, f.months, f.dow);
	enum when_err e = cron_parse(slice_of(text), 0, &parsed, NULL);
	*wall = e ? -1 : first_wall(p, &parsed.cron, set, from);
	if (*wall >= 0)
		return WHEN_OK;
	p->i = p->n;
	return nl_blame(p, e && e != WHEN_CRON_NEVER ? WHEN_NL_INEXPRESSIBLE : WHEN_NL_NEVER, 0,
			NULL);
}

enum when_err nl_lower_rule(struct nl_pass *p, const struct nl_set *set, struct nl_reading *out)
{
	struct rule *r = arena_make(p->ask->arena, struct rule);
	int64_t wall;
	bool is_daily;
	enum when_err e = find_start(p, set, out, &wall);

	if (e)
		return e;
	struct civil d = civil_from_days((int32_t)(wall / DAY_S));
	int s = (int)(wall % DAY_S);
	r->n = (size_t)snprintf(r->text, sizeof r->text,
				"DTSTART:%04d%02u%02uT%02d%02d%02d\nRRULE:", d.year, d.month, d.day,
				s / 3600, s / 60 % 60, s % 60);
	if (!add_days(r, &p->plan, &is_daily) || !add_times(r, set, is_daily)) {
		p->i = p->n;
		return nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0,
				"Make one schedule for each time of day.");
	}
	if (p->plan.n > 1 && !nl_noted(p, NN_JANUARY))
		nl_note(p, NN_BEGINS);
	return nl_compile(p, SPEC_RRULE, r->text, out);
}
