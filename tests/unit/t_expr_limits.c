/* Conditions on much data: the ceilings, at them and one above; no memory taken; how long the worst takes; patterns. */
#include "expr/expr.h"

#include "base/json.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
#define COUNTED 1
/* Every malloc of the program, counted. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t n);
static volatile unsigned long mallocs;
void *malloc(size_t n)
{
	mallocs++;
	return __libc_malloc(n);
}
void *calloc(size_t n, size_t size)
{
	mallocs++;
	return __libc_calloc(n, size);
}
void *realloc(void *old, size_t n)
{
	mallocs++;
	return __libc_realloc(old, n);
}
#else
#define COUNTED 0
static unsigned long mallocs;
#endif

enum { MIB = 1 << 20 };
/* Milliseconds of processor time; with sanitizers or without optimisation only that there is an end. */
#if COUNTED && defined(__OPTIMIZE__)
#define SLOWEST_MS 20
#else
#define SLOWEST_MS 1000
#endif

static const struct expr_env open = { NULL, true };
static struct arena *arena;
static double slowest;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

/* head, then mid again and again up to `bytes` in all, then tail */
static struct slice filled(const char *head, const char *mid, size_t bytes, const char *tail)
{
	size_t n = strlen(head), m = strlen(mid), t = strlen(tail);
	char *text = arena_alloc(arena, bytes + n + m + t + 1);

	memcpy(text, head, n);
	for (; n + m + t <= bytes; n += m)
		memcpy(text + n, mid, m);
	memcpy(text + n, tail, t + 1);
	return (struct slice){ text, n + t };
}

static double now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* "true", "false", or the error's code */
static const char *ask(struct slice text, struct slice data)
{
	static const char *const words[] = { "false", "true" };
	static struct expr_error error;
	struct expr_faults faults;
	const struct expr *e = expr_compile(text, &open, arena, &faults);
	struct expr_bind binds[] = { { "", expr_json_index(data, arena) }, { NULL, NULL } };
	enum expr_answer got;
	unsigned long before;
	double began;

	ck_assert_msg(e != NULL, "%.*s: %s", SLICE_ARG(text), faults.list[0].message);
	ck_assert_ptr_nonnull(binds[0].value);
	before = mallocs;
	began = now_ms();
	got = expr_test(e, binds, &error);
	began = now_ms() - began;
	ck_assert_uint_eq(mallocs, before);
	if (began > slowest)
		slowest = began;
	if (getenv("EXPR_TIMES"))
		(void)printf("%6.2f ms %-16s %.60s\n", began,
			     got == EXPR_FAILED ? error.code : words[got], text.p);
	return got == EXPR_FAILED ? error.code : words[got];
}

static void expect(struct slice text, struct slice data, const char *want)
{
	const char *got = ask(text, data);

	ck_assert_msg(strcmp(got, want) == 0, "%.80s with %.80s: %s, not %s", text.p, data.p, got,
		      want);
}

START_TEST(counting)
{
	unsigned long before = mallocs;
	void *volatile p = malloc(1);

	free(p);
	ck_assert(!COUNTED || mallocs > before);
}
END_TEST

START_TEST(values)
{
	/* [0,0,...]: the list and its members. */
	struct slice most = filled("[0", ",0", 2 * EXPR_JSON_NODES_MAX - 1, "]");
	struct slice more = filled("[0", ",0", 2 * EXPR_JSON_NODES_MAX + 1, "]");

	ck_assert_ptr_nonnull(expr_json_index(most, arena));
	ck_assert_uint_eq(most.n, 2 * EXPR_JSON_NODES_MAX - 1);
	ck_assert_ptr_null(expr_json_index(more, arena));
}
END_TEST

/* Cut texts, and others that are not JSON. */
static const struct slice no_json[] = {
	SLICE_LIT(""),
	SLICE_LIT(" "),
	SLICE_LIT("\""),
	SLICE_LIT("{\"a\":\"\\u00"),
	SLICE_LIT("{\"a\":"),
	SLICE_LIT("{\"a\""),
	SLICE_LIT("[1,"),
	SLICE_LIT("[1,2"),
	SLICE_LIT("[1]]"),
	SLICE_LIT("]"),
	SLICE_LIT("}"),
	SLICE_LIT("[}"),
	SLICE_LIT("1 2"),
	SLICE_LIT("[1 2]"),
	SLICE_LIT(","),
	SLICE_LIT("[,]"),
	SLICE_LIT("{\"a\"}"),
	SLICE_LIT("{1:2}"),
	SLICE_LIT("{\"a\":1,\"a\":2}"),
	SLICE_LIT("nul"),
	SLICE_LIT("\"\x01\""),
	SLICE_LIT("\"\xff\""),
	{ NULL, 0 },
};

START_TEST(not_json)
{
	ck_assert_ptr_null(expr_json_index(no_json[_i], arena));
}
END_TEST

START_TEST(nested_too_deeply)
{
	char text[1000];

	memset(text, '[', sizeof(text));
	ck_assert_ptr_null(expr_json_index((struct slice){ text, sizeof(text) }, arena));
	memset(text + sizeof(text) / 2, ']', sizeof(text) / 2);
	ck_assert_ptr_null(expr_json_index((struct slice){ text, sizeof(text) }, arena));
}
END_TEST

/* Each name is found, whatever way its map is sorted; one that is not there is not. */
START_TEST(maps_of_all_sizes)
{
	static const int sizes[] = { 1, 8, 9, 63, 64, 65, 66, 255, 256, 257, 5000 };
	int n = sizes[_i];
	char *text = arena_alloc(arena, MIB), *at = text, question[64];

	for (int i = 0; i < n; i++)
		at += sprintf(at, "%c\"k%d\":%d", i ? ',' : '{', i, i);
	*at++ = '}';
	for (int i = 0; i < n; i += n < 300 ? 1 : 97) {
		(void)snprintf(question, sizeof(question), "k%d == %d && !has(k%d)", i, i, n + i);
		ck_assert_str_eq(
			ask(slice_of(question), (struct slice){ text, (size_t)(at - text) }),
			"true");
	}
}
END_TEST

/* As it stands: nothing in it is an escape, a quote or JSON. */
START_TEST(plain_strings)
{
	static const struct {
		const char *text, *question;
	} rows[] = {
		{ "", "s == '' && size(s) == 0" },
		{ "a\\n\"b", "s == r'a\\n\"b' && size(s) == 5" },
		{ "{\"a\":1}", "type(s) == string && s.startsWith('{')" },
		{ "\x01\n", "size(s) == 2 && s.endsWith('\\n')" },
		{ "1234567\xc3\xa9", "size(s) == 8 && s.contains('7\xc3\xa9')" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9.", "size(s) == 5" },
	};
	static const struct expr_name names[] = { { "s", EXPR_DYN, NULL },
						  { NULL, EXPR_DYN, NULL } };
	const struct expr_env env = { names, false };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct expr_faults faults;
		struct expr_error error;
		const struct expr *e = expr_compile(slice_of(rows[i].question), &env, arena,
						    &faults);
		struct expr_bind binds[] = {
			{ "s", expr_json_string(slice_of(rows[i].text), arena) }, { NULL, NULL }
		};

		ck_assert_msg(e != NULL, "%s", rows[i].question);
		ck_assert_msg(expr_test(e, binds, &error) == EXPR_TRUE, "%s", rows[i].question);
	}
}
END_TEST

START_TEST(scratch)
{
	struct slice fits = filled("{\"a\":\"", "x", EXPR_SCRATCH_MAX + 8 - 3, "\"}");
	struct slice over = filled("{\"a\":\"", "x", EXPR_SCRATCH_MAX + 8 - 2, "\"}");

	expect(SLICE_LIT("size(a + 'abc') == 8192"), fits, "true");
	expect(SLICE_LIT("size(a + 'abc') == 8193"), over, "too_large");
	/* Nothing forgives that. */
	expect(SLICE_LIT("size(a + 'abc') == 8193 || true"), over, "too_large");
	/* What is no longer used is given back. */
	expect(SLICE_LIT("a.upperAscii() != a && a.upperAscii() != a && size(a.upperAscii()) > 1"),
	       fits, "true");
	expect(SLICE_LIT("[1, 2, 3].all(i, size(a.upperAscii()) > i)"), fits, "true");
	expect(SLICE_LIT("a.upperAscii() == a.upperAscii()"), fits, "too_large");
	expect(SLICE_LIT("size(a.lowerAscii() + '') == 8189"), fits, "too_large");
	/* As they are read, not as they are written: 6 bytes for one. */
	expect(SLICE_LIT("size(a.trim()) == 5000"), filled("{\"a\":\"", "\\u0061", 30008, "\"}"),
	       "true");
}
END_TEST

/* A list of n zeroes, each looked at by i >= 0: the loop's fixed part and 3 nodes, a member and a number each. */
START_TEST(steps)
{
	unsigned low = 1, high = 60000;

	while (high - low > 1) {
		unsigned mid = (low + high) / 2;
		struct slice data = filled("{\"l\":[0", ",0", 2 * mid + 6, "]}");

		if (strcmp(ask(SLICE_LIT("l.all(i, i >= 0)"), data), "true") == 0)
			low = mid;
		else
			high = mid;
	}
	/* Three steps of 64 each, 16 for the member, 2 for the number: 210. */
	ck_assert_msg(low > 30000 && low < 30600, "%u", low);
	expect(SLICE_LIT("l.all(i, i >= 0) || true"), filled("{\"l\":[0", ",0", 2 * high + 6, "]}"),
	       "too_many_steps");
	expect(SLICE_LIT("true || l.all(i, i >= 0)"), filled("{\"l\":[0", ",0", 2 * high + 6, "]}"),
	       "true");
	/* What people ask of a large text is within the bounds. */
	expect(SLICE_LIT("a.contains('needle') || size(a) < 9 || a.endsWith('y')"),
	       filled("{\"a\":\"", "hay ", MIB, "\"}"), "false");
	expect(SLICE_LIT("a.contains('needle') || a.endsWith('y')"),
	       filled("{\"a\":\"", "hay\\n", MIB, "\"}"), "false");
	expect(SLICE_LIT("a.matches('needle[0-9]+')"), filled("{\"a\":\"", "hay ", MIB, "\"}"),
	       "false");
	expect(SLICE_LIT("a.matches('^needle')"), filled("{\"a\":\"", "needles ", MIB, "\"}"),
	       "true");
	expect(SLICE_LIT("'x' in l"), filled("{\"l\":[\"a\"", ",\"a\"", 200000, "]}"), "false");
}
END_TEST

/* ---- the worst ---- */

static const struct worst {
	int line;
	const char *text, *head, *mid, *tail;
} worsts[] = {
#define W(text, head, mid, tail)                \
	{                                       \
		__LINE__, text, head, mid, tail \
	}
	W("l.all(i, l.all(j, j >= i))", "{\"l\":[0", ",0", "]}"),
	W("l.all(i, l.all(j, l.all(k, !(k < 0.5) || true)))", "{\"l\":[0", ",0.25", "]}"),
	W("l.all(i, i < 1.0)", "{\"l\":[0", ",0.12345678901234567890123456789012345678e-5", "]}"),
	W("l.all(i, [1].all(j, double(string(i)) < 5.0))", "{\"l\":[0", ",0.1234567890123456",
	  "]}"),
	W("l.all(i, l.all(j, m.k7 == 'x'))",
	  "{\"m\":{\"k1\":1,\"k2\":2,\"k3\":3,\"k4\":4,\"k5\":5,\"k6\":6,\"k7\":\"x\"},\"l\":[0",
	  ",0", "]}"),
	W("l.all(i, i in l || true)", "{\"l\":[0", ",1", "]}"),
	W("l.all(i, l == l)", "{\"l\":[[{}]", ",[{\"a\":[]}]", "]}"),
	W("l.all(i, a.contains('needle') || true)", "{\"l\":[0,0,0,0,0,0,0,0,0,0],\"a\":\"x", "nee",
	  "\"}"),
	W("l.all(i, a.contains('aaaaaaaaaaaaaaaab') || true)",
	  "{\"l\":[0,0,0,0,0,0,0,0,0,0],\"a\":\"x", "a", "\"}"),
	W("l.all(i, a.contains('baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') || true)",
	  "{\"l\":[0,0,0,0,0,0,0,0,0,0],\"a\":\"x", "a", "\"}"),
	W("l.all(i, a.contains('needle') || true)", "{\"l\":[0,0,0,0,0,0,0,0,0,0],\"a\":\"x",
	  "n\\u0065", "\"}"),
	W("a.contains(b)", "{\"b\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa\\u0062\",\"a\":\"x", "a", "\"}"),
	W("l.all(i, size(a) > 0)", "{\"l\":[0,0,0,0,0,0,0,0,0,0,0],\"a\":\"x", "\u00e9", "\"}"),
	W("l.all(i, size(a) > 0)", "{\"l\":[0,0,0,0,0,0,0,0,0,0,0],\"a\":\"x", "\\u00e9", "\"}"),
	W("l.all(i, a.endsWith('q') || true)", "{\"l\":[0,0,0,0,0,0,0,0,0,0,0],\"a\":\"x", "\\n",
	  "\"}"),
	W("l.all(i, a == b && a <= b)", "{\"l\":[0,0,0,0,0,0,0,0,0,0,0],\"a\":\"x\",\"b\":\"x",
	  "\\n", "\"}"),
	W("a.matches('(a|b|c|d|e)*(x|y|z)*$q')", "{\"a\":\"", "abcxyz", "\"}"),
	W("a.matches('(a?){200}a{300}q')", "{\"a\":\"", "a", "\"}"),
	W("a.matches('[^q]{900}q')", "{\"a\":\"", "abcxyz", "\"}"),
	W("a.matches('(?i)[a-bx-z0-9._%+-]+@[a-z0-9.-]+q')", "{\"a\":\"", "abxyz@", "\"}"),
	W("l.all(i, a.matches('needle') || true)", "{\"l\":[0,0,0,0,0,0,0,0,0,0,0],\"a\":\"x",
	  "hay ", "\"}"),
	W("l.all(i, a.trim() == a.trim())", "{\"a\":\"\\n123456789abcdefghijklm\",\"l\":[0", ",0",
	  "]}"),
	W("m.all(k, m[k] == 0 && k in m)", "{\"m\":{\"x\":0", ",\"%05u\":0", "}}"),
	W("l.all(i, has(m.zz) || true)", "{\"l\":[0,0,0,0],\"m\":{\"x\":0", ",\"%05u\":0", "}}"),
};

/* Many members of different names. */
static struct slice numbered(const struct worst *w)
{
	char *text = arena_alloc(arena, MIB), *at = stpcpy(text, w->head);

	for (unsigned i = 0; i < 60000; i++)
		at += sprintf(at, ",\"%05u\":0", i);
	at = stpcpy(at, w->tail);
	return (struct slice){ text, (size_t)(at - text) };
}

START_TEST(worst)
{
	const struct worst *w = &worsts[_i];
	bool is_list = strchr(w->mid, ',') != NULL;
	struct slice data = strchr(w->mid, '%')
				  ? numbered(w)
				  : filled(w->head, w->mid, is_list ? 120000 : MIB, w->tail);
	struct json_syntax wrong;
	double best = 1e9;

	ck_assert_msg(json_scan(data, &wrong), "line %d: %s at %zu", w->line, wrong.message,
		      wrong.at);
	/* The best of five: the machine has other things to do. */
	for (int i = 0; i < 5 && best > SLOWEST_MS; i++) {
		slowest = 0;
		(void)ask(slice_of(w->text), data);
		best = slowest < best ? slowest : best;
	}
	ck_assert_msg(best < SLOWEST_MS, "line %d: %f ms", w->line, best);
}
END_TEST

/* As many patterns as fit, each as large as may be; names that are near to many; a map of many keys. */
START_TEST(worst_compiled)
{
	static const char *const parts[][3] = {
		{ "a.matches('x')", "||a.matches('([a-bd-eg-h]?){300}')", "" },
		{ "a.matches('x", "(x?){12}", "')" },
		{ "a.matches('[", "acegi", "]{900}')" },
		{ "aa.b()", "||aa.b()", "" },
		{ "{0:1}=={1:1", ",01:1", "}" },
	};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		struct slice text = filled(parts[i][0], parts[i][1], EXPR_TEXT_MAX, parts[i][2]);
		double best = 1e9, began;
		struct expr_faults faults;

		for (int k = 0; k < 5 && best > SLOWEST_MS; k++) {
			began = now_ms();
			(void)expr_compile(text, &open, arena, &faults);
			began = now_ms() - began;
			best = began < best ? began : best;
		}
		if (getenv("EXPR_TIMES"))
			(void)printf("%6.2f ms compiling %.60s\n", best, text.p);
		ck_assert_msg(best < SLOWEST_MS, "%s: %f ms", text.p, best);
	}
}
END_TEST

/* ---- the index ---- */

START_TEST(members)
{
	char *text = arena_alloc(arena, 400000), *at = text;

	/* Many, few, with escapes, nested, with blanks: each is found. */
	at += sprintf(at, " { \"many\" : {");
	for (int i = 0; i < 5000; i++)
		at += sprintf(at, "%s\n\"%sk%d\" : [ %d , { \"v\" : \"%d\" } ]", i ? "," : "",
			      i % 3 ? "" : "\\u006b", i, i, i);
	(void)sprintf(
		at,
		"} , \"l\" : [ [ ] , { } , [ [ 1 ] ] , \"]}\\\"\" , -1.5 , true , false , null ] } \n");
	for (int i = 0; i < 5000; i += 7) {
		char *ask_k = arena_printf(arena,
					   "many['%sk%d'][0] == %d && many.%sk%d[1].v == '%d'",
					   i % 3 ? "" : "k", i, i, i % 3 ? "" : "k", i, i);

		expect(slice_of(ask_k), slice_of(text), "true");
	}
	expect(SLICE_LIT("has(many.k5000) || has(many.k) || has(many.k01)"), slice_of(text),
	       "false");
	expect(SLICE_LIT("l == [[], {}, [[1]], ']}\"', -1.5, true, false, null]"), slice_of(text),
	       "true");
	expect(SLICE_LIT("size(many) == 5000 && size(l) == 8 && l[2][0][0] == 1 && l[7] == null"),
	       slice_of(text), "true");
}
END_TEST

/* ---- patterns ---- */

static const struct pattern {
	int line;
	const char *pattern, *yes, *no; /* texts, blanks between them; "-" is the empty one */
} patterns[] = {
#define P(pattern, yes, no)                \
	{                                  \
		__LINE__, pattern, yes, no \
	}
	P("", "- a", ""),
	P("abc", "abc xabcx", "ab acb -"),
	P("^abc$", "abc", "xabc abcx"),
	P("^a|b$", "ax xb", "xa bx"),
	P("a|b|cd", "a b cd xcdx", "c d -"),
	P("a||b", "- x", ""),
	P("^(a|b)*c$", "c abac", "abdc ca"),
	P("^a+b?$", "a aab", "b - abb"),
	P("^a{2,3}$", "aa aaa", "a aaaa"),
	P("^a{2}$", "aa", "a aaa"),
	P("^a{2,}$", "aa aaaaa", "a"),
	P("^a{0,2}b{0}$", "- a aa", "aaa b"),
	P("^(ab){2}c{0,1}$", "abab ababc", "ab ababcc"),
	P("^a{,2}$", "a{,2}", "a aa"),
	P("x{", "x{", "x"),
	P("^(a*)*$", "- aaa", "b"),
	P("^(a?){3}a{3}$", "aaa aaaaaa", "aa aaaaaaa"),
	P("a+?b*?", "a", "b"),
	P("^[a-c]+$", "abc", "abd -"),
	P("^[^a-c]+$", "xyz \u00e9", "xaz"),
	P("^[]a]+$", "]a", "b"),
	P("^[a-]+$", "a-", "b"),
	P("^[\\w.]+@[\\w-]+\\.com$", "a.b@c-d.com", "a@b.org @b.com"),
	P("^\\d{3}-\\D\\S$", "123-xy", "12a-xy 123-1y"),
	P("^[[:alpha:]_]+[[:^digit:]]$", "ab_c", "ab1"),
	P("^.$", "a \u00e9 \U0001F600", "ab -"),
	P("^h.llo$", "h\u00e9llo hello", "hllo"),
	P("^[\u00e0-\u00ff]+$", "\u00e9\u00e8", "e"),
	P("(?i)^hello [x]$", "", "hello"),
	P("(?i)HeLLo[x-z]", "hEllOY", "hell"),
	P("a(?i)b", "aB ab", "AB"),
	P("(?i:a)b", "Ab ab", "AB aB"),
	P("(?:ab)+(?P<n>c)", "ababc", "ab"),
	P("\\bfoo\\b", "foo foo-x", "foox xfoo"),
	P("\\Boo\\b", "foo", "oo oox"),
	P("\\Aa\\z", "a", "ab ba"),
	P("\\x41\\x{42}\\.\\*", "AB.*", "ABx*"),
	P("^[\\d\\s]+$", "12", "a"),
	P("^[^\\d]$", "a", "1"),
	P("(a|ab)(c|bcd)$", "abcd abc ac", "abd"),
	P("^(?:(?:a|b)|(?:c|d))+$", "abcd", "e -"),
};

static void match_all(const struct pattern *p, const char *texts, const char *want)
{
	char copy[256], *save;

	(void)snprintf(copy, sizeof copy, "%s", texts);
	for (char *t = strtok_r(copy, " ", &save); t; t = strtok_r(NULL, " ", &save)) {
		if (strcmp(t, "-") == 0)
			*t = '\0';
		struct slice text = slice_of(
			arena_printf(arena, "'%s'.matches(r\"%s\")", t, p->pattern));

		ck_assert_msg(strcmp(ask(text, SLICE_LIT("{}")), want) == 0,
			      "line %d: %s is not %s", p->line, text.p, want);
		/* The same letters from JSON, with an escape. */
		text = slice_of(arena_printf(arena, "a.matches(r\"%s\")", p->pattern));
		if ((t[0] | 0x20) >= 'a' && (t[0] | 0x20) <= 'z')
			expect(text,
			       slice_of(arena_printf(arena, "{\"a\":\"\\u%04x%s\"}", t[0], t + 1)),
			       want);
	}
}

START_TEST(matching)
{
	const struct pattern *p = &patterns[_i];

	match_all(p, p->yes, "true");
	match_all(p, p->no, "false");
}
END_TEST

START_TEST(lines)
{
	expect(SLICE_LIT(
		       "a.matches('(?m)^b$') && !a.matches('^b$') && a.matches('(?s)a.b') && !a.matches('a.b')"),
	       SLICE_LIT("{\"a\":\"a\\nb\\nc\"}"), "true");
	expect(SLICE_LIT("matches(a, 'b') && a.matches('[^x]b') && a.matches(r'\\n')"),
	       SLICE_LIT("{\"a\":\"a\\nb\"}"), "true");
	expect(SLICE_LIT("a.matches('(?i)^hello [x]$')"), SLICE_LIT("{\"a\":\"HeLLO X\"}"), "true");
}
END_TEST

Suite *suite_expr_limits(void)
{
	Suite *s = suite_create("expr_limits");
	TCase *tc = tcase_create("expr_limits");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, counting);
	tcase_add_test(tc, values);
	tcase_add_loop_test(tc, not_json, 0, sizeof no_json / sizeof no_json[0]);
	tcase_add_test(tc, nested_too_deeply);
	tcase_add_loop_test(tc, maps_of_all_sizes, 0, 11);
	tcase_add_test(tc, plain_strings);
	tcase_add_test(tc, scratch);
	tcase_add_test(tc, steps);
	tcase_add_loop_test(tc, worst, 0, sizeof worsts / sizeof worsts[0]);
	tcase_add_test(tc, worst_compiled);
	tcase_add_test(tc, members);
	tcase_add_loop_test(tc, matching, 0, sizeof patterns / sizeof patterns[0]);
	tcase_add_test(tc, lines);
	suite_add_tcase(s, tc);
	return s;
}
