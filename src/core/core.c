#include "core/core.h"

#include "core/activity.h"
#include "core/batch.h"
#include "core/core_int.h"

void core_init(struct core *c)
{
	c->runs = batcher_new(c, run_fill, run_stored);
	c->schedules = batcher_new(c, schedule_fill, schedule_stored);
	c->auth = auth_cache_new();
	c->activity = activity_new(c);
	c->zone_watch = zone_watch_new(c);
}

void core_release(struct core *c)
{
	batcher_free(c->runs);
	batcher_free(c->schedules);
	auth_cache_free(c->auth);
	activity_free(c->activity);
	zone_watch_free(c->zone_watch);
}

usec_t core_created(struct core *c, usec_t now)
{
	bool went_back = c->last_created - now > SEC; /* the clock did: follow it */

	c->last_created = now > c->last_created || went_back ? now : c->last_created + 1;
	return c->last_created;
}
