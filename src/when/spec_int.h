/* Private to src/when: what the files of struct spec share. */
#ifndef WHEN_SPEC_INT_H
#define WHEN_SPEC_INT_H

#include "when/spec.h"

/* The kind's own answers, without calendar and without start_at and end_at. */
usec_t spec_base_next(const struct spec *s, usec_t after, struct tz_hint *hint);
enum dst_touch spec_base_touch(const struct spec *s, usec_t at);

/* The same with the calendar, which must not be NULL. */
usec_t spec_adjusted_next(const struct spec *s, usec_t after, struct tz_hint *hint);
enum dst_touch spec_adjusted_touch(const struct spec *s, usec_t at);

/* The wall clock, in microseconds, that an occurrence of spec_base_next is meant for: what the
 * clock shows then, or the skipped time that it makes up for. */
usec_t spec_reading(const struct spec *s, usec_t at, struct tz_hint *hint);

/* An interval in words or numbers (spec.h, "every"). The fault points at the word that is wrong. */
enum when_err interval_parse(struct slice text, usec_t *out_every, struct when_fault *out_fault);

#endif
