/* Bodies that are kept whole, and the ceiling over all of them together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#define AT_ONCE 6
/* Two that hang in the middle of a large body leave so much for the others. */
#define LEFT 100000
#define CEILING (2 * (FETCH_LARGE_MAX - FETCH_BODY_MAX) + LEFT)

struct body {
	int calls;
	size_t kept;
	int64_t bytes;
	bool is_intact; /* what is kept is the beginning of what was sent */
};

static void on_body(void *ctx, const struct fetch_result *r)
{
	struct body *b = ctx;

	b->calls++;
	b->kept = r->body.n;
	b->bytes = r->body_bytes;
	b->is_intact = r->fault == FETCH_FINE && r->status == 200;
	for (size_t i = 1; i < r->body.n; i++)
		b->is_intact &= r->body.p[i] == r->body.p[0];
	rig.waiting--;
}

static void ask(struct fetcher *f, const char *path, size_t body_max, usec_t timeout,
		struct body *out)
{
	static char url[100];
	struct fetch_request r = {
		.url = url, .method = "GET", .timeout = timeout, .body_max = body_max
	};

	*out = (struct body){ 0 };
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", rig.target.port, path);
	rig.waiting++;
	(void)fetch_start(f, &r, on_body, out);
}

static void wait_all(void)
{
	for (int i = 0; i < 1000 && rig.waiting; i++)
		rig_run(10 * MSEC);
	CHECK(rig.waiting == 0);
}

static void alone(struct fetcher *f)
{
	struct body b[4];

	ask(f, "/1mb", FETCH_LARGE_MAX, 10 * SEC, &b[0]);
	ask(f, "/1mb", FETCH_LARGE_MAX / 2, 10 * SEC, &b[1]);
	ask(f, "/1mb", 0, 10 * SEC, &b[2]);
	wait_all();
	CHECK(b[0].is_intact && b[0].kept == FETCH_LARGE_MAX && b[0].bytes == FETCH_LARGE_MAX);
	CHECK(b[1].is_intact && b[1].kept == FETCH_LARGE_MAX / 2 && b[1].bytes == FETCH_LARGE_MAX);
	CHECK(b[2].is_intact && b[2].kept == FETCH_BODY_MAX && b[2].bytes == FETCH_LARGE_MAX);
	/* It is not read to its end, but it is known that there was more. */
	ask(f, "/3mb", FETCH_LARGE_MAX, 10 * SEC, &b[3]);
	wait_all();
	CHECK(b[3].kept == FETCH_LARGE_MAX && b[3].bytes == 3145728);
}

static void crowd(struct fetcher *f)
{
	struct body b[4];

	/* Where there is no room, the beginning is kept; the others do not suffer. */
	ask(f, "/1mbhang", FETCH_LARGE_MAX, 1500 * MSEC, &b[0]);
	ask(f, "/1mbhang", FETCH_LARGE_MAX, 1500 * MSEC, &b[1]);
	rig_run(700 * MSEC);
	ask(f, "/1mb", FETCH_LARGE_MAX, 10 * SEC, &b[2]);
	rig_run(300 * MSEC);
	ask(f, "/ok", FETCH_LARGE_MAX, 10 * SEC, &b[3]);
	rig_run(300 * MSEC);
	CHECK(b[2].calls == 1 && b[2].is_intact && b[2].bytes == FETCH_LARGE_MAX);
	CHECK(b[2].kept == FETCH_BODY_MAX + LEFT);
	CHECK(b[3].calls == 1 && b[3].kept == 2);
	wait_all();
	CHECK(b[0].kept == 0 && b[1].kept == 0); /* timed out */
}

void cases_large(void)
{
	struct fetcher_limits limits = { .in_flight_max = AT_ONCE,
					 .allow_private = true,
					 .large_bytes_max = CEILING };
	struct fetcher *f = fetcher_new(rig.loop, &limits);

	alone(f);
	crowd(f);
	alone(f); /* what was given back is there again */
	fetcher_free(f);
}
