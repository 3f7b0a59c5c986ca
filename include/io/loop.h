/* The one event loop: libevent with precise timers, signals, deferred calls, alarms on the
 * schedule clock, and a meter that logs whatever holds the loop up for more than LOOP_STALL. */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdbool.h>

#include "base/usec.h"

struct event_base;
struct loop;

#define LOOP_STALL (5 * MSEC)

struct loop *loop_new(void);
void loop_free(struct loop *l);
struct event_base *loop_base(struct loop *l);
void loop_run(struct loop *l);  /* until loop_stop() */
void loop_stop(struct loop *l); /* from any callback */

/* Runs fn(ctx) after the present callback has returned, before the loop waits again, in order.
 * This is how a completion keeps the promise "never before the call has returned". */
void loop_defer(struct loop *l, void (*fn)(void *ctx), void *ctx);

/* An alarm: one call at an instant of clock_now(), or after a span of clock_boot(). Embed it,
 * init it once, set it as often as wanted (a new time replaces the old); it is idle after it
 * rang. When the test clock moves, instants are looked at again at once. Precise to some tens of
 * microseconds. */
struct alarm {
	unsigned magic;
	struct loop *loop;
	struct event *event;
	void (*fn)(void *ctx);
	void *ctx;
	usec_t at;                 /* instant of clock_now() when by_clock, else USEC_NEVER */
	bool by_clock;
	struct alarm *prev, *next; /* the loop's list of alarms */
};

void alarm_init(struct alarm *a, struct loop *l, void (*fn)(void *ctx), void *ctx);
/* It rings before whatever else is there to be done, also in the middle of a busy turn: between two
 * callbacks. For what is short and must be on time. */
void alarm_first(struct alarm *a);
void alarm_at(struct alarm *a, usec_t instant);
void alarm_in(struct alarm *a, usec_t span);
void alarm_stop(struct alarm *a);
bool alarm_is_set(const struct alarm *a);
void alarm_release(struct alarm *a);

/* The test clock was moved: every alarm set with alarm_at() is looked at again. */
void loop_clock_moved(struct loop *l);

/* fn(ctx, signo) on the loop for SIGTERM, SIGINT, SIGHUP, SIGCHLD. One handler per signal. */
void loop_on_signal(struct loop *l, int signo, void (*fn)(void *ctx, int signo), void *ctx);

/* Marks the beginning of a piece of work for the stall meter; named callbacks call it first.
 * Cheap. */
void loop_enter(struct loop *l, const char *what);

#endif
