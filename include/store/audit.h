/* The audit trail in PostgreSQL, read only; store/ledger.h writes it. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "io/db.h"

struct audit_row {
	int64_t block, version;
	int32_t position;
	int16_t actor, object;
	struct uuid id, key;
	usec_t at;
	struct slice actor_name, request_id, ref, change, before, after;
	struct slice hash;
};

/* A place in a list, newest first. */
struct audit_place {
	int64_t block; /* 1 ...; 0: none */
	int32_t position;
};
struct audit_range {
	int16_t bucket, object; /* object 0: any */
	struct uuid tenant;
	struct slice ref;       /* absent: any; with an object */
	usec_t from, to;        /* instants; to is not in it */
	int64_t first;          /* nothing of an earlier block */
	struct audit_place behind;
	int32_t most;
	int32_t scan;           /* rows that are looked at, at most; without a ref */
};
/* The block where those of this instant begin; entries stand in the order in which they were committed, so instants
 * may be off by what clocks differ and a request takes. False: the tenant has none. */
void store_audit_block_at(struct db_unit *u, const struct audit_range *r, usec_t at);
bool store_audit_block_got(const struct db_unit *u, int stmt, int64_t *out);
void store_audit_page(struct db_unit *u, const struct audit_range *r);
/* *out_scanned: where it stopped looking; none when there is no more. */
size_t store_audit_paged(const struct db_unit *u, int stmt, const struct audit_range *r, struct audit_row **out,
			 struct audit_place *out_scanned);

struct audit_tenant {
	struct uuid id;
	int16_t bucket;
	struct slice organization, name;
};
/* By id, behind `after`; an absent name stands for all. */
void store_audit_tenants(struct db_unit *u, struct uuid after, struct slice organization, struct slice tenant,
			 int32_t most);
size_t store_audit_tenants_got(const struct db_unit *u, int stmt, struct audit_tenant **out);

struct audit_head {
	int64_t block;      /* the last one */
	struct slice hash, digest;
	int64_t floor;      /* the last that retention removed; 0: none */
	struct slice floor_hash;
};
void store_audit_head(struct db_unit *u, const struct audit_tenant *t);
bool store_audit_head_got(const struct db_unit *u, int stmt, struct audit_head *out); /* false: there is none */
/* The whole chain, oldest first, behind this block and position. */
void store_audit_walk(struct db_unit *u, const struct audit_tenant *t, int64_t block, int32_t position, int32_t most);
size_t store_audit_walked(const struct db_unit *u, int stmt, struct audit_row **out);

#endif
