/* Growth doubles; the ceiling is checked before every write, so a hostile answer cannot eat the
 * memory. One byte more than the capacity in use is always there for the NUL. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "json_int.h"

#define SMALLEST 256u
#define ESCAPE_MAX 6u /* bytes of one */
#define GATHERED 256u
#define SHORT_RUN 32u

/* What p points at before the first write, so that it is never NULL. */
static char nothing[1];

void strbuf_init(struct strbuf *b, size_t max)
{
	ASSERT(max > 0);
	*b = (struct strbuf){ .p = nothing, .max = max };
}

void strbuf_release(struct strbuf *b)
{
	if (b->cap)
		free(b->p);
	*b = (struct strbuf){ .p = nothing };
}

void strbuf_clear(struct strbuf *b)
{
	b->n = 0;
	b->failed = false;
	if (b->cap)
		b->p[0] = '\0';
}

/* Out of line: the writers below are small while there is room. */
static __attribute__((noinline)) char *grow(struct strbuf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : SMALLEST;

	if (n > b->max - b->n || b->failed) {
		b->failed = true;
		return NULL;
	}
	while (cap - 1 < b->n + n)
		cap = cap > SIZE_MAX / 2 ? b->n + n + 1 : cap * 2;
	b->p = mem_grow(b->cap ? b->p : NULL, cap);
	b->cap = cap;
	b->p[b->n] = '\0';
	return b->p + b->n;
}

/* Whether n bytes fit as things stand. After a dropped write later ones are dropped too: a hole
 * in the middle would go unseen. */
static inline bool fits(const struct strbuf *b, size_t n)
{
	return !b->failed && b->cap > b->n && n < b->cap - b->n && n <= b->max - b->n;
}

char *strbuf_room(struct strbuf *b, size_t n)
{
	return fits(b, n) ? b->p + b->n : grow(b, n);
}

void strbuf_grew(struct strbuf *b, size_t n)
{
	ASSERT(n < b->cap - b->n);
	b->n += n;
	b->p[b->n] = '\0';
}

void strbuf_add(struct strbuf *b, const void *bytes, size_t n)
{
	if (n == 0 || (!fits(b, n) && !grow(b, n)))
		return;
	memcpy(b->p + b->n, bytes, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void strbuf_addc(struct strbuf *b, char c)
{
	if (!fits(b, 1) && !grow(b, 1))
		return;
	b->p[b->n++] = c;
	b->p[b->n] = '\0';
}

void strbuf_adds(struct strbuf *b, const char *text)
{
	strbuf_add(b, text, strlen(text));
}

void strbuf_addi(struct strbuf *b, long long v)
{
	unsigned long long left = v < 0 ? 0ull - (unsigned long long)v : (unsigned long long)v;
	char text[24];
	char *at = text + sizeof(text);

	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (v < 0)
		*--at = '-';
	strbuf_add(b, at, (size_t)(text + sizeof(text) - at));
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	/* Mostly the room that is there does; else the first try says how much is needed. */
	size_t room = b->failed || !b->cap ? 0 : b->cap - b->n;
	char *at = b->p + b->n;
	va_list args;
	char *to;
	int n;

	if (room > b->max - b->n + 1)
		room = b->max - b->n + 1;
	va_start(args, fmt);
	n = vsnprintf(room ? at : NULL, room, fmt, args);
	va_end(args);
	ASSERT(n >= 0);
	if ((size_t)n < room) {
		b->n += (size_t)n;
		return;
	}
	if (room)
		*at = '\0';
	to = strbuf_room(b, (size_t)n);
	if (!to)
		return;
	/* The byte behind the room is the NUL's. */
	va_start(args, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, args);
	va_end(args);
	strbuf_grew(b, (size_t)n);
}

/* What stands for a byte that does not fit; returns its bytes, at most ESCAPE_MAX. What is not UTF-8
 * (a receiver's answer, say) becomes U+FFFD: what we write is always JSON. */
static size_t put_escape(char *to, unsigned char c)
{
	static const char named[0x80] = { ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
					  ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\' };

	if (c >= 0x80) {
		memcpy(to, "\xef\xbf\xbd", 3);
		return 3;
	}
	if (named[c]) {
		to[0] = '\\';
		to[1] = named[c];
		return 2;
	}
	memcpy(to, "\\u00", 4);
	to[4] = (char)('0' + (c >> 4));
	to[5] = "0123456789abcdef"[c & 15];
	return ESCAPE_MAX;
}

/* Whether it can go into a JSON string as it is. */
static bool is_fit(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;

	if (c >= 0x80)
		return utf8_bytes((const unsigned char *)p, (size_t)(end - p)) > 0;
	return c >= 0x20 && c != '"' && c != '\\';
}

/* To the first byte that is not. */
static const char *fit_end(const char *p, const char *end)
{
	const char *from;

	do {
		from = p;
		p = json_plain_end(utf8_run_end(p, end), end);
	} while (p > from && p < end && (unsigned char)*p >= 0x80);
	return p;
}

/* Escapes and the short runs between them are gathered, as a text of nothing else would cost a write for
 * every byte. */
void strbuf_add_json(struct strbuf *b, struct slice text)
{
	const char *p = text.p, *end = text.p ? text.p + text.n : NULL;
	char some[GATHERED];
	size_t n = 1;

	some[0] = '"';
	while (p < end) {
		const char *stop = fit_end(p, end);
		size_t run = (size_t)(stop - p);

		if (run > SHORT_RUN || n > GATHERED - SHORT_RUN - ESCAPE_MAX - 1) {
			strbuf_add(b, some, n);
			n = 0;
		}
		if (run > SHORT_RUN) {
			strbuf_add(b, p, run);
		} else {
			memcpy(some + n, p, run);
			n += run;
		}
		p = stop;
		for (; p < end && !is_fit(p, end) && n <= GATHERED - ESCAPE_MAX - 1; p++)
			n += put_escape(some + n, (unsigned char)*p);
	}
	some[n++] = '"';
	strbuf_add(b, some, n);
}

struct slice strbuf_slice(const struct strbuf *b)
{
	return (struct slice){ b->p, b->n };
}
