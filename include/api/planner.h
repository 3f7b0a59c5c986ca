/* The Planner API: a look at when a plan would run. Paths below /api/v1. */
#ifndef API_PLANNER_H
#define API_PLANNER_H

#include "http/route.h"

extern const struct dialect planner;

#endif
