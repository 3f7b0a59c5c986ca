#include "when_int.h"

/* --- rows --- */

enum recurrence_type { RECURRENCE_CRON, RECURRENCE_INTERVAL, RECURRENCE_CALENDAR };
static const char *const recurrence_types[] = { "cron", "interval", "calendar", NULL };

const struct in_when when_default = { .start_at = USEC_NEVER, .end_at = USEC_NEVER, .adjust = -1 };

static void init_recurrence(void *object)
{
	((struct in_recurrence *)object)->type = -1;
}

static const struct field in_recurrence_rows[] = {
	F_ENUM(in_recurrence, type, "type", recurrence_types, .flags = FIELD_NEEDED),
	F_STR(in_recurrence, expression, "expression", .flags = FIELD_OPTIONAL),
	F_TYPE(in_recurrence, every, "every", type_every, .flags = FIELD_OPTIONAL),
	F_STR(in_recurrence, rule, "rule", .flags = FIELD_OPTIONAL),
	F_STR(in_recurrence, dtstart, "dtstart", .flags = FIELD_NULLABLE | FIELD_OPTIONAL),
	F_STRS(in_recurrence, exdates, "exdates", .flags = FIELD_OPTIONAL, .max = RRULE_DATES_MAX),
	F_STRS(in_recurrence, rdates, "rdates", .flags = FIELD_OPTIONAL, .max = RRULE_DATES_MAX),
};
const struct shape in_recurrence_shape = SHAPE(in_recurrence, "Recurrence", in_recurrence_rows,
					       .init = init_recurrence, .present = NO_PRESENT);

static const struct field in_dst_rows[] = {
	F_ENUM(in_plan_dst, gap, "gap", dst_gap_words),
	F_ENUM(in_plan_dst, overlap, "overlap", dst_overlap_words),
};
const struct shape in_plan_dst_shape = SHAPE(in_plan_dst, "PlanDstPolicy", in_dst_rows,
					     .present = NO_PRESENT);

/* --- checks --- */

static bool was_sent(uint64_t present, int row)
{
	return present >> row & 1;
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

static bool is_faulty(const struct op *op, const char *prefix)
{
	for (int i = 0; i < op->faults.n; i++)
		if (strncmp(op->faults.list[i].field, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

static void check_recurrence(struct op *op, const struct in_recurrence *r)
{
	bool has_dates = r->dtstart.p || r->exdates.items || r->rdates.items;

	if (r->type < 0) /* that has been said */
		return;
	if (!member_of(r, r->type)->p && !is_faulty(op, members[r->type].path))
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

/* Then nothing else is worth saying of it. */
static bool is_no_object(const struct op *op)
{
	return op->faults.n && !op->faults.list[0].field[0];
}

void check_when(struct op *op, const struct in_when *in, uint64_t present)
{
	bool is_once = was_sent(present, WHEN_EXECUTE_AT) || is_faulty(op, "execute_at");
	bool recurs = was_sent(present, WHEN_CRON) || was_sent(present, WHEN_RECURRENCE)
		   || is_faulty(op, "recurrence");

	if (is_no_object(op))
		return;
	if (is_once && recurs)
		json_fault(&op->faults, "recurrence", "exclusive",
			   "A plan has execute_at or recurrence, not both.");
	if (!is_once && !recurs)
		json_fault(&op->faults, "execute_at", "required",
			   "A plan needs execute_at or recurrence.");
	if (was_sent(present, WHEN_RECURRENCE))
		check_recurrence(op, &in->recurrence);
}

/* --- to the core --- */

static void take_recurrence(struct op *op, const struct in_recurrence *r, struct timing *out,
			    struct timing_names *names)
{
	struct rrule_text pieces = { r->rule, r->dtstart, comma_list(&r->exdates, op->arena),
				     comma_list(&r->rdates, op->arena) };

	if (r->type < 0 || !member_of(r, r->type)->p)
		return;
	out->spec_kind = members[r->type].spec_kind;
	out->spec = *member_of(r, r->type);
	names->spec = members[r->type].path;
	if (r->type == RECURRENCE_CALENDAR)
		take_rule(&pieces, op->arena, out, names);
}

void take_when(struct op *op, const struct in_when *in, uint64_t present, struct timing *out,
	       struct timing_names *names)
{
	*out = (struct timing){ .zone = in->timezone,
				.start_at = in->start_at,
				.end_at = in->end_at,
				.dst_gap = (int16_t)in->dst.gap,
				.dst_overlap = (int16_t)in->dst.overlap,
				.calendar = in->calendar,
				.adjust = (int16_t)(in->adjust + 1) };
	*names = (struct timing_names){ .zone = "timezone",
					.end = "end_at",
					.calendar = "calendar",
					.rrule = { "recurrence.rule", "recurrence.dtstart",
						   "recurrence.exdates", "recurrence.rdates" } };
	if (was_sent(present, WHEN_RECURRENCE)) {
		take_recurrence(op, &in->recurrence, out, names);
	} else if (was_sent(present, WHEN_EXECUTE_AT)) {
		out->spec_kind = SPEC_ONCE + 1;
		out->spec = in->execute_at;
		names->spec = "execute_at";
	} else if (was_sent(present, WHEN_CRON)) {
		out->spec_kind = SPEC_CRON + 1;
		out->spec = in->cron;
		names->spec = "recurrence";
	}
}
