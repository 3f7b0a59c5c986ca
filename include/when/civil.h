/* The proleptic Gregorian calendar: days since 1970-01-01 to and from year, month, day. Exact for
 * the years -9999 to 9999 and beyond; no time of day, no zones. */
#ifndef WHEN_CIVIL_H
#define WHEN_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
	int year;
	unsigned month; /* 1-12 */
	unsigned day;   /* 1-31 */
};

#define CIVIL_DAY_SECONDS 86400

/* The day must exist (civil_is_valid), except that day may be 0 or beyond the month's end: the
 * result is then counted on from the 1st. */
int32_t civil_to_days(struct civil c);
struct civil civil_from_days(int32_t days); /* any day within 5 million years */

unsigned civil_weekday(int32_t days); /* 0 = Sunday ... 6 = Saturday */
bool civil_is_leap(int year);
unsigned civil_month_days(int year, unsigned month); /* 28-31 */
bool civil_is_valid(struct civil c);                 /* month 1-12 and the day inside its month */

#endif
