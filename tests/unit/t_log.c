/* stderr is a pipe here, and what comes out of it is compared. */
#include <check.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

static int saved, from;
static char got[1 << 20];

static void setup(void)
{
	int pipes[2];

	saved = dup(STDERR_FILENO);
	ck_assert_int_eq(pipe(pipes), 0);
	from = pipes[0];
	fcntl(from, F_SETFL, O_NONBLOCK);
	dup2(pipes[1], STDERR_FILENO);
	close(pipes[1]);
}

static void teardown(void)
{
	log_flush();
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(from);
}

/* What has been written until now. */
static size_t take(void)
{
	size_t n = 0;
	ssize_t some;

	while ((some = read(from, got + n, sizeof(got) - n - 1)) > 0)
		n += (size_t)some;
	got[n] = '\0';
	return n;
}

#define ID ((struct uuid){ { 1, 2, 3 } })
#define LONE_FIELDS                                                           \
	LOG_STR("plain", "ok"), LOG_STR("text", "a b\"\n"), LOG_INT("n", -5), \
		LOG_ID("run", "task", ID), LOG_SLICE("none", ((struct slice){ NULL, 0 }))

START_TEST(json_lines)
{
	struct json_syntax wrong;
	size_t n;

	log_setup(true, LOG_INFO);
	log_event(LOG_INFO, "run.finished", LONE_FIELDS);
	n = take();
	ck_assert_int_eq(got[n - 1], '\n');
	ck_assert_msg(json_scan((struct slice){ got, n }, &wrong), "%s", got);
	ck_assert_msg(strncmp(got, "{\"ts\":\"20", 9) == 0, "%s", got);
	ck_assert_str_eq(
		strstr(got, "\"level\""),
		"\"level\":\"info\",\"event\":\"run.finished\",\"plain\":\"ok\",\"text\":\"a b\\\"\\n\",\"n\":-5,"
		"\"run\":\"task_01081g00000000000000000000\",\"none\":null}\n");
}
END_TEST

START_TEST(text_lines)
{
	log_setup(false, LOG_INFO);
	log_event(LOG_WARN, "run.finished", LONE_FIELDS);
	take();
	ck_assert_int_eq(got[2], ':');
	ck_assert_str_eq(
		got + 12,
		" warn  run.finished plain=ok text=\"a b\\\"\\n\" n=-5 run=task_01081g00000000000000000000 none=-\n");
	log_event(LOG_ERROR, "lonely");
	take();
	ck_assert_str_eq(got + 12, " error lonely\n");
}
END_TEST

START_TEST(levels)
{
	log_setup(true, LOG_WARN);
	ck_assert(!log_wants(LOG_INFO));
	log_event(LOG_INFO, "quiet");
	ck_assert_uint_eq(take(), 0);
	log_event(LOG_WARN, "loud");
	ck_assert_uint_gt(take(), 0);
	log_setup(true, LOG_INFO);
}
END_TEST

START_TEST(the_date_is_right)
{
	time_t now = time(NULL);
	struct tm tm;
	char want[32];

	gmtime_r(&now, &tm);
	strftime(want, sizeof(want), "{\"ts\":\"%Y-%m-%dT", &tm);
	log_setup(true, LOG_INFO);
	log_event(LOG_INFO, "date");
	take();
	ck_assert_msg(strncmp(got, want, strlen(want)) == 0, "%s", got);
}
END_TEST

START_TEST(long_values_are_cut)
{
	char text[5000];
	size_t n;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	text[1023] = '\xc3';
	text[1024] = '\xa9';
	log_setup(true, LOG_INFO);
	log_event(LOG_INFO, "long", LOG_STR("a", text), LOG_STR("b", "end"));
	n = take();
	ck_assert_uint_lt(n, 1200);
	ck_assert_ptr_nonnull(strstr(got, "xx\",\"b\":\"end\"}\n"));
	ck_assert_ptr_null(strstr(got, "\xef\xbf\xbd"));
	memset(text, 1, sizeof(text) - 1);
	log_event(LOG_INFO, "huge", LOG_STR("a", text), LOG_STR("b", text), LOG_STR("c", text));
	take();
	ck_assert_ptr_nonnull(strstr(got, "\"event\":\"huge\",\"cut\":1}\n"));
}
END_TEST

static int lines(void)
{
	int n = 0;

	for (const char *p = got; *p; p++)
		n += *p == '\n';
	return n;
}

START_TEST(repetitions_are_counted)
{
	usec_t end;

	log_setup(true, LOG_INFO);
	for (int i = 0; i < 1000; i++)
		log_event(LOG_INFO, "same", LOG_INT("n", 1));
	take();
	ck_assert_int_eq(lines(), LOG_REPEAT_MAX);
	end = clock_boot() + 1100 * MSEC;
	while (clock_boot() < end)
		;
	log_event(LOG_INFO, "same", LOG_INT("n", 1));
	take();
	ck_assert_ptr_nonnull(strstr(got, "\"times_not_printed\":980}"));
	for (int i = 0; i < 100; i++)
		log_event(LOG_INFO, "other", LOG_INT("n", i));
	take();
	ck_assert_int_eq(lines(), 100);
}
END_TEST

START_TEST(a_full_pipe_does_not_block)
{
	usec_t start = clock_boot();
	uint64_t before = log_dropped();
	size_t all = 0, n;
	char last = '\n';

	log_setup(true, LOG_INFO);
	for (int i = 0; i < 20000; i++)
		log_event(LOG_INFO, "flood", LOG_INT("n", i),
			  LOG_STR("text", "0123456789012345678901234567890"));
	ck_assert_int_lt(clock_boot() - start, 2 * SEC);
	ck_assert_uint_gt(log_dropped(), before);
	/* What was kept comes out in order, in whole lines, when the reader is back. */
	for (int i = 0; i < 200; i++) {
		n = take();
		all += n;
		last = n ? got[n - 1] : last;
		log_pump();
	}
	ck_assert_uint_gt(all, 256 * 1024 - 4096);
	ck_assert_int_eq(last, '\n');
	log_event(LOG_INFO, "after");
	ck_assert_uint_gt(take(), 0);
	ck_assert_int_eq(lines(), 1);
}
END_TEST

START_TEST(flush_gives_up)
{
	usec_t start;

	log_setup(true, LOG_INFO);
	for (int i = 0; i < 2000; i++)
		log_event(LOG_INFO, "flood", LOG_INT("m", i),
			  LOG_STR("text", "0123456789012345678901234567890"));
	start = clock_boot();
	log_flush();
	ck_assert_int_ge(clock_boot() - start, 90 * MSEC);
	ck_assert_int_lt(clock_boot() - start, SEC);
	while (take())
		log_pump();
}
END_TEST

Suite *suite_log(void)
{
	Suite *s = suite_create("log");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, json_lines);
	tcase_add_test(tc, text_lines);
	tcase_add_test(tc, levels);
	tcase_add_test(tc, the_date_is_right);
	tcase_add_test(tc, long_values_are_cut);
	tcase_add_test(tc, repetitions_are_counted);
	tcase_add_test(tc, a_full_pipe_does_not_block);
	tcase_add_test(tc, flush_gives_up);
	suite_add_tcase(s, tc);
	return s;
}
