#include "core/key_own.h"

#include "base/crypto.h"
#include "core/change.h"
#include "core/key_int.h"
#include "core/key_text.h"

#define OWN_NAME SLICE_LIT("CARILLON_API_KEY")

static op_step was_read, ensured;

static struct slice hash_of(struct op *op)
{
	const struct slice *key = op->in;
	uint8_t *hash = arena_alloc(op->arena, SHA256_BYTES);

	crypto_sha256(*key, hash);
	return (struct slice){ (const char *)hash, SHA256_BYTES };
}

flow key_own_ensure(struct op *op)
{
	store_key_own(op_unit(op, LANE_READ), hash_of(op));
	return op_db(op, was_read);
}

static struct key_row new_row(const struct op *op)
{
	const struct slice *key = op->in;
	struct key_row row = { .id = id_new(op->now),
			       .tenant = op->who.tenant,
			       .bucket = op->who.bucket,
			       .name = OWN_NAME };

	if (key_text_check(*key) == KEY_TEXT_OURS)
		row.prefix = (struct slice){ key->p, KEY_SHOWN };
	return row;
}

static bool is_whole(const struct key_row *row)
{
	return row->role == ROLE_ADMIN && !row->actions.p && row->expires_at == USEC_NEVER
	    && row->revoked_at == USEC_NEVER;
}

/* What is said here is written only if the statement finds it as it was read: two processes that start at once make
 * one entry. */
static flow was_read(struct op *op)
{
	struct change change = { .object = OBJECT_KEY, .what = "created" };
	struct key_row row;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_INTERNAL);
	if (store_key_got_own(op->unit, 0, &row)) {
		if (is_whole(&row))
			return op_ok(op, NULL);
		change.what = "restored";
		change.before = key_snapshot(&row, op->arena);
	} else {
		row = new_row(op);
	}
	row.created_at = op->now;
	row.role = ROLE_ADMIN;
	row.actions = (struct slice){ NULL, 0 };
	row.expires_at = row.revoked_at = USEC_NEVER;
	change.id = row.id;
	change.after = key_snapshot(&row, op->arena);
	op->who.tenant = row.tenant;
	op->who.bucket = row.bucket;
	op->who.actor = ACTOR_SERVER;
	store_key_ensure(op_unit(op, LANE_WRITE), &row, hash_of(op));
	op_changes(op, &change, 1, NULL);
	return op_db(op, ensured);
}

static flow ensured(struct op *op)
{
	return op->unit->outcome == DB_OK ? op_ok(op, NULL) : op_db_fail(op, ERR_INTERNAL);
}
