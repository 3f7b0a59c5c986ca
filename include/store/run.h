/* Runs in PostgreSQL: each function adds one statement to a unit, each read takes rows out of
 * it. */
#ifndef STORE_RUN_H
#define STORE_RUN_H

#include "io/db.h"
#include "model/run.h"

/* Group commit: rows whose unique_key is taken are left out. */
void store_run_insert(struct db_unit *u, const struct run_new *const *rows, size_t n);
/* Asked for each row in order, *cursor from 0: did the first statement insert it? */
bool store_run_inserted(const struct db_unit *u, const struct run_new *row, int *cursor);
/* All or none: a taken unique_key is DB_CONFLICT. */
void store_run_insert_all(struct db_unit *u, const struct run_new *const *rows, size_t n);
/* Any run that has one of these keys already. */
void store_run_key_find(struct db_unit *u, int16_t bucket, struct uuid tenant, const struct slice *const *keys,
			size_t n);
bool store_run_key_found(const struct db_unit *u, int stmt, struct uuid *out_run);

struct run_ref {
	int16_t bucket, kind;
	struct uuid tenant, id;
};
void store_run_get(struct db_unit *u, const struct run_ref *ref);
bool store_run_got(const struct db_unit *u, int stmt, struct run *out);
void store_run_get_ended(struct db_unit *u, const struct run_ref *ref);
bool store_run_got_ended(const struct db_unit *u, int stmt, struct run *out);
void store_attempt_list(struct db_unit *u, const struct run_ref *ref);
size_t store_attempts(const struct db_unit *u, int stmt, struct arena *a, struct attempt **out);

struct run_page {
	int16_t bucket, kind;
	struct uuid tenant;
	struct uuid schedule; /* nil: all of the tenant's runs of this kind */
	struct run_filter filter;
	usec_t now;
	int32_t skip, most, payload_max;
};
void store_run_page(struct db_unit *u, const struct run_page *page);
size_t store_run_paged(const struct db_unit *u, int stmt, struct run **out);
/* Two statements: live counts and tally. */
void store_run_count(struct db_unit *u, const struct run_page *page);
void store_run_counted(const struct db_unit *u, int stmt, struct run_counts *out);

/* What a live run was read with; cancelling and retrying change it as long as it is so. */
struct run_hold {
	int16_t state;
	int32_t attempt;
	int64_t token;
	usec_t ready, began; /* began: USEC_NEVER while it waits */
	struct uuid claim;   /* nil: nobody's */
};
void store_run_hold(struct db_unit *u, const struct run_ref *ref);
bool store_run_held(const struct db_unit *u, int stmt, struct run_hold *out);
void store_run_cancel(struct db_unit *u, const struct run_ref *ref, const struct run_hold *as, usec_t now);
/* False: it was not so any more. *out_owner is nil when nobody held it. */
bool store_run_cancelled(const struct db_unit *u, int stmt, struct uuid *out_owner, struct uuid *out_claim);
/* At once, one that waits for a retry; or one back from history that ended at `finished`. */
void store_run_retry_live(struct db_unit *u, const struct run_ref *ref, const struct run_hold *as, usec_t now);
void store_run_retry_ended(struct db_unit *u, const struct run_ref *ref, usec_t finished, usec_t now);
bool store_run_retried(const struct db_unit *u, int stmt);

#endif
