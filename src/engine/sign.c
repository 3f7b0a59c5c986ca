/* Signatures: Standard Webhooks 1.0.0 (id.timestamp.body), and the plain one over the body that
 * some receivers know. */
#include <inttypes.h>
#include <stdio.h>

#include "base/crypto.h"
#include "engine/engine_int.h"

#define SECRET_MAX 512

/* "whsec_" and base64: the bytes it stands for; anything else: the text itself. */
static struct slice key_of(struct slice secret, unsigned char room[SECRET_MAX])
{
	size_t n;

	if (secret.n > 6 && memcmp(secret.p, "whsec_", 6) == 0
	    && crypto_unbase64((struct slice){ secret.p + 6, secret.n - 6 }, room, SECRET_MAX, &n))
		return (struct slice){ (const char *)room, n };
	return secret;
}

struct slice sign_webhook(const struct call *call, struct slice id, int64_t timestamp,
			  struct arena *a)
{
	unsigned char room[SECRET_MAX];
	uint8_t mac[SHA256_BYTES];
	char base64[BASE64_MAX(SHA256_BYTES)], stamp[24];
	int n = snprintf(stamp, sizeof stamp, ".%" PRId64 ".", timestamp);
	struct slice pieces[] = { id, { stamp, (size_t)n }, call->payload };
	char *out;

	crypto_hmac_sha256(key_of(call->secret, room), pieces, 3, mac);
	crypto_base64(mac, sizeof mac, base64);
	out = arena_printf(a, "v1,%s", base64);
	return slice_of(out);
}

struct slice sign_body(const struct call *call, struct arena *a)
{
	uint8_t mac[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];

	crypto_hmac_sha256(call->secret, &call->payload, 1, mac);
	crypto_hex(mac, sizeof mac, hex);
	return slice_of(arena_printf(a, "v1=%s", hex));
}
