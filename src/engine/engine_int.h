/* Between the files of src/engine. One struct engine; each part below belongs to the file named
 * over it. */
#ifndef ENGINE_INT_H
#define ENGINE_INT_H

#include <uthash.h>

#include "base/heap.h"
#include "channel/channel.h"
#include "core/core.h"
#include "core/call.h"
#include "engine/engine.h"
#include "engine/fair_int.h"
#include "io/db.h"
#include "io/fetch.h"
#include "io/loop.h"
#include "model/run.h"

/* Claims look so far ahead: what falls due within it waits in memory for its instant. */
#define CLAIM_AHEAD (1500 * MSEC)
#define CLAIM_EVERY (500 * MSEC)
#define CLAIM_BATCH 500
/* Runs in memory, in any state; more stay in the table until there is room. */
#define HELD_MAX 24576
#define HELD_BYTES_MAX (24 << 20)
/* A larger body is read when its run is about to start. */
#define HELD_PAYLOAD_MAX 8192
/* What such bodies may take together, and how many of them one origin may hold. */
#define LARGE_BYTES_MAX (64 << 20)
#define TARGET_LARGE_MAX 8
/* What runs of jobs on their way to their agents may take in memory, and outputs that wait to be written: beyond the
 * second, new ones keep their first FETCH_BODY_MAX bytes, and from half of it on no agent is called. */
#define AGENT_BYTES_MAX (64 << 20)
/* Of it for one tenant, and for one of its agents; what is beyond goes back to the table for a while. */
#define AGENT_TENANT_MAX (24 << 20)
#define AGENT_SHARE_MAX (6 << 20)
#define OUTPUT_BYTES_MAX (64 << 20)
/* Agents' calls to the server's own language model at a time; parse-nl needs it too. */
#define LLM_AGENTS_MAX 24
/* Starts per turn of the loop, and no longer than this. */
#define FIRE_TURN_MAX 128
#define FIRE_TURN (2 * MSEC)
/* Deliveries to one origin at a time: it begins with PLACES_FIRST and gains one with each
 * answer, and loses half with each that does not come. So a target that hangs takes few, and one
 * that answers has them all at once. */
#define PLACES_FIRST 16
#define PLACES_LEAST 4
#define PLACES_MAX 64
/* A process's lease: others may take its runs over when it has not been renewed for so long. It
 * stops starting LEASE_MARGIN before that, by its own clock (RELIABILITY.md P5). */
#define LEASE_TTL (15 * SEC)
#define LEASE_MARGIN (3 * SEC)
#define BEAT_EVERY SEC
#define RENEW_BEATS 3
#define RESULT_BATCH 1000
#define RESULT_BATCH_BYTES (8 << 20) /* of outputs; at least one */
/* Operations that wait for a partition to be made. */
#define PARTITION_WAITERS_MAX 64

enum held_state {
	HELD_WAITING, /* in its tenant's heap, for its instant or for another look */
	HELD_ASKING,  /* the database is asked about an earlier run */
	HELD_PREPARING, /* what its agent is to be told is being read */
	HELD_LINED,   /* due; its target takes no more at the moment */
	HELD_LOADING, /* its body is on the way */
	HELD_FLYING,  /* delivery under way */
	HELD_DONE     /* its result waits to be written, or is being written */
};

/* Runs of one schedule that this process holds: overlap is decided among them first. */
struct group {
	struct uuid schedule;
	struct held *members;
	UT_hash_handle hh;
};

/* Where deliveries go: scheme, host and port, as the URL has them but in small letters. */
struct target {
	char *origin;
	int in_flight, places, large;
	bool calling;      /* call_in() is at work on it: not to be forgotten now */
	struct line line;  /* due runs that wait for a place */
	struct held *flying; /* oldest first */
	usec_t usual;      /* a delivery's duration, moving average */
	UT_hash_handle hh;
};

struct held {
	unsigned magic;
	enum held_state state;
	struct engine *engine;
	struct claimed c;       /* slices point into the same allocation */
	struct heap_node due;   /* in share->due */
	struct share *share;    /* its tenant's */
	struct target *target;
	struct held *line_prev, *line_next; /* in target->line, target->flying or engine->agent_line */
	struct group *group;
	struct held *group_prev, *group_next;
	usec_t waiting_since;   /* for an earlier run; 0: is not */
	struct fetch *fetch;
	bool is_large;          /* counted as such: its body was read for the delivery under way */
	bool is_shared;         /* counted in share->flying */
	struct arena *arena;    /* of the delivery under way */
	struct agent_run *agent; /* of a job's run, from its instant to its end; else NULL */
	bool waits_for_agent;   /* in engine->agent_line, and in no heap */
	usec_t started_at;
	bool dropped;           /* not ours any more: no result is written */
	bool is_in_table;       /* node.c reconcile() */
	struct done *done;      /* HELD_DONE */
	size_t bytes;
	UT_hash_handle hh;
};

/* A result on its way to the database. Its slices point into its own allocation. The kinds are in the order in which
 * they are written: ends last, as they lock sums (tally), which everybody else who ends runs locks last as well. */
enum done_kind { DONE_AGAIN, DONE_AWAIT, DONE_RELEASE, DONE_END, DONE_KINDS };
struct done {
	struct result r;
	enum done_kind kind;
	struct held *held; /* NULL: a release of what this process does not even know */
	struct done *next;
	int failures;      /* of writing it */
};
struct done_list {
	struct done *first, *last;
	size_t n;
};

struct engine {
	unsigned magic;
	struct core *core;
	struct loop *loop;
	struct db *db;
	struct fetcher *fetcher;
	bool draining, started;

	/* node.c */
	struct uuid node;
	bool registered, confirmed, beating;
	usec_t skew; /* of our wall clock, as the leases were counted with */
	usec_t lease_end; /* clock_boot() */
	int beats;
	struct alarm beat;

	/* tick.c */
	struct alarm tick;
	bool ticking;
	usec_t tick_at, tick_hint; /* clock_now(): when the alarm is for; what came during a tick */
	usec_t tick_last;     /* clock_now(): the latest look, and how many schedules it found due */
	size_t tick_checked;
	struct turns tick_turns; /* any: more is due than one tick takes */
	int tick_singly; /* so many ticks take one schedule each: one of them cannot be written */

	/* claim.c */
	struct alarm claim;
	bool claiming, claim_again;
	struct turns turns; /* any: there is a backlog */

	/* held.c */
	struct held *held;
	size_t held_n, held_bytes;
	struct group *groups;

	/* share.c */
	struct share *shares;
	struct heap wakes;
	struct share *fresh, *going;
	int fresh_turns;
	struct pace pace;

	/* fire.c, target.c */
	struct alarm fire, fire_more, trim;
	struct target *targets;
	int lined;
	int64_t large_bytes;

	/* agent.c, await.c */
	int agent_loads;     /* units under way */
	struct line agent_line; /* HELD_WAITING for one of them */
	struct alarm agent_again;
	size_t agent_bytes;  /* of all struct agent_run */
	struct agent_share *agent_shares; /* of it, by tenant and agent: those that have any */
	struct alarm await, await_due;
	bool awaiting, await_again;
	usec_t await_looked; /* clock_boot(); 0: never */
	usec_t next_await;   /* what await_due is set to */

	/* result.c */
	struct done_list results[DONE_KINDS];
	size_t results_n, writing_n, output_bytes;
	bool writing, one_by_one;
	struct alarm write_again;

	/* reap.c */
	struct alarm reap;
	bool reaping, reap_again, partitioned; /* partitioned: this week and the next have their partitions */
	struct {
		void (*again)(void *ctx);
		void *ctx;
	} waiters[PARTITION_WAITERS_MAX];
	int waiters_n;
	int looks; /* since the start */
	usec_t reap_due; /* clock_boot(); between, only the depth is measured */

	/* recompute.c */
	struct alarm recompute;
	bool recomputing, recompute_again;
	usec_t recompute_held; /* taken_at of a job that was not finished; USEC_NEVER: none */

	/* after.c */
	struct alarm after;
	bool aftering, after_again;
	usec_t after_last, after_held; /* instants of takings: the latest; of one that was not settled, or USEC_NEVER */
	int after_singly; /* so many takings are of one run each: some row cannot be written */

	/* chain.c */
	struct alarm chain;
	bool chaining, chain_again;
	usec_t chain_held; /* taken_at of news that were not worked off; USEC_NEVER: none */

	/* post.c */
	struct alarm post, post_due, post_build;
	struct posting *posts; /* messages under way */
	struct posting *post_loaded; /* those to be built, in order */
	struct post_line *post_lines;
	int posts_n, posts_large, posts_of[PLATFORM_COUNT];
	bool post_claiming, post_again, post_more; /* post_more: some may wait for a place */
	usec_t post_next; /* what post_due is for; USEC_NEVER: nothing */

	/* engine.c */
	struct alarm drain_check;
	usec_t drain_end; /* clock_boot() */
	void (*drained)(void *ctx);
	void *drained_ctx;
};

#define ENGINE_MAGIC 0xe091e000U
#define HELD_MAGIC 0x4e1d0001U

/* node.c: leases, takeover, cancellations from elsewhere */
void node_init(struct engine *e);
void node_release(struct engine *e);
void node_lane_changed(struct engine *e, bool up);
bool node_may_start(const struct engine *e); /* deliveries: lease in force, holdings confirmed, not draining */
void node_look(struct engine *e);            /* notices, now */
void node_leave(struct engine *e);           /* the last act of a drain */

/* tick.c */
void tick_init(struct engine *e);
void tick_release(struct engine *e);
void tick_wake(struct engine *e, usec_t at); /* clock_now() */
void tick_figures(const struct engine *e, struct engine_figures *out);

/* claim.c */
void claim_init(struct engine *e);
void claim_release(struct engine *e);
void claim_ready(struct engine *e, usec_t ready); /* a run is ready then */
void claim_hint(struct engine *e, struct uuid tenant, usec_t ready); /* before it: whose. No more than a hint */
void claim_room(struct engine *e);                /* there is room in memory again */

/* held.c */
struct held *held_new(struct engine *e, const struct claimed *c);
void held_free(struct held *h);
struct held *held_find(struct engine *e, struct uuid run);
void held_wait(struct held *h, usec_t at);
/* Lets go without a result: it is not ours any more. A flying delivery is aborted. */
void held_drop(struct held *h);

/* fire.c: what happens when the time has come */
void fire_init(struct engine *e);
void fire_release(struct engine *e);
void fire_soon(struct engine *e);
void fire_go(struct held *h); /* overlap is decided: on to its target */

/* overlap.c */
enum overlap_answer { OVERLAP_GO, OVERLAP_SKIPS, OVERLAP_WAITS, OVERLAP_ASKED };
enum overlap_answer overlap_ask(struct held *h);
void overlap_ended(struct held *h); /* whoever waits for it looks again */

/* target.c */
void target_enter(struct held *h);  /* start it, or line it up, or hand it back */
enum ended { ENDED_WELL, ENDED_BADLY, ENDED_UNBEGUN };
void target_leave(struct held *h, enum ended how); /* its delivery ended: the next in line */
void target_unline(struct held *h);
void target_trim(void *ctx);
void target_free_all(struct engine *e);

/* action.c: runs of plans, whose target is their action's */
/* False: it has ended, as its plan is cancelled or inactive, or the action is not there. */
bool action_goes(struct held *h, usec_t now);
/* What it sends; payload: JSON or absent. */
struct slice action_body(const struct held *h, struct slice payload, struct arena *a);

/* deliver.c */
void deliver_start(struct held *h);

/* agent.c, agent_call.c: runs of jobs, whose target is an agent */
struct call;
struct fetch_result;
void agent_init(struct engine *e);
void agent_free(struct engine *e);
void agent_begin(struct held *h);              /* on to its gates, and then to its target */
void agent_unline(struct held *h);             /* it waits for that no more; fine when it did not */
void agent_release(struct held *h);            /* h->agent is NULL then */
struct slice agent_url(const struct held *h);  /* of its next request */
struct fetcher *agent_fetcher(const struct held *h);
int agent_room(const struct held *h);           /* requests that may begin by that fetcher */
/* The request, in h->arena. True: it is not to be signed, nor are its headers ours. */
bool agent_fill(struct held *h, struct call *out);
bool agent_asks_source(const struct held *h);  /* that is the request under way */
/* What the agent's answer makes of a result that was judged as any other. */
void agent_judge(struct held *h, const struct fetch_result *f, struct arena *a, struct result *r);
/* The source answered: its end, or the request to the agent. `r` as for any delivery. */
void agent_source_landed(struct held *h, const struct fetch_result *f, struct result *r, struct arena *a);

/* await.c: runs whose agents report later */
void await_init(struct engine *e);
void await_release(struct engine *e);
void await_look(struct engine *e, usec_t at); /* patience with one ends then */

/* sign.c: with the former secret as well while it is valid (core/signing.h); the plain one with the newest alone */
struct slice sign_webhook(const struct call *call, struct slice id, int64_t timestamp, struct arena *a);
struct slice sign_body(const struct call *call, struct arena *a);

/* result.c */
void result_init(struct engine *e);
void result_release(struct engine *e);
/* Takes the run out of play and queues its result; slices are copied. */
void result_end(struct held *h, const struct result *r);
void result_give_back(struct held *h, usec_t ready);
/* Held by us only in the table. */
void result_give_back_key(struct engine *e, const struct run_key *key, usec_t ready);
void result_flush(struct engine *e);

/* recompute.c: cursors anew after a calendar or the zones have changed */
void recompute_init(struct engine *e);
void recompute_release(struct engine *e);
void recompute_soon(struct engine *e);

/* chain.c: what follows in chains */
void chain_init(struct engine *e);
void chain_release(struct engine *e);
void chain_soon(struct engine *e); /* there are news */

/* post.c: messages to channels; post_content.c: what they say */
void post_init(struct engine *e);
void post_release(struct engine *e);
void post_soon(struct engine *e); /* there are new ones */
void post_abort(struct engine *e); /* those under way go back */
struct message_row;
struct message_matter;
void post_content(const struct message_row *m, const struct message_matter *x, enum platform p, struct arena *a,
		  struct content *out);

/* after.c: what follows from ended runs of jobs */
void after_init(struct engine *e);
void after_release(struct engine *e);
void after_soon(struct engine *e); /* some have ended */

/* reap.c: partitions ahead, retention, depth */
void reap_init(struct engine *e);
void reap_release(struct engine *e);
void reap_now(struct engine *e);
/* core->on_no_partition */
bool reap_wait(void *engine, void (*again)(void *ctx), void *ctx);

#endif
