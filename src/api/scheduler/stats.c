/* GET /stats, /status, /jobs/{id}/stats, /smart/...: what the core has added up, in this API's words. */
#include "core/stats_ask.h"

#include "core/core.h"
#include "core/smart.h"
#include "http/types.h"
#include "scheduler_int.h"
#include "when/stamp.h"
#include "when/tz.h"

/* --- types of answers --- */

/* int64_t in ten-thousandths, 0.97; below 0: null */
static bool print_rate(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t v = *(const int64_t *)member;
	char digits[8];
	int n = 4;

	(void)f;
	if (v < 0)
		return false;
	strbuf_addi(out, v / STATS_RATE_ONE);
	for (int i = 3; i >= 0; i--, v /= 10)
		digits[i] = (char)('0' + v % 10);
	while (n > 0 && digits[n - 1] == '0')
		n--;
	if (n)
		strbuf_addc(out, '.');
	strbuf_add(out, digits, (size_t)n);
	return true;
}
static const struct field_type type_rate = { "a number from 0 to 1", field_read_only, print_rate,
					     false };

/* int64_t; 0: no value */
static bool print_some(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t v = *(const int64_t *)member;

	(void)f;
	if (v)
		strbuf_addi(out, v);
	return v != 0;
}
static const struct field_type type_some = { "a whole number", field_read_only, print_some, false };

/* int; hundredths */
static bool print_hundredths(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t v = (int64_t) * (const int *)member * (STATS_RATE_ONE / 100);

	return print_rate(f, &v, out);
}
static const struct field_type type_share = { "a number from 0 to 1", field_read_only,
					      print_hundredths, false };

/* --- the queries --- */

struct in_zone {
	struct slice timezone;
};
static const struct field in_zone_rows[] = { F_STR(in_zone, timezone, "timezone") };
const struct shape in_stats_shape = SHAPE(in_zone, "StatsQuery", in_zone_rows,
					  .present = NO_PRESENT);

struct in_heatmap {
	struct slice timezone;
	int64_t weeks;
};
static void init_heatmap(void *object)
{
	((struct in_heatmap *)object)->weeks = SMART_WEEKS_DEFAULT;
}
static const struct field in_heatmap_rows[] = {
	F_STR(in_heatmap, timezone, "timezone"),
	F_INT(in_heatmap, weeks, "weeks", .min = 1, .max = SMART_WEEKS_MAX),
};
const struct shape in_heatmap_shape = SHAPE(in_heatmap, "HeatmapQuery", in_heatmap_rows,
					    .init = init_heatmap, .present = NO_PRESENT);

static void take_stats(struct op *op)
{
	const struct in_zone *in = op->in;
	struct stats_ask *ask = arena_make(op->arena, struct stats_ask);

	*ask = (struct stats_ask){ KIND_JOB, in->timezone };
	op->in = ask;
}

flow all_stats(struct op *op)
{
	take_stats(op);
	return stats_all(op);
}

flow job_stats(struct op *op)
{
	take_stats(op);
	return stats_one(op);
}

flow heatmap(struct op *op)
{
	const struct in_heatmap *in = op->in;
	struct smart_ask *ask = arena_make(op->arena, struct smart_ask);

	*ask = (struct smart_ask){ KIND_JOB, in->timezone, in->weeks };
	op->in = ask;
	return smart_heatmap(op);
}

flow suggestions(struct op *op)
{
	const struct in_zone *in = op->in;
	struct smart_ask *ask = arena_make(op->arena, struct smart_ask);

	*ask = (struct smart_ask){ KIND_JOB, in->timezone, 0 };
	op->in = ask;
	return smart_suggestions(op);
}

/* --- GET /stats --- */

/* Those that there are. */
static const struct field by_state_rows[] = {
	F_TYPE(stats_view, by_state[SCHEDULE_ACTIVE], "active", type_some, .flags = FIELD_OPTIONAL),
	F_TYPE(stats_view, by_state[SCHEDULE_PAUSED], "paused", type_some, .flags = FIELD_OPTIONAL),
	F_TYPE(stats_view, by_state[SCHEDULE_COMPLETED], "completed", type_some,
	       .flags = FIELD_OPTIONAL),
	F_TYPE(stats_view, by_state[SCHEDULE_FAILED], "failed", type_some, .flags = FIELD_OPTIONAL),
	F_TYPE(stats_view, by_state[SCHEDULE_CANCELLED], "cancelled", type_some,
	       .flags = FIELD_OPTIONAL),
};
static const struct shape by_state_shape = SHAPE(stats_view, "JobsByStatus", by_state_rows,
						 .present = NO_PRESENT);

static const struct field runs_rows[] = {
	F_INT(stats_runs, pending, "pending"),
	F_INT(stats_runs, running, "running"),
	F_INT(stats_runs, retrying, "retrying"),
	F_INT(stats_runs, ended.completed, "completed"),
	F_INT(stats_runs, ended.failed, "failed"),
	F_INT(stats_runs, ended.cancelled, "cancelled"),
	F_INT(stats_runs, ended.skipped, "skipped"),
};
static const struct shape runs_shape = SHAPE(stats_runs, "RunsByStatus", runs_rows,
					     .present = NO_PRESENT);

#define WINDOW_ROWS(T, window)                                                \
	F_TYPE(T, window.rate, "success_rate", type_rate),                    \
		F_TYPE(T, window.average, "avg_duration_seconds", type_took), \
		F_TYPE(T, window.p50, "p50_duration_seconds", type_took),     \
		F_TYPE(T, window.p95, "p95_duration_seconds", type_took)

/* usec_t, as seconds; USEC_NEVER: null */
static bool print_took(const struct field *f, const void *member, struct strbuf *out)
{
	return type_seconds.print(f, member, out);
}
static const struct field_type type_took = { "a number of seconds", field_read_only, print_took,
					     false };

static const struct field out_stats_rows[] = {
	F_INT(stats_view, schedules, "total_jobs"),
	F_INT(stats_view, active, "active_jobs"),
	F_INT(stats_view, today, "total_runs_today"),
	WINDOW_ROWS(stats_view, window),
	{ .name = "jobs_by_status", .kind = FIELD_OBJ, .at = 0, .shape = &by_state_shape },
	F_OBJ(stats_view, runs, "runs_by_status", runs_shape),
	F_STR(stats_view, zone, "timezone"),
};
const struct shape out_stats_shape = SHAPE(stats_view, "Stats", out_stats_rows,
					   .present = NO_PRESENT);

/* --- GET /jobs/{id}/stats --- */

struct out_streak {
	const char *outcome;
	int64_t length;
};
struct out_last_run {
	struct uuid id;
	const char *status;
	usec_t at;
};
struct out_last_error {
	struct slice code, message;
	usec_t at;
	struct uuid run;
};
struct out_one {
	struct stats_one_view v;
	struct out_streak streak;
	struct out_last_run *last_run;
	struct out_last_error *last_error;
	struct slice next;
};

static const struct field streak_rows[] = {
	F_TYPE(out_streak, outcome, "outcome", type_word),
	F_INT(out_streak, length, "length"),
};
static const struct shape streak_shape = SHAPE(out_streak, "Streak", streak_rows,
					       .present = NO_PRESENT);

static const struct field last_run_rows[] = {
	F_ID(out_last_run, id, "run_id", ids_of_runs),
	F_TYPE(out_last_run, status, "status", type_word),
	F_INSTANT(out_last_run, at, "completed_at"),
};
static const struct shape last_run_shape = SHAPE(out_last_run, "LastRun", last_run_rows,
						 .present = NO_PRESENT);

static const struct field last_error_rows[] = {
	F_STR(out_last_error, code, "code"),
	F_STR(out_last_error, message, "message"),
	F_INSTANT(out_last_error, at, "at"),
	F_ID(out_last_error, run, "run_id", ids_of_runs),
};
static const struct shape last_error_shape = SHAPE(out_last_error, "LastError", last_error_rows,
						   .present = NO_PRESENT);

static const struct field day_rows[] = {
	F_STR(stats_day, date, "date"),
	F_INT(stats_day, ended.completed, "completed"),
	F_INT(stats_day, ended.failed, "failed"),
	F_INT(stats_day, ended.cancelled, "cancelled"),
	F_INT(stats_day, ended.skipped, "skipped"),
};
static const struct shape day_shape = SHAPE(stats_day, "StatsDay", day_rows, .present = NO_PRESENT);

static const struct field out_one_rows[] = {
	F_ID(out_one, v.schedule, "job_id", ids_of_jobs),
	F_INT(out_one, v.total, "total_runs"),
	F_OBJ(out_one, v.runs, "runs_by_status", runs_shape),
	WINDOW_ROWS(out_one, v.window),
	F_OBJ(out_one, streak, "current_streak", streak_shape),
	F_INT(out_one, v.failures, "consecutive_failures"),
	F_OBJ(out_one, last_error, "last_error", last_error_shape, .flags = FIELD_BEHIND),
	F_OBJ(out_one, last_run, "last_run", last_run_shape, .flags = FIELD_BEHIND),
	F_STR(out_one, next, "next_run"),
	F_STR(out_one, v.zone, "timezone"),
	F_LIST(out_one, v.days, "days", day_shape),
};
const struct shape out_job_stats_shape = SHAPE(out_one, "JobStats", out_one_rows,
					       .present = NO_PRESENT);

static const char *outcome_word(bool completed)
{
	return completed ? "completed" : "failed";
}

/* "2026-03-03T08:00:00-05:00"; absent: never */
static struct slice local_stamp(struct op *op, usec_t at, struct slice zone)
{
	const struct tz *z = tz_find(op->core->zones, zone);
	char *text = arena_alloc(op->arena, STAMP_MAX);

	if (at > STAMP_LAST)
		return (struct slice){ NULL, 0 };
	return (struct slice){ text, stamp_print_local(at, z ? z : tz_utc(), text) };
}

void show_job_stats(struct op *op)
{
	const struct stats_one_view *v = op->out;
	struct out_one *out = arena_make(op->arena, struct out_one);

	out->v = *v;
	out->next = local_stamp(op, v->next, v->zone);
	if (v->streak)
		out->streak = (struct out_streak){ outcome_word(v->streak > 0),
						   v->streak > 0 ? v->streak : -v->streak };
	if (!id_is_nil(v->last_run)) {
		out->last_run = arena_make(op->arena, struct out_last_run);
		*out->last_run = (struct out_last_run){ v->last_run,
							outcome_word(v->last_completed),
							v->last_at };
	}
	if (v->failed_at != USEC_NEVER) {
		out->last_error = arena_make(op->arena, struct out_last_error);
		*out->last_error = (struct out_last_error){ v->error, v->detail, v->failed_at,
							    v->failed_run };
	}
	op->out = out;
}

/* --- GET /status --- */

static const char *const ids_of_nodes[] = { "node", NULL };

static const struct field out_status_rows[] = {
	F_BOOL(engine_figures, running, "running"),
	F_TYPE(engine_figures, tick_every, "tick_interval_seconds", type_took),
	F_INSTANT(engine_figures, next_tick, "next_tick_at"),
	F_INT(engine_figures, checked, "jobs_checked_last_tick"),
	F_INSTANT(engine_figures, last_tick, "last_tick_at"),
	F_ID(engine_figures, node, "node_id", ids_of_nodes),
	F_INT(engine_figures, waiting, "runs_waiting"),
	F_INT(engine_figures, held, "runs_held"),
	F_INT(engine_figures, in_flight, "runs_in_flight"),
	F_INT(engine_figures, unwritten, "results_unwritten"),
};
const struct shape out_status_shape = SHAPE(engine_figures, "EngineStatus", out_status_rows,
					    .present = NO_PRESENT);

/* --- GET /smart/... --- */

struct out_heatmap {
	struct slice timezone, grid;
	int64_t weeks, max, total;
	struct json_list rows;
};

static const struct field out_heatmap_rows[] = {
	F_STR(out_heatmap, timezone, "timezone"), F_INT(out_heatmap, weeks, "weeks"),
	F_STRS(out_heatmap, rows, "rows"),        F_RAW(out_heatmap, grid, "grid"),
	F_INT(out_heatmap, max, "max"),           F_INT(out_heatmap, total, "total"),
};
const struct shape out_heatmap_shape = SHAPE(out_heatmap, "Heatmap", out_heatmap_rows,
					     .present = NO_PRESENT);

enum { GRID_BYTES_MAX = SMART_DAYS * SMART_HOURS * 21 + 64 };

static struct slice print_grid(const struct smart_heatmap *map, struct arena *a)
{
	struct strbuf out;
	struct slice text;

	strbuf_init(&out, GRID_BYTES_MAX);
	for (int day = 0; day < SMART_DAYS; day++) {
		strbuf_adds(&out, day ? "],[" : "[[");
		for (int hour = 0; hour < SMART_HOURS; hour++) {
			strbuf_adds(&out, hour ? "," : "");
			strbuf_addi(&out, map->grid[day][hour]);
		}
	}
	strbuf_adds(&out, "]]");
	text = arena_slice(a, strbuf_slice(&out));
	strbuf_release(&out);
	return text;
}

void show_heatmap(struct op *op)
{
	static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	const struct smart_heatmap *map = op->out;
	struct out_heatmap *out = arena_make(op->arena, struct out_heatmap);
	struct slice *rows = arena_array(op->arena, struct slice, SMART_DAYS);

	for (int i = 0; i < SMART_DAYS; i++)
		rows[i] = slice_of(names[i]);
	*out = (struct out_heatmap){ .timezone = map->zone,
				     .grid = print_grid(map, op->arena),
				     .weeks = map->weeks,
				     .max = map->max,
				     .total = map->total,
				     .rows = { rows, SMART_DAYS } };
	op->out = out;
}

struct out_suggestion {
	struct slice time, days;
	const char *reason;
	int confidence;
};
struct out_suggestions {
	struct json_list suggestions;
	struct slice timezone;
};

static const struct field suggestion_rows[] = {
	F_STR(out_suggestion, time, "time"),
	F_STR(out_suggestion, days, "days"),
	F_TYPE(out_suggestion, reason, "reason", type_word),
	F_TYPE(out_suggestion, confidence, "confidence", type_share),
};
static const struct shape suggestion_shape = SHAPE(out_suggestion, "Suggestion", suggestion_rows,
						   .present = NO_PRESENT);

static const struct field out_suggestions_rows[] = {
	F_LIST(out_suggestions, suggestions, "suggestions", suggestion_shape),
	F_STR(out_suggestions, timezone, "timezone"),
};
const struct shape out_suggestions_shape = SHAPE(out_suggestions, "Suggestions",
						 out_suggestions_rows, .present = NO_PRESENT);

void show_suggestions(struct op *op)
{
	const struct smart_suggestions *found = op->out;
	struct out_suggestions *out = arena_make(op->arena, struct out_suggestions);
	struct out_suggestion *list = arena_array(op->arena, struct out_suggestion, SUGGEST_MAX);

	for (size_t i = 0; i < found->n; i++)
		list[i] = (struct out_suggestion){ slice_of(found->list[i].time),
						   slice_of(found->list[i].days),
						   found->list[i].reason,
						   found->list[i].confidence };
	*out = (struct out_suggestions){ { list, found->n }, found->zone };
	op->out = out;
}
