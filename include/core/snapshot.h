/* What the audit trail keeps of an object before and after a change (core/change.h): JSON in the core's own words, one
 * shape per object, the same in both directions. All of it lives in the arena.
 *
 * No secret comes out: secrets are "***", likewise the userinfo of URLs, and values of headers and of parameters of a
 * URL's query whose names mask_hides() (core/mask.h). Of a secret that changed nothing else is seen. What is longer
 * than SNAPSHOT_PART_MAX stands there as {"bytes": N, "sha256": "hex"} under its name with "_digest" behind it. */
#ifndef CORE_SNAPSHOT_H
#define CORE_SNAPSHOT_H

#include "base/json.h"
#include "channel/channel.h"
#include "core/agent.h"
#include "model/role.h"
#include "model/schedule.h"

enum {
	SNAPSHOT_PART_MAX = 4096,        /* bytes of a payload, a job's work, an agent's instructions */
	SNAPSHOT_DEFINITION_MAX = 16384, /* of options, a calendar, a chain */
	SNAPSHOT_MAX = 262144,           /* in all */
	SNAPSHOT_IDS_MAX = 524288        /* of an array's ids; 100 such entries are one answer */
};

/* Of every kind. The kind is the first member. */
struct slice snapshot_schedule(const struct schedule *s, struct arena *a);
/* Of a change that the server made by itself: {"kind", "state"}. */
struct slice snapshot_state(enum kind kind, int schedule_state, struct arena *a);
/* Back, but for what was left out: secrets are "***", a long payload is absent (payload_omitted), ids and cursors are
 * nil and USEC_NEVER. *out_is_partial: it is one of snapshot_state(). False: it is not ours. */
bool snapshot_schedule_read(struct slice text, struct arena *a, struct schedule *out, bool *out_is_partial);

/* The kind is the first member. One that is made now: `r` as it will be read. */
struct slice snapshot_run(enum kind kind, const struct run *r, struct arena *a);
struct slice snapshot_run_new(const struct run_new *r, struct arena *a);
/* Of many that are made at once, all of one kind: {"kind", "count", "runs": [{"id", "scheduled_for", "url",
 * "unique_key"} ...]}; of each the id alone when that is longer than SNAPSHOT_MAX. */
struct slice snapshot_runs_new(const struct run_new *rows, size_t n, struct arena *a);

/* Of a snapshot whose first member is its kind; else 0. */
enum kind snapshot_kind(struct slice text);

struct slice snapshot_agent(const struct agent *v, struct arena *a);
/* The definition as it is stored (core/calendar.h). */
struct slice snapshot_calendar(struct slice definition, struct arena *a);
/* NULL: they were sealed and cannot be opened. */
struct slice snapshot_channel(const struct credentials *c, struct arena *a);
struct slice snapshot_chain(struct slice name, struct slice definition, struct arena *a);
/* `runs`: of struct slice, ids as text. */
struct slice snapshot_chain_run(struct uuid chain, const char *trigger, struct json_list runs, struct arena *a);
struct slice snapshot_action(struct slice url, struct slice options, struct arena *a);

struct snapshot_key {
	struct slice name, prefix;
	enum role role;
	struct slice actions; /* as struct who has them: each ended by a comma; absent: all */
	usec_t expires_at, revoked_at; /* USEC_NEVER: not */
};
struct slice snapshot_key(const struct snapshot_key *k, struct arena *a);
/* Negative: as the settings say. */
struct slice snapshot_limits(const struct limits *l, struct arena *a);

#endif
