/* Chains of jobs. */
#include "api/scalars.h"
#include "core/chain.h"
#include "core/run.h"
#include "http/types.h"
#include "scheduler_int.h"

static const char *const ids_of_chains[] = { CHAIN_PREFIX, NULL };
static const char *const ids_of_chain_runs[] = { CHAIN_RUN_PREFIX, NULL };

/* --- in --- */

static const struct field in_chain_rows[] = {
	F_STR(chain_new, name, "name", .flags = FIELD_NEEDED, .min = 1, .max = CHAIN_NAME_MAX),
	F_STRS(chain_new, def.jobs, "jobs", .flags = FIELD_NEEDED, .max = DAG_NODES_MAX),
	F_LIST(chain_new, def.edges, "edges", chain_edge_shape, .max = DAG_EDGES_MAX),
};
const struct shape in_chain_shape = SHAPE(chain_new, "ChainInput", in_chain_rows,
					  .present = NO_PRESENT);

static void init_page(void *object)
{
	((struct chain_page_ask *)object)->limit = 50;
}

static const struct field in_chain_page_rows[] = {
	F_INT(chain_page_ask, limit, "limit", .min = 1, .max = 200),
	F_INT(chain_page_ask, offset, "offset", .min = 0, .max = 1000000),
};
const struct shape in_chain_page_shape = SHAPE(chain_page_ask, "ChainQuery", in_chain_page_rows,
					       .init = init_page, .present = NO_PRESENT);

/* --- out --- */

static const struct field chain_job_rows[] = {
	F_ID(chain_job_view, job, "job_id", ids_of_jobs),
	F_STR(chain_job_view, name, "name"),
	F_TYPE(chain_job_view, status, "status", type_word),
	F_ID(chain_job_view, run, "run_id", ids_of_runs),
	F_INSTANT(chain_job_view, started_at, "started_at"),
	F_INSTANT(chain_job_view, completed_at, "completed_at"),
};
static const struct shape chain_job_shape = SHAPE(chain_job_view, "ChainRunJob", chain_job_rows,
						  .present = NO_PRESENT);

static const struct field chain_run_rows[] = {
	F_ID(chain_run_view, id, "id", ids_of_chain_runs),
	F_ID(chain_run_view, chain, "chain_id", ids_of_chains),
	F_TYPE(chain_run_view, status, "status", type_word),
	F_TYPE(chain_run_view, trigger, "trigger", type_word),
	F_INSTANT(chain_run_view, started_at, "started_at"),
	F_INSTANT(chain_run_view, finished_at, "finished_at"),
	F_LIST(chain_run_view, jobs, "jobs", chain_job_shape),
};
static const struct shape chain_run_shape = SHAPE(chain_run_view, "ChainRun", chain_run_rows,
						  .present = NO_PRESENT);

enum latest { HAS_LATEST = 6, HAS_NO_LATEST }; /* rows below */
struct out_chain {
	struct chain_view c;
	uint64_t present;
};

/* latest_run stands only where one chain is read. */
static const struct field out_chain_rows[] = {
	F_ID(out_chain, c.id, "id", ids_of_chains),
	F_STR(out_chain, c.name, "name"),
	F_STRS(out_chain, c.def.jobs, "jobs"),
	F_LIST(out_chain, c.def.edges, "edges", chain_edge_shape),
	F_INSTANT(out_chain, c.created_at, "created_at"),
	F_INSTANT(out_chain, c.updated_at, "updated_at"),
	[HAS_LATEST] = F_OBJ(out_chain, c.latest, "latest_run", chain_run_shape,
			     .flags = FIELD_PRESENT),
	[HAS_NO_LATEST] = { .name = "latest_run", .kind = FIELD_NONE, .flags = FIELD_PRESENT },
	F_TYPE(out_chain, c.definition_omitted, "definition_omitted", type_true,
	       .flags = FIELD_OPTIONAL),
};
const struct shape out_chain_shape = SHAPE(out_chain, "Chain", out_chain_rows,
					   .present = offsetof(struct out_chain, present));

struct out_chains {
	int64_t total;
	struct json_list items;
};
static const struct field out_chains_rows[] = {
	F_LIST(out_chains, items, "chains", out_chain_shape),
	F_INT(out_chains, total, "count"),
};
const struct shape out_chains_shape = SHAPE(out_chains, "ChainList", out_chains_rows,
					    .present = NO_PRESENT);

static const struct field out_chain_runs_rows[] = {
	F_LIST(chain_page_view, items, "runs", chain_run_shape),
	F_INT(chain_page_view, total, "count"),
};
const struct shape out_chain_runs_shape = SHAPE(chain_page_view, "ChainRunList",
						out_chain_runs_rows, .present = NO_PRESENT);

struct out_chain_gone {
	struct uuid id;
	const char *status;
};
static const struct field out_chain_gone_rows[] = {
	F_ID(out_chain_gone, id, "id", ids_of_chains),
	F_TYPE(out_chain_gone, status, "status", type_word),
};
const struct shape out_chain_gone_shape = SHAPE(out_chain_gone, "ChainDeleted", out_chain_gone_rows,
						.present = NO_PRESENT);

static const struct field out_chain_started_rows[] = {
	F_ID(chain_started, chain_run, "chain_run_id", ids_of_chain_runs),
	F_STRS(chain_started, runs, "run_ids"),
};
const struct shape out_chain_started_shape = SHAPE(chain_started, "ChainStarted",
						   out_chain_started_rows, .present = NO_PRESENT);

void show_chain(struct op *op)
{
	struct out_chain *out = arena_make(op->arena, struct out_chain);

	out->c = *(const struct chain_view *)op->out;
	op->out = out;
}

void show_chain_full(struct op *op)
{
	const struct chain_view *v = op->out;
	struct out_chain *out = arena_make(op->arena, struct out_chain);

	out->c = *v;
	out->present = 1U << (v->has_run ? HAS_LATEST : HAS_NO_LATEST);
	op->out = out;
}

void show_chains(struct op *op)
{
	const struct chain_page_view *page = op->out;
	const struct chain_view *from = page->items.items;
	struct out_chains *out = arena_make(op->arena, struct out_chains);
	struct out_chain *list = arena_array(op->arena, struct out_chain, page->items.n);

	for (size_t i = 0; i < page->items.n; i++)
		list[i].c = from[i];
	*out = (struct out_chains){ page->total, { list, page->items.n } };
	op->out = out;
}

void show_chain_gone(struct op *op)
{
	const struct chain_view *v = op->out;
	struct out_chain_gone *out = arena_make(op->arena, struct out_chain_gone);

	*out = (struct out_chain_gone){ v->id, "deleted" };
	op->out = out;
}
