/* The table of codes, made from the same list as the enum, and the sentence that people get. */
#include "when/when_err.h"

#include <stdbool.h>

#include "when_int.h"

enum { QUOTE_MAX = 40 };

static const struct {
	const char *name, *text, *hint;
} codes[] = {
	{ "ok", "nothing is wrong", NULL },
#define X(name, wire, text, hint) { wire, text, hint },
#include "when/when_err.def"
#undef X
};

_Static_assert(sizeof codes / sizeof codes[0] == WHEN_ERR_COUNT, "a row for every code");

const char *when_err_name(enum when_err e)
{
	return (unsigned)e < WHEN_ERR_COUNT ? codes[e].name : "unknown";
}

const char *when_err_text(enum when_err e)
{
	return (unsigned)e < WHEN_ERR_COUNT ? codes[e].text : "unknown";
}

const char *when_err_hint(enum when_err e)
{
	return (unsigned)e < WHEN_ERR_COUNT ? codes[e].hint : NULL;
}

/* ---- the sentence ---- */

static bool is_any(const char *field, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(field, *names) == 0)
			return true;
	return false;
}

/* The line begins with this name, of which `field` is the small form, and a colon or semicolon. */
static bool is_property(struct slice line, const char *field)
{
	size_t n = strlen(field);

	if (line.n <= n || (line.p[n] != ':' && line.p[n] != ';'))
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(line.p[i]) != field[i])
			return false;
	return true;
}

/* Faults of a rule count from the beginning of their property's value, which may be the whole text
 * or a line of it. */
static struct slice property_value(struct slice text, const char *field)
{
	const char *end = text.p + text.n;

	for (const char *p = text.p; p < end;) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		struct slice line = { p, (size_t)((eol ? eol : end) - p) };
		const char *colon = memchr(p, ':', line.n);

		if (colon && is_property(line, field))
			return (struct slice){ colon + 1, (size_t)(p + line.n - colon - 1) };
		p = eol ? eol + 1 : end;
	}
	return text;
}

/* What the fault's place counts in; absent: not the text. */
static struct slice origin(const struct when_fault *fault, struct slice text)
{
	static const char *const properties[] = { "rrule", "dtstart", "exdate", "rdate", NULL };
	static const struct slice none = { NULL, 0 };

	if (!fault->field || !text.p)
		return text;
	if (strcmp(fault->field, "timezone") == 0)
		return none;
	return is_any(fault->field, properties) ? property_value(text, fault->field) : text;
}

/* In quotes, without control characters; a long text is cut between two characters of UTF-8. */
static void quote(struct slice s, struct strbuf *out)
{
	size_t n = s.n;

	if (n > QUOTE_MAX)
		for (n = QUOTE_MAX; n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80;)
			n--;
	strbuf_addc(out, '"');
	for (size_t i = 0; i < n; i++)
		strbuf_addc(out, (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' : s.p[i]);
	strbuf_adds(out, n < s.n ? "...\"" : "\"");
}

/* character 4: "61" */
static void print_position(const struct when_fault *fault, struct slice in, struct strbuf *out)
{
	strbuf_addf(out, "character %u", fault->at + 1);
	if (fault->len > 0) {
		strbuf_adds(out, ": ");
		quote((struct slice){ in.p + fault->at, fault->len }, out);
	}
}

static void print_place(const struct when_fault *fault, struct slice text, struct strbuf *out)
{
	struct slice in = origin(fault, text);
	bool has_place = in.p && in.n > 0 && fault->at <= in.n && fault->len <= in.n - fault->at;

	if (!fault->field && !has_place)
		return;
	strbuf_adds(out, " (");
	for (const char *p = fault->field ? fault->field : ""; *p; p++)
		strbuf_addc(out, *p == '_' ? ' ' : *p);
	if (fault->field && has_place)
		strbuf_adds(out, ", ");
	if (has_place)
		print_position(fault, in, out);
	strbuf_addc(out, ')');
}

/* With a capital. */
static void print_capital(const char *text, struct strbuf *out)
{
	char first = text[0];

	strbuf_addc(out, first >= 'a' && first <= 'z' ? (char)(first - 'a' + 'A') : first);
	strbuf_adds(out, text + 1);
}

static const char *hint_of(const struct when_fault *fault)
{
	return fault->hint ? fault->hint : when_err_hint(fault->err);
}

void when_hint_print(const struct when_fault *fault, struct strbuf *out)
{
	const char *hint = hint_of(fault);

	if (!hint)
		return;
	print_capital(hint, out);
	if (hint[strlen(hint) - 1] != '.')
		strbuf_addc(out, '.');
}

void when_fault_print(const struct when_fault *fault, struct slice text, struct strbuf *out)
{
	print_capital(when_err_text(fault->err), out);
	print_place(fault, text, out);
	strbuf_addc(out, '.');
	if (hint_of(fault))
		strbuf_addc(out, ' ');
	when_hint_print(fault, out);
}
