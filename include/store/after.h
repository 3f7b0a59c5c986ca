/* What follows from ended runs of jobs: the rows of `aftermath` are taken, and everything that comes of
 * them is written in one statement that also deletes them. Numbers here are the database's. */
#ifndef STORE_AFTER_H
#define STORE_AFTER_H

#include "io/db.h"
#include "store/schedule.h"

struct after_ask {
	usec_t now;
	usec_t patience; /* what was taken so long ago is nobody's */
	usec_t held;     /* an earlier `now` of ours whose rows were not settled; USEC_NEVER: none */
	int32_t most;
};
/* Taken: nobody else takes it for `patience`. The order is that of the ends. */
void store_after_take(struct db_unit *u, const struct after_ask *ask);

/* An ended run and what is known around it. */
struct after_row {
	int16_t bucket, kind;
	int16_t state;          /* enum run_state; 0: its record is gone */
	struct uuid tenant, run, schedule, chain_run;
	usec_t started_at;      /* USEC_NEVER: it never began */
	usec_t finished_at;
	struct slice url, payload;  /* of the template it was made with */
	struct slice zone;      /* of its schedule */
	bool is_last;           /* the schedule has no next occurrence */
	struct slice error, detail; /* of a failed one */
	int32_t output_n;       /* bytes that are kept of its output; -1: there is none */
	bool output_is_json;
	usec_t reset_at;        /* its schedule was last resumed by hand; USEC_NEVER: never */
	const struct uuid *chains; /* what it is news for: the chain of its chain run, else those it is a root of */
	size_t chains_n;
};
size_t store_after_taken(const struct db_unit *u, int stmt, struct after_row **out);

/* The outputs of runs; absent where there is none. */
void store_after_outputs(struct db_unit *u, const struct after_row *const *rows, size_t n);
void store_after_outputs_got(const struct db_unit *u, int stmt, struct slice *out, size_t n);

/* What a batch adds to the standing of one schedule (core/after.h says how it is folded). */
struct after_standing {
	int16_t bucket, kind;
	struct uuid tenant, schedule;
	bool counts;       /* false: nothing but cancelled and skipped ones; the standing stays as it is */
	int32_t failures;  /* in a row, at the batch's end */
	bool completed;    /* some completed: what had failed before does not count any more */
	int32_t streak;    /* of one outcome, at the batch's end: > 0 completed, < 0 failed */
	bool is_uniform;   /* all had that outcome */
	struct uuid last_run;
	int16_t last_state;
	struct slice last_error, last_detail;
	struct uuid last_failed;
	usec_t last_failed_at, last_finished_at;
	usec_t reset_at;   /* as it was read; a later one wins */
	int64_t failures_max; /* the schedule is given up then; 0: never */
	bool may_end;      /* the schedule's state may change */
};
struct after_message {
	int16_t bucket, format, state;
	struct uuid tenant, id, run, schedule;
	struct slice channel, reason, detail;
	usec_t ready_at, finished_at;
};
struct after_event {
	int16_t bucket, state;
	struct uuid tenant, id, chain, chain_run, schedule, run; /* one id for all the chains that hear of a run */
	usec_t at;
};
/* One run, for the totals: of its schedule, and of its kind (`sum`). */
struct after_count {
	int16_t bucket, state;
	struct uuid tenant, run, schedule, sum;
	usec_t hour, day;
	int64_t duration_us; /* counted when slot >= 0 */
	int16_t slot;
};
struct after_plan {
	usec_t taken, now;
	struct after_count **counts;       /* one for each run of the batch */
	struct after_standing **standings; /* one for each schedule of it */
	struct after_message **messages;
	struct after_event **events;
	size_t counts_n, standings_n, messages_n, events_n;
};
/* All of it, or nothing when some row is not ours any more. Two statements; the second's number in *out_stmt. */
void store_after_settle(struct db_unit *u, const struct after_plan *plan, int *out_stmt);

struct after_ended {
	struct uuid schedule;
	int16_t kind, state; /* enum schedule_state: completed, failed */
	int32_t failures;
};
/* False: nothing was written. Else the schedules whose state changed. */
bool store_after_settled(const struct db_unit *u, int stmt, struct after_ended **out, size_t *out_n);

/* In the unit that moves the cursors, behind them: jobs that have no occurrence left, and no run, are completed. */
void store_schedule_exhausted(struct db_unit *u, const struct move *const *moves, size_t n, usec_t now);

/* A schedule is resumed by hand: what failed before does not count any more. In the unit of the change. */
void store_standing_reset(struct db_unit *u, int16_t bucket, struct uuid tenant, struct uuid schedule, usec_t now);

#endif
