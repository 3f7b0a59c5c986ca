#include "base/utf8.h"

#include "base/strbuf.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* The length of the well-formed UTF-8 sequence at p (RFC 3629), 0 if there is none. */
static size_t sequence(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char first, last, low, high; /* first byte; bounds of the second */
		size_t length;
	} forms[] = {
		{ 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (p[0] < forms[i].first || p[0] > forms[i].last || n < forms[i].length)
			continue;
		if (forms[i].length > 1 && (p[1] < forms[i].low || p[1] > forms[i].high))
			return 0;
		for (size_t k = 2; k < forms[i].length; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}

/* How far it is well formed. */
static size_t sound_bytes(struct slice s)
{
	size_t i = 0, n;

	while (i < s.n && (n = sequence((const unsigned char *)s.p + i, s.n - i)))
		i += n;
	return i;
}

struct slice utf8_mend(struct slice bytes, struct arena *a)
{
	struct strbuf out;
	struct slice text;
	size_t i = 0;

	if (!bytes.p || sound_bytes(bytes) == bytes.n)
		return bytes;
	strbuf_init(&out, 3 * bytes.n + 1);
	while (i < bytes.n) {
		size_t n = sequence((const unsigned char *)bytes.p + i, bytes.n - i);

		if (n)
			strbuf_add(&out, bytes.p + i, n);
		else
			strbuf_adds(&out, REPLACEMENT);
		i += n ? n : 1;
	}
	text = arena_slice(a, strbuf_slice(&out));
	strbuf_release(&out);
	return text;
}

struct slice utf8_cut(struct slice text, size_t most)
{
	if (text.n <= most)
		return text;
	while (most && ((unsigned char)text.p[most] & 0xc0) == 0x80)
		most--;
	return (struct slice){ text.p, most };
}
