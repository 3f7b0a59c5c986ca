/* The token in the address an agent reports to: what was signed comes back, and nothing else does. */
#include <check.h>
#include <string.h>

#include "core/report.h"

static const unsigned char key[32] = "0123456789abcdef0123456789abcde";
static const unsigned char other[32] = "0123456789abcdef0123456789abcdf";

static struct uuid id(uint8_t fill)
{
	struct uuid u;

	memset(u.b, fill, sizeof u.b);
	return u;
}

START_TEST(test_round)
{
	static const int64_t tokens[] = { 1, 255, 256, INT64_MAX };
	static const int16_t buckets[] = { 0, 17, 255, 32767 };
	struct report_attempt in = { id(0xab), tokens[_i], buckets[_i] }, out = { 0 };
	char text[REPORT_TOKEN_MAX];

	report_token(key, id(7), &in, text);
	ck_assert_uint_eq(strlen(text), REPORT_TOKEN_MAX - 1);
	/* goes into a URL as it is */
	ck_assert_uint_eq(
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
		strlen(text));
	ck_assert(report_token_read(key, id(7), slice_of(text), &out));
	ck_assert_int_eq(out.token, in.token);
	ck_assert_int_eq(out.bucket, in.bucket);
	ck_assert(id_compare(out.tenant, in.tenant) == 0);
	ck_assert(!report_token_read(key, id(8), slice_of(text), &out)); /* another run's */
	ck_assert(!report_token_read(other, id(7), slice_of(text), &out));
}
END_TEST

/* Every bit counts, and no other spelling of it is taken. */
START_TEST(test_tampered)
{
	static const char letters[] = "ABab01-_+/=.";
	struct report_attempt in = { id(0xfb), 3, 5 }, out;
	char text[REPORT_TOKEN_MAX], bad[REPORT_TOKEN_MAX + 1];

	report_token(key, id(7), &in, text);
	for (size_t i = 0; i < REPORT_TOKEN_MAX - 1; i++)
		for (const char *c = letters; *c; c++) {
			memcpy(bad, text, sizeof text);
			bad[i] = *c;
			if (strcmp(bad, text) != 0)
				ck_assert_msg(!report_token_read(key, id(7), slice_of(bad), &out),
					      "%s", bad);
		}
	for (size_t n = 0; n < REPORT_TOKEN_MAX - 1; n++)
		ck_assert(!report_token_read(key, id(7), (struct slice){ text, n }, &out));
	memcpy(bad, text, sizeof text);
	strcpy(bad + REPORT_TOKEN_MAX - 1, "A");
	ck_assert(!report_token_read(key, id(7), slice_of(bad), &out));
	ck_assert(!report_token_read(key, id(7), (struct slice){ NULL, 0 }, &out));
	memcpy(bad, text, sizeof text);
	bad[20] = '\0';
	ck_assert(
		!report_token_read(key, id(7), (struct slice){ bad, REPORT_TOKEN_MAX - 1 }, &out));
}
END_TEST

Suite *suite_callback_token(void)
{
	Suite *s = suite_create("callback_token");
	TCase *t = tcase_create("callback_token");

	tcase_add_loop_test(t, test_round, 0, 4);
	tcase_add_test(t, test_tampered);
	suite_add_tcase(s, t);
	return s;
}
