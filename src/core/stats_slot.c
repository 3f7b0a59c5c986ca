/* Durations in slots: see core/stats.h. */
#include <math.h>

#include "core/stats.h"

#define OCTAVE 8 /* slots */

int stats_slot(usec_t duration)
{
	double slot;

	if (duration <= MSEC)
		return 0;
	slot = ceil(OCTAVE * log2((double)duration / (double)MSEC));
	return slot < STATS_SLOTS - 1 ? (int)slot : STATS_SLOTS - 1;
}

usec_t stats_slot_middle(int slot)
{
	if (slot <= 0)
		return MSEC / 2;
	if (slot >= STATS_SLOTS - 1)
		return DAY;
	return (usec_t)llround((double)MSEC * exp2((slot - 0.5) / OCTAVE));
}

usec_t stats_percentile(const int64_t counts[STATS_SLOTS], double p)
{
	int64_t total = 0, rank;

	for (int i = 0; i < STATS_SLOTS; i++)
		total += counts[i];
	if (total == 0)
		return 0;
	rank = (int64_t)ceil(p * (double)total);
	for (int i = 0; i < STATS_SLOTS; i++) {
		rank -= counts[i];
		if (rank <= 0)
			return stats_slot_middle(i);
	}
	return DAY;
}
