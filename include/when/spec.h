/* struct spec: the one type that every kind of schedule compiles to, and the one question asked
 * of it, "when next". Plain data; it borrows the zone (tz.h: look up again after a reload). */
#ifndef WHEN_SPEC_H
#define WHEN_SPEC_H

#include "base/slice.h"
#include "base/usec.h"
#include "when/cron.h"
#include "when/tz.h"
#include "when/when_err.h"

enum spec_kind { SPEC_CRON, SPEC_EVERY, SPEC_ONCE };

#define SPEC_NO_START INT64_MIN
#define SPEC_EVERY_MIN SEC
#define SPEC_EVERY_MAX (3653 * DAY)

/* start_at and end_at are inclusive (P1) and hold for every kind. */
struct spec {
	enum spec_kind kind;
	const struct tz *tz; /* never NULL after a parse; EVERY and ONCE carry it to print */
	usec_t start_at;     /* SPEC_NO_START: none */
	usec_t end_at;       /* USEC_NEVER: none */
	usec_t anchor;       /* EVERY: occurrences are anchor + k * every, k >= 0 (I1) */
	usec_t every;        /* EVERY: > 0 */
	usec_t once;         /* ONCE */
	struct cron cron;    /* CRON */
	struct dst_policy dst;
};

/* What a text alone does not say. */
struct spec_ask {
	struct tz_db *zones;
	struct slice timezone; /* absent: what a TZ= prefix says, else UTC */
	uint64_t seed;         /* cron_seed(id), for H */
	usec_t anchor;         /* of an interval: start_at, else created_at */
};

/* They fill *out_spec whole, start_at, end_at and dst with their defaults, which the caller may
 * then set. out_fault may be NULL; it points into `text`, unless its field is "timezone", then
 * into ask->timezone.
 *
 * cron:  also @every (kind is then SPEC_EVERY) and TZ=, which must agree with ask->timezone if both
 *        are there.
 * every: a duration text, SPEC_EVERY_MIN to SPEC_EVERY_MAX, else WHEN_INTERVAL_RANGE.
 * once:  a stamp, or a local time in the zone (A1). Whether it is past is the caller's question:
 *        there is no clock here. */
enum when_err spec_parse_cron(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			      struct when_fault *out_fault);
enum when_err spec_parse_every(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			       struct when_fault *out_fault);
enum when_err spec_parse_once(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			      struct when_fault *out_fault);

/* What is odd about a cron text that spec_parse_cron took, enum cron_warning: CRON_WARN_DST_GAP
 * too, looked for in the 30 years from `from`. */
unsigned spec_cron_warnings(const struct spec *s, struct slice text, usec_t from);

/* An interval that came as a number. */
enum when_err spec_set_every(const struct spec_ask *ask, usec_t every, struct spec *out_spec,
			     struct when_fault *out_fault);

/* The first occurrence strictly after `after`; USEC_NEVER if there is none. hint may be NULL.
 * cron drops the sub-second part of `after` and answers whole seconds, the other kinds are exact
 * to the microsecond. */
usec_t spec_next(const struct spec *s, usec_t after, struct tz_hint *hint);

/* The same, `from` included. */
usec_t spec_first(const struct spec *s, usec_t from, struct tz_hint *hint);

/* How a clock change touched an occurrence that spec_next returned: DST_NONE for all kinds but
 * cron. */
enum dst_touch spec_touch(const struct spec *s, usec_t at);

/* Occurrences in [from, to], but at most `most`: intervals by division, cron by `most` steps. */
unsigned spec_count(const struct spec *s, usec_t from, usec_t to, unsigned most);

#endif
