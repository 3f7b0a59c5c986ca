/* Awaited runs: their agent said that it will report (core/report.c), nobody holds them. When the patience with
 * one ends, its attempt has failed, and its job's policy says what comes of it. Every process looks; what it
 * writes repeats what it read, so a report or a sign of life that came first, or another process, wins.
 *
 * It looks when patience with the earliest one ends, and every AWAIT_EVERY: another process may have
 * begun to wait for one, and died. After a time without looks, as at the start, reports may not have been taken
 * either, and agents are about to try again: then patience is stretched first, unless an older process was there. */
#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/call.h"
#include "core/retry.h"
#include "core/run.h"
#include "engine/engine_int.h"
#include "store/agent_run.h"
#include "store/engine.h"

#define AWAIT_EVERY (2 * SEC)
#define AWAIT_BATCH 100
#define AWAIT_GAP (10 * SEC)
#define AWAIT_GRACE MIN

struct looking {
	struct engine *engine;
	struct arena *arena;
	struct result *results;
	const struct result **ends, **agains;
	size_t n, ends_n, agains_n;
	usec_t sent; /* clock_boot() */
	bool stretches;
	int stmt; /* the first that ends attempts */
};

static void look(void *ctx);

void await_init(struct engine *e)
{
	alarm_init(&e->await, e->loop, look, e);
	alarm_init(&e->await_due, e->loop, look, e);
}

void await_release(struct engine *e)
{
	alarm_release(&e->await);
	alarm_release(&e->await_due);
}

void await_look(struct engine *e, usec_t at)
{
	if (e->next_await <= at && alarm_is_set(&e->await_due))
		return;
	e->next_await = at;
	alarm_at(&e->await_due, at);
}

static void finish(struct looking *l, bool is_more)
{
	struct engine *e = l->engine;

	e->awaiting = false;
	arena_free(l->arena);
	if (!e->draining)
		alarm_in(&e->await, is_more || e->await_again ? 0 : AWAIT_EVERY);
	e->await_again = false;
}

/* True when anything was ended. */
static bool count(const struct looking *l, const struct db_unit *u)
{
	struct engine *e = l->engine;
	int stmt = l->stmt;
	size_t ended = l->ends_n ? store_finished(u, stmt++) : 0;
	size_t again = l->agains_n ? store_finished(u, stmt) : 0;

	metric_add(METRIC_ATTEMPTS_FAILED, (int64_t)(ended + again));
	metric_add(METRIC_RUNS_FAILED, (int64_t)ended);
	if (ended) {
		after_soon(e);
		claim_ready(e, clock_now()); /* those behind them */
	}
	for (size_t i = 0; i < l->agains_n; i++)
		claim_ready(e, l->agains[i]->ready_at);
	if (ended + again)
		log_event(LOG_INFO, "await.timed_out", LOG_INT("ended", (int64_t)ended),
			  LOG_INT("again", (int64_t)again));
	return ended + again > 0;
}

static void written(struct db_unit *u, void *ctx)
{
	struct looking *l = ctx;
	struct engine *e = l->engine;
	bool is_more = false;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "await.written");
	if (u->outcome == DB_OK) {
		is_more = count(l, u); /* also, who is next is still to be asked */
	} else if (u->outcome == DB_ERROR) {
		/* 23514 without a name: history has no partition for now. */
		if (strcmp(u->sqlstate, "23514") == 0 && !u->constraint[0])
			reap_now(e);
		log_event(LOG_ERROR, "await.refused", LOG_STR("sqlstate", u->sqlstate),
			  LOG_STR("message", u->message));
	}
	finish(l, is_more);
}

static void judge(const struct awaited *a, struct uuid claim, struct arena *arena, struct result *r)
{
	usec_t now = clock_now();
	bool is_heartbeat = a->ready_at < a->await_until;
	struct call call = { 0 };
	struct failure f = { .retry = &call.retry,
			     .count = a->attempt - a->excused,
			     .retry_after = USEC_NEVER,
			     .expires_at = a->expires_at };

	*r = (struct result){
		.key = { a->key.tenant, a->key.id, claim, a->key.bucket },
		.ready_at = USEC_NEVER,
		.started_at = a->began_at,
		.finished_at = now,
		.http_status = 202,
		.error = slice_of(is_heartbeat ? "heartbeat_timeout" : "callback_timeout"),
		.detail = slice_of(is_heartbeat ? "The agent gave no sign of life in time."
						: "The agent did not report in time."),
	};
	if (!call_parse(SLICE_LIT(""), a->options, SLICE_LIT(""), arena, &call)) {
		f.is_final = true;
		r->reason = SLICE_LIT("damaged_options");
	}
	retry_of_job(&call.retry);
	retry_decide(&f, r);
}

static void write_ends(struct looking *l, const struct awaited *list)
{
	struct arena *arena = l->arena;
	struct db_unit *u = db_unit_new(l->engine->db, arena, LANE_ENGINE);
	struct uuid claim = id_new(clock_real());

	l->results = arena_array(arena, struct result, l->n);
	l->ends = arena_array(arena, const struct result *, l->n);
	l->agains = arena_array(arena, const struct result *, l->n);
	for (size_t i = 0; i < l->n; i++) {
		struct result *r = &l->results[i];

		judge(&list[i], claim, arena, r);
		if (r->end == RUN_PENDING)
			l->agains[l->agains_n++] = r;
		else
			l->ends[l->ends_n++] = r;
	}
	if (FAULT_ERROR("await_sign")) { /* a sign of life that came in between */
		store_await_alive(u, &list[0].key, clock_now());
		l->stmt++;
	}
	store_await_take(u, list, l->n, claim);
	l->stmt++;
	if (l->ends_n)
		store_finish(u, l->ends, l->ends_n);
	if (l->agains_n)
		store_again(u, l->agains, l->agains_n);
	db_submit(u, written, l);
}

static void looked(struct db_unit *u, void *ctx)
{
	struct looking *l = ctx;
	struct engine *e = l->engine;
	struct awaited *list;
	int64_t awaited = 0;
	usec_t next;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "await.looked");
	if (u->outcome != DB_OK) {
		finish(l, false);
		return;
	}
	e->await_looked = l->sent;
	l->n = store_await_got(u, l->stretches, &list);
	next = store_await_next_got(u, l->stretches + 1, &awaited);
	metric_set(METRIC_AWAITED, awaited);
	if (l->n) {
		write_ends(l, list);
		return;
	}
	if (next != USEC_NEVER) {
		alarm_stop(&e->await_due);
		await_look(e, next);
	}
	finish(l, false);
}

static void look(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct looking *l;
	struct db_unit *u;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	if (e->draining)
		return;
	if (e->awaiting) {
		e->await_again = true;
		return;
	}
	e->awaiting = true;
	arena = arena_new();
	l = arena_make(arena, struct looking);
	*l = (struct looking){ .engine = e, .arena = arena, .sent = clock_boot() };
	l->stretches = !e->await_looked || l->sent - e->await_looked > AWAIT_GAP;
	u = db_unit_new(e->db, arena, LANE_ENGINE);
	if (l->stretches)
		store_await_grace(u, &(struct await_grace){ clock_now(), AWAIT_GRACE, e->node,
							    clock_real() });
	store_await_due(u, clock_now(), AWAIT_BATCH);
	store_await_next(u);
	db_submit(u, looked, l);
}
