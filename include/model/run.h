/* A run: one instant of a schedule, or one one-off, and what came of it. Numbers here are the
 * database's. */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/slice.h"
#include "base/usec.h"

/* Whose vocabulary an object has; the core only keeps kinds apart. */
enum kind { KIND_SCHEDULE = 1, KIND_JOB = 2, KIND_PLAN = 3 };

enum trigger {
	TRIGGER_ONCE = 0,
	TRIGGER_SCHEDULE = 1,
	TRIGGER_MANUAL = 2,
	TRIGGER_CHAIN = 3,
	TRIGGER_CATCHUP = 4,
	TRIGGER_BACKFILL = 5
};

/* Live runs are PENDING, EXECUTING (claimed by a process) or AWAITED (their agent said it will report;
 * nobody holds them); the others have ended and never change. */
enum run_state {
	RUN_PENDING = 1,
	RUN_EXECUTING = 2,
	RUN_COMPLETED = 3,
	RUN_FAILED = 4,
	RUN_CANCELLED = 5,
	RUN_EXPIRED = 6,
	RUN_SKIPPED = 7,
	RUN_AWAITED = 8
};

/* What a reader sees: a run claimed ahead of its time is not shown as under way. */
enum run_view {
	VIEW_QUEUED,
	VIEW_PROCESSING,
	VIEW_RETRYING,
	VIEW_COMPLETED,
	VIEW_FAILED,
	VIEW_CANCELLED,
	VIEW_EXPIRED,
	VIEW_SKIPPED,
	VIEW_SCHEDULED, /* filters only: queued and not due */
	VIEW_COUNT
};

enum outcome { OUTCOME_NONE = 0, OUTCOME_SUCCESS = 1, OUTCOME_FAILURE = 2, OUTCOME_LOST = 3, OUTCOME_CANCELLED = 4 };

/* Who holds what: the key of every write by a run's holder. */
struct run_key {
	struct uuid tenant;
	struct uuid id;
	struct uuid claim; /* attempt_id */
	int16_t bucket;
};

/* A one-off to be stored. */
struct run_new {
	int16_t bucket, kind;
	struct uuid tenant, id;
	usec_t due, ready; /* shown; not before */
	usec_t expires;    /* USEC_NEVER: does not */
	usec_t created;
	struct slice unique_key, url, options, payload;
};

/* A run as it is read, live or ended. Slices live in the arena of the unit that read it. */
struct run {
	struct uuid id, schedule;
	enum trigger trigger;
	enum run_state state;
	struct slice reason;
	usec_t scheduled_for, ready_at, expires_at, created_at, started_at, finished_at;
	int32_t attempt, excused;
	struct slice unique_key, url, options, payload;
	bool payload_omitted; /* a page left a large payload out */
};

struct attempt {
	int32_t number;
	int64_t token;
	usec_t started_at, finished_at;
	enum outcome outcome;
	int http_status;
	struct slice error, detail, address, response_headers, response_body;
	int32_t dns_us, connect_us, tls_us, first_byte_us, total_us;
};

/* A run as its holder got it. */
struct claimed {
	struct run_key key;
	int16_t kind;
	struct uuid schedule;
	enum trigger trigger;
	usec_t scheduled_for, ready_at, expires_at;
	int overlap;
	int32_t attempt, excused;
	int64_t token;
	int64_t jitter_us; /* it was to be ready so much later than scheduled_for */
	bool behind; /* an earlier run of its schedule is live */
	struct slice url, options, payload;
	int32_t payload_bytes; /* payload.p is NULL and this > 0: too large to wait in memory */
	/* Of a plan; absent elsewhere. url and options are its action's; when there is no such one, url is still the
	 * plan's own. */
	struct slice action, tenant_name, organization;
	int16_t plan_state; /* enum schedule_state, when it was claimed; 0: of no plan */
};

/* What came of an attempt, on its way to the database. `end` is the state the run ends in, or
 * RUN_PENDING when it is to be tried again at `ready_at`, or RUN_AWAITED when a report is to come: patience
 * then ends at `ready_at`. Slices are owned by whoever queued it. */
struct result {
	struct run_key key;
	int16_t end;
	int16_t outcome;
	struct slice reason;
	usec_t ready_at, started_at, finished_at;
	int16_t http_status;
	struct slice error, detail, address, headers, body;
	int32_t dns_us, connect_us, tls_us, first_byte_us, total_us;
	struct slice output;   /* of a completed one, and of a failed one that brought something; absent: none */
	bool output_is_json;
	int32_t output_bytes;  /* in all; more than output.n: it was cut */
	usec_t await_until;    /* RUN_AWAITED: in all; ready_at is the earlier of this and the heartbeat's */
	int64_t heartbeat_us;
};

/* Which runs a list shows. */
struct run_filter {
	bool due, ahead, executing, retrying; /* live ones */
	int16_t ended;                        /* a state; 0 all, -1 none */
};

struct run_counts {
	int64_t due, ahead, executing, retrying;
	int64_t completed, failed, cancelled, expired, skipped, executed;
	usec_t last_at;
};

#endif
