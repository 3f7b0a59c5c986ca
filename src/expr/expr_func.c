/* The functions: one table, for the checker, the machine and the description. */
#include "expr_int.h"

#include <math.h>
#include <stdio.h>

static bool bad_conversion(struct machine *m, const struct node *n, const struct value *v,
			   const char *need)
{
	return machine_fail(
		m, (struct failure){
			   .code = FAIL_CONVERSION, .where = n->all, .need = need, .a = v->kind });
}

/* ---- strings asked ---- */

static bool run_size(struct machine *m, const struct node *n, const struct value *v,
		     struct value *out)
{
	(void)n;
	if (v->kind == EXPR_STRING && !machine_spend(m, text_cost(v->s)))
		return false;
	*out = value_int(v->kind == EXPR_STRING ? text_size(v->s) : (int64_t)value_members(v));
	return true;
}

/* Does it begin with all that is left of `p`? *out_cost: bytes read. */
static bool begins(struct text_reader whole, struct text_reader p, size_t *out_cost)
{
	size_t n = 0;
	int c;

	do {
		c = text_byte(&p);
		n++;
	} while (c >= 0 && text_byte(&whole) == c);
	*out_cost = n;
	return c < 0;
}

static bool run_starts(struct machine *m, const struct node *n, const struct value *v,
		       struct value *out)
{
	size_t cost;

	(void)n;
	*out = value_bool(begins(text_open(v[0].s), text_open(v[1].s), &cost));
	return machine_spend(m, 2 * cost);
}

static bool run_ends(struct machine *m, const struct node *n, const struct value *v,
		     struct value *out)
{
	struct text_reader whole = text_open(v[0].s);
	size_t bytes, part, cost;

	(void)n;
	if (!machine_spend(m, (v[0].s.is_escaped ? 2 * text_cost(v[0].s) : 0) + text_cost(v[1].s)))
		return false;
	bytes = text_bytes(v[0].s);
	part = text_bytes(v[1].s);
	*out = value_bool(false);
	if (part > bytes)
		return true;
	if (!whole.is_escaped)
		whole.p += bytes - part;
	for (size_t i = part; whole.is_escaped && i < bytes; i++)
		(void)text_byte(&whole);
	*out = value_bool(begins(whole, text_open(v[1].s), &cost));
	return machine_spend(m, 2 * cost);
}

/* Where there are escapes: from each place that has the first byte. */
static bool contains_escaped(struct machine *m, struct text t, struct text part, bool *out)
{
	struct text_reader at = text_open(t), rest = text_open(part);
	int first = text_byte(&rest), c = first;
	size_t cost;

	*out = first < 0;
	if (!machine_spend(m, text_cost(t)))
		return false;
	while (!*out && c >= 0) {
		c = text_byte(&at);
		if (c != first)
			continue;
		*out = begins(at, rest, &cost);
		if (!machine_spend(m, 4 * cost))
			return false;
	}
	return true;
}

static bool run_contains(struct machine *m, const struct node *n, const struct value *v,
			 struct value *out)
{
	struct slice whole = v[0].s.s, part = v[1].s.s;
	bool is_there;

	(void)n;
	if (v[0].s.is_escaped || v[1].s.is_escaped) {
		if (!contains_escaped(m, v[0].s, v[1].s, &is_there))
			return false;
	} else {
		if (!machine_spend(m, 3 * whole.n + part.n))
			return false;
		is_there = part.n == 0 || (whole.n && memmem(whole.p, whole.n, part.p, part.n));
	}
	*out = value_bool(is_there);
	return true;
}

static bool run_matches(struct machine *m, const struct node *n, const struct value *v,
			struct value *out)
{
	bool is_found;

	if (!regex_search(m, n->regex, v[0].s, &is_found))
		return false;
	*out = value_bool(is_found);
	return true;
}

/* ---- strings made ---- */

/* A copy in the scratch, without escapes; letters from `first` to first + 25 changed to the other case. */
static bool copy(struct machine *m, const struct node *n, struct text t, int first,
		 struct slice *out)
{
	struct text_reader r = text_open(t);
	char *room = NULL;
	size_t bytes = 0;

	if (machine_spend(m, 2 * text_cost(t)))
		room = machine_room(m, n->all, text_bytes(t));
	if (!room)
		return false;
	for (int c = text_byte(&r); c >= 0; c = text_byte(&r))
		room[bytes++] = (char)(first && c >= first && c < first + 26 ? c ^ 0x20 : c);
	*out = (struct slice){ room, bytes };
	return true;
}

static bool recase(struct machine *m, const struct node *n, const struct value *v, int first,
		   struct value *out)
{
	struct slice s;

	if (!copy(m, n, v->s, first, &s))
		return false;
	*out = value_string(text_plain(s));
	return true;
}

static bool run_lower(struct machine *m, const struct node *n, const struct value *v,
		      struct value *out)
{
	return recase(m, n, v, 'A', out);
}

static bool run_upper(struct machine *m, const struct node *n, const struct value *v,
		      struct value *out)
{
	return recase(m, n, v, 'a', out);
}

/* Unicode's White_Space. */
static bool is_space(int c)
{
	static const struct {
		int first, last;
	} rows[] = { { 9, 13 },          { ' ', ' ' },       { 0x85, 0x85 },     { 0xa0, 0xa0 },
		     { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x2028, 0x2029 }, { 0x202f, 0x202f },
		     { 0x205f, 0x205f }, { 0x3000, 0x3000 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (c >= rows[i].first && c <= rows[i].last)
			return true;
	return false;
}

static bool run_trim(struct machine *m, const struct node *n, const struct value *v,
		     struct value *out)
{
	struct slice s = v->s.s;
	struct text_reader r;

	if (v->s.is_escaped ? !copy(m, n, v->s, 0, &s) : !machine_spend(m, s.n))
		return false;
	for (r = text_open(text_plain(s)); s.n && is_space(text_char(&r));)
		s = (struct slice){ r.p, (size_t)(r.end - r.p) };
	while (s.n) {
		size_t last = s.n - 1;

		while (last > 0 && ((unsigned char)s.p[last] & 0xc0) == 0x80)
			last--;
		r = text_open(text_plain((struct slice){ s.p + last, s.n - last }));
		if (!is_space(text_char(&r)))
			break;
		s.n = last;
	}
	*out = value_string(text_plain(s));
	return true;
}

/* ---- conversions ---- */

/* The text without escapes, if it is short enough to be a number, as a C string; else "". */
static void short_copy(struct text t, char out[NUMBER_MAX + 1])
{
	struct text_reader r = text_open(t);
	size_t n = 0;

	for (int c = text_byte(&r); c >= 0 && n <= NUMBER_MAX; c = text_byte(&r))
		out[n++] = (char)c;
	out[n > NUMBER_MAX ? 0 : n] = '\0';
}

static size_t digits(const char *p)
{
	return strspn(p, "0123456789");
}

/* As CEL's: a sign, digits, a fraction, an exponent; no blanks, no inf. */
static bool is_number(const char *p, bool is_int)
{
	size_t whole, fraction = 0;

	p += *p == '-' || *p == '+';
	whole = digits(p);
	p += whole;
	if (!is_int && *p == '.') {
		fraction = digits(p + 1);
		p += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (!is_int && (*p | 0x20) == 'e') {
		p += 1 + (p[1] == '-' || p[1] == '+');
		if (digits(p) == 0)
			return false;
		p += digits(p);
	}
	return *p == '\0';
}

static bool read_number(struct text t, bool is_int, struct value *out)
{
	char text[NUMBER_MAX + 1];

	short_copy(t, text);
	return is_number(text, is_int) && number_read(slice_of(text + (text[0] == '+')), out)
	    && (!is_int || out->kind == EXPR_INT);
}

static bool run_int(struct machine *m, const struct node *n, const struct value *v,
		    struct value *out)
{
	bool is_fine = true;

	if (!machine_spend(m, NUMBER_MAX))
		return false;
	if (v->kind == EXPR_INT)
		*out = *v;
	else if (v->kind == EXPR_STRING)
		is_fine = read_number(v->s, true, out);
	else if ((is_fine = fabs(v->d) < 9223372036854775808.0))
		*out = value_int((int64_t)v->d);
	return is_fine ? true : bad_conversion(m, n, v, "an integer");
}

static bool run_double(struct machine *m, const struct node *n, const struct value *v,
		       struct value *out)
{
	if (!machine_spend(m, NUMBER_MAX))
		return false;
	*out = *v;
	if (v->kind == EXPR_STRING && !read_number(v->s, false, out))
		return bad_conversion(m, n, v, "a double");
	if (out->kind == EXPR_INT)
		*out = value_double((double)out->i);
	return true;
}

/* The fewest digits that are read as the same double again. */
static int print_double(char *out, size_t size, double d)
{
	int n = 0;

	for (int digits_n = 15; digits_n <= 17; digits_n++) {
		n = snprintf(out, size, "%.*g", digits_n, d);
		if (strtod(out, NULL) == d)
			break;
	}
	return n;
}

static bool run_string(struct machine *m, const struct node *n, const struct value *v,
		       struct value *out)
{
	char text[32], *room;
	int bytes;

	*out = *v;
	if (v->kind == EXPR_STRING)
		return true;
	if (v->kind == EXPR_BOOL) {
		*out = value_string(text_plain(slice_of(v->b ? "true" : "false")));
		return true;
	}
	if (!machine_spend(m, 1000))
		return false;
	bytes = v->kind == EXPR_INT ? snprintf(text, sizeof(text), "%lld", (long long)v->i)
				    : print_double(text, sizeof(text), v->d);
	room = machine_room(m, n->all, (size_t)bytes);
	if (!room)
		return false;
	memcpy(room, text, (size_t)bytes);
	*out = value_string(text_plain((struct slice){ room, (size_t)bytes }));
	return true;
}

static bool run_bool(struct machine *m, const struct node *n, const struct value *v,
		     struct value *out)
{
	static const char *const words[] = { "false", "FALSE", "False", "f", "F", "0",
					     "true",  "TRUE",  "True",  "t", "T", "1" };
	enum { WORDS = sizeof(words) / sizeof(words[0]) };

	*out = *v;
	if (v->kind == EXPR_BOOL)
		return true;
	for (size_t i = 0; i < WORDS; i++)
		if (text_compare(v->s, text_plain(slice_of(words[i]))) == 0) {
			*out = value_bool(i >= WORDS / 2);
			return true;
		}
	return bad_conversion(m, n, v, "a boolean");
}

static bool run_type(struct machine *m, const struct node *n, const struct value *v,
		     struct value *out)
{
	(void)m, (void)n;
	*out = (struct value){ .kind = EXPR_TYPE, .type = v->kind };
	return true;
}

#define TEXT TYPE_BIT(EXPR_STRING)

const struct func expr_funcs[] = {
	{ "size", FUNC_METHOD | FUNC_GLOBAL, TEXT | TYPE_BIT(EXPR_LIST) | TYPE_BIT(EXPR_MAP), 0,
	  EXPR_INT, "\"size\" takes a string, a list or a map", "the size of", run_size },
	{ "contains", FUNC_METHOD, TEXT, 1, EXPR_BOOL, "\"contains\" takes strings", "contains",
	  run_contains },
	{ "startsWith", FUNC_METHOD, TEXT, 1, EXPR_BOOL, "\"startsWith\" takes strings",
	  "starts with", run_starts },
	{ "endsWith", FUNC_METHOD, TEXT, 1, EXPR_BOOL, "\"endsWith\" takes strings", "ends with",
	  run_ends },
	{ "matches", FUNC_METHOD | FUNC_GLOBAL, TEXT, 1, EXPR_BOOL, "\"matches\" takes strings",
	  "matches", run_matches },
	{ "lowerAscii", FUNC_METHOD, TEXT, 0, EXPR_STRING, "\"lowerAscii\" takes a string",
	  "in lower case", run_lower },
	{ "upperAscii", FUNC_METHOD, TEXT, 0, EXPR_STRING, "\"upperAscii\" takes a string",
	  "in upper case", run_upper },
	{ "trim", FUNC_METHOD, TEXT, 0, EXPR_STRING, "\"trim\" takes a string",
	  "without blanks around it", run_trim },
	{ "int", FUNC_GLOBAL, TEXT | TYPE_NUMBERS, 0, EXPR_INT,
	  "\"int\" takes a number or a string", "as an integer", run_int },
	{ "double", FUNC_GLOBAL, TEXT | TYPE_NUMBERS, 0, EXPR_DOUBLE,
	  "\"double\" takes a number or a string", "as a double", run_double },
	{ "string", FUNC_GLOBAL, TEXT | TYPE_NUMBERS | TYPE_BIT(EXPR_BOOL), 0, EXPR_STRING,
	  "\"string\" takes a string, a number or a boolean", "as a string", run_string },
	{ "bool", FUNC_GLOBAL, TEXT | TYPE_BIT(EXPR_BOOL), 0, EXPR_BOOL,
	  "\"bool\" takes a boolean or a string", "as a boolean", run_bool },
	{ "type", FUNC_GLOBAL, TYPE_ANY, 0, EXPR_TYPE, "", "the type of", run_type },
	{ NULL, 0, 0, 0, EXPR_DYN, NULL, NULL, NULL },
};
