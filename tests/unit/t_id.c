#include <check.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/id.h"

#define AT                \
	(4102444800 * SEC \
	 + 123456) /* 2100-01-01: later than ids that other tests have made, as ids only go up */

START_TEST(layout)
{
	struct uuid id = id_new(AT);

	ck_assert_int_eq(id.b[6] >> 4, 7);
	ck_assert_int_eq(id.b[8] >> 6, 2);
	ck_assert_int_eq(id_instant(id), AT / MSEC * MSEC);
	ck_assert(!id_is_nil(id));
	ck_assert(id_is_nil((struct uuid){ { 0 } }));
}
END_TEST

START_TEST(ids_rise)
{
	struct uuid last = id_new(AT);

	/* The clock stands still, goes back, goes on. */
	for (int i = 0; i < 30000; i++) {
		struct uuid id = id_new(i < 10000 ? AT : i < 20000 ? AT - i * SEC : AT + i);

		ck_assert_int_gt(id_compare(id, last), 0);
		last = id;
	}
	ck_assert_int_gt(id_compare(id_new(-5), last), 0);
	ck_assert_int_gt(id_compare(id_new(INT64_MAX / 2), last), 0);
}
END_TEST

START_TEST(a_child_mints_its_own)
{
	struct uuid mine, its;
	int pipes[2];
	pid_t child;

	id_new(AT);
	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		its = id_new(AT + DAY);
		_exit(write(pipes[1], &its, sizeof(its)) != sizeof(its));
	}
	mine = id_new(AT + DAY);
	ck_assert_int_eq(read(pipes[0], &its, sizeof(its)), sizeof(its));
	waitpid(child, NULL, 0);
	ck_assert_int_ne(id_compare(mine, its), 0);
	close(pipes[0]);
	close(pipes[1]);
}
END_TEST

START_TEST(print_and_parse)
{
	char text[ID_TEXT_MAX], last[ID_TEXT_MAX] = "";
	struct uuid id, back;

	for (int i = 0; i < 1000; i++) {
		id = id_new(AT + i * MSEC);
		ck_assert_uint_eq(id_print("task", id, text), 31);
		ck_assert_uint_eq(strlen(text), 31);
		ck_assert(id_parse("task", slice_of(text), &back));
		ck_assert_int_eq(id_compare(id, back), 0);
		ck_assert_int_gt(strcmp(text, last), 0);
		memcpy(last, text, sizeof(last));
	}
	memset(id.b, 0xff, sizeof(id.b));
	id_print("x", id, text);
	ck_assert_str_eq(text, "x_7zzzzzzzzzzzzzzzzzzzzzzzzz");
	id_print("abcdefghijklmnopqrst", id, text);
	ck_assert_uint_eq(strlen(text), ID_TEXT_MAX - 1);
	memset(id.b, 0, sizeof(id.b));
	id.b[15] = 33;
	id_print("x", id, text);
	ck_assert_str_eq(text, "x_00000000000000000000000011");
}
END_TEST

static const char *const bad[] = {
	"",
	"task",
	"task_",
	"_06c8y2m1z8x4k7w0a3d5f9h2jr",
	"run_06c8y2m1z8x4k7w0a3d5f9h2jr",
	"task_06c8y2m1z8x4k7w0a3d5f9h2j",
	"task_06c8y2m1z8x4k7w0a3d5f9h2jrr",
	"task_86c8y2m1z8x4k7w0a3d5f9h2jr",
	"task_06C8Y2M1Z8X4K7W0A3D5F9H2JR",
	"task_06c8y2m1z8x4k7w0a3d5f9h2ji",
	"task_06c8y2m1z8x4k7w0a3d5f9h2jl",
	"task_06c8y2m1z8x4k7w0a3d5f9h2jo",
	"task_06c8y2m1z8x4k7w0a3d5f9h2ju",
	"task-06c8y2m1z8x4k7w0a3d5f9h2jr",
	" task_06c8y2m1z8x4k7w0a3d5f9h2j",
	"task_06c8y2m1z8x4k7w0a3d5f9h2j ",
	"TASK_06c8y2m1z8x4k7w0a3d5f9h2jr",
	"task_z6c8y2m1z8x4k7w0a3d5f9h2jr",
	"task_06c8y2m1z8x4k7w0a3d5f9h2\xc3\xa9",
};

START_TEST(refused)
{
	struct uuid id = { { 9 } };

	ck_assert(id_parse("task", slice_of("task_06c8y2m1z8x4k7w0a3d5f9h2jr"), &id));
	id.b[0] = 9;
	ck_assert_msg(!id_parse("task", slice_of(bad[_i]), &id), "%s", bad[_i]);
	ck_assert_int_eq(id.b[0], 9);
	ck_assert(!id_parse("task", (struct slice){ NULL, 0 }, &id));
	ck_assert(!id_parse("task", SLICE_LIT("task_06c8y2m1z8x4k7w0a3d5f9h2j\0"), &id));
}
END_TEST

/* Rows on disk depend on the buckets: these never change. */
START_TEST(buckets)
{
	int seen[256] = { 0 };
	struct uuid id = { { 0 } };

	ck_assert_int_eq(id_bucket(id), 28);
	for (int i = 0; i < 16; i++)
		id.b[i] = (uint8_t)i;
	ck_assert_int_eq(id_bucket(id), 208);
	for (int i = 0; i < 25600; i++)
		seen[id_bucket(id_new(AT))]++;
	for (int i = 0; i < 256; i++)
		ck_assert_msg(seen[i] > 40 && seen[i] < 180, "bucket %d: %d of about 100", i,
			      seen[i]);
}
END_TEST

Suite *suite_id(void)
{
	Suite *s = suite_create("id");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, layout);
	tcase_add_test(tc, ids_rise);
	tcase_add_test(tc, a_child_mints_its_own);
	tcase_add_test(tc, print_and_parse);
	tcase_add_loop_test(tc, refused, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, buckets);
	suite_add_tcase(s, tc);
	return s;
}
