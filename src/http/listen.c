/* The server as a whole: its socket, its evhttp, its ceilings, its end. */
#include "http/listen.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "http_int.h"

#define BACKLOG 1024
#define SWEEP_MAX SEC
#define SWEEP_MIN (20 * MSEC)
#define REOPEN_AFTER (100 * MSEC)
/* Beyond what the gate lets pass, so that evhttp's own answers, which are HTML, are never given. */
#define SLACK 4096

/* evhttp takes the listener's argument for itself, so its error callback has only this way to
 * find us. There is one server in a process (listen.h). */
static struct http *only;

/* --- running out of descriptors --- */

/* Takes one waiting connection with the descriptor that was kept for this, and closes it, so
 * that a client is told rather than left waiting. Then nothing is accepted for a while: an
 * accept that fails leaves the socket readable, and the loop would spin. */
static void accept_failed(struct evconnlistener *listener, void *ctx)
{
	struct http *h = only;
	int error = errno;

	(void)ctx;
	CHECK_MAGIC(h, HTTP_MAGIC);
	if (h->spare_fd >= 0 && (error == EMFILE || error == ENFILE)) {
		int fd;

		close(h->spare_fd);
		fd = accept4(evconnlistener_get_fd(listener), NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			close(fd);
		h->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	evconnlistener_disable(listener);
	alarm_in(&h->reopen, REOPEN_AFTER);
	log_event(LOG_WARN, "http.accept_failed", LOG_STR("why", strerror(error)),
		  LOG_INT("connections", h->conn_count));
}

static void reopen(void *ctx)
{
	struct http *h = ctx;

	CHECK_MAGIC(h, HTTP_MAGIC);
	if (h->spare_fd < 0)
		h->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (h->listener)
		evconnlistener_enable(h->listener);
}

/* --- deadlines --- */

/* Once a second; more often only when the deadlines are shorter than is of use outside tests. */
static usec_t sweep_period(const struct http_settings *s)
{
	usec_t least = s->header_deadline < s->body_deadline ? s->header_deadline
							     : s->body_deadline;

	if (s->idle_timeout < least)
		least = s->idle_timeout;
	least /= 4;
	if (least < SWEEP_MIN)
		return SWEEP_MIN;
	return least < SWEEP_MAX ? least : SWEEP_MAX;
}

static void sweep(void *ctx)
{
	struct http *h = ctx;

	CHECK_MAGIC(h, HTTP_MAGIC);
	conn_sweep(h, clock_boot());
	alarm_in(&h->sweep, sweep_period(&h->settings));
}

/* --- making it --- */

void http_settle(void *ctx)
{
	if (ctx == only)
		conn_settle(only);
}

static struct bufferevent *make_bufferevent(struct event_base *base, void *ctx)
{
	struct http *h = ctx;

	(void)base;
	CHECK_MAGIC(h, HTTP_MAGIC);
	return conn_accepted(h);
}

struct http *http_new(struct loop *loop, struct core *core, const struct dialect *const *dialects,
		      int count)
{
	struct http *h = mem_new(sizeof(*h));

	ASSERT(!only);
	only = h;
	h->magic = HTTP_MAGIC;
	h->loop = loop;
	h->core = core;
	h->date_for = -1;
	h->routes = route_tree_new();
	for (int i = 0; i < count; i++)
		route_tree_add(h->routes, dialects[i]);
	strbuf_init(&h->head, HEAD_MAX);
	strbuf_init(&h->body, REPLY_MAX);
	h->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	alarm_init(&h->sweep, loop, sweep, h);
	alarm_init(&h->reopen, loop, reopen, h);
	h->ev = evhttp_new(loop_base(loop));
	if (!h->ev)
		die("out of memory");
	evhttp_set_default_content_type(h->ev, "application/problem+json");
	evhttp_set_allowed_methods(h->ev, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST
						  | EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH
						  | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS);
	evhttp_set_max_headers_size(h->ev, HEAD_MAX + SLACK);
	evhttp_set_max_body_size(h->ev, BODY_LIST_MAX + SLACK);
	evhttp_set_bevcb(h->ev, make_bufferevent, h);
	evhttp_set_gencb(h->ev, req_arrived, h);
	return h;
}

void http_add_page(struct http *h, const struct page *page)
{
	CHECK_MAGIC(h, HTTP_MAGIC);
	route_tree_add_page(h->routes, page);
}

/* --- the socket --- */

static int bound_port(int fd)
{
	struct sockaddr_storage s;
	socklen_t n = sizeof(s);

	memset(&s, 0, sizeof(s));
	ASSERT(getsockname(fd, (struct sockaddr *)&s, &n) == 0);
	if (s.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)(void *)&s)->sin6_port);
	return ntohs(((struct sockaddr_in *)(void *)&s)->sin_port);
}

static bool read_address(const struct http_settings *s, struct sockaddr_storage *out_address,
			 int *out_bytes)
{
	char text[96];

	*out_bytes = sizeof(*out_address);
	memset(out_address, 0, sizeof(*out_address));
	snprintf(text, sizeof(text), strchr(s->address, ':') ? "[%s]:%d" : "%s:%d", s->address,
		 s->port ? s->port : 1);
	if (evutil_parse_sockaddr_port(text, (struct sockaddr *)out_address, out_bytes) != 0)
		return false;
	/* The parser takes no port 0. */
	if (out_address->ss_family == AF_INET6)
		((struct sockaddr_in6 *)(void *)out_address)->sin6_port = htons((uint16_t)s->port);
	else
		((struct sockaddr_in *)(void *)out_address)->sin_port = htons((uint16_t)s->port);
	return true;
}

bool http_listen(struct http *h, const struct http_settings *s, char *why, unsigned long why_max)
{
	struct sockaddr_storage address;
	int bytes;

	CHECK_MAGIC(h, HTTP_MAGIC);
	ASSERT(!h->listener);
	ASSERT(s->connections_max > 0 && s->connections_per_address_max > 0);
	ASSERT(s->header_deadline > 0 && s->body_deadline > 0 && s->idle_timeout > 0);
	if (s->port < 0 || s->port > 65535 || !read_address(s, &address, &bytes)) {
		snprintf(why, why_max, "%s port %d is not an address to listen on", s->address,
			 s->port);
		return false;
	}
	h->settings = *s;
	h->listener = evconnlistener_new_bind(loop_base(h->loop), NULL, NULL,
					      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC
						      | LEV_OPT_REUSEABLE,
					      BACKLOG, (struct sockaddr *)&address, bytes);
	if (!h->listener) {
		snprintf(why, why_max, "cannot listen on %s port %d: %s", s->address, s->port,
			 strerror(errno));
		return false;
	}
	h->port = bound_port(evconnlistener_get_fd(h->listener));
	h->peers = peers_new(s->connections_per_address_max);
	evconnlistener_set_error_cb(h->listener, accept_failed);
	h->bound = evhttp_bind_listener(h->ev, h->listener);
	if (!h->bound)
		die("out of memory");
	alarm_in(&h->sweep, sweep_period(s));
	return true;
}

int http_port(const struct http *h)
{
	CHECK_MAGIC(h, HTTP_MAGIC);
	return h->port;
}

/* --- the end --- */

void http_drain(struct http *h)
{
	CHECK_MAGIC(h, HTTP_MAGIC);
	if (h->is_draining)
		return;
	h->is_draining = true;
	alarm_stop(&h->reopen);
	if (h->bound)
		evhttp_del_accept_socket(h->ev, h->bound);
	h->bound = NULL;
	h->listener = NULL;
}

int http_pending(const struct http *h)
{
	CHECK_MAGIC(h, HTTP_MAGIC);
	return h->pending;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	CHECK_MAGIC(h, HTTP_MAGIC);
	ASSERT(h->pending == 0);
	http_drain(h);
	conn_settle(h);
	evhttp_free(h->ev);
	ASSERT(h->conn_count == 0);
	alarm_release(&h->sweep);
	alarm_release(&h->reopen);
	peers_free(h->peers);
	route_tree_free(h->routes);
	strbuf_release(&h->head);
	strbuf_release(&h->body);
	free(h->by_fd);
	if (h->spare_fd >= 0)
		close(h->spare_fd);
	only = NULL;
	h->magic = 0;
	free(h);
}
