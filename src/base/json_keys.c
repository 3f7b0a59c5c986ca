/* Which keys the open objects have. A few keys are compared one by one, by hash; an object that
 * goes beyond that moves into a hash table that all such objects share: a slot says whose it is
 * by the object's serial number. Serials rise from text to text, so that the table need not be
 * emptied in between; a slot with a serial of an earlier text is free.
 *
 * The hash is seeded: a client that could make keys collide could make us spend minutes on one
 * body. */
#include "json_int.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/crypto.h"

#define FEW 16
#define LIST_KEPT 1024 /* larger arrays are given back after the text */
#define SLOTS_KEPT 4096

struct key {
	uint32_t hash;
	uint32_t at, n; /* in the text */
	bool is_escaped;
};

struct key_slot {
	unsigned serial;
	uint32_t key;  /* index in the list */
	uint32_t hash; /* the key's, as the list is far away */
};

static uint64_t seed[2];

static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_of(struct slice s)
{
	/* An odd number of the seed, so that the first product already depends on all of it. */
	uint64_t hash = (seed[1] | 1) + 2 * (uint64_t)s.n, word;

	for (; s.n >= 8; s.p += 8, s.n -= 8) {
		memcpy(&word, s.p, 8);
		hash = mix(word ^ seed[0], hash) ^ seed[1];
	}
	word = 0;
	for (size_t i = 0; i < s.n; i++)
		word = word << 8 | (unsigned char)s.p[i];
	hash = mix(mix(word ^ seed[0], hash), seed[1]);
	return (uint32_t)(hash ^ hash >> 32);
}

void json_keys_start(struct json_keys *k, const char *text)
{
	if (!seed[0])
		crypto_random(seed, sizeof(seed));
	k->text = text;
	k->n = 0;
	k->used = 0;
	strbuf_init(&k->plain, SIZE_MAX / 2);
	/* Before the serials run out the table is thrown away, and they start again. */
	if (k->last_serial > UINT32_MAX / 2) {
		free(k->slots);
		k->slots = NULL;
		k->slots_n = 0;
		k->last_serial = 0;
	}
	k->first_serial = k->last_serial + 1;
}

void json_keys_end(struct json_keys *k)
{
	strbuf_release(&k->plain);
	if (k->cap > LIST_KEPT) {
		free(k->list);
		k->list = NULL;
		k->cap = 0;
	}
	if (k->slots_n > SLOTS_KEPT) {
		free(k->slots);
		k->slots = NULL;
		k->slots_n = 0;
	}
}

static unsigned hex4(const char *p)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 4 | (unsigned)hex_digit(p[i]);
	return v;
}

static void add_utf8(struct strbuf *out, unsigned c)
{
	if (c < 0x80) {
		strbuf_addc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		strbuf_addc(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			strbuf_addc(out, (char)(0xe0 | c >> 12));
		} else {
			strbuf_addc(out, (char)(0xf0 | c >> 18));
			strbuf_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		strbuf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	strbuf_addc(out, (char)(0x80 | (c & 0x3f)));
}

/* One escape at p; returns its bytes. */
static size_t unescape_one(struct strbuf *out, const char *p)
{
	static const char named[] = "b\bf\fn\nr\rt\t";
	unsigned c;

	if (p[1] != 'u') {
		const char *at = named;

		while (*at && *at != p[1])
			at += 2;
		strbuf_addc(out, *at ? at[1] : p[1]);
		return 2;
	}
	c = hex4(p + 2);
	if (c < 0xd800 || c > 0xdbff) {
		add_utf8(out, c);
		return 6;
	}
	add_utf8(out, 0x10000 + ((c - 0xd800) << 10) + (hex4(p + 8) - 0xdc00));
	return 12;
}

void json_unescape(struct strbuf *out, struct slice from)
{
	const char *end = from.p + from.n;

	strbuf_clear(out);
	while (from.p < end) {
		const char *at = memchr(from.p, '\\', (size_t)(end - from.p));

		strbuf_add(out, from.p, (size_t)((at ? at : end) - from.p));
		from.p = at ? at + unescape_one(out, at) : end;
	}
}

static bool is_same(const struct json_keys *k, const struct key *a, const struct key *b)
{
	struct slice x = { k->text + a->at, a->n };
	struct slice y = { k->text + b->at, b->n };
	struct strbuf one, two;
	bool same;

	if (a->hash != b->hash)
		return false;
	if (!a->is_escaped && !b->is_escaped)
		return x.n == y.n && memcmp(x.p, y.p, x.n) == 0;
	strbuf_init(&one, SIZE_MAX / 2);
	strbuf_init(&two, SIZE_MAX / 2);
	json_unescape(&one, x);
	json_unescape(&two, y);
	same = one.n == two.n && memcmp(one.p, two.p, one.n) == 0;
	strbuf_release(&one);
	strbuf_release(&two);
	return same;
}

/* The slot of this key in the object's part of the table, or the free one where it belongs. */
static struct key_slot *find(const struct json_keys *k, unsigned serial, const struct key *key)
{
	size_t mask = k->slots_n - 1;
	size_t i = (key->hash ^ serial * 0x9e3779b1u) & mask;

	for (;; i = (i + 1) & mask) {
		struct key_slot *slot = &k->slots[i];

		if (slot->serial < k->first_serial)
			return slot;
		if (slot->serial == serial && slot->hash == key->hash
		    && is_same(k, &k->list[slot->key], key))
			return slot;
	}
}

/* Four times the slots; only what belongs to this text moves over. Slots of objects that are closed
 * go too: their keys may be overwritten, but such a slot is only ever skipped. */
static void more_slots(struct json_keys *k)
{
	struct key_slot *old = k->slots;
	size_t old_n = k->slots_n;

	k->slots_n = old_n ? old_n * 4 : 1024;
	k->slots = mem_new(k->slots_n * sizeof(*k->slots));
	for (size_t i = 0; i < old_n; i++) {
		size_t at;

		if (old[i].serial < k->first_serial || old[i].key >= k->n)
			continue;
		at = old[i].hash ^ old[i].serial * 0x9e3779b1u;
		while (k->slots[at & (k->slots_n - 1)].serial)
			at++;
		k->slots[at & (k->slots_n - 1)] = old[i];
	}
	free(old);
}

/* False when the key is there already. */
static bool put_slot(struct json_keys *k, unsigned serial, size_t index)
{
	struct key_slot *slot;

	if (k->used >= k->slots_n / 2)
		more_slots(k);
	slot = find(k, serial, &k->list[index]);
	if (slot->serial == serial)
		return false;
	*slot = (struct key_slot){ serial, (uint32_t)index, k->list[index].hash };
	k->used++;
	return true;
}

/* The object has outgrown the plain look: its keys so far go into the table. */
static void move_to_table(struct json_keys *k, struct json_object *o)
{
	o->serial = ++k->last_serial;
	for (size_t i = o->first; i < k->n; i++)
		ASSERT(put_slot(k, o->serial, i));
}

bool json_keys_add(struct json_keys *k, struct json_object *o, struct slice key, bool is_escaped)
{
	struct key new = { 0, (uint32_t)(key.p - k->text), (uint32_t)key.n, is_escaped };

	if (k->n == k->cap) {
		k->cap = k->cap ? k->cap * 2 : 64;
		k->list = mem_grow(k->list, k->cap * sizeof(*k->list));
	}
	if (is_escaped) {
		json_unescape(&k->plain, key);
		new.hash = hash_of(strbuf_slice(&k->plain));
	} else {
		new.hash = hash_of(key);
	}
	k->list[k->n] = new;
	if (o->serial == 0 && k->n - o->first >= FEW)
		move_to_table(k, o);
	if (o->serial) {
		if (!put_slot(k, o->serial, k->n))
			return false;
	} else {
		for (size_t i = o->first; i < k->n; i++)
			if (is_same(k, &k->list[i], &new))
				return false;
	}
	k->n++;
	return true;
}
