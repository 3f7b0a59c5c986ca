#include "core/audit.h"

#include <endian.h>

#include "core/chain.h"
#include "core/cursor.h"
#include "core/run.h"
#include "core/snapshot.h"
#include "when/stamp.h"

#include "audit_int.h"

#define SCAN_MAX 10000 /* entries that are looked at for one page when not every one is wanted */
#define ORDER_OFF (2 * MIN) /* how far instants and the order of entries differ, at most */

/* --- names of objects --- */

const char *const audit_objects[] = { "",          "schedule", "run",     "calendar",
				      "agent",     "action",   "channel", "chain",
				      "chain_run", "key",      "tenant",  NULL };

/* Of those that go by an id. Of a schedule or run it is its kind's: any of these may be written. */
static const struct {
	const char *prefix;
	enum object object;
} prefixes[] = {
	{ "schedule", OBJECT_SCHEDULE },
	{ "job", OBJECT_SCHEDULE },
	{ "plan", OBJECT_SCHEDULE },
	{ "task", OBJECT_RUN },
	{ "run", OBJECT_RUN },
	{ CHAIN_PREFIX, OBJECT_CHAIN },
	{ CHAIN_RUN_PREFIX, OBJECT_CHAIN_RUN },
	{ "key", OBJECT_KEY },
	{ "tenant", OBJECT_TENANT },
};
#define PREFIXES (sizeof(prefixes) / sizeof(prefixes[0]))
#define UUID_TEXT 36

static bool goes_by_name(enum object object)
{
	return object >= OBJECT_CALENDAR && object <= OBJECT_CHANNEL;
}

bool audit_ref_parse(struct slice text, struct arena *a, enum object *object, struct slice *out_ref)
{
	struct uuid id;

	for (size_t i = 0; i < PREFIXES; i++) {
		if ((*object && *object != prefixes[i].object)
		    || !id_parse(prefixes[i].prefix, text, &id))
			continue;
		*object = prefixes[i].object;
		*out_ref = audit_ref(id, a);
		return true;
	}
	*out_ref = text;
	return goes_by_name(*object);
}

/* False: it is no uuid's text. */
static bool read_uuid(struct slice text, struct uuid *out)
{
	size_t n = 0;

	if (text.n != UUID_TEXT)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		int digit = hex_digit(text.p[i]);

		if (text.p[i] == '-')
			continue;
		if (digit < 0 || n >= 2 * sizeof(out->b))
			return false;
		out->b[n / 2] = (uint8_t)(n % 2 ? out->b[n / 2] | digit : digit << 4);
		n++;
	}
	return n == 2 * sizeof(out->b);
}

static const char *prefix_of(const struct audit_entry *e)
{
	enum kind kind = snapshot_kind(e->after.p ? e->after : e->before);

	if (kind && e->object == OBJECT_SCHEDULE)
		return schedule_prefix(kind);
	if (kind && e->object == OBJECT_RUN)
		return run_prefix(kind);
	for (size_t i = 0; i < PREFIXES; i++)
		if (prefixes[i].object == e->object)
			return prefixes[i].prefix;
	return NULL;
}

struct slice audit_ref_print(const struct audit_entry *e, struct arena *a)
{
	const char *prefix = prefix_of(e);
	char *text = arena_alloc(a, ID_TEXT_MAX);
	struct uuid id;

	if (!prefix || !read_uuid(e->ref, &id))
		return e->ref;
	return (struct slice){ text, id_print(prefix, id, text) };
}

/* --- the list --- */

struct listing {
	struct audit_range range;
	struct slice of;
	size_t limit;
};
static op_step bounded, listed;

/* The block orders the list; the position is in the first bytes of the cursor's id. */
static struct slice print_place(const struct op *op, const struct listing *l,
				const struct audit_place *p)
{
	struct cursor c = { .at = p->block };
	uint32_t position = htobe32((uint32_t)p->position);

	memcpy(c.id.b, &position, sizeof(position));
	return cursor_print(op, l->of, &c);
}

static bool parse_place(struct op *op, const struct listing *l, struct slice text,
			struct audit_place *out)
{
	struct cursor c;
	uint32_t position;

	*out = (struct audit_place){ INT64_MAX, INT32_MAX };
	if (!text.p)
		return true;
	if (!cursor_parse(op, l->of, text, &c))
		return false;
	memcpy(&position, c.id.b, sizeof(position));
	*out = (struct audit_place){ c.at, (int32_t)be32toh(position) };
	return true;
}

static flow read_list(struct op *op)
{
	const struct listing *l = op->state;

	store_audit_page(op_unit(op, LANE_SLOW), &l->range);
	return op_db(op, listed);
}

/* Entries are kept in the order of their blocks: a span of time becomes one of blocks, somewhat wider, and each
 * entry of it is then looked at. */
static flow find_bounds(struct op *op)
{
	const struct listing *l = op->state;
	struct db_unit *u = op_unit(op, LANE_SLOW);

	store_audit_block_at(u, &l->range, l->range.from - ORDER_OFF);
	store_audit_block_at(u, &l->range, l->range.to + ORDER_OFF);
	return op_db(op, bounded);
}

static flow bounded(struct op *op)
{
	struct listing *l = op->state;
	int64_t end;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (store_audit_block_got(op->unit, 0, &l->range.first)
	    && store_audit_block_got(op->unit, 1, &end) && end < l->range.behind.block)
		l->range.behind = (struct audit_place){ end, 0 };
	return read_list(op);
}

flow audit_list(struct op *op)
{
	const struct audit_ask *in = op->in;
	struct listing *l = arena_make(op->arena, struct listing);
	bool has_span = in->from != USEC_NEVER || in->to != USEC_NEVER;

	l->limit = (size_t)in->limit;
	l->of = slice_of(arena_printf(op->arena, "audit %d %lld %lld %.*s", (int)in->object,
				      (long long)in->from, (long long)in->to, SLICE_ARG(in->ref)));
	l->range = (struct audit_range){
		.bucket = op->who.bucket,
		.tenant = op->who.tenant,
		.object = (int16_t)in->object,
		.ref = in->ref,
		.from = in->from == USEC_NEVER ? 0 : in->from,
		.to = in->to == USEC_NEVER ? STAMP_LAST : in->to,
		.most = (int32_t)in->limit + 1,
		.scan = in->object || has_span ? SCAN_MAX : (int32_t)in->limit + 1,
	};
	if (!parse_place(op, l, in->cursor, &l->range.behind))
		return op_invalid(op);
	op->state = l;
	return has_span ? find_bounds(op) : read_list(op);
}

static struct audit_entry entry_of(const struct audit_row *r)
{
	return (struct audit_entry){
		.block = r->block,
		.position = r->position,
		.id = r->id,
		.at = r->at,
		.actor = (enum actor)r->actor,
		.key = r->key,
		.actor_name = r->actor_name,
		.request_id = r->request_id,
		.object = (enum object)r->object,
		.ref = r->ref,
		.version = r->version,
		.what = r->change,
		.before = r->before,
		.after = r->after,
		.hash = r->hash,
	};
}

struct json_list audit_entries(const struct audit_row *rows, size_t n, struct arena *a)
{
	struct audit_entry *entries = arena_array(a, struct audit_entry, n + 1);

	for (size_t i = 0; i < n; i++)
		entries[i] = entry_of(&rows[i]);
	return (struct json_list){ entries, n };
}

static flow listed(struct op *op)
{
	const struct listing *l = op->state;
	struct audit_page *page = arena_make(op->arena, struct audit_page);
	struct audit_place end;
	struct audit_row *rows;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_audit_paged(op->unit, 0, &l->range, &rows, &end);
	if (n > l->limit) {
		const struct audit_row *last = &rows[l->limit - 1];

		n = l->limit;
		end = (struct audit_place){ last->block, last->position };
	}
	page->items = audit_entries(rows, n, op->arena);
	if (end.block)
		page->next_cursor = print_place(op, l, &end);
	return op_ok(op, page);
}
