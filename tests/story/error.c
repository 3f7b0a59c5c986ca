/* What holds for every refusal, whatever a story asserts of it: the shape of its API, a status that agrees, codes that
 * stand in the tables, and sentences for people. */
#include <stdio.h>
#include <string.h>

#include "lib/refusal.h"
#include "story/story.h"

static const char *text_of(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

	return text ? text : "";
}

static const char *judge_faults(const cJSON *list)
{
	const cJSON *fault;

	cJSON_ArrayForEach(fault, list)
	{
		if (!refusal_is_field_code(text_of(fault, "code")))
			return "a fault's code stands in no table";
		if (!refusal_is_sentence(text_of(fault, "message")))
			return "a fault's message is no sentence";
		if (!cJSON_IsString(cJSON_GetObjectItem(fault, "field")))
			return "a fault names no field";
	}
	return NULL;
}

/* {type, title, status, detail, code, request_id, errors} */
static const char *judge_problem(const cJSON *body, int status)
{
	const cJSON *errors = cJSON_GetObjectItem(body, "errors");
	const char *code = text_of(body, "code");
	char type[128];

	(void)snprintf(type, sizeof type, "urn:carillon:problem:%s", code);
	if (!refusal_is_code_of(code, status))
		return "its code is none of this status";
	if (strcmp(type, text_of(body, "type")) != 0 || !*text_of(body, "title"))
		return "its type or title is wrong";
	if (!refusal_is_sentence(text_of(body, "detail")))
		return "its detail is no sentence";
	if (!*text_of(body, "request_id"))
		return "it has no request_id";
	if (strcmp(code, "validation_error") == 0 && !cJSON_GetArraySize(errors))
		return "it names no fault";
	return judge_faults(errors);
}

/* {error, message, status, code, details} */
static const char *judge_other(const cJSON *body, int status)
{
	const cJSON *details = cJSON_GetObjectItem(body, "details");
	const char *code = text_of(body, "code");
	bool has_details = cJSON_GetArraySize(details) > 0;

	if (!*text_of(body, "error") || !cJSON_IsArray(details))
		return "it has no error or no details";
	if (has_details ? !refusal_is_field_code(code) : !refusal_is_code_of(code, status))
		return "its code is none of this status";
	if (!refusal_is_sentence(text_of(body, "message")))
		return "its message is no sentence";
	return judge_faults(details);
}

void check_refusal(struct story *story)
{
	const struct message *answer = &story->last;
	const char *wrong = NULL;

	if (answer->status < 400 || !answer->json || !cJSON_GetObjectItem(answer->json, "code"))
		return;
	if (cJSON_GetNumberValue(cJSON_GetObjectItem(answer->json, "status")) != answer->status)
		wrong = "its status is another one";
	else if (cJSON_GetObjectItem(answer->json, "type"))
		wrong = judge_problem(answer->json, answer->status);
	else
		wrong = judge_other(answer->json, answer->status);
	if (wrong)
		story_fail(story, "a refusal is not as all are: %s: %.600s", wrong,
			   answer->body.at);
}
