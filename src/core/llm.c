#include "core/llm.h"

#include <string.h>

#include "base/json.h"

struct message {
	struct slice content;
};
struct choice {
	struct message message;
};
struct completion {
	struct json_list choices;
};
static const struct field message_rows[] = {
	F_STR(message, content, "content", .flags = FIELD_NEEDED),
};
static const struct shape message_shape = SHAPE(message, "", message_rows, .present = NO_PRESENT);
static const struct field choice_rows[] = {
	F_OBJ(choice, message, "message", message_shape, .flags = FIELD_NEEDED),
};
static const struct shape choice_shape = SHAPE(choice, "", choice_rows, .present = NO_PRESENT);
static const struct field completion_rows[] = {
	F_LIST(completion, choices, "choices", choice_shape, .flags = FIELD_NEEDED, .max = 8),
};
static const struct shape completion_shape = SHAPE(completion, "", completion_rows,
						   .present = NO_PRESENT);

/* The envelope has members that do not concern us; whatever else is wrong with it counts. */
static bool is_sound(const struct json_faults *faults)
{
	for (int i = 0; i < faults->n; i++)
		if (strcmp(faults->list[i].code, "unknown_field") != 0)
			return false;
	return faults->total == faults->n;
}

const char *llm_content(struct slice body, struct arena *a, struct slice *out_content)
{
	struct json_faults *faults = arena_make(a, struct json_faults);
	struct json_syntax syntax;
	struct json_reader to = { a, faults, &syntax };
	struct completion got;
	const struct choice *first;

	if (!json_decode(&completion_shape, body, &to, &got))
		return "the answer is not JSON";
	if (!is_sound(faults) || got.choices.n == 0)
		return "the answer is no chat completion";
	first = got.choices.items;
	*out_content = first->message.content;
	return NULL;
}
