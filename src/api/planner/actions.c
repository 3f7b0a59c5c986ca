/* Actions: sent and shown; what is secret is shown masked. */
#include "api/scalars.h"
#include "channel/channel.h"
#include "core/action.h"
#include "core/mask.h"
#include "http/types.h"
#include "planner_int.h"

enum { SECRET_TEXT_MAX = 300, PAGE_DEFAULT = 20 };
#define DELAY_MOST (30 * DAY)

struct action_target {
	struct slice url, secret;
	int method;
	struct json_list headers;
};
struct action_retry {
	int64_t max_attempts;
	int strategy; /* enum retry_strategy */
	usec_t base_delay, max_delay;
};
struct in_action {
	struct slice name, url; /* url: the target as a string; else: */
	struct action_target target;
	struct action_retry retry;
	usec_t timeout;
};
struct out_action {
	struct slice name, url;
	struct action_target target;
	struct action_retry retry;
	usec_t timeout, previous_until, created_at, updated_at;
	const char *status; /* "deleted" */
};

static const char *const methods[] = { "POST", "PUT", "PATCH", NULL };
static const char *const strategies[] = { "polynomial", "fixed", "linear", "exponential", NULL };

/* --- in --- */

static const struct field target_rows[] = {
	F_STR(action_target, url, "url", .flags = FIELD_NEEDED),
	F_ENUM(action_target, method, "method", methods),
	F_MAP(action_target, headers, "headers", .max = ACTION_HEADERS_MAX),
	F_STR(action_target, secret, "secret", .flags = FIELD_NULLABLE, .max = SECRET_TEXT_MAX),
};
static const struct shape target_shape = SHAPE(action_target, "ActionTarget", target_rows,
					       .present = NO_PRESENT);

static const struct field in_retry_rows[] = {
	F_INT(action_retry, max_attempts, "max_attempts", .min = 1, .max = RETRY_MAX_MOST),
	F_ENUM(action_retry, strategy, "strategy", strategies),
	F_SECONDS(action_retry, base_delay, "base_delay", .flags = FIELD_NULLABLE, .min = MSEC,
		  .max = DELAY_MOST),
	F_SECONDS(action_retry, max_delay, "max_delay", .flags = FIELD_NULLABLE, .min = MSEC,
		  .max = DELAY_MOST),
};
static const struct shape in_retry_shape = SHAPE(action_retry, "ActionRetryInput", in_retry_rows,
						 .present = NO_PRESENT);

static const struct field in_action_rows[] = {
	F_STR(in_action, name, "name"),
	F_STR(in_action, url, "target", .flags = FIELD_NEEDED),
	F_OBJ(in_action, target, "target", target_shape, .flags = FIELD_NEEDED),
	F_OBJ(in_action, retry, "retry", in_retry_shape, .flags = FIELD_NULLABLE),
	F_SECONDS(in_action, timeout, "timeout", .flags = FIELD_NULLABLE, .min = SEC,
		  .max = CALL_TIMEOUT_MAX),
};
const struct shape in_action_shape = SHAPE(in_action, "ActionInput", in_action_rows,
					   .present = NO_PRESENT);

static void init_actions(void *object)
{
	((struct action_list_ask *)object)->limit = PAGE_DEFAULT;
}

static const struct field in_actions_rows[] = {
	F_INT(action_list_ask, limit, "limit", .min = 1, .max = ACTION_PAGE_MAX),
	F_STR(action_list_ask, cursor, "cursor"),
};
const struct shape in_actions_shape = SHAPE(action_list_ask, "ActionQuery", in_actions_rows,
					    .init = init_actions, .present = NO_PRESENT);

static struct action *take(struct op *op)
{
	const struct in_action *in = op->in;
	struct action *out = arena_make(op->arena, struct action);

	out->call = (struct call){
		.url = in->url.p ? in->url : in->target.url,
		.headers = in->target.headers,
		.secret = in->target.secret,
		.timeout = in->timeout,
		.retry = { in->retry.strategy, in->retry.max_attempts, in->retry.base_delay,
			   in->retry.max_delay },
		.is_object = !in->url.p,
	};
	if (in->target.method)
		out->call.method = slice_of(methods[in->target.method]);
	return out;
}

void check_action(struct op *op)
{
	struct action *in = take(op);
	struct json_list *headers = &in->call.headers;
	const struct json_pair *from = headers->items;
	struct json_pair *to = arena_array(op->arena, struct json_pair, headers->n + 1);
	size_t n = 0;

	/* What stands for a stored value is looked at when that is known. */
	if (mask_is(in->call.secret))
		in->call.secret = (struct slice){ NULL, 0 };
	for (size_t i = 0; i < headers->n; i++)
		if (!mask_is(from[i].value))
			to[n++] = from[i];
	*headers = (struct json_list){ to, n };
	action_check(op, in);
}

/* What was read may be sent back with its name. */
flow pl_action_put(struct op *op)
{
	const struct in_action *in = op->in;
	struct slice name = op->names[0];

	if (in->name.p && (in->name.n != name.n || memcmp(in->name.p, name.p, name.n) != 0)) {
		json_fault(&op->faults, "name", "invalid_value",
			   "An action's name cannot be changed: this must be that of the path.");
		return op_invalid(op);
	}
	op->in = take(op);
	return action_put(op);
}

/* --- out --- */

static const struct field out_retry_rows[] = {
	F_INT(action_retry, max_attempts, "max_attempts"),
	F_ENUM(action_retry, strategy, "strategy", strategies),
	F_TYPE(action_retry, base_delay, "base_delay", type_span, .flags = FIELD_OPTIONAL),
	F_TYPE(action_retry, max_delay, "max_delay", type_span, .flags = FIELD_OPTIONAL),
};
static const struct shape out_retry_shape = SHAPE(action_retry, "ActionRetry", out_retry_rows,
						  .present = NO_PRESENT);

static const struct field out_action_rows[] = {
	F_STR(out_action, name, "name"),
	F_STR(out_action, url, "target"),
	F_OBJ(out_action, target, "target", target_shape),
	F_OBJ(out_action, retry, "retry", out_retry_shape),
	F_TYPE(out_action, timeout, "timeout", type_span),
	F_INSTANT(out_action, previous_until, "previous_secret_valid_until"),
	F_INSTANT(out_action, created_at, "created_at"),
	F_INSTANT(out_action, updated_at, "updated_at"),
};
const struct shape out_action_shape = SHAPE(out_action, "Action", out_action_rows,
					    .present = NO_PRESENT);

static const struct field out_actions_rows[] = {
	F_LIST(action_page, items, "actions", out_action_shape),
	F_STR(action_page, next_cursor, "next_cursor"),
};
const struct shape out_actions_shape = SHAPE(action_page, "ActionList", out_actions_rows,
					     .present = NO_PRESENT);

static const struct field out_deleted_rows[] = {
	F_STR(out_action, name, "name"),
	F_TYPE(out_action, status, "status", type_word),
};
const struct shape out_action_deleted_shape = SHAPE(out_action, "ActionDeleted", out_deleted_rows,
						    .present = NO_PRESENT);

static void show_target(const struct call *c, struct arena *a, struct action_target *out)
{
	*out = (struct action_target){ .url = c->url, .headers = mask_headers(&c->headers, a) };
	for (int i = 0; c->method.p && methods[i]; i++)
		if (slice_is(c->method, methods[i]))
			out->method = i;
	if (c->secret.p)
		out->secret = credential_mask(c->secret, a);
}

static void show_one(const struct op *op, const struct action *v, struct out_action *out)
{
	const struct call *c = &v->call;
	bool has_delays = c->retry.strategy != RETRY_POLYNOMIAL;

	*out = (struct out_action){
		.name = v->name,
		.retry = { retry_attempts(&c->retry), c->retry.strategy,
			   has_delays ? retry_base(&c->retry) : 0,
			   has_delays ? retry_most(&c->retry) : 0 },
		.timeout = c->timeout ? c->timeout : CALL_TIMEOUT_DEFAULT,
		.previous_until = signing_uses(&c->former, op->now) ? c->former.until : USEC_NEVER,
		.created_at = v->created_at,
		.updated_at = v->updated_at,
		.status = "deleted",
	};
	if (c->is_object)
		show_target(c, op->arena, &out->target);
	else
		out->url = c->url;
}

void show_action(struct op *op)
{
	struct out_action *out = arena_make(op->arena, struct out_action);

	show_one(op, op->out, out);
	op->out = out;
}

void show_actions(struct op *op)
{
	const struct action_page *page = op->out;
	const struct action *views = page->items.items;
	struct action_page *out = arena_make(op->arena, struct action_page);
	struct out_action *items = arena_array(op->arena, struct out_action, page->items.n + 1);

	for (size_t i = 0; i < page->items.n; i++)
		show_one(op, &views[i], &items[i]);
	*out = (struct action_page){ { items, page->items.n }, page->next_cursor };
	op->out = out;
}
