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
	{ "\x80\xbf", R R }, /* what continues nothing */
	{ "\xc1\xbf\xf5\x80", R R R R },
	{ "\xe2\x82\xac\xff\xe2\x82\xac", "\xe2\x82\xac" R "\xe2\x82\xac" },
};

/* Each kind of piece at each place of eight bytes, and behind each other; a NUL is a bad byte, too. */
START_TEST(test_places)
{
	static const struct {
		const char *in, *out;
		size_t n;
	} pieces[] = {
		{ "\xc3\xa9", "\xc3\xa9", 2 },
		{ "\xf0\x9f\x90\x88", "\xf0\x9f\x90\x88", 4 },
		{ "\xff", R, 1 },
		{ "\xe2\x82", R R, 2 },
		{ "\0", R, 1 },
		{ "", "", 0 },
	};
	size_t n = sizeof pieces / sizeof pieces[0];

	for (size_t before = 0; before < 17; before++)
		for (size_t i = 0; i < n * n * 9; i++) {
			struct arena *a = arena_new();
			char in[64], want[64], *at = in, *to = want;
			size_t one = i % n, two = i / n % n, between = i / n / n;
			struct slice got;

			memset(in, 'x', sizeof in);
			memset(want, 'x', sizeof want);
			at = mempcpy(at + before, pieces[one].in, pieces[one].n);
			to = stpcpy(to + before, pieces[one].out);
			*to = 'x';
			at = mempcpy(at + between, pieces[two].in, pieces[two].n);
			to = stpcpy(to + between, pieces[two].out);
			*to = 'x';
			got = utf8_mend((struct slice){ in, (size_t)(at - in) }, a);
			ck_assert(got.n == (size_t)(to - want) && !memcmp(got.p, want, got.n));
			arena_free(a);
		}
}
END_TEST

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
	tcase_add_test(t, test_places);
	tcase_add_test(t, test_nul_and_absent);
	tcase_add_test(t, test_cut);
	suite_add_tcase(s, t);
	return s;
}
