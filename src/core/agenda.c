/* A calendar's events: the schedules are read, then their runs page by page, then what is to come is worked out. */
#include "core/agenda.h"

#include <stdlib.h>

#include "agenda_int.h"
#include "base/check.h"
#include "core/core.h"
#include "core/stats_ask.h"
#include "core_int.h"
#include "local_day.h"
#include "store/agenda.h"
#include "when/stamp.h"

#define PAGE 100 /* schedules whose runs are read at once: each is looked for in every partition */
#define DATE_BYTES 10
#define DAYS_MOST (366 + 2)

static op_step schedules_read, runs_read, sums_read, plan_on;

/* --- what is asked --- */

/* "2026-03-02": its midnight. */
static bool parse_time(struct op *op, struct slice text, const struct tz *z, usec_t *out)
{
	if (text.n == DATE_BYTES)
		text = slice_of(arena_printf(op->arena, "%.*sT00:00:00", SLICE_ARG(text)));
	return stamp_parse_in(text, z, out) == WHEN_OK;
}

static usec_t parse_or(struct op *op, const char *field, struct slice text, usec_t or_else)
{
	const struct agenda *g = op->state;
	usec_t at = or_else;

	if (text.p && !parse_time(op, text, g->tz, &at))
		json_fault(&op->faults, field, "invalid_time",
			   "This must be a date, or a date and time, like 2026-03-09T07:30:00Z.");
	return at;
}

static bool read_range(struct op *op, struct agenda *g)
{
	usec_t today = local_day_start(g->tz, local_day(g->tz, op->now, NULL));

	g->from = parse_or(op, "from", g->ask->from, today);
	g->to = parse_or(op, "to", g->ask->to, g->from + AGENDA_SPAN_DEFAULT);
	if (op->faults.total)
		return false;
	if (g->to <= g->from)
		json_fault(&op->faults, "to", "end_before_start", "The end lies before the start.");
	else if (g->to - g->from > AGENDA_SPAN_MAX)
		json_fault(&op->faults, "to", "out_of_range",
			   "From and to may be 366 days apart at most.");
	return op->faults.total == 0;
}

flow agenda(struct op *op)
{
	struct agenda *g = op->state = arena_make(op->arena, struct agenda);
	struct run_ref ref;
	int32_t most;

	g->ask = op->in;
	ref = (struct run_ref){ op->who.bucket, (int16_t)g->ask->kind, op->who.tenant,
				g->ask->schedule };
	g->tz = stats_zone(op, g->ask->zone);
	if (!g->tz || !read_range(op, g))
		return op_invalid(op);
	most = g->ask->limit < AGENDA_SCHEDULES ? (int32_t)g->ask->limit : AGENDA_SCHEDULES;
	store_agenda_schedules(op_unit(op, LANE_SLOW), &ref, most + 1);
	return op_db(op, schedules_read);
}

/* --- the end --- */

static int by_start(const void *a, const void *b)
{
	const struct agenda_event *x = a, *y = b;
	int by_id;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	by_id = id_compare(x->schedule, y->schedule);
	return by_id ? by_id : id_compare(x->run, y->run);
}

static flow answer(struct op *op)
{
	struct agenda *g = op->state;

	if (g->events_n)
		qsort(g->events, g->events_n, sizeof(*g->events), by_start);
	g->view->from = g->from;
	g->view->to = g->to;
	g->view->tz = g->tz;
	g->view->events = (struct json_list){ g->events, g->events_n };
	return op_ok(op, g->view);
}

/* --- what is to come --- */

static void plan_turn(void *ctx)
{
	op_resume(ctx);
}

static void stop_turns(void *turn)
{
	alarm_release(turn);
}

static flow plan_on(struct op *op)
{
	struct agenda *g = op->state;

	loop_enter(op->core->loop, "agenda.plan");
	if (agenda_plan(op, g))
		return answer(op);
	alarm_in(&g->turn, 0);
	return op_wait(op, plan_on);
}

static flow plan(struct op *op)
{
	struct agenda *g = op->state;

	if (g->to <= op->now)
		return answer(op);
	alarm_init(&g->turn, op->core->loop, plan_turn, op);
	arena_defer(op->arena, stop_turns, &g->turn);
	return plan_on(op);
}

/* --- runs --- */

static struct agenda_range range_of(const struct op *op, const struct agenda *g)
{
	return (struct agenda_range){ .ref = { op->who.bucket, 0, op->who.tenant, { { 0 } } },
				      .from = g->from,
				      .to = g->to };
}

static flow read_page(struct op *op)
{
	struct agenda *g = op->state;
	struct agenda_range range = range_of(op, g);
	const struct uuid **ids = arena_array(op->arena, const struct uuid *, PAGE);

	if (g->page == g->n || g->from > op->now)
		return plan(op);
	g->page_n = g->n - g->page < PAGE ? g->n - g->page : PAGE;
	for (size_t i = 0; i < g->page_n; i++)
		ids[i] = &g->schedules[g->page + i].id;
	range.schedules = ids;
	range.n = g->page_n;
	g->crowded = arena_array(op->arena, const struct uuid *, PAGE);
	g->crowded_n = 0;
	store_agenda_runs(op_unit(op, LANE_SLOW), &range, (int32_t)g->share_past + 1);
	return op_db(op, runs_read);
}

static flow schedules_read(struct op *op)
{
	struct agenda *g = op->state;
	size_t limit = (size_t)g->ask->limit, most, share;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	g->view = arena_make(op->arena, struct agenda_view);
	g->n = store_agenda_schedules_got(op->unit, 0, &g->schedules);
	if (g->n == 0 && !id_is_nil(g->ask->schedule))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	most = limit < AGENDA_SCHEDULES ? limit : AGENDA_SCHEDULES;
	if (g->n > most) {
		g->view->is_cut = true;
		g->n = most;
	}
	share = g->n ? limit / g->n : 0;
	g->share_past = g->share_ahead = share;
	if (g->from <= op->now && g->to > op->now) {
		g->share_past = share / 2;
		g->share_ahead = share - g->share_past;
	}
	g->events = arena_array(op->arena, struct agenda_event, limit + 1);
	return read_page(op);
}

static const struct schedule *schedule_of(const struct agenda *g, struct uuid id)
{
	for (size_t i = g->page; i < g->page + g->page_n; i++)
		if (id_compare(g->schedules[i].id, id) == 0)
			return &g->schedules[i];
	BUG("a run of a schedule that was not asked for");
}

static int view_of(const struct agenda_run *r, usec_t now)
{
	switch (r->state) {
	case RUN_PENDING:
	case RUN_EXECUTING:
		if (r->state == RUN_EXECUTING && r->ready_at <= now)
			return VIEW_PROCESSING;
		return r->retrying ? VIEW_RETRYING : VIEW_QUEUED;
	case RUN_AWAITED:
		return VIEW_PROCESSING;
	case RUN_COMPLETED:
		return VIEW_COMPLETED;
	case RUN_FAILED:
		return VIEW_FAILED;
	case RUN_CANCELLED:
		return VIEW_CANCELLED;
	case RUN_EXPIRED:
		return VIEW_EXPIRED;
	case RUN_SKIPPED:
		return VIEW_SKIPPED;
	}
	BUG("a run in no state");
}

static bool has_failed(int view)
{
	return view == VIEW_FAILED || view == VIEW_EXPIRED;
}

/* How several ended, in one word: the first of these that any did. What is still under way comes before. */
static int worse(int a, int b)
{
	static const int order[] = {
		VIEW_PROCESSING, VIEW_RETRYING,  VIEW_QUEUED,    VIEW_FAILED,
		VIEW_EXPIRED,    VIEW_CANCELLED, VIEW_COMPLETED, VIEW_SKIPPED
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] == a || order[i] == b)
			return order[i];
	return a;
}

static void add_run(struct agenda *g, const struct schedule *s, const struct agenda_run *r,
		    usec_t now)
{
	int view = view_of(r, now);

	g->events[g->events_n++] = (struct agenda_event){
		.schedule = s->id,
		.title = s->name,
		.start = r->started_at != USEC_NEVER ? r->started_at : r->scheduled_for,
		.end = r->finished_at,
		.view = view,
		.run = r->id,
		.count = 1,
		.failed = has_failed(view),
	};
}

/* Several of one day, latest first. */
static void add_runs(struct agenda *g, const struct schedule *s, const struct agenda_run *runs,
		     size_t n, usec_t now)
{
	usec_t end = local_day_start(g->tz, local_day(g->tz, runs[0].scheduled_for, NULL) + 1);
	struct agenda_event e = {
		.schedule = s->id,
		.title = s->name,
		.start = runs[n - 1].scheduled_for,
		.end = end < g->to ? end : g->to,
		.view = view_of(&runs[0], now),
		.count = (int64_t)n,
	};

	for (size_t i = 0; i < n; i++) {
		int view = view_of(&runs[i], now);

		e.view = worse(e.view, view);
		e.failed += has_failed(view);
	}
	g->events[g->events_n++] = e;
}

/* All runs of one schedule, which are no more than its share: day by day. */
static void fold_runs(struct agenda *g, const struct agenda_run *runs, size_t n, usec_t now)
{
	const struct schedule *s = schedule_of(g, runs[0].schedule);
	struct tz_hint hint = { 0 };
	size_t i = 0;

	while (i < n) {
		int32_t day = local_day(g->tz, runs[i].scheduled_for, &hint);
		size_t k = i + 1;

		while (k < n && local_day(g->tz, runs[k].scheduled_for, &hint) == day)
			k++;
		if (k - i > AGENDA_DENSE)
			add_runs(g, s, runs + i, k - i, now);
		else
			for (size_t r = i; r < k; r++)
				add_run(g, s, &runs[r], now);
		i = k;
	}
}

/* The days of the range up to now, latest first; no more than the share. */
static size_t past_days(struct op *op, struct agenda *g, const struct agenda_span ***out)
{
	usec_t until = g->to < op->now ? g->to : op->now + 1;
	struct agenda_span *spans = arena_array(op->arena, struct agenda_span, DAYS_MOST);
	const struct agenda_span **list = arena_array(op->arena, const struct agenda_span *,
						      DAYS_MOST);
	size_t n = 0;

	for (usec_t end = until; end > g->from && n < g->share_past && n < DAYS_MOST;) {
		usec_t start = local_day_start(g->tz, local_day(g->tz, end - 1, NULL));

		spans[n] = (struct agenda_span){ start > g->from ? start : g->from, end };
		list[n] = &spans[n];
		n++;
		end = start;
	}
	if (n && spans[n - 1].from > g->from)
		g->view->is_cut = true;
	*out = list;
	return n;
}

static flow read_sums(struct op *op)
{
	struct agenda *g = op->state;
	struct agenda_range range = range_of(op, g);
	const struct agenda_span **spans;
	size_t n = g->crowded_n ? past_days(op, g, &spans) : 0;

	if (n == 0) {
		g->view->is_cut |= g->crowded_n > 0;
		g->page += g->page_n;
		return read_page(op);
	}
	range.schedules = g->crowded;
	range.n = g->crowded_n;
	store_agenda_sums(op_unit(op, LANE_SLOW), &range, spans, n);
	return op_db(op, sums_read);
}

static flow runs_read(struct op *op)
{
	struct agenda *g = op->state;
	struct agenda_run *runs;
	size_t n, i = 0;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_agenda_runs_got(op->unit, 0, &runs);
	while (i < n) {
		size_t k = i + 1;

		while (k < n && id_compare(runs[k].schedule, runs[i].schedule) == 0)
			k++;
		if (k - i > g->share_past)
			g->crowded[g->crowded_n++] = &runs[i].schedule;
		else
			fold_runs(g, runs + i, k - i, op->now);
		i = k;
	}
	return read_sums(op);
}

static void add_sum(struct agenda *g, const struct agenda_sum *sum)
{
	const struct schedule *s = schedule_of(g, sum->schedule);
	int64_t failed = sum->failed + sum->expired;

	g->events[g->events_n++] = (struct agenda_event){
		.schedule = s->id,
		.title = s->name,
		.start = sum->from,
		.end = sum->to,
		.view = failed         ? VIEW_FAILED
		      : sum->cancelled ? VIEW_CANCELLED
		      : sum->completed ? VIEW_COMPLETED
				       : VIEW_SKIPPED,
		.count = sum->completed + failed + sum->cancelled + sum->skipped,
		.failed = failed,
	};
}

static flow sums_read(struct op *op)
{
	struct agenda *g = op->state;
	struct agenda_sum *sums;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_agenda_sums_got(op->unit, 0, &sums);
	for (size_t i = 0; i < n; i++)
		add_sum(g, &sums[i]);
	g->page += g->page_n;
	return read_page(op);
}
