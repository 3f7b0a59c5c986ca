/* Operations on agents. */
#include "core/agent.h"

#include "base/check.h"
#include "base/id.h"
#include "core/call.h"
#include "core/change.h"
#include "core/core.h"
#include "core/core_int.h"
#include "core/mask.h"
#include "core/snapshot.h"
#include "io/fetch.h"
#include "store/agent.h"

#define DEFINITION_MAX 262144 /* bytes as stored */
#define HEADERS_MAX 32

#define SENT .flags = FIELD_OPTIONAL
static const struct field def_rows[] = {
	F_STR(agent_def, label, "label", SENT),
	F_STR(agent_def, url, "url", SENT),
	F_STR(agent_def, method, "method", SENT),
	F_MAP(agent_def, headers, "headers", SENT, .max = HEADERS_MAX),
	F_STR(agent_def, secret, "secret", SENT),
	F_STR(agent_def, former.secret, "secret_was", SENT),
	F_TYPE(agent_def, former.until, "secret_was_until", signing_until, SENT),
	F_STR(agent_def, model, "model", SENT),
	F_STR(agent_def, system, "system", SENT),
	F_INT(agent_def, timeout, "timeout_us"),
};
const struct shape agent_def_shape = SHAPE(agent_def, "StoredAgent", def_rows,
					   .present = offsetof(struct agent_def, present));

bool agent_name_ok(struct slice name)
{
	return core_name_ok(name, "._-:", AGENT_NAME_MAX);
}

struct slice agent_print(const struct agent_def *def, struct arena *a)
{
	struct strbuf text;
	struct slice out;

	strbuf_init(&text, DEFINITION_MAX);
	json_encode(&agent_def_shape, def, &text);
	out = text.failed ? (struct slice){ NULL, 0 } : arena_slice(a, strbuf_slice(&text));
	strbuf_release(&text);
	return out;
}

bool agent_load(int kind, struct slice definition, struct arena *a, struct agent_def *out)
{
	struct json_faults *faults = arena_make(a, struct json_faults);
	struct json_syntax syntax;
	struct json_reader to = { a, faults, &syntax };

	return (kind == AGENT_WEBHOOK || kind == AGENT_LLM)
	    && json_decode(&agent_def_shape, definition, &to, out) && faults->total == 0;
}

static struct agent_key key_of(const struct op *op, struct slice name)
{
	return (struct agent_key){ op->who.bucket, op->who.tenant, name };
}

/* NULL: the stored definition cannot be read. */
static struct agent *view_of(struct op *op, const struct agent_row *row)
{
	struct agent *v = arena_make(op->arena, struct agent);

	*v = (struct agent){ .name = row->name,
			     .kind = row->kind,
			     .created_at = row->created_at,
			     .updated_at = row->updated_at };
	return agent_load(row->kind, row->definition, op->arena, &v->def) ? v : NULL;
}

static flow answer(struct op *op, const struct agent *v)
{
	return v ? op_ok(op, v)
		 : op_fail(op, ERR_INTERNAL, "The stored definition of an agent cannot be read.");
}

/* --- what is wrong with one --- */

static void check_headers(struct op *op, const struct json_list *headers)
{
	const struct json_pair *pairs = headers->items;

	for (size_t i = 0; i < headers->n; i++) {
		const char *message = call_header_check(headers, i);

		if (message)
			json_fault(&op->faults,
				   arena_printf(op->arena, "endpoint.headers.%.*s",
						SLICE_ARG(pairs[i].name)),
				   "header_invalid", call_sentence(op->arena, message));
	}
}

/* What only the other kind has. */
static void check_kind(struct op *op, const struct agent *in)
{
	const struct {
		const char *field;
		int kind;
		bool is_sent;
	} only[] = {
		{ "endpoint.method", AGENT_WEBHOOK, in->def.method.p != NULL },
		{ "endpoint.secret", AGENT_WEBHOOK, in->def.secret.p != NULL },
		{ "model", AGENT_LLM, in->def.model.p != NULL },
		{ "system", AGENT_LLM, in->def.system.p != NULL },
	};

	for (size_t i = 0; i < sizeof(only) / sizeof(only[0]); i++)
		if (only[i].is_sent && only[i].kind != in->kind)
			json_fault(&op->faults, only[i].field, "conflict",
				   in->kind == AGENT_LLM
					   ? "An agent of kind llm has no such field."
					   : "Only an agent of kind llm has this field.");
}

void agent_check(struct op *op, const struct agent *in)
{
	const struct agent_def *def = &in->def;
	const char *message = def->url.p ? fetch_url_check(def->url, op->core->allow_private)
					 : NULL;

	if (in->name.p && !agent_name_ok(in->name))
		json_fault(&op->faults, "id", "invalid_name",
			   "An id has 1 to 64 letters, digits, points, underscores, hyphens and "
			   "colons, and is neither . nor .. alone.");
	if (message)
		json_fault(&op->faults, "endpoint.url", "target_forbidden",
			   call_sentence(op->arena, message));
	if (!def->url.p && in->kind == AGENT_WEBHOOK)
		json_fault(&op->faults, "endpoint.url", "required", "This field is needed.");
	if (!def->url.p && in->kind == AGENT_LLM && !op->core->llm_url)
		json_fault(&op->faults, "endpoint.url", "required",
			   "This server has no language model of its own (CARILLON_LLM_URL): name "
			   "an endpoint.");
	if (def->secret.p && !call_secret_ok(def->secret))
		json_fault(&op->faults, "endpoint.secret", "secret_invalid",
			   "A secret is \"whsec_\" and base64, or a text of 16 to 128 bytes.");
	check_headers(op, &def->headers);
	check_kind(op, in);
}

static struct slice printed(struct op *op, const struct agent_def *def)
{
	struct slice definition = agent_print(def, op->arena);

	if (!definition.p)
		json_fault(&op->faults, "endpoint", "too_long",
			   "An agent's definition takes at most 256 KiB.");
	return definition;
}

/* --- create --- */

static op_step created;

flow agent_create(struct op *op)
{
	const struct agent *in = op->in;
	struct agent *v = arena_make(op->arena, struct agent);
	struct agent_key key;
	struct agent_row row;

	*v = *in;
	agent_check(op, v);
	if (!v->name.p) {
		char *text = arena_alloc(op->arena, ID_TEXT_MAX);

		v->name = (struct slice){ text, id_print("agent", id_new(op->now), text) };
	}
	v->created_at = v->updated_at = core_created(op->core, op->now);
	row = (struct agent_row){ .definition = printed(op, &v->def),
				  .kind = (int16_t)v->kind,
				  .updated_at = v->updated_at };
	if (op->faults.total)
		return op_invalid(op);
	key = key_of(op, v->name);
	op->state = v;
	store_agent_insert(op_unit(op, LANE_WRITE), &key, &row, AGENTS_MAX);
	op_changes(op,
		   &(struct change){ .object = OBJECT_AGENT,
				     .name = v->name,
				     .what = "created",
				     .after = snapshot_agent(v, op->arena) },
		   1, v);
	return op_db(op, created);
}

static flow created(struct op *op)
{
	const struct agent *v = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	switch (store_agent_inserted(op->unit, 0)) {
	case AGENT_MADE:
		return op_ok(op, v);
	case AGENTS_FULL:
		return op_fail(op, ERR_AGENT_LIMIT, NULL);
	case AGENT_EXISTS:
		break;
	}
	op->existing = arena_dup(op->arena, v->name.p, v->name.n);
	return op_fail(op, ERR_AGENT_EXISTS, NULL);
}

/* --- get and list --- */

static op_step got, listed;

flow agent_get(struct op *op)
{
	struct agent_key key = key_of(op, op->names[0]);

	/* Such a one cannot be there; and not every name is text to the database. */
	if (!agent_name_ok(key.name))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	store_agent_get(op_unit(op, LANE_READ), &key);
	return op_db(op, got);
}

static flow got(struct op *op)
{
	struct agent_row row;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_agent_got(op->unit, 0, &row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	return answer(op, view_of(op, &row));
}

flow agent_list(struct op *op)
{
	const struct agent_list_ask *ask = op->in;
	struct agent_key of = key_of(op, (struct slice){ NULL, 0 });

	store_agent_page(op_unit(op, LANE_SLOW), &of, (int32_t)ask->offset, (int32_t)ask->limit);
	return op_db(op, listed);
}

static flow listed(struct op *op)
{
	struct agent_page_view *page = arena_make(op->arena, struct agent_page_view);
	struct agent_row *rows;
	struct agent *views;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_agents(op->unit, 0, &rows, &page->total);
	views = arena_array(op->arena, struct agent, n);
	for (size_t i = 0; i < n; i++) {
		const struct agent *v = view_of(op, &rows[i]);

		if (!v)
			return answer(op, NULL);
		views[i] = *v;
	}
	page->items = (struct json_list){ views, n };
	return op_ok(op, page);
}

/* --- change: read, put what was masked back, write if nobody was quicker --- */

struct changing {
	op_step *decide; /* once `old` has been read */
	struct agent_row row;
	const struct agent *old;
	struct agent *v;
	const void *out; /* what it answers */
	int tries;
};
static op_step old_read, change_decide, secret_decide, changed, delete_decide, deleted;

static flow read_old(struct op *op)
{
	struct agent_key key = key_of(op, op->names[0]);

	store_agent_get(op_unit(op, LANE_WRITE), &key);
	return op_db(op, old_read);
}

static flow begin(struct op *op, op_step *decide)
{
	struct changing *c = op->state = arena_make(op->arena, struct changing);

	if (!agent_name_ok(op->names[0]))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	c->decide = decide;
	return read_old(op);
}

static flow old_read(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_agent_got(op->unit, 0, &c->row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	c->old = view_of(op, &c->row);
	return c->old ? c->decide(op) : answer(op, NULL);
}

static flow once_more(struct op *op)
{
	struct changing *c = op->state;

	return ++c->tries < OP_AGAIN_MAX ? op_again(op, c->tries, read_old)
					 : op_fail(op, ERR_CHANGED, NULL);
}

flow agent_change(struct op *op)
{
	return begin(op, change_decide);
}

/* c->v in the place of c->old. */
static flow replace(struct op *op, const char *what)
{
	struct changing *c = op->state;
	struct agent_key key = key_of(op, op->names[0]);
	struct agent_row new_row;

	c->v->name = c->row.name;
	c->v->created_at = c->row.created_at;
	c->v->updated_at = op->now;
	c->v->def.former = signing_former(c->v->def.secret, c->old->def.secret, &c->old->def.former,
					  op->now);
	new_row = (struct agent_row){ .definition = printed(op, &c->v->def),
				      .kind = (int16_t)c->v->kind,
				      .updated_at = op->now };
	if (op->faults.total)
		return op_invalid(op);
	store_agent_update(op_unit(op, LANE_WRITE), &key, &new_row, &c->row);
	op_changes(op,
		   &(struct change){ .object = OBJECT_AGENT,
				     .name = c->row.name,
				     .what = what,
				     .before = snapshot_agent(c->old, op->arena),
				     .after = snapshot_agent(c->v, op->arena) },
		   1, c->out);
	return op_db(op, changed);
}

static flow change_decide(struct op *op)
{
	struct changing *c = op->state;
	struct agent_def *def;

	c->v = arena_make(op->arena, struct agent);
	*c->v = *(const struct agent *)op->in;
	def = &c->v->def;
	mask_keep(&def->secret, c->old->def.secret, op->arena);
	def->headers = mask_keep_headers(
		op, "endpoint.headers", &(struct mask_target){ def->url, def->headers },
		&(struct mask_target){ c->old->def.url, c->old->def.headers });
	agent_check(op, c->v);
	c->out = c->v;
	return replace(op, "changed");
}

flow agent_secret(struct op *op)
{
	return begin(op, secret_decide);
}

static flow secret_decide(struct op *op)
{
	struct changing *c = op->state;
	struct secret_made *made = arena_make(op->arena, struct secret_made);

	if (c->old->kind != AGENT_WEBHOOK)
		return op_fail(op, ERR_AGENT_UNSIGNED, NULL);
	c->v = arena_make(op->arena, struct agent);
	*c->v = *c->old;
	c->v->def.secret = signing_secret_new(op->arena);
	*made = (struct secret_made){ c->v->def.secret, c->old->def.secret.p
								? op->now + SECRET_OVERLAP
								: USEC_NEVER };
	c->out = made;
	return replace(op, "rotated");
}

static flow changed(struct op *op)
{
	struct changing *c = op->state;
	usec_t at;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	if (!store_agent_updated(op->unit, 0, &at))
		return once_more(op);
	return op_ok(op, c->out);
}

/* --- delete --- */

flow agent_delete(struct op *op)
{
	return begin(op, delete_decide);
}

static flow delete_decide(struct op *op)
{
	const struct changing *c = op->state;
	struct agent_key key = key_of(op, op->names[0]);

	store_agent_delete(op_unit(op, LANE_WRITE), &key, &c->row);
	op_changes(op,
		   &(struct change){ .object = OBJECT_AGENT,
				     .name = c->row.name,
				     .what = "deleted",
				     .before = snapshot_agent(c->old, op->arena) },
		   1, c->old);
	return op_db(op, deleted);
}

static flow deleted(struct op *op)
{
	const struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	switch (store_agent_deleted(op->unit, 0)) {
	case AGENT_GONE:
		return op_ok(op, c->old);
	case AGENT_UNKNOWN:
		return op_fail(op, ERR_NOT_FOUND, NULL);
	case AGENT_USED:
		return op_fail(op, ERR_AGENT_IN_USE, NULL);
	case AGENT_OTHER:
		break;
	}
	return once_more(op);
}
