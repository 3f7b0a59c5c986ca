/* Tenants and keys in PostgreSQL. */
#ifndef STORE_TENANT_H
#define STORE_TENANT_H

#include "base/slice.h"
#include "io/db.h"
#include "model/role.h"

void store_key_find(struct db_unit *u, struct slice hash, usec_t now);
/* Limits of -1 are those of the settings. */
bool store_key_found(const struct db_unit *u, int stmt, struct who *out, usec_t *out_expires);
/* The organization and the tenant of this name, made when missing. */
void store_tenant_ensure(struct db_unit *u, const char *name, usec_t now);
struct uuid store_tenant_ensured(const struct db_unit *u, int stmt);

struct tenant_row {
	struct uuid id, organization;
	int16_t bucket;
	struct slice organization_name, name;
	struct limits limits; /* -1: as the settings say */
	usec_t created_at;
	int64_t keys;         /* store_tenants(): live ones */
};
/* A name that is absent: that of `own`. */
void store_tenant_find(struct db_unit *u, struct slice organization, struct slice tenant, const struct who *own);
bool store_tenant_found(const struct db_unit *u, int stmt, struct tenant_row *out);
/* row: both ids (the organization's is taken if it is new), both names. A conflict when it is there. */
void store_tenant_make(struct db_unit *u, const struct tenant_row *row, usec_t now);
void store_tenant_list(struct db_unit *u, usec_t now, int32_t most);
size_t store_tenants(const struct db_unit *u, int stmt, struct tenant_row **out);
/* In the place of `was`; false: they are others by now. */
void store_tenant_limit(struct db_unit *u, struct uuid tenant, const struct limits *l, const struct limits *was);
bool store_tenant_limited(const struct db_unit *u, int stmt);

#endif
