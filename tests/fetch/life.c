/* Starting, aborting, ceilings, and many at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "rig.h"

static void aborts_at_any_time(struct fetcher *f)
{
	static struct asked now, later, twice, done, lookup;

	rig_ask(f, &(struct ask){ .url = "/ok" }, &now);
	fetch_abort(now.handle);
	CHECK(now.calls == 0);
	rig_ask(f, &(struct ask){ .url = "/hang" }, &later);
	rig_ask(f, &(struct ask){ .url = "/drip" }, &twice);
	rig_ask(f, &(struct ask){ .url = "http://silent.test/" }, &lookup);
	rig_run(50 * MSEC);
	fetch_abort(later.handle);
	fetch_abort(twice.handle);
	fetch_abort(twice.handle);
	fetch_abort(lookup.handle);
	fetch_abort(lookup.handle);
	CHECK(later.calls + twice.calls + lookup.calls == 0);
	CHECK(fetcher_in_flight(f) == 3); /* until they were told */
	CHECK(rig_wait(SEC));
	CHECK(now.r.fault == FETCH_ABORTED && now.calls == 1);
	CHECK(later.r.fault == FETCH_ABORTED && later.calls == 1);
	CHECK(twice.r.fault == FETCH_ABORTED && twice.calls == 1);
	CHECK(lookup.r.fault == FETCH_ABORTED && lookup.calls == 1);
	CHECK(fetcher_in_flight(f) == 0);
	rig_get(f, "/ok", &done);
	CHECK(done.r.status == 200);
}

/* Each result starts one and aborts one. */
struct chain {
	struct fetcher *f;
	int left, finished, aborted;
	char url[60];
	struct fetch *victim;
};

static void on_victim(void *ctx, const struct fetch_result *r)
{
	struct chain *c = ctx;

	c->aborted += r->fault == FETCH_ABORTED;
	if (c->aborted == 50)
		loop_stop(rig.loop);
}

static void on_link(void *ctx, const struct fetch_result *r)
{
	struct chain *c = ctx;
	struct fetch_request ask = {
		.url = c->url, .method = "POST", .body = SLICE_LIT("x"), .timeout = 5 * SEC
	};

	c->finished += r->status == 200;
	if (c->victim)
		fetch_abort(c->victim);
	c->victim = NULL;
	if (c->left-- > 0) {
		c->victim = fetch_start(c->f, &ask, on_victim, c);
		(void)fetch_start(c->f, &ask, on_link, c);
	}
}

static void starts_and_aborts_from_done(struct fetcher *f)
{
	struct chain c = { .f = f, .left = 50 };
	struct fetch_result none = { 0 };

	snprintf(c.url, sizeof(c.url), "http://127.0.0.1:%d/slow", rig.target.port);
	/* The victims are as slow as the links, and are aborted by the next link just before or
	 * after they end. */
	strcpy(strrchr(c.url, '/'), "/ok");
	on_link(&c, &none);
	rig_run(2 * SEC);
	CHECK(c.left == -1);
	CHECK(c.finished == 50);
	CHECK(fetcher_in_flight(f) == 0);
}

static void ceiling(void)
{
	static struct asked held[4], over[3], after;
	struct fetcher *f = rig_fetcher(4, true);

	for (int i = 0; i < 4; i++)
		rig_ask(f, &(struct ask){ .url = "/slow" }, &held[i]);
	for (int i = 0; i < 3; i++) {
		rig_ask(f, &(struct ask){ .url = "/ok" }, &over[i]);
		CHECK(over[i].calls == 0);
	}
	CHECK(fetcher_in_flight(f) == 4);
	fetch_abort(over[2].handle);
	CHECK(rig_wait(5 * SEC));
	for (int i = 0; i < 4; i++)
		CHECK(held[i].r.status == 200);
	for (int i = 0; i < 3; i++) {
		CHECK(over[i].r.fault == FETCH_BUSY);
		CHECK(over[i].took < 100 * MSEC);
	}
	rig_get(f, "/ok", &after);
	CHECK(after.r.status == 200);
	fetcher_free(f);
}

static void freed_with_work_under_way(void)
{
	static struct asked running[3], lookup, fresh, busy;
	struct fetcher *f = rig_fetcher(5, true);

	for (int i = 0; i < 3; i++)
		rig_ask(f, &(struct ask){ .url = i ? "/hang" : "/5gb" }, &running[i]);
	rig_ask(f, &(struct ask){ .url = "http://silent.test/" }, &lookup);
	rig_run(20 * MSEC);
	while (fetcher_in_flight(f) < 5)
		rig_ask(f, &(struct ask){ .url = "/ok" }, &fresh);
	rig_ask(f, &(struct ask){ .url = "/ok" }, &busy);
	fetcher_free(f);
	CHECK(rig.waiting == 0);
	CHECK(running[1].r.fault == FETCH_ABORTED && running[2].r.fault == FETCH_ABORTED);
	CHECK(lookup.r.fault == FETCH_ABORTED && lookup.calls == 1);
	CHECK(fresh.r.fault == FETCH_ABORTED && busy.r.fault == FETCH_BUSY);
	rig_run(20 * MSEC); /* what the name lookup still has to say reaches nobody */
}

/* Two thousand targets that say nothing, and one that does: the healthy one is served as always. */
static void many_hang(void)
{
	enum { HANGING = 2000, HEALTHY = 300 };
	struct asked *hanging = calloc(HANGING, sizeof(*hanging)),
		     *healthy = calloc(1, sizeof(*healthy));
	struct fetcher *f = rig_fetcher(4000, true);
	usec_t worst = 0;
	int timeouts = 0;

	for (int i = 0; i < HANGING; i++) {
		rig_ask(f, &(struct ask){ .url = "/hang", .timeout = 4 * SEC }, &hanging[i]);
		if (i % 100 == 99)
			rig_run(10 * MSEC);
	}
	CHECK(fetcher_in_flight(f) == HANGING);
	rig_watch_gaps();
	for (int i = 0; i < HEALTHY; i++) {
		rig_ask(f, &(struct ask){ .url = "/ok" }, healthy);
		for (int wait = 0; wait < 1000 && !healthy->calls; wait++)
			rig_run(MSEC);
		CHECK(healthy->r.status == 200);
		if (healthy->took > worst)
			worst = healthy->took;
	}
	printf("with %d hanging: slowest healthy request %lld us, longest turn %lld us\n", HANGING,
	       (long long)worst, (long long)rig.worst_gap);
	CHECK(worst < 300 * MSEC);
	CHECK(rig_wait(10 * SEC));
	for (int i = 0; i < HANGING; i++)
		timeouts += hanging[i].r.fault == FETCH_TIMEOUT && hanging[i].calls == 1;
	CHECK(timeouts == HANGING);
	fetcher_free(f);
	free(hanging);
	free(healthy);
}

void cases_life(void)
{
	struct fetcher *f = rig_fetcher(200, true);

	CHECK(strcmp(fetch_fault_name(FETCH_FORBIDDEN), "target_forbidden") == 0);
	CHECK(strcmp(fetch_fault_name(FETCH_BUSY), "overloaded") == 0);
	aborts_at_any_time(f);
	starts_and_aborts_from_done(f);
	fetcher_free(f);
	ceiling();
	freed_with_work_under_way();
	many_hang();
}
