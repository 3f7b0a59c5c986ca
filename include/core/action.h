/* Actions: names for targets, which plans call. An action is resolved when a run of its plan is claimed, up to 1.5 s
 * before its instant: what is changed then holds for later runs and attempts. One that is deleted while a plan of it is
 * being made is not there when the plan runs: such a run fails (unknown_action). */
#ifndef CORE_ACTION_H
#define CORE_ACTION_H

#include "core/call.h"
#include "core/op.h"

enum {
	ACTION_NAME_MAX = 128,
	ACTIONS_MAX = 1000, /* a tenant */
	ACTION_PAGE_MAX = 100,
	ACTION_HEADERS_MAX = 32,
	ACTION_OPTIONS_MAX = 32768 /* bytes of options as stored */
};

struct action {
	struct slice name;
	struct call call; /* url, method, headers, secret and the former one, timeout, retry, is_object */
	int64_t rev;
	usec_t created_at, updated_at;
};

/* A name: letters, digits, '.', '_', '-', ':', 1 .. ACTION_NAME_MAX; not "." and "..". */
bool action_name_ok(struct slice name);

/* How a plan's call says its action: url "action:NAME". */
struct slice action_url(struct slice name, struct arena *a);
/* The name in such a url; absent: it is none. */
struct slice action_of_url(struct slice url);

/* For whoever is about to store a plan: adds the statement that looks for it (store_action_find of
 * store/action.h), for a name that is one. */
void action_look(const struct op *op, struct db_unit *u, struct slice name);
/* Is it there? stmt: the number of that statement in the unit. */
bool action_is_there(const struct db_unit *u, int stmt);

/* Faults of one that is sent, by the wire's names. */
void action_check(struct op *op, const struct action *in);

struct action_list_ask {
	int64_t limit;
	struct slice cursor; /* absent: from the first */
};
struct action_page {
	struct json_list items;   /* of struct action, by name */
	struct slice next_cursor; /* absent: this was the last page */
};

/* names[0]; in: struct action (its name is not read); out: action, op->is_made when it was not there. A secret or a
 * header's value that comes back masked (core/mask.h) keeps what it was. ERR_ACTION_LIMIT. Each of those that write:
 * ERR_ACTION_FORBIDDEN */
op_step action_put;
op_step action_get;    /* names[0]; out: action */
op_step action_list;   /* in: action_list_ask; out: action_page */
op_step action_delete; /* names[0]; out: action; ERR_ACTION_IN_USE when an active or inactive plan names it */
op_step action_secret; /* names[0]; out: struct secret_made (core/signing.h) */

#endif
