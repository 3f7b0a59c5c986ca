/* Schedules: what was sent becomes what the core asks for, and its answer what is shown. */
#include "taskhook_int.h"

#include "api/timing_common.h"
#include "core/core.h"

static const enum kind kind_schedule = KIND_SCHEDULE;

/* The core's struct first, so that it can be asked with it; and what the view needs to know of
 * the request. */
struct change_ask {
	struct schedule_change core;
	uint64_t sent;
};

/* --- in --- */

static bool was_sent(const struct in_schedule *in, const char *name)
{
	for (int i = 0; i < in_change_shape.count; i++)
		if ((in->present >> i & 1) && strcmp(in_change_shape.fields[i].name, name) == 0)
			return true;
	return false;
}

static const struct timing_names wire_names = {
	.zone = "timezone",
	.end = "end_at",
	.calendar = "calendar",
	.rrule = { "rrule.rule", "rrule.dtstart", "rrule.exdate", "rrule.rdate" },
};

/* The three ways to say when, of which a schedule has one. */
static const struct {
	const char *name;
	int16_t spec_kind;
} ways[] = {
	{ "cron", SPEC_CRON + 1 },
	{ "every", SPEC_EVERY + 1 },
	{ "rrule", SPEC_RRULE + 1 },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* The way that was sent (the first, if there are several); WAYS: none. */
static size_t way_of(const struct in_schedule *in)
{
	size_t w = 0;

	while (w < WAYS && !was_sent(in, ways[w].name))
		w++;
	return w;
}

static void take_timing(struct arena *a, const struct in_schedule *in, struct timing *t,
			struct timing_names *names)
{
	struct rrule_text pieces = { in->rrule.rule, in->rrule.dtstart,
				     comma_list(&in->rrule.exdate, a),
				     comma_list(&in->rrule.rdate, a) };
	size_t w = way_of(in);

	*names = wire_names;
	*t = (struct timing){
		.spec_kind = w < WAYS ? ways[w].spec_kind : 0,
		.spec = in->cron,
		.zone = in->timezone,
		.start_at = in->start_at,
		.end_at = in->end_at,
		.dst_gap = (int16_t)in->dst.gap,
		.dst_overlap = (int16_t)in->dst.overlap,
		.calendar = in->calendar,
		.adjust = (int16_t)(in->adjust + 1),
		.jitter = in->jitter,
	};
	names->spec = w < WAYS ? ways[w].name : NULL;
	if (t->spec_kind == SPEC_EVERY + 1)
		t->spec = in->every;
	if (t->spec_kind != SPEC_RRULE + 1)
		return;
	/* The object is stored as lines: show_one() knows it by that. */
	t->spec = in->rule.p ? in->rule : timing_rule(&pieces, a);
	if (in->rule.p)
		memset(names->rrule, 0, sizeof(names->rrule));
}

static void check_ways(struct op *op, const struct in_schedule *in)
{
	size_t first = way_of(in);

	for (size_t w = first + 1; w < WAYS; w++)
		if (was_sent(in, ways[w].name))
			fault_at(op, "", ways[w].name, "exclusive",
				 arena_printf(op->arena, "This excludes %s; send one of them.",
					      ways[first].name));
}

/* As far as the request alone tells. The calendar is left out: it needs the database; and so is
 * adjust, when it may have one. */
static void check_times(struct op *op, const struct in_schedule *in, bool may_have_calendar)
{
	struct timing t;
	struct timing_names names;
	struct spec ignored;

	take_timing(op->arena, in, &t, &names);
	if (may_have_calendar || t.calendar.p)
		t.adjust = ADJUST_NONE;
	t.calendar.p = NULL;
	/* What is missing has been named. */
	if (!t.spec.p || (t.spec_kind == SPEC_RRULE + 1 && !in->rule.p && !in->rrule.rule.p))
		t.spec_kind = 0;
	timing_compile(op, &(struct timing_ask){ .timing = &t, .names = &names, .anchor = op->now },
		       &ignored);
}

static void check_both(struct op *op)
{
	const struct in_schedule *in = op->in;

	check_ways(op, in);
	check_dates(op, wire_names.rrule[2], &in->rrule.exdate);
	check_dates(op, wire_names.rrule[3], &in->rrule.rdate);
	call_check(op, &in->template.call, "task_template.");
}

static bool is_faulty(const struct op *op, const char *field)
{
	for (int i = 0; i < op->faults.n; i++)
		if (strcmp(op->faults.list[i].field, field) == 0)
			return true;
	return false;
}

/* Times are the core's to judge; but if something else is wrong already it will not be asked, and
 * all faults are to be named at once. */
void check_schedule(struct op *op)
{
	const struct in_schedule *in = op->in;
	unsigned given = 0;

	for (size_t w = 0; w < WAYS; w++)
		if (was_sent(in, ways[w].name) || is_faulty(op, ways[w].name))
			given |= 1u << ways[w].spec_kind;
	if (!given)
		fault_at(op, "", "cron", "required", "A schedule needs cron, every or rrule.");
	/* A rule may name its zone, as an expression may, and an interval needs none. */
	if (!in->timezone.p && !is_faulty(op, "timezone") && given == 1u << (SPEC_CRON + 1)
	    && !cron_zone(in->cron).p)
		fault_at(op, "", "timezone", "required", "This field is needed.");
	check_both(op);
	if (op->faults.total > 0)
		check_times(op, op->in, false);
}

/* The core reads the schedule before it looks: what is wrong by itself needs no reading. */
void check_change(struct op *op)
{
	check_both(op);
	check_times(op, op->in, true);
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
		.enabled = in->enabled,
		.overlap = (int16_t)(in->overlap + 1),
		.catchup = (int16_t)(in->catchup + 1),
		.lookahead = op->core->lookahead,
	};
	take_timing(op->arena, in, &ask->timing, &ask->names);
	take_template(op->arena, &in->template, &ask->call);
	op->in = ask;
	return schedule_create(op);
}

/* What a change may leave as it is. */
static unsigned timed_of(const struct in_schedule *in)
{
	static const struct {
		const char *name;
		unsigned bit;
	} fields[] = {
		{ "timezone", TIMED_ZONE },     { "start_at", TIMED_START },
		{ "end_at", TIMED_END },        { "dst", TIMED_DST },
		{ "calendar", TIMED_CALENDAR }, { "adjust", TIMED_ADJUST },
		{ "jitter", TIMED_JITTER },
	};
	unsigned timed = way_of(in) < WAYS ? TIMED_SPEC : 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (was_sent(in, fields[i].name))
			timed |= fields[i].bit;
	return timed;
}

flow th_schedule_change(struct op *op)
{
	const struct in_schedule *in = op->in;
	struct change_ask *ask = arena_make(op->arena, struct change_ask);

	ask->sent = in->present;
	ask->core = (struct schedule_change){
		.kind = KIND_SCHEDULE,
		.timed = timed_of(in),
		.has_enabled = was_sent(in, "enabled"),
		.has_call = was_sent(in, "task_template"),
		.enabled = in->enabled,
		.overlap = (int16_t)(in->overlap + 1),
		.catchup = (int16_t)(in->catchup + 1),
	};
	take_timing(op->arena, in, &ask->core.timing, &ask->core.names);
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

/* A longer rule is left out of a list, and its description: to compile and print thousands of dates
 * in each of hundreds of rows would hold all others up. */
#define LIST_SPEC_MAX 2048

/* Lines that end with CR LF were made of an object (timing_rule()). */
static void show_rule(const struct schedule *s, struct arena *a, struct out_schedule *out)
{
	struct rrule_text pieces;

	if (!memchr(s->spec.p, '\r', s->spec.n)) {
		out->rule = s->spec;
		return;
	}
	timing_pieces(s->spec, a, &pieces);
	out->rrule = (struct out_rrule){ pieces.rule, pieces.dtstart, comma_items(pieces.exdate, a),
					 comma_items(pieces.rdate, a) };
	out->present = (uint64_t)1 << SCHEDULE_ROW_RRULE;
}

static void show_timing(const struct schedule *s, struct arena *a, struct out_schedule *out)
{
	switch ((enum spec_kind)(s->spec_kind - 1)) {
	case SPEC_EVERY:
		out->every = s->spec;
		break;
	case SPEC_RRULE:
		if (!out->rule_omitted)
			show_rule(s, a, out);
		break;
	default:
		out->cron = s->spec;
		break;
	}
	out->calendar = s->calendar;
	out->adjust = s->calendar.p ? s->adjust - 1 : -1;
	out->jitter = s->jitter_us;
}

static void show_one(const struct schedule_view *v, bool in_list, struct op *op,
		     struct out_schedule *out)
{
	const struct schedule *s = &v->s;

	*out = (struct out_schedule){
		.id = s->id,
		.status = v->status,
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
		.rule_omitted = in_list && s->spec.n > LIST_SPEC_MAX,
	};
	if (!out->rule_omitted)
		out->description = schedule_words(s, op);
	show_timing(s, op->arena, out);
	call_show(&v->call, v->payload_omitted, &out->template);
}

void show_schedule(struct op *op)
{
	struct out_schedule *out = arena_make(op->arena, struct out_schedule);

	show_one(op->out, false, op, out);
	op->out = out;
}

/* Bit i of what was sent is the row behind the id's. */
void show_changed(struct op *op)
{
	const struct change_ask *ask = (const struct change_ask *)op->in;
	struct out_schedule *out = arena_make(op->arena, struct out_schedule);

	show_one(op->out, false, op, out);
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
		show_one(&views[i], true, op, &items[i]);
	*out = (struct out_list){ page->total, { items, page->items.n } };
	op->out = out;
}
