/* What a business calendar does to a schedule. By definition: every base occurrence (of the kind
 * alone) has a reading, the wall clock it is meant for. Is the reading's date open, it happens when
 * it would; is it closed, the date is adjusted and the reading on its new date is an instant by A1
 * (an offset before a gap, the first of two). Those instants, each once, are the occurrences.
 *
 * The search visits the dates that have base occurrences, in order, each once, from the first one
 * that can be moved beyond `after`; on an open date it takes the first base occurrence, of a closed
 * one the earliest that is moved beyond `after`. Moving keeps the order of dates, so it ends where
 * even the midnight that a date is moved to is not before the best that was found. With SKIP a
 * closed stretch is one step. */
#include "rrule_int.h"
#include "spec_int.h"
#include "when_int.h"

#define NOWHERE USEC_NEVER

/* Where the calendar has closed days; a long stretch of them at its ends included. Beyond, and for
 * wall clocks that would not fit, nothing is moved. */
#define FIRST_MOVED (-(CALENDAR_CLOSED_MAX + 2) * DAY)
#define LAST_MOVED ((CALENDAR_DAYS + 2) * DAY)

static int64_t floor_second(usec_t t)
{
	return t / SEC - (t % SEC < 0);
}

static int32_t day_of(usec_t wall)
{
	return (int32_t)(wall / DAY - (wall % DAY < 0));
}

static usec_t midnight(int32_t day)
{
	return day * DAY;
}

/* The first instant at which the clock shows this day or a later one. */
static usec_t day_begin(const struct tz *z, int32_t day)
{
	struct tz_local l = tz_from_local(z, (int64_t)day * CIVIL_DAY_SECONDS);

	return (l.kind == TZ_GAP ? l.at : l.first) * SEC;
}

/* ---- readings ---- */

/* A skipped time counts as meant if it is of the date on which it is made up for; a time that the
 * expression names itself stays what it is. */
static usec_t skipped_reading(const struct spec *s, usec_t at, const struct tz_span *span)
{
	static const struct dst_policy none = { DST_GAP_RULE, DST_OVERLAP_RULE };
	usec_t shown = at + span->offset * SEC, skipped = at + span->before * SEC;

	if (s->kind == SPEC_CRON) {
		if (cron_next(&s->cron, tz_utc(), none, shown - 1, NULL) == shown)
			return shown;
		skipped = cron_next(&s->cron, tz_utc(), none, skipped - 1, NULL);
	}
	if (s->kind == SPEC_RRULE && s->dst.gap == DST_GAP_FIRE) {
		if (rrule_wall_next(s->rrule, shown / SEC) * SEC == shown)
			return shown;
		skipped = rrule_wall_next(s->rrule, skipped / SEC) * SEC;
	}
	return day_of(skipped) == day_of(shown) ? skipped : shown;
}

static bool is_behind_gap(const struct tz_span *span, usec_t at)
{
	return span->offset > span->before && at < (span->from + span->offset - span->before) * SEC;
}

usec_t spec_reading(const struct spec *s, usec_t at, struct tz_hint *hint)
{
	struct tz_span span = tz_span_at(s->tz, floor_second(at), hint);

	if (is_behind_gap(&span, at) && spec_base_touch(s, at) == DST_GAP)
		return skipped_reading(s, at, &span);
	return at + span.offset * SEC;
}

/* ---- one closed date ---- */

/* A date that is moved, and where to. */
struct move {
	const struct spec *s;
	int32_t source, target;
	struct tz_hint *hint;
};

/* Only these make up for skipped times. */
static bool makes_up(const struct spec *s, const struct tz_span *span)
{
	if (s->kind == SPEC_CRON)
		return s->cron.flags & CRON_FIXED && span->offset - span->before <= CRON_BIG_GAP;
	return s->kind != SPEC_EVERY;
}

/* The earliest reading of the source date in this stretch of the zone, not before `low`. More than
 * one step only behind a gap, where readings that are made up for stand among the others, earlier
 * by no more than the gap's length. */
static usec_t reading_in_span(const struct move *m, const struct tz_span *span, usec_t low)
{
	usec_t best = NOWHERE;
	usec_t at = low - span->offset * SEC;

	if (span->from > INT64_MIN && at < span->from * SEC)
		at = span->from * SEC;
	at = spec_base_next(m->s, at - 1, m->hint);
	while (at != USEC_NEVER && floor_second(at) < span->until) {
		usec_t reading = spec_reading(m->s, at, m->hint);

		if (reading >= low && reading < best && day_of(reading) == m->source)
			best = reading;
		if (!is_behind_gap(span, at) || !makes_up(m->s, span)
		    || at + span->before * SEC >= best)
			break;
		at = spec_base_next(m->s, at, m->hint);
	}
	return best;
}

/* The earliest reading of the source date, not before `low`, which lies on that date. */
static usec_t reading_from(const struct move *m, usec_t low)
{
	const struct tz *z = m->s->tz;
	int64_t begin = floor_second(low), end = (int64_t)(m->source + 1) * CIVIL_DAY_SECONDS;
	usec_t best = NOWHERE;
	unsigned i = tz_row_at(z, tz_from_local(z, begin).first, m->hint);

	/* No stretch before this one shows such a time; one behind it may show it again. */
	for (; i < z->count; i++) {
		struct tz_span span = tz_row_span(z, i);
		int32_t least = span.before < span.offset ? span.before : span.offset;

		if (span.from > INT64_MIN && span.from + least >= end)
			break;
		if (span.until < INT64_MAX && span.until + span.offset <= begin)
			continue;
		usec_t found = reading_in_span(m, &span, low);

		best = found < best ? found : best;
	}
	return best;
}

/* The first instant after `after` that the source date is moved to. A1 reads the target date with
 * one offset up to a clock change, gap included, and with another from then on. */
static usec_t moved_after(const struct move *m, usec_t after)
{
	const struct tz *z = m->s->tz;
	usec_t best = NOWHERE, shift = midnight(m->target) - midnight(m->source);
	usec_t begin = midnight(m->target), end = begin + DAY;
	unsigned i = tz_row_at(z, tz_from_local(z, begin / SEC).first, m->hint);

	for (i -= i > 0; i < z->count && begin < end; i++) {
		struct tz_span span = tz_row_span(z, i);
		int32_t most = span.offset > span.after ? span.offset : span.after;
		usec_t until = span.until == INT64_MAX ? end : (span.until + most) * SEC;
		usec_t low = after + 1 + span.offset * SEC;

		if (until <= begin)
			continue;
		low = low > begin ? low : begin;
		until = until < end ? until : end;
		usec_t reading = low < until ? reading_from(m, low - shift) : NOWHERE;

		if (reading != NOWHERE && reading + shift < until
		    && reading + shift - span.offset * SEC < best)
			best = reading + shift - span.offset * SEC;
		begin = until;
	}
	return best;
}

/* ---- all dates ---- */

/* Where the search goes on from base occurrence `at`, done with all dates before `day`. A clock
 * that is put back over midnight shows the date before once more: not to be jumped over. */
static usec_t leave_for(const struct spec *s, int32_t day, usec_t at, struct tz_hint *hint)
{
	struct tz_span span = tz_span_at(s->tz, floor_second(at), hint);
	struct tz_local l = tz_from_local(s->tz, (int64_t)day * CIVIL_DAY_SECONDS);
	usec_t next = day_begin(s->tz, day) - 1;

	if (l.kind == TZ_FOLD && next < at)
		next = l.second * SEC - 1;
	if (span.until < INT64_MAX && span.after < span.offset && next >= span.until * SEC
	    && day_of((span.until + span.after) * SEC) < day_of(at + span.offset * SEC))
		next = span.until * SEC - 1;
	return next > at ? next : at;
}

/* What to ask for first: the earliest date that can be moved to the one `after` lies on, or, if
 * there is none but that, `after` itself. */
static usec_t search_from(const struct spec *s, usec_t after, struct tz_hint *hint)
{
	struct tz_span span = tz_span_at(s->tz, floor_second(after), hint);
	int32_t today = day_of(after + span.offset * SEC), first = today;
	bool moves_on = s->adjust == ADJUST_NEXT || s->adjust == ADJUST_NEAREST;

	if (s->adjust == ADJUST_SKIP)
		return after;
	if (is_behind_gap(&span, after))
		first = day_of(after + span.before * SEC);
	if (moves_on)
		first = calendar_previous_open(s->calendar, first - 1) + 1;
	if (first == today && (!moves_on || calendar_is_open(s->calendar, today)))
		return after;
	return day_begin(s->tz, first) - 1;
}

static usec_t search(const struct spec *s, usec_t after, struct tz_hint *hint)
{
	usec_t best = NOWHERE;
	usec_t at = spec_base_next(s, search_from(s, after, hint), hint);

	while (at != USEC_NEVER && at < LAST_MOVED) {
		struct move m = { .s = s, .hint = hint };
		usec_t from;

		m.source = day_of(spec_reading(s, at, hint));
		m.target = calendar_adjust(s->calendar, s->adjust, m.source);
		if (m.target == CALENDAR_NO_DAY) {
			from = leave_for(s, calendar_next_open(s->calendar, m.source), at, hint);
		} else if (day_begin(s->tz, m.target) >= best) {
			return best;
		} else if (m.target != m.source) {
			usec_t moved = moved_after(&m, after);

			best = moved < best ? moved : best;
			from = leave_for(s, m.source + 1, at, hint);
		} else if (at > after) {
			best = at < best ? at : best;
			if (s->adjust == ADJUST_SKIP)
				return best;
			from = leave_for(s, m.source + 1, at, hint);
		} else {
			from = leave_for(s, m.source + 1, at, hint);
			from = from < after ? from : after;
		}
		at = spec_base_next(s, from, hint);
	}
	return at < best ? at : best;
}

usec_t spec_adjusted_next(const struct spec *s, usec_t after, struct tz_hint *hint)
{
	struct tz_hint own = { 0 };

	if (after < FIRST_MOVED) {
		usec_t at = spec_base_next(s, after, hint);

		if (at < FIRST_MOVED)
			return at;
		after = FIRST_MOVED - 1;
	}
	if (after >= LAST_MOVED)
		return spec_base_next(s, after, hint);
	return search(s, after, hint ? hint : &own);
}

/* ---- what a clock change did ---- */

/* Some closed date is moved to this reading. */
static bool is_moved_to(const struct spec *s, usec_t reading, struct tz_hint *hint)
{
	struct move m = { .s = s, .target = day_of(reading), .hint = hint };
	int32_t last = calendar_next_open(s->calendar, m.target + 1) - 1;

	m.source = calendar_previous_open(s->calendar, m.target - 1) + 1;
	for (; m.source <= last; m.source++) {
		usec_t before = reading - midnight(m.target) + midnight(m.source);

		if (m.source != m.target
		    && calendar_adjust(s->calendar, s->adjust, m.source) == m.target
		    && reading_from(&m, before) == before)
			return true;
	}
	return false;
}

enum dst_touch spec_adjusted_touch(const struct spec *s, usec_t at)
{
	struct tz_hint hint = { 0 };
	struct tz_span span = tz_span_at(s->tz, floor_second(at), &hint);
	usec_t shown = at + span.offset * SEC;

	if (spec_base_next(s, at - 1, &hint) == at
	    && calendar_is_open(s->calendar, day_of(spec_reading(s, at, &hint))))
		return spec_base_touch(s, at);
	if (is_behind_gap(&span, at) && !is_moved_to(s, shown, &hint))
		return DST_GAP;
	return tz_from_local(s->tz, floor_second(shown)).kind == TZ_FOLD ? DST_FIRST : DST_NONE;
}
