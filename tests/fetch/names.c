/* Name lookup: what is refused, what is joined and kept, and what a silent server may cost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "rig.h"

static const struct row {
	const char *host;
	enum fetch_fault lax, strict; /* with and without allow_private */
} rows[] = {
	{ "good.test", FETCH_FINE, FETCH_FORBIDDEN },
	{ "GOOD.Test", FETCH_FINE, FETCH_FORBIDDEN },
	{ "both.test", FETCH_FINE, FETCH_FORBIDDEN },
	{ "localhost", FETCH_FINE, FETCH_FORBIDDEN },
	{ "dead6.test", FETCH_FINE, FETCH_FORBIDDEN },
	{ "private.test", FETCH_TIMEOUT, FETCH_FORBIDDEN }, /* or no route: see below */
	{ "mixed.test", FETCH_TIMEOUT, FETCH_FORBIDDEN },
	{ "mixed6.test", FETCH_TIMEOUT, FETCH_FORBIDDEN },
	{ "mapped.test", FETCH_FORBIDDEN, FETCH_FORBIDDEN },
	{ "nat64.test", FETCH_FORBIDDEN, FETCH_FORBIDDEN },
	{ "zero.test", FETCH_FORBIDDEN, FETCH_FORBIDDEN },
	{ "empty.test", FETCH_DNS, FETCH_DNS },
	{ "nx.test", FETCH_DNS, FETCH_DNS },
	{ "fail.test", FETCH_DNS, FETCH_DNS },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void url_of(char *out, size_t max, const char *host)
{
	snprintf(out, max, "http://%s:%d/ok", host, rig.target.port);
}

static void answers(struct fetcher *f, bool lax)
{
	static struct asked all[ROWS];
	char url[100];

	for (size_t i = 0; i < ROWS; i++) {
		/* Nothing of the tests may leave this machine. */
		if (lax && rows[i].lax == FETCH_TIMEOUT)
			continue;
		url_of(url, sizeof(url), rows[i].host);
		rig_ask(f, &(struct ask){ .url = url }, &all[i]);
	}
	CHECK(rig_wait(9 * SEC));
	for (size_t i = 0; i < ROWS; i++) {
		enum fetch_fault want = lax ? rows[i].lax : rows[i].strict;
		char text[400];

		if (lax && want == FETCH_TIMEOUT)
			continue;
		snprintf(text, sizeof(text), "%s: %s: %s", rows[i].host,
			 fetch_fault_name(all[i].r.fault), all[i].detail);
		CHECK_SAID(all[i].r.fault == want, text);
		CHECK(want != FETCH_FINE || all[i].r.status == 200);
	}
}

/* Fifty at once ask for A and AAAA once, and the next fifty not at all. */
static void joined_and_kept(void)
{
	static struct asked all[50];
	struct fetcher *f = rig_fetcher(100, true);
	int before = rig.target.counts->queries;
	char url[100];

	url_of(url, sizeof(url), "good.test");
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 50; i++)
			rig_ask(f, &(struct ask){ .url = url }, &all[i]);
		CHECK(rig_wait(5 * SEC));
		for (int i = 0; i < 50; i++)
			CHECK_SAID(all[i].r.status == 200, all[i].detail);
		CHECK(rig.target.counts->queries == before + 2);
	}
	CHECK(all[0].r.dns_us < 5000);
	fetcher_free(f);
}

/* More names than places: the oldest go, those that nobody answers are refused at some point,
 * none is lost. */
static void many_names(void)
{
	enum { NAMES = 1500 };
	struct fetcher *f = rig_fetcher(2000, true);
	struct asked *all = calloc(NAMES, sizeof(*all)), *good = calloc(1, sizeof(*good));
	char url[100];
	int failed = 0;

	for (int i = 0; i < NAMES; i++) {
		snprintf(url, sizeof(url), "http://n%d.unknown.test/", i);
		rig_ask(f, &(struct ask){ .url = url, .timeout = 300 * MSEC }, &all[i]);
	}
	CHECK(rig_wait(5 * SEC));
	for (int i = 0; i < NAMES; i++)
		failed += all[i].calls == 1
		       && (all[i].r.fault == FETCH_DNS || all[i].r.fault == FETCH_TIMEOUT);
	CHECK(failed == NAMES);
	rig_get(f, "/ok", good);
	CHECK(good->r.status == 200);
	fetcher_free(f);
	free(all);
	free(good);
}

/* More names than the cache and the pins hold, each called twice: what was forgotten is asked
 * for again. */
static void many_good_names(void)
{
	enum { NAMES = 2600, BATCH = 100 };
	struct fetcher *f = rig_fetcher(BATCH, true);
	struct asked *all = calloc(BATCH, sizeof(*all));
	char url[100];
	int served = 0;

	for (int first = 0; first < NAMES; first += BATCH) {
		for (int i = 0; i < BATCH; i++) {
			snprintf(url, sizeof(url), "http://w%d.wild.test:%d/ok",
				 (first + i) % (NAMES / 2), rig.target.port);
			rig_ask(f, &(struct ask){ .url = url }, &all[i]);
		}
		CHECK(rig_wait(9 * SEC));
		for (int i = 0; i < BATCH; i++)
			served += all[i].r.status == 200;
	}
	CHECK(served == NAMES);
	fetcher_free(f);
	free(all);
}

/* A name server that never answers: the loop goes on, others are served, and the lookup ends in
 * time. */
static void silent_server(void)
{
	static struct asked slow[20], quick, healthy, again;
	char server[40], url[100];
	struct fetcher_limits limits = { .in_flight_max = 100,
					 .allow_private = true,
					 .nameservers = server };
	struct fetcher *f;

	snprintf(server, sizeof(server), "127.0.0.1:%d", rig.target.dead_dns_port);
	f = fetcher_new(rig.loop, &limits);
	for (int i = 0; i < 20; i++) {
		snprintf(url, sizeof(url), "http://s%d.test/", i / 2);
		rig_ask(f, &(struct ask){ .url = url, .timeout = 10 * SEC }, &slow[i]);
	}
	rig_ask(f, &(struct ask){ .url = "http://s0.test/", .timeout = 500 * MSEC }, &quick);
	rig_watch_gaps();
	while (slow[19].calls == 0 && rig.waiting > 0) {
		rig_ask(f, &(struct ask){ .url = "/ok" }, &healthy);
		for (int i = 0; i < 1000 && healthy.calls == 0; i++)
			rig_run(MSEC);
		CHECK(healthy.r.status == 200);
		rig_run(20 * MSEC);
	}
	CHECK(rig_wait(5 * SEC));
	printf("with a silent name server: longest turn %lld us\n", (long long)rig.worst_gap);
	/* A look-up on the loop would hold it for seconds; a busy machine holds it a little. */
	CHECK(rig.worst_gap < 500 * MSEC);
	for (int i = 0; i < 20; i++) {
		CHECK(slow[i].r.fault == FETCH_DNS);
		CHECK(slow[i].took > 2500 * MSEC && slow[i].took < 4 * SEC);
	}
	CHECK(quick.r.fault == FETCH_TIMEOUT);
	CHECK(quick.took < 1500 * MSEC);
	rig_get(f, "/ok", &again);
	CHECK(again.r.status == 200);
	fetcher_free(f);
	rig_run(20 * MSEC);
}

void cases_names(void)
{
	struct fetcher *lax = rig_fetcher(100, true), *strict = rig_fetcher(100, false);

	answers(lax, true);
	answers(strict, false);
	answers(strict, false); /* from the cache */
	fetcher_free(lax);
	fetcher_free(strict);
	joined_and_kept();
	many_names();
	many_good_names();
	silent_server();
}
