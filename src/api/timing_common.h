/* What the dialects have in common when they speak of time: words, shapes of answers, rules in
 * pieces. */
#ifndef API_TIMING_COMMON_H
#define API_TIMING_COMMON_H

#include "base/json.h"
#include "core/schedule.h"
#include "core/timing.h"

/* By enum dst_gap, enum dst_overlap; adjust_words by enum calendar_adjust, one less. */
extern const char *const dst_gap_words[], *const dst_overlap_words[], *const adjust_words[];

/* By enum overlap and enum catchup, one less. */
extern const char *const overlap_words[], *const catchup_words[];

/* "scheduled_for", "local_time" and "dst" of a struct occurrence. */
extern const struct shape occurrence_shape;
/* "code", "message" and "at" of a struct timing_warning. */
extern const struct shape timing_warning_shape;

/* struct slice: the text of an interval, a number's too; what it may be is the core's to say. Shown
 * as it was sent. */
extern const struct field_type type_every;

/* A schedule in words; absent when its zone is gone from this machine. */
struct slice schedule_words(const struct schedule *s, struct op *op);

/* Of struct slice, times of EXDATE or RDATE: names those that are none, as "path[1]". */
void check_dates(struct op *op, const char *path, const struct json_list *list);
/* The others, joined by commas; absent when there are none. */
struct slice comma_list(const struct json_list *list, struct arena *a);
/* The other way. An absent text is a list that was never set. */
struct json_list comma_items(struct slice text, struct arena *a);

/* A rule into t->spec. One without other pieces is kept as it was written, so that faults are
 * counted in it as a whole; else they are named by the pieces, and names->rrule stays. */
void take_rule(const struct rrule_text *pieces, struct arena *a, struct timing *t, struct timing_names *names);

#endif
