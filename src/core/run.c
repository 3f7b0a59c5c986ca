#include "core/run.h"

#include "base/check.h"
#include "core/batch.h"
#include "core/change.h"
#include "core/core_int.h"
#include "core/run_int.h"
#include "core/schedule.h"
#include "core/snapshot.h"
#include "store/run.h"
#include "store/schedule.h"

/* An array of more rows than this goes over the bulk lane, so that it does not hold up single
 * creates. */
#define MANY_QUICK 64

static const struct {
	const char *schedule, *run;
} prefixes[] = {
	[KIND_SCHEDULE] = { "schedule", "task" },
	[KIND_JOB] = { "job", "run" },
	[KIND_PLAN] = { "plan", "run" },
};

const char *run_prefix(enum kind kind)
{
	return prefixes[kind].run;
}

const char *schedule_prefix(enum kind kind)
{
	return prefixes[kind].schedule;
}

enum run_view run_status(const struct run *r, usec_t now)
{
	switch (r->state) {
	case RUN_PENDING:
		return r->attempt > r->excused ? VIEW_RETRYING : VIEW_QUEUED;
	case RUN_EXECUTING:
		if (r->ready_at <= now)
			return VIEW_PROCESSING;
		return r->attempt - 1 > r->excused ? VIEW_RETRYING : VIEW_QUEUED;
	case RUN_AWAITED:
		return VIEW_PROCESSING;
	case RUN_COMPLETED:
		return VIEW_COMPLETED;
	case RUN_FAILED:
		return VIEW_FAILED;
	case RUN_CANCELLED:
		return VIEW_CANCELLED;
	case RUN_EXPIRED:
		return VIEW_EXPIRED;
	case RUN_SKIPPED:
		return VIEW_SKIPPED;
	}
	BUG("a run in no state");
}

static bool fill_view(struct op *op, const struct run *r, struct run_view_full *v)
{
	v->r = *r;
	v->status = run_status(r, op->now);
	v->caught_up = r->trigger == TRIGGER_CATCHUP;
	v->payload_omitted = r->payload_omitted;
	v->next_attempt_at = v->status == VIEW_RETRYING ? r->ready_at : USEC_NEVER;
	/* The attempt of a run that is claimed but not begun is not one yet. */
	if (r->state == RUN_EXECUTING && v->status != VIEW_PROCESSING)
		v->r.attempt--;
	return call_parse(r->url, r->options, r->payload, op->arena, &v->call);
}

struct run_view_full *run_view_of(struct op *op, const struct run *r)
{
	struct run_view_full *v = arena_make(op->arena, struct run_view_full);

	return fill_view(op, r, v) ? v : NULL;
}

struct run_ref run_ref_of(const struct op *op, enum kind kind)
{
	return (struct run_ref){ op->who.bucket, (int16_t)kind, op->who.tenant, op->ids[0] };
}

void run_poke(struct op *op, usec_t ready)
{
	if (op->core->on_run)
		op->core->on_run(op->core->engine, op->who.tenant, ready);
}

/* Create: one group commit. */
static op_step created, duplicate_found;

void run_fill(struct db_unit *u, const void *const *rows, size_t n)
{
	store_run_insert(u, (const struct run_new *const *)rows, n);
}

bool run_stored(const struct db_unit *u, const void *row, int *cursor)
{
	return store_run_inserted(u, row, cursor);
}

static void plan(struct op *op, const struct run_ask_new *in, struct run_new *out)
{
	usec_t due = in->due == USEC_NEVER || in->due < op->now ? op->now : in->due;

	*out = (struct run_new){
		.bucket = op->who.bucket,
		.kind = (int16_t)in->kind,
		.tenant = op->who.tenant,
		.id = id_new(op->now),
		.due = due,
		.ready = due,
		.expires = in->expires_at,
		.created = core_created(op->core, op->now),
		.unique_key = in->unique_key,
		.url = in->call.url,
		.options = call_print(&in->call, op->arena),
		.payload = in->call.payload,
	};
}

static void new_view(const struct run_ask_new *in, const struct run_new *row,
		     struct run_view_full *v)
{
	*v = (struct run_view_full){
		.r = {
			.id = row->id,
			.trigger = TRIGGER_ONCE,
			.state = RUN_PENDING,
			.scheduled_for = row->due,
			.ready_at = row->ready,
			.expires_at = row->expires,
			.created_at = row->created,
			.started_at = USEC_NEVER,
			.finished_at = USEC_NEVER,
			.unique_key = row->unique_key,
			.url = row->url,
			.payload = row->payload,
		},
		.call = in->call,
		.status = VIEW_QUEUED,
		.next_attempt_at = USEC_NEVER,
	};
}

/* One whose key may be taken is left out of its batch; any other is there, or the batch is not. */
static struct change made(const struct run_new *row, struct arena *a)
{
	return (struct change){ .object = OBJECT_RUN,
				.id = row->id,
				.what = "created",
				.after = snapshot_run_new(row, a),
				.is_sure = !row->unique_key.p };
}

struct creating {
	struct run_new row;
	struct run_view_full view;
};

flow run_create(struct op *op)
{
	struct creating *c = arena_make(op->arena, struct creating);
	struct run_new *row = &c->row;
	struct change change;

	plan(op, op->in, row);
	new_view(op->in, row, &c->view);
	op->state = c;
	change = made(row, op->arena);
	op_changes(op, &change, 1, &c->view);
	return op_batch(op, op->core->runs, row, created);
}

static flow find_duplicate(struct op *op, const struct slice *const *keys, size_t n)
{
	store_run_key_find(op_unit(op, LANE_WRITE), op->who.bucket, op->who.tenant, keys, n);
	return op_db(op, duplicate_found);
}

static flow created(struct op *op)
{
	struct creating *c = op->state;

	if (!op->row_stored) {
		const struct slice **key = arena_array(op->arena, const struct slice *, 1);

		key[0] = &c->row.unique_key;
		return find_duplicate(op, key, 1);
	}
	run_poke(op, c->row.ready);
	return op_ok(op, &c->view);
}

static flow duplicate_found(struct op *op)
{
	const struct run_new *row = op->state; /* the first member of both */
	struct uuid existing;
	char text[ID_TEXT_MAX];

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_run_key_found(op->unit, 0, &existing))
		return op_fail(op, ERR_DUPLICATE,
			       "The same unique_id stands more than once in the request.");
	id_print(run_prefix((enum kind)row->kind), existing, text);
	op->existing = arena_printf(op->arena, "%s", text);
	return op_fail(op, ERR_DUPLICATE, "This unique_id belongs to %s.", text);
}

/* Create many: all or none, in one statement. */
struct many {
	struct run_new *rows;
	const struct run_new **pointers;
	size_t n;
	usec_t earliest;
	struct json_list views; /* of struct run_view_full */
};
static op_step many_created;

static void plan_many(struct op *op, struct many *m)
{
	const struct run_ask_new *asks = op->in_list->items;
	struct run_view_full *views = arena_array(op->arena, struct run_view_full, m->n);
	struct change change;

	m->rows = arena_array(op->arena, struct run_new, m->n);
	m->pointers = arena_array(op->arena, const struct run_new *, m->n);
	m->views = (struct json_list){ views, m->n };
	m->earliest = USEC_NEVER;
	for (size_t i = 0; i < m->n; i++) {
		plan(op, &asks[i], &m->rows[i]);
		m->pointers[i] = &m->rows[i];
		new_view(&asks[i], &m->rows[i], &views[i]);
		if (m->rows[i].ready < m->earliest)
			m->earliest = m->rows[i].ready;
	}
	/* One entry for all of them: however many they are, the tenant's other writers wait no longer. */
	change = (struct change){ .object = OBJECT_RUN,
				  .id = m->rows[0].id,
				  .what = "created",
				  .after = snapshot_runs_new(m->rows, m->n, op->arena),
				  .is_sure = true };
	op->out_is_list = true;
	op_changes(op, &change, 1, &m->views);
}

flow run_create_many(struct op *op)
{
	struct many *m = arena_make(op->arena, struct many);
	struct db_unit *u;

	m->n = op->in_list->n;
	if (m->n == 0) {
		struct json_list *none = arena_make(op->arena, struct json_list);

		op->out_is_list = true;
		return op_ok(op, none);
	}
	plan_many(op, m);
	op->state = m;
	u = op_unit(op, m->n <= MANY_QUICK ? LANE_WRITE : LANE_BULK);
	store_run_insert_all(u, m->pointers, m->n);
	return op_db(op, many_created);
}

static flow many_conflict(struct op *op)
{
	struct many *m = op->state;
	const struct slice **keys = arena_array(op->arena, const struct slice *, m->n);
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->rows[i].unique_key.p)
			keys[n++] = &m->rows[i].unique_key;
	op->state = m->rows;
	op->out_is_list = false;
	return find_duplicate(op, keys, n);
}

static flow many_created(struct op *op)
{
	struct many *m = op->state;

	if (op->unit->outcome == DB_CONFLICT)
		return many_conflict(op);
	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	run_poke(op, m->earliest);
	return op_ok(op, &m->views);
}

/* Get: among the live ones, else among the ended; and once more, as it may have moved between
 * the two looks. */
struct getting {
	enum kind kind;
	int looks;
	struct run r;
};
static op_step got_live, got_live_attempts, got_ended;

static flow look_live(struct op *op)
{
	struct getting *g = op->state;
	struct run_ref ref = run_ref_of(op, g->kind);

	store_run_get(op_unit(op, LANE_READ), &ref);
	return op_db(op, got_live);
}

flow run_get_kind(struct op *op, enum kind kind)
{
	struct getting *g;

	if (kind == KIND_JOB)
		return job_run_look(op);
	g = arena_make(op->arena, struct getting);
	g->kind = kind;
	op->state = g;
	return look_live(op);
}

flow run_get(struct op *op)
{
	return run_get_kind(op, *(const enum kind *)op->in);
}

/* The run is g->r; the unit's statement `stmt` answered its attempts, or there are none yet
 * (-1). */
static flow answer_full(struct op *op, int stmt)
{
	const struct getting *g = op->state;
	struct run_view_full *v = arena_make(op->arena, struct run_view_full);
	struct attempt *attempts = NULL;
	struct attempt_view *views;
	size_t n = stmt < 0 ? 0 : store_attempts(op->unit, stmt, op->arena, &attempts);

	if (!fill_view(op, &g->r, v))
		return op_fail(op, ERR_INTERNAL, "The stored options of this run cannot be read.");
	views = arena_array(op->arena, struct attempt_view, n);
	for (size_t i = 0; i < n; i++)
		attempt_view_fill(&attempts[i], op->arena, &views[i]);
	v->attempts = (struct json_list){ views, n };
	return op_ok(op, v);
}

static flow got_live_attempts(struct op *op)
{
	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	return answer_full(op, 0);
}

static flow got_live(struct op *op)
{
	struct getting *g = op->state;
	struct run_ref ref = run_ref_of(op, g->kind);
	struct db_unit *u;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (store_run_got(op->unit, 0, &g->r)) {
		bool is_executing = g->r.state == RUN_EXECUTING;

		if (g->r.attempt - is_executing <= 0)
			return answer_full(op, -1);
		store_attempt_list(op_unit(op, LANE_READ), &ref);
		return op_db(op, got_live_attempts);
	}
	u = op_unit(op, LANE_READ);
	store_run_get_ended(u, &ref);
	store_attempt_list(u, &ref);
	return op_db(op, got_ended);
}

static flow got_ended(struct op *op)
{
	struct getting *g = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (store_run_got_ended(op->unit, 0, &g->r))
		return answer_full(op, 1);
	if (++g->looks < 2)
		return look_live(op);
	return op_fail(op, ERR_NOT_FOUND, NULL);
}

/* List: a page and its total. */
static const struct {
	struct run_filter filter;
} filters[VIEW_COUNT] = {
	[VIEW_QUEUED] = { { .due = true, .ahead = true, .ended = -1 } },
	[VIEW_SCHEDULED] = { { .ahead = true, .ended = -1 } },
	[VIEW_PROCESSING] = { { .executing = true, .ended = -1 } },
	[VIEW_RETRYING] = { { .retrying = true, .ended = -1 } },
	[VIEW_COMPLETED] = { { .ended = RUN_COMPLETED } },
	[VIEW_FAILED] = { { .ended = RUN_FAILED } },
	[VIEW_CANCELLED] = { { .ended = RUN_CANCELLED } },
	[VIEW_EXPIRED] = { { .ended = RUN_EXPIRED } },
	[VIEW_SKIPPED] = { { .ended = RUN_SKIPPED } },
};
static const struct run_filter everything = { true, true, true, true, 0 };
static op_step listed;

static const struct run_filter *filter_of(const struct run_list_ask *ask)
{
	ASSERT(ask->status < VIEW_COUNT);
	return ask->status < 0 ? &everything : &filters[ask->status].filter;
}

static int64_t total_of(const struct run_filter *f, const struct run_counts *c)
{
	int64_t ended[] = { [RUN_COMPLETED] = c->completed,
			    [RUN_FAILED] = c->failed,
			    [RUN_CANCELLED] = c->cancelled,
			    [RUN_EXPIRED] = c->expired,
			    [RUN_SKIPPED] = c->skipped };
	int64_t total = f->due * c->due + f->ahead * c->ahead + f->executing * c->executing
		      + f->retrying * c->retrying;

	if (f->ended > 0)
		total += ended[f->ended];
	if (f->ended == 0)
		total += c->completed + c->failed + c->cancelled + c->expired + c->skipped;
	return total;
}

flow run_list(struct op *op)
{
	const struct run_list_ask *ask = op->in;
	struct run_page *page = arena_make(op->arena, struct run_page);
	struct db_unit *u = op_unit(op, LANE_SLOW);

	*page = (struct run_page){
		.bucket = op->who.bucket,
		.kind = (int16_t)ask->kind,
		.tenant = op->who.tenant,
		.schedule = ask->schedule,
		.filter = *filter_of(ask),
		.now = op->now,
		.skip = (int32_t)ask->offset,
		.most = (int32_t)ask->limit,
		.payload_max = PAGE_PAYLOAD_MAX,
	};
	op->state = page;
	store_run_page(u, page);
	store_run_count(u, page);
	if (!id_is_nil(ask->schedule)) {
		struct run_ref ref = { page->bucket, page->kind, page->tenant, ask->schedule };

		store_schedule_get(u, &ref, op->now);
	}
	return op_db(op, listed);
}

static flow listed(struct op *op)
{
	const struct run_page *page = op->state;
	struct run_page_view *view = arena_make(op->arena, struct run_page_view);
	struct run_counts counts;
	struct schedule s;
	struct run *rows;
	struct run_view_full *views;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!id_is_nil(page->schedule) && !store_schedule_got(op->unit, 3, &s))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	view->items.n = store_run_paged(op->unit, 0, &rows);
	views = arena_array(op->arena, struct run_view_full, view->items.n);
	view->items.items = views;
	for (size_t i = 0; i < view->items.n; i++)
		if (!fill_view(op, &rows[i], &views[i]))
			return op_fail(op, ERR_INTERNAL,
				       "The stored options of a run cannot be read.");
	store_run_counted(op->unit, 1, &counts);
	view->total = total_of(&page->filter, &counts);
	return op_ok(op, view);
}
