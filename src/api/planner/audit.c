/* The audit trail of a tenant. */
#include "core/audit.h"

#include "api/scalars.h"
#include "base/crypto.h"
#include "http/types.h"
#include "planner_int.h"

#define LIST_DEFAULT 20

/* --- in --- */

struct in_audit {
	int object; /* enum object - 1; -1: any */
	struct slice ref, cursor;
	usec_t from, to;
	int64_t limit;
};

static void init_audit(void *object)
{
	*(struct in_audit *)object = (struct in_audit){
		.object = -1, .from = USEC_NEVER, .to = USEC_NEVER, .limit = LIST_DEFAULT
	};
}

static const struct field in_rows[] = {
	F_ENUM(in_audit, object, "object", &audit_objects[1]),
	F_STR(in_audit, ref, "ref", .min = 1),
	F_INSTANT(in_audit, from, "from"),
	F_INSTANT(in_audit, to, "to"),
	F_INT(in_audit, limit, "limit", .min = 1, .max = AUDIT_PAGE_MAX),
	F_STR(in_audit, cursor, "cursor"),
};
const struct shape in_audit_shape = SHAPE(in_audit, "AuditQuery", in_rows, .init = init_audit,
					  .present = NO_PRESENT);

bool check_range(struct op *op, usec_t from, usec_t to)
{
	if (from == USEC_NEVER || to == USEC_NEVER || from < to)
		return true;
	json_fault(&op->faults, "to", "end_before_start", "The end lies before the start.");
	return false;
}

flow pl_audit(struct op *op)
{
	const struct in_audit *in = op->in;
	struct audit_ask *ask = arena_make(op->arena, struct audit_ask);

	if (!check_range(op, in->from, in->to))
		return op_invalid(op);
	*ask = (struct audit_ask){ .object = (enum object)(in->object + 1),
				   .from = in->from,
				   .to = in->to,
				   .cursor = in->cursor,
				   .limit = in->limit };
	if (in->ref.p && !audit_ref_parse(in->ref, op->arena, &ask->object, &ask->ref)) {
		json_fault(&op->faults, "ref", "invalid_value",
			   "This must be the id of an object, like plan_..., or with object its "
			   "name.");
		return op_invalid(op);
	}
	op->in = ask;
	return audit_list(op);
}

/* --- out --- */

static const char *const ids_of_keys[] = { "key", NULL }, *const ids_of_entries[] = { "audit",
										      NULL };
static const char *const actors[] = { "", "key", "server", "command", NULL };

struct out_actor {
	int type; /* enum actor */
	struct uuid key;
	struct slice name;
};
struct out_entry {
	const struct audit_entry *e;
	int64_t block, position;
	struct uuid id;
	usec_t at;
	struct out_actor actor;
	struct slice request_id, ref, change, before, after, hash;
	int object;
	int64_t version; /* 0: none */
};

static const struct field actor_rows[] = {
	F_ENUM(out_actor, type, "type", actors),
	F_ID(out_actor, key, "id", ids_of_keys),
	F_STR(out_actor, name, "name"),
};
static const struct shape actor_shape = SHAPE(out_actor, "AuditActor", actor_rows);

static const struct field entry_rows[] = {
	F_INT(out_entry, block, "block"),
	F_INT(out_entry, position, "position"),
	F_ID(out_entry, id, "id", ids_of_entries),
	F_INSTANT(out_entry, at, "at"),
	F_OBJ(out_entry, actor, "actor", actor_shape),
	F_STR(out_entry, request_id, "request_id"),
	F_ENUM(out_entry, object, "object", &audit_objects[1]),
	F_STR(out_entry, ref, "ref"),
	F_TYPE(out_entry, version, "version", type_positive),
	F_STR(out_entry, change, "change"),
	F_RAW(out_entry, before, "before"),
	F_RAW(out_entry, after, "after"),
	F_STR(out_entry, hash, "hash"),
};
static const struct shape entry_shape = SHAPE(out_entry, "AuditEntry", entry_rows);

static const struct field page_rows[] = {
	F_LIST(audit_page, items, "entries", entry_shape),
	F_STR(audit_page, next_cursor, "next_cursor"),
};
const struct shape out_audit_shape = SHAPE(audit_page, "AuditList", page_rows);

static struct out_entry show_entry(const struct audit_entry *e, struct arena *a)
{
	char *hex = arena_alloc(a, 2 * e->hash.n + 1);
	struct slice name = e->actor_name;

	crypto_hex(e->hash.p, e->hash.n, hex);
	return (struct out_entry){
		.block = e->block,
		.position = e->position,
		.id = e->id,
		.at = e->at,
		.actor = { (int)e->actor, e->key, name.n ? name : (struct slice){ NULL, 0 } },
		.request_id = e->request_id,
		.object = (int)e->object - 1,
		.ref = audit_ref_print(e, a),
		.version = e->version,
		.change = e->what,
		.before = e->before,
		.after = e->after,
		.hash = slice_of(hex),
	};
}

void show_audit(struct op *op)
{
	const struct audit_page *page = op->out;
	const struct audit_entry *entries = page->items.items;
	struct audit_page *out = arena_make(op->arena, struct audit_page);
	struct out_entry *items = arena_array(op->arena, struct out_entry, page->items.n + 1);

	for (size_t i = 0; i < page->items.n; i++)
		items[i] = show_entry(&entries[i], op->arena);
	*out = (struct audit_page){ { items, page->items.n }, page->next_cursor };
	op->out = out;
}
