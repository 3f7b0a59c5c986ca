/* The servers of a story: started with a test clock that moves by lines on their standard input. */
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

#include "story/story.h"

extern char **environ;

struct server *server_find(struct story *story, const char *name)
{
	for (int i = 0; i < SERVERS_MAX; i++) {
		struct server *server = &story->servers[i];
		if (*server->name && (!name || !*name || strcmp(server->name, name) == 0))
			return server;
	}
	return NULL;
}

/* The runner's own environment without what concerns servers, then ours, then the story's. */
char **server_environment(const struct story *story, const struct server *server)
{
	static const char *const drop[] = { "CARILLON_", "DATABASE_URL=", "PG" };
	const char *const ours[] = { "CARILLON_LISTEN=127.0.0.1:0",
				     "CARILLON_ALLOW_PRIVATE_TARGETS=1", "CARILLON_REQUEST_RATE=0",
				     "CARILLON_AUTH_FAILURES=0", "CARILLON_LOG=text" };
	size_t count = 0;
	while (environ[count])
		count++;
	char **list = must(calloc(count + 48, sizeof *list));
	char **at = list;
	for (char **from = environ; *from; from++) {
		bool keep = true;
		for (size_t i = 0; i < sizeof drop / sizeof *drop; i++)
			keep = keep && strncmp(*from, drop[i], strlen(drop[i])) != 0;
		if (keep)
			*at++ = *from;
	}
	struct buf url = { 0 }, key = { 0 }, data = { 0 };
	buf_print(&url, "DATABASE_URL=%s", story->database);
	buf_print(&key, "CARILLON_API_KEY=%s", var_get(story, "key"));
	buf_print(&data, "CARILLON_DATA_DIR=%s/data", story->folder);
	*at++ = url.at;
	*at++ = data.at;
	*at++ = key.at;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		*at++ = (char *)ours[i];
	/* getenv() finds the first of two: the story's come before ours. */
	for (int i = 0; server->environment[i]; i++) {
		size_t name = strcspn(server->environment[i], "=") + 1;
		char **old = list;
		while (old < at && strncmp(*old, server->environment[i], name) != 0)
			old++;
		*old = server->environment[i];
		if (old == at)
			at++;
	}
	return list;
}

static void run_child(const struct server *server, char **environment, const int *in,
		      const int *out)
{
	char *const arguments[] = { (char *)"carillon", (char *)"serve", (char *)"--test-clock",
				    NULL };
	int log = open(server->log_path, O_WRONLY | O_CREAT | O_APPEND, 0644);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(in[0], 0);
	(void)dup2(out[1], 1);
	(void)dup2(log, 2);
	for (int fd = 3; fd < 256; fd++)
		(void)close(fd);
	(void)execve(getenv("CARILLON_BIN"), arguments, environment);
	_exit(127);
}

static void say_to(struct server *server, const char *line)
{
	size_t len = strlen(line);
	if (server->pid && write(server->to, line, len) != (ssize_t)len)
		buf_print(&server->said, "(its standard input is closed)\n");
}

/* Waits until it has printed a line that starts so; returns that line, which the next call
 * overwrites. */
static const char *heard(struct server *server, const char *start, int wait_ms)
{
	static struct buf line;
	long long end = boot_ms() + wait_ms;
	for (;;) {
		char *newline;
		while (server->said.len && (newline = strchr(server->said.at, '\n')) != NULL) {
			size_t len = (size_t)(newline - server->said.at);
			buf_clear(&line);
			buf_add(&line, server->said.at, len);
			memmove(server->said.at, newline + 1, server->said.len - len);
			server->said.len -= len + 1;
			if (strncmp(line.at, start, strlen(start)) == 0)
				return line.at;
		}
		struct pollfd wait = { .fd = server->from, .events = POLLIN };
		char data[4096];
		long long left = end - boot_ms();
		if (left <= 0 || poll(&wait, 1, (int)left) <= 0)
			return NULL;
		ssize_t got = read(server->from, data, sizeof data);
		if (got <= 0)
			return NULL;
		buf_add(&server->said, data, (size_t)got);
	}
}

/* The servers' clock is the story's: every line is acknowledged, so this is a barrier too. */
static void tell_clock(struct story *story, struct server *server)
{
	struct buf line = { 0 };
	if (!story->now_ms || !server->pid)
		return;
	char *instant = print_instant(story->now_ms);
	buf_print(&line, "clock %s\n", instant);
	say_to(server, line.at);
	free(instant);
	free(line.at);
}

static void await_clock(struct story *story, struct server *server)
{
	if (story->now_ms && server->pid && !heard(server, "clock ok", WAIT_MS))
		story_give_up(story, "server %s did not answer \"clock ok\"", server->name);
}

void servers_barrier(struct story *story)
{
	for (int i = 0; i < SERVERS_MAX; i++)
		tell_clock(story, &story->servers[i]);
	for (int i = 0; i < SERVERS_MAX; i++)
		await_clock(story, &story->servers[i]);
}

static void start(struct story *story, struct server *server)
{
	static const char ready[] = "carillon ready on ";
	int in[2], out[2];
	char **environment = server_environment(story, server);
	buf_clear(&server->said);
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		abort();
	server->pid = fork();
	if (server->pid == 0)
		run_child(server, environment, in, out);
	(void)close(in[0]);
	(void)close(out[1]);
	free(environment);
	server->to = in[1];
	server->from = out[0];
	tell_clock(story, server);
	/* "clock ok" may come before the ready line. */
	const char *line = heard(server, "c", START_MS);
	bool clock_told = line && strcmp(line, "clock ok") == 0;
	if (clock_told)
		line = heard(server, ready, START_MS);
	if (!line || strncmp(line, ready, sizeof ready - 1) != 0) {
		story_give_up(story, "server %s did not become ready", server->name);
		return;
	}
	(void)snprintf(server->url, sizeof server->url, "%s", line + sizeof ready - 1);
	server->url[strcspn(server->url, " ")] = '\0';
	var_set(story, server->name, server->url);
	var_set(story, "url", story->servers[0].url);
	if (!clock_told)
		await_clock(story, server);
}

/* Reaps it; false when it does not end in time. */
static bool ended(struct server *server, int wait_ms, int *out_status)
{
	long long end = boot_ms() + wait_ms;
	pid_t pid;
	while ((pid = waitpid(server->pid, out_status, WNOHANG)) == 0 && boot_ms() < end)
		nap(5);
	if (pid == 0)
		return false;
	server->pid = 0;
	(void)close(server->to);
	(void)close(server->from);
	return true;
}

/* server [NAME] [VARIABLE=VALUE ...] */
void step_server(struct story *story, char *rest)
{
	struct server *server = story->servers;
	int variables = 0;
	while (server < story->servers + SERVERS_MAX - 1 && *server->name)
		server++;
	(void)snprintf(server->name, sizeof server->name, "%s", "main");
	while (*rest && variables < 31) {
		const char *word = take_word(&rest);
		if (strchr(word, '='))
			server->environment[variables++] = copy_of(word, strlen(word));
		else
			(void)snprintf(server->name, sizeof server->name, "%s", word);
	}
	struct buf log_path = { 0 };
	buf_print(&log_path, "%s/%s.log", story->folder, server->name);
	server->log_path = log_path.at;
	start(story, server);
}

/* clock INSTANT */
void step_clock(struct story *story, char *rest)
{
	if (!parse_instant(rest, &story->now_ms))
		story_give_up(story, "not an instant in UTC: %s", rest);
	servers_barrier(story);
}

/* advance DURATION */
void step_advance(struct story *story, char *rest)
{
	long long by = parse_duration_ms(rest);
	if (by < 0 || !story->now_ms)
		story_give_up(story, "advance needs a duration, and a clock that was set");
	story->now_ms += by;
	servers_barrier(story);
}

static struct server *running(struct story *story, const char *name)
{
	struct server *server = server_find(story, name);
	if (server && server->pid > 0)
		return server;
	story_give_up(story, "no running server %s", name);
	return NULL;
}

static void end_by(struct story *story, struct server *server, int sign)
{
	int status = 0;
	(void)kill(server->pid, sign);
	if (!ended(server, START_MS + 10000, &status))
		story_give_up(story, "server %s does not end", server->name);
	else if (sign == SIGTERM && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
		story_fail(story, "SIGTERM: expected exit 0 of server %s; got wait status 0x%x",
			   server->name, status);
	else
		story_pass(story);
}

/* kill -9 [NAME] */
void step_kill(struct story *story, char *rest)
{
	const char *word = take_word(&rest);
	struct server *server = running(story, strcmp(word, "-9") == 0 ? take_word(&rest) : word);
	if (server)
		end_by(story, server, SIGKILL);
}

/* term [NAME]: it must end with exit status 0 */
void step_term(struct story *story, char *rest)
{
	struct server *server = running(story, take_word(&rest));
	if (server)
		end_by(story, server, SIGTERM);
}

/* drain [NAME]: it is told to end, and nobody waits for that */
void step_drain(struct story *story, char *rest)
{
	struct server *server = running(story, take_word(&rest));
	if (server)
		(void)kill(server->pid, SIGTERM);
}

/* restart [NAME]: term, if it runs; then start it as before, on another port */
void step_restart(struct story *story, char *rest)
{
	struct server *server = server_find(story, take_word(&rest));
	if (server && server->pid)
		end_by(story, server, SIGTERM);
	if (server)
		start(story, server);
	else
		story_give_up(story, "no such server");
}

/* died [NAME]: it ends by itself within 10 s */
void step_died(struct story *story, char *rest)
{
	int status;
	struct server *server = running(story, take_word(&rest));
	if (!server)
		return;
	if (ended(server, 10000, &status))
		story_pass(story);
	else
		story_fail(story, "server %s still runs", server->name);
}

void step_freeze(struct story *story, char *rest)
{
	struct server *server = running(story, take_word(&rest));
	if (server)
		(void)kill(server->pid, SIGSTOP);
}

void step_thaw(struct story *story, char *rest)
{
	struct server *server = running(story, take_word(&rest));
	if (server)
		(void)kill(server->pid, SIGCONT);
}

/* fail NAME POINT[=kill@2]; the barrier after it says that the server has read the line */
void step_fail(struct story *story, char *rest)
{
	struct server *server = running(story, take_word(&rest));
	struct buf line = { 0 };
	if (!server)
		return;
	buf_print(&line, "fail %s%s\n", rest, strchr(rest, '=') ? "" : "=kill@1");
	say_to(server, line.at);
	free(line.at);
	tell_clock(story, server);
	await_clock(story, server);
}

void servers_end(struct story *story)
{
	for (int i = 0; i < SERVERS_MAX; i++) {
		struct server *server = &story->servers[i];
		if (server->pid > 0) {
			(void)kill(server->pid, SIGKILL);
			(void)waitpid(server->pid, NULL, 0);
			server->pid = 0;
		}
	}
}
