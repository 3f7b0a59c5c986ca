/* t_readme: what the README's tour calls besides the server. It prints the address it listens on, and serves until
 * it is ended.
 *	POST /v1/chat/completions   a model: answers a sentence in which the goal stands
 *	POST /api/chat.postMessage  Slack: the request must be as Slack documents it (tests/lib/platform.h)
 *	POST /work                  an agent: 202, and then its report to callback_url
 *	GET  /said                  what came to Slack ("fine: TEXT"), and what went wrong */
#include <cjson/cJSON.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/platform.h"

enum { BODY_MAX = 1 << 20 };

static struct event_base *base;
static struct evbuffer *said;

static char *body_of(struct evhttp_request *req)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	size_t n = evbuffer_get_length(in);
	char *text = calloc(1, n + 1);

	if (!text || n > BODY_MAX || evbuffer_copyout(in, text, n) != (ssize_t)n)
		abort();
	return text;
}

static void answer(struct evhttp_request *req, int status, const char *type, const char *body)
{
	struct evbuffer *out = evbuffer_new();

	(void)evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type", type);
	(void)evbuffer_add(out, body, strlen(body));
	evhttp_send_reply(req, status, "", out);
	evbuffer_free(out);
}

/* --- the model --- */

static char *completion(const char *goal)
{
	cJSON *reply = cJSON_CreateObject();
	cJSON *choices = cJSON_AddArrayToObject(reply, "choices"), *choice = cJSON_CreateObject(),
	      *message = cJSON_AddObjectToObject(choice, "message");
	char content[1000], *text;

	(void)snprintf(content, sizeof(content), "**Done.** %.900s", goal);
	(void)cJSON_AddStringToObject(reply, "object", "chat.completion");
	(void)cJSON_AddStringToObject(message, "role", "assistant");
	(void)cJSON_AddStringToObject(message, "content", content);
	(void)cJSON_AddItemToArray(choices, choice);
	text = cJSON_PrintUnformatted(reply);
	cJSON_Delete(reply);
	return text;
}

static void complete(struct evhttp_request *req, void *arg)
{
	char *text = body_of(req), *reply;
	cJSON *body = cJSON_Parse(text);
	const cJSON *messages = cJSON_GetObjectItem(body, "messages"),
		    *last = cJSON_GetArrayItem(messages, cJSON_GetArraySize(messages) - 1);
	const char *goal = cJSON_GetStringValue(cJSON_GetObjectItem(last, "content"));
	const char *key = evhttp_find_header(evhttp_request_get_input_headers(req),
					     "Authorization");

	(void)arg;
	if (!goal || !key || !cJSON_GetObjectItem(body, "model")) {
		answer(req, 400, "application/json", "{\"error\":{\"message\":\"no\"}}");
	} else {
		reply = completion(goal);
		answer(req, 200, "application/json", reply);
		free(reply);
	}
	cJSON_Delete(body);
	free(text);
}

/* --- Slack --- */

static void post_message(struct evhttp_request *req, void *arg)
{
	char *body = body_of(req), *shown = platform_text("slack", body, strlen(body));
	struct evkeyvalq *headers = evhttp_request_get_input_headers(req);
	struct evbuffer *lines = evbuffer_new();
	struct platform_request request = { .method = "POST",
					    .path = evhttp_request_get_uri(req),
					    .body = body,
					    .body_n = strlen(body) };
	struct platform_answer ok = platform_ok("slack", false);
	const struct evkeyval *h;
	const char *fault;

	(void)arg;
	for (h = headers->tqh_first; h; h = h->next.tqe_next)
		(void)evbuffer_add_printf(lines, "%s: %s\r\n", h->key, h->value);
	(void)evbuffer_add(lines, "", 1);
	request.headers = (const char *)evbuffer_pullup(lines, -1);
	fault = platform_check("slack", &request);
	(void)evbuffer_add_printf(said, "%s%s: %s\n", fault ? "wrong: " : "fine",
				  fault ? fault : "", shown ? shown : "");
	answer(req, ok.status, "application/json", ok.body);
	evbuffer_free(lines);
	free(shown);
	free(body);
}

/* --- the agent --- */

static void reported(struct evhttp_request *req, void *arg)
{
	if (!req || evhttp_request_get_response_code(req) != 200)
		(void)evbuffer_add_printf(said, "wrong: the report was not taken\n");
	evhttp_connection_free(arg);
}

static void report(const char *url)
{
	struct evhttp_uri *uri = evhttp_uri_parse(url);
	struct evhttp_connection *conn;
	struct evhttp_request *req;
	char target[512];

	if (!uri || !evhttp_uri_get_query(uri)) {
		(void)evbuffer_add_printf(said, "wrong: no callback_url\n");
		return;
	}
	conn = evhttp_connection_base_new(base, NULL, evhttp_uri_get_host(uri),
					  (unsigned short)evhttp_uri_get_port(uri));
	req = evhttp_request_new(reported, conn);
	(void)snprintf(target, sizeof(target), "%s?%s", evhttp_uri_get_path(uri),
		       evhttp_uri_get_query(uri));
	(void)evhttp_add_header(evhttp_request_get_output_headers(req), "Host", "127.0.0.1");
	(void)evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type",
				"application/json");
	(void)evbuffer_add_printf(evhttp_request_get_output_buffer(req),
				  "{\"status\": \"completed\", \"output\": {\"pages\": 3}}");
	(void)evhttp_make_request(conn, req, EVHTTP_REQ_POST, target);
	evhttp_uri_free(uri);
}

static void work(struct evhttp_request *req, void *arg)
{
	char *text = body_of(req);
	cJSON *body = cJSON_Parse(text);
	const char *url = cJSON_GetStringValue(cJSON_GetObjectItem(body, "callback_url"));

	(void)arg;
	answer(req, 202, "text/plain", "");
	report(url ? url : "");
	cJSON_Delete(body);
	free(text);
}

static void show(struct evhttp_request *req, void *arg)
{
	struct evbuffer *out = evbuffer_new();

	(void)arg;
	(void)evbuffer_add(out, evbuffer_pullup(said, -1), evbuffer_get_length(said));
	evhttp_send_reply(req, 200, "", out);
	evbuffer_free(out);
}

int main(void)
{
	static const struct {
		const char *path;
		void (*serve)(struct evhttp_request *, void *);
	} paths[] = { { "/v1/chat/completions", complete },
		      { "/api/chat.postMessage", post_message },
		      { "/work", work },
		      { "/said", show } };
	struct evhttp_bound_socket *bound;
	struct evhttp *http;
	struct sockaddr_storage at;
	socklen_t n = sizeof(at);

	base = event_base_new();
	said = evbuffer_new();
	http = evhttp_new(base);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		(void)evhttp_set_cb(http, paths[i].path, paths[i].serve, NULL);
	bound = evhttp_bind_socket_with_handle(http, "127.0.0.1", 0);
	if (!bound || getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&at, &n))
		return 1;
	printf("fakes on http://127.0.0.1:%d\n", ntohs(((struct sockaddr_in *)&at)->sin_port));
	(void)fflush(stdout);
	return event_base_dispatch(base) < 0;
}
