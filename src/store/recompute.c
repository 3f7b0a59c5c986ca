/* Jobs for working out anew when schedules come next, and the pages they go through. */
#include "store/recompute.h"

#include "sql.h"

void store_zone_notice(struct db_unit *u, struct slice version, bool swapped, usec_t now)
{
	q_zone_notice(u, &(struct q_zone_notice){ .version = version,
						  .swapped = swapped,
						  .job = id_new(now),
						  .now = now });
}

bool store_zone_noticed(const struct db_unit *u, int stmt, struct slice *out_stored)
{
	struct q_zone_notice_row r;

	q_zone_notice_read(db_rows(u, stmt), 0, &r);
	*out_stored = r.stored;
	return r.jobs > 0;
}

void store_recompute_take(struct db_unit *u, const struct recompute_ask *ask)
{
	q_recompute_take(u, &(struct q_recompute_take){ .now = ask->now,
							.stale = ask->now - ask->patience,
							.latest = ask->now + ask->patience,
							.held = ask->held,
							.version = ask->version });
}

bool store_recompute_taken(const struct db_unit *u, int stmt, const struct recompute_ask *ask,
			   struct recompute_job *out)
{
	struct q_recompute_take_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_recompute_take_read(db_rows(u, stmt), 0, &r);
	*out = (struct recompute_job){ .id = r.id,
				       .bucket = r.bucket,
				       .tenant = r.tenant,
				       .calendar = r.calendar,
				       .zone_version = r.zone_version,
				       .created_at = r.created_at,
				       .taken_at = ask->now };
	return true;
}

void store_recompute_keep(struct db_unit *u, const struct recompute_job *job, usec_t now)
{
	q_recompute_keep(
		u, &(struct q_recompute_keep){ .id = job->id, .taken = job->taken_at, .now = now });
}

bool store_recompute_kept(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}

void store_recompute_free(struct db_unit *u, const struct recompute_job *job)
{
	q_recompute_free(u, &(struct q_recompute_free){ .id = job->id, .taken = job->taken_at });
}

void store_recompute_done(struct db_unit *u, const struct recompute_job *job)
{
	q_recompute_done(u, &(struct q_recompute_done){ .id = job->id, .taken = job->taken_at });
}

void store_recompute_page(struct db_unit *u, const struct recompute_job *job,
			  const struct recompute_place *after, usec_t now, int32_t most)
{
	if (job->calendar.p)
		q_recompute_page_calendar(
			u, &(struct q_recompute_page_calendar){ .bucket = job->bucket,
								.tenant = job->tenant,
								.calendar = job->calendar,
								.since = after->created_at,
								.after = after->id,
								.now = now,
								.most = most });
	else
		q_recompute_page_zones(u, &(struct q_recompute_page_zones){ .bucket = after->bucket,
									    .after = after->id,
									    .now = now,
									    .most = most });
}

/* The columns that both pages have, by the same names. */
#define RECOMPUTE_OF(r)                            \
	.s = { .bucket = (r).bucket,               \
	       .tenant = (r).tenant,               \
	       .id = (r).id,                       \
	       .kind = (r).kind,                   \
	       .state = SCHEDULE_ACTIVE,           \
	       .spec_kind = (r).spec_kind,         \
	       .spec = (r).spec,                   \
	       .zone = (r).zone,                   \
	       .start_at = (r).start_at,           \
	       .end_at = (r).end_at,               \
	       .anchor_at = (r).anchor_at,         \
	       .dst_gap = (r).dst_gap,             \
	       .dst_overlap = (r).dst_overlap,     \
	       .lookahead_us = (r).lookahead_us,   \
	       .rev = (r).rev,                     \
	       .next_at = (r).next_at,             \
	       .calendar = (r).calendar,           \
	       .adjust = (r).adjust,               \
	       .count_end = (r).count_end,         \
	       .created_at = (r).created_at,       \
	       .calendar_def = (r).calendar_def }, \
	.latest = (r).latest, .wanted = (r).wanted

/* Returns the row's place in its page, from 1 on. */
static int64_t read_row(const struct db_rows *rows, int i, bool of_calendar,
			struct recompute_row *out)
{
	struct q_recompute_page_calendar_row c;
	struct q_recompute_page_zones_row z;

	if (of_calendar) {
		q_recompute_page_calendar_read(rows, i, &c);
		*out = (struct recompute_row){ RECOMPUTE_OF(c) };
		return c.number;
	}
	q_recompute_page_zones_read(rows, i, &z);
	*out = (struct recompute_row){ RECOMPUTE_OF(z) };
	return z.number;
}

void store_recompute_paged(const struct db_unit *u, int stmt, const struct recompute_job *job,
			   int32_t most, struct recompute_page *out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	int64_t number = 0;

	out->rows = arena_array(u->arena, struct recompute_row, (size_t)n);
	out->n = (size_t)n;
	for (int i = 0; i < n; i++)
		number = read_row(rows, i, job->calendar.p != NULL, &out->rows[i]);
	out->is_last = number < most;
	if (n) {
		const struct schedule *s = &out->rows[n - 1].s;

		/* (So many created at one instant would be read for ever.) */
		bool stands_still = n == most && s->created_at == out->end.created_at;

		out->end = (struct recompute_place){ s->bucket, s->id,
						     s->created_at + stands_still };
	}
}

void store_recompute_move(struct db_unit *u, const struct recompute_move *const *moves, size_t n)
{
	q_recompute_move(u, &(struct q_recompute_move){
				    .buckets = COL(moves, n, struct recompute_move, bucket),
				    .ids = COL(moves, n, struct recompute_move, id),
				    .revs = COL(moves, n, struct recompute_move, rev),
				    .was = COL(moves, n, struct recompute_move, was),
				    .nexts = COL(moves, n, struct recompute_move, next),
				    .wakes = COL(moves, n, struct recompute_move, wake),
				    .count_ends = COL(moves, n, struct recompute_move, count_end),
			    });
}

size_t store_recompute_moved(const struct db_unit *u, int stmt, struct uuid **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct uuid, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_recompute_move_row r;

		q_recompute_move_read(rows, i, &r);
		(*out)[i] = r.id;
	}
	return (size_t)n;
}
