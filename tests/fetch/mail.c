/* Mail servers that are slow, rude or mad; and one that speaks TLS from the start (openssl's own, if
 * it is there). While any of them takes its time the loop goes on: that is why src/io/fetch_mail.c
 * speaks for itself. */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "openssl.h"
#include "rig.h"

/* What the server does when it comes to that point; everything else as it should be. */
static const struct script {
	const char *name;
	const char *at;   /* the beginning of a command; "connect"; ".": the message's end */
	const char *says; /* in place of the usual; NULL: nothing at all, ever */
	bool closes;      /* then */
	int repeats;      /* says it so often */
	enum fetch_fault fault;
	int status;
} scripts[] = {
	{ "fine", "-", "", false, 0, FETCH_FINE, 250 },
	{ "many lines", "EHLO", "250-a\r\n250-SIZE 9\r\n250 b\r\n", false, 1, FETCH_FINE, 250 },
	{ "no greeting", "connect", NULL, false, 0, FETCH_TIMEOUT, 0 },
	{ "not now", "connect", "421 busy\r\n", true, 1, FETCH_FINE, 421 },
	{ "never", "connect", "554 no\r\n", true, 1, FETCH_FINE, 554 },
	{ "no such", "RCPT", "550 5.1.1 nobody\r\n", false, 1, FETCH_FINE, 550 },
	{ "no in lines", "RCPT", "550-5.1.1 nobody\r\n550 here\r\n", false, 1, FETCH_FINE, 550 },
	{ "later", "MAIL", "451 later\r\n", false, 1, FETCH_FINE, 451 },
	{ "refused text", ".", "554 spam\r\n", false, 1, FETCH_FINE, 554 },
	{ "hangs before the text", "DATA", NULL, false, 0, FETCH_TIMEOUT, 0 },
	{ "hangs after the text", ".", NULL, false, 0, FETCH_TIMEOUT, 0 },
	{ "hangs at the end", "QUIT", NULL, false, 0, FETCH_FINE, 250 },
	{ "leaves after the text", ".", "", true, 0, FETCH_RESET, 0 },
	{ "leaves at once", "connect", "", true, 0, FETCH_RESET, 0 },
	{ "half a reply", "RCPT", "25", true, 1, FETCH_RESET, 0 },
	{ "wrong class", "DATA", "250 oh\r\n", false, 1, FETCH_PROTOCOL, 0 },
	{ "no code", "MAIL", "hello\r\n", false, 1, FETCH_PROTOCOL, 0 },
	{ "odd code", "MAIL", "999 hello\r\n", false, 1, FETCH_PROTOCOL, 0 },
	{ "never ends", "MAIL", "250-and\r\n", false, 100000, FETCH_PROTOCOL, 0 },
	{ "no line end", "MAIL", "250 and so on ", false, 100000, FETCH_PROTOCOL, 0 },
	{ "offers TLS and has none", "EHLO", "250-a\r\n250 STARTTLS\r\n", false, 1, FETCH_TLS, 0 },
};
#define SCRIPTS (sizeof(scripts) / sizeof(scripts[0]))

static const struct script *script; /* of the next connection */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char text[4096]; /* of the last message, as it came */

static void say(int fd, const char *line)
{
	(void)!send(fd, line, strlen(line), MSG_NOSIGNAL);
}

static void wait_for_end(int fd)
{
	char bytes[512];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		continue;
}

/* False: it is over. */
static bool act(int fd, const struct script *s, const char *point, const char *usual)
{
	if (strncasecmp(point, s->at, strlen(s->at)) != 0) {
		say(fd, usual);
		return true;
	}
	if (!s->says) {
		wait_for_end(fd);
		return false;
	}
	for (int i = 0; i < s->repeats; i++)
		say(fd, s->says);
	return !s->closes;
}

static bool take_text(int from, int to, const struct script *s)
{
	char bytes[4096] = "";
	size_t n = 0;
	ssize_t got;

	while (n + 1 < sizeof(bytes) && (got = read(from, bytes + n, sizeof(bytes) - 1 - n)) > 0) {
		n += (size_t)got;
		if (n >= 5 && memcmp(bytes + n - 5, "\r\n.\r\n", 5) == 0)
			break;
	}
	pthread_mutex_lock(&lock);
	memcpy(text, bytes, sizeof(text));
	pthread_mutex_unlock(&lock);
	return act(to, s, ".", "250 taken\r\n");
}

/* Commands come one at a time: each waits for its reply. */
static void converse(int from, int to, const struct script *s)
{
	char line[1024];
	ssize_t n;

	if (!act(to, s, "connect", "220 hello\r\n"))
		return;
	while ((n = read(from, line, sizeof(line) - 1)) > 0) {
		line[n] = '\0';
		if (strncasecmp(line, "DATA", 4) == 0) {
			if (!act(to, s, "DATA", "354 go\r\n") || !take_text(from, to, s))
				return;
		} else if (!act(to, s, line,
				strncmp(line, "STARTTLS", 8) ? "250 fine\r\n" : "220 go\r\n")) {
			return;
		}
	}
}

static void *serve(void *context)
{
	for (;;) {
		int fd = accept((int)(long)context, NULL, NULL);

		pthread_mutex_lock(&lock);
		const struct script *s = script;
		pthread_mutex_unlock(&lock);
		converse(fd, fd, s);
		close(fd);
	}
	return NULL;
}

static void send_mail(struct fetcher *f, const char *url, const char *to, struct asked *out)
{
	rig_ask(f,
		&(struct ask){ .url = url,
			       .body = "Subject: x\r\n\r\n.\r\n..a\r\nRCPT TO:<b@c>\r\n.",
			       .timeout = 400 * MSEC,
			       .mail_to = to },
		out);
	CHECK(rig_wait(5 * SEC));
}

static void each_script(struct fetcher *f, const char *url)
{
	static struct asked got;

	for (size_t i = 0; i < SCRIPTS; i++) {
		pthread_mutex_lock(&lock);
		script = &scripts[i];
		pthread_mutex_unlock(&lock);
		rig_watch_gaps();
		send_mail(f, url, "you@b.example", &got);
		if (got.r.fault != scripts[i].fault || got.r.status != scripts[i].status)
			printf("%s: fault %s, status %d, %s\n", scripts[i].name,
			       fetch_fault_name(got.r.fault), got.r.status, got.detail);
		CHECK_SAID(got.r.fault == scripts[i].fault, scripts[i].name);
		CHECK_SAID(got.r.status == scripts[i].status, scripts[i].name);
		CHECK_SAID(got.calls == 1 && !got.early, scripts[i].name);
		CHECK_SAID(rig.worst_gap < 300 * MSEC, scripts[i].name);
		if (got.r.status == 550)
			CHECK_SAID(strstr(got.body, "5.1.1 nobody") != NULL, got.body);
	}
}

static void dots(struct fetcher *f, const char *url)
{
	static struct asked got;

	script = &scripts[0];
	send_mail(f, url, "you@b.example", &got);
	CHECK(got.r.fault == FETCH_FINE);
	CHECK_SAID(strcmp(text, "Subject: x\r\n\r\n..\r\n...a\r\nRCPT TO:<b@c>\r\n..\r\n.\r\n")
			   == 0,
		   text);
}

static void not_tried(struct fetcher *f, const char *url)
{
	static const char *const to[] = { "a@b>\r\nRCPT TO:<c@d", "a b@c", "", "<a@b>" };
	static const char *const urls[] = { "http://127.0.0.1:1",   "smtp://",
					    "smtp://a:b@",          "smtp://127.0.0.1:1/x",
					    "smtp://127.1:25",      "smtp://a%0db:c@127.0.0.1:1",
					    "smtp://:x@127.0.0.1:1" };
	struct fetcher *guarded = rig_fetcher(2, false);
	static struct asked got;

	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		send_mail(f, url, to[i], &got);
		CHECK_SAID(got.r.fault == FETCH_FORBIDDEN, to[i]);
	}
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		send_mail(f, urls[i], "you@b.example", &got);
		CHECK_SAID(got.r.fault == FETCH_FORBIDDEN, urls[i]);
	}
	send_mail(guarded, url, "you@b.example", &got);
	CHECK(got.r.fault == FETCH_FORBIDDEN);
	fetcher_free(guarded);
	/* Before, after and in between it does HTTP as ever. */
	rig_get(f, "/ok", &got);
	CHECK_SAID(got.r.fault == FETCH_FINE, got.detail);
}

static void broken_off(const char *url)
{
	static struct asked got[3];
	struct fetcher *f = rig_fetcher(10, true);

	script = &scripts[10]; /* hangs after the text */
	for (int i = 0; i < 3; i++)
		rig_ask(f,
			&(struct ask){ .url = url,
				       .body = "x\r\n",
				       .timeout = 5 * SEC,
				       .mail_to = "you@b.example" },
			&got[i]);
	rig_run(50 * MSEC); /* one is in the middle of it: the server takes one at a time */
	fetch_abort(got[0].handle);
	rig_run(50 * MSEC);
	CHECK(got[0].calls == 1 && got[0].r.fault == FETCH_ABORTED);
	fetcher_free(f); /* with two under way */
	rig_run(10 * MSEC);
	CHECK(got[1].r.fault == FETCH_ABORTED && got[2].r.fault == FETCH_ABORTED);
}

/* --- TLS from the start --- */

struct piped {
	int from, to;
	bool greets;
};

static void *speak(void *context)
{
	const struct piped *p = context;
	char line[1024];
	ssize_t n;

	if (p->greets)
		(void)!write(p->to, "220 hello\r\n", 11);
	while ((n = read(p->from, line, sizeof(line) - 1)) > 0) {
		line[n] = '\0';
		const char *reply = strncmp(line, "DATA", 4) == 0 ? "354 go\r\n" : "250 fine\r\n";
		(void)!write(p->to, reply, strlen(reply));
	}
	return NULL;
}

/* STARTTLS: what is said before it, then every byte to and from openssl. */
static int tls_port;

static void *pass_on(void *context)
{
	const int *fds = context;
	char bytes[4096];
	ssize_t n;

	while ((n = read(fds[0], bytes, sizeof(bytes))) > 0)
		(void)!send(fds[1], bytes, (size_t)n, MSG_NOSIGNAL);
	shutdown(fds[1], SHUT_RDWR);
	return NULL;
}

static void *upgrade(void *context)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = accept((int)(long)context, NULL, NULL), tls;
	char line[1024];
	pthread_t thread;

	say(fd, "220 hello\r\n");
	(void)!read(fd, line, sizeof(line));
	say(fd, "250-here\r\n250 STARTTLS\r\n");
	(void)!read(fd, line, sizeof(line));
	say(fd, "220 go\r\n");
	tls = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	a.sin_port = htons((uint16_t)tls_port);
	if (connect(tls, (struct sockaddr *)&a, sizeof(a)) != 0)
		abort();
	int in[] = { fd, tls }, out[] = { tls, fd };
	pthread_create(&thread, NULL, pass_on, in);
	pass_on(out);
	pthread_join(thread, NULL);
	close(fd);
	close(tls);
	return NULL;
}

static int listen_somewhere(int *out_fd)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);

	*out_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(*out_fd, (struct sockaddr *)&a, len) || listen(*out_fd, 8)
	    || getsockname(*out_fd, (struct sockaddr *)&a, &len))
		abort();
	return ntohs(a.sin_port);
}

static const struct secured {
	const char *name;
	bool trusted, starts; /* starts: by STARTTLS */
} secured[] = {
	{ "smtps, unknown", false, false },
	{ "smtps", true, false },
	{ "STARTTLS, unknown", false, true },
	{ "STARTTLS", true, true },
};

static void one_secured(const struct secured *s, const char *folder)
{
	char ca[80], url[80];
	struct fetcher_limits limits = { .in_flight_max = 10,
					 .allow_private = true,
					 .ca_file = ca };
	static struct asked got;
	static const char *const once[] = { "-naccept", "1", NULL };
	struct openssl_server server = openssl_serve(folder, once);
	struct piped p = { .from = server.from, .to = server.to, .greets = !s->starts };
	pthread_t speaker, upgrader;
	int listener = -1;
	struct fetcher *f;

	snprintf(ca, sizeof(ca), "%s/cert", folder);
	f = s->trusted ? fetcher_new(rig.loop, &limits) : rig_fetcher(2, true);
	pthread_create(&speaker, NULL, speak, &p);
	snprintf(url, sizeof(url), "smtps://localhost:%d", server.port);
	if (s->starts) {
		tls_port = server.port;
		snprintf(url, sizeof(url), "smtp://localhost:%d", listen_somewhere(&listener));
		pthread_create(&upgrader, NULL, upgrade, (void *)(long)listener);
	}
	send_mail(f, url, "you@b.example", &got);
	CHECK_SAID(got.r.fault == (s->trusted ? FETCH_FINE : FETCH_TLS), s->name);
	CHECK_SAID(got.r.status == (s->trusted ? 250 : 0), got.detail);
	CHECK_SAID(!s->trusted || got.r.tls_us > 0, s->name);
	fetcher_free(f);
	openssl_stop(&server);
	pthread_join(speaker, NULL);
	close(server.from);
	if (s->starts)
		pthread_join(upgrader, NULL);
	if (listener >= 0)
		close(listener);
}

static void secure(void)
{
	char folder[] = "/tmp/carillon_mail_XXXXXX", command[100];

	if (!openssl_certificate(folder))
		printf("mail: TLS left out, the openssl program cannot make a certificate\n");
	else
		for (int i = 0; i < (int)(sizeof(secured) / sizeof(secured[0])); i++)
			one_secured(&secured[i], folder);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CHECK(system(command) == 0);
}

void cases_mail(void)
{
	struct fetcher *f = rig_fetcher(10, true);
	pthread_t thread;
	int listener;
	char url[80];

	snprintf(url, sizeof(url), "smtp://127.0.0.1:%d", listen_somewhere(&listener));
	if (pthread_create(&thread, NULL, serve, (void *)(long)listener))
		abort();
	each_script(f, url);
	dots(f, url);
	not_tried(f, url);
	fetcher_free(f);
	broken_off(url);
	secure();
}
