/* Activity, read and folded by the zone's clock. */
#include "core/smart.h"

#include "core/activity.h"
#include "core/core.h"
#include "core/stats_ask.h"
#include "local_day.h"
#include "store/stats.h"

#define WEEK (7 * DAY)

enum { ASKED_ZONE, ASKED_ACTIVITY };

static flow ask(struct op *op, int64_t weeks, op_step *next)
{
	const struct smart_ask *in = op->in;
	struct run_ref ref = { op->who.bucket, (int16_t)in->kind, op->who.tenant, { { 0 } } };
	usec_t slot = op->now - op->now % ACTIVITY_SLOT;
	struct db_unit *u;

	if (!stats_zone(op, in->zone))
		return op_invalid(op);
	u = op_unit(op, LANE_SLOW);
	store_usual_zone(u, &ref);
	/* The quarter that is under way is the last one of these weeks. */
	store_activity(u, &ref, slot + ACTIVITY_SLOT - weeks * WEEK);
	return op_db(op, next);
}

/* A stored zone that these files do not know any more is no reason to fail. */
static const struct tz *zone_of(struct op *op)
{
	const struct smart_ask *in = op->in;
	struct slice usual = store_usual_zone_got(op->unit, ASKED_ZONE);
	struct slice name = in->zone.p ? in->zone : usual;
	const struct tz *z = name.p ? tz_find(op->core->zones, name) : NULL;

	return z ? z : tz_utc();
}

static void add(struct smart_heatmap *map, const struct activity_row *row, const struct tz *z,
		struct tz_hint *hint)
{
	int64_t s = local_second(z, row->slot, hint);
	int day = (int)(civil_weekday((int32_t)(s / CIVIL_DAY_SECONDS)) + 6) % SMART_DAYS;
	int64_t *cell = &map->grid[day][s / 3600 % SMART_HOURS];

	*cell += row->requests;
	map->total += row->requests;
	if (*cell > map->max)
		map->max = *cell;
}

static flow heatmap_read(struct op *op)
{
	const struct smart_ask *in = op->in;
	struct smart_heatmap *map = arena_make(op->arena, struct smart_heatmap);
	struct tz_hint hint = { 0 };
	struct activity_row *rows;
	const struct tz *z;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	z = zone_of(op);
	n = store_activity_got(op->unit, ASKED_ACTIVITY, &rows);
	for (size_t i = 0; i < n; i++)
		add(map, &rows[i], z, &hint);
	map->zone = slice_of(tz_name(z));
	map->weeks = in->weeks;
	return op_ok(op, map);
}

flow smart_heatmap(struct op *op)
{
	const struct smart_ask *in = op->in;

	return ask(op, in->weeks, heatmap_read);
}

static flow suggestions_read(struct op *op)
{
	struct smart_suggestions *out = arena_make(op->arena, struct smart_suggestions);
	struct suggest_slot *slots;
	struct activity_row *rows;
	const struct tz *z;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	z = zone_of(op);
	n = store_activity_got(op->unit, ASKED_ACTIVITY, &rows);
	slots = arena_array(op->arena, struct suggest_slot, n + 1);
	for (size_t i = 0; i < n; i++)
		slots[i].at = rows[i].slot;
	out->n = suggest(slots, n, z, op->now, out->list);
	out->zone = slice_of(tz_name(z));
	return op_ok(op, out);
}

/* A week more than is looked at, as that ends yesterday. */
flow smart_suggestions(struct op *op)
{
	return ask(op, SUGGEST_WEEKS + 1, suggestions_read);
}
