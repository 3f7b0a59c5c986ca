/* POST /parse-nl: a schedule from words, in this API's own shape. */
#include "api/timing_common.h"
#include "http/types.h"
#include "scheduler_int.h"

/* --- in --- */

struct in_words {
	struct slice text, timezone;
	usec_t now;
};

static void init_words(void *object)
{
	((struct in_words *)object)->now = USEC_NEVER;
}

/* How long a phrase may be is the grammar's to say, with its own code. */
static const struct field in_words_rows[] = {
	F_STR(in_words, text, "text", .flags = FIELD_NEEDED),
	F_STR(in_words, timezone, "timezone", .flags = FIELD_NULLABLE),
	F_INSTANT(in_words, now, "now", .flags = FIELD_NULLABLE),
};
const struct shape in_words_shape = SHAPE(in_words, "PhraseInput", in_words_rows,
					  .init = init_words, .present = NO_PRESENT);

flow parse_nl(struct op *op)
{
	const struct in_words *in = op->in;
	struct words_ask *ask = arena_make(op->arena, struct words_ask);

	*ask = (struct words_ask){ in->text, in->timezone, in->now };
	op->in = ask;
	return timing_words(op);
}

/* --- out --- */

struct out_timing {
	const char *type;
	struct slice expression, datetime, rrule, dtstart, timezone;
	usec_t interval;
	struct json_list exdate, rdate;
};
struct out_reading {
	struct out_timing schedule;
	struct slice words;
};
struct out_words {
	struct out_reading first;
	int confidence;
	const char *method;
	struct json_list assumptions, warnings, others, next_runs;
	usec_t start_at, end_at;
};

/* Hundredths: 95 is 0.95, 90 is 0.9. */
static bool print_hundredths(const struct field *f, const void *member, struct strbuf *out)
{
	int v = *(const int *)member;

	(void)f;
	if (v % 10)
		strbuf_addf(out, "%d.%02d", v / 100, v % 100);
	else if (v % 100)
		strbuf_addf(out, "%d.%d", v / 100, v % 100 / 10);
	else
		strbuf_addi(out, v / 100);
	return true;
}

static const struct field_type type_hundredths = { "a number", field_read_only, print_hundredths,
						   false };

static const struct field out_timing_rows[] = {
	F_TYPE(out_timing, type, "type", type_word),
	F_STR(out_timing, expression, "expression", .flags = FIELD_OPTIONAL),
	F_TYPE(out_timing, interval, "interval", type_seconds, .flags = FIELD_OPTIONAL),
	F_STR(out_timing, datetime, "datetime", .flags = FIELD_OPTIONAL),
	F_STR(out_timing, rrule, "rrule", .flags = FIELD_OPTIONAL),
	F_STR(out_timing, dtstart, "dtstart", .flags = FIELD_OPTIONAL),
	F_STRS(out_timing, exdate, "exdate", .flags = FIELD_OPTIONAL),
	F_STRS(out_timing, rdate, "rdate", .flags = FIELD_OPTIONAL),
	F_STR(out_timing, timezone, "timezone"),
};
static const struct shape out_timing_shape = SHAPE(out_timing, "JobSchedule", out_timing_rows,
						   .present = NO_PRESENT);

static const struct field out_reading_rows[] = {
	F_OBJ(out_reading, schedule, "schedule", out_timing_shape),
	F_STR(out_reading, words, "human_readable"),
};
static const struct shape out_reading_shape = SHAPE(out_reading, "PhraseReading", out_reading_rows,
						    .present = NO_PRESENT);

static const struct field out_words_rows[] = {
	F_OBJ(out_words, first.schedule, "schedule", out_timing_shape),
	F_STR(out_words, first.words, "human_readable"),
	F_TYPE(out_words, confidence, "confidence", type_hundredths),
	F_TYPE(out_words, method, "parse_method", type_word),
	F_STRS(out_words, assumptions, "assumptions"),
	F_STRS(out_words, warnings, "warnings"),
	F_LIST(out_words, others, "alternatives", out_reading_shape),
	F_STRS(out_words, next_runs, "next_runs"),
	F_INSTANT(out_words, start_at, "start_at", .flags = FIELD_OPTIONAL),
	F_INSTANT(out_words, end_at, "end_at", .flags = FIELD_OPTIONAL),
};
const struct shape out_words_shape = SHAPE(out_words, "Phrase", out_words_rows,
					   .present = NO_PRESENT);

static void show_rule(struct slice text, struct arena *a, struct out_timing *out)
{
	struct rrule_text pieces;

	timing_pieces(text, a, &pieces);
	out->rrule = pieces.rule;
	out->dtstart = pieces.dtstart;
	out->exdate = comma_items(pieces.exdate, a);
	out->rdate = comma_items(pieces.rdate, a);
}

static void show_reading(const struct words_reading *w, struct arena *a, struct out_reading *out)
{
	const struct nl_reading *r = &w->reading;

	*out = (struct out_reading){
		.schedule = { .type = spec_kind_name(r->kind),
			      .timezone = r->zone,
			      .interval = USEC_NEVER },
		.words = w->words,
	};
	if (r->kind == SPEC_CRON)
		out->schedule.expression = r->text;
	else if (r->kind == SPEC_EVERY)
		out->schedule.interval = r->spec.every;
	else if (r->kind == SPEC_ONCE)
		out->schedule.datetime = r->text;
	else
		show_rule(r->text, a, &out->schedule);
}

void show_words(struct op *op)
{
	const struct words_view *v = op->out;
	const struct words_reading *others = v->others.items;
	struct out_words *out = arena_make(op->arena, struct out_words);
	struct out_reading *list = arena_array(op->arena, struct out_reading, v->others.n + 1);

	*out = (struct out_words){
		.confidence = v->confidence,
		.method = v->method,
		.assumptions = v->assumptions,
		.warnings = v->warnings,
		.others = { list, v->others.n },
		.next_runs = local_times(&v->items, op->arena),
		.start_at = v->first.reading.start_at,
		.end_at = v->first.reading.end_at,
	};
	show_reading(&v->first, op->arena, &out->first);
	for (size_t i = 0; i < v->others.n; i++)
		show_reading(&others[i], op->arena, &list[i]);
	op->out = out;
}
