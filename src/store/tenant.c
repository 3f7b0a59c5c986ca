#include "store/tenant.h"

#include "sql.h"

void store_key_find(struct db_unit *u, struct slice hash, usec_t now)
{
	q_key_find(u, &(struct q_key_find){ .hash = hash, .now = now });
}

bool store_key_found(const struct db_unit *u, int stmt, struct who *out)
{
	struct q_key_find_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_key_find_read(db_rows(u, stmt), 0, &r);
	*out = (struct who){ .tenant = r.tenant,
			     .organization = r.organization,
			     .key = r.id,
			     .bucket = r.bucket,
			     .role = r.role };
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

void store_key_ensure(struct db_unit *u, struct slice hash, struct uuid tenant, enum role role,
		      usec_t now)
{
	q_key_ensure(u, &(struct q_key_ensure){ .hash = hash,
						.id = id_new(now),
						.tenant = tenant,
						.name = SLICE_LIT("CARILLON_API_KEY"),
						.role = (int16_t)role,
						.now = now });
}
