/* From nothing to a data directory, and what may stand in the way: programs of another version,
 * a half-made directory, a server that is still running. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cluster_int.h"

#define OLDEST_VERSION 13
#define TMP_PREFIX "pg.tmp-"

/* Ours to change in postgresql.conf afterwards: what must hold is on the server's command line
 * instead. */
static const char settings[] = "\n# Carillon's\n"
			       "max_connections = 50\n"
			       "shared_buffers = 128MB\n"
			       "max_wal_size = 1GB\n"
			       "min_wal_size = 128MB\n"
			       "checkpoint_timeout = 10min\n"
			       "checkpoint_completion_target = 0.9\n"
			       "random_page_cost = 1.1\n"
			       "jit = off\n"
			       "timezone = 'UTC'\n"
			       "log_timezone = 'UTC'\n"
			       "log_checkpoints = off\n"
			       "log_line_prefix = '%m [%p] '\n"
			       /* the live tables are small and change all the time */
			       "autovacuum_naptime = 10s\n"
			       "autovacuum_vacuum_scale_factor = 0.05\n"
			       "autovacuum_vacuum_insert_scale_factor = 0.1\n"
			       "autovacuum_analyze_scale_factor = 0.05\n"
			       "autovacuum_vacuum_cost_limit = 1000\n";

/* "postgres (PostgreSQL) 15.20 (Debian ...)" or "16beta1" -> 15, 16; 0 when it cannot be run. */
static int version_of(struct cluster *c, const char *bin)
{
	char path[PATH_MAX], text[128];
	const char *argv[] = { path, "-V", NULL }, *digits;

	if (!cluster_join(c, path, bin, "postgres") || access(path, X_OK) != 0
	    || !cluster_run(c, argv, text, sizeof(text)))
		return 0;
	digits = strpbrk(text, "0123456789");
	return digits ? (int)strtol(digits, NULL, 10) : 0;
}

/* Takes `bin` when it is of the wanted version, or (want 0) newer than what we have. */
static void consider(struct cluster *c, const char *bin, int want)
{
	int major = c->major == want && want ? 0 : version_of(c, bin);

	if (major && (major == want || !c->major || (c->major != want && major > c->major))) {
		c->major = major;
		(void)snprintf(c->bin, sizeof(c->bin), "%s", bin);
	}
}

static void consider_pattern(struct cluster *c, const char *pattern, int want)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		consider(c, found.gl_pathv[i], want);
	globfree(&found);
}

static void consider_path(struct cluster *c, int want)
{
	const char *p = getenv("PATH");
	char bin[PATH_MAX];

	while (p && *p) {
		size_t n = strcspn(p, ":");

		(void)snprintf(bin, sizeof(bin), "%.*s", (int)n, p);
		if (bin[0] == '/')
			consider(c, bin, want);
		p += n + (p[n] == ':');
	}
}

/* The version that made the data; 0 when there is none yet. False when what is there cannot be
 * read. */
static bool data_version(struct cluster *c, int *out_major)
{
	char path[PATH_MAX], text[16] = "";
	int fd;

	*out_major = 0;
	/* An empty directory is what is left when a disk filled up; nothing is lost with it. */
	if (rmdir(c->data) == 0 || errno == ENOENT)
		return true;
	if (!cluster_join(c, path, c->data, "PG_VERSION"))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == EACCES)
		return cluster_fail(
			c,
			"%s was made under another user (perhaps carillon was started as root before): "
			"start it as that user, or set CARILLON_DATA_DIR",
			c->data);
	if (fd < 0)
		return cluster_fail(c,
				    "%s is not a PostgreSQL data directory (%s: %s): move it away",
				    c->data, path, strerror(errno));
	(void)!read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	*out_major = (int)strtol(text, NULL, 10);
	return *out_major > 0 || cluster_fail(c, "%s is damaged", path);
}

static bool fail_version(struct cluster *c, int made)
{
	return cluster_fail(
		c,
		"%s was made by PostgreSQL %d, but %s is version %d. Nothing was changed. Either install "
		"postgresql-%d (or point PG_BINDIR at its programs); or take the data over: start the old "
		"version once with PG_BINDIR, run `pg_dump -Fc -h %s/run -U carillon -f carillon.dump "
		"carillon`, stop, move %s away, start, and run `pg_restore -h %s/run -U carillon "
		"-d carillon --clean --if-exists carillon.dump`",
		c->data, made, c->bin, c->major, made, c->dir, c->data, c->dir);
}

bool cluster_find_programs(struct cluster *c)
{
	const char *given = getenv("PG_BINDIR");
	int made;

	if (!data_version(c, &made))
		return false;
	if (given && given[0]) {
		consider(c, given, made);
		if (!c->major)
			return cluster_fail(c,
					    "PG_BINDIR=%s has no postgres that user id %d can run",
					    given, (int)c->init_uid);
	} else {
		consider_pattern(c, "/usr/lib/postgresql/*/bin", made);
		consider_pattern(c, "/usr/pgsql-*/bin", made);
		if (!c->major || (made && c->major != made))
			consider_path(c, made);
	}
	if (!c->major)
		return cluster_fail(
			c,
			"no PostgreSQL server programs found: install the package postgresql, set "
			"PG_BINDIR, or set DATABASE_URL to use a server that runs already");
	if (made && made != c->major)
		return fail_version(c, made);
	return c->major >= OLDEST_VERSION
	    || cluster_fail(c, "PostgreSQL %d is too old: %d is needed", c->major, OLDEST_VERSION);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)!(at->level ? remove(path) : 0); /* what cannot go now goes at the next start */
	return 0;
}

static int empty_tmp(struct cluster *c)
{
	return nftw(c->tmp, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 ? 0 : errno;
}

/* What an initdb left that was cut short. That initdb may even be alive for a moment, which is
 * why each start has a pg.tmp-XXXXXX of its own and a remainder that does not go is no failure. */
static void clear_remainders(struct cluster *c)
{
	struct dirent *e;
	DIR *d = opendir(c->home);

	while (d && (e = readdir(d)) != NULL) {
		if (strncmp(e->d_name, TMP_PREFIX, sizeof(TMP_PREFIX) - 1) != 0
		    || !cluster_join(c, c->tmp, c->home, e->d_name))
			continue;
		if (c->init_uid == c->uid)
			(void)cluster_as_server(c, empty_tmp);
		else
			(void)empty_tmp(c);
		(void)rmdir(c->tmp);
	}
	if (d)
		(void)closedir(d);
}

static int write_settings(struct cluster *c)
{
	char path[PATH_MAX];
	FILE *f;

	if (!cluster_join(c, path, c->tmp, "postgresql.conf"))
		return ENAMETOOLONG;
	f = fopen(path, "ae");
	if (!f)
		return errno;
	(void)fputs(settings, f);
	(void)fprintf(f, "wal_compression = %s\n", c->has_lz4 ? "lz4" : "on");
	if (fflush(f) != 0 || fsync(fileno(f)) != 0) {
		(void)fclose(f);
		return EIO;
	}
	return fclose(f) == 0 ? 0 : errno;
}

static uid_t tree_uid;
static gid_t tree_gid;

static int own_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return lchown(path, tree_uid, tree_gid);
}

static bool run_initdb(struct cluster *c)
{
	char program[PATH_MAX], out[1024];
	const char *argv[] = { program,
			       "-D",
			       c->tmp,
			       "-U",
			       "carillon",
			       "-A",
			       "trust",
			       "-E",
			       "UTF8",
			       "--locale=C",
			       "--no-clean",
			       "-N",
			       c->major >= 14 ? "--no-instructions" : NULL,
			       NULL };
	const char *last;

	if (!cluster_join(c, program, c->bin, "initdb"))
		return false;
	if (cluster_run(c, argv, out, sizeof(out)))
		return true;
	last = strstr(out, "error:");
	return cluster_fail(c, "initdb failed: %s", last ? last : out);
}

/* Whether the server was built with lz4 (asked of the server itself: pg_config need not be
 * installed). */
static bool has_lz4(struct cluster *c)
{
	char program[PATH_MAX], out[256];
	const char *argv[] = { program, "-C", "wal_compression", "-c", "wal_compression=lz4", "-D",
			       c->tmp,  NULL };

	return c->major >= 15 && cluster_join(c, program, c->bin, "postgres")
	    && cluster_run(c, argv, out, sizeof(out));
}

/* initdb ran unsynced; this is the one sync, of the finished whole. */
static bool sync_tree(struct cluster *c)
{
	char program[PATH_MAX], out[512];
	const char *argv[] = { program, "-S", "-D", c->tmp, NULL };

	if (!cluster_join(c, program, c->bin, "initdb"))
		return false;
	return cluster_run(c, argv, out, sizeof(out))
	    || cluster_fail(c, "initdb --sync-only failed: %s", out);
}

static bool rename_tmp(struct cluster *c)
{
	int fd;

	if (rename(c->tmp, c->data) != 0)
		return cluster_fail(c, "cannot rename %s to %s: %s", c->tmp, c->data,
				    strerror(errno));
	fd = open(c->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return cluster_fail(c, "cannot sync %s: %s", c->home, strerror(errno));
	(void)close(fd);
	return true;
}

bool cluster_init(struct cluster *c)
{
	struct stat st;
	int error;

	if (lstat(c->data, &st) == 0)
		return true;
	clear_remainders(c);
	if (!cluster_join(c, c->tmp, c->home, TMP_PREFIX "XXXXXX"))
		return false;
	if (!mkdtemp(c->tmp) || (c->drops && lchown(c->tmp, c->init_uid, c->gid) != 0))
		return cluster_fail(c, "cannot make %s: %s", c->tmp, strerror(errno));
	if (!run_initdb(c))
		return false;
	c->has_lz4 = has_lz4(c);
	if (!sync_tree(c))
		return false;
	tree_uid = c->uid;
	tree_gid = c->gid;
	if (c->init_uid != c->uid && nftw(c->tmp, own_one, 16, FTW_PHYS | FTW_MOUNT) != 0)
		return cluster_fail(c, "cannot own %s: %s", c->tmp, strerror(errno));
	error = cluster_as_server(c, write_settings);
	if (error)
		return cluster_fail(c, "cannot write %s/postgresql.conf: %s", c->tmp,
				    strerror(error));
	c->is_new = true;
	return rename_tmp(c);
}
