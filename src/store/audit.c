#include "store/audit.h"

#include "sql.h"

/* The statements that read entries answer the same columns. */
#define ROW_OF(r)                                                                               \
	(struct audit_row)                                                                      \
	{                                                                                       \
		.block = (r).block, .version = (r).version, .position = (r).position,           \
		.actor = (r).actor, .object = (r).object, .id = (r).id, .key = (r).key_id,      \
		.at = (r).at, .actor_name = (r).actor_name, .request_id = (r).request_id,       \
		.ref = (r).ref, .change = (r).change, .before = (r).before, .after = (r).after, \
		.hash = (r).hash                                                                \
	}

void store_audit_block_at(struct db_unit *u, const struct audit_range *r, usec_t at)
{
	q_audit_block_at(u, &(struct q_audit_block_at){ r->bucket, r->tenant, at });
}

bool store_audit_block_got(const struct db_unit *u, int stmt, int64_t *out)
{
	struct q_audit_block_at_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_audit_block_at_read(db_rows(u, stmt), 0, &r);
	*out = r.block;
	return true;
}

void store_audit_page(struct db_unit *u, const struct audit_range *r)
{
	if (r->ref.p)
		q_audit_page_of(u, &(struct q_audit_page_of){ .bucket = r->bucket,
							      .tenant = r->tenant,
							      .object = r->object,
							      .ref = r->ref,
							      .from = r->from,
							      .to = r->to,
							      .first = r->first,
							      .block = r->behind.block,
							      .position = r->behind.position,
							      .most = r->most });
	else
		q_audit_page(u, &(struct q_audit_page){ .bucket = r->bucket,
							.tenant = r->tenant,
							.object = r->object,
							.from = r->from,
							.to = r->to,
							.first = r->first,
							.block = r->behind.block,
							.position = r->behind.position,
							.scan = r->scan,
							.most = r->most });
}

size_t store_audit_paged(const struct db_unit *u, int stmt, const struct audit_range *range,
			 struct audit_row **out, struct audit_place *out_scanned)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int all = db_rows_count(rows);
	size_t n = 0;

	*out = arena_array(u->arena, struct audit_row, (size_t)all);
	*out_scanned = (struct audit_place){ .block = 0 };
	for (int i = 0; i < all; i++) {
		struct q_audit_page_of_row of;
		struct q_audit_page_row r;

		if (range->ref.p) {
			q_audit_page_of_read(rows, i, &of);
			(*out)[n++] = ROW_OF(of);
			continue;
		}
		q_audit_page_read(rows, i, &r);
		if (r.is_end)
			*out_scanned = (struct audit_place){ r.block, r.position };
		else
			(*out)[n++] = ROW_OF(r);
	}
	return n;
}

void store_audit_tenants(struct db_unit *u, struct uuid after, struct slice organization,
			 struct slice tenant, int32_t most)
{
	q_audit_tenants(u, &(struct q_audit_tenants){ .after = after,
						      .organization = organization,
						      .tenant = tenant,
						      .most = most });
}

size_t store_audit_tenants_got(const struct db_unit *u, int stmt, struct audit_tenant **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct audit_tenant, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_audit_tenants_row r;

		q_audit_tenants_read(rows, i, &r);
		(*out)[i] = (struct audit_tenant){ r.id, r.bucket, r.organization, r.name };
	}
	return (size_t)n;
}

void store_audit_head(struct db_unit *u, const struct audit_tenant *t)
{
	q_audit_head(u, &(struct q_audit_head){ t->bucket, t->id });
}

bool store_audit_head_got(const struct db_unit *u, int stmt, struct audit_head *out)
{
	struct q_audit_head_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_audit_head_read(db_rows(u, stmt), 0, &r);
	*out = (struct audit_head){ .block = r.block,
				    .hash = r.hash,
				    .digest = r.digest,
				    .floor = r.floor,
				    .floor_hash = r.floor_hash };
	return true;
}

void store_audit_walk(struct db_unit *u, const struct audit_tenant *t, int64_t block,
		      int32_t position, int32_t most)
{
	q_audit_walk(u, &(struct q_audit_walk){ .bucket = t->bucket,
						.tenant = t->id,
						.block = block,
						.position = position,
						.most = most });
}

size_t store_audit_walked(const struct db_unit *u, int stmt, struct audit_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct audit_row, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_audit_walk_row r;

		q_audit_walk_read(rows, i, &r);
		(*out)[i] = ROW_OF(r);
	}
	return (size_t)n;
}
