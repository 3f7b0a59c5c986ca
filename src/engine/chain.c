/* Chains going on. News (chain_event) say that a root began or that a run of a chain ended; for
 * each the chain run is read, what follows is decided (core/chain.h, pure) and written in one
 * statement that compares the chain run's revision: the news are gone, the nodes have moved and
 * the children have their runs, or nothing of it. So it does not matter how many processes take
 * the same news, nor where one of them dies: whoever comes next finds the news, or finds them
 * worked off. News of one chain run that were taken together are decided together: twenty parents
 * that end at once cost one write.
 *
 * A root that ran by itself is joined to the chain run that still waits for it (`open`, at most one
 * of a chain), else it begins a new one; then the one that was open is closed: roots that have not
 * begun there never will. chain.runs, compared and set, keeps two processes from beginning two. */
#include "core/chain.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "core/run.h"
#include "engine/engine_int.h"
#include "store/chain.h"

#define CHAIN_EVERY SEC
#define CHAIN_BATCH 100
#define CHAIN_PATIENCE (10 * SEC) /* news that were taken so long ago: their taker is dead */
#define CHAIN_TRIES 8

/* A batch of news, worked off item by item. */
struct chaining {
	struct engine *engine;
	struct arena *arena;
	struct chain_take ask;
	struct chain_event *events;
	bool *done; /* events that are worked off, or left for a later look */
	size_t n;
	bool left; /* some were left */
	/* the item: news of one chain run, or of one root's run */
	struct arena *item_arena;
	const struct chain_event *first;
	struct chain_write write;
	int tries;
};

static void look(void *ctx);
static void read_item(struct chaining *c);
static void next_item(struct chaining *c);

void chain_init(struct engine *e)
{
	e->chain_held = USEC_NEVER;
	alarm_init(&e->chain, e->loop, look, e);
}

void chain_release(struct engine *e)
{
	alarm_release(&e->chain);
}

void chain_soon(struct engine *e)
{
	e->chain_again = e->chaining;
	if (!e->chaining && !e->draining)
		alarm_in(&e->chain, 0);
}

static void rest(struct chaining *c, bool failed)
{
	struct engine *e = c->engine;
	bool more = !failed && !c->left && (e->chain_again || c->n == CHAIN_BATCH);

	e->chaining = false;
	e->chain_again = false;
	e->chain_held = failed || c->left ? c->ask.now : USEC_NEVER;
	alarm_in(&e->chain, more ? 0 : CHAIN_EVERY);
	if (c->item_arena)
		arena_free(c->item_arena);
	arena_free(c->arena);
}

/* --- an item --- */

static bool is_of_item(const struct chaining *c, const struct chain_event *e)
{
	if (e == c->first)
		return true;
	return !id_is_nil(c->first->chain_run) && e->bucket == c->first->bucket
	    && id_compare(e->chain_run, c->first->chain_run) == 0;
}

static void end_item(struct chaining *c, bool is_left)
{
	for (size_t i = 0; i < c->n; i++)
		if (!c->done[i] && is_of_item(c, &c->events[i]))
			c->done[i] = true;
	c->left = c->left || is_left;
	next_item(c);
}

static void again(struct chaining *c)
{
	if (++c->tries < CHAIN_TRIES)
		read_item(c);
	else
		end_item(c, true);
}

/* True: the unit's answer can be used. */
static bool is_answered(struct chaining *c, const struct db_unit *u)
{
	switch (u->outcome) {
	case DB_OK:
		return true;
	case DB_RETRY:
	case DB_CONFLICT: /* an instant of a child that its job has a run for */
		again(c);
		break;
	case DB_ERROR:
		log_event(LOG_ERROR, "chain.failed", LOG_ID("chain", CHAIN_PREFIX, c->first->chain),
			  LOG_STR("sqlstate", u->sqlstate), LOG_STR("message", u->message));
		end_item(c, true);
		break;
	case DB_LOST: /* of a write: the next reading tells */
	case DB_BUSY:
		rest(c, true);
		break;
	}
	return false;
}

static void written(struct db_unit *u, void *ctx)
{
	struct chaining *c = ctx;

	CHECK_MAGIC(c->engine, ENGINE_MAGIC);
	loop_enter(c->engine->loop, "chain.written");
	if (!is_answered(c, u))
		return;
	if (!store_chain_written(u, 0)) {
		again(c);
		return;
	}
	FAILPOINT("cp13");
	if (c->write.children_n)
		claim_ready(c->engine, c->write.now);
	end_item(c, false);
}

/* --- what follows --- */

/* A chain run as it is to be written. It was `from`; NULL: it begins now. */
static void add_move(struct chaining *c, struct chain_progress *p, const struct chain_run_row *from,
		     struct chain_move *out)
{
	chain_step(p, c->write.now);
	*out = (struct chain_move){ .id = from ? from->id : id_new(c->write.now),
				    .rev = from ? from->rev : 0,
				    .state = (int16_t)p->state,
				    .open = p->open,
				    .nodes = chain_print(p, c->item_arena),
				    .finished = p->finished };
}

static void add_children(struct chaining *c, const struct chain_progress *p, struct uuid chain_run)
{
	const struct chain_child *const *list, **all;
	size_t n = chain_children(p, chain_run, c->engine->core, c->item_arena, &list);
	size_t had = c->write.children_n;

	all = arena_array(c->item_arena, const struct chain_child *, had + n + 1);
	for (size_t i = 0; i < had + n; i++)
		all[i] = i < had ? c->write.children[i] : list[i - had];
	c->write.children = all;
	c->write.children_n = had + n;
}

/* The chain run moves to what `p` says. */
static void move(struct chaining *c, struct chain_progress *p, const struct chain_run_row *from)
{
	const struct chain_move **moves = arena_array(c->item_arena, const struct chain_move *, 1);
	struct chain_move *m = arena_make(c->item_arena, struct chain_move);

	ASSERT(c->write.moves_n == 0);
	add_move(c, p, from, m);
	moves[0] = m;
	c->write.moves = moves;
	c->write.moves_n = 1;
	add_children(c, p, m->id);
}

static void write_item(struct chaining *c)
{
	struct db_unit *u = db_unit_new(c->engine->db, c->item_arena, LANE_ENGINE);
	const struct uuid **ids = arena_array(c->item_arena, const struct uuid *, c->n);

	c->write.events = ids;
	c->write.events_n = 0;
	for (size_t i = 0; i < c->n; i++)
		if (!c->done[i] && is_of_item(c, &c->events[i]))
			ids[c->write.events_n++] = &c->events[i].id;
	FAILPOINT("cp12");
	store_chain_write(u, &c->write);
	db_submit(u, written, c);
}

static bool load(struct chaining *c, const struct chain_run_row *row, struct chain_progress *out)
{
	if (chain_load(row->definition, row->nodes, c->item_arena, out))
		return true;
	log_event(LOG_ERROR, "chain.broken", LOG_ID("chain_run", CHAIN_RUN_PREFIX, row->id));
	return false;
}

/* --- news of a chain run --- */

static bool note(struct chain_progress *p, const struct chain_event *e)
{
	int node;

	if (e->state == CHAIN_NEWS_CLOSE) {
		chain_close(p);
		return true;
	}
	node = chain_find(p, e->schedule);
	return node >= 0 && chain_note(p, node, e->run, e->state, e->at);
}

/* One that has ended, or is no more, hears nothing. */
static void run_read(struct db_unit *u, void *ctx)
{
	struct chaining *c = ctx;
	struct chain_run_row row;
	struct chain_progress *p;
	bool changed = false;

	CHECK_MAGIC(c->engine, ENGINE_MAGIC);
	loop_enter(c->engine->loop, "chain.run_read");
	if (!is_answered(c, u))
		return;
	p = arena_make(c->item_arena, struct chain_progress);
	if (store_chain_run_found(u, 0, &row) && row.state == RUN_EXECUTING && load(c, &row, p)) {
		for (size_t i = 0; i < c->n; i++)
			if (!c->done[i] && is_of_item(c, &c->events[i]))
				changed |= note(p, &c->events[i]);
		if (changed)
			move(c, p, &row);
	}
	write_item(c);
}

/* --- news of a root that ran by itself --- */

/* The first root is in this chain run from now on. */
static void join(struct chaining *c, struct uuid chain_run)
{
	c->write.root_run = c->first->run;
	c->write.root_chain_run = chain_run;
}

/* Its beginning, and its end if that is the news. */
static bool note_root(struct chain_progress *p, const struct chain_event *e)
{
	int node = chain_find(p, e->schedule);

	if (node < 0 || !dag_is_root(&p->graph.dag, node)
	    || !chain_note(p, node, e->run, RUN_EXECUTING, e->at))
		return false;
	if (e->state != RUN_EXECUTING)
		(void)chain_note(p, node, e->run, e->state, e->at);
	return true;
}

static void begin(struct chaining *c, const struct chain_begin *chain,
		  const struct chain_run_row *open)
{
	struct chain_progress *p = arena_make(c->item_arena, struct chain_progress);
	struct chain_progress *older = arena_make(c->item_arena, struct chain_progress);

	if (!chain_load(chain->definition, (struct slice){ NULL, 0 }, c->item_arena, p)
	    || !note_root(p, c->first))
		return;
	c->write.begins = true;
	c->write.trigger = chain->trigger;
	c->write.definition = chain->definition;
	add_move(c, p, NULL, &c->write.begin);
	c->write.begin.rev = chain->runs;
	add_children(c, p, c->write.begin.id);
	join(c, c->write.begin.id);
	if (open && load(c, open, older)) {
		chain_close(older);
		move(c, older, open);
	}
}

/* It has that run, or had it: news may come twice. */
static void go_on(struct chaining *c, const struct chain_run_row *row)
{
	struct chain_progress *p = arena_make(c->item_arena, struct chain_progress);

	if (row->state == RUN_EXECUTING && load(c, row, p) && note(p, c->first))
		move(c, p, row);
}

static void join_or_begin(struct chaining *c, const struct chain_begin *chain,
			  const struct chain_run_row *open)
{
	struct chain_progress *p = arena_make(c->item_arena, struct chain_progress);

	if (!open || !load(c, open, p) || !note_root(p, c->first)) {
		begin(c, chain, open);
		return;
	}
	move(c, p, open);
	join(c, open->id);
}

/* An end without a beginning means nothing to it: of a run that was skipped, or was there before the chain. */
static void decide_root(struct chaining *c, const struct chain_begin *chain,
			const struct chain_run_row *rows, size_t n)
{
	bool has_begun = c->first->state == RUN_EXECUTING || chain->has_begun;

	if (c->first->state != RUN_EXECUTING)
		c->write.overtaken = c->first->run;
	if (n && rows[0].holds)
		go_on(c, &rows[0]);
	else if (has_begun && !chain->deleted)
		join_or_begin(c, chain, n ? &rows[0] : NULL);
}

static void chain_read_back(struct db_unit *u, void *ctx)
{
	struct chaining *c = ctx;
	struct chain_begin chain;
	struct chain_run_row *rows;

	CHECK_MAGIC(c->engine, ENGINE_MAGIC);
	loop_enter(c->engine->loop, "chain.chain_read");
	if (!is_answered(c, u))
		return;
	if (store_chain_begin_found(u, 0, &chain)) {
		size_t n = store_chain_run_of(u, 1, &rows);

		decide_root(c, &chain, rows, n);
	}
	write_item(c);
}

/* --- one after the other --- */

static void read_item(struct chaining *c)
{
	const struct chain_event *e = c->first;
	struct db_unit *u;

	if (c->item_arena)
		arena_free(c->item_arena);
	c->item_arena = arena_new();
	c->write = (struct chain_write){ .chain = { e->bucket, e->tenant, e->chain },
					 .now = clock_now() };
	u = db_unit_new(c->engine->db, c->item_arena, LANE_ENGINE);
	if (id_is_nil(e->chain_run)) {
		store_chain_begin_find(u, e);
		db_submit(u, chain_read_back, c);
	} else {
		store_chain_run_find(u, e->bucket, e->chain_run);
		db_submit(u, run_read, c);
	}
}

static void next_item(struct chaining *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (!c->done[i]) {
			c->first = &c->events[i];
			c->tries = 0;
			read_item(c);
			return;
		}
	rest(c, false);
}

static void taken(struct db_unit *u, void *ctx)
{
	struct chaining *c = ctx;

	CHECK_MAGIC(c->engine, ENGINE_MAGIC);
	loop_enter(c->engine->loop, "chain.taken");
	if (u->outcome != DB_OK) {
		if (u->outcome == DB_ERROR)
			log_event(LOG_ERROR, "chain.failed", LOG_STR("sqlstate", u->sqlstate),
				  LOG_STR("message", u->message));
		rest(c, true);
		return;
	}
	c->n = store_chain_taken(u, 0, &c->events);
	c->done = arena_array(c->arena, bool, c->n + 1);
	next_item(c);
}

static void look(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct chaining *c;
	struct db_unit *u;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "chain.look");
	if (e->chaining || e->draining)
		return;
	arena = arena_new();
	c = arena_make(arena, struct chaining);
	*c = (struct chaining){ .engine = e, .arena = arena };
	c->ask = (struct chain_take){ .now = clock_now(),
				      .patience = CHAIN_PATIENCE,
				      .held = e->chain_held,
				      .most = CHAIN_BATCH };
	e->chaining = true;
	u = db_unit_new(e->db, arena, LANE_ENGINE);
	store_chain_take(u, &c->ask);
	db_submit(u, taken, c);
}
