/* Private to src/api/taskhook: its own field types. */
#ifndef TASKHOOK_TYPES_H
#define TASKHOOK_TYPES_H

#include "api/scalars.h"
#include "base/json.h"

/* in: struct slice, the text as it was sent, checked */
extern const struct field_type type_target, type_method;
extern const struct field_type type_moment; /* in: struct moment */

#endif
