/* One connection, beside evhttp's own idea of it.
 *
 * The gate. evbuffer callbacks run when bytes were added to the input of evhttp's bufferevent,
 * before evhttp's read callback. There strict.c looks at them; what may not pass is cut off
 * again, and the connection is refused by writing to the socket. A filtering bufferevent could
 * do the same job, but it moves every byte through two more buffers; the callback with its scan
 * costs less than 1 us for a request.
 *
 * Whose it is. evhttp makes and frees connections by itself and tells us of neither. It asks for
 * a bufferevent when it has accepted, so a struct conn begins there; but the socket, its address
 * and evhttp's object are only known after our callback, so they are fetched in a deferred call
 * at the end of the same turn (the bufferevent's callback argument is the evhttp_connection:
 * checked, since no other way leads there before the first request). From then on evhttp's close
 * callback ends the struct conn.
 *
 * The answer is written by us and not by evhttp, straight to the socket: evhttp would print each
 * header through its own vsnprintf, copy all, and take two more turns of the loop. What the
 * socket does not take at once goes through the bufferevent, and evhttp ends the request in both
 * cases. */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/metric.h"
#include "http_int.h"

#define LINGER SEC
#define PIECES 8

/* --- its life --- */

static void unlink_conn(struct conn *c)
{
	struct http *h = c->http;

	if (c->prev)
		c->prev->next = c->next;
	else
		h->conns = c->next;
	if (c->next)
		c->next->prev = c->prev;
}

static void let_go(struct conn *c)
{
	ASSERT(c->http->held >= c->held);
	c->http->held -= c->held;
	c->held = 0;
}

static void closed(struct evhttp_connection *ev, void *ctx)
{
	struct conn *c = ctx;
	struct http *h;

	CHECK_MAGIC(c, CONN_MAGIC);
	ASSERT(c->ev == ev);
	h = c->http;
	CHECK_MAGIC(h, HTTP_MAGIC);
	if (c->req)
		c->req->conn = NULL;
	if (c->state == CONN_WRITING)
		h->pending--;
	if (c->is_counted)
		peers_leave(h->peers, &c->address);
	let_go(c);
	h->by_fd[c->fd] = NULL;
	unlink_conn(c);
	h->conn_count--;
	metric_set(METRIC_CONNECTIONS, h->conn_count);
	/* evhttp frees the bufferevent after this, and may still drain its input while it does. */
	evbuffer_remove_cb(bufferevent_get_input(c->bev), conn_saw_bytes, c);
	c->magic = 0;
	free(c);
}

static struct in6_addr peer_address(int fd)
{
	struct sockaddr_storage from = { 0 };
	socklen_t n = sizeof(from);
	struct in6_addr address = { 0 };

	if (getpeername(fd, (struct sockaddr *)&from, &n) != 0)
		return address;
	if (from.ss_family == AF_INET6)
		return ((struct sockaddr_in6 *)(void *)&from)->sin6_addr;
	address.s6_addr[10] = address.s6_addr[11] = 0xff;
	memcpy(address.s6_addr + 12, &((struct sockaddr_in *)(void *)&from)->sin_addr, 4);
	return address;
}

/* A table by socket is the way from evhttp's request to us. */
static void enter_by_fd(struct http *h, struct conn *c)
{
	int n = h->by_fd_n ? h->by_fd_n : 64;

	while (n <= c->fd)
		n *= 2;
	if (n > h->by_fd_n) {
		h->by_fd = mem_grow(h->by_fd, (unsigned long)n * sizeof(*h->by_fd));
		memset(h->by_fd + h->by_fd_n, 0, (size_t)(n - h->by_fd_n) * sizeof(*h->by_fd));
		h->by_fd_n = n;
	}
	h->by_fd[c->fd] = c;
}

struct conn *conn_of(struct http *h, struct evhttp_request *ev)
{
	struct evhttp_connection *ec = evhttp_request_get_connection(ev);
	int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(ec));
	struct conn *c;

	ASSERT(fd >= 0 && fd < h->by_fd_n);
	c = h->by_fd[fd];
	CHECK_MAGIC(c, CONN_MAGIC);
	ASSERT(c->ev == ec);
	return c;
}

struct bufferevent *conn_accepted(struct http *h)
{
	struct conn *c = mem_new(sizeof(*c));

	c->magic = CONN_MAGIC;
	c->http = h;
	c->fd = -1;
	c->state = CONN_NEW;
	strict_init(&c->strict, route_ceiling, h->routes);
	c->bev = bufferevent_socket_new(loop_base(h->loop), -1, 0);
	if (!c->bev || !evbuffer_add_cb(bufferevent_get_input(c->bev), conn_saw_bytes, c))
		die("out of memory");
	/* Should evhttp drop it before we have seen it again, it must still be there to be
	 * asked. */
	bufferevent_incref(c->bev);
	c->next = h->new_conns;
	h->new_conns = c;
	if (!c->next)
		loop_defer(h->loop, http_settle, h);
	return c->bev;
}

/* Throws away what the peer has sent already: closing with unread bytes would send a reset, and
 * that can destroy the answer before the peer has read it. */
static void turn_away(struct conn *c, enum strict_fault fault)
{
	char sink[4096];

	conn_refuse(c, fault);
	while (recv(c->fd, sink, sizeof(sink), MSG_DONTWAIT) == (ssize_t)sizeof(sink))
		;
	evhttp_connection_free(c->ev);
}

static void settle(struct http *h, struct conn *c)
{
	int on = 1;
	void *ev;

	CHECK_MAGIC(c, CONN_MAGIC);
	bufferevent_getcb(c->bev, NULL, NULL, NULL, &ev);
	if (!ev) {
		evbuffer_remove_cb(bufferevent_get_input(c->bev), conn_saw_bytes, c);
		bufferevent_decref(c->bev);
		free(c);
		return;
	}
	c->ev = ev;
	ASSERT(evhttp_connection_get_bufferevent(c->ev) == c->bev);
	bufferevent_decref(c->bev);
	c->fd = bufferevent_getfd(c->bev);
	enter_by_fd(h, c);
	evhttp_connection_set_closecb(c->ev, closed, c);
	c->prev = NULL;
	c->next = h->conns;
	if (c->next)
		c->next->prev = c;
	h->conns = c;
	h->conn_count++;
	metric_set(METRIC_CONNECTIONS, h->conn_count);
	c->state = CONN_READING;
	c->since = clock_boot();
	c->address = peer_address(c->fd);
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (h->conn_count > h->settings.connections_max)
		turn_away(c, STRICT_CONNECTIONS);
	else if (!(c->is_counted = peers_enter(h->peers, &c->address)))
		turn_away(c, STRICT_CONNECTIONS_HERE);
}

void conn_settle(struct http *h)
{
	struct conn *list = h->new_conns, *next;

	CHECK_MAGIC(h, HTTP_MAGIC);
	h->new_conns = NULL;
	for (; list; list = next) {
		next = list->next;
		settle(h, list);
	}
}

/* --- the gate --- */

static struct evbuffer *input_of(const struct conn *c)
{
	return bufferevent_get_input(c->bev);
}

/* Takes the last `n` bytes of the input away again. */
static void cut_tail(struct conn *c, size_t n)
{
	struct evbuffer *in = input_of(c);
	size_t length = evbuffer_get_length(in);

	ASSERT(n <= length);
	c->is_cutting = true;
	if (n == length) {
		evbuffer_drain(in, n);
	} else {
		struct evbuffer *front = evbuffer_new();

		ASSERT(front);
		evbuffer_remove_buffer(in, front, length - n);
		evbuffer_drain(in, n);
		ASSERT(evbuffer_prepend_buffer(in, front) == 0);
		evbuffer_free(front);
	}
	c->is_cutting = false;
}

void conn_refuse(struct conn *c, enum strict_fault fault)
{
	struct http *h = c->http;
	char id[ID_TEXT_MAX];

	ASSERT(c->state == CONN_READING);
	id_print("req", id_new(clock_now()), id);
	strbuf_clear(&h->head);
	reply_refusal(h, &(struct refusal){ fault, { c->strict.target, c->strict.target_n }, id },
		      &h->head);
	(void)send(c->fd, h->head.p, h->head.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)shutdown(c->fd, SHUT_WR);
	c->state = CONN_LINGER;
	c->since = clock_boot();
	c->refuse_later = false;
	cut_tail(c, evbuffer_get_length(input_of(c)));
	metric_add(METRIC_HTTP_REFUSED, 1);
	log_event(LOG_DEBUG, "http.refused", LOG_STR("request", id),
		  LOG_INT("status", strict_status(fault)), LOG_STR("why", strict_text(fault)));
}

/* The last n bytes of the input go through the gate, piece by piece as they lie in memory.
 * Returns how many of them may stay. */
static size_t feed(struct conn *c, struct evbuffer *in, size_t n)
{
	size_t start = evbuffer_get_length(in) - n, done = 0;

	while (done < n && !c->strict.fault) {
		struct evbuffer_iovec pieces[PIECES];
		struct evbuffer_ptr at;
		int count;

		ASSERT(evbuffer_ptr_set(in, &at, start + done, EVBUFFER_PTR_SET) == 0);
		count = evbuffer_peek(in, (ev_ssize_t)(n - done), &at, pieces, PIECES);
		ASSERT(count > 0);
		for (int i = 0; i < count && i < PIECES && done < n && !c->strict.fault; i++) {
			size_t some = pieces[i].iov_len < n - done ? pieces[i].iov_len : n - done;

			done += strict_feed(&c->strict, pieces[i].iov_base, some);
		}
	}
	return done;
}

/* A fault in a pipelined request must not overtake the answers to those before it. */
static void refuse_in_turn(struct conn *c)
{
	if (c->state == CONN_READING && c->strict.requests == c->answered)
		conn_refuse(c, c->strict.fault);
	else
		c->refuse_later = true;
}

/* The present phase has begun with these bytes if it is not the one from before. */
static void note_phase(struct conn *c, enum strict_phase before, uint64_t requests)
{
	enum strict_phase after = strict_phase(&c->strict);

	if (after == STRICT_IDLE || (after == before && requests == c->strict.requests))
		return;
	/* The first head of a connection has had its time since it was accepted. */
	if (c->strict.requests > 0 || after == STRICT_BODY)
		c->since = clock_boot();
}

/* Memory for what arrives is a promise to clients that nobody knows yet. A body that would take
 * too much of it is refused like one that is too large; one byte of it is enough to keep it from
 * getting complete. */
static void hold(struct conn *c, size_t n)
{
	c->held += n;
	c->http->held += n;
	if (c->http->held > HELD_MAX && !c->strict.fault && strict_phase(&c->strict) == STRICT_BODY)
		c->strict.fault = STRICT_BODIES;
}

void conn_saw_bytes(struct evbuffer *in, const struct evbuffer_cb_info *info, void *ctx)
{
	struct conn *c = ctx;
	enum strict_phase before;
	uint64_t requests;
	size_t good;

	CHECK_MAGIC(c, CONN_MAGIC);
	if (!info->n_added || c->is_cutting)
		return;
	if (c->state == CONN_LINGER || c->strict.fault) {
		cut_tail(c, info->n_added);
		return;
	}
	before = strict_phase(&c->strict);
	requests = c->strict.requests;
	good = feed(c, in, info->n_added);
	hold(c, info->n_added);
	if (c->strict.fault) {
		cut_tail(c, info->n_added - good);
		refuse_in_turn(c);
	} else {
		note_phase(c, before, requests);
	}
}

/* --- deadlines --- */

static usec_t deadline(const struct conn *c)
{
	const struct http_settings *s = &c->http->settings;

	switch (c->state) {
	case CONN_NEW:
	case CONN_PENDING:
		return USEC_NEVER;
	case CONN_WRITING:
		return 2 * s->idle_timeout;
	case CONN_LINGER:
		return LINGER;
	case CONN_READING:
		break;
	}
	switch (strict_phase(&c->strict)) {
	case STRICT_IDLE:
		return c->strict.requests ? s->idle_timeout : s->header_deadline;
	case STRICT_HEAD:
		return s->header_deadline;
	case STRICT_BODY:
		return s->body_deadline;
	}
	BUG("no such phase");
}

static void too_late(struct conn *c)
{
	enum strict_phase phase = strict_phase(&c->strict);

	/* Nothing was asked, or nobody would understand the answer. */
	if (c->state != CONN_READING || phase == STRICT_IDLE || c->strict.fault)
		evhttp_connection_free(c->ev);
	else
		conn_refuse(c, phase == STRICT_HEAD ? STRICT_HEAD_SLOW : STRICT_BODY_SLOW);
}

void conn_sweep(struct http *h, usec_t now)
{
	struct conn *c, *next;

	for (c = h->conns; c; c = next) {
		usec_t span = deadline(c);

		CHECK_MAGIC(c, CONN_MAGIC);
		next = c->next;
		if (span != USEC_NEVER && now - c->since > span)
			too_late(c);
	}
}

/* --- answers --- */

/* evhttp has written all of it, and either closes now or reads the next request. */
static void answered(struct evhttp_request *ev, void *ctx)
{
	struct conn *c = ctx;

	CHECK_MAGIC(c, CONN_MAGIC);
	(void)ev;
	ASSERT(c->state == CONN_WRITING);
	c->http->pending--;
	c->answered++;
	let_go(c);
	c->state = CONN_READING;
	if (c->is_closing)
		return;
	c->since = clock_boot();
	if (c->refuse_later && c->strict.requests == c->answered)
		conn_refuse(c, c->strict.fault);
}

/* As much as the socket takes now. Errors are left for evhttp to find. */
static size_t send_now(struct conn *c, struct slice head, struct slice body)
{
	struct iovec pieces[2] = {
		{ (void *)(uintptr_t)head.p, head.n },
		{ (void *)(uintptr_t)body.p, body.n },
	};
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = body.n ? 2 : 1 };
	ssize_t n;

	/* A "100 Continue" may still be waiting. */
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) > 0)
		return 0;
	n = sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	return n < 0 ? 0 : (size_t)n;
}

static void queue_rest(struct conn *c, struct slice s, size_t sent)
{
	if (sent < s.n && evbuffer_add(bufferevent_get_output(c->bev), s.p + sent, s.n - sent) != 0)
		die("out of memory");
}

void conn_answer(struct conn *c, struct evhttp_request *ev, struct slice head, struct slice body)
{
	struct bufferevent *bev = c->bev;
	size_t sent;
	bool is_all;

	CHECK_MAGIC(c, CONN_MAGIC);
	ASSERT(c->state == CONN_PENDING);
	sent = send_now(c, head, body);
	queue_rest(c, head, sent);
	queue_rest(c, body, sent > head.n ? sent - head.n : 0);
	c->state = CONN_WRITING;
	c->req = NULL;
	c->since = clock_boot();
	if (c->is_closing)
		evhttp_add_header(evhttp_request_get_output_headers(ev), "Connection", "close");
	/* This says that the request was chunked. evhttp takes it for the answer as well, which
	 * evhttp_send_reply_start() would set right. */
	ev->chunked = 0;
	evhttp_request_set_on_complete_cb(ev, answered, c);
	is_all = evbuffer_get_length(bufferevent_get_output(bev)) == 0;
	/* With an empty output this ends the request here and now, and perhaps the connection. */
	evhttp_send_reply_end(ev);
	if (!is_all)
		bufferevent_enable(bev, EV_WRITE);
}
