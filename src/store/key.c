#include "store/key.h"

#include "sql.h"

void store_key_insert(struct db_unit *u, const struct key_new *key)
{
	const struct key_row *row = key->row;

	q_key_insert(u, &(struct q_key_insert){ .hash = key->hash,
						.id = row->id,
						.tenant = row->tenant,
						.name = row->name,
						.role = (int16_t)row->role,
						.actions = row->actions,
						.prefix = row->prefix,
						.expires = row->expires_at,
						.created_by = row->created_by,
						.replaces = row->replaces,
						.old_expires = key->old_expires,
						.old_expires_was = key->old_expires_was,
						.most = key->most,
						.now = row->created_at });
}

enum key_end store_key_inserted(const struct db_unit *u, int stmt)
{
	struct q_key_insert_row r;

	q_key_insert_read(db_rows(u, stmt), 0, &r);
	if (r.wrote.p)
		return KEY_DONE;
	return r.is_full ? KEY_REFUSED : KEY_CHANGED;
}

void store_key_get(struct db_unit *u, struct uuid id, const struct who *who)
{
	q_key_get(u, &(struct q_key_get){ id, who->tenant, who->is_operator });
}

#define ROW_OF(r)                                                                                 \
	.id = (r).id, .tenant_name = (r).tenant_name, .organization_name = (r).organization_name, \
	.name = (r).name, .prefix = (r).prefix, .actions = (r).actions,                           \
	.role = (enum role)(r).role, .created_at = (r).created_at, .expires_at = (r).expires_at,  \
	.revoked_at = (r).revoked_at, .last_used_at = (r).last_used_at,                           \
	.created_by = (r).created_by, .replaces = (r).replaces

bool store_key_got(const struct db_unit *u, int stmt, struct key_row *out)
{
	struct q_key_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_key_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct key_row){ ROW_OF(r), .tenant = r.tenant, .organization = r.organization,
				 .bucket = r.bucket };
	return true;
}

void store_key_page(struct db_unit *u, struct uuid tenant, const struct key_place *place)
{
	q_key_page(u, &(struct q_key_page){ tenant, place->before, place->before_id, place->most });
}

size_t store_keys(const struct db_unit *u, int stmt, struct key_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct key_row, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_key_page_row r;

		q_key_page_read(rows, i, &r);
		(*out)[i] = (struct key_row){ ROW_OF(r) };
	}
	return (size_t)n;
}

void store_key_revoke(struct db_unit *u, const struct key_row *was, usec_t now)
{
	q_key_revoke(u, &(struct q_key_revoke){ was->id, was->tenant, now, was->expires_at });
}

enum key_end store_key_revoked(const struct db_unit *u, int stmt)
{
	struct q_key_revoke_row r;

	q_key_revoke_read(db_rows(u, stmt), 0, &r);
	if (r.wrote.p)
		return KEY_DONE;
	return r.is_last ? KEY_REFUSED : KEY_CHANGED;
}

void store_key_own(struct db_unit *u, struct slice hash)
{
	q_key_own(u, &(struct q_key_own){ .hash = hash });
}

bool store_key_got_own(const struct db_unit *u, int stmt, struct key_row *out)
{
	struct q_key_own_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_key_own_read(db_rows(u, stmt), 0, &r);
	*out = (struct key_row){ .id = r.id,
				 .tenant = r.tenant,
				 .bucket = r.bucket,
				 .name = r.name,
				 .prefix = r.prefix,
				 .actions = r.actions,
				 .role = (enum role)r.role,
				 .expires_at = r.expires_at,
				 .revoked_at = r.revoked_at };
	return true;
}

void store_key_ensure(struct db_unit *u, const struct key_row *row, struct slice hash)
{
	q_key_ensure(u, &(struct q_key_ensure){ .hash = hash,
						.id = row->id,
						.tenant = row->tenant,
						.name = row->name,
						.role = (int16_t)row->role,
						.prefix = row->prefix,
						.now = row->created_at });
}

void store_key_used(struct db_unit *u, const struct key_use_row *const *rows, size_t n)
{
	q_key_used(u, &(struct q_key_used){ .ids = COL(rows, n, struct key_use_row, id),
					    .ats = COL(rows, n, struct key_use_row, at) });
}
