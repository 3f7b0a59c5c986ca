/* From a schedule and a moment to what must happen: lookahead, dense schedules, catch-up, ends.
 * Times are given as seconds of 2030-01-01; the zone is UTC, so that only these rules are
 * tested. */
#include <check.h>

#include "core/fire.h"
#include "core/schedule.h"
#include "when/stamp.h"
#include "when/tz.h"

static struct tz_db *zones;
static struct arena *arena;
static struct fire_plan plan;
static usec_t day;

static void setup(void)
{
	zones = tz_db_new("/nowhere");
	arena = arena_new();
	ck_assert_int_eq(stamp_parse(SLICE_LIT("2030-01-01T00:00:00Z"), &day), WHEN_OK);
}

static void teardown(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

static usec_t at(int h, int m, int s)
{
	return day + h * HOUR + m * MIN + s * SEC;
}

static struct schedule given(const char *cron, usec_t next)
{
	return (struct schedule){
		.state = SCHEDULE_ACTIVE,
		.spec_kind = 1,
		.spec = slice_of(cron),
		.zone = SLICE_LIT("UTC"),
		.start_at = USEC_NEVER,
		.end_at = USEC_NEVER,
		.anchor_at = day,
		.catchup = CATCHUP_ALL,
		.lookahead_us = 300 * SEC,
		.count_end = USEC_NEVER,
		.next_at = next,
	};
}

static void when(const struct schedule *s, usec_t now)
{
	struct fire_rules rules = { HOUR };
	struct spec spec;

	ck_assert(schedule_spec(s, zones, arena, &spec));
	fire_plan(s, &spec, &rules, now, &plan);
}

static void expect_runs(size_t n, usec_t first, usec_t last)
{
	ck_assert_uint_eq(plan.n, n);
	if (n) {
		ck_assert_int_eq(plan.runs[0].at, first);
		ck_assert_int_eq(plan.runs[n - 1].at, last);
	}
}

START_TEST(one_run_five_minutes_ahead)
{
	struct schedule s = given("* * * * *", at(12, 5, 0));

	when(&s, at(12, 0, 0));
	expect_runs(1, at(12, 5, 0), at(12, 5, 0));
	ck_assert_int_eq(plan.next, at(12, 6, 0));
	ck_assert_int_eq(plan.wake, at(12, 1, 0));
	ck_assert(!plan.runs[0].caught_up);
	ck_assert_int_eq(plan.skip_count, 0);
}
END_TEST

START_TEST(too_early_makes_nothing)
{
	struct schedule s = given("* * * * *", at(12, 5, 0));

	when(&s, at(11, 59, 59));
	expect_runs(0, 0, 0);
	ck_assert_int_eq(plan.next, at(12, 5, 0));
}
END_TEST

START_TEST(without_lookahead_at_its_instant)
{
	struct schedule s = given("* * * * *", at(12, 5, 0));

	s.lookahead_us = 0;
	when(&s, at(12, 5, 0));
	expect_runs(1, at(12, 5, 0), at(12, 5, 0));
	ck_assert_int_eq(plan.wake, at(12, 6, 0));
}
END_TEST

/* 64 ahead of now and no more; filled up again when 32 of them have passed. */
START_TEST(dense_keeps_sixty_four)
{
	struct schedule s = given("* * * * * *", at(12, 0, 1));

	when(&s, at(12, 0, 0));
	expect_runs(64, at(12, 0, 1), at(12, 1, 4));
	ck_assert_int_eq(plan.next, at(12, 1, 5));
	ck_assert_int_eq(plan.wake, at(12, 0, 32));
	s.next_at = plan.next;
	when(&s, plan.wake);
	ck_assert_uint_ge(plan.n, 32);
	ck_assert_int_eq(plan.runs[plan.n - 1].at, at(12, 0, 33) + (int)(plan.n - 1 + 32) * SEC);
	ck_assert_int_gt(plan.wake, at(12, 0, 33));
}
END_TEST

/* An edit that leaves the times alone sets the wake by the lookahead: too early for a dense one. */
START_TEST(dense_woken_too_early_goes_back_to_sleep)
{
	struct schedule s = given("* * * * * *", at(12, 1, 5));

	when(&s, at(12, 0, 0));
	ck_assert_uint_eq(plan.n, 0);
	ck_assert_int_eq(plan.next, at(12, 1, 5));
	ck_assert_int_eq(plan.wake, at(12, 0, 32));
}
END_TEST

START_TEST(two_hours_down_catches_up_one)
{
	struct schedule s = given("* * * * *", at(12, 5, 0));

	when(&s, at(14, 0, 0));
	expect_runs(66, at(13, 0, 0), at(14, 5, 0));
	ck_assert(plan.runs[0].caught_up && plan.runs[59].caught_up);
	ck_assert(!plan.runs[60].caught_up); /* 14:00 itself is on time */
	ck_assert_int_eq(plan.skip_from, at(12, 5, 0));
	ck_assert_int_eq(plan.skip_count, 55);
	ck_assert_str_eq(plan.skip_reason, "catchup_exceeded");
	ck_assert_int_lt(plan.skip_to, at(13, 0, 0));
	ck_assert_int_eq(plan.next, at(14, 6, 0));
}
END_TEST

START_TEST(latest_makes_up_for_one)
{
	struct schedule s = given("*/10 * * * *", at(12, 0, 0));

	s.catchup = CATCHUP_LATEST;
	when(&s, at(14, 5, 0));
	expect_runs(2, at(14, 0, 0), at(14, 10, 0));
	ck_assert(plan.runs[0].caught_up);
	ck_assert_int_eq(plan.skip_from, at(12, 0, 0));
	ck_assert_int_eq(plan.skip_count, 12);
	ck_assert_str_eq(plan.skip_reason, "catchup_latest");
}
END_TEST

START_TEST(none_makes_up_for_nothing)
{
	struct schedule s = given("*/10 * * * *", at(12, 0, 0));

	s.catchup = CATCHUP_NONE;
	when(&s, at(14, 5, 0));
	expect_runs(1, at(14, 10, 0), at(14, 10, 0));
	ck_assert_int_eq(plan.skip_count, 13);
	ck_assert_str_eq(plan.skip_reason, "catchup_none");
}
END_TEST

/* A backlog of an hour of seconds takes several ticks, oldest first, and loses nothing. */
START_TEST(long_backlog_comes_in_portions)
{
	struct schedule s = given("* * * * * *", at(13, 0, 0));
	usec_t want = at(13, 0, 0);

	for (int i = 0; i < 100 && s.next_at <= at(14, 0, 0); i++) {
		when(&s, at(14, 0, 0));
		ck_assert_uint_gt(plan.n, 0);
		for (size_t k = 0; k < plan.n; k++, want += SEC)
			ck_assert_int_eq(plan.runs[k].at, want);
		s.next_at = plan.next;
	}
	ck_assert_int_eq(want, at(14, 0, 0) + (FIRE_AHEAD_MAX + 1) * SEC);
}
END_TEST

START_TEST(end_is_inclusive_and_then_nothing)
{
	struct schedule s = given("0 * * * *", at(12, 0, 0));

	s.end_at = at(12, 0, 0);
	when(&s, at(11, 58, 0));
	expect_runs(1, at(12, 0, 0), at(12, 0, 0));
	ck_assert_int_eq(plan.next, USEC_NEVER);
	ck_assert_int_eq(plan.wake, USEC_NEVER);
}
END_TEST

/* --- jitter --- */

static struct schedule jittered(const char *cron, usec_t next, usec_t jitter, unsigned char id)
{
	struct schedule s = given(cron, next);

	s.jitter_us = jitter;
	s.id.b[15] = id;
	return s;
}

/* The instant stays what it is; what is ready later is spread by id, the same every time. */
START_TEST(jitter_spreads_and_repeats)
{
	usec_t first = 0;
	int others = 0;

	for (int id = 0; id < 50; id++) {
		struct schedule s = jittered("0 * * * *", at(12, 0, 0), 600 * SEC,
					     (unsigned char)id);
		usec_t ready;

		when(&s, at(11, 56, 0));
		expect_runs(1, at(12, 0, 0), at(12, 0, 0));
		ready = plan.runs[0].ready;
		ck_assert_int_ge(ready, at(12, 0, 0));
		ck_assert_int_le(ready, at(12, 10, 0));
		when(&s, at(11, 57, 0));
		ck_assert_int_eq(plan.runs[0].ready, ready);
		first = id ? first : ready;
		others += ready != first;
	}
	ck_assert_int_gt(others, 40);
}
END_TEST

/* More jitter than there is room: always before the next one, and not all at its end. */
START_TEST(jitter_stays_before_the_next)
{
	struct schedule s = jittered("* * * * *", at(12, 0, 0), HOUR, 7);
	int early = 0;

	s.lookahead_us = 3600 * SEC;
	when(&s, at(12, 0, 0));
	ck_assert_uint_ge(plan.n, 60);
	for (size_t i = 0; i < plan.n; i++) {
		ck_assert_int_ge(plan.runs[i].ready, plan.runs[i].at);
		ck_assert_int_lt(plan.runs[i].ready, plan.runs[i].at + MIN);
		early += plan.runs[i].ready < plan.runs[i].at + 30 * SEC;
	}
	ck_assert_int_gt(early, 10);
	ck_assert_int_lt(early, (int)plan.n - 10);
}
END_TEST

/* Its instant has passed and its time has not come: nothing was missed. */
START_TEST(what_is_not_ready_yet_is_not_missed)
{
	struct schedule s = jittered("0 * * * *", at(12, 0, 0), 600 * SEC, 7);
	usec_t ready;

	s.lookahead_us = 0;
	s.catchup = CATCHUP_NONE;
	when(&s, at(12, 0, 0));
	ready = plan.runs[0].ready;
	ck_assert_int_gt(ready, at(12, 0, 10)); /* id 7 is not among the first */
	when(&s, ready - SEC);
	expect_runs(1, at(12, 0, 0), at(12, 0, 0));
	ck_assert(!plan.runs[0].caught_up);
	ck_assert_int_eq(plan.skip_count, 0);
	when(&s, ready + 3 * SEC);
	expect_runs(0, 0, 0);
	ck_assert_int_eq(plan.skip_count, 1);
}
END_TEST

START_TEST(without_jitter_ready_at_its_instant)
{
	struct schedule s = given("* * * * *", at(12, 5, 0));

	when(&s, at(12, 0, 0));
	ck_assert_int_eq(plan.runs[0].ready, at(12, 5, 0));
}
END_TEST

/* --- rules and calendars --- */

/* With or without the checkpoint, COUNT ends it. */
START_TEST(a_rule_ends_with_its_count)
{
	struct schedule s = given("DTSTART:20300101T100000Z\r\nRRULE:FREQ=HOURLY;COUNT=3",
				  at(12, 0, 0));

	s.spec_kind = 4;
	for (int i = 0; i < 2; i++) {
		when(&s, at(11, 59, 0));
		expect_runs(1, at(12, 0, 0), at(12, 0, 0));
		ck_assert_int_eq(plan.next, USEC_NEVER);
		s.count_end = at(12, 0, 0);
	}
}
END_TEST

/* 2030-01-01 is a Tuesday. */
START_TEST(a_calendar_skips_or_moves)
{
	struct schedule s = given("0 9 * * *", at(9, 0, 0));
	struct spec spec;

	s.calendar = SLICE_LIT("office");
	s.calendar_def = SLICE_LIT("{\"holidays\": [{\"date\": \"2030-01-02\"}]}");
	s.adjust = ADJUST_SKIP;
	when(&s, at(8, 56, 0));
	expect_runs(1, at(9, 0, 0), at(9, 0, 0));
	ck_assert_int_eq(plan.next, at(9, 0, 0) + 2 * DAY);
	s.adjust = ADJUST_PREVIOUS;
	when(&s, at(8, 56, 0));
	ck_assert_int_eq(plan.next, at(9, 0, 0) + 2 * DAY); /* moved to the 1st, where one is */
	s.calendar_def = SLICE_LIT("{\"holidays\": [{}]}");
	ck_assert(!schedule_spec(&s, zones, arena, &spec));
	s.calendar_def = (struct slice){ NULL, 0 };
	ck_assert(!schedule_spec(&s, zones, arena, &spec));
}
END_TEST

/* Down over the end: what lies in the window is made up for, the rest is a range; nothing is
 * silent. */
START_TEST(down_over_the_end)
{
	struct schedule s = given("0 * * * *", at(8, 0, 0));

	s.end_at = at(10, 0, 0);
	when(&s, at(20, 0, 0));
	expect_runs(0, 0, 0);
	ck_assert_int_eq(plan.skip_count, 3);
	ck_assert_int_eq(plan.next, USEC_NEVER);
}
END_TEST

START_TEST(a_pause_sets_no_wake)
{
	struct schedule s = given("0 * * * *", USEC_NEVER);
	struct spec spec;

	ck_assert(schedule_spec(&s, zones, arena, &spec));
	fire_start(&s, &spec, at(11, 0, 0)); /* strictly after */
	ck_assert_int_eq(s.next_at, at(12, 0, 0));
	ck_assert_int_eq(s.wake_at, at(11, 55, 0));
	s.state = SCHEDULE_PAUSED;
	fire_start(&s, &spec, at(12, 0, 0));
	ck_assert_int_eq(s.wake_at, USEC_NEVER);
}
END_TEST

Suite *suite_fire(void)
{
	Suite *s = suite_create("fire");
	TCase *tc = tcase_create("fire");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_run_five_minutes_ahead);
	tcase_add_test(tc, too_early_makes_nothing);
	tcase_add_test(tc, without_lookahead_at_its_instant);
	tcase_add_test(tc, dense_keeps_sixty_four);
	tcase_add_test(tc, dense_woken_too_early_goes_back_to_sleep);
	tcase_add_test(tc, two_hours_down_catches_up_one);
	tcase_add_test(tc, latest_makes_up_for_one);
	tcase_add_test(tc, none_makes_up_for_nothing);
	tcase_add_test(tc, long_backlog_comes_in_portions);
	tcase_add_test(tc, end_is_inclusive_and_then_nothing);
	tcase_add_test(tc, down_over_the_end);
	tcase_add_test(tc, jitter_spreads_and_repeats);
	tcase_add_test(tc, jitter_stays_before_the_next);
	tcase_add_test(tc, what_is_not_ready_yet_is_not_missed);
	tcase_add_test(tc, without_jitter_ready_at_its_instant);
	tcase_add_test(tc, a_rule_ends_with_its_count);
	tcase_add_test(tc, a_calendar_skips_or_moves);
	tcase_add_test(tc, a_pause_sets_no_wake);
	suite_add_tcase(s, tc);
	return s;
}
