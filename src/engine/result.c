/* Results on their way to the database, in batches by natural batching: while one batch is being
 * written the next one gathers. Four kinds travel in one unit: ends, retries, runs whose agent
 * reports later, hand-backs. Each
 * row is guarded by its claim, so writing one twice, or after somebody else took the run over,
 * changes nothing: after a lost connection the batch is simply sent again (RELIABILITY.md 2.3). */
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/utf8.h"
#include "engine/engine_int.h"
#include "store/engine.h"

#define WRITE_AGAIN (100 * MSEC)
#define WRITE_FAILURES_MAX 5

struct writing {
	struct engine *engine;
	struct arena *arena;
	struct done_list lists[DONE_KINDS];
};

static void flush_later(void *ctx);

void result_init(struct engine *e)
{
	alarm_init(&e->write_again, e->loop, flush_later, e);
}

static void done_free(struct done *d)
{
	if (d->held) {
		struct held *h = d->held;

		h->done = NULL;
		h->state = HELD_WAITING;
		h->engine->output_bytes -= d->r.output.n;
		held_free(h);
	}
	free(d);
}

static void push(struct done_list *list, struct done *d)
{
	d->next = NULL;
	if (list->last)
		list->last->next = d;
	else
		list->first = d;
	list->last = d;
	list->n++;
}

static struct done *pop(struct done_list *list)
{
	struct done *d = list->first;

	if (d) {
		list->first = d->next;
		if (!list->first)
			list->last = NULL;
		list->n--;
	}
	return d;
}

void result_release(struct engine *e)
{
	for (int k = 0; k < DONE_KINDS; k++)
		for (struct done *d; (d = pop(&e->results[k]));)
			done_free(d);
	alarm_release(&e->write_again);
}

static void flush_now(void *ctx)
{
	result_flush(ctx);
}

static void queue(struct engine *e, struct done *d)
{
	push(&e->results[d->kind], d);
	e->results_n++;
	metric_set(METRIC_RESULTS_WAITING, (int64_t)e->results_n);
	if (e->results_n == 1 && !e->writing)
		loop_defer(e->loop, flush_now, e);
}

/* What waits to be written has a ceiling: beyond it outputs keep their beginning. */
static void keep_output(struct engine *e, struct result *r)
{
	if (r->output.n > FETCH_BODY_MAX
	    && (e->output_bytes + r->output.n > OUTPUT_BYTES_MAX || FAULT_ERROR("output_room"))) {
		r->output = utf8_cut(r->output, FETCH_BODY_MAX);
		r->output_is_json = false;
	}
	e->output_bytes += r->output.n;
	if (r->output.p && r->output_bytes > (int64_t)r->output.n)
		metric_add(METRIC_OUTPUTS_CUT, 1);
}

static struct done *done_new(const struct result *r, enum done_kind kind, struct held *h)
{
	size_t bytes = r->reason.n + r->error.n + r->detail.n + r->address.n + r->headers.n
		     + r->body.n + r->output.n;
	struct done *d = mem_new(sizeof *d + bytes);
	char *at = (char *)(d + 1);

	*d = (struct done){ .r = *r, .kind = kind, .held = h };
	at = slice_move(at, &d->r.reason);
	at = slice_move(at, &d->r.error);
	at = slice_move(at, &d->r.detail);
	at = slice_move(at, &d->r.address);
	at = slice_move(at, &d->r.headers);
	at = slice_move(at, &d->r.body);
	(void)slice_move(at, &d->r.output);
	return d;
}

static void finish(struct held *h, const struct result *r, enum done_kind kind)
{
	struct result kept = *r;
	struct done *d;

	CHECK_MAGIC(h, HELD_MAGIC);
	ASSERT(h->state == HELD_WAITING || h->state == HELD_LINED);
	if (h->state == HELD_LINED)
		target_unline(h);
	share_unwait(h);
	agent_unline(h);
	keep_output(h->engine, &kept);
	d = done_new(&kept, kind, h);
	if (h->agent)
		agent_release(h);
	d->r.key = h->c.key;
	h->state = HELD_DONE;
	h->waiting_since = 0;
	h->done = d;
	overlap_ended(h);
	queue(h->engine, d);
}

void result_end(struct held *h, const struct result *r)
{
	finish(h, r,
	       r->end == RUN_PENDING   ? DONE_AGAIN
	       : r->end == RUN_AWAITED ? DONE_AWAIT
				       : DONE_END);
}

void result_give_back(struct held *h, usec_t ready)
{
	finish(h, &(struct result){ .ready_at = ready > h->c.ready_at ? ready : h->c.ready_at },
	       DONE_RELEASE);
}

void result_give_back_key(struct engine *e, const struct run_key *key, usec_t ready)
{
	queue(e, done_new(&(struct result){ .key = *key, .ready_at = ready }, DONE_RELEASE, NULL));
}

static void count_end(const struct done *d)
{
	static const enum metric ends[] = {
		[RUN_COMPLETED] = METRIC_RUNS_COMPLETED, [RUN_FAILED] = METRIC_RUNS_FAILED,
		[RUN_CANCELLED] = METRIC_RUNS_CANCELLED, [RUN_EXPIRED] = METRIC_RUNS_EXPIRED,
		[RUN_SKIPPED] = METRIC_RUNS_SKIPPED,
	};

	if (d->kind != DONE_END)
		return;
	metric_add(ends[d->r.end], 1);
	metric_add(METRIC_OUTPUT_BYTES, (int64_t)d->r.output.n);
}

/* Of a job or a plan: something follows. */
static bool is_followed(const struct done *d)
{
	return d->kind == DONE_END && d->held && d->held->c.kind != KIND_SCHEDULE;
}

/* When it may be claimed again; USEC_NEVER: it may not. */
static usec_t ready_again(struct engine *e, const struct done *d)
{
	if (d->kind == DONE_AWAIT)
		await_look(e, d->r.ready_at);
	if (d->kind == DONE_AWAIT || d->kind == DONE_END)
		return USEC_NEVER;
	claim_hint(e, d->r.key.tenant, d->r.ready_at);
	return d->r.ready_at;
}

/* Written. What was handed back may be ready again already. */
static void settle(struct writing *w, const struct db_unit *u)
{
	struct engine *e = w->engine;
	size_t sent = 0, taken = 0;
	usec_t ready = USEC_NEVER, back;
	bool followed = false;
	int stmt = 0;

	for (int k = 0; k < DONE_KINDS; k++) {
		if (!w->lists[k].n)
			continue;
		/* An awaited one that is not taken has its report already. */
		if (k == DONE_END || k == DONE_AGAIN) {
			sent += w->lists[k].n;
			taken += store_finished(u, stmt);
		}
		stmt++;
		for (struct done *d; (d = pop(&w->lists[k]));) {
			count_end(d);
			followed |= is_followed(d);
			back = ready_again(e, d);
			ready = back < ready ? back : ready;
			done_free(d);
		}
	}
	if (taken < sent) {
		metric_add(METRIC_RUNS_FENCED, (int64_t)(sent - taken));
		log_event(LOG_WARN, "run.fenced", LOG_INT("results", (int64_t)(sent - taken)));
	}
	if (ready != USEC_NEVER)
		claim_ready(e, ready);
	if (followed)
		after_soon(e);
	claim_room(e);
}

/* The bytes of a stranger's answer are the one thing in a row that can be odd: without them it
 * must go in. */
static void strip(struct done *d)
{
	d->r.detail = d->r.address = d->r.headers = d->r.body = (struct slice){ NULL, 0 };
}

/* Even without a stranger's bytes it does not go in: better once more than never. */
static void hand_back(struct done *d)
{
	log_event(LOG_ERROR, "result.unwritable", LOG_ID("run", "run", d->r.key.id));
	d->kind = DONE_RELEASE;
	d->r.ready_at = clock_now() + MIN;
}

static bool lacks_partition(const struct db_unit *u)
{
	return strcmp(u->sqlstate, "23514") == 0 && !u->constraint[0];
}

/* Is it the rows' own fault (22: data, 23: constraints)? Everything else, a full disk, a
 * time-out, is the database's, and passes. */
static bool rows_refused(const struct db_unit *u)
{
	return (strncmp(u->sqlstate, "22", 2) == 0 || strncmp(u->sqlstate, "23", 2) == 0)
	    && !lacks_partition(u);
}

static void put_back(struct writing *w, const struct db_unit *u)
{
	struct engine *e = w->engine;
	bool refused = rows_refused(u);

	if (u->sqlstate[0])
		log_event(u->outcome == DB_RETRY ? LOG_WARN : LOG_ERROR, "results.refused",
			  LOG_STR("sqlstate", u->sqlstate), LOG_STR("message", u->message));
	if (lacks_partition(u))
		reap_now(e);
	if (refused)
		e->one_by_one = true;
	for (int k = 0; k < DONE_KINDS; k++) {
		for (struct done *d; (d = pop(&w->lists[k]));) {
			d->failures += refused;
			if (d->failures == WRITE_FAILURES_MAX)
				strip(d);
			if (d->failures == 2 * WRITE_FAILURES_MAX)
				hand_back(d);
			push(&e->results[d->kind], d);
			e->results_n++;
		}
	}
	alarm_in(&e->write_again, WRITE_AGAIN);
}

static void written(struct db_unit *u, void *ctx)
{
	struct writing *w = ctx;
	struct engine *e = w->engine;
	struct arena *arena = w->arena;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "result.written");
	if (u->outcome == DB_OK && w->lists[DONE_END].n)
		FAILPOINT("cp6");
	e->writing = false;
	e->writing_n = 0;
	if (u->outcome == DB_OK) {
		settle(w, u);
		if (e->one_by_one && e->results_n == 0)
			e->one_by_one = false;
		result_flush(e);
	} else {
		put_back(w, u);
	}
	metric_set(METRIC_RESULTS_WAITING, (int64_t)e->results_n);
	arena_free(arena);
}

static const struct result *const *take(struct engine *e, struct writing *w, enum done_kind kind,
					size_t most)
{
	size_t n = e->results[kind].n < most ? e->results[kind].n : most, bytes = 0;
	const struct result **rows = arena_array(w->arena, const struct result *, n);

	for (size_t i = 0; i < n && bytes < RESULT_BATCH_BYTES; i++) {
		struct done *d = pop(&e->results[kind]);

		rows[i] = &d->r;
		bytes += d->r.output.n;
		push(&w->lists[kind], d);
		e->results_n--;
		e->writing_n++;
	}
	return rows;
}

void result_flush(struct engine *e)
{
	static void (*const store[])(struct db_unit *, const struct result *const *, size_t) = {
		[DONE_AGAIN] = store_again,
		[DONE_AWAIT] = store_await,
		[DONE_RELEASE] = store_release,
		[DONE_END] = store_finish,
	};
	struct arena *arena;
	struct writing *w;
	struct db_unit *u;

	_Static_assert(DONE_END == DONE_KINDS - 1, "sums are the last locks of a unit");
	if (e->writing || !e->results_n)
		return;
	arena = arena_new();
	w = arena_make(arena, struct writing);
	*w = (struct writing){ .engine = e, .arena = arena };
	u = db_unit_new(e->db, arena, LANE_ENGINE);
	for (int k = 0; k < DONE_KINDS; k++) {
		size_t most = e->one_by_one ? (e->writing_n == 0) : share_batch(e, RESULT_BATCH);

		if (!e->results[k].n || !most)
			continue;
		const struct result *const *rows = take(e, w, (enum done_kind)k, most);

		store[k](u, rows, w->lists[k].n);
	}
	e->writing = true;
	db_submit(u, written, w);
}

static void flush_later(void *ctx)
{
	struct engine *e = ctx;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	result_flush(e);
}
