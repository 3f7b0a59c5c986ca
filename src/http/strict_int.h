/* Between the files of the raw gate: its states, and the small tools of all of them. */
#ifndef HTTP_STRICT_INT_H
#define HTTP_STRICT_INT_H

#include <string.h>

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

/* Eats what it can of n (at least one) bytes and leaves the state, or the fault, in *s; returns
 * how much it ate. */
typedef size_t state_fn(struct strict *s, char *p, size_t n);
state_fn strict_at_method, strict_at_target, strict_at_version, strict_at_line;
state_fn strict_at_name, strict_at_before_value, strict_at_value, strict_at_value_lf;
state_fn strict_at_head_lf, strict_at_body, strict_at_chunk_size, strict_at_chunk_ext;
state_fn strict_at_chunk_size_lf, strict_at_chunk, strict_at_chunk_cr, strict_at_chunk_lf;
state_fn strict_at_trailer, strict_at_trailer_name, strict_at_trailer_value, strict_at_trailer_lf;
state_fn strict_at_last_lf;

/* Classes of bytes. */
enum { TOKEN = 1, TARGET = 2, VALUE = 4, HOSTNAME = 8, HEX = 16 };

extern const unsigned char strict_class[256];

/* Ready for the next request; a complete one is counted. */
void strict_next(struct strict *s, bool is_complete);

static inline bool is(char c, unsigned classes)
{
	return strict_class[(unsigned char)c] & classes;
}

static inline char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool fail(struct strict *s, enum strict_fault fault)
{
	s->fault = (unsigned char)fault;
	return false;
}

/* What is wrong with a byte that fits nothing: the framing faults have names of their own. */
static inline enum strict_fault name_byte(char c, enum strict_fault otherwise)
{
	if (c == '\0')
		return STRICT_NUL;
	if (c == '\n')
		return STRICT_BARE_LF;
	return c == '\r' ? STRICT_BARE_CR : otherwise;
}

static inline void go(struct strict *s, enum state state)
{
	s->state = (unsigned char)state;
	s->n = 0;
}

/* Keeps the token's beginning; n goes on counting. */
static inline void keep(struct strict *s, char c)
{
	if (s->n < sizeof(s->word) - 1)
		s->word[s->n] = c;
	s->n++;
}

static inline bool word_is(struct strict *s, const char *text)
{
	size_t n = strlen(text);

	return s->n == n && memcmp(s->word, text, n) == 0;
}

/* After the CR of any line the LF must follow. */
static inline bool is_lf(struct strict *s, char c)
{
	return c == '\n' || fail(s, STRICT_BARE_CR);
}

#endif
