/* The zone data on this machine change under a running server: a new package, a new image of the
 * files. Every ZONES_EVERY one line is read; another version means a new tz_db in the old one's
 * place. The old one stays until the end: operations that wait may still hold its zones.
 *
 * What schedules are due next may be different now. The database remembers the newest version
 * that any process has seen, so a change while all were down is noticed at the start as well. A
 * process that changes under way asks for the work even if another did before: until now it has
 * moved cursors by the old rules. */
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/core_int.h"
#include "io/loop.h"
#include "store/recompute.h"
#include "when/tz.h"

#define ZONES_EVERY (30 * SEC)
#define ZONES_SETTLE (5 * SEC) /* a package puts its files in place one by one */
#define NOTICE_AGAIN SEC

#define ZONE_WATCH_MAGIC 0x20e5e001U

struct old_zones {
	struct tz_db *db;
	struct old_zones *next;
};

struct zone_watch {
	unsigned magic;
	struct core *core;
	struct alarm look, tell;
	struct old_zones *old;
	bool seen;    /* another version was there at the last look */
	bool swapped; /* since the database was told */
	bool told, telling, warned;
};

struct telling {
	struct zone_watch *watch;
	struct arena *arena;
	const struct tz_db *zones; /* what was told of */
};

static void tell(void *ctx);

/* The instants are the schedule clock's, so that a test can move it. */
static void look_in(struct zone_watch *w, usec_t span)
{
	alarm_at(&w->look, clock_now() + span);
}

static void swap(struct zone_watch *w)
{
	struct core *c = w->core;
	struct old_zones *old = mem_new(sizeof *old);

	*old = (struct old_zones){ c->zones, w->old };
	w->old = old;
	c->zones = tz_db_new(c->zones_dir);
	log_event(LOG_INFO, "zones.changed", LOG_STR("from", tz_db_version(old->db)),
		  LOG_STR("to", tz_db_version(c->zones)));
	metric_info(METRIC_TZDATA, tz_db_version(c->zones));
	w->told = w->warned = false;
	w->swapped = true;
}

static void look(void *ctx)
{
	struct zone_watch *w = ctx;
	bool stale;

	CHECK_MAGIC(w, ZONE_WATCH_MAGIC);
	loop_enter(w->core->loop, "zones.look");
	stale = tz_db_is_stale(w->core->zones);
	if (stale && w->seen)
		swap(w);
	w->seen = stale && !w->seen;
	look_in(w, w->seen ? ZONES_SETTLE : ZONES_EVERY);
	if (!w->told)
		tell(w);
}

static void heard(struct telling *t, const struct db_unit *u)
{
	struct zone_watch *w = t->watch;
	const char *ours = tz_db_version(t->zones);
	struct slice stored;

	if (t->zones == w->core->zones) {
		w->told = true;
		w->swapped = false;
	}
	if (store_zone_noticed(u, 0, &stored) && w->core->on_recompute)
		w->core->on_recompute(w->core->engine);
	if (stored.p && !w->warned && strcmp(ours, arena_dup(u->arena, stored.p, stored.n)) < 0) {
		w->warned = true;
		log_event(LOG_WARN, "zones.older", LOG_STR("version", ours),
			  LOG_SLICE("database", stored));
	}
}

static void answered(struct db_unit *u, void *ctx)
{
	struct telling *t = ctx;
	struct zone_watch *w = t->watch;
	struct arena *arena = t->arena;

	CHECK_MAGIC(w, ZONE_WATCH_MAGIC);
	w->telling = false;
	if (u->outcome == DB_OK)
		heard(t, u);
	else
		alarm_in(&w->tell, NOTICE_AGAIN);
	arena_free(arena);
}

static void tell(void *ctx)
{
	struct zone_watch *w = ctx;
	const char *version = tz_db_version(w->core->zones);
	struct arena *arena;
	struct telling *t;
	struct db_unit *u;

	CHECK_MAGIC(w, ZONE_WATCH_MAGIC);
	if (w->telling || strcmp(version, "unknown") == 0)
		return;
	arena = arena_new();
	t = arena_make(arena, struct telling);
	*t = (struct telling){ w, arena, w->core->zones };
	w->telling = true;
	u = db_unit_new(w->core->db, arena, LANE_WRITE);
	store_zone_notice(u, slice_of(version), w->swapped, clock_now());
	db_submit(u, answered, t);
}

struct zone_watch *zone_watch_new(struct core *core)
{
	struct zone_watch *w = mem_new(sizeof *w);

	*w = (struct zone_watch){ .magic = ZONE_WATCH_MAGIC, .core = core };
	alarm_init(&w->look, core->loop, look, w);
	alarm_init(&w->tell, core->loop, tell, w);
	alarm_in(&w->look, 0);
	metric_info(METRIC_TZDATA, tz_db_version(core->zones));
	return w;
}

void zone_watch_free(struct zone_watch *w)
{
	if (!w)
		return;
	alarm_release(&w->look);
	alarm_release(&w->tell);
	for (struct old_zones *old = w->old, *next; old; old = next) {
		next = old->next;
		tz_db_free(old->db);
		free(old);
	}
	w->magic = 0;
	free(w);
}
