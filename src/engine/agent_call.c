/* The requests of a job's run, to its condition's source and to its agent, and what the answers come to. */
#include "base/clock.h"
#include "core/llm.h"
#include "core/retry.h"
#include "engine/agent_int.h"

#define LLM_TIMEOUT (120 * SEC)

/* --- the request --- */

struct slice agent_url(const struct held *h)
{
	return h->agent->asks_source ? h->agent->work.source : h->agent->url;
}

struct fetcher *agent_fetcher(const struct held *h)
{
	const struct agent_run *a = h->agent;

	return a->is_own_llm && !a->asks_source ? h->engine->core->llm : h->engine->fetcher;
}

int agent_room(const struct held *h)
{
	struct fetcher *f = agent_fetcher(h);
	int room = fetcher_room(f), left = LLM_AGENTS_MAX - fetcher_in_flight(f);

	return f == h->engine->core->llm && left < room ? left : room;
}

/* The agent's headers, and one more. */
static void take_headers(struct agent_run *a, const char *name, struct slice value,
			 struct arena *arena, struct call *out)
{
	struct json_pair *list = arena_array(arena, struct json_pair, a->def.headers.n + 1);

	if (a->def.headers.n)
		memcpy(list, a->def.headers.items, a->def.headers.n * sizeof *list);
	out->headers = (struct json_list){ list, a->def.headers.n };
	if (name)
		list[out->headers.n++] = (struct json_pair){ slice_of(name), value };
}

static void fill_source(struct arena *arena, struct call *out)
{
	struct json_pair *accept = arena_make(arena, struct json_pair);

	*accept = (struct json_pair){ SLICE_LIT("Accept"), SLICE_LIT("application/json") };
	out->method = SLICE_LIT("GET");
	out->headers = (struct json_list){ accept, 1 };
	out->payload = SLICE_LIT("");
}

static void fill_llm(struct agent_run *a, struct arena *arena, struct call *out)
{
	const struct core *core = a->held->engine->core;
	bool has_key = a->is_own_llm && core->llm_key;
	struct slice model = a->def.model.p ? a->def.model : slice_of(core->llm_model);

	take_headers(a, has_key ? "Authorization" : NULL,
		     slice_of(has_key ? arena_printf(arena, "Bearer %s", core->llm_key) : NULL),
		     arena, out);
	out->payload = agent_llm_body(&a->told, a->context, model, a->def.system, arena);
}

bool agent_fill(struct held *h, struct call *out)
{
	struct agent_run *a = h->agent;
	usec_t timeout = a->def.timeout > 0 ? a->def.timeout : a->call.timeout;

	*out = a->call;
	out->url = agent_url(h);
	out->secret = out->body_signature = (struct slice){ NULL, 0 };
	out->former = (struct former){ 0 };
	out->timeout = timeout > 0          ? timeout
		     : a->kind == AGENT_LLM ? LLM_TIMEOUT
					    : CALL_TIMEOUT_DEFAULT;
	if (a->asks_source) {
		fill_source(h->arena, out);
	} else if (a->kind == AGENT_LLM) {
		fill_llm(a, h->arena, out);
	} else {
		out->method = a->def.method;
		out->secret = a->def.secret;
		out->former = a->def.former;
		take_headers(a, NULL, (struct slice){ NULL, 0 }, h->arena, out);
		out->payload = agent_webhook_body(&a->told, a->context, h->arena);
	}
	return a->asks_source || a->kind == AGENT_LLM;
}

/* --- the answer --- */

static void fails(const struct held *h, const char *error, const char *detail, struct result *r)
{
	const struct agent_run *a = h->agent;
	const struct failure f = { .retry = &a->call.retry,
				   .count = h->c.attempt - h->c.excused,
				   .retry_after = USEC_NEVER,
				   .expires_at = h->c.expires_at };

	r->error = slice_of(error);
	r->detail = slice_of(detail);
	r->reason = (struct slice){ NULL, 0 };
	r->ready_at = USEC_NEVER;
	retry_decide(&f, r);
}

static void await(const struct agent_run *a, struct result *r)
{
	const struct work *w = &a->work;
	usec_t completion = w->completion > 0 ? w->completion : WORK_COMPLETION_DEFAULT;

	r->end = RUN_AWAITED;
	r->outcome = OUTCOME_NONE;
	r->await_until = r->ready_at = r->finished_at + completion;
	r->heartbeat_us = w->heartbeat;
	if (w->heartbeat > 0 && w->heartbeat < completion)
		r->ready_at = r->finished_at + w->heartbeat;
}

static void judge_llm(const struct held *h, const struct fetch_result *f, struct arena *arena,
		      struct result *r)
{
	struct slice content = { NULL, 0 };
	bool is_whole = f->body_bytes <= (int64_t)f->body.n;
	const char *why = is_whole ? llm_content(f->body, arena, &content)
				   : "the answer is too long";

	if (why)
		fails(h, "llm_bad_answer", why, r);
	else
		agent_take_output(content, (int64_t)content.n, arena, r);
}

void agent_judge(struct held *h, const struct fetch_result *f, struct arena *arena,
		 struct result *r)
{
	const struct agent_run *a = h->agent;

	if (r->body.n > FETCH_BODY_MAX)
		r->body.n = FETCH_BODY_MAX;
	if (r->end != RUN_COMPLETED)
		return;
	if (f->status == 202 && a->kind == AGENT_WEBHOOK)
		await(a, r);
	else if (a->kind == AGENT_LLM)
		judge_llm(h, f, arena, r);
	else
		agent_take_output(f->body, f->body_bytes, arena, r);
	if (r->end == RUN_COMPLETED)
		r->body = (struct slice){ NULL, 0 }; /* it is the output */
}

/* What is wrong with the source's answer; NULL: it is JSON. */
static const char *source_fault(const struct fetch_result *f, struct arena *a,
				const char **out_detail)
{
	struct json_syntax syntax;

	if (f->fault != FETCH_FINE) {
		*out_detail = f->detail;
		return "source_failed";
	}
	if (f->status / 100 != 2) {
		*out_detail = arena_printf(a, "The source answered with status %d.", f->status);
		return "source_failed";
	}
	if (f->body_bytes > (int64_t)f->body.n) {
		*out_detail = "The source sent too much.";
		return "source_not_json";
	}
	if (!json_scan(f->body, &syntax)) {
		*out_detail = arena_printf(a, "What the source sent is not JSON, at byte %zu: %s",
					   syntax.at, syntax.message);
		return "source_not_json";
	}
	return NULL;
}

bool agent_asks_source(const struct held *h)
{
	return h->agent && h->agent->asks_source;
}

void agent_source_landed(struct held *h, const struct fetch_result *f, struct result *r,
			 struct arena *arena)
{
	struct agent_run *a = h->agent;
	struct gate_answer g;
	const char *detail = NULL, *fault = source_fault(f, arena, &detail);

	if (fault) {
		/* Of the attempt it is the agent's answer that is shown, not the source's. */
		r->http_status = 0;
		r->headers = r->body = (struct slice){ NULL, 0 };
		fails(h, fault, detail, r);
		result_end(h, r);
		return;
	}
	agent_gate_source(a, f->body, arena, &g);
	if (g.passes)
		agent_request(a, false);
	else
		agent_end(h, &g);
}
