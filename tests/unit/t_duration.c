/* Durations in both forms. */
#include "when/duration.h"

#include <check.h>

#define OK(text, want)                        \
	{                                     \
		__LINE__, text, WHEN_OK, want \
	}
#define NO(text, err)                                  \
	{                                              \
		__LINE__, text, WHEN_DURATION_##err, 0 \
	}
static const struct row {
	int line;
	const char *text;
	enum when_err err;
	usec_t want;
} rows[] = {
	OK("PT0S", 0),
	OK("PT1S", SEC),
	OK("PT90M", 90 * MIN),
	OK("PT1H30M", 90 * MIN),
	OK("P1D", DAY),
	OK("P1DT12H", 36 * HOUR),
	OK("P2W", 14 * DAY),
	OK("P1.5W", 10 * DAY + 12 * HOUR),
	OK("P0.5D", 12 * HOUR),
	OK("PT0.25S", 250000),
	OK("PT0,25S", 250000),
	OK("PT1.5H", 90 * MIN),
	OK("PT1H0.5M", HOUR + 30 * SEC),
	OK("PT0.0000019S", 1),
	OK("PT0.0000000000009S", 0),
	OK("P3653D", DURATION_CEILING),
	OK("PT000001S", SEC),
	OK("15s", 15 * SEC),
	OK("90m", 90 * MIN),
	OK("1h30m", 90 * MIN),
	OK("2d", 2 * DAY),
	OK("1w2d3h4m5s6ms", 9 * DAY + 3 * HOUR + 4 * MIN + 5 * SEC + 6 * MSEC),
	OK("250ms", 250 * MSEC),
	OK("1.5h", 90 * MIN),
	OK("0s", 0),
	OK("1h0.5m", HOUR + 30 * SEC),
	NO("", SYNTAX),
	NO("P", SYNTAX),
	NO("PT", SYNTAX),
	NO("P1DT", SYNTAX),
	NO("1DT", SYNTAX),
	NO("P1", SYNTAX),
	NO("P1H", SYNTAX),
	NO("PT1D", SYNTAX),
	NO("P1WT1H", SYNTAX),
	NO("P1W1D", SYNTAX),
	NO("PT1M1H", SYNTAX),
	NO("PT1H1H", SYNTAX),
	NO("PT1.5H1M", SYNTAX),
	NO("P1.5DT1H", SYNTAX),
	NO("PT.5S", SYNTAX),
	NO("PT5.S", SYNTAX),
	NO("-PT5S", SYNTAX),
	NO("PT-5S", SYNTAX),
	NO("+5s", SYNTAX),
	NO("pt5s", SYNTAX),
	NO("PTT5S", SYNTAX),
	NO(" 5s", SYNTAX),
	NO("5 s", SYNTAX),
	NO("5", SYNTAX),
	NO("s", SYNTAX),
	NO("5x", SYNTAX),
	NO("5S", SYNTAX),
	NO("5mm", SYNTAX),
	NO("5min", SYNTAX),
	NO("1m1h", SYNTAX),
	NO("1s1s", SYNTAX),
	NO("1.5h30m", SYNTAX),
	NO("1,5h", SYNTAX),
	NO("P1Y", CALENDAR),
	NO("P1M", CALENDAR),
	NO("P1Y2M3D", CALENDAR),
	NO("P1YT1H", CALENDAR),
	NO("P3653DT0.000001S", RANGE),
	NO("P3654D", RANGE),
	NO("P522W", RANGE),
	NO("99999999999999999999s", RANGE),
	NO("3653d1s", RANGE),
	NO("PT999999999999H", RANGE),
};

START_TEST(reading)
{
	const struct row *r = &rows[_i];
	usec_t got = -7;
	enum when_err e = duration_parse(slice_of(r->text), &got);

	ck_assert_msg(e == r->err, "line %d: %s", r->line, when_err_name(e));
	ck_assert_msg(got == (e ? -7 : r->want), "line %d: %lld", r->line, (long long)got);
}
END_TEST

#define P(d, iso, brief)                \
	{                               \
		__LINE__, d, iso, brief \
	}
static const struct print_row {
	int line;
	usec_t d;
	const char *iso, *brief;
} prints[] = {
	P(0, "PT0S", "0s"),
	P(1, "PT0.000001S", "0.000001s"),
	P(90 * MIN, "PT1H30M", "1h30m"),
	P(DAY, "P1D", "1d"),
	P(DAY + SEC / 2, "P1DT0.5S", "1d0.5s"),
	P(7 * DAY, "P7D", "7d"),
	P(26 * HOUR + 3 * SEC, "P1DT2H3S", "1d2h3s"),
	P(DURATION_CEILING, "P3653D", "3653d"),
	P(-5, "PT0S", "0s"),
	P(USEC_NEVER, "P3653D", "3653d"),
	P(DURATION_CEILING - 1, "P3652DT23H59M59.999999S", "3652d23h59m59.999999s"),
};

START_TEST(printing)
{
	const struct print_row *r = &prints[_i];
	char out[DURATION_MAX];
	size_t n = duration_print(r->d, out);

	ck_assert_msg(strcmp(out, r->iso) == 0 && n == strlen(out), "line %d: %s", r->line, out);
	n = duration_print_short(r->d, out);
	ck_assert_msg(strcmp(out, r->brief) == 0 && n == strlen(out), "line %d: %s", r->line, out);
}
END_TEST

START_TEST(print_then_read)
{
	char out[DURATION_MAX];
	usec_t back;

	for (usec_t d = 0; d < DURATION_CEILING; d = d + d / 97 + 1) {
		(void)duration_print(d, out);
		ck_assert_msg(!duration_parse(slice_of(out), &back) && back == d, "%s", out);
		(void)duration_print_short(d, out);
		ck_assert_msg(!duration_parse(slice_of(out), &back) && back == d, "%s", out);
	}
}
END_TEST

Suite *suite_duration(void)
{
	Suite *s = suite_create("duration");
	TCase *tc = tcase_create("duration");

	tcase_add_loop_test(tc, reading, 0, sizeof rows / sizeof rows[0]);
	tcase_add_loop_test(tc, printing, 0, sizeof prints / sizeof prints[0]);
	tcase_add_test(tc, print_then_read);
	suite_add_tcase(s, tc);
	return s;
}
