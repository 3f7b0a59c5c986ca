/* What a tenant may have (who.limits; 0: no limit), and how much of it there is. How many schedules is decided where
 * they are stored (schedule_insert), so that it holds for all processes together. */
#ifndef CORE_QUOTA_H
#define CORE_QUOTA_H

#include "core/limit.h"
#include "core/op.h"
#include "core/timing.h"
#include "when/spec.h"

/* Occurrences are looked at until one of these is reached. */
#define QUOTA_GAPS_MAX 1000
#define QUOTA_GAPS_MOVED_MAX 50 /* where a calendar moves them: each looks at all the closed days before it */
#define QUOTA_GAPS_SPAN (2 * 366 * DAY)

/* Adds the fault quota_min_interval, under the wire's name of what says when, if two occurrences after op->now lie
 * closer to each other than the tenant may have them. Jitter does not count. */
void quota_interval(struct op *op, const struct spec *spec, const struct timing_names *names);
/* A sentence for the fault quota_payload; NULL: it is not too large (or absent). */
const char *quota_payload_fault(struct op *op, struct slice payload);

struct usage_view {
	struct limits limits;
	struct limit_state requests; /* of this process; only with limits.requests */
	int64_t schedules;           /* there are */
};
op_step usage_get; /* out: usage_view */

#endif
