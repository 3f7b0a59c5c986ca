/* Sealed text opens under its key, for what it is bound to, unharmed; else it says why not. */
#include <check.h>
#include <string.h>

#include "core/secret.h"

static const unsigned char bytes[SECRET_KEY_BYTES] = "0123456789abcdef0123456789abcde";
static const struct slice text = { "{\"token\":\"xoxb-1\"}", 18 };
static const struct slice bound = { "tenant/slack", 12 };
static struct secret_key key;
static struct arena *a;

static void setup(void)
{
	a = arena_new();
	secret_key_init(&key, bytes);
}

static void teardown(void)
{
	arena_free(a);
}

START_TEST(it_comes_back)
{
	const struct slice texts[] = { text, { "", 0 }, { NULL, 0 } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct slice sealed = secret_seal(&key, texts[i], bound, a), got = { NULL, 0 };

		ck_assert_uint_eq(sealed.n, texts[i].n + 33);
		ck_assert_int_eq(secret_open(&key, sealed, bound, a, &got), SECRET_FINE);
		ck_assert(got.p && got.n == texts[i].n);
		ck_assert_int_eq(memcmp(got.p, texts[i].n ? texts[i].p : "", got.n), 0);
		ck_assert(!texts[i].n || !memmem(sealed.p, sealed.n, "xoxb", 4));
	}
}
END_TEST

START_TEST(no_two_are_alike)
{
	struct slice one = secret_seal(&key, text, bound, a),
		     other = secret_seal(&key, text, bound, a);

	ck_assert(memcmp(one.p, other.p, one.n) != 0);
}
END_TEST

/* Every bit of it, and every shorter length. */
START_TEST(harm_is_seen)
{
	struct slice sealed = secret_seal(&key, text, bound, a), got = { NULL, 0 };
	char *copy = arena_dup(a, sealed.p, sealed.n);

	for (size_t i = 0; i < sealed.n * 8; i++) {
		enum secret_end want = i / 8 >= 1 && i / 8 <= 4 ? SECRET_OTHER_KEY : SECRET_DAMAGED;

		copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
		ck_assert_int_eq(
			secret_open(&key, (struct slice){ copy, sealed.n }, bound, a, &got), want);
		copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
	}
	for (size_t n = 0; n < sealed.n; n++)
		ck_assert_int_eq(secret_open(&key, (struct slice){ copy, n }, bound, a, &got),
				 SECRET_DAMAGED);
	ck_assert_int_eq(secret_open(&key, (struct slice){ NULL, 0 }, bound, a, &got),
			 SECRET_DAMAGED);
	ck_assert_ptr_null(got.p);
}
END_TEST

START_TEST(for_nobody_else)
{
	struct slice sealed = secret_seal(&key, text, bound, a), got = { NULL, 0 };
	unsigned char other_bytes[SECRET_KEY_BYTES] = { 1 };
	struct secret_key other;

	secret_key_init(&other, other_bytes);
	ck_assert_int_eq(secret_open(&other, sealed, bound, a, &got), SECRET_OTHER_KEY);
	/* Another key of the same name. */
	memcpy(other.id, key.id, sizeof(other.id));
	ck_assert_int_eq(secret_open(&other, sealed, bound, a, &got), SECRET_DAMAGED);
	ck_assert_int_eq(secret_open(&key, sealed, SLICE_LIT("tenant/mail"), a, &got),
			 SECRET_DAMAGED);
	ck_assert_int_eq(secret_open(&key, sealed, (struct slice){ NULL, 0 }, a, &got),
			 SECRET_DAMAGED);
	ck_assert_ptr_null(got.p);
}
END_TEST

Suite *suite_secret(void)
{
	Suite *s = suite_create("secret");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, it_comes_back);
	tcase_add_test(tc, no_two_are_alike);
	tcase_add_test(tc, harm_is_seen);
	tcase_add_test(tc, for_nobody_else);
	suite_add_tcase(s, tc);
	return s;
}
