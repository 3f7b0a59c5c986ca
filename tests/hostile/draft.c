/* The draft of a request, from which its bytes are made; and the dice. */
#include <stdio.h>
#include <string.h>

#include "hostile.h"

#define IDS 4096

uint64_t make_seed;
static const char *api_key;
static char known[KNOWN_COUNT][IDS][96];
static unsigned known_n[KNOWN_COUNT];

unsigned below(struct rng *r, unsigned n)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u; /* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % n);
}

bool chance(struct rng *r, unsigned percent)
{
	return below(r, 100) < percent;
}

const char *one_of(struct rng *r, const char *const *list)
{
	unsigned n = 0;

	while (list[n])
		n++;
	return list[below(r, n)];
}

void make_setup(uint64_t the_seed, const char *key)
{
	make_seed = the_seed;
	api_key = key;
}

void make_knows(enum known which, const char *id)
{
	if (known_n[which] == IDS)
		known_n[which] = IDS / 2;
	(void)snprintf(known[which][known_n[which]++], sizeof(known[0][0]), "%s", id);
}

/* --- the draft of a request --- */

void draft_init(struct draft *d, const char *method, const char *target)
{
	static char auth[200];

	(void)snprintf(auth, sizeof(auth), "Authorization: Bearer %s\r\n", api_key);
	*d = (struct draft){
		.method = method, .version = "HTTP/1.1", .type = "application/json", .auth = auth
	};
	strbuf_init(&d->target, RAW_MOST);
	strbuf_init(&d->lines, RAW_MOST);
	strbuf_init(&d->body, RAW_MOST);
	strbuf_adds(&d->target, target);
}

static void add_chunks(struct rng *rng, const struct strbuf *body, struct strbuf *out)
{
	size_t at = 0;

	while (at < body->n) {
		size_t n = 1 + below(rng, 200);

		if (n > body->n - at)
			n = body->n - at;
		strbuf_addf(out, chance(rng, 20) ? "%zX;a=b\r\n" : "%zx\r\n", n);
		strbuf_add(out, body->p + at, n);
		strbuf_adds(out, "\r\n");
		at += n;
	}
	strbuf_adds(out, chance(rng, 30) ? "0\r\nX-Trailer: 1\r\n\r\n" : "0\r\n\r\n");
}

void finish(struct rng *rng, struct draft *d, struct request *out)
{
	struct strbuf *raw = &out->raw;

	strbuf_addf(raw, "%s ", d->method);
	strbuf_add(raw, d->target.p, d->target.n);
	strbuf_addf(raw, " %s\r\nHost: 127.0.0.1\r\n%s", d->version, d->auth);
	if (d->lines.n)
		strbuf_add(raw, d->lines.p, d->lines.n);
	if (d->has_body && *d->type)
		strbuf_addf(raw, "Content-Type: %s\r\n", d->type);
	if (d->is_chunked)
		strbuf_adds(raw, "Transfer-Encoding: chunked\r\n\r\n");
	else if (d->has_body)
		strbuf_addf(raw, "Content-Length: %zu\r\n\r\n", d->body.n);
	else
		strbuf_adds(raw, "\r\n");
	if (d->is_chunked)
		add_chunks(rng, &d->body, raw);
	else if (d->has_body && d->body.n)
		strbuf_add(raw, d->body.p, d->body.n);
	out->is_head = strcmp(d->method, "HEAD") == 0;
	strbuf_release(&d->target);
	strbuf_release(&d->lines);
	strbuf_release(&d->body);
}

void wants(struct request *out, int a, int b, int c)
{
	out->want = WANT_STATUS;
	out->status[0] = a;
	out->status[1] = b;
	out->status[2] = c;
}

bool has_ids(enum known which)
{
	return known_n[which] > 0;
}

const char *an_id(struct rng *rng, enum known which)
{
#define NONE "_00000000000000000000000000"
	static const char *const none[] = {
		"schedule" NONE, "task" NONE, "job" NONE, "chain" NONE, "job" NONE "/runs/run" NONE,
		"plan" NONE
	};

	return known_n[which] ? known[which][below(rng, known_n[which])] : none[which];
}

void write_body(struct rng *rng, const struct request *out, struct draft *d, enum object which,
		unsigned nasty)
{
	struct writer w = { rng, &d->body, nasty, out->number };

	d->has_body = true;
	write_object(&w, which);
}
