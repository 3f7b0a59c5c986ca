/* The routes of the Planner API. */
#include "api/planner.h"

#include "planner_int.h"

static const struct route routes[] = {
	{ .method = METHOD_POST,
	  .path = "/api/v1/plans/preview",
	  .role = ROLE_VIEWER,
	  .in = &in_plan_preview_shape,
	  .run = plan_preview,
	  .out = &out_plan_preview_shape,
	  .status = 200,
	  .summary = "When would such a plan be executed? Stores nothing",
	  .check = check_plan_preview },
};

const struct dialect planner = {
	.name = "planner",
	.base = "/api/v1",
	.routes = routes,
	.count = (int)(sizeof(routes) / sizeof(routes[0])),
	.fault_type = "application/problem+json",
	.fault = problem_print,
};
