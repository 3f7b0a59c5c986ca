/* The server under test: CARILLON_BIN with the environment that the suite made, its log in HOSTILE_LOG. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "hostile.h"

#define START_WITHIN (60 * SEC)
#define STOP_WITHIN (60 * SEC)

static void child(int out)
{
	const char *bin = getenv("CARILLON_BIN"), *path = getenv("HOSTILE_LOG");
	int log = open(path ? path : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0644);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(out, 1);
	(void)dup2(log, 2);
	(void)unsetenv("CARILLON_BIN"); /* no setting of the server's */
	(void)execl(bin ? bin : "carillon", "carillon", "serve", (char *)NULL);
	_exit(127);
}

/* "carillon ready on http://127.0.0.1:PORT" */
static int read_port(int in)
{
	usec_t until = clock_boot() + START_WITHIN;
	char text[1024];
	size_t n = 0;

	while (n + 1 < sizeof(text) && clock_boot() < until) {
		struct pollfd wait = { .fd = in, .events = POLLIN };
		ssize_t some = poll(&wait, 1, 500) > 0 ? read(in, text + n, sizeof(text) - 1 - n)
						       : 1;
		const char *ready;

		if (some <= 0)
			break;
		if (!(wait.revents & POLLIN))
			continue;
		n += (size_t)some;
		text[n] = '\0';
		ready = strstr(text, "carillon ready on http://");
		if (ready && strchr(ready, '\n'))
			return atoi(strchr(ready + 25, ':') + 1);
	}
	return 0;
}

/* It serves a little before it has its lease. */
static bool is_ready(int port)
{
	usec_t until = clock_boot() + START_WITHIN;

	while (wire_get(port, "/readyz") != 200) {
		if (clock_boot() > until)
			return false;
		(void)poll(NULL, 0, 20);
	}
	return true;
}

bool server_start(struct server *s)
{
	int out[2];

	*s = (struct server){ .pid = -1 };
	if (pipe2(out, O_CLOEXEC) != 0)
		return false;
	s->pid = fork();
	if (s->pid == 0)
		child(out[1]);
	(void)close(out[1]);
	s->port = s->pid > 0 ? read_port(out[0]) : 0;
	server_measure(s);
	return s->port > 0 && is_ready(s->port);
}

void server_measure(struct server *s)
{
	char path[64], line[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", s->pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmRSS:", 6) == 0)
			s->rss_kb = atol(line + 6);
	if (f)
		(void)fclose(f);
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", s->pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		s->is_sanitized |= strstr(line, "asan") != NULL;
	if (f)
		(void)fclose(f);
}

usec_t server_cpu(const struct server *s)
{
	struct timespec t = { 0 };
	clockid_t clock;

	if (clock_getcpuclockid(s->pid, &clock) == 0)
		(void)clock_gettime(clock, &t);
	return t.tv_sec * SEC + t.tv_nsec / 1000;
}

int server_stop(struct server *s)
{
	usec_t until = clock_boot() + STOP_WITHIN;
	int status;

	if (s->pid <= 0)
		return -1;
	(void)kill(s->pid, SIGTERM);
	while (clock_boot() < until) {
		if (waitpid(s->pid, &status, WNOHANG) == s->pid)
			return status;
		(void)poll(NULL, 0, 20);
	}
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, &status, 0);
	return -1;
}
