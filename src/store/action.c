#include "store/action.h"

#include "sql.h"

#define KEY(key) .bucket = (key)->bucket, .tenant = (key)->tenant, .name = (key)->name
#define ROW_OF(r)                                                                 \
	.name = (r).name, .url = (r).url, .options = (r).options, .rev = (r).rev, \
	.created_at = (r).created_at, .updated_at = (r).updated_at

void store_action_find(struct db_unit *u, const struct action_key *key)
{
	q_action_find(u, &(struct q_action_find){ KEY(key) });
}

bool store_action_found(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}

void store_action_get(struct db_unit *u, const struct action_key *key)
{
	q_action_get(u, &(struct q_action_get){ KEY(key) });
}

bool store_action_got(const struct db_unit *u, int stmt, struct action_row *out)
{
	struct q_action_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_action_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct action_row){ ROW_OF(r) };
	return true;
}

void store_action_page(struct db_unit *u, const struct action_key *behind, int32_t most)
{
	struct slice name = behind->name.p ? behind->name : SLICE_LIT("");

	q_action_page(u, &(struct q_action_page){ .bucket = behind->bucket,
						  .tenant = behind->tenant,
						  .behind = name,
						  .most = most });
}

size_t store_actions(const struct db_unit *u, int stmt, struct action_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct action_row, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_action_page_row r;

		q_action_page_read(rows, i, &r);
		(*out)[i] = (struct action_row){ ROW_OF(r) };
	}
	return (size_t)n;
}

void store_action_insert(struct db_unit *u, const struct action_key *key,
			 const struct action_row *row, int32_t most)
{
	q_action_insert(u, &(struct q_action_insert){ KEY(key), .url = row->url,
						      .options = row->options, .most = most,
						      .now = row->updated_at });
}

enum action_end store_action_inserted(const struct db_unit *u, int stmt)
{
	struct q_action_insert_row r;

	q_action_insert_read(db_rows(u, stmt), 0, &r);
	if (r.wrote.p)
		return ACTION_MADE;
	return r.is_full ? ACTIONS_FULL : ACTION_EXISTS;
}

void store_action_update(struct db_unit *u, const struct action_key *key,
			 const struct action_row *row)
{
	q_action_update(u, &(struct q_action_update){ KEY(key), .url = row->url,
						      .options = row->options, .rev = row->rev,
						      .now = row->updated_at });
}

bool store_action_updated(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}

void store_action_delete(struct db_unit *u, const struct action_key *key, int64_t rev)
{
	q_action_delete(u, &(struct q_action_delete){ KEY(key), .rev = rev });
}

enum action_gone store_action_deleted(const struct db_unit *u, int stmt)
{
	struct q_action_delete_row r;

	q_action_delete_read(db_rows(u, stmt), 0, &r);
	if (r.wrote.p)
		return ACTION_GONE;
	return r.is_used ? ACTION_USED : ACTION_CHANGED;
}
