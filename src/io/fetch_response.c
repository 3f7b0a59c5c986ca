/* What a response may send us, and what is kept of it. curl reads the framing; these callbacks
 * count, pick and say stop, which they do by taking fewer bytes than they were given. */
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "io/fetch_int.h"

#define HEADERS_READ_MAX 65536 /* of all header bytes, 1xx responses and trailers included */
#define INTERIM_MAX 16
#define EARLY_MIN 65536 /* a smaller request body goes out with its headers, in one piece */

static size_t refuse_response(struct fetch *t, const char *why)
{
	t->refusal = why;
	t->refusal_fault = FETCH_PROTOCOL;
	return 0;
}

/* "HTTP/1.1 103 Early Hints": curl has read it already, only the class matters here. */
static void begin_message(struct fetch *t, struct slice line)
{
	const char *space = memchr(line.p, ' ', line.n);
	size_t at = space ? (size_t)(space - line.p) + 1 : line.n;

	t->in_head = true;
	t->is_interim = at < line.n && line.p[at] == '1';
	t->interim += t->is_interim;
	t->expected = line.n >= at + 3 && memcmp(line.p + at, "204", 3) == 0 ? 0 : -1;
	strbuf_clear(&t->headers);
	t->result.retry_after = USEC_NEVER;
}

static bool name_is(struct slice name, const char *want)
{
	return strlen(want) == name.n && strncasecmp(name.p, want, name.n) == 0;
}

static bool is_secret(struct slice name)
{
	return name_is(name, "set-cookie") || name_is(name, "set-cookie2")
	    || name_is(name, "authorization");
}

/* Digits, as curl has checked; one that is too large counts as unknown. */
static int64_t read_length(struct slice s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || n > INT64_MAX / 100)
			return -1;
		n = n * 10 + (s.p[i] - '0');
	}
	return n;
}

static void keep_header(struct fetch *t, struct slice line)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct slice name, value;

	/* A folded line belongs to the one before, which may have been dropped. */
	if (!colon || line.p[0] == ' ' || line.p[0] == '\t')
		return;
	name = (struct slice){ line.p, (size_t)(colon - line.p) };
	value = (struct slice){ colon + 1, line.n - name.n - 1 };
	while (value.n && (*value.p == ' ' || *value.p == '\t')) {
		value.p++;
		value.n--;
	}
	if (is_secret(name))
		return;
	if (name_is(name, "retry-after"))
		t->result.retry_after = retry_after_parse(value, clock_now());
	else if (name_is(name, "content-length"))
		t->expected = read_length(value);
	if (line.n + 2 > FETCH_HEADERS_MAX - t->headers.n)
		return;
	strbuf_add(&t->headers, line.p, line.n);
	strbuf_add(&t->headers, "\r\n", 2);
}

/* The whole response is there, but the target has not read the request's body, and may never do
 * so. curl goes on sending after a 2xx, until the time is up; the answer is given, so the
 * transfer ends here. */
static bool is_early(struct fetch *t)
{
	curl_off_t sent = 0;

	if (t->request_bytes <= EARLY_MIN || t->expected < 0
	    || (int64_t)t->body_bytes < t->expected)
		return false;
	return curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &sent) == CURLE_OK
	    && sent < (curl_off_t)t->request_bytes;
}

/* Without the line's end and the spaces before it. */
static size_t line_bytes(struct slice line)
{
	while (line.n && strchr("\r\n ", line.p[line.n - 1]))
		line.n--;
	return line.n;
}

size_t fetch_on_header(char *bytes, size_t size, size_t n, void *ctx)
{
	struct fetch *t = ctx;
	struct slice line = { bytes, n };

	CHECK_MAGIC(t, FETCH_MAGIC);
	ASSERT(size == 1);
	if (t->header_bytes == 0)
		FAILPOINT("cp4"); /* the request was sent; nobody has read the answer */
	t->header_bytes += n;
	if (t->header_bytes > HEADERS_READ_MAX)
		return refuse_response(t, "the response has too many header bytes");
	line.n = line_bytes(line);
	if (t->headers_done)
		return n; /* trailers */
	if (!t->in_head) {
		begin_message(t, line);
		return t->interim > INTERIM_MAX ? refuse_response(t, "too many interim responses")
						: n;
	}
	if (line.n == 0) {
		t->in_head = false;
		t->headers_done = !t->is_interim;
		t->is_cut = t->headers_done && is_early(t);
	} else {
		keep_header(t, line);
	}
	return t->is_cut ? 0 : n;
}

/* Of the bytes kept, what is counted for all requests together. */
static size_t large_part(size_t n)
{
	return n > FETCH_BODY_MAX ? n - FETCH_BODY_MAX : 0;
}

/* Nothing is kept behind a gap: where there is no room for all of it, the body ends. */
static void keep_body(struct fetch *t, const char *bytes, size_t n)
{
	struct fetcher *f = t->fetcher;
	size_t before = large_part(t->body.n), left = f->limits.large_bytes_max - f->large_bytes;

	if (n > t->body_max - t->body.n)
		n = t->body_max - t->body.n;
	if (large_part(t->body.n + n) - before > left) {
		n -= large_part(t->body.n + n) - before - left;
		t->body_max = t->body.n + n;
	}
	strbuf_add(&t->body, bytes, n);
	f->large_bytes += large_part(t->body.n) - before;
}

void fetch_forget_body(struct fetch *t)
{
	t->fetcher->large_bytes -= large_part(t->body.n);
	strbuf_clear(&t->body);
}

size_t fetch_on_body(char *bytes, size_t size, size_t n, void *ctx)
{
	struct fetch *t = ctx;

	CHECK_MAGIC(t, FETCH_MAGIC);
	ASSERT(size == 1);
	keep_body(t, bytes, n);
	t->body_bytes += n;
	/* A short count ends the transfer, which MAXFILESIZE does not for a chunked body. */
	t->is_cut = t->body_bytes > FETCH_READ_MAX || is_early(t);
	return t->is_cut ? 0 : n;
}
