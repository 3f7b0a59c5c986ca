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
/* No request is answered from what was remembered of this key any more, in this process. */
void auth_forget(struct core *c, struct uuid key);

/* The one place that says what somebody may do. ERR_NONE, ERR_UNAUTHORIZED (nobody asks, and this needs somebody) or
 * ERR_FORBIDDEN. Whose an object is is not asked here: every statement names who->tenant, so that another's is not
 * found. */
enum err authorize(const struct who *who, enum role needs);
extern const char *const role_words[]; /* by enum role, "none" the first; NULL behind the last */
/* May he use the action of this name? Patterns: `*`, `content.*` (what begins with `content.`), or the name itself. */
bool authorize_action(const struct who *who, struct slice action);

#endif
