/* Between calendar.c and calendar_def.c. */
#ifndef CORE_CALENDAR_INT_H
#define CORE_CALENDAR_INT_H

#include "core/calendar.h"

/* From the stored text; false: it is not ours. */
bool calendar_read(struct slice definition, struct arena *a, struct calendar_def *out);
/* Bits 0-6, Sunday first. */
unsigned calendar_weekend(const struct calendar_def *def);

#endif
