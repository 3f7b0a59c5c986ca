/* Private to src/api/planner: the steps and shapes of its routes. */
#ifndef PLANNER_INT_H
#define PLANNER_INT_H

#include "core/op.h"
#include "http/route.h"

/* --- preview.c --- */
extern const struct shape in_plan_preview_shape, out_plan_preview_shape;
void check_plan_preview(struct op *op);
op_step plan_preview;

/* --- plans.c, plans_list.c, plans_show.c --- */
extern const struct shape plan_document_shape, plan_patch_shape, in_plans_shape, in_stored_preview_shape;
extern const struct shape in_history_shape;
extern const struct shape out_plan_shape, out_plans_shape, out_stored_preview_shape, out_history_shape;
op_step pl_plan_create, pl_plan_put, pl_plan_patch, pl_plans, pl_stored_preview, pl_history;
void show_plan(struct op *op);
void show_new_plan(struct op *op);
void show_plans(struct op *op);
void show_history(struct op *op);

/* --- plan_runs.c --- */
extern const struct shape in_plan_runs_shape, out_plan_run_shape, out_plan_runs_shape;
op_step pl_plan_runs;
void show_plan_run(struct op *op);
void show_plan_runs(struct op *op);

/* --- actions.c --- */
extern const struct shape in_action_shape, in_actions_shape, out_action_shape, out_actions_shape;
extern const struct shape out_action_deleted_shape;
op_step pl_action_put;
void check_action(struct op *op);
void show_action(struct op *op);
void show_actions(struct op *op);

/* --- audit.c --- */
extern const struct shape in_audit_shape, out_audit_shape;
op_step pl_audit;
/* Of a list, `to` exclusive; USEC_NEVER: open. False: it is said in op->faults. */
bool check_range(struct op *op, usec_t from, usec_t to);
void show_audit(struct op *op);

/* --- usage.c --- */
extern const struct shape out_usage_shape;
void show_usage(struct op *op);

#endif
