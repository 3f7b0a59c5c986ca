/* Between run.c and run_control.c. */
#ifndef CORE_RUN_INT_H
#define CORE_RUN_INT_H

#include "core/run.h"
#include "store/run.h"

struct run_ref run_ref_of(const struct op *op, enum kind kind);
/* Ends the operation with this run, without its attempts. */
flow run_answer(struct op *op, const struct run *r);
/* Goes on as run_get: ends the operation with the run as it is now. */
flow run_get_kind(struct op *op, enum kind kind);
/* Tells the engine that a run is ready then. */
void run_poke(struct op *op, usec_t ready);

#endif
