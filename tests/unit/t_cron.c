/* The language of cron expressions: what each form compiles to, what is refused and where, what
 * is warned of, H. When an expression fires: t_cron_next.c. */
#include "when/civil.h"
#include "when/cron.h"

#include <check.h>
#include <stdio.h>

static struct cron_parsed parsed(const char *text)
{
	struct cron_parsed p;
	struct when_fault f = { .err = WHEN_OK };

	ck_assert_msg(cron_parse(slice_of(text), 0, &p, &f) == WHEN_OK, "%s: %s", text,
		      when_err_name(f.err));
	return p;
}

/* ---- one field at a time: the bits that are set, as a list ---- */

static void list_bits(uint64_t bits, char *out, size_t room)
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < 64; i++)
		if (bits >> i & 1)
			n += (size_t)snprintf(out + n, room - n, n ? " %u" : "%u", i);
}

#define MINUTE(text, want)                           \
	{                                            \
		__LINE__, text " * * * *", 'm', want \
	}
#define HOUR_(text, want)                               \
	{                                               \
		__LINE__, "0 " text " * * *", 'h', want \
	}
#define DOM(text, want)                                 \
	{                                               \
		__LINE__, "0 0 " text " * *", 'd', want \
	}
#define MONTH(text, want)                               \
	{                                               \
		__LINE__, "0 0 1 " text " *", 'M', want \
	}
#define DOW(text, want)                              \
	{                                            \
		__LINE__, "0 0 * * " text, 'w', want \
	}
static const struct bits_row {
	int line;
	const char *text;
	char field;
	const char *want;
} bits_rows[] = {
	MINUTE("0", "0"),
	MINUTE("59", "59"),
	MINUTE("05", "5"),
	MINUTE("1,2,3", "1 2 3"),
	MINUTE("3,1,3", "1 3"),
	MINUTE("10-15", "10 11 12 13 14 15"),
	MINUTE("10-15/2", "10 12 14"),
	MINUTE("10-10", "10"),
	MINUTE("*/20", "0 20 40"),
	MINUTE("*/7", "0 7 14 21 28 35 42 49 56"),
	MINUTE("*/60", "0"),
	MINUTE("5/15", "5 20 35 50"),
	MINUTE("50/60", "50"),
	MINUTE("58-2", "0 1 2 58 59"),
	MINUTE("55-5/5", "0 5 55"),
	MINUTE("57-5/3", "0 3 57"),
	MINUTE("*/30,7", "0 7 30"),
	HOUR_("22-2", "0 1 2 22 23"),
	HOUR_("22-2/2", "0 2 22"),
	HOUR_("23-0", "0 23"),
	HOUR_("*/24", "0"),
	HOUR_("0-23", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23"),
	DOM("1", "1"),
	DOM("31", "31"),
	DOM("28-3", "1 2 3 28 29 30 31"),
	DOM("28-3/2", "1 3 28 30"),
	DOM("*/10", "1 11 21 31"),
	DOM("*/31", "1"),
	DOM("15/10", "15 25"),
	MONTH("JAN", "1"),
	MONTH("dec", "12"),
	MONTH("JAN-MAR", "1 2 3"),
	MONTH("NOV-FEB", "1 2 11 12"),
	MONTH("NOV-FEB/2", "1 11"),
	MONTH("september", "9"),
	MONTH("January,MARCH,May", "1 3 5"),
	MONTH("*/3", "1 4 7 10"),
	MONTH("3/4", "3 7 11"),
	MONTH("Jan-december/6", "1 7"),
	DOW("0", "0"),
	DOW("7", "0"),
	DOW("0,7", "0"),
	DOW("SUN", "0"),
	DOW("sat", "6"),
	DOW("Wednesday", "3"),
	DOW("MON-FRI", "1 2 3 4 5"),
	DOW("monday-FRIDAY", "1 2 3 4 5"),
	DOW("FRI-MON", "0 1 5 6"),
	DOW("5-7", "0 5 6"),
	DOW("5-0", "0 5 6"),
	DOW("7-2", "0 1 2"),
	DOW("7-7", "0"),
	DOW("0-7", "0 1 2 3 4 5 6"),
	DOW("1-7", "0 1 2 3 4 5 6"),
	DOW("6-2/2", "1 6"), /* Sat, Mon: the step goes on through the wrap */
	DOW("1/3", "1 4"),
	DOW("7/2", "0 2 4 6"),
	DOW("*/7", "0"),
	DOW("mon,WED", "1 3"),
};

START_TEST(fields)
{
	const struct bits_row *r = &bits_rows[_i];
	struct cron c = parsed(r->text).cron;
	char got[256];

	list_bits(r->field == 'm'   ? c.min
		  : r->field == 'h' ? c.hour
		  : r->field == 'd' ? c.dom
		  : r->field == 'M' ? c.mon
				    : c.dow,
		  got, sizeof got);
	ck_assert_msg(strcmp(got, r->want) == 0, "line %d: %s", r->line, got);
}
END_TEST

START_TEST(five_six_seven_fields)
{
	struct cron five = parsed("1 2 3 4 5").cron, six = parsed("0 1 2 3 4 5").cron;
	struct cron seven = parsed("0 1 2 3 4 5 *").cron,
		    list = parsed("9 1 2 3 4 5 2025-2027,2199").cron;

	ck_assert_mem_eq(&five, &six, sizeof five);
	ck_assert_mem_eq(&five, &seven, sizeof five);
	ck_assert_uint_eq(five.sec, 1);
	ck_assert_uint_eq(list.sec, 1u << 9);
	ck_assert_uint_eq(list.year[0], 1ull << 55 | 1ull << 56 | 1ull << 57);
	ck_assert_uint_eq(list.year[3], 1ull << (2199 - 1970 - 192));
	ck_assert_uint_eq(seven.year[3], (1ull << (2200 - 1970 - 192)) - 1);
}
END_TEST

START_TEST(blanks_do_not_matter)
{
	struct cron a = parsed("1 2 3 4 5").cron, b = parsed("  1\t2   3 \t 4 5\t ").cron;

	ck_assert_mem_eq(&a, &b, sizeof a);
}
END_TEST

#define R(macro, same)                \
	{                             \
		__LINE__, macro, same \
	}
static const struct {
	int line;
	const char *macro, *same;
} macro_rows[] = {
	R("@yearly", "0 0 1 1 *"),
	R("@annually", "0 0 1 1 *"),
	R("@monthly", "0 0 1 * *"),
	R("@weekly", "0 0 * * 0"),
	R("@daily", "0 0 * * *"),
	R("@midnight", "0 0 * * *"),
	R("@hourly", "0 * * * *"),
	R("@DAILY", "0 0 * * *"),
	R("  @Daily ", "0 0 * * *"),
	R("0 0 ? * *", "0 0 * * *"),
	R("0 0 1 * ?", "0 0 1 * *"),
	R("0 0 * * FRIL", "0 0 * * 5L"),
	R("0 0 * * Fridayl", "0 0 * * 5#L"),
	R("0 0 * * 7#2", "0 0 * * SUN#2"),
};

START_TEST(same_as)
{
	struct cron a = parsed(macro_rows[_i].macro).cron, b = parsed(macro_rows[_i].same).cron;

	ck_assert_msg(memcmp(&a, &b, sizeof a) == 0, "line %d", macro_rows[_i].line);
}
END_TEST

START_TEST(every_is_reported)
{
	struct cron_parsed p = parsed("@every 1h30m");

	ck_assert_int_eq(p.every, 90 * MIN);
	ck_assert_uint_eq(p.cron.min, 0);
	ck_assert_int_eq(parsed("@EVERY PT15S").every, 15 * SEC);
	ck_assert_int_eq(parsed("* * * * *").every, 0);
}
END_TEST

START_TEST(zone_prefix_is_reported)
{
	struct cron_parsed p = parsed(" CRON_TZ=Europe/Berlin  0 9 * * *");

	ck_assert(slice_is(p.timezone, "Europe/Berlin"));
	ck_assert(slice_is(parsed("TZ=UTC @daily").timezone, "UTC"));
	ck_assert(slice_is(parsed("TZ= @daily").timezone, ""));
	ck_assert_ptr_null(parsed("@daily").timezone.p);
}
END_TEST

/* ---- flags ---- */

#define FIXED CRON_FIXED
#define OR CRON_DAY_OR
#define DOMS CRON_DOM_SPECIAL
#define DOWS CRON_DOW_SPECIAL
static const struct {
	int line;
	const char *text;
	unsigned flags;
} flag_rows[] = {
	{ __LINE__, "0 0 * * *", FIXED },
	{ __LINE__, "0-30 1-5,7 * * *", FIXED }, /* D1: a range is fixed */
	{ __LINE__, "*/5 0 * * *", 0 },
	{ __LINE__, "0 * * * *", 0 },
	{ __LINE__, "0 0-10/2 * * *", 0 },
	{ __LINE__, "5/60 0 * * *", 0 },
	{ __LINE__, "* 0 0 * * *", 0 },
	{ __LINE__, "0 0 0 */2 */3 *", FIXED }, /* the day does not matter */
	{ __LINE__, "H H * * *", FIXED },
	{ __LINE__, "H/10 1 * * *", 0 },
	{ __LINE__, "0 0 13 * 5", FIXED | OR },
	{ __LINE__, "0 0 1-31 * 5", FIXED | OR },
	{ __LINE__, "0 0 */1 * 5", FIXED | OR },
	{ __LINE__, "0 0 13 * */7", FIXED | OR },
	{ __LINE__, "0 0 13 * 0-7", FIXED | OR },
	{ __LINE__, "0 0 13 * *,5", FIXED | OR },
	{ __LINE__, "0 0 13 * ?", FIXED },
	{ __LINE__, "0 0 ? * 5", FIXED },
	{ __LINE__, "0 0 13 * +5", FIXED },
	{ __LINE__, "0 0 L * *", FIXED | DOMS },
	{ __LINE__, "0 0 15W,L-3W,LW * FRI#L,5#2,2L", FIXED | DOMS | DOWS | OR },
};

START_TEST(flags)
{
	unsigned got = parsed(flag_rows[_i].text).cron.flags;

	ck_assert_msg(got == flag_rows[_i].flags, "line %d: %u", flag_rows[_i].line, got);
}
END_TEST

/* ---- faults ---- */

#define NO(text, err, at, len, field)                      \
	{                                                  \
		__LINE__, text, WHEN_##err, at, len, field \
	}
static const struct fault_row {
	int line;
	const char *text;
	enum when_err err;
	unsigned at, len;
	const char *field;
} faults[] = {
	NO("", CRON_EMPTY, 0, 0, NULL),
	NO("  \t", CRON_EMPTY, 0, 3, NULL),
	NO("TZ=UTC", CRON_EMPTY, 0, 6, NULL),
	NO("* * * *", CRON_FIELD_COUNT, 0, 7, NULL),
	NO("* * * * * * * *", CRON_FIELD_COUNT, 0, 15, NULL),
	NO("* * * * * * * * * * *", CRON_FIELD_COUNT, 0, 21, NULL),
	NO("hello", CRON_FIELD_COUNT, 0, 5, NULL),
	NO("60 * * * *", CRON_VALUE_RANGE, 0, 2, "minute"),
	NO("0 24 * * *", CRON_VALUE_RANGE, 2, 2, "hour"),
	NO("0 0 0 * *", CRON_VALUE_RANGE, 4, 1, "day_of_month"),
	NO("0 0 32 * *", CRON_VALUE_RANGE, 4, 2, "day_of_month"),
	NO("0 0 1 0 *", CRON_VALUE_RANGE, 6, 1, "month"),
	NO("0 0 1 13 *", CRON_VALUE_RANGE, 6, 2, "month"),
	NO("0 0 * * 8", CRON_VALUE_RANGE, 8, 1, "day_of_week"),
	NO("60 0 0 1 1 *", CRON_VALUE_RANGE, 0, 2, "second"),
	NO("0 0 0 1 1 * 1969", CRON_VALUE_RANGE, 12, 4, "year"),
	NO("0 0 0 1 1 * 2200", CRON_VALUE_RANGE, 12, 4, "year"),
	NO("0 0 9 * * 2025", CRON_VALUE_RANGE, 10, 4, "day_of_week"),
	NO("5-60 * * * *", CRON_VALUE_RANGE, 2, 2, "minute"),
	NO("99999999999999999999 * * * *", CRON_VALUE_RANGE, 0, 20, "minute"),
	NO("1,,2 * * * *", CRON_SYNTAX, 2, 0, "minute"),
	NO(",1 * * * *", CRON_SYNTAX, 0, 0, "minute"),
	NO("1, * * * *", CRON_SYNTAX, 2, 0, "minute"),
	NO("-5 * * * *", CRON_SYNTAX, 0, 2, "minute"),
	NO("1.5 * * * *", CRON_SYNTAX, 1, 2, "minute"),
	NO("5- * * * *", CRON_SYNTAX, 2, 0, "minute"),
	NO("5-- * * * *", CRON_SYNTAX, 2, 1, "minute"),
	NO("1-2-3 * * * *", CRON_SYNTAX, 3, 2, "minute"),
	NO("*/ * * * *", CRON_SYNTAX, 2, 0, "minute"),
	NO("*/x * * * *", CRON_SYNTAX, 2, 1, "minute"),
	NO("*/5/5 * * * *", CRON_SYNTAX, 3, 2, "minute"),
	NO("** * * * *", CRON_SYNTAX, 1, 1, "minute"),
	NO("*5 * * * *", CRON_SYNTAX, 1, 1, "minute"),
	NO("5* * * * *", CRON_SYNTAX, 1, 1, "minute"),
	NO("0~30 * * * *", CRON_SYNTAX, 1, 3, "minute"),
	NO("foo * * * *", CRON_SYNTAX, 0, 3, "minute"),
	NO("\xc3\xa9 * * * *", CRON_SYNTAX, 0, 2, "minute"),
	NO("0 0 * JANU *", CRON_NAME, 6, 4, "month"),
	NO("0 0 * JA *", CRON_NAME, 6, 2, "month"),
	NO("0 0 * MON *", CRON_NAME, 6, 3, "month"),
	NO("0 0 * * JAN", CRON_NAME, 8, 3, "day_of_week"),
	NO("0 0 * * MON-FRIX", CRON_NAME, 12, 4, "day_of_week"),
	NO("0 0 * * W", CRON_NAME, 8, 1, "day_of_week"),
	NO("*/0 * * * *", CRON_STEP_ZERO, 2, 1, "minute"),
	NO("1-9/00 * * * *", CRON_STEP_ZERO, 4, 2, "minute"),
	NO("*/61 * * * *", CRON_STEP_RANGE, 2, 2, "minute"),
	NO("*/90 * * * *", CRON_STEP_RANGE, 2, 2, "minute"),
	NO("0 */25 * * *", CRON_STEP_RANGE, 4, 2, "hour"),
	NO("0 0 */32 * *", CRON_STEP_RANGE, 6, 2, "day_of_month"),
	NO("0 0 1 */13 *", CRON_STEP_RANGE, 8, 2, "month"),
	NO("0 0 * * */8", CRON_STEP_RANGE, 10, 1, "day_of_week"),
	NO("0 0 0 1 1 * 2030-2025", CRON_RANGE_ORDER, 12, 9, "year"),
	NO("? * * * *", CRON_QUESTION, 0, 1, "minute"),
	NO("0 0 ?,1 * *", CRON_QUESTION, 4, 1, "day_of_month"),
	NO("0 0 1,? * *", CRON_QUESTION, 6, 1, "day_of_month"),
	NO("0 0 ?/2 * *", CRON_QUESTION, 4, 3, "day_of_month"),
	NO("0 0 * ? *", CRON_QUESTION, 6, 1, "month"),
	NO("0 0 1 1 ? 2199", CRON_QUESTION, 8, 1, "month"),
	NO("L * * * *", CRON_LAST, 0, 1, "minute"),
	NO("0 0 * L *", CRON_LAST, 6, 1, "month"),
	NO("0 0 * * L", CRON_LAST, 8, 1, "day_of_week"),
	NO("0 0 * * 1,L", CRON_LAST, 10, 1, "day_of_week"),
	NO("0 0 5L * *", CRON_LAST, 4, 2, "day_of_month"),
	NO("0 0 LX * *", CRON_LAST, 4, 2, "day_of_month"),
	NO("0 0 L-3X * *", CRON_LAST, 4, 4, "day_of_month"),
	NO("0 0 * * 5L-6", CRON_LAST, 8, 4, "day_of_week"),
	NO("0 0 L-31 * *", CRON_VALUE_RANGE, 6, 2, "day_of_month"),
	NO("0 0 L- * *", CRON_SYNTAX, 6, 0, "day_of_month"),
	NO("0 0 W * *", CRON_WEEKDAY, 4, 1, "day_of_month"),
	NO("15W * * * *", CRON_WEEKDAY, 0, 3, "minute"),
	NO("0 0 15W-20 * *", CRON_WEEKDAY, 4, 6, "day_of_month"),
	NO("0 0 * * 5W", CRON_WEEKDAY, 8, 2, "day_of_week"),
	NO("0 0 32W * *", CRON_VALUE_RANGE, 4, 2, "day_of_month"),
	NO("0 0 1-5W * *", CRON_SYNTAX, 7, 1, "day_of_month"),
	NO("0 0 * * 5#0", CRON_NTH, 8, 3, "day_of_week"),
	NO("0 0 * * 5#6", CRON_NTH, 8, 3, "day_of_week"),
	NO("0 0 * * 5#", CRON_NTH, 8, 2, "day_of_week"),
	NO("0 0 * * 5#22", CRON_NTH, 8, 4, "day_of_week"),
	NO("0 0 * * MON#1-3", CRON_NTH, 8, 7, "day_of_week"),
	NO("0 0 5#2 * *", CRON_NTH, 4, 3, "day_of_month"),
	NO("0 0 +1 * *", CRON_PLUS, 4, 2, "day_of_month"),
	NO("0 0 * * 1,+2", CRON_PLUS, 10, 2, "day_of_week"),
	NO("0 0 * * ++2", CRON_PLUS, 9, 2, "day_of_week"),
	NO("0 0 * * +", CRON_SYNTAX, 9, 0, "day_of_week"),
	NO("0 0 * * +?", CRON_QUESTION, 9, 1, "day_of_week"),
	NO("@dayly", CRON_MACRO, 0, 6, NULL),
	NO("@", CRON_MACRO, 0, 1, NULL),
	NO("@daily x", CRON_MACRO, 7, 1, NULL),
	NO("@every_minute", CRON_MACRO, 0, 13, NULL),
	NO(" @reboot", CRON_REBOOT, 1, 7, NULL),
	NO("@every", DURATION_SYNTAX, 6, 0, NULL),
	NO("@every soon", DURATION_SYNTAX, 7, 4, NULL),
	NO("@every P1M", DURATION_CALENDAR, 7, 3, NULL),
	NO("@every 20y", DURATION_SYNTAX, 7, 3, NULL),
	NO("@every 9999d", DURATION_RANGE, 7, 5, NULL),
	NO("@every 0s", INTERVAL_RANGE, 7, 2, NULL),
	NO("@every 999ms", INTERVAL_RANGE, 7, 5, NULL),
	NO("0 0 30 2 *", CRON_NEVER, 0, 10, NULL),
	NO("0 0 31 2,4,6,9,11 *", CRON_NEVER, 0, 19, NULL),
	NO("0 0 0 29 2 * 2025-2027", CRON_NEVER, 0, 22, NULL),
	NO("0 0 0 29 2 * 2100", CRON_NEVER, 0, 17, NULL),
	NO("0 0 30W 2 *", CRON_NEVER, 0, 11, NULL),
	NO("0 0 L-30 4 *", CRON_NEVER, 0, 12, NULL),
	NO("0 0 8 * +1#1", CRON_NEVER, 0, 12, NULL),
	NO("0 0 1 1 +1 x", CRON_PLUS, 8, 2, "month"), /* six fields: seconds first */
	NO("H(5) * * * *", CRON_SYNTAX, 3, 1, "minute"),
	NO("H(5-3) * * * *", CRON_VALUE_RANGE, 1, 5, "minute"),
	NO("H(5-60) * * * *", CRON_VALUE_RANGE, 4, 2, "minute"),
	NO("H(0-5 * * * *", CRON_SYNTAX, 5, 0, "minute"),
	NO("H(0-5)x * * * *", CRON_SYNTAX, 6, 1, "minute"),
	NO("H5 * * * *", CRON_SYNTAX, 1, 1, "minute"),
	NO("H/0 * * * *", CRON_STEP_ZERO, 2, 1, "minute"),
	NO("H/61 * * * *", CRON_STEP_RANGE, 2, 2, "minute"),
	NO("0 0 H(1-29) * *", CRON_VALUE_RANGE, 8, 2, "day_of_month"),
	NO("0 0 0 1 1 * H", CRON_SYNTAX, 12, 1, "year"),
	NO("5-H * * * *", CRON_SYNTAX, 2, 1, "minute"),
	NO("TZ=UTC 60 * * * *", CRON_VALUE_RANGE, 7, 2, "minute"),
};

START_TEST(refused)
{
	const struct fault_row *r = &faults[_i];
	struct when_fault f = { .err = WHEN_OK };
	struct cron_parsed untouched = { .every = 12345 }, p = untouched;
	enum when_err e = cron_parse(slice_of(r->text), 0, &p, &f);

	ck_assert_msg(e == r->err && f.err == e, "line %d: %s", r->line, when_err_name(e));
	ck_assert_msg(f.at == r->at && f.len == r->len, "line %d: at %u len %u", r->line, f.at,
		      f.len);
	ck_assert_msg(r->field ? f.field && strcmp(f.field, r->field) == 0 : !f.field,
		      "line %d: field %s", r->line, f.field ? f.field : "none");
	ck_assert_mem_eq(&p, &untouched, sizeof p);
	ck_assert_int_eq(cron_parse(slice_of(r->text), 0, &p, NULL), r->err);
}
END_TEST

/* New year's day of each year has one weekday: only that one is not refused as never. */
START_TEST(never_knows_every_year)
{
	char text[64];
	struct cron_parsed p;

	for (int year = 1970; year <= 2199; year++)
		for (unsigned w = 0; w < 7; w++) {
			bool is_right = civil_weekday(civil_to_days((struct civil){ year, 1, 1 }))
				     == w;

			(void)snprintf(text, sizeof text, "0 0 0 1 1 +%u %d", w, year);
			ck_assert_msg(cron_parse(slice_of(text), 0, &p, NULL)
					      == (is_right ? WHEN_OK : WHEN_CRON_NEVER),
				      "%s", text);
		}
}
END_TEST

/* Of the chosen years, those with a matching date are kept. */
START_TEST(years_without_a_date_are_left_out)
{
	struct cron leap = parsed("0 0 29 2 *").cron, monday = parsed("0 0 29 2 +1").cron;
	struct cron last = parsed("0 0 31 * *").cron,
		    listed = parsed("0 0 0 29 2 * 2027-2029,2100").cron;

	for (int year = 1970; year <= 2199; year++) {
		unsigned i = (unsigned)(year - 1970);
		bool is_leap = civil_is_leap(year);
		unsigned weekday = civil_weekday(civil_to_days((struct civil){ year, 2, 29 }));

		ck_assert_msg((leap.year[i / 64] >> i % 64 & 1) == is_leap, "%d", year);
		ck_assert_msg((monday.year[i / 64] >> i % 64 & 1) == (is_leap && weekday == 1),
			      "%d", year);
		ck_assert_msg(last.year[i / 64] >> i % 64 & 1, "%d", year);
		ck_assert_msg((listed.year[i / 64] >> i % 64 & 1) == (year == 2028), "%d", year);
	}
}
END_TEST

START_TEST(length_limit)
{
	char text[300];
	struct cron_parsed p;

	memset(text, ' ', sizeof text);
	memcpy(text, "* * * * *", 9);
	ck_assert_int_eq(cron_parse((struct slice){ text, 256 }, 0, &p, NULL), WHEN_OK);
	ck_assert_int_eq(cron_parse((struct slice){ text, 257 }, 0, &p, NULL), WHEN_CRON_TOO_LONG);
	ck_assert_int_eq(cron_parse((struct slice){ NULL, 0 }, 0, &p, NULL), WHEN_CRON_EMPTY);
}
END_TEST

START_TEST(hints)
{
	struct cron_parsed p;
	struct when_fault f;

	(void)cron_parse(SLICE_LIT("*/90 * * * *"), 0, &p, &f);
	ck_assert_ptr_nonnull(strstr(f.hint, "every"));
	(void)cron_parse(SLICE_LIT("0 0 9 * * 2025"), 0, &p, &f);
	ck_assert_ptr_nonnull(strstr(f.hint, "7 fields"));
	(void)cron_parse(SLICE_LIT("60 * * * *"), 0, &p, &f);
	ck_assert_str_eq(f.hint, "Minutes are 0 to 59.");
}
END_TEST

/* ---- warnings ---- */

#define STAR CRON_WARN_STAR_STEP_DAYS
#define UNEVEN CRON_WARN_UNEVEN_STEP
#define SKIPS CRON_WARN_SKIPS_MONTHS
static const struct {
	int line;
	const char *text;
	unsigned want;
} warn_rows[] = {
	{ __LINE__, "* * * * *", 0 },
	{ __LINE__, "*/5 */6 * */3 *", 0 },
	{ __LINE__, "*/7 * * * *", UNEVEN },
	{ __LINE__, "3/7 * * * *", UNEVEN },
	{ __LINE__, "3-50/7 * * * *", 0 },
	{ __LINE__, "0 */5 * * *", UNEVEN },
	{ __LINE__, "0 0 */2 * *", UNEVEN },
	{ __LINE__, "0 0 */2 * 1", UNEVEN | STAR },
	{ __LINE__, "0 0 1-7 * */7", STAR },
	{ __LINE__, "0 0 1-7 * +*/7", 0 },
	{ __LINE__, "0 0 31 * *", SKIPS },
	{ __LINE__, "0 0 29 * *", SKIPS },
	{ __LINE__, "0 0 28 * *", 0 },
	{ __LINE__, "0 0 31 1,3 *", 0 },
	{ __LINE__, "0 0 31 * 1", 0 }, /* OR: every month has a Monday */
	{ __LINE__, "0 0 L * *", 0 },
	{ __LINE__, "0 0 31W * *", SKIPS },
	{ __LINE__, "0 0 L-30 * *", SKIPS },
	{ __LINE__, "0 0 * * 5#5", SKIPS },
	{ __LINE__, "0 0 * * 5#4", 0 },
	{ __LINE__, "0 0 * * 5L", 0 },
	{ __LINE__, "0 0 13 * +5", SKIPS },
	{ __LINE__, "0 0 1-7 * +MON", 0 },
	{ __LINE__, "0 0 0 29 2 * 2024,2028", 0 },
	{ __LINE__, "0 0 29 2 *", SKIPS },
};

START_TEST(warns)
{
	unsigned got = parsed(warn_rows[_i].text).warnings;

	ck_assert_msg(got == warn_rows[_i].want, "line %d: %u", warn_rows[_i].line, got);
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(when_err_name(WHEN_CRON_TIMEZONE_CONFLICT), "cron_timezone_conflict");
	ck_assert_str_eq(when_err_name(WHEN_NL_INEXPRESSIBLE), "nl_inexpressible");
	ck_assert_str_eq(when_err_name(WHEN_OK), "ok");
	ck_assert_str_eq(when_err_name(WHEN_ERR_COUNT), "unknown");
	for (unsigned e = 0; e < WHEN_ERR_COUNT; e++)
		ck_assert_uint_gt(strlen(when_err_text(e)), 5);
}
END_TEST

/* ---- H ---- */

/* The documented hash, once more from its definition. */
static uint64_t fnv(const char *text)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3u;
	return h;
}

START_TEST(h_is_the_documented_hash)
{
	struct cron_parsed p;

	ck_assert_uint_eq(fnv("a"), 0xaf63dc4c8601ec8cu); /* a published test vector */
	ck_assert_int_eq(
		cron_parse(SLICE_LIT("H H H H H"), cron_seed(SLICE_LIT("job_1")), &p, NULL), 0);
	ck_assert_uint_eq(p.cron.min, 1ull << fnv("job_1:minute") % 60);
	ck_assert_uint_eq(p.cron.hour, 1u << fnv("job_1:hour") % 24);
	ck_assert_uint_eq(p.cron.dom, 1u << (1 + fnv("job_1:day_of_month") % 28));
	ck_assert_uint_eq(p.cron.mon, 1u << (1 + fnv("job_1:month") % 12));
	ck_assert_uint_eq(p.cron.dow, 1u << fnv("job_1:day_of_week") % 7);
	ck_assert_int_eq(cron_parse(SLICE_LIT("H(10-19)/5 H(3-6) * * *"),
				    cron_seed(SLICE_LIT("job_1")), &p, NULL),
			 0);
	unsigned at = 10 + (unsigned)(fnv("job_1:minute") % 5);

	ck_assert_uint_eq(p.cron.min, 1ull << at | 1ull << (at + 5));
	ck_assert_uint_eq(p.cron.hour, 1u << (3 + fnv("job_1:hour") % 4));
}
END_TEST

/* A thousand ids spread over the minutes: no minute is empty, none has three times its share. */
START_TEST(h_spreads)
{
	unsigned count[60] = { 0 };
	struct cron_parsed p;
	char id[32];

	for (int i = 0; i < 1000; i++) {
		(void)snprintf(id, sizeof id, "job_%d", i);
		ck_assert_int_eq(
			cron_parse(SLICE_LIT("H * * * *"), cron_seed(slice_of(id)), &p, NULL), 0);
		ck_assert_int_eq(__builtin_popcountll(p.cron.min), 1);
		count[__builtin_ctzll(p.cron.min)]++;
	}
	for (int m = 0; m < 60; m++)
		ck_assert_msg(count[m] > 0 && count[m] < 50, "minute %d: %u", m, count[m]);
}
END_TEST

Suite *suite_cron(void)
{
	Suite *s = suite_create("cron");
	TCase *tc = tcase_create("cron");

	tcase_add_loop_test(tc, fields, 0, sizeof bits_rows / sizeof bits_rows[0]);
	tcase_add_test(tc, five_six_seven_fields);
	tcase_add_test(tc, blanks_do_not_matter);
	tcase_add_loop_test(tc, same_as, 0, sizeof macro_rows / sizeof macro_rows[0]);
	tcase_add_test(tc, every_is_reported);
	tcase_add_test(tc, zone_prefix_is_reported);
	tcase_add_loop_test(tc, flags, 0, sizeof flag_rows / sizeof flag_rows[0]);
	tcase_add_loop_test(tc, refused, 0, sizeof faults / sizeof faults[0]);
	tcase_add_test(tc, never_knows_every_year);
	tcase_add_test(tc, years_without_a_date_are_left_out);
	tcase_add_test(tc, length_limit);
	tcase_add_test(tc, hints);
	tcase_add_loop_test(tc, warns, 0, sizeof warn_rows / sizeof warn_rows[0]);
	tcase_add_test(tc, names);
	tcase_add_test(tc, h_is_the_documented_hash);
	tcase_add_test(tc, h_spreads);
	suite_add_tcase(s, tc);
	return s;
}
