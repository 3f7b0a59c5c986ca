/* Schedules in words, in cronstrue's style: "At 09:00 AM, Monday through Friday, Pacific Time"
 * (TIME.md 2, "cronstrue texts"). Where cronstrue misleads (steps that do not divide their field,
 * wrapping ranges, H, +, L-lists, MON#1,FRI#L, 0-7) the words are ours. */
#ifndef WHEN_DESCRIBE_H
#define WHEN_DESCRIBE_H

#include "base/slice.h"
#include "base/strbuf.h"
#include "when/spec.h"

enum { DESCRIBE_MAX = 4096 }; /* a ceiling that no description reaches */

/* The long generic name of a zone in English (CLDR): "Pacific Time", "India Standard Time"; "UTC"
 * for the names of UTC; a zone without one: its id. */
const char *zone_generic_name(const struct tz *z);

/* `text` is what the spec was parsed from. Without the zone: where the caller shows it beside.
 * `with_zone` appends ", Pacific Time" to kinds that have a wall clock, and to an interval of which a
 * date is said. A calendar adds ", on business days only" (skip), ", moved to the next business day"
 * and so on; start_at and end_at add ", from ..." and ", until ..." (midnight, and the last second of
 * a day, by the date alone). An interval's anchor, a rule's DTSTART beyond what the rule leaves to it,
 * and the policy for clock changes are not said. */
void describe(const struct spec *s, struct slice text, bool with_zone, struct strbuf *out);

/* Field by field, for `carillon cron explain`: one line a part of the text, "name", "text", "what it
 * means"; cron and rrule have several, the others one. Returns how many (<= EXPLAIN_MAX; what a rule has
 * beyond that is left out). */
enum { EXPLAIN_MAX = 24 };
struct explained {
	const char *name;  /* "minute", "FREQ" */
	struct slice text; /* borrowed from `text` */
	struct slice words; /* borrowed from `out_words` */
};
unsigned explain(const struct spec *s, struct slice text, struct explained out[EXPLAIN_MAX], struct strbuf *out_words);

#endif
