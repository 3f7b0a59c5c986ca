/* Answers: status, head lines and body, made in two buffers that the process keeps. */
#include <event2/util.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/bucket.h"
#include "core/idem.h"
#include "core/limit.h"
#include "http_int.h"

#define JSON_TYPE "application/json"
#define PROBLEM_TYPE "application/problem+json"
#define KEEP_BYTES (1024u * 1024u) /* a buffer that grew beyond this is given back */

int reply_status(enum err e)
{
	static const int by_class[] = {
		[CLASS_OK] = 200,        [CLASS_MALFORMED] = 400,  [CLASS_UNAUTHORIZED] = 401,
		[CLASS_FORBIDDEN] = 403, [CLASS_NOT_FOUND] = 404,  [CLASS_METHOD] = 405,
		[CLASS_CONFLICT] = 409,  [CLASS_GONE] = 410,       [CLASS_PRECONDITION] = 412,
		[CLASS_TOO_LARGE] = 413, [CLASS_MEDIA_TYPE] = 415, [CLASS_INVALID] = 422,
		[CLASS_LIMITED] = 429,   [CLASS_INTERNAL] = 500,   [CLASS_UNAVAILABLE] = 503,
	};
	size_t class = err_class(e);

	ASSERT(class < sizeof(by_class) / sizeof(by_class[0]));
	ASSERT(by_class[class]);
	return by_class[class];
}

const char *reply_title(int status)
{
	static const struct {
		int status;
		const char *title;
	} titles[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Other";
}

/* --- the head --- */

/* Printed once a second. */
static const char *date_now(struct http *h)
{
	usec_t second = clock_real() / SEC;

	if (second != h->date_for) {
		time_t t = (time_t)second;
		struct tm tm;

		ASSERT(gmtime_r(&t, &tm));
		evutil_date_rfc1123(h->date, sizeof(h->date), &tm);
		h->date_for = second;
	}
	return h->date;
}

static void add_line(struct strbuf *b, const char *name, const char *value)
{
	strbuf_adds(b, name);
	strbuf_adds(b, ": ");
	strbuf_adds(b, value);
	strbuf_adds(b, "\r\n");
}

struct start {
	int status;
	const char *content_type; /* NULL: no body */
	const char *request_id;
	size_t body_bytes;
	int retry_after; /* seconds; 0: as usual */
};

/* When to come again, for those who are turned away for now. */
static void add_retry_after(const struct start *s, struct strbuf *out)
{
	bool is_usual = s->status == 429 || s->status == 503;

	if (!is_usual && !s->retry_after)
		return;
	strbuf_adds(out, "Retry-After: ");
	strbuf_addi(out, s->retry_after ? s->retry_after : 1);
	strbuf_adds(out, "\r\n");
}

/* All that every answer has. */
static void begin_head(struct http *h, const struct start *s, struct strbuf *out)
{
	strbuf_adds(out, "HTTP/1.1 ");
	strbuf_addi(out, s->status);
	strbuf_addc(out, ' ');
	strbuf_adds(out, reply_title(s->status));
	strbuf_adds(out, "\r\nDate: ");
	strbuf_adds(out, date_now(h));
	if (s->content_type) {
		strbuf_adds(out, "\r\nContent-Type: ");
		strbuf_adds(out, s->content_type);
	}
	if (s->status != 204) {
		strbuf_adds(out, "\r\nContent-Length: ");
		strbuf_addi(out, (long long)s->body_bytes);
	}
	strbuf_adds(out, "\r\nX-Request-Id: ");
	strbuf_adds(out, s->request_id);
	strbuf_adds(out, "\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n");
	if (s->status == 401)
		add_line(out, "WWW-Authenticate", "Bearer");
	add_retry_after(s, out);
}

/* draft-ietf-httpapi-ratelimit-headers-10: t is when there is one more. */
static void add_limit(const struct limit_state *l, struct strbuf *out)
{
	strbuf_adds(out, "RateLimit-Policy: \"tenant\";q=");
	strbuf_addi(out, l->limit);
	strbuf_adds(out, ";w=60\r\nRateLimit: \"tenant\";r=");
	strbuf_addi(out, l->left);
	strbuf_adds(out, ";t=");
	strbuf_addi(out, l->wait);
	strbuf_adds(out, "\r\n");
}
_Static_assert(BUCKET_WINDOW == 60 * SEC, "w=60");

/* --- one request --- */

static struct strbuf *fresh(struct strbuf *b)
{
	if (b->cap > KEEP_BYTES) {
		size_t max = b->max;

		strbuf_release(b);
		strbuf_init(b, max);
	}
	strbuf_clear(b);
	return b;
}

void head_lines(const struct op *op, struct strbuf *out)
{
	if (op->revision)
		strbuf_addf(out, "ETag: \"%lld\"\r\n", (long long)op->revision);
	if (op->location)
		add_line(out, "Location", op->location);
}

/* What is answered is made already, as it is kept for a repeated request, or by an earlier one. */
static const struct answer *kept_answer(const struct op *op)
{
	bool is_made = op->idem && (op->idem->is_rendered || op->idem->is_replayed);

	return is_made && op->err == ERR_NONE ? &op->idem->answer : NULL;
}

static void add_lines(const struct op *op, struct strbuf *head)
{
	const struct answer *kept = kept_answer(op);

	if (!kept) {
		head_lines(op, head);
		return;
	}
	strbuf_add(head, kept->head.p, kept->head.n);
	if (op->idem->is_replayed)
		add_line(head, "Idempotent-Replayed", "true");
}

/* The request is over after this. */
static void answer(struct http_req *r, int status, const char *content_type, struct slice body)
{
	struct http *h = r->http;
	struct strbuf *head = fresh(&h->head);
	struct start s = { status, content_type, r->id, body.n, r->op.retry_after };

	r->status = status;
	if (r->conn) {
		begin_head(h, &s, head);
		if (r->op.limit)
			add_limit(r->op.limit, head);
		if (status == 405 || (r->in.verb == VERB_OPTIONS && status == 204)) {
			strbuf_adds(head, "Allow: ");
			route_allow(r->match.methods, head);
			strbuf_adds(head, "\r\n");
		}
		if (status < 300)
			add_lines(&r->op, head);
		if (r->conn->is_closing)
			add_line(head, "Connection", "close");
		else if (r->in.say_keep_alive)
			add_line(head, "Connection", "keep-alive");
		strbuf_adds(head, "\r\n");
		ASSERT(!head->failed);
		if (r->in.is_head || status == 204)
			body.n = 0;
	}
	req_finish(r, strbuf_slice(head), body);
}

void problem_print_faults(const struct problem *p, const char *name, struct strbuf *out)
{
	if (!p->faults)
		return;
	strbuf_addf(out, ",\"%s\":[", name);
	for (int i = 0; i < p->faults->n; i++) {
		const struct json_fault *f = &p->faults->list[i];

		strbuf_adds(out, i ? ",{\"field\":" : "{\"field\":");
		strbuf_add_json(out, slice_of(f->field));
		strbuf_adds(out, ",\"code\":");
		strbuf_add_json(out, slice_of(f->code));
		strbuf_adds(out, ",\"message\":");
		strbuf_add_json(out, slice_of(f->message));
		if (f->at || f->len)
			strbuf_addf(out, ",\"position\":%u,\"length\":%u", f->at, f->len);
		strbuf_addc(out, '}');
	}
	strbuf_addc(out, ']');
}

void problem_print(const struct problem *p, struct strbuf *out)
{
	strbuf_addf(out, "{\"type\":\"urn:carillon:problem:%s\",\"title\":", err_code(p->err));
	strbuf_add_json(out, slice_of(p->title));
	strbuf_addf(out, ",\"status\":%d,\"detail\":", p->status);
	strbuf_add_json(out, slice_of(p->detail));
	strbuf_addf(out, ",\"code\":\"%s\",\"request_id\":\"%s\"", err_code(p->err), p->request_id);
	if (p->existing) {
		strbuf_adds(out, ",\"id\":");
		strbuf_add_json(out, slice_of(p->existing));
	}
	problem_print_faults(p, "errors", out);
	strbuf_addc(out, '}');
}

/* Returns its content type. */
static const char *print_as(const struct dialect *d, const struct problem *p, struct strbuf *out)
{
	if (d && d->fault) {
		d->fault(p, out);
		return d->fault_type ? d->fault_type : PROBLEM_TYPE;
	}
	problem_print(p, out);
	return PROBLEM_TYPE;
}

static void answer_problem(struct http_req *r, const struct problem *p)
{
	const char *type = print_as(r->match.dialect, p, fresh(&r->http->body));

	answer(r, p->status, type, strbuf_slice(&r->http->body));
}

void reply_err(struct http_req *r, enum err err)
{
	struct problem p = { .err = err, .status = reply_status(err), .request_id = r->id };

	ASSERT(err != ERR_NONE);
	p.title = reply_title(p.status);
	p.detail = err_text(err);
	answer_problem(r, &p);
}

static void reply_failure(struct http_req *r)
{
	const struct op *op = &r->op;
	struct problem p = { .err = op->err, .status = reply_status(op->err), .request_id = r->id };

	p.title = reply_title(p.status);
	p.detail = op->detail ? op->detail : err_text(op->err);
	p.existing = op->existing;
	/* What else was found on the way to another end is not what the answer is about. */
	p.faults = op->err == ERR_INVALID && op->faults.total ? &op->faults : NULL;
	answer_problem(r, &p);
}

static void encode(const struct shape *shape, const struct op *op, struct strbuf *out)
{
	const struct json_list *list = op->out;

	if (!op->out_is_list) {
		json_encode(shape, op->out, out);
		return;
	}
	strbuf_addc(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			strbuf_addc(out, ',');
		json_encode(shape, (const char *)list->items + i * shape->size, out);
	}
	strbuf_addc(out, ']');
}

/* The body of what the operation answers, into `out`. Returns the status; 0: op->err says why there is none. */
static int print_answer(struct http_req *r, struct strbuf *out)
{
	const struct route *route = r->match.route;
	struct op *op = &r->op;

	if (route->view)
		route->view(op);
	if (op->err == ERR_NONE && route->out && op->out)
		encode(route->out, op, out);
	if (out->failed) {
		log_event(LOG_ERROR, "http.reply_too_large", LOG_STR("request", r->id),
			  LOG_STR("route", route->path));
		op->err = ERR_INTERNAL;
	}
	if (op->err != ERR_NONE)
		return 0;
	return (route->flags & ROUTE_MAKES) && op->is_made ? 201 : route->status;
}

static struct slice dup_slice(struct arena *a, const struct strbuf *b)
{
	return (struct slice){ arena_dup(a, b->n ? b->p : "", b->n), b->n };
}

bool reply_render(struct op *op, struct answer *to)
{
	struct http_req *r = op->finish_ctx;
	struct strbuf *head;

	CHECK_MAGIC(r, REQ_MAGIC);
	to->status = print_answer(r, fresh(&r->http->body));
	op->err = ERR_NONE;
	if (!to->status)
		return false;
	to->body = dup_slice(r->arena, &r->http->body);
	head = fresh(&r->http->head);
	head_lines(op, head);
	to->head = dup_slice(r->arena, head);
	return true;
}

void reply_op(struct http_req *r)
{
	const struct answer *kept = kept_answer(&r->op);
	struct strbuf *printed = fresh(&r->http->body);
	int status = kept ? kept->status : 0;
	struct slice body;

	if (!kept && r->op.err == ERR_NONE)
		status = print_answer(r, printed);
	body = kept ? kept->body : strbuf_slice(printed);
	if (status)
		answer(r, status, body.n ? JSON_TYPE : NULL, body);
	else
		reply_failure(r);
}

void reply_page(struct http_req *r, const struct page *page)
{
	bool verbose = false;
	int status;

	query_split(r);
	for (size_t i = 0; i < r->query_n; i++)
		verbose |= slice_is(r->query[i].name, "verbose");
	status = page->print(page->ctx, verbose, fresh(&r->http->body));
	if (r->http->body.failed)
		reply_err(r, ERR_INTERNAL);
	else
		answer(r, status, page->content_type, strbuf_slice(&r->http->body));
}

void reply_options(struct http_req *r)
{
	answer(r, 204, NULL, strbuf_slice(fresh(&r->http->body)));
}

/* --- bytes that never became a request --- */

void reply_refusal(struct http *h, const struct refusal *refusal, struct strbuf *out)
{
	enum strict_fault fault = refusal->fault;
	struct problem p = { .err = strict_err(fault), .status = strict_status(fault) };
	struct strbuf *body = fresh(&h->body);
	struct start s = { .status = p.status, .request_id = refusal->request_id };
	const struct dialect *d = NULL;

	p.title = reply_title(p.status);
	p.detail = strict_text(fault);
	p.request_id = refusal->request_id;
	if (fault == STRICT_BODY_LARGE)
		d = route_dialect(h->routes, refusal->target);
	s.content_type = print_as(d, &p, body);
	s.body_bytes = body->n;
	begin_head(h, &s, out);
	add_line(out, "Connection", "close");
	strbuf_adds(out, "\r\n");
	strbuf_add(out, body->p, body->n);
	ASSERT(!out->failed);
}
