/* t_story [-j N] STORY.t ...: runs stories, N (2) at a time; those that stop the database run
 * alone at the end.
 *
 * Environment: CARILLON_BIN, STORY_ADMIN (connection string of a database from which CREATE
 * DATABASE works), STORY_URL (the same with %s for the database's name, as DATABASE_URL of the
 * servers), STORY_PG_COMMAND (a script taking `stop immediate` and `start`), STORY_FOLDER
 * (logs), STORY_KEEP (keep databases of failures). The last line is `N passed, N failed`:
 * checks, not stories. *
 * Platforms: the hook plays Slack and the others for what is sent to ${hook}/fake/PLATFORM (an
 * api_base), checks each request against the platform's documents, and answers like it:
 *	hook platform slack limited,ok   ok (as it begins), limited, not_found, unauthorized, server; the last repeats
 * A mail server listens at ${smtp} (host:port):
 *	mail <- to a@example.com  header.subject == Nightly  body has 3 rows  header.login == user secret
 *	mail answers to 451,0            at connect, hello, auth, from, to, data, text; 0: as usual; `  delay 1s`
 *	mail count == 1
 * A signature is verified as a receiver does (tests/lib/webhook.h):
 *	hook <- POST /in  signed by SECRET  signed 2 FORMER  signed not OTHER     the header's first, its second, none
 * The command line runs with the first server's environment:
 *	carillon key create --name ci --role viewer --json    then `-> 0`: its exit status; body: stdout; header.stderr
 * The same request many times at once, over as many connections, at the named servers in turn:
 *	race 64 @A @B POST /v1/tasks {...}               then .s201, .s409 ... say how many got that; .replayed, .bodies
 *	let many = 70 {"target": "x"},                   ${many} is that text 70 times
 * A server that is told to end, and is not waited for (`term` waits, and wants exit status 0):
 *	drain A
 * Every refusal must have the shape of its API, codes that stand in the tables, and sentences (error.c).
 * What is not as documented fails the story, whether it looks at it or not. */
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "story/story.h"

struct task {
	char *path;
	pid_t pid;
	int result; /* the pipe on which the two counts come */
	long long began;
	bool alone;
};

static int passed, failed;

static void name_story(struct story *story, const char *path)
{
	char *copy = copy_of(path, strlen(path));
	char *name = basename(copy);
	name[strcspn(name, ".")] = '\0';
	story->path = path;
	story->name = name;
	(void)snprintf(story->folder, sizeof story->folder, "%s/%s", getenv("STORY_FOLDER"), name);
	(void)mkdir(story->folder, 0755);
	/* STORY_URL holds one %s. */
	const char *url = getenv("STORY_URL"), *at = strstr(url, "%s");
	if (!at)
		abort();
	(void)snprintf(story->database, sizeof story->database, "%.*sstory_%s%s", (int)(at - url),
		       url, name, at + 2);
}

static void run_child(const struct task *task, int result)
{
	struct story story = { 0 };
	int counts[2];
	name_story(&story, task->path);
	(void)signal(SIGPIPE, SIG_IGN);
	story_run(&story, getenv("STORY_ADMIN"));
	counts[0] = story.passed;
	counts[1] = story.failed;
	(void)fwrite(story.report.at, 1, story.report.len, stdout);
	printf("%s %s: %d passed, %d failed, %lld ms\n", story.failed ? "FAILED" : "ok", story.name,
	       story.passed, story.failed, boot_ms() - task->began);
	(void)fflush(stdout);
	_exit(write(result, counts, sizeof counts) != sizeof counts);
}

static void start(struct task *task)
{
	int ends[2];
	(void)fflush(stdout);
	if (pipe(ends))
		abort();
	task->began = boot_ms();
	task->pid = fork();
	if (task->pid == 0)
		run_child(task, ends[1]);
	(void)close(ends[1]);
	task->result = ends[0];
}

static void finish(struct task *task, int status)
{
	int counts[2];
	if (status == 0 && read(task->result, counts, sizeof counts) == sizeof counts) {
		passed += counts[0];
		failed += counts[1];
	} else {
		printf("FAILED %s: the runner ended with wait status 0x%x\n", task->path, status);
		failed++;
	}
	(void)close(task->result);
	task->pid = 0;
}

static void wait_one(struct task *tasks, int count)
{
	int status;
	pid_t pid = wait(&status);
	for (int i = 0; i < count; i++)
		if (tasks[i].pid == pid && pid > 0)
			finish(&tasks[i], status);
}

static bool stops_database(const char *path)
{
	char line[4000];
	bool found = false;
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		found = found || strncmp(line, "pg ", 3) == 0;
	if (file)
		(void)fclose(file);
	return found;
}

static void run_all(struct task *tasks, int count, bool alone, int at_once)
{
	int running = 0;
	for (int i = 0; i < count; i++) {
		if (tasks[i].alone != alone)
			continue;
		if (running == at_once) {
			wait_one(tasks, count);
			running--;
		}
		start(&tasks[i]);
		running++;
	}
	for (; running > 0; running--)
		wait_one(tasks, count);
}

int main(int argc, char **argv)
{
	static const char *const needed[] = { "CARILLON_BIN", "STORY_ADMIN", "STORY_URL",
					      "STORY_FOLDER" };
	int at_once = 2, option;
	while ((option = getopt(argc, argv, "j:")) != -1) {
		if (option != 'j')
			return 2;
		at_once = (int)strtol(optarg, NULL, 10);
	}
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (!getenv(needed[i])) {
			fprintf(stderr, "t_story: set %s (tests/suites/stories.sh does)\n",
				needed[i]);
			return 2;
		}
	}
	int count = argc - optind;
	struct task *tasks = must(calloc((size_t)count + 1, sizeof *tasks));
	for (int i = 0; i < count; i++) {
		tasks[i].path = argv[optind + i];
		tasks[i].alone = stops_database(tasks[i].path);
	}
	run_all(tasks, count, false, at_once < 1 ? 1 : at_once);
	run_all(tasks, count, true, 1);
	free(tasks);
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
