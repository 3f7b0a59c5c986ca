/* Failpoints. What they kill is a child of our own: fork() here and not Check's, which may be off. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"

#ifdef CARILLON_TEST

/* Runs it in a child, whose last words are not heard; its wait status. */
static int in_child(void (*fn)(const char *text), const char *text)
{
	int status = 0;
	pid_t pid;

	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		struct rlimit none = { 0, 0 };
		int quiet = open("/dev/null", O_WRONLY);

		(void)setrlimit(RLIMIT_CORE, &none);
		(void)dup2(quiet, STDERR_FILENO);
		(void)signal(SIGABRT, SIG_DFL);
		fn(text);
		_exit(0);
	}
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static bool was_killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static bool went_well(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void pass_once(const char *text)
{
	fault_setup(text);
	FAILPOINT("here");
}

static void pass_thrice(const char *text)
{
	fault_setup(text);
	for (int i = 0; i < 3; i++) {
		FAILPOINT("here");
		FAILPOINT("there");
	}
}

static const struct {
	const char *text;
	bool once, thrice; /* is it dead after one pass, after three? */
} kills[] = {
	{ "here=kill@1", true, true },
	{ "here=kill@3", false, true },
	{ "here=kill@4", false, false },
	{ "there=kill@2", false, true },
	{ "her=kill@1", false, false },
	{ "heree=kill@1", false, false },
	{ "here=error@1", false, false },
	{ "other=kill@1,here=kill@2", false, true },
	{ "here=kill@9,here=kill@1", true, true },
	{ "", false, false },
};

START_TEST(kills_at_the_nth_pass)
{
	ck_assert_int_eq(was_killed(in_child(pass_once, kills[_i].text)), kills[_i].once);
	ck_assert_int_eq(was_killed(in_child(pass_thrice, kills[_i].text)), kills[_i].thrice);
	ck_assert_int_eq(went_well(in_child(pass_thrice, kills[_i].text)), !kills[_i].thrice);
}
END_TEST

/* Exits with a bit for each pass that failed. */
static void fail_four(const char *text)
{
	int bits = 0;

	fault_setup(text);
	for (int i = 0; i < 4; i++)
		bits |= FAULT_ERROR("step") << i;
	FAILPOINT("step");
	_exit(bits);
}

static const struct {
	const char *text;
	int bits;
} errors[] = {
	{ "step=error@1", 1 },
	{ "step=error@3", 4 },
	{ "step=error@5", 0 },
	{ "step=error@1,step=error@2", 3 },
	{ "other=error@1,step=error@4", 8 },
	{ "step=kill@9", 0 },
	{ "", 0 },
};

START_TEST(fails_at_the_nth_pass_only)
{
	int status = in_child(fail_four, errors[_i].text);

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), errors[_i].bits);
}
END_TEST

static void set_up(const char *text)
{
	fault_setup(text);
}

static const char *const bad[] = {
	"here",
	"here=kill",
	"here@1",
	"here=kill@0",
	"here=kill@-1",
	"here=kill@",
	"here=kill@x",
	"here=kill@1000001",
	"here=die@1",
	"here=killed@1",
	"here=kil@1",
	"here=@1",
	"=kill@1",
	"@1=kill",
	"here=kill@1,there",
	"a_name_of_more_than_forty_seven_bytes_has_no_room_here=kill@1",
};

START_TEST(refuses_what_it_does_not_understand)
{
	int status = in_child(set_up, bad[_i]);

	ck_assert_msg(!went_well(status) && !was_killed(status), "%s", bad[_i]);
}
END_TEST

static const char *const good[] = { "a=kill@1", "a=kill@1,b=error@1000000", "a=kill@1,", "" };

START_TEST(takes_what_it_understands)
{
	ck_assert(went_well(in_child(set_up, good[_i])));
}
END_TEST

static void use_slots_again(const char *text)
{
	(void)text;
	for (int i = 0; i < 1000; i++) {
		fault_arm("step", 1);
		if (!FAULT_ERROR("step") || FAULT_ERROR("step"))
			_exit(1);
	}
}

static void arm_and_pass(const char *text)
{
	fault_arm(text, 2);
	FAILPOINT("here");
	FAILPOINT("here");
}

START_TEST(arms_from_code)
{
	ck_assert(went_well(in_child(use_slots_again, NULL)));
	ck_assert(was_killed(in_child(arm_and_pass, "here")));
	ck_assert(went_well(in_child(arm_and_pass, "elsewhere")));
}
END_TEST

#define COUNT(list) (int)(sizeof(list) / sizeof((list)[0]))

static void add_all(TCase *tc)
{
	tcase_add_loop_test(tc, kills_at_the_nth_pass, 0, COUNT(kills));
	tcase_add_loop_test(tc, fails_at_the_nth_pass_only, 0, COUNT(errors));
	tcase_add_loop_test(tc, refuses_what_it_does_not_understand, 0, COUNT(bad));
	tcase_add_loop_test(tc, takes_what_it_understands, 0, COUNT(good));
	tcase_add_test(tc, arms_from_code);
}

#else

static void add_all(TCase *tc)
{
	(void)tc;
}

#endif

Suite *suite_fault(void)
{
	Suite *s = suite_create("fault");
	TCase *tc = tcase_create("all");

	add_all(tc);
	suite_add_tcase(s, tc);
	return s;
}
