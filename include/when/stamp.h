/* RFC 3339 date and time (TIME.md A1): parse and print. */
#ifndef WHEN_STAMP_H
#define WHEN_STAMP_H

#include "base/slice.h"
#include "base/usec.h"
#include "when/tz.h"
#include "when/when_err.h"

enum { STAMP_MAX = 32 }; /* room for any printed stamp and its NUL */

/* 9999-12-31T23:59:59.999999Z */
#define STAMP_LAST ((usec_t)253402300799999999)

/* "2025-03-09T02:30:00Z", any numeric offset to +-23:59, `t` and `z` too, a fraction of any
 * length (cut to microseconds). Refused with WHEN_AT_FORMAT: second 60, dates that do not exist,
 * a missing offset, anything that is not between 1970-01-01T00:00:00Z and STAMP_LAST, anything
 * before or behind it. */
enum when_err stamp_parse(struct slice text, usec_t *out_at);

/* The same, and also a time without offset, which is then read on the wall clock of `z` by rule
 * A1: in a gap with the offset before it (02:30 -> 03:30), if it happens twice the first. */
enum when_err stamp_parse_in(struct slice text, const struct tz *z, usec_t *out_at);

/* "2025-03-09T07:30:00Z", ".250" behind the seconds if there are milliseconds; what is finer is
 * not printed. Instants outside 0000-01-01 .. STAMP_LAST are printed as the nearest one inside.
 * Returns the length. */
size_t stamp_print(usec_t at, char out[STAMP_MAX]);

/* The wall clock of `z` with its offset: "2025-03-09T03:30:00-04:00", "+00:00" for UTC. An offset
 * with seconds (Monrovia before 1972) is rounded to the minute and the clock reading with it. */
size_t stamp_print_local(usec_t at, const struct tz *z, char out[STAMP_MAX]);

#endif
