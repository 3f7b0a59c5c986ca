/* An easy handle: the options that never change, set once, those of one request, and what curl
 * asks while a transfer runs. Most options are about what curl must not do (RELIABILITY.md 3). */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "io/fetch_int.h"

#define CONNECT_TIMEOUT_MS 10000L /* connect 5 s and TLS 5 s */
#define SENDS_MAX 2

/* Takes curl's own headers away: what is sent is Host, Content-Length, and our lines. */
static struct curl_slist defaults_off[3] = {
	{ (char *)(uintptr_t) "Expect:", &defaults_off[1] },
	{ (char *)(uintptr_t) "Content-Type:", &defaults_off[2] },
	{ (char *)(uintptr_t) "Accept:", NULL },
};

/* What curl asks of a transfer. */

static int on_resolver_start(void *resolver, void *reserved, void *ctx)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	(void)resolver;
	(void)reserved;
	return t->pin
	    != NULL; /* a literal address needs no resolver, a name must be in the cache */
}

/* The last look, at what is dialled in truth. */
static curl_socket_t on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	(void)purpose;
	if (!netguard_allows(netguard_classify(&a->addr, a->addrlen),
			     t->fetcher->limits.allow_private)) {
		t->refusal = "the address is not a public one";
		t->refusal_fault = FETCH_FORBIDDEN;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->protocol);
}

/* Called for each send, with the connection at hand. The address of a kept connection was judged
 * when it was opened, by rules that do not change while the fetcher lives. */
static int on_send(void *ctx, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	(void)remote_ip;
	(void)local_ip;
	(void)remote_port;
	(void)local_port;
	pins_arrived(t);
	if (++t->sends <= SENDS_MAX)
		return CURL_PREREQFUNC_OK;
	t->refusal = "the connection was closed twice without an answer";
	t->refusal_fault = FETCH_RESET;
	return CURL_PREREQFUNC_ABORT;
}

/* Options. */

static void set_security(CURL *e, const struct fetcher_limits *limits)
{
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_PROXY,
			 ""); /* or http_proxy in the environment would be obeyed */
	curl_easy_setopt(e, CURLOPT_NOPROXY, "*"); /* and saves it looking */
	curl_easy_setopt(e, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(e, CURLOPT_HTTP_CONTENT_DECODING, 0L); /* no bombs */
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (limits->ca_file) {
		curl_easy_setopt(e, CURLOPT_CAINFO, limits->ca_file);
		curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	}
}

static void set_callbacks(CURL *e, struct fetch *t)
{
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, fetch_on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, fetch_on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_RESOLVER_START_FUNCTION, on_resolver_start);
	curl_easy_setopt(e, CURLOPT_RESOLVER_START_DATA, t);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	/* Outlives the transfer: a connection may be closed when another handle holds it. */
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, glue_close);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, t->glue);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_send);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
}

CURL *easy_new(struct fetch *t)
{
	CURL *e = curl_easy_init();

	if (!e)
		die("out of memory for libcurl");
	set_security(e, &t->fetcher->limits);
	set_callbacks(e, t);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_PATH_AS_IS,
			 1L); /* what was checked and shown is what is asked for */
	curl_easy_setopt(e, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(e, CURLOPT_BUFFERSIZE, (long)FETCH_BODY_MAX);
	curl_easy_setopt(e, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(e, CURLOPT_MAXAGE_CONN, 60L);
	curl_easy_setopt(e, CURLOPT_MAXLIFETIME_CONN, 300L);
	return e;
}

static enum fetch_method_kind kind_of(const char *method, bool has_body)
{
	static const char *const with_body[] = { "POST", "PUT",
						 "PATCH" }; /* also when it is empty */

	if (strcmp(method, "HEAD") == 0)
		return METHOD_HEAD;
	for (size_t i = 0; i < sizeof(with_body) / sizeof(with_body[0]); i++)
		has_body = has_body || strcmp(method, with_body[i]) == 0;
	return has_body ? METHOD_BODY : METHOD_PLAIN;
}

/* The options stay with the handle, so a handle that sent the same kind before needs nothing. */
static void set_method(struct fetch *t, const char *method, bool has_body)
{
	static const struct {
		CURLoption option;
		const char *name; /* what curl calls it by itself */
	} kinds[] = {
		[METHOD_PLAIN] = { CURLOPT_HTTPGET, "GET" },
		[METHOD_BODY] = { CURLOPT_POST, "POST" },
		[METHOD_HEAD] = { CURLOPT_NOBODY, "HEAD" },
	};
	enum fetch_method_kind kind = kind_of(method, has_body);
	bool is_own;

	ASSERT(kinds[kind].name);
	is_own = strcmp(method, kinds[kind].name) == 0;
	if (t->method_kind == kind && strcmp(t->method, method) == 0)
		return;
	curl_easy_setopt(t->easy, kinds[kind].option, 1L);
	curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, is_own ? NULL : method);
	t->method_kind = kind;
	memcpy(t->method, method, strlen(method) + 1);
}

/* curl reads the list when it sends and never frees it. What takes curl's own headers away
 * stands at its end. */
static void set_headers(struct fetch *t)
{
	for (int i = 0; i < t->lines_n; i++)
		t->lines[i].next = i + 1 < t->lines_n ? &t->lines[i + 1] : defaults_off;
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->lines_n ? t->lines : defaults_off);
}

void easy_prepare(struct fetch *t, const struct fetch_request *r)
{
	if (!t->easy)
		t->easy = easy_new(t);
	curl_easy_setopt(t->easy, CURLOPT_URL, r->url);
	set_headers(t);
	set_method(t, r->method, r->body.n > 0);
	if (t->method_kind != METHOD_BODY)
		return;
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, r->body.n ? r->body.p : "");
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
}
