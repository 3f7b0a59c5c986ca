/* The API document, OpenAPI 3.1, from the tables that the server itself runs by: it cannot
 * describe anything but what is there. */
#include "api/ops.h"

#include <ctype.h>

#include "base/check.h"
#include "http/types.h"

#define SHAPES_MAX 128

/* A shape that is to be described, and which way it goes: that decides what may be null and what
 * is required. */
struct wanted {
	const struct shape *shape;
	bool is_out;
};

struct writer {
	struct strbuf *out;
	struct wanted shapes[SHAPES_MAX];
	int count;
};

static void text(struct writer *w, const char *s)
{
	strbuf_adds(w->out, s);
}

static void quoted(struct writer *w, const char *s)
{
	strbuf_add_json(w->out, slice_of(s));
}

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

/* --- one field --- */

static void reference(struct writer *w, const struct shape *shape)
{
	strbuf_addf(w->out, "{\"$ref\":\"#/components/schemas/%s\"}", shape->name);
}

static void bounds(struct writer *w, const struct field *f, const char *least, const char *most)
{
	if (f->min)
		strbuf_addf(w->out, ",\"%s\":%lld", least, (long long)f->min);
	if (f->max)
		strbuf_addf(w->out, ",\"%s\":%lld", most, (long long)f->max);
}

/* "null" goes beside the type where there may be no value. */
static void type(struct writer *w, const char *name, bool may_be_null)
{
	strbuf_addf(w->out, may_be_null ? "{\"type\":[\"%s\",\"null\"]" : "{\"type\":\"%s\"", name);
}

static void words(struct writer *w, const struct field *f)
{
	type(w, "string", false);
	text(w, ",\"enum\":[");
	for (int i = 0, n = 0; f->words[i]; i++) {
		bool is_double = false;

		for (int k = 0; k < i; k++)
			is_double |= strcmp(f->words[i], f->words[k]) == 0;
		if (is_double)
			continue;
		text(w, n++ ? "," : "");
		quoted(w, f->words[i]);
	}
	text(w, "]}");
}

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* A scalar with rules of its own. What it says of itself tells its JSON type. */
static void scalar(struct writer *w, const struct field *f, bool may_be_null)
{
	const char *what = f->type->what;

	if (f->type == &field_enum) {
		words(w, f);
		return;
	}
	if (f->type == &type_id) {
		type(w, "string", may_be_null && strcmp(f->name, "id") != 0);
		strbuf_addf(w->out, ",\"pattern\":\"^%s_[0-9a-hjkmnp-tv-z]{26}$\"}", f->words[0]);
		return;
	}
	if (f->type->from_number)
		text(w, "{\"type\":[\"number\",\"string\"]");
	else if (begins(what, "an integer") || begins(what, "a whole number"))
		type(w, "integer", may_be_null);
	else if (begins(what, "a number"))
		type(w, "number", may_be_null);
	else if (begins(what, "true"))
		type(w, "boolean", false);
	else
		type(w, "string", may_be_null);
	if (f->type == &type_instant)
		text(w, ",\"format\":\"date-time\"");
	text(w, ",\"description\":");
	quoted(w, what);
	text(w, "}");
}

static void number(struct writer *w, const struct field *f)
{
	type(w, "integer", false);
	if (f->min || f->max)
		strbuf_addf(w->out, ",\"minimum\":%lld", (long long)f->min);
	if (f->max)
		strbuf_addf(w->out, ",\"maximum\":%lld", (long long)f->max);
	text(w, "}");
}

static void value(struct writer *w, const struct field *f, bool may_be_null)
{
	switch (f->kind) {
	case FIELD_STR:
		type(w, "string", may_be_null);
		bounds(w, f, "minLength", "maxLength");
		text(w, "}");
		break;
	case FIELD_INT:
		number(w, f);
		break;
	case FIELD_BOOL:
		text(w, "{\"type\":\"boolean\"}");
		break;
	case FIELD_TYPE:
		scalar(w, f, may_be_null);
		break;
	case FIELD_RAW:
		text(w, "{\"description\":\"any JSON value, kept byte for byte\"}");
		break;
	case FIELD_OBJ:
		reference(w, f->shape);
		break;
	case FIELD_LIST:
		text(w, "{\"type\":\"array\"");
		bounds(w, f, "minItems", "maxItems");
		text(w, ",\"items\":");
		reference(w, f->shape);
		text(w, "}");
		break;
	case FIELD_STRS:
		text(w, "{\"type\":\"array\"");
		bounds(w, f, "minItems", "maxItems");
		text(w, ",\"items\":{\"type\":\"string\"}}");
		break;
	case FIELD_MAP:
		text(w, "{\"type\":\"object\"");
		bounds(w, f, "minProperties", "maxProperties");
		text(w, ",\"additionalProperties\":{\"type\":\"string\"}}");
		break;
	case FIELD_NONE:
		text(w, "{\"type\":\"null\"}");
		break;
	}
}

/* --- one shape --- */

static bool is_first_of_name(const struct shape *s, int i)
{
	for (int k = 0; k < i; k++)
		if (strcmp(s->fields[k].name, s->fields[i].name) == 0)
			return false;
	return true;
}

static int alternatives(const struct shape *s, int i)
{
	int n = 0;

	for (int k = 0; k < s->count; k++)
		n += strcmp(s->fields[k].name, s->fields[i].name) == 0;
	return n;
}

/* All rows of the name that stands at i. */
static void property(struct writer *w, const struct wanted *want_, int i)
{
	const struct shape *s = want_->shape;
	bool is_single = alternatives(s, i) == 1;

	quoted(w, s->fields[i].name);
	text(w, is_single ? ":" : ":{\"anyOf\":[");
	for (int k = i, n = 0; k < s->count; k++) {
		const struct field *f = &s->fields[k];
		bool may_be_null = want_->is_out ? is_single && !(f->flags & FIELD_OPTIONAL)
						 : (f->flags & FIELD_NULLABLE) != 0;

		if (strcmp(f->name, s->fields[i].name) != 0)
			continue;
		text(w, n++ ? "," : "");
		value(w, f, may_be_null);
	}
	text(w, is_single ? "" : "]}");
}

static bool is_required(const struct wanted *want_, const struct field *f)
{
	return want_->is_out ? !(f->flags & (FIELD_OPTIONAL | FIELD_PRESENT))
			     : (f->flags & FIELD_NEEDED) != 0;
}

static void schema(struct writer *w, const struct wanted *want_)
{
	const struct shape *s = want_->shape;
	int n = 0;

	quoted(w, s->name);
	text(w, ":{\"type\":\"object\",\"properties\":{");
	for (int i = 0; i < s->count; i++) {
		if (!is_first_of_name(s, i))
			continue;
		text(w, n++ ? "," : "");
		property(w, want_, i);
	}
	text(w, "}");
	n = 0;
	for (int i = 0; i < s->count; i++) {
		if (!is_first_of_name(s, i) || !is_required(want_, &s->fields[i]))
			continue;
		text(w, n++ ? "," : ",\"required\":[");
		quoted(w, s->fields[i].name);
	}
	text(w, n ? "]" : "");
	text(w, want_->is_out ? "}" : ",\"additionalProperties\":false}");
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
		if (!(r->flags & ROUTE_RAW))
			strbuf_addf(w->out, ",\"pattern\":\"^%s_[0-9a-hjkmnp-tv-z]{26}$\"",
				    r->ids[k]);
		text(w, "}}");
	}
	for (int i = 0; is_query && i < r->in->count; i++) {
		text(w, n++ ? ",{\"name\":" : "{\"name\":");
		quoted(w, r->in->fields[i].name);
		text(w, ",\"in\":\"query\",\"schema\":");
		value(w, &r->in->fields[i], false);
		text(w, "}");
	}
	text(w, "]");
}

/* One object, or with ROUTE_LIST also an array of them. */
static void one_or_many(struct writer *w, const struct route *r, const struct shape *shape)
{
	if (!(r->flags & ROUTE_LIST)) {
		reference(w, shape);
		return;
	}
	text(w, "{\"anyOf\":[");
	reference(w, shape);
	text(w, ",{\"type\":\"array\",\"items\":");
	reference(w, shape);
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

static void responses(struct writer *w, const struct dialect *d, const struct route *r)
{
	strbuf_addf(w->out, ",\"responses\":{\"%d\":{\"description\":\"Success\"", r->status);
	if (r->out) {
		text(w, ",\"content\":{\"application/json\":{\"schema\":");
		one_or_many(w, r, r->out);
		text(w, "}}");
	}
	strbuf_addf(
		w->out,
		"},\"default\":{\"description\":\"Anything else; `code` says what\",\"content\":"
		"{\"%s\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}}",
		d->fault_type);
}

static void security(struct writer *w, const struct dialect *d, const struct route *r)
{
	static const char *const roles[] = { "any", "viewer", "operator", "editor", "admin" };

	if (r->flags & ROUTE_OPEN) {
		text(w, ",\"security\":[]");
		return;
	}
	strbuf_addf(w->out, ",\"description\":\"Needs a key with the role %s or a higher one.\"",
		    roles[r->role]);
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
	"\"code\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"}},"
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
			",\"security\":[],\"responses\":{\"200\":{\"description\":\"Success\",\"content\":"
			"{\"%s\":{}}}",
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
	for (int i = 0; i < w->count; i++) {
		text(w, ",");
		schema(w, &w->shapes[i]);
	}
	text(w, "}}}\n");
	free(w);
}
