/* Tenants and keys in PostgreSQL. */
#ifndef STORE_TENANT_H
#define STORE_TENANT_H

#include "io/db.h"
#include "model/role.h"

void store_key_find(struct db_unit *u, struct slice hash, usec_t now);
bool store_key_found(const struct db_unit *u, int stmt, struct who *out);
/* The organization and the tenant of this name, made when missing. */
void store_tenant_ensure(struct db_unit *u, const char *name, usec_t now);
struct uuid store_tenant_ensured(const struct db_unit *u, int stmt);
/* A key with this hash, valid without end, for this tenant. */
void store_key_ensure(struct db_unit *u, struct slice hash, struct uuid tenant, enum role role, usec_t now);

#endif
