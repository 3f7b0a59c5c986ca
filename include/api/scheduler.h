/* The Scheduler API: what words mean and whether a schedule is good. Paths below /api/scheduler. */
#ifndef API_SCHEDULER_H
#define API_SCHEDULER_H

#include "http/route.h"

extern const struct dialect scheduler;
extern const struct dialect scheduler_agents;   /* below /api/agents */
extern const struct dialect scheduler_channels; /* below /api/channels */

/* What timing_check() and timing_words() left in op->out, as this API answers it. */
void scheduler_print_validation(struct op *op, struct strbuf *out);
void scheduler_print_words(struct op *op, struct strbuf *out);

#endif
