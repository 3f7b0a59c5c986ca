/* The second look. The raw gate has refused whatever has two readings; here the reading that
 * evhttp arrived at is compared with the only one there should be, so that a hole in either of
 * them is found by the other. The same walk over the headers picks up those that a request is
 * decided by. */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <strings.h>
#include <sys/queue.h>

#include "base/check.h"
#include "http_int.h"

static struct slice trimmed(const char *text)
{
	struct slice s = slice_of(text);

	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static bool same_word(struct slice s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* Connection is a list of words. */
static void read_connection(struct heads *h, const char *value)
{
	const char *at = value;

	while (*at) {
		size_t n = strcspn(at, ", \t");

		h->wants_close |= same_word((struct slice){ at, n }, "close");
		h->wants_keep |= same_word((struct slice){ at, n }, "keep-alive");
		at += n;
		at += strspn(at, ", \t");
	}
}

/* At most 18 digits have passed the gate. */
static int64_t read_length(const char *value)
{
	struct slice s = trimmed(value);
	int64_t n = 0;

	if (s.n == 0 || s.n > 18)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		n = n * 10 + (s.p[i] - '0');
	}
	return n;
}

/* Headers whose text is kept. Two of one name are none: which would count? (Two lines of If-Match would be one list;
 * then nothing matches.) */
static const struct {
	struct slice name;
	size_t at;
} texts[] = {
	{ SLICE_LIT("Authorization"), offsetof(struct heads, authorization) },
	{ SLICE_LIT("If-Match"), offsetof(struct heads, if_match) },
	{ SLICE_LIT("Idempotency-Key"), offsetof(struct heads, idempotency_key) },
};

static void read_text(struct heads *h, const char *name, size_t name_n, const char *value)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct slice *to = (struct slice *)((char *)h + texts[i].at);

		if (texts[i].name.n == name_n && strcasecmp(name, texts[i].name.p) == 0)
			*to = to->p ? SLICE_LIT("") : trimmed(value);
	}
}

/* The length of the name tells nearly all of them apart from the rest. */
static void read_header(struct heads *h, const char *name, const char *value)
{
	size_t n = strlen(name);

	switch (n) {
	case sizeof("Host") - 1:
		h->hosts += strcasecmp(name, "Host") == 0;
		break;
	case sizeof("Connection") - 1:
		if (strcasecmp(name, "Connection") == 0)
			read_connection(h, value);
		break;
	case sizeof("Content-Type") - 1:
		if (strcasecmp(name, "Content-Type") == 0)
			h->content_type = trimmed(value);
		break;
	case sizeof("Content-Length") - 1:
		if (strcasecmp(name, "Content-Length") == 0) {
			h->lengths++;
			h->length = read_length(value);
		}
		break;
	case sizeof("Transfer-Encoding") - 1:
		h->encodings += strcasecmp(name, "Transfer-Encoding") == 0;
		break;
	default:
		read_text(h, name, n, value);
		break;
	}
}

static bool verb_of(struct evhttp_request *ev, enum verb *out_verb)
{
	static const struct {
		enum evhttp_cmd_type type;
		enum verb verb;
	} verbs[] = {
		{ EVHTTP_REQ_GET, VERB_GET },         { EVHTTP_REQ_POST, VERB_POST },
		{ EVHTTP_REQ_HEAD, VERB_HEAD },       { EVHTTP_REQ_PUT, VERB_PUT },
		{ EVHTTP_REQ_PATCH, VERB_PATCH },     { EVHTTP_REQ_DELETE, VERB_DELETE },
		{ EVHTTP_REQ_OPTIONS, VERB_OPTIONS },
	};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].type == evhttp_request_get_command(ev)) {
			*out_verb = verbs[i].verb;
			return true;
		}
	return false;
}

/* What the gate has promised: one length at most, one host, and bodies only where they belong. */
static bool is_framed(const struct heads *h, const struct guarded *g, bool http10)
{
	bool may_have_body = g->verb != VERB_GET && g->verb != VERB_HEAD && g->verb != VERB_OPTIONS;
	int least_hosts = http10 ? 0 : 1;

	if (h->hosts > 1 || h->hosts < least_hosts || h->lengths + h->encodings > 1)
		return false;
	if (!may_have_body)
		return g->body_bytes == 0 && h->encodings == 0;
	return h->encodings || (int64_t)g->body_bytes == h->length;
}

static bool split_target(const char *uri, struct guarded *g)
{
	const char *query;

	if (!uri)
		return false;
	query = strchr(uri, '?');
	g->path = query ? (struct slice){ uri, (size_t)(query - uri) } : slice_of(uri);
	g->query = query ? slice_of(query + 1) : (struct slice){ NULL, 0 };
	return g->path.n
	    && (g->path.p[0] == '/' || (g->verb == VERB_OPTIONS && slice_is(g->path, "*")));
}

/* There is no getter. */
static bool version_of(const struct evhttp_request *ev, bool *out_http10)
{
	*out_http10 = ev->minor == 0;
	return ev->major == 1 && (ev->minor == 0 || ev->minor == 1);
}

bool guard_check(struct evhttp_request *ev, struct guarded *out_request)
{
	struct guarded *g = out_request;
	struct heads h = { .length = 0 };
	struct evkeyval *header;
	bool http10;

	memset(g, 0, sizeof(*g));
	g->must_close = true;
	if (!verb_of(ev, &g->verb) || !version_of(ev, &http10)
	    || !split_target(evhttp_request_get_uri(ev), g))
		return false;
	g->is_head = g->verb == VERB_HEAD;
	g->body_bytes = evbuffer_get_length(evhttp_request_get_input_buffer(ev));
	TAILQ_FOREACH(header, evhttp_request_get_input_headers(ev), next)
		read_header(&h, header->key, header->value);
	if (!is_framed(&h, g, http10))
		return false;
	g->must_close = h.wants_close || (http10 && !h.wants_keep);
	g->say_keep_alive = http10 && !g->must_close;
	g->authorization = h.authorization;
	g->content_type = h.content_type;
	g->if_match = h.if_match;
	g->idempotency_key = h.idempotency_key;
	return true;
}
