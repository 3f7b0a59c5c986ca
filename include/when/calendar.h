/* Business calendars: which dates are open. Compiled to one bit a day from 1970 to 2199, so every
 * question is a few machine words, whatever the calendar is made of.
 *
 * A holiday is a rule that gives at most one date a year, or one date. Observed: a holiday that
 * falls on the weekend is moved (the day itself is closed anyway):
 *	NEAREST   Saturday to the Friday before, Sunday to the Monday after (US federal); where other days
 *	          are the weekend, to the nearest that is not, holiday or not
 *	NEXT      to the next day that is neither weekend nor holiday (UK bank holidays)
 * A moved holiday is moved across a year's end too. */
#ifndef WHEN_CALENDAR_H
#define WHEN_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "when/civil.h"

enum {
	CALENDAR_HOLIDAYS_MAX = 1000,
	CALENDAR_YEAR_MIN = 1970,
	CALENDAR_YEAR_MAX = 2199,
	CALENDAR_DAYS = 84006, /* 1970-01-01 .. 2199-12-31 */
	CALENDAR_EASTER_MAX = 100,  /* days from Easter Sunday, either way */
	CALENDAR_CLOSED_MAX = 366   /* days in a row that may be closed */
};

enum holiday_kind {
	HOLIDAY_FIXED,  /* month, day of every year; 29 February in leap years only */
	HOLIDAY_DATE,   /* year, month, day */
	HOLIDAY_NTH,    /* the nth weekday of a month: 1..5, -1 the last (.. -5) */
	HOLIDAY_EASTER  /* days from (Gregorian) Easter Sunday: -2 is Good Friday */
};
enum holiday_observed { OBSERVED_NONE, OBSERVED_NEAREST, OBSERVED_NEXT };

struct holiday {
	enum holiday_kind kind;
	int year, month, day;
	int weekday, nth; /* 0 = Sunday */
	int easter;
	enum holiday_observed observed;
	int since, until; /* years, inclusive; 0: open */
};

struct calendar {
	uint64_t open[(CALENDAR_DAYS + 63) / 64]; /* bit i: day i since 1970-01-01 */
};

/* What is wrong with the definition: NULL, or a sentence; out_index is the holiday concerned, -1:
 * the weekend, or the calendar as a whole (no open day within CALENDAR_CLOSED_MAX days anywhere).
 * weekend: bits 0-6, Sunday first; not all seven. */
const char *calendar_build(unsigned weekend, const struct holiday *holidays, unsigned n, struct calendar *out,
			   int *out_index);

/* Days outside 1970 .. 2199 are open. */
bool calendar_is_open(const struct calendar *c, int32_t day);
int32_t calendar_next_open(const struct calendar *c, int32_t day);     /* >= day */
int32_t calendar_previous_open(const struct calendar *c, int32_t day); /* <= day */

/* Where an occurrence on this date goes. An open day stays. SKIP: CALENDAR_NO_DAY, it does not happen. NEAREST:
 * the nearer open day, the earlier one if both are as near. */
enum calendar_adjust { ADJUST_NONE, ADJUST_SKIP, ADJUST_NEXT, ADJUST_PREVIOUS, ADJUST_NEAREST };
#define CALENDAR_NO_DAY INT32_MIN
int32_t calendar_adjust(const struct calendar *c, enum calendar_adjust how, int32_t day);

struct civil calendar_easter(int year); /* Easter Sunday, Gregorian; years 1583 .. 9999 */

#endif
