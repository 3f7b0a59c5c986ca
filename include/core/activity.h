/* What a tenant does itself, by the quarter of an hour: every authenticated request counts, and so does every
 * run that is started by hand, as it is one. Counted in memory, a few nanoseconds each, and added to the table
 * `activity` every ACTIVITY_EVERY of the schedule clock and when the process drains. What was counted since is
 * lost when the process dies: these are statistics, for the heatmap and for suggestions. */
#ifndef CORE_ACTIVITY_H
#define CORE_ACTIVITY_H

#include <stdint.h>

#include "base/usec.h"
#include "model/role.h"

struct core;
struct activity;

enum { ACTIVITY_MAX = 4096 /* tenants and quarters between two writes; more are dropped (metric) */ };
#define ACTIVITY_SLOT (15 * MIN)
#define ACTIVITY_EVERY (10 * SEC)

struct activity *activity_new(struct core *core);
void activity_free(struct activity *a);

/* One request by `who` at `now`. Without core->activity nothing is counted. */
void core_activity(struct core *c, const struct who *who, usec_t now);

void activity_flush(struct core *c);                /* writes what there is, now */
int64_t activity_pending(const struct core *c); /* requests counted and not yet known to be written */

#endif
