/* The next occurrence. Three layers: days of one month as a 32-bit mask; the next matching
 * reading of a wall clock that never changes (next_wall); and the zone, stretch by stretch, where
 * the rules D2-D4 live.
 *
 * A night in New York, `30 2 * * *` asked after 2025-03-08T12:00 EST. The stretch of EST ends at
 * 2025-03-09T07:00Z, wall 02:00. next_wall says 03-09T02:30, which read as EST is past the end:
 * nothing in this stretch. The next stretch (EDT) begins at 07:00Z with a gap, walls 02:00 to
 * 03:00, and next_wall from 02:00 lies inside: one run at 07:00Z = 03:00 EDT. The search for the
 * gap's sake is done where a stretch begins, not where one ends, so that a question asked for
 * 06:59:59Z finds the same answer. */
#include "when/cron.h"

#include "base/check.h"
#include "day_times.h"
#include "when/civil.h"
#include "when_int.h"

#define NEVER INT64_MAX
#define WEEKS_OF_MONTH 0x10204081u /* a bit every 7 days */

enum { TWO_DAYS = 2 * CIVIL_DAY_SECONDS, ALL_KINDS = (1 << YEAR_KINDS) - 1 };

/* 2199-12-31T23:59:59 */
#define LAST_WALL ((int64_t)84006 * CIVIL_DAY_SECONDS - 1)

/* ---- the days of a month ---- */

/* The weekday nearest to `day` without leaving the month: rule C7, nW. */
static unsigned nearest(unsigned day, unsigned length, unsigned first_weekday)
{
	unsigned weekday = (first_weekday + day - 1) % 7;

	if (weekday == 6)
		return day > 1 ? day - 1 : 3;
	if (weekday == 0)
		return day < length ? day + 1 : day - 2;
	return day;
}

static uint32_t special_dom(const struct cron *c, unsigned length, unsigned first_weekday)
{
	uint32_t days = 0;

	for (uint32_t left = c->near; left; left &= left - 1) {
		unsigned day = (unsigned)__builtin_ctz(left);

		if (day <= length)
			days |= 1u << nearest(day, length, first_weekday);
	}
	for (uint32_t left = c->last; left; left &= left - 1) {
		unsigned back = (unsigned)__builtin_ctz(left);

		if (back < length)
			days |= 1u << (length - back);
	}
	for (uint32_t left = c->last_near; left; left &= left - 1) {
		unsigned back = (unsigned)__builtin_ctz(left);

		if (back < length)
			days |= 1u << nearest(length - back, length, first_weekday);
	}
	return days;
}

static uint32_t special_dow(const struct cron *c, unsigned length, unsigned first_weekday)
{
	uint32_t days = 0;

	for (unsigned weekday = 0; weekday < 7; weekday++) {
		unsigned first = 1 + (weekday + 7 - first_weekday) % 7;

		if (c->nth[weekday] == 0)
			continue;
		for (uint32_t left = c->nth[weekday] & 0x1f; left; left &= left - 1)
			days |= (uint32_t)(1ull << (first + 7 * (unsigned)__builtin_ctz(left)));
		if (c->nth[weekday] >> 5 & 1)
			days |= 1u << (first + (length - first) / 7 * 7);
	}
	return days;
}

uint32_t cron_days(const struct cron *c, unsigned length, unsigned first_weekday)
{
	uint32_t week = (uint32_t)(c->dow >> first_weekday | c->dow << (7 - first_weekday)) & 0x7f;
	uint32_t dow = (uint32_t)((uint64_t)week * WEEKS_OF_MONTH << 1);
	uint32_t dom = c->dom;

	if (c->flags & CRON_DOM_SPECIAL)
		dom |= special_dom(c, length, first_weekday);
	if (c->flags & CRON_DOW_SPECIAL)
		dow |= special_dow(c, length, first_weekday);
	return (c->flags & CRON_DAY_OR ? dom | dow : dom & dow) & ((2u << length) - 2);
}

static bool has_year(const struct cron *c, int year)
{
	unsigned i = (unsigned)(year - CRON_YEAR_MIN);

	return c->year[i / 64] >> i % 64 & 1;
}

uint32_t cron_month_days(const struct cron *c, int year, unsigned month)
{
	if (year < CRON_YEAR_MIN || year > CRON_YEAR_MAX || !has_year(c, year)
	    || !(c->mon >> month & 1))
		return 0;
	return cron_days(c, civil_month_days(year, month),
			 civil_weekday(civil_to_days((struct civil){ year, month, 1 })));
}

/* ---- a wall clock that never changes ---- */

struct search {
	const struct cron *c;
	struct dst_policy dst;
	unsigned barren;     /* kinds of years (year_kind) that are left out */
	int64_t since, wall; /* the first match from `since` on is `wall` */
	int year;            /* of the last `wall` that the clock jumped over; 0: none yet */
	bool is_whole;       /* the search came to that year from one before */
};

static struct day_times times_of(const struct cron *c)
{
	return (struct day_times){ c->sec, c->min, c->hour };
}

static int first_time(const struct cron *c)
{
	struct day_times t = times_of(c);

	return day_times_first(&t);
}

static int time_from(const struct cron *c, unsigned from)
{
	struct day_times t = times_of(c);

	return day_times_from(&t, from);
}

/* The first chosen year from `year` on that is not barren; 0 if none. */
static int year_from(const struct search *q, int year)
{
	unsigned i = (unsigned)(year - CRON_YEAR_MIN);

	while (i < 256 && q->barren != ALL_KINDS) {
		uint64_t left = q->c->year[i / 64] >> i % 64;

		if (left == 0) {
			i = (i / 64 + 1) * 64;
			continue;
		}
		i += (unsigned)__builtin_ctzll(left);
		year = CRON_YEAR_MIN + (int)i;
		if (q->barren == 0 || !(q->barren >> year_kind(year) & 1))
			return year;
		i++;
	}
	return 0;
}

/* The first matching day in a month after the given one: in the rest of this year, or in the next
 * chosen year, as every chosen year has one. */
static int64_t wall_in_later_month(const struct search *q, int year, unsigned month)
{
	const struct cron *c = q->c;
	uint32_t months = has_year(c, year) ? (uint32_t)c->mon >> month >> 1 << month << 1 : 0;

	for (;;) {
		for (; months; months &= months - 1) {
			unsigned m = (unsigned)__builtin_ctz(months);
			int32_t first = civil_to_days((struct civil){ year, m, 1 });
			uint32_t days = cron_days(c, civil_month_days(year, m),
						  civil_weekday(first));

			if (days)
				return (int64_t)(first + __builtin_ctz(days) - 1)
					     * CIVIL_DAY_SECONDS
				     + first_time(c);
		}
		year = year_from(q, year + 1);
		if (year == 0)
			return NEVER;
		months = c->mon;
	}
}

/* The first matching reading at or after `wall`. */
static int64_t next_wall(const struct search *q, int64_t wall)
{
	const struct cron *c = q->c;

	if (wall < 0)
		wall = 0;
	if (wall > LAST_WALL)
		return NEVER;

	int32_t today = (int32_t)((uint64_t)wall / CIVIL_DAY_SECONDS);
	struct civil d = civil_from_days(today);

	if (has_year(c, d.year) && c->mon >> d.month & 1) {
		unsigned first_weekday = (civil_weekday(today) + 36 - d.day) % 7;
		uint32_t days = cron_days(c, civil_month_days(d.year, d.month), first_weekday);

		if (days >> d.day & 1) {
			int t = time_from(c, (uint32_t)((uint64_t)wall % CIVIL_DAY_SECONDS));

			if (t >= 0)
				return (int64_t)today * CIVIL_DAY_SECONDS + t;
		}
		days = days >> d.day >> 1;
		if (days)
			return (int64_t)(today + 1 + __builtin_ctz(days)) * CIVIL_DAY_SECONDS
			     + first_time(c);
	}
	return wall_in_later_month(q, d.year, d.month);
}

/* ---- the zone ---- */

static bool catches_up(const struct cron *c, struct dst_policy dst, const struct tz_span *s)
{
	return s->offset > s->before && s->offset - s->before <= CRON_BIG_GAP
	    && c->flags & CRON_FIXED && dst.gap != DST_GAP_SKIP;
}

/* D2: the instant in this stretch, not before u, at which something due inside the gap runs. */
static int64_t from_gap(const struct search *q, const struct tz_span *s, int64_t u)
{
	int64_t gap_end = s->from + s->offset; /* a wall clock reading */

	if (u >= s->from + s->offset - s->before || (q->dst.gap != DST_GAP_SHIFT && u > s->from))
		return NEVER;
	int64_t wall = next_wall(q, u + s->before);
	if (wall >= gap_end)
		return NEVER;
	return q->dst.gap == DST_GAP_SHIFT ? wall - s->before : s->from;
}

/* Brings q->wall up to date, if it does not hold from there on anyway. */
static void look_from(struct search *q, int64_t from)
{
	if (from >= q->since && from <= q->wall)
		return;
	q->since = from;
	q->wall = next_wall(q, from);
}

/* The first occurrence in one stretch, not before u, or NEVER. */
static int64_t in_span(struct search *q, const struct tz_span *s, int64_t u)
{
	bool is_fixed = q->c->flags & CRON_FIXED;
	enum dst_overlap overlap = q->dst.overlap;
	int64_t from = u + s->offset, until = s->until, best = NEVER;

	if (overlap == DST_OVERLAP_RULE)
		overlap = is_fixed ? DST_OVERLAP_FIRST : DST_OVERLAP_BOTH;
	/* D3. Readings before from + before were seen in the stretch before. */
	if (overlap == DST_OVERLAP_FIRST && s->before > s->offset && from < s->from + s->before)
		from = s->from + s->before;
	if (overlap == DST_OVERLAP_SECOND && s->after < s->offset)
		until -= s->offset - s->after;
	if (catches_up(q->c, q->dst, s))
		best = from_gap(q, s, u);

	look_from(q, from);
	if (q->wall != NEVER && q->wall - s->offset < best)
		best = q->wall - s->offset;
	return best < until ? best : NEVER;
}

/* The row to go on with when row i had no match from u on. Nothing matches before `wall` then, not
 * even in a second pass, unless that is a pass of what was before u: the stretches that end well
 * before `wall` are left out. */
static unsigned row_behind(const struct search *q, const struct tz *z, unsigned i, int64_t u)
{
	const struct tz_row *r = &z->rows[i];
	int64_t soon = q->wall == NEVER ? NEVER : q->wall - r->offset - TWO_DAYS;

	if (soon <= r[1].from || (u > r->from && u > r[1].from - TWO_DAYS))
		return i + 1;
	return soon == NEVER ? z->count : tz_row_at(z, soon, NULL);
}

/* Called when the clock jumps over `wall` at the end of a stretch. Under the footer's rule the
 * clock changes of a year depend on its kind alone, and so do the days that match. When nothing of
 * a year happens, which only gaps can do, nothing will in the other years of its kind: else an
 * expression that only names skipped times would be followed through every gap to 2199. */
static void note_jump(struct search *q, const struct tz *z)
{
	int year = civil_from_days((int32_t)(q->wall / CIVIL_DAY_SECONDS)).year;

	if (year <= q->year)
		return;
	if (q->is_whole && q->year > z->rule_year)
		q->barren |= 1u << year_kind(q->year);
	q->is_whole = q->year != 0;
	q->year = year;
}

static bool jumps_over(const struct tz_span *s, int64_t wall)
{
	return s->after > s->offset && wall >= s->until + s->offset && wall < s->until + s->after;
}

static int64_t floor_second(usec_t t)
{
	return t / SEC - (t % SEC < 0);
}

usec_t cron_next(const struct cron *c, const struct tz *z, struct dst_policy dst, usec_t after,
		 struct tz_hint *hint)
{
	struct search q = { .c = c, .dst = dst, .since = NEVER };
	int64_t u = floor_second(after) + 1;

	if (u < -TZ_OFFSET_MAX)
		u = -TZ_OFFSET_MAX;
	unsigned i = tz_row_at(z, u, hint);
	while (i < z->count) {
		struct tz_span s = tz_row_span(z, i);
		int64_t found = in_span(&q, &s, u);

		if (hint)
			hint->span = i;
		if (found != NEVER)
			return found * SEC;
		if (jumps_over(&s, q.wall))
			note_jump(&q, z);
		unsigned next = row_behind(&q, z, i, u);

		ASSERT(next > i);
		i = next;
		u = z->rows[i].from;
	}
	return USEC_NEVER;
}

/* ---- what a transition did ---- */

enum dst_touch cron_touch(const struct cron *c, const struct tz *z, struct dst_policy dst,
			  usec_t at)
{
	int64_t u = floor_second(at);
	struct tz_span s = tz_span_at(z, u, NULL);
	struct search q = { .c = c, .dst = dst };

	if (catches_up(c, dst, &s) && from_gap(&q, &s, u) == u)
		return DST_GAP;
	if (s.before > s.offset && u < s.from + s.before - s.offset)
		return DST_SECOND;
	if (s.after < s.offset && u >= s.until - (s.offset - s.after))
		return DST_FIRST;
	return DST_NONE;
}

const char *dst_touch_name(enum dst_touch touch)
{
	static const char *const names[] = { NULL, "gap", "first", "second" };

	return names[touch];
}
