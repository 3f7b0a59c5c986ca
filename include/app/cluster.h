/* The private PostgreSQL: what Carillon runs on when DATABASE_URL is not set.
 *
 *	DATA_DIR/lock       held (flock) by the one carillon that uses the directory
 *	DATA_DIR/pg         the cluster; made as pg.tmp-XXXXXX and renamed when complete and synced
 *	DATA_DIR/pg/log     what the server writes, at most 4 MiB, and as much before it in log.1
 *	DATA_DIR/run        its socket, mode 0700; a path that is too long for a socket, or has odd characters,
 *	                    gives a short directory under /run or /tmp, named in DATA_DIR/run.path
 *
 * There is no TCP port and no password: whoever may enter the socket's directory (the server's
 * user and root) is let in. The server never outlives us, even by kill -9: the kernel then sends
 * it SIGINT.
 *
 * Started by root, the server runs as the owner of an existing DATA_DIR/pg, else as user
 * postgres, else under an unused user id. When that user cannot reach DATA_DIR (it lies below
 * /root, say), DATA_DIR/pg is a symbolic link into /var/lib/carillon.
 *
 * Programs: $PG_BINDIR, else the version in /usr/lib/postgresql (or /usr/pgsql-*) that made the
 * data, for new data the newest, else PATH. Data of another major version is refused, never
 * touched. */
#ifndef APP_CLUSTER_H
#define APP_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>

struct cluster;

/* Makes the cluster if there is none, starts the server, and makes the database `carillon`.
 * Blocks until it answers: about 1 s for a new one, 0.2 s later, longer after a crash. Before
 * the loop runs. NULL with a sentence in why: a second carillon on the directory, another
 * version, no rights, no programs ... */
struct cluster *cluster_start(const char *data_dir, char *why, size_t why_max);

/* The same for a command, for the moment. When a carillon serves on the directory, its server is used, and
 * cluster_stop() leaves that alone; another command's end is waited for, at most 30 s. */
struct cluster *cluster_enter(const char *data_dir, char *why, size_t why_max);

const char *cluster_url(const struct cluster *c); /* libpq conninfo; ours */
const char *cluster_data_dir(const struct cluster *c); /* absolute DATA_DIR */
bool cluster_is_new(const struct cluster *c);     /* made by this start */
int cluster_version(const struct cluster *c);     /* major */
int cluster_pid(const struct cluster *c);         /* 0 while it is down */

/* Call it each second from the loop, and at SIGCHLD: never blocks. A server that died is started
 * again after 0.1 s, then 0.2 s ... 10 s. Returns a sentence worth logging as a warning, else
 * NULL; ours until the next call. */
const char *cluster_check(struct cluster *c);

/* Fast shutdown: at most 15 s, usually 0.1 s. Frees c; NULL accepted. Every connection should be
 * closed. */
void cluster_stop(struct cluster *c);

#endif
