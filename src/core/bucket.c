#include "core/bucket.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/crypto.h"

#define SETS (BUCKETS_MAX / BUCKETS_SET)
_Static_assert((SETS & (SETS - 1)) == 0, "a set is chosen by bits");
_Static_assert(BUCKET_LIMIT_MAX <= INT64_MAX / BUCKET_WINDOW, "a full bucket's parts are a number");

struct bucket_table {
	uint64_t salt; /* so that nobody can choose keys that share a set */
	struct bucket sets[SETS][BUCKETS_SET];
};

struct bucket_table *bucket_table_new(void)
{
	struct bucket_table *t = mem_new(sizeof *t);

	crypto_random(&t->salt, sizeof t->salt);
	return t;
}

void bucket_table_free(struct bucket_table *t)
{
	free(t);
}

static struct bucket *set_of(struct bucket_table *t, const uint8_t key[16])
{
	uint64_t high, low;

	memcpy(&high, key, 8);
	memcpy(&low, key + 8, 8);
	high = (high ^ low * 0x9e3779b97f4a7c15u ^ t->salt) * 0xff51afd7ed558ccdu;
	return t->sets[(high ^ high >> 32) & (SETS - 1)];
}

/* As far in the past as may be for one that nobody has. */
static usec_t full_at(const struct bucket *b)
{
	return b->limit ? b->at + b->spent / b->limit : INT64_MIN;
}

static struct bucket *make(struct bucket *set, const uint8_t key[16])
{
	struct bucket *fullest = set;

	for (int i = 1; i < BUCKETS_SET; i++)
		if (full_at(&set[i]) < full_at(fullest))
			fullest = &set[i];
	*fullest = (struct bucket){ .at = 0 };
	memcpy(fullest->key, key, sizeof fullest->key);
	return fullest;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

struct bucket *bucket_find(struct bucket_table *t, const uint8_t key[16], int32_t limit, usec_t now)
{
	struct bucket *set = set_of(t, key), *b = NULL;

	ASSERT(limit >= 1 && limit <= BUCKET_LIMIT_MAX);
	for (int i = 0; i < BUCKETS_SET && !b; i++)
		if (set[i].limit && memcmp(set[i].key, key, sizeof set[i].key) == 0)
			b = &set[i];
	if (!b)
		b = make(set, key);
	/* What passed until now came back by the limit of then. */
	if (b->limit && now > b->at)
		b->spent -= least(least(now - b->at, BUCKET_WINDOW) * b->limit, b->spent);
	if (!b->limit || now > b->at)
		b->at = now;
	b->limit = limit;
	b->spent = least(b->spent, limit * BUCKET_WINDOW);
	return b;
}

int32_t bucket_left(const struct bucket *b)
{
	return (int32_t)((b->limit * BUCKET_WINDOW - b->spent) / BUCKET_WINDOW);
}

void bucket_take(struct bucket *b)
{
	ASSERT(bucket_left(b) > 0);
	b->spent += BUCKET_WINDOW;
}

void bucket_give(struct bucket *b)
{
	b->spent -= least(b->spent, BUCKET_WINDOW);
}

int32_t bucket_wait(const struct bucket *b)
{
	int64_t missing = b->spent % BUCKET_WINDOW, a_second = b->limit * SEC;

	if (b->spent == 0)
		return 0;
	if (missing == 0)
		missing = BUCKET_WINDOW;
	return (int32_t)((missing + a_second - 1) / a_second);
}
