/* POST /plans/preview: an execution time or a recurrence, and when that would be. */
#include "api/timing_common.h"
#include "http/types.h"
#include "planner_int.h"

#define PREVIEW_DEFAULT 10

/* --- in --- */

enum recurrence_type { RECURRENCE_CRON, RECURRENCE_INTERVAL, RECURRENCE_CALENDAR };
static const char *const recurrence_types[] = { "cron", "interval", "calendar", NULL };

struct in_recurrence {
	int type;
	struct slice expression, every, rule, dtstart;
	struct json_list exdates, rdates;
};
struct in_dst {
	int gap, overlap;
};
struct in_plan_preview {
	struct slice execute_at, cron; /* cron: the recurrence as a string; else: */
	struct in_recurrence recurrence;
	struct slice timezone, calendar;
	usec_t start_at, end_at, from;
	int adjust; /* -1: not given */
	struct in_dst dst;
	int64_t limit;
	uint64_t present;
};

static void init_recurrence(void *object)
{
	((struct in_recurrence *)object)->type = -1;
}

static const struct field in_recurrence_rows[] = {
	F_ENUM(in_recurrence, type, "type", recurrence_types, .flags = FIELD_NEEDED),
	F_STR(in_recurrence, expression, "expression"),
	F_TYPE(in_recurrence, every, "every", type_every),
	F_STR(in_recurrence, rule, "rule"),
	F_STR(in_recurrence, dtstart, "dtstart", .flags = FIELD_NULLABLE),
	F_STRS(in_recurrence, exdates, "exdates", .max = RRULE_DATES_MAX),
	F_STRS(in_recurrence, rdates, "rdates", .max = RRULE_DATES_MAX),
};
static const struct shape in_recurrence_shape = SHAPE(in_recurrence, "RecurrenceInput",
						      in_recurrence_rows, .init = init_recurrence,
						      .present = NO_PRESENT);

static const struct field in_dst_rows[] = {
	F_ENUM(in_dst, gap, "gap", dst_gap_words),
	F_ENUM(in_dst, overlap, "overlap", dst_overlap_words),
};
static const struct shape in_dst_shape = SHAPE(in_dst, "PlanDstPolicy", in_dst_rows,
					       .present = NO_PRESENT);

static void init_plan_preview(void *object)
{
	*(struct in_plan_preview *)object = (struct in_plan_preview){ .start_at = USEC_NEVER,
								      .end_at = USEC_NEVER,
								      .from = USEC_NEVER,
								      .adjust = -1,
								      .limit = PREVIEW_DEFAULT };
}

enum { ROW_EXECUTE_AT, ROW_CRON, ROW_RECURRENCE };
static const struct field in_plan_preview_rows[] = {
	[ROW_EXECUTE_AT] = F_STR(in_plan_preview, execute_at, "execute_at"),
	[ROW_CRON] = F_STR(in_plan_preview, cron, "recurrence"),
	[ROW_RECURRENCE] = F_OBJ(in_plan_preview, recurrence, "recurrence", in_recurrence_shape),
	F_STR(in_plan_preview, timezone, "timezone", .flags = FIELD_NULLABLE),
	F_INSTANT(in_plan_preview, start_at, "start_at", .flags = FIELD_NULLABLE),
	F_INSTANT(in_plan_preview, end_at, "end_at", .flags = FIELD_NULLABLE),
	F_STR(in_plan_preview, calendar, "calendar", .flags = FIELD_NULLABLE),
	F_ENUM(in_plan_preview, adjust, "adjust", adjust_words),
	F_OBJ(in_plan_preview, dst, "dst", in_dst_shape),
	F_INSTANT(in_plan_preview, from, "from"),
	F_INT(in_plan_preview, limit, "limit", .min = 1, .max = PREVIEW_MAX),
};
const struct shape in_plan_preview_shape = SHAPE(
	in_plan_preview, "PlanPreviewInput", in_plan_preview_rows, .init = init_plan_preview,
	.present = offsetof(struct in_plan_preview, present));

static bool was_sent(const struct in_plan_preview *in, int row)
{
	return in->present >> row & 1;
}

/* By enum recurrence_type: the member that belongs to it. */
static const struct {
	const char *path;
	int16_t spec_kind;
	size_t at;
} members[] = {
	[RECURRENCE_CRON] = { "recurrence.expression", SPEC_CRON + 1,
			      offsetof(struct in_recurrence, expression) },
	[RECURRENCE_INTERVAL] = { "recurrence.every", SPEC_EVERY + 1,
				  offsetof(struct in_recurrence, every) },
	[RECURRENCE_CALENDAR] = { "recurrence.rule", SPEC_RRULE + 1,
				  offsetof(struct in_recurrence, rule) },
};

static const struct slice *member_of(const struct in_recurrence *r, int type)
{
	return (const struct slice *)((const char *)r + members[type].at);
}

static void check_recurrence(struct op *op, const struct in_recurrence *r)
{
	bool has_dates = r->dtstart.p || r->exdates.items || r->rdates.items;

	if (r->type < 0) /* that has been said */
		return;
	if (!member_of(r, r->type)->p)
		json_fault(&op->faults, members[r->type].path, "required", "This field is needed.");
	for (int i = 0; i <= RECURRENCE_CALENDAR; i++)
		if (i != r->type && member_of(r, i)->p)
			json_fault(&op->faults, members[i].path, "exclusive",
				   "This does not belong to this type of recurrence.");
	check_dates(op, "recurrence.exdates", &r->exdates);
	check_dates(op, "recurrence.rdates", &r->rdates);
	if (has_dates && r->type != RECURRENCE_CALENDAR)
		json_fault(&op->faults, "recurrence.dtstart", "exclusive",
			   "Only the type calendar has dtstart, exdates and rdates.");
}

void check_plan_preview(struct op *op)
{
	const struct in_plan_preview *in = op->in;
	bool has_recurrence = was_sent(in, ROW_CRON) || was_sent(in, ROW_RECURRENCE);

	if (was_sent(in, ROW_EXECUTE_AT) && has_recurrence)
		json_fault(&op->faults, "recurrence", "exclusive",
			   "A plan has execute_at or recurrence, not both.");
	/* What was sent and was faulty has been named. */
	if (op->faults.total == 0 && !was_sent(in, ROW_EXECUTE_AT) && !has_recurrence)
		json_fault(&op->faults, "execute_at", "required",
			   "A plan needs execute_at or recurrence.");
	if (was_sent(in, ROW_RECURRENCE))
		check_recurrence(op, &in->recurrence);
}

static void take_recurrence(struct op *op, const struct in_recurrence *r, struct timing_check *ask)
{
	struct rrule_text pieces = { r->rule, r->dtstart, comma_list(&r->exdates, op->arena),
				     comma_list(&r->rdates, op->arena) };

	ask->timing.spec_kind = members[r->type].spec_kind;
	ask->timing.spec = *member_of(r, r->type);
	ask->names.spec = members[r->type].path;
	if (r->type == RECURRENCE_CALENDAR)
		take_rule(&pieces, op->arena, &ask->timing, &ask->names);
}

flow plan_preview(struct op *op)
{
	const struct in_plan_preview *in = op->in;
	struct timing_check *ask = arena_make(op->arena, struct timing_check);

	*ask = (struct timing_check){
		.timing = { .zone = in->timezone,
			    .start_at = in->start_at,
			    .end_at = in->end_at,
			    .dst_gap = (int16_t)in->dst.gap,
			    .dst_overlap = (int16_t)in->dst.overlap,
			    .calendar = in->calendar,
			    .adjust = (int16_t)(in->adjust + 1) },
		.from = in->from,
		.limit = in->limit,
		.names = { .zone = "timezone",
			   .end = "end_at",
			   .calendar = "calendar",
			   .rrule = { "recurrence.rule", "recurrence.dtstart", "recurrence.exdates",
				      "recurrence.rdates" } },
	};
	if (was_sent(in, ROW_RECURRENCE)) {
		take_recurrence(op, &in->recurrence, ask);
	} else {
		bool is_once = was_sent(in, ROW_EXECUTE_AT);

		ask->timing.spec_kind = is_once ? SPEC_ONCE + 1 : SPEC_CRON + 1;
		ask->timing.spec = is_once ? in->execute_at : in->cron;
		ask->names.spec = is_once ? "execute_at" : "recurrence";
	}
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
