/* A question to a table by tenants: so many rows of each at most, in this order. */
#ifndef MODEL_TURN_H
#define MODEL_TURN_H

#include <stdint.h>

#include "base/id.h"

struct turn_quota {
	struct uuid tenant;
	int32_t quota;
};

#endif
