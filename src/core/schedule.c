#include "core/schedule.h"

#include "base/check.h"
#include "base/id.h"
#include "core/batch.h"
#include "core/calendar.h"
#include "core/change.h"
#include "core/core_int.h"
#include "core/fire.h"
#include "core/quota.h"
#include "core/schedule_int.h"
#include "core/snapshot.h"
#include "core/work.h"
#include "store/calendar.h"
#include "store/schedule.h"

bool schedule_spec(const struct schedule *s, struct tz_db *zones, struct arena *a,
		   struct spec *out_spec)
{
	struct spec_ask ask = {
		.zones = zones,
		.timezone = s->zone,
		.seed = fire_seed(s),
		.anchor = s->start_at != USEC_NEVER ? s->start_at : s->anchor_at,
		.dst = { (enum dst_gap)s->dst_gap, (enum dst_overlap)s->dst_overlap },
		.last = s->count_end,
		.arena = a,
	};

	if (spec_parse(&ask, (enum spec_kind)(s->spec_kind - 1), s->spec, out_spec, NULL))
		return false;
	if (s->start_at != USEC_NEVER)
		out_spec->start_at = s->start_at;
	out_spec->end_at = s->end_at;
	if (!s->calendar.p)
		return true;
	out_spec->calendar = s->calendar_def.p ? calendar_load(s->calendar_def, a) : NULL;
	out_spec->adjust = (enum calendar_adjust)s->adjust;
	return out_spec->calendar != NULL;
}

struct timing schedule_timing(const struct schedule *s)
{
	return (struct timing){ .spec_kind = s->spec_kind,
				.spec = s->spec,
				.zone = s->zone,
				.start_at = s->start_at,
				.end_at = s->end_at,
				.dst_gap = s->dst_gap,
				.dst_overlap = s->dst_overlap,
				.calendar = s->calendar,
				.adjust = s->adjust,
				.jitter = s->jitter_us };
}

bool schedule_compile(struct op *op, struct schedule *s, const struct timing_names *names,
		      struct slice definition, struct spec *out_spec)
{
	struct timing timing = schedule_timing(s);
	struct timing_ask ask = { .timing = &timing,
				  .names = names,
				  .seed = fire_seed(s),
				  .anchor = s->anchor_at,
				  .definition = definition };

	if (!timing_compile(op, &ask, out_spec))
		return false;
	if (!s->zone.p)
		s->zone = slice_of(tz_name(out_spec->tz));
	s->adjust = (int16_t)out_spec->adjust;
	s->count_end = out_spec->kind == SPEC_RRULE ? rrule_last(out_spec->rrule) : USEC_NEVER;
	return true;
}

void schedule_refuse_past(struct op *op, const struct schedule *s, const struct timing_names *names,
			  const struct spec *spec)
{
	struct timing timing = schedule_timing(s);
	usec_t now = s->anchor_at > op->now ? s->anchor_at : op->now;

	if (spec->kind == SPEC_ONCE && spec->once <= now)
		timing_past(op, &timing, names);
}

void schedule_refuse_idle(struct op *op, const struct schedule *s, const struct timing_names *names)
{
	if (s->kind == KIND_PLAN && s->next_at == USEC_NEVER)
		json_fault(&op->faults, names->spec, "nothing_to_come",
			   "There is no occurrence of this from now on.");
}

void schedule_set_call(struct schedule *s, const struct call *call, struct op *op)
{
	struct call now = *call, was;

	/* One that replaces another: its secret stays valid for a while. */
	if (call_parse(s->url, s->options, s->payload, op->arena, &was))
		now.former = signing_former(call->secret, was.secret, &was.former, op->now);
	s->template_id = id_new(op->now);
	s->url = call->url;
	s->options = call_print(&now, op->arena);
	s->payload = call->payload;
	s->expires_us = call->expires_after;
}

struct schedule_view *schedule_view_of(struct op *op, const struct schedule *s)
{
	struct schedule_view *v = arena_make(op->arena, struct schedule_view);

	v->s = *s;
	if (!call_parse(s->url, s->options, s->payload, op->arena, &v->call))
		return NULL;
	if (s->kind == KIND_JOB && s->payload.p) {
		struct work *work = arena_make(op->arena, struct work);

		if (!work_parse(s->url, s->payload, op->arena, work))
			return NULL;
		v->work = work;
	}
	v->status = s->state;
	v->payload_omitted = s->payload_omitted;
	v->enabled = s->state == SCHEDULE_ACTIVE;
	v->next = USEC_NEVER;
	if (v->enabled)
		v->next = s->upcoming < s->next_at ? s->upcoming : s->next_at;
	return v;
}

flow schedule_answer(struct op *op, const struct schedule *s)
{
	const struct schedule_view *v = schedule_view_of(op, s);

	if (!v)
		return op_fail(op, ERR_INTERNAL,
			       "The stored options of this schedule cannot be read.");
	op->revision = s->rev;
	return op_ok(op, v);
}

void schedule_wake(struct op *op, const struct schedule *s)
{
	if (s->wake_at != USEC_NEVER && op->core->on_wake)
		op->core->on_wake(op->core->engine, s->wake_at);
}

void schedule_find_calendar(const struct op *op, struct db_unit *u, struct slice name)
{
	store_calendar_find(u, &(struct calendar_key){ op->who.bucket, op->who.tenant, name });
}

struct run_ref schedule_ref(const struct op *op, enum kind kind)
{
	return (struct run_ref){ op->who.bucket, (int16_t)kind, op->who.tenant, op->ids[0] };
}

/* Create: read the calendar, if there is one; plan, one group commit, view. */
static op_step calendar_read, created;

void schedule_fill(struct db_unit *u, const void *const *rows, size_t n)
{
	store_schedule_insert(u, (const struct schedule *const *)rows, n);
}

bool schedule_stored(const struct db_unit *u, const void *row, int *cursor)
{
	/* An id minted here conflicts with nothing: only a quota leaves rows out. */
	return store_schedule_inserted(u, row, cursor);
}

struct creating {
	const struct schedule *s;
	const struct schedule_view *view;
};

static flow create_write(struct op *op, struct schedule *s)
{
	struct creating *c = arena_make(op->arena, struct creating);

	c->s = s;
	c->view = schedule_view_of(op, s);
	if (!c->view)
		return op_fail(op, ERR_INTERNAL, "What is to be stored of it cannot be read.");
	op->state = c;
	op->revision = s->rev;
	op_changes(op,
		   &(struct change){ .object = OBJECT_SCHEDULE,
				     .id = s->id,
				     .what = "created",
				     .version = s->rev,
				     .after = snapshot_schedule(s, op->arena),
				     .is_sure = s->quota == 0 },
		   1, c->view);
	return op_batch(op, op->core->schedules, s, created);
}

static flow create(struct op *op, struct slice definition)
{
	const struct schedule_new *in = op->in;
	const struct timing *when = &in->timing;
	struct schedule *s = arena_make(op->arena, struct schedule);
	usec_t now = core_created(op->core, op->now);
	struct spec spec;

	*s = (struct schedule){
		.bucket = op->who.bucket,
		.kind = (int16_t)in->kind,
		.state = in->enabled ? SCHEDULE_ACTIVE : SCHEDULE_PAUSED,
		.id = id_new(op->now),
		.tenant = op->who.tenant,
		.name = in->name,
		.details = in->details,
		.spec_kind = when->spec_kind,
		.spec = when->spec,
		.zone = when->zone,
		.start_at = when->start_at,
		.end_at = when->end_at,
		.anchor_at = now,
		.dst_gap = when->dst_gap,
		.dst_overlap = when->dst_overlap,
		.overlap = in->overlap ? in->overlap : OVERLAP_SKIP,
		.catchup = in->catchup ? in->catchup : CATCHUP_ALL,
		.agent = in->agent,
		.calendar = when->calendar,
		.adjust = when->adjust,
		.jitter_us = when->jitter,
		.lookahead_us = in->lookahead,
		.rev = 1,
		.quota = op->who.limits.schedules,
		.paused_at = in->enabled ? USEC_NEVER : op->now,
		.created_at = now,
		.updated_at = now,
		.last_at = USEC_NEVER,
		.upcoming = USEC_NEVER,
	};
	if (schedule_compile(op, s, &in->names, definition, &spec)) {
		schedule_refuse_past(op, s, &in->names, &spec);
		if (s->spec_kind)
			quota_interval(op, &spec, &in->names);
	}
	if (op->faults.total)
		return op_invalid(op);
	schedule_set_call(s, &in->call, op);
	/* Behind its anchor, so that an interval does not begin with the moment it was made. */
	fire_start(s, &spec, now);
	schedule_refuse_idle(op, s, &in->names);
	if (op->faults.total)
		return op_invalid(op);
	return create_write(op, s);
}

flow schedule_create(struct op *op)
{
	const struct schedule_new *in = op->in;

	if (!calendar_name_ok(in->timing.calendar))
		return create(op, (struct slice){ NULL, 0 });
	schedule_find_calendar(op, op_unit(op, LANE_READ), in->timing.calendar);
	return op_db(op, calendar_read);
}

static flow calendar_read(struct op *op)
{
	struct slice definition = { NULL, 0 };

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	(void)store_calendar_found(op->unit, 0, &definition);
	return create(op, definition);
}

static flow created(struct op *op)
{
	const struct creating *c = op->state;

	if (!op->row_stored)
		return op_fail(op, ERR_QUOTA_SCHEDULES,
			       "This tenant may have %lld schedules, and has them.",
			       (long long)c->s->quota);
	schedule_wake(op, c->s);
	return op_ok(op, c->view);
}

/* Get: the row, and the nearest run that is already made. */
static op_step got;

flow schedule_get(struct op *op)
{
	struct run_ref ref = schedule_ref(op, *(const enum kind *)op->in);
	struct db_unit *u = op_unit(op, LANE_READ);

	store_schedule_get(u, &ref, op->now);
	return op_db(op, got);
}

struct schedule *schedule_take(struct op *op, enum kind kind)
{
	struct schedule *s = arena_make(op->arena, struct schedule);

	if (!store_schedule_got(op->unit, 0, s))
		return NULL;
	if (kind == KIND_JOB && s->state == SCHEDULE_DELETED)
		return NULL;
	s->bucket = op->who.bucket;
	s->tenant = op->who.tenant;
	s->kind = (int16_t)kind;
	return s;
}

void schedule_ask_timed(struct db_unit *u, const struct run_ref *ref, usec_t now)
{
	store_schedule_get(u, ref, now);
	store_schedule_calendar(u, ref);
}

struct schedule *schedule_take_timed(struct op *op, enum kind kind)
{
	struct schedule *s = schedule_take(op, kind);

	if (s)
		s->calendar_def = store_schedule_calendar_got(op->unit, 1);
	return s;
}

static flow got(struct op *op)
{
	const struct schedule *s;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	s = schedule_take(op, *(const enum kind *)op->in);
	return s ? schedule_answer(op, s) : op_fail(op, ERR_NOT_FOUND, NULL);
}

/* List: a page and its total. */
static op_step listed;

flow schedule_list(struct op *op)
{
	const struct list_ask *ask = op->in;
	struct db_unit *u = op_unit(op, LANE_SLOW);
	struct schedule_page page = {
		.bucket = op->who.bucket,
		.kind = (int16_t)ask->kind,
		.state = ask->state,
		.tenant = op->who.tenant,
		.now = op->now,
		.skip = (int32_t)ask->offset,
		.most = (int32_t)ask->limit,
		.payload_max = PAGE_PAYLOAD_MAX,
	};

	store_schedule_page(u, &page);
	store_schedule_count(u, &page);
	return op_db(op, listed);
}

static flow listed(struct op *op)
{
	const struct list_ask *ask = op->in;
	struct schedule_page_view *page = arena_make(op->arena, struct schedule_page_view);
	struct schedule *rows;
	struct schedule_view *views;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	page->items.n = store_schedule_paged(op->unit, 0, &rows);
	views = arena_array(op->arena, struct schedule_view, page->items.n);
	for (size_t i = 0; i < page->items.n; i++) {
		const struct schedule_view *v;

		rows[i].kind = (int16_t)ask->kind;
		v = schedule_view_of(op, &rows[i]);
		if (!v)
			return op_fail(op, ERR_INTERNAL,
				       "The stored options of a schedule cannot be read.");
		views[i] = *v;
	}
	page->items.items = views;
	page->total = store_schedule_counted(op->unit, 1);
	return op_ok(op, page);
}

/* Preview: no runs are touched; occurrences as the spec alone gives them. */
static op_step preview_read;

flow schedule_preview(struct op *op)
{
	const struct preview_ask *ask = op->in;
	struct run_ref ref = schedule_ref(op, ask->kind);
	struct db_unit *u = op_unit(op, LANE_READ);

	schedule_ask_timed(u, &ref, op->now);
	return op_db(op, preview_read);
}

static flow preview_read(struct op *op)
{
	const struct preview_ask *ask = op->in;
	struct preview_view *view = arena_make(op->arena, struct preview_view);
	usec_t from = ask->from == USEC_NEVER ? op->now : ask->from;
	const struct schedule *s;
	struct spec spec;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	s = schedule_take_timed(op, ask->kind);
	if (!s)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (!schedule_spec(s, op->core->zones, op->arena, &spec))
		return op_fail(op, ERR_INTERNAL,
			       "The zone of this schedule is not on this machine any more, "
			       "or its calendar cannot be read.");
	view->schedule = s->id;
	/* What is cancelled has no occurrence any more, whatever its rule says. */
	if (s->state == SCHEDULE_CANCELLED)
		view->items.items = view;
	else
		view->items = timing_occurrences(&spec, from, ask->limit, op->arena);
	return op_ok(op, view);
}

/* Skips: the ranges, and how many single occurrences were skipped. */
static op_step skips_read;

flow schedule_skips(struct op *op)
{
	const struct list_ask *ask = op->in;
	struct run_ref ref = schedule_ref(op, ask->kind);
	struct db_unit *u = op_unit(op, LANE_SLOW);
	struct schedule_page page = { .bucket = ref.bucket,
				      .tenant = ref.tenant,
				      .skip = (int32_t)ask->offset,
				      .most = (int32_t)ask->limit };

	store_schedule_get(u, &ref, op->now);
	store_skip_list(u, &page, ref.id);
	return op_db(op, skips_read);
}

static flow skips_read(struct op *op)
{
	const struct list_ask *ask = op->in;
	struct skips_view *view = arena_make(op->arena, struct skips_view);
	struct skip_range *ranges;
	const struct schedule *s;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	s = schedule_take(op, ask->kind);
	if (!s)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	view->total = s->skipped;
	view->items.n = store_skips(op->unit, 1, &ranges);
	view->items.items = ranges;
	return op_ok(op, view);
}
