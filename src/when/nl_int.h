/* Private to nl*.c: typed tokens, the plan that clauses fill, and who does what.
 *
 *	nl_fold.c   UTF-8 to plain lower-case ASCII   nl_token.c   ASCII to tokens
 *	nl_words.c  the vocabulary, typos             nl_zone.c    zones
 *	nl_time.c   times of day                      nl_window.c  stretches of the day
 *	nl_freq.c   every ..., hourly, twice a ...    nl_days.c    weekdays, months
 *	nl_month.c  days of the month, nth            nl_once.c    dates, one-shots, limits
 *	nl_plan.c   what was left out, conflicts      nl_lower.c   the plan as cron or instant
 *	nl_pair.c   which days go with which times    nl_begin.c   what a start says, polite beginnings
 *	nl_step.c   steps of less than a day          nl_rule.c    the plan as a recurrence rule
 *	nl_score.c  confidence, assumptions           nl.c         the pass, raw cron, self-check */
#ifndef NL_INT_H
#define NL_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "when/nl.h"

enum {
	NL_TOKENS_MAX = 160,
	NL_TIMES_MAX = 24,
	NL_MINUTES_MAX = 1440,
	NL_POSITIONS_MAX = 366, /* BYSETPOS */
	NL_DATES_MAX = 4,
	NL_RUNS_MAX = 12,
	DAY_S = 86400
};

enum nl_type {
	NT_END, NT_UNKNOWN, NT_BAD,
	/* more: how many digits, 0 for words */
	NT_NUMBER,
	NT_DECIMAL, /* value: thousandths */
	NT_ORDINAL, /* value: 1.., -1 the last */
	NT_CLOCK,   /* value: second of the day, -1 out of range */
	NT_MINUTE_MARK, /* ":15" */
	NT_DATE,    /* value: days since 1970; more: 0, or 1 if the date does not exist */
	NT_STAMP, NT_IANA,
	NT_COMMA, NT_DASH, NT_PLUS, NT_SLASH,
	/* words; value where it says so */
	NT_EVERY, NT_OTHER,
	NT_UNIT,    /* enum nl_unit; more: 1 plural, 2 a fortnight */
	NT_WEEKDAY, /* 0-6; more: 1 plural */
	NT_WORKDAY, NT_WEEKEND, NT_MONTH,
	NT_ADVERB,  /* enum nl_adverb */
	NT_COUNT,   /* once, twice */
	NT_TIMES, NT_PER, NT_A, NT_THE, NT_AT, NT_ON, NT_IN, NT_OF, NT_AND, NT_TO, NT_THROUGH, NT_UNTIL,
	NT_FROM, NT_BETWEEN, NT_STARTING, NT_EXCEPT, NT_NOW, NT_TODAY, NT_TONIGHT, NT_TOMORROW,
	NT_AFTER, NT_BEFORE, NT_NEXT, NT_THIS,
	NT_NOON, NT_MIDNIGHT, NT_DAYPART /* hour */, NT_HALF, NT_QUARTER, NT_PAST,
	NT_MERIDIEM /* 0 am, 12 pm */, NT_OCLOCK,
	NT_BUSINESS, NT_OVERNIGHT, NT_DURING, NT_NEAREST, NT_ENDOF, NT_ONLY, NT_TIME, NT_STANDARD,
	NT_TOP, NT_OCCURRENCE, NT_FOR,
	NT_DAYSET,  /* mask: MWF */
	NT_FILLER, NT_UNSUPPORTED
};

enum nl_unit { NU_NONE, NU_SECOND, NU_MINUTE, NU_HOUR, NU_DAY, NU_WEEK, NU_MONTH, NU_QUARTER, NU_YEAR };
enum nl_adverb {
	NA_HOURLY, NA_DAILY, NA_WEEKLY, NA_MONTHLY, NA_QUARTERLY, NA_YEARLY, NA_NIGHTLY, NA_BIWEEKLY, NA_FORTNIGHTLY,
	NA_BIMONTHLY, NA_SEMIMONTHLY, NA_SEMIYEARLY, NA_MINUTELY, NA_SEMIWEEKLY, NA_BIYEARLY
};

struct nl_token {
	enum nl_type type;
	int value, more;
	unsigned at, len;      /* bytes of the text as it was given */
	struct slice word;     /* folded */
	bool is_glued;         /* no blank before it */
	unsigned is_typo;      /* letters that were corrected */
	const struct tz *zone; /* NT_IANA */
};

/* What was understood without being said: nl_score.c has a row for each. */
enum nl_note {
	NN_ZONE_NICK, NN_NO_TIME, NN_NO_DAY, NN_BARE_HOUR, NN_DAYPART, NN_ZONE_AMBIGUOUS, NN_NEXT,
	NN_BIWEEKLY, NN_UNCLEAR,
	NN_COUNT, NN_TYPO, NN_FILLER, NN_JANUARY, NN_BUSINESS, NN_BEGINS, NN_STEPS, NN_WINDOW_END, NN_NIGHT, NN_YEAR,
	NN_BIMONTHLY, NN_SECOND, NN_LAST, NN_START, NN_FOR, NN_GAP, NN_FOLD, NN_NOTES
};

struct nl_clock {
	int32_t s;     /* second of the day */
	bool is_bare;  /* an hour 1-12 that may be am or pm */
	bool has_half; /* am or pm was said */
	bool is_part;  /* "morning" */
};

enum nl_day_kind { ND_NONE, ND_AFTER /* n days from today */, ND_WEEKDAY, ND_DATE, ND_STAMP, ND_IN };
struct nl_day {
	enum nl_day_kind kind;
	int n;              /* ND_AFTER; ND_WEEKDAY: the day, 0-6; ND_IN: months */
	bool is_next;       /* ND_WEEKDAY: "next" */
	int year;           /* ND_DATE: 0 = the next one */
	unsigned month, day;
	usec_t at;          /* ND_IN: the exact part */
	int days;           /* ND_IN */
};

struct nl_limit {
	struct nl_day day;
	struct nl_clock clock;
	bool is_set, has_clock;
};

enum { NL_LAST = 1 << 5 }; /* bit of nth, beside 1 << (n - 1) */

struct nl_plan {
	bool is_recurring;  /* a word says so */
	bool is_once;
	enum nl_unit unit;  /* of "every n units"; NU_NONE: not said */
	unsigned n;
	usec_t every;       /* sum of "1 hour and 30 minutes"; 0: not that form */
	unsigned count;     /* "twice a day"; 0: not said */
	enum nl_unit count_unit;
	uint8_t weekdays;   /* bits 0-6 */
	uint8_t named;      /* those that the clause just read has named */
	bool has_named;     /* it has named days of the month */
	uint8_t without;    /* weekdays excepted */
	bool is_both;       /* weekday and day of the month together: friday the 13th */
	uint8_t nth[7];     /* bits 0-4, NL_LAST */
	uint32_t dom, last, near, last_near; /* bit n: day n, n days before the last, the weekdays near them */
	unsigned workday;   /* nth business day; the rest of the nth ones are in near and last_near */
	unsigned back;      /* the back-th weekday from the end of the month; weekday: back_day */
	unsigned back_day;
	uint16_t months, without_months;
	bool is_every_month; /* "every june" */
	enum nl_unit of;    /* "of the quarter", "of the year" */
	struct nl_clock times[NL_TIMES_MAX];
	unsigned times_n;
	uint64_t past;      /* minutes past the hour */
	bool has_window, is_window_fixed; /* a bare hour in it was settled */
	struct nl_clock from, to;
	uint16_t positions[NL_POSITIONS_MAX]; /* "only the first and 4th occurrence of each day" */
	unsigned positions_n;
	struct nl_day day;
	struct nl_day dates[NL_DATES_MAX]; /* month and day: one-shot, or yearly if recurring */
	unsigned dates_n;
	struct nl_limit start, end;
	struct nl_day span; /* ND_IN: "for 2 weeks" */
	bool is_from_start; /* the interval is counted from the day behind "starting" */
	const struct tz *zone; /* NULL: the caller's */
	const char *zone_word; /* the nickname, for the note */
	const char *zone_others[NL_OTHERS_MAX]; /* of an ambiguous nickname */
	unsigned notes;      /* bits of enum nl_note */
	unsigned typos, fillers;
	struct slice raw;    /* cron as it was given; absent: words */
};

/* Clauses of one kind that follow one another. */
enum nl_said { NS_NOTHING, NS_DAYS, NS_TIMES, NS_MONTHS, NS_EXCEPT, NS_KINDS };
struct nl_run {
	enum nl_said kind;
	unsigned first, times_n; /* its times in the plan */
	bool has_past;           /* minutes past the hour */
	bool is_every_day;       /* "every day" stood before it */
	bool is_joined;          /* "and" stands before it */
};

struct nl_pass {
	const struct nl_ask *ask;
	struct slice text;
	struct nl_token tokens[NL_TOKENS_MAX + 1]; /* NT_END behind the last */
	unsigned n, i;
	bool is_elapsed; /* reading a description of an interval: days are 24 hours */
	struct nl_plan plan, before; /* before: as it was when the clause began */
	struct nl_run runs[NL_RUNS_MAX];
	unsigned runs_n;
	struct when_fault fault;
};

/* A clause says whether it read something at p->i; NL_NOT leaves p as it was. */
enum nl_read { NL_NOT, NL_READ, NL_FAULT };

/* nl_fold.c. out: room for text.n bytes each; marks where each byte came from. False: the text is
 * not UTF-8 or has control characters, at *out_n. */
bool nl_fold(struct slice text, char *out, uint16_t *from, unsigned *out_n);

/* nl_token.c */
enum nl_read nl_tokens(struct nl_pass *p);

/* nl_words.c */
bool nl_word(struct slice word, struct nl_token *t);
bool nl_word_near(struct slice word, struct nl_token *t);

/* nl_zone.c */
bool nl_zone_has_word(struct nl_pass *p, struct slice word);
enum nl_read nl_zone(struct nl_pass *p);

/* nl_time.c */
enum nl_read nl_clock(struct nl_pass *p, bool is_after_at, struct nl_clock *out);
enum nl_read nl_times(struct nl_pass *p);
enum nl_read nl_minutes(struct nl_pass *p);
/* nl_window.c */
enum nl_read nl_window(struct nl_pass *p);

/* nl_freq.c */
enum nl_read nl_every(struct nl_pass *p);
enum nl_read nl_adverb(struct nl_pass *p);
enum nl_read nl_count(struct nl_pass *p);
/* "2 hours and 30 minutes", "an hour", "half an hour": n of each unit. */
struct nl_amount {
	usec_t exact;
	unsigned days, months;
	unsigned parts, n;
	enum nl_unit unit; /* of the last part */
};
enum nl_read nl_amount(struct nl_pass *p, struct nl_amount *out);

/* nl_days.c */
enum nl_read nl_weekdays(struct nl_pass *p);
enum nl_read nl_except(struct nl_pass *p);
enum nl_read nl_months(struct nl_pass *p);
/* nl_month.c */
enum nl_read nl_monthdays(struct nl_pass *p);
enum nl_read nl_of(struct nl_pass *p);
bool nl_ordinal(const struct nl_pass *p, int *out); /* "2nd", "last", "second" before what it counts */
enum nl_read nl_positions(struct nl_pass *p);

/* nl_once.c */
enum nl_read nl_once(struct nl_pass *p);
enum nl_read nl_limits(struct nl_pass *p);
bool nl_day_read(struct nl_pass *p, struct nl_day *out);
/* The local midnight of a day, as days since 1970; WHEN_NL_... if there is none. */
enum when_err nl_day_find(const struct nl_pass *p, const struct nl_day *day, int32_t *out);
/* The same day so many months later, or the month's last. */
int32_t nl_months_later(int32_t day, int months);
usec_t nl_instant(const struct nl_pass *p, int32_t day, int32_t second);
const struct tz *nl_zone_of(const struct nl_pass *p);

/* The times of one day, and whether minutes x hours give exactly them. */
struct nl_set {
	int32_t s[NL_MINUTES_MAX]; /* ascending */
	unsigned n;
	uint32_t hours;
	uint64_t minutes, seconds;
	bool is_product;
};
void nl_set_close(struct nl_set *set);

/* nl_lower.c: the plan as text. */
enum when_err nl_lower(struct nl_pass *p, struct nl_reading *out);
/* The instant of a limit, USEC_NEVER untouched if it is not set. */
enum when_err nl_limit_at(struct nl_pass *p, struct nl_limit *l, bool is_end, usec_t *out);
/* nl_step.c: steps of less than a day. */
enum when_err nl_lower_steps(struct nl_pass *p, struct nl_reading *out);
/* nl_rule.c */
enum when_err nl_lower_rule(struct nl_pass *p, const struct nl_set *set, struct nl_reading *out);
struct nl_fields { /* of a cron expression */
	char time[3][180], dom[128], months[64], dow[128];
};
enum when_err nl_compile_fields(struct nl_pass *p, const struct nl_fields *f, struct nl_reading *out);
void nl_fields_days(const struct nl_plan *plan, struct nl_fields *out);
void nl_print_mask(uint64_t mask, unsigned size, char *out, size_t room);
enum when_err nl_compile(struct nl_pass *p, enum spec_kind kind, const char *text, struct nl_reading *out);

/* nl_plan.c: what belongs together, once all clauses are read. */
enum when_err nl_settle(struct nl_pass *p);

/* nl_pair.c: what each clause added, and whether all of it is one schedule. */
void nl_pair_add(struct nl_pass *p, const struct nl_plan *before, unsigned first);
enum when_err nl_pair_check(struct nl_pass *p);

/* nl_begin.c */
void nl_skip_request(struct nl_pass *p);
enum when_err nl_settle_start(struct nl_pass *p);

/* nl_score.c */
void nl_score(const struct nl_pass *p, struct nl_answer *out);

/* ---- tokens ---- */

static inline const struct nl_token *nl_now(const struct nl_pass *p)
{
	return &p->tokens[p->i];
}

static inline enum nl_type nl_ahead(const struct nl_pass *p, unsigned k)
{
	return p->i + k < p->n ? p->tokens[p->i + k].type : NT_END;
}

static inline bool nl_take(struct nl_pass *p, enum nl_type type)
{
	if (nl_ahead(p, 0) != type)
		return false;
	p->i++;
	return true;
}

static inline bool nl_any(enum nl_type type, const enum nl_type *types)
{
	for (; *types != NT_END; types++)
		if (type == *types)
			return true;
	return false;
}

/* One of these types; takes the token if it is one of them. */
#define NL_ANY(type, ...) nl_any((type), (const enum nl_type[]){ __VA_ARGS__, NT_END })
#define NL_TAKE(p, ...) (NL_ANY(nl_ahead((p), 0), __VA_ARGS__) && nl_take((p), nl_ahead((p), 0)))

static inline bool nl_is_unit(const struct nl_pass *p, enum nl_unit unit)
{
	return nl_ahead(p, 0) == NT_UNIT && nl_now(p)->value == (int)unit;
}

/* "and", ",", ", and", "&": between the members of a list. */
static inline bool nl_take_and(struct nl_pass *p)
{
	bool is_comma = nl_take(p, NT_COMMA);

	return nl_take(p, NT_AND) || is_comma;
}

static inline void nl_note(struct nl_pass *p, enum nl_note note)
{
	p->plan.notes |= 1u << note;
}

static inline bool nl_noted(const struct nl_pass *p, enum nl_note note)
{
	return p->plan.notes >> note & 1;
}

/* The fault is the tokens from first up to the current one, at least one. */
static inline enum when_err nl_blame(struct nl_pass *p, enum when_err e, unsigned first, const char *hint)
{
	const struct nl_token *a = &p->tokens[first < p->n || p->n == 0 ? first : p->n - 1];
	const struct nl_token *b = p->i > first + 1 && p->i <= p->n ? &p->tokens[p->i - 1] : a;

	p->fault = (struct when_fault){ e, a->at, b->at + b->len - a->at, "text", hint };
	return e;
}

static inline enum nl_read nl_fault(struct nl_pass *p, enum when_err e, unsigned first, const char *hint)
{
	nl_blame(p, e, first, hint);
	return NL_FAULT;
}

#endif
