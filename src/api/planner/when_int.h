/* When a plan is executed, as callers say it: rows and checks that creating, changing and previewing share. */
#ifndef PLANNER_WHEN_INT_H
#define PLANNER_WHEN_INT_H

#include "api/timing_common.h"
#include "http/types.h"

struct in_recurrence {
	int type;
	struct slice expression, every, rule, dtstart;
	struct json_list exdates, rdates;
};
struct in_plan_dst {
	int gap, overlap;
};
struct in_when {
	struct slice execute_at, cron; /* cron: the recurrence as a string; else: */
	struct in_recurrence recurrence;
	struct slice timezone, calendar;
	usec_t start_at, end_at;
	int adjust; /* -1: not given */
	struct in_plan_dst dst;
};
extern const struct in_when when_default;
extern const struct shape in_recurrence_shape, in_plan_dst_shape;

/* They stand first in a shape of a struct that has `when`; their bits in its `present`: */
enum { WHEN_EXECUTE_AT, WHEN_CRON, WHEN_RECURRENCE };
#define WHEN_ROWS(T)                                                                                      \
	[WHEN_EXECUTE_AT] = F_STR(T, when.execute_at, "execute_at"),                                      \
	[WHEN_CRON] = F_STR(T, when.cron, "recurrence"),                                                  \
	[WHEN_RECURRENCE] = F_OBJ(T, when.recurrence, "recurrence", in_recurrence_shape),                 \
	F_STR(T, when.timezone, "timezone", .flags = FIELD_NULLABLE),                                     \
	F_INSTANT(T, when.start_at, "start_at", .flags = FIELD_NULLABLE),                                 \
	F_INSTANT(T, when.end_at, "end_at", .flags = FIELD_NULLABLE),                                     \
	F_STR(T, when.calendar, "calendar", .flags = FIELD_NULLABLE),                                     \
	F_ENUM(T, when.adjust, "adjust", adjust_words, .flags = FIELD_NULLABLE),                          \
	F_OBJ(T, when.dst, "dst", in_plan_dst_shape, .flags = FIELD_NULLABLE)

/* What no single row can see: one of execute_at and recurrence, and a recurrence's own members. */
void check_when(struct op *op, const struct in_when *in, uint64_t present);
/* What was faulty is left out: then out->spec_kind is 0. */
void take_when(struct op *op, const struct in_when *in, uint64_t present, struct timing *out,
	       struct timing_names *names);

#endif
