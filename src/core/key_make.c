/* Making keys, new ones and such as replace others. */
#include "base/crypto.h"
#include "core/auth.h"
#include "core/change.h"
#include "core/core_int.h"
#include "core/key_int.h"
#include "core/snapshot.h"
#include "store/tenant.h"

struct making {
	struct who asker; /* op->who becomes the tenant's */
	struct key_row row;
	struct slice key;
	struct tenant_row tenant;
	bool makes_tenant;
	struct key_row old; /* what it replaces, as it was read */
	usec_t old_expires;
	int tries;
};

static op_step made;

static struct making *new_making(struct op *op)
{
	struct making *m = arena_make(op->arena, struct making);

	m->asker = op->who;
	m->row.expires_at = m->row.revoked_at = m->row.last_used_at = USEC_NEVER;
	m->old_expires = m->old.expires_at = USEC_NEVER;
	op->state = m;
	return m;
}

static flow refuse_tenant(struct op *op)
{
	return op_fail(op, ERR_FORBIDDEN, "Only the operator's keys may name another tenant.");
}

/* --- whose --- */

/* What is not named is the asker's; a command has none. */
static struct slice or_default(const struct op *op, struct slice name)
{
	return name.p || !id_is_nil(op->who.tenant) ? name : SLICE_LIT(TENANT_OWN);
}

static struct tenant_names names_of(const struct op *op, const struct tenant_names *names)
{
	return (struct tenant_names){ or_default(op, names->organization),
				      or_default(op, names->tenant) };
}

static void find_tenant(struct op *op, const struct tenant_names *names)
{
	struct tenant_names n = names_of(op, names);

	store_tenant_find(op_unit(op, LANE_READ), n.organization, n.tenant, &op->who);
}

static void check_names(struct op *op, const struct tenant_names *names)
{
	static const char message[] =
		"A name has 1 to 64 letters, digits, points, underscores and hyphens, "
		"and is neither . nor .. alone.";

	if (names->tenant.p && !tenant_name_ok(names->tenant))
		json_fault(&op->faults, "tenant", "invalid_name", message);
	if (names->organization.p && !tenant_name_ok(names->organization))
		json_fault(&op->faults, "organization", "invalid_name", message);
	if (names->organization.p && !names->tenant.p && !id_is_nil(op->who.tenant))
		json_fault(&op->faults, "tenant", "required",
			   "Name the tenant, too: an organization has keys by its tenants.");
}

/* Only the operator learns whether another's tenant is there. */
static bool may_enter(const struct op *op, bool is_there, const struct tenant_row *row)
{
	return op->who.is_operator || (is_there && id_compare(row->id, op->who.tenant) == 0);
}

static void enter(struct op *op, const struct tenant_row *row)
{
	op->who.tenant = row->id;
	op->who.organization = row->organization;
	op->who.bucket = row->bucket;
}

struct entering {
	const struct tenant_names *names;
	op_step *next;
};

static flow entered(struct op *op)
{
	const struct entering *e = op->state;
	struct tenant_row row;
	bool is_there;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	is_there = store_tenant_found(op->unit, 0, &row);
	if (!may_enter(op, is_there, &row))
		return refuse_tenant(op);
	if (!is_there)
		return op_fail(op, ERR_NOT_FOUND, "There is no such tenant.");
	enter(op, &row);
	op->state = NULL;
	return e->next(op);
}

flow key_tenant(struct op *op, const struct tenant_names *names, op_step *next)
{
	struct entering *e = arena_make(op->arena, struct entering);

	check_names(op, names);
	if (op->faults.total)
		return op_invalid(op);
	e->names = names;
	e->next = next;
	op->state = e;
	find_tenant(op, names);
	return op_db(op, entered);
}

/* --- create --- */

static op_step tenant_read;

static flow read_tenant(struct op *op)
{
	find_tenant(op, &((const struct key_ask *)op->in)->names);
	return op_db(op, tenant_read);
}

static struct slice own_actions(struct op *op)
{
	return op->who.has_actions ? arena_slice(op->arena, slice_of(op->who.actions))
				   : (struct slice){ NULL, 0 };
}

flow key_create(struct op *op)
{
	const struct key_ask *ask = op->in;
	struct making *m = new_making(op);

	check_names(op, &ask->names);
	m->row.actions = ask->actions.items ? key_actions_text(op, &ask->actions) : own_actions(op);
	if (ask->expires_at <= op->now)
		json_fault(&op->faults, "expires_at", "out_of_range",
			   "This must be an instant that is still to come.");
	if (op->faults.total)
		return op_invalid(op);
	if (!key_actions_within(&op->who, m->row.actions))
		return op_fail(op, ERR_FORBIDDEN,
			       "A key cannot allow actions that the key it is made with does not.");
	m->row.name = ask->name;
	m->row.role = ask->role;
	m->row.expires_at = ask->expires_at;
	m->row.created_by = op->who.key;
	return read_tenant(op);
}

/* A new one is made with its first key; the names are there then. */
static void new_tenant(struct op *op, struct making *m)
{
	struct tenant_names n = names_of(op, &((const struct key_ask *)op->in)->names);

	m->makes_tenant = true;
	m->tenant = (struct tenant_row){ .id = id_new(op->now),
					 .organization = id_new(op->now),
					 .organization_name = n.organization.p
								    ? n.organization
								    : SLICE_LIT(TENANT_OWN),
					 .name = n.tenant,
					 .limits = { -1, -1, -1, -1 } };
	m->tenant.bucket = id_bucket(m->tenant.id);
}

static void write_key(struct op *op, struct making *m)
{
	struct change changes[3];
	struct key_view *view;
	struct key_new key = { &m->row, { NULL, 0 }, m->old_expires, m->old.expires_at, KEYS_MAX };
	uint8_t hash[SHA256_BYTES];
	struct key_row old = m->old;
	size_t n = 0;

	op_unit(op, LANE_WRITE);
	if (m->makes_tenant) {
		store_tenant_make(op->unit, &m->tenant, op->now);
		changes[n++] = (struct change){ .object = OBJECT_TENANT,
						.id = m->tenant.id,
						.what = "created",
						.after = snapshot_limits(&m->tenant.limits,
									 op->arena) };
	}
	changes[n++] = (struct change){ .object = OBJECT_KEY,
					.id = m->row.id,
					.what = "created",
					.after = key_snapshot(&m->row, op->arena) };
	if (!id_is_nil(old.id)) {
		old.expires_at = m->old_expires;
		changes[n++] = (struct change){ .object = OBJECT_KEY,
						.id = old.id,
						.what = "rotated",
						.before = key_snapshot(&m->old, op->arena),
						.after = key_snapshot(&old, op->arena) };
	}
	crypto_sha256(m->key, hash);
	key.hash = (struct slice){ (const char *)hash, sizeof(hash) };
	store_key_insert(op->unit, &key);
	view = key_view_of(&m->row, op->arena);
	view->key = m->key;
	op_changes(op, changes, n, view);
}

static flow make(struct op *op)
{
	struct making *m = op->state;
	char *key = arena_alloc(op->arena, KEY_TEXT_BYTES + 1);

	key_text_make(key);
	m->key = (struct slice){ key, KEY_TEXT_BYTES };
	m->row.prefix = (struct slice){ key, KEY_SHOWN };
	m->row.id = id_new(op->now);
	m->row.created_at = core_created(op->core, op->now);
	m->row.tenant = op->who.tenant;
	write_key(op, m);
	return op_db(op, made);
}

static flow tenant_read(struct op *op)
{
	struct making *m = op->state;
	bool is_there;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	is_there = store_tenant_found(op->unit, 0, &m->tenant);
	if (!may_enter(op, is_there, &m->tenant))
		return refuse_tenant(op);
	m->makes_tenant = false;
	if (!is_there)
		new_tenant(op, m);
	enter(op, &m->tenant);
	m->row.tenant_name = m->tenant.name;
	m->row.organization_name = m->tenant.organization_name;
	return make(op);
}

/* --- rotate --- */

static op_step old_read;

static flow read_old(struct op *op)
{
	store_key_get(op_unit(op, LANE_WRITE), op->ids[0], &op->who);
	return op_db(op, old_read);
}

flow key_rotate(struct op *op)
{
	(void)new_making(op);
	return read_old(op);
}

/* As long as the old one was to live. */
static usec_t span_from(const struct key_row *old, usec_t now)
{
	return old->expires_at == USEC_NEVER ? USEC_NEVER
					     : now + (old->expires_at - old->created_at);
}

static flow old_read(struct op *op)
{
	const struct key_rotate_ask *ask = op->in;
	struct making *m = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_key_got(op->unit, 0, &m->old))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (m->old.revoked_at != USEC_NEVER || m->old.expires_at <= op->now)
		return op_fail(op, ERR_KEY_ENDED, NULL);
	if (!key_actions_within(&op->who, m->old.actions))
		return op_fail(op, ERR_FORBIDDEN,
			       "A key cannot allow actions that the key it is made with does not.");
	m->old_expires = op->now + ask->overlap;
	if (m->old.expires_at < m->old_expires)
		m->old_expires = m->old.expires_at;
	m->row = m->old;
	m->row.replaces = m->old.id;
	m->row.created_by = op->who.key;
	m->row.last_used_at = USEC_NEVER;
	m->row.expires_at = span_from(&m->old, op->now);
	key_enter(op, &m->old);
	return make(op);
}

/* --- both --- */

static flow try_again(struct op *op, struct making *m)
{
	if (++m->tries >= OP_AGAIN_MAX)
		return op_fail(op, ERR_CHANGED, NULL);
	op->who = m->asker;
	return op_again(op, m->tries, id_is_nil(m->old.id) ? read_tenant : read_old);
}

static flow made(struct op *op)
{
	struct making *m = op->state;
	struct key_view *view;

	if (!id_is_nil(m->old.id))
		auth_forget(op->core, m->old.id);
	if (op->unit->outcome == DB_CONFLICT && m->makes_tenant)
		return try_again(op, m);
	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	switch (store_key_inserted(op->unit, m->makes_tenant ? 1 : 0)) {
	case KEY_DONE:
		view = key_view_of(&m->row, op->arena);
		view->key = m->key;
		return op_ok(op, view);
	case KEY_REFUSED:
		return op_fail(op, ERR_KEY_LIMIT, NULL);
	case KEY_CHANGED:
		break;
	}
	return try_again(op, m);
}
