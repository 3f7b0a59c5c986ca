/* Slots of activity to the usual start and end of the day. */
#include "core/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "local_day.h"

#define WEEK_DAYS 7
#define DAYS_LOOKED_AT (SUGGEST_WEEKS * WEEK_DAYS)
#define DAY_MINUTES 1440
#define DAY_BEGINS 240 /* minutes: 04:00 */
#define SLOT_MINUTES 15
#define ACTIVE_DAYS_LEAST 5
#define DAYS_LEAST (2 * WEEK_DAYS) /* since the first */
#define TIMES_LEAST 2              /* that a weekday was active */
#define NEAR 30                    /* minutes: one suggestion */
#define SCATTER 60
#define WORK_LEAST 60 /* a day that is shorter has no end worth naming */
#define ROUND_THE_CLOCK (18 * 60)
#define BEFORE_START 5

enum edge { START, END, EDGES };

/* A day's first and last minute, counted from midnight of the date it begins on: 240 .. 1680. */
struct active_day {
	bool is_active;
	int edge[EDGES];
};

struct looking {
	struct active_day days[DAYS_LOOKED_AT]; /* the last one is yesterday */
	int32_t first;                          /* date of days[0] */
	int seen;              /* days since the first active one, up to yesterday */
	bool works[WEEK_DAYS]; /* by weekday, 0 = Monday */
};

static int weekday_of(int32_t day)
{
	return (int)(civil_weekday(day) + 6) % WEEK_DAYS;
}

/* The date that a minute of the wall clock (since 1970) counts for. */
static int32_t date_of(int64_t minute)
{
	return (int32_t)((minute - DAY_BEGINS) / DAY_MINUTES);
}

static void read_slots(const struct suggest_slot *slots, size_t n, const struct tz *z,
		       struct looking *l)
{
	struct tz_hint hint = { 0 };

	for (size_t i = 0; i < n; i++) {
		int64_t minute = local_second(z, slots[i].at, &hint) / 60;
		int32_t at = date_of(minute) - l->first;
		int of_day = (int)(minute - (int64_t)date_of(minute) * DAY_MINUTES);
		struct active_day *d;

		if (at < 0 || at >= DAYS_LOOKED_AT)
			continue;
		d = &l->days[at];
		if (!d->is_active || of_day < d->edge[START])
			d->edge[START] = of_day;
		if (!d->is_active || of_day + SLOT_MINUTES > d->edge[END])
			d->edge[END] = of_day + SLOT_MINUTES;
		d->is_active = true;
	}
}

static int by_size(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The lower one of two. */
static int median(int *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), by_size);
	return values[(n - 1) / 2];
}

/* The edge on all active days of these weekdays (bit 0 = Monday). */
static int collect(const struct looking *l, unsigned weekdays, enum edge edge,
		   int out[DAYS_LOOKED_AT])
{
	int n = 0;

	for (int i = 0; i < DAYS_LOOKED_AT; i++)
		if (l->days[i].is_active && weekdays >> weekday_of(l->first + i) & 1)
			out[n++] = l->days[i].edge[edge];
	return n;
}

static int typical(const struct looking *l, unsigned weekdays, enum edge edge)
{
	int values[DAYS_LOOKED_AT];

	return median(values, collect(l, weekdays, edge, values));
}

/* How many of the days lie so near to it. */
static int within(const struct looking *l, unsigned weekdays, enum edge edge, int range)
{
	int values[DAYS_LOOKED_AT], n = collect(l, weekdays, edge, values), near = 0;
	int middle = typical(l, weekdays, edge);

	for (int i = 0; i < n; i++)
		near += abs(values[i] - middle) <= range;
	return near;
}

/* Is there enough, and which weekdays count? */
static bool weigh(struct looking *l)
{
	int active = 0, times[WEEK_DAYS] = { 0 }, first = DAYS_LOOKED_AT;

	for (int i = DAYS_LOOKED_AT - 1; i >= 0; i--) {
		if (!l->days[i].is_active)
			continue;
		active++;
		times[weekday_of(l->first + i)]++;
		first = i;
	}
	l->seen = DAYS_LOOKED_AT - first;
	for (int w = 0; w < WEEK_DAYS; w++)
		l->works[w] = times[w] >= TIMES_LEAST && times[w] * WEEK_DAYS * 2 >= l->seen;
	return active >= ACTIVE_DAYS_LEAST && l->seen >= DAYS_LEAST;
}

static bool is_pattern(const struct looking *l, int weekday, enum edge edge)
{
	unsigned one = 1U << weekday;
	int values[DAYS_LOOKED_AT], n = collect(l, one, edge, values);
	int length = typical(l, one, END) - typical(l, one, START);

	if (length > ROUND_THE_CLOCK || (edge == END && length < WORK_LEAST))
		return false;
	return within(l, one, edge, SCATTER) * 2 > n;
}

/* "Mon-Wed, Fri": two in a row are a list, three a range. */
static void print_days(unsigned weekdays, char out[SUGGEST_DAYS_MAX])
{
	static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	size_t n = 0;

	for (int w = 0; w < WEEK_DAYS; w++) {
		int last = w;

		if (!(weekdays >> w & 1))
			continue;
		while (last + 1 < WEEK_DAYS && weekdays >> (last + 1) & 1)
			last++;
		if (last - w < 2)
			last = w;
		n += (size_t)snprintf(out + n, SUGGEST_DAYS_MAX - n, "%s%s%s%s", n ? ", " : "",
				      names[w], last > w ? "-" : "", last > w ? names[last] : "");
		w = last;
	}
}

static void say(const struct looking *l, unsigned weekdays, enum edge edge, struct suggestion *out)
{
	static const char *const reasons[] = { "5 min before typical start",
					       "end of typical work day" };
	int values[DAYS_LOOKED_AT], n = collect(l, weekdays, edge, values);
	int minute = typical(l, weekdays, edge) - (edge == START ? BEFORE_START : 0);

	out->confidence = within(l, weekdays, edge, NEAR) * 100 / n;
	out->reason = reasons[edge];
	/* It ends on the next date. */
	if (minute >= DAY_MINUTES)
		weekdays = (weekdays << 1 | weekdays >> (WEEK_DAYS - 1)) & ((1U << WEEK_DAYS) - 1);
	minute %= DAY_MINUTES;
	(void)snprintf(out->time, sizeof(out->time), "%02d:%02d", minute / 60 % 24, minute % 60);
	print_days(weekdays, out->days);
}

/* The weekdays of this edge that are not in `done` and lie near the first of them; 0: there are none. */
static unsigned next_group(const struct looking *l, enum edge edge, unsigned done)
{
	unsigned group = 0;
	int first = 0;

	for (int w = 0; w < WEEK_DAYS; w++) {
		int at;

		if (done >> w & 1 || !l->works[w] || !is_pattern(l, w, edge))
			continue;
		at = typical(l, 1U << w, edge);
		if (!group)
			first = at;
		if (abs(at - first) <= NEAR)
			group |= 1U << w;
	}
	return group;
}

size_t suggest(const struct suggest_slot *slots, size_t n, const struct tz *z, usec_t now,
	       struct suggestion out[SUGGEST_MAX])
{
	struct looking l = { .first = 0 };
	size_t found = 0;

	l.first = date_of(local_second(z, now, NULL) / 60) - DAYS_LOOKED_AT;
	read_slots(slots, n, z, &l);
	if (!weigh(&l))
		return 0;
	for (int edge = START; edge < EDGES; edge++) {
		unsigned done = 0, group;

		while ((group = next_group(&l, (enum edge)edge, done)) != 0) {
			ASSERT(found < SUGGEST_MAX);
			say(&l, group, (enum edge)edge, &out[found++]);
			done |= group;
		}
	}
	return found;
}
