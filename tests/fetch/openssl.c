#include "openssl.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS_MAX 8
#define ARGUMENTS 9 /* of every server, before the options */

bool openssl_certificate(char *folder)
{
	char command[600];

	if (!mkdtemp(folder))
		return false;
	snprintf(
		command, sizeof(command),
		"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
		"/CN=localhost -addext subjectAltName=DNS:localhost -keyout %s/key -out %s/cert >/dev/null 2>&1",
		folder, folder);
	return system(command) == 0;
}

/* The kernel gives no client a port that somebody has bound; openssl may bind it too, since both say
 * SO_REUSEADDR and this socket never listens (socket(7)). */
static int reserve(int *out_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes))
	    || bind(fd, (struct sockaddr *)&a, len) || getsockname(fd, (struct sockaddr *)&a, &len))
		abort();
	*out_port = ntohs(a.sin_port);
	return fd;
}

/* It says nothing when it is there, and a connection would use it up: the kernel's list is asked. */
static void wait_for_listener(int port)
{
	char wanted[64], line[256];
	bool is_there = false;

	snprintf(wanted, sizeof(wanted), "0100007F:%04X 00000000:0000 0A", (unsigned)port);
	for (int i = 0; i < 2000 && !is_there; i++) {
		FILE *list = fopen("/proc/net/tcp", "r");

		while (list && fgets(line, sizeof(line), list))
			is_there |= strstr(line, wanted) != NULL;
		if (list)
			fclose(list);
		if (!is_there)
			poll(NULL, 0, 5);
	}
}

static void become(const char *folder, int port, int in, int out, const char *const options[])
{
	char at[30], cert[80], key[80];
	const char *arguments[ARGUMENTS + OPTIONS_MAX + 1] = {
		"openssl", "s_server", "-quiet", "-accept", at, "-cert", cert, "-key", key,
	};

	snprintf(at, sizeof(at), "127.0.0.1:%d", port);
	snprintf(cert, sizeof(cert), "%s/cert", folder);
	snprintf(key, sizeof(key), "%s/key", folder);
	for (int i = 0; i < OPTIONS_MAX && options[i]; i++)
		arguments[ARGUMENTS + i] = options[i];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, 0);
	dup2(out, 1);
	if (freopen("/dev/null", "w", stderr))
		execvp("openssl", (char *const *)arguments);
	_exit(1);
}

struct openssl_server openssl_serve(const char *folder, const char *const options[])
{
	struct openssl_server s = { 0 };
	int in[2], out[2];

	s.reserved = reserve(&s.port);
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		abort();
	s.pid = fork();
	if (s.pid == 0)
		become(folder, s.port, in[0], out[1], options);
	close(in[0]);
	close(out[1]);
	s.from = out[0];
	s.to = in[1];
	wait_for_listener(s.port);
	return s;
}

void openssl_stop(struct openssl_server *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	close(s->to);
	close(s->reserved);
}
