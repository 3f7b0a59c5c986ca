/* Between schedule.c and schedule_change.c. */
#ifndef CORE_SCHEDULE_INT_H
#define CORE_SCHEDULE_INT_H

#include "core/schedule.h"
#include "store/schedule.h"

/* The timing of a row, as timing_compile() wants it. */
struct timing schedule_timing(const struct schedule *s);
/* Compiles what the row says now, and says what is wrong under the wire's names; keeps the rule's end
 * in count_end, and the defaults of zone and adjust. definition: of s->calendar. False when there is a fault. */
bool schedule_compile(struct op *op, struct schedule *s, const struct timing_names *names, struct slice definition,
		      struct spec *out_spec);
/* at_past, for a one-shot whose time has come already. */
void schedule_refuse_past(struct op *op, const struct schedule *s, const struct timing_names *names,
			  const struct spec *spec);
/* Adds the statement that reads this calendar for a schedule (store_calendar_found). */
void schedule_find_calendar(const struct op *op, struct db_unit *u, struct slice name);
/* A plan whose cursor was set and found nothing has no use: adds a fault. */
void schedule_refuse_idle(struct op *op, const struct schedule *s, const struct timing_names *names);
/* A new template. */
void schedule_set_call(struct schedule *s, const struct call *call, struct op *op);
struct run_ref schedule_ref(const struct op *op, enum kind kind);
/* The schedule of the unit's first statement (store_schedule_get); NULL: it is not there. */
struct schedule *schedule_take(struct op *op, enum kind kind);
/* The same with its calendar's definition, for who works out when it runs: two statements. */
void schedule_ask_timed(struct db_unit *u, const struct run_ref *ref, usec_t now);
struct schedule *schedule_take_timed(struct op *op, enum kind kind);
/* As it is shown. NULL: what is stored of it cannot be read. */
struct schedule_view *schedule_view_of(struct op *op, const struct schedule *s);
/* Ends the operation with its view. */
flow schedule_answer(struct op *op, const struct schedule *s);
/* Tells the engine when it is to be materialised. */
void schedule_wake(struct op *op, const struct schedule *s);

#endif
