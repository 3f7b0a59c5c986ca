/* Variables of a story: ${name}, $name, ${now}, ${now+5m}, and ${x*1000} for a thousand x. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "story/story.h"

void var_set(struct story *story, const char *name, const char *value)
{
	int i = 0;
	while (i < story->vars && strcmp(story->names[i], name) != 0)
		i++;
	if (i == VARS_MAX)
		abort();
	if (i == story->vars)
		story->names[story->vars++] = copy_of(name, strlen(name));
	story->values[i] = copy_of(value, strlen(value));
}

const char *var_get(const struct story *story, const char *name)
{
	for (int i = 0; i < story->vars; i++)
		if (strcmp(story->names[i], name) == 0)
			return story->values[i];
	return NULL;
}

/* now, now+5m, now-1h by the test clock, or by the real one while none is set. */
static bool fill_now(const struct story *story, const char *name, struct buf *out)
{
	if (strncmp(name, "now", 3) != 0 || !(name[3] == '\0' || name[3] == '+' || name[3] == '-'))
		return false;
	long long at = story->now_ms ? story->now_ms : (long long)time(NULL) * 1000;
	long long by = name[3] ? parse_duration_ms(name + 4) : 0;
	if (by < 0)
		return false;
	char *text = print_instant(name[3] == '-' ? at - by : at + by);
	buf_print(out, "%s", text);
	free(text);
	return true;
}

static bool fill_repeated(const char *name, struct buf *out)
{
	const char *star = strrchr(name, '*');
	if (!star || star == name || !isdigit((unsigned char)star[1]))
		return false;
	for (long i = strtol(star + 1, NULL, 10); i > 0; i--)
		buf_add(out, name, (size_t)(star - name));
	return true;
}

static void fill_one(struct story *story, const char *name, bool in_braces, struct buf *out)
{
	const char *value = var_get(story, name);
	if (value)
		buf_print(out, "%s", value);
	else if (!in_braces)
		buf_print(out, "$%s", name);
	else if (!fill_now(story, name, out) && !fill_repeated(name, out))
		story_give_up(story, "no variable ${%s}", name);
}

char *vars_filled(struct story *story, const char *text)
{
	struct buf out = { 0 };
	buf_clear(&out);
	while (*text) {
		size_t plain = strcspn(text, "$");
		buf_add(&out, text, plain);
		text += plain;
		if (!*text)
			break;
		bool in_braces = text[1] == '{';
		const char *name = text + 1 + in_braces;
		size_t len = 0;
		if (in_braces)
			len = strcspn(name, "}");
		else
			while (isalnum((unsigned char)name[len]) || name[len] == '_')
				len++;
		if (len == 0 || (in_braces && !name[len])) {
			buf_add(&out, text++, 1);
			continue;
		}
		char *copy = copy_of(name, len);
		fill_one(story, copy, in_braces, &out);
		free(copy);
		text = name + len + in_braces;
	}
	return out.at;
}
