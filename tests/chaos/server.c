/* The servers under test, as processes. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chaos/chaos.h"

#define START_SECONDS 30

static void run_child(const struct chaos *c, const struct server *s, int out)
{
	char *const arguments[] = { (char *)"carillon", (char *)"serve", NULL };
	int log = open(s->log, O_WRONLY | O_CREAT | O_APPEND, 0644),
	    null = open("/dev/null", O_RDONLY);
	const char *binary = strdup(setting("CARILLON_BIN"));
	char data[4096];

	(void)snprintf(data, sizeof data, "%s.data", s->log);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)unsetenv("CARILLON_BIN"); /* it would be a setting that there is not */
	(void)setenv("DATABASE_URL", c->database, 1);
	(void)setenv("CARILLON_API_KEY", "chaos-key-0123456789abcdef0123456789abcdef", 1);
	(void)setenv("CARILLON_LISTEN", "127.0.0.1:0", 1);
	(void)setenv("CARILLON_ALLOW_PRIVATE_TARGETS", "1", 1);
	(void)setenv("CARILLON_REQUEST_RATE", "0", 1);
	(void)setenv("CARILLON_LOG", "text", 1);
	(void)setenv("CARILLON_LOOKAHEAD", "4", 1);
	(void)setenv("CARILLON_DATA_DIR", data, 1);
	(void)dup2(null, 0);
	(void)dup2(out, 1);
	(void)dup2(log, 2);
	for (int fd = 3; fd < 1024; fd++)
		(void)close(fd);
	(void)execv(binary, arguments);
	_exit(127);
}

/* Reads its standard output until it says where it listens. */
static bool hear(int from, char *url, size_t room)
{
	static const char ready[] = "carillon ready on ";
	char said[4096];
	size_t n = 0;

	for (int64_t end = now_us() + START_SECONDS * 1000000LL; now_us() < end;) {
		struct pollfd wait = { .fd = from, .events = POLLIN };
		ssize_t got = poll(&wait, 1, 200) > 0 ? read(from, said + n, sizeof said - 1 - n)
						      : -1;

		if (got == 0)
			return false;
		n += got > 0 ? (size_t)got : 0;
		said[n] = '\0';
		char *line = strstr(said, ready);

		if (line && strchr(line, '\n')) {
			line += sizeof ready - 1;
			(void)snprintf(url, room, "%.*s", (int)strcspn(line, " \n"), line);
			return true;
		}
	}
	return false;
}

bool server_start(struct chaos *c, int i)
{
	struct server *s = &c->servers[i];
	char url[sizeof s->url] = "";
	int out[2];
	bool well;

	if (pipe2(out, O_CLOEXEC))
		abort();
	(void)fflush(stdout);
	s->pid = fork();
	if (s->pid == 0)
		run_child(c, s, out[1]);
	(void)close(out[1]);
	well = hear(out[0], url, sizeof url);
	(void)close(out[0]);
	pthread_mutex_lock(&c->lock);
	memcpy(s->url, url, sizeof url);
	pthread_mutex_unlock(&c->lock);
	if (!well)
		printf("server %d did not become ready; its log is %s\n", i, s->log);
	return well;
}

void server_signal(struct chaos *c, int i, int sign)
{
	if (c->servers[i].pid > 0)
		(void)kill(c->servers[i].pid, sign);
}

int server_wait(struct chaos *c, int i, int seconds)
{
	struct server *s = &c->servers[i];
	int status = -1;

	for (int64_t end = now_us() + seconds * 1000000LL; s->pid > 0 && now_us() < end;
	     nap_ms(2)) {
		if (waitpid(s->pid, &status, WNOHANG) == s->pid) {
			s->pid = 0;
			return status;
		}
	}
	return -1;
}

void servers_watch(struct chaos *c)
{
	for (int i = 0; i < SERVERS; i++) {
		int status;

		if (c->servers[i].pid <= 0 || waitpid(c->servers[i].pid, &status, WNOHANG) <= 0)
			continue;
		printf("server %d ended by itself, wait status 0x%x; its log is %s\n", i,
		       (unsigned)status, c->servers[i].log);
		c->servers[i].pid = 0;
		c->crashed++;
		(void)server_start(c, i);
	}
}
