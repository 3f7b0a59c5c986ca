/* Cron in words against cronstrue: every row of class "same" word for word. Rows of the other classes
 * are those where cronstrue misleads; that ours is right there, t_describe.c says by hand. */
#include "when/describe.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define TABLE "tests/data/describe_cronstrue.tsv"

enum { ROWS_MIN = 3000, OTHERS_MIN = 200, LINE_MAX = 2048, SHOWN_MAX = 20 };

struct counts {
	unsigned same, wrong, others, alike;
};

static void row_check(char *line, struct counts *c)
{
	struct spec_ask ask = { .seed = cron_seed(SLICE_LIT("words")) };
	char *text = strchr(line, '\t');
	char *want = text ? strchr(text + 1, '\t') : NULL;
	struct strbuf out;
	struct spec s;

	ck_assert_msg(want != NULL, "%s", line);
	*text++ = '\0';
	*want++ = '\0';
	want[strcspn(want, "\n")] = '\0';
	ck_assert_msg(spec_parse_cron(&ask, slice_of(text), &s, NULL) == WHEN_OK, "%s", text);
	strbuf_init(&out, DESCRIBE_MAX);
	describe(&s, slice_of(text), false, &out);
	ck_assert_msg(!out.failed && out.n > 0, "%s", text);
	bool is_alike = strcmp(out.p, want) == 0;

	if (strcmp(line, "same") != 0) {
		c->others++;
		c->alike += is_alike;
	} else {
		c->same++;
		if (!is_alike && c->wrong++ < SHOWN_MAX)
			(void)printf("%s\n  want %s\n  got  %s\n", text, want, out.p);
	}
	strbuf_release(&out);
}

START_TEST(cronstrue)
{
	FILE *f = fopen(TABLE, "r");
	char line[LINE_MAX];
	struct counts c = { 0 };

	ck_assert_msg(f != NULL, "%s", TABLE);
	while (fgets(line, sizeof line, f))
		if (line[0] != '#')
			row_check(line, &c);
	(void)fclose(f);
	ck_assert_msg(c.wrong == 0, "%u of %u differ", c.wrong, c.same);
	ck_assert_uint_ge(c.same, ROWS_MIN);
	ck_assert_uint_ge(c.others, OTHERS_MIN);
	/* A class is a reason to differ: if most of its rows do not, it hides mistakes. */
	ck_assert_msg(c.alike * 4 < c.others, "%u of %u other rows are alike", c.alike, c.others);
}
END_TEST

Suite *suite_describe_oracle(void)
{
	Suite *s = suite_create("describe_oracle");
	TCase *tc = tcase_create("describe_oracle");

	tcase_add_test(tc, cronstrue);
	suite_add_tcase(s, tc);
	return s;
}
