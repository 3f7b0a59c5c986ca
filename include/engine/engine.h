/* What moves by itself: materialises schedules, claims runs ahead of their time, fires each at
 * its instant, writes results in batches, takes over from dead processes, keeps house. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>

#include "base/id.h"
#include "base/usec.h"

struct core;
struct engine;
struct fetcher;

struct engine *engine_new(struct core *core, struct fetcher *fetcher);
/* Starts as soon as the database is there; sets core->on_run and the like. */
void engine_start(struct engine *e);
/* No new claims or deliveries; what waits is handed back, what is under way may finish until the
 * deadline. done(ctx) once everything is written or the deadline has passed. */
void engine_drain(struct engine *e, usec_t patience, void (*done)(void *ctx), void *ctx);
void engine_free(struct engine *e);

/* For /readyz: has this process its lease, and is it confirmed? */
bool engine_is_ready(const struct engine *e);
struct uuid engine_node(const struct engine *e);

#endif
