/* When expressions fire. First the nights when clocks change, by hand, in every zone whose
 * change is odd; then calendar corners; then the table made by croner, an implementation that is
 * not ours. Times are written on the wall clock of the zone, so that a row can be checked by
 * reading it. */
#include "when/cron.h"
#include "when/stamp.h"
#include "when/when_int.h"

#include <check.h>
#include <stdio.h>
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

static struct cron cron_of(const char *text)
{
	struct cron_parsed p;

	ck_assert_msg(cron_parse(slice_of(text), 0, &p, NULL) == WHEN_OK, "%s", text);
	return p.cron;
}

struct row {
	int line;
	const char *text, *zone, *after;
	struct dst_policy dst;
	const char *
		runs; /* separated by blanks; "(gap)", "(first)", "(second)" behind one that was touched */
};

/* Prints as many runs as `want` has and compares. */
static void check_row(const struct row *r)
{
	struct cron c = cron_of(r->text);
	const struct tz *z = tz_find(zones, slice_of(r->zone));
	struct tz_hint hint = { 0 };
	char got[1024] = "", stamp[STAMP_MAX];
	size_t n = 0, want = strlen(r->runs);
	usec_t at;

	ck_assert_msg(z && !stamp_parse_in(slice_of(r->after), z, &at), "line %d", r->line);
	while (n < want) {
		usec_t unhinted = cron_next(&c, z, r->dst, at, NULL);
		const char *touch;

		at = cron_next(&c, z, r->dst, at, &hint);
		ck_assert_msg(at == unhinted, "line %d: hint", r->line);
		if (at == USEC_NEVER) {
			n += (size_t)snprintf(got + n, sizeof got - n, "%snever", n ? " " : "");
			break;
		}
		(void)stamp_print_local(at, z, stamp);
		touch = dst_touch_name(cron_touch(&c, z, r->dst, at));
		n += (size_t)snprintf(got + n, sizeof got - n, "%s%s", n ? " " : "", stamp);
		if (touch)
			n += (size_t)snprintf(got + n, sizeof got - n, "(%s)", touch);
	}
	ck_assert_msg(strcmp(got, r->runs) == 0, "line %d: %s in %s: %s", r->line, r->text, r->zone,
		      got);
}

#define R(text, zone, after, runs)                          \
	{                                                   \
		__LINE__, text, zone, after, { 0, 0 }, runs \
	}
#define P(text, gap, overlap, after, runs)                             \
	{                                                              \
		__LINE__, text, "America/New_York", after,             \
			{ DST_GAP_##gap, DST_OVERLAP_##overlap }, runs \
	}
#define NY "America/New_York"
static const struct row nights[] = {
	/* New York, 2025-03-09: 02:00 -> 03:00. D2: fixed once at 03:00, interval not at all. */
	R("30 2 * * *", NY, "2025-03-08T12:00:00",
	  "2025-03-09T03:00:00-04:00(gap) 2025-03-10T02:30:00-04:00"),
	R("30 2 * * *", NY, "2025-03-09T01:59:59",
	  "2025-03-09T03:00:00-04:00(gap) 2025-03-10T02:30:00-04:00"),
	R("30 2 * * *", NY, "2025-03-09T07:00:00Z", "2025-03-10T02:30:00-04:00"),
	R("0,30 2 * * *", NY, "2025-03-08T12:00:00",
	  "2025-03-09T03:00:00-04:00(gap) 2025-03-10T02:00:00-04:00 2025-03-10T02:30:00-04:00"),
	R("15,45 2-3 * * *", NY, "2025-03-09T00:00:00",
	  "2025-03-09T03:00:00-04:00(gap) 2025-03-09T03:15:00-04:00 2025-03-09T03:45:00-04:00"),
	R("0 2-3 * * *", NY, "2025-03-09T00:00:00", /* merged with what is due at 03:00 anyway */
	  "2025-03-09T03:00:00-04:00(gap) 2025-03-10T02:00:00-04:00 2025-03-10T03:00:00-04:00"),
	R("0 3 * * *", NY, "2025-03-08T12:00:00",
	  "2025-03-09T03:00:00-04:00 2025-03-10T03:00:00-04:00"),
	R("*/30 2 * * *", NY, "2025-03-08T12:00:00",
	  "2025-03-10T02:00:00-04:00 2025-03-10T02:30:00-04:00"),
	R("*/30 * * * *", NY, "2025-03-09T01:00:00",
	  "2025-03-09T01:30:00-05:00 2025-03-09T03:00:00-04:00 2025-03-09T03:30:00-04:00"),
	R("15 * * * *", NY, "2025-03-09T01:00:00",
	  "2025-03-09T01:15:00-05:00 2025-03-09T03:15:00-04:00"),
	R("30 2 9 3 *", NY, "2025-01-01T00:00:00",
	  "2025-03-09T03:00:00-04:00(gap) 2026-03-09T02:30:00-04:00"),
	R("30 2 * * SUN#2", NY, "2025-03-01T00:00:00",
	  "2025-03-09T03:00:00-04:00(gap) 2025-04-13T02:30:00-04:00"),
	R("59 59 2 * * *", NY, "2025-03-09T00:00:00",
	  "2025-03-09T03:00:00-04:00(gap) 2025-03-10T02:59:59-04:00"),
	/* New York, 2025-11-02: 02:00 -> 01:00. D3: fixed in the first pass, interval in both. */
	R("30 1 * * *", NY, "2025-11-01T12:00:00",
	  "2025-11-02T01:30:00-04:00(first) 2025-11-03T01:30:00-05:00"),
	R("30 1 * * *", NY, "2025-11-02T06:00:00Z", "2025-11-03T01:30:00-05:00"), /* second 01:00 */
	R("0 1,2 * * *", NY, "2025-11-01T12:00:00",
	  "2025-11-02T01:00:00-04:00(first) 2025-11-02T02:00:00-05:00 2025-11-03T01:00:00-05:00"),
	R("*/30 1 * * *", NY, "2025-11-01T12:00:00",
	  "2025-11-02T01:00:00-04:00(first) 2025-11-02T01:30:00-04:00(first) "
	  "2025-11-02T01:00:00-05:00(second) 2025-11-02T01:30:00-05:00(second) 2025-11-03T01:00:00-05:00"),
	R("0 * * * *", NY, "2025-11-02T00:30:00",
	  "2025-11-02T01:00:00-04:00(first) 2025-11-02T01:00:00-05:00(second) 2025-11-02T02:00:00-05:00"),
	R("59 59 1 * * *", NY, "2025-11-02T00:00:00",
	  "2025-11-02T01:59:59-04:00(first) 2025-11-03T01:59:59-05:00"),
	R("59 59 1 * * *", NY, "2025-11-02T06:59:30Z", "2025-11-03T01:59:59-05:00"),
	/* Berlin, 2025-03-30 02:00 -> 03:00, 2025-10-26 03:00 -> 02:00 */
	R("0 2 * * *", "Europe/Berlin", "2025-03-29T12:00:00",
	  "2025-03-30T03:00:00+02:00(gap) 2025-03-31T02:00:00+02:00"),
	R("0 2 * * *", "Europe/Berlin", "2025-10-25T12:00:00",
	  "2025-10-26T02:00:00+02:00(first) 2025-10-27T02:00:00+01:00"),
	R("0 */2 * * *", "Europe/Berlin", "2025-10-26T00:00:00",
	  "2025-10-26T02:00:00+02:00(first) 2025-10-26T02:00:00+01:00(second) 2025-10-26T04:00:00+01:00"),
	/* Lord Howe moves by 30 minutes: 2025-10-05 02:00 -> 02:30, 2025-04-06 02:00 -> 01:30 */
	R("15 2 * * *", "Australia/Lord_Howe", "2025-10-04T12:00:00",
	  "2025-10-05T02:30:00+11:00(gap) 2025-10-06T02:15:00+11:00"),
	R("45 2 * * *", "Australia/Lord_Howe", "2025-10-04T12:00:00", "2025-10-05T02:45:00+11:00"),
	R("*/15 * * * *", "Australia/Lord_Howe", "2025-10-05T01:30:00",
	  "2025-10-05T01:45:00+10:30 2025-10-05T02:30:00+11:00 2025-10-05T02:45:00+11:00"),
	R("45 1 * * *", "Australia/Lord_Howe", "2025-04-05T12:00:00",
	  "2025-04-06T01:45:00+11:00(first) 2025-04-07T01:45:00+10:30"),
	R("*/20 * * * *", "Australia/Lord_Howe", "2025-04-06T01:20:00",
	  "2025-04-06T01:40:00+11:00(first) 2025-04-06T01:40:00+10:30(second) 2025-04-06T02:00:00+10:30"),
	/* Apia skipped the whole of 2011-12-30. D4: nothing is caught up. */
	R("0 12 * * *", "Pacific/Apia", "2011-12-28T12:30:00",
	  "2011-12-29T12:00:00-10:00 2011-12-31T12:00:00+14:00"),
	R("0 12 30 * *", "Pacific/Apia", "2011-12-01T00:00:00", "2012-01-30T12:00:00+14:00"),
	R("0 0 * * *", "Pacific/Apia", "2011-12-29T00:00:00",
	  "2011-12-31T00:00:00+14:00 2012-01-01T00:00:00+14:00"),
	/* Chatham: 2025-09-28 02:45 -> 03:45, 2025-04-06 03:45 -> 02:45 */
	R("0 3 * * *", "Pacific/Chatham", "2025-09-27T12:00:00",
	  "2025-09-28T03:45:00+13:45(gap) 2025-09-29T03:00:00+13:45"),
	R("0 3 * * *", "Pacific/Chatham", "2025-04-05T12:00:00",
	  "2025-04-06T03:00:00+13:45(first) 2025-04-07T03:00:00+12:45"),
	R("0 * * * *", "Pacific/Chatham", "2025-04-06T02:30:00+13:45",
	  "2025-04-06T03:00:00+13:45(first) 2025-04-06T03:00:00+12:45(second) 2025-04-06T04:00:00+12:45"),
	/* Santiago changes at midnight: 2025-09-07 00:00 -> 01:00,
	 * 2025-04-06 00:00 -> 04-05 23:00 */
	R("0 0 * * *", "America/Santiago", "2025-09-06T12:00:00",
	  "2025-09-07T01:00:00-03:00(gap) 2025-09-08T00:00:00-03:00"),
	R("30 23 * * *", "America/Santiago", "2025-04-05T12:00:00",
	  "2025-04-05T23:30:00-03:00(first) 2025-04-06T23:30:00-04:00"),
	R("0 0 * * *", "America/Santiago", "2025-04-05T12:00:00", "2025-04-06T00:00:00-04:00"),
	R("0 * * * *", "America/Santiago", "2025-04-05T22:30:00",
	  "2025-04-05T23:00:00-03:00(first) 2025-04-05T23:00:00-04:00(second) 2025-04-06T00:00:00-04:00"),
	/* Cairo: 2025-04-25 00:00 -> 01:00, 2025-10-31 00:00 -> 10-30 23:00 */
	R("@daily", "Africa/Cairo", "2025-04-24T12:00:00",
	  "2025-04-25T01:00:00+03:00(gap) 2025-04-26T00:00:00+03:00"),
	R("0 23 L-1 10 *", "Africa/Cairo", "2025-10-01T00:00:00",
	  "2025-10-30T23:00:00+03:00(first) 2026-10-30T23:00:00+02:00"),
	/* Dublin: "winter time" is the saved one: 2025-03-30 01:00 -> 02:00,
	 * 2025-10-26 02:00 -> 01:00 */
	R("30 1 * * *", "Europe/Dublin", "2025-03-29T12:00:00",
	  "2025-03-30T02:00:00+01:00(gap) 2025-03-31T01:30:00+01:00"),
	R("30 1 * * *", "Europe/Dublin", "2025-10-25T12:00:00",
	  "2025-10-26T01:30:00+01:00(first) 2025-10-27T01:30:00+00:00"),
	/* Casablanca goes back for Ramadan: 2025-02-23 03:00 -> 02:00, 2025-04-06 02:00 -> 03:00 */
	R("30 2 * * *", "Africa/Casablanca", "2025-02-22T12:00:00",
	  "2025-02-23T02:30:00+01:00(first) 2025-02-24T02:30:00+00:00"),
	R("30 2 * * *", "Africa/Casablanca", "2025-04-05T12:00:00",
	  "2025-04-06T03:00:00+01:00(gap) 2025-04-07T02:30:00+01:00"),
	/* Troll moves by 2 hours: 2025-03-30 01:00 -> 03:00, 2025-10-26 03:00 -> 01:00 */
	R("30 1,2 * * *", "Antarctica/Troll", "2025-03-29T12:00:00",
	  "2025-03-30T03:00:00+02:00(gap) 2025-03-31T01:30:00+02:00 2025-03-31T02:30:00+02:00"),
	R("0 1,2 * * *", "Antarctica/Troll", "2025-10-25T12:00:00",
	  "2025-10-26T01:00:00+02:00(first) 2025-10-26T02:00:00+02:00(first) 2025-10-27T01:00:00+00:00"),
	R("0 1/1 * * *", "Antarctica/Troll", "2025-10-26T00:30:00+02:00",
	  "2025-10-26T01:00:00+02:00(first) 2025-10-26T02:00:00+02:00(first) "
	  "2025-10-26T01:00:00+00:00(second) 2025-10-26T02:00:00+00:00(second) 2025-10-26T03:00:00+00:00"),
	/* Nuuk: the gap is the last hour of a day, 2025-03-29 23:00 -> 03-30 00:00; the overlap
	 * begins after midnight, 2025-10-26 00:00 -> 10-25 23:00. */
	R("30 23 * * *", "America/Nuuk", "2025-03-29T12:00:00",
	  "2025-03-30T00:00:00-01:00(gap) 2025-03-30T23:30:00-01:00"),
	R("30 23 29 3 *", "America/Nuuk", "2025-03-29T12:00:00",
	  "2025-03-30T00:00:00-01:00(gap) 2026-03-29T23:30:00-01:00"),
	R("0 0 * * *", "America/Nuuk", "2025-03-29T12:00:00", "2025-03-30T00:00:00-01:00"),
	R("*/30 23 * * *", "America/Nuuk", "2025-03-29T12:00:00", "2025-03-30T23:00:00-01:00"),
	R("0 23 * * *", "America/Nuuk", "2025-10-25T12:00:00",
	  "2025-10-25T23:00:00-01:00(first) 2025-10-26T23:00:00-02:00"),
	R("0 0,23 * * *", "America/Nuuk", "2025-10-25T12:00:00",
	  "2025-10-25T23:00:00-01:00(first) 2025-10-26T00:00:00-02:00 2025-10-26T23:00:00-02:00"),
	/* Policies */
	P("30 2 * * *", SKIP, RULE, "2025-03-08T12:00:00", "2025-03-10T02:30:00-04:00"),
	P("30 2 * * *", SHIFT, RULE, "2025-03-08T12:00:00",
	  "2025-03-09T03:30:00-04:00(gap) 2025-03-10T02:30:00-04:00"),
	P("0,30 2 * * *", SHIFT, RULE, "2025-03-08T12:00:00",
	  "2025-03-09T03:00:00-04:00(gap) 2025-03-09T03:30:00-04:00(gap) 2025-03-10T02:00:00-04:00"),
	P("45 2,3 * * *", SHIFT, RULE, "2025-03-08T12:00:00", /* both mean 03:45: one run */
	  "2025-03-09T03:45:00-04:00(gap) 2025-03-10T02:45:00-04:00"),
	P("15 3 * * *", SHIFT, RULE, "2025-03-08T12:00:00", "2025-03-09T03:15:00-04:00"),
	P("15 2 * * *", SHIFT, RULE, "2025-03-09T07:00:00Z", "2025-03-09T03:15:00-04:00(gap)"),
	P("15 2 * * *", SHIFT, RULE, "2025-03-09T07:15:00Z", "2025-03-10T02:15:00-04:00"),
	P("*/30 2 * * *", SHIFT, RULE, "2025-03-08T12:00:00", "2025-03-10T02:00:00-04:00"),
	P("30 1 * * *", FIRE, FIRST, "2025-11-01T12:00:00",
	  "2025-11-02T01:30:00-04:00(first) 2025-11-03T01:30:00-05:00"),
	P("30 1 * * *", FIRE, SECOND, "2025-11-01T12:00:00",
	  "2025-11-02T01:30:00-05:00(second) 2025-11-03T01:30:00-05:00"),
	P("30 1 * * *", FIRE, BOTH, "2025-11-01T12:00:00",
	  "2025-11-02T01:30:00-04:00(first) 2025-11-02T01:30:00-05:00(second) 2025-11-03T01:30:00-05:00"),
	P("30 1 2 11 *", FIRE, BOTH, "2025-11-01T12:00:00",
	  "2025-11-02T01:30:00-04:00(first) 2025-11-02T01:30:00-05:00(second) 2026-11-02T01:30:00-05:00"),
	P("*/30 * * * *", FIRE, FIRST, "2025-11-02T01:00:00-04:00",
	  "2025-11-02T01:30:00-04:00(first) 2025-11-02T02:00:00-05:00"),
	P("*/30 * * * *", FIRE, SECOND, "2025-11-02T00:30:00",
	  "2025-11-02T01:00:00-05:00(second) 2025-11-02T01:30:00-05:00(second) 2025-11-02T02:00:00-05:00"),
};

static const struct row calendar[] = {
	R("* * * * *", "UTC", "2025-01-01T00:00:00", "2025-01-01T00:01:00+00:00"),
	R("* * * * *", "UTC", "2024-12-31T23:59:59.999", "2025-01-01T00:00:00+00:00"),
	R("* * * * * *", "UTC", "2025-01-01T00:00:00.5", "2025-01-01T00:00:01+00:00"), /* P1 */
	R("0 0 1 1 *", "UTC", "2025-01-01T00:00:00", "2026-01-01T00:00:00+00:00"),
	R("59 59 23 31 12 *", "UTC", "2025-01-01T00:00:00", "2025-12-31T23:59:59+00:00"),
	R("0 0 29 2 *", "UTC", "2025-01-01T00:00:00",
	  "2028-02-29T00:00:00+00:00 2032-02-29T00:00:00+00:00"),
	R("0 0 29 2 *", "UTC", "2096-03-01T00:00:00", "2104-02-29T00:00:00+00:00"),
	R("0 0 29 2 +1", "UTC", "2072-03-01T00:00:00", "2112-02-29T00:00:00+00:00"), /* 40 years */
	R("0 0 13 * 5", "UTC", "2025-06-01T00:00:00",
	  "2025-06-06T00:00:00+00:00 2025-06-13T00:00:00+00:00 2025-06-20T00:00:00+00:00 "
	  "2025-06-27T00:00:00+00:00 2025-07-04T00:00:00+00:00 2025-07-11T00:00:00+00:00 "
	  "2025-07-13T00:00:00+00:00"),
	R("0 0 13 * +5", "UTC", "2025-06-01T00:00:00",
	  "2025-06-13T00:00:00+00:00 2026-02-13T00:00:00+00:00"),
	R("0 0 */2 * 1", "UTC", "2025-06-01T00:00:00", /* Monday 2nd by OR */
	  "2025-06-02T00:00:00+00:00 2025-06-03T00:00:00+00:00 2025-06-05T00:00:00+00:00"),
	R("0 0 */1 * 1", "UTC", "2025-06-03T00:00:00", "2025-06-04T00:00:00+00:00"),
	R("0 0 1-7 * +SUN", "UTC", "2025-06-02T00:00:00", "2025-07-06T00:00:00+00:00"),
	R("0 0 L * *", "UTC", "2025-01-31T12:00:00",
	  "2025-02-28T00:00:00+00:00 2025-03-31T00:00:00+00:00"),
	R("0 0 L 2 *", "UTC", "2028-01-01T00:00:00", "2028-02-29T00:00:00+00:00"),
	R("0 0 L-3 * *", "UTC", "2025-01-01T00:00:00",
	  "2025-01-28T00:00:00+00:00 2025-02-25T00:00:00+00:00"),
	R("0 0 L-30 * *", "UTC", "2025-01-02T00:00:00",
	  "2025-03-01T00:00:00+00:00 2025-05-01T00:00:00+00:00"),
	R("0 0 LW * *", "UTC", "2025-05-01T00:00:00", /* 31st is a Saturday */
	  "2025-05-30T00:00:00+00:00 2025-06-30T00:00:00+00:00"),
	R("0 0 1W * *", "UTC",
	  "2025-02-02T00:00:00", /* 1 February and 1 March 2025 are Saturdays */
	  "2025-02-03T00:00:00+00:00 2025-03-03T00:00:00+00:00 2025-04-01T00:00:00+00:00"),
	R("0 0 1W 6 *", "UTC", "2025-01-01T00:00:00", "2025-06-02T00:00:00+00:00"), /* a Sunday */
	R("0 0 31W * *", "UTC", "2025-08-01T00:00:00", /* 31 August a Sunday; September has none */
	  "2025-08-29T00:00:00+00:00 2025-10-31T00:00:00+00:00"),
	R("0 0 15W * *", "UTC", "2025-02-01T00:00:00",
	  "2025-02-14T00:00:00+00:00 2025-03-14T00:00:00+00:00"),
	R("0 0 L-2W 8 *", "UTC", "2025-01-01T00:00:00", "2025-08-29T00:00:00+00:00"),
	R("0 0 * * 5#5", "UTC", "2025-01-01T00:00:00",
	  "2025-01-31T00:00:00+00:00 2025-05-30T00:00:00+00:00"),
	R("0 0 * * MON#1,FRI#L", "UTC", "2025-06-01T00:00:00",
	  "2025-06-02T00:00:00+00:00 2025-06-27T00:00:00+00:00 2025-07-07T00:00:00+00:00"),
	R("0 0 * * 5L", "UTC", "2025-06-01T00:00:00", "2025-06-27T00:00:00+00:00"),
	R("0 0 * * 0L", "UTC", "2025-06-01T00:00:00", "2025-06-29T00:00:00+00:00"),
	R("0 0 * * 7L", "UTC", "2025-06-01T00:00:00", "2025-06-29T00:00:00+00:00"),
	R("0 0 * * 3,5#1", "UTC", "2025-06-01T00:00:00",
	  "2025-06-04T00:00:00+00:00 2025-06-06T00:00:00+00:00 2025-06-11T00:00:00+00:00"),
	R("0 22-2/2 * * *", "UTC", "2025-06-01T00:30:00",
	  "2025-06-01T02:00:00+00:00 2025-06-01T22:00:00+00:00 2025-06-02T00:00:00+00:00"),
	R("*/7 * * * *", "UTC", "2025-06-01T00:55:00",
	  "2025-06-01T00:56:00+00:00 2025-06-01T01:00:00+00:00"),
	R("0 0 0 1 1 * 2024-2026", "UTC", "2025-06-01T00:00:00", "2026-01-01T00:00:00+00:00 never"),
	R("0 0 0 1 1 * 2001", "UTC", "2025-06-01T00:00:00",
	  "never"), /* all past: valid, empty (C9) */
	R("0 0 0 1 1 * 1970,2199", "UTC", "2025-06-01T00:00:00", "2199-01-01T00:00:00+00:00 never"),
	R("* * * * * *", "UTC", "2199-12-31T23:59:58", "2199-12-31T23:59:59+00:00 never"),
	R("* * * * *", "UTC", "9999-12-31T23:59:59", "never"),
	R("0 0 1 1 *", "Asia/Tokyo", "1970-01-01T09:00:00", "1971-01-01T00:00:00+09:00"),
	/* All matches are skipped by the clock, those of April until 2006. */
	R("*/30 2 8-14 3 +SUN", NY, "2007-01-01T00:00:00", "never"),
	R("*/30 2 * 4 SUN#1", NY, "1987-01-01T00:00:00", "2007-04-01T02:00:00-04:00"),
	R("0 */30 2 * 4 SUN#1 1987-2006,2199", NY, "1987-01-01T00:00:00",
	  "2199-04-07T02:00:00-04:00"),
	P("30 2 8-14 3 +SUN", SKIP, RULE, "2007-01-01T00:00:00", "never"),
	/* 2025 and 2031 are of one kind, and the search begins behind January of 2025. */
	R("0 */30 2 5,8,9 1,3 +SUN 2025,2026,2031", NY, "2025-02-01T00:00:00",
	  "2031-01-05T02:00:00-05:00"),
	/* From one winter to the last hour of the summer. */
	R("30 1 2 11 *", NY, "2025-01-01T00:00:00", "2025-11-02T01:30:00-04:00(first)"),
	R("*/30 2 25-31 3 +SUN", "Europe/Berlin", "1981-01-01T00:00:00", "never"),
};

START_TEST(dst_nights)
{
	check_row(&nights[_i]);
}
END_TEST

START_TEST(calendar_corners)
{
	check_row(&calendar[_i]);
}
END_TEST

START_TEST(edges_of_time)
{
	static const struct dst_policy rule = { 0, 0 };
	struct cron c = cron_of("* * * * *");

	ck_assert_int_eq(cron_next(&c, tz_utc(), rule, INT64_MIN, NULL), 0);
	ck_assert_int_eq(cron_next(&c, tz_utc(), rule, -1, NULL), 0);
	ck_assert_int_eq(cron_next(&c, tz_utc(), rule, 0, NULL), MIN);
	ck_assert(cron_next(&c, tz_utc(), rule, USEC_NEVER, NULL) == USEC_NEVER);
	ck_assert(cron_next(&c, tz_utc(), rule, USEC_NEVER - 1, NULL) == USEC_NEVER);
}
END_TEST

START_TEST(month_days)
{
	struct cron c = cron_of("0 0 0 1,L * 1#2 2025");

	ck_assert_uint_eq(cron_month_days(&c, 2025, 6), 1u << 1 | 1u << 9 | 1u << 30);
	ck_assert_uint_eq(cron_month_days(&c, 2026, 6), 0);
	ck_assert_uint_eq(cron_month_days(&c, 1969, 6), 0);
	ck_assert_uint_eq(cron_month_days(&c, 2200, 6), 0);
}
END_TEST

/* ---- croner ---- */

/* Other zone data than the table was made with may differ in coming years; then only zones that
 * have not changed their rules for decades are compared. */
static bool is_steady(const char *zone)
{
	static const char *const steady[] = { "UTC",
					      NY,
					      "Europe/Berlin",
					      "Asia/Tokyo",
					      "Asia/Kolkata",
					      "Pacific/Auckland",
					      "Australia/Sydney" };

	for (size_t i = 0; i < sizeof steady / sizeof steady[0]; i++)
		if (strcmp(zone, steady[i]) == 0)
			return true;
	return false;
}

/* expression, zone, after, up to three distances; the table ends with 2037. */
static void check_croner(char *line)
{
	static const struct dst_policy rule = { 0, 0 };
	char *column[6] = { NULL };
	unsigned n = 0;
	struct cron_parsed p;
	struct tz_hint hint = { 0 };
	usec_t at;

	for (char *s = line; s && n < 6; n++) {
		column[n] = s;
		s = strchr(s, '\t');
		if (s)
			*s++ = '\0';
	}
	ck_assert_uint_ge(n, 4);
	const struct tz *z = tz_find(zones, slice_of(column[1]));

	ck_assert_msg(z != NULL, "%s", column[1]);
	if (cron_parse(slice_of(column[0]), 0, &p, NULL)) {
		ck_assert_msg(column[3][0] == '-', "%s is refused", column[0]);
		return;
	}
	at = strtoll(column[2], NULL, 10) * SEC;
	for (unsigned i = 3; i < n; i++) {
		usec_t next = cron_next(&p.cron, z, rule, at, &hint);
		usec_t want = column[i][0] == '-' ? USEC_NEVER
						  : at + strtoll(column[i], NULL, 10) * SEC;

		ck_assert_msg(next == want || (want == USEC_NEVER && next >= 2145916800 * SEC),
			      "%s\t%s\t%s: run %u is %lld", column[0], column[1], column[2], i - 2,
			      (long long)next / SEC);
		at = next;
	}
}

/* Since when the zone's changes are those of its footer, as tzdata's history has it. */
START_TEST(rule_years)
{
	static const struct {
		const char *zone;
		int year;
	} rows[] = {
		{ NY, 2007 },
		{ "Europe/Berlin", 1996 },
		{ "Australia/Lord_Howe", 2008 },
		{ "Asia/Tokyo", TZ_LAST_YEAR + 1 },
		{ "Africa/Casablanca", TZ_LAST_YEAR + 1 },
		{ "UTC", TZ_LAST_YEAR + 1 },
	};
	const struct tz *z = tz_find(zones, slice_of(rows[_i].zone));

	ck_assert_msg(z->rule_year == rows[_i].year, "%s: %d", rows[_i].zone, z->rule_year);
}
END_TEST

START_TEST(agrees_with_croner)
{
	FILE *f = fopen("tests/data/cron_croner.tsv", "r");
	char line[1024], version[64];
	unsigned rows = 0;
	bool is_same;

	ck_assert_msg(f != NULL, "run from the root of the tree");
	ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
	(void)snprintf(version, sizeof version, "system tzdata %s,", tz_db_version(zones));
	is_same = strstr(line, version) != NULL;
	while (fgets(line, sizeof line, f)) {
		char *zone = strchr(line, '\t');

		if (line[0] == '#' || !zone)
			continue;
		line[strcspn(line, "\n")] = '\0';
		char name[64];

		(void)snprintf(name, sizeof name, "%.*s", (int)strcspn(zone + 1, "\t"), zone + 1);
		if (is_same || is_steady(name))
			check_croner(line);
		rows++;
	}
	(void)fclose(f);
	ck_assert_uint_ge(rows, 20000);
}
END_TEST

Suite *suite_cron_next(void)
{
	Suite *s = suite_create("cron_next");
	TCase *tc = tcase_create("cron_next");

	tcase_add_unchecked_fixture(tc, zones_open, zones_close);
	tcase_add_loop_test(tc, dst_nights, 0, sizeof nights / sizeof nights[0]);
	tcase_add_loop_test(tc, calendar_corners, 0, sizeof calendar / sizeof calendar[0]);
	tcase_add_test(tc, edges_of_time);
	tcase_add_test(tc, month_days);
	tcase_add_loop_test(tc, rule_years, 0, 6);
	tcase_add_test(tc, agrees_with_croner);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}
