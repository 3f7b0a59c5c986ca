/* Markdown in, each platform's text out. The columns are what somebody who knows the platform would type.
 * Z is a zero-width space: the only way to keep a mark from being one where it cannot be escaped. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "channel/channel_int.h"

#define Z "\xe2\x80\x8b"
#define EMOJI "\xf0\x9f\x98\x80"
#define DOTS "\xe2\x80\xa6"
#define BAD "\xef\xbf\xbd"

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

static struct slice convert(const struct dialect *d, enum channel_format format, struct slice text)
{
	struct content content = { .format = format, .text = text };
	bool was_cut;

	return markup_write(d, &content, a, &was_cut);
}

/* NULL: as the column before it. */
static const struct row {
	int line;
	const char *in, *slack, *discord, *telegram, *whatsapp, *plain;
} rows[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
	/* marks */
	R("**b** *i* _i_ ~~s~~", "*b* _i_ _i_ ~s~", "**b** *i* *i* ~~s~~",
	  "<b>b</b> <i>i</i> <i>i</i> <s>s</s>", "*b* _i_ _i_ ~s~", "b i i s"),
	R("**a *b* c**", "*a _b_ c*", "**a *b* c**", "<b>a <i>b</i> c</b>", "*a _b_ c*", "a b c"),
	R("***x***", "*_x_*", "***x***", "<b><i>x</i></b>", "*_x_*", "x"),
	R("*a **b***", "_a *b*_", "*a **b***", "<i>a <b>b</b></i>", "_a *b*_", "a b"),
	R("**a** **a**b", "*a* *a*" Z "b", "**a** **a**b", "<b>a</b> <b>a</b>b", "*a* *a*" Z "b",
	  "a ab"),
	/* what closes nothing is text */
	R("**open", Z "*" Z Z "*" Z "open", "\\*\\*open", "**open", Z "*" Z Z "*" Z "open",
	  "**open"),
	R("2 * 3 * 4, a*b", "2 * 3 * 4, a*b", "2 \\* 3 \\* 4, a\\*b", "2 * 3 * 4, a*b",
	  "2 * 3 * 4, a*b", NULL),
	R("snake_case_name", "snake_case_name", "snake\\_case\\_name", "snake_case_name",
	  "snake_case_name", NULL),
	R("\\*not\\*", Z "*" Z "not" Z "*" Z, "\\*not\\*", "*not*", Z "*" Z "not" Z "*" Z, "*not*"),
	R("****", "———", "———", "———", "———", "---"),
	R("*a _b* c_", "_a " Z "_" Z "b_ c" Z "_" Z, "*a \\_b* c\\_", "<i>a _b</i> c_",
	  "_a " Z "_" Z "b_ c" Z "_" Z, "a _b c_"),
	/* code */
	R("`a*b` x", "`a*b` x", "`a*b` x", "<code>a*b</code> x", "`a*b` x", "a*b x"),
	R("`` a`b ``",
	  "`a\xcb\x8b"
	  "b`",
	  "`a\xcb\x8b"
	  "b`",
	  "<code>a`b</code>",
	  "`a\xcb\x8b"
	  "b`",
	  "a`b"),
	R("**x `y` z**", "*x `y` z*", "**x `y` z**", "<b>x </b><code>y</code><b> z</b>",
	  "*x `y` z*", "x y z"),
	R("`open", Z "`" Z "open", "\\`open", "`open", Z "`" Z "open", "`open"),
	R("```\na <b>\n```", "```\na &lt;b&gt;\n```", "```\na <b>\n```", "<pre>a &lt;b&gt;</pre>",
	  "```\na <b>\n```", "a <b>"),
	R("~~~\n```\n~~~", "```\n``" Z "`\n```", NULL, "<pre>```</pre>", "```\n``" Z "`\n```",
	  "```"),
	R("~~~\n```````\n~~~", "```\n``" Z "``" Z "``" Z "`\n```", NULL, "<pre>```````</pre>",
	  "```\n``" Z "``" Z "``" Z "`\n```", "```````"),
	R("```\nnever closed *x*", "```\nnever closed *x*\n```", NULL,
	  "<pre>never closed *x*</pre>", "```\nnever closed *x*\n```", "never closed *x*"),
	R("|a|b|\n|-|-|\n|1|2|\n\nx", "```\n|a|b|\n|-|-|\n|1|2|\n```\n\nx", NULL,
	  "<pre>|a|b|\n|-|-|\n|1|2|</pre>\n\nx", "```\n|a|b|\n|-|-|\n|1|2|\n```\n\nx",
	  "|a|b|\n|-|-|\n|1|2|\n\nx"),
	/* links */
	R("[t](https://x.example/a?b=1&c=2)", "<https://x.example/a?b=1&amp;c=2|t>",
	  "[t](https://x.example/a?b=1&c=2)", "<a href=\"https://x.example/a?b=1&amp;c=2\">t</a>",
	  "t (https://x.example/a?b=1&c=2)", NULL),
	R("[a](https://x.example/w_(y)) z", "<https://x.example/w_%28y%29|a> z",
	  "[a](https://x.example/w_%28y%29) z", "<a href=\"https://x.example/w_%28y%29\">a</a> z",
	  "a (https://x.example/w_%28y%29) z", NULL),
	R("[**b**](http://x.example/)", "<http://x.example/|b>", "[**b**](http://x.example/)",
	  "<a href=\"http://x.example/\"><b>b</b></a>", "*b* (http://x.example/)",
	  "b (http://x.example/)"),
	R("[*a](http://x.example/) b*", "<http://x.example/|" Z "*" Z "a> b" Z "*" Z,
	  "[\\*a](http://x.example/) b\\*", "<a href=\"http://x.example/\">*a</a> b*",
	  Z "*" Z "a (http://x.example/) b" Z "*" Z, "*a (http://x.example/) b*"),
	R("**[b](http://x.example/)**", "*<http://x.example/|b>*", "**[b](http://x.example/)**",
	  "<b><a href=\"http://x.example/\">b</a></b>", "*b (http://x.example/)*",
	  "b (http://x.example/)"),
	R("[`c`](http://x.example/)", "<http://x.example/|c>", "[`c`](http://x.example/)",
	  "<a href=\"http://x.example/\">c</a>", "`c` (http://x.example/)",
	  "c (http://x.example/)"),
	R("![alt](http://x.example/i.png)", "<http://x.example/i.png|alt>",
	  "[alt](http://x.example/i.png)", "<a href=\"http://x.example/i.png\">alt</a>",
	  "alt (http://x.example/i.png)", NULL),
	R("[![badge](http://i.example/)](http://x.example/)", "<http://x.example/|badge>",
	  "[badge](http://x.example/)", "<a href=\"http://x.example/\">badge</a>",
	  "badge (http://x.example/)", NULL),
	R("[x](javascript:alert(1))", "[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))",
	  "[x](javascript:alert(1))", NULL, NULL),
	R("(see http://x.example/a_b_c).", "(see <http://x.example/a_b_c>).",
	  "(see http://x.example/a_b_c).", NULL, NULL, NULL),
	R("<https://x.example/?q=\"|>", "<https://x.example/?q=%22%7C>",
	  "https://x.example/?q=%22%7C", NULL, NULL, NULL),
	R("[a [b](http://x.example/) c](http://y.example/)",
	  "[a <http://x.example/|b> c](<http://y.example/>)",
	  "\\[a [b](http://x.example/) c\\](http://y.example/)",
	  "[a <a href=\"http://x.example/\">b</a> c](http://y.example/)",
	  "[a b (http://x.example/) c](http://y.example/)", NULL),
	/* escapes: what would be marks there, and is none here */
	R("<script>&amp;</script>", "&lt;script&gt;&amp;&lt;/script&gt;",
	  "\\<script\\>&\\</script\\>", "&lt;script&gt;&amp;&lt;/script&gt;", "<script>&</script>",
	  NULL),
	R("<!channel> <@U1> @here", "&lt;!channel&gt; &lt;@U1&gt; @here",
	  "\\<!channel\\> \\<@U1\\> @" Z "here", "&lt;!channel&gt; &lt;@U1&gt; @here",
	  "<!channel> <@U1> @here", NULL),
	R("http://x.example/@everyone", "<http://x.example/%40everyone>",
	  "http://x.example/%40everyone", NULL, NULL, NULL),
	R("x@everyone", "x@everyone", "x@" Z "everyone", "x@everyone", NULL, NULL),
	R("||spoiler||", "||spoiler||", "\\|\\|spoiler\\|\\|", "||spoiler||", NULL, NULL),
	/* blocks */
	R("# A\n## B\n#### D\n#not", "*A*\n\n*B*\n\n*D*\n\n#not", "# A\n\n## B\n\n**D**\n\n\\#not",
	  "<b>A</b>\n\n<b>B</b>\n\n<b>D</b>\n\n#not", "*A*\n\n*B*\n\n*D*\n\n#not",
	  "A\n\nB\n\nD\n\n#not"),
	R("Title\n=====\nx", "*Title*\n\nx", "# Title\n\nx", "<b>Title</b>\n\nx", "*Title*\n\nx",
	  "Title\n\nx"),
	R("- a\n  - b\n- c", "• a\n    • b\n• c", "- a\n  - b\n- c", "• a\n    • b\n• c", NULL,
	  "- a\n  - b\n- c"),
	R("7. a\n8) b", "7. a\n8. b", NULL, NULL, NULL, NULL),
	R("It was in\n1986. So.", "It was in\n1986. So.", "It was in\n1986\\. So.",
	  "It was in\n1986. So.", NULL, NULL),
	R("- [ ] a\n- [x] b", "• ☐ a\n• ☑ b", "- ☐ a\n- ☑ b", "• ☐ a\n• ☑ b", NULL, "- ☐ a\n- ☑ b"),
	R("> a **b**\n> c\n\nd", "> a *b*\n> c\n\nd", "> a **b**\n> c\n\nd",
	  "<blockquote>a <b>b</b>\nc</blockquote>\n\nd", "> a *b*\n> c\n\nd", "> a b\n> c\n\nd"),
	R("a\n\n---\n\nb", "a\n\n———\n\nb", NULL, NULL, NULL, "a\n\n---\n\nb"),
	R("\\> a\n\\- b\n\\1. c", "&gt; a\n- b\n\\1. c", "\\> a\n\\- b\n\\\\1. c",
	  "&gt; a\n- b\n\\1. c", "> a\n- b\n\\1. c", NULL),
	/* bytes */
	R("a\r\nb\rc", "a\nb\nc", NULL, NULL, NULL, NULL),
	R("a\x01\xff\xc3(", "a" BAD BAD BAD "(", NULL, NULL, NULL, NULL),
	R("مرحبا **عالم**", "مرحبا *عالم*", "مرحبا **عالم**", "مرحبا <b>عالم</b>", "مرحبا *عالم*",
	  "مرحبا عالم"),
	R("日本**語**", "日本" Z "*語*", "日本**語**", "日本<b>語</b>", "日本" Z "*語*", "日本語"),
	R("#\n\nx\n\n* \n\n[![](http://i.example/)](http://x.example/)", "x", NULL, NULL, NULL,
	  NULL),
	R("`@everyone`", "`@everyone`", "`@" Z "everyone`", "<code>@everyone</code>", "`@everyone`",
	  "@everyone"),
	R("", "(nothing)", NULL, NULL, NULL, NULL),
	R("\n \t\n&nbsp;", "(nothing)", NULL, NULL, NULL, NULL),
#undef R
};

START_TEST(conversion)
{
	const struct row *r = &rows[_i];
	const struct dialect *const dialects[] = { &dialect_slack, &dialect_discord,
						   &dialect_telegram, &dialect_whatsapp,
						   &dialect_plain };
	const char *const wants[] = { r->slack, r->discord, r->telegram, r->whatsapp, r->plain };
	const char *want = NULL;

	for (int i = 0; i < 5; i++) {
		struct slice got = convert(dialects[i], FORMAT_MARKDOWN, slice_of(r->in));

		want = wants[i] ? wants[i] : want;
		ck_assert_msg(slice_is(got, want), "row %d, column %d:\n%.*s\nis not\n%s", r->line,
			      i, SLICE_ARG(got), want);
	}
}
END_TEST

/* Two platforms that differ in one thing each. */
static const struct other {
	int line;
	const struct dialect *dialect;
	enum channel_format format;
	const char *in, *want;
} others[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
#define BLOCK(more, text) ",{\"type\":\"TextBlock\",\"wrap\":true" more ",\"text\":\"" text "\"}"
	R(&dialect_google_chat, FORMAT_MARKDOWN, "**b** <users/all> & [t](https://x.example/?a&b)",
	  "*b* <" Z "users/all> & <https://x.example/?a&b|t>"),
	R(&dialect_google_chat, FORMAT_TEXT, "x<mailto:a|b> < c", "x" Z "<" Z "mailto:a|b> < c"),
	R(&dialect_teams, FORMAT_MARKDOWN, "# H\n\na **b** \"q\" \\\\ {{DATE(x)}}\nc",
	  BLOCK(",\"size\":\"Medium\",\"weight\":\"Bolder\"", "H")
		  BLOCK("", "a **b** \\\"q\\\" \\\\\\\\ \\\\{\\\\{DATE(x)}}\\n\\nc")),
	R(&dialect_teams, FORMAT_MARKDOWN, "```\n a[0]\n```\n1. x",
	  BLOCK(",\"fontType\":\"Monospace\"", "\xc2\xa0"
					       "a\\\\[0\\\\]")
		  BLOCK(",\"spacing\":\"Small\"", "1\\\\. x")),
	R(&dialect_html, FORMAT_MARKDOWN, "**b** <script>alert(\"x\")</script>\n- i",
	  "<p><strong>b</strong> &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</p>\n<div>• i</div>"),
	R(&dialect_html, FORMAT_MARKDOWN, "[a](https://x.example/\"onclick=\"x)",
	  "<p><a href=\"https://x.example/%22onclick=%22x\">a</a></p>"),
	/* plain text has no marks, but URLs work */
	R(&dialect_slack_plain, FORMAT_TEXT, "*a* _b_ <c> http://x.example/a_b",
	  "*a* _b_ &lt;c&gt; <http://x.example/a_b>"),
	R(&dialect_discord, FORMAT_TEXT, "# *a* http://x.example/a_b",
	  "\\# \\*a\\* http://x.example/a_b"),
	R(&dialect_telegram, FORMAT_TEXT, "  **a** <b>", "  **a** &lt;b&gt;"),
	/* JSON is laid out as code */
	R(&dialect_discord, FORMAT_JSON, "{\"a\":[1,2.50,{}],\"b\":\"x:{,}\\\"\"}",
	  "```\n{\n  \"a\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"b\": \"x:{,}\\\"\"\n}\n```"),
	R(&dialect_discord, FORMAT_JSON, "{broken", "```\n{broken\n```"),
#undef R
};

START_TEST(other_conversion)
{
	const struct other *o = &others[_i];
	struct slice got = convert(o->dialect, o->format, slice_of(o->in));

	ck_assert_msg(slice_is(got, o->want), "row %d:\n%.*s\nis not\n%s", o->line, SLICE_ARG(got),
		      o->want);
}
END_TEST

static struct slice repeat(const char *text, size_t times)
{
	size_t n = strlen(text);
	char *p = arena_alloc(a, n * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(p + i * n, text, n);
	return (struct slice){ p, n * times };
}

/* A dialect with a limit of its own makes the cut easy to see: 64 units are kept for the sentence. */
static const struct cut {
	int line;
	const struct dialect *dialect;
	size_t limit;
	const char *in, *want;
} cuts[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
#define A60 "aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbb"
	R(&dialect_discord, 70, A60 "0123456789", A60 "0123456789"),
	R(&dialect_discord, 70, A60 "0123456789x", "aaaaaa" DOTS " (65 more characters)"),
	R(&dialect_discord, 70, "**" A60 "0123456789**", "**aa**" DOTS " (68 more characters)"),
	R(&dialect_discord, 69, "1234" EMOJI A60 A60, "1234" DOTS " (121 more characters)"),
	R(&dialect_discord, 70, "1234" EMOJI A60 A60, "1234" EMOJI DOTS " (120 more characters)"),
	R(&dialect_telegram, 70, "<b>**" A60 A60 "**",
	  "&lt;b&gt;<b>aaa</b>" DOTS " (117 more characters)"),
	R(&dialect_telegram, 70, "a [b" A60 "](http://x.example/)" A60,
	  "a <a href=\"http://x.example/\">baaa</a>" DOTS " (117 more characters)"),
	R(&dialect_discord, 78, "```\n" A60 A60 "\n```",
	  "```\naaaaaa\n```\n\n" DOTS " (114 more characters)"),
	R(&dialect_slack, 70, "aaaa&&" A60 A60, "aaaa" DOTS " (122 more characters)"),
	R(&dialect_whatsapp, 74, "ab http://x.example/ " A60 A60,
	  "ab " DOTS " (138 more characters)"),
#undef R
};

START_TEST(cut)
{
	const struct cut *c = &cuts[_i];
	struct dialect d = *c->dialect;

	d.limit = c->limit;
	struct slice got = convert(&d, FORMAT_MARKDOWN, slice_of(c->in));

	ck_assert_msg(slice_is(got, c->want), "row %d:\n%.*s\nis not\n%s", c->line, SLICE_ARG(got),
		      c->want);
}
END_TEST

/* What lies far beyond the limit is counted, not read; and counted right. */
START_TEST(huge_texts_are_cut_early)
{
	struct slice text = repeat("x", 1 << 20);
	struct slice got = convert(&dialect_discord, FORMAT_TEXT, text);
	size_t shown = 2000 - 64;
	const char *want = arena_printf(a, "%.*s" DOTS " (%zu more characters)", (int)shown, text.p,
					(1ul << 20) - shown);

	ck_assert_msg(slice_is(got, want), "%.*s", SLICE_ARG(got));
}
END_TEST

static const char *const floods[] = {
	"*",  "_",  "**a ", "[",  "[a](",       "`",         "`a``b",
	"> ", "- ", "![",   "](", "*a _b ~~c ", "http://x/", "|a|\n|-|\n",
	"&",  "\\", "<",    "\n", "#",          "1.",        "[a](http://x"
};

/* Linear, whatever it is. A second is a hundred times what it takes. */
START_TEST(floods_take_no_time)
{
	struct slice text = repeat(floods[_i], (1 << 20) / strlen(floods[_i]));
	struct timespec from, to;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	convert(&dialect_html, FORMAT_MARKDOWN, text);
	convert(&dialect_google_chat, FORMAT_MARKDOWN, text);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	ck_assert_msg(to.tv_sec - from.tv_sec < 2, "\"%s\" takes seconds", floods[_i]);
}
END_TEST

#define COUNT(list) (int)(sizeof(list) / sizeof((list)[0]))

Suite *suite_markup(void)
{
	Suite *s = suite_create("markup");
	TCase *tc = tcase_create("markup");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, conversion, 0, COUNT(rows));
	tcase_add_loop_test(tc, other_conversion, 0, COUNT(others));
	tcase_add_loop_test(tc, cut, 0, COUNT(cuts));
	tcase_add_test(tc, huge_texts_are_cut_early);
	tcase_add_loop_test(tc, floods_take_no_time, 0, COUNT(floods));
	suite_add_tcase(s, tc);
	return s;
}
