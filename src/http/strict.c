/* The raw gate: a state machine over every byte of a connection, ahead of evhttp.
 *
 * evhttp 2.1 takes much that other programs between a client and us read in another way
 * (RELIABILITY.md 0.4), and what two programs read differently is a way to smuggle a request. So
 * the accepted language is small: what RFC 9112 has for the ordinary case, and nothing that it
 * merely tolerates. What passes here has one reading.
 *
 * One function per state; each eats what it can and leaves the state or the fault in *s. The
 * byte that would complete a line is eaten only after the line has been judged, so evhttp never
 * sees the end of a bad one. */
#include "base/check.h"
#include "strict_int.h"

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

#define ALPHA (TOKEN | TARGET | VALUE | HOSTNAME)
const unsigned char strict_class[256] = {
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

void strict_next(struct strict *s, bool is_complete)
{
	s->requests += is_complete;
	go(s, AT_METHOD);
	s->http10 = s->has_host = s->has_length = s->is_chunked = s->blank_seen = false;
	s->headers = s->head_bytes = s->target_n = 0;
	s->left = s->body_bytes = s->body_max = 0;
}

void strict_init(struct strict *s, strict_ceiling *ceiling, void *ctx)
{
	memset(s, 0, offsetof(struct strict, word));
	s->ceiling = ceiling;
	s->ctx = ctx;
	strict_next(s, false);
}

static state_fn *const states[STATE_COUNT] = {
	[AT_METHOD] = strict_at_method,
	[AT_TARGET] = strict_at_target,
	[AT_VERSION] = strict_at_version,
	[AT_LINE] = strict_at_line,
	[AT_NAME] = strict_at_name,
	[AT_BEFORE_VALUE] = strict_at_before_value,
	[AT_VALUE] = strict_at_value,
	[AT_VALUE_LF] = strict_at_value_lf,
	[AT_HEAD_LF] = strict_at_head_lf,
	[AT_BODY] = strict_at_body,
	[AT_CHUNK_SIZE] = strict_at_chunk_size,
	[AT_CHUNK_EXT] = strict_at_chunk_ext,
	[AT_CHUNK_SIZE_LF] = strict_at_chunk_size_lf,
	[AT_CHUNK] = strict_at_chunk,
	[AT_CHUNK_CR] = strict_at_chunk_cr,
	[AT_CHUNK_LF] = strict_at_chunk_lf,
	[AT_TRAILER] = strict_at_trailer,
	[AT_TRAILER_NAME] = strict_at_trailer_name,
	[AT_TRAILER_VALUE] = strict_at_trailer_value,
	[AT_TRAILER_LF] = strict_at_trailer_lf,
	[AT_LAST_LF] = strict_at_last_lf,
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
