#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "roles/roles.h"

enum { VARS_MAX = 64, NAME_BYTES = 32, VALUE_BYTES = 256, KEPT = 16 };

const char *server_url;

static struct {
	char name[NAME_BYTES], value[VALUE_BYTES];
} vars[VARS_MAX];
static int vars_n;

/* --- bytes --- */

void buf_clear(struct buf *b)
{
	b->n = 0;
	if (b->at)
		b->at[0] = '\0';
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	b->at = realloc(b->at, b->n + n + 1);
	if (!b->at)
		abort();
	memcpy(b->at + b->n, bytes, n);
	b->n += n;
	b->at[b->n] = '\0';
}

/* --- variables --- */

const char *var_get(const char *name)
{
	for (int i = 0; i < vars_n; i++)
		if (strcmp(vars[i].name, name) == 0)
			return vars[i].value;
	return NULL;
}

void var_set(const char *name, const char *value)
{
	int i = 0;

	while (i < vars_n && strcmp(vars[i].name, name) != 0)
		i++;
	if (i == VARS_MAX || strlen(name) >= NAME_BYTES || strlen(value) >= VALUE_BYTES)
		abort();
	vars_n += i == vars_n;
	(void)snprintf(vars[i].name, NAME_BYTES, "%s", name);
	(void)snprintf(vars[i].value, VALUE_BYTES, "%s", value);
}

void var_each(const char *start, void (*fn)(const char *name, const char *value))
{
	for (int i = 0; i < vars_n; i++)
		if (strncmp(vars[i].name, start, strlen(start)) == 0)
			fn(vars[i].name, vars[i].value);
}

static void fill(const char *text, struct buf *out)
{
	for (const char *at; (at = strstr(text, "${")); text = strchr(at, '}') + 1) {
		char name[NAME_BYTES];
		const char *value;

		(void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(at + 2, "}"), at + 2);
		value = var_get(name);
		if (!value) {
			printf("no variable %s\n", name);
			exit(1);
		}
		buf_add(out, text, (size_t)(at - text));
		buf_add(out, value, strlen(value));
	}
	buf_add(out, text, strlen(text));
}

/* --- requests --- */

static size_t take(char *data, size_t size, size_t count, void *into)
{
	buf_add(into, data, size * count);
	return size * count;
}

static struct curl_slist *headers_of(const char *key, bool has_body)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	char line[256];

	if (key) {
		(void)snprintf(line, sizeof(line), "Authorization: Bearer %s", key);
		list = curl_slist_append(list, line);
	}
	if (has_body)
		list = curl_slist_append(list, "Content-Type: application/json");
	return list;
}

const struct answer *ask(const char *key, const char *method, const char *path, const char *body)
{
	static struct answer a;
	static struct buf url, sent, asked;
	static CURL *curl;
	struct curl_slist *headers = headers_of(key, body != NULL);
	long status = 0;

	if (!curl)
		curl = curl_easy_init();
	curl_easy_reset(curl);
	buf_clear(&a.head);
	buf_clear(&a.body);
	buf_clear(&url);
	buf_clear(&sent);
	buf_clear(&asked);
	buf_add(&url, server_url, strlen(server_url));
	fill(path, &url);
	fill(body ? body : "", &sent);
	buf_add(&asked, url.at, url.n);
	buf_add(&asked, " ", 1);
	buf_add(&asked, sent.at, sent.n);
	curl_easy_setopt(curl, CURLOPT_URL, url.at);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &a.body);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &a.head);
	if (body) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, sent.at);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)sent.n);
	}
	if (curl_easy_perform(curl) != CURLE_OK) {
		printf("FAILED: no answer to %s %s\n%d passed, %d failed\n", method, url.at, passed,
		       failed + 1);
		exit(1);
	}
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	a.status = (int)status;
	a.asked = asked.at;
	if (!a.body.at)
		buf_add(&a.body, "", 0);
	return &a;
}

static const cJSON *member_of(const cJSON *json, const char *path)
{
	char name[NAME_BYTES];

	while (json && *path) {
		size_t n = strcspn(path, ".");

		(void)snprintf(name, sizeof(name), "%.*s", (int)n, path);
		json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, (int)strtol(name, NULL, 10))
					   : cJSON_GetObjectItemCaseSensitive(json, name);
		path += n + (path[n] == '.');
	}
	return json;
}

void make(const char *key, const struct step *s)
{
	const struct answer *a = ask(key, s->method, s->path, s->body);
	cJSON *json = cJSON_Parse(a->body.at);
	const cJSON *value = s->member ? member_of(json, s->member) : NULL;

	if (a->status / 100 != 2 || (s->member && !cJSON_IsString(value))) {
		printf("FAILED: %s %s: %d %s\n%d passed, %d failed\n", s->method, a->asked,
		       a->status, a->body.at, passed, failed + 1);
		exit(1);
	}
	if (s->member)
		var_set(s->variable, value->valuestring);
	cJSON_Delete(json);
}
