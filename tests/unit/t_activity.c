/* Counting requests: what is counted together, the ceiling, and what becomes of counts that cannot be written.
 * There is no database here: every write is refused as busy. */
#include <check.h>

#include "base/clock.h"
#include "base/metric.h"
#include "core/activity.h"
#include "core/core.h"
#include "io/db.h"
#include "io/loop.h"
#include "sql.h"

static struct core core;
static usec_t now;

static void setup(void)
{
	now = 1000000 * ACTIVITY_SLOT;
	clock_set(now);
	core = (struct core){ .loop = loop_new() };
	core.db = db_new(core.loop, "host=/nowhere dbname=none", db_stmts, SQL_COUNT);
	core.activity = activity_new(&core);
	metric_clear();
}

static void teardown(void)
{
	db_free(core.db);
	activity_free(core.activity);
	loop_free(core.loop);
	clock_unset();
}

static struct who tenant(int n)
{
	return (struct who){ .tenant = { { [0] = (uint8_t)n, [1] = (uint8_t)(n >> 8), [15] = 1 } },
			     .bucket = (int16_t)(n % 256) };
}

static void stop(void *ctx)
{
	loop_stop(ctx);
}

/* Lets the loop do what is due. */
static void turn(void)
{
	struct alarm end;

	alarm_init(&end, core.loop, stop, core.loop);
	alarm_in(&end, 20 * MSEC);
	loop_run(core.loop);
	alarm_release(&end);
}

static void count(int n, usec_t at)
{
	struct who who = tenant(n);

	core_activity(&core, &who, at);
}

START_TEST(counts_add_up)
{
	for (int i = 0; i < 1000; i++)
		count(i % 3, now + i * SEC);
	ck_assert_int_eq(activity_pending(&core), 1000);
	ck_assert_int_eq(metric_get(METRIC_ACTIVITY_DROPPED), 0);
}
END_TEST

/* Places, not requests: those of a tenant and quarter that are known still count. */
START_TEST(there_is_a_ceiling)
{
	for (int i = 0; i < ACTIVITY_MAX; i++)
		count(i, now);
	count(ACTIVITY_MAX, now);
	ck_assert_int_eq(metric_get(METRIC_ACTIVITY_DROPPED), 1);
	count(7, now);
	count(7, now + ACTIVITY_SLOT - 1);
	ck_assert_int_eq(metric_get(METRIC_ACTIVITY_DROPPED), 1);
	count(7, now + ACTIVITY_SLOT);
	ck_assert_int_eq(metric_get(METRIC_ACTIVITY_DROPPED), 2);
	ck_assert_int_eq(activity_pending(&core), ACTIVITY_MAX + 2);
}
END_TEST

/* A full table is written early; what is refused waits, and there is room again. */
START_TEST(a_full_table_makes_room)
{
	for (int i = 0; i <= ACTIVITY_MAX; i++)
		count(i, now);
	turn();
	count(ACTIVITY_MAX, now);
	ck_assert_int_eq(metric_get(METRIC_ACTIVITY_DROPPED), 1);
	ck_assert_int_eq(activity_pending(&core), ACTIVITY_MAX + 1);
}
END_TEST

START_TEST(refused_counts_are_kept)
{
	count(1, now);
	count(1, now);
	activity_flush(&core);
	turn();
	count(2, now);
	ck_assert_int_eq(activity_pending(&core), 3);
	clock_set(now + ACTIVITY_EVERY);
	loop_clock_moved(core.loop);
	turn();
	ck_assert_int_eq(activity_pending(&core), 3);
	ck_assert_int_eq(metric_get(METRIC_ACTIVITY_DROPPED), 0);
}
END_TEST

START_TEST(nothing_is_nothing)
{
	activity_flush(&core);
	ck_assert_int_eq(activity_pending(&core), 0);
}
END_TEST

Suite *suite_activity(void)
{
	Suite *s = suite_create("activity");
	TCase *c = tcase_create("counting");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, counts_add_up);
	tcase_add_test(c, there_is_a_ceiling);
	tcase_add_test(c, a_full_table_makes_room);
	tcase_add_test(c, refused_counts_are_kept);
	tcase_add_test(c, nothing_is_nothing);
	suite_add_tcase(s, c);
	return s;
}
