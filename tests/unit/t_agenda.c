/* What is to come, as a calendar shows it: rows have schedules, a range and a share, and the events that come
 * of them. */
#include <check.h>
#include <stdio.h>

#include "core/agenda_int.h"
#include "core/core.h"
#include "when/stamp.h"

#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
#define BERLIN "Europe/Berlin"
#define DAILY                        \
	{                            \
		1, "0 9 * * *", NULL \
	}
#define HOURLY                       \
	{                            \
		1, "0 * * * *", NULL \
	}
#define SECONDS                        \
	{                              \
		1, "* * * * * *", NULL \
	}

static const struct {
	int line;
	const char *from, *to; /* in Berlin; now is 2030-03-01T00:00 there */
	size_t share;
	struct {
		int16_t kind; /* of its spec, in Berlin */
		const char *spec;
		const char *next; /* NULL: the beginning of the range; "": none */
	} schedules[3];
	const char *want; /* "0 02T09:00 1": schedule, day and time, count; "!" when cut */
} rows[] = {
	R("2030-03-02", "2030-03-04", 10, { DAILY }, "0 02T09:00 1, 0 03T09:00 1"),
	/* the end is not in it */
	R("2030-03-02", "2030-03-03T09:00:00", 10, { DAILY }, "0 02T09:00 1"),
	R("2030-03-02", "2030-03-03T09:00:01", 10, { DAILY }, "0 02T09:00 1, 0 03T09:00 1"),
	/* what has its run already is not to come; what has none is none */
	R("2030-03-02", "2030-03-05", 10, { { 1, "0 9 * * *", "2030-03-03T09:00:00" } },
	  "0 03T09:00 1, 0 04T09:00 1"),
	R("2030-03-02", "2030-03-05", 10, { { 1, "0 9 * * *", "" } }, ""),
	/* nor what is past */
	R("2030-02-20", "2030-03-02", 10, { { 1, "0 9 * * *", "2030-02-20T09:00:00" } },
	  "0 01T09:00 1"),
	/* 24 a day are 24 events, 25 are one; the day of 25 hours has them */
	R("2030-03-02", "2030-03-03", 24, { HOURLY },
	  "0 02T00:00 1, 0 02T01:00 1, 0 02T02:00 1, 0 02T03:00 1, 0 02T04:00 1, 0 02T05:00 1, 0 02T06:00 1, "
	  "0 02T07:00 1, 0 02T08:00 1, 0 02T09:00 1, 0 02T10:00 1, 0 02T11:00 1, 0 02T12:00 1, 0 02T13:00 1, "
	  "0 02T14:00 1, 0 02T15:00 1, 0 02T16:00 1, 0 02T17:00 1, 0 02T18:00 1, 0 02T19:00 1, 0 02T20:00 1, "
	  "0 02T21:00 1, 0 02T22:00 1, 0 02T23:00 1"),
	R("2030-10-27", "2030-10-28", 100, { HOURLY }, "0 27T00:00 25"),
	R("2030-03-02", "2030-03-03", 23, { HOURLY }, "0 02T00:00 24"),
	/* begun again by the day when the second one has no room */
	R("2030-03-02", "2030-03-04", 30, { HOURLY }, "0 02T00:00 24, 0 03T00:00 24"),
	/* the days of a range are its own */
	R("2030-03-02T12:00:00", "2030-03-03T06:00:00", 5, { HOURLY },
	  "0 02T12:00 12, 0 03T00:00 6"),
	/* one that does not fit is shown by the day, and then cut; the others keep their share */
	R("2030-03-02", "2030-03-05", 3, { HOURLY, DAILY },
	  "0 02T00:00 24, 0 03T00:00 24, 0 04T00:00 24, 1 02T09:00 1, 1 03T09:00 1, 1 04T09:00 1"),
	R("2030-03-02", "2030-03-05", 2, { HOURLY, DAILY },
	  "0 02T00:00 24, 0 03T00:00 24, 1 02T09:00 1, 1 03T09:00 1!"),
	R("2030-03-02", "2030-03-04", 2, { SECONDS, DAILY, DAILY },
	  "0 02T00:00 1440+, 0 03T00:00 1440+, 1 02T09:00 1, 1 03T09:00 1, 2 02T09:00 1, 2 03T09:00 1"),
	/* counted by division */
	R("2030-03-02", "2030-03-04", 2, { { 2, "60", NULL } }, "0 02T00:00 1440, 0 03T00:00 1440"),
	R("2030-03-02", "2030-03-04", 2, { { 2, "1", NULL } },
	  "0 02T00:00 1440+, 0 03T00:00 1440+"),
	/* a share of nothing */
	R("2030-03-02", "2030-03-04", 0, { DAILY }, "!"),
};

static struct tz_db *zones;

static usec_t at(const char *text)
{
	char whole[40];
	usec_t t;

	(void)snprintf(whole, sizeof(whole), strlen(text) == 10 ? "%sT00:00:00" : "%s", text);
	ck_assert_int_eq(stamp_parse_in(slice_of(whole), tz_find(zones, SLICE_LIT(BERLIN)), &t),
			 WHEN_OK);
	return t;
}

static size_t make(int row, struct schedule *out)
{
	size_t n = 0;

	for (; n < 3 && rows[row].schedules[n].spec; n++) {
		const char *next = rows[row].schedules[n].next;

		out[n] = (struct schedule){
			.state = SCHEDULE_ACTIVE,
			.id = { { [15] = (uint8_t)n } },
			.spec_kind = rows[row].schedules[n].kind,
			.spec = slice_of(rows[row].schedules[n].spec),
			.zone = SLICE_LIT(BERLIN),
			.start_at = USEC_NEVER,
			.end_at = USEC_NEVER,
			.anchor_at = at("2030-01-01"),
			.count_end = USEC_NEVER,
			.next_at = !next ? at(rows[row].from)
				 : *next ? at(next)
					 : USEC_NEVER,
		};
	}
	return n;
}

static void print(const struct agenda *g, char *out, size_t room)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < g->events_n; i++) {
		const struct agenda_event *e = &g->events[i];
		char stamp[STAMP_MAX];

		stamp_print_local(e->start, g->tz, stamp);
		n += (size_t)snprintf(out + n, room - n, "%s%d %.8s %lld%s", i ? ", " : "",
				      e->schedule.b[15], stamp + 8, (long long)e->count,
				      e->is_least ? "+" : "");
		ck_assert(e->is_planned && e->view == VIEW_SCHEDULED);
	}
	(void)snprintf(out + n, room - n, "%s", g->view->is_cut ? "!" : "");
}

START_TEST(planned)
{
	struct arena *arena = arena_new();
	struct core core = { .zones = zones };
	struct op op = { .core = &core, .arena = arena, .now = at("2030-03-01") };
	struct schedule schedules[3];
	struct agenda_view view = { .is_cut = false };
	struct agenda g = { .view = &view,
			    .tz = tz_find(zones, SLICE_LIT(BERLIN)),
			    .from = at(rows[_i].from),
			    .to = at(rows[_i].to),
			    .schedules = schedules,
			    .n = make(_i, schedules),
			    .share_ahead = rows[_i].share };
	char got[1000];

	g.events = arena_array(arena, struct agenda_event, g.n * g.share_ahead + 1);
	while (!agenda_plan(&op, &g))
		;
	ck_assert_uint_le(g.events_n, g.n * g.share_ahead);
	print(&g, got, sizeof(got));
	ck_assert_msg(strcmp(got, rows[_i].want) == 0, "row of line %d:\n  got  %s\n  want %s",
		      rows[_i].line, got, rows[_i].want);
	arena_free(arena);
}
END_TEST

static void setup(void)
{
	zones = tz_db_new(NULL);
}

static void teardown(void)
{
	tz_db_free(zones);
}

Suite *suite_agenda(void)
{
	Suite *s = suite_create("agenda");
	TCase *c = tcase_create("planned");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, planned, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, c);
	return s;
}
