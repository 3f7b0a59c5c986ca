/* Runs of jobs in PostgreSQL: what a call to an agent is made of, runs whose agent reports later, and
 * the key that signs the addresses they report to. */
#ifndef STORE_AGENT_RUN_H
#define STORE_AGENT_RUN_H

#include "io/db.h"
#include "model/run.h"

struct agent_ask {
	struct run_key key;   /* its claim: it must still be ours */
	struct uuid schedule, event; /* event: a new id, for the chains it is a root of */
	struct slice agent;   /* name */
	bool wants_payload;
	usec_t now;
};
struct agent_facts {
	int kind;             /* enum agent_kind; 0: nobody registered it */
	struct slice definition;
	int schedule_state;   /* enum schedule_state; a schedule that is not there counts as deleted */
	struct slice name, zone, payload;
	struct uuid last_run; /* nil: there was none that counts */
	int last_state;
	struct slice last_error;
	usec_t last_finished;
	int64_t failures, executed;
	struct uuid chain_run, chain; /* nil: in no chain run */
	struct slice nodes, chain_definition;
	bool is_root;         /* it may begin chain runs */
};
void store_agent_load(struct db_unit *u, const struct agent_ask *ask);
/* It is about to call its agent: its chains are told. */
void store_agent_began(struct db_unit *u, const struct agent_ask *ask);
/* False: the run is not ours any more. */
bool store_agent_loaded(const struct db_unit *u, int stmt, struct agent_facts *out);

struct run_output {
	struct uuid run;
	bool is_json;
	int32_t bytes;        /* in all; more than output.n: it was cut */
	struct slice output;
};
/* The newest of each run, cut at `most` bytes; a cut one is not JSON. */
void store_outputs(struct db_unit *u, int16_t bucket, const struct uuid *const *runs, size_t n, int32_t most);
size_t store_outputs_got(const struct db_unit *u, int stmt, struct run_output **out);
struct job_name {
	struct uuid job;
	struct slice name;
};
void store_job_names(struct db_unit *u, const struct run_key *key, const struct uuid *const *jobs, size_t n);
size_t store_job_names_got(const struct db_unit *u, int stmt, struct job_name **out);

/* An attempt that goes on elsewhere. */
struct awaited {
	struct run_key key;
	int kind;
	int32_t attempt, excused;
	usec_t began_at, await_until, ready_at, expires_at;
	struct slice options;
};
void store_await_due(struct db_unit *u, usec_t now, int32_t most);
size_t store_await_got(const struct db_unit *u, int stmt, struct awaited **out);
/* Those whose patience ends within `grace` get that much, or the time between two signs of life, from now on; but
 * nothing happens when an older process than `me` lives at `real` (clock_real()). */
struct await_grace {
	usec_t now, grace;
	struct uuid me;
	usec_t real;
};
void store_await_grace(struct db_unit *u, const struct await_grace *g);
/* From here on, in this unit, they are claimed by `claim` unless ready_at is not as it was. */
void store_await_take(struct db_unit *u, const struct awaited *list, size_t n, struct uuid claim);
#define AWAITED_COUNTED 10000 /* more are not counted */
void store_await_next(struct db_unit *u);
/* USEC_NEVER: nobody is awaited. */
usec_t store_await_next_got(const struct db_unit *u, int stmt, int64_t *out_awaited);
void store_await_alive(struct db_unit *u, const struct run_key *key, usec_t now);
/* False: it is not awaited now, or no sign of life was asked for. */
bool store_await_alive_got(const struct db_unit *u, int stmt);

/* The attempt with this fencing token. */
struct report_target {
	bool is_live;       /* under way or awaited: `a` says how; else it is over */
	bool is_reported;   /* a report ended it */
	struct awaited a;   /* await_until and ready_at are not read */
};
void store_report_read(struct db_unit *u, const struct run_key *key, int64_t token);
void store_report_got(const struct db_unit *u, int stmt, const struct run_key *key, struct report_target *out);

/* Two statements: `key` is stored unless there is one; which one there is. */
void store_instance(struct db_unit *u, struct slice key, usec_t now);
struct slice store_instance_got(const struct db_unit *u, int stmt);

#endif
