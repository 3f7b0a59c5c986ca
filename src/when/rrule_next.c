/* The search of R1: times of day on the days of rrule_days.c, BYSETPOS, and then the zone.
 *
 * The mapping by A1 does not ascend near a gap: New York's 02:30 is 03:30 while 03:00 is 03:00, and
 * 02:30 and 03:30 are one instant. So the zone is taken stretch by stretch, as cron_next.c does:
 * within one, the readings of its own offset and those of the gap at its beginning are two
 * ascending sequences, and the answer is the smaller head. */
#include "rrule_int.h"

enum { TWO_DAYS = 2 * CIVIL_DAY_SECONDS };

/* ---- times of day ---- */

static unsigned below(uint64_t mask, unsigned bit)
{
	return (unsigned)__builtin_popcountll(mask & (((uint64_t)1 << bit) - 1));
}

unsigned rrule_times_before(const struct rrule_times *t, unsigned from)
{
	unsigned hour = from / 3600, minute = from / 60 % 60, second = from % 60;
	unsigned n = below(t->chosen.hour, hour) * t->in_hour;

	if (!(t->chosen.hour >> hour & 1))
		return n;
	n += below(t->chosen.minute, minute) * t->in_minute;
	return t->chosen.minute >> minute & 1 ? n + below(t->chosen.second, second) : n;
}

/* The nth bit that is set, counted from 0. */
static unsigned select_bit(uint64_t mask, unsigned n)
{
	while (n-- > 0)
		mask &= mask - 1;
	return (unsigned)__builtin_ctzll(mask);
}

unsigned rrule_time_nth(const struct rrule_times *t, unsigned n)
{
	return select_bit(t->chosen.hour, n / t->in_hour) * 3600
	     + select_bit(t->chosen.minute, n % t->in_hour / t->in_minute) * 60
	     + select_bit(t->chosen.second, n % t->in_minute);
}

int64_t rrule_reading_next(const struct rrule *r, int64_t wall)
{
	int32_t today = (int32_t)rrule_floor_day(wall);
	int32_t day = rrule_day_next(r, today);

	if (day == today) {
		int time = day_times_from(&r->times.chosen,
					  (unsigned)(wall - (int64_t)today * CIVIL_DAY_SECONDS));

		if (time >= 0)
			return (int64_t)today * CIVIL_DAY_SECONDS + time;
		day = rrule_day_next(r, today + 1);
	}
	if (day == RRULE_NO_DAY)
		return RRULE_NEVER;
	return (int64_t)day * CIVIL_DAY_SECONDS + day_times_first(&r->times.chosen);
}

/* ---- BYSETPOS ---- */

/* The first of the ascending list's entries that is at least v. */
static unsigned first_from(const struct rrule_list *list, int v)
{
	unsigned low = 0, high = list->n;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (list->v[middle] < v)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

unsigned rrule_position(const struct rrule *r, unsigned n, unsigned low)
{
	const struct rrule_list *list = &r->parts.by_setpos;
	unsigned best = n;

	if (low >= n)
		return n;
	/* Position p >= 1 is index p - 1, p <= -1 is index n + p. No list reaches beyond 366. */
	unsigned up = low < 366 ? first_from(list, (int)low + 1) : list->n;
	unsigned down = n - low > 366 ? 0 : first_from(list, -(int)(n - low));

	if (up < list->n && (unsigned)list->v[up] <= n)
		best = (unsigned)list->v[up] - 1;
	if (down < list->n && list->v[down] < 0 && n - (unsigned)-list->v[down] < best)
		best = n - (unsigned)-list->v[down];
	return best;
}

static unsigned days_in(const uint64_t *days, unsigned behind)
{
	unsigned n = 0;

	for (unsigned i = 0; i < behind / 64; i++)
		n += (unsigned)__builtin_popcountll(days[i]);
	return behind % 64 ? n + below(days[behind / 64], behind % 64) : n;
}

static unsigned day_nth(const uint64_t *days, unsigned n)
{
	unsigned i = 0;

	for (unsigned here; n >= (here = (unsigned)__builtin_popcountll(days[i])); i++)
		n -= here;
	return i * 64 + select_bit(days[i], n);
}

/* How many of the period's occurrences lie before `wall`. */
static unsigned rank(const struct rrule *r, const struct rrule_period *p, int64_t wall)
{
	int64_t gone = wall - (int64_t)p->first * CIVIL_DAY_SECONDS;

	if (gone <= 0)
		return 0;
	unsigned day = (unsigned)(gone / CIVIL_DAY_SECONDS);
	unsigned n = days_in(p->days, day) * r->times.in_day;

	if (!(p->days[day / 64] >> day % 64 & 1))
		return n;
	return n + rrule_times_before(&r->times, (unsigned)(gone % CIVIL_DAY_SECONDS));
}

static int64_t by_position(const struct rrule *r, int64_t wall)
{
	struct rrule_period p;

	/* From the next reading on, not from `wall`: a period that is used up is not looked at. */
	for (;; wall = (int64_t)p.behind * CIVIL_DAY_SECONDS) {
		wall = rrule_reading_next(r, wall);
		if (wall == RRULE_NEVER)
			return RRULE_NEVER;
		rrule_period_at(r, (int32_t)rrule_floor_day(wall), &p);
		unsigned length = (unsigned)(p.behind - p.first);
		unsigned n = days_in(p.days, length) * r->times.in_day;
		unsigned i = rrule_position(r, n, rank(r, &p, wall));

		if (i == n)
			continue;
		int64_t found = (int64_t)(p.first + (int32_t)day_nth(p.days, i / r->times.in_day))
				      * CIVIL_DAY_SECONDS
			      + rrule_time_nth(&r->times, i % r->times.in_day);

		return found <= RRULE_LAST_WALL ? found : RRULE_NEVER;
	}
}

int64_t rrule_wall_next(const struct rrule *r, int64_t wall)
{
	if (wall < r->parts.dtstart)
		wall = r->parts.dtstart;
	if (wall > RRULE_LAST_WALL)
		return RRULE_NEVER;
	return r->parts.by_setpos.n ? by_position(r, wall) : rrule_reading_next(r, wall);
}

/* ---- the zone ---- */

/* The last answer holds for every question between it and the one it was given to. */
struct search {
	const struct rrule *r;
	int64_t asked, found;
};

static int64_t wall_from(struct search *q, int64_t wall)
{
	if (wall < 0)
		wall = 0;
	if (wall < q->asked || wall > q->found) {
		q->asked = wall;
		q->found = rrule_wall_next(q->r, wall);
		if (q->found > q->r->last)
			q->found = RRULE_NEVER;
	}
	return q->found;
}

static struct search search_of(const struct rrule *r)
{
	return (struct search){ r, INT64_MAX, INT64_MIN };
}

/* What the gap at the beginning of this stretch gives, at u or later. */
static int64_t from_gap(struct search *q, const struct tz_span *s, int64_t u)
{
	const struct dst_policy dst = q->r->dst;
	int64_t gap = (int64_t)s->offset - s->before, wall;

	if (gap <= 0 || u - s->from >= gap || dst.gap == DST_GAP_SKIP)
		return RRULE_NEVER;
	if (dst.gap == DST_GAP_FIRE) {
		if (u > s->from || gap > CRON_BIG_GAP)
			return RRULE_NEVER;
		wall = wall_from(q, s->from + s->before);
		return wall < s->from + s->offset ? s->from : RRULE_NEVER;
	}
	wall = wall_from(q, u + s->before);
	return wall < s->from + s->offset ? wall - s->before : RRULE_NEVER;
}

/* What the readings of this stretch's own offset give, at u or later. */
static int64_t from_span(struct search *q, const struct tz_span *s, int64_t u)
{
	enum dst_overlap overlap = q->r->dst.overlap;
	int64_t low = u + s->offset, wall;

	if (overlap <= DST_OVERLAP_FIRST && s->before > s->offset && low < s->from + s->before)
		low = s->from + s->before; /* they have been */
	wall = wall_from(q, low);
	if (wall == RRULE_NEVER || wall - s->offset >= s->until)
		return RRULE_NEVER;
	if (overlap == DST_OVERLAP_SECOND && s->after < s->offset && wall - s->after >= s->until)
		return RRULE_NEVER; /* it comes again */
	return wall - s->offset;
}

/* Nothing matches before `wall`: stretches that end well before it are left out. */
static unsigned row_behind(const struct tz *z, unsigned i, int64_t wall)
{
	int64_t near;

	if (wall == RRULE_NEVER)
		return z->count;
	near = wall - z->rows[i].offset - TWO_DAYS;
	return near <= z->rows[i + 1].from ? i + 1 : tz_row_at(z, near, NULL);
}

int64_t rrule_zoned_next(const struct rrule *r, int64_t u, struct tz_hint *hint)
{
	const struct tz *z = r->zone;
	struct search q = search_of(r);
	unsigned i = tz_row_at(z, u, hint);

	while (i < z->count) {
		struct tz_span s = tz_row_span(z, i);
		int64_t found = from_span(&q, &s, u), wall = q.found;
		int64_t shifted = from_gap(&q, &s, u);

		if (hint)
			hint->span = i;
		if (found != RRULE_NEVER || shifted != RRULE_NEVER)
			return shifted < found ? shifted : found;
		i = u == s.from ? row_behind(z, i, wall) : i + 1;
		u = z->rows[i].from;
	}
	return RRULE_NEVER;
}

enum dst_touch rrule_touch(const struct rrule *r, usec_t at)
{
	int64_t u = at / SEC;
	struct tz_span s = tz_span_at(r->zone, u, NULL);
	struct search q = search_of(r);

	if (!r->is_elapsed && from_gap(&q, &s, u) == u)
		return DST_GAP;
	if (s.before > s.offset && u < s.from + s.before - s.offset)
		return DST_SECOND;
	if (s.after < s.offset && u >= s.until - (s.offset - s.after))
		return DST_FIRST;
	return DST_NONE;
}
