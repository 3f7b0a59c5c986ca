/* Keys: sent and shown. */
#include "auth_int.h"
#include "http/types.h"

const char *const key_roles[] = { "viewer", "operator", "editor", "admin", NULL };
static const char *const key_prefix[] = { "key" };

/* --- in --- */

struct in_key {
	struct slice name;
	int role; /* key_roles */
	struct json_list actions;
	struct slice tenant, organization;
	usec_t expires_at;
};

static void init_key(void *object)
{
	((struct in_key *)object)->expires_at = USEC_NEVER;
}

#define NULLABLE .flags = FIELD_NULLABLE
static const struct field in_key_rows[] = {
	F_STR(in_key, name, "name", .flags = FIELD_NEEDED, .min = 1, .max = KEY_NAME_MAX),
	F_ENUM(in_key, role, "role", key_roles, .flags = FIELD_NEEDED),
	F_STRS(in_key, actions, "actions", NULLABLE, .max = KEY_ACTIONS_MAX),
	F_STR(in_key, tenant, "tenant", NULLABLE),
	F_STR(in_key, organization, "organization", NULLABLE),
	F_INSTANT(in_key, expires_at, "expires_at", NULLABLE),
};
const struct shape in_key_shape = SHAPE(in_key, "KeyInput", in_key_rows, .present = NO_PRESENT,
					.init = init_key);

static void init_keys(void *object)
{
	((struct key_list_ask *)object)->limit = KEY_PAGE;
}

static const struct field in_keys_rows[] = {
	F_INT(key_list_ask, limit, "limit", .min = 1, .max = KEY_PAGE_MAX),
	F_STR(key_list_ask, cursor, "cursor"),
	F_STR(key_list_ask, names.tenant, "tenant"),
	F_STR(key_list_ask, names.organization, "organization"),
};
const struct shape in_keys_shape = SHAPE(key_list_ask, "KeyQuery", in_keys_rows,
					 .present = NO_PRESENT, .init = init_keys);

static void init_rotate(void *object)
{
	((struct key_rotate_ask *)object)->overlap = KEY_OVERLAP;
}

static const struct field in_rotate_rows[] = {
	F_SECONDS(key_rotate_ask, overlap, "overlap", .min = 0, .max = KEY_OVERLAP_MAX),
};
const struct shape in_rotate_shape = SHAPE(key_rotate_ask, "KeyRotation", in_rotate_rows,
					   .present = NO_PRESENT, .init = init_rotate);

flow auth_key_create(struct op *op)
{
	const struct in_key *in = op->in;
	struct key_ask *ask = arena_make(op->arena, struct key_ask);

	*ask = (struct key_ask){ .name = in->name,
				 .role = (enum role)(in->role + 1),
				 .actions = in->actions,
				 .names = { in->organization, in->tenant },
				 .expires_at = in->expires_at };
	op->in = ask;
	return key_create(op);
}

/* --- out --- */

struct out_key {
	struct uuid id;
	struct slice key, name;
	int role;
	struct json_list actions;
	struct slice prefix, tenant, organization;
	usec_t created_at, expires_at, last_used_at, revoked_at;
	struct uuid created_by, replaces;
	uint64_t present;
};

enum { ROW_ACTIONS = 4 };
static const struct field out_key_rows[] = {
	F_ID(out_key, id, "id", key_prefix),
	F_STR(out_key, key, "key", .flags = FIELD_OPTIONAL),
	F_STR(out_key, name, "name"),
	F_ENUM(out_key, role, "role", key_roles),
	[ROW_ACTIONS] = F_STRS(out_key, actions, "actions", .flags = FIELD_PRESENT),
	F_NONE("actions"),
	F_STR(out_key, prefix, "prefix"),
	F_STR(out_key, tenant, "tenant"),
	F_STR(out_key, organization, "organization"),
	F_INSTANT(out_key, created_at, "created_at"),
	F_INSTANT(out_key, expires_at, "expires_at"),
	F_INSTANT(out_key, last_used_at, "last_used_at"),
	F_INSTANT(out_key, revoked_at, "revoked_at"),
	F_ID(out_key, created_by, "created_by", key_prefix),
	F_ID(out_key, replaces, "replaces", key_prefix),
};
const struct shape out_key_shape = SHAPE(out_key, "Key", out_key_rows,
					 .present = offsetof(struct out_key, present));

struct out_keys {
	struct json_list items;
	struct slice next_cursor;
};
static const struct field out_keys_rows[] = {
	F_LIST(out_keys, items, "keys", out_key_shape),
	F_STR(out_keys, next_cursor, "next_cursor"),
};
const struct shape out_keys_shape = SHAPE(out_keys, "KeyList", out_keys_rows,
					  .present = NO_PRESENT);

static void show(const struct key_view *v, struct out_key *out)
{
	*out = (struct out_key){ .id = v->id,
				 .key = v->key,
				 .name = v->name,
				 .role = (int)v->role - 1,
				 .actions = v->actions,
				 .prefix = v->prefix,
				 .tenant = v->tenant,
				 .organization = v->organization,
				 .created_at = v->created_at,
				 .expires_at = v->expires_at,
				 .last_used_at = v->last_used_at,
				 .revoked_at = v->revoked_at,
				 .created_by = v->created_by,
				 .replaces = v->replaces,
				 .present = v->has_actions ? ~(uint64_t)0
							   : ~((uint64_t)1 << ROW_ACTIONS) };
}

const void *auth_show_key(const struct key_view *v, struct arena *a)
{
	struct out_key *out = arena_make(a, struct out_key);

	show(v, out);
	return out;
}

void auth_show_one(struct op *op)
{
	op->out = auth_show_key(op->out, op->arena);
}

void auth_show_page(struct op *op)
{
	const struct key_page *page = op->out;
	const struct key_view *views = page->items.items;
	struct out_keys *out = arena_make(op->arena, struct out_keys);
	struct out_key *items = arena_array(op->arena, struct out_key, page->items.n);

	for (size_t i = 0; i < page->items.n; i++)
		show(&views[i], &items[i]);
	*out = (struct out_keys){ { items, page->items.n }, page->next_cursor };
	op->out = out;
}
