/* Conditions against an independent implementation of CEL: every row of the table, or, where our rules differ on
 * purpose, what they say. A fault at compiling counts as an error. */
#include "expr/expr.h"

#include "base/json.h"
#include <check.h>
#include <stdio.h>

#define TABLE "tests/data/expr_cel.tsv"

enum { ROWS_MIN = 500, LINE_MAX = 2048, SHOWN_MAX = 60 };

struct counts {
	unsigned rows, wrong, others;
};

static const char *answer(struct slice text, struct slice data)
{
	static const struct expr_env open = { NULL, true };
	static const char *const words[] = { "false", "true", "error" };
	struct arena *a = arena_new();
	struct expr_faults faults;
	const struct expr *e = expr_compile(text, &open, a, &faults);
	struct expr_bind binds[] = { { "", expr_json_index(data, a) }, { NULL, NULL } };
	struct expr_error error;
	const char *got = e ? words[expr_test(e, binds, &error)] : "error";

	arena_free(a);
	return got;
}

static void row_check(char *line, struct counts *c)
{
	char *cell[5] = { line };
	struct json_syntax wrong;
	const char *want, *got;

	line[strcspn(line, "\n")] = '\0';
	for (int i = 1; i < 5; i++) {
		cell[i] = strchr(cell[i - 1], '\t');
		ck_assert_msg(cell[i] != NULL, "%s", line);
		*cell[i]++ = '\0';
	}
	ck_assert_msg(json_scan(slice_of(cell[1]), &wrong), "%s", cell[1]);
	want = strcmp(cell[3], "=") == 0 ? cell[2] : cell[3];
	got = answer(slice_of(cell[0]), slice_of(cell[1]));
	c->rows++;
	c->others += want == cell[3];
	ck_assert_msg(want == cell[2] || strcmp(cell[2], cell[3]) != 0, "%s: does not differ",
		      cell[0]);
	if (strcmp(got, want) != 0 && c->wrong++ < SHOWN_MAX)
		(void)printf("%s with %.60s: want %s, got %s\n", cell[0], cell[1], want, got);
}

START_TEST(cel)
{
	FILE *f = fopen(TABLE, "r");
	char line[LINE_MAX];
	struct counts c = { 0 };

	ck_assert_msg(f != NULL, "%s", TABLE);
	while (fgets(line, sizeof line, f))
		if (line[0] != '#')
			row_check(line, &c);
	(void)fclose(f);
	ck_assert_msg(c.wrong == 0, "%u of %u differ", c.wrong, c.rows);
	ck_assert_uint_ge(c.rows, ROWS_MIN);
	ck_assert_uint_lt(c.others * 8, c.rows);
}
END_TEST

Suite *suite_expr_cel(void)
{
	Suite *s = suite_create("expr_cel");
	TCase *tc = tcase_create("expr_cel");

	tcase_add_test(tc, cel);
	suite_add_tcase(s, tc);
	return s;
}
