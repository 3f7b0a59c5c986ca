/* The chains of the database, tenant by tenant and page by page. */
#include "core/audit_verify.h"

#include "audit_int.h"
#include "core/core_int.h"

#define TENANTS 100
#define ENTRIES 500

struct verifying {
	struct arena *list, *page; /* of the tenants; of what is read of one */
	struct audit_tenant *tenants;
	size_t n, i;
	struct uuid last; /* of the tenants of the pages so far */
	int64_t floor;
	int64_t seen; /* the last block when the head was found to be ahead; -1: it was not yet */
	struct audit_walk walk;
	struct audit_sum sum;
};
static op_step tenants_read, begin_read, page_read, end_read, fault_read;

static void release(void *ctx)
{
	struct verifying *v = ctx;

	audit_walk_release(&v->walk);
	arena_free(v->page);
	arena_free(v->list);
}

/* A unit whose rows are gone when the next one is made: memory stays the same however long a chain is. */
static struct db_unit *unit_in(struct op *op, struct arena *a)
{
	struct arena *own = op->arena;
	struct db_unit *u;

	arena_reset(a);
	op->arena = a;
	u = op_unit(op, LANE_SLOW);
	op->arena = own;
	return u;
}

static flow read_tenants(struct op *op)
{
	const struct audit_verify_ask *in = op->in;
	struct verifying *v = op->state;

	store_audit_tenants(unit_in(op, v->list), v->last, in->organization, in->tenant, TENANTS);
	return op_db(op, tenants_read);
}

flow audit_verify(struct op *op)
{
	struct verifying *v = op->state = arena_make(op->arena, struct verifying);

	v->list = arena_new();
	v->page = arena_new();
	arena_defer(op->arena, release, v);
	return read_tenants(op);
}

static flow read_head(struct op *op, op_step *next)
{
	struct verifying *v = op->state;

	store_audit_head(unit_in(op, v->page), &v->tenants[v->i]);
	return op_db(op, next);
}

static flow read_page(struct op *op)
{
	struct verifying *v = op->state;

	store_audit_walk(unit_in(op, v->page), &v->tenants[v->i], v->walk.block, v->walk.position,
			 ENTRIES);
	return op_db(op, page_read);
}

static flow next_tenant(struct op *op)
{
	struct verifying *v = op->state;

	if (v->i < v->n)
		return read_head(op, begin_read);
	return v->n == TENANTS ? read_tenants(op) : op_ok(op, &v->sum);
}

static flow tenants_read(struct op *op)
{
	struct verifying *v = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	v->n = store_audit_tenants_got(op->unit, 0, &v->tenants);
	v->i = 0;
	if (v->n)
		v->last = v->tenants[v->n - 1].id;
	return next_tenant(op);
}

/* --- one tenant --- */

static flow begin(struct op *op, const struct audit_head *head)
{
	struct verifying *v = op->state;

	v->floor = head->floor;
	v->seen = -1;
	audit_walk_release(&v->walk);
	audit_walk_begin(&v->walk, head->floor, head->floor_hash);
	return read_page(op);
}

static flow begin_read(struct op *op)
{
	struct audit_head head = { .block = 0 };

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	(void)store_audit_head_got(op->unit, 0, &head);
	return begin(op, &head);
}

static flow judged(struct op *op)
{
	const struct audit_verify_ask *in = op->in;
	struct verifying *v = op->state;

	v->sum.tenants++;
	v->sum.faults += v->walk.fault != NULL;
	in->report(&(struct audit_verdict){ .organization = v->tenants[v->i].organization,
					    .tenant = v->tenants[v->i].name,
					    .first = v->floor + 1,
					    .last = v->walk.block,
					    .walk = &v->walk });
	v->i++;
	return next_tenant(op);
}

static flow page_read(struct op *op)
{
	struct verifying *v = op->state;
	const struct audit_entry *entries;
	struct json_list list;
	struct audit_row *rows;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_audit_walked(op->unit, 0, &rows);
	list = audit_entries(rows, n, v->page);
	entries = list.items;
	for (size_t i = 0; i < n; i++)
		if (!audit_walk_entry(&v->walk, &entries[i]))
			return read_head(op, fault_read);
	/* Of a page that is not full there was nothing behind it; the head is read after it. */
	return n == ENTRIES ? read_page(op) : read_head(op, end_read);
}

static flow end_read(struct op *op)
{
	struct verifying *v = op->state;
	struct audit_head head = { .block = 0 };

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	(void)store_audit_head_got(op->unit, 0, &head);
	/* Written meanwhile; as long as there is more each time. */
	if (head.block > v->walk.block && v->seen != v->walk.block) {
		v->seen = v->walk.block;
		return read_page(op);
	}
	if (!audit_walk_end(&v->walk, head.block, head.hash, head.digest))
		return read_head(op, fault_read);
	return judged(op);
}

/* Retention may have removed what was to be read next. */
static flow fault_read(struct op *op)
{
	struct verifying *v = op->state;
	struct audit_head head = { .block = 0 };

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	(void)store_audit_head_got(op->unit, 0, &head);
	return head.floor > v->floor ? begin(op, &head) : judged(op);
}
