/* Whether a job's run goes ahead: its schedule as it is now, its agent, only_if, and the condition over
 * a source. */
#include <inttypes.h>

#include "base/clock.h"
#include "core/run.h"
#include "engine/agent_int.h"
#include "model/schedule.h"
#include "when/civil.h"
#include "when/stamp.h"
#include "when/tz.h"

#define GATE_TEXT_MAX (4 << 20) /* the output of the run before and the context, escaped */
#define DAY_S 86400

static const char *const triggers[] = {
	[TRIGGER_ONCE] = "schedule",   [TRIGGER_SCHEDULE] = "schedule",
	[TRIGGER_MANUAL] = "manual",   [TRIGGER_CHAIN] = "chain",
	[TRIGGER_CATCHUP] = "catchup", [TRIGGER_BACKFILL] = "backfill",
};

const char *agent_trigger_word(enum trigger t)
{
	return triggers[t];
}

static const char *last_word(int state)
{
	static const char *const words[] = { [RUN_COMPLETED] = "completed",
					     [RUN_FAILED] = "failed",
					     [RUN_CANCELLED] = "cancelled",
					     [RUN_EXPIRED] = "failed",
					     [RUN_SKIPPED] = "skipped" };

	return state >= RUN_COMPLETED && state <= RUN_SKIPPED ? words[state] : NULL;
}

/* --- what only_if is asked of --- */

static void add_name(struct strbuf *b, const char *name)
{
	strbuf_addf(b, "%s\"%s\":", b->p[b->n - 1] == '{' ? "" : ",", name);
}

static void add(struct strbuf *b, const char *name, struct slice value)
{
	add_name(b, name);
	if (value.p)
		strbuf_add_json(b, value);
	else
		strbuf_adds(b, "null");
}

static void add_number(struct strbuf *b, const char *name, int64_t value)
{
	add_name(b, name);
	strbuf_addi(b, value);
}

static void print_run(struct strbuf *b, const struct agent_run *a)
{
	const struct claimed *c = &a->held->c;

	add(b, "id", a->told.run);
	add(b, "trigger", slice_of(triggers[c->trigger]));
	add(b, "scheduled_for", a->told.scheduled_for);
	add_number(b, "attempt", c->attempt);
	add_name(b, "manual");
	strbuf_adds(b, c->trigger == TRIGGER_MANUAL ? "true" : "false");
}

static void print_job(struct strbuf *b, const struct agent_run *a)
{
	add(b, "id", a->told.job);
	add(b, "name", a->told.name);
	add(b, "agent_id", a->told.agent);
	add_number(b, "run_count", a->facts.executed);
}

static void print_last(struct strbuf *b, const struct agent_run *a)
{
	const struct agent_facts *f = &a->facts;
	char stamp[STAMP_MAX];
	struct slice finished = { NULL, 0 };

	if (f->last_finished != USEC_NEVER)
		finished = (struct slice){ stamp, stamp_print(f->last_finished, stamp) };
	add(b, "status", slice_of(last_word(f->last_state)));
	agent_add_output(b, "output", &a->last);
	add(b, "error", f->last_state == RUN_COMPLETED ? (struct slice){ NULL, 0 } : f->last_error);
	add_number(b, "failures", f->failures);
	add(b, "finished_at", finished);
}

/* The schedule's clock. */
static void print_now(struct strbuf *b, const struct agent_run *a)
{
	static const char *const days[] = { "sunday",   "monday", "tuesday", "wednesday",
					    "thursday", "friday", "saturday" };
	const struct tz *z = tz_find(a->held->engine->core->zones, a->facts.zone);
	usec_t now = clock_now();
	char iso[STAMP_MAX];
	int64_t wall;
	struct civil d;
	unsigned weekday;

	if (!z)
		z = tz_utc();
	wall = now / SEC + tz_offset(z, now / SEC, NULL);
	d = civil_from_days((int32_t)(wall / DAY_S));
	weekday = civil_weekday((int32_t)(wall / DAY_S));
	add(b, "iso", (struct slice){ iso, stamp_print_local(now, z, iso) });
	add_name(b, "date");
	strbuf_addf(b, "\"%04d-%02u-%02u\"", d.year, (unsigned)d.month, (unsigned)d.day);
	add_name(b, "time");
	strbuf_addf(b, "\"%02d:%02d:%02d\"", (int)(wall % DAY_S / 3600), (int)(wall % 3600 / 60),
		    (int)(wall % 60));
	add_number(b, "year", d.year);
	add_number(b, "month", d.month);
	add_number(b, "day", d.day);
	add_number(b, "hour", wall % DAY_S / 3600);
	add_number(b, "minute", wall % 3600 / 60);
	add(b, "weekday", slice_of(days[weekday]));
	add_number(b, "weekday_number", weekday ? weekday : 7);
}

static const struct expr_json *indexed(const struct agent_run *a,
				       void (*print)(struct strbuf *, const struct agent_run *))
{
	struct strbuf b;
	struct slice text;

	strbuf_init(&b, GATE_TEXT_MAX);
	strbuf_addc(&b, '{');
	print(&b, a);
	strbuf_addc(&b, '}');
	text = arena_slice(a->arena, strbuf_slice(&b));
	strbuf_release(&b);
	return expr_json_index(text, a->arena);
}

/* --- asking --- */

struct question {
	struct slice text;
	const struct expr_env *env;
	const char *if_false, *if_error; /* reasons */
};

/* An expression that cannot be compiled was one of another version, or its row is damaged. */
static void ask(const struct question *q, const struct expr_bind *binds, struct arena *arena,
		struct gate_answer *out)
{
	struct expr_faults faults = { .n = 0 };
	const struct expr *e = expr_compile(q->text, q->env, arena, &faults);
	struct expr_error error = { 0 };
	enum expr_answer answer = e ? expr_test(e, binds, &error) : EXPR_FAILED;

	*out = (struct gate_answer){ .passes = answer == EXPR_TRUE };
	if (answer == EXPR_FALSE) {
		out->end = RUN_SKIPPED;
		out->reason = q->if_false;
	} else if (answer == EXPR_FAILED) {
		out->end = RUN_FAILED;
		out->is_failure = true;
		out->reason = q->if_error;
		out->detail = e        ? arena_printf(arena, "%s", error.message)
			    : faults.n ? faults.list[0].message
				       : NULL;
	}
}

static void ask_only_if(struct agent_run *a, struct gate_answer *out)
{
	const struct question q = { a->work.only_if, &work_gate_env, "only_if_false",
				    "only_if_error" };
	const struct expr_bind binds[] = { { "run", indexed(a, print_run) },
					   { "job", indexed(a, print_job) },
					   { "last", indexed(a, print_last) },
					   { "context", expr_json_index(a->context, a->arena) },
					   { "now", indexed(a, print_now) },
					   { NULL, NULL } };

	for (int i = 0; binds[i].name; i++)
		if (!binds[i].value) {
			*out = (struct gate_answer){
				.end = RUN_FAILED,
				.is_failure = true,
				.reason = "only_if_error",
				.detail = "What only_if is asked of is too large."
			};
			return;
		}
	ask(&q, binds, a->arena, out);
}

void agent_gate_source(struct agent_run *a, struct slice json, struct arena *arena,
		       struct gate_answer *out)
{
	const struct question q = { a->work.condition, &work_source_env, "condition_false",
				    "condition_error" };
	const struct expr_json *value = expr_json_index(json, arena);
	const struct expr_bind binds[] = { { "source", value }, { "", value }, { NULL, NULL } };

	if (value)
		ask(&q, binds, arena, out);
	else
		*out = (struct gate_answer){
			.end = RUN_FAILED,
			.is_failure = true,
			.reason = "condition_error",
			.detail = "What the source sent has too many values."
		};
	if (out->detail) /* it outlives the source's body */
		out->detail = arena_printf(a->arena, "%s", out->detail);
}

/* Also by having been given up. Retries are let through: pausing is about occurrences to come. */
static bool is_stopped_by_pause(const struct agent_run *a)
{
	const struct claimed *c = &a->held->c;
	int state = a->facts.schedule_state;

	return (state == SCHEDULE_PAUSED || state == SCHEDULE_FAILED)
	    && c->attempt - c->excused == 1
	    && (c->trigger == TRIGGER_SCHEDULE || c->trigger == TRIGGER_CATCHUP);
}

void agent_gate(struct agent_run *a, struct gate_answer *out)
{
	*out = (struct gate_answer){ .passes = true };
	if (a->facts.schedule_state == SCHEDULE_DELETED)
		*out = (struct gate_answer){ .end = RUN_CANCELLED, .reason = "job_deleted" };
	else if (is_stopped_by_pause(a))
		*out = (struct gate_answer){ .end = RUN_SKIPPED, .reason = "job_paused" };
	else if (!a->url.p)
		*out = (struct gate_answer){
			.end = RUN_FAILED,
			.is_failure = true,
			.reason = a->kind == AGENT_LLM ? "no_llm" : "unknown_agent",
			.detail = a->kind == AGENT_LLM
					? "The agent has no endpoint, and the server has no language model."
					: "Nobody registered this agent, and there is no default endpoint."
		};
	else if (a->work.only_if.p)
		ask_only_if(a, out);
}
