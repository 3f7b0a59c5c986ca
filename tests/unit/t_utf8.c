#include <check.h>

#include "base/utf8.h"

#define R "\xef\xbf\xbd"

static const struct {
	const char *in, *out;
} rows[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x88", "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x88" },
	{ "a\xff"
	  "b",
	  "a" R "b" },
	{ "\xc3", R },                   /* cut */
	{ "\xc0\xaf", R R },             /* overlong */
	{ "\xed\xa0\x80", R R R },       /* a surrogate */
	{ "\xf4\x90\x80\x80", R R R R }, /* beyond U+10FFFF */
	{ "\xe2\x82\xac\xe2\x82", "\xe2\x82\xac" R R },
};

START_TEST(test_mend)
{
	struct arena *a = arena_new();
	struct slice got = utf8_mend(slice_of(rows[_i].in), a);

	ck_assert_msg(slice_is(got, rows[_i].out), "row %d", _i);
	arena_free(a);
}
END_TEST

START_TEST(test_nul_and_absent)
{
	struct arena *a = arena_new();

	ck_assert(slice_is(utf8_mend((struct slice){ "a\0b", 3 }, a), "a" R "b"));
	ck_assert(!utf8_mend((struct slice){ NULL, 0 }, a).p);
	arena_free(a);
}
END_TEST

START_TEST(test_cut)
{
	struct slice euro = SLICE_LIT("a\xe2\x82\xac");

	ck_assert_uint_eq(utf8_cut(euro, 9).n, 4);
	ck_assert_uint_eq(utf8_cut(euro, 4).n, 4);
	ck_assert_uint_eq(utf8_cut(euro, 3).n, 1);
	ck_assert_uint_eq(utf8_cut(euro, 1).n, 1);
	ck_assert_uint_eq(utf8_cut(euro, 0).n, 0);
}
END_TEST

Suite *suite_utf8(void)
{
	Suite *s = suite_create("utf8");
	TCase *t = tcase_create("utf8");

	tcase_add_loop_test(t, test_mend, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(t, test_nul_and_absent);
	tcase_add_test(t, test_cut);
	suite_add_tcase(s, t);
	return s;
}
