/* The Taskhook API: schedules that create tasks, and tasks of their own. Paths below /v1. */
#ifndef API_TASKHOOK_H
#define API_TASKHOOK_H

#include "http/route.h"

extern const struct dialect taskhook;

#endif
