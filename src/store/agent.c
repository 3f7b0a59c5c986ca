#include "store/agent.h"

#include "sql.h"

#define KEY(key) .bucket = (key)->bucket, .tenant = (key)->tenant, .name = (key)->name
#define ROW_OF(r)                                                         \
	.name = (r).name, .definition = (r).definition, .kind = (r).kind, \
	.created_at = (r).created_at, .updated_at = (r).updated_at

void store_agent_find(struct db_unit *u, const struct agent_key *key)
{
	q_agent_find(u, &(struct q_agent_find){ KEY(key) });
}

bool store_agent_found(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}

void store_agent_get(struct db_unit *u, const struct agent_key *key)
{
	q_agent_get(u, &(struct q_agent_get){ KEY(key) });
}

bool store_agent_got(const struct db_unit *u, int stmt, struct agent_row *out)
{
	struct q_agent_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_agent_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct agent_row){ ROW_OF(r) };
	return true;
}

void store_agent_page(struct db_unit *u, const struct agent_key *of, int32_t skip, int32_t most)
{
	q_agent_page(u, &(struct q_agent_page){ .bucket = of->bucket,
						.tenant = of->tenant,
						.skip = skip,
						.most = most });
	q_agent_count(u, &(struct q_agent_count){ of->bucket, of->tenant });
}

size_t store_agents(const struct db_unit *u, int stmt, struct agent_row **out, int64_t *out_total)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct agent_row *list = arena_array(u->arena, struct agent_row, (size_t)n);
	struct q_agent_count_row count;

	for (int i = 0; i < n; i++) {
		struct q_agent_page_row r;

		q_agent_page_read(rows, i, &r);
		list[i] = (struct agent_row){ ROW_OF(r) };
	}
	q_agent_count_read(db_rows(u, stmt + 1), 0, &count);
	*out = list;
	*out_total = count.total;
	return (size_t)n;
}

void store_agent_insert(struct db_unit *u, const struct agent_key *key, const struct agent_row *row,
			int32_t most)
{
	q_agent_insert(u, &(struct q_agent_insert){ KEY(key), .kind = row->kind,
						    .definition = row->definition, .most = most,
						    .now = row->updated_at });
}

enum agent_end store_agent_inserted(const struct db_unit *u, int stmt)
{
	struct q_agent_insert_row r;

	q_agent_insert_read(db_rows(u, stmt), 0, &r);
	if (r.is_made)
		return AGENT_MADE;
	return r.is_full ? AGENTS_FULL : AGENT_EXISTS;
}

void store_agent_update(struct db_unit *u, const struct agent_key *key, const struct agent_row *row,
			const struct agent_row *was)
{
	q_agent_update(u, &(struct q_agent_update){ KEY(key), .kind = row->kind,
						    .definition = row->definition,
						    .was_kind = was->kind, .was = was->definition,
						    .now = row->updated_at });
}

bool store_agent_updated(const struct db_unit *u, int stmt, usec_t *out_created)
{
	struct q_agent_update_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_agent_update_read(db_rows(u, stmt), 0, &r);
	*out_created = r.created_at;
	return true;
}

void store_agent_delete(struct db_unit *u, const struct agent_key *key, const struct agent_row *was)
{
	q_agent_delete(u, &(struct q_agent_delete){ KEY(key), .was_kind = was->kind,
						    .was = was->definition });
}

enum agent_gone store_agent_deleted(const struct db_unit *u, int stmt)
{
	struct q_agent_delete_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return AGENT_UNKNOWN;
	q_agent_delete_read(db_rows(u, stmt), 0, &r);
	if (r.is_gone)
		return AGENT_GONE;
	return r.used ? AGENT_USED : AGENT_OTHER;
}
