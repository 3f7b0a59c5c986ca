/* Recurrence rules as text: every code with its field and place, the forms a rule may come in, what
 * the describer is told of it, and the warnings. When they occur: t_rrule_next.c. */
#include "when/rrule.h"
#include "when/stamp.h"

#include <check.h>

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

static enum when_err parse(const char *text, const struct rrule **out_rule,
			   struct when_fault *out_fault)
{
	struct rrule_ask ask = { .zone = tz_find(zones, SLICE_LIT("America/New_York")),
				 .anchor = 1735689600 * SEC + 999999, /* 2024-12-31T19:00 there */
				 .last = USEC_NEVER,
				 .arena = arena };

	return rrule_parse(&ask, slice_of(text), out_rule, out_fault);
}

#define LINES "DTSTART:20250101T090000\nRRULE:FREQ=DAILY\n"
#define R(text, err, field, pos, len)                       \
	{                                                   \
		__LINE__, text, WHEN_##err, field, pos, len \
	}
static const struct row {
	int line;
	const char *text;
	enum when_err err;
	const char *field;
	unsigned at, len;
} rows[] = {
	R("FREQ=DAILY", OK, NULL, 0, 0),
	R("rrule:freq=weekly;byday=mo,We", OK, NULL, 0, 0),
	R("INTERVAL=2;FREQ=DAILY", OK, NULL, 0, 0),
	R("RRULE:FREQ=MONTHLY;BYDAY=+1MO,-01FR", OK, NULL, 0, 0),
	R("\r\nEXDATE:20250102T090000,20250103\r\n" LINES "EXDATE:20250104T140000Z\n", OK, NULL, 0,
	  0),
	R("DTSTART;TZID=America/New_York;VALUE=DATE-TIME:20250101T090000\nFREQ=DAILY", OK, NULL, 0,
	  0),
	R("DTSTART;VALUE=DATE:20250101\nRRULE:FREQ=DAILY;UNTIL=2025-01-05T09:00:00.5-05:00", OK,
	  NULL, 0, 0),
	R("RRULE:FREQ=WEEKLY;BYD\r\n AY=MO\n\t,TU", OK, NULL, 0, 0),
	R("FREQ=SECONDLY;BYSECOND=60,1", OK, NULL, 0, 0),
	R("FREQ=YEARLY;BYDAY=53MO,-53TU", OK, NULL, 0, 0),

	R("", RRULE_EMPTY, "rrule", 0, 0),
	R("RRULE:", RRULE_EMPTY, "rrule", 0, 0),
	R("DTSTART:20250101T090000\n", RRULE_EMPTY, "rrule", 0, 0),
	R("INTERVAL=2", RRULE_FREQ, "rrule", 0, 0),
	R("RRULE:FREQ=OFTEN", RRULE_FREQ, "rrule", 5, 5),
	R("FREQ=", RRULE_FREQ, "rrule", 5, 0),
	R("banana", RRULE_SYNTAX, "rrule", 0, 6),
	R("FREQ=DAILY;", RRULE_SYNTAX, "rrule", 11, 0),
	R("FREQ=DAILY; COUNT=2", RRULE_PART, "rrule", 11, 6),
	R(" FREQ=DAILY", RRULE_PART, "rrule", 0, 5),
	R("FREQ=DAILY;BYHOUR=", RRULE_SYNTAX, "rrule", 18, 0),
	R("FREQ=DAILY;BYHOUR=1,,2", RRULE_SYNTAX, "rrule", 20, 0),
	R("FREQ=DAILY;BYHOUR=-1", RRULE_SYNTAX, "rrule", 18, 2),
	R("FREQ=DAILY;BYHOUR=1,24", RRULE_VALUE, "rrule", 20, 2),
	R("RRULE:FREQ=DAILY;BYHOUR=1,24", RRULE_VALUE, "rrule", 20, 2),
	R("FREQ=DAILY;BYSECOND=61", RRULE_VALUE, "rrule", 20, 2),
	R("FREQ=MONTHLY;BYMONTHDAY=0", RRULE_VALUE, "rrule", 24, 1),
	R("FREQ=MONTHLY;BYMONTHDAY=-32", RRULE_VALUE, "rrule", 24, 3),
	R("FREQ=MONTHLY;BYDAY=0MO", RRULE_VALUE, "rrule", 19, 3),
	R("FREQ=MONTHLY;BYDAY=1MO,54TU", RRULE_VALUE, "rrule", 23, 4),
	R("FREQ=MONTHLY;BYDAY=MON", RRULE_SYNTAX, "rrule", 19, 3),
	R("FREQ=WEEKLY;WKST=1", RRULE_SYNTAX, "rrule", 17, 1),
	R("FREQ=DAILY;INTERVAL=0", RRULE_VALUE, "rrule", 20, 1),
	R("FREQ=DAILY;INTERVAL=1000001", RRULE_VALUE, "rrule", 20, 7),
	R("FREQ=DAILY;INTERVAL=18446744073709551617", RRULE_VALUE, "rrule", 20, 20),
	R("FREQ=DAILY;COUNT=0", RRULE_VALUE, "rrule", 17, 1),
	R("FREQ=DAILY;COUNT=100001", RRULE_VALUE, "rrule", 17, 6),
	R("FREQ=DAILY;UNTIL=tomorrow", RRULE_SYNTAX, "rrule", 17, 8),
	R("FREQ=DAILY;UNTIL=20250230", RRULE_SYNTAX, "rrule", 17, 8),
	R("FREQ=DAILY;UNTIL=20250101T240000", RRULE_SYNTAX, "rrule", 17, 15),
	R("FREQ=DAILY;BYEASTER=0", RRULE_PART, "rrule", 11, 8),
	R("FREQ=DAILY;FREQ=DAILY", RRULE_DUPLICATE, "rrule", 11, 10),
	R("FREQ=DAILY;COUNT=1;UNTIL=20250101", RRULE_COUNT_UNTIL, "rrule", 19, 14),
	R("FREQ=MONTHLY;BYWEEKNO=1", RRULE_COMBINATION, "rrule", 13, 10),
	R("FREQ=DAILY;BYYEARDAY=1", RRULE_COMBINATION, "rrule", 11, 11),
	R("FREQ=WEEKLY;BYMONTHDAY=1", RRULE_COMBINATION, "rrule", 12, 12),
	R("FREQ=WEEKLY;BYDAY=1MO", RRULE_COMBINATION, "rrule", 12, 9),
	R("FREQ=HOURLY;BYDAY=-1MO", RRULE_COMBINATION, "rrule", 12, 10),
	R("FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO", RRULE_COMBINATION, "rrule", 23, 9),
	R("FREQ=DAILY;BYSETPOS=1", RRULE_COMBINATION, "rrule", 11, 10),
	R("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", RRULE_NEVER, "rrule", 0, 36),
	R("FREQ=DAILY;BYSECOND=60", RRULE_NEVER, "rrule", 0, 22),
	R("FREQ=DAILY;BYHOUR=1;BYSETPOS=2", RRULE_NEVER, "rrule", 0, 30),
	R("FREQ=SECONDLY;INTERVAL=2;BYSECOND=1,3", RRULE_NEVER, "rrule", 0, 37),

	R("DTSTART:20250101T090000\nDTSTART:20250101T090000\nRRULE:FREQ=DAILY", RRULE_DUPLICATE,
	  NULL, 24, 23),
	R("RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", RRULE_DUPLICATE, NULL, 17, 17),
	R("SUMMARY:x\n" LINES, RRULE_PART, NULL, 0, 9),
	R(LINES "EXRULE:FREQ=WEEKLY", RRULE_PART, NULL, 41, 18),
	R("DTSTART:1 May\nRRULE:FREQ=DAILY", RRULE_SYNTAX, "dtstart", 0, 5),
	R("DTSTART:18991231T235959\nRRULE:FREQ=DAILY", RRULE_VALUE, "dtstart", 0, 15),
	R("DTSTART:22000101T000000\nRRULE:FREQ=DAILY", RRULE_VALUE, "dtstart", 0, 15),
	R("DTSTART:20250101T090000+0100\nRRULE:FREQ=DAILY", RRULE_SYNTAX, "dtstart", 0, 20),
	R("DTSTART;VALUE=DATE:20250101T090000\nRRULE:FREQ=DAILY", RRULE_VALUE, "dtstart", 0, 15),
	R("DTSTART;TZID=\"UTC:20250101\nRRULE:FREQ=DAILY", RRULE_SYNTAX, NULL, 0, 26),
	R("RRULE;TZID=UTC:FREQ=DAILY", RRULE_SYNTAX, NULL, 0, 25),
	R(LINES "EXDATE:20250101,x", RRULE_SYNTAX, "exdate", 9, 1),
	R(LINES "EXDATE:", RRULE_SYNTAX, "exdate", 0, 0),
	R(LINES "EXDATE;VALUE=PERIOD:20250101", RRULE_VALUE, "exdate", 0, 8),
	R(LINES "EXDATE;TZID=Europe/Berlin:20250101", RRULE_TIMEZONE_CONFLICT, "exdate", 0, 0),
	R(LINES "RDATE:22000101", RRULE_VALUE, "rdate", 0, 8),
};

START_TEST(parsing)
{
	const struct row *r = &rows[_i];
	struct when_fault f = { .field = NULL };
	const struct rrule *rule = NULL;
	enum when_err e = parse(r->text, &rule, &f);

	ck_assert_msg(e == r->err && f.err == e, "line %d: %s", r->line, when_err_name(e));
	ck_assert_msg(f.at == r->at && f.len == r->len, "line %d: at %u len %u", r->line, f.at,
		      f.len);
	ck_assert_msg((rule != NULL) == (e == WHEN_OK), "line %d", r->line);
	if (e)
		ck_assert_pstr_eq(f.field, r->field);
	ck_assert_int_eq(parse(r->text, &rule, NULL), r->err);
}
END_TEST

START_TEST(limits)
{
	static char text[RRULE_TEXT_MAX + 100];
	const struct rrule *rule;
	struct when_fault f;
	size_t n = sizeof LINES - 1;

	memcpy(text, LINES, n);
	memcpy(text + n, "RDATE:", 6);
	for (n += 6; n < sizeof LINES + 5 + 1000 * 9; n += 9)
		memcpy(text + n, "20250101,", 9);
	text[n - 1] = '\0';
	ck_assert_int_eq(parse(text, &rule, &f), WHEN_OK);
	memcpy(text + n - 1, ",20250101", 10);
	ck_assert_int_eq(parse(text, &rule, &f), WHEN_RRULE_DATES);
	ck_assert_str_eq(f.field, "rdate");
	memset(text + n, '\n', sizeof text - n - 1);
	text[RRULE_TEXT_MAX + 1] = '\0';
	ck_assert_int_eq(parse(text, &rule, &f), WHEN_RRULE_TOO_LONG);
}
END_TEST

START_TEST(zone_of_the_text)
{
	ck_assert(slice_is(rrule_zone(SLICE_LIT("RRULE:FREQ=DAILY\ndtstart;tzid=Asia/Tokyo:2025")),
			   "Asia/Tokyo"));
	ck_assert(slice_is(rrule_zone(SLICE_LIT("DTSTART;VALUE=DATE;TZID=\"Asia/Tokyo\":2025")),
			   "Asia/Tokyo"));
	ck_assert_ptr_null(rrule_zone(SLICE_LIT(LINES "EXDATE;TZID=Asia/Tokyo:20250101")).p);
	ck_assert_ptr_null(rrule_zone(SLICE_LIT("")).p);
}
END_TEST

START_TEST(joining)
{
	static const struct {
		const char *rule, *dtstart, *exdate, *rdate, *want;
	} cases[] = {
		{ "FREQ=DAILY", NULL, NULL, NULL, "RRULE:FREQ=DAILY" },
		{ "rrule:FREQ=DAILY", "20250101", "20250102,20250103", "20250104",
		  "DTSTART:20250101\nrrule:FREQ=DAILY\nEXDATE:20250102,20250103\nRDATE:20250104" },
		{ "DTSTART:20250101\nFREQ=DAILY", NULL, NULL, NULL,
		  "DTSTART:20250101\nFREQ=DAILY" },
		{ "banana", "", NULL, NULL, "DTSTART:\nRRULE:banana" },
	};
	struct strbuf out;

	strbuf_init(&out, 1000);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rrule_text t = { slice_of(cases[i].rule), slice_of(cases[i].dtstart),
					slice_of(cases[i].exdate), slice_of(cases[i].rdate) };

		strbuf_clear(&out);
		rrule_join(&t, &out);
		ck_assert_str_eq(out.p, cases[i].want);
	}
	strbuf_release(&out);
}
END_TEST

START_TEST(parts_as_written)
{
	const struct rrule *rule;
	struct rrule_parts p;

	ck_assert_int_eq(parse("DTSTART:20250101T090000\nRRULE:FREQ=MONTHLY;BYDAY=FR,-1MO,2MO,MO;"
			       "BYMONTHDAY=9,-3,9,1;COUNT=7;WKST=SU;INTERVAL=2;BYSETPOS=1,-1\n"
			       "EXDATE:20250101,20250102\nRDATE:20250103",
			       &rule, NULL),
			 WHEN_OK);
	rrule_parts(rule, &p);
	ck_assert_int_eq(p.freq, RRULE_MONTHLY);
	ck_assert(p.interval == 2 && p.count == 7 && p.wkst == 0 && p.until == USEC_NEVER);
	ck_assert_int_eq(p.dtstart, 1735722000);
	ck_assert_uint_eq(p.by_monthday.n, 3);
	ck_assert(p.by_monthday.v[0] == -3 && p.by_monthday.v[1] == 1 && p.by_monthday.v[2] == 9);
	ck_assert_uint_eq(p.by_day_n, 4);
	ck_assert(p.by_day[0].weekday == 1 && p.by_day[0].nth == -1);
	ck_assert(p.by_day[1].nth == 0 && p.by_day[2].nth == 2);
	ck_assert(p.by_day[3].weekday == 5 && p.by_day[3].nth == 0);
	ck_assert(p.by_hour.n == 0 && p.by_month.n == 0 && p.by_setpos.n == 2);
	ck_assert(p.exdates == 2 && p.rdates == 1);
}
END_TEST

START_TEST(parts_left_out)
{
	const struct rrule *rule;
	struct rrule_parts p;

	ck_assert_int_eq(parse("FREQ=YEARLY;UNTIL=20250310", &rule, NULL), WHEN_OK);
	rrule_parts(rule, &p);
	ck_assert(p.wkst == 1 && p.interval == 1 && p.count == 0);
	ck_assert_int_eq(p.dtstart, 1735689600 - 5 * 3600); /* the anchor, to the second */
	ck_assert_int_eq(p.until, (1741665600 - 1) * SEC);  /* the last second, as summer time */
	ck_assert(p.by_month.n == 0 && p.by_monthday.n == 0);
}
END_TEST

START_TEST(warnings)
{
	static const struct {
		const char *text;
		unsigned want;
	} cases[] = {
		{ "DTSTART:20250101T090000\nFREQ=DAILY", 0 },
		{ "FREQ=DAILY", RRULE_WARN_NO_DTSTART },
		{ "DTSTART:20250101T090000\nFREQ=WEEKLY;BYDAY=MO", RRULE_WARN_DTSTART },
		{ "DTSTART:20250101T090000\nFREQ=HOURLY;BYHOUR=10", RRULE_WARN_DTSTART },
		{ "DTSTART:20250131T090000\nFREQ=MONTHLY", RRULE_WARN_SKIPS },
		{ "DTSTART:20250128T090000\nFREQ=MONTHLY", 0 },
		{ "DTSTART:20250131T090000\nFREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=1,3", 0 },
		{ "DTSTART:20250131T090000\nFREQ=MONTHLY;BYMONTHDAY=-1", 0 },
		{ "DTSTART:20250101T090000\nFREQ=MONTHLY;BYDAY=1WE", 0 },
		{ "DTSTART:20250129T090000\nFREQ=MONTHLY;BYDAY=5WE", RRULE_WARN_SKIPS },
		{ "DTSTART:20250129T090000\nFREQ=MONTHLY;BYDAY=WE;BYSETPOS=5", RRULE_WARN_SKIPS },
		{ "DTSTART:20250131T090000\nFREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", 0 },
		{ "DTSTART:20240229T090000\nFREQ=YEARLY", RRULE_WARN_SKIPS },
		{ "DTSTART:20250131T090000\nFREQ=YEARLY;BYMONTHDAY=31", 0 },
		{ "DTSTART:20250513T090000\nFREQ=YEARLY;BYWEEKNO=20", 0 },
		{ "DTSTART:20201231T090000\nFREQ=YEARLY;BYWEEKNO=53;BYDAY=TH", RRULE_WARN_SKIPS },
	};
	const struct rrule *rule = NULL;

	ck_assert_int_eq(parse(cases[_i].text, &rule, NULL), WHEN_OK);
	ck_assert_msg(rrule_warnings(rule) == cases[_i].want, "%s: %u", cases[_i].text,
		      rrule_warnings(rule));
}
END_TEST

Suite *suite_rrule(void)
{
	Suite *s = suite_create("rrule");
	TCase *tc = tcase_create("rrule");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, parsing, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tc, limits);
	tcase_add_test(tc, zone_of_the_text);
	tcase_add_test(tc, joining);
	tcase_add_test(tc, parts_as_written);
	tcase_add_test(tc, parts_left_out);
	tcase_add_loop_test(tc, warnings, 0, 16);
	suite_add_tcase(s, tc);
	return s;
}
