/* Schedules in PostgreSQL. */
#ifndef STORE_SCHEDULE_H
#define STORE_SCHEDULE_H

#include "io/db.h"
#include "model/schedule.h"
#include "store/run.h"

/* Two statements: the schedules with their templates, and the totals. */
/* Of rows with a quota, only as many as their tenants have room for. */
void store_schedule_insert(struct db_unit *u, const struct schedule *const *rows, size_t n);
/* Was this one? Asked in their order, *cursor is 0 at first. */
bool store_schedule_inserted(const struct db_unit *u, const struct schedule *row, int *cursor);
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

/* Plans, by a place in the list. */
struct plan_page {
	int16_t bucket;
	struct uuid tenant;
	const int16_t *const *states;
	size_t states_n;
	struct slice action;     /* absent: any */
	usec_t from, to;         /* of the next occurrence; USEC_NEVER both: none is needed */
	usec_t before;           /* USEC_NEVER: from the newest */
	struct uuid before_id;
	int32_t scan, most, payload_max;
};
void store_plan_page(struct db_unit *u, const struct plan_page *page);
/* At most `most` plans; *out_end is the last of all that were looked at. Returns how many were looked at. */
int64_t store_plans(const struct db_unit *u, int stmt, struct schedule **out, size_t *out_n, struct schedule *out_end);

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
struct turn_quota;
struct due_request {
	usec_t now; /* to be looked at by then */
	int32_t most;
	const struct turn_quota *const *turns; /* by tenant, so much of each; none: the oldest of everybody */
	size_t turns_n;
};
void store_schedule_due(struct db_unit *u, const struct due_request *r);
size_t store_schedules_due(const struct db_unit *u, int stmt, struct schedule **out);
void store_schedule_wake(struct db_unit *u, usec_t after);
usec_t store_schedule_woken(const struct db_unit *u, int stmt);
/* Who has schedules that wake: at most `most` tenants behind this one (nil: the first), in the order of their ids. */
void store_schedule_tenants(struct db_unit *u, struct uuid after, int32_t most);
int store_schedule_tenants_count(const struct db_unit *u, int stmt);
void store_schedule_tenants_got(const struct db_unit *u, int stmt, int i, struct uuid *out_tenant, usec_t *out_wake);

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
