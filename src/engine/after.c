/* What follows from ended runs of jobs. The end itself leaves a row in `aftermath`; here a batch of them is
 * taken with all that is known around them, core/after.c works out what follows, and one statement writes it
 * and deletes the rows: everything happens once. A process that dies in between leaves rows that were
 * taken; after PATIENCE they are anybody's. This process's own ends call after_soon(), so that
 * nothing waits; the look every second is for those of a process that died.
 *
 * Outputs are read only where a condition is asked of them, about GROUP_BYTES at a time. */
#include "core/after.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/run.h"
#include "engine/engine_int.h"
#include "model/schedule.h"

#define AFTER_EVERY SEC
#define AFTER_AGAIN (100 * MSEC)
#define AFTER_BATCH 100
#define PATIENCE (10 * SEC)
#define GROUP_BYTES (1 << 20)
#define GROUP_MAX 50
#define TURN (2 * MSEC)
#define TURN_BYTES (64 << 10)

struct aftering {
	struct engine *engine;
	struct arena *arena; /* of the batch */
	struct alarm turn;
	bool is_asking; /* the turn's work is conditions */
	struct after_ask ask;
	struct after_run *runs;
	size_t n, i;              /* i: steps done, of all runs or of the group */
	struct after_run **asked; /* their conditions are to be asked */
	size_t asked_n;
	struct arena *group_arena; /* of some outputs */
	struct slice outputs[GROUP_MAX];
	size_t group, group_n; /* the first of `asked` in it, and how many */
	struct after_plan plan;
	int stmt;     /* that settles */
	usec_t began; /* clock_boot() */
};

static void look(void *ctx);
static void next_group(struct aftering *t);

void after_init(struct engine *e)
{
	e->after_held = USEC_NEVER;
	alarm_init(&e->after, e->loop, look, e);
}

void after_release(struct engine *e)
{
	alarm_release(&e->after);
}

void after_soon(struct engine *e)
{
	e->after_again = e->aftering;
	if (!e->aftering && !e->draining)
		alarm_in(&e->after, 0);
}

static void rest(struct aftering *t, usec_t again)
{
	struct engine *e = t->engine;

	e->aftering = false;
	alarm_in(&e->after, e->after_again ? 0 : again);
	e->after_again = false;
	alarm_release(&t->turn);
	arena_free(t->group_arena);
	arena_free(t->arena);
}

/* What was taken stays ours and is taken again: nothing of it was written, or all of it. When it is the rows'
 * own fault they go one by one for a while, so that one does not hold the others up; it is tried
 * again whenever PATIENCE has passed. */
static void fail(struct aftering *t, const struct db_unit *u)
{
	struct engine *e = t->engine;
	bool refused = u->outcome == DB_ERROR || u->outcome == DB_CONFLICT;

	if (u->sqlstate[0])
		log_event(refused ? LOG_ERROR : LOG_WARN, "after.failed",
			  LOG_STR("sqlstate", u->sqlstate), LOG_STR("message", u->message),
			  LOG_INT("runs", (int64_t)t->n));
	if (!refused || t->n > 1)
		e->after_held = t->ask.now;
	if (refused)
		e->after_singly = AFTER_BATCH;
	e->after_again = false;
	rest(t, refused && t->n == 1 ? 0 : AFTER_AGAIN);
}

/* --- written --- */

static void note_ended(const struct after_ended *s)
{
	bool failed = s->state == SCHEDULE_FAILED;

	if (failed)
		metric_add(METRIC_SCHEDULES_GIVEN_UP, 1);
	log_event(failed ? LOG_WARN : LOG_INFO, failed ? "schedule.given_up" : "schedule.completed",
		  LOG_ID("schedule", schedule_prefix((enum kind)s->kind), s->schedule),
		  LOG_INT("failures", s->failures));
}

static void settled(struct db_unit *u, void *ctx)
{
	struct aftering *t = ctx;
	struct engine *e = t->engine;
	struct after_ended *ended;
	size_t n;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "after.settled");
	if (u->outcome != DB_OK) {
		fail(t, u);
		return;
	}
	FAILPOINT("cp11");
	if (!store_after_settled(u, t->stmt, &ended, &n)) {
		log_event(LOG_WARN, "after.overtaken", LOG_INT("runs", (int64_t)t->n));
		rest(t, 0);
		return;
	}
	for (size_t i = 0; i < n; i++)
		note_ended(&ended[i]);
	chain_soon(e);
	post_soon(e);
	metric_add(METRIC_RUNS_SETTLED, (int64_t)t->n);
	metric_time(METRIC_AFTER_TIME, clock_boot() - t->began);
	rest(t, t->n == (size_t)t->ask.most || e->after_held != USEC_NEVER ? 0 : AFTER_EVERY);
}

static void settle(struct aftering *t)
{
	struct db_unit *u = db_unit_new(t->engine->db, t->arena, LANE_WRITE);
	struct change_of *changes;
	size_t n;

	t->plan.taken = t->ask.now;
	t->plan.now = clock_now();
	after_plan(t->runs, t->n, t->engine->core->zones, t->arena, &t->plan);
	FAILPOINT("cp10");
	store_after_settle(u, &t->plan, &t->stmt);
	n = after_changes(&t->plan, t->arena, &changes);
	change_add_many(u, changes, n, t->plan.now);
	db_submit(u, settled, t);
}

/* --- conditions --- */

/* Each output takes two steps: it is read, and asked. A turn has one step of a large output, which may cost
 * milliseconds, or those of small ones for as long as there is time. */
static void ask_conditions(struct aftering *t)
{
	usec_t end_of_turn = clock_boot() + TURN;
	size_t first = t->i, bytes = 0;

	for (; t->i < 2 * t->group_n; t->i++) {
		struct after_run *r = t->asked[t->group + t->i / 2];
		struct slice output = t->outputs[t->i / 2];

		bytes += output.n;
		if (t->i > first && (clock_boot() >= end_of_turn || bytes > TURN_BYTES)) {
			alarm_in(&t->turn, 0);
			return;
		}
		if (t->i % 2 == 0)
			after_read(r, output, t->group_arena);
		else
			after_condition(r, t->group_arena, t->arena);
	}
	t->group += t->group_n;
	next_group(t);
}

static void outputs_read(struct db_unit *u, void *ctx)
{
	struct aftering *t = ctx;

	CHECK_MAGIC(t->engine, ENGINE_MAGIC);
	loop_enter(t->engine->loop, "after.outputs");
	if (u->outcome != DB_OK) {
		fail(t, u);
		return;
	}
	store_after_outputs_got(u, 0, t->outputs, t->group_n);
	ask_conditions(t);
}

/* As many outputs as GROUP_BYTES hold, one at least. */
static size_t group_size(const struct aftering *t)
{
	size_t n = 0;
	int64_t bytes = 0;

	while (t->group + n < t->asked_n && n < GROUP_MAX && (!n || bytes < GROUP_BYTES))
		bytes += t->asked[t->group + n++]->row.output_n;
	return n;
}

static void next_group(struct aftering *t)
{
	const struct after_row **rows;
	struct db_unit *u;

	t->i = 0;
	t->group_n = group_size(t);
	if (!t->group_n) {
		settle(t);
		return;
	}
	arena_free(t->group_arena);
	t->group_arena = arena_new();
	t->is_asking = true;
	rows = arena_array(t->group_arena, const struct after_row *, t->group_n);
	for (size_t i = 0; i < t->group_n; i++)
		rows[i] = &t->asked[t->group + i]->row;
	u = db_unit_new(t->engine->db, t->group_arena, LANE_WRITE);
	store_after_outputs(u, rows, t->group_n);
	db_submit(u, outputs_read, t);
}

/* --- taken --- */

/* Each run's work is read; many goals may be long. */
static void begin_runs(struct aftering *t)
{
	usec_t end_of_turn = clock_boot() + TURN;

	for (; t->i < t->n; t->i++) {
		struct after_run *r = &t->runs[t->i];

		if (clock_boot() >= end_of_turn) {
			alarm_in(&t->turn, 0);
			return;
		}
		if (after_begin(r, t->arena))
			t->asked[t->asked_n++] = r;
		if (r->row.state && r->row.kind == KIND_JOB && !r->has_work)
			log_event(LOG_ERROR, "run.damaged_work", LOG_ID("run", "run", r->row.run));
	}
	next_group(t);
}

static void turn(void *ctx)
{
	struct aftering *t = ctx;

	CHECK_MAGIC(t->engine, ENGINE_MAGIC);
	loop_enter(t->engine->loop, "after.turn");
	if (t->is_asking)
		ask_conditions(t);
	else
		begin_runs(t);
}

static void taken(struct db_unit *u, void *ctx)
{
	struct aftering *t = ctx;
	struct engine *e = t->engine;
	struct after_row *rows;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "after.taken");
	if (u->outcome != DB_OK) {
		fail(t, u);
		return;
	}
	t->n = store_after_taken(u, 0, &rows);
	if (!t->n) {
		e->after_held = USEC_NEVER;
		rest(t, AFTER_EVERY);
		return;
	}
	e->after_singly -= e->after_singly > 0;
	t->runs = arena_array(t->arena, struct after_run, t->n);
	t->asked = arena_array(t->arena, struct after_run *, t->n);
	for (size_t i = 0; i < t->n; i++)
		t->runs[i].row = rows[i];
	begin_runs(t);
}

/* Takings of one process are told apart by their instants. */
static usec_t taking(struct engine *e)
{
	usec_t now = clock_now();

	e->after_last = now > e->after_last ? now : e->after_last + 1;
	return e->after_last;
}

static void look(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct aftering *t;
	struct db_unit *u;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (e->aftering || e->draining)
		return;
	arena = arena_new();
	t = arena_make(arena, struct aftering);
	*t = (struct aftering){ .engine = e, .arena = arena, .began = clock_boot() };
	alarm_init(&t->turn, e->loop, turn, t);
	t->ask = (struct after_ask){ .now = taking(e),
				     .patience = PATIENCE,
				     .held = e->after_held,
				     .most = e->after_singly ? 1 : AFTER_BATCH };
	e->aftering = true;
	u = db_unit_new(e->db, arena, LANE_WRITE);
	store_after_take(u, &t->ask);
	db_submit(u, taken, t);
}
