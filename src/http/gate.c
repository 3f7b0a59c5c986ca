/* What a request passes before its operation runs, in this order: key, limits, role,
 * whether it is a repeated one, ids, values. Somebody without a key learns nothing about what he sent. */
#include <strings.h>

#include "base/check.h"
#include "base/id.h"
#include "core/activity.h"
#include "core/auth.h"
#include "core/key_use.h"
#include "core/limit.h"
#include "http_int.h"

static op_step ask_key, check_role, read_values;

static struct http_req *req_of(struct op *op)
{
	struct http_req *r = op->finish_ctx;

	CHECK_MAGIC(r, REQ_MAGIC);
	ASSERT(&r->op == op);
	return r;
}

/* "Bearer KEY"; a NULL slice when it is something else. */
static struct slice bearer_key(struct slice authorization)
{
	static const char scheme[] = "Bearer";
	size_t n = sizeof(scheme) - 1;
	struct slice key = authorization;

	if (key.n <= n || strncasecmp(key.p, scheme, n) != 0 || key.p[n] != ' ')
		return (struct slice){ NULL, 0 };
	key.p += n;
	key.n -= n;
	while (key.n && key.p[0] == ' ')
		key.p++, key.n--;
	return key.n ? key : (struct slice){ NULL, 0 };
}

static bool takes_query_key(const struct http_req *r)
{
	return (r->match.route->flags | r->match.dialect->flags) & ROUTE_QUERY_KEY;
}

/* A parameter that is none of the operation's, out of the query; absent when it was not sent. */
static struct slice take_parameter(struct http_req *r, const char *name)
{
	for (size_t i = 0; i < r->query_n; i++)
		if (slice_is(r->query[i].name, name)) {
			struct slice value = r->query[i].value;

			r->query[i] = r->query[--r->query_n];
			return value;
		}
	return (struct slice){ NULL, 0 };
}

/* The header wins. */
static void find_key(struct http_req *r)
{
	struct slice key;

	r->key = bearer_key(r->in.authorization);
	if (r->match.route->flags & ROUTE_TOKEN)
		r->op.token = take_parameter(r, "token");
	if (!takes_query_key(r))
		return;
	key = take_parameter(r, "api_key");
	if (!r->in.authorization.p && key.n)
		r->key = key;
}

void gate_run(struct http_req *r)
{
	query_split(r);
	find_key(r);
	r->op.if_match = r->in.if_match;
	r->peer = peer_whole(&r->conn->address);
	r->op.peer = r->peer.s6_addr;
	op_run(&r->op, r->match.route->flags & ROUTE_OPEN ? read_values : ask_key);
}

static flow ask_key(struct op *op)
{
	struct http_req *r = req_of(op);

	if (!r->key.p)
		return op_fail(op, ERR_UNAUTHORIZED, "Send an API key: Authorization: Bearer KEY.");
	return auth_check(op, r->key, check_role);
}

static flow check_role(struct op *op)
{
	struct http_req *r = req_of(op);
	enum err err;

	if (!limit_take(op))
		return op_fail(op, ERR_LIMITED, NULL);
	core_activity(op->core, &op->who, op->now);
	key_used(op->core, &op->who, op->now);
	err = authorize(&op->who, r->match.route->role);
	if (err == ERR_FORBIDDEN)
		return op_fail(
			op, err,
			"This takes a key of the role %s or a higher one; yours is of the role %s.",
			role_words[r->match.route->role], role_words[op->who.role]);
	if (err != ERR_NONE)
		return op_fail(op, err, NULL);
	return repeat_begin(r, read_values);
}

/* Ids and names, each in their order. False: a text is no id of the kind that stands there in
 * the path. Whether a name is one is the operation's to say. */
static bool read_ids(struct http_req *r)
{
	const struct route *route = r->match.route;
	int ids = 0, names = 0;

	for (int i = 0; i < r->match.count && !(route->flags & ROUTE_RAW); i++) {
		if (route->ids[i][0] == '\0')
			r->op.names[names++] = r->match.params[i];
		else if (!id_parse(route->ids[i], r->match.params[i], &r->op.ids[ids++]))
			return false;
	}
	return true;
}

static flow read_values(struct op *op)
{
	struct http_req *r = req_of(op);
	const char *detail = NULL;
	enum err err;

	if (!read_ids(r))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	err = body_read(r, &detail);
	if (err == ERR_NONE && r->match.route->check)
		r->match.route->check(op);
	if (op->faults.total)
		return op_invalid(op);
	if (err == ERR_NONE)
		return r->match.route->run(op);
	return detail ? op_fail(op, err, "%s", detail) : op_fail(op, err, NULL);
}
