/* Names to addresses without blocking: libevent's evdns (with /etc/resolv.conf and /etc/hosts),
 * a small cache, and one lookup for all who wait for the same name. libcurl's own lookup can
 * hold the loop up for seconds (RELIABILITY.md 0.1), so nothing else in the program looks names
 * up. */
#ifndef IO_RESOLVE_H
#define IO_RESOLVE_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "io/netguard.h"

struct loop;
struct resolver;
struct resolve_name;

#define RESOLVE_NAMES_MAX 1024  /* kept or under way; beyond it the oldest answer goes */
#define RESOLVE_ADDRESSES_MAX 8 /* kept of one answer; all of them are classified */
#define RESOLVE_HOST_MAX 253    /* bytes of a name, RFC 1035 */

union resolve_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct resolve_answer {
	int count;                 /* 0: there is none, and why says so */
	const char *why;           /* static words */
	enum netguard_class worst; /* of every address the name has */
	uint64_t generation;       /* another number whenever the addresses may have changed; never 0 */
	union resolve_address addresses[RESOLVE_ADDRESSES_MAX];
};

/* The answer is borrowed until the callback returns. */
typedef void resolve_done(void *ctx, const struct resolve_answer *answer);

/* One who waits. Embed it; it belongs to the resolver from resolve_ask() until done() or
 * resolve_cancel(). */
struct resolve_wait {
	struct resolve_name *name; /* NULL: does not wait */
	struct resolve_wait *prev, *next;
	resolve_done *done;
	void *ctx;
};

/* `nameservers` are addresses with optional ports, separated by spaces ("127.0.0.1:5300
 * [::1]:53"), used instead of those in /etc/resolv.conf; NULL: the system's. */
struct resolver *resolver_new(struct loop *loop, const char *nameservers);
/* Nobody may be waiting. Lookups under way end with the loop's next turn. */
void resolver_free(struct resolver *r);

/* The answer when it is known at once (borrowed until the next turn of the loop), else NULL, and
 * then done() is called later. It answers within some seconds; who cannot wait so long cancels.
 * `host` is a name in lower case, not a literal address. */
const struct resolve_answer *resolve_ask(struct resolver *r, const char *host, struct resolve_wait *wait,
					 resolve_done *done, void *ctx);
/* done() will not be called. Fine when it does not wait. The lookup goes on for the cache. */
void resolve_cancel(struct resolve_wait *wait);

#endif
