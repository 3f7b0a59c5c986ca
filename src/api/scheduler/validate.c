/* GET /validate: answers 200 whatever it is asked; what is wrong is part of the answer. */
#include "api/timing_common.h"
#include "core/work.h"
#include "http/types.h"
#include "scheduler_int.h"

/* --- in --- */

struct in_validate {
	struct slice type, value, timezone, dtstart, exdate, rdate, calendar;
	usec_t from;
	int64_t limit;
	int adjust, dst_gap, dst_overlap; /* adjust: -1 = not given */
	int env;                          /* of an expression */
};

enum { ENV_CONDITION, ENV_GATE };
static const char *const env_words[] = { "condition", "only_if", NULL };

/* What the view is shown: a timing_view, or the first member of this (then it is op->state too). */
struct expression_view {
	struct timing_view t;
	struct json_list reads; /* of struct slice */
};

static void init_validate(void *object)
{
	*(struct in_validate *)object = (struct in_validate){ .from = USEC_NEVER,
							      .limit = NEXT_RUNS,
							      .adjust = -1 };
}

static const struct field in_validate_rows[] = {
	F_STR(in_validate, type, "type"),
	F_STR(in_validate, value, "value"),
	F_STR(in_validate, timezone, "timezone"),
	F_STR(in_validate, dtstart, "dtstart"),
	F_STR(in_validate, exdate, "exdate"),
	F_STR(in_validate, rdate, "rdate"),
	F_INSTANT(in_validate, from, "from"),
	F_INT(in_validate, limit, "limit", .min = 1, .max = PREVIEW_MAX),
	F_STR(in_validate, calendar, "calendar"),
	F_ENUM(in_validate, adjust, "adjust", adjust_words),
	F_ENUM(in_validate, dst_gap, "dst_gap", dst_gap_words),
	F_ENUM(in_validate, dst_overlap, "dst_overlap", dst_overlap_words),
	F_ENUM(in_validate, env, "for", env_words),
};
const struct shape in_validate_shape = SHAPE(in_validate, "ValidateQuery", in_validate_rows,
					     .init = init_validate, .present = NO_PRESENT);

/* The first fault of the query is kept for the answer. */
void validate_faults(struct op *op)
{
	struct json_fault *first;

	if (op->faults.n == 0)
		return;
	first = arena_make(op->arena, struct json_fault);
	*first = op->faults.list[0];
	op->state = first;
	op->faults = (struct json_faults){ .n = 0 };
}

static flow answer_fault(struct op *op, const struct json_fault *fault)
{
	struct timing_view *view = arena_make(op->arena, struct timing_view);

	*view = (struct timing_view){ .code = fault->code,
				      .error = slice_of(fault->message),
				      .field = fault->field,
				      .position = -1 };
	return op_ok(op, view);
}

static int16_t kind_of(struct slice type)
{
	for (int k = 0; k < SPEC_KINDS && type.p; k++)
		if (slice_is(type, spec_kind_name((enum spec_kind)k)))
			return (int16_t)(k + 1);
	return 0;
}

static void take_spec(struct op *op, const struct in_validate *in, struct timing_check *ask)
{
	struct rrule_text pieces = { in->value, in->dtstart, in->exdate, in->rdate };

	ask->names = (struct timing_names){
		.spec = "value",
		.zone = "timezone",
		.end = "end_at",
		.calendar = "calendar",
		.rrule = { "value", "dtstart", "exdate", "rdate" },
	};
	ask->timing.spec = in->value;
	if (ask->timing.spec_kind == SPEC_RRULE + 1)
		take_rule(&pieces, op->arena, &ask->timing, &ask->names);
}

#define READS_MAX 64

/* A condition, as asked of an output or of what a source answers; with for=only_if as a gate. */
static flow check_expression(struct op *op, struct slice text, bool is_gate)
{
	struct expression_view *v = arena_make(op->arena, struct expression_view);
	struct expr_faults faults = { .n = 0 };
	const struct expr *e = expr_compile(text, is_gate ? &work_gate_env : &work_output_env,
					    op->arena, &faults);

	v->t = (struct timing_view){ .valid = e != NULL, .position = -1 };
	if (e) {
		struct slice *reads = arena_array(op->arena, struct slice, READS_MAX);

		v->t.words = expr_describe(e, op->arena);
		v->reads = (struct json_list){ reads, (size_t)expr_reads(e, reads, READS_MAX) };
	} else {
		v->t.code = faults.list[0].code;
		v->t.error = slice_of(faults.list[0].message);
		v->t.field = "value";
		v->t.position = faults.list[0].at;
		v->t.length = faults.list[0].len;
	}
	op->state = v;
	return op_ok(op, &v->t);
}

flow validate(struct op *op)
{
	static const struct json_fault unknown = {
		.field = "type",
		.code = "type_unknown",
		.message = "The type must be one of cron, every, at, rrule and expression.",
	}, missing = { .field = "value", .code = "required", .message = "This field is needed." };
	const struct in_validate *in = op->in;
	struct timing_check *ask = arena_make(op->arena, struct timing_check);

	if (op->state)
		return answer_fault(op, op->state);
	if (slice_is(in->type, "expression"))
		return in->value.p ? check_expression(op, in->value, in->env == ENV_GATE)
				   : answer_fault(op, &missing);
	*ask = (struct timing_check){
		.timing = { .spec_kind = kind_of(in->type),
			    .zone = in->timezone,
			    .start_at = USEC_NEVER,
			    .end_at = USEC_NEVER,
			    .dst_gap = (int16_t)in->dst_gap,
			    .dst_overlap = (int16_t)in->dst_overlap,
			    .calendar = in->calendar,
			    .adjust = (int16_t)(in->adjust + 1) },
		.from = in->from,
		.limit = in->limit,
	};
	if (!ask->timing.spec_kind)
		return answer_fault(op, &unknown);
	if (!in->value.p)
		return answer_fault(op, &missing);
	take_spec(op, in, ask);
	op->in = ask;
	return timing_check(op);
}

/* --- out --- */

struct out_validate {
	bool valid;
	struct json_list next_runs, occurrences, warnings, reads;
	struct slice words, error, hint;
	const char *code, *field, *part;
	int64_t position, length;
};

static bool print_place(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t v = *(const int64_t *)member;

	(void)f;
	if (v >= 0)
		strbuf_addi(out, v);
	return v >= 0;
}

/* int64_t; below 0: none */
static const struct field_type type_place = { "an integer", field_read_only, print_place, false };

static const struct field out_validate_rows[] = {
	F_BOOL(out_validate, valid, "valid"),
	F_STR(out_validate, error, "error", .flags = FIELD_OPTIONAL),
	F_TYPE(out_validate, code, "code", type_word, .flags = FIELD_OPTIONAL),
	F_TYPE(out_validate, field, "field", type_word, .flags = FIELD_OPTIONAL),
	F_TYPE(out_validate, part, "part", type_word, .flags = FIELD_OPTIONAL),
	F_TYPE(out_validate, position, "position", type_place, .flags = FIELD_OPTIONAL),
	F_TYPE(out_validate, length, "length", type_place, .flags = FIELD_OPTIONAL),
	F_STR(out_validate, hint, "hint", .flags = FIELD_OPTIONAL),
	F_STRS(out_validate, next_runs, "next_runs", .flags = FIELD_OPTIONAL),
	F_STR(out_validate, words, "human_readable", .flags = FIELD_OPTIONAL),
	F_STRS(out_validate, reads, "reads", .flags = FIELD_OPTIONAL),
	F_LIST(out_validate, warnings, "warnings", timing_warning_shape, .flags = FIELD_OPTIONAL),
	F_LIST(out_validate, occurrences, "occurrences", occurrence_shape, .flags = FIELD_OPTIONAL),
};
const struct shape out_validate_shape = SHAPE(out_validate, "Validation", out_validate_rows,
					      .present = NO_PRESENT);

struct json_list local_times(const struct json_list *occurrences, struct arena *a)
{
	const struct occurrence *from = occurrences->items;
	struct slice *list = arena_array(a, struct slice, occurrences->n + 1);

	for (size_t i = 0; i < occurrences->n; i++)
		list[i] = from[i].local;
	return (struct json_list){ list, occurrences->n };
}

void show_validate(struct op *op)
{
	const struct timing_view *v = op->out;
	const struct expression_view *e = op->out == op->state ? op->out : NULL;
	struct out_validate *out = arena_make(op->arena, struct out_validate);

	*out = (struct out_validate){ .valid = v->valid, .position = -1, .length = -1 };
	if (e)
		out->reads = e->reads; /* and it does not run */
	else
		out->next_runs.items = out;
	if (v->valid) {
		if (!e)
			out->next_runs = local_times(&v->items, op->arena);
		out->occurrences = v->items;
		out->warnings = v->warnings;
		out->words = v->words;
	} else {
		out->error = v->error;
		out->hint = v->hint;
		out->code = v->code;
		out->field = v->field;
		out->part = v->part;
		out->position = v->position;
		out->length = v->position >= 0 ? v->length : -1;
	}
	op->out = out;
}
