/* The recurrence set: what the rule gives up to UNTIL and COUNT, with RDATE, without EXDATE; and
 * what is found out about a rule once, when it has been read. */
#include "rrule_int.h"

enum { SAMPLE_YEAR = 2000, SAMPLE_YEARS = 28 /* every kind of year is among them */ };

/* ---- next ---- */

static int64_t rule_next(const struct rrule *r, int64_t u, struct tz_hint *hint)
{
	int64_t found;

	if (u > r->until)
		return RRULE_NEVER;
	found = r->is_elapsed ? rrule_elapsed_next(r, u, hint) : rrule_zoned_next(r, u, hint);
	return found <= r->until ? found : RRULE_NEVER;
}

/* Index of the first one that is at least t. */
static unsigned date_from(const int64_t *dates, unsigned n, int64_t t)
{
	unsigned low = 0;

	while (low < n) {
		unsigned middle = (low + n) / 2;

		if (dates[middle] < t)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

static bool has_day(const struct rrule *r, int32_t day)
{
	unsigned low = 0, high = r->exdays_n;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (r->exdays[middle] == day)
			return true;
		if (r->exdays[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The instant behind what EXDATE takes away at u; u itself if it stays. */
static int64_t behind_excluded(const struct rrule *r, int64_t u, struct tz_hint *hint)
{
	unsigned i = date_from(r->exdates, r->exdates_n, u);

	if (i < r->exdates_n && r->exdates[i] == u)
		return u + 1;
	if (r->exdays_n == 0)
		return u;
	int64_t day = rrule_floor_day(u + tz_offset(r->zone, u, hint));

	if (!has_day(r, (int32_t)day))
		return u;
	int64_t midnight = tz_from_local(r->zone, (day + 1) * CIVIL_DAY_SECONDS).first;

	return midnight > u ? midnight : u + 1;
}

usec_t rrule_next(const struct rrule *r, usec_t after, struct tz_hint *hint)
{
	int64_t u = after / SEC - (after % SEC < 0) + 1;

	if (u < TZ_OFFSET_MAX && u < tz_from_local(r->zone, 0).first)
		u = tz_from_local(r->zone, 0).first;
	while (u <= RRULE_LAST_WALL + TZ_OFFSET_MAX) {
		int64_t found = rule_next(r, u, hint);
		unsigned i = date_from(r->rdates, r->rdates_n, u);

		if (i < r->rdates_n && r->rdates[i] < found)
			found = r->rdates[i];
		if (found == RRULE_NEVER)
			return USEC_NEVER;
		u = behind_excluded(r, found, hint);
		if (u == found)
			return found * SEC;
	}
	return USEC_NEVER;
}

usec_t rrule_last(const struct rrule *r)
{
	return r->last_at;
}

void rrule_parts(const struct rrule *r, struct rrule_parts *out)
{
	*out = r->parts;
}

/* ---- COUNT ---- */

static int64_t nth_of(const struct rrule *r)
{
	int64_t at = r->is_elapsed ? r->start : r->parts.dtstart, last = at;
	struct tz_hint hint = { 0 };

	for (uint32_t left = r->parts.count; left > 0; left--, at++) {
		at = r->is_elapsed ? rrule_elapsed_next(r, at, &hint) : rrule_wall_next(r, at);
		if (at == RRULE_NEVER)
			break;
		last = at;
	}
	return last;
}

/* The latest of the rule's instants from u on, u - 1 if there is none. */
static int64_t latest_from(const struct rrule *r, int64_t u)
{
	struct tz_hint hint = { 0 };
	int64_t next;

	while ((next = rrule_zoned_next(r, u, &hint)) != RRULE_NEVER)
		u = next + 1;
	return u - 1;
}

/* R1's last instant is that of its last reading, or one that a gap has moved behind that. If the
 * clock change took the last reading away, an earlier one's. */
static int64_t instant_of_last(const struct rrule *r)
{
	struct tz_local l = tz_from_local(r->zone, r->last);
	int64_t from = l.kind == TZ_GAP ? l.at : l.first;
	int64_t latest = latest_from(r, from);

	return latest >= from ? latest : latest_from(r, r->start);
}

/* Near a gap an instant does not tell which reading it comes from. */
static bool wall_of(const struct rrule *r, int64_t instant, int64_t *out_wall)
{
	struct tz_span s = tz_span_at(r->zone, instant, NULL);

	*out_wall = instant + s.offset;
	return s.offset <= s.before || instant - s.from >= s.offset - s.before;
}

static void count_settle(struct rrule *r, usec_t known)
{
	int64_t instant = known / SEC;

	r->last = RRULE_NEVER;
	r->last_at = USEC_NEVER;
	if (r->parts.count == 0)
		return;
	if (known != USEC_NEVER && (r->is_elapsed || wall_of(r, instant, &r->last))) {
		if (r->is_elapsed)
			r->last = instant;
		r->last_at = known;
		return;
	}
	r->last = RRULE_NEVER;
	r->last = nth_of(r);
	r->last_at = (r->is_elapsed ? r->last : instant_of_last(r)) * SEC;
}

/* ---- warnings, and rules that never match ---- */

/* What periods have at most of days, of each weekday, and at least of them. */
static const struct {
	uint64_t days, of_weekday, least;
} sizes[] = {
	[RRULE_YEARLY] = { 366, 53, 52 },
	[RRULE_MONTHLY] = { 31, 5, 4 },
	[RRULE_WEEKLY] = { 7, 1, 1 },
	[RRULE_DAILY] = { 1, 1, 0 },
};

/* No period can have more occurrences than this. */
static uint64_t most_in_period(const struct rrule *r)
{
	const struct rrule_parts *p = &r->parts;
	uint64_t days = 1, of_weekdays;

	if (r->is_elapsed)
		return r->steps.width == 3600 ? r->times.in_hour
		     : r->steps.width == 60   ? r->times.in_minute
					      : 1;
	days = sizes[p->freq].days;
	if (p->freq == RRULE_MONTHLY && p->by_monthday.n && p->by_monthday.n < days)
		days = p->by_monthday.n;
	of_weekdays = sizes[p->freq].of_weekday * (unsigned)__builtin_popcount(r->weekdays)
		    + (uint64_t)p->by_day_n * (p->by_month.n ? p->by_month.n : 1);
	if (r->has_weekday && of_weekdays < days)
		days = of_weekdays;
	return days * r->times.in_day;
}

static bool has_position(const struct rrule *r)
{
	const struct rrule_list *list = &r->parts.by_setpos;
	uint64_t most = most_in_period(r);

	for (unsigned i = 0; i < list->n; i++)
		if ((uint64_t)(list->v[i] < 0 ? -list->v[i] : list->v[i]) <= most)
			return true;
	return list->n == 0;
}

/* Some number of a weekday that every month or year has. */
static bool has_usual_nth(const struct rrule *r)
{
	int usual = r->is_nth_of_year ? 52 : 4;

	for (unsigned i = 0; i < r->parts.by_day_n; i++)
		if (r->parts.by_day[i].nth >= -usual && r->parts.by_day[i].nth <= usual)
			return true;
	return false;
}

/* Some position that every month or year has, of whole weekdays. */
static bool has_usual_position(const struct rrule *r)
{
	const struct rrule_list *list = &r->parts.by_setpos;
	uint64_t least = sizes[r->parts.freq].least * (unsigned)__builtin_popcount(r->weekdays)
		       * r->times.in_day;

	for (unsigned i = 0; i < list->n && !r->parts.by_month.n; i++)
		if ((uint64_t)(list->v[i] < 0 ? -list->v[i] : list->v[i]) <= least)
			return true;
	return false;
}

/* Some week that every year has whole, nothing else being asked of its days. */
static bool has_usual_week(const struct rrule *r)
{
	const struct rrule_parts *p = &r->parts;

	if (p->by_setpos.n + p->by_yearday.n + p->by_month.n > 0 || r->has_monthday)
		return false;
	for (unsigned i = 0; i < p->by_weekno.n; i++)
		if ((p->by_weekno.v[i] > 1 && p->by_weekno.v[i] < 52)
		    || (p->by_weekno.v[i] < -1 && p->by_weekno.v[i] > -52))
			return true;
	return false;
}

/* Can no month and no year go without? Every month has the days 1 to 28 and each weekday four
 * times. False if that does not decide it. */
static bool is_everywhere(const struct rrule *r)
{
	const struct rrule_parts *p = &r->parts;
	bool has_day = (r->monthday & 0x1ffffffe) || r->monthday_back & ~15u;

	if (p->freq > RRULE_MONTHLY)
		return true;
	if (p->by_weekno.n > 0)
		return has_usual_week(r);
	if (p->by_yearday.n > 0 || (r->has_monthday && r->has_weekday))
		return false;
	if (p->by_setpos.n)
		return !r->has_monthday && has_usual_position(r);
	return r->has_monthday ? has_day : r->weekdays || has_usual_nth(r);
}

/* Does this period lack what the rule asks for? */
static bool is_without(const struct rrule *r, int32_t day, int32_t *out_behind)
{
	struct rrule_period p;
	unsigned n = 0;

	rrule_period_at(r, day, &p);
	for (unsigned i = 0; i < RRULE_YEAR_WORDS; i++)
		n += (unsigned)__builtin_popcountll(p.days[i]);
	*out_behind = p.behind;
	if (!r->parts.by_setpos.n)
		return n == 0;
	n *= r->times.in_day;
	return rrule_position(r, n, 0) == n;
}

/* A month of those that BYMONTH names, or a year, has no such day. */
static bool is_skipping(const struct rrule *r)
{
	int32_t day = civil_to_days((struct civil){ SAMPLE_YEAR, 1, 1 });
	int32_t end = civil_to_days((struct civil){ SAMPLE_YEAR + SAMPLE_YEARS, 1, 1 });

	if (is_everywhere(r))
		return false;
	while (day < end) {
		bool is_chosen = r->parts.freq == RRULE_YEARLY
			      || r->months >> civil_from_days(day).month & 1;

		if (is_without(r, day, &day) && is_chosen)
			return true;
	}
	return false;
}

/* Looked for only when asked: a schedule is parsed each time it comes round. */
unsigned rrule_warnings(const struct rrule *r)
{
	return r->warnings | (is_skipping(r) ? RRULE_WARN_SKIPS : 0u);
}

enum when_err rrule_settle(struct rrule_build *b, struct slice rule)
{
	struct rrule *r = b->r;
	int64_t first = RRULE_NEVER, begin = r->is_elapsed ? r->start : r->parts.dtstart;

	r->last = RRULE_NEVER;
	if (r->times.in_day > 0 && has_position(r))
		first = r->is_elapsed ? rrule_elapsed_next(r, begin, NULL)
				      : rrule_wall_next(r, begin);
	if (first == RRULE_NEVER)
		return rrule_fail(b, WHEN_RRULE_NEVER, rule,
				  "Look for parts that contradict each other.");
	if (first != begin)
		r->warnings |= RRULE_WARN_DTSTART;
	count_settle(r, b->ask->last);
	return WHEN_OK;
}
