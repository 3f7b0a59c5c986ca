/* Signatures: the vector of the Standard Webhooks libraries, and that every bit of what is signed counts. */
#include <check.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "engine/engine_int.h"

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
	tcase_add_test(tc, every_bit_of_the_body_counts);
	tcase_add_test(tc, every_bit_of_id_and_time_counts);
	tcase_add_test(tc, every_bit_of_the_key_counts);
	suite_add_tcase(s, tc);
	return s;
}
