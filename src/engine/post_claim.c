/* Which messages are taken in hand, and when. Each platform has so many places, and each tenant so many
 * of those, so that one that hangs holds up nobody else. */
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/post_int.h"

#define POST_EVERY SEC
#define POST_SOON (100 * MSEC)
#define POST_MAX 256
#define POST_PLATFORM_MAX (POST_MAX / PLATFORM_COUNT)
/* A tenant that has so many under way on a platform gets no more; a claim takes as many of one
 * platform, so it may come to twice that less one. */
#define POST_LINE_MAX 8

struct line_key {
	struct uuid tenant;
	int32_t platform;
};
struct post_line {
	struct line_key key;
	int n;
	UT_hash_handle hh;
};

struct post_claim {
	struct engine *engine;
	struct arena *arena;
	struct message_claim ask;
	usec_t began; /* clock_boot() */
};

static void look(void *ctx);
static void look_due(void *ctx);

void post_init(struct engine *e)
{
	e->post_next = USEC_NEVER;
	alarm_init(&e->post, e->loop, look, e);
	alarm_init(&e->post_due, e->loop, look_due, e);
	alarm_init(&e->post_build, e->loop, post_build, e);
}

/* What is still under way is forgotten; its lease is not. */
void post_release(struct engine *e)
{
	alarm_release(&e->post);
	alarm_release(&e->post_due);
	alarm_release(&e->post_build);
}

void post_soon(struct engine *e)
{
	e->post_again = e->post_claiming;
	if (!e->post_claiming && !e->draining)
		alarm_in(&e->post, 0);
}

static void look_due(void *ctx)
{
	struct engine *e = ctx;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	e->post_next = USEC_NEVER;
	post_soon(e);
}

void post_wake_at(struct engine *e, usec_t at)
{
	if (at >= e->post_next || e->draining)
		return;
	e->post_next = at;
	alarm_at(&e->post_due, at);
}

/* --- lines --- */

static struct line_key key_of(const struct posting *p)
{
	struct line_key key;

	memset(&key, 0, sizeof(key)); /* its padding is hashed too */
	key.tenant = p->row.tenant;
	key.platform = (int32_t)p->channel.platform;
	return key;
}

void post_enter(struct posting *p)
{
	struct engine *e = p->engine;
	struct line_key key = key_of(p);
	struct post_line *line;

	HASH_FIND(hh, e->post_lines, &key, sizeof(key), line);
	if (!line) {
		line = mem_new(sizeof(*line));
		line->key = key;
		HASH_ADD(hh, e->post_lines, key, sizeof(key), line);
	}
	line->n++;
	e->posts_of[p->channel.platform]++;
}

void post_leave(struct posting *p)
{
	struct engine *e = p->engine;
	struct line_key key = key_of(p);
	struct post_line *line;

	HASH_FIND(hh, e->post_lines, &key, sizeof(key), line);
	ASSERT(line && line->n > 0);
	e->posts_of[p->channel.platform]--;
	if (--line->n)
		return;
	HASH_DELETE(hh, e->post_lines, line);
	free(line);
}

/* --- claiming --- */

static void take(const struct post_claim *c, const struct message_row *row)
{
	struct engine *e = c->engine;
	struct posting *p;

	/* Its lease ran out while it is under way here: it is ours anew. */
	HASH_FIND(hh, e->posts, &row->id, sizeof(row->id), p);
	if (p) {
		p->claim = c->ask.claim;
		return;
	}
	posting_begin(e, row, &(struct post_start){ c->ask.claim, c->began });
}

static void claimed(struct db_unit *u, void *ctx)
{
	struct post_claim *c = ctx;
	struct engine *e = c->engine;
	struct message_row *rows = NULL;
	size_t n = 0;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "post.claimed");
	e->post_claiming = false;
	if (u->outcome == DB_OK)
		n = store_messages_claimed(u, 0, &rows);
	else if (u->outcome == DB_ERROR)
		log_event(LOG_ERROR, "messages.not_claimed", LOG_STR("sqlstate", u->sqlstate),
			  LOG_STR("message", u->message));
	for (size_t i = 0; i < n; i++)
		take(c, &rows[i]);
	e->post_more = n > 0 || c->ask.busy_n > 0 || c->ask.places_n < PLATFORM_COUNT;
	alarm_in(&e->post, n || e->post_again ? 0 : POST_EVERY);
	e->post_again = false;
	arena_free(c->arena);
}

static void add_places(struct post_claim *c)
{
	const struct engine *e = c->engine;
	const struct message_places **list = arena_array(c->arena, const struct message_places *,
							 PLATFORM_COUNT);
	int left = POST_MAX - e->posts_n;

	for (int p = 0; p < PLATFORM_COUNT && left > 0; p++) {
		int free_n = POST_PLATFORM_MAX - e->posts_of[p];
		struct message_places *places = arena_make(c->arena, struct message_places);

		if (free_n > POST_LINE_MAX)
			free_n = POST_LINE_MAX;
		if (free_n > left)
			free_n = left;
		if (free_n <= 0)
			continue;
		left -= free_n;
		*places = (struct message_places){ slice_of(platform_names[p]), free_n };
		list[c->ask.places_n++] = places;
	}
	c->ask.places = list;
}

static void add_busy(struct post_claim *c)
{
	const struct engine *e = c->engine;
	const struct message_busy **list = arena_array(c->arena, const struct message_busy *,
						       (size_t)e->posts_n + 1);
	struct post_line *line, *next;

	HASH_ITER(hh, e->post_lines, line, next) {
		struct message_busy *busy;

		if (line->n < POST_LINE_MAX)
			continue;
		busy = arena_make(c->arena, struct message_busy);
		*busy = (struct message_busy){ slice_of(platform_names[line->key.platform]),
					       line->key.tenant };
		list[c->ask.busy_n++] = busy;
	}
	c->ask.busy = list;
}

static void look(void *ctx)
{
	struct engine *e = ctx;
	struct arena *arena;
	struct post_claim *c;
	struct db_unit *u;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "post.look");
	if (e->post_claiming || e->draining)
		return;
	if (!node_may_start(e)) {
		alarm_in(&e->post, POST_SOON);
		return;
	}
	arena = arena_new();
	c = arena_make(arena, struct post_claim);
	*c = (struct post_claim){ .engine = e, .arena = arena, .began = clock_boot() };
	add_places(c);
	if (!c->ask.places_n) {
		arena_free(arena);
		alarm_in(&e->post, POST_EVERY); /* or when one ends */
		return;
	}
	add_busy(c);
	c->ask.now = clock_now();
	c->ask.until = c->ask.now + POST_LEASE;
	c->ask.claim = id_new(c->ask.now);
	e->post_claiming = true;
	u = db_unit_new(e->db, arena, LANE_ENGINE);
	store_message_claim(u, &c->ask);
	db_submit(u, claimed, c);
}
