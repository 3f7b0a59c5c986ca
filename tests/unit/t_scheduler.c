/* The Scheduler dialect and the Planner's preview without a server: what the core says of time, in
 * their words; their faults by field; their error bodies. */
#include "api/scheduler.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "api/ops.h"
#include "api/planner.h"
#include "api/taskhook.h"
#include "base/json.h"
#include "core/core.h"
#include "core/timing.h"
#include "io/loop.h"
#include "when/stamp.h"
#include "when/tz.h"

static struct arena *arena;
static struct core core;
static struct op op;

static void finish(struct op *done)
{
	loop_stop(done->core->loop);
}

static void setup(void)
{
	arena = arena_new();
	core = (struct core){ .loop = loop_new(), .zones = tz_db_new(NULL) };
	op_init(&op, &core, arena);
	op.finish = finish;
	ck_assert(!stamp_parse(SLICE_LIT("2026-03-02T15:00:00Z"), &op.now));
}

static void teardown(void)
{
	loop_free(core.loop);
	tz_db_free(core.zones);
	arena_free(arena);
}

static const struct route *route_of(const struct dialect *d, const char *path)
{
	for (int i = 0; i < d->count; i++)
		if (strcmp(d->routes[i].path, path) == 0)
			return &d->routes[i];
	ck_abort_msg("no such route: %s", path);
}

static void run(const struct route *r)
{
	if (r->check)
		r->check(&op);
	if (op.faults.total)
		return;
	op_run(&op, r->run);
	loop_run(core.loop);
}

static const char *shown(const struct route *r)
{
	static struct strbuf out;

	strbuf_release(&out);
	strbuf_init(&out, 1 << 20);
	ck_assert_int_eq(op.err, ERR_NONE);
	if (r->view)
		r->view(&op);
	json_encode(r->out, op.out, &out);
	return out.p;
}

/* --- validate --- */

/* "name=value" strings, at most 8. */
static const char *validated(const char *const *pairs)
{
	const struct route *r = route_of(&scheduler, "/api/scheduler/validate");
	struct json_pair list[8];
	size_t n = 0;
	void *in = arena_alloc(arena, r->in->size);
	struct json_reader to = { .arena = arena, .faults = &op.faults };

	for (; n < 8 && pairs[n]; n++) {
		const char *mark = strchr(pairs[n], '=');

		list[n].name = (struct slice){ pairs[n], (size_t)(mark - pairs[n]) };
		list[n].value = slice_of(mark + 1);
	}
	json_decode_pairs(r->in, list, n, &to, in);
	op.in = in;
	run(r);
	return shown(r);
}

static const struct validation {
	int line;
	const char *pairs[8];
	const char *begins, *has;
} validations[] = {
	{ __LINE__,
	  { "type=cron", "value=0 9 * * 1-5", "timezone=America/New_York" },
	  "{\"valid\":true,\"next_runs\":[\"2026-03-03T09:00:00-05:00\",\"2026-03-04T09:00:00-05:00\","
	  "\"2026-03-05T09:00:00-05:00\"],\"human_readable\":\"At 09:00 AM, Monday through Friday, Eastern Time\","
	  "\"warnings\":[],\"occurrences\":[{\"scheduled_for\":\"2026-03-03T14:00:00Z\",",
	  NULL },
	{ __LINE__,
	  { "type=cron", "value=0 9 * * *", "from=2026-03-02T09:00:00Z", "limit=1" },
	  "{\"valid\":true,\"next_runs\":[\"2026-03-02T09:00:00+00:00\"],",
	  NULL },
	/* Without `from` strictly after now: a schedule that is made now would not run now. */
	{ __LINE__,
	  { "type=cron", "value=0 15 * * *", "limit=1" },
	  "{\"valid\":true,\"next_runs\":[\"2026-03-03T15:00:00+00:00\"],",
	  NULL },
	{ __LINE__,
	  { "type=every", "value=PT1H", "limit=1" },
	  "{\"valid\":true,\"next_runs\":[\"2026-03-02T16:00:00+00:00\"],",
	  NULL },
	{ __LINE__,
	  { "type=rrule", "value=FREQ=DAILY", "dtstart=20260301T080000",
	    "exdate=20260303T080000,20260304T080000", "rdate=20260303T110000", "limit=2" },
	  "{\"valid\":true,\"next_runs\":[\"2026-03-03T11:00:00+00:00\",\"2026-03-05T08:00:00+00:00\"],",
	  NULL },
	{ __LINE__,
	  { "type=cron", "value=30 2 * * *", "timezone=America/New_York",
	    "from=2026-03-08T00:00:00Z", "limit=1" },
	  "{\"valid\":true,",
	  "\"local_time\":\"2026-03-08T03:00:00-04:00\",\"dst\":\"gap\"}" },
	{ __LINE__,
	  { "type=cron", "value=0 25 * * *" },
	  "{\"valid\":false,\"error\":\"",
	  "\"code\":\"cron_value_range\",\"field\":\"value\",\"part\":\"hour\",\"position\":2,"
	  "\"length\":2,\"hint\":\"" },
	{ __LINE__,
	  { "type=at", "value=2026-03-02T14:59:59Z" },
	  "{\"valid\":false,",
	  "\"code\":\"at_past\",\"field\":\"value\"" },
	/* Asked about another now, it is not past. */
	{ __LINE__,
	  { "type=at", "value=2026-03-02T14:59:59Z", "from=2026-03-02T14:00:00Z" },
	  "{\"valid\":true,\"next_runs\":[\"2026-03-02T14:59:59+00:00\"],",
	  NULL },
	{ __LINE__,
	  { "type=cron", "value=0 9 * * *", "timezone=Mars/Base" },
	  "{\"valid\":false,",
	  "\"code\":\"timezone_unknown\",\"field\":\"timezone\"" },
	/* In the piece that is meant, also behind "RRULE:" and in a text of several lines. */
	{ __LINE__,
	  { "type=rrule", "value=FREQ=DAILY;NEVER=1", "dtstart=20260301T080000" },
	  "{\"valid\":false,",
	  "\"field\":\"value\",\"part\":\"NEVER\",\"position\":11," },
	{ __LINE__,
	  { "type=rrule", "value=RRULE:FREQ=DAILY;NEVER=1" },
	  "{\"valid\":false,",
	  "\"field\":\"value\",\"part\":\"NEVER\",\"position\":17," },
	{ __LINE__,
	  { "type=rrule", "value=DTSTART:20260301T080000\nRRULE:FREQ=DAILY;NEVER=1" },
	  "{\"valid\":false,",
	  "\"field\":\"value\",\"part\":\"NEVER\",\"position\":41," },
	{ __LINE__,
	  { "type=rrule", "value=FREQ=DAILY", "dtstart=soon" },
	  "{\"valid\":false,",
	  "\"field\":\"dtstart\"" },
	{ __LINE__,
	  { "value=x" },
	  "{\"valid\":false,",
	  "\"code\":\"type_unknown\",\"field\":\"type\",\"next_runs\":[]}" },
	{ __LINE__,
	  { "type=hourly", "value=x" },
	  "{\"valid\":false,",
	  "cron, every, at, rrule and expression" },
	{ __LINE__,
	  { "type=expression", "value=x" },
	  "{\"valid\":true,\"human_readable\":",
	  "\"reads\":[\"x\"]}" },
	{ __LINE__,
	  { "type=expression", "value=a +" },
	  "{\"valid\":false,\"error\":",
	  "\"field\":\"value\",\"position\":3,\"length\":0}" },
	{ __LINE__,
	  { "type=expression", "value=run.manual", "for=only_if" },
	  "{\"valid\":true,",
	  "\"reads\":[\"run.manual\"]}" },
	{ __LINE__,
	  { "type=expression", "value=price > 1", "for=only_if" },
	  "{\"valid\":false,",
	  "\"code\":\"unknown_name\",\"field\":\"value\",\"position\":0,\"length\":5}" },
	{ __LINE__,
	  { "type=expression" },
	  "{\"valid\":false,",
	  "\"code\":\"required\",\"field\":\"value\"" },
	{ __LINE__,
	  { "type=cron" },
	  "{\"valid\":false,",
	  "\"code\":\"required\",\"field\":\"value\"" },
	{ __LINE__,
	  { "type=cron", "value=* * * * *", "limit=0" },
	  "{\"valid\":false,",
	  "\"field\":\"limit\"" },
	{ __LINE__,
	  { "type=cron", "more=1" },
	  "{\"valid\":false,",
	  "\"code\":\"unknown_field\",\"field\":\"more\"" },
};

START_TEST(validate_says_all_with_200)
{
	const struct validation *v = &validations[_i];
	const char *text = validated(v->pairs);

	ck_assert_msg(strncmp(text, v->begins, strlen(v->begins)) == 0, "line %d: %s", v->line,
		      text);
	ck_assert_msg(!v->has || strstr(text, v->has), "line %d: %s", v->line, text);
}
END_TEST

/* --- parse-nl --- */

START_TEST(a_phrase_is_shown_as_in_the_document)
{
	const struct route *r = route_of(&scheduler, "/api/scheduler/parse-nl");
	struct words_view *v = arena_make(arena, struct words_view);
	const char *text;

	v->first = (struct words_reading){
		{ .kind = SPEC_CRON,
		  .text = SLICE_LIT("0 9 * * 1-5"),
		  .zone = SLICE_LIT("America/Los_Angeles"),
		  .start_at = USEC_NEVER,
		  .end_at = USEC_NEVER },
		SLICE_LIT("At 09:00 AM, Monday through Friday, Pacific Time")
	};
	v->method = "regex";
	v->confidence = 95;
	op.out = v;
	text = shown(r);
	ck_assert_str_eq(
		text,
		"{\"schedule\":{\"type\":\"cron\",\"expression\":\"0 9 * * 1-5\","
		"\"timezone\":\"America/Los_Angeles\"},"
		"\"human_readable\":\"At 09:00 AM, Monday through Friday, Pacific Time\",\"confidence\":0.95,"
		"\"parse_method\":\"regex\",\"assumptions\":[],\"warnings\":[],\"alternatives\":[],"
		"\"next_runs\":[]}");
}
END_TEST

static const struct reading {
	enum spec_kind kind;
	const char *text;
	usec_t every;
	int confidence;
	const char *shows, *number;
} readings[] = {
	{ SPEC_EVERY, "PT90M", 5400 * SEC, 90,
	  "{\"type\":\"every\",\"interval\":5400,\"timezone\":\"UTC\"}", "\"confidence\":0.9," },
	{ SPEC_ONCE, "2026-04-01T09:00:00+00:00", 0, 7,
	  "{\"type\":\"at\",\"datetime\":\"2026-04-01T09:00:00+00:00\",\"timezone\":\"UTC\"}",
	  "\"confidence\":0.07," },
	{ SPEC_RRULE, "FREQ=DAILY;INTERVAL=2", 0, 100,
	  "{\"type\":\"rrule\",\"rrule\":\"FREQ=DAILY;INTERVAL=2\",\"timezone\":\"UTC\"}",
	  "\"confidence\":1," },
	{ SPEC_RRULE,
	  "DTSTART;TZID=UTC:20260301T090000\nRRULE:FREQ=DAILY\nEXDATE:20260302T090000,20260303T090000\n"
	  "EXDATE:20260304T090000",
	  0, 0,
	  "{\"type\":\"rrule\",\"rrule\":\"FREQ=DAILY\",\"dtstart\":\"20260301T090000\","
	  "\"exdate\":[\"20260302T090000\",\"20260303T090000\",\"20260304T090000\"],\"timezone\":\"UTC\"}",
	  "\"confidence\":0," },
};

START_TEST(each_kind_has_its_members)
{
	const struct reading *row = &readings[_i];
	struct words_view *v = arena_make(arena, struct words_view);
	const char *text;

	v->first.reading = (struct nl_reading){ .kind = row->kind,
						.text = slice_of(row->text),
						.zone = SLICE_LIT("UTC"),
						.start_at = USEC_NEVER,
						.end_at = USEC_NEVER };
	v->first.reading.spec.every = row->every;
	v->confidence = row->confidence;
	op.out = v;
	text = shown(route_of(&scheduler, "/api/scheduler/parse-nl"));
	ck_assert_msg(strstr(text, row->shows) != NULL, "%s", text);
	ck_assert_msg(strstr(text, row->number) != NULL, "%s", text);
}
END_TEST

/* --- rules in pieces --- */

START_TEST(a_rule_is_put_together_and_taken_apart)
{
	struct rrule_text in = { SLICE_LIT("FREQ=DAILY"),
				 SLICE_LIT("20260301T090000"),
				 SLICE_LIT("20260302T090000"),
				 { NULL, 0 } };
	struct rrule_text out;
	struct slice text = timing_rule(&in, arena);

	ck_assert(slice_is(
		text, "DTSTART:20260301T090000\r\nRRULE:FREQ=DAILY\r\nEXDATE:20260302T090000\r\n"));
	timing_pieces(text, arena, &out);
	ck_assert(slice_is(out.rule, "FREQ=DAILY"));
	ck_assert(slice_is(out.dtstart, "20260301T090000"));
	ck_assert(slice_is(out.exdate, "20260302T090000"));
	ck_assert_ptr_null(out.rdate.p);
	/* Lines stay, with more behind them. */
	in = (struct rrule_text){ .rule = SLICE_LIT("RRULE:FREQ=DAILY\nRDATE:20260101"),
				  .exdate = SLICE_LIT("20260102") };
	ck_assert(slice_is(timing_rule(&in, arena),
			   "RRULE:FREQ=DAILY\r\nRDATE:20260101\r\nEXDATE:20260102\r\n"));
	/* A date cannot bring a line of its own. */
	in = (struct rrule_text){ .rule = SLICE_LIT("FREQ=DAILY"),
				  .dtstart = SLICE_LIT("20260101\r\nRDATE:20260103") };
	ck_assert(slice_is(timing_rule(&in, arena),
			   "DTSTART:20260101??RDATE:20260103\r\nRRULE:FREQ=DAILY\r\n"));
	/* Nothing is dropped, however long. */
	in = (struct rrule_text){ .rule = SLICE_LIT("FREQ=DAILY"),
				  .exdate = { arena_alloc(arena, 1 << 20), 1 << 20 } };
	ck_assert_uint_gt(timing_rule(&in, arena).n, 1 << 20);
}
END_TEST

/* --- the Planner's preview --- */

static const struct refused {
	int line;
	const char *body, *field, *code;
} refused[] = {
	{ __LINE__, "{}", "execute_at", "required" },
	{ __LINE__, "{\"execute_at\":\"2026-03-02T14:00:00Z\"}", "execute_at", "at_past" },
	{ __LINE__, "{\"execute_at\":\"2026-03-02T14:00:00Z\",\"from\":\"2026-03-01T00:00:00Z\"}",
	  "execute_at", "at_past" },
	{ __LINE__, "{\"execute_at\":\"soon\"}", "execute_at", "at_format" },
	{ __LINE__, "{\"execute_at\":5}", "execute_at", "wrong_type" },
	{ __LINE__, "{\"execute_at\":\"2027-03-02T14:00:00Z\",\"recurrence\":\"* * * * *\"}",
	  "recurrence", "exclusive" },
	{ __LINE__, "{\"recurrence\":\"* * * *\"}", "recurrence", "cron_field_count" },
	{ __LINE__, "{\"recurrence\":{}}", "recurrence.type", "required" },
	{ __LINE__, "{\"recurrence\":{\"type\":\"cron\"}}", "recurrence.expression", "required" },
	{ __LINE__, "{\"recurrence\":{\"type\":\"cron\",\"expression\":\"\"}}",
	  "recurrence.expression", "cron_empty" },
	{ __LINE__, "{\"recurrence\":{\"type\":\"interval\",\"every\":\"P1M\"}}",
	  "recurrence.every", "duration_calendar" },
	{ __LINE__,
	  "{\"recurrence\":{\"type\":\"interval\",\"every\":60,\"dtstart\":\"20260101\"}}",
	  "recurrence.dtstart", "exclusive" },
	{ __LINE__,
	  "{\"recurrence\":{\"type\":\"interval\",\"every\":60,\"expression\":\"* * * * *\"}}",
	  "recurrence.expression", "exclusive" },
	{ __LINE__,
	  "{\"recurrence\":{\"type\":\"calendar\",\"rule\":\"FREQ=DAILY;COUNT=0\",\"dtstart\":\"20260101\"}}",
	  "recurrence.rule", "rrule_value" },
	{ __LINE__, "{\"recurrence\":\"* * * * *\",\"timezone\":\"Mars/Base\"}", "timezone",
	  "timezone_unknown" },
	{ __LINE__,
	  "{\"recurrence\":\"* * * * *\",\"start_at\":\"2027-01-01T00:00:00Z\",\"end_at\":\"2026-01-01T00:00:00Z\"}",
	  "end_at", "end_before_start" },
	{ __LINE__, "{\"recurrence\":\"* * * * *\",\"calendar\":\"\"}", "calendar",
	  "calendar_unknown" },
	{ __LINE__, "{\"recurrence\":\"* * * * *\",\"dst\":{\"overlap\":\"all\"}}", "dst.overlap",
	  "invalid_value" },
};

static void preview(const char *body)
{
	const struct route *r = route_of(&planner, "/api/v1/plans/preview");
	void *in = arena_alloc(arena, r->in->size);
	struct json_syntax syntax = { "", 0, 0 };
	struct json_reader to = { arena, &op.faults, &syntax };

	ck_assert_msg(json_decode(r->in, slice_of(body), &to, in), "%s", syntax.message);
	op.in = in;
	run(r);
}

START_TEST(a_bad_plan_is_named)
{
	const struct refused *row = &refused[_i];

	preview(row->body);
	ck_assert_msg(op.faults.total == 1, "line %d: %d faults", row->line, op.faults.total);
	ck_assert_msg(strcmp(op.faults.list[0].field, row->field) == 0, "line %d: %s", row->line,
		      op.faults.list[0].field);
	ck_assert_msg(strcmp(op.faults.list[0].code, row->code) == 0, "line %d: %s", row->line,
		      op.faults.list[0].code);
}
END_TEST

START_TEST(a_plan_is_previewed)
{
	preview("{\"recurrence\":{\"type\":\"interval\",\"every\":90},\"limit\":2}");
	ck_assert_str_eq(
		shown(route_of(&planner, "/api/v1/plans/preview")),
		"{\"executions\":[{\"scheduled_for\":\"2026-03-02T15:01:30Z\",\"local_time\":"
		"\"2026-03-02T15:01:30+00:00\"},{\"scheduled_for\":\"2026-03-02T15:03:00Z\",\"local_time\":"
		"\"2026-03-02T15:03:00+00:00\"}],\"human_readable\":\"Every 90 seconds\",\"warnings\":[]}");
}
END_TEST

/* --- error bodies --- */

START_TEST(the_first_fault_speaks_for_all)
{
	struct json_faults faults = { .list = { { "text", "nl_empty", "The phrase is empty.", 0,
						  0 },
						{ "now", "invalid_time", "No.", 3, 4 } },
				      .n = 2,
				      .total = 2 };
	struct problem p = { .err = ERR_INVALID, .status = 422, .detail = "d", .faults = &faults };
	struct strbuf out;

	strbuf_init(&out, 4096);
	scheduler.fault(&p, &out);
	ck_assert_str_eq(
		out.p,
		"{\"error\":\"validation_error\",\"message\":\"The phrase is empty.\",\"status\":422,"
		"\"code\":\"nl_empty\",\"details\":[{\"field\":\"text\",\"code\":\"nl_empty\",\"message\":"
		"\"The phrase is empty.\"},{\"field\":\"now\",\"code\":\"invalid_time\",\"message\":\"No.\","
		"\"position\":3,\"length\":4}]}");
	strbuf_release(&out);
}
END_TEST

static const struct {
	enum err err;
	const char *error;
} errors[] = {
	{ ERR_MALFORMED_JSON, "bad_request" },
	{ ERR_UNAUTHORIZED, "unauthorized" },
	{ ERR_FORBIDDEN, "forbidden" },
	{ ERR_NO_ROUTE, "not_found" },
	{ ERR_METHOD_NOT_ALLOWED, "bad_request" },
	{ ERR_TOO_LARGE, "bad_request" },
	{ ERR_MEDIA_TYPE, "bad_request" },
	{ ERR_DELETED, "conflict" },
	{ ERR_LIMITED, "rate_limited" },
	{ ERR_INTERNAL, "internal_error" },
	{ ERR_BUSY, "internal_error" },
};

START_TEST(errors_by_class)
{
	struct problem p = { .err = errors[_i].err, .status = 599, .detail = "d" };
	struct strbuf out;
	char want[200];

	strbuf_init(&out, 4096);
	scheduler.fault(&p, &out);
	(void)snprintf(
		want, sizeof(want),
		"{\"error\":\"%s\",\"message\":\"d\",\"status\":599,\"code\":\"%s\",\"details\":[]}",
		errors[_i].error, err_code(errors[_i].err));
	ck_assert_str_eq(out.p, want);
	strbuf_release(&out);
}
END_TEST

/* A schema that is named is there. */
static void check_references(const struct strbuf *out)
{
	static const char before[] = "\"#/components/schemas/";
	char name[200];

	for (const char *at = out->p; (at = strstr(at, before)) != NULL;) {
		at += sizeof(before) - 1;
		(void)snprintf(name, sizeof(name), "\"%.*s\":{", (int)strcspn(at, "\""), at);
		ck_assert_msg(strstr(out->p, name) != NULL, "no schema %s", name);
	}
}

START_TEST(the_api_document_has_every_dialect)
{
	const struct dialect *const all[] = { &taskhook, &scheduler, &scheduler_agents,
					      &scheduler_channels, &planner };
	int n = (int)(sizeof(all) / sizeof(all[0]));
	struct json_syntax syntax = { "", 0, 0 };
	struct strbuf out;

	strbuf_init(&out, 4 << 20);
	openapi_print(all, n, &out);
	ck_assert_msg(json_scan(strbuf_slice(&out), &syntax), "%s at %zu: %.80s", syntax.message,
		      syntax.at, out.p + syntax.at);
	for (int d = 0; d < n; d++)
		for (int i = 0; i < all[d]->count; i++) {
			ck_assert_ptr_nonnull(strstr(out.p, all[d]->routes[i].path));
			ck_assert_msg(all[d]->routes[i].summary && *all[d]->routes[i].summary,
				      "%s has no summary", all[d]->routes[i].path);
		}
	check_references(&out);
	ck_assert_ptr_nonnull(strstr(out.p, "\"scheduler_problem\":{\"type\":\"object\""));
	ck_assert_ptr_nonnull(strstr(out.p, "\"#/components/schemas/scheduler_problem\""));
	strbuf_release(&out);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

Suite *suite_scheduler(void)
{
	Suite *s = suite_create("scheduler");
	TCase *tc = tcase_create("scheduler");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, validate_says_all_with_200, 0, ROWS(validations));
	tcase_add_test(tc, a_phrase_is_shown_as_in_the_document);
	tcase_add_loop_test(tc, each_kind_has_its_members, 0, ROWS(readings));
	tcase_add_test(tc, a_rule_is_put_together_and_taken_apart);
	tcase_add_loop_test(tc, a_bad_plan_is_named, 0, ROWS(refused));
	tcase_add_test(tc, a_plan_is_previewed);
	tcase_add_test(tc, the_first_fault_speaks_for_all);
	tcase_add_loop_test(tc, errors_by_class, 0, ROWS(errors));
	tcase_add_test(tc, the_api_document_has_every_dialect);
	suite_add_tcase(s, tc);
	return s;
}
