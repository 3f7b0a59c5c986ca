/* Which addresses may be called. Asked about the address that is about to be dialled, never
 * about its spelling: every odd way to write an IPv4 address ends as the same four bytes
 * (RELIABILITY.md 0.10). */
#ifndef IO_NETGUARD_H
#define IO_NETGUARD_H

#include <stdbool.h>
#include <sys/socket.h>

/* In order of severity, so that the worst of several answers is the largest. */
enum netguard_class {
	NETGUARD_PUBLIC,
	NETGUARD_PRIVATE, /* loopback, private, shared, link-local, unique local: only with allow_private */
	NETGUARD_NEVER    /* unspecified, multicast, broadcast, documentation, tunnels that hide another address */
};

/* `len` is the size of what `address` points at; anything but IPv4 and IPv6 is NETGUARD_NEVER. */
enum netguard_class netguard_classify(const struct sockaddr *address, socklen_t len);

static inline bool netguard_allows(enum netguard_class class, bool allow_private)
{
	return class == NETGUARD_PUBLIC || (class == NETGUARD_PRIVATE && allow_private);
}

#endif
