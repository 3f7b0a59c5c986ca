/* Plans as they are shown, and as the document that a patch is applied to. */
#include "plans_int.h"

#include "api/scalars.h"
#include "base/id.h"
#include "core/audit.h"
#include "core/core.h"
#include "core/snapshot.h"

const char *const ids_of_plans[] = { "plan", NULL };

struct out_plan {
	struct uuid id;
	int status; /* index into plan_statuses */
	struct slice action, payload, name, timezone, calendar;
	struct slice at_text; /* execute_at as it was sent */
	usec_t at;
	struct in_recurrence recurrence;
	bool active, payload_omitted, rule_omitted;
	usec_t start_at, end_at, next_at, last_at, created_at, updated_at;
	usec_t jitter, expires_after;
	int adjust, overlap, catchup;
	struct in_plan_dst dst;
	int64_t executions, version;
	struct slice words;
	uint64_t present;
};

const char *const plan_statuses[] = { "active", "inactive", "completed", "cancelled", NULL };

enum { ROW_RECURRENCE = 2 }; /* of both shapes */
#define SENT_ROWS(absent)                                                                  \
	F_STR(out_plan, timezone, "timezone"), F_BOOL(out_plan, active, "active"),         \
		F_STR(out_plan, name, "name", .flags = (absent)),                          \
		F_INSTANT(out_plan, start_at, "start_at", .flags = (absent)),              \
		F_INSTANT(out_plan, end_at, "end_at", .flags = (absent)),                  \
		F_STR(out_plan, calendar, "calendar", .flags = FIELD_OPTIONAL),            \
		F_ENUM(out_plan, adjust, "adjust", adjust_words, .flags = FIELD_OPTIONAL), \
		F_TYPE(out_plan, jitter, "jitter", type_span, .flags = FIELD_OPTIONAL),    \
		F_OBJ(out_plan, dst, "dst", in_plan_dst_shape),                            \
		F_ENUM(out_plan, overlap, "overlap", overlap_words),                       \
		F_ENUM(out_plan, catchup, "catchup", catchup_words),                       \
		F_TYPE(out_plan, expires_after, "expires_after", type_period,              \
		       .flags = FIELD_OPTIONAL)

static const struct field document_rows[] = {
	F_STR(out_plan, action, "action"),
	F_RAW(out_plan, payload, "payload", .flags = FIELD_OPTIONAL),
	[ROW_RECURRENCE] = F_OBJ(out_plan, recurrence, "recurrence", in_recurrence_shape,
				 .flags = FIELD_PRESENT),
	F_STR(out_plan, at_text, "execute_at", .flags = FIELD_OPTIONAL),
	SENT_ROWS(FIELD_OPTIONAL),
};
static const struct shape document_shape = SHAPE(out_plan, "PlanDocument", document_rows,
						 .present = offsetof(struct out_plan, present));

static const struct field out_plan_rows[] = {
	F_ID(out_plan, id, "id", ids_of_plans),
	F_ENUM(out_plan, status, "status", plan_statuses),
	[ROW_RECURRENCE] = F_OBJ(out_plan, recurrence, "recurrence", in_recurrence_shape,
				 .flags = FIELD_PRESENT),
	F_INSTANT(out_plan, at, "execute_at", .flags = FIELD_OPTIONAL),
	F_STR(out_plan, action, "action"),
	F_RAW(out_plan, payload, "payload"),
	SENT_ROWS(0),
	F_STR(out_plan, words, "human_readable"),
	F_INSTANT(out_plan, next_at, "next_execution_at"),
	F_INSTANT(out_plan, last_at, "last_execution_at"),
	F_INT(out_plan, executions, "execution_count"),
	F_INT(out_plan, version, "version"),
	F_INSTANT(out_plan, created_at, "created_at"),
	F_INSTANT(out_plan, updated_at, "updated_at"),
	F_TYPE(out_plan, payload_omitted, "payload_omitted", type_true, .flags = FIELD_OPTIONAL),
	F_TYPE(out_plan, rule_omitted, "rule_omitted", type_true, .flags = FIELD_OPTIONAL),
};
const struct shape out_plan_shape = SHAPE(out_plan, "Plan", out_plan_rows,
					  .present = offsetof(struct out_plan, present));

struct out_plan_list {
	struct json_list items;
	struct slice next_cursor;
};
static const struct field out_plans_rows[] = {
	F_LIST(out_plan_list, items, "plans", out_plan_shape),
	F_STR(out_plan_list, next_cursor, "next_cursor"),
};
const struct shape out_plans_shape = SHAPE(out_plan_list, "PlanList", out_plans_rows,
					   .present = NO_PRESENT);

/* --- one --- */

/* A longer rule is left out of a list, and its description. */
#define LIST_SPEC_MAX 2048

/* Lines that end with CR LF were made of pieces (timing_rule()). */
static void show_rule(struct slice spec, struct arena *a, struct in_recurrence *to)
{
	struct rrule_text pieces;

	if (!memchr(spec.p, '\r', spec.n)) {
		to->rule = spec;
		return;
	}
	timing_pieces(spec, a, &pieces);
	to->rule = pieces.rule;
	to->dtstart = pieces.dtstart;
	to->exdates = comma_items(pieces.exdate, a);
	to->rdates = comma_items(pieces.rdate, a);
}

static void show_when(const struct schedule *s, struct arena *a, struct out_plan *out)
{
	struct in_recurrence *to = &out->recurrence;

	out->at = USEC_NEVER;
	switch ((enum spec_kind)(s->spec_kind - 1)) {
	case SPEC_CRON:
		to->type = 0;
		to->expression = s->spec;
		break;
	case SPEC_EVERY:
		to->type = 1;
		to->every = s->spec;
		break;
	case SPEC_RRULE:
		to->type = 2;
		if (!out->rule_omitted)
			show_rule(s->spec, a, to);
		break;
	default:
		out->at_text = s->spec;
		return;
	}
	out->present = (uint64_t)1 << ROW_RECURRENCE;
}

static int status_of(int state)
{
	switch (state) {
	case SCHEDULE_ACTIVE:
		return 0;
	case SCHEDULE_COMPLETED:
		return 2;
	case SCHEDULE_CANCELLED:
		return 3;
	default:
		return 1;
	}
}

/* As it was sent. */
static void show_sent(const struct schedule *s, struct arena *a, struct out_plan *out)
{
	out->action = s->agent;
	out->payload = s->payload;
	out->timezone = s->zone;
	out->active = s->state == SCHEDULE_ACTIVE;
	out->name = s->name;
	out->start_at = s->start_at;
	out->end_at = s->end_at;
	out->calendar = s->calendar;
	out->adjust = s->calendar.p ? s->adjust - 1 : -1;
	out->jitter = s->jitter_us;
	out->dst = (struct in_plan_dst){ s->dst_gap, s->dst_overlap };
	out->overlap = s->overlap - 1;
	out->catchup = s->catchup - 1;
	out->expires_after = s->expires_us;
	show_when(s, a, out);
}

void plan_document(const struct schedule_view *v, struct arena *a, struct strbuf *out)
{
	struct out_plan sent = { .status = 0 };

	show_sent(&v->s, a, &sent);
	json_encode(&document_shape, &sent, out);
}

/* What a calendar does to it is no part of what was sent. */
static usec_t once_of(const struct schedule *s, struct op *op)
{
	struct schedule plain = *s;
	struct spec spec;

	plain.calendar.p = NULL;
	if (s->spec_kind != SPEC_ONCE + 1
	    || !schedule_spec(&plain, op->core->zones, op->arena, &spec))
		return USEC_NEVER;
	return spec.once;
}

static void show_one(const struct schedule_view *v, bool in_list, struct op *op,
		     struct out_plan *out)
{
	const struct schedule *s = &v->s;

	*out = (struct out_plan){
		.id = s->id,
		.status = status_of(v->status),
		.payload_omitted = v->payload_omitted,
		.rule_omitted = in_list && s->spec.n > LIST_SPEC_MAX,
		.next_at = v->next,
		.last_at = s->last_at,
		.executions = s->executed,
		.version = s->rev,
		.created_at = s->created_at,
		.updated_at = s->updated_at,
	};
	show_sent(s, op->arena, out);
	out->at = once_of(s, op);
	if (!out->rule_omitted)
		out->words = schedule_words(s, op);
}

void show_plan(struct op *op)
{
	struct out_plan *out = arena_make(op->arena, struct out_plan);

	show_one(op->out, false, op, out);
	op->out = out;
}

void show_new_plan(struct op *op)
{
	char id[ID_TEXT_MAX];

	show_plan(op);
	id_print("plan", ((const struct out_plan *)op->out)->id, id);
	op->location = arena_printf(op->arena, "/api/v1/plans/%s", id);
}

void show_plans(struct op *op)
{
	const struct plan_page_view *page = op->out;
	const struct schedule_view *views = page->items.items;
	struct out_plan_list *out = arena_make(op->arena, struct out_plan_list);
	struct out_plan *items = arena_array(op->arena, struct out_plan, page->items.n + 1);

	for (size_t i = 0; i < page->items.n; i++)
		show_one(&views[i], true, op, &items[i]);
	*out = (struct out_plan_list){ { items, page->items.n }, page->next_cursor };
	op->out = out;
}

/* --- history --- */

static const char *const ids_of_keys[] = { "key", NULL };
static const char *const actors[] = { "", "key", "server", "command", NULL };

struct out_plan_actor {
	int type; /* enum actor */
	struct uuid key;
	struct slice name;
};
struct out_change {
	int64_t version; /* 0: none */
	usec_t at;
	struct out_plan_actor actor;
	struct slice change, request_id;
	const struct out_plan *before, *after;  /* NULL: */
	struct slice before_state, after_state; /* all there is of it; absent: it was not there */
};

static const struct field was_rows[] = {
	F_ENUM(out_plan, status, "status", plan_statuses),
	F_STR(out_plan, action, "action"),
	[ROW_RECURRENCE] = F_OBJ(out_plan, recurrence, "recurrence", in_recurrence_shape,
				 .flags = FIELD_PRESENT),
	F_RAW(out_plan, payload, "payload"),
	F_INSTANT(out_plan, at, "execute_at", .flags = FIELD_OPTIONAL),
	SENT_ROWS(0),
	F_TYPE(out_plan, payload_omitted, "payload_omitted", type_true, .flags = FIELD_OPTIONAL),
};
static const struct shape was_shape = SHAPE(out_plan, "PlanState", was_rows,
					    .present = offsetof(struct out_plan, present));

static const struct field actor_rows[] = {
	F_ENUM(out_plan_actor, type, "type", actors),
	F_ID(out_plan_actor, key, "id", ids_of_keys),
	F_STR(out_plan_actor, name, "name"),
};
static const struct shape actor_shape = SHAPE(out_plan_actor, "PlanChangeActor", actor_rows,
					      .present = NO_PRESENT);

static const struct field change_rows[] = {
	F_TYPE(out_change, version, "version", type_positive),
	F_INSTANT(out_change, at, "at"),
	F_OBJ(out_change, actor, "actor", actor_shape),
	F_STR(out_change, change, "change"),
	F_OBJ(out_change, before, "before", was_shape, .flags = FIELD_BEHIND),
	F_RAW(out_change, before_state, "before"),
	F_OBJ(out_change, after, "after", was_shape, .flags = FIELD_BEHIND),
	F_RAW(out_change, after_state, "after"),
	F_STR(out_change, request_id, "request_id"),
};
static const struct shape change_shape = SHAPE(out_change, "PlanChange", change_rows,
					       .present = NO_PRESENT);

static const struct field out_history_rows[] = {
	F_LIST(audit_page, items, "history", change_shape),
	F_STR(audit_page, next_cursor, "next_cursor"),
};
const struct shape out_history_shape = SHAPE(audit_page, "PlanHistory", out_history_rows,
					     .present = NO_PRESENT);

/* A snapshot as a plan; NULL when there is none, or it says the state only: then that is in *out_state. */
static const struct out_plan *show_was(struct slice text, struct op *op, struct slice *out_state)
{
	struct schedule *s = arena_make(op->arena, struct schedule);
	struct out_plan *out;
	bool is_partial;

	if (!snapshot_schedule_read(text, op->arena, s, &is_partial))
		return NULL;
	if (is_partial) {
		*out_state = slice_of(arena_printf(op->arena, "{\"status\":\"%s\"}",
						   plan_statuses[status_of(s->state)]));
		return NULL;
	}
	out = arena_make(op->arena, struct out_plan);
	out->status = status_of(s->state);
	out->payload_omitted = s->payload_omitted;
	show_sent(s, op->arena, out);
	out->at = once_of(s, op);
	return out;
}

void show_history(struct op *op)
{
	const struct audit_page *page = op->out;
	const struct audit_entry *entries = page->items.items;
	struct audit_page *out = arena_make(op->arena, struct audit_page);
	struct out_change *items = arena_array(op->arena, struct out_change, page->items.n + 1);

	for (size_t i = 0; i < page->items.n; i++) {
		const struct audit_entry *e = &entries[i];
		struct out_change *to = &items[i];

		*to = (struct out_change){
			.version = e->version,
			.at = e->at,
			.actor = { (int)e->actor, e->key, e->actor_name },
			.change = e->what,
			.request_id = e->request_id,
		};
		to->before = show_was(e->before, op, &to->before_state);
		to->after = show_was(e->after, op, &to->after_state);
	}
	*out = (struct audit_page){ { items, page->items.n }, page->next_cursor };
	op->out = out;
}
