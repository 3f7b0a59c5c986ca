/* Group commit by natural batching: nothing waits for company. A row that comes while fewer than
 * BATCH_WINDOW transactions are under way goes at the end of this turn of the loop; the others
 * gather until one returns. */
#include "core/batch.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/fault.h"
#include "base/log.h"
#include "core/core_int.h"
#include "core/ledger_int.h"
#include "io/loop.h"

#define BATCHER_MAGIC 0xba7c4e50U
#define BATCH_MAGIC 0xba7c4001U

struct batcher {
	unsigned magic;
	struct core *core;
	batch_fill *fill;
	batch_stored *stored;
	struct op *first, *last; /* waiting, oldest first, linked by queue_next */
	size_t waiting;
	int under_way;
	bool kicked;
};

/* One transaction. Its arena also holds the rows' order. */
struct batch {
	unsigned magic;
	struct batcher *owner;
	struct arena *arena;
	struct db_unit *unit;
	struct op **ops;
	const void **rows;
	size_t n;
	int tries;
};

static void send_waiting(void *ctx);

struct batcher *batcher_new(struct core *core, batch_fill *fill, batch_stored *stored)
{
	struct batcher *b = mem_new(sizeof *b);

	*b = (struct batcher){
		.magic = BATCHER_MAGIC, .core = core, .fill = fill, .stored = stored
	};
	return b;
}

void batcher_free(struct batcher *b)
{
	if (!b)
		return;
	ASSERT(b->under_way == 0 && b->waiting == 0);
	b->magic = 0;
	free(b);
}

static void kick(struct batcher *b)
{
	if (!b->kicked) {
		b->kicked = true;
		loop_defer(b->core->loop, send_waiting, b);
	}
}

flow op_batch(struct op *op, struct batcher *b, void *row, op_step *next)
{
	if (b->waiting >= BATCH_QUEUE_MAX)
		return op_fail(op, ERR_BUSY, NULL);
	op->row = row;
	op->queue_next = NULL;
	if (b->last)
		b->last->queue_next = op;
	else
		b->first = op;
	b->last = op;
	b->waiting++;
	kick(b);
	return op_wait(op, next);
}

static struct batch *batch_new(struct batcher *b, size_t n)
{
	struct arena *a = arena_new();
	struct batch *batch = arena_make(a, struct batch);

	*batch = (struct batch){ .magic = BATCH_MAGIC, .owner = b, .arena = a, .n = n };
	batch->ops = arena_array(a, struct op *, n);
	batch->rows = arena_array(a, const void *, n);
	b->under_way++;
	return batch;
}

static void batch_free(struct batch *batch)
{
	batch->owner->under_way--;
	batch->magic = 0;
	arena_free(batch->arena);
}

static flow failed(struct op *op)
{
	return op_db_fail(op, ERR_INTERNAL);
}

/* The operations go on; each sees the batch's unit as its own until its next step has returned. */
static void go_on(struct batch *batch)
{
	bool ok = batch->unit->outcome == DB_OK;
	int cursor = 0;

	for (size_t i = 0; i < batch->n; i++) {
		struct op *op = batch->ops[i];

		op->unit = batch->unit;
		if (ok)
			op->row_stored = batch->owner->stored(batch->unit, batch->rows[i], &cursor);
		else
			op->next = idem_is_taken(op) ? idem_again : failed;
		change_settle_row(op);
		op_resume(op);
	}
}

static void submit(struct batch *batch);

/* One row that the database cannot take must not fail its neighbours: each goes alone. */
static void split(struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++) {
		struct batch *one = batch_new(batch->owner, 1);

		one->ops[0] = batch->ops[i];
		one->rows[0] = batch->rows[i];
		submit(one);
	}
}

static void committed(struct db_unit *u, void *ctx)
{
	struct batch *batch = ctx;
	struct batcher *b;

	CHECK_MAGIC(batch, BATCH_MAGIC);
	b = batch->owner;
	loop_enter(b->core->loop, "batch.committed");
	if (u->outcome == DB_OK)
		FAILPOINT("cp7");
	if (u->outcome == DB_RETRY && ++batch->tries < 5) {
		db_submit(u, committed, batch);
		return;
	}
	if ((u->outcome == DB_ERROR || u->outcome == DB_CONFLICT) && batch->n > 1)
		split(batch);
	else
		go_on(batch);
	batch_free(batch);
	if (b->waiting)
		kick(b);
}

static void submit(struct batch *batch)
{
	struct batcher *b = batch->owner;

	batch->unit = db_unit_new(b->core->db, batch->arena, LANE_WRITE);
	b->fill(batch->unit, batch->rows, batch->n);
	change_send_all(batch->unit, batch->ops, batch->n);
	db_submit(batch->unit, committed, batch);
}

static void send_waiting(void *ctx)
{
	struct batcher *b = ctx;

	CHECK_MAGIC(b, BATCHER_MAGIC);
	b->kicked = false;
	while (b->waiting && b->under_way < BATCH_WINDOW) {
		size_t n = b->waiting < BATCH_ROWS_MAX ? b->waiting : BATCH_ROWS_MAX;
		struct batch *batch = batch_new(b, n);

		for (size_t i = 0; i < n; i++) {
			struct op *op = b->first;

			b->first = op->queue_next;
			batch->ops[i] = op;
			batch->rows[i] = op->row;
		}
		if (!b->first)
			b->last = NULL;
		b->waiting -= n;
		submit(batch);
	}
}
