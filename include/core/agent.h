/* Agents: who does a job's work. A webhook agent is an endpoint that gets the run (CONTRACT.md 4) and
 * answers with its output, or 202 and reports later; an llm agent is a chat-completions model that
 * gets the goal. Names are the caller's own ("agent_123") or made here. */
#ifndef CORE_AGENT_H
#define CORE_AGENT_H

#include "base/json.h"
#include "core/op.h"
#include "core/signing.h"

enum {
	AGENT_NAME_MAX = 64,
	AGENTS_MAX = 10000, /* a tenant */
	AGENT_LABEL_MAX = 255,
	AGENT_MODEL_MAX = 128,
	AGENT_SYSTEM_MAX = 16384
};
enum agent_kind { AGENT_WEBHOOK = 1, AGENT_LLM = 2 };

/* Stored as JSON (agent_def_shape). */
struct agent_def {
	struct slice label;       /* "name" on the wire */
	struct slice url;         /* endpoint; an llm without: the server's own (CARILLON_LLM_URL) */
	struct slice method;      /* absent: POST */
	struct json_list headers; /* of struct json_pair */
	struct slice secret;      /* webhook: signs what it gets, as a target's does */
	struct former former;     /* the secret before it */
	struct slice model;       /* llm; absent: CARILLON_LLM_MODEL */
	struct slice system;      /* llm: its instructions */
	usec_t timeout;           /* of one call; 0: the job's */
	uint64_t present;
};
extern const struct shape agent_def_shape;

struct agent {
	struct slice name;
	int kind; /* enum agent_kind */
	struct agent_def def;
	usec_t created_at, updated_at;
};

/* A name: letters, digits, '.', '_', '-', ':', 1 .. AGENT_NAME_MAX. */
bool agent_name_ok(struct slice name);
struct slice agent_print(const struct agent_def *def, struct arena *a);
/* From the columns. False: damaged. */
bool agent_load(int kind, struct slice definition, struct arena *a, struct agent_def *out);

struct agent_page_view {
	int64_t total;
	struct json_list items; /* of struct agent */
};
struct agent_list_ask {
	int64_t limit, offset;
};

/* Faults of one that is sent, by the wire's names; the operations look again. */
void agent_check(struct op *op, const struct agent *in);

/* in: struct agent (name absent: one is made); out: agent; ERR_AGENT_EXISTS with op->existing, ERR_AGENT_LIMIT */
op_step agent_create;
op_step agent_get;    /* names[0]; out: agent */
op_step agent_list;   /* in: agent_list_ask; out: agent_page_view, by creation, newest first */
/* names[0]; in: struct agent, whole, but for its name; out: agent. A secret or a header's value that comes back as
 * credential_mask() showed it keeps what it was. */
op_step agent_change;
op_step agent_secret; /* names[0]; out: struct secret_made; a webhook agent's */
op_step agent_delete; /* names[0]; out: agent; ERR_AGENT_IN_USE when a schedule names it */

#endif
