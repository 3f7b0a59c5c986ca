#include "core/signing.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

enum { KEY_BYTES = 32 };

static bool is_same(struct slice a, struct slice b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

struct former signing_former(struct slice secret, struct slice was, const struct former *before,
			     usec_t now)
{
	if (!secret.p || !was.p)
		return (struct former){ 0 };
	if (!is_same(secret, was))
		return (struct former){ was, now + SECRET_OVERLAP };
	return signing_uses(before, now) ? *before : (struct former){ 0 };
}

bool signing_uses(const struct former *f, usec_t now)
{
	return f->secret.p && now < f->until;
}

static const char *parse_until(const struct field *f, struct slice text, void *member,
			       struct arena *a, const char **out_message)
{
	(void)f;
	(void)out_message;
	*(usec_t *)member = strtoll(arena_dup(a, text.p, text.n), NULL, 10);
	return NULL;
}

static bool print_until(const struct field *f, const void *member, struct strbuf *out)
{
	usec_t until = *(const usec_t *)member;

	(void)f;
	if (until <= 0)
		return false;
	strbuf_addi(out, until);
	return true;
}

const struct field_type signing_until = { "an instant in microseconds", parse_until, print_until,
					  true };

struct slice signing_secret_new(struct arena *a)
{
	uint8_t key[KEY_BYTES];
	char text[BASE64_MAX(KEY_BYTES)];

	crypto_random(key, sizeof key);
	crypto_base64(key, sizeof key, text);
	return slice_of(arena_printf(a, "whsec_%s", text));
}
