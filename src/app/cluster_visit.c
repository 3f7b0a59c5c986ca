/* A command on a data directory: it takes the lock as a server would, so that there are never two clusters on one
 * directory, or uses the cluster of the server that has it. A cluster that another command has started for the
 * moment is not used: it would be stopped under us. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cluster_int.h"

#define VISIT_PATIENCE (30 * SEC)
#define LOOK_EVERY_MS 50

/* The lock's text is its holder's, or of one before it who left it behind: then that process is gone. */
static bool holder_serves(const struct cluster *c)
{
	char text[64] = "";
	int pid = 0;

	(void)!pread(c->lock_fd, text, sizeof(text) - 1, 0);
	return sscanf(text, "process %d ", &pid) == 1 && pid > 1
	    && (kill(pid, 0) == 0 || errno != ESRCH);
}

/* Where its socket is (cluster_find_run(), seen from outside). */
static bool join(struct cluster *c)
{
	char memory[PATH_MAX];
	FILE *f;

	if (!cluster_join(c, memory, c->dir, "run.path") || !cluster_join(c, c->run, c->dir, "run"))
		return false;
	f = fopen(memory, "re");
	if (f && !fgets(c->run, sizeof(c->run), f))
		c->run[0] = '\0';
	if (f)
		(void)fclose(f);
	if (access(c->run, X_OK) != 0)
		return cluster_fail(
			c,
			"a server runs on %s, but the directory of its socket, %s, cannot be "
			"entered: run this as the user that it runs as",
			c->dir, c->run);
	(void)snprintf(c->url, sizeof(c->url),
		       "host='%s' port=" CLUSTER_PORT " user=carillon dbname=carillon", c->run);
	c->is_joined = true;
	return true;
}

bool cluster_visit(struct cluster *c)
{
	usec_t until = clock_boot() + VISIT_PATIENCE;

	while (!cluster_lock(c)) {
		bool serves;

		if (!c->is_taken)
			return false;
		serves = holder_serves(c);
		(void)close(c->lock_fd);
		c->lock_fd = -1;
		if (serves)
			return join(c);
		if (clock_boot() > until)
			return false;
		(void)poll(NULL, 0, LOOK_EVERY_MS);
	}
	return true;
}
