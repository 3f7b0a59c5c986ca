#include "core/after.h"

#include "base/check.h"
#include "core/snapshot.h"
#include "core/stats.h"
#include "model/run.h"
#include "store/message.h"

/* --- conditions --- */

static bool has_failed(const struct after_row *r)
{
	return r->state == RUN_FAILED || r->state == RUN_EXPIRED;
}

static bool is_told(const struct after_run *r)
{
	if (!r->has_work || !r->work.channel.p)
		return false;
	if (r->row.state == RUN_COMPLETED)
		return r->work.deliver_on != DELIVER_FAILED;
	return has_failed(&r->row) && r->work.deliver_on != DELIVER_COMPLETED;
}

bool after_begin(struct after_run *r, struct arena *a)
{
	if (r->row.state && r->row.kind == KIND_JOB)
		r->has_work = work_parse(r->row.url, r->row.payload, a, &r->work);
	return is_told(r) && r->row.state == RUN_COMPLETED && r->work.condition.p
	    && !r->work.source.p;
}

static void leave_out(struct after_run *r, const char *why, const char *detail, struct arena *a)
{
	r->left_out = slice_of(why);
	if (detail)
		r->detail = arena_slice(a, slice_of(detail));
}

static bool is_object(struct slice json)
{
	size_t i = 0;

	while (i < json.n && strchr(" \t\r\n", json.p[i]))
		i++;
	return i < json.n && json.p[i] == '{';
}

/* What calls itself JSON and is not is asked for as text, too. */
void after_read(struct after_run *r, struct slice output, struct arena *scratch)
{
	struct slice json = output.p ? output : SLICE_LIT("null");
	bool is_json = r->row.output_is_json || !output.p;
	struct json_syntax syntax;

	r->output = is_json ? expr_json_index(json, scratch) : NULL;
	if (!r->output && !(is_json && json_scan(json, &syntax)))
		r->output = expr_json_string(output, scratch);
	else
		r->is_map = is_object(json);
}

void after_condition(struct after_run *r, struct arena *scratch, struct arena *a)
{
	struct expr_bind binds[3] = { { "output", r->output }, { NULL, NULL }, { NULL, NULL } };
	struct expr_faults faults = { 0 };
	const struct expr *e = expr_compile(r->work.condition, &work_output_env, scratch, &faults);
	struct expr_error error = { 0 };

	if (!e) {
		leave_out(r, "condition_error", faults.list[0].message, a);
		return;
	}
	if (!r->output) {
		leave_out(r, "condition_error", "The output has too many values to be asked.", a);
		return;
	}
	if (r->is_map)
		binds[1] = (struct expr_bind){ "", r->output };
	switch (expr_test(e, binds, &error)) {
	case EXPR_TRUE:
		break;
	case EXPR_FALSE:
		leave_out(r, "condition_false", NULL, a);
		break;
	case EXPR_FAILED:
		leave_out(r, "condition_error", error.message, a);
		break;
	}
}

/* --- what follows from one run --- */

static void add_message(const struct after_run *r, struct tz_db *zones, struct arena *a,
			struct after_plan *out)
{
	struct after_message *m;

	if (!is_told(r))
		return;
	m = arena_make(a, struct after_message);
	*m = (struct after_message){ .bucket = r->row.bucket,
				     .format = (int16_t)r->work.format,
				     .state = MESSAGE_WAITS,
				     .tenant = r->row.tenant,
				     .id = id_new(out->now),
				     .run = r->row.run,
				     .schedule = r->row.schedule,
				     .channel = r->work.channel,
				     .reason = r->left_out,
				     .detail = r->detail,
				     .ready_at = out->now,
				     .finished_at = USEC_NEVER };
	if (r->left_out.p) {
		m->state = MESSAGE_LEFT_OUT;
		m->finished_at = out->now;
	} else {
		m->ready_at = work_not_quiet(&r->work, r->row.zone, zones, out->now);
		if (m->ready_at > out->now)
			m->reason = SLICE_LIT("quiet_hours");
	}
	out->messages[out->messages_n++] = m;
}

static void add_events(const struct after_run *r, struct arena *a, struct after_plan *out)
{
	struct uuid id = id_new(out->now);

	for (size_t i = 0; i < r->row.chains_n; i++) {
		struct after_event *e = arena_make(a, struct after_event);

		*e = (struct after_event){ .bucket = r->row.bucket,
					   .state = r->row.state,
					   .tenant = r->row.tenant,
					   .id = id,
					   .chain = r->row.chains[i],
					   .chain_run = r->row.chain_run,
					   .schedule = r->row.schedule,
					   .run = r->row.run,
					   .at = r->row.finished_at };
		out->events[out->events_n++] = e;
	}
}

/* The beginning of the span that holds `at`; instants before 1970 too. */
static usec_t floor_to(usec_t at, usec_t span)
{
	usec_t rest = at % span;

	return at - rest - (rest < 0 ? span : 0);
}

static void add_count(const struct after_row *r, struct arena *a, struct after_plan *out)
{
	struct after_count *c = arena_make(a, struct after_count);
	bool is_timed = (r->state == RUN_COMPLETED || r->state == RUN_FAILED)
		     && r->started_at != USEC_NEVER && r->started_at <= r->finished_at;

	*c = (struct after_count){
		.bucket = r->bucket,
		/* Only jobs have statistics. */
		.state = r->kind == KIND_JOB ? r->state : 0,
		.tenant = r->tenant,
		.run = r->run,
		.schedule = r->schedule,
		.sum = { { [15] = (uint8_t)r->kind } },
		.hour = floor_to(r->finished_at, HOUR),
		.day = floor_to(r->finished_at, DAY),
		.slot = -1,
	};
	if (is_timed) {
		c->duration_us = r->finished_at - r->started_at;
		c->slot = (int16_t)stats_slot(c->duration_us);
	}
	out->counts[out->counts_n++] = c;
}

/* --- standings --- */

static struct after_standing *standing_of(const struct after_row *r, struct arena *a,
					  struct after_plan *out)
{
	struct after_standing *s;

	for (size_t i = 0; i < out->standings_n; i++) {
		s = out->standings[i];
		if (s->bucket == r->bucket && id_compare(s->schedule, r->schedule) == 0)
			return s;
	}
	s = arena_make(a, struct after_standing);
	*s = (struct after_standing){ .bucket = r->bucket,
				      .kind = r->kind,
				      .tenant = r->tenant,
				      .schedule = r->schedule,
				      .is_uniform = true,
				      .last_failed_at = USEC_NEVER,
				      .last_finished_at = USEC_NEVER,
				      .reset_at = r->reset_at };
	out->standings[out->standings_n++] = s;
	return s;
}

static void fold_outcome(struct after_standing *s, const struct after_row *r)
{
	bool failed = has_failed(r);
	int32_t sign = failed ? -1 : 1;

	if (s->counts && (s->streak < 0) != failed) {
		s->is_uniform = false;
		s->streak = 0;
	}
	s->streak += sign;
	s->counts = true;
	s->last_run = r->run;
	s->last_state = r->state;
	s->last_finished_at = r->finished_at;
	if (!failed) {
		s->failures = 0;
		s->completed = true;
		return;
	}
	s->failures += r->reset_at == USEC_NEVER || r->finished_at > r->reset_at;
	s->last_error = r->error;
	s->last_detail = r->detail;
	s->last_failed = r->run;
	s->last_failed_at = r->finished_at;
}

/* The newest run's rule on giving up holds. */
static void fold(const struct after_run *r, struct arena *a, struct after_plan *out)
{
	struct after_standing *s;

	if (id_is_nil(r->row.schedule))
		return;
	s = standing_of(&r->row, a, out);
	if (r->has_work)
		s->failures_max = r->work.max_failures;
	if (r->row.kind == KIND_JOB && (r->row.state == RUN_COMPLETED || has_failed(&r->row)))
		fold_outcome(s, &r->row);
	s->may_end = r->row.is_last || (s->failures > 0 && s->failures_max > 0);
}

struct change_of after_change(const struct schedule *s, int state, struct arena *a)
{
	struct who *server = arena_make(a, struct who);
	enum kind kind = (enum kind)s->kind;

	*server = (struct who){ .tenant = s->tenant, .bucket = s->bucket, .actor = ACTOR_SERVER };
	return (struct change_of){
		.who = server,
		.change = { .object = OBJECT_SCHEDULE,
			    .id = s->id,
			    .what = state == SCHEDULE_FAILED ? "failed" : "completed",
			    .before = snapshot_state(kind, SCHEDULE_ACTIVE, a),
			    .after = snapshot_state(kind, state, a) },
	};
}

size_t after_changes(const struct after_plan *plan, struct arena *a, struct change_of **out)
{
	struct change_of *list = *out = arena_array(a, struct change_of, 2 * plan->standings_n + 1);
	size_t n = 0;

	for (size_t i = 0; i < plan->standings_n; i++) {
		const struct after_standing *st = plan->standings[i];
		const struct schedule s = { .bucket = st->bucket,
					    .kind = st->kind,
					    .tenant = st->tenant,
					    .id = st->schedule };

		if (st->may_end)
			list[n++] = after_change(&s, SCHEDULE_COMPLETED, a);
		if (st->may_end && st->failures_max > 0)
			list[n++] = after_change(&s, SCHEDULE_FAILED, a);
	}
	return n;
}

void after_plan(const struct after_run *runs, size_t n, struct tz_db *zones, struct arena *a,
		struct after_plan *out)
{
	size_t events = 0;

	for (size_t i = 0; i < n; i++)
		events += runs[i].row.chains_n;
	out->counts = arena_array(a, struct after_count *, n + 1);
	out->standings = arena_array(a, struct after_standing *, n + 1);
	out->messages = arena_array(a, struct after_message *, n + 1);
	out->events = arena_array(a, struct after_event *, events + 1);
	out->counts_n = out->standings_n = out->messages_n = out->events_n = 0;
	for (size_t i = 0; i < n; i++) {
		add_count(&runs[i].row, a, out);
		if (!runs[i].row.state)
			continue; /* its record is gone: only its place in the queue is cleared */
		fold(&runs[i], a, out);
		add_message(&runs[i], zones, a, out);
		add_events(&runs[i], a, out);
	}
}
