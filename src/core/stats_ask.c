/* Statistics: rows of sums to one answer. */
#include "core/stats_ask.h"

#include "base/check.h"
#include "core/core.h"
#include "core/stats.h"
#include "local_day.h"
#include "stats_int.h"
#include "store/run.h"
#include "store/schedule.h"
#include "when/tz.h"

const struct tz *stats_zone(struct op *op, struct slice name)
{
	const struct tz *z = name.p ? tz_find(op->core->zones, name) : tz_utc();

	if (!z)
		json_fault(&op->faults, "timezone", "timezone_unknown",
			   "This must be the name of a time zone, like Europe/Berlin.");
	return z;
}

static void percentiles(const struct db_unit *u, int stmt, struct stats_window *window)
{
	int64_t counts[STATS_SLOTS] = { 0 }, n = 0;

	store_rollup_slots_got(u, stmt, counts, STATS_SLOTS);
	for (int i = 0; i < STATS_SLOTS; i++)
		n += counts[i];
	window->p50 = n ? stats_percentile(counts, 0.5) : USEC_NEVER;
	window->p95 = n ? stats_percentile(counts, 0.95) : USEC_NEVER;
}

/* Whatever the zone: a day more than is wanted. */
static usec_t since(const struct op *op)
{
	return op->now - op->now % DAY - STATS_DAYS * DAY;
}

/* --- runs by status: the statements of store_run_count() --- */

static void ask_runs(struct db_unit *u, const struct run_ref *ref, usec_t now)
{
	store_run_count(u, &(struct run_page){ .bucket = ref->bucket,
					       .kind = ref->kind,
					       .tenant = ref->tenant,
					       .schedule = ref->id,
					       .now = now });
}

static void take_runs(const struct db_unit *u, int stmt, struct stats_runs *out)
{
	struct run_counts c;

	store_run_counted(u, stmt, &c);
	*out = (struct stats_runs){
		.pending = c.due + c.ahead,
		.running = c.executing,
		.retrying = c.retrying,
		.ended = { c.completed, c.failed + c.expired, c.cancelled, c.skipped },
	};
}

static int64_t ended_of(const struct stats_ended *e)
{
	return e->completed + e->failed + e->cancelled + e->skipped;
}

/* --- of all --- */

enum { ALL_TOTALS, ALL_RUNS, ALL_TALLY, ALL_HOURS, ALL_SLOTS };

static flow all_read(struct op *op)
{
	const struct tz *z = op->state;
	struct stats_view *v = arena_make(op->arena, struct stats_view);
	struct stats_ended days[STATS_DAYS] = { { 0 } };
	struct rollup_hour *hours;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	store_schedule_totals_got(op->unit, ALL_TOTALS, v->by_state);
	for (int state = 0; state < STATS_STATES; state++)
		v->schedules += state == SCHEDULE_DELETED ? 0 : v->by_state[state];
	v->active = v->by_state[SCHEDULE_ACTIVE];
	take_runs(op->unit, ALL_RUNS, &v->runs);
	n = store_rollup_hours_got(op->unit, ALL_HOURS, &hours);
	stats_fold(&v->window, days, hours, n, &(struct stats_today){ z, op->now });
	percentiles(op->unit, ALL_SLOTS, &v->window);
	v->today = ended_of(&days[STATS_DAYS - 1]) - days[STATS_DAYS - 1].skipped;
	v->zone = slice_of(tz_name(z));
	return op_ok(op, v);
}

flow stats_all(struct op *op)
{
	const struct stats_ask *in = op->in;
	const struct tz *z = stats_zone(op, in->zone);
	struct run_ref ref = { op->who.bucket, (int16_t)in->kind, op->who.tenant, { { 0 } } };
	struct db_unit *u;

	_Static_assert((int)STATS_STATES == (int)SCHEDULE_STATES, "by state");
	if (!z)
		return op_invalid(op);
	op->state = (void *)(uintptr_t)z;
	u = op_unit(op, LANE_SLOW);
	store_schedule_totals(u, &ref);
	ask_runs(u, &ref, op->now);
	store_rollup_hours(u, &ref, since(op));
	store_rollup_slots(u, &ref, since(op) + DAY);
	return op_db(op, all_read);
}

/* --- of one --- */

enum { ONE_SCHEDULE, ONE_RUNS, ONE_TALLY, ONE_HOURS, ONE_SLOTS, ONE_STANDING };

static void take_standing(const struct db_unit *u, struct stats_one_view *v)
{
	struct standing_row row = { .failed_at = USEC_NEVER, .finished_at = USEC_NEVER };

	(void)store_standing_got(u, ONE_STANDING, &row);
	v->failures = row.failures;
	v->streak = row.streak;
	v->last_run = row.last_run;
	v->last_completed = row.last_state == RUN_COMPLETED;
	v->last_at = row.finished_at;
	v->failed_at = row.failed_at;
	v->failed_run = row.failed_run;
	v->error = row.error;
	v->detail = row.detail;
}

static struct json_list dated(const struct stats_ended *days, int32_t today, struct arena *a)
{
	struct stats_day *list = arena_array(a, struct stats_day, STATS_DAYS);

	for (int i = 0; i < STATS_DAYS; i++) {
		struct civil c = civil_from_days(today - (STATS_DAYS - 1) + i);

		list[i].date = slice_of(arena_printf(a, "%04d-%02u-%02u", c.year, c.month, c.day));
		list[i].ended = days[i];
	}
	return (struct json_list){ list, STATS_DAYS };
}

static flow one_read(struct op *op)
{
	const struct stats_ask *in = op->in;
	struct stats_one_view *v = arena_make(op->arena, struct stats_one_view);
	struct stats_ended days[STATS_DAYS] = { { 0 } };
	struct rollup_hour *hours;
	struct schedule s;
	const struct tz *z;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_schedule_got(op->unit, ONE_SCHEDULE, &s) || s.state == SCHEDULE_DELETED)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	z = tz_find(op->core->zones, in->zone.p ? in->zone : s.zone);
	if (!z)
		z = tz_utc(); /* a stored one that these files do not know any more */
	v->schedule = s.id;
	take_runs(op->unit, ONE_RUNS, &v->runs);
	v->total = v->runs.pending + v->runs.running + v->runs.retrying + ended_of(&v->runs.ended);
	n = store_rollup_hours_got(op->unit, ONE_HOURS, &hours);
	stats_fold(&v->window, days, hours, n, &(struct stats_today){ z, op->now });
	percentiles(op->unit, ONE_SLOTS, &v->window);
	take_standing(op->unit, v);
	v->next = s.state != SCHEDULE_ACTIVE ? USEC_NEVER
		: s.upcoming < s.next_at     ? s.upcoming
					     : s.next_at;
	v->zone = slice_of(tz_name(z));
	v->days = dated(days, local_day(z, op->now, NULL), op->arena);
	return op_ok(op, v);
}

flow stats_one(struct op *op)
{
	const struct stats_ask *in = op->in;
	struct run_ref ref = { op->who.bucket, (int16_t)in->kind, op->who.tenant, op->ids[0] };
	struct db_unit *u;

	if (!stats_zone(op, in->zone))
		return op_invalid(op);
	u = op_unit(op, LANE_SLOW);
	store_schedule_get(u, &ref, op->now);
	ask_runs(u, &ref, op->now);
	store_rollup_hours(u, &ref, since(op));
	store_rollup_slots(u, &ref, since(op) + DAY);
	store_standing(u, &ref);
	return op_db(op, one_read);
}

/* --- of the engine --- */

flow stats_engine(struct op *op)
{
	struct engine_figures *f = arena_make(op->arena, struct engine_figures);

	f->last_tick = f->next_tick = USEC_NEVER;
	if (op->core->on_figures)
		op->core->on_figures(op->core->engine, f);
	return op_ok(op, f);
}
