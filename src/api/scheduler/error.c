/* The error bodies of the Scheduler API: {error, message, status, code, details}. */
#include "scheduler_int.h"

const char error_schema[] =
	"{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"string\",\"enum\":[\"bad_request\","
	"\"unauthorized\",\"forbidden\",\"not_found\",\"conflict\",\"validation_error\",\"rate_limited\","
	"\"internal_error\"]},\"message\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
	"\"code\":{\"type\":\"string\"},\"details\":{\"type\":\"array\",\"items\":"
	"{\"$ref\":\"#/components/schemas/Fault\"}}},"
	"\"required\":[\"error\",\"message\",\"status\",\"code\",\"details\"]}";

static const char *error_of(enum err e)
{
	switch (err_class(e)) {
	case CLASS_UNAUTHORIZED:
		return "unauthorized";
	case CLASS_FORBIDDEN:
		return "forbidden";
	case CLASS_NOT_FOUND:
	case CLASS_GONE:
		return "not_found";
	case CLASS_CONFLICT:
		return "conflict";
	case CLASS_INVALID:
		return "validation_error";
	case CLASS_LIMITED:
		return "rate_limited";
	case CLASS_MALFORMED:
	case CLASS_METHOD:
	case CLASS_TOO_LARGE:
	case CLASS_MEDIA_TYPE:
		return "bad_request";
	default:
		return "internal_error";
	}
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
