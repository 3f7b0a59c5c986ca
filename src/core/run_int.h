/* Between run.c and run_control.c. */
#ifndef CORE_RUN_INT_H
#define CORE_RUN_INT_H

#include "core/run.h"
#include "store/run.h"

struct run_ref run_ref_of(const struct op *op, enum kind kind);
/* Ends the operation with this run, without its attempts. */
flow run_answer(struct op *op, const struct run *r);
/* How a reader sees it. A claimed run whose time has not come is not shown as under way; one that failed before is
 * retrying. */
enum run_view run_status(const struct run *r, usec_t now);
/* As run_get_kind, of a job's run (job_run.c). */
flow job_run_look(struct op *op);
/* Goes on as run_get: ends the operation with the run as it is now. */
flow run_get_kind(struct op *op, enum kind kind);
/* Tells the engine that a run is ready then. */
void run_poke(struct op *op, usec_t ready);

#endif
