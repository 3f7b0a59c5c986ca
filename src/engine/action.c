/* Runs of plans: whether they go ahead, and what their action is sent (CONTRACT.md 7). */
#include "core/action.h"
#include "core/run.h"
#include "engine/engine_int.h"
#include "model/schedule.h"
#include "when/stamp.h"

static void ends(struct held *h, enum run_state end, const char *reason, usec_t now)
{
	result_end(h, &(struct result){ .end = end,
					.reason = slice_of(reason),
					.started_at = USEC_NEVER,
					.finished_at = now });
}

/* Retries are let through: making a plan inactive is about occurrences to come. */
static bool is_stopped(const struct claimed *c)
{
	return c->plan_state == SCHEDULE_PAUSED && c->attempt - c->excused == 1;
}

bool action_goes(struct held *h, usec_t now)
{
	const struct claimed *c = &h->c;

	if (c->plan_state == SCHEDULE_CANCELLED)
		ends(h, RUN_CANCELLED, "plan_cancelled", now);
	else if (is_stopped(c))
		ends(h, RUN_SKIPPED, "plan_inactive", now);
	else if (action_of_url(c->url).p)
		ends(h, RUN_FAILED, "unknown_action", now);
	else
		return true;
	return false;
}

static void add_id(struct strbuf *b, const char *name, const char *prefix, struct uuid id)
{
	char text[ID_TEXT_MAX];

	id_print(prefix, id, text);
	strbuf_addf(b, "\"%s\":\"%s\",", name, text);
}

static void add_text(struct strbuf *b, const char *name, struct slice value)
{
	strbuf_addf(b, "\"%s\":", name);
	strbuf_add_json(b, value);
	strbuf_addc(b, ',');
}

#define HEAD_MAX 8192 /* bytes; names are short, and every byte of them is escaped at most */

static void print_head(const struct claimed *c, struct strbuf *b)
{
	char stamp[STAMP_MAX];

	strbuf_addc(b, '{');
	add_id(b, "run_id", run_prefix((enum kind)c->kind), c->key.id);
	add_id(b, "plan_id", schedule_prefix((enum kind)c->kind), c->schedule);
	add_text(b, "action", c->action);
	add_text(b, "scheduled_for", (struct slice){ stamp, stamp_print(c->scheduled_for, stamp) });
	strbuf_addf(b, "\"attempt\":%d,", (int)c->attempt);
	add_text(b, "tenant", c->tenant_name);
	add_text(b, "organization", c->organization);
	strbuf_adds(b, "\"payload\":");
}

struct slice action_body(const struct held *h, struct slice payload, struct arena *a)
{
	struct slice out, head;
	struct strbuf b;

	if (!payload.p)
		payload = SLICE_LIT("null");
	strbuf_init(&b, HEAD_MAX);
	print_head(&h->c, &b);
	head = strbuf_slice(&b);
	/* At once as large as it becomes: the payload may be large. */
	out = (struct slice){ arena_alloc(a, head.n + payload.n + 1), head.n + payload.n + 1 };
	memcpy((char *)out.p, head.p, head.n);
	memcpy((char *)out.p + head.n, payload.p, payload.n);
	((char *)out.p)[out.n - 1] = '}';
	strbuf_release(&b);
	return out;
}
