#include "core/cursor.h"

#include <endian.h>

#include "base/crypto.h"
#include "core/core.h"

enum { PLACE_BYTES = 8 + 16, MAC_BYTES = 8, BYTES = PLACE_BYTES + MAC_BYTES };
#define TEXT_BYTES 43 /* base64 without its one '=' */
_Static_assert((BYTES + 2) / 3 * 4 == TEXT_BYTES + 1, "one = is left out");

static void sign(const struct op *op, struct slice of, const uint8_t place[PLACE_BYTES],
		 uint8_t out[MAC_BYTES])
{
	const struct slice pieces[] = { SLICE_LIT("cursor"),
					{ (const char *)op->who.tenant.b, 16 },
					{ (const char *)place, PLACE_BYTES },
					of };
	uint8_t mac[SHA256_BYTES];

	crypto_hmac_sha256((struct slice){ (const char *)op->core->callback_key,
					   sizeof op->core->callback_key },
			   pieces, 4, mac);
	memcpy(out, mac, MAC_BYTES);
}

/* Base64 for addresses, and back. */
static void swap(char *text, size_t n, const char *from, const char *to)
{
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 2; k++)
			if (text[i] == from[k]) {
				text[i] = to[k];
				break;
			}
}

struct slice cursor_print(const struct op *op, struct slice of, const struct cursor *c)
{
	char *text = arena_alloc(op->arena, BASE64_MAX(BYTES));
	uint64_t at = htobe64((uint64_t)c->at);
	uint8_t bytes[BYTES];

	memcpy(bytes, &at, sizeof at);
	memcpy(bytes + sizeof at, c->id.b, 16);
	sign(op, of, bytes, bytes + PLACE_BYTES);
	(void)crypto_base64(bytes, BYTES, text);
	swap(text, TEXT_BYTES, "+/", "-_");
	return (struct slice){ text, TEXT_BYTES };
}

static bool read_text(const struct op *op, struct slice of, struct slice text, struct cursor *out)
{
	uint8_t bytes[BYTES], mac[MAC_BYTES];
	char plain[TEXT_BYTES + 2];
	uint64_t at;
	size_t n;

	if (text.n != TEXT_BYTES || memchr(text.p, '\0', text.n) || memchr(text.p, '+', text.n)
	    || memchr(text.p, '/', text.n))
		return false;
	memcpy(plain, text.p, TEXT_BYTES);
	swap(plain, TEXT_BYTES, "-_", "+/");
	memcpy(plain + TEXT_BYTES, "=", 2);
	if (!crypto_unbase64(slice_of(plain), bytes, sizeof bytes, &n) || n != BYTES)
		return false;
	sign(op, of, bytes, mac);
	if (!crypto_equal(mac, bytes + PLACE_BYTES, MAC_BYTES))
		return false;
	memcpy(&at, bytes, sizeof at);
	out->at = (int64_t)be64toh(at);
	memcpy(out->id.b, bytes + sizeof at, 16);
	return true;
}

bool cursor_parse(struct op *op, struct slice of, struct slice text, struct cursor *out)
{
	*out = (struct cursor){ .at = INT64_MAX };
	memset(out->id.b, 0xff, sizeof out->id.b);
	if (!text.p || read_text(op, of, text, out))
		return true;
	json_fault(&op->faults, "cursor", "cursor_invalid",
		   "This is no next_cursor of this list with these filters.");
	return false;
}
