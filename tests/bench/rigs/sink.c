/* sink PORT: the webhook receiver of the benchmarks. One thread, epoll, HTTP/1.1 with
 * keep-alive.
 *
 * Any POST is answered 200 at once. Its id is "bench_id" in the JSON body, its due time "due_ms"
 * (milliseconds since 1970, fractions allowed). GET /stats prints what came since GET /reset:
 * count, distinct ids, duplicates, first and last arrival, deliveries per second between these,
 * lateness (arrival minus due). */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PEERS_MAX = 65536,
	REQUEST_MAX = 1 << 20,
	READ_MAX = 65536,
};

struct peer {
	char *in;
	size_t len, room;
};

struct seen {
	double *late; /* milliseconds, one for each arrival that had a due time */
	size_t late_count, late_room;
	uint64_t *ids; /* open addressing; 0 = free */
	size_t distinct, id_room;
	uint64_t count, duplicates, anonymous;
	double first_ms, last_ms;
};

static struct peer *peers[PEERS_MAX];
static struct seen seen;

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* FNV-1a and a final mix. */
static uint64_t hash_of(const char *text, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
	hash ^= hash >> 31;
	return hash ? hash : 1;
}

static bool id_put(uint64_t *ids, size_t room, uint64_t id)
{
	size_t at = id & (room - 1);
	while (ids[at] && ids[at] != id)
		at = (at + 1) & (room - 1);
	if (ids[at])
		return false;
	ids[at] = id;
	return true;
}

static void id_seen(uint64_t id)
{
	if (seen.distinct * 2 >= seen.id_room) {
		size_t room = seen.id_room ? seen.id_room * 2 : 1 << 17;
		uint64_t *ids = must(calloc(room, sizeof *ids));
		for (size_t i = 0; i < seen.id_room; i++)
			if (seen.ids[i])
				(void)id_put(ids, room, seen.ids[i]);
		free(seen.ids);
		seen.ids = ids;
		seen.id_room = room;
	}
	if (id_put(seen.ids, seen.id_room, id))
		seen.distinct++;
	else
		seen.duplicates++;
}

static void late_seen(double ms)
{
	if (seen.late_count == seen.late_room) {
		seen.late_room = seen.late_room ? seen.late_room * 2 : 1 << 15;
		seen.late = must(realloc(seen.late, seen.late_room * sizeof *seen.late));
	}
	seen.late[seen.late_count++] = ms;
}

/* What stands behind "name": in the body, without the quote of a string. */
static const char *value_of(const char *body, size_t len, const char *name)
{
	const char *at = memmem(body, len, name, strlen(name));
	if (!at)
		return NULL;
	at += strlen(name);
	return at + strspn(at, " :\"");
}

static void delivered(const char *body, size_t len, double at_ms)
{
	const char *id = value_of(body, len, "\"bench_id\""),
		   *due = value_of(body, len, "\"due_ms\"");
	if (seen.count++ == 0)
		seen.first_ms = at_ms;
	seen.last_ms = at_ms;
	if (id)
		id_seen(hash_of(id, strcspn(id, "\",}")));
	else
		seen.anonymous++;
	if (due)
		late_seen(at_ms - strtod(due, NULL));
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double quantile(double q)
{
	return seen.late_count ? seen.late[(size_t)((double)(seen.late_count - 1) * q)] : 0;
}

static int print_stats(char *out, size_t room)
{
	double busy_s = (seen.last_ms - seen.first_ms) / 1e3;
	if (seen.late_count)
		qsort(seen.late, seen.late_count, sizeof *seen.late, by_size);
	return snprintf(
		out, room,
		"{\"count\":%llu,\"distinct\":%zu,\"duplicates\":%llu,\"anonymous\":%llu,"
		"\"first_ms\":%.3f,\"last_ms\":%.3f,\"per_s\":%.1f,\"late_ms\":{\"min\":%.3f,\"p50\":%.3f,"
		"\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f}}\n",
		(unsigned long long)seen.count, seen.distinct, (unsigned long long)seen.duplicates,
		(unsigned long long)seen.anonymous, seen.first_ms, seen.last_ms,
		busy_s > 0 ? (double)(seen.count - 1) / busy_s : 0, quantile(0), quantile(0.5),
		quantile(0.9), quantile(0.99), quantile(1));
}

static void forget(void)
{
	free(seen.ids);
	free(seen.late);
	memset(&seen, 0, sizeof seen);
}

/* Answers are small: they fit into the socket's buffer. */
static void reply(int fd, const char *body)
{
	char text[1024];
	int len = snprintf(text, sizeof text,
			   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
			   "Content-Length: %zu\r\n\r\n%s",
			   strlen(body), body);
	if (send(fd, text, (size_t)len, MSG_NOSIGNAL) != len)
		(void)shutdown(fd, SHUT_RDWR);
}

static void answer_get(int fd, const char *request)
{
	char text[700];
	if (strncmp(request, "GET /stats", 10) == 0)
		(void)print_stats(text, sizeof text);
	else
		(void)snprintf(text, sizeof text, "{\"ok\":true}\n");
	if (strncmp(request, "GET /reset", 10) == 0)
		forget();
	reply(fd, text);
}

static size_t content_length(const char *head, const char *end)
{
	for (const char *line = memchr(head, '\n', (size_t)(end - head)); line;
	     line = memchr(line, '\n', (size_t)(end - line))) {
		line++;
		if (strncasecmp(line, "content-length:", 15) == 0)
			return strtoul(line + 15, NULL, 10);
		if (line >= end)
			break;
	}
	return 0;
}

/* One whole request at `text`; its length, or 0 when there is more to come. */
static size_t take_request(int fd, char *text, size_t len, double at_ms)
{
	char *end = memmem(text, len, "\r\n\r\n", 4);
	if (!end)
		return 0;
	size_t head = (size_t)(end - text) + 4, body = content_length(text, end);
	if (len < head + body)
		return 0;
	if (*text == 'G') {
		answer_get(fd, text);
		return head + body;
	}
	char kept = text[head + body];
	text[head + body] = '\0';
	delivered(text + head, body, at_ms);
	text[head + body] = kept;
	reply(fd, "{\"ok\":true}");
	return head + body;
}

static void hang_up(int fd)
{
	(void)close(fd);
	peers[fd]->len = 0;
}

static void readable(int fd)
{
	struct peer *peer = peers[fd];
	if (peer->room - peer->len < READ_MAX) {
		peer->room = peer->len + READ_MAX * 2;
		peer->in = must(realloc(peer->in, peer->room + 1));
	}
	ssize_t got = recv(fd, peer->in + peer->len, READ_MAX, 0);
	if (got <= 0 || peer->len > REQUEST_MAX) {
		hang_up(fd);
		return;
	}
	double at_ms = now_ms();
	size_t used = 0, taken;
	peer->len += (size_t)got;
	peer->in[peer->len] = '\0';
	while ((taken = take_request(fd, peer->in + used, peer->len - used, at_ms)) > 0)
		used += taken;
	memmove(peer->in, peer->in + used, peer->len - used);
	peer->len -= used;
}

static void welcome(int poller, int listener)
{
	int fd, one = 1;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
		if (fd >= PEERS_MAX) {
			(void)close(fd);
			continue;
		}
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		if (!peers[fd])
			peers[fd] = must(calloc(1, sizeof *peers[fd]));
		(void)epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
	}
}

static int listen_on(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (void *)&address, sizeof address) || listen(fd, 1024)) {
		perror("sink");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	int listener = listen_on(argc > 1 ? (int)strtol(argv[1], NULL, 10) : 18080),
	    poller = epoll_create1(0);
	struct epoll_event events[256], event = { .events = EPOLLIN, .data.fd = listener };
	(void)signal(SIGPIPE, SIG_IGN);
	(void)epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
	printf("ready\n");
	(void)fflush(stdout);
	for (;;) {
		int count = epoll_wait(poller, events, 256, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.fd == listener)
				welcome(poller, listener);
			else
				readable(events[i].data.fd);
		}
	}
}
