/* Between the files of src/core. */
#ifndef CORE_INT_H
#define CORE_INT_H

#include "core/core.h"
#include "core/op.h"

/* For whatever else an operation can wait for: op_wait() in the step, op_resume() when it is
 * there. */
flow op_wait(struct op *op, op_step *next);
void op_resume(struct op *op);
/* Somebody was quicker: `next` after a short random time, longer with each of the tries so far
 * (1 ...), so that many who change one thing at once get in one after the other. */
flow op_again(struct op *op, int tries, op_step *next);
/* Ends the operation as it stands. */
flow op_end(struct op *op);
#define OP_AGAIN_MAX 20 /* tries; some seconds */

struct auth_cache *auth_cache_new(void);
void auth_cache_free(struct auth_cache *c);

/* zones.c: looks whether the zone data on this machine have changed, from now on. */
struct zone_watch *zone_watch_new(struct core *core);
void zone_watch_free(struct zone_watch *w);

/* A name that may stand in a path: letters, digits and these signs, 1 .. max; not "." and "..", which a
 * path drops before it is sent. */
bool core_name_ok(struct slice name, const char *signs, size_t max);

/* Batches of core/core.c. */
void run_fill(struct db_unit *u, const void *const *rows, size_t n);
bool run_stored(const struct db_unit *u, const void *row, int *cursor);
struct attempt;
struct attempt_view;
void attempt_view_fill(const struct attempt *from, struct arena *a, struct attempt_view *out);

void schedule_fill(struct db_unit *u, const void *const *rows, size_t n);
bool schedule_stored(const struct db_unit *u, const void *row, int *cursor);

#endif
