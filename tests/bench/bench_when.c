/* What the time engine costs, one JSON line a figure: {"name": "...", "ns": 12.3}. Each is the
 * best of several rounds in processor time, so that a busy machine disturbs it least. Targets:
 * TIME.md section 5. */
#include "when/duration.h"
#include "when/spec.h"
#include "when/stamp.h"

#include <stdio.h>
#include <time.h>

enum { ROUNDS = 7 };

static struct tz_db *zones;
static volatile usec_t sink;

struct job {
	const char *name, *text, *zone;
	unsigned calls;
	usec_t from; /* 0: 2025-01-01 */
};

static double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void report(const char *name, double ns)
{
	printf("{\"name\": \"%s\", \"ns\": %.1f}\n", name, ns);
}

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct spec spec_of(const struct job *j)
{
	struct spec_ask ask = { .zones = zones, .timezone = slice_of(j->zone) };
	struct spec s = { .tz = tz_utc() };

	if (spec_parse_cron(&ask, slice_of(j->text), &s, NULL))
		fprintf(stderr, "bad job %s\n", j->text);
	return s;
}

static const usec_t start = 1735689600 * SEC; /* 2025-01-01 */

static double sequence(const struct job *j)
{
	struct spec s = spec_of(j);
	struct tz_hint hint = { 0 };
	usec_t t = start;
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++) {
		t = spec_next(&s, t, &hint);
		if (t == USEC_NEVER)
			t = start;
	}
	sink = t;
	return (now_ns() - begun) / j->calls;
}

static double scattered(const struct job *j)
{
	struct spec s = spec_of(j);
	struct tz_hint hint = { 0 };
	uint64_t state = 88172645463325252u;
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++)
		sink = spec_next(&s, start + (usec_t)(random_next(&state) % (30ull * 365 * DAY)),
				 &hint);
	return (now_ns() - begun) / j->calls;
}

static double once(const struct job *j)
{
	struct spec s = spec_of(j);
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++)
		sink = spec_next(&s, j->from, NULL);
	return (now_ns() - begun) / j->calls;
}

static double parse(const struct job *j)
{
	struct cron_parsed p;
	double begun = now_ns();

	for (unsigned i = 0; i < j->calls; i++)
		sink = cron_parse(slice_of(j->text), i, &p, NULL);
	return (now_ns() - begun) / j->calls;
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

#define NY "America/New_York"
static const struct {
	double (*run)(const struct job *j);
	struct job job;
} jobs[] = {
	{ sequence, { "next_seq_second", "* * * * * *", NY, 1000000, 0 } },
	{ sequence, { "next_seq_minute", "* * * * *", NY, 1000000, 0 } },
	{ sequence, { "next_seq_5_minutes", "*/5 * * * *", NY, 1000000, 0 } },
	{ sequence, { "next_seq_daily", "30 2 * * *", NY, 500000, 0 } },
	{ sequence, { "next_seq_weekdays", "0 9 * * MON-FRI", NY, 500000, 0 } },
	{ sequence, { "next_seq_monthly_L", "0 9 L * *", NY, 200000, 0 } },
	{ scattered, { "next_random_minute", "* * * * *", NY, 500000, 0 } },
	{ scattered, { "next_random_daily", "30 2 * * *", NY, 500000, 0 } },
	{ scattered, { "next_random_weekdays", "0 9 * * MON-FRI", NY, 500000, 0 } },
	{ scattered, { "next_random_nth", "0 9 * * MON#1,FRI#L", NY, 500000, 0 } },
	{ scattered, { "next_random_yearly", "0 0 1 1 *", NY, 500000, 0 } },
	{ scattered, { "next_random_leap", "0 0 29 2 *", NY, 200000, 0 } },
	{ once, { "next_worst_leap_monday", "0 0 29 2 +1", NY, 50000, 3226176000 * SEC } },
	{ once, { "next_worst_after_last", "0 0 29 2 +1", NY, 50000, 6700000000 * SEC } },
	{ once,
	  { "next_worst_specials", "0 0 31W,30W,29W,L-30W,L-28 2 +MON#5,TUE#5", NY, 20000,
	    3226176000 * SEC } },
	{ once, { "next_worst_all_in_gap", "*/5 2 * 3 SUN#2", NY, 2000, 1735689600 * SEC } },
	{ parse, { "parse_stars", "* * * * *", NY, 500000, 0 } },
	{ parse, { "parse_simple", "*/5 9-17 * * MON-FRI", NY, 500000, 0 } },
	{ parse, { "parse_daily", "30 2 * * *", NY, 500000, 0 } },
	{ parse,
	  { "parse_seven_fields", "0 */15 8-18/2 1,15,L JAN-JUN MON#1,FRI#L 2025-2030", NY, 200000,
	    0 } },
	{ parse, { "parse_never", "0 0 31 2,4,6,9,11 *", NY, 100000, 0 } },
	{ parse, { "parse_never_and", "0 0 30,31 2 +5#5,2#5", NY, 100000, 0 } },
	{ parse, { "parse_rare_leap_monday", "0 0 29 2 +1", NY, 100000, 0 } },
	{ stamps_parse, { "stamp_parse", "2025-03-09T02:30:00.250-05:00", NY, 500000, 0 } },
	{ stamps_print, { "stamp_print", "", NY, 500000, 0 } },
	{ durations, { "duration_parse", "P1DT2H30M", NY, 500000, 0 } },
	{ find, { "tz_find", "", NY, 500000, 0 } },
	{ database, { "tz_db_new", "", NY, 3, 0 } },
	{ zones_load, { "tz_load_one", "", NY, 1, 0 } },
};

int main(void)
{
	zones = tz_db_new(NULL);
	for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
		double best = 1e18;

		for (int round = 0; round < ROUNDS; round++) {
			double ns = jobs[i].run(&jobs[i].job);

			best = ns < best ? ns : best;
		}
		report(jobs[i].job.name, best);
	}
	tz_db_free(zones);
	return 0;
}
