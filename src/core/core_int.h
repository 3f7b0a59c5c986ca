/* Between the files of src/core. */
#ifndef CORE_INT_H
#define CORE_INT_H

#include "core/core.h"
#include "core/op.h"

/* For whatever else an operation can wait for: op_wait() in the step, op_resume() when it is
 * there. */
flow op_wait(struct op *op, op_step *next);
void op_resume(struct op *op);

struct auth_cache *auth_cache_new(void);
void auth_cache_free(struct auth_cache *c);

/* zones.c: looks whether the zone data on this machine have changed, from now on. */
struct zone_watch *zone_watch_new(struct core *core);
void zone_watch_free(struct zone_watch *w);

/* Batches of core/core.c. */
void run_fill(struct db_unit *u, const void *const *rows, size_t n);
bool run_stored(const struct db_unit *u, const void *row, int *cursor);
struct attempt;
struct attempt_view;
void attempt_view_fill(const struct attempt *from, struct arena *a, struct attempt_view *out);

void schedule_fill(struct db_unit *u, const void *const *rows, size_t n);
bool schedule_stored(const struct db_unit *u, const void *row, int *cursor);

#endif
