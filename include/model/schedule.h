/* A schedule: when (a spec), what (a template: url, options, payload), and the rules for what is
 * missed or overlaps. Numbers here are the database's. */
#ifndef MODEL_SCHEDULE_H
#define MODEL_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/slice.h"
#include "base/usec.h"
#include "model/run.h"

enum schedule_state {
	SCHEDULE_ACTIVE = 1,
	SCHEDULE_PAUSED = 2,
	SCHEDULE_DELETED = 3,
	SCHEDULE_COMPLETED = 4,
	SCHEDULE_FAILED = 5,
	SCHEDULE_CANCELLED = 6
};

/* What happens to an occurrence while the one before is under way or waits for a retry. */
enum overlap { OVERLAP_SKIP = 1, OVERLAP_ALLOW = 2, OVERLAP_QUEUE_ONE = 3 };

/* Which missed occurrences are made up for after downtime. */
enum catchup { CATCHUP_ALL = 1, CATCHUP_LATEST = 2, CATCHUP_NONE = 3 };

struct schedule {
	int16_t bucket, kind, state;
	struct uuid id, tenant;
	struct slice name, details;
	int16_t spec_kind;
	struct slice spec, zone;
	usec_t start_at, end_at; /* inclusive; USEC_NEVER: open */
	usec_t anchor_at;
	int16_t dst_gap, dst_overlap, overlap, catchup;
	struct slice calendar;   /* its name; absent: none */
	int16_t adjust;          /* enum calendar_adjust */
	int64_t jitter_us;
	struct slice agent;      /* whom its runs call, of jobs; absent: a target */
	usec_t count_end;        /* a rule's COUNT-th occurrence (rrule_last()); USEC_NEVER: no COUNT */
	int64_t lookahead_us, expires_us;
	struct uuid template_id;
	struct slice url, options, payload;
	int64_t rev;
	usec_t next_at, wake_at, paused_at; /* USEC_NEVER: none */
	usec_t created_at, updated_at;
	int64_t quota;       /* schedules that its tenant may have, of one that is to be stored; 0: no limit */
	/* read only */
	struct slice calendar_def; /* the calendar's definition, as stored, where it is read with it */
	int64_t executed, skipped;
	usec_t last_at;  /* scheduled_for of the latest executed run */
	bool payload_omitted; /* a page left a large payload out */
	int32_t failures;   /* of a job: in a row */
	int16_t last_state; /* of a job: how its latest run ended (enum run_state); 0: none has */
	usec_t upcoming; /* of the nearest run already made and not yet due */
};

/* Occurrences that got no run. */
struct skip_range {
	usec_t from_at, to_at, created_at;
	int32_t count;
	struct slice reason;
};

#endif
