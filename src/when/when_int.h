/* Private to src/when: the inside of a zone, and small tools that several parsers share. */
#ifndef WHEN_INT_H
#define WHEN_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "when/civil.h"
#include "when/cron.h"
#include "when/tz.h"

/* From this UTC second on the offset holds, until the next row's. */
struct tz_row {
	int64_t from;
	int32_t offset;
};

/* The first row for each 2^24 seconds (194 days) from 1970 to the end of the rows, so that a search
 * has one or two rows to look at. */
enum { TZ_SLOT_BITS = 24, TZ_SLOTS = 434 };

/* rows[0].from is INT64_MIN, rows[count].from is INT64_MAX. */
struct tz {
	unsigned magic;
	unsigned count;
	int rule_year; /* from this year on every change is the footer's rule's, by weekdays ("M") */
	const struct tz_row *rows;
	char name[TZ_NAME_MAX + 1];
	uint16_t slots[TZ_SLOTS + 1];
};

#define TZ_MAGIC 0x7a6f6e65u

/* The row that holds utc_s by binary search; keeps the hint up to date. */
unsigned tz_row_search(const struct tz *z, int64_t utc_s, struct tz_hint *hint);

static inline unsigned tz_row_at(const struct tz *z, int64_t utc_s, struct tz_hint *hint)
{
	if (hint && hint->span < z->count && z->rows[hint->span].from <= utc_s
	    && utc_s < z->rows[hint->span + 1].from)
		return hint->span;
	return tz_row_search(z, utc_s, hint);
}

static inline struct tz_span tz_row_span(const struct tz *z, unsigned i)
{
	const struct tz_row *r = &z->rows[i];

	return (struct tz_span){ .from = r->from,
				 .until = r[1].from,
				 .offset = r->offset,
				 .before = i > 0 ? r[-1].offset : r->offset,
				 .after = i + 1 < z->count ? r[1].offset : r->offset };
}

/* A slice of a name is no longer than TZ_NAME_MAX, of the right letters, without ".." (TIME.md
 * 4). */
bool tz_name_is_good(struct slice name);

/* Rows built in ascending order, without neighbours of the same offset. */
struct tz_rows {
	struct tz_row *row;
	unsigned count, room;
};

void tz_rows_add(struct tz_rows *rows, int64_t from, int32_t offset);

/* The POSIX rule of a TZif footer, without its newlines. */
struct tz_rule_day {
	char form;            /* 'M', 'J' or '0' */
	int month, week, day; /* day only, for the other forms */
	int32_t time;         /* seconds of the day, -167 to 167 hours */
};
struct tz_rule {
	bool is_empty, has_dst;
	int32_t std, dst; /* offsets east of Greenwich */
	struct tz_rule_day start, end;
};

bool tz_rule_parse(struct slice text, struct tz_rule *out_rule);
/* Appends the rule's changes later than `after_s`, to the end of TZ_LAST_YEAR. */
void tz_rule_expand(const struct tz_rule *rule, int64_t after_s, struct tz_rows *rows);

/* The year from which on the rows are this rule's changes and no others; past TZ_LAST_YEAR if there
 * is none, also for rules that do not go by weekdays. */
int tz_rule_since(const struct tz_rule *rule, const struct tz_rows *rows);

enum { TZ_FIRST_YEAR = 1970, TZ_LAST_YEAR = 2200 };

/* No transition is further from 1970 than this (the age of the universe has 2^59 seconds, and old
 * zic wrote exactly that): sums with offsets cannot overflow. */
#define TZ_SECONDS_MAX ((int64_t)1 << 59)

/* Leap or not, and the weekday of new year: years of one kind have the same calendar, and the same
 * clock changes under a rule that goes by weekdays. */
enum { YEAR_KINDS = 14 };
static inline unsigned year_kind(int year)
{
	unsigned gone = (unsigned)year - 1;

	return (1 + gone + gone / 4 - gone / 100 + gone / 400) % 7 + (civil_is_leap(year) ? 7 : 0);
}

/* Days of a month of `length` days that begins on `weekday`, bits 1-31. */
uint32_t cron_days(const struct cron *c, unsigned length, unsigned weekday);

enum cron_field {
	CRON_SECOND,
	CRON_MINUTE,
	CRON_HOUR,
	CRON_DAY_OF_MONTH,
	CRON_MONTH,
	CRON_DAY_OF_WEEK,
	CRON_YEAR,
	CRON_FIELDS
};

/* An expression while it is read. */
struct cron_build {
	struct cron cron;
	uint64_t seed;
	unsigned warnings;
	bool is_dom_free, is_dow_free; /* unrestricted: the text is exactly * or ? */
	bool is_star_step;             /* a restricted day field begins with a star */
	bool is_and;
	struct when_fault fault; /* `at` counts from `origin` */
	const char *origin;
};

enum when_err cron_field_read(struct cron_build *b, enum cron_field field, struct slice text);
enum when_err cron_fail(struct cron_build *b, enum when_err e, struct slice where);

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool is_alpha(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

#endif
