/* Recurrence rules as text: lines, properties and their parameters, and the dates of DTSTART,
 * EXDATE and RDATE. The value of RRULE itself: rrule_parse.c. */
#include "when/rrule.h"

#include "rrule_int.h"

#include <stdlib.h>

enum property { RULE, DTSTART, EXDATE, RDATE, PROPERTIES };

static const struct {
	const char *name, *field;
} properties[PROPERTIES] = {
	[RULE] = { "RRULE", "rrule" },
	[DTSTART] = { "DTSTART", "dtstart" },
	[EXDATE] = { "EXDATE", "exdate" },
	[RDATE] = { "RDATE", "rdate" },
};

#define FIRST_DTSTART INT64_C(-2208988800) /* 1900-01-01 */

static const char time_hint[] = "Write 20250309T023000, the same with Z, 20250309, or RFC 3339.";

/* One line: "NAME;TZID=...;VALUE=...:value". */
struct line {
	enum property property; /* PROPERTIES: none of ours */
	struct slice zone;      /* TZID; absent: none */
	struct slice kind;      /* VALUE; absent: none */
	struct slice value, whole;
	bool is_broken; /* its parameters cannot be read */
};

bool rrule_word_is(struct slice text, const char *upper)
{
	size_t n = strlen(upper);

	if (text.n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(text.p[i]) != lower(upper[i]))
			return false;
	return true;
}

enum when_err rrule_fail(struct rrule_build *b, enum when_err e, struct slice where,
			 const char *hint)
{
	b->fault = (struct when_fault){ .err = e,
					.at = where.p ? (unsigned)(where.p - b->origin) : 0,
					.len = (unsigned)where.n,
					.field = b->field,
					.hint = hint };
	return e;
}

/* ---- lines ---- */

static enum property property_named(struct slice name)
{
	unsigned i = 0;

	while (i < PROPERTIES && !rrule_word_is(name, properties[i].name))
		i++;
	return (enum property)i;
}

static size_t word_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n && (is_alpha(s.p[n]) || s.p[n] == '-'))
		n++;
	return n;
}

static struct slice cut(struct slice s, size_t n)
{
	return (struct slice){ s.p + n, s.n - n };
}

/* A value up to the next ';' or ':', or in quotes, which are left out. False: the quotes do not
 * end. */
static bool parameter_value(struct slice *rest, struct slice *out_value)
{
	bool is_quoted = rest->n > 0 && rest->p[0] == '"';
	const char *stops = is_quoted ? "\"" : ";:";
	struct slice s = is_quoted ? cut(*rest, 1) : *rest;
	size_t n = 0;

	while (n < s.n && s.p[n] != stops[0] && s.p[n] != stops[1])
		n++;
	if (is_quoted && n == s.n)
		return false;
	*out_value = (struct slice){ s.p, n };
	*rest = cut(s, is_quoted ? n + 1 : n);
	return true;
}

/* The parameters between NAME and ':'; *rest begins at either of ';' and ':'. */
static bool parameters_read(struct slice *rest, struct line *l)
{
	while (rest->n > 0 && rest->p[0] == ';') {
		struct slice s = cut(*rest, 1), name = { s.p, word_length(s) }, value;

		if (name.n == s.n || s.p[name.n] != '=')
			return false;
		*rest = cut(s, name.n + 1);
		if (!parameter_value(rest, &value))
			return false;
		if (rrule_word_is(name, "TZID"))
			l->zone = value;
		else if (rrule_word_is(name, "VALUE"))
			l->kind = value;
		else
			return false;
	}
	return rest->n > 0 && rest->p[0] == ':';
}

static struct line line_read(struct slice text)
{
	struct slice name = { text.p, word_length(text) };
	struct slice rest = { text.p + name.n, text.n - name.n };
	struct line l = { .property = property_named(name), .whole = text, .value = text };

	if (rest.n == 0 || (rest.p[0] != ':' && rest.p[0] != ';')) {
		l.property = RULE; /* its value alone */
		return l;
	}
	l.is_broken = !parameters_read(&rest, &l) || (l.property == RULE && (l.zone.p || l.kind.p));
	l.value = l.is_broken ? rest : (struct slice){ rest.p + 1, rest.n - 1 };
	return l;
}

/* The next line that is not empty; false behind the last one. */
static bool line_next(struct slice *rest, struct line *out_line)
{
	while (rest->n > 0) {
		const char *end = memchr(rest->p, '\n', rest->n);
		struct slice text = { rest->p, end ? (size_t)(end - rest->p) : rest->n };
		size_t taken = end ? text.n + 1 : text.n;

		*rest = (struct slice){ rest->p + taken, rest->n - taken };
		if (text.n > 0 && text.p[text.n - 1] == '\r')
			text.n--;
		if (text.n == 0)
			continue;
		*out_line = line_read(text);
		return true;
	}
	return false;
}

/* The text without line breaks that a blank follows: those only fold a long line. */
static struct slice unfold(struct arena *arena, struct slice text)
{
	char *copy = NULL;
	size_t n = 0;

	for (size_t i = 0; i + 1 < text.n && !copy; i++)
		if (text.p[i] == '\n' && (text.p[i + 1] == ' ' || text.p[i + 1] == '\t'))
			copy = arena_alloc(arena, text.n);
	if (!copy)
		return text;
	for (size_t i = 0; i < text.n; i++) {
		size_t at = i + (text.p[i] == '\r');

		if (at + 1 < text.n && text.p[at] == '\n'
		    && (text.p[at + 1] == ' ' || text.p[at + 1] == '\t'))
			i = at + 1;
		else
			copy[n++] = text.p[i];
	}
	return (struct slice){ copy, n };
}

struct slice rrule_zone(struct slice text)
{
	struct slice rest = text, none = { NULL, 0 };
	struct line l;

	while (line_next(&rest, &l))
		if (l.property == DTSTART)
			return l.zone;
	return none;
}

void rrule_join(const struct rrule_text *pieces, struct strbuf *out)
{
	const struct slice *const in_order[] = { &pieces->dtstart, &pieces->rule, &pieces->exdate,
						 &pieces->rdate };
	static const enum property names[] = { DTSTART, RULE, EXDATE, RDATE };

	for (unsigned i = 0; i < PROPERTIES; i++) {
		struct slice s = *in_order[i];
		size_t n = word_length(s);

		if (!s.p)
			continue;
		if (out->n > 0)
			strbuf_addc(out, '\n');
		/* A piece that comes with its name keeps it. */
		if (n == s.n || s.p[n] == '='
		    || property_named((struct slice){ s.p, n }) == PROPERTIES) {
			strbuf_adds(out, properties[names[i]].name);
			strbuf_addc(out, ':');
		}
		strbuf_add(out, s.p, s.n);
	}
}

/* ---- dates ---- */

/* The property that is read from here on. */
static void enter(struct rrule_build *b, const struct line *l)
{
	b->field = properties[l->property].field;
	b->origin = l->value.p;
}

/* What the parameters promise is so. */
static enum when_err kind_check(struct rrule_build *b, const struct line *l, struct slice text,
				const struct rrule_time *t)
{
	if (!l->kind.p || rrule_word_is(l->kind, t->kind == RRULE_TIME_DATE ? "DATE" : "DATE-TIME"))
		return WHEN_OK;
	return rrule_fail(b, WHEN_RRULE_VALUE, text,
			  "VALUE is DATE or DATE-TIME, as the times are.");
}

bool rrule_time_ok(struct slice text, struct when_fault *out_fault)
{
	struct rrule_time ignored;

	if (rrule_time_read(text, &ignored))
		return true;
	if (out_fault)
		*out_fault = (struct when_fault){ .err = WHEN_RRULE_SYNTAX,
						  .len = (unsigned)text.n,
						  .hint = time_hint };
	return false;
}

static enum when_err time_read(struct rrule_build *b, const struct line *l, struct slice text,
			       struct rrule_time *out_time)
{
	if (!rrule_time_read(text, out_time))
		return rrule_fail(b, WHEN_RRULE_SYNTAX, text, time_hint);
	return kind_check(b, l, text, out_time);
}

/* Without a line, what the caller gave for it. */
static enum when_err dtstart_read(struct rrule_build *b, const struct line *l)
{
	const struct rrule_ask *ask = b->ask;
	struct rrule_time t = { RRULE_TIME_UTC, ask->anchor / SEC - (ask->anchor % SEC < 0) };
	enum when_err e;

	b->field = properties[DTSTART].field;
	b->origin = l->value.p;
	if (!l->value.p)
		b->r->warnings |= RRULE_WARN_NO_DTSTART;
	else if ((e = time_read(b, l, l->value, &t)))
		return e;
	if (t.kind == RRULE_TIME_UTC)
		t.seconds += tz_offset(ask->zone, t.seconds, NULL);
	if (t.seconds < FIRST_DTSTART || t.seconds > RRULE_LAST_WALL)
		return rrule_fail(b, WHEN_RRULE_VALUE, l->value,
				  "DTSTART lies between 1900 and 2199.");
	b->r->parts.dtstart = t.seconds;
	return WHEN_OK;
}

/* EXDATEs or RDATEs while they are collected. */
struct dates {
	int64_t *at;
	int32_t *days; /* EXDATE only */
	unsigned n, days_n;
};

static enum when_err date_read(struct rrule_build *b, const struct line *l, struct slice text,
			       struct dates *d)
{
	int64_t time = b->r->parts.dtstart
		     - rrule_floor_day(b->r->parts.dtstart) * CIVIL_DAY_SECONDS;
	struct rrule_time t;
	enum when_err e = time_read(b, l, text, &t);

	if (e)
		return e;
	if (l->property == RDATE && (t.seconds < 0 || t.seconds > RRULE_LAST_WALL))
		return rrule_fail(b, WHEN_RRULE_VALUE, text,
				  "Occurrences lie between 1970 and 2199.");
	if (t.kind == RRULE_TIME_DATE && l->property == EXDATE) {
		d->days[d->days_n++] = (int32_t)rrule_floor_day(t.seconds);
		return WHEN_OK;
	}
	if (t.kind == RRULE_TIME_DATE)
		t.seconds += time;
	if (t.kind != RRULE_TIME_UTC)
		t.seconds = tz_from_local(b->ask->zone, t.seconds).first;
	d->at[d->n++] = t.seconds;
	return WHEN_OK;
}

static unsigned commas(struct slice s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == ',';
	return n;
}

static enum when_err dates_read(struct rrule_build *b, const struct line *l, struct dates *d)
{
	struct slice rest = l->value;
	enum when_err e;

	enter(b, l);
	if (l->zone.p && !rrule_word_is(l->zone, tz_name(b->ask->zone)))
		return rrule_fail(
			b, WHEN_RRULE_TIMEZONE_CONFLICT, (struct slice){ NULL, 0 },
			"All times of a rule are in one zone; those with Z may stand beside them.");
	for (;;) {
		const char *end = rest.n ? memchr(rest.p, ',', rest.n) : NULL;
		struct slice one = { rest.p, end ? (size_t)(end - rest.p) : rest.n };

		if ((e = date_read(b, l, one, d)) || !end)
			return e;
		rest = (struct slice){ end + 1, rest.n - one.n - 1 };
	}
}

static int compare_instants(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int compare_days(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* All lines of EXDATE or RDATE; `n` is how many dates they have. */
static enum when_err property_dates(struct rrule_build *b, struct slice text, enum property which,
				    unsigned n, struct dates *out)
{
	struct line l;
	enum when_err e;

	if (n == 0)
		return WHEN_OK;
	out->at = arena_array(b->ask->arena, int64_t, n);
	out->days = which == EXDATE ? arena_array(b->ask->arena, int32_t, n) : NULL;
	while (line_next(&text, &l))
		if (l.property == which && (e = dates_read(b, &l, out)))
			return e;
	qsort(out->at, out->n, sizeof out->at[0], compare_instants);
	if (out->days_n)
		qsort(out->days, out->days_n, sizeof out->days[0], compare_days);
	return WHEN_OK;
}

/* ---- all lines ---- */

struct lines {
	struct line dtstart, rule; /* value absent: not there */
	unsigned dates[PROPERTIES];
};

/* What is wrong is the line itself, of whatever property. */
static enum when_err line_fail(struct rrule_build *b, enum when_err e, const struct line *l,
			       const char *hint)
{
	b->field = NULL;
	b->origin = b->text;
	return rrule_fail(b, e, l->whole, hint);
}

static enum when_err line_take(struct rrule_build *b, const struct line *l, struct lines *all)
{
	struct line *once = l->property == RULE ? &all->rule : &all->dtstart;
	static const struct slice nowhere = { NULL, 0 };

	if (l->property == PROPERTIES)
		return line_fail(b, WHEN_RRULE_PART, l,
				 "The lines are DTSTART, RRULE, EXDATE and RDATE.");
	if (l->is_broken)
		return line_fail(b, WHEN_RRULE_SYNTAX, l,
				 "The parameters are TZID and VALUE, of times.");
	enter(b, l);
	if (l->property == EXDATE || l->property == RDATE) {
		all->dates[l->property] += commas(l->value) + 1;
		if (all->dates[l->property] <= RRULE_DATES_MAX)
			return WHEN_OK;
		return rrule_fail(b, WHEN_RRULE_DATES, nowhere, NULL);
	}
	if (once->value.p)
		return line_fail(b, WHEN_RRULE_DUPLICATE, l,
				 "One rule and one DTSTART make a schedule.");
	*once = *l;
	return WHEN_OK;
}

static enum when_err lines_read(struct rrule_build *b, struct slice text, struct lines *out_lines)
{
	static const struct slice nowhere = { NULL, 0 };
	struct lines all = { 0 };
	struct line l;
	enum when_err e;

	if (text.n > RRULE_TEXT_MAX)
		return rrule_fail(b, WHEN_RRULE_TOO_LONG, nowhere, NULL);
	for (struct slice rest = text; line_next(&rest, &l);)
		if ((e = line_take(b, &l, &all)))
			return e;
	if (!all.rule.value.p) {
		b->field = properties[RULE].field;
		return rrule_fail(b, WHEN_RRULE_EMPTY, nowhere, "A rule begins with FREQ=.");
	}
	*out_lines = all;
	return WHEN_OK;
}

static enum when_err rule_read(struct rrule_build *b, struct slice text, const struct lines *all)
{
	struct dates exdates = { 0 }, rdates = { 0 };
	struct rrule *r = b->r;
	enum when_err e;

	if ((e = dtstart_read(b, &all->dtstart)))
		return e;
	enter(b, &all->rule);
	if ((e = rrule_read_parts(b, all->rule.value)))
		return e;
	rrule_compile(b);
	if ((e = rrule_settle(b, all->rule.value))
	    || (e = property_dates(b, text, EXDATE, all->dates[EXDATE], &exdates))
	    || (e = property_dates(b, text, RDATE, all->dates[RDATE], &rdates)))
		return e;
	r->exdates = exdates.at;
	r->exdates_n = exdates.n;
	r->exdays = exdates.days;
	r->exdays_n = exdates.days_n;
	r->rdates = rdates.at;
	r->rdates_n = rdates.n;
	r->parts.exdates = all->dates[EXDATE];
	r->parts.rdates = all->dates[RDATE];
	return WHEN_OK;
}

enum when_err rrule_parse(const struct rrule_ask *ask, struct slice text,
			  const struct rrule **out_rule, struct when_fault *out_fault)
{
	struct rrule_build b = { .ask = ask, .field = properties[RULE].field, .origin = text.p };
	struct slice plain = text.n <= RRULE_TEXT_MAX ? unfold(ask->arena, text) : text;
	struct lines all;
	enum when_err e;

	b.text = plain.p;
	e = lines_read(&b, plain, &all);
	if (!e) {
		b.r = arena_make(ask->arena, struct rrule);
		b.r->zone = ask->zone;
		b.r->dst = ask->dst;
		e = rule_read(&b, plain, &all);
	}
	if (e && out_fault)
		*out_fault = b.fault;
	if (!e)
		*out_rule = b.r;
	return e;
}
