/* The API document, OpenAPI 3.1, from the tables that the server itself runs by: it cannot
 * describe anything but what is there. */
#include "api/ops.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/check.h"
#include "core/auth.h"
#include "openapi_int.h"

/* --- collecting --- */

static void want(struct writer *w, const struct shape *shape, bool is_out)
{
	for (int i = 0; i < w->count; i++)
		if (w->shapes[i].shape == shape)
			return;
	ASSERT(w->count < SHAPES_MAX);
	w->shapes[w->count++] = (struct wanted){ shape, is_out };
}

/* A row's shapes are appended behind, so that in the end all are there. */
static void want_all(struct writer *w, const struct dialect *d)
{
	for (int i = 0; i < d->count; i++) {
		const struct route *r = &d->routes[i];
		bool is_body = r->method != METHOD_GET && r->method != METHOD_DELETE;

		if (r->in && is_body)
			want(w, r->in, false);
		if (r->out)
			want(w, r->out, true);
	}
	for (int i = 0; i < w->count; i++)
		for (int k = 0; k < w->shapes[i].shape->count; k++)
			if (w->shapes[i].shape->fields[k].shape)
				want(w, w->shapes[i].shape->fields[k].shape, w->shapes[i].is_out);
}

/* --- one route --- */

static const char *const verbs[] = { "get", "post", "put", "patch", "delete" };

/* "taskhook_get_schedules_id_tasks" */
static void operation_id(struct writer *w, const struct dialect *d, const struct route *r)
{
	bool is_gap = true;

	strbuf_addf(w->out, "\"operationId\":\"%s_%s", d->name, verbs[r->method]);
	for (const char *p = r->path + strlen(d->base); *p; p++) {
		if (!isalnum((unsigned char)*p)) {
			is_gap = true;
			continue;
		}
		if (is_gap)
			strbuf_addc(w->out, '_');
		strbuf_addc(w->out, *p);
		is_gap = false;
	}
	text(w, "\"");
}

/* {name} in the path, and with GET and DELETE the query. */
static void parameters(struct writer *w, const struct route *r)
{
	bool is_query = r->in && (r->method == METHOD_GET || r->method == METHOD_DELETE);
	int n = 0, k = 0;

	text(w, ",\"parameters\":[");
	for (const char *p = strchr(r->path, '{'); p; p = strchr(p + 1, '{'), k++) {
		strbuf_addf(
			w->out,
			"%s{\"name\":\"%.*s\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"",
			n++ ? "," : "", (int)strcspn(p + 1, "}"), p + 1);
		if (!(r->flags & ROUTE_RAW) && r->ids[k][0])
			strbuf_addf(w->out, ",\"pattern\":\"^%s_[0-9a-hjkmnp-tv-z]{26}$\"",
				    r->ids[k]);
		text(w, "}}");
	}
	for (int i = 0; is_query && i < r->in->count; i++) {
		text(w, n++ ? ",{\"name\":" : "{\"name\":");
		quoted(w, r->in->fields[i].name);
		text(w, ",\"in\":\"query\",\"schema\":");
		openapi_value(w, &r->in->fields[i], false);
		text(w, "}");
	}
	if (r->flags & ROUTE_TOKEN)
		strbuf_addf(w->out,
			    "%s{\"name\":\"token\",\"in\":\"query\",\"required\":true,\"schema\":"
			    "{\"type\":\"string\"}}",
			    n++ ? "," : "");
	text(w, "]");
}

/* One object, or with ROUTE_LIST also an array of them. */
static void one_or_many(struct writer *w, const struct route *r, const struct shape *shape)
{
	if (!(r->flags & ROUTE_LIST)) {
		openapi_reference(w, shape);
		return;
	}
	text(w, "{\"anyOf\":[");
	openapi_reference(w, shape);
	text(w, ",{\"type\":\"array\",\"items\":");
	openapi_reference(w, shape);
	strbuf_addf(w->out, ",\"maxItems\":%d}]}", ROUTE_LIST_MAX);
}

static void body(struct writer *w, const struct route *r)
{
	if (!r->in || r->method == METHOD_GET || r->method == METHOD_DELETE)
		return;
	text(w,
	     ",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":");
	one_or_many(w, r, r->in);
	text(w, "}}}");
}

/* Of the schema of a dialect's error bodies. */
static void problem_name(struct writer *w, const struct dialect *d)
{
	if (d->fault_schema)
		strbuf_addf(w->out, "%s_problem", d->name);
	else
		text(w, "Problem");
}

static void success(struct writer *w, const struct route *r, int status)
{
	strbuf_addf(w->out, "\"%d\":{\"description\":\"%s\"", status,
		    status == 201 && r->flags & ROUTE_MAKES ? "Success: it is new" : "Success");
	if (r->out) {
		text(w, ",\"content\":{\"application/json\":{\"schema\":");
		one_or_many(w, r, r->out);
		text(w, "}}");
	}
	text(w, "},");
}

static void responses(struct writer *w, const struct dialect *d, const struct route *r)
{
	text(w, ",\"responses\":{");
	success(w, r, r->status);
	if (r->flags & ROUTE_MAKES)
		success(w, r, 201);
	strbuf_addf(w->out,
		    "\"default\":{\"description\":\"Anything else; `code` says what\",\"content\":"
		    "{\"%s\":{\"schema\":{\"$ref\":\"#/components/schemas/",
		    d->fault_type);
	problem_name(w, d);
	text(w, "\"}}}}}");
}

static void security(struct writer *w, const struct dialect *d, const struct route *r)
{
	if (r->flags & ROUTE_OPEN) {
		text(w, ",\"x-role\":\"none\",\"security\":[]");
		return;
	}
	strbuf_addf(w->out, ",\"x-role\":\"%s\"", role_words[r->role]);
	strbuf_addf(w->out, ",\"description\":\"Needs a key with the role %s or a higher one.\"",
		    role_words[r->role]);
	text(w, ",\"security\":[{\"key\":[]}");
	text(w, (r->flags | d->flags) & ROUTE_QUERY_KEY ? ",{\"query_key\":[]}]" : "]");
}

static void route(struct writer *w, const struct dialect *d, const struct route *r)
{
	strbuf_addf(w->out, "\"%s\":{", verbs[r->method]);
	operation_id(w, d, r);
	text(w, ",\"tags\":[");
	quoted(w, d->name);
	text(w, "],\"summary\":");
	quoted(w, r->summary);
	security(w, d, r);
	parameters(w, r);
	body(w, r);
	responses(w, d, r);
	text(w, "}");
}

/* Routes of one path stand together in the document, wherever they stand in the table. */
static void paths(struct writer *w, const struct dialect *d)
{
	for (int i = 0; i < d->count; i++) {
		const char *path = d->routes[i].path;
		bool is_first = true;
		int n = 0;

		for (int k = 0; k < i; k++)
			is_first &= strcmp(d->routes[k].path, path) != 0;
		if (!is_first)
			continue;
		quoted(w, path);
		text(w, ":{");
		for (int k = i; k < d->count; k++) {
			if (strcmp(d->routes[k].path, path) != 0)
				continue;
			text(w, n++ ? "," : "");
			route(w, d, &d->routes[k]);
		}
		text(w, "},");
	}
}

/* --- the whole --- */

/* What is not in any table. */
static const char head[] =
	"{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Carillon\",\"version\":\"0.1.0\","
	"\"description\":\"Schedules and tasks that call webhooks on time.\"},\"paths\":{";
static const char security_schemes[] =
	"\"securitySchemes\":{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
	"\"query_key\":{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"api_key\"}}";
static const char problem_head[] =
	"\"Problem\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},"
	"\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
	"\"detail\":{\"type\":\"string\"},\"code\":{\"type\":\"string\",\"enum\":[";
static const char problem_tail[] =
	"]},\"request_id\":{\"type\":\"string\"},"
	"\"id\":{\"type\":\"string\",\"description\":\"of a conflict: what exists already\"},"
	"\"errors\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Fault\"}}},"
	"\"required\":[\"type\",\"title\",\"status\",\"detail\",\"code\",\"request_id\"]},"
	"\"Fault\":{\"type\":\"object\",\"properties\":{\"field\":{\"type\":\"string\"},"
	"\"code\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"},"
	"\"position\":{\"type\":\"integer\",\"description\":\"bytes of the value before what is concerned\"},"
	"\"length\":{\"type\":\"integer\"}},"
	"\"required\":[\"field\",\"code\",\"message\"]}";

static const struct {
	const char *path, *summary, *content_type, *failure;
} pages[] = {
	{ "/livez", "Does the process answer?", "application/json", NULL },
	{ "/readyz", "Should it be sent requests? (?verbose lists every check)", "application/json",
	  "Not now; checks says why" },
	{ "/metrics", "Prometheus metrics, text format 0.0.4", "text/plain", NULL },
	{ "/openapi.json", "This document", "application/json", NULL },
};

static void all_pages(struct writer *w)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		int n = (int)strcspn(pages[i].path + 1, ".");

		text(w, i ? "," : "");
		quoted(w, pages[i].path);
		strbuf_addf(
			w->out,
			":{\"get\":{\"operationId\":\"%.*s\",\"tags\":[\"operations\"],\"summary\":",
			n, pages[i].path + 1);
		quoted(w, pages[i].summary);
		strbuf_addf(
			w->out,
			",\"x-role\":\"none\",\"security\":[],\"responses\":{\"200\":{\"description\":\"Success\","
			"\"content\":{\"%s\":{}}}",
			pages[i].content_type);
		if (pages[i].failure)
			strbuf_addf(w->out, ",\"503\":{\"description\":\"%s\"}", pages[i].failure);
		text(w, "}}}");
	}
}

static void problem_schema(struct writer *w)
{
	text(w, problem_head);
	for (int e = ERR_NONE + 1; e < ERR_COUNT; e++) {
		text(w, e > 1 ? "," : "");
		quoted(w, err_code((enum err)e));
	}
	text(w, problem_tail);
}

void openapi_print(const struct dialect *const *dialects, int count, struct strbuf *out)
{
	struct writer *w = mem_new(sizeof(*w));

	w->out = out;
	for (int i = 0; i < count; i++)
		want_all(w, dialects[i]);
	text(w, head);
	for (int i = 0; i < count; i++)
		paths(w, dialects[i]);
	all_pages(w);
	text(w, "},\"components\":{");
	text(w, security_schemes);
	text(w, ",\"schemas\":{");
	problem_schema(w);
	for (int i = 0; i < count; i++) {
		if (!dialects[i]->fault_schema)
			continue;
		text(w, ",\"");
		problem_name(w, dialects[i]);
		text(w, "\":");
		text(w, dialects[i]->fault_schema);
	}
	for (int i = 0; i < w->count; i++) {
		text(w, ",");
		openapi_schema(w, &w->shapes[i]);
	}
	text(w, "}}}\n");
	free(w);
}
