/* What goes out: the bytes on the wire, what is refused before, kept connections and their end. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "io/fetch_int.h"
#include "rig.h"

#define HEADER(n, v)                       \
	{                                  \
		SLICE_LIT(n), SLICE_LIT(v) \
	}

static const char *wire(struct fetcher *f, const struct ask *a)
{
	static struct asked got;

	rig_ask(f, a, &got);
	CHECK(rig_wait(5 * SEC));
	CHECK_SAID(got.r.status == 200, got.detail);
	return (const char *)(uintptr_t)rig.target.counts->last;
}

static int count_of(const char *text, const char *part)
{
	int n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

/* The lines of the head in any order: it is curl's business. */
static bool same_head(const char *got, const char *want)
{
	static char line[400];
	size_t n = strcspn(want, "\r");

	if (strlen(got) != strlen(want) || strncmp(got, want, n + 2) != 0)
		return false;
	for (want += n; strncmp(want, "\r\n\r\n", 4) != 0; want += n + 2) {
		n = strcspn(want + 2, "\r");
		snprintf(line, sizeof(line), "%.*s\r\n", (int)n + 2, want);
		if (count_of(got, line) != 1)
			return false;
	}
	return strcmp(strstr(got, "\r\n\r\n"), want) == 0;
}

static void bytes_on_the_wire(struct fetcher *f)
{
	static const struct fetch_header headers[] = {
		HEADER("Content-Type", "application/json"),
		HEADER("X-Empty", ""),
		HEADER("X-Blank", " \t"),
		HEADER("webhook-id", "run_1"),
		HEADER("user-agent", "mine/1"),
	};
	char want[500];
	const char *got;

	snprintf(
		want, sizeof(want),
		"POST /echo HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nX-Empty:\r\n"
		"X-Blank:\r\nwebhook-id: run_1\r\nUser-Agent: Carillon/0.1\r\nContent-Length: 7\r\n\r\n"
		"{\"a\":1}",
		rig.target.port);
	got = wire(f, &(struct ask){ .url = "/echo", .headers = headers, .headers_count = 4 });
	CHECK_SAID(same_head(got, want), got);
	/* The caller's own User-Agent is the only one. */
	got = wire(f, &(struct ask){ .url = "/echo?x", .headers = headers, .headers_count = 5 });
	CHECK_SAID(strncmp(got, "POST /echo?x HTTP/1.1\r\n", 23) == 0, got);
	CHECK_SAID(count_of(got, "\r\nuser-agent: mine/1\r\n") == 1 && !strstr(got, "Carillon"),
		   got);
	/* Fewer headers on the same handle; nothing is left of the last request. */
	got = wire(f, &(struct ask){ .url = "/echo?a=/../b", .body = "" });
	CHECK_SAID(strncmp(got, "POST /echo?a=/../b HTTP/1.1\r\n", 29) == 0, got);
	CHECK(!strstr(got, "Content-Type") && !strstr(got, "webhook-id") && !strstr(got, "Expect"));
	CHECK(!strstr(got, "user-agent") && count_of(got, "User-Agent: Carillon/0.1\r\n") == 1);
	CHECK(count_of(got, "Content-Length: 0\r\n") == 1 && count_of(got, "Host: ") == 1);
	CHECK(!strstr(got, "Accept"));
}

/* URLs without a path. */
static void targets(struct fetcher *f)
{
	static const char *const rows[][2] = {
		{ "", "/" }, { "?x=/y", "/?x=/y" }, { "/", "/" }, { "/a//b;c", "/a//b;c" }
	};
	static struct asked got;
	char url[60], want[60];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", rig.target.port, rows[i][0]);
		rig_get(f, url, &got); /* an unknown path: noted, and the connection is closed */
		CHECK(got.r.fault == FETCH_RESET);
		snprintf(want, sizeof(want), "POST %s HTTP/1.1\r\n", rows[i][1]);
		CHECK_SAID(strncmp((const char *)(uintptr_t)rig.target.counts->last, want,
				   strlen(want))
				   == 0,
			   (const char *)(uintptr_t)rig.target.counts->last);
	}
}

static void methods(struct fetcher *f)
{
	static const struct {
		const char *method, *body, *begins;
		bool has_length;
	} rows[] = {
		{ "GET", "", "GET /echo ", false },         { "PUT", "abc", "PUT /echo ", true },
		{ "HEAD", "", "HEAD /echo ", false },       { "POST", "abc", "POST /echo ", true },
		{ "DELETE", "", "DELETE /echo ", false },   { "GET", "", "GET /echo ", false },
		{ "DELETE", "abc", "DELETE /echo ", true }, { "PATCH", "", "PATCH /echo ", true },
		{ "HEAD", "abc", "HEAD /echo ", false },    { "GET", "abc", "GET /echo ", true },
		{ "OPTIONS", "", "OPTIONS /echo ", false }, { "POST", "", "POST /echo ", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got;
		bool fine;

		/* The target answers HEAD with a body, so each gets its own connection where it
		 * matters. */
		got = wire(f, &(struct ask){ .url = "/echo",
					     .method = rows[i].method,
					     .body = rows[i].body });
		fine = strncmp(got, rows[i].begins, strlen(rows[i].begins)) == 0
		    && !strstr(got, "Content-Length:") == !rows[i].has_length;
		CHECK_SAID(fine, got);
	}
}

static void refused_before_dialling(struct fetcher *open, struct fetcher *strict)
{
	static const char *const never[] = {
		"http://0.0.0.0",
		"http://0",
		"http://2130706433",
		"http://0x7f000001",
		"http://0177.0.0.1",
		"http://127.1",
		"http://0x7f.1",
		"http://[::]",
		"http://[::ffff:127.0.0.1]",
		"http://[::ffff:7f00:1]",
		"http://[64:ff9b::7f00:1]",
		"http://user@127.0.0.1",
		"http://a.test\\@127.0.0.1",
		"http://127.0.0.1\\@a.test",
		"http://255.255.255.255",
		"ftp://127.0.0.1",
		"http://224.0.0.1",
		"http://%31%32%37.0.0.1",
	};
	static const char *const private[] = { "http://127.0.0.1", "http://127.255.1.2",
					       "http://[::1]", "http://10.0.0.1",
					       "http://169.254.169.254" };
	static struct asked got;
	char url[100];

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]) * 2; i++) {
		snprintf(url, sizeof(url), "%s:%d/ok", never[i / 2], rig.target.port);
		rig_get(i % 2 ? open : strict, url, &got);
		CHECK_SAID(got.r.fault == FETCH_FORBIDDEN && got.calls == 1 && !got.early, url);
	}
	for (size_t i = 0; i < sizeof(private) / sizeof(private[0]); i++) {
		snprintf(url, sizeof(url), "%s:%d/ok", private[i], rig.target.port);
		rig_get(strict, url, &got);
		CHECK_SAID(got.r.fault == FETCH_FORBIDDEN, url);
	}
}

/* The second wall: should the first let an address through, the socket is not opened. */
static void refused_when_dialling(void)
{
	static struct asked got, named;
	struct fetcher *f = rig_fetcher(10, true);
	int before = rig.target.counts->connections;
	char url[60];

	snprintf(url, sizeof(url), "http://localhost:%d/ok", rig.target.port);
	rig_ask(f, &(struct ask){ .url = "/ok" }, &got);
	rig_ask(f, &(struct ask){ .url = url }, &named);
	f->limits.allow_private = false;
	CHECK(rig_wait(5 * SEC));
	CHECK_SAID(got.r.fault == FETCH_FORBIDDEN, got.detail);
	CHECK_SAID(named.r.fault == FETCH_FORBIDDEN, named.detail);
	CHECK(rig.target.counts->connections == before);
	fetcher_free(f);
}

static void no_line_breaks_from_headers(struct fetcher *f)
{
	static const struct fetch_header bad[] = { HEADER("X", "a\r\nY: b"), HEADER("X\nY", "a"),
						   HEADER("X", "a\nb"), HEADER("X", "a\0b"),
						   HEADER("", "a") };
	static struct asked got;
	int before = target_requests(&rig.target, "/ok");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rig_ask(f, &(struct ask){ .url = "/ok", .headers = &bad[i], .headers_count = 1 },
			&got);
		CHECK(rig_wait(SEC));
		CHECK(got.r.fault == FETCH_FORBIDDEN);
		CHECK(fetch_header_check(bad[i].name, bad[i].value) != NULL);
	}
	rig_ask(f, &(struct ask){ .url = "/ok HTTP/1.1\r\nX: y" }, &got);
	CHECK(rig_wait(SEC));
	CHECK(got.r.fault == FETCH_FORBIDDEN);
	rig_ask(f, &(struct ask){ .url = "/ok#x" }, &got);
	CHECK(rig_wait(SEC));
	CHECK(got.r.fault == FETCH_FORBIDDEN);
	rig_ask(f, &(struct ask){ .url = "/ok", .method = "GET /x HTTP/1.1\r\nX:" }, &got);
	CHECK(rig_wait(SEC));
	CHECK(got.r.fault == FETCH_FORBIDDEN);
	CHECK(target_requests(&rig.target, "/ok") == before);
}

static void connections_are_kept(void)
{
	static struct asked got;
	struct fetcher *f = rig_fetcher(10, true);
	int before = rig.target.counts->connections;

	for (int i = 0; i < 50; i++) {
		rig_get(f, "/ok", &got);
		CHECK(got.r.status == 200);
	}
	CHECK(rig.target.counts->connections == before + 1);
	/* A long answer is read to its end, so its connection stays too. */
	rig_get(f, "/1mb", &got);
	rig_get(f, "/ok", &got);
	CHECK(rig.target.counts->connections == before + 1);
	fetcher_free(f);
}

/* A kept connection that is closed in the face of the next request: sent once more, on a fresh
 * one. */
static void one_more_send_at_most(void)
{
	static struct asked got, both[2];
	struct fetcher *f = rig_fetcher(10, true);
	int before, never;

	rig_get(f, "/once", &got);
	CHECK(got.r.status == 200);
	before = target_requests(&rig.target, "/once");
	rig_get(f, "/once", &got);
	CHECK(got.r.status == 200);
	CHECK(target_requests(&rig.target, "/once") == before + 2);
	/* Two kept connections that both die: the second try may meet the other, and there is no
	 * third. */
	for (int i = 0; i < 2; i++)
		rig_ask(f, &(struct ask){ .url = "/slow" }, &both[i]);
	CHECK(rig_wait(5 * SEC));
	never = target_requests(&rig.target, "/never");
	rig_get(f, "/never", &got);
	CHECK_SAID(got.r.fault == FETCH_RESET, got.detail);
	CHECK(target_requests(&rig.target, "/never") <= never + 2);
	fetcher_free(f);
}

/* An idle connection that the target closes meanwhile is noticed: no error, no double request. */
static void closed_while_idle(void)
{
	static struct asked got;
	struct fetcher *f = rig_fetcher(10, true);
	int before;

	for (int i = 0; i < 5; i++) {
		rig_get(f, "/10", &got);
		CHECK(got.r.status == 200);
		rig_run(5 * MSEC);
	}
	before = target_requests(&rig.target, "/ok");
	rig_get(f, "/ok", &got);
	CHECK(got.r.status == 200);
	CHECK(target_requests(&rig.target, "/ok") == before + 1);
	fetcher_free(f);
}

void cases_requests(void)
{
	struct fetcher *open = rig_fetcher(100, true), *strict = rig_fetcher(100, false);

	bytes_on_the_wire(open);
	methods(open);
	targets(open);
	refused_before_dialling(open, strict);
	refused_when_dialling();
	no_line_breaks_from_headers(open);
	connections_are_kept();
	one_more_send_at_most();
	closed_while_idle();
	fetcher_free(open);
	fetcher_free(strict);
}
