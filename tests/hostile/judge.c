/* Is this answer as it should be? */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hostile.h"
#include "lib/refusal.h"

struct stored stored;
int by_status[600];

const char *header_of(const struct reply *r, const char *name, char *out, size_t max)
{
	size_t n = strlen(name);
	const char *line = strstr(r->raw.p, "\r\n");

	out[0] = '\0';
	while (line && line + 2 < r->raw.p + r->head_n - 2) {
		line += 2;
		if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
			size_t value = strcspn(line + n + 1, "\r");

			(void)snprintf(out, max, "%.*s", (int)value - 1, line + n + 2);
			return out;
		}
		line = strstr(line, "\r\n");
	}
	return out;
}

static bool is_word(const cJSON *v)
{
	const char *s = cJSON_GetStringValue(v);

	return s && *s && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool is_text(const cJSON *v)
{
	const char *s = cJSON_GetStringValue(v);

	return s && *s;
}

/* --- problems --- */

const char *seen_codes[SEEN_MOST];

static void remember(const char *code)
{
	int i = 0;

	while (i < SEEN_MOST - 1 && seen_codes[i] && strcmp(seen_codes[i], code) != 0)
		i++;
	if (!seen_codes[i])
		seen_codes[i] = strdup(code);
}

/* What has no name is the body itself, or a member or a parameter that is called "". */
static bool is_nameless(const cJSON *e)
{
	static const char *const codes[] = { "unknown_field", "invalid_escape", "too_many", NULL };
	const char *message = cJSON_GetStringValue(cJSON_GetObjectItem(e, "message"));
	const char *code = cJSON_GetStringValue(cJSON_GetObjectItem(e, "code"));

	for (int i = 0; codes[i]; i++)
		if (strcmp(codes[i], code) == 0)
			return true;
	return strstr(message, " body ") != NULL;
}

static const char *judge_faults(const cJSON *errors)
{
	const cJSON *e;

	if (cJSON_GetArraySize(errors) == 0)
		return "422 without errors[]";
	cJSON_ArrayForEach(e, errors)
	{
		if (!is_word(cJSON_GetObjectItem(e, "code")))
			return "an error without a code";
		remember(cJSON_GetStringValue(cJSON_GetObjectItem(e, "code")));
		if (!refusal_is_field_code(cJSON_GetStringValue(cJSON_GetObjectItem(e, "code"))))
			return "a code that stands in no table";
		if (!is_text(cJSON_GetObjectItem(e, "message")))
			return "an error without a message";
		if (!refusal_is_sentence(cJSON_GetStringValue(cJSON_GetObjectItem(e, "message"))))
			return "a message that is no sentence";
		if (!cJSON_IsString(cJSON_GetObjectItem(e, "field")))
			return "an error without a field";
		if (!is_text(cJSON_GetObjectItem(e, "field")) && !is_nameless(e))
			return "an error without the name of a field";
	}
	return NULL;
}

static const char *judge_code(const struct reply *r, const char *code)
{
	return refusal_is_code_of(code, r->status) ? NULL : "the code is none of this status";
}

/* All that are 422 but one. */
static bool names_faults(const struct reply *r, const cJSON *code)
{
	return r->status == 422
	    && strcmp(cJSON_GetStringValue(code), "idempotency_key_reused") != 0;
}

/* The body below /api/scheduler: {error, message, status, code, details}. */
static const char *judge_error(const struct reply *r, const cJSON *body)
{
	const cJSON *code = cJSON_GetObjectItem(body, "code");

	char type[256];

	if (strcmp(header_of(r, "Content-Type", type, sizeof(type)), "application/json"))
		return "the type of such an error is not application/json";
	if (!is_word(cJSON_GetObjectItem(body, "error")) || !is_word(code))
		return "an error without error or code";
	if (!is_text(cJSON_GetObjectItem(body, "message")))
		return "an error without a message";
	if (cJSON_GetNumberValue(cJSON_GetObjectItem(body, "status")) != r->status)
		return "status in the body is not the status";
	if (!cJSON_IsArray(cJSON_GetObjectItem(body, "details")))
		return "an error without details";
	if (names_faults(r, code))
		return judge_faults(cJSON_GetObjectItem(body, "details"));
	return judge_code(r, cJSON_GetStringValue(code));
}

static const char *judge_problem(const struct reply *r, const cJSON *body)
{
	static const char *const texts[] = { "type", "title", "detail", "request_id", NULL };
	const cJSON *code = cJSON_GetObjectItem(body, "code");
	char value[256];

	if (strcmp(header_of(r, "Content-Type", value, sizeof(value)), "application/problem+json"))
		return "the type of an error is not application/problem+json";
	for (int i = 0; texts[i]; i++)
		if (!is_text(cJSON_GetObjectItem(body, texts[i])))
			return "an error without type, title, detail or request_id";
	if (strcmp(header_of(r, "X-Request-Id", value, sizeof(value)),
		   cJSON_GetStringValue(cJSON_GetObjectItem(body, "request_id"))))
		return "request_id and X-Request-Id differ";
	if (cJSON_GetNumberValue(cJSON_GetObjectItem(body, "status")) != r->status)
		return "status in the body is not the status";
	if (!is_word(code))
		return "an error without a code";
	/* One that stands twice in a list is nobody's yet. */
	if (r->status == 409 && strcmp(cJSON_GetStringValue(code), "duplicate_unique_id") == 0
	    && !strstr(cJSON_GetStringValue(cJSON_GetObjectItem(body, "detail")), "in the request")
	    && !is_text(cJSON_GetObjectItem(body, "id")))
		return "duplicate_unique_id without the id that exists";
	if (names_faults(r, code))
		return judge_faults(cJSON_GetObjectItem(body, "errors"));
	return judge_code(r, cJSON_GetStringValue(code));
}

/* --- what is fine --- */

static bool is_for(const struct request *q, const char *path)
{
	const char *target = strchr(q->raw.p, ' ');

	return target && strncmp(target + 1, path, strlen(path)) == 0;
}

static void count_one(const cJSON *body)
{
	const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(body, "id"));

	if (!id)
		return;
	if (strncmp(id, "schedule_", 9) == 0) {
		make_knows(KNOWN_SCHEDULE, id);
		stored.schedules++;
		stored.templates++;
		return;
	}
	make_knows(KNOWN_TASK, id);
	stored.tasks++;
	stored.keys += is_text(cJSON_GetObjectItem(body, "unique_id"));
}

/* A job that was triggered: the path of its run. */
static void know_run(const struct request *q, const cJSON *body)
{
	const char *run = cJSON_GetStringValue(cJSON_GetObjectItem(body, "run_id")),
		   *job = strstr(q->raw.p, "/jobs/");
	char path[96];

	if (!run || !job)
		return;
	(void)snprintf(path, sizeof(path), "%.*s/runs/%s", (int)strcspn(job + 6, "/ "), job + 6,
		       run);
	make_knows(KNOWN_RUN, path);
}

/* What is made below these paths, and gone after a DELETE. */
static const struct made {
	const char *path;
	long long *count;
	bool is_deleted;
	enum known known; /* KNOWN_COUNT: its ids are of no use */
} made[] = {
	{ "/api/agents", &stored.agents, true, KNOWN_COUNT },
	{ "/api/auth/", &stored.api_keys, false, KNOWN_COUNT },
	{ "/api/v1/plans", &stored.plans, false, KNOWN_PLAN },
	{ "/api/v1/actions/", &stored.actions, true, KNOWN_COUNT },
	{ "/api/scheduler/jobs", &stored.jobs, false, KNOWN_JOB },
	{ "/api/scheduler/chains", &stored.chains, true, KNOWN_CHAIN },
};

/* What does not belong to Taskhook; false: it does. */
static bool count_other(const struct request *q, const struct reply *r, const cJSON *body)
{
	const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(body, "id"));

	if (r->status == 202)
		know_run(q, body);
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		const struct made *m = &made[i];

		if (!is_for(q, m->path))
			continue;
		*m->count += r->status == 201;
		*m->count -= m->is_deleted && q->raw.p[0] == 'D';
		if (r->status == 201 && id && m->known != KNOWN_COUNT)
			make_knows(m->known, id);
		return true;
	}
	return is_for(q, "/api/");
}

static void count_stored(const struct request *q, const struct reply *r, const cJSON *body)
{
	const cJSON *item;

	if (count_other(q, r, body))
		return;
	if (r->status == 200 && strncmp(q->raw.p, "PATCH ", 6) == 0)
		stored.templates += cJSON_HasObjectItem(body, "task_template");
	if (is_for(q, "/v1/calendars/")) {
		stored.calendars += r->status == 201;
		stored.calendars -= q->raw.p[0] == 'D';
		return;
	}
	if (r->status != 201)
		return;
	if (!cJSON_IsArray(body))
		count_one(body);
	cJSON_ArrayForEach(item, body)
	{
		if (cJSON_IsArray(body))
			count_one(item);
	}
}

static const char *judge_good(const struct request *q, const struct reply *r, const cJSON *body)
{
	count_stored(q, r, body);
	return judge_time(q, body);
}

/* The bytes that follow this one in its character; -1 when it begins none. */
static int followers(unsigned char c)
{
	if (c < 0x80)
		return 0;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	return c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
}

static bool is_utf8(const char *p, size_t n)
{
	const unsigned char *s = (const unsigned char *)p, *end = s + n;

	while (s < end) {
		int more = followers(*s);

		if (more < 0 || end - s <= more)
			return false;
		for (s++; more > 0; more--)
			if ((*s++ & 0xc0) != 0x80)
				return false;
	}
	return true;
}

/* The raw gate does not know whom a request is for. */
static const char *judge_fault(const struct request *q, const struct reply *r, const cJSON *body)
{
	if (cJSON_GetObjectItem(body, "error"))
		return judge_error(r, body);
	if ((is_for(q, "/api/scheduler/") || is_for(q, "/api/agents") || is_for(q, "/api/channels"))
	    && (r->status == 404 || r->status == 422))
		return "an error of the Scheduler API in another shape";
	return judge_problem(r, body);
}

static const char *judge_body(const struct request *q, const struct reply *r)
{
	const char *text = r->raw.p + r->head_n, *end = NULL, *wrong = NULL;
	size_t n = r->raw.n - r->head_n;
	char type[256];
	cJSON *body;

	if (!is_utf8(text, n))
		return "the answer is not UTF-8";
	if (n == 0 || !strstr(header_of(r, "Content-Type", type, sizeof(type)), "json"))
		return r->status >= 400 ? "an error without a body" : NULL;
	body = cJSON_ParseWithLengthOpts(text, n, &end, false);
	while (body && end < text + n && strchr(" \n", *end))
		end++;
	if (!body || end != text + n)
		wrong = "the answer is not JSON";
	else if (r->status >= 400)
		wrong = judge_fault(q, r, body);
	else
		wrong = judge_good(q, r, body);
	cJSON_Delete(body);
	return wrong;
}

/* --- the status --- */

static bool is_listed(const struct request *q, int status)
{
	for (int i = 0; i < 4; i++)
		if (q->status[i] == status)
			return true;
	return false;
}

static const char *judge_status(const struct request *q, int status)
{
	bool is_refusal = status >= 400 && status < 500;

	if (q->want == WANT_FRAMING && (status == 501 || status == 505))
		return NULL;
	if (status >= 500)
		return "5xx";
	if (q->want == WANT_STATUS && !is_listed(q, status))
		return "not the status that this must have";
	if ((q->want == WANT_REFUSAL || q->want == WANT_FRAMING) && !is_refusal)
		return "this must be refused";
	return NULL;
}

const char *judge(const struct request *q, const struct reply *r)
{
	const char *wrong;
	char value[256];

	by_status[r->status]++;
	wrong = judge_status(q, r->status);
	if (r->status == 401 && !*header_of(r, "WWW-Authenticate", value, sizeof(value)))
		wrong = "401 without WWW-Authenticate";
	if (r->status == 405 && !*header_of(r, "Allow", value, sizeof(value)))
		wrong = "405 without Allow";
	if (!*header_of(r, "X-Request-Id", value, sizeof(value)))
		wrong = "no X-Request-Id";
	if (q->is_head || wrong)
		return wrong;
	return judge_body(q, r);
}
