/* What the engine writes: claims, results, leases, housekeeping. */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "io/db.h"
#include "model/run.h"
#include "model/turn.h"

struct claim_request {
	usec_t until; /* runs ready by then */
	struct uuid owner, claim;
	int32_t most, payload_max;
	const struct turn_quota *const *turns; /* by tenant, so much to each; none: the oldest of everybody */
	size_t turns_n;
};
void store_claim(struct db_unit *u, const struct claim_request *r);
int store_claimed_count(const struct db_unit *u);
void store_claimed(const struct db_unit *u, int i, const struct claim_request *r, struct claimed *out);
/* Who has runs that wait: at most `most` tenants behind this one (nil: the first), in the order of their ids. */
void store_run_tenants(struct db_unit *u, struct uuid after, int32_t most);
int store_run_tenants_count(const struct db_unit *u, int stmt);
void store_run_tenants_got(const struct db_unit *u, int stmt, int i, struct uuid *out_tenant, usec_t *out_ready);
void store_run_payload(struct db_unit *u, const struct run_key *key);
bool store_run_payload_got(const struct db_unit *u, struct slice *out);
struct blocked_ask {
	int16_t bucket;
	struct uuid schedule;
	usec_t slot, now;
	const struct uuid *const *known; /* runs known to have ended */
	size_t known_n;
};
void store_run_blocked(struct db_unit *u, const struct blocked_ask *ask);
/* Of earlier runs of the schedule. */
struct blocked {
	bool executing; /* one is under way */
	bool retrying;  /* one is between attempts */
	bool awaited;   /* one is under way, and its agent is to report */
	bool queued;    /* the time of one has come, and it has not begun */
};
void store_run_blocked_got(const struct db_unit *u, struct blocked *out);

/* Results by kind: ends, retries (end == RUN_PENDING), those that are awaited (end == RUN_AWAITED). One statement each.
 * Ends and retries also end an awaited attempt. */
void store_finish(struct db_unit *u, const struct result *const *rows, size_t n);
void store_again(struct db_unit *u, const struct result *const *rows, size_t n);
void store_await(struct db_unit *u, const struct result *const *rows, size_t n);
/* How many rows the statement changed; fewer than n: the others are no longer ours. */
size_t store_finished(const struct db_unit *u, int stmt);
/* Back to pending, attempt not counted, ready at each row's ready_at. */
void store_release(struct db_unit *u, const struct result *const *rows, size_t n);
void store_owned(struct db_unit *u, struct uuid owner);
int store_owned_count(const struct db_unit *u, int stmt);
void store_owned_got(const struct db_unit *u, int stmt, int i, struct run_key *out);

void store_node_insert(struct db_unit *u, struct uuid id, usec_t lease, usec_t now, bool direct);
void store_node_renew(struct db_unit *u, struct uuid id, usec_t lease, bool direct);
bool store_node_renewed(const struct db_unit *u, int stmt, usec_t *out_db_clock);
void store_node_delete(struct db_unit *u, struct uuid id);
void store_take_over(struct db_unit *u, struct uuid me, usec_t real, usec_t now);
int store_taken_over(const struct db_unit *u, int stmt);
/* Frees runs whose holder has no row; store_taken_over() says how many. */
void store_orphans(struct db_unit *u, usec_t now);
void store_notices(struct db_unit *u, struct uuid node);
int store_notices_count(const struct db_unit *u, int stmt);
void store_notice(const struct db_unit *u, int stmt, int i, struct uuid *out_run, struct uuid *out_claim);
/* Has the holder not let go yet? */
void store_notice_pending(struct db_unit *u, struct uuid node, struct uuid run, struct uuid claim);
bool store_notice_is_pending(const struct db_unit *u, int stmt);
void store_queue_depth(struct db_unit *u, usec_t now);
int64_t store_queue_depth_got(const struct db_unit *u, int stmt);
/* A hint to the process with this id: look at your notices. */
void store_notify(struct db_unit *u, struct slice node);

#endif
