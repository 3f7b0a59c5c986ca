/* The commands of `carillon cron`: ask, then print for people or as JSON. */
#include <stdio.h>
#include <string.h>

#include "api/scheduler.h"
#include "core/calendar.h"
#include "cron_cli_int.h"
#include "when/describe.h"
#include "when/stamp.h"

#define FILE_MAX 65536
#define JSON_MAX (1 << 20)
#define FIELD_CALENDAR "--calendar"

/* --- asking --- */

static void finish(struct op *op)
{
	loop_stop(op->core->loop);
}

static void ask(struct cron_cli *c, struct op *op, op_step *step, const void *in)
{
	op_init(op, &c->core, c->arena);
	op->now = c->now;
	op->finish = finish;
	op->in = in;
	op_run(op, step);
	loop_run(c->core.loop);
}

static void set_check(struct cron_cli *c, struct timing_check *out)
{
	enum spec_kind kind = c->kind >= 0 ? (enum spec_kind)c->kind : spec_guess(c->text);

	*out = (struct timing_check){
		.timing = { .spec_kind = (int16_t)(kind + 1),
			    .spec = c->text,
			    .zone = c->zone,
			    .start_at = USEC_NEVER,
			    .end_at = USEC_NEVER },
		.from = c->from,
		.limit = c->limit,
		.names = { .spec = "value",
			   .zone = "timezone",
			   .end = "end_at",
			   .calendar = FIELD_CALENDAR },
		.definition = c->definition,
	};
	if (c->definition.p)
		out->timing.calendar = slice_of(c->calendar_path);
}

/* --- faults --- */

/* One mark for each character that begins in these bytes. */
static void print_marks(const char *p, size_t n, char mark)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			(void)fputc(mark, stderr);
}

/* The line of the text in which the fault lies, and carets below it, by characters. */
static void print_carets(struct slice text, size_t at, size_t length)
{
	size_t from, to;

	at = at < text.n ? at : text.n;
	for (from = at; from > 0 && text.p[from - 1] != '\n';)
		from--;
	for (to = at; to < text.n && text.p[to] != '\n' && text.p[to] != '\r';)
		to++;
	if (length > to - at)
		length = to - at;
	(void)fputs("  ", stderr);
	for (size_t i = from; i < to; i++)
		(void)fputc((unsigned char)text.p[i] < ' ' ? ' ' : text.p[i], stderr);
	(void)fputs("\n  ", stderr);
	print_marks(text.p + from, at - from, ' ');
	/* What is missing gets one, too. */
	(void)fputc('^', stderr);
	print_marks(text.p + at + 1, length ? length - 1 : 0, '^');
	(void)fputc('\n', stderr);
}

struct said {
	struct slice sentence;
	const char *code, *field;
	int64_t at, length; /* at < 0: no place */
};

static int print_fault(const struct cron_cli *c, const struct said *s)
{
	bool is_zone = s->field && strcmp(s->field, "timezone") == 0;

	(void)fprintf(stderr, "carillon: %.*s [%s]\n", SLICE_ARG(s->sentence), s->code);
	if (s->at >= 0)
		print_carets(is_zone ? c->zone : c->text, (size_t)s->at, (size_t)s->length);
	return 1;
}

static int print_json(struct op *op, void (*print)(struct op *, struct strbuf *), int status)
{
	struct strbuf out;

	strbuf_init(&out, JSON_MAX);
	print(op, &out);
	(void)printf("%s\n", out.p);
	strbuf_release(&out);
	return status;
}

/* --- the calendar --- */

static bool refuse_file(const struct cron_cli *c, const char *what, const char *why)
{
	(void)fprintf(stderr, "carillon: %s: %s%s%s\n", c->calendar_path, what, what[0] ? ": " : "",
		      why);
	return false;
}

static bool read_file(struct cron_cli *c)
{
	char *text = arena_alloc(c->arena, FILE_MAX + 1);
	FILE *file = fopen(c->calendar_path, "re");
	size_t n = file ? fread(text, 1, FILE_MAX + 1, file) : 0;
	bool is_read = file && !ferror(file) && n <= FILE_MAX;

	if (file)
		(void)fclose(file);
	c->definition = (struct slice){ text, n };
	return is_read
	    || refuse_file(c, "",
			   file ? "this is no file of up to 64 KiB" : "the file cannot be read");
}

bool cron_cli_calendar(struct cron_cli *c)
{
	struct json_faults *faults = arena_make(c->arena, struct json_faults);
	struct calendar *built = arena_make(c->arena, struct calendar);
	struct json_syntax syntax;
	struct json_reader to = { c->arena, faults, &syntax };
	struct calendar_def def;

	if (!c->calendar_path)
		return true;
	if (!read_file(c))
		return false;
	if (!json_decode(&calendar_shape, c->definition, &to, &def))
		return refuse_file(c, "", syntax.message);
	if (faults->total == 0)
		(void)calendar_compile(&def, "", c->arena, faults, built);
	for (int i = 0; i < faults->n; i++)
		(void)refuse_file(c, faults->list[i].field, faults->list[i].message);
	return faults->total == 0;
}

/* --- next, validate, explain --- */

static void print_runs(const struct json_list *list)
{
	const struct occurrence *runs = list->items;

	if (list->n == 0) {
		(void)printf("It does not run again.\n");
		return;
	}
	(void)printf("%-25s  %-20s  %s\n", "local", "UTC", "clock change");
	for (size_t i = 0; i < list->n; i++) {
		char utc[STAMP_MAX];

		stamp_print(runs[i].at, utc);
		(void)printf("%-25.*s  %-20s%s%s\n", SLICE_ARG(runs[i].local), utc,
			     runs[i].dst ? "  " : "", runs[i].dst ? runs[i].dst : "");
	}
}

static void print_warnings(const struct json_list *list)
{
	const struct timing_warning *warnings = list->items;

	for (size_t i = 0; i < list->n; i++)
		(void)printf("warning: %.*s [%s]\n", SLICE_ARG(warnings[i].message),
			     warnings[i].code);
}

/* Asks, and shows what is good in its own way; what is not, or as JSON, alike. */
static int check(struct cron_cli *c, void (*show)(struct cron_cli *c, const struct timing_view *v))
{
	struct timing_check *in = arena_make(c->arena, struct timing_check);
	const struct timing_view *v;
	struct op op;

	set_check(c, in);
	ask(c, &op, timing_check, in);
	v = op.out;
	if (c->json)
		return print_json(&op, scheduler_print_validation, v->valid ? 0 : 1);
	if (!v->valid)
		return print_fault(
			c, &(struct said){ v->error, v->code, v->field, v->position, v->length });
	show(c, v);
	return 0;
}

static void show_runs(struct cron_cli *c, const struct timing_view *v)
{
	(void)c;
	print_runs(&v->items);
}

static void show_valid(struct cron_cli *c, const struct timing_view *v)
{
	(void)c;
	(void)printf("valid: %.*s\n", SLICE_ARG(v->words));
	print_warnings(&v->warnings);
}

/* Each part, what stands there, and what it means. */
static void print_parts(struct cron_cli *c)
{
	struct timing_check in;
	struct explained parts[EXPLAIN_MAX];
	struct strbuf words;
	struct spec spec;
	struct op op;
	unsigned n;

	set_check(c, &in);
	op_init(&op, &c->core, c->arena);
	if (!timing_compile(&op,
			    &(struct timing_ask){ .timing = &in.timing,
						  .names = &in.names,
						  .anchor = c->now,
						  .definition = c->definition },
			    &spec))
		return;
	strbuf_init(&words, JSON_MAX);
	n = explain(&spec, c->text, parts, &words);
	for (unsigned i = 0; i < n; i++)
		(void)printf("  %-14s %-16.*s %.*s\n", parts[i].name, SLICE_ARG(parts[i].text),
			     SLICE_ARG(parts[i].words));
	strbuf_release(&words);
}

static void show_explained(struct cron_cli *c, const struct timing_view *v)
{
	(void)printf("%.*s\n", SLICE_ARG(v->words));
	print_parts(c);
	print_warnings(&v->warnings);
}

int cron_cli_next(struct cron_cli *c)
{
	return check(c, show_runs);
}

int cron_cli_validate(struct cron_cli *c)
{
	return check(c, show_valid);
}

int cron_cli_explain(struct cron_cli *c)
{
	return check(c, show_explained);
}

/* --- parse --- */

static void print_notes(const char *what, const struct json_list *list)
{
	const struct slice *notes = list->items;

	for (size_t i = 0; i < list->n; i++)
		(void)printf("%s: %.*s\n", what, SLICE_ARG(notes[i]));
}

static void print_limit(const char *what, usec_t at)
{
	char text[STAMP_MAX];

	if (at == USEC_NEVER)
		return;
	stamp_print(at, text);
	(void)printf("%-11s %s\n", what, text);
}

/* The lines of a rule stand below one another. */
static void print_reading(const struct nl_reading *r)
{
	(void)printf("%-11s ", spec_kind_name(r->kind));
	for (size_t i = 0; i < r->text.n; i++)
		if (r->text.p[i] == '\n')
			(void)printf("\n%-11s ", "");
		else
			(void)putchar(r->text.p[i]);
	(void)putchar('\n');
}

static void print_words(const struct words_view *v)
{
	const struct nl_reading *r = &v->first.reading;
	const struct words_reading *others = v->others.items;

	print_reading(r);
	(void)printf("%-11s %.*s\n", "timezone", SLICE_ARG(r->zone));
	print_limit("start_at", r->start_at);
	print_limit("end_at", r->end_at);
	(void)printf("%-11s %.*s\n", "in words", SLICE_ARG(v->first.words));
	(void)printf("%-11s %d.%02d\n", "confidence", v->confidence / 100, v->confidence % 100);
	print_notes("assumed", &v->assumptions);
	print_notes("warning", &v->warnings);
	for (size_t i = 0; i < v->others.n; i++)
		(void)printf("or: %.*s\n", SLICE_ARG(others[i].words));
	print_runs(&v->items);
}

int cron_cli_parse(struct cron_cli *c)
{
	struct words_ask in = { c->text, c->zone, c->from };
	struct op op;

	ask(c, &op, timing_words, &in);
	if (op.err) {
		const struct json_fault *f = op.faults.list;
		struct timing_view fault = { .code = f->code,
					     .error = slice_of(f->message),
					     .field = f->field,
					     .position = f->at,
					     .length = f->len };

		op.out = &fault;
		if (c->json)
			return print_json(&op, scheduler_print_validation, 1);
		return print_fault(c, &(struct said){ slice_of(f->message), f->code, f->field,
						      f->at, f->len });
	}
	if (c->json)
		return print_json(&op, scheduler_print_words, 0);
	print_words(op.out);
	return 0;
}
