/* Private to the describer: a cron text as items, and the small words that its files share. */
#ifndef WHEN_DESCRIBE_INT_H
#define WHEN_DESCRIBE_INT_H

#include "base/strbuf.h"
#include "when/spec.h"
#include "when_int.h"

enum cron_item_kind {
	ITEM_STAR,
	ITEM_VALUE,      /* a */
	ITEM_RANGE,      /* a-b */
	ITEM_STEP,       /* star/step */
	ITEM_OPEN,       /* a/step */
	ITEM_RANGE_STEP, /* a-b/step */
	ITEM_HASH,       /* only while a field is read */
	ITEM_LAST,       /* L-a */
	ITEM_LAST_NEAR,  /* L-aW */
	ITEM_NEAR,       /* aW */
	ITEM_NTH,        /* a#b */
	ITEM_NTH_LAST    /* aL */
};

struct cron_item {
	int16_t a, b, step;
	uint8_t kind;    /* enum cron_item_kind */
	bool is_number;  /* a VALUE that was not a name */
};

enum { CRON_ITEMS_MAX = 128 };

/* A field as it is to be said: of the day fields the specials stand behind the others. */
struct cron_said {
	struct cron_item item[CRON_ITEMS_MAX];
	unsigned n;
	struct slice text; /* absent: not written */
};

struct cron_text {
	struct cron_said field[CRON_FIELDS];
	struct slice zone;  /* of a TZ= prefix, else absent */
	struct slice macro; /* "@daily"; absent: there are fields */
	bool is_dom_free, is_dow_free, is_and;
};

/* Reads the text that `c` was parsed from. Where H stands, and for macros, the values are those of
 * `c`. */
void cron_text_read(const struct cron *c, struct slice text, struct cron_text *out);

void describe_cron(const struct cron *c, struct slice text, struct strbuf *out);
/* One field by itself. */
void describe_cron_field(const struct cron_text *t, enum cron_field field, struct strbuf *out);
void describe_rrule_parts(const struct rrule_parts *p, const struct tz *z, struct strbuf *out);
/* One part of a rule by itself, and its name in capitals; NULL: none of the rule's lists and numbers
 * (UNTIL is an instant). */
const char *describe_rrule_part(const struct rrule_parts *p, struct slice name, struct strbuf *out);
void describe_every(usec_t every, struct strbuf *out);

/* In any case, ASCII. */
bool say_is_word(struct slice s, const char *word);
/* What stands before item i of n: "a", "a and b", "a, b, and c". */
void say_comma(struct strbuf *out, unsigned i, unsigned n);
/* From `start` on the text begins with a capital. */
void say_capital(struct strbuf *out, size_t start);
void say_time(struct strbuf *out, unsigned hour, unsigned minute, unsigned second);
void say_clock(struct strbuf *out, unsigned hour, unsigned minute); /* without seconds */
/* "March 9, 2026 at 09:00 AM" on the wall clock of z. */
enum say_stamp {
	STAMP_FULL,
	STAMP_FROM, /* midnight is not said */
	STAMP_UNTIL /* nor is the last second of a day */
};
void say_stamp(struct strbuf *out, usec_t at, const struct tz *z, enum say_stamp how);

enum {
	SAY_LIST_MAX = 24, /* items of a list of a rule; the rest is counted */
	SAY_RUN_MIN = 3    /* neighbours in a row that are said as a range */
};

/* One number of a list. */
typedef void say_word(struct strbuf *out, int v);
void word_number(struct strbuf *out, int v);
void word_month(struct strbuf *out, int v);
void word_weekday(struct strbuf *out, int v);
void word_hour(struct strbuf *out, int v);    /* "09:00 AM" */
void word_ordinal(struct strbuf *out, int v); /* first, 20th; -1 last, -2 second-to-last */

/* Ascending numbers; what counts from the end is said last. */
struct say_list {
	const char *head; /* before the first that counts from the start: "day " */
	const char *noun; /* behind those that count from the end: " day"; NULL: none do */
	say_word *word;
};
void say_list(struct strbuf *out, const int16_t *v, unsigned n, const struct say_list *l);
void say_numbers(struct strbuf *out, struct rrule_list list, say_word *word);

extern const char *const say_months[12];
extern const char *const say_weekdays[7]; /* 0 = Sunday */
extern const char *const say_ordinals[5]; /* "first" .. "fifth" */

#endif
