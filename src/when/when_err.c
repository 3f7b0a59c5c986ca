/* The table of codes, made from the same list as the enum, and the sentence that people get. */
#include "when/when_err.h"

#include <stdbool.h>

#include "when_int.h"

enum { QUOTE_MAX = 40 };

static const struct {
	const char *name, *text;
} codes[] = {
	{ "ok", "nothing is wrong" },
#define X(name, wire, text) { wire, text },
#include "when/when_err.def"
#undef X
};

_Static_assert(sizeof codes / sizeof codes[0] == WHEN_ERR_COUNT, "a row for every code");

/* What to do instead, where the parser did not say it more exactly. */
static const char *const hints[WHEN_ERR_COUNT] = {
	[WHEN_CRON_EMPTY] = "Write five fields, as in \"0 9 * * 1-5\".",
	[WHEN_CRON_TOO_LONG] = "Use ranges and steps, or several schedules.",
	[WHEN_CRON_FIELD_COUNT] = "Write minute, hour, day of month, month and day of week.",
	[WHEN_CRON_SYNTAX] = "Items are *, 5, 1-5, */15 or 1-30/5, joined by commas.",
	[WHEN_CRON_NAME] = "Write JAN to DEC or SUN to SAT.",
	[WHEN_CRON_STEP_RANGE] = "Use an interval for longer steps.",
	[WHEN_CRON_RANGE_ORDER] = "Put the earlier year first.",
	[WHEN_CRON_QUESTION] = "Use * elsewhere.",
	[WHEN_CRON_LAST] =
		"L is the last day of the month; 5L, the last Friday, is for day of week.",
	[WHEN_CRON_WEEKDAY] = "Write 15W or LW, in day of month.",
	[WHEN_CRON_NTH] = "MON#1 is the first Monday.",
	[WHEN_CRON_MACRO] = "There are @yearly, @monthly, @weekly, @daily, @hourly and @every.",
	[WHEN_CRON_REBOOT] = "Use a time or an interval.",
	[WHEN_CRON_NEVER] = "Choose a day that the months have.",
	[WHEN_CRON_TIMEZONE_CONFLICT] = "Name the time zone in one place only.",
	[WHEN_TIMEZONE_UNKNOWN] = "Use a name of the IANA database, as in \"Europe/Berlin\".",
	[WHEN_INTERVAL_RANGE] = "An interval is 1 second to 3653 days.",
	[WHEN_DURATION_SYNTAX] = "Write \"PT30M\" or \"90m\".",
	[WHEN_DURATION_CALENDAR] = "Use days or weeks, or a schedule with a calendar.",
	[WHEN_AT_FORMAT] = "Write it as in \"2027-03-14T02:30:00Z\".",
	[WHEN_AT_PAST] = "Choose a time in the future.",
	[WHEN_RRULE_EMPTY] = "Write a rule, as in \"FREQ=WEEKLY;BYDAY=MO\".",
	[WHEN_RRULE_FREQ] = "FREQ is YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY or SECONDLY.",
	[WHEN_RRULE_SYNTAX] = "Parts are NAME=value, joined by semicolons.",
	[WHEN_RRULE_PART] =
		"There are FREQ, INTERVAL, COUNT, UNTIL, WKST and the BY... parts of RFC 5545.",
	[WHEN_RRULE_DUPLICATE] = "Join the values by commas.",
	[WHEN_RRULE_COUNT_UNTIL] = "Keep one of them.",
	[WHEN_RRULE_NEVER] = "Choose days and months that meet.",
	[WHEN_RRULE_TIMEZONE_CONFLICT] = "Name the time zone in one place only.",
	[WHEN_NL_EMPTY] = "Write a phrase, as in \"every weekday at 9am\".",
	[WHEN_NL_UNRECOGNIZED] =
		"Try a phrase like \"every weekday at 9am\", or a cron expression.",
};

const char *when_err_name(enum when_err e)
{
	return (unsigned)e < WHEN_ERR_COUNT ? codes[e].name : "unknown";
}

const char *when_err_text(enum when_err e)
{
	return (unsigned)e < WHEN_ERR_COUNT ? codes[e].text : "unknown";
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
	if (fault->hint)
		return fault->hint;
	return (unsigned)fault->err < WHEN_ERR_COUNT ? hints[fault->err] : NULL;
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
