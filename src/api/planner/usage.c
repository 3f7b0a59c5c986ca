/* GET /usage: what the tenant of the key may have, and what there is. */
#include "api/scalars.h"
#include "core/bucket.h"
#include "core/quota.h"
#include "http/types.h"
#include "planner_int.h"

struct out_requests {
	int64_t limit, window, remaining; /* remaining: -1: no limit */
};
struct out_schedules {
	int64_t used, limit;
};
struct out_usage {
	struct out_requests requests;
	struct out_schedules schedules;
	usec_t min_interval;
	int64_t payload;
};

static bool print_remaining(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t v = *(const int64_t *)member;

	(void)f;
	if (v >= 0)
		strbuf_addi(out, v);
	return v >= 0;
}

static const struct field_type type_remaining = { "an integer", field_read_only, print_remaining,
						  false };

static const struct field requests_rows[] = {
	F_TYPE(out_requests, limit, "limit", type_positive),
	F_INT(out_requests, window, "window_seconds"),
	F_TYPE(out_requests, remaining, "remaining", type_remaining),
};
static const struct shape requests_shape = SHAPE(out_requests, "UsageRequests", requests_rows,
						 .present = NO_PRESENT);
static const struct field schedules_rows[] = {
	F_INT(out_schedules, used, "used"),
	F_TYPE(out_schedules, limit, "limit", type_positive),
};
static const struct shape schedules_shape = SHAPE(out_schedules, "UsageSchedules", schedules_rows,
						  .present = NO_PRESENT);
static const struct field usage_rows[] = {
	F_OBJ(out_usage, requests, "requests", requests_shape),
	F_OBJ(out_usage, schedules, "schedules", schedules_shape),
	F_TYPE(out_usage, min_interval, "min_interval_seconds", type_span),
	F_TYPE(out_usage, payload, "payload_bytes", type_positive),
};
const struct shape out_usage_shape = SHAPE(out_usage, "Usage", usage_rows, .present = NO_PRESENT);

void show_usage(struct op *op)
{
	const struct usage_view *v = op->out;
	struct out_usage *out = arena_make(op->arena, struct out_usage);
	bool is_limited = v->limits.requests > 0;

	*out = (struct out_usage){
		.requests = { v->limits.requests, BUCKET_WINDOW / SEC,
			      is_limited ? v->requests.left : -1 },
		.schedules = { v->schedules, v->limits.schedules },
		.min_interval = v->limits.min_interval,
		.payload = v->limits.payload_max,
	};
	op->out = out;
}
