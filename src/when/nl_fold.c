/* A phrase as plain ASCII: lower case, one kind of blank, dash and quote, full-width forms and
 * accents gone, and where each byte came from. */
#include "nl_int.h"
#include "when_int.h"

struct point {
	uint32_t c;
	unsigned n;
};

/* Bytes of the code point that begins so; 0: none does. */
static unsigned point_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	return first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
}

/* One code point of strict UTF-8; n 0: none. */
static struct point point_read(const unsigned char *p, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned n = point_length(p[0]);
	uint32_t c = n == 1 ? p[0] : p[0] & (0x7fu >> n);

	if (n == 0 || n > left)
		return (struct point){ 0, 0 };
	for (unsigned i = 1; i < n; i++) {
		if (p[i] >> 6 != 2)
			return (struct point){ 0, 0 };
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return (struct point){ 0, 0 };
	return (struct point){ c, n };
}

static const struct {
	uint32_t first, last;
	char to; /* 0: nothing */
} ranges[] = {
	{ 0x00a0, 0x00a0, ' ' },  { 0x00ad, 0x00ad, 0 },   { 0x00ab, 0x00ab, '"' },
	{ 0x00bb, 0x00bb, '"' },  { 0x00b7, 0x00b7, ' ' }, { 0x1680, 0x1680, ' ' },
	{ 0x2000, 0x200a, ' ' },  { 0x200b, 0x200f, 0 },   { 0x2010, 0x2015, '-' },
	{ 0x2018, 0x201b, '\'' }, { 0x201c, 0x201f, '"' }, { 0x2022, 0x2022, ' ' },
	{ 0x2026, 0x2026, ' ' },  { 0x2028, 0x2029, ' ' }, { 0x202f, 0x202f, ' ' },
	{ 0x2032, 0x2032, '\'' }, { 0x2033, 0x2033, '"' }, { 0x205f, 0x205f, ' ' },
	{ 0x2060, 0x2060, 0 },    { 0x2212, 0x2212, '-' }, { 0x3000, 0x3000, ' ' },
	{ 0x3001, 0x3001, ',' },  { 0x3002, 0x3002, '.' }, { 0xfe0f, 0xfe0f, 0 },
	{ 0xfeff, 0xfeff, 0 },
};

/* U+00C0 .. U+00FF; '?' stands for no letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty";

enum { UNKNOWN_LETTER = '\x7f' };

static int ascii_of(uint32_t c)
{
	if (c == '\t' || c == '\n' || c == '\r')
		return ' ';
	if (c < 0x80)
		return lower((char)c);
	if (c >= 0xff01 && c <= 0xff5e)
		return lower((char)(c - 0xfee0));
	if (c >= 0xc0 && c <= 0xff)
		return latin[c - 0xc0];
	for (unsigned i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].to;
	return UNKNOWN_LETTER;
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0);
}

bool nl_fold(struct slice text, char *out, uint16_t *from, unsigned *out_n)
{
	unsigned n = 0;

	for (size_t i = 0; i < text.n;) {
		struct point c = point_read((const unsigned char *)text.p + i, text.n - i);

		if (c.n == 0 || is_control(c.c)) {
			*out_n = (unsigned)i;
			return false;
		}
		int to = ascii_of(c.c);
		if (to) {
			out[n] = (char)to;
			from[n++] = (uint16_t)i;
		}
		i += c.n;
	}
	from[n] = (uint16_t)text.n;
	*out_n = n;
	return true;
}
