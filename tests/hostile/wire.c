/* Requests over kept connections, one at a time on each, and their answers. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "hostile.h"

#define WIDTH 24
#define ANSWER_WITHIN (30 * SEC)
#define REPLY_MOST (64u << 20)

struct conn {
	int fd; /* -1: none */
	bool is_busy, is_broken;
	struct request q;
	struct reply r;
	size_t sent;
	usec_t since;
};

static struct {
	struct conn conns[WIDTH];
	int port, next, end, unanswered;
	report_fn *report;
	bool is_gone;
} wire;

static int dial(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		(void)close(fd);
		fd = -1;
	}
	if (fd >= 0) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	}
	return fd;
}

static void hang_up(struct conn *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	c->fd = -1;
	c->is_broken = false;
}

static void reply_init(struct reply *r)
{
	*r = (struct reply){ .length = -1 };
	strbuf_init(&r->raw, REPLY_MOST);
}

/* The next request, if there is one, on this connection. */
static void begin(struct conn *c)
{
	if (wire.next == wire.end)
		return;
	if (c->fd < 0)
		c->fd = dial(wire.port);
	if (c->fd < 0) {
		wire.is_gone = true;
		return;
	}
	make_request(wire.next++, &c->q);
	reply_init(&c->r);
	c->is_busy = true;
	c->sent = 0;
	c->since = clock_boot();
}

static void end(struct conn *c, const char *wrong)
{
	c->r.took = clock_boot() - c->since;
	wire.report(&c->q, &c->r, wrong);
	if (wrong || c->r.says_close || c->is_broken || c->q.want == WANT_NOTHING
	    || c->q.want == WANT_FRAMING)
		hang_up(c);
	strbuf_release(&c->q.raw);
	strbuf_release(&c->r.raw);
	c->is_busy = false;
}

/* 1xx answers go; true when there is the head of another. */
static bool read_head(struct reply *r)
{
	char value[64], *empty;

	while (r->raw.n && (empty = strstr(r->raw.p, "\r\n\r\n")) != NULL) {
		r->head_n = (size_t)(empty - r->raw.p) + 4;
		if (strncmp(r->raw.p, "HTTP/1.1 ", 9) != 0 || r->head_n < 16)
			return true;
		r->status = atoi(r->raw.p + 9);
		if (r->status >= 200) {
			if (*header_of(r, "Content-Length", value, sizeof(value)))
				r->length = atoll(value);
			r->says_close = strcmp(header_of(r, "Connection", value, sizeof(value)),
					       "close")
				     == 0;
			return true;
		}
		memmove(r->raw.p, r->raw.p + r->head_n, r->raw.n - r->head_n + 1);
		r->raw.n -= r->head_n;
		r->head_n = 0;
	}
	return false;
}

/* Is the answer whole? */
static void look(struct conn *c)
{
	struct reply *r = &c->r;
	bool has_body = !c->q.is_head;
	size_t wanted, n;

	if (!r->head_n && !read_head(r))
		return;
	if (r->status < 200 || r->status > 599) {
		end(c, "no status line");
		return;
	}
	if (r->status == 204)
		has_body = false;
	if (has_body && r->length < 0) {
		end(c, "no Content-Length");
		return;
	}
	wanted = has_body ? (size_t)r->length : 0;
	n = r->raw.n - r->head_n;
	if (n >= wanted)
		end(c, n > wanted ? "more bytes than Content-Length says" : judge(&c->q, r));
}

static void receive(struct conn *c)
{
	char *room = strbuf_room(&c->r.raw, 65536);
	ssize_t n = room ? recv(c->fd, room, 65536, 0) : -1;

	if (n > 0) {
		strbuf_grew(&c->r.raw, (size_t)n);
		look(c);
		return;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	end(c, c->q.want == WANT_FRAMING ? NULL : "the connection ended without an answer");
}

/* Large ones are refused before they are through: then what matters is the answer. */
static void send_more(struct conn *c)
{
	const struct strbuf *raw = &c->q.raw;
	ssize_t n = send(c->fd, raw->p + c->sent, raw->n - c->sent, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		c->is_broken = true;
		c->sent = raw->n;
	}
	if (n > 0)
		c->sent += (size_t)n;
	if (c->q.want == WANT_NOTHING && c->sent == raw->n)
		end(c, NULL);
}

static void turn(struct conn *c, short events)
{
	if (events & POLLOUT)
		send_more(c);
	if (c->is_busy && (events & (POLLIN | POLLHUP | POLLERR)))
		receive(c);
	if (c->is_busy && clock_boot() - c->since > ANSWER_WITHIN)
		end(c, "no answer");
}

static bool step(void)
{
	struct pollfd wait[WIDTH];
	int busy = 0;

	for (int i = 0; i < WIDTH; i++) {
		struct conn *c = &wire.conns[i];

		if (!c->is_busy)
			begin(c);
		busy += c->is_busy;
		wait[i] = (struct pollfd){ .fd = c->is_busy ? c->fd : -1 };
		wait[i].events = c->sent < c->q.raw.n ? POLLIN | POLLOUT : POLLIN;
	}
	if (wire.is_gone || !busy)
		return false;
	(void)poll(wait, WIDTH, 1000);
	for (int i = 0; i < WIDTH; i++)
		if (wire.conns[i].is_busy)
			turn(&wire.conns[i], wait[i].revents);
	return true;
}

bool wire_run(int port, int first, int count, report_fn *report)
{
	wire.port = port;
	wire.next = first;
	wire.end = first + count;
	wire.report = report;
	wire.is_gone = false;
	for (int i = 0; i < WIDTH; i++)
		wire.conns[i].fd = -1;
	while (step())
		;
	for (int i = 0; i < WIDTH; i++) {
		if (wire.conns[i].is_busy)
			end(&wire.conns[i], "the server has gone");
		hang_up(&wire.conns[i]);
	}
	return !wire.is_gone;
}

/* Until it is answered. */
static void wait_for(struct conn *c)
{
	c->is_busy = c->fd >= 0;
	c->since = clock_boot();
	reply_init(&c->r);
	while (c->is_busy) {
		struct pollfd wait = { .fd = c->fd, .events = POLLIN | POLLOUT };

		if (c->sent == c->q.raw.n)
			wait.events = POLLIN;
		(void)poll(&wait, 1, 1000);
		turn(c, wait.revents);
	}
	hang_up(c);
}

void wire_one(int port, int number, report_fn *report)
{
	struct conn c = { .fd = dial(port) };

	wire.report = report;
	make_request(number, &c.q);
	wait_for(&c);
}

static int get_status;

static void got(const struct request *q, const struct reply *r, const char *wrong)
{
	(void)q;
	(void)wrong;
	get_status = r->status;
}

int wire_get(int port, const char *path)
{
	struct conn c = { .fd = dial(port) };

	get_status = 0;
	wire.report = got;
	strbuf_init(&c.q.raw, 4096);
	strbuf_addf(&c.q.raw, "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", path);
	wait_for(&c);
	return get_status;
}
