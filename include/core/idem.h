/* Repeated requests (draft-ietf-httpapi-idempotency-key-header-07; CONTRACT.md 2). A request with an
 * Idempotency-Key that succeeds has its answer kept for IDEM_KEPT, in the transaction of what it did, per
 * tenant and for all processes; the same request again gets that answer. Refusals (4xx, 5xx) are not kept:
 * nothing was done.
 *
 * Keys are the tenant's, but what a request may do is decided in its operation, which a repeated one never gets to. So
 * the row keeps which API key asked first, and another one is told of it (the answer, or that it is under way) only if
 * the answer is no secret and that other is not limited to actions; else ERR_FORBIDDEN. (Its role was asked before.)
 *
 * Of requests with one key at a time in one process, one runs and the others are answered ERR_IDEM_RUNNING.
 * Between processes the row decides: a second one cannot be written while the first lives, its whole
 * transaction fails, and the operation ends with the kept answer instead. So does one that is refused for what
 * the first has done meanwhile (a revision, a name, the last place). An operation that reaches beyond
 * the database (idem->reaches_out) writes a row of its own before it begins; that row is void after
 * IDEM_RUNNING_MAX, when its process must have died. */
#ifndef CORE_IDEM_H
#define CORE_IDEM_H

#include "core/op.h"

/* A kept answer has no ceiling of its own: it says what the request stored, with ids and instants, so that its size
 * goes with the request's (16 MiB at most) and with what that puts into the database beside it; and it is gone after
 * a day. It is made once, and sent from where it was made. */
#define IDEM_KEPT DAY
#define IDEM_RUNNING_MAX (2 * MIN)
#define IDEM_KEY_MAX 255 /* bytes */

struct answer {
	int status;
	struct slice head; /* header lines that belong to it (ETag ...), CR LF after each */
	struct slice body;
};

struct idem {
	uint8_t key_hash[32], fingerprint[32];
	/* How http says op->out; what it makes lives in op->arena. False: it cannot be said, and is not kept. */
	bool (*render)(struct op *op, struct answer *to);
	bool reaches_out;
	bool is_secret;    /* what it answers is sealed when it is kept */
	/* private to the core from here, but for http to read: */
	bool is_rendered;  /* `answer` is what op->out will be answered with */
	bool is_replayed;  /* `answer` is a kept one; op ended without an error and without an out */
	struct answer answer;
	bool is_kept, is_running, has_entered, has_begun, has_lost, has_written;
	struct uuid tenant, asker; /* asker: the API key */
	op_step *then;
	struct idem *next;
};

/* Goes on with `next`, or ends op: with the kept answer, with ERR_IDEM_RUNNING, with ERR_IDEM_REUSED (another
 * request had this key), with ERR_FORBIDDEN (as above). op->idem is filled in by the caller. */
flow idem_begin(struct op *op, op_step *next);

#endif
