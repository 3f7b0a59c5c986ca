/* Failed authentication, limited per address: a bucket of core->auth_failures_max failures, and that many come back a
 * minute (core/bucket.h; 20: one every three seconds). Beyond it keys from there are refused unread; but those that are
 * known to be good (core/auth.c) are not asked about here and pass.
 *
 * Whether a key is good is only known when the database has answered. Until then its token is taken as if it were bad,
 * so that many guesses at once are no more than the bucket holds; who finds it empty for that reason waits a little. */
#ifndef CORE_AUTH_FAILURES_H
#define CORE_AUTH_FAILURES_H

#include "core/op.h"

enum auth_try {
	AUTH_TRY,     /* go on; auth_tried() must follow once */
	AUTH_WAIT,    /* others from there are being looked at */
	AUTH_REFUSED, /* op->retry_after says for how long */
};

/* Somebody at op->peer has shown a key that is not known. */
enum auth_try auth_try(struct op *op);
void auth_tried(struct op *op, bool failed);

#endif
