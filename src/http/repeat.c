/* Requests that may be repeated: the header Idempotency-Key, what a request is recognised by, and what is
 * kept of its answer (core/idem.h). */
#include <strings.h>

#include "base/check.h"
#include "base/crypto.h"
#include "core/idem.h"
#include "http_int.h"

#define HEADER "Idempotency-Key"

/* The text between quotes (RFC 9651 3.3.3, without parameters), or all of it when there are none. */
static bool unquote(struct slice value, struct arena *a, struct slice *out_key)
{
	char *text;
	size_t n = 0;

	*out_key = value;
	if (value.n == 0 || value.p[0] != '"')
		return true;
	if (value.n < 2 || value.p[value.n - 1] != '"')
		return false;
	text = arena_alloc(a, value.n);
	for (size_t i = 1; i + 1 < value.n; i++) {
		if (value.p[i] == '"')
			return false;
		if (value.p[i] == '\\') {
			i++;
			if (i + 1 == value.n || (value.p[i] != '"' && value.p[i] != '\\'))
				return false;
		}
		text[n++] = value.p[i];
	}
	*out_key = (struct slice){ text, n };
	return true;
}

bool repeat_key(struct slice value, struct arena *a, struct slice *out_key)
{
	if (!unquote(value, a, out_key) || out_key->n < 1 || out_key->n > IDEM_KEY_MAX)
		return false;
	for (size_t i = 0; i < out_key->n; i++)
		if (out_key->p[i] < ' ' || out_key->p[i] > '~')
			return false;
	return true;
}

/* The query without the key that may stand in it: a new key for the same request changes nothing. */
static struct slice without_api_key(struct slice query, struct arena *a)
{
	static const char name[] = "api_key=";
	char *text = arena_alloc(a, query.n + 1);
	size_t n = 0;

	if (!query.p)
		return query;
	for (size_t from = 0, to; from < query.n; from = to + 1) {
		const char *end = memchr(query.p + from, '&', query.n - from);

		to = end ? (size_t)(end - query.p) : query.n;
		if (to - from >= sizeof name - 1
		    && memcmp(query.p + from, name, sizeof name - 1) == 0)
			continue;
		if (n)
			text[n++] = '&';
		memcpy(text + n, query.p + from, to - from);
		n += to - from;
	}
	return (struct slice){ n ? text : NULL, n };
}

static void take_fingerprint(struct http_req *r, uint8_t out[32])
{
	const struct slice pieces[] = {
		slice_of(verb_name(r->in.verb)),
		r->in.path,
		without_api_key(r->in.query, r->arena),
		body_whole(r),
	};

	crypto_sha256_of(pieces, (int)(sizeof pieces / sizeof pieces[0]), out);
}

static bool may_be_repeated(const struct http_req *r)
{
	return r->in.idempotency_key.p
	    && (r->in.verb == VERB_POST || r->in.verb == VERB_PUT || r->in.verb == VERB_PATCH);
}

flow repeat_begin(struct http_req *r, op_step *next)
{
	struct op *op = &r->op;
	struct slice key;

	if (!may_be_repeated(r))
		return next(op);
	if (!repeat_key(r->in.idempotency_key, r->arena, &key)) {
		json_fault(&op->faults, HEADER, "idempotency_key_invalid",
			   "Send 1 to 255 printable ASCII characters, in quotes or without.");
		return op_invalid(op);
	}
	op->idem = arena_make(r->arena, struct idem);
	crypto_sha256(key, op->idem->key_hash);
	take_fingerprint(r, op->idem->fingerprint);
	op->idem->render = reply_render;
	op->idem->reaches_out = r->match.route->flags & ROUTE_REACHES;
	op->idem->is_secret = r->match.route->flags & ROUTE_SECRET;
	return idem_begin(op, next);
}
