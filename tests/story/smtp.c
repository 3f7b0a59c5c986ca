/* A mail server inside the runner: a thread for each connection, the commands of RFC 5321 and AUTH
 * PLAIN. It keeps every mail that it took, and refuses what the story said. Mails must be as
 * tests/lib/platform.h has it. */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "lib/platform.h"
#include "story/story.h"

enum { LINE_BYTES = 2000, ANSWERS_MAX = 16 };

/* At which command something else than the usual is answered. */
enum point { AT_CONNECT, AT_HELLO, AT_AUTH, AT_FROM, AT_TO, AT_DATA, AT_TEXT, POINTS };
static const char *const point_names[POINTS] = { "connect", "hello", "auth", "from",
						 "to",      "data",  "text" };
static const char *const usual[POINTS] = {
	"220 story ESMTP",    "250-story\r\n250-AUTH PLAIN\r\n250 8BITMIME",
	"235 welcome",        "250 sender fine",
	"250 recipient fine", "354 go ahead",
	"250 taken"
};

struct mail {
	struct mail *next;
	char from[400], to[400], login[400];
	struct buf text;
	bool taken;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t came;
	struct {
		int codes[ANSWERS_MAX], count, used; /* 0: the usual; the last one repeats */
		int delay_ms;
	} rules[POINTS];
	struct mail *first, **last;
	struct buf faults;
} smtp;

static bool send_text(int fd, const char *text)
{
	struct buf out = { 0 };
	buf_print(&out, "%s\r\n", text);
	bool sent = send(fd, out.at, out.len, MSG_NOSIGNAL) == (ssize_t)out.len;
	free(out.at);
	return sent;
}

/* False: this was a refusal, or the peer is gone. */
static bool reply(int fd, enum point at)
{
	char text[80];
	pthread_mutex_lock(&smtp.lock);
	int code = smtp.rules[at].codes[smtp.rules[at].used], delay = smtp.rules[at].delay_ms;
	if (smtp.rules[at].used + 1 < smtp.rules[at].count)
		smtp.rules[at].used++;
	pthread_mutex_unlock(&smtp.lock);
	if (delay)
		nap(delay);
	if (!code)
		return send_text(fd, usual[at]);
	(void)snprintf(text, sizeof text, "%d 5.7.1 not at %s", code, point_names[at]);
	(void)send_text(fd, text);
	return false;
}

/* A line without its end; NULL: the peer is gone. */
static char *read_line(FILE *in, char line[LINE_BYTES])
{
	if (!fgets(line, LINE_BYTES, in))
		return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

static void copy_address(const char *line, char out[400])
{
	const char *open = strchr(line, '<');
	(void)snprintf(out, 400, "%.*s", open ? (int)strcspn(open + 1, ">") : 0,
		       open ? open + 1 : "");
}

/* "AUTH PLAIN BASE64", or the base64 alone, of \0user\0password: kept as "user password" */
static void read_login(const char *line, char out[400])
{
	char plain[300] = "";
	size_t n = 0;
	const char *text = strrchr(line, ' ');
	if (!crypto_unbase64(slice_of(text ? text + 1 : line), plain, sizeof plain - 1, &n))
		return;
	const char *user = plain + strlen(plain) + 1;
	if (n > 0 && user < plain + n)
		(void)snprintf(out, 400, "%s %s", user, user + strlen(user) + 1);
}

static bool read_text(FILE *in, struct mail *mail)
{
	char line[LINE_BYTES];
	while (fgets(line, sizeof line, in)) {
		if (strcmp(line, ".\r\n") == 0)
			return true;
		const char *at = line + (line[0] == '.');
		buf_add(&mail->text, at, strlen(at));
	}
	return false;
}

static void keep(const struct mail *mail)
{
	struct mail *kept = must(malloc(sizeof *kept));
	const char *fault;
	*kept = *mail;
	kept->next = NULL;
	pthread_mutex_lock(&smtp.lock);
	fault = mail_check(kept->text.at ? kept->text.at : "", kept->text.len);
	if (fault)
		buf_print(&smtp.faults, "mail to %s: %s\n", kept->to, fault);
	*smtp.last = kept;
	smtp.last = &kept->next;
	pthread_cond_broadcast(&smtp.came);
	pthread_mutex_unlock(&smtp.lock);
}

struct peer {
	int fd;
	FILE *in;
	struct mail mail;
};

/* Commands; false: hang up. */

static bool on_hello(struct peer *p, const char *line)
{
	(void)line;
	return reply(p->fd, AT_HELLO) || true;
}

static bool on_auth(struct peer *p, const char *line)
{
	char more[LINE_BYTES];
	if (!line[10] && (!send_text(p->fd, "334 ") || !read_line(p->in, more)))
		return false;
	read_login(line[10] ? line : more, p->mail.login);
	return reply(p->fd, AT_AUTH) || true;
}

static bool on_from(struct peer *p, const char *line)
{
	copy_address(line, p->mail.from);
	return reply(p->fd, AT_FROM) || true;
}

static bool on_to(struct peer *p, const char *line)
{
	copy_address(line, p->mail.to);
	return reply(p->fd, AT_TO) || true;
}

static bool on_data(struct peer *p, const char *line)
{
	(void)line;
	if (!reply(p->fd, AT_DATA))
		return true;
	if (!read_text(p->in, &p->mail))
		return false;
	if (reply(p->fd, AT_TEXT))
		keep(&p->mail);
	return true;
}

static bool on_quit(struct peer *p, const char *line)
{
	(void)line;
	(void)send_text(p->fd, "221 bye");
	return false;
}

static const struct {
	const char *word;
	bool (*obey)(struct peer *p, const char *line);
} commands[] = {
	{ "EHLO ", on_hello },     { "HELO ", on_hello }, { "AUTH PLAIN", on_auth },
	{ "MAIL FROM:", on_from }, { "RCPT TO:", on_to }, { "DATA", on_data },
	{ "QUIT", on_quit },
};

static bool obey(struct peer *p, const char *line)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strncasecmp(line, commands[i].word, strlen(commands[i].word)) == 0)
			return commands[i].obey(p, line);
	return send_text(p->fd, "502 not here");
}

static void *serve(void *context)
{
	struct peer p = { .fd = (int)(long)context };
	char line[LINE_BYTES];
	p.in = fdopen(dup(p.fd), "r");
	if (p.in && reply(p.fd, AT_CONNECT))
		while (read_line(p.in, line) && obey(&p, line))
			continue;
	if (p.in)
		(void)fclose(p.in);
	(void)close(p.fd);
	return NULL;
}

static void *listen_on(void *context)
{
	for (;;) {
		pthread_t thread;
		int fd = accept4((int)(long)context, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0 && pthread_create(&thread, NULL, serve, (void *)(long)fd) == 0)
			pthread_detach(thread);
	}
	return NULL;
}

int smtp_start(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	pthread_t thread;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pthread_condattr_t attributes;

	smtp.last = &smtp.first;
	pthread_mutex_init(&smtp.lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&smtp.came, &attributes);
	if (bind(listener, (void *)&address, len) || listen(listener, 64)
	    || getsockname(listener, (void *)&address, &len)
	    || pthread_create(&thread, NULL, listen_on, (void *)(long)listener))
		abort();
	return ntohs(address.sin_port);
}

const char *smtp_faults(void)
{
	return smtp.faults.at ? smtp.faults.at : "";
}

/* --- what stories say of it --- */

static struct mail *find_new(const char *to)
{
	struct mail *mail = smtp.first;
	while (mail && (mail->taken || strcmp(mail->to, to) != 0))
		mail = mail->next;
	return mail;
}

/* Headers decoded, the text part as the body, and what the envelope said. */
static void show(const struct mail *mail, struct message *out)
{
	static const char *const names[] = { "From", "To", "Subject", "Message-ID", "Date" };
	char *html = mail_part(mail->text.at, mail->text.len, "text/html");
	char *text = mail_part(mail->text.at, mail->text.len, "text/plain");
	message_reset(out);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *value = mail_header(mail->text.at, mail->text.len, names[i]);
		buf_print(&out->head, "%s: %s\r\n", names[i], value ? value : "");
		free(value);
	}
	for (char *p = html; p && *p; p++)
		*p = (char)(*p == '\n' ? ' ' : *p);
	buf_print(&out->head, "mail-from: %s\r\nlogin: %s\r\nhtml: %s\r\n", mail->from, mail->login,
		  html ? html : "");
	buf_print(&out->body, "%s", text ? text : "");
	message_finish(out);
	free(html);
	free(text);
}

/* to ADDRESS [within DURATION]  CHECK  CHECK ... */
static void mail_came(struct story *story, char *rest)
{
	char *items[ITEMS_MAX];
	int count = split_items(rest, items), wait_ms = WAIT_MS;
	char *want = count ? items[0] : rest;
	(void)take_word(&want);
	const char *to = take_word(&want);
	if (strcmp(take_word(&want), "within") == 0)
		wait_ms = (int)parse_duration_ms(want);
	struct mail *mail = NULL;
	for (long long end = boot_ms() + wait_ms; !mail && boot_ms() < end;) {
		pthread_mutex_lock(&smtp.lock);
		mail = find_new(to);
		if (mail)
			mail->taken = true;
		pthread_mutex_unlock(&smtp.lock);
		if (!mail)
			nap(5);
	}
	if (!mail) {
		story_give_up(story, "expected a mail to %s within %d ms", to, wait_ms);
		return;
	}
	story_pass(story);
	show(mail, &story->last);
	check_items(story, items + 1, count - 1);
}

/* POINT CODE,CODE  delay DURATION; code 0: the usual */
static void mail_answers(struct story *story, char *rest)
{
	char *items[ITEMS_MAX];
	int count = split_items(rest, items), at = 0, n = 0;
	char *first = count ? items[0] : rest;
	const char *point = take_word(&first);
	while (at < POINTS && strcmp(point_names[at], point) != 0)
		at++;
	if (at == POINTS) {
		story_give_up(story, "mail answers %s?", point);
		return;
	}
	pthread_mutex_lock(&smtp.lock);
	for (char *word = strtok(first, ", "); word && n < ANSWERS_MAX; word = strtok(NULL, ", "))
		smtp.rules[at].codes[n++] = (int)strtol(word, NULL, 10);
	smtp.rules[at].count = n;
	smtp.rules[at].used = 0;
	smtp.rules[at].delay_ms = 0;
	if (count > 1 && strncmp(items[1], "delay ", 6) == 0)
		smtp.rules[at].delay_ms = (int)parse_duration_ms(items[1] + 6);
	pthread_mutex_unlock(&smtp.lock);
}

static int mails(void)
{
	int count = 0;
	pthread_mutex_lock(&smtp.lock);
	for (const struct mail *mail = smtp.first; mail; mail = mail->next)
		count++;
	pthread_mutex_unlock(&smtp.lock);
	return count;
}

void step_mail(struct story *story, char *rest)
{
	const char *verb = take_word(&rest);
	char got[32];
	if (strcmp(verb, "<-") == 0) {
		mail_came(story, rest);
	} else if (strcmp(verb, "answers") == 0) {
		mail_answers(story, rest);
	} else if (strcmp(verb, "count") == 0) {
		servers_barrier(story);
		nap(SETTLE_MS);
		(void)snprintf(got, sizeof got, "%d", mails());
		check_text(story, "mail count", got, rest);
	} else {
		story_give_up(story, "mail %s?", verb);
	}
}
