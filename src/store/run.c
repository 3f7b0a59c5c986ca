#include "store/run.h"

#include "sql.h"

/* run_insert and run_insert_all take the same arguments, so one list of columns serves both. */
#define INSERT_ARGS(rows, n)                                       \
	{                                                          \
		.buckets = COL(rows, n, struct run_new, bucket),   \
		.tenants = COL(rows, n, struct run_new, tenant),   \
		.ids = COL(rows, n, struct run_new, id),           \
		.kinds = COL(rows, n, struct run_new, kind),       \
		.dues = COL(rows, n, struct run_new, due),         \
		.readies = COL(rows, n, struct run_new, ready),    \
		.expires = COL(rows, n, struct run_new, expires),  \
		.keys = COL(rows, n, struct run_new, unique_key),  \
		.urls = COL(rows, n, struct run_new, url),         \
		.options = COL(rows, n, struct run_new, options),  \
		.payloads = COL(rows, n, struct run_new, payload), \
		.created = COL(rows, n, struct run_new, created),  \
	}

void store_run_insert(struct db_unit *u, const struct run_new *const *rows, size_t n)
{
	struct q_run_insert q = INSERT_ARGS(rows, n);

	q_run_insert(u, &q);
}

/* The answer lists what went in, in the order of the rows. */
bool store_run_inserted(const struct db_unit *u, const struct run_new *row, int *cursor)
{
	struct q_run_insert_row r;

	if (*cursor >= db_rows_count(db_rows(u, 0)))
		return false;
	q_run_insert_read(db_rows(u, 0), *cursor, &r);
	if (id_compare(r.id, row->id) != 0)
		return false;
	(*cursor)++;
	return true;
}

void store_run_insert_all(struct db_unit *u, const struct run_new *const *rows, size_t n)
{
	struct q_run_insert_all q = INSERT_ARGS(rows, n);

	q_run_insert_all(u, &q);
}

void store_run_key_find(struct db_unit *u, int16_t bucket, struct uuid tenant,
			const struct slice *const *keys, size_t n)
{
	q_run_key_find(u, &(struct q_run_key_find){
				  .bucket = bucket,
				  .tenant = tenant,
				  .keys = { (const void *const *)keys, n, 0 },
			  });
}

bool store_run_key_found(const struct db_unit *u, int stmt, struct uuid *out_run)
{
	struct q_run_key_find_row row;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_run_key_find_read(db_rows(u, stmt), 0, &row);
	*out_run = row.run_id;
	return true;
}

/* What every statement that answers runs knows of them. */
#define RUN_COLUMNS(r)                                                                         \
	.id = (r).id, .schedule = (r).schedule_id, .trigger = (r).trigger, .state = (r).state, \
	.scheduled_for = (r).scheduled_for, .expires_at = (r).expires_at,                      \
	.created_at = (r).created_at, .attempt = (r).attempt, .excused = (r).excused,          \
	.unique_key = (r).unique_key, .url = (r).url, .options = (r).options,                  \
	.payload = (r).payload

void store_run_get(struct db_unit *u, const struct run_ref *ref)
{
	q_run_get(u, &(struct q_run_get){ .bucket = ref->bucket,
					  .tenant = ref->tenant,
					  .id = ref->id,
					  .kind = ref->kind });
}

bool store_run_got(const struct db_unit *u, int stmt, struct run *out)
{
	struct q_run_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_run_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct run){
		RUN_COLUMNS(r),
		.ready_at = r.ready_at,
		.started_at = USEC_NEVER,
		.finished_at = USEC_NEVER,
	};
	return true;
}

void store_run_get_ended(struct db_unit *u, const struct run_ref *ref)
{
	q_run_get_ended(u, &(struct q_run_get_ended){
				   .bucket = ref->bucket,
				   .tenant = ref->tenant,
				   .id = ref->id,
				   .kind = ref->kind,
				   .since = id_instant(ref->id),
			   });
}

bool store_run_got_ended(const struct db_unit *u, int stmt, struct run *out)
{
	struct q_run_get_ended_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_run_get_ended_read(db_rows(u, stmt), 0, &r);
	*out = (struct run){
		RUN_COLUMNS(r),
		.reason = r.reason,
		.ready_at = USEC_NEVER,
		.started_at = r.started_at,
		.finished_at = r.finished_at,
	};
	return true;
}

void store_attempt_list(struct db_unit *u, const struct run_ref *ref)
{
	q_attempt_list(u, &(struct q_attempt_list){ .bucket = ref->bucket,
						    .run = ref->id,
						    .since = id_instant(ref->id) });
}

size_t store_attempts(const struct db_unit *u, int stmt, struct arena *a, struct attempt **out)
{
	int n = db_rows_count(db_rows(u, stmt));
	struct attempt *list = arena_array(a, struct attempt, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_attempt_list_row r;

		q_attempt_list_read(db_rows(u, stmt), i, &r);
		list[i] = (struct attempt){
			.number = r.number,
			.token = r.token,
			.started_at = r.started_at,
			.finished_at = r.finished_at,
			.outcome = r.outcome,
			.http_status = r.http_status,
			.error = r.error,
			.detail = r.detail,
			.address = r.address,
			.response_headers = r.response_headers,
			.response_body = r.response_body,
			.dns_us = r.dns_us,
			.connect_us = r.connect_us,
			.tls_us = r.tls_us,
			.first_byte_us = r.first_byte_us,
			.total_us = r.total_us,
		};
	}
	*out = list;
	return (size_t)n;
}

/* The two page statements answer the same columns. */
_Static_assert(sizeof(struct q_run_page_row) == sizeof(struct q_run_page_schedule_row),
	       "one reader for both pages");

#define PAGE_ARGS(p)                                                                   \
	.bucket = (p)->bucket, .tenant = (p)->tenant, .due = (p)->filter.due,          \
	.ahead = (p)->filter.ahead, .executing = (p)->filter.executing,                \
	.retrying = (p)->filter.retrying, .ended = (p)->filter.ended, .now = (p)->now, \
	.skip = (p)->skip, .most = (p)->most, .payload_max = (p)->payload_max

void store_run_page(struct db_unit *u, const struct run_page *page)
{
	if (id_is_nil(page->schedule))
		q_run_page(u, &(struct q_run_page){ PAGE_ARGS(page), .kind = page->kind });
	else
		q_run_page_schedule(u, &(struct q_run_page_schedule){ PAGE_ARGS(page),
								      .schedule = page->schedule });
}

size_t store_run_paged(const struct db_unit *u, int stmt, struct run **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct run *list = arena_array(u->arena, struct run, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_run_page_row r;

		q_run_page_read(rows, i, &r);
		list[i] = (struct run){
			RUN_COLUMNS(r),
			.reason = r.reason,
			.ready_at = r.ready_at,
			.started_at = r.started_at,
			.finished_at = r.finished_at,
			.payload_omitted = r.payload_omitted,
		};
	}
	*out = list;
	return (size_t)n;
}

/* The tally row that sums over all of a tenant's runs of one kind: nil, with the kind in the
 * last byte. */
static struct uuid sum_of(int16_t kind)
{
	struct uuid id = { { 0 } };

	id.b[15] = (uint8_t)kind;
	return id;
}

void store_run_count(struct db_unit *u, const struct run_page *page)
{
	bool all = id_is_nil(page->schedule);

	if (all)
		q_run_count(u, &(struct q_run_count){ .bucket = page->bucket,
						      .tenant = page->tenant,
						      .kind = page->kind,
						      .now = page->now });
	else
		q_run_count_schedule(u, &(struct q_run_count_schedule){ .bucket = page->bucket,
									.tenant = page->tenant,
									.schedule = page->schedule,
									.now = page->now });
	q_tally_get(u,
		    &(struct q_tally_get){ .bucket = page->bucket,
					   .tenant = page->tenant,
					   .schedule = all ? sum_of(page->kind) : page->schedule });
}

void store_run_counted(const struct db_unit *u, int stmt, struct run_counts *out)
{
	struct q_run_count_row live;
	struct q_tally_get_row ended = { .last_at = USEC_NEVER };

	q_run_count_read(db_rows(u, stmt), 0, &live);
	if (db_rows_count(db_rows(u, stmt + 1)) > 0)
		q_tally_get_read(db_rows(u, stmt + 1), 0, &ended);
	*out = (struct run_counts){
		.due = live.due,
		.ahead = live.ahead,
		.executing = live.executing,
		.retrying = live.retrying,
		.completed = ended.completed,
		.failed = ended.failed,
		.cancelled = ended.cancelled,
		.expired = ended.expired,
		.skipped = ended.skipped,
		.executed = ended.executed,
		.last_at = ended.last_at,
	};
}

void store_run_hold(struct db_unit *u, const struct run_ref *ref)
{
	q_run_hold(u, &(struct q_run_hold){ .bucket = ref->bucket,
					    .tenant = ref->tenant,
					    .id = ref->id,
					    .kind = ref->kind });
}

bool store_run_held(const struct db_unit *u, int stmt, struct run_hold *out)
{
	struct q_run_hold_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_run_hold_read(db_rows(u, stmt), 0, &r);
	*out = (struct run_hold){ .state = r.state,
				  .attempt = r.attempt,
				  .token = r.token,
				  .ready = r.ready_at,
				  .began = r.began_at,
				  .claim = r.attempt_id };
	return true;
}

void store_run_cancel(struct db_unit *u, const struct run_ref *ref, const struct run_hold *as,
		      usec_t now)
{
	q_run_cancel(u, &(struct q_run_cancel){ .bucket = ref->bucket,
						.tenant = ref->tenant,
						.id = ref->id,
						.kind = ref->kind,
						.state = as->state,
						.ready = as->ready,
						.attempt = as->attempt,
						.claim = as->claim,
						.now = now,
						.sum = sum_of(ref->kind) });
}

bool store_run_cancelled(const struct db_unit *u, int stmt, struct uuid *out_owner,
			 struct uuid *out_claim)
{
	struct q_run_cancel_row row;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_run_cancel_read(db_rows(u, stmt), 0, &row);
	*out_owner = row.owner;
	*out_claim = row.attempt_id;
	return true;
}

void store_run_retry_live(struct db_unit *u, const struct run_ref *ref, const struct run_hold *as,
			  usec_t now)
{
	q_run_retry_live(u, &(struct q_run_retry_live){ .bucket = ref->bucket,
							.tenant = ref->tenant,
							.id = ref->id,
							.kind = ref->kind,
							.ready = as->ready,
							.attempt = as->attempt,
							.now = now });
}

void store_run_retry_ended(struct db_unit *u, const struct run_ref *ref, usec_t finished,
			   usec_t now)
{
	q_run_retry_ended(u, &(struct q_run_retry_ended){ .bucket = ref->bucket,
							  .tenant = ref->tenant,
							  .id = ref->id,
							  .kind = ref->kind,
							  .finished = finished,
							  .now = now,
							  .sum = sum_of(ref->kind) });
}

bool store_run_retried(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}
