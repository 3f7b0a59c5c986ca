/* Durations with a fixed length: ISO 8601 ("PT1H30M", "P2D", "P3W", "PT0.5S") and short ("1h30m",
 * "15s", "250ms"). A day is 24 hours, a week 7 days. */
#ifndef WHEN_DURATION_H
#define WHEN_DURATION_H

#include "base/slice.h"
#include "base/usec.h"
#include "when/when_err.h"

enum { DURATION_MAX = 40 }; /* room for any printed duration and its NUL */

#define DURATION_CEILING (3653 * DAY) /* 10 years with their leap days, whichever they are */

/* ISO: P, then weeks alone, or days, then T and hours, minutes, seconds; the last one may have a
 * fraction ('.' or ','). Short: w d h m s ms, each at most once, in this order, fraction ('.') on
 * the last. What is finer than a microsecond is cut. No sign, no blanks, no capitals in the short
 * form. WHEN_DURATION_CALENDAR: years or months. WHEN_DURATION_RANGE: above DURATION_CEILING.
 * WHEN_DURATION_SYNTAX: the rest. Zero is fine here; the caller has its own floor. */
enum when_err duration_parse(struct slice text, usec_t *out_duration);

/* ISO, days as the largest unit: "P1DT2H", "PT0S". d is 0 .. DURATION_CEILING (else printed as
 * the nearest one). Returns the length. Parsing gives d again. */
size_t duration_print(usec_t d, char out[DURATION_MAX]);

/* Short: "1d2h", "0s", "1.5s"; fractions are of seconds. */
size_t duration_print_short(usec_t d, char out[DURATION_MAX]);

#endif
