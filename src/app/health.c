/* `carillon health`: asks the server on this machine whether it is ready. For containers, which
 * have no curl. */
#include "app/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_S 5

/* The address to ask: a server that listens on every address is asked on the loopback. */
static bool address_of(const struct config *c, struct sockaddr_storage *out, socklen_t *out_n)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)out;
	const char *text = c->address;

	memset(out, 0, sizeof(*out));
	if (strcmp(text, "0.0.0.0") == 0)
		text = "127.0.0.1";
	if (strcmp(text, "::") == 0)
		text = "::1";
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)c->port);
		*out_n = sizeof(*v4);
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)c->port);
	*out_n = sizeof(*v6);
	return true;
}

/* The whole answer as far as it fits; its length, 0 when there was none. */
static size_t ask(const struct sockaddr_storage *address, socklen_t address_n, char *out,
		  size_t max)
{
	static const char request[] =
		"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t n = 0;
	ssize_t got = 1;

	if (fd < 0)
		return 0;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)address, address_n) == 0
	    && send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL)
		       == (ssize_t)sizeof(request) - 1) {
		while (got > 0 && n < max - 1) {
			got = recv(fd, out + n, max - 1 - n, 0);
			n += got > 0 ? (size_t)got : 0;
		}
	}
	(void)close(fd);
	out[n] = '\0';
	return n;
}

int health_run(const struct config *c)
{
	struct sockaddr_storage address;
	socklen_t address_n;
	char answer[8192];
	const char *body;
	int status = 0;

	if (!address_of(c, &address, &address_n)) {
		(void)fprintf(stderr, "carillon: %s is not an address\n", c->address);
		return 1;
	}
	if (ask(&address, address_n, answer, sizeof(answer)) == 0) {
		(void)fprintf(stderr, "carillon: nothing answers on %s port %d\n", c->address,
			      c->port);
		return 1;
	}
	body = strstr(answer, "\r\n\r\n");
	if (strncmp(answer, "HTTP/1.1 ", 9) == 0)
		status = (answer[9] - '0') * 100;
	(void)printf("%s", body ? body + 4 : answer);
	return status == 200 ? 0 : 1;
}
