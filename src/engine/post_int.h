/* Between post.c and post_claim.c: a message under way. */
#ifndef POST_INT_H
#define POST_INT_H

#include "engine/engine_int.h"
#include "store/message.h"

#define POST_LEASE (2 * MIN)
/* Messages of larger outputs, and how many of them are in memory. */
#define POST_LARGE 65536
#define POST_LARGE_MAX 16

#define POSTING_MAGIC 0x905717e5U

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
	struct posting *prev, *next; /* of those that are to be built */
	UT_hash_handle hh;
};

/* post.c */
void post_build(void *ctx); /* the alarm of the engine's that sends what is loaded */
/* Takes it in hand; it ends by itself. */
struct post_start {
	struct uuid claim;
	usec_t at; /* clock_boot() */
};
void posting_begin(struct engine *e, const struct message_row *row, const struct post_start *start);

/* post_claim.c */
void post_enter(struct posting *p); /* its platform is known */
void post_leave(struct posting *p);
void post_wake_at(struct engine *e, usec_t at); /* clock_now(): one is to be tried again then */

#endif
