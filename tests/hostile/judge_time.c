/* Is what the server says of time what it promises to say? Sense, not truth: that has its own tests. */
#include <cjson/cJSON.h>
#include <string.h>

#include "hostile.h"
#include "when/stamp.h"

#define OCCURRENCES_MOST 100

static const char *text_of(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

	return text && *text ? text : NULL;
}

/* Each later than the one before it, its local time the same instant. */
static const char *judge_occurrences(const cJSON *list)
{
	usec_t last = INT64_MIN, at, local;
	const cJSON *item;

	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > OCCURRENCES_MOST)
		return "no list of occurrences, or a long one";
	cJSON_ArrayForEach(item, list)
	{
		const char *when = text_of(item, "scheduled_for"),
			   *shown = text_of(item, "local_time");

		if (!when || !shown || stamp_parse(slice_of(when), &at)
		    || stamp_parse(slice_of(shown), &local))
			return "an occurrence without its times";
		if (local != at || at <= last)
			return "occurrences that are out of order, or differ from their local times";
		last = at;
	}
	return NULL;
}

static const char *judge_warnings(const cJSON *list)
{
	const cJSON *item;

	if (!cJSON_IsArray(list))
		return "no list of warnings";
	cJSON_ArrayForEach(item, list)
	{
		if (!text_of(item, "code") || !text_of(item, "message"))
			return "a warning without a code or a message";
	}
	return NULL;
}

/* --- validate --- */

static const char *judge_valid(const cJSON *body)
{
	const cJSON *list = cJSON_GetObjectItem(body, "occurrences");
	const char *wrong = judge_occurrences(list);

	if (wrong)
		return wrong;
	if (cJSON_GetArraySize(list) != cJSON_GetArraySize(cJSON_GetObjectItem(body, "next_runs")))
		return "next_runs and occurrences differ";
	if (!text_of(body, "human_readable"))
		return "valid, but not put into words";
	if (cJSON_GetObjectItem(body, "error") || cJSON_GetObjectItem(body, "code"))
		return "valid, with an error";
	return judge_warnings(cJSON_GetObjectItem(body, "warnings"));
}

static const char *judge_invalid(const struct request *q, const cJSON *body)
{
	const cJSON *position = cJSON_GetObjectItem(body, "position");
	const char *field = cJSON_GetStringValue(cJSON_GetObjectItem(body, "field"));
	double end = cJSON_GetNumberValue(position)
		   + cJSON_GetNumberValue(cJSON_GetObjectItem(body, "length"));

	if (!text_of(body, "error") || !text_of(body, "code"))
		return "not valid, but no error or code";
	/* A parameter may be called "". */
	if (!field || (!*field && strcmp(text_of(body, "code"), "unknown_field") != 0))
		return "not valid, but no field";
	if (cJSON_GetArraySize(cJSON_GetObjectItem(body, "next_runs")) != 0)
		return "not valid, but it runs";
	if (position && !(cJSON_GetNumberValue(position) >= 0 && end <= (double)q->value_n))
		return "the fault lies outside the value";
	return NULL;
}

static const char *judge_validation(const struct request *q, const cJSON *body)
{
	const cJSON *valid = cJSON_GetObjectItem(body, "valid");

	if (!cJSON_IsBool(valid) || !cJSON_IsArray(cJSON_GetObjectItem(body, "next_runs")))
		return "neither valid nor not";
	return cJSON_IsTrue(valid) ? judge_valid(body) : judge_invalid(q, body);
}

/* --- phrases --- */

static const char *judge_schedule(const cJSON *schedule)
{
	static const struct {
		const char *type, *member;
	} kinds_of[] = { { "cron", "expression" },
			 { "every", "interval" },
			 { "at", "datetime" },
			 { "rrule", "rrule" } };
	const char *type = text_of(schedule, "type");

	if (!type || !text_of(schedule, "timezone"))
		return "a schedule without type or timezone";
	for (size_t i = 0; i < sizeof(kinds_of) / sizeof(kinds_of[0]); i++)
		if (strcmp(type, kinds_of[i].type) == 0)
			return cJSON_GetObjectItem(schedule, kinds_of[i].member)
				     ? NULL
				     : "a schedule without the member of its type";
	return "a schedule of an unknown type";
}

static const char *judge_phrase(const cJSON *body)
{
	double confidence = cJSON_GetNumberValue(cJSON_GetObjectItem(body, "confidence"));
	const cJSON *others = cJSON_GetObjectItem(body, "alternatives"), *other;
	const char *wrong = judge_schedule(cJSON_GetObjectItem(body, "schedule"));

	if (wrong)
		return wrong;
	if (!(confidence >= 0 && confidence <= 0.97))
		return "a confidence that is none";
	if (!text_of(body, "human_readable") || !text_of(body, "parse_method"))
		return "a phrase without words or method";
	if (cJSON_GetArraySize(cJSON_GetObjectItem(body, "next_runs")) < 1)
		return "a phrase that never runs";
	cJSON_ArrayForEach(other, others)
	{
		wrong = judge_schedule(cJSON_GetObjectItem(other, "schedule"));
		if (wrong)
			return wrong;
	}
	return NULL;
}

/* An expression does not run. */
static const char *judge_expression(const struct request *q, const cJSON *body)
{
	const cJSON *valid = cJSON_GetObjectItem(body, "valid");

	if (!cJSON_IsTrue(valid))
		return cJSON_IsFalse(valid) ? judge_invalid(q, body) : "neither valid nor not";
	if (!text_of(body, "human_readable") || !cJSON_IsArray(cJSON_GetObjectItem(body, "reads")))
		return "an expression without words or what it reads";
	return NULL;
}

const char *judge_time(const struct request *q, const cJSON *body)
{
	const char *wrong;

	if (strstr(q->raw.p, " /api/scheduler/validate?type=expression&") == strchr(q->raw.p, ' '))
		return judge_expression(q, body);
	if (strstr(q->raw.p, " /api/scheduler/validate") == strchr(q->raw.p, ' '))
		return judge_validation(q, body);
	if (strncmp(q->raw.p, "POST /api/scheduler/parse-nl ", 29) == 0)
		return judge_phrase(body);
	if (strncmp(q->raw.p, "POST /api/v1/plans/preview ", 27) != 0)
		return NULL;
	wrong = judge_occurrences(cJSON_GetObjectItem(body, "executions"));
	if (!wrong && !text_of(body, "human_readable"))
		wrong = "a preview without words";
	return wrong ? wrong : judge_warnings(cJSON_GetObjectItem(body, "warnings"));
}
