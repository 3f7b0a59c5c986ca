/* AES-256-GCM by OpenSSL: version (1), key id (4), nonce (12), ciphertext, tag (16). The nonce is
 * random: with 96 bits of it one key seals four thousand million texts before two alike are worth a
 * thought, and a tenant has eight. */
#include "core/secret.h"

#include <limits.h>
#include <openssl/evp.h>

#include "base/check.h"
#include "base/crypto.h"

enum {
	VERSION = 1,
	ID_BYTES = 4,
	NONCE_BYTES = 12,
	TAG_BYTES = 16,
	HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES
};

void secret_key_init(struct secret_key *key, const unsigned char bytes[SECRET_KEY_BYTES])
{
	uint8_t hash[SHA256_BYTES];

	memcpy(key->bytes, bytes, SECRET_KEY_BYTES);
	crypto_sha256((struct slice){ (const char *)bytes, SECRET_KEY_BYTES }, hash);
	memcpy(key->id, hash, sizeof(key->id));
	key->is_set = true;
}

static const EVP_CIPHER *cipher(void)
{
	static EVP_CIPHER *gcm;

	if (!gcm)
		gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	if (!gcm)
		die("this OpenSSL has no AES-256-GCM");
	return gcm;
}

static const unsigned char *bytes_of(struct slice s)
{
	return (const unsigned char *)(s.p ? s.p : "");
}

/* A context with its key and nonce, that has been told what is bound; to be freed. */
static EVP_CIPHER_CTX *begin(const struct secret_key *key, const unsigned char *nonce,
			     struct slice bound, bool seals)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n;

	ASSERT(key->is_set && bound.n <= INT_MAX);
	if (!c || EVP_CipherInit_ex2(c, cipher(), key->bytes, nonce, seals, NULL) != 1
	    || EVP_CipherUpdate(c, NULL, &n, bytes_of(bound), (int)bound.n) != 1)
		die("AES-256-GCM failed");
	return c;
}

struct slice secret_seal(const struct secret_key *key, struct slice text, struct slice bound,
			 struct arena *a)
{
	unsigned char *out = arena_alloc(a, HEAD_BYTES + text.n + TAG_BYTES), *nonce;
	EVP_CIPHER_CTX *c;
	int n, more;

	ASSERT(text.n <= INT_MAX - HEAD_BYTES - TAG_BYTES);
	out[0] = VERSION;
	memcpy(out + 1, key->id, ID_BYTES);
	nonce = out + 1 + ID_BYTES;
	crypto_random(nonce, NONCE_BYTES);
	c = begin(key, nonce, bound, true);
	if (EVP_CipherUpdate(c, out + HEAD_BYTES, &n, bytes_of(text), (int)text.n) != 1
	    || EVP_CipherFinal_ex(c, out + HEAD_BYTES + n, &more) != 1
	    || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, out + HEAD_BYTES + text.n)
		       != 1)
		die("AES-256-GCM failed");
	EVP_CIPHER_CTX_free(c);
	return (struct slice){ (const char *)out, HEAD_BYTES + text.n + TAG_BYTES };
}

enum secret_end secret_open(const struct secret_key *key, struct slice sealed, struct slice bound,
			    struct arena *a, struct slice *out)
{
	const unsigned char *in = bytes_of(sealed);
	unsigned char tag[TAG_BYTES], *text;
	EVP_CIPHER_CTX *c;
	size_t bytes;
	int n, more;
	bool is_sound;

	if (sealed.n < HEAD_BYTES + TAG_BYTES || sealed.n > INT_MAX || in[0] != VERSION)
		return SECRET_DAMAGED;
	if (memcmp(in + 1, key->id, ID_BYTES) != 0)
		return SECRET_OTHER_KEY;
	bytes = sealed.n - HEAD_BYTES - TAG_BYTES;
	text = arena_alloc(a, bytes + 1);
	memcpy(tag, in + HEAD_BYTES + bytes, TAG_BYTES);
	c = begin(key, in + 1 + ID_BYTES, bound, false);
	is_sound = EVP_CipherUpdate(c, text, &n, in + HEAD_BYTES, (int)bytes) == 1
		&& EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1
		&& EVP_CipherFinal_ex(c, text + n, &more) == 1;
	EVP_CIPHER_CTX_free(c);
	if (!is_sound)
		return SECRET_DAMAGED;
	*out = (struct slice){ (const char *)text, bytes };
	return SECRET_FINE;
}
