/* Keys in PostgreSQL: their SHA-256, and what there is to say about them. */
#ifndef STORE_KEY_H
#define STORE_KEY_H

#include "io/db.h"
#include "model/role.h"

struct key_row {
	struct uuid id, tenant, organization;
	int16_t bucket;
	struct slice tenant_name, organization_name, name, prefix;
	struct slice actions; /* patterns, a comma after each; absent: all */
	enum role role;
	usec_t created_at, expires_at, revoked_at, last_used_at; /* USEC_NEVER: not */
	struct uuid created_by, replaces;                        /* nil: none */
};

/* What the row of a new key takes from `row`: id, tenant, name, role, actions, prefix, created_at, expires_at,
 * created_by, replaces. */
struct key_new {
	const struct key_row *row;
	struct slice hash;
	usec_t old_expires, old_expires_was; /* of the one it replaces: its end from now on, and as it was read */
	int32_t most;                        /* live ones in its tenant */
};
enum key_end { KEY_DONE, KEY_REFUSED, KEY_CHANGED };
void store_key_insert(struct db_unit *u, const struct key_new *key);
/* KEY_REFUSED: there are too many. KEY_CHANGED: the one it replaces is not as it was read. */
enum key_end store_key_inserted(const struct db_unit *u, int stmt);

/* Of who->tenant, or of any when he is an operator. */
void store_key_get(struct db_unit *u, struct uuid id, const struct who *who);
bool store_key_got(const struct db_unit *u, int stmt, struct key_row *out);

struct key_place {
	usec_t before;
	struct uuid before_id;
	int32_t most;
};
void store_key_page(struct db_unit *u, struct uuid tenant, const struct key_place *place);
size_t store_keys(const struct db_unit *u, int stmt, struct key_row **out);

void store_key_revoke(struct db_unit *u, const struct key_row *was, usec_t now);
/* KEY_REFUSED: it is the last way in. */
enum key_end store_key_revoked(const struct db_unit *u, int stmt);

/* The key of the settings (core/key_own.h): its id, tenant, bucket, name, role, actions, prefix, expires_at and
 * revoked_at. */
void store_key_own(struct db_unit *u, struct slice hash);
bool store_key_got_own(const struct db_unit *u, int stmt, struct key_row *out);
/* Made of `row`, or put back into the role of it, with every action and no end. */
void store_key_ensure(struct db_unit *u, const struct key_row *row, struct slice hash);

struct key_use_row {
	struct uuid id;
	usec_t at;
};
void store_key_used(struct db_unit *u, const struct key_use_row *const *rows, size_t n);

#endif
