/* Strings where they stand: plain, or inside a JSON text with its escapes. */
#include "expr_int.h"

#include "base/check.h"

unsigned utf8_put(unsigned char out[4], unsigned c)
{
	static const struct {
		unsigned last;
		unsigned char first;
	} rows[] = { { 0x7f, 0 }, { 0x7ff, 0xc0 }, { 0xffff, 0xe0 }, { 0x10ffff, 0xf0 } };
	unsigned n = 0;

	while (c > rows[n].last)
		n++;
	for (unsigned i = n; i > 0; i--) {
		out[i] = (unsigned char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (unsigned char)(rows[n].first | c);
	return n + 1;
}

/* RFC 3629: a row says which second bytes may follow the first bytes up to `last`. */
unsigned utf8_length(const char *p, const char *end)
{
	static const struct {
		unsigned char last, low, high, bytes;
	} rows[] = {
		{ 0x7f, 0, 0xff, 1 },    { 0xc1, 1, 0, 0 },       { 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xa0, 0xbf, 3 }, { 0xec, 0x80, 0xbf, 3 }, { 0xed, 0x80, 0x9f, 3 },
		{ 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0x90, 0xbf, 4 }, { 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0x80, 0x8f, 4 }, { 0xff, 1, 0, 0 },
	};
	const unsigned char *u = (const unsigned char *)p;
	size_t i = 0;

	while (u[0] > rows[i].last)
		i++;
	if (rows[i].bytes < 2)
		return rows[i].bytes;
	if (end - p < rows[i].bytes || u[1] < rows[i].low || u[1] > rows[i].high)
		return 0;
	for (unsigned k = 2; k < rows[i].bytes; k++)
		if ((u[k] & 0xc0) != 0x80)
			return 0;
	return rows[i].bytes;
}

static unsigned hex4(const char *p)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 4 | ((unsigned)hex_digit(p[i]) & 15);
	return v;
}

/* A backslash and a letter. */
static unsigned named_char(struct text_reader *r, size_t left)
{
	static const unsigned char named[128] = {
		['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'
	};
	unsigned char letter = left < 2 ? '\\' : (unsigned char)r->p[1];

	r->p += left < 2 ? left : 2;
	return letter < 128 && named[letter] ? named[letter] : letter;
}

/* The scanner has seen to it that the escape is whole and that surrogates come in pairs; what is
 * cut off is the end. */
static unsigned escaped_char(struct text_reader *r)
{
	size_t left = (size_t)(r->end - r->p);
	unsigned c;

	if (left < 6 || r->p[1] != 'u')
		return named_char(r, left);
	c = hex4(r->p + 2);
	r->p += 6;
	if (c >= 0xd800 && c < 0xdc00 && left >= 12) {
		c = 0x10000 + ((c - 0xd800) << 10) + ((hex4(r->p + 2) - 0xdc00) & 0x3ff);
		r->p += 6;
	}
	return c;
}

int text_escaped_byte(struct text_reader *r)
{
	unsigned char bytes[4];
	unsigned c, n;

	if (r->made_n)
		return r->made[--r->made_n];
	c = escaped_char(r);
	if (c < 0x80)
		return (int)c;
	n = utf8_put(bytes, c);
	while (n > 1)
		r->made[r->made_n++] = bytes[--n];
	return bytes[0];
}

int text_far_char(struct text_reader *r)
{
	int c = text_byte(r);
	int more = c < 0xc0 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

	if (more == 0)
		return c;
	c &= 0x3f >> more;
	while (more-- > 0)
		c = c << 6 | (text_byte(r) & 0x3f);
	return c;
}

int text_compare(struct text a, struct text b)
{
	struct text_reader x = text_open(a), y = text_open(b);
	int c, d;

	if (!a.is_escaped && !b.is_escaped) {
		size_t n = a.s.n < b.s.n ? a.s.n : b.s.n;

		c = n ? memcmp(a.s.p, b.s.p, n) : 0;
		return c ? c : (a.s.n > b.s.n) - (a.s.n < b.s.n);
	}
	do {
		c = text_byte(&x);
		d = text_byte(&y);
	} while (c == d && c >= 0);
	return c - d;
}

/* FNV-1a. Not seeded: keys that collide cost steps, which are bounded. */
uint32_t text_hash(struct text t)
{
	struct text_reader r = text_open(t);
	uint32_t hash = 2166136261u;

	for (int c = text_byte(&r); c >= 0; c = text_byte(&r))
		hash = (hash ^ (unsigned)c) * 16777619u;
	return hash;
}

/* Bytes that do not continue a character, eight at a time. */
static int64_t plain_size(struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;
	int64_t n = (int64_t)s.n;
	uint64_t w;

	for (; end - p >= 8; p += 8) {
		memcpy(&w, p, 8);
		n -= __builtin_popcountll(w & ~(w << 1) & 0x8080808080808080u);
	}
	for (; p < end; p++)
		n -= ((unsigned char)*p & 0xc0) == 0x80;
	return n;
}

int64_t text_size(struct text t)
{
	struct text_reader r = text_open(t);
	int64_t n = 0;

	if (!t.is_escaped)
		return plain_size(t.s);
	for (int c = text_byte(&r); c >= 0; c = text_byte(&r))
		n += (c & 0xc0) != 0x80;
	return n;
}

size_t text_bytes(struct text t)
{
	struct text_reader r = text_open(t);
	size_t n = 0;

	if (!t.is_escaped)
		return t.s.n;
	while (text_byte(&r) >= 0)
		n++;
	return n;
}
