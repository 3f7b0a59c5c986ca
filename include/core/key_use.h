/* When each key was last used: remembered in memory and written once a minute (of the schedule clock), and when the
 * process drains; what cannot be written then is kept for the next time. What was used since is forgotten when the
 * process dies: it tells which keys nobody needs any more. */
#ifndef CORE_KEY_USE_H
#define CORE_KEY_USE_H

#include <stddef.h>

#include "base/usec.h"
#include "model/role.h"

struct core;
struct key_use;

enum { KEY_USE_MAX = 4096 /* keys between two writes; more are not remembered until then */ };
#define KEY_USE_EVERY MIN

struct key_use *key_use_new(struct core *core);
void key_use_free(struct key_use *u);

/* A request with this key. Without core->key_use nothing is remembered. */
void key_used(struct core *c, const struct who *who, usec_t now);
void key_use_flush(struct core *c);           /* writes what there is, now */
size_t key_use_pending(const struct core *c); /* keys used and not yet known to be written */

#endif
