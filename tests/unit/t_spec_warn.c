/* What people are told: warnings of a schedule with their dates and sentences, and the sentence of a
 * fault. */
#include "when/spec.h"
#include "when/stamp.h"

#include <check.h>
#include <time.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define NY "America/New_York"
#define GAP_DAY "On 2027-03-14 the clock skips "
#define CRON SPEC_CRON
#define NO_START "Without a DTSTART the rule begins when the schedule was made."

static struct tz_db *zones;
static struct arena *arena;
static struct strbuf out;

static void open_all(void)
{
	zones = tz_db_new(NULL);
	arena = arena_new();
	strbuf_init(&out, 4096);
}

static void close_all(void)
{
	strbuf_release(&out);
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
			   struct dst_policy dst)
{
	struct spec_ask ask = { .zones = zones,
				.timezone = slice_of(zone),
				.anchor = at("2026-11-21T00:00:00Z"),
				.dst = dst,
				.arena = arena };
	struct spec s;

	ck_assert_msg(spec_parse(&ask, kind, slice_of(text), &s, NULL) == WHEN_OK, "%s", text);
	return s;
}

/* All warnings, "code: sentence" a line, as seen from 2026-11-21. */
static const char *told(const struct spec *s, const char *text)
{
	struct spec_warning w[ODD_COUNT];
	unsigned n = spec_warnings(s, slice_of(text), at("2026-11-21T00:00:00Z"), w);

	strbuf_clear(&out);
	strbuf_adds(&out, "");
	for (unsigned i = 0; i < n; i++) {
		strbuf_adds(&out, i > 0 ? "\n" : "");
		strbuf_adds(&out, w[i].code);
		strbuf_adds(&out, ": ");
		spec_warning_print(s, &w[i], &out);
	}
	return out.n > 0 ? out.p : "";
}

static const struct {
	enum spec_kind kind;
	const char *text, *zone;
	struct dst_policy dst;
	const char *want;
} cases[] = {
	{ CRON, "0 9 * * *", NY, { 0 }, "" },
	{ CRON, "30 2 * * *", "UTC", { 0 }, "" },
	/* Interval expressions: only a day that is lost altogether is worth a word. */
	{ CRON, "*/30 * * * *", NY, { 0 }, "" },
	{ CRON, "*/30 1,2 * * *", NY, { 0 }, "" },
	{ CRON,
	  "*/30 2 * * *",
	  NY,
	  { 0 },
	  "cron_dst_gap: " GAP_DAY "02:00: this does not run then." },
	{ CRON,
	  "H 4 * * *",
	  "UTC",
	  { 0 },
	  "cron_hash: H stands for a value made of the schedule's id: each schedule has times of its "
	  "own, not those that are shown before it is made." },
	{ CRON, "0 0 9 * * * 2020", "UTC", { 0 }, "no_next_run: There is no occurrence any more." },
	{ CRON, "30 2 * * *", NY, { 0 }, "cron_dst_gap: " GAP_DAY "02:30: this runs at 03:00." },
	{ CRON,
	  "30,45 2,3 * * *",
	  NY,
	  { 0 },
	  "cron_dst_gap: " GAP_DAY "02:30: this runs at 03:00." },
	{ CRON,
	  "15 30 2 * * *",
	  NY,
	  { DST_GAP_SHIFT, 0 },
	  "cron_dst_gap: " GAP_DAY "02:30:15: this runs at 03:30:15." },
	{ CRON,
	  "30 2 * * *",
	  NY,
	  { DST_GAP_SKIP, 0 },
	  "cron_dst_gap: " GAP_DAY "02:30: this does not run then." },
	/* Only the leap year's 12 March is a Sunday of change: 2028. */
	{ CRON,
	  "30 2 12 3 *",
	  NY,
	  { 0 },
	  "cron_dst_gap: On 2028-03-12 the clock skips 02:30: this runs at 03:00." },
	{ CRON,
	  "30 1 * * *",
	  NY,
	  { 0 },
	  "cron_dst_overlap: On 2027-11-07 01:30 happens twice: this runs at the first." },
	{ CRON,
	  "30 1 * * *",
	  NY,
	  { 0, DST_OVERLAP_SECOND },
	  "cron_dst_overlap: On 2027-11-07 01:30 happens twice: this runs at the second." },
	{ CRON,
	  "30 1 * * *",
	  NY,
	  { 0, DST_OVERLAP_BOTH },
	  "cron_dst_overlap: On 2027-11-07 01:30 happens twice: this runs both times." },
	{ CRON,
	  "30 23 * * *",
	  "America/Nuuk",
	  { 0 },
	  "cron_dst_gap: On 2027-03-27 the clock skips 23:30: this runs at 00:00 of the day "
	  "after.\ncron_dst_overlap: On 2027-10-30 23:30 happens twice: this runs at the first." },
	{ CRON,
	  "0 9 31 * *",
	  NY,
	  { 0 },
	  "cron_skips_months: Some months have no such day, and are left out." },
	{ SPEC_EVERY, "1d", NY, { 0 }, "" },
	{ CRON, "@every 7m", NY, { 0 }, "" },
	{ SPEC_ONCE,
	  "2027-03-14T02:30:00",
	  NY,
	  { 0 },
	  "dst_gap: " GAP_DAY "02:30: this runs at 03:30." },
	{ SPEC_ONCE,
	  "2027-11-07T01:30:00",
	  NY,
	  { 0 },
	  "dst_overlap: On 2027-11-07 01:30 happens twice: this runs at the first." },
	{ SPEC_ONCE, "2027-11-07T01:30:00-05:00", NY, { 0 }, "" },
	{ SPEC_ONCE,
	  "2027-03-14T02:30:00",
	  NY,
	  { DST_GAP_FIRE, 0 },
	  "dst_gap: " GAP_DAY "02:00: this runs at 03:00." },
	{ SPEC_ONCE,
	  "2027-11-07T01:30:00",
	  NY,
	  { 0, DST_OVERLAP_SECOND },
	  "dst_overlap: On 2027-11-07 01:30 happens twice: this runs at the second." },
	{ SPEC_RRULE,
	  "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
	  NY,
	  { DST_GAP_SKIP, 0 },
	  "rrule_no_dtstart: " NO_START "\ndst_gap: " GAP_DAY "02:30: this does not run then." },
	{ SPEC_RRULE,
	  "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
	  NY,
	  { 0 },
	  "rrule_no_dtstart: " NO_START "\ndst_gap: " GAP_DAY "02:30: this runs at 03:30." },
	{ SPEC_RRULE,
	  "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
	  NY,
	  { DST_GAP_FIRE, 0 },
	  "rrule_no_dtstart: " NO_START "\ndst_gap: " GAP_DAY "02:30: this runs at 03:00." },
	{ SPEC_RRULE, "FREQ=HOURLY", NY, { 0 }, "rrule_no_dtstart: " NO_START },
};

START_TEST(warnings)
{
	struct spec s = spec_in(cases[_i].kind, cases[_i].text, cases[_i].zone, cases[_i].dst);
	const char *got = told(&s, cases[_i].text);

	ck_assert_msg(strcmp(got, cases[_i].want) == 0, "%s: %s", cases[_i].text, got);
}
END_TEST

START_TEST(gap_is_met)
{
	static const struct {
		const char *text, *zone;
		bool meets;
	} rows[] = {
		{ "0 3 * * *", NY, false },
		{ "30 2 1 * *", NY, false },
		{ "30 2 8 3 *", NY, true },
		{ "30 2 * * MON", NY, false },
		{ "0 12 * * *", "Pacific/Apia", false },
		{ "0 0 * * *", "Africa/Cairo", true },
	};

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct spec s = spec_in(CRON, rows[i].text, rows[i].zone, (struct dst_policy){ 0 });

		ck_assert_msg((strstr(told(&s, rows[i].text), "cron_dst_gap") != NULL)
				      == rows[i].meets,
			      "%s", rows[i].text);
	}
}
END_TEST

START_TEST(window_and_calendar)
{
	static struct calendar c;
	struct spec s = spec_in(CRON, "30 2 * * *", NY, (struct dst_policy){ 0 });
	int index;

	s.end_at = at("2027-03-01T00:00:00Z");
	ck_assert_str_eq(told(&s, "30 2 * * *"), "");
	s.end_at = USEC_NEVER;
	s.start_at = at("2027-04-01T00:00:00Z");
	ck_assert_str_eq(told(&s, "30 2 * * *"),
			 "cron_dst_gap: On 2028-03-12 the clock skips 02:30: this runs at 03:00.");
	s.start_at = SPEC_NO_START;
	ck_assert_ptr_null(calendar_build(1u, NULL, 0, &c, &index)); /* Sundays */
	s.calendar = &c;
	s.adjust = ADJUST_SKIP;
	ck_assert_str_eq(told(&s, "30 2 * * *"), "");
	s = spec_in(CRON, "30 2 * * 0", NY, (struct dst_policy){ 0 });
	s.calendar = &c;
	s.adjust = ADJUST_SKIP;
	ck_assert_str_eq(told(&s, "30 2 * * 0"), "calendar_never: The calendar leaves nothing: "
						 "every occurrence is on a closed day.");
	s.adjust = ADJUST_NEXT;
	ck_assert_str_eq(told(&s, "30 2 * * 0"), "");
	/* Saturdays closed: Saturday's 02:30 moves into the gap. */
	ck_assert_ptr_null(calendar_build(1u << 6, NULL, 0, &c, &index));
	s = spec_in(CRON, "30 2 * * 6", NY, (struct dst_policy){ 0 });
	s.calendar = &c;
	s.adjust = ADJUST_NEXT;
	ck_assert_str_eq(told(&s, "30 2 * * 6"),
			 "cron_dst_gap: " GAP_DAY "02:30: this runs at 03:30.");
}
END_TEST

static usec_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * SEC + t.tv_nsec / 1000;
}

/* A look to the end of the calendar takes long: it is not done anew at each clock change. */
START_TEST(nothing_is_looked_for_a_few_times)
{
	static struct calendar c;
	struct spec_warning w[ODD_COUNT];
	struct spec s = spec_in(CRON, "30 2 * * 0", NY, (struct dst_policy){ 0 });
	usec_t from = at("2026-11-21T00:00:00Z"), once = USEC_NEVER, all = USEC_NEVER;
	int index;

	ck_assert_ptr_null(calendar_build(1u, NULL, 0, &c, &index));
	s.calendar = &c;
	s.adjust = ADJUST_SKIP;
	for (int i = 0; i < 3; i++) {
		usec_t began = cpu_now(), middle;

		ck_assert_int_eq(spec_first(&s, from, NULL), USEC_NEVER);
		middle = cpu_now();
		ck_assert_uint_eq(spec_warnings(&s, SLICE_LIT("30 2 * * 0"), from, w), 1);
		once = middle - began < once ? middle - began : once;
		all = cpu_now() - middle < all ? cpu_now() - middle : all;
	}
	ck_assert_msg(all < 10 * once, "%lld us, once %lld us", (long long)all, (long long)once);
}
END_TEST

/* ---- faults ---- */

START_TEST(fault_of_a_field)
{
	struct spec_ask ask = { .zones = zones };
	struct when_fault f;
	struct spec s;
	struct slice text = SLICE_LIT("61 9 * * *");

	ck_assert_int_eq(spec_parse_cron(&ask, text, &s, &f), WHEN_CRON_VALUE_RANGE);
	strbuf_clear(&out);
	when_fault_print(&f, text, &out);
	ck_assert_str_eq(out.p, "The value is outside the range of its field (minute, character 1: "
				"\"61\"). Minutes are 0 to 59.");
	text = SLICE_LIT("0 9 * XYZ *");
	ck_assert_int_eq(spec_parse_cron(&ask, text, &s, &f), WHEN_CRON_NAME);
	strbuf_clear(&out);
	when_fault_print(&f, text, &out);
	ck_assert_str_eq(out.p, "This is no name of a month or a day of the week (month, character "
				"7: \"XYZ\"). Write JAN to DEC or SUN to SAT.");
}
END_TEST

static const struct {
	struct when_fault fault;
	const char *text, *want;
} faults[] = {
	{ { WHEN_TIMEZONE_UNKNOWN, 0, 7, "timezone", NULL },
	  "0 9 * * *",
	  "Unknown time zone (timezone). Use a name of the IANA database, as in "
	  "\"Europe/Berlin\"." },
	{ { WHEN_RRULE_VALUE, 18, 2, "rrule", "an hour is 0 to 23" },
	  "DTSTART:20270314T023000\r\nRRULE:FREQ=DAILY;BYHOUR=99\r\nEXDATE:20270401",
	  "The value is outside the range of its rule part (rrule, character 19: \"99\"). An hour "
	  "is 0 to 23." },
	{ { WHEN_DURATION_SYNTAX, 5, 0, "every", NULL },
	  "every",
	  "The duration cannot be read (every, character 6). Write \"PT30M\" or \"90m\"." },
	{ { WHEN_CRON_STEP_ZERO, 50, 9, "day_of_week", NULL },
	  "short",
	  "A step must be at least 1 (day of week). Write */1, or leave the step out." },
	{ { WHEN_NL_OUT_OF_RANGE, 0, 2, NULL, NULL },
	  "\x01\n",
	  "A number in the phrase is out of range (character 1: \"  \"). Name a number that is "
	  "possible there." },
	{ { WHEN_NL_OUT_OF_RANGE, 0, 0, NULL, NULL },
	  NULL,
	  "A number in the phrase is out of range. Name a number that is possible there." },
	/* Cut before the two bytes of the character that would pass 40. */
	{ { WHEN_NL_OUT_OF_RANGE, 0, 44, NULL, NULL },
	  "123456789012345678901234567890123456789\xc3\xa9xyz",
	  "A number in the phrase is out of range (character 1: "
	  "\"123456789012345678901234567890123456789...\"). Name a number that is possible "
	  "there." },
};

START_TEST(fault_sentences)
{
	strbuf_clear(&out);
	when_fault_print(&faults[_i].fault, slice_of(faults[_i].text), &out);
	ck_assert_str_eq(out.p, faults[_i].want);
}
END_TEST

/* Every code makes a sentence: a capital, one full stop at its end. */
START_TEST(all_codes)
{
	for (unsigned e = 1; e < WHEN_ERR_COUNT; e++) {
		struct when_fault f = { .err = (enum when_err)e };

		strbuf_clear(&out);
		when_fault_print(&f, SLICE_LIT(""), &out);
		ck_assert_msg(out.n > 10 && out.p[out.n - 1] == '.' && out.p[out.n - 2] != '.'
				      && !(out.p[0] >= 'a' && out.p[0] <= 'z'),
			      "%s", out.p);
		ck_assert_str_ne(when_err_name(f.err), "unknown");
	}
}
END_TEST

Suite *suite_spec_warn(void)
{
	Suite *s = suite_create("spec_warn");
	TCase *tc = tcase_create("spec_warn");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, warnings, 0, COUNT(cases));
	tcase_add_test(tc, gap_is_met);
	tcase_add_test(tc, window_and_calendar);
	tcase_add_test(tc, nothing_is_looked_for_a_few_times);
	tcase_add_test(tc, fault_of_a_field);
	tcase_add_loop_test(tc, fault_sentences, 0, COUNT(faults));
	tcase_add_test(tc, all_codes);
	suite_add_tcase(s, tc);
	return s;
}
