/* What the scanner takes and refuses: the cases of Nicolas Seriot's JSONTestSuite by kind,
 * written anew. */
#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"

/* 20 ms as released; sanitizers and gcov cost their factor. */
#if defined(__SANITIZE_ADDRESS__) || defined(__clang__) || !defined(__OPTIMIZE__)
#define MANY_KEYS_MS 1000
#else
#define MANY_KEYS_MS 100
#endif

struct row {
	int line;
	bool is_fine;
	struct slice text;
};
#define Y(t)                             \
	{                                \
		__LINE__, true,          \
		{                        \
			t, sizeof(t) - 1 \
		}                        \
	}
#define N(t)                             \
	{                                \
		__LINE__, false,         \
		{                        \
			t, sizeof(t) - 1 \
		}                        \
	}

static const struct row rows[] = {
	/* arrays */
	Y("[]"),
	Y("[ ]"),
	Y("[1]"),
	Y("[1,2]"),
	Y("[[],[[]]]"),
	Y("[null,1,\"1\",{}]"),
	Y("[1\n]"),
	Y("[1,null,null,null,2]"),
	Y(" [1]"),
	Y("[2] "),
	Y("[[]   ]"),
	Y("[\"\"]"),
	Y("[false]"),
	N("["),
	N("]"),
	N("[1"),
	N("[1,"),
	N("[,1]"),
	N("[1,,2]"),
	N("[1,]"),
	N("[1 true]"),
	N("[1:2]"),
	N("[\"a\""),
	N("[1]]"),
	N("[1}"),
	N("[,]"),
	N("[-]"),
	N("[][]"),
	N("[*]"),
	N("[\"a\" \"b\"]"),
	N("[\n4\n,5"),
	N("[1],"),
	N("[\"a\",\n4\n,1,"),
	N("[3[4]]"),
	N("[fals]"),
	N("[\v1]"),
	N("[\f]"),
	/* objects */
	Y("{}"),
	Y("{ }"),
	Y("{\"a\":1}"),
	Y("{\"a\" : 1 , \"b\":2}"),
	Y("{\"\":0}"),
	Y("{\"a\":{\"a\":1}}"),
	Y("{\"a\":1,\"A\":2}"),
	Y("[{\"a\":1},{\"a\":2}]"),
	Y("{\"a\":[{\"a\":1}]}"),
	Y("{\n\"a\": \"b\"\n}"),
	Y("{\"\\u0061b\":1,\"a\":2}"),
	Y("{\"__proto__\":1}"),
	N("{"),
	N("}"),
	N("{\"a\"}"),
	N("{\"a\":}"),
	N("{\"a\":1,}"),
	N("{\"a\":1,,\"b\":2}"),
	N("{a:1}"),
	N("{'a':1}"),
	N("{1:1}"),
	N("{\"a\" 1}"),
	N("{\"a\":1"),
	N("{\"a\":1]"),
	N("{\"a\":1}}"),
	N("{,}"),
	N("{\"a\":1 \"b\":2}"),
	N("{\"a\",\"b\"}"),
	N("{null:1}"),
	N("{\"a\":1}#"),
	N("{\"a\":/**/1}"),
	N("{\"a\":1}//"),
	N("{\"a\"::1}"),
	N("{\"a"),
	N("{\"a\":\"b\",\"c\"}"),
	N("{\"a\":1 /"),
	/* duplicate names, also through escapes */
	N("{\"a\":1,\"a\":1}"),
	N("{\"a\":1,\"b\":2,\"a\":3}"),
	N("{\"a\":1,\"\\u0061\":2}"),
	N("{\"\\u0061\":1,\"a\":2}"),
	N("{\"\\u00e9\":1,\"\xc3\xa9\":2}"),
	N("{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}"),
	N("{\"\":1,\"\":2}"),
	N("[{\"x\":{\"a\":1,\"a\":2}}]"),
	N("{\"a\\/\":1,\"a/\":2}"),
	N("{\"a\\n\":1,\"a\\u000a\":2}"),
	Y("{\"a\\n\":1,\"an\":2}"),
	/* numbers */
	Y("0"),
	Y("-0"),
	Y("1"),
	Y("-1"),
	Y("123456789012345678901234567890"),
	Y("0.1"),
	Y("-0.1"),
	Y("1.10"),
	Y("1e1"),
	Y("1E1"),
	Y("1e+1"),
	Y("1e-1"),
	Y("0e1"),
	Y("0e+1"),
	Y("1.5e10"),
	Y("1e400"),
	Y("-1e-400"),
	Y("0.000000000000000000000000000001"),
	Y("9007199254740993"),
	Y("[123e65]"),
	Y("20e1"),
	N("01"),
	N("-01"),
	N("00"),
	N("+1"),
	N("1."),
	N(".1"),
	N("-"),
	N("-.1"),
	N("1.e1"),
	N("1e"),
	N("1e+"),
	N("1E-"),
	N("1.1.1"),
	N("1e1.1"),
	N("0x1"),
	N("1_000"),
	N("1,000"),
	N("NaN"),
	N("Infinity"),
	N("-Infinity"),
	N("1 000"),
	N("--1"),
	N("+-1"),
	N("1a"),
	N("0e"),
	N("-a"),
	N("2.e+3"),
	N("1+2"),
	N("\xef\xbc\x91"),
	N("-1x"),
	/* words */
	Y("true"),
	Y("false"),
	Y("null"),
	Y(" true "),
	N("True"),
	N("TRUE"),
	N("tru"),
	N("truee"),
	N("nul"),
	N("nan"),
	N("undefined"),
	N("nulll"),
	N("a"),
	N("'a'"),
	N("true false"),
	N("[tr"),
	N("\\u0061"),
	/* strings */
	Y("\"\""),
	Y("\"a\""),
	Y("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	Y("\"\\u00e9\""),
	Y("\"\\uFFFF\""),
	Y("\"\\u0001\""),
	Y("\"\x7f\""),
	Y("\"\xc3\xa9\""),
	Y("\"\xe2\x82\xac\""),
	Y("\"\xf0\x9f\x98\x80\""),
	Y("\"\\uD83D\\uDE00\""),
	Y("\"\\ud800\\udc00\""),
	Y("\"\xf4\x8f\xbf\xbf\""),
	Y("\"\xe2\x80\xa8\""),
	Y("\"/* not a comment */\""),
	Y("\"0123456789abcdef0123456789abcdef\""),
	Y("\"\\\\u0000\""),
	Y("\"\xef\xbf\xbf\""),
	Y("\"\xed\x9f\xbf\""),
	N("\""),
	N("\"a"),
	N("\"\\\""),
	N("\"\\"),
	N("\"\\x41\""),
	N("\"\\a\""),
	N("\"\\u\""),
	N("\"\\u12\""),
	N("\"\\u12G4\""),
	N("\"\\u123\""),
	N("\"\\U0041\""),
	N("\"\n\""),
	N("\"\t\""),
	N("\"\x01\""),
	N("\"\x1f\""),
	N("\"0123456789\x1f\""),
	N("\"\0\""),
	N("\"\\\0\""),
	N("\"\\u0000\""),
	N("{\"\\u0000\":1}"),
	N("{\"a\":[\"x\\u0000y\"]}"),
	N("\"a\"b"),
	N("'a'"),
	N("\"\\ \""),
	N("\"\\\xf0\x9f\x98\x80\""),
	/* surrogates on their own */
	N("\"\\ud800\""),
	N("\"\\udc00\""),
	N("\"\\ud800\\ud800\""),
	N("\"\\ud800x\""),
	N("\"\\udc00\\ud800\""),
	N("\"\\ud800\\u0041\""),
	N("\"\\ud800\\n\""),
	N("\"\\ud800\\u\""),
	N("{\"\\udead\":1}"),
	N("\"\\ud800\\"),
	/* not UTF-8 */
	N("\"\x80\""),
	N("\"\xbf\""),
	N("\"\xc0\x80\""),
	N("\"\xc1\xbf\""),
	N("\"\xc3\""),
	N("\"\xc3(\""),
	N("\"\xe0\x80\x80\""),
	N("\"\xe0\x9f\xbf\""),
	N("\"\xe2\x82\""),
	N("\"\xe2(\xa1\""),
	N("\"\xed\xa0\x80\""),
	N("\"\xed\xbf\xbf\""),
	N("\"\xf0\x80\x80\x80\""),
	N("\"\xf0\x8f\xbf\xbf\""),
	N("\"\xf0\x9f\x98\""),
	N("\"\xf4\x90\x80\x80\""),
	N("\"\xf5\x80\x80\x80\""),
	N("\"\xf8\x88\x80\x80\x80\""),
	N("\"\xfe\""),
	N("\"\xff\""),
	N("\xc3\xa9"),
	N("{\"\xff\":1}"),
	N("\"\xe2\x82"),
	N("\"\xf0\x9f"),
	/* all around */
	N(""),
	N(" "),
	N("\n"),
	N("\xef\xbb\xbf{}"),
	N("{}\xef\xbb\xbf"),
	N("{}x"),
	N("{}{}"),
	N("{}\0"),
	N("\0"),
	N("[]\0"),
	N("\xc2\xa0[]"),
	N("[]\xe2\x81\xa0"),
	N("\xff\xfe[\0]\0"),
	N(","),
	N(":"),
	N("<null>"),
	N("[<null>]"),
	N("\"a\",\"b\""),
	Y("\t\r\n {} \t\r\n"),
	Y("[\t1\r,\n2 ]"),
};

START_TEST(one_row)
{
	const struct row *row = &rows[_i];
	struct json_syntax wrong = { NULL, 0, 0 };
	/* A copy without a NUL behind it: reading one byte too many is seen by the sanitizer. */
	char *copy = malloc(row->text.n + !row->text.n);
	bool is_fine;

	memcpy(copy, row->text.p, row->text.n);
	is_fine = json_scan((struct slice){ copy, row->text.n }, &wrong);
	ck_assert_msg(is_fine == row->is_fine, "line %d: %s", row->line,
		      is_fine ? "accepted" : wrong.message);
	ck_assert_msg(is_fine || (wrong.message && wrong.at <= row->text.n), "line %d: at %zu",
		      row->line, wrong.at);
	free(copy);
}
END_TEST

struct fault_row {
	int line;
	const char *text, *message;
	size_t at;
};
#define F(text, message, at)                \
	{                                   \
		__LINE__, text, message, at \
	}

static const struct fault_row fault_rows[] = {
	F("{\"a\":1,\"a\":2}", "This object has two members of this name.", 7),
	F("{\"a\":1} x", "There is something behind the end of the value.", 8),
	F("[1,2", "A comma or ] is expected here.", 4),
	F("{\"a\":01}", "This is not a number.", 5),
	F("[\"ab\\u0000\"]", "\\u0000 is not accepted.", 4),
	F("[\"abc", "This string is not closed.", 1),
	F("[\"\xff\"]", "The text is not UTF-8.", 2),
	F("", "The text ends where a value is expected.", 0),
	F("[\"\\udc00\"]", "Half of a surrogate pair is not a character.", 2),
};

START_TEST(says_where)
{
	const struct fault_row *row = &fault_rows[_i];
	struct json_syntax wrong = { "", 0, 0 };

	ck_assert_msg(!json_scan(slice_of(row->text), &wrong), "line %d", row->line);
	ck_assert_msg(strcmp(wrong.message, row->message) == 0, "line %d: %s", row->line,
		      wrong.message);
	ck_assert_msg(wrong.at == row->at, "line %d: at %zu", row->line, wrong.at);
}
END_TEST

static bool scan_nested(int depth, char open, char close)
{
	char text[512];
	struct json_syntax wrong;
	size_t n = 0;

	for (int i = 0; i < depth; i++) {
		text[n++] = open;
		if (open == '{' && i < depth - 1) {
			memcpy(text + n, "\"a\":", 4);
			n += 4;
		}
	}
	memset(text + n, close, (size_t)depth);
	return json_scan((struct slice){ text, n + (size_t)depth }, &wrong);
}

START_TEST(depth_ends_at_the_limit)
{
	ck_assert(scan_nested(JSON_DEPTH_MAX, '[', ']'));
	ck_assert(!scan_nested(JSON_DEPTH_MAX + 1, '[', ']'));
	ck_assert(scan_nested(JSON_DEPTH_MAX, '{', '}'));
	ck_assert(!scan_nested(JSON_DEPTH_MAX + 1, '{', '}'));
}
END_TEST

START_TEST(a_megabyte_of_brackets_is_refused)
{
	size_t n = 1 << 20;
	char *text = malloc(n);
	struct json_syntax wrong;

	memset(text, '[', n);
	ck_assert(!json_scan((struct slice){ text, n }, &wrong));
	ck_assert_uint_eq(wrong.at, JSON_DEPTH_MAX);
	free(text);
}
END_TEST

static void add_keys(struct strbuf *b, int n, const char *prefix)
{
	strbuf_addc(b, '{');
	for (int i = 0; i < n; i++)
		strbuf_addf(b, "%s\"%s%d\":%d", i ? "," : "", prefix, i, i);
}

START_TEST(many_keys_are_quick)
{
	struct json_syntax wrong;
	struct strbuf b;
	clock_t start; /* of the processor: other jobs on the machine do not count */

	strbuf_init(&b, 64 << 20);
	add_keys(&b, 100000, "key");
	strbuf_addc(&b, '}');
	start = clock();
	ck_assert(json_scan(strbuf_slice(&b), &wrong));
	ck_assert_int_lt((clock() - start) * 1000 / CLOCKS_PER_SEC, MANY_KEYS_MS);
	b.p[b.n - 1] = ',';
	strbuf_adds(&b, "\"ke\\u0079777\":0}");
	ck_assert(!json_scan(strbuf_slice(&b), &wrong));
	ck_assert_str_eq(wrong.message, "This object has two members of this name.");
	strbuf_release(&b);
}
END_TEST

/* Objects with many keys inside one another share one table; each knows its own. */
START_TEST(large_objects_nest)
{
	struct json_syntax wrong;
	struct strbuf b;

	strbuf_init(&b, 64 << 20);
	for (int depth = 0; depth < 40; depth++) {
		add_keys(&b, 10 + depth * 7, "k");
		strbuf_adds(&b, ",\"in\":");
	}
	strbuf_addc(&b, '0');
	for (int depth = 0; depth < 40; depth++)
		strbuf_adds(&b, ",\"after\":{\"k0\":1,\"k1\":2}}");
	for (int again = 0; again < 3; again++)
		ck_assert(json_scan(strbuf_slice(&b), &wrong));
	/* The outermost object has k3 already. */
	b.p[b.n - 1] = ',';
	strbuf_adds(&b, "\"k3\":0}");
	ck_assert(!json_scan(strbuf_slice(&b), &wrong));
	strbuf_release(&b);
}
END_TEST

/* Where an object moves from the plain look to the table. */
START_TEST(every_count_of_keys)
{
	struct json_syntax wrong;
	struct strbuf b;

	strbuf_init(&b, 1 << 20);
	for (int n = 1; n < 70; n++)
		for (int twice = 0; twice < n; twice++) {
			strbuf_clear(&b);
			add_keys(&b, n, "x");
			strbuf_addc(&b, '}');
			ck_assert(json_scan(strbuf_slice(&b), &wrong));
			b.p[b.n - 1] = ',';
			strbuf_addf(&b, "\"x%d\":0}", twice);
			ck_assert_msg(!json_scan(strbuf_slice(&b), &wrong), "%d of %d", twice, n);
		}
	strbuf_release(&b);
}
END_TEST

START_TEST(lists_are_known_by_their_bracket)
{
	ck_assert(json_is_list(slice_of("[")));
	ck_assert(json_is_list(slice_of(" \t\r\n[1]")));
	ck_assert(!json_is_list(slice_of("{}")));
	ck_assert(!json_is_list(slice_of("")));
	ck_assert(!json_is_list((struct slice){ NULL, 0 }));
}
END_TEST

Suite *suite_json_scan(void)
{
	Suite *s = suite_create("json_scan");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, one_row, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tc, says_where, 0, sizeof(fault_rows) / sizeof(fault_rows[0]));
	tcase_add_test(tc, depth_ends_at_the_limit);
	tcase_add_test(tc, a_megabyte_of_brackets_is_refused);
	tcase_add_test(tc, many_keys_are_quick);
	tcase_add_test(tc, large_objects_nest);
	tcase_add_test(tc, every_count_of_keys);
	tcase_add_test(tc, lists_are_known_by_their_bracket);
	suite_add_tcase(s, tc);
	return s;
}
