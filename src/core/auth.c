/* Keys to principals, remembered for AUTH_CACHE by the key's hash; the key itself is never kept.
 * Unknown keys are not remembered, so that a key works at once when it has been made. */
#include "core/auth.h"

#include <stdlib.h>
#include <uthash.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "core/core_int.h"
#include "store/tenant.h"

#define AUTH_ENTRIES_MAX 4096
#define KEY_BYTES_MAX 200

struct entry {
	uint8_t hash[SHA256_BYTES];
	struct who who;
	usec_t until; /* clock_boot() */
	UT_hash_handle hh;
};

struct auth_cache {
	struct entry *entries; /* in the order they were put in */
};

struct lookup {
	uint8_t hash[SHA256_BYTES];
	op_step *next;
};

struct auth_cache *auth_cache_new(void)
{
	return mem_new(sizeof(struct auth_cache));
}

static void forget(struct auth_cache *c, struct entry *e)
{
	HASH_DEL(c->entries, e);
	free(e);
}

void auth_cache_free(struct auth_cache *c)
{
	if (!c)
		return;
	while (c->entries)
		forget(c, c->entries);
	free(c);
}

static void remember(struct auth_cache *c, const uint8_t *hash, const struct who *who)
{
	struct entry *e = NULL;

	HASH_FIND(hh, c->entries, hash, SHA256_BYTES, e);
	if (e)
		forget(c, e);
	if (HASH_COUNT(c->entries) >= AUTH_ENTRIES_MAX)
		forget(c, c->entries);
	e = mem_new(sizeof *e);
	memcpy(e->hash, hash, SHA256_BYTES);
	e->who = *who;
	e->until = clock_boot() + AUTH_CACHE;
	HASH_ADD(hh, c->entries, hash, SHA256_BYTES, e);
}

static flow found(struct op *op)
{
	struct lookup *l = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_INTERNAL);
	if (!store_key_found(op->unit, 0, &op->who))
		return op_fail(op, ERR_UNAUTHORIZED, NULL);
	remember(op->core->auth, l->hash, &op->who);
	op->state = NULL;
	return l->next(op);
}

flow auth_check(struct op *op, struct slice key, op_step *next)
{
	uint8_t hash[SHA256_BYTES];
	struct entry *e = NULL;
	struct lookup *l;

	if (key.n == 0 || key.n > KEY_BYTES_MAX)
		return op_fail(op, ERR_UNAUTHORIZED, NULL);
	crypto_sha256(key, hash);
	HASH_FIND(hh, op->core->auth->entries, hash, SHA256_BYTES, e);
	if (e && e->until > clock_boot()) {
		op->who = e->who;
		return next(op);
	}
	l = arena_make(op->arena, struct lookup);
	memcpy(l->hash, hash, SHA256_BYTES);
	l->next = next;
	op->state = l;
	store_key_find(op_unit(op, LANE_READ),
		       (struct slice){ (const char *)l->hash, SHA256_BYTES }, clock_real());
	return op_db(op, found);
}
