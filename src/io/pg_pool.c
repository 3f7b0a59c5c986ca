/* The lanes of one database together: their beginning, their end, and what is asked about them. */
#include <stdlib.h>
#include <string.h>

#include "io_int.h"

struct db *db_new(struct loop *loop, const char *url, const struct db_stmt *stmts, int count)
{
	struct db *db = mem_new(sizeof(*db));
	char why[200];

	ASSERT(count > 0);
	db->magic = DB_MAGIC;
	db->loop = loop;
	db->stmts = stmts;
	db->count = count;
	if (!pg_source_init(&db->source, loop, url, why, sizeof(why)))
		die("%s", why);
	for (int i = 0; i < LANE_COUNT; i++)
		pg_lane_init(&db->lanes[i], db, (enum lane)i);
	return db;
}

/* First everything is taken down, then everybody is told, because done() may submit again. */
void db_free(struct db *db)
{
	struct db_list lists[LANE_COUNT][3];

	if (!db)
		return;
	CHECK_MAGIC(db, DB_MAGIC);
	pg_listener_free(db->listener);
	for (int i = 0; i < LANE_COUNT; i++) {
		struct db_lane *l = &db->lanes[i];

		memcpy(lists[i], (struct db_list[]){ l->sent, l->again, l->queue },
		       sizeof(lists[i]));
		pg_lane_release(l);
	}
	for (int i = 0; i < LANE_COUNT * 3; i++)
		pg_answer_all(lists[i / 3][i % 3], DB_LOST, "shutting down");
	pg_source_release(&db->source);
	db->magic = 0;
	free(db);
}

bool db_lane_ready(const struct db *db, enum lane lane)
{
	CHECK_MAGIC(db, DB_MAGIC);
	return db->lanes[lane].is_up;
}

bool db_ready(const struct db *db)
{
	for (int i = 0; i < LANE_COUNT; i++)
		if (!db_lane_ready(db, (enum lane)i))
			return false;
	return true;
}

int db_backend_pid(const struct db *db, enum lane lane)
{
	return db_lane_ready(db, lane) ? db->lanes[lane].backend_pid : 0;
}

int db_depth(const struct db *db, enum lane lane)
{
	const struct db_lane *l = &db->lanes[lane];

	CHECK_MAGIC(db, DB_MAGIC);
	return l->queue.n + l->sent.n + l->again.n;
}

void db_on_lane(struct db *db, void (*fn)(void *ctx, enum lane lane, bool up), void *ctx)
{
	CHECK_MAGIC(db, DB_MAGIC);
	db->on_lane = fn;
	db->on_lane_ctx = ctx;
}
