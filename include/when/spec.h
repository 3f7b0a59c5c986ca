/* struct spec: the one type that every kind of schedule compiles to, and the one question asked
 * of it, "when next". Plain data; it borrows the zone (tz.h: look up again after a reload). */
#ifndef WHEN_SPEC_H
#define WHEN_SPEC_H

#include "base/arena.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "base/usec.h"
#include "when/calendar.h"
#include "when/cron.h"
#include "when/rrule.h"
#include "when/tz.h"
#include "when/when_err.h"

enum spec_kind { SPEC_CRON, SPEC_EVERY, SPEC_ONCE, SPEC_RRULE, SPEC_KINDS };

#define SPEC_NO_START INT64_MIN
#define SPEC_EVERY_MIN SEC
#define SPEC_EVERY_MAX (3653 * DAY)
#define SPEC_JITTER_MAX DAY

/* start_at and end_at are inclusive (P1) and hold for every kind, after the calendar has moved what
 * it moves. */
struct spec {
	enum spec_kind kind;
	const struct tz *tz; /* never NULL after a parse; EVERY carries it to print */
	usec_t start_at;     /* SPEC_NO_START: none */
	usec_t end_at;       /* USEC_NEVER: none */
	usec_t anchor;       /* EVERY: occurrences are anchor + k * every, k >= 0 (I1) */
	usec_t every;        /* EVERY: > 0 */
	usec_t once;         /* ONCE */
	enum dst_touch once_touch; /* ONCE, from a local time: what a clock change made of it */
	struct cron cron;    /* CRON */
	const struct rrule *rrule; /* RRULE: borrowed from the arena it was parsed in */
	struct dst_policy dst;
	/* The date of an occurrence that falls on a closed day is adjusted, its time of day never; two
	 * that meet are one. The date is the local one of the instant. The time of day is the one that
	 * was meant: 02:30, where a Sunday's clock skips it, is 02:30 on the Monday it is moved to. On
	 * its new date it is read by A1, whatever dst says. Borrowed; NULL: none. */
	const struct calendar *calendar;
	enum calendar_adjust adjust;
};

/* What a text alone does not say. */
struct spec_ask {
	struct tz_db *zones;
	struct slice timezone; /* absent: what a TZ= prefix or DTSTART;TZID= says, else UTC */
	uint64_t seed;         /* cron_seed(id), for H */
	usec_t anchor;         /* of an interval, and of a rule without DTSTART: start_at, else created_at */
	struct dst_policy dst;
	usec_t last;           /* RRULE: rrule_last() as it was kept; USEC_NEVER or 0: not known */
	struct arena *arena;   /* RRULE only; may be NULL for the other kinds */
};

/* They fill *out_spec whole, start_at, end_at and the calendar with their defaults, which the caller
 * may then set. out_fault may be NULL; it points into `text`, unless its field is "timezone", then
 * into ask->timezone, or one of rrule.h's four. "TZ" is the text's own zone, TZ= or ;TZID=.
 *
 * cron:  also @every (kind is then SPEC_EVERY) and TZ=, which must agree with ask->timezone if both
 *        are there.
 * every: a duration ("PT30M", "90m"), a whole number of seconds, or "every 30 minutes", "30 minutes",
 *        "every hour", "1 hour and 30 min" (fixed units from seconds to weeks, the largest first, any
 *        case); SPEC_EVERY_MIN to SPEC_EVERY_MAX, else WHEN_INTERVAL_RANGE.
 * once:  a stamp, or a local time in the zone: A1, or what ask->dst says (GAP_FIRE, OVERLAP_SECOND; the
 *        rest concerns what repeats). Whether it is past is the caller's question:
 *        there is no clock here.
 * rrule: rrule.h. */
enum when_err spec_parse(const struct spec_ask *ask, enum spec_kind kind, struct slice text, struct spec *out_spec,
			 struct when_fault *out_fault);
enum when_err spec_parse_cron(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			      struct when_fault *out_fault);
enum when_err spec_parse_every(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			       struct when_fault *out_fault);
enum when_err spec_parse_once(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			      struct when_fault *out_fault);
enum when_err spec_parse_rrule(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			       struct when_fault *out_fault);

/* An interval that came as a number. The fault has no place in a text: at and len are 0. */
enum when_err spec_set_every(const struct spec_ask *ask, usec_t every, struct spec *out_spec,
			     struct when_fault *out_fault);

/* Which kind a text is written in, by its form: a rule begins with FREQ=, RRULE, DTSTART, EXDATE or
 * RDATE; an instant with a date; an interval with P and a digit, "every", or is a short duration or
 * number; all else is cron. */
enum spec_kind spec_guess(struct slice text);

const char *spec_kind_name(enum spec_kind kind); /* "cron" "every" "at" "rrule" */

/* What is odd about a spec that was parsed from `text`, for people to be told before it surprises
 * them. A clock change that will touch it is looked for in the 30 years from `from`, and named with
 * its date. */
enum spec_oddity {
	ODD_STAR_STEP_DAYS, ODD_UNEVEN_STEP, ODD_SKIPS_MONTHS, /* enum cron_warning */
	ODD_DST_GAP,        /* "cron_dst_gap" of a cron, else "dst_gap" */
	ODD_DST_OVERLAP,    /* "cron_dst_overlap", "dst_overlap": not for interval expressions (D1) */
	ODD_RRULE_DTSTART, ODD_RRULE_NO_DTSTART, ODD_RRULE_SKIPS,
	ODD_HASH,           /* H: before a schedule is made its times are not known */
	ODD_CALENDAR_NEVER, /* the calendar leaves nothing */
	ODD_OVER,           /* it has been, and never comes again */
	ODD_COUNT
};
struct spec_warning {
	enum spec_oddity what;
	const char *code; /* stable: "cron_uneven_step" */
	usec_t at;        /* ODD_DST_*: the first occurrence that is touched; else USEC_NEVER */
};
unsigned spec_warnings(const struct spec *s, struct slice text, usec_t from, struct spec_warning out[ODD_COUNT]);
/* One sentence: "On 2027-03-14 the clock skips 02:30: this runs at 03:00." */
void spec_warning_print(const struct spec *s, const struct spec_warning *w, struct strbuf *out);

/* The first occurrence strictly after `after`; USEC_NEVER if there is none. hint may be NULL. cron
 * and rrule drop the sub-second part of `after` and answer whole seconds, the other kinds are exact
 * to the microsecond. Allocates nothing. */
usec_t spec_next(const struct spec *s, usec_t after, struct tz_hint *hint);

/* The same, `from` included. */
usec_t spec_first(const struct spec *s, usec_t from, struct tz_hint *hint);

/* How a clock change touched an occurrence that spec_next returned: DST_NONE for intervals. */
enum dst_touch spec_touch(const struct spec *s, usec_t at);

/* Occurrences in [from, to], but at most `most`: intervals by division, the others by `most` steps. */
unsigned spec_count(const struct spec *s, usec_t from, usec_t to, unsigned most);

/* How much later than `at` the occurrence may be run when a schedule wants its runs spread: 0 ..
 * jitter (<= SPEC_JITTER_MAX), whole milliseconds, always the same for the same seed and instant.
 * FNV-1a 64 of "seed:at" in decimal, modulo. */
usec_t spec_jitter(uint64_t seed, usec_t jitter, usec_t at);

#endif
