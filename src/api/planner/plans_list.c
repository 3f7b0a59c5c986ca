/* Lists of plans, and a stored plan's occurrences. */
#include "plans_int.h"

#include "core/audit.h"

#define LIST_DEFAULT 20
#define PREVIEW_DEFAULT 10

/* --- the list --- */

struct in_plans {
	int status; /* index into plan_statuses; -1: all */
	struct slice action, cursor;
	usec_t from, to;
	int64_t limit;
};

static void init_plans(void *object)
{
	*(struct in_plans *)object = (struct in_plans){
		.status = -1, .from = USEC_NEVER, .to = USEC_NEVER, .limit = LIST_DEFAULT
	};
}

static const struct field in_plans_rows[] = {
	F_TYPE(in_plans, status, "status", field_enum_any_case, .words = plan_statuses),
	F_STR(in_plans, action, "action", .min = 1),
	F_INSTANT(in_plans, from, "from"),
	F_INSTANT(in_plans, to, "to"),
	F_INT(in_plans, limit, "limit", .min = 1, .max = PLAN_PAGE_MAX),
	F_STR(in_plans, cursor, "cursor"),
};
const struct shape in_plans_shape = SHAPE(in_plans, "PlanQuery", in_plans_rows, .init = init_plans,
					  .present = NO_PRESENT);

/* By plan_statuses. */
static const int16_t states[] = { SCHEDULE_ACTIVE, SCHEDULE_PAUSED, SCHEDULE_COMPLETED,
				  SCHEDULE_CANCELLED };

flow pl_plans(struct op *op)
{
	const struct in_plans *in = op->in;
	struct plan_list_ask *ask = arena_make(op->arena, struct plan_list_ask);

	if (!check_range(op, in->from, in->to))
		return op_invalid(op);
	*ask = (struct plan_list_ask){ .state = in->status < 0 ? 0 : states[in->status],
				       .action = in->action,
				       .from = in->from,
				       .to = in->to,
				       .cursor = in->cursor,
				       .limit = in->limit };
	op->in = ask;
	return plan_list(op);
}

/* --- a stored plan's occurrences --- */

struct in_stored_preview {
	int64_t limit;
	usec_t from;
};

static void init_stored_preview(void *object)
{
	*(struct in_stored_preview *)object = (struct in_stored_preview){ PREVIEW_DEFAULT,
									  USEC_NEVER };
}

static const struct field in_stored_preview_rows[] = {
	F_INT(in_stored_preview, limit, "limit", .min = 1, .max = PREVIEW_MAX),
	F_INSTANT(in_stored_preview, from, "from"),
};
const struct shape in_stored_preview_shape = SHAPE(
	in_stored_preview, "PlanOccurrenceQuery", in_stored_preview_rows,
	.init = init_stored_preview, .present = NO_PRESENT);

flow pl_stored_preview(struct op *op)
{
	const struct in_stored_preview *in = op->in;
	struct preview_ask *ask = arena_make(op->arena, struct preview_ask);

	*ask = (struct preview_ask){ .kind = KIND_PLAN, .limit = in->limit, .from = in->from };
	op->in = ask;
	return schedule_preview(op);
}

static const struct field out_stored_preview_rows[] = {
	F_ID(preview_view, schedule, "plan_id", ids_of_plans),
	F_LIST(preview_view, items, "executions", occurrence_shape),
};
const struct shape out_stored_preview_shape = SHAPE(preview_view, "PlanOccurrences",
						    out_stored_preview_rows, .present = NO_PRESENT);

/* --- history --- */

struct in_history {
	int64_t limit;
	struct slice cursor;
};

static void init_history(void *object)
{
	((struct in_history *)object)->limit = LIST_DEFAULT;
}

static const struct field in_history_rows[] = {
	F_INT(in_history, limit, "limit", .min = 1, .max = AUDIT_PAGE_MAX),
	F_STR(in_history, cursor, "cursor"),
};
const struct shape in_history_shape = SHAPE(in_history, "PlanHistoryQuery", in_history_rows,
					    .init = init_history, .present = NO_PRESENT);

flow pl_history(struct op *op)
{
	const struct in_history *in = op->in;
	struct audit_ask *ask = arena_make(op->arena, struct audit_ask);

	*ask = (struct audit_ask){ .object = OBJECT_SCHEDULE,
				   .ref = audit_ref(op->ids[0], op->arena),
				   .from = USEC_NEVER,
				   .to = USEC_NEVER,
				   .cursor = in->cursor,
				   .limit = in->limit };
	op->in = ask;
	return plan_history(op);
}
