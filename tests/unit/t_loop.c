/* The loop: deferred calls, alarms on both clocks, signals, the stall meter. */
#include <check.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "io/loop.h"

static struct loop *loop;
static char trace[64];
static size_t traced;

static void mark(char c)
{
	ck_assert(traced + 1 < sizeof(trace));
	trace[traced++] = c;
}

static void setup(void)
{
	clock_unset();
	loop = loop_new();
	memset(trace, 0, sizeof(trace));
	traced = 0;
}

static void teardown(void)
{
	clock_unset();
	loop_free(loop);
}

static void stop(void *ctx)
{
	(void)ctx;
	loop_stop(loop);
}

static void letter(void *ctx)
{
	mark(*(char *)ctx);
}

static void letter_and_more(void *ctx)
{
	mark(*(char *)ctx);
	loop_defer(loop, letter, ctx);
	mark('(');
}

START_TEST(deferred_in_order)
{
	char a = 'a', b = 'b', c = 'c';

	loop_defer(loop, letter, &a);
	loop_defer(loop, letter_and_more, &b);
	loop_defer(loop, letter, &c);
	loop_defer(loop, stop, NULL);
	ck_assert_str_eq(trace, "");
	loop_run(loop);
	ck_assert_str_eq(trace, "ab(cb");
}
END_TEST

static int deferred_left;

static void again(void *ctx)
{
	if (--deferred_left > 0)
		loop_defer(loop, again, ctx);
	if (deferred_left == 0)
		loop_stop(loop);
}

START_TEST(deferred_many)
{
	deferred_left = 1000;
	for (int i = 0; i < 500; i++)
		loop_defer(loop, again, NULL);
	loop_run(loop);
	ck_assert_int_le(deferred_left, 0);
}
END_TEST

/* Two events of one turn: what the first defers runs after the second, and before the loop
 * waits. */
static struct alarm one, two;

static void first_event(void *ctx)
{
	static char d = 'd';

	(void)ctx;
	mark('1');
	loop_defer(loop, letter, &d);
}

static void second_event(void *ctx)
{
	(void)ctx;
	mark('2');
}

START_TEST(deferred_after_the_turn)
{
	struct alarm end;

	alarm_init(&one, loop, first_event, NULL);
	alarm_init(&two, loop, second_event, NULL);
	alarm_init(&end, loop, stop, NULL);
	alarm_in(&one, 0);
	alarm_in(&two, 1);
	usleep(1000);
	alarm_in(&end, 20 * MSEC);
	loop_run(loop);
	ck_assert_str_eq(trace, "12d");
	alarm_release(&one);
	alarm_release(&two);
	alarm_release(&end);
}
END_TEST

static usec_t rang_at;

static void ring(void *ctx)
{
	(void)ctx;
	rang_at = clock_boot();
	loop_stop(loop);
}

START_TEST(alarm_span)
{
	struct alarm a;
	usec_t set_at;

	alarm_init(&a, loop, ring, NULL);
	ck_assert(!alarm_is_set(&a));
	alarm_in(&a, DAY);
	set_at = clock_boot();
	alarm_in(&a, 5 * MSEC);
	ck_assert(alarm_is_set(&a));
	loop_run(loop);
	ck_assert(!alarm_is_set(&a));
	ck_assert_int_ge(rang_at - set_at, 5 * MSEC - 1);
	ck_assert_int_le(rang_at - set_at, 100 * MSEC);
	alarm_release(&a);
	alarm_release(&a);
}
END_TEST

START_TEST(alarm_instant)
{
	struct alarm a;
	usec_t at = clock_now() + 3 * MSEC;

	alarm_init(&a, loop, ring, NULL);
	alarm_at(&a, at);
	loop_run(loop);
	ck_assert_int_ge(clock_now(), at);
	alarm_at(&a, clock_now() - SEC);
	loop_run(loop);
	ck_assert(!alarm_is_set(&a));
	alarm_at(&a, USEC_NEVER);
	ck_assert(!alarm_is_set(&a));
	alarm_at(&a, clock_now() + DAY);
	ck_assert(alarm_is_set(&a));
	alarm_stop(&a);
	ck_assert(!alarm_is_set(&a));
	alarm_release(&a);
}
END_TEST

static void ring_on(void *ctx)
{
	(void)ctx;
	mark('r');
}

static void for_a_moment(void)
{
	struct alarm end;

	alarm_init(&end, loop, stop, NULL);
	alarm_in(&end, 5 * MSEC);
	loop_run(loop);
	alarm_release(&end);
}

/* A test clock stands still: nothing rings until it is moved, then at once, and spans go on by
 * real time. */
START_TEST(alarm_faked)
{
	struct alarm a, b;

	alarm_init(&a, loop, ring_on, NULL);
	alarm_init(&b, loop, ring_on, NULL);
	alarm_at(&a, clock_now() + HOUR);
	clock_set(1000 * SEC);
	loop_clock_moved(loop);
	alarm_at(&a, 1000 * SEC + 1);
	alarm_at(&b, 2000 * SEC);
	for_a_moment();
	ck_assert_str_eq(trace, "");
	clock_set(1500 * SEC);
	loop_clock_moved(loop);
	ck_assert_str_eq(trace, "");
	for_a_moment();
	ck_assert_str_eq(trace, "r");
	ck_assert(!alarm_is_set(&a) && alarm_is_set(&b));
	clock_set(3000 * SEC);
	loop_clock_moved(loop);
	for_a_moment();
	ck_assert_str_eq(trace, "rr");
	alarm_at(&a, 2999 * SEC);
	for_a_moment();
	ck_assert_str_eq(trace, "rrr");
	alarm_release(&a);
	alarm_release(&b);
}
END_TEST

static void got_signal(void *ctx, int signo)
{
	ck_assert_ptr_eq(ctx, trace);
	mark(signo == SIGHUP ? 'h' : '?');
	loop_stop(loop);
}

START_TEST(signals)
{
	loop_on_signal(loop, SIGHUP, got_signal, trace);
	raise(SIGHUP);
	loop_run(loop);
	ck_assert_str_eq(trace, "h");
}
END_TEST

static void slow(void *ctx)
{
	(void)ctx;
	loop_enter(loop, "slow");
	usleep(8000);
}

static void quick(void *ctx)
{
	(void)ctx;
	loop_enter(loop, "quick");
}

START_TEST(stalls_are_counted)
{
	struct alarm a, b;
	int64_t before = metric_get(METRIC_LOOP_STALL);

	log_setup(false, LOG_ERROR);
	alarm_init(&a, loop, slow, NULL);
	alarm_init(&b, loop, quick, NULL);
	alarm_in(&a, 0);
	alarm_in(&b, MSEC);
	for_a_moment();
	/* Waiting is no stall. */
	for_a_moment();
	ck_assert_int_eq(metric_get(METRIC_LOOP_STALL) - before, 1);
	alarm_release(&a);
	alarm_release(&b);
}
END_TEST

START_TEST(alarms_outlive_the_loop)
{
	struct loop *l = loop_new();
	struct alarm a, b;

	alarm_init(&a, l, ring, NULL);
	alarm_init(&b, l, ring, NULL);
	alarm_in(&a, SEC);
	loop_free(l);
	ck_assert(!alarm_is_set(&a));
	alarm_stop(&a);
	alarm_release(&a);
	alarm_release(&b);
}
END_TEST

Suite *suite_loop(void)
{
	Suite *s = suite_create("loop");
	TCase *t = tcase_create("loop");
	/* The test clock cannot be taken off again: last, for runs without fork. */
	TCase *faked = tcase_create("test clock");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, deferred_in_order);
	tcase_add_test(t, deferred_many);
	tcase_add_test(t, deferred_after_the_turn);
	tcase_add_test(t, alarm_span);
	tcase_add_test(t, alarm_instant);
	tcase_add_test(t, signals);
	tcase_add_test(t, stalls_are_counted);
	tcase_add_test(t, alarms_outlive_the_loop);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(faked, setup, teardown);
	tcase_add_test(faked, alarm_faked);
	suite_add_tcase(s, faked);
	return s;
}
