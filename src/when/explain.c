/* A schedule part by part: the fields of an expression, the lines and parts of a rule. */
#include "when/describe.h"

#include "describe_int.h"

static const char *const field_names[] = {
	[CRON_SECOND] = "second", [CRON_MINUTE] = "minute",
	[CRON_HOUR] = "hour",     [CRON_DAY_OF_MONTH] = "day_of_month",
	[CRON_MONTH] = "month",   [CRON_DAY_OF_WEEK] = "day_of_week",
	[CRON_YEAR] = "year",
};

enum { NAME_MAX_LEN = 16 }; /* the longest is BYMONTHDAY */

/* The parts so far. Words are marked by where they begin: the buffer may still move. */
struct list {
	const struct spec *s;
	struct explained *out;
	struct strbuf *words;
	size_t begins[EXPLAIN_MAX + 1];
	unsigned n;
};

/* The words stand behind the last part's already. */
static void part_put(struct list *l, const char *name, struct slice text)
{
	l->out[l->n++] = (struct explained){ .name = name, .text = text };
	l->begins[l->n] = l->words->n;
}

static void explain_cron(struct list *l, struct slice text)
{
	struct cron_text t;

	cron_text_read(&l->s->cron, text, &t);
	if (t.zone.p) {
		strbuf_adds(l->words, zone_generic_name(l->s->tz));
		part_put(l, "timezone", t.zone);
	}
	if (t.macro.p) {
		describe_cron(&l->s->cron, text, l->words);
		part_put(l, "macro", t.macro);
		return;
	}
	for (unsigned i = 0; i < CRON_FIELDS; i++)
		if (t.field[i].text.p) {
			describe_cron_field(&t, i, l->words);
			part_put(l, field_names[i], t.field[i].text);
		}
}

/* ---- rules ---- */

static struct slice trimmed(const char *from, const char *to)
{
	while (to > from && (to[-1] == '\r' || to[-1] == '\n' || to[-1] == ' '))
		to--;
	return (struct slice){ from, (size_t)(to - from) };
}

/* Where the line at p ends: behind a line break that no blank follows (that would be a fold). */
static const char *line_end(const char *p, const char *end)
{
	for (; p < end; p++)
		if (*p == '\n' && (p + 1 == end || (p[1] != ' ' && p[1] != '\t')))
			return p + 1;
	return end;
}

static unsigned dates_in(struct slice value)
{
	unsigned n = 1;

	for (size_t i = 0; i < value.n; i++)
		n += value.p[i] == ',';
	return n;
}

static bool is_fold(char c)
{
	return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

/* A name at p, without the folds in it; `buffer` holds it. Returns where it ends. */
static const char *name_take(const char *p, const char *end, char buffer[NAME_MAX_LEN],
			     struct slice *out_name)
{
	size_t n = 0;

	for (; p < end && (is_alpha(*p) || is_fold(*p)); p++)
		if (is_alpha(*p) && n < NAME_MAX_LEN)
			buffer[n++] = *p;
	*out_name = (struct slice){ buffer, n };
	return p;
}

/* NAME=value, up to `end`. */
static void explain_part(struct list *l, const struct rrule_parts *parts, const char *p,
			 const char *end)
{
	char buffer[NAME_MAX_LEN];
	struct slice name;
	const char *equals = name_take(p, end, buffer, &name), *known = "UNTIL";

	if (equals == end || *equals != '=')
		return;
	if (say_is_word(name, known)) {
		strbuf_adds(l->words, "until ");
		say_stamp(l->words, parts->until, l->s->tz, STAMP_UNTIL);
	} else
		known = describe_rrule_part(parts, name, l->words);
	if (known)
		part_put(l, known, trimmed(equals + 1, end));
}

static void explain_rule(struct list *l, const struct rrule_parts *parts, struct slice rule)
{
	const char *p = rule.p, *end = rule.p + rule.n;

	while (p < end && l->n < EXPLAIN_MAX) {
		const char *semicolon = memchr(p, ';', (size_t)(end - p));
		const char *stop = semicolon ? semicolon : end;

		explain_part(l, parts, p, stop);
		p = stop + (semicolon != NULL);
	}
}

static void explain_dates(struct list *l, bool is_more, struct slice value)
{
	unsigned dates = dates_in(value);

	strbuf_addf(l->words, "%s %u %sdate%s", is_more ? "and on" : "except on", dates,
		    is_more ? "more " : "", dates == 1 ? "" : "s");
	part_put(l, is_more ? "RDATE" : "EXDATE", value);
}

/* NAME;parameters:value, or a rule without a name. */
static void explain_line(struct list *l, const struct rrule_parts *parts, struct slice line)
{
	char buffer[NAME_MAX_LEN];
	struct slice name;
	const char *end = line.p + line.n, *at = name_take(line.p, end, buffer, &name);
	const char *colon = at < end && *at != '=' ? memchr(at, ':', (size_t)(end - at)) : NULL;
	struct slice value = colon ? trimmed(colon + 1, end) : line;

	if (say_is_word(name, "DTSTART")) {
		strbuf_adds(l->words, "from ");
		say_stamp(l->words, tz_from_local(l->s->tz, parts->dtstart).first * SEC, l->s->tz,
			  STAMP_FULL);
		part_put(l, "DTSTART", value);
	} else if (say_is_word(name, "EXDATE") || say_is_word(name, "RDATE"))
		explain_dates(l, lower(name.p[0]) == 'r', value);
	else
		explain_rule(l, parts, value);
}

static void explain_rrule(struct list *l, struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;
	struct rrule_parts parts;

	rrule_parts(l->s->rrule, &parts);
	while (p < end && l->n < EXPLAIN_MAX) {
		const char *stop = line_end(p, end);
		struct slice line = trimmed(p, stop);

		if (line.n > 0)
			explain_line(l, &parts, line);
		p = stop;
	}
}

unsigned explain(const struct spec *s, struct slice text, struct explained out[EXPLAIN_MAX],
		 struct strbuf *out_words)
{
	struct list l = { .s = s, .out = out, .words = out_words, .begins = { out_words->n } };

	if (s->kind == SPEC_CRON)
		explain_cron(&l, text);
	else if (s->kind == SPEC_RRULE && text.p)
		explain_rrule(&l, text);
	else {
		describe(s, text, false, out_words);
		part_put(&l, spec_kind_name(s->kind), text);
	}
	for (unsigned i = 0; i < l.n; i++)
		out[i].words = (struct slice){ out_words->p + l.begins[i],
					       l.begins[i + 1] - l.begins[i] };
	return l.n;
}
