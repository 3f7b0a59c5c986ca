/* Business calendars of a tenant: stored by name as JSON, compiled when a schedule that names one is
 * (when/calendar.h). A deleted one keeps its row, so that a schedule that slipped in meanwhile still
 * has its calendar. A changed one makes the engine work out anew when its schedules come next
 * (engine/recompute.c). */
#ifndef CORE_CALENDAR_H
#define CORE_CALENDAR_H

#include "base/json.h"
#include "core/op.h"
#include "when/calendar.h"

enum { CALENDAR_NAME_MAX = 64, CALENDARS_MAX = 1000 /* a tenant */ };

/* As it is sent, stored and shown (calendar_shape):
 *	{"description": "...", "weekend": ["saturday", "sunday"], "holidays": [
 *	  {"name": "Christmas Day", "date": "12-25", "observed": "nearest", "since": 1990, "until": 2050},
 *	  {"date": "2026-06-19"},
 *	  {"month": 11, "weekday": "thursday", "nth": 4},
 *	  {"easter": -2}]}
 * weekend: default Saturday and Sunday; [] for none. Exactly one of date, easter, or month with weekday
 * and nth. observed: none | nearest | next. Names of days may be short (sat). */
struct calendar_def {
	struct slice description;
	struct json_list weekend;  /* of struct slice */
	struct json_list holidays; /* of struct holiday_def */
	uint64_t present;
};
struct holiday_def {
	struct slice name, date, weekday;
	int64_t month, nth, easter, since, until;
	int observed; /* enum holiday_observed */
	uint64_t present;
};
extern const struct shape calendar_shape, holiday_shape;

/* A name: letters, digits, '.', '_', '-', 1 .. CALENDAR_NAME_MAX; not "." and "..". */
bool calendar_name_ok(struct slice name);

/* Definition to bits. False: faults were added, their fields below `prefix` ("holidays[3].date").
 * faults may be NULL. */
bool calendar_compile(const struct calendar_def *def, const char *prefix, struct arena *a, struct json_faults *faults,
		      struct calendar *out);
/* From the stored text; NULL: it is not ours (a damaged row). */
const struct calendar *calendar_load(struct slice definition, struct arena *a);

struct calendar_put {
	struct slice name;
	const struct calendar_def *def;
};
struct calendar_view {
	struct slice name;
	struct calendar_def def; /* in a list empty when it is longer than 2 KiB */
	usec_t created_at, updated_at;
	int64_t schedules; /* that use it, counted up to 10,000; in a list to 1,000 */
	bool was_new;      /* put: 201 rather than 200 */
	struct json_list days; /* get with a year: of struct slice, the closed weekdays "2026-12-25" */
};
struct calendar_page_view {
	int64_t total;
	struct json_list items; /* of struct calendar_view */
};
struct calendar_get {
	struct slice name;
	int64_t year; /* 0: without days */
};

op_step calendar_put;    /* in: struct calendar_put; out: calendar_view */
op_step calendar_get;    /* in: struct calendar_get; out: calendar_view */
op_step calendar_list;   /* in: NULL; out: calendar_page_view, by name */
op_step calendar_delete; /* in: struct slice * name; out: calendar_view; ERR_CALENDAR_IN_USE when a schedule names it */

#endif
