/* What is to be worked out anew: jobs ("the schedules of this calendar", "of every zone"), taken by one process at a
 * time, and the pages of schedules they go through. */
#ifndef STORE_RECOMPUTE_H
#define STORE_RECOMPUTE_H

#include "io/db.h"
#include "model/schedule.h"

/* This process has these zone data; swapped: it had others until now. */
void store_zone_notice(struct db_unit *u, struct slice version, bool swapped, usec_t now);
/* True: there is a job now. *out_stored: the version known before, absent when there was none. */
bool store_zone_noticed(const struct db_unit *u, int stmt, struct slice *out_stored);

struct recompute_job {
	struct uuid id;
	int16_t bucket;
	struct uuid tenant;
	struct slice calendar;     /* absent: all zones */
	struct slice zone_version;
	usec_t created_at, taken_at;
};
struct recompute_ask {
	usec_t now;
	usec_t patience; /* a holder that was not heard of for so long holds nothing */
	usec_t held;     /* the taken_at of one we did not finish; USEC_NEVER: none */
	struct slice version; /* of our zone data */
};
void store_recompute_take(struct db_unit *u, const struct recompute_ask *ask);
bool store_recompute_taken(const struct db_unit *u, int stmt, const struct recompute_ask *ask,
			   struct recompute_job *out);
/* "I am still at it": the job's taken_at becomes now. */
void store_recompute_keep(struct db_unit *u, const struct recompute_job *job, usec_t now);
bool store_recompute_kept(const struct db_unit *u, int stmt);
void store_recompute_free(struct db_unit *u, const struct recompute_job *job);
void store_recompute_done(struct db_unit *u, const struct recompute_job *job);

/* Where a page begins. */
struct recompute_place {
	int16_t bucket;
	struct uuid id;
	usec_t created_at;
};
struct recompute_row {
	struct schedule s; /* what its spec needs, its cursor, rev, lookahead */
	usec_t latest;     /* the last occurrence that has its run; USEC_NEVER: none */
	bool wanted;       /* false: read only to go on from */
};
struct recompute_page {
	struct recompute_row *rows;
	size_t n;
	bool is_last;
	struct recompute_place end; /* of the last row, where the next page begins (perhaps with this one
				     * again); unchanged when there is none */
};
void store_recompute_page(struct db_unit *u, const struct recompute_job *job, const struct recompute_place *after,
			  usec_t now, int32_t most);
void store_recompute_paged(const struct db_unit *u, int stmt, const struct recompute_job *job, int32_t most,
			   struct recompute_page *out);

/* A cursor that moved. */
struct recompute_move {
	int16_t bucket, kind;
	struct uuid id;
	int64_t rev;
	usec_t was, next, wake, count_end;
};
void store_recompute_move(struct db_unit *u, const struct recompute_move *const *moves, size_t n);
/* The ids of those that were written, in any order. */
size_t store_recompute_moved(const struct db_unit *u, int stmt, struct uuid **out);

#endif
