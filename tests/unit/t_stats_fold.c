/* Sums by the hour to days of a zone, a rate and an average. */
#include <check.h>
#include <stdio.h>

#include "core/stats_int.h"
#include "when/stamp.h"

#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
#define NOON "2030-04-10T12:00:00Z"

struct hour {
	const char *at;
	int64_t completed, failed, cancelled, expired, skipped;
	usec_t took;
};

static const struct {
	int line;
	const char *zone, *now;
	struct hour hours[3];
	int64_t rate;
	usec_t average;
	const char *days; /* "29: 1 0 0 0": those that are not empty */
} rows[] = {
	R("UTC", NOON, { { .at = NULL } }, -1, USEC_NEVER, ""),
	R("UTC", NOON, { { "2030-04-10T11:00:00Z", 3, 1, 0, 0, 0, 8 * SEC } }, 7500, 2 * SEC,
	  "29: 3 1 0 0"),
	/* an expired one has failed, but it took no time; cancelled and skipped ones are neither */
	R("UTC", NOON, { { "2030-04-10T11:00:00Z", 1, 0, 0, 1, 0, 8 * SEC } }, 5000, 8 * SEC,
	  "29: 1 1 0 0"),
	R("UTC", NOON, { { "2030-04-10T11:00:00Z", 1, 0, 5, 0, 7, SEC } }, 10000, SEC,
	  "29: 1 0 5 7"),
	R("UTC", NOON, { { "2030-04-10T11:00:00Z", 0, 0, 5, 0, 7, 0 } }, -1, USEC_NEVER,
	  "29: 0 0 5 7"),
	R("UTC", NOON, { { "2030-04-10T11:00:00Z", 0, 2, 0, 0, 0, SEC } }, 0, SEC / 2,
	  "29: 0 2 0 0"),
	/* rounded, but one failure in a million is not none */
	R("UTC", NOON, { { "2030-04-10T11:00:00Z", 2, 1, 0, 0, 0, 0 } }, 6667, 0, "29: 2 1 0 0"),
	R("UTC", NOON, { { "2030-04-10T11:00:00Z", 999999, 1, 0, 0, 0, 0 } }, 9999, 0,
	  "29: 999999 1 0 0"),
	/* today and the 29 before */
	R("UTC", NOON,
	  { { "2030-03-11T23:00:00Z", 1, 0, 0, 0, 0, 0 },
	    { "2030-03-12T00:00:00Z", 2, 0, 0, 0, 0, 0 },
	    { "2030-04-09T23:00:00Z", 4, 0, 0, 0, 0, 0 } },
	  10000, 0, "0: 2 0 0 0; 28: 4 0 0 0"),
	/* as the zone has them: midnight is at 22:00 in summer, at 23:00 before 2030-03-31 */
	R("Europe/Berlin", NOON,
	  { { "2030-04-09T22:00:00Z", 1, 0, 0, 0, 0, 0 },
	    { "2030-04-09T21:00:00Z", 2, 0, 0, 0, 0, 0 },
	    { "2030-03-30T22:00:00Z", 4, 0, 0, 0, 0, 0 } },
	  10000, 0, "18: 4 0 0 0; 28: 2 0 0 0; 29: 1 0 0 0"),
	R("America/New_York", "2030-04-10T03:00:00Z",
	  { { "2030-04-10T03:00:00Z", 1, 0, 0, 0, 0, 0 },
	    { "2030-04-10T04:00:00Z", 2, 0, 0, 0, 0, 0 } },
	  10000, 0, "29: 1 0 0 0"),
	/* an hour belongs to the day it begins in: this one is half of the 10th's */
	R("Asia/Kolkata", NOON, { { "2030-04-09T18:00:00Z", 1, 0, 0, 0, 0, 0 } }, 10000, 0,
	  "28: 1 0 0 0"),
};

static size_t take(const struct hour *from, struct rollup_hour *out)
{
	size_t n = 0;

	for (; n < 3 && from[n].at; n++) {
		out[n] = (struct rollup_hour){ 0,
					       from[n].completed,
					       from[n].failed,
					       from[n].cancelled,
					       from[n].expired,
					       from[n].skipped,
					       from[n].took };
		ck_assert_int_eq(stamp_parse(slice_of(from[n].at), &out[n].hour), WHEN_OK);
	}
	return n;
}

START_TEST(folded)
{
	struct tz_db *zones = tz_db_new(NULL);
	struct stats_today today = { tz_find(zones, slice_of(rows[_i].zone)), 0 };
	struct stats_ended days[STATS_DAYS] = { { 0 } };
	struct stats_window window = { .rate = 0 };
	struct rollup_hour hours[3];
	char got[300] = "";
	size_t at = 0;

	ck_assert_ptr_nonnull(today.tz);
	ck_assert_int_eq(stamp_parse(slice_of(rows[_i].now), &today.now), WHEN_OK);
	stats_fold(&window, days, hours, take(rows[_i].hours, hours), &today);
	for (int i = 0; i < STATS_DAYS; i++) {
		const struct stats_ended *d = &days[i];

		if (d->completed || d->failed || d->cancelled || d->skipped)
			at += (size_t)snprintf(got + at, sizeof(got) - at,
					       "%s%d: %lld %lld %lld %lld", at ? "; " : "", i,
					       (long long)d->completed, (long long)d->failed,
					       (long long)d->cancelled, (long long)d->skipped);
	}
	ck_assert_msg(strcmp(got, rows[_i].days) == 0, "row of line %d: got %s", rows[_i].line,
		      got);
	ck_assert_msg(window.rate == rows[_i].rate, "row of line %d: rate %lld", rows[_i].line,
		      (long long)window.rate);
	ck_assert_msg(window.average == rows[_i].average, "row of line %d: average %lld",
		      rows[_i].line, (long long)window.average);
	tz_db_free(zones);
}
END_TEST

Suite *suite_stats_fold(void)
{
	Suite *s = suite_create("stats_fold");
	TCase *c = tcase_create("days");

	tcase_add_loop_test(c, folded, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, c);
	return s;
}
