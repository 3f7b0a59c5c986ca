/* Business calendars against their definition, by brute force: all base occurrences of some weeks,
 * the reading of each, its date moved by walking day by day, all of it sorted; spec_next must give
 * exactly these, from one to the next and asked from anywhere. Zones, clock changes, all kinds.
 * SEED=n repeats a run. */
#include "when/civil.h"
#include "when/rrule_int.h"
#include "when/spec.h"
#include "when/stamp.h"

#include "lib/seed.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIST_MAX = 60000, WINDOW_DAYS = 16, REACH_DAYS = 24, SAMPLES = 700 };

static struct tz_db *zones;
static struct arena *arena;
static usec_t list[LIST_MAX];

static void open_all(void)
{
	seed_open("p_calendar", 20270314);
	zones = tz_db_new(NULL);
	arena = arena_new();
}

static void close_all(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

/* ---- samples ---- */

static const char *const zone_names[] = {
	"UTC",          "America/New_York",     "Europe/Berlin", "Australia/Lord_Howe",
	"America/Nuuk", "America/Santiago",     "Africa/Cairo",  "Antarctica/Troll",
	"Asia/Gaza",    "America/Scoresbysund", "Asia/Kolkata",  "Pacific/Apia",
	"Asia/Beirut",  "America/St_Johns",     "Asia/Tehran",
};

/* %u: an hour, near that of a clock change. */
static const char *const crons[] = {
	"30 %u * * *",      "0,30 %u * * *",      "15 %u,3,12 * * *", "*/20 %u-8 * * *",
	"*/7 * * * *",      "45 %u * * 0,6",      "5 %u 1-15 * *",    "0 0,%u * * *",
	"59 23 * * *",      "30 0 * * 1-5",       "0 */5 * * *",      "10,50 %u * * *",
	"7 30,31 %u * * *", "30 23 * * 0,1,%u-6", "0 9 * * MON#1",    "1-3 20 %u,%u * * 6,0",
};
static const char *const rules[] = {
	"FREQ=DAILY;BYHOUR=%u;BYMINUTE=30;BYSECOND=0",
	"FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=%u,12;BYMINUTE=0,45;BYSECOND=5",
	"FREQ=MONTHLY;BYDAY=SU,MO;BYHOUR=%u;BYMINUTE=15,30;BYSECOND=0",
	"FREQ=HOURLY;INTERVAL=5;BYMINUTE=10;BYSECOND=0",
};

struct sample {
	char text[160];
	struct spec spec;
	struct calendar calendar;
	int64_t from; /* UTC seconds */
};

static void choose_time(struct sample *s, unsigned *out_hour)
{
	const struct tz *z = s->spec.tz;

	s->from = 946684800 + below(2000000000);
	*out_hour = below(24);
	if (below(4) == 0 || tz_span_count(z) < 2)
		return;
	struct tz_span span = tz_span_nth(z, tz_span_count(z) - 1 - below(tz_span_count(z) - 1));

	if (span.from < 473385600 || span.from > 7226582400) /* 1985, 2199 */
		return;
	s->from = span.from - below(WINDOW_DAYS * 86400);
	*out_hour = (unsigned)((span.from + (below(2) ? span.before : span.offset)) % 86400 / 3600);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void print_text(struct sample *s, const char *form, unsigned hour)
{
	(void)snprintf(s->text, sizeof s->text, form, hour % 24, (hour + 1) % 24);
}
#pragma GCC diagnostic pop

static bool parse(struct sample *s, const char *zone, unsigned hour)
{
	struct spec_ask ask = { .zones = zones,
				.timezone = slice_of(zone),
				.anchor = (s->from - 86400 * 40) * SEC + below(3) * 400000,
				.arena = arena };
	enum spec_kind kind = (enum spec_kind)(below(8) < 4 ? SPEC_CRON : 1 + below(3));

	ask.dst.gap = below(2) ? DST_GAP_RULE : (enum dst_gap)below(4);
	ask.dst.overlap = below(2) ? DST_OVERLAP_RULE : (enum dst_overlap)below(4);
	if (kind == SPEC_CRON)
		print_text(s, crons[below(sizeof crons / sizeof crons[0])], hour);
	else if (kind == SPEC_RRULE)
		print_text(s, rules[below(sizeof rules / sizeof rules[0])], hour);
	else if (kind == SPEC_EVERY)
		(void)snprintf(s->text, sizeof s->text, "%u", 600 + below(200000));
	else
		(void)stamp_print((s->from + below(WINDOW_DAYS * 86400)) * SEC, s->text);
	s->text[kind == SPEC_ONCE ? 19 : sizeof s->text - 1] = '\0';
	/* Until the rules are there, a rule that is refused is left out. */
	return spec_parse(&ask, kind, slice_of(s->text), &s->spec, NULL) == WHEN_OK;
}

static void make_calendar(struct sample *s)
{
	static const unsigned weekends[] = { 0x41, 0x41, 0x41, 0x60, 0x01, 0x00, 0x2a, 0x3f };
	struct holiday days[40];
	unsigned n = below(40), run = 0;
	int32_t day = (int32_t)(s->from / 86400);
	int wrong;

	for (unsigned i = 0; i < n; i++) {
		run = below(3) ? run + 1 : below(WINDOW_DAYS + 4);
		struct civil c = civil_from_days(day - 2 + (int32_t)(run % (WINDOW_DAYS + 4)));

		days[i] = (struct holiday){ .kind = HOLIDAY_DATE,
					    .year = c.year,
					    .month = (int)c.month,
					    .day = (int)c.day };
	}
	ck_assert_ptr_null(calendar_build(weekends[below(8)], days, below(3) ? n / 3 : n,
					  &s->calendar, &wrong));
	s->spec.calendar = &s->calendar;
	s->spec.adjust = (enum calendar_adjust)(1 + below(4));
}

static bool make_sample(struct sample *s)
{
	const char *zone = zone_names[below(sizeof zone_names / sizeof zone_names[0])];
	unsigned hour;

	s->spec.tz = tz_find(zones, slice_of(zone));
	choose_time(s, &hour);
	if (!parse(s, zone, hour))
		return false;
	make_calendar(s);
	return true;
}

/* ---- the definition ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static usec_t base_next(const struct spec *s, usec_t after)
{
	struct spec base = *s;

	base.calendar = NULL;
	return spec_next(&base, after, NULL);
}

/* This reading of a wall clock is one that the text names. */
static bool names(const struct spec *s, int64_t wall)
{
	static const struct dst_policy none = { DST_GAP_RULE, DST_OVERLAP_RULE };

	if (s->kind == SPEC_RRULE)
		return rrule_wall_next(s->rrule, wall) == wall;
	return cron_next(&s->cron, tz_utc(), none, (wall - 1) * SEC, NULL) == wall * SEC;
}

static usec_t reading_of(const struct spec *s, usec_t at)
{
	int64_t u = floor_div(at, SEC);
	struct tz_span span = tz_span_at(s->tz, u, NULL);
	struct spec base = *s;
	int64_t shown = u + span.offset, skipped = u + span.before;

	base.calendar = NULL;
	if (spec_touch(&base, at) != DST_GAP)
		return at + span.offset * SEC;
	bool is_fired = s->kind == SPEC_CRON
		     || (s->kind == SPEC_RRULE && s->dst.gap == DST_GAP_FIRE);

	if (is_fired && names(s, shown))
		return shown * SEC;
	while (is_fired && !names(s, skipped))
		skipped++;
	return floor_div(skipped, 86400) == floor_div(shown, 86400) ? skipped * SEC : shown * SEC;
}

static usec_t definition(const struct sample *s, usec_t at)
{
	const struct calendar *c = &s->calendar;
	usec_t reading = reading_of(&s->spec, at);
	int32_t day = (int32_t)floor_div(reading, DAY), next = day, previous = day;

	if (calendar_is_open(c, day))
		return at;
	while (!calendar_is_open(c, next))
		next++;
	while (!calendar_is_open(c, previous))
		previous--;
	switch (s->spec.adjust) {
	case ADJUST_NEXT:
		break;
	case ADJUST_PREVIOUS:
		next = previous;
		break;
	case ADJUST_NEAREST:
		next = next - day < day - previous ? next : previous;
		break;
	default:
		return USEC_NEVER;
	}
	reading += (next - day) * DAY;
	usec_t fraction = reading - floor_div(reading, SEC) * SEC;

	return tz_from_local(s->spec.tz, floor_div(reading, SEC)).first * SEC + fraction;
}

static int by_time(const void *a, const void *b)
{
	usec_t x = *(const usec_t *)a, y = *(const usec_t *)b;

	return x < y ? -1 : x > y;
}

/* All occurrences of the window, ascending, each once. */
static unsigned brute_force(const struct sample *s)
{
	usec_t low = s->from * SEC, high = low + WINDOW_DAYS * DAY;
	unsigned n = 0, kept = 0;

	for (usec_t at = base_next(&s->spec, low - REACH_DAYS * DAY); at < high + REACH_DAYS * DAY;
	     at = base_next(&s->spec, at)) {
		usec_t moved = definition(s, at);

		if (moved <= low || moved > high)
			continue;
		ck_assert_uint_lt(n, LIST_MAX);
		list[n++] = moved;
	}
	qsort(list, n, sizeof list[0], by_time);
	for (unsigned i = 0; i < n; i++)
		if (i == 0 || list[i] != list[i - 1])
			list[kept++] = list[i];
	return kept;
}

static void explain_and_abort(const struct sample *s, usec_t after, usec_t want, usec_t got)
{
	char a[STAMP_MAX], b[STAMP_MAX], c[STAMP_MAX];

	(void)stamp_print_local(after, s->spec.tz, a);
	(void)stamp_print_local(want, s->spec.tz, b);
	(void)stamp_print_local(got, s->spec.tz, c);
	ck_abort_msg("%s in %s (gap %d overlap %d adjust %d) after %s (%lld): %s wanted, %s",
		     s->text, tz_name(s->spec.tz), s->spec.dst.gap, s->spec.dst.overlap,
		     s->spec.adjust, a, (long long)after, b, c);
}

static void compare(const struct sample *s, unsigned n)
{
	struct tz_hint hint = { 0 };
	usec_t high = (s->from + WINDOW_DAYS * 86400) * SEC, t = s->from * SEC;

	for (unsigned i = 0; i <= n; i++) {
		usec_t got = spec_next(&s->spec, t, &hint);

		if (i < n ? got != list[i] : got <= high)
			explain_and_abort(s, t, i < n ? list[i] : USEC_NEVER, got);
		t = got;
	}
	for (unsigned i = 0; i < 20 && n > 0; i++) { /* from anywhere */
		unsigned k = below(n);
		usec_t begin = k > 0 ? list[k - 1] : s->from * SEC;
		usec_t after = begin + (list[k] - begin) / 1000 * below(1000);

		after = after < list[k] ? after : list[k] - 1;
		if (spec_next(&s->spec, after, NULL) != list[k])
			explain_and_abort(s, after, list[k], spec_next(&s->spec, after, NULL));
	}
}

START_TEST(agrees_with_the_definition)
{
	static struct sample s;
	unsigned by_kind[SPEC_KINDS] = { 0 };
	unsigned long total = 0;

	for (unsigned i = 0; i < SAMPLES; i++) {
		if (!make_sample(&s))
			continue;
		unsigned n = brute_force(&s);

		compare(&s, n);
		by_kind[s.spec.kind]++;
		total += n;
	}
	printf("p_calendar: %lu occurrences of %u cron, %u every, %u once, %u rrule\n", total,
	       by_kind[SPEC_CRON], by_kind[SPEC_EVERY], by_kind[SPEC_ONCE], by_kind[SPEC_RRULE]);
	ck_assert_uint_gt(by_kind[SPEC_CRON], SAMPLES / 3);
	ck_assert_uint_gt(total, 10000);
}
END_TEST

Suite *suite_p_calendar(void)
{
	Suite *s = suite_create("p_calendar");
	TCase *tc = tcase_create("p_calendar");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_test(tc, agrees_with_the_definition);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}
