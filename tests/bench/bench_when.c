/* What the time engine costs, one JSON line a figure: {"name": "...", "ns": 12.3} for one call, or
 * "ms" for a whole job; and what it answers, {"name": "...", "sum": 123}, to be compared with the
 * peers' (peers/cron.mjs has the same expressions and instants). Each time is the best of several
 * rounds in processor time, so that a busy machine disturbs it least. Targets: TIME.md section 5.
 * bench_when NAME...: only the figures whose names begin so. Exit status 1: a text was refused. */
#include "when/calendar.h"
#include "when/describe.h"
#include "when/duration.h"
#include "when/nl.h"
#include "when/spec.h"
#include "when/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 7, ANSWERS = 40, SCATTERED_ANSWERS = 1000, PREVIEW = 100, EXDATES = 100 };

#define NY "America/New_York"
#define BAD (-1.0)

static struct tz_db *zones;
static struct arena *arena;
static struct calendar business;
static volatile usec_t sink;

struct job {
	const char *name, *text, *zone;
	unsigned calls;
	enum spec_kind kind; /* cron if left out */
	usec_t from;         /* only where one instant is asked about */
};

static double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- instants, the same as in peers/cron.mjs ---- */

static const usec_t start = 1735689600 * SEC; /* 2025-01-01 */

static uint32_t random_next(uint32_t *state) /* xorshift32 */
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

#define RANDOM_SEED 2463534242u

/* Whole seconds in the 30 years from the start. */
static usec_t somewhen(uint32_t *state)
{
	return start + (usec_t)(random_next(state) % (30u * 365 * 86400)) * SEC;
}

/* ---- compiling ---- */

static bool compile_in(const char *zone, enum spec_kind kind, const char *text, struct spec *out)
{
	struct spec_ask ask = { .zones = zones,
				.timezone = slice_of(zone),
				.anchor = start,
				.last = USEC_NEVER,
				.arena = arena };
	struct when_fault fault;
	enum when_err e = spec_parse(&ask, kind, slice_of(text), out, &fault);

	if (!e && kind == SPEC_RRULE) { /* as the engine does: the last one of COUNT is kept */
		ask.last = rrule_last(out->rrule);
		e = spec_parse(&ask, kind, slice_of(text), out, &fault);
	}
	if (e)
		fprintf(stderr, "refused: %s: %s\n", when_err_name(e), text);
	return !e;
}

static bool compile(const struct job *j, struct spec *out)
{
	return compile_in(j->zone, j->kind, j->text, out);
}

/* ---- next ---- */

static double walk(const struct spec *s, unsigned calls)
{
	struct tz_hint hint = { 0 };
	usec_t t = start;
	double begun = now_ns();

	for (unsigned i = 0; i < calls; i++) {
		t = spec_next(s, t, &hint);
		if (t == USEC_NEVER)
			t = start;
	}
	sink = t;
	return (now_ns() - begun) / calls;
}

static double scatter(const struct spec *s, unsigned calls)
{
	struct tz_hint hint = { 0 };
	uint32_t state = RANDOM_SEED;
	double begun = now_ns();

	for (unsigned i = 0; i < calls; i++)
		sink = spec_next(s, somewhen(&state), &hint);
	return (now_ns() - begun) / calls;
}

static double sequence(const struct job *j)
{
	struct spec s;

	return compile(j, &s) ? walk(&s, j->calls) : BAD;
}

static double scattered(const struct job *j)
{
	struct spec s;

	return compile(j, &s) ? scatter(&s, j->calls) : BAD;
}

static double once(const struct job *j)
{
	struct spec s;

	if (!compile(j, &s))
		return BAD;
	double begun = now_ns();
	for (unsigned i = 0; i < j->calls; i++)
		sink = spec_next(&s, j->from, NULL);
	return (now_ns() - begun) / j->calls;
}

/* What a preview does for each of its runs, but for the JSON. */
static double preview(const struct job *j)
{
	char out[STAMP_MAX];
	struct spec s;

	if (!compile(j, &s))
		return BAD;
	double begun = now_ns();
	for (unsigned i = 0; i < j->calls; i++) {
		struct tz_hint hint = { 0 };
		usec_t at = spec_first(&s, start + i * HOUR, &hint);

		for (unsigned n = 0; n < PREVIEW; n++, at = spec_next(&s, at, &hint))
			sink = (usec_t)stamp_print(at, out)
			     + (usec_t)stamp_print_local(at, s.tz, out) + spec_touch(&s, at);
	}
	return (now_ns() - begun) / j->calls;
}

static double adjusted(const struct job *j, double (*measure)(const struct spec *, unsigned))
{
	struct spec s;

	if (!compile(j, &s))
		return BAD;
	s.calendar = &business;
	s.adjust = ADJUST_NEXT;
	return measure(&s, j->calls);
}

static double adjusted_sequence(const struct job *j)
{
	return adjusted(j, walk);
}

static double adjusted_scattered(const struct job *j)
{
	return adjusted(j, scatter);
}

/* 100 EXDATEs, every third day. */
static double exdates(const struct job *j)
{
	struct strbuf text;
	struct spec s;

	strbuf_init(&text, RRULE_TEXT_MAX);
	strbuf_adds(&text, j->text);
	for (unsigned i = 0; i < EXDATES; i++) {
		struct civil c = civil_from_days((int32_t)(start / DAY) + 3 * (int32_t)i);

		strbuf_addf(&text, "%s%04d%02u%02uT090000", i ? "," : "\nEXDATE:", c.year, c.month,
			    c.day);
	}
	bool is_good = compile_in(j->zone, SPEC_RRULE, text.p, &s);
	strbuf_release(&text);
	if (!is_good)
		return BAD;
	struct tz_hint hint = { 0 };
	usec_t t = start;
	double begun = now_ns();
	for (unsigned i = 0; i < j->calls; i++) {
		t = spec_next(&s, t, &hint);
		if (i % 300 == 299) /* stay where the EXDATEs are */
			t = start;
	}
	sink = t;
	return (now_ns() - begun) / j->calls;
}

/* ---- texts ---- */

static double parse(const struct job *j)
{
	struct cron_parsed p;
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++)
		sink = cron_parse(slice_of(j->text), i, &p, NULL);
	return (now_ns() - begun) / j->calls;
}

static double parse_spec(const struct job *j)
{
	struct spec_ask ask = {
		.zones = zones, .timezone = slice_of(j->zone), .anchor = start, .arena = arena
	};
	struct spec s;

	if (!compile(j, &s))
		return BAD;
	ask.last = s.kind == SPEC_RRULE ? rrule_last(s.rrule) : USEC_NEVER;
	double begun = now_ns();
	for (unsigned i = 0; i < j->calls; i++) {
		sink = spec_parse(&ask, j->kind, slice_of(j->text), &s, NULL);
		arena_reset(arena);
	}
	return (now_ns() - begun) / j->calls;
}

static double words(const struct job *j)
{
	struct strbuf out;
	struct spec s;

	if (!compile(j, &s))
		return BAD;
	strbuf_init(&out, DESCRIBE_MAX);
	double begun = now_ns();
	for (unsigned i = 0; i < j->calls; i++) {
		strbuf_clear(&out);
		describe(&s, slice_of(j->text), true, &out);
	}
	double ns = (now_ns() - begun) / j->calls;
	bool is_good = out.n > 0;
	strbuf_release(&out);
	return is_good ? ns : BAD;
}

static double phrase(const struct job *j)
{
	struct nl_ask ask = { zones, tz_utc(), start, arena };
	struct nl_answer answer;
	unsigned bad = 0;
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++) {
		bad += nl_parse(&ask, slice_of(j->text), &answer, NULL) != WHEN_OK;
		arena_reset(arena);
	}
	return bad ? BAD : (now_ns() - begun) / j->calls;
}

static double stamps_parse(const struct job *j)
{
	usec_t at = 0;
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++) {
		sink = stamp_parse(slice_of(j->text), &at);
		sink = at;
	}
	return (now_ns() - begun) / j->calls;
}

static double stamps_print(const struct job *j)
{
	char out[STAMP_MAX];
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++)
		sink = (usec_t)stamp_print(start + i * HOUR, out);
	return (now_ns() - begun) / j->calls;
}

static double durations(const struct job *j)
{
	usec_t d = 0;
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++) {
		sink = duration_parse(slice_of(j->text), &d);
		sink = d;
	}
	return (now_ns() - begun) / j->calls;
}

/* ---- zones ---- */

static const char *const busy_zones[] = {
	"UTC",
	"America/New_York",
	"America/Chicago",
	"America/Denver",
	"America/Los_Angeles",
	"America/Phoenix",
	"America/Anchorage",
	"America/Toronto",
	"America/Mexico_City",
	"America/Bogota",
	"America/Lima",
	"America/Santiago",
	"America/Sao_Paulo",
	"America/Argentina/Buenos_Aires",
	"America/St_Johns",
	"Atlantic/Azores",
	"Europe/London",
	"Europe/Dublin",
	"Europe/Lisbon",
	"Europe/Berlin",
	"Europe/Paris",
	"Europe/Madrid",
	"Europe/Athens",
	"Europe/Kyiv",
	"Europe/Moscow",
	"Europe/Istanbul",
	"Africa/Cairo",
	"Africa/Casablanca",
	"Africa/Johannesburg",
	"Asia/Jerusalem",
	"Asia/Dubai",
	"Asia/Karachi",
	"Asia/Kolkata",
	"Asia/Bangkok",
	"Asia/Shanghai",
	"Asia/Singapore",
	"Asia/Tokyo",
	"Australia/Sydney",
	"Australia/Lord_Howe",
	"Pacific/Auckland",
};
enum { BUSY_ZONES = sizeof busy_zones / sizeof busy_zones[0] };

static double find(const struct job *j)
{
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++)
		sink = tz_find(zones, slice_of(j->zone)) != NULL;
	return (now_ns() - begun) / j->calls;
}

static double database(const struct job *j)
{
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++)
		tz_db_free(tz_db_new(NULL));
	return (now_ns() - begun) / j->calls;
}

static double zones_load(const struct job *j)
{
	struct tz_db *db = tz_db_new(NULL);
	unsigned n = tz_db_count(db);
	double begun = now_ns();

	(void)j;
	for (unsigned i = 0; i < n; i++)
		sink = tz_find(db, slice_of(tz_db_name(db, i))) != NULL;
	double ns = (now_ns() - begun) / n;
	tz_db_free(db);
	return ns;
}

/* New files: another database, every zone in use looked up in it. */
static double zones_reload(const struct job *j)
{
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++) {
		struct tz_db *db = tz_db_new(NULL);

		for (unsigned k = 0; k < BUSY_ZONES; k++)
			sink = tz_find(db, slice_of(busy_zones[k])) != NULL;
		tz_db_free(db);
	}
	return (now_ns() - begun) / j->calls;
}

/* ---- a million ---- */

/* A million schedules of TEXTS different texts in 40 zones: six in ten cron, three rules, one an
 * interval. */
enum { MILLION = 1000000, TEXTS = 16000, TEXT_ROOM = 96, MILLION_ROUNDS = 3 };

static const struct form {
	enum spec_kind kind;
	const char *format; /* a minute and an hour */
} forms[] = {
	{ SPEC_CRON, "%u %u * * *" },
	{ SPEC_CRON, "*/5 * * * *" },
	{ SPEC_CRON, "%u %u * * MON-FRI" },
	{ SPEC_CRON, "%u * * * *" },
	{ SPEC_CRON, "%u %u L * *" },
	{ SPEC_CRON, "%u %u 1 */3 *" },
	{ SPEC_RRULE, "DTSTART:20250101T090000\nRRULE:FREQ=DAILY;BYMINUTE=%u;BYHOUR=%u" },
	{ SPEC_RRULE,
	  "DTSTART:20250101T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE;BYMINUTE=%u;BYHOUR=%u" },
	{ SPEC_RRULE,
	  "DTSTART:20250101T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;BYMINUTE=%u;BYHOUR=%u" },
	{ SPEC_EVERY, "PT%uM" },
};
enum { FORMS = sizeof forms / sizeof forms[0] };

static void text_make(unsigned i, char out[TEXT_ROOM])
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(out, TEXT_ROOM, forms[i % FORMS].format, 1 + i / FORMS % 59,
		       i / FORMS / 59 % 24);
#pragma GCC diagnostic pop
}

struct million {
	struct tz_db *db;
	struct arena *arena;
	char (*texts)[TEXT_ROOM];
	struct spec *specs;
};

static bool million_parse(const struct million *m, unsigned i, struct spec *out)
{
	struct spec_ask ask = { .zones = m->db,
				.timezone = slice_of(busy_zones[i % BUSY_ZONES]),
				.anchor = start,
				.last = USEC_NEVER,
				.arena = m->arena };

	return spec_parse(&ask, forms[i % FORMS].kind, slice_of(m->texts[i % TEXTS]), out, NULL)
	    == WHEN_OK;
}

/* The zones changed: everything compiled again, but only the questions measured. */
static double million_ask(struct million *m)
{
	double best = 1e18;

	m->specs = calloc(MILLION, sizeof m->specs[0]);
	for (unsigned i = 0; i < MILLION; i++) /* TEXTS is a multiple of the zones */
		if (i >= TEXTS)
			m->specs[i] = m->specs[i - TEXTS];
		else if (!million_parse(m, i, &m->specs[i]))
			return BAD;
	for (unsigned round = 0; round < MILLION_ROUNDS; round++) {
		double begun = now_ns();

		for (unsigned i = 0; i < MILLION; i++)
			sink = spec_next(&m->specs[i], start + (usec_t)i * 30 * SEC, NULL);
		double ns = now_ns() - begun;
		best = ns < best ? ns : best;
	}
	return best;
}

/* The same from the texts, as the engine does it: it keeps nothing compiled. */
static double million_parse_and_ask(const struct million *m)
{
	double best = 1e18;

	for (unsigned round = 0; round < MILLION_ROUNDS; round++) {
		double begun = now_ns();

		for (unsigned i = 0; i < MILLION; i++) {
			struct spec s;

			if (!million_parse(m, i, &s))
				return BAD;
			sink = spec_next(&s, start + (usec_t)i * 30 * SEC, NULL);
			if (i % 64 == 63)
				arena_reset(m->arena);
		}
		double ns = now_ns() - begun;
		best = ns < best ? ns : best;
	}
	return best;
}

static double million(bool with_parse)
{
	struct million m = { .db = tz_db_new(NULL),
			     .arena = arena_new(),
			     .texts = calloc(TEXTS, TEXT_ROOM) };

	for (unsigned i = 0; i < TEXTS; i++)
		text_make(i, m.texts[i]);
	double ns = with_parse ? million_parse_and_ask(&m) : million_ask(&m);
	free(m.specs);
	free(m.texts);
	arena_free(m.arena);
	tz_db_free(m.db);
	return ns < 0 ? BAD : ns / 1e6;
}

/* ---- the jobs ---- */

#define RULE(parts) "DTSTART:20250101T090000\nRRULE:FREQ=" parts

/* Classes of expressions: each in a row, scattered, and its answers in UTC. */
static const struct class
{
	const char *name, *text;
} classes[] = {
	{ "second", "* * * * * *" },    { "minute", "* * * * *" },
	{ "5_minutes", "*/5 * * * *" }, { "hourly", "0 * * * *" },
	{ "daily", "30 2 * * *" },      { "weekdays", "0 9 * * MON-FRI" },
	{ "monthly_L", "0 9 L * *" },   { "yearly", "0 0 1 1 *" },
	{ "leap", "0 0 29 2 *" },       { "nth", "0 9 * * MON#1,FRI#L" },
};

static const struct {
	double (*run)(const struct job *j);
	struct job job;
} jobs[] = {
	{ once, { "worst_leap_monday", "0 0 29 2 +1", NY, 50000, SPEC_CRON, 3226176000 * SEC } },
	{ once, { "worst_after_last", "0 0 29 2 +1", NY, 50000, SPEC_CRON, 6700000000 * SEC } },
	{ once,
	  { "worst_specials", "0 0 31W,30W,29W,L-30W,L-28 2 +MON#5,TUE#5", NY, 20000, SPEC_CRON,
	    3226176000 * SEC } },
	{ once, { "worst_all_in_gap", "*/5 2 * 3 SUN#2", NY, 10000, SPEC_CRON, 1735689600 * SEC } },
	/* The slowest that a random search over expressions, zones and instants found. */
	{ once,
	  { "worst_found", "*/33 2 * 3 +0L", "Europe/Rome", 10000, SPEC_CRON, 372910000 * SEC } },
	{ preview, { "preview_100_minutes", "* * * * *", NY, 1000, SPEC_CRON, 0 } },
	{ preview, { "preview_100_daily", "30 2 * * *", NY, 1000, SPEC_CRON, 0 } },
	{ preview, { "preview_100_weekdays", "0 9 * * MON-FRI", NY, 1000, SPEC_CRON, 0 } },
	{ parse, { "parse_stars", "* * * * *", NY, 500000, SPEC_CRON, 0 } },
	{ parse, { "parse_simple", "*/5 9-17 * * MON-FRI", NY, 500000, SPEC_CRON, 0 } },
	{ parse, { "parse_daily", "30 2 * * *", NY, 500000, SPEC_CRON, 0 } },
	{ parse,
	  { "parse_seven_fields", "0 */15 8-18/2 1,15,L JAN-JUN MON#1,FRI#L 2025-2030", NY, 200000,
	    SPEC_CRON, 0 } },
	{ parse, { "parse_never", "0 0 31 2,4,6,9,11 *", NY, 100000, SPEC_CRON, 0 } },
	{ parse, { "parse_never_and", "0 0 30,31 2 +5#5,2#5", NY, 100000, SPEC_CRON, 0 } },
	{ parse, { "parse_rare_leap_monday", "0 0 29 2 +1", NY, 100000, SPEC_CRON, 0 } },
	{ parse_spec, { "parse_spec_cron", "30 2 * * *", NY, 200000, SPEC_CRON, 0 } },
	{ parse_spec, { "parse_spec_every", "PT30M", NY, 200000, SPEC_EVERY, 0 } },
	{ parse_spec,
	  { "parse_spec_rrule", RULE("WEEKLY;BYDAY=MO,WE,FR"), NY, 100000, SPEC_RRULE, 0 } },
	{ parse_spec,
	  { "parse_spec_rrule_monthly", RULE("MONTHLY;BYDAY=-1FR"), NY, 10000, SPEC_RRULE, 0 } },
	{ sequence, { "rrule_seq_daily", RULE("DAILY"), NY, 500000, SPEC_RRULE, 0 } },
	{ sequence,
	  { "rrule_seq_weekly", RULE("WEEKLY;BYDAY=MO,WE,FR"), NY, 500000, SPEC_RRULE, 0 } },
	{ sequence,
	  { "rrule_seq_monthly", RULE("MONTHLY;BYDAY=-1FR"), NY, 200000, SPEC_RRULE, 0 } },
	{ sequence,
	  { "rrule_seq_yearly_setpos", RULE("YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"), NY, 100000,
	    SPEC_RRULE, 0 } },
	{ scattered, { "rrule_random_daily", RULE("DAILY"), NY, 200000, SPEC_RRULE, 0 } },
	{ scattered,
	  { "rrule_random_weekly", RULE("WEEKLY;BYDAY=MO,WE,FR"), NY, 200000, SPEC_RRULE, 0 } },
	{ scattered,
	  { "rrule_random_monthly", RULE("MONTHLY;BYDAY=-1FR"), NY, 200000, SPEC_RRULE, 0 } },
	{ scattered,
	  { "rrule_random_yearly_setpos", RULE("YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"), NY,
	    100000, SPEC_RRULE, 0 } },
	{ scattered,
	  { "rrule_random_interval", RULE("WEEKLY;INTERVAL=7;BYDAY=TU"), NY, 200000, SPEC_RRULE,
	    0 } },
	{ scattered,
	  { "rrule_random_friday_13th", RULE("MONTHLY;BYDAY=FR;BYMONTHDAY=13"), NY, 100000,
	    SPEC_RRULE, 0 } },
	{ scattered,
	  { "rrule_random_hourly_filtered", RULE("HOURLY;BYHOUR=9;BYMONTH=1"), NY, 20000,
	    SPEC_RRULE, 0 } },
	{ scattered,
	  { "rrule_random_secondly_filtered", RULE("SECONDLY;BYSECOND=0;BYMINUTE=0;BYHOUR=9"), NY,
	    20000, SPEC_RRULE, 0 } },
	{ scattered,
	  { "rrule_random_count", RULE("DAILY;COUNT=9000"), NY, 200000, SPEC_RRULE, 0 } },
	{ exdates, { "rrule_seq_exdate_100", RULE("DAILY"), NY, 300000, SPEC_RRULE, 0 } },
	{ adjusted_sequence, { "calendar_seq_daily", "0 9 * * *", NY, 300000, SPEC_CRON, 0 } },
	{ adjusted_scattered, { "calendar_random_daily", "0 9 * * *", NY, 200000, SPEC_CRON, 0 } },
	{ words, { "describe_cron", "*/15 9-17 * * MON-FRI", NY, 50000, SPEC_CRON, 0 } },
	{ words, { "describe_rrule", RULE("MONTHLY;BYDAY=-1FR"), NY, 50000, SPEC_RRULE, 0 } },
	{ phrase, { "nl_weekdays", "every weekday at 9am Pacific", NY, 5000, SPEC_CRON, 0 } },
	{ stamps_parse,
	  { "stamp_parse", "2025-03-09T02:30:00.250-05:00", NY, 500000, SPEC_CRON, 0 } },
	{ stamps_print, { "stamp_print", "", NY, 500000, SPEC_CRON, 0 } },
	{ durations, { "duration_parse", "P1DT2H30M", NY, 500000, SPEC_CRON, 0 } },
	{ find, { "tz_find", "", NY, 500000, SPEC_CRON, 0 } },
	{ database, { "tz_db_new", "", NY, 3, SPEC_CRON, 0 } },
	{ zones_load, { "tz_load_one", "", NY, 1, SPEC_CRON, 0 } },
	{ zones_reload, { "tz_reload_40", "", NY, 3, SPEC_CRON, 0 } },
};

/* ---- the run ---- */

struct run {
	char **wanted;
	bool is_bad;
};

static bool is_wanted(const struct run *r, const char *name)
{
	for (char **w = r->wanted; *w; w++)
		if (strncmp(name, *w, strlen(*w)) == 0)
			return true;
	return !*r->wanted;
}

static void report(struct run *r, const char *name, const char *unit, double value)
{
	if (value < 0) {
		fprintf(stderr, "not measured: %s\n", name);
		r->is_bad = true;
		return;
	}
	printf("{\"name\": \"%s\", \"%s\": %.1f}\n", name, unit, value);
	(void)fflush(stdout);
}

static void measure(struct run *r, double (*run)(const struct job *j), const struct job *j)
{
	double best = 1e18;

	if (!is_wanted(r, j->name))
		return;
	for (int round = 0; round < ROUNDS && best >= 0; round++) {
		double ns = run(j);

		best = ns < best ? ns : best;
		arena_reset(arena);
	}
	report(r, j->name, "ns", best);
}

/* Seconds of the occurrences, added up. */
static void answer(struct run *r, const struct class *c)
{
	struct job j = { c->name, c->text, "UTC", 0, SPEC_CRON, 0 };
	uint32_t state = RANDOM_SEED;
	usec_t t = start, sum = 0;
	char name[64];
	struct spec s;

	(void)snprintf(name, sizeof name, "answers_%s", c->name);
	if (!is_wanted(r, name) || !compile(&j, &s))
		return;
	for (unsigned i = 0; i < ANSWERS; i++) {
		t = spec_next(&s, t, NULL);
		sum += t / SEC;
	}
	for (unsigned i = 0; i < SCATTERED_ANSWERS; i++)
		sum += spec_next(&s, somewhen(&state), NULL) / SEC;
	printf("{\"name\": \"%s\", \"sum\": %lld}\n", name, (long long)sum);
}

static void measure_class(struct run *r, const struct class *c)
{
	static const struct {
		const char *prefix;
		double (*run)(const struct job *j);
	} ways[] = { { "next_seq_", sequence }, { "next_random_", scattered } };
	char name[64];

	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		struct job j = { name, c->text, NY, 300000, SPEC_CRON, 0 };

		(void)snprintf(name, sizeof name, "%s%s", ways[i].prefix, c->name);
		measure(r, ways[i].run, &j);
	}
	answer(r, c);
}

static void business_build(void)
{
	static const struct holiday holidays[] = {
		{ .kind = HOLIDAY_FIXED, .month = 1, .day = 1, .observed = OBSERVED_NEAREST },
		{ .kind = HOLIDAY_NTH, .month = 1, .weekday = 1, .nth = 3 },
		{ .kind = HOLIDAY_NTH, .month = 5, .weekday = 1, .nth = -1 },
		{ .kind = HOLIDAY_FIXED, .month = 7, .day = 4, .observed = OBSERVED_NEAREST },
		{ .kind = HOLIDAY_NTH, .month = 11, .weekday = 4, .nth = 4 },
		{ .kind = HOLIDAY_FIXED, .month = 12, .day = 25, .observed = OBSERVED_NEAREST },
	};
	int index = 0;

	if (calendar_build(1u << 0 | 1u << 6, holidays, sizeof holidays / sizeof holidays[0],
			   &business, &index))
		fprintf(stderr, "the calendar was refused: holiday %d\n", index);
}

int main(int argc, char **argv)
{
	struct run r = { .wanted = argc > 0 ? argv + 1 : argv };

	zones = tz_db_new(NULL);
	arena = arena_new();
	business_build();
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		measure_class(&r, &classes[i]);
	for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++)
		measure(&r, jobs[i].run, &jobs[i].job);
	if (is_wanted(&r, "million_recomputed"))
		report(&r, "million_recomputed", "ms", million(false));
	if (is_wanted(&r, "million_parsed_and_recomputed"))
		report(&r, "million_parsed_and_recomputed", "ms", million(true));
	arena_free(arena);
	tz_db_free(zones);
	return r.is_bad;
}
