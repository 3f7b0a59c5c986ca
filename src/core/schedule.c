#include "core/schedule.h"

#include "base/check.h"
#include "base/id.h"
#include "core/batch.h"
#include "core/core_int.h"
#include "core/fire.h"
#include "core/schedule_int.h"
#include "store/schedule.h"
#include "when/stamp.h"

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
	out_spec->dst = (struct dst_policy){ (enum dst_gap)s->dst_gap,
					     (enum dst_overlap)s->dst_overlap };
	return WHEN_OK;
}

/* Compiles, and says what is wrong under the field's own name. False when there is a fault. */
bool schedule_compile(struct op *op, const struct schedule *s, const struct wire_names *names,
		      struct spec *out_spec)
{
	enum when_err e = schedule_spec(s, op->core->zones, out_spec);

	if (e == WHEN_TIMEZONE_UNKNOWN)
		json_fault(&op->faults, names->zone, when_err_name(e),
			   "This is not a time zone of the IANA database.");
	else if (e)
		json_fault(&op->faults, names->spec, when_err_name(e), when_err_text(e));
	if (s->start_at != USEC_NEVER && s->end_at < s->start_at)
		json_fault(&op->faults, names->end, "end_before_start",
			   "The end lies before the start.");
	return op->faults.total == 0;
}

void schedule_set_call(struct schedule *s, const struct call *call, struct op *op)
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
	v->payload_omitted = s->payload_omitted;
	v->enabled = s->state == SCHEDULE_ACTIVE;
	v->next = USEC_NEVER;
	if (v->enabled)
		v->next = s->upcoming < s->next_at ? s->upcoming : s->next_at;
	return v;
}

flow schedule_answer(struct op *op, const struct schedule *s)
{
	const struct schedule_view *v = view_of(op, s);

	if (!v)
		return op_fail(op, ERR_INTERNAL,
			       "The stored options of this schedule cannot be read.");
	return op_ok(op, v);
}

void schedule_wake(struct op *op, const struct schedule *s)
{
	if (s->wake_at != USEC_NEVER && op->core->on_wake)
		op->core->on_wake(op->core->engine, s->wake_at);
}

struct run_ref schedule_ref(const struct op *op, enum kind kind)
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
	usec_t now = core_created(op->core, op->now);
	struct wire_names names = { in->spec_field, in->zone_field, in->end_field };
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
		.anchor_at = now,
		.dst_gap = in->dst_gap,
		.dst_overlap = in->dst_overlap,
		.overlap = in->overlap ? in->overlap : OVERLAP_SKIP,
		.catchup = in->catchup ? in->catchup : CATCHUP_ALL,
		.lookahead_us = in->lookahead,
		.rev = 1,
		.paused_at = in->enabled ? USEC_NEVER : op->now,
		.created_at = now,
		.updated_at = now,
		.last_at = USEC_NEVER,
		.upcoming = USEC_NEVER,
	};
	if (!schedule_compile(op, s, &names, &spec))
		return op_invalid(op);
	schedule_set_call(s, &in->call, op);
	fire_start(s, &spec, op->now);
	op->state = s;
	return op_batch(op, op->core->schedules, s, created);
}

static flow created(struct op *op)
{
	const struct schedule *s = op->state;

	schedule_wake(op, s);
	return schedule_answer(op, s);
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
	s->bucket = op->who.bucket;
	s->tenant = op->who.tenant;
	s->kind = (int16_t)kind;
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

	store_schedule_get(u, &ref, op->now);
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
	s = schedule_take(op, ask->kind);
	if (!s)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (schedule_spec(s, op->core->zones, &spec) != WHEN_OK)
		return op_fail(op, ERR_INTERNAL,
			       "The zone of this schedule is not on this machine any more.");
	view->schedule = s->id;
	view->items.items = list;
	at = spec_first(&spec, ask->from == USEC_NEVER ? op->now : ask->from, NULL);
	while (at != USEC_NEVER && view->items.n < (size_t)ask->limit) {
		char *local = arena_alloc(op->arena, STAMP_MAX);
		size_t n = stamp_print_local(at, spec.tz, local);

		list[view->items.n++] = (struct occurrence){
			at, { local, n }, dst_touch_name(spec_touch(&spec, at))
		};
		at = spec_next(&spec, at, NULL);
	}
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
