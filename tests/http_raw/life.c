/* Connections: deadlines, ceilings, clients that leave or do not read, running out of
 * descriptors, the end. */
#include "http_raw.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "io/loop.h"

#define GET "GET /t/open HTTP/1.1\r\nHost: a\r\n\r\n"
#define HOLD "GET /t/hold HTTP/1.1\r\nHost: a\r\n\r\n"
#define HELD "GET /t/held HTTP/1.1\r\nHost: a\r\n\r\n"
#define RELEASE "GET /t/release HTTP/1.1\r\nHost: a\r\n\r\n"

static int ask_on(int fd, const char *text)
{
	struct reply r;

	if (!wire_send(fd, text, strlen(text)))
		return 0;
	r = wire_read(fd, false, 3000);
	free(r.body);
	return r.status;
}

static int ask(const struct server *s, const char *text)
{
	struct reply r = wire_ask(s, text);

	free(r.body);
	return r.status;
}

/* Waits until the server holds n operations. */
static bool holds(const struct server *s, int n)
{
	char want[32];
	bool is_so = false;

	snprintf(want, sizeof(want), "\"count\":%d", n);
	for (int i = 0; i < 300 && !is_so; i++) {
		struct reply r = wire_ask(s, HELD);

		is_so = r.body && strstr(r.body, want);
		free(r.body);
	}
	return is_so;
}

/* Sends `text` a byte at a time, slower than any idle timer would notice, until something comes
 * back. */
static struct reply drip(int fd, const char *text, int every_ms)
{
	for (size_t i = 0; text[i]; i++) {
		struct pollfd p = { fd, POLLIN, 0 };

		wire_send(fd, text + i, 1);
		if (poll(&p, 1, every_ms) > 0)
			break;
	}
	return wire_read(fd, false, 1000);
}

static void deadlines(void)
{
	static const char slow_head[] =
		"GET /t/open HTTP/1.1\r\nHost: a\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	static const char body[] =
		"POST /t/items HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
	struct http_settings settings = rig_settings();
	struct server s;
	struct reply r;
	usec_t began;
	int fd;

	settings.header_deadline = 300 * MSEC;
	settings.body_deadline = 200 * MSEC;
	settings.idle_timeout = 600 * MSEC;
	s = rig_start(&settings, 0);
	began = clock_boot();
	fd = wire_open(&s);
	r = drip(fd, slow_head, 20);
	CHECK(r.status == 408 && r.closes, "a dripping head: %d", r.status);
	CHECK(clock_boot() - began < 3 * SEC, "the deadline of heads is absolute");
	free(r.body);
	CHECK(wire_ends(fd, 3000), "a dripping head ends the connection");
	close(fd);
	fd = wire_open(&s);
	wire_send(fd, body, strlen(body));
	r = drip(fd, slow_head, 20);
	CHECK(r.status == 408, "a dripping body: %d", r.status);
	free(r.body);
	close(fd);
	/* Nothing sent at all, and nothing after a request: ended without a word. */
	fd = wire_open(&s);
	CHECK(wire_ends(fd, 3000), "a silent connection ends");
	close(fd);
	fd = wire_open(&s);
	CHECK(ask_on(fd, GET) == 200, "a request");
	began = clock_boot();
	CHECK(wire_ends(fd, 3000), "an idle connection ends");
	CHECK(clock_boot() - began > 400 * MSEC, "but not at once");
	close(fd);
	/* An operation takes as long as it takes. */
	fd = wire_open(&s);
	wire_send(fd, HOLD, strlen(HOLD));
	began = clock_boot();
	CHECK(!wire_ends(fd, 900), "a pending request has no deadline");
	CHECK(clock_boot() - began > 800 * MSEC,
	      "a pending request gets no answer before its time");
	CHECK(ask(&s, RELEASE) == 200, "release");
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 200, "the late answer: %d", r.status);
	free(r.body);
	close(fd);
	CHECK(rig_stop(&s), "the server did not end well");
}

static void ceilings(void)
{
	struct http_settings settings = rig_settings();
	int fds[8], extra;
	struct server s;
	struct reply r;

	settings.connections_per_address_max = 5;
	settings.connections_max = 8;
	s = rig_start(&settings, 0);
	for (int i = 0; i < 5; i++) {
		fds[i] = wire_open(&s);
		CHECK(ask_on(fds[i], GET) == 200, "connection %d", i);
	}
	extra = wire_open(&s);
	r = wire_read(extra, false, 3000);
	CHECK(r.status == 503 && r.closes, "one too many from one address: %d", r.status);
	free(r.body);
	CHECK(wire_ends(extra, 3000), "it is ended");
	close(extra);
	/* A place that is left can be taken. */
	close(fds[0]);
	for (int i = 0; i < 100 && (fds[0] = wire_open(&s)) >= 0 && ask_on(fds[0], GET) != 200; i++)
		close(fds[0]);
	CHECK(ask_on(fds[0], GET) == 200, "the place that was left");
	for (int i = 0; i < 5; i++)
		close(fds[i]);
	CHECK(rig_stop(&s), "the server did not end well");
	settings.connections_per_address_max = 100;
	s = rig_start(&settings, 0);
	for (int i = 0; i < 8; i++) {
		fds[i] = wire_open(&s);
		CHECK(ask_on(fds[i], GET) == 200, "connection %d", i);
	}
	CHECK(ask(&s, GET) == 503, "one too many in all");
	for (int i = 0; i < 8; i++)
		close(fds[i]);
	CHECK(rig_stop(&s), "the server did not end well");
}

/* With the descriptors used up: those who are there are served, nothing spins, and then all goes
 * on. */
static void descriptors(void)
{
	struct http_settings settings = rig_settings();
	struct server s;
	int fds[40], n = 0, answered = 0;
	double cpu;
	usec_t began;

	s = rig_start(&settings, 10);
	while (n < 40 && (fds[n] = wire_open(&s)) >= 0)
		n++;
	for (int i = 0; i < n; i++) {
		struct reply r;

		wire_send(fds[i], GET, strlen(GET));
		r = wire_read(fds[i], false, i < 10 ? 2000 : 30);
		answered += r.status == 200;
		free(r.body);
	}
	CHECK(answered >= 5 && answered <= 11, "%d of %d were served", answered, n);
	cpu = rig_cpu_seconds(&s);
	began = clock_boot();
	(void)poll(NULL, 0, 400);
	cpu = rig_cpu_seconds(&s) - cpu;
	CHECK(cpu < 0.5 * (double)(clock_boot() - began) / SEC,
	      "%.2f s of CPU while out of descriptors", cpu);
	for (int i = 0; i < n; i++)
		close(fds[i]);
	answered = 0;
	for (int i = 0; i < 50 && !answered; i++)
		answered = ask(&s, GET) == 200;
	CHECK(answered, "it goes on when there are descriptors again");
	CHECK(rig_stop(&s), "the server did not end well");
}

static void leave(int fd, bool with_reset)
{
	struct linger now = { 1, 0 };

	if (with_reset)
		ASSERT(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
	close(fd);
}

/* The client goes while its request is with us, or while it should read: the server must not
 * care. */
static void clients_that_leave(void)
{
	static const char large[] = "GET /t/large?limit=2000000 HTTP/1.1\r\nHost: a\r\n\r\n";
	struct http_settings settings = rig_settings();
	struct server s = rig_start(&settings, 0);
	struct reply r;
	int fd;

	for (int i = 0; i < 2; i++) {
		fd = wire_open(&s);
		wire_send(fd, HOLD, strlen(HOLD));
		CHECK(holds(&s, 1), "the request is held");
		leave(fd, i == 1);
		CHECK(ask(&s, RELEASE) == 200, "release");
		CHECK(ask(&s, GET) == 200, "after a client left (%d)", i);
		fd = wire_open(&s);
		wire_send(fd, large, strlen(large));
		leave(fd, i == 1);
		CHECK(ask(&s, GET) == 200, "after a client did not read (%d)", i);
		/* In the middle of a head, and of a body. */
		fd = wire_open(&s);
		wire_send(fd, GET, 20);
		leave(fd, i == 1);
		fd = wire_open(&s);
		wire_send(fd, "POST /t/small HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
			  58);
		leave(fd, i == 1);
	}
	/* Half closed: the answer still comes. */
	fd = wire_open(&s);
	wire_send(fd, HOLD, strlen(HOLD));
	shutdown(fd, SHUT_WR);
	CHECK(holds(&s, 1), "the request is held");
	CHECK(ask(&s, RELEASE) == 200, "release");
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 200, "a half closed connection gets its answer: %d", r.status);
	free(r.body);
	close(fd);
	/* Large answers arrive whole, through the part that the socket did not take at once. */
	fd = wire_open(&s);
	for (int i = 0; i < 3; i++)
		wire_send(fd, large, strlen(large));
	(void)poll(NULL, 0, 50);
	for (int i = 0; i < 3; i++) {
		r = wire_read(fd, false, 5000);
		CHECK(r.status == 200 && r.body_bytes > 2000000, "a large answer: %d, %zu",
		      r.status, r.body_bytes);
		free(r.body);
	}
	CHECK(ask_on(fd, GET) == 200, "after large answers");
	close(fd);
	CHECK(rig_stop(&s), "the server did not end well");
}

/* A fault in the pipeline behind a request that is held. */
static void refusal_in_turn(void)
{
	static const char both[] = HOLD "GET / HTTP/1.1\r\nHost : x\r\n\r\n";
	struct http_settings settings = rig_settings();
	struct server s = rig_start(&settings, 0);
	int fd = wire_open(&s);
	struct reply r;

	wire_send(fd, both, strlen(both));
	CHECK(holds(&s, 1), "the first request is held");
	CHECK(!wire_ends(fd, 100), "the refusal waits");
	CHECK(ask(&s, RELEASE) == 200, "release");
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 200, "first the answer: %d", r.status);
	free(r.body);
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 400 && r.closes, "then the refusal: %d", r.status);
	free(r.body);
	CHECK(wire_ends(fd, 3000), "then the end");
	close(fd);
	CHECK(rig_stop(&s), "the server did not end well");
}

static void many_on_one(void)
{
	struct http_settings settings = rig_settings();
	struct server s = rig_start(&settings, 0);
	int fd = wire_open(&s), n = 0;
	struct reply r = { 0 };

	while (n < 1100 && !r.closes && wire_send(fd, GET, strlen(GET))) {
		r = wire_read(fd, false, 3000);
		free(r.body);
		if (r.status != 200)
			break;
		n++;
	}
	CHECK(n == 1000, "%d requests on one connection", n);
	CHECK(wire_ends(fd, 3000), "and then its end");
	close(fd);
	CHECK(rig_stop(&s), "the server did not end well");
}

static void continues(void)
{
	static const char head[] = "POST /t/small HTTP/1.1\r\nHost: a\r\n" KEY_EDITOR
				   "Content-Type: application/json\r\nContent-Length: 12\r\n"
				   "Expect: 100-continue\r\n\r\n";
	struct http_settings settings = rig_settings();
	struct server s = rig_start(&settings, 0);
	int fd = wire_open(&s);
	struct reply r;

	wire_send(fd, head, strlen(head));
	r = wire_read(fd, true, 3000);
	CHECK(r.status == 100, "the go-ahead: %d", r.status);
	wire_send(fd, "{\"name\":\"a\"}", 12);
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 201, "the answer: %d", r.status);
	free(r.body);
	CHECK(ask_on(fd, GET) == 200, "the next one");
	close(fd);
	CHECK(rig_stop(&s), "the server did not end well");
}

static void drains(void)
{
	struct http_settings settings = rig_settings();
	struct server s = rig_start(&settings, 0);
	int kept = wire_open(&s), busy = wire_open(&s), other = wire_open(&s),
	    releaser = wire_open(&s);
	struct reply r;

	CHECK(ask_on(kept, GET) == 200 && ask_on(other, GET) == 200 && ask_on(releaser, GET) == 200,
	      "before");
	wire_send(busy, HOLD, strlen(HOLD));
	CHECK(holds(&s, 1), "one request is held");
	CHECK(ask_on(releaser, RELEASE) == 200, "released");
	r = wire_read(busy, false, 3000);
	CHECK(r.status == 200, "answered: %d", r.status);
	free(r.body);
	rig_drain(&s);
	CHECK(wire_open(&s) < 0, "no new connections");
	wire_send(kept, GET, strlen(GET));
	r = wire_read(kept, false, 3000);
	CHECK(r.status == 503 && r.closes && strstr(r.body, "shutting_down"), "a new request: %d",
	      r.status);
	free(r.body);
	CHECK(wire_ends(kept, 3000), "and the end");
	CHECK(rig_stop(&s), "the server did not end well with idle connections");
	close(kept);
	close(busy);
	close(other);
	close(releaser);
}

/* A client that does not read has a deadline too, and so has one that stays after it was
 * refused. */
static void clients_that_stay(void)
{
	static const char bad[] = "GET / HTTP/1.1\r\nHost : a\r\n\r\n";
	static const char large[] = "GET /t/large?limit=2000000 HTTP/1.1\r\nHost: a\r\n\r\n";
	struct http_settings settings = rig_settings();
	struct server s;
	struct reply r;
	bool is_open = true;
	int fd, few = 4096;

	settings.idle_timeout = 100 * MSEC;
	s = rig_start(&settings, 0);
	fd = wire_open(&s);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &few, sizeof(few));
	wire_send(fd, large, strlen(large));
	(void)poll(NULL, 0, 600);
	r = wire_read(fd, false, 3000);
	CHECK(r.status == -1 && r.body_bytes > 0, "what was not read in time is cut off: %d",
	      r.status);
	free(r.body);
	close(fd);
	fd = wire_open(&s);
	wire_send(fd, bad, strlen(bad));
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 400, "refused: %d", r.status);
	free(r.body);
	for (int i = 0; i < 40 && is_open; i++) {
		is_open = wire_send(fd, "x", 1);
		(void)poll(NULL, 0, 100);
	}
	CHECK(!is_open, "a refused connection must not stay open for ever");
	close(fd);
	CHECK(rig_stop(&s), "the server did not end well");
}

/* In this process: nothing here needs a client. */
static void addresses(void)
{
	static const struct {
		const char *address;
		int port;
		bool is_good;
	} rows[] = {
		{ "127.0.0.1", 0, true },   { "0.0.0.0", 0, true },
		{ "localhost", 0, false },  { "127.0.0.1", 65536, false },
		{ "127.0.0.1", -1, false }, { "192.0.2.1", 0, false },
		{ "", 0, false },
	};
	struct loop *loop = loop_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http *h = http_new(loop, NULL, NULL, 0);
		struct http_settings settings = rig_settings();
		char why[200] = "";

		settings.address = rows[i].address;
		settings.port = rows[i].port;
		CHECK(http_listen(h, &settings, why, sizeof(why)) == rows[i].is_good,
		      "%s port %d: %s", rows[i].address, rows[i].port, why);
		CHECK((http_port(h) > 0) == rows[i].is_good, "%s: its port", rows[i].address);
		CHECK(rows[i].is_good == (why[0] == '\0'), "%s: %s", rows[i].address, why);
		CHECK(http_pending(h) == 0, "nothing is pending");
		http_free(h);
	}
	loop_free(loop);
}

/* What is under way when the end begins is answered. */
static void answers_before_the_end(void)
{
	struct http_settings settings = rig_settings();
	struct server s = rig_start(&settings, 0);
	int busy = wire_open(&s);
	static const char large[] = "GET /t/large?limit=2000000 HTTP/1.1\r\nHost: a\r\n\r\n";
	struct reply r;

	/* The answer does not fit the socket's buffers, so it is pending until it is read. */
	wire_send(busy, large, strlen(large));
	(void)poll(&(struct pollfd){ busy, POLLIN, 0 }, 1, 3000);
	rig_drain(&s);
	r = wire_read(busy, false, 5000);
	CHECK(r.status == 200 && r.body_bytes > 2000000, "the answer under way: %d", r.status);
	free(r.body);
	CHECK(rig_stop(&s), "the server did not end well");
	close(busy);
}

void life_tests(void)
{
	deadlines();
	ceilings();
	descriptors();
	clients_that_leave();
	refusal_in_turn();
	many_on_one();
	continues();
	drains();
	answers_before_the_end();
	clients_that_stay();
	addresses();
}
