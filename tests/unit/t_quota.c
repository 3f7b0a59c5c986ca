/* Quotas: how close occurrences may come, how large payloads may be. */
#include "core/quota.h"

#include <check.h>
#include <string.h>

#include "core/calendar.h"
#include "when/stamp.h"

static struct tz_db *zones;
static struct arena *arena;

static void setup(void)
{
	zones = tz_db_new(NULL);
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

static usec_t at(const char *text)
{
	usec_t t = USEC_NEVER;

	if (text)
		ck_assert_int_eq(stamp_parse(slice_of(text), &t), WHEN_OK);
	return t;
}

#define SUNDAYS_ONLY "{\"weekend\": [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\"]}"
#define H (3600)

/* From 2030-01-01T00:00:00Z on. first: of the two that are too close; NULL: none are. */
static const struct row {
	int line;
	enum spec_kind kind;
	const char *text, *zone, *end, *calendar;
	enum calendar_adjust adjust;
	int64_t least; /* seconds */
	const char *first;
} rows[] = {
	{ __LINE__, SPEC_EVERY, "300", "UTC", NULL, NULL, 0, 300, NULL },
	{ __LINE__, SPEC_EVERY, "300", "UTC", NULL, NULL, 0, 301, "2030-01-01T00:05:00Z" },
	/* never comes twice, or not at all */
	{ __LINE__, SPEC_EVERY, "300", "UTC", "2030-01-01T00:09:59Z", NULL, 0, 301, NULL },
	{ __LINE__, SPEC_EVERY, "300", "UTC", "2030-01-01T00:10:00Z", NULL, 0, 301,
	  "2030-01-01T00:05:00Z" },
	{ __LINE__, SPEC_EVERY, "300", "UTC", "2030-01-01T00:01:00Z", NULL, 0, 301, NULL },
	{ __LINE__, SPEC_ONCE, "2030-01-01T00:00:01Z", "UTC", NULL, NULL, 0, 86400, NULL },
	{ __LINE__, SPEC_CRON, "*/5 * * * *", "UTC", NULL, NULL, 0, 300, NULL },
	{ __LINE__, SPEC_CRON, "*/5 * * * *", "UTC", NULL, NULL, 0, 301, "2030-01-01T00:05:00Z" },
	/* uneven steps: 50 and 10 minutes */
	{ __LINE__, SPEC_CRON, "*/50 * * * *", "UTC", NULL, NULL, 0, 601, "2030-01-01T00:50:00Z" },
	{ __LINE__, SPEC_CRON, "*/50 * * * *", "UTC", NULL, NULL, 0, 600, NULL },
	/* close once a year, and once in two years' time */
	{ __LINE__, SPEC_CRON, "0 0,1 31 12 *", "UTC", NULL, NULL, 0, H + 1,
	  "2030-12-31T00:00:00Z" },
	{ __LINE__, SPEC_RRULE,
	  "DTSTART:20300101T090000Z\nRRULE:FREQ=WEEKLY\nRDATE:20311125T091000Z", "UTC", NULL, NULL,
	  0, 601, "2031-11-25T09:00:00Z" },
	/* ... but nobody waits for ever */
	{ __LINE__, SPEC_RRULE,
	  "DTSTART:20300101T090000Z\nRRULE:FREQ=WEEKLY\nRDATE:20351127T091000Z", "UTC", NULL, NULL,
	  0, 601, NULL },
	{ __LINE__, SPEC_CRON, "0 0 29 2 *", "UTC", NULL, NULL, 0, 366 * 86400, NULL },
	{ __LINE__, SPEC_RRULE, "FREQ=MINUTELY;INTERVAL=4", "UTC", NULL, NULL, 0, 241,
	  "2030-01-01T00:04:00Z" },
	{ __LINE__, SPEC_RRULE, "FREQ=MINUTELY;INTERVAL=4", "UTC", NULL, NULL, 0, 240, NULL },
	{ __LINE__, SPEC_RRULE, "FREQ=MINUTELY;COUNT=1", "UTC", NULL, NULL, 0, 61, NULL },
	/* the day on which the clock goes forward has 23 hours */
	{ __LINE__, SPEC_CRON, "0 9 * * *", "Europe/Berlin", NULL, NULL, 0, 24 * H,
	  "2030-03-30T08:00:00Z" },
	{ __LINE__, SPEC_CRON, "0 9 * * *", "Europe/Berlin", NULL, NULL, 0, 23 * H, NULL },
	{ __LINE__, SPEC_CRON, "0 9 * * *", "UTC", NULL, NULL, 0, 24 * H, NULL },
	/* what a calendar leaves out is not there; where it moves to, others may be */
	{ __LINE__, SPEC_CRON, "0 9 * * *", "UTC", NULL, SUNDAYS_ONLY, ADJUST_SKIP, 7 * 24 * H,
	  NULL },
	{ __LINE__, SPEC_EVERY, "90000", "UTC", NULL, SUNDAYS_ONLY, ADJUST_SKIP, 2 * 24 * H, NULL },
	{ __LINE__, SPEC_EVERY, "90000", "UTC", NULL, SUNDAYS_ONLY, ADJUST_NEXT, 24 * H,
	  "2030-01-06T00:00:00Z" },
};

static void build(const struct row *r, usec_t now, struct spec *out)
{
	struct spec_ask ask = { .zones = zones,
				.timezone = slice_of(r->zone),
				.anchor = now,
				.last = USEC_NEVER,
				.arena = arena };
	struct when_fault fault;

	ck_assert_msg(spec_parse(&ask, r->kind, slice_of(r->text), out, &fault) == WHEN_OK,
		      "line %d", r->line);
	out->end_at = at(r->end);
	if (r->calendar) {
		out->calendar = calendar_load(slice_of(r->calendar), arena);
		ck_assert_ptr_nonnull(out->calendar);
		out->adjust = r->adjust;
	}
}

START_TEST(as_the_rows_say)
{
	const struct row *r = &rows[_i];
	static const struct timing_names names = { .spec = "when" };
	struct op op = { .arena = arena, .now = at("2030-01-01T00:00:00Z") };
	struct spec spec;

	build(r, op.now, &spec);
	op.who.limits.min_interval = r->least * SEC;
	quota_interval(&op, &spec, &names);
	ck_assert_msg(op.faults.total == !!r->first, "line %d: %s", r->line,
		      op.faults.total ? op.faults.list[0].message : "none");
	if (r->first) {
		ck_assert_str_eq(op.faults.list[0].field, "when");
		ck_assert_str_eq(op.faults.list[0].code, "quota_min_interval");
		ck_assert_msg(strstr(op.faults.list[0].message, r->first), "line %d: %s", r->line,
			      op.faults.list[0].message);
	}
}
END_TEST

START_TEST(which_field)
{
	static const struct timing_names full = { .spec = "s", .zone = "z", .rrule = { "r" } };
	static const struct timing_names zone = { .zone = "z", .rrule = { "r" } };
	struct op op = { .arena = arena, .now = at("2030-01-01T00:00:00Z") };
	struct spec cron, rule;

	op.who.limits.min_interval = DAY;
	build(&rows[6], op.now, &cron);
	build(&rows[14], op.now, &rule);
	quota_interval(&op, &cron, &full);
	quota_interval(&op, &rule, &full);
	quota_interval(&op, &cron, &zone);
	quota_interval(&op, &rule, &zone);
	ck_assert_str_eq(op.faults.list[0].field, "s");
	ck_assert_str_eq(op.faults.list[1].field, "r");
	ck_assert_str_eq(op.faults.list[2].field, "z");
	ck_assert_str_eq(op.faults.list[3].field, "z");
	op.who.limits.min_interval = 0;
	quota_interval(&op, &cron, &full);
	ck_assert_int_eq(op.faults.total, 4);
}
END_TEST

START_TEST(payloads)
{
	struct op op = { .arena = arena };
	struct slice four = SLICE_LIT("1234"), five = SLICE_LIT("12345");

	op.who.limits.payload_max = 4;
	ck_assert_ptr_null(quota_payload_fault(&op, four));
	ck_assert_ptr_null(quota_payload_fault(&op, (struct slice){ NULL, 0 }));
	ck_assert_str_eq(quota_payload_fault(&op, five), "This may have 4 bytes, and has 5.");
	op.who.limits.payload_max = 0;
	ck_assert_ptr_null(quota_payload_fault(&op, five));
}
END_TEST

Suite *suite_quota(void)
{
	Suite *s = suite_create("quota");
	TCase *c = tcase_create("quota");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, as_the_rows_say, 0, sizeof rows / sizeof *rows);
	tcase_add_test(c, which_field);
	tcase_add_test(c, payloads);
	suite_add_tcase(s, c);
	return s;
}
