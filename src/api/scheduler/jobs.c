/* Jobs: what was sent becomes what the core asks for. */
#include "jobs_int.h"

#include <strings.h>

#include "api/timing_common.h"
#include "when/stamp.h"

static const enum kind kind_job = KIND_JOB;

enum { ALL_DAYS = 127 };

/* --- in --- */

static bool was_sent_in(const struct shape *shape, uint64_t present, const char *name)
{
	for (int i = 0; i < shape->count; i++)
		if ((present >> i & 1) && strcmp(shape->fields[i].name, name) == 0)
			return true;
	return false;
}

/* Create and change have the same rows. */
static bool was_sent(const struct in_job *in, const char *name)
{
	return was_sent_in(&in_job_change_shape, in->present, name);
}

static const struct timing_names wire_names = {
	.zone = "schedule.timezone",
	.end = "end_at",
	.calendar = "calendar",
	.rrule = { "schedule.rrule", "schedule.dtstart", "schedule.exdate", "schedule.rdate" },
};

/* By enum spec_kind: where each says when. */
static const struct {
	const char *member, *path;
} ways[] = {
	[SPEC_CRON] = { "expression", "schedule.expression" },
	[SPEC_EVERY] = { "interval", "schedule.interval" },
	[SPEC_ONCE] = { "datetime", "schedule.datetime" },
	[SPEC_RRULE] = { "rrule", "schedule.rrule" },
};

static void take_schedule(struct arena *a, const struct in_job_schedule *in, struct timing *t,
			  struct timing_names *names)
{
	struct rrule_text pieces = in->rule;
	const struct slice texts[] = { in->expression, in->every, in->datetime, in->rule.rule };

	*names = wire_names;
	t->zone = in->timezone;
	if (in->type < 0 || !texts[in->type].p)
		return;
	t->spec_kind = (int16_t)(in->type + 1);
	t->spec = texts[in->type];
	names->spec = ways[in->type].path;
	if (in->type != SPEC_RRULE)
		return;
	pieces.exdate = comma_list(&in->exdate, a);
	pieces.rdate = comma_list(&in->rdate, a);
	take_rule(&pieces, a, t, names);
}

static int day_of(struct slice text)
{
	static const char *const long_names[] = { "sunday",   "monday", "tuesday", "wednesday",
						  "thursday", "friday", "saturday" };

	for (int i = 0; i < 7 && text.p; i++)
		if ((text.n == 3 || text.n == strlen(long_names[i]))
		    && strncasecmp(text.p, long_names[i], text.n) == 0)
			return i;
	return -1;
}

static void take_quiet(const struct in_delivery *in, struct work *w)
{
	const struct slice *days = in->quiet.days.items;

	w->has_quiet = (in->present >> DELIVERY_ROW_QUIET & 1) && in->quiet.start >= 0;
	w->quiet = (struct quiet_hours){ .start = in->quiet.start,
					 .end = in->quiet.end,
					 .zone = in->quiet.timezone };
	for (size_t i = 0; i < in->quiet.days.n; i++)
		if (day_of(days[i]) >= 0)
			w->quiet.days |= 1u << day_of(days[i]);
}

static void take_work(const struct in_job *in, struct work *w)
{
	*w = (struct work){
		.agent = in->agent,
		.goal = in->goal,
		.context = in->context,
		.only_if = in->only_if,
		.source = in->condition.source,
		.condition = in->condition.expression,
		.channel = in->delivery.channel,
		.format = in->delivery.format,
		.deliver_on = in->delivery.on,
		.max_failures = in->max_failures,
		.completion = in->completion,
		.heartbeat = in->heartbeat,
	};
	take_quiet(&in->delivery, w);
}

static unsigned parts_of(const struct in_job *in)
{
	static const struct {
		const char *name;
		unsigned part;
	} parts[] = {
		{ "name", JOB_NAME },
		{ "description", JOB_DETAILS },
		{ "agent_id", JOB_AGENT },
		{ "goal", JOB_GOAL },
		{ "context", JOB_CONTEXT },
		{ "only_if", JOB_ONLY_IF },
		{ "condition", JOB_CONDITION },
		{ "delivery", JOB_DELIVERY },
		{ "max_consecutive_failures", JOB_FAILURES },
		{ "completion_timeout", JOB_COMPLETION },
		{ "heartbeat_timeout", JOB_HEARTBEAT },
		{ "retry", JOB_RETRY },
		{ "timeout", JOB_TIMEOUT },
	};
	unsigned sent = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (was_sent(in, parts[i].name))
			sent |= parts[i].part;
	return sent;
}

static unsigned timed_of(const struct in_job *in)
{
	static const struct {
		const char *name;
		unsigned bit;
	} fields[] = {
		{ "start_at", TIMED_START }, { "end_at", TIMED_END },
		{ "dst", TIMED_DST },        { "calendar", TIMED_CALENDAR },
		{ "adjust", TIMED_ADJUST },  { "jitter", TIMED_JITTER },
	};
	unsigned timed = in->schedule.type >= 0 ? TIMED_SPEC : 0;

	if (in->schedule.timezone.p)
		timed |= TIMED_ZONE;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (was_sent(in, fields[i].name))
			timed |= fields[i].bit;
	return timed;
}

/* A word's number in the core, where 0 is "as it was"; null is the default, which comes first. */
static int16_t number_of(const struct in_job *in, const char *name, int word)
{
	return (int16_t)(word < 0 && was_sent(in, name) ? 1 : word + 1);
}

static struct job_ask *take_job(struct op *op)
{
	const struct in_job *in = op->in;
	struct job_ask *ask = arena_make(op->arena, struct job_ask);

	*ask = (struct job_ask){
		.timing = { .start_at = in->start_at,
			    .end_at = in->end_at,
			    .dst_gap = (int16_t)in->dst_gap,
			    .dst_overlap = (int16_t)in->dst_overlap,
			    .calendar = in->calendar,
			    .adjust = (int16_t)(in->adjust + 1),
			    .jitter = in->jitter },
		.timed = timed_of(in),
		.parts = id_is_nil(op->ids[0]) ? ~0u : parts_of(in), /* a new one has all */
		.name = in->name,
		.details = in->details,
		.overlap = number_of(in, "overlap", in->overlap),
		.catchup = number_of(in, "catchup", in->catchup),
		.retries = in->retry.present != 0,
		.retry = { .strategy = in->retry.strategy + 1,
			   .max_attempts = in->retry.max_attempts,
			   .base_delay = in->retry.base_delay,
			   .max_delay = in->retry.max_delay },
		.timeout = in->timeout,
	};
	take_schedule(op->arena, &in->schedule, &ask->timing, &ask->names);
	take_work(in, &ask->work);
	return ask;
}

/* --- faults that no single row can see --- */

static void fault(struct op *op, const char *field, const char *code, const char *message)
{
	json_fault(&op->faults, field, code, message);
}

static bool is_faulty(const struct op *op, const char *field)
{
	for (int i = 0; i < op->faults.n; i++)
		if (strcmp(op->faults.list[i].field, field) == 0)
			return true;
	return false;
}

/* A type has its own members, and one that it needs. Of a change the zone alone will do. */
static void check_schedule(struct op *op, const struct in_job *in)
{
	static const struct {
		const char *name, *path;
		unsigned of; /* bits of enum spec_kind */
	} members[] = {
		{ "expression", "schedule.expression", 1u << SPEC_CRON },
		{ "interval", "schedule.interval", 1u << SPEC_EVERY },
		{ "datetime", "schedule.datetime", 1u << SPEC_ONCE },
		{ "rrule", "schedule.rrule", 1u << SPEC_RRULE },
		{ "dtstart", "schedule.dtstart", 1u << SPEC_RRULE },
		{ "exdate", "schedule.exdate", 1u << SPEC_RRULE },
		{ "rdate", "schedule.rdate", 1u << SPEC_RRULE },
	};
	const struct in_job_schedule *s = &in->schedule;
	bool is_new = id_is_nil(op->ids[0]); /* nothing is named in the path */
	unsigned given = 0;

	if (is_faulty(op, "schedule") || is_faulty(op, "schedule.type"))
		return;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		bool sent = was_sent_in(&in_job_timing_shape, s->present, members[i].name);

		given += sent;
		if (sent && s->type >= 0 && !(members[i].of >> s->type & 1))
			fault(op, members[i].path, "conflict",
			      "A schedule of this type has no such field.");
	}
	if (s->type >= 0) {
		if (!was_sent_in(&in_job_timing_shape, s->present, ways[s->type].member)
		    && !is_faulty(op, ways[s->type].path))
			fault(op, ways[s->type].path, "required", "This field is needed.");
	} else if (is_new || given) {
		fault(op, "schedule.type", "required", "This field is needed.");
	}
}

/* As far as the request alone tells: the calendar is in the database, and adjust may have one there. */
static void check_times(struct op *op, const struct job_ask *ask)
{
	struct timing t = ask->timing;
	struct spec ignored;

	t.adjust = ADJUST_NONE;
	t.calendar.p = NULL;
	timing_compile(
		op, &(struct timing_ask){ .timing = &t, .names = &ask->names, .anchor = op->now },
		&ignored);
}

static void check_days(struct op *op, const struct json_list *list)
{
	const struct slice *days = list->items;

	for (size_t i = 0; i < list->n; i++)
		if (days[i].p && day_of(days[i]) < 0)
			fault(op, arena_printf(op->arena, "delivery.quiet_hours.days[%zu]", i),
			      "invalid_value", "This must be a day of the week: mon, tue ...");
}

/* Some of the week must be left. */
static void check_quiet(struct op *op, const struct in_job *in)
{
	const struct in_delivery *d = &in->delivery;
	struct work w = { .has_quiet = false };

	if (!(d->present >> DELIVERY_ROW_QUIET & 1) || d->quiet.start < 0
	    || is_faulty(op, "delivery.quiet_hours.start")
	    || is_faulty(op, "delivery.quiet_hours.end"))
		return;
	check_days(op, &d->quiet.days);
	take_quiet(d, &w);
	if (d->quiet.start >= MINUTES_A_DAY)
		fault(op, "delivery.quiet_hours.start", "invalid_value",
		      "This must be a time of the day, from 00:00 to 23:59.");
	else if (d->quiet.start == d->quiet.end)
		fault(op, "delivery.quiet_hours.end", "out_of_range",
		      "This must differ from start; 00:00 to 24:00 is a whole day.");
	else if (d->quiet.start == 0 && d->quiet.end == MINUTES_A_DAY
		 && (w.quiet.days == 0 || w.quiet.days == ALL_DAYS))
		fault(op, "delivery.quiet_hours.days", "out_of_range",
		      "Messages would never be sent.");
}

void check_job(struct op *op)
{
	const struct in_job *in = op->in;
	const struct in_job_retry *retry = &in->retry;
	const struct job_ask *ask = take_job(op);

	check_schedule(op, in);
	check_dates(op, wire_names.rrule[2], &in->schedule.exdate);
	check_dates(op, wire_names.rrule[3], &in->schedule.rdate);
	check_quiet(op, in);
	if (retry->base_delay && retry->max_delay && retry->max_delay < retry->base_delay)
		fault(op, "retry.max_delay", "out_of_range",
		      "This must not be less than base_delay.");
	if (in->context.p && in->context.p[0] != '{')
		fault(op, "context", "wrong_type", "This must be an object.");
	check_times(op, ask);
	job_check(op, ask);
}

flow sj_create(struct op *op)
{
	op->in = take_job(op);
	return job_create(op);
}

flow sj_change(struct op *op)
{
	op->in = take_job(op);
	return job_change(op);
}

flow sj_get(struct op *op)
{
	op->in = &kind_job;
	return schedule_get(op);
}

flow sj_delete(struct op *op)
{
	op->in = &kind_job;
	return schedule_delete(op);
}

flow sj_list(struct op *op)
{
	static const int16_t states[] = { SCHEDULE_ACTIVE, SCHEDULE_PAUSED, SCHEDULE_COMPLETED,
					  SCHEDULE_FAILED }; /* by job_filters */
	const struct in_job_list *in = op->in;
	struct list_ask *ask = arena_make(op->arena, struct list_ask);

	*ask = (struct list_ask){ .kind = KIND_JOB,
				  .state = in->status < 0 ? 0 : states[in->status],
				  .limit = in->limit,
				  .offset = in->offset };
	op->in = ask;
	return schedule_list(op);
}
