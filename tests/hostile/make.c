/* The kinds of requests: schedules, tasks, and HTTP itself; those about time are in make_time.c, of jobs in
 * make_jobs.c. */
#include <string.h>

#include "hostile.h"

#define LIST_MOST 10000

static void write_list(struct rng *rng, const struct request *out, struct draft *d, unsigned n,
		       unsigned nasty)
{
	struct writer w = { rng, &d->body, nasty, out->number };

	d->has_body = true;
	strbuf_addc(&d->body, '[');
	for (unsigned i = 0; i < n; i++) {
		if (i)
			strbuf_addc(&d->body, ',');
		write_object(&w, OBJECT_TASK);
	}
	strbuf_addc(&d->body, ']');
}

/* --- what is right --- */

static void schedule_create(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/v1/schedules");
	write_body(rng, out, &d, OBJECT_SCHEDULE, 0);
	d.is_chunked = chance(rng, 5);
	wants(out, 201, 0, 0);
	finish(rng, &d, out);
}

static void task_create(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/v1/tasks");
	write_body(rng, out, &d, OBJECT_TASK, 0);
	wants(out, 201, 409, 0); /* some unique ids come again */
	finish(rng, &d, out);
}

static void list_create(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/v1/tasks");
	write_list(rng, out, &d, 1 + below(rng, 40), 0);
	wants(out, 201, 409, 0);
	finish(rng, &d, out);
}

static void read_one(struct rng *rng, struct request *out)
{
	static const char *const below_it[] = { "",         "",
						"/tasks",   "/preview?limit=3",
						"/skips",   "/tasks?status=completed&limit=5",
						"/preview", NULL };
	struct draft d;

	draft_init(&d, chance(rng, 10) ? "HEAD" : "GET", "");
	if (chance(rng, 50))
		strbuf_addf(&d.target, "/v1/schedules/%s%s", an_id(rng, KNOWN_SCHEDULE),
			    one_of(rng, below_it));
	else
		strbuf_addf(&d.target, "/v1/tasks/%s", an_id(rng, KNOWN_TASK));
	wants(out, 200, has_ids(KNOWN_SCHEDULE) && has_ids(KNOWN_TASK) ? 200 : 404, 0);
	finish(rng, &d, out);
}

static void read_many(struct rng *rng, struct request *out)
{
	static const char *const paths[] = { "/v1/schedules?limit=3",
					     "/v1/schedules?status=disabled&limit=2",
					     "/v1/schedules?enabled=true&limit=2&offset=1",
					     "/v1/tasks?limit=5",
					     "/v1/tasks?status=queued&limit=2&offset=20",
					     "/v1/tasks?status=abandoned&limit=2",
					     "/livez",
					     "/readyz",
					     "/readyz?verbose",
					     "/metrics",
					     "/openapi.json",
					     NULL };
	struct draft d;

	draft_init(&d, "GET", one_of(rng, paths));
	wants(out, 200, 0, 0);
	finish(rng, &d, out);
}

static void change(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "PATCH", "/v1/schedules/");
	strbuf_adds(&d.target, an_id(rng, KNOWN_SCHEDULE));
	write_body(rng, out, &d, OBJECT_CHANGE, 0);
	wants(out, 200, 409,
	      has_ids(KNOWN_SCHEDULE) ? 422 : 404); /* 422: with what it has already */
	finish(rng, &d, out);
}

static void act(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/v1/tasks/");
	strbuf_addf(&d.target, "%s/%s", an_id(rng, KNOWN_TASK),
		    chance(rng, 60) ? "cancel" : "retry");
	d.has_body = chance(rng, 30);
	if (d.has_body)
		strbuf_adds(&d.body, "{}");
	wants(out, 200, 409, has_ids(KNOWN_TASK) ? 200 : 404);
	finish(rng, &d, out);
}

static void delete_one(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "DELETE", "/v1/schedules/");
	strbuf_adds(&d.target, an_id(rng, KNOWN_SCHEDULE));
	wants(out, 200, has_ids(KNOWN_SCHEDULE) ? 200 : 404, 0);
	finish(rng, &d, out);
}

/* --- what is not --- */

static void spoil_target(struct rng *rng, struct draft *d, int *out_object)
{
	static const char *const targets[] = { "/v1/schedules", "/v1/tasks" };
	unsigned which = below(rng, 3);

	draft_init(d, which == 2 ? "PATCH" : "POST", which < 2 ? targets[which] : "/v1/schedules/");
	if (which == 2)
		strbuf_adds(&d->target, an_id(rng, KNOWN_SCHEDULE));
	*out_object = which == 0 ? OBJECT_SCHEDULE : which == 1 ? OBJECT_TASK : OBJECT_CHANGE;
}

/* A valid body, a few bytes of it changed. */
static void bytes(struct rng *rng, struct request *out)
{
	struct draft d;
	int object;

	spoil_target(rng, &d, &object);
	if (object == OBJECT_TASK && chance(rng, 30))
		write_list(rng, out, &d, 1 + below(rng, 5), 0);
	else
		write_body(rng, out, &d, (enum object)object, 0);
	mutate(rng, &d.body);
	finish(rng, &d, out);
}

/* Fields with values that belong elsewhere, or nowhere. */
static void fields(struct rng *rng, struct request *out)
{
	static const unsigned nasty[] = { 3, 10, 30, 90 };
	struct draft d;
	int object;

	spoil_target(rng, &d, &object);
	if (object == OBJECT_TASK && chance(rng, 30))
		write_list(rng, out, &d, 1 + below(rng, 12), nasty[below(rng, 3)]);
	else
		write_body(rng, out, &d, (enum object)object, nasty[below(rng, 4)]);
	finish(rng, &d, out);
}

static void whole_bodies(struct rng *rng, struct request *out)
{
	static const char *const bodies[] = { "",        " ",        "null",
					      "true",    "0",        "\"text\"",
					      "{",       "}",        "[",
					      "]",       "{}{}",     "[1,2,3]",
					      "[{}]",    "[[{}]]",   "[null]",
					      "{\"\"}",  "{\"\":1}", "{\"a\"}",
					      "{,}",     "[,]",      "{\"a\":1,}",
					      "[{},]",   "// hello", "/**/{}",
					      "{'a':1}", "{a:1}",    "\xef\xbb\xbf{}",
					      "NaN",     "-",        "\"\\ud800\"",
					      "\"\n\"",  "[{},{}]",  "{\"target\"",
					      "tru",     "nulll",    "\xff\xfe{\0}\0",
					      "01",      "1e",       "[1 2]",
					      "<a/>",    "a=1&b=2",  "\"\\u0000\"",
					      NULL };
	struct draft d;
	int object;

	spoil_target(rng, &d, &object);
	d.has_body = true;
	strbuf_adds(&d.body, one_of(rng, bodies));
	out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

/* Two members of one name are no object. */
static void duplicates(struct rng *rng, struct request *out)
{
	static const char *const doubles[] = { "{\"cron\":\"* * * * *\",\"cron\":\"* * * * *\",",
					       "{\"target\":1,\"targe\\u0074\":1,",
					       "{\"x\":{\"a\":1,\"b\":2,\"a\":3},",
					       "{\"payload\":[{\"k\":1,\"k\":1}],", NULL };
	struct writer w = { rng, NULL, 0, out->number };
	struct strbuf rest;
	struct draft d;
	int object;

	spoil_target(rng, &d, &object);
	strbuf_init(&rest, RAW_MOST);
	w.out = &rest;
	write_object(&w, (enum object)object);
	d.has_body = true;
	strbuf_adds(&d.body, one_of(rng, doubles));
	strbuf_adds(&d.body, rest.n > 2 ? rest.p + 1 : "\"z\":1}");
	strbuf_release(&rest);
	out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

static void deep(struct rng *rng, struct request *out)
{
	static const unsigned depths[] = { 10, 60, 61, 62, 63, 64, 65, 66, 100, 1000, 20000 };
	struct draft d;
	unsigned depth = depths[below(rng, sizeof(depths) / sizeof(depths[0]))];
	bool is_in_payload = chance(rng, 70);

	draft_init(&d, "POST", "/v1/tasks");
	d.has_body = true;
	if (is_in_payload)
		strbuf_adds(&d.body,
			    "{\"target\":\"http://[::1]:9/deep\",\"execute_after\":\"PT2H\","
			    "\"payload\":");
	write_deep(&d.body, depth, chance(rng, 50));
	if (is_in_payload)
		strbuf_addc(&d.body, '}');
	if (depth > 64 || !is_in_payload)
		out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

/* Rare: each of these takes as long as a hundred others. */
static void huge(struct rng *rng, struct request *out)
{
	static const size_t sizes[] = { 1000,    16384,   65536,   300000,
					1000000, 1048400, 1048577, 2000000 };
	size_t n = sizes[below(rng, sizeof(sizes) / sizeof(sizes[0]))];
	struct draft d;

	draft_init(&d, "POST", chance(rng, 30) ? "/v1/schedules" : "/v1/tasks");
	d.has_body = true;
	strbuf_adds(&d.body, "{\"target\":\"http://[::1]:9/huge\",\"execute_after\":\"PT2H\","
			     "\"payload\":\"");
	write_filler(&d.body, "ax\\\xc3"[below(rng, 4)], n);
	strbuf_adds(&d.body, "\"}");
	if (n > 1048576)
		wants(out, 413, 0, 0);
	d.is_chunked = n < 100000 && chance(rng, 20);
	finish(rng, &d, out);
}

static void long_lists(struct rng *rng, struct request *out)
{
	static const unsigned lengths[] = { 500, 2000, LIST_MOST, LIST_MOST + 1 };
	unsigned which = below(rng, 6);
	struct draft d;

	draft_init(&d, "POST", "/v1/tasks");
	d.has_body = true;
	if (which < 4) {
		strbuf_addc(&d.body, '[');
		for (unsigned i = 0; i < lengths[which]; i++)
			strbuf_adds(
				&d.body,
				i ? ",{\"target\":\"http://[::1]:9/\",\"execute_after\":\"PT3H\"}"
				  : "{\"target\":\"http://[::1]:9/\",\"execute_after\":\"PT3H\"}");
		strbuf_addc(&d.body, ']');
		wants(out, lengths[which] > LIST_MOST ? 422 : 201, 0, 0);
	} else {
		strbuf_addc(&d.body, '[');
		write_filler(&d.body, which == 4 ? ' ' : '[', which == 4 ? 17u << 20 : 3u << 20);
		out->want = WANT_REFUSAL;
	}
	finish(rng, &d, out);
}

static void queries(struct rng *rng, struct request *out)
{
	static const char *const paths[] = { "/v1/schedules", "/v1/tasks", "/livez", NULL };
	static const char *const names[] = { "limit",   "offset", "status",     "enabled",
					     "",        "Limit",  "start_from", "limit[]",
					     "%6cimit", "%",      "%00",        "%ff",
					     "api_key", "a.b",    "limit%20",   "verbose",
					     NULL };
	static const char *const values[] = { "1",
					      "0",
					      "-1",
					      "501",
					      "10001",
					      "abc",
					      "1.5",
					      "1e2",
					      "",
					      "%",
					      "%z",
					      "%zz",
					      "%00",
					      "%ff",
					      "%C3%A9",
					      "+1",
					      "%2B1",
					      "true",
					      "TRUE",
					      "null",
					      "queued",
					      "QUEUED",
					      "2030-01-01T00:00:00Z",
					      "0x10",
					      "=",
					      "1=1",
					      "9223372036854775807",
					      "9223372036854775808",
					      "99999999999999999999999",
					      "01",
					      NULL };
	struct draft d;

	draft_init(&d, chance(rng, 90) ? "GET" : "HEAD", "");
	if (chance(rng, 30))
		strbuf_addf(&d.target, "/v1/schedules/%s/%s", an_id(rng, KNOWN_SCHEDULE),
			    chance(rng, 50) ? "preview" : "tasks");
	else
		strbuf_adds(&d.target, one_of(rng, paths));
	for (unsigned n = below(rng, 5), i = 0; i <= n; i++) {
		strbuf_adds(&d.target, i ? "&" : "?");
		strbuf_addf(&d.target, "%s%s%s", one_of(rng, names), chance(rng, 90) ? "=" : "",
			    one_of(rng, values));
	}
	if (chance(rng, 3))
		write_filler(&d.target, 'q', 7000);
	finish(rng, &d, out);
}

static void paths(struct rng *rng, struct request *out)
{
	static const char *const bases[] = {
		"/v1/schedules/",          "/v1/tasks/",  "/v1/",       "/",
		"/v1/schedules/../tasks/", "/v1//tasks/", "/V1/tasks/", "/api/v1/plans/",
		"/api/scheduler/jobs/",    NULL
	};
	static const char *const ids[] = { "schedule_",
					   "task_",
					   "schedule_x",
					   "task_0000000000000000000000000",
					   "..",
					   ".",
					   "%2e%2e",
					   "%00",
					   "%",
					   "%zz",
					   "%2F",
					   "schedule_00000000000000000000000000%00",
					   "SCHEDULE_00000000000000000000000000",
					   "task_0000000000000000000000000u",
					   "task_zzzzzzzzzzzzzzzzzzzzzzzzzz",
					   "schedule_7zzzzzzzzzzzzzzzzzzzzzzzzz",
					   "schedule_80000000000000000000000000",
					   "%ff%fe",
					   "a/b/c/d/e/f/g/h/i/j/k/l/m/n",
					   "",
					   "schedule_00000000000000000000000000/",
					   "{id}",
					   "*",
					   "task_%30",
					   ";x=1",
					   NULL };
	static const char *const ends[] = { "",        "",         "/tasks", "/preview",
					    "/cancel", "/retry",   "/skips", "/",
					    "//",      "/nothing", NULL };
	struct draft d;

	draft_init(&d, chance(rng, 60) ? "GET" : "POST", one_of(rng, bases));
	if (chance(rng, 5))
		write_filler(&d.target, 'i', 5000);
	else if (chance(rng, 20))
		strbuf_adds(&d.target, an_id(rng, (enum known)below(rng, KNOWN_COUNT)));
	else
		strbuf_adds(&d.target, one_of(rng, ids));
	strbuf_adds(&d.target, one_of(rng, ends));
	finish(rng, &d, out);
}

static void methods(struct rng *rng, struct request *out)
{
	static const char *const verbs[] = { "GET",   "HEAD",   "POST",    "PUT",
					     "PATCH", "DELETE", "OPTIONS", NULL };
	static const char *const where[] = { "/v1/schedules", "/v1/tasks",   "/livez",
					     "/metrics",      "/v1",         "/",
					     "/openapi.json", "/v1/nothing", NULL };
	struct draft d;

	draft_init(&d, one_of(rng, verbs), "");
	if (chance(rng, 40))
		strbuf_addf(&d.target, "/v1/tasks/%s/cancel", an_id(rng, KNOWN_TASK));
	else
		strbuf_adds(&d.target, one_of(rng, where));
	if (strcmp(d.method, "OPTIONS") == 0 && chance(rng, 20)) {
		strbuf_clear(&d.target);
		strbuf_addc(&d.target, '*');
	}
	d.has_body = d.method[0] == 'P' && chance(rng, 70);
	if (d.has_body)
		strbuf_adds(&d.body, chance(rng, 50) ? "{}" : "[]");
	finish(rng, &d, out);
}

static void types(struct rng *rng, struct request *out)
{
	static const char *const list[] = { "text/plain",
					    "application/x-www-form-urlencoded",
					    "",
					    "application/jsonx",
					    "json",
					    "multipart/form-data; boundary=x",
					    "application/json/x",
					    "*/*",
					    "application/",
					    "application/merge-patch+json",
					    "text/json",
					    "application/xml",
					    NULL };
	struct draft d;
	int object;

	spoil_target(rng, &d, &object);
	write_body(rng, out, &d, (enum object)object, 0);
	d.type = one_of(rng, list);
	if (object != OBJECT_CHANGE)
		out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

static void headers(struct rng *rng, struct request *out)
{
	static const char *const lines[] = { "Accept: text/html\r\n",
					     "Accept: */*;q=0\r\n",
					     "Accept-Encoding: gzip, br\r\n",
					     "X-Odd:\r\n",
					     "X-Bytes: \x80\xff\xc3\xa9\r\n",
					     "Idempotency-Key: \"a\"\r\n",
					     "If-Match: *\r\n",
					     "If-None-Match: \"x\"\r\n",
					     "Range: bytes=0-1\r\n",
					     "Content-Type: application/json\r\n",
					     "Cookie: a=b; c=d\r\n",
					     "Upgrade: h2c\r\n",
					     "Connection: keep-alive, Upgrade\r\n",
					     "X-Forwarded-For: 1.2.3.4\r\n",
					     "Content-Encoding: gzip\r\n",
					     "Expect: 100-continue\r\n",
					     "Origin: null\r\n",
					     "X-HTTP-Method-Override: DELETE\r\n",
					     "TE: trailers\r\n",
					     "Date: yesterday\r\n",
					     "Connection: close\r\n",
					     "X-Request-Id: ../../x\r\n",
					     "Content-Language: \t \r\n",
					     NULL };
	struct draft d;

	draft_init(&d, chance(rng, 50) ? "GET" : "POST", "/v1/tasks");
	for (unsigned n = 1 + below(rng, 8); n > 0; n--)
		strbuf_adds(&d.lines, one_of(rng, lines));
	if (chance(rng, 10)) {
		strbuf_adds(&d.lines, "X-Long: ");
		write_filler(&d.lines, 'h', 8000);
		strbuf_adds(&d.lines, "\r\n");
	}
	if (*d.method == 'P')
		write_body(rng, out, &d, OBJECT_TASK, 0);
	finish(rng, &d, out);
}

static void keys(struct rng *rng, struct request *out)
{
	static const char *const lines[] = {
		"",
		"Authorization:\r\n",
		"Authorization: Bearer\r\n",
		"Authorization: Bearer \r\n",
		"Authorization: Basic dXNlcjpwYXNz\r\n",
		"Authorization: Bearer wrong\r\n",
		"Authorization: bearer crl_0000000000000000000000000000000000000000000000000\r\n",
		"Authorization: Bearer a b c\r\n",
		"Authorization: Bearer \xff\xfe\r\n",
		"Authorization: Bearer ' or 1=1 --\r\n",
		"Authorization: Digest x\r\n",
		"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
		NULL
	};
	static const char *const targets[] = { "/v1/tasks",
					       "/v1/schedules",
					       "/v1/tasks?api_key=wrong",
					       "/v1/tasks?api_key=",
					       "/v1/tasks?api_key=%00",
					       "/v1/schedules?api_key=%ff",
					       NULL };
	struct draft d;

	draft_init(&d, chance(rng, 50) ? "GET" : "POST", one_of(rng, targets));
	d.auth = one_of(rng, lines);
	if (*d.method == 'P')
		write_body(rng, out, &d, OBJECT_TASK, 0);
	wants(out, 401, 0, 0);
	finish(rng, &d, out);
}

/* --- what is no HTTP --- */

static void framing(struct rng *rng, struct request *out)
{
#define GET "GET /v1/tasks HTTP/1.1\r\n"
#define POST "POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
	static const struct {
		const char *text;
		size_t n;
	} rows[] = {
#define R(text) { text, sizeof(text) - 1 }
		R(GET "\r\n"),
		R(GET "Host: a\r\nHost: b\r\n\r\n"),
		R(GET "Host: a\nX: b\r\n\r\n"),
		R(GET "Host: a\r\n folded\r\n\r\n"),
		R(GET "Host: a\r\nX\0Y: b\r\n\r\n"),
		R(GET "Host: a\r\nX: \x01\r\n\r\n"),
		R(GET "Host: a\r\nno colon\r\n\r\n"),
		R(GET "Host: a\r\nContent-Length: 3\r\n\r\nabc"),
		R(GET "Host: a b\r\n\r\n"),
		R("BREW /v1/tasks HTTP/1.1\r\nHost: a\r\n\r\n"),
		R("get / HTTP/1.1\r\nHost: a\r\n\r\n"),
		R("GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
		R("GET v1 HTTP/1.1\r\nHost: a\r\n\r\n"),
		R("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
		R("GET /\r\n\r\n"),
		R("\r\n\r\n\r\n"),
		R("GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"),
		R("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
		R("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello \r\n\r\n"),
		R("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
		R("{\"target\": 1}\r\n\r\n"),
		R(POST "Content-Length: -1\r\n\r\n"),
		R(POST "Content-Length: 1x\r\n\r\n"),
		R(POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
		R(POST "Content-Length: 99999999999999999999\r\n\r\n"),
		R(POST "Content-Length: 999999999999\r\n\r\n"),
		R(POST "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		R(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
		R(POST "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
		R(POST "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n"),
		R(POST "Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n"),
		R(POST "Transfer-Encoding: chunked\r\n\r\n1\n{\n0\n\n"),
		R(POST "Expect: a miracle\r\n\r\n"),
	};
	unsigned which = below(rng, sizeof(rows) / sizeof(rows[0]) + 2);

	out->want = WANT_FRAMING;
	if (which < sizeof(rows) / sizeof(rows[0])) {
		strbuf_add(&out->raw, rows[which].text, rows[which].n);
		return;
	}
	strbuf_adds(&out->raw, "GET /");
	write_filler(&out->raw, 'l', chance(rng, 50) ? 9000 : 5000);
	strbuf_adds(&out->raw, " HTTP/1.1\r\nHost: a\r\n");
	for (int i = 0; i < 70; i++)
		strbuf_addf(&out->raw, "X-%d: a\r\n", i);
	strbuf_adds(&out->raw, "\r\n");
}

/* The client goes away in the middle. */
static void half(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", chance(rng, 50) ? "/v1/tasks" : "/v1/schedules");
	write_body(rng, out, &d, OBJECT_TASK, 0);
	d.is_chunked = chance(rng, 50);
	finish(rng, &d, out);
	out->raw.n = 1 + below(rng, (unsigned)out->raw.n - 1);
	out->want = WANT_NOTHING;
}

const struct kind kinds[] = {
	{ "schedule create", 60, schedule_create, false },
	{ "task create", 100, task_create, false },
	{ "list create", 8, list_create, false },
	{ "read one", 80, read_one, false },
	{ "read many", 25, read_many, false },
	{ "change", 50, change, false },
	{ "cancel or retry", 30, act, false },
	{ "delete", 10, delete_one, false },
	{ "bytes", 160, bytes, false },
	{ "fields", 220, fields, false },
	{ "whole bodies", 40, whole_bodies, false },
	{ "duplicates", 20, duplicates, false },
	{ "deep", 15, deep, false },
	{ "huge", 2, huge, false },
	{ "queries", 70, queries, false },
	{ "paths", 60, paths, false },
	{ "methods", 30, methods, false },
	{ "types", 20, types, false },
	{ "headers", 30, headers, false },
	{ "keys", 15, keys, false },
	{ "framing", 15, framing, false },
	{ "half", 5, half, false },
	{ "times at their bounds", 25, timed_bounds, true },
	{ "lists of dates", 6, timed_dates, true },
	{ "calendar put", 15, calendar_put, true },
	{ "calendar fields", 40, calendar_fields, true },
	{ "calendar of 1,000", 5, calendar_big, true },
	{ "calendar names", 15, calendar_paths, true },
	{ "calendar read", 15, calendar_read, true },
	{ "calendar delete", 6, calendar_delete, true },
	{ "lists in full", 5, full_lists, true },
	{ "validate", 110, validate, true },
	{ "validate broken", 60, validate_broken, true },
	{ "phrases", 110, phrases, true },
	{ "phrase bytes", 30, phrase_bytes, true },
	{ "preview", 20, previews, true },
	{ "preview fields", 40, preview_fields, true },
	{ "job create", 40, job_create, true },
	{ "job fields", 110, job_fields, true },
	{ "job bytes", 40, job_bytes, true },
	{ "job change", 25, job_change, true },
	{ "job acts", 30, job_act, false },
	{ "job reads", 40, job_read, true },
	{ "job paths", 25, job_paths, false },
	{ "conditions", 60, conditions, true },
	{ "conditions asked about", 40, condition_values, true },
	{ "channels", 40, channel_texts, true },
	{ "agent put", 15, agent_put, false },
	{ "agent fields", 40, agent_fields, true },
	{ "agent names", 15, agent_names, false },
	{ "chain create", 15, chain_create, true },
	{ "chain fields", 40, chain_fields, true },
	{ "chain of 100", 8, chain_big, true },
	{ "chain acts", 15, chain_act, false },
	{ "credentials", 10, credentials_put, true },
	{ "credential fields", 40, credentials_fields, true },
	{ "channel tests", 15, channel_tests, false },
	{ "reports", 40, callbacks, true },
	{ "statistics", 50, statistics, true },
	{ "key create", 10, key_create, false },
	{ "key fields", 40, key_fields, true },
	{ "key acts", 15, key_act, false },
	{ "key lists", 10, key_lists, false },
	{ "action put", 15, action_put, false },
	{ "action acts", 15, action_act, false },
	{ "action fields", 40, action_fields, true },
	{ "action names", 15, action_names, false },
	{ "action lists", 10, action_lists, false },
	{ "plan create", 20, plan_create, true },
	{ "plan fields", 80, plan_fields, true },
	{ "plan bytes", 30, plan_bytes, true },
	{ "plan patches", 25, plan_patches, false },
	{ "plan acts", 40, plan_acts, true },
	{ "plan lists", 20, plan_lists, true },
	{ "agents that stay", 1, agent_stays, false },
	{ "calendars that stay", 1, calendar_stays, true },
	{ "long lists", 0, long_lists, false }, /* by number, see below */
};
const int kinds_count = (int)(sizeof(kinds) / sizeof(kinds[0]));
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) <= KINDS_MAX, "main.c counts each");

static int choose(struct rng *rng, int number)
{
	unsigned sum = 0, at;
	int kind = 0;

	if (number < CALENDARS_STAY)
		return kinds_count - 2;
	if (number < STAYING)
		return kinds_count - 3;
	if (number % 4000 == 2000)
		return kinds_count - 1;
	for (int i = 0; i < kinds_count; i++)
		sum += kinds[i].weight;
	at = below(rng, sum);
	while (at >= kinds[kind].weight)
		at -= kinds[kind++].weight;
	return kind;
}

void make_request(int number, struct request *out)
{
	struct rng rng = { make_seed * 0x2545f4914f6cdd1du + (uint64_t)number };

	(void)below(&rng, 2);
	*out = (struct request){ .number = number, .kind = choose(&rng, number) };
	strbuf_init(&out->raw, RAW_MOST);
	kinds[out->kind].make(&rng, out);
}
