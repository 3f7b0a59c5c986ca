/* The lines that look at what a story caused: the hook, the database, the metrics, the logs. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "story/story.h"

/* METHOD PATH [within DURATION]  CHECK  CHECK … */
static void hook_came(struct story *story, char *rest)
{
	char *items[ITEMS_MAX];
	int count = split_items(rest, items), wait_ms = WAIT_MS;
	char *want = count ? items[0] : rest;
	const char *method = take_word(&want), *path = take_word(&want);
	if (strcmp(take_word(&want), "within") == 0)
		wait_ms = (int)parse_duration_ms(want);
	if (!hook_take(story->hook, path, wait_ms, &story->last)) {
		struct buf got = { 0 };
		hook_list(story->hook, &got);
		story_give_up(story, "expected a request to %s within %d ms; the hook got%s", path,
			      wait_ms, got.at);
		return;
	}
	if (strcmp(method, "ANY") != 0 && strcmp(method, story->last.method) != 0)
		story_fail(story, "expected method %s of the request to %s; got %s", method, path,
			   story->last.method);
	else
		story_pass(story);
	check_items(story, items + 1, count - 1);
}

static void settle(struct story *story)
{
	servers_barrier(story);
	nap(SETTLE_MS);
}

/* PATH == N: until so many came; then no more may come. */
static void hook_number(struct story *story, char *rest)
{
	const char *path = take_word(&rest);
	char *number = strrchr(rest, ' ');
	long wanted = number ? strtol(number, NULL, 10) : 0;
	char got[32];
	struct buf what = { 0 };
	for (long long end = boot_ms() + WAIT_MS;
	     hook_count(story->hook, path, false) < wanted && boot_ms() < end;)
		nap(5);
	settle(story);
	(void)snprintf(got, sizeof got, "%d", hook_count(story->hook, path, false));
	buf_print(&what, "hook count %s", path);
	check_text(story, what.at, got, rest);
	free(what.at);
}

static void hook_none(struct story *story, char *rest)
{
	const char *path = take_word(&rest);
	settle(story);
	int count = hook_count(story->hook, path, true);
	if (count)
		story_fail(story, "expected no request to %s; got %d", path, count);
	else
		story_pass(story);
}

static void hook_answers(struct story *story, char *rest)
{
	char *items[ITEMS_MAX];
	const char *path = take_word(&rest);
	hook_rule(story->hook, path, items, split_items(rest, items));
}

/* platform NAME ANSWER,ANSWER: ok, limited, not_found, unauthorized, server */
static void hook_platform(struct story *story, char *rest)
{
	const char *platform = take_word(&rest);
	if (!hook_play(story->hook, platform, rest))
		story_give_up(story, "hook platform %s: no such answer", platform);
}

void step_hook(struct story *story, char *rest)
{
	const char *verb = take_word(&rest);
	if (strcmp(verb, "<-") == 0)
		hook_came(story, rest);
	else if (strcmp(verb, "answers") == 0)
		hook_answers(story, rest);
	else if (strcmp(verb, "platform") == 0)
		hook_platform(story, rest);
	else if (strcmp(verb, "count") == 0)
		hook_number(story, rest);
	else if (strcmp(verb, "none") == 0)
		hook_none(story, rest);
	else if (strcmp(verb, "forget") == 0)
		hook_forget(story->hook);
	else
		story_give_up(story, "hook %s?", verb);
}

static void ignore_notice(void *context, const char *text)
{
	(void)context;
	(void)text;
}

/* One statement on its own connection; the text of its first field, for the caller to free. */
static char *sql_value(const char *database, const char *text)
{
	PGconn *connection = PQconnectdb(database);
	(void)PQsetNoticeProcessor(connection, ignore_notice, NULL);
	PGresult *result = PQexec(connection, text);
	ExecStatusType status = PQresultStatus(result);
	const char *value = PQerrorMessage(connection);
	if (status == PGRES_TUPLES_OK)
		value = PQntuples(result) ? PQgetvalue(result, 0, 0) : "no row";
	else if (status == PGRES_COMMAND_OK)
		value = "";
	char *copy = copy_of(value, strlen(value));
	PQclear(result);
	PQfinish(connection);
	return copy;
}

/* STATEMENT == VALUE; the operator is the last one of the line */
void step_sql(struct story *story, char *rest)
{
	static const char *const ops[] = { " == ", " =~ ", " != " };
	char *op = NULL;
	for (size_t i = 0; i < sizeof ops / sizeof *ops && !op; i++)
		for (char *at = rest; (at = strstr(at, ops[i])) != NULL; at++)
			op = at;
	if (!op) {
		free(sql_value(story->database, rest));
		return;
	}
	*op = '\0';
	char *got = sql_value(story->database, rest);
	check_text(story, rest, got, op + 1);
	free(got);
}

/* The value of a metric's line; NULL when there is none. */
static char *metric_value(const char *text, const char *name)
{
	size_t len = strlen(name);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) == 0 && line[len] == ' ')
			return copy_of(line + len + 1, strcspn(line + len + 1, " \n"));
	}
	return NULL;
}

/* [@SERVER] NAME{label="value"} == 3; no blanks in the labels */
void step_metric(struct story *story, char *rest)
{
	struct server *server = server_find(story, *rest == '@' ? take_word(&rest) + 1 : "");
	const char *name = take_word(&rest);
	struct message page = { 0 };
	struct buf url = { 0 };
	if (!server) {
		story_give_up(story, "no such server");
		return;
	}
	buf_print(&url, "%s/metrics", server->url);
	char *got = http_get(url.at, &page) ? metric_value(page.body.at, name) : NULL;
	check_text(story, name, got ? got : "no such metric", rest);
	free(got);
	free(url.at);
	message_reset(&page);
	free(page.head.at);
	free(page.body.at);
}

/* Runs a program to its end, what it prints on our stderr; -1, or its wait status. */
static int run_program(const char *const *arguments)
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0) {
		(void)dup2(2, 1);
		(void)execvp(arguments[0], (char *const *)arguments);
		_exit(127);
	}
	return pid < 0 || waitpid(pid, &status, 0) != pid ? -1 : status;
}

/* pg stop immediate | pg start: the suite's cluster, by the command in STORY_PG_COMMAND */
void step_pg(struct story *story, char *rest)
{
	const char *command = getenv("STORY_PG_COMMAND");
	const char *verb = take_word(&rest);
	int status = command
			   ? run_program((const char *const[]){ "bash", command, verb, rest, NULL })
			   : -1;
	if (status != 0)
		story_give_up(story, "pg %s: wait status 0x%x", verb, status);
}

/* shell COMMANDS: by bash, which ends at the first that fails; ${folder} is the story's own folder */
void step_shell(struct story *story, char *rest)
{
	int status = run_program((const char *const[]){ "bash", "-ec", rest, NULL });
	if (status != 0)
		story_give_up(story, "shell: wait status 0x%x", status);
}

static char *file_text(const char *path)
{
	struct buf text = { 0 };
	char data[8192];
	FILE *file = fopen(path, "r");
	buf_clear(&text);
	for (size_t got; file && (got = fread(data, 1, sizeof data, file)) > 0;)
		buf_add(&text, data, got);
	if (file)
		(void)fclose(file);
	return text.at;
}

/* log [NAME] has TEXT | lacks TEXT */
void step_log(struct story *story, char *rest)
{
	bool named = strncmp(rest, "has ", 4) != 0 && strncmp(rest, "lacks ", 6) != 0;
	struct server *server = server_find(story, named ? take_word(&rest) : "");
	char *log = server ? file_text(server->log_path) : copy_of("no such server", 14);
	check_text(story, "log", log, rest);
	free(log);
}

/* Each story has a database of its own, named after it. */
bool database_make(struct story *story, const char *admin)
{
	struct buf text = { 0 };
	database_drop(story, admin);
	buf_print(&text, "create database \"story_%s\"", story->name);
	char *error = sql_value(admin, text.at);
	bool made = !*error;
	if (!made)
		story_give_up(story, "create database: %s", error);
	free(error);
	free(text.at);
	return made;
}

void database_drop(struct story *story, const char *admin)
{
	struct buf text = { 0 };
	buf_print(&text, "drop database if exists \"story_%s\" with (force)", story->name);
	free(sql_value(admin, text.at));
	free(text.at);
}
