/* nl_parse: the runs that a phrase means, seen on the clock; assumptions, warnings, faults; bytes
 * that are no phrase. The wording of answers is in t_nl_phrases.c. */
#include "when/nl.h"
#include "when/stamp.h"

#include <check.h>
#include <stdio.h>

#define NOW "2026-03-02T10:30:00Z" /* a Monday */

static struct tz_db *zones;
static struct arena *arena;

static void all_open(void)
{
	zones = tz_db_new(NULL);
	arena = arena_new();
}

static void all_close(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

static enum when_err parse(struct slice text, struct nl_answer *out, struct when_fault *out_fault)
{
	struct nl_ask ask = { .zones = zones, .zone = tz_utc(), .arena = arena };

	ck_assert(!stamp_parse(SLICE_LIT(NOW), &ask.now));
	return nl_parse(&ask, text, out, out_fault);
}

static struct nl_answer good(const char *text)
{
	struct nl_answer a = { .confidence = 0 };
	enum when_err e = parse(slice_of(text), &a, NULL);

	ck_assert_msg(e == WHEN_OK, "%s: %s", text, when_err_name(e));
	return a;
}

/* The runs after NOW, on the wall clock of the answer's zone: month, day, hour and minute. */
static const struct {
	const char *text, *runs;
} meanings[] = {
	{ "every 15 minutes between 16:30 and 5pm", "03-02T16:30 03-02T16:45 03-03T16:30" },
	{ "every 15 minutes between 9 and 5", "03-02T10:45 03-02T11:00" },
	{ "every hour between 9 and 5 on mondays",
	  "03-02T11:00 03-02T12:00 03-02T13:00 03-02T14:00 03-02T15:00 03-02T16:00 "
	  "03-02T17:00 03-09T09:00" },
	{ "9:15 and 17:45", "03-02T17:45 03-03T09:15 03-03T17:45 03-04T09:15" },
	{ "every other monday at 9am", "03-09T09:00 03-23T09:00 04-06T09:00" },
	{ "every 3rd friday at 9am", "03-20T09:00 04-17T09:00" },
	{ "friday the 13th at noon", "03-13T12:00 11-13T12:00" },
	{ "last day of the month at noon", "03-31T12:00 04-30T12:00" },
	{ "third business day of the month at noon", "03-04T12:00 04-03T12:00 05-05T12:00" },
	{ "every 45 minutes between 22:00 and 01:00",
	  "03-02T22:00 03-02T22:45 03-02T23:30 03-03T00:15 03-03T22:00" },
	{ "every 2 days at 9am", "03-03T09:00 03-05T09:00" },
	{ "every 3 months starting march 15 at 9am", "03-15T09:00 06-15T09:00 09-15T09:00" },
	{ "every 2 weeks starting 2026-02-20 at 9am", "03-06T09:00 03-20T09:00" },
	{ "second to last friday of the month at noon", "03-20T12:00 04-17T12:00 05-22T12:00" },
	{ "every night at 12", "03-03T00:00 03-04T00:00" },
	{ "tonight at midnight", "03-03T00:00" },
	{ "tonight at 11:30", "03-02T23:30" },
	{ "every 10 minutes starting at 11:05", "03-02T11:05 03-02T11:15" },
	{ "every 30 minutes for 1 hour", "03-02T11:00 03-02T11:30" },
};

static void print_runs(const struct spec *s, usec_t from, char *out, size_t room)
{
	char stamp[STAMP_MAX];
	usec_t at = from;

	out[0] = '\0';
	for (int i = 0; i < 8; i++) {
		at = spec_next(s, at, NULL);
		if (at == USEC_NEVER)
			return;
		(void)stamp_print_local(at, s->tz, stamp);
		(void)snprintf(out + strlen(out), room - strlen(out), "%s%.11s", i ? " " : "",
			       stamp + 5);
	}
}

START_TEST(runs)
{
	struct nl_answer a = good(meanings[_i].text);
	char got[256];
	usec_t now = 0;

	ck_assert(!stamp_parse(SLICE_LIT(NOW), &now));
	print_runs(&a.first.spec, now, got, sizeof got);
	ck_assert_msg(strncmp(got, meanings[_i].runs, strlen(meanings[_i].runs)) == 0, "%s: %s",
		      meanings[_i].text, got);
}
END_TEST

/* What was guessed is said, and what is doubtful is warned of. */
/* What was taken, in words; the first assumption. */
static const struct {
	const char *text, *words;
} taken[] = {
	{ "weekly at 9am", "No day was named: Sunday was taken." },
	{ "every january at noon", "No day was named: the 1st was taken." },
	{ "yearly at noon", "No day was named: the 1st of January was taken." },
	{ "every second tuesday at noon",
	  "\"Every second\" was read as the second one of each month." },
	{ "last monday at noon", "\"Last\" was read as the last one of each month." },
	{ "every week starting friday at 9am",
	  "What was not named is taken from the start: the first run is "
	  "2026-03-06T09:00:00+00:00." },
	{ "every hour for 2 days", "The time named ends 2026-03-04T10:30:00+00:00." },
	{ "2026-03-08 at 2:30am new york time",
	  "The clock skips that time on that day: 2026-03-08T03:30:00-04:00 was taken." },
	{ "2026-11-01 at 1:30am in america/new_york",
	  "That time comes twice on that day: the first, 2026-11-01T01:30:00-04:00, was taken." },
};

START_TEST(says_what_was_taken)
{
	struct nl_answer a = good(taken[_i].text);

	ck_assert_uint_ge(a.assumptions_n, 1);
	ck_assert_msg(slice_is(a.assumptions[0], taken[_i].words), "%s: %.*s", taken[_i].text,
		      SLICE_ARG(a.assumptions[0]));
}
END_TEST

START_TEST(assumptions)
{
	struct nl_answer a = good("every weekday at 9am Pacific");

	ck_assert_int_eq(a.confidence, 95);
	ck_assert_uint_eq(a.assumptions_n, 1);
	ck_assert(slice_is(a.assumptions[0],
			   "\"pacific\" was read as the time zone America/Los_Angeles."));
	ck_assert_uint_eq(a.warnings_n, 0);
	a = good("every 2 days at 9am");
	ck_assert(
		slice_is(a.assumptions[0],
			 "The interval is counted from the first run, 2026-03-03T09:00:00+00:00."));
	a = good("biweekly");
	ck_assert_int_lt(a.confidence, 70);
	ck_assert_uint_eq(a.warnings_n, 1);
	ck_assert_uint_eq(a.others_n, 1);
	a = good("every day at 9:00");
	ck_assert_uint_eq(a.assumptions_n, 0);
	ck_assert_int_eq(a.confidence, 97);
}
END_TEST

static const struct {
	const char *text;
	enum when_err err;
	unsigned at, len;
} faults[] = {
	{ "", WHEN_NL_EMPTY, 0, 0 },
	{ " \t ", WHEN_NL_EMPTY, 0, 0 },
	{ "every \xff", WHEN_NL_UNRECOGNIZED, 6, 1 },
	{ "every \x01 day", WHEN_NL_UNRECOGNIZED, 6, 1 },
	{ "every d\xc3", WHEN_NL_UNRECOGNIZED, 7, 1 },
	{ "\xed\xa0\x80", WHEN_NL_UNRECOGNIZED, 0, 1 },
	{ "every \xe2\x80\x9c"
	  "day\xe2\x80\x9d at 25:00",
	  WHEN_NL_OUT_OF_RANGE, 19, 5 },
	{ "every day at \xe6\x97\xa5", WHEN_NL_UNRECOGNIZED, 13, 3 },
	{ "every day in atlantis", WHEN_NL_TIMEZONE, 13, 8 },
	{ "0 25 * * *", WHEN_NL_OUT_OF_RANGE, 2, 2 },
};

START_TEST(refused)
{
	struct nl_answer a = { .confidence = 4711 };
	struct when_fault f = { .field = NULL };
	enum when_err e = parse(slice_of(faults[_i].text), &a, &f);

	ck_assert_msg(e == faults[_i].err && f.err == e, "%d: %s", _i, when_err_name(e));
	ck_assert_msg(f.at == faults[_i].at && f.len == faults[_i].len, "%d: at %u len %u", _i,
		      f.at, f.len);
	ck_assert_str_eq(f.field, "text");
	ck_assert_int_eq(a.confidence, 4711);
	ck_assert_int_eq(parse(slice_of(faults[_i].text), &a, NULL), e);
}
END_TEST

START_TEST(length)
{
	char text[NL_TEXT_MAX + 2];
	struct nl_answer a;
	struct when_fault f;

	memset(text, ' ', sizeof text);
	memcpy(text, "every day at noon", 17);
	ck_assert_int_eq(parse((struct slice){ text, NL_TEXT_MAX }, &a, &f), WHEN_OK);
	ck_assert_int_eq(parse((struct slice){ text, NL_TEXT_MAX + 1 }, &a, &f), WHEN_NL_TOO_LONG);
	memset(text, ',', sizeof text);
	ck_assert_int_eq(parse((struct slice){ text, NL_TEXT_MAX }, &a, &f), WHEN_NL_UNRECOGNIZED);
}
END_TEST

/* The order of clauses is free. */
START_TEST(order)
{
	static const char *const same[] = {
		"every weekday at 9am Pacific",
		"at 9am Pacific every weekday",
		"Pacific time, weekdays at 9am",
		"at 9am on weekdays pacific time",
		"every day at 9am, monday through friday, in pacific time",
	};
	struct nl_answer a = good(same[_i]);

	ck_assert_msg(slice_is(a.first.text, "0 9 * * 1-5"), "%s: %.*s", same[_i],
		      SLICE_ARG(a.first.text));
	ck_assert_str_eq(tz_name(a.first.spec.tz), "America/Los_Angeles");
}
END_TEST

Suite *suite_nl(void)
{
	Suite *s = suite_create("nl");
	TCase *tc = tcase_create("nl");

	tcase_add_unchecked_fixture(tc, all_open, all_close);
	tcase_add_loop_test(tc, runs, 0, sizeof meanings / sizeof meanings[0]);
	tcase_add_test(tc, assumptions);
	tcase_add_loop_test(tc, says_what_was_taken, 0, sizeof taken / sizeof taken[0]);
	tcase_add_loop_test(tc, refused, 0, sizeof faults / sizeof faults[0]);
	tcase_add_test(tc, length);
	tcase_add_loop_test(tc, order, 0, 5);
	suite_add_tcase(s, tc);
	return s;
}
