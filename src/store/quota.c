#include "store/quota.h"

#include "sql.h"

void store_quota_used(struct db_unit *u, int16_t bucket, struct uuid tenant)
{
	q_quota_used(u, &(struct q_quota_used){ .bucket = bucket, .tenant = tenant });
}

int64_t store_quota_used_got(const struct db_unit *u, int stmt)
{
	struct q_quota_used_row row;

	q_quota_used_read(db_rows(u, stmt), 0, &row);
	return row.schedules;
}
