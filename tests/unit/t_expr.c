/* Conditions: what they answer, and every error with its place. The data of a row are the open value; `output` and
 * `n` are declared. */
#include "expr/expr.h"

#include "base/json.h"
#include <check.h>
#include <stdio.h>

/* in `where`, the place: "^" begins and "$" ends what is pointed at; NULL: not looked at */
struct row {
	int line;
	const char *text, *data, *want; /* true, false, or the code of the error */
	unsigned at, len;
};
#define YES(text, data)                            \
	{                                          \
		__LINE__, text, data, "true", 0, 0 \
	}
#define NO(text, data)                              \
	{                                           \
		__LINE__, text, data, "false", 0, 0 \
	}
#define BAD(text, data, code, at, len)              \
	{                                           \
		__LINE__, text, data, code, at, len \
	}

static const struct row rows[] = {
	/* the contract's own */
	YES("price_change_pct > 0.05 && status in [\"ok\", \"warn\"]",
	    "{\"price_change_pct\":0.06,\"status\":\"warn\"}"),
	NO("price_change_pct > 0.05 && status in [\"ok\", \"warn\"]",
	   "{\"price_change_pct\":0.05,\"status\":\"warn\"}"),
	YES("has(output.items) && output.items.exists(i, i.price < 10.0)",
	    "{\"output\":{\"items\":[{\"price\":10},{\"price\":9}]}}"),
	NO("has(output.items) && output.items.exists(i, i.price < 10.0)", "{\"output\":{}}"),
	/* precedence */
	YES("1 + 2 * 3 == 7", "{}"),
	YES("(1 + 2) * 3 == 9", "{}"),
	YES("10 - 4 - 3 == 3", "{}"),
	YES("100 / 10 / 5 == 2", "{}"),
	YES("7 % 4 * 2 == 6", "{}"),
	YES("true || false && false", "{}"),
	NO("(true || false) && false", "{}"),
	YES("!false && true", "{}"),
	YES("1 < 2 == true", "{}"),
	YES("-2 + 3 == 1", "{}"),
	YES("- 2 == -2", "{}"),
	YES("--a == 3", "{\"a\":3}"),
	YES("!!a", "{\"a\":true}"),
	YES("false ? false : true ? true : false", "{}"),
	YES("a || false ? b : false", "{\"a\":true,\"b\":true}"),
	YES("-a.b[0] == -5", "{\"a\":{\"b\":[5]}}"),
	YES("1 in [1] && !(2 in [1])", "{}"),
	YES("1 + 1 in [2]", "{}"),
	/* numbers */
	YES("a == 9007199254740993 && a != 9007199254740992", "{\"a\":9007199254740993}"),
	YES("a > 9007199254740992.0", "{\"a\":9007199254740993}"),
	NO("a == 9007199254740992.0", "{\"a\":9007199254740993}"),
	YES("a == -9223372036854775808 && a < b",
	    "{\"a\":-9223372036854775808,\"b\":-9223372036854775807}"),
	YES("a == 9223372036854775807", "{\"a\":9223372036854775807}"),
	YES("type(a) == double && a == 9223372036854775808.0", "{\"a\":9223372036854775808}"),
	YES("9223372036854775807 < 9223372036854775808.0", "{}"),
	YES("-9223372036854775808 == -9223372036854775808.0", "{}"),
	YES("-1 < -0.5 && -1 > -1.5 && 0 > -0.5", "{}"),
	YES("a == 1 && type(a) == double", "{\"a\":1.0}"),
	YES("a == 100 && type(a) == double", "{\"a\":1e2}"),
	YES("a == 0 && type(a) == int", "{\"a\":-0}"),
	YES("0x10 == 16 && -0xff == -255 && 0x7fffffffffffffff == 9223372036854775807", "{}"),
	YES("-0x8000000000000000 == -9223372036854775808", "{}"),
	YES(".5 == 0.5 && 1e3 == 1000 && 1.5e-3 == 0.0015 && 2E+2 == 200", "{}"),
	YES("5 / 2 == 2 && -5 / 2 == -2 && -5 % 3 == -2", "{}"),
	YES("5 / 2.0 == 2.5 && 1 + 0.5 == 1.5", "{}"),
	YES("a == 0", "{\"a\":1e-400}"),
	BAD("a == 0", "{\"a\":1e400}", "out_of_range", 0, 1),
	BAD("x.a == 0", "{\"x\":{\"a\":-1e400}}", "out_of_range", 2, 1),
	YES("has(x.a) && 'a' in x", "{\"x\":{\"a\":1e400}}"),
	BAD("a + 1 > 0", "{\"a\":9223372036854775807}", "overflow", 0, 5),
	BAD("a - 1 < 0", "{\"a\":-9223372036854775808}", "overflow", 0, 5),
	BAD("0 < a * 2", "{\"a\":9223372036854775807}", "overflow", 4, 5),
	BAD("a / -1 > 0", "{\"a\":-9223372036854775808}", "overflow", 0, 6),
	BAD("a % -1 > 0", "{\"a\":-9223372036854775808}", "overflow", 0, 6),
	BAD("-a > 0", "{\"a\":-9223372036854775808}", "overflow", 0, 2),
	BAD("a * 10.0 > 0", "{\"a\":1e308}", "overflow", 0, 8),
	BAD("1 / a > 0", "{\"a\":0}", "division_by_zero", 0, 5),
	BAD("1 % a > 0", "{\"a\":0}", "division_by_zero", 0, 5),
	BAD("1 / a > 0", "{\"a\":0.0}", "division_by_zero", 0, 5),
	BAD("5 % a == 1", "{\"a\":2.0}", "no_overload", 0, 5),
	/* && and || do not mind the order of errors */
	NO("x.y && false", "{}"),
	NO("false && x.y", "{}"),
	YES("x.y || true", "{}"),
	YES("1 / a > 0 || a == 0", "{\"a\":0}"),
	BAD("x && true", "{}", "no_such_key", 0, 1),
	BAD("true && x && y", "{}", "no_such_key", 8, 1),
	BAD("false || x", "{}", "no_such_key", 9, 1),
	BAD("a && true", "{\"a\":1}", "not_bool", 0, 1),
	NO("a && false", "{\"a\":1}"),
	BAD("a || false", "{\"a\":\"yes\"}", "not_bool", 0, 1),
	BAD("!a", "{\"a\":null}", "not_bool", 1, 1),
	BAD("a ? true : false", "{\"a\":0}", "not_bool", 0, 1),
	BAD("a", "{\"a\":1}", "not_bool", 0, 1),
	NO("(x ? true : false) && false", "{}"),
	/* members */
	BAD("output.items.count > 1", "{\"output\":{\"items\":{}}}", "no_such_key", 13, 5),
	BAD("output.items.count > 1", "{\"output\":{}}", "no_such_key", 7, 5),
	BAD("a.b == 1", "{\"a\":3}", "wrong_type", 2, 1),
	BAD("a.b == 1", "{\"a\":null}", "wrong_type", 2, 1),
	YES("a['b-c'] == 1", "{\"a\":{\"b-c\":1}}"),
	BAD("a['x'] == 1", "{\"a\":{}}", "no_such_key", 2, 3),
	BAD("a[k] == 1", "{\"a\":{},\"k\":\"zz\"}", "no_such_key", 2, 1),
	BAD("a[1] == 1", "{\"a\":{\"1\":1}}", "no_such_key", 2, 1),
	BAD("a[null] == 1", "{\"a\":{}}", "wrong_type", 2, 4),
	YES("a[0] == 1 && a[2] == 3 && a[1.0] == 2", "{\"a\":[1,2,3]}"),
	BAD("a[3] == 1", "{\"a\":[1,2,3]}", "out_of_range", 0, 4),
	BAD("a[-1] == 1", "{\"a\":[1,2,3]}", "out_of_range", 0, 5),
	BAD("a[0.5] == 1", "{\"a\":[1,2,3]}", "wrong_type", 2, 3),
	BAD("a['0'] == 1", "{\"a\":[1,2,3]}", "wrong_type", 2, 3),
	BAD("a[0] == 1", "{\"a\":\"xyz\"}", "wrong_type", 0, 1),
	YES("has(a.b)", "{\"a\":{\"b\":null}}"),
	NO("has(a.c)", "{\"a\":{\"b\":null}}"),
	BAD("has(a.b.c)", "{\"a\":{}}", "no_such_key", 6, 1),
	BAD("has(x.c)", "{}", "no_such_key", 4, 1),
	BAD("has(a.c)", "{\"a\":1}", "wrong_type", 6, 1),
	YES("has(a) && !has(x)", "{\"a\":1}"),
	YES("a.for == 1", "{\"a\":{\"for\":1}}"),
	YES("type == 'order' && list.size() == 1 && int == 3",
	    "{\"type\":\"order\",\"list\":[0],\"int\":3}"),
	/* equality */
	YES("a == 'x' && a != 1 && a != null && null == b", "{\"a\":\"x\",\"b\":null}"),
	NO("a == b", "{\"a\":\"1\",\"b\":1}"),
	YES("a == b", "{\"a\":[1,{\"x\":[null,true]}],\"b\":[1.0,{\"x\":[null,true]}]}"),
	NO("a == b", "{\"a\":[1,2],\"b\":[1,2,3]}"),
	NO("a == b", "{\"a\":[1,2],\"b\":[2,1]}"),
	YES("a == b", "{\"a\":{\"x\":1,\"y\":2},\"b\":{\"y\":2,\"x\":1}}"),
	NO("a == b", "{\"a\":{\"x\":1,\"y\":2},\"b\":{\"y\":2,\"z\":1}}"),
	NO("a == b", "{\"a\":{\"x\":1},\"b\":{\"x\":2}}"),
	YES("a == {'x': 1, 'y': [2]}", "{\"a\":{\"y\":[2],\"x\":1}}"),
	YES("[1, 'a', [true]] == a", "{\"a\":[1,\"a\",[true]]}"),
	YES("{1: 'a', true: 'b', 'c': 3}[1] == 'a' && {1: 'a'}[1.0] == 'a'", "{}"),
	YES("1 in {1: 2} && !(2 in {1: 2}) && 'b' in a && !(1 in a)", "{\"a\":{\"b\":0}}"),
	YES("[1, 2] in [[1, 2]] && {} == {} && [] == []", "{}"),
	NO("a in ['x']", "{\"a\":1}"),
	BAD("1 in a", "{\"a\":1}", "wrong_type", 0, 6),
	/* order */
	YES("'a' < 'b' && 'a' < 'aa' && '' < 'a' && 'B' < 'a' && '\u00e9' > 'z'", "{}"),
	YES("a < b", "{\"a\":\"\\uffff\",\"b\":\"\\ud83d\\ude00\"}"),
	YES("false < true && true >= true", "{}"),
	BAD("a < b", "{\"a\":1,\"b\":\"2\"}", "no_overload", 0, 5),
	BAD("a < b", "{\"a\":null,\"b\":null}", "no_overload", 0, 5),
	BAD("a < b", "{\"a\":[],\"b\":[]}", "no_overload", 0, 5),
	BAD("a + b == 1", "{\"a\":1,\"b\":\"2\"}", "no_overload", 0, 5),
	BAD("a - b == c", "{\"a\":\"1\",\"b\":\"2\"}", "no_overload", 0, 5),
	BAD("-a == 1", "{\"a\":\"1\"}", "wrong_type", 0, 2),
	/* strings */
	YES("'it\\'s' == \"it's\" && '\\x41\\u0042\\U00000043\\104' == 'ABCD'", "{}"),
	YES("'\\a\\b\\f\\n\\r\\t' == '\\x07\\x08\\x0c\\x0a\\x0d\\x09'", "{}"),
	YES("'\\v\\\\\\?\\\"\\'\\`' == '\\x0b\\x5c\\x3f\\x22\\x27\\x60'", "{}"),
	YES("r'a\\n' == 'a\\\\n' && R\"\\\" == '\\\\'", "{}"),
	YES("'''a'b\nc''' == 'a\\'b\\nc' && \"\"\"a\"b\"\"\" == 'a\"b'", "{}"),
	YES("'\\ud83d\\ude00' == '\\U0001F600' && '\\xff' == '\u00ff' && '\\377' == '\u00ff'",
	    "{}"),
	YES("a == 'x\"\\\\/\\b\\f\\n\\r\\t\u00e9\\U0001F600'",
	    "{\"a\":\"x\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}"),
	YES("a == b && a != c", "{\"a\":\"\\u0061b\",\"b\":\"a\\u0062\",\"c\":\"a\\u0063\"}"),
	YES("size(a) == 4 && a.size() == 4 && size('h\u00e9\\U0001F600') == 3",
	    "{\"a\":\"\\u00e9x\\ud83d\\ude00\u00e9\"}"),
	YES("size([1, 2]) == 2 && size({'a': 1}) == 1 && [].size() == 0 && size(a) == 2",
	    "{\"a\":{\"x\":1,\"y\":2}}"),
	YES("m['\\u00e9'] == 1 && m.ab == 2 && '\u00e9' in m",
	    "{\"m\":{\"\\u00e9\":1,\"\\u0061b\":2}}"),
	YES("a.contains('lo w') && !a.contains('low') && a.contains('') && ''.contains('')",
	    "{\"a\":\"hello world\"}"),
	YES("a.contains('\\n\\u00e9') && a.contains('x') && !a.contains('n')",
	    "{\"a\":\"a\\n\\u00e9x\"}"),
	YES("a.contains(b) && !b.contains(a)", "{\"a\":\"aa\\u0061b\",\"b\":\"a\\u0061b\"}"),
	YES("a.startsWith('he') && !a.startsWith('e') && a.startsWith(a) && !''.startsWith('a')",
	    "{\"a\":\"h\\u0065llo\"}"),
	YES("a.endsWith('lo') && !a.endsWith('l') && a.endsWith('') && a.endsWith(a)",
	    "{\"a\":\"he\\u006clo\"}"),
	YES("'hello'.endsWith('lo') && !'lo'.endsWith('hello')", "{}"),
	YES("a.lowerAscii() == 'hall\u00c4 1' && a.upperAscii() == 'HALL\u00c4 1'",
	    "{\"a\":\"Ha\\u006cl\u00c4 1\"}"),
	YES("a.trim() == 'x y' && '\\u00a0\\u3000z\\t'.trim() == 'z' && '  '.trim() == ''",
	    "{\"a\":\" \\n\\u0009x y\\r\\n\"}"),
	YES("'a' + b + 'c' == 'abc'", "{\"b\":\"\\u0062\"}"),
	YES("a.matches('^h.l+o$') && !a.matches('^el')", "{\"a\":\"h\\u00e9llo\"}"),
	BAD("a.contains('x')", "{\"a\":1}", "wrong_type", 0, 1),
	BAD("'x'.contains(a)", "{\"a\":1}", "wrong_type", 13, 1),
	BAD("size(a) > 1", "{\"a\":true}", "wrong_type", 5, 1),
	/* conversions */
	YES("int('42') == 42 && int(-1.9) == -1 && int('-7') == -7 && int('+7') == 7 && int(3) == 3",
	    "{}"),
	YES("double('1e3') == 1000 && double(1) == 1.0 && double('-.5') == -0.5 && type(double(1)) == double",
	    "{}"),
	YES("string(1) == '1' && string(1.5) == '1.5' && string(true) == 'true' && string('x') == 'x'",
	    "{}"),
	YES("string(0.1) == '0.1' && string(1e100) == '1e+100'", "{}"),
	YES("string(-9223372036854775808) == '-9223372036854775808'", "{}"),
	YES("bool('true') && !bool('F') && bool('1') && bool(true)", "{}"),
	YES("int(a) == 12", "{\"a\":\"\\u0031\\u0032\"}"),
	BAD("int(a) == 1", "{\"a\":\"1.5\"}", "bad_conversion", 0, 6),
	BAD("int(a) == 1", "{\"a\":\" 1\"}", "bad_conversion", 0, 6),
	BAD("int(a) == 1", "{\"a\":\"\"}", "bad_conversion", 0, 6),
	BAD("int(a) == 1", "{\"a\":\"9223372036854775808\"}", "bad_conversion", 0, 6),
	BAD("int(a) == 1", "{\"a\":9.3e18}", "bad_conversion", 0, 6),
	BAD("double(a) == 1.0", "{\"a\":\"inf\"}", "bad_conversion", 0, 9),
	BAD("double(a) == 1.0", "{\"a\":\"0x10\"}", "bad_conversion", 0, 9),
	BAD("double(a) == 1.0", "{\"a\":\"1e400\"}", "bad_conversion", 0, 9),
	BAD("bool(a)", "{\"a\":\"yes\"}", "bad_conversion", 0, 7),
	BAD("int(a) == 1", "{\"a\":null}", "wrong_type", 4, 1),
	YES("type(null) == null_type && type(a) in [list, map] && type(a) != string", "{\"a\":[]}"),
	YES("type(a) == int && type(type(a)) == type && type(true) == bool && type({}) == map",
	    "{\"a\":1}"),
	/* macros */
	YES("[1, 2, 3].all(x, x > 0) && ![1, 2, 3].all(x, x > 1) && [].all(x, x)", "{}"),
	YES("[1, 2, 3].exists(x, x > 2) && ![1].exists(x, x > 2) && ![].exists(x, x)", "{}"),
	YES("[1, 2, 3].exists_one(x, x > 2) && ![1, 2, 3].exists_one(x, x > 1) && ![].exists_one(x, true)",
	    "{}"),
	YES("m.all(k, m[k] > 0) && m.exists(k, k == 'b') && m.exists_one(k, k == 'a')",
	    "{\"m\":{\"a\":1,\"\\u0062\":2}}"),
	YES("{'x': 1, 'y': 2}.exists(k, k == 'y')", "{}"),
	YES("[[1, 2], [3]].exists(l, l.exists(x, x == 3))", "{}"),
	YES("[1, 2].all(x, [2, 1].exists(y, x == y))", "{}"),
	YES("[1].exists(x, [2].exists(x, x == 2) && x == 1)", "{}"),
	YES("[1].all(a, a == 1) && a == 5", "{\"a\":5}"),
	YES("l.exists(x, x.b)", "{\"l\":[{},{\"b\":true}]}"),
	NO("l.all(x, x.b)", "{\"l\":[{},{\"b\":false}]}"),
	BAD("l.exists(x, x.b)", "{\"l\":[{},{\"b\":false}]}", "no_such_key", 14, 1),
	BAD("l.all(x, x.b)", "{\"l\":[{\"b\":true},{}]}", "no_such_key", 11, 1),
	BAD("l.exists_one(x, x.b)", "{\"l\":[{\"b\":true},{}]}", "no_such_key", 18, 1),
	BAD("l.all(x, x)", "{\"l\":[true,1]}", "not_bool", 9, 1),
	BAD("l.all(x, true)", "{\"l\":\"abc\"}", "wrong_type", 0, 1),
	YES("l.exists(x, x > 1)", "{\"l\":[1e400,2]}"),
	BAD("l.exists(x, x > 2)", "{\"l\":[1e400,2]}", "out_of_range", 2, 6),
	/* the declared ones */
	YES("n == 7 && has(n)", "{}"),
	YES("// a comment\nn // another\r\n== 7 // end", "{}"),
	YES("[1, 2,].size() == 2 && {'a': 1,}.size() == 1", "{}"),
};

static const struct expr_name names[] = { { "n", EXPR_INT, NULL }, { NULL, EXPR_DYN, NULL } };
static const struct expr_env env = { names, true };

static void expect(const struct row *r, enum expr_answer got, const struct expr_error *error)
{
	static const char *const words[] = { "false", "true", NULL };
	const char *said = got == EXPR_FAILED ? error->code : words[got];

	ck_assert_msg(strcmp(said, r->want) == 0, "line %d: %s with %s: %s, not %s (%s)", r->line,
		      r->text, r->data, said, r->want, got == EXPR_FAILED ? error->message : "");
	if (got != EXPR_FAILED)
		return;
	ck_assert_msg(error->at == r->at && error->len == r->len,
		      "line %d: %s: at %u+%u, not %u+%u", r->line, r->text, error->at, error->len,
		      r->at, r->len);
	ck_assert_msg(strlen(error->message) > 8
			      && error->message[strlen(error->message) - 1] == '.',
		      "line %d: %s", r->line, error->message);
}

START_TEST(answers)
{
	const struct row *r = &rows[_i];
	struct arena *a = arena_new();
	struct expr_faults faults;
	const struct expr *e = expr_compile(slice_of(r->text), &env, a, &faults);
	struct json_syntax wrong;
	struct expr_error error;
	size_t before;

	ck_assert_msg(e != NULL, "line %d: %s: %s %s", r->line, r->text, faults.list[0].code,
		      faults.list[0].message);
	ck_assert_msg(json_scan(slice_of(r->data), &wrong), "line %d: %s", r->line, r->data);
	struct expr_bind binds[] = { { "n", expr_json_index(SLICE_LIT("7"), a) },
				     { "", expr_json_index(slice_of(r->data), a) },
				     { NULL, NULL } };
	before = arena_bytes(a);
	expect(r, expr_test(e, binds, &error), &error);
	ck_assert_uint_eq(arena_bytes(a), before);
	arena_free(a);
}
END_TEST

Suite *suite_expr(void)
{
	Suite *s = suite_create("expr");
	TCase *tc = tcase_create("expr");

	tcase_add_loop_test(tc, answers, 0, sizeof rows / sizeof rows[0]);
	suite_add_tcase(s, tc);
	return s;
}
