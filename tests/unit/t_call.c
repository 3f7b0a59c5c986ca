/* The options column: what is written is read again, and defaults cost nothing. */
#include <check.h>

#include "core/call.h"

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

START_TEST(defaults_are_absent)
{
	struct call c = { .url = SLICE_LIT("http://a/"), .payload = SLICE_LIT("{}") };

	ck_assert_ptr_null(call_print(&c, a).p);
}
END_TEST

START_TEST(everything_survives)
{
	struct json_pair headers[] = { { SLICE_LIT("X-A"), SLICE_LIT("1") },
				       { SLICE_LIT("X-\"B"), SLICE_LIT("\xc3\xa4") } };
	struct slice tags[] = { SLICE_LIT("one"), SLICE_LIT("two") };
	struct call c = {
		.url = SLICE_LIT("http://a/"),
		.payload = SLICE_LIT("1.10"),
		.method = SLICE_LIT("PUT"),
		.headers = { headers, 2 },
		.secret = SLICE_LIT("whsec_x"),
		.former = { SLICE_LIT("whsec_w"), 1893456000000001 },
		.body_signature = SLICE_LIT("X-Sig"),
		.timeout = 5 * SEC,
		.retry = { RETRY_LINEAR, 7, SEC, MIN },
		.expires_after = 9 * SEC,
		.tags = { tags, 2 },
		.is_object = true,
	};
	struct slice text = call_print(&c, a);
	struct call got;
	const struct json_pair *pairs;

	ck_assert_ptr_nonnull(text.p);
	ck_assert(call_parse(c.url, text, c.payload, a, &got));
	ck_assert(slice_is(got.url, "http://a/") && slice_is(got.payload, "1.10")
		  && slice_is(got.method, "PUT"));
	ck_assert(slice_is(got.secret, "whsec_x") && slice_is(got.body_signature, "X-Sig"));
	ck_assert(slice_is(got.former.secret, "whsec_w"));
	ck_assert_int_eq(got.former.until, 1893456000000001);
	ck_assert_int_eq(got.timeout, 5 * SEC);
	ck_assert_int_eq(got.retry.strategy, RETRY_LINEAR);
	ck_assert_int_eq(got.retry.max_attempts, 7);
	ck_assert_int_eq(got.retry.base_delay, SEC);
	ck_assert_int_eq(got.retry.max_delay, MIN);
	ck_assert_int_eq(got.expires_after, 9 * SEC);
	ck_assert(got.is_object);
	ck_assert_uint_eq(got.headers.n, 2);
	pairs = got.headers.items;
	ck_assert(slice_is(pairs[1].name, "X-\"B") && slice_is(pairs[1].value, "\xc3\xa4"));
	ck_assert_uint_eq(got.tags.n, 2);
	ck_assert(slice_is(((struct slice *)got.tags.items)[1], "two"));
}
END_TEST

START_TEST(damage_is_noticed)
{
	struct call got;

	ck_assert(!call_parse(SLICE_LIT("http://a/"), SLICE_LIT("{\"method\":"), SLICE_LIT(""), a,
			      &got));
	ck_assert(!call_parse(SLICE_LIT("http://a/"), SLICE_LIT("{\"metho\":1}"), SLICE_LIT(""), a,
			      &got));
}
END_TEST

Suite *suite_call(void)
{
	Suite *s = suite_create("call");
	TCase *tc = tcase_create("call");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, defaults_are_absent);
	tcase_add_test(tc, everything_survives);
	tcase_add_test(tc, damage_is_noticed);
	suite_add_tcase(s, tc);
	return s;
}
