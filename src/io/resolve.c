/* A table of names. A name is asked (evdns works on it, waiters queue at it) or settled (its
 * answer is valid until `until`). Settled names stand in a list in the order of their answers,
 * and the oldest makes room.
 *
 * A lookup is never cancelled: evdns ends it by itself after three tries of a second, its late
 * answer serves the next who asks, and a waiter that gives up only leaves the queue. So a name
 * whose servers are silent costs one place in the table for some seconds, and nobody else waits
 * for it. */
#include "io/resolve.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "io/loop.h"

#define RESOLVER_MAGIC 0x7265736fu
#define NAME_MAGIC 0x6e616d65u
#define BUCKETS 1024 /* a power of two, about one name each */
/* evdns 2.1 does not tell the time to live through evdns_getaddrinfo(), so this is short. */
#define ANSWER_LIFE (30 * SEC)
#define FAILURE_LIFE (1 * SEC)

struct resolve_name {
	unsigned magic;
	struct resolver *resolver;  /* NULL: it was freed, and so is this when evdns lets go */
	struct resolve_name *chain; /* of its bucket */
	struct resolve_name *older, *newer;
	struct resolve_wait *first, *last;
	bool is_asked;
	usec_t until; /* of clock_boot() */
	struct resolve_answer answer;
	char host[RESOLVE_HOST_MAX + 1];
};

struct resolver {
	unsigned magic;
	struct loop *loop;
	struct evdns_base *dns;
	struct resolve_name *buckets[BUCKETS];
	struct resolve_name *oldest, *newest; /* settled names */
	int count;
	uint64_t generation;
};

static const struct resolve_answer too_many = { .why = "too many name lookups at once" };
static const struct resolve_answer too_long = { .why = "not a host name" };

static struct resolve_name **bucket_of(struct resolver *r, const char *host)
{
	uint32_t h = 2166136261u;

	for (; *host; host++)
		h = (h ^ (unsigned char)*host) * 16777619u;
	return &r->buckets[(h ^ (h >> 16)) & (BUCKETS - 1)];
}

static void quiet(int is_warning, const char *text)
{
	(void)is_warning;
	(void)text;
}

static void add_nameservers(struct evdns_base *dns, const char *list)
{
	char one[80];

	while (*list) {
		size_t n = strcspn(list, " ");

		if (n > 0 && n < sizeof(one)) {
			memcpy(one, list, n);
			one[n] = '\0';
			(void)evdns_base_nameserver_ip_add(dns, one);
		}
		list += n + strspn(list + n, " ");
	}
}

/* After resolv.conf, whose own options would else win. A server is not given up for names that
 * time out: tenants choose the names, so timeouts say nothing about the server. */
static void set_options(struct evdns_base *dns)
{
	static const char *const options[][2] = {
		{ "timeout:", "1" },
		{ "attempts:", "3" },
		{ "max-timeouts:", "255" },
		{ "max-inflight:", "2048" },
		{ "getaddrinfo-allow-skew:", "0.3" },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		ASSERT(evdns_base_set_option(dns, options[i][0], options[i][1]) == 0);
}

struct resolver *resolver_new(struct loop *loop, const char *nameservers)
{
	struct resolver *r = mem_new(sizeof(*r));

	r->magic = RESOLVER_MAGIC;
	r->loop = loop;
	evdns_set_log_fn(quiet);
	r->dns = evdns_base_new(loop_base(loop), 0);
	if (!r->dns)
		die("cannot set up name lookup");
	/* Errors leave the server on 127.0.0.1, or none: lookups fail, and literal addresses
	 * still work. */
	if (nameservers) {
		(void)evdns_base_resolv_conf_parse(r->dns, DNS_OPTION_HOSTSFILE | DNS_OPTION_MISC,
						   "/etc/resolv.conf");
		add_nameservers(r->dns, nameservers);
	} else {
		(void)evdns_base_resolv_conf_parse(r->dns, DNS_OPTIONS_ALL, "/etc/resolv.conf");
	}
	set_options(r->dns);
	return r;
}

static void free_name(struct resolve_name *name)
{
	name->magic = 0;
	free(name);
}

void resolver_free(struct resolver *r)
{
	if (!r)
		return;
	CHECK_MAGIC(r, RESOLVER_MAGIC);
	for (int i = 0; i < BUCKETS; i++) {
		struct resolve_name *name = r->buckets[i];

		while (name) {
			struct resolve_name *next = name->chain;

			ASSERT(!name->first);
			name->resolver = NULL;
			if (!name->is_asked)
				free_name(name);
			name = next;
		}
	}
	evdns_base_free(r->dns, 1);
	r->magic = 0;
	free(r);
}

/* Into and out of the list of settled names. */
static void link_settled(struct resolver *r, struct resolve_name *name)
{
	name->newer = NULL;
	name->older = r->newest;
	if (r->newest)
		r->newest->newer = name;
	else
		r->oldest = name;
	r->newest = name;
}

static void unlink_settled(struct resolver *r, struct resolve_name *name)
{
	if (name->older)
		name->older->newer = name->newer;
	else
		r->oldest = name->newer;
	if (name->newer)
		name->newer->older = name->older;
	else
		r->newest = name->older;
	name->older = name->newer = NULL;
}

static void forget(struct resolver *r, struct resolve_name *name)
{
	struct resolve_name **at = bucket_of(r, name->host);

	ASSERT(!name->is_asked);
	while (*at != name) {
		ASSERT(*at);
		at = &(*at)->chain;
	}
	*at = name->chain;
	unlink_settled(r, name);
	r->count--;
	free_name(name);
}

static void add_address(struct resolve_answer *a, const struct evutil_addrinfo *ai)
{
	enum netguard_class class = netguard_classify(ai->ai_addr, (socklen_t)ai->ai_addrlen);
	bool fits = ai->ai_addrlen <= sizeof(a->addresses[0]);

	if (class > a->worst)
		a->worst = class;
	if (fits && a->count < RESOLVE_ADDRESSES_MAX)
		memcpy(&a->addresses[a->count++], ai->ai_addr, ai->ai_addrlen);
}

static void read_answer(struct resolve_name *name, int error, const struct evutil_addrinfo *list)
{
	const struct resolve_answer *old = &name->answer;
	struct resolve_answer a;
	const void *had = old->addresses, *has = a.addresses;
	bool is_same;

	/* The addresses are compared byte by byte, also the unused ones. */
	memset(&a, 0, sizeof(a));
	a.generation = name->answer.generation;
	for (; !error && list; list = list->ai_next)
		add_address(&a, list);
	if (a.count == 0)
		a.why = error ? evutil_gai_strerror(error) : "the name has no address";
	is_same = a.count == old->count && a.worst == old->worst
	       && memcmp(had, has, sizeof(a.addresses)) == 0;
	if (a.generation == 0 || !is_same)
		a.generation = ++name->resolver->generation;
	name->answer = a;
}

static struct resolve_wait *take_first(struct resolve_name *name)
{
	struct resolve_wait *w = name->first;

	if (w)
		resolve_cancel(w);
	return w;
}

/* evdns calls this once for each lookup: also from within evdns_getaddrinfo(), when /etc/hosts
 * knows. */
static void got_answer(int error, struct evutil_addrinfo *list, void *ctx)
{
	struct resolve_name *name = ctx;
	struct resolve_wait *w;

	CHECK_MAGIC(name, NAME_MAGIC);
	ASSERT(name->is_asked);
	name->is_asked = false;
	if (!name->resolver) {
		free_name(name);
	} else {
		loop_enter(name->resolver->loop, "resolve");
		read_answer(name, error, list);
		name->until = clock_boot() + (name->answer.count ? ANSWER_LIFE : FAILURE_LIFE);
		link_settled(name->resolver, name);
		while ((w = take_first(name)))
			w->done(w->ctx, &name->answer);
	}
	if (list)
		evutil_freeaddrinfo(list);
}

static void ask(struct resolver *r, struct resolve_name *name)
{
	struct evutil_addrinfo hints;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_UNSPEC;
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_protocol = IPPROTO_TCP;
	name->is_asked = true;
	(void)evdns_getaddrinfo(r->dns, name->host, NULL, &hints, got_answer, name);
}

static struct resolve_name *find_or_add(struct resolver *r, const char *host)
{
	struct resolve_name **bucket = bucket_of(r, host);
	struct resolve_name *name;

	for (name = *bucket; name; name = name->chain)
		if (strcmp(name->host, host) == 0)
			return name;
	if (r->count >= RESOLVE_NAMES_MAX) {
		if (!r->oldest)
			return NULL;
		forget(r, r->oldest);
	}
	name = mem_new(sizeof(*name));
	name->magic = NAME_MAGIC;
	name->resolver = r;
	memcpy(name->host, host, strlen(host) + 1);
	name->chain = *bucket;
	*bucket = name;
	r->count++;
	link_settled(r, name);
	return name;
}

const struct resolve_answer *resolve_ask(struct resolver *r, const char *host,
					 struct resolve_wait *wait, resolve_done *done, void *ctx)
{
	struct resolve_name *name;

	CHECK_MAGIC(r, RESOLVER_MAGIC);
	ASSERT(!wait->name);
	if (strlen(host) > RESOLVE_HOST_MAX)
		return &too_long;
	name = find_or_add(r, host);
	if (!name)
		return &too_many;
	if (!name->is_asked && name->until <= clock_boot()) {
		unlink_settled(r, name);
		ask(r, name);
	}
	if (!name->is_asked)
		return &name->answer;
	*wait = (struct resolve_wait){ .name = name, .prev = name->last, .done = done, .ctx = ctx };
	if (name->last)
		name->last->next = wait;
	else
		name->first = wait;
	name->last = wait;
	return NULL;
}

void resolve_cancel(struct resolve_wait *w)
{
	if (!w->name)
		return;
	CHECK_MAGIC(w->name, NAME_MAGIC);
	if (w->prev)
		w->prev->next = w->next;
	else
		w->name->first = w->next;
	if (w->next)
		w->next->prev = w->prev;
	else
		w->name->last = w->prev;
	w->name = NULL;
	w->prev = w->next = NULL;
}
