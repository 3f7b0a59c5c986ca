/* The wire names: every object of this API, row by row. */
#include "taskhook_int.h"

#include "api/timing_common.h"
#include "http/types.h"
#include "taskhook_types.h"

/* A fault's duration is a mistake long before this. */
#define DELAY_MOST (30 * DAY)

static const char *const ids_of_schedules[] = { "schedule", NULL };
static const char *const ids_of_tasks[] = { "task", NULL };

static const char *const strategies[] = { "taskhook", "fixed", "linear", "exponential", NULL };
/* By enum schedule_state; the last three are other vocabularies' states. */
static const char *const schedule_states[] = { "active", "active", "disabled", "deleted",
					       "active", "active", "disabled", NULL };
static const char *const schedule_filters[] = { "active", "disabled", "deleted", NULL };
/* By enum run_view; `abandoned` comes behind them. */
static const char *const task_states[] = { "queued", "processing", "retrying", "completed",
					   "failed", "cancelled",  "expired",  "skipped",
					   "queued", NULL };
static const char *const task_filters[] = { "queued",    "processing", "retrying", "completed",
					    "failed",    "cancelled",  "expired",  "skipped",
					    "scheduled", "abandoned",  NULL };
_Static_assert(VIEW_COUNT == 9, "a run has another state: give it a word");

/* --- in --- */

static const struct field in_target_rows[] = {
	F_TYPE(in_target, url, "url", type_target, .flags = FIELD_NEEDED),
	F_TYPE(in_target, method, "method", type_method),
	F_MAP(in_target, headers, "headers", .max = HEADERS_MAX),
	F_STR(in_target, secret, "secret", .flags = FIELD_NULLABLE),
};
static const struct shape in_target_shape = SHAPE(in_target, "TargetInput", in_target_rows,
						  .present = NO_PRESENT);

static const struct field in_retry_rows[] = {
	F_INT(in_retry, max_attempts, "max_attempts", .min = 1, .max = RETRY_MAX_MOST),
	F_ENUM(in_retry, strategy, "strategy", strategies),
	F_SECONDS(in_retry, base_delay, "base_delay", .min = MSEC, .max = DELAY_MOST),
	F_SECONDS(in_retry, max_delay, "max_delay", .min = MSEC, .max = DELAY_MOST),
};
static const struct shape in_retry_shape = SHAPE(in_retry, "RetryInput", in_retry_rows,
						 .present = NO_PRESENT);

#define IN_CALL_ROWS(T)                                                                        \
	F_TYPE(T, call.url, "target", type_target, .flags = FIELD_NEEDED),                     \
		F_OBJ(T, call.target, "target", in_target_shape, .flags = FIELD_NEEDED),       \
		F_RAW(T, call.payload, "payload"),                                             \
		F_OBJ(T, call.retry, "retry", in_retry_shape, .flags = FIELD_NULLABLE),        \
		F_SECONDS(T, call.timeout, "timeout", .flags = FIELD_NULLABLE, .min = SEC,     \
			  .max = CALL_TIMEOUT_MAX),                                            \
		F_STR(T, call.tag, "tags", .flags = FIELD_NULLABLE, .min = 1, .max = TAG_MAX), \
		F_STRS(T, call.tags, "tags", .max = TAGS_MAX),                                 \
		F_RAW(T, call.notifications, "notifications", .flags = FIELD_NULLABLE),        \
		F_RAW(T, call.rate_limiter, "rate_limiter", .flags = FIELD_NULLABLE)

static const struct field in_template_rows[] = {
	IN_CALL_ROWS(in_template),
	F_DURATION(in_template, expires_after, "expires_after", .flags = FIELD_NULLABLE, .min = SEC,
		   .max = 3653 * DAY),
};
const struct shape in_template_shape = SHAPE(in_template, "TaskTemplateInput", in_template_rows,
					     .present = NO_PRESENT);

static const struct field in_dst_rows[] = {
	F_ENUM(in_dst, gap, "gap", dst_gap_words),
	F_ENUM(in_dst, overlap, "overlap", dst_overlap_words),
};
static const struct shape in_dst_shape = SHAPE(in_dst, "DstPolicy", in_dst_rows,
					       .present = NO_PRESENT);

static void init_schedule(void *object)
{
	*(struct in_schedule *)object = (struct in_schedule){ .enabled = true,
							      .start_at = USEC_NEVER,
							      .end_at = USEC_NEVER,
							      .overlap = -1,
							      .catchup = -1,
							      .adjust = -1 };
}

static const struct field in_rrule_rows[] = {
	F_STR(in_rrule, rule, "rule", .flags = FIELD_NEEDED),
	F_STR(in_rrule, dtstart, "dtstart", .flags = FIELD_NULLABLE),
	F_STRS(in_rrule, exdate, "exdate", .max = RRULE_DATES_MAX),
	F_STRS(in_rrule, rdate, "rdate", .max = RRULE_DATES_MAX),
};
static const struct shape in_rrule_shape = SHAPE(in_rrule, "RecurrenceRuleInput", in_rrule_rows,
						 .present = NO_PRESENT);

/* The rows of a change, in the order of out_changed_rows. */
#define IN_SCHEDULE_ROWS(needed)                                                       \
	F_BOOL(in_schedule, enabled, "enabled"), F_STR(in_schedule, cron, "cron"),     \
		F_TYPE(in_schedule, every, "every", type_every),                       \
		F_STR(in_schedule, rule, "rrule"),                                     \
		F_OBJ(in_schedule, rrule, "rrule", in_rrule_shape),                    \
		F_STR(in_schedule, timezone, "timezone", .min = 1, .max = 64),         \
		F_INSTANT(in_schedule, start_at, "start_at", .flags = FIELD_NULLABLE), \
		F_INSTANT(in_schedule, end_at, "end_at", .flags = FIELD_NULLABLE),     \
		F_OBJ(in_schedule, template, "task_template", in_template_shape,       \
		      .flags = (needed)),                                              \
		F_ENUM(in_schedule, overlap, "overlap", overlap_words),                \
		F_ENUM(in_schedule, catchup, "catchup", catchup_words),                \
		F_OBJ(in_schedule, dst, "dst", in_dst_shape),                          \
		F_STR(in_schedule, calendar, "calendar", .flags = FIELD_NULLABLE),     \
		F_ENUM(in_schedule, adjust, "adjust", adjust_words),                   \
		F_SECONDS(in_schedule, jitter, "jitter", .flags = FIELD_NULLABLE,      \
			  .max = SPEC_JITTER_MAX)

static const struct field in_schedule_rows[] = { IN_SCHEDULE_ROWS(FIELD_NEEDED) };
const struct shape in_schedule_shape = SHAPE(in_schedule, "ScheduleInput", in_schedule_rows,
					     .init = init_schedule,
					     .present = offsetof(struct in_schedule, present));
static const struct field in_change_rows[] = { IN_SCHEDULE_ROWS(0) };
const struct shape in_change_shape = SHAPE(in_schedule, "ScheduleChange", in_change_rows,
					   .init = init_schedule,
					   .present = offsetof(struct in_schedule, present));

static void init_task(void *object)
{
	*(struct in_task *)object = (struct in_task){ .execute_after = { USEC_NEVER, false },
						      .expires_after = { USEC_NEVER, false } };
}

static const struct field in_task_rows[] = {
	IN_CALL_ROWS(in_task),
	F_TYPE(in_task, execute_after, "execute_after", type_moment, .flags = FIELD_NULLABLE),
	F_TYPE(in_task, expires_after, "expires_after", type_moment, .flags = FIELD_NULLABLE),
	F_STR(in_task, unique_id, "unique_id", .flags = FIELD_NULLABLE, .min = 1,
	      .max = UNIQUE_ID_MAX),
};
const struct shape in_task_shape = SHAPE(in_task, "TaskInput", in_task_rows, .init = init_task,
					 .present = NO_PRESENT);

static void init_schedule_list(void *object)
{
	*(struct in_schedule_list *)object = (struct in_schedule_list){ .limit = LIST_DEFAULT,
									.status = -1 };
}

static const struct field in_schedule_list_rows[] = {
	F_ENUM(in_schedule_list, status, "status", schedule_filters),
	F_BOOL(in_schedule_list, enabled, "enabled"),
	F_INT(in_schedule_list, limit, "limit", .min = 1, .max = PAGE_MOST),
	F_INT(in_schedule_list, offset, "offset", .min = 0, .max = PAGE_SKIP_MOST),
};
const struct shape in_schedule_list_shape = SHAPE(
	in_schedule_list, "ScheduleQuery", in_schedule_list_rows, .init = init_schedule_list,
	.present = offsetof(struct in_schedule_list, present));

static void init_task_list(void *object)
{
	*(struct in_task_list *)object = (struct in_task_list){ .limit = LIST_DEFAULT,
								.status = -1 };
}

static const struct field in_task_list_rows[] = {
	F_ENUM(in_task_list, status, "status", task_filters),
	F_INT(in_task_list, limit, "limit", .min = 1, .max = PAGE_MOST),
	F_INT(in_task_list, offset, "offset", .min = 0, .max = PAGE_SKIP_MOST),
};
const struct shape in_task_list_shape = SHAPE(in_task_list, "TaskQuery", in_task_list_rows,
					      .init = init_task_list, .present = NO_PRESENT);

static void init_page(void *object)
{
	((struct in_page *)object)->limit = LIST_DEFAULT;
}

static const struct field in_page_rows[] = {
	F_INT(in_page, limit, "limit", .min = 1, .max = PAGE_MOST),
	F_INT(in_page, offset, "offset", .min = 0, .max = PAGE_SKIP_MOST),
};
const struct shape in_page_shape = SHAPE(in_page, "PageQuery", in_page_rows, .init = init_page,
					 .present = NO_PRESENT);

static void init_preview(void *object)
{
	*(struct in_preview *)object = (struct in_preview){ PREVIEW_DEFAULT, USEC_NEVER };
}

static const struct field in_preview_rows[] = {
	F_INT(in_preview, limit, "limit", .min = 1, .max = PREVIEW_MOST),
	F_INSTANT(in_preview, start_from, "start_from"),
};
const struct shape in_preview_shape = SHAPE(in_preview, "PreviewQuery", in_preview_rows,
					    .init = init_preview, .present = NO_PRESENT);

/* --- out --- */

static const struct field out_target_rows[] = {
	F_STR(out_target, url, "url"),
	F_STR(out_target, method, "method", .flags = FIELD_OPTIONAL),
	F_MAP(out_target, headers, "headers", .flags = FIELD_OPTIONAL),
};
static const struct shape out_target_shape = SHAPE(out_target, "Target", out_target_rows,
						   .present = NO_PRESENT);

static const struct field out_retry_rows[] = {
	F_INT(out_retry, max_attempts, "max_attempts"),
	F_ENUM(out_retry, strategy, "strategy", strategies),
	F_TYPE(out_retry, base_delay, "base_delay", type_span, .flags = FIELD_OPTIONAL),
	F_TYPE(out_retry, max_delay, "max_delay", type_span, .flags = FIELD_OPTIONAL),
};
static const struct shape out_retry_shape = SHAPE(out_retry, "Retry", out_retry_rows,
						  .present = NO_PRESENT);

static const struct field out_template_rows[] = {
	F_STR(out_call, url, "target"),
	F_OBJ(out_call, target, "target", out_target_shape),
	F_RAW(out_call, payload, "payload"),
	F_TYPE(out_call, payload_omitted, "payload_omitted", type_true, .flags = FIELD_OPTIONAL),
	[TEMPLATE_ROW_RETRY] = F_OBJ(out_call, retry, "retry", out_retry_shape,
				     .flags = FIELD_PRESENT),
	F_TYPE(out_call, timeout, "timeout", type_span, .flags = FIELD_OPTIONAL),
	F_TYPE(out_call, expires_after, "expires_after", type_period, .flags = FIELD_OPTIONAL),
	F_STRS(out_call, tags, "tags", .flags = FIELD_OPTIONAL),
};
static const struct shape out_template_shape = SHAPE(out_call, "TaskTemplate", out_template_rows,
						     .present = offsetof(struct out_call, present));

static const struct field out_rrule_rows[] = {
	F_STR(out_rrule, rule, "rule"),
	F_STR(out_rrule, dtstart, "dtstart", .flags = FIELD_OPTIONAL),
	F_STRS(out_rrule, exdate, "exdate", .flags = FIELD_OPTIONAL),
	F_STRS(out_rrule, rdate, "rdate", .flags = FIELD_OPTIONAL),
};
static const struct shape out_rrule_shape = SHAPE(out_rrule, "RecurrenceRule", out_rrule_rows,
						  .present = NO_PRESENT);

static const struct field out_schedule_rows[] = {
	F_ID(out_schedule, id, "id", ids_of_schedules),
	F_ENUM(out_schedule, status, "status", schedule_states),
	F_STR(out_schedule, cron, "cron", .flags = FIELD_OPTIONAL),
	F_TYPE(out_schedule, every, "every", type_every, .flags = FIELD_OPTIONAL),
	F_STR(out_schedule, rule, "rrule", .flags = FIELD_OPTIONAL),
	[SCHEDULE_ROW_RRULE] = F_OBJ(out_schedule, rrule, "rrule", out_rrule_shape,
				     .flags = FIELD_PRESENT),
	F_STR(out_schedule, timezone, "timezone"),
	F_INSTANT(out_schedule, start_at, "start_at"),
	F_INSTANT(out_schedule, end_at, "end_at"),
	F_OBJ(out_schedule, template, "task_template", out_template_shape),
	F_BOOL(out_schedule, enabled, "enabled"),
	F_INSTANT(out_schedule, next_at, "next_execution_at"),
	F_INSTANT(out_schedule, last_at, "last_execution_at"),
	F_INT(out_schedule, execution_count, "execution_count"),
	F_INSTANT(out_schedule, created_at, "created_at"),
	F_INSTANT(out_schedule, updated_at, "updated_at"),
	F_ENUM(out_schedule, overlap, "overlap", overlap_words),
	F_ENUM(out_schedule, catchup, "catchup", catchup_words),
	F_OBJ(out_schedule, dst, "dst", in_dst_shape),
	F_STR(out_schedule, calendar, "calendar", .flags = FIELD_OPTIONAL),
	F_ENUM(out_schedule, adjust, "adjust", adjust_words, .flags = FIELD_OPTIONAL),
	F_TYPE(out_schedule, jitter, "jitter", type_span, .flags = FIELD_OPTIONAL),
	F_STR(out_schedule, description, "description", .flags = FIELD_OPTIONAL),
	F_TYPE(out_schedule, rule_omitted, "rrule_omitted", type_true, .flags = FIELD_OPTIONAL),
};
const struct shape out_schedule_shape = SHAPE(out_schedule, "Schedule", out_schedule_rows,
					      .present = offsetof(struct out_schedule, present));

static const struct field out_changed_rows[] = {
	F_ID(out_schedule, id, "id", ids_of_schedules),
	F_BOOL(out_schedule, enabled, "enabled", .flags = FIELD_PRESENT),
	F_STR(out_schedule, cron, "cron", .flags = FIELD_PRESENT),
	F_TYPE(out_schedule, every, "every", type_every, .flags = FIELD_PRESENT),
	F_STR(out_schedule, rule, "rrule", .flags = FIELD_PRESENT),
	F_OBJ(out_schedule, rrule, "rrule", out_rrule_shape, .flags = FIELD_PRESENT),
	F_STR(out_schedule, timezone, "timezone", .flags = FIELD_PRESENT),
	F_INSTANT(out_schedule, start_at, "start_at", .flags = FIELD_PRESENT),
	F_INSTANT(out_schedule, end_at, "end_at", .flags = FIELD_PRESENT),
	F_OBJ(out_schedule, template, "task_template", out_template_shape, .flags = FIELD_PRESENT),
	F_ENUM(out_schedule, overlap, "overlap", overlap_words, .flags = FIELD_PRESENT),
	F_ENUM(out_schedule, catchup, "catchup", catchup_words, .flags = FIELD_PRESENT),
	F_OBJ(out_schedule, dst, "dst", in_dst_shape, .flags = FIELD_PRESENT),
	F_STR(out_schedule, calendar, "calendar", .flags = FIELD_PRESENT),
	F_ENUM(out_schedule, adjust, "adjust", adjust_words, .flags = FIELD_PRESENT),
	F_SECONDS(out_schedule, jitter, "jitter", .flags = FIELD_PRESENT),
};
_Static_assert(sizeof(out_changed_rows) == sizeof(in_change_rows) + sizeof(struct field),
	       "a change answers what it was sent: the same rows behind the id");
const struct shape out_changed_shape = SHAPE(out_schedule, "ScheduleChanged", out_changed_rows,
					     .present = offsetof(struct out_schedule, present));

static const struct field out_deleted_rows[] = {
	F_ID(out_schedule, id, "id", ids_of_schedules),
	F_ENUM(out_schedule, status, "status", schedule_states),
};
const struct shape out_deleted_shape = SHAPE(out_schedule, "ScheduleDeleted", out_deleted_rows,
					     .present = NO_PRESENT);

static const struct field out_schedules_rows[] = {
	F_INT(out_list, total, "total"),
	F_LIST(out_list, items, "schedules", out_schedule_shape),
};
const struct shape out_schedules_shape = SHAPE(out_list, "ScheduleList", out_schedules_rows,
					       .present = NO_PRESENT);

static const struct field out_timings_rows[] = {
	F_TYPE(out_timings, dns_us, "dns_ms", type_millis),
	F_TYPE(out_timings, connect_us, "connect_ms", type_millis),
	F_TYPE(out_timings, tls_us, "tls_ms", type_millis),
	F_TYPE(out_timings, first_byte_us, "first_byte_ms", type_millis),
};
static const struct shape out_timings_shape = SHAPE(out_timings, "Timings", out_timings_rows,
						    .present = NO_PRESENT);

static const struct field out_attempt_rows[] = {
	F_INT(out_attempt, number, "number"),
	F_TYPE(out_attempt, status, "status", type_word),
	F_INSTANT(out_attempt, started_at, "started_at"),
	F_INT(out_attempt, duration_ms, "duration_ms"),
	F_TYPE(out_attempt, http_status, "http_status", type_positive),
	F_STR(out_attempt, error, "error"),
	F_STR(out_attempt, detail, "detail"),
	F_MAP(out_attempt, headers, "response_headers", .flags = FIELD_OPTIONAL),
	F_NONE("response_headers"),
	F_STR(out_attempt, body, "response_body"),
	F_OBJ(out_attempt, timings, "timings", out_timings_shape),
};
static const struct shape out_attempt_shape = SHAPE(out_attempt, "Attempt", out_attempt_rows,
						    .present = NO_PRESENT);

#define OUT_TASK_ROWS                                                                         \
	F_ID(out_task, id, "id", ids_of_tasks),                                               \
		F_ID(out_task, schedule, "schedule_id", ids_of_schedules),                    \
		F_INSTANT(out_task, scheduled_for, "scheduled_for"),                          \
		F_ENUM(out_task, status, "status", task_states),                              \
		F_STR(out_task, call.url, "target"),                                          \
		F_OBJ(out_task, call.target, "target", out_target_shape),                     \
		F_RAW(out_task, call.payload, "payload"),                                     \
		F_TYPE(out_task, call.payload_omitted, "payload_omitted", type_true,          \
		       .flags = FIELD_OPTIONAL),                                              \
		F_INSTANT(out_task, created_at, "created_at"),                                \
		F_INSTANT(out_task, started_at, "started_at"),                                \
		F_INSTANT(out_task, finished_at, "finished_at"),                              \
		F_INSTANT(out_task, expires_at, "expires_at"),                                \
		F_INT(out_task, attempts_made, "attempts_made"),                              \
		F_INSTANT(out_task, next_attempt_at, "next_attempt_at"),                      \
		F_BOOL(out_task, caught_up, "caught_up"), F_STR(out_task, reason, "reason"),  \
		F_STR(out_task, unique_id, "unique_id"), F_STRS(out_task, call.tags, "tags"), \
		F_OBJ(out_task, call.retry, "retry", out_retry_shape),                        \
		F_TYPE(out_task, call.timeout, "timeout", type_span)

static const struct field out_task_rows[] = { OUT_TASK_ROWS };
const struct shape out_task_shape = SHAPE(out_task, "Task", out_task_rows, .present = NO_PRESENT);

static const struct field out_task_full_rows[] = {
	OUT_TASK_ROWS,
	F_LIST(out_task, attempts, "attempts", out_attempt_shape),
};
const struct shape out_task_full_shape = SHAPE(out_task, "TaskWithAttempts", out_task_full_rows,
					       .present = NO_PRESENT);

static const struct field out_tasks_rows[] = {
	F_INT(out_list, total, "total"),
	F_LIST(out_list, items, "tasks", out_task_shape),
};
const struct shape out_tasks_shape = SHAPE(out_list, "TaskList", out_tasks_rows,
					   .present = NO_PRESENT);

static const struct field out_preview_rows[] = {
	F_ID(preview_view, schedule, "schedule_id", ids_of_schedules),
	F_LIST(preview_view, items, "executions", occurrence_shape),
};
const struct shape out_preview_shape = SHAPE(preview_view, "Preview", out_preview_rows,
					     .present = NO_PRESENT);

static const struct field skip_rows[] = {
	F_INSTANT(skip_range, from_at, "from"),          F_INSTANT(skip_range, to_at, "to"),
	F_TYPE(skip_range, count, "count", type_int32),  F_STR(skip_range, reason, "reason"),
	F_INSTANT(skip_range, created_at, "created_at"),
};
static const struct shape skip_shape = SHAPE(skip_range, "Skip", skip_rows, .present = NO_PRESENT);
static const struct field out_skips_rows[] = {
	F_INT(skips_view, total, "skipped_tasks"),
	F_LIST(skips_view, items, "skips", skip_shape),
};
const struct shape out_skips_shape = SHAPE(skips_view, "SkipList", out_skips_rows,
					   .present = NO_PRESENT);
