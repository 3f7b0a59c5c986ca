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
	R(EVERY, NULL, "every 30 minutes", OK, NULL, 0, 0),
	R(EVERY, NULL, "1800", OK, NULL, 0, 0),
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

START_TEST(guessing)
{
	static const struct {
		const char *text;
		enum spec_kind want;
	} cases[] = {
		{ "0 9 * * *", SPEC_CRON },
		{ "*/5 * * * *", SPEC_CRON },
		{ "@every 5m", SPEC_CRON },
		{ "@daily", SPEC_CRON },
		{ "TZ=Europe/Berlin 0 9 * * *", SPEC_CRON },
		{ "5 4 * * *", SPEC_CRON },
		{ "0 0 1 1 * 2027", SPEC_CRON },
		{ "", SPEC_CRON },
		{ "p", SPEC_CRON },
		{ "PT30M", SPEC_EVERY },
		{ "P1D", SPEC_EVERY },
		{ "90m", SPEC_EVERY },
		{ "3600", SPEC_EVERY },
		{ "0", SPEC_EVERY },
		{ "every monday", SPEC_EVERY },
		{ "Every 5 minutes", SPEC_EVERY },
		{ "30 minutes", SPEC_EVERY },
		{ "3 months", SPEC_EVERY },
		{ "2027-03-14T02:30:00", SPEC_ONCE },
		{ " 2027-03-14", SPEC_ONCE },
		{ "FREQ=DAILY", SPEC_RRULE },
		{ "freq=daily", SPEC_RRULE },
		{ "RRULE:FREQ=DAILY", SPEC_RRULE },
		{ "DTSTART:20270314T023000\nRRULE:FREQ=DAILY", SPEC_RRULE },
		{ "EXDATE:20270314", SPEC_RRULE },
		{ "RDATE:20270314", SPEC_RRULE },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		ck_assert_msg(spec_guess(slice_of(cases[i].text)) == cases[i].want, "%s",
			      cases[i].text);
	ck_assert_int_eq(spec_guess((struct slice){ NULL, 0 }), SPEC_CRON);
	ck_assert_str_eq(spec_kind_name(SPEC_CRON), "cron");
	ck_assert_str_eq(spec_kind_name(SPEC_EVERY), "every");
	ck_assert_str_eq(spec_kind_name(SPEC_ONCE), "at");
	ck_assert_str_eq(spec_kind_name(SPEC_RRULE), "rrule");
}
END_TEST

/* By kind, as a caller that has it in a column does. */
START_TEST(parsing_by_kind)
{
	struct spec_ask ask = ask_in("Europe/Berlin");
	struct spec s;

	ck_assert_int_eq(spec_parse(&ask, SPEC_CRON, SLICE_LIT("@every 5m"), &s, NULL), WHEN_OK);
	ck_assert(s.kind == SPEC_EVERY && s.every == 5 * MIN && s.anchor == ask.anchor);
	ck_assert_int_eq(spec_parse(&ask, SPEC_EVERY, SLICE_LIT("every hour"), &s, NULL), WHEN_OK);
	ck_assert(s.kind == SPEC_EVERY && s.every == HOUR);
	ck_assert_int_eq(spec_parse(&ask, SPEC_ONCE, SLICE_LIT("2027-03-14T02:30:00"), &s, NULL),
			 WHEN_OK);
	ck_assert(s.kind == SPEC_ONCE && s.once == at("2027-03-14T02:30:00+01:00"));
}
END_TEST

START_TEST(rules)
{
	static const char text[] = "DTSTART;TZID=Europe/Berlin:20270301T090000\nRRULE:FREQ=DAILY";
	struct arena *arena = arena_new();
	struct spec_ask ask = ask_in(NULL);
	struct when_fault f = { .field = NULL };
	struct spec s;

	ask.arena = arena;
	ck_assert_int_eq(spec_parse_rrule(&ask, SLICE_LIT(text), &s, &f), WHEN_OK);
	ck_assert_int_eq(s.kind, SPEC_RRULE);
	ck_assert_str_eq(tz_name(s.tz), "Europe/Berlin");
	ck_assert_int_eq(spec_next(&s, 0, NULL), at("2027-03-01T09:00:00+01:00"));
	ck_assert_int_eq(spec_next(&s, at("2027-03-27T12:00:00Z"), NULL),
			 at("2027-03-28T09:00:00+02:00"));
	ask.timezone = slice_of("europe/berlin");
	ck_assert_int_eq(spec_parse_rrule(&ask, SLICE_LIT(text), &s, &f), WHEN_OK);
	ask.timezone = slice_of("Europe/Paris");
	ck_assert_int_eq(spec_parse_rrule(&ask, SLICE_LIT(text), &s, &f),
			 WHEN_RRULE_TIMEZONE_CONFLICT);
	ck_assert_str_eq(f.field, "TZ");
	ck_assert_uint_eq(f.at, 13);
	ck_assert_uint_eq(f.len, 13);
	ask.timezone = slice_of("Nowhere");
	ck_assert_int_eq(spec_parse_rrule(&ask, SLICE_LIT(text), &s, &f), WHEN_TIMEZONE_UNKNOWN);
	ck_assert_str_eq(f.field, "timezone");
	arena_free(arena);
}
END_TEST

START_TEST(jitter)
{
	uint64_t seed = cron_seed(SLICE_LIT("schedule"));
	usec_t sum = 0, least = DAY, most = 0;

	/* FNV-1a 64 of "1:2" and "18446744073709551615:-5", by Python. */
	ck_assert_int_eq(spec_jitter(1, 10 * SEC, 2), 6807 * MSEC);
	ck_assert_int_eq(spec_jitter(UINT64_MAX, SPEC_JITTER_MAX, -5), 24126183 * MSEC);
	for (int i = 0; i < 1000; i++) {
		usec_t j = spec_jitter(seed, 10 * SEC, i * HOUR);

		ck_assert(j >= 0 && j <= 10 * SEC && j % MSEC == 0);
		sum += j;
		least = j < least ? j : least;
		most = j > most ? j : most;
	}
	ck_assert(sum / 1000 > 4500 * MSEC && sum / 1000 < 5500 * MSEC);
	ck_assert(least < 100 * MSEC && most > 9900 * MSEC);
	ck_assert_int_eq(spec_jitter(seed, 0, HOUR), 0);
	ck_assert_int_eq(spec_jitter(seed, MSEC - 1, HOUR), 0);
	ck_assert_int_eq(spec_jitter(seed, -SEC, HOUR), 0);
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
	ck_assert_int_eq(s.once_touch, DST_GAP);
	ck_assert_int_eq(spec_touch(&s, t), DST_GAP);
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

START_TEST(once_touches)
{
	static const struct {
		const char *text;
		enum dst_touch want;
	} cases[] = {
		{ "2025-03-09T01:59:59.9", DST_NONE },     { "2025-03-09T02:00:00", DST_GAP },
		{ "2025-03-09T02:59:59.9", DST_GAP },      { "2025-03-09T03:00:00", DST_NONE },
		{ "2025-03-09T03:30:00", DST_NONE },       { "2025-11-02T01:30:00", DST_FIRST },
		{ "2025-11-02T01:30:00-05:00", DST_NONE }, { "2025-03-09T02:30:00Z", DST_NONE },
		{ "2025-11-02T02:00:00", DST_NONE },
	};
	struct spec_ask ask = ask_in("America/New_York");
	struct spec s;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert_int_eq(spec_parse_once(&ask, slice_of(cases[i].text), &s, NULL), WHEN_OK);
		ck_assert_msg(s.once_touch == cases[i].want, "%s", cases[i].text);
	}
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
	tcase_add_test(tc, guessing);
	tcase_add_test(tc, parsing_by_kind);
	tcase_add_test(tc, rules);
	tcase_add_test(tc, jitter);
	tcase_add_test(tc, window_is_inclusive);
	tcase_add_test(tc, intervals);
	tcase_add_test(tc, intervals_ignore_clock_changes);
	tcase_add_test(tc, once);
	tcase_add_test(tc, once_touches);
	tcase_add_test(tc, policy_reaches_cron);
	tcase_add_test(tc, counting);
	suite_add_tcase(s, tc);
	return s;
}
