/* Schedules in words. Cron rows are those of the classes where cronstrue misleads and the words are
 * ours (tests/data/make/describe_cronstrue.mjs); the rest of cron is t_describe_oracle.c. */
#include "when/describe.h"
#include "when/describe_int.h"
#include "when/stamp.h"

#include <check.h>
#include <stdio.h>

static struct tz_db *zones;
static struct arena *arena;

static void begin(void)
{
	zones = tz_db_new(NULL);
	arena = arena_new();
}

static void end(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

static struct spec spec_of(enum spec_kind kind, const char *text)
{
	struct spec_ask ask = { .zones = zones,
				.timezone = SLICE_LIT("America/New_York"),
				.seed = cron_seed(SLICE_LIT("words")),
				.last = USEC_NEVER,
				.arena = arena };
	struct spec s;
	enum when_err e = spec_parse(&ask, kind, slice_of(text), &s, NULL);

	ck_assert_msg(e == WHEN_OK, "%s: %s", text, when_err_name(e));
	return s;
}

static void check_words(const struct spec *s, const char *text, bool with_zone, const char *want)
{
	struct strbuf out;

	strbuf_init(&out, DESCRIBE_MAX);
	strbuf_adds(&out, "> "); /* it is appended */
	describe(s, slice_of(text), with_zone, &out);
	ck_assert_msg(!out.failed && strcmp(out.p + 2, want) == 0, "%s: %s", text, out.p);
	strbuf_release(&out);
}

static const struct row {
	enum spec_kind kind;
	const char *text, *words;
} rows[] = {
	/* week */
	{ SPEC_CRON, "0 9 * * 0-7", "At 09:00 AM, Sunday through Saturday" },
	{ SPEC_CRON, "0 9 * * 7-7", "At 09:00 AM, only on Sunday" },
	{ SPEC_CRON, "0 9 * * FRI-5", "At 09:00 AM, only on Friday" },
	{ SPEC_CRON, "0 9 * * 7-2", "At 09:00 AM, Sunday through Tuesday" },
	{ SPEC_CRON, "0 9 * * 0-7/2",
	  "At 09:00 AM, every 2 days of the week, Sunday through Saturday" },
	/* star_day, star */
	{ SPEC_CRON, "0 9 */1 * 1",
	  "At 09:00 AM, between day 1 and 31 of the month, and on Monday" },
	{ SPEC_CRON, "0 9 13 * */1",
	  "At 09:00 AM, on day 13 of the month, and Sunday through Saturday" },
	{ SPEC_CRON, "0 9 */1 * *", "At 09:00 AM" },
	{ SPEC_CRON, "0 9 * * */1", "At 09:00 AM" },
	{ SPEC_CRON, "0 9 13 * +*", "At 09:00 AM, on day 13 of the month" },
	{ SPEC_CRON, "*,5 * * * *", "At 0 through 59 and 5 minutes past the hour" },
	{ SPEC_CRON, "0 9 *,5 * 1",
	  "At 09:00 AM, on day 1 through 31 and 5 of the month, and on Monday" },
	/* order, joint, hour_end, year_end */
	{ SPEC_CRON, "30-32,5,20 9 * * *",
	  "At 30 through 32, 5, and 20 minutes past the hour, at 09:00 AM" },
	{ SPEC_CRON, "0 0 1 1-3,*/5 *",
	  "At 12:00 AM, on day 1 of the month, January through March and every 5 months" },
	{ SPEC_CRON, "0 0 13 * 1,*/4",
	  "At 12:00 AM, on day 13 of the month, and on Monday and every 4 days of the week" },
	{ SPEC_CRON, "0 0 13 * */4,1",
	  "At 12:00 AM, on day 13 of the month, and every 4 days of the week and on Monday" },
	{ SPEC_CRON, "0 0 13 * 1-5",
	  "At 12:00 AM, on day 13 of the month, and Monday through Friday" },
	{ SPEC_CRON, "0 0 13 * 1#1",
	  "At 12:00 AM, on day 13 of the month, and on the first Monday of the month" },
	{ SPEC_CRON, "30 */4,9-11 * * *",
	  "At 30 minutes past the hour, every 4 hours and 09:00 AM through 11:59 AM" },
	{ SPEC_CRON, "0 0 0 1 1 * 2026/2",
	  "At 12:00 AM, on day 1 of the month, only in January, every 2 years, 2026 through 2199" },
	/* days */
	{ SPEC_CRON, "0 0 L,15 * *", "At 12:00 AM, on day 15 and the last day of the month" },
	{ SPEC_CRON, "0 0 15W,L-3,1,2 * *",
	  "At 12:00 AM, on day 1, 2, 3 days before the last day, and the weekday nearest day 15 of the month" },
	{ SPEC_CRON, "0 0 LW,1W * *",
	  "At 12:00 AM, on the last weekday and the first weekday of the month" },
	{ SPEC_CRON, "0 0 L-1W * *",
	  "At 12:00 AM, on the weekday nearest 1 day before the last day of the month" },
	{ SPEC_CRON, "0 0 L-0 * *", "At 12:00 AM, on the last day of the month" },
	{ SPEC_CRON, "0 0 */10,L * *",
	  "At 12:00 AM, every 10 days in a month and on the last day of the month" },
	/* nth, last_hash */
	{ SPEC_CRON, "0 0 * * MON#1,FRI#L",
	  "At 12:00 AM, on the first Monday of the month and on the last Friday of the month" },
	{ SPEC_CRON, "0 0 * * MON#1,WED",
	  "At 12:00 AM, only on Wednesday and on the first Monday of the month" },
	{ SPEC_CRON, "0 0 * * 5#L", "At 12:00 AM, on the last Friday of the month" },
	{ SPEC_CRON, "0 0 * * 7#2", "At 12:00 AM, on the second Sunday of the month" },
	/* plus */
	{ SPEC_CRON, "0 0 13 * +5", "At 12:00 AM, on day 13 of the month, only on Friday" },
	{ SPEC_CRON, "0 0 13 * +1-5",
	  "At 12:00 AM, on day 13 of the month, only Monday through Friday" },
	{ SPEC_CRON, "0 0 13 * +1-2,4",
	  "At 12:00 AM, on day 13 of the month, only on Monday through Tuesday and Thursday" },
	{ SPEC_CRON, "0 0 13 * +*/2",
	  "At 12:00 AM, on day 13 of the month, only every 2 days of the week" },
	{ SPEC_CRON, "0 0 13 * +FRI#2",
	  "At 12:00 AM, on day 13 of the month, only on the second Friday of the month" },
	{ SPEC_CRON, "0 0 * * +1-5", "At 12:00 AM, Monday through Friday" },
	/* zeros, case, names */
	{ SPEC_CRON, "05 09 01 * *", "At 09:05 AM, on day 1 of the month" },
	{ SPEC_CRON, "0 0 lw * *", "At 12:00 AM, on the last weekday of the month" },
	{ SPEC_CRON, "0 0 * sept-december fridayl", NULL },
	{ SPEC_CRON, "0 0 * september-december fridayl",
	  "At 12:00 AM, on the last Friday of the month, September through December" },
	/* hash: 12, 14 and so on are what the seed chose */
	{ SPEC_CRON, "H H * * *", "At 02:12 PM" },
	{ SPEC_CRON, "H/15 * * * *", "Every 15 minutes, starting at 12 minutes past the hour" },
	{ SPEC_CRON, "H(0-29)/10 * * * *", "Every 10 minutes, minutes 2 through 29 past the hour" },
	{ SPEC_CRON, "H,5 * * * *", "At 5 and 12 minutes past the hour" },
	{ SPEC_CRON, "0 0 H/10,L * *",
	  "At 12:00 AM, on day 8, 18, 28, and the last day of the month" },
	{ SPEC_CRON, "0 0 H/10 * *",
	  "At 12:00 AM, every 10 days in a month, between day 8 and 28 of the month" },
	/* not fields alone */
	{ SPEC_CRON, "  CRON_TZ=America/New_York\t0 9  * * 1 ", "At 09:00 AM, only on Monday" },
	{ SPEC_CRON, "TZ=America/New_York @Monthly", "At 12:00 AM, on day 1 of the month" },
	{ SPEC_CRON, "@every 90m", "Every 90 minutes" },
	{ SPEC_CRON, "0 0 29 2 +1",
	  "At 12:00 AM, on day 29 of the month, only on Monday, only in February" },

	{ SPEC_EVERY, "1s", "Every second" },
	{ SPEC_EVERY, "60s", "Every minute" },
	{ SPEC_EVERY, "PT90M", "Every 90 minutes" },
	{ SPEC_EVERY, "PT119M", "Every 119 minutes" },
	{ SPEC_EVERY, "PT2H1M", "Every 2 hours 1 minute" },
	{ SPEC_EVERY, "PT2H30M", "Every 2 hours 30 minutes" },
	{ SPEC_EVERY, "PT24H", "Every 24 hours" },
	{ SPEC_EVERY, "PT36H", "Every 36 hours" },
	{ SPEC_EVERY, "P5D", "Every 5 days" },
	{ SPEC_EVERY, "P7DT1S", "Every 7 days 1 second" },
	{ SPEC_EVERY, "1500ms", "Every 1.5 seconds" },
	{ SPEC_EVERY, "PT2M0.05S", "Every 2 minutes 0.05 seconds" },

	{ SPEC_ONCE, "2026-03-09T09:00:00", "On March 9, 2026 at 09:00 AM" },
	{ SPEC_ONCE, "2026-12-31T23:59:59Z", "On December 31, 2026 at 06:59:59 PM" },
	{ SPEC_ONCE, "2026-03-08T02:30:00",
	  "On March 8, 2026 at 03:30 AM" }, /* what the clock makes of it */
	{ SPEC_ONCE, "2026-01-01T00:00:00.25", "On January 1, 2026 at 12:00:00.250 AM" },
};

START_TEST(by_kind)
{
	const struct row *r = &rows[_i];
	struct spec_ask ask = { .zones = zones };
	struct spec s;

	if (!r->words) { /* there is no such name: the row would say nothing */
		ck_assert_int_ne(spec_parse_cron(&ask, slice_of(r->text), &s, NULL), WHEN_OK);
		return;
	}
	s = spec_of(r->kind, r->text);
	check_words(&s, r->text, false, r->words);
}
END_TEST

/* DTSTART is Monday, 9 March 2026, 09:00. */
static const struct {
	const char *rule, *words;
} rules[] = {
	{ "DAILY", "At 09:00 AM, every day" },
	{ "DAILY;INTERVAL=3;COUNT=10", "At 09:00 AM, every 3 days, 10 times" },
	{ "DAILY;COUNT=1", "At 09:00 AM, every day, once" },
	{ "DAILY;BYDAY=MO,TU;BYMONTHDAY=1,-1;BYMONTH=3,4,5,12",
	  "At 09:00 AM, every day, only on day 1 and the last day of the month, only on Monday and Tuesday, "
	  "only in March through May and December" },
	{ "DAILY;BYHOUR=9,17;BYMINUTE=15,45;BYSETPOS=1,4",
	  "At 09:15 AM, 09:45 AM, 05:15 PM and 05:45 PM, every day, only the first and fourth occurrence of each day" },
	{ "DAILY;BYHOUR=9,17;BYSECOND=5", "At 09:00:05 AM and 05:00:05 PM, every day" },
	{ "DAILY;BYHOUR=9,10,11,12,17;BYMINUTE=0,30,45",
	  "At 0, 30, and 45 minutes past the hour, at 09:00 AM through 12:00 PM and 05:00 PM, every day" },
	{ "DAILY;BYHOUR=9,10,11,12,17;BYMINUTE=0,30,45;BYSECOND=1",
	  "At 1 second past the minute, at 0, 30, and 45 minutes past the hour, at 09:00 AM through 12:00 PM "
	  "and 05:00 PM, every day" },
	{ "WEEKLY", "At 09:00 AM, every week on Monday" },
	{ "WEEKLY;INTERVAL=2;BYDAY=MO,FR", "At 09:00 AM, every 2 weeks on Monday and Friday" },
	{ "WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
	  "At 09:00 AM, every 2 weeks on Sunday and Monday, weeks starting on Sunday" },
	{ "WEEKLY;BYDAY=MO,SU;WKST=SU", "At 09:00 AM, every week on Sunday and Monday" },
	{ "WEEKLY;BYDAY=MO,SU;BYSETPOS=1;WKST=SU",
	  "At 09:00 AM, every week on Sunday and Monday, only the first occurrence of each week, weeks "
	  "starting on Sunday" },
	{ "WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270309",
	  "At 09:00 AM, every week on Monday through Friday, until March 9, 2027" },
	{ "WEEKLY;BYMONTH=6;UNTIL=20270309T170000",
	  "At 09:00 AM, every week on Monday, only in June, until March 9, 2027 at 05:00 PM" },
	{ "MONTHLY", "At 09:00 AM, on day 9 of the month" },
	{ "MONTHLY;BYDAY=3FR", "At 09:00 AM, on the third Friday of the month" },
	{ "MONTHLY;INTERVAL=2;BYDAY=-1MO,1MO,3FR,TU",
	  "At 09:00 AM, every 2 months on every Tuesday and on the first Monday, third Friday, and last "
	  "Monday of the month" },
	{ "MONTHLY;BYDAY=-2FR", "At 09:00 AM, on the second-to-last Friday of the month" },
	{ "MONTHLY;BYMONTHDAY=-1,-10,1,15",
	  "At 09:00 AM, on day 1, 15, the 10th-to-last day, and the last day of the month" },
	{ "MONTHLY;BYMONTHDAY=13;BYDAY=FR", "At 09:00 AM, on day 13 of the month, only on Friday" },
	{ "MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
	  "At 09:00 AM, on every Monday through Friday, only the last occurrence of each month" },
	{ "MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
	  "At 09:00 AM, on day 7 through 13 of the month, only on Saturday" },
	{ "YEARLY", "At 09:00 AM, every year on March 9" },
	{ "YEARLY;INTERVAL=2;BYMONTH=3;BYMONTHDAY=9,15",
	  "At 09:00 AM, every 2 years on March 9 and 15" },
	{ "YEARLY;BYMONTH=6", "At 09:00 AM, every year on June 9" },
	{ "YEARLY;BYMONTH=3,6",
	  "At 09:00 AM, every year on day 9 of the month, only in March and June" },
	{ "YEARLY;BYMONTH=3;BYMONTHDAY=-1",
	  "At 09:00 AM, every year on the last day of the month, only in March" },
	{ "YEARLY;BYMONTHDAY=1,15", "At 09:00 AM, every year on day 1 and 15 of the month" },
	{ "YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
	  "At 09:00 AM, every 4 years on November 2 through 8, only on Tuesday" },
	{ "YEARLY;BYDAY=20MO,-1FR",
	  "At 09:00 AM, every year on the 20th Monday and last Friday of the year" },
	{ "YEARLY;BYDAY=21MO,22TU,23WE,11TH",
	  "At 09:00 AM, every year on the 21st Monday, 22nd Tuesday, 23rd Wednesday, and 11th Thursday of the year" },
	{ "YEARLY;BYMONTH=1;BYDAY=1MO",
	  "At 09:00 AM, every year on the first Monday of the month, only in January" },
	{ "YEARLY;BYYEARDAY=1,100,-1;BYDAY=MO",
	  "At 09:00 AM, every year on day 1, 100, and the last day of the year, only on Monday" },
	{ "YEARLY;BYWEEKNO=20", "At 09:00 AM, every year in week 20 of the year on Monday" },
	{ "YEARLY;BYWEEKNO=1,2,3,-1;BYDAY=SA,SU;WKST=SU",
	  "At 09:00 AM, every year in week 1 through 3 and the last week of the year on Sunday and Saturday, "
	  "weeks starting on Sunday" },
	{ "YEARLY;BYWEEKNO=20;BYMONTHDAY=15;BYDAY=FR",
	  "At 09:00 AM, every year in week 20 of the year, only on day 15 of the month, only on Friday" },
	{ "HOURLY", "Every hour" },
	{ "HOURLY;INTERVAL=5;BYMINUTE=0,30;BYSECOND=10",
	  "Every 5 hours, at 0 and 30 minutes past the hour, at 10 seconds past the minute" },
	{ "HOURLY;BYHOUR=9,10,11,15;BYDAY=MO;BYMONTH=1",
	  "Every hour, only in the hours of 09:00 AM through 11:00 AM and 03:00 PM, only on Monday, only in January" },
	{ "MINUTELY;INTERVAL=45;BYHOUR=9;BYMINUTE=0,15",
	  "Every 45 minutes, only at 0 and 15 minutes past the hour, only in the hour of 09:00 AM" },
	{ "MINUTELY;BYSECOND=0,30", "Every minute, at 0 and 30 seconds past the minute" },
	{ "SECONDLY;INTERVAL=10;BYSECOND=0,1;BYYEARDAY=1",
	  "Every 10 seconds, only at 0 and 1 seconds past the minute, only on day 1 of the year" },
};

START_TEST(by_rule)
{
	char text[256];

	(void)snprintf(text, sizeof text, "DTSTART:20260309T090000\nRRULE:FREQ=%s", rules[_i].rule);
	struct spec s = spec_of(SPEC_RRULE, text);

	check_words(&s, text, false, rules[_i].words);
}
END_TEST

START_TEST(rule_and_dates)
{
	const char *text =
		"DTSTART:20260309T103015\nRRULE:FREQ=HOURLY;COUNT=5\nEXDATE:20260310T103015,20260311T103015\n"
		"RDATE:20260310T120000";
	struct spec s = spec_of(SPEC_RRULE, text);

	check_words(
		&s, text, false,
		"Every hour, at 30 minutes past the hour, at 15 seconds past the minute, 5 times, except on 2 dates, "
		"and on 1 more date");
}
END_TEST

static usec_t at(const char *text)
{
	usec_t t = 0;

	ck_assert_msg(stamp_parse(slice_of(text), &t) == WHEN_OK, "%s", text);
	return t;
}

START_TEST(windows_and_zones)
{
	static struct calendar calendar;
	struct spec s = spec_of(SPEC_CRON, "0 9 * * 1-5"), e = spec_of(SPEC_EVERY, "90m");

	check_words(&s, "0 9 * * 1-5", true, "At 09:00 AM, Monday through Friday, Eastern Time");
	check_words(&e, "90m", true, "Every 90 minutes"); /* no wall clock, no zone */
	s.start_at = e.start_at = at("2026-03-09T00:00:00-04:00");
	s.end_at = e.end_at = at("2027-03-09T23:59:59.999-05:00");
	check_words(&e, "90m", true,
		    "Every 90 minutes, from March 9, 2026, until March 9, 2027, Eastern Time");
	s.start_at++; /* is no midnight, but what is finer than a millisecond is not said */
	s.end_at -= SEC;
	s.calendar = &calendar;
	s.adjust = ADJUST_NONE;
	check_words(
		&s, "0 9 * * 1-5", false,
		"At 09:00 AM, Monday through Friday, from March 9, 2026, until March 9, 2027 at 11:59:58.999 PM");
	s.start_at = SPEC_NO_START;
	s.end_at = at("2027-03-09T00:00:00-05:00"); /* is not the end of the day */
	s.adjust = ADJUST_SKIP;
	check_words(
		&s, "0 9 * * 1-5", true,
		"At 09:00 AM, Monday through Friday, on business days only, until March 9, 2027 at 12:00 "
		"AM, Eastern Time");
	s.end_at = USEC_NEVER;
	s.adjust = ADJUST_NEXT;
	check_words(&s, "0 9 1 * *", false,
		    "At 09:00 AM, on day 1 of the month, moved to the next business day");
	s.adjust = ADJUST_PREVIOUS;
	check_words(&s, "0 9 1 * *", false,
		    "At 09:00 AM, on day 1 of the month, moved to the previous business day");
	s.adjust = ADJUST_NEAREST;
	check_words(&s, "0 9 1 * *", false,
		    "At 09:00 AM, on day 1 of the month, moved to the nearest business day");
	s.calendar = NULL;
	check_words(&s, "0 9 1 * *", false, "At 09:00 AM, on day 1 of the month");
}
END_TEST

/* A text that is none, or another's: the bits speak. */
START_TEST(foreign_text)
{
	struct spec s = spec_of(SPEC_CRON, "0,30 9-17 * * 1,2,3,5");

	check_words(
		&s, "nonsense", false,
		"At 0 and 30 minutes past the hour, between 09:00 AM and 05:59 PM, only on Monday through "
		"Wednesday and Friday");
	check_words(
		&s, "0,x 9-17,- * * 1,2,3,5", false,
		"At 0 and 30 minutes past the hour, between 09:00 AM and 05:59 PM, only on Monday, "
		"Tuesday, Wednesday, and Friday");
}
END_TEST

/* Nothing passes the ceiling: the longest item of every field, again and again. */
START_TEST(longest_cron)
{
	static const char *const heads[] = { "",         "0 ",         "0 0 ",        "0 0 0 ",
					     "0 0 0 * ", "0 0 0 * * ", "0 0 0 * * * " };
	static const char *const items[] = {
		"1/2", "1/2", "1/2", "1/2", "1/2", "3/2", "2026-2027/1"
	};

	for (unsigned i = 0; i < 7; i++) {
		char text[CRON_TEXT_MAX + 1];
		size_t n = (size_t)snprintf(text, sizeof text, "%s%s", heads[i], items[i]);
		static const char *const tails[] = { " * * * * *", " * * * *", " * * *", " * *",
						     " *",         "",         "" };

		while (n + strlen(items[i]) + 1 + strlen(tails[i]) <= CRON_TEXT_MAX)
			n += (size_t)snprintf(text + n, sizeof text - n, ",%s", items[i]);
		(void)snprintf(text + n, sizeof text - n, "%s", tails[i]);
		struct spec s = spec_of(SPEC_CRON, text);
		struct strbuf out;

		strbuf_init(&out, DESCRIBE_MAX);
		describe(&s, slice_of(text), true, &out);
		ck_assert_msg(!out.failed, "%s", text);
		strbuf_release(&out);
	}
}
END_TEST

START_TEST(longest_rule)
{
	int16_t odd[360], negative[360];
	struct rrule_day days[200];
	struct strbuf out;

	for (int16_t i = 0; i < 360; i++) {
		odd[i] = (int16_t)(2 * i + 1);
		negative[i] = (int16_t)(2 * i - 721);
	}
	for (int i = 0; i < 200; i++)
		days[i] = (struct rrule_day){ (int8_t)(i % 7), (int8_t)(-53 + i / 7) };
	struct rrule_parts p = { .freq = RRULE_YEARLY,
				 .interval = RRULE_INTERVAL_MAX,
				 .until = STAMP_LAST,
				 .by_second = { odd, 30 },
				 .by_minute = { odd, 30 },
				 .by_hour = { odd, 12 },
				 .by_monthday = { negative + 345, 15 },
				 .by_yearday = { negative, 360 },
				 .by_weekno = { negative + 335, 25 },
				 .by_month = { odd, 6 },
				 .by_setpos = { negative, 360 },
				 .by_day = days,
				 .by_day_n = 200,
				 .exdates = 1000,
				 .rdates = 1000 };

	strbuf_init(&out, DESCRIBE_MAX);
	describe_rrule_parts(&p, tz_utc(), &out);
	ck_assert(!out.failed);
	ck_assert_ptr_nonnull(strstr(out.p, ", and 336 more of the year"));
	ck_assert_ptr_nonnull(strstr(out.p, ", and 336 more occurrence"));
	ck_assert_ptr_nonnull(strstr(out.p, ", and 176 more of the month"));
	strbuf_release(&out);
}
END_TEST

/* ---- explain ---- */

/* "name=text:words|..." */
static void check_parts(enum spec_kind kind, const char *text, const char *want)
{
	struct spec s = spec_of(kind, text);
	struct explained parts[EXPLAIN_MAX];
	struct strbuf words, got;
	unsigned n;

	strbuf_init(&words, DESCRIBE_MAX);
	strbuf_init(&got, DESCRIBE_MAX);
	n = explain(&s, slice_of(text), parts, &words);
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(&got, "%s%s=%.*s: %.*s", i > 0 ? "|" : "", parts[i].name,
			    SLICE_ARG(parts[i].text), SLICE_ARG(parts[i].words));
	ck_assert_str_eq(got.p, want);
	strbuf_release(&got);
	strbuf_release(&words);
}

START_TEST(explained)
{
	check_parts(
		SPEC_CRON, "TZ=America/New_York 0 9-17 13 * +MON-FRI",
		"timezone=America/New_York: Eastern Time|minute=0: on the hour|hour=9-17: between 09:00 "
		"AM and 05:00 PM|"
		"day_of_month=13: on day 13 of the month|month=*: every month|day_of_week=+MON-FRI: only "
		"Monday through Friday");
	check_parts(
		SPEC_CRON, "*/10 30 9 ? JAN * 2027",
		"second=*/10: every 10 seconds|minute=30: at 30 minutes past the hour|hour=9: at 09:00 AM|"
		"day_of_month=?: every day|month=JAN: only in January|day_of_week=*: every day of the week|"
		"year=2027: only in 2027");
	check_parts(SPEC_RRULE, "\n \n FR\n \n eQ=DAILY",
		    "FREQ=DAILY: every day"); /* found by fuzzing */
	check_parts(SPEC_CRON, " @daily", "macro=@daily: At 12:00 AM");
	check_parts(SPEC_CRON, "@every 90m", "every=@every 90m: Every 90 minutes");
	check_parts(SPEC_ONCE, "2026-03-09T09:00:00",
		    "at=2026-03-09T09:00:00: On March 9, 2026 at 09:00 AM");
	check_parts(
		SPEC_RRULE, "FREQ=daily;ByHour=9,17;UNTIL=20270309",
		"FREQ=daily: every day|BYHOUR=9,17: at 09:00 AM and 05:00 PM|UNTIL=20270309: until March 9, 2027");
	check_parts(
		SPEC_RRULE,
		"DTSTART;TZID=America/New_York:20260309T090000\r\n"
		"RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=4;BYDAY=MO,FR;\r\n BYMONTH=3,4\r\n"
		"EXDATE:20260313T090000,20260323T090000\r\nRDATE:20260314T090000\r\n",
		"DTSTART=20260309T090000: from March 9, 2026 at 09:00 AM|FREQ=WEEKLY: every "
		"week|INTERVAL=2: every 2 weeks|"
		"WKST=SU: weeks starting on Sunday|COUNT=4: 4 times|BYDAY=MO,FR: on Monday and "
		"Friday|BYMONTH=3,4: only in March and April|"
		"EXDATE=20260313T090000,20260323T090000: except on 2 dates|RDATE=20260314T090000: and on 1 more date");
	check_parts(
		SPEC_RRULE,
		"FREQ=MONTHLY;BYMONTHDAY=-1;BYDAY=MO,FR;BYHOUR=9;BYMINUTE=0,30;BYSECOND=0;BYSETPOS=-1,1",
		"FREQ=MONTHLY: every month|BYMONTHDAY=-1: on the last day of the month|BYDAY=MO,FR: on "
		"Monday and Friday|"
		"BYHOUR=9: at 09:00 AM|BYMINUTE=0,30: at 0 and 30 minutes past the hour|BYSECOND=0: at 0 "
		"seconds past the minute|"
		"BYSETPOS=-1,1: only the first and last occurrence of each month");
	check_parts(SPEC_RRULE, "FREQ=YEARLY;BYYEARDAY=1,-1;BYWEEKNO=1",
		    "FREQ=YEARLY: every year|BYYEARDAY=1,-1: on day 1 and the last day of the "
		    "year|BYWEEKNO=1: in week 1 of the year");
}
END_TEST

/* More lines than there is room for. */
START_TEST(explained_much)
{
	char text[4096] = "RRULE:FREQ=DAILY";
	size_t n = strlen(text);
	struct explained parts[EXPLAIN_MAX];
	struct strbuf words;

	for (int i = 1; i <= 30; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "\nRDATE:202703%02dT000000", i);
	struct spec s = spec_of(SPEC_RRULE, text);

	strbuf_init(&words, DESCRIBE_MAX);
	ck_assert_uint_eq(explain(&s, slice_of(text), parts, &words), EXPLAIN_MAX);
	strbuf_release(&words);
}
END_TEST

Suite *suite_describe(void)
{
	Suite *s = suite_create("describe");
	TCase *tc = tcase_create("describe");

	tcase_add_unchecked_fixture(tc, begin, end);
	tcase_add_loop_test(tc, by_kind, 0, sizeof rows / sizeof rows[0]);
	tcase_add_loop_test(tc, by_rule, 0, sizeof rules / sizeof rules[0]);
	tcase_add_test(tc, rule_and_dates);
	tcase_add_test(tc, windows_and_zones);
	tcase_add_test(tc, foreign_text);
	tcase_add_test(tc, longest_cron);
	tcase_add_test(tc, longest_rule);
	tcase_add_test(tc, explained);
	tcase_add_test(tc, explained_much);
	suite_add_tcase(s, tc);
	return s;
}
