/* One type for every schedule, one function for "when next". */
#include "when/spec.h"

#include "base/check.h"
#include "when/duration.h"
#include "when/stamp.h"

/* The field of a fault in a TZ= prefix; "timezone" is the request's. */
#define IN_TEXT "TZ"

static enum when_err fail(struct when_fault *out_fault, enum when_err e, size_t n,
			  const char *field)
{
	if (out_fault)
		*out_fault = (struct when_fault){ .err = e, .len = (unsigned)n, .field = field };
	return e;
}

/* An empty spec of the zone that the request or, if it is silent, the text names. */
static enum when_err begin(const struct spec_ask *ask, struct slice in_text, struct spec *out_spec,
			   struct when_fault *out_fault)
{
	const struct tz *asked = ask->timezone.p ? tz_find(ask->zones, ask->timezone) : NULL;
	const struct tz *named = in_text.p ? tz_find(ask->zones, in_text) : NULL;

	if (ask->timezone.p && !asked)
		return fail(out_fault, WHEN_TIMEZONE_UNKNOWN, ask->timezone.n, "timezone");
	if (in_text.p && !named)
		return fail(out_fault, WHEN_TIMEZONE_UNKNOWN, in_text.n, IN_TEXT);
	if (asked && named && strcmp(tz_name(asked), tz_name(named)) != 0)
		return fail(out_fault, WHEN_CRON_TIMEZONE_CONFLICT, in_text.n, IN_TEXT);
	*out_spec = (struct spec){ .dst = ask->dst, .tz = asked ? asked
				       : named ? named
					       : tz_utc(),
				   .start_at = SPEC_NO_START,
				   .end_at = USEC_NEVER };
	return WHEN_OK;
}

enum when_err spec_set_every(const struct spec_ask *ask, usec_t every, struct spec *out_spec,
			     struct when_fault *out_fault)
{
	static const struct slice none = { NULL, 0 };
	struct spec s;
	enum when_err e;

	if (every < SPEC_EVERY_MIN || every > SPEC_EVERY_MAX)
		return fail(out_fault, WHEN_INTERVAL_RANGE, 0, "every");
	if ((e = begin(ask, none, &s, out_fault)))
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
	enum when_err e = duration_parse(text, &every);

	if (e == WHEN_DURATION_RANGE)
		e = WHEN_INTERVAL_RANGE;
	if (e)
		return fail(out_fault, e, text.n, "every");
	e = spec_set_every(ask, every, out_spec, out_fault);
	if (e == WHEN_INTERVAL_RANGE && out_fault)
		out_fault->len = (unsigned)text.n;
	return e;
}

enum when_err spec_parse_once(const struct spec_ask *ask, struct slice text, struct spec *out_spec,
			      struct when_fault *out_fault)
{
	static const struct slice none = { NULL, 0 };
	struct spec s;
	enum when_err e = begin(ask, none, &s, out_fault);

	if (e)
		return e;
	if ((e = stamp_parse_in(text, s.tz, &s.once)))
		return fail(out_fault, e, text.n, "at");
	s.kind = SPEC_ONCE;
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
	if ((e = begin(ask, parsed.timezone, &s, out_fault))) {
		if (out_fault && strcmp(out_fault->field, IN_TEXT) == 0)
			out_fault->at = (unsigned)(parsed.timezone.p - text.p);
		return e;
	}
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
	struct spec s;
	enum when_err e = begin(ask, rrule_zone(text), &s, out_fault);

	if (e)
		return e;
	struct rrule_ask more = { s.tz, ask->anchor, ask->last ? ask->last : USEC_NEVER, ask->dst, ask->arena };
	if ((e = rrule_parse(&more, text, &s.rrule, out_fault)))
		return e;
	s.kind = SPEC_RRULE;
	*out_spec = s;
	return WHEN_OK;
}

enum when_err spec_parse(const struct spec_ask *ask, enum spec_kind kind, struct slice text, struct spec *out_spec,
			 struct when_fault *out_fault)
{
	switch (kind) {
	case SPEC_CRON: return spec_parse_cron(ask, text, out_spec, out_fault);
	case SPEC_EVERY: return spec_parse_every(ask, text, out_spec, out_fault);
	case SPEC_ONCE: return spec_parse_once(ask, text, out_spec, out_fault);
	default: return spec_parse_rrule(ask, text, out_spec, out_fault);
	}
}

enum spec_kind spec_guess(struct slice text) { (void)text; return SPEC_CRON; }
const char *spec_kind_name(enum spec_kind kind) { (void)kind; return "cron"; }
usec_t spec_jitter(uint64_t seed, usec_t jitter, usec_t at) { (void)seed; (void)jitter; (void)at; return 0; }

/* I1: the first anchor + k * every after t, k >= 0. */
static usec_t every_after(const struct spec *s, usec_t t)
{
	ASSERT(s->every > 0);
	if (t < s->anchor)
		return s->anchor;
	uint64_t gone = (uint64_t)t - (uint64_t)s->anchor; /* the difference may pass INT64_MAX */
	uint64_t left = (uint64_t)s->every - gone % (uint64_t)s->every;

	return left > (uint64_t)(USEC_NEVER - t) ? USEC_NEVER : t + (usec_t)left;
}

usec_t spec_next(const struct spec *s, usec_t after, struct tz_hint *hint)
{
	usec_t t = after, next = USEC_NEVER;

	if (s->start_at != SPEC_NO_START && t < s->start_at)
		t = s->start_at - 1;
	switch (s->kind) {
	case SPEC_CRON:
		next = cron_next(&s->cron, s->tz, s->dst, t, hint);
		break;
	case SPEC_EVERY:
		next = every_after(s, t);
		break;
	case SPEC_ONCE:
		next = s->once > t ? s->once : USEC_NEVER;
		break;
	case SPEC_RRULE:
		next = rrule_next(s->rrule, t, hint);
		break;
	default:
		break;
	}
	return next > s->end_at ? USEC_NEVER : next;
}

usec_t spec_first(const struct spec *s, usec_t from, struct tz_hint *hint)
{
	return spec_next(s, from > INT64_MIN ? from - 1 : from, hint);
}

enum dst_touch spec_touch(const struct spec *s, usec_t at)
{
	return s->kind == SPEC_CRON ? cron_touch(&s->cron, s->tz, s->dst, at) : DST_NONE;
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
	if (s->kind == SPEC_EVERY)
		return every_count(s, at, last, most);
	for (; n < most && at <= last && at != USEC_NEVER; n++)
		at = spec_next(s, at, &hint);
	return n;
}
