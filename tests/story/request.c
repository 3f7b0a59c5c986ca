/* Requests to the servers, by libcurl. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "story/story.h"

static size_t take_body(char *data, size_t size, size_t count, void *into)
{
	buf_add(into, data, size * count);
	return size * count;
}

/* Keeps the headers of the last answer: an interim one (100) starts with a status line too. */
static size_t take_header(char *data, size_t size, size_t count, void *into)
{
	if (count >= 5 && memcmp(data, "HTTP/", 5) == 0)
		buf_clear(into);
	else
		buf_add(into, data, size * count);
	return size * count;
}

static CURL *the_curl(void)
{
	static CURL *curl;
	if (!curl)
		curl = must(curl_easy_init());
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20000L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	return curl;
}

static CURLcode perform(CURL *curl, struct message *answer)
{
	long status = 0;
	message_reset(answer);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer->body);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer->head);
	CURLcode code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	answer->status = (int)status;
	message_finish(answer);
	return code;
}

bool http_get(const char *url, struct message *answer)
{
	CURL *curl = the_curl();
	curl_easy_setopt(curl, CURLOPT_URL, url);
	return perform(curl, answer) == CURLE_OK;
}

/* The default headers, unless the story gives its own ("> Authorization:" with no value takes it
 * away). */
struct curl_slist *request_headers(struct story *story, const struct line *line, bool has_body)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	struct buf authorization = { 0 }, own = { 0 };
	struct message given = { 0 };
	buf_clear(&given.head);
	if (line->headers.at) {
		char *filled = vars_filled(story, line->headers.at);
		buf_print(&given.head, "%s", filled);
		free(filled);
	}
	buf_print(&authorization, "Authorization: Bearer %s", var_get(story, "key"));
	if (!message_header(&given, "Authorization", &own))
		list = curl_slist_append(list, authorization.at);
	if (has_body && !message_header(&given, "Content-Type", &own))
		list = curl_slist_append(list, "Content-Type: application/json");
	for (char *at = given.head.at, *end; *at; at = end + (*end == '\n')) {
		end = at + strcspn(at, "\n");
		char *header = copy_of(at, (size_t)(end - at));
		list = curl_slist_append(list, header);
		free(header);
	}
	free(authorization.at);
	free(own.at);
	free(given.head.at);
	return list;
}

static void set_body(CURL *curl, char *body, bool *out_has_body)
{
	size_t len = strlen(body);
	*out_has_body = len > 0;
	if (strncmp(body, "raw ", 4) == 0)
		len = unescape(body += 4);
	if (!*out_has_body)
		return;
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)len);
}

/* "-> 0" in the next line: no answer may come, as the server dies. */
static bool may_fail(const struct story *story)
{
	return story->at + 1 < story->count
	    && strncmp(story->lines[story->at + 1].text, "-> 0", 4) == 0;
}

/* METHOD PATH [BODY]; the answer becomes the story's last message. Of a whole URL (a saved
 * callback_url) it is the path: the server may have another port by now. */
void request_run(struct story *story, const struct line *line, char *text)
{
	const struct server *server = server_find(story, *text == '@' ? take_word(&text) + 1 : "");
	const char *method = take_word(&text), *path = take_word(&text);
	struct buf url = { 0 };
	bool has_body;
	CURL *curl = the_curl();
	if (!server) {
		story_give_up(story, "no such server");
		return;
	}
	if (strncmp(path, "http://", 7) == 0 && strchr(path + 7, '/'))
		path = strchr(path + 7, '/');
	buf_print(&url, "%s%s", server->url, path);
	curl_easy_setopt(curl, CURLOPT_URL, url.at);
	set_body(curl, text, &has_body);
	if (strcasecmp(method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	struct curl_slist *headers = request_headers(story, line, has_body);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	CURLcode code = perform(curl, &story->last);
	if (code != CURLE_OK && !story->quiet && !may_fail(story))
		story_fail(story, "%s %s: %s", method, path, curl_easy_strerror(code));
	if (code == CURLE_OK && !story->quiet)
		check_refusal(story);
	curl_slist_free_all(headers);
	free(url.at);
}
