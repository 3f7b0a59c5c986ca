/* API keys of a tenant. An admin has those of his own; the operator (an admin of TENANT_OWN's) those of all, and
 * makes tenants by naming them. The key itself is shown once and never stored. */
#ifndef CORE_KEY_H
#define CORE_KEY_H

#include "base/json.h"
#include "core/key_text.h"
#include "core/op.h"
#include "core/tenant.h"

enum {
	KEYS_MAX = 1000,      /* live ones, a tenant */
	KEY_PAGE = 100,
	KEY_PAGE_MAX = 1000,
	KEY_NAME_MAX = WHO_NAME_MAX - 1, /* bytes */
	KEY_ACTIONS_MAX = 64  /* patterns; together at most WHO_ACTIONS_MAX - 1 bytes, a comma after each */
};
#define KEY_OVERLAP DAY
#define KEY_OVERLAP_MAX (30 * DAY)

struct key_ask {
	struct slice name;
	enum role role;
	struct json_list actions; /* of struct slice; items NULL: as many as the asker has */
	struct tenant_names names; /* absent: the asker's; of commands: TENANT_OWN */
	usec_t expires_at;        /* USEC_NEVER: no end */
};
struct key_view {
	struct uuid id;
	struct slice key; /* where it was made, else absent */
	struct slice name, prefix, tenant, organization;
	enum role role;
	struct json_list actions; /* of struct slice; has_actions */
	bool has_actions;         /* false: every action */
	usec_t created_at, expires_at, revoked_at, last_used_at; /* USEC_NEVER: not */
	struct uuid created_by, replaces;
};
/* in: key_ask; out: key_view. ERR_FORBIDDEN: another's tenant, or actions that the asker has not. ERR_KEY_LIMIT */
op_step key_create;

struct key_list_ask {
	int64_t limit;
	struct slice cursor;
	struct tenant_names names;
};
struct key_page {
	struct json_list items;   /* of struct key_view, newest first; ended ones too */
	struct slice next_cursor; /* absent: that was all */
};
op_step key_list; /* in: key_list_ask; out: key_page */
op_step key_get;  /* ids[0]; out: key_view */
/* ids[0]; out: key_view. At once in this process, within AUTH_CACHE in others. One that is revoked already stays as
 * it is. ERR_FORBIDDEN: it allows actions that the asker has not. ERR_LAST_ADMIN_KEY: nobody could manage this
 * server's keys any more. */
op_step key_revoke;

struct key_rotate_ask {
	usec_t overlap; /* the old one is good for so long, unless it ends before that; 0 .. KEY_OVERLAP_MAX */
};
/* ids[0]; in: key_rotate_ask; out: key_view of a new key that is good for all the old one is, and for as long.
 * ERR_KEY_ENDED, ERR_KEY_LIMIT */
op_step key_rotate;

#endif
