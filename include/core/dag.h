/* Chains as graphs, pure: are they well formed, and what follows from what has happened. */
#ifndef CORE_DAG_H
#define CORE_DAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

enum { DAG_NODES_MAX = 100, DAG_EDGES_MAX = 1000 };

enum edge_type { EDGE_SUCCESS, EDGE_FAILURE, EDGE_COMPLETE };
struct dag_edge {
	int16_t from, to; /* indices of nodes */
	int16_t type;     /* enum edge_type */
};
struct dag {
	int nodes_n, edges_n;
	const struct dag_edge *edges;
};

/* What is wrong with it: the index of the edge in *out_edge (-1: it is not one edge's fault).
 * DAG_CYCLE names an edge that closes a cycle. */
enum dag_fault { DAG_FINE, DAG_SELF_EDGE, DAG_DUPLICATE_EDGE, DAG_CYCLE };
enum dag_fault dag_check(const struct dag *d, int *out_edge);
/* A shortest path along edges, both ends included; returns how many nodes, 0: there is none. */
int dag_path(const struct dag *d, int from, int to, int16_t path[DAG_NODES_MAX]);
bool dag_is_root(const struct dag *d, int node);

/* What has become of each node in a chain run. A node is RUNNING from when its run was made. LEFT_OUT:
 * it can never start, as its parents ended otherwise. */
enum node_state {
	NODE_WAITING, NODE_RUNNING, NODE_COMPLETED, NODE_FAILED, NODE_CANCELLED, NODE_SKIPPED, NODE_LEFT_OUT
};

/* The join rule (CONTRACT.md 4): a node starts when all its on_success parents completed, or any
 * on_failure parent failed, or all its on_complete parents ended: each kind of edge that it has is one way
 * in, and one that is met is enough. A parent that ended as expired counts as failed; cancelled,
 * skipped or left out ones have ended, but neither succeeded nor failed. When no way in can be met any
 * more, the node is left out, which is an end for its own children. Starts every node that may start
 * now (they become NODE_RUNNING) and puts them into `starts`; a root is never started here. Returns how
 * many. */
int dag_step(const struct dag *d, enum node_state *states, int16_t starts[DAG_NODES_MAX]);
/* Roots that have not begun are left out from now on: the chain began anew without them. */
void dag_close(const struct dag *d, enum node_state *states);
/* Nothing waits or runs. *out_failed: some node failed, and no on_failure or on_complete edge leads from
 * it to one that completed. */
bool dag_ended(const struct dag *d, const enum node_state *states, bool *out_failed);

#endif
