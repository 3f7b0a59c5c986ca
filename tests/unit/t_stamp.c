/* RFC 3339: what is read, what is refused, what is printed. Instants are given in epoch
 * microseconds, made with date(1). */
#include "when/stamp.h"

#include <check.h>
#include <stdlib.h>

static struct tz_db *zones;

static void zones_open(void)
{
	zones = tz_db_new(NULL);
}

static void zones_close(void)
{
	tz_db_free(zones);
}

#define BAD (-1)
#define R(text, at)                \
	{                          \
		__LINE__, text, at \
	}
static const struct read_row {
	int line;
	const char *text;
	usec_t at;
} reads[] = {
	R("1970-01-01T00:00:00Z", 0),
	R("1970-01-01t00:00:01z", SEC),
	R("2025-03-09T02:30:00Z", 1741487400 * SEC),
	R("2025-03-09T02:30:00-05:00", 1741505400 * SEC),
	R("2025-03-09T02:30:00+00:00", 1741487400 * SEC),
	R("2025-03-09T02:30:00-00:00", 1741487400 * SEC),
	R("2025-03-09T02:30:00+23:59", 1741401060 * SEC),
	R("2025-03-09T02:30:00.5Z", 1741487400 * SEC + 500000),
	R("2025-03-09T02:30:00.123456Z", 1741487400 * SEC + 123456),
	R("2025-03-09T02:30:00.1234569999999Z", 1741487400 * SEC + 123456),
	R("2025-03-09T02:30:00.000001+05:45", 1741466700 * SEC + 1),
	R("2024-02-29T00:00:00Z", 1709164800 * SEC),
	R("1969-12-31T23:00:00-01:00", 0),
	R("9999-12-31T23:59:59.999999Z", STAMP_LAST),
	R("", BAD),
	R("2025", BAD),
	R("2025-03-09", BAD),
	R("2025-03-09T02:30Z", BAD),
	R("2025-03-09T02:30:00", BAD), /* no offset */
	R("2025-03-09 02:30:00Z", BAD),
	R("2025-03-09T02:30:60Z", BAD),
	R("2016-12-31T23:59:60Z", BAD), /* a real leap second is refused too */
	R("2025-03-09T24:00:00Z", BAD),
	R("2025-03-09T02:60:00Z", BAD),
	R("2025-02-29T00:00:00Z", BAD),
	R("2025-04-31T00:00:00Z", BAD),
	R("2025-00-01T00:00:00Z", BAD),
	R("2025-13-01T00:00:00Z", BAD),
	R("2025-01-00T00:00:00Z", BAD),
	R("2025-03-09T02:30:00.Z", BAD),
	R("2025-03-09T02:30:00,5Z", BAD),
	R("2025-03-09T02:30:00+0000", BAD),
	R("2025-03-09T02:30:00+00", BAD),
	R("2025-03-09T02:30:00+24:00", BAD),
	R("2025-03-09T02:30:00+00:60", BAD),
	R("2025-03-09T02:30:00ZZ", BAD),
	R("2025-03-09T02:30:00Z ", BAD),
	R(" 2025-03-09T02:30:00Z", BAD),
	R("2025-3-9T02:30:00Z", BAD),
	R("+2025-03-09T02:30:00Z", BAD),
	R("1969-12-31T23:59:59Z", BAD),
	R("1970-01-01T00:00:00+00:01", BAD),
	R("0000-01-01T00:00:00Z", BAD),
	R("9999-12-31T23:59:59-00:01", BAD),
	R("2025-03-09T02:30:00.00000000000000000000000000000000000000000000000Z",
	  BAD), /* too long */
};

START_TEST(reading)
{
	const struct read_row *r = &reads[_i];
	usec_t at = 77;
	enum when_err e = stamp_parse(slice_of(r->text), &at);

	ck_assert_msg(e == (r->at == BAD ? WHEN_AT_FORMAT : WHEN_OK), "line %d: %s", r->line,
		      when_err_name(e));
	ck_assert_msg(at == (r->at == BAD ? 77 : r->at), "line %d: %lld", r->line, (long long)at);
}
END_TEST

#define L(text, zone, at)                \
	{                                \
		__LINE__, text, zone, at \
	}
static const struct local_row {
	int line;
	const char *text, *zone;
	usec_t at;
} locals[] = {
	L("2025-01-15T12:00:00", "UTC", 1736942400 * SEC),
	L("2025-01-15T12:00:00", "America/New_York", 1736960400 * SEC),
	L("2025-01-15T12:00:00Z", "America/New_York", 1736942400 * SEC),
	L("2025-03-09T02:30:00", "America/New_York", 1741505400 * SEC), /* gap: 03:30 EDT */
	L("2025-03-09T03:00:00", "America/New_York", 1741503600 * SEC),
	L("2025-11-02T01:30:00", "America/New_York", 1762061400 * SEC), /* twice: the first */
	L("2025-11-02T01:30:00.25", "America/New_York", 1762061400 * SEC + 250000),
	L("2011-12-30T12:00:00", "Pacific/Apia", 1325282400 * SEC), /* the skipped day: 31st */
	L("2025-10-05T02:15:00", "Australia/Lord_Howe", 1759592700 * SEC),
	L("2025-03-09T02:30", "UTC", BAD),
	L("1970-01-01T00:00:00", "Europe/Berlin", BAD), /* 1969 in UTC */
};

START_TEST(reading_local)
{
	const struct local_row *r = &locals[_i];
	usec_t at = BAD;
	enum when_err e = stamp_parse_in(slice_of(r->text), tz_find(zones, slice_of(r->zone)), &at);

	ck_assert_msg(at == r->at, "line %d: %s %lld", r->line, when_err_name(e), (long long)at);
}
END_TEST

#define P(at, utc, zone, local)                \
	{                                      \
		__LINE__, at, utc, zone, local \
	}
static const struct print_row {
	int line;
	usec_t at;
	const char *utc, *zone, *local;
} prints[] = {
	P(0, "1970-01-01T00:00:00Z", "UTC", "1970-01-01T00:00:00+00:00"),
	P(1741505400 * SEC, "2025-03-09T07:30:00Z", "America/New_York",
	  "2025-03-09T03:30:00-04:00"),
	P(1741505400 * SEC + 250000, "2025-03-09T07:30:00.250Z", "Asia/Kathmandu",
	  "2025-03-09T13:15:00.250+05:45"),
	P(1741505400 * SEC + 999, "2025-03-09T07:30:00Z", "UTC", "2025-03-09T07:30:00+00:00"),
	P(1741505400 * SEC + 1000, "2025-03-09T07:30:00.001Z", "UTC",
	  "2025-03-09T07:30:00.001+00:00"),
	P(-1, "1969-12-31T23:59:59.999Z", "UTC", "1969-12-31T23:59:59.999+00:00"),
	P(STAMP_LAST, "9999-12-31T23:59:59.999Z", "Asia/Tokyo", "9999-12-31T23:59:59.999+00:00"),
	P(USEC_NEVER, "9999-12-31T23:59:59.999Z", "UTC", "9999-12-31T23:59:59.999+00:00"),
	P(INT64_MIN, "0000-01-01T00:00:00Z", "America/New_York", "0000-01-01T00:00:00+00:00"),
	/* -00:44:30, which RFC 3339 cannot say */
	P(DAY, "1970-01-02T00:00:00Z", "Africa/Monrovia", "1970-01-01T23:15:00-00:45"),
	P(1762061400 * SEC, "2025-11-02T05:30:00Z", "America/St_Johns",
	  "2025-11-02T02:00:00-03:30"),
};

START_TEST(printing)
{
	const struct print_row *r = &prints[_i];
	char out[STAMP_MAX];
	size_t n = stamp_print(r->at, out);

	ck_assert_msg(strcmp(out, r->utc) == 0 && n == strlen(out), "line %d: %s", r->line, out);
	n = stamp_print_local(r->at, tz_find(zones, slice_of(r->zone)), out);
	ck_assert_msg(strcmp(out, r->local) == 0 && n == strlen(out), "line %d: %s", r->line, out);
}
END_TEST

/* Reading what was printed gives the same instant, to the millisecond, in every zone of the
 * list. */
START_TEST(print_then_read)
{
	static const char *const names[] = { "UTC", "America/New_York", "Australia/Lord_Howe",
					     "Pacific/Apia", "Africa/Monrovia" };
	char out[STAMP_MAX];
	usec_t back;

	for (usec_t at = 0; at < STAMP_LAST; at += 17777777 * SEC + 123000)
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
			const struct tz *z = tz_find(zones, slice_of(names[i]));

			(void)stamp_print(at, out);
			ck_assert_msg(!stamp_parse(slice_of(out), &back) && back == at, "%s", out);
			(void)stamp_print_local(at, z, out);
			ck_assert_msg(!stamp_parse(slice_of(out), &back) && back == at, "%s", out);
		}
}
END_TEST

Suite *suite_stamp(void)
{
	Suite *s = suite_create("stamp");
	TCase *tc = tcase_create("stamp");

	tcase_add_unchecked_fixture(tc, zones_open, zones_close);
	tcase_add_loop_test(tc, reading, 0, sizeof reads / sizeof reads[0]);
	tcase_add_loop_test(tc, reading_local, 0, sizeof locals / sizeof locals[0]);
	tcase_add_loop_test(tc, printing, 0, sizeof prints / sizeof prints[0]);
	tcase_add_test(tc, print_then_read);
	suite_add_tcase(s, tc);
	return s;
}
