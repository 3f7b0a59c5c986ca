/* The other side of every test: a forked process with an HTTP server that misbehaves by path,
 * and a name server that answers a few names. Its counts lie in shared memory. */
#ifndef TESTS_FETCH_TARGET_H
#define TESTS_FETCH_TARGET_H

#include <stddef.h>

#define TARGET_PATHS_MAX 96

struct target_counts {
	int connections;            /* accepted */
	int requests[TARGET_PATHS_MAX];
	int queries;                /* of names */
	char last[20001];           /* the bytes of the last request whose head was whole */
};

struct target {
	int pid;
	int port, dns_port;
	int silent_port;            /* listens, and nobody ever accepts */
	int closed_port;            /* bound, not listening */
	int dead_dns_port;          /* a UDP socket that nobody reads */
	volatile struct target_counts *counts;
};

struct target target_start(void);
void target_stop(struct target *t);
int target_requests(const struct target *t, const char *path);

#endif
