/* Operations on plans: schedules whose runs call an action by its name (core/action.h). Each is an op_step:
 * op->ids[0] is the plan. A plan is active or inactive; it is completed when it has none to come and none of its
 * runs is live, and cancelled by hand; from then on it can only be read. One that is inactive when its last run
 * ends stays so. Its runs appear at their times, so what is changed holds from the next one on. */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include "core/schedule.h"

#define PLAN_PAGE_MAX 100

/* All of what a caller says of a plan. A caller that has found faults already asks all the same, so that every fault is
 * named at once: what was faulty is absent (timing.spec_kind 0, no action), and op->faults is not empty. */
struct plan_ask {
	struct timing timing;
	struct timing_names names;
	struct slice name, action, payload;
	bool active;
	int16_t overlap, catchup;
	usec_t expires_after; /* 0: never */
};

/* What a plan is to be from now on: all of `ask`; or, when it depends on how the plan is, what `revise` makes of
 * that. */
struct plan_change_ask {
	struct plan_ask ask;
	/* Asked each time the plan was read; nobody changes it between that and the write. What is wrong is in
	 * op->faults; an error ends it, with *out_detail (which may stay NULL). NULL: `ask` is all. */
	enum err (*revise)(struct op *op, const struct schedule_view *now, struct plan_ask *to,
			   const char **out_detail);
};

/* Faults beside those of the timing: action "unknown_action". ERR_ACTION_FORBIDDEN for an action that this
 * key may not use: the one that the plan is to have and, where it changes or is cancelled, the one that it has. */
op_step plan_create;  /* in: struct plan_ask; out: schedule_view */
op_step plan_change;  /* in: struct plan_change_ask; out: schedule_view */
op_step plan_get;     /* out: schedule_view */
op_step plan_history; /* in: struct audit_ask (core/audit.h) of this plan; out: audit_page */
op_step plan_cancel;  /* out: schedule_view; again: the same. ERR_PLAN_NOT_EDITABLE when it is completed */

struct plan_list_ask {
	int16_t state;       /* enum schedule_state; 0: all */
	struct slice action; /* absent: any */
	usec_t from, to;     /* of the next execution, inclusive; USEC_NEVER: open. With one, plans that have it */
	struct slice cursor; /* absent: from the newest */
	int64_t limit;       /* 1 .. PLAN_PAGE_MAX */
};
/* A page looks at PLAN_SCAN_MAX plans at most: it may be short, and empty, while there are more. */
#define PLAN_SCAN_MAX 1000
struct plan_page_view {
	struct json_list items;   /* of struct schedule_view, newest first */
	struct slice next_cursor; /* absent: this was the last page */
};
op_step plan_list; /* in: struct plan_list_ask; out: plan_page_view */

/* --- its runs: op->ids[0] is the plan, ids[1] the run --- */

/* What a reader may ask for. A run that waits for its next attempt is pending; an expired one has failed. */
enum plan_run_status {
	PLAN_RUN_PENDING, PLAN_RUN_EXECUTING, PLAN_RUN_COMPLETED, PLAN_RUN_FAILED, PLAN_RUN_CANCELLED,
	PLAN_RUN_SKIPPED, PLAN_RUN_COUNT
};
struct plan_run_list_ask {
	int status;          /* enum plan_run_status; -1: all */
	struct slice cursor; /* absent: from the newest */
	int64_t limit;       /* 1 .. PLAN_PAGE_MAX */
};
struct plan_run_page_view {
	struct json_list items;   /* of struct job_run_view (core/job.h), by the instants, the latest first */
	struct slice next_cursor; /* absent: this was the last page */
};
op_step plan_run_list; /* in: struct plan_run_list_ask; out: plan_run_page_view */
op_step plan_run_get;  /* out: job_run_view with its attempts; ERR_NOT_FOUND for a run of another plan */

#endif
