/* The audit trail: names of objects as callers write them, and the walk along a chain. */
#include "core/audit.h"

#include <check.h>
#include <string.h>

#include "base/crypto.h"
#include "core/audit_verify.h"
#include "core/snapshot.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

/* --- names --- */

static const struct uuid some = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255 } };
#define SOME "01020304-0506-0708-090a-0b0c0d0e0fff"

static const struct {
	const char *prefix;
	enum object asked, object; /* object 0: refused */
} ids[] = {
	{ "schedule", 0, OBJECT_SCHEDULE }, { "job", 0, OBJECT_SCHEDULE },
	{ "plan", 0, OBJECT_SCHEDULE },     { "plan", OBJECT_SCHEDULE, OBJECT_SCHEDULE },
	{ "plan", OBJECT_RUN, 0 },          { "task", 0, OBJECT_RUN },
	{ "run", OBJECT_RUN, OBJECT_RUN },  { "chain", 0, OBJECT_CHAIN },
	{ "crun", 0, OBJECT_CHAIN_RUN },    { "key", 0, OBJECT_KEY },
	{ "tenant", 0, OBJECT_TENANT },     { "node", 0, 0 },
};

START_TEST(an_id_says_its_object)
{
	char text[ID_TEXT_MAX];
	struct slice id = { text, id_print(ids[_i].prefix, some, text) }, ref;
	enum object object = ids[_i].asked;
	bool is_one = audit_ref_parse(id, arena, &object, &ref);

	ck_assert_int_eq(is_one, ids[_i].object != 0);
	if (is_one) {
		ck_assert_int_eq(object, ids[_i].object);
		ck_assert(slice_is(ref, SOME));
	}
}
END_TEST

START_TEST(a_name_needs_its_object)
{
	static const struct {
		enum object object;
		bool is_one;
	} rows[] = {
		{ 0, false },
		{ OBJECT_SCHEDULE, false },
		{ OBJECT_RUN, false },
		{ OBJECT_CALENDAR, true },
		{ OBJECT_AGENT, true },
		{ OBJECT_ACTION, true },
		{ OBJECT_CHANNEL, true },
		{ OBJECT_CHAIN, false },
		{ OBJECT_KEY, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum object object = rows[i].object;
		struct slice ref;

		ck_assert_int_eq(audit_ref_parse(SLICE_LIT("a:b"), arena, &object, &ref),
				 rows[i].is_one);
		ck_assert(!rows[i].is_one || slice_is(ref, "a:b"));
	}
}
END_TEST

START_TEST(a_ref_is_shown_by_its_kind)
{
	static const struct {
		enum object object;
		const char *ref, *before, *after, *prefix; /* NULL: as it is */
	} rows[] = {
		{ OBJECT_SCHEDULE, SOME, NULL, "{\"kind\":\"plan\"}", "plan_" },
		{ OBJECT_SCHEDULE, SOME, "{\"kind\":\"job\"}", NULL, "job_" },
		{ OBJECT_RUN, SOME, NULL, "{\"kind\":\"schedule\"}", "task_" },
		{ OBJECT_RUN, SOME, NULL, "{\"kind\":\"job\"}", "run_" },
		{ OBJECT_RUN, SOME, NULL, "{\"damaged\":1}", "task_" },
		{ OBJECT_KEY, SOME, NULL, NULL, "key_" },
		{ OBJECT_AGENT, "a-b", NULL, NULL, NULL },
		{ OBJECT_AGENT, SOME, NULL, NULL, NULL },
		{ OBJECT_KEY, "0102030405060708090a0b0c0d0e0fff", NULL, NULL, NULL },
		{ OBJECT_KEY, "01020304-0506-0708-090a-0b0c0d0e0ffg", NULL, NULL, NULL },
		{ OBJECT_KEY, "------------------------------------", NULL, NULL, NULL },
		{ OBJECT_COUNT, SOME, NULL, NULL, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct audit_entry e = { .object = rows[i].object,
					 .ref = slice_of(rows[i].ref),
					 .before = slice_of(rows[i].before),
					 .after = slice_of(rows[i].after) };
		struct slice shown = audit_ref_print(&e, arena), back;
		enum object object = e.object;

		if (!rows[i].prefix) {
			ck_assert(slice_is(shown, rows[i].ref));
			continue;
		}
		ck_assert_msg(memcmp(shown.p, rows[i].prefix, strlen(rows[i].prefix)) == 0, "%.*s",
			      SLICE_ARG(shown));
		ck_assert(audit_ref_parse(shown, arena, &object, &back));
		ck_assert(slice_is(back, SOME));
	}
}
END_TEST

/* --- the walk --- */

enum { BLOCKS = 4, ENTRIES = 7 };
static const int block_of[ENTRIES] = { 1, 2, 2, 2, 3, 4, 4 };

struct chain {
	struct audit_entry e[ENTRIES + 1];
	size_t n;
	uint8_t hashes[BLOCKS + 1][32], digest[32];
	int64_t head, floor;
};

static struct slice bytes(const uint8_t of[32])
{
	return (struct slice){ (const char *)of, 32 };
}

/* As sql/queries/ledger.sql makes it. */
static struct chain make_chain(void)
{
	struct chain c = { .n = ENTRIES, .head = BLOCKS };
	uint8_t digests[ENTRIES][32], both[64];

	for (int i = 0; i < ENTRIES; i++) {
		c.e[i] = (struct audit_entry){
			.block = block_of[i],
			.position = 1 + (i > 0 && block_of[i - 1] == block_of[i])
				  + (i > 1 && block_of[i - 2] == block_of[i]),
			.id = { { (uint8_t)(i + 1) } },
			.at = 1000 + i,
			.actor = ACTOR_KEY,
			.actor_name = SLICE_LIT("k"),
			.object = OBJECT_AGENT,
			.ref = SLICE_LIT("a"),
			.what = SLICE_LIT("changed"),
			.before = SLICE_LIT("{}"),
		};
		audit_digest(&c.e[i], digests[i]);
	}
	for (int b = 1, i = 0; b <= BLOCKS; b++) {
		int first = i;

		while (i < ENTRIES && block_of[i] == b)
			i++;
		crypto_sha256(
			(struct slice){ (const char *)digests[first], (size_t)(i - first) * 32 },
			c.digest);
		memcpy(both, c.hashes[b - 1], 32);
		memcpy(both + 32, c.digest, 32);
		crypto_sha256((struct slice){ (const char *)both, 64 }, c.hashes[b]);
	}
	return c;
}

static void walk(const struct chain *c, struct audit_walk *w)
{
	bool is_fine = true;

	audit_walk_begin(w, c->floor,
			 c->floor ? bytes(c->hashes[c->floor]) : (struct slice){ NULL, 0 });
	for (size_t i = 0; i < c->n && is_fine; i++) {
		struct audit_entry e = c->e[i];

		if (c->floor && e.block <= c->floor)
			continue;
		if (!e.hash.p && e.block >= 0 && e.block <= BLOCKS)
			e.hash = bytes(c->hashes[e.block]);
		is_fine = audit_walk_entry(w, &e);
	}
	if (is_fine)
		(void)audit_walk_end(w, c->head, bytes(c->hashes[c->head]), bytes(c->digest));
	audit_walk_release(w);
}

START_TEST(a_whole_chain_is_fine)
{
	struct chain c = make_chain(), none = { .n = 0 };
	struct audit_walk w;

	walk(&c, &w);
	ck_assert_msg(!w.fault, "%s", w.fault);
	ck_assert_int_eq(w.entries, ENTRIES);
	ck_assert_int_eq(w.blocks, BLOCKS);
	ck_assert_mem_eq(w.before, c.hashes[BLOCKS], 32);
	walk(&none, &w);
	ck_assert(!w.fault);
	ck_assert_int_eq(w.entries, 0);
}
END_TEST

START_TEST(it_begins_where_retention_left_it)
{
	for (int64_t floor = 1; floor <= BLOCKS; floor++) {
		struct chain c = make_chain();
		struct audit_walk w;

		c.floor = floor;
		walk(&c, &w);
		ck_assert_msg(!w.fault, "%d: %s", (int)floor, w.fault);
		ck_assert_int_eq(w.blocks, BLOCKS - floor);
		/* Its hash is part of what comes behind. */
		c.hashes[floor][5] ^= 1;
		walk(&c, &w);
		ck_assert_int_eq(w.fault != NULL, floor < BLOCKS);
	}
}
END_TEST

static void lose(struct chain *c, size_t i)
{
	memmove(&c->e[i], &c->e[i + 1], (--c->n - i) * sizeof(c->e[0]));
}

static void lose_first(struct chain *c)
{
	lose(c, 0);
}
static void lose_block(struct chain *c)
{
	lose(c, 4);
}
static void lose_middle(struct chain *c)
{
	lose(c, 2);
}
static void lose_end_of_block(struct chain *c)
{
	lose(c, 3);
}
static void lose_last(struct chain *c)
{
	c->n -= 2;
}
static void lose_all(struct chain *c)
{
	c->n = 0;
}
static void lose_head(struct chain *c)
{
	c->head = 0;
}
static void old_head(struct chain *c)
{
	c->head = 3;
}
static void other_digest(struct chain *c)
{
	c->digest[0] ^= 1;
}
static void other_at(struct chain *c)
{
	c->e[2].at++;
}
static void other_null(struct chain *c)
{
	c->e[0].after = SLICE_LIT("");
}
static void other_words(struct chain *c)
{
	/* The same bytes, one of them in the next column. */
	c->e[5].ref = SLICE_LIT("ac");
	c->e[5].what = SLICE_LIT("hanged");
}
static void swap(struct chain *c)
{
	struct audit_entry e = c->e[2];

	c->e[2].id = c->e[3].id;
	c->e[2].at = c->e[3].at;
	c->e[3].id = e.id;
	c->e[3].at = e.at;
}
static void other_hash(struct chain *c)
{
	c->e[2].hash = bytes(c->hashes[1]);
}
static void other_hash_alone(struct chain *c)
{
	c->e[4].hash = bytes(c->hashes[1]);
}
static void short_hash(struct chain *c)
{
	c->e[4].hash = (struct slice){ "x", 1 };
}
static void no_block(struct chain *c)
{
	c->e[0].block = 0;
}
static void block_below(struct chain *c)
{
	c->e[0].block = -1;
}
static void twice(struct chain *c)
{
	c->e[ENTRIES] = c->e[ENTRIES - 1];
	c->e[ENTRIES].position++;
	c->n++;
}

static const struct {
	void (*spoil)(struct chain *c);
	int64_t block;
	int32_t position;
	const char *fault;
} spoilt[] = {
	{ lose_first, 1, 0, "is missing" },
	{ lose_block, 3, 0, "is missing" },
	{ lose_middle, 2, 2, "is missing" },
	{ lose_end_of_block, 2, 0, "is not as it was written" },
	{ lose_last, 4, 0, "is missing" },
	{ lose_all, 1, 0, "is missing" },
	{ lose_head, 4, 0, "is the last one, but the head is missing" },
	{ old_head, 4, 0, "is not what the head says" },
	{ other_digest, 4, 0, "is not what the head says" },
	{ other_at, 2, 0, "is not as it was written" },
	{ other_null, 1, 0, "is not as it was written" },
	{ other_words, 4, 0, "is not as it was written" },
	{ swap, 2, 0, "is not as it was written" },
	{ other_hash, 2, 2, "has another hash than its block" },
	{ other_hash_alone, 3, 0, "is not as it was written" },
	{ short_hash, 3, 1, "has no hash" },
	{ no_block, 1, 0, "is missing" },
	{ block_below, -1, 1, "has no hash" },
	{ twice, 4, 0, "is not as it was written" },
};

START_TEST(what_was_spoilt_is_found)
{
	struct chain c = make_chain();
	struct audit_walk w;

	spoilt[_i].spoil(&c);
	walk(&c, &w);
	ck_assert_msg(w.fault != NULL, "nothing was found");
	ck_assert_str_eq(w.fault, spoilt[_i].fault);
	ck_assert_int_eq(w.fault_block, spoilt[_i].block);
	ck_assert_int_eq(w.fault_position, spoilt[_i].position);
}
END_TEST

Suite *suite_audit(void)
{
	Suite *s = suite_create("audit");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, an_id_says_its_object, 0, sizeof(ids) / sizeof(ids[0]));
	tcase_add_test(t, a_name_needs_its_object);
	tcase_add_test(t, a_ref_is_shown_by_its_kind);
	tcase_add_test(t, a_whole_chain_is_fine);
	tcase_add_test(t, it_begins_where_retention_left_it);
	tcase_add_loop_test(t, what_was_spoilt_is_found, 0, sizeof(spoilt) / sizeof(spoilt[0]));
	suite_add_tcase(s, t);
	return s;
}
