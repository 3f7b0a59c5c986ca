/* UUIDv7: 48 bits of milliseconds, 12 bits of the fraction below them (RFC 9562 6.2, method 3),
 * 62 random bits. The first 60 bits are one number here, the tick, which never falls: when the
 * clock has not moved on, or went back, the next id takes the last tick plus one. 4096 ids in
 * one instant therefore reach into the next millisecond; a clock at rest in a test may see that,
 * nothing else does. */
#include "base/id.h"

#include <pthread.h>
#include <string.h>

#include "base/check.h"
#include "base/crypto.h"

#define DIGITS 26
#define PREFIX_MAX 20

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static uint64_t last_tick;

/* Random bytes by the page: a call to the generator for each id would cost more than the id. */
static struct {
	uint64_t words[512];
	size_t left;
	bool is_watched;
} pool;

/* A child must not mint its parent's ids. */
static void forget_pool(void)
{
	pool.left = 0;
}

static uint64_t random_word(void)
{
	if (pool.left == 0) {
		if (!pool.is_watched)
			ASSERT(pthread_atfork(NULL, NULL, forget_pool) == 0);
		pool.is_watched = true;
		crypto_random(pool.words, sizeof(pool.words));
		pool.left = sizeof(pool.words) / sizeof(pool.words[0]);
	}
	return pool.words[--pool.left];
}

static void put_be64(uint8_t *to, uint64_t v)
{
	for (int i = 7; i >= 0; i--, v >>= 8)
		to[i] = (uint8_t)v;
}

static uint64_t get_be64(const uint8_t *from)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | from[i];
	return v;
}

struct uuid id_new(usec_t now)
{
	uint64_t us = now > 0 ? (uint64_t)now : 0;
	uint64_t tick = (us / 1000) << 12 | (us % 1000) * 4096 / 1000;
	struct uuid id;

	if (tick <= last_tick)
		tick = last_tick + 1;
	last_tick = tick;
	put_be64(id.b, (tick >> 12) << 16 | 0x7000 | (tick & 0xfff));
	put_be64(id.b + 8, 1ull << 63 | random_word() >> 2);
	return id;
}

usec_t id_instant(struct uuid id)
{
	return (usec_t)(get_be64(id.b) >> 16) * MSEC;
}

bool id_is_nil(struct uuid id)
{
	return (get_be64(id.b) | get_be64(id.b + 8)) == 0;
}

int id_compare(struct uuid a, struct uuid b)
{
	return memcmp(a.b, b.b, sizeof(a.b));
}

size_t id_print(const char *prefix, struct uuid id, char out[ID_TEXT_MAX])
{
	uint64_t high = get_be64(id.b), low = get_be64(id.b + 8);
	size_t n = strlen(prefix);

	ASSERT(n <= PREFIX_MAX);
	memcpy(out, prefix, n);
	out[n++] = '_';
	/* From the last digit: five bits each, the first has the three that are left. */
	for (int i = DIGITS - 1; i >= 0; i--) {
		out[n + (size_t)i] = alphabet[low & 31];
		low = low >> 5 | high << 59;
		high >>= 5;
	}
	n += DIGITS;
	out[n] = '\0';
	return n;
}

static int digit_value(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

bool id_parse(const char *prefix, struct slice text, struct uuid *out_id)
{
	size_t n = strlen(prefix);
	uint64_t high = 0, low = 0;
	const char *digits;

	if (!text.p || text.n != n + 1 + DIGITS || memcmp(text.p, prefix, n) != 0
	    || text.p[n] != '_')
		return false;
	digits = text.p + n + 1;
	if (digit_value(digits[0]) > 7)
		return false;
	for (int i = 0; i < DIGITS; i++) {
		int value = digit_value(digits[i]);

		if (value < 0)
			return false;
		high = high << 5 | low >> 59;
		low = low << 5 | (uint64_t)value;
	}
	if ((high | low) == 0) /* nil: stands for "none" everywhere inside */
		return false;
	put_be64(out_id->b, high);
	put_be64(out_id->b + 8, low);
	return true;
}

/* FNV-1a, folded. Rows are stored by it: it can never change. */
int16_t id_bucket(struct uuid tenant)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < sizeof(tenant.b); i++)
		hash = (hash ^ tenant.b[i]) * 16777619u;
	return (int16_t)((hash ^ hash >> 8 ^ hash >> 16 ^ hash >> 24) & 0xff);
}
