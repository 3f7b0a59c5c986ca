/* A chain's definition: its JSON, what may be wrong with it, and its way to a graph. */
#include "base/check.h"
#include "base/id.h"
#include "core/chain_int.h"
#include "core/run.h"

const char *const edge_type_words[] = { "on_success", "on_failure", "on_complete", NULL };

static const struct field edge_rows[] = {
	F_STR(chain_edge, from, "from", .flags = FIELD_NEEDED),
	F_STR(chain_edge, to, "to", .flags = FIELD_NEEDED),
	F_ENUM(chain_edge, type, "type", edge_type_words, .flags = FIELD_NEEDED),
};
const struct shape chain_edge_shape = SHAPE(chain_edge, "ChainEdge", edge_rows,
					    .present = NO_PRESENT);

static const struct field def_rows[] = {
	F_STRS(chain_def, jobs, "jobs", .flags = FIELD_NEEDED, .max = DAG_NODES_MAX),
	F_LIST(chain_def, edges, "edges", chain_edge_shape, .max = DAG_EDGES_MAX),
};
const struct shape chain_def_shape = SHAPE(chain_def, "ChainDefinition", def_rows,
					   .present = NO_PRESENT);

/* --- what is wrong --- */

struct reading {
	const struct chain_def *def;
	struct arena *arena;
	struct json_faults *faults;
	struct chain_graph *out;
	bool bad;
};

static void complain(struct reading *r, const char *field, const char *code, const char *message)
{
	r->bad = true;
	json_fault(r->faults, field, code, message);
}

static bool is_same(struct slice a, struct slice b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* The first job of this name; -1: there is none. */
static int find_job(const struct chain_def *def, struct slice name)
{
	const struct slice *jobs = def->jobs.items;

	for (size_t i = 0; i < def->jobs.n; i++)
		if (is_same(jobs[i], name))
			return (int)i;
	return -1;
}

void chain_unknown_job(struct json_faults *faults, struct arena *a, size_t i)
{
	json_fault(faults, arena_printf(a, "jobs[%zu]", i), "unknown_job", "There is no such job.");
}

static void read_jobs(struct reading *r)
{
	const struct slice *jobs = r->def->jobs.items;

	if (r->def->jobs.n == 0)
		complain(r, "jobs", "required", "A chain has one job at least.");
	for (size_t i = 0; i < r->def->jobs.n; i++) {
		if (find_job(r->def, jobs[i]) != (int)i) {
			complain(r, arena_printf(r->arena, "jobs[%zu]", i), "duplicate_job",
				 "A job stands in a chain once.");
		} else if (!id_parse(schedule_prefix(KIND_JOB), jobs[i], &r->out->jobs[i])) {
			chain_unknown_job(r->faults, r->arena, i);
			r->bad = true;
		}
	}
}

static int16_t read_end(struct reading *r, struct slice name, size_t i, const char *which)
{
	int node = find_job(r->def, name);

	if (node < 0)
		complain(r, arena_printf(r->arena, "edges[%zu].%s", i, which), "unknown_job",
			 "This is not among the chain's jobs.");
	return (int16_t)node;
}

static bool read_edges(struct reading *r)
{
	const struct chain_edge *from = r->def->edges.items;
	struct dag_edge *edges = arena_array(r->arena, struct dag_edge, r->def->edges.n + 1);
	bool fine = true;

	for (size_t i = 0; i < r->def->edges.n; i++) {
		edges[i] = (struct dag_edge){ read_end(r, from[i].from, i, "from"),
					      read_end(r, from[i].to, i, "to"),
					      (int16_t)from[i].type };
		fine = fine && edges[i].from >= 0 && edges[i].to >= 0;
	}
	r->out->dag = (struct dag){ (int)r->def->jobs.n, (int)r->def->edges.n, edges };
	return fine;
}

/* "job_a -> job_b -> job_a", as an edge of it names it; a long one is cut in the middle. */
#define PATH_SHOWN 8
static const char *cycle_words(struct reading *r, int edge)
{
	const struct dag *d = &r->out->dag;
	const struct slice *jobs = r->def->jobs.items;
	int16_t path[DAG_NODES_MAX];
	int n = dag_path(d, d->edges[edge].to, d->edges[edge].from, path);
	const char *words = arena_printf(r->arena, "%.*s", SLICE_ARG(jobs[d->edges[edge].from]));

	for (int i = 0; i < n; i++) {
		if (i >= PATH_SHOWN && i + 1 < n)
			continue;
		words = arena_printf(r->arena, "%s -> %s%.*s", words,
				     i >= PATH_SHOWN ? "... -> " : "", SLICE_ARG(jobs[path[i]]));
	}
	return words;
}

static void check_graph(struct reading *r)
{
	int edge;
	enum dag_fault fault = dag_check(&r->out->dag, &edge);
	const char *field = arena_printf(r->arena, "edges[%d]", edge);

	switch (fault) {
	case DAG_FINE:
		break;
	case DAG_SELF_EDGE:
		complain(r, field, "self_edge", "A job cannot follow itself.");
		break;
	case DAG_DUPLICATE_EDGE:
		complain(r, field, "duplicate_edge",
			 "The same two jobs are joined by an edge of this type already.");
		break;
	case DAG_CYCLE:
		complain(r, field, "cycle",
			 arena_printf(r->arena, "This closes a cycle: %s.", cycle_words(r, edge)));
		break;
	}
}

bool chain_compile(const struct chain_def *def, struct arena *a, struct json_faults *faults,
		   struct chain_graph *out)
{
	struct reading r = { .def = def, .arena = a, .faults = faults, .out = out };

	ASSERT(def->jobs.n <= DAG_NODES_MAX && def->edges.n <= DAG_EDGES_MAX);
	*out = (struct chain_graph){ .jobs = arena_array(a, struct uuid, def->jobs.n + 1) };
	read_jobs(&r);
	if (read_edges(&r))
		check_graph(&r);
	return !r.bad;
}

/* --- as it is stored --- */

bool chain_def_read(struct slice text, struct arena *a, struct chain_def *out)
{
	struct json_faults *faults = arena_make(a, struct json_faults);
	struct json_syntax syntax;
	struct json_reader to = { a, faults, &syntax };

	*out = (struct chain_def){ .jobs = { NULL, 0 } };
	return json_decode(&chain_def_shape, text, &to, out) && faults->total == 0;
}

struct slice chain_def_print(const struct chain_def *def, struct arena *a)
{
	struct strbuf text;
	struct slice out;

	strbuf_init(&text, CHAIN_TEXT_MAX);
	json_encode(&chain_def_shape, def, &text);
	ASSERT(!text.failed); /* its parts have ceilings */
	out = arena_slice(a, strbuf_slice(&text));
	strbuf_release(&text);
	return out;
}
