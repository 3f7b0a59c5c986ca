#include "core/key_text.h"

#include <stdint.h>

#include "base/crypto.h"

#define PREFIX_BYTES (sizeof(KEY_PREFIX) - 1)
#define BODY_BYTES (PREFIX_BYTES + KEY_RANDOM)

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void add_check(const char *body, char *out)
{
	uint32_t crc = crypto_crc32((struct slice){ body, BODY_BYTES });

	for (int i = KEY_CHECK - 1; i >= 0; i--, crc /= 62)
		out[i] = digits[crc % 62];
}

void key_text_make(char out[KEY_TEXT_BYTES + 1])
{
	size_t n = PREFIX_BYTES;
	uint8_t byte;

	memcpy(out, KEY_PREFIX, PREFIX_BYTES);
	while (n < BODY_BYTES) {
		crypto_random(&byte, 1);
		if (byte < 248) /* 4 * 62: every digit is as likely as any other */
			out[n++] = digits[byte % 62];
	}
	add_check(out, out + BODY_BYTES);
	out[KEY_TEXT_BYTES] = '\0';
}

static bool is_digit(char c)
{
	return c != '\0' && strchr(digits, c);
}

enum key_text key_text_check(struct slice text)
{
	char check[KEY_CHECK];

	if (text.n < PREFIX_BYTES || memcmp(text.p, KEY_PREFIX, PREFIX_BYTES) != 0)
		return KEY_TEXT_OTHER;
	if (text.n != KEY_TEXT_BYTES)
		return KEY_TEXT_BAD;
	for (size_t i = PREFIX_BYTES; i < text.n; i++)
		if (!is_digit(text.p[i]))
			return KEY_TEXT_BAD;
	add_check(text.p, check);
	return memcmp(text.p + BODY_BYTES, check, KEY_CHECK) == 0 ? KEY_TEXT_OURS : KEY_TEXT_BAD;
}
