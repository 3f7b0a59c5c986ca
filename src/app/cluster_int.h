/* Shared by src/app/cluster*.c, private to them. */
#ifndef APP_CLUSTER_INT_H
#define APP_CLUSTER_INT_H

#include <limits.h>
#include <sys/types.h>

#include "app/cluster.h"
#include "base/usec.h"

#define CLUSTER_MAGIC 0xc1a57e12u
#define CLUSTER_PORT "5432" /* only part of the socket's name */

struct cluster {
	unsigned magic;
	char dir[PATH_MAX];  /* DATA_DIR, absolute */
	char home[PATH_MAX]; /* where pg is made: DATA_DIR, or a directory below /var/lib/carillon */
	char data[PATH_MAX]; /* home/pg */
	char tmp[PATH_MAX];  /* where initdb works: home/pg.tmp-XXXXXX */
	char run[PATH_MAX];  /* the socket's directory */
	char bin[PATH_MAX];  /* the server programs */
	char url[2 * PATH_MAX];
	char note[256]; /* what cluster_check() returned last */
	char *why;      /* cluster_start() only */
	size_t why_max;
	uid_t uid; /* the server's user; init_uid runs initdb, which wants a user with a name */
	gid_t gid;
	uid_t init_uid;
	bool drops;   /* we are root and the server is not */
	bool is_new;
	bool has_lz4; /* known after initdb */
	bool run_is_short;
	bool is_visit;  /* by a command, for the moment */
	bool is_taken;  /* cluster_lock(): somebody else has it */
	bool is_joined; /* the server is another carillon's */
	int major;
	int lock_fd, log_fd;
	pid_t pid;
	int deaths; /* in a row, for the backoff */
	usec_t started_at, retry_at;
};

/* Writes the sentence and returns false. */
bool cluster_fail(struct cluster *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* out (PATH_MAX bytes) = a/b; a path that is too long is a failure. */
bool cluster_join(struct cluster *c, char *out, const char *a, const char *b);

/* cluster_dir.c: places */
bool cluster_open_dir(struct cluster *c, const char *data_dir); /* makes it; dir */
bool cluster_lock(struct cluster *c);
bool cluster_find_home(struct cluster *c); /* home, data */
bool cluster_find_run(struct cluster *c);  /* run, url */
void cluster_drop_run(struct cluster *c);  /* removes a short run directory */

/* cluster_visit.c: the lock, or the server of whoever holds it (is_joined) */
bool cluster_visit(struct cluster *c);

/* cluster_proc.c: users and processes */
struct cluster_io {
	int out, err; /* descriptors for the child, or -1 for /dev/null */
};
bool cluster_find_user(struct cluster *c); /* uid, gid, init_uid, drops */
/* argv[0] is the program's path. Runs it as uid, in a session of its own, with an environment of
 * its own. */
pid_t cluster_spawn(struct cluster *c, uid_t uid, const char *const *argv, struct cluster_io io);
/* The same, waiting for the end; the first out_max - 1 bytes of what it printed are in out. */
bool cluster_run(struct cluster *c, const char *const *argv, char *out, size_t out_max);
/* Calls fn in a child that has the server's rights (and a current directory of its own); 0 or
 * its errno. */
int cluster_as_server(struct cluster *c, int (*fn)(struct cluster *c));
/* Waits at most `span` for the process to end; false when it did not. Reaps it when it is a
 * child. */
bool cluster_await_end(pid_t pid, usec_t span);

/* cluster_init.c: from nothing to a data directory */
bool cluster_find_programs(struct cluster *c); /* bin, major; refuses another version's data */
bool cluster_init(struct cluster *c);

/* cluster_stale.c */
bool cluster_end_stale(struct cluster *c); /* a server left over from a carillon that is gone */

/* cluster_sql.c: waits until the server answers; makes the database */
bool cluster_await_ready(struct cluster *c);


#endif
