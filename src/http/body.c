/* What a request brings: the query and the body, read into the struct that the route's shape
 * describes. */
#include <event2/buffer.h>
#include <event2/http.h>
#include <strings.h>

#include "base/check.h"
#include "http_int.h"

/* --- the query --- */

/* '+' is a space, %XX a byte. False when an escape is none. What the bytes mean is
 * json_decode_pairs()' business: it refuses NUL and what is not UTF-8. */
static bool form_decode(struct slice raw, struct arena *a, struct slice *out_text)
{
	char *text;
	size_t n = 0;

	*out_text = raw;
	if (!memchr(raw.p, '%', raw.n) && !memchr(raw.p, '+', raw.n))
		return true;
	text = arena_alloc(a, raw.n + 1);
	for (size_t i = 0; i < raw.n; i++) {
		int high = 0, low;

		text[n] = raw.p[i] == '+' ? ' ' : raw.p[i];
		if (raw.p[i] == '%') {
			if (i + 2 >= raw.n || (high = hex_digit(raw.p[i + 1])) < 0
			    || (low = hex_digit(raw.p[i + 2])) < 0)
				return false;
			text[n] = (char)(high * 16 + low);
			i += 2;
		}
		n++;
	}
	*out_text = (struct slice){ text, n };
	return true;
}

static struct slice cut_at(struct slice *rest, char mark)
{
	const char *at = memchr(rest->p, mark, rest->n);
	struct slice first = { rest->p, at ? (size_t)(at - rest->p) : rest->n };

	rest->p += first.n + (at ? 1 : 0);
	rest->n -= first.n + (at ? 1 : 0);
	return first;
}

static void split_pair(struct http_req *r, struct slice pair)
{
	struct json_pair *to = &r->query[r->query_n];
	struct slice value = pair, name = cut_at(&value, '=');
	struct op *op = &r->op;

	if (!form_decode(name, r->arena, &to->name))
		json_fault(
			&op->faults, "query", "invalid_escape",
			"The name of a parameter has a % that no two hexadecimal digits follow.");
	else if (!form_decode(value, r->arena, &to->value))
		json_fault(&op->faults, arena_dup(r->arena, to->name.p, to->name.n),
			   "invalid_escape", "There is a % that no two hexadecimal digits follow.");
	else
		r->query_n++;
}

void query_split(struct http_req *r)
{
	struct slice rest = r->in.query;
	size_t most = 1;

	if (!rest.p || rest.n == 0)
		return;
	for (size_t i = 0; i < rest.n; i++)
		most += rest.p[i] == '&';
	r->query = arena_array(r->arena, struct json_pair, most);
	while (rest.n) {
		struct slice pair = cut_at(&rest, '&');

		if (pair.n)
			split_pair(r, pair);
	}
}

/* --- the body --- */

static bool is_type(struct slice content_type, const char *type)
{
	size_t n = strlen(type);

	if (content_type.n < n || strncasecmp(content_type.p, type, n) != 0)
		return false;
	return content_type.n == n || strchr("; \t", content_type.p[n]) != NULL;
}

static bool is_json_type(const struct http_req *r)
{
	return is_type(r->in.content_type, "application/json")
	    || (r->in.verb == VERB_PATCH
		&& is_type(r->in.content_type, "application/merge-patch+json"));
}

struct slice body_whole(struct http_req *r)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(r->ev);
	size_t n = evbuffer_get_length(in);

	if (n == 0)
		return (struct slice){ "", 0 };
	return (struct slice){ (const char *)evbuffer_pullup(in, -1), n };
}

static bool is_blank(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r\n", s.p[i]) || s.p[i] == '\0')
			return false;
	return true;
}

static enum err malformed(struct http_req *r, const struct json_syntax *s, const char **out_detail)
{
	*out_detail = arena_printf(r->arena, "The body is not valid JSON, at byte %zu: %s", s->at,
				   s->message);
	return ERR_MALFORMED_JSON;
}

static const struct shape nothing = { .name = "", .size = 1, .present = NO_PRESENT };

/* No body is wanted: none, or an empty object, is fine. */
static enum err refuse_body(struct http_req *r, struct slice body, const char **out_detail)
{
	struct json_syntax syntax;
	struct json_reader to = { r->arena, &r->op.faults, &syntax };
	char ignored[1];

	if (is_blank(body))
		return ERR_NONE;
	if (!is_json_type(r))
		return ERR_MEDIA_TYPE;
	if (!json_decode(&nothing, body, &to, ignored))
		return malformed(r, &syntax, out_detail);
	return ERR_NONE;
}

static enum err read_list(struct http_req *r, struct slice body, const char **out_detail)
{
	const struct shape *shape = r->match.route->in;
	struct json_list *list = arena_make(r->arena, struct json_list);
	struct json_syntax syntax;
	struct json_reader to = { r->arena, &r->op.faults, &syntax };

	if (!json_decode_list(shape, ROUTE_LIST_MAX, body, &to, list))
		return malformed(r, &syntax, out_detail);
	r->op.in_list = list;
	return ERR_NONE;
}

static enum err read_object(struct http_req *r, struct slice body, const char **out_detail)
{
	const struct shape *shape = r->match.route->in;
	void *object = arena_alloc(r->arena, shape->size);
	struct json_syntax syntax;
	struct json_reader to = { r->arena, &r->op.faults, &syntax };

	if (!json_decode(shape, body, &to, object))
		return malformed(r, &syntax, out_detail);
	r->op.in = object;
	return ERR_NONE;
}

static enum err read_whole(struct http_req *r, struct slice body, const char **out_detail)
{
	struct json_syntax syntax;

	if (!json_scan(body, &syntax))
		return malformed(r, &syntax, out_detail);
	r->op.body = body;
	return ERR_NONE;
}

static enum err read_json(struct http_req *r, struct slice body, const char **out_detail)
{
	const struct route *route = r->match.route;

	if (is_blank(body)) {
		*out_detail = "The body is empty; it must be a JSON object.";
		return ERR_MALFORMED_JSON;
	}
	if (!is_json_type(r))
		return ERR_MEDIA_TYPE;
	if (route->flags & ROUTE_WHOLE)
		return read_whole(r, body, out_detail);
	if (!(route->flags & ROUTE_LIST))
		return read_object(r, body, out_detail);
	if (json_is_list(body))
		return read_list(r, body, out_detail);
	/* The larger ceiling is for arrays. */
	return body.n > BODY_MAX ? ERR_TOO_LARGE : read_object(r, body, out_detail);
}

/* The parameters into a struct of this shape, or complaints about each when none is wanted. */
static void *read_query(struct http_req *r, const struct shape *shape)
{
	void *object = arena_alloc(r->arena, shape->size);
	struct json_reader to = { .arena = r->arena, .faults = &r->op.faults };

	json_decode_pairs(shape, r->query, r->query_n, &to, object);
	return object;
}

static enum err read_raw(struct http_req *r, struct slice body)
{
	struct route_raw *raw = arena_make(r->arena, struct route_raw);

	for (int i = 0; i < r->match.count; i++)
		raw->params[i] = r->match.params[i];
	raw->body = body;
	r->op.in = raw;
	return ERR_NONE;
}

enum err body_read(struct http_req *r, const char **out_detail)
{
	const struct route *route = r->match.route;
	bool is_in_query = route->method == METHOD_GET || route->method == METHOD_DELETE;
	struct slice body = body_whole(r);

	if (route->flags & ROUTE_RAW)
		return read_raw(r, body);
	if (is_in_query && route->in)
		r->op.in = read_query(r, route->in);
	else if (r->query_n)
		read_query(r, &nothing);
	if (is_in_query || !route->in)
		return refuse_body(r, body, out_detail);
	return read_json(r, body, out_detail);
}
