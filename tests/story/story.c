/* Reads a story and walks its lines. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "story/story.h"

static const struct step {
	const char *word;
	void (*run)(struct story *, char *);
} steps[] = {
	{ "server", step_server },   { "clock", step_clock },       { "advance", step_advance },
	{ "hook", step_hook },       { "sql", step_sql },           { "metric", step_metric },
	{ "log", step_log },         { "kill", step_kill },         { "term", step_term },
	{ "restart", step_restart }, { "died", step_died },         { "freeze", step_freeze },
	{ "thaw", step_thaw },       { "fail", step_fail },         { "pg", step_pg },
	{ "shell", step_shell },     { "carillon", step_carillon }, { "mail", step_mail },
	{ "drain", step_drain },     { "race", step_race },
};

static struct line *add_line(struct story *story, int number, const char *text)
{
	story->lines = must(
		realloc(story->lines, (size_t)(story->count + 1) * sizeof *story->lines));
	struct line *line = &story->lines[story->count++];
	*line = (struct line){ .number = number, .text = copy_of(text, strlen(text)) };
	return line;
}

/* An indented line continues the one above it; "> Name: value" is a header of the request above
 * it. */
static void add_text(struct story *story, int number, char *text)
{
	struct line *above = story->count ? &story->lines[story->count - 1] : NULL;
	text[strcspn(text, "\n")] = '\0';
	if (*text == '#' || text[strspn(text, " \t")] == '\0')
		return;
	if (above && isspace((unsigned char)*text)) {
		struct buf joined = { 0 };
		buf_print(&joined, "%s\n%s", above->text, text + (*text == '\t'));
		free(above->text);
		above->text = joined.at;
	} else if (above && text[0] == '>' && text[1] == ' ') {
		buf_print(&above->headers, "%s\n", text + 2);
	} else {
		add_line(story, number, text);
	}
}

static bool read_story(struct story *story)
{
	char *text = NULL;
	size_t room = 0;
	FILE *file = fopen(story->path, "r");
	if (!file)
		return false;
	for (int number = 1; getline(&text, &room, file) >= 0; number++)
		add_text(story, number, text);
	free(text);
	(void)fclose(file);
	return true;
}

/* -> STATUS  CHECK  CHECK … */
static void check_answer(struct story *story, char *text)
{
	char *items[ITEMS_MAX];
	int count = split_items(text, items);
	char status[16];
	if (count == 0)
		return;
	(void)snprintf(status, sizeof status, "%d", story->last.status);
	if (strcmp(status, items[0]) == 0)
		story_pass(story);
	else
		story_fail(story, "expected status %s; got %s %.600s", items[0], status,
			   story->last.body.at);
	check_items(story, items + 1, count - 1);
}

/* save NAME = FIELD of the last answer or received request */
static void save(struct story *story, char *rest)
{
	struct buf value = { 0 };
	const cJSON *json;
	const char *name = take_word(&rest);
	(void)take_word(&rest);
	if (field_of(&story->last, rest, &value, &json))
		var_set(story, name, value.at);
	else
		story_give_up(story, "nothing to save: no %s in %.600s", rest, story->last.body.at);
	free(value.at);
}

/* let NAME = N TEXT: N times TEXT */
static void let(struct story *story, char *rest)
{
	struct buf value = { 0 };
	const char *name = take_word(&rest);
	(void)take_word(&rest);
	for (long i = strtol(take_word(&rest), NULL, 10); i > 0; i--)
		buf_print(&value, "%s", rest);
	var_set(story, name, value.at ? value.at : "");
	free(value.at);
}

static bool is_request(const char *text)
{
	return *text == '@' || (isupper((unsigned char)text[0]) && isupper((unsigned char)text[1]));
}

/* A request, and the checks that stand behind " -> " in its line (requests without a body only). */
static void run_request(struct story *story, char *text)
{
	char *arrow = strstr(text, " -> ");
	if (arrow && text + strcspn(text, "{[") < arrow)
		arrow = NULL; /* it belongs to the body */
	if (arrow)
		*arrow = '\0';
	request_run(story, &story->lines[story->at], text);
	if (arrow && !story->given_up)
		check_answer(story, arrow + 4);
}

static void run_text(struct story *story, char *text);

/* repeat N LINE: with ${i} from 1 to N; no answer may be a refusal. */
static void repeat(struct story *story, char *rest)
{
	char number[24];
	for (long i = 1, count = strtol(take_word(&rest), NULL, 10); i <= count && !story->given_up;
	     i++) {
		(void)snprintf(number, sizeof number, "%ld", i);
		var_set(story, "i", number);
		char *filled = vars_filled(story, rest);
		run_text(story, filled);
		free(filled);
		if (story->last.status >= 400)
			story_give_up(story, "no. %ld: %d %.600s", i, story->last.status,
				      story->last.body.at);
	}
}

/* eventually LINE: again and again until its checks hold; for a request, those of its `->` line
 * too. */
static void eventually(struct story *story, char *rest)
{
	const int passed = story->passed, failed = story->failed, at = story->at;
	const size_t said = story->report.len;
	bool has_checks = at + 1 < story->count && strncmp(story->lines[at + 1].text, "->", 2) == 0;
	for (long long end = boot_ms() + WAIT_MS;;) {
		char *text = copy_of(rest, strlen(rest));
		story->quiet = boot_ms() < end;
		story->at = at;
		run_text(story, text);
		free(text);
		if (has_checks && is_request(rest)) {
			story->at++;
			text = vars_filled(story, story->lines[story->at].text + 2);
			check_answer(story, text);
			free(text);
		}
		if (story->failed == failed || !story->quiet || story->given_up)
			break;
		story->passed = passed;
		story->failed = failed;
		story->report.len = said;
		nap(15);
	}
	story->quiet = false;
}

static void run_text(struct story *story, char *text)
{
	if (is_request(text)) {
		run_request(story, text);
		return;
	}
	const char *word = take_word(&text);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (strcmp(word, steps[i].word) == 0) {
			steps[i].run(story, text);
			return;
		}
	}
	if (strcmp(word, "->") == 0)
		check_answer(story, text);
	else if (strcmp(word, "save") == 0)
		save(story, text);
	else if (strcmp(word, "let") == 0)
		let(story, text);
	else if (strcmp(word, "eventually") == 0)
		eventually(story, text);
	else
		story_give_up(story, "no such line: %s", word);
}

static void run_line(struct story *story)
{
	char *text = story->lines[story->at].text;
	if (strncmp(text, "repeat ", 7) == 0) {
		char *rest = copy_of(text + 7, strlen(text + 7)), *at = rest;
		repeat(story, at);
		free(rest);
		return;
	}
	char *filled = vars_filled(story, text);
	if (!story->given_up)
		run_text(story, filled);
	free(filled);
}

/* The ends of the servers' logs, once for a story that failed. */
static void tell_logs(struct story *story)
{
	for (int i = 0; i < SERVERS_MAX && *story->servers[i].name; i++) {
		char line[2000];
		char *lines[20] = { 0 };
		int count = 0;
		FILE *file = fopen(story->servers[i].log_path, "r");
		while (file && fgets(line, sizeof line, file)) {
			free(lines[count % 20]);
			lines[count++ % 20] = copy_of(line, strlen(line));
		}
		if (file)
			(void)fclose(file);
		for (int at = count > 20 ? count - 20 : 0; at < count; at++) {
			buf_print(&story->report, "\t%s| %s", story->servers[i].name,
				  lines[at % 20]);
			free(lines[at % 20]);
		}
	}
}

void story_run(struct story *story, const char *admin)
{
	int port;
	struct buf hook = { 0 };
	buf_clear(&story->report);
	message_reset(&story->last);
	if (!read_story(story))
		story_give_up(story, "%s: cannot be read", story->path);
	story->hook = hook_start(&port);
	buf_print(&hook, "http://127.0.0.1:%d", port);
	var_set(story, "hook", hook.at);
	buf_clear(&hook);
	buf_print(&hook, "http://localhost:%d", port); /* the same place, another origin */
	var_set(story, "elsewhere", hook.at);
	buf_clear(&hook);
	buf_print(&hook, "127.0.0.1:%d", smtp_start());
	var_set(story, "smtp", hook.at);
	var_set(story, "folder", story->folder);
	var_set(story, "key", "story-key-0123456789abcdef0123456789abcdef");
	bool made = !story->given_up && database_make(story, admin);
	for (; made && story->at < story->count && !story->given_up; story->at++)
		run_line(story);
	if (*fake_faults() || *smtp_faults())
		story_fail(story, "not as documented:\n%s%s", fake_faults(), smtp_faults());
	if (story->failed)
		tell_logs(story);
	servers_end(story);
	if (made && !(story->failed && getenv("STORY_KEEP")))
		database_drop(story, admin);
}
