/* The pieces of a pattern: characters, escapes, classes. */
#include "expr_regex_int.h"

void regex_fail(struct maker_re *m, const char *why)
{
	if (!m->wrong)
		m->wrong = why;
	m->p = m->end;
}

struct inst *regex_emit(struct maker_re *m, enum inst_op op)
{
	static struct inst spill;

	if (m->n == INST_MAX) {
		regex_fail(m, "The pattern is too large.");
		return &spill;
	}
	m->inst[m->n] = (struct inst){ .op = (unsigned char)op };
	return &m->inst[m->n++];
}

/* ---- classes ---- */

/* Pairs of first and last, in order. */
static const struct named {
	const char *name, *pairs;
} named[] = {
	{ "d", "09" },          { "w", "09AZ__az" }, { "s", "\t\n\f\r  " },
	{ "alnum", "09AZaz" },  { "alpha", "AZaz" }, { "blank", "\t\t  " },
	{ "digit", "09" },      { "lower", "az" },   { "punct", "!/:@[`{~" },
	{ "space", "\t\r  " },  { "upper", "AZ" },   { "word", "09AZ__az" },
	{ "xdigit", "09AFaf" },
};

void regex_range(struct maker_re *m, int first, int last)
{
	if (m->ranges_n == RANGES_MAX)
		regex_fail(m, "The pattern is too large.");
	else if (first <= last)
		m->ranges[m->ranges_n++] = (struct range){ first, last };
}

static bool add_named(struct maker_re *m, struct slice name, bool is_negated)
{
	const char *pairs = NULL;
	int next = 0;

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (slice_is(name, named[i].name))
			pairs = named[i].pairs;
	if (!pairs)
		return false;
	for (const char *p = pairs; *p; p += 2) {
		regex_range(m, is_negated ? next : p[0], is_negated ? p[0] - 1 : p[1]);
		next = p[1] + 1;
	}
	if (is_negated)
		regex_range(m, next, CODE_MAX);
	return true;
}

/* \d and its like at m->p, which is behind the backslash. */
bool regex_letter(struct maker_re *m)
{
	char c = m->p < m->end ? *m->p : '\0', small = (char)(c | 0x20);

	if (!memchr("dDwWsS", c, 6) || !add_named(m, (struct slice){ &small, 1 }, c != small))
		return false;
	m->p++;
	return true;
}

int regex_char(struct maker_re *m)
{
	struct text_reader r = { m->p, m->end, false, { 0 }, 0 };
	int c = text_char(&r);

	m->p = r.p;
	return c;
}

static int hex_escape(struct maker_re *m)
{
	bool is_braced = regex_take(m, '{');
	int c = 0, digits = 0;

	while (m->p < m->end && hex_digit(*m->p) >= 0 && c <= CODE_MAX
	       && digits < (is_braced ? 8 : 2)) {
		c = c << 4 | hex_digit(*m->p++);
		digits++;
	}
	if (c > CODE_MAX || (is_braced ? digits == 0 || !regex_take(m, '}') : digits != 2)) {
		regex_fail(m, "\\x takes two hexadecimal digits, or more of them in braces.");
		return 0;
	}
	return c;
}

/* A character behind a backslash. */
int regex_escape(struct maker_re *m)
{
	static const char letters[] = "a\af\fn\nr\rt\tv\v";
	int c;

	if (m->p == m->end) {
		regex_fail(m, "The pattern ends with a backslash.");
		return 0;
	}
	c = regex_char(m);
	for (const char *l = letters; *l; l += 2)
		if (*l == c)
			return l[1];
	if (c == 'x')
		return hex_escape(m);
	if (c >= 0x80 || (fold(c) >= 'a' && fold(c) <= 'z') || (c >= '0' && c <= '9'))
		regex_fail(m, "This pattern has an escape that does not exist here.");
	return c;
}

static int class_char(struct maker_re *m)
{
	return regex_take(m, '\\') ? regex_escape(m) : regex_char(m);
}

/* [:name:] or [:^name:] */
static bool class_named(struct maker_re *m)
{
	bool is_negated = m->end - m->p > 2 && m->p[2] == '^';
	const char *name = m->p + 2 + is_negated, *close;

	if (m->end - m->p < 4 || m->p[0] != '[' || m->p[1] != ':')
		return false;
	close = memmem(name, (size_t)(m->end - name), ":]", 2);
	if (!close || !add_named(m, (struct slice){ name, (size_t)(close - name) }, is_negated)) {
		regex_fail(m, "This pattern has a class of a name that does not exist.");
		return true;
	}
	m->p = close + 2;
	return true;
}

static void class_item(struct maker_re *m)
{
	int first, last;

	if (class_named(m))
		return;
	if (regex_at(m, '\\')) {
		m->p++;
		if (regex_letter(m))
			return;
		m->p--;
	}
	first = last = class_char(m);
	if (regex_at(m, '-') && m->end - m->p > 1 && m->p[1] != ']') {
		m->p++;
		last = class_char(m);
	}
	if (last < first)
		regex_fail(m, "This pattern has a range whose end comes before its beginning.");
	regex_range(m, first, last);
}

void regex_end_class(struct maker_re *m, unsigned first, bool is_negated)
{
	struct inst *i = regex_emit(m, INST_CLASS);

	i->first = (uint16_t)first;
	i->ranges = (uint16_t)(m->ranges_n - first);
	i->is_negated = is_negated;
	i->is_folded = m->flags.fold;
}

void regex_class(struct maker_re *m)
{
	unsigned first = m->ranges_n;
	bool is_negated = regex_take(m, '^'), is_first = true;

	while (!m->wrong && (is_first || !regex_at(m, ']'))) {
		if (m->p == m->end) {
			regex_fail(m, "This pattern has a \"[\" that is not closed.");
			return;
		}
		class_item(m);
		is_first = false;
	}
	(void)regex_take(m, ']');
	regex_end_class(m, first, is_negated);
}
