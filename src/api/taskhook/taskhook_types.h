/* Private to src/api/taskhook: its own field types. */
#ifndef TASKHOOK_TYPES_H
#define TASKHOOK_TYPES_H

#include "base/json.h"

/* in: struct slice, the text as it was sent, checked */
extern const struct field_type type_target, type_method;
extern const struct field_type type_moment; /* in: struct moment */

/* out */
extern const struct field_type type_int32;    /* int32_t */
extern const struct field_type type_positive; /* int64_t; 0: no value */
extern const struct field_type type_true;     /* bool; false: no value */
extern const struct field_type type_millis;   /* int64_t microseconds as milliseconds; 0: no value */
extern const struct field_type type_span;     /* usec_t as seconds; 0: no value */
extern const struct field_type type_period;   /* usec_t as ISO 8601; 0: no value */

/* With a capital and a full stop. */
const char *sentence(struct arena *a, const char *words);

#endif
