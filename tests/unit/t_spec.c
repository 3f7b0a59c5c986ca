/* struct spec: what the three kinds answer to "when next", windows, anchors, counts, and how
 * zone names of the request and of the text get along. */
#include "when/spec.h"
#include "when/stamp.h"

#include <check.h>

static struct tz_db *zones;

static void zones_open(void)
{
	zones = tz_db_new(NULL);
}

static void zones_close(void)
{
	tz_db_free(zones);
}

static usec_t at(const char *text)
{
	usec_t t = 0;

	ck_assert_msg(stamp_parse(slice_of(text), &t) == WHEN_OK, "%s", text);
	return t;
}

static struct spec_ask ask_in(const char *zone)
{
	return (struct spec_ask){ .zones = zones,
				  .timezone = slice_of(zone),
				  .anchor = 1000 * SEC + 7 };
}

static struct spec cron_in(const char *text, const char *zone)
{
	struct spec_ask ask = ask_in(zone);
	struct spec s;

	ck_assert_int_eq(spec_parse_cron(&ask, slice_of(text), &s, NULL), WHEN_OK);
	return s;
}

/* ---- parsing ---- */

#define CRON spec_parse_cron
#define EVERY spec_parse_every
#define ONCE spec_parse_once
#define R(parse, zone, text, err, field, pos, len)                       \
	{                                                                \
		__LINE__, parse, zone, text, WHEN_##err, field, pos, len \
	}
static const struct row {
	int line;
	enum when_err (*parse)(const struct spec_ask *, struct slice, struct spec *,
			       struct when_fault *);
	const char *zone, *text; /* zone NULL: none in the request */
	enum when_err err;
	const char *field;
	unsigned at, len;
} rows[] = {
	R(CRON, NULL, "0 9 * * *", OK, NULL, 0, 0),
	R(CRON, "europe/berlin", "TZ=Europe/Berlin 0 9 * * *", OK, NULL, 0, 0),
	R(CRON, "Europe/Berlin", "TZ=Europe/Paris 0 9 * * *", CRON_TIMEZONE_CONFLICT, "TZ", 3, 12),
	R(CRON, NULL, "CRON_TZ=Nowhere 0 9 * * *", TIMEZONE_UNKNOWN, "TZ", 8, 7),
	R(CRON, "Nowhere", "TZ=Europe/Paris 0 9 * * *", TIMEZONE_UNKNOWN, "timezone", 0, 7),
	R(CRON, "", "0 9 * * *", TIMEZONE_UNKNOWN, "timezone", 0, 0),
	R(CRON, NULL, "0 25 * * *", CRON_VALUE_RANGE, "hour", 2, 2),
	R(CRON, NULL, "@every 5s", OK, NULL, 0, 0),
	R(EVERY, NULL, "1s", OK, NULL, 0, 0),
	R(EVERY, NULL, "PT15M", OK, NULL, 0, 0),
	R(EVERY, NULL, "3653d", OK, NULL, 0, 0),
	R(EVERY, NULL, "999ms", INTERVAL_RANGE, "every", 0, 5),
	R(EVERY, NULL, "0s", INTERVAL_RANGE, "every", 0, 2),
	R(EVERY, NULL, "3654d", INTERVAL_RANGE, "every", 0, 5),
	R(EVERY, NULL, "P1M", DURATION_CALENDAR, "every", 0, 3),
	R(EVERY, NULL, "often", DURATION_SYNTAX, "every", 0, 5),
	R(EVERY, "Mars/Olympus", "5s", TIMEZONE_UNKNOWN, "timezone", 0, 12),
	R(ONCE, NULL, "2025-03-09T02:30:00Z", OK, NULL, 0, 0),
	R(ONCE, "America/New_York", "2025-03-09T02:30:00", OK, NULL, 0, 0),
	R(ONCE, NULL, "tomorrow", AT_FORMAT, "at", 0, 8),
	R(ONCE, "Mars/Olympus", "2025-03-09T02:30:00", TIMEZONE_UNKNOWN, "timezone", 0, 12),
};

START_TEST(parsing)
{
	const struct row *r = &rows[_i];
	struct spec_ask ask = ask_in(r->zone);
	struct when_fault f = { .field = NULL };
	struct spec untouched = { .every = 4711 }, s = untouched;
	enum when_err e = r->parse(&ask, slice_of(r->text), &s, &f);

	ck_assert_msg(e == r->err && f.err == e, "line %d: %s", r->line, when_err_name(e));
	ck_assert_msg(f.at == r->at && f.len == r->len, "line %d: at %u len %u", r->line, f.at,
		      f.len);
	if (e) {
		ck_assert_str_eq(f.field, r->field);
		ck_assert_mem_eq(&s, &untouched, sizeof s);
	} else {
		ck_assert_ptr_nonnull(s.tz);
		ck_assert(s.start_at == SPEC_NO_START && s.end_at == USEC_NEVER);
	}
	ck_assert_int_eq(r->parse(&ask, slice_of(r->text), &s, NULL), r->err);
}
END_TEST

START_TEST(zone_of_the_text)
{
	ck_assert_str_eq(tz_name(cron_in("TZ=asia/tokyo 0 9 * * *", NULL).tz), "Asia/Tokyo");
	ck_assert_str_eq(tz_name(cron_in("0 9 * * *", NULL).tz), "UTC");
	ck_assert_str_eq(tz_name(cron_in("0 9 * * *", "Asia/Tokyo").tz), "Asia/Tokyo");
}
END_TEST

START_TEST(warnings)
{
	static const struct {
		const char *text, *zone;
		unsigned want;
	} cases[] = {
		{ "0 9 * * *", "America/New_York", 0 },
		{ "30 2 * * *", "America/New_York", CRON_WARN_DST_GAP },
		{ "30 2 * * *", NULL, 0 },
		{ "30 2 31 * *", "America/New_York", CRON_WARN_SKIPS_MONTHS },
		{ "*/7 2 * * *", "America/New_York", CRON_WARN_UNEVEN_STEP },
		{ "@every 7m", "America/New_York", 0 },
	};
	struct spec s = cron_in(cases[_i].text, cases[_i].zone);

	ck_assert_uint_eq(spec_cron_warnings(&s, slice_of(cases[_i].text), 1735689600 * SEC),
			  cases[_i].want);
	ck_assert_uint_eq(spec_cron_warnings(&s, SLICE_LIT("nonsense"), 0), 0);
}
END_TEST

/* ---- next ---- */

START_TEST(window_is_inclusive)
{
	struct spec s = cron_in("0 * * * *", NULL);

	s.start_at = at("2025-01-01T10:00:00Z");
	s.end_at = at("2025-01-01T12:00:00Z");
	ck_assert_int_eq(spec_next(&s, at("2025-01-01T00:00:00Z"), NULL),
			 at("2025-01-01T10:00:00Z"));
	ck_assert_int_eq(spec_next(&s, at("2025-01-01T10:00:00Z"), NULL),
			 at("2025-01-01T11:00:00Z"));
	ck_assert_int_eq(spec_next(&s, at("2025-01-01T11:00:00Z"), NULL),
			 at("2025-01-01T12:00:00Z"));
	ck_assert(spec_next(&s, at("2025-01-01T12:00:00Z"), NULL) == USEC_NEVER);
	ck_assert_int_eq(spec_first(&s, at("2025-01-01T11:00:00Z"), NULL),
			 at("2025-01-01T11:00:00Z"));
	ck_assert_int_eq(spec_first(&s, at("2025-01-01T11:00:00.000001Z"), NULL),
			 at("2025-01-01T12:00:00Z"));
	ck_assert_int_eq(spec_first(&s, INT64_MIN, NULL), at("2025-01-01T10:00:00Z"));
	s.start_at = at("2025-01-01T10:00:00.000001Z");
	ck_assert_int_eq(spec_first(&s, 0, NULL), at("2025-01-01T11:00:00Z"));
	s.end_at = at("2025-01-01T10:59:59.999Z");
	ck_assert(spec_first(&s, 0, NULL) == USEC_NEVER);
}
END_TEST

START_TEST(intervals)
{
	struct spec_ask ask = ask_in(NULL);
	struct spec s;
	usec_t a = ask.anchor;

	ck_assert_int_eq(spec_set_every(&ask, 90 * SEC, &s, NULL), WHEN_OK);
	ck_assert_int_eq(spec_next(&s, INT64_MIN, NULL), a);
	ck_assert_int_eq(spec_next(&s, a - 1, NULL), a);
	ck_assert_int_eq(spec_next(&s, a, NULL), a + 90 * SEC);
	ck_assert_int_eq(spec_next(&s, a + 90 * SEC - 1, NULL), a + 90 * SEC);
	ck_assert_int_eq(spec_first(&s, a + 90 * SEC, NULL), a + 90 * SEC);
	ck_assert_int_eq(spec_next(&s, a + 1000000 * 90 * SEC, NULL), a + 1000001 * 90 * SEC);
	ck_assert(spec_next(&s, USEC_NEVER - 5, NULL) == USEC_NEVER);
	s.start_at = a + 100 * SEC;
	ck_assert_int_eq(spec_next(&s, 0, NULL), a + 180 * SEC);
	s.anchor = -50 * 365 * DAY;
	ck_assert_int_eq((spec_next(&s, 0, NULL) - s.anchor) % (90 * SEC), 0);
	ck_assert_int_eq(spec_set_every(&ask, 0, &s, NULL), WHEN_INTERVAL_RANGE);
	ck_assert_int_eq(spec_set_every(&ask, -SEC, &s, NULL), WHEN_INTERVAL_RANGE);
	ck_assert_int_eq(spec_set_every(&ask, SPEC_EVERY_MAX + 1, &s, NULL), WHEN_INTERVAL_RANGE);
	ck_assert_int_eq(spec_set_every(&ask, SPEC_EVERY_MAX, &s, NULL), WHEN_OK);
}
END_TEST

/* I1: a clock change does not touch an interval; a day is 24 hours. */
START_TEST(intervals_ignore_clock_changes)
{
	struct spec_ask ask = ask_in("America/New_York");
	struct spec s;

	ask.anchor = at("2025-03-08T02:30:00-05:00");
	ck_assert_int_eq(spec_parse_every(&ask, SLICE_LIT("1d"), &s, NULL), WHEN_OK);
	ck_assert_int_eq(spec_next(&s, ask.anchor, NULL), at("2025-03-09T03:30:00-04:00"));
	ck_assert_int_eq(spec_touch(&s, at("2025-03-09T03:30:00-04:00")), DST_NONE);
}
END_TEST

START_TEST(once)
{
	struct spec_ask ask = ask_in("America/New_York");
	struct spec s;
	usec_t t = at("2025-03-09T03:30:00-04:00"); /* A1: 02:30 in the gap */

	ck_assert_int_eq(spec_parse_once(&ask, SLICE_LIT("2025-03-09T02:30:00"), &s, NULL),
			 WHEN_OK);
	ck_assert_int_eq(spec_next(&s, 0, NULL), t);
	ck_assert_int_eq(spec_next(&s, t - 1, NULL), t);
	ck_assert(spec_next(&s, t, NULL) == USEC_NEVER);
	ck_assert_int_eq(spec_first(&s, t, NULL), t);
	s.end_at = t - 1;
	ck_assert(spec_next(&s, 0, NULL) == USEC_NEVER);
	s.end_at = USEC_NEVER;
	s.start_at = t;
	ck_assert_int_eq(spec_next(&s, 0, NULL), t);
	s.start_at = t + 1;
	ck_assert(spec_next(&s, 0, NULL) == USEC_NEVER);
}
END_TEST

START_TEST(policy_reaches_cron)
{
	struct spec s = cron_in("30 2 * * *", "America/New_York");
	usec_t eve = at("2025-03-08T12:00:00Z");

	ck_assert_int_eq(spec_next(&s, eve, NULL), at("2025-03-09T03:00:00-04:00"));
	ck_assert_int_eq(spec_touch(&s, at("2025-03-09T03:00:00-04:00")), DST_GAP);
	s.dst.gap = DST_GAP_SHIFT;
	ck_assert_int_eq(spec_next(&s, eve, NULL), at("2025-03-09T03:30:00-04:00"));
	s.dst.gap = DST_GAP_SKIP;
	ck_assert_int_eq(spec_next(&s, eve, NULL), at("2025-03-10T02:30:00-04:00"));
}
END_TEST

START_TEST(counting)
{
	struct spec s = cron_in("0 * * * *", NULL);
	usec_t day = at("2025-01-01T00:00:00Z");

	ck_assert_uint_eq(spec_count(&s, day, day + DAY, 100), 25); /* both ends */
	ck_assert_uint_eq(spec_count(&s, day + 1, day + DAY - 1, 100), 23);
	ck_assert_uint_eq(spec_count(&s, day, day + DAY, 10), 10);
	ck_assert_uint_eq(spec_count(&s, day, day + DAY, 0), 0);
	ck_assert_uint_eq(spec_count(&s, day + DAY, day, 100), 0);
	ck_assert_uint_eq(spec_count(&s, day, day, 100), 1);
	s.end_at = day + 2 * HOUR;
	ck_assert_uint_eq(spec_count(&s, day, day + DAY, 100), 3);

	s = (struct spec){
		.kind = SPEC_EVERY, .tz = tz_utc(), .start_at = SPEC_NO_START, .end_at = USEC_NEVER
	};
	s.anchor = day;
	s.every = SEC;
	ck_assert_uint_eq(spec_count(&s, day, day + DAY, 1000000), 86401);
	ck_assert_uint_eq(spec_count(&s, day - DAY, day + 10 * SEC, 1000000), 11);
	ck_assert_uint_eq(spec_count(&s, day, day + 10 * SEC, 5), 5);
	ck_assert_uint_eq(spec_count(&s, INT64_MIN, USEC_NEVER, 7), 7);

	s.kind = SPEC_ONCE;
	s.once = day;
	ck_assert_uint_eq(spec_count(&s, day, day, 5), 1);
	ck_assert_uint_eq(spec_count(&s, day + 1, day + DAY, 5), 0);
}
END_TEST

Suite *suite_spec(void)
{
	Suite *s = suite_create("spec");
	TCase *tc = tcase_create("spec");

	tcase_add_unchecked_fixture(tc, zones_open, zones_close);
	tcase_add_loop_test(tc, parsing, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tc, zone_of_the_text);
	tcase_add_loop_test(tc, warnings, 0, 6);
	tcase_add_test(tc, window_is_inclusive);
	tcase_add_test(tc, intervals);
	tcase_add_test(tc, intervals_ignore_clock_changes);
	tcase_add_test(tc, once);
	tcase_add_test(tc, policy_reaches_cron);
	tcase_add_test(tc, counting);
	suite_add_tcase(s, tc);
	return s;
}
