/* A chain run as it goes on, pure: what has become of its nodes, and what follows. */
#include "base/check.h"
#include "base/clock.h"
#include "core/chain_int.h"
#include "core/core.h"
#include "core/run.h"
#include "store/chain.h"

/* --- as it is stored --- */

struct stored_node {
	int state;
	struct slice run;
	int64_t started, ended;
};

static const char *const state_words[] = { "waiting",   "running", "completed", "failed",
					   "cancelled", "skipped", "left_out",  NULL };

static void init_node(void *object)
{
	struct stored_node *n = object;

	n->started = n->ended = USEC_NEVER;
}

static bool print_instant(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t at = *(const int64_t *)member;

	(void)f;
	if (at != USEC_NEVER)
		strbuf_addi(out, at);
	return at != USEC_NEVER;
}

static const char *parse_instant(const struct field *f, struct slice text, void *member,
				 struct arena *a, const char **out_message)
{
	int64_t at = 0;

	(void)f;
	(void)a;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9' || at > USEC_NEVER / 100) {
			*out_message = "This is not an instant.";
			return "invalid_value";
		}
		at = 10 * at + text.p[i] - '0';
	}
	*(int64_t *)member = at;
	return NULL;
}

/* Microseconds, as a number. */
static const struct field_type type_at = { "an instant", parse_instant, print_instant, true };

static const struct field node_rows[] = {
	F_ENUM(stored_node, state, "state", state_words, .flags = FIELD_NEEDED),
	F_STR(stored_node, run, "run", .flags = FIELD_NULLABLE),
	F_TYPE(stored_node, started, "started", type_at, .flags = FIELD_NULLABLE),
	F_TYPE(stored_node, ended, "ended", type_at, .flags = FIELD_NULLABLE),
};
static const struct shape node_shape = SHAPE(stored_node, "ChainNode", node_rows, .init = init_node,
					     .present = NO_PRESENT);

static bool read_nodes(struct slice text, struct arena *a, struct chain_progress *out)
{
	struct json_faults *faults = arena_make(a, struct json_faults);
	struct json_syntax syntax;
	struct json_reader to = { a, faults, &syntax };
	const struct stored_node *from;
	struct json_list list;

	if (!json_decode_list(&node_shape, DAG_NODES_MAX, text, &to, &list) || faults->total
	    || list.n != (size_t)out->graph.dag.nodes_n)
		return false;
	from = list.items;
	for (size_t i = 0; i < list.n; i++) {
		struct chain_node *n = &out->nodes[i];

		*n = (struct chain_node){ .state = (enum node_state)from[i].state,
					  .started = from[i].started,
					  .ended = from[i].ended };
		if (from[i].run.p && !id_parse(run_prefix(KIND_JOB), from[i].run, &n->run))
			return false;
	}
	return true;
}

bool chain_load_nodes(const struct chain_graph *graph, struct slice nodes, struct arena *a,
		      struct chain_progress *out)
{
	*out = (struct chain_progress){ .graph = *graph,
					.state = RUN_EXECUTING,
					.finished = USEC_NEVER };
	out->nodes = arena_array(a, struct chain_node, (size_t)out->graph.dag.nodes_n);
	for (int i = 0; i < out->graph.dag.nodes_n; i++)
		out->nodes[i].started = out->nodes[i].ended = USEC_NEVER;
	return !nodes.p || read_nodes(nodes, a, out);
}

bool chain_load(struct slice definition, struct slice nodes, struct arena *a,
		struct chain_progress *out)
{
	struct json_faults *faults = arena_make(a, struct json_faults);
	struct chain_graph graph;
	struct chain_def def;

	return definition.p && chain_def_read(definition, a, &def)
	    && chain_compile(&def, a, faults, &graph) && chain_load_nodes(&graph, nodes, a, out);
}

struct slice chain_print(const struct chain_progress *p, struct arena *a)
{
	struct strbuf text;
	struct slice out;

	strbuf_init(&text, CHAIN_TEXT_MAX);
	for (int i = 0; i < p->graph.dag.nodes_n; i++) {
		const struct chain_node *n = &p->nodes[i];
		char run[ID_TEXT_MAX];
		struct stored_node to = { n->state, { NULL, 0 }, n->started, n->ended };

		if (!id_is_nil(n->run))
			to.run = (struct slice){ run, id_print(run_prefix(KIND_JOB), n->run, run) };
		strbuf_addc(&text, i ? ',' : '[');
		json_encode(&node_shape, &to, &text);
	}
	strbuf_addc(&text, ']');
	ASSERT(!text.failed);
	out = arena_slice(a, strbuf_slice(&text));
	strbuf_release(&text);
	return out;
}

/* --- what happens --- */

int chain_find(const struct chain_progress *p, struct uuid job)
{
	for (int i = 0; i < p->graph.dag.nodes_n; i++)
		if (id_compare(p->graph.jobs[i], job) == 0)
			return i;
	return -1;
}

/* An expired run was to happen and did not: it failed. */
static enum node_state node_state_of(int run_state)
{
	switch (run_state) {
	case RUN_EXECUTING:
		return NODE_RUNNING;
	case RUN_COMPLETED:
		return NODE_COMPLETED;
	case RUN_FAILED:
	case RUN_EXPIRED:
		return NODE_FAILED;
	case RUN_CANCELLED:
		return NODE_CANCELLED;
	case RUN_SKIPPED:
		return NODE_SKIPPED;
	}
	BUG("news of a run in a state that is none");
}

bool chain_note(struct chain_progress *p, int node, struct uuid run, int run_state, usec_t at)
{
	struct chain_node *n = &p->nodes[node];
	enum node_state state = node_state_of(run_state);

	ASSERT(node >= 0 && node < p->graph.dag.nodes_n);
	if (n->state >= state || n->state > NODE_RUNNING)
		return false;
	if (!id_is_nil(n->run) && id_compare(n->run, run) != 0)
		return false; /* another run of the job, not this chain's */
	n->run = run;
	if (n->started == USEC_NEVER)
		n->started = at;
	if (state != NODE_RUNNING)
		n->ended = at;
	n->state = state;
	return true;
}

static void start(struct chain_progress *p, int node, usec_t now)
{
	p->nodes[node].state = NODE_RUNNING;
	p->nodes[node].run = id_new(now);
	p->nodes[node].started = now;
}

/* Nothing is to come any more: how did it go? What was stopped by hand and what nobody minded: it was stopped. */
static void look_at_end(struct chain_progress *p, const enum node_state *states, usec_t now)
{
	bool failed, cancelled = false;

	if (p->state != RUN_EXECUTING || !dag_ended(&p->graph.dag, states, &failed))
		return;
	for (int i = 0; i < p->graph.dag.nodes_n; i++)
		cancelled = cancelled || states[i] == NODE_CANCELLED;
	p->state = failed ? RUN_FAILED : cancelled ? RUN_CANCELLED : RUN_COMPLETED;
	p->finished = now;
}

void chain_step(struct chain_progress *p, usec_t now)
{
	const struct dag *d = &p->graph.dag;
	enum node_state states[DAG_NODES_MAX];

	for (int i = 0; i < d->nodes_n; i++)
		states[i] = p->nodes[i].state;
	p->starts_n = dag_step(d, states, p->starts);
	p->open = false;
	for (int i = 0; i < d->nodes_n; i++) {
		p->nodes[i].state = states[i];
		if (states[i] == NODE_WAITING && dag_is_root(d, i))
			p->open = true;
	}
	for (int i = 0; i < p->starts_n; i++)
		start(p, p->starts[i], now);
	look_at_end(p, states, now);
}

void chain_start_roots(struct chain_progress *p, usec_t now)
{
	p->starts_n = 0;
	for (int i = 0; i < p->graph.dag.nodes_n; i++)
		if (p->nodes[i].state == NODE_WAITING && dag_is_root(&p->graph.dag, i)) {
			start(p, i, now);
			p->starts[p->starts_n++] = (int16_t)i;
		}
	p->open = false;
}

void chain_close(struct chain_progress *p)
{
	enum node_state states[DAG_NODES_MAX];

	for (int i = 0; i < p->graph.dag.nodes_n; i++)
		states[i] = p->nodes[i].state;
	dag_close(&p->graph.dag, states);
	for (int i = 0; i < p->graph.dag.nodes_n; i++)
		p->nodes[i].state = states[i];
}

/* --- as it is shown --- */

const char *chain_node_word(enum node_state state)
{
	static const char *const words[] = {
		[NODE_WAITING] = "pending",     [NODE_RUNNING] = "running",
		[NODE_COMPLETED] = "completed", [NODE_FAILED] = "failed",
		[NODE_CANCELLED] = "cancelled", [NODE_SKIPPED] = "skipped",
		[NODE_LEFT_OUT] = "skipped",
	};

	return words[state];
}

const char *chain_run_word(int state)
{
	switch (state) {
	case RUN_COMPLETED:
		return "completed";
	case RUN_FAILED:
		return "failed";
	case RUN_CANCELLED:
		return "cancelled";
	default:
		return "running";
	}
}

size_t chain_parents(struct slice definition, struct slice nodes, struct uuid job, struct arena *a,
		     struct chain_parent **out)
{
	struct chain_progress *p = arena_make(a, struct chain_progress);
	struct chain_parent *list;
	bool seen[DAG_NODES_MAX] = { false };
	size_t n = 0;
	int me;

	if (!chain_load(definition, nodes, a, p) || (me = chain_find(p, job)) < 0)
		return 0;
	list = arena_array(a, struct chain_parent, (size_t)p->graph.dag.nodes_n);
	for (int i = 0; i < p->graph.dag.edges_n; i++) {
		const struct dag_edge *e = &p->graph.dag.edges[i];
		const struct chain_node *from = &p->nodes[e->from];

		if (e->to != me || seen[e->from])
			continue;
		seen[e->from] = true;
		list[n++] = (struct chain_parent){ p->graph.jobs[e->from], from->run,
						   chain_node_word(from->state),
						   from->state > NODE_RUNNING };
	}
	*out = list;
	return n;
}

size_t chain_children(const struct chain_progress *p, struct uuid chain_run, struct core *c,
		      struct arena *a, const struct chain_child *const **out)
{
	size_t n = (size_t)p->starts_n;
	const struct chain_child **list = arena_array(a, const struct chain_child *, n + 1);
	usec_t now = clock_now();

	for (size_t i = 0; i < n; i++) {
		struct chain_child *child = arena_make(a, struct chain_child);
		int node = p->starts[i];

		*child = (struct chain_child){ p->nodes[node].run, p->graph.jobs[node], chain_run,
					       core_slot(c, now) };
		list[i] = child;
	}
	*out = list;
	return n;
}
