#include <check.h>
#include <limits.h>

#include "base/json.h"
#include "base/strbuf.h"

START_TEST(pieces)
{
	struct strbuf b;

	strbuf_init(&b, 1000);
	ck_assert_str_eq(b.p, "");
	strbuf_adds(&b, "a");
	strbuf_addc(&b, 'b');
	strbuf_add(&b, "cd\0e", 4);
	strbuf_addf(&b, "-%d-%s", 7, "x");
	memcpy(strbuf_room(&b, 3), "yz", 2);
	strbuf_grew(&b, 2);
	ck_assert_uint_eq(strbuf_slice(&b).n, 12);
	ck_assert_mem_eq(b.p, "abcd\0e-7-xyz", 13);
	strbuf_clear(&b);
	ck_assert_str_eq(b.p, "");
	strbuf_release(&b);
}
END_TEST

START_TEST(integers)
{
	struct strbuf b;

	strbuf_init(&b, 1000);
	strbuf_addi(&b, 0);
	strbuf_addc(&b, ' ');
	strbuf_addi(&b, -1);
	strbuf_addc(&b, ' ');
	strbuf_addi(&b, LLONG_MAX);
	strbuf_addc(&b, ' ');
	strbuf_addi(&b, LLONG_MIN);
	ck_assert_str_eq(b.p, "0 -1 9223372036854775807 -9223372036854775808");
	strbuf_release(&b);
}
END_TEST

START_TEST(the_ceiling_holds)
{
	struct strbuf b;

	strbuf_init(&b, 10);
	strbuf_adds(&b, "0123456789");
	ck_assert(!b.failed);
	strbuf_addc(&b, 'x');
	ck_assert(b.failed);
	ck_assert_str_eq(b.p, "0123456789");
	strbuf_clear(&b);
	ck_assert(!b.failed);
	strbuf_adds(&b, "01234567890");
	ck_assert(b.failed);
	/* Nothing goes behind a hole. */
	strbuf_addc(&b, 'x');
	ck_assert_uint_eq(b.n, 0);
	ck_assert_ptr_null(strbuf_room(&b, 1));
	strbuf_clear(&b);
	strbuf_addf(&b, "%10d", 1);
	ck_assert(!b.failed);
	strbuf_addf(&b, "%d", 1);
	ck_assert(b.failed);
	strbuf_release(&b);
}
END_TEST

START_TEST(growth)
{
	struct strbuf b;

	strbuf_init(&b, 1 << 20);
	for (int i = 0; i < 1 << 20; i++)
		strbuf_addc(&b, (char)('a' + i % 26));
	ck_assert(!b.failed);
	ck_assert_uint_eq(strlen(b.p), 1 << 20);
	for (int i = 0; i < 1 << 20; i++)
		ck_assert_int_eq(b.p[i], 'a' + i % 26);
	strbuf_release(&b);
}
END_TEST

static const struct row {
	int line;
	struct slice in;
	const char *want;
} rows[] = {
#define R(in, want)                           \
	{                                     \
		__LINE__, SLICE_LIT(in), want \
	}
	R("", "\"\""),
	R("abc", "\"abc\""),
	R("a\"b\\c/", "\"a\\\"b\\\\c/\""),
	R("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""),
	R("\0\x01\x1f\x7f", "\"\\u0000\\u0001\\u001f\x7f\""),
	R("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""),
	R("a\xff"
	  "b",
	  "\"a\xef\xbf\xbd"
	  "b\""),
	R("\xc3", "\"\xef\xbf\xbd\""),
	R("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""),
};

START_TEST(json_strings)
{
	struct json_syntax wrong;
	struct strbuf b;

	strbuf_init(&b, 1000);
	strbuf_add_json(&b, rows[_i].in);
	ck_assert_msg(strcmp(b.p, rows[_i].want) == 0, "line %d: %s", rows[_i].line, b.p);
	/* Ours to write, ours to read; but for the NUL. */
	ck_assert(json_scan(strbuf_slice(&b), &wrong) || memchr(rows[_i].in.p, 0, rows[_i].in.n));
	strbuf_release(&b);
}
END_TEST

static void add_times(struct strbuf *b, const char *text, int times)
{
	for (int i = 0; i < times; i++)
		strbuf_adds(b, text);
}

/* With room for it, and with a byte less. */
static void quoted(struct slice in, struct slice want)
{
	struct strbuf got;

	strbuf_init(&got, want.n);
	strbuf_add_json(&got, in);
	ck_assert_msg(!got.failed && strcmp(got.p, want.p) == 0, "%s", got.p);
	strbuf_release(&got);
	strbuf_init(&got, want.n - 1);
	strbuf_add_json(&got, in);
	ck_assert(got.failed);
	strbuf_release(&got);
}

/* Runs and escapes of all lengths, so that each meets the end of what is gathered. */
START_TEST(json_runs)
{
	static const struct {
		const char *run, *escape, *escaped;
	} rows_of[] = {
		{ "a", "\n", "\\n" },
		{ "a", "\x01", "\\u0001" },
		{ "\xc3\xa9", "\"", "\\\"" },
		{ "\xe2\x82\xac", "\xff", "\xef\xbf\xbd" },
		{ "\xf0\x9f\x98\x80", "\\", "\\\\" },
	};
	struct strbuf in, want;

	strbuf_init(&in, 1 << 20);
	strbuf_init(&want, 1 << 20);
	for (int i = 0; i < 70 * 50; i++) {
		strbuf_clear(&in);
		strbuf_clear(&want);
		strbuf_addc(&want, '"');
		for (int round = 0; round < 3; round++) {
			add_times(&in, rows_of[_i].run, i % 70);
			add_times(&in, rows_of[_i].escape, i / 70);
			add_times(&want, rows_of[_i].run, i % 70);
			add_times(&want, rows_of[_i].escaped, i / 70);
		}
		strbuf_addc(&want, '"');
		quoted(strbuf_slice(&in), strbuf_slice(&want));
	}
	strbuf_release(&in);
	strbuf_release(&want);
}
END_TEST

Suite *suite_strbuf(void)
{
	Suite *s = suite_create("strbuf");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, pieces);
	tcase_add_test(tc, integers);
	tcase_add_test(tc, the_ceiling_holds);
	tcase_add_test(tc, growth);
	tcase_add_loop_test(tc, json_runs, 0, 5);
	tcase_add_loop_test(tc, json_strings, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, tc);
	return s;
}
