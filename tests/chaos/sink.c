/* The webhook sink: a thread for each connection, as there are at most 64 from each server. It
 * answers 200, some of them late, so that there is always something under way when a fault
 * strikes. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "chaos/chaos.h"
#include "when/stamp.h"

struct peer {
	struct chaos *chaos;
	int fd;
	size_t n;
	char in[16384];
};

static int listener;

/* The value of a header, up to the line's end. */
static bool header(const char *head, const char *name, char *out, size_t room)
{
	size_t len = strlen(name);

	for (const char *line = head; line; line = strstr(line, "\r\n")) {
		line += *line == '\r' ? 2 : 0;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			const char *from = line + len + 1 + strspn(line + len + 1, " ");
			size_t n = strcspn(from, "\r");

			(void)snprintf(out, room, "%.*s", (int)n, from);
			return true;
		}
	}
	*out = '\0';
	return false;
}

static long number(const char *head, const char *name)
{
	char text[40];

	return header(head, name, text, sizeof text) ? strtol(text, NULL, 10) : -1;
}

/* One request: its head ends with a NUL, the body follows. false: the connection is over. */
static bool read_request(struct peer *p, char **body, size_t *whole)
{
	for (;;) {
		char *end = memmem(p->in, p->n, "\r\n\r\n", 4);

		if (end) {
			size_t head = (size_t)(end - p->in) + 4;
			long length;

			end[2] = '\0';
			length = number(p->in, "content-length");
			end[2] = '\r';
			*body = p->in + head;
			*whole = head + (length > 0 ? (size_t)length : 0);
			if (p->n >= *whole) {
				end[2] = '\0';
				return true;
			}
		}
		ssize_t got = recv(p->fd, p->in + p->n, sizeof p->in - 1 - p->n, 0);

		if (got <= 0)
			return false;
		p->n += (size_t)got;
	}
}

/* Keeps it; its number among the deliveries. */
static int keep(struct chaos *c, const char *head, const char *body)
{
	struct delivery d = { .came = now_us(), .n = -1 };
	char due[48];
	const char *n = strstr(body, "\"n\":");
	usec_t at = 0;

	(void)header(head, "webhook-id", d.id, sizeof d.id);
	(void)header(head, "carillon-scheduled-for", due, sizeof due);
	(void)stamp_parse(slice_of(due), &at);
	d.due = at;
	d.token = number(head, "carillon-fencing-token");
	d.attempt = number(head, "carillon-attempt");
	if (n)
		d.n = (int)strtol(n + 4, NULL, 10);
	pthread_mutex_lock(&c->lock);
	if (c->deliveries_n == c->deliveries_room) {
		c->deliveries_room = c->deliveries_room * 2 + 4096;
		c->deliveries = realloc(c->deliveries, (size_t)c->deliveries_room * sizeof d);
	}
	c->deliveries[c->deliveries_n++] = d;
	int index = c->deliveries_n - 1;
	pthread_mutex_unlock(&c->lock);
	return index;
}

/* By the run's id: one in six is answered after up to a second and a half. */
static int delay_ms(const char *id)
{
	unsigned sum = 0;

	for (; *id; id++)
		sum = sum * 31 + (unsigned char)*id;
	return sum % 6 ? 0 : (int)(sum / 6 % 1500);
}

static bool answer(struct peer *p, const char *head, const char *body)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	int index = keep(p->chaos, head, body), delay;

	pthread_mutex_lock(&p->chaos->lock);
	delay = delay_ms(p->chaos->deliveries[index].id);
	pthread_mutex_unlock(&p->chaos->lock);
	if (delay)
		nap_ms(delay);
	if (send(p->fd, ok, sizeof ok - 1, MSG_NOSIGNAL) != sizeof ok - 1)
		return false;
	pthread_mutex_lock(&p->chaos->lock);
	p->chaos->deliveries[index].answered = now_us();
	pthread_mutex_unlock(&p->chaos->lock);
	return true;
}

static void *serve(void *context)
{
	struct peer *p = context;
	char *body;
	size_t whole;

	while (read_request(p, &body, &whole)) {
		char after = p->in[whole];

		p->in[whole] = '\0';
		if (!answer(p, p->in, body))
			break;
		p->in[whole] = after;
		memmove(p->in, p->in + whole, p->n - whole);
		p->n -= whole;
	}
	(void)close(p->fd);
	free(p);
	return NULL;
}

static void *listen_on(void *context)
{
	for (;;) {
		int one = 1, fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		struct peer *p = fd < 0 ? NULL : calloc(1, sizeof *p);
		pthread_t thread;

		if (!p)
			continue;
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		p->chaos = context;
		p->fd = fd;
		if (pthread_create(&thread, NULL, serve, p) == 0)
			pthread_detach(thread);
	}
	return NULL;
}

void sink_start(struct chaos *c)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	pthread_t thread;

	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (void *)&address, len) || listen(listener, 512)
	    || getsockname(listener, (void *)&address, &len)
	    || pthread_create(&thread, NULL, listen_on, c))
		abort();
	c->sink_port = ntohs(address.sin_port);
}
