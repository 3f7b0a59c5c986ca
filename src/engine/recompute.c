/* Cursors anew. A calendar was changed, or the zone data: the next occurrence of the schedules
 * concerned may be another instant now. A job in the table says whose; one process at a time goes
 * through them, a page and a short turn of the loop after the other, so that nothing else waits.
 *
 * A cursor becomes the first occurrence after now and after the last one that has its run. It is
 * written by compare-and-set like every other move of it; what the tick or a change moved
 * meanwhile is right already. Overdue cursors are the tick's: what was missed was missed by the
 * rules of its time. Going through a page twice changes nothing, so whoever finds a job whose
 * holder has died begins it again. */
#include "store/recompute.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/fire.h"
#include "core/run.h"
#include "core/schedule.h"
#include "engine/engine_int.h"
#include "when/stamp.h"

#define RECOMPUTE_EVERY (10 * SEC)
#define RECOMPUTE_AGAIN SEC
#define RECOMPUTE_PATIENCE MIN /* a holder that was not heard of for so long is dead */
#define PAGE_SCHEDULES 500
#define TURN (2 * MSEC)
#define LOGGED_MAX 100 /* moved schedules, of one job */

struct recomputing {
	struct engine *engine;
	struct arena *arena; /* of the job */
	struct arena *page_arena;
	struct alarm turn; /* the next one */
	struct recompute_job job;
	struct recompute_ask ask;
	struct recompute_page page;
	size_t i;   /* next row of the page */
	usec_t now; /* of the page */
	const struct recompute_move **moves;
	size_t moves_n;
	int64_t seen, moved;
	usec_t began; /* clock_boot() */
};

static void look(void *ctx);
static void read_page(struct recomputing *r);
static void work(void *ctx);

void recompute_init(struct engine *e)
{
	e->recompute_held = USEC_NEVER;
	alarm_init(&e->recompute, e->loop, look, e);
}

void recompute_release(struct engine *e)
{
	alarm_release(&e->recompute);
}

void recompute_soon(struct engine *e)
{
	e->recompute_again = e->recomputing;
	if (!e->recomputing)
		alarm_in(&e->recompute, 0);
}

/* Over, for now. The instants are the schedule clock's, so that a test can move it; counted from
 * when it was asked, as the clock may have been moved while the answer was on its way. */
static void rest(struct recomputing *r, usec_t again)
{
	struct engine *e = r->engine;

	e->recomputing = false;
	if (e->recompute_again || again == 0)
		alarm_in(&e->recompute, 0);
	else
		alarm_at(&e->recompute, r->ask.now + again);
	e->recompute_again = false;
	if (r->page_arena)
		arena_free(r->page_arena);
	alarm_release(&r->turn);
	arena_free(r->arena);
}

/* It stays ours for a while and is begun again. */
static void fail(struct recomputing *r, const struct db_unit *u)
{
	if (u->outcome == DB_ERROR || u->outcome == DB_CONFLICT)
		log_event(LOG_ERROR, "recompute.failed", LOG_STR("sqlstate", u->sqlstate),
			  LOG_STR("message", u->message));
	r->engine->recompute_held = r->job.taken_at;
	rest(r, u->outcome == DB_ERROR ? RECOMPUTE_EVERY : RECOMPUTE_AGAIN);
}

/* --- one schedule --- */

/* A single instant that has had its run. */
static bool is_spent(const struct recompute_row *row)
{
	return row->s.spec_kind == SPEC_ONCE + 1 && row->s.next_at == USEC_NEVER
	    && row->latest != USEC_NEVER;
}

static void add_move(struct recomputing *r, struct recompute_row *row)
{
	struct schedule *s = &row->s;
	usec_t was = s->next_at, count_end = s->count_end;
	usec_t after = row->latest != USEC_NEVER && row->latest > r->now ? row->latest : r->now;
	struct recompute_move *move;
	struct spec spec;

	/* Where COUNT ends hangs on the zone: it is counted anew. */
	if (r->job.zone_version.p)
		s->count_end = USEC_NEVER;
	if (!schedule_spec(s, r->engine->core->zones, r->page_arena, &spec)) {
		log_event(LOG_ERROR, "schedule.broken",
			  LOG_ID("schedule", schedule_prefix((enum kind)s->kind), s->id),
			  LOG_SLICE("zone", s->zone));
		return;
	}
	if (spec.kind == SPEC_RRULE)
		s->count_end = rrule_last(spec.rrule);
	fire_start(s, &spec, after);
	if (s->next_at == was && s->count_end == count_end)
		return;
	move = arena_make(r->page_arena, struct recompute_move);
	*move = (struct recompute_move){ s->bucket, s->kind,    s->id,      s->rev,
					 was,       s->next_at, s->wake_at, s->count_end };
	r->moves[r->moves_n++] = move;
}

/* --- a page --- */

static void note_move(struct recomputing *r, const struct recompute_move *m)
{
	char from[STAMP_MAX] = "", to[STAMP_MAX] = "";

	if (m->next == m->was)
		return;
	metric_add(METRIC_SCHEDULES_MOVED, 1);
	if (r->moved++ >= LOGGED_MAX)
		return;
	if (m->was != USEC_NEVER)
		stamp_print(m->was, from);
	if (m->next != USEC_NEVER)
		stamp_print(m->next, to);
	log_event(LOG_INFO, "schedule.moved",
		  LOG_ID("schedule", schedule_prefix((enum kind)m->kind), m->id),
		  LOG_STR("from", from), LOG_STR("to", to));
}

static bool is_among(struct uuid id, const struct uuid *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (id_compare(id, ids[i]) == 0)
			return true;
	return false;
}

static void note_moves(struct recomputing *r, const struct db_unit *u)
{
	struct uuid *ids;
	size_t n = store_recompute_moved(u, 1, &ids);
	usec_t wake = USEC_NEVER;

	for (size_t i = 0; i < r->moves_n; i++) {
		const struct recompute_move *m = r->moves[i];

		if (!is_among(m->id, ids, n))
			continue;
		note_move(r, m);
		if (m->wake < wake)
			wake = m->wake;
	}
	if (wake != USEC_NEVER)
		tick_wake(r->engine, wake);
}

static void ended(struct db_unit *u, void *ctx)
{
	struct recomputing *r = ctx;

	if (u->outcome == DB_OK)
		rest(r, 0);
	else
		fail(r, u);
}

static void end(struct recomputing *r)
{
	struct db_unit *u = db_unit_new(r->engine->db, r->page_arena, LANE_WRITE);

	log_event(LOG_INFO, "schedules.recomputed", LOG_ID("tenant", "tenant", r->job.tenant),
		  LOG_SLICE("version", r->job.zone_version), LOG_INT("schedules", r->seen),
		  LOG_INT("moved", r->moved), LOG_INT("ms", (clock_boot() - r->began) / MSEC));
	store_recompute_done(u, &r->job);
	db_submit(u, ended, r);
}

static void freed(struct db_unit *u, void *ctx)
{
	(void)u;
	rest(ctx, RECOMPUTE_EVERY);
}

/* We are about to leave: whoever looks next may have it at once. */
static void give_back(struct recomputing *r)
{
	struct db_unit *u = db_unit_new(r->engine->db, r->page_arena, LANE_WRITE);

	store_recompute_free(u, &r->job);
	db_submit(u, freed, r);
}

static void written(struct db_unit *u, void *ctx)
{
	struct recomputing *r = ctx;

	CHECK_MAGIC(r->engine, ENGINE_MAGIC);
	loop_enter(r->engine->loop, "recompute.written");
	if (u->outcome != DB_OK) {
		fail(r, u);
		return;
	}
	if (r->moves_n)
		note_moves(r, u);
	FAILPOINT("cp8");
	if (!store_recompute_kept(u, 0)) {
		rest(r, RECOMPUTE_EVERY); /* somebody thought us dead and has it */
		return;
	}
	r->job.taken_at = r->now;
	if (r->engine->draining)
		give_back(r);
	else if (r->page.is_last)
		end(r);
	else
		read_page(r);
}

static void write_page(struct recomputing *r)
{
	struct db_unit *u = db_unit_new(r->engine->db, r->page_arena, LANE_WRITE);

	store_recompute_keep(u, &r->job, r->now);
	if (r->moves_n)
		store_recompute_move(u, r->moves, r->moves_n);
	db_submit(u, written, r);
}

/* So many rows of the page as a turn has time for. */
static void work(void *ctx)
{
	struct recomputing *r = ctx;
	usec_t end_of_turn = clock_boot() + TURN;

	CHECK_MAGIC(r->engine, ENGINE_MAGIC);
	loop_enter(r->engine->loop, "recompute.work");
	for (; r->i < r->page.n; r->i++) {
		struct recompute_row *row = &r->page.rows[r->i];

		if (clock_boot() >= end_of_turn) {
			alarm_in(&r->turn, 0);
			return;
		}
		if (!row->wanted || is_spent(row))
			continue;
		r->seen++;
		add_move(r, row);
	}
	write_page(r);
}

static void page_read(struct db_unit *u, void *ctx)
{
	struct recomputing *r = ctx;

	CHECK_MAGIC(r->engine, ENGINE_MAGIC);
	if (u->outcome != DB_OK) {
		fail(r, u);
		return;
	}
	store_recompute_paged(u, 0, &r->job, PAGE_SCHEDULES, &r->page);
	r->i = r->moves_n = 0;
	r->moves = arena_array(r->page_arena, const struct recompute_move *, r->page.n + 1);
	work(r);
}

static void read_page(struct recomputing *r)
{
	struct db_unit *u;

	if (r->page_arena)
		arena_free(r->page_arena);
	r->page_arena = arena_new();
	r->now = clock_now();
	u = db_unit_new(r->engine->db, r->page_arena, LANE_SLOW);
	store_recompute_page(u, &r->job, &r->page.end, r->now, PAGE_SCHEDULES);
	db_submit(u, page_read, r);
}

/* --- a job --- */

static void taken(struct db_unit *u, void *ctx)
{
	struct recomputing *r = ctx;

	CHECK_MAGIC(r->engine, ENGINE_MAGIC);
	if (u->outcome != DB_OK || !store_recompute_taken(u, 0, &r->ask, &r->job)) {
		rest(r, u->outcome == DB_OK ? RECOMPUTE_EVERY : RECOMPUTE_AGAIN);
		return;
	}
	r->engine->recompute_held = USEC_NEVER;
	/* Before every row. (An id of zeroes would be null.) */
	r->page.end = (struct recompute_place){ INT16_MIN, { { [15] = 1 } }, 0 };
	read_page(r);
}

static void look(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct recomputing *r;
	struct db_unit *u;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (e->recomputing || e->draining)
		return;
	if (!node_may_start(e)) {
		alarm_in(&e->recompute, RECOMPUTE_AGAIN / 10);
		return;
	}
	arena = arena_new();
	r = arena_make(arena, struct recomputing);
	*r = (struct recomputing){ .engine = e, .arena = arena, .began = clock_boot() };
	alarm_init(&r->turn, e->loop, work, r);
	r->ask = (struct recompute_ask){ .now = clock_now(),
					 .patience = RECOMPUTE_PATIENCE,
					 .held = e->recompute_held,
					 .version = slice_of(tz_db_version(e->core->zones)) };
	e->recomputing = true;
	u = db_unit_new(e->db, arena, LANE_WRITE);
	store_recompute_take(u, &r->ask);
	db_submit(u, taken, r);
}
