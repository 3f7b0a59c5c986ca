/* Private to src/api/planner: the steps and shapes of its routes. */
#ifndef PLANNER_INT_H
#define PLANNER_INT_H

#include "core/op.h"
#include "http/route.h"

/* --- preview.c --- */
extern const struct shape in_plan_preview_shape, out_plan_preview_shape;
void check_plan_preview(struct op *op);
op_step plan_preview;

#endif
