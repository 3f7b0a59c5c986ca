/* Binary heap of intrusive nodes, earliest first. Each node knows its slot, so removal and
 * change are O(log n) from anywhere (beanstalkd's heap). Embed a struct heap_node; get the owner
 * back by offset. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/usec.h"

struct heap_node {
	usec_t at;
	size_t slot; /* 1-based; 0 = not in a heap */
};

struct heap {
	struct heap_node **nodes;
	size_t n, cap;
};

void heap_init(struct heap *h);
void heap_release(struct heap *h);
void heap_put(struct heap *h, struct heap_node *node, usec_t at); /* inserts, or moves when it is in already */
struct heap_node *heap_first(const struct heap *h);              /* NULL when empty */
void heap_remove(struct heap *h, struct heap_node *node);        /* not in the heap: nothing */
static inline bool heap_holds(const struct heap_node *node)
{
	return node->slot != 0;
}

#define heap_owner(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

#endif
