/* Schedules with a calendar: cases worked out by hand, one for each thing that is easy to get
 * wrong. The definition itself is tried at random in tests/prop/p_calendar.c. */
#include "when/spec.h"
#include "when/stamp.h"

#include <check.h>

#define SAT_SUN 0x41u
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static struct tz_db *zones;
static struct arena *arena;
static struct calendar business; /* Monday to Friday, without 2027-01-01, a Friday */

static void build(struct calendar *c, unsigned weekend, const struct holiday *days, unsigned n)
{
	int index;

	ck_assert_ptr_null(calendar_build(weekend, days, n, c, &index));
}

static void open_all(void)
{
	static const struct holiday days[] = {
		{ .kind = HOLIDAY_DATE, .year = 2027, .month = 1, .day = 1 },
	};

	zones = tz_db_new(NULL);
	arena = arena_new();
	build(&business, SAT_SUN, days, 1);
}

static void close_all(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

static usec_t at(const char *text)
{
	usec_t t = 0;

	ck_assert_msg(stamp_parse(slice_of(text), &t) == WHEN_OK, "%s", text);
	return t;
}

static struct spec spec_in(enum spec_kind kind, const char *text, const char *zone,
			   enum calendar_adjust adjust)
{
	struct spec_ask ask = { .zones = zones,
				.timezone = slice_of(zone),
				.anchor = at("2026-12-01T09:00:00.25Z"),
				.arena = arena };
	struct spec s;

	ck_assert_msg(spec_parse(&ask, kind, slice_of(text), &s, NULL) == WHEN_OK, "%s", text);
	s.calendar = &business;
	s.adjust = adjust;
	return s;
}

/* What comes after `after`, in the zone: up to four, "" ends the list. */
static void follows(const struct spec *s, const char *after, const char *const want[4])
{
	usec_t t = at(after);

	for (int i = 0; i < 4 && want[i]; i++) {
		char got[STAMP_MAX] = "";

		t = spec_next(s, t, NULL);
		if (t != USEC_NEVER)
			(void)stamp_print_local(t, s->tz, got);
		ck_assert_msg(strcmp(got, want[i]) == 0, "after %s: %s wanted, %s", after, want[i],
			      got);
	}
}

#define SKIP ADJUST_SKIP
#define NEXT ADJUST_NEXT
#define PREVIOUS ADJUST_PREVIOUS
#define NEAREST ADJUST_NEAREST
static const struct {
	enum spec_kind kind;
	const char *text, *zone;
	enum calendar_adjust adjust;
	const char *after, *want[4];
} cases[] = {
	/* Friday 2027-01-01 to Sunday 2027-01-03 are closed. */
	{ SPEC_CRON,
	  "0 9 * * *",
	  "UTC",
	  SKIP,
	  "2026-12-31T08:00:00Z",
	  { "2026-12-31T09:00:00+00:00", "2027-01-04T09:00:00+00:00",
	    "2027-01-05T09:00:00+00:00" } },
	{ SPEC_CRON,
	  "0 9 * * *",
	  "UTC",
	  ADJUST_NONE,
	  "2026-12-31T12:00:00Z",
	  { "2027-01-01T09:00:00+00:00", "2027-01-02T09:00:00+00:00" } },
	/* Four meet on Monday, and are one. */
	{ SPEC_CRON,
	  "0 9 * * *",
	  "UTC",
	  NEXT,
	  "2026-12-31T09:00:00Z",
	  { "2027-01-04T09:00:00+00:00", "2027-01-05T09:00:00+00:00" } },
	{ SPEC_CRON,
	  "0 9 1 * *",
	  "UTC",
	  NEXT,
	  "2026-12-31T09:00:00Z",
	  { "2027-01-04T09:00:00+00:00", "2027-02-01T09:00:00+00:00" } },
	{ SPEC_CRON,
	  "0 9 1 * *",
	  "UTC",
	  PREVIOUS,
	  "2026-12-31T08:59:59Z",
	  { "2026-12-31T09:00:00+00:00", "2027-02-01T09:00:00+00:00" } },
	{ SPEC_CRON,
	  "0 9 1 * *",
	  "UTC",
	  PREVIOUS,
	  "2026-12-31T09:00:00Z",
	  { "2027-02-01T09:00:00+00:00" } },
	/* Thursday and Friday; two days either way from Saturday: Thursday; Sunday: Monday. */
	{ SPEC_CRON,
	  "0 9 1 * *",
	  "UTC",
	  NEAREST,
	  "2026-12-31T00:00:00Z",
	  { "2026-12-31T09:00:00+00:00", "2027-02-01T09:00:00+00:00" } },
	{ SPEC_CRON,
	  "0 9 2,3 1 *",
	  "UTC",
	  NEAREST,
	  "2026-12-31T00:00:00Z",
	  { "2026-12-31T09:00:00+00:00", "2027-01-04T09:00:00+00:00",
	    "2028-01-03T09:00:00+00:00" } },
	/* Asked on a closed day that is over: it is still to come on Monday. */
	{ SPEC_CRON,
	  "0 9 2 1 *",
	  "UTC",
	  NEXT,
	  "2027-01-02T10:00:00Z",
	  { "2027-01-04T09:00:00+00:00", "2028-01-03T09:00:00+00:00" } },
	{ SPEC_CRON,
	  "0 9 2 1 *",
	  "UTC",
	  NEXT,
	  "2027-01-04T08:59:59Z",
	  { "2027-01-04T09:00:00+00:00" } },
	/* The times of all closed days, in order, on one day. */
	{ SPEC_CRON,
	  "0 6,18 1,3 1 *",
	  "UTC",
	  NEXT,
	  "2027-01-02T00:00:00Z",
	  { "2027-01-04T06:00:00+00:00", "2027-01-04T18:00:00+00:00",
	    "2028-01-03T06:00:00+00:00" } },
	/* The zone's date counts: Friday 23:30 in Chicago is Saturday in UTC. */
	{ SPEC_CRON,
	  "30 23 * * 5,6",
	  "America/Chicago",
	  SKIP,
	  "2027-01-08T12:00:00Z",
	  { "2027-01-08T23:30:00-06:00", "2027-01-15T23:30:00-06:00" } },
	/* The clock skips 02:30 on Sunday 2027-03-14: Monday has 02:30 once, and no 03:00. */
	{ SPEC_CRON,
	  "30 2 * * *",
	  "America/New_York",
	  NEXT,
	  "2027-03-12T12:00:00Z",
	  { "2027-03-15T02:30:00-04:00", "2027-03-16T02:30:00-04:00" } },
	{ SPEC_CRON,
	  "30 2 * * *",
	  "America/New_York",
	  PREVIOUS,
	  "2027-03-12T07:00:00Z",
	  { "2027-03-12T02:30:00-05:00", "2027-03-15T02:30:00-04:00" } },
	{ SPEC_RRULE,
	  "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
	  "America/New_York",
	  NEXT,
	  "2027-03-12T12:00:00Z",
	  { "2027-03-15T02:30:00-04:00", "2027-03-16T02:30:00-04:00" } },
	/* Second passes of Sunday 2026-11-01 are no second runs on Monday. */
	{ SPEC_CRON,
	  "*/30 1 * * 0",
	  "America/New_York",
	  NEXT,
	  "2026-10-31T12:00:00Z",
	  { "2026-11-02T01:00:00-05:00", "2026-11-02T01:30:00-05:00",
	    "2026-11-09T01:00:00-05:00" } },
	/* Elapsed days, to the quarter of a second; their time of day moves along. */
	{ SPEC_EVERY,
	  "2d",
	  "UTC",
	  NEXT,
	  "2026-12-31T10:00:00Z",
	  { "2027-01-04T09:00:00.250+00:00", "2027-01-06T09:00:00.250+00:00" } },
	{ SPEC_EVERY,
	  "2d",
	  "UTC",
	  SKIP,
	  "2026-12-31T09:00:00Z",
	  { "2026-12-31T09:00:00.250+00:00", "2027-01-04T09:00:00.250+00:00" } },
	{ SPEC_ONCE,
	  "2027-01-02T09:00:00",
	  "UTC",
	  PREVIOUS,
	  "2026-12-01T00:00:00Z",
	  { "2026-12-31T09:00:00+00:00", "" } },
	{ SPEC_ONCE,
	  "2027-01-02T09:00:00",
	  "UTC",
	  NEXT,
	  "2027-01-03T00:00:00Z",
	  { "2027-01-04T09:00:00+00:00", "" } },
	{ SPEC_ONCE, "2027-01-02T09:00:00", "UTC", SKIP, "2026-12-01T00:00:00Z", { "" } },
	/* The calendar leaves nothing. */
	{ SPEC_CRON, "0 9 * * 6,0", "UTC", SKIP, "2026-12-31T10:00:00Z", { "" } },
};

START_TEST(by_hand)
{
	struct spec s = spec_in(cases[_i].kind, cases[_i].text, cases[_i].zone, cases[_i].adjust);

	follows(&s, cases[_i].after, cases[_i].want);
}
END_TEST

/* The window is of what comes out, not of what goes in. */
START_TEST(window)
{
	struct spec s = spec_in(SPEC_CRON, "0 9 1 * *", "UTC", NEXT);

	s.start_at = at("2027-01-02T00:00:00Z"); /* behind the occurrence, before where it goes */
	s.end_at = at("2027-01-04T09:00:00Z");
	ck_assert_int_eq(spec_next(&s, 0, NULL), at("2027-01-04T09:00:00Z"));
	ck_assert(spec_next(&s, at("2027-01-04T09:00:00Z"), NULL) == USEC_NEVER);
	s.end_at--;
	ck_assert(spec_next(&s, 0, NULL) == USEC_NEVER);
	s.adjust = PREVIOUS;
	s.start_at = at("2026-12-31T09:00:00Z");
	s.end_at = s.start_at; /* before the occurrence itself */
	ck_assert_int_eq(spec_first(&s, 0, NULL), s.start_at);
	s.start_at++;
	s.end_at = at("2027-01-31T00:00:00Z");
	ck_assert(spec_first(&s, 0, NULL) == USEC_NEVER);
}
END_TEST

START_TEST(counting)
{
	struct spec s = spec_in(SPEC_CRON, "0 9 * * *", "UTC", NEXT);
	usec_t from = at("2026-12-31T00:00:00Z"), to = at("2027-01-10T00:00:00Z");

	ck_assert_uint_eq(spec_count(&s, from, to, 100), 6);
	ck_assert_uint_eq(spec_count(&s, from, to, 4), 4);
	s = spec_in(SPEC_EVERY, "6h", "UTC", SKIP);
	ck_assert_uint_eq(spec_count(&s, from, to, 100), 24); /* six days of four */
	s.adjust = NEXT;
	ck_assert_uint_eq(spec_count(&s, from, to, 100), 24);
	s.adjust = ADJUST_NONE;
	ck_assert_uint_eq(spec_count(&s, from, to, 100), 40);
}
END_TEST

/* Sundays closed but not the Monday of a change, and the other way round. */
START_TEST(touches)
{
	static struct calendar saturdays;
	struct spec s = spec_in(SPEC_CRON, "30 2 * * 6", "America/New_York", NEXT);
	usec_t moved = at("2027-03-14T03:30:00-04:00"); /* A1: Saturday's 02:30 on Sunday */

	build(&saturdays, 1u << 6, NULL, 0);
	s.calendar = &saturdays;
	ck_assert_int_eq(spec_next(&s, at("2027-03-13T12:00:00Z"), NULL), moved);
	ck_assert_int_eq(spec_touch(&s, moved), DST_GAP);
	s = spec_in(SPEC_CRON, "30 3 * * 6", "America/New_York", NEXT);
	s.calendar = &saturdays;
	ck_assert_int_eq(spec_next(&s, at("2027-03-13T12:00:00Z"), NULL), moved);
	ck_assert_int_eq(spec_touch(&s, moved), DST_NONE);
	s = spec_in(SPEC_CRON, "30 1 * * 6", "America/New_York", NEXT);
	s.calendar = &saturdays;
	moved = at("2026-11-01T01:30:00-04:00");
	ck_assert_int_eq(spec_next(&s, at("2026-10-31T12:00:00Z"), NULL), moved);
	ck_assert_int_eq(spec_touch(&s, moved), DST_FIRST);
	/* Sunday's own is made up for at 03:00, Saturday's shifted to 03:30. */
	s = spec_in(SPEC_CRON, "30 2 * * *", "America/New_York", NEXT);
	s.calendar = &saturdays;
	follows(&s, "2027-03-13T07:00:00Z",
		(const char *const[4]){ "2027-03-14T03:00:00-04:00", "2027-03-14T03:30:00-04:00",
					"2027-03-15T02:30:00-04:00" });
	ck_assert_int_eq(spec_touch(&s, at("2027-03-14T03:00:00-04:00")), DST_GAP);
	ck_assert_int_eq(spec_touch(&s, at("2027-03-14T03:30:00-04:00")), DST_GAP);
	ck_assert_int_eq(spec_touch(&s, at("2027-03-15T02:30:00-04:00")), DST_NONE);
}
END_TEST

/* Clock changes at midnight, where the date itself goes back or is jumped into. */
START_TEST(changes_at_midnight)
{
	static struct calendar c;
	struct spec s = spec_in(SPEC_CRON, "30 23 * * 5", "America/Nuuk", NEXT);

	/* Friday's 23:30 goes to Saturday 2027-03-27, where the clock skips it: Sunday 00:30. */
	build(&c, 1u << 5, NULL, 0);
	s.calendar = &c;
	follows(&s, "2027-03-28T00:10:00-01:00",
		(const char *const[4]){ "2027-03-28T00:30:00-01:00", "2027-04-03T23:30:00-01:00" });
	/* At 00:01 on Sunday 2010-11-07 it was Saturday 23:01 once more. */
	s = spec_in(SPEC_CRON, "*/20 * * * *", "America/St_Johns", SKIP);
	build(&c, 1u, NULL, 0);
	s.calendar = &c;
	follows(&s, "2010-11-06T23:40:00-02:30",
		(const char *const[4]){ "2010-11-06T23:20:00-03:30", "2010-11-06T23:40:00-03:30",
					"2010-11-08T00:00:00-03:30" });
}
END_TEST

/* The longest closed stretch that there may be. */
START_TEST(a_year_closed)
{
	static struct holiday days[CALENDAR_CLOSED_MAX];
	static struct calendar c;
	struct spec s = spec_in(SPEC_CRON, "* * * * * *", "Europe/Berlin", NEXT);

	for (int i = 0; i < CALENDAR_CLOSED_MAX; i++) {
		struct civil d = civil_from_days(20820 + i); /* 2027-01-02 to 2028-01-02 */

		days[i] = (struct holiday){ .kind = HOLIDAY_DATE,
					    .year = d.year,
					    .month = (int)d.month,
					    .day = (int)d.day };
	}
	build(&c, 0, days, CALENDAR_CLOSED_MAX);
	s.calendar = &c;
	follows(&s, "2027-01-01T22:59:58Z",
		(const char *const[4]){ "2027-01-01T23:59:59+01:00", "2028-01-03T00:00:00+01:00",
					"2028-01-03T00:00:01+01:00" });
	s.adjust = PREVIOUS;
	follows(&s, "2027-01-01T22:59:58Z",
		(const char *const[4]){ "2027-01-01T23:59:59+01:00", "2028-01-03T00:00:00+01:00" });
	s.adjust = SKIP;
	follows(&s, "2027-01-01T22:59:58Z",
		(const char *const[4]){ "2027-01-01T23:59:59+01:00", "2028-01-03T00:00:00+01:00" });
}
END_TEST

/* Instants far from any calendar. */
START_TEST(out_of_the_years)
{
	struct spec s = spec_in(SPEC_EVERY, "1d", "America/New_York", NEXT);

	s.anchor = -400 * 365 * DAY;
	ck_assert_int_eq(spec_next(&s, INT64_MIN, NULL), s.anchor);
	ck_assert_int_eq(spec_next(&s, s.anchor, NULL), s.anchor + DAY);
	ck_assert_int_eq(spec_next(&s, 400 * 365 * DAY, NULL), 401 * 365 * DAY - 364 * DAY);
	ck_assert(spec_next(&s, USEC_NEVER - 5, NULL) == USEC_NEVER);
	ck_assert(spec_next(&s, USEC_NEVER, NULL) == USEC_NEVER);
	s.anchor = 500 * 365 * DAY;
	ck_assert_int_eq(spec_next(&s, INT64_MIN, NULL), s.anchor);
	s = spec_in(SPEC_CRON, "0 0 * * 6", "UTC", NEXT); /* 1970-01-03 was a Saturday */
	ck_assert_int_eq(spec_next(&s, INT64_MIN, NULL), 4 * DAY);
	s.adjust = PREVIOUS;
	ck_assert_int_eq(spec_next(&s, INT64_MIN, NULL), DAY);
	ck_assert_int_eq(spec_next(&s, at("2199-12-26T00:00:00Z"), NULL),
			 at("2199-12-27T00:00:00Z"));
	ck_assert(spec_next(&s, at("2199-12-27T00:00:00Z"), NULL) == USEC_NEVER);
}
END_TEST

Suite *suite_spec_calendar(void)
{
	Suite *s = suite_create("spec_calendar");
	TCase *tc = tcase_create("spec_calendar");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, by_hand, 0, COUNT(cases));
	tcase_add_test(tc, window);
	tcase_add_test(tc, counting);
	tcase_add_test(tc, touches);
	tcase_add_test(tc, changes_at_midnight);
	tcase_add_test(tc, a_year_closed);
	tcase_add_test(tc, out_of_the_years);
	suite_add_tcase(s, tc);
	return s;
}
