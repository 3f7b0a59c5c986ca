/* Operations on runs. op->in is the struct named beside each, op->ids[0] the run (or, for
 * run_list, nothing). */
#ifndef CORE_RUN_H
#define CORE_RUN_H

#include <stdbool.h>

#include "core/call.h"
#include "core/op.h"
#include "model/run.h"

struct run_ask_new {
	enum kind kind;
	usec_t due;       /* USEC_NEVER: now; in the past: now */
	usec_t expires_at; /* USEC_NEVER: does not */
	struct slice unique_key;
	struct call call;
};

struct run_view_full {
	struct run r;
	struct call call;
	int status;             /* enum run_view */
	bool caught_up;
	bool payload_omitted;
	struct json_list attempts; /* of struct attempt_view; only run_get fills it */
	usec_t next_attempt_at; /* while it retries; USEC_NEVER */
};

struct attempt_view {
	struct attempt a;
	const char *status;     /* "succeeded", "failed", "lost", "cancelled" */
	int64_t duration_ms;
	bool has_response;
	struct slice headers, body; /* text: bytes that are not UTF-8 are replaced by U+FFFD */
	struct json_list header_list; /* of struct json_pair */
};

struct run_list_ask {
	enum kind kind;
	struct uuid schedule;   /* nil: all */
	int status;             /* enum run_view; -1: all */
	int64_t limit, offset;
};
struct run_page_view {
	int64_t total;
	struct json_list items; /* of struct run_view_full */
};

op_step run_create;      /* in: struct run_ask_new; out: run_view_full; ERR_DUPLICATE with op->existing */
/* in_list: of struct run_ask_new; out: json_list of run_view_full, op->out_is_list; all or none */
op_step run_create_many;
op_step run_get;         /* in: enum kind *; out: run_view_full */
op_step run_list;        /* in: struct run_list_ask; out: run_page_view; 404 when the schedule is not the caller's */
op_step run_cancel;      /* in: enum kind *; out: run_view_full; ERR_NOT_CANCELLABLE when it has ended */
/* in: enum kind *; out: run_view_full; ERR_NOT_RETRYABLE when it has neither failed nor ended */
op_step run_retry;

/* The prefixes of ids, by kind. */
const char *run_prefix(enum kind kind);      /* "task", "run", "run" */
const char *schedule_prefix(enum kind kind); /* "schedule", "job", "plan" */

#endif
