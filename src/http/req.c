/* The life of one request: from evhttp's callback to exactly one answer. All of it lies in one
 * arena, with the operation inside, and goes when the answer is handed over. There is no way to
 * cancel: if the client leaves, the operation ends as ever and its answer goes nowhere. */
#include <event2/buffer.h>
#include <event2/http.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/metric.h"
#include "http_int.h"

static const char *const verb_names[VERB_COUNT] = { "GET",   "HEAD",   "POST",   "PUT",
						    "PATCH", "DELETE", "OPTIONS" };

const char *verb_name(enum verb verb)
{
	return verb_names[verb];
}

/* The method whose routes answer; OPTIONS looks the path up only. */
static enum method method_of(enum verb verb)
{
	static const enum method methods[VERB_COUNT] = {
		[VERB_GET] = METHOD_GET,     [VERB_HEAD] = METHOD_GET,
		[VERB_POST] = METHOD_POST,   [VERB_PUT] = METHOD_PUT,
		[VERB_PATCH] = METHOD_PATCH, [VERB_DELETE] = METHOD_DELETE,
		[VERB_OPTIONS] = METHOD_GET,
	};

	return methods[verb];
}

static void op_finished(struct op *op)
{
	struct http_req *r = op->finish_ctx;

	CHECK_MAGIC(r, REQ_MAGIC);
	loop_enter(r->http->loop, "http.reply");
	reply_op(r);
}

static struct http_req *req_new(struct http *h, struct conn *c, struct evhttp_request *ev)
{
	struct arena *arena = arena_new();
	struct http_req *r = arena_make(arena, struct http_req);

	r->magic = REQ_MAGIC;
	r->http = h;
	r->conn = c;
	r->ev = ev;
	r->arena = arena;
	r->began = clock_boot();
	op_init(&r->op, h->core, arena);
	r->op.finish = op_finished;
	r->op.finish_ctx = r;
	id_print("req", id_new(r->op.now), r->id);
	r->op.request_id = r->id;
	c->req = r;
	c->state = CONN_PENDING;
	c->taken++;
	h->pending++;
	return r;
}

static void count(const struct http_req *r)
{
	usec_t span = clock_boot() - r->began;
	enum log_level level = r->status >= 500 ? LOG_INFO : LOG_DEBUG;

	metric_time(METRIC_REQUEST_TIME, span);
	if (r->status < 400)
		metric_add(METRIC_REQUESTS_2XX, 1);
	else
		metric_add(r->status < 500 ? METRIC_REQUESTS_4XX : METRIC_REQUESTS_5XX, 1);
	/* The path as the route has it: what clients send may hold anything, and keys. */
	log_event(level, "http.request", LOG_STR("request", r->id),
		  LOG_STR("method", verb_names[r->in.verb]),
		  LOG_STR("route", r->match.route ? r->match.route->path : "-"),
		  LOG_INT("status", r->status), LOG_STR("code", err_code(r->op.err)),
		  LOG_INT("us", span));
}

void req_finish(struct http_req *r, struct slice head, struct slice body)
{
	struct arena *arena = r->arena;

	CHECK_MAGIC(r, REQ_MAGIC);
	ASSERT(r->ev);
	count(r);
	if (r->conn) {
		ASSERT(r->conn->req == r);
		conn_answer(r->conn, r->ev, head, body);
	} else {
		/* The connection has gone; evhttp left the request to us. */
		r->http->pending--;
		evhttp_send_reply_end(r->ev);
	}
	r->ev = NULL;
	r->magic = 0;
	arena_free(arena);
}

static void dispatch(struct http_req *r)
{
	struct http *h = r->http;
	struct route_match *m = &r->match;
	bool is_options = r->in.verb == VERB_OPTIONS;

	if (is_options && slice_is(r->in.path, "*")) {
		m->methods = (1u << METHOD_COUNT) - 1;
		reply_options(r);
		return;
	}
	route_find(h->routes, method_of(r->in.verb), r->in.path, m);
	/* Pages know by themselves: /livez is 200, /readyz is not. */
	if (h->is_draining && !m->page)
		reply_err(r, ERR_DRAINING);
	else if (m->is_malformed)
		reply_err(r, ERR_BAD_REQUEST);
	else if (!m->is_known)
		reply_err(r, ERR_NO_ROUTE);
	else if (is_options)
		reply_options(r);
	else if (m->page)
		reply_page(r, m->page);
	else if (!m->route)
		reply_err(r, ERR_METHOD_NOT_ALLOWED);
	else
		gate_run(r);
}

void req_arrived(struct evhttp_request *ev, void *ctx)
{
	struct http *h = ctx;
	struct conn *c;
	struct http_req *r;
	bool is_sound;

	CHECK_MAGIC(h, HTTP_MAGIC);
	loop_enter(h->loop, "http.request");
	c = conn_of(h, ev);
	ASSERT(c->state == CONN_READING);
	r = req_new(h, c, ev);
	/* evhttp must not have found a request where the gate saw none. */
	is_sound = guard_check(ev, &r->in) && c->taken <= c->strict.requests;
	c->is_closing = !is_sound || r->in.must_close || h->is_draining
		     || c->taken >= KEPT_REQUESTS_MAX;
	if (is_sound)
		dispatch(r);
	else
		reply_err(r, ERR_BAD_REQUEST);
}
