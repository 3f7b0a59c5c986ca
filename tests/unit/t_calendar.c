/* Business calendars: day by day against ten years of tables (tests/data/make/holidays.mjs), Easter
 * against Python's dateutil, the rules one by one, and what is refused. */
#include "when/calendar.h"

#include <check.h>
#include <stdio.h>

#define SAT_SUN 0x41u
#define H(...)              \
	(struct holiday)    \
	{                   \
		__VA_ARGS__ \
	}
#define FIXED(m, d, how) H(.kind = HOLIDAY_FIXED, .month = m, .day = d, .observed = how)
#define DATE(y, m, d) H(.kind = HOLIDAY_DATE, .year = y, .month = m, .day = d)
#define NTH(m, w, n) H(.kind = HOLIDAY_NTH, .month = m, .weekday = w, .nth = n)
#define EASTER(n) H(.kind = HOLIDAY_EASTER, .easter = n)
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

enum { SUN, MON, TUE, WED, THU, FRI, SAT };

static struct calendar calendar;

static int32_t day(int year, unsigned month, unsigned d)
{
	return civil_to_days((struct civil){ year, month, d });
}

static void build(unsigned weekend, const struct holiday *h, unsigned n)
{
	int index = 4711;
	const char *wrong = calendar_build(weekend, h, n, &calendar, &index);

	ck_assert_msg(!wrong, "%s", wrong);
	ck_assert_int_eq(index, -1);
}

static bool is_open(int year, unsigned month, unsigned d)
{
	return calendar_is_open(&calendar, day(year, month, d));
}

/* ---- ten years ---- */

static void compare(const char *path, unsigned least)
{
	static bool shut[366 * 10];
	int32_t first = day(2021, 1, 1), last = day(2030, 12, 31);
	FILE *f = fopen(path, "r");
	char line[256];
	unsigned n = 0;

	ck_assert_msg(f != NULL, "run from the root of the tree");
	ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
	memset(shut, 0, sizeof shut);
	while (fgets(line, sizeof line, f)) {
		struct civil c;

		ck_assert_int_eq(sscanf(line, "%d-%u-%u", &c.year, &c.month, &c.day), 3);
		shut[civil_to_days(c) - first] = true;
		n++;
	}
	(void)fclose(f);
	ck_assert_uint_ge(n, least);
	for (int32_t d = first; d <= last; d++) {
		struct civil c = civil_from_days(d);
		bool want = civil_weekday(d) % 6 != 0 && !shut[d - first];

		ck_assert_msg(calendar_is_open(&calendar, d) == want, "%s: %d-%02u-%02u", path,
			      c.year, c.month, c.day);
	}
}

START_TEST(united_states)
{
	struct holiday days[] = {
		FIXED(1, 1, OBSERVED_NEAREST),
		NTH(1, MON, 3),
		NTH(2, MON, 3),
		NTH(5, MON, -1),
		FIXED(6, 19, OBSERVED_NEAREST),
		FIXED(7, 4, OBSERVED_NEAREST),
		NTH(9, MON, 1),
		NTH(10, MON, 2),
		FIXED(11, 11, OBSERVED_NEAREST),
		NTH(11, THU, 4),
		FIXED(12, 25, OBSERVED_NEAREST),
	};

	days[4].since = 2021;
	build(SAT_SUN, days, COUNT(days));
	compare("tests/data/holidays_us.tsv", 110);
	ck_assert(is_open(2020, 6, 19));
	ck_assert(!is_open(2010, 12, 31)); /* New Year 2011, a Saturday, observed the year before */
}
END_TEST

START_TEST(england)
{
	struct holiday days[] = {
		FIXED(1, 1, OBSERVED_NEXT),
		EASTER(-2),
		EASTER(1),
		NTH(5, MON, 1),
		H(.kind = HOLIDAY_NTH, .month = 5, .weekday = MON, .nth = -1, .until = 2021),
		H(.kind = HOLIDAY_NTH, .month = 5, .weekday = MON, .nth = -1, .since = 2023),
		DATE(2022, 6, 2), /* the spring day moved, and the jubilee */
		DATE(2022, 6, 3),
		DATE(2022, 9, 19),
		DATE(2023, 5, 8),
		NTH(8, MON, -1),
		FIXED(12, 25, OBSERVED_NEXT),
		FIXED(12, 26, OBSERVED_NEXT),
	};

	build(SAT_SUN, days, COUNT(days));
	compare("tests/data/holidays_england.tsv", 80);
}
END_TEST

START_TEST(target)
{
	struct holiday days[] = {
		FIXED(1, 1, OBSERVED_NONE),
		EASTER(-2),
		EASTER(1),
		FIXED(5, 1, OBSERVED_NONE),
		FIXED(12, 25, OBSERVED_NONE),
		FIXED(12, 26, OBSERVED_NONE),
	};

	build(SAT_SUN, days, COUNT(days));
	compare("tests/data/holidays_target.tsv", 45);
}
END_TEST

/* ---- Easter ---- */

START_TEST(easter)
{
	static const struct civil known[] = {
		{ 1583, 4, 10 }, { 1818, 3, 22 }, { 1886, 4, 25 }, { 1943, 4, 25 }, { 1954, 4, 18 },
		{ 1961, 4, 2 },  { 1981, 4, 19 }, { 2000, 4, 23 }, { 2008, 3, 23 }, { 2011, 4, 24 },
		{ 2019, 4, 21 }, { 2024, 3, 31 }, { 2025, 4, 20 }, { 2026, 4, 5 },  { 2038, 4, 25 },
		{ 2049, 4, 18 }, { 2076, 4, 19 }, { 2100, 3, 28 }, { 2199, 4, 14 }, { 2285, 3, 22 },
	};
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < COUNT(known); i++) {
		struct civil c = calendar_easter(known[i].year);

		ck_assert_msg(c.month == known[i].month && c.day == known[i].day, "%d", c.year);
	}
	/* FNV-1a 64 of "mdd\n" of 1583 to 4099, by python3-dateutil 2.9.0. */
	for (int year = 1583; year < 4100; year++) {
		struct civil c = calendar_easter(year);
		char text[16];
		int n = snprintf(text, sizeof text, "%u\n", c.month * 100 + c.day);

		ck_assert_uint_eq(civil_weekday(civil_to_days(c)), SUN);
		for (int i = 0; i < n; i++)
			hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
	}
	ck_assert_uint_eq(hash, 0x20ac079942f59783u);
}
END_TEST

/* ---- rules ---- */

START_TEST(kinds)
{
	const struct holiday days[] = {
		FIXED(2, 29, OBSERVED_NONE),
		NTH(1, FRI, 5),
		NTH(3, WED, -5),
		NTH(6, TUE, -1),
		EASTER(49),
		EASTER(-100),
		EASTER(100),
		DATE(2030, 2, 28),
	};

	build(0, days, COUNT(days));
	ck_assert(!is_open(2028, 2, 29) && is_open(2027, 3, 1) && is_open(2027, 2, 28));
	ck_assert(!is_open(2027, 1, 29));                                 /* the fifth Friday */
	ck_assert(is_open(2026, 1, 30) == false);                         /* 2, 9, 16, 23, 30 */
	ck_assert(is_open(2025, 1, 31) == false && is_open(2028, 1, 28)); /* 2028: four of them */
	ck_assert(!is_open(2027, 3, 3) && is_open(2028, 3, 1) == false);  /* five Wednesdays */
	ck_assert(is_open(2026, 3, 4));                                   /* four */
	ck_assert(!is_open(2027, 6, 29) && is_open(2027, 6, 22));
	ck_assert(!is_open(2027, 5, 16)); /* Easter 2027-03-28 */
	ck_assert(!is_open(2026, 12, 18) && !is_open(2027, 7, 6));
	ck_assert(!is_open(2030, 2, 28) && is_open(2031, 2, 28));
}
END_TEST

START_TEST(years)
{
	struct holiday days[] = { FIXED(3, 3, OBSERVED_NONE), FIXED(4, 4, OBSERVED_NONE),
				  FIXED(5, 5, OBSERVED_NONE) };

	days[0].since = 2025;
	days[1].until = 2025;
	days[2].since = days[2].until = 2025;
	build(0, days, COUNT(days));
	ck_assert(is_open(2024, 3, 3) && !is_open(2025, 3, 3) && !is_open(2199, 3, 3));
	ck_assert(!is_open(1970, 4, 4) && !is_open(2025, 4, 4) && is_open(2026, 4, 4));
	ck_assert(is_open(2024, 5, 5) && !is_open(2025, 5, 5) && is_open(2026, 5, 5));
}
END_TEST

/* since and until are of the year that the rule names, not of the day it moves to. */
START_TEST(observed_over_a_years_end)
{
	struct holiday days[] = { FIXED(1, 1, OBSERVED_NEAREST) };

	days[0].since = 2022; /* a Saturday */
	build(SAT_SUN, days, 1);
	ck_assert(!is_open(2021, 12, 31) && is_open(2021, 1, 1));
	days[0] = FIXED(12, 31, OBSERVED_NEXT);
	days[0].until = 2022; /* a Saturday too */
	build(SAT_SUN, days, 1);
	ck_assert(!is_open(2023, 1, 2) && is_open(2023, 1, 3));
}
END_TEST

START_TEST(observed_with_other_weekends)
{
	const struct holiday nearest[] = { FIXED(6, 19, OBSERVED_NEAREST) };
	const struct holiday next[] = { FIXED(6, 19, OBSERVED_NEXT) };

	build(1u << FRI | 1u << SAT, nearest, 1);
	ck_assert(!is_open(2027, 6, 20) && is_open(2027, 6, 17)); /* Saturday the 19th */
	ck_assert(!is_open(2026, 6, 18) && is_open(2026, 6, 21)); /* Friday the 19th */
	build(1u << SUN, nearest, 1);
	ck_assert(!is_open(2022, 6, 20) && is_open(2022, 6, 18)); /* Sunday the 19th: on */
	ck_assert(!is_open(2027, 6, 19) && is_open(2027, 6, 18)); /* Saturday is no weekend */
	build(1u << SAT, nearest, 1);
	ck_assert(!is_open(2027, 6, 18) && is_open(2027, 6, 20)); /* Saturday the 19th: back */
	build(0x7e, next, 1);
	ck_assert(!is_open(2027, 6, 20) && !is_open(2027, 6, 26) && is_open(2027, 6, 27));
	build(0, next, 1);
	ck_assert(!is_open(2027, 6, 19) && is_open(2027, 6, 20));
}
END_TEST

/* Who takes the first free day does not matter; a day that another holiday has is not free. */
START_TEST(observed_days_do_not_meet)
{
	struct holiday days[] = { FIXED(12, 26, OBSERVED_NEXT), FIXED(12, 25, OBSERVED_NEXT),
				  DATE(2027, 12, 28) };

	for (int turn = 0; turn < 2; turn++) {
		build(SAT_SUN, days, COUNT(days)); /* 2027: Sunday, Saturday, and a Tuesday */
		ck_assert(!is_open(2027, 12, 27) && !is_open(2027, 12, 28)
			  && !is_open(2027, 12, 29));
		ck_assert(is_open(2027, 12, 30));
		struct holiday first = days[0];

		days[0] = days[1];
		days[1] = first;
	}
}
END_TEST

/* ---- looking for open days ---- */

static int32_t adjusted(enum calendar_adjust how, int32_t d)
{
	return calendar_adjust(&calendar, how, d);
}

START_TEST(adjusting)
{
	const struct holiday days[] = { DATE(2027, 1, 1) };
	int32_t friday = day(2027, 1, 1), thursday = friday - 1, monday = friday + 3;

	build(SAT_SUN, days, 1);
	for (enum calendar_adjust how = ADJUST_NONE; how <= ADJUST_NEAREST; how++)
		ck_assert_int_eq(adjusted(how, thursday), thursday);
	ck_assert_int_eq(adjusted(ADJUST_NONE, friday), friday);
	ck_assert_int_eq(adjusted(ADJUST_SKIP, friday), CALENDAR_NO_DAY);
	ck_assert_int_eq(adjusted(ADJUST_NEXT, friday), monday);
	ck_assert_int_eq(adjusted(ADJUST_PREVIOUS, friday + 2), thursday);
	ck_assert_int_eq(adjusted(ADJUST_NEAREST, friday), thursday);
	ck_assert_int_eq(adjusted(ADJUST_NEAREST, friday + 1), thursday); /* 2 either way */
	ck_assert_int_eq(adjusted(ADJUST_NEAREST, friday + 2), monday);
	build(1u << SUN, days, 0);
	ck_assert_int_eq(adjusted(ADJUST_NEAREST, friday + 2), friday + 1); /* 1 either way */
}
END_TEST

START_TEST(open_days_by_steps)
{
	const struct holiday days[] = { FIXED(1, 1, OBSERVED_NONE), FIXED(12, 31, OBSERVED_NONE) };
	int32_t next = CALENDAR_DAYS, previous = -1;

	build(0x5b, days, 2); /* Wednesday and Friday are open */
	ck_assert(!calendar_is_open(&calendar, 0)
		  && !calendar_is_open(&calendar, CALENDAR_DAYS - 1));
	for (int32_t d = CALENDAR_DAYS - 1; d >= 0; d--) {
		next = calendar_is_open(&calendar, d) ? d : next;
		ck_assert_int_eq(calendar_next_open(&calendar, d), next);
	}
	for (int32_t d = 0; d < CALENDAR_DAYS; d++) {
		previous = calendar_is_open(&calendar, d) ? d : previous;
		ck_assert_int_eq(calendar_previous_open(&calendar, d), previous);
	}
	ck_assert_int_eq(calendar_previous_open(&calendar, 0), -1);
	ck_assert_int_eq(calendar_next_open(&calendar, CALENDAR_DAYS - 1), CALENDAR_DAYS);
	ck_assert(calendar_is_open(&calendar, -1) && calendar_is_open(&calendar, CALENDAR_DAYS));
	ck_assert_int_eq(calendar_next_open(&calendar, INT32_MIN), INT32_MIN);
	ck_assert_int_eq(calendar_previous_open(&calendar, INT32_MAX), INT32_MAX);
}
END_TEST

/* ---- what is refused ---- */

static const struct {
	struct holiday holiday;
	const char *says; /* NULL: fine */
} checked[] = {
	{ FIXED(2, 29, OBSERVED_NEXT), NULL },
	{ FIXED(2, 30, OBSERVED_NONE), "no such day" },
	{ FIXED(0, 1, OBSERVED_NONE), "no such day" },
	{ FIXED(13, 1, OBSERVED_NONE), "no such day" },
	{ FIXED(1, 0, OBSERVED_NONE), "no such day" },
	{ FIXED(1, -1, OBSERVED_NONE), "no such day" },
	{ FIXED(1, 1, (enum holiday_observed)3), "observance" },
	{ DATE(2028, 2, 29), NULL },
	{ DATE(2027, 2, 29), "no such date" },
	{ DATE(1969, 12, 31), "1970" },
	{ DATE(2200, 1, 1), "2199" },
	{ NTH(12, SAT, -5), NULL },
	{ NTH(12, SAT, 0), "Which one" },
	{ NTH(12, SAT, 6), "Which one" },
	{ NTH(12, SAT, -6), "Which one" },
	{ NTH(12, 7, 1), "day of the week" },
	{ NTH(12, -1, 1), "day of the week" },
	{ NTH(0, MON, 1), "month" },
	{ EASTER(100), NULL },
	{ EASTER(101), "Easter" },
	{ EASTER(-101), "Easter" },
	{ H(.kind = (enum holiday_kind)9), "kind" },
	{ H(.kind = HOLIDAY_EASTER, .since = 2027, .until = 2026), "before" },
	{ H(.kind = HOLIDAY_EASTER, .since = 2027, .until = 2027), NULL },
	{ H(.kind = HOLIDAY_EASTER, .since = -1), "year" },
	{ H(.kind = HOLIDAY_EASTER, .until = 10000), "year" },
};

START_TEST(holidays_are_checked)
{
	const struct holiday days[] = { EASTER(1), checked[_i].holiday, EASTER(101) };
	int index = 4711;
	const char *wrong = calendar_build(SAT_SUN, days, 2, &calendar, &index);

	if (!checked[_i].says) {
		ck_assert_msg(!wrong, "row %d: %s", _i, wrong);
		ck_assert_int_eq(index, -1);
		return;
	}
	ck_assert_msg(wrong && strstr(wrong, checked[_i].says), "row %d: %s", _i, wrong);
	ck_assert_int_eq(index, 1);
}
END_TEST

START_TEST(the_whole_is_checked)
{
	static struct holiday days[CALENDAR_HOLIDAYS_MAX + 1];
	int index = 4711;

	for (unsigned weekend = 0x7f; weekend <= 0x80; weekend++) {
		ck_assert_ptr_nonnull(calendar_build(weekend, NULL, 0, &calendar, &index));
		ck_assert_int_eq(index, -1);
	}
	for (int i = 0; i <= CALENDAR_HOLIDAYS_MAX; i++) {
		struct civil c = civil_from_days(day(2027, 1, 1) + i);

		days[i] = DATE(c.year, (int)c.month, (int)c.day);
	}
	ck_assert_ptr_nonnull(
		calendar_build(0, days, CALENDAR_HOLIDAYS_MAX + 1, &calendar, &index));
	ck_assert_int_eq(index, -1);
	ck_assert_ptr_null(calendar_build(0, days, CALENDAR_CLOSED_MAX, &calendar, &index));
	ck_assert_ptr_nonnull(calendar_build(0, days, CALENDAR_CLOSED_MAX + 1, &calendar, &index));
	ck_assert_int_eq(index, -1);
}
END_TEST

Suite *suite_calendar(void)
{
	Suite *s = suite_create("calendar");
	TCase *tc = tcase_create("calendar");

	tcase_add_test(tc, united_states);
	tcase_add_test(tc, england);
	tcase_add_test(tc, target);
	tcase_add_test(tc, easter);
	tcase_add_test(tc, kinds);
	tcase_add_test(tc, years);
	tcase_add_test(tc, observed_over_a_years_end);
	tcase_add_test(tc, observed_with_other_weekends);
	tcase_add_test(tc, observed_days_do_not_meet);
	tcase_add_test(tc, adjusting);
	tcase_add_test(tc, open_days_by_steps);
	tcase_add_loop_test(tc, holidays_are_checked, 0, COUNT(checked));
	tcase_add_test(tc, the_whole_is_checked);
	suite_add_tcase(s, tc);
	return s;
}
