/* What follows from ended runs of jobs, pure: how a job has been doing, whether its result is
 * told to a channel, which chains hear of it, what is counted. The rules (CONTRACT.md 4):
 *
 * - A standing counts completed, failed and expired runs, in the order of their ends; cancelled and skipped
 *   ones leave it as it is. A completed run makes failures in a row 0; one that ended before its job was
 *   resumed by hand is no failure. At work.max_failures the job is given up.
 * - A completed run's condition (without a source) is asked of its output. False, or an error: the message
 *   is left out, and says why. What is to be told in quiet hours waits for their end.
 * - A cancelled or skipped run is told to nobody.
 * - Of a plan's run nothing follows but that the plan is completed when it has none to come. */
#ifndef CORE_AFTER_H
#define CORE_AFTER_H

#include "core/change.h"
#include "core/work.h"
#include "store/after.h"

struct after_run {
	struct after_row row;
	struct work work;
	bool has_work;         /* false: a damaged row; it is counted and told to nobody */
	struct slice left_out; /* why its message is: a stable word; absent: it is not */
	struct slice detail;
	const struct expr_json *output; /* what is asked; NULL: it cannot be */
	bool is_map;                    /* its members have names of their own */
};

/* Reads the run's work; slices point into the row or the arena. True: after_read() and after_condition() come
 * before after_plan(). */
bool after_begin(struct after_run *r, struct arena *a);
/* Makes the output ready to be asked; some milliseconds for a MiB of JSON. `output`: as it is kept, it is borrowed;
 * absent: it brought none (null). Into `scratch`. */
void after_read(struct after_run *r, struct slice output, struct arena *scratch);
/* Asks the condition; some milliseconds at the worst. What is needed for the moment goes into `scratch`. */
void after_condition(struct after_run *r, struct arena *scratch, struct arena *a);

/* Everything that follows. `runs` in the order of their ends, as they are taken. In `a`. */
void after_plan(const struct after_run *runs, size_t n, struct tz_db *zones, struct arena *a,
		struct after_plan *out /* with taken and now */);

/* For the audit trail: how its schedules may end by themselves, in either way where both are open. The write says
 * which did (carillon.wrote). */
size_t after_changes(const struct after_plan *plan, struct arena *a, struct change_of **out);
/* One that ends so; reads bucket, kind, tenant and id. */
struct change_of after_change(const struct schedule *s, int state, struct arena *a);

#endif
