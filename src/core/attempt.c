/* Attempts as readers see them. A response is a stranger's bytes: as JSON text, what is not
 * UTF-8 becomes U+FFFD. */
#include <string.h>

#include "base/strbuf.h"
#include "core/core_int.h"
#include "core/run.h"

static const char *const outcome_words[] = { "none", "succeeded", "failed", "lost", "cancelled" };

/* The length of the well-formed UTF-8 sequence at p (RFC 3629), 0 if there is none. */
static size_t utf8_length(const unsigned char *p, size_t n)
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

static struct slice as_text(struct slice bytes, struct arena *a)
{
	struct strbuf out;
	struct slice text;
	size_t i = 0;

	if (!bytes.p)
		return bytes;
	strbuf_init(&out, 3 * bytes.n + 1);
	while (i < bytes.n) {
		size_t n = utf8_length((const unsigned char *)bytes.p + i, bytes.n - i);

		if (n)
			strbuf_add(&out, bytes.p + i, n);
		else
			strbuf_adds(&out, "\xef\xbf\xbd");
		i += n ? n : 1;
	}
	text = arena_slice(a, out.n ? strbuf_slice(&out) : SLICE_LIT(""));
	strbuf_release(&out);
	return text;
}

/* "Name: value\r\n" lines as pairs; a repeated name stays repeated. */
static struct json_list header_list(struct slice text, struct arena *a)
{
	struct json_list list = { NULL, 0 };
	size_t lines = 1;
	struct json_pair *pairs;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	pairs = arena_array(a, struct json_pair, lines);
	list.items = pairs;
	for (size_t at = 0; at < text.n;) {
		const char *line = text.p + at;
		const char *end = memchr(line, '\n', text.n - at);
		size_t n = end ? (size_t)(end - line) : text.n - at;
		const char *colon = memchr(line, ':', n);

		at += n + 1;
		if (n && line[n - 1] == '\r')
			n--;
		if (!colon || colon >= line + n)
			continue;
		pairs[list.n].name = (struct slice){ line, (size_t)(colon - line) };
		for (colon++; colon < line + n && *colon == ' ';)
			colon++;
		pairs[list.n++].value = (struct slice){ colon, (size_t)(line + n - colon) };
	}
	return list;
}

void attempt_view_fill(const struct attempt *from, struct arena *a, struct attempt_view *out)
{
	out->a = *from;
	out->status = outcome_words[from->outcome];
	out->has_response = from->http_status != 0;
	out->duration_ms = from->started_at == USEC_NEVER
				 ? 0
				 : (from->finished_at - from->started_at) / MSEC;
	out->headers = as_text(from->response_headers, a);
	out->body = as_text(from->response_body, a);
	out->header_list = header_list(out->headers, a);
}
