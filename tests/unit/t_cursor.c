/* Cursors: they come back, and nothing else does. If-Match: which lists of entity tags match. */
#include <check.h>
#include <string.h>

#include "core/core.h"
#include "core/cursor.h"
#include "core/etag.h"
#include "io/loop.h"

static struct arena *arena;
static struct core core;
static struct op op;
static const struct cursor place = { 1893456000000001, { { 1, 2, 3, [15] = 0xff } } };
#define LIST SLICE_LIT("plans 1 content.publish")

static void setup(void)
{
	arena = arena_new();
	core = (struct core){ .loop = loop_new(), .callback_key = { 7, 8, 9 } };
	op_init(&op, &core, arena);
	op.who.tenant.b[0] = 1;
}

static void teardown(void)
{
	loop_free(core.loop);
	arena_free(arena);
}

static bool parses(struct slice of, struct slice text)
{
	struct cursor got;

	op.faults = (struct json_faults){ .n = 0 };
	if (cursor_parse(&op, of, text, &got)) {
		ck_assert_int_eq(op.faults.total, 0);
		return true;
	}
	ck_assert_int_eq(op.faults.total, 1);
	ck_assert_str_eq(op.faults.list[0].field, "cursor");
	ck_assert_str_eq(op.faults.list[0].code, "cursor_invalid");
	return false;
}

START_TEST(it_comes_back)
{
	static const int64_t ats[] = { 0, 1, -1, INT64_MIN, INT64_MAX, 1893456000000001 };

	for (size_t i = 0; i < sizeof(ats) / sizeof(ats[0]); i++) {
		struct cursor c = { ats[i], place.id }, got;
		struct slice text = cursor_print(&op, LIST, &c);

		ck_assert_uint_eq(strspn(text.p,
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789-_"),
				  text.n);
		ck_assert(cursor_parse(&op, LIST, text, &got));
		ck_assert_int_eq(got.at, c.at);
		ck_assert_int_eq(id_compare(got.id, c.id), 0);
	}
}
END_TEST

START_TEST(none_is_the_beginning)
{
	struct cursor got;

	ck_assert(cursor_parse(&op, LIST, (struct slice){ NULL, 0 }, &got));
	ck_assert_int_eq(got.at, INT64_MAX);
}
END_TEST

START_TEST(another_is_refused)
{
	struct slice text = cursor_print(&op, LIST, &place);

	ck_assert(parses(LIST, text));
	ck_assert(!parses(SLICE_LIT("plans 1 content.publis"), text));
	ck_assert(!parses(SLICE_LIT("plans 2 content.publish"), text));
	op.who.tenant.b[0] = 2;
	ck_assert(!parses(LIST, text));
	op.who.tenant.b[0] = 1;
	core.callback_key[31] ^= 1;
	ck_assert(!parses(LIST, text));
}
END_TEST

/* Every single character, to every other of the alphabet and to some that are none. */
START_TEST(an_edited_one_is_refused)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		"+/= ";
	struct slice text = cursor_print(&op, LIST, &place);
	char copy[64];

	for (size_t i = 0; i < text.n; i++)
		for (const char *c = letters; *c; c++) {
			memcpy(copy, text.p, text.n);
			copy[i] = *c;
			ck_assert_msg(parses(LIST, (struct slice){ copy, text.n })
					      == (*c == text.p[i]),
				      "%zu %c", i, *c);
		}
	memcpy(copy, text.p, text.n);
	copy[text.n] = '=';
	ck_assert(!parses(LIST, (struct slice){ copy, text.n + 1 }));
	ck_assert(!parses(LIST, (struct slice){ copy, text.n - 1 }));
	ck_assert(!parses(LIST, SLICE_LIT("")));
	copy[3] = '\0';
	ck_assert(!parses(LIST, (struct slice){ copy, text.n }));
}
END_TEST

static const struct {
	const char *value;
	bool matches; /* revision 7 */
} if_match[] = {
	{ NULL, true },
	{ "*", true },
	{ "\"7\"", true },
	{ "\"6\"", false },
	{ "\"70\"", false },
	{ "\"07\"", false },
	{ "7", false },
	{ "W/\"7\"", false },
	{ "\"6\", \"7\"", true },
	{ "\"6\",\"7\"", true },
	{ "W/\"7\", \"7\"", true },
	{ "W/\"7\", W/\"7\"", false },
	{ ", ,\"7\"", true },
	{ "\"7\" \"7\"", false },
	{ "\"7\", x", false },
	{ "\"7\", *", false },
	{ "\"7", false },
	{ "7\"", false },
	{ "", false },
	{ "\"a\tb\", \"7\"", false },
	{ "\"a,b\", \"7\"", true },
	{ "w/\"7\"", false },
	{ "**", false },
};

START_TEST(entity_tags)
{
	ck_assert_msg(etag_matches(slice_of(if_match[_i].value), 7) == if_match[_i].matches, "%s",
		      if_match[_i].value ? if_match[_i].value : "-");
}
END_TEST

Suite *suite_cursor(void)
{
	Suite *s = suite_create("cursor");
	TCase *tc = tcase_create("cursor");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, it_comes_back);
	tcase_add_test(tc, none_is_the_beginning);
	tcase_add_test(tc, another_is_refused);
	tcase_add_test(tc, an_edited_one_is_refused);
	tcase_add_loop_test(tc, entity_tags, 0, (int)(sizeof(if_match) / sizeof(if_match[0])));
	suite_add_tcase(s, tc);
	return s;
}
