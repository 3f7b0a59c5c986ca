/* Answers and received requests: their headers, their body as bytes and as JSON, and the fields
 * a check names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "story/story.h"

void message_reset(struct message *message)
{
	cJSON_Delete(message->json);
	message->json = NULL;
	message->status = 0;
	free(message->method);
	free(message->path);
	message->method = message->path = NULL;
	buf_clear(&message->head);
	buf_clear(&message->body);
}

void message_finish(struct message *message)
{
	message->json = cJSON_ParseWithOpts(message->body.at, NULL, 1);
}

bool message_header(const struct message *message, const char *name, struct buf *out)
{
	size_t len = strlen(name);
	const char *line = message->head.at ? message->head.at : "";
	while (*line) {
		const char *end = line + strcspn(line, "\r\n");
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			line += len + 1;
			line += strspn(line, " \t");
			buf_clear(out);
			buf_add(out, line, (size_t)(end - line));
			return true;
		}
		line = end + strspn(end, "\r\n");
	}
	return false;
}

/* [3], or [key=value]: the first element whose key has this text. */
static const cJSON *json_element(const cJSON *array, const char *inside)
{
	const char *equals = strchr(inside, '=');
	if (!equals)
		return cJSON_GetArrayItem(array, (int)strtol(inside, NULL, 10));
	char *key = copy_of(inside, (size_t)(equals - inside));
	const cJSON *found = NULL, *element;
	cJSON_ArrayForEach(element, array)
	{
		const char *value = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(element, key));
		if (!found && value && strcmp(value, equals + 1) == 0)
			found = element;
	}
	free(key);
	return found;
}

/* Up to the bracket that closes the one before `text`: a value may hold brackets itself. */
static size_t inside_brackets(const char *text)
{
	size_t len = 0;
	for (int depth = 1; text[len]; len++) {
		depth += (text[len] == '[') - (text[len] == ']');
		if (depth == 0)
			break;
	}
	return len;
}

/* .a.b[0].c[key=value]; a key with other characters stands in quotes: ."a b". */
static const cJSON *json_path(const cJSON *json, const char *path)
{
	while (json && *path) {
		if (path[0] == '.' && (!path[1] || path[1] == '[')) {
			path++;
			continue;
		}
		bool is_index = *path == '[', is_quoted = path[0] == '.' && path[1] == '"';
		const char *name = path + 1 + is_quoted;
		size_t len = is_index ? inside_brackets(name)
				      : strcspn(name, is_quoted ? "\"" : ".[");
		char *step = copy_of(name, len);
		json = is_index ? json_element(json, step)
				: cJSON_GetObjectItemCaseSensitive(json, step);
		free(step);
		path = name + len + (is_index || is_quoted);
	}
	return json;
}

static bool plain_field(const struct message *message, const char *what, struct buf *out)
{
	if (strcmp(what, "body") == 0)
		buf_add(out, message->body.at, message->body.len);
	else if (strcmp(what, "status") == 0)
		buf_print(out, "%d", message->status);
	else if (strcmp(what, "path") == 0 && message->path)
		buf_print(out, "%s", message->path);
	else
		return strncmp(what, "header.", 7) == 0 && message_header(message, what + 7, out);
	return true;
}

bool field_of(const struct message *message, const char *what, struct buf *out_text,
	      const cJSON **out_json)
{
	bool counts = *what == '#';
	*out_json = NULL;
	buf_clear(out_text);
	if (*what != '.' && !counts)
		return plain_field(message, what, out_text);
	const cJSON *json = json_path(message->json, what + counts);
	if (!json)
		return false;
	if (counts) {
		buf_print(out_text, "%d", cJSON_GetArraySize(json));
		return true;
	}
	char *text = cJSON_IsString(json) ? NULL : cJSON_PrintUnformatted(json);
	buf_print(out_text, "%s", text ? text : json->valuestring);
	free(text);
	*out_json = json;
	return true;
}
