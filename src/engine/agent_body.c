/* What an agent is sent, and what its answer is taken for. */
#include "base/utf8.h"
#include "engine/agent_int.h"

/* More than there can be: goal and system prompt with every byte escaped, and the context, which a model gets within a
 * string. */
#define BODY_MAX (8 << 20)

static void add_name(struct strbuf *b, const char *name)
{
	strbuf_addf(b, "%s\"%s\":", b->p[b->n - 1] == '{' ? "" : ",", name);
}

static void add_text(struct strbuf *b, const char *name, struct slice value)
{
	add_name(b, name);
	if (value.p)
		strbuf_add_json(b, value);
	else
		strbuf_adds(b, "null");
}

/* Absent when it was too much: what is cut is not sent. */
static struct slice whole(struct strbuf *b, struct arena *a)
{
	struct slice out = { NULL, 0 };

	if (!b->failed)
		out = arena_slice(a, strbuf_slice(b));
	strbuf_release(b);
	return out;
}

void agent_add_output(struct strbuf *b, const char *name, const struct agent_output *o)
{
	add_name(b, name);
	if (!o->bytes.p)
		strbuf_adds(b, "null");
	else if (o->is_json)
		strbuf_add(b, o->bytes.p, o->bytes.n);
	else
		strbuf_add_json(b, o->bytes);
}

/* So many bytes of a text take at most *left within quotes; *left is what they leave. */
static size_t quotable(struct slice text, size_t *left)
{
	size_t n;

	for (n = 0; n < text.n; n++) {
		unsigned char c = (unsigned char)text.p[n];
		size_t takes = c < 0x20 ? 6 : c == '"' || c == '\\' ? 2 : 1;

		if (takes > *left)
			break;
		*left -= takes;
	}
	return n;
}

/* As much as is left for it, as it will stand there. */
static struct agent_output fit(const struct agent_output *o, size_t *left)
{
	struct agent_output out = *o;
	size_t n;

	if (o->is_json && o->bytes.n <= *left) {
		*left -= o->bytes.n;
		return out;
	}
	n = quotable(o->bytes, left);
	if (n < o->bytes.n) {
		out.bytes = utf8_cut(o->bytes, n);
		out.is_json = false;
		out.is_cut = true;
	}
	return out;
}

static void add_parents(struct strbuf *b, const struct agent_told *t)
{
	size_t left = AGENT_PARENTS_MAX;

	add_name(b, "parents");
	strbuf_addc(b, '{');
	for (size_t i = 0; i < t->parents_n; i++) {
		const struct agent_parent *p = &t->parents[i];
		struct agent_output output = fit(&p->output, &left);

		strbuf_adds(b, i ? "," : "");
		strbuf_add_json(b, p->job);
		strbuf_adds(b, ":{");
		add_text(b, "job_name", p->name);
		add_text(b, "status", slice_of(p->status));
		add_text(b, "run_id", p->run);
		agent_add_output(b, "output", &output);
		if (output.is_cut)
			strbuf_adds(b, ",\"output_truncated\":true");
		strbuf_addc(b, '}');
	}
	strbuf_addc(b, '}');
}

struct slice agent_context(const struct agent_told *t, struct arena *a)
{
	struct strbuf b;

	strbuf_init(&b, BODY_MAX);
	strbuf_addc(&b, '{');
	add_name(&b, "job");
	if (t->given.p)
		strbuf_add(&b, t->given.p, t->given.n);
	else
		strbuf_adds(&b, "{}");
	if (t->chain.p) {
		add_name(&b, "chain");
		strbuf_addc(&b, '{');
		add_text(&b, "chain_id", t->chain);
		add_text(&b, "chain_run_id", t->chain_run);
		strbuf_addc(&b, '}');
		add_parents(&b, t);
	}
	strbuf_addc(&b, '}');
	return whole(&b, a);
}

struct slice agent_webhook_body(const struct agent_told *t, struct slice context, struct arena *a)
{
	struct strbuf b;

	strbuf_init(&b, BODY_MAX);
	strbuf_addc(&b, '{');
	add_text(&b, "run_id", t->run);
	add_text(&b, "job_id", t->job);
	add_text(&b, "job_name", t->name);
	add_text(&b, "agent_id", t->agent);
	add_text(&b, "goal", t->goal);
	add_text(&b, "scheduled_for", t->scheduled_for);
	add_name(&b, "attempt");
	strbuf_addi(&b, t->attempt);
	add_name(&b, "context");
	strbuf_add(&b, context.p, context.n);
	add_text(&b, "callback_url", t->callback_url);
	strbuf_addc(&b, '}');
	return whole(&b, a);
}

static void add_message(struct strbuf *b, const char *role, struct slice content)
{
	strbuf_adds(b, b->p[b->n - 1] == '[' ? "{" : ",{");
	add_text(b, "role", slice_of(role));
	add_text(b, "content", content);
	strbuf_addc(b, '}');
}

/* The context stands below the goal when there is any. */
static void add_user(struct strbuf *b, const struct agent_told *t, struct slice context)
{
	struct strbuf text;

	strbuf_init(&text, BODY_MAX);
	strbuf_add(&text, t->goal.p ? t->goal.p : "", t->goal.n);
	if (t->given.p || t->chain.p) {
		strbuf_adds(&text, "\n\nContext (JSON):\n");
		strbuf_add(&text, context.p, context.n);
	}
	add_message(b, "user", strbuf_slice(&text));
	b->failed |= text.failed;
	strbuf_release(&text);
}

struct slice agent_llm_body(const struct agent_told *t, struct slice context, struct slice model,
			    struct slice system, struct arena *a)
{
	struct strbuf b;

	strbuf_init(&b, BODY_MAX);
	strbuf_addc(&b, '{');
	if (model.p)
		add_text(&b, "model", model);
	add_name(&b, "messages");
	strbuf_addc(&b, '[');
	if (system.p)
		add_message(&b, "system", system);
	add_user(&b, t, context);
	strbuf_adds(&b, "]}");
	return whole(&b, a);
}

void agent_take_output(struct slice body, int64_t bytes, struct arena *a, struct result *r)
{
	bool is_whole = bytes <= (int64_t)body.n;

	if (body.n == 0)
		return;
	r->output_is_json = is_whole && work_output_is_json(body);
	if (!r->output_is_json)
		body = utf8_mend(body, a);
	if (bytes < (int64_t)body.n)
		bytes = (int64_t)body.n;
	r->output = utf8_cut(body, WORK_OUTPUT_MAX);
	r->output_bytes = bytes < INT32_MAX ? (int32_t)bytes : INT32_MAX;
}
