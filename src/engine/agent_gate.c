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

/* The output of the run before as JSON and something around it; a text that has escapes may become too large. */
#define GATE_TEXT_MAX (WORK_OUTPUT_MAX / 2 * 3)
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

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	    || c == '_';
}

/* NULL: too large. */
static const struct expr_json *indexed(const struct agent_run *a,
				       void (*print)(struct strbuf *, const struct agent_run *))
{
	const struct expr_json *out = NULL;
	struct strbuf b;

	strbuf_init(&b, GATE_TEXT_MAX);
	strbuf_addc(&b, '{');
	print(&b, a);
	strbuf_addc(&b, '}');
	if (!b.failed)
		out = expr_json_index(arena_slice(a->arena, strbuf_slice(&b)), a->arena);
	strbuf_release(&b);
	return out;
}

/* --- asking --- */

struct question {
	struct slice text;
	const struct expr_env *env;
	const char *if_false, *if_error; /* reasons */
};

static void fails(const struct question *q, const char *detail, struct gate_answer *out)
{
	*out = (struct gate_answer){
		.end = RUN_FAILED, .is_failure = true, .reason = q->if_error, .detail = detail
	};
}

/* One that cannot be compiled was one of another version, or its row is damaged: NULL, and *out says so. */
static const struct expr *compile(const struct question *q, struct arena *arena,
				  struct gate_answer *out)
{
	struct expr_faults faults = { .n = 0 };
	const struct expr *e = expr_compile(q->text, q->env, arena, &faults);

	if (!e)
		fails(q, faults.n ? faults.list[0].message : NULL, out);
	return e;
}

static void ask(const struct question *q, const struct expr *e, const struct expr_bind *binds,
		struct arena *arena, struct gate_answer *out)
{
	struct expr_error error = { 0 };
	enum expr_answer answer = expr_test(e, binds, &error);

	*out = (struct gate_answer){ .passes = answer == EXPR_TRUE };
	if (answer == EXPR_FALSE) {
		out->end = RUN_SKIPPED;
		out->reason = q->if_false;
	} else if (answer == EXPR_FAILED) {
		fails(q, arena_printf(arena, "%s", error.message), out);
	}
}

/* --- only_if --- */

static const struct expr_json *context(const struct agent_run *a)
{
	return expr_json_index(a->context, a->arena);
}

static const struct {
	const char *name;
	void (*print)(struct strbuf *, const struct agent_run *); /* NULL: the context */
} names[] = {
	{ "run", print_run }, { "job", print_job }, { "last", print_last },
	{ "context", NULL },  { "now", print_now },
};
enum { NAMES = sizeof names / sizeof *names, READS_MAX = 64 };

/* Does it read anything of this name? Paths begin with it. */
static bool reads(const struct expr *e, const char *name)
{
	struct slice paths[READS_MAX];
	int n = expr_reads(e, paths, READS_MAX);
	size_t length = strlen(name);

	for (int i = 0; i < n; i++)
		if (paths[i].n >= length && memcmp(paths[i].p, name, length) == 0
		    && (paths[i].n == length || !is_name_byte(paths[i].p[length])))
			return true;
	return n == READS_MAX;
}

/* Only what it reads is made ready for it: that may be large. */
static void ask_only_if(struct agent_run *a, struct gate_answer *out)
{
	/* codes */
	const struct question q = { a->work.only_if, &work_gate_env, "only_if_false",
				    "only_if_error" };
	const struct expr *e = compile(&q, a->arena, out);
	struct expr_bind binds[NAMES + 1] = { 0 };
	int n = 0;

	for (int i = 0; e && i < NAMES; i++) {
		if (!reads(e, names[i].name))
			continue;
		binds[n].name = names[i].name;
		binds[n].value = names[i].print ? indexed(a, names[i].print) : context(a);
		if (!binds[n++].value) {
			fails(&q,
			      arena_printf(a->arena,
					   "`%s`, as only_if would be asked of it, is too large.",
					   names[i].name),
			      out);
			return;
		}
	}
	if (e)
		ask(&q, e, binds, a->arena, out);
}

void agent_gate_source(struct agent_run *a, struct slice json, struct arena *arena,
		       struct gate_answer *out)
{
	/* codes */
	const struct question q = { a->work.condition, &work_source_env, "condition_false",
				    "condition_error" };
	const struct expr_json *value = expr_json_index(json, arena);
	const struct expr_bind binds[] = { { "source", value }, { "", value }, { NULL, NULL } };
	const struct expr *e = compile(&q, arena, out);

	if (e && value)
		ask(&q, e, binds, arena, out);
	else if (e)
		fails(&q, "What the source sent has too many values.", out);
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
