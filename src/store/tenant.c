#include "store/tenant.h"

#include "sql.h"

/* As much of it as has room, at a whole character. */
static void cut(struct slice from, char *to, size_t max)
{
	size_t n = from.n < max ? from.n : max - 1;

	while (n < from.n && n > 0 && ((unsigned char)from.p[n] & 0xc0) == 0x80)
		n--;
	if (n)
		memcpy(to, from.p, n);
	to[n] = '\0';
}

void store_key_find(struct db_unit *u, struct slice hash, usec_t now)
{
	q_key_find(u, &(struct q_key_find){ .hash = hash, .now = now });
}

bool store_key_found(const struct db_unit *u, int stmt, struct who *out, usec_t *out_expires)
{
	struct q_key_find_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_key_find_read(db_rows(u, stmt), 0, &r);
	*out = (struct who){ .tenant = r.tenant,
			     .organization = r.organization,
			     .key = r.id,
			     .bucket = r.bucket,
			     .role = r.role,
			     .actor = ACTOR_KEY,
			     .is_operator = r.is_operator,
			     .has_actions = r.actions.p,
			     .limits = { .requests = r.requests,
					 .schedules = r.schedules,
					 .min_interval = r.min_interval,
					 .payload_max = r.payload } };
	*out_expires = r.expires_at;
	cut(r.name, out->name, sizeof(out->name));
	cut(r.actions, out->actions, sizeof(out->actions));
	return true;
}

void store_tenant_ensure(struct db_unit *u, const char *name, usec_t now)
{
	struct uuid tenant = id_new(now);

	q_tenant_ensure(u, &(struct q_tenant_ensure){ .organization = id_new(now),
						      .tenant = tenant,
						      .bucket = id_bucket(tenant),
						      .name = slice_of(name),
						      .now = now });
}

struct uuid store_tenant_ensured(const struct db_unit *u, int stmt)
{
	struct q_tenant_ensure_row row;

	q_tenant_ensure_read(db_rows(u, stmt), 0, &row);
	return row.tenant;
}

/* --- by name --- */

#define LIMITS_OF(r)                                                         \
	{                                                                    \
		.requests = (r).requests, .schedules = (r).schedules,        \
		.min_interval = (r).min_interval, .payload_max = (r).payload \
	}

void store_tenant_find(struct db_unit *u, struct slice organization, struct slice tenant,
		       const struct who *own)
{
	q_tenant_find(
		u, &(struct q_tenant_find){ organization, own->organization, tenant, own->tenant });
}

bool store_tenant_found(const struct db_unit *u, int stmt, struct tenant_row *out)
{
	struct q_tenant_find_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_tenant_find_read(db_rows(u, stmt), 0, &r);
	*out = (struct tenant_row){ .id = r.id,
				    .organization = r.organization,
				    .bucket = r.bucket,
				    .organization_name = r.organization_name,
				    .name = r.name,
				    .limits = LIMITS_OF(r),
				    .created_at = r.created_at };
	return true;
}

void store_tenant_make(struct db_unit *u, const struct tenant_row *row, usec_t now)
{
	q_tenant_make(u, &(struct q_tenant_make){ .organization = row->organization,
						  .organization_name = row->organization_name,
						  .id = row->id,
						  .bucket = id_bucket(row->id),
						  .name = row->name,
						  .now = now });
}

void store_tenant_list(struct db_unit *u, usec_t now, int32_t most)
{
	q_tenant_list(u, &(struct q_tenant_list){ now, most });
}

size_t store_tenants(const struct db_unit *u, int stmt, struct tenant_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct tenant_row, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_tenant_list_row r;

		q_tenant_list_read(rows, i, &r);
		(*out)[i] = (struct tenant_row){ .id = r.id,
						 .bucket = id_bucket(r.id),
						 .organization_name = r.organization_name,
						 .name = r.name,
						 .limits = LIMITS_OF(r),
						 .created_at = r.created_at,
						 .keys = r.keys };
	}
	return (size_t)n;
}

void store_tenant_limit(struct db_unit *u, struct uuid tenant, const struct limits *l,
			const struct limits *was)
{
	q_tenant_limit(u, &(struct q_tenant_limit){ .id = tenant,
						    .requests = l->requests,
						    .schedules = l->schedules,
						    .min_interval = l->min_interval,
						    .payload = l->payload_max,
						    .requests_was = was->requests,
						    .schedules_was = was->schedules,
						    .min_interval_was = was->min_interval,
						    .payload_was = was->payload_max });
}

bool store_tenant_limited(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}
