/* The calendar: known dates, then every single day of the years 0 to 9999 both ways. */
#include "when/civil.h"

#include <check.h>

struct row {
	int line;
	int32_t days;
	struct civil civil;
	unsigned weekday;
};

#define R(days, y, m, d, weekday)                    \
	{                                            \
		__LINE__, days, { y, m, d }, weekday \
	}
static const struct row rows[] = {
	R(0, 1970, 1, 1, 4),      R(-1, 1969, 12, 31, 3),      R(11016, 2000, 2, 29, 2),
	R(11017, 2000, 3, 1, 3),  R(-719468, 0, 3, 1, 3),      R(-719528, 0, 1, 1, 6),
	R(-719162, 1, 1, 1, 1),   R(2932896, 9999, 12, 31, 5), R(84006, 2200, 1, 1, 3),
	R(47540, 2100, 2, 28, 0), R(47541, 2100, 3, 1, 1),     R(20156, 2025, 3, 9, 0),
	R(-25567, 1900, 1, 1, 1), R(19782, 2024, 2, 29, 4),
};

START_TEST(known_dates)
{
	const struct row *r = &rows[_i];
	struct civil c = civil_from_days(r->days);

	ck_assert_msg(civil_to_days(r->civil) == r->days, "line %d: to_days %d", r->line,
		      (int)civil_to_days(r->civil));
	ck_assert_msg(c.year == r->civil.year && c.month == r->civil.month && c.day == r->civil.day,
		      "line %d: from_days %d-%u-%u", r->line, c.year, c.month, c.day);
	ck_assert_msg(civil_weekday(r->days) == r->weekday, "line %d: weekday %u", r->line,
		      civil_weekday(r->days));
}
END_TEST

static void check_day(struct civil want, int32_t days, unsigned weekday)
{
	struct civil c = civil_from_days(days);

	if (c.year != want.year || c.month != want.month || c.day != want.day
	    || civil_to_days(want) != days || civil_weekday(days) != weekday)
		ck_abort_msg("%d-%u-%u", want.year, want.month, want.day);
}

/* Counting by hand: the one definition of the calendar that needs no formula. */
START_TEST(every_day)
{
	struct civil c = { 0, 1, 1 };
	int32_t days = -719528;
	unsigned weekday = 6;

	for (; c.year <= 9999; days++) {
		check_day(c, days, weekday);
		weekday = (weekday + 1) % 7;
		if (++c.day <= civil_month_days(c.year, c.month))
			continue;
		c.day = 1;
		if (++c.month <= 12)
			continue;
		c.month = 1;
		c.year++;
	}
}
END_TEST

START_TEST(month_lengths)
{
	static const unsigned want[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	for (unsigned m = 1; m <= 12; m++)
		ck_assert_uint_eq(civil_month_days(2025, m), want[m - 1]);
	ck_assert_uint_eq(civil_month_days(2024, 2), 29);
	ck_assert_uint_eq(civil_month_days(1900, 2), 28);
	ck_assert_uint_eq(civil_month_days(2000, 2), 29);
}
END_TEST

START_TEST(validity)
{
	ck_assert(civil_is_valid((struct civil){ 2024, 2, 29 }));
	ck_assert(!civil_is_valid((struct civil){ 2025, 2, 29 }));
	ck_assert(!civil_is_valid((struct civil){ 2025, 0, 1 }));
	ck_assert(!civil_is_valid((struct civil){ 2025, 13, 1 }));
	ck_assert(!civil_is_valid((struct civil){ 2025, 1, 0 }));
	ck_assert(!civil_is_valid((struct civil){ 2025, 4, 31 }));
}
END_TEST

Suite *suite_civil(void)
{
	Suite *s = suite_create("civil");
	TCase *tc = tcase_create("civil");

	tcase_add_loop_test(tc, known_dates, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tc, every_day);
	tcase_add_test(tc, month_lengths);
	tcase_add_test(tc, validity);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}
