/* The deny lists of RELIABILITY.md section 3, as two tables of prefixes: the first row that
 * matches decides.
 *
 * IPv4 is open unless a row closes it. IPv6 is closed unless it is global unicast (2000::/3),
 * and inside that the rows close what stands for another address: Teredo, 6to4, ORCHID. Mapped,
 * compatible and NAT64 forms lie outside 2000::/3, so they are refused whole, also when they
 * embed a public address and also with allow_private: nobody needs to write a target that way,
 * and each is a known bypass. */
#include "io/netguard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct prefix4 {
	uint32_t net;
	int bits;
	enum netguard_class class;
};

#define V4(a, b, c, d) \
	(((uint32_t)(a) << 24) | ((uint32_t)(b) << 16) | ((uint32_t)(c) << 8) | (uint32_t)(d))

static const struct prefix4 deny4[] = {
	{ V4(0, 0, 0, 0), 8, NETGUARD_NEVER }, /* 0.0.0.0 is loopback on Linux */
	{ V4(10, 0, 0, 0), 8, NETGUARD_PRIVATE },
	{ V4(100, 64, 0, 0), 10, NETGUARD_PRIVATE }, /* carrier NAT; Alibaba's metadata service */
	{ V4(127, 0, 0, 0), 8, NETGUARD_PRIVATE },
	{ V4(168, 63, 129, 16), 32, NETGUARD_NEVER }, /* Azure's wire server: looks public */
	{ V4(169, 254, 0, 0), 16, NETGUARD_PRIVATE }, /* link-local; cloud metadata */
	{ V4(172, 16, 0, 0), 12, NETGUARD_PRIVATE },
	{ V4(192, 0, 0, 0), 24, NETGUARD_NEVER },
	{ V4(192, 0, 2, 0), 24, NETGUARD_NEVER },
	{ V4(192, 88, 99, 0), 24, NETGUARD_NEVER }, /* 6to4 relays */
	{ V4(192, 168, 0, 0), 16, NETGUARD_PRIVATE },
	{ V4(198, 18, 0, 0), 15, NETGUARD_NEVER },
	{ V4(198, 51, 100, 0), 24, NETGUARD_NEVER },
	{ V4(203, 0, 113, 0), 24, NETGUARD_NEVER },
	{ V4(224, 0, 0, 0), 4, NETGUARD_NEVER },
	{ V4(240, 0, 0, 0), 4, NETGUARD_NEVER }, /* with 255.255.255.255 */
};

struct prefix6 {
	uint8_t net[16];
	int bits;
	enum netguard_class class;
};

static const struct prefix6 rows6[] = {
	{ { [15] = 1 }, 128, NETGUARD_PRIVATE },            /* ::1 */
	{ { 0xfc }, 7, NETGUARD_PRIVATE },                  /* unique local, with fd00:ec2::254 */
	{ { 0xfe, 0x80 }, 10, NETGUARD_PRIVATE },           /* link-local */
	{ { 0x20, 0x01, 0x00 }, 23, NETGUARD_NEVER },       /* Teredo, ORCHID, benchmarks */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, NETGUARD_NEVER }, /* documentation */
	{ { 0x20, 0x02 }, 16, NETGUARD_NEVER },             /* 6to4 */
	{ { 0x3f, 0xff, 0x00 }, 20, NETGUARD_NEVER },       /* documentation */
	{ { 0x20 }, 3, NETGUARD_PUBLIC },                   /* global unicast */
};

static bool has_prefix(const uint8_t *address, const uint8_t *net, int bits)
{
	size_t whole = (size_t)bits / 8;
	int rest = bits % 8;

	if (memcmp(address, net, whole) != 0)
		return false;
	return rest == 0 || ((address[whole] ^ net[whole]) >> (8 - rest)) == 0;
}

static enum netguard_class classify4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(deny4) / sizeof(deny4[0]); i++)
		if (((address ^ deny4[i].net) >> (32 - deny4[i].bits)) == 0)
			return deny4[i].class;
	return NETGUARD_PUBLIC;
}

static enum netguard_class classify6(const uint8_t *address)
{
	for (size_t i = 0; i < sizeof(rows6) / sizeof(rows6[0]); i++)
		if (has_prefix(address, rows6[i].net, rows6[i].bits))
			return rows6[i].class;
	return NETGUARD_NEVER;
}

enum netguard_class netguard_classify(const struct sockaddr *address, socklen_t len)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	/* Copied, because the caller's buffer need not be aligned for its family. */
	if (len >= sizeof(v4) && address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return classify4(ntohl(v4.sin_addr.s_addr));
	}
	if (len >= sizeof(v6) && address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		/* A zone names an interface of this machine: nothing public has one. */
		return v6.sin6_scope_id ? NETGUARD_NEVER : classify6(v6.sin6_addr.s6_addr);
	}
	return NETGUARD_NEVER;
}
