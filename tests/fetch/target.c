#include "target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum end { KEEP, CLOSE, RESET, HOLD };

/* What a path answers: `head` once, then `more` again and again (every `pause` ms; at most
 * `times`, 0: never). */
struct script {
	const char *path;
	const char *head;
	size_t head_n; /* 0: strlen */
	const char *more;
	int pause, times;
	enum end end;
	bool early; /* answers when the head of the request is there, and never reads its body */
};

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
#define OK OK_HEAD "\r\nok"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define STATUS(s) "HTTP/1.1 " s "\r\nContent-Length: 2\r\n\r\nno"
#define LATER(s, v) "HTTP/1.1 " s "\r\nRetry-After: " v "\r\nContent-Length: 0\r\n\r\n"
#define NUL_HEAD "HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 2\r\n\r\nok"
#define FOREVER 2000000000
#define K64 65536

static char big_chunk[K64 + 16], plain_64k[K64 + 1], line_64k[K64 + 1];

static const struct script scripts[] = {
	{ .path = "/ok", .head = OK },
	{ .path = "/echo", .head = OK },
	{ .path = "/once", .head = OK },
	{ .path = "/never", .head = "", .end = CLOSE },
	{ .path = "/201", .head = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n" },
	{ .path = "/204", .head = "HTTP/1.1 204 No Content\r\n\r\n" },
	{ .path = "/302",
	  .head = "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n" },
	{ .path = "/401",
	  .head = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n" },
	{ .path = "/410", .head = STATUS("410 Gone") },
	{ .path = "/500", .head = STATUS("500 Oh") },
	{ .path = "/599", .head = STATUS("599 Oh") },
	{ .path = "/600", .head = STATUS("600 Oh") },
	{ .path = "/999", .head = STATUS("999 Oh") },
	{ .path = "/099", .head = STATUS("099 Oh"), .end = CLOSE },
	{ .path = "/101", .head = "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nxyz", .end = HOLD },
	{ .path = "/10", .head = "HTTP/1.0 200 OK\r\n\r\nold and closed", .end = CLOSE },
	{ .path = "/noreason", .head = "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok" },
	{ .path = "/drip",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
	  .more = "x",
	  .pause = 40,
	  .times = 999 },
	{ .path = "/driphead",
	  .head = "HTTP/1.1 200 OK\r\nX: ",
	  .more = "x",
	  .pause = 40,
	  .times = FOREVER },
	{ .path = "/hang", .head = "", .end = HOLD },
	{ .path = "/hanghead", .head = "HTTP/1.1 200 OK\r\nContent-Le", .end = HOLD },
	{ .path = "/hangbody",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
	  .end = HOLD },
	{ .path = "/rst", .head = "", .end = RESET },
	{ .path = "/rstbody",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc",
	  .end = RESET },
	{ .path = "/shortbody",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
	  .end = CLOSE },
	{ .path = "/shortchunk", .head = CHUNKED "5\r\nabc", .end = CLOSE },
	{ .path = "/5gb", .head = CHUNKED, .more = big_chunk, .times = FOREVER },
	{ .path = "/3mb",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 3145728\r\n\r\n",
	  .more = plain_64k,
	  .times = 48 },
	{ .path = "/1mb",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n",
	  .more = plain_64k,
	  .times = 16 },
	{ .path = "/1mbhang",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 2097152\r\n\r\n",
	  .more = plain_64k,
	  .times = 16,
	  .end = HOLD },
	{ .path = "/410long",
	  .head = "HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n\r\n",
	  .more = big_chunk,
	  .times = FOREVER },
	{ .path = "/headers",
	  .head = "HTTP/1.1 200 OK\r\n",
	  .more = "X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
	  .times = FOREVER },
	{ .path = "/headers9k",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
	  .more = "X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
	  .times = 220 },
	{ .path = "/longline",
	  .head = "HTTP/1.1 200 OK\r\nX: ",
	  .more = line_64k,
	  .times = FOREVER },
	{ .path = "/trailers",
	  .head = CHUNKED "2\r\nok\r\n0\r\n",
	  .more = "X-Trailer: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
	  .times = FOREVER },
	{ .path = "/trailer", .head = CHUNKED "2\r\nok\r\n0\r\nX-Trailer: a\r\n\r\n" },
	{ .path = "/1xx",
	  .head = "",
	  .more = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
	  .times = FOREVER },
	{ .path = "/few1xx",
	  .head = "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\nRetry-After: 9\r\n\r\n"
		  "HTTP/1.1 100 Continue\r\n\r\n" OK_HEAD "X-Final: 1\r\n\r\nok" },
	{ .path = "/http09", .head = "hello, this is HTTP/0.9\n", .end = CLOSE },
	{ .path = "/garbage",
	  .head = "\x16\x03\x01\x02\x01\xfc\xff\xfe\r\n\r\n\x80\x81",
	  .end = CLOSE },
	{ .path = "/nul", .head = NUL_HEAD, .head_n = sizeof(NUL_HEAD) - 1 },
	{ .path = "/nulbody",
	  .head = OK_HEAD "\r\n\0\0",
	  .head_n = sizeof(OK_HEAD "\r\n\0\0") - 1 },
	{ .path = "/http2", .head = "HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\nok", .end = CLOSE },
	{ .path = "/icy", .head = "ICY 200 OK\r\n\r\nok", .end = CLOSE },
	{ .path = "/badchunk", .head = CHUNKED "zz\r\nabc\r\n0\r\n\r\n", .end = HOLD },
	{ .path = "/hugechunk", .head = CHUNKED "fffffffffffffffff\r\nabc", .end = HOLD },
	{ .path = "/badlength",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
	  .end = HOLD },
	{ .path = "/hugelength",
	  .head = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
	  .end = CLOSE },
	{ .path = "/empty", .head = "", .end = CLOSE },
	{ .path = "/gzip",
	  .head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n\x1f\x8b\x08zz" },
	{ .path = "/deflate",
	  .head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" },
	{ .path = "/secrets",
	  .head = OK_HEAD
	  "Set-Cookie: a=b\r\nX-Keep: yes\r\nset-cookie2: c\r\n folded: more\r\nAuthorization: x\r\n"
	  "X-Also:   spaces \r\n\r\nok" },
	{ .path = "/location",
	  .head = "HTTP/1.1 301 Go\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n" },
	{ .path = "/early", .head = OK, .end = HOLD, .early = true },
	{ .path = "/earlyclose",
	  .head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
	  .end = CLOSE,
	  .early = true },
	{ .path = "/early413",
	  .head = "HTTP/1.1 413 Big\r\nContent-Length: 2\r\n\r\nno",
	  .end = HOLD,
	  .early = true },
	{ .path = "/ra5", .head = LATER("429 Slow", "5") },
	{ .path = "/ra503", .head = LATER("503 Down", "7") },
	{ .path = "/ra200", .head = LATER("200 OK", "7") },
	{ .path = "/radate", .head = LATER("429 Slow", "Sun, 06 Nov 1994 08:50:37 GMT") },
	{ .path = "/raneg", .head = LATER("429 Slow", "-5") },
	{ .path = "/rabig", .head = LATER("429 Slow", "1000000000") },
	{ .path = "/pipelined", .head = OK OK OK },
	{ .path = "/slow", .head = "", .more = OK, .pause = 150, .times = 1 },
};

#define SCRIPTS ((int)(sizeof(scripts) / sizeof(scripts[0])))
_Static_assert(sizeof(scripts) / sizeof(scripts[0]) <= TARGET_PATHS_MAX,
	       "more paths than counters");

struct peer {
	char in[20000];
	size_t n;
	int served;
	const struct script *script; /* being played */
	size_t sent;                 /* of head, or of this round of more */
	bool in_more;
	int rounds;
	long next_at;
	bool wants_write;
};

static struct peer *peers[8192];
static int ep;
static volatile struct target_counts *counts;

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void drop(int fd, bool reset)
{
	struct linger hard = { 1, 0 };

	if (reset)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	close(fd);
	free(peers[fd]);
	peers[fd] = NULL;
}

static void watch(int fd, bool write)
{
	struct epoll_event e = { .events = EPOLLIN | (write ? EPOLLOUT : 0), .data.fd = fd };

	if (peers[fd]->wants_write != write)
		epoll_ctl(ep, EPOLL_CTL_MOD, fd, &e);
	peers[fd]->wants_write = write;
}

/* false: the rest of the piece does not fit now, or the peer is gone */
static bool send_piece(int fd, const char *piece, size_t n)
{
	struct peer *p = peers[fd];

	while (p->sent < n) {
		ssize_t w = send(fd, piece + p->sent, n - p->sent, MSG_NOSIGNAL);

		if (w < 0 && errno == EAGAIN) {
			watch(fd, true);
			return false;
		}
		if (w <= 0) {
			drop(fd, false);
			return false;
		}
		p->sent += (size_t)w;
	}
	p->sent = 0;
	return true;
}

static void finish(int fd)
{
	struct peer *p = peers[fd];
	const struct script *s = p->script;

	if (strcmp(s->path, "/headers9k") == 0 && send_piece(fd, "\r\nok", 4))
		p->sent = 0;
	if (!peers[fd])
		return;
	watch(fd, false);
	p->script = s->end == HOLD ? s : NULL;
	p->rounds = FOREVER;
	if (s->end == CLOSE || s->end == RESET)
		drop(fd, s->end == RESET);
}

static void play(int fd)
{
	struct peer *p = peers[fd];
	const struct script *s = p->script;

	if (p->rounds >= FOREVER)
		return;
	if (!p->in_more) {
		if (!send_piece(fd, s->head, s->head_n ? s->head_n : strlen(s->head)))
			return;
		p->in_more = true;
		p->next_at = now_ms() + s->pause;
	}
	/* A few rounds a turn, so that the others get theirs. */
	for (int turn = 0; turn < 8 && p->rounds < s->times; turn++) {
		if (s->pause && now_ms() < p->next_at)
			return;
		if (!send_piece(fd, s->more, strlen(s->more)))
			return;
		p->rounds++;
		p->next_at = now_ms() + s->pause;
	}
	if (p->rounds >= s->times)
		finish(fd);
	else if (!s->pause)
		watch(fd, true);
}

static const struct script *find(const char *request)
{
	const char *path = strchr(request, ' ');
	size_t n = path ? strcspn(path + 1, " ?") : 0;

	for (int i = 0; path && i < SCRIPTS; i++)
		if (strlen(scripts[i].path) == n && strncmp(path + 1, scripts[i].path, n) == 0)
			return &scripts[i];
	return NULL;
}

/* Begins to play what the request asks for, when it is whole. */
static void consider(int fd)
{
	struct peer *p = peers[fd];
	char *end = memmem(p->in, p->n, "\r\n\r\n", 4);
	const struct script *s;
	size_t length = 0, whole;
	char *field;

	if (!end || p->script)
		return;
	*end = '\0';
	s = find(p->in);
	field = strcasestr(p->in, "\r\nContent-Length:");
	if (field)
		length = strtoul(field + 17, NULL, 10);
	*end = '\r';
	memcpy((char *)(uintptr_t)counts->last, p->in, p->n);
	counts->last[p->n] = '\0';
	if (!s) {
		drop(fd, false);
		return;
	}
	whole = (size_t)(end + 4 - p->in) + length;
	if (!s->early && p->n < whole)
		return;
	counts->requests[s - scripts]++;
	if (strcmp(s->path, "/once") == 0 && p->served > 0) {
		drop(fd, false);
		return;
	}
	p->served++;
	p->script = s;
	p->n = 0;
	p->in_more = false;
	p->rounds = 0;
	p->sent = 0;
	play(fd);
}

static void readable(int fd)
{
	struct peer *p = peers[fd];
	ssize_t r;

	if (p->script && p->script->early) {
		struct epoll_event e = { .events = 0, .data.fd = fd };

		epoll_ctl(ep, EPOLL_CTL_MOD, fd, &e);
		return;
	}
	/* A body that is larger than the buffer is thrown away; only its framing matters here. */
	r = recv(fd, p->in + p->n, sizeof(p->in) - 1 - p->n, 0);
	if (r < 0 && errno == EAGAIN)
		return;
	if (r <= 0) {
		drop(fd, false);
		return;
	}
	p->n += (size_t)r;
	consider(fd);
}

static void accept_all(int listener)
{
	struct epoll_event e = { .events = EPOLLIN };
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (fd >= 8192) {
			close(fd);
			continue;
		}
		peers[fd] = calloc(1, sizeof(struct peer));
		e.data.fd = fd;
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
		counts->connections++;
	}
}

/* The name server. */

static const struct {
	const char *name;
	const char *v4[3]; /* NULL: none; "-": never answers */
	const char *v6[2];
	int code;
} names[] = {
	{ "good.test", { "127.0.0.1" }, { NULL }, 0 },
	{ "both.test", { "127.0.0.1" }, { "::1" }, 0 },
	{ "dead6.test", { "127.0.0.1" }, { "-" }, 0 },
	{ "private.test", { "10.0.0.1" }, { NULL }, 0 },
	{ "loop.test", { "127.0.0.1" }, { NULL }, 0 },
	{ "mixed.test", { "8.8.8.8", "1.1.1.1", "10.0.0.1" }, { NULL }, 0 },
	{ "mixed6.test", { "8.8.8.8" }, { "fd00::1" }, 0 },
	{ "mapped.test", { NULL }, { "::ffff:127.0.0.1" }, 0 },
	{ "nat64.test", { NULL }, { "64:ff9b::7f00:1" }, 0 },
	{ "zero.test", { "0.0.0.0" }, { NULL }, 0 },
	{ "empty.test", { NULL }, { NULL }, 0 },
	{ "nx.test", { NULL }, { NULL }, 3 },
	{ "fail.test", { NULL }, { NULL }, 2 },
};

static size_t read_name(const unsigned char *q, size_t n, char *out)
{
	size_t at = 12, o = 0;

	while (at < n && q[at] && o < 200) {
		size_t label = q[at++];

		for (size_t i = 0; i < label && at < n; i++)
			out[o++] = (char)(q[at++] | 0x20);
		out[o++] = '.';
	}
	out[o ? o - 1 : 0] = '\0';
	return at + 5;
}

static size_t add_record(unsigned char *to, int type, const char *text)
{
	size_t n = type == 1 ? 4 : 16;
	unsigned char head[12] = { 0xc0, 12, 0, (unsigned char)type, 0, 1, 0, 0,
				   0,    60, 0, (unsigned char)n };

	memcpy(to, head, 12);
	inet_pton(type == 1 ? AF_INET : AF_INET6, text, to + 12);
	return 12 + n;
}

static void answer_query(int fd)
{
	unsigned char q[600];
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	char name[256];
	ssize_t r = recvfrom(fd, q, 512, 0, (struct sockaddr *)&from, &len);
	size_t end;
	int type;

	if (r < 17)
		return;
	counts->queries++;
	end = read_name(q, (size_t)r, name);
	type = q[end - 3];
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *const *list = type == 1 ? names[i].v4 : names[i].v6;
		size_t out = end, count = 0;

		if (strcmp(names[i].name, name) != 0)
			continue;
		for (int k = 0; k < (type == 1 ? 3 : 2) && list[k]; k++, count++) {
			if (list[k][0] == '-')
				return;
			out += add_record(q + out, type, list[k]);
		}
		q[2] = 0x81;
		q[3] = (unsigned char)(0x80 | names[i].code);
		q[6] = q[8] = q[9] = q[10] = q[11] = 0;
		q[7] = (unsigned char)count;
		sendto(fd, q, out, 0, (struct sockaddr *)&from, len);
		return;
	}
	/* Any number of good names; every other name is never answered. */
	if (strlen(name) > 10 && strcmp(name + strlen(name) - 10, ".wild.test") == 0) {
		size_t out = end + (type == 1 ? add_record(q + end, 1, "127.0.0.1") : 0);

		q[2] = 0x81;
		q[3] = 0x80;
		q[6] = q[8] = q[9] = q[10] = q[11] = 0;
		q[7] = type == 1;
		sendto(fd, q, out, 0, (struct sockaddr *)&from, len);
	}
}

static void serve(int listener, int dns)
{
	struct epoll_event e = { .events = EPOLLIN, .data.fd = listener }, got[256];

	ep = epoll_create1(0);
	epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e);
	e.data.fd = dns;
	epoll_ctl(ep, EPOLL_CTL_ADD, dns, &e);
	for (;;) {
		int n = epoll_wait(ep, got, 256, 10);

		for (int i = 0; i < n; i++) {
			int fd = got[i].data.fd;

			if (fd == listener)
				accept_all(listener);
			else if (fd == dns)
				answer_query(dns);
			else if (peers[fd] && got[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
				readable(fd);
		}
		for (int fd = 0; fd < 8192; fd++)
			if (peers[fd] && peers[fd]->script)
				play(fd);
	}
}

static int bound(int type, int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a))
	    || getsockname(fd, (struct sockaddr *)&a, &len))
		abort();
	*port = ntohs(a.sin_port);
	return fd;
}

struct target target_start(void)
{
	struct target t = { 0 };
	int listener = bound(SOCK_STREAM | SOCK_NONBLOCK, &t.port);
	int dns = bound(SOCK_DGRAM | SOCK_NONBLOCK, &t.dns_port);
	int silent = bound(SOCK_STREAM, &t.silent_port);

	(void)bound(SOCK_STREAM, &t.closed_port);
	(void)bound(SOCK_DGRAM, &t.dead_dns_port);
	if (listen(listener, 4096) || listen(silent, 64))
		abort();
	t.counts = mmap(NULL, sizeof(struct target_counts), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	counts = t.counts;
	snprintf(big_chunk, sizeof(big_chunk), "10000\r\n%65536s\r\n", "x");
	memset(plain_64k, 'p', K64);
	memset(line_64k, 'l', K64);
	t.pid = fork();
	if (t.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(listener, dns);
	}
	close(listener);
	close(dns);
	return t;
}

void target_stop(struct target *t)
{
	kill(t->pid, SIGKILL);
	waitpid(t->pid, NULL, 0);
}

int target_requests(const struct target *t, const char *path)
{
	for (int i = 0; i < SCRIPTS; i++)
		if (strcmp(scripts[i].path, path) == 0)
			return t->counts->requests[i];
	abort();
}
