/* The life of a request: taken from the idle ones, looked up, run by curl, ended, given back. A
 * struct fetch keeps its easy handle and its buffers for the next request, because making them
 * costs more than a request does.
 *
 * done() is called from fetch_flush() only, which runs when curl has returned: from the glue
 * after it collected what finished, or from the deferred event for results that were known
 * without the network. So user code may start and abort whatever it likes. */
#include "io/fetch.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/clock.h"
#include "io/fetch_int.h"

#define LOOKUP_TIMEOUT (3 * SEC)
#define REQUEST_HEADERS_MAX 65536
#define AGENT "User-Agent: Carillon/0.1"
#define IDLE_MAX 1024    /* kept for the next requests; about 6 KiB each */
#define BUFFER_KEEP 4096 /* a larger buffer is given back with its request */

/* codes */
static const char *const fault_names[] = {
	[FETCH_FINE] = "",
	[FETCH_TIMEOUT] = "timeout",
	[FETCH_DNS] = "dns_error",
	[FETCH_CONNECT] = "connect_error",
	[FETCH_TLS] = "tls_error",
	[FETCH_RESET] = "connection_closed",
	[FETCH_PROTOCOL] = "protocol_error",
	[FETCH_FORBIDDEN] = "target_forbidden",
	[FETCH_ABORTED] = "aborted",
	[FETCH_BUSY] = "overloaded",
};

const char *fetch_fault_name(enum fetch_fault fault)
{
	ASSERT((size_t)fault < sizeof(fault_names) / sizeof(fault_names[0]));
	return fault_names[fault];
}

void fetch_list_push(struct fetch_list *list, struct fetch *t)
{
	t->next = NULL;
	t->prev = list->last;
	if (list->last)
		list->last->next = t;
	else
		list->first = t;
	list->last = t;
	list->count++;
}

void fetch_list_remove(struct fetch_list *list, struct fetch *t)
{
	ASSERT(list->count > 0);
	if (t->prev)
		t->prev->next = t->next;
	else
		list->first = t->next;
	if (t->next)
		t->next->prev = t->prev;
	else
		list->last = t->prev;
	t->prev = t->next = NULL;
	list->count--;
}

/* Ends. */

void fetch_finish(struct fetch *t, enum fetch_fault fault, const char *detail)
{
	struct fetcher *f = t->fetcher;

	ASSERT(t->state != FETCH_ENDING);
	resolve_cancel(&t->wait);
	if (t->state == FETCH_LOOKUP)
		alarm_stop(&t->alarm);
	fetch_list_remove(&f->live, t);
	t->state = FETCH_ENDING;
	t->result.fault = fault;
	t->result.detail = detail;
	if (fault != FETCH_FINE) {
		t->result.status = 0;
		strbuf_clear(&t->headers);
		fetch_forget_body(t);
	}
	if (t->result.status != 429 && t->result.status != 503)
		t->result.retry_after = USEC_NEVER;
	t->result.total_us = (uint32_t)(clock_boot() - t->started);
	t->result.headers = strbuf_slice(&t->headers);
	t->result.body = strbuf_slice(&t->body);
	t->result.body_bytes = t->expected > (int64_t)t->body_bytes ? t->expected
								    : (int64_t)t->body_bytes;
	fetch_list_push(&f->ending, t);
	if (!f->is_collecting)
		event_active(f->deferred, EV_TIMEOUT, 1);
}

static void destroy(struct fetch *t)
{
	alarm_release(&t->alarm);
	if (t->easy)
		curl_easy_cleanup(t->easy);
	strbuf_release(&t->head);
	strbuf_release(&t->headers);
	strbuf_release(&t->body);
	if (t->mail)
		mail_free(t);
	t->magic = 0;
	free(t);
}

static void trim(struct strbuf *b, size_t max)
{
	if (b->cap <= BUFFER_KEEP)
		return;
	strbuf_release(b);
	strbuf_init(b, max);
}

/* Newest first, so that a handle that is warm in the cache is taken again. */
static void give_back(struct fetch *t)
{
	struct fetcher *f = t->fetcher;

	fetch_forget_body(t);
	if (f->idle_count >= IDLE_MAX || t->mail) {
		destroy(t);
		return;
	}
	trim(&t->head, REQUEST_HEADERS_MAX);
	trim(&t->headers, FETCH_HEADERS_MAX);
	trim(&t->body, FETCH_LARGE_MAX);
	t->next = f->idle;
	f->idle = t;
	f->idle_count++;
}

void fetch_flush(struct fetcher *f)
{
	struct fetch_list batch = f->ending;
	struct fetch *t;

	/* What these calls end waits for the deferred event. */
	f->ending = (struct fetch_list){ 0 };
	while ((t = batch.first)) {
		CHECK_MAGIC(t, FETCH_MAGIC);
		fetch_list_remove(&batch, t);
		if (t->is_counted)
			f->in_flight--;
		t->done(t->ctx, &t->result);
		give_back(t);
	}
}

static void on_deferred(evutil_socket_t fd, short events, void *ctx)
{
	struct fetcher *f = ctx;

	CHECK_MAGIC(f, FETCHER_MAGIC);
	(void)fd;
	(void)events;
	loop_enter(f->loop, "fetch.deferred");
	fetch_flush(f);
}

void fetch_abort(struct fetch *t)
{
	CHECK_MAGIC(t, FETCH_MAGIC);
	if (t->state == FETCH_ENDING)
		return;
	if (t->state == FETCH_RUNNING)
		glue_stop(t);
	fetch_finish(t, FETCH_ABORTED, "the request was aborted");
}

/* Begins. */

static void lookup_is_late(void *ctx)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	ASSERT(t->state == FETCH_LOOKUP);
	if (clock_boot() >= t->deadline)
		fetch_finish(t, FETCH_TIMEOUT, "the name lookup took the whole time");
	else
		fetch_finish(t, FETCH_DNS, "the name servers did not answer in time");
}

static struct fetch *take(struct fetcher *f)
{
	struct fetch *t = f->idle;

	if (t) {
		CHECK_MAGIC(t, FETCH_MAGIC);
		f->idle = t->next;
		f->idle_count--;
		return t;
	}
	t = mem_new(sizeof(*t));
	t->magic = FETCH_MAGIC;
	t->fetcher = f;
	t->glue = f->glue;
	alarm_init(&t->alarm, f->loop, lookup_is_late, t);
	strbuf_init(&t->head, REQUEST_HEADERS_MAX);
	strbuf_init(&t->headers, FETCH_HEADERS_MAX);
	strbuf_init(&t->body, FETCH_LARGE_MAX);
	return t;
}

static void begin(struct fetch *t, const struct fetch_request *r)
{
	struct fetcher *f = t->fetcher;

	t->state = FETCH_LOOKUP;
	t->started = clock_boot();
	t->deadline = t->started + r->timeout;
	t->sends = t->interim = 0;
	t->header_bytes = t->body_bytes = 0;
	t->body_max = r->body_max ? r->body_max : FETCH_BODY_MAX;
	t->expected = -1;
	ASSERT(t->body_max <= FETCH_LARGE_MAX);
	t->request_bytes = r->body.n;
	t->in_head = t->is_interim = t->headers_done = t->is_cut = false;
	t->refusal = NULL;
	t->error[0] = '\0';
	strbuf_clear(&t->headers);
	memset(&t->result, 0, sizeof(t->result));
	t->result.retry_after = USEC_NEVER;
	fetch_list_push(&f->live, t);
	t->is_counted = f->in_flight < f->limits.in_flight_max;
	f->in_flight += t->is_counted;
}

static bool splits_line(struct slice s)
{
	return s.n && (memchr(s.p, '\r', s.n) || memchr(s.p, '\n', s.n) || memchr(s.p, '\0', s.n));
}

/* The URL was checked when it was accepted, but nobody looks again behind us: see prepare(). */
static bool is_plain(struct slice path)
{
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] <= ' ' || path.p[i] >= 0x7f || path.p[i] == '#')
			return false;
	return true;
}

static bool is_blank(struct slice value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != ' ' && value.p[i] != '\t')
			return false;
	return true;
}

/* "Name: value" lines with a NUL behind each, and the list of them that curl reads and never
 * frees. A blank value is written "Name;": with a colon curl would leave the header out. All was
 * checked when it was accepted; curl sends these bytes as they are, so what would split a line
 * is caught here once more. NULL when fine. */
static const char *add_headers(struct fetch *t, const struct fetch_request *r)
{
	struct strbuf *b = &t->head;
	bool has_agent = false;
	size_t at = 0;

	if (r->headers_count >= REQUEST_LINES_MAX)
		return "too many request headers";
	strbuf_clear(b);
	for (int i = 0; i < r->headers_count; i++) {
		struct slice name = r->headers[i].name, value = r->headers[i].value;

		if (name.n == 0 || splits_line(name) || splits_line(value))
			return "a request header has a line break";
		has_agent |= name.n == 10 && strncasecmp(name.p, "User-Agent", 10) == 0;
		strbuf_add(b, name.p, name.n);
		if (is_blank(value)) {
			strbuf_addc(b, ';');
		} else {
			strbuf_add(b, ": ", 2);
			strbuf_add(b, value.p, value.n);
		}
		strbuf_addc(b, '\0');
	}
	t->lines_n = r->headers_count;
	if (!has_agent) {
		strbuf_add(b, AGENT, sizeof AGENT);
		t->lines_n++;
	}
	if (b->failed)
		return "the request headers are too long";
	for (int i = 0; i < t->lines_n; i++) {
		t->lines[i].data = b->p + at;
		at += strlen(b->p + at) + 1;
	}
	return NULL;
}

/* NULL, or why we do not even try. */
static const char *prepare(struct fetch *t, const struct fetch_request *r, struct url_parts *u)
{
	const char *why = url_split(slice_of(r->url), u);

	if (why)
		return why;
	if (u->is_literal && !netguard_allows(u->class, t->fetcher->limits.allow_private))
		return "the address is not a public one";
	if (strlen(r->method) >= sizeof(t->method) || splits_line(slice_of(r->method)))
		return "the method has a character that it cannot have";
	ASSERT(u->host.n <= RESOLVE_HOST_MAX);
	for (size_t i = 0; i < u->host.n; i++) {
		char c = u->host.p[i];

		t->host[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	t->host[u->host.n] = '\0';
	t->port = u->port;
	if (!is_plain(u->path))
		return "the URL has a character that it cannot have";
	return add_headers(t, r);
}

static void got_addresses(void *ctx, const struct resolve_answer *a)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	ASSERT(t->state == FETCH_LOOKUP);
	t->result.dns_us = (uint32_t)(clock_boot() - t->started);
	if (a->count == 0) {
		fetch_finish(t, FETCH_DNS, a->why);
		return;
	}
	/* One bad address among good ones is how a rebinding name looks. */
	if (!netguard_allows(a->worst, t->fetcher->limits.allow_private)) {
		fetch_finish(t, FETCH_FORBIDDEN,
			     "the name has an address that is not a public one");
		return;
	}
	alarm_stop(&t->alarm);
	if (t->mail)
		mail_found(t, a->worst);
	glue_run(t, a);
}

struct fetch *fetch_start(struct fetcher *f, const struct fetch_request *r, fetch_done *done,
			  void *ctx)
{
	const struct resolve_answer *answer;
	struct url_parts u;
	struct fetch *t;
	const char *why;

	CHECK_MAGIC(f, FETCHER_MAGIC);
	ASSERT(!f->is_closing);
	ASSERT(done);
	ASSERT(r->timeout > 0);
	t = take(f);
	t->done = done;
	t->ctx = ctx;
	begin(t, r);
	if (!t->is_counted) {
		fetch_finish(t, FETCH_BUSY, "too many requests are under way");
		return t;
	}
	why = r->mail_to ? mail_prepare(t, r, &u) : prepare(t, r, &u);
	if (why) {
		fetch_finish(t, FETCH_FORBIDDEN, why);
		return t;
	}
	if (t->mail)
		mail_found(t, u.class);
	else
		easy_prepare(t, r);
	if (u.is_literal) {
		glue_run(t, NULL);
		return t;
	}
	answer = resolve_ask(f->resolver, t->host, &t->wait, got_addresses, t);
	if (answer)
		got_addresses(t, answer);
	else
		alarm_in(&t->alarm, r->timeout < LOOKUP_TIMEOUT ? r->timeout : LOOKUP_TIMEOUT);
	return t;
}

/* The fetcher. */

struct fetcher *fetcher_new(struct loop *loop, const struct fetcher_limits *limits)
{
	struct fetcher *f = mem_new(sizeof(*f));

	ASSERT(limits->in_flight_max > 0);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("cannot set up libcurl");
	f->magic = FETCHER_MAGIC;
	f->loop = loop;
	f->limits = *limits;
	if (!f->limits.large_bytes_max)
		f->limits.large_bytes_max = FETCH_LARGE_TOTAL;
	f->deferred = event_new(loop_base(loop), -1, 0, on_deferred, f);
	ASSERT(f->deferred);
	f->resolver = resolver_new(loop, limits->nameservers);
	f->glue = glue_new(f);
	return f;
}

void fetcher_free(struct fetcher *f)
{
	struct fetch *t;

	if (!f)
		return;
	CHECK_MAGIC(f, FETCHER_MAGIC);
	f->is_closing = true;
	while (f->live.first)
		fetch_abort(f->live.first);
	fetch_flush(f);
	ASSERT(f->live.count == 0);
	ASSERT(f->in_flight == 0);
	while ((t = f->idle)) {
		f->idle = t->next;
		destroy(t);
	}
	glue_free(f->glue);
	resolver_free(f->resolver);
	event_free(f->deferred);
	curl_global_cleanup();
	f->magic = 0;
	free(f);
}

int fetcher_in_flight(const struct fetcher *f)
{
	CHECK_MAGIC(f, FETCHER_MAGIC);
	return f->in_flight;
}

void fetcher_push(struct fetcher *f)
{
	CHECK_MAGIC(f, FETCHER_MAGIC);
	glue_push(f->glue);
}

int fetcher_room(const struct fetcher *f)
{
	CHECK_MAGIC(f, FETCHER_MAGIC);
	return f->limits.in_flight_max - f->in_flight;
}
