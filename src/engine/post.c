/* Messages on their way to channels, apart from the runs they tell of: a run that has ended is not touched by what becomes
 * of its message.
 *
 * A message is claimed for POST_LEASE, loaded with all that it says, sent, and settled: delivered, failed, or to be tried
 * again. Who dies in between loses its lease, and the message is sent again: at least once. Each platform has so many
 * places, and each tenant so many of those, so that one that hangs holds up nobody else. */
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/send.h"
#include "core/work.h"
#include "engine/engine_int.h"
#include "store/message.h"

#define POST_EVERY SEC
#define POST_LEASE (2 * MIN)
/* Sent later than this would be sent beyond the lease. */
#define POST_START_MAX (POST_LEASE - SEND_TIMEOUT - 10 * SEC)
#define POST_AGAIN SEC
#define POST_MAX 256
#define POST_PLATFORM_MAX (POST_MAX / PLATFORM_COUNT)
/* A tenant that has so many under way on a platform gets no more; a claim takes as many of one platform. */
#define POST_LINE_MAX 8
/* Messages of larger outputs, and how many of them are in memory. */
#define POST_LARGE 65536
#define POST_LARGE_MAX 16

#define POSTING_MAGIC 0x905717e5U

/* Waits after the first, second ... failed attempt, lengthened by up to a tenth; one attempt more than there are waits. */
static const usec_t waits[] = { 5 * SEC, 15 * SEC, MIN, 5 * MIN, 15 * MIN, HOUR, 3 * HOUR };
#define POST_ATTEMPTS (int)(sizeof(waits) / sizeof(waits[0]) + 1)

struct line_key {
	struct uuid tenant;
	int32_t platform;
};
struct post_line {
	struct line_key key;
	int n;
	UT_hash_handle hh;
};

struct posting {
	unsigned magic;
	struct engine *engine;
	struct arena *arena;
	struct message_row row;
	struct uuid claim;
	usec_t claimed_at; /* clock_boot() */
	struct channel channel;
	struct message_matter matter;
	struct fetch *fetch;
	struct message_end end;
	struct alarm again; /* settles once more */
	bool is_large;
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
static void settle(void *ctx);

void post_init(struct engine *e)
{
	e->post_next = USEC_NEVER;
	alarm_init(&e->post, e->loop, look, e);
	alarm_init(&e->post_due, e->loop, look_due, e);
}

/* What is still under way is forgotten; its lease is not. */
void post_release(struct engine *e)
{
	alarm_release(&e->post);
	alarm_release(&e->post_due);
}

void post_soon(struct engine *e)
{
	e->post_again = e->post_claiming;
	if (!e->post_claiming && !e->draining)
		alarm_in(&e->post, 0);
}

void post_abort(struct engine *e)
{
	struct posting *p, *next;

	HASH_ITER(hh, e->posts, p, next)
		if (p->fetch)
			fetch_abort(p->fetch);
}

static void look_due(void *ctx)
{
	struct engine *e = ctx;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	e->post_next = USEC_NEVER;
	post_soon(e);
}

static void wake_at(struct engine *e, usec_t at)
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

static void line_enter(struct posting *p)
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

static void line_leave(struct posting *p)
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

/* --- one message --- */

static struct posting *posting_new(struct engine *e, const struct message_row *row)
{
	struct posting *p = mem_new(sizeof(*p));

	*p = (struct posting){ .magic = POSTING_MAGIC,
			       .engine = e,
			       .arena = arena_new(),
			       .row = *row,
			       .is_large = row->output_bytes > POST_LARGE };
	p->row.channel = arena_slice(p->arena, row->channel);
	p->end.m = &p->row;
	alarm_init(&p->again, e->loop, settle, p);
	HASH_ADD(hh, e->posts, row.id, sizeof(p->row.id), p);
	e->posts_n++;
	e->posts_large += p->is_large;
	return p;
}

static void posting_free(struct posting *p)
{
	struct engine *e = p->engine;

	line_leave(p);
	HASH_DELETE(hh, e->posts, p);
	e->posts_n--;
	e->posts_large -= p->is_large;
	alarm_release(&p->again);
	arena_free(p->arena);
	p->magic = 0;
	free(p);
	if (e->post_more)
		post_soon(e);
}

static void note_end(const struct posting *p)
{
	bool delivered = p->end.state == MESSAGE_DELIVERED;

	if (p->end.state == MESSAGE_WAITS) {
		if (!p->end.is_uncounted)
			metric_add(METRIC_MESSAGES_RETRIED, 1);
		wake_at(p->engine, p->end.ready);
		return;
	}
	metric_add(delivered ? METRIC_MESSAGES_DELIVERED : METRIC_MESSAGES_FAILED, 1);
	log_event(delivered ? LOG_INFO : LOG_WARN,
		  delivered ? "message.delivered" : "message.failed",
		  LOG_ID("message", "msg", p->row.id), LOG_ID("run", "run", p->row.run),
		  LOG_STR("platform", platform_names[p->channel.platform]),
		  LOG_INT("attempt", p->row.attempt), LOG_SLICE("reason", p->end.reason));
}

static void settled(struct db_unit *u, void *ctx)
{
	struct posting *p = ctx;
	enum db_outcome outcome = u->outcome;

	CHECK_MAGIC(p, POSTING_MAGIC);
	loop_enter(p->engine->loop, "post.settled");
	if (outcome == DB_OK) {
		note_end(p);
		posting_free(p);
		return;
	}
	/* The words of a stranger are the one thing in it that can be odd. */
	if (outcome == DB_ERROR) {
		log_event(LOG_ERROR, "message.refused", LOG_STR("sqlstate", u->sqlstate),
			  LOG_STR("message", u->message));
		p->end.detail = (struct slice){ NULL, 0 };
	}
	alarm_in(&p->again, POST_AGAIN);
}

static void settle(void *ctx)
{
	struct posting *p = ctx;
	struct db_unit *u;

	CHECK_MAGIC(p, POSTING_MAGIC);
	p->end.claim = p->claim;
	u = db_unit_new(p->engine->db, p->arena, LANE_WRITE);
	store_message_settle(u, &p->end);
	db_submit(u, settled, p);
}

static void finish(struct posting *p, enum message_state state, struct slice reason,
		   struct slice detail)
{
	usec_t now = clock_now();

	p->end.state = (int16_t)state;
	p->end.reason = reason;
	p->end.detail = detail;
	p->end.ready = p->end.finished = now;
	settle(p);
}

static void fail(struct posting *p, const char *reason, const char *detail)
{
	finish(p, MESSAGE_FAILED, slice_of(reason), slice_of(detail));
}

/* Not sent: another look later. */
static void put_back(struct posting *p, usec_t ready, const char *reason)
{
	p->end.state = MESSAGE_WAITS;
	p->end.is_uncounted = true;
	p->end.reason = slice_of(reason);
	p->end.ready = ready;
	p->end.finished = USEC_NEVER;
	settle(p);
}

static void retry(struct posting *p, const struct post_meaning *meaning)
{
	uint32_t random;
	int attempt = p->row.attempt < 1 ? 1 : p->row.attempt;
	usec_t wait;

	if (attempt >= POST_ATTEMPTS) {
		finish(p, MESSAGE_FAILED, meaning->error, meaning->detail);
		return;
	}
	crypto_random(&random, sizeof(random));
	wait = waits[attempt - 1] + (usec_t)(random % 1000) * waits[attempt - 1] / 10000;
	if (meaning->retry_after != USEC_NEVER && meaning->retry_after > wait)
		wait = meaning->retry_after;
	p->end.state = MESSAGE_WAITS;
	p->end.reason = meaning->error;
	p->end.detail = meaning->detail;
	p->end.ready = clock_now() + wait;
	p->end.finished = USEC_NEVER;
	settle(p);
}

static void judge(struct posting *p, const struct send_end *end)
{
	const struct post_meaning *meaning = &end->meaning;

	if (end->was_aborted)
		put_back(p, clock_now(), NULL);
	else if (meaning->end == POST_DELIVERED)
		finish(p, MESSAGE_DELIVERED, (struct slice){ NULL, 0 }, (struct slice){ NULL, 0 });
	else if (meaning->end == POST_RETRY)
		retry(p, meaning);
	else
		finish(p, MESSAGE_FAILED, meaning->error, meaning->detail);
}

static void sent(void *ctx, const struct send_end *end)
{
	struct posting *p = ctx;

	CHECK_MAGIC(p, POSTING_MAGIC);
	loop_enter(p->engine->loop, "post.sent");
	p->fetch = NULL;
	if (end->meaning.end == POST_DELIVERED)
		FAILPOINT("cp15");
	judge(p, end);
}

static void start(struct posting *p)
{
	struct engine *e = p->engine;
	struct send_ask ask = { .core = e->core,
				.arena = p->arena,
				.tenant = p->row.tenant,
				.channel = p->channel,
				.sealed = p->matter.sealed };
	struct send_end end;

	post_content(&p->row, &p->matter, p->channel.platform, p->arena, &ask.content);
	ask.content.now = clock_now();
	p->fetch = send_start(&ask, sent, p, &end);
	if (!p->fetch)
		judge(p, &end);
}

/* A message written before the quiet hours may come to its turn in them. */
static usec_t not_quiet(const struct posting *p, usec_t now)
{
	struct work work;

	if (!work_parse(p->matter.url, p->matter.payload, p->arena, &work))
		return now;
	return work_not_quiet(&work, p->matter.zone, p->engine->core->zones, now);
}

static void loaded(struct db_unit *u, void *ctx)
{
	struct posting *p = ctx;
	usec_t now = clock_now(), ready;

	CHECK_MAGIC(p, POSTING_MAGIC);
	loop_enter(p->engine->loop, "post.loaded");
	if (u->outcome != DB_OK || !node_may_start(p->engine)
	    || clock_boot() - p->claimed_at > POST_START_MAX) {
		put_back(p, p->engine->draining ? now : now + POST_AGAIN, NULL);
		return;
	}
	if (!store_message_loaded(u, 0, &p->matter)) {
		fail(p, "run_gone", NULL);
		return;
	}
	ready = not_quiet(p, now);
	if (ready > now)
		put_back(p, ready, "quiet_hours");
	else
		start(p);
}

static void begin(struct posting *p)
{
	struct engine *e = p->engine;
	const char *message = NULL;
	struct db_unit *u;
	bool is_fine = channel_parse(p->row.channel, &p->channel, &message);

	line_enter(p); /* one that cannot be read counts as the first platform's */
	if (!is_fine) {
		fail(p, "bad_channel", message);
	} else if (p->is_large && e->posts_large > POST_LARGE_MAX) {
		put_back(p, clock_now() + POST_AGAIN, NULL);
	} else {
		u = db_unit_new(e->db, p->arena, LANE_READ);
		store_message_load(u, &p->row, slice_of(platform_names[p->channel.platform]));
		db_submit(u, loaded, p);
	}
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
	p = posting_new(e, row);
	p->claim = c->ask.claim;
	p->claimed_at = c->began;
	begin(p);
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
	e->post_more = n > 0;
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
		alarm_in(&e->post, POST_AGAIN / 10);
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
