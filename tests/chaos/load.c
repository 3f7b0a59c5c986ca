/* The clients: threads that create tasks at a steady rate, each on a connection of its own, and
 * remember what they were told; and the schedules. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chaos/chaos.h"
#include "when/stamp.h"

#define KEY "chaos-key-0123456789abcdef0123456789abcdef"

struct loader {
	struct chaos *chaos;
	int number;
};

struct answer {
	long status;
	size_t n;
	char body[4096];
};

static size_t take(char *data, size_t size, size_t count, void *into)
{
	struct answer *a = into;
	size_t n = size * count, room = sizeof a->body - 1 - a->n;

	memcpy(a->body + a->n, data, n < room ? n : room);
	a->n += n < room ? n : room;
	a->body[a->n] = '\0';
	return n;
}

/* On a connection of its own: curl sends a request twice when a kept one breaks, and then nobody
 * could tell. */
static bool call(const char *method, const char *url, const char *body, struct answer *out)
{
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, "Authorization: Bearer " KEY);
	bool done;

	*out = (struct answer){ 0 };
	headers = curl_slist_append(headers, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Expect:");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 1500L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	done = curl_easy_perform(curl) == CURLE_OK;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return done;
}

bool is_ready(const char *url)
{
	struct answer a;
	char at[120];

	(void)snprintf(at, sizeof at, "%s/readyz", url);
	return *url && call("GET", at, NULL, &a) && a.status == 200;
}

static bool read_id(const struct answer *a, char *out)
{
	cJSON *json = cJSON_Parse(a->body);
	const cJSON *id = json ? cJSON_GetObjectItemCaseSensitive(json, "id") : NULL;
	const char *text = id ? cJSON_GetStringValue(id) : NULL;

	(void)snprintf(out, ID_MAX, "%s", text ? text : "");
	cJSON_Delete(json);
	return *out != '\0';
}

/* A refusal says that nothing was stored; silence and "outcome_unknown" say nothing. */
static enum told told(const struct answer *a, bool done, char *id)
{
	if (done && a->status == 201 && read_id(a, id))
		return TOLD_CREATED;
	if (done && a->status >= 400 && !strstr(a->body, "outcome_unknown"))
		return TOLD_REFUSED;
	return TOLD_NOTHING;
}

static int task_new(struct chaos *c, int64_t due)
{
	pthread_mutex_lock(&c->lock);
	if (c->tasks_n == c->tasks_room) {
		c->tasks_room = c->tasks_room * 2 + 4096;
		c->tasks = realloc(c->tasks, (size_t)c->tasks_room * sizeof *c->tasks);
	}
	c->tasks[c->tasks_n] = (struct task){ .due = due };
	int n = c->tasks_n++;
	pthread_mutex_unlock(&c->lock);
	return n;
}

static void server_url(struct chaos *c, int i, const char *path, char out[160])
{
	pthread_mutex_lock(&c->lock);
	(void)snprintf(out, 160, "%s%s", c->servers[i].url, path);
	pthread_mutex_unlock(&c->lock);
}

static void create(struct chaos *c, uint64_t *random)
{
	int64_t due = (now_us() / 1000 + 100 + random_below(random, 3500)) * 1000;
	int n = task_new(c, due);
	char url[160], stamp[STAMP_MAX], body[600], id[ID_MAX] = "";
	struct answer a;
	enum told what;

	stamp[stamp_print(due, stamp)] = '\0';
	server_url(c, random_below(random, SERVERS), "/v1/tasks", url);
	(void)snprintf(
		body, sizeof body,
		"{\"target\":\"http://127.0.0.1:%d/task\",\"execute_after\":\"%s\",\"unique_id\":\"n%d\","
		"\"timeout\":60,\"payload\":{\"n\":%d},\"retry\":{\"max_attempts\":1}}",
		c->sink_port, stamp, n, n);
	what = told(&a, call("POST", url, body, &a), id);
	pthread_mutex_lock(&c->lock);
	c->tasks[n].told = what;
	memcpy(c->tasks[n].id, id, sizeof id);
	pthread_mutex_unlock(&c->lock);
}

static void *load(void *context)
{
	struct loader *l = context;
	struct chaos *c = l->chaos;
	uint64_t random = c->seed * 1000 + (uint64_t)l->number;
	int64_t step = 1000000LL * LOADERS / c->rate, next = now_us();

	while (!c->load_ends) {
		create(c, &random);
		next += step;
		if (next > now_us())
			nap_ms((int)((next - now_us()) / 1000));
		else
			next = now_us();
	}
	free(l);
	return NULL;
}

void load_start(struct chaos *c, pthread_t *threads)
{
	for (int i = 0; i < LOADERS; i++) {
		struct loader *l = malloc(sizeof *l);

		*l = (struct loader){ c, i };
		if (pthread_create(&threads[i], NULL, load, l))
			abort();
	}
}

void load_end(struct chaos *c, pthread_t *threads)
{
	c->load_ends = true;
	for (int i = 0; i < LOADERS; i++)
		pthread_join(threads[i], NULL);
}

/* Each of them runs every second, by every way that there is to say so. */
static const struct {
	const char *timing, *overlap;
} ways[SCHEDULES] = {
	{ "\"cron\":\"* * * * * *\"", "allow" },
	{ "\"cron\":\"* * * * * *\"", "allow" },
	{ "\"cron\":\"* * * * * *\"", "skip" },
	{ "\"cron\":\"* * * * * *\"", "queue_one" },
	{ "\"rrule\":\"FREQ=SECONDLY\"", "allow" },
	{ "\"rrule\":\"FREQ=SECONDLY\",\"calendar\":\"open\",\"adjust\":\"next\"", "allow" },
	{ "\"every\":1,\"jitter\":0.9", "allow" },
};

static bool calendar_make(struct chaos *c)
{
	char url[160];
	struct answer a;

	server_url(c, 0, "/v1/calendars/open", url);
	return call("PUT", url, "{\"weekend\":[]}", &a) && a.status == 201;
}

static bool schedule_make(struct chaos *c, int i)
{
	char url[160], body[500];
	struct answer a;

	server_url(c, i % SERVERS, "/v1/schedules", url);
	(void)snprintf(
		body, sizeof body,
		"{%s,\"timezone\":\"UTC\",\"overlap\":\"%s\",\"task_template\":"
		"{\"target\":\"http://127.0.0.1:%d/s\",\"timeout\":60,\"retry\":{\"max_attempts\":1}}}",
		ways[i].timing, ways[i].overlap, c->sink_port);
	if (told(&a, call("POST", url, body, &a), c->schedules[i]) == TOLD_CREATED)
		return true;
	printf("POST /v1/schedules: %ld %s\n", a.status, a.body);
	return false;
}

bool schedules_make(struct chaos *c)
{
	bool all = calendar_make(c);

	c->schedules_made = now_us();
	for (int i = 0; i < SCHEDULES; i++)
		all = all && schedule_make(c, i);
	return all;
}

bool schedules_delete(struct chaos *c)
{
	bool all = true;
	char path[100], url[160];
	struct answer a;

	for (int i = 0; i < SCHEDULES; i++) {
		(void)snprintf(path, sizeof path, "/v1/schedules/%s", c->schedules[i]);
		server_url(c, i % SERVERS, path, url);
		all = call("DELETE", url, NULL, &a) && a.status == 200 && all;
	}
	c->schedules_ended = now_us();
	return all;
}
