/* Statistics: rows in and out. */
#include "store/stats.h"

#include "sql.h"

#define ZONES_OF 500 /* schedules whose zones are counted */

/* The row that sums over all of a tenant's runs of one kind: nil, with the kind in the last byte. */
static struct uuid whose(const struct run_ref *ref)
{
	struct uuid sum = { { [15] = (uint8_t)ref->kind } };

	return id_is_nil(ref->id) ? sum : ref->id;
}

void store_rollup_hours(struct db_unit *u, const struct run_ref *ref, usec_t since)
{
	q_rollup_hours(u, &(struct q_rollup_hours){ .bucket = ref->bucket,
						    .tenant = ref->tenant,
						    .schedule = whose(ref),
						    .since = since });
}

size_t store_rollup_hours_got(const struct db_unit *u, int stmt, struct rollup_hour **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct rollup_hour *list = arena_array(u->arena, struct rollup_hour, (size_t)n + 1);

	for (int i = 0; i < n; i++) {
		struct q_rollup_hours_row r;

		q_rollup_hours_read(rows, i, &r);
		list[i] = (struct rollup_hour){ r.hour,    r.completed, r.failed,     r.cancelled,
						r.expired, r.skipped,   r.duration_us };
	}
	*out = list;
	return (size_t)n;
}

void store_rollup_slots(struct db_unit *u, const struct run_ref *ref, usec_t since)
{
	q_rollup_slots(u, &(struct q_rollup_slots){ .bucket = ref->bucket,
						    .tenant = ref->tenant,
						    .schedule = whose(ref),
						    .since = since - since % DAY });
}

void store_rollup_slots_got(const struct db_unit *u, int stmt, int64_t *counts, int most)
{
	const struct db_rows *rows = db_rows(u, stmt);

	for (int i = 0; i < db_rows_count(rows); i++) {
		struct q_rollup_slots_row r;

		q_rollup_slots_read(rows, i, &r);
		if (r.slot >= 0 && r.slot < most)
			counts[r.slot] = r.runs;
	}
}

void store_schedule_totals(struct db_unit *u, const struct run_ref *ref)
{
	q_schedule_totals(u, &(struct q_schedule_totals){ .bucket = ref->bucket,
							  .tenant = ref->tenant,
							  .kind = ref->kind });
}

void store_schedule_totals_got(const struct db_unit *u, int stmt, int64_t totals[SCHEDULE_STATES])
{
	const struct db_rows *rows = db_rows(u, stmt);

	for (int i = 0; i < db_rows_count(rows); i++) {
		struct q_schedule_totals_row r;

		q_schedule_totals_read(rows, i, &r);
		if (r.state >= 0 && r.state < SCHEDULE_STATES)
			totals[r.state] = r.total;
	}
}

void store_standing(struct db_unit *u, const struct run_ref *ref)
{
	q_standing_get(u, &(struct q_standing_get){ .bucket = ref->bucket,
						    .tenant = ref->tenant,
						    .schedule = ref->id });
}

bool store_standing_got(const struct db_unit *u, int stmt, struct standing_row *out)
{
	struct q_standing_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_standing_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct standing_row){ .failures = r.failures,
				      .streak = r.streak,
				      .last_run = r.last_run,
				      .failed_run = r.failed_run,
				      .last_state = r.last_state,
				      .error = r.error,
				      .detail = r.detail,
				      .failed_at = r.failed_at,
				      .finished_at = r.finished_at };
	return true;
}

#define ROWS(member) COL(rows, n, struct activity_row, member)

void store_activity_add(struct db_unit *u, const struct activity_row *const *rows, size_t n)
{
	q_activity_add(u, &(struct q_activity_add){ .buckets = ROWS(bucket),
						    .tenants = ROWS(tenant),
						    .slots = ROWS(slot),
						    .requests = ROWS(requests) });
}

void store_activity(struct db_unit *u, const struct run_ref *ref, usec_t since)
{
	q_activity_get(u, &(struct q_activity_get){
				  .bucket = ref->bucket, .tenant = ref->tenant, .since = since });
}

size_t store_activity_got(const struct db_unit *u, int stmt, struct activity_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct activity_row *list = arena_array(u->arena, struct activity_row, (size_t)n + 1);

	for (int i = 0; i < n; i++) {
		struct q_activity_get_row r;

		q_activity_get_read(rows, i, &r);
		list[i] = (struct activity_row){ .slot = r.slot, .requests = r.requests };
	}
	*out = list;
	return (size_t)n;
}

void store_usual_zone(struct db_unit *u, const struct run_ref *ref)
{
	q_usual_zone(u, &(struct q_usual_zone){ .bucket = ref->bucket,
						.tenant = ref->tenant,
						.kind = ref->kind,
						.most = ZONES_OF });
}

struct slice store_usual_zone_got(const struct db_unit *u, int stmt)
{
	struct q_usual_zone_row r = { .zone = { NULL, 0 } };

	if (db_rows_count(db_rows(u, stmt)) > 0)
		q_usual_zone_read(db_rows(u, stmt), 0, &r);
	return r.zone;
}
