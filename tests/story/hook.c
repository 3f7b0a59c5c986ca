/* The webhook receiver inside the runner: a thread that listens, a thread for each connection.
 * It keeps every request as it came, and answers as the story said: status by status, late, cut
 * off, or never. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "story/story.h"

enum {
	RULES_MAX = 32,
	STATUSES_MAX = 32,
	REQUEST_MAX = 4 << 20,
};

struct rule {
	char path[200];
	int statuses[STATUSES_MAX], count, used; /* the last one repeats */
	int delay_ms;
	bool closes, hangs, is_set; /* is_set: by the story */
	struct buf headers, body;
};

struct received {
	struct received *next;
	struct message message;
	bool taken;
};

struct hook {
	pthread_mutex_t lock;
	pthread_cond_t came;
	struct rule rules[RULES_MAX];
	int rule_count;
	struct received *first, **last;
	int listener;
};

struct peer {
	struct hook *hook;
	int fd;
};

/* What to do with the next request for this path; under the lock. */
static struct rule next_rule(struct hook *hook, const char *path)
{
	struct rule now = { .statuses = { 200 }, .count = 1 };
	for (int i = 0; i < hook->rule_count; i++) {
		struct rule *rule = &hook->rules[i];
		if (strcmp(rule->path, path) != 0)
			continue;
		now = *rule;
		now.statuses[0] = rule->statuses[rule->used];
		if (rule->used + 1 < rule->count)
			rule->used++;
	}
	return now;
}

/* A platform answers as it does, unless the story says otherwise for this very path. */
static void play(const struct received *got, struct rule *rule)
{
	struct buf headers = { 0 }, body = { 0 };
	int status;
	fake_answer(&got->message, &status, &headers, &body);
	if (rule->is_set)
		return;
	rule->statuses[0] = status;
	rule->headers = headers;
	rule->body = body;
}

bool hook_play(struct hook *hook, const char *platform, char *answers)
{
	pthread_mutex_lock(&hook->lock);
	bool known = fake_rule(platform, answers);
	pthread_mutex_unlock(&hook->lock);
	return known;
}

static struct rule keep(struct hook *hook, struct received *got)
{
	struct rule rule;
	pthread_mutex_lock(&hook->lock);
	*hook->last = got;
	hook->last = &got->next;
	rule = next_rule(hook, got->message.path);
	if (fake_is(got->message.path))
		play(got, &rule);
	pthread_cond_broadcast(&hook->came);
	pthread_mutex_unlock(&hook->lock);
	return rule;
}

static bool send_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		data += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool receive(int fd, struct buf *in)
{
	char data[16384];
	ssize_t got = recv(fd, data, sizeof data, 0);
	if (got > 0)
		buf_add(in, data, (size_t)got);
	return got > 0 && in->len < REQUEST_MAX;
}

/* Reads one request; what came after it stays in `in`. */
static struct received *read_request(int fd, struct buf *in)
{
	struct buf length = { 0 };
	char *end;
	while ((end = in->len ? memmem(in->at, in->len, "\r\n\r\n", 4) : NULL) == NULL)
		if (!receive(fd, in))
			return NULL;
	struct received *got = must(calloc(1, sizeof *got));
	char *head = copy_of(in->at, (size_t)(end - in->at) + 2), *rest = head;
	const char *word = take_word(&rest);
	got->message.method = copy_of(word, strlen(word));
	word = take_word(&rest);
	got->message.path = copy_of(word, strlen(word));
	(void)take_word(&rest);
	buf_print(&got->message.head, "%s", rest);
	free(head);
	size_t start = (size_t)(end - in->at) + 4, body = 0;
	if (message_header(&got->message, "content-length", &length))
		body = strtoul(length.at, NULL, 10);
	if (message_header(&got->message, "expect", &length))
		(void)send_all(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	while (in->len < start + body)
		if (!receive(fd, in))
			return NULL;
	buf_add(&got->message.body, in->at + start, body);
	memmove(in->at, in->at + start + body, in->len - start - body);
	in->len -= start + body;
	message_finish(&got->message);
	free(length.at);
	return got;
}

static bool answer(int fd, const struct rule *rule)
{
	static const char plain[] = "{\"ok\":true}";
	struct buf out = { 0 };
	const char *body = rule->body.at ? rule->body.at : plain;
	size_t len = rule->body.at ? rule->body.len : sizeof plain - 1;
	buf_print(
		&out,
		"HTTP/1.1 %d Story\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n",
		rule->statuses[0], len, rule->headers.at ? rule->headers.at : "");
	buf_add(&out, body, len);
	bool sent = send_all(fd, out.at, out.len);
	free(out.at);
	return sent;
}

static void *serve(void *context)
{
	struct peer peer = *(struct peer *)context;
	struct buf in = { 0 };
	struct received *got;
	free(context);
	while ((got = read_request(peer.fd, &in)) != NULL) {
		struct rule rule = keep(peer.hook, got);
		if (rule.delay_ms)
			nap(rule.delay_ms);
		while (rule.hangs)
			nap(1000);
		if (rule.closes || !answer(peer.fd, &rule))
			break;
	}
	(void)close(peer.fd);
	free(in.at);
	return NULL;
}

static void *listen_on(void *context)
{
	struct hook *hook = context;
	for (;;) {
		int one = 1, fd = accept4(hook->listener, NULL, NULL, SOCK_CLOEXEC);
		pthread_t thread;
		if (fd < 0)
			continue;
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		struct peer *peer = must(malloc(sizeof *peer));
		*peer = (struct peer){ hook, fd };
		if (pthread_create(&thread, NULL, serve, peer) == 0)
			pthread_detach(thread);
	}
	return NULL;
}

struct hook *hook_start(int *out_port)
{
	struct hook *hook = must(calloc(1, sizeof *hook));
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	pthread_t thread;
	hook->last = &hook->first;
	pthread_mutex_init(&hook->lock, NULL);
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&hook->came, &attributes);
	hook->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(hook->listener, (void *)&address, len) || listen(hook->listener, 512)
	    || getsockname(hook->listener, (void *)&address, &len)
	    || pthread_create(&thread, NULL, listen_on, hook))
		abort();
	*out_port = ntohs(address.sin_port);
	return hook;
}

static void rule_item(struct rule *rule, char *item)
{
	const char *word = take_word(&item);
	if (strcmp(word, "delay") == 0)
		rule->delay_ms = (int)parse_duration_ms(item);
	else if (strcmp(word, "close") == 0)
		rule->closes = true;
	else if (strcmp(word, "hang") == 0)
		rule->hangs = true;
	else if (strcmp(word, "header") == 0)
		buf_print(&rule->headers, "%s\r\n", item);
	else if (strcmp(word, "body") == 0)
		buf_print(&rule->body, "%s", item);
	else if (strcmp(word, "fill") == 0)
		buf_print(&rule->body, "%0*d", (int)strtol(item, NULL, 10), 0);
	else
		for (; *word && rule->count < STATUSES_MAX;
		     word += strcspn(word, ","), word += *word == ',')
			rule->statuses[rule->count++] = (int)strtol(word, NULL, 10);
}

/* PATH 500,500,200  delay 2s  close  hang  header Name: value  fill 20000 (a body of so many 0)  body TEXT */
void hook_rule(struct hook *hook, const char *path, char **items, int count)
{
	struct rule rule = { .is_set = true };
	(void)snprintf(rule.path, sizeof rule.path, "%s", path);
	for (int i = 0; i < count; i++)
		rule_item(&rule, items[i]);
	if (rule.count == 0)
		rule.statuses[rule.count++] = 200;
	pthread_mutex_lock(&hook->lock);
	int i = 0;
	while (i < hook->rule_count && strcmp(hook->rules[i].path, path) != 0)
		i++;
	if (i == RULES_MAX)
		abort();
	hook->rules[i] = rule;
	if (i == hook->rule_count)
		hook->rule_count++;
	pthread_mutex_unlock(&hook->lock);
}

static struct received *find_new(struct hook *hook, const char *path)
{
	struct received *got = hook->first;
	while (got && (got->taken || strcmp(got->message.path, path) != 0))
		got = got->next;
	return got;
}

/* The oldest request for this path that was not taken yet; waits for it. */
bool hook_take(struct hook *hook, const char *path, int wait_ms, struct message *out)
{
	struct timespec end;
	struct received *got;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += wait_ms / 1000;
	end.tv_nsec += (long)(wait_ms % 1000) * 1000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&hook->lock);
	while ((got = find_new(hook, path)) == NULL)
		if (pthread_cond_timedwait(&hook->came, &hook->lock, &end) == ETIMEDOUT)
			break;
	if (got) {
		got->taken = true;
		message_reset(out);
		out->method = copy_of(got->message.method, strlen(got->message.method));
		out->path = copy_of(got->message.path, strlen(got->message.path));
		buf_add(&out->head, got->message.head.at, got->message.head.len);
		buf_add(&out->body, got->message.body.at, got->message.body.len);
		message_finish(out);
	}
	pthread_mutex_unlock(&hook->lock);
	return got != NULL;
}

int hook_count(struct hook *hook, const char *path, bool only_new)
{
	int count = 0;
	pthread_mutex_lock(&hook->lock);
	for (const struct received *got = hook->first; got; got = got->next)
		count += strcmp(got->message.path, path) == 0 && !(only_new && got->taken);
	pthread_mutex_unlock(&hook->lock);
	return count;
}

void hook_forget(struct hook *hook)
{
	pthread_mutex_lock(&hook->lock);
	hook->first = NULL;
	hook->last = &hook->first;
	pthread_mutex_unlock(&hook->lock);
}

void hook_list(struct hook *hook, struct buf *out)
{
	pthread_mutex_lock(&hook->lock);
	for (const struct received *got = hook->first; got; got = got->next)
		buf_print(out, " %s %s%s", got->message.method, got->message.path,
			  got->taken ? "" : " (new)");
	if (!hook->first)
		buf_print(out, " nothing");
	pthread_mutex_unlock(&hook->lock);
}
