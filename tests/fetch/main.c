/* The fetcher against a target that does everything wrong. All traffic stays on loopback. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "rig.h"

struct rig rig;

static struct alarm guard, ticker;
static usec_t last_tick;

void rig_check(bool fine, const char *what, const char *file, int line)
{
	rig.passed += fine;
	rig.failed += !fine;
	if (!fine)
		printf("FAILED %s:%d: %s\n", file, line, what);
}

struct fetcher *rig_fetcher(int in_flight_max, bool allow_private)
{
	static char server[40];
	struct fetcher_limits limits = { .in_flight_max = in_flight_max,
					 .allow_private = allow_private,
					 .nameservers = server };

	snprintf(server, sizeof(server), "127.0.0.1:%d", rig.target.dns_port);
	return fetcher_new(rig.loop, &limits);
}

static void stop(void *ctx)
{
	(void)ctx;
	loop_stop(rig.loop);
}

static void on_done(void *ctx, const struct fetch_result *r)
{
	struct asked *a = ctx;

	a->calls++;
	a->early = a->is_starting;
	a->took = clock_boot() - a->began;
	a->r = *r;
	memcpy(a->headers, r->headers.p ? r->headers.p : "", r->headers.n);
	a->headers[r->headers.n] = '\0';
	memcpy(a->body, r->body.p ? r->body.p : "", r->body.n);
	a->body[r->body.n] = '\0';
	snprintf(a->detail, sizeof(a->detail), "%s", r->detail ? r->detail : "");
	if (--rig.waiting == 0)
		loop_stop(rig.loop);
}

void rig_ask(struct fetcher *f, const struct ask *a, struct asked *out)
{
	struct fetch_request r = {
		.method = a->method ? a->method : "POST",
		.headers = a->headers,
		.headers_count = a->headers_count,
		.body = slice_of(a->body ? a->body : "{\"a\":1}"),
		.timeout = a->timeout ? a->timeout : 5 * SEC,
		.url = out->url,
		.mail_from = "sender@a.example",
		.mail_to = a->mail_to,
	};

	memset(out, 0, sizeof(*out));
	if (a->url[0] == '/')
		snprintf(out->url, sizeof(out->url), "http://127.0.0.1:%d%s", rig.target.port,
			 a->url);
	else
		snprintf(out->url, sizeof(out->url), "%s", a->url);
	rig.waiting++;
	out->began = clock_boot();
	out->is_starting = true;
	out->handle = fetch_start(f, &r, on_done, out);
	out->is_starting = false;
}

bool rig_wait(usec_t limit)
{
	if (rig.waiting == 0)
		return true;
	alarm_in(&guard, limit);
	loop_run(rig.loop);
	alarm_stop(&guard);
	return rig.waiting == 0;
}

void rig_run(usec_t span)
{
	alarm_in(&guard, span);
	loop_run(rig.loop);
	alarm_stop(&guard);
}

void rig_get(struct fetcher *f, const char *url, struct asked *out)
{
	rig_ask(f, &(struct ask){ .url = url }, out);
	CHECK_SAID(rig_wait(10 * SEC), url);
}

/* How long this thread was ready to run and did not get a processor: others' doing, not the
 * loop's. */
static usec_t kept_waiting(void)
{
	static FILE *file;
	unsigned long long ran = 0, waited = 0;

	if (!file)
		file = fopen("/proc/thread-self/schedstat", "re");
	if (!file)
		return 0;
	rewind(file);
	if (fflush(file) != 0 || fscanf(file, "%llu %llu", &ran, &waited) != 2)
		return 0;
	return (usec_t)(waited / 1000);
}

static void tick(void *ctx)
{
	static usec_t last_waited;
	usec_t now = clock_boot(), waited = kept_waiting();
	usec_t gap = now - last_tick - (waited - last_waited);

	(void)ctx;
	if (gap > rig.worst_gap)
		rig.worst_gap = gap;
	last_tick = now;
	last_waited = waited;
	alarm_in(&ticker, MSEC);
}

void rig_watch_gaps(void)
{
	last_tick = clock_boot();
	tick(NULL);
	rig.worst_gap = 0;
}

static void run(const char *name, void (*cases)(void))
{
	usec_t began = clock_boot();
	int failed = rig.failed, passed = rig.passed;

	cases();
	printf("%s: %d passed, %d failed, %d ms\n", name, rig.passed - passed, rig.failed - failed,
	       (int)((clock_boot() - began) / MSEC));
}

int main(void)
{
	struct rlimit files;

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Must not be obeyed: nobody listens there. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	log_setup(false, LOG_ERROR);
	rig.target = target_start();
	rig.loop = loop_new();
	alarm_init(&guard, rig.loop, stop, NULL);
	alarm_init(&ticker, rig.loop, tick, NULL);
	run("responses", cases_responses);
	run("large", cases_large);
	run("requests", cases_requests);
	run("life", cases_life);
	run("names", cases_names);
	run("tls", cases_tls);
	run("mail", cases_mail);
	alarm_release(&guard);
	alarm_release(&ticker);
	loop_free(rig.loop);
	target_stop(&rig.target);
	printf("%d passed, %d failed\n", rig.passed, rig.failed);
	return rig.failed != 0;
}
