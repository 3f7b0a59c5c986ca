/* The inside of a recurrence rule, shared by its parser (rrule.c, rrule_parse.c, rrule_time.c,
 * rrule_compile.c) and its search (rrule_days.c, rrule_next.c, rrule_elapsed.c, rrule_set.c). */
#ifndef WHEN_RRULE_INT_H
#define WHEN_RRULE_INT_H

#include "day_times.h"
#include "when/civil.h"
#include "when/rrule.h"
#include "when_int.h"

#define RRULE_NEVER INT64_MAX
#define RRULE_NO_DAY INT32_MAX

enum {
	RRULE_LAST_DAY = 84005, /* 2199-12-31 */
	RRULE_NTH_MAX = 53,
	RRULE_YEAR_WORDS = 7 /* 366 bits, and a word that may be read behind them */
};
#define RRULE_LAST_WALL ((int64_t)(RRULE_LAST_DAY + 1) * CIVIL_DAY_SECONDS - 1)

/* Weekdays with a number: per weekday, bit n is the nth from the start or from the end. */
struct rrule_nths {
	uint64_t from_start[7], from_end[7];
};

struct rrule_times {
	struct day_times chosen;
	uint32_t in_minute, in_hour, in_day; /* how many there are */
};

/* The steps of R2. An instant is in a period if (instant - origin) % step < width. Where no part
 * finer than FREQ is given the width is one second and the origin DTSTART itself. A round is a day,
 * with BYDAY a week: the clock's readings in it where periods begin repeat after `cycle` of them.
 * step / common and round / common = cycle have no common divisor, and inverse * (step / common) %
 * cycle is 1. */
struct rrule_steps {
	int64_t origin, step;
	int32_t width, round, common, cycle, inverse;
	int32_t in_minute; /* the divisor that step and 60 have in common */
};

struct rrule {
	struct rrule_parts parts; /* as written */
	const struct tz *zone;
	struct dst_policy dst;
	unsigned warnings;
	bool is_elapsed; /* R2 */

	/* Which days. An absent BYxxx lets all through. */
	uint32_t months; /* bits 1-12 */
	bool has_monthday, has_weekday, is_nth_of_year;
	uint32_t monthday, monthday_back; /* bits 1-31; from the end: bit 32 - n */
	uint32_t weekdays;                /* bits 0-6: every one of them */
	const struct rrule_nths *nths;    /* NULL: none */
	const uint64_t (*yearday)[RRULE_YEAR_WORDS]; /* [is leap], bit 0 is 1 January; NULL: all */
	uint64_t weekno, weekno_back;                /* bits 1-53 */

	/* Where periods begin that count: one in INTERVAL from these. */
	int32_t day0, week0; /* DTSTART's */
	int32_t month0, year0;

	struct rrule_times times;
	struct rrule_steps steps;
	int64_t start; /* R2: DTSTART's instant */

	int64_t until; /* seconds; RRULE_NEVER: none */
	int64_t last;  /* the COUNTth: R1 wall clock, R2 instant; RRULE_NEVER: none */
	usec_t last_at;

	const int64_t *exdates, *rdates; /* ascending UTC seconds */
	const int32_t *exdays;           /* ascending local days */
	unsigned exdates_n, rdates_n, exdays_n;
};

/* ---- reading ---- */

enum rrule_part {
	RRULE_PART_FREQ,
	RRULE_PART_INTERVAL,
	RRULE_PART_COUNT,
	RRULE_PART_UNTIL,
	RRULE_PART_WKST,
	RRULE_PART_BYSECOND,
	RRULE_PART_BYMINUTE,
	RRULE_PART_BYHOUR,
	RRULE_PART_BYDAY,
	RRULE_PART_BYMONTHDAY,
	RRULE_PART_BYYEARDAY,
	RRULE_PART_BYWEEKNO,
	RRULE_PART_BYMONTH,
	RRULE_PART_BYSETPOS,
	RRULE_PARTS
};

struct rrule_build {
	const struct rrule_ask *ask;
	struct rrule *r;
	struct slice part[RRULE_PARTS]; /* "NAME=value", absent if not given */
	struct when_fault fault;
	const char *field;  /* of the property that is being read */
	const char *origin; /* the beginning of its value */
	const char *text;   /* the beginning of all lines */
};

/* Notes the fault; returns e. */
enum when_err rrule_fail(struct rrule_build *b, enum when_err e, struct slice where, const char *hint);
bool rrule_word_is(struct slice text, const char *upper); /* in any case */

/* A date, a reading of the wall clock or, if it has an offset, UTC seconds. */
enum rrule_time_kind { RRULE_TIME_DATE, RRULE_TIME_LOCAL, RRULE_TIME_UTC };
struct rrule_time {
	enum rrule_time_kind kind;
	int64_t seconds; /* a date: its midnight */
};
bool rrule_time_read(struct slice text, struct rrule_time *out_time);

/* The value of RRULE into b->r->parts and b->part. */
enum when_err rrule_read_parts(struct rrule_build *b, struct slice value);
/* The masks of all that, with what DTSTART fills in. */
void rrule_compile(struct rrule_build *b);

/* ---- searching ---- */

static inline int64_t rrule_floor_day(int64_t wall)
{
	return wall / CIVIL_DAY_SECONDS - (wall % CIVIL_DAY_SECONDS < 0);
}

/* The first matching day at or after `day`, in a period that counts; RRULE_NO_DAY. */
int32_t rrule_day_next(const struct rrule *r, int32_t day);

/* The whole period that `day` lies in, and which of its days match. */
struct rrule_period {
	int32_t first, behind;
	uint64_t days[RRULE_YEAR_WORDS]; /* bit 0 is `first` */
};
void rrule_period_at(const struct rrule *r, int32_t day, struct rrule_period *out_period);

/* The first reading of a clock that never changes at or after `wall` whose day and time match,
 * BYSETPOS left aside. */
int64_t rrule_reading_next(const struct rrule *r, int64_t wall);
/* The same with BYSETPOS and from DTSTART on: R1's set before the zone. */
int64_t rrule_wall_next(const struct rrule *r, int64_t wall);
/* The position that BYSETPOS chooses first, from `low` on, in a set of n; n if there is none. */
unsigned rrule_position(const struct rrule *r, unsigned n, unsigned low);

/* How many matching times of day lie before `from` (a second of the day), and the nth of them. */
unsigned rrule_times_before(const struct rrule_times *t, unsigned from);
unsigned rrule_time_nth(const struct rrule_times *t, unsigned n);

/* The first instant at or after u (UTC seconds), EXDATE, RDATE and UNTIL left aside. */
int64_t rrule_zoned_next(const struct rrule *r, int64_t u, struct tz_hint *hint);
int64_t rrule_elapsed_next(const struct rrule *r, int64_t u, struct tz_hint *hint);

/* Whether anything matches at all, warnings, and where COUNT ends. */
enum when_err rrule_settle(struct rrule_build *b, struct slice rule);

#endif
