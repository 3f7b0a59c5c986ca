/* When keys were last used: once a key, the ceiling, and what becomes of it when it cannot be written. There is no
 * database here: every write is refused as busy. */
#include <check.h>

#include "base/clock.h"
#include "core/core.h"
#include "core/key_use.h"
#include "io/db.h"
#include "io/loop.h"
#include "sql.h"

static struct core core;
static usec_t now;

static void setup(void)
{
	now = 1000000 * MIN;
	clock_set(now);
	core = (struct core){ .loop = loop_new() };
	core.db = db_new(core.loop, "host=/nowhere dbname=none", db_stmts, SQL_COUNT);
	core.key_use = key_use_new(&core);
}

static void teardown(void)
{
	db_free(core.db);
	key_use_free(core.key_use);
	loop_free(core.loop);
	clock_unset();
}

static void use(int n)
{
	struct who who = { .key = { { [0] = (uint8_t)n, [1] = (uint8_t)(n >> 8), [15] = 1 } } };

	key_used(&core, &who, now);
}

static void stop(void *ctx)
{
	loop_stop(ctx);
}

static void turn(void)
{
	struct alarm end;

	alarm_init(&end, core.loop, stop, core.loop);
	alarm_in(&end, 20 * MSEC);
	loop_run(core.loop);
	alarm_release(&end);
}

START_TEST(a_key_is_one)
{
	for (int i = 0; i < 1000; i++)
		use(i % 3);
	ck_assert_uint_eq(key_use_pending(&core), 3);
}
END_TEST

START_TEST(who_has_no_key_is_nobody)
{
	struct who who = { .actor = ACTOR_COMMAND };

	key_used(&core, &who, now);
	ck_assert_uint_eq(key_use_pending(&core), 0);
	key_use_flush(&core);
	ck_assert_uint_eq(key_use_pending(&core), 0);
}
END_TEST

START_TEST(there_is_a_ceiling)
{
	for (int i = 0; i < KEY_USE_MAX; i++)
		use(i);
	ck_assert_uint_eq(key_use_pending(&core), KEY_USE_MAX);
	use(KEY_USE_MAX);
	use(7);
	ck_assert_uint_eq(key_use_pending(&core), KEY_USE_MAX);
}
END_TEST

/* Not before its minute is over; and what could not be written is there for the next. */
START_TEST(written_once_a_minute)
{
	use(1);
	clock_set(now + KEY_USE_EVERY - 1);
	loop_clock_moved(core.loop);
	turn();
	ck_assert_uint_eq(key_use_pending(&core), 1);
	clock_set(now + KEY_USE_EVERY);
	loop_clock_moved(core.loop);
	turn();
	ck_assert_uint_eq(key_use_pending(&core), 1);
	use(1);
	use(2);
	ck_assert_uint_eq(key_use_pending(&core), 2);
}
END_TEST

/* Those that are being written count: what comes back has its place. */
START_TEST(what_was_not_written_stays_in_the_ceiling)
{
	for (int i = 0; i < KEY_USE_MAX; i++)
		use(i);
	key_use_flush(&core);
	use(KEY_USE_MAX);
	ck_assert_uint_eq(key_use_pending(&core), KEY_USE_MAX);
	turn();
	ck_assert_uint_eq(key_use_pending(&core), KEY_USE_MAX);
	use(KEY_USE_MAX);
	ck_assert_uint_eq(key_use_pending(&core), KEY_USE_MAX);
}
END_TEST

Suite *suite_key_use(void)
{
	Suite *s = suite_create("key_use");
	TCase *c = tcase_create("using");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, a_key_is_one);
	tcase_add_test(c, who_has_no_key_is_nobody);
	tcase_add_test(c, there_is_a_ceiling);
	tcase_add_test(c, written_once_a_minute);
	tcase_add_test(c, what_was_not_written_stays_in_the_ceiling);
	suite_add_tcase(s, c);
	return s;
}
