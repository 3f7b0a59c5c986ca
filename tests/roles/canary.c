/* Nothing of tenant A in anybody else's answers, in the log, in metrics; and none of its secrets in its own answers. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "roles/roles.h"

enum { WORD_MAX = 64 };

static struct buf given;

/* The word that begins at `at`: letters, digits, hyphens. */
static void word_at(const char *at, char out[WORD_MAX])
{
	size_t n = 0;

	while (n + 1 < WORD_MAX && (isalnum((unsigned char)at[n]) || at[n] == '-'))
		out[n] = at[n], n++;
	out[n] = '\0';
}

/* The first word that begins with `mark` and that was not in the request. */
static bool find(const char *text, const char *mark, const char *asked, char out[WORD_MAX])
{
	for (const char *at = text; at && (at = strstr(at, mark)) != NULL; at++) {
		word_at(at, out);
		if (!strstr(asked, out) && !(given.at && strstr(given.at, out)))
			return true;
	}
	return false;
}

static void lacks(const char *text, const char *mark, const char *asked, const char *what)
{
	char word[WORD_MAX] = "";

	if (!text)
		return;
	if (find(text, mark, asked, word))
		check(false, "%s: %s is in: %.600s", what, word, text);
	else
		check(true, "%s", what);
}

/* --- somebody else's answers --- */

void canary_gave(const struct answer *a)
{
	buf_add(&given, a->asked, strlen(a->asked));
}

static const char *text_now, *asked_now, *what_now;

static void lacks_value(const char *name, const char *value)
{
	if (strstr(text_now, value) && !strstr(asked_now, value)
	    && !(given.at && strstr(given.at, value)))
		check(false, "%s: A's %s is in: %.600s", what_now, name, text_now);
}

static void look(const char *text, const struct answer *a, const char *what)
{
	lacks(text, MARK_WORD, a->asked, what);
	lacks(text, MARK_SECRET, a->asked, what);
	text_now = text ? text : "";
	asked_now = a->asked;
	what_now = what;
	var_each("stay:", lacks_value);
}

void canary_stranger(const struct answer *a, const char *what)
{
	look(a->body.at, a, what);
	look(a->head.at, a, what);
}

/* --- one's own --- */

/* A key is answered where it is made. */
static bool makes_key(const char *what)
{
	return strncmp(what, "POST /api/auth/keys", strlen("POST /api/auth/keys")) == 0;
}

static void lacks_keys(const char *text, const char *what)
{
	for (int r = VIEWER; r <= ADMIN; r++)
		check(!strstr(text, keys_a[r]) && !strstr(text, keys_b[r]), "%s has a key: %.600s",
		      what, text);
}

void canary_own(const struct answer *a, const char *what)
{
	lacks(a->body.at, MARK_SECRET, "", what);
	lacks_keys(a->body.at, what);
	if (!makes_key(what))
		lacks(a->body.at, "\"key\":\"crl_", "", what);
}

/* --- what else there is to try, with ids and names that somebody has heard of --- */

static const struct {
	const char *method, *path, *body;
} probes[] = {
	{ "GET", "/v1/tasks?schedule_id=${schedule}", NULL },
	{ "GET", "/v1/tasks?unique_id=${unique}", NULL },
	{ "GET", "/v1/tasks?status=completed", NULL },
	{ "GET", "/v1/tasks/${quickrun}", NULL },
	{ "GET", "/v1/tasks/${run}", NULL },
	{ "GET", "/v1/schedules/${job}", NULL },
	{ "GET", "/api/v1/plans/${job}", NULL },
	{ "GET", "/api/v1/plans?action=${action}", NULL },
	{ "GET", "/api/v1/plans/${plan}/runs/${quickrun}", NULL },
	{ "GET", "/api/v1/audit?object=plan", NULL },
	{ "GET", "/api/v1/audit?ref=${plan}", NULL },
	{ "GET", "/api/v1/audit?ref=${key}", NULL },
	{ "GET", "/api/v1/audit?object=agent&ref=${agent}", NULL },
	{ "GET", "/api/scheduler/jobs?agent_id=${agent}", NULL },
	{ "GET", "/api/scheduler/jobs/${job}/runs/${run}", NULL },
	{ "GET", "/api/scheduler/stats?period=30d", NULL },
	{ "GET", "/api/scheduler/calendar-data?from=2020-01-01T00:00:00Z", NULL },
	{ "GET", "/api/auth/keys?tenant=alpha", NULL },
	{ "GET", "/api/auth/keys?tenant=alpha&organization=acme", NULL },
	{ "POST", "/api/auth/keys",
	  "{\"name\": \"x\", \"role\": \"viewer\", \"tenant\": \"alpha\"}" },
	{ "POST", "/v1/tasks",
	  "{\"target\": \"${hook}/x\", \"execute_after\": \"P1D\", \"unique_id\": \"${unique}\"}" },
	{ "POST", "/v1/schedules",
	  "{\"cron\": \"0 0 1 1 *\", \"task_template\": {\"target\": \"action:${action}\"}}" },
	{ "POST", "/v1/tasks", "{\"target\": \"agent:${agent}\"}" },
	{ "POST", "/api/scheduler/chains",
	  "{\"name\": \"x\", \"jobs\": [\"${job}\", \"${second}\"]}" },
	{ "POST", "/api/v1/plans",
	  "{\"action\": \"${action}\", \"execute_at\": \"2099-01-01T00:00:00Z\"}" },
	{ "POST", "/api/v1/plans",
	  "{\"action\": \"x\", \"recurrence\": \"0 0 1 1 *\", \"calendar\": \"${calendar}\"}" },
	{ "POST", "/api/v1/plans/preview",
	  "{\"recurrence\": \"0 0 1 1 *\", \"calendar\": \"${calendar}\"}" },
	{ "POST", "/api/scheduler/validate",
	  "{\"type\": \"cron\", \"expression\": \"0 0 1 1 *\", \"calendar\": \"${calendar}\"}" },
	{ "GET", "/api/scheduler/chains/${chain}/runs?limit=1", NULL },
	{ "POST", "/api/scheduler/runs/${run}/callback", "{\"status\": \"completed\"}" },
	{ "GET", "/v1/schedules/${schedule}%00", NULL },
	{ "GET", "/v1/nothing/${schedule}", NULL },
	{ "PATCH", "/v1/schedules/${schedule}", "{\"nonsense\"" },
};

/* B asks with each role; and the same without a key. */
void canary_probes(void)
{
	for (size_t i = 0; i < sizeof(probes) / sizeof(*probes); i++)
		for (int r = NONE; r < ROLES; r++) {
			const struct answer *a = ask(r ? keys_b[r] : NULL, probes[i].method,
						     probes[i].path, probes[i].body);

			check(a->status < 500, "%s %s: %d", probes[i].method, a->asked, a->status);
			canary_stranger(a, probes[i].path);
		}
}

/* --- what nobody's tenant is asked for --- */

static void look_in_log(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	long lines = 0;

	while (f && getline(&line, &room, f) > 0) {
		lines++;
		if (strstr(line, MARK_WORD) || strstr(line, MARK_SECRET) || strstr(line, "crl_"))
			check(false, "the log has: %.600s", line);
		lacks_keys(line, "the log");
	}
	check(lines > 10, "the log has %ld lines", lines);
	free(line);
	if (f)
		(void)fclose(f);
}

void canary_pages(const char *log_path)
{
	static const char *const pages[] = { "/metrics", "/openapi.json", "/readyz?verbose",
					     "/livez" };

	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		const struct answer *a = ask(NULL, "GET", pages[i], NULL);

		canary_stranger(a, pages[i]);
		lacks_keys(a->body.at, pages[i]);
	}
	look_in_log(log_path);
}
