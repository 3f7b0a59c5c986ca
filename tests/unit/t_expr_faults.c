/* What compiling refuses, each with its place; the ceilings, at them and one above; the description; what is read. */
#include "expr/expr.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static const struct expr_name output_members[] = { { "items", EXPR_LIST, NULL },
						   { "total", EXPR_DOUBLE, NULL },
						   { "any", EXPR_DYN, NULL },
						   { NULL, EXPR_DYN, NULL } };
static const struct expr_name names[] = {
	{ "output", EXPR_MAP, output_members },
	{ "status", EXPR_STRING, NULL },
	{ "attempt", EXPR_INT, NULL },
	{ "ok", EXPR_BOOL, NULL },
	{ "data", EXPR_DYN, NULL },
	{ "map", EXPR_MAP, NULL },
	{ "ratio", EXPR_DOUBLE, NULL },
	{ NULL, EXPR_DYN, NULL },
};
static const struct expr_env closed = { names, false };
static const struct expr_env open = { NULL, true };

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

static const struct row {
	int line;
	const char *text, *code;
	unsigned at, len;
	const char *hint; /* part of the message, or NULL */
} rows[] = {
#define R(text, code, at, len, hint)                \
	{                                           \
		__LINE__, text, code, at, len, hint \
	}
	/* text */
	R("", "empty", 0, 0, NULL),
	R("  // nothing", "empty", 0, 12, NULL),
	R("ok # ok", "unexpected_character", 3, 1, NULL),
	R("ok = true", "unexpected_character", 3, 1, "=="),
	R("ok & ok", "unexpected_character", 3, 1, "&&"),
	R("ok | ok", "unexpected_character", 3, 1, "||"),
	R("ok \u00a7", "unexpected_character", 3, 2, NULL),
	R("ok \xc3", "unexpected_character", 3, 1, "UTF-8"),
	R("'\xed\xa0\x80' == ''", "unexpected_character", 1, 1, "UTF-8"),
	R("status == 'abc", "unterminated_string", 10, 4, NULL),
	R("status == \"abc'", "unterminated_string", 10, 5, NULL),
	R("status == 'a\nb'", "unterminated_string", 10, 2, NULL),
	R("status == '''a\nb''", "unterminated_string", 10, 8, NULL),
	R("status == 'a\\qb'", "bad_escape", 12, 2, NULL),
	R("status == '\\u12g4'", "bad_escape", 11, 2, NULL),
	R("status == '\\ud800'", "bad_escape", 11, 2, NULL),
	R("status == '\\udc00'", "bad_escape", 11, 2, NULL),
	R("status == '\\ud800\\u0041'", "bad_escape", 11, 2, NULL),
	R("status == '\\U00110000'", "bad_escape", 11, 2, NULL),
	R("status == '\\400'", "bad_escape", 11, 2, NULL),
	R("status == '\\000'", "bad_escape", 11, 2, "NUL"),
	R("status == '\\x4'", "bad_escape", 11, 2, NULL),
	R("status == 'a\\", "bad_escape", 12, 1, NULL),
	R("attempt > 12abc", "bad_number", 10, 5, NULL),
	R("attempt > 7u", "bad_number", 10, 2, "Unsigned"),
	R("attempt > 0x", "bad_number", 10, 2, NULL),
	R("attempt > 1e", "bad_number", 10, 2, NULL),
	R("attempt > 1e+", "bad_number", 10, 2, NULL),
	R("attempt > 9223372036854775808", "bad_number", 10, 19, "64 bits"),
	R("attempt > -9223372036854775809", "bad_number", 11, 19, "64 bits"),
	R("attempt > 0x8000000000000000", "bad_number", 10, 18, "64 bits"),
	R("attempt > 1e400", "bad_number", 10, 5, "double"),
	R("attempt > 1.", "unexpected_token", 12, 0, NULL),
	/* grammar */
	R("ok &&", "unexpected_token", 5, 0, "ends where a value"),
	R("ok ok", "unexpected_token", 3, 2, "operator"),
	R("(ok", "unexpected_token", 3, 0, "closing parenthesis"),
	R("ok)", "unexpected_token", 2, 1, NULL),
	R("output.", "unexpected_token", 7, 0, "name"),
	R("output.in", "unexpected_token", 7, 2, NULL),
	R("data[", "unexpected_token", 5, 0, NULL),
	R("data[]", "unexpected_token", 0, 6, "One index"),
	R("data[1, 2]", "unexpected_token", 0, 10, "One index"),
	R("size(status,) > 1", "unexpected_token", 12, 1, NULL),
	R("ok ? true", "unexpected_token", 9, 0, "colon"),
	R("1 in [1, 2", "unexpected_token", 10, 0, "closing bracket"),
	R("{'a' 1} == {}", "unexpected_token", 5, 1, "colon"),
	R("{'a': 1 'b': 2} == {}", "unexpected_token", 8, 3, "comma"),
	R("for == 1", "unexpected_token", 0, 3, "reserved"),
	R("b'x' == data", "unexpected_token", 1, 3, NULL),
	R("*", "unexpected_token", 0, 1, NULL),
	/* names */
	R("stauts == 'ok'", "unknown_name", 0, 6, "\"status\""),
	R("foo == 1", "unknown_name", 0, 3, NULL),
	R("int == 1", "unknown_name", 0, 3, NULL),
	R("output.itms.size() > 1", "unknown_member", 7, 4, "\"items\""),
	R("output['itms'].size() > 1", "unknown_member", 7, 6, "\"items\""),
	R("has(output.tota)", "unknown_member", 11, 4, "\"total\""),
	R("sise(status) > 1", "unknown_function", 0, 4, "\"size\""),
	R("status.startswith('a')", "unknown_function", 7, 10, "\"startsWith\""),
	R("data.filter(x, x > 1)", "unknown_function", 5, 6, NULL),
	R("data.exist(x, x)", "unknown_function", 5, 5, "\"exists\""),
	R("contains(status, 'a')", "unknown_function", 0, 8, "x.contains"),
	R("status.int() == 1", "unknown_function", 7, 3, "int(x)"),
	R("[1].exists(x, y == 1)", "unknown_name", 14, 1, NULL),
	R("[1].exists(x, x == 1) && x == 1", "unknown_name", 25, 1, NULL),
	R("x.exists(x, true)", "unknown_name", 0, 1, NULL),
	/* arguments */
	R("size() > 1", "wrong_arguments", 0, 6, "one argument, not 0"),
	R("size(status, 1) > 1", "wrong_arguments", 0, 15, NULL),
	R("status.size(1) > 1", "wrong_arguments", 0, 14, "no argument, not 1"),
	R("status.contains()", "wrong_arguments", 0, 17, NULL),
	R("status.contains('a', 'b')", "wrong_arguments", 0, 25, NULL),
	R("has()", "wrong_arguments", 0, 5, NULL),
	R("has(data['x'])", "wrong_arguments", 0, 14, "in"),
	R("[1].exists(x, has(x))", "wrong_arguments", 18, 1, NULL),
	R("data.all(x)", "wrong_arguments", 0, 11, NULL),
	R("data.all(x.y, true)", "wrong_arguments", 0, 19, NULL),
	R("data.exists_one(1, true)", "wrong_arguments", 0, 24, NULL),
	/* types */
	R("status > 1", "wrong_type", 0, 10, "a string and an integer"),
	R("status == 1", "wrong_type", 0, 11, NULL),
	R("attempt < null", "wrong_type", 0, 14, NULL),
	R("status + 1 == 'x'", "wrong_type", 0, 10, NULL),
	R("status - data == 'x'", "wrong_type", 0, 13, NULL),
	R("attempt % 2.0 == 1", "wrong_type", 0, 13, NULL),
	R("-status == 'x'", "wrong_type", 1, 6, NULL),
	R("!attempt", "wrong_type", 1, 7, NULL),
	R("ok && attempt", "wrong_type", 6, 7, NULL),
	R("ok || 'x'", "wrong_type", 6, 3, NULL),
	R("attempt ? ok : ok", "wrong_type", 0, 7, NULL),
	R("status.x == 1", "wrong_type", 0, 6, NULL),
	R("status[0] == 'a'", "wrong_type", 0, 6, NULL),
	R("output.items['a'] == 1", "wrong_type", 13, 3, NULL),
	R("map[null] == 1", "wrong_type", 4, 4, NULL),
	R("1 in status", "wrong_type", 5, 6, NULL),
	R("attempt.exists(x, x)", "wrong_type", 0, 7, NULL),
	R("data.exists(x, 1)", "wrong_type", 15, 1, NULL),
	R("attempt.contains('x')", "wrong_type", 0, 7, NULL),
	R("status.contains(1)", "wrong_type", 16, 1, NULL),
	R("size(attempt) > 1", "wrong_type", 5, 7, NULL),
	R("type(data) == 'int'", "wrong_type", 0, 19, NULL),
	R("{1.5: 1} == {}", "bad_key", 1, 3, NULL),
	R("{status: 1} == {}", "bad_key", 1, 6, NULL),
	R("{'a': 1, \"a\": 2} == {}", "bad_key", 9, 3, "twice"),
	R("attempt + 1", "not_a_condition", 0, 11, "an integer"),
	R("'true'", "not_a_condition", 0, 6, NULL),
	R("output", "not_a_condition", 0, 6, NULL),
	R("ok ? 1 : 2", "not_a_condition", 0, 10, NULL),
	/* patterns */
	R("status.matches(data)", "bad_pattern", 15, 4, "literal"),
	R("status.matches('a(b')", "bad_pattern", 15, 5, NULL),
	R("status.matches('a)')", "bad_pattern", 15, 4, NULL),
	R("status.matches('[a')", "bad_pattern", 15, 4, NULL),
	R("status.matches('*a')", "bad_pattern", 15, 4, NULL),
	R("status.matches('a**')", "bad_pattern", 15, 5, NULL),
	R("status.matches('[b-a]')", "bad_pattern", 15, 7, NULL),
	R("status.matches('a{3,2}')", "bad_pattern", 15, 8, NULL),
	R("status.matches('a{1001}')", "bad_pattern", 15, 9, NULL),
	R("status.matches('(a{500}){500}')", "bad_pattern", 15, 15, "large"),
	R("status.matches(r'(a)\\1')", "bad_pattern", 15, 8, NULL),
	R("status.matches('(?=a)')", "bad_pattern", 15, 7, NULL),
	R("status.matches(r'\\pL')", "bad_pattern", 15, 6, NULL),
	R("status.matches('a\\\\')", "bad_pattern", 15, 5, "backslash"),
	R("status.matches('[[:foo:]]')", "bad_pattern", 15, 11, NULL),
};

START_TEST(faults)
{
	const struct row *r = &rows[_i];
	struct expr_faults f;
	const struct expr *e = expr_compile(slice_of(r->text), &closed, arena, &f);

	ck_assert_msg(e == NULL && f.n == 1, "line %d: %s: %d faults", r->line, r->text,
		      e ? 0 : f.n);
	ck_assert_msg(strcmp(f.list[0].code, r->code) == 0, "line %d: %s: %s: %s", r->line, r->text,
		      f.list[0].code, f.list[0].message);
	ck_assert_msg(f.list[0].at == r->at && f.list[0].len == r->len, "line %d: %s: at %u+%u",
		      r->line, r->text, f.list[0].at, f.list[0].len);
	ck_assert_msg(!r->hint || strstr(f.list[0].message, r->hint), "line %d: %s: %s", r->line,
		      r->text, f.list[0].message);
}
END_TEST

START_TEST(many_faults)
{
	struct expr_faults f;

	ck_assert_ptr_null(expr_compile(SLICE_LIT("stauts == 1 && attempt.x && foo(1) > 'a'"),
					&closed, arena, &f));
	ck_assert_int_eq(f.n, 3);
	ck_assert_str_eq(f.list[0].code, "unknown_name");
	ck_assert_str_eq(f.list[1].code, "wrong_type");
	ck_assert_str_eq(f.list[2].code, "unknown_function");
	ck_assert_uint_eq(f.list[2].at, 28);
	/* More than are kept. */
	ck_assert_ptr_null(expr_compile(SLICE_LIT("a || b || c || d || e || f || g || h || i || j"),
					&closed, arena, &f));
	ck_assert_int_eq(f.n, EXPR_FAULTS_MAX);
	ck_assert_uint_eq(f.list[EXPR_FAULTS_MAX - 1].at, 35);
	/* A fault of the grammar is the only one. */
	ck_assert_ptr_null(expr_compile(SLICE_LIT("foo && bar && ("), &closed, arena, &f));
	ck_assert_int_eq(f.n, 1);
}
END_TEST

/* ---- ceilings ---- */

/* head, n times mid, tail */
static struct slice built(const char *head, const char *mid, unsigned n, const char *tail)
{
	char *text = arena_alloc(arena, strlen(head) + n * strlen(mid) + strlen(tail) + 1), *at;

	at = stpcpy(text, head);
	while (n-- > 0)
		at = stpcpy(at, mid);
	at = stpcpy(at, tail);
	return (struct slice){ text, (size_t)(at - text) };
}

/* What was written is quoted in part: the sentence has its end. */
START_TEST(quotes)
{
	const struct slice texts[] = {
		built("", "L", 600, " == 1"),
		built("output.", "L", 600, " == 1"),
		built("output['", "\xc3\xa9", 600, "'] == 1"),
		built("", "L", 600, "(1) == 1"),
		built("1 == 1 '", "\xc3\xa9", 600, "'"),
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct expr_faults f;

		ck_assert_ptr_null(expr_compile(texts[i], &closed, arena, &f));
		const char *message = f.list[0].message;

		ck_assert_msg(strlen(message) < 200 && message[strlen(message) - 1] == '.',
			      "%zu: %s", i, message);
	}
}
END_TEST

static void compiles(struct slice text, const char *code, unsigned at)
{
	struct expr_faults f;
	const struct expr *e = expr_compile(text, &open, arena, &f);

	ck_assert_msg((e != NULL) == (code == NULL), "%.*s: %s", SLICE_ARG(text),
		      e ? "fine" : f.list[0].message);
	if (!code)
		return;
	ck_assert_int_eq(f.n, 1);
	ck_assert_str_eq(f.list[0].code, code);
	ck_assert_uint_eq(f.list[0].at, at);
}

START_TEST(ceilings)
{
	char parens[256];

	compiles(built("a == '", "x", EXPR_TEXT_MAX - 7, "'"), NULL, 0);
	compiles(built("a == '", "x", EXPR_TEXT_MAX - 6, "'"), "too_long", EXPR_TEXT_MAX);
	memset(parens, '(', sizeof(parens));
	for (int n = EXPR_DEPTH_MAX; n <= EXPR_DEPTH_MAX + 1; n++) {
		parens[n] = '\0';
		compiles(built(arena_printf(arena, "%sa", parens), ")", (unsigned)n, ""),
			 n == EXPR_DEPTH_MAX ? NULL : "too_deep", EXPR_DEPTH_MAX + 1);
		parens[n] = '(';
	}
	compiles(built("", "!", EXPR_DEPTH_MAX, "a"), NULL, 0);
	compiles(built("", "!", EXPR_DEPTH_MAX + 1, "a"), "too_deep", EXPR_DEPTH_MAX + 1);
	compiles(built("", "a ? b : ", EXPR_DEPTH_MAX, "c"), NULL, 0);
	compiles(built("", "a ? b : ", EXPR_DEPTH_MAX + 1, "c"), "too_deep",
		 EXPR_DEPTH_MAX * 8 + 4);
	/* Chains are as high as they are long; 128 is the ceiling, a is one of them, == another. */
	compiles(built("a", ".b", 126, " == 1"), NULL, 0);
	compiles(built("a", ".b", 127, " == 1"), "too_deep", 0);
	/* a && b && c is one node with three below it. */
	compiles(built("a", " && a", EXPR_NODES_MAX - 2, ""), NULL, 0);
	compiles(built("a", " && a", EXPR_NODES_MAX - 1, ""), "too_large",
		 5 * (EXPR_NODES_MAX - 1));
	compiles(built("1 in [1", ",1", EXPR_NODES_MAX - 4, "]"), NULL, 0);
	compiles(built("1 in [1", ",1", EXPR_NODES_MAX - 3, "]"), "too_large", 0);
}
END_TEST

/* ---- words ---- */

static const struct said {
	const char *text, *words, *reads;
} said[] = {
	{ "price_change_pct > 0.05 && status in [\"ok\", \"warn\"]",
	  "True when price_change_pct is greater than 0.05 and status is one of \"ok\", \"warn\".",
	  "price_change_pct status" },
	{ "has(output.items) && output.items.exists(i, i.price < 10.0)",
	  "True when there is output.items and at least one i of output.items meets (i.price is less than 10.0).",
	  "output.items" },
	{ "!has(a) || !(b in c) || !d", "True when there is no a or b is not in c or d is false.",
	  "a b c d" },
	{ "!(a == 1) && !(b < 2) && !(c && d)",
	  "True when a is not 1 and b is at least 2 and not (c is true and d is true).",
	  "a b c d" },
	{ "a.b . c == a.b.c && a . b . c != 2", "True when a.b.c is a.b.c and a.b.c is not 2.",
	  "a.b.c" },
	{ "a || b && c", "True when a is true or (b is true and c is true).", "a b c" },
	{ "(a + b) * 2 - -c >= d[0].e", "True when (a + b) * 2 - -c is at least d[0].e.",
	  "a b c d" },
	{ "size(a) <= 3 && b.lowerAscii().startsWith('x')",
	  "True when the size of a is at most 3 and b in lower case starts with \"x\".", "a b" },
	{ "a.contains(\"\\n\") && !a.matches('^x')",
	  "True when a contains \"\\n\" and not (a matches \"^x\").", "a" },
	{ "type(a) == int ? b : c > 1",
	  "True when if the type of a is int then b is true, else c is greater than 1.", "a b c" },
	{ "(a ? 1 : 2) == b", "True when (1 if a is true, else 2) is b.", "a b" },
	{ "(a == b) == true", "True when (a is b) is true.", "a b" },
	{ "a == {'x': [1, null]}", "True when a is {\"x\": [1, null]}.", "a" },
	{ "true", "True when true.", "" },
	{ "l.all(x, x > 0)", "True when every x of l meets (x is greater than 0).", "l" },
	{ "l.exists_one(x, m.exists(k, k == x))",
	  "True when exactly one x of l meets (at least one k of m meets (k is x)).", "l m" },
};

START_TEST(words)
{
	const struct said *s = &said[_i];
	struct expr_faults f;
	const struct expr *e = expr_compile(slice_of(s->text), &open, arena, &f);
	struct slice reads[16], got;
	char list[256] = "";

	ck_assert_msg(e != NULL, "%s: %s", s->text, f.list[0].message);
	got = expr_describe(e, arena);
	ck_assert_str_eq(got.p, s->words);
	for (int i = 0, n = expr_reads(e, reads, 16); i < n; i++)
		(void)snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
			       i ? " " : "", reads[i].p);
	ck_assert_str_eq(list, s->reads);
}
END_TEST

START_TEST(words_bounded)
{
	struct slice reads[2];
	struct expr_faults f;
	const struct expr *e = expr_compile(SLICE_LIT("a && b && c"), &open, arena, &f);

	ck_assert_int_eq(expr_reads(e, reads, 2), 2);
	ck_assert_str_eq(reads[1].p, "b");
	/* Each \x07 is six characters in words: more than the sentence may have. */
	e = expr_compile(built("a == '", "\x07", 4000, "'"), &open, arena, &f);
	ck_assert_ptr_nonnull(e);
	ck_assert_uint_lt(expr_describe(e, arena).n, 4200);
}
END_TEST

Suite *suite_expr_faults(void)
{
	Suite *s = suite_create("expr_faults");
	TCase *tc = tcase_create("expr_faults");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, faults, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tc, many_faults);
	tcase_add_test(tc, quotes);
	tcase_add_test(tc, ceilings);
	tcase_add_loop_test(tc, words, 0, sizeof said / sizeof said[0]);
	tcase_add_test(tc, words_bounded);
	suite_add_tcase(s, tc);
	return s;
}
