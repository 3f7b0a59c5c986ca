/* What a tenant has, in PostgreSQL. */
#ifndef STORE_QUOTA_H
#define STORE_QUOTA_H

#include "base/id.h"
#include "io/db.h"

/* Schedules of all kinds that count. */
void store_quota_used(struct db_unit *u, int16_t bucket, struct uuid tenant);
int64_t store_quota_used_got(const struct db_unit *u, int stmt);

#endif
