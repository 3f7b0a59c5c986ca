/* Between stats_ask.c and stats_fold.c. */
#ifndef STATS_INT_H
#define STATS_INT_H

#include "core/stats_ask.h"
#include "store/stats.h"
#include "when/tz.h"

struct stats_today {
	const struct tz *tz;
	usec_t now;
};

/* Adds hours to the window and its days, days[STATS_DAYS - 1] being today; others are left out. Both begin zeroed. Sets
 * the window's rate and average; percentiles are not of hours. */
void stats_fold(struct stats_window *window, struct stats_ended *days, const struct rollup_hour *hours, size_t n,
		const struct stats_today *today);

#endif
