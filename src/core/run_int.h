/* Between run.c and run_control.c. */
#ifndef CORE_RUN_INT_H
#define CORE_RUN_INT_H

#include "core/run.h"
#include "store/run.h"

struct run_ref run_ref_of(const struct op *op, enum kind kind);
/* A run without its attempts. NULL: what is stored cannot be read. */
struct run_view_full *run_view_of(struct op *op, const struct run *r);
/* A job's run with its attempts. */
struct job_run;
struct job_run_view *job_run_view_of(struct op *op, const struct job_run *row, const struct attempt *attempts,
				     size_t n);
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
