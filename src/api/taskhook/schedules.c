/* Schedules: what was sent becomes what the core asks for, and its answer what is shown. */
#include "taskhook_int.h"

#include "core/core.h"
#include "when/tz.h"
#include "when/when_err.h"

static const enum kind kind_schedule = KIND_SCHEDULE;

/* The core's struct first, so that it can be asked with it; and what the view needs to know of
 * the request. */
struct change_ask {
	struct schedule_change core;
	uint64_t sent;
};

/* --- in --- */

/* The rest is the core's to find: whether the spec as a whole makes sense. */
void check_schedule(struct op *op)
{
	const struct in_schedule *in = op->in;

	if (in->timezone.p && !tz_find(op->core->zones, in->timezone))
		fault_at(op, "", "timezone", when_err_name(WHEN_TIMEZONE_UNKNOWN),
			 "This must be the IANA name of a time zone, such as America/New_York.");
	if (in->start_at != USEC_NEVER && in->end_at != USEC_NEVER && in->end_at < in->start_at)
		fault_at(op, "", "end_at", "end_before_start", "This must not be before start_at.");
	call_check(op, &in->template.call, "task_template.");
}

static void take_template(struct arena *a, const struct in_template *in, struct call *out)
{
	call_take(a, &in->call, out);
	out->expires_after = in->expires_after;
}

flow th_schedule_create(struct op *op)
{
	const struct in_schedule *in = op->in;
	struct schedule_new *ask = arena_make(op->arena, struct schedule_new);

	*ask = (struct schedule_new){
		.kind = KIND_SCHEDULE,
		.spec_kind = SPEC_CRON + 1,
		.spec = in->cron,
		.zone = in->timezone,
		.start_at = in->start_at,
		.end_at = in->end_at,
		.enabled = in->enabled,
		.dst_gap = (int16_t)in->dst.gap,
		.dst_overlap = (int16_t)in->dst.overlap,
		.overlap = (int16_t)(in->overlap + 1),
		.catchup = (int16_t)(in->catchup + 1),
		.lookahead = op->core->lookahead,
		.spec_field = "cron",
		.zone_field = "timezone",
		.end_field = "end_at",
	};
	take_template(op->arena, &in->template, &ask->call);
	op->in = ask;
	return schedule_create(op);
}

static bool was_sent(const struct in_schedule *in, const char *name)
{
	for (int i = 0; i < in_change_shape.count; i++)
		if ((in->present >> i & 1) && strcmp(in_change_shape.fields[i].name, name) == 0)
			return true;
	return false;
}

flow th_schedule_change(struct op *op)
{
	const struct in_schedule *in = op->in;
	struct change_ask *ask = arena_make(op->arena, struct change_ask);

	ask->sent = in->present;
	ask->core = (struct schedule_change){
		.kind = KIND_SCHEDULE,
		.spec_kind = SPEC_CRON + 1,
		.spec = in->cron,
		.zone = in->timezone,
		.has_start = was_sent(in, "start_at"),
		.has_end = was_sent(in, "end_at"),
		.has_enabled = was_sent(in, "enabled"),
		.has_call = was_sent(in, "task_template"),
		.start_at = in->start_at,
		.end_at = in->end_at,
		.enabled = in->enabled,
		.overlap = (int16_t)(in->overlap + 1),
		.catchup = (int16_t)(in->catchup + 1),
		.has_dst = was_sent(in, "dst"),
		.dst_gap = (int16_t)in->dst.gap,
		.dst_overlap = (int16_t)in->dst.overlap,
		.spec_field = "cron",
		.zone_field = "timezone",
		.end_field = "end_at",
	};
	if (ask->core.has_call)
		take_template(op->arena, &in->template, &ask->core.call);
	op->in = &ask->core;
	return schedule_change(op);
}

flow th_schedule_get(struct op *op)
{
	op->in = &kind_schedule;
	return schedule_get(op);
}

flow th_schedule_delete(struct op *op)
{
	op->in = &kind_schedule;
	return schedule_delete(op);
}

/* By schedule_filters in shapes.c. */
static const int16_t filter_states[] = { SCHEDULE_ACTIVE, SCHEDULE_PAUSED, SCHEDULE_DELETED };

flow th_schedule_list(struct op *op)
{
	const struct in_schedule_list *in = op->in;
	struct list_ask *ask = arena_make(op->arena, struct list_ask);
	bool by_enabled = false;

	for (int i = 0; i < in_schedule_list_shape.count; i++)
		if ((in->present >> i & 1)
		    && strcmp(in_schedule_list_shape.fields[i].name, "enabled") == 0)
			by_enabled = true;
	*ask = (struct list_ask){ .kind = KIND_SCHEDULE, .limit = in->limit, .offset = in->offset };
	if (by_enabled)
		ask->state = in->enabled ? SCHEDULE_ACTIVE : SCHEDULE_PAUSED;
	if (in->status >= 0 && by_enabled && filter_states[in->status] != ask->state)
		return op_ok(
			op, arena_make(op->arena, struct schedule_page_view)); /* nothing is both */
	if (in->status >= 0)
		ask->state = filter_states[in->status];
	op->in = ask;
	return schedule_list(op);
}

flow th_schedule_preview(struct op *op)
{
	const struct in_preview *in = op->in;
	struct preview_ask *ask = arena_make(op->arena, struct preview_ask);

	*ask = (struct preview_ask){ .kind = KIND_SCHEDULE,
				     .limit = in->limit,
				     .from = in->start_from };
	op->in = ask;
	return schedule_preview(op);
}

flow th_schedule_skips(struct op *op)
{
	const struct in_page *in = op->in;
	struct list_ask *ask = arena_make(op->arena, struct list_ask);

	*ask = (struct list_ask){ .kind = KIND_SCHEDULE, .limit = in->limit, .offset = in->offset };
	op->in = ask;
	return schedule_skips(op);
}

/* --- out --- */

static void show_one(const struct schedule_view *v, struct out_schedule *out)
{
	const struct schedule *s = &v->s;

	*out = (struct out_schedule){
		.id = s->id,
		.status = v->status,
		.cron = s->spec,
		.timezone = s->zone,
		.start_at = s->start_at,
		.end_at = s->end_at,
		.enabled = v->enabled,
		.next_at = v->next,
		.last_at = s->last_at,
		.execution_count = s->executed,
		.created_at = s->created_at,
		.updated_at = s->updated_at,
		.overlap = s->overlap - 1,
		.catchup = s->catchup - 1,
		.dst = { s->dst_gap, s->dst_overlap },
	};
	call_show(&v->call, v->payload_omitted, &out->template);
}

void show_schedule(struct op *op)
{
	struct out_schedule *out = arena_make(op->arena, struct out_schedule);

	show_one(op->out, out);
	op->out = out;
}

/* Bit i of what was sent is the row behind the id's. */
void show_changed(struct op *op)
{
	const struct change_ask *ask = (const struct change_ask *)op->in;
	struct out_schedule *out = arena_make(op->arena, struct out_schedule);

	show_one(op->out, out);
	out->present = ask->sent << 1;
	op->out = out;
}

void show_schedules(struct op *op)
{
	const struct schedule_page_view *page = op->out;
	const struct schedule_view *views = page->items.items;
	struct out_list *out = arena_make(op->arena, struct out_list);
	struct out_schedule *items = arena_array(op->arena, struct out_schedule, page->items.n);

	for (size_t i = 0; i < page->items.n; i++)
		show_one(&views[i], &items[i]);
	*out = (struct out_list){ page->total, { items, page->items.n } };
	op->out = out;
}
