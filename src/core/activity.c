/* Requests per tenant and quarter of an hour, on their way to the table.
 *
 * What is being written stays in memory until the database has said what became of it: refused (busy, a conflict
 * between two processes) it is written again later; lost, it may be there already and is not written again, as counting
 * twice is worse than not counting. Meanwhile new requests are counted beside it. */
#include "core/activity.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/core.h"
#include "io/loop.h"
#include "store/stats.h"

#define ACTIVITY_MAGIC 0xac71f001U

/* No padding: it is hashed as bytes. */
struct place {
	struct uuid tenant;
	usec_t slot;
};

struct entry {
	struct place at;
	int16_t bucket;
	int32_t requests;
	UT_hash_handle hh;
};

struct activity {
	unsigned magic;
	struct core *core;
	struct entry *entries;
	struct entry *latest; /* the next request is most likely of the same tenant */
	struct alarm write;
	struct arena *arena; /* of the rows that are being written; NULL: none are */
	struct activity_row **rows;
	size_t rows_n;
	bool under_way;
	usec_t asked_at; /* clock_now() when they were sent */
};

static void write_rows(void *ctx);

struct activity *activity_new(struct core *core)
{
	struct activity *a = mem_new(sizeof *a);

	*a = (struct activity){ .magic = ACTIVITY_MAGIC, .core = core };
	alarm_init(&a->write, core->loop, write_rows, a);
	return a;
}

static void forget(struct activity *a, struct entry *e)
{
	HASH_DEL(a->entries, e);
	free(e);
}

void activity_free(struct activity *a)
{
	if (!a)
		return;
	while (a->entries)
		forget(a, a->entries);
	if (a->arena)
		arena_free(a->arena);
	alarm_release(&a->write);
	a->magic = 0;
	free(a);
}

/* --- counting --- */

static struct entry *find(struct activity *a, const struct who *who, usec_t slot)
{
	struct place at = { who->tenant, slot };
	struct entry *e = NULL;

	HASH_FIND(hh, a->entries, &at, sizeof at, e);
	if (e)
		return e;
	if (HASH_COUNT(a->entries) >= ACTIVITY_MAX) {
		alarm_in(&a->write, 0);
		return NULL;
	}
	if (!a->entries && !a->arena)
		alarm_at(&a->write, clock_now() + ACTIVITY_EVERY);
	e = mem_new(sizeof *e);
	e->at = at;
	e->bucket = who->bucket;
	HASH_ADD(hh, a->entries, at, sizeof at, e);
	return e;
}

void core_activity(struct core *c, const struct who *who, usec_t now)
{
	struct activity *a = c->activity;
	usec_t slot = now - now % ACTIVITY_SLOT;
	struct entry *e;

	if (!a)
		return;
	e = a->latest;
	if (!e || e->at.slot != slot || id_compare(e->at.tenant, who->tenant) != 0)
		e = find(a, who, slot);
	if (!e) {
		metric_add(METRIC_ACTIVITY_DROPPED, 1);
		return;
	}
	a->latest = e;
	e->requests++;
}

/* --- writing --- */

static void drop_rows(struct activity *a)
{
	arena_free(a->arena);
	a->arena = NULL;
	a->rows_n = 0;
}

static void take_rows(struct activity *a)
{
	a->arena = arena_new();
	a->rows = arena_array(a->arena, struct activity_row *, HASH_COUNT(a->entries));
	while (a->entries) {
		struct activity_row *row = arena_make(a->arena, struct activity_row);
		const struct entry *e = a->entries;

		*row = (struct activity_row){ e->bucket, e->at.tenant, e->at.slot, e->requests };
		a->rows[a->rows_n++] = row;
		forget(a, a->entries);
	}
	a->latest = NULL;
}

static int64_t rows_requests(const struct activity *a)
{
	int64_t n = 0;

	for (size_t i = 0; i < a->rows_n; i++)
		n += a->rows[i]->requests;
	return n;
}

static void written(struct db_unit *u, void *ctx)
{
	struct activity *a = ctx;

	CHECK_MAGIC(a, ACTIVITY_MAGIC);
	loop_enter(a->core->loop, "activity.written");
	a->under_way = false;
	if (u->outcome == DB_ERROR || u->outcome == DB_CONFLICT)
		log_event(LOG_ERROR, "activity.failed", LOG_STR("sqlstate", u->sqlstate),
			  LOG_STR("message", u->message));
	if (u->outcome != DB_OK && u->outcome != DB_BUSY && u->outcome != DB_RETRY)
		metric_add(METRIC_ACTIVITY_DROPPED, rows_requests(a));
	if (u->outcome != DB_BUSY && u->outcome != DB_RETRY)
		drop_rows(a);
	/* Counted from the asking, as the clock may have been moved while the answer was on its way. */
	if (a->entries || a->arena)
		alarm_at(&a->write, a->asked_at + ACTIVITY_EVERY);
}

static void write_rows(void *ctx)
{
	struct activity *a = ctx;
	struct db_unit *u;

	CHECK_MAGIC(a, ACTIVITY_MAGIC);
	loop_enter(a->core->loop, "activity.write");
	if (a->under_way || (!a->arena && !a->entries))
		return;
	if (!a->arena)
		take_rows(a);
	a->under_way = true;
	a->asked_at = clock_now();
	u = db_unit_new(a->core->db, a->arena, LANE_SLOW);
	store_activity_add(u, (const struct activity_row *const *)a->rows, a->rows_n);
	db_submit(u, written, a);
}

void activity_flush(struct core *c)
{
	write_rows(c->activity);
}

int64_t activity_pending(const struct core *c)
{
	const struct activity *a = c->activity;
	int64_t n = rows_requests(a);

	for (const struct entry *e = a->entries; e; e = e->hh.next)
		n += e->requests;
	return n;
}
