/* Random phrases whose meaning is known because they were made from it: the occurrences must be
 * those of a cron expression written beside the words. And noise, which must be refused in its
 * place or be a schedule that runs. SEED=n repeats a run. */
#include "when/nl.h"
#include "when/stamp.h"

#include "lib/seed.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct tz_db *zones;
static struct arena *arena;

static void open_all(void)
{
	seed_open("p_nl", 20261121);
	zones = tz_db_new(NULL);
	arena = arena_new();
}

static void close_all(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

/* Words, and the cron field that says the same. */
struct pair {
	const char *words, *cron;
};

static const struct pair days[] = {
	{ "every day", "* * *" },
	{ "daily", "* * *" },
	{ "every weekday", "* * 1-5" },
	{ "on weekends", "* * 0,6" },
	{ "every monday", "* * 1" },
	{ "on tuesdays and fridays", "* * 2,5" },
	{ "fri-mon", "* * 5-1" },
	{ "monthly on the 5th", "5 * *" },
	{ "on the 1st and 15th", "1,15 * *" },
	{ "every last day of the month", "L * *" },
	{ "every second thursday", "* * 4#2" },
	{ "on the last friday of the month", "* * 5L" },
	{ "every day in june", "* 6 *" },
	{ "every day from november to february", "* 11-2 *" },
	{ "every friday the 13th", "13 * +5" },
	{ "every day except sunday", "* * 1-6" },
	{ "every march 9 and 15", "9,15 3 *" },
	{ "last weekday of the month", "LW * *" },
	{ "first monday of the quarter", "* 1,4,7,10 1#1" },
};
static const struct pair places[] = {
	{ "", NULL },
	{ " pacific", "America/Los_Angeles" },
	{ " in berlin", "Europe/Berlin" },
	{ " UTC", "UTC" },
	{ " in Asia/Kolkata", "Asia/Kolkata" },
	{ " new york time", "America/New_York" },
	{ " UTC+3", "Etc/GMT-3" },
};

struct made {
	char phrase[256], cron[128];
	const char *zone;
};

static void say_time(unsigned hour, unsigned minute, char *out, size_t room)
{
	switch (below(5)) {
	case 0:
		(void)snprintf(out, room, "%u:%02u%s", (hour + 11) % 12 + 1, minute,
			       hour < 12 ? "am" : " PM");
		break;
	case 1:
		(void)snprintf(out, room, "%02u%02u", hour, minute);
		break;
	case 2:
		(void)snprintf(out, room, "%uh%02u", hour, minute);
		break;
	default:
		(void)snprintf(out, room, "%02u:%02u", hour, minute);
		break;
	}
}

static void make_daily(struct made *m)
{
	unsigned hour = below(24), minute = below(60), second = (hour + 1 + below(23)) % 24;
	const struct pair *day = &days[below(sizeof days / sizeof days[0])];
	const struct pair *place = &places[below(sizeof places / sizeof places[0])];
	bool is_two = below(3) == 0;
	char time[48], other[24];

	say_time(hour, minute, time, sizeof time);
	say_time(second, minute, other, sizeof other);
	if (is_two)
		(void)snprintf(time + strlen(time), sizeof time - strlen(time), " and %s", other);
	(void)snprintf(m->phrase, sizeof m->phrase, below(2) ? "%s at %s%s" : "%s, at %s%s",
		       day->words, time, place->words);
	if (below(3) == 0) /* the other way round */
		(void)snprintf(m->phrase, sizeof m->phrase, "at %s%s %s", time, place->words,
			       day->words);
	if (is_two)
		(void)snprintf(m->cron, sizeof m->cron, "%u %u,%u %s", minute, hour, second,
			       day->cron);
	else
		(void)snprintf(m->cron, sizeof m->cron, "%u %u %s", minute, hour, day->cron);
	m->zone = place->cron ? place->cron : "UTC";
}

static void make_stepped(struct made *m)
{
	static const unsigned steps[] = { 1, 2, 5, 10, 15, 20, 30 };
	unsigned step = steps[below(7)], from = below(22), to = from + 1 + below(23 - from);
	const struct pair *day = &days[2 + below(5)];
	const char *unit = step == 1 ? "every minute" : NULL;
	char every[32];

	(void)snprintf(every, sizeof every, "every %u minutes", step);
	(void)snprintf(m->phrase, sizeof m->phrase, "%s between %u:00 and %02u:00 %s",
		       unit ? unit : every, from, to, day->words);
	(void)snprintf(m->cron, sizeof m->cron, "*/%u %u-%u %s", step, from, to - 1, day->cron);
	if (from == to - 1)
		(void)snprintf(m->cron, sizeof m->cron, "*/%u %u %s", step, from, day->cron);
	m->zone = "UTC";
}

static void check_same(const struct made *m, usec_t now)
{
	struct nl_ask ask = { .zones = zones, .zone = tz_utc(), .now = now, .arena = arena };
	struct spec_ask cron = { .zones = zones, .timezone = slice_of(m->zone) };
	struct nl_answer a;
	struct spec want;
	enum when_err e = nl_parse(&ask, slice_of(m->phrase), &a, NULL);

	ck_assert_msg(e == WHEN_OK, "%s: %s", m->phrase, when_err_name(e));
	ck_assert_int_eq(spec_parse_cron(&cron, slice_of(m->cron), &want, NULL), WHEN_OK);
	ck_assert_str_eq(tz_name(a.first.spec.tz), m->zone);
	for (int i = 0; i < 20; i++) {
		usec_t at = spec_next(&want, now, NULL);

		ck_assert_msg(spec_next(&a.first.spec, now, NULL) == at, "%s is %.*s, not %s",
			      m->phrase, SLICE_ARG(a.first.text), m->cron);
		if (at == USEC_NEVER)
			break;
		now = at;
	}
	arena_reset(arena);
}

static usec_t random_now(void)
{
	return (1577836800 + (usec_t)below(500000000)) * SEC + below(1000000);
}

START_TEST(means_what_was_meant)
{
	struct made m;

	for (int i = 0; i < 400; i++) {
		if (below(3))
			make_daily(&m);
		else
			make_stepped(&m);
		check_same(&m, random_now());
	}
}
END_TEST

/* Steps that divide nothing are exact intervals. */
START_TEST(intervals_are_exact)
{
	for (unsigned n = 1; n <= 200; n++) {
		char phrase[48];
		struct nl_ask ask = {
			.zones = zones, .zone = tz_utc(), .now = random_now(), .arena = arena
		};
		struct nl_answer a;

		(void)snprintf(phrase, sizeof phrase, "every %u minutes", n);
		ck_assert_int_eq(nl_parse(&ask, slice_of(phrase), &a, NULL), WHEN_OK);
		usec_t first = spec_next(&a.first.spec, ask.now, NULL);
		for (int i = 0; i < 40; i++) {
			usec_t next = spec_next(&a.first.spec, first, NULL);

			ck_assert_msg(next - first == n * MIN, "%s: %.*s", phrase,
				      SLICE_ARG(a.first.text));
			first = next;
		}
		arena_reset(arena);
	}
}
END_TEST

START_TEST(noise_is_refused_or_runs)
{
	static const char *const words[] = { "every",  "day",     "at",      "9",     "am",
					     "15",     "minutes", "between", "and",   "5",
					     "monday", "the",     "3rd",     "of",    "month",
					     "in",     "june",    "until",   "last",  "-",
					     ",",      "pacific", "noon",    "twice", "a",
					     "week",   "other",   "from",    "to",    "1",
					     "except", "next",    "banana",  "9:15",  "hour" };
	unsigned good = 0;

	for (int i = 0; i < 1500; i++) {
		char text[200] = "";
		struct nl_ask ask = {
			.zones = zones, .zone = tz_utc(), .now = random_now(), .arena = arena
		};
		struct nl_answer a;
		struct when_fault f;

		for (unsigned n = 1 + below(8); n > 0; n--)
			(void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s ",
				       words[below(sizeof words / sizeof words[0])]);
		enum when_err e = nl_parse(&ask, slice_of(text), &a, &f);
		if (e)
			ck_assert_msg(e >= WHEN_NL_EMPTY && f.at <= strlen(text)
					      && f.len <= strlen(text) - f.at,
				      "%s", text);
		else
			ck_assert_msg(spec_next(&a.first.spec, ask.now, NULL) != USEC_NEVER
					      && ++good,
				      "%s", text);
		arena_reset(arena);
	}
	ck_assert_uint_gt(good, 20);
}
END_TEST

Suite *suite_p_nl(void)
{
	Suite *s = suite_create("p_nl");
	TCase *tc = tcase_create("p_nl");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_test(tc, means_what_was_meant);
	tcase_add_test(tc, intervals_are_exact);
	tcase_add_test(tc, noise_is_refused_or_runs);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}
