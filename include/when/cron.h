/* Cron expressions (TIME.md section 0): the language C1-C9 and H, the clock changes D1-D4.
 *
 * C1  5 fields = minute hour day-of-month month day-of-week; 6 = second + 5; 7 = second + 5 + year.
 * C2  items: star, n, a-b, a-b/s, star/s, a/s (from a to the end of the field), joined by commas.
 * C3  names: JAN, january, SUN, sunday, in any case.
 * C4  ranges wrap (22-2, FRI-MON), years do not.
 * C5  1 <= step <= number of values of the field.
 * C6  day of month and day of week both restricted: either matches; `+` first in day of week: both
 *     must. A field is unrestricted only if its text is exactly a star or `?`.
 * C7  day of month L L-n nW LW L-nW; day of week d#1..5 d#L dL; all may stand in lists.
 * C8  @yearly @annually @monthly @weekly @daily @midnight @hourly, @every <duration>.
 * C9  no date at all: cron_never. Years 1970-2199.
 * H   H H(a-b) H/s H(a-b)/s: a value chosen by the seed: the lowest value + FNV-1a 64 of
 *     "id:field" modulo the number of values (H/s: modulo s, then every s). field is one of second
 *     minute hour day_of_month (1-28) month day_of_week.
 * D1  fixed = no star, `?` or `/` in second, minute and hour; else interval.
 * D2  gap: fixed runs once at the first instant after it, interval not at all.
 * D3  overlap: fixed in the first pass only, interval in both.
 * D4  a gap longer than 3 h: nothing is caught up. */
#ifndef WHEN_CRON_H
#define WHEN_CRON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/usec.h"
#include "when/tz.h"
#include "when/when_err.h"

enum {
	CRON_TEXT_MAX = 256,
	CRON_YEAR_MIN = 1970,
	CRON_YEAR_MAX = 2199,
	CRON_BIG_GAP = 3 * 3600 /* seconds, D4 */
};

enum cron_flag {
	CRON_FIXED = 1,        /* D1 */
	CRON_DAY_OR = 2,       /* C6: both day fields restricted and no `+` */
	CRON_DOM_SPECIAL = 4,  /* near, last or last_near is not empty */
	CRON_DOW_SPECIAL = 8   /* nth is not empty */
};

/* Compiled. Plain bits without padding or pointers: two are the same schedule in time if memcmp
 * says so, and it may be stored (but is cheaper to parse again). An unrestricted day field has
 * all its bits set. */
struct cron {
	uint64_t sec, min;  /* bits 0-59 */
	uint64_t year[4];   /* bit 0 of year[0] is 1970; of the chosen ones those with a matching date */
	uint32_t hour;      /* bits 0-23 */
	uint32_t dom;       /* bits 1-31 */
	uint32_t near;      /* nW: bit n */
	uint32_t last;      /* L-n: bit n */
	uint32_t last_near; /* L-nW: bit n */
	uint16_t mon;       /* bits 1-12 */
	uint16_t flags;     /* enum cron_flag */
	uint8_t dow;        /* bits 0-6, Sunday first */
	uint8_t nth[7];     /* per weekday: bits 0-4 are #1-#5, bit 5 is the last */
};

_Static_assert(sizeof(struct cron) == 80, "struct cron has padding");

enum cron_warning {
	CRON_WARN_STAR_STEP_DAYS = 1, /* a stepped star beside a restricted day field: ISC cron ANDs */
	CRON_WARN_UNEVEN_STEP = 2,    /* the step does not divide the field */
	CRON_WARN_SKIPS_MONTHS = 4,   /* some chosen month has no such day, in some year */
	CRON_WARN_HASH = 8            /* H: the times hang on the seed */
};

struct cron_parsed {
	struct cron cron;      /* all zero if every is set */
	usec_t every;          /* > 0: the text was @every; 0 otherwise */
	struct slice timezone; /* of a TZ= or CRON_TZ= prefix, borrowed from the text; else absent */
	unsigned warnings;     /* enum cron_warning */
};

/* What H is to be computed from: FNV-1a 64 of the schedule's id. */
uint64_t cron_seed(struct slice id);

/* The zone that a TZ= or CRON_TZ= in front names, as cron_parse() has it; absent: none. */
struct slice cron_zone(struct slice text);

/* out_fault may be NULL. */
enum when_err cron_parse(struct slice text, uint64_t seed, struct cron_parsed *out_parsed,
			 struct when_fault *out_fault);

/* What a schedule wants at a clock change. Zero is D2 and D3, of a rule R1 (SHIFT and FIRST).
 * GAP_FIRE (03:00) and GAP_SHIFT (02:30 at 03:30) concern fixed expressions only, and gaps up to
 * 3 h. The others hold for every expression. */
enum dst_gap { DST_GAP_RULE, DST_GAP_SKIP, DST_GAP_SHIFT, DST_GAP_FIRE };
enum dst_overlap { DST_OVERLAP_RULE, DST_OVERLAP_FIRST, DST_OVERLAP_SECOND, DST_OVERLAP_BOTH };
struct dst_policy {
	enum dst_gap gap;
	enum dst_overlap overlap;
};

/* How a clock change touched an occurrence: made up for a skipped wall time, or the first or
 * second pass of a wall time that happens twice. */
enum dst_touch { DST_NONE, DST_GAP, DST_FIRST, DST_SECOND };

const char *dst_touch_name(enum dst_touch touch); /* "gap" "first" "second"; NULL for DST_NONE */

/* The first occurrence strictly after `after` (its sub-second part is dropped first: P1), a whole
 * second; USEC_NEVER if there is none up to the end of 2199 in the zone. Times before 1970 are
 * not searched. Allocates nothing. Bounded: at most 24 months are looked at from any one point; the
 * zone's stretches are skipped as far as nothing matches in them, and gaps that swallow all that
 * does are followed for one year of each of the 14 kinds only, once the zone's last rule holds. */
usec_t cron_next(const struct cron *c, const struct tz *z, struct dst_policy dst, usec_t after,
		 struct tz_hint *hint);

/* For an instant that cron_next returned with the same c, z and dst. */
enum dst_touch cron_touch(const struct cron *c, const struct tz *z, struct dst_policy dst, usec_t at);

/* The days of a month that match, bit 1-31. For calendars and tests; 0 if the month or year is
 * not chosen. */
uint32_t cron_month_days(const struct cron *c, int year, unsigned month);

#endif
