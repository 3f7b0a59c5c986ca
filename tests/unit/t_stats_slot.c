/* Durations in slots: borders, what stands for a slot, percentiles. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "core/stats.h"

static const struct {
	usec_t duration;
	int slot;
} rows[] = {
	{ -5, 0 },
	{ 0, 0 },
	{ 999, 0 },
	{ MSEC, 0 },
	{ MSEC + 1, 1 },
	{ 1090, 1 }, /* 1 ms * 2^(1/8) is 1,090.5 us */
	{ 1091, 2 },
	{ 2 * MSEC, 8 },
	{ 2 * MSEC + 1, 9 },
	{ 1024 * MSEC, 80 },
	{ 1024 * MSEC + 1, 81 },
	{ 23 * HOUR, 211 },
	{ DAY, 211 },
	{ 40 * DAY, 211 },
	{ INT64_MAX, 211 },
};

START_TEST(slots)
{
	ck_assert_int_eq(stats_slot(rows[_i].duration), rows[_i].slot);
}
END_TEST

/* Every duration from a millisecond to a day is within 5 % of what stands for its slot. */
START_TEST(near_enough)
{
	for (double d = 1.01 * MSEC; d < 22 * HOUR; d *= 1.003) {
		double shown = (double)stats_slot_middle(stats_slot((usec_t)d));

		ck_assert_msg(fabs(shown / d - 1) < 0.05, "%.0f us is shown as %.0f us", d, shown);
	}
	ck_assert_int_le(stats_slot_middle(0), MSEC);
	ck_assert_int_eq(stats_slot_middle(STATS_SLOTS - 1), DAY);
}
END_TEST

START_TEST(rising)
{
	for (int i = 0; i < STATS_SLOTS; i++) {
		ck_assert_int_eq(stats_slot(stats_slot_middle(i)), i);
		if (i)
			ck_assert_int_gt(stats_slot_middle(i), stats_slot_middle(i - 1));
	}
}
END_TEST

static const struct {
	struct {
		int slot;
		int64_t runs;
	} counts[3];
	double p;
	int slot; /* -1: no runs */
} percentiles[] = {
	{ { { 0 } }, 0.5, -1 },
	{ { { 7, 1 } }, 0.5, 7 },
	{ { { 7, 1 } }, 1, 7 },
	{ { { 7, 1 }, { 90, 1 } }, 0.5, 7 },
	{ { { 7, 1 }, { 90, 1 } }, 0.51, 90 },
	{ { { 7, 50 }, { 90, 45 }, { 150, 5 } }, 0.5, 7 },
	{ { { 7, 50 }, { 90, 45 }, { 150, 5 } }, 0.95, 90 },
	{ { { 7, 50 }, { 90, 45 }, { 150, 5 } }, 0.951, 150 },
	{ { { 7, 50 }, { 90, 45 }, { 150, 5 } }, 0.001, 7 },
	{ { { 0, 10 }, { 211, 10 } }, 1, 211 },
	{ { { 7, (int64_t)1 << 40 }, { 90, 1 } }, 0.99, 7 },
};

START_TEST(percentile)
{
	int64_t counts[STATS_SLOTS] = { 0 };

	for (int i = 0; i < 3; i++)
		counts[percentiles[_i].counts[i].slot] += percentiles[_i].counts[i].runs;
	ck_assert_int_eq(stats_percentile(counts, percentiles[_i].p),
			 percentiles[_i].slot < 0 ? 0 : stats_slot_middle(percentiles[_i].slot));
}
END_TEST

Suite *suite_stats_slot(void)
{
	Suite *s = suite_create("stats_slot");
	TCase *t = tcase_create("slots");

	tcase_add_loop_test(t, slots, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(t, near_enough);
	tcase_add_test(t, rising);
	tcase_add_loop_test(t, percentile, 0, sizeof percentiles / sizeof percentiles[0]);
	suite_add_tcase(s, t);
	return s;
}
