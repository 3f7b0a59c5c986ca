/* The proleptic Gregorian calendar: days since 1970-01-01 to and from year, month, day. Exact for
 * the years -9999 to 9999 and beyond; no time of day, no zones.
 *
 * After C. Neri and L. Schneider, "Euclidean affine functions and their application to calendar
 * algorithms" (2022): years begin in March, so that the leap day is the last of its year, and every
 * division is by a constant. The epoch is moved by whole 400-year cycles to keep the numbers
 * positive. Inline, as the searches of when/ ask little else: a call costs a sixth of them. */
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

#define CIVIL_CYCLE_YEARS 400
#define CIVIL_CYCLE_DAYS 146097
#define CIVIL_CYCLES 40          /* 16 000 years before year 0 are more than enough */
#define CIVIL_0000_TO_1970 719468 /* days from 0000-03-01 */

/* The day must exist (civil_is_valid), except that day may be 0 or beyond the month's end: the
 * result is then counted on from the 1st. */
static inline int32_t civil_to_days(struct civil c)
{
	uint32_t year = (uint32_t)(c.year + CIVIL_CYCLE_YEARS * CIVIL_CYCLES);
	uint32_t month = c.month;

	if (month <= 2) {
		year--;
		month += 12;
	}
	uint32_t century = year / 100;
	uint32_t year_days = 1461 * year / 4 - century + century / 4;
	uint32_t month_days = (979 * month - 2919) / 32;

	return (int32_t)(year_days + month_days + c.day - 1)
	     - (CIVIL_0000_TO_1970 + CIVIL_CYCLE_DAYS * CIVIL_CYCLES);
}

/* Any day within 5 million years. */
static inline struct civil civil_from_days(int32_t days)
{
	uint32_t n = (uint32_t)days + (CIVIL_0000_TO_1970 + CIVIL_CYCLE_DAYS * CIVIL_CYCLES);
	uint32_t quarter = 4 * n + 3;
	uint32_t century = quarter / CIVIL_CYCLE_DAYS;
	uint32_t in_century = quarter % CIVIL_CYCLE_DAYS / 4;
	uint64_t p = (uint64_t)2939745 * (4 * in_century + 3);
	uint32_t year = 100 * century + (uint32_t)(p >> 32);
	uint32_t year_day = (uint32_t)p / 2939745 / 4;
	uint32_t m = 2141 * year_day + 197913;
	uint32_t month = m >> 16;
	uint32_t after_february = year_day >= 306;

	return (struct civil){ .year = (int)(year + after_february) - CIVIL_CYCLE_YEARS * CIVIL_CYCLES,
			       .month = after_february ? month - 12 : month,
			       .day = (m & 0xffff) / 2141 + 1 };
}

/* 0 = Sunday ... 6 = Saturday. */
static inline unsigned civil_weekday(int32_t days)
{
	/* 1970-01-01 was a Thursday; 7 * 2^28 keeps the sum positive. */
	return ((uint32_t)days + 4 + 7 * (1u << 28)) % 7;
}

static inline bool civil_is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* 28-31. */
static inline unsigned civil_month_days(int year, unsigned month)
{
	if (month == 2)
		return civil_is_leap(year) ? 29 : 28;
	return 30 | (month ^ month >> 3);
}

/* Month 1-12 and the day inside its month. */
static inline bool civil_is_valid(struct civil c)
{
	return c.month >= 1 && c.month <= 12 && c.day >= 1
	    && c.day <= civil_month_days(c.year, c.month);
}

#endif
