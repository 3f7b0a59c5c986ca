/* Statistics in PostgreSQL: what the engine has added up by the hour (rollup), how long runs took
 * (rollup_duration), how a schedule fares (standing), and what tenants do themselves (activity). Nothing here
 * reads history. */
#ifndef STORE_STATS_H
#define STORE_STATS_H

#include "io/db.h"
#include "store/run.h"

/* Whose: ref->id nil: of all of the tenant's runs of ref->kind. */
struct rollup_hour {
	usec_t hour;
	int64_t completed, failed, cancelled, expired, skipped;
	int64_t duration_us; /* of completed and failed ones, together */
};
void store_rollup_hours(struct db_unit *u, const struct run_ref *ref, usec_t since);
size_t store_rollup_hours_got(const struct db_unit *u, int stmt, struct rollup_hour **out); /* by hour */

/* Runs by how long they took, since the beginning of `since`'s UTC day: counts[slot] of core/stats.h. */
void store_rollup_slots(struct db_unit *u, const struct run_ref *ref, usec_t since);
void store_rollup_slots_got(const struct db_unit *u, int stmt, int64_t *counts, int most);

/* Schedules by state: totals[state], deleted ones too. */
enum { SCHEDULE_STATES = 7 };
void store_schedule_totals(struct db_unit *u, const struct run_ref *ref);
void store_schedule_totals_got(const struct db_unit *u, int stmt, int64_t totals[SCHEDULE_STATES]);

struct standing_row {
	int32_t failures, streak; /* streak > 0: completed in a row, < 0: failed */
	struct uuid last_run, failed_run; /* nil: none */
	int16_t last_state;
	struct slice error, detail;
	usec_t failed_at, finished_at; /* USEC_NEVER: none */
};
void store_standing(struct db_unit *u, const struct run_ref *ref);
bool store_standing_got(const struct db_unit *u, int stmt, struct standing_row *out);

struct activity_row {
	int16_t bucket;
	struct uuid tenant;
	usec_t slot;
	int32_t requests;
};
void store_activity_add(struct db_unit *u, const struct activity_row *const *rows, size_t n);
void store_activity(struct db_unit *u, const struct run_ref *ref, usec_t since);
size_t store_activity_got(const struct db_unit *u, int stmt, struct activity_row **out); /* by slot */

/* The zone that most of the newest schedules of this kind are in; absent: there are none. */
void store_usual_zone(struct db_unit *u, const struct run_ref *ref);
struct slice store_usual_zone_got(const struct db_unit *u, int stmt);

#endif
