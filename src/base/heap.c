/* The array is 0-based, the slots in the nodes 1-based, so that a zeroed node is a node in no
 * heap. */
#include "base/heap.h"

#include <stdlib.h>

#include "base/check.h"

void heap_init(struct heap *h)
{
	*h = (struct heap){ 0 };
}

void heap_release(struct heap *h)
{
	for (size_t i = 0; i < h->n; i++)
		h->nodes[i]->slot = 0;
	free(h->nodes);
	*h = (struct heap){ 0 };
}

static void place(struct heap *h, struct heap_node *node, size_t i)
{
	h->nodes[i] = node;
	node->slot = i + 1;
}

static void rise(struct heap *h, struct heap_node *node, size_t i)
{
	while (i > 0) {
		size_t up = (i - 1) / 2;

		if (h->nodes[up]->at <= node->at)
			break;
		place(h, h->nodes[up], i);
		i = up;
	}
	place(h, node, i);
}

static void sink(struct heap *h, struct heap_node *node, size_t i)
{
	for (size_t down = 2 * i + 1; down < h->n; down = 2 * i + 1) {
		if (down + 1 < h->n && h->nodes[down + 1]->at < h->nodes[down]->at)
			down++;
		if (node->at <= h->nodes[down]->at)
			break;
		place(h, h->nodes[down], i);
		i = down;
	}
	place(h, node, i);
}

/* Puts the node where it belongs, given that slot i is free for it. */
static void settle(struct heap *h, struct heap_node *node, size_t i)
{
	if (i > 0 && node->at < h->nodes[(i - 1) / 2]->at)
		rise(h, node, i);
	else
		sink(h, node, i);
}

void heap_put(struct heap *h, struct heap_node *node, usec_t at)
{
	node->at = at;
	if (node->slot) {
		ASSERT(node->slot <= h->n && h->nodes[node->slot - 1] == node);
		settle(h, node, node->slot - 1);
		return;
	}
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 8;
		h->nodes = mem_grow(h->nodes, h->cap * sizeof(struct heap_node *));
	}
	rise(h, node, h->n++);
}

struct heap_node *heap_first(const struct heap *h)
{
	return h->n ? h->nodes[0] : NULL;
}

void heap_remove(struct heap *h, struct heap_node *node)
{
	size_t i = node->slot;
	struct heap_node *last;

	if (i == 0)
		return;
	ASSERT(i <= h->n && h->nodes[i - 1] == node);
	node->slot = 0;
	last = h->nodes[--h->n];
	if (last != node)
		settle(h, last, i - 1);
}
