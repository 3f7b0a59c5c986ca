/* What every operation can reach: the database, the zones, the group-commit batchers, the rules
 * in force, and the two words it may say upward (set by app/wire.c, so that core knows no
 * engine). */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include "base/id.h"
#include "base/usec.h"
#include "core/secret.h"
#include "io/db.h"
#include "model/role.h"

struct loop;
struct batcher;
struct tz_db;
struct fetcher;
struct auth_cache;
struct idem_table;
struct bucket_table;
struct activity;
struct key_use;
struct engine_figures;
struct zone_watch;

struct core {
	struct loop *loop;
	struct db *db;
	struct tz_db *zones;       /* the newest; core/zones.c puts another in its place when the files change */
	const char *zones_dir;     /* what it was made of; NULL: the system's */
	struct zone_watch *zone_watch;
	struct batcher *runs, *schedules;
	struct auth_cache *auth;
	struct idem_table *idems;  /* requests under way that may be repeated */
	struct bucket_table *requests, *failures; /* core/limit.h, core/auth_failures.h */
	struct activity *activity; /* core/activity.h */
	struct key_use *key_use;   /* core/key_use.h */
	/* The language model for words that the grammar does not take; llm_url NULL: there is none.
	 * `llm` sends to private addresses too: it is the operator's own choice. */
	struct fetcher *llm;
	const char *llm_url, *llm_model, *llm_key;
	const char *public_url; /* where agents reach this server: scheme, host and port, no slash at the end */
	unsigned char callback_key[32]; /* signs the addresses that agents report to; the same in every process */
	bool has_callback_key;  /* it has been read */
	const char *default_agent_url; /* CARILLON_DEFAULT_AGENT_URL: of agents that nobody registered; NULL: none */
	/* Messages to channels. `targets` calls addresses that users chose; `mailer` the operator's own mail
	 * server, which may be a private address. smtp_url NULL: there is none. No key: no credentials are kept. */
	struct fetcher *targets, *mailer;
	const char *smtp_url, *smtp_from;
	struct secret_key secret_key;
	usec_t lookahead;      /* CARILLON_LOOKAHEAD, for schedules whose vocabulary creates runs ahead */
	usec_t catchup_window; /* CARILLON_CATCHUP_WINDOW */
	int retention_days, audit_days;
	struct limits limits;  /* of tenants for whom nobody set others */
	int32_t auth_failures_max; /* CARILLON_AUTH_FAILURES; 0: no limit */
	bool allow_private;
	bool draining;
	usec_t last_created; /* core_created() */
	/* Hints to the engine of this process; both may be NULL. A run is ready at this instant: */
	void (*on_run)(void *ctx, struct uuid tenant, usec_t ready);
	/* a schedule wakes at this instant: */
	void (*on_wake)(void *ctx, usec_t wake);
	/* this claim was cancelled: let go of it; true: it was yours */
	bool (*on_cancel)(void *ctx, struct uuid owner, struct uuid run, struct uuid claim);
	/* history has no partition for now: make it, then call again(ctx). False: not now. */
	bool (*on_no_partition)(void *engine, void (*again)(void *ctx), void *ctx);
	/* there may be a job for engine/recompute.c */
	void (*on_recompute)(void *ctx);
	/* a run of a job has ended (a row of aftermath) */
	void (*on_after)(void *ctx);
	/* how the engine is doing (core/stats_ask.h) */
	void (*on_figures)(const void *engine, struct engine_figures *out);
	void *engine;
};

/* Fills in batchers and caches and watches the zones; loop, db, zones and the settings are the
 * caller's. */
void core_init(struct core *c);
void core_release(struct core *c);

/* When a row is created: now, but a microsecond later than the last one at least, so that rows of
 * one process never tie and lists have one order. */
usec_t core_created(struct core *c, usec_t now);
/* Likewise the instant of a run that no schedule made: never on a whole millisecond, where a schedule's own
 * occurrence may be (an instant has one run). */
usec_t core_slot(struct core *c, usec_t now);

#endif
