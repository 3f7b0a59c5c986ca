/* Between the files about chains. */
#ifndef CORE_CHAIN_INT_H
#define CORE_CHAIN_INT_H

#include "core/chain.h"

/* The longest text of either kind: an edge takes 108 bytes at most, a node 110. */
#define CHAIN_TEXT_MAX (256 << 10)

bool chain_def_read(struct slice text, struct arena *a, struct chain_def *out);
struct slice chain_def_print(const struct chain_def *def, struct arena *a);
/* As chain_load(), of a definition that is compiled already. */
bool chain_load_nodes(const struct chain_graph *graph, struct slice nodes, struct arena *a, struct chain_progress *out);
/* jobs[i] is nobody's id, or not the caller's. */
void chain_unknown_job(struct json_faults *faults, struct arena *a, size_t i);

#endif
