/* Jobs and agents of the Scheduler dialect without a server: every bad request is refused with its field
 * and code, and what the core answers is shown as the API document has it. */
#include <check.h>
#include <string.h>

#include "api/ops.h"
#include "api/scheduler.h"
#include "base/json.h"
#include "core/agent.h"
#include "core/core.h"
#include "core/job.h"
#include "io/loop.h"
#include "store/job.h"
#include "store/message.h"
#include "when/stamp.h"
#include "when/tz.h"

static struct arena *arena;
static struct core core;
static struct op op;

static usec_t at(const char *text)
{
	usec_t t;

	ck_assert(!stamp_parse(slice_of(text), &t));
	return t;
}

static void setup(void)
{
	arena = arena_new();
	core = (struct core){ .loop = loop_new(), .zones = tz_db_new(NULL), .allow_private = true };
	op_init(&op, &core, arena);
	op.now = at("2030-03-04T12:00:00Z");
}

static void teardown(void)
{
	loop_free(core.loop);
	tz_db_free(core.zones);
	arena_free(arena);
}

static const struct route *route_of(enum method method, const char *path)
{
	static const struct dialect *const all[] = { &scheduler, &scheduler_agents };

	for (size_t d = 0; d < 2; d++)
		for (int i = 0; i < all[d]->count; i++)
			if (all[d]->routes[i].method == method
			    && strcmp(all[d]->routes[i].path, path) == 0)
				return &all[d]->routes[i];
	ck_abort_msg("no such route: %s", path);
}

/* --- refusals: what needs no database to be told --- */

#define JOB METHOD_POST, "/api/scheduler/jobs"
#define CHANGE METHOD_PUT, "/api/scheduler/jobs/{id}"
#define AGENT METHOD_POST, "/api/agents"
#define NAMED "\"name\":\"n\",\"agent_id\":\"a\""
#define TIMED NAMED ",\"schedule\":{\"type\":\"every\",\"interval\":60}"

static const struct refused {
	int line;
	enum method method;
	const char *path, *body, *field, *code; /* field NULL: nothing is wrong */
} refused[] = {
	{ __LINE__, JOB, "{" TIMED "}", NULL, NULL },
	{ __LINE__, JOB, "{" TIMED ",\"goal\":null,\"delivery\":null,\"retry\":null,\"dst\":null}",
	  NULL, NULL },
	{ __LINE__, JOB, "{\"agent_id\":\"a\",\"schedule\":{\"type\":\"every\",\"interval\":60}}",
	  "name", "required" },
	{ __LINE__, JOB, "{\"name\":\"n\",\"schedule\":{\"type\":\"every\",\"interval\":60}}",
	  "agent_id", "required" },
	{ __LINE__, JOB, "{" NAMED "}", "schedule", "required" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{}}", "schedule.type", "required" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"timezone\":\"UTC\"}}", "schedule.type",
	  "required" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"type\":\"hourly\"}}", "schedule.type",
	  "invalid_value" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"type\":\"cron\"}}", "schedule.expression",
	  "required" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"type\":\"every\"}}", "schedule.interval",
	  "required" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"type\":\"every\",\"interval\":0}}",
	  "schedule.interval", "interval_range" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"type\":\"every\",\"interval\":[1]}}",
	  "schedule.interval", "wrong_type" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"type\":\"at\"}}", "schedule.datetime",
	  "required" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"type\":\"at\",\"datetime\":\"soon\"}}",
	  "schedule.datetime", "at_format" },
	{ __LINE__, JOB, "{" NAMED ",\"schedule\":{\"type\":\"rrule\"}}", "schedule.rrule",
	  "required" },
	{ __LINE__, JOB,
	  "{" NAMED
	  ",\"schedule\":{\"type\":\"rrule\",\"rrule\":\"FREQ=DAILY\",\"exdate\":[\"x\"]}}",
	  "schedule.exdate[0]", "rrule_syntax" },
	{ __LINE__, JOB,
	  "{" NAMED
	  ",\"schedule\":{\"type\":\"cron\",\"expression\":\"0 9 * * *\",\"dtstart\":\"x\"}}",
	  "schedule.dtstart", "conflict" },
	{ __LINE__, JOB,
	  "{" NAMED
	  ",\"schedule\":{\"type\":\"cron\",\"expression\":\"0 9 * * *\",\"timezone\":\"Mars\"}}",
	  "schedule.timezone", "timezone_unknown" },
	{ __LINE__, JOB,
	  "{\"name\":\"n\",\"agent_id\":\"a/b\",\"schedule\":{\"type\":\"every\",\"interval\":60}}",
	  "agent_id", "unknown_agent" },
	{ __LINE__, JOB, "{" TIMED ",\"context\":\"text\"}", "context", "wrong_type" },
	{ __LINE__, JOB, "{" TIMED ",\"retry\":{}}", "retry.max_attempts", "required" },
	{ __LINE__, JOB,
	  "{" TIMED ",\"retry\":{\"max_attempts\":2,\"base_delay\":60,\"max_delay\":30}}",
	  "retry.max_delay", "out_of_range" },
	{ __LINE__, JOB, "{" TIMED ",\"retry\":{\"max_attempts\":2,\"strategy\":\"taskhook\"}}",
	  "retry.strategy", "invalid_value" },
	{ __LINE__, JOB, "{" TIMED ",\"timeout\":0}", "timeout", "out_of_range" },
	{ __LINE__, JOB, "{" TIMED ",\"timeout\":901}", "timeout", "out_of_range" },
	{ __LINE__, JOB, "{" TIMED ",\"condition\":{}}", "condition.expression", "required" },
	{ __LINE__, JOB, "{" TIMED ",\"condition\":{\"expression\":\"\"}}", "condition.expression",
	  "empty" },
	{ __LINE__, JOB, "{" TIMED ",\"condition\":{\"type\":\"cel\",\"expression\":\"a\"}}",
	  "condition.type", "invalid_value" },
	{ __LINE__, JOB, "{" TIMED ",\"condition\":{\"expression\":\"a + \"}}",
	  "condition.expression", "unexpected_token" },
	{ __LINE__, JOB,
	  "{" TIMED ",\"condition\":{\"expression\":\"a > 1\",\"source\":\"file:///etc/passwd\"}}",
	  "condition.source", "target_forbidden" },
	{ __LINE__, JOB, "{" TIMED ",\"only_if\":\"nobody.knows\"}", "only_if", "unknown_name" },
	{ __LINE__, JOB, "{" TIMED ",\"delivery\":{\"format\":\"text\"}}", "delivery.channel",
	  "required" },
	{ __LINE__, JOB, "{" TIMED ",\"delivery\":{\"channel\":\"nowhere\"}}", "delivery.channel",
	  "channel_invalid" },
	{ __LINE__, JOB, "{" TIMED ",\"delivery\":{\"channel\":\"webhook:http://u:p@a.example/\"}}",
	  "delivery.channel", "target_forbidden" },
	{ __LINE__, JOB, "{" TIMED ",\"delivery\":{\"channel\":\"slack:#a\",\"format\":\"html\"}}",
	  "delivery.format", "invalid_value" },
	{ __LINE__, JOB,
	  "{" TIMED ",\"delivery\":{\"channel\":\"slack:#a\",\"quiet_hours\":{\"start\":\"24:00\","
	  "\"end\":\"07:00\"}}}",
	  "delivery.quiet_hours.start", "invalid_value" },
	{ __LINE__, JOB,
	  "{" TIMED ",\"delivery\":{\"channel\":\"slack:#a\",\"quiet_hours\":{\"start\":\"22:00\","
	  "\"end\":\"24:01\"}}}",
	  "delivery.quiet_hours.end", "invalid_value" },
	{ __LINE__, JOB,
	  "{" TIMED ",\"delivery\":{\"channel\":\"slack:#a\",\"quiet_hours\":{\"start\":\"22:00\","
	  "\"end\":\"22:00\"}}}",
	  "delivery.quiet_hours.end", "out_of_range" },
	{ __LINE__, JOB,
	  "{" TIMED ",\"delivery\":{\"channel\":\"slack:#a\",\"quiet_hours\":{\"start\":\"00:00\","
	  "\"end\":\"24:00\"}}}",
	  "delivery.quiet_hours.days", "out_of_range" },
	{ __LINE__, JOB,
	  "{" TIMED ",\"delivery\":{\"channel\":\"slack:#a\",\"quiet_hours\":{\"start\":\"22:00\","
	  "\"end\":\"07:00\",\"days\":[\"mon\",\"everyday\"]}}}",
	  "delivery.quiet_hours.days[1]", "invalid_value" },
	{ __LINE__, JOB,
	  "{" TIMED ",\"delivery\":{\"channel\":\"slack:#a\",\"quiet_hours\":{\"start\":\"22:00\","
	  "\"end\":\"07:00\",\"timezone\":\"Mars\"}}}",
	  "delivery.quiet_hours.timezone", "timezone_unknown" },
	{ __LINE__, JOB, "{" TIMED ",\"heartbeat_timeout\":3601}", "heartbeat_timeout",
	  "out_of_range" },
	{ __LINE__, JOB, "{" TIMED ",\"max_consecutive_failures\":-1}", "max_consecutive_failures",
	  "out_of_range" },
	{ __LINE__, JOB, "{" TIMED ",\"enabled\":true}", "enabled", "unknown_field" },
	{ __LINE__, CHANGE, "{}", NULL, NULL },
	{ __LINE__, CHANGE, "{\"schedule\":{\"timezone\":\"Europe/Paris\"}}", NULL, NULL },
	{ __LINE__, CHANGE, "{\"heartbeat_timeout\":7200}", NULL,
	  NULL }, /* the core knows the other */
	{ __LINE__, CHANGE, "{\"schedule\":{\"expression\":\"0 9 * * *\"}}", "schedule.type",
	  "required" },
	{ __LINE__, CHANGE, "{\"schedule\":null}", "schedule", "wrong_type" },
	{ __LINE__, CHANGE, "{\"schedule\":{\"timezone\":\"Mars\"}}", "schedule.timezone",
	  "timezone_unknown" },
	{ __LINE__, CHANGE, "{\"heartbeat_timeout\":61,\"completion_timeout\":60}",
	  "heartbeat_timeout", "out_of_range" },
	{ __LINE__, CHANGE, "{\"agent_id\":null}", "agent_id", "wrong_type" },
	{ __LINE__, AGENT, "{\"endpoint\":{\"url\":\"https://a.example/\"}}", NULL, NULL },
	{ __LINE__, AGENT, "{\"id\":\"..\",\"endpoint\":{\"url\":\"https://a.example/\"}}", "id",
	  "invalid_name" },
	{ __LINE__, AGENT, "{}", "endpoint.url", "required" },
	{ __LINE__, AGENT, "{\"kind\":\"llm\"}", "endpoint.url", "required" },
	{ __LINE__, AGENT, "{\"kind\":\"human\"}", "kind", "invalid_value" },
	{ __LINE__, AGENT, "{\"endpoint\":{\"url\":\"https://a.example/\"},\"system\":\"s\"}",
	  "system", "conflict" },
	{ __LINE__, AGENT,
	  "{\"kind\":\"llm\",\"endpoint\":{\"url\":\"https://a.example/\",\"secret\":\"0123456789abcdef\"}}",
	  "endpoint.secret", "conflict" },
	{ __LINE__, AGENT,
	  "{\"endpoint\":{\"url\":\"https://a.example/\",\"secret\":\"0123456789abcde\"}}",
	  "endpoint.secret", "secret_invalid" },
};

static void ask(const struct route *r, const char *body)
{
	struct json_syntax syntax;
	struct json_reader to = { arena, &op.faults, &syntax };
	void *in = arena_alloc(arena, r->in->size);

	ck_assert_msg(json_decode(r->in, slice_of(body), &to, in), "%s: %s", body, syntax.message);
	op.in = in;
	op.ids[0].b[15] = strstr(r->path, "{id}") != NULL;
	r->check(&op);
}

START_TEST(a_bad_value_is_named)
{
	const struct refused *row = &refused[_i];

	ask(route_of(row->method, row->path), row->body);
	if (!row->field) {
		ck_assert_msg(op.faults.total == 0, "line %d: %s", row->line,
			      op.faults.list[0].message);
		return;
	}
	ck_assert_msg(op.faults.total > 0, "line %d: accepted", row->line);
	for (int i = 0; i < op.faults.n; i++)
		if (strcmp(op.faults.list[i].field, row->field) == 0
		    && strcmp(op.faults.list[i].code, row->code) == 0)
			return;
	ck_abort_msg("line %d: %s %s", row->line, op.faults.list[0].field, op.faults.list[0].code);
}
END_TEST

START_TEST(a_private_address_is_refused_unless_allowed)
{
	core.allow_private = false;
	ask(route_of(JOB),
	    "{" TIMED ",\"condition\":{\"expression\":\"a > 1\",\"source\":\"http://127.0.0.1/\"},"
	    "\"delivery\":{\"channel\":\"webhook:http://10.0.0.1/x\"}}");
	ck_assert_int_eq(op.faults.total, 2);
	ck_assert_str_eq(op.faults.list[0].code, "target_forbidden");
	ck_assert_str_eq(op.faults.list[1].field, "delivery.channel");
}
END_TEST

START_TEST(every_fault_of_an_expression_has_its_place)
{
	ask(route_of(JOB), "{" TIMED ",\"only_if\":\"runs.x == 1 && jobs.y == 2\"}");
	ck_assert_int_eq(op.faults.total, 2);
	ck_assert_uint_eq(op.faults.list[0].at, 0);
	ck_assert_uint_eq(op.faults.list[0].len, 4);
	ck_assert_uint_eq(op.faults.list[1].at, 15);
}
END_TEST

/* Who may: the least role (CONTRACT.md 2). */
static const struct {
	enum method method;
	const char *path;
	enum role role;
} roles[] = {
	{ JOB, ROLE_EDITOR },
	{ CHANGE, ROLE_EDITOR },
	{ METHOD_PATCH, "/api/scheduler/jobs/{id}", ROLE_EDITOR },
	{ METHOD_DELETE, "/api/scheduler/jobs/{id}", ROLE_EDITOR },
	{ METHOD_GET, "/api/scheduler/jobs", ROLE_VIEWER },
	{ METHOD_GET, "/api/scheduler/jobs/{id}", ROLE_VIEWER },
	{ METHOD_POST, "/api/scheduler/jobs/{id}/pause", ROLE_OPERATOR },
	{ METHOD_POST, "/api/scheduler/jobs/{id}/resume", ROLE_OPERATOR },
	{ METHOD_POST, "/api/scheduler/jobs/{id}/trigger", ROLE_OPERATOR },
	{ METHOD_GET, "/api/scheduler/jobs/{id}/runs", ROLE_VIEWER },
	{ METHOD_GET, "/api/scheduler/jobs/{id}/runs/{run_id}", ROLE_VIEWER },
	{ METHOD_POST, "/api/scheduler/jobs/{id}/runs/{run_id}/cancel", ROLE_OPERATOR },
	{ AGENT, ROLE_ADMIN },
	{ METHOD_GET, "/api/agents", ROLE_VIEWER },
	{ METHOD_GET, "/api/agents/{id}", ROLE_VIEWER },
	{ METHOD_PUT, "/api/agents/{id}", ROLE_ADMIN },
	{ METHOD_DELETE, "/api/agents/{id}", ROLE_ADMIN },
};

START_TEST(each_route_needs_its_role)
{
	ck_assert_int_eq(route_of(roles[_i].method, roles[_i].path)->role, roles[_i].role);
	ck_assert_int_eq(route_of(roles[_i].method, roles[_i].path)->flags & ROUTE_OPEN, 0);
}
END_TEST

/* --- answers --- */

static const char *shown(const struct route *r)
{
	static struct strbuf out;

	strbuf_release(&out);
	strbuf_init(&out, 1 << 20);
	r->view(&op);
	json_encode(r->out, op.out, &out);
	return out.p;
}

static struct schedule_view *a_job(void)
{
	struct schedule_view *v = arena_make(arena, struct schedule_view);
	struct work *w = arena_make(arena, struct work);

	*w = (struct work){ .goal = SLICE_LIT("Summarize"), .max_failures = 5, .completion = HOUR };
	v->s = (struct schedule){
		.id = { { 1, 2, 3 } },
		.kind = KIND_JOB,
		.name = SLICE_LIT("Daily digest"),
		.agent = SLICE_LIT("agent_123"),
		.spec_kind = SPEC_CRON + 1,
		.spec = SLICE_LIT("0 8 * * 1-5"),
		.zone = SLICE_LIT("America/New_York"),
		.start_at = USEC_NEVER,
		.end_at = USEC_NEVER,
		.overlap = OVERLAP_SKIP,
		.catchup = CATCHUP_ALL,
		.executed = 42,
		.last_at = at("2026-03-02T13:00:00Z"),
		.created_at = at("2026-01-01T00:00:00Z"),
		.updated_at = at("2026-01-01T00:00:00Z"),
	};
	v->call.retry = (struct retry){ .max_attempts = 1 };
	v->work = w;
	v->status = SCHEDULE_ACTIVE;
	v->next = at("2026-03-03T13:00:00Z");
	return v;
}

START_TEST(a_job_is_shown_as_in_the_document)
{
	op.out = a_job();
	const char *text = strchr(shown(route_of(METHOD_GET, "/api/scheduler/jobs/{id}")), ',');

	ck_assert_str_eq(
		text,
		",\"name\":\"Daily digest\",\"goal\":\"Summarize\",\"schedule\":{\"type\":\"cron\","
		"\"expression\":\"0 8 * * 1-5\",\"timezone\":\"America/New_York\"},\"status\":\"active\","
		"\"agent_id\":\"agent_123\",\"next_run_at\":\"2026-03-03T08:00:00-05:00\","
		"\"last_run_at\":\"2026-03-02T08:00:00-05:00\",\"run_count\":42,"
		"\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-01T00:00:00Z\","
		"\"description\":null,\"delivery\":null,\"condition\":null,\"only_if\":null,"
		"\"retry\":null,\"timeout\":null,\"context\":null,\"overlap\":\"skip\",\"catchup\":\"all\","
		"\"dst\":{\"gap\":\"default\",\"overlap\":\"default\"},\"calendar\":null,\"adjust\":null,"
		"\"jitter\":null,\"start_at\":null,\"end_at\":null,\"max_consecutive_failures\":5,"
		"\"completion_timeout\":3600,\"heartbeat_timeout\":null,\"consecutive_failures\":0,"
		"\"last_status\":null}");
}
END_TEST

static struct job_run_view *a_run(void)
{
	struct job_run_view *v = arena_make(arena, struct job_run_view);
	struct job_run *row = arena_make(arena, struct job_run);

	*row = (struct job_run){
		.r = { .id = { { 1 } },
		       .schedule = { { 2 } },
		       .trigger = TRIGGER_CATCHUP,
		       .state = RUN_COMPLETED,
		       .scheduled_for = at("2030-01-01T00:00:00Z") },
		.output = SLICE_LIT("{\"a\": 1.10}"),
		.output_bytes = 11,
		.channel = SLICE_LIT("slack:#a"),
		.message_state = MESSAGE_WAITS,
		.message_attempt = 2,
		.message_reason = SLICE_LIT("rate_limited"),
		.message_ready = at("2030-01-01T00:01:00Z"),
		.message_finished = USEC_NEVER,
	};
	*v = (struct job_run_view){ .row = row,
				    .status = VIEW_COMPLETED,
				    .attempt = 1,
				    .started_at = at("2030-01-01T00:00:01Z"),
				    .completed_at = at("2030-01-01T00:00:02.5Z"),
				    .next_attempt_at = USEC_NEVER,
				    .output = row->output,
				    .is_json = true };
	return v;
}

START_TEST(a_run_is_shown_with_its_output_and_delivery)
{
	op.out = a_run();
	const char *text = strstr(
		shown(route_of(METHOD_GET, "/api/scheduler/jobs/{id}/runs/{run_id}")),
		"\"status\"");

	ck_assert_str_eq(
		text,
		"\"status\":\"completed\",\"trigger\":\"catchup\",\"scheduled_for\":\"2030-01-01T00:00:00Z\","
		"\"started_at\":\"2030-01-01T00:00:01Z\",\"completed_at\":\"2030-01-01T00:00:02.500Z\","
		"\"output\":{\"a\": 1.10},\"error\":null,\"attempt\":1,\"duration_seconds\":1.5,"
		"\"delivery\":{\"channel\":\"slack:#a\",\"status\":\"pending\",\"attempts\":2,"
		"\"delivered_at\":null,\"next_attempt_at\":\"2030-01-01T00:01:00Z\","
		"\"reason\":\"rate_limited\",\"detail\":null},\"error_code\":null,\"reason\":null,"
		"\"chain_run_id\":null,\"next_attempt_at\":null,\"output_bytes\":11,\"attempts\":[]}");
}
END_TEST

START_TEST(a_failed_run_without_output_has_null)
{
	struct job_run_view *v = a_run();

	v->status = VIEW_EXPIRED;
	v->output.p = NULL;
	v->error = SLICE_LIT("It was not started in time.");
	v->started_at = USEC_NEVER;
	op.out = v;
	const char *text = shown(route_of(METHOD_GET, "/api/scheduler/jobs/{id}/runs/{run_id}"));

	ck_assert_ptr_nonnull(strstr(text, "\"status\":\"failed\""));
	ck_assert_ptr_nonnull(
		strstr(text, "\"output\":null,\"error\":\"It was not started in time.\""));
	ck_assert_ptr_nonnull(strstr(text, "\"duration_seconds\":null"));
}
END_TEST

START_TEST(what_is_secret_of_an_agent_is_masked)
{
	struct agent *v = arena_make(arena, struct agent);
	static struct json_pair headers[] = {
		{ SLICE_LIT("authorization"), SLICE_LIT("Bearer abcdefghijklmnop") },
		{ SLICE_LIT("X-Api-Key"), SLICE_LIT("abcdefghijklmnop") },
		{ SLICE_LIT("X-Team"), SLICE_LIT("abcdefghijklmnop-team") },
	};

	*v = (struct agent){ .name = SLICE_LIT("a"),
			     .kind = AGENT_WEBHOOK,
			     .def = { .url = SLICE_LIT("https://a.example/"),
				      .headers = { headers, 3 },
				      .secret = SLICE_LIT("whsec_MDEyMzQ1Njc4OWFiY2RlZg==") } };
	op.out = v;
	const char *text = shown(route_of(METHOD_GET, "/api/agents/{id}"));

	ck_assert_ptr_null(strstr(text, "abcdefgh\""));
	ck_assert_ptr_null(strstr(text, "Bearer abc"));
	ck_assert_ptr_null(strstr(text, "MDEyMz"));
	ck_assert_ptr_nonnull(strstr(text, "\"X-Team\":\"abcdefghijklmnop-team\""));
	ck_assert_ptr_nonnull(strstr(text, "\"method\":\"POST\""));
}
END_TEST

START_TEST(an_agent_is_stored_and_read_again)
{
	const struct agent_def def = { .label = SLICE_LIT("L"),
				       .model = SLICE_LIT("m"),
				       .system = SLICE_LIT("s\n"),
				       .timeout = 5 * SEC };
	struct slice text = agent_print(&def, arena);
	struct agent_def r;

	ck_assert(agent_load(AGENT_LLM, text, arena, &r));
	ck_assert(slice_is(r.system, "s\n"));
	ck_assert_int_eq(r.timeout, 5 * SEC);
	ck_assert_ptr_null(r.url.p);
	ck_assert(!agent_load(3, text, arena, &r));
	ck_assert(!agent_load(AGENT_LLM, SLICE_LIT("{\"urls\":1}"), arena, &r));
}
END_TEST

START_TEST(the_api_document_is_json_and_names_every_route)
{
	const struct dialect *const all[] = { &scheduler, &scheduler_agents };
	struct json_syntax syntax = { "", 0, 0 };
	struct strbuf out;

	strbuf_init(&out, 4 << 20);
	openapi_print(all, 2, &out);
	ck_assert_msg(json_scan(strbuf_slice(&out), &syntax), "%s at %zu: %.80s", syntax.message,
		      syntax.at, out.p + syntax.at);
	for (size_t d = 0; d < 2; d++)
		for (int i = 0; i < all[d]->count; i++)
			ck_assert_ptr_nonnull(strstr(out.p, all[d]->routes[i].path));
	strbuf_release(&out);
}
END_TEST

Suite *suite_jobs(void)
{
	Suite *s = suite_create("jobs");
	TCase *tc = tcase_create("jobs");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_bad_value_is_named, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_loop_test(tc, each_route_needs_its_role, 0, sizeof(roles) / sizeof(roles[0]));
	tcase_add_test(tc, a_private_address_is_refused_unless_allowed);
	tcase_add_test(tc, every_fault_of_an_expression_has_its_place);
	tcase_add_test(tc, a_job_is_shown_as_in_the_document);
	tcase_add_test(tc, a_run_is_shown_with_its_output_and_delivery);
	tcase_add_test(tc, a_failed_run_without_output_has_null);
	tcase_add_test(tc, what_is_secret_of_an_agent_is_masked);
	tcase_add_test(tc, an_agent_is_stored_and_read_again);
	tcase_add_test(tc, the_api_document_is_json_and_names_every_route);
	suite_add_tcase(s, tc);
	return s;
}
