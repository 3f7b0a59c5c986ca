/* The kinds of requests of the Scheduler API: jobs, agents, chains, channels, reports, statistics. Whatever they make
 * calls nobody but this machine's discard port. */
#include <stdio.h>
#include <string.h>

#include "hostile.h"

#define NAMES 12 /* of agents that come and go */
#define NO_JOB "job_00000000000000000000000000"

static const unsigned how_nasty[] = { 3, 10, 30, 90 };

static void a_target(struct rng *rng, struct draft *d, const char *method, const char *base,
		     enum known which)
{
	draft_init(d, method, base);
	strbuf_adds(&d->target, an_id(rng, which));
}

/* --- jobs --- */

void job_create(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/api/scheduler/jobs");
	write_body(rng, out, &d, OBJECT_JOB, 0);
	wants(out, 201, 0, 0);
	finish(rng, &d, out);
}

static enum object job_target(struct rng *rng, struct draft *d)
{
	if (chance(rng, 60)) {
		draft_init(d, "POST", "/api/scheduler/jobs");
		return OBJECT_JOB;
	}
	a_target(rng, d, chance(rng, 50) ? "PUT" : "PATCH", "/api/scheduler/jobs/", KNOWN_JOB);
	return OBJECT_JOB_CHANGE;
}

void job_fields(struct rng *rng, struct request *out)
{
	struct draft d;
	enum object object = job_target(rng, &d);

	write_body(rng, out, &d, object, how_nasty[below(rng, 4)]);
	finish(rng, &d, out);
}

void job_bytes(struct rng *rng, struct request *out)
{
	struct draft d;
	enum object object = job_target(rng, &d);

	write_body(rng, out, &d, object, 0);
	mutate(rng, &d.body);
	finish(rng, &d, out);
}

void job_change(struct rng *rng, struct request *out)
{
	struct draft d;

	a_target(rng, &d, chance(rng, 50) ? "PUT" : "PATCH", "/api/scheduler/jobs/", KNOWN_JOB);
	write_body(rng, out, &d, OBJECT_JOB_CHANGE, 0);
	wants(out, 200, 409, 404);
	out->status[3] = 422; /* with what it has already */
	finish(rng, &d, out);
}

void job_act(struct rng *rng, struct request *out)
{
	static const char *const acts[] = { "/trigger", "/trigger", "/pause", "/resume", NULL };
	struct draft d;

	if (chance(rng, 15)) {
		a_target(rng, &d, "POST", "/api/scheduler/jobs/", KNOWN_RUN);
		strbuf_adds(&d.target, "/cancel");
	} else if (chance(rng, 10)) {
		a_target(rng, &d, "DELETE", "/api/scheduler/jobs/", KNOWN_JOB);
	} else {
		a_target(rng, &d, "POST", "/api/scheduler/jobs/", KNOWN_JOB);
		strbuf_adds(&d.target, one_of(rng, acts));
	}
	d.has_body = d.method[0] == 'P' && chance(rng, 20);
	if (d.has_body)
		strbuf_adds(&d.body, chance(rng, 80) ? "{}" : "[1");
	wants(out, 200, 202, 404);
	out->status[3] = 409;
	if (d.has_body && d.body.p[0] == '[')
		out->want = WANT_ANSWER;
	finish(rng, &d, out);
}

void job_read(struct rng *rng, struct request *out)
{
	static const char *const ends[] = { "",
					    "/runs",
					    "/runs?limit=3&status=failed",
					    "/runs?status=running",
					    "/runs?limit=200&offset=1",
					    "/stats",
					    "/stats?timezone=Asia/Kathmandu",
					    NULL };
	static const char *const lists[] = { "jobs?limit=3", "jobs?status=paused&limit=2",
					     "jobs?limit=200&offset=1", "chains?limit=2", NULL };
	struct draft d;

	if (chance(rng, 30)) {
		draft_init(&d, "GET", "/api/scheduler/");
		strbuf_adds(&d.target, one_of(rng, lists));
	} else if (chance(rng, 30)) {
		a_target(rng, &d, "GET", "/api/scheduler/jobs/", KNOWN_RUN);
		strbuf_adds(&d.target, chance(rng, 30) ? "?output=full" : "");
	} else {
		a_target(rng, &d, "GET", "/api/scheduler/jobs/", KNOWN_JOB);
		strbuf_adds(&d.target, one_of(rng, ends));
	}
	wants(out, 200, 404, 0);
	finish(rng, &d, out);
}

/* Ids and queries that are none. */
void job_paths(struct rng *rng, struct request *out)
{
	static const char *const ids[] = { NO_JOB,
					   "job_",
					   "job_x",
					   "JOB_00000000000000000000000000",
					   "task_00000000000000000000000000",
					   "%00",
					   "%ff",
					   "..",
					   "job_80000000000000000000000000",
					   "job_0000000000000000000000000%30",
					   "",
					   NULL };
	static const char *const ends[] = { "",
					    "/trigger",
					    "/runs",
					    "/runs/run_x",
					    "/runs/run_00000000000000000000000000/cancel",
					    "/stats",
					    "/nothing",
					    "/pause/",
					    "/runs?limit=201",
					    "/runs?status=nope",
					    "/runs?offset=-1",
					    NULL };
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", NULL };
	struct draft d;

	draft_init(&d, one_of(rng, methods), "/api/scheduler/jobs/");
	strbuf_adds(&d.target, one_of(rng, ids));
	strbuf_adds(&d.target, one_of(rng, ends));
	d.has_body = d.method[0] == 'P' && chance(rng, 70);
	if (d.has_body)
		strbuf_adds(&d.body, "{}");
	if (d.target.p[d.target.n - 1] != '/')
		out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

/* --- conditions --- */

static const char *const expressions[] = {
	"price_change_pct > 0.05",
	"a.b[0].c == 'x' || !(d in [1, 2.5, \"three\"])",
	"has(output.items) && output.items.all(i, i > 0)",
	"size(x) % 3 == 1 ? a : b",
	"run.manual && last.status != null",
	"name.matches('^(a|b)*c{2,5}$')",
	"'\\u00e9\\n' + string(1) == \"\"\"x\"\"\"",
	"{'a': 1, 'b': [null, true]}['a'] >= -9223372036854775808",
	"1 / 0 == 1",
	"x.exists(a, a.exists(b, b.exists(c, c == a)))",
	"r'\\d+' != x // comment",
	"timestamp('2030') < now",
	"",
	" ",
	"now.hour",
	"true",
	"1",
	NULL
};

static void add_repeats(struct rng *rng, struct strbuf *b)
{
	static const struct {
		const char *open, *middle, *close;
	} rows[] = {
		{ "(", "true", ")" },   { "!", "true", "" },     { "-", "1", "" },
		{ "[", "1", "]" },      { "a.", "b", "" },       { "a && ", "b", "" },
		{ "1 + ", "1", "" },    { "a ? b : ", "c", "" }, { "x.all(i, ", "true", ")" },
		{ "{'a': ", "1", "}" }, { "a[0]", "", "" },      { "size(", "a", ")" },
		{ "a == ", "a", "" },   { "'x' in ", "a", "" },  { "a.matches('(", "x", ")')" }
	};
	static const unsigned counts[] = { 2, 31, 32, 33, 64, 127, 128, 129, 500, 900 };
	unsigned i = below(rng, sizeof(rows) / sizeof(rows[0])),
		 n = counts[below(rng, sizeof(counts) / sizeof(counts[0]))];

	for (unsigned k = 0; k < n; k++)
		strbuf_adds(b, rows[i].open);
	strbuf_adds(b, rows[i].middle);
	for (unsigned k = 0; k < n; k++)
		strbuf_adds(b, rows[i].close);
}

static void add_expression(struct rng *rng, struct strbuf *b)
{
	static const size_t lengths[] = { 4095, 4096, 4097, 20000 };

	if (chance(rng, 25)) {
		add_repeats(rng, b);
	} else if (chance(rng, 5)) {
		strbuf_adds(b, "a == '");
		write_filler(b, 'x', lengths[below(rng, 4)] - 7);
		strbuf_addc(b, '\'');
	} else {
		strbuf_adds(b, one_of(rng, expressions));
		if (b->n && chance(rng, 60))
			mutate(rng, b);
	}
	if (b->n == 0)
		strbuf_addc(b, ' ');
}

#define JOB_BEGIN                                                                                     \
	"{\"name\":\"gated\",\"agent_id\":\"stays-0\",\"schedule\":{\"type\":\"every\",\"interval\":" \
	"86400}"

/* In each of the places that an expression has. What is no UTF-8 is no JSON. */
void conditions(struct rng *rng, struct request *out)
{
	struct strbuf text;
	struct draft d;
	unsigned where = below(rng, 3);

	draft_init(&d, "POST", "/api/scheduler/jobs");
	d.has_body = true;
	strbuf_init(&text, RAW_MOST);
	add_expression(rng, &text);
	strbuf_adds(&d.body, where ? JOB_BEGIN
				     ",\"condition\":{\"type\":\"expression\",\"expression\":"
				   : JOB_BEGIN ",\"only_if\":");
	strbuf_add_json(&d.body, strbuf_slice(&text));
	strbuf_release(&text);
	strbuf_adds(&d.body, where == 2 ? ",\"source\":\"http://[::1]:9/x\"}}"
			     : where    ? "}}"
					: "}");
	wants(out, 201, 422, 400);
	finish(rng, &d, out);
}

static void add_escaped(struct draft *d, const struct strbuf *text)
{
	for (size_t i = 0; i < text->n && d->target.n < 7900; i++)
		strbuf_addf(&d->target, "%%%02x", (unsigned char)text->p[i]);
}

void condition_values(struct rng *rng, struct request *out)
{
	struct strbuf text;
	struct draft d;

	draft_init(&d, "GET", "/api/scheduler/validate?type=expression&value=");
	strbuf_init(&text, RAW_MOST);
	add_expression(rng, &text);
	add_escaped(&d, &text);
	out->value_n = text.n;
	strbuf_release(&text);
	wants(out, 200, 0, 0);
	finish(rng, &d, out);
}

void channel_texts(struct rng *rng, struct request *out)
{
	/* No credentials of these are kept, or they lead nowhere. */
	static const char *const channels[] = { "slack:#alerts",
						"slack:C0123ABC456",
						"slack:#",
						"slack:@me",
						"slack",
						":x",
						"fax:1",
						"webhook:http://[::1]:9/a",
						"webhook:gopher://x",
						"webhook:http://",
						"email:a@x.invalid",
						"email:a@x.invalid\r\nBcc: b@x.invalid",
						"email:\"a b\"@x.invalid",
						"email:a@[127.0.0.1]",
						"slack:#\xc3\xa9",
						"slack:#a\x01",
						"Slack:#a",
						NULL };
	struct strbuf text;
	struct draft d;

	draft_init(&d, "POST", "/api/scheduler/jobs");
	d.has_body = true;
	strbuf_init(&text, RAW_MOST);
	strbuf_adds(&text, one_of(rng, channels));
	if (chance(rng, 5))
		write_filler(&text, 'a', 400 + below(rng, 2000));
	if (chance(rng, 30))
		mutate(rng, &text);
	strbuf_adds(&d.body, JOB_BEGIN ",\"delivery\":{\"channel\":");
	strbuf_add_json(&d.body, text.n ? strbuf_slice(&text) : SLICE_LIT(""));
	strbuf_release(&text);
	strbuf_adds(&d.body, "}}");
	wants(out, 201, 422, 400);
	finish(rng, &d, out);
}

/* --- agents --- */

/* The first of them are there before everything else. */
void agent_stays(struct rng *rng, struct request *out)
{
	unsigned which = (unsigned)out->number % 2;
	struct draft d;

	draft_init(&d, "POST", "/api/agents");
	d.has_body = true;
	strbuf_addf(
		&d.body,
		"{\"id\":\"stays-%u\",\"kind\":\"%s\",\"endpoint\":{\"url\":\"http://[::1]:9/a\"}}",
		which, which ? "llm" : "webhook");
	wants(out, 201, 409, 0);
	finish(rng, &d, out);
}

static void some_agent(struct rng *rng, struct draft *d, const char *method)
{
	draft_init(d, method, "/api/agents/");
	strbuf_addf(&d->target, "goes-%u", below(rng, NAMES));
}

void agent_put(struct rng *rng, struct request *out)
{
	static const char *const methods[] = { "PUT", "GET", "DELETE", "POST", NULL };
	const char *method = one_of(rng, methods);
	struct draft d;

	some_agent(rng, &d, method);
	wants(out, 200, 404, 409);
	if (method[0] == 'P')
		write_body(rng, out, &d, OBJECT_AGENT, 0);
	if (method[1] == 'O') { /* a new one: its name stands in the body */
		strbuf_clear(&d.target);
		strbuf_adds(&d.target, "/api/agents");
		d.body.n--;
		strbuf_addf(&d.body, ",\"id\":\"goes-%u\"}", below(rng, NAMES));
		wants(out, 201, 409, 0);
	}
	out->status[3] = 422; /* an llm has no method */
	finish(rng, &d, out);
}

void agent_fields(struct rng *rng, struct request *out)
{
	struct draft d;

	if (chance(rng, 50))
		draft_init(&d, "POST", "/api/agents");
	else
		some_agent(rng, &d, "PUT");
	write_body(rng, out, &d, OBJECT_AGENT, how_nasty[below(rng, 4)]);
	if (chance(rng, 30))
		mutate(rng, &d.body);
	finish(rng, &d, out);
}

void agent_names(struct rng *rng, struct request *out)
{
	static const char *const names[] = { "a%20b", "%00",  "%ff",   "%C3%A9", "a%2Fb", "..",
					     "a;b",   "*",    "{id}",  "%",      "a@b",   "'",
					     "a%0Ab", "none", "none.", NULL };
	static const char *const methods[] = { "GET", "PUT", "DELETE", "PATCH", "POST", NULL };
	struct draft d;

	draft_init(&d, one_of(rng, methods), "/api/agents/");
	strbuf_adds(&d.target, one_of(rng, names));
	if (chance(rng, 10))
		write_filler(&d.target, 'n', 65);
	d.has_body = d.method[0] == 'P';
	if (d.has_body)
		strbuf_adds(&d.body, "{\"kind\":\"llm\"}");
	out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

/* --- chains --- */

static void add_edge(struct strbuf *b, const char *from, const char *to, const char *type)
{
	strbuf_addf(b, "%s{\"from\":\"%s\",\"to\":\"%s\",\"type\":\"%s\"}",
		    b->p[b->n - 1] == '[' ? "" : ",", from, to, type);
}

static const char *const edge_types[] = { "on_success", "on_failure", "on_complete", NULL };

void chain_create(struct rng *rng, struct request *out)
{
	const char *from = an_id(rng, KNOWN_JOB), *to = an_id(rng, KNOWN_JOB);
	struct draft d;

	draft_init(&d, "POST", "/api/scheduler/chains");
	d.has_body = true;
	strbuf_addf(&d.body, "{\"name\":\"c\",\"jobs\":[\"%s\",\"%s\"],\"edges\":[", from, to);
	add_edge(&d.body, from, to, one_of(rng, edge_types));
	strbuf_adds(&d.body, "]}");
	wants(out, 201, 422, 409); /* one job twice, or a deleted one */
	finish(rng, &d, out);
}

void chain_fields(struct rng *rng, struct request *out)
{
	struct draft d;

	if (chance(rng, 40)) {
		chain_create(rng, out);
		out->want = WANT_ANSWER;
		return;
	}
	draft_init(&d, "POST", "/api/scheduler/chains");
	write_body(rng, out, &d, OBJECT_CHAIN, how_nasty[below(rng, 4)]);
	if (chance(rng, 30))
		mutate(rng, &d.body);
	out->want = WANT_REFUSAL; /* no such job */
	finish(rng, &d, out);
}

/* As many jobs and edges as there may be, and more: complete, a circle, a line. */
void chain_big(struct rng *rng, struct request *out)
{
	unsigned n = 99 + below(rng, 3), how = below(rng, 3), edges = 0;
	char from[40], to[40];
	struct draft d;

	draft_init(&d, "POST", "/api/scheduler/chains");
	d.has_body = true;
	strbuf_adds(&d.body, "{\"name\":\"big\",\"jobs\":[");
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(&d.body, "%s\"job_000000000000000000000%05u\"", i ? "," : "", i);
	strbuf_adds(&d.body, "],\"edges\":[");
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < n && edges < 1001; k++) {
			if (how == 0 ? k <= i : k != (i + 1) % n || (how == 2 && k == 0))
				continue;
			(void)snprintf(from, sizeof(from), "job_000000000000000000000%05u", i);
			(void)snprintf(to, sizeof(to), "job_000000000000000000000%05u", k);
			add_edge(&d.body, from, to, edge_types[k % 3]);
			edges++;
		}
	strbuf_adds(&d.body, "]}");
	wants(out, 422, 0, 0);
	finish(rng, &d, out);
}

void chain_act(struct rng *rng, struct request *out)
{
	static const struct {
		const char *method, *end;
	} acts[] = {
		{ "GET", "" },          { "GET", "/runs?limit=2" }, { "GET", "/runs?limit=201" },
		{ "POST", "/trigger" }, { "POST", "/runs" },        { "DELETE", "" },
		{ "GET", "/nothing" }
	};
	unsigned i = below(rng, sizeof(acts) / sizeof(acts[0]));
	struct draft d;

	a_target(rng, &d, acts[i].method, "/api/scheduler/chains/", KNOWN_CHAIN);
	strbuf_adds(&d.target, acts[i].end);
	finish(rng, &d, out);
}

/* --- channels --- */

/* Not Slack's: see body.c. */
static const char *const platforms[] = { "discord",  "telegram", "teams", "google_chat",
					 "whatsapp", "webhook",  "email", NULL };

/* Everything in it, of which each platform takes its own: mostly a refusal. */
void credentials_put(struct rng *rng, struct request *out)
{
	static const char *const bodies[] = {
		"{\"token\":\"123456:ABCDEFGHIJabcdefghij0123456789xyz\",\"api_base\":\"http://[::1]:9\"}",
		"{\"webhook_url\":\"http://[::1]:9/hook\"}",
		"{\"webhook_urls\":{\"ops\":\"http://[::1]:9/ops\"}}",
		"{\"token\":\"EAAG0123456789abcdef\",\"phone_number_id\":\"106540352242922\",\"api_base\":"
		"\"http://[::1]:9\"}",
		"{\"secret\":\"whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==\"}",
		"{\"smtp_url\":\"smtp://[::1]:9\",\"from\":\"a@x.invalid\"}",
		NULL
	};
	struct draft d;

	draft_init(&d, chance(rng, 80) ? "POST" : "DELETE", "/api/channels/");
	strbuf_addf(&d.target, "%s/credentials", one_of(rng, platforms));
	d.has_body = d.method[0] == 'P';
	if (d.has_body)
		strbuf_adds(&d.body, one_of(rng, bodies));
	wants(out, 200, 201, 422);
	out->status[3] = 404; /* none to delete */
	finish(rng, &d, out);
}

/* Slack's too, of which none may be taken. */
void credentials_fields(struct rng *rng, struct request *out)
{
	static const char *const wrong[] = { "slack",  "Slack", "fax", "%00",
					     "slack ", "..",    "*",   NULL };
	struct draft d;

	draft_init(&d, "POST", "/api/channels/");
	if (chance(rng, 30)) {
		strbuf_addf(&d.target, "%s/credentials", one_of(rng, wrong));
		d.has_body = true;
		strbuf_adds(&d.body,
			    "{\"token\":\"no token of theirs\",\"smtp_url\":\"smtp://[::1]:9\"}");
		out->want = WANT_REFUSAL;
	} else {
		strbuf_addf(&d.target, "%s/credentials", one_of(rng, platforms + 5));
		write_body(rng, out, &d, OBJECT_CREDENTIALS, how_nasty[below(rng, 4)]);
		if (chance(rng, 30))
			mutate(rng, &d.body);
	}
	finish(rng, &d, out);
}

void channel_tests(struct rng *rng, struct request *out)
{
	static const char *const tests[] = {
		"slack/test?{\"to\":\"#alerts\"}",
		"slack/test?{\"to\":\"nowhere\"}",
		"webhook/test?{\"to\":\"http://[::1]:9/said\"}",
		"webhook/test?{\"to\":\"webhook:http://[::1]:9/said\",\"format\":\"json\"}",
		"webhook/test?{\"to\":\"ftp://x\"}",
		"webhook/test?{\"to\":\"\"}",
		"webhook/test?{}",
		"webhook/test?{\"to\":\"http://[::1]:9/\",\"text\":\"\\u0000\"}",
		"fax/test?{\"to\":\"1\"}",
		"webhook/test?[]",
		NULL
	};
	const char *test = one_of(rng, tests), *body = strchr(test, '?') + 1;
	struct draft d;

	draft_init(&d, "POST", "/api/channels/");
	strbuf_add(&d.target, test, (size_t)(body - 1 - test));
	d.has_body = true;
	strbuf_adds(&d.body, body);
	finish(rng, &d, out);
}

/* --- reports --- */

/* Whoever has no token may say nothing. */
void callbacks(struct rng *rng, struct request *out)
{
	static const char *const tokens[] = {
		"",
		"?token=",
		"?token=x",
		"?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"?token=%00%ff",
		"?token=a&token=b",
		"?Token=a",
		"?token=a&x=1",
		"?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D",
		NULL
	};
	static const char *const runs[] = { "run_00000000000000000000000000",
					    "run_01m80d98mverjvh4ra3f7jqzyn",
					    "run_7zzzzzzzzzzzzzzzzzzzzzzzzz",
					    "run_x",
					    "task_00000000000000000000000000",
					    "%00",
					    NULL };
	struct draft d;

	draft_init(&d, chance(rng, 90) ? "POST" : "GET", "/api/scheduler/runs/");
	strbuf_addf(&d.target, "%s/callback%s", one_of(rng, runs), one_of(rng, tokens));
	d.auth = chance(rng, 80) ? "" : d.auth;
	if (d.method[0] == 'P')
		write_body(rng, out, &d, OBJECT_REPORT,
			   chance(rng, 50) ? 0 : how_nasty[below(rng, 4)]);
	if (d.has_body && chance(rng, 20))
		mutate(rng, &d.body);
	out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

/* --- statistics --- */

void statistics(struct rng *rng, struct request *out)
{
	static const char *const what[] = {
		"stats",         "status",        "calendar-data",     "calendar-data",
		"calendar-data", "smart/heatmap", "smart/suggestions", NULL
	};
	static const char *const params[] = { "timezone=UTC",
					      "timezone=Pacific/Apia",
					      "timezone=Mars/Base",
					      "timezone=",
					      "from=2026-01-01",
					      "to=2026-02-01",
					      "from=2199-12-31T23:59:59Z",
					      "to=9999-12-31",
					      "from=1970-01-01",
					      "from=2027-03-14T02:30:00&timezone=America/New_York",
					      "to=2026-01-01T00:00:00%2B14:00",
					      "from=yesterday",
					      "from=2026-02-30",
					      "limit=1",
					      "limit=5000",
					      "limit=5001",
					      "limit=-1",
					      "limit=1e3",
					      "weeks=1",
					      "weeks=12",
					      "weeks=13",
					      "weeks=",
					      "job_id=" NO_JOB,
					      "job_id=x",
					      "from=2026-01-01&to=2027-01-02",
					      "from=2026-01-01&to=2027-01-03",
					      "x=1",
					      "timezone=UTC&timezone=UTC",
					      NULL };
	struct draft d;

	draft_init(&d, "GET", "/api/scheduler/");
	strbuf_adds(&d.target, one_of(rng, what));
	for (unsigned n = below(rng, 4), i = 0; i < n; i++)
		strbuf_addf(&d.target, "%c%s", i ? '&' : '?', one_of(rng, params));
	finish(rng, &d, out);
}
