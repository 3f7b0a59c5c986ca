/* Mail. libcurl connects, greets, secures (STARTTLS) and logs in, and then hands the connection over
 * (CONNECT_ONLY): the rest, four commands, is spoken here. Its own SMTP would wait for the reply to
 * the message, and for the one to QUIT, without giving the loop back (libcurl 7.88, smtp_done(),
 * smtp_disconnect()): a mail server that is slow, or means us ill, would stop everything.
 *
 * Each mail has a curl of its own (t->glue): what a connection that was handed over looks like to
 * libcurl, when it looks through its idle ones, is nobody's promise. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/check.h"
#include "base/clock.h"
#include "io/fetch_int.h"

#define MAIL_URL_MAX 2048
#define ADDRESS_MAX 320
#define REPLY_MAX 8192
#define MESSAGE_MAX (16 << 20)
#define HANGS_UP "the mail server closed the connection"

enum step { STEP_FROM, STEP_TO, STEP_DATA, STEP_TEXT };

struct mail {
	char url[MAIL_URL_MAX + 48]; /* without user and password */
	char from[ADDRESS_MAX + 1], to[ADDRESS_MAX + 1];
	struct slice message; /* the caller's */
	bool has_password;
	enum step step;
	curl_socket_t fd; /* CURL_SOCKET_BAD: curl is still at it */
	struct event *readable, *writable;
	struct alarm late;
	struct strbuf in;  /* a reply */
	struct strbuf out; /* of which out_at bytes are sent */
	size_t out_at;
};

/* --- the URL --- */

struct mail_url {
	struct slice user, password;   /* as written; borrowed */
	char plain[MAIL_URL_MAX + 32]; /* "http://host:port" */
	bool is_tls;
};

static const char *split_userinfo(struct slice *authority, struct mail_url *out)
{
	const char *at = memrchr(authority->p, '@', authority->n), *colon;
	struct slice info;

	if (!at)
		return NULL;
	info = (struct slice){ authority->p, (size_t)(at - authority->p) };
	*authority = (struct slice){ at + 1, authority->n - info.n - 1 };
	for (size_t i = 0; i < info.n; i++)
		if (info.p[i] <= ' ' || info.p[i] >= 0x7f || info.p[i] == '@')
			return "user and password must be percent-encoded";
	colon = memchr(info.p, ':', info.n);
	out->user = (struct slice){ info.p, colon ? (size_t)(colon - info.p) : info.n };
	if (colon)
		out->password = (struct slice){ colon + 1, info.n - out->user.n - 1 };
	return out->user.n ? NULL : "the URL has a password without a user";
}

static const char *split_scheme(struct slice url, struct mail_url *out, struct slice *authority)
{
	size_t n;

	if (url.n > MAIL_URL_MAX)
		return "the URL is longer than 2,048 bytes";
	out->is_tls = url.n > 8 && strncasecmp(url.p, "smtps://", 8) == 0;
	if (!out->is_tls && !(url.n > 7 && strncasecmp(url.p, "smtp://", 7) == 0))
		return "the URL must begin with smtp:// or smtps://";
	n = out->is_tls ? 8 : 7;
	*authority = (struct slice){ url.p + n, url.n - n };
	authority->n -= url.p[url.n - 1] == '/';
	if (authority->n == 0 || memchr(authority->p, '/', authority->n)
	    || memchr(authority->p, '\0', authority->n))
		return "a mail server's URL is a host and perhaps a port, without a path";
	return NULL;
}

/* The authority is read by the rules for every URL: as one of http. */
static const char *split(struct slice url, struct mail_url *out)
{
	const char *why, *bracket, *port;
	struct slice rest;
	size_t n;

	memset(out, 0, sizeof(*out));
	why = split_scheme(url, out, &rest);
	if (!why)
		why = split_userinfo(&rest, out);
	if (why)
		return why;
	bracket = memrchr(rest.p, ']', rest.n);
	n = bracket ? (size_t)(bracket - rest.p) : 0;
	port = out->is_tls ? ":465" : ":25";
	if (memchr(rest.p + n, ':', rest.n - n))
		port = "";
	(void)snprintf(out->plain, sizeof(out->plain), "http://%.*s%s", SLICE_ARG(rest), port);
	return NULL;
}

const char *fetch_mail_url_check(struct slice url, bool allow_private)
{
	struct mail_url m;
	const char *why = url.p ? split(url, &m) : "the URL is empty";

	return why ? why : fetch_url_check(slice_of(m.plain), allow_private);
}

/* --- before the connection --- */

/* It stands in a line of ours. */
static bool copy_address(const char *address, char out[ADDRESS_MAX + 1])
{
	size_t n = address ? strlen(address) : 0;

	if (n == 0 || n > ADDRESS_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (address[i] <= ' ' || address[i] >= 0x7f || strchr("<>", address[i]))
			return false;
	memcpy(out, address, n + 1);
	return true;
}

static bool set_decoded(CURL *easy, CURLoption option, struct slice text)
{
	int n = 0;
	char *plain = curl_easy_unescape(NULL, text.p, (int)text.n, &n);
	bool is_fine = plain && strlen(plain) == (size_t)n;

	for (int i = 0; is_fine && i < n; i++)
		is_fine = (unsigned char)plain[i] >= ' ' && plain[i] != 0x7f;
	if (is_fine)
		curl_easy_setopt(easy, option, plain);
	curl_free(plain);
	return is_fine;
}

/* What the server says while curl talks to it: the last line is the reason when it ends there. */
static size_t on_line(char *bytes, size_t size, size_t n, void *ctx)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	ASSERT(size == 1);
	strbuf_clear(&t->body);
	strbuf_add(&t->body, bytes, n < REPLY_MAX ? n : REPLY_MAX);
	return n;
}

static const char *prepare_easy(struct fetch *t, const struct mail_url *m)
{
	CURL *e = easy_new(t);

	t->easy = e;
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(e, CURLOPT_URL, t->mail->url);
	curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_line);
	if (m->user.p && !set_decoded(e, CURLOPT_USERNAME, m->user))
		return "the user in the URL cannot be read";
	if (m->password.p && !set_decoded(e, CURLOPT_PASSWORD, m->password))
		return "the password in the URL cannot be read";
	return NULL;
}

static void is_late(void *ctx);

static struct mail *mail_new(struct fetch *t)
{
	struct mail *mail = mem_new(sizeof(*mail));

	mail->fd = CURL_SOCKET_BAD;
	alarm_init(&mail->late, t->fetcher->loop, is_late, t);
	strbuf_init(&mail->in, REPLY_MAX);
	strbuf_init(&mail->out, MESSAGE_MAX);
	return mail;
}

/* t may come with a handle that has done HTTP: it is used up here and not kept after. */
const char *mail_prepare(struct fetch *t, const struct fetch_request *r, struct url_parts *u)
{
	struct mail_url m;
	const char *why = split(slice_of(r->url), &m);

	if (!why)
		why = url_split(slice_of(m.plain), u);
	if (why)
		return why;
	if (u->is_literal && !netguard_allows(u->class, t->fetcher->limits.allow_private))
		return "the address is not a public one";
	t->mail = mail_new(t);
	t->glue = glue_new(t->fetcher);
	if (t->easy)
		curl_easy_cleanup(t->easy);
	t->easy = NULL;
	t->timeout_ms = t->dns_life = 0;
	t->has_pin_nodes = false;
	t->port = u->port;
	(void)snprintf(t->host, sizeof(t->host), "%.*s", SLICE_ARG(u->host));
	for (char *p = t->host; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	t->mail->has_password = m.password.p != NULL;
	t->mail->message = r->body;
	(void)snprintf(t->mail->url, sizeof(t->mail->url), "%s%s/", m.is_tls ? "smtps" : "smtp",
		       m.plain + 4);
	if (!copy_address(r->mail_from, t->mail->from) || !copy_address(r->mail_to, t->mail->to))
		return "an address has characters that it cannot have";
	return prepare_easy(t, &m);
}

void mail_found(struct fetch *t, enum netguard_class class)
{
	bool must = t->mail->has_password && netguard_allows(class, false);

	curl_easy_setopt(t->easy, CURLOPT_USE_SSL, (long)(must ? CURLUSESSL_ALL : CURLUSESSL_TRY));
}

/* --- the conversation --- */

void mail_stop(struct fetch *t)
{
	struct mail *mail = t->mail;

	alarm_stop(&mail->late);
	if (mail->readable)
		event_free(mail->readable);
	if (mail->writable)
		event_free(mail->writable);
	mail->readable = mail->writable = NULL;
	/* So that whatever curl still wants to say, it need not wait for an answer. */
	if (mail->fd != CURL_SOCKET_BAD)
		(void)shutdown(mail->fd, SHUT_RDWR);
}

void mail_free(struct fetch *t)
{
	struct mail *mail = t->mail;

	alarm_release(&mail->late);
	strbuf_release(&mail->in);
	strbuf_release(&mail->out);
	glue_free(t->glue);
	free(mail);
	t->mail = NULL;
}

/* glue_stop() reads facts that are curl's: the last reply is ours. */
static void end(struct fetch *t, enum fetch_fault fault, int status, const char *detail)
{
	glue_stop(t);
	t->result.status = status;
	fetch_finish(t, fault, detail);
}

static void is_late(void *ctx)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	end(t, FETCH_TIMEOUT, 0, "the mail server did not answer in time");
}

/* Dots at the beginning of a line are doubled, and a dot alone ends it (RFC 5321 4.5.2). */
static void add_message(struct mail *mail)
{
	struct slice m = mail->message;
	struct strbuf *out = &mail->out;

	for (size_t i = 0; i < m.n;) {
		const char *newline = memchr(m.p + i, '\n', m.n - i);
		size_t n = newline ? (size_t)(newline + 1 - (m.p + i)) : m.n - i;

		if (m.p[i] == '.')
			strbuf_addc(out, '.');
		strbuf_add(out, m.p + i, n);
		i += n;
	}
	if (m.n < 2 || memcmp(m.p + m.n - 2, "\r\n", 2) != 0)
		strbuf_adds(out, "\r\n");
	strbuf_adds(out, ".\r\n");
}

static void say(struct mail *mail, enum step step)
{
	mail->step = step;
	strbuf_clear(&mail->out);
	mail->out_at = 0;
	if (step == STEP_FROM)
		strbuf_addf(&mail->out, "MAIL FROM:<%s>\r\n", mail->from);
	else if (step == STEP_TO)
		strbuf_addf(&mail->out, "RCPT TO:<%s>\r\n", mail->to);
	else if (step == STEP_DATA)
		strbuf_adds(&mail->out, "DATA\r\n");
	else
		add_message(mail);
}

/* The end of the reply that is complete in `in`, else NULL: a line "250 words" that "250-words" may go
 * before. *out_code is -1 when it is no reply at all. */
static const char *reply_end(const struct strbuf *in, int *out_code)
{
	const char *line = in->p, *end = in->p + in->n, *newline;

	*out_code = 0;
	while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
		int code = 0;

		for (int i = 0; i < 3; i++)
			code = code < 0 || newline - line < 4 || line[i] < '0' || line[i] > '9'
				     ? -1
				     : code * 10 + line[i] - '0';
		*out_code = code;
		if (code < 200 || line[3] != '-')
			return newline + 1;
		line = newline + 1;
	}
	return NULL;
}

/* False: it is over. */
static bool on_reply(struct fetch *t, int code)
{
	static const int wanted[] = {
		[STEP_FROM] = 2, [STEP_TO] = 2, [STEP_DATA] = 3, [STEP_TEXT] = 2
	};
	static const char quit[] = "QUIT\r\n";
	struct mail *mail = t->mail;
	size_t sent;

	strbuf_clear(&t->body);
	strbuf_add(&t->body, mail->in.p, mail->in.n);
	strbuf_clear(&mail->in);
	if (code < 200 || code > 599 || (code < 400 && code / 100 != wanted[mail->step])) {
		end(t, FETCH_PROTOCOL, 0, "the mail server's reply is none");
		return false;
	}
	if (code >= 400 || mail->step == STEP_TEXT) {
		(void)curl_easy_send(t->easy, quit, sizeof(quit) - 1, &sent);
		end(t, FETCH_FINE, code, NULL);
		return false;
	}
	say(mail, mail->step + 1);
	if (!mail->out.failed)
		return true;
	end(t, FETCH_PROTOCOL, 0, "the message is too long");
	return false;
}

/* False: it is over. */
static bool send_more(struct fetch *t)
{
	struct mail *mail = t->mail;

	while (mail->out_at < mail->out.n) {
		size_t n = 0;
		CURLcode code = curl_easy_send(t->easy, mail->out.p + mail->out_at,
					       mail->out.n - mail->out_at, &n);

		if (code == CURLE_AGAIN) {
			ASSERT(event_add(mail->writable, NULL) == 0);
			return true;
		}
		if (code != CURLE_OK) {
			end(t, FETCH_RESET, 0, HANGS_UP);
			return false;
		}
		mail->out_at += n;
	}
	return true;
}

/* What has come. False: it is over. *out_code: of a reply, 0: it is not complete. */
static bool read_more(struct fetch *t, int *out_code)
{
	struct mail *mail = t->mail;
	char bytes[1024];
	CURLcode code;
	size_t n = 0;

	for (;;) {
		if (mail->in.n && reply_end(&mail->in, out_code))
			return true;
		*out_code = 0;
		code = curl_easy_recv(t->easy, bytes, sizeof(bytes), &n);
		if (code == CURLE_AGAIN)
			return true;
		if (code == CURLE_OK && n)
			strbuf_add(&mail->in, bytes, n);
		if (code != CURLE_OK || n == 0 || mail->in.failed) {
			end(t, mail->in.failed ? FETCH_PROTOCOL : FETCH_RESET, 0,
			    mail->in.failed ? "the mail server's reply is too long" : HANGS_UP);
			return false;
		}
	}
}

static void talk(struct fetch *t)
{
	int code = 0;

	do {
		if (!send_more(t) || !read_more(t, &code))
			return;
	} while (code && on_reply(t, code));
}

static void on_event(evutil_socket_t fd, short events, void *ctx)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	(void)fd;
	(void)events;
	loop_enter(t->fetcher->loop, "fetch.mail");
	talk(t);
}

void mail_connected(struct fetch *t)
{
	struct event_base *base = loop_base(t->fetcher->loop);
	struct mail *mail = t->mail;
	usec_t left = t->deadline - clock_boot();

	if (curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &mail->fd) != CURLE_OK
	    || mail->fd == CURL_SOCKET_BAD || left <= 0) {
		end(t, left <= 0 ? FETCH_TIMEOUT : FETCH_RESET, 0, HANGS_UP);
		return;
	}
	mail->readable = event_new(base, mail->fd, EV_READ | EV_PERSIST, on_event, t);
	mail->writable = event_new(base, mail->fd, EV_WRITE, on_event, t);
	ASSERT(mail->readable && mail->writable && event_add(mail->readable, NULL) == 0);
	alarm_in(&mail->late, left);
	say(mail, STEP_FROM);
	talk(t);
}
