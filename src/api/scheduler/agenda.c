/* GET /calendar-data: runs and occurrences to come as the events of a calendar. */
#include "core/agenda.h"

#include "http/types.h"
#include "scheduler_int.h"
#include "when/stamp.h"
#include "when/tz.h"

/* --- in --- */

struct in_agenda {
	struct slice from, to, timezone;
	struct uuid job;
	int64_t limit;
};

static void init_agenda(void *object)
{
	((struct in_agenda *)object)->limit = AGENDA_LIMIT_DEFAULT;
}

static const struct field in_agenda_rows[] = {
	F_STR(in_agenda, from, "from", .max = 64),
	F_STR(in_agenda, to, "to", .max = 64),
	F_STR(in_agenda, timezone, "timezone"),
	F_ID(in_agenda, job, "job_id", ids_of_jobs),
	F_INT(in_agenda, limit, "limit", .min = 1, .max = AGENDA_LIMIT_MAX),
};
const struct shape in_agenda_shape = SHAPE(in_agenda, "CalendarDataQuery", in_agenda_rows,
					   .init = init_agenda, .present = NO_PRESENT);

flow calendar_data(struct op *op)
{
	const struct in_agenda *in = op->in;
	struct agenda_ask *ask = arena_make(op->arena, struct agenda_ask);

	*ask = (struct agenda_ask){ KIND_JOB, in->from, in->to, in->timezone, in->job, in->limit };
	op->in = ask;
	return agenda(op);
}

/* --- out --- */

struct out_event {
	const char *type;
	struct uuid job, run;
	struct slice title, start, end;
	int status;
	int64_t count, failed;
	const bool *at_least;
};

/* const bool *; NULL: no value */
static bool print_if(const struct field *f, const void *member, struct strbuf *out)
{
	const bool *const *v = member;

	(void)f;
	if (*v)
		strbuf_adds(out, **v ? "true" : "false");
	return *v != NULL;
}
static const struct field_type type_if = { "true when there are more than were counted",
					   field_read_only, print_if, false };

/* By enum run_view. */
static const char *const status_words[] = { "pending",   "running",   "retrying", "completed",
					    "failed",    "cancelled", "failed",   "skipped",
					    "scheduled", NULL };

static const struct field event_rows[] = {
	F_TYPE(out_event, type, "type", type_word),
	F_ID(out_event, job, "job_id", ids_of_jobs),
	F_STR(out_event, title, "title"),
	F_STR(out_event, start, "start"),
	F_STR(out_event, end, "end"),
	F_ENUM(out_event, status, "status", status_words),
	F_ID(out_event, run, "run_id", ids_of_runs),
	F_INT(out_event, count, "count"),
	F_INT(out_event, failed, "failed"),
	F_TYPE(out_event, at_least, "at_least", type_if, .flags = FIELD_OPTIONAL),
};
static const struct shape event_shape = SHAPE(out_event, "CalendarEvent", event_rows,
					      .present = NO_PRESENT);

struct out_agenda {
	struct slice from, to, timezone;
	struct json_list events;
	bool truncated;
};
static const struct field out_agenda_rows[] = {
	F_STR(out_agenda, from, "from"),
	F_STR(out_agenda, to, "to"),
	F_STR(out_agenda, timezone, "timezone"),
	F_LIST(out_agenda, events, "events", event_shape),
	F_BOOL(out_agenda, truncated, "truncated"),
};
const struct shape out_agenda_shape = SHAPE(out_agenda, "CalendarData", out_agenda_rows,
					    .present = NO_PRESENT);

static struct slice local(const struct agenda_view *v, usec_t at, struct arena *a)
{
	char *text = arena_alloc(a, STAMP_MAX);

	if (at == USEC_NEVER)
		return (struct slice){ NULL, 0 };
	return (struct slice){ text, stamp_print_local(at, v->tz, text) };
}

void show_agenda(struct op *op)
{
	const struct agenda_view *v = op->out;
	const struct agenda_event *from = v->events.items;
	struct out_agenda *out = arena_make(op->arena, struct out_agenda);
	struct out_event *list = arena_array(op->arena, struct out_event, v->events.n + 1);

	for (size_t i = 0; i < v->events.n; i++) {
		const struct agenda_event *e = &from[i];

		list[i] = (struct out_event){ .type = e->is_planned ? "planned" : "run",
					      .job = e->schedule,
					      .run = e->run,
					      .title = e->title,
					      .start = local(v, e->start, op->arena),
					      .end = local(v, e->end, op->arena),
					      .status = e->view,
					      .count = e->count,
					      .failed = e->failed,
					      .at_least = e->is_least ? &e->is_least : NULL };
	}
	*out = (struct out_agenda){ .from = local(v, v->from, op->arena),
				    .to = local(v, v->to, op->arena),
				    .timezone = slice_of(tz_name(v->tz)),
				    .events = { list, v->events.n },
				    .truncated = v->is_cut };
	op->out = out;
}
