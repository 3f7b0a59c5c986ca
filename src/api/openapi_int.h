/* Between openapi.c and openapi_shape.c: the writer, and how shapes become schemas. */
#ifndef API_OPENAPI_INT_H
#define API_OPENAPI_INT_H

#include <stdbool.h>

#include "base/json.h"

#define SHAPES_MAX 128

/* A shape that is to be described, and which way it goes: that decides what may be null and what
 * is required. */
struct wanted {
	const struct shape *shape;
	bool is_out;
};

struct writer {
	struct strbuf *out;
	struct wanted shapes[SHAPES_MAX];
	int count;
};

static inline void text(struct writer *w, const char *s)
{
	strbuf_adds(w->out, s);
}

static inline void quoted(struct writer *w, const char *s)
{
	strbuf_add_json(w->out, slice_of(s));
}

void openapi_reference(struct writer *w, const struct shape *shape);
/* The schema of one field's value. */
void openapi_value(struct writer *w, const struct field *f, bool may_be_null);
/* "Name":{...} */
void openapi_schema(struct writer *w, const struct wanted *wanted);

#endif
