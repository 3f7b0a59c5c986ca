/* libevent, wrapped once. One event, the tail, does two jobs at the end of each turn: it runs
 * what was deferred, and it ends the measurement of the last callback. Activating an event from
 * a callback puts it behind everything that is active already, and libevent empties that queue
 * before it waits, so the tail runs after all callbacks of the turn and before the next wait.
 * That order is also what lets the database lanes collect the units of one turn. */
#include "io/loop.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <signal.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#define LOOP_MAGIC 0x6c6f6f70u
#define ALARM_MAGIC 0x616c726du
#define SIGNALS_MAX 8
#define DEFERRED_FIRST 64
/* The wall clock may be set, and a machine may sleep; a timer counts neither. So the longest nap
 * on the way to an instant is short. */
#define NAP_MAX SEC
/* Between callbacks it is looked so often whether an alarm_first() rings. */
#define LOOK_EVERY 500

struct deferred {
	void (*fn)(void *ctx);
	void *ctx;
};

struct signal_slot {
	struct loop *loop;
	struct event *event;
	int signo;
	void (*fn)(void *ctx, int signo);
	void *ctx;
};

struct loop {
	unsigned magic;
	struct event_base *base;
	struct event *tail;
	struct deferred *ring;
	size_t first, n, cap;
	struct alarm *alarms;
	struct signal_slot signals[SIGNALS_MAX];
	int signal_count;
	const char *what; /* the piece of work that is measured, NULL: none */
	usec_t since;
};

static void judge(struct loop *l, usec_t now)
{
	usec_t span = now - l->since;

	if (!l->what || span < LOOP_STALL)
		return;
	metric_time(METRIC_LOOP_STALL, span);
	log_event(LOG_WARN, "loop.stall", LOG_STR("in", l->what), LOG_INT("us", span));
}

static void begin(struct loop *l, const char *what)
{
	usec_t now = clock_boot();

	judge(l, now);
	l->what = what;
	l->since = now;
}

void loop_enter(struct loop *l, const char *what)
{
	CHECK_MAGIC(l, LOOP_MAGIC);
	if (!l->what)
		event_active(l->tail, EV_TIMEOUT, 1);
	begin(l, what);
}

/* Only what is there at the beginning: what is deferred meanwhile goes behind the callbacks that
 * became active meanwhile, so a chain of deferrals cannot starve them. It still runs before the
 * loop waits. */
static void run_tail(evutil_socket_t fd, short events, void *ctx)
{
	struct loop *l = ctx;
	size_t left;

	CHECK_MAGIC(l, LOOP_MAGIC);
	(void)fd;
	(void)events;
	begin(l, "deferred");
	for (left = l->n; left; left--) {
		struct deferred d = l->ring[l->first];

		l->first = (l->first + 1) % l->cap;
		l->n--;
		d.fn(d.ctx);
	}
	begin(l, NULL);
	if (l->n)
		event_active(l->tail, EV_TIMEOUT, 1);
}

struct loop *loop_new(void)
{
	struct loop *l = mem_new(sizeof(*l));
	struct event_config *config = event_config_new();
	const struct timeval longest = { 0, LOOK_EVERY };

	ASSERT(config);
	/* Without the cached time: a timer that is set late in a slow turn would else ring
	 * early. */
	ASSERT(event_config_set_max_dispatch_interval(config, &longest, -1, 1) == 0);
	ASSERT(event_config_set_flag(config,
				     EVENT_BASE_FLAG_PRECISE_TIMER | EVENT_BASE_FLAG_NO_CACHE_TIME)
	       == 0);
	l->magic = LOOP_MAGIC;
	l->base = event_base_new_with_config(config);
	event_config_free(config);
	if (!l->base)
		die("libevent has no way to wait on this system");
	ASSERT(event_base_priority_init(l->base, 2)
	       == 0); /* all but alarm_first() are of the second */
	l->cap = DEFERRED_FIRST;
	l->ring = mem_new(l->cap * sizeof(*l->ring));
	l->tail = event_new(l->base, -1, 0, run_tail, l);
	ASSERT(l->tail);
	/* A peer that has gone is an error of the write, not of the process. */
	ASSERT(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	return l;
}

/* Alarms that are still there stay harmless: their owners may stop and release them later. */
static void orphan_alarms(struct loop *l)
{
	struct alarm *a;

	while ((a = l->alarms)) {
		CHECK_MAGIC(a, ALARM_MAGIC);
		l->alarms = a->next;
		event_free(a->event);
		a->event = NULL;
		a->loop = NULL;
		a->prev = a->next = NULL;
		a->at = USEC_NEVER;
	}
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	CHECK_MAGIC(l, LOOP_MAGIC);
	orphan_alarms(l);
	for (int i = 0; i < l->signal_count; i++)
		event_free(l->signals[i].event);
	event_free(l->tail);
	event_base_free(l->base);
	free(l->ring);
	l->magic = 0;
	free(l);
}

struct event_base *loop_base(struct loop *l)
{
	CHECK_MAGIC(l, LOOP_MAGIC);
	return l->base;
}

void loop_run(struct loop *l)
{
	CHECK_MAGIC(l, LOOP_MAGIC);
	ASSERT(event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY) >= 0);
}

void loop_stop(struct loop *l)
{
	CHECK_MAGIC(l, LOOP_MAGIC);
	ASSERT(event_base_loopexit(l->base, NULL) == 0);
}

static void grow_ring(struct loop *l)
{
	struct deferred *ring = mem_new(2 * l->cap * sizeof(*ring));

	for (size_t i = 0; i < l->n; i++)
		ring[i] = l->ring[(l->first + i) % l->cap];
	free(l->ring);
	l->ring = ring;
	l->cap *= 2;
	l->first = 0;
}

void loop_defer(struct loop *l, void (*fn)(void *ctx), void *ctx)
{
	CHECK_MAGIC(l, LOOP_MAGIC);
	ASSERT(fn);
	if (l->n == l->cap)
		grow_ring(l);
	ASSERT(l->n < l->cap);
	l->ring[(l->first + l->n) % l->cap] = (struct deferred){ fn, ctx };
	if (l->n++ == 0)
		event_active(l->tail, EV_TIMEOUT, 1);
}

static void set_timer(struct alarm *a, usec_t span)
{
	struct timeval tv;

	if (span < 0)
		span = 0;
	tv.tv_sec = span / SEC;
	tv.tv_usec = span % SEC;
	ASSERT(event_add(a->event, &tv) == 0);
}

/* Towards a->at. A test clock does not move by itself, so there is nothing to wait for but now. */
static void set_by_clock(struct alarm *a)
{
	usec_t left = a->at - clock_now();

	if (clock_is_faked() && left > 0)
		ASSERT(event_del(a->event) == 0);
	else
		set_timer(a, left < NAP_MAX ? left : NAP_MAX);
}

static void alarm_rang(evutil_socket_t fd, short events, void *ctx)
{
	struct alarm *a = ctx;

	CHECK_MAGIC(a, ALARM_MAGIC);
	(void)fd;
	(void)events;
	loop_enter(a->loop, "alarm");
	if (a->by_clock && clock_now() < a->at) {
		set_by_clock(a);
		return;
	}
	a->by_clock = false;
	a->at = USEC_NEVER;
	a->fn(a->ctx);
}

void alarm_init(struct alarm *a, struct loop *l, void (*fn)(void *ctx), void *ctx)
{
	CHECK_MAGIC(l, LOOP_MAGIC);
	ASSERT(fn);
	*a = (struct alarm){
		.magic = ALARM_MAGIC, .loop = l, .fn = fn, .ctx = ctx, .at = USEC_NEVER
	};
	a->event = evtimer_new(l->base, alarm_rang, a);
	ASSERT(a->event);
	a->next = l->alarms;
	if (a->next)
		a->next->prev = a;
	l->alarms = a;
}

void alarm_first(struct alarm *a)
{
	CHECK_MAGIC(a, ALARM_MAGIC);
	ASSERT(event_priority_set(a->event, 0) == 0);
}

void alarm_at(struct alarm *a, usec_t instant)
{
	CHECK_MAGIC(a, ALARM_MAGIC);
	alarm_stop(a);
	if (instant == USEC_NEVER)
		return;
	ASSERT(a->loop);
	a->by_clock = true;
	a->at = instant;
	set_by_clock(a);
}

void alarm_in(struct alarm *a, usec_t span)
{
	CHECK_MAGIC(a, ALARM_MAGIC);
	ASSERT(a->loop);
	a->by_clock = false;
	a->at = USEC_NEVER;
	set_timer(a, span);
}

void alarm_stop(struct alarm *a)
{
	CHECK_MAGIC(a, ALARM_MAGIC);
	a->by_clock = false;
	a->at = USEC_NEVER;
	if (a->event)
		ASSERT(event_del(a->event) == 0);
}

bool alarm_is_set(const struct alarm *a)
{
	CHECK_MAGIC(a, ALARM_MAGIC);
	return a->by_clock || (a->event && evtimer_pending(a->event, NULL));
}

void alarm_release(struct alarm *a)
{
	if (a->magic == 0)
		return;
	CHECK_MAGIC(a, ALARM_MAGIC);
	if (a->loop) {
		event_free(a->event);
		if (a->prev)
			a->prev->next = a->next;
		else
			a->loop->alarms = a->next;
		if (a->next)
			a->next->prev = a->prev;
	}
	*a = (struct alarm){ 0 };
}

void loop_clock_moved(struct loop *l)
{
	CHECK_MAGIC(l, LOOP_MAGIC);
	for (struct alarm *a = l->alarms; a; a = a->next) {
		CHECK_MAGIC(a, ALARM_MAGIC);
		if (a->by_clock)
			set_by_clock(a);
	}
}

static void got_signal(evutil_socket_t fd, short events, void *ctx)
{
	struct signal_slot *slot = ctx;

	(void)fd;
	(void)events;
	loop_enter(slot->loop, "signal");
	slot->fn(slot->ctx, slot->signo);
}

void loop_on_signal(struct loop *l, int signo, void (*fn)(void *ctx, int signo), void *ctx)
{
	struct signal_slot *slot;

	CHECK_MAGIC(l, LOOP_MAGIC);
	ASSERT(l->signal_count < SIGNALS_MAX);
	for (int i = 0; i < l->signal_count; i++)
		ASSERT(l->signals[i].signo != signo);
	slot = &l->signals[l->signal_count++];
	*slot = (struct signal_slot){ .loop = l, .signo = signo, .fn = fn, .ctx = ctx };
	slot->event = evsignal_new(l->base, signo, got_signal, slot);
	ASSERT(slot->event);
	ASSERT(event_add(slot->event, NULL) == 0);
}
