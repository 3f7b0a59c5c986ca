#include "base/utf8.h"

#include "json_int.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* To the first byte that is NUL or belongs to no well-formed sequence. */
static const char *sound_end(const char *p, const char *end)
{
	const char *from;

	do {
		from = p;
		p = ascii_end(utf8_run_end(p, end), end);
	} while (p > from && p < end && *p);
	return p;
}

static bool is_bad(const char *p, const char *end)
{
	return !*p
	    || ((unsigned char)*p >= 0x80
		&& !utf8_bytes((const unsigned char *)p, (size_t)(end - p)));
}

struct slice utf8_mend(struct slice bytes, struct arena *a)
{
	const char *p = bytes.p, *end = bytes.p ? bytes.p + bytes.n : NULL;
	char *text, *to;
	size_t bad = 0;

	for (p = sound_end(p, end); p < end; p = sound_end(p, end))
		for (; p < end && is_bad(p, end); p++)
			bad++;
	if (!bad)
		return bytes;
	text = to = arena_alloc(a, bytes.n + 2 * bad + 1);
	for (p = bytes.p; p < end;) {
		const char *stop = sound_end(p, end);

		if (stop > p)
			memcpy(to, p, (size_t)(stop - p));
		to += stop - p;
		for (p = stop; p < end && is_bad(p, end); p++, to += 3)
			memcpy(to, REPLACEMENT, 3);
	}
	*to = '\0';
	return (struct slice){ text, (size_t)(to - text) };
}

struct slice utf8_cut(struct slice text, size_t most)
{
	if (text.n <= most)
		return text;
	while (most && ((unsigned char)text.p[most] & 0xc0) == 0x80)
		most--;
	return (struct slice){ text.p, most };
}
