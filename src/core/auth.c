/* Keys to principals, remembered for AUTH_CACHE by the key's hash; the key itself is never kept.
 * Unknown keys are not remembered, so that a key works at once when it has been made. */
#include "core/auth.h"

#include <stdlib.h>
#include <uthash.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/metric.h"
#include "core/auth_failures.h"
#include "core/core_int.h"
#include "core/key_text.h"
#include "store/tenant.h"

#define AUTH_ENTRIES_MAX 4096
#define KEY_BYTES_MAX 200
#define TRUSTED (10 * MIN) /* a key that was good so lately may come from any address */

struct entry {
	uint8_t hash[SHA256_BYTES];
	struct who who;
	usec_t until;   /* clock_boot() */
	usec_t expires; /* clock_now() */
	UT_hash_handle hh;
};

struct auth_cache {
	struct entry *entries; /* in the order they were put in */
	unsigned forgets;      /* auth_forget(): what was asked before it may be out of date */
};

struct lookup {
	uint8_t hash[SHA256_BYTES];
	op_step *next;
	bool is_malformed; /* the database need not be asked */
	bool is_tried;     /* auth_tried() is to be told */
	int tries;
	unsigned forgets; /* of the cache when the database was asked */
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

static void remember(struct auth_cache *c, const uint8_t *hash, const struct who *who,
		     usec_t expires)
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
	e->expires = expires;
	HASH_ADD(hh, c->entries, hash, SHA256_BYTES, e);
}

void auth_forget(struct core *c, struct uuid key)
{
	struct entry *e, *next;

	c->auth->forgets++;
	HASH_ITER(hh, c->auth->entries, e, next)
		if (id_compare(e->who.key, key) == 0)
			forget(c->auth, e);
}

/* What nobody set for the tenant is as the settings say. */
static void settle_limits(struct limits *l, const struct limits *settings)
{
	if (l->requests < 0)
		l->requests = settings->requests;
	if (l->schedules < 0)
		l->schedules = settings->schedules;
	if (l->min_interval < 0)
		l->min_interval = settings->min_interval;
	if (l->payload_max < 0)
		l->payload_max = settings->payload_max;
}

/* However old; NULL: it was not found lately. */
static struct entry *entry_of(struct auth_cache *c, const uint8_t *hash)
{
	struct entry *e = NULL;

	HASH_FIND(hh, c->entries, hash, SHA256_BYTES, e);
	return e;
}

static flow refuse(struct op *op, const struct lookup *l)
{
	struct entry *e = entry_of(op->core->auth, l->hash);

	if (e)
		forget(op->core->auth, e);
	metric_add(METRIC_AUTH_FAILURES, 1);
	if (l->is_tried)
		auth_tried(op, true);
	return op_fail(op, ERR_UNAUTHORIZED, NULL);
}

static flow found(struct op *op)
{
	struct lookup *l = op->state;
	bool is_answered = op->unit->outcome == DB_OK;
	usec_t expires = USEC_NEVER;

	if (is_answered && !store_key_found(op->unit, 0, &op->who, &expires))
		return refuse(op, l);
	if (l->is_tried)
		auth_tried(op, false);
	if (!is_answered)
		return op_db_fail(op, ERR_INTERNAL);
	settle_limits(&op->who.limits, &op->core->limits);
	if (l->forgets == op->core->auth->forgets)
		remember(op->core->auth, l->hash, &op->who, expires);
	op->state = NULL;
	return l->next(op);
}

static bool is_fresh(const struct entry *e, usec_t now)
{
	return e && e->until > clock_boot() && e->expires > now;
}

static flow look_up(struct op *op)
{
	struct lookup *l = op->state;
	const struct entry *e = entry_of(op->core->auth, l->hash);
	enum auth_try may = AUTH_TRY;

	if (is_fresh(e, op->now)) { /* found while we waited */
		op->who = e->who;
		op->state = NULL;
		return l->next(op);
	}
	l->is_tried = !e || e->until + TRUSTED < clock_boot();
	if (l->is_tried)
		may = auth_try(op);
	if (may == AUTH_WAIT && ++l->tries < OP_AGAIN_MAX)
		return op_again(op, l->tries, look_up);
	if (may != AUTH_TRY)
		return op_fail(op, ERR_TOO_MANY_FAILURES, NULL);
	if (l->is_malformed)
		return refuse(op, l);
	l->forgets = op->core->auth->forgets;
	store_key_find(op_unit(op, LANE_READ),
		       (struct slice){ (const char *)l->hash, SHA256_BYTES }, op->now);
	return op_db(op, found);
}

flow auth_check(struct op *op, struct slice key, op_step *next)
{
	uint8_t hash[SHA256_BYTES];
	const struct entry *e;
	struct lookup *l;

	crypto_sha256(key, hash);
	e = entry_of(op->core->auth, hash);
	if (is_fresh(e, op->now)) {
		op->who = e->who;
		return next(op);
	}
	l = arena_make(op->arena, struct lookup);
	memcpy(l->hash, hash, SHA256_BYTES);
	l->next = next;
	l->is_malformed = key.n == 0 || key.n > KEY_BYTES_MAX
		       || key_text_check(key) == KEY_TEXT_BAD;
	op->state = l;
	return look_up(op);
}
