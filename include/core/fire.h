/* From a schedule and the present moment to what must happen now: which occurrences become runs,
 * which are skipped and why, where the cursor goes and when to look again. Pure: the tick reads
 * rows, asks this, writes the answer; creating and changing a schedule ask it too. */
#ifndef CORE_FIRE_H
#define CORE_FIRE_H

#include "model/schedule.h"
#include "store/schedule.h"
#include "when/spec.h"

/* Runs kept ahead of now for a dense schedule; it is filled up again when half of them have
 * passed. */
#define FIRE_AHEAD_MAX 64
/* Occurrences one schedule may turn into runs in one tick; a backlog takes several ticks. */
#define FIRE_BATCH_MAX 256
/* Skipped occurrences are counted up to here. */
#define SKIP_COUNT_MAX 10000
/* An occurrence whose run would be ready longer ago than this when it is made counts as missed
 * (catch-up). */
#define FIRE_LATE (2 * SEC)

struct fire_rules {
	usec_t catchup_window; /* 0: nothing is made up for */
};

struct fire_plan {
	usec_t next, wake;             /* the new cursor; USEC_NEVER: none */
	struct {
		usec_t at;
		usec_t ready; /* not to be started before: `at` and the schedule's jitter */
		bool caught_up;
	} runs[FIRE_BATCH_MAX];
	size_t n;
	/* at most one range, before all runs; count 0: none */
	usec_t skip_from, skip_to;
	int32_t skip_count;
	const char *skip_reason;       /* catchup_exceeded, catchup_latest, catchup_none */
};

/* What H in its cron text and its jitter are made from. */
uint64_t fire_seed(const struct schedule *s);

/* s->next_at is the cursor. Fills out whole. */
void fire_plan(const struct schedule *s, const struct spec *spec, const struct fire_rules *rules, usec_t now,
	       struct fire_plan *out);

/* Cursor and wake of a schedule that has just been created or changed: the first occurrence
 * strictly after `after` (TIME.md P1). */
void fire_start(struct schedule *s, const struct spec *spec, usec_t after);

#endif
