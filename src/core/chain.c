/* Operations on chains. */
#include "core/chain.h"

#include "base/check.h"
#include "core/chain_int.h"
#include "core/change.h"
#include "core/core.h"
#include "core/run.h"
#include "core/snapshot.h"
#include "store/chain.h"

#define RUNS_COUNTED_MAX 100000
#define PAGE_DEFINITION_MAX 16384 /* bytes; a list leaves longer ones out */
#define TRIGGER_TRIES 8

static struct chain_key key_of(const struct op *op, struct uuid id)
{
	return (struct chain_key){ op->who.bucket, op->who.tenant, id };
}

static flow damaged(struct op *op)
{
	return op_fail(op, ERR_INTERNAL, "The stored definition of a chain cannot be read.");
}

static bool view_of(struct op *op, const struct chain_row *row, struct chain_view *v)
{
	*v = (struct chain_view){ .id = row->id,
				  .name = row->name,
				  .created_at = row->created_at,
				  .updated_at = row->updated_at };
	return chain_def_read(row->definition, op->arena, &v->def);
}

/* --- create --- */

struct creating {
	struct chain_graph graph;
	struct chain_row row;
	struct chain_view view;
};
static op_step jobs_read, created;

/* Those of the jobs that are ids at all are looked for, so that every fault is named at once. */
flow chain_create(struct op *op)
{
	const struct chain_new *in = op->in;
	struct creating *c = arena_make(op->arena, struct creating);
	const struct uuid **ids = arena_array(op->arena, const struct uuid *, in->def.jobs.n + 1);
	struct chain_key of = key_of(op, (struct uuid){ { 0 } });
	size_t n = 0;

	(void)chain_compile(&in->def, op->arena, &op->faults, &c->graph);
	for (size_t i = 0; i < in->def.jobs.n; i++)
		if (!id_is_nil(c->graph.jobs[i]))
			ids[n++] = &c->graph.jobs[i];
	if (n == 0)
		return op_invalid(op);
	op->state = c;
	store_chain_jobs(op_unit(op, LANE_READ), &of, ids, n);
	return op_db(op, jobs_read);
}

static bool is_among(struct uuid id, const struct uuid *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (id_compare(id, ids[i]) == 0)
			return true;
	return false;
}

static flow insert(struct op *op)
{
	const struct chain_new *in = op->in;
	struct creating *c = op->state;
	size_t n = (size_t)c->graph.dag.nodes_n;
	const struct chain_member **list = arena_array(op->arena, const struct chain_member *, n);
	struct chain_key key;
	usec_t now = core_created(op->core, op->now);

	c->row = (struct chain_row){ .id = id_new(op->now),
				     .name = in->name,
				     .definition = chain_def_print(&in->def, op->arena),
				     .created_at = now,
				     .updated_at = now };
	for (size_t i = 0; i < n; i++) {
		struct chain_member *m = arena_make(op->arena, struct chain_member);

		*m = (struct chain_member){ c->graph.jobs[i], dag_is_root(&c->graph.dag, (int)i) };
		list[i] = m;
	}
	key = key_of(op, c->row.id);
	if (!view_of(op, &c->row, &c->view))
		return damaged(op);
	store_chain_insert(op_unit(op, LANE_WRITE), &key, &c->row,
			   &(struct chain_members){ list, n }, CHAINS_MAX);
	op_changes(
		op,
		&(struct change){ .object = OBJECT_CHAIN,
				  .id = c->row.id,
				  .what = "created",
				  .after = snapshot_chain(in->name, c->row.definition, op->arena) },
		1, &c->view);
	return op_db(op, created);
}

static flow jobs_read(struct op *op)
{
	const struct chain_new *in = op->in;
	const struct creating *c = op->state;
	struct uuid *known;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_chain_jobs_known(op->unit, 0, &known);
	for (size_t i = 0; i < in->def.jobs.n; i++)
		if (!id_is_nil(c->graph.jobs[i]) && !is_among(c->graph.jobs[i], known, n))
			chain_unknown_job(&op->faults, op->arena, i);
	return op->faults.total ? op_invalid(op) : insert(op);
}

static flow created(struct op *op)
{
	const struct creating *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	return store_chain_inserted(op->unit, 0) ? op_ok(op, &c->view)
						 : op_fail(op, ERR_CHAIN_LIMIT, NULL);
}

/* --- a chain run, shown --- */

static const char *trigger_word(int trigger)
{
	switch (trigger) {
	case TRIGGER_MANUAL:
		return "manual";
	case TRIGGER_CHAIN:
		return "chain";
	case TRIGGER_CATCHUP:
		return "catchup";
	case TRIGGER_BACKFILL:
		return "backfill";
	default:
		return "schedule";
	}
}

struct names {
	struct chain_name *list;
	size_t n;
};

static struct slice name_of(const struct names *names, struct uuid job)
{
	for (size_t i = 0; i < names->n; i++)
		if (id_compare(names->list[i].job, job) == 0)
			return names->list[i].name;
	return (struct slice){ NULL, 0 };
}

/* The runs of a page mostly have one definition, which takes milliseconds to compile when it is long. */
struct shown {
	struct names names;
	struct slice definition; /* of the run before */
	struct chain_graph graph;
};

static bool load_run(struct op *op, const struct chain_run_row *row, struct shown *s,
		     struct chain_progress *p)
{
	if (s->definition.p && s->definition.n == row->definition.n
	    && memcmp(s->definition.p, row->definition.p, row->definition.n) == 0)
		return chain_load_nodes(&s->graph, row->nodes, op->arena, p);
	if (!chain_load(row->definition, row->nodes, op->arena, p))
		return false;
	s->definition = row->definition;
	s->graph = p->graph;
	return true;
}

static bool view_run(struct op *op, const struct chain_run_row *row, struct shown *s,
		     struct chain_run_view *v)
{
	struct chain_progress *p = arena_make(op->arena, struct chain_progress);
	struct chain_job_view *jobs;
	size_t n;

	if (!load_run(op, row, s, p))
		return false;
	n = (size_t)p->graph.dag.nodes_n;
	jobs = arena_array(op->arena, struct chain_job_view, n);
	for (size_t i = 0; i < n; i++)
		jobs[i] = (struct chain_job_view){
			.job = p->graph.jobs[i],
			.run = p->nodes[i].run,
			.name = name_of(&s->names, p->graph.jobs[i]),
			.status = chain_node_word(p->nodes[i].state),
			.started_at = p->nodes[i].started,
			.completed_at = p->nodes[i].ended,
		};
	*v = (struct chain_run_view){
		.id = row->id,
		.chain = op->ids[0],
		.status = chain_run_word(row->state),
		.trigger = trigger_word(row->trigger),
		.started_at = row->started_at,
		.finished_at = row->finished_at,
		.jobs = { jobs, n },
	};
	return true;
}

/* --- get --- */

static op_step got;

static void ask_runs(struct op *op, enum lane lane, const struct chain_run_page *page)
{
	struct chain_key key = key_of(op, op->ids[0]);
	struct db_unit *u = op_unit(op, lane);

	store_chain_get(u, &key);
	store_chain_run_page(u, &key, page);
	store_chain_names(u, &key);
}

flow chain_get(struct op *op)
{
	static const struct chain_run_page latest = { 0, 1, 1 };

	ask_runs(op, LANE_READ, &latest);
	return op_db(op, got);
}

static flow got(struct op *op)
{
	struct chain_view *v = arena_make(op->arena, struct chain_view);
	struct chain_run_row *runs;
	struct chain_row row;
	struct shown shown = { .names.n = 0 };

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_chain_got(op->unit, 0, &row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (!view_of(op, &row, v))
		return damaged(op);
	v->has_run = store_chain_run_paged(op->unit, 1, &runs) > 0;
	shown.names.n = store_chain_named(op->unit, 3, &shown.names.list);
	if (v->has_run && !view_run(op, &runs[0], &shown, &v->latest))
		return damaged(op);
	return op_ok(op, v);
}

/* --- runs --- */

static op_step runs_read;

flow chain_runs(struct op *op)
{
	const struct chain_page_ask *ask = op->in;
	struct chain_run_page page = { (int32_t)ask->offset, (int32_t)ask->limit,
				       RUNS_COUNTED_MAX };

	ask_runs(op, LANE_SLOW, &page);
	return op_db(op, runs_read);
}

static flow runs_read(struct op *op)
{
	struct chain_page_view *page = arena_make(op->arena, struct chain_page_view);
	struct chain_run_row *rows;
	struct chain_run_view *views;
	struct chain_row row;
	struct shown shown = { .names.n = 0 };

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_chain_got(op->unit, 0, &row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	page->items.n = store_chain_run_paged(op->unit, 1, &rows);
	page->total = store_chain_run_counted(op->unit, 2);
	shown.names.n = store_chain_named(op->unit, 3, &shown.names.list);
	views = arena_array(op->arena, struct chain_run_view, page->items.n);
	page->items.items = views;
	for (size_t i = 0; i < page->items.n; i++)
		if (!view_run(op, &rows[i], &shown, &views[i]))
			return damaged(op);
	return op_ok(op, page);
}

/* --- list --- */

static op_step listed;

flow chain_list(struct op *op)
{
	const struct chain_page_ask *ask = op->in;
	struct chain_key of = key_of(op, (struct uuid){ { 0 } });

	store_chain_page(op_unit(op, LANE_SLOW), &of, (int32_t)ask->offset, (int32_t)ask->limit);
	return op_db(op, listed);
}

static bool view_listed(struct op *op, const struct chain_row *row, struct chain_view *v)
{
	struct chain_row bare = *row;

	if (row->definition.n <= PAGE_DEFINITION_MAX)
		return view_of(op, row, v);
	bare.definition = SLICE_LIT("{\"jobs\":[],\"edges\":[]}");
	if (!view_of(op, &bare, v))
		return false;
	v->definition_omitted = true;
	return true;
}

static flow listed(struct op *op)
{
	struct chain_page_view *page = arena_make(op->arena, struct chain_page_view);
	struct chain_row *rows;
	struct chain_view *views;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	page->items.n = store_chain_paged(op->unit, 0, &rows);
	page->total = store_chain_counted(op->unit, 1);
	views = arena_array(op->arena, struct chain_view, page->items.n);
	page->items.items = views;
	for (size_t i = 0; i < page->items.n; i++)
		if (!view_listed(op, &rows[i], &views[i]))
			return damaged(op);
	return op_ok(op, page);
}

/* --- delete --- */

static op_step delete_read, deleted;

/* A chain never changes: what is read is what is deleted. */
flow chain_delete(struct op *op)
{
	struct chain_key key = key_of(op, op->ids[0]);

	store_chain_get(op_unit(op, LANE_WRITE), &key);
	return op_db(op, delete_read);
}

static flow delete_read(struct op *op)
{
	struct chain_view *v = op->state = arena_make(op->arena, struct chain_view);
	struct chain_key key = key_of(op, op->ids[0]);
	struct chain_row row;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_chain_got(op->unit, 0, &row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	(void)view_of(op, &row, v); /* it is deleted, readable or not */
	v->updated_at = op->now;
	store_chain_delete(op_unit(op, LANE_WRITE), &key, op->now);
	op_changes(
		op,
		&(struct change){ .object = OBJECT_CHAIN,
				  .id = row.id,
				  .what = "deleted",
				  .before = snapshot_chain(row.name, row.definition, op->arena) },
		1, v);
	return op_db(op, deleted);
}

static flow deleted(struct op *op)
{
	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	return store_chain_deleted(op->unit, 0) ? op_ok(op, op->state)
						: op_fail(op, ERR_NOT_FOUND, NULL);
}

/* --- trigger --- */

struct triggering {
	struct chain_progress progress;
	struct chain_row row;
	struct uuid run;
	struct chain_started out;
	int tries;
};
static op_step trigger_read, triggered;

flow chain_trigger(struct op *op)
{
	struct chain_key key = key_of(op, op->ids[0]);

	store_chain_get(op_unit(op, LANE_READ), &key);
	return op_db(op, trigger_read);
}

static void fill_started(const struct op *op, struct triggering *t)
{
	size_t n = (size_t)t->progress.starts_n;
	struct slice *runs = arena_array(op->arena, struct slice, n);

	for (size_t i = 0; i < n; i++) {
		char text[ID_TEXT_MAX];
		struct uuid run = t->progress.nodes[t->progress.starts[i]].run;

		runs[i].n = id_print(run_prefix(KIND_JOB), run, text);
		runs[i].p = arena_dup(op->arena, text, runs[i].n);
	}
	t->out = (struct chain_started){ t->run, { runs, n } };
}

static flow begin(struct op *op)
{
	struct triggering *t = op->state;
	struct chain_write w = {
		.chain = key_of(op, op->ids[0]),
		.begins = true,
		.begin = { .id = t->run,
			   .rev = -1,
			   .finished = USEC_NEVER,
			   .state = RUN_EXECUTING },
		.trigger = TRIGGER_MANUAL,
		.definition = t->row.definition,
		.now = op->now,
	};

	w.begin.nodes = chain_print(&t->progress, op->arena);
	w.children_n = chain_children(&t->progress, t->run, op->core, op->arena, &w.children);
	store_chain_write(op_unit(op, LANE_WRITE), &w);
	op_changes(op,
		   &(struct change){ .object = OBJECT_CHAIN_RUN,
				     .id = t->run,
				     .what = "triggered",
				     .after = snapshot_chain_run(op->ids[0], "manual", t->out.runs,
								 op->arena) },
		   1, &t->out);
	return op_db(op, triggered);
}

static flow trigger_read(struct op *op)
{
	struct triggering *t = arena_make(op->arena, struct triggering);

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_chain_got(op->unit, 0, &t->row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (!chain_load(t->row.definition, (struct slice){ NULL, 0 }, op->arena, &t->progress))
		return damaged(op);
	t->run = id_new(op->now);
	chain_start_roots(&t->progress, op->now);
	fill_started(op, t);
	op->state = t;
	return begin(op);
}

static flow triggered(struct op *op)
{
	struct triggering *t = op->state;

	/* Another process took an instant of one of the jobs. */
	if (op->unit->outcome == DB_CONFLICT && ++t->tries < TRIGGER_TRIES)
		return begin(op);
	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	if (!store_chain_written(op->unit, 0))
		return op_fail(op, ERR_NOT_FOUND, NULL); /* deleted meanwhile */
	if (op->core->on_run)
		op->core->on_run(op->core->engine, op->who.tenant, op->now);
	return op_ok(op, &t->out);
}
