/* Between agenda.c and agenda_plan.c. */
#ifndef AGENDA_INT_H
#define AGENDA_INT_H

#include "core/agenda.h"
#include "core/op.h"
#include "io/loop.h"
#include "model/schedule.h"
#include "when/spec.h"
#include "when/tz.h"

/* Where planning is: a schedule, and its next occurrence. */
struct planning {
	size_t i;
	bool begun, by_day;
	struct spec spec;
	usec_t first, at;
	struct tz_hint hint;
	size_t events_before;
};

struct agenda {
	const struct agenda_ask *ask;
	struct agenda_view *view;
	const struct tz *tz;
	usec_t from, to;
	struct schedule *schedules;
	size_t n;
	size_t share_past, share_ahead; /* events of one schedule */
	struct agenda_event *events;
	size_t events_n;
	/* runs: the schedules of this turn, and those of them that are shown by the day */
	size_t page, page_n;
	const struct uuid **crowded;
	size_t crowded_n;
	struct planning plan;
	struct alarm turn;
};

/* Adds what is to come until the turn is over. True: that was all. */
bool agenda_plan(struct op *op, struct agenda *g);

#endif
