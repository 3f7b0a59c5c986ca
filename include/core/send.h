/* A message on its way to a platform: credentials out of their seal, the request, and what the answer means.
 * engine/post.c and the test of a channel send through here. */
#ifndef CORE_SEND_H
#define CORE_SEND_H

#include "channel/channel.h"
#include "core/core.h"

struct fetch;

#define SEND_TIMEOUT (30 * SEC)

/* How credentials are kept: JSON by credentials_shape, sealed for this tenant and platform. */
struct slice credentials_seal(const struct core *core, struct uuid tenant, enum platform p, const struct credentials *c,
			      struct arena *a);
struct sealed {
	struct uuid tenant;
	enum platform platform;
	struct slice bytes;
};
/* NULL, or a stable word: "secret_key_missing", "secret_key_changed", "credentials_damaged". */
const char *credentials_open(const struct core *core, const struct sealed *sealed, struct arena *a,
			     struct credentials *out);

struct send_ask {
	struct core *core;
	struct arena *arena;        /* lives until done() */
	struct uuid tenant;
	struct channel channel;
	struct slice sealed;        /* absent: the tenant has no credentials for this platform */
	struct content content;
};
struct send_end {
	struct post_meaning meaning; /* never a secret in it; in the arena */
	int status;                  /* HTTP's or SMTP's; 0: no answer came */
	usec_t took;
	bool was_none;               /* fetch_abort(), or too much is under way: it counts as no attempt */
};
typedef void send_done(void *ctx, const struct send_end *end);
/* done() runs once, never before this returns. NULL: it cannot be sent like this, done() will not run, and
 * *out_end says why ("no_credentials" ...). */
struct fetch *send_start(const struct send_ask *ask, send_done *done, void *ctx, struct send_end *out_end);

#endif
