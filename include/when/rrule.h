/* Recurrence rules: RFC 5545 3.3.10 and 3.8.5 with the verified erratum 4271 (TIME.md R1, R2).
 *
 * R1  FREQ DAILY, WEEKLY, MONTHLY, YEARLY: expanded on the wall clock that DTSTART names, then read
 *     in the zone by A1: 02:30 skipped by the clock is 03:30, a time that happens twice is its
 *     first pass. Dates that do not exist (30 February) are left out and not counted; times in a
 *     gap are shifted and counted.
 * R2  HOURLY, MINUTELY, SECONDLY: periods of elapsed time, counted from the one DTSTART lies in (its
 *     hour, minute or second on the wall clock); BYxxx parts coarser than FREQ filter, finer ones
 *     expand, both by the local fields of the instant. Without a finer part the occurrences are
 *     whole steps of elapsed time from DTSTART itself.
 *
 * COUNT counts what the rule gives, EXDATEs too, RDATEs not. DTSTART is an occurrence only if it
 * matches the rule (else RRULE_WARN_DTSTART). BYWEEKNO without another part for days means DTSTART's
 * weekday; a day belongs to the calendar's year whatever the year of its week (30 December may be in
 * week 1). EXDATE, RDATE and UNTIL are read by A1, whatever the policy for clock changes is. A
 * weekly BYSETPOS counts in the whole week from WKST. Occurrences are those from 1970 to 2199. */
#ifndef WHEN_RRULE_H
#define WHEN_RRULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "base/usec.h"
#include "when/cron.h"
#include "when/tz.h"
#include "when/when_err.h"

enum {
	RRULE_TEXT_MAX = 32768,   /* bytes of all lines together, else WHEN_RRULE_TOO_LONG */
	RRULE_DATES_MAX = 1000,   /* EXDATEs; RDATEs; each */
	RRULE_COUNT_MAX = 100000, /* COUNT, else WHEN_RRULE_VALUE */
	RRULE_INTERVAL_MAX = 1000000
};

struct rrule; /* compiled; immutable; in the arena that it was parsed with */

/* The pieces that a caller may have apart. Absent ones are left out. Lists are joined by commas. */
struct rrule_text {
	struct slice rule;    /* "FREQ=..."; with or without "RRULE:" in front */
	struct slice dtstart; /* a time, see below */
	struct slice exdate, rdate;
};

/* The one text form, what is stored: the lines of iCalendar, "DTSTART:...\nRRULE:...\nEXDATE:...\n
 * RDATE:...". Nothing is checked here. */
void rrule_join(const struct rrule_text *pieces, struct strbuf *out);

/* What the text alone does not say. */
struct rrule_ask {
	const struct tz *zone;
	usec_t anchor; /* DTSTART if the text has none: this instant on the wall clock, to the second */
	usec_t last;   /* what rrule_last() said of the same text, zone and zone data; USEC_NEVER: not
			* known, then a rule with COUNT is walked through once while it is parsed */
	struct dst_policy dst; /* of R1: RULE is SHIFT and FIRST */
	struct arena *arena;
};

/* The zone that a DTSTART;TZID= in the text names; absent: none. The caller looks it up. */
struct slice rrule_zone(struct slice text);

/* text: one line with the rule ("FREQ=..." or "RRULE:FREQ=..."), or lines DTSTART, RRULE, EXDATE,
 * RDATE in any order (LF or CRLF; folded lines are joined; EXDATE and RDATE any number of times).
 * Names, parts and days in any case; blanks around parts are not.
 *
 * A time is 20250309T023000 (local), the same with Z, 20250309 (a date), or RFC 3339 with or without
 * offset; ";TZID=" is checked by the caller, ";VALUE=" may be DATE or DATE-TIME and must be true.
 * A date alone (also 2025-03-09) means: DTSTART midnight; UNTIL to the end of that local day; EXDATE
 * every occurrence on that day; RDATE at DTSTART's time of day. UNTIL is inclusive.
 *
 * out_fault (may be NULL): field is "rrule", "dtstart", "exdate" or "rdate"; `at` counts from the
 * beginning of that property's value, in the rule's case behind "RRULE:". A line that is wrong
 * as a whole has field NULL, and `at` counts from the beginning of the text without its folds.
 *
 * DTSTART lies between 1900 and 2199, else WHEN_RRULE_VALUE. WHEN_RRULE_NEVER: no date matches from
 * DTSTART to 2199, although UNTIL, COUNT and EXDATE are left aside. A rule that lies in the past is
 * fine. */
enum when_err rrule_parse(const struct rrule_ask *ask, struct slice text, const struct rrule **out_rule,
			  struct when_fault *out_fault);

/* Is this one time of EXDATE or RDATE, as it is written above? out_fault (may be NULL): without a
 * field. */
bool rrule_time_ok(struct slice text, struct when_fault *out_fault);

/* The last occurrence the rule's COUNT allows; USEC_NEVER when the rule has no COUNT; an instant before
 * DTSTART when a clock change takes all of them away (DST_GAP_SKIP). Constant: the checkpoint that
 * makes COUNT cost nothing. */
usec_t rrule_last(const struct rrule *r);

/* First occurrence strictly after `after` (sub-second part dropped), whole seconds; USEC_NEVER if
 * there is none to 2199. Allocates nothing. By arithmetic: no stepping through empty periods or
 * through what COUNT has counted. hint may be NULL. */
usec_t rrule_next(const struct rrule *r, usec_t after, struct tz_hint *hint);

/* For an instant that rrule_next returned. */
enum dst_touch rrule_touch(const struct rrule *r, usec_t at);

enum rrule_warning {
	RRULE_WARN_DTSTART = 1,      /* DTSTART does not match the rule and is no occurrence */
	RRULE_WARN_NO_DTSTART = 2,   /* without one the rule begins when the schedule was made */
	RRULE_WARN_SKIPS = 4         /* some months (or years) have no such day, and are left out */
};
unsigned rrule_warnings(const struct rrule *r);

/* What the describer needs to know of a rule; BYxxx lists in ascending order. */
enum rrule_freq {
	RRULE_YEARLY, RRULE_MONTHLY, RRULE_WEEKLY, RRULE_DAILY, RRULE_HOURLY, RRULE_MINUTELY, RRULE_SECONDLY
};
struct rrule_day {
	int8_t weekday; /* 0 = Sunday */
	int8_t nth;     /* 0: every; 1..53; -1 the last */
};
struct rrule_list {
	const int16_t *v;
	unsigned n;
};
struct rrule_parts {
	enum rrule_freq freq;
	uint32_t interval; /* >= 1 */
	uint32_t count;    /* 0: none */
	usec_t until;      /* USEC_NEVER: none */
	int wkst;          /* 0 = Sunday */
	int64_t dtstart;   /* wall clock seconds */
	struct rrule_list by_second, by_minute, by_hour, by_monthday, by_yearday, by_weekno, by_month, by_setpos;
	const struct rrule_day *by_day;
	unsigned by_day_n;
	unsigned exdates, rdates; /* how many */
};
/* As written: what DTSTART filled in is not there. */
void rrule_parts(const struct rrule *r, struct rrule_parts *out);

#endif
