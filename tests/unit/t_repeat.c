/* Which values of Idempotency-Key are keys, and which keys are the same. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/idem.h"
#include "http/http_int.h"

static const struct row {
	const char *value, *key; /* key NULL: it is none */
} rows[] = {
	{ "9f3a-uuid", "9f3a-uuid" },
	{ "\"9f3a-uuid\"", "9f3a-uuid" },
	{ "a", "a" },
	{ "a b", "a b" },
	{ "\"a b\"", "a b" },
	{ "\"a\\\"b\\\\c\"", "a\"b\\c" },
	{ "a\"b", "a\"b" },
	{ "a\\b", "a\\b" },
	{ "", NULL },
	{ "\"\"", NULL },
	{ "\"", NULL },
	{ "\"a", NULL },
	{ "\"a\"b\"", NULL },
	{ "\"a\\b\"", NULL },
	{ "\"a\\\"", NULL },
	{ "\"a\"; q=1", NULL },
	{ "a\tb", NULL },
	{ "\x7f", NULL },
	{ "sch\xc3\xb6n", NULL },
};

START_TEST(test_keys)
{
	const struct row *r = &rows[_i];
	struct arena *a = arena_new();
	struct slice key;

	ck_assert_int_eq(repeat_key(slice_of(r->value), a, &key), r->key != NULL);
	if (r->key)
		ck_assert(slice_is(key, r->key));
	arena_free(a);
}
END_TEST

START_TEST(test_length)
{
	struct arena *a = arena_new();
	char text[IDEM_KEY_MAX + 3];
	struct slice key;

	memset(text, 'k', sizeof text);
	ck_assert(repeat_key((struct slice){ text, IDEM_KEY_MAX }, a, &key));
	ck_assert(!repeat_key((struct slice){ text, IDEM_KEY_MAX + 1 }, a, &key));
	text[0] = text[IDEM_KEY_MAX + 1] = '"';
	ck_assert(repeat_key((struct slice){ text, IDEM_KEY_MAX + 2 }, a, &key));
	ck_assert_uint_eq(key.n, IDEM_KEY_MAX);
	arena_free(a);
}
END_TEST

Suite *suite_repeat(void)
{
	Suite *s = suite_create("repeat");
	TCase *t = tcase_create("key");

	tcase_add_loop_test(t, test_keys, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(t, test_length);
	suite_add_tcase(s, t);
	return s;
}
