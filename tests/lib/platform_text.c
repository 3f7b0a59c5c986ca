/* What may stand in the texts of messages, by the platforms' documents. */
#include "lib/platform_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char said[256];

/* --- UTF-8, by iconv's rules written out --- */

static size_t rune_bytes(unsigned char first)
{
	return first < 0x80     ? 1
	     : first >> 5 == 6  ? 2
	     : first >> 4 == 14 ? 3
	     : first >> 3 == 30 ? 4
				: 0;
}

static bool is_scalar(long c, size_t bytes)
{
	static const long least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	return c >= least[bytes] && c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
}

/* The character and its bytes, or -1. */
static long rune_at(const unsigned char *p, size_t n, size_t *out_n)
{
	size_t bytes = rune_bytes(p[0]);
	long c = bytes == 1 ? p[0] : p[0] & (0x7f >> bytes);

	if (bytes == 0 || bytes > n)
		return -1;
	for (size_t i = 1; i < bytes; i++) {
		if (p[i] >> 6 != 2)
			return -1;
		c = c << 6 | (p[i] & 0x3f);
	}
	*out_n = bytes;
	return is_scalar(c, bytes) ? c : -1;
}

bool text_is_utf8(const char *p, size_t n)
{
	for (size_t i = 0, step = 0; i < n; i += step)
		if (rune_at((const unsigned char *)p + i, n - i, &step) < 0)
			return false;
	return true;
}

bool text_is_blank(const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0, step = 0; i < n; i += step) {
		long c = rune_at((const unsigned char *)text + i, n - i, &step);

		if (c > ' ' && c != 0xa0 && !(c >= 0x2000 && c <= 0x200f) && c != 0x3000
		    && c != 0xfeff)
			return false;
	}
	return true;
}

size_t text_units(const char *text, char unit)
{
	size_t n = strlen(text), sum = 0;

	for (size_t i = 0, step = 0; i < n; i += step)
		sum += rune_at((const unsigned char *)text + i, n - i, &step) > 0xffff
				    && unit == 'u'
			     ? 2
			     : 1;
	return sum;
}

/* --- Slack --- */

static bool begins(const char *p, const char *with)
{
	return strncmp(p, with, strlen(with)) == 0;
}

/* The byte behind <url> or <url|text>; NULL: it is none. */
static const char *slack_link(const char *p)
{
	const char *end = p + 1 + strcspn(p + 1, "<>\n");

	if (!begins(p + 1, "http://") && !begins(p + 1, "https://") && !begins(p + 1, "mailto:"))
		return NULL;
	if (*end != '>' || memchr(p, ' ', strcspn(p, "|>")))
		return NULL;
	return end + 1;
}

static bool fences_pair(const char *text)
{
	int fences = 0;

	for (const char *p = text; (p = strstr(p, "```")); p += 3)
		fences++;
	return fences % 2 == 0;
}

static bool is_entity(const char *p)
{
	return begins(p, "&amp;") || begins(p, "&lt;") || begins(p, "&gt;");
}

const char *check_mrkdwn(const char *text, bool has_marks)
{
	const char *next;

	for (const char *p = text; *p; p = next) {
		bool is_begin = p == text || p[-1] == '\n';

		next = *p == '<' ? slack_link(p) : p + 1;
		if (!next) {
			snprintf(said, sizeof said, "a < is not escaped and begins no link: %.40s",
				 p);
			return said;
		}
		if (*p == '&' && !is_entity(p))
			return "a & is not escaped";
		if (*p == '>' && !(is_begin && p[1] == ' '))
			return "a > is not escaped";
	}
	return has_marks && !fences_pair(text) ? "a code block is not closed" : NULL;
}

const char *check_discord_text(const char *text)
{
	if (strstr(text, "@everyone") || strstr(text, "@here"))
		return "the text says @everyone or @here";
	return fences_pair(text) ? NULL : "a code block is not closed";
}

/* --- Telegram --- */

static const char *const tags[] = { "b",    "strong", "i",          "em",        "u",
				    "ins",  "s",      "strike",     "del",       "a",
				    "code", "pre",    "blockquote", "tg-spoiler" };
enum {
	TAGS = sizeof tags / sizeof tags[0],
	OPEN_MAX = 32,
	TAG_A = 9,
	TAG_CODE = 10,
	TAG_PRE = 11,
	TAG_QUOTE = 12
};

struct html {
	const char *p;
	int open[OPEN_MAX];
	int n;
	size_t units;
	bool seen; /* something that is not a space */
	const char *fault;
};

static int tag_at(const char *p)
{
	size_t n = strcspn(p, " >\n");

	for (int i = 0; i < TAGS; i++)
		if (strlen(tags[i]) == n && memcmp(p, tags[i], n) == 0)
			return i;
	return -1;
}

static bool is_open(const struct html *h, int tag)
{
	for (int i = 0; i < h->n; i++)
		if (h->open[i] == tag)
			return true;
	return false;
}

static bool is_code(int tag)
{
	return tag == TAG_PRE || tag == TAG_CODE;
}

static const char *nesting_fault(const struct html *h, int tag)
{
	int up = h->n ? h->open[h->n - 1] : TAG_QUOTE;

	if (is_open(h, TAG_CODE) || (is_open(h, TAG_PRE) && tag != TAG_CODE))
		return "an entity is inside code";
	if ((tag == TAG_A || tag == TAG_QUOTE) && is_open(h, tag))
		return "a link or a blockquote is inside another";
	if (up == TAG_QUOTE || (up == TAG_PRE && tag == TAG_CODE))
		return NULL;
	return is_code(tag) ? "code is inside another entity" : NULL;
}

/* What stands between the name and '>'. */
static const char *attribute_fault(const char *p, const char *end, int tag)
{
	if (tag != TAG_A)
		return p[1 + strlen(tags[tag])] == '>' ? NULL : "a tag has attributes";
	if (!begins(p, "<a href=\"http") && !begins(p, "<a href=\"mailto:"))
		return "a link has no URL";
	return end[-1] != '"' || memchr(p + 9, '"', (size_t)(end - p) - 10)
		     ? "a link's quotes are wrong"
		     : NULL;
}

static void open_tag(struct html *h)
{
	const char *end = strchr(h->p, '>');
	int tag = tag_at(h->p + 1);

	if (!end || tag < 0 || h->n == OPEN_MAX) {
		h->fault = "a tag does not end, Telegram does not know it, or too many are open";
		return;
	}
	h->fault = nesting_fault(h, tag);
	if (!h->fault)
		h->fault = attribute_fault(h->p, end, tag);
	h->open[h->n++] = tag;
	h->p = end + 1;
}

static void close_tag(struct html *h)
{
	int tag = tag_at(h->p + 2);

	if (tag < 0 || h->n == 0 || h->open[h->n - 1] != tag
	    || h->p[2 + strlen(tags[tag])] != '>') {
		h->fault = "a tag is closed that is not the last one opened";
		return;
	}
	h->n--;
	h->p += 3 + strlen(tags[tag]);
}

static void html_text(struct html *h)
{
	static const char *const entities[] = { "&lt;", "&gt;", "&amp;", "&quot;" };
	size_t step = 0;
	long c = rune_at((const unsigned char *)h->p, strlen(h->p) < 4 ? strlen(h->p) : 4, &step);

	if (*h->p == '>') {
		h->fault = "a > is not escaped";
		return;
	}
	for (int i = 0; *h->p == '&' && i < 4; i++)
		if (begins(h->p, entities[i]))
			step = strlen(entities[i]);
	if (*h->p == '&' && step == 1)
		h->fault = "a & is not escaped";
	h->units += c > 0xffff ? 2 : 1;
	h->seen |= c > ' ' && c != 0xa0 && c != 0x200b;
	h->p += step;
}

const char *check_telegram_text(const char *text, bool is_html)
{
	struct html h = { .p = text };

	while (is_html && *h.p && !h.fault)
		if (begins(h.p, "</"))
			close_tag(&h);
		else if (*h.p == '<')
			open_tag(&h);
		else
			html_text(&h);
	if (!is_html) {
		h.units = text_units(text, 'u');
		h.seen = !text_is_blank(text);
	}
	if (h.fault)
		return h.fault;
	if (h.n)
		return "a tag is not closed";
	if (!h.seen)
		return "the text is empty";
	if (h.units > 4096) {
		snprintf(said, sizeof said, "the text has %zu UTF-16 units, at most 4096 go",
			 h.units);
		return said;
	}
	return NULL;
}
