#include "http_raw.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"

int wire_open(const struct server *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ASSERT(fd >= 0);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

bool wire_send(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n) {
		ssize_t some = send(fd, p, n, MSG_NOSIGNAL);

		if (some <= 0)
			return false;
		p += some;
		n -= (size_t)some;
	}
	return true;
}

/* Up to n bytes before the deadline; 0 at the end, -1 when there was none in time. */
static ssize_t get(int fd, void *to, size_t n, usec_t until)
{
	struct pollfd p = { fd, POLLIN, 0 };
	usec_t left = until - clock_boot();
	ssize_t got;

	if (left <= 0 || poll(&p, 1, (int)(left / MSEC) + 1) <= 0)
		return -1;
	got = recv(fd, to, n, 0);
	return got < 0 && errno == ECONNRESET ? 0 : got;
}

static size_t read_head(int fd, struct reply *r, usec_t until)
{
	size_t n = 0;

	/* Byte by byte, so that nothing of a following answer is taken. */
	while (n < sizeof(r->head) - 1 && (n < 4 || memcmp(r->head + n - 4, "\r\n\r\n", 4) != 0)) {
		if (get(fd, r->head + n, 1, until) != 1)
			break;
		n++;
	}
	r->head[n] = '\0';
	return n;
}

const char *wire_header(const struct reply *r, const char *name)
{
	static char value[1024];
	size_t n = strlen(name);

	for (const char *at = strstr(r->head, "\r\n"); at; at = strstr(at + 2, "\r\n"))
		if (strncasecmp(at + 2, name, n) == 0 && at[2 + n] == ':') {
			const char *from = at + 3 + n + strspn(at + 3 + n, " ");

			snprintf(value, sizeof(value), "%.*s", (int)strcspn(from, "\r\n"), from);
			return value;
		}
	return NULL;
}

static void read_body(int fd, struct reply *r, usec_t until)
{
	const char *length = wire_header(r, "Content-Length");
	size_t want = length ? strtoul(length, NULL, 10) : 0;

	r->body = calloc(1, want + 1);
	ASSERT(r->body);
	while (r->body_bytes < want) {
		ssize_t some = get(fd, r->body + r->body_bytes, want - r->body_bytes, until);

		if (some <= 0)
			break;
		r->body_bytes += (size_t)some;
	}
	if (r->body_bytes < want)
		r->status = -1;
}

struct reply wire_read(int fd, bool is_head, int ms)
{
	usec_t until = clock_boot() + ms * MSEC;
	struct reply r = { 0 };
	size_t n = read_head(fd, &r, until);
	const char *connection;

	if (n == 0)
		return r;
	if (sscanf(r.head, "HTTP/1.1 %3d ", &r.status) != 1
	    || memcmp(r.head + n - 4, "\r\n\r\n", 4) != 0) {
		r.status = -1;
		return r;
	}
	connection = wire_header(&r, "Connection");
	r.closes = connection && strcasecmp(connection, "close") == 0;
	if (!is_head && r.status != 204)
		read_body(fd, &r, until);
	return r;
}

bool wire_ends(int fd, int ms)
{
	char c;

	return get(fd, &c, 1, clock_boot() + ms * MSEC) == 0;
}

struct reply wire_ask(const struct server *s, const char *text)
{
	int fd = wire_open(s);
	struct reply r = { 0 };

	if (fd < 0)
		return r;
	if (wire_send(fd, text, strlen(text)))
		r = wire_read(fd, strncmp(text, "HEAD", 4) == 0, 3000);
	close(fd);
	return r;
}
