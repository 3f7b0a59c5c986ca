/* `carillon cron`: exit status, what goes to which stream, and the caret under the fault. */
#include "app/cron_cli.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ARGS_MAX 12
#define TEXT_MAX 16384

static char said[2][TEXT_MAX]; /* stdout, stderr */

/* Runs it with both streams caught. */
static int run(const char *const *args)
{
	char *argv[ARGS_MAX + 1];
	FILE *const streams[2] = { stdout, stderr };
	int kept[2], files[2], argc = 0, status;

	for (; argc < ARGS_MAX && args[argc]; argc++)
		argv[argc] = (char *)args[argc];
	argv[argc] = NULL;
	for (int i = 0; i < 2; i++) {
		(void)fflush(streams[i]);
		kept[i] = dup(i + 1);
		files[i] = memfd_create("said", 0);
		ck_assert_int_ge(dup2(files[i], i + 1), 0);
	}
	status = cron_run(argc, argv);
	for (int i = 0; i < 2; i++) {
		ssize_t n;

		(void)fflush(streams[i]);
		n = pread(files[i], said[i], TEXT_MAX - 1, 0);
		said[i][n > 0 ? n : 0] = '\0';
		(void)dup2(kept[i], i + 1);
		(void)close(kept[i]);
		(void)close(files[i]);
	}
	return status;
}

#define FROM "--from", "2026-03-02T15:00:00Z"

static const struct row {
	int line;
	const char *args[ARGS_MAX];
	int status;
	const char *out, *err; /* parts of what it says; NULL: it says nothing there */
} rows[] = {
	{ __LINE__,
	  { "next", "0 9 * * 1-5", "--tz", "America/New_York", FROM, "-n", "1" },
	  0,
	  "\n2026-03-03T09:00:00-05:00  2026-03-03T14:00:00Z\n",
	  NULL },
	{ __LINE__,
	  { "next", "30 2 * * *", "--tz", "America/New_York", "--from", "2026-03-08T00:00:00", "-n",
	    "1" },
	  0,
	  "\n2026-03-08T03:00:00-04:00  2026-03-08T07:00:00Z  gap\n",
	  NULL },
	{ __LINE__,
	  { "next", "PT90M", FROM, "-n", "2" },
	  0,
	  "\n2026-03-02T15:00:00+00:00  2026-03-02T15:00:00Z\n2026-03-02T16:30:00+00:00  2026-03-02T16:30:00Z\n",
	  NULL },
	{ __LINE__,
	  { "next", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", FROM, "-n", "1" },
	  0,
	  "\n2028-02-29T15:00:00+00:00 ",
	  NULL },
	{ __LINE__, { "next", "0 0 0 1 1 ? 1999", FROM }, 0, "It does not run again.\n", NULL },
	{ __LINE__,
	  { "next", "0 9 * * *", FROM, "-n", "1", "--json" },
	  0,
	  "{\"valid\":true,\"next_runs\":[\"2026-03-03T09:00:00+00:00\"],",
	  NULL },
	{ __LINE__,
	  { "validate", "0 25 * * *" },
	  1,
	  NULL,
	  "[cron_value_range]\n  0 25 * * *\n    ^^\n" },
	{ __LINE__, { "validate", "0 25 * * *", "--json" }, 1, "{\"valid\":false,", NULL },
	{ __LINE__,
	  { "validate", "* * * * *", "--tz", "Mars/Base" },
	  1,
	  NULL,
	  "[timezone_unknown]\n  Mars/Base\n  ^^^^^^^^^\n" },
	{ __LINE__,
	  { "validate", "DTSTART:20260301T080000\nRRULE:FREQ=DAILY;NEVER=1" },
	  1,
	  NULL,
	  "[rrule_part]\n  RRULE:FREQ=DAILY;NEVER=1\n                   ^^^^^" },
	{ __LINE__, { "validate", "5", "--type", "cron" }, 1, NULL, "[cron_field_count]\n" },
	{ __LINE__, { "validate", "2026-03-02T14:00:00Z", FROM }, 1, NULL, "[at_past]\n" },
	{ __LINE__,
	  { "validate", "30 2 * * *", "--tz", "America/New_York", FROM },
	  0,
	  "valid: At 02:30 AM, Eastern Time\nwarning: ",
	  NULL },
	{ __LINE__,
	  { "explain", "0 9 * * 1-5", "--tz", "America/New_York" },
	  0,
	  "At 09:00 AM, Monday through Friday, Eastern Time\n  minute",
	  NULL },
	{ __LINE__,
	  { "parse", "every weekday at 9am Pacific", FROM },
	  0,
	  "cron        0 9 * * 1-5\ntimezone    America/Los_Angeles\n",
	  NULL },
	{ __LINE__,
	  { "parse", "every weekday at 9am Pacific", FROM, "--json" },
	  0,
	  "\"confidence\":0.95,\"parse_method\":\"regex\"",
	  NULL },
	{ __LINE__,
	  { "parse", "every day at b\xc3\xa4nana" },
	  1,
	  NULL,
	  "[nl_unrecognized]\n  every day at b\xc3\xa4nana\n               ^^^^^^\n" },
	{ __LINE__,
	  { "parse", "every day at banana", "--json" },
	  1,
	  "\"code\":\"nl_unrecognized\",\"field\":\"text\",\"position\":13,\"length\":6,",
	  NULL },
	{ __LINE__, { NULL }, 2, NULL, "usage: carillon cron" },
	{ __LINE__, { "--help" }, 0, "usage: carillon cron", NULL },
	{ __LINE__, { "next", "* * * * *", "--help" }, 0, "usage: carillon cron", NULL },
	{ __LINE__, { "next", "help" }, 1, NULL, "help" },
	{ __LINE__, { "never", "x" }, 2, NULL, "usage: carillon cron" },
	{ __LINE__, { "next" }, 2, NULL, "there is no text" },
	{ __LINE__, { "next", "*", "*" }, 2, NULL, "one text is enough" },
	{ __LINE__, { "next", "* * * * *", "-n", "0" }, 2, NULL, "from 1 to 100" },
	{ __LINE__, { "next", "* * * * *", "-n" }, 2, NULL, "a value must follow -n" },
	{ __LINE__,
	  { "next", "* * * * *", "--type", "moon" },
	  2,
	  NULL,
	  "cron, every, at or rrule" },
	{ __LINE__, { "next", "* * * * *", "--from", "soon" }, 2, NULL, "--from takes a time" },
	{ __LINE__, { "next", "* * * * *", "--colour" }, 2, NULL, "there is no option --colour" },
	{ __LINE__,
	  { "next", "* * * * *", "--calendar", "/nowhere" },
	  1,
	  NULL,
	  "/nowhere: the file cannot be read" },
};

START_TEST(commands)
{
	const struct row *r = &rows[_i];
	const char *const want[2] = { r->out, r->err };
	int status = run(r->args);

	for (int i = 0; i < 2; i++)
		ck_assert_msg(want[i] ? strstr(said[i], want[i]) != NULL : said[i][0] == '\0',
			      "line %d, stream %d: %s", r->line, i + 1, said[i]);
	ck_assert_msg(status == r->status, "line %d: status %d", r->line, status);
}
END_TEST

static const struct {
	const char *text;
	int status;
	const char *out, *err;
} calendars[] = {
	{ "{\"holidays\":[{\"date\":\"2026-03-03\"}]}", 0, "\n2026-03-04T09:00:00+00:00 ", NULL },
	{ "{\"weekend\":[],\"holidays\":[{\"date\":\"03-03\"},{\"date\":\"03-04\"}]}", 0,
	  "\n2026-03-05T09:00:00+00:00 ", NULL },
	{ "{\"holidays\":[{\"date\":\"13-01\"}]}", 1, NULL, "holidays[0]" },
	{ "{\"colour\":1}", 1, NULL, "colour" },
	{ "{", 1, NULL, ": " },
};

START_TEST(a_calendar_from_a_file)
{
	char path[] = "/tmp/t_cron_cli.XXXXXX";
	int fd = mkstemp(path), status;
	size_t n = strlen(calendars[_i].text);
	const char *const args[] = {
		"next", "0 9 * * *", FROM, "-n", "1", "--calendar", path, NULL
	};

	ck_assert(fd >= 0 && write(fd, calendars[_i].text, n) == (ssize_t)n);
	(void)close(fd);
	status = run(args);
	(void)unlink(path);
	ck_assert_msg(status == calendars[_i].status, "%s%s", said[0], said[1]);
	if (calendars[_i].out)
		ck_assert_msg(strstr(said[0], calendars[_i].out) != NULL, "%s", said[0]);
	if (calendars[_i].err)
		ck_assert_msg(strstr(said[1], calendars[_i].err) != NULL, "%s", said[1]);
}
END_TEST

Suite *suite_cron_cli(void)
{
	Suite *s = suite_create("cron_cli");
	TCase *tc = tcase_create("cron_cli");

	tcase_add_loop_test(tc, commands, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_loop_test(tc, a_calendar_from_a_file, 0,
			    (int)(sizeof(calendars) / sizeof(calendars[0])));
	suite_add_tcase(s, tc);
	return s;
}
