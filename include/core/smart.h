/* What the tenant's own activity says: a grid of when, and suggestions of when to run things. */
#ifndef CORE_SMART_H
#define CORE_SMART_H

#include "core/op.h"
#include "core/suggest.h"
#include "model/run.h"

enum { SMART_WEEKS_DEFAULT = 4, SMART_WEEKS_MAX = 12, SMART_DAYS = 7, SMART_HOURS = 24 };

struct smart_ask {
	enum kind kind;    /* whose schedules' usual zone is the default */
	struct slice zone; /* absent: that, or UTC when there are no active ones */
	int64_t weeks;     /* 1 .. SMART_WEEKS_MAX; of the heatmap */
};

struct smart_heatmap {
	struct slice zone;
	int64_t weeks;                         /* that end now */
	int64_t grid[SMART_DAYS][SMART_HOURS]; /* requests by the zone's clock; 0 = Monday */
	int64_t max, total;
};

struct smart_suggestions {
	struct slice zone;
	struct suggestion list[SUGGEST_MAX];
	size_t n;
};

op_step smart_heatmap;     /* in: struct smart_ask; out: smart_heatmap */
op_step smart_suggestions; /* in: struct smart_ask; out: smart_suggestions */

#endif
