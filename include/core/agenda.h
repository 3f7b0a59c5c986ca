/* What a calendar shows between two instants: runs that were and are, and occurrences to come of active
 * schedules.
 *
 * The limit is shared out evenly among the schedules (half of each share for what is to come, when the time
 * spans now). More than AGENDA_DENSE of one schedule on one day are one event with a count; and so is every
 * day of a schedule that would otherwise have more than its share. So none hides another, and the work is
 * bounded by the limit. What still does not fit is left out: of runs the oldest, of occurrences the latest;
 * then is_cut says so.
 *
 * Runs are found by the instant they were for. Days that are one event are counted from the sums by the hour
 * (core/stats_ask.h says whose an hour is) when there are more runs than the share, else from the runs. */
#ifndef CORE_AGENDA_H
#define CORE_AGENDA_H

#include <stdbool.h>

#include "base/json.h"
#include "core/op.h"
#include "model/run.h"

struct tz;

#define AGENDA_SPAN_MAX (366 * DAY)
#define AGENDA_SPAN_DEFAULT (31 * DAY)
enum {
	AGENDA_LIMIT_DEFAULT = 1000,
	AGENDA_LIMIT_MAX = 5000,
	AGENDA_SCHEDULES = 500, /* looked at, the newest ones; no more than the limit */
	AGENDA_DENSE = 24,
	AGENDA_COUNT_MAX = 1440 /* occurrences counted of one day; more are "at least" */
};

struct agenda_ask {
	enum kind kind;
	/* Instants, local times in the zone, or its dates. from absent: today; to (exclusive) absent:
	 * AGENDA_SPAN_DEFAULT later. */
	struct slice from, to;
	struct slice zone;    /* absent: UTC */
	struct uuid schedule; /* nil: all */
	int64_t limit;        /* 1 .. AGENDA_LIMIT_MAX */
};

struct agenda_event {
	bool is_planned;
	struct uuid schedule;
	struct slice title;
	usec_t start, end; /* end USEC_NEVER: is not known */
	int view;          /* enum run_view; VIEW_SCHEDULED: planned; of several, how the worst of them ended */
	struct uuid run;   /* nil: planned, or several */
	int64_t count;     /* 1, or what this day stands for */
	int64_t failed;    /* of these */
	bool is_least;     /* count is where counting ended */
};

struct agenda_view {
	usec_t from, to;
	const struct tz *tz;
	struct json_list events; /* of struct agenda_event, by start */
	bool is_cut;
};

op_step agenda; /* in: struct agenda_ask; out: agenda_view; 404 when the schedule is not there */

#endif
