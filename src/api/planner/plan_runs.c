/* Runs of plans, as they are shown. */
#include "plans_int.h"

#include "api/scalars.h"
#include "core/job.h"
#include "store/job.h"

#define LIST_DEFAULT 20

/* --- in --- */

struct in_plan_runs {
	int status; /* enum plan_run_status; -1: all */
	int64_t limit;
	struct slice cursor;
};

/* By enum plan_run_status. The document has the first four; what was cancelled or skipped is called so. */
static const char *const statuses[] = { "pending",   "executing", "completed", "failed",
					"cancelled", "skipped",   NULL };

static void init_plan_runs(void *object)
{
	*(struct in_plan_runs *)object = (struct in_plan_runs){ .status = -1,
								.limit = LIST_DEFAULT };
}

static const struct field in_plan_runs_rows[] = {
	F_TYPE(in_plan_runs, status, "status", field_enum_any_case, .words = statuses),
	F_INT(in_plan_runs, limit, "limit", .min = 1, .max = PLAN_PAGE_MAX),
	F_STR(in_plan_runs, cursor, "cursor"),
};
const struct shape in_plan_runs_shape = SHAPE(in_plan_runs, "PlanRunQuery", in_plan_runs_rows,
					      .init = init_plan_runs, .present = NO_PRESENT);

flow pl_plan_runs(struct op *op)
{
	const struct in_plan_runs *in = op->in;
	struct plan_run_list_ask *ask = arena_make(op->arena, struct plan_run_list_ask);

	*ask = (struct plan_run_list_ask){ in->status, in->cursor, in->limit };
	op->in = ask;
	return plan_run_list(op);
}

/* --- out --- */

struct out_plan_timings {
	int64_t dns_us, connect_us, tls_us, first_byte_us;
};
struct out_plan_attempt {
	int64_t number, duration_ms, http_status;
	const char *status;
	usec_t started_at;
	struct slice error, detail, body;
	struct out_plan_timings timings;
};
struct out_plan_run {
	struct uuid id, plan;
	int status; /* enum plan_run_status */
	const char *trigger;
	usec_t scheduled_for, created_at, started_at, finished_at, next_attempt_at, duration;
	struct slice reason, error;
	int32_t attempt;
	struct json_list attempts;
};

static const char *const ids_of_runs[] = { "run", NULL };
static const char *const triggers[] = {
	[TRIGGER_ONCE] = "once",   [TRIGGER_SCHEDULE] = "schedule", [TRIGGER_MANUAL] = "manual",
	[TRIGGER_CHAIN] = "chain", [TRIGGER_CATCHUP] = "catchup",   [TRIGGER_BACKFILL] = "backfill",
};
/* By enum run_view. */
static const int status_of_view[] = {
	[VIEW_QUEUED] = PLAN_RUN_PENDING,    [VIEW_PROCESSING] = PLAN_RUN_EXECUTING,
	[VIEW_RETRYING] = PLAN_RUN_PENDING,  [VIEW_COMPLETED] = PLAN_RUN_COMPLETED,
	[VIEW_FAILED] = PLAN_RUN_FAILED,     [VIEW_CANCELLED] = PLAN_RUN_CANCELLED,
	[VIEW_EXPIRED] = PLAN_RUN_FAILED,    [VIEW_SKIPPED] = PLAN_RUN_SKIPPED,
	[VIEW_SCHEDULED] = PLAN_RUN_PENDING,
};
_Static_assert(VIEW_COUNT == 9, "a run has another state: give it a status");

static const struct field timings_rows[] = {
	F_TYPE(out_plan_timings, dns_us, "dns_ms", type_millis),
	F_TYPE(out_plan_timings, connect_us, "connect_ms", type_millis),
	F_TYPE(out_plan_timings, tls_us, "tls_ms", type_millis),
	F_TYPE(out_plan_timings, first_byte_us, "first_byte_ms", type_millis),
};
static const struct shape timings_shape = SHAPE(out_plan_timings, "PlanRunTimings", timings_rows,
						.present = NO_PRESENT);

static const struct field attempt_rows[] = {
	F_INT(out_plan_attempt, number, "number"),
	F_TYPE(out_plan_attempt, status, "status", type_word),
	F_INSTANT(out_plan_attempt, started_at, "started_at"),
	F_INT(out_plan_attempt, duration_ms, "duration_ms"),
	F_TYPE(out_plan_attempt, http_status, "http_status", type_positive),
	F_STR(out_plan_attempt, error, "error"),
	F_STR(out_plan_attempt, detail, "detail"),
	F_STR(out_plan_attempt, body, "response_body"),
	F_OBJ(out_plan_attempt, timings, "timings", timings_shape),
};
static const struct shape attempt_shape = SHAPE(out_plan_attempt, "PlanRunAttempt", attempt_rows,
						.present = NO_PRESENT);

#define RUN_ROWS                                                                  \
	F_ID(out_plan_run, id, "id", ids_of_runs),                                \
		F_ID(out_plan_run, plan, "plan_id", ids_of_plans),                \
		F_ENUM(out_plan_run, status, "status", statuses),                 \
		F_TYPE(out_plan_run, trigger, "trigger", type_word),              \
		F_INSTANT(out_plan_run, scheduled_for, "scheduled_for"),          \
		F_INSTANT(out_plan_run, created_at, "created_at"),                \
		F_INSTANT(out_plan_run, started_at, "started_at"),                \
		F_INSTANT(out_plan_run, finished_at, "completed_at"),             \
		F_TYPE(out_plan_run, duration, "duration_seconds", type_elapsed), \
		F_TYPE(out_plan_run, attempt, "attempt", type_int32),             \
		F_INSTANT(out_plan_run, next_attempt_at, "next_attempt_at"),      \
		F_STR(out_plan_run, reason, "reason"), F_STR(out_plan_run, error, "error")

static const struct field in_list_rows[] = { RUN_ROWS };
static const struct shape in_list_shape = SHAPE(out_plan_run, "PlanRun", in_list_rows,
						.present = NO_PRESENT);
static const struct field full_rows[] = {
	RUN_ROWS,
	F_LIST(out_plan_run, attempts, "attempts", attempt_shape),
};
const struct shape out_plan_run_shape = SHAPE(out_plan_run, "PlanRunWithAttempts", full_rows,
					      .present = NO_PRESENT);

struct out_plan_run_list {
	struct json_list items;
	struct slice next_cursor;
};
static const struct field out_plan_runs_rows[] = {
	F_LIST(out_plan_run_list, items, "runs", in_list_shape),
	F_STR(out_plan_run_list, next_cursor, "next_cursor"),
};
const struct shape out_plan_runs_shape = SHAPE(out_plan_run_list, "PlanRunList", out_plan_runs_rows,
					       .present = NO_PRESENT);

static void show_attempt(const struct attempt_view *v, struct out_plan_attempt *out)
{
	*out = (struct out_plan_attempt){
		.number = v->a.number,
		.status = v->status,
		.started_at = v->a.started_at,
		.duration_ms = v->duration_ms,
		.http_status = v->a.http_status,
		.error = v->a.error,
		.detail = v->a.detail,
		.body = v->has_response ? v->body : (struct slice){ NULL, 0 },
		.timings = { v->a.dns_us, v->a.connect_us, v->a.tls_us, v->a.first_byte_us },
	};
}

static void show_one(const struct job_run_view *v, struct arena *a, struct out_plan_run *out)
{
	const struct run *r = &v->row->r;
	const struct attempt_view *attempts = v->attempts.items;
	struct out_plan_attempt *list = arena_array(a, struct out_plan_attempt, v->attempts.n + 1);
	bool ran = v->completed_at != USEC_NEVER && v->started_at != USEC_NEVER;

	*out = (struct out_plan_run){
		.id = r->id,
		.plan = r->schedule,
		.status = status_of_view[v->status],
		.trigger = triggers[r->trigger],
		.scheduled_for = r->scheduled_for,
		.created_at = r->created_at,
		.started_at = v->started_at,
		.finished_at = v->completed_at,
		.next_attempt_at = v->next_attempt_at,
		.duration = ran ? v->completed_at - v->started_at : -1,
		/* A failed one says what made it fail; any other why it ended as it did. */
		.reason = v->error.p ? v->row->error : r->reason,
		.error = v->error,
		.attempt = v->attempt,
		.attempts = { list, v->attempts.n },
	};
	for (size_t i = 0; i < v->attempts.n; i++)
		show_attempt(&attempts[i], &list[i]);
}

void show_plan_run(struct op *op)
{
	struct out_plan_run *out = arena_make(op->arena, struct out_plan_run);

	show_one(op->out, op->arena, out);
	op->out = out;
}

void show_plan_runs(struct op *op)
{
	const struct plan_run_page_view *page = op->out;
	const struct job_run_view *views = page->items.items;
	struct out_plan_run_list *out = arena_make(op->arena, struct out_plan_run_list);
	struct out_plan_run *items = arena_array(op->arena, struct out_plan_run, page->items.n + 1);

	for (size_t i = 0; i < page->items.n; i++)
		show_one(&views[i], op->arena, &items[i]);
	*out = (struct out_plan_run_list){ { items, page->items.n }, page->next_cursor };
	op->out = out;
}
