/* Schedules in PostgreSQL. */
#ifndef STORE_SCHEDULE_H
#define STORE_SCHEDULE_H

#include "io/db.h"
#include "model/schedule.h"
#include "store/run.h"

/* Two statements: the schedules with their templates, and the totals. */
void store_schedule_insert(struct db_unit *u, const struct schedule *const *rows, size_t n);
void store_schedule_get(struct db_unit *u, const struct run_ref *ref, usec_t now);
bool store_schedule_got(const struct db_unit *u, int stmt, struct schedule *out);
/* The definition of its calendar; absent: it has none. */
void store_schedule_calendar(struct db_unit *u, const struct run_ref *ref);
struct slice store_schedule_calendar_got(const struct db_unit *u, int stmt);

struct schedule_page {
	int16_t bucket, kind, state; /* state 0: all but deleted */
	struct uuid tenant;
	usec_t now;
	int32_t skip, most, payload_max;
};
void store_schedule_page(struct db_unit *u, const struct schedule_page *page);
size_t store_schedule_paged(const struct db_unit *u, int stmt, struct schedule **out);
void store_schedule_count(struct db_unit *u, const struct schedule_page *page);
int64_t store_schedule_counted(const struct db_unit *u, int stmt);

void store_template_insert(struct db_unit *u, const struct schedule *s, usec_t now);
/* The row as changed; rev is the one that was read, was the state it had, passed the occurrences
 * a pause left out (NULL: none). store_schedule_updated(): false when somebody else changed it
 * meanwhile; then nothing was written. */
void store_schedule_update(struct db_unit *u, const struct schedule *s, int16_t was, const struct skip_range *passed,
			   usec_t now);
bool store_schedule_updated(const struct db_unit *u, int stmt);
void store_skip_list(struct db_unit *u, const struct schedule_page *page, struct uuid schedule);
size_t store_skips(const struct db_unit *u, int stmt, struct skip_range **out);

/* The tick. */
void store_schedule_due(struct db_unit *u, usec_t now, int32_t most);
size_t store_schedules_due(const struct db_unit *u, int stmt, struct schedule **out);
void store_schedule_wake(struct db_unit *u, usec_t after);
usec_t store_schedule_woken(const struct db_unit *u, int stmt);

/* One occurrence that becomes a run. */
struct slot {
	int16_t bucket, trigger;
	struct uuid schedule, run;
	usec_t at, ready, expires, created;
	int64_t jitter; /* ready - at, as it was planned */
};
/* One range that does not. */
struct slot_skip {
	int16_t bucket;
	struct uuid schedule, id;
	usec_t from_at, to_at;
	int32_t count;
	struct slice reason;
};
/* A schedule's move: from next_at (was) to its new one. */
struct move {
	int16_t bucket;
	struct uuid id;
	int64_t rev;
	usec_t was, next, wake;
};
struct advance {
	const struct move *const *moves;
	const struct slot *const *slots;
	const struct slot_skip *const *skips;
	size_t moves_n, slots_n, skips_n;
	usec_t now;
};
void store_schedule_advance(struct db_unit *u, const struct advance *a);
/* Runs made, and how many of them were skipped for overlap. */
size_t store_schedule_advanced(const struct db_unit *u, int stmt, size_t *out_skipped);

#endif
