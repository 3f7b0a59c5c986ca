/* Two tenants of one organization. A has one of everything, B has keys. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "roles/roles.h"

char keys_a[ROLES][64], keys_b[ROLES][64];

static const struct step steps[] = {
	{ "PUT", "/v1/calendars/${calendar}",
	  "{\"description\": \"KANARI-calendar-text\", \"holidays\": [{\"date\": "
	  "\"2031-12-25\", \"name\": \"KANARI-holiday\"}]}",
	  NULL, NULL },
	{ "POST", "/v1/schedules",
	  "{\"cron\": \"0 0 1 1 *\", \"timezone\": \"UTC\", \"calendar\": \"${calendar}\", "
	  "\"task_template\": {\"target\": {\"url\": "
	  "\"${hook}/KANARI-path?q=KANARI-query\", \"headers\": {\"X-Note\": \"KANARI-header\", "
	  "\"Authorization\": \"KANARI-authorization\"}, "
	  "\"secret\": \"SEKRET-target-012345\"}, \"payload\": {\"x\": \"KANARI-payload\"}, "
	  "\"tags\": [\"KANARI-tag\"]}}",
	  "id", "schedule" },
	{ "POST", "/v1/tasks",
	  "{\"target\": \"${hook}/KANARI-task-path\", \"execute_after\": \"P1D\", \"payload\": "
	  "\"KANARI-task-payload\", "
	  "\"tags\": \"KANARI-task-tag\", \"unique_id\": \"${unique}\"}",
	  "id", "task" },
	{ "POST", "/v1/tasks",
	  "{\"target\": {\"url\": \"${hook}/KANARI-done-path\", \"headers\": {\"X-Note\": "
	  "\"KANARI-done-header\"}}, \"payload\": "
	  "\"KANARI-done-payload\"}",
	  "id", "done" },
	{ "POST", "/api/agents",
	  "{\"id\": \"${agent}\", \"name\": \"KANARI-agent-name\", \"kind\": \"webhook\", "
	  "\"endpoint\": {\"url\": "
	  "\"${hook}/KANARI-agent-path\", \"headers\": {\"X-Api-Key\": \"SEKRET-agent-header\", "
	  "\"X-Note\": \"KANARI-agent-header\"}, "
	  "\"secret\": \"SEKRET-agent-0123456\"}}",
	  NULL, NULL },
	{ "POST", "/api/agents",
	  "{\"id\": \"${llm}\", \"name\": \"KANARI-llm-name\", \"kind\": \"llm\", "
	  "\"endpoint\": {\"url\": \"${hook}/KANARI-llm-path\", "
	  "\"headers\": {\"Authorization\": \"Bearer SEKRET-llm-header\"}}, \"model\": "
	  "\"KANARI-model\", \"system\": \"KANARI-system\"}",
	  NULL, NULL },
	{ "POST", "/api/scheduler/jobs",
	  "{\"name\": \"KANARI-job-name\", \"goal\": \"KANARI-goal\", \"agent_id\": "
	  "\"${agent}\", \"schedule\": {\"type\": \"cron\", "
	  "\"expression\": \"0 0 1 1 *\"}, \"context\": {\"since\": \"KANARI-context\"}}",
	  "id", "job" },
	{ "POST", "/api/scheduler/jobs",
	  "{\"name\": \"KANARI-second-name\", \"goal\": \"KANARI-second-goal\", \"agent_id\": "
	  "\"${llm}\", \"schedule\": {\"type\": "
	  "\"cron\", \"expression\": \"0 0 1 1 *\"}}",
	  "id", "second" },
	{ "POST", "/api/scheduler/chains",
	  "{\"name\": \"KANARI-chain-name\", \"jobs\": [\"${job}\", \"${second}\"], "
	  "\"edges\": [{\"from\": \"${job}\", \"to\": "
	  "\"${second}\", \"type\": \"on_complete\"}]}",
	  "id", "chain" },
	{ "POST", "/api/scheduler/chains/${chain}/trigger", NULL, "chain_run_id", "chainrun" },
	{ "POST", "/api/scheduler/jobs/${job}/trigger", NULL, "run_id", "run" },
	{ "POST", "/api/channels/slack/credentials",
	  "{\"token\": \"xoxb-SEKRET-slack-a1b2\", \"api_base\": \"${hook}/KANARI-slack-path\"}",
	  NULL, NULL },
	{ "PUT", "/api/v1/actions/${action}",
	  "{\"target\": {\"url\": \"${hook}/KANARI-action-path\", \"headers\": {\"X-Note\": "
	  "\"KANARI-action-header\", "
	  "\"X-Api-Key\": \"SEKRET-action-header\"}, \"secret\": \"SEKRET-action-012345\"}}",
	  NULL, NULL },
	{ "POST", "/api/v1/plans",
	  "{\"name\": \"KANARI-plan-name\", \"action\": \"${action}\", \"recurrence\": "
	  "\"0 0 1 1 *\", \"payload\": {\"p\": "
	  "\"KANARI-plan-payload\"}}",
	  "id", "plan" },
	{ "POST", "/api/auth/keys", "{\"name\": \"KANARI-key-name\", \"role\": \"viewer\"}", "id",
	  "key" },
};

/* Variables that name A's objects; "stay:" before one is the one that stays. */
static const char *const named[] = { "calendar", "agent", "llm", "action", "unique" };
static const char *const ids[] = { "schedule", "task",     "done", "job",  "second",
				   "chain",    "chainrun", "run",  "plan", "key" };

static void build(int number)
{
	char name[64];

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		(void)snprintf(name, sizeof(name), MARK_WORD "%s-name-%d", named[i], number);
		var_set(named[i], name);
	}
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		make(keys_a[ADMIN], &steps[i]);
}

static void copy(const char *const *names, size_t n, const char *from, const char *to)
{
	char a[64], b[64];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(a, sizeof(a), "%s%s", from, names[i]);
		(void)snprintf(b, sizeof(b), "%s%s", to, names[i]);
		var_set(b, var_get(a));
	}
}

static void keep(const char *from, const char *to)
{
	copy(named, sizeof(named) / sizeof(*named), from, to);
	copy(ids, sizeof(ids) / sizeof(*ids), from, to);
}

void world_anew(void)
{
	static int number;

	build(++number);
}

void world_back(void)
{
	keep("stay:", "");
}

static void make_keys(const char *operator_key, const char *tenant, char keys[ROLES][64])
{
	char body[256];

	for (int r = VIEWER; r <= ADMIN; r++) {
		(void)snprintf(body, sizeof(body),
			       "{\"name\": \"%s-%s\", \"role\": \"%s\", \"tenant\": \"%s\", "
			       "\"organization\": \"acme\"}",
			       strcmp(tenant, "beta") == 0 ? "b" : MARK_WORD "key-of-a",
			       role_names[r], role_names[r], tenant);
		make(operator_key, &(struct step){ "POST", "/api/auth/keys", body, "key", "made" });
		(void)snprintf(keys[r], sizeof(keys[r]), "%s", var_get("made"));
	}
}

/* Until an answer has it: deliveries take their time. */
static void await(const char *path, const char *text)
{
	for (int i = 0; i < 400; i++) {
		if (strstr(ask(keys_a[ADMIN], "GET", path, NULL)->body.at, text))
			return;
		(void)poll(NULL, 0, 25);
	}
	check(false, "%s never had %s", path, text);
}

static const struct step quick[] = {
	{ "POST", "/api/v1/plans",
	  "{\"name\": \"KANARI-quick-plan\", \"action\": \"${action}\", \"recurrence\": {\"type\": "
	  "\"interval\", \"every\": 1}, \"payload\": \"KANARI-quick-payload\"}",
	  "id", "quick" },
	{ "DELETE", "/api/v1/plans/${quick}", NULL, NULL, NULL },
	{ "GET", "/api/v1/plans/${quick}/runs", NULL, "runs.0.id", "quickrun" },
};

static void plan_run(void)
{
	make(keys_a[ADMIN], &quick[0]);
	await("/api/v1/plans/${quick}/runs", "completed");
	make(keys_a[ADMIN], &quick[1]);
	make(keys_a[ADMIN], &quick[2]);
}

void world_begin(const char *operator_key)
{
	make_keys(operator_key, "alpha", keys_a);
	make_keys(operator_key, "beta", keys_b);
	build(0);
	keep("", "stay:");
	plan_run();
	await("/v1/tasks/${done}", "completed");
	await("/api/scheduler/jobs/${job}/runs/${run}", "KANARI-reply");
	await("/api/scheduler/chains/${chain}/runs", "\"status\":\"failed\"");
}
