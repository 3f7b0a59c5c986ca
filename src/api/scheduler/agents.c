/* Agents: sent and shown; what is secret is shown masked. */
#include "api/scalars.h"
#include "channel/channel.h"
#include "core/mask.h"
#include "http/types.h"
#include "jobs_int.h"

enum { HEADERS_MAX = 32, SECRET_TEXT_MAX = 300 };

struct in_endpoint {
	struct slice url, method, secret;
	struct json_list headers;
};
struct in_agent {
	struct slice id, name;
	int kind; /* one less than the core's */
	struct in_endpoint endpoint;
	struct slice model, system;
	usec_t timeout;
};
struct in_agents {
	int64_t limit, offset;
};
struct out_agent {
	struct slice id, name;
	int kind;
	struct in_endpoint endpoint;
	struct slice model, system;
	usec_t timeout, created_at, updated_at;
	const char *status; /* "deleted" */
	uint64_t present;
};

static const char *const kinds[] = { "webhook", "llm", NULL };
static const char *const methods[] = { "POST", "PUT", "PATCH", NULL };

/* --- in --- */

static const char *parse_method(const struct field *f, struct slice text, void *member,
				struct arena *a, const char **out_message)
{
	(void)f;
	(void)a;
	for (int i = 0; methods[i]; i++)
		if (slice_is(text, methods[i])) {
			*(struct slice *)member = text;
			return NULL;
		}
	*out_message = "This must be one of POST, PUT, PATCH.";
	return "invalid_value";
}

static bool print_method(const struct field *f, const void *member, struct strbuf *out)
{
	struct slice text = *(const struct slice *)member;

	(void)f;
	strbuf_add_json(out, text.p ? text : slice_of(methods[0]));
	return true;
}

static const struct field_type type_method = { "an HTTP method with a body", parse_method,
					       print_method, false };

static const struct field endpoint_rows[] = {
	F_STR(in_endpoint, url, "url", .flags = FIELD_NEEDED),
	F_TYPE(in_endpoint, method, "method", type_method),
	F_MAP(in_endpoint, headers, "headers", .max = HEADERS_MAX),
	F_STR(in_endpoint, secret, "secret", .flags = FIELD_NULLABLE, .max = SECRET_TEXT_MAX),
};
static const struct shape endpoint_shape = SHAPE(in_endpoint, "AgentEndpoint", endpoint_rows,
						 .present = NO_PRESENT);

static const struct field in_agent_rows[] = {
	F_STR(in_agent, id, "id"),
	F_STR(in_agent, name, "name", .flags = FIELD_NULLABLE, .max = AGENT_LABEL_MAX),
	F_ENUM(in_agent, kind, "kind", kinds),
	F_OBJ(in_agent, endpoint, "endpoint", endpoint_shape, .flags = FIELD_NULLABLE),
	F_STR(in_agent, model, "model", .flags = FIELD_NULLABLE, .min = 1, .max = AGENT_MODEL_MAX),
	F_STR(in_agent, system, "system", .flags = FIELD_NULLABLE, .max = AGENT_SYSTEM_MAX),
	F_SECONDS(in_agent, timeout, "timeout", .flags = FIELD_NULLABLE, .min = SEC,
		  .max = CALL_TIMEOUT_MAX),
};
const struct shape in_agent_shape = SHAPE(in_agent, "AgentInput", in_agent_rows,
					  .present = NO_PRESENT);

static void init_agents(void *object)
{
	((struct in_agents *)object)->limit = LIST_DEFAULT;
}

static const struct field in_agents_rows[] = {
	F_INT(in_agents, limit, "limit", .min = 1, .max = LIST_MOST),
	F_INT(in_agents, offset, "offset", .min = 0, .max = PAGE_SKIP_MOST),
};
const struct shape in_agents_shape = SHAPE(in_agents, "AgentQuery", in_agents_rows,
					   .init = init_agents, .present = NO_PRESENT);

static struct agent *take_agent(struct op *op)
{
	const struct in_agent *in = op->in;
	struct agent *out = arena_make(op->arena, struct agent);

	*out = (struct agent){
		.name = in->id,
		.kind = in->kind + 1,
		.def = { .label = in->name,
			 .url = in->endpoint.url,
			 .method = in->endpoint.method,
			 .headers = in->endpoint.headers,
			 .secret = in->endpoint.secret,
			 .model = in->model,
			 .system = in->system,
			 .timeout = in->timeout },
	};
	return out;
}

void check_agent(struct op *op)
{
	agent_check(op, take_agent(op));
}

flow sj_agent_create(struct op *op)
{
	op->in = take_agent(op);
	return agent_create(op);
}

/* What was read may be sent back as it is: with its id. */
flow sj_agent_change(struct op *op)
{
	struct agent *in = take_agent(op);

	if (in->name.p
	    && (in->name.n != op->names[0].n
		|| memcmp(in->name.p, op->names[0].p, in->name.n) != 0)) {
		json_fault(&op->faults, "id", "invalid_value",
			   "An agent's id cannot be changed: this must be that of the path.");
		return op_invalid(op);
	}
	op->in = in;
	return agent_change(op);
}

flow sj_agent_list(struct op *op)
{
	const struct in_agents *in = op->in;
	struct agent_list_ask *ask = arena_make(op->arena, struct agent_list_ask);

	*ask = (struct agent_list_ask){ in->limit, in->offset };
	op->in = ask;
	return agent_list(op);
}

/* --- out --- */

enum { ROW_ENDPOINT = 3 };
static const struct field out_agent_rows[] = {
	F_STR(out_agent, id, "id"),
	F_STR(out_agent, name, "name"),
	F_ENUM(out_agent, kind, "kind", kinds),
	[ROW_ENDPOINT] = F_OBJ(out_agent, endpoint, "endpoint", endpoint_shape,
			       .flags = FIELD_PRESENT),
	F_NONE("endpoint"),
	F_STR(out_agent, model, "model"),
	F_STR(out_agent, system, "system"),
	F_TYPE(out_agent, timeout, "timeout", type_span),
	F_INSTANT(out_agent, created_at, "created_at"),
	F_INSTANT(out_agent, updated_at, "updated_at"),
};
const struct shape out_agent_shape = SHAPE(out_agent, "Agent", out_agent_rows,
					   .present = offsetof(struct out_agent, present));

static const struct field out_agents_rows[] = {
	F_LIST(out_page, items, "agents", out_agent_shape),
	F_INT(out_page, count, "count"),
};
const struct shape out_agents_shape = SHAPE(out_page, "AgentList", out_agents_rows,
					    .present = NO_PRESENT);

static const struct field out_deleted_rows[] = {
	F_STR(out_agent, id, "id"),
	F_TYPE(out_agent, status, "status", type_word),
};
const struct shape out_agent_deleted_shape = SHAPE(out_agent, "AgentDeleted", out_deleted_rows,
						   .present = NO_PRESENT);

static void show_one(const struct agent *v, struct arena *a, struct out_agent *out)
{
	*out = (struct out_agent){
		.id = v->name,
		.name = v->def.label,
		.kind = v->kind - 1,
		.endpoint = { .url = v->def.url,
			      .method = v->def.method,
			      .headers = mask_headers(&v->def.headers, a) },
		.model = v->def.model,
		.system = v->def.system,
		.timeout = v->def.timeout,
		.created_at = v->created_at,
		.updated_at = v->updated_at,
		.status = "deleted",
		.present = v->def.url.p ? ~(uint64_t)0 : ~((uint64_t)1 << ROW_ENDPOINT),
	};
	if (v->def.secret.p)
		out->endpoint.secret = credential_mask(v->def.secret, a);
}

void show_agent(struct op *op)
{
	struct out_agent *out = arena_make(op->arena, struct out_agent);

	show_one(op->out, op->arena, out);
	op->out = out;
}

void show_agents(struct op *op)
{
	const struct agent_page_view *page = op->out;
	const struct agent *views = page->items.items;
	struct out_page *out = arena_make(op->arena, struct out_page);
	struct out_agent *items = arena_array(op->arena, struct out_agent, page->items.n + 1);

	for (size_t i = 0; i < page->items.n; i++)
		show_one(&views[i], op->arena, &items[i]);
	*out = (struct out_page){ { items, page->items.n }, page->total };
	op->out = out;
}
