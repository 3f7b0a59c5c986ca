/* What a caller says of time, compiled and looked at; nothing is stored here. */
#include "core/timing.h"

#include <strings.h>

#include "base/check.h"
#include "core/calendar.h"
#include "core/core.h"
#include "store/calendar.h"
#include "when/describe.h"
#include "when/stamp.h"

#define SENTENCE_MAX 1024
#define NAMES_MAX 128 /* bytes of a rule's property names and line ends */

static const struct slice absent = { NULL, 0 };

/* --- a rule and its pieces --- */

enum { PIECE_RULE, PIECE_DTSTART, PIECE_EXDATE, PIECE_RDATE, PIECES };
static const char *const properties[PIECES] = { "rrule", "dtstart", "exdate", "rdate" };

static bool begins(struct slice text, const char *with)
{
	size_t n = strlen(with);

	return text.n >= n && strncasecmp(text.p, with, n) == 0;
}

/* The next line, without its end; absent behind the last one. */
static struct slice cut_line(struct slice *rest)
{
	const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
	struct slice line = { rest->p, end ? (size_t)(end - rest->p) : rest->n };

	if (rest->n == 0)
		return absent;
	rest->p += line.n + (end ? 1 : 0);
	rest->n -= line.n + (end ? 1 : 0);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* Which property a line is of, and its value; a rule may stand without its name. */
static int property_of(struct slice line, struct slice *out_value)
{
	const char *colon;

	for (int i = 0; i < PIECES; i++) {
		size_t n = strlen(properties[i]);

		if (!begins(line, properties[i]) || line.n == n
		    || (line.p[n] != ':' && line.p[n] != ';'))
			continue;
		colon = memchr(line.p, ':', line.n);
		if (!colon)
			break;
		*out_value = (struct slice){ colon + 1, (size_t)(line.p + line.n - colon - 1) };
		return i;
	}
	*out_value = line;
	return PIECE_RULE;
}

/* Several lines of dates are one list. */
static struct slice joined(struct arena *a, struct slice list, struct slice more)
{
	if (!list.p)
		return more;
	return slice_of(arena_printf(a, "%.*s,%.*s", SLICE_ARG(list), SLICE_ARG(more)));
}

void timing_pieces(struct slice text, struct arena *a, struct rrule_text *out)
{
	struct slice *const pieces[PIECES] = { &out->rule, &out->dtstart, &out->exdate,
					       &out->rdate };
	struct slice rest = text, line, value;

	*out = (struct rrule_text){ .rule = absent };
	while ((line = cut_line(&rest)).p) {
		int i = property_of(line, &value);

		if (line.n)
			*pieces[i] = joined(a, *pieces[i], value);
	}
}

static bool is_lines(struct slice rule)
{
	struct slice value;

	return rule.p && (memchr(rule.p, '\n', rule.n) || property_of(rule, &value) != PIECE_RULE);
}

/* A piece must not become lines of its own: what would end it becomes what no date has. */
static struct slice one_line(struct slice piece, struct arena *a)
{
	char *text;

	if (!piece.p || (!memchr(piece.p, '\n', piece.n) && !memchr(piece.p, '\r', piece.n)))
		return piece;
	text = arena_dup(a, piece.p, piece.n);
	for (size_t i = 0; i < piece.n; i++)
		if (text[i] == '\n' || text[i] == '\r')
			text[i] = '?';
	return (struct slice){ text, piece.n };
}

struct slice timing_rule(const struct rrule_text *pieces, struct arena *a)
{
	struct rrule_text rest = { pieces->rule, one_line(pieces->dtstart, a),
				   one_line(pieces->exdate, a), one_line(pieces->rdate, a) };
	/* Room for all: whether it is too long is the parser's to say. */
	size_t most = rest.rule.n + rest.dtstart.n + rest.exdate.n + rest.rdate.n + NAMES_MAX;
	struct strbuf lines, out;
	struct slice left, line;

	strbuf_init(&lines, most);
	strbuf_init(&out, 2 * most);
	if (is_lines(rest.rule)) {
		strbuf_add(&lines, rest.rule.p, rest.rule.n);
		strbuf_addc(&lines, '\n');
		rest.rule = absent;
	}
	rrule_join(&rest, &lines);
	left = strbuf_slice(&lines);
	while ((line = cut_line(&left)).p) {
		if (line.n == 0)
			continue;
		strbuf_add(&out, line.p, line.n);
		strbuf_adds(&out, "\r\n");
	}
	ASSERT(!lines.failed && !out.failed);
	line = arena_slice(a, out.n ? strbuf_slice(&out) : SLICE_LIT(""));
	strbuf_release(&lines);
	strbuf_release(&out);
	return line;
}

/* --- compiling --- */

struct compiling {
	struct op *op;
	const struct timing *timing;
	const struct timing_names *names;
	struct timing_view *first; /* takes the first fault in detail; may be NULL */
};

static int piece_of(const struct when_fault *f)
{
	for (int i = 0; f->field && i < PIECES; i++)
		if (strcmp(f->field, properties[i]) == 0)
			return i;
	return PIECES;
}

/* The value that a rule's fault is counted in. */
static struct slice value_of(struct slice text, int piece)
{
	struct slice rest = text, line, value;

	while ((line = cut_line(&rest)).p)
		if (line.n && property_of(line, &value) == piece)
			return value;
	return text;
}

/* "BYDAY", when the fault lies in that part. */
static const char *rule_part(struct arena *a, struct slice rule, unsigned at)
{
	size_t from = at < rule.n ? at : rule.n, n = 0;

	while (from > 0 && rule.p[from - 1] != ';')
		from--;
	while (from + n < rule.n && rule.p[from + n] != '=' && rule.p[from + n] != ';')
		n++;
	return n && from + n < rule.n && rule.p[from + n] == '=' ? arena_dup(a, rule.p + from, n)
								 : NULL;
}

/* Where a fault is: which field, in which text, and which part of it. */
struct place {
	const char *field, *part;
	struct slice text;
	int shift;          /* of the text in the field's value */
	struct slice whole; /* the field's value, when the fault is all of it */
};

/* A DTSTART that was sent beside a rule that has its own: the line that was made of it; else absent. */
static struct slice second_dtstart(const struct compiling *c, const struct when_fault *f)
{
	struct slice line = c->timing->spec, value;

	if (f->err != WHEN_RRULE_DUPLICATE || f->field || f->at > line.n
	    || !c->names->rrule[PIECE_DTSTART])
		return absent;
	line.p += f->at;
	line.n -= f->at;
	line = cut_line(&line);
	return property_of(line, &value) == PIECE_DTSTART ? value : absent;
}

/* What timing_rule() has put behind the lines of a rule that are ahead of the fault. */
static int returns_before(struct slice text, unsigned at)
{
	int n = 0;

	for (size_t i = 0; i < at && i < text.n; i++)
		n += text.p[i] == '\r';
	return n;
}

static struct place place_of(const struct compiling *c, const struct when_fault *f)
{
	struct place p = { .field = c->names->spec, .text = c->timing->spec };
	struct slice dtstart = second_dtstart(c, f);
	int piece = piece_of(f);

	if (f->field && strcmp(f->field, "timezone") == 0) {
		p.field = c->names->zone;
		p.text = c->timing->zone;
	} else if (!p.field) {
		p.field = c->names->zone;
		p.whole = c->timing->zone;
	} else if (dtstart.p) {
		p.field = c->names->rrule[PIECE_DTSTART];
		p.whole = dtstart;
	} else if (c->timing->spec_kind == SPEC_RRULE + 1 && piece < PIECES) {
		p.text = value_of(c->timing->spec, piece);
		if (c->names->rrule[piece])
			p.field = c->names->rrule[piece];
		else
			p.shift = (int)(p.text.p - c->timing->spec.p);
		if (piece == PIECE_RULE)
			p.part = rule_part(c->op->arena, p.text, f->at);
	} else if (c->timing->spec_kind == SPEC_RRULE + 1 && c->names->rrule[PIECE_RULE]) {
		p.shift = -returns_before(p.text, f->at);
	} else if (c->timing->spec_kind == SPEC_CRON + 1) {
		p.part = f->field;
	}
	return p;
}

static void complain(struct compiling *c, const struct json_fault *fault)
{
	struct json_faults *faults = &c->op->faults;

	if (faults->n < JSON_FAULTS_MAX)
		faults->list[faults->n++] = *fault;
	faults->total++;
	if (!c->first || c->first->code)
		return;
	c->first->code = fault->code;
	c->first->field = fault->field;
	c->first->error = slice_of(fault->message);
	c->first->position = -1;
}

static void complain_when(struct compiling *c, const struct when_fault *f)
{
	struct place p = place_of(c, f);
	bool is_first = c->first && !c->first->code;
	struct strbuf sentence;
	struct json_fault fault = { .field = p.field,
				    .code = when_err_name(f->err),
				    .at = p.whole.p ? 0 : (unsigned)(p.shift + (int)f->at),
				    .len = p.whole.p ? (unsigned)p.whole.n : f->len };

	strbuf_init(&sentence, SENTENCE_MAX);
	when_fault_print(f, p.text.p ? p.text : SLICE_LIT(""), &sentence);
	fault.message = arena_dup(c->op->arena, sentence.p, sentence.n);
	complain(c, &fault);
	if (is_first) {
		strbuf_clear(&sentence);
		when_hint_print(f, &sentence);
		c->first->part = p.part;
		if (sentence.n)
			c->first->hint = arena_slice(c->op->arena, strbuf_slice(&sentence));
		c->first->position = fault.at;
		c->first->length = fault.len;
	}
	strbuf_release(&sentence);
}

static void complain_plainly(struct compiling *c, const char *field, const char *code,
			     const char *message)
{
	complain(c, &(struct json_fault){ .field = field, .code = code, .message = message });
}

static void compile_text(struct compiling *c, const struct timing_ask *ask, struct spec *out_spec)
{
	const struct timing *t = c->timing;
	struct spec_ask with = {
		.zones = c->op->core->zones,
		.timezone = t->zone,
		.seed = ask->seed,
		.anchor = t->start_at != USEC_NEVER ? t->start_at : ask->anchor,
		.dst = { (enum dst_gap)t->dst_gap, (enum dst_overlap)t->dst_overlap },
		.last = USEC_NEVER,
		.arena = c->op->arena,
	};
	struct when_fault fault = { 0 };

	/* The zone by itself, so that it is named beside a fault of the text. */
	if (spec_set_every(&with, SEC, out_spec, &fault)) {
		complain_when(c, &fault);
		with.timezone = absent;
	}
	if (t->spec_kind
	    && spec_parse(&with, (enum spec_kind)(t->spec_kind - 1), t->spec, out_spec, &fault))
		complain_when(c, &fault);
}

static void compile_calendar(struct compiling *c, const struct timing_ask *ask,
			     struct spec *out_spec)
{
	const struct timing *t = c->timing;

	if (!t->calendar.p) {
		if (t->adjust)
			complain_plainly(c, c->names->calendar, "required",
					 "What adjust moves is what a calendar closes: name one.");
		return;
	}
	out_spec->calendar = ask->definition.p ? calendar_load(ask->definition, c->op->arena)
					       : NULL;
	out_spec->adjust = t->adjust ? (enum calendar_adjust)t->adjust : ADJUST_SKIP;
	if (!out_spec->calendar)
		complain_plainly(c, c->names->calendar, "calendar_unknown",
				 ask->definition.p ? "This calendar cannot be read."
						   : "There is no calendar of this name.");
}

static bool compile(struct compiling *c, const struct timing_ask *ask, struct spec *out_spec)
{
	const struct timing *t = c->timing;
	int before = c->op->faults.total;

	compile_text(c, ask, out_spec);
	compile_calendar(c, ask, out_spec);
	out_spec->start_at = t->start_at != USEC_NEVER ? t->start_at : SPEC_NO_START;
	out_spec->end_at = t->end_at;
	if (t->start_at != USEC_NEVER && t->end_at < t->start_at)
		complain_plainly(c, c->names->end, "end_before_start",
				 "The end lies before the start.");
	return c->op->faults.total == before;
}

bool timing_compile(struct op *op, const struct timing_ask *ask, struct spec *out_spec)
{
	struct compiling c = { op, ask->timing, ask->names, NULL };

	return compile(&c, ask, out_spec);
}

void timing_past(struct op *op, const struct timing *t, const struct timing_names *names)
{
	struct compiling c = { op, t, names, NULL };

	complain_when(&c, &(struct when_fault){ .err = WHEN_AT_PAST, .len = (unsigned)t->spec.n });
}

struct json_list timing_occurrences(const struct spec *s, usec_t from, int64_t most,
				    struct arena *a)
{
	struct occurrence *list = arena_array(a, struct occurrence, (size_t)most + 1);
	struct json_list out = { list, 0 };
	struct tz_hint hint = { 0 };
	usec_t at = spec_first(s, from, &hint);

	/* Of what lies beyond, an interval's, no stamp can be printed. */
	for (; at <= STAMP_LAST && out.n < (size_t)most; at = spec_next(s, at, &hint)) {
		char *local = arena_alloc(a, STAMP_MAX);
		size_t n = stamp_print_local(at, s->tz, local);

		list[out.n++] = (struct occurrence){ at,
						     { local, n },
						     dst_touch_name(spec_touch(s, at)) };
	}
	return out;
}

/* --- validate and preview --- */

struct looking {
	struct timing_check ask;
	bool refuses; /* what is bad ends the operation; else it is the answer */
};

static void look_ahead(struct op *op, const struct timing_check *in, const struct spec *spec,
		       struct timing_view *view)
{
	struct spec_warning found[ODD_COUNT];
	struct timing_warning *list = arena_array(op->arena, struct timing_warning, ODD_COUNT);
	/* Strictly after now, as a schedule that is made now would have it. */
	usec_t from = in->from != USEC_NEVER ? in->from : op->now + 1;
	struct strbuf text;

	view->items = timing_occurrences(spec, from, in->limit, op->arena);
	view->warnings.items = list;
	view->warnings.n = spec_warnings(spec, in->timing.spec, from, found);
	strbuf_init(&text, DESCRIBE_MAX);
	for (size_t i = 0; i < view->warnings.n; i++) {
		strbuf_clear(&text);
		spec_warning_print(spec, &found[i], &text);
		list[i] = (struct timing_warning){ found[i].code,
						   arena_slice(op->arena, strbuf_slice(&text)),
						   found[i].at };
	}
	strbuf_clear(&text);
	describe(spec, in->timing.spec, true, &text);
	view->words = arena_slice(op->arena, strbuf_slice(&text));
	strbuf_release(&text);
}

static flow look(struct op *op, struct slice definition)
{
	const struct looking *l = op->state;
	struct timing_view *view = arena_make(op->arena, struct timing_view);
	struct timing_ask ask = { .timing = &l->ask.timing,
				  .names = &l->ask.names,
				  /* Whole seconds are easier to read. */
				  .anchor = l->ask.from != USEC_NEVER ? l->ask.from
								      : op->now - op->now % SEC,
				  .definition = definition };
	struct compiling c = { op, ask.timing, ask.names, view };
	/* Who only asks may ask about another now. */
	usec_t past = l->ask.from != USEC_NEVER && !l->refuses ? l->ask.from : op->now;
	struct spec spec;

	view->items.items = view->warnings.items = view;
	view->valid = compile(&c, &ask, &spec);
	if (view->valid && spec.kind == SPEC_ONCE && spec.once < past
	    && spec_first(&spec, past, NULL) == USEC_NEVER) {
		complain_when(&c, &(struct when_fault){ .err = WHEN_AT_PAST,
							.len = (unsigned)ask.timing->spec.n });
		view->valid = false;
	}
	if (view->valid)
		look_ahead(op, &l->ask, &spec, view);
	else if (l->refuses)
		return op_invalid(op);
	op->faults = (struct json_faults){ .n = 0 };
	return op_ok(op, view);
}

static flow calendar_read(struct op *op)
{
	struct slice definition = absent;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_calendar_found(op->unit, 0, &definition))
		definition = absent;
	return look(op, definition);
}

static flow look_with_calendar(struct op *op, bool refuses)
{
	const struct timing_check *in = op->in;
	struct looking *l = arena_make(op->arena, struct looking);

	ASSERT(in->limit >= 1 && in->limit <= PREVIEW_MAX);
	*l = (struct looking){ *in, refuses };
	op->state = l;
	if (!in->timing.calendar.p || in->definition.p || !calendar_name_ok(in->timing.calendar))
		return look(op, in->definition);
	store_calendar_find(
		op_unit(op, LANE_READ),
		&(struct calendar_key){ op->who.bucket, op->who.tenant, in->timing.calendar });
	return op_db(op, calendar_read);
}

flow timing_check(struct op *op)
{
	return look_with_calendar(op, false);
}

flow timing_preview(struct op *op)
{
	return look_with_calendar(op, true);
}
