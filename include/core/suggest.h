/* When somebody's day begins and ends, from what he did: for "run this just before I start". Pure.
 *
 * A day is what lies between 04:00 and 04:00 on the zone's clock, so that an evening that goes on after
 * midnight ends the day it began on. Today is left out. A weekday counts when it was active in half of the
 * weeks looked at, twice at least; its typical start is the median of its days' first active quarter of an
 * hour, its end the median of the last one's end. Weekdays whose times lie within half an hour of each other
 * are one suggestion. What scatters (half of the days farther than an hour from the median) or goes round the
 * clock is no pattern; nothing is said with less than 5 active days, or before two weeks have passed since the
 * first. */
#ifndef CORE_SUGGEST_H
#define CORE_SUGGEST_H

#include "base/slice.h"
#include "base/usec.h"
#include "when/tz.h"

enum { SUGGEST_WEEKS = 8, SUGGEST_MAX = 14, SUGGEST_DAYS_MAX = 32 };

struct suggest_slot {
	usec_t at; /* the beginning of a quarter of an hour in which there was activity */
};

struct suggestion {
	char time[8];                /* "08:55", on the zone's clock */
	char days[SUGGEST_DAYS_MAX]; /* "Mon-Fri", "Tue, Thu", "Sat" */
	const char *reason;          /* static */
	int confidence;              /* hundredths: the share of the days that were within half an hour of it */
};

/* slots: in order; those older than SUGGEST_WEEKS are left out. Returns how many suggestions; at each weekday's start
 * before those of ends. */
size_t suggest(const struct suggest_slot *slots, size_t n, const struct tz *z, usec_t now,
	       struct suggestion out[SUGGEST_MAX]);

#endif
