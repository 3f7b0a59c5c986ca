/* Between schedule.c and schedule_change.c. */
#ifndef CORE_SCHEDULE_INT_H
#define CORE_SCHEDULE_INT_H

#include "core/schedule.h"
#include "store/schedule.h"

/* The wire's names for what can be wrong. */
struct wire_names {
	const char *spec, *zone, *end;
};

/* Compiles, and says what is wrong under the field's own name. False when there is a fault. */
bool schedule_compile(struct op *op, const struct schedule *s, const struct wire_names *names,
		      struct spec *out_spec);
/* A new template. */
void schedule_set_call(struct schedule *s, const struct call *call, struct op *op);
struct run_ref schedule_ref(const struct op *op, enum kind kind);
/* The schedule of the unit's first statement (store_schedule_get); NULL: it is not there. */
struct schedule *schedule_take(struct op *op, enum kind kind);
/* Ends the operation with its view. */
flow schedule_answer(struct op *op, const struct schedule *s);
/* Tells the engine when it is to be materialised. */
void schedule_wake(struct op *op, const struct schedule *s);

#endif
