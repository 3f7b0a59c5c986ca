/* The wire names of jobs, row by row. */
#include "jobs_int.h"

#include "api/scalars.h"
#include "api/timing_common.h"
#include "http/types.h"

/* A retry's delay is a mistake long before this. */
#define DELAY_MOST (30 * DAY)

const char *const ids_of_jobs[] = { "job", NULL };
const char *const ids_of_runs[] = { "run", NULL };
const char *const quiet_days[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };

static const char *const timing_types[] = { "cron", "every", "at", "rrule",
					    NULL }; /* enum spec_kind */
_Static_assert(SPEC_CRON == 0 && SPEC_EVERY == 1 && SPEC_ONCE == 2 && SPEC_RRULE == 3,
	       "the words are in that order");
static const char *const condition_types[] = { "expression", NULL };
static const char *const on_words[] = { "completed", "failed", "always",
					NULL }; /* enum deliver_on */
static const char *const strategies[] = { "fixed", "linear", "exponential", NULL };
/* By enum schedule_state. */
static const char *const job_states[] = { "active",    "active", "paused",    "deleted",
					  "completed", "failed", "cancelled", NULL };
static const char *const job_filters[] = { "active", "paused", "completed", "failed", NULL };

/* --- minutes of the day --- */

static const char *parse_clock(const struct field *f, struct slice text, void *member,
			       struct arena *a, const char **out_message)
{
	static const char form[] = "00:00";
	int digits[5] = { 0 }, minutes;
	bool is_fine = text.n == sizeof(form) - 1;

	(void)f;
	(void)a;
	for (size_t i = 0; is_fine && i < text.n; i++) {
		digits[i] = text.p[i] - form[i];
		is_fine = digits[i] >= 0 && digits[i] <= (i == 2 ? 0 : 9);
	}
	minutes = (digits[0] * 10 + digits[1]) * 60 + digits[3] * 10 + digits[4];
	if (!is_fine || digits[3] > 5 || minutes > MINUTES_A_DAY) {
		*out_message = "This must be a time of the day, from 00:00 to 24:00.";
		return "invalid_value";
	}
	*(int *)member = minutes;
	return NULL;
}

static bool print_clock(const struct field *f, const void *member, struct strbuf *out)
{
	int minutes = *(const int *)member;

	(void)f;
	strbuf_addf(out, "\"%02d:%02d\"", minutes / 60, minutes % 60);
	return true;
}

static const struct field_type type_clock = { "a time of the day (22:00)", parse_clock, print_clock,
					      false };

/* --- in --- */

static void init_timing(void *object)
{
	((struct in_job_schedule *)object)->type = -1;
}

static const struct field in_timing_rows[] = {
	F_ENUM(in_job_schedule, type, "type", timing_types),
	F_STR(in_job_schedule, expression, "expression"),
	F_TYPE(in_job_schedule, every, "interval", type_every),
	F_STR(in_job_schedule, datetime, "datetime"),
	F_STR(in_job_schedule, rule.rule, "rrule"),
	F_STR(in_job_schedule, rule.dtstart, "dtstart", .flags = FIELD_NULLABLE),
	F_STRS(in_job_schedule, exdate, "exdate", .max = RRULE_DATES_MAX),
	F_STRS(in_job_schedule, rdate, "rdate", .max = RRULE_DATES_MAX),
	F_STR(in_job_schedule, timezone, "timezone", .min = 1, .max = TZ_NAME_MAX),
};
const struct shape in_job_timing_shape = SHAPE(
	in_job_schedule, "JobScheduleInput", in_timing_rows, .init = init_timing,
	.present = offsetof(struct in_job_schedule, present));

static const struct field in_condition_rows[] = {
	F_ENUM(in_condition, type, "type", condition_types),
	F_STR(in_condition, expression, "expression", .flags = FIELD_NEEDED),
	F_STR(in_condition, source, "source", .flags = FIELD_NULLABLE),
};
static const struct shape in_condition_shape = SHAPE(in_condition, "JobCondition",
						     in_condition_rows, .present = NO_PRESENT);

/* Neither: null was sent. */
static void init_quiet(void *object)
{
	struct in_quiet *q = object;

	q->start = q->end = -1;
}

static const struct field in_quiet_rows[] = {
	F_TYPE(in_quiet, start, "start", type_clock, .flags = FIELD_NEEDED),
	F_TYPE(in_quiet, end, "end", type_clock, .flags = FIELD_NEEDED),
	F_STRS(in_quiet, days, "days", .max = 7),
	F_STR(in_quiet, timezone, "timezone", .flags = FIELD_NULLABLE, .max = TZ_NAME_MAX),
};
static const struct shape in_quiet_shape = SHAPE(in_quiet, "QuietHours", in_quiet_rows,
						 .init = init_quiet, .present = NO_PRESENT);

static const struct field in_delivery_rows[] = {
	F_STR(in_delivery, channel, "channel", .flags = FIELD_NEEDED, .min = 1),
	F_ENUM(in_delivery, format, "format", channel_formats),
	F_ENUM(in_delivery, on, "on", on_words),
	[DELIVERY_ROW_QUIET] = F_OBJ(in_delivery, quiet, "quiet_hours", in_quiet_shape,
				     .flags = FIELD_NULLABLE),
};
static const struct shape in_delivery_shape = SHAPE(
	in_delivery, "JobDeliveryInput", in_delivery_rows,
	.present = offsetof(struct in_delivery, present));

static void init_retry(void *object)
{
	((struct in_job_retry *)object)->strategy = RETRY_EXPONENTIAL - 1;
}

static const struct field retry_rows[] = {
	F_INT(in_job_retry, max_attempts, "max_attempts", .flags = FIELD_NEEDED, .min = 1,
	      .max = RETRY_MAX_MOST),
	F_ENUM(in_job_retry, strategy, "strategy", strategies),
	F_SECONDS(in_job_retry, base_delay, "base_delay", .min = MSEC, .max = DELAY_MOST),
	F_SECONDS(in_job_retry, max_delay, "max_delay", .min = MSEC, .max = DELAY_MOST),
};
static const struct shape retry_shape = SHAPE(in_job_retry, "JobRetry", retry_rows,
					      .init = init_retry,
					      .present = offsetof(struct in_job_retry, present));

static void init_job(void *object)
{
	*(struct in_job *)object = (struct in_job){ .overlap = -1,
						    .catchup = -1,
						    .adjust = -1,
						    .start_at = USEC_NEVER,
						    .end_at = USEC_NEVER,
						    .max_failures = WORK_FAILURES_DEFAULT,
						    .completion = WORK_COMPLETION_DEFAULT };
}

struct in_dst {
	int gap, overlap;
};
static const struct field dst_rows[] = {
	F_ENUM(in_dst, gap, "gap", dst_gap_words),
	F_ENUM(in_dst, overlap, "overlap", dst_overlap_words),
};
static const struct shape dst_shape = SHAPE(in_dst, "JobDstPolicy", dst_rows,
					    .present = NO_PRESENT);
_Static_assert(offsetof(struct in_job, dst_overlap)
			       == offsetof(struct in_job, dst_gap) + sizeof(int)
		       && offsetof(struct out_job, dst_overlap)
				  == offsetof(struct out_job, dst_gap) + sizeof(int),
	       "the two stand together, as struct in_dst");

#define NULL_TOO .flags = FIELD_NULLABLE
#define IN_JOB_ROWS(needed)                                                                  \
	F_STR(in_job, name, "name", .flags = (needed), .min = 1, .max = JOB_NAME_MAX),       \
		F_STR(in_job, details, "description", NULL_TOO, .max = JOB_DETAILS_MAX),     \
		F_STR(in_job, goal, "goal", NULL_TOO, .max = WORK_GOAL_MAX),                 \
		F_STR(in_job, agent, "agent_id", .flags = (needed), .min = 1,                \
		      .max = AGENT_NAME_MAX),                                                \
		F_OBJ(in_job, schedule, "schedule", in_job_timing_shape, .flags = (needed)), \
		F_OBJ(in_job, delivery, "delivery", in_delivery_shape, NULL_TOO),            \
		F_OBJ(in_job, condition, "condition", in_condition_shape, NULL_TOO),         \
		F_STR(in_job, only_if, "only_if", NULL_TOO),                                 \
		F_OBJ(in_job, retry, "retry", retry_shape, NULL_TOO),                        \
		F_SECONDS(in_job, timeout, "timeout", NULL_TOO, .min = SEC,                  \
			  .max = CALL_TIMEOUT_MAX),                                          \
		F_RAW(in_job, context, "context", NULL_TOO, .max = WORK_CONTEXT_MAX),        \
		F_ENUM(in_job, overlap, "overlap", overlap_words, NULL_TOO),                 \
		F_ENUM(in_job, catchup, "catchup", catchup_words, NULL_TOO),                 \
		F_OBJ(in_job, dst_gap, "dst", dst_shape, NULL_TOO),                          \
		F_STR(in_job, calendar, "calendar", NULL_TOO),                               \
		F_ENUM(in_job, adjust, "adjust", adjust_words, NULL_TOO),                    \
		F_SECONDS(in_job, jitter, "jitter", NULL_TOO, .max = SPEC_JITTER_MAX),       \
		F_INSTANT(in_job, start_at, "start_at", NULL_TOO),                           \
		F_INSTANT(in_job, end_at, "end_at", NULL_TOO),                               \
		F_INT(in_job, max_failures, "max_consecutive_failures", NULL_TOO, .min = 0,  \
		      .max = 1000000),                                                       \
		F_SECONDS(in_job, completion, "completion_timeout", NULL_TOO, .min = SEC,    \
			  .max = WORK_COMPLETION_MAX),                                       \
		F_SECONDS(in_job, heartbeat, "heartbeat_timeout", NULL_TOO, .min = SEC,      \
			  .max = WORK_COMPLETION_MAX)

static const struct field in_job_rows[] = { IN_JOB_ROWS(FIELD_NEEDED) };
const struct shape in_job_shape = SHAPE(in_job, "JobInput", in_job_rows, .init = init_job,
					.present = offsetof(struct in_job, present));
static const struct field in_change_rows[] = { IN_JOB_ROWS(0) };
const struct shape in_job_change_shape = SHAPE(in_job, "JobChange", in_change_rows,
					       .init = init_job,
					       .present = offsetof(struct in_job, present));

static void init_list(void *object)
{
	*(struct in_job_list *)object = (struct in_job_list){ .limit = LIST_DEFAULT, .status = -1 };
}

static const struct field in_list_rows[] = {
	F_ENUM(in_job_list, status, "status", job_filters),
	F_INT(in_job_list, limit, "limit", .min = 1, .max = LIST_MOST),
	F_INT(in_job_list, offset, "offset", .min = 0, .max = PAGE_SKIP_MOST),
};
const struct shape in_job_list_shape = SHAPE(in_job_list, "JobQuery", in_list_rows,
					     .init = init_list, .present = NO_PRESENT);

/* --- out --- */

static const struct field out_timing_rows[] = {
	F_TYPE(out_job_schedule, type, "type", type_word),
	F_STR(out_job_schedule, expression, "expression", .flags = FIELD_OPTIONAL),
	F_TYPE(out_job_schedule, every, "interval", type_every, .flags = FIELD_OPTIONAL),
	F_STR(out_job_schedule, datetime, "datetime", .flags = FIELD_OPTIONAL),
	F_STR(out_job_schedule, rrule, "rrule", .flags = FIELD_OPTIONAL),
	F_STR(out_job_schedule, dtstart, "dtstart", .flags = FIELD_OPTIONAL),
	F_STRS(out_job_schedule, exdate, "exdate", .flags = FIELD_OPTIONAL),
	F_STRS(out_job_schedule, rdate, "rdate", .flags = FIELD_OPTIONAL),
	F_STR(out_job_schedule, timezone, "timezone"),
};
static const struct shape out_timing_shape = SHAPE(out_job_schedule, "StoredJobSchedule",
						   out_timing_rows, .present = NO_PRESENT);

static const struct field out_delivery_rows[] = {
	F_STR(out_delivery, channel, "channel"),
	F_ENUM(out_delivery, format, "format", channel_formats),
	F_ENUM(out_delivery, on, "on", on_words),
	[DELIVERY_ROW_QUIET] = F_OBJ(out_delivery, quiet, "quiet_hours", in_quiet_shape,
				     .flags = FIELD_PRESENT),
};
static const struct shape out_delivery_shape = SHAPE(
	out_delivery, "JobDelivery", out_delivery_rows,
	.present = offsetof(struct out_delivery, present));

static const struct field out_job_rows[] = {
	F_ID(out_job, id, "id", ids_of_jobs),
	F_STR(out_job, name, "name"),
	F_STR(out_job, goal, "goal"),
	F_OBJ(out_job, schedule, "schedule", out_timing_shape),
	F_ENUM(out_job, status, "status", job_states),
	F_STR(out_job, agent, "agent_id"),
	F_STR(out_job, next_at, "next_run_at"),
	F_STR(out_job, last_at, "last_run_at"),
	F_INT(out_job, run_count, "run_count"),
	F_INSTANT(out_job, created_at, "created_at"),
	F_INSTANT(out_job, updated_at, "updated_at"),
	F_STR(out_job, details, "description"),
	[JOB_ROW_DELIVERY] = F_OBJ(out_job, delivery, "delivery", out_delivery_shape,
				   .flags = FIELD_PRESENT),
	F_NONE("delivery"),
	[JOB_ROW_CONDITION] = F_OBJ(out_job, condition, "condition", in_condition_shape,
				    .flags = FIELD_PRESENT),
	F_NONE("condition"),
	F_STR(out_job, only_if, "only_if"),
	[JOB_ROW_RETRY] = F_OBJ(out_job, retry, "retry", retry_shape, .flags = FIELD_PRESENT),
	F_NONE("retry"),
	F_TYPE(out_job, timeout, "timeout", type_span),
	F_RAW(out_job, context, "context"),
	F_ENUM(out_job, overlap, "overlap", overlap_words),
	F_ENUM(out_job, catchup, "catchup", catchup_words),
	F_OBJ(out_job, dst_gap, "dst", dst_shape),
	F_STR(out_job, calendar, "calendar"),
	F_ENUM(out_job, adjust, "adjust", adjust_words),
	F_TYPE(out_job, jitter, "jitter", type_span),
	F_INSTANT(out_job, start_at, "start_at"),
	F_INSTANT(out_job, end_at, "end_at"),
	F_INT(out_job, max_failures, "max_consecutive_failures"),
	F_TYPE(out_job, completion, "completion_timeout", type_span),
	F_TYPE(out_job, heartbeat, "heartbeat_timeout", type_span),
	F_INT(out_job, failures, "consecutive_failures"),
	F_TYPE(out_job, last_status, "last_status", type_word),
	F_TYPE(out_job, is_cut, "details_omitted", type_true, .flags = FIELD_OPTIONAL),
};
const struct shape out_job_shape = SHAPE(out_job, "Job", out_job_rows,
					 .present = offsetof(struct out_job, present));

static const struct field out_jobs_rows[] = {
	F_LIST(out_page, items, "jobs", out_job_shape),
	F_INT(out_page, count, "count"),
};
const struct shape out_jobs_shape = SHAPE(out_page, "JobList", out_jobs_rows,
					  .present = NO_PRESENT);

static const struct field out_deleted_rows[] = {
	F_ID(out_job, id, "id", ids_of_jobs),
	F_ENUM(out_job, status, "status", job_states),
};
const struct shape out_job_deleted_shape = SHAPE(out_job, "JobDeleted", out_deleted_rows,
						 .present = NO_PRESENT);

static const struct field out_triggered_rows[] = {
	F_ID(job_triggered, run, "run_id", ids_of_runs),
};
const struct shape out_triggered_shape = SHAPE(job_triggered, "JobTriggered", out_triggered_rows,
					       .present = NO_PRESENT);
