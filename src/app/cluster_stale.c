/* A server that is still running, or seems to, from a carillon that is gone. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cluster_int.h"

/* Whether the process works in our data directory, as a postmaster does. */
static bool is_our_server(const struct cluster *c, pid_t pid)
{
	char path[64], cwd[PATH_MAX], data[PATH_MAX];
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/cwd", (int)pid);
	n = readlink(path, cwd, sizeof(cwd) - 1);
	if (n <= 0 || !realpath(c->data, data))
		return false;
	cwd[n] = 0;
	return strcmp(cwd, data) == 0;
}

/* The process id of postmaster.pid now belongs to a stranger, and the server would take that for
 * a server that is running. With our own id (its parent's) in its place the server goes on to
 * its other check, which is the one that counts: nobody may be attached to the old shared
 * memory. */
static int replace_pid(struct cluster *c)
{
	char path[PATH_MAX], text[2048], *rest;
	ssize_t n;
	int fd, error;

	if (!cluster_join(c, path, c->data, "postmaster.pid"))
		return ENAMETOOLONG;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return errno;
	text[n] = 0;
	rest = strchr(text, '\n');
	error = ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0
			     && dprintf(fd, "%d%s", (int)getppid(), rest ? rest : "\n") > 0
		      ? 0
		      : EIO;
	(void)close(fd);
	return error;
}

/* The process that postmaster.pid names, if there is such a process; else 0. */
static pid_t named_process(struct cluster *c)
{
	char path[PATH_MAX];
	pid_t pid = 0;
	FILE *f;

	if (!cluster_join(c, path, c->data, "postmaster.pid"))
		return 0;
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (fscanf(f, "%d", &pid) != 1)
		pid = 0;
	(void)fclose(f);
	return pid > 1 && (kill(pid, 0) == 0 || errno != ESRCH) ? pid : 0;
}

/* Our lock is held, so whoever started that server is gone, and the kernel told it to stop.
 * Usually there is nothing to do but wait for its last checkpoint. */
bool cluster_end_stale(struct cluster *c)
{
	static const struct {
		int signo;
		int seconds;
	} steps[] = { { 0, 3 }, { SIGINT, 20 }, { SIGQUIT, 5 } };
	pid_t pid = named_process(c);
	int error;

	if (!pid)
		return true;
	if (!is_our_server(c, pid)) {
		error = cluster_as_server(c, replace_pid);
		return error == 0 || error == ENOENT
		    || cluster_fail(c, "cannot correct %s/postmaster.pid: %s", c->data,
				    strerror(error));
	}
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		(void)kill(pid, steps[i].signo);
		if (cluster_await_end(pid, steps[i].seconds * SEC))
			return true;
	}
	return cluster_fail(
		c, "a PostgreSQL server (process %d) still runs on %s and does not stop: end it",
		(int)pid, c->data);
}
