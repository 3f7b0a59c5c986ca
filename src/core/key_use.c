#include "core/key_use.h"

#include <stdlib.h>
#include <uthash.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/core.h"
#include "io/loop.h"
#include "store/key.h"

#define KEY_USE_MAGIC 0x4e4u

struct entry {
	struct key_use_row row;
	UT_hash_handle hh;
};

struct key_use {
	unsigned magic;
	struct core *core;
	struct entry *entries;
	struct entry *latest; /* the next request is most likely with the same key */
	struct alarm write;
	struct arena *arena; /* of the rows that are being written; NULL: none are */
	const struct key_use_row **rows;
	size_t writing;
};

static void write_rows(void *ctx);

struct key_use *key_use_new(struct core *core)
{
	struct key_use *u = mem_new(sizeof *u);

	*u = (struct key_use){ .magic = KEY_USE_MAGIC, .core = core };
	alarm_init(&u->write, core->loop, write_rows, u);
	return u;
}

static void forget(struct key_use *u, struct entry *e)
{
	HASH_DEL(u->entries, e);
	free(e);
}

void key_use_free(struct key_use *u)
{
	if (!u)
		return;
	while (u->entries)
		forget(u, u->entries);
	if (u->arena)
		arena_free(u->arena);
	alarm_release(&u->write);
	u->magic = 0;
	free(u);
}

/* Those that are being written count too: they may come back. */
static struct entry *find(struct key_use *u, struct uuid key)
{
	struct entry *e = NULL;

	HASH_FIND(hh, u->entries, &key, sizeof key, e);
	if (e || HASH_COUNT(u->entries) + u->writing >= KEY_USE_MAX)
		return e;
	if (!u->entries && !u->arena)
		alarm_at(&u->write, clock_now() + KEY_USE_EVERY);
	e = mem_new(sizeof *e);
	e->row.id = key;
	HASH_ADD(hh, u->entries, row.id, sizeof key, e);
	return e;
}

void key_used(struct core *c, const struct who *who, usec_t now)
{
	struct key_use *u = c->key_use;
	struct entry *e;

	if (!u || id_is_nil(who->key))
		return;
	e = u->latest;
	if (!e || id_compare(e->row.id, who->key) != 0)
		e = find(u, who->key);
	if (!e)
		return;
	u->latest = e;
	e->row.at = now;
}

/* What was not written is written the next time, unless its key is used again until then. */
static void take_back(struct key_use *u)
{
	size_t n = u->writing;

	u->writing = 0;
	for (size_t i = 0; i < n; i++) {
		struct entry *e = find(u, u->rows[i]->id);

		if (e && e->row.at < u->rows[i]->at)
			e->row.at = u->rows[i]->at;
	}
}

/* A unit that the database refuses for itself would be refused again; everything else passes. */
static void written(struct db_unit *unit, void *ctx)
{
	struct key_use *u = ctx;

	CHECK_MAGIC(u, KEY_USE_MAGIC);
	loop_enter(u->core->loop, "key_use.written");
	if (unit->outcome == DB_ERROR || unit->outcome == DB_CONFLICT)
		log_event(LOG_ERROR, "key_use.failed", LOG_STR("sqlstate", unit->sqlstate),
			  LOG_STR("message", unit->message));
	else if (unit->outcome != DB_OK)
		take_back(u);
	arena_free(u->arena);
	u->arena = NULL;
	u->rows = NULL;
	u->writing = 0;
	if (u->entries)
		alarm_at(&u->write, clock_now() + KEY_USE_EVERY);
}

static int by_id(const struct entry *a, const struct entry *b)
{
	return id_compare(a->row.id, b->row.id);
}

/* In the order of their ids, as processes that lock the same rows do it in one order. */
static void write_rows(void *ctx)
{
	struct key_use *u = ctx;
	struct db_unit *unit;

	CHECK_MAGIC(u, KEY_USE_MAGIC);
	loop_enter(u->core->loop, "key_use.write");
	if (u->arena || !u->entries)
		return;
	u->arena = arena_new();
	u->rows = arena_array(u->arena, const struct key_use_row *, HASH_COUNT(u->entries));
	HASH_SORT(u->entries, by_id);
	while (u->entries) {
		struct key_use_row *row = arena_make(u->arena, struct key_use_row);

		*row = u->entries->row;
		u->rows[u->writing++] = row;
		forget(u, u->entries);
	}
	u->latest = NULL;
	/* Not LANE_SLOW, whose snapshot is too old as soon as another process writes the same key's. */
	unit = db_unit_new(u->core->db, u->arena, LANE_BULK);
	store_key_used(unit, u->rows, u->writing);
	db_submit(unit, written, u);
}

void key_use_flush(struct core *c)
{
	write_rows(c->key_use);
}

size_t key_use_pending(const struct core *c)
{
	return HASH_COUNT(c->key_use->entries) + c->key_use->writing;
}
