/* From activity to suggestions: rows say when somebody was active on which weekdays of how many weeks, and
 * what is to be suggested. Weeks end at `now`, a Sunday noon unless it says otherwise. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/suggest.h"
#include "when/civil.h"
#include "when/stamp.h"

enum { MON = 1, TUE = 2, WED = 4, THU = 8, FRI = 16, SAT = 32, SUN = 64, WORK = 31 };

#define AT(h, m) ((h)*60 + (m))
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
#define BERLIN "Europe/Berlin"
#define SUNDAY "2030-06-30T10:00:00Z"

struct habit {
	unsigned days;   /* bit 0 = Monday */
	int from, to;    /* minutes of the local day; to beyond 1440: the next */
	int first, last; /* weeks ago, 0 = the one that ends now; first >= last */
	int wobble;      /* minutes more on every second date, less on every third */
};

static const struct {
	int line;
	const char *zone, *now;
	struct habit habits[5];
	const char *want;
} rows[] = {
	/* the document's example */
	R(BERLIN, SUNDAY, { { WORK, AT(9, 0), AT(17, 30), 7, 0, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:30 Mon-Fri end of typical work day 100"),
	/* on the zone's clock, also across a change of it (2030-03-31) */
	R("America/New_York", SUNDAY, { { WORK, AT(9, 0), AT(17, 30), 7, 0, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:30 Mon-Fri end of typical work day 100"),
	R(BERLIN, "2030-04-21T10:00:00Z", { { WORK, AT(9, 0), AT(17, 30), 7, 0, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:30 Mon-Fri end of typical work day 100"),
	R("Asia/Kathmandu", SUNDAY, { { WORK, AT(9, 0), AT(17, 30), 7, 0, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:30 Mon-Fri end of typical work day 100"),
	/* a few odd days change nothing but how sure it is */
	R(BERLIN, SUNDAY,
	  { { WORK, AT(9, 0), AT(17, 30), 7, 2, 0 }, { WORK, AT(12, 0), AT(20, 0), 1, 0, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 75; 17:30 Mon-Fri end of typical work day 75"),
	R(BERLIN, SUNDAY, { { WORK, AT(9, 0), AT(17, 0), 7, 0, 15 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:00 Mon-Fri end of typical work day 100"),
	/* one request at night is no early start */
	R(BERLIN, SUNDAY,
	  { { WORK, AT(9, 0), AT(17, 30), 7, 0, 0 }, { TUE, AT(5, 0), AT(5, 15), 3, 3, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 97; 17:30 Mon-Fri end of typical work day 100"),
	/* weekdays that differ are said apart, those that agree together */
	R(BERLIN, SUNDAY,
	  { { MON | TUE | WED | THU, AT(9, 0), AT(17, 30), 7, 0, 0 },
	    { FRI, AT(9, 0), AT(14, 0), 7, 0, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:30 Mon-Thu end of typical work day 100; "
	  "14:00 Fri end of typical work day 100"),
	R(BERLIN, SUNDAY,
	  { { MON | WED | FRI, AT(8, 0), AT(12, 0), 7, 0, 0 },
	    { TUE | THU, AT(13, 0), AT(18, 0), 7, 0, 0 } },
	  "07:55 Mon, Wed, Fri 5 min before typical start 100; 12:55 Tue, Thu 5 min before typical start "
	  "100; 12:00 Mon, Wed, Fri end of typical work day 100; 18:00 Tue, Thu end of typical work day 100"),
	R(BERLIN, SUNDAY, { { SAT | SUN, AT(10, 0), AT(12, 0), 7, 0, 0 } },
	  "09:55 Sat, Sun 5 min before typical start 100; 12:00 Sat, Sun end of typical work day 100"),
	/* an evening beyond midnight ends the day it began on, on the next date */
	R(BERLIN, SUNDAY, { { WORK, AT(17, 0), AT(25, 0), 7, 0, 0 } },
	  "16:55 Mon-Fri 5 min before typical start 100; 01:00 Tue-Sat end of typical work day 100"),
	/* too little: two weeks and five days are needed */
	R(BERLIN, SUNDAY, { { WORK, AT(9, 0), AT(17, 30), 1, 0, 0 } }, ""),
	R(BERLIN, "2030-07-01T10:00:00Z", { { WORK, AT(9, 0), AT(17, 30), 2, 1, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:30 Mon-Fri end of typical work day 100"),
	R(BERLIN, SUNDAY, { { MON | TUE, AT(9, 0), AT(17, 30), 7, 6, 0 } }, ""),
	R(BERLIN, SUNDAY, { { MON, AT(9, 0), AT(17, 30), 3, 0, 0 } }, ""),
	R(BERLIN, SUNDAY, { { MON, AT(9, 0), AT(17, 30), 4, 0, 0 } },
	  "08:55 Mon 5 min before typical start 100; 17:30 Mon end of typical work day 100"),
	R(BERLIN, SUNDAY, { { 0, 0, 0, 0, 0, 0 } }, ""),
	/* what was is not for ever: half of the weeks */
	R(BERLIN, SUNDAY,
	  { { WORK, AT(9, 0), AT(17, 30), 7, 0, 0 }, { SAT, AT(9, 0), AT(17, 30), 7, 5, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:30 Mon-Fri end of typical work day 100"),
	R(BERLIN, SUNDAY, { { WORK, AT(9, 0), AT(17, 30), 20, 9, 0 } }, ""),
	/* no pattern: round the clock, and scattered */
	R(BERLIN, SUNDAY, { { WORK | SAT | SUN, AT(0, 0), AT(24, 0), 8, 0, 0 } }, ""),
	R(BERLIN, SUNDAY, { { WORK, AT(12, 0), AT(12, 15), 7, 0, 300 } }, ""),
	/* a single moment has no end */
	R(BERLIN, SUNDAY, { { WORK, AT(9, 0), AT(9, 15), 7, 0, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100"),
	/* today, a Monday on which work began late, does not count yet */
	R(BERLIN, "2030-07-01T16:00:00Z",
	  { { WORK, AT(9, 0), AT(17, 30), 8, 1, 0 }, { MON, AT(11, 0), AT(12, 0), 0, 0, 0 } },
	  "08:55 Mon-Fri 5 min before typical start 100; 17:30 Mon-Fri end of typical work day 100"),
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]), SLOTS_MAX = 20000 };

static struct suggest_slot slots[SLOTS_MAX];
static size_t slots_n;

static int by_time(const void *a, const void *b)
{
	const struct suggest_slot *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* The quarters of an hour of one date. */
static void add_date(const struct habit *h, const struct tz *z, int32_t date)
{
	int shift = date % 2 == 0 ? h->wobble : date % 3 == 0 ? -h->wobble : 0;

	for (int m = h->from + shift; m < h->to + shift; m += 15) {
		ck_assert_uint_lt(slots_n, SLOTS_MAX);
		slots[slots_n++].at =
			tz_from_local(z, (int64_t)date * CIVIL_DAY_SECONDS + m * 60).first * SEC;
	}
}

/* Weeks begin on Mondays. */
static void add_habit(const struct habit *h, const struct tz *z, int32_t today)
{
	int32_t monday = today - (int32_t)(civil_weekday(today) + 6) % 7;

	for (int week = h->first; week >= h->last; week--)
		for (int day = 0; day < 7; day++)
			if (h->days >> day & 1 && monday - 7 * week + day <= today)
				add_date(h, z, monday - 7 * week + day);
}

static void print(const struct suggestion *list, size_t n, char *out, size_t room)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(out + at, room - at, "%s%s %s %s %d", i ? "; " : "",
				       list[i].time, list[i].days, list[i].reason,
				       list[i].confidence);
}

START_TEST(a_habit)
{
	struct tz_db *zones = tz_db_new(NULL);
	const struct tz *z = tz_find(zones, slice_of(rows[_i].zone));
	struct suggestion found[SUGGEST_MAX];
	char got[1000];
	usec_t now;
	int32_t today;

	ck_assert_ptr_nonnull(z);
	ck_assert_int_eq(stamp_parse(slice_of(rows[_i].now), &now), WHEN_OK);
	today = (int32_t)((now / SEC + tz_offset(z, now / SEC, NULL)) / CIVIL_DAY_SECONDS);
	slots_n = 0;
	for (size_t i = 0; i < 5; i++)
		if (rows[_i].habits[i].days)
			add_habit(&rows[_i].habits[i], z, today);
	qsort(slots, slots_n, sizeof(slots[0]), by_time);
	print(found, suggest(slots, slots_n, z, now, found), got, sizeof(got));
	ck_assert_msg(strcmp(got, rows[_i].want) == 0, "row of line %d:\n  got  %s\n  want %s",
		      rows[_i].line, got, rows[_i].want);
	tz_db_free(zones);
}
END_TEST

Suite *suite_suggest(void)
{
	Suite *s = suite_create("suggest");
	TCase *c = tcase_create("habits");

	tcase_add_loop_test(c, a_habit, 0, ROWS);
	suite_add_tcase(s, c);
	return s;
}
