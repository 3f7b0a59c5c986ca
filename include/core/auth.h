/* Keys to principals. Keys are stored as SHA-256 only; what was found is remembered for
 * AUTH_CACHE so that a request costs no query, and a revocation is seen by every process within
 * that time. */
#ifndef CORE_AUTH_H
#define CORE_AUTH_H

#include "base/slice.h"
#include "core/op.h"

#define AUTH_CACHE (4 * SEC)

/* Fills op->who for this key and then runs `next`, or ends the operation with ERR_UNAUTHORIZED.
 * Answers from the cache without waiting when it can. */
flow auth_check(struct op *op, struct slice key, op_step *next);

#endif
