/* Runs of jobs, read and cancelled; runs of plans, read. */
#include "base/check.h"
#include "base/utf8.h"
#include "core/core_int.h"
#include "core/cursor.h"
#include "core/job.h"
#include "core/plan.h"
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

struct job_run_view *job_run_view_of(struct op *op, const struct job_run *row,
				     const struct attempt *attempts, size_t n)
{
	struct job_run_view *v = arena_make(op->arena, struct job_run_view);
	struct attempt_view *views = arena_array(op->arena, struct attempt_view, n + 1);

	for (size_t i = 0; i < n; i++)
		attempt_view_fill(&attempts[i], op->arena, &views[i]);
	view_of(op, row, WORK_OUTPUT_SHOWN, v);
	v->attempts = (struct json_list){ views, n };
	return v;
}

/* --- one --- */

struct looking {
	enum kind kind;
	bool full;
	op_step *next; /* when it is there and the job's; NULL: it is the answer */
};
static op_step looked;

static size_t most_of(const struct looking *l)
{
	return l->full ? WORK_OUTPUT_MAX : WORK_OUTPUT_SHOWN;
}

/* op->ids: the run, and its job or plan. */
static flow look(struct op *op, const struct looking *how)
{
	struct looking *l = arena_make(op->arena, struct looking);
	struct run_ref ref = run_ref_of(op, how->kind);
	struct db_unit *u = op_unit(op, LANE_READ);

	*l = *how;
	op->state = l;
	store_job_run_get(u, &ref, (int32_t)most_of(l) + 1);
	store_attempt_list(u, &ref);
	return op_db(op, looked);
}

flow job_run_look(struct op *op)
{
	return look(op, &(struct looking){ .kind = KIND_JOB });
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
	return look(op, &(struct looking){ .kind = KIND_JOB, .full = in->full });
}

flow plan_run_get(struct op *op)
{
	put_run_first(op);
	return look(op, &(struct looking){ .kind = KIND_PLAN });
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
	return look(op, &(struct looking){ .kind = KIND_JOB, .next = cancel });
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

/* From the newest on. */
static struct job_run_page page_of(struct op *op, const struct run_ref *job,
				   const struct shown *shown)
{
	const int16_t **ended = arena_array(op->arena, const int16_t *, ENDED);
	struct job_run_page page = {
		.bucket = job->bucket,
		.tenant = job->tenant,
		.job = job->id,
		.filter = shown->live,
		.ended = ended,
		.now = op->now,
		.before = USEC_NEVER,
		.output_max = WORK_OUTPUT_SHOWN + 1,
	};

	for (size_t i = 0; i < ENDED; i++)
		if (shown->ended >> i & 1)
			ended[page.ended_n++] = &ended_states[i];
	return page;
}

flow job_run_list(struct op *op)
{
	const struct job_run_list_ask *ask = op->in;
	struct run_ref job = run_ref_of(op, KIND_JOB);
	struct job_run_page page = page_of(op, &job, shown_of(ask));
	struct db_unit *u = op_unit(op, LANE_SLOW);
	struct run_page counted = { .bucket = job.bucket,
				    .kind = job.kind,
				    .tenant = job.tenant,
				    .schedule = job.id,
				    .now = op->now };

	page.skip = (int32_t)ask->offset;
	page.most = (int32_t)ask->limit;
	store_job_run_page(u, &page);
	store_run_count(u, &counted);
	store_schedule_get(u, &job, op->now);
	return op_db(op, listed);
}

static struct json_list views_of(struct op *op, const struct job_run *rows, size_t n)
{
	struct job_run_view *views = arena_array(op->arena, struct job_run_view, n + 1);

	for (size_t i = 0; i < n; i++)
		view_of(op, &rows[i], WORK_OUTPUT_SHOWN, &views[i]);
	return (struct json_list){ views, n };
}

static flow listed(struct op *op)
{
	struct job_run_page_view *page = arena_make(op->arena, struct job_run_page_view);
	struct run_counts counts;
	struct job_run *rows;
	struct schedule s;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_schedule_got(op->unit, 3, &s))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	n = store_job_runs(op->unit, 0, &rows);
	page->items = views_of(op, rows, n);
	store_run_counted(op->unit, 1, &counts);
	page->total = total_of(shown_of(op->in), &counts);
	return op_ok(op, page);
}

/* --- of a plan, by a place in the list: an instant has one run --- */

static const struct shown plan_statuses[PLAN_RUN_COUNT] = {
	[PLAN_RUN_PENDING] = { { .due = true, .ahead = true, .retrying = true }, 0 },
	[PLAN_RUN_EXECUTING] = { { .executing = true }, 0 },
	[PLAN_RUN_COMPLETED] = { { 0 }, 1 },
	[PLAN_RUN_FAILED] = { { 0 }, 2 | 8 },
	[PLAN_RUN_CANCELLED] = { { 0 }, 4 },
	[PLAN_RUN_SKIPPED] = { { 0 }, 16 },
};
static op_step plan_listed;

static struct slice list_of(const struct op *op, int status)
{
	char id[ID_TEXT_MAX];

	id_print("plan", op->ids[0], id);
	return slice_of(arena_printf(op->arena, "runs %s %d", id, status));
}

flow plan_run_list(struct op *op)
{
	const struct plan_run_list_ask *ask = op->in;
	struct run_ref plan = run_ref_of(op, KIND_PLAN);
	struct cursor place;
	struct job_run_page page;
	struct db_unit *u;

	ASSERT(ask->status < PLAN_RUN_COUNT && ask->limit >= 1 && ask->limit <= PLAN_PAGE_MAX);
	if (!cursor_parse(op, list_of(op, ask->status), ask->cursor, &place))
		return op_invalid(op);
	page = page_of(op, &plan, ask->status < 0 ? &all : &plan_statuses[ask->status]);
	page.before = place.at;
	page.most = (int32_t)ask->limit + 1;
	u = op_unit(op, LANE_SLOW);
	store_job_run_page(u, &page);
	store_schedule_get(u, &plan, op->now);
	return op_db(op, plan_listed);
}

static flow plan_listed(struct op *op)
{
	const struct plan_run_list_ask *ask = op->in;
	struct plan_run_page_view *page = arena_make(op->arena, struct plan_run_page_view);
	size_t n, limit = (size_t)ask->limit;
	struct job_run *rows;
	struct schedule s;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_schedule_got(op->unit, 1, &s))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	n = store_job_runs(op->unit, 0, &rows);
	if (n > limit) {
		struct cursor last = { .at = rows[limit - 1].r.scheduled_for };

		page->next_cursor = cursor_print(op, list_of(op, ask->status), &last);
		n = limit;
	}
	page->items = views_of(op, rows, n);
	return op_ok(op, page);
}
