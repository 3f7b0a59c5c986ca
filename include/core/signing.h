/* The secret that deliveries are signed with (Standard Webhooks 1.0), wherever there is one: targets, agents, actions.
 * A changed one leaves the former valid for SECRET_OVERLAP: until then webhook-signature has one signature of each,
 * newest first, so that a receiver can change his side at any moment between. (The plain signature over the body is
 * one text: the newest secret's.) There is one former secret at most; without a secret there is none. A former one
 * whose time is over is not used, and goes with the next write. */
#ifndef CORE_SIGNING_H
#define CORE_SIGNING_H

#include "base/arena.h"
#include "base/json.h"
#include "base/slice.h"
#include "base/usec.h"

#define SECRET_OVERLAP DAY

struct former {
	struct slice secret; /* absent: there is none */
	usec_t until;        /* not used from then on; 0 without one */
};

/* What is the former one when `secret` takes the place of `was`, which had `before` it. Unchanged: as it was, while it
 * is valid. */
struct former signing_former(struct slice secret, struct slice was, const struct former *before, usec_t now);
/* Is it used at this time? */
bool signing_uses(const struct former *f, usec_t now);

/* How former.until is stored, with FIELD_OPTIONAL: a number, or nothing. */
extern const struct field_type signing_until;

/* A new one: "whsec_" and the base64 of 32 random bytes. */
struct slice signing_secret_new(struct arena *a);

/* The answer to a rotation. */
struct secret_made {
	struct slice secret;
	usec_t previous_until; /* USEC_NEVER: there was none */
};

#endif
