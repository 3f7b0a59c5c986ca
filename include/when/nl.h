/* Schedules from plain English (TIME.md 6). A hand-written grammar over typed tokens: every word of
 * the phrase is either understood or the phrase is refused; what cannot be said exactly by a spec is
 * refused too (WHEN_NL_INEXPRESSIBLE). Nothing is ever guessed without saying so in `assumptions`.
 *
 * Every answer has passed the parser of its kind, has at least one occurrence after `now`, and was
 * checked against itself: it was put into words, the words were parsed again, and both gave the same
 * first occurrences. */
#ifndef WHEN_NL_H
#define WHEN_NL_H

#include "base/arena.h"
#include "base/slice.h"
#include "base/usec.h"
#include "when/spec.h"

enum {
	NL_TEXT_MAX = 500,    /* bytes of UTF-8, else WHEN_NL_TOO_LONG */
	NL_NOTES_MAX = 8,
	NL_OTHERS_MAX = 2,
	NL_CONFIDENCE_MIN = 50 /* below it the caller may ask somebody else */
};

struct nl_ask {
	struct tz_db *zones;
	const struct tz *zone; /* of a text that names none; never NULL */
	usec_t now;
	struct arena *arena;
};

/* One reading of the phrase. Texts live in the arena. */
struct nl_reading {
	enum spec_kind kind;
	struct slice text;     /* cron expression; ISO 8601 duration; RFC 3339 instant with the zone's
				* offset; lines of a rule (rrule.h) */
	struct slice zone;     /* IANA name, canonical */
	usec_t start_at, end_at; /* USEC_NEVER: none; both inclusive */
	struct spec spec;      /* compiled of the above */
};

struct nl_answer {
	struct nl_reading first;
	int confidence; /* hundredths, 0 .. 97 */
	/* Sentences for people. */
	struct slice assumptions[NL_NOTES_MAX], warnings[NL_NOTES_MAX];
	unsigned assumptions_n, warnings_n;
	/* Other readings of an ambiguous phrase, likeliest first. */
	struct nl_reading others[NL_OTHERS_MAX];
	unsigned others_n;
};

/* Else an nl_ code; out_fault (may be NULL) marks the words concerned: at and len in bytes of the
 * text, field "text". */
enum when_err nl_parse(const struct nl_ask *ask, struct slice text, struct nl_answer *out,
		       struct when_fault *out_fault);

#endif
