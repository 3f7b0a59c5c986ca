/* A stranger's bytes as text. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "base/slice.h"

/* The bytes with U+FFFD in the place of each that belongs to no well-formed sequence (RFC 3629), and
 * of each NUL. In `a`, or `bytes` itself when nothing is wrong with it; an absent slice stays absent. */
struct slice utf8_mend(struct slice bytes, struct arena *a);
/* The longest beginning of a well-formed text of at most `most` bytes that cuts no character. */
struct slice utf8_cut(struct slice text, size_t most);

#endif
