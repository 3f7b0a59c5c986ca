/* Checks: FIELD OPERATOR VALUE, and what is said when one does not hold. */
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/webhook.h"
#include "story/story.h"

void story_pass(struct story *story)
{
	story->passed++;
}

__attribute__((format(printf, 2, 0))) static void say(struct story *story, const char *format,
						      va_list args)
{
	char *text = NULL;
	int number = story->at < story->count ? story->lines[story->at].number : 0;
	if (vasprintf(&text, format, args) < 0)
		abort();
	buf_print(&story->report, "%s:%d: %s\n", story->path, number, text);
	free(text);
}

void story_fail(struct story *story, const char *format, ...)
{
	va_list args;
	story->failed++;
	va_start(args, format);
	say(story, format, args);
	va_end(args);
}

void story_give_up(struct story *story, const char *format, ...)
{
	va_list args;
	if (story->given_up)
		return;
	story->given_up = true;
	story->failed++;
	va_start(args, format);
	say(story, format, args);
	va_end(args);
}

static bool matches(struct story *story, const char *text, const char *pattern)
{
	regex_t regex;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
		story_give_up(story, "not a regular expression: %s", pattern);
		return false;
	}
	bool found = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

/* As numbers when both are numbers, else as text: RFC 3339 in UTC sorts as text. */
static int order_of(const char *a, const char *b)
{
	char *end_a, *end_b;
	double x = strtod(a, &end_a), y = strtod(b, &end_b);
	if (*a && *b && !*end_a && !*end_b)
		return (x > y) - (x < y);
	return strcmp(a, b);
}

static bool is_equal(const char *text, const cJSON *json, const char *wanted)
{
	cJSON *value = json ? cJSON_ParseWithOpts(wanted, NULL, 1) : NULL;
	bool equal = value ? cJSON_Compare(json, value, 1) : strcmp(text, wanted) == 0;
	cJSON_Delete(value);
	return equal;
}

static bool holds_order(const char *op, const char *text, const char *wanted)
{
	int order = order_of(text, wanted);
	return op[0] == '<' ? order < 0 || (op[1] && order == 0)
			    : order > 0 || (op[1] && order == 0);
}

static bool holds(struct story *story, const char *op, const char *text, const cJSON *json,
		  const char *wanted)
{
	static const char *const ops[] = { "==", "!=", "=~", "!~", "has", "lacks" };
	size_t i = 0;
	if (*op == '<' || *op == '>')
		return holds_order(op, text, wanted);
	while (i < sizeof ops / sizeof *ops && strcmp(op, ops[i]) != 0)
		i++;
	switch (i) {
	case 0:
		return is_equal(text, json, wanted);
	case 1:
		return !is_equal(text, json, wanted);
	case 2:
		return matches(story, text, wanted);
	case 3:
		return !matches(story, text, wanted);
	case 4:
		return strstr(text, wanted) != NULL;
	case 5:
		return strstr(text, wanted) == NULL;
	default:
		story_give_up(story, "no operator %s", op);
		return false;
	}
}

static void verdict(struct story *story, bool held, const char *check, const char *got)
{
	if (held)
		story_pass(story);
	else
		story_fail(story, "expected %s; got %.600s", check, got);
}

/* signed by SECRET (the first signature of the header), signed 2 SECRET (the second one), signed not SECRET */
static void check_signed(struct story *story, const char *whole, char *item)
{
	static const char *const names[] = { "webhook-id", "webhook-timestamp",
					     "webhook-signature" };
	struct buf values[3] = { { 0 } }, got = { 0 };
	char *word = take_word(&item);
	int place = *word >= '1' && *word <= '9' ? (int)strtol(word, NULL, 10) : 1, number;

	for (int i = 0; i < 3; i++) {
		if (!message_header(&story->last, names[i], &values[i]))
			buf_print(&values[i], "%s", "");
	}
	number = webhook_signed_by(&(struct webhook){ values[0].at, values[1].at, values[2].at,
						      story->last.body.at, story->last.body.len },
				   item);
	buf_print(&got, "number %d of %s", number, values[2].at);
	verdict(story, strcmp(word, "not") == 0 ? number == 0 : number == place, whole, got.at);
	for (int i = 0; i < 3; i++)
		free(values[i].at);
	free(got.at);
}

/* FIELD exists | FIELD absent | FIELD OPERATOR VALUE */
void check_item(struct story *story, char *item)
{
	struct buf text = { 0 };
	const cJSON *json;
	char *whole = copy_of(item, strlen(item));
	const char *what = take_word(&item), *op;
	if (strcmp(what, "signed") == 0) {
		check_signed(story, whole, item);
		free(whole);
		return;
	}
	op = take_word(&item);
	bool found = field_of(&story->last, what, &text, &json);
	if (strcmp(op, "exists") == 0 || strcmp(op, "absent") == 0) {
		verdict(story, found == (*op == 'e'), whole, found ? text.at : "nothing");
	} else if (!found) {
		struct buf got = { 0 };
		buf_print(&got, "nothing in %.300s", story->last.body.at);
		verdict(story, false, whole, got.at);
		free(got.at);
	} else {
		if (strncmp(item, "raw ", 4) == 0)
			(void)unescape(item += 4);
		verdict(story, holds(story, op, text.at, json, item), whole, text.at);
	}
	free(whole);
	free(text.at);
}

void check_items(struct story *story, char **items, int count)
{
	for (int i = 0; i < count; i++)
		check_item(story, items[i]);
}

/* `got` of `what` against "== 3", "=~ …". */
void check_text(struct story *story, const char *what, const char *got, const char *op_and_wanted)
{
	char *copy = copy_of(op_and_wanted, strlen(op_and_wanted)), *rest = copy;
	const char *op = take_word(&rest);
	struct buf check = { 0 };
	bool numbers = (op[0] == '=' || op[0] == '!') && op[1] == '=' && order_of(got, rest) == 0;
	bool held = numbers ? *op == '=' : holds(story, op, got, NULL, rest);
	buf_print(&check, "%s %s", what, op_and_wanted);
	verdict(story, held, check.at, got);
	free(check.at);
	free(copy);
}
