/* A place in a list, as a text that callers hand back unread: the next page begins behind it, whatever was added
 * or removed meanwhile. It carries the place and 8 bytes of a MAC over it, the tenant and what the list is of, so
 * one that was edited, or comes from another list, another filter or another tenant, is refused. It never ends;
 * the rows may. */
#ifndef CORE_CURSOR_H
#define CORE_CURSOR_H

#include "core/op.h"

/* `at` orders the list (an instant, a number); `id` tells rows of one `at` apart, where that can be. */
struct cursor {
	int64_t at;
	struct uuid id;
};

/* `of`: the route and the filters in force, in any text that is the same on each page. In op->arena. */
struct slice cursor_print(const struct op *op, struct slice of, const struct cursor *c);
/* An absent text is the list's beginning: true, and *out is before every row of a list that descends. False: op->faults
 * has cursor_invalid. */
bool cursor_parse(struct op *op, struct slice of, struct slice text, struct cursor *out);

#endif
