/* What follows from ended runs: standings, messages and conditions, chain events, counts. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/after.h"
#include "core/stats.h"
#include "model/run.h"
#include "store/message.h"
#include "when/stamp.h"
#include "when/tz.h"

static struct tz_db *zones;
static struct arena *arena;
static usec_t noon; /* 2030-01-01T12:00:00Z */

static void setup(void)
{
	zones = tz_db_new(NULL);
	arena = arena_new();
	ck_assert_int_eq(stamp_parse(SLICE_LIT("2030-01-01T12:00:00Z"), &noon), WHEN_OK);
}

static void teardown(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

static struct uuid id(char kind, int n)
{
	return (struct uuid){ { (uint8_t)kind, [15] = (uint8_t)n } };
}

static int16_t state_of(char c)
{
	static const char letters[] = "---CFXES"; /* enum run_state */

	return (int16_t)(strchr(letters, c) - letters);
}

/* The n-th run: it ended n seconds after noon and took 10 ms. */
static struct after_run ended(char outcome, int n, const struct work *w)
{
	return (struct after_run){
		.row = { .bucket = 7,
			 .kind = KIND_JOB,
			 .state = state_of(outcome),
			 .tenant = id('t', 1),
			 .run = id('r', n),
			 .schedule = id('s', 1),
			 .started_at = noon + n * SEC - 10 * MSEC,
			 .finished_at = noon + n * SEC,
			 .url = SLICE_LIT("agent:a"),
			 .payload = work_print(w, arena),
			 .zone = SLICE_LIT("UTC"),
			 .error = outcome == 'F' ? SLICE_LIT("timeout") : (struct slice){ NULL, 0 },
			 .output_n = -1,
			 .reset_at = USEC_NEVER },
	};
}

static struct after_plan plan_of(struct after_run *runs, size_t n)
{
	struct after_plan plan = { .taken = noon, .now = noon + HOUR };

	after_plan(runs, n, zones, arena, &plan);
	return plan;
}

/* --- standings --- */

static const struct {
	const char *runs; /* C completed, F failed, E expired, X cancelled, S skipped */
	int reset_after;  /* so many seconds after noon the job was resumed; -1: never */
	int64_t max;
	bool counts, completed, uniform;
	int failures, streak;
	int last, last_failed; /* numbers of runs; 0: none */
	bool may_end;
} standings[] = {
	{ "C", -1, 5, true, true, true, 0, 1, 1, 0, false },
	{ "F", -1, 5, true, false, true, 1, -1, 1, 1, true },
	{ "E", -1, 5, true, false, true, 1, -1, 1, 1, true },
	{ "X", -1, 5, false, false, true, 0, 0, 0, 0, false },
	{ "S", -1, 5, false, false, true, 0, 0, 0, 0, false },
	{ "FFF", -1, 5, true, false, true, 3, -3, 3, 3, true },
	{ "FEF", -1, 5, true, false, true, 3, -3, 3, 3, true },
	/* cancelled and skipped ones are not there at all */
	{ "FXSF", -1, 5, true, false, true, 2, -2, 4, 4, true },
	{ "CXSC", -1, 5, true, true, true, 0, 2, 4, 0, false },
	/* the order of the ends decides */
	{ "FFC", -1, 5, true, true, false, 0, 1, 3, 2, false },
	{ "CFF", -1, 5, true, true, false, 2, -2, 3, 3, true },
	{ "FCFC", -1, 5, true, true, false, 0, 1, 4, 3, false },
	/* nobody wants it given up */
	{ "FF", -1, 0, true, false, true, 2, -2, 2, 2, false },
	/* resumed by hand between the ends, at the very end of one, and before all of them */
	{ "FFF", 2, 5, true, false, true, 1, -3, 3, 3, true },
	{ "FFF", 3, 5, true, false, true, 0, -3, 3, 3, false },
	{ "FFF", 0, 5, true, false, true, 3, -3, 3, 3, true },
	{ "FCF", 9, 5, true, true, false, 0, -1, 3, 3, false },
};

START_TEST(standing)
{
	struct work w = { .agent = SLICE_LIT("a"), .max_failures = standings[_i].max };
	struct after_run runs[8];
	size_t n = strlen(standings[_i].runs);
	struct after_plan plan;
	const struct after_standing *s;

	for (size_t i = 0; i < n; i++) {
		runs[i] = ended(standings[_i].runs[i], (int)i + 1, &w);
		if (standings[_i].reset_after >= 0)
			runs[i].row.reset_at = noon + standings[_i].reset_after * SEC;
		ck_assert(!after_begin(&runs[i], arena));
	}
	plan = plan_of(runs, n);
	ck_assert_uint_eq(plan.standings_n, 1);
	s = plan.standings[0];
	ck_assert_int_eq(s->counts, standings[_i].counts);
	ck_assert_int_eq(s->completed, standings[_i].completed);
	ck_assert_int_eq(s->is_uniform, standings[_i].uniform);
	ck_assert_int_eq(s->failures, standings[_i].failures);
	ck_assert_int_eq(s->streak, standings[_i].streak);
	ck_assert_int_eq(s->last_run.b[15], standings[_i].last);
	ck_assert_int_eq(s->last_failed.b[15], standings[_i].last_failed);
	ck_assert_int_eq(s->may_end, standings[_i].may_end);
	ck_assert_int_eq(s->failures_max, standings[_i].max);
	if (s->counts)
		ck_assert_int_eq(s->last_finished_at, noon + standings[_i].last * SEC);
	ck_assert(s->last_failed_at
		  == (standings[_i].last_failed ? noon + standings[_i].last_failed * SEC
						: USEC_NEVER));
}
END_TEST

START_TEST(one_standing_for_each_schedule)
{
	struct work w = { .agent = SLICE_LIT("a"), .max_failures = 5 };
	struct after_run runs[] = { ended('F', 1, &w), ended('C', 2, &w), ended('F', 3, &w),
				    ended('X', 4, &w) };
	struct after_plan plan;

	runs[1].row.schedule = id('s', 2);
	runs[3].row.schedule = id('s', 3);
	runs[3].row.is_last = true;
	plan = plan_of(runs, 4);
	ck_assert_uint_eq(plan.standings_n, 3);
	ck_assert_int_eq(plan.standings[0]->failures, 2);
	ck_assert_int_eq(plan.standings[1]->failures, 0);
	ck_assert(!plan.standings[1]->may_end);
	/* nothing counts, but its schedule has come to its end */
	ck_assert(!plan.standings[2]->counts && plan.standings[2]->may_end);
}
END_TEST

START_TEST(only_its_place_in_the_queue_is_left)
{
	struct after_run run = { .row = { .run = id('r', 1), .output_n = -1 } };
	struct after_plan plan;

	ck_assert(!after_begin(&run, arena));
	plan = plan_of(&run, 1);
	ck_assert_uint_eq(plan.counts_n, 1);
	ck_assert_int_eq(plan.counts[0]->state, 0);
	ck_assert_uint_eq(plan.standings_n + plan.messages_n + plan.events_n, 0);
}
END_TEST

/* --- messages --- */

static const struct {
	char outcome;
	int on; /* enum deliver_on */
	const char *channel;
	bool is_there;
} deliveries[] = {
	{ 'C', DELIVER_COMPLETED, "slack:#a", true },
	{ 'F', DELIVER_COMPLETED, "slack:#a", false },
	{ 'E', DELIVER_COMPLETED, "slack:#a", false },
	{ 'X', DELIVER_COMPLETED, "slack:#a", false },
	{ 'S', DELIVER_COMPLETED, "slack:#a", false },
	{ 'C', DELIVER_FAILED, "slack:#a", false },
	{ 'F', DELIVER_FAILED, "slack:#a", true },
	{ 'E', DELIVER_FAILED, "slack:#a", true },
	{ 'X', DELIVER_FAILED, "slack:#a", false },
	{ 'C', DELIVER_ALWAYS, "slack:#a", true },
	{ 'F', DELIVER_ALWAYS, "slack:#a", true },
	{ 'E', DELIVER_ALWAYS, "slack:#a", true },
	{ 'X', DELIVER_ALWAYS, "slack:#a", false },
	{ 'S', DELIVER_ALWAYS, "slack:#a", false },
	{ 'C', DELIVER_ALWAYS, NULL, false },
};

START_TEST(delivery)
{
	struct work w = { .agent = SLICE_LIT("a"),
			  .channel = slice_of(deliveries[_i].channel),
			  .format = FORMAT_MARKDOWN,
			  .deliver_on = deliveries[_i].on };
	struct after_run run = ended(deliveries[_i].outcome, 1, &w);
	struct after_plan plan;

	ck_assert(!after_begin(&run, arena));
	plan = plan_of(&run, 1);
	ck_assert_uint_eq(plan.messages_n, deliveries[_i].is_there);
	if (!plan.messages_n)
		return;
	ck_assert_int_eq(plan.messages[0]->state, MESSAGE_WAITS);
	ck_assert_int_eq(plan.messages[0]->format, FORMAT_MARKDOWN);
	ck_assert(slice_is(plan.messages[0]->channel, deliveries[_i].channel));
	ck_assert(!plan.messages[0]->reason.p);
	ck_assert_int_eq(plan.messages[0]->ready_at, plan.now);
	ck_assert(plan.messages[0]->finished_at == USEC_NEVER);
}
END_TEST

static const struct {
	const char *condition, *output;
	bool is_json;
	const char *reason; /* NULL: it goes */
} conditions[] = {
	{ "price > 10", "{\"price\": 12}", true, NULL },
	{ "price > 10", "{\"price\": 10}", true, "condition_false" },
	{ "output.price > 10", " {\"price\": 12}", true, NULL },
	{ "output[1] == 2", "[1, 2]", true, NULL },
	{ "price > 10", "[1, 2]", true, "condition_error" },
	{ "price > 10", "{}", true, "condition_error" },
	{ "output == \"done\"", "done", false, NULL },
	{ "output.contains(\"\\\"quoted\\\"\")", "a \"quoted\" word", false, NULL },
	{ "output == \"done\"", "\"done\"", true, NULL },
	/* text is not looked into, though it may look like JSON */
	{ "price > 10", "{\"price\": 12}", false, "condition_error" },
	/* what calls itself JSON and is not, as it was cut */
	{ "output.startsWith(\"{\")", "{\"price\": 1", true, NULL },
	{ "output == null", NULL, false, NULL },
	{ "size(output) == 0", "", false, NULL },
	{ "price > ", "{\"price\": 12}", true, "condition_error" },
};

START_TEST(condition)
{
	struct work w = { .agent = SLICE_LIT("a"),
			  .channel = SLICE_LIT("slack:#a"),
			  .condition = slice_of(conditions[_i].condition) };
	struct after_run run = ended('C', 1, &w);
	struct arena *scratch = arena_new();
	struct after_plan plan;

	run.row.output_is_json = conditions[_i].is_json;
	ck_assert(after_begin(&run, arena));
	after_read(&run, slice_of(conditions[_i].output), scratch);
	after_condition(&run, scratch, arena);
	arena_free(scratch); /* the detail must not hang on it */
	plan = plan_of(&run, 1);
	ck_assert_uint_eq(plan.messages_n, 1);
	if (!conditions[_i].reason) {
		ck_assert_msg(!run.left_out.p, "%s: %.*s", conditions[_i].condition,
			      (int)run.detail.n, run.detail.p);
		ck_assert_int_eq(plan.messages[0]->state, MESSAGE_WAITS);
		return;
	}
	ck_assert_int_eq(plan.messages[0]->state, MESSAGE_LEFT_OUT);
	ck_assert(slice_is(plan.messages[0]->reason, conditions[_i].reason));
	ck_assert_int_eq(plan.messages[0]->finished_at, plan.now);
	if (strcmp(conditions[_i].reason, "condition_error") == 0)
		ck_assert_uint_gt(plan.messages[0]->detail.n, 5);
}
END_TEST

/* Only a completed run's, only without a source, only when something would be told. */
START_TEST(conditions_that_are_not_asked)
{
	struct work w = { .agent = SLICE_LIT("a"),
			  .channel = SLICE_LIT("slack:#a"),
			  .condition = SLICE_LIT("false"),
			  .deliver_on = DELIVER_ALWAYS };
	struct work sourced = w, untold = w;
	struct after_run runs[4] = { ended('F', 1, &w), ended('X', 2, &w) };
	struct after_plan plan;

	sourced.source = SLICE_LIT("https://example.com/");
	untold.channel = (struct slice){ NULL, 0 };
	runs[2] = ended('C', 3, &sourced);
	runs[3] = ended('C', 4, &untold);
	for (int i = 0; i < 4; i++)
		ck_assert_msg(!after_begin(&runs[i], arena), "run %d", i);
	plan = plan_of(runs, 4);
	ck_assert_uint_eq(plan.messages_n, 2);
	ck_assert_int_eq(plan.messages[0]->run.b[15], 1);
	ck_assert_int_eq(plan.messages[1]->run.b[15], 3);
}
END_TEST

/* At 13:00 UTC, when the plan is made. */
static const struct {
	const char *zone;
	int start, end, until; /* until: minutes from noon UTC; -1: it goes at once */
} quiet[] = {
	{ "UTC", 720, 840, 120 },
	{ "UTC", 780, 840, 120 },
	{ "UTC", 720, 780, -1 },
	{ "UTC", 1320, 420, -1 },
	{ "Europe/Berlin", 14 * 60, 15 * 60, 120 }, /* 13:00 .. 14:00 UTC */
	{ "Asia/Tokyo", 1320, 420, 600 },           /* 22:00 .. 07:00 there: until 22:00 UTC */
};

START_TEST(quiet_hours)
{
	struct work w = { .agent = SLICE_LIT("a"),
			  .channel = SLICE_LIT("slack:#a"),
			  .has_quiet = true,
			  .quiet = { .start = quiet[_i].start, .end = quiet[_i].end } };
	struct after_run run = ended('C', 1, &w);
	struct after_plan plan;

	run.row.zone = slice_of(quiet[_i].zone);
	ck_assert(!after_begin(&run, arena));
	plan = plan_of(&run, 1);
	ck_assert_int_eq(plan.messages[0]->state, MESSAGE_WAITS);
	if (quiet[_i].until < 0) {
		ck_assert(!plan.messages[0]->reason.p);
		ck_assert_int_eq(plan.messages[0]->ready_at, plan.now);
		return;
	}
	ck_assert(slice_is(plan.messages[0]->reason, "quiet_hours"));
	ck_assert_int_eq(plan.messages[0]->ready_at, noon + quiet[_i].until * MIN);
}
END_TEST

START_TEST(a_damaged_row_is_counted_and_told_to_nobody)
{
	struct work w = { .agent = SLICE_LIT("a"), .channel = SLICE_LIT("slack:#a") };
	struct after_run run = ended('C', 1, &w);
	struct after_plan plan;

	run.row.payload = SLICE_LIT("{");
	ck_assert(!after_begin(&run, arena));
	plan = plan_of(&run, 1);
	ck_assert_uint_eq(plan.messages_n, 0);
	ck_assert_uint_eq(plan.counts_n, 1);
	ck_assert_int_eq(plan.standings[0]->streak, 1);
}
END_TEST

/* --- chains, totals --- */

START_TEST(each_chain_hears_of_it)
{
	struct work w = { .agent = SLICE_LIT("a") };
	struct after_run runs[] = { ended('C', 1, &w), ended('S', 2, &w), ended('F', 3, &w) };
	const struct uuid two[] = { id('c', 1), id('c', 2) };
	struct after_plan plan;

	runs[0].row.chains = two;
	runs[0].row.chains_n = 2;
	runs[2].row.chains = &two[1];
	runs[2].row.chains_n = 1;
	runs[2].row.chain_run = id('n', 9);
	plan = plan_of(runs, 3);
	ck_assert_uint_eq(plan.events_n, 3);
	ck_assert_int_eq(id_compare(plan.events[0]->id, plan.events[1]->id), 0);
	ck_assert_int_eq(plan.events[0]->chain.b[15], 1);
	ck_assert_int_eq(plan.events[1]->chain.b[15], 2);
	ck_assert(id_is_nil(plan.events[0]->chain_run));
	/* worked off in the order of ids: that of the ends */
	ck_assert_int_gt(id_compare(plan.events[2]->id, plan.events[0]->id), 0);
	ck_assert_int_eq(plan.events[2]->chain_run.b[15], 9);
	ck_assert_int_eq(plan.events[2]->state, RUN_FAILED);
	ck_assert_int_eq(plan.events[2]->at, noon + 3 * SEC);
}
END_TEST

static const struct {
	char outcome;
	usec_t took; /* USEC_NEVER: it never began */
	bool is_timed;
} counts[] = {
	{ 'C', 90 * MIN, true },   { 'F', 0, true },        { 'C', USEC_NEVER, false },
	{ 'E', 90 * MIN, false },  { 'X', 5 * SEC, false }, { 'S', USEC_NEVER, false },
	{ 'C', -1 * MSEC, false }, /* two clocks */
};

START_TEST(count)
{
	struct work w = { .agent = SLICE_LIT("a") };
	struct after_run run = ended(counts[_i].outcome, 1, &w);
	struct after_plan plan;

	run.row.finished_at = noon + 59 * MIN;
	run.row.started_at = counts[_i].took == USEC_NEVER ? USEC_NEVER
							   : run.row.finished_at - counts[_i].took;
	plan = plan_of(&run, 1);
	ck_assert_uint_eq(plan.counts_n, 1);
	ck_assert_int_eq(plan.counts[0]->hour, noon);
	ck_assert_int_eq(plan.counts[0]->day, noon - 12 * HOUR);
	ck_assert_int_eq(plan.counts[0]->state, state_of(counts[_i].outcome));
	ck_assert_int_eq(plan.counts[0]->slot,
			 counts[_i].is_timed ? stats_slot(counts[_i].took) : -1);
	if (counts[_i].is_timed)
		ck_assert_int_eq(plan.counts[0]->duration_us, counts[_i].took);
	/* "…0002", the sum over the kind */
	ck_assert_int_eq(plan.counts[0]->sum.b[15], KIND_JOB);
	ck_assert_int_eq(plan.counts[0]->sum.b[0], 0);
}
END_TEST

/* --- the audit trail: what may come of it --- */

static const struct {
	int line;
	int16_t kind;
	char outcome;
	bool is_last;
	int64_t max;
	const char *whats; /* of the changes that are offered */
} trails[] = {
	{ __LINE__, KIND_JOB, 'C', false, 5, "" },
	{ __LINE__, KIND_JOB, 'C', true, 5, "completed failed " },
	{ __LINE__, KIND_JOB, 'F', false, 5, "completed failed " },
	{ __LINE__, KIND_JOB, 'F', false, 0, "" },
	{ __LINE__, KIND_JOB, 'F', true, 0, "completed " },
	{ __LINE__, KIND_PLAN, 'C', true, 5, "completed " },
	{ __LINE__, KIND_PLAN, 'F', true, 5, "completed " },
	{ __LINE__, KIND_PLAN, 'F', false, 5, "" },
};

START_TEST(what_may_end_is_told)
{
	struct work w = { .agent = SLICE_LIT("a"), .max_failures = trails[_i].max };
	struct after_run run = ended(trails[_i].outcome, 1, &w);
	struct change_of *changes;
	struct after_plan plan;
	char whats[64] = "";
	size_t n;

	run.row.kind = trails[_i].kind;
	run.row.is_last = trails[_i].is_last;
	(void)after_begin(&run, arena);
	plan = plan_of(&run, 1);
	n = after_changes(&plan, arena, &changes);
	for (size_t i = 0; i < n; i++) {
		const struct change *c = &changes[i].change;
		bool failed = strcmp(c->what, "failed") == 0;

		strcat(strcat(whats, c->what), " ");
		ck_assert_int_eq(changes[i].who->actor, ACTOR_SERVER);
		ck_assert_int_eq(changes[i].who->bucket, 7);
		ck_assert_int_eq(id_compare(changes[i].who->tenant, id('t', 1)), 0);
		ck_assert_int_eq(id_compare(c->id, id('s', 1)), 0);
		ck_assert_int_eq(c->object, OBJECT_SCHEDULE);
		ck_assert(!c->is_sure);
		ck_assert(slice_is(c->after,
				   arena_printf(arena, "{\"kind\":\"%s\",\"state\":\"%s\"}",
						trails[_i].kind == KIND_JOB ? "job" : "plan",
						failed ? "failed" : "completed")));
	}
	ck_assert_msg(strcmp(whats, trails[_i].whats) == 0, "line %d: %s", trails[_i].line, whats);
}
END_TEST

#define LOOP(name, table) tcase_add_loop_test(t, name, 0, (int)(sizeof(table) / sizeof((table)[0])))

Suite *suite_after(void)
{
	Suite *s = suite_create("after");
	TCase *t = tcase_create("after");

	tcase_add_checked_fixture(t, setup, teardown);
	LOOP(standing, standings);
	tcase_add_test(t, one_standing_for_each_schedule);
	tcase_add_test(t, only_its_place_in_the_queue_is_left);
	LOOP(delivery, deliveries);
	LOOP(condition, conditions);
	tcase_add_test(t, conditions_that_are_not_asked);
	LOOP(quiet_hours, quiet);
	tcase_add_test(t, a_damaged_row_is_counted_and_told_to_nobody);
	tcase_add_test(t, each_chain_hears_of_it);
	LOOP(count, counts);
	LOOP(what_may_end_is_told, trails);
	suite_add_tcase(s, t);
	return s;
}
