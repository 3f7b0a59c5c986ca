/* One row a way to answer. All are asked at once, on one fetcher: none may disturb another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "rig.h"

static const struct row {
	int line;
	const char *path;
	enum fetch_fault fault;
	int status;
	int body;           /* bytes kept; -1: any */
	int timeout;        /* ms; 0: long */
	usec_t retry_after; /* 0: none expected */
} rows[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
	R("/ok", FETCH_FINE, 200, 2, 0, 0),
	R("/201", FETCH_FINE, 201, 0, 0, 0),
	R("/204", FETCH_FINE, 204, 0, 0, 0),
	R("/302", FETCH_FINE, 302, 0, 0, 0),
	R("/location", FETCH_FINE, 301, 0, 0, 0),
	R("/401", FETCH_FINE, 401, 0, 0, 0),
	R("/410", FETCH_FINE, 410, 2, 0, 0),
	R("/500", FETCH_FINE, 500, 2, 0, 0),
	R("/599", FETCH_FINE, 599, 2, 0, 0),
	R("/600", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/999", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/099", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/101", FETCH_TIMEOUT, 0, 0, 400, 0),
	R("/10", FETCH_FINE, 200, 14, 0, 0),
	R("/noreason", FETCH_FINE, 200, 2, 0, 0),
	R("/slow", FETCH_FINE, 200, 2, 0, 0),
	/* Time. */
	R("/drip", FETCH_TIMEOUT, 0, 0, 400, 0),
	R("/driphead", FETCH_TIMEOUT, 0, 0, 400, 0),
	R("/hang", FETCH_TIMEOUT, 0, 0, 300, 0),
	R("/hanghead", FETCH_TIMEOUT, 0, 0, 300, 0),
	R("/hangbody", FETCH_TIMEOUT, 0, 0, 300, 0),
	/* Broken off. */
	R("/rst", FETCH_RESET, 0, 0, 0, 0),
	R("/rstbody", FETCH_RESET, 0, 0, 0, 0),
	R("/shortbody", FETCH_RESET, 0, 0, 0, 0),
	R("/shortchunk", FETCH_RESET, 0, 0, 0, 0),
	R("/empty", FETCH_RESET, 0, 0, 0, 0),
	R("/never", FETCH_RESET, 0, 0, 0, 0),
	/* Too much. */
	R("/5gb", FETCH_FINE, 200, FETCH_BODY_MAX, 0, 0),
	R("/410long", FETCH_FINE, 410, FETCH_BODY_MAX, 0, 0),
	R("/3mb", FETCH_FINE, 200, FETCH_BODY_MAX, 0, 0),
	R("/1mb", FETCH_FINE, 200, FETCH_BODY_MAX, 0, 0),
	R("/headers", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/headers9k", FETCH_FINE, 200, 2, 0, 0),
	R("/longline", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/trailers", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/trailer", FETCH_FINE, 200, 2, 0, 0),
	R("/1xx", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/few1xx", FETCH_FINE, 200, 2, 0, 0),
	/* Not HTTP. */
	R("/http09", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/garbage", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/nul", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/nulbody", FETCH_FINE, 200, 2, 0, 0),
	R("/http2", FETCH_FINE, 200, 2, 0, 0), /* libcurl is not strict about the version */
	R("/icy", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/badchunk", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/hugechunk", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/badlength", FETCH_PROTOCOL, 0, 0, 0, 0),
	R("/hugelength", FETCH_FINE, 200, 3, 0, 0), /* read until the end instead */
	/* Compressed, or said to be: never decoded. */
	R("/gzip", FETCH_FINE, 200, 5, 0, 0),
	R("/secrets", FETCH_FINE, 200, 2, 0, 0),
	/* When to come again. */
	R("/ra5", FETCH_FINE, 429, 0, 0, 5 * SEC),
	R("/ra503", FETCH_FINE, 503, 0, 0, 7 * SEC),
	R("/ra200", FETCH_FINE, 200, 0, 0, 0),
	R("/radate", FETCH_FINE, 429, 0, 0, 60 * SEC),
	R("/raneg", FETCH_FINE, 429, 0, 0, 0),
	R("/rabig", FETCH_FINE, 429, 0, 0, DAY),
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void check_row(const struct row *w, const struct asked *got)
{
	usec_t retry_after = w->retry_after ? w->retry_after : USEC_NEVER;
	bool fine = got->calls == 1 && !got->early && got->r.fault == w->fault
		 && got->r.status == w->status && (w->body < 0 || got->r.body.n == (size_t)w->body)
		 && got->r.retry_after == retry_after && (w->fault == FETCH_FINE) == !got->detail[0]
		 && got->r.total_us > 0;
	char text[500];

	snprintf(text, sizeof(text),
		 "line %d: %s: %d calls, %s, status %d, %zu bytes, retry %lld: %s", w->line,
		 w->path, got->calls, fetch_fault_name(got->r.fault), got->r.status, got->r.body.n,
		 (long long)got->r.retry_after, got->detail);
	rig_check(fine, text, __FILE__, w->line);
}

static const struct asked *row_of(const struct asked *all, const char *path)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].path, path) == 0)
			return &all[i];
	abort();
}

static void check_details(const struct asked *all, bool kept)
{
	const char *headers = row_of(all, "/secrets")->headers;

	CHECK(strcmp(headers, "Content-Length: 2\r\nX-Keep: yes\r\nX-Also:   spaces\r\n") == 0);
	headers = row_of(all, "/few1xx")->headers;
	CHECK(strcmp(headers, "Content-Length: 2\r\nX-Final: 1\r\n") == 0);
	headers = row_of(all, "/trailer")->headers;
	CHECK(strcmp(headers, "Transfer-Encoding: chunked\r\n") == 0);
	headers = row_of(all, "/headers9k")->headers;
	CHECK(strlen(headers) > FETCH_HEADERS_MAX - 100);
	CHECK(strlen(headers) <= FETCH_HEADERS_MAX);
	CHECK(memcmp(row_of(all, "/nulbody")->body, "\0\0", 2) == 0);
	CHECK(memcmp(row_of(all, "/gzip")->body, "\x1f\x8b\x08zz", 5) == 0);
	CHECK(strcmp(row_of(all, "/ok")->r.address, "127.0.0.1") == 0);
	CHECK(kept || row_of(all, "/ok")->r.connect_us > 0);
	CHECK(row_of(all, "/slow")->r.first_byte_us > 100000);
	CHECK(row_of(all, "/hang")->took >= 300 * MSEC);
	CHECK(row_of(all, "/hang")->took < 1500 * MSEC);
	CHECK(row_of(all, "/drip")->took >= 400 * MSEC);
}

static void check_ends_of_the_line(struct fetcher *f)
{
	static struct asked silent, closed, kept, after;
	char url[60];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", rig.target.silent_port);
	rig_ask(f, &(struct ask){ .url = url, .timeout = 300 * MSEC }, &silent);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", rig.target.closed_port);
	rig_ask(f, &(struct ask){ .url = url }, &closed);
	CHECK(rig_wait(5 * SEC));
	CHECK(silent.r.fault == FETCH_TIMEOUT);
	CHECK(closed.r.fault == FETCH_CONNECT);
	/* Answers nobody asked for do not become the answer of the next request. */
	rig_get(f, "/pipelined", &kept);
	rig_get(f, "/410", &after);
	CHECK(kept.r.status == 200);
	CHECK(after.r.status == 410);
}

/* The target answers before it has read the body, and never reads it. */
static void check_early(struct fetcher *f)
{
	static struct asked early, closing, refused;
	size_t n = 6 * 1048576;
	char *body = malloc(n + 1);

	memset(body, 'b', n);
	body[n] = '\0';
	rig_ask(f, &(struct ask){ .url = "/early", .body = body, .timeout = 2 * SEC }, &early);
	rig_ask(f, &(struct ask){ .url = "/earlyclose", .body = body, .timeout = 2 * SEC },
		&closing);
	rig_ask(f, &(struct ask){ .url = "/early413", .body = body, .timeout = 2 * SEC }, &refused);
	CHECK(rig_wait(8 * SEC));
	CHECK_SAID(early.r.fault == FETCH_FINE && early.r.status == 200, early.detail);
	/* Closed with data unread: TCP resets, and the reset may overtake the answer (RFC 9112
	 * 9.6). */
	CHECK_SAID(closing.r.fault == FETCH_RESET || closing.r.status == 200, closing.detail);
	CHECK_SAID(refused.r.fault == FETCH_FINE && refused.r.status == 413, refused.detail);
	free(body);
}

void cases_responses(void)
{
	static struct asked all[ROWS];
	struct fetcher *f = rig_fetcher(1000, true);

	clock_set((usec_t)784111777 * SEC);       /* for Retry-After with a date */
	for (int round = 0; round < 2; round++) { /* the second on connections that are kept */
		for (size_t i = 0; i < ROWS; i++)
			rig_ask(f,
				&(struct ask){ .url = rows[i].path,
					       .timeout = rows[i].timeout * MSEC },
				&all[i]);
		CHECK(fetcher_in_flight(f) == (int)ROWS);
		CHECK(rig_wait(10 * SEC));
		CHECK(fetcher_in_flight(f) == 0);
		for (size_t i = 0; i < ROWS; i++)
			check_row(&rows[i], &all[i]);
		check_details(all, round > 0);
	}
	check_ends_of_the_line(f);
	check_early(f);
	fetcher_free(f);
}
