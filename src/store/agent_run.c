#include "store/agent_run.h"

#include "sql.h"

void store_agent_load(struct db_unit *u, const struct agent_ask *ask)
{
	q_agent_load(u, &(struct q_agent_load){ .bucket = ask->key.bucket,
						.tenant = ask->key.tenant,
						.id = ask->key.id,
						.claim = ask->key.claim,
						.schedule = ask->schedule,
						.agent = ask->agent,
						.payload = ask->wants_payload });
}

void store_agent_began(struct db_unit *u, const struct agent_ask *ask)
{
	q_agent_began(u, &(struct q_agent_began){ .bucket = ask->key.bucket,
						  .tenant = ask->key.tenant,
						  .id = ask->key.id,
						  .claim = ask->key.claim,
						  .schedule = ask->schedule,
						  .event = ask->event,
						  .now = ask->now });
}

bool store_agent_loaded(const struct db_unit *u, int stmt, struct agent_facts *out)
{
	struct q_agent_load_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_agent_load_read(db_rows(u, stmt), 0, &r);
	*out = (struct agent_facts){
		.kind = r.agent_kind,
		.definition = r.agent_definition,
		.schedule_state = r.state,
		.name = r.name,
		.zone = r.zone,
		.payload = r.payload,
		.last_run = r.last_run,
		.last_state = r.last_state,
		.last_error = r.last_error,
		.last_finished = r.last_finished,
		.failures = r.failures,
		.executed = r.executed,
		.chain_run = r.chain_run,
		.chain = r.chain,
		.nodes = r.nodes,
		.chain_definition = r.chain_definition,
		.is_root = r.root,
	};
	return true;
}

void store_outputs(struct db_unit *u, int16_t bucket, const struct uuid *const *runs, size_t n,
		   int32_t most)
{
	usec_t *sinces = arena_array(u->arena, usec_t, n);
	const usec_t **places = arena_array(u->arena, const usec_t *, n);

	for (size_t i = 0; i < n; i++) {
		sinces[i] = id_instant(*runs[i]);
		places[i] = &sinces[i];
	}
	q_agent_outputs(u,
			&(struct q_agent_outputs){ .bucket = bucket,
						   .ids = { (const void *const *)runs, n, 0 },
						   .sinces = { (const void *const *)places, n, 0 },
						   .most = most });
}

size_t store_outputs_got(const struct db_unit *u, int stmt, struct run_output **out)
{
	int n = db_rows_count(db_rows(u, stmt));
	struct run_output *list = arena_array(u->arena, struct run_output, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_agent_outputs_row r;

		q_agent_outputs_read(db_rows(u, stmt), i, &r);
		list[i] = (struct run_output){ r.run_id, r.is_json, r.bytes, r.output };
	}
	*out = list;
	return (size_t)n;
}

void store_job_names(struct db_unit *u, const struct run_key *key, const struct uuid *const *jobs,
		     size_t n)
{
	q_agent_job_names(
		u, &(struct q_agent_job_names){ .bucket = key->bucket,
						.tenant = key->tenant,
						.ids = { (const void *const *)jobs, n, 0 } });
}

size_t store_job_names_got(const struct db_unit *u, int stmt, struct job_name **out)
{
	int n = db_rows_count(db_rows(u, stmt));
	struct job_name *list = arena_array(u->arena, struct job_name, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_agent_job_names_row r;

		q_agent_job_names_read(db_rows(u, stmt), i, &r);
		list[i] = (struct job_name){ r.id, r.name };
	}
	*out = list;
	return (size_t)n;
}

void store_await_due(struct db_unit *u, usec_t now, int32_t most)
{
	q_await_due(u, &(struct q_await_due){ .now = now, .most = most });
}

size_t store_await_got(const struct db_unit *u, int stmt, struct awaited **out)
{
	int n = db_rows_count(db_rows(u, stmt));
	struct awaited *list = arena_array(u->arena, struct awaited, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_await_due_row r;

		q_await_due_read(db_rows(u, stmt), i, &r);
		list[i] = (struct awaited){
			.key = { .tenant = r.tenant,
				 .id = r.id,
				 .claim = r.claim,
				 .bucket = r.bucket },
			.kind = r.kind,
			.attempt = r.attempt,
			.excused = r.excused,
			.began_at = r.began_at,
			.await_until = r.await_until,
			.ready_at = r.ready_at,
			.expires_at = r.expires_at,
			.options = r.options,
		};
	}
	*out = list;
	return (size_t)n;
}

void store_await_grace(struct db_unit *u, const struct await_grace *g)
{
	q_await_grace(u,
		      &(struct q_await_grace){
			      .now = g->now, .grace_us = g->grace, .me = g->me, .real = g->real });
}

#define AWAITED(member) COL(rows, n, struct awaited, member)

void store_await_take(struct db_unit *u, const struct awaited *list, size_t n, struct uuid claim)
{
	const struct awaited **rows = arena_array(u->arena, const struct awaited *, n);

	for (size_t i = 0; i < n; i++)
		rows[i] = &list[i];
	q_await_take(u, &(struct q_await_take){ .buckets = AWAITED(key.bucket),
						.tenants = AWAITED(key.tenant),
						.ids = AWAITED(key.id),
						.claims = AWAITED(key.claim),
						.readies = AWAITED(ready_at),
						.claim = claim });
}

void store_await_next(struct db_unit *u)
{
	q_await_next(u, &(struct q_await_next){ .most = AWAITED_COUNTED });
}

usec_t store_await_next_got(const struct db_unit *u, int stmt, int64_t *out_awaited)
{
	struct q_await_next_row r;

	q_await_next_read(db_rows(u, stmt), 0, &r);
	*out_awaited = r.awaited;
	return r.at;
}

void store_await_alive(struct db_unit *u, const struct run_key *key, usec_t now)
{
	q_await_alive(u, &(struct q_await_alive){ .bucket = key->bucket,
						  .tenant = key->tenant,
						  .id = key->id,
						  .claim = key->claim,
						  .now = now });
}

bool store_await_alive_got(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}

void store_report_read(struct db_unit *u, const struct run_key *key, int64_t token)
{
	q_report_read(u, &(struct q_report_read){ .bucket = key->bucket,
						  .tenant = key->tenant,
						  .id = key->id,
						  .token = token,
						  .since = id_instant(key->id) });
}

void store_report_got(const struct db_unit *u, int stmt, const struct run_key *key,
		      struct report_target *out)
{
	struct q_report_read_row r;

	q_report_read_read(db_rows(u, stmt), 0, &r);
	*out = (struct report_target){
		.is_live = r.live,
		.is_reported = r.reported,
		.a = { .key = *key,
		       .kind = r.kind,
		       .attempt = r.attempt,
		       .excused = r.excused,
		       .began_at = r.began_at,
		       .await_until = USEC_NEVER,
		       .ready_at = USEC_NEVER,
		       .expires_at = r.expires_at,
		       .options = r.options },
	};
	out->a.key.claim = r.claim;
}

void store_instance(struct db_unit *u, struct slice key, usec_t now)
{
	q_instance_ensure(u, &(struct q_instance_ensure){ .key = key, .now = now });
	q_instance_get(u);
}

struct slice store_instance_got(const struct db_unit *u, int stmt)
{
	struct q_instance_get_row r;

	q_instance_get_read(db_rows(u, stmt + 1), 0, &r);
	return r.callback_key;
}
