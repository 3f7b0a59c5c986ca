/* Plans, as they are sent (plans.c) and shown (plans_show.c). */
#ifndef PLANNER_PLANS_INT_H
#define PLANNER_PLANS_INT_H

#include "core/plan.h"
#include "planner_int.h"
#include "when_int.h"

/* The document of a plan as it is stored: what was sent, byte for byte where it matters; appended to `out`. */
void plan_document(const struct schedule_view *v, struct arena *a, struct strbuf *out);

extern const char *const ids_of_plans[], *const plan_statuses[];

#endif
