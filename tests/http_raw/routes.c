/* From a good request to its answer: keys, roles, methods, paths, queries, bodies, and the
 * shapes of errors. */
#include "http_raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ID "item_06c8y2m1z8x4k7w0a3d5f9h2jr"
#define H " HTTP/1.1\r\nHost: a\r\n"
#define V H KEY_VIEWER
#define E H KEY_EDITOR
#define JSON "Content-Type: application/json\r\n"
#define END "\r\n"

/* A request, the status, and what must be in the answer (NULL: anything). The Content-Length is
 * added for bodies. */
static const struct row {
	int line;
	const char *head, *body;
	int status;
	const char *part, *header, *value;
} rows[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
	/* Keys and roles. */
	R("GET /t/items" H, NULL, 401, "\"unauthorized\"", "WWW-Authenticate", "Bearer"),
	R("GET /t/items" H "Authorization: Bearer nonsense\r\n", NULL, 401, "\"unauthorized\"",
	  "WWW-Authenticate", "Bearer"),
	R("GET /t/items" H "Authorization: Basic viewer-key\r\n", NULL, 401, NULL, NULL, NULL),
	R("GET /t/items" H "Authorization: Bearer\r\n", NULL, 401, NULL, NULL, NULL),
	R("GET /t/items" H "Authorization: Bearerviewer-key\r\n", NULL, 401, NULL, NULL, NULL),
	R("GET /t/items" V KEY_EDITOR, NULL, 401, NULL, NULL, NULL),
	R("GET /t/items" H "authorization: bEARER   viewer-key \r\n", NULL, 200, NULL, NULL, NULL),
	R("GET /t/items?api_key=viewer-key" H, NULL, 401, NULL, NULL, NULL),
	R("GET /t/items?api_key=x" V, NULL, 422, "\"api_key\"", NULL, NULL),
	R("GET /other/items?api_key=viewer-key" H, NULL, 200, NULL, NULL, NULL),
	R("GET /other/items?limit=3&api_key=viewer%2dkey&name=x" H, NULL, 200, "\"count\":3", NULL,
	  NULL),
	R("GET /other/items?api_key=bad" V, NULL, 200, NULL, NULL, NULL),
	R("GET /other/items?api_key=viewer-key&api_key=x" H, NULL, 422, NULL, NULL, NULL),
	R("GET /other/items?api_key=" H, NULL, 401, NULL, NULL, NULL),
	R("POST /t/poke" V, "{}", 403, "\"forbidden\"", NULL, NULL),
	R("POST /t/poke" E JSON, "{}", 200, "\"got\"", NULL, NULL),
	R("GET /t/open" H, NULL, 200, "\"got\"", "Content-Type", "application/json"),
	R("GET /t/viewed" H, NULL, 200, "\"viewed\"", NULL, NULL),
	/* Every answer. */
	R("GET /t/open" H, NULL, 200, NULL, "X-Content-Type-Options", "nosniff"),
	R("GET /t/open" H, NULL, 200, NULL, "Cache-Control", "no-store"),
	R("GET /t/open" H "X-Request-Id: mine\r\n", NULL, 200, NULL, NULL, NULL),
	/* Paths and methods. */
	R("GET /t/nothing" H, NULL, 404, "\"route_not_found\"", "Content-Type",
	  "application/problem+json"),
	R("GET /elsewhere" H, NULL, 404, "\"route_not_found\"", "Content-Type",
	  "application/problem+json"),
	R("GET /other/nothing" H, NULL, 404, "{\"error\":\"route_not_found\",\"status\":404}",
	  "Content-Type", "application/json"),
	R("GET /otherwise" H, NULL, 404, "urn:carillon:problem:route_not_found", NULL, NULL),
	R("DELETE /t/items" E, NULL, 405, "\"method_not_allowed\"", "Allow",
	  "GET, HEAD, POST, OPTIONS"),
	R("POST /t/items/" ID E, NULL, 405, NULL, "Allow",
	  "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
	R("POST /other/items" E, NULL, 405, "{\"error\":", "Allow", "GET, HEAD, OPTIONS"),
	R("OPTIONS /t/items" H, NULL, 204, NULL, "Allow", "GET, HEAD, POST, OPTIONS"),
	R("OPTIONS *" H, NULL, 204, NULL, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
	R("OPTIONS /t/nothing" H, NULL, 404, NULL, NULL, NULL),
	R("GET /livez" H, NULL, 200, "alive", "Content-Type", "text/plain; charset=utf-8"),
	R("GET /livez?verbose" H, NULL, 200, "alive, and more", NULL, NULL),
	R("GET /livez?verbose=1&x" H, NULL, 200, "alive, and more", NULL, NULL),
	R("GET /" H, NULL, 200, "alive", "Content-Type", "text/html; charset=utf-8"),
	R("POST /livez" H, NULL, 405, NULL, "Allow", "GET, HEAD, OPTIONS"),
	R("GET /t/items/special" V, NULL, 200, "\"got\"", NULL, NULL),
	R("GET /t/items/" ID V, NULL, 200, "\"got\"", NULL, NULL),
	R("GET /t/items/%69tem_06c8y2m1z8x4k7w0a3d5f9h2jr" V, NULL, 200, NULL, NULL, NULL),
	R("GET /t/items/nonsense" V, NULL, 404, "\"not_found\"", NULL, NULL),
	R("GET /t/items/nonsense" H, NULL, 401, NULL, NULL, NULL),
	R("GET /t/items/task_06c8y2m1z8x4k7w0a3d5f9h2jr" V, NULL, 404, "\"not_found\"", NULL, NULL),
	R("GET /t/items/" ID "/" V, NULL, 404, NULL, NULL, NULL),
	R("DELETE /t/items/" ID E, NULL, 204, NULL, NULL, NULL),
	R("DELETE /t/items/" ID E JSON, "{}", 204, NULL, NULL, NULL),
	R("DELETE /t/items/" ID E JSON, "{\"a\":1}", 422, "\"unknown_field\"", NULL, NULL),
	/* Queries. */
	R("GET /t/items?limit=7&full=true&name=a+b%2Bc" V, NULL, 200,
	  "{\"name\":\"a b+c\",\"count\":0}", NULL, NULL),
	R("GET /t/items?" V, NULL, 200, NULL, NULL, NULL),
	R("GET /t/items?&&limit=7&" V, NULL, 200, "\"count\":7", NULL, NULL),
	R("GET /t/items?%6cimit=7" V, NULL, 200, "\"count\":7", NULL, NULL),
	R("GET /t/items?limit=0" V, NULL, 422, "\"field\":\"limit\",\"code\":\"out_of_range\"",
	  NULL, NULL),
	R("GET /t/items?limit=x" V, NULL, 422, "\"field\":\"limit\",\"code\":\"wrong_type\"", NULL,
	  NULL),
	R("GET /t/items?limit=" V, NULL, 422, "\"limit\"", NULL, NULL),
	R("GET /t/items?limit=1&limit=1" V, NULL, 422, "\"duplicate\"", NULL, NULL),
	R("GET /t/items?lim=1" V, NULL, 422, "\"unknown_field\"", NULL, NULL),
	R("GET /t/items?name=%zz" V, NULL, 422, "\"field\":\"name\",\"code\":\"invalid_escape\"",
	  NULL, NULL),
	R("GET /t/items?name=%4" V, NULL, 422, "\"field\":\"name\"", NULL, NULL),
	R("GET /t/items?%zz=1" V, NULL, 422, "\"field\":\"query\"", NULL, NULL),
	R("GET /t/items?name=%00" V, NULL, 422, "\"field\":\"name\"", NULL, NULL),
	R("GET /t/items?name=%ff" V, NULL, 422, "\"field\":\"name\"", NULL, NULL),
	R("GET /t/items?name=%c3%a9" V, NULL, 200, "\xc3\xa9", NULL, NULL),
	R("GET /t/items?name=%c3" V, NULL, 422, "\"field\":\"name\"", NULL, NULL),
	R("GET /t/items/special?limit=1" V, NULL, 422, "\"unknown_field\"", NULL, NULL),
	R("POST /t/poke?x=1" E JSON, "{}", 422, "\"unknown_field\"", NULL, NULL),
	R("GET /t/items?lim=1" H, NULL, 401, NULL, NULL, NULL),
	/* Bodies. */
	R("POST /t/items" E JSON, "{\"name\":\"a\",\"count\":3}", 201,
	  "{\"name\":\"a\",\"count\":3}", NULL, NULL),
	R("POST /t/items" E "Content-Type: Application/JSON ; charset=utf-8\r\n",
	  "{\"name\":\"a\"}", 201, NULL, NULL, NULL),
	R("POST /t/items" E "Content-Type: text/plain\r\n", "{\"name\":\"a\"}", 415,
	  "\"unsupported_media_type\"", NULL, NULL),
	R("POST /t/items" E "Content-Type: application/jsonx\r\n", "{\"name\":\"a\"}", 415, NULL,
	  NULL, NULL),
	R("POST /t/items" E "Content-Type: application/merge-patch+json\r\n", "{\"name\":\"a\"}",
	  415, NULL, NULL, NULL),
	R("PATCH /t/items/" ID E "Content-Type: application/merge-patch+json\r\n",
	  "{\"name\":\"a\"}", 200, NULL, NULL, NULL),
	R("PUT /t/items/" ID E JSON, "{\"name\":\"a\"}", 200, NULL, NULL, NULL),
	R("POST /t/items" E, "{\"name\":\"a\"}", 415, NULL, NULL, NULL),
	R("POST /t/items" E JSON, NULL, 400, "\"malformed_json\"", NULL, NULL),
	R("POST /t/items" E, NULL, 400, "\"malformed_json\"", NULL, NULL),
	R("POST /t/items" E JSON, "  ", 400, "\"malformed_json\"", NULL, NULL),
	R("POST /t/items" E JSON, "{\"name\":\"a\",}", 400, "at byte 12", NULL, NULL),
	R("POST /t/items" E JSON, "{\"name\":\"a\"} x", 400, "\"malformed_json\"", NULL, NULL),
	R("POST /t/items" E JSON, "{\"name\":\"a\",\"name\":\"b\"}", 400, NULL, NULL, NULL),
	R("POST /t/items" E JSON, "{\"name\":\"\xff\"}", 400, NULL, NULL, NULL),
	R("POST /t/items" E JSON, "\"a\"", 422, NULL, NULL, NULL),
	R("POST /t/items" E JSON, "{}", 422, "\"field\":\"name\",\"code\":\"required\"", NULL,
	  NULL),
	R("POST /t/items" E JSON, "{\"name\":1,\"count\":\"x\",\"y\":2}", 422,
	  "\"field\":\"count\"", NULL, NULL),
	R("POST /t/items" E JSON, "{\"name\":\"a\",\"at\":\"tomorrow\"}", 422,
	  "\"code\":\"invalid_time\"", NULL, NULL),
	R("POST /t/items" E JSON, "{\"name\":\"taken\"}", 409, "\"id\":\"item_existing\"", NULL,
	  NULL),
	R("POST /t/items" E JSON, "[{\"name\":\"a\"},{\"name\":\"b\"}]", 201, "\"count\":2", NULL,
	  NULL),
	R("POST /t/items" E JSON, "[]", 201, "\"count\":0", NULL, NULL),
	R("POST /t/items" E JSON, "[{\"name\":\"a\"},{\"nam\":\"b\"}]", 422, "\"[1].nam\"", NULL,
	  NULL),
	R("POST /t/small" E JSON, "[{\"name\":\"a\"}]", 422, NULL, NULL, NULL),
	R("POST /t/poke" E, NULL, 200, NULL, NULL, NULL),
	R("POST /t/poke" E JSON, " { } ", 200, NULL, NULL, NULL),
	R("POST /t/poke" E JSON, "{\"a\":1}", 422, "\"unknown_field\"", NULL, NULL),
	R("POST /t/poke" E JSON, "{", 400, NULL, NULL, NULL),
	R("POST /t/poke" E, "hello", 415, NULL, NULL, NULL),
	/* What routes may do besides. */
	R("GET /t/checked?full=true&limit=10" H, NULL, 200, NULL, NULL, NULL),
	R("GET /t/checked?full=true&limit=11" H, NULL, 422,
	  "\"field\":\"full\",\"code\":\"too_much\"", NULL, NULL),
	R("GET /t/checked?full=true&limit=11&x=1" H, NULL, 422, "too_much", NULL, NULL),
	R("POST /t/raw/an%79%20thing" H, "\x01 no JSON", 200,
	  "{\"name\":\"any thing\",\"count\":9}", NULL, NULL),
	R("POST /t/raw/x?y=%7a" H, NULL, 200, "{\"name\":\"x\",\"count\":0}", NULL, NULL),
	/* Ours to blame. */
	R("GET /t/fail" H, NULL, 500, "\"internal_error\"", NULL, NULL),
	R("GET /t/busy" H, NULL, 503, "\"overloaded\"", "Retry-After", "1"),
};

static void try_row(int fd, const struct row *row)
{
	char text[2048];
	const char *value;
	struct reply r;

	if (row->body)
		snprintf(text, sizeof(text), "%sContent-Length: %zu\r\n\r\n%s", row->head,
			 strlen(row->body), row->body);
	else
		snprintf(text, sizeof(text), "%s\r\n", row->head);
	wire_send(fd, text, strlen(text));
	r = wire_read(fd, false, 3000);
	CHECK(r.status == row->status, "row of line %d: %d and not %d: %s", row->line, r.status,
	      row->status, r.body ? r.body : "");
	CHECK(!row->part || (r.body && strstr(r.body, row->part)), "row of line %d: %s", row->line,
	      r.body);
	if (row->header) {
		value = wire_header(&r, row->header);
		CHECK(value && strcmp(value, row->value) == 0, "row of line %d: %s is %s",
		      row->line, row->header, value ? value : "missing");
	}
	value = wire_header(&r, "X-Request-Id");
	CHECK(value && strncmp(value, "req_", 4) == 0, "row of line %d: no request id", row->line);
	if (r.status >= 400 && r.body && strstr(r.body, "urn:"))
		CHECK(strstr(r.body, value), "row of line %d: the body has another request id",
		      row->line);
	free(r.body);
}

/* HEAD says what GET says, and sends nothing behind it. */
static void head_is_get(int fd)
{
	static const char get[] = "GET /t/items" V END, head[] = "HEAD /t/items" V END;
	static const char missing[] = "HEAD /t/missing" V END;
	char length[32];
	struct reply r;

	wire_send(fd, get, strlen(get));
	r = wire_read(fd, false, 3000);
	snprintf(length, sizeof(length), "%zu", r.body_bytes);
	free(r.body);
	wire_send(fd, head, strlen(head));
	r = wire_read(fd, true, 3000);
	CHECK(r.status == 200 && strcmp(wire_header(&r, "Content-Length"), length) == 0, "HEAD: %s",
	      r.head);
	wire_send(fd, missing, strlen(missing));
	r = wire_read(fd, true, 3000);
	CHECK(r.status == 404 && strtol(wire_header(&r, "Content-Length"), NULL, 10) > 50,
	      "HEAD 404: %s", r.head);
	wire_send(fd, get, strlen(get));
	r = wire_read(fd, false, 3000);
	CHECK(r.status == 200, "GET after HEAD: %d", r.status);
	free(r.body);
}

void routes_tests(void)
{
	struct http_settings settings = rig_settings();
	struct server s = rig_start(&settings, 0);
	int fd = wire_open(&s);

	/* All on one connection: none of these is a reason to end it. */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		try_row(fd, &rows[i]);
	head_is_get(fd);
	close(fd);
	CHECK(rig_stop(&s), "the server did not end well");
}
