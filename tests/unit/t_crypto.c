/* Published vectors: FIPS 180-4, RFC 4231, RFC 4648, the CRC's check value. */
#include <check.h>
#include <stdlib.h>

#include "base/crypto.h"

static void expect_hex(const uint8_t *got, const char *want)
{
	char text[2 * SHA256_BYTES + 1];

	crypto_hex(got, SHA256_BYTES, text);
	ck_assert_str_eq(text, want);
}

START_TEST(sha256)
{
	uint8_t out[SHA256_BYTES];

	crypto_sha256(SLICE_LIT(""), out);
	expect_hex(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	crypto_sha256(SLICE_LIT("abc"), out);
	expect_hex(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	crypto_sha256((struct slice){ NULL, 0 }, out);
	expect_hex(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

START_TEST(hmac)
{
	const struct slice whole = SLICE_LIT("what do ya want for nothing?");
	const struct slice pieces[] = {
		SLICE_LIT("what do ya "), SLICE_LIT(""), { NULL, 0 }, SLICE_LIT("want for nothing?")
	};
	struct slice key = SLICE_LIT("Jefe");
	uint8_t out[SHA256_BYTES];
	char long_key[131];

	/* Twice: the second use must not depend on the first. */
	for (int i = 0; i < 2; i++) {
		crypto_hmac_sha256(key, &whole, 1, out);
		expect_hex(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
		crypto_hmac_sha256(key, pieces, 4, out);
		expect_hex(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
		crypto_hmac_sha256((struct slice){ NULL, 0 }, NULL, 0, out);
		expect_hex(out, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	}
	memset(long_key, 0xaa, sizeof(long_key));
	crypto_hmac_sha256((struct slice){ long_key, sizeof(long_key) },
			   &SLICE_LIT("Test Using Larger Than Block-Size Key - Hash Key First"), 1,
			   out);
	expect_hex(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

static const char *const base64_rows[][2] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xfb\xff\xfe", "+//+" },
};

START_TEST(base64)
{
	const char *plain = base64_rows[_i][0], *coded = base64_rows[_i][1];
	char text[16], back[16];
	size_t n = 99;

	ck_assert_uint_eq(crypto_base64(plain, strlen(plain), text), strlen(coded));
	ck_assert_str_eq(text, coded);
	ck_assert(crypto_unbase64(slice_of(coded), back, sizeof(back), &n));
	ck_assert_uint_eq(n, strlen(plain));
	ck_assert_mem_eq(back, plain, n);
	if (n)
		ck_assert(!crypto_unbase64(slice_of(coded), back, n - 1, &n));
}
END_TEST

static const char *const bad_base64[] = {
	"Z",    "Zg",     "Zg=",   "Zg===", "Zh==",   "Zm9=",     "Zm8",   "=Zg=",     "Z===",
	"====", "Zm9v\n", " Zm9v", "Zm-_",  "Zm9vZg", "Zg==Zg==", "Zm 9v", "Zm9vZ===", "\xc3\xa9zz",
};

START_TEST(base64_is_strict)
{
	char back[16];
	size_t n;

	ck_assert_msg(!crypto_unbase64(slice_of(bad_base64[_i]), back, sizeof(back), &n), "%s",
		      bad_base64[_i]);
}
END_TEST

START_TEST(base64_round_trip)
{
	uint8_t bytes[100], back[100];
	char text[BASE64_MAX(100)];
	size_t n;

	for (size_t len = 0; len <= sizeof(bytes); len++) {
		crypto_random(bytes, len);
		n = crypto_base64(bytes, len, text);
		ck_assert_uint_lt(n, sizeof(text));
		ck_assert(crypto_unbase64((struct slice){ text, n }, back, sizeof(back), &n));
		ck_assert_uint_eq(n, len);
		ck_assert_mem_eq(bytes, back, len);
	}
}
END_TEST

START_TEST(the_rest)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };
	char hex[9];

	ck_assert_uint_eq(crypto_crc32(SLICE_LIT("123456789")), 0xcbf43926);
	ck_assert_uint_eq(crypto_crc32(SLICE_LIT("")), 0);
	crypto_hex("\x00\x1f\xab\xff", 4, hex);
	ck_assert_str_eq(hex, "001fabff");
	ck_assert(crypto_equal("abc", "abd", 2));
	ck_assert(!crypto_equal("abc", "abd", 3));
	crypto_random(a, sizeof(a));
	crypto_random(b, sizeof(b));
	ck_assert_mem_ne(a, b, sizeof(a));
}
END_TEST

Suite *suite_crypto(void)
{
	Suite *s = suite_create("crypto");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, sha256);
	tcase_add_test(tc, hmac);
	tcase_add_loop_test(tc, base64, 0, sizeof(base64_rows) / sizeof(base64_rows[0]));
	tcase_add_loop_test(tc, base64_is_strict, 0, sizeof(bad_base64) / sizeof(bad_base64[0]));
	tcase_add_test(tc, base64_round_trip);
	tcase_add_test(tc, the_rest);
	suite_add_tcase(s, tc);
	return s;
}
