/* The private PostgreSQL, from start to stop. The server is our child: the kernel tells us when
 * it dies, and tells it when we die. */
#include "app/cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "cluster_int.h"

#define LOG_BYTES_MAX (4 << 20)
#define RETRY_FIRST (100 * MSEC)
#define RETRY_LAST (10 * SEC)
#define STEADY (60 * SEC) /* a server that ran so long starts the backoff anew */

bool cluster_fail(struct cluster *c, const char *fmt, ...)
{
	va_list args;
	size_t n;

	if (!c->why || !c->why_max)
		return false;
	va_start(args, fmt);
	(void)vsnprintf(c->why, c->why_max, fmt, args);
	va_end(args);
	n = strlen(c->why);
	while (n > 0 && c->why[n - 1] == '\n')
		c->why[--n] = 0;
	return false;
}

bool cluster_join(struct cluster *c, char *out, const char *a, const char *b)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", a, b);

	return (n > 0 && n < PATH_MAX) || cluster_fail(c, "the path %s/%s is too long", a, b);
}

static int open_log(struct cluster *c)
{
	char path[PATH_MAX];

	if (!cluster_join(c, path, c->data, "log"))
		return ENAMETOOLONG;
	c->log_fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c->log_fd < 0)
		return errno;
	if (c->drops && fchown(c->log_fd, c->uid, c->gid) != 0)
		return errno;
	return 0;
}

/* What must hold whatever postgresql.conf says. */
static const char *const fixed[] = {
	"--listen_addresses=",
	"--port=5432", /* CLUSTER_PORT */
	"--unix_socket_permissions=0700",
	"--cluster_name=carillon",
	"--logging_collector=off",
	"--log_destination=stderr",
	NULL,
};

static bool launch(struct cluster *c)
{
	char program[PATH_MAX], sockets[PATH_MAX + 32];
	const char *argv[5 + sizeof(fixed) / sizeof(fixed[0])] = { program, "-D", c->data };
	size_t n = 3;

	if (!cluster_join(c, program, c->bin, "postgres"))
		return false;
	(void)snprintf(sockets, sizeof(sockets), "--unix_socket_directories=%s", c->run);
	argv[n++] = sockets;
	for (size_t i = 0; fixed[i]; i++)
		argv[n++] = fixed[i];
	argv[n] = NULL;
	c->pid = cluster_spawn(c, c->uid, argv, (struct cluster_io){ c->log_fd, c->log_fd });
	c->started_at = clock_boot();
	if (c->pid > 0)
		return true;
	c->pid = 0;
	return cluster_fail(c, "cannot start PostgreSQL: %s", strerror(errno));
}

/* The directory is ours alone: the server in it. */
static bool start_server(struct cluster *c)
{
	int error;

	if (!cluster_find_user(c) || !cluster_find_home(c) || !cluster_find_programs(c)
	    || !cluster_init(c) || !cluster_end_stale(c) || !cluster_find_run(c))
		return false;
	error = open_log(c);
	if (error)
		return cluster_fail(c, "cannot write %s/log: %s", c->data, strerror(error));
	return launch(c) && cluster_await_ready(c);
}

static bool bring_up(struct cluster *c, const char *data_dir)
{
	if (!cluster_open_dir(c, data_dir) || !(c->is_visit ? cluster_visit(c) : cluster_lock(c)))
		return false;
	return c->is_joined || start_server(c);
}

static struct cluster *begin(const char *data_dir, bool is_visit, char *why, size_t why_max)
{
	struct cluster *c = mem_new(sizeof(*c));

	c->magic = CLUSTER_MAGIC;
	c->is_visit = is_visit;
	c->why = why;
	c->why_max = why_max;
	c->lock_fd = c->log_fd = -1;
	if (!bring_up(c, data_dir)) {
		cluster_stop(c);
		return NULL;
	}
	c->why = NULL;
	return c;
}

struct cluster *cluster_start(const char *data_dir, char *why, size_t why_max)
{
	return begin(data_dir, false, why, why_max);
}

struct cluster *cluster_enter(const char *data_dir, char *why, size_t why_max)
{
	return begin(data_dir, true, why, why_max);
}

const char *cluster_url(const struct cluster *c)
{
	return c->url;
}

const char *cluster_data_dir(const struct cluster *c)
{
	return c->dir;
}

bool cluster_is_new(const struct cluster *c)
{
	return c->is_new;
}

int cluster_version(const struct cluster *c)
{
	return c->major;
}

int cluster_pid(const struct cluster *c)
{
	return (int)c->pid;
}

/* The server holds the same open file, so it is copied and cut rather than renamed; O_APPEND
 * makes its next line land at the new end. A line written between the two is lost: that is a
 * log, not data. */
static void bound_log(struct cluster *c)
{
	char path[PATH_MAX];
	struct stat st;
	loff_t from = 0;
	int old;

	if (fstat(c->log_fd, &st) != 0 || st.st_size < LOG_BYTES_MAX
	    || !cluster_join(c, path, c->data, "log.1"))
		return;
	(void)unlink(path);
	old = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (old >= 0) {
		(void)!copy_file_range(c->log_fd, &from, old, NULL, LOG_BYTES_MAX, 0);
		if (c->drops)
			(void)!fchown(old, c->uid, c->gid);
		(void)close(old);
	}
	(void)!ftruncate(c->log_fd, 0);
}

static const char *note_death(struct cluster *c, int status)
{
	usec_t now = clock_boot(), wait = RETRY_FIRST;

	c->deaths = now - c->started_at > STEADY ? 1 : c->deaths + 1;
	for (int i = 1; i < c->deaths && wait < RETRY_LAST; i++)
		wait *= 2;
	wait = wait < RETRY_LAST ? wait : RETRY_LAST;
	c->retry_at = now + wait;
	c->pid = 0;
	(void)snprintf(c->note, sizeof(c->note),
		       "PostgreSQL ended (%s %d); it is started again in %d ms. See %.100s/log",
		       WIFSIGNALED(status) ? "signal" : "exit status",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		       (int)(wait / MSEC), c->data);
	return c->note;
}

const char *cluster_check(struct cluster *c)
{
	int status;

	CHECK_MAGIC(c, CLUSTER_MAGIC);
	bound_log(c);
	if (c->pid) {
		if (waitpid(c->pid, &status, WNOHANG) != c->pid)
			return NULL;
		return note_death(c, status);
	}
	if (clock_boot() < c->retry_at)
		return NULL;
	if (!launch(c)) {
		c->retry_at = clock_boot() + RETRY_LAST;
		return "PostgreSQL cannot be started again (fork failed)";
	}
	(void)snprintf(c->note, sizeof(c->note), "PostgreSQL was started again, process %d",
		       (int)c->pid);
	return c->note;
}

void cluster_stop(struct cluster *c)
{
	static const int steps[] = { SIGINT, SIGQUIT, SIGKILL };

	if (!c)
		return;
	CHECK_MAGIC(c, CLUSTER_MAGIC);
	for (size_t i = 0; c->pid && i < sizeof(steps) / sizeof(steps[0]); i++) {
		(void)kill(c->pid, steps[i]);
		if (cluster_await_end(c->pid, i == 0 ? 10 * SEC : 2 * SEC))
			c->pid = 0;
	}
	cluster_drop_run(c);
	if (c->log_fd >= 0)
		(void)close(c->log_fd);
	if (c->lock_fd >= 0)
		(void)close(c->lock_fd);
	c->magic = 0;
	free(c);
}
