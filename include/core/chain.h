/* Chains: jobs with edges between them (core/dag.h). A chain begins a chain run when one of its root jobs runs by
 * itself, or by hand; what ends in it starts what follows (engine/chain.c). Both a chain's definition and the state of
 * a chain run's nodes are JSON in their rows:
 *	definition {"jobs": ["job_..."], "edges": [{"from": "job_...", "to": "job_...", "type": "on_success"}]}
 *	nodes      [{"state": "running", "run": "run_...", "started": 1764000000000000, "ended": null}], a node per job,
 *	           in the order of the definition's jobs
 * as on the wire, but that ids there are the scheduler's own words too. */
#ifndef CORE_CHAIN_H
#define CORE_CHAIN_H

#include "base/json.h"
#include "core/dag.h"
#include "core/op.h"
#include "model/run.h"

enum { CHAIN_NAME_MAX = 255, CHAINS_MAX = 1000 /* a tenant */ };
#define CHAIN_PREFIX "chain"
#define CHAIN_RUN_PREFIX "crun"

/* --- definition --- */

struct chain_edge {
	struct slice from, to;
	int type; /* enum edge_type */
};
struct chain_def {
	struct json_list jobs;  /* of struct slice */
	struct json_list edges; /* of struct chain_edge */
};
extern const struct shape chain_edge_shape, chain_def_shape;
extern const char *const edge_type_words[];

/* The same as bits. */
struct chain_graph {
	struct uuid *jobs; /* dag.nodes_n of them */
	struct dag dag;
};
/* False: faults were added (unknown_job for what is no job's id or an edge's end that is not among the jobs,
 * duplicate_job, self_edge, duplicate_edge, cycle). out->jobs has a nil id for what is none. */
bool chain_compile(const struct chain_def *def, struct arena *a, struct json_faults *faults, struct chain_graph *out);

/* --- a chain run --- */

struct chain_node {
	enum node_state state;
	struct uuid run;        /* nil: it has none */
	usec_t started, ended;  /* USEC_NEVER: not yet */
};
struct chain_progress {
	struct chain_graph graph;
	struct chain_node *nodes;
	int state;              /* of the chain run: RUN_EXECUTING, RUN_COMPLETED, RUN_FAILED, RUN_CANCELLED */
	bool open;              /* a root has not begun yet */
	usec_t finished;        /* USEC_NEVER */
	int16_t starts[DAG_NODES_MAX]; /* chain_step(): nodes that have a new run now */
	int starts_n;
};
/* From the stored texts; nodes absent: nothing has begun. False: not ours (a damaged row). */
bool chain_load(struct slice definition, struct slice nodes, struct arena *a, struct chain_progress *out);
struct slice chain_print(const struct chain_progress *p, struct arena *a);
/* The node of this job; -1: it is not in the chain. */
int chain_find(const struct chain_progress *p, struct uuid job);
/* What has happened to a node's run: RUN_EXECUTING (it began) or how it ended. A node only moves forward: news that
 * are old change nothing, and the answer is false. */
bool chain_note(struct chain_progress *p, int node, struct uuid run, int run_state, usec_t at);
/* Starts what may start now: these nodes get ids for their runs. Then: has the chain run ended, is it open? */
void chain_step(struct chain_progress *p, usec_t now);
/* Begins every root, as chain_step() does its starts. */
void chain_start_roots(struct chain_progress *p, usec_t now);
/* Roots that wait are left out from now on. */
void chain_close(struct chain_progress *p);

/* The parents of a job in its chain run, for the context of its own run (engine/agent.c). */
struct chain_parent {
	struct uuid job, run; /* run nil: it never ran */
	const char *status;   /* as on the wire; running or pending when it came by another way in */
	bool has_ended;
};
/* Of a job that is not in it, or of texts that cannot be read: none. */
size_t chain_parents(struct slice definition, struct slice nodes, struct uuid job, struct arena *a,
		     struct chain_parent **out);
const char *chain_node_word(enum node_state state);
const char *chain_run_word(int state);

/* The runs of the nodes that chain_step() started, as rows to store. */
struct chain_child;
size_t chain_children(const struct chain_progress *p, struct uuid chain_run, struct core *c, struct arena *a,
		      const struct chain_child *const **out);

/* --- operations --- */

struct chain_new {
	struct slice name;
	struct chain_def def;
};
struct chain_job_view {
	struct uuid job, run;
	struct slice name;   /* of the job, as it is now */
	const char *status;
	usec_t started_at, completed_at;
};
struct chain_run_view {
	struct uuid id, chain;
	const char *status, *trigger;
	usec_t started_at, finished_at;
	struct json_list jobs; /* of struct chain_job_view */
};
struct chain_view {
	struct uuid id;
	struct slice name;
	struct chain_def def;
	usec_t created_at, updated_at;
	struct chain_run_view latest; /* chain_get: when has_run */
	bool has_run;
	bool definition_omitted; /* a list left jobs and edges out: more than 16 KiB as text */
};
struct chain_page_view {
	int64_t total;
	struct json_list items; /* of struct chain_view; of struct chain_run_view */
};
struct chain_page_ask {
	int64_t limit, offset;
};
struct chain_started {
	struct uuid chain_run;
	struct json_list runs; /* of struct slice, ids as text */
};

op_step chain_create;  /* in: struct chain_new; out: chain_view */
op_step chain_list;    /* in: struct chain_page_ask; out: chain_page_view, newest first */
op_step chain_get;     /* ids[0]; out: chain_view with its latest run */
op_step chain_delete;  /* ids[0]; out: chain_view. Chain runs under way go on */
op_step chain_trigger; /* ids[0]; out: chain_started */
op_step chain_runs;    /* ids[0]; in: struct chain_page_ask; out: chain_page_view, newest first */

#endif
