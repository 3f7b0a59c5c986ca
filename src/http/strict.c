/* The raw gate: a state machine over every byte of a connection, ahead of evhttp.
 *
 * evhttp 2.1 takes much that other programs between a client and us read in another way (RELIABILITY.md 0.4), and
 * what two programs read differently is a way to smuggle a request. So the accepted language is small: what
 * RFC 9112 has for the ordinary case, and nothing that it merely tolerates. What passes here has one reading.
 *
 * One function per state; each eats what it can and leaves the state or the fault in *s. The byte that would
 * complete a line is eaten only after the line has been judged, so evhttp never sees the end of a bad one. */
#include <string.h>

#include "base/check.h"
#include "http_int.h"

enum state {
	AT_METHOD,
	AT_TARGET,
	AT_VERSION,
	AT_LINE, /* the first byte of a header line */
	AT_NAME,
	AT_BEFORE_VALUE,
	AT_VALUE,
	AT_VALUE_LF,
	AT_HEAD_LF,
	AT_BODY,
	AT_CHUNK_SIZE,
	AT_CHUNK_EXT,
	AT_CHUNK_SIZE_LF,
	AT_CHUNK,
	AT_CHUNK_CR,
	AT_CHUNK_LF,
	AT_TRAILER,
	AT_TRAILER_NAME,
	AT_TRAILER_VALUE,
	AT_TRAILER_LF,
	AT_LAST_LF,
	STATE_COUNT
};

/* The headers whose values decide about the framing. */
enum header { OTHER, HOST, CONTENT_LENGTH, TRANSFER_ENCODING, EXPECT, HEADER_COUNT };

static const char *const header_names[HEADER_COUNT] = { "", "host", "content-length", "transfer-encoding",
							"expect" };
static const char *const verb_names[VERB_COUNT] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
						    "OPTIONS" };

static const struct {
	int status;
	enum err err;
	const char *text;
} faults[STRICT_FAULT_COUNT] = {
	{ 200, ERR_NONE, "" },
#define X(name, status, err, text) { status, ERR_##err, text },
#include "strict.def"
#undef X
};

/* Classes of bytes. */
enum { TOKEN = 1, TARGET = 2, VALUE = 4, HOSTNAME = 8, HEX = 16 };

#define ALPHA (TOKEN | TARGET | VALUE | HOSTNAME)
static const unsigned char class_of[256] = {
	['\t'] = VALUE,
	[' '] = VALUE,
	['!'] = TOKEN | TARGET | VALUE | HOSTNAME,
	['"'] = VALUE,
	['#'] = TOKEN | VALUE,
	['$' ... '\''] = TOKEN | TARGET | VALUE | HOSTNAME,
	['('] = TARGET | VALUE | HOSTNAME,
	[')'] = TARGET | VALUE | HOSTNAME,
	['*' ... '+'] = TOKEN | TARGET | VALUE | HOSTNAME,
	[','] = TARGET | VALUE,
	['-' ... '.'] = TOKEN | TARGET | VALUE | HOSTNAME,
	['/'] = TARGET | VALUE,
	['0' ... '9'] = ALPHA | HEX,
	[':'] = TARGET | VALUE | HOSTNAME,
	[';'] = TARGET | VALUE | HOSTNAME,
	['<'] = VALUE,
	['='] = TARGET | VALUE | HOSTNAME,
	['>'] = VALUE,
	['?' ... '@'] = TARGET | VALUE,
	['A' ... 'F'] = ALPHA | HEX,
	['G' ... 'Z'] = ALPHA,
	['['] = TARGET | VALUE | HOSTNAME,
	['\\'] = VALUE,
	[']'] = TARGET | VALUE | HOSTNAME,
	['^'] = TOKEN | VALUE,
	['_'] = ALPHA,
	['`'] = TOKEN | VALUE,
	['a' ... 'f'] = ALPHA | HEX,
	['g' ... 'z'] = ALPHA,
	['{'] = TARGET | VALUE,
	['|'] = TOKEN | TARGET | VALUE,
	['}'] = TARGET | VALUE,
	['~'] = ALPHA,
	[0x80 ... 0xff] = VALUE,
};

static bool is(char c, unsigned classes)
{
	return class_of[(unsigned char)c] & classes;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool fail(struct strict *s, enum strict_fault fault)
{
	s->fault = (unsigned char)fault;
	return false;
}

/* What is wrong with a byte that fits nothing: the framing faults have names of their own. */
static enum strict_fault name_byte(char c, enum strict_fault otherwise)
{
	if (c == '\0')
		return STRICT_NUL;
	if (c == '\n')
		return STRICT_BARE_LF;
	return c == '\r' ? STRICT_BARE_CR : otherwise;
}

static void go(struct strict *s, enum state state)
{
	s->state = (unsigned char)state;
	s->n = 0;
}

/* Keeps the token's beginning; n goes on counting. */
static void keep(struct strict *s, char c)
{
	if (s->n < sizeof(s->word) - 1)
		s->word[s->n] = c;
	s->n++;
}

static bool word_is(struct strict *s, const char *text)
{
	size_t n = strlen(text);

	return s->n == n && memcmp(s->word, text, n) == 0;
}

static void next_request(struct strict *s)
{
	go(s, AT_METHOD);
	s->http10 = s->has_host = s->has_length = s->is_chunked = s->blank_seen = false;
	s->headers = s->head_bytes = s->target_n = 0;
	s->left = s->body_bytes = s->body_max = 0;
}

static void complete(struct strict *s)
{
	s->requests++;
	next_request(s);
}

void strict_init(struct strict *s, strict_ceiling *ceiling, void *ctx)
{
	memset(s, 0, offsetof(struct strict, word));
	s->ceiling = ceiling;
	s->ctx = ctx;
	next_request(s);
}

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

static size_t at_method(struct strict *s, char *p, size_t n)
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

static size_t at_target(struct strict *s, char *p, size_t n)
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

static size_t at_version(struct strict *s, char *p, size_t n)
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

static size_t at_line(struct strict *s, char *p, size_t n)
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

static size_t at_name(struct strict *s, char *p, size_t n)
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

static size_t at_before_value(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && (p[i] == ' ' || p[i] == '\t'); i++)
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
	case HEADER_COUNT: return STRICT_FINE;
	case HOST: return judge_host(s);
	case CONTENT_LENGTH: return judge_length(s);
	case TRANSFER_ENCODING:
		if (s->is_chunked || s->http10 || !word_is(s, "chunked"))
			return STRICT_CODING;
		s->is_chunked = true;
		return STRICT_FINE;
	case EXPECT: return word_is(s, "100-continue") ? STRICT_FINE : STRICT_EXPECT;
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

static size_t at_value(struct strict *s, char *p, size_t n)
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

/* After the CR of any line the LF must follow. */
static bool is_lf(struct strict *s, char c)
{
	return c == '\n' || fail(s, STRICT_BARE_CR);
}

static size_t at_value_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	go(s, AT_LINE);
	return 1;
}

/* --- the body --- */

/* Is there room for a body of so many bytes in all? */
static bool fits(struct strict *s, uint64_t bytes)
{
	if (bytes <= BODY_MAX)
		return true;
	if (!s->body_max)
		s->body_max = s->ceiling(s->ctx, (struct slice){ s->target, s->target_n });
	return bytes <= s->body_max;
}

static enum strict_fault judge_head(struct strict *s)
{
	bool may_have_body = s->verb != VERB_GET && s->verb != VERB_HEAD && s->verb != VERB_OPTIONS;

	if (!s->has_host && !s->http10)
		return STRICT_HOST_MISSING;
	if (s->is_chunked && s->has_length)
		return STRICT_LENGTH_AND_CODING;
	if (!may_have_body && (s->is_chunked || s->left))
		return STRICT_NO_BODY;
	return fits(s, s->left) ? STRICT_FINE : STRICT_BODY_LARGE;
}

static size_t at_head_lf(struct strict *s, char *p, size_t n)
{
	enum strict_fault fault;

	(void)n;
	if (!is_lf(s, *p))
		return 0;
	if ((fault = judge_head(s))) {
		fail(s, fault);
		return 0;
	}
	s->head_bytes = 0;
	if (s->is_chunked)
		go(s, AT_CHUNK_SIZE);
	else if (s->left)
		go(s, AT_BODY);
	else
		complete(s);
	return 1;
}

static size_t at_body(struct strict *s, char *p, size_t n)
{
	size_t some = n < s->left ? n : (size_t)s->left;

	(void)p;
	s->left -= some;
	if (!s->left)
		complete(s);
	return some;
}

static unsigned hex_value(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(lower(c) - 'a' + 10);
}

static size_t at_chunk_size(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], HEX) && s->n < 9; i++, s->n++)
		s->left = (s->n ? s->left * 16 : 0) + hex_value(p[i]);
	if (i == n)
		return n;
	if (s->n == 0 || s->n > 8 || (p[i] != '\r' && p[i] != ';')) {
		fail(s, name_byte(p[i], STRICT_CHUNK_SIZE));
		return i;
	}
	if (!fits(s, s->body_bytes + s->left)) {
		fail(s, STRICT_BODY_LARGE);
		return i;
	}
	if (p[i] == '\r') {
		go(s, AT_CHUNK_SIZE_LF);
		return i + 1;
	}
	go(s, AT_CHUNK_EXT);
	return i;
}

static size_t at_chunk_ext(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], VALUE) && s->n < CHUNK_EXT_MAX; i++, s->n++)
		p[i] = ' ';
	if (i == n)
		return n;
	if (p[i] != '\r') {
		fail(s, name_byte(p[i], STRICT_CHUNK_SIZE));
		return i;
	}
	go(s, AT_CHUNK_SIZE_LF);
	return i + 1;
}

static size_t at_chunk_size_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	s->body_bytes += s->left;
	s->head_bytes = 0;
	go(s, s->left ? AT_CHUNK : AT_TRAILER);
	return 1;
}

static size_t at_chunk(struct strict *s, char *p, size_t n)
{
	size_t some = n < s->left ? n : (size_t)s->left;

	(void)p;
	s->left -= some;
	if (!s->left)
		go(s, AT_CHUNK_CR);
	return some;
}

static size_t at_chunk_cr(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (*p != '\r') {
		fail(s, *p == '\n' ? STRICT_BARE_LF : STRICT_CHUNK_END);
		return 0;
	}
	go(s, AT_CHUNK_LF);
	return 1;
}

static size_t at_chunk_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	go(s, AT_CHUNK_SIZE);
	return 1;
}

/* --- trailers: judged like headers, and then dropped by evhttp --- */

static size_t at_trailer(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (*p == '\r') {
		go(s, AT_LAST_LF);
		return 1;
	}
	if (*p == ' ' || *p == '\t')
		fail(s, STRICT_FOLD);
	else
		go(s, AT_TRAILER_NAME);
	return 0;
}

static size_t at_trailer_name(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], TOKEN); i++)
		keep(s, p[i]);
	if (i == n)
		return n;
	if (p[i] != ':' || s->n == 0) {
		fail(s, name_byte(p[i], STRICT_NAME));
		return i;
	}
	go(s, AT_TRAILER_VALUE);
	return i + 1;
}

static size_t at_trailer_value(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], VALUE); i++)
		;
	if (i == n)
		return n;
	if (p[i] != '\r') {
		fail(s, name_byte(p[i], STRICT_VALUE));
		return i;
	}
	go(s, AT_TRAILER_LF);
	return i + 1;
}

static size_t at_trailer_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	go(s, AT_TRAILER);
	return 1;
}

static size_t at_last_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	complete(s);
	return 1;
}

/* --- the machine --- */

typedef size_t state_fn(struct strict *s, char *p, size_t n);

static state_fn *const states[STATE_COUNT] = {
	[AT_METHOD] = at_method,
	[AT_TARGET] = at_target,
	[AT_VERSION] = at_version,
	[AT_LINE] = at_line,
	[AT_NAME] = at_name,
	[AT_BEFORE_VALUE] = at_before_value,
	[AT_VALUE] = at_value,
	[AT_VALUE_LF] = at_value_lf,
	[AT_HEAD_LF] = at_head_lf,
	[AT_BODY] = at_body,
	[AT_CHUNK_SIZE] = at_chunk_size,
	[AT_CHUNK_EXT] = at_chunk_ext,
	[AT_CHUNK_SIZE_LF] = at_chunk_size_lf,
	[AT_CHUNK] = at_chunk,
	[AT_CHUNK_CR] = at_chunk_cr,
	[AT_CHUNK_LF] = at_chunk_lf,
	[AT_TRAILER] = at_trailer,
	[AT_TRAILER_NAME] = at_trailer_name,
	[AT_TRAILER_VALUE] = at_trailer_value,
	[AT_TRAILER_LF] = at_trailer_lf,
	[AT_LAST_LF] = at_last_lf,
};

/* Heads and trailers have a ceiling for all their bytes together. */
static void weigh(struct strict *s, enum state was, size_t some)
{
	if (was == AT_BODY || was == AT_CHUNK || s->state == AT_METHOD)
		return;
	s->head_bytes += (unsigned)some;
	if (was <= AT_HEAD_LF && s->head_bytes > HEAD_MAX)
		fail(s, STRICT_HEAD_LONG);
	else if (was >= AT_TRAILER && s->head_bytes > TRAILERS_MAX)
		fail(s, STRICT_TRAILERS_LONG);
}

size_t strict_feed(struct strict *s, char *bytes, size_t n)
{
	size_t done = 0;

	while (done < n && !s->fault) {
		enum state was = (enum state)s->state;
		size_t some;

		ASSERT(was < STATE_COUNT);
		some = states[was](s, bytes + done, n - done);
		if (!s->fault)
			weigh(s, was, some);
		/* What broke the ceiling may not pass: it could hold the end of the last line. */
		if (!s->fault)
			done += some;
	}
	return done;
}

enum strict_phase strict_phase(const struct strict *s)
{
	if (s->state == AT_METHOD && s->n == 0)
		return STRICT_IDLE;
	return s->state <= AT_HEAD_LF ? STRICT_HEAD : STRICT_BODY;
}

int strict_status(enum strict_fault f)
{
	ASSERT(f < STRICT_FAULT_COUNT);
	return faults[f].status;
}

enum err strict_err(enum strict_fault f)
{
	ASSERT(f < STRICT_FAULT_COUNT);
	return faults[f].err;
}

const char *strict_text(enum strict_fault f)
{
	ASSERT(f < STRICT_FAULT_COUNT);
	return faults[f].text;
}
