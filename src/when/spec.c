/* One type for every schedule, one function for "when next". What a calendar does to it:
 * spec_calendar.c. */
#include "spec_int.h"

#include <stdio.h>

#include "base/check.h"
#include "when/stamp.h"
#include "when_int.h"

/* The field of a fault in the text's own zone, TZ= or ;TZID=; "timezone" is the request's. */
#define IN_TEXT "TZ"

static enum when_err fail(struct when_fault *out_fault, enum when_err e, size_t n,
			  const char *field)
{
	if (out_fault)
		*out_fault = (struct when_fault){ .err = e, .len = (unsigned)n, .field = field };
	return e;
}

/* The zone that a text names, and how it is said that the request names another. */
struct named {
	struct slice text, zone; /* zone: absent, or a part of text */
	enum when_err conflict;
};

static enum when_err in_text(struct when_fault *out_fault, enum when_err e, const struct named *in)
{
	(void)fail(out_fault, e, in->zone.n, IN_TEXT);
	if (out_fault && in->zone.p >= in->text.p && in->zone.p < in->text.p + in->text.n)
		out_fault->at = (unsigned)(in->zone.p - in->text.p);
	return e;
}

/* The zone that the request or, if it is silent, the text names. */
static enum when_err zone_choose(const struct spec_ask *ask, const struct named *in,
				 const struct tz **out_zone, struct when_fault *out_fault)
{
	const struct tz *asked = ask->timezone.p ? tz_find(ask->zones, ask->timezone) : NULL;

	*out_zone = asked ? asked : tz_utc();
	if (ask->timezone.p && !asked)
		return fail(out_fault, WHEN_TIMEZONE_UNKNOWN, ask->timezone.n, "timezone");
	if (!in || !in->zone.p)
		return WHEN_OK;
	const struct tz *named = tz_find(ask->zones, in->zone);

	if (!named)
		return in_text(out_fault, WHEN_TIMEZONE_UNKNOWN, in);
	if (asked && strcmp(tz_name(asked), tz_name(named)) != 0)
		return in_text(out_fault, in->conflict, in);
	*out_zone = named;
	return WHEN_OK;
}

/* An empty spec. */
static enum when_err begin(const struct spec_ask *ask, const struct named *in,
			   struct spec *out_spec, struct when_fault *out_fault)
{
	const struct tz *zone;
	enum when_err e = zone_choose(ask, in, &zone, out_fault);

	if (!e)
		*out_spec = (struct spec){
			.dst = ask->dst, .tz = zone, .start_at = SPEC_NO_START, .end_at = USEC_NEVER
		};
	return e;
}

enum when_err spec_set_every(const struct spec_ask *ask, usec_t every, struct spec *out_spec,
			     struct when_fault *out_fault)
{
	struct spec s;
	enum when_err e;

	if (every < SPEC_EVERY_MIN || every > SPEC_EVERY_MAX)
		return fail(out_fault, WHEN_INTERVAL_RANGE, 0, "every");
	if ((e = begin(ask, NULL, &s, out_fault)))
		return e;
	s.kind = SPEC_EVERY;
	s.anchor = ask->anchor;
	s.every = every;
	*out_spec = s;
	return WHEN_OK;
}

enum when_err spec_parse_every(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			       struct when_fault *out_fault)
{
	usec_t every;
	enum when_err e = interval_parse(text, &every, out_fault);

	return e ? e : spec_set_every(ask, every, out_spec, out_fault);
}

/* What a clock change makes of a local time: A1, unless the policy names another instant. A time with
 * an offset means one instant, whatever the clock does. */
static void apply_change(struct spec *s, struct slice text)
{
	usec_t at, wall;

	if (stamp_parse(text, &at) == WHEN_OK || stamp_parse_in(text, tz_utc(), &wall) != WHEN_OK)
		return;
	struct tz_local l = tz_from_local(s->tz, wall / SEC);

	if (l.kind == TZ_GAP) {
		s->once_touch = DST_GAP;
		if (s->dst.gap == DST_GAP_FIRE && l.first - l.second <= CRON_BIG_GAP)
			s->once = l.at * SEC;
	} else if (l.kind == TZ_FOLD) {
		bool is_second = s->dst.overlap == DST_OVERLAP_SECOND;

		s->once_touch = is_second ? DST_SECOND : DST_FIRST;
		s->once += is_second ? (l.second - l.first) * SEC : 0;
	}
}

enum when_err spec_parse_once(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			      struct when_fault *out_fault)
{
	struct spec s;
	enum when_err e = begin(ask, NULL, &s, out_fault);

	if (e)
		return e;
	if ((e = stamp_parse_in(text, s.tz, &s.once)))
		return fail(out_fault, e, text.n, "at");
	s.kind = SPEC_ONCE;
	apply_change(&s, text);
	*out_spec = s;
	return WHEN_OK;
}

enum when_err spec_parse_cron(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			      struct when_fault *out_fault)
{
	struct cron_parsed parsed;
	struct spec s;
	enum when_err e = cron_parse(text, ask->seed, &parsed, out_fault);

	if (e)
		return e;
	struct named in = { text, parsed.timezone, WHEN_CRON_TIMEZONE_CONFLICT };

	if ((e = begin(ask, &in, &s, out_fault)))
		return e;
	s.kind = parsed.every > 0 ? SPEC_EVERY : SPEC_CRON;
	s.anchor = ask->anchor;
	s.every = parsed.every;
	s.cron = parsed.cron;
	*out_spec = s;
	return WHEN_OK;
}

enum when_err spec_parse_rrule(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			       struct when_fault *out_fault)
{
	struct named in = { text, rrule_zone(text), WHEN_RRULE_TIMEZONE_CONFLICT };
	struct spec s;
	enum when_err e = begin(ask, &in, &s, out_fault);

	ASSERT(ask->arena);
	if (e)
		return e;
	struct rrule_ask more = { .zone = s.tz,
				  .anchor = ask->anchor,
				  .last = ask->last ? ask->last : USEC_NEVER,
				  .dst = ask->dst,
				  .arena = ask->arena };

	if ((e = rrule_parse(&more, text, &s.rrule, out_fault)))
		return e;
	s.kind = SPEC_RRULE;
	s.anchor = ask->anchor;
	*out_spec = s;
	return WHEN_OK;
}

enum when_err spec_parse(const struct spec_ask *ask, enum spec_kind kind, struct slice text,
			 struct spec *out_spec, struct when_fault *out_fault)
{
	switch (kind) {
	case SPEC_CRON:
		return spec_parse_cron(ask, text, out_spec, out_fault);
	case SPEC_EVERY:
		return spec_parse_every(ask, text, out_spec, out_fault);
	case SPEC_ONCE:
		return spec_parse_once(ask, text, out_spec, out_fault);
	default:
		return spec_parse_rrule(ask, text, out_spec, out_fault);
	}
}

const char *spec_kind_name(enum spec_kind kind)
{
	static const char *const names[] = { "cron", "every", "at", "rrule" };

	return (unsigned)kind < SPEC_KINDS ? names[kind] : "unknown";
}

/* ---- which kind a text is ---- */

/* The text begins like the picture: 9 stands for any digit, a letter for either case of it. */
static bool begins(struct slice text, const char *picture)
{
	for (size_t i = 0; picture[i]; i++)
		if (i >= text.n
		    || (picture[i] == '9' ? !is_digit(text.p[i]) : lower(text.p[i]) != picture[i]))
			return false;
	return true;
}

enum spec_kind spec_guess(struct slice text)
{
	static const struct {
		const char *picture;
		enum spec_kind kind;
	} forms[] = {
		{ "freq=", SPEC_RRULE },  { "rrule", SPEC_RRULE }, { "dtstart", SPEC_RRULE },
		{ "exdate", SPEC_RRULE }, { "rdate", SPEC_RRULE }, { "p9", SPEC_EVERY },
		{ "pt9", SPEC_EVERY },    { "every", SPEC_EVERY }, { "each", SPEC_EVERY },
		{ "9999-9", SPEC_ONCE },
	};
	usec_t every;

	while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t')) {
		text.p++;
		text.n--;
	}
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (begins(text, forms[i].picture))
			return forms[i].kind;
	return begins(text, "9") && interval_parse(text, &every, NULL) != WHEN_DURATION_SYNTAX
		     ? SPEC_EVERY
		     : SPEC_CRON;
}

usec_t spec_jitter(uint64_t seed, usec_t jitter, usec_t at)
{
	char text[48];
	int n = snprintf(text, sizeof text, "%llu:%lld", (unsigned long long)seed, (long long)at);
	uint64_t hash = cron_seed((struct slice){ text, (size_t)n });

	return jitter > 0 ? (usec_t)(hash % ((uint64_t)(jitter / MSEC) + 1)) * MSEC : 0;
}

/* ---- when next ---- */

/* I1: the first anchor + k * every after t, k >= 0. */
static usec_t every_after(const struct spec *s, usec_t t)
{
	ASSERT(s->every > 0);
	if (t < s->anchor)
		return s->anchor;
	uint64_t gone = (uint64_t)t - (uint64_t)s->anchor; /* the difference may pass INT64_MAX */
	uint64_t left = (uint64_t)s->every - gone % (uint64_t)s->every;

	return left > (uint64_t)USEC_NEVER - (uint64_t)t ? USEC_NEVER : t + (usec_t)left;
}

usec_t spec_base_next(const struct spec *s, usec_t after, struct tz_hint *hint)
{
	switch (s->kind) {
	case SPEC_CRON:
		return cron_next(&s->cron, s->tz, s->dst, after, hint);
	case SPEC_EVERY:
		return every_after(s, after);
	case SPEC_ONCE:
		return s->once > after ? s->once : USEC_NEVER;
	case SPEC_RRULE:
		return rrule_next(s->rrule, after, hint);
	default:
		return USEC_NEVER;
	}
}

enum dst_touch spec_base_touch(const struct spec *s, usec_t at)
{
	switch (s->kind) {
	case SPEC_CRON:
		return cron_touch(&s->cron, s->tz, s->dst, at);
	case SPEC_ONCE:
		return s->once_touch;
	case SPEC_RRULE:
		return rrule_touch(s->rrule, at);
	default:
		return DST_NONE;
	}
}

static bool is_adjusted(const struct spec *s)
{
	return s->calendar && s->adjust != ADJUST_NONE;
}

usec_t spec_next(const struct spec *s, usec_t after, struct tz_hint *hint)
{
	usec_t t = after;

	if (s->start_at != SPEC_NO_START && t < s->start_at)
		t = s->start_at - 1;
	usec_t next = is_adjusted(s) ? spec_adjusted_next(s, t, hint) : spec_base_next(s, t, hint);

	return next > s->end_at ? USEC_NEVER : next;
}

usec_t spec_first(const struct spec *s, usec_t from, struct tz_hint *hint)
{
	return spec_next(s, from > INT64_MIN ? from - 1 : from, hint);
}

enum dst_touch spec_touch(const struct spec *s, usec_t at)
{
	return is_adjusted(s) ? spec_adjusted_touch(s, at) : spec_base_touch(s, at);
}

static unsigned every_count(const struct spec *s, usec_t first, usec_t to, unsigned most)
{
	uint64_t more = ((uint64_t)to - (uint64_t)first) / (uint64_t)s->every;

	return more >= most ? most : (unsigned)more + 1;
}

unsigned spec_count(const struct spec *s, usec_t from, usec_t to, unsigned most)
{
	struct tz_hint hint = { 0 };
	usec_t last = to < s->end_at ? to : s->end_at;
	usec_t at = spec_first(s, from, &hint);
	unsigned n = 0;

	if (at == USEC_NEVER || at > last || most == 0)
		return 0;
	if (s->kind == SPEC_EVERY && !is_adjusted(s))
		return every_count(s, at, last, most);
	for (; n < most && at <= last && at != USEC_NEVER; n++)
		at = spec_next(s, at, &hint);
	return n;
}
