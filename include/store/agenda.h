/* What a calendar needs: schedules with all that says when they run, their runs around some instants, and sums by
 * the day. */
#ifndef STORE_AGENDA_H
#define STORE_AGENDA_H

#include "io/db.h"
#include "model/schedule.h"
#include "store/run.h"

/* ref->id nil: the newest `most` that are not deleted; else that one. */
void store_agenda_schedules(struct db_unit *u, const struct run_ref *ref, int32_t most);
size_t store_agenda_schedules_got(const struct db_unit *u, int stmt, struct schedule **out);

struct agenda_range {
	struct run_ref ref; /* its id is not used */
	const struct uuid *const *schedules;
	size_t n;
	usec_t from, to;
};

struct agenda_run {
	struct uuid schedule, id;
	enum run_state state;
	usec_t ready_at;  /* of a live one */
	bool retrying;    /* likewise: an attempt has failed */
	usec_t scheduled_for, started_at, finished_at; /* USEC_NEVER: not */
};
/* Of each schedule the latest `most` for instants in [from, to), schedule by schedule, latest first. */
void store_agenda_runs(struct db_unit *u, const struct agenda_range *range, int32_t most);
size_t store_agenda_runs_got(const struct db_unit *u, int stmt, struct agenda_run **out);

struct agenda_span {
	usec_t from, to;
};
struct agenda_sum {
	struct uuid schedule;
	usec_t from, to;
	int64_t completed, failed, cancelled, expired, skipped;
};
/* Runs that ended in each of these spans, of those schedules; spans without runs are left out. */
void store_agenda_sums(struct db_unit *u, const struct agenda_range *range, const struct agenda_span *const *spans,
		       size_t n);
size_t store_agenda_sums_got(const struct db_unit *u, int stmt, struct agenda_sum **out);

#endif
