/* Messages on their way to channels, apart from the runs they tell of: a run that has ended is not
 * touched by what becomes of its message.
 *
 * A message is claimed for POST_LEASE (post_claim.c), loaded with all that it says, sent, and settled:
 * delivered, failed, or to be tried again. Who dies in between loses its lease, and the message is
 * sent again: at least once. */
#include <stdlib.h>

#include <utlist.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/send.h"
#include "core/work.h"
#include "engine/post_int.h"

/* Sent later than this would be sent beyond the lease. */
#define POST_START_MAX (POST_LEASE - SEND_TIMEOUT - 10 * SEC)
#define POST_AGAIN SEC
/* Building messages of large outputs takes milliseconds each: no more is begun in a turn of the loop after so long. */
#define POST_TURN (2 * MSEC)

/* Waits after the first, second ... failed attempt, lengthened by up to a tenth; there is one attempt
 * more than there are waits. */
static const usec_t waits[] = { 5 * SEC, 15 * SEC, MIN, 5 * MIN, 15 * MIN, HOUR, 3 * HOUR };
#define POST_ATTEMPTS (int)(sizeof(waits) / sizeof(waits[0]) + 1)

static void settle(void *ctx);

static struct posting *posting_new(struct engine *e, const struct message_row *row,
				   const struct post_start *start)
{
	struct posting *p = mem_new(sizeof(*p));

	*p = (struct posting){ .magic = POSTING_MAGIC,
			       .engine = e,
			       .arena = arena_new(),
			       .row = *row,
			       .claim = start->claim,
			       .claimed_at = start->at,
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

	post_leave(p);
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
		post_wake_at(p->engine, p->end.ready);
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

	if (end->was_none)
		put_back(p, clock_now() + (p->engine->draining ? 0 : POST_AGAIN), NULL);
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

static void try_start(struct posting *p)
{
	struct engine *e = p->engine;
	usec_t now = clock_now(), ready;

	if (!node_may_start(e) || clock_boot() - p->claimed_at > POST_START_MAX)
		put_back(p, e->draining ? now : now + POST_AGAIN, NULL);
	else if ((ready = not_quiet(p, now)) > now)
		put_back(p, ready, "quiet_hours");
	else
		start(p);
}

void post_build(void *ctx)
{
	struct engine *e = ctx;
	usec_t began = clock_boot();
	struct posting *p;

	CHECK_MAGIC(e, ENGINE_MAGIC);
	loop_enter(e->loop, "post.build");
	do {
		p = e->post_loaded;
		CHECK_MAGIC(p, POSTING_MAGIC);
		DL_DELETE(e->post_loaded, p);
		try_start(p);
	} while (e->post_loaded && clock_boot() - began < POST_TURN);
	if (e->post_loaded)
		alarm_in(&e->post_build, 0);
}

static void loaded(struct db_unit *u, void *ctx)
{
	struct posting *p = ctx;
	struct engine *e = p->engine;

	CHECK_MAGIC(p, POSTING_MAGIC);
	loop_enter(e->loop, "post.loaded");
	if (u->outcome != DB_OK) {
		put_back(p, clock_now() + (e->draining ? 0 : POST_AGAIN), NULL);
	} else if (!store_message_loaded(u, 0, &p->matter)) {
		fail(p, "run_gone", NULL);
	} else {
		DL_APPEND(e->post_loaded, p);
		alarm_in(&e->post_build, 0);
	}
}

void posting_begin(struct engine *e, const struct message_row *row, const struct post_start *how)
{
	struct posting *p = posting_new(e, row, how);
	const char *message = NULL;
	struct db_unit *u;
	bool is_fine = channel_parse(p->row.channel, &p->channel, &message);

	post_enter(p); /* one that cannot be read counts as the first platform's */
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

void post_abort(struct engine *e)
{
	struct posting *p, *next;

	HASH_ITER(hh, e->posts, p, next)
		if (p->fetch)
			fetch_abort(p->fetch);
}
