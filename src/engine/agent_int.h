/* Between the files of the agents' calls: agent.c (what happens until the first request), agent_share.c
 * (memory), agent_gate.c (whether it runs), agent_call.c (the requests and their answers), agent_body.c (what
 * they say). */
#ifndef ENGINE_AGENT_INT_H
#define ENGINE_AGENT_INT_H

#include "core/agent.h"
#include "core/chain.h"
#include "core/work.h"
#include "engine/engine_int.h"
#include "expr/expr.h"
#include "store/agent_run.h"

/* What another run brought back. */
struct agent_output {
	struct slice bytes; /* JSON or text; absent: nothing */
	bool is_json;
	bool is_cut;
};
struct agent_parent {
	struct slice job, name, run; /* as on the wire; run absent: it never ran */
	const char *status;
	struct agent_output output;
};
/* What a request says of its run, all as on the wire. */
struct agent_told {
	struct slice run, job, name, agent, goal, scheduled_for, callback_url;
	struct slice chain, chain_run; /* absent: in no chain */
	struct slice given; /* the job's own context, raw JSON; absent: none */
	int64_t attempt;
	const struct agent_parent *parents;
	size_t parents_n;
};

/* A job's run from its instant until its last request is under way. */
struct agent_run {
	struct held *held;
	struct arena *arena;
	size_t bytes;           /* counted in engine.agent_bytes */
	struct work work;
	struct call call;       /* the job's own: retry, timeout */
	struct agent_facts facts;
	struct agent_def def;
	int kind;               /* enum agent_kind */
	bool is_own_llm;        /* the server's own model, with its key */
	bool asks_source;       /* the next request is for what the condition is asked of */
	struct slice url;       /* of the next request */
	struct agent_told told;
	struct agent_output last; /* of the run before, when only_if may ask for it */
	struct slice context;   /* JSON */
};

/* --- agent.c --- */
struct gate_answer;
void agent_request(struct agent_run *a, bool asks_source); /* on to its target */
void agent_end(struct held *h, const struct gate_answer *g); /* without an attempt of the agent's */

/* --- agent_share.c --- */
bool agent_share_is_full(const struct held *h);              /* by what other runs take */
void agent_set_bytes(struct agent_run *a, size_t bytes); /* that it takes; 0: none any more */

/* --- agent_body.c --- */
/* Outputs of parents take so much together, texts with their escapes; the rest of them is cut. Context and bodies
 * are absent when they would be larger than they can be. */
#define AGENT_PARENTS_MAX (1 << 20)
struct slice agent_context(const struct agent_told *t, struct arena *a);
struct slice agent_webhook_body(const struct agent_told *t, struct slice context, struct arena *a);
struct slice agent_llm_body(const struct agent_told *t, struct slice context, struct slice model,
			    struct slice system, struct arena *a);
/* An answer's body as an output: JSON when it is that (work_output_is_json()) and whole, else a text. */
void agent_take_output(struct slice body, int64_t bytes, struct arena *a, struct result *r);
/* ,"name":value with an output as the value: JSON as it is, a text as a string; absent: null. */
void agent_add_output(struct strbuf *b, const char *name, const struct agent_output *o);

/* --- agent_gate.c --- */
struct gate_answer {
	bool passes;
	int16_t end;          /* else: how the run ends */
	const char *reason;
	bool is_failure;      /* an attempt that failed: `reason` is its error */
	const char *detail;   /* NULL: none */
};
/* Everything but the source. */
void agent_gate(struct agent_run *a, struct gate_answer *out);
/* The condition, of what the source sent. */
void agent_gate_source(struct agent_run *a, struct slice json, struct arena *arena, struct gate_answer *out);
const char *agent_trigger_word(enum trigger t);

#endif
