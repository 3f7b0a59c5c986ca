/* Runs of jobs, read and cancelled. */
#include "base/check.h"
#include "base/utf8.h"
#include "core/core_int.h"
#include "core/job.h"
#include "core/run_int.h"
#include "store/job.h"
#include "store/schedule.h"

/* --- as they are shown --- */

/* One byte more than `most` is there, when there is more. */
static void show_output(const struct job_run *row, size_t most, struct arena *a,
			struct job_run_view *v)
{
	if (!row->output.p)
		return;
	v->output = row->output.n > most ? utf8_cut(row->output, most) : row->output;
	v->is_cut = v->output.n < (size_t)row->output_bytes;
	/* A part of JSON is none. */
	v->is_json = row->output_is_json && !v->is_cut;
	if (!v->is_json)
		v->output = utf8_mend(v->output, a);
}

/* A failed run always says why. */
static struct slice sentence_of(const struct job_run *row, struct arena *a)
{
	struct slice none = { NULL, 0 };

	if (row->r.state != RUN_FAILED && row->r.state != RUN_EXPIRED)
		return none;
	if (row->detail.p && row->detail.n)
		return row->detail;
	if (row->r.state == RUN_EXPIRED)
		return SLICE_LIT("It was not started in time.");
	return slice_of(arena_printf(a, "It failed: %.*s.", SLICE_ARG(row->error)));
}

static void view_of(struct op *op, const struct job_run *row, size_t most, struct job_run_view *v)
{
	const struct run *r = &row->r;
	bool is_held;

	*v = (struct job_run_view){
		.row = row,
		.status = run_status(r, op->now),
		.started_at = r->started_at,
		.completed_at = r->finished_at,
		.next_attempt_at = USEC_NEVER,
		.error = sentence_of(row, op->arena),
	};
	/* The attempt of a run that is claimed but not begun is not one yet. */
	is_held = r->state == RUN_EXECUTING && v->status != VIEW_PROCESSING;
	v->attempt = r->attempt - is_held;
	if (v->status == VIEW_RETRYING)
		v->next_attempt_at = r->ready_at;
	if (r->state == RUN_EXECUTING && !is_held)
		v->started_at = r->ready_at;
	show_output(row, most, op->arena, v);
}

/* --- one --- */

struct looking {
	bool full;
	op_step *next; /* when it is there and the job's; NULL: it is the answer */
};
static op_step looked;

static size_t most_of(const struct looking *l)
{
	return l->full ? WORK_OUTPUT_MAX : WORK_OUTPUT_SHOWN;
}

/* op->ids: the run, and its job. */
static flow look(struct op *op, const struct looking *how)
{
	struct looking *l = arena_make(op->arena, struct looking);
	struct run_ref ref = run_ref_of(op, KIND_JOB);
	struct db_unit *u = op_unit(op, LANE_READ);

	*l = *how;
	op->state = l;
	store_job_run_get(u, &ref, (int32_t)most_of(l) + 1);
	store_attempt_list(u, &ref);
	return op_db(op, looked);
}

flow job_run_look(struct op *op)
{
	return look(op, &(struct looking){ .full = false });
}

static void put_run_first(struct op *op)
{
	struct uuid job = op->ids[0];

	op->ids[0] = op->ids[1];
	op->ids[1] = job;
}

flow job_run_get(struct op *op)
{
	const struct job_run_ask *in = op->in;

	put_run_first(op);
	return look(op, &(struct looking){ .full = in->full });
}

static flow looked(struct op *op)
{
	const struct looking *l = op->state;
	struct job_run *row = arena_make(op->arena, struct job_run);
	struct job_run_view *v = arena_make(op->arena, struct job_run_view);
	struct attempt_view *views;
	struct attempt *attempts;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_job_run_got(op->unit, 0, row)
	    || (!id_is_nil(op->ids[1]) && id_compare(row->r.schedule, op->ids[1]) != 0))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (l->next)
		return l->next(op);
	n = store_attempts(op->unit, 1, op->arena, &attempts);
	views = arena_array(op->arena, struct attempt_view, n + 1);
	for (size_t i = 0; i < n; i++)
		attempt_view_fill(&attempts[i], op->arena, &views[i]);
	view_of(op, row, most_of(l), v);
	v->attempts = (struct json_list){ views, n };
	return op_ok(op, v);
}

/* --- cancel: only when it is this job's --- */

static op_step cancel;

flow job_run_cancel(struct op *op)
{
	put_run_first(op);
	return look(op, &(struct looking){ .next = cancel });
}

static flow cancel(struct op *op)
{
	static const enum kind kind = KIND_JOB;

	op->in = &kind;
	return run_cancel(op);
}

/* --- list --- */

static const int16_t ended_states[] = { RUN_COMPLETED, RUN_FAILED, RUN_CANCELLED, RUN_EXPIRED,
					RUN_SKIPPED };
#define ENDED (sizeof(ended_states) / sizeof(ended_states[0]))

/* What each status shows: live ones, and ended ones as bits of ended_states. */
static const struct shown {
	struct run_filter live;
	unsigned ended;
} all = { { true, true, true, true, 0 }, 31 }, statuses[VIEW_COUNT] = {
	[VIEW_QUEUED] = { { .due = true, .ahead = true }, 0 },
	[VIEW_SCHEDULED] = { { .ahead = true }, 0 },
	[VIEW_PROCESSING] = { { .executing = true }, 0 },
	[VIEW_RETRYING] = { { .retrying = true }, 0 },
	[VIEW_COMPLETED] = { { 0 }, 1 },
	[VIEW_FAILED] = { { 0 }, 2 | 8 },
	[VIEW_CANCELLED] = { { 0 }, 4 },
	[VIEW_EXPIRED] = { { 0 }, 8 },
	[VIEW_SKIPPED] = { { 0 }, 16 },
};
static op_step listed;

static const struct shown *shown_of(const struct job_run_list_ask *ask)
{
	ASSERT(ask->status < VIEW_COUNT);
	return ask->status < 0 ? &all : &statuses[ask->status];
}

static int64_t total_of(const struct shown *s, const struct run_counts *c)
{
	const int64_t ended[ENDED] = { c->completed, c->failed, c->cancelled, c->expired,
				       c->skipped };
	int64_t total = s->live.due * c->due + s->live.ahead * c->ahead
		      + s->live.executing * c->executing + s->live.retrying * c->retrying;

	for (size_t i = 0; i < ENDED; i++)
		total += (s->ended >> i & 1) * ended[i];
	return total;
}

flow job_run_list(struct op *op)
{
	const struct job_run_list_ask *ask = op->in;
	const struct shown *shown = shown_of(ask);
	const int16_t **ended = arena_array(op->arena, const int16_t *, ENDED);
	struct run_ref job = run_ref_of(op, KIND_JOB);
	struct db_unit *u = op_unit(op, LANE_SLOW);
	struct job_run_page page = {
		.bucket = job.bucket,
		.tenant = job.tenant,
		.job = job.id,
		.filter = shown->live,
		.ended = ended,
		.now = op->now,
		.skip = (int32_t)ask->offset,
		.most = (int32_t)ask->limit,
		.output_max = WORK_OUTPUT_SHOWN + 1,
	};
	struct run_page counted = { .bucket = job.bucket,
				    .kind = job.kind,
				    .tenant = job.tenant,
				    .schedule = job.id,
				    .now = op->now };

	for (size_t i = 0; i < ENDED; i++)
		if (shown->ended >> i & 1)
			ended[page.ended_n++] = &ended_states[i];
	store_job_run_page(u, &page);
	store_run_count(u, &counted);
	store_schedule_get(u, &job, op->now);
	return op_db(op, listed);
}

static flow listed(struct op *op)
{
	struct job_run_page_view *page = arena_make(op->arena, struct job_run_page_view);
	struct run_counts counts;
	struct job_run_view *views;
	struct job_run *rows;
	struct schedule s;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_schedule_got(op->unit, 3, &s))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	page->items.n = store_job_runs(op->unit, 0, &rows);
	views = arena_array(op->arena, struct job_run_view, page->items.n + 1);
	for (size_t i = 0; i < page->items.n; i++)
		view_of(op, &rows[i], WORK_OUTPUT_SHOWN, &views[i]);
	page->items.items = views;
	store_run_counted(op->unit, 1, &counts);
	page->total = total_of(shown_of(op->in), &counts);
	return op_ok(op, page);
}
