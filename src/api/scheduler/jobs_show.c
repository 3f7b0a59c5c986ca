/* Jobs as they are shown. */
#include "jobs_int.h"

#include "api/timing_common.h"
#include "core/core.h"
#include "when/stamp.h"

/* A longer rule is left out of a list, as are goals: see details_omitted. */
#define LIST_SPEC_MAX 2048

static void show_schedule(const struct schedule *s, struct arena *a, struct out_job *out)
{
	enum spec_kind kind = (enum spec_kind)(s->spec_kind - 1);
	struct out_job_schedule *to = &out->schedule;
	struct rrule_text pieces;

	to->type = spec_kind_name(kind);
	to->timezone = s->zone;
	switch (kind) {
	case SPEC_KINDS:
		break;
	case SPEC_CRON:
		to->expression = s->spec;
		break;
	case SPEC_EVERY:
		to->every = s->spec;
		break;
	case SPEC_ONCE:
		to->datetime = s->spec;
		break;
	case SPEC_RRULE:
		if (out->is_cut)
			break;
		timing_pieces(s->spec, a, &pieces);
		to->rrule = pieces.rule;
		to->dtstart = pieces.dtstart;
		to->exdate = comma_items(pieces.exdate, a);
		to->rdate = comma_items(pieces.rdate, a);
		break;
	}
}

static void show_delivery(const struct work *w, struct arena *a, struct out_job *out)
{
	struct slice *days = arena_array(a, struct slice, 7);
	size_t n = 0;

	if (!w->channel.p)
		return;
	for (int i = 0; i < 7; i++)
		if (w->quiet.days >> i & 1)
			days[n++] = slice_of(quiet_days[i]);
	out->delivery = (struct out_delivery){
		.channel = w->channel,
		.format = w->format,
		.on = w->deliver_on,
		.quiet = { w->quiet.start, w->quiet.end, { days, n }, w->quiet.zone },
		.present = ~(uint64_t)0,
	};
	if (!w->has_quiet)
		out->delivery.present = ~((uint64_t)1 << DELIVERY_ROW_QUIET);
	out->present |= (uint64_t)1 << JOB_ROW_DELIVERY;
}

static void show_work(const struct work *w, struct arena *a, struct out_job *out)
{
	out->goal = w->goal;
	out->context = w->context;
	out->only_if = w->only_if;
	out->max_failures = w->max_failures;
	out->completion = w->completion;
	out->heartbeat = w->heartbeat;
	if (w->condition.p) {
		out->condition = (struct in_condition){ .expression = w->condition,
							.source = w->source };
		out->present |= (uint64_t)1 << JOB_ROW_CONDITION;
	}
	show_delivery(w, a, out);
}

static void show_retry(const struct call *call, struct out_job *out)
{
	const struct retry *r = &call->retry;

	if (!job_retries(call))
		return;
	out->retry = (struct in_job_retry){ .max_attempts = retry_attempts(r),
					    .strategy = r->strategy - 1,
					    .base_delay = retry_base(r),
					    .max_delay = retry_most(r) };
	out->present |= (uint64_t)1 << JOB_ROW_RETRY;
}

struct slice local_time(usec_t at, const struct tz *z, struct arena *a)
{
	char *text;

	if (at == USEC_NEVER)
		return (struct slice){ NULL, 0 };
	text = arena_alloc(a, STAMP_MAX);
	return (struct slice){ text, stamp_print_local(at, z ? z : tz_utc(), text) };
}

static const char *last_status(int16_t state)
{
	if (state == RUN_COMPLETED)
		return "completed";
	return state == RUN_FAILED || state == RUN_EXPIRED ? "failed" : NULL;
}

static void show_one(const struct schedule_view *v, bool in_list, struct op *op,
		     struct out_job *out)
{
	const struct schedule *s = &v->s;
	const struct tz *z = tz_find(op->core->zones, s->zone);

	*out = (struct out_job){
		.id = s->id,
		.name = s->name,
		.details = s->details,
		.status = v->status,
		.agent = s->agent,
		.next_at = local_time(v->next, z, op->arena),
		.last_at = local_time(s->last_at, z, op->arena),
		.run_count = s->executed,
		.created_at = s->created_at,
		.updated_at = s->updated_at,
		.timeout = v->call.timeout,
		.overlap = s->overlap - 1,
		.catchup = s->catchup - 1,
		.adjust = s->calendar.p ? s->adjust - 1 : -1,
		.dst_gap = s->dst_gap,
		.dst_overlap = s->dst_overlap,
		.calendar = s->calendar,
		.jitter = s->jitter_us,
		.start_at = s->start_at,
		.end_at = s->end_at,
		.failures = s->failures,
		.last_status = last_status(s->last_state),
		.is_cut = !v->work || (in_list && s->spec.n > LIST_SPEC_MAX),
		.present = ~((uint64_t)1 << JOB_ROW_DELIVERY | (uint64_t)1 << JOB_ROW_CONDITION
			     | (uint64_t)1 << JOB_ROW_RETRY),
	};
	show_schedule(s, op->arena, out);
	show_retry(&v->call, out);
	if (v->work)
		show_work(v->work, op->arena, out);
}

void show_job(struct op *op)
{
	struct out_job *out = arena_make(op->arena, struct out_job);

	show_one(op->out, false, op, out);
	op->out = out;
}

void show_jobs(struct op *op)
{
	const struct schedule_page_view *page = op->out;
	const struct schedule_view *views = page->items.items;
	struct out_page *out = arena_make(op->arena, struct out_page);
	struct out_job *items = arena_array(op->arena, struct out_job, page->items.n + 1);

	for (size_t i = 0; i < page->items.n; i++)
		show_one(&views[i], true, op, &items[i]);
	*out = (struct out_page){ { items, page->items.n }, page->total };
	op->out = out;
}
