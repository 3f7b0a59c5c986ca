#include <check.h>
#include <stdint.h>

#include "base/arena.h"

START_TEST(memory_is_zeroed_and_aligned)
{
	struct arena *a = arena_new();

	for (size_t n = 0; n < 10000; n = n * 3 / 2 + 1) {
		unsigned char *p = arena_alloc(a, n);

		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xff, n);
	}
	arena_free(a);
	/* A block that was used before is zeroed again. */
	a = arena_new();
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(*arena_array(a, char, 30), 0);
	arena_free(a);
	arena_free(NULL);
}
END_TEST

START_TEST(pieces_do_not_touch)
{
	struct arena *a = arena_new();
	unsigned char *pieces[300];

	for (int i = 0; i < 300; i++) {
		pieces[i] = arena_alloc(a, (size_t)i * 7 + 1);
		memset(pieces[i], i & 0xff, (size_t)i * 7 + 1);
	}
	for (int i = 0; i < 300; i++)
		for (int k = 0; k <= i * 7; k++)
			ck_assert_int_eq(pieces[i][k], i & 0xff);
	arena_free(a);
}
END_TEST

START_TEST(copies)
{
	struct arena *a = arena_new();
	struct slice none = { NULL, 0 };
	char *text = arena_dup(a, "abcdef", 3);
	struct slice s;

	ck_assert_str_eq(text, "abc");
	ck_assert_ptr_null(arena_dup(a, NULL, 0));
	ck_assert_ptr_null(arena_slice(a, none).p);
	s = arena_slice(a, slice_of(""));
	ck_assert_ptr_nonnull(s.p);
	ck_assert_uint_eq(s.n, 0);
	ck_assert_str_eq(arena_printf(a, "%s-%d", text, 42), "abc-42");
	ck_assert_uint_eq(strlen(arena_printf(a, "%9000d", 1)), 9000);
	arena_free(a);
}
END_TEST

static char order[16];

static void note(void *arg)
{
	strncat(order, arg, sizeof(order) - strlen(order) - 1);
}

static struct arena *deferring;

static void defer_another(void *arg)
{
	static char z[] = "z";

	note(arg);
	arena_defer(deferring, note, z);
}

START_TEST(cleanups_run_newest_first)
{
	static char one[] = "1", two[] = "2", three[] = "3";
	struct arena *a = arena_new();

	order[0] = '\0';
	arena_defer(a, note, one);
	arena_defer(a, note, two);
	arena_reset(a);
	ck_assert_str_eq(order, "21");
	arena_defer(a, note, three);
	arena_free(a);
	ck_assert_str_eq(order, "213");
}
END_TEST

START_TEST(a_cleanup_may_defer_another)
{
	static char one[] = "1", two[] = "2";
	struct arena *a = deferring = arena_new();

	order[0] = '\0';
	arena_defer(a, note, one);
	arena_defer(a, defer_another, two);
	arena_free(a);
	ck_assert_str_eq(order, "2z1");
}
END_TEST

START_TEST(bytes_are_counted_and_given_back)
{
	struct arena *a = arena_new();
	size_t first = arena_bytes(a);

	arena_alloc(a, 100000);
	ck_assert_uint_ge(arena_bytes(a), first + 100000);
	/* A large piece does not end the block in use. */
	for (int i = 0; i < 20; i++)
		arena_alloc(a, 32);
	ck_assert_uint_lt(arena_bytes(a), first + 101000);
	arena_reset(a);
	ck_assert_uint_eq(arena_bytes(a), first);
	arena_free(a);
}
END_TEST

Suite *suite_arena(void)
{
	Suite *s = suite_create("arena");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, memory_is_zeroed_and_aligned);
	tcase_add_test(tc, pieces_do_not_touch);
	tcase_add_test(tc, copies);
	tcase_add_test(tc, cleanups_run_newest_first);
	tcase_add_test(tc, a_cleanup_may_defer_another);
	tcase_add_test(tc, bytes_are_counted_and_given_back);
	suite_add_tcase(s, tc);
	return s;
}
