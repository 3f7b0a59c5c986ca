/* Random documents and random patches: the merge on raw text means what a naive one over cJSON trees does (RFC
 * 7396 section 2, transcribed), and what no patch names keeps its bytes. SEED= replays a run. */
#include <check.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/json_merge.h"

#define ROUNDS 20000
#define DEEPEST 5

static uint64_t seed, state;

static unsigned dice(unsigned sides)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % sides;
}

static void setup(void)
{
	const char *given = getenv("SEED");

	seed = given ? strtoull(given, NULL, 10) : (uint64_t)clock_real();
	state = seed;
	printf("p_json_merge: SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
}

/* --- making --- */

static void make_space(struct strbuf *b)
{
	for (unsigned n = dice(8); n > 6; n--)
		strbuf_addc(b, " \n\t\r"[dice(4)]);
}

/* Few names, so that documents and patches meet; some with escapes that mean others of them. */
static const char *const names[] = { "a",       "b",    "c",        "ab",     "",
				     "\\u0061", "n\\n", "\xc3\xa4", "\\u00e4" };
static const char *const plain[] = { "a", "b", "c", "ab", "", "a", "n\n", "\xc3\xa4", "\xc3\xa4" };
#define NAMES (sizeof(names) / sizeof(names[0]))

static void make_value(struct strbuf *b, int depth);

static void make_object(struct strbuf *b, int depth)
{
	bool used[NAMES] = { false };
	const char *between = "";

	strbuf_addc(b, '{');
	for (unsigned n = dice(5); n; n--) {
		unsigned k = dice(NAMES);
		bool again = false;

		for (size_t i = 0; i < NAMES; i++)
			again |= used[i] && strcmp(plain[i], plain[k]) == 0;
		if (again)
			continue;
		used[k] = true;
		strbuf_adds(b, between);
		make_space(b);
		strbuf_addf(b, "\"%s\"", names[k]);
		make_space(b);
		strbuf_addc(b, ':');
		make_space(b);
		make_value(b, depth + 1);
		make_space(b);
		between = ",";
	}
	strbuf_addc(b, '}');
}

static void make_array(struct strbuf *b, int depth)
{
	strbuf_addc(b, '[');
	for (unsigned n = dice(3), i = 0; i < n; i++) {
		if (i)
			strbuf_addc(b, ',');
		make_value(b, depth + 1);
	}
	strbuf_addc(b, ']');
}

static void make_value(struct strbuf *b, int depth)
{
	static const char *const scalars[] = { "null",  "null",     "true",
					       "0",     "-1.5",     "12",
					       "\"x\"", "\"null\"", "\"}\\\"{\\\\\"" };
	unsigned what = dice(depth < DEEPEST ? 8 : 4);

	if (what < 4)
		strbuf_adds(b, scalars[dice(sizeof(scalars) / sizeof(scalars[0]))]);
	else if (what < 7)
		make_object(b, depth);
	else
		make_array(b, depth);
}

/* --- the naive one --- */

static cJSON *naive(cJSON *target, const cJSON *patch)
{
	cJSON *member;

	if (!cJSON_IsObject(patch)) {
		cJSON_Delete(target);
		return cJSON_Duplicate(patch, true);
	}
	if (!cJSON_IsObject(target)) {
		cJSON_Delete(target);
		target = cJSON_CreateObject();
	}
	cJSON_ArrayForEach(member, patch)
	{
		cJSON *old = cJSON_DetachItemFromObjectCaseSensitive(target, member->string);

		if (cJSON_IsNull(member))
			cJSON_Delete(old);
		else
			cJSON_AddItemToObject(target, member->string, naive(old, member));
	}
	return target;
}

START_TEST(it_means_what_the_rfc_says)
{
	struct strbuf target, patch, out;

	strbuf_init(&target, 1024 * 1024);
	strbuf_init(&patch, 1024 * 1024);
	strbuf_init(&out, 4 * 1024 * 1024);
	for (int round = 0; round < ROUNDS; round++) {
		struct arena *a = arena_new();
		cJSON *got, *wanted, *change;

		strbuf_clear(&target);
		strbuf_clear(&patch);
		strbuf_clear(&out);
		make_value(&target, 0);
		make_value(&patch, 0);
		ck_assert(json_merge(strbuf_slice(&target), strbuf_slice(&patch), a, &out));
		got = cJSON_Parse(out.p);
		change = cJSON_Parse(patch.p);
		wanted = naive(cJSON_Parse(target.p), change);
		ck_assert_msg(got && cJSON_Compare(got, wanted, true), "SEED=%llu\n%s\n%s\n%s",
			      (unsigned long long)seed, target.p, patch.p, out.p);
		cJSON_Delete(got);
		cJSON_Delete(wanted);
		cJSON_Delete(change);
		arena_free(a);
	}
	strbuf_release(&target);
	strbuf_release(&patch);
	strbuf_release(&out);
}
END_TEST

/* A member beside the one that is patched comes out with its bytes, however it is written. */
START_TEST(neighbours_keep_their_bytes)
{
	struct strbuf member, target, out;

	strbuf_init(&member, 1024 * 1024);
	strbuf_init(&target, 1024 * 1024);
	strbuf_init(&out, 1024 * 1024);
	for (int round = 0; round < ROUNDS; round++) {
		struct arena *a = arena_new();

		strbuf_clear(&member);
		strbuf_clear(&target);
		strbuf_clear(&out);
		strbuf_adds(&member, "\"keep\"");
		make_space(&member);
		strbuf_addc(&member, ':');
		make_space(&member);
		make_value(&member, 1);
		strbuf_addf(&target, "{\"deep\":{%s,\"x\":1}}", member.p);
		ck_assert(json_merge(strbuf_slice(&target), SLICE_LIT("{\"deep\":{\"x\":2}}"), a,
				     &out));
		strbuf_clear(&target);
		strbuf_addf(&target, "{\"deep\":{%s,\"x\":2}}", member.p);
		ck_assert_msg(strcmp(out.p, target.p) == 0, "SEED=%llu\n%s\n%s",
			      (unsigned long long)seed, target.p, out.p);
		arena_free(a);
	}
	strbuf_release(&member);
	strbuf_release(&target);
	strbuf_release(&out);
}
END_TEST

Suite *suite_json_merge_prop(void)
{
	Suite *s = suite_create("json_merge_prop");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, it_means_what_the_rfc_says);
	tcase_add_test(tc, neighbours_keep_their_bytes);
	suite_add_tcase(s, tc);
	return s;
}
