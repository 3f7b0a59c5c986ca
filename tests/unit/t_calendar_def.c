/* Definitions of calendars: what is taken, what is refused and under which name, and that what is
 * stored reads back as it was sent. */
#include <check.h>

#include "core/calendar.h"
#include "when/civil.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

static struct calendar_def read_def(const char *json, struct json_faults *faults)
{
	struct calendar_def def = { .present = 0 };
	struct json_syntax syntax;
	struct json_reader to = { arena, faults, &syntax };

	ck_assert_msg(json_decode(&calendar_shape, slice_of(json), &to, &def), "%s", json);
	return def;
}

static bool is_open(const struct calendar *c, int year, unsigned month, unsigned day)
{
	return calendar_is_open(c, civil_to_days((struct civil){ year, month, day }));
}

START_TEST(every_kind_of_holiday)
{
	const struct calendar *c = calendar_load(
		SLICE_LIT(
			"{\"description\": \"all\", \"weekend\": [\"Sat\", \"sunday\"], \"holidays\": ["
			"{\"name\": \"Christmas Day\", \"date\": \"12-25\", \"observed\": \"nearest\","
			" \"since\": 2000, \"until\": 2100},"
			"{\"date\": \"2026-06-19\"},"
			"{\"month\": 11, \"weekday\": \"thursday\", \"nth\": 4},"
			"{\"month\": 5, \"weekday\": \"MON\", \"nth\": -1},"
			"{\"easter\": -2}]}"),
		arena);

	ck_assert_ptr_nonnull(c);
	ck_assert(!is_open(c, 2026, 12, 25)); /* a Friday */
	ck_assert(!is_open(c, 2027, 12, 24)); /* the 25th is a Saturday */
	ck_assert(is_open(c, 1998, 12, 25));  /* before it began */
	ck_assert(!is_open(c, 2026, 6, 19));
	ck_assert(is_open(c, 2025, 6, 19));
	ck_assert(!is_open(c, 2026, 11, 26));
	ck_assert(is_open(c, 2026, 11, 19));
	ck_assert(!is_open(c, 2026, 5, 25));
	ck_assert(!is_open(c, 2026, 4, 3)); /* Good Friday */
	ck_assert(!is_open(c, 2026, 6, 20) && !is_open(c, 2026, 6, 21));
	ck_assert(is_open(c, 2026, 6, 22));
}
END_TEST

START_TEST(weekends)
{
	const struct calendar *c = calendar_load(SLICE_LIT("{}"), arena);

	ck_assert(!is_open(c, 2026, 11, 21) && !is_open(c, 2026, 11, 22)); /* the default */
	c = calendar_load(SLICE_LIT("{\"weekend\": []}"), arena);
	ck_assert(is_open(c, 2026, 11, 21) && is_open(c, 2026, 11, 22));
	c = calendar_load(SLICE_LIT("{\"weekend\": [\"friday\"]}"), arena);
	ck_assert(!is_open(c, 2026, 11, 20) && is_open(c, 2026, 11, 21));
}
END_TEST

/* Each with the one fault it must give: the field and its code. */
static const struct {
	const char *json, *field, *code;
} bad[] = {
	{ "{\"weekend\": [\"saturday\", \"day\"]}", "cal.weekend[1]", "invalid_value" },
	{ "{\"weekend\": [\"sun\",\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\"]}", "cal.weekend",
	  "invalid_value" },
	{ "{\"holidays\": [{}]}", "cal.holidays[0]", "invalid_value" },
	{ "{\"holidays\": [{\"easter\": 0}, {\"date\": \"12-25\", \"easter\": 1}]}",
	  "cal.holidays[1]", "invalid_value" },
	{ "{\"holidays\": [{\"date\": \"12-25\", \"month\": 1}]}", "cal.holidays[0]",
	  "invalid_value" },
	{ "{\"holidays\": [{\"date\": \"02-30\"}]}", "cal.holidays[0].date", "invalid_date" },
	{ "{\"holidays\": [{\"date\": \"2026-02-29\"}]}", "cal.holidays[0].date", "invalid_date" },
	{ "{\"holidays\": [{\"date\": \"2200-01-01\"}]}", "cal.holidays[0].date", "invalid_date" },
	{ "{\"holidays\": [{\"date\": \"1-1\"}]}", "cal.holidays[0].date", "invalid_date" },
	{ "{\"holidays\": [{\"date\": \"12/25\"}]}", "cal.holidays[0].date", "invalid_date" },
	{ "{\"holidays\": [{\"date\": \"00-10\"}]}", "cal.holidays[0].date", "invalid_date" },
	{ "{\"holidays\": [{\"date\": \"2026-12-25\", \"since\": 2020}]}", "cal.holidays[0].date",
	  "conflict" },
	{ "{\"holidays\": [{\"easter\": 1, \"since\": 2020, \"until\": 2019}]}",
	  "cal.holidays[0].until", "out_of_range" },
	{ "{\"holidays\": [{\"month\": 5, \"weekday\": \"monday\"}]}", "cal.holidays[0].nth",
	  "required" },
	{ "{\"holidays\": [{\"month\": 5, \"weekday\": \"monday\", \"nth\": 0}]}",
	  "cal.holidays[0].nth", "out_of_range" },
	{ "{\"holidays\": [{\"month\": 5, \"nth\": 1}]}", "cal.holidays[0].weekday", "required" },
	{ "{\"holidays\": [{\"weekday\": \"mon\", \"nth\": 1}]}", "cal.holidays[0].month",
	  "required" },
	{ "{\"holidays\": [{\"month\": 5, \"weekday\": \"m\", \"nth\": 1}]}",
	  "cal.holidays[0].weekday", "invalid_value" },
};

START_TEST(each_fault_has_its_field)
{
	struct json_faults faults = { .n = 0 };
	struct calendar_def def = read_def(bad[_i].json, &faults);
	struct calendar *c = arena_make(arena, struct calendar);

	ck_assert_int_eq(faults.total, 0);
	ck_assert(!calendar_compile(&def, "cal.", arena, &faults, c));
	ck_assert_int_eq(faults.total, 1);
	ck_assert_str_eq(faults.list[0].field, bad[_i].field);
	ck_assert_str_eq(faults.list[0].code, bad[_i].code);
	ck_assert(!calendar_compile(&def, "", arena, NULL, c));
	ck_assert_ptr_null(calendar_load(slice_of(bad[_i].json), arena));
}
END_TEST

/* A field with its own rule in the shape. */
START_TEST(out_of_range_is_the_shapes)
{
	struct json_faults faults = { .n = 0 };

	(void)read_def(
		"{\"holidays\": [{\"easter\": 101}, {\"month\": 13}, {\"observed\": \"never\"}]}",
		&faults);
	ck_assert_int_eq(faults.total, 3);
	ck_assert_str_eq(faults.list[0].field, "holidays[0].easter");
	ck_assert_str_eq(faults.list[2].field, "holidays[2].observed");
}
END_TEST

START_TEST(what_is_stored_is_what_was_sent)
{
	static const char text[] =
		"{\"weekend\":[],\"holidays\":[{\"date\":\"01-01\"},{\"month\":1,\"weekday\":\"mon\",\"nth\":"
		"-1,\"observed\":\"none\"},{\"name\":\"\",\"easter\":0}]}";
	struct json_faults faults = { .n = 0 };
	struct calendar_def def = read_def(text, &faults);
	struct strbuf out;

	strbuf_init(&out, 4096);
	json_encode(&calendar_shape, &def, &out);
	ck_assert_str_eq(out.p, text);
	strbuf_clear(&out);
	def = read_def("{}", &faults);
	json_encode(&calendar_shape, &def, &out);
	ck_assert_str_eq(out.p, "{}");
	strbuf_release(&out);
}
END_TEST

/* More definitions than are kept built: each is still its own. */
START_TEST(many_calendars_are_not_mixed_up)
{
	for (int round = 0; round < 2; round++) {
		for (int day = 1; day <= 28; day++) {
			struct slice text = slice_of(arena_printf(
				arena, "{\"weekend\": [], \"holidays\": [{\"date\": \"03-%02d\"}]}",
				day));
			const struct calendar *c = calendar_load(text, arena);

			for (unsigned i = 1; i <= 28; i++)
				ck_assert_int_eq(is_open(c, 2030, 3, i), i != (unsigned)day);
		}
	}
}
END_TEST

START_TEST(names)
{
	char longest[CALENDAR_NAME_MAX + 2];

	memset(longest, 'x', sizeof(longest));
	ck_assert(calendar_name_ok(SLICE_LIT("us-federal_2026.v2")));
	ck_assert(calendar_name_ok(SLICE_LIT("...")));
	ck_assert(!calendar_name_ok(SLICE_LIT(".")));
	ck_assert(!calendar_name_ok(SLICE_LIT("..")));
	ck_assert(calendar_name_ok((struct slice){ longest, CALENDAR_NAME_MAX }));
	ck_assert(!calendar_name_ok((struct slice){ longest, CALENDAR_NAME_MAX + 1 }));
	ck_assert(!calendar_name_ok(SLICE_LIT("")));
	ck_assert(!calendar_name_ok((struct slice){ NULL, 0 }));
	ck_assert(!calendar_name_ok(SLICE_LIT("a b")));
	ck_assert(!calendar_name_ok(SLICE_LIT("a/b")));
	ck_assert(!calendar_name_ok(SLICE_LIT("a\0b")));
	ck_assert(!calendar_name_ok(SLICE_LIT("caf\xc3\xa9")));
}
END_TEST

Suite *suite_calendar_def(void)
{
	Suite *s = suite_create("calendar_def");
	TCase *tc = tcase_create("calendar_def");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, every_kind_of_holiday);
	tcase_add_test(tc, weekends);
	tcase_add_loop_test(tc, each_fault_has_its_field, 0, (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, out_of_range_is_the_shapes);
	tcase_add_test(tc, what_is_stored_is_what_was_sent);
	tcase_add_test(tc, many_calendars_are_not_mixed_up);
	tcase_add_test(tc, names);
	suite_add_tcase(s, tc);
	return s;
}
