/* Creating, changing, pausing, resuming and triggering jobs. */
#include "core/job.h"

#include "base/check.h"
#include "base/id.h"
#include "core/agent.h"
#include "core/change.h"
#include "core/core.h"
#include "core/core_int.h"
#include "core/quota.h"
#include "core/schedule_int.h"
#include "core/snapshot.h"
#include "io/fetch.h"
#include "store/agent.h"
#include "store/job.h"
#include "when/tz.h"

/* --- what is wrong with one --- */

static void complain(struct op *op, const char *field, const char *code, const char *message)
{
	json_fault(&op->faults, field, code, call_sentence(op->arena, message));
}

static void check_expression(struct op *op, struct slice text, const struct expr_env *env,
			     const char *field)
{
	struct expr_faults found = { .n = 0 };

	if (!text.p || expr_compile(text, env, op->arena, &found))
		return;
	for (int i = 0; i < found.n; i++) {
		struct json_faults *faults = &op->faults;

		if (faults->n < JSON_FAULTS_MAX)
			faults->list[faults->n++] = (struct json_fault){
				.field = field,
				.code = found.list[i].code,
				.message = found.list[i].message,
				.at = found.list[i].at,
				.len = found.list[i].len,
			};
		faults->total++;
	}
}

static void check_url(struct op *op, struct slice url, const char *field)
{
	const char *message = url.p ? fetch_url_check(url, op->core->allow_private) : NULL;

	if (message)
		complain(op, field, "target_forbidden", message);
}

static void check_channel(struct op *op, struct slice text)
{
	const char *message;
	struct channel to;

	if (!text.p)
		return;
	if (!channel_parse(text, &to, &message))
		complain(op, "delivery.channel", "channel_invalid", message);
	else if (to.platform == PLATFORM_WEBHOOK)
		check_url(op, to.to, "delivery.channel");
}

/* As the whole will be. False: op->faults says why not. */
static bool check_work(struct op *op, const struct work *w)
{
	int before = op->faults.total;

	if (!agent_name_ok(w->agent))
		complain(op, "agent_id", "unknown_agent", "There is no agent of this id.");
	check_expression(op, w->only_if, &work_gate_env, "only_if");
	check_expression(op, w->condition, w->source.p ? &work_source_env : &work_output_env,
			 "condition.expression");
	check_url(op, w->source, "condition.source");
	check_channel(op, w->channel);
	if (w->has_quiet && w->quiet.zone.p && !tz_find(op->core->zones, w->quiet.zone))
		complain(op, "delivery.quiet_hours.timezone", "timezone_unknown",
			 "There is no such time zone.");
	if (w->heartbeat > w->completion)
		complain(op, "heartbeat_timeout", "out_of_range",
			 "This must not be more than completion_timeout.");
	return op->faults.total == before;
}

void job_check(struct op *op, const struct job_ask *in)
{
	const char *too_large = quota_payload_fault(op, in->work.context);
	struct work sent = in->work;

	if (too_large)
		json_fault(&op->faults, "context", "quota_payload", too_large);
	/* What was not sent is not at fault, or is already. */
	if (!sent.agent.p)
		sent.agent = SLICE_LIT("-");
	if (~in->parts & (JOB_HEARTBEAT | JOB_COMPLETION))
		sent.heartbeat = 0;
	check_work(op, &sent);
}

/* --- is there such an agent? --- */

struct asking {
	op_step *next;
};
static op_step agent_read;

/* Goes on with `next`, having named the agent if it is unknown. Ends with what is wrong besides. */
static flow ask_agent(struct op *op, struct slice name, op_step *next)
{
	struct asking *a = arena_make(op->arena, struct asking);
	struct agent_key key = { op->who.bucket, op->who.tenant, name };

	if (op->core->default_agent_url || !agent_name_ok(name))
		return next(op);
	a->next = next;
	op->state = a;
	store_agent_find(op_unit(op, LANE_READ), &key);
	return op_db(op, agent_read);
}

static flow agent_read(struct op *op)
{
	const struct asking *a = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_agent_found(op->unit, 0))
		complain(op, "agent_id", "unknown_agent",
			 "There is no agent of this id, and this server has no default for it.");
	return a->next(op);
}

/* --- create --- */

bool job_retries(const struct call *call)
{
	return call->retry.strategy != RETRY_POLYNOMIAL;
}

static struct call call_of(const struct job_ask *in, struct arena *a)
{
	static const struct retry once = { .strategy = RETRY_POLYNOMIAL, .max_attempts = 1 };

	return (struct call){
		.url = slice_of(arena_printf(a, WORK_SCHEME "%.*s", SLICE_ARG(in->work.agent))),
		.payload = work_print(&in->work, a),
		.timeout = in->timeout,
		.retry = in->retries ? in->retry : once,
	};
}

static op_step create;

flow job_create(struct op *op)
{
	const struct job_ask *in = op->in;

	check_work(op, &in->work);
	return ask_agent(op, in->work.agent, create);
}

static flow create(struct op *op)
{
	const struct job_ask *in = op->in;
	struct schedule_new *ask = arena_make(op->arena, struct schedule_new);

	*ask = (struct schedule_new){
		.kind = KIND_JOB,
		.timing = in->timing,
		.names = in->names,
		.name = in->name,
		.details = in->details,
		.enabled = true,
		.overlap = in->overlap,
		.catchup = in->catchup,
		.call = call_of(in, op->arena),
		.agent = in->work.agent,
	};
	op->in = ask;
	return schedule_create(op);
}

/* --- change --- */

struct change_ask {
	struct schedule_change core; /* what schedule_change() is asked with */
	const struct job_ask *sent;
};

static void merge_work(const struct job_ask *in, struct work *w)
{
	const struct work *from = &in->work;

	if (in->parts & JOB_AGENT)
		w->agent = from->agent;
	if (in->parts & JOB_GOAL)
		w->goal = from->goal;
	if (in->parts & JOB_CONTEXT)
		w->context = from->context;
	if (in->parts & JOB_ONLY_IF)
		w->only_if = from->only_if;
	if (in->parts & JOB_CONDITION) {
		w->source = from->source;
		w->condition = from->condition;
	}
	if (in->parts & JOB_DELIVERY) {
		w->channel = from->channel;
		w->format = from->format;
		w->deliver_on = from->deliver_on;
		w->has_quiet = from->has_quiet;
		w->quiet = from->quiet;
	}
	if (in->parts & JOB_FAILURES)
		w->max_failures = from->max_failures;
	if (in->parts & JOB_COMPLETION)
		w->completion = from->completion;
	if (in->parts & JOB_HEARTBEAT)
		w->heartbeat = from->heartbeat;
}

/* What was sent over what is stored now. */
static bool merge(struct op *op, struct schedule *s)
{
	const struct job_ask *in = ((const struct change_ask *)op->in)->sent;
	unsigned of_call = in->parts & ~(unsigned)(JOB_NAME | JOB_DETAILS);
	struct job_ask whole = *in;
	struct call was;

	if (in->parts & JOB_NAME)
		s->name = in->name;
	if (in->parts & JOB_DETAILS)
		s->details = in->details;
	if (!of_call)
		return true;
	if (!call_parse(s->url, s->options, s->payload, op->arena, &was)
	    || !work_parse(s->url, s->payload, op->arena, &whole.work))
		return false;
	merge_work(in, &whole.work);
	if (!(in->parts & JOB_RETRY)) {
		whole.retries = job_retries(&was);
		whole.retry = was.retry;
	}
	if (!(in->parts & JOB_TIMEOUT))
		whole.timeout = was.timeout;
	if (!check_work(op, &whole.work))
		return false;
	s->agent = whole.work.agent;
	was = call_of(&whole, op->arena);
	schedule_set_call(s, &was, op);
	return true;
}

static op_step change;

flow job_change(struct op *op)
{
	const struct job_ask *in = op->in;

	return in->parts & JOB_AGENT ? ask_agent(op, in->work.agent, change) : change(op);
}

static flow change(struct op *op)
{
	struct change_ask *ask = arena_make(op->arena, struct change_ask);
	const struct job_ask *in = op->in;

	ask->sent = in;
	ask->core = (struct schedule_change){
		.kind = KIND_JOB,
		.timing = in->timing,
		.timed = in->timed,
		.overlap = in->overlap,
		.catchup = in->catchup,
		.names = in->names,
		.merge = merge,
	};
	op->in = &ask->core;
	return schedule_change(op);
}

static flow set_active(struct op *op, bool is_active)
{
	struct schedule_change *ask = arena_make(op->arena, struct schedule_change);

	*ask = (struct schedule_change){ .kind = KIND_JOB,
					 .has_enabled = true,
					 .enabled = is_active };
	op->in = ask;
	return schedule_change(op);
}

flow job_pause(struct op *op)
{
	return set_active(op, false);
}

flow job_resume(struct op *op)
{
	return set_active(op, true);
}

/* --- trigger --- */

#define INSTANTS_MAX 100 /* that are taken, before it is given up */

struct triggering {
	struct job_start start;
	struct job_triggered out;
	int tries;
};
static op_step triggered;

static flow start(struct op *op)
{
	const struct triggering *t = op->state;
	const struct run made = { .schedule = t->start.ref.id,
				  .trigger = TRIGGER_MANUAL,
				  .state = RUN_PENDING,
				  .scheduled_for = t->start.at,
				  .expires_at = USEC_NEVER,
				  .created_at = t->start.created };

	store_job_start(op_unit(op, LANE_WRITE), &t->start);
	op_changes(op,
		   &(struct change){ .object = OBJECT_RUN,
				     .id = t->start.run,
				     .what = "triggered",
				     .after = snapshot_run(KIND_JOB, &made, op->arena) },
		   1, &t->out);
	return op_db(op, triggered);
}

flow job_trigger(struct op *op)
{
	struct triggering *t = arena_make(op->arena, struct triggering);
	usec_t at = core_slot(op->core, op->now);

	t->start = (struct job_start){
		.ref = schedule_ref(op, KIND_JOB),
		.run = id_new(op->now),
		.at = at,
		.ready = op->now,
		.created = at,
	};
	t->out.run = t->start.run;
	op->state = t;
	return start(op);
}

static flow triggered(struct op *op)
{
	struct triggering *t = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	switch (store_job_started(op->unit, 0)) {
	case JOB_STARTED:
		break;
	case JOB_UNKNOWN:
		return op_fail(op, ERR_NOT_FOUND, NULL);
	case JOB_INSTANT_TAKEN:
		t->start.at++;
		return ++t->tries < INSTANTS_MAX ? start(op) : op_fail(op, ERR_CHANGED, NULL);
	}
	if (op->core->on_run)
		op->core->on_run(op->core->engine, op->who.tenant, t->start.ready);
	return op_ok(op, &t->out);
}
