/* What a caller says of time, the same in every vocabulary; and the operations on time alone, which
 * store nothing: is this good and when would it run, what do these words mean. */
#ifndef CORE_TIMING_H
#define CORE_TIMING_H

#include "base/json.h"
#include "core/op.h"
#include "model/schedule.h"
#include "when/nl.h"
#include "when/spec.h"

#define PREVIEW_MAX 100 /* occurrences in one answer */

struct timing {
	int16_t spec_kind;       /* enum spec_kind + 1; 0: not given */
	struct slice spec;       /* as written; of a rule: rrule_join() */
	struct slice zone;       /* as written; absent: UTC, or what the text names */
	usec_t start_at, end_at; /* USEC_NEVER: open */
	int16_t dst_gap, dst_overlap;
	struct slice calendar;   /* its name; absent: none */
	int16_t adjust;          /* enum calendar_adjust; ADJUST_NONE with a calendar: SKIP */
	usec_t jitter;           /* 0: none */
};

/* The wire's names for them, for faults. rrule: of rule, dtstart, exdate, rdate; NULL: `spec`. spec is
 * NULL when it was not sent: what is wrong is then the zone that was. */
struct timing_names {
	const char *spec, *zone, *end, *calendar;
	const char *rrule[4];
};

/* definition: of the calendar, as stored; absent when the timing names none. */
struct timing_ask {
	const struct timing *timing;
	const struct timing_names *names;
	uint64_t seed; /* of H */
	usec_t anchor; /* of an interval, and of a rule without DTSTART, that has no start_at */
	struct slice definition;
};

/* Compiles; without a spec (spec_kind 0: a change that leaves it) the rest is looked at. False:
 * op->faults says what is wrong, under the wire's names; *out_spec is then of no use. */
bool timing_compile(struct op *op, const struct timing_ask *ask, struct spec *out_spec);

/* Adds the fault at_past, of a one-shot that is to be stored. */
void timing_past(struct op *op, const struct timing *t, const struct timing_names *names);

/* A rule's pieces as the one text to be stored: each line ends with CR LF. A `rule` that consists of
 * lines itself is taken as it is, with the other pieces behind it. */
struct slice timing_rule(const struct rrule_text *pieces, struct arena *a);
/* The pieces again, of any text of a rule. Borrowed from it, but lists that came in several lines. */
void timing_pieces(struct slice text, struct arena *a, struct rrule_text *out);

struct occurrence {
	usec_t at;
	struct slice local; /* "2025-03-09T03:30:00-04:00" */
	const char *dst;    /* "gap", "first", "second" or NULL */
};
/* From `from` on, `from` included; at most `most`. */
struct json_list timing_occurrences(const struct spec *s, usec_t from, int64_t most, struct arena *a);

/* Validate: never fails because of what it is asked (but when the database is away and a calendar is
 * named). */
struct timing_check {
	struct timing timing;
	usec_t from;   /* inclusive; USEC_NEVER: now */
	int64_t limit; /* 1 .. PREVIEW_MAX */
	struct timing_names names;
	struct slice definition; /* of the calendar, when it is not a stored one */
};
struct timing_warning {
	const char *code;
	struct slice message;
	usec_t at; /* USEC_NEVER: none */
};
struct timing_view {
	bool valid;
	const char *code;       /* of the first fault; NULL when valid */
	struct slice error;     /* a sentence */
	const char *field;      /* the wire's name */
	const char *part;       /* "minute", "BYDAY"; NULL */
	int64_t position, length; /* bytes of the value; -1: it has no place */
	struct slice hint;
	struct json_list items; /* of struct occurrence */
	struct slice words;     /* human_readable */
	struct json_list warnings; /* of struct timing_warning */
};
op_step timing_check;   /* in: struct timing_check; out: timing_view */
op_step timing_preview; /* the same, but what is bad is ERR_INVALID with faults */

/* Words: the grammar, and below its confidence, or when it refuses, the language model if there is
 * one (CARILLON_LLM_URL), whose answer is parsed like any other input. */
struct words_ask {
	struct slice text, zone; /* zone absent: UTC */
	usec_t now;              /* USEC_NEVER: op->now */
};
struct words_reading {
	struct nl_reading reading;
	struct slice words;
};
struct words_view {
	struct words_reading first;
	const char *method;     /* "regex" or "llm" */
	int confidence;         /* hundredths */
	struct json_list others; /* of struct words_reading */
	struct json_list assumptions, warnings; /* of struct slice */
	struct json_list items; /* of struct occurrence: the first three */
};
/* in: struct words_ask; out: words_view; ERR_INVALID, field "text" (or "timezone"), an nl_ code */
op_step timing_words;

#endif
