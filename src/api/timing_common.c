/* What the dialects have in common when they speak of time. */
#include "timing_common.h"

#include <stdlib.h>

#include "core/core.h"
#include "http/types.h"
#include "when/describe.h"
#include "when/when_err.h"

#define SENTENCE_MAX 1024
#define NUMBER_MAX 64 /* bytes of a number */
#define ENDLESS 1e12  /* seconds; no interval is so long */

const char *const dst_gap_words[] = { "default", "skip", "shift", "fire", NULL };
const char *const dst_overlap_words[] = { "default", "first", "second", "both", NULL };
const char *const adjust_words[] = { "skip", "next", "previous", "nearest", NULL };

const char *const overlap_words[] = { "skip", "allow", "queue_one", NULL };
const char *const catchup_words[] = { "all", "latest", "none", NULL };

static const struct field occurrence_rows[] = {
	F_INSTANT(occurrence, at, "scheduled_for"),
	F_STR(occurrence, local, "local_time"),
	F_TYPE(occurrence, dst, "dst", type_word, .flags = FIELD_OPTIONAL),
};
const struct shape occurrence_shape = SHAPE(occurrence, "Execution", occurrence_rows,
					    .present = NO_PRESENT);

static const struct field warning_rows[] = {
	F_TYPE(timing_warning, code, "code", type_word),
	F_STR(timing_warning, message, "message"),
	F_INSTANT(timing_warning, at, "at", .flags = FIELD_OPTIONAL),
};
const struct shape timing_warning_shape = SHAPE(timing_warning, "TimeWarning", warning_rows,
						.present = NO_PRESENT);

/* The forms of a whole number in JSON that are more than digits: 1e3, 60.0. */
static bool is_whole(const char *text, double *out)
{
	char *end;

	if (!strpbrk(text, ".eE") || text[strspn(text, "-+.eE0123456789")])
		return false;
	*out = strtod(text, &end);
	return end != text && !*end && *out >= 0
	    && (*out > ENDLESS || *out == (double)(int64_t)*out);
}

static const char *parse_every(const struct field *f, struct slice text, void *member,
			       struct arena *a, const char **out_message)
{
	struct slice *every = member;
	double seconds;

	(void)f;
	(void)out_message;
	*every = text;
	if (text.n <= NUMBER_MAX && is_whole(arena_dup(a, text.p, text.n), &seconds))
		*every = slice_of(arena_printf(a, "%lld",
					       (long long)(seconds > ENDLESS ? ENDLESS : seconds)));
	return NULL;
}

/* Digits were a number. */
static bool print_every(const struct field *f, const void *member, struct strbuf *out)
{
	const struct slice *text = member;
	size_t digits = 0;

	(void)f;
	if (!text->p)
		return false;
	while (digits < text->n && text->p[digits] >= '0' && text->p[digits] <= '9')
		digits++;
	if (digits == text->n && digits > 0 && text->p[0] != '0')
		strbuf_add(out, text->p, text->n);
	else
		strbuf_add_json(out, *text);
	return true;
}

const struct field_type type_every = { "a number of seconds, a duration or a phrase", parse_every,
				       print_every, true };

/* Of a calendar the words need only know that there is one: to compile it for each row of a list would
 * take longer than the list. */
struct slice schedule_words(const struct schedule *s, struct op *op)
{
	static const struct calendar some_calendar;
	struct schedule plain = *s;
	struct slice out = { NULL, 0 };
	struct strbuf words;
	struct spec spec;

	plain.calendar.p = NULL;
	if (!schedule_spec(&plain, op->core->zones, op->arena, &spec))
		return out;
	if (s->calendar.p) {
		spec.calendar = &some_calendar;
		spec.adjust = (enum calendar_adjust)s->adjust;
	}
	strbuf_init(&words, DESCRIBE_MAX);
	describe(&spec, s->spec, true, &words);
	out = arena_slice(op->arena, strbuf_slice(&words));
	strbuf_release(&words);
	return out;
}

void check_dates(struct op *op, const char *path, const struct json_list *list)
{
	const struct slice *items = list->items;
	struct json_faults *faults = &op->faults;
	struct when_fault fault;
	struct strbuf sentence;

	strbuf_init(&sentence, SENTENCE_MAX);
	for (size_t i = 0; i < list->n; i++) {
		if (!items[i].p) /* no string: that has been said */
			continue;
		if (rrule_time_ok(items[i], &fault) || faults->total++ >= JSON_FAULTS_MAX)
			continue;
		strbuf_clear(&sentence);
		when_fault_print(&fault, items[i], &sentence);
		faults->list[faults->n++] = (struct json_fault){
			.field = arena_printf(op->arena, "%s[%zu]", path, i),
			.code = when_err_name(fault.err),
			.message = arena_dup(op->arena, sentence.p, sentence.n),
			.len = fault.len,
		};
	}
	strbuf_release(&sentence);
}

struct slice comma_list(const struct json_list *list, struct arena *a)
{
	const struct slice *items = list->items;
	struct slice out = { NULL, 0 };
	size_t n = 0;
	char *to;

	if (list->n == 0)
		return out;
	for (size_t i = 0; i < list->n; i++)
		n += items[i].n + 1;
	to = arena_alloc(a, n);
	for (size_t i = 0; i < list->n; i++) {
		if (!rrule_time_ok(items[i], NULL))
			continue;
		if (out.p)
			*to++ = ',';
		else
			out.p = to;
		memcpy(to, items[i].p, items[i].n);
		to += items[i].n;
	}
	out.n = out.p ? (size_t)(to - out.p) : 0;
	return out;
}

struct json_list comma_items(struct slice text, struct arena *a)
{
	struct json_list out = { NULL, 0 };
	struct slice *items;
	size_t n = 1;

	if (!text.p)
		return out;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	items = arena_array(a, struct slice, n);
	items[0] = (struct slice){ text.p, 0 };
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == ',')
			items[++out.n] = (struct slice){ text.p + i + 1, 0 };
		else
			items[out.n].n++;
	}
	out.n++;
	out.items = items;
	return out;
}

void take_rule(const struct rrule_text *pieces, struct arena *a, struct timing *t,
	       struct timing_names *names)
{
	if (pieces->rule.p && !pieces->dtstart.p && !pieces->exdate.p && !pieces->rdate.p) {
		t->spec = pieces->rule;
		memset(names->rrule, 0, sizeof(names->rrule));
	} else {
		t->spec = timing_rule(pieces, a);
	}
}
