/* The raw gate: request line and header lines. */
#include "base/check.h"
#include "strict_int.h"

/* The headers whose values decide about the framing. */
enum header { OTHER, HOST, CONTENT_LENGTH, TRANSFER_ENCODING, EXPECT, HEADER_COUNT };

static const char *const header_names[HEADER_COUNT] = { "", "host", "content-length",
							"transfer-encoding", "expect" };
static const char *const verb_names[VERB_COUNT] = { "GET",   "HEAD",   "POST",   "PUT",
						    "PATCH", "DELETE", "OPTIONS" };

/* --- the request line --- */

static bool end_method(struct strict *s)
{
	for (int i = 0; i < VERB_COUNT; i++)
		if (word_is(s, verb_names[i])) {
			s->verb = (unsigned char)i;
			go(s, AT_TARGET);
			return true;
		}
	return fail(s, s->n ? STRICT_METHOD : STRICT_METHOD_NAME);
}

size_t strict_at_method(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], TOKEN); i++)
		keep(s, p[i]);
	if (s->n >= sizeof(s->word) - 1)
		fail(s, STRICT_METHOD);
	else if (i == n)
		return n;
	else if (p[i] != ' ')
		fail(s, name_byte(p[i], STRICT_METHOD_NAME));
	else if (end_method(s))
		i++;
	return i;
}

static bool begins_well(const struct strict *s)
{
	if (s->target[0] == '*')
		return s->verb == VERB_OPTIONS && s->n == 1;
	return s->n > 0 && s->target[0] == '/' && !(s->n > 1 && s->target[1] == '/');
}

size_t strict_at_target(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], TARGET); i++) {
		if (s->n < sizeof(s->target))
			s->target[s->n] = p[i];
		s->n++;
	}
	if (s->n > TARGET_MAX) {
		fail(s, STRICT_TARGET_LONG);
	} else if (i < n && p[i] != ' ') {
		fail(s, name_byte(p[i], STRICT_TARGET_BYTE));
	} else if (i < n && !begins_well(s)) {
		fail(s, STRICT_TARGET);
	} else if (i < n) {
		s->target_n = s->n < sizeof(s->target) ? s->n : sizeof(s->target);
		go(s, AT_VERSION);
		i++;
	}
	return i;
}

/* "HTTP/x.y" of another x.y, and nothing else, is worth the answer 505. */
static enum strict_fault judge_version(struct strict *s)
{
	if (s->n != 8 || memcmp(s->word, "HTTP/", 5) != 0 || s->word[6] != '.')
		return STRICT_VERSION;
	if (s->word[5] < '0' || s->word[5] > '9' || s->word[7] < '0' || s->word[7] > '9')
		return STRICT_VERSION;
	if (s->word[5] != '1' || s->word[7] > '1')
		return STRICT_VERSION_OTHER;
	s->http10 = s->word[7] == '0';
	return STRICT_FINE;
}

size_t strict_at_version(struct strict *s, char *p, size_t n)
{
	enum strict_fault fault;
	size_t i;

	for (i = 0; i < n && p[i] > ' '; i++)
		keep(s, p[i]);
	if (s->n > 8)
		fail(s, STRICT_VERSION);
	else if (i == n)
		return n;
	else if (p[i] != '\r')
		fail(s, name_byte(p[i], STRICT_VERSION));
	else if ((fault = judge_version(s)))
		fail(s, fault);
	else {
		go(s, AT_VALUE_LF);
		s->header = OTHER;
		i++;
	}
	return i;
}

/* --- header lines --- */

size_t strict_at_line(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (*p == '\r') {
		go(s, AT_HEAD_LF);
		return 1;
	}
	if (*p == ' ' || *p == '\t')
		fail(s, STRICT_FOLD);
	else if (++s->headers > HEADERS_MAX)
		fail(s, STRICT_HEADERS_MANY);
	else
		go(s, AT_NAME);
	return 0;
}

static void end_name(struct strict *s)
{
	s->header = OTHER;
	for (int i = HOST; i < HEADER_COUNT; i++)
		if (word_is(s, header_names[i]))
			s->header = (unsigned char)i;
	s->blank_seen = false;
	go(s, AT_BEFORE_VALUE);
}

size_t strict_at_name(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], TOKEN); i++)
		keep(s, lower(p[i]));
	if (i == n)
		return n;
	if (p[i] != ':' || s->n == 0) {
		fail(s, name_byte(p[i], STRICT_NAME));
		return i;
	}
	end_name(s);
	return i + 1;
}

/* evhttp skips spaces here and no tabs, and would answer an expectation that begins with one by
 * itself. */
size_t strict_at_before_value(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && (p[i] == ' ' || (p[i] == '\t' && s->header != EXPECT)); i++)
		;
	if (i < n)
		go(s, AT_VALUE);
	return i;
}

static enum strict_fault judge_host(struct strict *s)
{
	if (s->has_host)
		return STRICT_HOST_TWICE;
	s->has_host = true;
	return s->n ? STRICT_FINE : STRICT_HOST;
}

static enum strict_fault judge_length(struct strict *s)
{
	if (s->has_length)
		return STRICT_LENGTH_TWICE;
	s->has_length = true;
	if (s->n == 0 || s->n > 18)
		return STRICT_LENGTH;
	s->left = 0;
	for (unsigned i = 0; i < s->n; i++) {
		if (s->word[i] < '0' || s->word[i] > '9')
			return STRICT_LENGTH;
		s->left = s->left * 10 + (unsigned)(s->word[i] - '0');
	}
	return STRICT_FINE;
}

static enum strict_fault judge_value(struct strict *s)
{
	switch ((enum header)s->header) {
	case OTHER:
	case HEADER_COUNT:
		return STRICT_FINE;
	case HOST:
		return judge_host(s);
	case CONTENT_LENGTH:
		return judge_length(s);
	case TRANSFER_ENCODING:
		if (s->is_chunked || s->http10 || !word_is(s, "chunked"))
			return STRICT_CODING;
		s->is_chunked = true;
		return STRICT_FINE;
	case EXPECT:
		return word_is(s, "100-continue") ? STRICT_FINE : STRICT_EXPECT;
	}
	BUG("no such header");
}

/* A value that decides about the framing: white space may stand around it, not in it. */
static bool watch_value(struct strict *s, char c)
{
	if (c == ' ' || c == '\t') {
		s->blank_seen = true;
		return true;
	}
	if (s->blank_seen || (s->header == HOST && !is(c, HOSTNAME)))
		return false;
	keep(s, lower(c));
	return true;
}

static enum strict_fault bad_value(const struct strict *s)
{
	static const enum strict_fault by_header[HEADER_COUNT] = {
		STRICT_VALUE, STRICT_HOST, STRICT_LENGTH, STRICT_CODING, STRICT_EXPECT,
	};

	return by_header[s->header];
}

size_t strict_at_value(struct strict *s, char *p, size_t n)
{
	enum strict_fault fault;
	size_t i;

	for (i = 0; i < n && is(p[i], VALUE); i++)
		if (s->header != OTHER && !watch_value(s, p[i])) {
			fail(s, bad_value(s));
			return i;
		}
	if (i == n)
		return n;
	if (p[i] != '\r')
		fail(s, name_byte(p[i], STRICT_VALUE));
	else if ((fault = judge_value(s)))
		fail(s, fault);
	else {
		go(s, AT_VALUE_LF);
		i++;
	}
	return i;
}

size_t strict_at_value_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	go(s, AT_LINE);
	return 1;
}
