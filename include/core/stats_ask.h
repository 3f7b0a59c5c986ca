/* Statistics of the runs of one kind, of a tenant or of one schedule; and how the engine is doing. Answered
 * from what the engine adds up when a run ends (store/stats.h), never from history, so that they cost the same
 * whatever there was.
 *
 * The last 30 days are today, as the zone has it, and the 29 before. What was added up by the hour of UTC
 * belongs to the day in which that hour begins: where midnight is not on the hour (India), half an hour is the
 * neighbour's. */
#ifndef CORE_STATS_ASK_H
#define CORE_STATS_ASK_H

#include <stdbool.h>

#include "base/json.h"
#include "core/op.h"
#include "model/run.h"
#include "model/schedule.h"

struct tz;

enum { STATS_DAYS = 30, STATS_RATE_ONE = 10000, STATS_STATES = 7 /* of schedules, from 0 */ };

struct stats_ask {
	enum kind kind;
	struct slice zone; /* absent: UTC; of one schedule: its own */
};

/* Ended runs; an expired one has failed. */
struct stats_ended {
	int64_t completed, failed, cancelled, skipped;
};

/* Of the last STATS_DAYS days; USEC_NEVER and -1: there were none. */
struct stats_window {
	struct stats_ended ended;
	int64_t rate;   /* completed / (completed + failed) in ten-thousandths; all of it only when none failed */
	usec_t average; /* of those that ran */
	usec_t p50, p95;
};

/* Of live ones, now; of ended ones, those still in history. */
struct stats_runs {
	int64_t pending, running, retrying;
	struct stats_ended ended;
};

struct stats_view {
	int64_t schedules, active;
	int64_t by_state[STATS_STATES]; /* enum schedule_state */
	int64_t today; /* runs that ended today, skipped ones left out */
	struct stats_runs runs;
	struct stats_window window;
	struct slice zone;
};

struct stats_day {
	struct slice date; /* "2026-03-02" */
	struct stats_ended ended;
};

struct stats_one_view {
	struct uuid schedule;
	struct stats_runs runs;
	int64_t total; /* of them all */
	struct stats_window window;
	int64_t failures;     /* in a row */
	int64_t streak;       /* > 0 completed, < 0 failed in a row */
	struct uuid last_run; /* the latest that completed or failed; nil: none */
	bool last_completed;
	usec_t last_at;
	usec_t failed_at;     /* USEC_NEVER: none has failed */
	struct uuid failed_run;
	struct slice error, detail;
	usec_t next;          /* USEC_NEVER: none comes */
	struct slice zone;
	struct json_list days; /* of struct stats_day, STATS_DAYS, oldest first */
};

/* What core->on_figures fills in. */
struct engine_figures {
	bool running;       /* this process has its lease and may start runs */
	struct uuid node;
	usec_t tick_every;  /* the longest time between two looks; a schedule that wakes earlier is looked at then */
	usec_t last_tick, next_tick;
	int64_t checked;    /* schedules due at the last look */
	int64_t waiting;    /* runs due and not taken, in the whole database, as last counted */
	int64_t held, in_flight, unwritten; /* runs this process holds; is delivering; results to be written */
};

op_step stats_all;    /* in: struct stats_ask; out: stats_view */
op_step stats_one;    /* in: struct stats_ask, ids[0]; out: stats_one_view; 404 when it is not there or deleted */
op_step stats_engine; /* in: NULL; out: engine_figures */

/* The zone of this name, or UTC when absent. NULL: there is none; then a fault of "timezone" was added. */
const struct tz *stats_zone(struct op *op, struct slice name);

#endif
