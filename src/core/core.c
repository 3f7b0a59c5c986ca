#include "core/core.h"

#include "core/activity.h"
#include "core/batch.h"
#include "core/bucket.h"
#include "core/core_int.h"
#include "core/key_use.h"
#include "core/ledger_int.h"

void core_init(struct core *c)
{
	c->runs = batcher_new(c, run_fill, run_stored);
	c->schedules = batcher_new(c, schedule_fill, schedule_stored);
	c->auth = auth_cache_new();
	c->idems = idem_table_new();
	c->requests = bucket_table_new();
	c->failures = bucket_table_new();
	c->activity = activity_new(c);
	c->key_use = key_use_new(c);
	c->zone_watch = zone_watch_new(c);
}

void core_release(struct core *c)
{
	batcher_free(c->runs);
	batcher_free(c->schedules);
	auth_cache_free(c->auth);
	idem_table_free(c->idems);
	bucket_table_free(c->requests);
	bucket_table_free(c->failures);
	activity_free(c->activity);
	key_use_free(c->key_use);
	zone_watch_free(c->zone_watch);
}

bool core_name_ok(struct slice name, const char *signs, size_t max)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i], small = (char)(c | 0x20);

		if (!(small >= 'a' && small <= 'z') && !(c >= '0' && c <= '9')
		    && (c == '\0' || !strchr(signs, c)))
			return false;
	}
	return name.n >= 1 && name.n <= max && !slice_is(name, ".") && !slice_is(name, "..");
}

usec_t core_created(struct core *c, usec_t now)
{
	bool went_back = c->last_created - now > SEC; /* the clock did: follow it */

	c->last_created = now > c->last_created || went_back ? now : c->last_created + 1;
	return c->last_created;
}

usec_t core_slot(struct core *c, usec_t now)
{
	usec_t at = core_created(c, now);

	return at % MSEC ? at : core_created(c, now);
}
