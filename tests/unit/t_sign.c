/* Signatures: the vector of the Standard Webhooks libraries, what npm standardwebhooks signs
 * (tests/data/make/standardwebhooks.mjs), when a former secret signs too, and that every bit of what is signed
 * counts. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "engine/engine_int.h"
#include "lib/webhook.h"

#define SECRET "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define STAMP 1614265330
#define BODY "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

static struct call call_of(const char *secret, const char *body)
{
	return (struct call){ .secret = slice_of(secret), .payload = slice_of(body) };
}

static void expect(struct slice got, const char *want)
{
	ck_assert_msg(slice_is(got, want), "%.*s is not %s", SLICE_ARG(got), want);
}

START_TEST(published_vector)
{
	struct call c = call_of("whsec_" SECRET, BODY);

	expect(sign_webhook(&c, slice_of(ID), STAMP, a), SIGNATURE);
}
END_TEST

/* Computed with Python's hmac. */
START_TEST(plain_secrets_are_their_own_bytes)
{
	struct call c = call_of("0123456789abcdef", BODY);

	expect(sign_webhook(&c, slice_of(ID), STAMP, a),
	       "v1,r94XOxQw8v+vLaVrXIUkFWnEmqNekP5mdIZf2e/Me5o=");
	expect(sign_body(&c, a),
	       "v1=fde19d5ba93fd5a1c750ad3a98c5b9c8d1dbee574c347be6cc753e72a48b4c47");
}
END_TEST

/* For the receivers of X-Taskhook-Signature the key is the text, whatever it looks like. */
START_TEST(body_signature_uses_the_text)
{
	struct call c = call_of("whsec_" SECRET, BODY);

	expect(sign_body(&c, a),
	       "v1=80ec8a89ce3cd22133a1066caecb4d04fea7467657c8514d717ec42c38a5c94c");
	c = call_of("0123456789abcdef", "");
	expect(sign_body(&c, a),
	       "v1=496dc93fa2d26eae500ec0bc37a122706b88f8963cebf0899d0245fae313e241");
	c.payload = (struct slice){ NULL, 0 };
	expect(sign_body(&c, a),
	       "v1=496dc93fa2d26eae500ec0bc37a122706b88f8963cebf0899d0245fae313e241");
}
END_TEST

/* What begins as base64 does and is none is a text like any other. */
START_TEST(broken_base64_is_text)
{
	struct call c = call_of("whsec_not base64!", BODY);

	expect(sign_webhook(&c, slice_of(ID), STAMP, a),
	       "v1,yUD2RuJUXJQ8HKsyjzbAMVmj4/ZkDavgvNxmEyGpKuU=");
}
END_TEST

/* --- npm standardwebhooks --- */

static struct slice unhex(const char *text)
{
	size_t n = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;
	char *out = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		out[i] = (char)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
	out[n] = '\0';
	return (struct slice){ out, n };
}

enum { SECRET_AT, FORMER_AT, ID_AT, STAMP_AT, BODY_AT, SIGNATURES_AT, COLUMNS };

/* Ours are its signatures; and the tests' own verifier finds them by either secret, and by no other. */
static void check_row(char *column[COLUMNS])
{
	bool has_former = strcmp(column[FORMER_AT], "-") != 0;
	struct call c = { .secret = slice_of(column[SECRET_AT]),
			  .payload = unhex(column[BODY_AT]) };
	struct webhook w = { column[ID_AT], column[STAMP_AT], column[SIGNATURES_AT], c.payload.p,
			     c.payload.n };

	if (has_former)
		c.former = (struct former){ slice_of(column[FORMER_AT]), INT64_MAX };
	expect(sign_webhook(&c, slice_of(column[ID_AT]), strtoll(column[STAMP_AT], NULL, 10), a),
	       column[SIGNATURES_AT]);
	ck_assert_int_eq(webhook_signed_by(&w, column[SECRET_AT]), 1);
	if (has_former && strcmp(column[FORMER_AT], column[SECRET_AT]) != 0)
		ck_assert_int_eq(webhook_signed_by(&w, column[FORMER_AT]), 2);
	ck_assert_int_eq(webhook_signed_by(&w, "whsec_" SECRET), 0);
}

START_TEST(as_standardwebhooks_signs)
{
	FILE *f = fopen("tests/data/standardwebhooks.tsv", "r");
	static char line[1 << 16];
	unsigned rows = 0, pairs = 0;

	ck_assert_msg(f != NULL, "run from the root of the tree");
	while (fgets(line, sizeof line, f)) {
		char *column[COLUMNS], *at = line;

		if (line[0] == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < COLUMNS; i++)
			column[i] = strsep(&at, "\t");
		ck_assert_ptr_nonnull(column[SIGNATURES_AT]);
		check_row(column);
		rows++;
		pairs += strcmp(column[FORMER_AT], "-") != 0;
	}
	(void)fclose(f);
	ck_assert_uint_ge(rows, 200);
	ck_assert_uint_ge(pairs, 50);
}
END_TEST

/* --- the former secret --- */

#define OTHER "another text as a key"

static size_t count_signatures(usec_t until)
{
	struct call c = call_of("whsec_" SECRET, BODY);
	struct slice got;
	size_t n = 1;

	c.former = (struct former){ SLICE_LIT(OTHER), until };
	got = sign_webhook(&c, slice_of(ID), STAMP, a);
	ck_assert(got.n >= strlen(SIGNATURE) && memcmp(got.p, SIGNATURE, strlen(SIGNATURE)) == 0);
	for (size_t i = 0; i < got.n; i++)
		n += got.p[i] == ' ';
	return n;
}

START_TEST(former_signs_until_its_end)
{
	ck_assert_uint_eq(count_signatures(STAMP * SEC + DAY), 2);
	ck_assert_uint_eq(count_signatures(STAMP * SEC + 1), 2);
	ck_assert_uint_eq(count_signatures(STAMP * SEC), 1);
	ck_assert_uint_eq(count_signatures(STAMP * SEC - 1), 1);
	ck_assert_uint_eq(count_signatures(0), 1);
}
END_TEST

/* The plain signature is one text: the newest secret's. */
START_TEST(former_signs_no_body)
{
	struct call c = call_of("0123456789abcdef", BODY), alone = c;

	c.former = (struct former){ SLICE_LIT(OTHER), INT64_MAX };
	expect(sign_body(&c, a), sign_body(&alone, a).p);
}
END_TEST

static char *with_bit(const char *text, size_t bit)
{
	size_t n = strlen(text);
	char *copy = arena_alloc(a, n + 1);

	memcpy(copy, text, n + 1);
	copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
	return copy;
}

static bool is_signature(struct slice got, const char *want)
{
	return got.n == strlen(want) && memcmp(got.p, want, got.n) == 0;
}

START_TEST(every_bit_of_the_body_counts)
{
	for (size_t bit = 0; bit < 8 * strlen(BODY); bit++) {
		struct call c = call_of("whsec_" SECRET, BODY), plain = c;

		c.payload.p = with_bit(BODY, bit);
		ck_assert(!is_signature(sign_webhook(&c, slice_of(ID), STAMP, a), SIGNATURE));
		ck_assert(!is_signature(sign_body(&c, a), sign_body(&plain, a).p));
	}
}
END_TEST

START_TEST(every_bit_of_id_and_time_counts)
{
	struct call c = call_of("whsec_" SECRET, BODY);

	for (size_t bit = 0; bit < 8 * strlen(ID); bit++) {
		struct slice id = { with_bit(ID, bit), strlen(ID) };

		ck_assert(!is_signature(sign_webhook(&c, id, STAMP, a), SIGNATURE));
	}
	for (int bit = 0; bit < 40; bit++) {
		int64_t stamp = STAMP ^ (int64_t)1 << bit;

		ck_assert(!is_signature(sign_webhook(&c, slice_of(ID), stamp, a), SIGNATURE));
	}
}
END_TEST

START_TEST(every_bit_of_the_key_counts)
{
	uint8_t key[64];
	size_t n;

	ck_assert(crypto_unbase64(SLICE_LIT(SECRET), key, sizeof(key), &n));
	for (size_t bit = 0; bit < 8 * n; bit++) {
		char secret[6 + BASE64_MAX(64)] = "whsec_";
		struct call c;

		key[bit / 8] ^= (uint8_t)(1 << bit % 8);
		crypto_base64(key, n, secret + 6);
		key[bit / 8] ^= (uint8_t)(1 << bit % 8);
		c = call_of(secret, BODY);
		ck_assert(!is_signature(sign_webhook(&c, slice_of(ID), STAMP, a), SIGNATURE));
	}
}
END_TEST

Suite *suite_sign(void)
{
	Suite *s = suite_create("sign");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, published_vector);
	tcase_add_test(tc, plain_secrets_are_their_own_bytes);
	tcase_add_test(tc, body_signature_uses_the_text);
	tcase_add_test(tc, broken_base64_is_text);
	tcase_add_test(tc, as_standardwebhooks_signs);
	tcase_add_test(tc, former_signs_until_its_end);
	tcase_add_test(tc, former_signs_no_body);
	tcase_add_test(tc, every_bit_of_the_body_counts);
	tcase_add_test(tc, every_bit_of_id_and_time_counts);
	tcase_add_test(tc, every_bit_of_the_key_counts);
	suite_add_tcase(s, tc);
	return s;
}
