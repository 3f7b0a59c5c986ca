/* The kinds of requests of the Planner API's actions. Their targets are this machine's discard port. */
#include <string.h>

#include "hostile.h"

#define NAMES 12

static const unsigned how_nasty[] = { 3, 10, 30, 90 };

static void some_action(struct rng *rng, struct draft *d, const char *method)
{
	draft_init(d, method, "/api/v1/actions/");
	strbuf_addf(&d->target, "goes.%u", below(rng, NAMES));
}

void action_put(struct rng *rng, struct request *out)
{
	struct draft d;

	some_action(rng, &d, "PUT");
	write_body(rng, out, &d, OBJECT_ACTION, 0);
	wants(out, 200, 201, 409);
	finish(rng, &d, out);
}

void action_act(struct rng *rng, struct request *out)
{
	static const char *const methods[] = { "GET", "DELETE", "POST", NULL };
	struct draft d;

	some_action(rng, &d, one_of(rng, methods));
	if (d.method[0] == 'P')
		strbuf_adds(&d.target, "/secret");
	wants(out, 200, 404, 409);
	finish(rng, &d, out);
}

void action_fields(struct rng *rng, struct request *out)
{
	struct draft d;

	some_action(rng, &d, "PUT");
	write_body(rng, out, &d, OBJECT_ACTION, how_nasty[below(rng, 4)]);
	if (chance(rng, 30))
		mutate(rng, &d.body);
	finish(rng, &d, out);
}

void action_names(struct rng *rng, struct request *out)
{
	static const char *const names[] = { "a%20b", "%00", "%ff",  "%C3%A9", "a%2Fb", "..",
					     "a;b",   "*",   "{id}", "%",      "a@b",   "a.*",
					     "a%0Ab", ".",   "none", NULL };
	static const char *const methods[] = { "GET", "PUT", "DELETE", "PATCH", "POST", NULL };
	struct draft d;

	draft_init(&d, one_of(rng, methods), "/api/v1/actions/");
	strbuf_adds(&d.target, one_of(rng, names));
	if (chance(rng, 10))
		write_filler(&d.target, 'n', 129);
	if (chance(rng, 20))
		strbuf_adds(&d.target, "/secret");
	d.has_body = d.method[0] == 'P';
	if (d.has_body)
		strbuf_adds(&d.body, "{\"target\":\"group:x\"}");
	out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

void action_lists(struct rng *rng, struct request *out)
{
	static const char *const queries[] = { "",
					       "?limit=1",
					       "?limit=100",
					       "?limit=0",
					       "?limit=101",
					       "?limit=x",
					       "?cursor=",
					       "?cursor=goes.5",
					       "?cursor=%00",
					       "?cursor=%ff",
					       "?cursor=a%20b",
					       "?cursor=..",
					       "?cursor=zz&limit=3",
					       "?offset=1",
					       "?limit=1&limit=2",
					       NULL };
	struct draft d;

	draft_init(&d, "GET", "/api/v1/actions");
	strbuf_adds(&d.target, one_of(rng, queries));
	wants(out, 200, 422, 400);
	finish(rng, &d, out);
}
