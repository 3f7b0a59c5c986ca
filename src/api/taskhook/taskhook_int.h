/* Private to src/api/taskhook: what is on the wire, as structs; their shapes; the steps of the
 * routes.
 *
 * A step turns what was sent (in_*) into what the core asks for and goes on with the core's own
 * step. Its view turns the core's answer into what is shown (out_*). Neither decides anything. */
#ifndef TASKHOOK_INT_H
#define TASKHOOK_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "core/calendar.h"
#include "core/call.h"
#include "core/op.h"
#include "core/run.h"
#include "core/schedule.h"
#include "core/timing.h"
#include "http/route.h"

enum {
	UNIQUE_ID_MAX = 255,
	TAGS_MAX = 20,
	TAG_MAX = 64,
	HEADERS_MAX = 32,
	LIST_DEFAULT = 100,
	PREVIEW_DEFAULT = 10,
	PREVIEW_MOST = 100
};

/* --- what is sent --- */

struct in_target {
	struct slice url, method, secret;
	struct json_list headers; /* of struct json_pair */
};

struct in_retry {
	int64_t max_attempts;
	int strategy;
	usec_t base_delay, max_delay;
};

/* What tasks and templates have in common: how the target is called. */
struct in_call {
	struct slice url; /* the target as a string; else: */
	struct in_target target;
	struct slice payload;
	struct in_retry retry;
	usec_t timeout;
	struct slice tag; /* tags as a string; else: */
	struct json_list tags;
	struct slice notifications, rate_limiter; /* refused until there are such things */
};

struct in_template {
	struct in_call call;
	usec_t expires_after;
};

struct in_dst {
	int gap, overlap;
};

struct in_rrule {
	struct slice rule, dtstart;
	struct json_list exdate, rdate;
};

struct in_schedule {
	bool enabled;
	struct slice cron, every; /* every: its text; a number's too */
	struct slice rule;        /* the rrule as a string; else: */
	struct in_rrule rrule;
	struct slice timezone;
	usec_t start_at, end_at;
	struct in_template template;
	int overlap, catchup; /* one less than the core's numbers; -1: not given */
	struct in_dst dst;
	struct slice calendar;
	int adjust;           /* likewise */
	usec_t jitter;
	uint64_t present;
};

/* An instant, or a span to be counted from something. */
struct moment {
	usec_t value; /* USEC_NEVER: not given */
	bool is_span;
};

struct in_task {
	struct in_call call;
	struct moment execute_after, expires_after;
	struct slice unique_id;
};

struct in_schedule_list {
	int64_t limit, offset;
	int status; /* -1: not given */
	bool enabled;
	uint64_t present;
};

struct in_task_list {
	int64_t limit, offset;
	int status;
};

struct in_page {
	int64_t limit, offset;
};

struct in_preview {
	int64_t limit;
	usec_t start_from;
};

/* --- what is shown --- */

struct out_target {
	struct slice url, method;
	struct json_list headers;
};

struct out_retry {
	int64_t max_attempts;
	int strategy;
	usec_t base_delay, max_delay;
};

struct out_call {
	struct slice url; /* the target as a string; absent: as an object */
	struct out_target target;
	struct slice payload;
	struct out_retry retry;
	usec_t timeout;
	struct json_list tags;
	bool payload_omitted;
	usec_t expires_after;
	uint64_t present; /* of templates: TEMPLATE_ROW_RETRY */
};

struct out_rrule {
	struct slice rule, dtstart;
	struct json_list exdate, rdate;
};

struct out_schedule {
	struct uuid id;
	int status; /* enum schedule_state */
	struct slice cron, every, rule;
	struct out_rrule rrule;
	bool rule_omitted; /* a list left a long rule out */
	struct slice timezone;
	usec_t start_at, end_at;
	struct out_call template;
	bool enabled;
	usec_t next_at, last_at;
	int64_t execution_count;
	usec_t created_at, updated_at;
	int overlap, catchup;
	struct in_dst dst;
	struct slice calendar, description;
	int adjust;
	usec_t jitter;
	uint64_t present; /* SCHEDULE_ROW_RRULE; in answers to PATCH: bit i + 1 is bit i of what was sent */
};

struct out_timings {
	int64_t dns_us, connect_us, tls_us, first_byte_us;
};

struct out_attempt {
	int64_t number;
	const char *status;
	usec_t started_at;
	int64_t duration_ms, http_status;
	struct slice error, detail;
	struct json_list headers;
	struct slice body;
	struct out_timings timings;
};

struct out_task {
	struct uuid id, schedule;
	usec_t scheduled_for;
	int status; /* enum run_view */
	struct out_call call;
	usec_t created_at, started_at, finished_at, expires_at;
	int64_t attempts_made;
	usec_t next_attempt_at;
	bool caught_up;
	struct slice reason, unique_id;
	struct json_list attempts; /* of struct out_attempt */
};

struct out_list {
	int64_t total;
	struct json_list items;
};

/* --- shapes.c --- */

extern const struct shape in_template_shape, in_schedule_shape, in_change_shape, in_schedule_list_shape;
extern const struct shape in_task_shape, in_task_list_shape, in_page_shape, in_preview_shape;
extern const struct shape out_schedule_shape, out_changed_shape, out_deleted_shape, out_schedules_shape;
extern const struct shape out_task_shape, out_task_full_shape, out_tasks_shape, out_preview_shape;
extern const struct shape out_skips_shape;
/* calendars.c */
extern const struct shape in_year_shape, out_calendar_shape, out_calendars_shape;

/* Rows of a template as it is shown that are left out unless their bit is set in
 * out_call.present. */
enum { TEMPLATE_ROW_RETRY = 4 };
/* Likewise of a schedule: its rrule as an object. */
enum { SCHEDULE_ROW_RRULE = 5 };

/* --- call.c --- */

/* Faults of what both nouns have in common. prefix is where it stands in the body
 * ("task_template.", "[3].", ""). */
void call_check(struct op *op, const struct in_call *in, const char *prefix);
void call_take(struct arena *a, const struct in_call *in, struct call *out);
void call_show(const struct call *c, bool payload_omitted, struct out_call *out);
void fault_at(struct op *op, const char *prefix, const char *field, const char *code, const char *message);

/* --- schedules.c, calendars.c, tasks.c --- */

op_step th_schedule_create, th_schedule_get, th_schedule_list, th_schedule_change, th_schedule_delete;
op_step th_schedule_tasks, th_schedule_preview, th_schedule_skips;
op_step th_calendar_put, th_calendar_get, th_calendar_delete;
op_step th_task_create, th_task_get, th_task_list, th_task_cancel, th_task_retry;

void check_schedule(struct op *op);
void check_change(struct op *op);
void check_task(struct op *op);
void show_schedule(struct op *op);
void show_schedules(struct op *op);
void show_changed(struct op *op);
void show_task(struct op *op);
void show_tasks(struct op *op);

#endif
