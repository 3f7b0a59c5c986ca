#include "lib/webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 512 };

/* "whsec_" and base64, or the text itself. */
static size_t key_of(const char *secret, unsigned char *out)
{
	size_t n = strlen(secret), coded = n > 6 ? n - 6 : 0;
	int got = -1;

	if (n > KEY_MAX)
		return 0;
	if (coded > 0 && coded % 4 == 0 && memcmp(secret, "whsec_", 6) == 0)
		got = EVP_DecodeBlock(out, (const unsigned char *)secret + 6, (int)coded);
	if (got >= 0) {
		got -= secret[n - 1] == '=';
		got -= secret[n - 2] == '=';
		return (size_t)got;
	}
	memcpy(out, secret, n);
	return n;
}

/* "v1,BASE64" of id.timestamp.body. */
static void sign(const struct webhook *w, const char *secret, char *out)
{
	size_t head = strlen(w->id) + strlen(w->timestamp) + 2;
	unsigned char key[KEY_MAX], mac[EVP_MAX_MD_SIZE];
	char *text = malloc(head + w->body_n + 1);
	unsigned n = 0;

	if (!text)
		abort();
	(void)stpcpy(stpcpy(stpcpy(stpcpy(text, w->id), "."), w->timestamp), ".");
	if (w->body_n)
		memcpy(text + head, w->body, w->body_n);
	if (!HMAC(EVP_sha256(), key, (int)key_of(secret, key), (unsigned char *)text,
		  head + w->body_n, mac, &n))
		abort();
	memcpy(out, "v1,", 3);
	(void)EVP_EncodeBlock((unsigned char *)out + 3, mac, (int)n);
	free(text);
}

int webhook_signed_by(const struct webhook *w, const char *secret)
{
	char wanted[128];
	const char *at = w->signatures;

	sign(w, secret, wanted);
	for (int i = 1; *at; i++) {
		size_t n = strcspn(at, " ");

		if (n == strlen(wanted) && memcmp(at, wanted, n) == 0)
			return i;
		at += n;
		at += *at == ' ';
	}
	return 0;
}
