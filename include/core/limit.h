/* How many requests a tenant may make: a bucket of who.limits.requests tokens a minute (core/bucket.h) in each process,
 * so N processes behind one address let N times as many through. http says what is left in the RateLimit fields
 * (draft-ietf-httpapi-ratelimit-headers-10). */
#ifndef CORE_LIMIT_H
#define CORE_LIMIT_H

#include "core/op.h"

struct limit_state {
	int32_t limit; /* requests in BUCKET_WINDOW */
	int32_t left;  /* of them, now */
	int32_t wait;  /* seconds until there is one more; 0: all are there */
};

/* One more request of op->who's tenant; op->limit says what is left, NULL when there is no limit. False: there are
 * none, and the operation is to end with ERR_LIMITED. */
bool limit_take(struct op *op);
/* What is left of a limit, without taking any. */
struct limit_state limit_look(struct core *c, const struct who *who);

#endif
