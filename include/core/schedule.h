/* Operations on schedules. Each is an op_step: op->in is the struct named beside it, op->ids[0]
 * the schedule. */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include <stdbool.h>

#include "core/call.h"
#include "core/op.h"
#include "core/timing.h"
#include "model/schedule.h"
#include "when/spec.h"

struct work;

#define PAGE_PAYLOAD_MAX 16384 /* a list leaves larger payloads out */
#define PAGE_MOST 500
#define PAGE_SKIP_MOST 10000

struct schedule_new {
	enum kind kind;
	struct timing timing;
	struct slice name, details;
	bool enabled;
	int16_t overlap, catchup; /* 0 = default */
	usec_t lookahead;
	struct call call;
	struct slice agent; /* of a job: whom the call calls (core/work.h); absent: a target */
	struct timing_names names;
};

/* What stays as it is: of the timing what has no bit in `timed`, has_* false, 0. */
enum timed {
	TIMED_SPEC = 1, TIMED_ZONE = 2, TIMED_START = 4, TIMED_END = 8, TIMED_DST = 16,
	TIMED_CALENDAR = 32, /* the calendar's name (absent: none from now on) */
	TIMED_ADJUST = 64, TIMED_JITTER = 128
};
struct schedule_change {
	enum kind kind;
	struct timing timing;
	unsigned timed; /* enum timed */
	bool has_enabled, has_call;
	bool enabled;
	int16_t overlap, catchup;
	struct call call;        /* the whole new template */
	struct timing_names names;
	/* Asked each time the row has been read, before it is written again: changes in it what depends on how it was
	 * (with schedule_set_call() the template). False: op->faults says what is wrong, or, when there are
	 * none, what is stored is damaged. NULL: nothing depends on it. */
	bool (*merge)(struct op *op, struct schedule *s);
	/* Only if it is still this revision (0: whichever); else it goes on with `stale`, after a short random time. */
	int64_t only;
	op_step *stale;
};

/* What they answer (op->out). call is parsed; run_new's view of the template. */
struct schedule_view {
	struct schedule s;
	struct call call;
	const struct work *work; /* of a job; NULL: a page left it out (payload_omitted) */
	int status;          /* enum schedule_state */
	bool enabled;
	usec_t next;         /* the next execution: a run already made, else the next occurrence; USEC_NEVER: none */
	bool payload_omitted; /* a list left a large payload out */
};

struct schedule_page_view {
	int64_t total;
	struct json_list items; /* of struct schedule_view */
};

struct list_ask {
	enum kind kind;
	int16_t state;  /* schedules: enum schedule_state, 0 all but deleted */
	int64_t limit, offset;
};

struct preview_ask {
	enum kind kind;
	int64_t limit;      /* 1..100 */
	usec_t from;        /* inclusive; USEC_NEVER: now */
};
struct preview_view {
	struct uuid schedule;
	struct json_list items; /* of struct occurrence */
};
struct skips_view {
	int64_t total;          /* occurrences skipped one by one (they are runs); ranges are the items */
	struct json_list items; /* of struct skip_range */
};

op_step schedule_create;  /* in: struct schedule_new; out: schedule_view */
/* A deleted job is not there any more (ERR_NOT_FOUND), but its runs are; other deleted ones can be read. */
op_step schedule_get;     /* in: enum kind *; out: schedule_view */
op_step schedule_list;    /* in: struct list_ask; out: schedule_page_view */
/* Both: ERR_PRECONDITION when it is not what op->if_match names. A plan that is completed or cancelled cannot be
 * changed (ERR_PLAN_NOT_EDITABLE); one whose times are set anew must have an occurrence to come. */
op_step schedule_change;  /* in: struct schedule_change; out: schedule_view */
op_step schedule_delete;  /* in: enum kind *; out: schedule_view, deleted (a plan: cancelled); again: the same */
op_step schedule_preview; /* in: struct preview_ask; out: preview_view */
op_step schedule_skips;   /* in: struct list_ask; out: skips_view */

/* The spec of a stored schedule; what it borrows is in `a`. False: it cannot be made (a zone that is
 * gone, a damaged row). */
bool schedule_spec(const struct schedule *s, struct tz_db *zones, struct arena *a, struct spec *out_spec);

#endif
