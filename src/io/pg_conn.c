/* One connection to PostgreSQL that never blocks the loop and never gives up.
 *
 * libpq blocks in three places, and all are gone round: it looks host names up itself (so we do
 * before, and pass hostaddr), connect_timeout does nothing in PQconnectPoll() (so there is a
 * timer), PQreset() and PQcancel() wait (so a connection in doubt is finished and a new one
 * made).
 *
 * A host list is tried from another place each time: one dead host would else eat every time
 * limit. */
#include <arpa/inet.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/strbuf.h"
#include "io/resolve.h"
#include "io_int.h"

#define CONN_MAGIC 0x70676363u
#define CONNECT_MAX (5 * SEC)
#define SETUP_MAX (15 * SEC) /* preparing some hundred statements on a busy machine */
#define BACKOFF_FIRST (50 * MSEC)
#define BACKOFF_MAX (2 * SEC)
#define STEADY SEC /* up for so long, a loss is news and not the last failure again */
#define HOSTS_MAX 16
#define LIST_BYTES 4096

/* The host list of one try on its way to addresses. */
struct pg_lookup {
	struct resolve_wait wait;
	int waits_for;
	char *text, *port_text;
	char *hosts[HOSTS_MAX], *ports[HOSTS_MAX];
	int count, port_count, seen, found;
	struct strbuf host, addr, port; /* the lists for libpq, one element per address */
};

static void connect_to(struct pg_conn *c, struct pg_lookup *found);
static resolve_done looked_up;

/* ---- lookup */

static void forget_lookup(struct pg_conn *c)
{
	struct pg_lookup *k = c->lookup;

	c->lookup = NULL;
	if (!k)
		return;
	resolve_cancel(&k->wait);
	strbuf_release(&k->host);
	strbuf_release(&k->addr);
	strbuf_release(&k->port);
	free(k->text);
	free(k->port_text);
	free(k);
}

static int split(char *text, char **parts)
{
	char *part;
	int n = 0;

	while (n < HOSTS_MAX && (part = strsep(&text, ",")))
		parts[n++] = part;
	return n;
}

static bool needs_lookup(const char *host)
{
	struct in_addr v4;

	return host[0] && host[0] != '/' && host[0] != '@' && !strchr(host, ':')
	    && inet_pton(AF_INET, host, &v4) != 1;
}

/* One address more; an empty one leaves the host to libpq (a socket directory, an address
 * already). */
static void found_address(struct pg_lookup *k, int at, const char *address)
{
	const char *comma = k->found++ ? "," : "";

	strbuf_addf(&k->host, "%s%s", comma, k->hosts[at]);
	strbuf_addf(&k->addr, "%s%s", comma, address);
	if (k->port_count)
		strbuf_addf(&k->port, "%s%s", comma, k->ports[k->port_count > 1 ? at : 0]);
}

static void found_answer(struct pg_lookup *k, int at, const struct resolve_answer *answer)
{
	char text[INET6_ADDRSTRLEN];

	for (int i = 0; i < answer->count; i++) {
		const union resolve_address *a = &answer->addresses[i];
		const void *from = a->any.sa_family == AF_INET ? (const void *)&a->v4.sin_addr
							       : &a->v6.sin6_addr;

		if (inet_ntop(a->any.sa_family, from, text, sizeof(text)))
			found_address(k, at, text);
	}
}

/* Goes on with the hosts from k->seen; false when it waits for a name. */
static bool look_up_more(struct pg_conn *c)
{
	struct pg_lookup *k = c->lookup;

	for (; k->seen < k->count; k->seen++) {
		int at = (int)((c->tries + (unsigned)k->seen) % (unsigned)k->count);
		const struct resolve_answer *answer;

		if (!needs_lookup(k->hosts[at])) {
			found_address(k, at, "");
			continue;
		}
		k->waits_for = at;
		if (!c->source->resolver)
			c->source->resolver = resolver_new(c->source->loop, NULL);
		answer = resolve_ask(c->source->resolver, k->hosts[at], &k->wait, looked_up, c);
		if (!answer)
			return false;
		found_answer(k, at, answer);
	}
	return true;
}

static void finish_lookup(struct pg_conn *c)
{
	struct pg_lookup *k = c->lookup;
	char why[128];

	if (k->found && !k->host.failed && !k->addr.failed && !k->port.failed) {
		connect_to(c, k);
		return;
	}
	snprintf(why, sizeof(why), "no address is known for the host \"%.80s\"", k->hosts[0]);
	pg_conn_fail(c, why);
}

static void looked_up(void *ctx, const struct resolve_answer *answer)
{
	struct pg_conn *c = ctx;

	CHECK_MAGIC(c, CONN_MAGIC);
	ASSERT(c->state == PG_LOOKUP && c->lookup);
	found_answer(c->lookup, c->lookup->waits_for, answer);
	c->lookup->seen++;
	if (look_up_more(c))
		finish_lookup(c);
}

static void look_up(struct pg_conn *c, const char *hosts, const char *ports)
{
	struct pg_lookup *k = mem_new(sizeof(*k));

	c->lookup = k;
	strbuf_init(&k->host, LIST_BYTES);
	strbuf_init(&k->addr, LIST_BYTES);
	strbuf_init(&k->port, LIST_BYTES);
	k->text = strdup(hosts);
	k->port_text = strdup(ports ? ports : "");
	ASSERT(k->text && k->port_text);
	/* Names in lower case for the resolver; directories keep theirs. */
	for (char *at = k->text; *at; at++)
		if (k->text[0] != '/' && *at >= 'A' && *at <= 'Z')
			*at = (char)(*at + ('a' - 'A'));
	k->count = split(k->text, k->hosts);
	k->port_count = ports ? split(k->port_text, k->ports) : 0;
	if (k->port_count > 1 && k->port_count < k->count)
		k->port_count = 1;
	ASSERT(k->count > 0);
	if (look_up_more(c))
		finish_lookup(c);
}

/* ---- waiting and failing */

static void drop_events(struct pg_conn *c)
{
	if (c->in)
		event_free(c->in);
	if (c->out)
		event_free(c->out);
	c->in = c->out = NULL;
}

static void close_it(struct pg_conn *c)
{
	forget_lookup(c);
	drop_events(c); /* before the descriptor closes, or epoll and libevent disagree about it */
	if (c->pg)
		PQfinish(c->pg);
	c->pg = NULL;
	c->state = PG_WAITING;
}

/* Full jitter, so that many processes do not come back in step. */
static usec_t next_wait(struct pg_conn *c)
{
	usec_t most = c->backoff;
	uint32_t dice;

	crypto_random(&dice, sizeof(dice));
	c->backoff = 2 * most < BACKOFF_MAX ? 2 * most : BACKOFF_MAX;
	return MSEC + (usec_t)(dice % (uint32_t)most);
}

/* Once per loss, and again when the reason changes. */
static void log_failure(struct pg_conn *c, const char *why)
{
	char text[sizeof(c->why)];

	snprintf(text, sizeof(text), "%s", why);
	text[strcspn(text, "\n")] = '\0';
	if (c->state == PG_SETTLED)
		log_event(LOG_WARN, "db.lost", LOG_STR("connection", c->name),
			  LOG_STR("why", text));
	else if (strcmp(text, c->why) != 0)
		log_event(LOG_WARN, "db.unreachable", LOG_STR("connection", c->name),
			  LOG_STR("why", text));
	memcpy(c->why, text, sizeof(text));
}

void pg_conn_fail(struct pg_conn *c, const char *why)
{
	bool was_up = c->state == PG_SETUP || c->state == PG_SETTLED;

	CHECK_MAGIC(c, CONN_MAGIC);
	ASSERT(c->state != PG_WAITING);
	if (!why)
		why = c->pg && PQerrorMessage(c->pg)[0] ? PQerrorMessage(c->pg)
							: "the connection broke";
	log_failure(c, why);
	if (c->state == PG_SETTLED) {
		metric_add(METRIC_DB_LOST, 1);
		if (clock_boot() - c->settled_at >= STEADY)
			c->backoff = BACKOFF_FIRST;
	}
	close_it(c);
	alarm_in(&c->timer, next_wait(c));
	if (was_up)
		c->hooks->down(c->owner);
}

void pg_conn_settled(struct pg_conn *c)
{
	CHECK_MAGIC(c, CONN_MAGIC);
	ASSERT(c->state == PG_SETUP);
	c->state = PG_SETTLED;
	c->settled_at = clock_boot();
	c->why[0] = '\0';
	alarm_stop(&c->timer);
	log_event(LOG_INFO, "db.connected", LOG_STR("connection", c->name),
		  LOG_INT("pid", PQbackendPID(c->pg)));
}

/* ---- connecting and reading */

static void log_notice(void *ctx, const char *message)
{
	const struct pg_conn *c = ctx;
	struct slice text = { message, strcspn(message, "\n") };

	log_event(LOG_DEBUG, "db.notice", LOG_STR("connection", c->name), LOG_SLICE("text", text));
}

void pg_conn_flush(struct pg_conn *c)
{
	int rc;

	CHECK_MAGIC(c, CONN_MAGIC);
	if (!c->pg || !c->out)
		return;
	rc = PQflush(c->pg);
	if (rc > 0)
		ASSERT(event_add(c->out, NULL) == 0);
	else if (rc < 0) /* it fails again there, where hooks may be called */
		event_active(c->out, EV_WRITE, 1);
}

/* What came before the end is still good: hooks see it first. */
static void read_and_write(struct pg_conn *c, short events)
{
	bool alive = true;

	if (events & EV_WRITE)
		alive = PQflush(c->pg) >= 0;
	if (events & EV_READ)
		alive = PQconsumeInput(c->pg) && alive;
	c->hooks->input(c->owner);
	if (c->state != PG_SETUP && c->state != PG_SETTLED)
		return;
	if (!alive || PQstatus(c->pg) != CONNECTION_OK)
		pg_conn_fail(c, NULL);
	else
		pg_conn_flush(c);
}

static void ready(evutil_socket_t fd, short events, void *ctx)
{
	struct pg_conn *c = ctx;

	CHECK_MAGIC(c, CONN_MAGIC);
	(void)fd;
	loop_enter(c->source->loop, c->name);
	read_and_write(c, events);
}

static void connected(struct pg_conn *c)
{
	struct event_base *base = loop_base(c->source->loop);

	ASSERT(PQsetnonblocking(c->pg, 1) == 0);
	c->in = event_new(base, PQsocket(c->pg), EV_READ | EV_PERSIST, ready, c);
	c->out = event_new(base, PQsocket(c->pg), EV_WRITE, ready, c);
	ASSERT(c->in && c->out);
	ASSERT(event_add(c->in, NULL) == 0);
	c->state = PG_SETUP;
	alarm_in(&c->timer, SETUP_MAX);
	c->hooks->up(c->owner);
}

static void poll_step(evutil_socket_t fd, short events, void *ctx);

/* libpq may go on with another socket at any step, so the event is made anew each time. */
static void await(struct pg_conn *c, short events)
{
	ASSERT(!c->in && !c->out);
	c->in = event_new(loop_base(c->source->loop), PQsocket(c->pg), events, poll_step, c);
	ASSERT(c->in);
	ASSERT(event_add(c->in, NULL) == 0);
}

static void poll_step(evutil_socket_t fd, short events, void *ctx)
{
	struct pg_conn *c = ctx;
	PostgresPollingStatusType step;

	CHECK_MAGIC(c, CONN_MAGIC);
	ASSERT(c->state == PG_CONNECTING);
	(void)fd;
	(void)events;
	loop_enter(c->source->loop, c->name);
	drop_events(c);
	step = PQconnectPoll(c->pg);
	if (step == PGRES_POLLING_OK)
		connected(c);
	else if (step == PGRES_POLLING_READING)
		await(c, EV_READ);
	else if (step == PGRES_POLLING_WRITING)
		await(c, EV_WRITE);
	else
		pg_conn_fail(c, NULL);
}

static void connect_to(struct pg_conn *c, struct pg_lookup *found)
{
	struct pg_params p;

	pg_params_fill(&p, c->source);
	if (found) {
		pg_params_add(&p, "host", found->host.p);
		pg_params_add(&p, "hostaddr", found->addr.p);
		if (found->port_count)
			pg_params_add(&p, "port", found->port.p);
	}
	c->state = PG_CONNECTING;
	c->pg = PQconnectStartParams(p.keys, p.values, 0);
	forget_lookup(c);
	if (!c->pg)
		die("out of memory");
	if (PQstatus(c->pg) == CONNECTION_BAD) {
		pg_conn_fail(c, NULL);
		return;
	}
	PQsetNoticeProcessor(c->pg, log_notice, c);
	await(c, EV_WRITE);
}

static void timer_rang(void *ctx)
{
	struct pg_conn *c = ctx;
	const char *hosts;

	CHECK_MAGIC(c, CONN_MAGIC);
	if (c->state != PG_WAITING) {
		pg_conn_fail(c, c->state == PG_SETUP ? "the set-up took too long"
						     : "connecting took too long");
		return;
	}
	c->state = PG_LOOKUP;
	c->tries++;
	alarm_in(&c->timer, CONNECT_MAX);
	hosts = pg_source_setting(c->source, "hostaddr") ? NULL
							 : pg_source_setting(c->source, "host");
	if (hosts)
		look_up(c, hosts, pg_source_setting(c->source, "port"));
	else
		connect_to(c, NULL);
}

void pg_conn_init(struct pg_conn *c, struct pg_source *source, const struct pg_hooks *hooks,
		  void *owner, const char *name)
{
	*c = (struct pg_conn){
		.magic = CONN_MAGIC, .name = name, .source = source, .hooks = hooks, .owner = owner
	};
	c->backoff = BACKOFF_FIRST;
	c->tries = UINT32_MAX; /* the first try begins with the first host */
	alarm_init(&c->timer, source->loop, timer_rang, c);
	alarm_in(&c->timer, 0);
}

void pg_conn_release(struct pg_conn *c)
{
	CHECK_MAGIC(c, CONN_MAGIC);
	close_it(c);
	alarm_release(&c->timer);
	c->magic = 0;
}
