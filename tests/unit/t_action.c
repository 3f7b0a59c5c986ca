/* Names of actions, and the body that an action gets, byte for byte. */
#include <check.h>

#include "core/action.h"
#include "engine/engine_int.h"

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

#define X32 "abcdefghijklmnopqrstuvwxyz012345"
static const struct {
	const char *name;
	bool is_ok;
} names[] = {
	{ "content.publish", true },
	{ "a", true },
	{ "A-1_b:c.d", true },
	{ "...", true },
	{ X32 X32 X32 X32, true },
	{ X32 X32 X32 X32 "x", false },
	{ "", false },
	{ ".", false },
	{ "..", false },
	{ "a/b", false },
	{ "a b", false },
	{ "content.*", false },
	{ "a,b", false },
	{ "\xc3\xa4", false },
};

START_TEST(name)
{
	ck_assert_msg(action_name_ok(slice_of(names[_i].name)) == names[_i].is_ok, "%s",
		      names[_i].name);
}
END_TEST

START_TEST(urls)
{
	struct slice url = action_url(SLICE_LIT("content.publish"), a);

	ck_assert(slice_is(url, "action:content.publish"));
	ck_assert(slice_is(action_of_url(url), "content.publish"));
	ck_assert_ptr_null(action_of_url(SLICE_LIT("action:")).p);
	ck_assert_ptr_null(action_of_url(SLICE_LIT("agent:x")).p);
	ck_assert_ptr_null(action_of_url(SLICE_LIT("http://action:8/")).p);
	ck_assert_ptr_null(action_of_url((struct slice){ NULL, 0 }).p);
}
END_TEST

#define IDS \
	"{\"run_id\":\"run_00000000000000000000000001\",\"plan_id\":\"plan_00000000000000000000000002\","

static const struct {
	const char *payload, *want;
} bodies[] = {
	{ "{\"content_id\" : 9007199254740993,\n \"x\": 1.10}", IDS
	  "\"action\":\"content.publish\",\"scheduled_for\":\"2030-01-01T00:00:00Z\",\"attempt\":3,"
	  "\"tenant\":\"acme\",\"organization\":\"acme.org\","
	  "\"payload\":{\"content_id\" : 9007199254740993,\n \"x\": 1.10}}" },
	{ NULL, IDS
	  "\"action\":\"content.publish\",\"scheduled_for\":\"2030-01-01T00:00:00Z\",\"attempt\":3,"
	  "\"tenant\":\"acme\",\"organization\":\"acme.org\",\"payload\":null}" },
};

START_TEST(body)
{
	struct held h = { .c = { .kind = KIND_PLAN,
				 .scheduled_for = 1893456000 * SEC,
				 .attempt = 3,
				 .action = SLICE_LIT("content.publish"),
				 .tenant_name = SLICE_LIT("acme"),
				 .organization = SLICE_LIT("acme.org") } };
	struct slice got;

	h.c.key.id.b[15] = 1;
	h.c.schedule.b[15] = 2;
	got = action_body(&h, slice_of(bodies[_i].payload), a);
	ck_assert_msg(slice_is(got, bodies[_i].want), "%.*s", SLICE_ARG(got));
}
END_TEST

Suite *suite_action(void)
{
	Suite *s = suite_create("action");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, name, 0, sizeof names / sizeof names[0]);
	tcase_add_test(tc, urls);
	tcase_add_loop_test(tc, body, 0, sizeof bodies / sizeof bodies[0]);
	suite_add_tcase(s, tc);
	return s;
}
