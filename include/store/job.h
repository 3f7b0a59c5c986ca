/* What jobs have of their own in PostgreSQL: runs by hand, and runs as they are shown (those of plans too). */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "io/db.h"
#include "store/run.h"

struct job_start {
	struct run_ref ref; /* the job */
	struct uuid run;
	usec_t at, ready, created;
};
enum job_start_end { JOB_STARTED, JOB_UNKNOWN, JOB_INSTANT_TAKEN };
void store_job_start(struct db_unit *u, const struct job_start *start);
enum job_start_end store_job_started(const struct db_unit *u, int stmt);

/* A job's run as it is shown. */
struct job_run {
	struct run r;              /* without its call; started_at of an awaited one: when its agent was called */
	struct uuid chain_run;     /* nil: none */
	struct slice error, detail; /* of a failed one: a stable word, and a sentence when there is one */
	struct slice output;       /* as much as was asked for; absent: none */
	bool output_is_json;
	int32_t output_kept;       /* bytes that are stored */
	int32_t output_bytes;      /* that came */
	struct slice channel;      /* of its message; absent: there is none */
	int16_t message_state;     /* enum message_state */
	int32_t message_attempt;
	struct slice message_reason, message_detail;
	usec_t message_ready, message_finished;
};
void store_job_run_get(struct db_unit *u, const struct run_ref *ref, int32_t output_max);
bool store_job_run_got(const struct db_unit *u, int stmt, struct job_run *out);

struct job_run_page {
	int16_t bucket;
	struct uuid tenant, job; /* or plan */
	struct run_filter filter;         /* .ended is not looked at ... */
	const int16_t *const *ended;      /* ... but these states */
	size_t ended_n;
	usec_t now;
	usec_t before;                    /* scheduled for; USEC_NEVER: all */
	int32_t skip, most, output_max;
};
void store_job_run_page(struct db_unit *u, const struct job_run_page *page);
size_t store_job_runs(const struct db_unit *u, int stmt, struct job_run **out);

#endif
