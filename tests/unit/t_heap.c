#include <check.h>
#include <stdlib.h>

#include "base/heap.h"

#define NODES 500

static struct owner {
	int id;
	struct heap_node node;
} owners[NODES];

static void check_order(const struct heap *h)
{
	for (size_t i = 0; i < h->n; i++) {
		ck_assert_uint_eq(h->nodes[i]->slot, i + 1);
		if (i > 0)
			ck_assert_int_le(h->nodes[(i - 1) / 2]->at, h->nodes[i]->at);
	}
}

START_TEST(earliest_first)
{
	struct heap h;
	usec_t last = INT64_MIN;

	heap_init(&h);
	ck_assert_ptr_null(heap_first(&h));
	srandom(1);
	for (int i = 0; i < NODES; i++) {
		owners[i] = (struct owner){ .id = i };
		heap_put(&h, &owners[i].node, random() % 100 - 50);
	}
	check_order(&h);
	for (int i = 0; i < NODES; i++) {
		struct heap_node *first = heap_first(&h);

		ck_assert_int_ge(first->at, last);
		last = first->at;
		heap_remove(&h, first);
		ck_assert(!heap_holds(first));
		check_order(&h);
	}
	ck_assert_ptr_null(heap_first(&h));
	heap_release(&h);
}
END_TEST

/* Any mix of insert, move and remove keeps the order, and first is the least of all that are in. */
START_TEST(random_walk)
{
	struct heap h;

	heap_init(&h);
	srandom(2);
	for (int i = 0; i < NODES; i++)
		owners[i] = (struct owner){ .id = i };
	for (int step = 0; step < 20000; step++) {
		struct owner *o = &owners[random() % NODES];
		usec_t least = USEC_NEVER;

		if (random() % 3 == 0)
			heap_remove(&h, &o->node);
		else
			heap_put(&h, &o->node, random() % 1000);
		if (step % 100)
			continue;
		check_order(&h);
		for (int i = 0; i < NODES; i++)
			if (heap_holds(&owners[i].node) && owners[i].node.at < least)
				least = owners[i].node.at;
		ck_assert_int_eq(heap_first(&h)->at, least);
	}
	heap_release(&h);
	for (int i = 0; i < NODES; i++)
		ck_assert(!heap_holds(&owners[i].node));
}
END_TEST

START_TEST(owner_of_a_node)
{
	ck_assert_ptr_eq(heap_owner(&owners[3].node, struct owner, node), &owners[3]);
}
END_TEST

Suite *suite_heap(void)
{
	Suite *s = suite_create("heap");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, earliest_first);
	tcase_add_test(tc, random_walk);
	tcase_add_test(tc, owner_of_a_node);
	suite_add_tcase(s, tc);
	return s;
}
