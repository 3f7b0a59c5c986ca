/* Field types for shapes that need src/when: instants, durations, zones. */
#ifndef HTTP_TYPES_H
#define HTTP_TYPES_H

#include "base/json.h"

extern const struct field_type type_instant;  /* usec_t; RFC 3339 in, UTC Z out; USEC_NEVER prints null */
extern const struct field_type type_duration; /* usec_t; ISO 8601 ("PT30S") or "30s"; prints ISO 8601 */
extern const struct field_type type_seconds;  /* usec_t; seconds (fractions to the ms) or a duration; prints seconds */
extern const struct field_type type_id;       /* struct uuid; .words[0] is the prefix; nil prints null */
extern const struct field_type type_number;   /* int64_t from query text too */
extern const struct field_type type_flag;     /* bool from "true"/"false" in a query, or a JSON bool */
extern const struct field_type type_word;     /* answers only: const char *; NULL: no value */

/* The parse of types that stand in answers only. */
const char *field_read_only(const struct field *f, struct slice text, void *member, struct arena *a,
			    const char **out_message);

#define F_INSTANT(T, m, n, ...) F_TYPE(T, m, n, type_instant, __VA_ARGS__)
#define F_DURATION(T, m, n, ...) F_TYPE(T, m, n, type_duration, __VA_ARGS__)
#define F_SECONDS(T, m, n, ...) F_TYPE(T, m, n, type_seconds, __VA_ARGS__)
#define F_ID(T, m, n, prefix, ...) F_TYPE(T, m, n, type_id, .words = (prefix), __VA_ARGS__)

#endif
