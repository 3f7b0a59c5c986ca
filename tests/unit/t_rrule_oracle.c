/* Recurrence rules against tests/data/rrule_dateutil.tsv: python-dateutil's wall times, read in
 * their zone by Python's zoneinfo (tests/data/make/rrule_dateutil.py). Every row is asked for its
 * first runs in order, for the first run after an instant years later, and from between its runs. */
#include "when/rrule.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROW_MAX = 2048, RUNS_MAX = 6, SHOWN_MAX = 10 };

static struct tz_db *zones;

static void zones_open(void)
{
	zones = tz_db_new(NULL);
}

static void zones_close(void)
{
	tz_db_free(zones);
}

enum column { RULE, DTSTART, ZONE, EXDATE, RDATE, RUNS, FAR_AFTER, FAR_RUN, COLUMNS };

struct row {
	char *column[COLUMNS];
	usec_t run[RUNS_MAX]; /* USEC_NEVER behind the last */
	unsigned runs;
	usec_t after, later; /* the first after `after` */
};

static bool split(char *line, struct row *r)
{
	line[strcspn(line, "\n")] = '\0';
	for (unsigned i = 0; i < COLUMNS; i++) {
		r->column[i] = strsep(&line, "\t");
		if (!r->column[i])
			return false;
	}
	return line == NULL;
}

/* "-" is never; a number counts from `base`. */
static usec_t instant(const char *text, usec_t base)
{
	return text[0] == '-' ? USEC_NEVER : base + strtoll(text, NULL, 10) * SEC;
}

static bool read_row(char *line, struct row *r)
{
	usec_t base = 0;
	char *runs;

	if (!split(line, r))
		return false;
	runs = r->column[RUNS];
	for (r->runs = 0; runs && r->runs < RUNS_MAX;)
		base = r->run[r->runs++] = instant(strsep(&runs, " "), base);
	r->after = instant(r->column[FAR_AFTER], 0);
	r->later = instant(r->column[FAR_RUN], r->after);
	return r->runs > 0;
}

static struct slice piece(const char *text)
{
	return text[0] ? slice_of(text) : (struct slice){ NULL, 0 };
}

static const struct rrule *parse(const struct row *r, struct arena *arena, const char **out_why)
{
	struct rrule_text text = { piece(r->column[RULE]), piece(r->column[DTSTART]),
				   piece(r->column[EXDATE]), piece(r->column[RDATE]) };
	struct rrule_ask ask = { .zone = tz_find(zones, slice_of(r->column[ZONE])),
				 .last = USEC_NEVER,
				 .arena = arena };
	const struct rrule *rule = NULL;
	struct strbuf lines;
	enum when_err e;

	ck_assert_msg(ask.zone != NULL, "%s", r->column[ZONE]);
	strbuf_init(&lines, RRULE_TEXT_MAX);
	rrule_join(&text, &lines);
	e = rrule_parse(&ask, strbuf_slice(&lines), &rule, NULL);
	strbuf_release(&lines);
	*out_why = when_err_name(e);
	return e == WHEN_OK ? rule : NULL;
}

/* Half way between two runs, with a fraction of a second. */
static usec_t between(usec_t a, usec_t b)
{
	return a + (b - a) / SEC / 2 * SEC + 999999;
}

/* NULL: as in the table; else what differs. */
static const char *differs(const struct row *r, const struct rrule *rule, usec_t *out_got)
{
	struct tz_hint hint = { 0 };
	usec_t at = -1;

	for (unsigned i = 0; i < r->runs; i++) {
		*out_got = at = rrule_next(rule, at, &hint);
		if (at != r->run[i])
			return "in order";
	}
	*out_got = rrule_next(rule, r->after, &hint);
	if (*out_got != r->later)
		return "years later";
	for (unsigned i = r->runs; i-- > 1;) {
		usec_t to = r->run[i] == USEC_NEVER ? r->run[i - 1] + DAY : r->run[i];

		*out_got = rrule_next(rule, between(r->run[i - 1], to), &hint);
		if (*out_got != r->run[i])
			return "from between";
	}
	return NULL;
}

static bool check_row(const struct row *r, bool is_shown)
{
	struct arena *arena = arena_new();
	const char *why;
	usec_t got = USEC_NEVER;
	const struct rrule *rule = parse(r, arena, &why);

	if (rule)
		why = differs(r, rule, &got);
	arena_free(arena);
	if (why && is_shown)
		printf("%s: %lld\n  DTSTART:%s %s\n  %s\n  EXDATE:%s RDATE:%s\n  runs %s, after %s: %s\n",
		       why, got == USEC_NEVER ? -1 : (long long)(got / SEC), r->column[DTSTART],
		       r->column[ZONE], r->column[RULE], r->column[EXDATE], r->column[RDATE],
		       r->column[RUNS], r->column[FAR_AFTER], r->column[FAR_RUN]);
	return why == NULL;
}

/* With other zone data than the table was made with, zones that have not changed their rules for
 * decades are compared. */
static bool is_steady(const char *zone)
{
	static const char *const steady[] = { "UTC",           "America/New_York", "Europe/Berlin",
					      "Europe/Dublin", "Asia/Tokyo",       "Asia/Kolkata" };

	for (size_t i = 0; i < sizeof steady / sizeof steady[0]; i++)
		if (strcmp(zone, steady[i]) == 0)
			return true;
	return false;
}

START_TEST(agrees_with_dateutil)
{
	FILE *f = fopen("tests/data/rrule_dateutil.tsv", "r");
	unsigned rows = 0, bad = 0;
	char line[ROW_MAX], version[64];
	bool is_same;

	ck_assert_msg(f != NULL, "run from the root of the tree");
	ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
	(void)snprintf(version, sizeof version, "system tzdata %s,", tz_db_version(zones));
	is_same = strstr(line, version) != NULL;
	while (fgets(line, sizeof line, f)) {
		struct row r;

		if (line[0] == '#')
			continue;
		ck_assert_msg(read_row(line, &r), "a row that cannot be read: %s", line);
		rows++;
		if (is_same || is_steady(r.column[ZONE]))
			bad += !check_row(&r, bad < SHOWN_MAX);
	}
	(void)fclose(f);
	ck_assert_uint_ge(rows, 6000);
	ck_assert_msg(bad == 0, "%u of %u rows differ", bad, rows);
}
END_TEST

Suite *suite_rrule_oracle(void)
{
	Suite *s = suite_create("rrule_oracle");
	TCase *tc = tcase_create("rrule_oracle");

	tcase_add_unchecked_fixture(tc, zones_open, zones_close);
	tcase_add_test(tc, agrees_with_dateutil);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}
