#include "core/schedule.h"

#include "base/check.h"
#include "base/id.h"
#include "core/batch.h"
#include "core/core_int.h"
#include "core/fire.h"
#include "store/schedule.h"
#include "when/stamp.h"

#define CHANGE_TRIES_MAX 4

enum when_err schedule_spec(const struct schedule *s, struct tz_db *zones, struct spec *out_spec)
{
	struct spec_ask ask = {
		.zones = zones,
		.timezone = s->zone,
		.seed = cron_seed((struct slice){ (const char *)s->id.b, sizeof s->id.b }),
		.anchor = s->start_at != USEC_NEVER ? s->start_at : s->anchor_at,
	};
	enum when_err e = WHEN_CRON_SYNTAX;

	switch ((enum spec_kind)(s->spec_kind - 1)) {
	case SPEC_CRON:
		e = spec_parse_cron(&ask, s->spec, out_spec, NULL);
		break;
	case SPEC_EVERY:
		e = spec_parse_every(&ask, s->spec, out_spec, NULL);
		break;
	case SPEC_ONCE:
		e = spec_parse_once(&ask, s->spec, out_spec, NULL);
		break;
	}
	if (e)
		return e;
	if (s->start_at != USEC_NEVER)
		out_spec->start_at = s->start_at;
	out_spec->end_at = s->end_at;
	out_spec->dst = (struct dst_policy){ (enum dst_gap)s->dst_gap, (enum dst_overlap)s->dst_overlap };
	return WHEN_OK;
}

/* The wire's names for what can be wrong. */
struct names {
	const char *spec, *zone, *end;
};

/* Compiles, and says what is wrong under the field's own name. False when there is a fault. */
static bool compile(struct op *op, const struct schedule *s, const struct names *names, struct spec *out_spec)
{
	enum when_err e = schedule_spec(s, op->core->zones, out_spec);

	if (e == WHEN_TIMEZONE_UNKNOWN)
		json_fault(&op->faults, names->zone, when_err_name(e), "This is not a time zone of the IANA database.");
	else if (e)
		json_fault(&op->faults, names->spec, when_err_name(e), when_err_text(e));
	if (s->start_at != USEC_NEVER && s->end_at < s->start_at)
		json_fault(&op->faults, names->end, "end_before_start", "The end lies before the start.");
	return op->faults.total == 0;
}

static void set_call(struct schedule *s, const struct call *call, struct op *op)
{
	s->template_id = id_new(op->now);
	s->url = call->url;
	s->options = call_print(call, op->arena);
	s->payload = call->payload;
	s->expires_us = call->expires_after;
}

static struct schedule_view *view_of(struct op *op, const struct schedule *s)
{
	struct schedule_view *v = arena_make(op->arena, struct schedule_view);

	v->s = *s;
	if (!call_parse(s->url, s->options, s->payload, op->arena, &v->call))
		return NULL;
	v->status = s->state;
	v->enabled = s->state == SCHEDULE_ACTIVE;
	v->next = USEC_NEVER;
	if (v->enabled)
		v->next = s->upcoming < s->next_at ? s->upcoming : s->next_at;
	return v;
}

static flow answer(struct op *op, const struct schedule *s)
{
	const struct schedule_view *v = view_of(op, s);

	if (!v)
		return op_fail(op, ERR_INTERNAL, "The stored options of this schedule cannot be read.");
	return op_ok(op, v);
}

static void wake(struct op *op, const struct schedule *s)
{
	if (s->wake_at != USEC_NEVER && op->core->on_wake)
		op->core->on_wake(op->core->engine, s->wake_at);
}

static struct run_ref ref_of(const struct op *op, enum kind kind)
{
	return (struct run_ref){ op->who.bucket, (int16_t)kind, op->who.tenant, op->ids[0] };
}

/* Create: plan, one group commit, view. */
static op_step created;

void schedule_fill(struct db_unit *u, const void *const *rows, size_t n)
{
	store_schedule_insert(u, (const struct schedule *const *)rows, n);
}

bool schedule_stored(const struct db_unit *u, const void *row, int *cursor)
{
	(void)u;
	(void)row;
	(*cursor)++;
	return true; /* an id minted here conflicts with nothing */
}

flow schedule_create(struct op *op)
{
	const struct schedule_new *in = op->in;
	struct schedule *s = arena_make(op->arena, struct schedule);
	struct names names = { in->spec_field, in->zone_field, in->end_field };
	struct spec spec;

	*s = (struct schedule){
		.bucket = op->who.bucket,
		.kind = (int16_t)in->kind,
		.state = in->enabled ? SCHEDULE_ACTIVE : SCHEDULE_PAUSED,
		.id = id_new(op->now),
		.tenant = op->who.tenant,
		.name = in->name,
		.details = in->details,
		.spec_kind = in->spec_kind,
		.spec = in->spec,
		.zone = in->zone.p ? in->zone : SLICE_LIT("UTC"),
		.start_at = in->start_at,
		.end_at = in->end_at,
		.anchor_at = op->now,
		.dst_gap = in->dst_gap,
		.dst_overlap = in->dst_overlap,
		.overlap = in->overlap ? in->overlap : OVERLAP_SKIP,
		.catchup = in->catchup ? in->catchup : CATCHUP_ALL,
		.lookahead_us = in->lookahead,
		.rev = 1,
		.paused_at = in->enabled ? USEC_NEVER : op->now,
		.created_at = op->now,
		.updated_at = op->now,
		.last_at = USEC_NEVER,
		.upcoming = USEC_NEVER,
	};
	if (!compile(op, s, &names, &spec))
		return op_invalid(op);
	set_call(s, &in->call, op);
	fire_start(s, &spec, op->now);
	op->state = s;
	return op_batch(op, op->core->schedules, s, created);
}

static flow created(struct op *op)
{
	const struct schedule *s = op->state;

	wake(op, s);
	return answer(op, s);
}

/* Get: the row, and the nearest run that is already made. */
static op_step got;

flow schedule_get(struct op *op)
{
	struct run_ref ref = ref_of(op, *(const enum kind *)op->in);
	struct db_unit *u = op_unit(op, LANE_READ);

	store_schedule_get(u, &ref);
	store_schedule_upcoming(u, ref.bucket, ref.id, op->now);
	return op_db(op, got);
}

/* The schedule of the unit's first two statements; NULL when it is not there. */
static struct schedule *take(struct op *op, enum kind kind)
{
	struct schedule *s = arena_make(op->arena, struct schedule);

	if (!store_schedule_got(op->unit, 0, s))
		return NULL;
	s->bucket = op->who.bucket;
	s->tenant = op->who.tenant;
	s->kind = (int16_t)kind;
	s->upcoming = store_schedule_upcoming_got(op->unit, 1);
	return s;
}

static flow got(struct op *op)
{
	const struct schedule *s;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	s = take(op, *(const enum kind *)op->in);
	return s ? answer(op, s) : op_fail(op, ERR_NOT_FOUND, NULL);
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
	struct schedule_page_view *page = arena_make(op->arena, struct schedule_page_view);
	struct schedule *rows;
	struct schedule_view *views;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	page->items.n = store_schedule_paged(op->unit, 0, &rows);
	views = arena_array(op->arena, struct schedule_view, page->items.n);
	for (size_t i = 0; i < page->items.n; i++) {
		const struct schedule_view *v = view_of(op, &rows[i]);

		if (!v)
			return op_fail(op, ERR_INTERNAL, "The stored options of a schedule cannot be read.");
		views[i] = *v;
	}
	page->items.items = views;
	page->total = store_schedule_counted(op->unit, 1);
	return op_ok(op, page);
}

/* Change and delete: read, decide, write if nobody was quicker; else once more from the start. */
struct changing {
	struct schedule *s;
	enum kind kind;
	int16_t was;
	int tries;
	op_step *decide;
};

static op_step change_read, change_written;

static flow change_start(struct op *op, enum kind kind, op_step *decide)
{
	struct changing *c = op->state;
	struct run_ref ref = ref_of(op, kind);
	struct db_unit *u;

	if (!c) {
		c = op->state = arena_make(op->arena, struct changing);
		c->kind = kind;
		c->decide = decide;
	}
	u = op_unit(op, LANE_WRITE);
	store_schedule_get(u, &ref);
	store_schedule_upcoming(u, ref.bucket, ref.id, op->now);
	return op_db(op, change_read);
}

static flow change_read(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	c->s = take(op, c->kind);
	if (!c->s)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	c->was = c->s->state;
	return c->decide(op);
}

static flow change_write(struct op *op, bool new_call, const struct skip_range *passed)
{
	struct changing *c = op->state;
	struct db_unit *u = op_unit(op, LANE_WRITE);

	c->s->updated_at = op->now;
	if (new_call)
		store_template_insert(u, c->s, op->now);
	store_schedule_update(u, c->s, c->was, passed, op->now);
	return op_db(op, change_written);
}

static flow change_written(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	/* The update is the last statement; the template, when there is one, comes before it. */
	if (!store_schedule_updated(op->unit, op->unit->count - 1)) {
		if (++c->tries < CHANGE_TRIES_MAX)
			return change_start(op, c->kind, c->decide);
		return op_fail(op, ERR_CHANGED, NULL);
	}
	wake(op, c->s);
	return answer(op, c->s);
}

static bool apply_times(struct schedule *s, const struct schedule_change *in)
{
	if (in->spec.p) {
		s->spec = in->spec;
		s->spec_kind = in->spec_kind;
	}
	if (in->zone.p)
		s->zone = in->zone;
	if (in->has_start)
		s->start_at = in->start_at;
	if (in->has_end)
		s->end_at = in->end_at;
	if (in->has_dst) {
		s->dst_gap = in->dst_gap;
		s->dst_overlap = in->dst_overlap;
	}
	return in->spec.p || in->zone.p || in->has_start || in->has_end || in->has_dst;
}

/* The occurrences that went by while the schedule was paused. NULL: none did. */
static struct skip_range *passed_by(struct op *op, const struct schedule *s, const struct spec *spec)
{
	struct skip_range *range = arena_make(op->arena, struct skip_range);

	if (s->next_at == USEC_NEVER || s->next_at > op->now)
		return NULL;
	*range = (struct skip_range){
		.from_at = s->next_at,
		.to_at = op->now,
		.count = (int32_t)spec_count(spec, s->next_at, op->now, SKIP_COUNT_MAX),
		.reason = SLICE_LIT("disabled"),
	};
	return range;
}

static flow change_decide(struct op *op)
{
	struct changing *c = op->state;
	const struct schedule_change *in = op->in;
	struct names names = { in->spec_field, in->zone_field, in->end_field };
	struct schedule *s = c->s;
	struct skip_range *passed = NULL;
	struct spec before, spec;
	bool resumed, moved;

	if (s->state == SCHEDULE_DELETED)
		return op_fail(op, ERR_DELETED, NULL);
	resumed = in->has_enabled && in->enabled && s->state != SCHEDULE_ACTIVE;
	if (resumed && schedule_spec(s, op->core->zones, &before) == WHEN_OK)
		passed = passed_by(op, s, &before);
	moved = apply_times(s, in);
	if (!compile(op, s, &names, &spec))
		return op_invalid(op);
	if (in->overlap)
		s->overlap = in->overlap;
	if (in->catchup)
		s->catchup = in->catchup;
	if (in->has_call)
		set_call(s, &in->call, op);
	if (in->has_enabled && !in->enabled && s->state == SCHEDULE_ACTIVE) {
		s->state = SCHEDULE_PAUSED;
		s->paused_at = op->now;
	}
	if (resumed) {
		s->state = SCHEDULE_ACTIVE;
		s->paused_at = USEC_NEVER;
	}
	if (moved || resumed)
		fire_start(s, &spec, op->now);
	else
		s->wake_at = s->state == SCHEDULE_ACTIVE && s->next_at != USEC_NEVER ? s->next_at - s->lookahead_us : USEC_NEVER;
	return change_write(op, in->has_call, passed);
}

flow schedule_change(struct op *op)
{
	const struct schedule_change *in = op->in;

	return change_start(op, in->kind, change_decide);
}

static flow delete_decide(struct op *op)
{
	struct changing *c = op->state;

	if (c->s->state == SCHEDULE_DELETED)
		return answer(op, c->s);
	c->s->state = SCHEDULE_DELETED;
	c->s->next_at = c->s->wake_at = USEC_NEVER;
	return change_write(op, false, NULL);
}

flow schedule_delete(struct op *op)
{
	return change_start(op, *(const enum kind *)op->in, delete_decide);
}

/* Preview: no runs are touched; occurrences as the spec alone gives them. */
static op_step preview_read;

flow schedule_preview(struct op *op)
{
	const struct preview_ask *ask = op->in;
	struct run_ref ref = ref_of(op, ask->kind);
	struct db_unit *u = op_unit(op, LANE_READ);

	store_schedule_get(u, &ref);
	store_schedule_upcoming(u, ref.bucket, ref.id, op->now);
	return op_db(op, preview_read);
}

static flow preview_read(struct op *op)
{
	const struct preview_ask *ask = op->in;
	struct preview_view *view = arena_make(op->arena, struct preview_view);
	struct occurrence *list = arena_array(op->arena, struct occurrence, (size_t)ask->limit);
	const struct schedule *s;
	struct spec spec;
	usec_t at;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	s = take(op, ask->kind);
	if (!s)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (schedule_spec(s, op->core->zones, &spec) != WHEN_OK)
		return op_fail(op, ERR_INTERNAL, "The zone of this schedule is not on this machine any more.");
	view->schedule = s->id;
	view->items.items = list;
	at = spec_first(&spec, ask->from == USEC_NEVER ? op->now : ask->from, NULL);
	while (at != USEC_NEVER && view->items.n < (size_t)ask->limit) {
		char *local = arena_alloc(op->arena, STAMP_MAX);
		size_t n = stamp_print_local(at, spec.tz, local);

		list[view->items.n++] = (struct occurrence){ at, { local, n }, dst_touch_name(spec_touch(&spec, at)) };
		at = spec_next(&spec, at, NULL);
	}
	return op_ok(op, view);
}

/* Skips: the ranges, and how many single occurrences were skipped. */
static op_step skips_read;

flow schedule_skips(struct op *op)
{
	const struct list_ask *ask = op->in;
	struct run_ref ref = ref_of(op, ask->kind);
	struct db_unit *u = op_unit(op, LANE_SLOW);
	struct schedule_page page = { .bucket = ref.bucket, .tenant = ref.tenant, .skip = (int32_t)ask->offset,
				      .most = (int32_t)ask->limit };

	store_schedule_get(u, &ref);
	store_schedule_upcoming(u, ref.bucket, ref.id, op->now);
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
	s = take(op, ask->kind);
	if (!s)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	view->total = s->skipped;
	view->items.n = store_skips(op->unit, 2, &ranges);
	view->items.items = ranges;
	return op_ok(op, view);
}
