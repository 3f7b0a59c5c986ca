#include <check.h>
#include <string.h>

#include "base/id.h"
#include "http/types.h"

static const char *const prefix[] = { "task", NULL };
static const struct field plain = { .name = "x" };
static const struct field bounded = { .name = "x", .min = SEC, .max = HOUR };
static const struct field of_task = { .name = "x", .words = prefix };
static const struct field small = { .name = "x", .min = -2, .max = 9 };

/* text -> value or code; the value printed again as JSON (NULL: not looked at). */
static const struct row {
	int line;
	const struct field_type *type;
	const struct field *field;
	const char *in, *code;
	int64_t value;
	const char *out;
} rows[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
	R(&type_instant, &plain, "1970-01-01T00:00:01Z", NULL, SEC, "\"1970-01-01T00:00:01Z\""),
	R(&type_instant, &plain, "2026-03-09T09:30:00.25+02:00", NULL, 1773041400250000,
	  "\"2026-03-09T07:30:00.250Z\""),
	R(&type_instant, &plain, "2026-03-09", "invalid_time", 0, NULL),
	R(&type_instant, &plain, "2026-03-09T07:30:00", "invalid_time", 0, NULL),
	R(&type_instant, &plain, "", "invalid_time", 0, NULL),
	R(&type_instant, &bounded, "1970-01-01T00:30:00Z", NULL, 30 * MIN, NULL),
	R(&type_instant, &bounded, "1970-01-01T02:00:00Z", "out_of_range", 0, NULL),
	R(&type_duration, &plain, "PT1H30M", NULL, 90 * MIN, "\"PT1H30M\""),
	R(&type_duration, &plain, "30s", NULL, 30 * SEC, "\"PT30S\""),
	R(&type_duration, &plain, "30", "invalid_duration", 0, NULL),
	R(&type_duration, &plain, "P1M", "invalid_duration", 0, NULL),
	R(&type_duration, &plain, "P99999D", "out_of_range", 0, NULL),
	R(&type_duration, &bounded, "PT1S", NULL, SEC, NULL),
	R(&type_duration, &bounded, "PT0.9S", "out_of_range", 0, NULL),
	R(&type_duration, &bounded, "PT61M", "out_of_range", 0, NULL),
	R(&type_seconds, &plain, "90", NULL, 90 * SEC, "90"),
	R(&type_seconds, &plain, "0", NULL, 0, "0"),
	R(&type_seconds, &plain, "1.5", NULL, 1500 * MSEC, "1.5"),
	R(&type_seconds, &plain, "0.250", NULL, 250 * MSEC, "0.25"),
	R(&type_seconds, &plain, "1.001", NULL, 1001 * MSEC, "1.001"),
	R(&type_seconds, &plain, "1.0010", NULL, 1001 * MSEC, "1.001"),
	R(&type_seconds, &plain, "1.0001", "invalid_duration", 0, NULL),
	R(&type_seconds, &plain, "PT2M", NULL, 2 * MIN, "120"),
	R(&type_seconds, &plain, "2m", NULL, 2 * MIN, "120"),
	R(&type_seconds, &plain, "-5", "out_of_range", 0, NULL),
	R(&type_seconds, &plain, "1e3", "invalid_duration", 0, NULL),
	R(&type_seconds, &plain, "1.", "invalid_duration", 0, NULL),
	R(&type_seconds, &plain, ".5", "invalid_duration", 0, NULL),
	R(&type_seconds, &plain, "9999999999", "out_of_range", 0, NULL),
	R(&type_seconds, &plain, "99999999999", "invalid_duration", 0, NULL),
	R(&type_seconds, &bounded, "3600", NULL, HOUR, NULL),
	R(&type_seconds, &bounded, "3601", "out_of_range", 0, NULL),
	R(&type_seconds, &bounded, "0.5", "out_of_range", 0, NULL),
	R(&type_number, &plain, "0", NULL, 0, "0"),
	R(&type_number, &plain, "-17", NULL, -17, "-17"),
	R(&type_number, &plain, "9223372036854775807", NULL, INT64_MAX, "9223372036854775807"),
	R(&type_number, &plain, "-9223372036854775808", NULL, INT64_MIN, "-9223372036854775808"),
	R(&type_number, &plain, "9223372036854775808", "wrong_type", 0, NULL),
	R(&type_number, &plain, "", "wrong_type", 0, NULL),
	R(&type_number, &plain, "-", "wrong_type", 0, NULL),
	R(&type_number, &plain, "1.0", "wrong_type", 0, NULL),
	R(&type_number, &plain, "+1", "wrong_type", 0, NULL),
	R(&type_number, &plain, " 1", "wrong_type", 0, NULL),
	R(&type_number, &small, "9", NULL, 9, NULL),
	R(&type_number, &small, "10", "out_of_range", 0, NULL),
	R(&type_number, &small, "-3", "out_of_range", 0, NULL),
};

START_TEST(numbers)
{
	const struct row *row = &rows[_i];
	struct arena *a = arena_new();
	const char *message = NULL, *code;
	int64_t v = -99;
	struct strbuf out;

	code = row->type->parse(row->field, slice_of(row->in), &v, a, &message);
	ck_assert_msg(row->code ? code && strcmp(code, row->code) == 0 : !code, "line %d: %s",
		      row->line, code ? code : "fine");
	if (row->code) {
		ck_assert_msg(message && strlen(message) > 10, "line %d: no sentence", row->line);
		ck_assert_msg(v == -99, "line %d: the value was touched", row->line);
	} else {
		ck_assert_msg(v == row->value, "line %d: %lld", row->line, (long long)v);
	}
	strbuf_init(&out, 100);
	if (row->out) {
		ck_assert(row->type->print(row->field, &v, &out));
		ck_assert_str_eq(out.p, row->out);
	}
	strbuf_release(&out);
	arena_free(a);
}
END_TEST

START_TEST(ids_and_flags)
{
	struct arena *a = arena_new();
	struct uuid id = id_new(1000 * SEC), back = { 0 };
	char text[ID_TEXT_MAX];
	const char *message;
	struct strbuf out;
	bool flag = false;

	strbuf_init(&out, 100);
	id_print("task", id, text);
	ck_assert_ptr_null(type_id.parse(&of_task, slice_of(text), &back, a, &message));
	ck_assert_int_eq(id_compare(id, back), 0);
	ck_assert(type_id.print(&of_task, &id, &out));
	ck_assert_uint_eq(out.n, strlen(text) + 2);
	ck_assert_str_eq(type_id.parse(&of_task, slice_of("run_x"), &back, a, &message),
			 "invalid_id");
	ck_assert_ptr_nonnull(strstr(message, "task_"));
	back = (struct uuid){ 0 };
	ck_assert(!type_id.print(&of_task, &back, &out));
	ck_assert_ptr_null(type_flag.parse(&plain, slice_of("true"), &flag, a, &message));
	ck_assert(flag);
	ck_assert_ptr_null(type_flag.parse(&plain, slice_of("false"), &flag, a, &message));
	ck_assert(!flag);
	ck_assert_str_eq(type_flag.parse(&plain, slice_of("1"), &flag, a, &message), "wrong_type");
	strbuf_clear(&out);
	ck_assert(type_flag.print(&plain, &flag, &out));
	ck_assert_str_eq(out.p, "false");
	strbuf_release(&out);
	arena_free(a);
}
END_TEST

START_TEST(never_is_null)
{
	usec_t never = USEC_NEVER;
	struct strbuf out;

	strbuf_init(&out, 100);
	ck_assert(!type_instant.print(&plain, &never, &out));
	ck_assert(!type_duration.print(&plain, &never, &out));
	ck_assert(!type_seconds.print(&plain, &never, &out));
	ck_assert_uint_eq(out.n, 0);
	strbuf_release(&out);
}
END_TEST

Suite *suite_types(void)
{
	Suite *s = suite_create("types");
	TCase *t = tcase_create("types");

	tcase_add_loop_test(t, numbers, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(t, ids_and_flags);
	tcase_add_test(t, never_is_null);
	suite_add_tcase(s, t);
	return s;
}
