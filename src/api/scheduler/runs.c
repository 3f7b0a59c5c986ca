/* Runs of jobs, as they are shown. */
#include "jobs_int.h"

#include "api/scalars.h"
#include "core/chain.h"
#include "http/types.h"
#include "store/job.h"
#include "store/message.h"

/* --- in --- */

struct in_runs {
	int64_t limit, offset;
	int status;
};
struct in_run {
	int output;
};

/* By enum run_view. An expired one has failed: its time was up before it began. */
static const char *const states[] = { "pending",   "running", "retrying", "completed", "failed",
				      "cancelled", "failed",  "skipped",  "pending",   NULL };
_Static_assert(VIEW_COUNT == 9, "a run has another state: give it a word");

static const char *const filters[] = { "pending", "running",   "retrying", "completed",
				       "failed",  "cancelled", "skipped",  NULL };
static const int filter_views[] = { VIEW_QUEUED, VIEW_PROCESSING, VIEW_RETRYING, VIEW_COMPLETED,
				    VIEW_FAILED, VIEW_CANCELLED,  VIEW_SKIPPED };

static void init_runs(void *object)
{
	*(struct in_runs *)object = (struct in_runs){ .limit = LIST_DEFAULT, .status = -1 };
}

static const struct field in_runs_rows[] = {
	F_ENUM(in_runs, status, "status", filters),
	F_INT(in_runs, limit, "limit", .min = 1, .max = LIST_MOST),
	F_INT(in_runs, offset, "offset", .min = 0, .max = PAGE_SKIP_MOST),
};
const struct shape in_runs_shape = SHAPE(in_runs, "JobRunQuery", in_runs_rows, .init = init_runs,
					 .present = NO_PRESENT);

static const char *const outputs[] = { "shown", "full", NULL };
static const struct field in_run_rows[] = {
	F_ENUM(in_run, output, "output", outputs),
};
const struct shape in_run_shape = SHAPE(in_run, "JobRunOutputQuery", in_run_rows,
					.present = NO_PRESENT);

flow sj_runs(struct op *op)
{
	const struct in_runs *in = op->in;
	struct job_run_list_ask *ask = arena_make(op->arena, struct job_run_list_ask);

	*ask = (struct job_run_list_ask){ in->status < 0 ? -1 : filter_views[in->status], in->limit,
					  in->offset };
	op->in = ask;
	return job_run_list(op);
}

flow sj_run(struct op *op)
{
	const struct in_run *in = op->in;
	struct job_run_ask *ask = arena_make(op->arena, struct job_run_ask);

	ask->full = in->output == 1;
	op->in = ask;
	return job_run_get(op);
}

/* --- out --- */

struct out_run_delivery {
	struct slice channel;
	const char *status;
	int32_t attempts;
	usec_t delivered_at, next_attempt_at;
	struct slice reason, detail;
};
struct out_run_timings {
	int64_t dns_us, connect_us, tls_us, first_byte_us;
};
struct out_run_attempt {
	int64_t number, duration_ms, http_status;
	const char *status;
	usec_t started_at;
	struct slice error, detail, body;
	struct out_run_timings timings;
};
struct out_run {
	struct uuid id, job, chain_run;
	int status;
	const char *trigger;
	usec_t scheduled_for, started_at, completed_at, next_attempt_at, duration;
	struct slice json, text, error, error_code, reason;
	bool is_cut;
	int64_t output_bytes;
	int32_t attempt;
	struct out_run_delivery delivery;
	struct json_list attempts;
	uint64_t present;
};

static const char *const triggers[] = {
	[TRIGGER_ONCE] = "once",   [TRIGGER_SCHEDULE] = "schedule", [TRIGGER_MANUAL] = "manual",
	[TRIGGER_CHAIN] = "chain", [TRIGGER_CATCHUP] = "catchup",   [TRIGGER_BACKFILL] = "backfill",
};
/* By enum message_state. */
static const char *const message_words[] = { NULL,        "pending", "pending",
					     "delivered", "failed",  "skipped" };
static const char *const ids_of_chain_runs[] = { CHAIN_RUN_PREFIX, NULL };

static const struct field delivery_rows[] = {
	F_STR(out_run_delivery, channel, "channel"),
	F_TYPE(out_run_delivery, status, "status", type_word),
	F_TYPE(out_run_delivery, attempts, "attempts", type_int32),
	F_INSTANT(out_run_delivery, delivered_at, "delivered_at"),
	F_INSTANT(out_run_delivery, next_attempt_at, "next_attempt_at"),
	F_STR(out_run_delivery, reason, "reason"),
	F_STR(out_run_delivery, detail, "detail"),
};
static const struct shape delivery_shape = SHAPE(out_run_delivery, "JobRunDelivery", delivery_rows,
						 .present = NO_PRESENT);

static const struct field timings_rows[] = {
	F_TYPE(out_run_timings, dns_us, "dns_ms", type_millis),
	F_TYPE(out_run_timings, connect_us, "connect_ms", type_millis),
	F_TYPE(out_run_timings, tls_us, "tls_ms", type_millis),
	F_TYPE(out_run_timings, first_byte_us, "first_byte_ms", type_millis),
};
static const struct shape timings_shape = SHAPE(out_run_timings, "JobRunTimings", timings_rows,
						.present = NO_PRESENT);

static const struct field attempt_rows[] = {
	F_INT(out_run_attempt, number, "number"),
	F_TYPE(out_run_attempt, status, "status", type_word),
	F_INSTANT(out_run_attempt, started_at, "started_at"),
	F_INT(out_run_attempt, duration_ms, "duration_ms"),
	F_TYPE(out_run_attempt, http_status, "http_status", type_positive),
	F_STR(out_run_attempt, error, "error"),
	F_STR(out_run_attempt, detail, "detail"),
	F_STR(out_run_attempt, body, "response_body"),
	F_OBJ(out_run_attempt, timings, "timings", timings_shape),
};
static const struct shape attempt_shape = SHAPE(out_run_attempt, "JobRunAttempt", attempt_rows,
						.present = NO_PRESENT);

enum { ROW_DELIVERY = 12 };
#define RUN_ROWS                                                                                  \
	F_ID(out_run, id, "id", ids_of_runs), F_ID(out_run, job, "job_id", ids_of_jobs),          \
		F_ENUM(out_run, status, "status", states),                                        \
		F_TYPE(out_run, trigger, "trigger", type_word),                                   \
		F_INSTANT(out_run, scheduled_for, "scheduled_for"),                               \
		F_INSTANT(out_run, started_at, "started_at"),                                     \
		F_INSTANT(out_run, completed_at, "completed_at"), F_RAW(out_run, json, "output"), \
		F_STR(out_run, text, "output"), F_STR(out_run, error, "error"),                   \
		F_TYPE(out_run, attempt, "attempt", type_int32),                                  \
		F_TYPE(out_run, duration, "duration_seconds", type_elapsed),                      \
		[ROW_DELIVERY] = F_OBJ(out_run, delivery, "delivery", delivery_shape,             \
				       .flags = FIELD_PRESENT),                                   \
		F_NONE("delivery"), F_STR(out_run, error_code, "error_code"),                     \
		F_STR(out_run, reason, "reason"),                                                 \
		F_ID(out_run, chain_run, "chain_run_id", ids_of_chain_runs),                      \
		F_INSTANT(out_run, next_attempt_at, "next_attempt_at"),                           \
		F_TYPE(out_run, is_cut, "output_truncated", type_true, .flags = FIELD_OPTIONAL),  \
		F_TYPE(out_run, output_bytes, "output_bytes", type_positive,                      \
		       .flags = FIELD_OPTIONAL)

static const struct field in_list_rows[] = { RUN_ROWS };
static const struct shape in_list_shape = SHAPE(out_run, "JobRun", in_list_rows,
						.present = offsetof(struct out_run, present));
static const struct field full_rows[] = {
	RUN_ROWS,
	F_LIST(out_run, attempts, "attempts", attempt_shape),
};
const struct shape out_run_shape = SHAPE(out_run, "JobRunWithAttempts", full_rows,
					 .present = offsetof(struct out_run, present));

static const struct field out_runs_rows[] = {
	F_LIST(out_page, items, "runs", in_list_shape),
	F_INT(out_page, count, "count"),
};
const struct shape out_runs_shape = SHAPE(out_page, "JobRunList", out_runs_rows,
					  .present = NO_PRESENT);

static void show_delivery(const struct job_run *row, struct out_run *out)
{
	bool waits = row->message_finished == USEC_NEVER;

	if (!row->channel.p)
		return;
	out->delivery = (struct out_run_delivery){
		.channel = row->channel,
		.status = message_words[row->message_state],
		.attempts = row->message_attempt,
		.delivered_at = row->message_state == MESSAGE_DELIVERED ? row->message_finished
									: USEC_NEVER,
		.next_attempt_at = waits ? row->message_ready : USEC_NEVER,
		.reason = row->message_reason,
		.detail = row->message_detail,
	};
	out->present |= (uint64_t)1 << ROW_DELIVERY;
}

static void show_attempt(const struct attempt_view *v, struct out_run_attempt *out)
{
	*out = (struct out_run_attempt){
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

static void show_one(const struct job_run_view *v, struct arena *a, struct out_run *out)
{
	const struct job_run *row = v->row;
	const struct attempt_view *attempts = v->attempts.items;
	struct out_run_attempt *list = arena_array(a, struct out_run_attempt, v->attempts.n + 1);
	bool ran = v->completed_at != USEC_NEVER && v->started_at != USEC_NEVER;

	*out = (struct out_run){
		.id = row->r.id,
		.job = row->r.schedule,
		.chain_run = row->chain_run,
		.status = v->status,
		.trigger = triggers[row->r.trigger],
		.scheduled_for = row->r.scheduled_for,
		.started_at = v->started_at,
		.completed_at = v->completed_at,
		.next_attempt_at = v->next_attempt_at,
		.duration = ran ? v->completed_at - v->started_at : -1,
		.error = v->error,
		.error_code = v->error.p ? row->error : (struct slice){ NULL, 0 },
		.reason = row->r.reason,
		.is_cut = v->is_cut,
		.output_bytes = row->output.p ? row->output_bytes : 0,
		.attempt = v->attempt,
		.attempts = { list, v->attempts.n },
		.present = ~((uint64_t)1 << ROW_DELIVERY),
	};
	*(v->is_json ? &out->json : &out->text) = v->output;
	show_delivery(row, out);
	for (size_t i = 0; i < v->attempts.n; i++)
		show_attempt(&attempts[i], &list[i]);
}

void show_run(struct op *op)
{
	struct out_run *out = arena_make(op->arena, struct out_run);

	show_one(op->out, op->arena, out);
	op->out = out;
}

void show_runs(struct op *op)
{
	const struct job_run_page_view *page = op->out;
	const struct job_run_view *views = page->items.items;
	struct out_page *out = arena_make(op->arena, struct out_page);
	struct out_run *items = arena_array(op->arena, struct out_run, page->items.n + 1);

	for (size_t i = 0; i < page->items.n; i++)
		show_one(&views[i], op->arena, &items[i]);
	*out = (struct out_page){ { items, page->items.n }, page->total };
	op->out = out;
}
