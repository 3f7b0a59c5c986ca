/* Intervals in words and numbers: what is read, what is refused, and where the fault lies. */
#include "when/spec.h"

#include <check.h>

#define WEEK (7 * DAY)

static const struct {
	const char *text;
	usec_t want;
} good[] = {
	{ "1", SEC },
	{ "90", 90 * SEC },
	{ "0090", 90 * SEC },
	{ "315619200", SPEC_EVERY_MAX },
	{ "PT30M", 30 * MIN },
	{ "90m", 90 * MIN },
	{ "1h30m", 90 * MIN },
	{ "1.5s", 1500 * MSEC },
	{ "every 30 minutes", 30 * MIN },
	{ "Every 30 Minutes", 30 * MIN },
	{ "EACH 30 MINS", 30 * MIN },
	{ "30 minutes", 30 * MIN },
	{ "30 minute", 30 * MIN },
	{ "30minutes", 30 * MIN },
	{ "30 min", 30 * MIN },
	{ "30 m", 30 * MIN },
	{ "  every\t30   min ", 30 * MIN },
	{ "every hour", HOUR },
	{ "every hours", HOUR },
	{ "an hour", HOUR },
	{ "every 2 hrs", 2 * HOUR },
	{ "1 hr", HOUR },
	{ "every second", SEC },
	{ "45 secs", 45 * SEC },
	{ "every day", DAY },
	{ "every 10 days", 10 * DAY },
	{ "every 2 weeks", 2 * WEEK },
	{ "a week", WEEK },
	{ "one wk", WEEK },
	{ "521 weeks", 521 * WEEK },
	{ "every 90m", 90 * MIN },
	{ "every PT5M", 5 * MIN },
	{ "1 hour 30 minutes", 90 * MIN },
	{ "every 1 hour and 30 minutes", 90 * MIN },
	{ "1 week, 2 days, and 1 second", WEEK + 2 * DAY + SEC },
};

START_TEST(is_read)
{
	struct spec_ask ask = { .zones = NULL };
	struct when_fault f = { .err = WHEN_OK };
	struct spec s;

	ck_assert_msg(spec_parse_every(&ask, slice_of(good[_i].text), &s, &f) == WHEN_OK, "%s: %s",
		      good[_i].text, when_err_name(f.err));
	ck_assert_msg(s.every == good[_i].want, "%s", good[_i].text);
	ck_assert_int_eq(s.kind, SPEC_EVERY);
}
END_TEST

static const struct {
	const char *text;
	enum when_err err;
	unsigned at, len;
} bad[] = {
	{ "", WHEN_DURATION_SYNTAX, 0, 0 },
	{ "   ", WHEN_DURATION_SYNTAX, 0, 3 },
	{ "often", WHEN_DURATION_SYNTAX, 0, 5 },
	{ "every", WHEN_DURATION_SYNTAX, 5, 0 },
	{ "every 30", WHEN_DURATION_SYNTAX, 8, 0 },
	{ "hour", WHEN_DURATION_SYNTAX, 0, 4 },
	{ "every 30 fortnights", WHEN_DURATION_SYNTAX, 9, 10 },
	{ "every monday", WHEN_DURATION_SYNTAX, 6, 6 },
	{ "every day at 9", WHEN_DURATION_SYNTAX, 10, 4 },
	{ "-5 minutes", WHEN_DURATION_SYNTAX, 0, 10 },
	{ "1.5 hours", WHEN_DURATION_SYNTAX, 1, 8 },
	{ "30 minutes 1 hour", WHEN_DURATION_SYNTAX, 13, 4 },
	{ "1 hour 1 hour", WHEN_DURATION_SYNTAX, 9, 4 },
	{ "1 hour and", WHEN_DURATION_SYNTAX, 10, 0 },
	{ "1 hour,", WHEN_DURATION_SYNTAX, 7, 0 },
	{ "30 minutess", WHEN_DURATION_SYNTAX, 3, 8 },
	{ "every month", WHEN_DURATION_CALENDAR, 6, 5 },
	{ "2 Years", WHEN_DURATION_CALENDAR, 2, 5 },
	{ "P1M", WHEN_DURATION_CALENDAR, 0, 3 },
	{ "0", WHEN_INTERVAL_RANGE, 0, 1 },
	{ "0 seconds", WHEN_INTERVAL_RANGE, 0, 9 },
	{ "999ms", WHEN_INTERVAL_RANGE, 0, 5 },
	{ "315619201", WHEN_INTERVAL_RANGE, 0, 9 },
	{ "3654 days", WHEN_INTERVAL_RANGE, 0, 9 },
	{ "3654d", WHEN_INTERVAL_RANGE, 0, 5 },
	{ "every 99999999999999999999 seconds", WHEN_INTERVAL_RANGE, 6, 20 },
	{ "521 weeks 7 days", WHEN_INTERVAL_RANGE, 0, 16 },
};

START_TEST(is_refused)
{
	struct spec_ask ask = { .zones = NULL };
	struct when_fault f = { .err = WHEN_OK };
	struct spec s = { .every = 4711 };
	struct slice text = slice_of(bad[_i].text);

	ck_assert_msg(spec_parse_every(&ask, text, &s, &f) == bad[_i].err && f.err == bad[_i].err,
		      "%s: %s", bad[_i].text, when_err_name(f.err));
	ck_assert_msg(f.at == bad[_i].at && f.len == bad[_i].len, "%s: at %u, %u", bad[_i].text,
		      f.at, f.len);
	ck_assert_str_eq(f.field, "every");
	ck_assert_int_eq(s.every, 4711);
	ck_assert_int_eq(spec_parse_every(&ask, text, &s, NULL), bad[_i].err);
}
END_TEST

/* Nothing behind the slice is looked at. */
START_TEST(stops_at_the_end)
{
	struct spec_ask ask = { .zones = NULL };
	struct spec s;

	ck_assert_int_eq(spec_parse_every(&ask, (struct slice){ "30 minutes", 4 }, &s, NULL),
			 WHEN_OK); /* "30 m" */
	ck_assert_int_eq(s.every, 30 * MIN);
	ck_assert_int_eq(spec_parse_every(&ask, (struct slice){ "3600", 2 }, &s, NULL), WHEN_OK);
	ck_assert_int_eq(s.every, 36 * SEC);
}
END_TEST

Suite *suite_interval(void)
{
	Suite *s = suite_create("interval");
	TCase *tc = tcase_create("interval");

	tcase_add_loop_test(tc, is_read, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(tc, is_refused, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(tc, stops_at_the_end);
	suite_add_tcase(s, tc);
	return s;
}
