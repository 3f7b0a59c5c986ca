/* The seconds of a day that a schedule chooses: every chosen hour has all chosen minutes, each with all
 * chosen seconds. Private to src/when, and inline: the heart of cron_next.c and rrule_next.c. */
#ifndef WHEN_DAY_TIMES_H
#define WHEN_DAY_TIMES_H

#include <stdint.h>

/* None of them is empty. */
struct day_times {
	uint64_t second, minute; /* bits 0-59 */
	uint32_t hour;           /* bits 0-23 */
};

static inline int day_times_first(const struct day_times *t)
{
	return __builtin_ctz(t->hour) * 3600 + __builtin_ctzll(t->minute) * 60 + __builtin_ctzll(t->second);
}

/* The first of them from second `from` of the day on, -1 if none. */
static inline int day_times_from(const struct day_times *t, unsigned from)
{
	unsigned hour = from / 3600, minute = from / 60 % 60, second = from % 60;

	if (t->hour >> hour & 1) {
		uint64_t seconds = t->second >> second, minutes = t->minute >> minute >> 1;

		if (t->minute >> minute & 1 && seconds)
			return (int)from + __builtin_ctzll(seconds);
		if (minutes)
			return (int)(hour * 3600 + (minute + 1) * 60) + __builtin_ctzll(minutes) * 60
			     + __builtin_ctzll(t->second);
	}
	uint32_t hours = t->hour >> hour >> 1;

	if (!hours)
		return -1;
	return (int)(hour + 1) * 3600 + day_times_first(t) + (__builtin_ctz(hours) - __builtin_ctz(t->hour)) * 3600;
}

#endif
