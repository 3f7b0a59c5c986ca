/* Pins: which addresses curl was given for which name. curl never looks a name up
 * (resolver_start refuses): the addresses we checked go into curl's DNS cache with
 * CURLOPT_RESOLVE ("host:port:a,b"), as permanent entries, and this table remembers which answer
 * curl has, so that most requests need not hand it over again. A pin that makes room for another
 * takes its entry out of curl's cache ("-host:port"). Literal addresses have no pin: they pass
 * through curl's cache with a life of 0. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "io/fetch_int.h"

#define PINS_MAGIC 0x70696e73u
#define PIN_BUCKETS 1024
#define PINS_MAX 1024 /* that nobody uses; those in use are bounded by in_flight_max */

/* A name whose addresses curl has. */
struct pin {
	struct pin *chain; /* of its bucket */
	struct pin *prev,
		*next;         /* of the pins without users, in the order they lost the last one */
	int users;             /* transfers that rely on it */
	uint64_t generation;   /* of the answer that curl is known to have; 0: none */
	char key[PIN_KEY_MAX]; /* host:port */
};

struct pins {
	unsigned magic;
	struct pin *buckets[PIN_BUCKETS];
	struct pin *oldest, *newest; /* without users */
	int unused;
};

static struct pin **pin_bucket(struct pins *g, const char *key)
{
	uint32_t h = 2166136261u;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 16777619u;
	return &g->buckets[(h ^ (h >> 16)) & (PIN_BUCKETS - 1)];
}

static void unused_remove(struct pins *g, struct pin *p)
{
	if (p->prev)
		p->prev->next = p->next;
	else
		g->oldest = p->next;
	if (p->next)
		p->next->prev = p->prev;
	else
		g->newest = p->prev;
	p->prev = p->next = NULL;
	g->unused--;
}

void pins_detach(struct pins *g, struct fetch *t)
{
	struct pin *p = t->pin;

	if (!p)
		return;
	CHECK_MAGIC(g, PINS_MAGIC);
	t->pin = NULL;
	ASSERT(p->users > 0);
	if (--p->users > 0)
		return;
	p->next = NULL;
	p->prev = g->newest;
	if (g->newest)
		g->newest->next = p;
	else
		g->oldest = p;
	g->newest = p;
	g->unused++;
}

/* Forgets the oldest pin and writes the line that makes curl forget it too. */
static void pin_evict(struct pins *g, char *line, size_t max)
{
	struct pin *p = g->oldest;
	struct pin **at = pin_bucket(g, p->key);

	snprintf(line, max, "-%s", p->key);
	while (*at != p) {
		ASSERT(*at);
		at = &(*at)->chain;
	}
	*at = p->chain;
	unused_remove(g, p);
	free(p);
}

static struct pin *pin_take(struct pins *g, struct fetch *t)
{
	char key[PIN_KEY_MAX];
	struct pin **bucket, *p;
	int n = snprintf(key, sizeof(key), "%s:%d", t->host, t->port);

	ASSERT(n > 0 && (size_t)n < sizeof(key));
	bucket = pin_bucket(g, key);
	for (p = *bucket; p; p = p->chain)
		if (strcmp(p->key, key) == 0)
			break;
	t->unpin_line[0] = '\0';
	if (!p) {
		if (g->unused >= PINS_MAX)
			pin_evict(g, t->unpin_line, sizeof(t->unpin_line));
		p = mem_new(sizeof(*p));
		memcpy(p->key, key, (size_t)n + 1);
		p->chain = *bucket;
		*bucket = p;
	} else if (p->users == 0) {
		unused_remove(g, p);
	}
	p->users++;
	return p;
}

static void write_pin_line(struct fetch *t, const struct resolve_answer *a)
{
	char *to = t->pin_line;
	size_t left = sizeof(t->pin_line);
	int n = snprintf(to, left, "%s", t->pin->key);

	for (int i = 0; i < a->count; i++) {
		const union resolve_address *at = &a->addresses[i];
		bool is_v4 = at->any.sa_family == AF_INET;
		const void *from = is_v4 ? (const void *)&at->v4.sin_addr
					 : (const void *)&at->v6.sin6_addr;
		char text[INET6_ADDRSTRLEN];

		ASSERT(inet_ntop(at->any.sa_family, from, text, sizeof(text)));
		to += n;
		left -= (size_t)n;
		n = snprintf(to, left, is_v4 ? "%c%s" : "%c[%s]", i ? ',' : ':', text);
		ASSERT(n > 0 && (size_t)n < left);
	}
}

void pins_attach(struct pins *g, struct fetch *t, const struct resolve_answer *a)
{
	struct curl_slist *list = NULL;

	CHECK_MAGIC(g, PINS_MAGIC);
	ASSERT(!t->pin);
	t->pin = pin_take(g, t);
	t->pin_generation = a->generation;
	/* Handed over again until a request is known to have got past the point where curl reads
	 * the list. */
	if (t->pin->generation != a->generation) {
		write_pin_line(t, a);
		t->pin_nodes[0] = (struct curl_slist){ t->pin_line, list };
		list = &t->pin_nodes[0];
	}
	if (t->unpin_line[0]) {
		t->pin_nodes[1] = (struct curl_slist){ t->unpin_line, list };
		list = &t->pin_nodes[1];
	}
	if (list || t->has_pin_nodes)
		curl_easy_setopt(t->easy, CURLOPT_RESOLVE, list);
	t->has_pin_nodes = list != NULL;
}

void pins_arrived(struct fetch *t)
{
	if (t->pin)
		t->pin->generation = t->pin_generation;
}

struct pins *pins_new(void)
{
	struct pins *g = mem_new(sizeof(*g));

	g->magic = PINS_MAGIC;
	return g;
}

void pins_free(struct pins *g)
{
	char line[PIN_KEY_MAX + 1];

	CHECK_MAGIC(g, PINS_MAGIC);
	while (g->oldest)
		pin_evict(g, line, sizeof(line));
	g->magic = 0;
	free(g);
}
