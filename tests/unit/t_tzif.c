/* The reader of TZif files, with files made here byte by byte: what RFC 9636 asks, and that each
 * broken rule refuses the whole file. */
#include "when/tz.h"

#include <check.h>
#include <stdlib.h>

struct file {
	unsigned char bytes[4096];
	size_t n;
};

static void put(struct file *f, const void *p, size_t n)
{
	memcpy(f->bytes + f->n, p, n);
	f->n += n;
}

static void put_number(struct file *f, int64_t v, unsigned width)
{
	for (unsigned i = width; i > 0; i--)
		f->bytes[f->n++] = (unsigned char)((uint64_t)v >> (8 * (i - 1)));
}

static void put_header(struct file *f, char version, const uint32_t counts[6])
{
	char head[20] = "TZif";

	head[4] = version;
	put(f, head, sizeof head);
	for (int i = 0; i < 6; i++)
		put_number(f, counts[i], 4);
}

/* A file of version 2 with an empty first block ("slim"), one transition to type 1 at `at`. */
struct recipe {
	int64_t at[2];
	unsigned times;
	int32_t offset[2];
	const char *foot;
};

static struct file made(const struct recipe *r)
{
	static const uint32_t none[6] = { 0, 0, 0, 0, 1, 1 };
	uint32_t counts[6] = { 0, 0, 0, r->times, 2, 8 };
	struct file f = { .n = 0 };

	put_header(&f, '2', none);
	put(&f, "\0\0\0\0\0\0\0", 7);
	put_header(&f, '2', counts);
	for (unsigned i = 0; i < r->times; i++)
		put_number(&f, r->at[i], 8);
	for (unsigned i = 0; i < r->times; i++)
		put_number(&f, i % 2 == 0, 1);
	put_number(&f, r->offset[0], 4);
	put(&f, "\0\0", 2);
	put_number(&f, r->offset[1], 4);
	put(&f, "\1\4", 2);
	put(&f, "STD\0DST\0", 8);
	put(&f, "\n", 1);
	put(&f, r->foot, strlen(r->foot));
	put(&f, "\n", 1);
	return f;
}

static struct tz *read_file(const struct file *f)
{
	unsigned char *exact = malloc(f->n); /* so that a sanitizer sees one byte too many */
	struct tz *z;

	memcpy(exact, f->bytes, f->n);
	z = tz_read(SLICE_LIT("Test/Zone"), exact, f->n);
	free(exact);
	return z;
}

static struct tz *cook(const struct recipe *r)
{
	struct file f = made(r);

	return read_file(&f);
}

static const struct recipe plain = { { 1000000 }, 1, { 3600, 7200 }, "STD-2" };

START_TEST(slim_file_is_read)
{
	struct tz *z = cook(&plain);

	ck_assert_ptr_nonnull(z);
	ck_assert_str_eq(tz_name(z), "Test/Zone");
	ck_assert_int_eq(tz_offset(z, INT64_MIN, NULL), 3600);
	ck_assert_int_eq(tz_offset(z, 999999, NULL), 3600);
	ck_assert_int_eq(tz_offset(z, 1000000, NULL), 7200);
	ck_assert_int_eq(tz_offset(z, INT64_MAX - 1, NULL), 7200);
	ck_assert_uint_eq(tz_span_count(z), 2);
	tz_free(z);
}
END_TEST

START_TEST(neighbours_of_one_offset_are_joined)
{
	struct recipe r = { { 1000000 }, 1, { 3600, 3600 }, "STD-1" };
	struct tz *z = cook(&r);

	ck_assert_uint_eq(tz_span_count(z), 1);
	tz_free(z);
}
END_TEST

/* Every rule form; the first and second change of 2025 in UTC, and the offsets behind them. */
#define F(foot, a, ao, b, bo)                \
	{                                    \
		__LINE__, foot, a, ao, b, bo \
	}
static const struct foot_row {
	int line;
	const char *foot;
	int64_t first;
	int32_t first_offset;
	int64_t second;
	int32_t second_offset;
} feet[] = {
	F("EST5EDT,M3.2.0,M11.1.0", 1741503600, -14400, 1762063200, -18000),
	F("CET-1CEST,M3.5.0,M10.5.0/3", 1743296400, 7200, 1761440400, 3600),
	F("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1743296400, -3600, 1761440400, -7200), /* Nuuk */
	F("IST-1GMT0,M10.5.0,M3.5.0/1", 1743296400, 3600, 1761440400, 0),           /* Dublin */
	F("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1743865200, 37800, 1759591800, 39600),
	F("AAA3BBB,J60/0,300/-167", 1740798000, -7200, 1761015600, -10800),
	F("<-04>4<-03>,M9.1.6/24,M4.1.6/24", 1743908400, -14400, 1757217600, -10800), /* Santiago */
};

START_TEST(footer_forms)
{
	const struct foot_row *f = &feet[_i];
	struct recipe r = { { 0 }, 0, { 0, 0 }, f->foot };
	struct tz *z = cook(&r);
	struct tz_span s;

	ck_assert_msg(z != NULL, "line %d", f->line);
	s = tz_span_at(z, 1735776000, NULL); /* 2025-01-02 */
	ck_assert_msg(s.until == f->first && s.after == f->first_offset, "line %d: %lld %d",
		      f->line, (long long)s.until, s.after);
	s = tz_span_at(z, s.until, NULL);
	ck_assert_msg(s.until == f->second && s.after == f->second_offset, "line %d: %lld %d",
		      f->line, (long long)s.until, s.after);
	tz_free(z);
}
END_TEST

/* J60 is 1 March in every year, 59 is 28 or 29 February. */
START_TEST(julian_days_in_leap_years)
{
	struct recipe j = { { 0 }, 0, { 0, 0 }, "AAA0BBB,J60/0,J300/0" };
	struct recipe n = { { 0 }, 0, { 0, 0 }, "AAA0BBB,59/0,J300/0" };
	struct tz *z = cook(&j);

	ck_assert_int_eq(tz_span_at(z, 1704067200, NULL).until, 1709251200); /* 2024-03-01 */
	ck_assert_int_eq(tz_span_at(z, 1735689600, NULL).until, 1740787200); /* 2025-03-01 */
	tz_free(z);
	z = cook(&n);
	ck_assert_int_eq(tz_span_at(z, 1704067200, NULL).until, 1709164800); /* 2024-02-29 */
	ck_assert_int_eq(tz_span_at(z, 1735689600, NULL).until, 1740787200); /* 2025-03-01 */
	tz_free(z);
}
END_TEST

START_TEST(rule_reaches_the_year_2200)
{
	struct recipe r = { { 0 }, 0, { 0, 0 }, "EST5EDT,M3.2.0,M11.1.0" };
	struct tz *z = cook(&r);

	ck_assert_int_eq(tz_offset(z, 7273152000, NULL), -14400); /* 2200-06-24 */
	ck_assert_int_eq(tz_offset(z, 7289481600, NULL), -18000); /* 2200-12-30 */
	ck_assert_int_eq(tz_offset(z, 10000000000, NULL), -18000);
	tz_free(z);
}
END_TEST

/* RFC 9636 3.3.1: daylight saving all the year has no standard time in between. */
START_TEST(dst_all_year)
{
	struct recipe r = { { 0 }, 0, { 0, 0 }, "XXX3EDT4,0/0,J365/23" };
	struct tz *z = cook(&r);
	struct tz_span s = tz_span_at(z, 1741503600, NULL);

	ck_assert_int_eq(s.offset, -14400);
	ck_assert(s.until > 7258118400); /* 2200 */
	tz_free(z);
}
END_TEST

START_TEST(footer_goes_on_where_the_table_ends)
{
	struct recipe r = {
		{ 1000000, 1743296400 }, 2, { 3600, 7200 }, "CET-1CEST,M3.5.0,M10.5.0/3"
	};
	struct tz *z = cook(&r);
	struct tz_span s = tz_span_at(z, 1743296400, NULL); /* the table says winter time here */

	ck_assert_int_eq(s.offset, 3600);
	ck_assert(s.until == 1774746000); /* 2026-03-29T01:00Z: summer time by the rule */
	tz_free(z);
}
END_TEST

static const char *const bad_feet[] = {
	"E5",
	"EST",
	"EST5EDT",
	"EST5EDT,",
	"EST5EDT,M3.2.0",
	"EST5EDT,M3.2.0,",
	"EST5EDT,M3.2.0,M11.1.0,",
	"EST5EDT,M13.2.0,M11.1.0",
	"EST5EDT,M3.6.0,M11.1.0",
	"EST5EDT,M3.0.0,M11.1.0",
	"EST5EDT,M3.2.7,M11.1.0",
	"EST5EDT,J0,J365",
	"EST5EDT,J366,J1",
	"EST5EDT,366,1",
	"EST5EDT,M3.2.0/168,M11.1.0",
	"EST5EDT,M3.2.0/2:60,M11.1.0",
	"EST25",
	"EST5:60",
	"<-02",
	"<>2",
	"<->2",
	"<-0 2>2",
	":EST5",
	"EST5 ",
	"EST99999999999",
};

START_TEST(bad_footers)
{
	struct recipe r = plain;

	r.foot = bad_feet[_i];
	ck_assert_msg(cook(&r) == NULL, "%s", r.foot);
}
END_TEST

START_TEST(empty_footer_keeps_the_last_offset)
{
	struct recipe r = plain;
	struct tz *z;

	r.foot = "";
	z = cook(&r);
	ck_assert_ptr_nonnull(z);
	ck_assert_int_eq(tz_offset(z, 4000000000, NULL), 7200);
	tz_free(z);
}
END_TEST

/* A byte of the file changed: where (from the start; the second header is at 51), and to what. */
#define B(at, value)                \
	{                           \
		__LINE__, at, value \
	}
static const struct byte_row {
	int line;
	unsigned at;
	unsigned char value;
} broken[] = {
	B(0, 'X'),
	B(4, 0),               /* version 1 */
	B(4, '5'),             /* a version we do not know */
	B(51, 'X'),            /* the second magic */
	B(51 + 20 + 3, 1),     /* isutcnt neither 0 nor typecnt; also one byte too few */
	B(51 + 24 + 3, 1),     /* isstdcnt */
	B(51 + 28 + 3, 1),     /* leap seconds */
	B(51 + 32, 0x7f),      /* two thousand million transitions */
	B(51 + 32 + 3, 9),     /* more transitions than bytes */
	B(51 + 36 + 3, 0),     /* no types */
	B(51 + 36 + 3, 200),   /* too many */
	B(51 + 40 + 3, 0),     /* no characters */
	B(51 + 44, 0x80),      /* a transition before all time */
	B(51 + 44, 0x7f),      /* and behind */
	B(51 + 44 + 8, 2),     /* a type that is not there */
	B(51 + 44 + 9, 0x7f),  /* an offset of 68 years */
	B(51 + 44 + 9 + 4, 2), /* isdst neither 0 nor 1 */
	B(51 + 44 + 9 + 5, 8), /* a designation behind the characters */
	B(51 + 44 + 29, 'x'),  /* no newline before the footer */
};

START_TEST(broken_bytes)
{
	struct file f = made(&plain);

	f.bytes[broken[_i].at] = broken[_i].value;
	ck_assert_msg(read_file(&f) == NULL, "line %d", broken[_i].line);
}
END_TEST

START_TEST(leap_seconds_are_refused)
{
	static const uint32_t none[6] = { 0, 0, 0, 0, 1, 1 };
	static const uint32_t counts[6] = { 0, 0, 1, 0, 1, 4 };
	struct file f = { .n = 0 };

	put_header(&f, '2', none);
	put(&f, "\0\0\0\0\0\0\0", 7);
	put_header(&f, '2', counts);
	put(&f, "\0\0\0\0\0\0UTC\0", 10);
	put_number(&f, 78796800, 8);
	put_number(&f, 1, 4);
	put(&f, "\nUTC0\n", 6);
	ck_assert_ptr_null(read_file(&f));
}
END_TEST

START_TEST(transitions_must_ascend)
{
	struct recipe r = { { 2000000, 2000000 }, 2, { 0, 3600 }, "STD0" };

	ck_assert_ptr_null(cook(&r));
	r.at[1] = 1999999;
	ck_assert_ptr_null(cook(&r));
	r.at[1] = 2000001;
	struct tz *z = cook(&r);
	ck_assert_ptr_nonnull(z);
	tz_free(z);
}
END_TEST

START_TEST(every_shorter_file_is_refused)
{
	struct file f = made(&plain);

	for (size_t whole = f.n; f.n > 0;) {
		f.n--;
		ck_assert_msg(read_file(&f) == NULL, "%zu of %zu", f.n, whole);
	}
}
END_TEST

START_TEST(huge_files_are_refused)
{
	struct file f = made(&plain);
	size_t n = (1 << 18) + 1;
	unsigned char *big = calloc(1, n);

	memcpy(big, f.bytes, f.n);
	ck_assert_ptr_null(tz_read(SLICE_LIT("Big"), big, n));
	free(big);
}
END_TEST

Suite *suite_tzif(void)
{
	Suite *s = suite_create("tzif");
	TCase *tc = tcase_create("tzif");

	tcase_add_test(tc, slim_file_is_read);
	tcase_add_test(tc, neighbours_of_one_offset_are_joined);
	tcase_add_loop_test(tc, footer_forms, 0, sizeof feet / sizeof feet[0]);
	tcase_add_test(tc, julian_days_in_leap_years);
	tcase_add_test(tc, rule_reaches_the_year_2200);
	tcase_add_test(tc, dst_all_year);
	tcase_add_test(tc, footer_goes_on_where_the_table_ends);
	tcase_add_loop_test(tc, bad_footers, 0, sizeof bad_feet / sizeof bad_feet[0]);
	tcase_add_test(tc, empty_footer_keeps_the_last_offset);
	tcase_add_loop_test(tc, broken_bytes, 0, sizeof broken / sizeof broken[0]);
	tcase_add_test(tc, leap_seconds_are_refused);
	tcase_add_test(tc, transitions_must_ascend);
	tcase_add_test(tc, every_shorter_file_is_refused);
	tcase_add_test(tc, huge_files_are_refused);
	suite_add_tcase(s, tc);
	return s;
}
