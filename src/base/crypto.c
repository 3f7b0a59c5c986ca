/* Algorithms are looked up in OpenSSL once: its implicit look-up at each use costs more than the
 * hash of a short text. */
#include "base/crypto.h"

#include <endian.h>
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "base/check.h"

void crypto_random(void *out, size_t n)
{
	ASSERT(n <= INT_MAX);
	if (RAND_bytes(out, (int)n) != 1)
		die("the system gives no random bytes");
}

static const EVP_MD *sha256(void)
{
	static EVP_MD *md;

	if (!md)
		md = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!md)
		die("this OpenSSL has no SHA-256");
	return md;
}

void crypto_sha256(struct slice data, uint8_t out[SHA256_BYTES])
{
	if (EVP_Digest(data.p, data.n, out, NULL, sha256(), NULL) != 1)
		die("SHA-256 failed");
}

void crypto_sha256_of(const struct slice *pieces, int count, uint8_t out[SHA256_BYTES])
{
	static EVP_MD_CTX *context;
	bool ok;

	if (!context)
		context = EVP_MD_CTX_new();
	ok = context && EVP_DigestInit_ex2(context, sha256(), NULL) == 1;
	for (int i = 0; ok && i < count; i++) {
		uint64_t n = htobe64(pieces[i].p ? pieces[i].n : UINT64_MAX);

		ok = EVP_DigestUpdate(context, &n, sizeof n) == 1
		  && EVP_DigestUpdate(context, pieces[i].p, pieces[i].p ? pieces[i].n : 0) == 1;
	}
	if (!ok || EVP_DigestFinal_ex(context, out, NULL) != 1)
		die("SHA-256 failed");
}

/* A context that knows its algorithm; each use gives it a new key. */
static EVP_MAC_CTX *hmac_context(void)
{
	static EVP_MAC_CTX *context;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){ "SHA256" }, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac;

	if (context)
		return context;
	mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	context = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac); /* the context holds it */
	if (!context || EVP_MAC_CTX_set_params(context, params) != 1)
		die("this OpenSSL has no HMAC with SHA-256");
	return context;
}

void crypto_hmac_sha256(struct slice key, const struct slice *pieces, int count,
			uint8_t out[SHA256_BYTES])
{
	EVP_MAC_CTX *context = hmac_context();
	/* A NULL key would mean "the last one again". */
	const char *bytes = key.n ? key.p : "";
	size_t n = 0;
	int ok = EVP_MAC_init(context, (const unsigned char *)bytes, key.n, NULL);

	for (int i = 0; ok == 1 && i < count; i++)
		if (pieces[i].n)
			ok = EVP_MAC_update(context, (const unsigned char *)pieces[i].p,
					    pieces[i].n);
	if (ok != 1 || EVP_MAC_final(context, out, &n, SHA256_BYTES) != 1 || n != SHA256_BYTES)
		die("HMAC failed");
}

#define WEBHOOK_KEY_MAX 512

static struct slice webhook_key(struct slice secret, unsigned char room[WEBHOOK_KEY_MAX])
{
	size_t n;

	if (secret.n > 6 && memcmp(secret.p, "whsec_", 6) == 0
	    && crypto_unbase64((struct slice){ secret.p + 6, secret.n - 6 }, room, WEBHOOK_KEY_MAX,
			       &n))
		return (struct slice){ (const char *)room, n };
	return secret;
}

void crypto_sign_webhook(struct slice secret, const struct slice *pieces, int count,
			 char out[WEBHOOK_SIGNATURE_MAX])
{
	unsigned char room[WEBHOOK_KEY_MAX];
	uint8_t mac[SHA256_BYTES];

	crypto_hmac_sha256(webhook_key(secret, room), pieces, count, mac);
	memcpy(out, "v1,", 3);
	crypto_base64(mac, sizeof(mac), out + 3);
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

size_t crypto_base64(const void *bytes, size_t n, char *out)
{
	ASSERT(n <= INT_MAX / 2);
	return (size_t)EVP_EncodeBlock((unsigned char *)out, bytes, (int)n);
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Strict, unlike OpenSSL's: no white space, padded, and no bits behind the last byte, so that
 * one value has one text. */
bool crypto_unbase64(struct slice text, void *out, size_t max, size_t *out_n)
{
	size_t pad = 0, n = 0;
	uint8_t *to = out;
	unsigned bits = 0;
	int have = 0;

	if (text.n % 4 != 0)
		return false;
	while (pad < 2 && pad < text.n && text.p[text.n - 1 - pad] == '=')
		pad++;
	if (text.n / 4 * 3 - pad > max)
		return false;
	for (size_t i = 0; i < text.n - pad; i++) {
		int value = base64_value(text.p[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (unsigned)value;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[n++] = (uint8_t)(bits >> have);
			bits &= (1u << have) - 1;
		}
	}
	if (bits != 0)
		return false;
	*out_n = n;
	return true;
}

void crypto_hex(const void *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = bytes;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

/* The CRC of zlib and Ethernet (reflected 0x04c11db7); OpenSSL has none. */
uint32_t crypto_crc32(struct slice data)
{
	static uint32_t table[256];
	uint32_t crc = 0xffffffffu;

	for (uint32_t i = 0; table[255] == 0 && i < 256; i++) {
		uint32_t c = i;

		for (int bit = 0; bit < 8; bit++)
			c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
		table[i] = c;
	}
	for (size_t i = 0; i < data.n; i++)
		crc = table[(crc ^ (uint8_t)data.p[i]) & 0xff] ^ crc >> 8;
	return crc ^ 0xffffffffu;
}
