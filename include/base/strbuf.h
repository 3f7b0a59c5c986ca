/* Growable bytes with a ceiling, for output that is built piece by piece. A write beyond the
 * ceiling is dropped and marks the buffer failed; check once at the end. The bytes are always
 * NUL-terminated. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct strbuf {
	char *p;
	size_t n, cap, max;
	bool failed;
};

void strbuf_init(struct strbuf *b, size_t max); /* max > 0: bytes it may ever hold */
void strbuf_release(struct strbuf *b);          /* frees; the buffer must be init'ed again */
void strbuf_clear(struct strbuf *b);            /* empties and forgets the failure, keeps the memory */
void strbuf_add(struct strbuf *b, const void *bytes, size_t n);
void strbuf_addc(struct strbuf *b, char c);
void strbuf_adds(struct strbuf *b, const char *text);
void strbuf_addi(struct strbuf *b, long long v); /* decimal */
void strbuf_addf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_add_json(struct strbuf *b, struct slice text); /* quoted and escaped as a JSON string */
/* Room for n more bytes, or NULL if that passes the ceiling (and marks it failed); then
 * strbuf_grew(). */
char *strbuf_room(struct strbuf *b, size_t n);
void strbuf_grew(struct strbuf *b, size_t n);
struct slice strbuf_slice(const struct strbuf *b);

#endif
