/* Between the files of core/snapshot.h. */
#ifndef CORE_SNAPSHOT_INT_H
#define CORE_SNAPSHOT_INT_H

#include "core/snapshot.h"

#define HIDDEN SLICE_LIT("***")

/* Absent stays absent. */
struct slice hide_secret(struct slice secret);
struct slice hide_url(struct slice url, struct arena *a);
/* Values of headers whose names say that they are secrets. */
struct json_list hide_headers(struct json_list pairs, struct arena *a);

/* What stands for a text that is longer than `most`, as JSON; *part is then made absent. Absent when it is not. */
struct slice snapshot_shorten(struct slice *part, size_t most, struct arena *a);

extern const struct field_type snapshot_instant;

struct slice snapshot_print(const struct shape *shape, const void *object, struct arena *a);
/* Absent: it is longer than that. */
struct slice snapshot_print_in(const struct shape *shape, const void *object, size_t most, struct arena *a);

#endif
