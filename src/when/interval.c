/* Intervals as people write them: "90", "PT30M", "every 30 minutes", "every hour", "2 weeks and 1
 * day". Only units of a fixed length; what needs a calendar is cron's or a rule's. */
#include "spec_int.h"
#include "when/duration.h"
#include "when_int.h"

enum { SECONDS_DIGITS = 12, NUMBER_MAX = 1000000000, TEXT_MAX = 128 };

#define HINT_FORM \
	"Write a number and a unit, as in \"every 30 minutes\", or a duration, as in \"PT30M\"."
#define HINT_CALENDAR "Use a cron expression or a recurrence rule for months and years."
#define HINT_ORDER "Write each unit once, the largest first."

/* Names without their plural s. */
static const struct interval_unit {
	const char *names[4];
	usec_t length; /* 0: not fixed */
} units[] = {
	{ { "year", "yr", "y" }, 0 },      { { "quarter" }, 0 },
	{ { "month", "mon", "mo" }, 0 },   { { "week", "wk", "w" }, 7 * DAY },
	{ { "day", "d" }, DAY },           { { "hour", "hr", "h" }, HOUR },
	{ { "minute", "min", "m" }, MIN }, { { "second", "sec", "s" }, SEC },
};
enum { UNITS = sizeof units / sizeof units[0] };

struct phrase {
	struct slice text;
	size_t i;
	size_t units_used; /* the units before this one have had their turn */
	usec_t total;
	struct when_fault *fault;
};

static enum when_err wrong(struct when_fault *fault, enum when_err e, size_t at, size_t len)
{
	if (fault)
		*fault = (struct when_fault){ .err = e,
					      .at = (unsigned)at,
					      .len = (unsigned)len,
					      .field = "every",
					      .hint = e == WHEN_DURATION_CALENDAR ? HINT_CALENDAR
						    : e == WHEN_DURATION_SYNTAX   ? HINT_FORM
										  : NULL };
	return e;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void blanks_skip(struct phrase *p)
{
	while (p->i < p->text.n && is_blank(p->text.p[p->i]))
		p->i++;
}

/* The letters that come next. */
static struct slice letters(const struct phrase *p)
{
	size_t n = 0;

	while (p->i + n < p->text.n && is_alpha(p->text.p[p->i + n]))
		n++;
	return (struct slice){ p->text.p + p->i, n };
}

static bool word_is(struct slice word, const char *name)
{
	size_t n = strlen(name);

	if (word.n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(word.p[i]) != name[i])
			return false;
	return true;
}

/* Takes one of the words if it comes next, and the blanks behind it. */
static bool word_take(struct phrase *p, const char *const *words)
{
	struct slice next = letters(p);

	for (; *words; words++)
		if (word_is(next, *words)) {
			p->i += next.n;
			blanks_skip(p);
			return true;
		}
	return false;
}

static const struct interval_unit *unit_find(struct slice word)
{
	struct slice single = { word.p, word.n - (word.n > 1 && lower(word.p[word.n - 1]) == 's') };

	for (size_t i = 0; i < UNITS; i++)
		for (const char *const *name = units[i].names; *name; name++)
			if (word_is(word, *name) || word_is(single, *name))
				return &units[i];
	return NULL;
}

/* "30", "a", or nothing where `may_be_absent`. */
static enum when_err count_read(struct phrase *p, bool may_be_absent, int64_t *out_count)
{
	static const char *const ones[] = { "a", "an", "one", NULL };
	size_t first = p->i;
	int64_t n = 0;

	for (; p->i < p->text.n && is_digit(p->text.p[p->i]); p->i++)
		if (n <= NUMBER_MAX)
			n = n * 10 + (p->text.p[p->i] - '0');
	if (n > NUMBER_MAX)
		return wrong(p->fault, WHEN_INTERVAL_RANGE, first, p->i - first);
	if (p->i == first && !word_take(p, ones) && !may_be_absent)
		return wrong(p->fault, WHEN_DURATION_SYNTAX, first, p->text.n - first);
	*out_count = p->i == first || is_alpha(p->text.p[first]) ? 1 : n;
	blanks_skip(p);
	return WHEN_OK;
}

/* "30 minutes" */
static enum when_err part_read(struct phrase *p, bool may_lack_count)
{
	int64_t count = 0;
	enum when_err e = count_read(p, may_lack_count, &count);

	if (e)
		return e;
	struct slice word = letters(p);
	const struct interval_unit *u = unit_find(word);

	if (!u)
		return wrong(p->fault, WHEN_DURATION_SYNTAX, p->i,
			     word.n > 0 ? word.n : p->text.n - p->i);
	if (u->length == 0)
		return wrong(p->fault, WHEN_DURATION_CALENDAR, p->i, word.n);
	if ((size_t)(u - units) < p->units_used) {
		(void)wrong(p->fault, WHEN_DURATION_SYNTAX, p->i, word.n);
		if (p->fault)
			p->fault->hint = HINT_ORDER;
		return WHEN_DURATION_SYNTAX;
	}
	if (count > (SPEC_EVERY_MAX - p->total) / u->length)
		return wrong(p->fault, WHEN_INTERVAL_RANGE, 0, p->text.n);
	p->total += count * u->length;
	p->units_used = (size_t)(u - units) + 1;
	p->i += word.n;
	blanks_skip(p);
	return WHEN_OK;
}

/* A comma, "and", or both. */
static bool join_take(struct phrase *p)
{
	static const char *const ands[] = { "and", NULL };
	bool has_comma = p->i < p->text.n && p->text.p[p->i] == ',';

	if (has_comma)
		p->i++;
	blanks_skip(p);
	return word_take(p, ands) || has_comma;
}

static enum when_err phrase_read(struct phrase *p, usec_t *out_every)
{
	static const char *const heads[] = { "every", "each", NULL };
	enum when_err e;

	blanks_skip(p);
	bool may_lack_count = word_take(p, heads);

	if (may_lack_count) {
		struct slice rest = { p->text.p + p->i, p->text.n - p->i };

		if (duration_parse(rest, out_every) == WHEN_OK)
			return WHEN_OK;
	}
	do {
		e = part_read(p, may_lack_count);
		may_lack_count = false;
		if (!e && join_take(p) && p->i == p->text.n)
			e = wrong(p->fault, WHEN_DURATION_SYNTAX, p->i, 0);
	} while (!e && p->i < p->text.n);
	*out_every = p->total;
	return e;
}

/* A whole number of seconds. */
static bool seconds_read(struct slice text, usec_t *out_every)
{
	usec_t n = 0;

	if (text.n == 0 || text.n > SECONDS_DIGITS)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (!is_digit(text.p[i]))
			return false;
		else
			n = n * 10 + (text.p[i] - '0');
	*out_every = n * SEC;
	return true;
}

/* In one of the three forms; the fault is filled in. */
static enum when_err form_read(struct phrase *p, usec_t *out_every)
{
	if (seconds_read(p->text, out_every))
		return WHEN_OK;
	enum when_err e = duration_parse(p->text, out_every);

	if (e == WHEN_DURATION_SYNTAX)
		return phrase_read(p, out_every);
	if (e == WHEN_DURATION_RANGE)
		e = WHEN_INTERVAL_RANGE;
	return e ? wrong(p->fault, e, 0, p->text.n) : WHEN_OK;
}

enum when_err interval_parse(struct slice text, usec_t *out_every, struct when_fault *out_fault)
{
	struct phrase p = { .text = text, .fault = out_fault };
	usec_t every = 0;

	while (p.text.n > 0 && is_blank(p.text.p[p.text.n - 1]))
		p.text.n--;
	if (p.text.n == 0 || text.n > TEXT_MAX)
		return wrong(out_fault, WHEN_DURATION_SYNTAX, 0, text.n);
	enum when_err e = form_read(&p, &every);

	if (!e && (every < SPEC_EVERY_MIN || every > SPEC_EVERY_MAX))
		e = wrong(out_fault, WHEN_INTERVAL_RANGE, 0, text.n);
	if (!e)
		*out_every = every;
	return e;
}
