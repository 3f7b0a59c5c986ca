/* The kinds of requests of the Planner API's plans. They call the actions that come and go (make_planner.c), at times
 * that no run of this program sees. */
#include <string.h>

#include "hostile.h"

static const unsigned how_nasty[] = { 3, 10, 30, 90 };

static void a_plan(struct rng *rng, struct draft *d, const char *method)
{
	draft_init(d, method, "/api/v1/plans/");
	strbuf_adds(&d->target, an_id(rng, KNOWN_PLAN));
}

/* 422: its action has just gone, or is not there yet. */
void plan_create(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/api/v1/plans");
	write_body(rng, out, &d, chance(rng, 50) ? OBJECT_PLAN_ONCE : OBJECT_PLAN, 0);
	wants(out, 201, 422, 0);
	finish(rng, &d, out);
}

static void plan_target(struct rng *rng, struct draft *d)
{
	if (chance(rng, 50))
		draft_init(d, "POST", "/api/v1/plans");
	else
		a_plan(rng, d, chance(rng, 50) ? "PUT" : "PATCH");
}

void plan_fields(struct rng *rng, struct request *out)
{
	struct draft d;

	plan_target(rng, &d);
	write_body(rng, out, &d, chance(rng, 50) ? OBJECT_PLAN_ONCE : OBJECT_PLAN,
		   how_nasty[below(rng, 4)]);
	finish(rng, &d, out);
}

void plan_bytes(struct rng *rng, struct request *out)
{
	struct draft d;

	plan_target(rng, &d);
	write_body(rng, out, &d, OBJECT_PLAN, 0);
	mutate(rng, &d.body);
	finish(rng, &d, out);
}

/* Merge patches: deep ones, wide ones, ones that are no objects. */
void plan_patches(struct rng *rng, struct request *out)
{
	static const char *const whole[] = { "null",
					     "[]",
					     "7",
					     "{}",
					     "{\"payload\":null}",
					     "{\"action\":null}",
					     "{\"recurrence\":{\"expression\":null}}",
					     "{\"recurrence\":{\"type\":null}}",
					     "{\"\":{\"\":null}}",
					     "{\"payload\":{\"a\":{\"b\":null}}}",
					     NULL };
	struct draft d;

	a_plan(rng, &d, "PATCH");
	d.has_body = true;
	if (chance(rng, 60)) {
		strbuf_adds(&d.body, one_of(rng, whole));
	} else if (chance(rng, 50)) {
		strbuf_adds(&d.body, "{\"payload\":");
		write_deep(&d.body, 50 + below(rng, 20), true);
		strbuf_addc(&d.body, '}');
	} else {
		strbuf_adds(&d.body, "{\"payload\":{");
		for (unsigned i = 0, n = 1 + below(rng, 5000); i < n; i++)
			strbuf_addf(&d.body, "%s\"k%u\":%s", i ? "," : "", i,
				    chance(rng, 50) ? "null" : "{\"x\":1}");
		strbuf_adds(&d.body, "}}");
	}
	finish(rng, &d, out);
}

void plan_acts(struct rng *rng, struct request *out)
{
	static const char *const below_it[] = { "",
						"/runs",
						"/runs?status=PENDING&limit=1",
						"/runs?status=queued",
						"/runs?cursor=AAAA",
						"/runs/run_00000000000000000000000001",
						"/history",
						"/history?limit=101",
						"/history?cursor=%00",
						"/preview",
						"/preview?limit=100&from=9999-12-31T00:00:00Z",
						"/preview?from=soon",
						"?x=1",
						NULL };
	struct draft d;
	bool deletes = chance(rng, 15);

	a_plan(rng, &d, deletes ? "DELETE" : "GET");
	if (!deletes)
		strbuf_adds(&d.target, one_of(rng, below_it));
	if (chance(rng, 10))
		strbuf_adds(&d.lines, "If-Match: W/\"1\", \"2\", x\r\n");
	finish(rng, &d, out);
}

void plan_lists(struct rng *rng, struct request *out)
{
	static const char *const queries[] = { "limit=1",
					       "limit=100",
					       "limit=101",
					       "status=ACTIVE",
					       "status=deleted",
					       "action=goes.1",
					       "action=",
					       "from=2026-01-01T00:00:00Z",
					       "to=9999-12-31T23:59:59Z",
					       "from=yesterday",
					       "cursor=",
					       "cursor=%00",
					       "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
					       "offset=1",
					       NULL };
	struct draft d;

	draft_init(&d, "GET", "/api/v1/plans");
	for (unsigned n = below(rng, 4), i = 0; i < n; i++)
		strbuf_addf(&d.target, "%c%s", i ? '&' : '?', one_of(rng, queries));
	finish(rng, &d, out);
}
