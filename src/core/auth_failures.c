#include "core/auth_failures.h"

#include "base/clock.h"
#include "base/metric.h"
#include "core/bucket.h"
#include "core/core.h"

static struct bucket *bucket_of(const struct op *op)
{
	if (!op->peer || op->core->auth_failures_max <= 0)
		return NULL;
	return bucket_find(op->core->failures, op->peer, op->core->auth_failures_max, clock_boot());
}

enum auth_try auth_try(struct op *op)
{
	struct bucket *b = bucket_of(op);

	if (!b)
		return AUTH_TRY;
	if (bucket_left(b) > 0) {
		bucket_take(b);
		b->pending++;
		return AUTH_TRY;
	}
	if (b->pending > 0)
		return AUTH_WAIT;
	metric_add(METRIC_LIMITED_FAILURES, 1);
	op->retry_after = bucket_wait(b);
	return AUTH_REFUSED;
}

void auth_tried(struct op *op, bool failed)
{
	struct bucket *b = bucket_of(op);

	/* It may have been forgotten meanwhile: then nothing is pending, and nothing to be given back. */
	if (!b || b->pending == 0)
		return;
	b->pending--;
	if (!failed)
		bucket_give(b);
}
