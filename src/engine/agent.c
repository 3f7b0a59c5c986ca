/* A job's run calls its agent. Before it takes a place at a target, what it needs is read in one unit
 * (the agent, the job as it is now, its past, its chain run), a second one when other runs' outputs are
 * asked for; then the gates decide; then the request to the condition's source, if there is one, and the
 * one to the agent each go the way of every delivery: places, lines, leases, drains.
 *
 * What comes back is the run's output, or with 202 nothing yet: then the run is awaited (await.c). */
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/report.h"
#include "core/retry.h"
#include "core/run.h"
#include "engine/agent_int.h"
#include "when/stamp.h"

#define LOADS_MAX 64
#define LOAD_AGAIN (50 * MSEC)
#define ROOM_AGAIN (100 * MSEC)
#define SHARE_AGAIN (5 * SEC)

void agent_release(struct held *h)
{
	struct agent_run *a = h->agent;

	agent_set_bytes(a, 0);
	h->agent = NULL;
	arena_free(a->arena);
}

/* Another look soon, from the beginning. */
static void again(struct held *h, usec_t pause)
{
	if (h->agent)
		agent_release(h);
	held_wait(h, clock_now() + pause);
}

static struct slice id_text(struct arena *a, const char *prefix, struct uuid id)
{
	char text[ID_TEXT_MAX];
	size_t n = id_print(prefix, id, text);

	return (struct slice){ arena_dup(a, text, n), n };
}

/* --- the end without a call --- */

void agent_end(struct held *h, const struct gate_answer *g)
{
	usec_t now = clock_now();

	result_end(h, &(struct result){ .end = g->end,
					.outcome = g->is_failure ? OUTCOME_FAILURE : OUTCOME_NONE,
					.reason = slice_of(g->reason),
					.error = slice_of(g->is_failure ? g->reason : NULL),
					.detail = slice_of(g->detail),
					.ready_at = USEC_NEVER,
					.started_at = g->is_failure ? now : USEC_NEVER,
					.finished_at = now });
}

static void damaged(struct held *h)
{
	agent_end(h, &(struct gate_answer){ .end = RUN_FAILED, .reason = "damaged_options" });
}

/* --- what is known --- */

/* Whom to call. Nobody registered: the default endpoint, if the server has one. */
static bool find_agent(struct agent_run *a)
{
	const struct core *core = a->held->engine->core;

	a->kind = a->facts.kind;
	if (!a->kind) {
		a->kind = AGENT_WEBHOOK;
		a->url = slice_of(core->default_agent_url);
		return true;
	}
	if (!agent_load(a->kind, a->facts.definition, a->arena, &a->def))
		return false;
	a->url = a->def.url;
	if (a->kind == AGENT_LLM && !a->url.p && core->llm) {
		a->url = slice_of(core->llm_url);
		a->is_own_llm = true;
	}
	return true;
}

static struct slice callback_url(const struct agent_run *a)
{
	const struct core *core = a->held->engine->core;
	const struct claimed *c = &a->held->c;
	struct report_attempt of = { c->key.tenant, c->token, c->key.bucket };
	struct slice base = slice_of(core->public_url);
	char token[REPORT_TOKEN_MAX];

	while (base.n && base.p[base.n - 1] == '/')
		base.n--;
	report_token(core->callback_key, c->key.id, &of, token);
	return slice_of(
		arena_printf(a->arena, REPORT_URL, SLICE_ARG(base), SLICE_ARG(a->told.run), token));
}

static void tell(struct agent_run *a)
{
	const struct claimed *c = &a->held->c;
	struct agent_told *t = &a->told;
	char stamp[STAMP_MAX];
	size_t n = stamp_print(c->scheduled_for, stamp);

	t->run = id_text(a->arena, run_prefix(KIND_JOB), c->key.id);
	t->job = id_text(a->arena, schedule_prefix(KIND_JOB), c->schedule);
	t->name = a->facts.name;
	t->agent = a->work.agent;
	t->goal = a->work.goal;
	t->scheduled_for = (struct slice){ arena_dup(a->arena, stamp, n), n };
	t->given = a->work.context;
	t->attempt = c->attempt;
	t->callback_url = callback_url(a);
	if (id_is_nil(a->facts.chain_run))
		return;
	t->chain = id_text(a->arena, CHAIN_PREFIX, a->facts.chain);
	t->chain_run = id_text(a->arena, CHAIN_RUN_PREFIX, a->facts.chain_run);
}

/* --- gates --- */

static void enter(struct agent_run *a)
{
	struct held *h = a->held;

	if (node_may_start(h->engine))
		target_enter(h);
	else
		again(h, LOAD_AGAIN);
}

static bool goes_on(struct agent_run *a, const struct db_unit *u);
static void submit(struct agent_run *a, struct db_unit *u, db_done *done, void *ctx);
static struct agent_ask ask_of(const struct held *h);

static void told_chains(struct db_unit *u, void *ctx)
{
	struct agent_run *a = ctx;

	if (!goes_on(a, u))
		return;
	chain_soon(a->held->engine);
	enter(a);
}

/* A root that is about to call its agent tells its chains first. One that the gates stop tells them nothing: it has
 * not run. */
void agent_request(struct agent_run *a, bool asks_source)
{
	struct agent_ask ask = ask_of(a->held);
	struct db_unit *u;

	a->asks_source = asks_source;
	if (asks_source || !a->facts.is_root) {
		enter(a);
		return;
	}
	u = db_unit_new(a->held->engine->db, a->arena, LANE_ENGINE);
	store_agent_began(u, &ask);
	submit(a, u, told_chains, a);
}

static void decide(struct agent_run *a)
{
	struct gate_answer g;

	a->context = agent_context(&a->told, a->arena);
	agent_gate(a, &g);
	agent_set_bytes(a, arena_bytes(a->arena));
	if (!g.passes)
		agent_end(a->held, &g);
	else if (agent_share_is_full(a->held))
		result_give_back(a->held, clock_now() + SHARE_AGAIN);
	else
		agent_request(a, a->work.source.p && a->work.condition.p);
}

/* --- reading --- */

static bool contains(struct slice text, const char *what)
{
	return text.p && memmem(text.p, text.n, what, strlen(what));
}

struct others {
	struct agent_run *a;
	struct chain_parent *parents;
	size_t parents_n;
};

static struct agent_output output_of(struct uuid run, const struct run_output *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (id_compare(list[i].run, run) == 0)
			return (struct agent_output){ list[i].output, list[i].is_json,
						      list[i].bytes > (int64_t)list[i].output.n };
	return (struct agent_output){ 0 };
}

static struct slice name_of(struct uuid job, const struct job_name *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (id_compare(list[i].job, job) == 0)
			return list[i].name;
	return (struct slice){ NULL, 0 };
}

static void take_others(const struct others *o, const struct db_unit *u)
{
	struct agent_run *a = o->a;
	struct agent_parent *parents = arena_array(a->arena, struct agent_parent, o->parents_n);
	struct run_output *outputs;
	struct job_name *names;
	size_t outputs_n = store_outputs_got(u, 0, &outputs);
	size_t names_n = store_job_names_got(u, 1, &names);

	for (size_t i = 0; i < o->parents_n; i++) {
		const struct chain_parent *p = &o->parents[i];

		parents[i] = (struct agent_parent){
			.job = id_text(a->arena, schedule_prefix(KIND_JOB), p->job),
			.name = name_of(p->job, names, names_n),
			.status = p->status,
			.output = output_of(p->run, outputs, outputs_n),
		};
		if (!id_is_nil(p->run))
			parents[i].run = id_text(a->arena, run_prefix(KIND_JOB), p->run);
	}
	a->told.parents = parents;
	a->told.parents_n = o->parents_n;
	a->last = output_of(a->facts.last_run, outputs, outputs_n);
}

static void call_in(struct engine *e);

/* The unit has ended: true when the run may go on. */
static bool goes_on(struct agent_run *a, const struct db_unit *u)
{
	struct held *h = a->held;
	struct engine *e = h->engine;

	CHECK_MAGIC(h, HELD_MAGIC);
	ASSERT(h->state == HELD_PREPARING);
	loop_enter(e->loop, "agent.read");
	e->agent_loads--;
	h->state = HELD_WAITING;
	call_in(e);
	if (h->dropped)
		held_drop(h);
	else if (u->outcome != DB_OK || !node_may_start(e))
		again(h, LOAD_AGAIN);
	else
		return true;
	return false;
}

static void submit(struct agent_run *a, struct db_unit *u, db_done *done, void *ctx)
{
	a->held->state = HELD_PREPARING;
	a->held->engine->agent_loads++;
	db_submit(u, done, ctx);
}

static void others_read(struct db_unit *u, void *ctx)
{
	const struct others *o = ctx;

	if (!goes_on(o->a, u))
		return;
	take_others(o, u);
	decide(o->a);
}

/* Outputs of other runs: the last one's, for only_if, and those of the parents in the chain. */
static bool read_others(struct agent_run *a)
{
	const struct agent_facts *f = &a->facts;
	struct others *o = arena_make(a->arena, struct others);
	bool wants_last = !id_is_nil(f->last_run) && contains(a->work.only_if, "last");
	const struct uuid **runs, **jobs;
	size_t runs_n = 0;
	struct db_unit *u;

	o->a = a;
	if (!id_is_nil(f->chain_run))
		o->parents_n = chain_parents(f->chain_definition, f->nodes, a->held->c.schedule,
					     a->arena, &o->parents);
	if (!wants_last && !o->parents_n)
		return false;
	runs = arena_array(a->arena, const struct uuid *, o->parents_n + 1);
	jobs = arena_array(a->arena, const struct uuid *, o->parents_n);
	for (size_t i = 0; i < o->parents_n; i++) {
		jobs[i] = &o->parents[i].job;
		if (!id_is_nil(o->parents[i].run))
			runs[runs_n++] = &o->parents[i].run;
	}
	if (wants_last)
		runs[runs_n++] = &a->facts.last_run;
	u = db_unit_new(a->held->engine->db, a->arena, LANE_ENGINE);
	store_outputs(u, a->held->c.key.bucket, runs, runs_n,
		      (int32_t)(AGENT_PARENTS_MAX / (runs_n ? runs_n : 1)));
	store_job_names(u, &a->held->c.key, jobs, o->parents_n);
	submit(a, u, others_read, o);
	return true;
}

static void facts_read(struct db_unit *u, void *ctx)
{
	struct agent_run *a = ctx;
	struct held *h = a->held;
	struct slice payload = h->c.payload;

	if (!goes_on(a, u))
		return;
	if (!store_agent_loaded(u, 0, &a->facts)) {
		held_drop(h); /* cancelled, or taken over */
		return;
	}
	if (!payload.p)
		payload = a->facts.payload;
	if (!call_parse(h->c.url, h->c.options, payload, a->arena, &a->call)
	    || !work_parse(h->c.url, payload, a->arena, &a->work) || !find_agent(a)) {
		damaged(h);
		return;
	}
	retry_of_job(&a->call.retry);
	tell(a);
	agent_set_bytes(a, arena_bytes(a->arena));
	if (!read_others(a))
		decide(a);
}

/* --- beginning --- */

static bool has_room(const struct engine *e)
{
	return e->core->has_callback_key && e->agent_loads < LOADS_MAX
	    && e->agent_bytes < AGENT_BYTES_MAX && e->output_bytes < OUTPUT_BYTES_MAX / 2;
}

static struct agent_ask ask_of(const struct held *h)
{
	size_t n = sizeof(WORK_SCHEME) - 1;

	return (struct agent_ask){ .key = h->c.key,
				   .schedule = h->c.schedule,
				   .event = id_new(clock_now()),
				   .agent = { h->c.url.p + n, h->c.url.n - n },
				   .wants_payload = !h->c.payload.p,
				   .now = clock_now() };
}

static void load(struct held *h)
{
	struct arena *arena = arena_new();
	struct agent_run *a = arena_make(arena, struct agent_run);
	struct db_unit *u = db_unit_new(h->engine->db, arena, LANE_ENGINE);
	struct agent_ask ask = ask_of(h);

	*a = (struct agent_run){ .held = h, .arena = arena };
	h->agent = a;
	store_agent_load(u, &ask);
	submit(a, u, facts_read, a);
}

static void begin(struct held *h)
{
	if (agent_share_is_full(h))
		result_give_back(h, clock_now() + SHARE_AGAIN);
	else
		load(h);
}

/* Those that wait for room, by turns; what cannot start now looks again from the beginning. */
static void call_in(struct engine *e)
{
	while (e->agent_line.ring && has_room(e)) {
		struct held *h = e->agent_line.ring->first;

		line_turn(&e->agent_line);
		agent_unline(h);
		if (node_may_start(e) && h->c.expires_at > clock_now())
			begin(h);
		else
			held_wait(h, 0);
	}
	if (e->agent_line.n)
		alarm_in(&e->agent_again, ROOM_AGAIN);
}

static void look_again(void *ctx)
{
	struct engine *e = ctx;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "agent.again");
	call_in(e);
}

void agent_init(struct engine *e)
{
	alarm_init(&e->agent_again, e->loop, look_again, e);
}

void agent_free(struct engine *e)
{
	alarm_release(&e->agent_again);
}

void agent_unline(struct held *h)
{
	if (!h->waits_for_agent)
		return;
	line_remove(&h->engine->agent_line, h);
	h->waits_for_agent = false;
}

void agent_begin(struct held *h)
{
	struct engine *e = h->engine;

	if (h->agent)
		agent_release(h);
	if (!e->agent_line.n && has_room(e)) {
		begin(h);
		return;
	}
	line_add(&e->agent_line, h);
	h->waits_for_agent = true;
	if (!alarm_is_set(&e->agent_again))
		alarm_in(&e->agent_again, ROOM_AGAIN);
}
