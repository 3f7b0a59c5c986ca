/* Messages to channels, and credentials: rows in and out. */
#include "store/message.h"

#include "sql.h"

void store_message_claim(struct db_unit *u, const struct message_claim *c)
{
	q_message_claim(
		u,
		&(struct q_message_claim){
			.platforms = COL(c->places, c->places_n, struct message_places, platform),
			.places = COL(c->places, c->places_n, struct message_places, places),
			.busy_platforms = COL(c->busy, c->busy_n, struct message_busy, platform),
			.busy_tenants = COL(c->busy, c->busy_n, struct message_busy, tenant),
			.claim = c->claim,
			.now = c->now,
			.until = c->until });
}

size_t store_messages_claimed(const struct db_unit *u, int stmt, struct message_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct message_row *list = arena_array(u->arena, struct message_row, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_message_claim_row r;

		q_message_claim_read(rows, i, &r);
		list[i] = (struct message_row){ .bucket = r.bucket,
						.format = r.format,
						.tenant = r.tenant,
						.id = r.id,
						.run = r.run_id,
						.schedule = r.schedule_id,
						.channel = r.channel,
						.attempt = r.attempt,
						.output_bytes = r.output_bytes };
	}
	*out = list;
	return (size_t)n;
}

void store_message_load(struct db_unit *u, const struct message_row *m, struct slice platform)
{
	q_message_load(u, &(struct q_message_load){ .bucket = m->bucket,
						    .tenant = m->tenant,
						    .run = m->run,
						    .since = id_instant(m->run),
						    .schedule = m->schedule,
						    .platform = platform });
}

bool store_message_loaded(const struct db_unit *u, int stmt, struct message_matter *out)
{
	struct q_message_load_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_message_load_read(db_rows(u, stmt), 0, &r);
	*out = (struct message_matter){ .state = r.state,
					.scheduled_for = r.scheduled_for,
					.finished_at = r.finished_at,
					.url = r.url,
					.payload = r.payload,
					.name = r.name,
					.zone = r.zone,
					.output = r.output,
					.is_json = r.is_json,
					.output_bytes = r.output_bytes,
					.error = r.error,
					.detail = r.detail,
					.http_status = r.http_status,
					.sealed = r.sealed };
	return true;
}

void store_message_settle(struct db_unit *u, const struct message_end *end)
{
	q_message_settle(u, &(struct q_message_settle){ .bucket = end->m->bucket,
							.run = end->m->run,
							.id = end->m->id,
							.claim = end->claim,
							.state = end->state,
							.reason = end->reason,
							.detail = end->detail,
							.uncounted = end->is_uncounted,
							.ready = end->ready,
							.finished = end->finished });
}

void store_credential_list(struct db_unit *u, const struct credential_key *of)
{
	q_credential_list(
		u, &(struct q_credential_list){ .bucket = of->bucket, .tenant = of->tenant });
}

size_t store_credentials(const struct db_unit *u, int stmt, struct credential_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct credential_row *list = arena_array(u->arena, struct credential_row, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_credential_list_row r;

		q_credential_list_read(rows, i, &r);
		list[i] = (struct credential_row){ r.platform, r.sealed, r.updated_at };
	}
	*out = list;
	return (size_t)n;
}

void store_credential_get(struct db_unit *u, const struct credential_key *key)
{
	q_credential_get(u, &(struct q_credential_get){ .bucket = key->bucket,
							.tenant = key->tenant,
							.platform = key->platform });
}

bool store_credential_got(const struct db_unit *u, int stmt, struct credential_row *out)
{
	struct q_credential_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_credential_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct credential_row){ r.platform, r.sealed, r.updated_at };
	return true;
}

void store_credential_put(struct db_unit *u, const struct credential_key *key, struct slice sealed,
			  struct slice was, usec_t now)
{
	q_credential_put(u, &(struct q_credential_put){ .bucket = key->bucket,
							.tenant = key->tenant,
							.platform = key->platform,
							.sealed = sealed,
							.was = was,
							.now = now });
}

void store_credential_delete(struct db_unit *u, const struct credential_key *key, struct slice was)
{
	q_credential_delete(u, &(struct q_credential_delete){ .bucket = key->bucket,
							      .tenant = key->tenant,
							      .platform = key->platform,
							      .was = was });
}

bool store_credential_changed(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}
