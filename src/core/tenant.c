#include "core/tenant.h"

#include "core/change.h"
#include "core/core_int.h"
#include "core/snapshot.h"
#include "store/tenant.h"

bool tenant_name_ok(struct slice name)
{
	return core_name_ok(name, "._-", TENANT_NAME_MAX);
}

/* --- going in --- */

struct entering {
	struct tenant_names names;
	op_step *next;
	void *state; /* op->state of before */
	struct tenant_row row;
};

static struct slice or_own(struct slice name)
{
	return name.p ? name : SLICE_LIT(TENANT_OWN);
}

static flow not_there(struct op *op, const struct tenant_names *names)
{
	return op_fail(op, ERR_NOT_FOUND, "There is no tenant %.*s in organization %.*s.",
		       SLICE_ARG(names->tenant), SLICE_ARG(names->organization));
}

static flow entered(struct op *op)
{
	struct entering *e = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_tenant_found(op->unit, 0, &e->row))
		return not_there(op, &e->names);
	op->who.tenant = e->row.id;
	op->who.organization = e->row.organization;
	op->who.bucket = e->row.bucket;
	op->state = e->state;
	return e->next(op);
}

flow tenant_enter(struct op *op, const struct tenant_names *names, op_step *next)
{
	struct entering *e = arena_make(op->arena, struct entering);

	e->names = (struct tenant_names){ or_own(names->organization), or_own(names->tenant) };
	e->next = next;
	e->state = op->state;
	op->state = e;
	if (!tenant_name_ok(e->names.organization) || !tenant_name_ok(e->names.tenant))
		return not_there(op, &e->names);
	store_tenant_find(op_unit(op, LANE_READ), e->names.organization, e->names.tenant, &op->who);
	return op_db(op, entered);
}

/* --- the list --- */

static struct tenant_view view_of(const struct tenant_row *row)
{
	return (struct tenant_view){ .organization = row->organization_name,
				     .name = row->name,
				     .id = row->id,
				     .limits = row->limits,
				     .keys = row->keys,
				     .created_at = row->created_at };
}

static flow listed(struct op *op)
{
	struct json_list *list = arena_make(op->arena, struct json_list);
	struct tenant_view *views;
	struct tenant_row *rows;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	list->n = store_tenants(op->unit, 0, &rows);
	views = arena_array(op->arena, struct tenant_view, list->n);
	for (size_t i = 0; i < list->n; i++)
		views[i] = view_of(&rows[i]);
	list->items = views;
	return op_ok(op, list);
}

flow tenant_list(struct op *op)
{
	store_tenant_list(op_unit(op, LANE_SLOW), op->now, TENANTS_SHOWN_MAX);
	return op_db(op, listed);
}

/* --- limits --- */

struct limiting {
	struct tenant_names names;
	struct tenant_row row; /* as it was read */
	struct limits limits;  /* as they will be */
	int tries;
};
static op_step limit_read, limited;

static int64_t either(int64_t asked, int64_t was)
{
	return asked == TENANT_LIMIT_KEEP ? was : asked;
}

static flow read_limits(struct op *op)
{
	const struct limiting *l = op->state;

	store_tenant_find(op_unit(op, LANE_WRITE), l->names.organization, l->names.tenant,
			  &op->who);
	return op_db(op, limit_read);
}

flow tenant_limit(struct op *op)
{
	const struct tenant_limit_ask *ask = op->in;
	struct limiting *l = arena_make(op->arena, struct limiting);

	l->names = (struct tenant_names){ or_own(ask->names.organization),
					  or_own(ask->names.tenant) };
	op->state = l;
	if (!tenant_name_ok(l->names.organization) || !tenant_name_ok(l->names.tenant))
		return not_there(op, &l->names);
	return read_limits(op);
}

static flow answer(struct op *op, const struct tenant_row *row, const struct limits *limits)
{
	struct tenant_view *v = arena_make(op->arena, struct tenant_view);

	*v = view_of(row);
	v->limits = *limits;
	return op_ok(op, v);
}

static bool is_same(const struct limits *a, const struct limits *b)
{
	return a->requests == b->requests && a->schedules == b->schedules
	    && a->min_interval == b->min_interval && a->payload_max == b->payload_max;
}

static flow limit_read(struct op *op)
{
	const struct limits *asked = &((const struct tenant_limit_ask *)op->in)->limits, *was;
	struct limiting *l = op->state;
	struct change change;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_tenant_found(op->unit, 0, &l->row))
		return not_there(op, &l->names);
	was = &l->row.limits;
	l->limits = (struct limits){
		.requests = (int32_t)either(asked->requests, was->requests),
		.schedules = either(asked->schedules, was->schedules),
		.min_interval = either(asked->min_interval, was->min_interval),
		.payload_max = (int32_t)either(asked->payload_max, was->payload_max),
	};
	if (is_same(&l->limits, was))
		return answer(op, &l->row, was);
	op->who.tenant = l->row.id;
	op->who.organization = l->row.organization;
	op->who.bucket = l->row.bucket;
	change = (struct change){ .object = OBJECT_TENANT,
				  .id = l->row.id,
				  .what = "changed",
				  .before = snapshot_limits(was, op->arena),
				  .after = snapshot_limits(&l->limits, op->arena) };
	store_tenant_limit(op_unit(op, LANE_WRITE), l->row.id, &l->limits, was);
	op_changes(op, &change, 1, NULL);
	return op_db(op, limited);
}

static flow limited(struct op *op)
{
	struct limiting *l = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	if (store_tenant_limited(op->unit, 0))
		return answer(op, &l->row, &l->limits);
	if (++l->tries < OP_AGAIN_MAX)
		return op_again(op, l->tries, read_limits);
	return op_fail(op, ERR_CHANGED, NULL);
}
