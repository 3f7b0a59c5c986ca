/* Every route, each role, one's own tenant and another. A route that has no row here, or says no role, is a failure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "roles/roles.h"

/* What another tenant gets to hear of A's object, when his role is high enough. */
enum foreign {
	NOT_FOUND, /* 404: the path names A's object */
	LIST,      /* 2xx, and every list in it is empty */
	EMPTY,     /* 2xx, and nothing of A's: canary_stranger() looks */
	OWN,       /* 2xx: whatever it makes is his own, though A has one of that name */
	INVALID,   /* 4xx, never 404: the body names A's objects, which are nobody's */
	OPEN       /* no key is looked at */
};

static const struct row {
	const char *route; /* as /openapi.json has it */
	int needs;         /* by CONTRACT.md 2, not by what the server says */
	const char *path;  /* NULL: the route's own */
	const char *body;
	enum foreign foreign;
	bool changes; /* a world of its own for each one that is let through */
} rows[] = {
	{ "GET /livez", NONE, NULL, NULL, OPEN, false },
	{ "GET /readyz", NONE, "/readyz?verbose", NULL, OPEN, false },
	{ "GET /metrics", NONE, NULL, NULL, OPEN, false },
	{ "GET /openapi.json", NONE, NULL, NULL, OPEN, false },
	/* --- schedules and tasks --- */
	{ "POST /v1/schedules", EDITOR, NULL,
	  "{\"cron\": \"0 0 1 1 *\", \"timezone\": \"UTC\", \"calendar\": \"${calendar}\", "
	  "\"task_template\": {\"target\": \"${hook}/x\"}}",
	  INVALID, true },
	{ "GET /v1/schedules", VIEWER, NULL, NULL, LIST, false },
	{ "GET /v1/schedules/{id}", VIEWER, "/v1/schedules/${schedule}", NULL, NOT_FOUND, false },
	{ "PATCH /v1/schedules/{id}", EDITOR, "/v1/schedules/${schedule}",
	  "{\"cron\": \"0 1 1 1 *\"}", NOT_FOUND, true },
	{ "DELETE /v1/schedules/{id}", EDITOR, "/v1/schedules/${schedule}", NULL, NOT_FOUND, true },
	{ "GET /v1/schedules/{id}/tasks", VIEWER, "/v1/schedules/${schedule}/tasks", NULL,
	  NOT_FOUND, false },
	{ "GET /v1/schedules/{id}/preview", VIEWER, "/v1/schedules/${schedule}/preview", NULL,
	  NOT_FOUND, false },
	{ "GET /v1/schedules/{id}/skips", VIEWER, "/v1/schedules/${schedule}/skips", NULL,
	  NOT_FOUND, false },
	{ "POST /v1/tasks", EDITOR, NULL, "{\"target\": \"${hook}/x\", \"execute_after\": \"P1D\"}",
	  OWN, true },
	{ "GET /v1/tasks", VIEWER, NULL, NULL, LIST, false },
	{ "GET /v1/tasks/{id}", VIEWER, "/v1/tasks/${done}", NULL, NOT_FOUND, false },
	{ "POST /v1/tasks/{id}/cancel", OPERATOR, "/v1/tasks/${task}/cancel", NULL, NOT_FOUND,
	  true },
	{ "POST /v1/tasks/{id}/retry", OPERATOR, "/v1/tasks/${task}/retry", NULL, NOT_FOUND, true },
	{ "GET /v1/calendars", VIEWER, NULL, NULL, LIST, false },
	{ "PUT /v1/calendars/{name}", EDITOR, "/v1/calendars/${calendar}",
	  "{\"weekend\": [\"saturday\"]}", OWN, true },
	{ "GET /v1/calendars/{name}", VIEWER, "/v1/calendars/${calendar}", NULL, NOT_FOUND, false },
	{ "DELETE /v1/calendars/{name}", EDITOR, "/v1/calendars/${calendar}", NULL, NOT_FOUND,
	  true },
	/* --- jobs, agents, chains, channels --- */
	{ "POST /api/scheduler/jobs", EDITOR, NULL,
	  "{\"name\": \"x\", \"goal\": \"x\", \"agent_id\": \"${agent}\", "
	  "\"schedule\": {\"type\": \"cron\", \"expression\": \"0 0 1 1 *\"}}",
	  INVALID, true },
	{ "GET /api/scheduler/jobs", VIEWER, NULL, NULL, LIST, false },
	{ "GET /api/scheduler/jobs/{id}", VIEWER, "/api/scheduler/jobs/${job}", NULL, NOT_FOUND,
	  false },
	{ "PUT /api/scheduler/jobs/{id}", EDITOR, "/api/scheduler/jobs/${job}",
	  "{\"name\": \"x\", \"goal\": \"x\", \"agent_id\": \"${agent}\", "
	  "\"schedule\": {\"type\": \"cron\", \"expression\": \"0 0 1 1 *\"}}",
	  NOT_FOUND, true },
	{ "PATCH /api/scheduler/jobs/{id}", EDITOR, "/api/scheduler/jobs/${job}",
	  "{\"goal\": \"x\"}", NOT_FOUND, true },
	{ "DELETE /api/scheduler/jobs/{id}", EDITOR, "/api/scheduler/jobs/${job}", NULL, NOT_FOUND,
	  true },
	{ "POST /api/scheduler/jobs/{id}/pause", OPERATOR, "/api/scheduler/jobs/${job}/pause", NULL,
	  NOT_FOUND, true },
	{ "POST /api/scheduler/jobs/{id}/resume", OPERATOR, "/api/scheduler/jobs/${job}/resume",
	  NULL, NOT_FOUND, true },
	{ "POST /api/scheduler/jobs/{id}/trigger", OPERATOR, "/api/scheduler/jobs/${job}/trigger",
	  NULL, NOT_FOUND, true },
	{ "GET /api/scheduler/jobs/{id}/runs", VIEWER, "/api/scheduler/jobs/${job}/runs", NULL,
	  NOT_FOUND, false },
	{ "GET /api/scheduler/jobs/{id}/runs/{run_id}", VIEWER,
	  "/api/scheduler/jobs/${job}/runs/${run}", NULL, NOT_FOUND, false },
	{ "POST /api/scheduler/jobs/{id}/runs/{run_id}/cancel", OPERATOR,
	  "/api/scheduler/jobs/${job}/runs/${run}/cancel", NULL, NOT_FOUND, true },
	{ "GET /api/scheduler/jobs/{id}/stats", VIEWER, "/api/scheduler/jobs/${job}/stats", NULL,
	  NOT_FOUND, false },
	{ "GET /api/scheduler/validate", VIEWER,
	  "/api/scheduler/validate?type=cron&value=0+0+1+1+*", NULL, EMPTY, false },
	{ "POST /api/scheduler/parse-nl", VIEWER, NULL, "{\"text\": \"every day at 9am\"}", OWN,
	  false },
	{ "POST /api/scheduler/runs/{id}/callback", NONE,
	  "/api/scheduler/runs/${run}/callback?token=${run}", "{\"status\": \"completed\"}", OPEN,
	  false },
	{ "GET /api/scheduler/stats", VIEWER, NULL, NULL, EMPTY, false },
	{ "GET /api/scheduler/status", VIEWER, NULL, NULL, EMPTY, false },
	{ "GET /api/scheduler/calendar-data", VIEWER, NULL, NULL, LIST, false },
	{ "GET /api/scheduler/smart/heatmap", VIEWER, NULL, NULL, EMPTY, false },
	{ "GET /api/scheduler/smart/suggestions", VIEWER, NULL, NULL, EMPTY, false },
	{ "POST /api/scheduler/chains", EDITOR, NULL, "{\"name\": \"x\", \"jobs\": [\"${job}\"]}",
	  INVALID, true },
	{ "GET /api/scheduler/chains", VIEWER, NULL, NULL, LIST, false },
	{ "GET /api/scheduler/chains/{id}", VIEWER, "/api/scheduler/chains/${chain}", NULL,
	  NOT_FOUND, false },
	{ "DELETE /api/scheduler/chains/{id}", EDITOR, "/api/scheduler/chains/${chain}", NULL,
	  NOT_FOUND, true },
	{ "POST /api/scheduler/chains/{id}/trigger", OPERATOR,
	  "/api/scheduler/chains/${chain}/trigger", NULL, NOT_FOUND, true },
	{ "GET /api/scheduler/chains/{id}/runs", VIEWER, "/api/scheduler/chains/${chain}/runs",
	  NULL, NOT_FOUND, false },
	{ "POST /api/agents", ADMIN, NULL,
	  "{\"id\": \"${agent}-more\", \"name\": \"x\", \"kind\": \"webhook\", "
	  "\"endpoint\": {\"url\": \"${hook}/x\"}}",
	  OWN, true },
	{ "GET /api/agents", VIEWER, NULL, NULL, LIST, false },
	{ "GET /api/agents/{id}", VIEWER, "/api/agents/${agent}", NULL, NOT_FOUND, false },
	{ "PUT /api/agents/{id}", ADMIN, "/api/agents/${agent}",
	  "{\"name\": \"x\", \"kind\": \"webhook\", \"endpoint\": {\"url\": \"${hook}/x\"}}",
	  NOT_FOUND, true },
	{ "DELETE /api/agents/{id}", ADMIN, "/api/agents/${agent}", NULL, NOT_FOUND, true },
	{ "POST /api/agents/{id}/secret", ADMIN, "/api/agents/${agent}/secret", NULL, NOT_FOUND,
	  true },
	{ "GET /api/channels", VIEWER, NULL, NULL, EMPTY, false },
	{ "POST /api/channels/{platform}/credentials", ADMIN, "/api/channels/discord/credentials",
	  "{\"webhook_urls\": {\"ops\": \"${hook}/discord\"}}", OWN, true },
	{ "DELETE /api/channels/{platform}/credentials", ADMIN, "/api/channels/slack/credentials",
	  NULL, NOT_FOUND, true },
	{ "POST /api/channels/{platform}/test", ADMIN, "/api/channels/slack/test",
	  "{\"to\": \"#x\"}", OWN, true },
	/* --- plans, actions, the trail --- */
	{ "POST /api/v1/plans", EDITOR, NULL,
	  "{\"action\": \"${action}\", \"recurrence\": \"0 0 1 1 *\"}", INVALID, true },
	{ "GET /api/v1/plans", VIEWER, NULL, NULL, LIST, false },
	{ "POST /api/v1/plans/preview", VIEWER, NULL, "{\"recurrence\": \"0 0 1 1 *\"}", OWN,
	  false },
	{ "GET /api/v1/plans/{id}", VIEWER, "/api/v1/plans/${plan}", NULL, NOT_FOUND, false },
	{ "PUT /api/v1/plans/{id}", EDITOR, "/api/v1/plans/${plan}",
	  "{\"action\": \"${action}\", \"recurrence\": \"0 1 1 1 *\"}", NOT_FOUND, true },
	{ "PATCH /api/v1/plans/{id}", EDITOR, "/api/v1/plans/${plan}", "{\"name\": \"x\"}",
	  NOT_FOUND, true },
	{ "DELETE /api/v1/plans/{id}", EDITOR, "/api/v1/plans/${plan}", NULL, NOT_FOUND, true },
	{ "GET /api/v1/plans/{id}/runs", VIEWER, "/api/v1/plans/${quick}/runs", NULL, NOT_FOUND,
	  false },
	{ "GET /api/v1/plans/{id}/runs/{run_id}", VIEWER, "/api/v1/plans/${quick}/runs/${quickrun}",
	  NULL, NOT_FOUND, false },
	{ "GET /api/v1/plans/{id}/history", VIEWER, "/api/v1/plans/${plan}/history", NULL,
	  NOT_FOUND, false },
	{ "GET /api/v1/plans/{id}/preview", VIEWER, "/api/v1/plans/${plan}/preview", NULL,
	  NOT_FOUND, false },
	{ "GET /api/v1/actions", VIEWER, NULL, NULL, LIST, false },
	{ "GET /api/v1/actions/{name}", VIEWER, "/api/v1/actions/${action}", NULL, NOT_FOUND,
	  false },
	{ "PUT /api/v1/actions/{name}", ADMIN, "/api/v1/actions/${action}",
	  "{\"target\": \"${hook}/x\"}", OWN, true },
	{ "DELETE /api/v1/actions/{name}", ADMIN, "/api/v1/actions/${action}", NULL, NOT_FOUND,
	  true },
	{ "POST /api/v1/actions/{name}/secret", ADMIN, "/api/v1/actions/${action}/secret", NULL,
	  NOT_FOUND, true },
	{ "GET /api/v1/usage", VIEWER, NULL, NULL, EMPTY, false },
	/* it names everybody and everything */
	{ "GET /api/v1/audit", ADMIN, NULL, NULL, EMPTY, false },
	/* --- keys --- */
	{ "POST /api/auth/keys", ADMIN, NULL, "{\"name\": \"x\", \"role\": \"viewer\"}", OWN,
	  true },
	{ "GET /api/auth/keys", ADMIN, NULL, NULL, EMPTY, false },
	{ "GET /api/auth/keys/{id}", ADMIN, "/api/auth/keys/${key}", NULL, NOT_FOUND, false },
	{ "DELETE /api/auth/keys/{id}", ADMIN, "/api/auth/keys/${key}", NULL, NOT_FOUND, true },
	{ "POST /api/auth/keys/{id}/rotate", ADMIN, "/api/auth/keys/${key}/rotate", "{}", NOT_FOUND,
	  true },
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static bool seen[ROWS];

static const struct row *row_of(const char *route)
{
	for (int i = 0; i < ROWS; i++)
		if (strcmp(rows[i].route, route) == 0) {
			seen[i] = true;
			return &rows[i];
		}
	return NULL;
}

static const struct answer *ask_row(const struct row *row, const char *key)
{
	char method[8];

	(void)snprintf(method, sizeof(method), "%.*s", (int)strcspn(row->route, " "), row->route);
	return ask(key, method, row->path ? row->path : strchr(row->route, ' ') + 1, row->body);
}

static void expect(const struct row *row, const char *who, const struct answer *a, bool held,
		   const char *wanted)
{
	check(held, "%s as %s: %d where %s was expected: %.300s", row->route, who, a->status,
	      wanted, a->body.at);
}

static const char *key_or_null(const char *key)
{
	return *key ? key : NULL;
}

/* Those who may not, in both tenants: nothing is done. */
static void refused(const struct row *row, int needs)
{
	for (int r = NONE; r < needs; r++)
		for (int is_b = 0; is_b < 2; is_b++) {
			const char *key = key_or_null((is_b ? keys_b : keys_a)[r]);
			const struct answer *a = ask_row(row, key);
			int wanted = r == NONE ? 401 : 403;
			char who[32];

			(void)snprintf(who, sizeof(who), "%s of %c", role_names[r],
				       is_b ? 'B' : 'A');
			expect(row, who, a, a->status == wanted, wanted == 401 ? "401" : "403");
			canary_stranger(a, row->route);
		}
}

static bool fits(enum foreign foreign, int status)
{
	switch (foreign) {
	case NOT_FOUND:
		return status == 404;
	case LIST:
	case EMPTY:
	case OWN:
		return status / 100 == 2;
	case INVALID:
		return status == 422 || status == 409;
	case OPEN:
		break;
	}
	return status != 401;
}

static const char *const wanted_words[] = { "404", "2xx", "2xx", "2xx", "422 or 409", "no 401" };

static bool has_empty_lists(const struct answer *a)
{
	cJSON *json = cJSON_Parse(a->body.at);
	const cJSON *member;
	bool is_empty = true;
	int lists = 0;

	cJSON_ArrayForEach(member, json) if (cJSON_IsArray(member))
	{
		lists++;
		is_empty = is_empty && cJSON_GetArraySize(member) == 0;
	}
	cJSON_Delete(json);
	return is_empty && lists > 0;
}

static void from_elsewhere(const struct row *row, int needs)
{
	for (int r = needs; r < ROLES; r++) {
		const struct answer *a = ask_row(row, key_or_null(keys_b[r]));
		char who[32];

		(void)snprintf(who, sizeof(who), "%s of B", role_names[r]);
		expect(row, who, a, fits(row->foreign, a->status), wanted_words[row->foreign]);
		if (row->foreign == LIST)
			expect(row, who, a, has_empty_lists(a), "an empty list");
		if (row->foreign == OWN)
			canary_gave(a);
		canary_stranger(a, row->route);
	}
}

static void from_elsewhere_first(const struct row *row, int needs)
{
	if (row->foreign != OWN)
		from_elsewhere(row, needs);
}

/* What B makes is made last: until then he has nothing but his keys. */
static void from_elsewhere_last(const struct row *row, int needs)
{
	if (row->foreign == OWN)
		from_elsewhere(row, needs);
}

/* Done, or in the way of something else (a task that has ended is not cancelled): that was looked at. */
static void allowed(const struct row *row, int needs)
{
	for (int r = needs; r < ROLES && row->foreign != OPEN; r++) {
		const struct answer *a;

		if (row->changes)
			world_anew();
		a = ask_row(row, keys_a[r]);
		expect(row, role_names[r], a, a->status / 100 == 2 || a->status == 409, "2xx");
		canary_own(a, row->route);
	}
	if (row->changes)
		world_back();
}

static int role_named(const cJSON *role)
{
	for (int r = NONE; cJSON_IsString(role) && r < ROLES; r++)
		if (strcmp(role->valuestring, role_names[r]) == 0)
			return r;
	return -1;
}

static void each_route(const cJSON *paths, void (*fn)(const struct row *row, int needs))
{
	const cJSON *path, *operation;

	cJSON_ArrayForEach(path, paths) cJSON_ArrayForEach(operation, path)
	{
		char route[160];
		size_t n = strlen(operation->string);
		const struct row *row;
		int needs = role_named(cJSON_GetObjectItemCaseSensitive(operation, "x-role"));

		(void)snprintf(route, sizeof(route), "%s %s", operation->string, path->string);
		for (size_t i = 0; i < n; i++)
			route[i] = (char)(route[i] & ~0x20);
		row = row_of(route);
		check(row != NULL, "%s has no row in tests/roles/matrix.c", route);
		check(needs >= 0, "%s says no x-role", route);
		if (!row || needs < 0)
			continue;
		check(needs == row->needs, "%s says that it needs %s", route, role_names[needs]);
		fn(row, row->needs);
	}
}

/* --- A's objects are as they were when B has tried everything --- */

static char *kept[ROWS];

static bool is_still(const struct row *row)
{
	return row->foreign == NOT_FOUND && !row->changes;
}

static void keep(const struct row *row, int needs)
{
	(void)needs;
	if (is_still(row))
		kept[row - rows] = strdup(ask_row(row, keys_a[ADMIN])->body.at);
}

static void compare(const struct row *row, int needs)
{
	(void)needs;
	if (is_still(row))
		check(strcmp(kept[row - rows], ask_row(row, keys_a[ADMIN])->body.at) == 0,
		      "%s: another tenant has changed %.300s", row->route, kept[row - rows]);
}

void matrix_run(void)
{
	cJSON *document = cJSON_Parse(ask(NULL, "GET", "/openapi.json", NULL)->body.at);
	const cJSON *paths = cJSON_GetObjectItemCaseSensitive(document, "paths");

	each_route(paths, keep);
	each_route(paths, refused);
	each_route(paths, from_elsewhere_first);
	each_route(paths, from_elsewhere_last);
	each_route(paths, compare);
	each_route(paths, allowed);
	for (int i = 0; i < ROWS; i++)
		check(seen[i], "there is no route %s any more", rows[i].route);
	cJSON_Delete(document);
}
