#include "core/dag.h"

#include "base/check.h"

static void check_sizes(const struct dag *d)
{
	ASSERT(d->nodes_n >= 0 && d->nodes_n <= DAG_NODES_MAX);
	ASSERT(d->edges_n >= 0 && d->edges_n <= DAG_EDGES_MAX);
}

/* --- is it one? --- */

static int find_self_edge(const struct dag *d)
{
	for (int i = 0; i < d->edges_n; i++)
		if (d->edges[i].from == d->edges[i].to)
			return i;
	return -1;
}

static int find_duplicate(const struct dag *d)
{
	bool seen[DAG_NODES_MAX][DAG_NODES_MAX][EDGE_COMPLETE + 1] = { 0 };

	for (int i = 0; i < d->edges_n; i++) {
		const struct dag_edge *e = &d->edges[i];

		if (seen[e->from][e->to][e->type])
			return i;
		seen[e->from][e->to][e->type] = true;
	}
	return -1;
}

/* An edge by which `node` is entered from one that is in; -1: none. */
static int way_into(const struct dag *d, const bool *in, int node)
{
	for (int i = 0; i < d->edges_n; i++)
		if (d->edges[i].to == node && in[d->edges[i].from])
			return i;
	return -1;
}

/* Takes away nodes that nothing enters until none is left that can be. What stays has a way in
 * each, so going back along them for as many steps as there are nodes ends within a cycle. */
static int find_cycle(const struct dag *d)
{
	int ways[DAG_NODES_MAX] = { 0 }, gone[DAG_NODES_MAX], n = 0;
	bool in[DAG_NODES_MAX];
	int node = -1, edge = -1;

	for (int i = 0; i < d->edges_n; i++)
		ways[d->edges[i].to]++;
	for (int i = 0; i < d->nodes_n; i++) {
		in[i] = ways[i] > 0;
		if (!in[i])
			gone[n++] = i;
	}
	for (int i = 0; i < n; i++)
		for (int e = 0; e < d->edges_n; e++)
			if (d->edges[e].from == gone[i] && --ways[d->edges[e].to] == 0) {
				in[d->edges[e].to] = false;
				gone[n++] = d->edges[e].to;
			}
	for (int i = 0; i < d->nodes_n; i++)
		if (in[i])
			node = i;
	for (int step = 0; node >= 0 && step <= d->nodes_n; step++) {
		edge = way_into(d, in, node);
		node = d->edges[edge].from;
	}
	return edge;
}

enum dag_fault dag_check(const struct dag *d, int *out_edge)
{
	static const struct {
		int (*find)(const struct dag *d);
		enum dag_fault fault;
	} checks[] = {
		{ find_self_edge, DAG_SELF_EDGE },
		{ find_duplicate, DAG_DUPLICATE_EDGE },
		{ find_cycle, DAG_CYCLE },
	};

	check_sizes(d);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		int edge = checks[i].find(d);

		if (edge >= 0) {
			*out_edge = edge;
			return checks[i].fault;
		}
	}
	*out_edge = -1;
	return DAG_FINE;
}

int dag_path(const struct dag *d, int from, int to, int16_t path[DAG_NODES_MAX])
{
	int16_t next[DAG_NODES_MAX], queue[DAG_NODES_MAX]; /* found backwards, from `to` */
	bool seen[DAG_NODES_MAX] = { false };
	int n = 0;

	check_sizes(d);
	queue[n++] = (int16_t)to;
	seen[to] = true;
	for (int i = 0; i < n; i++)
		for (int e = 0; e < d->edges_n; e++) {
			int16_t before = d->edges[e].from;

			if (d->edges[e].to != queue[i] || seen[before])
				continue;
			seen[before] = true;
			next[before] = queue[i];
			queue[n++] = before;
		}
	if (!seen[from])
		return 0;
	n = 0;
	path[n++] = (int16_t)from;
	while (path[n - 1] != to) {
		path[n] = next[path[n - 1]];
		n++;
	}
	return n;
}

bool dag_is_root(const struct dag *d, int node)
{
	for (int i = 0; i < d->edges_n; i++)
		if (d->edges[i].to == node)
			return false;
	return true;
}

/* --- what follows --- */

static bool has_ended(enum node_state state)
{
	return state > NODE_RUNNING;
}

/* A node's parents, by the kind of edge they are joined by; a root has none. */
struct parents {
	int all[EDGE_COMPLETE + 1], ended[EDGE_COMPLETE + 1], met[EDGE_COMPLETE + 1];
};

static void count_parents(const struct dag *d, const enum node_state *states, struct parents *of)
{
	for (int i = 0; i < d->edges_n; i++) {
		const struct dag_edge *e = &d->edges[i];
		struct parents *p = &of[e->to];
		enum node_state from = states[e->from];

		p->all[e->type]++;
		p->ended[e->type] += has_ended(from);
		p->met[e->type] += (e->type == EDGE_SUCCESS && from == NODE_COMPLETED)
				|| (e->type == EDGE_FAILURE && from == NODE_FAILED);
	}
}

static bool may_start(const struct parents *p)
{
	return (p->all[EDGE_SUCCESS] && p->met[EDGE_SUCCESS] == p->all[EDGE_SUCCESS])
	    || p->met[EDGE_FAILURE] > 0
	    || (p->all[EDGE_COMPLETE] && p->ended[EDGE_COMPLETE] == p->all[EDGE_COMPLETE]);
}

/* Of a node that may not start now: can it never? */
static bool never_starts(const struct parents *p)
{
	bool by_success = p->all[EDGE_SUCCESS] && p->met[EDGE_SUCCESS] == p->ended[EDGE_SUCCESS];
	bool by_failure = p->ended[EDGE_FAILURE] < p->all[EDGE_FAILURE];
	bool is_root = !p->all[EDGE_SUCCESS] && !p->all[EDGE_FAILURE] && !p->all[EDGE_COMPLETE];

	return !is_root && !by_success && !by_failure && !p->all[EDGE_COMPLETE];
}

/* Every waiting node once. True: some are left out, which may decide about others. */
static bool step_once(const struct dag *d, enum node_state *states, int16_t *starts, int *n)
{
	struct parents of[DAG_NODES_MAX] = { { .all = { 0 } } };
	bool changed = false;

	count_parents(d, states, of);
	for (int i = 0; i < d->nodes_n; i++) {
		const struct parents *p = &of[i];

		if (states[i] != NODE_WAITING)
			continue;
		if (may_start(p)) {
			states[i] = NODE_RUNNING;
			starts[(*n)++] = (int16_t)i;
		} else if (never_starts(p)) {
			states[i] = NODE_LEFT_OUT;
			changed = true;
		}
	}
	return changed;
}

int dag_step(const struct dag *d, enum node_state *states, int16_t starts[DAG_NODES_MAX])
{
	int n = 0;

	check_sizes(d);
	while (step_once(d, states, starts, &n))
		; /* each round leaves a node out, or is the last */
	return n;
}

void dag_close(const struct dag *d, enum node_state *states)
{
	for (int i = 0; i < d->nodes_n; i++)
		if (states[i] == NODE_WAITING && dag_is_root(d, i))
			states[i] = NODE_LEFT_OUT;
}

static bool is_made_up_for(const struct dag *d, const enum node_state *states, int node)
{
	for (int i = 0; i < d->edges_n; i++) {
		const struct dag_edge *e = &d->edges[i];

		if (e->from == node && e->type != EDGE_SUCCESS && states[e->to] == NODE_COMPLETED)
			return true;
	}
	return false;
}

bool dag_ended(const struct dag *d, const enum node_state *states, bool *out_failed)
{
	bool failed = false;

	check_sizes(d);
	for (int i = 0; i < d->nodes_n; i++) {
		if (!has_ended(states[i]))
			return false;
		if (states[i] == NODE_FAILED && !is_made_up_for(d, states, i))
			failed = true;
	}
	*out_failed = failed;
	return true;
}
