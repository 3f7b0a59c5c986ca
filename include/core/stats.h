/* How long runs take, in slots that grow by 9 %: 8 to an octave (a percentile is right to within
 * 5 %). Slot 0 is everything up to a millisecond, the last one a day and more. */
#ifndef CORE_STATS_H
#define CORE_STATS_H

#include "core/op.h"

enum { STATS_SLOTS = 212 };

int stats_slot(usec_t duration);     /* 0 .. STATS_SLOTS - 1 */
usec_t stats_slot_middle(int slot);  /* the duration that stands for it */
/* The p-th (0 < p <= 1) of counts[STATS_SLOTS]; 0 when there are none. */
usec_t stats_percentile(const int64_t counts[STATS_SLOTS], double p);

#endif
