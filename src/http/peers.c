/* How many connections each address has. IPv4 is counted by address, IPv6 by /64, which is what
 * one customer of a provider usually has. A small hash table; an address without connections
 * takes no memory. */
#include <stdlib.h>

#include "base/check.h"
#include "base/crypto.h"
#include "http_int.h"

#define BUCKETS 1024u /* a power of two */

struct peer {
	struct in6_addr address;
	int count;
	struct peer *next;
};

struct peers {
	int max;
	uint64_t salt; /* so that nobody can choose addresses that share a bucket */
	struct peer *buckets[BUCKETS];
};

struct peers *peers_new(int per_address_max)
{
	struct peers *p = mem_new(sizeof(*p));

	p->max = per_address_max;
	crypto_random(&p->salt, sizeof(p->salt));
	return p;
}

void peers_free(struct peers *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < BUCKETS; i++)
		while (p->buckets[i]) {
			struct peer *first = p->buckets[i];

			p->buckets[i] = first->next;
			free(first);
		}
	free(p);
}

struct in6_addr peer_whole(const struct in6_addr *address)
{
	struct in6_addr a = *address;

	if (!IN6_IS_ADDR_V4MAPPED(&a))
		memset(a.s6_addr + 8, 0, 8);
	return a;
}

/* The link that points to this address, or the end of its bucket. */
static struct peer **find(struct peers *p, const struct in6_addr *a)
{
	uint64_t high, low;
	struct peer **at;

	memcpy(&high, a->s6_addr, 8);
	memcpy(&low, a->s6_addr + 8, 8);
	high = (high ^ low * 0x9e3779b97f4a7c15u ^ p->salt) * 0xff51afd7ed558ccdu;
	at = &p->buckets[(high ^ high >> 32) % BUCKETS];
	while (*at && memcmp(&(*at)->address, a, sizeof(*a)) != 0)
		at = &(*at)->next;
	return at;
}

bool peers_enter(struct peers *p, const struct in6_addr *address)
{
	struct in6_addr a = peer_whole(address);
	struct peer **at = find(p, &a);

	if (!*at) {
		*at = mem_new(sizeof(**at));
		(*at)->address = a;
	}
	if ((*at)->count >= p->max)
		return false;
	(*at)->count++;
	return true;
}

void peers_leave(struct peers *p, const struct in6_addr *address)
{
	struct in6_addr a = peer_whole(address);
	struct peer **at = find(p, &a), *gone = *at;

	ASSERT(gone);
	ASSERT(gone->count > 0);
	if (--gone->count > 0)
		return;
	*at = gone->next;
	free(gone);
}
