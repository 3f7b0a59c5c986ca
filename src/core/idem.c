/* Repeated requests: looking for the kept answer, waiting for nobody, and keeping one that nothing else kept. */
#include "core/idem.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/core_int.h"
#include "core/ledger_int.h"

#define LISTS 1024 /* a power of two */

/* Of each key that is under way in this process. It holds as many as there are unanswered requests, no more. */
struct idem_table {
	struct idem *lists[LISTS];
};

struct idem_table *idem_table_new(void)
{
	return mem_new(sizeof(struct idem_table));
}

void idem_table_free(struct idem_table *t)
{
	free(t);
}

static struct idem **list_of(struct op *op)
{
	const uint8_t *hash = op->idem->key_hash;

	return &op->core->idems->lists[(hash[0] | (unsigned)hash[1] << 8) & (LISTS - 1)];
}

static bool is_same_key(const struct idem *a, const struct idem *b)
{
	return memcmp(a->key_hash, b->key_hash, sizeof a->key_hash) == 0
	    && id_compare(a->tenant, b->tenant) == 0;
}

static const struct idem *find_running(struct op *op)
{
	for (const struct idem *i = *list_of(op); i; i = i->next)
		if (is_same_key(i, op->idem))
			return i;
	return NULL;
}

void idem_over(struct op *op)
{
	struct idem **at = list_of(op);

	if (!op->idem->is_running)
		return;
	while (*at != op->idem)
		at = &(*at)->next;
	*at = op->idem->next;
	op->idem->is_running = false;
}

/* --- rows --- */

struct ledger_ages idem_ages(usec_t now)
{
	return (struct ledger_ages){ now - IDEM_KEPT, now - IDEM_RUNNING_MAX };
}

static struct slice hash_slice(const uint8_t hash[32])
{
	return (struct slice){ (const char *)hash, 32 };
}

/* What a sealed answer is bound to: it opens for its tenant and key alone. */
static struct slice seal_bound(const struct op *op)
{
	const struct idem *i = op->idem;
	char *text = arena_alloc(op->arena, sizeof i->tenant.b + 32);

	memcpy(text, i->tenant.b, sizeof i->tenant.b);
	memcpy(text + sizeof i->tenant.b, i->key_hash, 32);
	return (struct slice){ text, sizeof i->tenant.b + 32 };
}

/* Of who asked, whatever tenant the operation has gone over to. */
static struct ledger_answer key_row(const struct op *op)
{
	return (struct ledger_answer){ .bucket = id_bucket(op->idem->tenant),
				       .tenant = op->idem->tenant,
				       .asker = op->idem->asker,
				       .key_hash = hash_slice(op->idem->key_hash),
				       .fingerprint = hash_slice(op->idem->fingerprint),
				       .created = op->now };
}

void idem_answer(const struct op *op, struct ledger_answer *out)
{
	const struct answer *answer = &op->idem->answer;

	*out = key_row(op);
	out->status = (int16_t)answer->status;
	out->head = answer->head;
	out->body = answer->body;
	if (op->idem->is_secret && answer->body.n) {
		out->body = secret_seal(&op->core->secret_key, answer->body, seal_bound(op),
					op->arena);
		out->sealed = true;
	}
}

bool idem_render(struct op *op, const void *out)
{
	const void *was = op->out;

	op->out = out;
	op->idem->answer = (struct answer){ 0 };
	op->idem->is_rendered = op->idem->render(op, &op->idem->answer);
	op->out = was;
	return op->idem->is_rendered;
}

bool idem_is_taken(const struct op *op)
{
	return op->idem && op->unit->outcome == DB_CONFLICT
	    && strcmp(op->unit->constraint, "idempotency_taken") == 0;
}

/* --- before the operation --- */

static op_step looked, begun;

static flow enter(struct op *op)
{
	op->idem->has_entered = true;
	return op->idem->then(op);
}

static flow still_running(struct op *op)
{
	op->retry_after = 1;
	return op_fail(op, ERR_IDEM_RUNNING, NULL);
}

/* A request with this key came first, from `asker`. Why this one may not be told more of it. */
static enum err refusal(const struct op *op, const uint8_t *fingerprint, struct uuid asker)
{
	const struct idem *i = op->idem;

	if (memcmp(fingerprint, i->fingerprint, sizeof i->fingerprint) != 0)
		return ERR_IDEM_REUSED;
	if (id_compare(asker, i->asker) == 0)
		return ERR_NONE;
	return i->is_secret || op->who.has_actions ? ERR_FORBIDDEN : ERR_NONE;
}

static flow refuse(struct op *op, enum err err)
{
	return err == ERR_FORBIDDEN
		     ? op_fail(op, err, "This Idempotency-Key was used by another API key.")
		     : op_fail(op, err, NULL);
}

static flow look(struct op *op)
{
	struct ledger_answer key = key_row(op);
	struct ledger_ages ages = idem_ages(op->now);

	store_answer_find(op_unit(op, LANE_READ), &key, &ages);
	return op_db(op, looked);
}

flow idem_begin(struct op *op, op_step *next)
{
	struct idem *i = op->idem;
	const struct idem *other;
	enum err err;

	i->tenant = op->who.tenant;
	i->asker = op->who.key;
	i->then = next;
	if (i->is_secret && !op->core->secret_key.is_set)
		return op_fail(op, ERR_NO_SECRET_KEY, NULL);
	other = find_running(op);
	if (other) {
		err = refusal(op, other->fingerprint, other->asker);
		return err == ERR_NONE ? still_running(op) : refuse(op, err);
	}
	i->next = *list_of(op);
	*list_of(op) = i;
	i->is_running = true;
	return look(op);
}

flow idem_again(struct op *op)
{
	op->idem->has_lost = true;
	return look(op);
}

static flow replay(struct op *op, const struct ledger_answer *kept)
{
	struct slice body = kept->body;

	if (kept->sealed
	    && secret_open(&op->core->secret_key, kept->body, seal_bound(op), op->arena, &body)
		       != SECRET_FINE)
		return op_fail(op, ERR_NO_SECRET_KEY,
			       "The kept answer was sealed with another secret key.");
	metric_add(METRIC_IDEM_REPLAYS, 1);
	op->idem->answer = (struct answer){ kept->status, kept->head, body };
	op->idem->is_replayed = true;
	op->err = ERR_NONE;
	op->out = NULL;
	return op_end(op);
}

/* A row of its own, for an operation that does more than write: until it has ended, or its process must have
 * died, nobody else does the same. */
static flow begin(struct op *op)
{
	struct ledger_answer *row = arena_make(op->arena, struct ledger_answer);
	const struct ledger_answer *const rows[] = { row };
	struct ledger_ages ages = idem_ages(op->now);

	*row = key_row(op);
	store_answers_keep(op_unit(op, LANE_WRITE), rows, 1, &ages);
	return op_db(op, begun);
}

static flow begun(struct op *op)
{
	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	op->idem->has_begun = true;
	op->idem->has_written = false;
	return enter(op);
}

static flow looked(struct op *op)
{
	struct idem *i = op->idem;
	struct ledger_answer kept = { 0 };
	enum err err;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (store_answer_found(op->unit, 0, &kept)) {
		err = refusal(op, (const uint8_t *)kept.fingerprint.p, kept.asker);
		if (err != ERR_NONE)
			return refuse(op, err);
		return kept.status ? replay(op, &kept) : still_running(op);
	}
	/* The one that had it is gone already. */
	if (i->has_lost)
		return still_running(op);
	return i->reaches_out ? begin(op) : enter(op);
}

/* --- behind it --- */

static op_step kept_apart, dropped, looked_behind;

flow idem_ok(struct op *op)
{
	struct idem *i = op->idem;
	struct ledger_answer *row;
	const struct ledger_answer *rows[1];
	struct ledger_ages ages = idem_ages(op->now);

	if (!i->is_running || i->is_kept || !idem_render(op, op->out))
		return op_end(op);
	if (i->has_written)
		metric_add(METRIC_IDEM_APART, 1);
	rows[0] = row = arena_make(op->arena, struct ledger_answer);
	idem_answer(op, row);
	store_answers_keep(op_unit(op, LANE_WRITE), rows, 1, &ages);
	return op_db(op, kept_apart);
}

/* What was done is done: it is told though it may not be kept. */
static flow kept_apart(struct op *op)
{
	op->idem->is_kept = op->unit->outcome == DB_OK;
	if (!op->idem->is_kept)
		log_event(LOG_WARN, "idempotency.not_kept", LOG_STR("sqlstate", op->unit->sqlstate),
			  LOG_STR("message", op->unit->message));
	return op_end(op);
}

/* A no that may come of what the same request, sent to another process, has done meanwhile: the name is taken, the
 * revision is another, the last place is gone. */
static bool may_be_the_twins(const struct op *op)
{
	enum err_class c = err_class(op->err);

	return op->idem->has_entered && !op->idem->has_begun
	    && (c == CLASS_FORBIDDEN || c == CLASS_NOT_FOUND || c == CLASS_CONFLICT
		|| c == CLASS_GONE || c == CLASS_PRECONDITION || c == CLASS_INVALID);
}

/* The twin's answer is in the transaction of what it did, so it can be seen if that could. */
static flow looked_behind(struct op *op)
{
	struct ledger_answer kept = { 0 };

	if (op->unit->outcome != DB_OK || !store_answer_found(op->unit, 0, &kept) || !kept.status
	    || refusal(op, (const uint8_t *)kept.fingerprint.p, kept.asker) != ERR_NONE)
		return op_end(op);
	return replay(op, &kept);
}

/* Nothing was done, so that the same request may be sent again at once. */
flow idem_fail(struct op *op)
{
	struct ledger_answer key = key_row(op);
	struct ledger_ages ages = idem_ages(op->now);

	op->idem->is_rendered = false;
	if (may_be_the_twins(op)) {
		op->idem->has_entered = false;
		store_answer_find(op_unit(op, LANE_READ), &key, &ages);
		return op_db(op, looked_behind);
	}
	if (!op->idem->has_begun)
		return op_end(op);
	op->idem->has_begun = false;
	store_answer_drop(op_unit(op, LANE_WRITE), &key);
	return op_db(op, dropped);
}

static flow dropped(struct op *op)
{
	return op_end(op);
}
