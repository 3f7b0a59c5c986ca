/* Routes as data. A dialect is one struct dialect: its table of routes, its request and answer
 * shapes, and how its error bodies look. http/ finds the row, checks key and scope, decodes,
 * runs the operation, encodes. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "core/op.h"
#include "model/role.h"

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_COUNT };

enum {
	ROUTE_LIST = 1,      /* the body may be an array of `in` objects: at most ROUTE_LIST_MAX, 16 MiB */
	ROUTE_OPEN = 2,      /* needs no key */
	ROUTE_QUERY_KEY = 4, /* the key may come as ?api_key= */
	ROUTE_RAW = 8,       /* op->in is a struct route_raw, as it came; no `in`, and {..} is any text */
	ROUTE_MAKES = 16,    /* 201 instead of its status when the operation says op->is_made */
	ROUTE_TOKEN = 32,    /* ?token= is op->token */
	ROUTE_WHOLE = 64,    /* the body is op->body, one JSON value, not decoded; `in` describes it */
	ROUTE_REACHES = 128,/* it does more than write to the database: repeated, it must not be done twice */
	ROUTE_SECRET = 256   /* its answer has a secret in it, and is kept sealed */
};
#define ROUTE_LIST_MAX 10000

struct route_raw {
	struct slice params[2]; /* decoded */
	struct slice body;
};

struct route {
	enum method method;
	const char *path;        /* "/v1/schedules/{id}/tasks": {id} matches one segment */
	enum role role;          /* the least role that may call it */
	const struct shape *in;  /* POST, PUT, PATCH: the body. GET, DELETE: the query. NULL: none is accepted */
	op_step *run;
	const struct shape *out; /* NULL: no body */
	int status;              /* of success */
	unsigned flags;
	const char *ids[2];      /* the prefix of each {..}; an id that is not one of these is 404. "": a name,
				  * decoded into op->names */
	const char *summary;     /* for /openapi.json */
	/* Called once the operation has succeeded, before the answer is encoded: replaces
	 * op->out (what the core answers) by what `out` describes. NULL: it is that already. */
	void (*view)(struct op *op);
	/* Looks for faults that no single row can see, also when rows have found some: then what
	 * was faulty has its default. Adds to op->faults; NULL: there is nothing to look for. */
	void (*check)(struct op *op);
};

/* An error on its way out: everything a dialect's body may show. */
struct problem {
	enum err err;
	int status;
	const char *title;      /* reason phrase of the status */
	const char *detail;
	const char *request_id;
	const char *existing;   /* NULL, or the id that a conflict is with */
	const struct json_faults *faults; /* NULL when there are none */
};

struct dialect {
	const char *name;  /* "taskhook": for logs and the API document */
	const char *base;  /* "/v1": every path of it begins so; faults below it look like its own */
	const struct route *routes;
	int count;
	unsigned flags;    /* ROUTE_QUERY_KEY for all of it */
	const char *fault_type; /* content type of its error bodies */
	void (*fault)(const struct problem *p, struct strbuf *out);
	const char *fault_schema; /* of its error bodies, as JSON schema; NULL: they are problem_print()'s */
};

/* ,"name":[{field,code,message,position?,length?}]: every fault; nothing when there are none. */
void problem_print_faults(const struct problem *p, const char *name, struct strbuf *out);
int reply_status(enum err e); /* of its class */
/* RFC 9457 body: {type,title,status,detail,code,request_id,errors:[..]} (+ id). */
void problem_print(const struct problem *p, struct strbuf *out);

#endif
