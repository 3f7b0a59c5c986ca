/* null_evhttp PORT: an evhttp server that does nothing: 200 and 200 bytes of JSON to whatever
 * comes. It is the limit of any server that stands on evhttp with one thread. */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char body[201];

static void answer(struct evhttp_request *request, void *context)
{
	(void)context;
	struct evbuffer *out = evbuffer_new();
	evbuffer_add_reference(out, body, sizeof body - 1, NULL, NULL);
	evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
			  "application/json");
	evhttp_send_reply(request, 200, "OK", out);
	evbuffer_free(out);
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);
	memset(body, 'x', sizeof body - 1);
	memcpy(body, "{\"text\":\"", 9);
	memcpy(body + sizeof body - 3, "\"}", 2);
	evhttp_set_gencb(http, answer, NULL);
	if (evhttp_bind_socket(http, "127.0.0.1",
			       argc > 1 ? (unsigned short)strtol(argv[1], NULL, 10) : 18081))
		return 1;
	printf("ready\n");
	(void)fflush(stdout);
	return event_base_dispatch(base);
}
