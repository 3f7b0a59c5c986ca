/* The Taskhook dialect without a server: its tables hold together, every bad request is refused
 * with its field and code, and what the core answers is shown as the API document has it. */
#include "api/taskhook.h"

#include <check.h>
#include <string.h>

#include "api/ops.h"
#include "base/json.h"
#include "core/core.h"
#include "core/run.h"
#include "core/schedule.h"
#include "io/loop.h"
#include "when/stamp.h"
#include "when/tz.h"

static struct arena *arena;
static struct core core;
static struct op op;
static bool finished;

static void finish(struct op *done)
{
	finished = true;
	loop_stop(done->core->loop);
}

static void setup(void)
{
	arena = arena_new();
	core = (struct core){ .loop = loop_new(), .zones = tz_db_new(NULL), .allow_private = true };
	op_init(&op, &core, arena);
	op.finish = finish;
	op.now = 1900000000 * SEC;
	finished = false;
}

static void teardown(void)
{
	loop_free(core.loop);
	tz_db_free(core.zones);
	arena_free(arena);
}

static const struct route *route_of(enum method method, const char *path)
{
	for (int i = 0; i < taskhook.count; i++)
		if (taskhook.routes[i].method == method
		    && strcmp(taskhook.routes[i].path, path) == 0)
			return &taskhook.routes[i];
	ck_abort_msg("no such route: %s", path);
}

/* --- refusals --- */

#define SCHEDULE METHOD_POST, "/v1/schedules"
#define CHANGE METHOD_PATCH, "/v1/schedules/{id}"
#define TASK METHOD_POST, "/v1/tasks"
#define TEMPLATE "\"task_template\":{\"target\":\"https://example.com/\"}"
#define TIMES "\"cron\":\"0 9 * * *\",\"timezone\":\"UTC\""

static const struct refused {
	int line;
	enum method method;
	const char *path, *body, *field, *code;
} refused[] = {
	{ __LINE__, SCHEDULE, "{\"timezone\":\"UTC\"," TEMPLATE "}", "cron", "required" },
	{ __LINE__, SCHEDULE, "{\"cron\":\"0 9 * * *\"," TEMPLATE "}", "timezone", "required" },
	{ __LINE__, SCHEDULE, "{\"cron\":\"TZ=Mars/Base 0 9 * * *\"," TEMPLATE "}", "cron",
	  "timezone_unknown" },
	{ __LINE__, SCHEDULE, "{\"cron\":\"0 9 * * *\",\"every\":5," TEMPLATE "}", "every",
	  "exclusive" },
	{ __LINE__, SCHEDULE, "{\"every\":1e30," TEMPLATE "}", "every", "interval_range" },
	{ __LINE__, SCHEDULE, "{\"every\":-1," TEMPLATE "}", "every", "duration_syntax" },
	{ __LINE__, SCHEDULE, "{\"every\":1.5," TEMPLATE "}", "every", "duration_syntax" },
	{ __LINE__, SCHEDULE, "{\"every\":3.6e2,\"timezone\":\"x\"," TEMPLATE "}", "timezone",
	  "timezone_unknown" },
	{ __LINE__, SCHEDULE, "{" TIMES "}", "task_template", "required" },
	{ __LINE__, SCHEDULE, "{" TIMES ",\"task_template\":{}}", "task_template.target",
	  "required" },
	{ __LINE__, SCHEDULE, "{\"cron\":\"0 25 * * *\",\"timezone\":\"UTC\"," TEMPLATE "}", "cron",
	  "cron_value_range" },
	{ __LINE__, SCHEDULE, "{\"cron\":\"\",\"timezone\":\"UTC\"," TEMPLATE "}", "cron",
	  "cron_empty" },
	{ __LINE__, SCHEDULE, "{\"cron\":\"@reboot\",\"timezone\":\"UTC\"," TEMPLATE "}", "cron",
	  "cron_reboot" },
	{ __LINE__, SCHEDULE, "{\"cron\":\"0 0 30 2 *\",\"timezone\":\"UTC\"," TEMPLATE "}", "cron",
	  "cron_never" },
	{ __LINE__, SCHEDULE,
	  "{\"cron\":\"CRON_TZ=Europe/Paris 0 9 * * *\",\"timezone\":\"UTC\"," TEMPLATE "}", "cron",
	  "cron_timezone_conflict" },
	{ __LINE__, SCHEDULE, "{\"cron\":\"0 9 * * *\",\"timezone\":\"Mars/Base\"," TEMPLATE "}",
	  "timezone", "timezone_unknown" },
	{ __LINE__, SCHEDULE, "{" TIMES "," TEMPLATE ",\"start_at\":\"tomorrow\"}", "start_at",
	  "invalid_time" },
	{ __LINE__, SCHEDULE,
	  "{" TIMES "," TEMPLATE
	  ",\"start_at\":\"2031-01-01T00:00:00Z\",\"end_at\":\"2030-01-01T00:00:00Z\"}",
	  "end_at", "end_before_start" },
	{ __LINE__, SCHEDULE, "{" TIMES "," TEMPLATE ",\"enabeld\":true}", "enabeld",
	  "unknown_field" },
	{ __LINE__, SCHEDULE, "{" TIMES "," TEMPLATE ",\"enabled\":\"yes\"}", "enabled",
	  "wrong_type" },
	{ __LINE__, SCHEDULE, "{" TIMES "," TEMPLATE ",\"overlap\":\"maybe\"}", "overlap",
	  "invalid_value" },
	{ __LINE__, SCHEDULE, "{" TIMES "," TEMPLATE ",\"dst\":{\"gap\":\"jump\"}}", "dst.gap",
	  "invalid_value" },
	{ __LINE__, SCHEDULE, "{" TIMES ",\"task_template\":{\"target\":\"group:all\"}}",
	  "task_template.target", "not_supported" },
	{ __LINE__, SCHEDULE,
	  "{" TIMES ",\"task_template\":{\"target\":\"https://a.example/\",\"notifications\":[]}}",
	  "task_template.notifications", "not_supported" },
	{ __LINE__, SCHEDULE,
	  "{" TIMES
	  ",\"task_template\":{\"target\":\"https://a.example/\",\"rate_limiter\":\"x\"}}",
	  "task_template.rate_limiter", "not_supported" },
	{ __LINE__, SCHEDULE, "{" TIMES ",\"task_template\":{\"target\":\"ftp://a.example/\"}}",
	  "task_template.target", "target_invalid" },
	{ __LINE__, SCHEDULE, "{" TIMES ",\"task_template\":{\"target\":{\"method\":\"POST\"}}}",
	  "task_template.target.url", "required" },
	{ __LINE__, SCHEDULE,
	  "{" TIMES
	  ",\"task_template\":{\"target\":{\"url\":\"https://a.example/\",\"method\":\"TRACE\"}}}",
	  "task_template.target.method", "invalid_value" },
	{ __LINE__, SCHEDULE,
	  "{" TIMES
	  ",\"task_template\":{\"target\":{\"url\":\"https://a.example/\",\"headers\":{\"Host\":\"b\"}}}}",
	  "task_template.target.headers.Host", "header_invalid" },
	{ __LINE__, SCHEDULE,
	  "{" TIMES
	  ",\"task_template\":{\"target\":{\"url\":\"https://a.example/\",\"secret\":\"short\"}}}",
	  "task_template.target.secret", "secret_invalid" },
	{ __LINE__, SCHEDULE,
	  "{" TIMES
	  ",\"task_template\":{\"target\":\"https://a.example/\",\"retry\":{\"max_attempts\":0}}}",
	  "task_template.retry.max_attempts", "out_of_range" },
	{ __LINE__, SCHEDULE,
	  "{\"cron\":\"* * * * *\",\"every\":5,\"timezone\":\"UTC\"," TEMPLATE "}", "every",
	  "exclusive" },
	{ __LINE__, SCHEDULE,
	  "{\"every\":5,\"rrule\":\"FREQ=DAILY\",\"timezone\":\"UTC\"," TEMPLATE "}", "rrule",
	  "exclusive" },
	{ __LINE__, SCHEDULE, "{\"every\":\"0s\",\"timezone\":\"UTC\"," TEMPLATE "}", "every",
	  "interval_range" },
	{ __LINE__, SCHEDULE, "{\"every\":true,\"timezone\":\"UTC\"," TEMPLATE "}", "every",
	  "wrong_type" },
	{ __LINE__, SCHEDULE, "{\"rrule\":\"FREQ=OFTEN\",\"timezone\":\"UTC\"," TEMPLATE "}",
	  "rrule", "rrule_freq" },
	{ __LINE__, SCHEDULE,
	  "{\"rrule\":{\"rule\":\"FREQ=OFTEN\"},\"timezone\":\"UTC\"," TEMPLATE "}", "rrule.rule",
	  "rrule_freq" },
	{ __LINE__, SCHEDULE,
	  "{\"rrule\":{\"rule\":\"FREQ=DAILY\",\"exdate\":[\"x\"]},\"timezone\":\"UTC\"," TEMPLATE
	  "}",
	  "rrule.exdate[0]", "rrule_syntax" },
	{ __LINE__, SCHEDULE, "{\"rrule\":{},\"timezone\":\"UTC\"," TEMPLATE "}", "rrule.rule",
	  "required" },
	{ __LINE__, SCHEDULE, "{" TIMES "," TEMPLATE ",\"jitter\":86401}", "jitter",
	  "out_of_range" },
	{ __LINE__, SCHEDULE, "{" TIMES "," TEMPLATE ",\"adjust\":\"later\"}", "adjust",
	  "invalid_value" },
	{ __LINE__, SCHEDULE, "{" TIMES "," TEMPLATE ",\"calendar\":5}", "calendar", "wrong_type" },
	{ __LINE__, CHANGE, "{\"cron\":\"0 9 * * *\",\"rrule\":\"FREQ=DAILY\"}", "rrule",
	  "exclusive" },
	{ __LINE__, CHANGE, "{\"cron\":\"61 * * * *\"}", "cron", "cron_value_range" },
	{ __LINE__, CHANGE, "{\"id\":\"schedule_1\"}", "id", "unknown_field" },
	{ __LINE__, CHANGE, "{\"cron\":null}", "cron", "wrong_type" },
	{ __LINE__, CHANGE, "{\"task_template\":{}}", "task_template.target", "required" },
	{ __LINE__, CHANGE, "{\"timezone\":\"Mars/Base\"}", "timezone", "timezone_unknown" },
	{ __LINE__, TASK, "{}", "target", "required" },
	{ __LINE__, TASK, "{\"target\":5}", "target", "wrong_type" },
	{ __LINE__, TASK, "{\"target\":\"https://a.example/\",\"execute_after\":\"soon\"}",
	  "execute_after", "invalid_value" },
	{ __LINE__, TASK,
	  "{\"target\":\"https://a.example/\",\"execute_after\":\"2031-01-01T00:00:00Z\","
	  "\"expires_after\":\"2031-01-01T00:00:00Z\"}",
	  "expires_after", "expires_before_execution" },
	{ __LINE__, TASK, "{\"target\":\"https://a.example/\",\"expires_after\":\"PT0S\"}",
	  "expires_after", "expires_before_execution" },
	{ __LINE__, TASK, "{\"target\":\"https://a.example/\",\"timeout\":901}", "timeout",
	  "out_of_range" },
	{ __LINE__, TASK, "{\"target\":\"https://a.example/\",\"timeout\":0.5}", "timeout",
	  "out_of_range" },
	{ __LINE__, TASK, "{\"target\":\"https://a.example/\",\"unique_id\":\"\"}", "unique_id",
	  "too_short" },
	{ __LINE__, TASK, "{\"target\":\"https://a.example/\",\"tags\":[\"a\",\"\"]}", "tags[1]",
	  "too_short" },
	{ __LINE__, TASK,
	  "{\"target\":\"https://a.example/\",\"retry\":{\"strategy\":\"fixed\",\"base_delay\":60,\"max_delay\":5}}",
	  "retry.max_delay", "out_of_range" },
};

/* As src/http does it: decodes, and runs the step unless that found faults. */
static void ask(const struct route *r, const char *body)
{
	void *in = arena_alloc(arena, r->in->size);
	struct json_syntax syntax;
	struct json_reader to = { arena, &op.faults, &syntax };

	ck_assert_msg(json_decode(r->in, slice_of(body), &to, in), "%s", syntax.message);
	op.in = in;
	r->check(&op);
	if (op.faults.total)
		return;
	op_run(&op, r->run);
	loop_run(core.loop);
	ck_assert(finished);
	ck_assert_int_eq(op.err, ERR_INVALID);
}

START_TEST(a_bad_value_is_named)
{
	const struct refused *row = &refused[_i];

	ask(route_of(row->method, row->path), row->body);
	ck_assert_msg(op.faults.total == 1, "line %d: %d faults, first %s %s", row->line,
		      op.faults.total, op.faults.list[0].field, op.faults.list[0].code);
	ck_assert_msg(strcmp(op.faults.list[0].field, row->field) == 0, "line %d: %s", row->line,
		      op.faults.list[0].field);
	ck_assert_msg(strcmp(op.faults.list[0].code, row->code) == 0, "line %d: %s", row->line,
		      op.faults.list[0].code);
}
END_TEST

START_TEST(every_fault_is_named_at_once)
{
	ask(route_of(SCHEDULE),
	    "{\"cron\":\"x\",\"timezone\":\"Mars/Base\",\"task_template\":{\"target\":\"group:g\","
	    "\"timeout\":0,\"rate_limiter\":\"x\"},\"more\":1}");
	ck_assert_int_eq(op.faults.total, 6);
}
END_TEST

START_TEST(a_fault_in_an_array_names_its_item)
{
	const struct route *r = route_of(TASK);
	struct json_list list;
	struct json_syntax syntax;
	struct json_reader to = { arena, &op.faults, &syntax };

	ck_assert(json_decode_list(
		r->in, 10,
		SLICE_LIT("[{\"target\":\"https://a.example/\"},"
			  "{\"target\":\"https://a.example/\",\"rate_limiter\":\"x\"}]"),
		&to, &list));
	op.in_list = &list;
	r->check(&op);
	ck_assert_int_eq(op.faults.total, 1);
	ck_assert_str_eq(op.faults.list[0].field, "[1].rate_limiter");
}
END_TEST

START_TEST(a_private_target_is_refused_unless_allowed)
{
	core.allow_private = false;
	ask(route_of(TASK), "{\"target\":\"http://127.0.0.1:1/\"}");
	ck_assert_str_eq(op.faults.list[0].code, "target_forbidden");
}
END_TEST

/* --- answers --- */

static usec_t at(const char *text)
{
	usec_t t;

	ck_assert(!stamp_parse(slice_of(text), &t));
	return t;
}

static struct schedule_view *a_schedule(void)
{
	struct schedule_view *v = arena_make(arena, struct schedule_view);

	v->s = (struct schedule){
		.id = { { 1, 2, 3 } },
		.spec_kind = SPEC_CRON + 1,
		.spec = SLICE_LIT("0 9 * * *"),
		.zone = SLICE_LIT("America/New_York"),
		.start_at = at("2024-03-01T00:00:00Z"),
		.end_at = USEC_NEVER,
		.overlap = OVERLAP_SKIP,
		.catchup = CATCHUP_ALL,
		.last_at = USEC_NEVER,
		.created_at = at("2024-01-30T12:00:00Z"),
		.updated_at = at("2024-01-30T12:00:00Z"),
	};
	v->call = (struct call){ .url = SLICE_LIT("https://example.com/scheduled-job"),
				 .payload = SLICE_LIT("{\"key\": \"value\"}") };
	v->status = SCHEDULE_ACTIVE;
	v->enabled = true;
	v->next = at("2024-03-01T14:00:00Z");
	return v;
}

static const char *shown(const struct route *r)
{
	static struct strbuf out;

	strbuf_release(&out);
	strbuf_init(&out, 1 << 20);
	r->view(&op);
	json_encode(r->out, op.out, &out);
	return out.p;
}

START_TEST(a_schedule_is_shown_as_in_the_document)
{
	op.out = a_schedule();
	const char *text = strchr(shown(route_of(SCHEDULE)), ',');

	ck_assert_str_eq(
		text,
		",\"status\":\"active\",\"cron\":\"0 9 * * *\",\"timezone\":\"America/New_York\","
		"\"start_at\":\"2024-03-01T00:00:00Z\",\"end_at\":null,"
		"\"task_template\":{\"target\":\"https://example.com/scheduled-job\","
		"\"payload\":{\"key\": \"value\"}},\"enabled\":true,"
		"\"next_execution_at\":\"2024-03-01T14:00:00Z\",\"last_execution_at\":null,"
		"\"execution_count\":0,\"created_at\":\"2024-01-30T12:00:00Z\","
		"\"updated_at\":\"2024-01-30T12:00:00Z\",\"overlap\":\"skip\",\"catchup\":\"all\","
		"\"dst\":{\"gap\":\"default\",\"overlap\":\"default\"},"
		"\"description\":\"At 09:00 AM, from February 29, 2024 at 07:00 PM, Eastern Time\"}");
}
END_TEST

START_TEST(a_template_shows_what_was_given_but_no_secret)
{
	struct schedule_view *v = a_schedule();
	struct slice tag = SLICE_LIT("a");

	v->call.is_object = true;
	v->call.method = SLICE_LIT("PUT");
	v->call.secret = SLICE_LIT("0123456789abcdef");
	v->call.payload.p = NULL;
	v->call.timeout = 90 * SEC;
	v->call.expires_after = HOUR;
	v->call.retry = (struct retry){ RETRY_FIXED, 5, 1500 * MSEC, 0 };
	v->call.tags = (struct json_list){ &tag, 1 };
	op.out = v;
	ck_assert_ptr_nonnull(strstr(
		shown(route_of(SCHEDULE)),
		"\"task_template\":{\"target\":{\"url\":\"https://example.com/scheduled-job\",\"method\":\"PUT\"},"
		"\"payload\":null,\"retry\":{\"max_attempts\":5,\"strategy\":\"fixed\",\"base_delay\":1.5,"
		"\"max_delay\":86400},\"timeout\":90,\"expires_after\":\"PT1H\",\"tags\":[\"a\"]},"));
}
END_TEST

START_TEST(a_deleted_schedule_is_its_id_and_that)
{
	struct schedule_view *v = a_schedule();

	v->status = SCHEDULE_DELETED;
	op.out = v;
	ck_assert_ptr_nonnull(strstr(shown(route_of(METHOD_DELETE, "/v1/schedules/{id}")),
				     "\",\"status\":\"deleted\"}"));
}
END_TEST

static const struct sent {
	const char *names[3], *shows;
} sent[] = {
	{ { "enabled", "cron", "end_at" },
	  ",\"enabled\":true,\"cron\":\"0 9 * * *\",\"end_at\":null}" },
	{ { "timezone" }, ",\"timezone\":\"America/New_York\"}" },
	{ { "dst" }, ",\"dst\":{\"gap\":\"default\",\"overlap\":\"default\"}}" },
	{ { "calendar", "jitter" }, ",\"calendar\":null,\"jitter\":0}" },
	{ { NULL }, "" },
};

/* What th_schedule_change() hands to the core, and show_changed() looks behind. */
struct change_ask {
	struct schedule_change core;
	uint64_t sent;
};

START_TEST(a_change_answers_what_was_sent)
{
	const struct route *r = route_of(CHANGE);
	struct change_ask request = { .sent = 0 };
	const char *text;

	for (int i = 0; i < r->in->count; i++)
		for (int k = 0; k < 3 && sent[_i].names[k]; k++)
			if (strcmp(r->in->fields[i].name, sent[_i].names[k]) == 0)
				request.sent |= (uint64_t)1 << i;
	op.in = &request.core;
	op.out = a_schedule();
	text = strchr(shown(r), ',');
	ck_assert_str_eq(text ? text : "", sent[_i].shows);
}
END_TEST

START_TEST(a_task_is_shown_with_its_attempts)
{
	struct run_view_full *v = arena_make(arena, struct run_view_full);
	struct attempt_view *a = arena_make(arena, struct attempt_view);
	struct json_pair headers[] = { { SLICE_LIT("Via"), SLICE_LIT("a") },
				       { SLICE_LIT("via"), SLICE_LIT("b") },
				       { SLICE_LIT("X"), SLICE_LIT("1") } };

	v->r = (struct run){ .id = { { 7 } },
			     .scheduled_for = at("2024-03-01T14:00:00Z"),
			     .created_at = at("2024-03-01T13:55:00Z"),
			     .started_at = USEC_NEVER,
			     .finished_at = USEC_NEVER,
			     .expires_at = USEC_NEVER,
			     .attempt = 1 };
	v->call = (struct call){ .url = SLICE_LIT("https://a.example/"),
				 .payload = SLICE_LIT("1.10") };
	v->status = VIEW_RETRYING;
	v->next_attempt_at = at("2024-03-01T14:00:30.250Z");
	a->a = (struct attempt){ .number = 1,
				 .started_at = at("2024-03-01T14:00:00Z"),
				 .http_status = 503,
				 .dns_us = 1500,
				 .connect_us = 20 };
	a->status = "failed";
	a->duration_ms = 12;
	a->has_response = true;
	a->body = SLICE_LIT("no");
	a->header_list = (struct json_list){ headers, 3 };
	v->attempts = (struct json_list){ a, 1 };
	op.out = v;
	const char *text = shown(route_of(METHOD_GET, "/v1/tasks/{id}"));

	ck_assert_ptr_nonnull(strstr(
		text,
		"\"schedule_id\":null,\"scheduled_for\":\"2024-03-01T14:00:00Z\",\"status\":\"retrying\","
		"\"target\":\"https://a.example/\",\"payload\":1.10,\"created_at\":\"2024-03-01T13:55:00Z\","));
	ck_assert_ptr_nonnull(strstr(
		text,
		"\"next_attempt_at\":\"2024-03-01T14:00:30.250Z\",\"caught_up\":false,"
		"\"reason\":null,\"unique_id\":null,\"tags\":[],\"retry\":{\"max_attempts\":25,"
		"\"strategy\":\"taskhook\"},\"timeout\":30,"));
	ck_assert_ptr_nonnull(strstr(
		text,
		"\"attempts\":[{\"number\":1,\"status\":\"failed\",\"started_at\":\"2024-03-01T14:00:00Z\","
		"\"duration_ms\":12,\"http_status\":503,\"error\":null,\"detail\":null,\"response_headers\":"
		"{\"Via\":\"a, b\",\"X\":\"1\"},\"response_body\":\"no\",\"timings\":{\"dns_ms\":1.5,"
		"\"connect_ms\":0.02,\"tls_ms\":null,\"first_byte_ms\":null}}]}"));
}
END_TEST

START_TEST(an_attempt_without_an_answer_has_none)
{
	struct run_view_full *v = arena_make(arena, struct run_view_full);
	struct attempt_view *a = arena_make(arena, struct attempt_view);

	v->call.url = SLICE_LIT("https://a.example/");
	a->status = "lost";
	a->a.started_at = USEC_NEVER;
	v->attempts = (struct json_list){ a, 1 };
	op.out = v;
	ck_assert_ptr_nonnull(strstr(
		shown(route_of(METHOD_GET, "/v1/tasks/{id}")),
		"\"http_status\":null,\"error\":null,\"detail\":null,\"response_headers\":null,"
		"\"response_body\":null,"));
}
END_TEST

START_TEST(the_api_document_is_json_and_names_every_route)
{
	const struct dialect *const all[] = { &taskhook };
	struct json_syntax syntax = { "", 0, 0 };
	struct strbuf out;

	strbuf_init(&out, 4 << 20);
	openapi_print(all, 1, &out);
	ck_assert_msg(json_scan(strbuf_slice(&out), &syntax), "%s at %zu: %.80s", syntax.message,
		      syntax.at, out.p + syntax.at);
	for (int i = 0; i < taskhook.count; i++)
		ck_assert_ptr_nonnull(strstr(out.p, taskhook.routes[i].path));
	ck_assert_ptr_nonnull(strstr(out.p, "\"required\":[\"task_template\"]"));
	strbuf_release(&out);
}
END_TEST

Suite *suite_taskhook(void)
{
	Suite *s = suite_create("taskhook");
	TCase *tc = tcase_create("taskhook");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_bad_value_is_named, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, every_fault_is_named_at_once);
	tcase_add_test(tc, a_fault_in_an_array_names_its_item);
	tcase_add_test(tc, a_private_target_is_refused_unless_allowed);
	tcase_add_test(tc, a_schedule_is_shown_as_in_the_document);
	tcase_add_test(tc, a_template_shows_what_was_given_but_no_secret);
	tcase_add_test(tc, a_deleted_schedule_is_its_id_and_that);
	tcase_add_loop_test(tc, a_change_answers_what_was_sent, 0, sizeof(sent) / sizeof(sent[0]));
	tcase_add_test(tc, a_task_is_shown_with_its_attempts);
	tcase_add_test(tc, an_attempt_without_an_answer_has_none);
	tcase_add_test(tc, the_api_document_is_json_and_names_every_route);
	suite_add_tcase(s, tc);
	return s;
}
