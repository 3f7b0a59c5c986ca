/* Chain runs over random graphs, with ends in random order and random company, against the join rule written down as it
 * is said: each node starts at most once, everything ends, and how it ends does not depend on the order. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/dag.h"
#include "lib/seed.h"

#define SAMPLES 3000
#define ORDERS 4
#define NODES 14

static struct dag_edge edges[DAG_EDGES_MAX];
static enum node_state fate[NODES]; /* how each ends, should it run */
static int16_t rank[NODES];         /* edges go from a lower one to a higher one */

static struct dag draw_dag(void)
{
	struct dag d = { 1 + (int)below(NODES), 0, edges };
	unsigned density = 1 + below(6);

	for (int i = 0; i < d.nodes_n; i++) {
		int j = (int)below((unsigned)i + 1);

		rank[i] = rank[j];
		rank[j] = (int16_t)i;
		fate[i] = (enum node_state)(NODE_COMPLETED + below(4));
		if (below(2))
			fate[i] = NODE_COMPLETED;
	}
	for (int i = 0; i < d.nodes_n * d.nodes_n * 3; i++) {
		int a = i / 3 % d.nodes_n, b = i / 3 / d.nodes_n;

		if (a < b && below(8) < density && below(3) == 0)
			edges[d.edges_n++] = (struct dag_edge){ rank[a], rank[b],
								(int16_t)(i % 3) };
	}
	return d;
}

/* --- naive: from parents to children, each by the words of the rule --- */

static bool all_did(const struct dag *d, const enum node_state *end, int node, int16_t type)
{
	bool any = false;

	for (int i = 0; i < d->edges_n; i++) {
		if (d->edges[i].to != node || d->edges[i].type != type)
			continue;
		any = true;
		if (type == EDGE_SUCCESS && end[d->edges[i].from] != NODE_COMPLETED)
			return false;
	}
	return any;
}

static bool any_failed(const struct dag *d, const enum node_state *end, int node)
{
	for (int i = 0; i < d->edges_n; i++)
		if (d->edges[i].to == node && d->edges[i].type == EDGE_FAILURE
		    && end[d->edges[i].from] == NODE_FAILED)
			return true;
	return false;
}

static void naive(const struct dag *d, enum node_state *end)
{
	for (int i = 0; i < d->nodes_n; i++) {
		int node = rank[i];
		bool starts = dag_is_root(d, node) || all_did(d, end, node, EDGE_SUCCESS)
			   || any_failed(d, end, node) || all_did(d, end, node, EDGE_COMPLETE);

		end[node] = starts ? fate[node] : NODE_LEFT_OUT;
	}
}

/* --- one chain run --- */

struct play {
	const struct dag *d;
	enum node_state states[NODES];
	int started[NODES];
};

static void step(struct play *p)
{
	int16_t starts[DAG_NODES_MAX];
	int n = dag_step(p->d, p->states, starts);

	for (int i = 0; i < n; i++) {
		ck_assert_int_eq(p->states[starts[i]], NODE_RUNNING);
		p->started[starts[i]]++;
	}
}

/* Something that is running ends, or a root begins; true: there was something. */
static bool happen(struct play *p)
{
	int could[NODES], n = 0;

	for (int i = 0; i < p->d->nodes_n; i++)
		if (p->states[i] == NODE_RUNNING
		    || (p->states[i] == NODE_WAITING && dag_is_root(p->d, i)))
			could[n++] = i;
	if (n == 0)
		return false;
	int node = could[below((unsigned)n)];

	p->states[node] = p->states[node] == NODE_WAITING ? NODE_RUNNING : fate[node];
	return true;
}

static void play(const struct dag *d, const enum node_state *wanted)
{
	struct play p = { .d = d };
	bool failed, more = true;

	for (int turns = 0; more && turns < 10 * NODES; turns++) {
		more = happen(&p);
		for (unsigned company = below(3); more && company > 0; company--)
			(void)happen(&p); /* at the same moment */
		step(&p);
	}
	ck_assert(dag_ended(d, p.states, &failed));
	for (int i = 0; i < d->nodes_n; i++) {
		bool ran = wanted[i] != NODE_LEFT_OUT && !dag_is_root(d, i);

		ck_assert_int_eq(p.states[i], wanted[i]);
		ck_assert_int_eq(p.started[i], ran);
	}
}

START_TEST(agrees_with_the_rule_in_any_order)
{
	unsigned long left_out = 0, ran = 0;

	seed_open("p_dag", 20261122);
	for (int i = 0; i < SAMPLES; i++) {
		struct dag d = draw_dag();
		enum node_state wanted[NODES] = { NODE_WAITING };
		int edge;

		ck_assert_int_eq(dag_check(&d, &edge), DAG_FINE);
		naive(&d, wanted);
		for (int n = 0; n < d.nodes_n; n++)
			*(wanted[n] == NODE_LEFT_OUT ? &left_out : &ran) += 1;
		for (int order = 0; order < ORDERS; order++)
			play(&d, wanted);
	}
	printf("p_dag: %lu nodes ran, %lu were left out\n", ran, left_out);
	ck_assert_uint_gt(left_out, SAMPLES / 2);
	ck_assert_uint_gt(ran, SAMPLES);
}
END_TEST

/* An edge back along a path makes a cycle, and the edge named lies on one: from its end there is a way to its
 * beginning. */
START_TEST(finds_every_cycle)
{
	int cycles = 0;

	seed_open("p_dag", 20261123);
	for (int i = 0; i < SAMPLES; i++) {
		struct dag d = draw_dag();
		int16_t path[DAG_NODES_MAX], a = (int16_t)below((unsigned)d.nodes_n),
					     b = (int16_t)below((unsigned)d.nodes_n);
		int edge;

		if (a == b || dag_path(&d, a, b, path) == 0)
			continue;
		edges[d.edges_n++] = (struct dag_edge){ b, a, (int16_t)below(3) };
		ck_assert_int_eq(dag_check(&d, &edge), DAG_CYCLE);
		ck_assert_int_gt(dag_path(&d, edges[edge].to, edges[edge].from, path), 1);
		cycles++;
	}
	ck_assert_int_gt(cycles, 100);
}
END_TEST

Suite *suite_p_dag(void)
{
	Suite *s = suite_create("p_dag");
	TCase *tc = tcase_create("p_dag");

	tcase_add_test(tc, agrees_with_the_rule_in_any_order);
	tcase_add_test(tc, finds_every_cycle);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}
