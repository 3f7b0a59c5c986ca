/* JSON Merge Patch: the table of RFC 7396 appendix A word for word, and the bytes of what is not named. */
#include <check.h>
#include <cjson/cJSON.h>
#include <string.h>

#include "base/json.h"
#include "base/json_merge.h"

static struct arena *a;
static struct strbuf out;

static void setup(void)
{
	a = arena_new();
	strbuf_init(&out, 4 * 1024 * 1024);
}

static void teardown(void)
{
	strbuf_release(&out);
	arena_free(a);
}

static bool merge(const char *target, const char *patch)
{
	strbuf_clear(&out);
	return json_merge(slice_of(target), slice_of(patch), a, &out);
}

/* RFC 7396, appendix A: original, patch, result. */
static const struct {
	const char *original, *patch, *result;
} table[] = {
	{ "{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
	{ "{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}" },
	{ "{\"a\":\"b\"}", "{\"a\":null}", "{}" },
	{ "{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}" },
	{ "{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
	{ "{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}" },
	{ "{\"a\": {\"b\": \"c\"}}", "{\"a\": {\"b\": \"d\",\"c\": null}}",
	  "{\"a\": {\"b\": \"d\"}}" },
	{ "{\"a\": [{\"b\":\"c\"}]}", "{\"a\": [1]}", "{\"a\": [1]}" },
	{ "[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]" },
	{ "{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]" },
	{ "{\"a\":\"foo\"}", "null", "null" },
	{ "{\"a\":\"foo\"}", "\"bar\"", "\"bar\"" },
	{ "{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}" },
	{ "[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}" },
	{ "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}" },
};

START_TEST(the_appendix)
{
	cJSON *got, *wanted;

	ck_assert(merge(table[_i].original, table[_i].patch));
	got = cJSON_Parse(out.p);
	wanted = cJSON_Parse(table[_i].result);
	ck_assert_msg(got && wanted && cJSON_Compare(got, wanted, true), "%s", out.p);
	cJSON_Delete(got);
	cJSON_Delete(wanted);
}
END_TEST

/* The same bytes, not only the same values. */
static const struct {
	const char *target, *patch, *result;
} bytes[] = {
	/* numbers, spacing and order of what is not named */
	{ "{\"n\": 9007199254740993 , \"m\" : 1.10, \"x\":0}", "{\"x\":1e2}",
	  "{\"n\": 9007199254740993,\"m\" : 1.10,\"x\":1e2}" },
	/* inside a nested object too */
	{ "{\"p\":{\"a\":1.0,\"b\": { \"c\" : 2.50 } }}", "{\"p\":{\"a\":null}}",
	  "{\"p\":{\"b\": { \"c\" : 2.50 }}}" },
	/* a name with escapes is the name without them, and keeps how it was written */
	{ "{\"\\u0061\":1,\"b\":2}", "{\"a\":3}", "{\"\\u0061\":3,\"b\":2}" },
	{ "{\"a\":1}", "{\"\\u0061\":null}", "{}" },
	/* nothing in the patch: not a byte changes */
	{ "{ \"a\" : [ 1 , {} ] }", "{}", "{ \"a\" : [ 1 , {} ] }" },
	/* what an array holds is never looked into: its nulls stay */
	{ "{}", "{\"a\":[null,{\"b\":null}]}", "{\"a\":[null,{\"b\":null}]}" },
	/* brackets, quotes and commas in strings */
	{ "{\"a\":\"}\\\"],{\",\"b\":[\"]\",{\"c\":\"\\\\\"}]}", "{\"z\":true}",
	  "{\"a\":\"}\\\"],{\",\"b\":[\"]\",{\"c\":\"\\\\\"}],\"z\":true}" },
	/* an object in the place of a scalar loses its nulls */
	{ "{\"a\":1}", "{\"a\":{\"b\":null,\"c\":{\"d\":null}}}", "{\"a\":{\"c\":{}}}" },
	/* what is new comes as it was sent, unless something in it is to go */
	{ "{\"a\":[1]}", "{\"a\": { \"b\" : 1.0 } , \"c\" : { \"d\" : {} }}",
	  "{\"a\":{ \"b\" : 1.0 },\"c\" : { \"d\" : {} }}" },
	{ "{}", "{\"c\" : { \"d\" : 1, \"e\": null }}", "{\"c\":{\"d\" : 1}}" },
	/* "null" is a text */
	{ "{\"a\":1}", "{\"a\":\"null\"}", "{\"a\":\"null\"}" },
	/* the empty name, and one that is the beginning of another */
	{ "{\"\":1,\"ab\":2,\"a\":3}", "{\"\":4,\"a\":null}", "{\"\":4,\"ab\":2}" },
	{ " [1] ", " 2 ", "2" },
};

START_TEST(what_is_not_named_keeps_its_bytes)
{
	ck_assert(merge(bytes[_i].target, bytes[_i].patch));
	ck_assert_str_eq(out.p, bytes[_i].result);
}
END_TEST

static const struct {
	const char *target, *patch;
} refused[] = {
	{ "{", "{}" }, { "{}", "{\"a\":1,}" }, { "{}", "{\"a\":1,\"a\":2}" },
	{ "", "{}" },  { "{}", "{} {}" },
};

START_TEST(what_is_no_json_is_refused)
{
	ck_assert(!merge(refused[_i].target, refused[_i].patch));
}
END_TEST

START_TEST(the_ceiling_holds)
{
	struct strbuf small;

	strbuf_init(&small, 16);
	ck_assert(json_merge(SLICE_LIT("{\"a\":12345}"), SLICE_LIT("{\"b\":1}"), a, &small)
		  == false);
	strbuf_clear(&small);
	ck_assert(json_merge(SLICE_LIT("{\"a\":123}"), SLICE_LIT("{\"b\":1}"), a, &small));
	strbuf_release(&small);
}
END_TEST

/* As deep as JSON may be, on both sides; and one deeper. */
START_TEST(the_deepest)
{
	char target[JSON_DEPTH_MAX * 8] = "", patch[JSON_DEPTH_MAX * 8] = "";

	for (int i = 0; i < JSON_DEPTH_MAX; i++) {
		strcat(target, "{\"a\":");
		strcat(patch, "{\"a\":");
	}
	strcat(target, "1");
	strcat(patch, "2");
	for (int i = 0; i < JSON_DEPTH_MAX; i++) {
		strcat(target, "}");
		strcat(patch, "}");
	}
	ck_assert(merge(target, patch));
	ck_assert_str_eq(out.p, patch);
	memmove(patch + 5, patch, strlen(patch) + 1);
	memcpy(patch, "{\"a\":", 5);
	strcat(patch, "}");
	ck_assert(!merge(target, patch));
}
END_TEST

/* {"0":value,"1":value ...} */
static void many(struct strbuf *to, int n, const char *value)
{
	strbuf_init(to, 2 * 1024 * 1024);
	for (int i = 0; i < n; i++)
		strbuf_addf(to, "%c\"%d\":%s", i ? ',' : '{', i, value);
	strbuf_addc(to, '}');
}

/* As many members as there may be on both sides; one more on either. */
START_TEST(many_members)
{
	static const struct {
		int target, patch;
		bool fine;
	} widths[] = {
		{ JSON_MERGE_MEMBERS_MAX, JSON_MERGE_MEMBERS_MAX, true },
		{ JSON_MERGE_MEMBERS_MAX + 1, JSON_MERGE_MEMBERS_MAX, false },
		{ JSON_MERGE_MEMBERS_MAX, JSON_MERGE_MEMBERS_MAX + 1, false },
	};
	struct strbuf target, patch;

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		many(&target, widths[i].target, "1");
		many(&patch, widths[i].patch, "null");
		strbuf_clear(&out);
		ck_assert(json_merge(strbuf_slice(&target), strbuf_slice(&patch), a, &out)
			  == widths[i].fine);
		ck_assert_str_eq(out.p, widths[i].fine ? "{}" : "");
		strbuf_release(&target);
		strbuf_release(&patch);
	}
}
END_TEST

START_TEST(what_is_passed_by_may_be_wide)
{
	struct strbuf wide, target, wanted;

	many(&wide, 100000, "{\"x\":1}");
	strbuf_init(&target, 4 * 1024 * 1024);
	strbuf_init(&wanted, 4 * 1024 * 1024);
	strbuf_addf(&target, "{\"wide\":%s,\"beside\":{\"a\":1}}", wide.p);
	strbuf_addf(&wanted, "{\"wide\":%s,\"beside\":{\"a\":2}}", wide.p);
	ck_assert(json_merge(strbuf_slice(&target), SLICE_LIT("{\"beside\":{\"a\":2},\"wide\":{}}"),
			     a, &out));
	ck_assert_str_eq(out.p, wanted.p);
	strbuf_clear(&out);
	ck_assert(!json_merge(strbuf_slice(&target), SLICE_LIT("{\"wide\":{\"y\":2}}"), a, &out));
	strbuf_release(&wide);
	strbuf_release(&target);
	strbuf_release(&wanted);
}
END_TEST

#define ROWS(t) (int)(sizeof(t) / sizeof((t)[0]))

Suite *suite_json_merge(void)
{
	Suite *s = suite_create("json_merge");
	TCase *tc = tcase_create("json_merge");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, the_appendix, 0, ROWS(table));
	tcase_add_loop_test(tc, what_is_not_named_keeps_its_bytes, 0, ROWS(bytes));
	tcase_add_loop_test(tc, what_is_no_json_is_refused, 0, ROWS(refused));
	tcase_add_test(tc, the_ceiling_holds);
	tcase_add_test(tc, the_deepest);
	tcase_add_test(tc, many_members);
	tcase_add_test(tc, what_is_passed_by_may_be_wide);
	suite_add_tcase(s, tc);
	return s;
}
