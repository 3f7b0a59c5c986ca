/* create_rig PORT CONNINFO: "create durably over REST" with nothing but the necessary work, as
 * the limit beside Carillon's own: evhttp, cJSON, one libpq connection. A POST is parsed, the
 * fields go into the next batch; while one batch commits the next one gathers; each batch is one
 * INSERT from arrays, and its requests are answered 201 after the commit. It makes its own
 * table, drops an old one, and checks nothing else. */
#include <cjson/cJSON.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_MAX = 256, COLUMNS = 4 };

struct batch {
	struct evhttp_request *requests[BATCH_MAX];
	struct evbuffer *arrays[COLUMNS]; /* text of PostgreSQL arrays, open at the end */
	int count;
};

static const char *const table =
	"drop table if exists bench_rig;"
	"create table bench_rig (id bigint generated always as identity primary key, tenant int not null,"
	" target text not null, cron text not null, zone text not null, payload text not null,"
	" headers text, state smallint not null default 0, next_at timestamptz not null,"
	" attempts smallint not null default 0, most smallint not null default 25, rev int not null default 1,"
	" made int not null default 0, created_at timestamptz not null, updated_at timestamptz not null);"
	"create index on bench_rig (next_at) where state = 0;"
	"create index on bench_rig (tenant, id)";
static const char *const insert =
	"insert into bench_rig (tenant, target, cron, zone, payload, next_at, created_at, updated_at)"
	" select 7, t, c, z, p, now() + interval '1 hour', now(), now()"
	" from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as x(t, c, z, p, o)"
	" order by o returning id";

static PGconn *db;
static struct batch gathering, committing;
static struct event *gathered;

static void reply(struct evhttp_request *request, int status, const char *text)
{
	struct evbuffer *out = evbuffer_new();
	evbuffer_add(out, text, strlen(text));
	evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
			  "application/json");
	evhttp_send_reply(request, status, NULL, out);
	evbuffer_free(out);
}

static void add_element(struct evbuffer *array, const char *text, int is_first)
{
	evbuffer_add(array, is_first ? "{\"" : ",\"", 2);
	while (*text) {
		size_t plain = strcspn(text, "\"\\");
		evbuffer_add(array, text, plain);
		text += plain;
		if (*text) {
			evbuffer_add(array, "\\", 1);
			evbuffer_add(array, text++, 1);
		}
	}
	evbuffer_add(array, "\"", 1);
}

static void commit(void)
{
	const char *values[COLUMNS];
	if (committing.count || !gathering.count)
		return;
	for (int i = 0; i < COLUMNS; i++) {
		struct evbuffer *empty = committing.arrays[i];
		evbuffer_add(gathering.arrays[i], "}", 2);
		values[i] = (const char *)evbuffer_pullup(gathering.arrays[i], -1);
		committing.arrays[i] = gathering.arrays[i];
		gathering.arrays[i] = empty;
	}
	memcpy(committing.requests, gathering.requests,
	       sizeof *gathering.requests * (size_t)gathering.count);
	committing.count = gathering.count;
	gathering.count = 0;
	if (!PQsendQueryPrepared(db, "insert", COLUMNS, values, NULL, NULL, 0)) {
		fputs(PQerrorMessage(db), stderr);
		exit(1);
	}
	(void)PQflush(db);
}

static void answer_all(const PGresult *result)
{
	for (int i = 0; i < committing.count; i++) {
		char text[160];
		(void)snprintf(text, sizeof text,
			       "{\"id\":\"schedule_%s\",\"status\":\"active\",\"enabled\":true}",
			       PQgetvalue(result, i, 0));
		reply(committing.requests[i], 201, text);
	}
}

static void on_database(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	(void)context;
	PGresult *result;
	PQconsumeInput(db);
	while (committing.count && !PQisBusy(db)) {
		result = PQgetResult(db);
		if (!result) {
			committing.count = 0;
			for (int i = 0; i < COLUMNS; i++)
				evbuffer_drain(committing.arrays[i],
					       evbuffer_get_length(committing.arrays[i]));
			break;
		}
		if (PQresultStatus(result) != PGRES_TUPLES_OK) {
			fputs(PQresultErrorMessage(result), stderr);
			exit(1);
		}
		answer_all(result);
		PQclear(result);
	}
	commit();
}

static void on_gathered(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	(void)context;
	commit();
}

static const char *member(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
	return text ? text : "";
}

static void on_request(struct evhttp_request *request, void *context)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(request);
	size_t len = evbuffer_get_length(in);
	cJSON *json = cJSON_ParseWithLength((const char *)evbuffer_pullup(in, -1), len);
	const cJSON *template = cJSON_GetObjectItemCaseSensitive(json, "task_template");
	(void)context;
	if (!json || gathering.count == BATCH_MAX) {
		reply(request, json ? 503 : 400, "{}");
		cJSON_Delete(json);
		return;
	}
	if (!template)
		template = json;
	char *payload = cJSON_PrintUnformatted(
		cJSON_GetObjectItemCaseSensitive(template, "payload"));
	const char *const values[COLUMNS] = { member(template, "target"), member(json, "cron"),
					      member(json, "timezone"),
					      payload ? payload : "null" };
	for (int i = 0; i < COLUMNS; i++)
		add_element(gathering.arrays[i], values[i], gathering.count == 0);
	gathering.requests[gathering.count++] = request;
	free(payload);
	cJSON_Delete(json);
	event_active(gathered, EV_TIMEOUT, 0); /* after all requests of this turn of the loop */
}

static int open_database(const char *conninfo)
{
	db = PQconnectdb(conninfo);
	if (PQstatus(db) != CONNECTION_OK) {
		fputs(PQerrorMessage(db), stderr);
		return 1;
	}
	PQclear(PQexec(db, "set client_min_messages = error"));
	PQclear(PQexec(db, table));
	PGresult *result = PQprepare(db, "insert", insert, 0, NULL);
	int bad = PQresultStatus(result) != PGRES_COMMAND_OK;
	PQclear(result);
	if (bad)
		fputs(PQerrorMessage(db), stderr);
	return bad || PQsetnonblocking(db, 1);
}

int main(int argc, char **argv)
{
	if (argc < 3 || open_database(argv[2]))
		return 1;
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);
	for (int i = 0; i < COLUMNS; i++) {
		gathering.arrays[i] = evbuffer_new();
		committing.arrays[i] = evbuffer_new();
	}
	gathered = evtimer_new(base, on_gathered, NULL);
	event_add(event_new(base, PQsocket(db), EV_READ | EV_PERSIST, on_database, NULL), NULL);
	evhttp_set_allowed_methods(http, EVHTTP_REQ_POST);
	evhttp_set_gencb(http, on_request, NULL);
	if (evhttp_bind_socket(http, "127.0.0.1", (unsigned short)strtol(argv[1], NULL, 10)))
		return 1;
	printf("ready\n");
	(void)fflush(stdout);
	return event_base_dispatch(base);
}
