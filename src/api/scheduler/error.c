/* The error bodies of the Scheduler API: {error, message, status, code, details}. */
#include "scheduler_int.h"

const char error_schema[] =
	"{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"string\",\"enum\":[\"bad_request\","
	"\"unauthorized\",\"forbidden\",\"not_found\",\"conflict\",\"validation_error\",\"rate_limited\","
	"\"internal_error\"]},\"message\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
	"\"code\":{\"type\":\"string\"},\"details\":{\"type\":\"array\",\"items\":"
	"{\"$ref\":\"#/components/schemas/Fault\"}}},"
	"\"required\":[\"error\",\"message\",\"status\",\"code\",\"details\"]}";

/* By class; the rest is internal_error. */
static const char *const kinds[] = {
	[CLASS_UNAUTHORIZED] = "unauthorized", [CLASS_FORBIDDEN] = "forbidden",
	[CLASS_NOT_FOUND] = "not_found",       [CLASS_GONE] = "not_found",
	[CLASS_CONFLICT] = "conflict",         [CLASS_PRECONDITION] = "conflict",
	[CLASS_INVALID] = "validation_error",  [CLASS_LIMITED] = "rate_limited",
	[CLASS_MALFORMED] = "bad_request",     [CLASS_METHOD] = "bad_request",
	[CLASS_TOO_LARGE] = "bad_request",     [CLASS_MEDIA_TYPE] = "bad_request",
};

static const char *error_of(enum err e)
{
	size_t class = err_class(e);
	const char *kind = class < sizeof(kinds) / sizeof(kinds[0]) ? kinds[class] : NULL;

	return kind ? kind : "internal_error";
}

/* What is wrong with the values is said by the first of them. */
void error_print(const struct problem *p, struct strbuf *out)
{
	const struct json_fault *first = p->faults && p->faults->n ? p->faults->list : NULL;

	strbuf_addf(out, "{\"error\":\"%s\",\"message\":", error_of(p->err));
	strbuf_add_json(out, slice_of(first ? first->message : p->detail));
	strbuf_addf(out, ",\"status\":%d,\"code\":", p->status);
	strbuf_add_json(out, slice_of(first ? first->code : err_code(p->err)));
	if (first)
		problem_print_faults(p, "details", out);
	else
		strbuf_adds(out, ",\"details\":[]");
	strbuf_addc(out, '}');
}
