/* Creating, changing, reading and cancelling plans. */
#include "core/plan.h"

#include "base/check.h"
#include "core/action.h"
#include "core/audit.h"
#include "core/auth.h"
#include "core/core_int.h"
#include "core/cursor.h"
#include "core/etag.h"
#include "core/quota.h"
#include "core/schedule_int.h"

static const enum kind kind_plan = KIND_PLAN;

/* --- the action --- */

struct asking {
	op_step *next;
};
static op_step action_read;

static void unknown_action(struct op *op)
{
	json_fault(&op->faults, "action", "unknown_action", "There is no action of this name.");
}

/* Goes on with `next`, having named the action if it is unknown. An absent one has been complained of. */
static flow ask_action(struct op *op, struct slice name, op_step *next)
{
	struct asking *a = arena_make(op->arena, struct asking);

	if (!name.p)
		return next(op);
	if (!authorize_action(&op->who, name))
		return op_fail(op, ERR_ACTION_FORBIDDEN, NULL);
	if (!action_name_ok(name)) {
		unknown_action(op);
		return next(op);
	}
	a->next = next;
	op->state = a;
	action_look(op, op_unit(op, LANE_READ), name);
	return op_db(op, action_read);
}

static flow action_read(struct op *op)
{
	const struct asking *a = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!action_is_there(op->unit, 0))
		unknown_action(op);
	return a->next(op);
}

static struct call call_of(const struct plan_ask *in, struct arena *a)
{
	return (struct call){ .url = action_url(in->action, a),
			      .payload = in->payload,
			      .expires_after = in->expires_after };
}

static void check_payload(struct op *op, struct slice payload)
{
	const char *too_large = quota_payload_fault(op, payload);

	if (too_large)
		json_fault(&op->faults, "payload", "quota_payload", too_large);
}

/* --- create --- */

static op_step create;

flow plan_create(struct op *op)
{
	const struct plan_ask *in = op->in;

	return ask_action(op, in->action, create);
}

static flow create(struct op *op)
{
	const struct plan_ask *in = op->in;
	struct schedule_new *ask = arena_make(op->arena, struct schedule_new);

	*ask = (struct schedule_new){
		.kind = KIND_PLAN,
		.timing = in->timing,
		.names = in->names,
		.name = in->name,
		.enabled = in->active,
		.overlap = in->overlap,
		.catchup = in->catchup,
		.agent = in->action,
	};
	if (in->action.p)
		ask->call = call_of(in, op->arena);
	check_payload(op, in->payload);
	op->in = ask;
	return schedule_create(op);
}

/* --- change --- */

struct changing {
	struct schedule_change core; /* what schedule_change() is asked with */
	const struct plan_change_ask *sent;
	struct plan_ask ask; /* what the plan is to be */
	int tries;
};
static op_step read_first, was_read, change;

/* A new template only for another call. */
static bool merge(struct op *op, struct schedule *s)
{
	const struct plan_ask *ask = &((const struct changing *)op->in)->ask;
	struct call call;

	if (op->faults.total)
		return false;
	call = call_of(ask, op->arena);
	if (!slice_same(s->payload, call.payload))
		check_payload(op, call.payload);
	s->name = ask->name;
	s->agent = ask->action;
	if (!slice_same(s->url, call.url) || !slice_same(s->payload, call.payload)
	    || s->expires_us != call.expires_after)
		schedule_set_call(s, &call, op);
	return true;
}

flow plan_change(struct op *op)
{
	const struct plan_change_ask *in = op->in;
	struct changing *c = arena_make(op->arena, struct changing);

	c->sent = in;
	c->ask = in->ask;
	op->in = &c->core;
	return in->revise ? read_first(op) : ask_action(op, c->ask.action, change);
}

static struct changing *changing_of(const struct op *op)
{
	return (struct changing *)(uintptr_t)op->in;
}

static flow read_first(struct op *op)
{
	struct run_ref ref = schedule_ref(op, KIND_PLAN);

	if (++changing_of(op)->tries > OP_AGAIN_MAX)
		return op_fail(op, ERR_CHANGED, NULL);
	store_schedule_get(op_unit(op, LANE_READ), &ref, op->now);
	return op_db(op, was_read);
}

static flow was_read(struct op *op)
{
	struct changing *c = changing_of(op);
	const struct schedule_view *now;
	const char *detail = NULL;
	struct schedule *s;
	enum err err;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	s = schedule_take(op, KIND_PLAN);
	if (!s)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (!etag_matches(op->if_match, s->rev))
		return op_fail(op, ERR_PRECONDITION, NULL);
	if (s->state == SCHEDULE_COMPLETED || s->state == SCHEDULE_CANCELLED)
		return op_fail(op, ERR_PLAN_NOT_EDITABLE, NULL);
	now = schedule_view_of(op, s);
	if (!now)
		return op_fail(op, ERR_INTERNAL, "What is stored of it cannot be read.");
	c->core.only = s->rev;
	op->faults = (struct json_faults){ .n = 0 };
	err = c->sent->revise(op, now, &c->ask, &detail);
	if (err != ERR_NONE)
		return detail ? op_fail(op, err, "%s", detail) : op_fail(op, err, NULL);
	return ask_action(op, c->ask.action, change);
}

static flow change(struct op *op)
{
	struct changing *c = changing_of(op);
	const struct plan_ask *ask = &c->ask;

	c->core = (struct schedule_change){
		.kind = KIND_PLAN,
		.timing = ask->timing,
		.timed = TIMED_SPEC | TIMED_ZONE | TIMED_START | TIMED_END | TIMED_DST
		       | TIMED_CALENDAR | TIMED_ADJUST | TIMED_JITTER,
		.has_enabled = true,
		.enabled = ask->active,
		.overlap = ask->overlap ? ask->overlap : OVERLAP_SKIP,
		.catchup = ask->catchup ? ask->catchup : CATCHUP_ALL,
		.names = ask->names,
		.merge = merge,
		.only = c->core.only,
		.stale = read_first,
	};
	return schedule_change(op);
}

/* --- read and cancel --- */

flow plan_get(struct op *op)
{
	op->in = &kind_plan;
	return schedule_get(op);
}

static op_step is_there;

flow plan_history(struct op *op)
{
	struct run_ref ref = schedule_ref(op, KIND_PLAN);

	store_schedule_get(op_unit(op, LANE_READ), &ref, op->now);
	return op_db(op, is_there);
}

static flow is_there(struct op *op)
{
	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	return schedule_take(op, KIND_PLAN) ? audit_list(op) : op_fail(op, ERR_NOT_FOUND, NULL);
}

flow plan_cancel(struct op *op)
{
	op->in = &kind_plan;
	return schedule_delete(op);
}

/* --- list --- */

static const int16_t states[] = { SCHEDULE_ACTIVE, SCHEDULE_PAUSED, SCHEDULE_COMPLETED,
				  SCHEDULE_CANCELLED };
#define STATES (sizeof(states) / sizeof(states[0]))
static op_step listed;

/* What a cursor of this list is of. */
static struct slice list_of(const struct op *op)
{
	const struct plan_list_ask *ask = op->in;

	return slice_of(arena_printf(op->arena, "plans %d %lld %lld %.*s", ask->state,
				     (long long)ask->from, (long long)ask->to,
				     SLICE_ARG(ask->action)));
}

static bool has_window(const struct plan_list_ask *ask)
{
	return ask->from != USEC_NEVER || ask->to != USEC_NEVER;
}

static int32_t scan_of(const struct plan_list_ask *ask)
{
	return has_window(ask) ? PLAN_SCAN_MAX : (int32_t)ask->limit + 1;
}

flow plan_list(struct op *op)
{
	const struct plan_list_ask *ask = op->in;
	const int16_t **wanted = arena_array(op->arena, const int16_t *, STATES);
	struct cursor place;
	struct plan_page page;

	ASSERT(ask->limit >= 1 && ask->limit <= PLAN_PAGE_MAX);
	if (!cursor_parse(op, list_of(op), ask->cursor, &place))
		return op_invalid(op);
	page = (struct plan_page){
		.bucket = op->who.bucket,
		.tenant = op->who.tenant,
		.states = wanted,
		.action = ask->action,
		.from = ask->from,
		.to = ask->to,
		.before = place.at,
		.before_id = place.id,
		.scan = scan_of(ask),
		.most = (int32_t)ask->limit + 1,
		.payload_max = PAGE_PAYLOAD_MAX,
	};
	for (size_t i = 0; i < STATES; i++)
		if (!ask->state || ask->state == states[i])
			wanted[page.states_n++] = &states[i];
	store_plan_page(op_unit(op, LANE_SLOW), &page);
	return op_db(op, listed);
}

static flow listed(struct op *op)
{
	const struct plan_list_ask *ask = op->in;
	struct plan_page_view *page = arena_make(op->arena, struct plan_page_view);
	struct schedule *rows, end;
	struct schedule_view *views;
	bool has_more;
	int64_t looked_at;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	looked_at = store_plans(op->unit, 0, &rows, &n, &end);
	has_more = n > (size_t)ask->limit;
	if (has_more) {
		n = (size_t)ask->limit;
		end = rows[n - 1];
	}
	views = arena_array(op->arena, struct schedule_view, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct schedule_view *v = schedule_view_of(op, &rows[i]);

		if (!v)
			return op_fail(op, ERR_INTERNAL,
				       "What is stored of a plan cannot be read.");
		views[i] = *v;
	}
	page->items = (struct json_list){ views, n };
	if (has_more || looked_at == scan_of(ask))
		page->next_cursor = cursor_print(op, list_of(op),
						 &(struct cursor){ end.created_at, end.id });
	return op_ok(op, page);
}
