/* A job's work as it is stored, what its expressions may name, and when its messages may go. */
#include "core/work.h"

#include <check.h>
#include <string.h>

#include "base/usec.h"
#include "when/stamp.h"
#include "when/tz.h"

static struct arena *arena;
static struct tz_db *zones;

static void setup(void)
{
	arena = arena_new();
	zones = tz_db_new(NULL);
}

static void teardown(void)
{
	tz_db_free(zones);
	arena_free(arena);
}

static usec_t at(const char *text)
{
	usec_t t;

	ck_assert(!stamp_parse(slice_of(text), &t));
	return t;
}

/* --- stored --- */

START_TEST(what_is_printed_is_read_again)
{
	const struct work w = {
		.agent = SLICE_LIT("a:1"),
		.goal = SLICE_LIT("Say \"hi\"\n\xc3\xbc"),
		.context = SLICE_LIT("{\"n\": 1.10, \"b\":9007199254740993}"),
		.only_if = SLICE_LIT("run.attempt == 1"),
		.source = SLICE_LIT("https://a.example/"),
		.condition = SLICE_LIT("x > 1"),
		.channel = SLICE_LIT("slack:#a"),
		.format = FORMAT_JSON,
		.deliver_on = DELIVER_ALWAYS,
		.has_quiet = true,
		.quiet = { 1320, 0, 1u << 6, SLICE_LIT("Europe/Paris") },
		.max_failures = 7,
		.completion = 2 * HOUR,
		.heartbeat = 90 * SEC,
	};
	struct slice text = work_print(&w, arena);
	struct work r;

	ck_assert(work_parse(SLICE_LIT("agent:a:1"), text, arena, &r));
	ck_assert(slice_is(r.agent, "a:1"));
	ck_assert(slice_is(r.goal, "Say \"hi\"\n\xc3\xbc"));
	ck_assert(slice_is(r.context, "{\"n\": 1.10, \"b\":9007199254740993}"));
	ck_assert(slice_is(r.only_if, "run.attempt == 1"));
	ck_assert(slice_is(r.source, "https://a.example/"));
	ck_assert(slice_is(r.condition, "x > 1"));
	ck_assert(slice_is(r.channel, "slack:#a"));
	ck_assert_int_eq(r.format, FORMAT_JSON);
	ck_assert_int_eq(r.deliver_on, DELIVER_ALWAYS);
	ck_assert(r.has_quiet);
	ck_assert_int_eq(r.quiet.start, 1320);
	ck_assert_int_eq(r.quiet.end, 0);
	ck_assert_uint_eq(r.quiet.days, 1u << 6);
	ck_assert(slice_is(r.quiet.zone, "Europe/Paris"));
	ck_assert_int_eq(r.max_failures, 7);
	ck_assert_int_eq(r.completion, 2 * HOUR);
	ck_assert_int_eq(r.heartbeat, 90 * SEC);
}
END_TEST

START_TEST(what_is_absent_stays_absent)
{
	const struct work w = { .max_failures = 5, .completion = HOUR };
	struct slice text = work_print(&w, arena);
	struct work r;

	ck_assert(work_parse(SLICE_LIT("agent:x"), text, arena, &r));
	ck_assert_ptr_null(r.goal.p);
	ck_assert_ptr_null(r.context.p);
	ck_assert_ptr_null(r.only_if.p);
	ck_assert_ptr_null(r.condition.p);
	ck_assert_ptr_null(r.source.p);
	ck_assert_ptr_null(r.channel.p);
	ck_assert(!r.has_quiet);
}
END_TEST

START_TEST(the_largest_work_fits)
{
	char *goal = arena_alloc(arena, WORK_GOAL_MAX);
	struct work w = { .goal = { goal, WORK_GOAL_MAX } }, r;

	memset(goal, 1, WORK_GOAL_MAX); /* six bytes each, as JSON */
	ck_assert(work_parse(SLICE_LIT("agent:x"), work_print(&w, arena), arena, &r));
	ck_assert_uint_eq(r.goal.n, WORK_GOAL_MAX);
}
END_TEST

static const struct {
	const char *url, *payload;
} damaged[] = {
	{ "https://a.example/", "{\"max_failures\":5}" }, /* a target's */
	{ "agent:", "{\"max_failures\":5}" },             /* nobody's */
	{ "agent:x", "{\"max_failures\":\"5\"}" },
	{ "agent:x", "{" },
	{ "agent:x", "{\"unheard_of\":1}" },
	{ "agent:x", NULL },
};

START_TEST(what_is_not_ours_is_refused)
{
	struct work r;

	ck_assert(!work_parse(slice_of(damaged[_i].url), slice_of(damaged[_i].payload), arena, &r));
}
END_TEST

/* --- names --- */

static const struct {
	int line;
	const struct expr_env *env;
	const char *text, *code; /* NULL: it is fine */
} named[] = {
	{ __LINE__, &work_gate_env, "run.manual || run.attempt > 1 && run.trigger == \"chain\"",
	  NULL },
	{ __LINE__, &work_gate_env, "job.run_count < 3 && job.agent_id == \"a\"", NULL },
	{ __LINE__, &work_gate_env, "last.status == null || last.output.price > 1", NULL },
	{ __LINE__, &work_gate_env, "has(context.parents.job_1) && context.job.x == 1", NULL },
	{ __LINE__, &work_gate_env, "now.weekday in [\"monday\"] && now.hour >= 9", NULL },
	{ __LINE__, &work_gate_env, "price > 1", "unknown_name" },
	{ __LINE__, &work_gate_env, "run.atempt == 1", "unknown_member" },
	{ __LINE__, &work_gate_env, "now.seconds == 1", "unknown_member" },
	{ __LINE__, &work_output_env, "price > 1 && output.price > 1", NULL },
	{ __LINE__, &work_source_env, "price > 1 && source.items[0] == 2", NULL },
};

START_TEST(an_expression_may_name_what_there_is)
{
	struct expr_faults faults = { .n = 0 };
	bool fine = expr_compile(slice_of(named[_i].text), named[_i].env, arena, &faults) != NULL;

	ck_assert_msg(fine == !named[_i].code, "line %d: %s", named[_i].line,
		      fine ? "fine" : faults.list[0].message);
	if (!fine)
		ck_assert_str_eq(faults.list[0].code, named[_i].code);
}
END_TEST

/* --- quiet hours --- */

#define HM(h, m) ((h)*60 + (m))
static const struct {
	int line, start, end;
	unsigned days;
	const char *zone, *at, *until;
} quiet[] = {
	/* over midnight */
	{ __LINE__, HM(22, 0), HM(7, 0), 0, "UTC", "2030-03-04T21:59:59Z", "2030-03-04T21:59:59Z" },
	{ __LINE__, HM(22, 0), HM(7, 0), 0, "UTC", "2030-03-04T22:00:00Z", "2030-03-05T07:00:00Z" },
	{ __LINE__, HM(22, 0), HM(7, 0), 0, "UTC", "2030-03-05T06:59:59Z", "2030-03-05T07:00:00Z" },
	{ __LINE__, HM(22, 0), HM(7, 0), 0, "UTC", "2030-03-05T07:00:00Z", "2030-03-05T07:00:00Z" },
	/* within a day */
	{ __LINE__, HM(12, 0), HM(13, 30), 0, "UTC", "2030-03-05T12:10:00Z",
	  "2030-03-05T13:30:00Z" },
	{ __LINE__, HM(12, 0), HM(13, 30), 0, "UTC", "2030-03-05T11:10:00Z",
	  "2030-03-05T11:10:00Z" },
	/* the day is the one it begins on: Sunday's night goes on on Monday, Monday's does not come */
	{ __LINE__, HM(22, 0), HM(7, 0), 1, "UTC", "2030-03-03T23:00:00Z", "2030-03-04T07:00:00Z" },
	{ __LINE__, HM(22, 0), HM(7, 0), 1, "UTC", "2030-03-04T03:00:00Z", "2030-03-04T07:00:00Z" },
	{ __LINE__, HM(22, 0), HM(7, 0), 1, "UTC", "2030-03-04T23:00:00Z", "2030-03-04T23:00:00Z" },
	{ __LINE__, HM(22, 0), HM(7, 0), 2, "UTC", "2030-03-04T03:00:00Z", "2030-03-04T03:00:00Z" },
	/* in the zone's time, also when the day is another there */
	{ __LINE__, HM(22, 0), HM(7, 0), 0, "America/New_York", "2030-01-05T04:00:00Z",
	  "2030-01-05T12:00:00Z" },
	{ __LINE__, HM(22, 0), HM(7, 0), 0, "Asia/Tokyo", "2030-01-05T13:30:00Z",
	  "2030-01-05T22:00:00Z" },
	/* an end that the clock skips is the end of the gap; one that it reads twice the second */
	{ __LINE__, HM(22, 0), HM(2, 30), 0, "America/New_York", "2030-03-10T06:00:00Z",
	  "2030-03-10T07:00:00Z" },
	{ __LINE__, HM(22, 0), HM(1, 30), 0, "America/New_York", "2030-11-03T05:45:00Z",
	  "2030-11-03T06:30:00Z" },
	/* a start that it reads twice the first */
	{ __LINE__, HM(1, 30), HM(3, 0), 0, "America/New_York", "2030-11-03T05:40:00Z",
	  "2030-11-03T08:00:00Z" },
	/* end to end: the whole day but a minute */
	{ __LINE__, HM(7, 0), HM(6, 59), 0, "UTC", "2030-03-05T07:00:00Z", "2030-03-06T06:59:00Z" },
	/* all of Saturday */
	{ __LINE__, 0, HM(24, 0), 1 << 6, "Europe/Paris", "2030-03-02T00:30:00Z",
	  "2030-03-02T23:00:00Z" },
	{ __LINE__, 0, HM(24, 0), 1 << 6, "Europe/Paris", "2030-03-02T23:00:00Z",
	  "2030-03-02T23:00:00Z" },
	/* a zone that is gone is UTC; equal times are none */
	{ __LINE__, HM(12, 0), HM(13, 0), 0, "Mars/Base", "2030-03-05T12:10:00Z",
	  "2030-03-05T13:00:00Z" },
	{ __LINE__, HM(12, 0), HM(12, 0), 0, "UTC", "2030-03-05T12:10:00Z",
	  "2030-03-05T12:10:00Z" },
	/* before 1970's first midnight there */
	{ __LINE__, HM(12, 0), HM(20, 0), 0, "America/New_York", "1970-01-01T00:30:00Z",
	  "1970-01-01T01:00:00Z" },
};

START_TEST(a_message_waits_until_it_is_not_quiet)
{
	struct work w = { .has_quiet = true,
			  .quiet = { quiet[_i].start, quiet[_i].end, quiet[_i].days,
				     slice_of(quiet[_i].zone) } };
	struct slice utc = SLICE_LIT("UTC");
	usec_t until = at(quiet[_i].until), got = work_not_quiet(&w, utc, zones, at(quiet[_i].at));

	ck_assert_msg(got == until, "line %d: off by %lld s", quiet[_i].line,
		      (long long)(got - until) / SEC);
	/* Without a zone of its own, the schedule's. */
	w.quiet.zone = (struct slice){ NULL, 0 };
	ck_assert_int_eq(work_not_quiet(&w, slice_of(quiet[_i].zone), zones, at(quiet[_i].at)),
			 until);
	w.has_quiet = false;
	ck_assert_int_eq(work_not_quiet(&w, utc, zones, at(quiet[_i].at)), at(quiet[_i].at));
}
END_TEST

Suite *suite_work(void)
{
	Suite *s = suite_create("work");
	TCase *tc = tcase_create("work");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_is_printed_is_read_again);
	tcase_add_test(tc, what_is_absent_stays_absent);
	tcase_add_test(tc, the_largest_work_fits);
	tcase_add_loop_test(tc, what_is_not_ours_is_refused, 0,
			    sizeof(damaged) / sizeof(damaged[0]));
	tcase_add_loop_test(tc, an_expression_may_name_what_there_is, 0,
			    sizeof(named) / sizeof(named[0]));
	tcase_add_loop_test(tc, a_message_waits_until_it_is_not_quiet, 0,
			    sizeof(quiet) / sizeof(quiet[0]));
	suite_add_tcase(s, tc);
	return s;
}
