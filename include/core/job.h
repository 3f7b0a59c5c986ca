/* Operations on jobs: schedules whose runs call an agent (core/work.h). Reading, listing and deleting
 * are those of every schedule (core/schedule.h, KIND_JOB); here is what a job has of its own. Each is an
 * op_step: op->ids[0] is the job. */
#ifndef CORE_JOB_H
#define CORE_JOB_H

#include "core/run.h"
#include "core/schedule.h"
#include "core/work.h"

/* What a change may leave as it is: what has no bit. */
enum job_part {
	JOB_NAME = 1, JOB_DETAILS = 2, JOB_AGENT = 4, JOB_GOAL = 8, JOB_CONTEXT = 16, JOB_ONLY_IF = 32,
	JOB_CONDITION = 64, /* source and condition */
	JOB_DELIVERY = 128, /* channel, format, deliver_on and quiet hours */
	JOB_FAILURES = 256, JOB_COMPLETION = 512, JOB_HEARTBEAT = 1024, JOB_RETRY = 2048, JOB_TIMEOUT = 4096
};

/* Everything a caller says of a job. */
struct job_ask {
	struct timing timing;
	struct timing_names names;
	unsigned timed; /* enum timed; of a change */
	unsigned parts; /* enum job_part; of a change */
	struct slice name, details;
	int16_t overlap, catchup; /* 0: the default, or as it was */
	bool retries;             /* false: one attempt */
	struct retry retry;
	usec_t timeout;           /* of one call; 0: its kind's default */
	struct work work;
};

/* Faults of what was sent, as far as the request alone tells. Every operation looks again. */
void job_check(struct op *op, const struct job_ask *in);

/* Does a job's call retry at all? */
bool job_retries(const struct call *call);

/* in: struct job_ask; out: schedule_view. Faults by the wire's names: agent_id "unknown_agent" (and no agent is called
 * when nobody registered it), only_if and condition.expression with the compiler's codes and places,
 * condition.source, delivery.channel, delivery.quiet_hours.timezone, heartbeat_timeout. */
op_step job_create;
/* The same. Only what was sent is changed, whatever others change meanwhile. */
op_step job_change;
op_step job_pause;  /* out: schedule_view. Only an active one is; others stay as they are */
op_step job_resume; /* out: schedule_view. A failed one goes on too, its failures forgotten */

struct job_triggered {
	struct uuid run;
};
/* A run now, whatever the job's schedule, state and overlap policy; out: job_triggered. */
op_step job_trigger;

/* --- runs of jobs: op->ids[0] is the job, ids[1] the run; a deleted job's too --- */

struct job_run;
/* What became of its message; NULL word: there is none. */
struct job_run_view {
	const struct job_run *row;      /* store/job.h */
	int status;                     /* enum run_view */
	int32_t attempt;                /* attempts begun */
	usec_t started_at, completed_at; /* USEC_NEVER: not yet */
	usec_t next_attempt_at;         /* while it retries; USEC_NEVER */
	struct slice error;             /* a sentence; absent: none */
	struct slice output;            /* absent: none. JSON when is_json, else UTF-8 */
	bool is_json, is_cut;
	struct json_list attempts;      /* of struct attempt_view; job_run_get and _cancel only */
};
struct job_run_page_view {
	int64_t total;
	struct json_list items; /* of struct job_run_view */
};
struct job_run_list_ask {
	int status; /* enum run_view; VIEW_FAILED: expired ones too; -1: all */
	int64_t limit, offset;
};
struct job_run_ask {
	bool full; /* all of its output */
};
op_step job_run_list;   /* in: struct job_run_list_ask; out: job_run_page_view */
op_step job_run_get;    /* in: struct job_run_ask; out: job_run_view */
op_step job_run_cancel; /* out: job_run_view; ERR_NOT_CANCELLABLE when it has ended otherwise */

#endif
