/* Occurrences to come: a day of a schedule after the other, in short turns. A schedule whose occurrences do
 * not fit into its share is begun again with one event a day. */
#include "agenda_int.h"
#include "base/clock.h"
#include "core/core.h"
#include "core/schedule.h"
#include "local_day.h"

#define TURN (2 * MSEC)

static void add(struct agenda *g, usec_t at, usec_t end, int64_t count)
{
	const struct schedule *s = &g->schedules[g->plan.i];

	g->events[g->events_n++] = (struct agenda_event){
		.is_planned = true,
		.schedule = s->id,
		.title = s->name,
		.start = at,
		.end = end,
		.view = VIEW_SCHEDULED,
		.count = count < AGENDA_COUNT_MAX ? count : AGENDA_COUNT_MAX,
		.is_least = count > AGENDA_COUNT_MAX,
	};
}

static size_t room(const struct agenda *g)
{
	return g->share_ahead - (g->events_n - g->plan.events_before);
}

static void next_schedule(struct agenda *g)
{
	g->plan = (struct planning){ .i = g->plan.i + 1 };
}

/* The first occurrence that has no run yet. */
static void begin(struct op *op, struct agenda *g)
{
	const struct schedule *s = &g->schedules[g->plan.i];
	usec_t from = op->now > g->from ? op->now : g->from;

	g->plan.begun = true;
	g->plan.events_before = g->events_n;
	g->plan.at = g->plan.first = USEC_NEVER;
	if (s->state != SCHEDULE_ACTIVE || s->next_at == USEC_NEVER || s->next_at >= g->to
	    || !schedule_spec(s, op->core->zones, op->arena, &g->plan.spec))
		return;
	if (s->next_at > from)
		from = s->next_at;
	g->plan.at = g->plan.first = spec_first(&g->plan.spec, from, &g->plan.hint);
}

/* It does not fit: once more by the day; or it is cut off here. */
static void no_room(struct agenda *g)
{
	if (g->plan.by_day) {
		g->view->is_cut = true;
		next_schedule(g);
		return;
	}
	g->plan.by_day = true;
	g->plan.at = g->plan.first;
	g->events_n = g->plan.events_before;
}

/* The occurrences of one day. */
static void one_day(struct agenda *g)
{
	struct planning *p = &g->plan;
	usec_t end = local_day_start(g->tz, local_day(g->tz, p->at, NULL) + 1);
	usec_t at[AGENDA_DENSE + 1], next = p->at;
	size_t n = 0;

	if (end > g->to)
		end = g->to;
	for (; n < AGENDA_DENSE + 1 && next < end; next = spec_next(&p->spec, next, &p->hint))
		at[n++] = next;
	if (n > AGENDA_DENSE || (p->by_day && n > 1)) {
		if (room(g) == 0) {
			no_room(g);
			return;
		}
		add(g, p->at, end, spec_count(&p->spec, p->at, end - 1, AGENDA_COUNT_MAX + 1));
		p->at = next < end ? spec_first(&p->spec, end, &p->hint) : next;
		return;
	}
	if (room(g) < n) {
		no_room(g);
		return;
	}
	for (size_t i = 0; i < n; i++)
		add(g, at[i], USEC_NEVER, 1);
	p->at = next;
}

bool agenda_plan(struct op *op, struct agenda *g)
{
	usec_t end_of_turn = clock_boot() + TURN;

	while (g->plan.i < g->n) {
		if (clock_boot() >= end_of_turn)
			return false;
		if (!g->plan.begun)
			begin(op, g);
		else if (g->plan.at >= g->to)
			next_schedule(g);
		else
			one_day(g);
	}
	return true;
}
