/* What the gate lets pass and what it refuses. Each row is sent whole on a connection of its
 * own, and then again one byte at a time: where the reads fall may not matter. A refused
 * connection is told why and ended; one that was answered must still be good for another
 * request. */
#include "http_raw.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum after { ENDS, STAYS };

static const struct row {
	int line;
	const char *in;
	size_t n;
	int status;
	enum after after;
} rows[] = {
#define R(text, status, after)                                  \
	{                                                       \
		__LINE__, text, sizeof(text) - 1, status, after \
	}
#define GET "GET /t/open HTTP/1.1\r\n"
#define HOST "Host: a\r\n"
#define POST "POST /t/items HTTP/1.1\r\n" HOST KEY_EDITOR "Content-Type: application/json\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define BODY "{\"name\":\"a\"}"
	/* What is fine. */
	R(GET HOST "\r\n", 200, STAYS),
	R("HEAD /t/open HTTP/1.1\r\n" HOST "\r\n", 200, STAYS),
	R("OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 204, STAYS),
	R("OPTIONS /t/items HTTP/1.1\r\n" HOST "\r\n", 204, STAYS),
	R("GET /t/open HTTP/1.0\r\n\r\n", 200, ENDS),
	R("GET /t/open HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, STAYS),
	R(GET HOST "Connection: close\r\n\r\n", 200, ENDS),
	R(GET HOST "Connection: foo, Close\r\n\r\n", 200, ENDS),
	R(GET HOST "Connection: keep-alive\r\n\r\n", 200, STAYS),
	R(GET "HOST:a\r\nx:\r\n\r\n", 200, STAYS),
	R(GET "Host: \t a.example:8080 \t\r\n\r\n", 200, STAYS),
	R(GET "Host: [::1]:80\r\n\r\n", 200, STAYS),
	R(GET HOST "X-\x21#$%&'*+-.^_`|~9: \xc3\xa9\t\"(x)\r\n\r\n", 200, STAYS),
	R(GET HOST "Content-Length: 0\r\n\r\n", 200, STAYS),
	R(POST "Content-Length: 12\r\n\r\n" BODY, 201, STAYS),
	R(POST "content-LENGTH:12\r\n\r\n" BODY, 201, STAYS),
	R(POST "Content-Length: 012\r\n\r\n" BODY, 201, STAYS),
	R(POST "Content-Length: \t12 \r\n\r\n" BODY, 201, STAYS),
	R(CHUNKED "c\r\n" BODY "\r\n0\r\n\r\n", 201, STAYS),
	R(CHUNKED "000C\r\n" BODY "\r\n00\r\n\r\n", 201, STAYS),
	R(CHUNKED "5\r\n{\"nam\r\n7\r\ne\":\"a\"}\r\n0\r\n\r\n", 201, STAYS),
	R(POST "transfer-encoding:Chunked \r\n\r\nc\r\n" BODY "\r\n0\r\n\r\n", 201, STAYS),
	R(CHUNKED "c;ext=\"1\"\r\n" BODY "\r\n0;x\r\n\r\n", 201, STAYS),
	R(CHUNKED "c\r\n" BODY "\r\n0\r\nContent-Length: 5\r\nHost: b\r\nAuthorization: x\r\n\r\n",
	  201, STAYS),
	R("POST /t/poke HTTP/1.1\r\n" HOST KEY_EDITOR "\r\n", 200, STAYS),
	R("POST /t/poke HTTP/1.1\r\n" HOST KEY_EDITOR "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	  200, STAYS),
	R("DELETE /t/items/x HTTP/1.1\r\n" HOST KEY_EDITOR "\r\n", 404, STAYS),
	R(GET HOST "Expect: 100-continue\r\n\r\n", 200, STAYS),
	/* The request line. */
	R("\r\n" GET HOST "\r\n", 400, ENDS),
	R(" GET / HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET  / HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET /  HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET /a\tb HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET / HTTP/1.1 \r\n" HOST "\r\n", 400, ENDS),
	R("GET / http/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET / HTTP/1.9\r\n" HOST "\r\n", 505, ENDS),
	R("GET / HTTP/2.0\r\n" HOST "\r\n", 505, ENDS),
	R("GET / HTTP/0.9\r\n" HOST "\r\n", 505, ENDS),
	R("GET / HTTP/1.1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET / HTTP/1.01\r\n" HOST "\r\n", 400, ENDS),
	R("GET / HTTP/+1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET /\r\n", 400, ENDS),
	R("GET\r\n", 400, ENDS),
	R("get / HTTP/1.1\r\n" HOST "\r\n", 501, ENDS),
	R("BREW / HTTP/1.1\r\n" HOST "\r\n", 501, ENDS),
	R("TRACE / HTTP/1.1\r\n" HOST "\r\n", 501, ENDS),
	R("CONNECT a:80 HTTP/1.1\r\n" HOST "\r\n", 501, ENDS),
	R("GE\x00T / HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("G(T / HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET / HTTP/1.1\n" HOST "\r\n", 400, ENDS),
	R("GET / HTTP/1.1\r" HOST "\r\n", 400, ENDS),
	R("GET http://a/t/open HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET //a/t/open HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET t/open HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET * HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("OPTIONS *x HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET /a#b HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET /a\\b HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET /a\"b HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", 400, ENDS),
	R("GET /a\x00"
	  "b HTTP/1.1\r\n" HOST "\r\n",
	  400, ENDS),
	R("GET /a\x7f"
	  "b HTTP/1.1\r\n" HOST "\r\n",
	  400, ENDS),
	R("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, ENDS),
	R("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501, ENDS),
	/* Header lines. */
	R(GET HOST "X: a\n\r\n", 400, ENDS),
	R(GET HOST "X: a\n\n", 400, ENDS),
	R(GET HOST "\n", 400, ENDS),
	R(GET HOST "X: a\rb\r\n\r\n", 400, ENDS),
	R(GET HOST "\rX: a\r\n\r\n", 400, ENDS),
	R(GET HOST "X: a\x00"
		   "b\r\n\r\n",
	  400, ENDS),
	R(GET HOST "X\x00: a\r\n\r\n", 400, ENDS),
	R(GET HOST "X: a\x01\r\n\r\n", 400, ENDS),
	R(GET HOST "X: a\x7f\r\n\r\n", 400, ENDS),
	R(GET HOST "X: a\r\n b\r\n\r\n", 400, ENDS),
	R(GET HOST "X: a\r\n\tb\r\n\r\n", 400, ENDS),
	R(GET " " HOST "\r\n", 400, ENDS),
	R(GET HOST "X : a\r\n\r\n", 400, ENDS),
	R(GET HOST "X\t: a\r\n\r\n", 400, ENDS),
	R(GET HOST ": a\r\n\r\n", 400, ENDS),
	R(GET HOST "X\r\n\r\n", 400, ENDS),
	R(GET HOST "X Y: a\r\n\r\n", 400, ENDS),
	R(GET HOST "X(Y): a\r\n\r\n", 400, ENDS),
	R(GET HOST "\xc3\xa9: a\r\n\r\n", 400, ENDS),
	/* Host. */
	R(GET "\r\n", 400, ENDS),
	R(GET HOST HOST "\r\n", 400, ENDS),
	R(GET HOST "hOST: b\r\n\r\n", 400, ENDS),
	R(GET "Host:\r\n\r\n", 400, ENDS),
	R(GET "Host: a b\r\n\r\n", 400, ENDS),
	R(GET "Host: a, b\r\n\r\n", 400, ENDS),
	R(GET "Host: a/b\r\n\r\n", 400, ENDS),
	R(GET "Host: u@a\r\n\r\n", 400, ENDS),
	R(GET "Host : a\r\n\r\n", 400, ENDS),
	R("GET /t/open HTTP/1.0\r\n" HOST HOST "\r\n", 400, ENDS),
	/* Framing. */
	R(GET HOST "Content-Length: 5\r\n\r\nhello", 400, ENDS),
	R("HEAD /t/open HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", 400, ENDS),
	R("HEAD /t/open HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
	  ENDS),
	R(GET HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ENDS),
	R("OPTIONS /t/open HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}", 400, ENDS),
	R(POST "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding: chunked\r\nContent-Length: 12\r\n\r\n0\r\n\r\n", 400, ENDS),
	R(POST "Content-Length: 12\r\nContent-Length: 12\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: 12\r\nContent-Length: 13\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: 12, 12\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: +12\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: -1\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: 0x0c\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: 1 2\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length:\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: 12.0\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: 99999999999999999999\r\n\r\n", 400, ENDS),
	R(POST "Content-Length : 12\r\n\r\n" BODY, 400, ENDS),
	R(POST "Content-Length: 999999999999999999\r\n\r\n", 413, ENDS),
	R(POST "Transfer-Encoding: gzip\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding: gzip, chunked\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding: chunked, chunked\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding: xchunked\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding: chunked;q=1\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding: \x0b"
	       "chunked\r\n\r\n",
	  400, ENDS),
	R(POST "Transfer-Encoding : chunked\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding:\r\n\r\n", 400, ENDS),
	R(POST "Transfer-Encoding:\r\n chunked\r\n\r\n", 400, ENDS),
	R("POST /t/items HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ENDS),
	R(GET HOST "Expect:\t100-continue\r\n\r\n", 417, ENDS),
	R(GET HOST "Expect: 100-Continue \r\n\r\n", 200, STAYS),
	R(POST "Expect: x\r\nContent-Length: 12\r\n\r\n" BODY, 417, ENDS),
	/* Chunks. */
	R(CHUNKED " c\r\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "0xc\r\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "c \r\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "+c\r\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "-1\r\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "g\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "c\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "c\r" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "c\r\n" BODY "\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "c\r\n" BODY "xx0\r\n\r\n", 400, ENDS),
	R(CHUNKED "b\r\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "d\r\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "c;a\x00"
		  "b\r\n" BODY "\r\n0\r\n\r\n",
	  400, ENDS),
	R(CHUNKED "c;a\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "00000000c\r\n" BODY "\r\n0\r\n\r\n", 400, ENDS),
	R(CHUNKED "ffffffff\r\n" BODY, 413, ENDS),
	R(CHUNKED "ffffffffffffffff\r\n" BODY, 400, ENDS),
	R(CHUNKED "0\r\nX : a\r\n\r\n", 400, ENDS),
	R(CHUNKED "0\r\nX: a\n\r\n", 400, ENDS),
	R(CHUNKED "0\r\n X: a\r\n\r\n", 400, ENDS),
	R(CHUNKED "0\r\nX\r\n\r\n", 400, ENDS),
	R(CHUNKED "0\r\n\n", 400, ENDS),
	/* Values that decide nothing about the framing. */
	R("GET /t/items?name=%00 HTTP/1.1\r\n" HOST KEY_VIEWER "\r\n", 422, STAYS),
	R("GET /t/%zz HTTP/1.1\r\n" HOST "\r\n", 400, STAYS),
	R("GET /t/%00 HTTP/1.1\r\n" HOST "\r\n", 400, STAYS),
	R("GET /t/open/ HTTP/1.1\r\n" HOST "\r\n", 404, STAYS),
	R("GET /t/../t/open HTTP/1.1\r\n" HOST "\r\n", 404, STAYS),
	R("GET /%74/open HTTP/1.1\r\n" HOST "\r\n", 200, STAYS),
	R("GET /t%2fopen HTTP/1.1\r\n" HOST "\r\n", 404, STAYS),
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void look_at(const struct row *row, struct reply *r)
{
	CHECK(r->status == row->status, "row of line %d: %d and not %d", row->line, r->status,
	      row->status);
	CHECK(wire_header(r, "X-Request-Id") && wire_header(r, "Date"), "row of line %d: headers",
	      row->line);
	CHECK(r->closes == (row->after == ENDS), "row of line %d: Connection", row->line);
	if (row->status >= 400 && r->body)
		CHECK(strstr(r->body, "\"code\":\"")
			      && strcmp(wire_header(r, "Content-Type"), "application/problem+json")
					 == 0,
		      "row of line %d: body %s", row->line, r->body);
}

static void try_row(const struct server *s, const struct row *row, bool in_bytes)
{
	bool is_head = strncmp(row->in, "HEAD", 4) == 0 && row->after == STAYS;
	int fd = wire_open(s);
	struct reply r;

	for (size_t i = 0; in_bytes && i < row->n; i++)
		if (!wire_send(fd, row->in + i, 1))
			break;
	if (!in_bytes)
		wire_send(fd, row->in, row->n);
	r = wire_read(fd, is_head, 3000);
	look_at(row, &r);
	free(r.body);
	if (row->after == ENDS) {
		CHECK(wire_ends(fd, 3000), "row of line %d: the connection must end", row->line);
	} else {
		wire_send(fd, GET HOST "\r\n", strlen(GET HOST "\r\n"));
		r = wire_read(fd, false, 3000);
		CHECK(r.status == 200, "row of line %d: the next request got %d", row->line,
		      r.status);
		free(r.body);
	}
	close(fd);
}

/* --- what has a ceiling --- */

static char *repeat(const char *before, const char *what, size_t n, const char *after)
{
	size_t bytes = strlen(before) + n * strlen(what) + strlen(after) + 1;
	char *text = malloc(bytes), *at = stpcpy(text, before);

	while (n--)
		at = stpcpy(at, what);
	strcpy(at, after);
	return text;
}

static void expect_sent(const struct server *s, char *text, int status, const char *what)
{
	struct reply r = wire_ask(s, text);

	CHECK(r.status == status, "%s: %d and not %d", what, r.status, status);
	free(r.body);
	free(text);
}

static void ceilings(const struct server *s)
{
	expect_sent(s, repeat(GET HOST, "X: y\r\n", 63, "\r\n"), 200, "64 headers");
	expect_sent(s, repeat(GET HOST, "X: y\r\n", 64, "\r\n"), 431, "65 headers");
	expect_sent(s, repeat(GET HOST, "X: y\r\n", 1500, "\r\n"), 431, "1,500 headers");
	expect_sent(s, repeat(GET HOST "X: ", "y", 15 * 1024, "\r\n\r\n"), 200, "a head of 15 KiB");
	expect_sent(s, repeat(GET HOST "X: ", "y", 17 * 1024, "\r\n\r\n"), 431, "a head of 17 KiB");
	expect_sent(s, repeat(GET HOST, "y", 17 * 1024, ": x\r\n\r\n"), 431, "a name of 17 KiB");
	expect_sent(s, repeat("GET /", "a", 8000, " HTTP/1.1\r\n" HOST "\r\n"), 404,
		    "a target of 8,000 bytes");
	expect_sent(s, repeat("GET /", "a", 8200, " HTTP/1.1\r\n" HOST "\r\n"), 414,
		    "a target of 8,200 bytes");
	expect_sent(s, repeat("GET /", "a", 80000, " HTTP/1.1\r\n" HOST "\r\n"), 414,
		    "a target of 80,000 bytes");
	expect_sent(s, repeat(CHUNKED "c", ";a", 200, "\r\n" BODY "\r\n0\r\n\r\n"), 400,
		    "long chunk extensions");
	expect_sent(s, repeat(CHUNKED "0\r\n", "X: y\r\n", 1000, "\r\n"), 431, "long trailers");
}

#define SMALL "POST /t/small HTTP/1.1\r\n" HOST KEY_EDITOR "Content-Type: application/json\r\n"
#define MIB (1024 * 1024)

/* {"name":"xxx..."} of `bytes` bytes, with a Content-Length or in chunks of 64 KiB. */
static int send_large(const struct server *s, const char *head, size_t bytes, bool in_chunks)
{
	int fd = wire_open(s);
	char line[64], *body = malloc(bytes);
	struct reply r;
	bool sent;

	memset(body, 'x', bytes);
	memcpy(body, "{\"name\":\"", 9);
	memcpy(body + bytes - 2, "\"}", 2);
	sent = wire_send(fd, head, strlen(head));
	snprintf(line, sizeof(line),
		 in_chunks ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: %zu\r\n\r\n",
		 bytes);
	sent = sent && wire_send(fd, line, strlen(line));
	for (size_t at = 0; sent && at < bytes; at += 65536) {
		size_t n = bytes - at < 65536 ? bytes - at : 65536;

		snprintf(line, sizeof(line), "%zx\r\n", n);
		sent = (!in_chunks || wire_send(fd, line, strlen(line)))
		    && wire_send(fd, body + at, n) && (!in_chunks || wire_send(fd, "\r\n", 2));
	}
	if (sent && in_chunks)
		wire_send(fd, "0\r\n\r\n", 5);
	r = wire_read(fd, false, 5000);
	free(r.body);
	free(body);
	close(fd);
	return r.status;
}

static void large_bodies(const struct server *s)
{
	static const char list[] = POST;
	int got;

#define LARGE(head, bytes, in_chunks, status)                            \
	got = send_large(s, head, bytes, in_chunks);                     \
	CHECK(got == (status), "a body of %d bytes%s: %d", (int)(bytes), \
	      (in_chunks) ? " in chunks" : "", got)
	LARGE(SMALL, MIB, false, 201);
	LARGE(SMALL, MIB + 1, false, 413);
	LARGE(SMALL, MIB, true, 201);
	LARGE(SMALL, MIB + 1, true, 413);
	LARGE(SMALL, 20 * MIB, true, 413);
	LARGE(list, MIB + 1, false, 413); /* an object, where only an array may be so large */
	LARGE(list, 16 * MIB + 1, false, 413);
	LARGE(list, 16 * MIB + 1, true, 413);
}

/* More than 1 MiB is for arrays, and those have a ceiling of items. */
static void large_list(const struct server *s, size_t items, int status, const char *part)
{
	static const char item[] =
		"{\"name\":\"a\",\"count\":1,\"at\":\"2026-03-09T07:30:00.000000000000000Z\"    "
		"                                                   },";
	char *list = repeat("[", item, items - 1, "{\"name\":\"a\"}]"), head[400];
	int fd = wire_open(s);
	struct reply r;

	snprintf(head, sizeof(head), POST "Content-Length: %zu\r\n\r\n", strlen(list));
	wire_send(fd, head, strlen(head));
	wire_send(fd, list, strlen(list));
	r = wire_read(fd, false, 5000);
	CHECK(r.status == status && strstr(r.body, part), "a list of %zu items: %d %s", items,
	      r.status, r.body);
	free(r.body);
	free(list);
	close(fd);
}

/* Bodies that are promised and never end may not fill the memory. */
static void many_large_bodies(const struct server *s)
{
	static const char head[] = POST "Content-Length: 16777216\r\n\r\n";
	size_t most = 15 * MIB;
	char *part = calloc(1, most);
	int fds[10], refused = 0;

	for (int i = 0; i < 10; i++) {
		struct pollfd p;

		fds[i] = wire_open(s);
		wire_send(fds[i], head, strlen(head));
		wire_send(fds[i], part, most);
		p = (struct pollfd){ fds[i], POLLIN, 0 };
		if (i >= 8 && poll(&p, 1, 1000) > 0) {
			struct reply r = wire_read(fds[i], false, 3000);

			refused += r.status == 503 && r.closes;
			free(r.body);
		}
	}
	CHECK(refused == 2, "%d of 2 bodies too many were refused", refused);
	for (int i = 0; i < 10; i++)
		close(fds[i]);
	free(part);
	for (int i = 0; i < 100 && refused; i++)
		refused = send_large(s, POST, 2 * MIB, false) != 413;
	CHECK(!refused, "the memory is there again");
}

/* --- pipelining --- */

static void pipelining(const struct server *s)
{
	char *many = repeat("", GET HOST "\r\n", 200, GET HOST "X : y\r\n\r\n" GET HOST "\r\n");
	static const char smuggled[] = POST "Content-Length: 33\r\n\r\n" GET HOST "\r\n";
	int fd = wire_open(s), good = 0;
	struct reply r;

	/* 200 answers in order, then the refusal of the bad one, and nothing of what follows it. */
	wire_send(fd, many, strlen(many));
	for (int i = 0; i < 200; i++) {
		r = wire_read(fd, false, 3000);
		good += r.status == 200;
		free(r.body);
	}
	CHECK(good == 200, "%d of 200 pipelined requests were answered", good);
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 400 && r.closes, "the bad one in the pipeline: %d", r.status);
	free(r.body);
	CHECK(wire_ends(fd, 3000), "what follows it must not be answered");
	close(fd);
	free(many);
	/* A body that looks like a request is a body. */
	fd = wire_open(s);
	wire_send(fd, smuggled, strlen(smuggled));
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 400, "a body that looks like a request: %d", r.status);
	free(r.body);
	close(fd);
}

void framing_tests(void)
{
	struct http_settings settings = rig_settings();
	struct server s = rig_start(&settings, 0);

	for (size_t i = 0; i < ROWS; i++) {
		try_row(&s, &rows[i], false);
		try_row(&s, &rows[i], true);
	}
	ceilings(&s);
	large_bodies(&s);
	large_list(&s, 10000, 201, "\"count\":10000");
	large_list(&s, 10001, 422, "too_many");
	many_large_bodies(&s);
	pipelining(&s);
	CHECK(rig_stop(&s), "the server did not end well");
}
