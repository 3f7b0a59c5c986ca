/* Tenants: an organization has some, and everything else belongs to one. `default` of `default` is the one that runs
 * this server; its admins may name others. */
#ifndef CORE_TENANT_H
#define CORE_TENANT_H

#include "base/json.h"
#include "core/op.h"

enum { TENANT_NAME_MAX = 64, TENANTS_SHOWN_MAX = 10000 };
#define TENANT_OWN "default" /* organization and tenant */

/* A name of either: letters, digits, '.', '_', '-', 1 .. TENANT_NAME_MAX. */
bool tenant_name_ok(struct slice name);

struct tenant_names {
	struct slice organization, tenant;
};
/* From here on op->who is of that tenant; the actor stays who he is. For commands: both absent names are
 * TENANT_OWN. Ends op with ERR_NOT_FOUND when there is none. op->in may be anything; the names must live as long as
 * op does. */
flow tenant_enter(struct op *op, const struct tenant_names *names, op_step *next);

struct tenant_view {
	struct slice organization, name;
	struct uuid id;
	struct limits limits; /* -1: as the settings say */
	int64_t keys;         /* live ones */
	usec_t created_at;
};
op_step tenant_list; /* of commands; out: struct json_list of tenant_view, by name, at most TENANTS_SHOWN_MAX */

/* -1: as the settings say; TENANT_LIMIT_KEEP: as it is. */
#define TENANT_LIMIT_KEEP (-2)
struct tenant_limit_ask {
	struct tenant_names names;
	struct limits limits;
};
op_step tenant_limit; /* of commands; in: struct tenant_limit_ask; out: struct tenant_view */

#endif
