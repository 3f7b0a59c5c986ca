/* UTF-8, and JSON laid out for people. */
#include "channel/channel_int.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* By first byte: how many follow, and what the first one of those lies between. */
static int rune_tail(unsigned char first, unsigned char *low, unsigned char *high)
{
	*low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	*high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

size_t rune_read(const char *p, const char *end, uint32_t *out_rune)
{
	unsigned char first = (unsigned char)*p, low, high;
	int tail = rune_tail(first, &low, &high);
	uint32_t c = first & (0x3fu >> tail);

	*out_rune = first < 0x80 ? first : 0xfffd;
	if (tail == 0 || end - p <= tail)
		return 1;
	for (int i = 1; i <= tail; i++) {
		unsigned char next = (unsigned char)p[i];

		if (next < low || next > high)
			return 1;
		c = c << 6 | (next & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	*out_rune = c;
	return (size_t)tail + 1;
}

size_t rune_count(struct slice text)
{
	size_t n = 0;

	for (size_t i = 0; text.p && i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

bool rune_is_blank(uint32_t c)
{
	return c == 0 || c == ' ' || c == '\t' || c == '\n' || c == 0xa0
	    || (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029 || c == 0x3000;
}

bool rune_is_word(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
	/* Latin-1 signs, general punctuation, CJK signs and full-width forms are not of words. */
	return !rune_is_blank(c) && c >= 0xc0 && !(c >= 0x2000 && c <= 0x206f)
	    && !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xff00 && c <= 0xff0f);
}

/* The longest beginning of at most `most` bytes that ends between characters. */
static size_t border(struct slice text, size_t most)
{
	size_t n = text.n < most ? text.n : most;

	for (int i = 0; i < 3 && n > 0 && n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80;
	     i++)
		n--;
	return n;
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
}

struct slice text_clean(struct slice text, size_t most, struct arena *a, size_t *out_rest)
{
	size_t n = border(text, most), at;
	const char *p = text.p, *end = p ? p + n : p;
	char *to = arena_alloc(a, 3 * n + 1), *out = to;
	uint32_t c;

	*out_rest = rune_count((struct slice){ end, text.n - n });
	for (; p < end; p += at) {
		at = rune_read(p, end, &c);
		if (c == '\r') {
			if (p + 1 == end || p[1] != '\n')
				*out++ = '\n';
		} else if (is_control(c) || (c == 0xfffd && at == 1)) {
			memcpy(out, REPLACEMENT, 3);
			out += 3;
		} else {
			memcpy(out, p, at);
			out += at;
		}
	}
	return (struct slice){ to, (size_t)(out - to) };
}

struct slice text_line(struct slice text, size_t most, struct arena *a)
{
	size_t rest, kept = 0, at = 0;
	struct slice line = text_clean(text, 4 * most, a, &rest);
	char *p = arena_dup(a, line.p, line.n);
	uint32_t c;

	for (size_t i = 0; i < line.n; i++)
		if (p[i] == '\n' || p[i] == '\t')
			p[i] = ' ';
	while (at < line.n && kept < most) {
		at += rune_read(p + at, p + line.n, &c);
		kept++;
	}
	if (at == line.n && rest == 0)
		return (struct slice){ p, at };
	return slice_of(arena_printf(a, "%.*s\xe2\x80\xa6", (int)at, p));
}

struct slice text_take(struct strbuf *b, struct arena *a)
{
	struct slice taken = { arena_dup(a, b->n ? b->p : "", b->n), b->n };

	strbuf_release(b);
	return taken;
}

void text_percent(struct strbuf *out, struct slice text)
{
	static const char plain[] = "-._~!$&'()*+,;=:@/?%#[]";
	size_t from = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (rune_is_word(c & 0x7f) && c < 0x80)
			continue;
		if (c && c < 0x80 && strchr(plain, c))
			continue;
		strbuf_add(out, text.p + from, i - from);
		strbuf_addf(out, "%%%02X", c);
		from = i + 1;
	}
	strbuf_add(out, text.p + from, text.n - from);
}

/* --- JSON --- */

struct pretty {
	struct strbuf out;
	const char *p, *end;
	size_t most;
	int depth;
};

static void new_line(struct pretty *w)
{
	strbuf_addc(&w->out, '\n');
	for (int i = 0; i < w->depth; i++)
		strbuf_adds(&w->out, "  ");
}

/* A long one no further than is needed, and a character more, so that it is seen to be cut. */
static void copy_string(struct pretty *w)
{
	const char *from = w->p++, *end = w->end;
	size_t needed = w->most - w->out.n + 4;

	if ((size_t)(end - from) > needed)
		end = from + needed;
	while (w->p < end && *w->p != '"')
		w->p += *w->p == '\\' ? 2 : 1;
	w->p = w->p < end ? w->p + 1 : end;
	strbuf_add(&w->out, from, (size_t)(w->p - from));
}

static const char *skip_blank(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

static void open_bracket(struct pretty *w)
{
	const char *next = skip_blank(w->p + 1, w->end);

	strbuf_addc(&w->out, *w->p++);
	if (next < w->end && (*next == '}' || *next == ']')) {
		strbuf_addc(&w->out, *next);
		w->p = next + 1;
		return;
	}
	w->depth++;
	new_line(w);
}

static void pretty_step(struct pretty *w)
{
	switch (*w->p) {
	case '{':
	case '[':
		open_bracket(w);
		return;
	case '}':
	case ']':
		w->depth--;
		new_line(w);
		break;
	case '"':
		copy_string(w);
		return;
	case ',':
		strbuf_addc(&w->out, ',');
		new_line(w);
		w->p++;
		return;
	case ':':
		strbuf_adds(&w->out, ": ");
		w->p++;
		return;
	default:
		break;
	}
	strbuf_addc(&w->out, *w->p++);
}

struct slice text_pretty_json(struct slice json, size_t most, struct arena *a, size_t *out_rest)
{
	struct pretty w = { .p = json.p, .end = json.p ? json.p + json.n : NULL, .most = most };
	size_t cut;

	/* Every byte may begin a line, which is at most 2 * JSON_DEPTH_MAX wide; a string is one step. */
	strbuf_init(&w.out, most + json.n + 4 * JSON_DEPTH_MAX);
	while (w.p < w.end && w.out.n < most) {
		w.p = skip_blank(w.p, w.end);
		if (w.p < w.end)
			pretty_step(&w);
	}
	*out_rest = rune_count((struct slice){ w.p, (size_t)(w.end - w.p) });
	struct slice all = text_clean(strbuf_slice(&w.out), most, a, &cut);

	*out_rest += cut;
	strbuf_release(&w.out);
	return all;
}
