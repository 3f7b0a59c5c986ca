/* The line is for people: it goes to a terminal as it is, and into the log otherwise. */
#include "api/echo.h"

#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "when/stamp.h"

#define BODY_SHOWN 160

/* What a terminal could take for a command becomes a point. */
static int plain(struct slice s, char *out, int max)
{
	int n = 0;

	for (; n < max && (size_t)n < s.n; n++)
		out[n] = (unsigned char)s.p[n] < ' ' || s.p[n] == 127 ? '.' : s.p[n];
	return n;
}

static flow show(struct op *op, const char *method)
{
	const struct route_raw *in = op->in;
	char name[ID_TEXT_MAX], body[BODY_SHOWN], stamp[STAMP_MAX];
	int name_n = plain(in->params[0], name, ID_TEXT_MAX),
	    body_n = plain(in->body, body, BODY_SHOWN);

	if (!isatty(STDERR_FILENO)) {
		log_event(LOG_INFO, "echo",
			  LOG_SLICE("name", ((struct slice){ name, (size_t)name_n })),
			  LOG_STR("method", method), LOG_INT("bytes", (int64_t)in->body.n),
			  LOG_SLICE("body", ((struct slice){ body, (size_t)body_n })));
		return op_ok(op, NULL);
	}
	stamp_print(op->now, stamp);
	log_flush();
	(void)fprintf(stderr, "%.8s echo %-5.*s %s %zu bytes %.*s%s\n", stamp + 11, name_n, name,
		      method, in->body.n, body_n, body, in->body.n > BODY_SHOWN ? "..." : "");
	return op_ok(op, NULL);
}

static flow show_get(struct op *op)
{
	return show(op, "GET");
}

static flow show_post(struct op *op)
{
	return show(op, "POST");
}

static flow show_put(struct op *op)
{
	return show(op, "PUT");
}

static flow show_patch(struct op *op)
{
	return show(op, "PATCH");
}

static flow show_delete(struct op *op)
{
	return show(op, "DELETE");
}

#define ROW(method, step)                                                      \
	{                                                                      \
		(method), "/echo/{name}", ROLE_NONE, NULL, (step), NULL, 200,  \
			ROUTE_OPEN | ROUTE_RAW, { "name" },                    \
			"Show a delivery in the server's terminal", NULL, NULL \
	}

static const struct route routes[] = {
	ROW(METHOD_GET, show_get),     ROW(METHOD_POST, show_post),     ROW(METHOD_PUT, show_put),
	ROW(METHOD_PATCH, show_patch), ROW(METHOD_DELETE, show_delete),
};

const struct dialect echo = {
	.name = "echo",
	.base = "/echo",
	.routes = routes,
	.count = (int)(sizeof(routes) / sizeof(routes[0])),
	.fault_type = "application/problem+json",
	.fault = problem_print,
};
