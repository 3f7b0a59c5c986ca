/* Attempts as readers see them. A response is a stranger's bytes: as JSON text, what is not
 * UTF-8 becomes U+FFFD. */
#include <string.h>

#include "base/utf8.h"
#include "core/core_int.h"
#include "core/run.h"

static const char *const outcome_words[] = { "none", "succeeded", "failed", "lost", "cancelled" };

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
	out->headers = utf8_mend(from->response_headers, a);
	out->body = utf8_mend(from->response_body, a);
	out->header_list = header_list(out->headers, a);
}
