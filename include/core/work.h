/* What a run of a job does beyond one call: which agent it calls and for what, whether it runs at all,
 * and where its result goes. It is kept with the schedule's template in the place of a payload, as
 * JSON; the template's url is then "agent:NAME" (WORK_SCHEME). Retry, timeout and headers stay where they
 * are for every call (core/call.h). */
#ifndef CORE_WORK_H
#define CORE_WORK_H

#include <stdbool.h>

#include "base/json.h"
#include "channel/channel.h"
#include "core/call.h"
#include "expr/expr.h"

#define WORK_SCHEME "agent:"
#define WORK_GOAL_MAX 65536
#define WORK_CONTEXT_MAX 65536
#define WORK_FAILURES_DEFAULT 5
#define WORK_COMPLETION_DEFAULT HOUR /* of an agent that answered 202 */
#define WORK_COMPLETION_MAX (30 * DAY)
#define WORK_OUTPUT_MAX (1 << 20)    /* kept of an output */
/* What is deeper stays a text: so nothing that an output is put into passes JSON_DEPTH_MAX. */
#define WORK_OUTPUT_DEPTH_MAX (JSON_DEPTH_MAX - 8)
#define WORK_OUTPUT_SHOWN 16384      /* shown in a list, and in a run unless all is asked for */

/* When a message is left for later: between start and end of the day in `zone` (end may be the next
 * day), on these weekdays (bit 0 = Sunday, of the day it begins on). */
struct quiet_hours {
	int start, end; /* minutes of the day, end up to 1,440; equal: never */
	unsigned days;  /* 0: all */
	struct slice zone; /* absent: the schedule's */
};

enum deliver_on { DELIVER_COMPLETED, DELIVER_FAILED, DELIVER_ALWAYS };

struct work {
	struct slice agent;    /* the agent's name */
	struct slice goal;     /* text; absent: none */
	struct slice context;  /* raw JSON object the agent gets with it; absent: none */
	struct slice only_if;  /* expression; absent: none. Over WORK_GATE_NAMES */
	struct slice source;   /* URL whose JSON the condition is asked of, before the run; absent: of the output */
	struct slice condition; /* expression; absent: none */
	struct slice channel;  /* absent: no delivery */
	int format;            /* enum channel_format */
	int deliver_on;        /* enum deliver_on */
	bool has_quiet;
	struct quiet_hours quiet;
	int64_t max_failures;  /* consecutive, until the schedule is given up; 0: never */
	usec_t completion;     /* patience with an agent that reports later, in all */
	usec_t heartbeat;      /* 0: none is asked for */
};

/* The text that is stored, and back. False: not ours (a damaged row). */
struct slice work_print(const struct work *w, struct arena *a);
bool work_parse(struct slice url, struct slice payload, struct arena *a, struct work *out);
bool work_is(struct slice url); /* an agent's, not a target's */
bool work_output_is_json(struct slice output); /* else it is kept as a text */

/* What only_if may speak of: run {id, trigger, scheduled_for, attempt, manual}, job {id, name, agent_id,
 * run_count}, last {status, output, error, failures, finished_at} (null members before the first run), context (the
 * job's own, chain {id, run_id} and parents {JOB: {status, output, run_id}}), now {iso, date, time, year, month, day,
 * hour, minute, weekday ("monday"), weekday_number (1 = Monday)} in the schedule's zone. */
extern const struct expr_env work_gate_env;
/* What a condition may: with source the JSON fetched there (its members by name, all of it as `source`);
 * without, the output's members, all of it as `output` (a text output is a string there). */
extern const struct expr_env work_source_env, work_output_env;

/* The next instant at which a message may go: `at` itself when it is not in quiet hours, else their
 * end (TIME.md L: a local end that does not exist is the end of the gap). */
struct tz_db;
usec_t work_not_quiet(const struct work *w, struct slice schedule_zone, struct tz_db *zones, usec_t at);

#endif
