/* The kinds of requests of the API keys. */
#include "hostile.h"

static const unsigned how_nasty[] = { 3, 10, 30, 90 };

/* 409: there are as many as there may be. */
void key_create(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/api/auth/keys");
	write_body(rng, out, &d, OBJECT_KEY, 0);
	wants(out, 201, 409, 409);
	finish(rng, &d, out);
}

void key_fields(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/api/auth/keys");
	write_body(rng, out, &d, OBJECT_KEY, how_nasty[below(rng, 4)]);
	if (chance(rng, 30))
		mutate(rng, &d.body);
	finish(rng, &d, out);
}

/* Of keys that are none. */
void key_act(struct rng *rng, struct request *out)
{
	static const char *const ids[] = { "key_00000000000000000000000001",
					   "key_7zzzzzzzzzzzzzzzzzzzzzzzzz",
					   "key_zzzzzzzzzzzzzzzzzzzzzzzzzz",
					   "key_0000000000000000000000000",
					   "task_00000000000000000000000001",
					   "crl_0000000000000000000000000000000000000000000000000",
					   "%00",
					   "key_%C3%A9",
					   "..",
					   "{id}",
					   NULL };
	static const char *const methods[] = { "GET", "DELETE", "POST", "PUT", "PATCH", NULL };
	static const char *const bodies[] = {
		"{}", "{\"overlap\":0}", "{\"overlap\":-1}", "{\"overlap\":\"P31D\"}", "[]", "",
		NULL
	};
	struct draft d;

	draft_init(&d, one_of(rng, methods), "/api/auth/keys/");
	strbuf_adds(&d.target, one_of(rng, ids));
	d.has_body = d.method[0] == 'P';
	if (d.has_body) {
		strbuf_adds(&d.target, "/rotate");
		strbuf_adds(&d.body, one_of(rng, bodies));
	}
	out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

void key_lists(struct rng *rng, struct request *out)
{
	static const char *const queries[] = {
		"",
		"?limit=1",
		"?limit=1000",
		"?limit=1001",
		"?limit=x",
		"?cursor=",
		"?cursor=%00",
		"?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"?tenant=one",
		"?tenant=none",
		"?tenant=%ff",
		"?tenant=..",
		"?organization=default",
		"?organization=default&tenant=one&limit=3",
		"?tenant=one&tenant=two",
		NULL
	};
	struct draft d;

	draft_init(&d, "GET", "/api/auth/keys");
	strbuf_adds(&d.target, one_of(rng, queries));
	out->want = WANT_ANSWER;
	finish(rng, &d, out);
}
