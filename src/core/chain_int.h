/* Between the files about chains. */
#ifndef CORE_CHAIN_INT_H
#define CORE_CHAIN_INT_H

#include "core/chain.h"

/* The longest text of either kind: an edge takes 108 bytes at most, a node 110. */
#define CHAIN_TEXT_MAX (256 << 10)

bool chain_def_read(struct slice text, struct arena *a, struct chain_def *out);
struct slice chain_def_print(const struct chain_def *def, struct arena *a);
/* jobs[i] is nobody's id, or not the caller's. */
void chain_unknown_job(struct json_faults *faults, struct arena *a, size_t i);

#endif
