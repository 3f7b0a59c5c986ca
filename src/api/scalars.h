/* What answers of several dialects have in common: scalars, and the answer to a new signing secret. */
#ifndef API_SCALARS_H
#define API_SCALARS_H

#include "base/json.h"

extern const struct field_type type_int32;    /* int32_t */
extern const struct field_type type_positive; /* int64_t; 0: no value */
extern const struct field_type type_true;     /* bool; false: no value */
extern const struct field_type type_millis;   /* int64_t microseconds as milliseconds; 0: no value */
extern const struct field_type type_span;     /* usec_t as seconds; 0: no value */
extern const struct field_type type_elapsed;  /* usec_t as seconds; below 0: no value */
extern const struct field_type type_period;   /* usec_t as ISO 8601; 0: no value */

/* Of struct secret_made (core/signing.h). */
extern const struct shape secret_made_shape;

#endif
