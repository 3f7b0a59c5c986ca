/* When recurrence rules occur: examples of RFC 5545, clock changes under every policy, elapsed
 * time, dates taken out and added, and COUNT with and without its checkpoint. Each row is read off
 * by hand; the oracle tables and p_rrule.c have the numbers. */
#include "when/rrule.h"
#include "when/stamp.h"

#include <check.h>

#define NY "America/New_York"
#define END "end"

static struct tz_db *zones;
static struct arena *arena;

static void open_all(void)
{
	zones = tz_db_new(NULL);
	arena = arena_new();
}

static void close_all(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

static const struct rrule *rule_of(const char *zone, struct dst_policy dst, usec_t last,
				   const char *text)
{
	struct rrule_ask ask = { tz_find(zones, slice_of(zone)), 0, last, dst, arena };
	const struct rrule *r = NULL;
	enum when_err e = rrule_parse(&ask, slice_of(text), &r, NULL);

	ck_assert_msg(e == WHEN_OK, "%s: %s", text, when_err_name(e));
	return r;
}

static usec_t at(const char *text)
{
	usec_t t = 0;

	ck_assert_msg(stamp_parse(slice_of(text), &t) == WHEN_OK, "%s", text);
	return t;
}

static const struct row {
	int line;
	const char *zone, *text;
	struct dst_policy dst;
	const char *want; /* local times, a blank between two; "end": nothing more */
} rows[] = {
#define R(zone, text, want)                          \
	{                                            \
		__LINE__, zone, text, { 0, 0 }, want \
	}
#define P(gap, overlap, text, want)                                                \
	{                                                                          \
		__LINE__, NY, text, { DST_GAP_##gap, DST_OVERLAP_##overlap }, want \
	}
	/* RFC 5545 3.8.5.3 */
	R(NY, "DTSTART:19970902T090000\nFREQ=DAILY;COUNT=2",
	  "1997-09-02T09:00:00-04:00 1997-09-03T09:00:00-04:00 end"),
	R(NY,
	  "DTSTART:19970902T090000\nFREQ=WEEKLY;INTERVAL=2;UNTIL=19970925T000000Z;WKST=SU;"
	  "BYDAY=MO,WE,FR",
	  "1997-09-03T09:00:00-04:00 1997-09-05T09:00:00-04:00 1997-09-15T09:00:00-04:00 "
	  "1997-09-17T09:00:00-04:00 1997-09-19T09:00:00-04:00 end"),
	R("UTC", "DTSTART:19970805T090000\nFREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
	  "1997-08-05T09:00:00+00:00 1997-08-10T09:00:00+00:00 1997-08-19T09:00:00+00:00 "
	  "1997-08-24T09:00:00+00:00 end"),
	R("UTC", "DTSTART:19970805T090000\nFREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
	  "1997-08-05T09:00:00+00:00 1997-08-17T09:00:00+00:00 1997-08-19T09:00:00+00:00 "
	  "1997-08-31T09:00:00+00:00 end"),
	R("UTC", "DTSTART:19970905T090000\nFREQ=MONTHLY;COUNT=3;BYDAY=1FR,-1SU",
	  "1997-09-05T09:00:00+00:00 1997-09-28T09:00:00+00:00 1997-10-03T09:00:00+00:00 end"),
	R("UTC", "DTSTART:19970519T090000\nFREQ=YEARLY;BYDAY=20MO",
	  "1997-05-19T09:00:00+00:00 1998-05-18T09:00:00+00:00 1999-05-17T09:00:00+00:00"),
	R("UTC", "DTSTART:19970512T090000\nFREQ=YEARLY;BYWEEKNO=20",
	  "1997-05-12T09:00:00+00:00 1998-05-11T09:00:00+00:00 1999-05-17T09:00:00+00:00"),
	R("UTC", "DTSTART:19970101T090000\nFREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200",
	  "1997-01-01T09:00:00+00:00 1997-04-10T09:00:00+00:00 1997-07-19T09:00:00+00:00 "
	  "2000-01-01T09:00:00+00:00 end"),
	R("UTC",
	  "DTSTART:19961105T090000\nFREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;"
	  "BYMONTHDAY=2,3,4,5,6,7,8",
	  "1996-11-05T09:00:00+00:00 2000-11-07T09:00:00+00:00 2004-11-02T09:00:00+00:00"),
	R("UTC", "DTSTART:19970904T090000\nFREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
	  "1997-09-04T09:00:00+00:00 1997-10-07T09:00:00+00:00 1997-11-06T09:00:00+00:00 end"),
	R("UTC", "DTSTART:20070115T090000\nFREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
	  "2007-01-15T09:00:00+00:00 2007-01-30T09:00:00+00:00 2007-02-15T09:00:00+00:00 "
	  "2007-03-15T09:00:00+00:00 2007-03-30T09:00:00+00:00 end"),
	/* dates that do not exist are not counted */
	R("UTC", "DTSTART:20250131T000000\nFREQ=MONTHLY;COUNT=3",
	  "2025-01-31T00:00:00+00:00 2025-03-31T00:00:00+00:00 2025-05-31T00:00:00+00:00 end"),
	R("UTC", "DTSTART:20960229T000000\nFREQ=YEARLY",
	  "2096-02-29T00:00:00+00:00 2104-02-29T00:00:00+00:00"),
	/* a birthday before there were occurrences; the last day of all */
	R("UTC", "DTSTART:19680601T120000\nFREQ=YEARLY;COUNT=4",
	  "1970-06-01T12:00:00+00:00 1971-06-01T12:00:00+00:00 end"),
	R("UTC", "DTSTART:21991230T235959\nFREQ=DAILY",
	  "2199-12-30T23:59:59+00:00 2199-12-31T23:59:59+00:00 end"),
	R("UTC", "DTSTART:21991231T235958\nFREQ=SECONDLY",
	  "2199-12-31T23:59:58+00:00 2199-12-31T23:59:59+00:00 end"),
	/* the days of December in week 1, the whole week for a weekly BYSETPOS */
	R("UTC", "DTSTART:20241201T000000\nFREQ=YEARLY;BYWEEKNO=1;BYDAY=MO",
	  "2024-12-30T00:00:00+00:00 2025-12-29T00:00:00+00:00 2027-01-04T00:00:00+00:00"),
	R("UTC", "DTSTART:20250108T000000\nFREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1,3",
	  "2025-01-10T00:00:00+00:00 2025-01-13T00:00:00+00:00 2025-01-17T00:00:00+00:00"),

	/* R1: shifted and counted; two readings that meet are one occurrence */
	R(NY, "DTSTART:20250308T023000\nFREQ=DAILY;COUNT=3",
	  "2025-03-08T02:30:00-05:00 2025-03-09T03:30:00-04:00 2025-03-10T02:30:00-04:00 end"),
	R(NY, "DTSTART:20250309T013000\nFREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,30;COUNT=6",
	  "2025-03-09T01:30:00-05:00 2025-03-09T03:00:00-04:00 2025-03-09T03:30:00-04:00 "
	  "2025-03-10T01:00:00-04:00 end"),
	R(NY, "DTSTART:20250309T023000\nFREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;COUNT=2",
	  "2025-03-09T03:00:00-04:00 2025-03-09T03:30:00-04:00 end"),
	P(SKIP, RULE, "DTSTART:20250308T023000\nFREQ=DAILY;COUNT=3",
	  "2025-03-08T02:30:00-05:00 2025-03-10T02:30:00-04:00 end"),
	P(FIRE, RULE, "DTSTART:20250308T023000\nFREQ=DAILY;COUNT=3",
	  "2025-03-08T02:30:00-05:00 2025-03-09T03:00:00-04:00 2025-03-10T02:30:00-04:00 end"),
	R(NY, "DTSTART:20251101T013000\nFREQ=DAILY;COUNT=3",
	  "2025-11-01T01:30:00-04:00 2025-11-02T01:30:00-04:00 2025-11-03T01:30:00-05:00 end"),
	P(RULE, SECOND, "DTSTART:20251101T013000\nFREQ=DAILY;COUNT=3",
	  "2025-11-01T01:30:00-04:00 2025-11-02T01:30:00-05:00 2025-11-03T01:30:00-05:00 end"),
	P(RULE, BOTH, "DTSTART:20251101T013000\nFREQ=DAILY;COUNT=2",
	  "2025-11-01T01:30:00-04:00 2025-11-02T01:30:00-04:00 2025-11-02T01:30:00-05:00 end"),
	R("Pacific/Apia", "DTSTART:20111229T090000\nFREQ=DAILY;COUNT=4",
	  "2011-12-29T09:00:00-10:00 2011-12-31T09:00:00+14:00 2012-01-01T09:00:00+14:00 end"),

	/* R2: elapsed time, local filters */
	R(NY, "DTSTART:20250309T003000\nFREQ=HOURLY;COUNT=3",
	  "2025-03-09T00:30:00-05:00 2025-03-09T01:30:00-05:00 2025-03-09T03:30:00-04:00 end"),
	R(NY, "DTSTART:20251102T003000\nFREQ=HOURLY;INTERVAL=2;COUNT=3",
	  "2025-11-02T00:30:00-04:00 2025-11-02T01:30:00-05:00 2025-11-02T03:30:00-05:00 end"),
	R(NY, "DTSTART:20251102T000000\nFREQ=HOURLY;BYHOUR=1;BYMINUTE=10,50;BYSETPOS=-1",
	  "2025-11-02T01:50:00-04:00 2025-11-02T01:50:00-05:00 2025-11-03T01:50:00-05:00"),
	R("Australia/Lord_Howe", "DTSTART:20250406T001500\nFREQ=HOURLY;COUNT=4",
	  "2025-04-06T00:15:00+11:00 2025-04-06T01:15:00+11:00 2025-04-06T01:45:00+10:30 "
	  "2025-04-06T02:45:00+10:30 end"),
	R("UTC", "DTSTART:20250101T001503\nFREQ=MINUTELY;INTERVAL=90;BYHOUR=22",
	  "2025-01-01T22:45:03+00:00 2025-01-02T22:45:03+00:00"),
	R("UTC",
	  "DTSTART:20250101T000000\nFREQ=SECONDLY;INTERVAL=7;BYHOUR=3;BYMINUTE=5;BYSECOND=9;"
	  "BYMONTH=2;BYMONTHDAY=29",
	  "2040-02-29T03:05:09+00:00 2068-02-29T03:05:09+00:00 2096-02-29T03:05:09+00:00"),
	R("UTC",
	  "DTSTART:20250101T000000\nFREQ=SECONDLY;INTERVAL=86399;BYHOUR=23;BYMINUTE=59;"
	  "BYSECOND=0",
	  "2025-03-01T23:59:00+00:00 end"),

	/* dates out and in */
	R(NY,
	  "DTSTART:20250308T023000\nFREQ=DAILY;COUNT=4\nEXDATE:20250309T023000,20250310\n"
	  "RDATE:20250309T120000Z,20250401,20250401T023000",
	  "2025-03-08T02:30:00-05:00 2025-03-09T08:00:00-04:00 2025-03-11T02:30:00-04:00 "
	  "2025-04-01T02:30:00-04:00 end"),
	R("UTC",
	  "DTSTART:20250101T000000\nFREQ=SECONDLY;UNTIL=20250103T000001\n"
	  "EXDATE:20250101\nEXDATE:20250102,20250103T000000Z",
	  "2025-01-03T00:00:01+00:00 end"),
	R(NY, "DTSTART:20250101T220000\nFREQ=DAILY;UNTIL=20250102",
	  "2025-01-01T22:00:00-05:00 2025-01-02T22:00:00-05:00 end"),
	R(NY, "DTSTART:2025-01-01T09:00:00Z\nFREQ=DAILY;UNTIL=20250102T090000Z",
	  "2025-01-01T04:00:00-05:00 2025-01-02T04:00:00-05:00 end"),
};

/* In order from the beginning, and each one from the second before it. */
static void check_row(const struct row *row, const struct rrule *r)
{
	const struct tz *z = tz_find(zones, slice_of(row->zone));
	struct tz_hint hint = { 0 };
	usec_t t = -2 * DAY;
	char local[STAMP_MAX];

	for (const char *want = row->want; *want; want += *want == ' ') {
		size_t n = strcspn(want, " ");
		usec_t before = t;

		t = rrule_next(r, t, &hint);
		if (t == USEC_NEVER)
			memcpy(local, END, sizeof END);
		else
			(void)stamp_print_local(t, z, local);
		ck_assert_msg(strlen(local) == n && memcmp(local, want, n) == 0,
			      "line %d: %s, not %.*s", row->line, local, (int)n, want);
		if (t != USEC_NEVER) {
			ck_assert_int_eq(rrule_next(r, t - 1, NULL), t);
			ck_assert_int_eq(rrule_next(r, before + (t - before) / 2, NULL), t);
		}
		want += n;
	}
}

START_TEST(occurrences)
{
	const struct row *row = &rows[_i];
	const struct rrule *r = rule_of(row->zone, row->dst, USEC_NEVER, row->text);

	check_row(row, r);
	ck_assert((rrule_last(r) != USEC_NEVER) == (strstr(row->text, "COUNT=") != NULL));
	/* what was kept says as much as the walk */
	check_row(row, rule_of(row->zone, row->dst, rrule_last(r), row->text));
}
END_TEST

START_TEST(last_of_count)
{
	static const struct dst_policy rule = { 0, 0 }, both = { 0, DST_OVERLAP_BOTH };
	static const struct dst_policy skip = { DST_GAP_SKIP, 0 };
	const struct rrule *r;

	r = rule_of(NY, rule, USEC_NEVER, "DTSTART:20250101T090000\nFREQ=DAILY;COUNT=100000");
	ck_assert(rrule_last(r) == at("2199-12-31T14:00:00Z")); /* the 63 920th */
	r = rule_of(NY, rule, USEC_NEVER,
		    "DTSTART:20250101T090000\nFREQ=DAILY;COUNT=3\nEXDATE:20250103\nRDATE:20300101");
	ck_assert(rrule_last(r) == at("2025-01-03T09:00:00-05:00"));
	/* the third reading is 03:00, the second one 02:30 */
	r = rule_of(NY, rule, USEC_NEVER,
		    "DTSTART:20250309T020000\nFREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;COUNT=3");
	ck_assert(rrule_last(r) == at("2025-03-09T03:30:00-04:00"));
	/* the clock takes the second one away */
	r = rule_of(NY, skip, USEC_NEVER, "DTSTART:20250308T023000\nFREQ=DAILY;COUNT=2");
	ck_assert(rrule_last(r) == at("2025-03-08T02:30:00-05:00"));
	r = rule_of(NY, both, USEC_NEVER, "DTSTART:20251102T010000\nFREQ=DAILY;COUNT=1");
	ck_assert(rrule_last(r) == at("2025-11-02T01:00:00-05:00"));
}
END_TEST

START_TEST(touched_by_clock_changes)
{
	static const struct dst_policy both = { 0, DST_OVERLAP_BOTH };
	const struct rrule *r = rule_of(NY, both, USEC_NEVER,
					"DTSTART:20250101T013000\nFREQ=DAILY;BYHOUR=1,2");
	const struct rrule *hourly = rule_of(NY, both, USEC_NEVER,
					     "DTSTART:20250101T003000\nFREQ=HOURLY");

	ck_assert_int_eq(rrule_touch(r, at("2025-03-09T03:30:00-04:00")), DST_GAP);
	ck_assert_int_eq(rrule_touch(r, at("2025-03-09T01:30:00-05:00")), DST_NONE);
	ck_assert_int_eq(rrule_touch(r, at("2025-11-02T01:30:00-04:00")), DST_FIRST);
	ck_assert_int_eq(rrule_touch(r, at("2025-11-02T01:30:00-05:00")), DST_SECOND);
	ck_assert_int_eq(rrule_touch(r, at("2025-11-02T02:30:00-05:00")), DST_NONE);
	ck_assert_int_eq(rrule_touch(hourly, at("2025-03-09T03:30:00-04:00")), DST_NONE);
	ck_assert_int_eq(rrule_touch(hourly, at("2025-11-02T01:30:00-05:00")), DST_SECOND);
}
END_TEST

START_TEST(edges_of_time)
{
	static const struct dst_policy rule = { 0, 0 };
	const struct rrule *r = rule_of(NY, rule, USEC_NEVER,
					"DTSTART:19600101T000000\nFREQ=DAILY");

	ck_assert(rrule_next(r, INT64_MIN, NULL) == at("1970-01-01T05:00:00Z"));
	ck_assert(rrule_next(r, USEC_NEVER, NULL) == USEC_NEVER);
	ck_assert(rrule_next(r, USEC_NEVER - 1, NULL) == USEC_NEVER);
	/* the sub-second part is dropped first */
	ck_assert(rrule_next(r, at("2025-01-01T05:00:00.999Z"), NULL)
		  == at("2025-01-02T05:00:00Z"));
	ck_assert(rrule_next(r, at("2025-01-01T04:59:59.999Z"), NULL)
		  == at("2025-01-01T05:00:00Z"));
	r = rule_of(NY, rule, USEC_NEVER, "DTSTART:19600101T000000\nFREQ=HOURLY;INTERVAL=12");
	ck_assert(rrule_next(r, INT64_MIN, NULL) == at("1970-01-01T05:00:00Z"));
}
END_TEST

Suite *suite_rrule_next(void)
{
	Suite *s = suite_create("rrule_next");
	TCase *tc = tcase_create("rrule_next");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, occurrences, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tc, last_of_count);
	tcase_add_test(tc, touched_by_clock_changes);
	tcase_add_test(tc, edges_of_time);
	suite_add_tcase(s, tc);
	return s;
}
