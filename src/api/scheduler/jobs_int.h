/* Private to src/api/scheduler: jobs, their runs and agents, as they are on the wire. */
#ifndef SCHEDULER_JOBS_INT_H
#define SCHEDULER_JOBS_INT_H

#include "core/agent.h"
#include "core/job.h"
#include "scheduler_int.h"

enum { LIST_DEFAULT = 50, LIST_MOST = 200, JOB_NAME_MAX = 255, JOB_DETAILS_MAX = 4096 };

/* --- what is sent --- */

struct in_job_schedule {
	int type; /* enum spec_kind; -1: not given */
	struct slice expression, every, datetime;
	struct rrule_text rule; /* without its dates */
	struct json_list exdate, rdate;
	struct slice timezone;
	uint64_t present;
};

struct in_condition {
	int type;
	struct slice expression, source;
};

struct in_quiet {
	int start, end;
	struct json_list days;
	struct slice timezone;
};

struct in_delivery {
	struct slice channel;
	int format, on;
	struct in_quiet quiet;
	uint64_t present;
};

struct in_job_retry {
	int64_t max_attempts;
	int strategy; /* one less than the core's */
	usec_t base_delay, max_delay;
	uint64_t present; /* 0: it was null */
};

struct in_job {
	struct slice name, details, goal, agent;
	struct in_job_schedule schedule;
	struct in_delivery delivery;
	struct in_condition condition;
	struct slice only_if;
	struct in_job_retry retry;
	usec_t timeout;
	struct slice context;
	int overlap, catchup, adjust; /* one less than the core's numbers; -1: not given */
	int dst_gap, dst_overlap;
	struct slice calendar;
	usec_t jitter, start_at, end_at;
	int64_t max_failures;
	usec_t completion, heartbeat;
	uint64_t present;
};

struct in_job_list {
	int64_t limit, offset;
	int status; /* -1: all */
};

/* --- what is shown --- */

struct out_job_schedule {
	const char *type;
	struct slice expression, every, datetime, rrule, dtstart;
	struct json_list exdate, rdate;
	struct slice timezone;
};

struct out_delivery {
	struct slice channel;
	int format, on;
	struct in_quiet quiet;
	uint64_t present;
};

struct out_job {
	struct uuid id;
	struct slice name, details;
	struct out_job_schedule schedule;
	int status; /* enum schedule_state */
	struct slice agent, next_at, last_at;
	int64_t run_count;
	usec_t created_at, updated_at;
	struct slice goal;
	struct out_delivery delivery;
	struct in_condition condition;
	struct slice only_if;
	struct in_job_retry retry;
	usec_t timeout;
	struct slice context;
	int overlap, catchup, adjust, dst_gap, dst_overlap;
	struct slice calendar;
	usec_t jitter, start_at, end_at;
	int64_t max_failures;
	usec_t completion, heartbeat;
	int64_t failures;
	const char *last_status;
	bool is_cut; /* a list left its work out, as it is large */
	uint64_t present; /* of what is an object or null */
};

struct out_page {
	struct json_list items;
	int64_t count;
};

/* --- jobs_shapes.c --- */
extern const struct shape in_job_shape, in_job_change_shape, in_job_timing_shape, in_job_list_shape;
extern const struct shape out_job_shape, out_jobs_shape, out_job_deleted_shape, out_triggered_shape;
/* Rows of a job that are null unless their bit is set in out_job.present; each has an always-null one behind it. */
enum { JOB_ROW_DELIVERY = 12, JOB_ROW_CONDITION = 14, JOB_ROW_RETRY = 17 };
enum { DELIVERY_ROW_QUIET = 3 };
enum { MINUTES_A_DAY = 1440 };
extern const char *const quiet_days[]; /* Sunday first */

/* --- jobs.c --- */
/* The wall clock of a zone with its offset; absent: at is USEC_NEVER. Without a zone (it is gone) in UTC. */
struct slice local_time(usec_t at, const struct tz *z, struct arena *a);
void check_job(struct op *op);
op_step sj_create, sj_list, sj_get, sj_change, sj_delete;
void show_job(struct op *op);
void show_jobs(struct op *op);

/* --- runs.c --- */
extern const struct shape in_runs_shape, in_run_shape, out_runs_shape, out_run_shape;
op_step sj_runs, sj_run;
void show_run(struct op *op);
void show_runs(struct op *op);

/* --- agents.c --- */
extern const struct shape in_agent_shape, in_agents_shape, out_agent_shape, out_agents_shape, out_agent_deleted_shape;
void check_agent(struct op *op);
op_step sj_agent_create, sj_agent_list, sj_agent_change;
void show_agent(struct op *op);
void show_agents(struct op *op);

#endif
