/* Users and processes. PostgreSQL refuses to run as root, so a child gives up its rights for
 * good before it becomes initdb or postgres; and everything that touches files inside the
 * cluster's directory does so with the same rights, because root must not follow what another
 * user may have put there. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "cluster_int.h"

/* Where an unused user id is looked for: below systemd's dynamic users (61184-65519) and above what
 * distributions hand out. */
#define UID_FIRST 60578
#define UID_LAST 61183

/* initdb looks up the name of its user; the server does not. So without a user postgres, nobody
 * runs initdb, and the files then go to an id that nothing else has. */
static bool find_unused(struct cluster *c)
{
	struct passwd *nobody = getpwnam("nobody");

	if (!nobody)
		return cluster_fail(
			c, "PostgreSQL does not run as root, and there is no user postgres");
	c->init_uid = nobody->pw_uid;
	for (uid_t uid = UID_FIRST; uid <= UID_LAST; uid++) {
		if (getpwuid(uid))
			continue;
		c->uid = uid;
		c->gid = (gid_t)uid;
		return true;
	}
	return cluster_fail(c, "PostgreSQL does not run as root, and no user id is free for it");
}

bool cluster_find_user(struct cluster *c)
{
	char path[PATH_MAX];
	struct passwd *user;
	struct stat st;

	c->uid = c->init_uid = geteuid();
	c->gid = getegid();
	if (c->uid != 0)
		return true;
	c->drops = true;
	if (!cluster_join(c, path, c->dir, "pg"))
		return false;
	if (stat(path, &st) == 0 && st.st_uid != 0) {
		c->uid = c->init_uid = st.st_uid;
		c->gid = st.st_gid;
		return true;
	}
	user = getpwnam("postgres");
	if (!user || user->pw_uid == 0)
		return find_unused(c);
	c->uid = c->init_uid = user->pw_uid;
	c->gid = user->pw_gid;
	return true;
}

/* In the child. Order matters: setuid() clears the death signal, and our parent may have died
 * before it was set. A session of its own keeps Ctrl-C away from the server: we drain first,
 * then stop it. */
static void become(const struct cluster *c, uid_t uid, pid_t parent)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)setsid();
	(void)umask(077);
	if (c->drops) {
		gid_t gid = uid == c->uid ? c->gid : (gid_t)uid;

		if (setgroups(1, &gid) || setgid(gid) || setuid(uid))
			_exit(errno);
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGINT);
	if (getppid() != parent)
		_exit(EOWNERDEAD);
}

static void exec_child(const char *const *argv, struct cluster_io io)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	static char locale[] = "LC_ALL=C", home[] = "HOME=/";
	static char library[PATH_MAX];
	char *env[] = { path, locale, home, NULL, NULL };
	const char *libraries = getenv("LD_LIBRARY_PATH");
	int null = open("/dev/null", O_RDWR);

	if (libraries) {
		(void)snprintf(library, sizeof(library), "LD_LIBRARY_PATH=%s", libraries);
		env[3] = library;
	}
	if (null < 0 || chdir("/") != 0 || dup2(null, 0) < 0)
		_exit(errno);
	if (dup2(io.out < 0 ? null : io.out, 1) < 0 || dup2(io.err < 0 ? null : io.err, 2) < 0)
		_exit(errno);
	(void)close_range(3, ~0u, 0);
	(void)execve(argv[0], (char *const *)argv, env);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

pid_t cluster_spawn(struct cluster *c, uid_t uid, const char *const *argv, struct cluster_io io)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0) {
		become(c, uid, parent);
		exec_child(argv, io);
	}
	return pid;
}

/* waitpid() as an exit status; a signal counts as 128 + its number, as in a shell. */
static int await_status(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 255;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool cluster_run(struct cluster *c, const char *const *argv, char *out, size_t out_max)
{
	char spill[512];
	size_t n = 0;
	ssize_t got;
	int fds[2];
	pid_t pid;

	out[0] = 0;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	pid = cluster_spawn(c, c->init_uid, argv, (struct cluster_io){ fds[1], fds[1] });
	(void)close(fds[1]);
	while (pid > 0) {
		size_t room = out_max - 1 - n;

		got = read(fds[0], room ? out + n : spill, room ? room : sizeof(spill));
		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		if (got > 0 && room)
			n += (size_t)got;
	}
	out[n] = 0;
	(void)close(fds[0]);
	if (pid < 0)
		(void)snprintf(out, out_max, "fork: %s", strerror(errno));
	return pid > 0 && await_status(pid) == 0;
}

int cluster_as_server(struct cluster *c, int (*fn)(struct cluster *c))
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0) {
		become(c, c->uid, parent);
		_exit(fn(c));
	}
	return pid < 0 ? errno : await_status(pid);
}

static bool has_ended(pid_t pid)
{
	pid_t got = waitpid(pid, NULL, WNOHANG);

	if (got < 0 && errno == ECHILD)
		return kill(pid, 0) != 0 && errno == ESRCH;
	return got == pid;
}

bool cluster_await_end(pid_t pid, usec_t span)
{
	usec_t until = clock_boot() + span;

	while (!has_ended(pid)) {
		if (clock_boot() >= until)
			return false;
		(void)poll(NULL, 0, 5);
	}
	return true;
}
