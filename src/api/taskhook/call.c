/* How a target is called: from the wire to the core and back. */
#include "taskhook_int.h"

#include "core/core.h"
#include "core/quota.h"
#include "io/fetch.h"
#include "taskhook_types.h"

void fault_at(struct op *op, const char *prefix, const char *field, const char *code,
	      const char *message)
{
	json_fault(&op->faults, arena_printf(op->arena, "%s%s", prefix, field), code, message);
}

/* --- in --- */

static void check_headers(struct op *op, const struct json_list *headers, const char *prefix)
{
	const struct json_pair *pairs = headers->items;

	for (size_t i = 0; i < headers->n; i++) {
		const char *message = call_header_check(headers, i);

		if (message)
			fault_at(op, prefix,
				 arena_printf(op->arena, "target.headers.%.*s",
					      SLICE_ARG(pairs[i].name)),
				 "header_invalid", call_sentence(op->arena, message));
	}
}

static void check_target(struct op *op, const struct in_call *in, const char *prefix)
{
	bool is_object = !in->url.p;
	struct slice url = is_object ? in->target.url : in->url;
	const char *message = url.p ? fetch_url_check(url, op->core->allow_private) : NULL;

	if (message)
		fault_at(op, prefix, is_object ? "target.url" : "target", "target_forbidden",
			 call_sentence(op->arena, message));
	check_headers(op, &in->target.headers, prefix);
	if (in->target.secret.p && !call_secret_ok(in->target.secret))
		fault_at(op, prefix, "target.secret", "secret_invalid",
			 "A secret is \"whsec_\" and base64, or a text of 16 to 128 bytes.");
}

static void check_tags(struct op *op, const struct json_list *list, const char *prefix)
{
	const struct slice *tags = list->items;

	for (size_t i = 0; i < list->n; i++) {
		/* Not a string: that has been said. */
		if (!tags[i].p || (tags[i].n >= 1 && tags[i].n <= TAG_MAX))
			continue;
		fault_at(op, prefix, arena_printf(op->arena, "tags[%zu]", i),
			 tags[i].n ? "too_long" : "too_short", "A tag has 1 to 64 bytes.");
	}
}

void call_check(struct op *op, const struct in_call *in, const char *prefix)
{
	const struct in_retry *retry = &in->retry;

	const char *too_large = quota_payload_fault(op, in->payload);

	check_target(op, in, prefix);
	check_tags(op, &in->tags, prefix);
	if (too_large)
		fault_at(op, prefix, "payload", "quota_payload", too_large);
	if (retry->base_delay && retry->max_delay && retry->max_delay < retry->base_delay)
		fault_at(op, prefix, "retry.max_delay", "out_of_range",
			 "This must not be less than base_delay.");
	if (in->notifications.p)
		fault_at(op, prefix, "notifications", "not_supported",
			 "Notifications are not available in this version.");
	if (in->rate_limiter.p)
		fault_at(op, prefix, "rate_limiter", "not_supported",
			 "Rate limiters are not available in this version.");
}

void call_take(struct arena *a, const struct in_call *in, struct call *out)
{
	*out = (struct call){
		.url = in->url.p ? in->url : in->target.url,
		.payload = in->payload,
		.method = in->target.method,
		.headers = in->target.headers,
		.secret = in->target.secret,
		.timeout = in->timeout,
		.retry = { .strategy = in->retry.strategy,
			   .max_attempts = in->retry.max_attempts,
			   .base_delay = in->retry.base_delay,
			   .max_delay = in->retry.max_delay },
		.tags = in->tags,
		.is_object = !in->url.p,
	};
	if (out->secret.p)
		out->body_signature = SLICE_LIT("X-Taskhook-Signature");
	if (in->tag.p) {
		struct slice *one = arena_make(a, struct slice);

		*one = in->tag;
		out->tags = (struct json_list){ one, 1 };
	}
}

/* --- out --- */

static bool is_default(const struct retry *r)
{
	return !r->strategy && !r->max_attempts && !r->base_delay && !r->max_delay;
}

void call_show(const struct call *c, bool payload_omitted, struct out_call *out)
{
	*out = (struct out_call){
		.payload = c->payload,
		.payload_omitted = payload_omitted,
		.retry = { .max_attempts = retry_attempts(&c->retry),
			   .strategy = c->retry.strategy },
		.timeout = c->timeout,
		.tags = c->tags,
		.expires_after = c->expires_after,
		.present = is_default(&c->retry) ? 0 : (uint64_t)1 << TEMPLATE_ROW_RETRY,
	};
	if (c->is_object)
		out->target = (struct out_target){ c->url, c->method, c->headers };
	else
		out->url = c->url;
	if (c->retry.strategy == RETRY_POLYNOMIAL)
		return;
	out->retry.base_delay = retry_base(&c->retry);
	out->retry.max_delay = retry_most(&c->retry);
}
