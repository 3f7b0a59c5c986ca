/* race N [@SERVER ...] METHOD PATH [BODY]: the same request N times at once, over as many connections, at the
 * named servers in turn. The story's last message is then {"total", "replayed", "bodies", "s201", "s409" ...}
 * under the smallest status: how many were answered with each status, how many say Idempotent-Replayed, how
 * many bodies of 2xx differ. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "story/story.h"

#define RACERS_MAX 256

struct racer {
	CURL *curl;
	struct message answer;
};

static size_t take(char *data, size_t size, size_t count, void *into)
{
	buf_add(into, data, size * count);
	return size * count;
}

static struct racer *enter(CURLM *multi, struct racer *r, const char *url,
			   const struct curl_slist *headers)
{
	r->curl = must(curl_easy_init());
	message_reset(&r->answer);
	curl_easy_setopt(r->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(r->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(r->curl, CURLOPT_TIMEOUT_MS, 20000L);
	curl_easy_setopt(r->curl, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(r->curl, CURLOPT_URL, url);
	curl_easy_setopt(r->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(r->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(r->curl, CURLOPT_WRITEDATA, &r->answer.body);
	curl_easy_setopt(r->curl, CURLOPT_HEADERFUNCTION, take);
	curl_easy_setopt(r->curl, CURLOPT_HEADERDATA, &r->answer.head);
	curl_multi_add_handle(multi, r->curl);
	return r;
}

static void run(CURLM *multi)
{
	int running = 1;

	while (running) {
		curl_multi_perform(multi, &running);
		if (running)
			curl_multi_wait(multi, NULL, 0, 100, NULL);
	}
}

static void tell_count(struct buf *out, const struct racer *racers, long n, long status)
{
	long like = 0;

	for (long i = 0; i < n; i++)
		like += racers[i].answer.status == status;
	if (like)
		buf_print(out, ",\"s%ld\":%ld", status, like);
}

/* Bodies of 2xx that none before them had. */
static long count_bodies(const struct racer *racers, long n)
{
	long bodies = 0;

	for (long i = 0; i < n; i++) {
		bool is_new = racers[i].answer.status < 300;

		for (long k = 0; is_new && k < i; k++)
			is_new = racers[k].answer.status >= 300
			      || strcmp(racers[k].answer.body.at, racers[i].answer.body.at) != 0;
		bodies += is_new;
	}
	return bodies;
}

static void tell(struct story *story, struct racer *racers, long n)
{
	struct message *last = &story->last;
	struct buf value = { 0 };
	long replayed = 0, least = 1000;

	for (long i = 0; i < n; i++) {
		long status = 0;

		curl_easy_getinfo(racers[i].curl, CURLINFO_RESPONSE_CODE, &status);
		racers[i].answer.status = (int)status;
		message_finish(&racers[i].answer);
		replayed += message_header(&racers[i].answer, "Idempotent-Replayed", &value);
		least = status < least ? status : least;
	}
	message_reset(last);
	last->status = (int)least;
	buf_print(&last->body, "{\"total\":%ld,\"replayed\":%ld,\"bodies\":%ld", n, replayed,
		  count_bodies(racers, n));
	for (long status = 0; status < 600; status++)
		tell_count(&last->body, racers, n, status);
	buf_print(&last->body, "}");
	message_finish(last);
	free(value.at);
}

static int take_servers(struct story *story, char **text, const struct server **servers)
{
	int n = 0;

	while (**text == '@' && n < SERVERS_MAX)
		servers[n++] = server_find(story, take_word(text) + 1);
	if (n == 0)
		servers[n++] = server_find(story, "");
	return n;
}

void step_race(struct story *story, char *rest)
{
	static struct racer racers[RACERS_MAX];
	const struct server *servers[SERVERS_MAX];
	long n = strtol(take_word(&rest), NULL, 10);
	int servers_n = take_servers(story, &rest, servers);
	const char *method = take_word(&rest), *path = take_word(&rest);
	CURLM *multi = must(curl_multi_init());
	struct curl_slist *headers = request_headers(story, &story->lines[story->at],
						     *rest != '\0');

	if (n < 1 || n > RACERS_MAX || !servers[0])
		story_give_up(story, "race N [@SERVER ...] METHOD PATH [BODY]");
	for (long i = 0; i < n && !story->given_up; i++) {
		struct buf url = { 0 };

		buf_print(&url, "%s%s", servers[i % servers_n]->url, path);
		enter(multi, &racers[i], url.at, headers);
		curl_easy_setopt(racers[i].curl, CURLOPT_CUSTOMREQUEST, method);
		if (*rest)
			curl_easy_setopt(racers[i].curl, CURLOPT_POSTFIELDS, rest);
		free(url.at);
	}
	if (story->given_up)
		return;
	run(multi);
	tell(story, racers, n);
	for (long i = 0; i < n; i++) {
		curl_multi_remove_handle(multi, racers[i].curl);
		curl_easy_cleanup(racers[i].curl);
	}
	curl_multi_cleanup(multi);
	curl_slist_free_all(headers);
}
