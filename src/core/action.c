/* Operations on actions. Each write reads the action first, decides, and replaces the revision that it read; else once
 * more from the start. */
#include "core/action.h"

#include "core/auth.h"
#include "core/change.h"
#include "core/core.h"
#include "core/core_int.h"
#include "core/etag.h"
#include "core/mask.h"
#include "core/signing.h"
#include "core/snapshot.h"
#include "io/fetch.h"
#include "store/action.h"

#define SCHEME "action:"

bool action_name_ok(struct slice name)
{
	return core_name_ok(name, "._-:", ACTION_NAME_MAX);
}

struct slice action_url(struct slice name, struct arena *a)
{
	return slice_of(arena_printf(a, SCHEME "%.*s", SLICE_ARG(name)));
}

struct slice action_of_url(struct slice url)
{
	size_t n = sizeof(SCHEME) - 1;

	if (!url.p || url.n <= n || memcmp(url.p, SCHEME, n) != 0)
		return (struct slice){ NULL, 0 };
	return (struct slice){ url.p + n, url.n - n };
}

static struct action_key key_of(const struct op *op, struct slice name)
{
	return (struct action_key){ op->who.bucket, op->who.tenant, name };
}

void action_look(const struct op *op, struct db_unit *u, struct slice name)
{
	struct action_key key = key_of(op, name);

	store_action_find(u, &key);
}

bool action_is_there(const struct db_unit *u, int stmt)
{
	return store_action_found(u, stmt);
}

/* False: what is stored cannot be read. */
static bool read_row(const struct action_row *row, struct arena *a, struct action *out)
{
	*out = (struct action){ .name = row->name,
				.rev = row->rev,
				.created_at = row->created_at,
				.updated_at = row->updated_at };
	return call_parse(row->url, row->options, (struct slice){ NULL, 0 }, a, &out->call);
}

static flow damaged(struct op *op)
{
	return op_fail(op, ERR_INTERNAL, "What is stored of an action cannot be read.");
}

static flow answer(struct op *op, const struct action *v)
{
	op->revision = v->rev;
	return op_ok(op, v);
}

/* --- get and list --- */

static op_step got, listed;

flow action_get(struct op *op)
{
	struct action_key key = key_of(op, op->names[0]);

	/* Such a one cannot be there; and not every name is text to the database. */
	if (!action_name_ok(key.name))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	store_action_get(op_unit(op, LANE_READ), &key);
	return op_db(op, got);
}

static flow got(struct op *op)
{
	struct action *v = arena_make(op->arena, struct action);
	struct action_row row;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_action_got(op->unit, 0, &row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	return read_row(&row, op->arena, v) ? answer(op, v) : damaged(op);
}

/* A cursor is the last name of the page before. */
flow action_list(struct op *op)
{
	const struct action_list_ask *ask = op->in;
	struct action_key behind = key_of(op, ask->cursor);

	if (ask->cursor.p && !action_name_ok(ask->cursor)) {
		json_fault(&op->faults, "cursor", "cursor_invalid",
			   "This is not the next_cursor of a page before.");
		return op_invalid(op);
	}
	store_action_page(op_unit(op, LANE_SLOW), &behind, (int32_t)ask->limit + 1);
	return op_db(op, listed);
}

static flow listed(struct op *op)
{
	const struct action_list_ask *ask = op->in;
	struct action_page *page = arena_make(op->arena, struct action_page);
	struct action_row *rows;
	struct action *views;
	size_t n, most = (size_t)ask->limit;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_actions(op->unit, 0, &rows);
	if (n > most) {
		n = most;
		page->next_cursor = rows[n - 1].name;
	}
	views = arena_array(op->arena, struct action, n + 1);
	for (size_t i = 0; i < n; i++)
		if (!read_row(&rows[i], op->arena, &views[i]))
			return damaged(op);
	page->items = (struct json_list){ views, n };
	return op_ok(op, page);
}

/* --- what is wrong with one --- */

void action_check(struct op *op, const struct action *in)
{
	const struct call *c = &in->call;
	const struct json_pair *pairs = c->headers.items;
	const char *message = c->url.p ? fetch_url_check(c->url, op->core->allow_private) : NULL;

	if (message)
		json_fault(&op->faults, c->is_object ? "target.url" : "target", "target_forbidden",
			   call_sentence(op->arena, message));
	if (c->secret.p && !call_secret_ok(c->secret))
		json_fault(&op->faults, "target.secret", "secret_invalid",
			   "A secret is \"whsec_\" and base64, or a text of 16 to 128 bytes.");
	if (c->retry.base_delay && c->retry.max_delay && c->retry.max_delay < c->retry.base_delay)
		json_fault(&op->faults, "retry.max_delay", "out_of_range",
			   "This must not be less than base_delay.");
	for (size_t i = 0; i < c->headers.n; i++) {
		message = call_header_check(&c->headers, i);
		if (message)
			json_fault(&op->faults,
				   arena_printf(op->arena, "target.headers.%.*s",
						SLICE_ARG(pairs[i].name)),
				   "header_invalid", call_sentence(op->arena, message));
	}
}

/* --- changes --- */

struct changing {
	struct action *old; /* NULL: it is not there */
	struct action *v;
	const void *out; /* what the operation answers */
	const char *what;
	op_step *decide;
	int tries;
};
static op_step change_read, change_write, change_written, put_decide, delete_decide, deleted,
	secret_decide;

static flow read_old(struct op *op)
{
	struct action_key key = key_of(op, op->names[0]);

	store_action_get(op_unit(op, LANE_WRITE), &key);
	return op_db(op, change_read);
}

static flow change(struct op *op, op_step *decide)
{
	struct changing *c = op->state = arena_make(op->arena, struct changing);

	if (!authorize_action(&op->who, op->names[0]))
		return op_fail(op, ERR_ACTION_FORBIDDEN, NULL);
	c->decide = decide;
	return read_old(op);
}

static flow change_read(struct op *op)
{
	struct changing *c = op->state;
	struct action_row row;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	c->old = NULL;
	if (store_action_got(op->unit, 0, &row)) {
		c->old = arena_make(op->arena, struct action);
		if (!read_row(&row, op->arena, c->old))
			return damaged(op);
	}
	if (c->old && !etag_matches(op->if_match, c->old->rev))
		return op_fail(op, ERR_PRECONDITION, NULL);
	return c->decide(op);
}

static struct slice snapshot_of(const struct action *v, struct arena *a)
{
	return v ? snapshot_action(v->call.url, call_print(&v->call, a), a)
		 : (struct slice){ NULL, 0 };
}

static void say(struct op *op, const char *what, const void *out)
{
	const struct changing *c = op->state;
	struct change change = { .object = OBJECT_ACTION,
				 .name = op->names[0],
				 .what = what,
				 .version = c->v ? c->v->rev : c->old->rev + 1,
				 .before = snapshot_of(c->old, op->arena),
				 .after = snapshot_of(c->v, op->arena) };

	op_changes(op, &change, 1, out);
}

/* c->v in the place of c->old. */
static flow change_write(struct op *op)
{
	struct changing *c = op->state;
	struct action_key key = key_of(op, op->names[0]);
	struct action_row row;
	struct db_unit *u;

	c->v->rev = c->old ? c->old->rev + 1 : 1;
	c->v->updated_at = op->now;
	c->v->created_at = c->old ? c->old->created_at : op->now;
	row = (struct action_row){ .url = c->v->call.url,
				   .options = call_print(&c->v->call, op->arena),
				   .rev = c->v->rev,
				   .updated_at = op->now };
	if (row.options.n > ACTION_OPTIONS_MAX)
		json_fault(&op->faults, "target.headers", "too_long",
			   "What an action says about its target takes at most 32 KiB.");
	if (op->faults.total)
		return op_invalid(op);
	op->is_made = !c->old;
	op->revision = c->out == c->v ? c->v->rev : 0;
	say(op, c->what, c->out);
	u = op_unit(op, LANE_WRITE);
	if (c->old)
		store_action_update(u, &key, &row);
	else
		store_action_insert(u, &key, &row, ACTIONS_MAX);
	return op_db(op, change_written);
}

static flow again(struct op *op)
{
	struct changing *c = op->state;

	if (++c->tries < OP_AGAIN_MAX)
		return op_again(op, c->tries, read_old);
	return op_fail(op, ERR_CHANGED, NULL);
}

static flow change_written(struct op *op)
{
	struct changing *c = op->state;
	enum action_end end;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	if (c->old)
		end = store_action_updated(op->unit, 0) ? ACTION_MADE : ACTION_EXISTS;
	else
		end = store_action_inserted(op->unit, 0);
	if (end == ACTIONS_FULL)
		return op_fail(op, ERR_ACTION_LIMIT, NULL);
	return end == ACTION_MADE ? op_ok(op, c->out) : again(op);
}

flow action_put(struct op *op)
{
	if (!action_name_ok(op->names[0])) {
		json_fault(&op->faults, "name", "invalid_name",
			   "A name has 1 to 128 letters, digits, points, underscores, hyphens and "
			   "colons, and is neither . nor .. alone.");
		return op_invalid(op);
	}
	return change(op, put_decide);
}

static flow put_decide(struct op *op)
{
	struct changing *c = op->state;
	struct call *call;

	if (!c->old && op->if_match.p)
		return op_fail(op, ERR_PRECONDITION, NULL);
	c->v = arena_make(op->arena, struct action);
	*c->v = *(const struct action *)op->in;
	c->v->name = op->names[0];
	call = &c->v->call;
	if (c->old) {
		const struct call *was = &c->old->call;

		mask_keep(&call->secret, was->secret, op->arena);
		call->headers = mask_keep_headers(op, "target.headers",
						  &(struct mask_target){ call->url, call->headers },
						  &(struct mask_target){ was->url, was->headers });
		call->former = signing_former(call->secret, was->secret, &was->former, op->now);
	}
	action_check(op, c->v);
	c->out = c->v;
	c->what = c->old ? "changed" : "created";
	return change_write(op);
}

flow action_secret(struct op *op)
{
	if (!action_name_ok(op->names[0]))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	return change(op, secret_decide);
}

static flow secret_decide(struct op *op)
{
	struct changing *c = op->state;
	struct secret_made *made = arena_make(op->arena, struct secret_made);
	struct call *call;

	if (!c->old)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	c->v = arena_make(op->arena, struct action);
	*c->v = *c->old;
	call = &c->v->call;
	call->is_object = true;
	call->secret = signing_secret_new(op->arena);
	call->former = signing_former(call->secret, c->old->call.secret, &c->old->call.former,
				      op->now);
	*made = (struct secret_made){ call->secret,
				      call->former.secret.p ? call->former.until : USEC_NEVER };
	c->out = made;
	c->what = "rotated";
	return change_write(op);
}

/* --- delete --- */

flow action_delete(struct op *op)
{
	if (!action_name_ok(op->names[0]))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	return change(op, delete_decide);
}

static flow delete_decide(struct op *op)
{
	struct changing *c = op->state;
	struct action_key key = key_of(op, op->names[0]);

	if (!c->old)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	say(op, "deleted", c->old);
	store_action_delete(op_unit(op, LANE_WRITE), &key, c->old->rev);
	return op_db(op, deleted);
}

static flow deleted(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	switch (store_action_deleted(op->unit, 0)) {
	case ACTION_GONE:
		return op_ok(op, c->old);
	case ACTION_USED:
		return op_fail(op, ERR_ACTION_IN_USE, NULL);
	case ACTION_CHANGED:
		break;
	}
	return again(op);
}
