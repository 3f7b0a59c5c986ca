/* The tick: schedules that are to be materialised now, at most TICK_SCHEDULES and TICK_RUNS at a
 * time and no longer than TICK_TURN, so that a tick costs the same whether the table holds a
 * thousand schedules or a million. Reading takes no lock; writing compares and sets, so any number
 * of processes may tick at once (RELIABILITY.md 2.2). */
#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/after.h"
#include "core/fire.h"
#include "core/run.h"
#include "core/schedule.h"
#include "core/stats_ask.h"
#include "engine/engine_int.h"
#include "store/schedule.h"

#define TICK_EVERY SEC
#define TICK_SCHEDULES 200
#define TICK_RUNS 2048
#define TICK_TURN \
	(10 * MSEC) /* of planning: what a calendar closes can take long to look through */
#define BROKEN_AGAIN MIN

struct ticking {
	struct engine *engine;
	struct arena *arena;
	usec_t now, next_wake;
	usec_t began; /* clock_boot() */
	bool more;
	size_t most; /* schedules to take */
	struct turns_plan plan;
	bool looks;
	struct advance advance;
	usec_t earliest; /* of the runs to be made */
};

static void tick(void *ctx);

void tick_init(struct engine *e)
{
	alarm_init(&e->tick, e->loop, tick, e);
}

void tick_release(struct engine *e)
{
	alarm_release(&e->tick);
	turns_forget(&e->tick_turns);
}

/* The alarm is only ever moved forward. */
static void look_at(struct engine *e, usec_t at)
{
	usec_t now = clock_now();

	if (at > now + TICK_EVERY || (alarm_is_set(&e->tick) && e->tick_at <= at))
		return;
	e->tick_at = at;
	if (at <= now)
		alarm_in(&e->tick, 0);
	else
		alarm_at(&e->tick, at);
}

void tick_wake(struct engine *e, usec_t at)
{
	if (!e->ticking)
		look_at(e, at);
	else if (at < e->tick_hint)
		e->tick_hint = at; /* this tick may have looked too early: rest() */
}

void tick_figures(const struct engine *e, struct engine_figures *out)
{
	usec_t now = clock_now();

	out->tick_every = TICK_EVERY;
	out->last_tick = e->tick_last;
	out->next_tick = e->ticking || e->tick_at < now ? now : e->tick_at;
	out->checked = (int64_t)e->tick_checked;
}

/* The tick is over; the next look is at the next wake, or after TICK_EVERY. */
static void rest(struct ticking *t, bool failed)
{
	struct engine *e = t->engine;
	usec_t hint = e->tick_hint < t->next_wake ? e->tick_hint : t->next_wake;

	e->ticking = false;
	e->tick_at = t->more && !failed ? 0 : clock_now() + TICK_EVERY;
	alarm_in(&e->tick, t->more && !failed ? 0 : TICK_EVERY);
	if (!failed && hint != USEC_NEVER)
		look_at(e, hint);
	arena_free(t->arena);
}

static void add_runs(struct ticking *t, const struct schedule *s, const struct fire_plan *plan,
		     struct slot **slots)
{
	for (size_t i = 0; i < plan->n; i++) {
		struct slot *slot = arena_make(t->arena, struct slot);

		*slot = (struct slot){
			.bucket = s->bucket,
			.trigger = plan->runs[i].caught_up ? TRIGGER_CATCHUP : TRIGGER_SCHEDULE,
			.schedule = s->id,
			.run = id_new(t->now),
			.created = core_created(t->engine->core, t->now),
			.at = plan->runs[i].at,
			.ready = plan->runs[i].ready,
			.jitter = plan->runs[i].ready - plan->runs[i].at,
			.expires = s->expires_us ? plan->runs[i].ready + s->expires_us : USEC_NEVER,
		};
		slots[t->advance.slots_n++] = slot;
		if (slot->ready < t->earliest)
			t->earliest = slot->ready;
	}
}

static void add_skip(struct ticking *t, const struct schedule *s, const struct fire_plan *plan,
		     struct slot_skip **skips)
{
	struct slot_skip *skip;

	if (!plan->skip_count)
		return;
	skip = arena_make(t->arena, struct slot_skip);
	*skip = (struct slot_skip){
		.bucket = s->bucket,
		.schedule = s->id,
		.id = id_new(t->now),
		.from_at = plan->skip_from,
		.to_at = plan->skip_to,
		.count = plan->skip_count,
		.reason = slice_of(plan->skip_reason),
	};
	skips[t->advance.skips_n++] = skip;
	log_event(LOG_WARN, "schedule.skipped",
		  LOG_ID("schedule", schedule_prefix((enum kind)s->kind), s->id),
		  LOG_STR("reason", plan->skip_reason), LOG_INT("occurrences", plan->skip_count));
}

static struct move *plan_move(struct ticking *t, const struct schedule *s, struct fire_plan *plan)
{
	struct fire_rules rules = { t->engine->core->catchup_window };
	struct move *move = arena_make(t->arena, struct move);
	struct spec spec;

	*move = (struct move){ s->bucket,  s->id,      s->rev,
			       s->next_at, s->next_at, t->now + BROKEN_AGAIN };
	plan->n = 0;
	plan->skip_count = 0;
	if (!schedule_spec(s, t->engine->core->zones, t->arena, &spec)) {
		log_event(LOG_ERROR, "schedule.broken",
			  LOG_ID("schedule", schedule_prefix((enum kind)s->kind), s->id),
			  LOG_SLICE("zone", s->zone));
		return move;
	}
	fire_plan(s, &spec, &rules, t->now, plan);
	move->next = plan->next;
	move->wake = plan->wake;
	return move;
}

static void plan_all(struct ticking *t, const struct schedule *due, size_t n)
{
	struct fire_plan *plan = arena_make(t->arena, struct fire_plan);
	struct move **moves = arena_array(t->arena, struct move *, n);
	struct slot **slots = arena_array(t->arena, struct slot *, TICK_RUNS + FIRE_BATCH_MAX);
	struct slot_skip **skips = arena_array(t->arena, struct slot_skip *, n);
	usec_t end_of_turn = clock_boot() + TICK_TURN;

	for (size_t i = 0; i < n && t->advance.slots_n < TICK_RUNS; i++) {
		if (i > 0 && clock_boot() >= end_of_turn)
			break;
		moves[t->advance.moves_n++] = plan_move(t, &due[i], plan);
		add_runs(t, &due[i], plan, slots);
		add_skip(t, &due[i], plan, skips);
	}
	t->more = n == t->most || t->advance.moves_n < n || t->plan.n > 0;
	t->advance.moves = (const struct move *const *)moves;
	t->advance.slots = (const struct slot *const *)slots;
	t->advance.skips = (const struct slot_skip *const *)skips;
	t->advance.now = t->now;
}

static void postponed(struct db_unit *u, void *ctx)
{
	struct ticking *t = ctx;

	rest(t, u->outcome != DB_OK);
}

/* This schedule cannot be written: it must not hold the others up. It is looked at again later. */
static void postpone(struct ticking *t)
{
	const struct move *was = t->advance.moves[0];
	struct move *move = arena_make(t->arena, struct move);
	const struct move **moves = arena_array(t->arena, const struct move *, 1);
	struct db_unit *u = db_unit_new(t->engine->db, t->arena, LANE_ENGINE);

	*move = *was;
	move->next = was->was;
	move->wake = t->now + BROKEN_AGAIN;
	moves[0] = move;
	log_event(LOG_ERROR, "schedule.broken", LOG_ID("schedule", "schedule", was->id));
	t->more = true;
	store_schedule_advance(u, &(struct advance){ .moves = moves, .moves_n = 1, .now = t->now });
	db_submit(u, postponed, t);
}

/* One row that the database refuses refuses all of them; then they go one by one for a while. */
static void not_written(struct ticking *t, const struct db_unit *u)
{
	struct engine *e = t->engine;
	bool refused = u->outcome == DB_ERROR || u->outcome == DB_CONFLICT;

	log_event(refused ? LOG_ERROR : LOG_WARN, "tick.failed", LOG_STR("sqlstate", u->sqlstate),
		  LOG_STR("message", u->message));
	if (refused && strcmp(u->sqlstate, "23514") == 0 && !u->constraint[0]) {
		reap_now(e); /* a partition is missing */
	} else if (refused && t->advance.moves_n == 1) {
		postpone(t);
		return;
	} else if (refused) {
		e->tick_singly = TICK_SCHEDULES;
		t->more = true;
		refused = false;
	}
	rest(t, refused || u->outcome == DB_LOST);
}

static void advanced(struct db_unit *u, void *ctx)
{
	struct ticking *t = ctx;
	struct engine *e = t->engine;
	size_t made, skipped;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "tick.advanced");
	if (u->outcome == DB_OK)
		FAILPOINT("cp2");
	if (u->outcome != DB_OK) {
		not_written(t, u);
		return;
	}
	e->tick_singly -= e->tick_singly > 0;
	made = store_schedule_advanced(u, 0, &skipped);
	metric_add(METRIC_RUNS_CREATED, (int64_t)made);
	metric_add(METRIC_RUNS_SKIPPED, (int64_t)skipped);
	metric_time(METRIC_TICK_TIME, clock_boot() - t->began);
	/* Wakes among those just written are not in next_wake. */
	for (size_t i = 0; i < t->advance.moves_n; i++)
		if (t->advance.moves[i]->wake < t->next_wake)
			t->next_wake = t->advance.moves[i]->wake;
	if (made)
		claim_ready(e, t->earliest);
	rest(t, false);
}

/* Where nothing comes any more there may be no run that will end. */
static void complete_last(struct ticking *t, const struct schedule *due, struct db_unit *u)
{
	size_t all = t->advance.moves_n, n = 0;
	const struct move **last = arena_array(t->arena, const struct move *, all);
	struct change_of *changes = arena_array(t->arena, struct change_of, all);

	/* The moves are those of the first that are due. */
	for (size_t i = 0; i < all; i++) {
		if (t->advance.moves[i]->next != USEC_NEVER || due[i].kind == KIND_SCHEDULE)
			continue;
		changes[n] = after_change(&due[i], SCHEDULE_COMPLETED, t->arena);
		last[n++] = t->advance.moves[i];
	}
	if (n)
		store_schedule_exhausted(u, last, n, t->now);
	change_add_many(u, changes, n, t->now);
}

/* --- whose schedules: the oldest, or while more is due than one tick takes, by tenants in turn --- */

static void take_turns(struct ticking *t, const struct schedule *due, size_t n)
{
	struct turns *turns = &t->engine->tick_turns;
	bool is_full = n == t->most;

	for (size_t i = 0; i < n && (t->plan.n || is_full); i++) {
		if (!t->plan.n)
			turns_add(turns, due[i].tenant, 0, true);
		turns_got(turns, due[i].tenant);
	}
	if (t->plan.n)
		turns_done(turns, &t->plan, is_full);
	else if (is_full)
		turns_begin(turns);
}

/* Who wakes before the next round is over is known when the time comes. */
static void take_look(struct ticking *t, const struct db_unit *u)
{
	struct turns *turns = &t->engine->tick_turns;
	int n = store_schedule_tenants_count(u, 2), i = 0;
	struct uuid tenant;
	usec_t wake;

	for (; i < n; i++) {
		store_schedule_tenants_got(u, 2, i, &tenant, &wake);
		if (wake > t->now + 2 * TURNS_EVERY)
			turns_passed(turns, tenant);
		else if (!turns_looked(turns, tenant, wake, true))
			break;
	}
	turns_look_done(turns, i < n ? TURNS_LOOK : (size_t)n);
}

static void due_read(struct db_unit *u, void *ctx);

static void ask(struct ticking *t)
{
	struct engine *e = t->engine;
	struct db_unit *u = db_unit_new(e->db, t->arena, LANE_ENGINE);
	struct due_request r = { .now = t->now, .most = (int32_t)t->most };

	if (turns_any(&e->tick_turns)) {
		turns_plan(&e->tick_turns, r.most, turns_room, NULL, &t->plan);
		r.turns = turns_quotas(&t->plan, t->arena);
		r.turns_n = (size_t)t->plan.n;
		t->looks = turns_looks(&e->tick_turns);
	}
	store_schedule_due(u, &r);
	store_schedule_wake(u, t->now);
	if (t->looks)
		store_schedule_tenants(u, e->tick_turns.after, TURNS_LOOK);
	db_submit(u, due_read, t);
}

static void due_read(struct db_unit *u, void *ctx)
{
	struct ticking *t = ctx;
	struct engine *e = t->engine;
	struct schedule *due;
	size_t n;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "tick.due");
	if (u->outcome != DB_OK || e->draining) {
		rest(t, true);
		return;
	}
	n = store_schedules_due(u, 0, &due);
	take_turns(t, due, n);
	if (t->looks)
		take_look(t, u);
	e->tick_checked = n;
	t->next_wake = store_schedule_woken(u, 1);
	if (!n) {
		rest(t, false);
		return;
	}
	plan_all(t, due, n);
	FAILPOINT("cp1");
	u = db_unit_new(e->db, t->arena, LANE_ENGINE);
	store_schedule_advance(u, &t->advance);
	complete_last(t, due, u);
	db_submit(u, advanced, t);
}

static void tick(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct ticking *t;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (e->ticking || e->draining)
		return;
	if (!node_may_start(e)) {
		alarm_in(&e->tick, TICK_EVERY / 10);
		return;
	}
	metric_add(METRIC_TICKS, 1);
	arena = arena_new();
	t = arena_make(arena, struct ticking);
	*t = (struct ticking){ .engine = e,
			       .arena = arena,
			       .now = clock_now(),
			       .next_wake = USEC_NEVER,
			       .began = clock_boot(),
			       .most = e->tick_singly ? 1 : TICK_SCHEDULES,
			       .earliest = USEC_NEVER };
	e->ticking = true;
	e->tick_last = t->now;
	e->tick_hint = USEC_NEVER;
	ask(t);
}
