/* Between core/key.c, core/key_make.c, core/key_own.c and core/key_actions.c. */
#ifndef CORE_KEY_INT_H
#define CORE_KEY_INT_H

#include "core/key.h"
#include "store/key.h"

struct key_view *key_view_of(const struct key_row *row, struct arena *a);
struct slice key_snapshot(const struct key_row *row, struct arena *a);
/* op->who is of the key's tenant from here on, so that the trail's entry is its tenant's. */
void key_enter(struct op *op, const struct key_row *row);
/* Likewise by name: the asker's own, or, of an operator, another's, which must be there. ERR_FORBIDDEN for others. */
flow key_tenant(struct op *op, const struct tenant_names *names, op_step *next);

/* --- key_actions.c: patterns of actions as they are stored, a comma after each --- */

/* Faults of a list that is sent; else as it is stored. */
struct slice key_actions_text(struct op *op, const struct json_list *patterns);
/* Absent: an empty list. */
struct json_list key_actions_list(struct slice text, struct arena *a);
/* Does `who` have everything that this allows? An absent text allows every action. */
bool key_actions_within(const struct who *who, struct slice text);

#endif
