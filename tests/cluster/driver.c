/* t_cluster DATA_DIR: the private PostgreSQL as `carillon serve` has it, and nothing else.
 * Prints `ready MILLISECONDS PID VERSION new|old URL`, then what cluster_check() says; SIGTERM
 * stops it. A failed start prints `failed: WHY` and exits 1. tests/suites/cluster.sh drives it. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "app/cluster.h"
#include "base/clock.h"

static volatile sig_atomic_t stopped;

static void on_term(int signo)
{
	(void)signo;
	stopped = 1;
}

int main(int argc, char **argv)
{
	usec_t began = clock_boot();
	struct cluster *c;
	char why[2000];

	if (argc != 2)
		return 2;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)signal(SIGTERM, on_term);
	c = cluster_start(argv[1], why, sizeof(why));
	if (!c) {
		printf("failed: %s\n", why);
		return 1;
	}
	printf("ready %d %d %d %s %s\n", (int)((clock_boot() - began) / MSEC), cluster_pid(c),
	       cluster_version(c), cluster_is_new(c) ? "new" : "old", cluster_url(c));
	while (!stopped) {
		const char *note = cluster_check(c);

		if (note)
			printf("note: %s\n", note);
		(void)poll(NULL, 0, 50);
	}
	began = clock_boot();
	cluster_stop(c);
	printf("stopped in %d ms\n", (int)((clock_boot() - began) / MSEC));
	return 0;
}
