/* What a write means: made into lines when it is said, put behind the write when that is sent. */
#include "core/change.h"

#include <string.h>

#include "base/check.h"
#include "base/crypto.h"
#include "base/fault.h"
#include "core/audit.h"
#include "core/ledger_int.h"

/* Of one operation. */
struct pending_changes {
	struct ledger_entry *entries;
	size_t n;
	struct ledger_answer *answer; /* NULL: none is to be kept */
	bool is_said;                 /* and not sent yet */
	bool is_sent;
	int answer_stmt; /* of the unit that it was sent with; -1: it had none */
};

/* --- lines --- */

struct teller {
	const struct who *who;
	const char *request_id;
	usec_t now;
	struct arena *arena;
};

static void make_entry(const struct change *c, const struct teller *by, struct ledger_entry *out)
{
	const struct who *who = by->who;
	uint8_t *digest = arena_alloc(by->arena, SHA256_BYTES);
	struct slice name = { who->name, strnlen(who->name, sizeof who->name) };
	struct audit_entry e = {
		.id = id_new(by->now),
		.at = by->now,
		.actor = who->actor,
		.key = who->key,
		.actor_name = { arena_dup(by->arena, name.p, name.n), name.n },
		.request_id = by->request_id ? slice_of(by->request_id) : (struct slice){ NULL, 0 },
		.object = c->object,
		.ref = id_is_nil(c->id) ? c->name : audit_ref(c->id, by->arena),
		.version = c->version,
		.what = slice_of(c->what),
		.before = c->before,
		.after = c->after,
	};

	ASSERT(c->object > 0 && c->object < OBJECT_COUNT && e.ref.p);
	audit_digest(&e, digest);
	*out = (struct ledger_entry){
		.bucket = who->bucket,
		.actor = (int16_t)e.actor,
		.object = (int16_t)e.object,
		.need = c->is_sure ? LEDGER_ALWAYS : LEDGER_WROTE,
		.tenant = who->tenant,
		.id = e.id,
		.key = e.key,
		.at = e.at,
		.version = e.version,
		.actor_name = e.actor_name,
		.request_id = e.request_id,
		.ref = e.ref,
		.change = e.what,
		.before = e.before,
		.after = e.after,
		.digest = { (const char *)digest, SHA256_BYTES },
	};
}

/* --- units of nobody's --- */

void change_add_many(struct db_unit *u, const struct change_of *changes, size_t n, usec_t now)
{
	struct ledger_entry *entries = arena_array(u->arena, struct ledger_entry, n);
	struct ledger_entry **list = arena_array(u->arena, struct ledger_entry *, n);

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		struct teller by = { changes[i].who, NULL, now, u->arena };

		make_entry(&changes[i].change, &by, &entries[i]);
		list[i] = &entries[i];
	}
	store_audit_append(u, list, n);
}

void change_add(struct db_unit *u, const struct who *tenant, const struct change *changes, size_t n,
		usec_t now)
{
	struct change_of *all = arena_array(u->arena, struct change_of, n);

	for (size_t i = 0; i < n; i++)
		all[i] = (struct change_of){ tenant, changes[i] };
	change_add_many(u, all, n, now);
}

/* --- operations --- */

static struct pending_changes *say(struct op *op)
{
	if (!op->pending)
		op->pending = arena_make(op->arena, struct pending_changes);
	*op->pending = (struct pending_changes){ .is_said = true, .answer_stmt = -1 };
	return op->pending;
}

static void keep_answer(struct op *op, struct pending_changes *p, const void *out)
{
	if (!op->idem || !op->idem->is_running || !idem_render(op, out))
		return;
	p->answer = arena_make(op->arena, struct ledger_answer);
	idem_answer(op, p->answer);
}

void op_answers(struct op *op, const void *out)
{
	keep_answer(op, say(op), out);
}

/* The answer counts if the first of the changes was made. */
void op_changes(struct op *op, const struct change *changes, size_t n, const void *out)
{
	struct pending_changes *p = say(op);
	struct teller by = { &op->who, op->request_id, op->now, op->arena };

	p->entries = arena_array(op->arena, struct ledger_entry, n);
	for (p->n = 0; p->n < n; p->n++)
		make_entry(&changes[p->n], &by, &p->entries[p->n]);
	keep_answer(op, p, out);
	if (p->answer && n) {
		p->answer->need = p->entries[0].need;
		p->answer->ref = p->entries[0].ref;
	}
}

static void put_behind(struct db_unit *u, struct op *const *ops, size_t n, size_t entries_n,
		       size_t answers_n)
{
	struct ledger_entry **entries = arena_array(u->arena, struct ledger_entry *, entries_n);
	const struct ledger_answer **answers = arena_array(u->arena, const struct ledger_answer *,
							   answers_n);
	size_t e = 0, a = 0;

	for (size_t i = 0; i < n; i++) {
		struct pending_changes *p = ops[i]->pending;

		if (!p || !p->is_said)
			continue;
		for (size_t k = 0; k < p->n; k++)
			entries[e++] = &p->entries[k];
		if (p->answer)
			answers[a++] = p->answer;
	}
	if (e)
		store_audit_append(u, entries, e);
	if (a) {
		struct ledger_ages ages = idem_ages(ops[0]->now);

		store_answers_keep(u, answers, a, &ages);
	}
}

static void count_pending(struct op *const *ops, size_t n, size_t *entries_n, size_t *answers_n)
{
	*entries_n = *answers_n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct pending_changes *p = ops[i]->pending;

		if (p && p->is_said) {
			*entries_n += p->n;
			*answers_n += p->answer != NULL;
		}
	}
}

static void note_write(struct op *op)
{
	if (op->idem)
		op->idem->has_written = true;
}

void change_send(struct op *op)
{
	struct pending_changes *p = op->pending;
	size_t entries_n, answers_n;

	if (op->unit->lane == LANE_READ)
		return;
	note_write(op);
	if (!p || !p->is_said)
		return;
	count_pending(&op, 1, &entries_n, &answers_n);
	put_behind(op->unit, &op, 1, entries_n, answers_n);
	p->answer_stmt = p->answer ? op->unit->count - 1 : -1;
	p->is_said = false;
	p->is_sent = true;
	FAILPOINT("cp16");
}

void change_settle(struct op *op)
{
	struct pending_changes *p = op->pending;

	if (!p || !p->is_sent)
		return;
	p->is_sent = false;
	if (op->unit->outcome == DB_OK)
		FAILPOINT("cp17");
	if (op->unit->outcome == DB_OK && p->answer_stmt >= 0)
		op->idem->is_kept = store_answers_kept(op->unit, p->answer_stmt) > 0;
}

static int16_t need_of_row(const struct ledger_entry *e)
{
	if (e->need == LEDGER_ALWAYS)
		return LEDGER_ALWAYS;
	ASSERT(e->object == OBJECT_RUN || e->object == OBJECT_SCHEDULE);
	return e->object == OBJECT_RUN ? LEDGER_RUN : LEDGER_SCHEDULE;
}

void change_send_all(struct db_unit *u, struct op *const *ops, size_t n)
{
	size_t entries_n, answers_n;

	for (size_t i = 0; i < n; i++) {
		struct pending_changes *p = ops[i]->pending;

		note_write(ops[i]);
		for (size_t k = 0; p && k < p->n; k++)
			p->entries[k].need = need_of_row(&p->entries[k]);
		if (p && p->answer && p->n)
			p->answer->need = p->entries[0].need;
	}
	count_pending(ops, n, &entries_n, &answers_n);
	put_behind(u, ops, n, entries_n, answers_n);
}

void change_settle_row(struct op *op)
{
	struct pending_changes *p = op->pending;

	if (!p || !p->is_said)
		return;
	p->is_said = false;
	if (op->unit->outcome == DB_OK && op->row_stored && p->answer)
		op->idem->is_kept = true;
}
