#include "core/key.h"

#include "base/crypto.h"
#include "core/auth.h"
#include "core/change.h"
#include "core/core_int.h"
#include "core/cursor.h"
#include "core/key_int.h"
#include "core/snapshot.h"
#include "store/key.h"

/* --- views --- */

struct key_view *key_view_of(const struct key_row *row, struct arena *a)
{
	struct key_view *v = arena_make(a, struct key_view);

	*v = (struct key_view){ .id = row->id,
				.name = row->name,
				.prefix = row->prefix,
				.tenant = row->tenant_name,
				.organization = row->organization_name,
				.role = row->role,
				.actions = key_actions_list(row->actions, a),
				.has_actions = row->actions.p,
				.created_at = row->created_at,
				.expires_at = row->expires_at,
				.revoked_at = row->revoked_at,
				.last_used_at = row->last_used_at,
				.created_by = row->created_by,
				.replaces = row->replaces };
	return v;
}

struct slice key_snapshot(const struct key_row *row, struct arena *a)
{
	return snapshot_key(&(struct snapshot_key){ .name = row->name,
						    .prefix = row->prefix,
						    .role = row->role,
						    .actions = row->actions,
						    .expires_at = row->expires_at,
						    .revoked_at = row->revoked_at },
			    a);
}

void key_enter(struct op *op, const struct key_row *row)
{
	op->who.tenant = row->tenant;
	op->who.organization = row->organization;
	op->who.bucket = row->bucket;
}

/* --- get and list --- */

static op_step got, listed;

flow key_get(struct op *op)
{
	store_key_get(op_unit(op, LANE_READ), op->ids[0], &op->who);
	return op_db(op, got);
}

static flow got(struct op *op)
{
	struct key_row row;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_key_got(op->unit, 0, &row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	return op_ok(op, key_view_of(&row, op->arena));
}

static const struct slice list_of = { "keys", 4 };

static flow read_page(struct op *op)
{
	const struct key_list_ask *ask = op->in;
	struct key_place place = { .most = (int32_t)ask->limit + 1 };
	struct cursor from;

	if (!cursor_parse(op, list_of, ask->cursor, &from))
		return op_invalid(op);
	place.before = from.at;
	place.before_id = from.id;
	store_key_page(op_unit(op, LANE_SLOW), op->who.tenant, &place);
	return op_db(op, listed);
}

flow key_list(struct op *op)
{
	const struct key_list_ask *ask = op->in;

	if (!ask->names.tenant.p && !ask->names.organization.p && !id_is_nil(op->who.tenant))
		return read_page(op);
	return key_tenant(op, &ask->names, read_page);
}

static flow listed(struct op *op)
{
	const struct key_list_ask *ask = op->in;
	struct key_page *page = arena_make(op->arena, struct key_page);
	struct key_view *views;
	struct key_row *rows;
	size_t n, shown;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_keys(op->unit, 0, &rows);
	shown = n < (size_t)ask->limit ? n : (size_t)ask->limit;
	views = arena_array(op->arena, struct key_view, shown);
	for (size_t i = 0; i < shown; i++)
		views[i] = *key_view_of(&rows[i], op->arena);
	page->items = (struct json_list){ views, shown };
	if (n > shown)
		page->next_cursor = cursor_print(
			op, list_of,
			&(struct cursor){ rows[shown - 1].created_at, rows[shown - 1].id });
	return op_ok(op, page);
}

/* --- revoke: what is read is what the trail says was there --- */

struct revoking {
	struct key_row row;
	int tries;
};
static op_step revoke_read, revoked;

static flow read_to_revoke(struct op *op)
{
	store_key_get(op_unit(op, LANE_WRITE), op->ids[0], &op->who);
	return op_db(op, revoke_read);
}

flow key_revoke(struct op *op)
{
	op->state = arena_make(op->arena, struct revoking);
	return read_to_revoke(op);
}

static flow revoke_read(struct op *op)
{
	struct revoking *r = op->state;
	struct key_row then;
	struct change change;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_key_got(op->unit, 0, &r->row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (!key_actions_within(&op->who, r->row.actions))
		return op_fail(op, ERR_FORBIDDEN,
			       "A key cannot revoke one that allows actions that it does not.");
	if (r->row.revoked_at != USEC_NEVER)
		return op_ok(op, key_view_of(&r->row, op->arena));
	then = r->row;
	then.revoked_at = op->now;
	key_enter(op, &r->row);
	change = (struct change){ .object = OBJECT_KEY,
				  .id = r->row.id,
				  .what = "revoked",
				  .before = key_snapshot(&r->row, op->arena),
				  .after = key_snapshot(&then, op->arena) };
	store_key_revoke(op_unit(op, LANE_WRITE), &r->row, op->now);
	op_changes(op, &change, 1, key_view_of(&then, op->arena));
	return op_db(op, revoked);
}

static flow revoked(struct op *op)
{
	struct revoking *r = op->state;

	auth_forget(op->core, r->row.id); /* also when it is not known whether it was written */
	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	switch (store_key_revoked(op->unit, 0)) {
	case KEY_DONE:
		r->row.revoked_at = op->now;
		return op_ok(op, key_view_of(&r->row, op->arena));
	case KEY_REFUSED:
		return op_fail(op, ERR_LAST_ADMIN_KEY, NULL);
	case KEY_CHANGED:
		break;
	}
	if (++r->tries < OP_AGAIN_MAX)
		return op_again(op, r->tries, read_to_revoke);
	return op_fail(op, ERR_CHANGED, NULL);
}
