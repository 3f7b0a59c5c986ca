/* Where things lie: the data directory, its lock, the cluster's home and the socket's directory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cluster_int.h"

/* sun_path holds 108 bytes; PostgreSQL appends /.s.PGSQL.5432.lock. */
#define RUN_BYTES_MAX 80
#define FAR_HOME "/var/lib/carillon"

static bool make_parents(struct cluster *c, char *path)
{
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			return cluster_fail(c, "cannot make %s: %s", path, strerror(errno));
		*p = '/';
	}
	return true;
}

/* For root the directory is made enterable (not readable) by others, because the server's user
 * has to pass through it; what it holds has modes of its own. */
bool cluster_open_dir(struct cluster *c, const char *data_dir)
{
	bool is_root = geteuid() == 0;
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s", data_dir);

	if (n <= 0 || n >= (int)sizeof(path))
		return cluster_fail(c, "the data directory's name is empty or too long");
	if (!make_parents(c, path))
		return false;
	if (mkdir(path, is_root ? 0711 : 0700) != 0 && errno != EEXIST)
		return cluster_fail(c, "cannot make %s: %s", path, strerror(errno));
	if (!realpath(path, c->dir))
		return cluster_fail(c, "cannot use %s: %s", path, strerror(errno));
	return true;
}

static bool fail_locked(struct cluster *c)
{
	char text[64] = "", *newline;

	c->is_taken = true;
	(void)!pread(c->lock_fd, text, sizeof(text) - 1, 0);
	newline = strchr(text, '\n');
	if (newline)
		*newline = 0;
	return cluster_fail(
		c,
		"another carillon (%s) is using %s: stop it, or give this one a CARILLON_DATA_DIR "
		"of its own",
		text[0] ? text : "just starting", c->dir);
}

bool cluster_lock(struct cluster *c)
{
	char path[PATH_MAX], text[64], stamp[32] = "";
	time_t now = time(NULL);
	struct stat st;
	struct tm tm;
	int n;

	if (!cluster_join(c, path, c->dir, "lock"))
		return false;
	c->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c->lock_fd < 0 && errno == EACCES)
		return cluster_fail(c,
				    "%s belongs to another user: run carillon as that user, or set "
				    "CARILLON_DATA_DIR",
				    c->dir);
	if (c->lock_fd < 0)
		return cluster_fail(c, "cannot write %s: %s", path, strerror(errno));
	if (flock(c->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return fail_locked(c);
	/* The owner of the directory may want to run without root another time. */
	if (geteuid() == 0 && stat(c->dir, &st) == 0)
		(void)!fchown(c->lock_fd, st.st_uid, st.st_gid);
	if (gmtime_r(&now, &tm))
		(void)strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
	n = snprintf(text, sizeof(text), "%s %d since %s\n", c->is_visit ? "command" : "process",
		     (int)getpid(), stamp);
	if (ftruncate(c->lock_fd, 0) != 0 || pwrite(c->lock_fd, text, (size_t)n, 0) != n)
		return cluster_fail(c, "cannot write %s: %s", path, strerror(errno));
	return true;
}

static int enter_dir(struct cluster *c)
{
	return chdir(c->dir) == 0 ? 0 : errno;
}

static int enter_home(struct cluster *c)
{
	return chdir(c->home) == 0 ? 0 : errno;
}

/* DATA_DIR/pg as a symbolic link to /var/lib/carillon/pg-XXXXXX/pg. The link comes first: should
 * we die in between, the next start finds the place. */
static bool make_far_home(struct cluster *c, const char *link)
{
	if ((mkdir("/var/lib", 0755) != 0 && errno != EEXIST)
	    || (mkdir(FAR_HOME, 0755) != 0 && errno != EEXIST))
		return cluster_fail(c, "cannot make " FAR_HOME ": %s", strerror(errno));
	(void)snprintf(c->home, sizeof(c->home), FAR_HOME "/pg-XXXXXX");
	if (!mkdtemp(c->home) || chmod(c->home, 0711) != 0)
		return cluster_fail(c, "cannot make %s: %s", c->home, strerror(errno));
	if (!cluster_join(c, c->data, c->home, "pg"))
		return false;
	if (symlink(c->data, link) != 0)
		return cluster_fail(c, "cannot make %s: %s", link, strerror(errno));
	return true;
}

static bool fail_unreachable(struct cluster *c, const char *what, int error)
{
	return cluster_fail(
		c,
		"PostgreSQL does not run as root but as user id %d, which cannot enter %s: %s. Set "
		"CARILLON_DATA_DIR to a place it can reach",
		(int)c->uid, what, strerror(error));
}

bool cluster_find_home(struct cluster *c)
{
	char link[PATH_MAX], target[PATH_MAX];
	struct stat st;
	ssize_t n;
	char *slash;
	int error;

	if (!cluster_join(c, link, c->dir, "pg"))
		return false;
	(void)snprintf(c->home, sizeof(c->home), "%s", c->dir);
	(void)snprintf(c->data, sizeof(c->data), "%s", link);
	n = readlink(link, target, sizeof(target) - 1);
	if (n > 0) {
		target[n] = 0;
		slash = strrchr(target, '/');
		if (target[0] != '/' || slash == target)
			return cluster_fail(c, "%s is a link to an odd place, %s", link, target);
		(void)snprintf(c->data, sizeof(c->data), "%s", target);
		*slash = 0;
		(void)snprintf(c->home, sizeof(c->home), "%s", target);
	} else if (c->drops && lstat(link, &st) != 0 && cluster_as_server(c, enter_dir) != 0) {
		if (!make_far_home(c, link))
			return false;
	}
	error = cluster_as_server(c, enter_home);
	return error == 0 || fail_unreachable(c, c->home, error);
}

/* libpq splits `host` at commas, and quoting differs between it and postgresql.conf: plain names
 * only. */
static bool is_plain(const char *path)
{
	return strspn(path,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@=:~ ")
	    == strlen(path);
}

static bool own_run(struct cluster *c)
{
	struct stat st;

	if (mkdir(c->run, 0700) != 0 && errno != EEXIST)
		return cluster_fail(c, "cannot make %s: %s", c->run, strerror(errno));
	if (lstat(c->run, &st) != 0 || !S_ISDIR(st.st_mode))
		return cluster_fail(c, "%s is not a directory", c->run);
	if ((c->drops && lchown(c->run, c->uid, c->gid) != 0) || chmod(c->run, 0700) != 0)
		return cluster_fail(c, "cannot own %s: %s", c->run, strerror(errno));
	return true;
}

/* The short directory of an earlier start, if it is still there and still ours alone. */
static bool recall_run(struct cluster *c, const char *memory)
{
	FILE *f = fopen(memory, "re");
	struct stat st;
	bool got;

	if (!f)
		return false;
	got = fgets(c->run, RUN_BYTES_MAX, f) != NULL;
	(void)fclose(f);
	return got && c->run[0] == '/' && lstat(c->run, &st) == 0 && S_ISDIR(st.st_mode)
	    && st.st_uid == c->uid && (st.st_mode & 07777) == 0700;
}

static bool make_run_in(struct cluster *c, const char *parent)
{
	if (!parent || parent[0] != '/' || !is_plain(parent) || strlen(parent) > RUN_BYTES_MAX - 20)
		return false;
	(void)snprintf(c->run, sizeof(c->run), "%.60s/carillon-XXXXXX", parent);
	return mkdtemp(c->run) != NULL;
}

static bool short_run(struct cluster *c)
{
	char memory[PATH_MAX];
	FILE *f;

	c->run_is_short = true;
	if (!cluster_join(c, memory, c->dir, "run.path"))
		return false;
	if (recall_run(c, memory))
		return true;
	if (!make_run_in(c, c->drops ? "/run" : getenv("XDG_RUNTIME_DIR"))
	    && !make_run_in(c, "/tmp"))
		return cluster_fail(c, "cannot make a directory for the socket in /run or /tmp: %s",
				    strerror(errno));
	f = fopen(memory, "we");
	if (!f || fputs(c->run, f) < 0 || fclose(f) != 0)
		return cluster_fail(c, "cannot write %s: %s", memory, strerror(errno));
	return own_run(c);
}

bool cluster_find_run(struct cluster *c)
{
	bool made;

	if (!cluster_join(c, c->run, c->dir, "run"))
		return false;
	if (strlen(c->run) <= RUN_BYTES_MAX && is_plain(c->run)
	    && cluster_as_server(c, enter_dir) == 0)
		made = own_run(c);
	else
		made = short_run(c);
	if (made)
		(void)snprintf(c->url, sizeof(c->url),
			       "host='%s' port=" CLUSTER_PORT " user=carillon dbname=carillon",
			       c->run);
	return made;
}

void cluster_drop_run(struct cluster *c)
{
	char memory[PATH_MAX];

	if (!c->run_is_short || rmdir(c->run) != 0)
		return;
	if (cluster_join(c, memory, c->dir, "run.path"))
		(void)unlink(memory);
}
