/* The routes of the Scheduler API. */
#include "api/scheduler.h"

#include "scheduler_int.h"

static const struct route routes[] = {
	{ .method = METHOD_GET,
	  .path = "/api/scheduler/validate",
	  .role = ROLE_VIEWER,
	  .in = &in_validate_shape,
	  .run = validate,
	  .out = &out_validate_shape,
	  .status = 200,
	  .summary = "Is this schedule good, when would it run, and what is odd about it?",
	  .view = show_validate,
	  .check = validate_faults },
	{ .method = METHOD_POST,
	  .path = "/api/scheduler/parse-nl",
	  .role = ROLE_VIEWER,
	  .in = &in_words_shape,
	  .run = parse_nl,
	  .out = &out_words_shape,
	  .status = 200,
	  .summary = "A schedule from plain English",
	  .view = show_words },
};

const struct dialect scheduler = {
	.name = "scheduler",
	.base = "/api/scheduler",
	.routes = routes,
	.count = (int)(sizeof(routes) / sizeof(routes[0])),
	.fault_type = "application/json",
	.fault = error_print,
	.fault_schema = error_schema,
};

void scheduler_print_validation(struct op *op, struct strbuf *out)
{
	show_validate(op);
	json_encode(&out_validate_shape, op->out, out);
}

void scheduler_print_words(struct op *op, struct strbuf *out)
{
	show_words(op);
	json_encode(&out_words_shape, op->out, out);
}
