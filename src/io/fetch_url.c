/* Which URLs and headers we take. A URL is read twice: by url_split(), which knows only plain
 * spellings, and by libcurl's parser, which will dial it. When they differ the URL is refused,
 * so no trick with userinfo, backslashes, odd numbers or percent signs can show one host here
 * and another to curl. */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "io/fetch_int.h"

#define URL_MAX 2048
#define HEADER_NAME_MAX 128
#define HEADER_VALUE_MAX 8192

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool starts_with(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && strncasecmp(s.p, prefix, n) == 0;
}

/* 1 .. 65535 in plain digits, else -1. */
static int read_port(struct slice s)
{
	int port = 0;

	if (s.n == 0 || s.n > 5 || s.p[0] == '0')
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return -1;
		port = port * 10 + (s.p[i] - '0');
	}
	return port <= 65535 ? port : -1;
}

static bool read_literal(int family, struct slice host, struct url_parts *out)
{
	union resolve_address a;
	char text[INET6_ADDRSTRLEN];
	void *to = family == AF_INET ? (void *)&a.v4.sin_addr : (void *)&a.v6.sin6_addr;

	if (host.n >= sizeof(text))
		return false;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	memset(&a, 0, sizeof(a));
	if (inet_pton(family, text, to) != 1)
		return false;
	a.any.sa_family = (sa_family_t)family;
	out->is_literal = true;
	out->class = netguard_classify(&a.any, sizeof(a));
	return true;
}

/* Does the last label make it a number in some spelling (WHATWG: "ends in a number")? Top-level
 * domains never begin with a digit. */
static bool ends_in_number(struct slice host)
{
	size_t at = host.n;

	while (at > 0 && host.p[at - 1] != '.')
		at--;
	return at < host.n && is_digit(host.p[at]);
}

static const char *check_name(struct slice host)
{
	size_t label = 0;

	if (host.n > RESOLVE_HOST_MAX)
		return "the host name is too long";
	for (size_t i = 0; i <= host.n; i++) {
		char c = i < host.n ? host.p[i] : '.';

		if (c == '.') {
			if (label == 0 || label > 63)
				return "the host name has an empty or too long part";
			label = 0;
		} else if (is_alnum(c) || c == '-' || c == '_') {
			label++;
		} else {
			return "the host name has a character that host names cannot have";
		}
	}
	return NULL;
}

static const char *read_host(struct slice host, struct url_parts *out)
{
	if (host.n == 0)
		return "the URL has no host";
	if (host.p[0] == '[') {
		out->host = (struct slice){ host.p + 1, host.n - 2 };
		if (host.n < 4 || host.p[host.n - 1] != ']'
		    || !read_literal(AF_INET6, out->host, out))
			return "the host is not an IPv6 address";
		return NULL;
	}
	out->host = host;
	if (ends_in_number(host)) {
		if (!read_literal(AF_INET, host, out))
			return "an IPv4 address must be written as four decimal numbers";
		return NULL;
	}
	return check_name(host);
}

/* Between "://" and the path. */
static struct slice authority_of(struct slice url, size_t scheme)
{
	struct slice rest = { url.p + scheme, url.n - scheme };

	for (size_t i = 0; i < rest.n; i++)
		if (strchr("/?#", rest.p[i])) /* also at a NUL */
			rest.n = i;
	return rest;
}

/* Bytes before the colon of the port: the last colon that is not inside brackets. All when there
 * is none. */
static size_t host_bytes(struct slice authority)
{
	size_t at = authority.n;

	while (at > 0 && authority.p[at - 1] != ':' && authority.p[at - 1] != ']')
		at--;
	return at > 0 && authority.p[at - 1] == ':' ? at - 1 : authority.n;
}

const char *url_split(struct slice url, struct url_parts *out)
{
	struct url_parts u = { .is_tls = starts_with(url, "https://") };
	struct slice all;
	const char *why;
	size_t n;

	if (!u.is_tls && !starts_with(url, "http://"))
		return "the URL must begin with http:// or https://";
	all = authority_of(url, u.is_tls ? 8 : 7);
	if (memchr(all.p, '@', all.n))
		return "the URL must not have a user name or password";
	n = host_bytes(all);
	u.port = u.is_tls ? 443 : 80;
	if (n < all.n)
		u.port = read_port((struct slice){ all.p + n + 1, all.n - n - 1 });
	if (u.port < 0)
		return "the port is not a number from 1 to 65535";
	why = read_host((struct slice){ all.p, n }, &u);
	u.path = (struct slice){ all.p + all.n, url.n - (size_t)(all.p + all.n - url.p) };
	if (!why)
		*out = u;
	return why;
}

/* One part of a parsed URL against what we read ourselves. */
static bool part_is(CURLU *handle, CURLUPart part, struct slice want)
{
	char *got = NULL;
	bool same;

	if (curl_url_get(handle, part, &got, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return false;
	same = strlen(got) == want.n && strncasecmp(got, want.p, want.n) == 0;
	curl_free(got);
	return same;
}

static bool host_is(CURLU *handle, const struct url_parts *u)
{
	struct in6_addr mine, theirs;
	char text[INET6_ADDRSTRLEN];
	char *got = NULL;
	size_t n;
	bool same;

	if (!u->is_literal || !memchr(u->host.p, ':', u->host.n))
		return part_is(handle, CURLUPART_HOST, u->host);
	/* libcurl may write an IPv6 address shorter than it was given. */
	if (curl_url_get(handle, CURLUPART_HOST, &got, 0) != CURLUE_OK)
		return false;
	memcpy(text, u->host.p, u->host.n);
	text[u->host.n] = '\0';
	n = strlen(got);
	same = n > 2 && got[n - 1] == ']';
	if (same) {
		got[n - 1] = '\0';
		same = inet_pton(AF_INET6, text, &mine) == 1
		    && inet_pton(AF_INET6, got + 1, &theirs) == 1
		    && memcmp(&mine, &theirs, sizeof(mine)) == 0;
	}
	curl_free(got);
	return same;
}

/* libcurl reads the same scheme, host and port out of it. */
static bool curl_agrees(struct slice url, const struct url_parts *u)
{
	CURLU *handle = curl_url();
	char text[URL_MAX + 1], port[8];
	struct strbuf number;
	bool same;

	ASSERT(handle && url.n <= URL_MAX);
	memcpy(text, url.p, url.n);
	text[url.n] = '\0';
	strbuf_init(&number, sizeof(port));
	strbuf_addi(&number, u->port);
	same = curl_url_set(handle, CURLUPART_URL, text, CURLU_DISALLOW_USER) == CURLUE_OK
	    && part_is(handle, CURLUPART_SCHEME, slice_of(u->is_tls ? "https" : "http"))
	    && part_is(handle, CURLUPART_PORT, strbuf_slice(&number)) && host_is(handle, u);
	strbuf_release(&number);
	curl_url_cleanup(handle);
	return same;
}

static bool is_localhost(struct slice host)
{
	static const char name[] = "localhost";
	size_t n = sizeof(name) - 1;

	if (host.n < n || strncasecmp(host.p + host.n - n, name, n) != 0)
		return false;
	return host.n == n || host.p[host.n - n - 1] == '.';
}

static const char *check_place(const struct url_parts *u, bool allow_private)
{
	if (u->is_literal && !netguard_allows(u->class, allow_private))
		return "the address is not a public one";
	if (allow_private)
		return NULL;
	if (is_localhost(u->host))
		return "the host is this machine itself";
	/* Else a request could be made to speak to a mail server or the like. */
	if (u->port != 80 && u->port != 443 && u->port < 1024)
		return "the port must be 80, 443, or 1024 and above";
	return NULL;
}

const char *fetch_url_check(struct slice url, bool allow_private)
{
	struct url_parts u = { 0 };
	const char *why;

	if (!url.p || url.n == 0)
		return "the URL is empty";
	if (url.n > URL_MAX)
		return "the URL is longer than 2,048 bytes";
	for (size_t i = 0; i < url.n; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (c <= ' ' || c >= 0x7f)
			return "the URL has a space, a control character or one that is not ASCII";
		if (c == '\\')
			return "the URL has a backslash";
		if (c == '#')
			return "the URL must not have a fragment";
	}
	why = url_split(url, &u);
	if (!why && !curl_agrees(url, &u))
		why = "the URL cannot be read without doubt";
	return why ? why : check_place(&u, allow_private);
}

void fetch_url_origin(const char *url, char *out, size_t max)
{
	struct url_parts u = { 0 };
	struct strbuf b;
	bool is_v6;

	ASSERT(max > 0);
	out[0] = '\0';
	if (url_split(slice_of(url), &u))
		return;
	is_v6 = u.is_literal && memchr(u.host.p, ':', u.host.n);
	strbuf_init(&b, max);
	strbuf_adds(&b, u.is_tls ? "https://" : "http://");
	strbuf_adds(&b, is_v6 ? "[" : "");
	for (size_t i = 0; i < u.host.n; i++)
		strbuf_addc(&b, (char)(u.host.p[i]
				       | (u.host.p[i] >= 'A' && u.host.p[i] <= 'Z' ? 0x20 : 0)));
	strbuf_adds(&b, is_v6 ? "]:" : ":");
	strbuf_addi(&b, u.port);
	if (!b.failed && b.n < max)
		memcpy(out, b.p, b.n + 1);
	strbuf_release(&b);
}

static bool is_token(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) && (s.p[i] == '\0' || !strchr("!#$%&'*+-.^_`|~", s.p[i])))
			return false;
	return s.n > 0;
}

/* Names that frame the message or that we set ourselves; a '-' at the end makes it a prefix. */
static const char *const reserved[] = {
	"host",
	"content-length",
	"transfer-encoding",
	"connection",
	"keep-alive",
	"te",
	"upgrade",
	"expect",
	"trailer",
	"proxy-",
	"webhook-",
	"carillon-",
	"http2-settings",
	"x-taskhook-signature",
	"traceparent",
	"tracestate",
};

static bool is_reserved(struct slice name)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		size_t n = strlen(reserved[i]);
		bool is_prefix = reserved[i][n - 1] == '-';

		if (starts_with(name, reserved[i]) && (is_prefix || name.n == n))
			return true;
	}
	return false;
}

const char *fetch_header_check(struct slice name, struct slice value)
{
	if (!name.p || !is_token(name))
		return "a header name may have letters, digits and !#$%&'*+-.^_`|~ only";
	if (name.n > HEADER_NAME_MAX)
		return "the header name is longer than 128 bytes";
	if (is_reserved(name))
		return "this header is set by the server";
	if (value.n > HEADER_VALUE_MAX)
		return "the header value is longer than 8,192 bytes";
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if ((c < ' ' && c != '\t') || c >= 0x7f)
			return "a header value may have printable ASCII, spaces and tabs only";
	}
	return NULL;
}

/* The one date form that may be sent (RFC 9110 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
 * curl_getdate() takes nearly anything, so the shape is checked before. */
static bool is_imf_date(struct slice s)
{
	static const char shape[] = "AAA, 00 AAA 0000 00:00:00 GMT";

	if (s.n != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool fits = shape[i] == 'A' ? is_alnum(s.p[i]) && !is_digit(s.p[i])
			  : shape[i] == '0' ? is_digit(s.p[i])
					    : s.p[i] == shape[i];
		if (!fits)
			return false;
	}
	return true;
}

usec_t retry_after_parse(struct slice s, usec_t now)
{
	char text[32];
	usec_t span = 0;
	time_t at;

	if (s.n == 0)
		return USEC_NEVER;
	if (is_imf_date(s)) {
		memcpy(text, s.p, s.n);
		text[s.n] = '\0';
		at = curl_getdate(text, NULL);
		if (at == (time_t)-1)
			return USEC_NEVER;
		/* The year has four digits, so this cannot overflow. */
		span = (usec_t)at * SEC - now;
		return span < 0 ? 0 : span > DAY ? DAY : span;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return USEC_NEVER;
		span = span > DAY ? span : span * 10 + (s.p[i] - '0') * SEC;
	}
	return span > DAY ? DAY : span;
}
