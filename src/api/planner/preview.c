/* POST /plans/preview: an execution time or a recurrence, and when that would be. */
#include "planner_int.h"
#include "when_int.h"

#define PREVIEW_DEFAULT 10

/* --- in --- */

struct in_plan_preview {
	struct in_when when;
	usec_t from;
	int64_t limit;
	uint64_t present;
};

static void init_plan_preview(void *object)
{
	*(struct in_plan_preview *)object = (struct in_plan_preview){ .when = when_default,
								      .from = USEC_NEVER,
								      .limit = PREVIEW_DEFAULT };
}

static const struct field in_plan_preview_rows[] = {
	WHEN_ROWS(in_plan_preview),
	F_INSTANT(in_plan_preview, from, "from"),
	F_INT(in_plan_preview, limit, "limit", .min = 1, .max = PREVIEW_MAX),
};
const struct shape in_plan_preview_shape = SHAPE(
	in_plan_preview, "PlanPreviewInput", in_plan_preview_rows, .init = init_plan_preview,
	.present = offsetof(struct in_plan_preview, present));

void check_plan_preview(struct op *op)
{
	const struct in_plan_preview *in = op->in;

	check_when(op, &in->when, in->present);
}

flow plan_preview(struct op *op)
{
	const struct in_plan_preview *in = op->in;
	struct timing_check *ask = arena_make(op->arena, struct timing_check);

	*ask = (struct timing_check){ .from = in->from, .limit = in->limit };
	take_when(op, &in->when, in->present, &ask->timing, &ask->names);
	op->in = ask;
	return timing_preview(op);
}

/* --- out --- */

static const struct field out_plan_preview_rows[] = {
	F_LIST(timing_view, items, "executions", occurrence_shape),
	F_STR(timing_view, words, "human_readable"),
	F_LIST(timing_view, warnings, "warnings", timing_warning_shape),
};
const struct shape out_plan_preview_shape = SHAPE(timing_view, "PlanPreview", out_plan_preview_rows,
						  .present = NO_PRESENT);
