/* What people should hear about a schedule before it surprises them. Clock changes are not judged
 * by rules of their own: the schedule is asked what it does around each one, with its calendar, its
 * window and its policy, and that is what the sentence says. */
#include <stdio.h>

#include "rrule_int.h"
#include "spec_int.h"
#include "when_int.h"

/* A schedule with more occurrences within one clock change is not followed through all of them. */
enum { STEPS_MAX = 100 };
enum { AHEAD_YEARS = 30, YEAR_SECONDS = 31556952, TIME_MAX = 16 };

/* codes */
static const struct {
	const char *code, *text;
} oddities[ODD_COUNT] = {
	[ODD_STAR_STEP_DAYS] = { "cron_star_step_days",
				 "Day of month and day of week are both restricted, a step of a star "
				 "being a restriction too: a day that matches either of them is taken." },
	[ODD_UNEVEN_STEP] = { "cron_uneven_step",
			      "The step does not divide its field evenly: it starts again with the "
			      "field, so the last interval is shorter." },
	[ODD_SKIPS_MONTHS] = { "cron_skips_months",
			       "Some months have no such day, and are left out." },
	[ODD_DST_GAP] = { "dst_gap", NULL },
	[ODD_DST_OVERLAP] = { "dst_overlap", NULL },
	[ODD_RRULE_DTSTART] = { "rrule_dtstart",
				"DTSTART does not match the rule: it is no occurrence." },
	[ODD_RRULE_NO_DTSTART] = { "rrule_no_dtstart",
				   "Without a DTSTART the rule begins when the schedule was made." },
	[ODD_RRULE_SKIPS] = { "rrule_skips",
			      "Some months or years have no such day, and are left out." },
	[ODD_HASH] = { "cron_hash",
		       "H stands for a value made of the schedule's id: each schedule has times of "
		       "its own, not those that are shown before it is made." },
	[ODD_OVER] = { "no_next_run", "There is no occurrence any more." },
	[ODD_CALENDAR_NEVER] = { "calendar_never",
				 "The calendar leaves nothing: every occurrence is on a closed day." },
};

/* What the parsers noticed. */
static const struct {
	enum spec_kind kind;
	unsigned bit;
	enum spec_oddity what;
} parsed_as[] = {
	{ SPEC_CRON, CRON_WARN_STAR_STEP_DAYS, ODD_STAR_STEP_DAYS },
	{ SPEC_CRON, CRON_WARN_UNEVEN_STEP, ODD_UNEVEN_STEP },
	{ SPEC_CRON, CRON_WARN_SKIPS_MONTHS, ODD_SKIPS_MONTHS },
	{ SPEC_CRON, CRON_WARN_HASH, ODD_HASH },
	{ SPEC_RRULE, RRULE_WARN_DTSTART, ODD_RRULE_DTSTART },
	{ SPEC_RRULE, RRULE_WARN_NO_DTSTART, ODD_RRULE_NO_DTSTART },
	{ SPEC_RRULE, RRULE_WARN_SKIPS, ODD_RRULE_SKIPS },
};

struct warnings {
	const struct spec *s;
	struct spec_warning *out;
	unsigned n;
};

static void add(struct warnings *w, enum spec_oddity what, usec_t at)
{
	const char *code = oddities[what].code;

	if (w->s->kind == SPEC_CRON && what == ODD_DST_GAP)
		code = "cron_dst_gap";
	if (w->s->kind == SPEC_CRON && what == ODD_DST_OVERLAP)
		code = "cron_dst_overlap";
	w->out[w->n++] = (struct spec_warning){ what, code, at };
}

static void add_parsed(struct warnings *w, struct slice text)
{
	struct cron_parsed parsed = { .warnings = 0 };
	bool is_cron = w->s->kind == SPEC_CRON;
	unsigned bits = w->s->kind == SPEC_RRULE ? rrule_warnings(w->s->rrule) : 0;

	if (is_cron && cron_parse(text, 0, &parsed, NULL) == WHEN_OK)
		bits = parsed.warnings;
	/* Where there is none, what it does not match needs no words. */
	if (bits & RRULE_WARN_NO_DTSTART && !is_cron)
		bits &= ~(unsigned)RRULE_WARN_DTSTART;
	for (unsigned i = 0; i < sizeof parsed_as / sizeof parsed_as[0]; i++)
		if (parsed_as[i].kind == w->s->kind && bits & parsed_as[i].bit)
			add(w, parsed_as[i].what, USEC_NEVER);
}

/* ---- clock changes ---- */

/* Names times of day, which a clock can skip or show twice: D1 fixed, R1, an instant. */
static bool names_times(const struct spec *s)
{
	struct rrule_parts parts;

	if (s->kind == SPEC_CRON)
		return s->cron.flags & CRON_FIXED;
	if (s->kind != SPEC_RRULE)
		return s->kind == SPEC_ONCE;
	rrule_parts(s->rrule, &parts);
	return parts.freq <= RRULE_DAILY;
}

/* The first occurrence in [from, until) with one of two touches. *io_next: what the schedule was last
 * seen to come to, from before `from`. Where a calendar leaves little, each look for it takes long. */
static usec_t touched(const struct spec *s, usec_t from, usec_t until, unsigned touches,
		      usec_t *io_next)
{
	struct tz_hint hint = { 0 };

	if (*io_next >= until)
		return USEC_NEVER;
	*io_next = spec_first(s, from, &hint);
	for (unsigned i = 0; *io_next < until && i < STEPS_MAX; i++) {
		if (touches >> spec_touch(s, *io_next) & 1)
			return *io_next;
		*io_next = spec_next(s, *io_next, &hint);
	}
	return USEC_NEVER;
}

/* What the change at the beginning of this stretch touches. */
static usec_t touched_by(const struct spec *s, const struct tz_span *span, usec_t from,
			 usec_t *io_next)
{
	usec_t change = span->from * SEC, moved = (span->offset - span->before) * SEC;
	usec_t length = moved > 0 ? moved : -moved, begin = moved > 0 ? change : change - length;
	unsigned touches = moved > 0 ? 1u << DST_GAP : 1u << DST_FIRST | 1u << DST_SECOND;

	return touched(s, begin > from ? begin : from, change + length, touches, io_next);
}

static void add_touched(struct warnings *w, usec_t from)
{
	const struct tz *z = w->s->tz;
	struct spec firing = *w->s;
	struct rrule rule;
	usec_t found[2] = { USEC_NEVER, USEC_NEVER }, next = from;
	int64_t last = from / SEC + (int64_t)AHEAD_YEARS * YEAR_SECONDS;

	/* A time that is left out is seen where it would have been made up for. */
	if (firing.dst.gap == DST_GAP_SKIP)
		firing.dst.gap = DST_GAP_RULE;
	if (firing.kind == SPEC_RRULE && firing.rrule->dst.gap == DST_GAP_SKIP) {
		rule = *firing.rrule;
		rule.dst.gap = DST_GAP_RULE;
		firing.rrule = &rule;
	}
	for (unsigned i = tz_row_at(z, from / SEC, NULL); i < z->count; i++) {
		struct tz_span span = tz_row_span(z, i);
		bool is_fold = span.offset < span.before;

		if (span.from == INT64_MIN)
			continue;
		if (span.from > last)
			break;
		if (found[is_fold] == USEC_NEVER)
			found[is_fold] = touched_by(&firing, &span, from, &next);
	}
	if (found[0] != USEC_NEVER)
		add(w, ODD_DST_GAP, found[0]);
	if (found[1] != USEC_NEVER)
		add(w, ODD_DST_OVERLAP, found[1]);
}

/* An interval expression of which a gap leaves nothing on its day: D2 does not make up for it. */
static bool loses_day(const struct cron *c, const struct tz_span *span)
{
	static const struct dst_policy none = { DST_GAP_RULE, DST_OVERLAP_RULE };
	int64_t begin = span->from + span->before, end = span->from + span->offset;
	int64_t day = begin - begin % CIVIL_DAY_SECONDS;
	usec_t first = cron_next(c, tz_utc(), none, (day - 1) * SEC, NULL);
	usec_t later = cron_next(c, tz_utc(), none, (end - 1) * SEC, NULL);

	return first >= begin * SEC && first < end * SEC
	    && later >= (day + CIVIL_DAY_SECONDS) * SEC;
}

static void add_lost_day(struct warnings *w, usec_t from)
{
	const struct tz *z = w->s->tz;
	int64_t last = from / SEC + (int64_t)AHEAD_YEARS * YEAR_SECONDS;

	for (unsigned i = tz_row_at(z, from / SEC, NULL) + 1; i < z->count; i++) {
		struct tz_span span = tz_row_span(z, i);

		if (span.from > last)
			return;
		if (span.offset > span.before && span.from > 0 && loses_day(&w->s->cron, &span)) {
			add(w, ODD_DST_GAP, span.from * SEC);
			return;
		}
	}
}

/* Nothing comes: is it the calendar that leaves nothing, or has all of it been? */
static void add_nothing(struct warnings *w, usec_t from)
{
	struct spec open = *w->s;

	open.end_at = USEC_NEVER;
	if (spec_first(w->s, from, NULL) != USEC_NEVER)
		return;
	bool is_shut = open.calendar && spec_first(&open, from, NULL) == USEC_NEVER;
	open.calendar = NULL;
	if (is_shut && spec_first(&open, from, NULL) != USEC_NEVER)
		add(w, ODD_CALENDAR_NEVER, USEC_NEVER);
	else
		add(w, ODD_OVER, USEC_NEVER);
}

unsigned spec_warnings(const struct spec *s, struct slice text, usec_t from,
		       struct spec_warning out[ODD_COUNT])
{
	struct warnings w = { .s = s, .out = out };

	add_parsed(&w, text);
	if (names_times(s))
		add_touched(&w, from);
	else if (s->kind == SPEC_CRON)
		add_lost_day(&w, from);
	add_nothing(&w, from);
	return w.n;
}

/* ---- sentences ---- */

struct wall {
	struct civil date;
	char time[TIME_MAX]; /* "02:30", "02:30:15" */
};

static struct wall wall_of(int64_t wall_s)
{
	int32_t day = (int32_t)(wall_s / CIVIL_DAY_SECONDS - (wall_s % CIVIL_DAY_SECONDS < 0));
	unsigned s = (unsigned)(wall_s - (int64_t)day * CIVIL_DAY_SECONDS);
	struct wall w = { .date = civil_from_days(day) };

	(void)snprintf(w.time, sizeof w.time, s % 60 ? "%02u:%02u:%02u" : "%02u:%02u", s / 3600,
		       s / 60 % 60, s % 60);
	return w;
}

static void print_date(struct civil date, struct strbuf *out)
{
	strbuf_addf(out, "On %04d-%02u-%02u ", date.year, date.month, date.day);
}

/* The skipped time that the occurrence makes up for, on the wall clock in seconds. */
static int64_t skipped_time(const struct spec *s, usec_t at, const struct tz_span *span)
{
	static const struct dst_policy none = { DST_GAP_RULE, DST_OVERLAP_RULE };
	int64_t skipped = at / SEC + span->before, named = skipped;

	/* At the gap's end: the first time that it is fired for, or one that was moved there. */
	if (s->kind == SPEC_CRON && at / SEC == span->from)
		named = cron_next(&s->cron, tz_utc(), none, (skipped - 1) * SEC, NULL) / SEC;
	if (s->kind == SPEC_RRULE && at / SEC == span->from)
		named = rrule_wall_next(s->rrule, skipped);
	return named < span->from + span->offset ? named : skipped;
}

static void print_gap(const struct spec *s, usec_t at, struct strbuf *out)
{
	struct tz_span span = tz_span_at(s->tz, at / SEC, NULL);
	struct wall from = wall_of(skipped_time(s, at, &span));
	struct wall run = wall_of(at / SEC + span.offset);

	print_date(from.date, out);
	strbuf_addf(out, "the clock skips %s", from.time);
	if (spec_first(s, at, NULL) != at || spec_touch(s, at) != DST_GAP)
		strbuf_adds(out, ": this does not run then.");
	else
		strbuf_addf(out, ": this runs at %s%s.", run.time,
			    run.date.day == from.date.day ? "" : " of the day after");
}

static void print_overlap(const struct spec *s, usec_t at, struct strbuf *out)
{
	struct tz_hint hint = { 0 };
	struct tz_span span = tz_span_at(s->tz, at / SEC, &hint);
	struct wall wall = wall_of(at / SEC + span.offset);
	usec_t again = at + (span.offset - span.after) * SEC;
	const char *which = "at the first";

	if (spec_touch(s, at) == DST_SECOND)
		which = "at the second";
	else if (spec_first(s, again, &hint) == again && spec_touch(s, again) == DST_SECOND)
		which = "both times";
	print_date(wall.date, out);
	strbuf_addf(out, "%s happens twice: this runs %s.", wall.time, which);
}

void spec_warning_print(const struct spec *s, const struct spec_warning *w, struct strbuf *out)
{
	if (w->what == ODD_DST_GAP)
		print_gap(s, w->at, out);
	else if (w->what == ODD_DST_OVERLAP)
		print_overlap(s, w->at, out);
	else
		strbuf_adds(out, oddities[w->what].text);
}
