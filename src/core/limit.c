#include "core/limit.h"

#include "base/clock.h"
#include "base/metric.h"
#include "core/bucket.h"
#include "core/core.h"

static struct bucket *bucket_of(struct core *c, const struct who *who)
{
	int32_t most = who->limits.requests;

	return bucket_find(c->requests, who->tenant.b,
			   most < BUCKET_LIMIT_MAX ? most : BUCKET_LIMIT_MAX, clock_boot());
}

static struct limit_state state_of(const struct bucket *b)
{
	return (struct limit_state){ b->limit, bucket_left(b), bucket_wait(b) };
}

struct limit_state limit_look(struct core *c, const struct who *who)
{
	return state_of(bucket_of(c, who));
}

bool limit_take(struct op *op)
{
	struct bucket *b;
	bool is_there;

	if (op->who.limits.requests <= 0)
		return true;
	b = bucket_of(op->core, &op->who);
	is_there = bucket_left(b) > 0;
	if (is_there)
		bucket_take(b);
	else
		metric_add(METRIC_LIMITED_RATE, 1);
	op->limit = arena_make(op->arena, struct limit_state);
	*op->limit = state_of(b);
	if (!is_there)
		op->retry_after = op->limit->wait;
	return is_there;
}
