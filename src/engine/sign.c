/* Signatures: Standard Webhooks 1.0.0 (id.timestamp.body), and the plain one over the body that
 * some receivers know. */
#include <inttypes.h>
#include <stdio.h>

#include "base/crypto.h"
#include "engine/engine_int.h"

struct slice sign_webhook(const struct call *call, struct slice id, int64_t timestamp,
			  struct arena *a)
{
	char signature[WEBHOOK_SIGNATURE_MAX], former[WEBHOOK_SIGNATURE_MAX], stamp[24];
	int n = snprintf(stamp, sizeof stamp, ".%" PRId64 ".", timestamp);
	struct slice pieces[] = { id, { stamp, (size_t)n }, call->payload };

	crypto_sign_webhook(call->secret, pieces, 3, signature);
	if (!signing_uses(&call->former, timestamp * SEC))
		return slice_of(arena_printf(a, "%s", signature));
	crypto_sign_webhook(call->former.secret, pieces, 3, former);
	return slice_of(arena_printf(a, "%s %s", signature, former));
}

struct slice sign_body(const struct call *call, struct arena *a)
{
	uint8_t mac[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];

	crypto_hmac_sha256(call->secret, &call->payload, 1, mac);
	crypto_hex(mac, sizeof mac, hex);
	return slice_of(arena_printf(a, "v1=%s", hex));
}
