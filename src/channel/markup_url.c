/* URLs in markdown: bare ones, and what stands behind "](". */
#include "channel/channel_int.h"

enum { PARENS_MAX = 8 };

bool rune_is_sign(char c)
{
	return c > ' ' && c < 0x7f && !rune_is_word((unsigned char)c);
}

size_t url_scheme(const char *p, const char *end)
{
	static const char *const schemes[] = { "https://", "http://", "mailto:" };

	for (int i = 0; i < 3; i++) {
		size_t n = strlen(schemes[i]);

		if ((size_t)(end - p) > n && memcmp(p, schemes[i], n) == 0)
			return n;
	}
	return 0;
}

/* In a URL, too, this would notify everybody. */
static bool is_ping(const char *p, const char *end)
{
	return *p == '@'
	    && ((end - p > 8 && memcmp(p + 1, "everyone", 8) == 0)
		|| (end - p > 4 && memcmp(p + 1, "here", 4) == 0));
}

/* Nothing in it may end a link on any platform. */
struct slice url_safe(const char *p, const char *end, struct arena *a)
{
	static const char unsafe[] = "<>\"'|`\\()[]{}^*~";
	struct strbuf b;

	strbuf_init(&b, 3 * LINK_URL_MAX + 1);
	for (; p < end; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '\\' && p + 1 < end && rune_is_sign(p[1]))
			continue;
		if (c <= ' ' || c == 0x7f || strchr(unsafe, c) || is_ping(p, end))
			strbuf_addf(&b, "%%%02X", c);
		else
			strbuf_addc(&b, (char)c);
	}
	return text_take(&b, a);
}

static bool ends_url(uint32_t c)
{
	return rune_is_blank(c) || c == 0xfffd || (c < 0x80 && strchr("<>[]\"`|\\", (int)c));
}

const char *url_bare_end(const char *p, const char *end)
{
	const char *at = p;
	int parens = 0;
	uint32_t c;

	for (size_t n = 1; at < end && at - p < LINK_URL_MAX; at += n) {
		n = rune_read(at, end, &c);
		if (ends_url(c))
			break;
		parens += (c == '(') - (c == ')');
	}
	while (at > p && strchr(".,:;!?'*_~)}", at[-1])) {
		if (at[-1] == ')' && parens++ >= 0)
			break;
		at--;
	}
	return at;
}

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t'))
		p++;
	return p;
}

/* The end of a destination without white space, its parentheses in pairs. */
static const char *destination_end(const char *p, const char *end)
{
	const char *from = p;
	int parens = 0;

	for (; p < end && p - from < LINK_URL_MAX && (unsigned char)*p > ' '; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == ')' && --parens < 0)
			break;
		else if (*p == '<' || *p == '>' || (*p == '(' && ++parens > PARENS_MAX))
			return NULL;
	}
	return p;
}

/* Behind the destination: perhaps a title, then ')'. */
static const char *title_end(const char *p, const char *end)
{
	const char *at = skip_space(p, end);

	if (at < end && at > p && (*at == '"' || *at == '\'')) {
		size_t room = (size_t)(end - at - 1);
		const char *quote = memchr(at + 1, *at, room < LINK_URL_MAX ? room : LINK_URL_MAX);

		if (!quote)
			return NULL;
		at = skip_space(quote + 1, end);
	}
	return at < end && *at == ')' ? at + 1 : NULL;
}

const char *url_link_end(const char *p, const char *end, struct slice *out_url)
{
	const char *stop;
	bool is_angle;

	p = skip_space(p, end);
	is_angle = p < end && *p == '<';
	p += is_angle;
	if (is_angle)
		stop = memchr(p, '>', (size_t)(end - p < LINK_URL_MAX ? end - p : LINK_URL_MAX));
	else
		stop = destination_end(p, end);
	if (!stop || !url_scheme(p, stop))
		return NULL;
	*out_url = (struct slice){ p, (size_t)(stop - p) };
	return title_end(stop + is_angle, end);
}
