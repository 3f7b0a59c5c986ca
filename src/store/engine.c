#include "store/engine.h"

#include "sql.h"

void store_claim(struct db_unit *u, const struct claim_request *r)
{
	q_run_claim(u, &(struct q_run_claim){
			       .until = r->until,
			       .owner = r->owner,
			       .claim = r->claim,
			       .most = r->most,
			       .payload_max = r->payload_max,
			       .tenants = COL(r->turns, r->turns_n, struct turn_quota, tenant),
			       .quotas = COL(r->turns, r->turns_n, struct turn_quota, quota) });
}

int store_claimed_count(const struct db_unit *u)
{
	return db_rows_count(db_rows(u, 0));
}

void store_claimed(const struct db_unit *u, int i, const struct claim_request *request,
		   struct claimed *out)
{
	struct q_run_claim_row r;

	q_run_claim_read(db_rows(u, 0), i, &r);
	*out = (struct claimed){
		.key = { .bucket = r.bucket,
			 .tenant = r.tenant,
			 .id = r.id,
			 .claim = request->claim },
		.kind = r.kind,
		.schedule = r.schedule_id,
		.trigger = r.trigger,
		.scheduled_for = r.scheduled_for,
		.ready_at = r.ready_at,
		.expires_at = r.expires_at,
		.overlap = r.overlap,
		.attempt = r.attempt,
		.excused = r.excused,
		.token = r.token,
		.jitter_us = r.jitter_us,
		.behind = r.behind,
		.url = r.url,
		.options = r.options,
		.payload = r.payload,
		.payload_bytes = r.payload_bytes,
		.action = r.action,
		.tenant_name = r.tenant_name,
		.organization = r.organization,
		.plan_state = r.plan_state,
	};
}

void store_run_tenants(struct db_unit *u, struct uuid after, int32_t most)
{
	q_run_tenants(u, &(struct q_run_tenants){ .after = after, .most = most });
}

int store_run_tenants_count(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt));
}

void store_run_tenants_got(const struct db_unit *u, int stmt, int i, struct uuid *out_tenant,
			   usec_t *out_ready)
{
	struct q_run_tenants_row r;

	q_run_tenants_read(db_rows(u, stmt), i, &r);
	*out_tenant = r.tenant;
	*out_ready = r.ready_at;
}

void store_run_payload(struct db_unit *u, const struct run_key *key)
{
	q_run_payload(u, &(struct q_run_payload){
				 .bucket = key->bucket, .tenant = key->tenant, .id = key->id });
}

bool store_run_payload_got(const struct db_unit *u, struct slice *out)
{
	struct q_run_payload_row row;

	if (db_rows_count(db_rows(u, 0)) == 0)
		return false;
	q_run_payload_read(db_rows(u, 0), 0, &row);
	*out = row.payload;
	return true;
}

void store_run_blocked(struct db_unit *u, const struct blocked_ask *ask)
{
	q_run_blocked(u, &(struct q_run_blocked){
				 .bucket = ask->bucket,
				 .schedule = ask->schedule,
				 .slot = ask->slot,
				 .now = ask->now,
				 .known = { (const void *const *)ask->known, ask->known_n, 0 } });
}

void store_run_blocked_got(const struct db_unit *u, struct blocked *out)
{
	struct q_run_blocked_row row;

	q_run_blocked_read(db_rows(u, 0), 0, &row);
	*out = (struct blocked){ row.executing, row.retrying, row.awaited, row.queued };
}

#define RESULT(member) COL(rows, n, struct result, member)
#define RESULT_KEY                                                                           \
	.buckets = RESULT(key.bucket), .tenants = RESULT(key.tenant), .ids = RESULT(key.id), \
	.claims = RESULT(key.claim)
#define RESULT_RESPONSE                                                                      \
	.started = RESULT(started_at), .finished = RESULT(finished_at),                      \
	.statuses = RESULT(http_status), .errors = RESULT(error), .details = RESULT(detail), \
	.addresses = RESULT(address), .headers = RESULT(headers), .bodies = RESULT(body),    \
	.dns = RESULT(dns_us), .connect = RESULT(connect_us), .tls = RESULT(tls_us),         \
	.first = RESULT(first_byte_us), .total = RESULT(total_us)
#define RESULT_OUTPUT                                               \
	.outputs = RESULT(output), .jsons = RESULT(output_is_json), \
	.output_bytes = RESULT(output_bytes)

void store_finish(struct db_unit *u, const struct result *const *rows, size_t n)
{
	q_run_finish(u, &(struct q_run_finish){ RESULT_KEY, RESULT_RESPONSE, RESULT_OUTPUT,
						.states = RESULT(end), .reasons = RESULT(reason),
						.outcomes = RESULT(outcome) });
}

void store_again(struct db_unit *u, const struct result *const *rows, size_t n)
{
	q_run_again(u,
		    &(struct q_run_again){ RESULT_KEY, RESULT_RESPONSE, .readies = RESULT(ready_at),
					   .outcomes = RESULT(outcome) });
}

void store_await(struct db_unit *u, const struct result *const *rows, size_t n)
{
	q_run_await(u, &(struct q_run_await){
			       RESULT_KEY, .readies = RESULT(ready_at), .began = RESULT(started_at),
			       .untils = RESULT(await_until), .heartbeats = RESULT(heartbeat_us) });
}

void store_release(struct db_unit *u, const struct result *const *rows, size_t n)
{
	q_run_release(u, &(struct q_run_release){ RESULT_KEY, .readies = RESULT(ready_at) });
}

size_t store_finished(const struct db_unit *u, int stmt)
{
	return (size_t)db_rows_count(db_rows(u, stmt));
}

void store_owned(struct db_unit *u, struct uuid owner)
{
	q_run_owned(u, &(struct q_run_owned){ .owner = owner });
}

int store_owned_count(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt));
}

void store_owned_got(const struct db_unit *u, int stmt, int i, struct run_key *out)
{
	struct q_run_owned_row r;

	q_run_owned_read(db_rows(u, stmt), i, &r);
	*out = (struct run_key){
		.bucket = r.bucket, .tenant = r.tenant, .id = r.id, .claim = r.claim
	};
}

void store_node_insert(struct db_unit *u, struct uuid id, usec_t lease, usec_t now, bool direct)
{
	q_node_insert(u, &(struct q_node_insert){
				 .id = id, .lease = lease, .now = now, .direct = direct });
}

void store_node_renew(struct db_unit *u, struct uuid id, usec_t lease, bool direct)
{
	q_node_renew(u, &(struct q_node_renew){ .id = id, .lease = lease, .direct = direct });
}

bool store_node_renewed(const struct db_unit *u, int stmt, usec_t *out_db_clock)
{
	struct q_node_renew_row row;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_node_renew_read(db_rows(u, stmt), 0, &row);
	*out_db_clock = row.clock;
	return true;
}

void store_node_delete(struct db_unit *u, struct uuid id)
{
	q_node_delete(u, &(struct q_node_delete){ .id = id });
}

void store_take_over(struct db_unit *u, struct uuid me, usec_t real, usec_t now)
{
	q_node_take_over(u, &(struct q_node_take_over){ .me = me, .real = real, .now = now });
}

int store_taken_over(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt));
}

void store_orphans(struct db_unit *u, usec_t now)
{
	q_run_orphans(u, &(struct q_run_orphans){ .now = now });
}

void store_notices(struct db_unit *u, struct uuid node)
{
	q_notice_take(u, &(struct q_notice_take){ .node = node });
}

int store_notices_count(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt));
}

void store_notice(const struct db_unit *u, int stmt, int i, struct uuid *out_run,
		  struct uuid *out_claim)
{
	struct q_notice_take_row row;

	q_notice_take_read(db_rows(u, stmt), i, &row);
	*out_run = row.run_id;
	*out_claim = row.attempt_id;
}

void store_notice_pending(struct db_unit *u, struct uuid node, struct uuid run, struct uuid claim)
{
	q_notice_pending(u, &(struct q_notice_pending){ .node = node, .run = run, .claim = claim });
}

bool store_notice_is_pending(const struct db_unit *u, int stmt)
{
	struct q_notice_pending_row row;

	q_notice_pending_read(db_rows(u, stmt), 0, &row);
	return row.pending;
}

void store_queue_depth(struct db_unit *u, usec_t now)
{
	q_queue_depth(u, &(struct q_queue_depth){ .now = now });
}

int64_t store_queue_depth_got(const struct db_unit *u, int stmt)
{
	struct q_queue_depth_row row;

	q_queue_depth_read(db_rows(u, stmt), 0, &row);
	return row.depth;
}

void store_notify(struct db_unit *u, struct slice node)
{
	q_notify(u, &(struct q_notify){ .payload = node });
}
