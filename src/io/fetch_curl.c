/* curl's multi interface on the loop.
 *
 * Events. curl asks for a socket to be watched and, one request later, to be left alone. Doing
 * that to the letter costs two system calls a request on a kept connection, so a watch for
 * reading stays registered while its connection is idle, and is dropped when the idle connection
 * turns readable (it was closed) or curl closes it. Nothing here calls curl from within one of
 * curl's callbacks: those note what is wanted, and events act on it.
 *
 * Sends. When a kept connection turns out to be closed before any byte of an answer came, curl
 * sends the request again, up to five times. The pre-request callback counts and stops the third
 * send. */
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "io/fetch_int.h"

#define GLUE_MAGIC 0x676c7565u
#define WATCH_MAGIC 0x77617463u

struct watch {
	unsigned magic;
	struct fetch_glue *glue;
	short registered; /* with libevent */
	short wanted;     /* by curl; 0 = an idle connection */
	struct event event;
};

struct fetch_glue {
	unsigned magic;
	struct fetcher *fetcher;
	CURLM *multi;
	struct event *timer, *kick;
	struct watch **watches; /* by file descriptor */
	int watches_cap;
	struct pins *pins;
};

/* What curl asks of the loop. */

static void unregister(struct watch *w)
{
	if (w->registered)
		ASSERT(event_del(&w->event) == 0);
	w->registered = 0;
}

int glue_close(void *ctx, curl_socket_t fd)
{
	struct fetch_glue *g = ctx;

	CHECK_MAGIC(g, GLUE_MAGIC);
	/* Before the number can be given to another file. */
	if (fd < g->watches_cap && g->watches[fd]) {
		unregister(g->watches[fd]);
		g->watches[fd]->wanted = 0;
	}
	return close(fd);
}

/* Collects what finished, then calls done(): curl has returned, so they may start and abort. */
static void settle(struct fetch_glue *g);

static void on_socket(evutil_socket_t fd, short events, void *ctx)
{
	struct watch *w = ctx;
	int running, bits = 0;

	CHECK_MAGIC(w, WATCH_MAGIC);
	loop_enter(w->glue->fetcher->loop, "fetch.socket");
	if (!w->wanted) {
		unregister(w);
		return;
	}
	bits |= events & EV_READ ? CURL_CSELECT_IN : 0;
	bits |= events & EV_WRITE ? CURL_CSELECT_OUT : 0;
	ASSERT(curl_multi_socket_action(w->glue->multi, fd, bits, &running) == CURLM_OK);
	settle(w->glue);
}

static void on_timer(evutil_socket_t fd, short events, void *ctx)
{
	struct fetch_glue *g = ctx;
	int running;

	CHECK_MAGIC(g, GLUE_MAGIC);
	(void)fd;
	(void)events;
	loop_enter(g->fetcher->loop, "fetch.timer");
	ASSERT(curl_multi_socket_action(g->multi, CURL_SOCKET_TIMEOUT, 0, &running) == CURLM_OK);
	settle(g);
}

void glue_push(struct fetch_glue *g)
{
	on_timer(-1, EV_TIMEOUT, g);
}

static struct watch *watch_of(struct fetch_glue *g, int fd)
{
	struct watch *w;

	ASSERT(fd >= 0);
	if (fd >= g->watches_cap) {
		int cap = g->watches_cap ? g->watches_cap : 64;

		while (cap <= fd)
			cap *= 2;
		g->watches = mem_grow(g->watches, (unsigned long)cap * sizeof(struct watch *));
		memset(g->watches + g->watches_cap, 0,
		       (size_t)(cap - g->watches_cap) * sizeof(struct watch *));
		g->watches_cap = cap;
	}
	w = g->watches[fd];
	if (!w) {
		w = mem_new(sizeof(*w));
		w->magic = WATCH_MAGIC;
		w->glue = g;
		g->watches[fd] = w;
	}
	return w;
}

static int on_watch(CURL *easy, curl_socket_t fd, int what, void *ctx, void *unused)
{
	struct fetch_glue *g = ctx;
	struct watch *w;

	CHECK_MAGIC(g, GLUE_MAGIC);
	(void)easy;
	(void)unused;
	w = watch_of(g, fd);
	w->wanted = 0;
	if (what != CURL_POLL_REMOVE)
		w->wanted = (short)((what & CURL_POLL_IN ? EV_READ : 0)
				    | (what & CURL_POLL_OUT ? EV_WRITE : 0));
	if (w->wanted == w->registered || (!w->wanted && w->registered == EV_READ))
		return 0;
	unregister(w);
	if (!w->wanted)
		return 0;
	ASSERT(event_assign(&w->event, loop_base(g->fetcher->loop), fd,
			    (short)(w->wanted | EV_PERSIST), on_socket, w)
	       == 0);
	/* epoll may be out of memory or of watches: then only the timeout ends the transfer. */
	if (event_add(&w->event, NULL) == 0)
		w->registered = w->wanted;
	return 0;
}

static int on_timer_wish(CURLM *multi, long ms, void *ctx)
{
	struct fetch_glue *g = ctx;

	CHECK_MAGIC(g, GLUE_MAGIC);
	(void)multi;
	if (ms < 0) {
		ASSERT(event_del(g->timer) == 0);
	} else if (ms == 0) {
		event_active(g->kick, EV_TIMEOUT, 1);
	} else {
		struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

		ASSERT(event_add(g->timer, &tv) == 0);
	}
	return 0;
}

/* Ends. */

static const struct {
	CURLcode code;
	enum fetch_fault fault;
} faults[] = {
	{ CURLE_OPERATION_TIMEDOUT, FETCH_TIMEOUT },
	{ CURLE_COULDNT_RESOLVE_HOST, FETCH_DNS },
	{ CURLE_COULDNT_CONNECT, FETCH_CONNECT },
	{ CURLE_INTERFACE_FAILED, FETCH_CONNECT },
	{ CURLE_SSL_CONNECT_ERROR, FETCH_TLS },
	{ CURLE_SSL_ENGINE_NOTFOUND, FETCH_TLS },
	{ CURLE_SSL_ENGINE_SETFAILED, FETCH_TLS },
	{ CURLE_SSL_CERTPROBLEM, FETCH_TLS },
	{ CURLE_SSL_CIPHER, FETCH_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION, FETCH_TLS },
	{ CURLE_SSL_CACERT_BADFILE, FETCH_TLS },
	{ CURLE_SSL_SHUTDOWN_FAILED, FETCH_TLS },
	{ CURLE_SSL_CRL_BADFILE, FETCH_TLS },
	{ CURLE_SSL_ISSUER_ERROR, FETCH_TLS },
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH, FETCH_TLS },
	{ CURLE_SSL_INVALIDCERTSTATUS, FETCH_TLS },
	{ CURLE_SSL_CLIENTCERT, FETCH_TLS },
	{ CURLE_USE_SSL_FAILED, FETCH_TLS },
	{ CURLE_GOT_NOTHING, FETCH_RESET },
	{ CURLE_SEND_ERROR, FETCH_RESET },
	{ CURLE_RECV_ERROR, FETCH_RESET },
	{ CURLE_PARTIAL_FILE, FETCH_RESET },
	{ CURLE_URL_MALFORMAT, FETCH_FORBIDDEN },
	{ CURLE_LOGIN_DENIED, FETCH_FORBIDDEN },
};

/* CURLE_RECV_ERROR is a broken connection or a broken message (bad chunks, too many headers):
 * only the words tell. They begin like this in every libcurl since 7.20. */
static bool is_bad_message(const struct fetch *t, CURLcode code)
{
	return code == CURLE_RECV_ERROR && !t->mail && t->error[0]
	    && strncmp(t->error, "Recv failure", 12) != 0 && !strstr(t->error, "SSL_read");
}

/* A mail server's no is an answer too; what else denies a login is that it knows no way we know. */
static bool is_mails_no(const struct fetch *t, CURLcode code, enum fetch_fault *out)
{
	bool is_answer = t->result.status >= 400 && t->result.status <= 599;

	*out = is_answer ? FETCH_FINE : FETCH_PROTOCOL;
	return t->mail && (is_answer || code == CURLE_LOGIN_DENIED);
}

static enum fetch_fault fault_of(struct fetch *t, CURLcode code)
{
	enum fetch_fault fault;

	if (code == CURLE_OK || t->is_cut)
		return t->result.status >= 200 && t->result.status <= 599 ? FETCH_FINE
									  : FETCH_PROTOCOL;
	if (t->refusal)
		return t->refusal_fault;
	if (is_mails_no(t, code, &fault))
		return fault;
	if (is_bad_message(t, code))
		return FETCH_PROTOCOL;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i].code == code)
			return faults[i].fault;
	return FETCH_PROTOCOL;
}

static const char *detail_of(const struct fetch *t, enum fetch_fault fault, CURLcode code)
{
	if (fault == FETCH_FINE)
		return NULL;
	if (t->refusal)
		return t->refusal;
	if (code == CURLE_OK)
		return "the response has no status that ends a request";
	return t->error[0] ? t->error : curl_easy_strerror(code);
}

/* Microseconds from fetch_start(); 0 stays "not reached". */
static uint32_t phase(const struct fetch *t, CURLINFO info)
{
	curl_off_t us = 0;

	if (curl_easy_getinfo(t->easy, info, &us) != CURLE_OK || us <= 0)
		return 0;
	return (uint32_t)(us + t->result.dns_us);
}

static void read_facts(struct fetch *t)
{
	const char *address = NULL;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->result.status = (int)status;
	t->result.connect_us = phase(t, CURLINFO_CONNECT_TIME_T);
	t->result.tls_us = phase(t, CURLINFO_APPCONNECT_TIME_T);
	t->result.first_byte_us = phase(t, CURLINFO_STARTTRANSFER_TIME_T);
	if (curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address)
		snprintf(t->result.address, sizeof(t->result.address), "%s", address);
}

static void release(struct fetch_glue *g, struct fetch *t)
{
	ASSERT(curl_multi_remove_handle(g->multi, t->easy) == CURLM_OK);
	pins_detach(g->pins, t);
}

static void settle(struct fetch_glue *g)
{
	struct fetcher *f = g->fetcher;
	CURLMsg *m;
	int left;

	f->is_collecting = true;
	while ((m = curl_multi_info_read(g->multi, &left))) {
		CURLcode code = m->data.result;
		enum fetch_fault fault;
		struct fetch *t = NULL;

		ASSERT(m->msg == CURLMSG_DONE);
		ASSERT(curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t)
		       == CURLE_OK);
		CHECK_MAGIC(t, FETCH_MAGIC);
		ASSERT(t->state == FETCH_RUNNING);
		read_facts(t);
		if (t->mail && code == CURLE_OK) {
			mail_connected(t);
			continue;
		}
		release(g, t); /* m is gone */
		fault = fault_of(t, code);
		fetch_finish(t, fault, detail_of(t, fault, code));
	}
	f->is_collecting = false;
	if (f->ending.count)
		fetch_flush(f);
}

void glue_stop(struct fetch *t)
{
	ASSERT(t->state == FETCH_RUNNING);
	if (t->mail)
		mail_stop(t);
	read_facts(t);
	release(t->glue, t);
}

/* Begins. */

void glue_run(struct fetch *t, const struct resolve_answer *answer)
{
	struct fetch_glue *g = t->glue;
	usec_t left = t->deadline - t->started - t->result.dns_us;
	long dns_life = answer ? -1L : 0L;
	long ms = (long)((left + MSEC - 1) / MSEC);

	CHECK_MAGIC(g, GLUE_MAGIC);
	if (left <= 0) {
		fetch_finish(t, FETCH_TIMEOUT, "the name lookup took the whole time");
		return;
	}
	if (answer)
		pins_attach(g->pins, t, answer);
	if (ms != t->timeout_ms)
		curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, ms);
	if (dns_life != t->dns_life)
		curl_easy_setopt(t->easy, CURLOPT_DNS_CACHE_TIMEOUT, dns_life);
	t->timeout_ms = ms;
	t->dns_life = dns_life;
	t->state = FETCH_RUNNING;
	ASSERT(curl_multi_add_handle(g->multi, t->easy) == CURLM_OK);
}

struct fetch_glue *glue_new(struct fetcher *f)
{
	struct fetch_glue *g = mem_new(sizeof(*g));
	struct event_base *base = loop_base(f->loop);

	g->magic = GLUE_MAGIC;
	g->fetcher = f;
	g->pins = pins_new();
	g->multi = curl_multi_init();
	g->timer = evtimer_new(base, on_timer, g);
	g->kick = event_new(base, -1, 0, on_timer, g);
	ASSERT(g->multi && g->timer && g->kick);
	curl_multi_setopt(g->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
	curl_multi_setopt(g->multi, CURLMOPT_SOCKETDATA, g);
	curl_multi_setopt(g->multi, CURLMOPT_TIMERFUNCTION, on_timer_wish);
	curl_multi_setopt(g->multi, CURLMOPT_TIMERDATA, g);
	curl_multi_setopt(g->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	/* Counts busy connections too: fewer would close a kept one at each end of a request. */
	curl_multi_setopt(g->multi, CURLMOPT_MAXCONNECTS, (long)f->limits.in_flight_max + 64);
	return g;
}

void glue_free(struct fetch_glue *g)
{
	CHECK_MAGIC(g, GLUE_MAGIC);
	ASSERT(curl_multi_cleanup(g->multi) == CURLM_OK);
	for (int i = 0; i < g->watches_cap; i++) {
		if (!g->watches[i])
			continue;
		unregister(g->watches[i]);
		g->watches[i]->magic = 0;
		free(g->watches[i]);
	}
	free(g->watches);
	pins_free(g->pins);
	event_free(g->timer);
	event_free(g->kick);
	g->magic = 0;
	free(g);
}
